/* SPDX-License-Identifier: Apache-2.0 */
/* The page of one entry, and the files beside it that others verify. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "http/correction.h"
#include "http/site.h"
#include "http/text.h"

#define COSE  "application/cose"
#define PROOF "text/plain; charset=utf-8"
#define CARD  "application/octet-stream"
#define EVER  "public, max-age=31536000, immutable"

/* What is proven by its being here. */
static void say_place(const struct vl_site *site, uint64_t index, struct vl_report *report)
{
    if (index >= site->state.size)
        return;
    vl_report_add(report, VL_REPORT_PROVEN, NULL,
                  "it is entry %" PRIu64 " of this record, and was there when that had %" PRIu64
                  " entries",
                  index, site->state.size);
    if (site->state.witnesses > 0)
        vl_report_add(report, VL_REPORT_PROVEN, NULL,
                      "%zu %s of this record signed that they saw it at that size",
                      site->state.witnesses, site->state.witnesses == 1 ? "witness" : "witnesses");
}

static void row_of(struct vl_site *site, const struct vl_entry *entry, uint64_t index,
                   struct vl_page_row *out)
{
    struct vl_log_dir_row row = {.index = index, .kind = entry->kind};

    memcpy(row.id, entry->id, VL_HASH_LEN);
    row.has_office = entry->kind != VL_KIND_NONE &&
                     vl_office_id_of_eid(entry->sign1.claims.iss, &row.office) == VL_OK;
    row.has_iat = entry->sign1.claims.has_iat;
    row.iat_s = entry->sign1.claims.iat_s;
    row.sub = entry->sign1.claims.sub;
    vl_site_row(site, &row, out);
}

/* What whoever signed an entry put in its place; what others say of it are disputes (PROTOCOL 27).
 * Each kind is asked for by itself: neither what others enter nor many corrections push a
 * withdrawal off the page. */
static const enum vl_kind corrections_are[] = {VL_KIND_WITHDRAW, VL_KIND_CORRECT,
                                               VL_KIND_CORRECTED};
enum { KINDS = sizeof corrections_are / sizeof *corrections_are };
#define OF_KIND (VL_PAGE_CORRECTIONS / KINDS)

struct corrections {
    size_t index_count, of_kind;
    uint64_t indexes[VL_PAGE_CORRECTIONS];
    bool has_more;
    size_t count;
    struct vl_object objects[VL_PAGE_CORRECTIONS];
    struct vl_correcting correcting[VL_PAGE_CORRECTIONS];
};

static void corrections_free(struct corrections *corrections)
{
    for (size_t i = 0; corrections && i < corrections->count; i++)
        vl_object_release(&corrections->objects[i]);
    vl_free(corrections);
}

static enum vl_err see_correction(void *self, const struct vl_log_dir_row *row, struct vl_why *why)
{
    struct corrections *to = self;

    (void)why;
    if (to->of_kind == OF_KIND) {
        to->has_more = true;
        return VL_OK;
    }
    to->of_kind++;
    to->indexes[to->index_count++] = row->index;
    return VL_OK;
}

static enum vl_err read_correction(struct vl_site *site, uint64_t index, struct corrections *to,
                                   struct vl_page_entry *model, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_object *object = &to->objects[to->count];
    struct vl_page_correction correction = {.index = index};
    enum vl_err err = vl_log_dir_entry(site->log, index, &bytes, why);

    if (!err)
        err = vl_issuers_object(vl_buf_bytes(&bytes), &wire);
    *object = (struct vl_object)VL_OBJECT_INIT;
    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), object, why);
    if (err)
        return err;
    if (vl_correction_read(object, &to->correcting[to->count], &correction))
        model->corrections[model->correction_count++] = correction;
    to->count++;
    return VL_OK;
}

/* about is what is asked of lists for all that is about the entry. */
static enum vl_err read_corrections(struct vl_site *site, const struct vl_log_dir_filter *about,
                                    struct corrections *to, struct vl_page_entry *model,
                                    struct vl_why *why)
{
    struct vl_log_dir_filter filter = *about;
    enum vl_err err = VL_OK;

    if (!model->row.has_office)
        return VL_OK;
    filter.has_office = true;
    filter.office = model->row.office;
    filter.newest_first = true;
    filter.limit = OF_KIND + 1;
    for (size_t i = 0; i < KINDS && !err; i++) {
        filter.kind = corrections_are[i];
        to->of_kind = 0;
        err = vl_log_dir_list(site->log, &filter, see_correction, to, why);
    }
    for (size_t i = 0; i < to->index_count && !err; i++)
        err = read_correction(site, to->indexes[i], to, model, why);
    model->has_more_corrections = to->has_more;
    return err;
}

static enum vl_err fill_entry(struct vl_site *site, uint64_t index, bool is_json,
                              const struct vl_entry *entry, struct vl_page_list *about,
                              struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_report_release) struct vl_report report = VL_REPORT_INIT;
    struct vl_log_dir_filter filter = {.has_letter = true};
    struct vl_page_entry model = {.sub = entry->sign1.claims.sub,
                                  .bytes = vl_entry_bytes(entry).len,
                                  .report = &report,
                                  .about = about,
                                  .is_given_out = index < site->state.size};
    struct corrections *corrections;
    enum vl_err err = vl_describe(site, entry, &report, why);

    if (err)
        return err;
    say_place(site, index, &report);
    row_of(site, entry, index, &model.row);
    memcpy(model.leaf_hash, entry->leaf_hash, VL_HASH_LEN);
    memcpy(filter.letter, entry->id, VL_HASH_LEN);
    err = vl_site_list(site, &filter, about, why);
    corrections = err ? NULL : vl_new(sizeof *corrections);
    if (!err)
        err = corrections ? read_corrections(site, &filter, corrections, &model, why)
                          : VL_ERR_NO_MEMORY;
    if (!err)
        err = is_json ? vl_page_entry_json(&site->page, &model, out)
                      : vl_page_entry(&site->page, &model, out);
    corrections_free(corrections);
    return err;
}

static enum vl_err write_entry_page(struct vl_site *site, uint64_t index, bool is_json,
                                    vl_bytes bytes, struct vl_buf *out, struct vl_why *why)
{
    struct vl_entry entry = VL_ENTRY_INIT;
    struct vl_page_list *about = vl_new(sizeof *about);
    enum vl_err err = about ? vl_entry_parse(bytes, &entry, why) : VL_ERR_NO_MEMORY;

    if (!err)
        err = fill_entry(site, index, is_json, &entry, about, out, why);
    vl_entry_release(&entry);
    vl_free(about);
    return err;
}

static enum vl_err write_scitt(struct vl_site *site, uint64_t index, vl_bytes bytes,
                               struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf receipt = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    enum vl_err err = vl_log_dir_receipt(site->log, index, vl_site_now(), &receipt, why);
    const vl_bytes one = vl_buf_bytes(&receipt);

    return err ? err : vl_transparent_write(bytes, &one, 1, out, why);
}

/* The files beside an entry's page: what others verify. */
struct entry_file {
    const char *ending;
    const char *type;
    const char *cache;
};
static const struct entry_file entry_files[] = {
    {".cose", COSE, EVER},  {".tlog-proof", PROOF, NULL}, {".receipt", COSE, NULL},
    {".scitt", COSE, NULL}, {".card", CARD, NULL},
};
enum { FILE_COSE, FILE_PROOF, FILE_RECEIPT, FILE_SCITT, FILE_CARD, FILE_COUNT };

/* The cards of its issuer as this record has them: a card file. */
static enum vl_err write_cards(struct vl_site *site, vl_bytes bytes, struct vl_buf *out,
                               struct vl_why *why)
{
    struct vl_entry entry = VL_ENTRY_INIT;
    const struct vl_chain *chain = NULL;
    struct vl_office_id office;
    enum vl_err err = vl_entry_parse(bytes, &entry, why);

    if (!err && vl_office_id_of_eid(entry.sign1.claims.iss, &office) == VL_OK)
        chain = vl_issuers_find(&site->issuers, &office);
    if (!err)
        err = chain ? vl_chain_write(chain, out) : VL_ERR_NOT_FOUND;
    vl_entry_release(&entry);
    return err;
}

static enum vl_err write_file(struct vl_site *site, size_t file, uint64_t index,
                              struct vl_buf *bytes, struct vl_buf *out, struct vl_why *why)
{
    switch (file) {
    case FILE_PROOF:
        return vl_log_dir_proof(site->log, index, out, why);
    case FILE_RECEIPT:
        return vl_log_dir_receipt(site->log, index, vl_site_now(), out, why);
    case FILE_SCITT:
        return write_scitt(site, index, vl_buf_bytes(bytes), out, why);
    case FILE_CARD:
        return write_cards(site, vl_buf_bytes(bytes), out, why);
    case FILE_COSE:
    default:
        return vl_buf_put(out, vl_buf_bytes(bytes));
    }
}

void vl_entry_page(struct vl_site *site, const struct vl_http_request *request, vl_bytes rest,
                   bool is_json, struct vl_http_response *response)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    struct vl_why why = {""};
    uint64_t index = 0;
    size_t file = 0;
    enum vl_err err;

    while (file < FILE_COUNT && !vl_http_ends(&rest, entry_files[file].ending))
        file++;
    err = vl_http_number(rest, &index);
    if (!err && index < site->state.signed_size)
        err = vl_log_dir_entry(site->log, index, &bytes, &why);
    else
        err = VL_ERR_NOT_FOUND;
    if (!err && file < FILE_COUNT)
        err = write_file(site, file, index, &bytes, &response->body, &why);
    else if (!err)
        err = write_entry_page(site, index, is_json, vl_buf_bytes(&bytes), &response->body, &why);
    if (err == VL_ERR_USAGE) /* a receipt for the only entry there is */
        err = VL_ERR_NOT_FOUND;
    if (err) {
        vl_site_fail(site, request, err, "There is no such entry", &why, response);
    } else if (file < FILE_COUNT) {
        vl_site_data(response, VL_OK, entry_files[file].type, entry_files[file].cache);
        response->is_file = true;
    } else {
        vl_site_page(response, VL_OK, is_json);
    }
}
