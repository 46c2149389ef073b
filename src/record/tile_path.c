/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "record/note.h"
#include "record/tile.h"

#define GROUP      1000 /* three digits */
#define GROUPS_MAX 7    /* of 2^64 */

const char *vl_tile_path(const struct vl_tile_at *at, char out[VL_TILE_PATH])
{
    unsigned groups[GROUPS_MAX];
    size_t count = 0;
    int len;

    for (uint64_t left = at->index; left > 0 || count == 0; left /= GROUP)
        groups[count++] = (unsigned)(left % GROUP);
    if (at->is_entries)
        len = snprintf(out, VL_TILE_PATH, "tile/entries");
    else
        len = snprintf(out, VL_TILE_PATH, "tile/%u", at->level);
    while (count-- > 0)
        len += snprintf(out + len, VL_TILE_PATH - (size_t)len, count ? "/x%03u" : "/%03u",
                        groups[count]);
    if (at->width < VL_TILE_WIDTH)
        (void)snprintf(out + len, VL_TILE_PATH - (size_t)len, ".p/%u", at->width);
    return out;
}

/* What is before the next '/', or all of it. */
static vl_bytes take_segment(vl_bytes *left)
{
    const uint8_t *end = left->len ? memchr(left->ptr, '/', left->len) : NULL;
    vl_bytes segment = end ? vl_bytes_of(left->ptr, (size_t)(end - left->ptr)) : *left;

    *left = vl_bytes_after(*left, segment.len + 1);
    return segment;
}

/* Digits of the index, group by group; false for anything else. */
static bool read_index(vl_bytes *left, struct vl_tile_at *at, bool *is_partial)
{
    bool is_last = false;

    at->index = 0;
    while (!is_last) {
        vl_bytes segment = take_segment(left);

        is_last = segment.len == 0 || segment.ptr[0] != 'x';
        if (!is_last)
            segment = vl_bytes_after(segment, 1);
        *is_partial = is_last && segment.len == 5 && memcmp(segment.ptr + 3, ".p", 2) == 0;
        if (segment.len != (*is_partial ? 5 : 3))
            return false;
        for (size_t i = 0; i < 3; i++) {
            if (segment.ptr[i] < '0' || segment.ptr[i] > '9' || at->index > UINT64_MAX / 10 - 1)
                return false;
            at->index = at->index * 10 + segment.ptr[i] - '0';
        }
    }
    return true;
}

/* What may be read in more than one way is read back and compared with what we would have written.
 */
enum vl_err vl_tile_path_parse(vl_bytes path, struct vl_tile_at *at)
{
    vl_bytes left = path, level;
    uint64_t number = 0;
    bool is_partial = false;
    char again[VL_TILE_PATH];

    *at = (struct vl_tile_at){.width = VL_TILE_WIDTH};
    if (path.len >= VL_TILE_PATH || !vl_bytes_eq(take_segment(&left), VL_LITERAL("tile")))
        return VL_ERR_FORMAT;
    level = take_segment(&left);
    at->is_entries = vl_bytes_eq(level, VL_LITERAL("entries"));
    if (!at->is_entries && vl_note_number(level, VL_TILE_MAX_LEVEL, &number))
        return VL_ERR_FORMAT;
    at->level = (unsigned)number;
    if (!read_index(&left, at, &is_partial))
        return VL_ERR_FORMAT;
    if (is_partial) {
        if (vl_note_number(left, VL_TILE_WIDTH - 1, &number) || number == 0)
            return VL_ERR_FORMAT;
        at->width = (unsigned)number;
    }
    return vl_bytes_eq(path, vl_bytes_str(vl_tile_path(at, again))) ? VL_OK : VL_ERR_FORMAT;
}
