/* SPDX-License-Identifier: Apache-2.0 */
/* http/client.h, http/fetch.h: what a refusal says in whatever way it is said, and which addresses
 * will do. */
#include <string.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_refusal_says_is_shown),
        cmocka_unit_test(an_address_leads_to_https_or_to_this_machine),
        cmocka_unit_test(http_leads_elsewhere_where_it_is_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
