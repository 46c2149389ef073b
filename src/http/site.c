/* SPDX-License-Identifier: Apache-2.0 */
#include "http/site.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "evidence/act_any.h"
#include "http/entering.h"
#include "http/text.h"
#include "record/receipt.h"
#include "sys/clock.h"
#include "view/json.h"

/* One address has one part in so many of the time of this server, whether others wait or not. */
#define SHARE 4
/* Ahead of its share by so much, it waits for those who are not. */
#define MUCH_MS 20

#define HTML "text/html; charset=utf-8"
#define JSON "application/json"

int64_t vl_site_now(void)
{
    return vl_clock_seconds();
}

/* --- answers ---------------------------------------------------------------------------------- */

void vl_site_data(struct vl_http_response *response, enum vl_err err, const char *content_type,
                  const char *cache)
{
    response->status = err ? (unsigned)vl_err_http_status(err) : 200;
    response->content_type = content_type;
    response->cache = err ? NULL : cache;
    if (err)
        vl_buf_release(&response->body);
}

bool vl_site_wants_json(const struct vl_http_request *request, vl_bytes *path)
{
    if (vl_http_ends(path, ".json"))
        return true;
    return vl_http_names(request->accept, JSON) && !vl_http_names(request->accept, "text/html");
}

static void fail_as(struct vl_site *site, const struct vl_http_request *request, enum vl_err err,
                    unsigned status, const char *what, const char *reason,
                    struct vl_http_response *response)
{
    vl_bytes path = request->path;
    enum vl_err wrote;

    response->body.len = 0;
    response->varies = true;
    if (vl_site_wants_json(request, &path)) {
        const struct vl_view_failure failure = {err, what, reason, NULL, 0};

        wrote = vl_json_failure(&failure, &response->body);
        vl_site_data(response, wrote, JSON, NULL);
    } else {
        wrote = vl_page_problem(&site->page, status, what, reason, &response->body);
        vl_site_data(response, wrote, HTML, NULL);
        response->kind = VL_HTTP_PAGE;
    }
    response->status = status;
}

void vl_site_fail(struct vl_site *site, const struct vl_http_request *request, enum vl_err err,
                  const char *what, const struct vl_why *why, struct vl_http_response *response)
{
    fail_as(site, request, err, (unsigned)vl_err_http_status(err), what,
            why && why->text[0] ? why->text : vl_err_words(err), response);
}

static vl_bytes words_of(const struct vl_act_any *any)
{
    switch ((int)any->form) {
    case VL_ACT_STATEMENT:
        return any->as.statement.text;
    case VL_ACT_TRANSLATION:
        return any->as.translation.text;
    case VL_ACT_INVITATION:
        return any->as.invitation.text;
    case VL_ACT_NOTE:
        return any->as.note.words;
    case VL_ACT_ABOUT:
        return any->as.about.words;
    default:
        return VL_BYTES_NONE;
    }
}

/* As much as a list has room for, and no character in part. */
static void quote(vl_bytes words, char out[sizeof((struct vl_page_row *)0)->words])
{
    vl_bytes shown;

    while (words.len > 0 && (words.ptr[words.len - 1] == '\n' || words.ptr[words.len - 1] == ' '))
        words.len--;
    shown = vl_text_first(words, VL_PAGE_WORDS);
    (void)snprintf(out, sizeof((struct vl_page_row *)0)->words, "%.*s%s", (int)shown.len,
                   shown.len > 0 ? (const char *)words.ptr : "", shown.len < words.len ? "…" : "");
}

/* What cannot be read is shown without words; its own page says why. */
static void put_words(struct vl_site *site, struct vl_page_row *row)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_act_any *any;

    if (vl_log_dir_entry(site->log, row->index, &bytes, NULL) != VL_OK ||
        vl_issuers_object(vl_buf_bytes(&bytes), &wire) != VL_OK ||
        vl_object_parse(vl_buf_bytes(&wire), &object, NULL) != VL_OK)
        return;
    any = vl_new(sizeof *any);
    if (any && vl_act_any_read(&object, any, NULL) == VL_OK) {
        quote(words_of(any), row->words);
        if (any->form == VL_ACT_INVITATION)
            row->deed = vl_invitation_words(any->as.invitation.what);
    }
    vl_free(any);
}

static bool has_words(enum vl_kind kind)
{
    switch ((int)vl_act_form_of(kind)) {
    case VL_ACT_STATEMENT:
    case VL_ACT_TRANSLATION:
    case VL_ACT_INVITATION:
    case VL_ACT_NOTE:
    case VL_ACT_ABOUT:
        return true;
    default:
        return false;
    }
}

/* Of a `sub` that begins so: the number behind it. */
static bool read_subject(vl_bytes sub, vl_bytes start, uint8_t out[VL_HASH_LEN])
{
    return vl_bytes_starts(sub, start) && vl_http_hash(vl_bytes_after(sub, start.len), out);
}

void vl_site_row(struct vl_site *site, const struct vl_log_dir_row *row, struct vl_page_row *out)
{
    const struct vl_chain *chain;

    *out = (struct vl_page_row){.index = row->index, .kind = row->kind};
    memcpy(out->id, row->id, VL_HASH_LEN);
    out->has_office = row->has_office;
    out->office = row->office;
    out->has_iat = row->has_iat;
    out->iat_s = row->iat_s;
    out->has_letter = read_subject(row->sub, VL_LITERAL("valise:letter:"), out->letter);
    out->has_invitation = read_subject(row->sub, VL_LITERAL("valise:invitation:"), out->invitation);
    chain = row->has_office ? vl_issuers_find(&site->issuers, &row->office) : NULL;
    if (chain)
        (void)snprintf(out->name, sizeof out->name, "%.*s", (int)vl_chain_newest(chain)->name.len,
                       (const char *)vl_chain_newest(chain)->name.ptr);
    if (has_words(row->kind))
        put_words(site, out);
}

/* --- requests --------------------------------------------------------------------------------- */

static size_t body_max(void *self, const struct vl_http_request *request)
{
    (void)self;
    if (vl_bytes_eq(request->path, VL_LITERAL("/entries")))
        return VL_TRANSPARENT_MAX_LEN;
    if (vl_bytes_eq(request->path, VL_LITERAL("/cosignatures")))
        return VL_NOTE_MAX_LEN;
    if (vl_bytes_eq(request->path, VL_LITERAL("/check")))
        return VL_SITE_CHECK_ROOM;
    return 0;
}

static void look_at_state(struct vl_site *site)
{
    vl_log_dir_state(site->log, &site->state);
    site->page.size = site->state.size;
    memcpy(site->page.root, site->state.root, VL_HASH_LEN);
    site->page.witnesses = site->state.witnesses;
}

/* Alive: it answers.  Ready: what came last could be entered. */
static bool is_health(const struct vl_site *site, const struct vl_http_request *request,
                      struct vl_http_response *response)
{
    const bool is_ready = vl_bytes_eq(request->path, VL_LITERAL("/readyz"));
    const bool is_well = !is_ready || site->last_err == VL_OK;

    if (request->method != VL_HTTP_GET ||
        (!is_ready && !vl_bytes_eq(request->path, VL_LITERAL("/healthz"))))
        return false;
    vl_site_data(response,
                 vl_buf_put(&response->body,
                            is_well ? VL_LITERAL("ok\n") : VL_LITERAL("nothing can be entered\n")),
                 "text/plain; charset=utf-8", NULL);
    if (!is_well && response->status == 200)
        response->status = 503;
    return true;
}

/* Has this address had its share?  So many seconds until it has some again; 0: go on, and however
 * often it is asked again, it is counted once. */
static unsigned must_wait(struct vl_site *site, struct vl_http_request *request, uint64_t now_ms)
{
    unsigned wait_s;

    if (!request->has_peer || request->is_counted || site->rate.per_second == 0)
        return 0;
    wait_s = vl_rate_wait(&site->spent, request->peer, now_ms);
    if (wait_s == 0 && request->method == VL_HTTP_POST)
        wait_s = vl_rate_take(&site->rate, request->peer, now_ms);
    request->is_counted = wait_s == 0;
    return wait_s;
}

/* To programs that enter as SCRAPI says it, to people as a page. */
static void say_too_many(struct vl_site *site, const struct vl_http_request *request,
                         unsigned wait_s, struct vl_http_response *response)
{
    char reason[80];

    if (request->method == VL_HTTP_POST && !vl_bytes_starts(request->path, VL_LITERAL("/check"))) {
        vl_scrapi_too_many(wait_s, response);
        return;
    }
    (void)snprintf(reason, sizeof reason, "Others want answers too: ask again in %u %s.", wait_s,
                   wait_s == 1 ? "second" : "seconds");
    fail_as(site, request, VL_ERR_BUSY, 429, "Too much at once", reason, response);
    response->retry_after_s = wait_s;
}

/* Whoever had much lately waits for those who had not: true, and it is asked again. */
static bool is_put_off(struct vl_site *site, struct vl_http_request *request, bool has_had_much,
                       uint64_t now_ms)
{
    if (!has_had_much || vl_turns_may(&site->turns, vl_rate_slot(&site->spent, request->peer),
                                      request->put_off_ms > 0 ? now_ms - request->put_off_ms : 0)) {
        request->put_off_ms = 0;
        return false;
    }
    if (request->put_off_ms == 0)
        request->put_off_ms = now_ms;
    site->put_off_count++;
    return true;
}

static bool answer_it(struct vl_site *site, struct vl_http_request *request,
                      struct vl_http_response *response, uint64_t begun_ms)
{
    struct vl_why why = {"There is no such page."};
    unsigned wait_s;
    bool done = true;

    wait_s = must_wait(site, request, begun_ms);
    if (wait_s > 0) {
        say_too_many(site, request, wait_s, response);
        return true;
    }
    if (!vl_scrapi_answer(site, request, response, &done) &&
        !vl_tiles_answer(site, request, response) && !vl_check_answer(site, request, response) &&
        !vl_pages_answer(site, request, response))
        vl_site_fail(site, request, VL_ERR_NOT_FOUND, "Not here", &why, response);
    return done;
}

/* A request that waits for the commit is no longer put off. */
static bool answer(void *self, struct vl_http_request *request, struct vl_http_response *response)
{
    struct vl_site *site = self;
    const uint64_t begun_us = vl_clock_steady_us(), begun_ms = begun_us / 1000;
    const bool has_had_much = request->has_peer && site->rate.per_second > 0 && !request->state &&
                              vl_rate_ahead(&site->spent, request->peer, begun_ms) > MUCH_MS;
    uint64_t took_us;
    bool done;

    look_at_state(site);
    if (is_health(site, request, response))
        return true;
    if (is_put_off(site, request, has_had_much, begun_ms))
        return false;
    done = answer_it(site, request, response, begun_ms);
    took_us = vl_clock_steady_us() - begun_us;
    if (request->has_peer)
        vl_rate_spend(&site->spent, request->peer, begun_ms, SHARE * took_us / 1000);
    if (has_had_much)
        vl_turns_took(&site->turns, vl_rate_slot(&site->spent, request->peer), took_us);
    return done;
}

static void next(void *self)
{
    struct vl_site *site = self;

    vl_turns_next(&site->turns);
    site->put_off_count = 0;
    vl_entering_sign(site);
}

static bool gathers(void *self)
{
    const struct vl_site *site = self;

    return site->first && !site->again && site->put_off_count == 0;
}

static void settle(void *self)
{
    vl_entering_settle(self);
}

static void forget(void *self, struct vl_http_request *request)
{
    vl_scrapi_forget(self, request);
}

struct vl_http_site vl_site_functions(struct vl_site *site)
{
    const struct vl_http_site functions = {site, body_max, answer, next, gathers, settle, forget};

    return functions;
}

enum vl_err vl_site_begin(struct vl_site *site, struct vl_log_dir *log,
                          const struct vl_site_options *options, struct vl_why *why)
{
    const struct vl_rng rng = vl_rng_system();
    enum vl_err err = vl_rng_fill(&rng, site->rate.salt, sizeof site->rate.salt);

    if (err)
        return vl_fail(why, err, "no random bytes");
    memcpy(site->spent.salt, site->rate.salt, sizeof site->spent.salt);
    site->log = log;
    site->policy = vl_log_dir_policy(log);
    site->takes_from_anybody = options->takes_from_anybody;
    site->issuers.log = log;
    site->rate.per_second = options->posts_a_second;
    site->page.origin = site->policy->origin;
    memcpy(site->page.id, vl_log_dir_id(log), VL_HASH_LEN);
    site->page.need = site->policy->need;
    look_at_state(site);
    err = vl_entering_begin(site, options->workers);
    return err ? vl_fail(why, err, "no memory for threads") : VL_OK;
}

void vl_site_end(struct vl_site *site)
{
    /* Whoever still waits has had no answer; what they asked for is entered or is not. */
    vl_entering_settle(site);
    vl_entering_sign(site);
    vl_entering_end(site);
    vl_issuers_release(&site->issuers);
}
