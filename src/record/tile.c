/* SPDX-License-Identifier: Apache-2.0 */
#include "record/tile.h"

#include <string.h>

/* In one tile: 256 hashes are a tree of eight levels. */
#define LEVEL_BITS 8

unsigned vl_tile_width(uint64_t size, unsigned level, uint64_t index)
{
    uint64_t count = level < VL_TILE_LEVELS ? size >> LEVEL_BITS * level : 0;

    if (index > count / VL_TILE_WIDTH)
        return 0;
    count -= index * VL_TILE_WIDTH;
    return count < VL_TILE_WIDTH ? (unsigned)count : VL_TILE_WIDTH;
}

void vl_tile_reader_begin(struct vl_tile_reader *reader, struct vl_tile_source source,
                          uint64_t size)
{
    reader->source = source;
    reader->size = size;
    memset(reader->at, 0, sizeof reader->at);
}

void vl_tile_reader_grow(struct vl_tile_reader *reader, uint64_t size)
{
    reader->size = size;
}

/* The root of 2^height hashes that lie one behind the other. */
static void root_of(const uint8_t *hashes, unsigned height, uint8_t out[VL_HASH_LEN])
{
    struct vl_tree tree = VL_TREE_INIT;

    for (size_t i = 0; i < (size_t)1 << height; i++)
        vl_tree_add(&tree, hashes + i * VL_HASH_LEN);
    vl_tree_root(&tree, out);
}

/* Where the nodes of this height begin among all those of a tile. */
static size_t row_of(unsigned height)
{
    return (size_t)2 * VL_TILE_WIDTH - ((size_t)2 * VL_TILE_WIDTH >> height);
}

/* Every proof needs most of them, and the next one is likely to need them again. */
static void fill_rows(uint8_t *tile, size_t width)
{
    for (unsigned height = 1; width >> height > 0; height++)
        for (size_t i = 0; i < width >> height; i++) {
            const uint8_t *below = tile + (row_of(height - 1) + 2 * i) * VL_HASH_LEN;

            vl_tree_join(below, below + VL_HASH_LEN, tile + (row_of(height) + i) * VL_HASH_LEN);
        }
}

/* Where in a tile a node of the tree has its hashes. */
struct spot {
    unsigned level, height; /* the node is over 2^height hashes of this level's tile */
    uint64_t index;
    size_t first;
};

static struct spot spot_of(unsigned level, uint64_t index)
{
    struct spot spot = {.level = level / LEVEL_BITS, .height = level % LEVEL_BITS};

    /* As many bits as are shifted in are always free: the node's leaves are in a tree. */
    index <<= spot.height;
    spot.index = index / VL_TILE_WIDTH;
    spot.first = index % VL_TILE_WIDTH;
    return spot;
}

/* Where a tile is remembered: partial ones first, then full ones, the lowest level's last. */
static size_t slot_of(const struct vl_tile_at *at)
{
    if (at->level >= VL_TILE_LEVELS || at->width < VL_TILE_WIDTH)
        return at->level % VL_TILE_LEVELS;
    return at->level > 0 ? VL_TILE_LEVELS + at->level - 1
                         : 2 * VL_TILE_LEVELS - 1 + at->index % VL_TILE_LOWEST;
}

static enum vl_err node_of_tiles(void *self, unsigned level, uint64_t index,
                                 uint8_t out[VL_HASH_LEN], struct vl_why *why)
{
    struct vl_tile_reader *reader = self;
    const struct spot spot = spot_of(level, index);
    const struct vl_tile_at wanted = {false, spot.level, spot.index,
                                      vl_tile_width(reader->size, spot.level, spot.index)};
    const size_t slot = slot_of(&wanted);
    struct vl_tile_at *kept = &reader->at[slot];
    uint8_t *tile = reader->tiles[slot];
    enum vl_err err = VL_OK;

    if (level >= 64 || index > (VL_TREE_MAX_COUNT >> level) ||
        spot.first + ((size_t)1 << spot.height) > wanted.width)
        return vl_fail(why, VL_ERR_NOT_FOUND, "tiles: no node %llu on level %u",
                       (unsigned long long)index, level);
    if (kept->width != wanted.width || kept->index != wanted.index) {
        kept->width = 0;
        err = reader->source.tile(reader->source.self, &wanted, tile, why);
        if (err)
            return err;
        fill_rows(tile, wanted.width);
        *kept = wanted;
    }
    memcpy(out, tile + (row_of(spot.height) + (spot.first >> spot.height)) * VL_HASH_LEN,
           VL_HASH_LEN);
    return VL_OK;
}

struct vl_tree_nodes vl_tile_nodes(struct vl_tile_reader *reader)
{
    return (struct vl_tree_nodes){node_of_tiles, reader};
}

void vl_tile_writer_begin(struct vl_tile_writer *writer, struct vl_tile_sink sink)
{
    writer->sink = sink;
    writer->size = 0;
}

enum vl_err vl_tile_writer_resume(struct vl_tile_writer *writer, struct vl_tile_sink sink,
                                  const struct vl_tile_source *source, uint64_t size,
                                  struct vl_why *why)
{
    vl_tile_writer_begin(writer, sink);
    if (size > VL_TREE_MAX_COUNT)
        return vl_fail(why, VL_ERR_LIMIT, "tiles: more than 2^63 entries");
    for (unsigned level = 0; level < VL_TILE_LEVELS; level++) {
        uint64_t index = (size >> LEVEL_BITS * level) / VL_TILE_WIDTH;
        const struct vl_tile_at at = {false, level, index, vl_tile_width(size, level, index)};
        enum vl_err err =
            at.width ? source->tile(source->self, &at, writer->open[level], why) : VL_OK;

        if (err)
            return err;
    }
    writer->size = size;
    return VL_OK;
}

enum vl_err vl_tile_writer_add(struct vl_tile_writer *writer, const uint8_t leaf_hash[VL_HASH_LEN],
                               struct vl_why *why)
{
    uint8_t hash[VL_HASH_LEN];

    if (writer->size >= VL_TREE_MAX_COUNT)
        return vl_fail(why, VL_ERR_LIMIT, "tiles: more than 2^63 entries");
    memcpy(hash, leaf_hash, sizeof hash);
    for (unsigned level = 0; level < VL_TILE_LEVELS; level++) {
        uint64_t count = writer->size >> LEVEL_BITS * level;
        const struct vl_tile_at at = {false, level, count / VL_TILE_WIDTH, VL_TILE_WIDTH};
        enum vl_err err;

        memcpy(writer->open[level] + count % VL_TILE_WIDTH * VL_HASH_LEN, hash, sizeof hash);
        if (count % VL_TILE_WIDTH != VL_TILE_WIDTH - 1)
            break;
        err = writer->sink.put(writer->sink.self, &at,
                               vl_bytes_of(writer->open[level], VL_TILE_LEN), why);
        if (err)
            return err;
        root_of(writer->open[level], LEVEL_BITS, hash);
    }
    writer->size++;
    return VL_OK;
}

enum vl_err vl_tile_writer_put_partial(struct vl_tile_writer *writer, struct vl_why *why)
{
    for (unsigned level = 0; level < VL_TILE_LEVELS; level++) {
        uint64_t index = (writer->size >> LEVEL_BITS * level) / VL_TILE_WIDTH;
        const struct vl_tile_at at = {false, level, index,
                                      vl_tile_width(writer->size, level, index)};
        enum vl_err err = VL_OK;

        if (at.width)
            err = writer->sink.put(writer->sink.self, &at,
                                   vl_bytes_of(writer->open[level], (size_t)at.width * VL_HASH_LEN),
                                   why);
        if (err)
            return err;
    }
    return VL_OK;
}

/* What is not in a full tile is in an open one: the peaks of the tree, smallest first. */
void vl_tile_writer_root(const struct vl_tile_writer *writer, uint8_t out[VL_HASH_LEN])
{
    bool has_any = false;

    for (unsigned level = 0; level < VL_TILE_LEVELS; level++) {
        size_t end = (writer->size >> LEVEL_BITS * level) % VL_TILE_WIDTH;

        for (unsigned height = 0; height < LEVEL_BITS; height++) {
            uint8_t peak[VL_HASH_LEN];

            if (!(end >> height & 1))
                continue;
            end -= (size_t)1 << height;
            root_of(writer->open[level] + end * VL_HASH_LEN, height, peak);
            if (has_any)
                vl_tree_join(peak, out, out);
            else
                memcpy(out, peak, sizeof peak);
            has_any = true;
        }
    }
    if (!has_any)
        vl_sha256(VL_BYTES_NONE, out);
}

enum vl_err vl_entries_put(vl_bytes entry, struct vl_buf *out)
{
    const uint8_t head[2] = {(uint8_t)(entry.len >> 8), (uint8_t)entry.len};
    enum vl_err err;

    if (entry.len > VL_ENTRY_MAX_LEN)
        return VL_ERR_LIMIT;
    err = vl_buf_reserve(out, sizeof head + entry.len);
    if (!err)
        err = vl_buf_put(out, VL_ARRAY(head));
    return err ? err : vl_buf_put(out, entry);
}

enum vl_err vl_entries_parse(vl_bytes wire, unsigned width, vl_bytes entries[VL_TILE_WIDTH],
                             struct vl_why *why)
{
    if (width < 1 || width > VL_TILE_WIDTH)
        return vl_fail(why, VL_ERR_FORMAT, "bundle: %u entries", width);
    for (unsigned i = 0; i < width; i++) {
        size_t len = wire.len < 2 ? 0 : (size_t)wire.ptr[0] << 8 | wire.ptr[1];

        if (wire.len < 2 || len > wire.len - 2)
            return vl_fail(why, VL_ERR_FORMAT, "bundle: ends in entry %u", i);
        entries[i] = vl_bytes_first(vl_bytes_after(wire, 2), len);
        wire = vl_bytes_after(wire, 2 + len);
    }
    return wire.len == 0 ? VL_OK
                         : vl_fail(why, VL_ERR_FORMAT, "bundle: more than %u entries", width);
}
