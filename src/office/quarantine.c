/* SPDX-License-Identifier: Apache-2.0 */
#include "office/quarantine.h"

#include <string.h>

#include "base/alloc.h"
#include "office/acts.h"
#include "office/keeping.h"
#include "office/pieces.h"

/* The store must not change while it is walked, so numbers come first. */
struct held_apart {
    size_t count;
    size_t cap;
    uint8_t (*at)[VL_HASH_LEN];
};

static enum vl_err see_letter(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct held_apart *held = self;

    if (!row->quarantined)
        return VL_OK;
    if (held->count == held->cap) {
        const size_t cap = held->cap ? 2 * held->cap : 64;
        void *block = held->at;
        enum vl_err err = vl_grow(&block, held->cap * VL_HASH_LEN, cap * VL_HASH_LEN);

        if (err)
            return vl_fail(why, err, "no memory for a list of letters");
        held->at = block;
        held->cap = cap;
    }
    memcpy(held->at[held->count++], row->number, VL_HASH_LEN);
    return VL_OK;
}

static enum vl_err came_from(struct vl_store *store, const struct vl_letter_row *row,
                             const uint8_t *giver, bool *yes, struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object handed = VL_OBJECT_INIT;
    enum vl_err err = row->has_via ? vl_acts_read(store, row->via, &handed, why) : VL_ERR_NOT_FOUND;

    *yes = false;
    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    *yes = memcmp(handed.issuer.at, giver, VL_HASH_LEN) == 0;
    return VL_OK;
}

enum vl_err vl_quarantine_end(struct vl_store *store, const uint8_t giver[VL_HASH_LEN],
                              size_t *let_in, struct vl_why *why)
{
    const struct vl_letter_query query = {.lean = true};
    struct held_apart held = {0};
    enum vl_err err = vl_store_letters(store, &query, see_letter, &held, why);

    *let_in = 0;
    for (size_t i = 0; !err && i < held.count; i++) {
        VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
        bool yes = false;

        err = vl_store_letter(store, held.at[i], &row, why);
        if (!err)
            err = came_from(store, &row, giver, &yes, why);
        if (err || !yes)
            continue;
        row.quarantined = false;
        err = vl_store_update_letter(store, &row, why);
        *let_in += !err;
    }
    vl_free(held.at);
    return err;
}

/* --- how much of it -------------------------------------------------------------------------- */

struct amount {
    struct vl_store *store;
    size_t letters;
    uint64_t bytes;
};

static enum vl_err add_letter(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct amount *amount = self;
    bool stays = false;
    enum vl_err err = VL_OK;

    if (row->quarantined && row->forgotten)
        err = vl_letter_stays(amount->store, row, &stays, why);
    if (row->quarantined && (!row->forgotten || stays))
        amount->letters++;
    if (row->quarantined && !row->forgotten)
        amount->bytes += row->size;
    return err;
}

uint64_t vl_quarantine_slice_list(uint64_t slices)
{
    return slices * VL_HASH_LEN;
}

static enum vl_err add_slices(void *self, const struct vl_partial *partial, struct vl_why *why)
{
    struct amount *amount = self;

    (void)why;
    if (partial->quarantined) {
        amount->letters++;
        amount->bytes +=
            partial->here * VL_SLICE_LEN + vl_quarantine_slice_list(partial->said.pieces.count);
    }
    return VL_OK;
}

enum vl_err vl_quarantine_held(struct vl_store *store, size_t *letters, uint64_t *bytes,
                               struct vl_why *why)
{
    const struct vl_letter_query query = {.lean = true};
    struct amount amount = {store, 0, 0};
    enum vl_err err = vl_store_letters(store, &query, add_letter, &amount, why);

    if (!err)
        err = vl_partials(store, add_slices, &amount, why);
    *letters = amount.letters;
    *bytes = amount.bytes;
    return err;
}
