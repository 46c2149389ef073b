/* SPDX-License-Identifier: Apache-2.0 */
#include "http/fetch.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "http/text.h"

#define CONNECT_S   10L
#define SLOW_S      30L /* less than SLOW_BYTES a second for so long, and it is given up */
#define SLOW_BYTES  16L
#define HEADERS_MAX ((size_t)16 << 10)
#define HOPS_MAX    3

struct vl_fetch {
    CURL *curl;
    CURLU *base;  /* its path ends with a slash */
    bool is_near; /* of this machine: no proxy is asked for it */
    const char *ca;
    unsigned total_s;
    char error[CURL_ERROR_SIZE];
};

/* One answer on its way. */
struct coming {
    struct vl_fetch_answer *answer;
    size_t before; /* the body's length */
    size_t headers_len;
    bool is_too_much;
    bool is_no_memory;
    char location[VL_FETCH_URL];
    bool has_long_location;
};

/* --- addresses -------------------------------------------------------------------------------- */

/* A part of an address, or nothing. */
static bool part(CURLU *url, CURLUPart what, char *out, size_t size)
{
    char *text = NULL;
    const bool is_there = curl_url_get(url, what, &text, CURLU_DEFAULT_PORT) == CURLUE_OK;

    out[0] = '\0';
    if (is_there)
        (void)snprintf(out, size, "%s", text);
    curl_free(text);
    return is_there;
}

static bool is_near_host(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == strlen(host));
}

static enum vl_err check_base(struct vl_fetch *fetch, const struct vl_fetch_options *options,
                              struct vl_why *why)
{
    char scheme[16], host[256], other[16];

    (void)part(fetch->base, CURLUPART_SCHEME, scheme, sizeof scheme);
    (void)part(fetch->base, CURLUPART_HOST, host, sizeof host);
    fetch->is_near = is_near_host(host);
    if (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0)
        return vl_fail(why, VL_ERR_USAGE, "a record's address begins with https://");
    if (strcmp(scheme, "http") == 0 && !fetch->is_near && !options->any_http)
        return vl_fail(why, VL_ERR_USAGE,
                       "http:// leads to this machine alone: say https://, or --http");
    if (part(fetch->base, CURLUPART_USER, other, sizeof other) ||
        part(fetch->base, CURLUPART_PASSWORD, other, sizeof other))
        return vl_fail(why, VL_ERR_USAGE, "no name or password belongs into an address");
    if (part(fetch->base, CURLUPART_QUERY, other, sizeof other) ||
        part(fetch->base, CURLUPART_FRAGMENT, other, sizeof other))
        return vl_fail(why, VL_ERR_USAGE, "a record's address has no ? and no #");
    return VL_OK;
}

static enum vl_err set_base(struct vl_fetch *fetch, const struct vl_fetch_options *options,
                            struct vl_why *why)
{
    char path[VL_FETCH_URL + 1];
    size_t len;

    if (strlen(options->url) > VL_FETCH_URL / 2 ||
        curl_url_set(fetch->base, CURLUPART_URL, options->url, 0) != CURLUE_OK)
        return vl_fail(why, VL_ERR_USAGE, "it is no address");
    (void)part(fetch->base, CURLUPART_PATH, path, sizeof path - 1);
    len = strlen(path);
    if (len == 0 || path[len - 1] != '/')
        memcpy(path + len, "/", 2);
    if (curl_url_set(fetch->base, CURLUPART_PATH, path, 0) != CURLUE_OK)
        return vl_fail(why, VL_ERR_USAGE, "it is no address");
    return check_base(fetch, options, why);
}

static bool is_same(CURLU *a, CURLU *b, CURLUPart what)
{
    char x[256], y[256];

    (void)part(a, what, x, sizeof x);
    (void)part(b, what, y, sizeof y);
    return strcmp(x, y) == 0;
}

/* Make whole what a location or a path says, seen from `from`; it stays on the same server. */
static enum vl_err resolve(struct vl_fetch *fetch, CURLU *from, const char *text,
                           char out[VL_FETCH_URL], struct vl_why *why)
{
    CURLU *url = curl_url_dup(from);
    enum vl_err err = url ? VL_OK : VL_ERR_NO_MEMORY;
    char *whole = NULL;

    if (!err && curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK)
        err = vl_fail(why, VL_ERR_IO, "the server leads to what is no address");
    if (!err && curl_url_get(url, CURLUPART_URL, &whole, 0) != CURLUE_OK)
        err = VL_ERR_NO_MEMORY;
    if (!err &&
        (!is_same(url, fetch->base, CURLUPART_SCHEME) ||
         !is_same(url, fetch->base, CURLUPART_HOST) || !is_same(url, fetch->base, CURLUPART_PORT)))
        err = vl_fail(why, VL_ERR_IO,
                      "the server leads elsewhere: if that is meant, give that address: %.200s",
                      whole);
    if (!err && strlen(whole) >= VL_FETCH_URL)
        err = vl_fail(why, VL_ERR_IO, "the server leads to an address of %zu bytes", strlen(whole));
    if (!err)
        memcpy(out, whole, strlen(whole) + 1);
    curl_free(whole);
    curl_url_cleanup(url);
    return err == VL_ERR_NO_MEMORY ? vl_fail(why, err, "no memory for an address") : err;
}

/* --- what comes ------------------------------------------------------------------------------- */

static size_t on_body(char *bytes, size_t size, size_t count, void *self)
{
    struct coming *coming = self;
    struct vl_buf *body = coming->answer->body;
    const size_t len = size * count;
    enum vl_err err;

    if (len > body->max_len - body->len) {
        coming->is_too_much = true;
        return 0;
    }
    err = vl_buf_put(body, vl_bytes_of(bytes, len));
    coming->is_no_memory = err != VL_OK;
    return err ? 0 : len;
}

static bool is_named(vl_bytes line, const char *name, vl_bytes *value)
{
    const size_t len = strlen(name);

    if (line.len < len)
        return false;
    for (size_t i = 0; i < len; i++) {
        const uint8_t c = line.ptr[i];

        if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != (uint8_t)name[i])
            return false;
    }
    *value = vl_bytes_after(line, len);
    while (value->len > 0 && (value->ptr[0] == ' ' || value->ptr[0] == '\t'))
        *value = vl_bytes_after(*value, 1);
    while (value->len > 0 && value->ptr[value->len - 1] <= ' ')
        value->len--;
    return true;
}

static void read_type(vl_bytes value, char out[VL_FETCH_TYPE])
{
    size_t len = 0;

    while (len < value.len && len < VL_FETCH_TYPE - 1 && value.ptr[len] != ';' &&
           value.ptr[len] > ' ') {
        const uint8_t c = value.ptr[len];

        out[len++] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    out[len] = '\0';
}

/* Seconds; a date is passed over, and whoever waits does so by its own measure. */
static void read_retry(vl_bytes value, struct vl_fetch_answer *answer)
{
    uint64_t seconds = 0;

    answer->has_retry_after = vl_http_number(value, &seconds) == VL_OK;
    answer->retry_after_s = seconds < 3600 ? (unsigned)seconds : 3600;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *self)
{
    struct coming *coming = self;
    const size_t len = size * count;
    const vl_bytes line = vl_bytes_of(bytes, len);
    vl_bytes value;

    coming->headers_len += len;
    if (coming->headers_len > HEADERS_MAX) {
        coming->is_too_much = true;
        return 0;
    }
    if (is_named(line, "http/", &value)) { /* a status line: what came before was of another one */
        coming->answer->content_type[0] = coming->location[0] = '\0';
        coming->answer->has_retry_after = false;
    } else if (is_named(line, "content-type:", &value)) {
        read_type(value, coming->answer->content_type);
    } else if (is_named(line, "location:", &value)) {
        coming->has_long_location = value.len >= sizeof coming->location;
        (void)snprintf(coming->location, sizeof coming->location, "%.*s",
                       coming->has_long_location ? 0 : (int)value.len, (const char *)value.ptr);
    } else if (is_named(line, "retry-after:", &value)) {
        read_retry(value, coming->answer);
    }
    return len;
}

/* --- asked ------------------------------------------------------------------------------------ */

static enum vl_err why_not(const struct vl_fetch *fetch, CURLcode code, const struct coming *coming,
                           struct vl_why *why)
{
    char safe[2 * CURL_ERROR_SIZE];

    if (coming->is_too_much)
        return vl_fail(why, VL_ERR_IO, "the server sends more than a record would");
    if (coming->is_no_memory || code == CURLE_OUT_OF_MEMORY)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for its answer");
    (void)vl_text_safe(safe, sizeof safe,
                       vl_bytes_str(fetch->error[0] ? fetch->error : curl_easy_strerror(code)));
    switch ((int)code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return vl_fail(why, VL_ERR_IO, "the server's certificate is not trusted: %s", safe);
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_SSL_CONNECT_ERROR:
        return vl_fail(why, VL_ERR_IO, "it does not answer as a web server: %s", safe);
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
        return vl_fail(why, VL_ERR_BUSY, "its answer was cut off: %s", safe);
    case CURLE_OPERATION_TIMEDOUT:
        return vl_fail(why, VL_ERR_BUSY, "it took too long: %s", safe);
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
        return vl_fail(why, VL_ERR_BUSY, "it is not reached: %s", safe);
    default:
        return vl_fail(why, VL_ERR_BUSY, "%s", safe);
    }
}

static bool add_header(struct curl_slist **list, const char *name, const char *value)
{
    char line[512];
    struct curl_slist *longer;

    if (!value)
        return true;
    (void)snprintf(line, sizeof line, "%s: %s", name, value);
    longer = curl_slist_append(*list, line);
    if (longer)
        *list = longer;
    return longer != NULL;
}

/* Everything about how: nothing of it is left from the request before. */
static bool set_how(const struct vl_fetch *fetch, const struct vl_fetch_asked *asked,
                    struct coming *coming)
{
    CURL *curl = fetch->curl;
    bool ok;

    curl_easy_reset(curl); /* keeps the connection */
    ok = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_S) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)fetch->total_s) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, SLOW_S) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_USERAGENT, "valise") == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, fetch->error) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_WRITEDATA, coming) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_HEADERDATA, coming) == CURLE_OK;
    if (fetch->is_near)
        ok = ok && curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK;
    if (fetch->ca)
        ok = ok && curl_easy_setopt(curl, CURLOPT_CAINFO, fetch->ca) == CURLE_OK &&
             curl_easy_setopt(curl, CURLOPT_CAPATH, NULL) == CURLE_OK;
    if (asked->is_post)
        ok = ok && curl_easy_setopt(curl, CURLOPT_POST, 1L) == CURLE_OK &&
             curl_easy_setopt(curl, CURLOPT_POSTFIELDS, asked->body.ptr) == CURLE_OK &&
             curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)asked->body.len) ==
                 CURLE_OK;
    return ok;
}

static enum vl_err perform(struct vl_fetch *fetch, const char *url,
                           const struct vl_fetch_asked *asked, struct coming *coming,
                           struct vl_why *why)
{
    struct curl_slist *headers = NULL;
    long status = 0, sent = 0;
    CURLcode code = CURLE_OUT_OF_MEMORY;

    fetch->error[0] = '\0';
    if (add_header(&headers, "Accept", asked->accept ? asked->accept : "*/*") &&
        add_header(&headers, "Content-Type", asked->is_post ? asked->content_type : NULL) &&
        add_header(&headers, "Expect", asked->is_post ? "" : NULL) &&
        add_header(&headers, "Authorization", asked->authorization) &&
        set_how(fetch, asked, coming) &&
        curl_easy_setopt(fetch->curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
        curl_easy_setopt(fetch->curl, CURLOPT_URL, url) == CURLE_OK)
        code = curl_easy_perform(fetch->curl);
    if (code == CURLE_OK)
        code = curl_easy_getinfo(fetch->curl, CURLINFO_RESPONSE_CODE, &status);
    coming->answer->was_sent =
        curl_easy_getinfo(fetch->curl, CURLINFO_REQUEST_SIZE, &sent) == CURLE_OK && sent > 0;
    curl_slist_free_all(headers);
    coming->answer->status = (unsigned)status;
    return code == CURLE_OK ? VL_OK : why_not(fetch, code, coming, why);
}

static enum vl_err ask(struct vl_fetch *fetch, const char *url, const struct vl_fetch_asked *asked,
                       struct vl_fetch_answer *answer, struct vl_why *why)
{
    struct coming coming = {.answer = answer, .before = answer->body->len};
    CURLU *here = curl_url();
    enum vl_err err = here ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for an address");

    *answer = (struct vl_fetch_answer){.body = answer->body};
    if (!err)
        err = perform(fetch, url, asked, &coming, why);
    if (!err && coming.has_long_location)
        err = vl_fail(why, VL_ERR_IO, "the server leads to an address that is too long");
    if (!err && coming.location[0] && curl_url_set(here, CURLUPART_URL, url, 0) != CURLUE_OK)
        err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for an address");
    if (!err && coming.location[0])
        err = resolve(fetch, here, coming.location, answer->location, why);
    if (err)
        answer->body->len = coming.before;
    curl_url_cleanup(here);
    return err;
}

enum vl_err vl_fetch(struct vl_fetch *fetch, const struct vl_fetch_asked *asked,
                     struct vl_fetch_answer *answer, struct vl_why *why)
{
    char url[VL_FETCH_URL];
    enum vl_err err = resolve(fetch, fetch->base, asked->path, url, why);

    return err ? err : ask(fetch, url, asked, answer, why);
}

static bool leads_on(const struct vl_fetch_answer *answer)
{
    return answer->location[0] &&
           (answer->status == 301 || answer->status == 302 || answer->status == 303 ||
            answer->status == 307 || answer->status == 308);
}

enum vl_err vl_fetch_get(struct vl_fetch *fetch, const struct vl_fetch_asked *asked,
                         struct vl_fetch_answer *answer, struct vl_why *why)
{
    const size_t before = answer->body->len;
    enum vl_err err = vl_fetch(fetch, asked, answer, why);

    for (int hops = 0; !err && leads_on(answer); hops++) {
        char url[VL_FETCH_URL];

        if (hops == HOPS_MAX) {
            answer->body->len = before;
            return vl_fail(why, VL_ERR_IO, "the server leads on and on: more than %d times",
                           HOPS_MAX);
        }
        memcpy(url, answer->location, sizeof url);
        answer->body->len = before;
        err = ask(fetch, url, asked, answer, why);
    }
    return err;
}

/* ---------------------------------------------------------------------------------------------- */

enum vl_err vl_fetch_open(const struct vl_fetch_options *options, struct vl_fetch **out,
                          struct vl_why *why)
{
    struct vl_fetch *fetch = vl_new(sizeof *fetch);
    enum vl_err err = VL_OK;

    *out = NULL;
    if (!fetch)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a client");
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        vl_free(fetch);
        return vl_fail(why, VL_ERR_INTERNAL, "libcurl does not start");
    }
    fetch->ca = options->ca;
    fetch->total_s = options->total_s;
    fetch->base = curl_url();
    fetch->curl = curl_easy_init();
    if (!fetch->base || !fetch->curl)
        err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a client");
    if (!err)
        err = set_base(fetch, options, why);
    if (err)
        vl_fetch_close(fetch);
    else
        *out = fetch;
    return err;
}

void vl_fetch_close(struct vl_fetch *fetch)
{
    if (!fetch)
        return;
    curl_easy_cleanup(fetch->curl);
    curl_url_cleanup(fetch->base);
    curl_global_cleanup();
    vl_free(fetch);
}
