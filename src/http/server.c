/* SPDX-License-Identifier: Apache-2.0 */
#include "http/server.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "http/gather.h"
#include "http/head.h"
#include "sys/clock.h"

#define HEAD_MAX   ((size_t)16 << 10) /* request line and headers of one request */
#define ANSWER_S   300                /* a slow reader has this long for one answer */
#define ACCEPT_MAX 128                /* in one round */
#define TICK_MS    500
#define STOP_MS    5000
#define BODY_FIRST ((size_t)4 << 10)

/* One connection, for the time that it takes. */
struct connection {
    struct connection *next, *before;
    int fd;
    bool answering;
    uint64_t since_ms;
};

struct vl_http {
    struct MHD_Daemon *daemon;
    struct vl_listener listener;
    struct vl_http_options options;
    const struct vl_http_site *site;
    struct connection *connections;
    size_t connection_count;
    size_t open_count; /* requests that are being answered */
    size_t waiting;    /* of which so many asked in this round and wait */
    struct vl_gather gather;
};

/* One request on its way. */
struct exchange {
    struct vl_http *http;
    struct vl_http_request request;
    struct vl_buf body;
    bool begun;
    bool too_long;
    bool answered;
    size_t target_len;
    char target[VL_HTTP_MAX_TARGET];
};

static volatile sig_atomic_t told_to_stop;

static void on_signal(int number)
{
    (void)number;
    told_to_stop = 1;
}

/* --- what goes out ---------------------------------------------------------------------------- */

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

static const char *policy_of(enum vl_http_kind kind)
{
    return kind == VL_HTTP_PAGE
               ? "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
                 "base-uri 'none'; frame-ancestors 'none'"
               : "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

static bool add_headers(struct MHD_Response *out, const struct vl_http_response *response)
{
    char text[VL_HTTP_LINK];
    bool ok = add(out, "X-Content-Type-Options", "nosniff") &&
              add(out, "Referrer-Policy", "no-referrer") &&
              add(out, "Content-Security-Policy", policy_of(response->kind)) &&
              add(out, "Cache-Control", response->cache ? response->cache : "no-store");

    if (response->kind == VL_HTTP_PAGE)
        ok = ok && add(out, "X-Robots-Tag", "noindex");
    else
        ok = ok && add(out, "Access-Control-Allow-Origin", "*");
    if (response->content_type)
        ok = ok && add(out, "Content-Type", response->content_type);
    if (response->varies)
        ok = ok && add(out, "Vary", "Accept");
    if (response->location[0])
        ok = ok && add(out, "Location", response->location);
    if (response->retry_after_s > 0) {
        (void)snprintf(text, sizeof text, "%u", response->retry_after_s);
        ok = ok && add(out, "Retry-After", text);
    }
    if (response->is_file)
        ok = ok && add(out, "Content-Disposition", "attachment");
    return ok;
}

/* Takes the body of the response. */
static enum MHD_Result send_it(struct MHD_Connection *connection, struct vl_http_response *response,
                               bool close_after)
{
    struct MHD_Response *out;
    enum MHD_Result sent = MHD_NO;

    if (response->body.len > 0)
        out = MHD_create_response_from_buffer_with_free_callback(response->body.len,
                                                                 response->body.data, vl_free);
    else
        out = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    if (out && response->body.len > 0)
        response->body = VL_BUF_INIT(VL_HTTP_MAX_RESPONSE);
    vl_buf_release(&response->body);
    if (!out)
        return MHD_NO;
    if (add_headers(out, response) && (!close_after || add(out, "Connection", "close")))
        sent = MHD_queue_response(connection, response->status, out);
    MHD_destroy_response(out);
    return sent;
}

static void answering(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct connection *at = info ? info->socket_context : NULL;

    if (at) {
        at->answering = true;
        at->since_ms = vl_clock_steady_ms();
    }
}

/* Nothing that this client sends from here on is read. */
static enum MHD_Result refuse(struct MHD_Connection *connection, struct exchange *exchange,
                              unsigned status, const char *words)
{
    struct vl_http_response response = VL_HTTP_RESPONSE_INIT;
    enum vl_err err = vl_buf_put(&response.body, vl_bytes_str(words));

    if (!err)
        err = vl_buf_put_byte(&response.body, '\n');
    if (err)
        vl_buf_release(&response.body);
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    exchange->answered = true;
    answering(connection);
    return send_it(connection, &response, true);
}

/* --- what comes in ---------------------------------------------------------------------------- */

static enum MHD_Result see_header(void *self, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    (void)kind;
    vl_http_head_see(self, name, value);
    return MHD_YES;
}

static void copy_header(char out[VL_HTTP_MAX_HEADER], const char *value)
{
    (void)snprintf(out, VL_HTTP_MAX_HEADER, "%s", value ? value : "");
}

static void read_peer(struct MHD_Connection *connection, struct vl_http_request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;

    request->has_peer =
        address && (address->sa_family == AF_INET || address->sa_family == AF_INET6);
    if (request->has_peer && address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)address;

        memcpy(request->peer + 12, &v4->sin_addr, 4);
    } else if (request->has_peer) {
        const struct sockaddr_in6 *v6 = (const void *)address;

        memcpy(request->peer, &v6->sin6_addr, 8); /* whoever has one has 2^64 of them */
    }
}

/* NULL, or what is wrong; *status says how wrong. */
static const char *read_target(struct exchange *exchange, const char *url, unsigned *status)
{
    const vl_bytes target = vl_bytes_of(exchange->target, exchange->target_len);
    const uint8_t *mark = target.len ? memchr(target.ptr, '?', target.len) : NULL;
    const size_t path_len = mark ? (size_t)(mark - target.ptr) : target.len;

    (void)url;
    *status = 414;
    if (exchange->too_long)
        return "The address is too long.";
    *status = 400;
    for (size_t i = 0; i < target.len; i++)
        if (target.ptr[i] <= ' ' || target.ptr[i] >= 0x7f)
            return "The address has characters that belong in no address.";
    if (path_len == 0 || target.ptr[0] != '/')
        return "The address does not begin with a slash.";
    exchange->request.path = vl_bytes_first(target, path_len);
    exchange->request.query = vl_bytes_after(target, path_len + (mark != NULL));
    return NULL;
}

static const char *read_method(struct exchange *exchange, const char *method, unsigned *status)
{
    *status = 501;
    if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
        exchange->request.method = VL_HTTP_GET;
    else if (strcmp(method, "POST") == 0)
        exchange->request.method = VL_HTTP_POST;
    else
        return "Only GET, HEAD and POST are understood.";
    return NULL;
}

static const char *read_body_head(struct exchange *exchange, const struct vl_http_head *head,
                                  unsigned *status)
{
    const bool is_post = exchange->request.method == VL_HTTP_POST;

    *status = 400;
    if (head->lengths > 1 || head->types > 1)
        return "A header is there twice.";
    if (head->encodings > 0 && head->lengths > 0)
        return "A length and an encoding: it is one or the other.";
    if (head->has_bad_length)
        return "The length is no number.";
    if (!is_post && (head->length > 0 || head->encodings > 0))
        return "A body belongs to POST.";
    *status = 411;
    if (head->encodings > 0 || (is_post && head->lengths == 0))
        return "Say how long the body is: Content-Length.";
    *status = 413;
    if (head->length > exchange->body.max_len)
        return "The body is longer than what is taken here.";
    return NULL;
}

static const char *read_head(struct exchange *exchange, struct MHD_Connection *connection,
                             const char *url, const char *method, const char *version,
                             unsigned *status)
{
    struct vl_http_head head = {0};
    const char *wrong;

    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, see_header, &head);
    *status = 505;
    if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0)
        return "HTTP/1.1 is spoken here.";
    *status = 400;
    if (head.hosts > 1 || (head.hosts == 0 && strcmp(version, "HTTP/1.1") == 0))
        return "One Host, and no more.";
    if (head.has_control)
        return "A header has characters that belong in none.";
    wrong = read_target(exchange, url, status);
    if (!wrong)
        wrong = read_method(exchange, method, status);
    if (wrong)
        return wrong;
    copy_header(exchange->request.accept, head.accept);
    copy_header(exchange->request.content_type, head.content_type);
    copy_header(exchange->request.authorization, head.authorization);
    read_peer(connection, &exchange->request);
    exchange->body.max_len =
        exchange->request.method == VL_HTTP_POST
            ? exchange->http->site->body_max(exchange->http->site->self, &exchange->request)
            : 0;
    return read_body_head(exchange, &head, status);
}

static enum MHD_Result answer(struct exchange *exchange, struct MHD_Connection *connection)
{
    struct vl_http_response response = VL_HTTP_RESPONSE_INIT;
    const struct vl_http_site *site = exchange->http->site;

    exchange->request.body = vl_buf_bytes(&exchange->body);
    if (!site->answer(site->self, &exchange->request, &response)) {
        vl_buf_release(&response.body);
        exchange->http->waiting++;
        return MHD_YES; /* libmicrohttpd asks again in its next round */
    }
    exchange->answered = true;
    answering(connection);
    return send_it(connection, &response, false);
}

static enum MHD_Result on_request(void *self, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **context)
{
    struct exchange *exchange = *context;
    const char *wrong;
    unsigned status;

    (void)self;
    if (!exchange)
        return MHD_NO;
    if (!exchange->begun) {
        exchange->begun = true;
        wrong = read_head(exchange, connection, url, method, version, &status);
        return wrong ? refuse(connection, exchange, status, wrong) : MHD_YES;
    }
    if (*upload_len > 0) {
        if (!exchange->answered &&
            vl_buf_put(&exchange->body, vl_bytes_of(upload, *upload_len)) != VL_OK)
            return MHD_NO;
        *upload_len = 0;
        return MHD_YES;
    }
    return exchange->answered ? MHD_YES : answer(exchange, connection);
}

/* The address as it came: libmicrohttpd would end it at a %00. */
static void *on_target(void *self, const char *uri, struct MHD_Connection *connection)
{
    struct vl_http *http = self;
    struct exchange *exchange = vl_new(sizeof *exchange);
    const size_t len = strlen(uri);

    (void)connection;
    if (!exchange)
        return NULL;
    exchange->http = http;
    exchange->body = VL_BUF_INIT(0);
    exchange->too_long = len > sizeof exchange->target;
    exchange->target_len = exchange->too_long ? 0 : len;
    memcpy(exchange->target, uri, exchange->target_len);
    http->open_count++;
    return exchange;
}

static size_t keep_escaped(void *self, struct MHD_Connection *connection, char *text)
{
    (void)self;
    (void)connection;
    return strlen(text);
}

static void on_end(void *self, struct MHD_Connection *connection, void **context,
                   enum MHD_RequestTerminationCode code)
{
    struct vl_http *http = self;
    struct exchange *exchange = *context;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct connection *at = info ? info->socket_context : NULL;

    (void)code;
    if (at) {
        at->answering = false;
        at->since_ms = vl_clock_steady_ms();
    }
    if (!exchange)
        return;
    if (exchange->request.state)
        http->site->forget(http->site->self, &exchange->request);
    vl_buf_release(&exchange->body);
    vl_free(exchange);
    *context = NULL;
    http->open_count--;
}

/* --- connections ------------------------------------------------------------------------------ */

static void on_connection(void *self, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct vl_http *http = self;
    struct connection *at = *context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

        at = info ? vl_new(sizeof *at) : NULL;
        *context = at;
        if (!at)
            return; /* libmicrohttpd's own time-out is left */
        at->fd = info->connect_fd;
        at->since_ms = vl_clock_steady_ms();
        at->next = http->connections;
        if (at->next)
            at->next->before = at;
        http->connections = at;
        http->connection_count++;
        return;
    }
    if (!at)
        return;
    if (at->before)
        at->before->next = at->next;
    else
        http->connections = at->next;
    if (at->next)
        at->next->before = at->before;
    vl_free(at);
    *context = NULL;
    http->connection_count--;
}

/* All who wait, and not one in each round as libmicrohttpd would: while others are answered they
 * would wait long.  Beyond its limits it closes what it is given. */
static void let_in(struct vl_http *http)
{
    for (size_t i = 0; i < ACCEPT_MAX && http->connection_count < http->options.connections; i++) {
        struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
        socklen_t len = sizeof address;
        const int fd = accept4(http->listener.fd, (struct sockaddr *)&address, &len,
                               SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd < 0)
            return;
        if (fd >= FD_SETSIZE)
            (void)close(fd);
        else
            (void)MHD_add_connection(http->daemon, fd, (struct sockaddr *)&address, len);
    }
}

/* Whoever sends one byte now and then would never time out otherwise. */
static void end_slow_ones(struct vl_http *http)
{
    const uint64_t now = vl_clock_steady_ms();

    for (struct connection *at = http->connections; at; at = at->next) {
        const uint64_t span = at->answering ? ANSWER_S : http->options.request_s;

        if (now - at->since_ms > span * 1000)
            (void)shutdown(at->fd, SHUT_RDWR);
    }
}

/* --- the server ------------------------------------------------------------------------------- */

enum vl_err vl_http_open(struct vl_listener *listener, const struct vl_http_options *options,
                         const struct vl_http_site *site, struct vl_http **out, struct vl_why *why)
{
    struct vl_http *http = vl_new(sizeof *http);

    *out = NULL;
    if (!http) {
        vl_listener_close(listener);
        return VL_ERR_NO_MEMORY;
    }
    http->listener = *listener;
    *listener = (struct vl_listener)VL_LISTENER_INIT;
    http->options = *options;
    http->site = site;
    http->daemon =
        MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, on_request, http,
                         MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_CONNECTION_LIMIT,
                         options->connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
                         options->per_address, MHD_OPTION_CONNECTION_TIMEOUT, options->request_s,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_MAX, MHD_OPTION_URI_LOG_CALLBACK,
                         on_target, http, MHD_OPTION_UNESCAPE_CALLBACK, keep_escaped, NULL,
                         MHD_OPTION_NOTIFY_COMPLETED, on_end, http, MHD_OPTION_NOTIFY_CONNECTION,
                         on_connection, http, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
    if (!http->daemon) {
        vl_http_close(http);
        return vl_fail(why, VL_ERR_IO, "the server does not start");
    }
    *out = http;
    return VL_OK;
}

static bool gathers(const struct vl_http *http)
{
    return http->site->gathers(http->site->self);
}

static void settle(struct vl_http *http)
{
    const bool is_worth_it = gathers(http);
    const uint64_t begun = vl_clock_steady_us();

    http->site->settle(http->site->self);
    if (is_worth_it)
        vl_gather_took(&http->gather, vl_clock_steady_us() - begun);
    vl_gather_end(&http->gather);
}

/* How long a round waits for the first who comes. */
static long wait_ns(const struct vl_http *http, unsigned long long idle_ms)
{
    if (http->waiting == 0)
        return (long)idle_ms * 1000000;
    return gathers(http) ? (long)vl_gather_rest_us(&http->gather) * 1000 : 0;
}

/* One round: wait, read and write, and do what has piled up. */
static enum vl_err round_of(struct vl_http *http, const sigset_t *open_mask, struct vl_why *why)
{
    fd_set reading, writing, other;
    MHD_socket max = -1;
    unsigned long long wait_ms = 0;
    struct timespec wait = {0, 0};

    FD_ZERO(&reading);
    FD_ZERO(&writing);
    FD_ZERO(&other);
    if (MHD_get_fdset2(http->daemon, &reading, &writing, &other, &max, FD_SETSIZE) != MHD_YES)
        return vl_fail(why, VL_ERR_IO, "too many connections");
    if (http->listener.fd >= 0 && http->connection_count < http->options.connections) {
        FD_SET(http->listener.fd, &reading);
        max = max > http->listener.fd ? max : http->listener.fd;
    }
    if (MHD_get_timeout(http->daemon, &wait_ms) != MHD_YES || wait_ms > TICK_MS)
        wait_ms = TICK_MS;
    wait.tv_nsec = wait_ns(http, wait_ms);
    if (pselect(max + 1, &reading, &writing, &other, &wait, open_mask) < 0) {
        if (errno != EINTR)
            return vl_fail(why, VL_ERR_IO, "waiting: %s", strerror(errno));
        FD_ZERO(&reading);
        FD_ZERO(&writing);
        FD_ZERO(&other);
    }
    if (http->listener.fd >= 0 && FD_ISSET(http->listener.fd, &reading))
        let_in(http);
    http->waiting = 0;
    http->site->next(http->site->self);
    if (MHD_run_from_select(http->daemon, &reading, &writing, &other) != MHD_YES)
        return vl_fail(why, VL_ERR_IO, "the server does not run");
    if (http->waiting == 0)
        vl_gather_end(&http->gather);
    else if (vl_gather_is_full(&http->gather, http->waiting, http->connection_count,
                               vl_clock_steady_us()))
        settle(http);
    end_slow_ones(http);
    return VL_OK;
}

/* Let nobody in any more; whoever has asked gets the answer. */
static enum vl_err wind_down(struct vl_http *http, const sigset_t *open_mask, struct vl_why *why)
{
    const uint64_t begun = vl_clock_steady_ms();
    enum vl_err err = VL_OK;

    vl_listener_close(&http->listener);
    while (!err && http->open_count > 0 && vl_clock_steady_ms() - begun < STOP_MS)
        err = round_of(http, open_mask, why);
    return err;
}

enum vl_err vl_http_run(struct vl_http *http, struct vl_why *why)
{
    const struct sigaction stop = {.sa_handler = on_signal}, deaf = {.sa_handler = SIG_IGN};
    sigset_t stops, before;
    enum vl_err err = VL_OK;

    told_to_stop = 0;
    (void)sigemptyset(&stops);
    (void)sigaddset(&stops, SIGTERM);
    (void)sigaddset(&stops, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &stops, &before);
    (void)sigaction(SIGTERM, &stop, NULL);
    (void)sigaction(SIGINT, &stop, NULL);
    (void)sigaction(SIGPIPE, &deaf, NULL);
    (void)sigdelset(&before, SIGTERM);
    (void)sigdelset(&before, SIGINT);
    while (!err && !told_to_stop)
        err = round_of(http, &before, why);
    if (!err)
        err = wind_down(http, &before, why);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return err;
}

void vl_http_close(struct vl_http *http)
{
    if (!http)
        return;
    if (http->daemon)
        MHD_stop_daemon(http->daemon);
    vl_listener_close(&http->listener);
    vl_free(http);
}
