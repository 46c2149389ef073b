/* SPDX-License-Identifier: Apache-2.0 */
/* Words against evidence: what is said of a letter beside what is proven about it.  Facts are codes
 * (statement/statement.h); words in a language are never read. */
#include <string.h>

#include "finding/inside.h"

/* What the set says of a fact. */
enum truth { TRUTH_OPEN, TRUTH_PROVEN, TRUTH_REFUTED };

static bool is_proven(const struct vl_found_fact *fact)
{
    return fact->level == VL_LEVEL_PROVEN;
}

static bool is_delivered(const struct vl_found_addressee *addressee)
{
    return is_proven(&addressee->receipted_by_delegate) ||
           is_proven(&addressee->receipted_for_office) || is_proven(&addressee->reached) ||
           is_proven(&addressee->opened);
}

/* Is this the one it is said of: anybody, the addressee, or who took it for that? */
static bool is_meant(const struct vl_found_addressee *addressee, const struct vl_office_id *party)
{
    return !party || vl_office_id_eq(&addressee->office, party) ||
           vl_hashes_has(&addressee->receipted_by_delegate.by, party->at);
}

static enum truth truth_for(const struct vl_found_addressee *addressee, enum vl_fact fact)
{
    const bool delivered = is_delivered(addressee), refused = is_proven(&addressee->refused);

    switch (fact) {
    case VL_FACT_DELIVERED:
        return delivered ? TRUTH_PROVEN : refused ? TRUTH_REFUTED : TRUTH_OPEN;
    case VL_FACT_REACHED:
        return is_proven(&addressee->reached) || is_proven(&addressee->opened) ? TRUTH_PROVEN
               : refused && !delivered                                         ? TRUTH_REFUTED
                                                                               : TRUTH_OPEN;
    case VL_FACT_OPENED:
        return is_proven(&addressee->opened) ? TRUTH_PROVEN
               : refused && !delivered       ? TRUTH_REFUTED
                                             : TRUTH_OPEN;
    case VL_FACT_REFUSED:
        return refused ? TRUTH_PROVEN : delivered ? TRUTH_REFUTED : TRUTH_OPEN;
    case VL_FACT_NONE:
    case VL_FACT_SENT:
    case VL_FACT_HANDED:
    case VL_FACT_KEPT:
    case VL_FACT_BROKEN:
    case VL_FACT_TALKS:
    case VL_FACT_VISIT:
    case VL_FACT_HOSTED:
        break;
    }
    return TRUTH_OPEN;
}

/* Proven for one whom it is said of is proven; refuted is what is refuted for each of them. */
static enum truth truth_of_addressees(const struct vl_finding *finding, enum vl_fact fact,
                                      const struct vl_office_id *party)
{
    bool any = false, all_refuted = true;

    for (size_t i = 0; i < finding->addressee_count; i++) {
        const struct vl_found_addressee *addressee = &finding->addressees[i];
        enum truth truth;

        if (!is_meant(addressee, party))
            continue;
        truth = truth_for(addressee, fact);
        if (truth == TRUTH_PROVEN)
            return TRUTH_PROVEN;
        any = true;
        all_refuted &= truth == TRUTH_REFUTED;
    }
    return any && all_refuted ? TRUTH_REFUTED : TRUTH_OPEN;
}

static enum truth truth_of(const struct vl_finding *finding, enum vl_fact fact,
                           const struct vl_office_id *party)
{
    if (fact == VL_FACT_SENT) {
        for (size_t i = 0; i < finding->sealed_count; i++)
            if (finding->sealed[i].level == VL_LEVEL_PROVEN)
                return TRUTH_PROVEN;
        return TRUTH_OPEN;
    }
    if (fact == VL_FACT_HANDED) {
        for (size_t i = 0; i < finding->handed_count; i++) {
            const struct vl_found_handed *handed = &finding->handed[i];

            if (handed->level == VL_LEVEL_PROVEN && handed->answered &&
                (!party || vl_office_id_eq(&handed->to, party)))
                return TRUTH_PROVEN;
        }
        return TRUTH_OPEN;
    }
    return truth_of_addressees(finding, fact, party);
}

static enum vl_against against_of(enum truth truth, bool is_denied)
{
    if (truth == TRUTH_OPEN)
        return VL_AGAINST_UNPROVEN;
    return (truth == TRUTH_PROVEN) != is_denied ? VL_AGAINST_MATCHED : VL_AGAINST_CONTRADICTED;
}

static bool is_about_letter(const struct vl_making *making, const struct vl_statement *statement,
                            enum vl_relation relation)
{
    for (size_t i = 0; i < statement->about_count; i++)
        if (statement->about[i].what == VL_SUBJECT_LETTER &&
            vl_same(statement->about[i].id, making->number) &&
            (relation == VL_RELATION_NONE || statement->about[i].relation == relation))
            return true;
    return false;
}

/* The words of the statement itself; or what another says of the letter, that this one denies. */
static enum vl_against against_fact(const struct vl_making *making,
                                    const struct vl_statement *statement, bool is_denied)
{
    const enum vl_fact fact = vl_fact_of_word(statement->fact);

    /* That it will be, might be, or was not so far is nothing that evidence of it could match. */
    if (vl_fact_subject(fact) != VL_SUBJECT_LETTER || statement->absence ||
        statement->modality == VL_MODALITY_FUTURE ||
        statement->modality == VL_MODALITY_HYPOTHETICAL)
        return VL_AGAINST_NONE;
    return against_of(truth_of(making->finding, fact,
                               statement->has_party ? &statement->party : NULL),
                      is_denied);
}

/* A promise about several letters is not kept by one of them. */
bool vl_is_matched(const struct vl_making *making, const struct vl_statement *statement)
{
    const enum vl_fact fact = vl_fact_of_word(statement->fact);
    size_t letters = 0;

    for (size_t i = 0; i < statement->about_count; i++)
        letters += statement->about[i].what == VL_SUBJECT_LETTER;
    return vl_fact_subject(fact) == VL_SUBJECT_LETTER && letters == 1 &&
           is_about_letter(making, statement, VL_RELATION_NONE) &&
           truth_of(making->finding, fact, statement->has_party ? &statement->party : NULL) ==
               TRUTH_PROVEN;
}

static enum vl_against worse(enum vl_against a, enum vl_against b)
{
    return a > b ? a : b;
}

bool vl_speaks_for(const struct vl_node *node, const struct vl_office_id *office)
{
    return vl_office_id_eq(&node->issuer, office) ||
           (node->said && node->said->is_spoken_for &&
            vl_office_id_eq(&node->said->principal, office));
}

const struct vl_node *vl_denied_own(const struct vl_making *making, const struct vl_node *node,
                                    size_t i)
{
    const struct vl_statement_about *about = &node->as.statement->about[i];
    const struct vl_node *denied;

    if (!node->is_ok || i >= node->as.statement->about_count || about->what != VL_SUBJECT_ACT ||
        about->relation != VL_RELATION_DISPUTES)
        return NULL;
    denied = vl_set_find(making->set, about->id);
    return denied && denied->is_ok && vl_speaks_for(node, &denied->issuer) ? denied : NULL;
}

static enum vl_against against_denied(const struct vl_making *making, const struct vl_node *node,
                                      size_t i)
{
    const struct vl_statement_about *about = &node->as.statement->about[i];
    const struct vl_node *denied =
        about->what == VL_SUBJECT_ACT ? vl_set_find(making->set, about->id) : NULL;

    if (about->relation != VL_RELATION_DISPUTES || !denied)
        return VL_AGAINST_NONE;
    if (vl_denied_own(making, node, i))
        return VL_AGAINST_CONTRADICTED;
    if (denied->kind != VL_KIND_ASSERT ||
        !is_about_letter(making, denied->as.statement, VL_RELATION_NONE))
        return VL_AGAINST_NONE;
    return against_fact(making, denied->as.statement, true);
}

enum vl_against vl_find_against(const struct vl_making *making, const struct vl_node *node)
{
    const struct vl_statement *statement = node->as.statement;
    enum vl_against worst = VL_AGAINST_NONE;

    if (node->kind == VL_KIND_ASSERT && is_about_letter(making, statement, VL_RELATION_NONE))
        return against_fact(making, statement, false);
    if (node->kind != VL_KIND_DENY)
        return VL_AGAINST_NONE;
    if (is_about_letter(making, statement, VL_RELATION_DISPUTES))
        worst = against_fact(making, statement, true);
    for (size_t i = 0; i < statement->about_count; i++)
        worst = worse(worst, against_denied(making, node, i));
    return worst;
}
