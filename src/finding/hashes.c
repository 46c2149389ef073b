/* SPDX-License-Identifier: Apache-2.0 */
/* Ids and offices, sorted. */
#include <string.h>

#include "finding/inside.h"

bool vl_same(const uint8_t a[VL_HASH_LEN], const uint8_t b[VL_HASH_LEN])
{
    return memcmp(a, b, VL_HASH_LEN) == 0;
}

int vl_hash_cmp(const void *a, const void *b)
{
    return memcmp(a, b, VL_HASH_LEN);
}

/* Where it is, or would be. */
static size_t place_of(const struct vl_hashes *set, const uint8_t id[VL_HASH_LEN], bool *is_there)
{
    size_t low = 0, high = set->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = memcmp(set->at[middle], id, VL_HASH_LEN);

        if (order == 0) {
            *is_there = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *is_there = false;
    return low;
}

bool vl_hashes_has(const struct vl_hashes *set, const uint8_t id[VL_HASH_LEN])
{
    bool is_there = false;

    (void)place_of(set, id, &is_there);
    return is_there;
}

/* Room is 4, 8, 16, ...: it doubles whenever the count is one of these. */
enum vl_err vl_hashes_add(struct vl_arena *arena, struct vl_hashes *set,
                          const uint8_t id[VL_HASH_LEN])
{
    const bool is_full = set->count == 0 || (set->count >= 4 && !(set->count & (set->count - 1)));
    bool is_there = false;
    const size_t at = place_of(set, id, &is_there);

    if (is_there)
        return VL_OK;
    if (is_full) {
        const size_t room = set->count == 0 ? 4 : 2 * set->count;
        void *larger = vl_arena_take(arena, room * VL_HASH_LEN);

        if (!larger)
            return VL_ERR_NO_MEMORY;
        if (set->count > 0)
            memcpy(larger, set->at, set->count * VL_HASH_LEN);
        set->at = larger;
    }
    memmove(set->at[at + 1], set->at[at], (set->count - at) * VL_HASH_LEN);
    memcpy(set->at[at], id, VL_HASH_LEN);
    set->count++;
    return VL_OK;
}

/* As lists of hashes are sorted: by the first that differs, shorter first. */
int vl_hashes_cmp(const struct vl_hashes *a, const struct vl_hashes *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        const int order = memcmp(a->at[i], b->at[i], VL_HASH_LEN);

        if (order != 0)
            return order;
    }
    return a->count < b->count ? -1 : a->count > b->count;
}
