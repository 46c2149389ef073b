/* SPDX-License-Identifier: Apache-2.0 */
/* Letters of which only slices are here, as people name and list them. */
#include <string.h>

#include "codec/number.h"
#include "office/pieces.h"

void vl_partial_row(const struct vl_home *home, const struct vl_partial *partial,
                    struct vl_letter_row *row)
{
    const struct vl_waybill *said = &partial->said;

    *row = (struct vl_letter_row){.size = said->size,
                                  .mode = (uint8_t)said->mode,
                                  .roles = VL_ROLE_CARRIED,
                                  .has_from = true,
                                  .to_count = said->to_count,
                                  .has_core = true,
                                  .has_date = said->has_date,
                                  .date_s = said->date_s,
                                  .has_expires = said->has_expires,
                                  .expires_s = said->expires_s,
                                  .has_expect_by = said->has_expect_by,
                                  .expect_by_s = said->expect_by_s,
                                  .quarantined = partial->quarantined,
                                  .waybill = vl_buf_bytes(&partial->waybill),
                                  .has_sealed = true,
                                  .leaf_index = partial->leaf_index,
                                  .path = vl_buf_bytes(&partial->path)};
    memcpy(row->number, said->number, VL_HASH_LEN);
    memcpy(row->from, said->from.at, VL_HASH_LEN);
    memcpy(row->core, said->commitment, VL_HASH_LEN);
    memcpy(row->sealed, partial->sealed, VL_HASH_LEN);
    for (size_t i = 0; i < said->to_count; i++) {
        memcpy(row->to[i], said->to[i].at, VL_HASH_LEN);
        if (vl_office_id_eq(&said->to[i], &home->own))
            row->roles = VL_ROLE_TAKEN;
    }
}

struct search {
    const struct vl_number_prefix *prefix;
    bool found;
    bool several;
    uint8_t number[VL_HASH_LEN];
    uint8_t id[VL_HASH_LEN];
};

static enum vl_err see_tie(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    struct search *search = self;

    (void)why;
    if (!vl_number_starts(tie->about, search->prefix))
        return VL_OK;
    search->several |= search->found && memcmp(search->number, tie->about, VL_HASH_LEN) != 0;
    search->found = true;
    memcpy(search->number, tie->about, VL_HASH_LEN);
    memcpy(search->id, tie->key, VL_HASH_LEN);
    return VL_OK;
}

enum vl_err vl_home_find_letter_or_slices(struct vl_home *home, const char *text,
                                          unsigned min_symbols, struct vl_letter_row *row,
                                          struct vl_partial *partial, struct vl_why *why)
{
    struct vl_number_prefix prefix;
    struct search search = {.prefix = &prefix};
    enum vl_err err = vl_home_find_letter(home, text, min_symbols, row, why);

    if (err != VL_ERR_NOT_FOUND ||
        vl_number_prefix(VL_LETTER_HRP, vl_bytes_str(text), min_symbols, &prefix) != VL_OK)
        return err;
    err = vl_store_ties(home->store, VL_TIE_PARTIAL, NULL, see_tie, &search, why);
    if (err)
        return err;
    if (search.several)
        return vl_fail(why, VL_ERR_AMBIGUOUS,
                       "several letters of which slices are here begin with \"%s\"", text);
    if (!search.found)
        return VL_ERR_NOT_FOUND;
    err = vl_partial_read(home->store, search.number, search.id, partial, why);
    if (!err)
        vl_partial_row(home, partial, row);
    return err;
}

enum vl_err vl_partial_forget(struct vl_home *home, const uint8_t number[VL_HASH_LEN],
                              struct vl_why *why)
{
    enum vl_err err = vl_store_begin(home->store, why);

    if (!err)
        err = vl_partials_drop(home->store, number, why);
    if (!err)
        err = vl_store_commit(home->store, why);
    vl_store_rollback(home->store);
    return err;
}
