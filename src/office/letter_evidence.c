/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that proves one letter, in one file. */
#include <string.h>

#include "office/acts.h"
#include "office/filing.h"
#include "office/sending.h"

static enum vl_err add_act(struct vl_filing *filing, const struct vl_gathered_act *act,
                           struct vl_why *why)
{
    const struct vl_evidence_leaf leaf = {vl_buf_bytes(&act->leaf), act->index, act->path};

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
