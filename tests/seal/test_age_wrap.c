/* SPDX-License-Identifier: Apache-2.0 */
/* The file key in stanzas: put in, taken out, and refused. */
#include <string.h>

#include "seal/age_keys.h"

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define BYTES(text)                                                                                \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }

/* From the age test kit: an identity, and the stanzas that hold "YELLOW SUBMARINE" for it and for
 * the passphrase "password". */
#define MINE  "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0"
#define SHARE "TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc"
#define BODY  "hjabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41FLE"
#define SALT  "rF0/NwblUHHTpgQgRpe5CQ"
#define SBODY "gUjEymFKMVXQEKdMMHL24oYexjE3TIC0O0zGSqJ2aUY"

#define BAD_SHARE  "an X25519 stanza with a malformed share"
#define BAD_BODY   "an X25519 stanza with a body that is not 32 bytes"
#define LOW_ORDER  "an X25519 stanza with a share of low order"
#define BAD_SALT   "a scrypt stanza with a malformed salt"
#define BAD_FACTOR "a scrypt stanza with a malformed work factor"
#define BAD_SBODY  "a scrypt stanza with a body that is not 32 bytes"
#define OVER       "a scrypt work factor over 22"

/* clang-format off */
#define ROW(name, args, count, body, err, words) \
    { name, BYTES(args), count, BYTES(body), err, words }
static const struct row {
    const char *name;
    vl_bytes args;
    size_t arg_count;
    vl_bytes body;
    enum vl_err err;
    const char *words;
} x25519[] = {
    ROW("the known one",          SHARE,                 1, BODY,        VL_OK, ""),
    ROW("no share",               "",                    0, BODY,        VL_ERR_FORMAT, BAD_SHARE),
    ROW("an argument more",       SHARE " 1234",         2, BODY,        VL_ERR_FORMAT, BAD_SHARE),
    ROW("two shares",             SHARE " " SHARE,       2, BODY,        VL_ERR_FORMAT, BAD_SHARE),
    ROW("33 bytes",               SHARE "A",             1, BODY,        VL_ERR_FORMAT, BAD_SHARE),
    ROW("31 bytes",      "TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOA", 1, BODY, VL_ERR_FORMAT, BAD_SHARE),
    ROW("one byte",               "AA",                  1, BODY,        VL_ERR_FORMAT, BAD_SHARE),
    ROW("padding",                SHARE "=",             1, BODY,        VL_ERR_FORMAT, BAD_SHARE),
    ROW("unused bits",   "TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCd", 1, BODY, VL_ERR_FORMAT, BAD_SHARE),
    ROW("a foreign symbol", "TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDO_c", 1, BODY, VL_ERR_FORMAT, BAD_SHARE),
    ROW("no body",                SHARE,                 1, "",          VL_ERR_FORMAT, BAD_BODY),
    ROW("a body of 31 bytes", SHARE, 1, "hjabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41FA", VL_ERR_FORMAT, BAD_BODY),
    ROW("a body of 33 bytes",     SHARE,                 1, BODY "A",    VL_ERR_FORMAT, BAD_BODY),
    ROW("a body of two lines",    SHARE,                 1, BODY "AAAAAAAAAAAAAAAAAAAAA\nAAAA", VL_ERR_FORMAT, BAD_BODY),
    ROW("a body with unused bits", SHARE, 1, "hjabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41FLF", VL_ERR_FORMAT, BAD_BODY),
    ROW("the point 0", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 1, BODY, VL_ERR_FORMAT, LOW_ORDER),
    ROW("the point 1", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 1, BODY, VL_ERR_FORMAT, LOW_ORDER),
    ROW("of order 8",  "4Ot6fDtBuK4WVuP68Z/EatoJjeucMrH9hmIFFl9JuAA", 1, BODY, VL_ERR_FORMAT, LOW_ORDER),
    ROW("the point p", "7f///////////////////////////////////////38", 1, BODY, VL_ERR_FORMAT, LOW_ORDER),
    /* for somebody else, as far as anybody can tell */
    ROW("another share",  "UEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc", 1, BODY, VL_ERR_NO_KEY, ""),
    ROW("another key in it", SHARE, 1, "ijabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41FLE", VL_ERR_NO_KEY, ""),
    ROW("another tag", SHARE, 1, "hjabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41FLA", VL_ERR_NO_KEY, ""),
}, scrypt[] = {
    ROW("the known one",          SALT " 10",            2, SBODY,       VL_OK, ""),
    ROW("the least factor",       SALT " 1",             2, SBODY,       VL_OK, ""),
    ROW("the greatest factor",    SALT " 22",            2, SBODY,       VL_OK, ""),
    ROW("no argument",            "",                    0, SBODY,       VL_ERR_FORMAT, BAD_SALT),
    ROW("no factor",              SALT,                  1, SBODY,       VL_ERR_FORMAT, BAD_SALT),
    ROW("no salt",                "10",                  1, SBODY,       VL_ERR_FORMAT, BAD_SALT),
    ROW("an argument more",       SALT " 10 10",         3, SBODY,       VL_ERR_FORMAT, BAD_SALT),
    ROW("a salt of 15 bytes",     "rF0/NwblUHHTpgQgRpe5 10",  2, SBODY,  VL_ERR_FORMAT, BAD_SALT),
    ROW("a salt of 17 bytes",     SALT "A 10",           2, SBODY,       VL_ERR_FORMAT, BAD_SALT),
    ROW("a salt with unused bits", "rF0/NwblUHHTpgQgRpe5CR 10", 2, SBODY, VL_ERR_FORMAT, BAD_SALT),
    ROW("padding",                SALT "== 10",          2, SBODY,       VL_ERR_FORMAT, BAD_SALT),
    ROW("0",                      SALT " 0",             2, SBODY,       VL_ERR_FORMAT, BAD_FACTOR),
    ROW("00",                     SALT " 00",            2, SBODY,       VL_ERR_FORMAT, BAD_FACTOR),
    ROW("010",                    SALT " 010",           2, SBODY,       VL_ERR_FORMAT, BAD_FACTOR),
    ROW("0xa",                    SALT " 0xa",           2, SBODY,       VL_ERR_FORMAT, BAD_FACTOR),
    ROW("a",                      SALT " a",             2, SBODY,       VL_ERR_FORMAT, BAD_FACTOR),
    ROW("1e1",                    SALT " 1e1",           2, SBODY,       VL_ERR_FORMAT, BAD_FACTOR),
    ROW("10x",                    SALT " 10x",           2, SBODY,       VL_ERR_FORMAT, BAD_FACTOR),
    ROW("x10",                    SALT " x10",           2, SBODY,       VL_ERR_FORMAT, BAD_FACTOR),
    ROW("+10",                    SALT " +10",           2, SBODY,       VL_ERR_FORMAT, BAD_FACTOR),
    ROW("-10",                    SALT " -10",           2, SBODY,       VL_ERR_FORMAT, BAD_FACTOR),
    ROW("10.",                    SALT " 10.",           2, SBODY,       VL_ERR_FORMAT, BAD_FACTOR),
    ROW("1/",                     SALT " 1/",            2, SBODY,       VL_ERR_FORMAT, BAD_FACTOR),
    ROW("1:",                     SALT " 1:",            2, SBODY,       VL_ERR_FORMAT, BAD_FACTOR),
    ROW("no body",                SALT " 10",            2, "",          VL_ERR_FORMAT, BAD_SBODY),
    ROW("a body of 33 bytes",     SALT " 10",            2, SBODY "A",   VL_ERR_FORMAT, BAD_SBODY),
    ROW("a body of 31 bytes", SALT " 10", 2, "gUjEymFKMVXQEKdMMHL24oYexjE3TIC0O0zGSqJ2aQ", VL_ERR_FORMAT, BAD_SBODY),
    ROW("23",                     SALT " 23",            2, SBODY,       VL_ERR_LIMIT, OVER),
    ROW("99",                     SALT " 99",            2, SBODY,       VL_ERR_LIMIT, OVER),
    ROW("100",                    SALT " 100",           2, SBODY,       VL_ERR_LIMIT, OVER),
    ROW("1000",                   SALT " 1000",          2, SBODY,       VL_ERR_LIMIT, OVER),
    ROW("2^32 + 10",              SALT " 4294967306",    2, SBODY,       VL_ERR_LIMIT, OVER),
    ROW("2^64 + 10",              SALT " 18446744073709551626", 2, SBODY, VL_ERR_LIMIT, OVER),
};
/* clang-format on */

static struct vl_age_stanza stanza_of(const char *type, const struct row *row)
{
    return (struct vl_age_stanza){vl_bytes_str(type), row->args, row->arg_count, row->body};
}

static struct vl_age_identity mine(void)
{
    struct vl_age_identity identity = {VL_SECRET_INIT, {{0}}};

    assert_int_equal(vl_age_identity_parse(VL_LITERAL(MINE), &identity, NULL), VL_OK);
    return identity;
}

static struct vl_passphrase passphrase_of(const char *text)
{
    struct vl_passphrase passphrase = {.len = strlen(text)};

    memcpy(passphrase.data, text, passphrase.len);
    return passphrase;
}

static void assert_yellow(const struct vl_secret *file_key)
{
    assert_bytes(vl_bytes_of(file_key->data, file_key->len), VL_LITERAL("YELLOW SUBMARINE"));
}

static void an_x25519_stanza_of_any_other_form_is_refused_for_good(void **state)
{
    static const struct vl_secret none;
    const struct vl_age_identity identity = mine();

    (void)state;
    for (size_t i = 0; i < COUNT(x25519); i++) {
        const struct vl_age_stanza stanza = stanza_of("X25519", &x25519[i]);
        struct vl_secret file_key = VL_SECRET_INIT;
        struct vl_why why = {""};
        enum vl_err err = vl_age_unwrap(&identity, &stanza, &file_key, &why);

        if (err != x25519[i].err || strcmp(why.text, x25519[i].words) != 0)
            fail_msg("%s: %s: %s", x25519[i].name, vl_err_name(err), why.text);
        if (err)
            assert_memory_equal(&file_key, &none, sizeof none);
        else
            assert_yellow(&file_key);
    }
}

static void a_scrypt_stanza_of_any_other_form_is_refused_before_any_work(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(scrypt); i++) {
        const struct vl_age_stanza stanza = stanza_of("scrypt", &scrypt[i]);
        struct vl_why why = {""};
        unsigned log_n = 4711;
        enum vl_err err = vl_age_scrypt_check(&stanza, 22, &log_n, &why);

        if (err != scrypt[i].err || strcmp(why.text, scrypt[i].words) != 0)
            fail_msg("%s: %s: %s", scrypt[i].name, vl_err_name(err), why.text);
    }
}

static void the_caller_says_which_work_factor_is_too_much(void **state)
{
    static const struct row row = ROW("", SALT " 10", 2, SBODY, VL_OK, "");
    const struct vl_age_stanza stanza = stanza_of("scrypt", &row);
    unsigned log_n = 0;
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(vl_age_scrypt_check(&stanza, 9, &log_n, &why), VL_ERR_LIMIT);
    assert_string_equal(why.text, "a scrypt work factor over 9");
    assert_int_equal(vl_age_scrypt_check(&stanza, 10, &log_n, &why), VL_OK);
    assert_int_equal(log_n, 10);
}

static void a_passphrase_opens_its_stanza_and_no_other_does(void **state)
{
    static const struct row row = ROW("", SALT " 10", 2, SBODY, VL_OK, "");
    static const struct row unchecked = ROW("", "short 10", 2, SBODY, VL_OK, "");
    static const char *const wrong[] = {"", "Password", "password ", "passwor", "password1"};
    struct vl_age_stanza stanza = stanza_of("scrypt", &row);
    struct vl_passphrase passphrase = passphrase_of("password");
    struct vl_secret file_key = VL_SECRET_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_age_unwrap_passphrase(&passphrase, &stanza, 10, &file_key, &why), VL_OK, &why);
    assert_yellow(&file_key);
    assert_int_equal(vl_age_unwrap_passphrase(&passphrase, &stanza, 11, &file_key, &why),
                     VL_ERR_NO_KEY); /* another work factor is another key */
    for (size_t i = 0; i < COUNT(wrong); i++) {
        passphrase = passphrase_of(wrong[i]);
        assert_int_equal(vl_age_unwrap_passphrase(&passphrase, &stanza, 10, &file_key, &why),
                         VL_ERR_NO_KEY);
        assert_string_equal(why.text, "another passphrase");
        assert_int_equal(file_key.len, 0);
    }
    stanza = stanza_of("scrypt", &unchecked);
    assert_int_equal(vl_age_unwrap_passphrase(&passphrase, &stanza, 10, &file_key, &why),
                     VL_ERR_INTERNAL);
}

static void kinds_of_stanzas_are_told_apart_to_the_letter(void **state)
{
    static const struct {
        const char *type;
        bool x25519, scrypt, hybrid;
    } rows[] = {
        {"X25519", true, false, false},          {"x25519", false, false, false},
        {"X25519 ", false, false, false},        {"X2551", false, false, false},
        {"scrypt", false, true, false},          {"Scrypt", false, false, false},
        {"mlkem768x25519", false, false, true},  {"mlkem768p256tag", false, false, true},
        {"MLKEM768X25519", false, false, false}, {"p256tag", false, false, false},
        {"ssh-ed25519", false, false, false},    {"", false, false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct vl_age_stanza stanza = {.type = vl_bytes_str(rows[i].type)};

        assert_int_equal(vl_age_stanza_is_x25519(&stanza), rows[i].x25519);
        assert_int_equal(vl_age_stanza_is_scrypt(&stanza), rows[i].scrypt);
        assert_int_equal(vl_age_stanza_is_hybrid(&stanza), rows[i].hybrid);
    }
}

/* Put what was written into a header and take the stanza out again. */
static void read_back(const struct vl_buf *stanzas, struct vl_age_header *header)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_AGE_HEADER_MAX);
    const struct vl_secret any = {.len = VL_AGE_FILE_KEY_LEN};
    size_t used;

    assert_int_equal(vl_age_header_begin(&wire), VL_OK);
    assert_int_equal(vl_buf_put(&wire, vl_buf_bytes(stanzas)), VL_OK);
    assert_int_equal(vl_age_header_finish(&wire, &any), VL_OK);
    assert_int_equal(vl_age_header_feed(header, vl_buf_bytes(&wire), &used, NULL), VL_OK);
    assert_int_equal(vl_age_header_end(header, NULL), VL_OK);
}

static void what_is_wrapped_for_somebody_only_they_unwrap(void **state)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 25519);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(100000);
    VL_AUTO(vl_age_header_release) struct vl_age_header header = VL_AGE_HEADER_INIT;
    struct vl_age_identity who[8] = {{VL_SECRET_INIT, {{0}}}};
    struct vl_secret file_keys[8] = {VL_SECRET_INIT};
    struct vl_why why = {""};

    (void)state;
    for (size_t i = 0; i < COUNT(who); i++) {
        assert_int_equal(vl_age_identity_make(&rng, &who[i]), VL_OK);
        assert_int_equal(vl_rng_secret(&rng, VL_AGE_FILE_KEY_LEN, &file_keys[i]), VL_OK);
        assert_err(vl_age_wrap(&who[i].recipient, &file_keys[i], &rng, &wire, &why), VL_OK, &why);
    }
    read_back(&wire, &header);
    assert_int_equal(header.stanza_count, COUNT(who));
    for (size_t i = 0; i < COUNT(who) * COUNT(who); i++) {
        const struct vl_age_stanza stanza = vl_age_header_stanza(&header, i / COUNT(who));
        struct vl_secret file_key = VL_SECRET_INIT;
        bool is_theirs = i % COUNT(who) == i / COUNT(who);

        assert_true(vl_age_stanza_is_x25519(&stanza));
        assert_err(vl_age_unwrap(&who[i % COUNT(who)], &stanza, &file_key, &why),
                   is_theirs ? VL_OK : VL_ERR_NO_KEY, &why);
        if (is_theirs)
            assert_true(vl_secret_eq(&file_key, &file_keys[i / COUNT(who)]));
    }
}

static void every_stanza_has_a_share_of_its_own(void **state)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 1);
    VL_AUTO(vl_buf_release) struct vl_buf one = VL_BUF_INIT(1000), two = VL_BUF_INIT(1000);
    const struct vl_age_identity identity = mine();
    const struct vl_secret file_key = {.len = VL_AGE_FILE_KEY_LEN};

    (void)state;
    assert_int_equal(vl_age_wrap(&identity.recipient, &file_key, &rng, &one, NULL), VL_OK);
    assert_int_equal(vl_age_wrap(&identity.recipient, &file_key, &rng, &two, NULL), VL_OK);
    assert_int_equal(one.len, 3 + 7 + 43 + 1 + 43 + 1);
    assert_int_equal(two.len, one.len);
    assert_memory_not_equal(one.data + 10, two.data + 10, 43);
    assert_memory_not_equal(one.data + 54, two.data + 54, 43);
}

static void a_passphrase_goes_round_with_any_work_factor(void **state)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 18);
    const struct vl_passphrase passphrase = passphrase_of("correct horse battery staple");
    const struct vl_secret file_key = {.len = VL_AGE_FILE_KEY_LEN, .data = {1, 2, 3}};
    struct vl_why why = {""};

    (void)state;
    for (unsigned log_n = 1; log_n <= 12; log_n++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1000);
        VL_AUTO(vl_age_header_release) struct vl_age_header header = VL_AGE_HEADER_INIT;
        struct vl_secret back = VL_SECRET_INIT;
        struct vl_age_stanza stanza;
        unsigned read_log_n = 0;

        assert_err(vl_age_wrap_passphrase(&passphrase, log_n, &file_key, &rng, &wire, &why), VL_OK,
                   &why);
        read_back(&wire, &header);
        stanza = vl_age_header_stanza(&header, 0);
        assert_true(vl_age_stanza_is_scrypt(&stanza));
        assert_err(vl_age_scrypt_check(&stanza, 22, &read_log_n, &why), VL_OK, &why);
        assert_int_equal(read_log_n, log_n);
        assert_err(vl_age_unwrap_passphrase(&passphrase, &stanza, log_n, &back, &why), VL_OK, &why);
        assert_true(vl_secret_eq(&back, &file_key));
    }
}

static enum vl_err no_randomness(void *self, uint8_t *out, size_t len)
{
    (void)self;
    memset(out, 0, len);
    return VL_ERR_INTERNAL;
}

static void what_cannot_be_wrapped_leaves_the_header_as_it_was(void **state)
{
    const struct vl_age_identity identity = mine();
    const struct vl_age_recipient nobody = {{1}};
    const struct vl_passphrase passphrase = passphrase_of("x");
    const struct vl_secret file_key = {.len = VL_AGE_FILE_KEY_LEN};
    const struct vl_rng broken = {no_randomness, NULL};
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 1);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(1000);
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(vl_age_wrap(&nobody, &file_key, &rng, &out, &why), VL_ERR_REFUSED);
    assert_string_equal(why.text, "a recipient that is no key of anybody");
    assert_int_equal(vl_age_wrap(&identity.recipient, &file_key, &broken, &out, &why),
                     VL_ERR_INTERNAL);
    assert_string_equal(why.text, "no randomness");
    assert_int_equal(vl_age_wrap_passphrase(&passphrase, 1, &file_key, &broken, &out, &why),
                     VL_ERR_INTERNAL);
    assert_string_equal(why.text, "no randomness");
    assert_int_equal(vl_age_wrap_passphrase(&passphrase, 0, &file_key, &rng, &out, &why),
                     VL_ERR_LIMIT);
    assert_int_equal(vl_age_wrap_passphrase(&passphrase, 23, &file_key, &rng, &out, &why),
                     VL_ERR_LIMIT);
    assert_string_equal(why.text, "a work factor of 23");
    assert_int_equal(out.len, 0);
    for (size_t max = 0; max < 74; max++) {
        VL_AUTO(vl_buf_release) struct vl_buf small = VL_BUF_INIT(max);

        assert_int_equal(vl_age_wrap(&identity.recipient, &file_key, &rng, &small, &why),
                         VL_ERR_LIMIT);
        assert_string_equal(why.text, "no room for a recipient");
        assert_int_equal(vl_age_wrap_passphrase(&passphrase, 1, &file_key, &rng, &small, &why),
                         VL_ERR_LIMIT);
        assert_string_equal(why.text, "no room for a passphrase");
        assert_int_equal(small.len, 0);
    }
}

static enum vl_err go_round(void *self, struct vl_why *why)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 1);
    const struct vl_secret file_key = {.len = VL_AGE_FILE_KEY_LEN};
    const struct vl_age_stanza stanza = stanza_of("X25519", &x25519[0]);
    const struct vl_age_stanza by_words = stanza_of("scrypt", &scrypt[0]);
    const struct vl_passphrase passphrase = passphrase_of("password");
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1000);
    struct vl_secret back = VL_SECRET_INIT;
    const struct vl_age_identity *identity = self;
    enum vl_err err = vl_age_wrap(&identity->recipient, &file_key, &rng, &wire, why);

    if (!err)
        err = vl_age_wrap_passphrase(&passphrase, 1, &file_key, &rng, &wire, why);
    if (!err)
        err = vl_age_unwrap(identity, &stanza, &back, why);
    if (!err)
        err = vl_age_unwrap_passphrase(&passphrase, &by_words, 10, &back, why);
    if (err && why->text[0] == '\0')
        fail_msg("failed without a reason");
    return err;
}

static void without_memory_it_is_told(void **state)
{
    struct vl_age_identity identity = mine();

    (void)state;
    assert_true(each_allocation_fails(go_round, &identity) > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_x25519_stanza_of_any_other_form_is_refused_for_good),
        cmocka_unit_test(a_scrypt_stanza_of_any_other_form_is_refused_before_any_work),
        cmocka_unit_test(the_caller_says_which_work_factor_is_too_much),
        cmocka_unit_test(a_passphrase_opens_its_stanza_and_no_other_does),
        cmocka_unit_test(kinds_of_stanzas_are_told_apart_to_the_letter),
        cmocka_unit_test(what_is_wrapped_for_somebody_only_they_unwrap),
        cmocka_unit_test(every_stanza_has_a_share_of_its_own),
        cmocka_unit_test(a_passphrase_goes_round_with_any_work_factor),
        cmocka_unit_test(what_cannot_be_wrapped_leaves_the_header_as_it_was),
        cmocka_unit_test(without_memory_it_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
