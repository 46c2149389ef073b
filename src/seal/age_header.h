/* SPDX-License-Identifier: Apache-2.0 */
/* seal/age_header.h: the text part of an age file (C2SP age, "Header"): version, stanzas, MAC. */
#ifndef VL_SEAL_AGE_HEADER_H
#define VL_SEAL_AGE_HEADER_H

#include "base/bytes.h"
#include "crypto/hash.h"
#include "crypto/secret.h"

/* The limits of stock age since 1.3.2, for what we read and for what we make. */
#define VL_AGE_HEADER_MAX   ((size_t)2 << 20)
#define VL_AGE_STANZAS_MAX  1024
#define VL_AGE_FILE_KEY_LEN 16

/* Borrows from the header. */
struct vl_age_stanza {
    vl_bytes type;
    vl_bytes args; /* what follows the type, single spaces between; empty when there is nothing */
    size_t arg_count; /* without the type */
    vl_bytes body;    /* base64 lines without the last line end; checked, not decoded */
};

/* A header that is being read, and then the header that was read. */
struct vl_age_header {
    struct vl_buf wire; /* as it came: from "age-" to the line end behind the MAC */
    struct vl_age_stanza_place *places;
    size_t stanza_count;
    size_t place_cap;
    size_t line_at; /* where the line begins that is not whole yet */
    size_t mac_at;  /* where "---" begins */
    bool in_body;
    bool complete;
    uint8_t mac[VL_HASH_LEN];
};

#define VL_AGE_HEADER_INIT                                                                         \
    {                                                                                              \
        VL_BUF_INIT(VL_AGE_HEADER_MAX), NULL, 0, 0, 0, 0, false, false,                            \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

/* Take bytes until the header is complete; *used tells how many were taken.  Each line is judged
 * when it is whole, and a line that cannot become right before that.  FORMAT, LIMIT over the two
 * limits, NO_MEMORY. */
enum vl_err vl_age_header_feed(struct vl_age_header *header, vl_bytes bytes, size_t *used,
                               struct vl_why *why) VL_MUST_USE;
/* FORMAT unless the header is complete: nothing more will come. */
enum vl_err vl_age_header_end(const struct vl_age_header *header, struct vl_why *why) VL_MUST_USE;
/* index is below stanza_count. */
struct vl_age_stanza vl_age_header_stanza(const struct vl_age_header *header, size_t index);
/* Argument number index (below arg_count) of a stanza. */
vl_bytes vl_age_stanza_arg(const struct vl_age_stanza *stanza, size_t index);
/* Is the MAC that of this file key?  UNVERIFIED if not. */
enum vl_err vl_age_header_verify(const struct vl_age_header *header,
                                 const struct vl_secret *file_key, struct vl_why *why) VL_MUST_USE;
void vl_age_header_release(struct vl_age_header *header);

/* Writing: the version line, then stanzas, then the MAC over all of it. */
enum vl_err vl_age_header_begin(struct vl_buf *out) VL_MUST_USE;
/* args is the type and its arguments with single spaces between; body is at most 512 bytes (LIMIT).
 * On failure out is as it was. */
enum vl_err vl_age_header_put_stanza(struct vl_buf *out, vl_bytes args, vl_bytes body) VL_MUST_USE;
enum vl_err vl_age_header_finish(struct vl_buf *out, const struct vl_secret *file_key) VL_MUST_USE;

#endif
