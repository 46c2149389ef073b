/* SPDX-License-Identifier: Apache-2.0 */
/* The cards of an office as a record has them. */
#include "office/record.h"

struct collecting {
    struct vl_log_dir *log;
    struct vl_chain *chain;
    struct vl_buf object; /* the signatures over one card so far, behind the head of an array */
    struct vl_buf payload;
};

/* One more signature: each is an entry of its own, and together they are the object. */
static enum vl_err collect(void *self, const struct vl_log_dir_row *row, struct vl_why *why)
{
    struct collecting *c = self;
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    enum vl_err err = vl_log_dir_entry(c->log, row->index, &bytes, why);

    if (!err)
        err = vl_sign1_parse(vl_buf_bytes(&bytes), VL_SIGN1_OURS, &sign1, why);
    if (err)
        return err;
    if (!vl_bytes_eq(sign1.payload, vl_buf_bytes(&c->payload))) {
        c->object.len = c->payload.len = 0;
        err = vl_buf_put(&c->payload, sign1.payload);
        if (!err)
            err = vl_buf_put_byte(&c->object, 0x80);
    }
    if (!err && c->object.data[0] < 0x80 + VL_OBJECT_MAX_SIGNATURES)
        err = vl_buf_put(&c->object, vl_buf_bytes(&bytes));
    if (err)
        return vl_fail(why, err, "cards of the record: %s", vl_err_words(err));
    c->object.data[0]++;
    err = vl_chain_add(c->chain, vl_buf_bytes(&c->object), why);
    if (!err)
        c->object.len = c->payload.len = 0;
    return err == VL_ERR_NO_MEMORY ? err : VL_OK;
}

enum vl_err vl_record_chain(struct vl_log_dir *log, const struct vl_office_id *office,
                            struct vl_chain *chain, struct vl_why *why)
{
    struct collecting c = {log, chain, VL_BUF_INIT(VL_OBJECT_MAX_LEN),
                           VL_BUF_INIT(VL_SIGN1_MAX_LEN)};
    struct vl_log_dir_filter filter = {.waiting_too = true,
                                       .has_office = true,
                                       .office = *office,
                                       .kind = VL_KIND_CARD};
    enum vl_err err = vl_log_dir_list(log, &filter, collect, &c, why);

    filter.kind = VL_KIND_REVOCATION;
    c.object.len = c.payload.len = 0;
    if (!err && chain->count > 0)
        err = vl_log_dir_list(log, &filter, collect, &c, why);
    vl_buf_release(&c.object);
    vl_buf_release(&c.payload);
    if (err)
        vl_chain_release(chain);
    return err;
}
