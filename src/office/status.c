/* SPDX-License-Identifier: Apache-2.0 */
#include "office/status.h"

#include <string.h>

#include "office/sending.h"

void vl_status_release(struct vl_status *status)
{
    vl_finding_release(&status->finding);
    vl_finding_set_free(status->set);
    vl_evidence_release(&status->evidence);
    vl_buf_release(&status->file);
    *status = (struct vl_status)VL_STATUS_INIT;
}

/* Which cards the user checked; the own one is known to be one's own. */
static enum vl_err see_office(void *self, const struct vl_office_row *row, struct vl_why *why)
{
    struct vl_office_id office;

    if (!row->checked)
        return VL_OK;
    memcpy(office.at, row->office, VL_HASH_LEN);
    return vl_finding_add_checked(self, &office, row->checked_card, why);
}

static enum vl_err add_checked(struct vl_home *home, struct vl_finding_set *set, struct vl_why *why)
{
    enum vl_err err =
        vl_finding_add_checked(set, &home->own, vl_chain_newest(&home->chain)->object.id, why);

    return err ? err : vl_store_offices(home->store, see_office, set, why);
}

static enum vl_err prepare(struct vl_home *home, struct vl_status *status, struct vl_why *why)
{
    enum vl_err err = vl_evidence_parse(vl_buf_bytes(&status->file), &status->evidence, why);

    if (err)
        return err;
    status->set = vl_finding_set_new();
    if (!status->set)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a finding");
    err = vl_finding_add_evidence(status->set, &status->evidence, why);
    if (!err && home)
        err = add_checked(home, status->set, why);
    return err;
}

enum vl_err vl_status_letter(struct vl_home *home, const struct vl_letter_row *row, int64_t as_of_s,
                             struct vl_status *status, struct vl_why *why)
{
    enum vl_err err = vl_letter_evidence(home, row, &status->file, why);

    if (!err)
        err = prepare(home, status, why);
    if (!err)
        err = vl_finding_make(status->set, row->number, as_of_s, &status->finding, why);
    if (err)
        vl_status_release(status);
    return err;
}

/* --- a file ----------------------------------------------------------------------------------- */

enum vl_err vl_status_file(struct vl_home *home, vl_bytes evidence, int64_t as_of_s,
                           vl_finding_visit visit, void *self, struct vl_why *why)
{
    VL_AUTO(vl_status_release) struct vl_status status = VL_STATUS_INIT;
    VL_AUTO(vl_evidence_numbers_release) struct vl_evidence_numbers numbers = {0};
    enum vl_err err = vl_buf_put(&status.file, evidence);

    if (!err)
        err = prepare(home, &status, why);
    if (!err)
        err = vl_evidence_find_numbers(&status.evidence, &numbers, why);
    if (!err)
        err = vl_evidence_find_invitations(&status.evidence, &numbers, why);
    for (size_t i = 0; !err && i < numbers.count; i++) {
        VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;

        err = vl_finding_make(status.set, numbers.at[i], as_of_s, &finding, why);
        if (!err)
            err = visit(self, &finding, why);
    }
    return err;
}
