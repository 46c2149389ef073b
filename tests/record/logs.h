/* SPDX-License-Identifier: Apache-2.0 */
/* tests/record/logs.h: a log with fixed keys, its witnesses, and tiles kept in memory. */
#ifndef VL_TESTS_RECORD_LOGS_H
#define VL_TESTS_RECORD_LOGS_H

#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "record/checkpoint.h"
#include "record/receipt.h"
#include "record/tile.h"

#define ORIGIN "record.example/2026"

static inline struct vl_secret seed_of(char letter)
{
    struct vl_secret seed = VL_SECRET_INIT;
    uint8_t bytes[VL_ED25519_SEED_LEN];

    memset(bytes, letter, sizeof bytes);
    assert_int_equal(vl_secret_set(&seed, VL_ARRAY(bytes)), VL_OK);
    return seed;
}

static inline struct vl_note_key key_of(const char *name, enum vl_note_type type, char letter)
{
    const struct vl_secret seed = seed_of(letter);
    uint8_t public_key[VL_ED25519_PUBLIC_LEN];
    struct vl_note_key key;
    struct vl_why why = {""};

    vl_ed25519_public(&seed, public_key);
    assert_err(vl_note_key_make(vl_bytes_str(name), type, public_key, &key, &why), VL_OK, &why);
    return key;
}

static inline void leaf_of(uint64_t i, uint8_t out[VL_HASH_LEN])
{
    uint8_t entry[8];

    for (size_t at = 0; at < sizeof entry; at++)
        entry[at] = (uint8_t)(i >> 8 * at);
    vl_tree_leaf(VL_ARRAY(entry), out);
}

/* Tiles by their paths. */
struct kept_tile {
    char path[VL_TILE_PATH];
    uint8_t hashes[VL_TILE_LEN];
};
struct shelf {
    struct kept_tile *tiles;
    size_t count, reads;
};

static inline enum vl_err shelf_put(void *self, const struct vl_tile_at *at, vl_bytes hashes,
                                    struct vl_why *why)
{
    struct shelf *shelf = self;
    struct kept_tile *tile;
    char path[VL_TILE_PATH];

    (void)why;
    assert_int_equal(hashes.len, at->width * VL_HASH_LEN);
    vl_tile_path(at, path);
    for (size_t i = 0; i < shelf->count; i++) /* what is there never changes */
        if (strcmp(shelf->tiles[i].path, path) == 0) {
            assert_memory_equal(shelf->tiles[i].hashes, hashes.ptr, hashes.len);
            return VL_OK;
        }
    shelf->tiles = realloc(shelf->tiles, (shelf->count + 1) * sizeof *shelf->tiles);
    assert_non_null(shelf->tiles);
    tile = &shelf->tiles[shelf->count++];
    memcpy(tile->path, path, sizeof path);
    memcpy(tile->hashes, hashes.ptr, hashes.len);
    return VL_OK;
}

static inline bool shelf_has(const struct shelf *shelf, const char *path)
{
    for (size_t i = 0; i < shelf->count; i++)
        if (strcmp(shelf->tiles[i].path, path) == 0)
            return true;
    return false;
}

static inline enum vl_err shelf_get(void *self, const struct vl_tile_at *at,
                                    uint8_t out[VL_TILE_LEN], struct vl_why *why)
{
    struct shelf *shelf = self;
    char path[VL_TILE_PATH];

    vl_tile_path(at, path);
    for (size_t i = shelf->count; i > 0; i--)
        if (strcmp(shelf->tiles[i - 1].path, path) == 0) {
            memcpy(out, shelf->tiles[i - 1].hashes, at->width * (size_t)VL_HASH_LEN);
            shelf->reads++;
            return VL_OK;
        }
    return vl_fail(why, VL_ERR_NOT_FOUND, "%s", path);
}

static inline void shelf_release(struct shelf *shelf)
{
    free(shelf->tiles);
}

/* A receipt to be for entry `index` of the first `size` leaves. */
static inline struct vl_receipt_draft draft_of(uint64_t size, uint64_t index)
{
    struct vl_receipt_draft draft = {.of = VL_RECEIPT_OF_INCLUSION,
                                     .alg = VL_COSE_ALG_EDDSA,
                                     .origin = VL_LITERAL(ORIGIN),
                                     .sub = VL_LITERAL("valise:letter:00"),
                                     .has_iat = true,
                                     .iat_s = 1790000000,
                                     .size = size,
                                     .at = index};
    uint8_t(*leaves)[VL_HASH_LEN] = malloc(size * VL_HASH_LEN);
    struct vl_tree tree = VL_TREE_INIT;

    assert_non_null(leaves);
    for (uint64_t i = 0; i < size; i++) {
        leaf_of(i, leaves[i]);
        vl_tree_add(&tree, leaves[i]);
    }
    vl_tree_root(&tree, draft.root);
    memcpy(draft.from, leaves[index], VL_HASH_LEN);
    vl_tree_path((const uint8_t(*)[VL_HASH_LEN])leaves, size, index, &draft.path);
    free(leaves);
    return draft;
}

static inline struct vl_buf receipt_of(const struct vl_receipt_draft *draft, char letter)
{
    const struct vl_secret seed = seed_of(letter);
    struct vl_buf wire = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    struct vl_why why = {""};

    assert_err(vl_receipt_write(draft, &seed, &wire, &why), VL_OK, &why);
    return wire;
}

static inline struct vl_receipt_log receipt_log(char letter)
{
    const struct vl_secret seed = seed_of(letter);
    struct vl_receipt_log log = {.origin = VL_LITERAL(ORIGIN), .least = VL_RECEIPT_BOUND};

    vl_cose_key_of_seed(&seed, &log.key);
    return log;
}

#endif
