/* SPDX-License-Identifier: Apache-2.0 */
#include "statement/rules.h"

#include <string.h>

enum vl_err vl_speaker_check(const struct vl_act *act, const struct vl_office_id *issuer,
                             const struct vl_office_id *principal, struct vl_why *why)
{
    if (act->capacity != VL_CAPACITY_DELEGATE)
        return principal ? vl_fail(why, VL_ERR_FORMAT, "on behalf of another, and as no delegate")
                         : VL_OK;
    if (!principal)
        return vl_fail(why, VL_ERR_FORMAT, "by a delegate, and on nobody's behalf");
    if (vl_office_id_eq(principal, issuer))
        return vl_fail(why, VL_ERR_FORMAT, "by a delegate of the speaker's own office");
    return act->has_under
               ? VL_OK
               : vl_fail(why, VL_ERR_FORMAT, "on behalf of another, and under no mandate");
}

static bool has_relation(const struct vl_statement *statement, enum vl_relation relation)
{
    for (size_t i = 0; i < statement->about_count; i++)
        if (statement->about[i].relation == relation)
            return true;
    return false;
}

static enum vl_err check_about(const struct vl_statement *statement, struct vl_why *why)
{
    for (size_t i = 0; i < statement->about_count; i++)
        for (size_t j = 0; j < i; j++)
            if (statement->about[i].what == statement->about[j].what &&
                memcmp(statement->about[i].id, statement->about[j].id, VL_HASH_LEN) == 0)
                return vl_fail(why, VL_ERR_FORMAT, "about one thing twice");
    return VL_OK;
}

/* What a relay, a correction and a withdrawal must not say about themselves is kept out by what
 * they tell of. */
static enum vl_err check_change(const struct vl_statement *statement, struct vl_why *why)
{
    if (statement->about_count > 0)
        return vl_fail(why, VL_ERR_FORMAT, "about more than the words that it changes");
    if (statement->fact.len > 0 || statement->mode != VL_MODE_NONE ||
        statement->basis != VL_BASIS_NONE)
        return vl_fail(why, VL_ERR_FORMAT, "more than a change of words");
    if (statement->kind == VL_KIND_CORRECT && statement->text.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "no words in place of the old ones");
    if (statement->kind == VL_KIND_WITHDRAW && statement->span.len > 0)
        return vl_fail(why, VL_ERR_FORMAT, "a part of the words: only all are withdrawn");
    return VL_OK;
}

static enum vl_err check_relay(const struct vl_statement *statement, struct vl_why *why)
{
    const struct vl_statement_source *last = &statement->sources[statement->source_count - 1];

    if (statement->text.len == 0 && !statement->has_saying)
        return vl_fail(why, VL_ERR_FORMAT, "neither what was said nor where");
    if (statement->has_saying && statement->has_capture)
        return vl_fail(why, VL_ERR_FORMAT, "a copy of what was signed");
    if (statement->has_saying && !last->has_office)
        return vl_fail(why, VL_ERR_FORMAT, "a signed saying of no office");
    return VL_OK;
}

static enum vl_err check_kind(const struct vl_statement *statement, struct vl_why *why)
{
    const bool says_nothing = statement->text.len == 0 && statement->fact.len == 0;

    if (vl_change_kind(statement->kind))
        return check_change(statement, why);
    if (statement->kind == VL_KIND_RELAY)
        return check_relay(statement, why);
    if (statement->kind == VL_KIND_ASSERT && says_nothing)
        return vl_fail(why, VL_ERR_FORMAT, "nothing is said");
    if (statement->kind == VL_KIND_DENY && !has_relation(statement, VL_RELATION_DISPUTES))
        return vl_fail(why, VL_ERR_FORMAT, "it disputes nothing");
    if (statement->kind == VL_KIND_COMMIT && statement->text.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "nothing is promised");
    if (statement->kind == VL_KIND_COMMIT && statement->modality != VL_MODALITY_FUTURE)
        return vl_fail(why, VL_ERR_FORMAT, "a promise of what is not to come");
    if (statement->kind == VL_KIND_DECLINE && statement->about_count == 0 &&
        statement->text.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "it does not say to what");
    return VL_OK;
}

/* Silence is what somebody saw up to a time, and a refusal to speak the speaker's own (DESIGN 3.3).
 */
static enum vl_err check_silence(const struct vl_statement *statement, struct vl_why *why)
{
    if (statement->absence && statement->kind != VL_KIND_ASSERT)
        return vl_fail(why, VL_ERR_FORMAT, "that there was nothing is asserted and nothing else");
    if (statement->absence && !statement->has_as_of)
        return vl_fail(why, VL_ERR_FORMAT, "there was nothing, and it does not say until when");
    return statement->kind == VL_KIND_DECLINE
               ? vl_act_check_capacity(&statement->act,
                                       VL_CAPACITY_BIT(VL_CAPACITY_DELEGATE) |
                                           VL_CAPACITY_BIT(VL_CAPACITY_PRINCIPAL),
                                       why)
               : VL_OK;
}

static enum vl_err check_words(const struct vl_statement *statement, struct vl_why *why)
{
    if (statement->mode != VL_MODE_NONE && statement->text.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "it says how close its words are, and has none");
    if (statement->lang.len > 0 && statement->text.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "a language of no words");
    if (statement->has_party && statement->fact.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "with whom, and not what");
    return VL_OK;
}

enum vl_err vl_statement_check(const struct vl_statement *statement,
                               const struct vl_office_id *issuer, struct vl_why *why)
{
    enum vl_err err =
        vl_speaker_check(&statement->act, issuer,
                         statement->has_principal ? &statement->principal : NULL, why);

    if (!err)
        err = check_about(statement, why);
    if (!err)
        err = check_silence(statement, why);
    if (!err)
        err = check_words(statement, why);
    return err ? err : check_kind(statement, why);
}
