/* SPDX-License-Identifier: Apache-2.0 */
/* letter/pax.h: the archive inside an envelope: POSIX pax (IEEE 1003.1, pax) in one exact form, so
 * that any tar unpacks it and no two tars unpack it differently (PROTOCOL 15).
 *
 * Regular files only, mode 0644, owner 0, time 0; an extended header ('x') stands only before an
 * entry whose name is not ASCII, has more than 100 bytes, or whose size has more than 11 octal
 * digits, and has nothing but `path` and `size`. */
#ifndef VL_LETTER_PAX_H
#define VL_LETTER_PAX_H

#include "base/bytes.h"

#define VL_PAX_BLOCK 512
#define VL_PAX_END   1024 /* two blocks of zeroes */
/* The longest header: extended header, two blocks of records and the entry's own. */
#define VL_PAX_HEADER_MAX ((size_t)4 * VL_PAX_BLOCK)
#define VL_PAX_NAME_MAX   900
#define VL_PAX_SIZE_MAX   (UINT64_C(1) << 62)

/* Append the header of a file of that name and size: a multiple of VL_PAX_BLOCK.  The name was
 * checked by vl_part_name_check, or has '/' between such names (an archive that is a part).
 * LIMIT, NO_MEMORY. */
enum vl_err vl_pax_header(vl_bytes name, uint64_t size, struct vl_buf *out) VL_MUST_USE;
/* How long it will be. */
size_t vl_pax_header_len(vl_bytes name, uint64_t size);
/* Zeroes behind a file of that size: 0 to 511. */
size_t vl_pax_fill(uint64_t size);
/* The size that Padmé rounds up to: at most 12 % more, and few sizes to tell letters apart by
 * (Nikitin et al. 2019), here also a multiple of VL_PAX_BLOCK. */
uint64_t vl_pax_padded(uint64_t size);

/* Reading, pushed: bytes of one archive in, entries out. */
struct vl_pax_sink {
    /* A file begins.  name borrows for the call; header is all that stood before its content. */
    enum vl_err (*begin)(void *self, vl_bytes name, uint64_t size, vl_bytes header,
                         struct vl_why *why);
    enum vl_err (*data)(void *self, vl_bytes bytes, struct vl_why *why);
    enum vl_err (*end)(void *self, struct vl_why *why);
    void *self;
};
struct vl_pax_reader;
/* NULL when memory runs out. */
struct vl_pax_reader *vl_pax_reader_new(const struct vl_pax_sink *sink) VL_MUST_USE;
/* FORMAT for any byte that vl_pax_header would not have written for this name and size, for what is
 * not zero where zeroes must be, LIMIT; what the sink says.  Told again by every later call. */
enum vl_err vl_pax_reader_put(struct vl_pax_reader *reader, vl_bytes bytes,
                              struct vl_why *why) VL_MUST_USE;
/* The end of the bytes: FORMAT unless the two blocks of zeroes were there; *padding counts the zero
 * bytes behind them. */
enum vl_err vl_pax_reader_end(struct vl_pax_reader *reader, uint64_t *padding,
                              struct vl_why *why) VL_MUST_USE;
void vl_pax_reader_free(struct vl_pax_reader *reader);

#endif
