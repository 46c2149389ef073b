/* SPDX-License-Identifier: Apache-2.0 */
/* http/client.h, http/fetch.h: what a refusal says in whatever way it is said, and which addresses
 * will do. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http/client.h"
#include "support.h"

#define CBOR "application/concise-problem-details+cbor"
#define JSON "application/problem+json"
#define BYTES(text)                                                                                \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }

/* clang-format off */
static const struct { const char *type; vl_bytes body; const char *words; } problems[] = {
    { CBOR, BYTES("\xa3\x20\x68Rejected\x21\x64late\x23\x19\x01\x90"), "Rejected: late" },
    { CBOR, BYTES("\xa2\x21\x64late\x20\x68Rejected"), "Rejected: late" },
    { CBOR, BYTES("\xa1\x20\x68Rejected"), "Rejected" },
    { CBOR, BYTES("\xa2\x20\xd8\x26\x82\x62" "de\x62" "ab\x21\x62no"), "no" },
    { CBOR, BYTES("\xa2\x65title\x61" "a\x21\x61" "b"), "b" },
    { CBOR, BYTES("\xa1\x21\x64no\x1b["), "no\\u{001B}[" },
    { CBOR, BYTES("\xa1\x21\x62\xff\xff"), "" },
    { CBOR, BYTES("\xa1\x21\x64no"), "" },
    { CBOR, BYTES("\x80"), "" },
    { CBOR, BYTES(""), "" },
    { "application/cbor", BYTES("\xa1\x20\x61x"), "x" },
    { JSON, BYTES("{\"title\":\"Rejected\",\"detail\": \"late\"}"), "Rejected: late" },
    { JSON, BYTES("{\"detail\":7,\"title\":\"Rejected\"}"), "Rejected" },
    { JSON, BYTES("{\"title\":\"Rejected"), "" },
    { "application/json", BYTES("{\"title\":\"x\"}"), "x" },
    { "text/html", BYTES("\"title\":\"x\""), "" },
};
static const struct { const char *url; enum vl_err err; } addresses[] = {
    { "https://records.example", VL_OK }, { "https://records.example/", VL_OK },
    { "https://records.example/2026", VL_OK }, { "https://records.example:8443/2026/", VL_OK },
    { "http://127.0.0.1:8462", VL_OK }, { "http://127.1.2.3/", VL_OK }, { "http://[::1]:8462/", VL_OK },
    { "http://localhost/x", VL_OK }, { "http://records.example/", VL_ERR_USAGE },
    { "http://127.0.0.1.records.example/", VL_ERR_USAGE }, { "http://127.example/", VL_ERR_USAGE },
    { "http://[::2]/", VL_ERR_USAGE }, { "http://0.0.0.0/", VL_ERR_USAGE },
    { "https://me@records.example/", VL_ERR_USAGE }, { "https://me:x@records.example/", VL_ERR_USAGE },
    { "https://records.example/?a", VL_ERR_USAGE }, { "https://records.example/#a", VL_ERR_USAGE },
    { "ftp://records.example/", VL_ERR_USAGE }, { "file:///etc/passwd", VL_ERR_USAGE },
    { "https://", VL_ERR_USAGE }, { "", VL_ERR_USAGE }, { "records.example", VL_ERR_USAGE },
};
/* clang-format on */

static void what_a_refusal_says_is_shown(void **state)
{
    char words[VL_CLIENT_WORDS];

    (void)state;
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        print_message("# %zu\n", i);
        vl_client_problem(problems[i].type, problems[i].body, words);
        assert_string_equal(words, problems[i].words);
    }
}

static void an_address_leads_to_https_or_to_this_machine(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct vl_fetch_options options = {.url = addresses[i].url, .total_s = 1};
        struct vl_why why = {""};
        struct vl_fetch *fetch = NULL;
        enum vl_err err = vl_fetch_open(&options, &fetch, &why);

        print_message("# %s\n", addresses[i].url);
        vl_fetch_close(fetch);
        assert_err(err, addresses[i].err, &why);
    }
}

static void http_leads_elsewhere_where_it_is_asked_for(void **state)
{
    const struct vl_fetch_options options = {.url = "http://records.example/",
                                             .any_http = true,
                                             .total_s = 1};
    struct vl_fetch *fetch = NULL;
    struct vl_why why = {""};
    enum vl_err err;

    (void)state;
    err = vl_fetch_open(&options, &fetch, &why);
    vl_fetch_close(fetch);
    assert_err(err, VL_OK, &why);
}

/* --- waiting ---------------------------------------------------------------------------------- */

/* Whoever asks is told that it runs still, for ever. */
#define LATER                                                                                      \
    "HTTP/1.1 202 Accepted\r\nLocation: /entries/x\r\n"                                            \
    "Content-Length: 0\r\nConnection: close\r\n"

#define BUSY(status) "HTTP/1.1 " status "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

static void answer_for_ever(int listener, const char *later)
{
    for (;;) {
        const int line = accept(listener, NULL, NULL);
        char asked[4096];

        if (line < 0)
            continue;
        if (recv(line, asked, sizeof asked, 0) > 0)
            (void)send(line, later, strlen(later), MSG_NOSIGNAL);
        (void)shutdown(line, SHUT_WR);
        while (recv(line, asked, sizeof asked, 0) > 0)
            continue;
        (void)close(line);
    }
}

/* Begin it in a process of its own; address is where. */
static pid_t begin_server(const char *later, char address[64])
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof at;
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    pid_t child;

    assert_true(listener >= 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(listener, 8), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &len), 0);
    (void)snprintf(address, 64, "http://127.0.0.1:%u/", ntohs(at.sin_port));
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)alarm(60);
        answer_for_ever(listener, later);
    }
    (void)close(listener);
    return child;
}

struct waited {
    size_t count;
    unsigned least_ms;
    uint64_t total_ms;
};

static void sleep_not(void *self, unsigned ms)
{
    struct waited *waited = self;

    if (waited->count++ == 0 || ms < waited->least_ms)
        waited->least_ms = ms;
    waited->total_ms += ms;
}

/* May the record have it, for all that the client knows then? */
static bool wait_for_ever(const char *later)
{
    const struct vl_rng rng = vl_rng_system();
    const struct vl_receipt_log nobody = {.least = VL_RECEIPT_BOUND};
    struct vl_entry entry = VL_ENTRY_INIT;
    struct vl_buf receipt = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    struct waited waited = {.count = 0};
    bool is_open = false;
    struct vl_client_entering entering = {.is_open = &is_open,
                                          .entry = &entry,
                                          .log = &nobody,
                                          .wait_s = 3600,
                                          .rng = &rng,
                                          .sleep = sleep_not,
                                          .self = &waited};
    struct vl_receipt_says says;
    struct vl_why why = {""};
    char address[64];
    const pid_t server = begin_server(later, address);
    const struct vl_fetch_options options = {.url = address, .total_s = 10};
    enum vl_err err;

    entry.sign1.wire = VL_BUF_INIT(8);
    assert_int_equal(vl_buf_put(&entry.sign1.wire, VL_LITERAL("entry")), VL_OK);
    assert_err(vl_fetch_open(&options, &entering.fetch, &why), VL_OK, &why);
    err = vl_client_enter(&entering, &receipt, &says, &why);
    (void)kill(server, SIGKILL);
    (void)waitpid(server, NULL, 0);
    vl_fetch_close(entering.fetch);
    vl_buf_release(&entry.sign1.wire);
    vl_buf_release(&receipt);
    assert_err(err, VL_ERR_BUSY, &why);
    print_message("# %zu times, %u ms at least\n", waited.count, waited.least_ms);
    assert_true(waited.least_ms >= 500);
    assert_true(waited.total_ms > 1500 * 1000);
    return is_open;
}

static void a_client_that_waits_for_long_never_stops_to_wait(void **state)
{
    (void)state;
    assert_true(wait_for_ever(LATER "\r\n"));
}

static void a_server_that_wants_to_be_asked_at_once_is_not_asked_without_a_pause(void **state)
{
    (void)state;
    assert_true(wait_for_ever(LATER "Retry-After: 0\r\n\r\n"));
}

static void what_a_server_had_no_time_for_is_not_in_its_record(void **state)
{
    (void)state;
    assert_false(wait_for_ever(BUSY("429 Too Many Requests")));
    assert_true(wait_for_ever(BUSY("503 Service Unavailable")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_refusal_says_is_shown),
        cmocka_unit_test(an_address_leads_to_https_or_to_this_machine),
        cmocka_unit_test(http_leads_elsewhere_where_it_is_asked_for),
        cmocka_unit_test(a_client_that_waits_for_long_never_stops_to_wait),
        cmocka_unit_test(a_server_that_wants_to_be_asked_at_once_is_not_asked_without_a_pause),
        cmocka_unit_test(what_a_server_had_no_time_for_is_not_in_its_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
