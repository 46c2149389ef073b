/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/age_keyfile.h"

#include <string.h>

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define BYTES(text)                                                                                \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }

#define R1    "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef"
#define R2    "age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhqqqzyt4v9" /* of low order */
#define K1    "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0"
#define PQ    "AGE-SECRET-KEY-PQ-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40QS02748"
#define BAD_R "not a recipient: wanted age1 and 58 more characters"
#define BAD_K "not a private key: wanted AGE-SECRET-KEY-1 and 58 more characters"

/* clang-format off */
#define OK_ROW(name, text, count, duplicates) { name, BYTES(text), VL_OK, "", count, duplicates }
#define ROW(name, text, err, words)           { name, BYTES(text), VL_ERR_##err, words, 0, 0 }
static const struct row {
    const char *name;
    vl_bytes text;
    enum vl_err err;
    const char *words;
    size_t count, duplicates;
} recipients[] = {
    OK_ROW("one",                      R1 "\n",                                       1, 0),
    OK_ROW("no line end",              R1,                                            1, 0),
    OK_ROW("CR LF",                    R1 "\r\n",                                     1, 0),
    OK_ROW("CR and no line end",       R1 "\r",                                       1, 0),
    OK_ROW("twice",                    R1 "\n" R1 "\n",                               1, 1),
    OK_ROW("three times",              R1 "\n" R1 "\r\n\n" R1,                        1, 2),
    OK_ROW("comments",                 "#\n# me\n" R1 "\n#" R1 "\n",                  1, 0),
    OK_ROW("blank lines",              "\n\r\n\n" R1 "\n\n\r\n",                      1, 0),
    OK_ROW("a comment may be anything", "# \xff\0 " K1 "\n" R1 "\n",                  1, 0),
    ROW("nothing",                     "",                        FORMAT, "no recipient in it"),
    ROW("blank lines only",            "\n\r\n\n",                FORMAT, "no recipient in it"),
    ROW("comments only",               "# " R1 "\n",              FORMAT, "no recipient in it"),
    ROW("a space before",              "\n " R1 "\n",             FORMAT, "line 2: " BAD_R),
    ROW("a space behind",              R1 " \n",                  FORMAT, "line 1: " BAD_R),
    ROW("a line of a space",           R1 "\n \n",                FORMAT, "line 2: " BAD_R),
    ROW("a comment behind",            R1 " # me\n",              FORMAT, "line 1: " BAD_R),
    ROW("a comment behind a space",    R1 "\n # me\n",            FORMAT, "line 2: " BAD_R),
    ROW("two CR",                      R1 "\r\r\n",               FORMAT, "line 1: " BAD_R),
    ROW("CR for LF",                   R1 "\r" R1 "\r",           FORMAT, "line 1: " BAD_R),
    ROW("two on a line",               R1 " " R1 "\n",            FORMAT, "line 1: " BAD_R),
    ROW("a byte order mark",           "\xef\xbb\xbf" R1 "\n",    FORMAT, "line 1: " BAD_R),
    ROW("not UTF-8",                   "#\n\n" R1 "\xe4\n",       FORMAT, "line 3: not UTF-8"),
    ROW("NUL",                         R1 "\0\n",                 FORMAT, "line 1: " BAD_R),
    ROW("a private key",               "#\n\n#\n" R1 "\n" K1,     FORMAT, "line 5: a private key where recipients belong"),
    ROW("a post-quantum private key",  PQ "\n",                   FORMAT, "line 1: a private key where recipients belong"),
    ROW("a private key behind a space", " " K1 "\n",              FORMAT, "line 1: " BAD_R),
    ROW("a private key in lower case", "age-secret-key-1egtzvffv20835nwyv6270lxyvk2vknx2mmdkwyklmgr48uawx40q2p2lm0", FORMAT, "line 1: " BAD_R),
    ROW("a key of nobody",             R1 "\r\n" R2 "\r\n",       REFUSED, "line 2: a recipient that is no key of anybody"),
    ROW("an SSH key",                  "ssh-ed25519 AAAA x\n",    UNSUPPORTED, "line 1: an SSH key, which valise does not seal to"),
}, identities[] = {
    OK_ROW("one",                      K1 "\n",                                       1, 0),
    OK_ROW("no line end",              K1,                                            1, 0),
    OK_ROW("CR LF",                    "# me\r\n\r\n" K1 "\r\n",                      1, 0),
    OK_ROW("of age-keygen",            "# created: 2021-01-02T15:30:45+01:00\n# public key: " R1 "\n" K1 "\n", 1, 0),
    OK_ROW("twice",                    K1 "\n" K1 "\n",                               2, 0),
    ROW("nothing",                     "",                        FORMAT, "no private key in it"),
    ROW("comments only",               "# " K1 "\n",              FORMAT, "no private key in it"),
    ROW("a recipient",                 K1 "\n" R1 "\n",           FORMAT, "line 2: a recipient where private keys belong"),
    ROW("a space before",              " " K1 "\n",               FORMAT, "line 1: " BAD_K),
    ROW("a space behind",              K1 " \n",                  FORMAT, "line 1: " BAD_K),
    ROW("a comment behind",            K1 " # me\n",              FORMAT, "line 1: " BAD_K),
    ROW("lower case",                  "age-secret-key-1egtzvffv20835nwyv6270lxyvk2vknx2mmdkwyklmgr48uawx40q2p2lm0\n", FORMAT, "line 1: " BAD_K),
    ROW("a letter left out",           "\n\nAGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM\n", FORMAT, "line 3: " BAD_K),
    ROW("two on a line",               K1 K1 "\n",                FORMAT, "line 1: " BAD_K),
    ROW("not UTF-8",                   K1 "\xff\n",               FORMAT, "line 1: not UTF-8"),
    ROW("post-quantum",                K1 "\n" PQ "\n",           UNSUPPORTED, "line 2: a post-quantum key, which this version cannot use"),
    ROW("an SSH key",                  "-----BEGIN OPENSSH PRIVATE KEY-----\n", UNSUPPORTED, "line 1: an SSH or PEM key, which valise does not use"),
};
/* clang-format on */

static enum vl_err read_recipients(vl_bytes text, size_t *count, size_t *duplicates,
                                   struct vl_why *why)
{
    VL_AUTO(vl_age_recipients_release)
    struct vl_age_recipients list = VL_AGE_RECIPIENTS_INIT;
    enum vl_err err = vl_age_keyfile_recipients(text, &list, duplicates, why);

    *count = list.count;
    return err;
}

static enum vl_err read_identities(vl_bytes text, size_t *count, struct vl_why *why)
{
    VL_AUTO(vl_age_identities_release)
    struct vl_age_identities list = VL_AGE_IDENTITIES_INIT;
    enum vl_err err = vl_age_keyfile_identities(text, &list, why);

    *count = list.count;
    return err;
}

static void check(const struct row *row, enum vl_err err, const struct vl_why *why, size_t count,
                  size_t duplicates)
{
    if (err != row->err || strcmp(why->text, row->words) != 0)
        fail_msg("%s: %s: %s", row->name, vl_err_name(err), why->text);
    if (!err && (count != row->count || duplicates != row->duplicates))
        fail_msg("%s: %zu and %zu", row->name, count, duplicates);
    /* The words are those of the table, so no line of the file is in them. */
}

static void recipients_are_read_line_by_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(recipients); i++) {
        size_t count = 0, duplicates = 4711;
        struct vl_why why = {""};
        enum vl_err err = read_recipients(recipients[i].text, &count, &duplicates, &why);

        check(&recipients[i], err, &why, count, duplicates);
    }
}

static void private_keys_are_read_line_by_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(identities); i++) {
        struct vl_why why = {""};
        size_t count = 0;
        enum vl_err err = read_identities(identities[i].text, &count, &why);

        check(&identities[i], err, &why, count, 0);
    }
}

/* A good line, then one of len letters. */
static struct vl_buf with_a_line_of(size_t len, const char *good)
{
    struct vl_buf text = VL_BUF_INIT(100000);
    uint8_t *at;

    assert_int_equal(vl_buf_put(&text, vl_bytes_str(good)), VL_OK);
    assert_int_equal(vl_buf_add(&text, len, &at), VL_OK);
    memset(at, 'x', len);
    return text;
}

static void lines_are_8_kib_at_most_but_comments_any_length(void **state)
{
    (void)state;
    for (size_t len = 8191; len <= 8194; len++) {
        VL_AUTO(vl_buf_release) struct vl_buf text = with_a_line_of(len, R1 "\n");
        VL_AUTO(vl_buf_release) struct vl_buf keys = with_a_line_of(len, K1 "\r\n");
        VL_AUTO(vl_buf_release) struct vl_buf comment = with_a_line_of(len, R1 "\n#");
        size_t count, duplicates;
        struct vl_why why = {""};

        assert_int_equal(read_recipients(vl_buf_bytes(&text), &count, &duplicates, &why),
                         len > 8192 ? VL_ERR_LIMIT : VL_ERR_FORMAT);
        assert_string_equal(why.text,
                            len > 8192 ? "line 2: more than 8192 characters" : "line 2: " BAD_R);
        assert_int_equal(read_identities(vl_buf_bytes(&keys), &count, &why),
                         len > 8192 ? VL_ERR_LIMIT : VL_ERR_FORMAT);
        assert_string_equal(why.text,
                            len > 8192 ? "line 2: more than 8192 characters" : "line 2: " BAD_K);
        assert_int_equal(read_recipients(vl_buf_bytes(&comment), &count, &duplicates, NULL), VL_OK);
    }
}

static void lists_go_on_from_file_to_file(void **state)
{
    VL_AUTO(vl_age_recipients_release)
    struct vl_age_recipients list = VL_AGE_RECIPIENTS_INIT;
    size_t duplicates;

    (void)state;
    assert_int_equal(vl_age_keyfile_recipients(VL_LITERAL(R1), &list, &duplicates, NULL), VL_OK);
    assert_int_equal(duplicates, 0);
    assert_int_equal(vl_age_keyfile_recipients(VL_LITERAL(R1), &list, &duplicates, NULL), VL_OK);
    assert_int_equal(duplicates, 1);
    assert_int_equal(list.count, 1);
}

static void a_thousand_and_twenty_five_recipients_are_too_many(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(1 << 20);
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 1025);
    struct vl_why why = {""};
    size_t count, duplicates;

    (void)state;
    for (size_t i = 0; i < 1025; i++) {
        struct vl_age_identity one = {VL_SECRET_INIT, {{0}}};

        assert_int_equal(vl_age_identity_make(&rng, &one), VL_OK);
        assert_int_equal(vl_age_recipient_write(&one.recipient, &text), VL_OK);
        assert_int_equal(vl_buf_put_byte(&text, '\n'), VL_OK);
    }
    assert_int_equal(read_recipients(vl_buf_bytes(&text), &count, &duplicates, &why), VL_ERR_LIMIT);
    assert_string_equal(why.text,
                        "line 1025: more than 1024 recipients, and age opens no such file");
    assert_err(read_recipients(vl_bytes_first(vl_buf_bytes(&text), 1024 * 63), &count, &duplicates,
                               &why),
               VL_OK, &why);
    assert_int_equal(count, 1024);
}

static void key_files_are_written_as_age_keygen_writes_them(void **state)
{
    struct vl_age_identity identity = {VL_SECRET_INIT, {{0}}};
    static const struct {
        const char *created, *text;
    } rows[] = {
        {"2026-11-24T14:05:00Z", "# created: 2026-11-24T14:05:00Z\n# public key: " R1 "\n" K1 "\n"},
        {"", "# public key: " R1 "\n" K1 "\n"},
    };

    (void)state;
    assert_int_equal(vl_age_identity_parse(VL_LITERAL(K1), &identity, NULL), VL_OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(1000);
        size_t count = 0;

        assert_int_equal(vl_age_keyfile_write(&identity, vl_bytes_str(rows[i].created), &out),
                         VL_OK);
        assert_bytes(vl_buf_bytes(&out), vl_bytes_str(rows[i].text));
        assert_int_equal(read_identities(vl_buf_bytes(&out), &count, NULL), VL_OK);
        assert_int_equal(count, 1);
        for (size_t max = 0; max < out.len; max++) {
            VL_AUTO(vl_buf_release) struct vl_buf small = VL_BUF_INIT(max);

            assert_int_equal(vl_age_keyfile_write(&identity, vl_bytes_str(rows[i].created), &small),
                             VL_ERR_LIMIT);
        }
    }
}

static void a_sealed_file_is_told_from_a_list_of_keys(void **state)
{
    static const struct {
        const char *text;
        bool is_sealed;
    } rows[] = {
        {"", false},
        {K1 "\n", false},
        {"# created\n" K1, false},
        {"age-encryption.org", false},
        {"age-encryption.org/v1\n-> x\n", true},
        {"age-encryption.org/v2\n", true},
        {"-----BEGIN AGE ENCRYPTED FILE-----\n", true},
        {"-----BEGIN AGE ENCRYPTED FILE-----\r\n", true},
        {"-----BEGIN OPENSSH PRIVATE KEY-----\n", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(vl_age_keyfile_is_sealed(vl_bytes_str(rows[i].text)), rows[i].is_sealed);
}

static enum vl_err read_and_write(void *self, struct vl_why *why)
{
    VL_AUTO(vl_age_identities_release)
    struct vl_age_identities list = VL_AGE_IDENTITIES_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(1000);
    size_t count, duplicates;
    enum vl_err err = read_recipients(VL_LITERAL(R1), &count, &duplicates, why);

    (void)self;
    if (!err)
        err = vl_age_keyfile_identities(VL_LITERAL(K1 "\n" K1), &list, why);
    if (err && strncmp(why->text, "line ", 5) != 0)
        fail_msg("failed without a reason: %s", why->text);
    return err ? err : vl_age_keyfile_write(&list.at[0], VL_LITERAL("now"), &out);
}

static void without_memory_it_is_told(void **state)
{
    (void)state;
    assert_true(each_allocation_fails(read_and_write, NULL) > 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recipients_are_read_line_by_line),
        cmocka_unit_test(private_keys_are_read_line_by_line),
        cmocka_unit_test(lines_are_8_kib_at_most_but_comments_any_length),
        cmocka_unit_test(lists_go_on_from_file_to_file),
        cmocka_unit_test(a_thousand_and_twenty_five_recipients_are_too_many),
        cmocka_unit_test(key_files_are_written_as_age_keygen_writes_them),
        cmocka_unit_test(a_sealed_file_is_told_from_a_list_of_keys),
        cmocka_unit_test(without_memory_it_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
