/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of a record for people, each with the same as JSON beside it. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/time.h"
#include "codec/number.h"
#include "http/site.h"
#include "http/text.h"

#define HTML "text/html; charset=utf-8"
#define JSON "application/json"
#define ATOM "application/atom+xml; charset=utf-8"
#define CSS  "text/css; charset=utf-8"
#define DAY  "public, max-age=86400"

void vl_site_page(struct vl_http_response *response, enum vl_err err, bool is_json)
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

enum vl_err vl_site_list(struct vl_site *site, const struct vl_log_dir_filter *wanted,
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

/* The number of a letter, of an invitation or of an act, or 64 digits of hex. */
static bool read_about(vl_bytes text, uint8_t out[VL_HASH_LEN])
{
    static const char *const prefixes[] = {VL_LETTER_HRP, VL_INVITATION_HRP, VL_ACT_HRP};
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
    return (is_since ? vl_time_parse_begin : vl_time_parse)(text, vl_site_now(), out, why) == VL_OK;
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
            err = vl_site_list(site, &asked->filter, list, &why);
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
        vl_site_page(response,
                     is_json ? vl_page_front_json(&site->page, list, &response->body)
                             : vl_page_front(&site->page, &asked->query, list, &response->body),
                     is_json);
        if (asked->query.wrong && response->status == 200)
            response->status = 400;
    }
    vl_free(asked);
    vl_free(list);
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
        err = vl_site_list(site, &filter, list, &why);
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
        vl_site_page(response,
                     is_json ? vl_page_office_json(&site->page, &model, &response->body)
                             : vl_page_office(&site->page, &model, &response->body),
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
    vl_site_page(response, err, is_json);
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
        vl_entry_page(site, request, rest, is_json, response);
    else if (vl_http_under(path, "/office/", &rest))
        office_page(site, request, rest, is_json, response);
    else if (vl_http_under(path, "/letter/", &rest))
        vl_letter_page(site, request, rest, is_json, response);
    else if (vl_http_under(path, "/invitation/", &rest))
        vl_invitation_page(site, request, rest, is_json, response);
    else if (vl_bytes_eq(path, VL_LITERAL("/about")))
        about_page(site, is_json, response);
    else
        return false;
    return true;
}
