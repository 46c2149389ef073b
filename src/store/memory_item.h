/* SPDX-License-Identifier: Apache-2.0 */
/* store/memory_item.h: what the store in memory is made of: items that never change, and tables of
 * them. */
#ifndef VL_STORE_MEMORY_ITEM_H
#define VL_STORE_MEMORY_ITEM_H

#include "store/row.h"

enum vl_item_kind {
    VL_ITEM_LETTER,
    VL_ITEM_OBJECT,
    VL_ITEM_OFFICE,
    VL_ITEM_FACT,
    VL_ITEM_TIE,
    VL_ITEM_PART,
    VL_ITEM_TABLES,
    VL_ITEM_ENVELOPE /* held by letters, in no table */
};

/* Every kind begins with this. */
struct vl_item {
    enum vl_item_kind kind;
    unsigned holders;
    uint8_t key[VL_HASH_LEN];
    struct vl_buf bytes; /* of an object, a fact, an envelope */
};

struct vl_item_letter {
    struct vl_item item;
    struct vl_letter_row row;
    uint64_t arrival;         /* a later one is larger */
    struct vl_item *envelope; /* NULL when forgotten */
};

struct vl_item_object {
    struct vl_item item;
    struct vl_object_row row; /* without what it is about */
    char kind[VL_STORE_MAX_PETNAME + 1];
    struct vl_buf about;
};

struct vl_item_tie {
    struct vl_item item;
    struct vl_tie tie; /* its bytes are the item's */
};

struct vl_item_office {
    struct vl_item item;
    struct vl_office_row row;
};

/* An empty one with one holder; size is that of its kind.  NULL when memory runs out. */
void *vl_item_new(enum vl_item_kind kind, size_t size, const uint8_t key[VL_HASH_LEN]) VL_MUST_USE;
/* One holder less; takes NULL. */
void vl_item_let_go(struct vl_item *item);

/* What a table needs for one item. */
#define VL_ITEM_SLOT sizeof(void *)

/* Sorted by key. */
struct vl_item_table {
    struct vl_item **at;
    size_t count;
    size_t room;
};
void vl_item_table_release(struct vl_item_table *table);
/* Another table of the same items. */
enum vl_err vl_item_table_copy(const struct vl_item_table *from,
                               struct vl_item_table *to) VL_MUST_USE;
/* NULL when it is not there. */
void *vl_item_find(const struct vl_item_table *table, const uint8_t key[VL_HASH_LEN]);
/* Fine when it is not there. */
void vl_item_drop(struct vl_item_table *table, const uint8_t key[VL_HASH_LEN]);
/* Insert or replace; the item is taken, also on failure.  NO_MEMORY. */
enum vl_err vl_item_put(struct vl_item_table *table, struct vl_item *item) VL_MUST_USE;

/* Of these ties, sorted by what they are about and by key, those of this kind come to the front, in
 * their order; about: NULL, or of that alone; below: NULL, or of each thing the last one that is
 * not above it.  How many. */
size_t vl_item_ties_below(struct vl_item **at, size_t count, enum vl_tie_kind kind,
                          const uint8_t *about, const uint8_t *below);
/* Ties are told apart by all that they tie. */
void vl_item_tie_key(enum vl_tie_kind kind, const uint8_t *about, const uint8_t *key,
                     uint8_t out[VL_HASH_LEN]);
/* Bytes at their place among those of an item of the table, as in a file: what lies between is
 * zeroes.  NO_MEMORY. */
enum vl_err vl_item_put_part(struct vl_item_table *table, const uint8_t key[VL_HASH_LEN],
                             uint64_t at, vl_bytes bytes) VL_MUST_USE;
/* All of room from there on.  NOT_FOUND for NULL, FORMAT. */
enum vl_err vl_item_read(const struct vl_item *item, uint64_t at, vl_room room,
                         struct vl_why *why) VL_MUST_USE;

#endif
