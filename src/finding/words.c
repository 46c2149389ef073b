/* SPDX-License-Identifier: Apache-2.0 */
/* What a finding calls things: the tables, and nothing of them twice. */
#include "finding/finding.h"

#define X(code, word) word,
static const char *const levels[] = {VL_LEVEL_TABLE(X)};
static const char *const marks[] = {VL_MARK_TABLE(X)};
static const char *const ladder[] = {VL_LADDER_TABLE(X)};
static const char *const contradictions[] = {VL_CONTRADICTION_TABLE(X)};
static const char *const disputes[] = {VL_DISPUTE_TABLE(X)};
static const char *const states[] = {VL_SAID_TABLE(X)};
static const char *const invited[] = {VL_INVITED_TABLE(X)};
static const char *const sides[] = {VL_INVITED_SIDE_TABLE(X)};
static const char *const against_words[] = {VL_AGAINST_TABLE(X)};
static const char *const promises[] = {VL_PROMISE_TABLE(X)};
#undef X

const char *vl_level_word(enum vl_level level)
{
    return (unsigned)level < VL_LEVEL_COUNT ? levels[level] : "";
}

const char *vl_mark_word(enum vl_mark_at mark)
{
    return (unsigned)mark < VL_MARK_COUNT ? marks[mark] : "";
}

const char *vl_ladder_word(enum vl_ladder step)
{
    return (unsigned)step < VL_LADDER_COUNT ? ladder[step] : "";
}

const char *vl_contradiction_word(enum vl_contradiction kind)
{
    return (unsigned)kind < VL_CONTRADICTION_COUNT ? contradictions[kind] : "";
}

const char *vl_dispute_word(enum vl_dispute kind)
{
    return (unsigned)kind < VL_DISPUTE_COUNT ? disputes[kind] : "";
}

const char *vl_said_word(enum vl_said_at state)
{
    return (unsigned)state < VL_SAID_COUNT ? states[state] : "";
}

const char *vl_against_word(enum vl_against against)
{
    return (unsigned)against < VL_AGAINST_COUNT ? against_words[against] : "";
}

const char *vl_promise_word(enum vl_promise state)
{
    return (unsigned)state < VL_PROMISE_COUNT ? promises[state] : "";
}

const char *vl_invited_word(enum vl_invited state)
{
    return (unsigned)state < VL_INVITED_COUNT ? invited[state] : "";
}

const char *vl_side_word(enum vl_side side)
{
    return (unsigned)side < VL_SIDE_COUNT ? sides[side] : "";
}
