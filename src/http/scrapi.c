/* SPDX-License-Identifier: Apache-2.0 */
/* SCRAPI (draft-ietf-scitt-scrapi-11): statements in, receipts out, the keys they are signed by. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "codec/base64.h"
#include "http/site.h"
#include "http/text.h"
#include "record/publish.h"

#define COSE           "application/cose"
#define STATEMENT      "application/scitt-statement+cose"
#define CBOR           "application/cbor"
#define PROBLEM        "application/concise-problem-details+cbor"
#define RETRY_S        1
#define PROBLEM_TITLE  (-1) /* RFC 9290 */
#define PROBLEM_DETAIL (-2)
#define PROBLEM_STATUS (-4)
#define KEY_KID        2 /* RFC 9052, 7.1 */

/* A statement that waits for the next commit.  The request owns it; when its client goes away while
 * it waits, the queue does. */
struct vl_entering {
    struct vl_entering *next;
    struct vl_entry entry;
    bool is_done;
    bool is_orphan;
    enum vl_err err;
    uint64_t index;
};

static void free_entering(struct vl_entering *entering)
{
    vl_entry_release(&entering->entry);
    vl_free(entering);
}

/* --- problems --------------------------------------------------------------------------------- */

static void problem(struct vl_http_response *response, unsigned status, const char *title,
                    const char *detail)
{
    struct vl_cbor_out w = vl_cbor_to(&response->body);

    response->body.len = 0;
    vl_cbor_put_map(&w, 3);
    vl_cbor_put_int(&w, PROBLEM_TITLE);
    vl_cbor_put_text(&w, vl_bytes_str(title));
    vl_cbor_put_int(&w, PROBLEM_DETAIL);
    vl_cbor_put_text(&w, vl_bytes_str(detail));
    vl_cbor_put_int(&w, PROBLEM_STATUS);
    vl_cbor_put_uint(&w, status);
    if (w.err)
        response->body.len = 0;
    response->status = status;
    response->content_type = PROBLEM;
}

/* It is not the statement's fault. */
static void failed(struct vl_http_response *response, enum vl_err err)
{
    const unsigned status = err == VL_ERR_NO_SPACE ? 507 : err == VL_ERR_BUSY ? 503 : 500;

    problem(response, status, "Registration Failed",
            "it was not entered, or it is not known whether it was: send it again");
    response->retry_after_s = RETRY_S;
}

/* The words of a refusal may have bytes of strangers in them, which need not be UTF-8. */
static void refused(struct vl_http_response *response, enum vl_err err, const struct vl_why *why)
{
    char detail[sizeof why->text * 2];

    (void)vl_text_safe(detail, sizeof detail,
                       vl_bytes_str(why->text[0] ? why->text : vl_err_words(err)));
    switch ((int)err) {
    case VL_ERR_UNSUPPORTED:
        problem(response, 400, "Bad Signature Algorithm", detail);
        break;
    case VL_ERR_BUSY:
    case VL_ERR_LOCKED:
        problem(response, 503, "Registration Failed", detail);
        response->retry_after_s = RETRY_S;
        break;
    case VL_ERR_IO:
    case VL_ERR_NO_SPACE:
    case VL_ERR_NO_MEMORY:
    case VL_ERR_INTERNAL:
        failed(response, err);
        break;
    default:
        problem(response, 400, "Rejected", detail);
    }
}

void vl_scrapi_too_many(unsigned wait_s, struct vl_http_response *response)
{
    problem(response, 429, "Too Many Requests", "wait as long as Retry-After says");
    response->retry_after_s = wait_s;
}

/* --- receipts --------------------------------------------------------------------------------- */

/* One locator for one statement, whether it is there yet or not. */
static void locate(const uint8_t id[VL_HASH_LEN], struct vl_http_response *response)
{
    char text[VL_HTTP_ID];

    (void)snprintf(response->location, sizeof response->location, "/entries/%s",
                   vl_http_id(id, text));
}

static void give_receipt(struct vl_site *site, uint64_t index, const uint8_t id[VL_HASH_LEN],
                         unsigned status, unsigned status_later, struct vl_http_response *response)
{
    struct vl_why why = {""};
    enum vl_err err;

    vl_log_dir_state(site->log, &site->state);
    locate(id, response);
    if (index >= site->state.size) { /* its witnesses have not signed yet */
        response->status = status_later;
        response->retry_after_s = RETRY_S;
        return;
    }
    err = vl_log_dir_receipt(site->log, index, vl_site_now(), &response->body, &why);
    if (err == VL_ERR_USAGE) {
        problem(response, 404, "Not Found", "entry 0 has no receipt while it is alone");
    } else if (err) {
        refused(response, err, &why);
    } else {
        response->status = status;
        response->content_type = COSE;
    }
}

/* --- POST /entries ---------------------------------------------------------------------------- */

/* Does the request show that the issuer itself asks (record/publish.h)? */
static bool is_asked_by_issuer(const struct vl_site *site, const struct vl_http_request *request,
                               const struct vl_entry *entry, const struct vl_chain *chain)
{
    const vl_bytes given = vl_bytes_str(request->authorization);
    uint8_t signature[VL_HTTP_MAX_HEADER], card_id[VL_HASH_LEN];
    const struct vl_card_key *key = NULL;
    const struct vl_card *card;
    vl_bytes text;
    size_t len = 0;

    if (site->takes_from_anybody)
        return true;
    if (!chain || !vl_http_under(given, "Valise ", &text) ||
        vl_base64_decode_padded(text, signature, &len) != VL_OK ||
        vl_act_card_id(entry->sign1.payload, card_id, NULL) != VL_OK)
        return false;
    card = vl_chain_find(chain, card_id, NULL);
    key = card ? vl_card_find_key(card, entry->sign1.kid) : NULL;
    return key && vl_publish_verify(site->policy->origin, entry->id, &key->key,
                                    vl_bytes_of(signature, len), NULL) == VL_OK;
}

static bool is_card(const struct vl_entry *entry)
{
    return entry->kind == VL_KIND_CARD || entry->kind == VL_KIND_REVOCATION;
}

static enum vl_err check_entry(struct vl_site *site, const struct vl_http_request *request,
                               const struct vl_entry *entry, struct vl_why *why)
{
    const bool card = is_card(entry);
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    struct vl_entry_asked asked = {NULL, false, vl_site_now()};
    struct vl_office_id issuer;
    enum vl_err err = VL_OK;

    if (vl_office_id_of_eid(entry->sign1.claims.iss, &issuer) == VL_OK) {
        if (card)
            err = vl_issuers_with(&site->issuers, &issuer, vl_entry_bytes(entry), &chain, why);
        asked.chain = card ? &chain : vl_issuers_find(&site->issuers, &issuer);
        asked.by_issuer = !card && is_asked_by_issuer(site, request, entry, asked.chain);
    }
    return err ? err : vl_entry_check(entry, site->policy, &asked, why);
}

/* Does something of the same issuer wait, and is one of the two a card? */
static bool has_to_wait(const struct vl_site *site, const struct vl_entry *entry)
{
    for (const struct vl_entering *at = site->first; at; at = at->next)
        if ((is_card(entry) || is_card(&at->entry)) &&
            vl_bytes_eq(at->entry.sign1.claims.iss, entry->sign1.claims.iss))
            return true;
    return false;
}

/* True: answered.  False: it waits. */
static bool enter(struct vl_site *site, struct vl_http_request *request,
                  struct vl_http_response *response)
{
    struct vl_entering *entering = vl_new(sizeof *entering);
    struct vl_why why = {""};
    uint64_t index = 0;
    enum vl_err err = entering ? VL_OK : VL_ERR_NO_MEMORY;

    if (!err) {
        entering->entry = (struct vl_entry)VL_ENTRY_INIT;
        err = vl_entry_parse(request->body, &entering->entry, &why);
    }
    /* What is there already is answered at once, even if it would not be let in any more. */
    if (!err && vl_log_dir_find(site->log, entering->entry.id, &index, NULL) == VL_OK) {
        give_receipt(site, index, entering->entry.id, 201, 202, response);
        free_entering(entering);
        return true;
    }
    /* It is judged by the cards that are in: what may change them goes first, or it does. */
    if (!err && has_to_wait(site, &entering->entry)) {
        free_entering(entering);
        return false;
    }
    if (!err)
        err = check_entry(site, request, &entering->entry, &why);
    if (!err && site->entering_count == VL_LOG_DIR_MAX_BATCH)
        err = VL_ERR_BUSY;
    if (err) {
        refused(response, err, &why);
        if (entering)
            free_entering(entering);
        return true;
    }
    if (site->last)
        site->last->next = entering;
    else
        site->first = entering;
    site->last = entering;
    site->entering_count++;
    request->state = entering;
    return false;
}

/* The operator is told once, and once more when it works again. */
static void tell(struct vl_site *site, enum vl_err err, const struct vl_why *why)
{
    if (err != site->last_err && site->trouble)
        site->trouble(site->trouble_self, err, why);
    site->last_err = err;
}

static void enter_all(struct vl_site *site)
{
    struct vl_log_dir_put *puts = vl_new(site->entering_count * sizeof *puts);
    struct vl_why why = {""};
    enum vl_err err = puts ? VL_OK : VL_ERR_NO_MEMORY;
    size_t count = 0;

    for (struct vl_entering *at = site->first; at && puts; at = at->next)
        puts[count++].entry = &at->entry;
    if (!err)
        err = vl_log_dir_append(site->log, puts, count, &why);
    tell(site, err, &why);
    count = 0;
    for (struct vl_entering *at = site->first; at; at = at->next) {
        struct vl_office_id issuer;

        at->is_done = true;
        at->err = err;
        if (!err)
            at->index = puts[count++].index;
        if (!err && is_card(&at->entry) &&
            vl_office_id_of_eid(at->entry.sign1.claims.iss, &issuer) == VL_OK)
            vl_issuers_forget(&site->issuers, &issuer);
    }
    vl_free(puts);
}

void vl_scrapi_settle(struct vl_site *site)
{
    struct vl_entering *at = site->first;

    if (!at)
        return;
    enter_all(site);
    site->first = NULL;
    site->last = NULL;
    site->entering_count = 0;
    while (at) {
        struct vl_entering *next = at->next;

        at->next = NULL;
        if (at->is_orphan)
            free_entering(at);
        at = next;
    }
}

void vl_scrapi_forget(struct vl_site *site, struct vl_http_request *request)
{
    struct vl_entering *entering = request->state;

    (void)site;
    request->state = NULL;
    if (!entering->is_done)
        entering->is_orphan = true; /* it is entered all the same */
    else
        free_entering(entering);
}

/* The second time that it is asked. */
static bool finish(struct vl_site *site, struct vl_http_request *request,
                   struct vl_http_response *response)
{
    struct vl_entering *entering = request->state;

    if (!entering->is_done)
        return false;
    if (entering->err)
        failed(response, entering->err);
    else
        give_receipt(site, entering->index, entering->entry.id, 201, 202, response);
    request->state = NULL;
    free_entering(entering);
    return true;
}

static bool post_entry(struct vl_site *site, struct vl_http_request *request,
                       struct vl_http_response *response)
{
    if (request->state)
        return finish(site, request, response);
    if (!vl_http_names(request->content_type, COSE) &&
        !vl_http_names(request->content_type, STATEMENT)) {
        problem(response, 415, "Malformed request", "the Content-Type is " COSE);
        return true;
    }
    return enter(site, request, response);
}

/* --- GET -------------------------------------------------------------------------------------- */

static void get_entry(struct vl_site *site, const struct vl_http_request *request, vl_bytes rest,
                      struct vl_http_response *response)
{
    uint8_t id[VL_HASH_LEN];
    struct vl_why why = {""};
    uint64_t index = 0;
    enum vl_err err = vl_http_id_parse(rest, id);

    if (err) {
        problem(response, 400, "Invalid locator", "43 symbols of base64url are one");
        return;
    }
    err = vl_log_dir_find(site->log, id, &index, &why);
    if (err == VL_ERR_NOT_FOUND) {
        problem(response, 404, "Not Found", "no such entry");
    } else if (err) {
        refused(response, err, &why);
    } else if (vl_http_names(request->accept, "text/html")) {
        response->status = 303;
        response->varies = true;
        (void)snprintf(response->location, sizeof response->location, "/entry/%llu",
                       (unsigned long long)index);
    } else {
        give_receipt(site, index, id, 200, 204, response);
        response->varies = true;
    }
}

/* As RFC 9679 names it, and with that name. */
static void put_key(struct vl_cbor_out *w, const struct vl_cose_key *key)
{
    uint8_t kid[VL_HASH_LEN];

    vl_cose_key_thumbprint(key, kid);
    vl_cbor_put_map(w, 4);
    vl_cbor_put_int(w, 1); /* kty: OKP */
    vl_cbor_put_int(w, 1);
    vl_cbor_put_int(w, KEY_KID);
    vl_cbor_put_bytes(w, VL_ARRAY(kid));
    vl_cbor_put_int(w, -1); /* crv: Ed25519 */
    vl_cbor_put_int(w, 6);
    vl_cbor_put_int(w, -2);
    vl_cbor_put_bytes(w, vl_bytes_of(key->x, VL_ED25519_PUBLIC_LEN));
}

static void get_keys(struct vl_site *site, vl_bytes rest, struct vl_http_response *response)
{
    struct vl_cbor_out w = vl_cbor_to(&response->body);
    uint8_t wanted[VL_HASH_LEN], kid[VL_HASH_LEN];
    const bool is_one = rest.len > 0;

    vl_cose_key_thumbprint(&site->policy->receipt_key, kid);
    if (is_one && (rest.ptr[0] != '/' || vl_http_id_parse(vl_bytes_after(rest, 1), wanted) ||
                   memcmp(wanted, kid, sizeof kid) != 0)) {
        problem(response, 404, "No such key", "receipts here are signed by another key");
        return;
    }
    if (!is_one)
        vl_cbor_put_array(&w, 1);
    put_key(&w, &site->policy->receipt_key);
    vl_site_data(response, w.err, CBOR, "public, max-age=3600");
}

bool vl_scrapi_answer(struct vl_site *site, struct vl_http_request *request,
                      struct vl_http_response *response, bool *done)
{
    vl_bytes rest;

    *done = true;
    if (request->method == VL_HTTP_POST && vl_bytes_eq(request->path, VL_LITERAL("/entries"))) {
        *done = post_entry(site, request, response);
        return true;
    }
    if (request->method == VL_HTTP_GET && vl_http_under(request->path, "/entries/", &rest)) {
        get_entry(site, request, rest, response);
        return true;
    }
    if (request->method == VL_HTTP_GET &&
        vl_http_under(request->path, "/.well-known/scitt-keys", &rest)) {
        get_keys(site, rest, response);
        return true;
    }
    return false;
}
