/* SPDX-License-Identifier: Apache-2.0 */
/* libvalise as another program calls it: by its public header alone. */
#include "lib/valise.h"

#include <string.h>

#include "base/alloc.h"
#include "support.h"

#define CEIL ((size_t)8 << 20)

static int gather(void *self, const void *bytes, size_t len)
{
    return vl_buf_put(self, vl_bytes_of(bytes, len)) != VL_OK;
}

static int refuse(void *self, const void *bytes, size_t len)
{
    (void)self;
    (void)bytes;
    (void)len;
    return 1;
}

static int same_bytes(void *self, void *bytes, size_t len)
{
    unsigned *next = self;

    for (size_t i = 0; i < len; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)(*next)++;
    return 0;
}

static int no_randomness(void *self, void *bytes, size_t len)
{
    (void)self;
    memset(bytes, 7, len);
    return -1;
}

struct pair {
    char key[VALISE_KEY_TEXT];
    char recipient[VALISE_RECIPIENT_TEXT];
};

static struct pair pair(void)
{
    struct pair pair;

    assert_int_equal(valise_key_new(NULL, NULL, pair.key, pair.recipient, NULL), VALISE_OK);
    return pair;
}

/* In pieces of `step` bytes. */
static struct vl_buf seal_to(const char *recipient, vl_bytes plain, size_t step, unsigned threads,
                             bool armor)
{
    struct vl_buf sealed = VL_BUF_INIT(CEIL);
    struct valise_seal *seal = valise_seal_new();

    assert_non_null(seal);
    assert_int_equal(valise_seal_to(seal, recipient, NULL), VALISE_OK);
    valise_seal_threads(seal, threads);
    if (armor)
        valise_seal_armor(seal);
    assert_int_equal(valise_seal_begin(seal, gather, &sealed, NULL), VALISE_OK);
    for (size_t at = 0; at < plain.len; at += step) {
        const vl_bytes piece = vl_bytes_first(vl_bytes_after(plain, at), step);

        assert_int_equal(valise_seal_write(seal, piece.ptr, piece.len, NULL), VALISE_OK);
    }
    assert_int_equal(valise_seal_finish(seal, NULL), VALISE_OK);
    valise_seal_free(seal);
    return sealed;
}

static enum valise_code open_by(const char *key, vl_bytes sealed, size_t step, unsigned threads,
                                struct vl_buf *plain, struct valise_error *error)
{
    struct valise_open *open = valise_open_new();
    enum valise_code code;

    assert_non_null(open);
    assert_int_equal(valise_open_key(open, key, error), VALISE_OK);
    valise_open_threads(open, threads);
    code = valise_open_begin(open, gather, plain, error);
    for (size_t at = 0; at < sealed.len && !code; at += step) {
        const vl_bytes piece = vl_bytes_first(vl_bytes_after(sealed, at), step);

        code = valise_open_write(open, piece.ptr, piece.len, error);
    }
    if (!code)
        code = valise_open_finish(open, error);
    valise_open_free(open);
    return code;
}

static struct vl_buf content(size_t len)
{
    struct vl_buf plain = VL_BUF_INIT(CEIL);

    for (size_t i = 0; i < len; i++) {
        const uint8_t byte = (uint8_t)(i * 7 + (i >> 8));

        assert_int_equal(vl_buf_put(&plain, vl_bytes_of(&byte, 1)), VL_OK);
    }
    return plain;
}

static void what_is_sealed_comes_back(void **state)
{
    static const size_t lengths[] = {0, 1, 65535, 65536, 65537, 1000000};
    static const size_t steps[] = {1 << 20, 65536, 1021};
    const struct pair keys = pair();

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (unsigned how = 0; how < 6; how++) {
            VL_AUTO(vl_buf_release) struct vl_buf plain = content(lengths[i]);
            VL_AUTO(vl_buf_release)
            struct vl_buf sealed = seal_to(keys.recipient, vl_buf_bytes(&plain), steps[how / 2],
                                           how % 3, how % 2 == 1);
            VL_AUTO(vl_buf_release) struct vl_buf back = VL_BUF_INIT(CEIL);
            struct valise_error error;

            assert_int_equal(open_by(keys.key, vl_buf_bytes(&sealed), steps[how / 2], how % 3,
                                     &back, &error),
                             VALISE_OK);
            assert_int_equal(error.code, VALISE_OK);
            assert_string_equal(error.text, "");
            assert_bytes(vl_buf_bytes(&back), vl_buf_bytes(&plain));
        }
}

static void nothing_but_the_whole_unaltered_file_is_opened(void **state)
{
    const struct pair keys = pair(), others = pair();
    VL_AUTO(vl_buf_release) struct vl_buf plain = content(70000);
    VL_AUTO(vl_buf_release)
    struct vl_buf sealed = seal_to(keys.recipient, vl_buf_bytes(&plain), 70000, 0, false);
    VL_AUTO(vl_buf_release) struct vl_buf back = VL_BUF_INIT(CEIL);
    struct valise_error error;

    (void)state;
    assert_int_equal(open_by(others.key, vl_buf_bytes(&sealed), 70000, 0, &back, &error),
                     VALISE_NO_KEY);
    assert_int_equal(error.code, VALISE_NO_KEY);
    assert_true(strlen(error.text) > 0);
    sealed.data[sealed.len - 1] ^= 1;
    assert_int_equal(open_by(keys.key, vl_buf_bytes(&sealed), 70000, 0, &back, &error),
                     VALISE_UNVERIFIED);
    sealed.data[sealed.len - 1] ^= 1;
    sealed.len -= 20;
    assert_int_equal(open_by(keys.key, vl_buf_bytes(&sealed), 70000, 0, &back, &error),
                     VALISE_UNVERIFIED);
    assert_int_equal(open_by(keys.key, VL_LITERAL("age-encryption.org/v2\n"), 70000, 0, &back,
                             &error),
                     VALISE_FORMAT);
}

static void a_passphrase_is_alone_and_opens_what_it_sealed(void **state)
{
    const struct pair keys = pair();
    struct valise_seal *seal = valise_seal_new();
    struct valise_open *open = valise_open_new();
    VL_AUTO(vl_buf_release) struct vl_buf sealed = VL_BUF_INIT(CEIL), back = VL_BUF_INIT(CEIL);
    struct valise_error error;

    (void)state;
    assert_int_equal(valise_seal_passphrase(seal, "", 0, &error), VALISE_USAGE);
    assert_int_equal(valise_seal_passphrase(seal, "wrong", 5, &error), VALISE_OK);
    assert_int_equal(valise_seal_passphrase(seal, "right", 5, &error), VALISE_OK);
    assert_int_equal(valise_seal_begin(seal, gather, &sealed, &error), VALISE_OK);
    assert_int_equal(valise_seal_write(seal, "words", 5, &error), VALISE_OK);
    assert_int_equal(valise_seal_finish(seal, &error), VALISE_OK);
    valise_seal_free(seal);

    assert_int_equal(valise_open_key(open, keys.key, &error), VALISE_OK);
    assert_int_equal(valise_open_passphrase(open, "right", 5, &error), VALISE_OK);
    assert_int_equal(valise_open_begin(open, gather, &back, &error), VALISE_OK);
    assert_int_equal(valise_open_write(open, sealed.data, sealed.len, &error), VALISE_OK);
    assert_int_equal(valise_open_finish(open, &error), VALISE_OK);
    assert_bytes(vl_buf_bytes(&back), VL_LITERAL("words"));
    valise_open_free(open);
    assert_int_equal(open_by(keys.key, vl_buf_bytes(&sealed), CEIL, 0, &back, &error),
                     VALISE_NO_KEY);

    seal = valise_seal_new();
    assert_int_equal(valise_seal_to(seal, keys.recipient, &error), VALISE_OK);
    assert_int_equal(valise_seal_passphrase(seal, "right", 5, &error), VALISE_OK);
    assert_int_equal(valise_seal_begin(seal, gather, &sealed, &error), VALISE_USAGE);
    valise_seal_free(seal);
}

static void calls_out_of_turn_are_refused(void **state)
{
    const struct pair keys = pair();
    struct valise_seal *seal = valise_seal_new();
    struct valise_open *open = valise_open_new();
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(CEIL);
    struct valise_error error;

    (void)state;
    assert_int_equal(valise_seal_write(seal, "x", 1, &error), VALISE_USAGE);
    assert_int_equal(valise_seal_finish(seal, &error), VALISE_USAGE);
    assert_int_equal(valise_seal_to(seal, "age1nobody", &error), VALISE_FORMAT);
    assert_int_equal(valise_seal_to(seal, keys.recipient, &error), VALISE_OK);
    assert_int_equal(valise_seal_begin(seal, gather, &out, &error), VALISE_OK);
    assert_int_equal(valise_seal_to(seal, keys.recipient, &error), VALISE_USAGE);
    assert_int_equal(valise_seal_passphrase(seal, "x", 1, &error), VALISE_USAGE);
    assert_int_equal(valise_seal_begin(seal, gather, &out, &error), VALISE_USAGE);
    assert_int_equal(valise_seal_finish(seal, &error), VALISE_OK);
    assert_int_equal(valise_seal_finish(seal, &error), VALISE_USAGE);
    assert_int_equal(valise_seal_write(seal, "x", 1, &error), VALISE_USAGE);
    valise_seal_free(seal);
    seal = valise_seal_new();
    assert_int_equal(valise_seal_begin(seal, gather, &out, &error), VALISE_USAGE);
    valise_seal_free(seal);
    seal = valise_seal_new();
    assert_int_equal(valise_seal_to(seal, keys.recipient, &error), VALISE_OK);
    assert_int_equal(valise_seal_begin(seal, NULL, NULL, &error), VALISE_USAGE);
    valise_seal_free(seal);

    assert_int_equal(valise_open_write(open, "x", 1, &error), VALISE_USAGE);
    assert_int_equal(valise_open_finish(open, &error), VALISE_USAGE);
    assert_int_equal(valise_open_key(open, "AGE-SECRET-KEY-1NONE", &error), VALISE_FORMAT);
    assert_null(strstr(error.text, "1NONE"));
    assert_int_equal(valise_open_begin(open, NULL, NULL, &error), VALISE_USAGE);
    assert_int_equal(valise_open_begin(open, gather, &out, &error), VALISE_OK);
    assert_int_equal(valise_open_key(open, keys.key, &error), VALISE_USAGE);
    valise_open_free(open);
    valise_seal_free(NULL);
    valise_open_free(NULL);
    valise_card_free(NULL);
    valise_set_free(NULL);
}

static void a_callback_can_end_it(void **state)
{
    const struct pair keys = pair();
    VL_AUTO(vl_buf_release) struct vl_buf plain = content(1000);
    VL_AUTO(vl_buf_release)
    struct vl_buf sealed = seal_to(keys.recipient, vl_buf_bytes(&plain), 1000, 0, false);
    struct valise_seal *seal = valise_seal_new();
    struct valise_open *open = valise_open_new();
    struct valise_error error;
    enum valise_code code;

    (void)state;
    assert_int_equal(valise_seal_to(seal, keys.recipient, &error), VALISE_OK);
    assert_int_equal(valise_seal_begin(seal, refuse, NULL, &error), VALISE_STOPPED);
    assert_int_equal(error.code, VALISE_STOPPED);
    valise_seal_free(seal);
    assert_int_equal(valise_open_key(open, keys.key, &error), VALISE_OK);
    assert_int_equal(valise_open_begin(open, refuse, NULL, &error), VALISE_OK);
    code = valise_open_write(open, sealed.data, sealed.len, &error);
    if (!code)
        code = valise_open_finish(open, &error);
    assert_int_equal(code, VALISE_STOPPED);
    valise_open_free(open);
}

static void randomness_can_be_the_callers(void **state)
{
    struct pair keys, again;
    unsigned next = 1, from = 1;
    struct valise_error error;
    struct valise_seal *seal = valise_seal_new();
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(CEIL);

    (void)state;
    assert_int_equal(valise_key_new(same_bytes, &next, keys.key, keys.recipient, &error),
                     VALISE_OK);
    assert_int_equal(valise_key_new(same_bytes, &from, again.key, again.recipient, &error),
                     VALISE_OK);
    assert_string_equal(keys.key, again.key);
    assert_string_equal(keys.recipient, again.recipient);
    assert_int_equal(valise_key_recipient(keys.key, again.recipient, &error), VALISE_OK);
    assert_string_equal(keys.recipient, again.recipient);
    assert_int_equal(valise_key_new(no_randomness, NULL, again.key, again.recipient, &error),
                     VALISE_INTERNAL);
    assert_string_equal(again.key, "");
    assert_string_equal(again.recipient, "");
    assert_int_equal(valise_seal_to(seal, keys.recipient, &error), VALISE_OK);
    valise_seal_random(seal, no_randomness, NULL);
    assert_int_equal(valise_seal_begin(seal, gather, &out, &error), VALISE_INTERNAL);
    assert_int_equal(out.len, 0);
    valise_seal_free(seal);
}

/* --- cards and evidence ----------------------------------------------------------------------- */

static void a_card_says_who_it_is(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = file("tests/golden/mill.cards");
    VL_AUTO(vl_buf_release) struct vl_buf text = file("tests/golden/mill.cards.txt");
    struct valise_error error;
    struct valise_card *card = valise_card_read(wire.data, wire.len, &error);
    struct valise_card *same = valise_card_read(text.data, text.len, &error);
    size_t spaces = 0;

    (void)state;
    assert_non_null(card);
    assert_non_null(same);
    assert_int_equal(error.code, VALISE_OK);
    assert_int_equal(strncmp(valise_card_address(card), "office1", 7), 0);
    assert_string_equal(valise_card_address(card), valise_card_address(same));
    assert_string_equal(valise_card_name(card), valise_card_name(same));
    assert_true(strlen(valise_card_name(card)) > 0);
    assert_int_equal(strncmp(valise_card_recipient(card), "age1", 4), 0);
    assert_true(valise_card_serial(card) == valise_card_serial(same));
    for (const char *at = valise_card_words(card); *at; at++)
        spaces += *at == ' ';
    assert_int_equal(spaces, 11);
    assert_string_equal(valise_card_words(card), valise_card_words(same));
    valise_card_free(card);
    valise_card_free(same);

    for (size_t at = 0; at < wire.len; at += 31) {
        wire.data[at] ^= 1;
        assert_null(valise_card_read(wire.data, wire.len, &error));
        assert_int_not_equal(error.code, VALISE_OK);
        wire.data[at] ^= 1;
    }
    assert_null(valise_card_read(NULL, 0, NULL));
}

struct letters {
    size_t count;
    char at[8][80];
};

static int see_letter(void *self, const char *letter)
{
    struct letters *letters = self;

    assert_true(letters->count < 8 && strlen(letter) < sizeof *letters->at);
    memcpy(letters->at[letters->count++], letter, strlen(letter) + 1);
    return 0;
}

static int stop_there(void *self, const char *letter)
{
    (void)letter;
    ++*(int *)self;
    return 1;
}

static const char *const golden[] = {"tests/golden/custody/handover.evidence",
                                     "tests/golden/sealed-letter.evidence",
                                     "tests/golden/mill.cards"};
#define GOLDEN_COUNT (sizeof golden / sizeof *golden)

/* The golden files, beginning with the one of this number, each so many times. */
static struct valise_set *gathered(size_t first, unsigned times)
{
    struct valise_set *set = valise_set_new();

    assert_non_null(set);
    for (size_t i = 0; i < GOLDEN_COUNT * times; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = file(golden[(first + i) % GOLDEN_COUNT]);

        assert_int_equal(valise_set_add(set, wire.data, wire.len, NULL), VALISE_OK);
    }
    return set;
}

static void a_finding_is_the_same_in_any_order(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wanted = VL_BUF_INIT(CEIL);
    struct letters letters = {.count = 0};

    (void)state;
    for (size_t first = 0; first < GOLDEN_COUNT; first++) {
        struct valise_set *set = gathered(first, 1 + (unsigned)first);
        VL_AUTO(vl_buf_release) struct vl_buf got = VL_BUF_INIT(CEIL);
        VL_AUTO(vl_buf_release) struct vl_buf words = VL_BUF_INIT(CEIL);

        letters.count = 0;
        assert_int_equal(valise_set_letters(set, see_letter, &letters, NULL), VALISE_OK);
        assert_true(letters.count >= 2);
        for (size_t i = 0; i < letters.count; i++) {
            assert_true(i == 0 || strcmp(letters.at[i - 1], letters.at[i]) != 0);
            assert_int_equal(valise_set_finding(set, letters.at[i], 1700000000, gather, &got, NULL),
                             VALISE_OK);
            assert_int_equal(valise_set_words(set, letters.at[i], 1700000000, 72, gather, &words,
                                              NULL),
                             VALISE_OK);
        }
        assert_int_equal(vl_buf_put(&got, VL_LITERAL("\0")), VL_OK);
        assert_int_equal(vl_buf_put(&words, VL_LITERAL("\0")), VL_OK);
        assert_non_null(strstr((const char *)got.data, "\"valise.finding/1\""));
        assert_non_null(strstr((const char *)words.data, "Proven"));
        if (first == 0)
            assert_int_equal(vl_buf_put(&wanted, vl_buf_bytes(&got)), VL_OK);
        assert_bytes(vl_buf_bytes(&got), vl_buf_bytes(&wanted));
        valise_set_free(set);
    }
}

static void what_is_altered_is_named(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = file(golden[0]);
    VL_AUTO(vl_buf_release) struct vl_buf card = file(golden[2]);
    struct valise_set *set = valise_set_new();
    struct valise_error error;
    size_t told = 0;

    (void)state;
    assert_int_equal(valise_set_verify(set, wire.data, wire.len, &error), VALISE_OK);
    assert_int_equal(valise_set_verify(set, card.data, card.len, &error), VALISE_OK);
    assert_int_equal(valise_set_verify(set, "nothing", 7, &error), VALISE_FORMAT);
    for (size_t at = 0; at < wire.len; at += 97) {
        enum valise_code code;

        wire.data[at] ^= 1;
        code = valise_set_verify(set, wire.data, wire.len, &error);
        assert_int_not_equal(code, VALISE_OK);
        told += strncmp(error.text, "act ", 4) == 0;
        wire.data[at] ^= 1;
    }
    assert_true(told > 10);
    assert_int_equal(valise_set_add(set, "nothing", 7, &error), VALISE_FORMAT);
    assert_int_equal(valise_set_letters(set, see_letter, NULL, &error), VALISE_OK);
    valise_set_free(set);
}

static void a_letter_is_asked_for_by_its_whole_number(void **state)
{
    struct valise_set *set = gathered(0, 1);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(CEIL);
    struct letters letters = {.count = 0};
    struct valise_error error;
    int seen = 0;

    (void)state;
    assert_int_equal(valise_set_letters(set, see_letter, &letters, &error), VALISE_OK);
    assert_int_equal(valise_set_letters(set, stop_there, &seen, &error), VALISE_STOPPED);
    assert_int_equal(seen, 1);
    assert_int_equal(valise_set_finding(set, "K7QF-2M4D", 0, gather, &out, &error), VALISE_USAGE);
    letters.at[0][20] = letters.at[0][20] == 'q' ? 'p' : 'q';
    assert_int_equal(valise_set_finding(set, letters.at[0], 0, gather, &out, &error), VALISE_USAGE);
    assert_int_equal(
        valise_set_finding(set, "letter1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
                           0, gather, &out, &error),
        VALISE_USAGE);
    assert_int_equal(out.len, 0);
    assert_int_equal(valise_set_finding(set, letters.at[1], 0, refuse, NULL, &error),
                     VALISE_STOPPED);
    valise_set_free(set);
}

/* Who was checked stands in the finding, and changes what a card alone would say. */
static void an_office_that_was_checked_is_told(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = file("tests/golden/mill.cards");
    struct valise_set *set = gathered(0, 1);
    struct valise_card *card = valise_card_read(wire.data, wire.len, NULL);
    VL_AUTO(vl_buf_release) struct vl_buf before = VL_BUF_INIT(CEIL), after = VL_BUF_INIT(CEIL);
    struct letters letters = {.count = 0};
    size_t changed = 0;

    (void)state;
    assert_int_equal(valise_set_letters(set, see_letter, &letters, NULL), VALISE_OK);
    for (size_t i = 0; i < letters.count; i++)
        assert_int_equal(valise_set_finding(set, letters.at[i], 0, gather, &before, NULL),
                         VALISE_OK);
    assert_int_equal(valise_set_checked(set, card, NULL), VALISE_OK);
    for (size_t i = 0; i < letters.count; i++)
        assert_int_equal(valise_set_finding(set, letters.at[i], 0, gather, &after, NULL),
                         VALISE_OK);
    changed += !vl_bytes_eq(vl_buf_bytes(&before), vl_buf_bytes(&after));
    assert_int_equal(changed, 1);
    valise_card_free(card);
    valise_set_free(set);
}

/* --- memory ----------------------------------------------------------------------------------- */

static enum vl_err internal(const struct valise_error *error, struct vl_why *why)
{
    if (error->code == VALISE_OK)
        return VL_OK;
    /* The buffer of the test itself may be what failed. */
    return vl_fail(why,
                   error->code == VALISE_NO_MEMORY || error->code == VALISE_STOPPED
                       ? VL_ERR_NO_MEMORY
                       : VL_ERR_INTERNAL,
                   "%s", error->text);
}

static enum vl_err find_once(void *self, struct vl_why *why)
{
    const struct vl_buf *wire = self;
    struct valise_set *set = valise_set_new();
    struct letters letters = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(CEIL);
    struct valise_error error = {VALISE_NO_MEMORY, ""};

    if (set && !valise_set_add(set, wire->data, wire->len, &error) &&
        !valise_set_verify(set, wire->data, wire->len, &error) &&
        !valise_set_letters(set, see_letter, &letters, &error))
        (void)!valise_set_finding(set, letters.at[0], 0, gather, &out, &error);
    valise_set_free(set);
    return internal(&error, why);
}

static enum vl_err read_card_once(void *self, struct vl_why *why)
{
    const struct vl_buf *wire = self;
    struct valise_error error = {VALISE_OK, ""};
    struct valise_card *card = valise_card_read(wire->data, wire->len, &error);

    valise_card_free(card);
    return internal(&error, why);
}

static void no_memory_is_told_and_nothing_is_lost(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf card = file(golden[2]);
    VL_AUTO(vl_buf_release) struct vl_buf evidence = file(golden[0]);

    (void)state;
    assert_true(each_allocation_fails(read_card_once, &card) > 2);
    assert_true(each_allocation_fails(find_once, &evidence) > 20);
}

static void every_code_has_words(void **state)
{
    (void)state;
    for (int code = VALISE_OK; code <= VALISE_NO_KEY; code++)
        assert_true(strlen(valise_code_words((enum valise_code)code)) > 3);
    assert_string_equal(valise_code_words((enum valise_code)12), "");
    assert_string_equal(valise_version(), VL_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_comes_back),
        cmocka_unit_test(nothing_but_the_whole_unaltered_file_is_opened),
        cmocka_unit_test(a_passphrase_is_alone_and_opens_what_it_sealed),
        cmocka_unit_test(calls_out_of_turn_are_refused),
        cmocka_unit_test(a_callback_can_end_it),
        cmocka_unit_test(randomness_can_be_the_callers),
        cmocka_unit_test(a_card_says_who_it_is),
        cmocka_unit_test(a_finding_is_the_same_in_any_order),
        cmocka_unit_test(what_is_altered_is_named),
        cmocka_unit_test(a_letter_is_asked_for_by_its_whole_number),
        cmocka_unit_test(an_office_that_was_checked_is_told),
        cmocka_unit_test(no_memory_is_told_and_nothing_is_lost),
        cmocka_unit_test(every_code_has_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
