/* SPDX-License-Identifier: Apache-2.0 */
/* The closed lists of statements: numbers of the wire, their words, and what a person reads. */
#include "statement/invitation.h"
#include "statement/translation.h"

struct word {
    const char *word;
    const char *words;
};

/* clang-format off */
#define X(code, number, word) [number] = {word, word},
static const struct word subjects[] = {{"", ""}, VL_SUBJECT_TABLE(X)};
#undef X
#define X(code, number, word, words) [number] = {word, words},
static const struct word relations[] = {{"", ""}, VL_RELATION_TABLE(X)};
static const struct word modes[] = {{"", ""}, VL_MODE_TABLE(X)};
static const struct word bases[] = {{"", ""}, VL_BASIS_TABLE(X)};
static const struct word modalities[] = {{"", ""}, VL_MODALITY_TABLE(X)};
static const struct word ways[] = {{"", ""}, VL_TRANSLATED_TABLE(X)};
static const struct word acts[] = {{"", ""}, VL_INVITATION_TABLE(X)};
#undef X
#define X(code, of, word, words) {word, words},
static const struct word facts[] = {{"", ""}, VL_FACT_TABLE(X)};
#undef X
#define X(code, of, word, words) VL_SUBJECT_##of,
static const enum vl_subject fact_subjects[] = {VL_SUBJECT_NONE, VL_FACT_TABLE(X)};
#undef X
/* clang-format on */

/* 0 for a word that is none. */
static unsigned find(const struct word *list, size_t count, vl_bytes word)
{
    for (unsigned i = 1; i < count; i++)
        if (vl_bytes_eq(word, vl_bytes_str(list[i].word)))
            return i;
    return 0;
}

#define COUNT(list)     (sizeof(list) / sizeof *(list))
#define AT(list, i)     ((unsigned)(i) < COUNT(list) ? &(list)[i] : &(list)[0])
#define FIND(list, key) find(list, COUNT(list), key)

/* The three questions that each list answers. */
#define ANSWERS(noun, type, list)                                                                  \
    const char *vl_##noun##_word(enum type number)                                                 \
    {                                                                                              \
        return AT(list, number)->word;                                                             \
    }                                                                                              \
    const char *vl_##noun##_words(enum type number)                                                \
    {                                                                                              \
        return AT(list, number)->words;                                                            \
    }                                                                                              \
    enum type vl_##noun##_of_word(vl_bytes word)                                                   \
    {                                                                                              \
        return FIND(list, word);                                                                   \
    }

const char *vl_subject_word(enum vl_subject subject)
{
    return AT(subjects, subject)->word;
}

enum vl_subject vl_fact_subject(enum vl_fact fact)
{
    return *AT(fact_subjects, fact);
}

ANSWERS(relation, vl_relation, relations)
ANSWERS(mode, vl_mode, modes)
ANSWERS(basis, vl_basis, bases)
ANSWERS(modality, vl_modality, modalities)
ANSWERS(fact, vl_fact, facts)
ANSWERS(translated, vl_translated, ways)
ANSWERS(invitation, vl_invitation_act, acts)
