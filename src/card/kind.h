/* SPDX-License-Identifier: Apache-2.0 */
/* card/kind.h: every kind of signed object there is, in one table. */
#ifndef VL_CARD_KIND_H
#define VL_CARD_KIND_H

#include "base/bytes.h"

/* clang-format off */
#define VL_KIND_TABLE(X)                                                      \
    /* code              wire word             what a person reads */         \
    X(CARD,               "card",               "card")                       \
    X(REVOCATION,         "revocation",         "revocation of a key")        \
    X(MANIFEST,           "manifest",           "signed core of a letter")    \
    X(SEALED,             "sealed",             "sealed")                     \
    X(OPENED,             "opened",             "opened")                     \
    X(MANDATE,            "mandate",            "mandate")                    \
    X(MANDATE_REVOCATION, "mandate-revocation", "end of a mandate")           \
    X(RATIFIED,           "ratified",           "ratified")                   \
    X(TRANSFERRED,        "transferred",        "handed over")                \
    X(ACCEPTED,           "accepted",           "taken")                      \
    X(RECEIPTED,          "receipted",          "receipted")                  \
    X(REFUSED,            "refused",            "refused")                    \
    X(ACCEPTED_PART,      "accepted-part",      "taken in part")              \
    X(DEPARTED,           "departed",           "left")                       \
    X(ARRIVED,            "arrived",            "arrived")                    \
    X(PRESENTED,          "presented",          "presented to be inspected")  \
    X(HELD,               "held",               "held")                       \
    X(RELEASED,           "released",           "let go again")               \
    X(INSPECTED,          "inspected",          "inspected")                  \
    X(SEAL_CHECKED,       "seal-checked",       "seals looked at")            \
    X(SEAL_REPLACED,      "seal-replaced",      "seals replaced")             \
    X(SEIZED,             "seized",             "seized")                     \
    X(LOST,               "lost",               "lost")                       \
    X(DESTROYED,          "destroyed",          "destroyed")                  \
    X(NOTIFIED,           "notified",           "told that it can be fetched")\
    X(ATTEMPTED,          "attempted",          "hand-over tried in vain")    \
    X(DELIVERED_CLAIM,    "delivered-claim",    "hand-over claimed")          \
    X(EXPIRED,            "expired",            "expired")                    \
    X(REACHED,            "reached",            "reached the principal")      \
    X(RETURNED,           "returned",           "sent back")                  \
    X(RECALLED,           "recalled",           "asked back")                 \
    X(ADVICE_RETURNED,    "advice-returned",    "receipt come back")          \
    X(LEFT_SYSTEM,        "left-system",        "went on by another way")     \
    X(ENTERED_SYSTEM,     "entered-system",     "came from another way")      \
    X(WITNESSED,          "witnessed",          "witnessed")                  \
    X(SEEN,               "seen",               "seen")                       \
    X(CORRECTED,          "corrected",          "corrected")                  \
    X(ASSERT,             "assert",             "said")                       \
    X(RELAY,              "relay",              "said that others said")      \
    X(DENY,               "deny",               "denied")                     \
    X(DECLINE,            "decline",            "declined to comment")        \
    X(COMMIT,             "commit",             "promised")                   \
    X(CORRECT,            "correct",            "corrected own words")        \
    X(WITHDRAW,           "withdraw",           "withdrew own words")         \
    X(TRANSLATION,        "translation",        "translated")                 \
    X(INVITATION,         "invitation",         "acted on an invitation")     \
    X(SUCCEEDS,           "succeeds",           "named who comes after")
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
