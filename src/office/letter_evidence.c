/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that proves one letter, in one file. */
#include <string.h>

#include "office/acts.h"
#include "office/filing.h"
#include "office/sending.h"

/* An act that says which others were there comes with all of them as leaves; it has no more than
 * are found by their ids (office/events.h). */
static enum vl_err add_seen(struct vl_filing *filing, const struct vl_gathered_act *act,
                            struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf kept = VL_BUF_INIT(VL_TIE_MAX_LEN);
    struct vl_evidence_leaf leaves[VL_ACTS_ABOUT_MAX];
    uint8_t bytes[VL_ACTS_ABOUT_MAX][VL_ID_LEAF_LEN], hashes[VL_ACTS_ABOUT_MAX][VL_HASH_LEN];
    struct vl_tree_levels *levels;
    size_t count;
    enum vl_err err = vl_acts_leaves(filing->home->store, act->object.id, &kept, why);

    if (err && err != VL_ERR_NOT_FOUND)
        return err;
    count = kept.len / VL_ACTS_LEAF_LEN;
    if (err || count == 0 || count > VL_ACTS_ABOUT_MAX)
        return vl_filing_act(filing, &act->object, NULL, 0, why);
    for (size_t i = 0; i < count; i++) {
        leaves[i].leaf = vl_id_leaf_write(kept.data + i * VL_ACTS_LEAF_LEN, bytes[i]);
        leaves[i].index = i;
        vl_tree_leaf(leaves[i].leaf, hashes[i]);
    }
    levels = vl_tree_levels_new((const uint8_t(*)[VL_HASH_LEN])hashes, count);
    if (!levels)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the leaves of an act");
    for (size_t i = 0; i < count; i++)
        vl_tree_levels_path(levels, i, &leaves[i].path);
    vl_tree_levels_free(levels);
    return vl_filing_act(filing, &act->object, leaves, count, why);
}

static enum vl_err add_act(struct vl_filing *filing, const struct vl_gathered_act *act,
                           struct vl_why *why)
{
    const struct vl_evidence_leaf leaf = {vl_buf_bytes(&act->leaf), act->index, act->path};

    if (act->object.kind == VL_KIND_SEEN)
        return add_seen(filing, act, why);
    return vl_filing_act(filing, &act->object, act->has_leaf ? &leaf : NULL, act->has_leaf, why);
}

enum vl_err vl_filing_letter(struct vl_filing *filing, const struct vl_letter_row *row,
                             struct vl_why *why)
{
    struct vl_gathered gathered = VL_GATHERED_INIT;
    struct vl_office_id office;
    enum vl_err err = VL_OK;

    memcpy(office.at, row->from, VL_HASH_LEN);
    if (row->has_from)
        err = vl_filing_cards(filing, &office, why);
    for (size_t i = 0; !err && i < row->to_count; i++) {
        memcpy(office.at, row->to[i], VL_HASH_LEN);
        err = vl_filing_cards(filing, &office, why);
    }
    if (!err)
        err = vl_acts_gather(filing->home->store, row, &filing->paths, &gathered, why);
    for (size_t i = 0; !err && i < gathered.count; i++)
        err = add_act(filing, &gathered.at[i], why);
    vl_gathered_release(&gathered);
    return err;
}

enum vl_err vl_letter_evidence(struct vl_home *home, const struct vl_letter_row *row,
                               struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_filing_release) struct vl_filing filing = VL_FILING_INIT;
    enum vl_err err;

    filing.home = home;
    err = vl_filing_letter(&filing, row, why);
    if (!err)
        err = vl_filing_finish(&filing, out, why);
    return err ? vl_fail_in(why, err, "the evidence about this letter") : VL_OK;
}

enum vl_err vl_office_evidence(struct vl_home *home, const struct vl_office_id *office,
                               struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_filing_release) struct vl_filing filing = VL_FILING_INIT;
    enum vl_err err;

    filing.home = home;
    err = vl_filing_cards(&filing, office, why);
    if (!err)
        err = vl_filing_finish(&filing, out, why);
    return err ? vl_fail_in(why, err, "the cards of its sender") : VL_OK;
}
