/* SPDX-License-Identifier: Apache-2.0 */
/* What a record has of one invitation, and what that makes of it now. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "codec/number.h"
#include "export/ics.h"
#include "http/correction.h"
#include "http/grounds.h"
#include "http/text.h"
#include "store/log_index.h"

#define CALENDAR "text/calendar; charset=utf-8"
/* The acts of its versions: where many fork, no more of them are named by their signers. */
#define ROWS_MAX 32

struct showing {
    struct vl_site *site;
    struct vl_grounds *grounds;
    struct vl_finding finding;
    struct vl_page_list list;
    struct vl_page_invitation model;
    struct vl_page_row rows[ROWS_MAX];
    struct vl_correcting correcting[VL_PAGE_CORRECTIONS];
};

static void showing_free(struct showing *showing)
{
    if (!showing)
        return;
    vl_finding_release(&showing->finding);
    vl_grounds_free(showing->grounds);
    vl_free(showing);
}

/* --- whose it is ------------------------------------------------------------------------------ */

static void fill_party(struct vl_site *site, const struct vl_invitation_party *party,
                       struct vl_page_party *out)
{
    const struct vl_chain *chain =
        party->has_office ? vl_issuers_find(&site->issuers, &party->office) : NULL;

    out->has_office = party->has_office;
    out->office = party->office;
    out->said = party->name;
    if (chain)
        (void)snprintf(out->name, sizeof out->name, "%.*s", (int)vl_chain_newest(chain)->name.len,
                       (const char *)vl_chain_newest(chain)->name.ptr);
}

/* As its inviter calls both, where it issued it. */
static void fill_parties(struct showing *showing)
{
    const struct vl_found_invitation *found = showing->finding.invitation;
    const struct vl_invitation *said = found->acts[0].invitation;

    for (size_t i = 0; i < found->act_count; i++)
        if (found->acts[i].counts && found->acts[i].invitation->what == VL_INVITATION_ISSUE)
            said = found->acts[i].invitation;
    fill_party(showing->site, &said->inviter, &showing->model.inviter);
    fill_party(showing->site, &said->invitee, &showing->model.invitee);
}

/* --- what makes it what it is ----------------------------------------------------------------- */

static bool makes_it(const struct vl_found_invitation *found, const uint8_t id[VL_HASH_LEN])
{
    for (size_t i = 0; i < found->version_count; i++)
        for (size_t j = 0; j < found->versions[i].acts.count; j++)
            if (memcmp(found->versions[i].acts.at[j], id, VL_HASH_LEN) == 0)
                return true;
    return false;
}

static void fill_rows(struct showing *showing)
{
    const struct vl_grounds *grounds = showing->grounds;

    for (size_t i = 0; i < grounds->count && showing->model.row_count < ROWS_MAX; i++) {
        const struct vl_object *object = &grounds->items[i].object;
        struct vl_log_dir_row row = {.index = grounds->indexes[i],
                                     .kind = object->kind,
                                     .has_office = true,
                                     .office = object->issuer,
                                     .sub = vl_object_sub(object)};

        if (!makes_it(showing->finding.invitation, object->id))
            continue;
        memcpy(row.id, object->id, VL_HASH_LEN);
        row.has_iat = vl_object_signed_at(object, &row.iat_s);
        vl_site_row(showing->site, &row, &showing->rows[showing->model.row_count++]);
    }
    showing->model.rows = showing->rows;
}

/* --- what was corrected ----------------------------------------------------------------------- */

/* Of the acts of this invitation, the one that this object is about and the same office signed. */
static const struct vl_object *corrects(const struct vl_grounds *grounds,
                                        const struct vl_object *object)
{
    const struct vl_log_dir_row row = {.sub = vl_object_sub(object)};
    uint8_t about[VL_HASH_LEN];

    if (!vl_log_row_about(&row, about))
        return NULL;
    for (size_t i = 0; i < grounds->count; i++) {
        const struct vl_object *other = &grounds->items[i].object;

        if (other->kind == VL_KIND_INVITATION && memcmp(other->id, about, VL_HASH_LEN) == 0 &&
            vl_office_id_eq(&other->issuer, &object->issuer))
            return other;
    }
    return NULL;
}

/* The newest first: what entered last was found last of what is about one act. */
static void fill_corrections(struct showing *showing)
{
    struct vl_page_invitation *model = &showing->model;
    const struct vl_grounds *grounds = showing->grounds;

    for (size_t i = grounds->count; i > 0 && model->correction_count < VL_PAGE_CORRECTIONS; i--) {
        const struct vl_object *object = &grounds->items[i - 1].object;
        const size_t at = model->correction_count;
        const struct vl_object *target = corrects(grounds, object);
        struct vl_page_correction one = {.index = grounds->indexes[i - 1]};

        if (!target || !vl_correction_read(object, &showing->correcting[at], &one))
            continue;
        model->corrections[at] = one;
        memcpy(model->corrected[at], target->id, VL_HASH_LEN);
        model->correction_count++;
    }
}

/* --- for a calendar --------------------------------------------------------------------------- */

static const char *name_office(void *self, const struct vl_office_id *office, char out[VL_ICS_NAME])
{
    const struct vl_chain *chain = vl_issuers_find(self, office);
    char address[VL_OFFICE_TEXT];

    if (chain)
        (void)snprintf(out, VL_ICS_NAME, "%.*s", (int)vl_chain_newest(chain)->name.len,
                       (const char *)vl_chain_newest(chain)->name.ptr);
    else
        (void)snprintf(out, VL_ICS_NAME, "%s", vl_office_id_text(office, address));
    return out;
}

/* --- all of it -------------------------------------------------------------------------------- */

enum form { FORM_PAGE, FORM_JSON, FORM_FINDING, FORM_CALENDAR };

static enum form form_of(bool is_json, vl_bytes *rest)
{
    if (is_json)
        return vl_http_ends(rest, ".finding") ? FORM_FINDING : FORM_JSON;
    return vl_http_ends(rest, ".ics") ? FORM_CALENDAR : FORM_PAGE;
}

static enum vl_err find_out(struct showing *showing, struct vl_why *why)
{
    struct vl_page_invitation *model = &showing->model;
    enum vl_err err = vl_grounds_make(showing->site, model->number, &showing->grounds, why);

    if (!err)
        err = vl_finding_make(showing->grounds->set, model->number, vl_site_now(),
                              &showing->finding, why);
    if (err || !showing->finding.invitation)
        return err;
    model->finding = &showing->finding;
    model->read_first = showing->grounds->is_cut ? VL_GROUNDS_MAX : 0;
    showing->finding.read_first = model->read_first;
    fill_parties(showing);
    fill_rows(showing);
    fill_corrections(showing);
    return VL_OK;
}

static enum vl_err write_form(struct showing *showing, enum form form, struct vl_buf *out,
                              struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf told = VL_BUF_INIT((size_t)4 << 20);
    const struct vl_finding_names names = vl_grounds_names(showing->site);
    const struct vl_ics_names called = {name_office, &showing->site->issuers};
    struct vl_page_invitation *model = &showing->model;
    enum vl_err err = VL_OK;

    if (form == FORM_JSON)
        return vl_page_invitation_json(&showing->site->page, model, out);
    if (form != FORM_PAGE && !model->finding)
        return VL_ERR_NOT_FOUND;
    if (form == FORM_FINDING)
        return vl_finding_json(model->finding, out);
    if (form == FORM_CALENDAR)
        return vl_ics_write(model->finding, &called, out, why);
    model->names = &names;
    if (model->finding)
        err = vl_finding_html(model->finding, &names, &told);
    model->told = vl_buf_bytes(&told);
    return err ? err : vl_page_invitation(&showing->site->page, model, out);
}

void vl_invitation_page(struct vl_site *site, const struct vl_http_request *request, vl_bytes rest,
                        bool is_json, struct vl_http_response *response)
{
    struct showing *showing = vl_new(sizeof *showing);
    struct vl_log_dir_filter filter = {.has_letter = true};
    struct vl_number_prefix number;
    struct vl_why why = {""};
    const enum form form = form_of(is_json, &rest);
    enum vl_err err = showing ? VL_OK : VL_ERR_NO_MEMORY;

    if (!err && (vl_number_prefix(VL_INVITATION_HRP, rest, VL_NUMBER_SYMBOLS, &number) != VL_OK ||
                 number.bit_count != 256))
        err = VL_ERR_NOT_FOUND;
    if (!err) {
        showing->site = site;
        showing->model.list = &showing->list;
        memcpy(showing->model.number, number.bits, VL_HASH_LEN);
        memcpy(filter.letter, number.bits, VL_HASH_LEN);
        err = vl_site_list(site, &filter, &showing->list, &why);
    }
    if (!err && showing->list.count > 0)
        err = find_out(showing, &why);
    if (!err)
        err = write_form(showing, form, &response->body, &why);
    if (err) {
        vl_site_fail(site, request, err, "There is no page of such an invitation", &why, response);
    } else if (form == FORM_CALENDAR) {
        vl_site_data(response, VL_OK, CALENDAR, NULL);
        response->is_file = true;
    } else {
        vl_site_page(response, VL_OK, form != FORM_PAGE);
    }
    showing_free(showing);
}
