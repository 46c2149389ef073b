/* SPDX-License-Identifier: Apache-2.0 */
/* record/note.h: signed notes (C2SP signed-note): a text, and lines of signatures below it.
 *
 *     text LF LF "— " name SP base64(key id, 4 bytes || signature) LF ... */
#ifndef VL_RECORD_NOTE_H
#define VL_RECORD_NOTE_H

#include "base/bytes.h"
#include "crypto/signature.h"

#define VL_NOTE_MAX_LEN        65536
#define VL_NOTE_MAX_SIGNATURES 64
#define VL_NOTE_MAX_NAME       255
#define VL_NOTE_ID_LEN         4

/* What a key signs; the numbers are the format's.  Others are UNSUPPORTED as keys, and their lines
 * are walked over. */
enum vl_note_type {
    VL_NOTE_ED25519 = 1,    /* the text */
    VL_NOTE_COSIGNATURE = 4 /* the text and a time (C2SP tlog-cosignature, Ed25519) */
};

/* By value, owns nothing. */
struct vl_note_key {
    size_t name_len;
    uint8_t name[VL_NOTE_MAX_NAME];
    enum vl_note_type type;
    uint8_t public_key[VL_ED25519_PUBLIC_LEN];
    uint8_t id[VL_NOTE_ID_LEN];
};

/* Not empty, UTF-8, no white space, no control, no '+'.  FORMAT, LIMIT. */
enum vl_err vl_note_name_check(vl_bytes name, struct vl_why *why) VL_MUST_USE;
/* FORMAT, LIMIT for the name; UNVERIFIED for a key that nobody can have made. */
enum vl_err vl_note_key_make(vl_bytes name, enum vl_note_type type,
                             const uint8_t public_key[VL_ED25519_PUBLIC_LEN],
                             struct vl_note_key *key, struct vl_why *why) VL_MUST_USE;
/* "name+hex id+base64(type || key)".  Fails likewise; UNSUPPORTED for another type. */
enum vl_err vl_note_key_parse(vl_bytes text, struct vl_note_key *key,
                              struct vl_why *why) VL_MUST_USE;
/* Append that text.  LIMIT, NO_MEMORY. */
enum vl_err vl_note_key_write(const struct vl_note_key *key, struct vl_buf *out) VL_MUST_USE;
vl_bytes vl_note_key_name(const struct vl_note_key *key);

/* Borrowed from the wire. */
struct vl_note_line {
    vl_bytes name;
    uint8_t id[VL_NOTE_ID_LEN];
    vl_bytes signature; /* base64 of id and signature, canonical */
};
struct vl_signed_note {
    vl_bytes text; /* with its last line end */
    size_t line_count;
    struct vl_note_line lines[VL_NOTE_MAX_SIGNATURES];
};

/* At least one line of signature; says nothing about it.  FORMAT, LIMIT. */
enum vl_err vl_note_parse(vl_bytes wire, struct vl_signed_note *note,
                          struct vl_why *why) VL_MUST_USE;
/* Is there a line by this key, and is every one good?  *at_s is when a cosigner says it signed, 0
 * for other keys.  NOT_FOUND when there is none, UNVERIFIED. */
enum vl_err vl_note_verify(const struct vl_signed_note *note, const struct vl_note_key *key,
                           uint64_t *at_s, struct vl_why *why) VL_MUST_USE;

/* Append the line of a signature over text.  seed is key's; at_s is for a COSIGNATURE only, and is
 * not 0 there.  USAGE for another key's seed or a time where none belongs; LIMIT, NO_MEMORY; then
 * out is as it was. */
enum vl_err vl_note_sign(vl_bytes text, const struct vl_note_key *key, const struct vl_secret *seed,
                         uint64_t at_s, struct vl_buf *out, struct vl_why *why) VL_MUST_USE;

/* A decimal number as these formats write it: digits, no leading zero.  FORMAT; LIMIT over max. */
enum vl_err vl_note_number(vl_bytes text, uint64_t max, uint64_t *out) VL_MUST_USE;
/* One line and what follows its line end.  False, and nothing taken, where there is no line end. */
bool vl_note_take_line(vl_bytes *left, vl_bytes *line);
/* The 32 bytes that a line of 44 symbols is.  FORMAT. */
enum vl_err vl_note_hash(vl_bytes line, uint8_t out[32]) VL_MUST_USE;
/* Append base64 with padding.  LIMIT, NO_MEMORY. */
enum vl_err vl_note_put_base64(vl_bytes bytes, struct vl_buf *out) VL_MUST_USE;

#endif
