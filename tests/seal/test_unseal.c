/* SPDX-License-Identifier: Apache-2.0 */
/* Who can open a file, who is asked for what, and what is said when it does not open. */
#include "base/alloc.h"
#include "sealed.h"

#define PLAIN "the letter"
#define SHARE "X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc"
#define ZERO  "X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* Add the stanza a letter stands for: a digit for that person, p for the passphrase "words" and
 * little work, P for much work; q and t for post-quantum kinds, g and x for kinds nobody knows;
 * o, b, s for X25519 stanzas of low order, with a body too short, and with an argument too many. */
static enum vl_err add_stanza(char letter, const struct vl_secret *key, const struct vl_rng *rng,
                              struct vl_buf *out)
{
    static const uint8_t body[32];
    const struct vl_passphrase passphrase = words("words");
    const struct vl_age_identity who = person((uint64_t)(letter - '0'));

    switch (letter) {
    case 'p':
        return vl_age_wrap_passphrase(&passphrase, 1, key, rng, out, NULL);
    case 'P':
        return vl_age_header_put_stanza(out, VL_LITERAL("scrypt rF0/NwblUHHTpgQgRpe5CQ 21"),
                                        VL_ARRAY(body));
    case 'q':
        return vl_age_header_put_stanza(out, VL_LITERAL("mlkem768x25519 AAAA"), VL_ARRAY(body));
    case 't':
        return vl_age_header_put_stanza(out, VL_LITERAL("mlkem768p256tag AA AA"), VL_ARRAY(body));
    case 'g':
        return vl_age_header_put_stanza(out, VL_LITERAL("!-grease ~ ~"), VL_BYTES_NONE);
    case 'x':
        return vl_age_header_put_stanza(out, VL_LITERAL("x25519"), VL_ARRAY(body));
    case 'o':
        return vl_age_header_put_stanza(out, VL_LITERAL(ZERO), VL_ARRAY(body));
    case 'b':
        return vl_age_header_put_stanza(out, VL_LITERAL(SHARE), vl_bytes_of(body, 31));
    case 's':
        return vl_age_header_put_stanza(out, VL_LITERAL(SHARE " x"), VL_ARRAY(body));
    default:
        return vl_age_wrap(&who.recipient, key, rng, out, NULL);
    }
}

/* A file with these stanzas, whether a sealer would make it or not. */
static struct vl_buf file_with(const char *stanzas)
{
    const uint8_t nonce[VL_AGE_NONCE_LEN] = {1, 2, 3};
    const struct vl_secret key = {.len = VL_AGE_FILE_KEY_LEN, .data = "sixteen letters"};
    struct counter_rng counter;
    const struct vl_rng rng = counter_rng(&counter, 99);
    struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
    struct vl_age_stream *stream;

    assert_int_equal(vl_age_header_begin(&out), VL_OK);
    for (; *stanzas; stanzas++)
        assert_int_equal(add_stanza(*stanzas, &key, &rng, &out), VL_OK);
    assert_int_equal(vl_age_header_finish(&out, &key), VL_OK);
    assert_int_equal(vl_buf_put(&out, VL_ARRAY(nonce)), VL_OK);
    stream = vl_age_stream_new(VL_AGE_SEALING, &key, nonce, 0, vl_buf_sink(&out));
    assert_non_null(stream);
    memcpy(vl_age_stream_room(stream).ptr, PLAIN, sizeof PLAIN - 1);
    vl_age_stream_fed(stream, sizeof PLAIN - 1);
    assert_int_equal(vl_age_stream_finish(stream, NULL), VL_OK);
    vl_age_stream_free(stream);
    return out;
}

/* Somebody at the keyboard. */
struct typist {
    const char *text; /* NULL: turns away */
    unsigned asked;
};

static enum vl_err type(void *self, struct vl_passphrase *out, struct vl_why *why)
{
    struct typist *typist = self;

    typist->asked++;
    if (!typist->text)
        return vl_fail(why, VL_ERR_INTERRUPTED, "no answer");
    *out = words(typist->text);
    return VL_OK;
}

static struct vl_age_identities keys_of(const char *who)
{
    struct vl_age_identities keys = VL_AGE_IDENTITIES_INIT;

    for (; *who; who++) {
        const struct vl_age_identity one = person((uint64_t)(*who - '0'));

        assert_int_equal(vl_age_identities_add(&keys, &one, NULL), VL_OK);
    }
    return keys;
}

#define NOT_MINE "it is not sealed to the key given"
#define NOT_OURS "it is not sealed to any of the keys given"
#define NO_KEYS  "it is sealed to a key, and none was given"
#define HYBRID   "it is sealed to post-quantum keys, which this version does not open"
#define SKIPPED  " (post-quantum recipients were skipped)"
#define BESIDE   "a passphrase beside other recipients"
#define BAD_BODY "an X25519 stanza with a body that is not 32 bytes"
#define BAD_ARG  "an X25519 stanza with a malformed share"
#define LOW      "an X25519 stanza with a share of low order"

/* clang-format off */
static const struct {
    const char *name;
    const char *stanzas;
    const char *keys;
    const char *typed; /* NULL: nobody to ask */
    unsigned asked;
    enum vl_err err;
    enum vl_open_stage stage;
    const char *words;
} doors[] = {
    { "my file",                    "1",     "1",    NULL, 0, VL_OK,          VL_OPEN_PAYLOAD, "" },
    { "among recipients, first",    "1234",  "1",    NULL, 0, VL_OK,          VL_OPEN_PAYLOAD, "" },
    { "among recipients, last",     "2341",  "1",    NULL, 0, VL_OK,          VL_OPEN_PAYLOAD, "" },
    { "among keys, first",          "1",     "1234", NULL, 0, VL_OK,          VL_OPEN_PAYLOAD, "" },
    { "among keys, last",           "1",     "2341", NULL, 0, VL_OK,          VL_OPEN_PAYLOAD, "" },
    { "among both",                 "5612",  "3417", NULL, 0, VL_OK,          VL_OPEN_PAYLOAD, "" },
    { "among unknown kinds",        "gx1g",  "1",    NULL, 0, VL_OK,          VL_OPEN_PAYLOAD, "" },
    { "beside a post-quantum one",  "q1",    "1",    NULL, 0, VL_OK,          VL_OPEN_PAYLOAD, "" },
    { "before a post-quantum one",  "1t",    "1",    NULL, 0, VL_OK,          VL_OPEN_PAYLOAD, "" },
    { "malformed behind mine",      "1bso",  "1",    NULL, 0, VL_OK,          VL_OPEN_PAYLOAD, "" },
    { "of somebody else",           "2",     "1",    NULL, 0, VL_ERR_NO_KEY,  VL_OPEN_KEY,     NOT_MINE },
    { "of several others",          "234",   "1",    NULL, 0, VL_ERR_NO_KEY,  VL_OPEN_KEY,     NOT_MINE },
    { "of somebody else, many keys", "2",    "134",  NULL, 0, VL_ERR_NO_KEY,  VL_OPEN_KEY,     NOT_OURS },
    { "of unknown kinds",           "gx",    "1",    NULL, 0, VL_ERR_NO_KEY,  VL_OPEN_KEY,     NOT_MINE },
    { "no key given",               "1",     "",     NULL, 0, VL_ERR_NO_KEY,  VL_OPEN_KEY,     NO_KEYS },
    { "no key given, but a voice",  "1",     "",     "words", 0, VL_ERR_NO_KEY, VL_OPEN_KEY,   NO_KEYS },
    { "of somebody else, and a voice", "2",  "1",    "words", 0, VL_ERR_NO_KEY, VL_OPEN_KEY,   NOT_MINE },
    { "post-quantum only",          "q",     "1",    NULL, 0, VL_ERR_NO_KEY,  VL_OPEN_KEY,     HYBRID },
    { "post-quantum only, no key",  "qg",    "",     NULL, 0, VL_ERR_NO_KEY,  VL_OPEN_KEY,     HYBRID },
    { "post-quantum hardware only", "tq",    "1",    NULL, 0, VL_ERR_NO_KEY,  VL_OPEN_KEY,     HYBRID },
    { "post-quantum and others",    "q2",    "1",    NULL, 0, VL_ERR_NO_KEY,  VL_OPEN_KEY,     NOT_MINE SKIPPED },
    { "post-quantum and others, many keys", "2t3", "14", NULL, 0, VL_ERR_NO_KEY, VL_OPEN_KEY,  NOT_OURS SKIPPED },
    { "a body too short",           "b",     "1",    NULL, 0, VL_ERR_FORMAT,  VL_OPEN_HEADER,  BAD_BODY },
    { "an argument too many",       "s1",    "1",    NULL, 0, VL_ERR_FORMAT,  VL_OPEN_HEADER,  BAD_ARG },
    { "low order before mine",      "2o1",   "1",    NULL, 0, VL_ERR_FORMAT,  VL_OPEN_HEADER,  LOW },
    { "malformed, first of two keys", "1b",  "21",   NULL, 0, VL_ERR_FORMAT,  VL_OPEN_HEADER,  BAD_BODY },
    { "a passphrase",               "p",     "",     "words", 1, VL_OK,       VL_OPEN_PAYLOAD, "" },
    { "a passphrase and keys",      "p",     "12",   "words", 1, VL_OK,       VL_OPEN_PAYLOAD, "" },
    { "another passphrase",         "p",     "",     "Words", 1, VL_ERR_NO_KEY, VL_OPEN_KEY,   "another passphrase" },
    { "an empty passphrase",        "p",     "1",    "",      1, VL_ERR_NO_KEY, VL_OPEN_KEY,   "another passphrase" },
    { "nobody to ask",              "p",     "1",    NULL,    0, VL_ERR_NO_KEY, VL_OPEN_KEY,   "it is sealed with a passphrase" },
    { "too much work",              "P",     "1",    "words", 0, VL_ERR_LIMIT, VL_OPEN_HEADER, "a scrypt work factor over 20" },
    { "a passphrase beside my key", "1p",    "1",    "words", 0, VL_ERR_FORMAT, VL_OPEN_HEADER, BESIDE },
    { "my key beside a passphrase", "p1",    "1",    "words", 0, VL_ERR_FORMAT, VL_OPEN_HEADER, BESIDE },
    { "two passphrases",            "pp",    "",     "words", 0, VL_ERR_FORMAT, VL_OPEN_HEADER, BESIDE },
    { "a passphrase and grease",    "gp",    "",     "words", 0, VL_ERR_FORMAT, VL_OPEN_HEADER, BESIDE },
    { "a passphrase, post-quantum", "pq",    "1",    "words", 0, VL_ERR_FORMAT, VL_OPEN_HEADER, BESIDE },
};
/* clang-format on */

static void whoever_is_named_opens_it_and_others_are_told_why_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(doors); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf sealed = file_with(doors[i].stanzas);
        VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = keys_of(doors[i].keys);

        for (size_t piece = 0; piece < 3; piece++) {
            struct typist typist = {doors[i].typed, 0};
            const struct vl_open_plan plan = {.identities = *doors[i].keys ? &keys : NULL,
                                              .ask = doors[i].typed ? type : NULL,
                                              .ask_self = &typist,
                                              .max_log_n = 20};
            struct opened opened =
                open_all(plan, vl_buf_bytes(&sealed), &(struct feeding){piece, piece == 2});

            if (opened.err != doors[i].err || opened.stage != doors[i].stage ||
                strcmp(opened.why.text, doors[i].words) != 0 || typist.asked != doors[i].asked)
                fail_msg("%s: %s at %d, asked %u: %s", doors[i].name, vl_err_name(opened.err),
                         (int)opened.stage, typist.asked, opened.why.text);
            assert_bytes(vl_buf_bytes(&opened.plain),
                         opened.err ? VL_BYTES_NONE : VL_LITERAL(PLAIN));
            opened_release(&opened);
        }
    }
}

static void more_work_than_age_takes_is_refused_before_anybody_is_asked(void **state)
{
    const uint8_t nothing[32] = {0};
    VL_AUTO(vl_buf_release) struct vl_buf sealed = VL_BUF_INIT(FILE_CEIL);
    const struct vl_secret key = {.len = VL_AGE_FILE_KEY_LEN};
    struct typist typist = {"words", 0};
    struct opened opened;

    (void)state;
    assert_int_equal(vl_age_header_begin(&sealed), VL_OK);
    assert_int_equal(vl_age_header_put_stanza(&sealed,
                                              VL_LITERAL("scrypt rF0/NwblUHHTpgQgRpe5CQ 23"),
                                              VL_ARRAY(nothing)),
                     VL_OK);
    assert_int_equal(vl_age_header_finish(&sealed, &key), VL_OK);
    opened = open_all((struct vl_open_plan){.ask = type, .ask_self = &typist},
                      vl_buf_bytes(&sealed), &(struct feeding){0, false});
    assert_int_equal(opened.err, VL_ERR_LIMIT);
    assert_string_equal(opened.why.text, "a scrypt work factor over 22");
    assert_int_equal(opened.stage, VL_OPEN_HEADER);
    assert_int_equal(typist.asked, 0);
    opened_release(&opened);
}

static void an_answer_that_does_not_come_is_told(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf sealed = file_with("p");
    struct typist typist = {NULL, 0};
    struct opened opened = open_all((struct vl_open_plan){.ask = type, .ask_self = &typist},
                                    vl_buf_bytes(&sealed), &(struct feeding){1, false});

    (void)state;
    assert_int_equal(opened.err, VL_ERR_INTERRUPTED);
    assert_string_equal(opened.why.text, "no answer");
    assert_int_equal(opened.stage, VL_OPEN_KEY);
    assert_int_equal(typist.asked, 1);
    opened_release(&opened);
}

static void a_file_sealed_with_a_passphrase_opens_with_it(void **state)
{
    const struct vl_passphrase passphrase = words("correct horse battery staple");
    struct typist typist = {"correct horse battery staple", 0};
    const struct vl_open_plan plan = {.ask = type, .ask_self = &typist};
    VL_AUTO(vl_buf_release) struct vl_buf plain = content(5 * CHUNK);
    struct counter_rng counter;

    (void)state;
    for (unsigned armor = 0; armor < 2; armor++) {
        VL_AUTO(vl_buf_release) struct vl_buf sealed = VL_BUF_INIT(FILE_CEIL);
        struct vl_seal_plan sealing = {.passphrase = &passphrase,
                                       .log_n = 4,
                                       .armor = armor,
                                       .rng = counter_rng(&counter, 1)};
        const struct feeding how = {0, armor};
        struct opened opened;

        assert_int_equal(seal_all(sealing, vl_buf_bytes(&plain), &how, &sealed, NULL), VL_OK);
        opened = open_all(plan, vl_buf_bytes(&sealed), &how);
        assert_err(opened.err, VL_OK, &opened.why);
        assert_bytes(vl_buf_bytes(&opened.plain), vl_buf_bytes(&plain));
        opened_release(&opened);
    }
    assert_int_equal(typist.asked, 2);
}

static void the_usual_work_factor_is_that_of_age(void **state)
{
    const struct vl_passphrase passphrase = words("x");
    VL_AUTO(vl_buf_release) struct vl_buf sealed = VL_BUF_INIT(FILE_CEIL);
    struct counter_rng counter;
    struct vl_seal_plan plan = {.passphrase = &passphrase, .rng = counter_rng(&counter, 1)};

    (void)state;
    assert_int_equal(seal_all(plan, VL_BYTES_NONE, &(struct feeding){0, false}, &sealed, NULL),
                     VL_OK);
    assert_bytes(vl_bytes_of(sealed.data + 22, 10), VL_LITERAL("-> scrypt "));
    assert_bytes(vl_bytes_of(sealed.data + 54, 4), VL_LITERAL(" 18\n"));
}

static void the_head_is_known_once_the_payload_begins(void **state)
{
    (void)state;
    for (unsigned armor = 0; armor < 2; armor++) {
        VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = keys_of("1");
        VL_AUTO(vl_buf_release) struct vl_buf binary = sealed_to_one(VL_LITERAL("abc"), false);
        VL_AUTO(vl_buf_release) struct vl_buf sealed = sealed_to_one(VL_LITERAL("abc"), armor);
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(100);
        const struct vl_open_plan plan = {.identities = &keys, .sink = vl_buf_sink(&out)};
        struct vl_opener *opener = vl_opener_new(&plan);

        assert_non_null(opener);
        assert_int_equal(vl_opener_stage(opener), VL_OPEN_NOTHING);
        for (size_t i = 0; i < sealed.len; i++) {
            bool has_begun = vl_opener_stage(opener) == VL_OPEN_PAYLOAD;

            assert_bytes(vl_opener_head(opener),
                         vl_bytes_first(vl_buf_bytes(&binary), has_begun ? 184 : 0));
            assert_int_equal(vl_opener_write(opener, vl_bytes_of(sealed.data + i, 1), NULL), VL_OK);
            if (!armor)
                assert_int_equal(has_begun, i >= 184);
        }
        assert_int_equal(vl_opener_finish(opener, NULL), VL_OK);
        assert_int_equal(vl_opener_head(opener).len, 184);
        vl_opener_free(opener);
    }
}

static void nothing_fed_changes_nothing(void **state)
{
    (void)state;
    for (unsigned armor = 0; armor < 2; armor++) {
        VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = keys_of("1");
        VL_AUTO(vl_buf_release) struct vl_buf sealed = sealed_to_one(VL_LITERAL("abc"), armor);
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(100);
        const struct vl_open_plan plan = {.identities = &keys, .sink = vl_buf_sink(&out)};
        struct vl_opener *opener = vl_opener_new(&plan);

        assert_non_null(opener);
        for (size_t i = 0; i < sealed.len; i++) {
            assert_int_equal(vl_opener_fed(opener, 0, NULL), VL_OK);
            assert_int_equal(vl_opener_write(opener, VL_BYTES_NONE, NULL), VL_OK);
            assert_true(vl_opener_room(opener).len > 0);
            assert_int_equal(vl_opener_write(opener, vl_bytes_of(sealed.data + i, 1), NULL), VL_OK);
        }
        assert_int_equal(vl_opener_finish(opener, NULL), VL_OK);
        assert_bytes(vl_buf_bytes(&out), VL_LITERAL("abc"));
        vl_opener_free(opener);
    }
}

static void an_opener_may_be_left_at_any_time(void **state)
{
    VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = keys_of("1");
    VL_AUTO(vl_buf_release) struct vl_buf plain = content(9 * CHUNK);
    VL_AUTO(vl_buf_release) struct vl_buf sealed = sealed_to_one(vl_buf_bytes(&plain), false);

    (void)state;
    vl_opener_free(NULL);
    for (unsigned i = 0; i < 30; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
        const struct vl_open_plan plan = {.identities = &keys,
                                          .workers = i % 3,
                                          .sink = vl_buf_sink(&out)};
        struct vl_opener *opener = vl_opener_new(&plan);
        vl_bytes part = vl_bytes_first(vl_buf_bytes(&sealed), i < 15 ? 14 * i : i * CHUNK / 3);

        assert_non_null(opener);
        assert_int_equal(vl_opener_write(opener, part, NULL), VL_OK);
        vl_opener_free(opener);
        assert_bytes(vl_buf_bytes(&out), vl_bytes_first(vl_buf_bytes(&plain), out.len));
        assert_int_equal(out.len % CHUNK, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_is_named_opens_it_and_others_are_told_why_not),
        cmocka_unit_test(more_work_than_age_takes_is_refused_before_anybody_is_asked),
        cmocka_unit_test(an_answer_that_does_not_come_is_told),
        cmocka_unit_test(a_file_sealed_with_a_passphrase_opens_with_it),
        cmocka_unit_test(the_usual_work_factor_is_that_of_age),
        cmocka_unit_test(the_head_is_known_once_the_payload_begins),
        cmocka_unit_test(nothing_fed_changes_nothing),
        cmocka_unit_test(an_opener_may_be_left_at_any_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
