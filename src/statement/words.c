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
#define X(code, word, words) {word, words},
static const struct word facts[] = {{"", ""}, VL_FACT_TABLE(X)};
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

const char *vl_subject_word(enum vl_subject subject)
{
    return AT(subjects, subject)->word;
}

const char *vl_relation_word(enum vl_relation relation)
{
    return AT(relations, relation)->word;
}

const char *vl_relation_words(enum vl_relation relation)
{
    return AT(relations, relation)->words;
}

enum vl_relation vl_relation_of_word(vl_bytes word)
{
    return (enum vl_relation)FIND(relations, word);
}

const char *vl_mode_word(enum vl_mode mode)
{
    return AT(modes, mode)->word;
}

const char *vl_mode_words(enum vl_mode mode)
{
    return AT(modes, mode)->words;
}

enum vl_mode vl_mode_of_word(vl_bytes word)
{
    return (enum vl_mode)FIND(modes, word);
}

const char *vl_basis_word(enum vl_basis basis)
{
    return AT(bases, basis)->word;
}

const char *vl_basis_words(enum vl_basis basis)
{
    return AT(bases, basis)->words;
}

enum vl_basis vl_basis_of_word(vl_bytes word)
{
    return (enum vl_basis)FIND(bases, word);
}

const char *vl_modality_word(enum vl_modality modality)
{
    return AT(modalities, modality)->word;
}

const char *vl_modality_words(enum vl_modality modality)
{
    return AT(modalities, modality)->words;
}

enum vl_modality vl_modality_of_word(vl_bytes word)
{
    return (enum vl_modality)FIND(modalities, word);
}

const char *vl_fact_word(enum vl_fact fact)
{
    return AT(facts, fact)->word;
}

const char *vl_fact_words(enum vl_fact fact)
{
    return AT(facts, fact)->words;
}

enum vl_fact vl_fact_of_word(vl_bytes word)
{
    return (enum vl_fact)FIND(facts, word);
}

const char *vl_translated_word(enum vl_translated how)
{
    return AT(ways, how)->word;
}

const char *vl_translated_words(enum vl_translated how)
{
    return AT(ways, how)->words;
}

enum vl_translated vl_translated_of_word(vl_bytes word)
{
    return (enum vl_translated)FIND(ways, word);
}

const char *vl_invitation_word(enum vl_invitation_act what)
{
    return AT(acts, what)->word;
}

const char *vl_invitation_words(enum vl_invitation_act what)
{
    return AT(acts, what)->words;
}

enum vl_invitation_act vl_invitation_of_word(vl_bytes word)
{
    return (enum vl_invitation_act)FIND(acts, word);
}
