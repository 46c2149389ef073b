/* SPDX-License-Identifier: Apache-2.0 */
#include "store/memory_item.h"

#include <string.h>

#include "base/alloc.h"

void *vl_item_new(enum vl_item_kind kind, size_t size, const uint8_t key[VL_HASH_LEN])
{
    struct vl_item *item = vl_new(size);

    if (!item)
        return NULL;
    item->kind = kind;
    item->holders = 1;
    item->bytes = VL_BUF_INIT(SIZE_MAX);
    memcpy(item->key, key, VL_HASH_LEN);
    return item;
}

static void let_go_of_bytes(struct vl_item *item)
{
    if (!item || --item->holders > 0)
        return;
    vl_buf_release(&item->bytes);
    vl_free(item);
}

void vl_item_let_go(struct vl_item *item)
{
    if (!item)
        return;
    if (item->holders == 1 && item->kind == VL_ITEM_LETTER) {
        vl_letter_row_release(&((struct vl_item_letter *)item)->row);
        let_go_of_bytes(((struct vl_item_letter *)item)->envelope);
    } else if (item->holders == 1 && item->kind == VL_ITEM_OBJECT) {
        vl_buf_release(&((struct vl_item_object *)item)->about);
    } else if (item->holders == 1 && item->kind == VL_ITEM_OFFICE) {
        vl_office_row_release(&((struct vl_item_office *)item)->row);
    }
    let_go_of_bytes(item);
}

void vl_item_table_release(struct vl_item_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        vl_item_let_go(table->at[i]);
    vl_free(table->at);
    *table = (struct vl_item_table){NULL, 0, 0};
}

enum vl_err vl_item_table_copy(const struct vl_item_table *from, struct vl_item_table *to)
{
    struct vl_item **at = vl_new(from->count * VL_ITEM_SLOT);

    if (!at)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < from->count; i++) {
        at[i] = from->at[i];
        at[i]->holders++;
    }
    *to = (struct vl_item_table){at, from->count, from->count};
    return VL_OK;
}

/* Where the key is, or where it would be. */
static size_t place_of(const struct vl_item_table *table, const uint8_t key[VL_HASH_LEN],
                       bool *is_there)
{
    size_t low = 0, high = table->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (memcmp(table->at[middle]->key, key, VL_HASH_LEN) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *is_there = low < table->count && memcmp(table->at[low]->key, key, VL_HASH_LEN) == 0;
    return low;
}

void *vl_item_find(const struct vl_item_table *table, const uint8_t key[VL_HASH_LEN])
{
    bool is_there;
    size_t place = place_of(table, key, &is_there);

    return is_there ? table->at[place] : NULL;
}

enum vl_err vl_item_put(struct vl_item_table *table, struct vl_item *item)
{
    bool is_there;
    size_t place = place_of(table, item->key, &is_there);
    void *more = table->at;

    if (is_there) {
        vl_item_let_go(table->at[place]);
        table->at[place] = item;
        return VL_OK;
    }
    if (table->count == table->room) {
        size_t room = table->room ? 2 * table->room : 16;

        if (vl_grow(&more, table->room * VL_ITEM_SLOT, room * VL_ITEM_SLOT) != VL_OK) {
            vl_item_let_go(item);
            return VL_ERR_NO_MEMORY;
        }
        table->at = more;
        table->room = room;
    }
    memmove(table->at + place + 1, table->at + place, (table->count - place) * VL_ITEM_SLOT);
    table->at[place] = item;
    table->count++;
    return VL_OK;
}

void vl_item_drop(struct vl_item_table *table, const uint8_t key[VL_HASH_LEN])
{
    bool is_there;
    size_t place = place_of(table, key, &is_there);

    if (!is_there)
        return;
    vl_item_let_go(table->at[place]);
    table->count--;
    memmove(table->at + place, table->at + place + 1, (table->count - place) * VL_ITEM_SLOT);
}

enum vl_err vl_item_put_part(struct vl_item_table *table, const uint8_t key[VL_HASH_LEN],
                             uint64_t at, vl_bytes bytes)
{
    const struct vl_item *kept = vl_item_find(table, key);
    const uint64_t before = kept ? kept->bytes.len : 0, end = at + bytes.len;
    struct vl_item *part = vl_item_new(VL_ITEM_PART, sizeof *part, key);
    uint8_t *room = NULL;

    if (!part || vl_buf_add(&part->bytes, end > before ? end : before, &room) != VL_OK) {
        vl_item_let_go(part);
        return VL_ERR_NO_MEMORY;
    }
    memset(room, 0, part->bytes.len);
    if (before > 0)
        memcpy(room, kept->bytes.data, before);
    if (bytes.len > 0)
        memcpy(room + at, bytes.ptr, bytes.len);
    return vl_item_put(table, part);
}

enum vl_err vl_item_read(const struct vl_item *item, uint64_t at, vl_room room, struct vl_why *why)
{
    if (!item)
        return vl_fail(why, VL_ERR_NOT_FOUND, "no slices of it");
    if (at > item->bytes.len || room.len > item->bytes.len - at)
        return vl_fail(why, VL_ERR_FORMAT, "its slices end early");
    memcpy(room.ptr, item->bytes.data + at, room.len);
    return VL_OK;
}

void vl_item_tie_key(enum vl_tie_kind kind, const uint8_t *about, const uint8_t *key,
                     uint8_t out[VL_HASH_LEN])
{
    uint8_t all[1 + 2 * VL_HASH_LEN];

    all[0] = (uint8_t)kind;
    memcpy(all + 1, about, VL_HASH_LEN);
    memcpy(all + 1 + VL_HASH_LEN, key, VL_HASH_LEN);
    vl_sha256(VL_ARRAY(all), out);
}

size_t vl_item_ties_below(struct vl_item **at, size_t count, enum vl_tie_kind kind,
                          const uint8_t *about, const uint8_t *below)
{
    const struct vl_tie *last = NULL;
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        const struct vl_tie *tie = &((const struct vl_item_tie *)at[i])->tie;

        if (tie->kind != kind || (about && memcmp(tie->about, about, VL_HASH_LEN) != 0) ||
            (below && memcmp(tie->key, below, VL_HASH_LEN) > 0))
            continue;
        if (below && last && memcmp(last->about, tie->about, VL_HASH_LEN) == 0)
            used--; /* it is nearer */
        last = tie;
        at[used++] = at[i];
    }
    return used;
}
