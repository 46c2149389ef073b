/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "statement/statement.h"

static const struct vl_statement_about *first_office(const struct vl_statement *statement)
{
    for (size_t i = 0; i < statement->about_count; i++)
        if (statement->about[i].what == VL_SUBJECT_OFFICE)
            return &statement->about[i];
    return NULL;
}

bool vl_statement_meeting(const struct vl_statement *statement, struct vl_meeting *meeting)
{
    const struct vl_statement_about *subject = first_office(statement);
    const enum vl_fact fact = vl_fact_of_word(statement->fact);
    bool turned;

    if (vl_fact_subject(fact) != VL_SUBJECT_OFFICE || !statement->has_party || !subject ||
        memcmp(subject->id, statement->party.at, VL_HASH_LEN) == 0)
        return false;
    turned = fact == VL_FACT_HOSTED ||
             (fact == VL_FACT_TALKS && memcmp(subject->id, statement->party.at, VL_HASH_LEN) > 0);
    meeting->what = fact == VL_FACT_TALKS ? VL_FACT_TALKS : VL_FACT_VISIT;
    memcpy(meeting->sides[turned].at, subject->id, VL_HASH_LEN);
    meeting->sides[!turned] = statement->party;
    return true;
}

bool vl_meeting_eq(const struct vl_meeting *a, const struct vl_meeting *b)
{
    return a->what == b->what && vl_office_id_eq(&a->sides[0], &b->sides[0]) &&
           vl_office_id_eq(&a->sides[1], &b->sides[1]);
}
