/* SPDX-License-Identifier: Apache-2.0 */
/* SCRAPI (draft-ietf-scitt-scrapi-11): statements in, receipts out, the keys they are signed by. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "http/entering.h"
#include "http/text.h"

#define COSE           "application/cose"
#define STATEMENT      "application/scitt-statement+cose"
#define CBOR           "application/cbor"
#define PROBLEM        "application/concise-problem-details+cbor"
#define RETRY_S        1
#define PROBLEM_TITLE  (-1) /* RFC 9290 */
#define PROBLEM_DETAIL (-2)
#define PROBLEM_STATUS (-4)
#define KEY_KID        2 /* RFC 9052, 7.1 */

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

/* 201 says that it was entered, whoever did it and when. */
static void put_status(const struct vl_http_request *request, bool is_given,
                       struct vl_http_response *response)
{
    const bool is_post = request->method == VL_HTTP_POST;

    response->status = is_post ? (is_given ? 201 : 202) : (is_given ? 200 : 204);
    response->content_type = is_given ? COSE : NULL;
    response->retry_after_s = is_given ? 0 : RETRY_S;
}

/* What is at this place.  True: answered, since its witnesses have not signed yet.  False: its
 * receipt is signed with others'.  Takes the entry. */
static bool want_receipt(struct vl_site *site, struct vl_http_request *request,
                         struct vl_entry *entry, uint64_t index, struct vl_http_response *response)
{
    struct vl_why why = {""};
    struct vl_entering *entering;
    enum vl_err err;

    locate(entry->id, response);
    if (index >= site->state.size) {
        put_status(request, false, response);
        return true;
    }
    err = vl_entering_again(site, entry, index, &entering);
    if (err) {
        refused(response, err, &why);
        return true;
    }
    request->state = entering;
    return false;
}

/* Alone: when it could not be signed with others. */
static void give_receipt(struct vl_site *site, const struct vl_http_request *request,
                         struct vl_entering *entering, struct vl_http_response *response)
{
    struct vl_why why = {""};
    enum vl_err err;

    if (entering->index >= site->state.size) {
        put_status(request, false, response);
        return;
    }
    err = vl_log_dir_receipt(site->log, entering->index, vl_site_now(), &response->body, &why);
    if (err == VL_ERR_USAGE)
        problem(response, 404, "Not Found", "entry 0 has no receipt while it is alone");
    else if (err)
        refused(response, err, &why);
    else
        put_status(request, true, response);
}

/* Was its receipt signed with the others'? */
static bool take_receipt(const struct vl_http_request *request, struct vl_entering *entering,
                         struct vl_http_response *response)
{
    if (entering->receipt.len == 0)
        return false;
    vl_buf_release(&response->body);
    response->body = entering->receipt;
    response->body.max_len = VL_HTTP_MAX_RESPONSE;
    entering->receipt = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    put_status(request, true, response);
    return true;
}

/* The second time that it is asked. */
static bool finish(struct vl_site *site, struct vl_http_request *request,
                   struct vl_http_response *response)
{
    struct vl_entering *entering = request->state;

    if (!entering->is_done)
        return false;
    if (!entering->err)
        locate(entering->entry.id, response);
    if (entering->is_refused)
        refused(response, entering->err, &entering->why);
    else if (entering->err)
        failed(response, entering->err);
    else if (!take_receipt(request, entering, response))
        give_receipt(site, request, entering, response);
    request->state = NULL;
    vl_entering_free(entering);
    return true;
}

void vl_scrapi_forget(struct vl_site *site, struct vl_http_request *request)
{
    struct vl_entering *entering = request->state;

    (void)site;
    request->state = NULL;
    if (!entering->is_done)
        entering->is_orphan = true; /* what is to be entered is, all the same */
    else
        vl_entering_free(entering);
}

/* --- POST /entries ---------------------------------------------------------------------------- */

/* True: answered.  False: it waits. */
static bool enter(struct vl_site *site, struct vl_http_request *request,
                  struct vl_http_response *response)
{
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    struct vl_entering *entering = NULL;
    struct vl_why why = {""};
    uint64_t index = 0;
    enum vl_err err = vl_entry_parse(request->body, &entry, &why);

    /* What is there already is not judged, even if it would not be let in any more. */
    if (!err && vl_log_dir_look_up(site->log, entry.id, &entry, &index, NULL) == VL_OK)
        return want_receipt(site, request, &entry, index, response);
    if (!err && vl_entering_has_to_wait(site, &entry))
        return false;
    if (!err)
        err = vl_entering_new(&entry, request, &entering);
    if (!err)
        err = vl_entering_put(site, entering, &why);
    if (err) {
        refused(response, err, &why);
        if (entering)
            vl_entering_free(entering);
        return true;
    }
    request->state = entering;
    return false;
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

/* True: answered.  False: its receipt is signed with others'. */
static bool get_entry(struct vl_site *site, struct vl_http_request *request, vl_bytes rest,
                      struct vl_http_response *response)
{
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    uint8_t id[VL_HASH_LEN];
    struct vl_why why = {""};
    uint64_t index = 0;
    enum vl_err err;

    if (vl_http_id_parse(rest, id)) {
        problem(response, 400, "Invalid locator", "43 symbols of base64url are one");
        return true;
    }
    err = vl_log_dir_look_up(site->log, id, &entry, &index, &why);
    if (err == VL_ERR_NOT_FOUND) {
        problem(response, 404, "Not Found", "no such entry");
        return true;
    }
    if (err) {
        refused(response, err, &why);
        return true;
    }
    response->varies = true;
    if (!vl_http_names(request->accept, "text/html"))
        return want_receipt(site, request, &entry, index, response);
    response->status = 303;
    (void)snprintf(response->location, sizeof response->location, "/entry/%llu",
                   (unsigned long long)index);
    return true;
}

static bool finish_entry(struct vl_site *site, struct vl_http_request *request,
                         struct vl_http_response *response)
{
    response->varies = true;
    return finish(site, request, response);
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
        *done = request->state ? finish_entry(site, request, response)
                               : get_entry(site, request, rest, response);
        return true;
    }
    if (request->method == VL_HTTP_GET &&
        vl_http_under(request->path, "/.well-known/scitt-keys", &rest)) {
        get_keys(site, rest, response);
        return true;
    }
    return false;
}
