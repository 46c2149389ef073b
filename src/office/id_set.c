/* SPDX-License-Identifier: Apache-2.0 */
#include "office/id_set.h"

#include <string.h>

#include "base/alloc.h"

void vl_id_set_release(struct vl_id_set *set)
{
    vl_free(set->at);
    vl_free(set->used);
    *set = (struct vl_id_set)VL_ID_SET_INIT;
}

/* Where the id is, or the free place where it would be; there is always one. */
static size_t place_of(const struct vl_id_set *set, const uint8_t id[VL_HASH_LEN])
{
    size_t at;

    memcpy(&at, id, sizeof at);
    at &= set->room - 1;
    while (set->used[at] && memcmp(set->at[at], id, VL_HASH_LEN) != 0)
        at = (at + 1) & (set->room - 1);
    return at;
}

bool vl_id_set_has(const struct vl_id_set *set, const uint8_t id[VL_HASH_LEN])
{
    return set->room > 0 && set->used[place_of(set, id)];
}

static enum vl_err grow(struct vl_id_set *set)
{
    struct vl_id_set bigger = {.count = set->count, .room = set->room ? 2 * set->room : 64};
    struct vl_id_set old;

    bigger.at = vl_new(bigger.room * VL_HASH_LEN);
    bigger.used = vl_new(bigger.room * sizeof *bigger.used);
    if (!bigger.at || !bigger.used) {
        vl_id_set_release(&bigger);
        return VL_ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < set->room; i++) {
        size_t at;

        if (!set->used[i])
            continue;
        at = place_of(&bigger, set->at[i]);
        memcpy(bigger.at[at], set->at[i], VL_HASH_LEN);
        bigger.used[at] = true;
    }
    old = *set;
    *set = bigger;
    vl_id_set_release(&old);
    return VL_OK;
}

enum vl_err vl_id_set_add(struct vl_id_set *set, const uint8_t id[VL_HASH_LEN], bool *is_new)
{
    size_t at;

    if (is_new)
        *is_new = false;
    if (vl_id_set_has(set, id))
        return VL_OK;
    if (set->count >= set->room / 2 && grow(set) != VL_OK)
        return VL_ERR_NO_MEMORY;
    at = place_of(set, id);
    memcpy(set->at[at], id, VL_HASH_LEN);
    set->used[at] = true;
    set->count++;
    if (is_new)
        *is_new = true;
    return VL_OK;
}
