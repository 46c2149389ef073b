/* SPDX-License-Identifier: Apache-2.0 */
/* card/kind.h: every kind of signed object there is, in one table. */
#ifndef VL_CARD_KIND_H
#define VL_CARD_KIND_H

#include "base/bytes.h"

/* clang-format off */
#define VL_KIND_TABLE(X)                                                       \
    /* code        wire word     what a person reads */                        \
    X(CARD,        "card",       "card")                                       \
    X(REVOCATION,  "revocation", "revocation of a key")                        \
    X(MANIFEST,    "manifest",   "signed core of a letter")                    \
    X(SEALED,      "sealed",     "sealed")                                     \
    X(OPENED,      "opened",     "opened")
/* clang-format on */

enum vl_kind {
    VL_KIND_NONE,
#define X(code, word, words) VL_KIND_##code,
    VL_KIND_TABLE(X)
#undef X
        VL_KIND_COUNT
};

/* "card": the word of the wire, of JSON and of `sub`; "" for NONE. */
const char *vl_kind_word(enum vl_kind kind);
/* What a person reads. */
const char *vl_kind_words(enum vl_kind kind);
/* "application/vnd.valise.card.v1+cbor". */
const char *vl_kind_content_type(enum vl_kind kind);
/* NONE for a content type that is not ours, or of another version. */
enum vl_kind vl_kind_of_content_type(vl_bytes content_type);

/* Append "valise:KIND:HEX", the `sub` of an object about what has this id (PROTOCOL 30). */
enum vl_err vl_kind_sub(const char *what, vl_bytes id, struct vl_buf *out) VL_MUST_USE;

#endif
