/* SPDX-License-Identifier: Apache-2.0 */
/* record/tile.h: a log's tree as files that never change (C2SP tlog-tiles): tiles of 256 hashes,
 * bundles of 256 entries, and every proof from them.
 *
 * Hash i of tile n on level l is over the 256^l entries from (256 n + i) * 256^l on.  A tile that
 * is not full is partial and has its width in its name. */
#ifndef VL_RECORD_TILE_H
#define VL_RECORD_TILE_H

#include "merkle/proof.h"

#define VL_TILE_WIDTH      256
#define VL_TILE_LEN        ((size_t)VL_TILE_WIDTH * VL_HASH_LEN)
#define VL_TILE_LEVELS     8 /* enough for VL_TREE_MAX_COUNT */
#define VL_TILE_MAX_LEVEL  63
#define VL_ENTRY_MAX_LEN   65535 /* its length has 16 bits in a bundle */
#define VL_ENTRIES_MAX_LEN ((size_t)VL_TILE_WIDTH * (2 + VL_ENTRY_MAX_LEN))

struct vl_tile_at {
    bool is_entries; /* a bundle of entries, on no level */
    unsigned level;
    uint64_t index;
    unsigned width; /* 1 to 256, which is a full one */
};

/* "tile/entries/x036/x028/x797/x018/x963/967.p/255" and a NUL. */
#define VL_TILE_PATH 64
/* "tile/0/x001/x234/067.p/44"; returns out. */
const char *vl_tile_path(const struct vl_tile_at *at, char out[VL_TILE_PATH]);
/* One path for one tile: FORMAT for anything vl_tile_path does not write. */
enum vl_err vl_tile_path_parse(vl_bytes path, struct vl_tile_at *at) VL_MUST_USE;
/* How wide this tile is in a tree of `size` entries; 0 when it is not there. */
unsigned vl_tile_width(uint64_t size, unsigned level, uint64_t index);

/* Where tiles are kept.  tile() writes width * 32 bytes to out and may take them from a wider one.
 */
struct vl_tile_source {
    enum vl_err (*tile)(void *self, const struct vl_tile_at *at, uint8_t out[VL_TILE_LEN],
                        struct vl_why *why);
    void *self;
};
/* The hashes of a tree of `size` entries, from its tiles.  Each level's last full tile is
 * remembered, and its partial one, which most proofs need; of the lowest level some full ones are,
 * since several are asked about by turns.  What tiles say is not verified: the proofs made of them
 * are, against a root that is. */
#define VL_TILE_LOWEST 64 /* of 16 KiB each, which are touched when they are needed */
#define VL_TILE_KEPT   (2 * VL_TILE_LEVELS - 1 + VL_TILE_LOWEST)
struct vl_tile_reader {
    struct vl_tile_source source;
    uint64_t size;
    struct vl_tile_at at[VL_TILE_KEPT]; /* width 0: none */
    /* The hashes of a tile, and above them those of the whole subtrees that they are. */
    uint8_t tiles[VL_TILE_KEPT][2 * VL_TILE_LEN];
};
void vl_tile_reader_begin(struct vl_tile_reader *reader, struct vl_tile_source source,
                          uint64_t size);
/* The same tree has grown: what is remembered of it is still so. */
void vl_tile_reader_grow(struct vl_tile_reader *reader, uint64_t size);
/* For vl_tree_nodes_hash (its root is that of 0 to size), _path, _consistency.  NOT_FOUND for what
 * is not in the tree, and what the source fails with. */
struct vl_tree_nodes vl_tile_nodes(struct vl_tile_reader *reader);

/* Where tiles go.  hashes are borrowed for the call. */
struct vl_tile_sink {
    enum vl_err (*put)(void *self, const struct vl_tile_at *at, vl_bytes hashes,
                       struct vl_why *why);
    void *self;
};
/* A tree that grows; holds the tiles that are not full.  By value, owns nothing. */
struct vl_tile_writer {
    struct vl_tile_sink sink;
    uint64_t size;
    uint8_t open[VL_TILE_LEVELS][VL_TILE_LEN];
};
/* An empty one; or one that goes on at `size`, from the tiles kept before.  LIMIT, and what the
 * source fails with. */
void vl_tile_writer_begin(struct vl_tile_writer *writer, struct vl_tile_sink sink);
enum vl_err vl_tile_writer_resume(struct vl_tile_writer *writer, struct vl_tile_sink sink,
                                  const struct vl_tile_source *source, uint64_t size,
                                  struct vl_why *why) VL_MUST_USE;
/* Add an entry; tiles that it fills go to the sink.  On failure it is not added, though a tile may
 * have been put, and the same tile will be put again.  LIMIT, and what the sink fails with. */
enum vl_err vl_tile_writer_add(struct vl_tile_writer *writer, const uint8_t leaf_hash[VL_HASH_LEN],
                               struct vl_why *why) VL_MUST_USE;
/* Put the partial tiles of the tree as it is now: before a checkpoint of this size is signed. */
enum vl_err vl_tile_writer_put_partial(struct vl_tile_writer *writer,
                                       struct vl_why *why) VL_MUST_USE;
void vl_tile_writer_root(const struct vl_tile_writer *writer, uint8_t out[VL_HASH_LEN]);

/* Append an entry to a bundle.  LIMIT over VL_ENTRY_MAX_LEN and out's ceiling, NO_MEMORY; then out
 * is as it was. */
enum vl_err vl_entries_put(vl_bytes entry, struct vl_buf *out) VL_MUST_USE;
/* Read a bundle of `width` entries, which borrow from it.  FORMAT for more or fewer. */
enum vl_err vl_entries_parse(vl_bytes wire, unsigned width, vl_bytes entries[VL_TILE_WIDTH],
                             struct vl_why *why) VL_MUST_USE;

#endif
