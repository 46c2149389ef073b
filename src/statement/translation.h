/* SPDX-License-Identifier: Apache-2.0 */
/* statement/translation.h: a text in another language, bound to the very bytes that it was made
 * from (PROTOCOL 27).  Its signer stands by it, and not the author of the original: who adopts a
 * translation ratifies it. */
#ifndef VL_STATEMENT_TRANSLATION_H
#define VL_STATEMENT_TRANSLATION_H

#include "statement/statement.h"

/* How it was made; the numbers are the wire's. */
/* clang-format off */
#define VL_TRANSLATED_TABLE(X)                                                 \
    X(HUMAN,         1, "human",               "by a person")                  \
    X(HUMAN_REVISED, 2, "human-revised",       "by a person, revised by another") \
    X(MACHINE,       3, "machine",             "by a machine")                 \
    X(POST_EDITED,   4, "machine-post-edited", "by a machine, revised by a person") \
    X(UNKNOWN,       5, "unknown",             "nobody says how")
/* clang-format on */
#define X(code, number, word, words) VL_TRANSLATED_##code = (number),
enum vl_translated { VL_TRANSLATED_NONE, VL_TRANSLATED_TABLE(X) };
#undef X
const char *vl_translated_word(enum vl_translated how);
const char *vl_translated_words(enum vl_translated how);
enum vl_translated vl_translated_of_word(vl_bytes word);

/* `translation`.  Borrows from the object or from whoever writes. */
struct vl_translation {
    struct vl_act act;
    vl_bytes holder; /* who of the office signs */
    bool has_principal;
    struct vl_office_id principal;
    enum vl_subject source_what; /* a letter, a part, an act or a document */
    uint8_t source[VL_HASH_LEN];
    vl_bytes source_lang;
    bool is_held;                /* the signer has the original */
    uint8_t target[VL_HASH_LEN]; /* SHA-256 of the translation */
    vl_bytes target_lang;
    enum vl_translated how;
    vl_bytes engine;     /* of a machine */
    vl_bytes vouches;    /* the person who answers for it; none: nobody does */
    vl_bytes competence; /* what that person says of their own competence */
    bool has_supersedes; /* an earlier one of the same signer */
    uint8_t supersedes[VL_HASH_LEN];
    vl_bytes text; /* the translation itself, where it is short */
};

/* As all acts: sign and append, id may be NULL, and what reading would refuse is not written; read
 * and check `sub`, borrowing.  What nobody revised has nobody who answers for a machine.  FORMAT,
 * LIMIT, UNSUPPORTED, NO_MEMORY; on failure out is as it was, and what is read is empty. */
enum vl_err vl_translation_write(const struct vl_signer *signer,
                                 const struct vl_translation *translation, struct vl_buf *out,
                                 uint8_t id[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;
enum vl_err vl_translation_read(const struct vl_object *object, struct vl_translation *translation,
                                struct vl_why *why) VL_MUST_USE;

#endif
