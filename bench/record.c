/* SPDX-License-Identifier: Apache-2.0 */
/* How fast the record's arithmetic is: entries added to a tree of tiles, proofs made from tiles,
 * receipts written and verified.  usage: record [ENTRIES]   (bench/run.sh builds it) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "record/receipt.h"
#include "record/tile.h"

#define PROOFS   20000
#define RECEIPTS 5000

static double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void check(enum vl_err err, const struct vl_why *why)
{
    if (err) {
        fprintf(stderr, "%s: %s\n", vl_err_name(err), why->text);
        exit(1);
    }
}

/* Full tiles in memory, level by level; partial ones at their places too. */
struct shelf {
    uint8_t *levels[VL_TILE_LEVELS];
    uint64_t reads;
};

static enum vl_err put(void *self, const struct vl_tile_at *at, vl_bytes hashes, struct vl_why *why)
{
    struct shelf *shelf = self;

    (void)why;
    memcpy(shelf->levels[at->level] + at->index * VL_TILE_LEN, hashes.ptr, hashes.len);
    return VL_OK;
}

static enum vl_err get(void *self, const struct vl_tile_at *at, uint8_t out[VL_TILE_LEN],
                       struct vl_why *why)
{
    struct shelf *shelf = self;

    (void)why;
    shelf->reads++;
    memcpy(out, shelf->levels[at->level] + at->index * VL_TILE_LEN,
           (size_t)at->width * VL_HASH_LEN);
    return VL_OK;
}

static uint64_t mixed(uint64_t n)
{
    n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    return n ^ n >> 27;
}

static void leaf_of(uint64_t i, uint8_t out[VL_HASH_LEN])
{
    vl_tree_leaf(vl_bytes_of(&i, sizeof i), out);
}

static void report(const char *what, uint64_t count, double seconds)
{
    printf("%-44s %9llu in %6.2f s  %10.0f a second  %8.4f ms each\n", what,
           (unsigned long long)count, seconds, (double)count / seconds,
           seconds * 1000 / (double)count);
}

int main(int argc, char **argv)
{
    static struct vl_tile_writer writer;
    static struct vl_tile_reader reader;
    static struct shelf shelf;
    const uint64_t size = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    uint8_t(*leaves)[VL_HASH_LEN] = malloc(size * VL_HASH_LEN);
    struct vl_secret seed = VL_SECRET_INIT;
    struct vl_receipt_log log = {.origin = VL_LITERAL("record.example/2026"),
                                 .least = VL_RECEIPT_BOUND};
    struct vl_receipt_draft draft = {.alg = VL_COSE_ALG_EDDSA,
                                     .origin = VL_LITERAL("record.example/2026"),
                                     .sub = VL_LITERAL("valise:letter:00"),
                                     .size = size};
    struct vl_buf receipts[64];
    uint64_t places[64];
    struct vl_tree_nodes nodes;
    struct vl_tree_path path;
    struct vl_why why = {""};
    uint8_t root[VL_HASH_LEN];
    double begun;

    if (!leaves || size < 2)
        return 1;
    for (unsigned level = 0; level < VL_TILE_LEVELS; level++) {
        shelf.levels[level] = malloc(((size >> 8 * level) / VL_TILE_WIDTH + 1) * VL_TILE_LEN);
        if (!shelf.levels[level])
            return 1;
    }
    vl_hasher_expect_many();
    begun = now();
    for (uint64_t i = 0; i < size; i++)
        leaf_of(i, leaves[i]);
    report("leaf hashes of 8-byte entries", size, now() - begun);

    begun = now();
    vl_tile_writer_begin(&writer, (struct vl_tile_sink){put, &shelf});
    for (uint64_t i = 0; i < size; i++)
        check(vl_tile_writer_add(&writer, leaves[i], &why), &why);
    check(vl_tile_writer_put_partial(&writer, &why), &why);
    vl_tile_writer_root(&writer, root);
    report("tree of tiles from leaf hashes", size, now() - begun);

    vl_tile_reader_begin(&reader, (struct vl_tile_source){get, &shelf}, size);
    nodes = vl_tile_nodes(&reader);
    begun = now();
    for (uint64_t i = 0; i < PROOFS; i++) {
        uint64_t at = mixed(i + 1) % size;

        check(vl_tree_nodes_path(&nodes, size, at, &path, &why), &why);
        if (vl_tree_verify(leaves[at], at, size, &path, root))
            return 1;
    }
    report("inclusions from tiles, and verified", PROOFS, now() - begun);
    printf("%-44s %9.2f\n", "  tiles read for one", (double)shelf.reads / PROOFS);
    begun = now();
    for (uint64_t i = 0; i < PROOFS; i++)
        check(vl_tree_nodes_consistency(&nodes, 1 + mixed(i + 1) % size, size, &path, &why), &why);
    report("consistencies from tiles", PROOFS, now() - begun);

    seed.len = VL_ED25519_SEED_LEN;
    vl_cose_key_of_seed(&seed, &log.key);
    memcpy(draft.root, root, sizeof root);
    begun = now();
    for (uint64_t i = 0; i < RECEIPTS; i++) {
        struct vl_buf *out = &receipts[i % 64];

        if (i < 64)
            *out = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
        out->len = 0;
        draft.at = places[i % 64] = mixed(i + 1) % size;
        memcpy(draft.from, leaves[draft.at], VL_HASH_LEN);
        check(vl_tree_nodes_path(&nodes, size, draft.at, &draft.path, &why), &why);
        check(vl_receipt_write(&draft, &seed, out, &why), &why);
    }
    report("receipts written, and read back", RECEIPTS, now() - begun);
    printf("%-44s %9zu\n", "  bytes of one", receipts[0].len);
    begun = now();
    for (uint64_t i = 0; i < RECEIPTS; i++) {
        VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;
        struct vl_receipt_says says;

        check(vl_receipt_parse(vl_buf_bytes(&receipts[i % 64]), &receipt, &why), &why);
        check(vl_receipt_verify(&receipt, leaves[places[i % 64]], &log, &says, &why), &why);
    }
    report("receipts verified (Ed25519)", RECEIPTS, now() - begun);
    return 0;
}
