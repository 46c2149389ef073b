/* SPDX-License-Identifier: Apache-2.0 */
/* statement/statement.h: what an office says in public about a letter, an act, an office or a
 * document (PROTOCOL 6, 16, 27).  It proves that the speaker said so; never that it is so.
 *
 * A correction or a withdrawal points at an earlier statement, which stays. */
#ifndef VL_STATEMENT_STATEMENT_H
#define VL_STATEMENT_STATEMENT_H

#include "card/fields.h"

#define VL_STATEMENT_MAX_TEXT    16384
#define VL_STATEMENT_MAX_SPAN    1024 /* the words that it is about */
#define VL_STATEMENT_MAX_AROUND  256  /* the words before, or behind them */
#define VL_STATEMENT_MAX_ABOUT   16
#define VL_STATEMENT_MAX_SOURCES 16 /* PROTOCOL 24: how deep a relay goes */

/* What words are about; the numbers are the wire's.  A part is the digest of it in the core of a
 * letter, a document SHA-256 of whatever bytes. */
/* clang-format off */
#define VL_SUBJECT_TABLE(X)                                                    \
    X(LETTER,   1, "letter")                                                   \
    X(ACT,      2, "act")                                                      \
    X(OFFICE,   3, "office")                                                   \
    X(DOCUMENT, 4, "document")                                                 \
    X(PART,     5, "part")

/* How a statement stands to what it is about. */
#define VL_RELATION_TABLE(X)                                                   \
    X(SUPPORTS,      1, "supports",      "supports")                           \
    X(DISPUTES,      2, "disputes",      "disputes")                           \
    X(CHARACTERISES, 3, "characterises", "tells what is in")

/* How close its text is to the words that it tells of. */
#define VL_MODE_TABLE(X)                                                       \
    X(VERBATIM,         1, "verbatim",         "word for word")                \
    X(PARAPHRASE,       2, "paraphrase",       "in other words")               \
    X(SUMMARY,          3, "summary",          "summed up")                    \
    X(TRANSLATED_QUOTE, 4, "translated-quote", "quoted in translation")

/* What the speaker rests on. */
#define VL_BASIS_TABLE(X)                                                      \
    X(OWN_ACT,    1, "own-act",    "the speaker's own act")                    \
    X(ASSESSMENT, 2, "assessment", "the speaker's assessment")                 \
    X(HEARSAY,    3, "hearsay",    "what the speaker heard")

/* Of which time it speaks. */
#define VL_MODALITY_TABLE(X)                                                   \
    X(ACTUAL,       1, "actual",       "as it is")                             \
    X(HISTORICAL,   2, "historical",   "as it was")                            \
    X(FUTURE,       3, "future",       "as it will be")                        \
    X(HYPOTHETICAL, 4, "hypothetical", "as it might be")

/* What can be said so that a machine compares it: of a letter with the evidence; of a promise, which
 * is an act, and of an office, what it did with another, with what others say of it.  The list may
 * grow: a fact that is not known here is compared with nothing. */
#define VL_FACT_TABLE(X)                                                       \
    X(SENT,      LETTER, "sent",        "was sent")                            \
    X(HANDED,    LETTER, "handed-over", "was handed over")                     \
    X(DELIVERED, LETTER, "delivered",   "was given to whom it is for")         \
    X(REACHED,   LETTER, "reached",     "reached the principal")               \
    X(OPENED,    LETTER, "opened",      "was opened")                          \
    X(REFUSED,   LETTER, "refused",     "was refused")                         \
    X(KEPT,      ACT,    "kept",        "was kept")                            \
    X(BROKEN,    ACT,    "broken",      "was broken")                          \
    X(TALKS,     OFFICE, "talks",       "had talks")                           \
    X(VISIT,     OFFICE, "visit",       "made a visit")                        \
    X(HOSTED,    OFFICE, "hosted",      "was host to a visit")
/* clang-format on */
enum vl_subject {
    VL_SUBJECT_NONE,
#define X(code, number, word) VL_SUBJECT_##code = (number),
    VL_SUBJECT_TABLE(X)
#undef X
};
#define X(code, number, word, words) VL_RELATION_##code = (number),
enum vl_relation { VL_RELATION_NONE, VL_RELATION_TABLE(X) };
#undef X
#define X(code, number, word, words) VL_MODE_##code = (number),
enum vl_mode { VL_MODE_NONE, VL_MODE_TABLE(X) };
#undef X
#define X(code, number, word, words) VL_BASIS_##code = (number),
enum vl_basis { VL_BASIS_NONE, VL_BASIS_TABLE(X) };
#undef X
#define X(code, number, word, words) VL_MODALITY_##code = (number),
enum vl_modality { VL_MODALITY_NONE, VL_MODALITY_TABLE(X) };
#undef X
#define X(code, of, word, words) VL_FACT_##code,
enum vl_fact { VL_FACT_NONE, VL_FACT_TABLE(X) };
#undef X

/* "" for NONE and for numbers that are none; of_word gives NONE for a word that is none. */
const char *vl_subject_word(enum vl_subject subject);
const char *vl_relation_word(enum vl_relation relation);
const char *vl_relation_words(enum vl_relation relation);
enum vl_relation vl_relation_of_word(vl_bytes word);
const char *vl_mode_word(enum vl_mode mode);
const char *vl_mode_words(enum vl_mode mode);
enum vl_mode vl_mode_of_word(vl_bytes word);
const char *vl_basis_word(enum vl_basis basis);
const char *vl_basis_words(enum vl_basis basis);
enum vl_basis vl_basis_of_word(vl_bytes word);
const char *vl_modality_word(enum vl_modality modality);
const char *vl_modality_words(enum vl_modality modality);
enum vl_modality vl_modality_of_word(vl_bytes word);
const char *vl_fact_word(enum vl_fact fact);
const char *vl_fact_words(enum vl_fact fact);
enum vl_fact vl_fact_of_word(vl_bytes word);
/* What it is said of. */
enum vl_subject vl_fact_subject(enum vl_fact fact);

/* Is this one of the seven kinds? */
bool vl_statement_kind(enum vl_kind kind);
/* A correction or a withdrawal: it has a target, and is about nothing else. */
bool vl_change_kind(enum vl_kind kind);
/* May a relay be of a saying of this kind: all but a relay, which is a source more. */
bool vl_relayed_kind(enum vl_kind kind);

/* What has a content that words can tell of: no act, no office. */
bool vl_subject_has_content(enum vl_subject what);

struct vl_statement_about {
    enum vl_subject what;
    uint8_t id[VL_HASH_LEN];
    enum vl_relation relation; /* NONE: it is about it, and no more */
};

/* Who said it, from the nearest to the speaker to the one who first said it.  Neither office nor
 * name: an unnamed source. */
struct vl_statement_source {
    bool has_office;
    struct vl_office_id office;
    vl_bytes name;
};

/* Any of the seven, by its kind.  Borrows from the object or from whoever writes. */
struct vl_statement {
    enum vl_kind kind;
    struct vl_act act;
    vl_bytes holder;    /* who of the office speaks */
    bool has_principal; /* for whom a delegate speaks, under a mandate */
    struct vl_office_id principal;
    size_t about_count; /* the first is what it is about most; none twice */
    struct vl_statement_about about[VL_STATEMENT_MAX_ABOUT];
    vl_bytes lang;
    vl_bytes text;
    enum vl_mode mode;
    vl_bytes span; /* the words of the subject that it is about, and those around them */
    vl_bytes span_before;
    vl_bytes span_after;
    enum vl_basis basis;
    enum vl_modality modality;
    bool has_as_of; /* of a commit: until then it is to be kept */
    int64_t as_of_s;
    bool absence; /* of an assert: until then there was nothing */
    vl_bytes fact;
    bool has_party; /* of a fact: with whom */
    struct vl_office_id party;
    /* relay */
    enum vl_kind relayed;
    size_t source_count;
    struct vl_statement_source sources[VL_STATEMENT_MAX_SOURCES];
    bool has_saying; /* the signed statement of the last source */
    uint8_t saying[VL_HASH_LEN];
    bool has_capture; /* SHA-256 of a copy of what was not signed */
    uint8_t capture[VL_HASH_LEN];
    /* correct, withdraw: the statement that was made first */
    uint8_t target[VL_HASH_LEN];
};

/* Does it tell what is in a letter, a part or a document, and nothing else: no promise, no fact,
 * and nothing of an act or an office?  Whoever may explain for another may sign that for it, and
 * translations (PROTOCOL 5). */
bool vl_statement_explains(const struct vl_statement *statement);

/* What it says that two offices did: talks, between the two in order; or a visit, of the first to
 * the second, whoever of them says so.  The first office that it is about is the one that did it,
 * with the party.  False when it says no such thing; the rest of the statement is not looked at. */
struct vl_meeting {
    enum vl_fact what; /* TALKS, VISIT */
    struct vl_office_id sides[2];
};
bool vl_statement_meeting(const struct vl_statement *statement, struct vl_meeting *meeting);
bool vl_meeting_eq(const struct vl_meeting *a, const struct vl_meeting *b);

/* As all acts: sign and append, id may be NULL, and what reading would refuse is not written; read
 * and check `sub`, borrowing.  Nobody speaks for another but a delegate, under a mandate; only the
 * speaker's own office declines.  FORMAT, LIMIT, UNSUPPORTED, NO_MEMORY; on failure out is as it
 * was, and what is read is empty. */
enum vl_err vl_statement_write(const struct vl_signer *signer, const struct vl_statement *statement,
                               struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                               struct vl_why *why) VL_MUST_USE;
enum vl_err vl_statement_read(const struct vl_object *object, struct vl_statement *statement,
                              struct vl_why *why) VL_MUST_USE;

#endif
