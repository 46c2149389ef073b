/* SPDX-License-Identifier: Apache-2.0 */
/* Files that were cut, altered or lengthened, sinks that fail, memory that ends: what was released
 * is then whole authenticated chunks from the beginning, and what is told is never VL_OK. */
#include "base/alloc.h"
#include "sealed.h"

/* How dense the tests are in the long stretches of a payload, where every byte is alike. */
#define STRIDE 211

static struct vl_age_identities mine(void)
{
    struct vl_age_identities keys = VL_AGE_IDENTITIES_INIT;
    const struct vl_age_identity one = person(1);

    assert_int_equal(vl_age_identities_add(&keys, &one, NULL), VL_OK);
    return keys;
}

/* Opens what was tampered with: refused, and nothing released but whole chunks of the content. */
static void must_not_open(vl_bytes sealed, vl_bytes plain, unsigned workers, size_t at)
{
    VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = mine();
    const struct vl_open_plan plan = {.identities = &keys, .workers = workers};
    struct opened opened = open_all(plan, sealed, &(struct feeding){at % 3 ? 0 : 5000, false});

    if (!opened.err)
        fail_msg("opened, with something wrong at byte %zu", at);
    assert_int_not_equal(opened.why.text[0], '\0');
    assert_true(opened.err == VL_ERR_FORMAT || opened.err == VL_ERR_UNVERIFIED ||
                opened.err == VL_ERR_NO_KEY);
    assert_true(opened.plain.len % CHUNK == 0 || opened.plain.len == plain.len);
    assert_true(opened.plain.len <= plain.len);
    assert_bytes(vl_buf_bytes(&opened.plain), vl_bytes_first(plain, opened.plain.len));
    opened_release(&opened);
}

/* Where a file is looked at closely: the first 300 bytes, the last, and all around where chunks
 * end, in the binary file or as armor. */
static bool is_close(size_t at, size_t len, bool armor)
{
    size_t payload = 184, near = armor ? 140 : 40;

    if (at < (armor ? 400 : 300) || len - at < 200 || at % STRIDE == 0)
        return true;
    for (size_t end = payload + SEALED; end < len; end += SEALED) {
        size_t there = armor ? 35 + end / 48 * 65 + end % 48 * 4 / 3 : end;

        if (at + near > there && at < there + near)
            return true;
    }
    return false;
}

struct letter {
    size_t len;
    bool armor;
};

static const struct letter letters[] = {
    {0, false}, {0, true}, {100, false}, {100, true}, {2 * CHUNK + 33, false}, {CHUNK, true},
};

static void a_file_cut_anywhere_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(letters); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf plain = content(letters[i].len);
        VL_AUTO(vl_buf_release)
        struct vl_buf sealed = sealed_to_one(vl_buf_bytes(&plain), letters[i].armor);
        /* The last line end of armor may be missing. */
        size_t end = sealed.len - (letters[i].armor ? 1 : 0);

        for (size_t len = 0; len < end; len++)
            if (is_close(len, sealed.len, letters[i].armor))
                must_not_open(vl_bytes_first(vl_buf_bytes(&sealed), len), vl_buf_bytes(&plain),
                              len % 16 ? 0 : 2, len);
    }
}

/* Bits that may differ in armor: a line end becomes white space where it may be any.  Everything
 * else that armor allows holds the same bytes. */
static void flip(struct vl_buf *sealed, vl_bytes plain, bool armor, size_t at, unsigned bit)
{
    uint8_t before = sealed->data[at];
    VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = mine();

    sealed->data[at] = (uint8_t)(before ^ 1u << bit);
    if (armor && at + 1 == sealed->len) {
        struct opened opened = open_all((struct vl_open_plan){.identities = &keys},
                                        vl_buf_bytes(sealed), &(struct feeding){0, false});

        assert_true(opened.err == VL_ERR_FORMAT);
        opened_release(&opened);
    } else {
        must_not_open(vl_buf_bytes(sealed), plain, at % 16 ? 0 : 2, at);
    }
    sealed->data[at] = before;
}

static void no_bit_can_be_altered(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(letters); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf plain = content(letters[i].len);
        VL_AUTO(vl_buf_release)
        struct vl_buf sealed = sealed_to_one(vl_buf_bytes(&plain), letters[i].armor);
        unsigned step = letters[i].len > 1000 ? 8 : 1; /* all bits, or one */

        for (size_t at = 0; at < sealed.len; at++)
            for (unsigned bit = (unsigned)at % step; bit < 8; bit += step)
                if (is_close(at, sealed.len, letters[i].armor))
                    flip(&sealed, vl_buf_bytes(&plain), letters[i].armor, at, bit);
    }
}

static void nothing_can_be_added_at_the_end(void **state)
{
    static const size_t lens[] = {0, 100, CHUNK - 1, CHUNK, CHUNK + 1, 4 * CHUNK};
    static const size_t more[] = {1, 15, 16, 17, 184, SEALED, SEALED + 1};

    (void)state;
    for (size_t i = 0; i < COUNT(lens) * COUNT(more); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf plain = content(lens[i % COUNT(lens)]);
        VL_AUTO(vl_buf_release) struct vl_buf sealed = sealed_to_one(vl_buf_bytes(&plain), false);
        VL_AUTO(vl_buf_release) struct vl_buf added = content(more[i / COUNT(lens)]);

        assert_int_equal(vl_buf_put(&sealed, vl_buf_bytes(&added)), VL_OK);
        for (unsigned workers = 0; workers <= 2; workers += 2)
            must_not_open(vl_buf_bytes(&sealed), vl_buf_bytes(&plain), workers, i);
    }
}

static void a_file_behind_a_file_is_refused(void **state)
{
    (void)state;
    for (unsigned armor = 0; armor < 2; armor++) {
        VL_AUTO(vl_buf_release) struct vl_buf sealed = sealed_to_one(VL_LITERAL("one"), armor);
        VL_AUTO(vl_buf_release) struct vl_buf twice = VL_BUF_INIT(FILE_CEIL);

        assert_int_equal(vl_buf_put(&twice, vl_buf_bytes(&sealed)), VL_OK);
        assert_int_equal(vl_buf_put(&twice, vl_buf_bytes(&sealed)), VL_OK);
        must_not_open(vl_buf_bytes(&twice), VL_LITERAL("one"), 0, 1);
    }
}

/* clang-format off */
static const struct {
    const char *name;
    size_t keep;     /* bytes of a sealed letter of 100 bytes, from the beginning */
    size_t flip;     /* the byte to alter, or 0 */
    enum vl_err err;
    enum vl_open_stage stage;
    const char *words;
} stages[] = {
    { "nothing",             0,   0,   VL_ERR_FORMAT,     VL_OPEN_NOTHING, "nothing there" },
    { "one byte",            1,   0,   VL_ERR_FORMAT,     VL_OPEN_HEADER,  "byte 1: cut short in the header" },
    { "another version",     300, 20,  VL_ERR_FORMAT,     VL_OPEN_HEADER,  "an age file of another version than v1" },
    { "half a header",       100, 0,   VL_ERR_FORMAT,     VL_OPEN_HEADER,  "byte 100: cut short in the header" },
    { "another type",        300, 25,  VL_ERR_NO_KEY,     VL_OPEN_KEY,     "it is not sealed to the key given" },
    { "another share",       300, 40,  VL_ERR_NO_KEY,     VL_OPEN_KEY,     "it is not sealed to the key given" },
    { "another file key",    300, 80,  VL_ERR_NO_KEY,     VL_OPEN_KEY,     "it is not sealed to the key given" },
    { "another MAC",         300, 130, VL_ERR_UNVERIFIED, VL_OPEN_MAC,     "the header was altered: its MAC does not fit" },
    { "no nonce",            168, 0,   VL_ERR_FORMAT,     VL_OPEN_HEADER,  "cut short behind the header" },
    { "half a nonce",        180, 0,   VL_ERR_FORMAT,     VL_OPEN_HEADER,  "cut short behind the header" },
    { "no payload",          184, 0,   VL_ERR_UNVERIFIED, VL_OPEN_PAYLOAD, "cut short after 0 bytes of content" },
    { "another nonce",       300, 170, VL_ERR_UNVERIFIED, VL_OPEN_PAYLOAD, "altered or cut short after 0 bytes of content" },
    { "another payload",     300, 190, VL_ERR_UNVERIFIED, VL_OPEN_PAYLOAD, "altered or cut short after 0 bytes of content" },
    { "another tag",         300, 299, VL_ERR_UNVERIFIED, VL_OPEN_PAYLOAD, "altered or cut short after 0 bytes of content" },
};
/* clang-format on */

static struct vl_buf armored(vl_bytes bytes)
{
    struct vl_age_armor_writer writer = VL_AGE_ARMOR_WRITER_INIT;
    struct vl_buf text = VL_BUF_INIT(FILE_CEIL);

    assert_int_equal(vl_age_armor_write(&writer, bytes, &text), VL_OK);
    assert_int_equal(vl_age_armor_write_end(&writer, &text), VL_OK);
    return text;
}

static void the_stage_and_the_words_say_what_is_wrong(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf plain = content(100);

    (void)state;
    for (size_t i = 0; i < 6 * COUNT(stages); i++) {
        VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = mine();
        VL_AUTO(vl_buf_release) struct vl_buf sealed = sealed_to_one(vl_buf_bytes(&plain), false);
        const struct feeding how = {i % 3, i % 3 == 2};
        struct opened opened;

        assert_int_equal(sealed.len, 300);
        sealed.len = stages[i / 6].keep;
        if (stages[i / 6].flip)
            sealed.data[stages[i / 6].flip] ^= 1;
        if (i / 3 % 2) {
            VL_AUTO(vl_buf_release) struct vl_buf text = armored(vl_buf_bytes(&sealed));

            opened =
                open_all((struct vl_open_plan){.identities = &keys}, vl_buf_bytes(&text), &how);
        } else {
            opened =
                open_all((struct vl_open_plan){.identities = &keys}, vl_buf_bytes(&sealed), &how);
        }
        if (opened.err != stages[i / 6].err ||
            (opened.stage != stages[i / 6].stage &&
             !(opened.stage == VL_OPEN_HEADER && stages[i / 6].stage == VL_OPEN_NOTHING)) ||
            strcmp(opened.why.text, stages[i / 6].words) != 0)
            fail_msg("%s: %s at %d: %s", stages[i / 6].name, vl_err_name(opened.err),
                     (int)opened.stage, opened.why.text);
        assert_int_equal(opened.plain.len, 0);
        opened_release(&opened);
    }
}

/* What is wrong first is told, however the file is fed and whoever works on it. */
static void of_two_things_wrong_in_armor_the_first_is_told(void **state)
{
    static const struct {
        size_t first;  /* the byte of the file to alter, or 0 */
        size_t second; /* the byte of its armor to spoil; SIZE_MAX: cut off the end */
        enum vl_err err;
        enum vl_open_stage stage;
    } rows[] = {
        {0, 40000, VL_ERR_FORMAT, VL_OPEN_ARMOR},
        {20, 40000, VL_ERR_FORMAT, VL_OPEN_HEADER},
        {40, 40000, VL_ERR_NO_KEY, VL_OPEN_KEY},
        {130, 40000, VL_ERR_UNVERIFIED, VL_OPEN_MAC},
        {1000, 40000, VL_ERR_FORMAT, VL_OPEN_ARMOR}, /* its batch was not whole yet */
        {1000, 400000, VL_ERR_UNVERIFIED, VL_OPEN_PAYLOAD},
        {1000, SIZE_MAX, VL_ERR_UNVERIFIED, VL_OPEN_PAYLOAD},
        {0, SIZE_MAX, VL_ERR_FORMAT, VL_OPEN_ARMOR},
    };
    static const struct feeding feedings[] = {{0, false}, {1, false}, {1000, false}, {0, true}};
    VL_AUTO(vl_buf_release) struct vl_buf plain = content(6 * CHUNK);

    (void)state;
    for (size_t i = 0; i < COUNT(rows) * COUNT(feedings) * 2; i++) {
        VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = mine();
        VL_AUTO(vl_buf_release) struct vl_buf sealed = sealed_to_one(vl_buf_bytes(&plain), false);
        VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(FILE_CEIL);
        size_t row = i / 2 / COUNT(feedings), first = rows[row].first;
        struct opened opened;

        sealed.data[first] ^= first > 0;
        text = armored(vl_buf_bytes(&sealed));
        if (rows[row].second < text.len)
            text.data[rows[row].second] = '*';
        else
            text.len -= 40;
        opened = open_all((struct vl_open_plan){.identities = &keys, .workers = i % 2 ? 2 : 0},
                          vl_buf_bytes(&text), &feedings[i / 2 % COUNT(feedings)]);
        if (opened.err != rows[row].err || opened.stage != rows[row].stage)
            fail_msg("%zu: %s at %d: %s", row, vl_err_name(opened.err), (int)opened.stage,
                     opened.why.text);
        assert_int_equal(opened.plain.len, first || rows[row].second < 400000 ? 0 : 4 * CHUNK);
        opened_release(&opened);
    }
}

/* A sink that takes n calls and then says no. */
struct moody {
    long allowed, calls;
    bool called_again;
};

static enum vl_err put_moodily(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct moody *moody = self;

    (void)bytes;
    moody->called_again |= moody->calls > moody->allowed;
    return moody->calls++ < moody->allowed ? VL_OK : vl_fail(why, VL_ERR_IO, "gone");
}

static void a_sink_that_fails_is_told_of_and_never_called_again(void **state)
{
    VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = mine();
    VL_AUTO(vl_buf_release) struct vl_buf plain = content(21 * CHUNK + 1);

    (void)state;
    for (unsigned i = 0; i < 6; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf sealed = sealed_to_one(vl_buf_bytes(&plain), i % 2);
        struct moody moody = {0, 0, false};
        enum vl_err err;

        do {
            const struct vl_open_plan plan = {.identities = &keys,
                                              .workers = i / 2 * 2,
                                              .sink = {put_moodily, &moody}};
            struct opened opened;

            moody = (struct moody){moody.allowed, 0, false};
            opened = open_all(plan, vl_buf_bytes(&sealed), &(struct feeding){CHUNK, i == 3});
            err = opened.err;
            if (err) {
                assert_int_equal(err, VL_ERR_IO);
                assert_string_equal(opened.why.text, "gone");
                assert_int_equal(opened.stage, VL_OPEN_PAYLOAD);
            }
            assert_false(moody.called_again);
            opened_release(&opened);
            moody.allowed++;
        } while (err);
        assert_int_equal(moody.calls, 6);
    }
}

struct attempt {
    struct vl_buf plain, sealed;
    unsigned workers;
};

static enum vl_err open_it(void *self, struct vl_why *why)
{
    const struct attempt *attempt = self;
    struct vl_age_identity one = {VL_SECRET_INIT, {{0}}};
    const struct vl_age_identities keys = {&one, 1, 1};
    struct opened opened;
    enum vl_err err;

    one = person(1);
    opened = open_all((struct vl_open_plan){.identities = &keys, .workers = attempt->workers},
                      vl_buf_bytes(&attempt->sealed), &(struct feeding){0, false});
    err = opened.err;
    *why = opened.why;
    if (!err && !vl_bytes_eq(vl_buf_bytes(&opened.plain), vl_buf_bytes(&attempt->plain)))
        fail_msg("something else was opened");
    opened_release(&opened);
    return err;
}

static void without_memory_it_is_told(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct attempt attempt = {.plain = content(9 * CHUNK), .workers = i / 2 * 2};

        attempt.sealed = sealed_to_one(vl_buf_bytes(&attempt.plain), i % 2);
        assert_true(each_allocation_fails(open_it, &attempt) > 10);
        vl_buf_release(&attempt.plain);
        vl_buf_release(&attempt.sealed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_cut_anywhere_is_refused),
        cmocka_unit_test(no_bit_can_be_altered),
        cmocka_unit_test(nothing_can_be_added_at_the_end),
        cmocka_unit_test(a_file_behind_a_file_is_refused),
        cmocka_unit_test(the_stage_and_the_words_say_what_is_wrong),
        cmocka_unit_test(of_two_things_wrong_in_armor_the_first_is_told),
        cmocka_unit_test(a_sink_that_fails_is_told_of_and_never_called_again),
        cmocka_unit_test(without_memory_it_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
