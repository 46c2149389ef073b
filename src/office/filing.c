/* SPDX-License-Identifier: Apache-2.0 */
#include "office/filing.h"

#include <string.h>

#include "base/alloc.h"

/* What one act names, and what that names: longer chains go with the letters that they are about.
 */
#define NAMED_MAX 64

void vl_filing_release(struct vl_filing *filing)
{
    vl_evidence_out_release(&filing->out);
    vl_id_set_release(&filing->offices);
    vl_id_set_release(&filing->acts);
    vl_id_set_release(&filing->in_file);
    vl_closing_acts_release(&filing->closing);
    vl_path_cache_release(&filing->paths);
}

/* The file is whole; what closes its acts comes last. */
static enum vl_err finish(struct vl_filing *filing, struct vl_buf *file, struct vl_why *why)
{
    enum vl_err err = vl_closures_put(filing->home, &filing->closing, &filing->out, why);

    return err ? vl_fail_in(why, err, "closures") : vl_evidence_finish(&filing->out, file);
}

/* Hand the file on and begin another, which needs its cards again: each stands alone. */
static enum vl_err turn(struct vl_filing *filing, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    size_t max_len;
    enum vl_err err;

    if (!filing->full || (filing->out.chain_count == 0 && filing->out.item_count == 0))
        return vl_fail(why, VL_ERR_LIMIT, "more than an evidence file holds");
    err = finish(filing, &file, why);
    if (!err)
        err = filing->full(filing->self, vl_buf_bytes(&file), why);
    max_len = filing->out.max_len;
    vl_evidence_out_release(&filing->out);
    filing->out = (struct vl_evidence_out)VL_EVIDENCE_OUT_INIT;
    filing->out.max_len = max_len;
    vl_id_set_release(&filing->offices);
    vl_id_set_release(&filing->in_file);
    filing->closing.count = 0;
    return err;
}

enum vl_err vl_filing_cards(struct vl_filing *filing, const struct vl_office_id *office,
                            struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    enum vl_err err;

    if (vl_id_set_has(&filing->offices, office->at))
        return VL_OK;
    err = vl_store_office(filing->home->store, office->at, &row, why);
    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    err = vl_evidence_put_chain(&filing->out, row.cards);
    if (err == VL_ERR_LIMIT) {
        err = turn(filing, why);
        if (!err)
            err = vl_evidence_put_chain(&filing->out, row.cards);
    }
    if (!err)
        err = vl_id_set_add(&filing->offices, office->at, NULL);
    return err ? vl_fail_in(why, err, "cards") : VL_OK;
}

/* An act whose office has more than one card may be closed by a later one. */
static enum vl_err put(struct vl_filing *filing, const struct vl_object *object, vl_bytes bytes,
                       const struct vl_evidence_leaf *leaves, size_t leaf_count)
{
    const struct vl_chain *chain = vl_home_chain(filing->home, &object->issuer);
    const size_t room = chain && chain->count > 1 ? VL_EVIDENCE_CLOSURE_ROOM : 0;
    enum vl_err err;

    filing->out.reserved += room;
    err = vl_evidence_put(&filing->out, bytes, leaves, leaf_count);
    if (err)
        filing->out.reserved -= room;
    return err;
}

enum vl_err vl_filing_more(struct vl_filing *filing, const struct vl_object *object,
                           const struct vl_evidence_leaf *leaves, size_t leaf_count,
                           struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    bool is_new = false;
    enum vl_err err = vl_filing_cards(filing, &object->issuer, why);

    if (!err)
        err = vl_object_write(object, &bytes);
    if (!err)
        err = put(filing, object, vl_buf_bytes(&bytes), leaves, leaf_count);
    /* Where files are short, one with nothing but cards makes no more room than this one has. */
    if (err == VL_ERR_LIMIT &&
        (filing->out.item_count > 0 || filing->out.max_len == VL_EVIDENCE_MAX_LEN)) {
        err = turn(filing, why);
        if (!err)
            err = vl_filing_cards(filing, &object->issuer, why);
        if (!err)
            err = put(filing, object, vl_buf_bytes(&bytes), leaves, leaf_count);
    }
    if (!err)
        err = vl_id_set_add(&filing->acts, object->id, NULL);
    if (!err)
        err = vl_id_set_add(&filing->in_file, object->id, &is_new);
    if (!err && is_new)
        err = vl_closing_acts_add(&filing->closing, object->id, &object->issuer);
    return err ? vl_fail_in(why, err, "an act") : VL_OK;
}

enum vl_err vl_filing_act(struct vl_filing *filing, const struct vl_object *object,
                          const struct vl_evidence_leaf *leaves, size_t leaf_count,
                          struct vl_why *why)
{
    return vl_filing_has(filing, object->id)
               ? VL_OK
               : vl_filing_more(filing, object, leaves, leaf_count, why);
}

static enum vl_err read_act(struct vl_filing *filing, const uint8_t *id, struct vl_object *object,
                            struct vl_act_any *any, struct vl_why *why)
{
    enum vl_err err = vl_acts_read(filing->home->store, id, object, why);

    return err ? err : vl_act_any_read(object, any, why);
}

/* What the act names, at most so many. */
/* What both sides signed for one date proves it together, and the later one cites the other. */
#define NAMES_MAX (3 + VL_ACT_ANY_MAX_SUBJECTS + VL_INVITATION_MAX_HEADS + VL_ACT_MAX_CITES)

static size_t names_of(const struct vl_act_any *any, const uint8_t *names[NAMES_MAX])
{
    const uint8_t *const first[3] = {vl_act_any_answers(any), vl_act_any_under(any),
                                     vl_act_any_target(any)};
    struct vl_act_subject subjects[VL_ACT_ANY_MAX_SUBJECTS];
    const size_t subject_count = vl_act_any_subjects(any, subjects);
    size_t count = 0;

    for (size_t i = 0; i < 3; i++)
        if (first[i])
            names[count++] = first[i];
    for (size_t i = 0; i < subject_count; i++)
        if (subjects[i].what == VL_SUBJECT_ACT)
            names[count++] = subjects[i].id;
    for (size_t i = 0; any->form == VL_ACT_INVITATION && i < any->as.invitation.heads.count; i++)
        names[count++] = vl_ids_at(&any->as.invitation.heads, i);
    for (size_t i = 0; any->form == VL_ACT_INVITATION && i < any->as.invitation.act.cite_count; i++)
        names[count++] = any->as.invitation.act.cites_read[i];
    return count;
}

/* Acts are walked in the order in which they were found. */
enum vl_err vl_filing_with_named(struct vl_filing *filing, const uint8_t id[VL_HASH_LEN],
                                 vl_filing_put put_one, void *self, struct vl_why *why)
{
    uint8_t waiting[NAMED_MAX][VL_HASH_LEN];
    struct vl_act_any *any = vl_new(sizeof *any);
    size_t count = 1;
    enum vl_err err = any ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read an act");

    memcpy(waiting[0], id, VL_HASH_LEN);
    for (size_t i = 0; !err && i < count; i++) {
        VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
        const uint8_t *named[NAMES_MAX];
        size_t named_count = 0;

        if (vl_filing_has(filing, waiting[i]))
            continue;
        err = read_act(filing, waiting[i], &object, any, why);
        if (err == VL_ERR_NOT_FOUND) {
            err = VL_OK;
            continue;
        }
        if (!err)
            err = put_one ? put_one(self, &object, any, why)
                          : vl_filing_act(filing, &object, NULL, 0, why);
        if (!err)
            named_count = names_of(any, named);
        for (size_t n = 0; n < named_count; n++)
            if (count < NAMED_MAX)
                memcpy(waiting[count++], named[n], VL_HASH_LEN);
    }
    vl_free(any);
    return err;
}

bool vl_filing_has(const struct vl_filing *filing, const uint8_t act[VL_HASH_LEN])
{
    return vl_id_set_has(&filing->acts, act);
}

enum vl_err vl_filing_finish(struct vl_filing *filing, struct vl_buf *out, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (filing->out.chain_count > 0 || filing->out.item_count > 0)
        err = finish(filing, out, why);
    return err ? vl_fail(why, err, "an evidence file: %s", vl_err_words(err)) : VL_OK;
}
