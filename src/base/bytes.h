/* SPDX-License-Identifier: Apache-2.0 */
/* base/bytes.h: borrowed slices and owned buffers.  A pointer never travels without its length. */
#ifndef VL_BASE_BYTES_H
#define VL_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Borrowed, read-only, by value; good until its owner changes.  ptr may be NULL when len is 0. */
typedef struct {
    const uint8_t *ptr;
    size_t len;
} vl_bytes;

#define VL_BYTES_NONE ((vl_bytes){NULL, 0})
/* The bytes of a string literal, without its NUL. */
#define VL_LITERAL(literal) ((vl_bytes){(const uint8_t *)("" literal), sizeof(literal) - 1})
/* The bytes of a whole array. */
#define VL_ARRAY(array) ((vl_bytes){(array), sizeof(array)})

vl_bytes vl_bytes_of(const void *ptr, size_t len);
/* The bytes of a C string, without its NUL; none for NULL. */
vl_bytes vl_bytes_str(const char *text);
bool vl_bytes_eq(vl_bytes a, vl_bytes b);
/* Bytewise, shorter first where one begins the other: < 0, 0, > 0. */
int vl_bytes_cmp(vl_bytes a, vl_bytes b);
bool vl_bytes_starts(vl_bytes bytes, vl_bytes start);
/* Is `part` somewhere in it?  Nothing is in everything. */
bool vl_bytes_has(vl_bytes bytes, vl_bytes part);
/* What is left after the first `skip` bytes; none when there are not that many. */
vl_bytes vl_bytes_after(vl_bytes bytes, size_t skip);
/* The first len bytes, or all of them when there are fewer. */
vl_bytes vl_bytes_first(vl_bytes bytes, size_t len);

/* The number that they are, the first byte the highest; of more than eight, the last eight.  No
 * bytes are 0. */
uint64_t vl_bytes_number(vl_bytes bytes);
/* A number as so many bytes, the highest first; what does not fit is left out. */
void vl_bytes_put_number(uint64_t number, uint8_t *out, size_t len);

/* Exactly 2 * len digits of hex, in small letters; false for anything else, and out is as it was.
 */
bool vl_bytes_of_hex(vl_bytes text, uint8_t *out, size_t len);

/* Room to write into: borrowed, good until its owner changes. */
typedef struct {
    uint8_t *ptr;
    size_t len;
} vl_room;

/* Where bytes go.  put() is called in order and never twice at the same time, though perhaps from
 * another thread than the caller's; the bytes are borrowed for the call. */
struct vl_sink {
    enum vl_err (*put)(void *self, vl_bytes bytes, struct vl_why *why);
    void *self;
};

/* Owned, grows, has a ceiling. */
struct vl_buf {
    uint8_t *data;
    size_t len;
    size_t cap;
    size_t max_len;
};

#define VL_BUF_INIT(max) ((struct vl_buf){NULL, 0, 0, (max)})

/* Append.  LIMIT over the ceiling, NO_MEMORY; on failure the buffer is as it was. */
enum vl_err vl_buf_put(struct vl_buf *buf, vl_bytes bytes) VL_MUST_USE;
enum vl_err vl_buf_put_byte(struct vl_buf *buf, uint8_t byte) VL_MUST_USE;
/* Append len zero bytes and point *at at them.  Fails like vl_buf_put. */
enum vl_err vl_buf_add(struct vl_buf *buf, size_t len, uint8_t **at) VL_MUST_USE;
/* See to it that len more bytes fit without another allocation.  Fails like vl_buf_put. */
enum vl_err vl_buf_reserve(struct vl_buf *buf, size_t len) VL_MUST_USE;
vl_bytes vl_buf_bytes(const struct vl_buf *buf);
/* A sink that appends to the buffer; LIMIT when its ceiling is reached. */
struct vl_sink vl_buf_sink(struct vl_buf *buf);
/* Wipes and frees; back to VL_BUF_INIT with the same ceiling. */
void vl_buf_release(struct vl_buf *buf);

#endif
