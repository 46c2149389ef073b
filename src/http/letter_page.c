/* SPDX-License-Identifier: Apache-2.0 */
/* What a record has about one letter, and what follows from it. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "codec/number.h"
#include "http/site.h"
#include "http/text.h"
#include "view/finding.h"
#include "view/sheet.h"

/* Of all that is about a letter, so much is read for its page. */
#define ABOUT_MAX 512
_Static_assert(ABOUT_MAX <= VL_ISSUERS_MAX, "the chains of all of them are held at once");

/* Entries about a letter as evidence.  Owns the objects, from which the finding borrows. */
struct letter_evidence {
    struct vl_site *site;
    struct vl_finding_set *set;
    size_t index_count;
    uint64_t indexes[ABOUT_MAX];
    size_t count;
    struct vl_evidence_item items[ABOUT_MAX];
};

static enum vl_err see_about(void *self, const struct vl_log_dir_row *row, struct vl_why *why)
{
    struct letter_evidence *evidence = self;

    (void)why;
    if (evidence->index_count < ABOUT_MAX)
        evidence->indexes[evidence->index_count++] = row->index;
    return VL_OK;
}

static enum vl_err take_item(struct letter_evidence *evidence, uint64_t index, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_evidence_item *item = &evidence->items[evidence->count];
    const struct vl_chain *chain;
    enum vl_err err = vl_log_dir_entry(evidence->site->log, index, &bytes, why);

    if (!err)
        err = vl_issuers_object(vl_buf_bytes(&bytes), &wire);
    item->object = (struct vl_object)VL_OBJECT_INIT;
    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &item->object, why);
    if (err)
        return err;
    evidence->count++;
    chain = vl_issuers_find(&evidence->site->issuers, &item->object.issuer);
    if (chain)
        err = vl_finding_add_chain(evidence->set, chain, why);
    return err ? err : vl_finding_add_item(evidence->set, item, why);
}

static const char *call_office(void *self, const struct vl_office_id *office,
                               char out[VL_OFFICE_CALLED])
{
    const struct vl_chain *chain = vl_issuers_find(self, office);
    char address[VL_OFFICE_TEXT];

    if (chain)
        (void)snprintf(out, VL_OFFICE_CALLED, VL_SHEET_NAME "%.*s" VL_SHEET_NAME_END,
                       (int)vl_chain_newest(chain)->name.len,
                       (const char *)vl_chain_newest(chain)->name.ptr);
    else
        (void)snprintf(out, VL_OFFICE_CALLED, "%s", vl_office_id_text(office, address));
    return out;
}

/* What they prove, as HTML and as valise.finding/1, whichever is wanted. */
static enum vl_err find_out(struct letter_evidence *evidence, const uint8_t number[VL_HASH_LEN],
                            struct vl_buf *html, struct vl_buf *json, struct vl_why *why)
{
    const struct vl_finding_names names = {call_office, &evidence->site->issuers};
    struct vl_finding finding = VL_FINDING_INIT;
    enum vl_err err = vl_finding_make(evidence->set, number, vl_site_now(), &finding, why);

    if (!err && html)
        err = vl_finding_html(&finding, &names, html);
    if (!err && json)
        err = vl_finding_json(&finding, json);
    vl_finding_release(&finding);
    return err;
}

static enum vl_err letter_finding(struct vl_site *site, const uint8_t number[VL_HASH_LEN],
                                  struct vl_buf *html, struct vl_buf *json, struct vl_why *why)
{
    struct vl_log_dir_filter filter = {.has_letter = true, .limit = ABOUT_MAX};
    struct letter_evidence *evidence = vl_new(sizeof *evidence);
    enum vl_err err = VL_OK;

    if (!evidence)
        return VL_ERR_NO_MEMORY;
    evidence->site = site;
    evidence->set = vl_finding_set_new();
    memcpy(filter.letter, number, VL_HASH_LEN);
    if (!evidence->set)
        err = VL_ERR_NO_MEMORY;
    if (!err)
        err = vl_log_dir_list(site->log, &filter, see_about, evidence, why);
    vl_issuers_hold(&site->issuers); /* the set borrows the chains */
    /* And what is about that: who denies what was said of the letter, and who corrects it. */
    for (size_t i = 0; i < evidence->index_count && !err; i++) {
        err = take_item(evidence, evidence->indexes[i], why);
        if (!err) {
            memcpy(filter.letter, evidence->items[i].object.id, VL_HASH_LEN);
            err = vl_log_dir_list(site->log, &filter, see_about, evidence, why);
        }
    }
    if (!err)
        err = find_out(evidence, number, html, json, why);
    vl_finding_set_free(evidence->set);
    vl_issuers_let_go(&site->issuers);
    for (size_t i = 0; i < evidence->count; i++)
        vl_object_release(&evidence->items[i].object);
    vl_free(evidence);
    return err;
}

void vl_letter_page(struct vl_site *site, const struct vl_http_request *request, vl_bytes rest,
                    bool is_json, struct vl_http_response *response)
{
    VL_AUTO(vl_buf_release) struct vl_buf told = VL_BUF_INIT((size_t)4 << 20);
    struct vl_page_list *list = vl_new(sizeof *list);
    struct vl_page_letter model = {.list = list};
    struct vl_log_dir_filter filter = {.has_letter = true};
    struct vl_number_prefix number;
    struct vl_why why = {""};
    const bool is_finding = is_json && vl_http_ends(&rest, ".finding");
    enum vl_err err = list ? VL_OK : VL_ERR_NO_MEMORY;

    if (!err && (vl_number_prefix(VL_LETTER_HRP, rest, VL_NUMBER_SYMBOLS, &number) != VL_OK ||
                 number.bit_count != 256))
        err = VL_ERR_NOT_FOUND;
    if (!err) {
        memcpy(model.number, number.bits, VL_HASH_LEN);
        memcpy(filter.letter, number.bits, VL_HASH_LEN);
        err = vl_site_list(site, &filter, list, &why);
    }
    if (!err && list->count > 0 && (is_finding || !is_json))
        err = letter_finding(site, model.number, is_finding ? NULL : &told,
                             is_finding ? &response->body : NULL, &why);
    else if (!err && is_finding)
        err = VL_ERR_NOT_FOUND;
    model.told = vl_buf_bytes(&told);
    if (err)
        vl_site_fail(site, request, err, "There is no page of such a letter", &why, response);
    else if (is_finding)
        vl_site_page(response, VL_OK, true);
    else
        vl_site_page(response,
                     is_json ? vl_page_letter_json(&site->page, &model, &response->body)
                             : vl_page_letter(&site->page, &model, &response->body),
                     is_json);
    vl_free(list);
}
