/* SPDX-License-Identifier: Apache-2.0 */
#include "office/filing.h"

#include <string.h>

void vl_filing_release(struct vl_filing *filing)
{
    vl_evidence_out_release(&filing->out);
    vl_id_set_release(&filing->offices);
    vl_id_set_release(&filing->acts);
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
    enum vl_err err;

    if (!filing->full || (filing->out.chain_count == 0 && filing->out.item_count == 0))
        return vl_fail(why, VL_ERR_LIMIT, "more than an evidence file holds");
    err = finish(filing, &file, why);
    if (!err)
        err = filing->full(filing->self, vl_buf_bytes(&file), why);
    vl_evidence_out_release(&filing->out);
    filing->out = (struct vl_evidence_out)VL_EVIDENCE_OUT_INIT;
    vl_id_set_release(&filing->offices);
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

enum vl_err vl_filing_act(struct vl_filing *filing, const struct vl_object *object,
                          const struct vl_evidence_leaf *leaves, size_t leaf_count,
                          struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err;

    if (vl_id_set_has(&filing->acts, object->id))
        return VL_OK;
    err = vl_filing_cards(filing, &object->issuer, why);
    if (!err)
        err = vl_object_write(object, &bytes);
    if (!err)
        err = vl_evidence_put(&filing->out, vl_buf_bytes(&bytes), leaves, leaf_count);
    if (err == VL_ERR_LIMIT) {
        err = turn(filing, why);
        if (!err)
            err = vl_filing_cards(filing, &object->issuer, why);
        if (!err)
            err = vl_evidence_put(&filing->out, vl_buf_bytes(&bytes), leaves, leaf_count);
    }
    if (!err)
        err = vl_id_set_add(&filing->acts, object->id, NULL);
    if (!err)
        err = vl_closing_acts_add(&filing->closing, object->id, &object->issuer);
    return err ? vl_fail_in(why, err, "an act") : VL_OK;
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
