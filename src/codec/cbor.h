/* SPDX-License-Identifier: Apache-2.0 */
/* codec/cbor.h: CBOR (RFC 8949) read by a cursor that refuses more than it forgives, and written.
 *
 * The cursor's first refusal latches: later reads give zero or nothing and move no further.  So a
 * parser reads the way the format reads, and asks once, at the end, in vl_cbor_close.  Every read
 * names the range it accepts.  What is read borrows from the wire. */
#ifndef VL_CODEC_CBOR_H
#define VL_CODEC_CBOR_H

#include "base/bytes.h"

enum vl_cbor_profile {
    /* Ours: core deterministic encoding (RFC 8949, 4.2.1) without floats, undefined and simple
     * values other than false, true and null. */
    VL_CBOR_STRICT,
    /* COSE of others (RFC 9052, 9): definite lengths, no key twice; heads of any length, keys in
     * any order, floats and simple values where nobody looks at them. */
    VL_CBOR_COSE,
    /* Bundles (RFC 9171, 4.1): as STRICT, and an array may be open-ended where the reader asks. */
    VL_CBOR_BPV7,
};

#define VL_CBOR_MAX_DEPTH 16
/* How many pairs a map may have whose keys come in any order. */
#define VL_CBOR_MAX_UNSORTED 64

struct vl_cbor {
    const uint8_t *start;
    const uint8_t *at;
    const uint8_t *end;
    enum vl_cbor_profile profile;
    enum vl_err err; /* the first refusal */
    size_t err_at;   /* its byte, counted from start */
    const char *refusal;
};

enum vl_cbor_kind {
    VL_CBOR_UINT,
    VL_CBOR_NEGATIVE,
    VL_CBOR_BYTES,
    VL_CBOR_TEXT,
    VL_CBOR_ARRAY,
    VL_CBOR_MAP,
    VL_CBOR_TAG,
    VL_CBOR_SIMPLE, /* false, true, null, floats, break */
    VL_CBOR_NOTHING /* the end, or after a refusal */
};

/* A map being read: give it to vl_cbor_next before each key. */
struct vl_cbor_map {
    uint64_t left;
    size_t key_count;
    vl_bytes keys[VL_CBOR_MAX_UNSORTED]; /* STRICT and BPV7 use only the first: the last key */
};

/* A map key of COSE: an integer, or a text, whose number is 0. */
struct vl_cbor_label {
    bool is_text;
    int64_t number;
    vl_bytes text;
};

struct vl_cbor vl_cbor_open(vl_bytes wire, enum vl_cbor_profile profile);
bool vl_cbor_ok(const struct vl_cbor *r);
enum vl_cbor_kind vl_cbor_peek(const struct vl_cbor *r);
/* Latch a refusal of the caller's own, at the byte the cursor is at; refusal is a literal. */
void vl_cbor_refuse(struct vl_cbor *r, enum vl_err err, const char *refusal);
/* FORMAT or LIMIT with "WHAT: byte N: ...", also for bytes that are left over; else VL_OK. */
enum vl_err vl_cbor_close(struct vl_cbor *r, const char *what, struct vl_why *why) VL_MUST_USE;
/* The same without the check for left-over bytes. */
enum vl_err vl_cbor_check(const struct vl_cbor *r, const char *what,
                          struct vl_why *why) VL_MUST_USE;

uint64_t vl_cbor_uint(struct vl_cbor *r, uint64_t max);
int64_t vl_cbor_int(struct vl_cbor *r, int64_t min, int64_t max);
vl_bytes vl_cbor_bytes(struct vl_cbor *r, size_t min, size_t max);
/* The head of a byte string whose bytes come by another way: its length.  The bytes that follow
 * here, if any do, are for the caller. */
uint64_t vl_cbor_bytes_head(struct vl_cbor *r, uint64_t min, uint64_t max);
/* UTF-8, checked. */
vl_bytes vl_cbor_text(struct vl_cbor *r, size_t min, size_t max);
bool vl_cbor_bool(struct vl_cbor *r);
/* Take a null if it is next; false, and nothing read, if something else is. */
bool vl_cbor_null(struct vl_cbor *r);
/* The tag's number must be this one. */
void vl_cbor_tag(struct vl_cbor *r, uint64_t number);
/* How many items follow. */
size_t vl_cbor_array(struct vl_cbor *r, size_t min, size_t max);
struct vl_cbor_map vl_cbor_map(struct vl_cbor *r, size_t min, size_t max);
/* Is there another pair to read? */
bool vl_cbor_next(struct vl_cbor *r, struct vl_cbor_map *map);
int64_t vl_cbor_key(struct vl_cbor *r, struct vl_cbor_map *map, int64_t min, int64_t max);
struct vl_cbor_label vl_cbor_label(struct vl_cbor *r, struct vl_cbor_map *map);
/* One item of any kind, checked to the last byte, as it stands on the wire. */
vl_bytes vl_cbor_item(struct vl_cbor *r);
/* BPV7: an array without a length, and then the end of it if it is next. */
void vl_cbor_open_array(struct vl_cbor *r);
bool vl_cbor_break(struct vl_cbor *r);

/* The writer: always the shortest form.  Keys are written in the order of their encoded bytes by
 * whoever writes a map.  The first failure latches in err: NO_MEMORY, or LIMIT over buf's ceiling.
 */
struct vl_cbor_out {
    struct vl_buf *buf;
    enum vl_err err;
};

struct vl_cbor_out vl_cbor_to(struct vl_buf *buf);
void vl_cbor_put_uint(struct vl_cbor_out *w, uint64_t value);
void vl_cbor_put_int(struct vl_cbor_out *w, int64_t value);
void vl_cbor_put_bytes(struct vl_cbor_out *w, vl_bytes bytes);
/* The head of a byte string whose len bytes the caller puts behind it. */
void vl_cbor_put_bytes_head(struct vl_cbor_out *w, uint64_t len);
void vl_cbor_put_text(struct vl_cbor_out *w, vl_bytes text);
void vl_cbor_put_array(struct vl_cbor_out *w, uint64_t count);
void vl_cbor_put_map(struct vl_cbor_out *w, uint64_t pairs);
void vl_cbor_put_tag(struct vl_cbor_out *w, uint64_t number);
void vl_cbor_put_bool(struct vl_cbor_out *w, bool value);
void vl_cbor_put_null(struct vl_cbor_out *w);
/* BPV7: an array without a length, and its end. */
void vl_cbor_put_open_array(struct vl_cbor_out *w);
void vl_cbor_put_break(struct vl_cbor_out *w);
/* An item that is encoded already. */
void vl_cbor_put_item(struct vl_cbor_out *w, vl_bytes item);

#endif
