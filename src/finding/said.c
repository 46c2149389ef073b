/* SPDX-License-Identifier: Apache-2.0 */
/* What was said of a letter, and of that: who says it, and what became of the words (PROTOCOL 6,
 * 16, 27).  Nothing in it is ever true because it was said.
 *
 * Whatever changes or disputes words follows them, so the deepest are looked at first: then it is
 * known of each whether it is in force before it is asked what it does to others. */
#include <stdlib.h>
#include <string.h>

#include "finding/inside.h"

/* --- who says it ------------------------------------------------------------------------------ */

/* A mandate to speak is good for all words, one to explain for those alone that tell what is in a
 * letter. */
static bool explains(const struct vl_node *node)
{
    return node->form == VL_ACT_TRANSLATION || vl_statement_explains(node->as.statement);
}

static enum vl_err judge(struct vl_making *making, struct vl_node *node)
{
    struct vl_mandate_judgement judgement;
    enum vl_err err =
        vl_mandate_judge(making, node, VL_POWER_SPEAK, &node->said->principal, &judgement);

    if (!err && judgement.flaw == VL_MANDATE_NO_SUCH_POWER && explains(node))
        err = vl_mandate_judge(making, node, VL_POWER_EXPLAIN, &node->said->principal, &judgement);
    if (err)
        return err;
    node->said->is_spoken_for = judgement.is_held && !judgement.flaw;
    if (!judgement.is_held)
        node->said->marks |= VL_MARK_MANDATE_NOT_HELD;
    else
        node->said->marks |= judgement.flaw ? vl_mandate_mark(judgement.flaw) : judgement.marks;
    return VL_OK;
}

static enum vl_err copy(struct vl_making *making, const struct vl_node *node,
                        struct vl_found_said *said)
{
    struct vl_statement *statement;
    struct vl_translation *translation;

    if (node->form == VL_ACT_TRANSLATION) {
        translation = vl_arena_take(making->arena, sizeof *translation);
        if (!translation)
            return VL_ERR_NO_MEMORY;
        *translation = *node->as.translation;
        said->translation = translation;
        said->has_principal = translation->has_principal;
        said->principal = translation->principal;
        return VL_OK;
    }
    statement = vl_arena_take(making->arena, sizeof *statement);
    if (!statement)
        return VL_ERR_NO_MEMORY;
    *statement = *node->as.statement;
    said->statement = statement;
    said->has_principal = statement->has_principal;
    said->principal = statement->principal;
    said->is_hearsay = node->kind == VL_KIND_RELAY || statement->basis == VL_BASIS_HEARSAY;
    return VL_OK;
}

static enum vl_err begin(struct vl_making *making, struct vl_node *node, struct vl_found_said *said)
{
    enum vl_err err;

    *said = (struct vl_found_said){.kind = node->kind,
                                   .by = node->issuer,
                                   .is_ok = node->is_ok,
                                   .marks = node->marks};
    memcpy(said->act, node->id, VL_HASH_LEN);
    node->said = said;
    err = copy(making, node, said);
    if (!err && said->has_principal)
        err = judge(making, node);
    return err;
}

/* --- what became of it ------------------------------------------------------------------------ */

/* PROTOCOL 27: one's own words, or those of whom one speaks for. */
static bool may_change(const struct vl_node *change, const struct vl_node *target)
{
    if (!change->is_ok || target->form != VL_ACT_STATEMENT)
        return false;
    if (vl_speaks_for(change, &target->issuer) || change->said->is_successor)
        return true;
    return target->said->is_spoken_for && vl_speaks_for(change, &target->said->principal);
}

/* Withdrawn itself, a change does nothing any more. */
static bool is_in_force(const struct vl_node *change, const struct vl_node *target)
{
    return may_change(change, target) && !(change->said->states & VL_SAID_WITHDRAWN);
}

static bool same_span(const struct vl_statement *a, const struct vl_statement *b)
{
    return vl_bytes_eq(a->span, b->span) && vl_bytes_eq(a->span_before, b->span_before) &&
           vl_bytes_eq(a->span_after, b->span_after);
}

static bool replaces(const struct vl_node *later, const struct vl_node *earlier)
{
    return vl_follows(later, earlier) &&
           (later->kind == VL_KIND_WITHDRAW || later->as.statement->span.len == 0 ||
            same_span(later->as.statement, earlier->as.statement));
}

/* Is this act among those about the letter, a change of the other, and in force? */
static bool changes(const struct vl_making *making, const struct vl_node *change,
                    const struct vl_node *target)
{
    return change->about == making->set->generation && vl_change_kind(change->kind) &&
           change->target == target && is_in_force(change, target);
}

static bool is_replaced(const struct vl_making *making, const struct vl_node *change,
                        const struct vl_node *target)
{
    for (size_t i = 0; i < target->targeted_by.count; i++) {
        const struct vl_node *other = target->targeted_by.at[i];

        if (other != change && changes(making, other, target) && replaces(other, change))
            return true;
    }
    return false;
}

/* Does one that is there already stand beside this one: neither knew of the other? */
static bool is_apart(const struct vl_making *making, const struct vl_hashes *others,
                     const struct vl_node *change)
{
    for (size_t i = 0; i < others->count; i++) {
        const struct vl_node *other = vl_set_find(making->set, others->at[i]);

        if (other != change && !vl_follows(other, change) && !vl_follows(change, other))
            return true;
    }
    return false;
}

static enum vl_err add_change(struct vl_making *making, struct vl_node *target,
                              const struct vl_node *change)
{
    struct vl_found_said *said = target->said;
    const bool is_withdrawn = change->kind == VL_KIND_WITHDRAW;

    if (is_apart(making, &said->corrected_by, change) ||
        is_apart(making, &said->withdrawn_by, change))
        said->states |= VL_SAID_SEVERAL;
    said->states |= is_withdrawn ? VL_SAID_WITHDRAWN : VL_SAID_CORRECTED;
    return vl_hashes_add(making->arena, is_withdrawn ? &said->withdrawn_by : &said->corrected_by,
                         change->id);
}

static bool supersedes(const struct vl_node *later, const struct vl_node *earlier)
{
    const struct vl_translation *new = later->as.translation, *old = earlier->as.translation;

    return later->form == VL_ACT_TRANSLATION && earlier->form == VL_ACT_TRANSLATION &&
           later->is_ok && new->has_supersedes &&vl_same(new->supersedes, earlier->id) &&
           vl_office_id_eq(&later->issuer, &earlier->issuer) &&
           new->source_what == old->source_what &&vl_same(new->source, old->source);
}

bool vl_said_relates(const struct vl_node *node, const struct vl_node *target,
                     enum vl_relation relation)
{
    const struct vl_statement *statement = node->as.statement;

    if (node->form != VL_ACT_STATEMENT)
        return false;
    for (size_t i = 0; i < statement->about_count; i++)
        if (statement->about[i].what == VL_SUBJECT_ACT &&
            statement->about[i].relation == relation && vl_same(statement->about[i].id, target->id))
            return true;
    return false;
}

/* What another office changes of it is a dispute, and no more (PROTOCOL 27). */
bool vl_said_disputes(const struct vl_node *node, const struct vl_node *target)
{
    return vl_said_relates(node, target, VL_RELATION_DISPUTES) ||
           (vl_change_kind(node->kind) && node->target == target && !may_change(node, target));
}

static enum vl_err add_one(struct vl_making *making, struct vl_node *target,
                           const struct vl_node *node)
{
    struct vl_found_said *said = target->said;
    enum vl_err err = VL_OK;

    if (node->about != making->set->generation || !vl_is_said(node))
        return VL_OK;
    if (changes(making, node, target) && !is_replaced(making, node, target))
        err = add_change(making, target, node);
    if (!err && supersedes(node, target)) {
        said->states |= VL_SAID_SUPERSEDED;
        err = vl_hashes_add(making->arena, &said->superseded_by, node->id);
    }
    if (err || node->said->states & VL_SAID_WITHDRAWN)
        return err;
    if (vl_said_disputes(node, target)) {
        said->states |= VL_SAID_DISPUTED;
        err = vl_hashes_add(making->arena, &said->disputed_by, node->id);
    }
    if (!err && vl_said_relates(node, target, VL_RELATION_SUPPORTS))
        err = vl_hashes_add(making->arena, &said->supported_by, node->id);
    return err;
}

static enum vl_err find_states(struct vl_making *making, struct vl_node *node)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < node->targeted_by.count && !err; i++)
        err = add_one(making, node, node->targeted_by.at[i]);
    if (!err && node->form == VL_ACT_STATEMENT)
        node->said->against = vl_find_against(making, node);
    return !err && node->kind == VL_KIND_COMMIT ? vl_find_promise(making, node) : err;
}

enum vl_err vl_find_said(struct vl_making *making)
{
    struct vl_finding *finding = making->finding;
    struct vl_node **sorted = vl_arena_take(making->arena, making->about_count * sizeof(void *));
    size_t count = 0;
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < making->about_count; i++)
        count += vl_is_said(making->about[i]);
    finding->said = vl_arena_take(making->arena, count * sizeof *finding->said);
    if (!sorted || !finding->said)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < making->about_count && !err; i++)
        if (vl_is_said(making->about[i])) {
            sorted[finding->said_count] = making->about[i];
            err = begin(making, making->about[i], &finding->said[finding->said_count++]);
        }
    /* Whether whose words are changed is spoken for, or a source, is known of all words by now. */
    for (size_t i = 0; i < finding->said_count && !err; i++)
        if (vl_change_kind(sorted[i]->kind))
            err = vl_judge_succession(making, sorted[i]);
    for (size_t i = 0; i < finding->said_count && !err; i++)
        if (sorted[i]->kind == VL_KIND_RELAY)
            err = vl_find_sources(making, sorted[i], sorted[i]->said);
    if (finding->said_count > 1)
        qsort(sorted, finding->said_count, sizeof(void *), vl_node_by_depth);
    for (size_t i = finding->said_count; i > 0 && !err; i--)
        err = find_states(making, sorted[i - 1]);
    for (size_t i = 0; i < finding->said_count && !err; i++)
        if (sorted[i]->form == VL_ACT_STATEMENT)
            err = vl_find_meeting(making, sorted[i]);
    return err;
}
