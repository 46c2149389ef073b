/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/age_keys.h"

#include <string.h>
#include <strings.h>

#include "../base/watch_wipes.h"
#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define BYTES(text)                                                                                \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }

/* The identity of the age test kit, and its recipient. */
#define MINE      "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0"
#define MINE_HEX  "ca1626252c53cf1a4dc46695e7fcc46594cb4ccadedb6712dfda0753f3ae355e"
#define TO_ME     "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef"
#define TO_ME_HEX "36dcec3f5f24739a0c8b36cbb4ffa25729a94a51d41fb205a37419fe7f5adb2a"

#define NOT_ONE "not a recipient: wanted age1 and 58 more characters"
#define NO_KEY  "not a private key: wanted AGE-SECRET-KEY-1 and 58 more characters"
#define NOBODY  "a recipient that is no key of anybody"

/* clang-format off */
#define ROW(name, text, err, words) { name, BYTES(text), VL_ERR_##err, words }
static const struct row {
    const char *name;
    vl_bytes text;
    enum vl_err err;
    const char *words;
} no_recipients[] = {
    ROW("nothing",               "",                                                              FORMAT, NOT_ONE),
    ROW("the beginning",         "age1",                                                          FORMAT, NOT_ONE),
    ROW("a capital one",         "AGE1XMWWC06LY3EE5RYTXM9MFLAZ2U56JJJ36S0MYPDRWSVLUL66MV4Q47RYEF", FORMAT, NOT_ONE),
    ROW("a capital",             "age1Xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef", FORMAT, NOT_ONE),
    ROW("a space before",        " " TO_ME,                                                       FORMAT, NOT_ONE),
    ROW("a space behind",        TO_ME " ",                                                       FORMAT, NOT_ONE),
    ROW("a space inside",        "age1xmwwc06ly3ee5rytxm9mflaz2u5 6jjj36s0mypdrwsvlul66mv4q47ryef", FORMAT, NOT_ONE),
    ROW("CR behind",             TO_ME "\r",                                                      FORMAT, NOT_ONE),
    ROW("LF behind",             TO_ME "\n",                                                      FORMAT, NOT_ONE),
    ROW("NUL behind",            TO_ME "\0",                                                      FORMAT, NOT_ONE),
    ROW("NUL inside",            "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj\0s0mypdrwsvlul66mv4q47ryef", FORMAT, NOT_ONE),
    ROW("a letter altered",      "age1ymwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef", FORMAT, NOT_ONE),
    ROW("a letter left out",     "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47rye",  FORMAT, NOT_ONE),
    ROW("a foreign letter",      "age1bmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef", FORMAT, NOT_ONE),
    ROW("a checksum of bech32m", "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4qqzngut", FORMAT, NOT_ONE),
    ROW("31 bytes",              "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv20te3u",   FORMAT, NOT_ONE),
    ROW("33 bytes",              "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4qqe76j06", FORMAT, NOT_ONE),
    ROW("no bytes",              "age19l388n",                                                    FORMAT, NOT_ONE),
    ROW("unused bits",           "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4pggh3ym", FORMAT, NOT_ONE),
    ROW("bge",                   "bge1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4qkx582k", FORMAT, NOT_ONE),
    ROW("agf",                   "agf1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4qar6thz", FORMAT, NOT_ONE),
    ROW("a private key",         MINE,                                                            FORMAT, NOT_ONE),
    ROW("a name",                "anna@example.org",                                              FORMAT, NOT_ONE),
    /* what others can use and we cannot */
    ROW("tag",      "age1tag1qgmdempltuj88xsv3vmvhd8l5ftjn222282plvs95d6pnlnlttdj5cehfzd",
        UNSUPPORTED, "a hardware recipient, which this version cannot seal to"),
    ROW("tagpq",    "age1tagpq1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqpn7f23",
        UNSUPPORTED, "a post-quantum hardware recipient, which this version cannot seal to"),
    ROW("pq",       "age1pq1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqy408zz",
        UNSUPPORTED, "a post-quantum recipient, which this version cannot seal to"),
    ROW("a plugin", "age1yubikey1qgmdempltuj88xsv3vmvhd8l5ftjn222282plvs95d6pnlnlttdj5jmgep7",
        UNSUPPORTED, "a recipient of an age plugin, which valise does not run"),
    ROW("a plugin, altered", "age1yubikey1pgmdempltuj88xsv3vmvhd8l5ftjn222282plvs95d6pnlnlttdj5jmgep7", FORMAT, NOT_ONE),
    ROW("a comment with a 1", TO_ME " # 1",                                                       FORMAT, NOT_ONE),
    ROW("ssh",      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ name",
        UNSUPPORTED, "an SSH key, which valise does not seal to"),
    /* points of low order */
    ROW("0",        "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z", REFUSED, NOBODY),
    ROW("0, the highest bit set", "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqzqqsuwj9m", REFUSED, NOBODY),
    ROW("1",        "age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqj7vrya", REFUSED, NOBODY),
    ROW("p - 1",    "age1anlllllllllllllllllllllllllllllllllllllllllllllllals4n2t7m", REFUSED, NOBODY),
    ROW("p",        "age1ahlllllllllllllllllllllllllllllllllllllllllllllllalsn46ayy", REFUSED, NOBODY),
    ROW("p + 1",    "age1amlllllllllllllllllllllllllllllllllllllllllllllllalselrwrv", REFUSED, NOBODY),
    ROW("order 8",  "age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhqqqzyt4v9", REFUSED, NOBODY),
    ROW("order 8, on the twist", "age1t7wft09r2zxzfvwsk92eeql0tvzyghxytqwgapkcyf8dm5ylz9ts6wm9s8", REFUSED, NOBODY),
}, no_identities[] = {
    ROW("nothing",               "",                                                              FORMAT, NO_KEY),
    ROW("the beginning",         "AGE-SECRET-KEY-1",                                              FORMAT, NO_KEY),
    ROW("lower case",            "age-secret-key-1egtzvffv20835nwyv6270lxyvk2vknx2mmdkwyklmgr48uawx40q2p2lm0", FORMAT, NO_KEY),
    ROW("a small letter",        "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2Lm0", FORMAT, NO_KEY),
    ROW("a small beginning",     "age-secret-key-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0", FORMAT, NO_KEY),
    ROW("a space before",        " " MINE,                                                        FORMAT, NO_KEY),
    ROW("a space behind",        MINE " ",                                                        FORMAT, NO_KEY),
    ROW("CR behind",             MINE "\r",                                                       FORMAT, NO_KEY),
    ROW("NUL behind",            MINE "\0",                                                       FORMAT, NO_KEY),
    ROW("a comment behind",      MINE " # mine",                                                  FORMAT, NO_KEY),
    ROW("a letter altered",      "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM9", FORMAT, NO_KEY),
    ROW("a checksum of bech32m", "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40QLA6N7D", FORMAT, NO_KEY),
    ROW("31 bytes",              "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX5CRYY54", FORMAT, NO_KEY),
    ROW("33 bytes",              "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40QQVM65R3", FORMAT, NO_KEY),
    ROW("unused bits",           "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40PHH72XA", FORMAT, NO_KEY),
    ROW("another beginning",     "AGE-SECRET-KEG-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q5GKT5Z", FORMAT, NO_KEY),
    ROW("no dash",               "AGE-SECRET-KEY1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40QLHNWVH", FORMAT, NO_KEY),
    ROW("a recipient",           TO_ME,                                                           FORMAT, NO_KEY),
    ROW("post-quantum", "AGE-SECRET-KEY-PQ-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40QS02748",
        UNSUPPORTED, "a post-quantum key, which this version cannot use"),
    ROW("a plugin",     "AGE-PLUGIN-YUBIKEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40QWTYHFR",
        UNSUPPORTED, "a key of an age plugin, which valise does not run"),
    ROW("ssh",          "-----BEGIN OPENSSH PRIVATE KEY-----",
        UNSUPPORTED, "an SSH or PEM key, which valise does not use"),
};
/* clang-format on */

/* Does the reason hold eight symbols in a row of what may be a key, in any case? */
static bool shows_a_part(const struct vl_why *why, vl_bytes key)
{
    size_t len = strlen(why->text), start = key.len;

    while (start > 0 && key.ptr[start - 1] != '1')
        start--;
    for (size_t i = start; i + 8 <= key.len; i++)
        for (size_t j = 0; j + 8 <= len; j++)
            if (strncasecmp((const char *)key.ptr + i, why->text + j, 8) == 0)
                return true;
    return false;
}

static void what_is_no_recipient_is_refused_with_the_words_that_help(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(no_recipients); i++) {
        const struct row *row = &no_recipients[i];
        struct vl_age_recipient out;
        struct vl_why why = {""};

        if (vl_age_recipient_parse(row->text, &out, &why) != row->err ||
            strcmp(why.text, row->words) != 0 || shows_a_part(&why, VL_LITERAL(MINE)))
            fail_msg("%s: %s", row->name, why.text);
    }
}

static void what_is_no_private_key_is_refused_and_never_shown(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(no_identities); i++) {
        const struct row *row = &no_identities[i];
        struct vl_age_identity out = {VL_SECRET_INIT, {{0}}};
        struct vl_why why = {""};

        if (vl_age_identity_parse(row->text, &out, &why) != row->err ||
            strcmp(why.text, row->words) != 0)
            fail_msg("%s: %s", row->name, why.text);
        assert_false(shows_a_part(&why, row->text) || shows_a_part(&why, VL_LITERAL(MINE)));
        assert_int_equal(out.x25519.len, 0);
    }
}

static void known_keys_are_read_and_written_back(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf secret = hex(MINE_HEX), public = hex(TO_ME_HEX);
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(1000);
    struct vl_age_identity identity = {VL_SECRET_INIT, {{0}}};
    struct vl_age_recipient recipient;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_age_identity_parse(VL_LITERAL(MINE), &identity, &why), VL_OK, &why);
    assert_err(vl_age_recipient_parse(VL_LITERAL(TO_ME), &recipient, &why), VL_OK, &why);
    assert_bytes(vl_bytes_of(identity.x25519.data, identity.x25519.len), vl_buf_bytes(&secret));
    assert_bytes(VL_ARRAY(recipient.x25519), vl_buf_bytes(&public));
    assert_memory_equal(&identity.recipient, &recipient, sizeof recipient);
    assert_int_equal(vl_age_recipient_write(&recipient, &text), VL_OK);
    assert_bytes(vl_buf_bytes(&text), VL_LITERAL(TO_ME));
    assert_int_equal(vl_age_identity_write(&identity, &text), VL_OK);
    assert_bytes(vl_buf_bytes(&text), VL_LITERAL(TO_ME MINE)); /* what was there stays as it was */
}

static enum vl_err no_randomness(void *self, uint8_t *out, size_t len)
{
    (void)self;
    memset(out, 0, len);
    return VL_ERR_INTERNAL;
}

static void new_keys_go_round_and_none_is_made_without_randomness(void **state)
{
    const struct vl_rng broken = {no_randomness, NULL};
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 7);
    struct vl_age_identity before = {VL_SECRET_INIT, {{0}}};

    (void)state;
    for (size_t i = 0; i < 100; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf key = VL_BUF_INIT(74), to = VL_BUF_INIT(62);
        struct vl_age_identity made = {VL_SECRET_INIT, {{0}}}, back = made;
        struct vl_age_recipient recipient;
        struct vl_why why = {""};

        assert_int_equal(vl_age_identity_make(&rng, &made), VL_OK);
        assert_false(vl_secret_eq(&made.x25519, &before.x25519));
        assert_int_equal(vl_age_identity_write(&made, &key), VL_OK);
        assert_int_equal(vl_age_recipient_write(&made.recipient, &to), VL_OK);
        assert_err(vl_age_identity_parse(vl_buf_bytes(&key), &back, &why), VL_OK, &why);
        assert_err(vl_age_recipient_parse(vl_buf_bytes(&to), &recipient, &why), VL_OK, &why);
        assert_true(vl_secret_eq(&made.x25519, &back.x25519));
        assert_memory_equal(&made.recipient, &back.recipient, sizeof recipient);
        assert_memory_equal(&made.recipient, &recipient, sizeof recipient);
        before = made;
    }
    assert_int_equal(vl_age_identity_make(&broken, &before), VL_ERR_INTERNAL);
    assert_int_equal(before.x25519.len, 0);
}

static void the_same_recipient_twice_is_one(void **state)
{
    VL_AUTO(vl_age_recipients_release)
    struct vl_age_recipients list = VL_AGE_RECIPIENTS_INIT;
    struct vl_why why = {""};

    (void)state;
    for (size_t i = 0; i < 300; i++) {
        struct vl_age_recipient recipient = {{(uint8_t)(i % 10), 3}};
        bool is_new = i % 2;

        assert_err(vl_age_recipients_add(&list, &recipient, &is_new, &why), VL_OK, &why);
        assert_int_equal(is_new, i < 10);
        assert_int_equal(list.count, i < 10 ? i + 1 : 10);
    }
    for (size_t i = 0; i < list.count; i++)
        assert_int_equal(list.at[i].x25519[0], i); /* in the order they came */
}

static void a_thousand_and_twenty_four_recipients_fit_and_no_more(void **state)
{
    VL_AUTO(vl_age_recipients_release)
    struct vl_age_recipients list = VL_AGE_RECIPIENTS_INIT;
    struct vl_age_recipient recipient = {{1}};
    struct vl_why why = {""};
    bool is_new;

    (void)state;
    for (size_t i = 0; i < 1024; i++) {
        memcpy(recipient.x25519 + 8, &i, sizeof i);
        assert_err(vl_age_recipients_add(&list, &recipient, &is_new, &why), VL_OK, &why);
    }
    assert_int_equal(list.count, 1024);
    assert_int_equal(vl_age_recipients_add(&list, &recipient, &is_new, &why), VL_OK);
    recipient.x25519[0] = 2;
    assert_int_equal(vl_age_recipients_add(&list, &recipient, &is_new, &why), VL_ERR_LIMIT);
    assert_string_equal(why.text, "more than 1024 recipients, and age opens no such file");
    assert_int_equal(list.count, 1024);
    assert_false(is_new);
}

static void released_private_keys_are_wiped(void **state)
{
    struct vl_age_identities list = VL_AGE_IDENTITIES_INIT;
    struct vl_age_identity identity = {VL_SECRET_INIT, {{0}}};
    static const struct vl_age_identity wiped;
    const void *small, *large;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_age_identity_parse(VL_LITERAL(MINE), &identity, &why), VL_OK, &why);
    forget_wipes();
    assert_err(vl_age_identities_add(&list, &identity, &why), VL_OK, &why);
    small = list.at;
    for (size_t i = 0; i < 4; i++)
        assert_err(vl_age_identities_add(&list, &identity, &why), VL_OK, &why);
    large = list.at;
    assert_ptr_not_equal(small, large);
    assert_true(was_wiped(small, 4 * sizeof identity)); /* the copy that was outgrown */
    vl_age_identities_release(&list);
    assert_true(was_wiped(large, 5 * sizeof identity));
    assert_int_equal(list.count, 0);
    vl_age_identities_release(&list);
    vl_age_identity_wipe(&identity);
    assert_memory_equal(&identity, &wiped, sizeof wiped);
}

static enum vl_err use_everything(void *self, struct vl_why *why)
{
    VL_AUTO(vl_age_recipients_release)
    struct vl_age_recipients recipients = VL_AGE_RECIPIENTS_INIT;
    VL_AUTO(vl_age_identities_release)
    struct vl_age_identities identities = VL_AGE_IDENTITIES_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(10000);
    struct vl_age_identity identity = {VL_SECRET_INIT, {{0}}};
    struct vl_age_recipient recipient = {{0}};
    enum vl_err err = vl_age_identity_parse(VL_LITERAL(MINE), &identity, why);
    bool is_new;

    (void)self;
    if (!err)
        err = vl_age_recipient_parse(VL_LITERAL(TO_ME), &recipient, why);
    for (uint8_t i = 0; i < 9 && !err; i++) {
        recipient.x25519[0] = i;
        err = vl_age_recipients_add(&recipients, &recipient, &is_new, why);
        if (!err)
            err = vl_age_identities_add(&identities, &identity, why);
    }
    if (err && why->text[0] == '\0')
        fail_msg("failed without a reason");
    if (!err)
        err = vl_age_identity_write(&identity, &text);
    return err ? err : vl_age_recipient_write(&recipient, &text);
}

static void without_memory_it_is_told(void **state)
{
    (void)state;
    assert_true(each_allocation_fails(use_everything, NULL) > 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_recipient_is_refused_with_the_words_that_help),
        cmocka_unit_test(what_is_no_private_key_is_refused_and_never_shown),
        cmocka_unit_test(known_keys_are_read_and_written_back),
        cmocka_unit_test(new_keys_go_round_and_none_is_made_without_randomness),
        cmocka_unit_test(the_same_recipient_twice_is_one),
        cmocka_unit_test(a_thousand_and_twenty_four_recipients_fit_and_no_more),
        cmocka_unit_test(released_private_keys_are_wiped),
        cmocka_unit_test(without_memory_it_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
