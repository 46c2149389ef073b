/* SPDX-License-Identifier: Apache-2.0 */
/* Which hand-over came after which. */
#include <string.h>

#include "office/acts.h"

#define FACT      "handovers"
#define PLACE_LEN 8

/* 0: it has none. */
static enum vl_err find_place(struct vl_store *store, const uint8_t *act, uint64_t *place,
                              struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(PLACE_LEN);
    enum vl_err err = vl_store_tie(store, VL_TIE_PLACE, act, act, &bytes, why);

    *place = err ? 0 : vl_bytes_number(vl_buf_bytes(&bytes));
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

enum vl_err vl_handover_note(struct vl_store *store, const uint8_t act[VL_HASH_LEN],
                             struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf last = VL_BUF_INIT(PLACE_LEN);
    struct vl_tie tie = {.kind = VL_TIE_PLACE};
    uint8_t bytes[PLACE_LEN];
    uint64_t place;
    enum vl_err err = find_place(store, act, &place, why);

    if (err || place > 0)
        return err;
    err = vl_store_fact(store, FACT, &last, why);
    if (err && err != VL_ERR_NOT_FOUND)
        return err;
    place = vl_bytes_number(vl_buf_bytes(&last)) + 1;
    vl_bytes_put_number(place, bytes, PLACE_LEN);
    memcpy(tie.about, act, VL_HASH_LEN);
    memcpy(tie.key, act, VL_HASH_LEN);
    tie.bytes = VL_ARRAY(bytes);
    err = vl_store_put_tie(store, &tie, why);
    return err ? err : vl_store_put_fact(store, FACT, VL_ARRAY(bytes), why);
}

enum vl_err vl_handover_is_later(struct vl_store *store, const uint8_t act[VL_HASH_LEN],
                                 const uint8_t other[VL_HASH_LEN], bool *yes, struct vl_why *why)
{
    uint64_t place = 0, before = 0;
    enum vl_err err = find_place(store, act, &place, why);

    if (!err)
        err = find_place(store, other, &before, why);
    *yes = !err && place > before;
    return err;
}
