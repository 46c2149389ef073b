/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a promise: what is said of that later, and by whom; and what the evidence of a
 * letter has of it.  That nobody says anything breaks none, whatever the time (PROTOCOL 6, 17). */
#include <string.h>

#include "finding/inside.h"

/* Those who promised, and whoever speaks for them. */
static bool is_own(const struct vl_node *node, const struct vl_node *commit)
{
    return vl_speaks_for(node, &commit->issuer) ||
           (commit->said->is_spoken_for && vl_speaks_for(node, &commit->said->principal));
}

static bool has_promised(const struct vl_node *commit, const uint8_t office[VL_HASH_LEN])
{
    return vl_same(commit->issuer.at, office) ||
           (commit->said->is_spoken_for && vl_same(commit->said->principal.at, office));
}

/* To whom: the party of what is promised, and the offices that it is about. */
static enum vl_err find_to(struct vl_making *making, const struct vl_node *commit,
                           struct vl_found_promise *promise)
{
    const struct vl_statement *statement = commit->as.statement;
    enum vl_err err = VL_OK;

    if (statement->has_party && !has_promised(commit, statement->party.at))
        err = vl_hashes_add(making->arena, &promise->to, statement->party.at);
    for (size_t i = 0; i < statement->about_count && !err; i++)
        if (statement->about[i].what == VL_SUBJECT_OFFICE &&
            !has_promised(commit, statement->about[i].id))
            err = vl_hashes_add(making->arena, &promise->to, statement->about[i].id);
    return err;
}

static bool is_to(const struct vl_found_promise *promise, const struct vl_node *node)
{
    return vl_hashes_has(&promise->to, node->issuer.at) ||
           (node->said->is_spoken_for && vl_hashes_has(&promise->to, node->said->principal.at));
}

/* PROTOCOL 17: somebody whom the user knows, and none of those who promised. */
static bool is_independent(const struct vl_making *making, const struct vl_node *node,
                           const struct vl_node *commit)
{
    return vl_set_is_checked(making->set, &node->issuer) &&
           !vl_set_are_bound(making->set, &node->issuer, &commit->issuer) &&
           !(commit->said->is_spoken_for &&
             vl_set_are_bound(making->set, &node->issuer, &commit->said->principal));
}

/* Of whoever broke it the word counts against itself; of nobody else's does. */
static enum vl_level level_of(const struct vl_making *making, const struct vl_node *node,
                              const struct vl_node *commit, const struct vl_found_promise *promise,
                              bool is_broken)
{
    if (node->as.statement->basis == VL_BASIS_HEARSAY)
        return VL_LEVEL_HEARSAY;
    if (is_own(node, commit))
        return is_broken && node->is_ok ? VL_LEVEL_PROVEN : VL_LEVEL_CLAIMED;
    if (!is_to(promise, node))
        return VL_LEVEL_HEARSAY;
    return !is_broken && node->is_ok && is_independent(making, node, commit) ? VL_LEVEL_CORROBORATED
                                                                             : VL_LEVEL_CLAIMED;
}

/* Does it say of this act, as it is or was, that it was kept or broken? */
static bool is_outcome(const struct vl_making *making, const struct vl_node *node,
                       const struct vl_node *commit, enum vl_fact *fact)
{
    const struct vl_statement *statement = node->as.statement;

    if (node->about != making->set->generation || node->kind != VL_KIND_ASSERT ||
        statement->absence || statement->modality == VL_MODALITY_FUTURE ||
        statement->modality == VL_MODALITY_HYPOTHETICAL)
        return false;
    *fact = vl_fact_of_word(statement->fact);
    if (*fact != VL_FACT_KEPT && *fact != VL_FACT_BROKEN)
        return false;
    for (size_t i = 0; i < statement->about_count; i++)
        if (statement->about[i].what == VL_SUBJECT_ACT &&
            vl_same(statement->about[i].id, commit->id))
            return true;
    return false;
}

/* Whatever it does not follow, it did not know: it was said of the words before. */
static bool is_of_earlier_words(const struct vl_making *making, const struct vl_node *node,
                                const struct vl_node *commit)
{
    const struct vl_hashes *changes = &commit->said->corrected_by;

    for (size_t i = 0; i < changes->count; i++)
        if (!vl_follows(node, vl_set_find(making->set, changes->at[i])))
            return true;
    return false;
}

/* Hearsay decides nothing: anybody could keep and break what others promised.  What counts against
 * whoever said it stays when it is withdrawn: broken of those who promised, kept of those whom they
 * promised it (PROTOCOL 6). */
static bool decides(const struct vl_node *node, const struct vl_node *commit,
                    const struct vl_found_outcome *outcome)
{
    return outcome->level > VL_LEVEL_HEARSAY &&
           (!outcome->is_withdrawn || is_own(node, commit) == outcome->is_broken);
}

static enum vl_err find_outcomes(struct vl_making *making, const struct vl_node *commit,
                                 struct vl_found_promise *promise)
{
    const struct vl_nodes *around = &commit->targeted_by;
    enum vl_fact fact;
    size_t count = 0;

    for (size_t i = 0; i < around->count; i++)
        count += is_outcome(making, around->at[i], commit, &fact);
    promise->outcomes = vl_arena_take(making->arena, count * sizeof *promise->outcomes);
    if (!promise->outcomes)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < around->count; i++) {
        const struct vl_node *node = around->at[i];
        struct vl_found_outcome *outcome = &promise->outcomes[promise->outcome_count];

        if (!is_outcome(making, node, commit, &fact))
            continue;
        *outcome = (struct vl_found_outcome){.by = node->issuer,
                                             .is_broken = fact == VL_FACT_BROKEN,
                                             .is_withdrawn =
                                                 (node->said->states & VL_SAID_WITHDRAWN) != 0};
        outcome->level = level_of(making, node, commit, promise, outcome->is_broken);
        outcome->decides = decides(node, commit, outcome);
        outcome->of_earlier_words = is_of_earlier_words(making, node, commit);
        memcpy(outcome->act, node->id, VL_HASH_LEN);
        promise->outcome_count++;
    }
    return VL_OK;
}

static enum vl_level best_of(const struct vl_found_promise *promise, bool is_broken)
{
    enum vl_level best = promise->is_matched && !is_broken ? VL_LEVEL_PROVEN : VL_LEVEL_NONE;

    for (size_t i = 0; i < promise->outcome_count; i++)
        if (promise->outcomes[i].is_broken == is_broken && promise->outcomes[i].decides &&
            promise->outcomes[i].level > best)
            best = promise->outcomes[i].level;
    return best;
}

static void conclude(const struct vl_making *making, const struct vl_node *commit,
                     struct vl_found_promise *promise)
{
    const struct vl_statement *statement = commit->as.statement;
    const enum vl_level kept = best_of(promise, false), broken = best_of(promise, true);

    promise->level = VL_LEVEL_NONE;
    if (kept && broken) {
        promise->state = VL_PROMISE_DISPUTED;
    } else if (kept || broken) {
        promise->state = kept ? VL_PROMISE_KEPT : VL_PROMISE_BROKEN;
        promise->level = kept ? kept : broken;
    } else if (commit->said->states & VL_SAID_WITHDRAWN) {
        promise->state = VL_PROMISE_WITHDRAWN;
    } else {
        promise->state = statement->has_as_of && statement->as_of_s < making->finding->as_of_s
                             ? VL_PROMISE_OVERDUE
                             : VL_PROMISE_OPEN;
    }
}

enum vl_err vl_find_promise(struct vl_making *making, const struct vl_node *commit)
{
    struct vl_found_promise *promise = vl_arena_take(making->arena, sizeof *promise);
    enum vl_err err;

    if (!promise)
        return VL_ERR_NO_MEMORY;
    *promise = (struct vl_found_promise){.is_matched = vl_is_matched(making, commit->as.statement)};
    err = find_to(making, commit, promise);
    if (!err)
        err = find_outcomes(making, commit, promise);
    if (!err)
        conclude(making, commit, promise);
    commit->said->promise = promise;
    return err;
}
