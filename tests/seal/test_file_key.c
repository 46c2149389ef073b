/* SPDX-License-Identifier: Apache-2.0 */
/* The key of one file: taken from an opener, and opening that file alone. */
#include "base/alloc.h"
#include "sealed.h"

#define NOT_ITS_OWN "the file key given is not that of this file, or its header was altered"

static enum vl_err never_asked(void *self, struct vl_passphrase *out, struct vl_why *why)
{
    fail_msg("somebody was asked");
    return VL_ERR_INTERNAL;
}

static struct vl_age_identities keys_of(uint64_t first, uint64_t count)
{
    struct vl_age_identities keys = VL_AGE_IDENTITIES_INIT;

    for (uint64_t i = first; i < first + count; i++) {
        const struct vl_age_identity one = person(i);

        assert_int_equal(vl_age_identities_add(&keys, &one, NULL), VL_OK);
    }
    return keys;
}

static struct vl_buf sealed_to(uint64_t first, uint64_t count, bool armor, vl_bytes plain)
{
    VL_AUTO(vl_age_recipients_release) struct vl_age_recipients list = people(first, count);
    struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
    struct counter_rng counter;
    struct vl_seal_plan plan = to(&list, &counter);

    plan.armor = armor;
    assert_int_equal(seal_all(plan, plain, &(struct feeding){0, false}, &out, NULL), VL_OK);
    return out;
}

/* What an opener tells about the file while it is fed byte by byte. */
struct told {
    struct vl_secret key;
    size_t stanza_count;
    bool has_recipient;
    struct vl_age_recipient recipient;
};

static struct told open_and_ask(struct vl_open_plan plan, vl_bytes sealed)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
    struct vl_opener *opener;
    struct told told = {.key = VL_SECRET_INIT};
    size_t count = 0;

    plan.sink = vl_buf_sink(&out);
    opener = vl_opener_new(&plan);
    assert_non_null(opener);
    for (size_t i = 0; i < sealed.len; i++) {
        assert_int_equal(vl_opener_stanza_count(opener), count);
        assert_int_equal(vl_opener_write(opener, vl_bytes_of(sealed.ptr + i, 1), NULL), VL_OK);
        if (vl_opener_stanza_count(opener) != count) {
            assert_int_equal(count, 0); /* all of them at once */
            count = vl_opener_stanza_count(opener);
        }
        if (vl_opener_stage(opener) == VL_OPEN_PAYLOAD)
            continue;
        assert_null(vl_opener_file_key(opener));
        assert_false(vl_opener_recipient(opener, &told.recipient));
    }
    assert_int_equal(vl_opener_finish(opener, NULL), VL_OK);
    told.stanza_count = vl_opener_stanza_count(opener);
    assert_non_null(vl_opener_file_key(opener));
    told.key = *vl_opener_file_key(opener);
    told.has_recipient = vl_opener_recipient(opener, &told.recipient);
    vl_opener_free(opener);
    return told;
}

static void an_opener_tells_who_opened_it_and_with_which_key(void **state)
{
    (void)state;
    for (uint64_t who = 1; who <= 3; who++)
        for (unsigned armor = 0; armor < 2; armor++) {
            /* Of persons 9 and who, only the second is a recipient. */
            VL_AUTO(vl_buf_release)
            struct vl_buf sealed = sealed_to(1, 3, armor, VL_LITERAL("content"));
            VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = keys_of(9, 1);
            const struct vl_age_identity reader = person(who);
            struct told told;

            assert_int_equal(vl_age_identities_add(&keys, &reader, NULL), VL_OK);
            told = open_and_ask((struct vl_open_plan){.identities = &keys}, vl_buf_bytes(&sealed));
            assert_int_equal(told.stanza_count, 3);
            assert_true(told.has_recipient);
            assert_memory_equal(&told.recipient, &reader.recipient, sizeof told.recipient);
            assert_int_equal(told.key.len, VL_AGE_FILE_KEY_LEN);
        }
}

static void the_file_key_opens_the_file_without_any_other(void **state)
{
    static const size_t lens[] = {0, 7, 3 * (size_t)VL_AGE_CHUNK + 5};

    (void)state;
    for (size_t i = 0; i < COUNT(lens); i++)
        for (unsigned armor = 0; armor < 2; armor++) {
            VL_AUTO(vl_buf_release) struct vl_buf plain = content(lens[i]);
            VL_AUTO(vl_buf_release)
            struct vl_buf sealed = sealed_to(1, 1, armor, vl_buf_bytes(&plain));
            VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = keys_of(1, 1);
            VL_AUTO(vl_age_identities_release) struct vl_age_identities others = keys_of(2, 2);
            const struct told by_key =
                open_and_ask((struct vl_open_plan){.identities = &keys}, vl_buf_bytes(&sealed));
            const struct vl_open_plan plan = {.identities = i % 2 ? &others : NULL,
                                              .ask = never_asked,
                                              .file_key = &by_key.key};
            struct told told = open_and_ask(plan, vl_buf_bytes(&sealed));
            struct opened opened =
                open_all(plan, vl_buf_bytes(&sealed), &(struct feeding){0, false});

            assert_true(vl_secret_eq(&told.key, &by_key.key));
            assert_false(told.has_recipient);
            assert_int_equal(told.stanza_count, 1);
            assert_err(opened.err, VL_OK, &opened.why);
            assert_bytes(vl_buf_bytes(&opened.plain), vl_buf_bytes(&plain));
            opened_release(&opened);
        }
}

static void no_identity_is_tried_beside_a_file_key(void **state)
{
    /* The identity would open it: what was asked for is the file key. */
    VL_AUTO(vl_buf_release) struct vl_buf sealed = sealed_to_one(VL_LITERAL("content"), false);
    VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = keys_of(1, 1);
    const struct vl_secret other = {VL_AGE_FILE_KEY_LEN, "sixteen letters"};
    const struct vl_open_plan plan = {.identities = &keys, .file_key = &other};
    struct opened opened = open_all(plan, vl_buf_bytes(&sealed), &(struct feeding){0, false});

    (void)state;
    assert_int_equal(opened.err, VL_ERR_UNVERIFIED);
    assert_int_equal(opened.stage, VL_OPEN_MAC);
    assert_string_equal(opened.why.text, NOT_ITS_OWN);
    assert_int_equal(opened.plain.len, 0);
    opened_release(&opened);
}

static void a_file_key_that_is_not_the_files_own_is_refused(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf sealed = sealed_to_one(VL_LITERAL("content"), false);
    VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = keys_of(1, 1);
    const struct told told =
        open_and_ask((struct vl_open_plan){.identities = &keys}, vl_buf_bytes(&sealed));

    (void)state;
    for (size_t bit = 0; bit < 8 * (size_t)VL_AGE_FILE_KEY_LEN; bit++) {
        struct vl_secret other = told.key;
        struct opened opened;

        other.data[bit / 8] = (uint8_t)(other.data[bit / 8] ^ 1u << bit % 8);
        opened = open_all((struct vl_open_plan){.file_key = &other}, vl_buf_bytes(&sealed),
                          &(struct feeding){0, false});
        assert_int_equal(opened.err, VL_ERR_UNVERIFIED);
        assert_int_equal(opened.stage, VL_OPEN_MAC);
        assert_string_equal(opened.why.text, NOT_ITS_OWN);
        opened_release(&opened);
    }
    for (size_t len = 0; len <= VL_SECRET_MAX; len++) {
        struct vl_secret cut = told.key;
        struct opened opened;

        cut.len = len;
        opened = open_all((struct vl_open_plan){.file_key = &cut}, vl_buf_bytes(&sealed),
                          &(struct feeding){0, false});
        assert_int_equal(opened.err, len == VL_AGE_FILE_KEY_LEN ? VL_OK : VL_ERR_USAGE);
        if (len == 15)
            assert_string_equal(opened.why.text, "a file key of 15 bytes, wanted 16");
        opened_release(&opened);
    }
}

static void the_key_given_is_needed_until_the_header_was_read(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf sealed = sealed_to_one(VL_LITERAL("content"), false);
    VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = keys_of(1, 1);
    struct vl_secret key =
        open_and_ask((struct vl_open_plan){.identities = &keys}, vl_buf_bytes(&sealed)).key;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
    const struct vl_open_plan plan = {.file_key = &key, .sink = vl_buf_sink(&out)};
    struct vl_opener *opener = vl_opener_new(&plan);
    size_t at = 0;

    (void)state;
    assert_non_null(opener);
    for (; vl_opener_stanza_count(opener) == 0; at++)
        assert_int_equal(vl_opener_write(opener, vl_bytes_of(sealed.data + at, 1), NULL), VL_OK);
    vl_secret_wipe(&key);
    assert_int_equal(vl_opener_write(opener, vl_bytes_after(vl_buf_bytes(&sealed), at), NULL),
                     VL_OK);
    assert_int_equal(vl_opener_finish(opener, NULL), VL_OK);
    assert_bytes(vl_buf_bytes(&out), VL_LITERAL("content"));
    vl_opener_free(opener);
}

static enum vl_err answer(void *self, struct vl_passphrase *out, struct vl_why *why)
{
    *out = words("words");
    return VL_OK;
}

static void nobody_is_named_when_a_passphrase_opened_it(void **state)
{
    const struct vl_passphrase passphrase = words("words");
    VL_AUTO(vl_buf_release) struct vl_buf sealed = VL_BUF_INIT(FILE_CEIL);
    VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = keys_of(1, 2);
    struct counter_rng counter;
    struct vl_seal_plan sealing = {.passphrase = &passphrase,
                                   .log_n = 2,
                                   .rng = counter_rng(&counter, 3)};
    struct told told, again;

    (void)state;
    assert_int_equal(seal_all(sealing, VL_LITERAL("content"), &(struct feeding){0, false}, &sealed,
                              NULL),
                     VL_OK);
    told = open_and_ask((struct vl_open_plan){.identities = &keys, .ask = answer},
                        vl_buf_bytes(&sealed));
    assert_false(told.has_recipient);
    assert_int_equal(told.stanza_count, 1);
    /* And its file key does as well. */
    again = open_and_ask((struct vl_open_plan){.ask = never_asked, .file_key = &told.key},
                         vl_buf_bytes(&sealed));
    assert_true(vl_secret_eq(&again.key, &told.key));
}

static void a_failed_opener_tells_nothing(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf sealed = sealed_to_one(VL_LITERAL("content"), false);
    VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = keys_of(1, 1);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
    const struct vl_open_plan plan = {.identities = &keys, .sink = vl_buf_sink(&out)};
    struct vl_opener *opener = vl_opener_new(&plan);
    struct vl_age_recipient recipient;
    uint8_t *mac = memmem(sealed.data, sealed.len, "--- ", 4);

    (void)state;
    assert_non_null(opener);
    assert_non_null(mac);
    mac[10] = mac[10] == 'A' ? 'B' : 'A';
    assert_int_equal(vl_opener_write(opener, vl_buf_bytes(&sealed), NULL), VL_ERR_UNVERIFIED);
    assert_null(vl_opener_file_key(opener));
    assert_false(vl_opener_recipient(opener, &recipient));
    vl_opener_free(opener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_opener_tells_who_opened_it_and_with_which_key),
        cmocka_unit_test(the_file_key_opens_the_file_without_any_other),
        cmocka_unit_test(no_identity_is_tried_beside_a_file_key),
        cmocka_unit_test(a_file_key_that_is_not_the_files_own_is_refused),
        cmocka_unit_test(the_key_given_is_needed_until_the_header_was_read),
        cmocka_unit_test(nobody_is_named_when_a_passphrase_opened_it),
        cmocka_unit_test(a_failed_opener_tells_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
