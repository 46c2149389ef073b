/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of a record for people, each with the same as JSON beside it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/time.h"
#include "codec/number.h"
#include "http/site.h"
#include "http/text.h"
#include "view/finding.h"
#include "view/sheet.h"

#define HTML  "text/html; charset=utf-8"
#define JSON  "application/json"
#define ATOM  "application/atom+xml; charset=utf-8"
#define CSS   "text/css; charset=utf-8"
#define COSE  "application/cose"
#define PROOF "text/plain; charset=utf-8"
#define DAY   "public, max-age=86400"
#define EVER  "public, max-age=31536000, immutable"

/* Of all that is about a letter, so much is read for its page. */
#define ABOUT_MAX 512

static void page(struct vl_http_response *response, enum vl_err err, bool is_json)
{
    vl_site_data(response, err, is_json ? JSON : HTML, NULL);
    response->kind = is_json ? VL_HTTP_DATA : VL_HTTP_PAGE;
    response->varies = true;
}

/* --- lists ------------------------------------------------------------------------------------ */

/* Rows are named when the walk is over: naming reads the record too. */
struct gathering {
    struct vl_page_list *list;
    struct vl_log_dir_row rows[VL_PAGE_ROWS];
    size_t sub_at[VL_PAGE_ROWS]; /* where its sub begins in these, which move as they grow */
    struct vl_buf subs;
};

static enum vl_err gather(void *self, const struct vl_log_dir_row *row, struct vl_why *why)
{
    struct gathering *to = self;
    const size_t at = to->list->count;

    (void)why;
    if (to->list->count == VL_PAGE_ROWS) {
        to->list->has_more = true;
        to->list->next = row->index;
        return VL_OK;
    }
    to->rows[at] = *row;
    to->sub_at[at] = to->subs.len;
    to->list->count++;
    return vl_buf_put(&to->subs, row->sub);
}

static enum vl_err list_entries(struct vl_site *site, const struct vl_log_dir_filter *wanted,
                                struct vl_page_list *list, struct vl_why *why)
{
    struct vl_log_dir_filter filter = *wanted;
    struct gathering *to = vl_new(sizeof *to);
    enum vl_err err;

    if (!to)
        return VL_ERR_NO_MEMORY;
    to->list = list;
    to->subs = VL_BUF_INIT((size_t)1 << 20);
    list->count = 0;
    list->has_more = false;
    filter.newest_first = true;
    filter.limit = VL_PAGE_ROWS + 1;
    err = vl_log_dir_list(site->log, &filter, gather, to, why);
    for (size_t i = 0; i < list->count && !err; i++) {
        const vl_bytes rest = vl_bytes_after(vl_buf_bytes(&to->subs), to->sub_at[i]);

        to->rows[i].sub = vl_bytes_first(rest, to->rows[i].sub.len);
        vl_site_row(site, &to->rows[i], &list->rows[i]);
    }
    vl_buf_release(&to->subs);
    vl_free(to);
    return err;
}

/* --- what somebody looks for ------------------------------------------------------------------ */

#define VALUE_MAX 256

/* The values of a query, and the filter that they are. */
struct asked {
    char office[VALUE_MAX], letter[VALUE_MAX], kind[VALUE_MAX], since[VALUE_MAX], until[VALUE_MAX];
    struct vl_page_query query;
    struct vl_log_dir_filter filter;
    struct vl_why why;
};

static vl_bytes value_of(vl_bytes query, const char *name, char out[VALUE_MAX])
{
    return vl_http_query(query, name, out, VALUE_MAX);
}

/* A letter's number, an act's, or 64 digits of hex. */
static bool read_about(vl_bytes text, uint8_t out[VL_HASH_LEN])
{
    static const char *const prefixes[] = {VL_LETTER_HRP, VL_ACT_HRP};
    struct vl_number_prefix number;

    if (vl_http_hash(text, out))
        return true;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (vl_number_prefix(prefixes[i], text, VL_NUMBER_SYMBOLS, &number) == VL_OK &&
            number.bit_count == 256) {
            memcpy(out, number.bits, VL_HASH_LEN);
            return true;
        }
    return false;
}

static enum vl_kind read_kind(vl_bytes word)
{
    for (int kind = VL_KIND_NONE + 1; kind < VL_KIND_COUNT; kind++)
        if (vl_bytes_eq(word, vl_bytes_str(vl_kind_word((enum vl_kind)kind))))
            return (enum vl_kind)kind;
    return VL_KIND_NONE;
}

static bool read_time(vl_bytes text, bool is_since, int64_t *out, struct vl_why *why)
{
    if (vl_time_parse(text, vl_site_now(), out, why) != VL_OK)
        return false;
    /* A day alone is its last second; since that day means its first. */
    if (is_since && text.len == sizeof "2026-12-31" - 1)
        *out = vl_time_day(*out);
    return true;
}

static void read_filter(struct asked *asked)
{
    struct vl_page_query *query = &asked->query;
    struct vl_log_dir_filter *filter = &asked->filter;
    const char *wrong = NULL;

    filter->has_office = query->office.len > 0;
    if (filter->has_office && vl_office_id_parse(query->office, &filter->office) != VL_OK)
        wrong = "An office is written office1 and 58 symbols.";
    filter->has_letter = query->letter.len > 0;
    if (filter->has_letter && !read_about(query->letter, filter->letter))
        wrong = "A letter is written letter1 and 58 symbols, in full.";
    filter->kind = read_kind(query->kind);
    if (query->kind.len > 0 && filter->kind == VL_KIND_NONE)
        wrong = "There is no such kind.";
    filter->has_since = query->since.len > 0;
    if (filter->has_since && !read_time(query->since, true, &filter->since_s, &asked->why))
        wrong = "A time is written 2026-12-31 or 2026-12-31T18:00:00Z.";
    filter->has_until = query->until.len > 0;
    if (filter->has_until && !read_time(query->until, false, &filter->until_s, &asked->why))
        wrong = "A time is written 2026-12-31 or 2026-12-31T18:00:00Z.";
    query->wrong = wrong;
}

static void read_asked(vl_bytes query, struct asked *asked)
{
    char from[VALUE_MAX];
    uint64_t number = 0;

    asked->query.office = value_of(query, "office", asked->office);
    asked->query.letter = value_of(query, "letter", asked->letter);
    asked->query.kind = value_of(query, "kind", asked->kind);
    asked->query.since = value_of(query, "since", asked->since);
    asked->query.until = value_of(query, "until", asked->until);
    read_filter(asked);
    if (vl_http_number(value_of(query, "from", from), &number) == VL_OK)
        asked->filter.from = number;
}

static void front(struct vl_site *site, const struct vl_http_request *request, bool is_json,
                  bool is_feed, struct vl_http_response *response)
{
    struct asked *asked = vl_new(sizeof *asked);
    struct vl_page_list *list = vl_new(sizeof *list);
    struct vl_why why = {""};
    enum vl_err err = asked && list ? VL_OK : VL_ERR_NO_MEMORY;

    if (!err) {
        read_asked(request->query, asked);
        if (!asked->query.wrong)
            err = list_entries(site, &asked->filter, list, &why);
    }
    if (err) {
        vl_site_fail(site, request, err, "The list could not be read", &why, response);
    } else if (is_feed) {
        vl_site_data(response, vl_page_feed(&site->page, list, VL_BYTES_NONE, &response->body),
                     ATOM, "public, max-age=60");
    } else if (asked->query.wrong && is_json) {
        (void)vl_fail(&why, VL_ERR_USAGE, "%s", asked->query.wrong);
        vl_site_fail(site, request, VL_ERR_USAGE, "Nothing was looked for", &why, response);
    } else {
        page(response,
             is_json ? vl_page_front_json(&site->page, list, &response->body)
                     : vl_page_front(&site->page, &asked->query, list, &response->body),
             is_json);
        if (asked->query.wrong && response->status == 200)
            response->status = 400;
    }
    vl_free(asked);
    vl_free(list);
}

/* --- an entry --------------------------------------------------------------------------------- */

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
    enum vl_err err = vl_describe(site, entry, &report, why);

    if (err)
        return err;
    say_place(site, index, &report);
    row_of(site, entry, index, &model.row);
    memcpy(model.leaf_hash, entry->leaf_hash, VL_HASH_LEN);
    memcpy(filter.letter, entry->id, VL_HASH_LEN);
    err = list_entries(site, &filter, about, why);
    if (err)
        return err;
    return is_json ? vl_page_entry_json(&site->page, &model, out)
                   : vl_page_entry(&site->page, &model, out);
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
    const char *name;
};
static const struct entry_file entry_files[] = {
    {".cose", COSE, EVER, "entry.cose"},
    {".tlog-proof", PROOF, NULL, "entry.tlog-proof"},
    {".receipt", COSE, NULL, "entry.receipt"},
    {".scitt", COSE, NULL, "entry.scitt"},
};
enum { FILE_COSE, FILE_PROOF, FILE_RECEIPT, FILE_SCITT, FILE_COUNT };

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
    case FILE_COSE:
    default:
        return vl_buf_put(out, vl_buf_bytes(bytes));
    }
}

static void entry_page(struct vl_site *site, const struct vl_http_request *request, vl_bytes rest,
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
        response->file_name = entry_files[file].name;
    } else {
        page(response, VL_OK, is_json);
    }
}

/* --- an office -------------------------------------------------------------------------------- */

static void office_page(struct vl_site *site, const struct vl_http_request *request, vl_bytes rest,
                        bool is_json, struct vl_http_response *response)
{
    struct vl_page_list *list = vl_new(sizeof *list);
    struct vl_page_office model = {.list = list};
    struct vl_log_dir_filter filter = {.has_office = true};
    struct vl_why why = {""};
    const struct vl_chain *chain;
    enum vl_err err = list ? vl_office_id_parse(rest, &model.office) : VL_ERR_NO_MEMORY;

    if (err == VL_ERR_FORMAT)
        err = VL_ERR_NOT_FOUND;
    filter.office = model.office;
    if (!err)
        err = list_entries(site, &filter, list, &why);
    chain = err ? NULL : vl_issuers_find(&site->issuers, &model.office);
    if (chain) {
        const struct vl_card *card = vl_chain_newest(chain);

        model.is_known = true;
        (void)snprintf(model.name, sizeof model.name, "%.*s", (int)card->name.len,
                       (const char *)card->name.ptr);
        model.card_count = chain->count;
        model.has_card_iat = vl_object_signed_at(&card->object, &model.card_iat_s);
        model.has_not_after = card->has_not_after;
        model.not_after_s = card->not_after_s;
        model.is_revoked = chain->links[chain->count - 1].key_revoked;
        model.languages = card->languages;
        model.language_count = card->language_count;
    }
    if (!err && !chain && list->count == 0)
        err = VL_ERR_NOT_FOUND;
    if (err)
        vl_site_fail(site, request, err, "There is no such office here", &why, response);
    else
        page(response,
             is_json ? vl_page_office_json(&site->page, &model, &response->body)
                     : vl_page_office(&site->page, &model, &response->body),
             is_json);
    vl_free(list);
}

/* --- a letter --------------------------------------------------------------------------------- */

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
    for (size_t i = 0; i < evidence->index_count && !err; i++)
        err = take_item(evidence, evidence->indexes[i], why);
    if (!err)
        err = find_out(evidence, number, html, json, why);
    vl_finding_set_free(evidence->set);
    for (size_t i = 0; i < evidence->count; i++)
        vl_object_release(&evidence->items[i].object);
    vl_free(evidence);
    return err;
}

static void letter_page(struct vl_site *site, const struct vl_http_request *request, vl_bytes rest,
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
        err = list_entries(site, &filter, list, &why);
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
        page(response, VL_OK, true);
    else
        page(response,
             is_json ? vl_page_letter_json(&site->page, &model, &response->body)
                     : vl_page_letter(&site->page, &model, &response->body),
             is_json);
    vl_free(list);
}

/* --- about ------------------------------------------------------------------------------------ */

static void about_page(struct vl_site *site, bool is_json, struct vl_http_response *response)
{
    VL_AUTO(vl_buf_release) struct vl_buf key = VL_BUF_INIT(1024);
    uint8_t kid[VL_HASH_LEN];
    char kid_text[VL_HTTP_ID];
    struct vl_page_about model = {.max_len = site->policy->max_len,
                                  .needs_iat = site->policy->needs_iat,
                                  .past_max_s = site->policy->past_max_s,
                                  .ahead_max_s = site->policy->ahead_max_s,
                                  .witness_count = site->policy->witness_count,
                                  .takes_from_anybody = site->takes_from_anybody};
    enum vl_err err = vl_note_key_write(&site->policy->checkpoint_key, &key);

    if (!err)
        err = vl_buf_put_byte(&key, '\0');
    vl_cose_key_thumbprint(&site->policy->receipt_key, kid);
    model.receipt_kid = vl_http_id(kid, kid_text);
    model.checkpoint_key = err ? "" : (const char *)key.data;
    if (!err)
        err = is_json ? vl_page_about_json(&site->page, &model, &response->body)
                      : vl_page_about(&site->page, &model, &response->body);
    page(response, err, is_json);
}

bool vl_pages_answer(struct vl_site *site, const struct vl_http_request *request,
                     struct vl_http_response *response)
{
    vl_bytes path = request->path, rest;
    bool is_json;

    if (request->method != VL_HTTP_GET)
        return false;
    if (vl_bytes_eq(path, VL_LITERAL("/style.css"))) {
        vl_site_data(response, vl_page_style(&response->body), CSS, DAY);
        return true;
    }
    is_json = vl_site_wants_json(request, &path);
    if (vl_bytes_eq(path, VL_LITERAL("/")) || vl_bytes_eq(path, VL_LITERAL("/index")))
        front(site, request, is_json, false, response);
    else if (vl_bytes_eq(path, VL_LITERAL("/feed.atom")))
        front(site, request, false, true, response);
    else if (vl_http_under(path, "/entry/", &rest))
        entry_page(site, request, rest, is_json, response);
    else if (vl_http_under(path, "/office/", &rest))
        office_page(site, request, rest, is_json, response);
    else if (vl_http_under(path, "/letter/", &rest))
        letter_page(site, request, rest, is_json, response);
    else if (vl_bytes_eq(path, VL_LITERAL("/about")))
        about_page(site, is_json, response);
    else
        return false;
    return true;
}
