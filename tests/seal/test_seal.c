/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is sealed comes back, however it was cut, and by however many hands. */
#include "seal/seal.h"

#include "base/alloc.h"
#include "sealed.h"

static const unsigned workers[] = {0, 1, 2, 4};
static const struct feeding feedings[] = {
    {0, false}, {CHUNK, false}, {7, false}, {1, false}, {0, true}, {8191, true}, {1, true},
};

/* Content of all lengths around whole chunks: 0, 1, then k chunks less one, even, and one more. */
static size_t length(size_t number)
{
    return number < 2 ? number : (number + 1) / 3 * CHUNK + (number + 1) % 3 - 1;
}

static void open_and_compare(vl_bytes sealed, vl_bytes plain, unsigned worker_count,
                             const struct feeding *how)
{
    VL_AUTO(vl_age_identities_release)
    struct vl_age_identities keys = VL_AGE_IDENTITIES_INIT;
    const struct vl_age_identity one = person(1);
    struct opened opened;

    assert_int_equal(vl_age_identities_add(&keys, &one, NULL), VL_OK);
    opened =
        open_all((struct vl_open_plan){.identities = &keys, .workers = worker_count}, sealed, how);
    assert_err(opened.err, VL_OK, &opened.why);
    assert_int_equal(opened.stage, VL_OPEN_PAYLOAD);
    assert_bytes(vl_buf_bytes(&opened.plain), plain);
    opened_release(&opened);
}

/* Seal with these workers in these pieces, compare with what is wanted, and open it again. */
static void go_round(vl_bytes plain, bool armor, unsigned worker_count, const struct feeding *how,
                     const struct vl_buf *wanted)
{
    VL_AUTO(vl_age_recipients_release) struct vl_age_recipients list = people(1, 1);
    VL_AUTO(vl_buf_release) struct vl_buf sealed = VL_BUF_INIT(FILE_CEIL);
    struct counter_rng counter;
    struct vl_seal_plan plan = to(&list, &counter);
    struct vl_why why = {""};

    plan.armor = armor;
    plan.workers = worker_count;
    assert_err(seal_all(plan, plain, how, &sealed, &why), VL_OK, &why);
    assert_bytes(vl_buf_bytes(&sealed), vl_buf_bytes(wanted));
    open_and_compare(vl_buf_bytes(&sealed), plain, worker_count, how);
}

static void every_length_comes_back_the_same_with_any_number_of_workers(void **state)
{
    (void)state;
    for (size_t i = 0; i <= 28; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf plain = content(length(i));

        for (size_t armor = 0; armor < 2; armor++) {
            VL_AUTO(vl_buf_release)
            struct vl_buf wanted = sealed_to_one(vl_buf_bytes(&plain), armor);

            assert_int_equal(vl_bytes_starts(vl_buf_bytes(&wanted), VL_LITERAL("age-encryption")),
                             !armor);
            for (size_t w = 0; w < COUNT(workers); w++)
                go_round(vl_buf_bytes(&plain), armor, workers[w],
                         &feedings[(i + w) % 3 == 0   ? 4
                                   : (i + w) % 3 == 1 ? 0
                                                      : 1],
                         &wanted);
        }
    }
}

static void every_way_of_cutting_gives_the_same_file(void **state)
{
    static const size_t lens[] = {0, 1, CHUNK, 4 * CHUNK, 4 * CHUNK + 1};

    (void)state;
    for (size_t i = 0; i < COUNT(lens); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf plain = content(lens[i]);

        for (size_t armor = 0; armor < 2; armor++) {
            VL_AUTO(vl_buf_release)
            struct vl_buf wanted = sealed_to_one(vl_buf_bytes(&plain), armor);

            for (size_t f = 0; f < COUNT(feedings); f++)
                go_round(vl_buf_bytes(&plain), armor, f % 2 ? 2 : 0, &feedings[f], &wanted);
        }
    }
}

static void a_sealed_file_is_as_long_as_the_format_says(void **state)
{
    (void)state;
    for (size_t i = 0; i <= 28; i++) {
        size_t len = length(i), chunks = len ? (len + CHUNK - 1) / CHUNK : 1;
        VL_AUTO(vl_buf_release) struct vl_buf plain = content(len);
        VL_AUTO(vl_buf_release) struct vl_buf sealed = sealed_to_one(vl_buf_bytes(&plain), false);

        assert_int_equal(sealed.len, 22 + 98 + 48 + 16 + len + 16 * chunks);
    }
}

static void two_files_have_nothing_in_common_but_their_form(void **state)
{
    VL_AUTO(vl_age_recipients_release) struct vl_age_recipients list = people(1, 1);
    VL_AUTO(vl_buf_release) struct vl_buf one = VL_BUF_INIT(FILE_CEIL), two = one;
    struct vl_seal_plan plan = {.recipients = &list, .rng = vl_rng_system()};
    const struct feeding whole = {0, false};
    struct vl_why why = {""};

    (void)state;
    assert_err(seal_all(plan, VL_LITERAL("the same"), &whole, &one, &why), VL_OK, &why);
    assert_err(seal_all(plan, VL_LITERAL("the same"), &whole, &two, &why), VL_OK, &why);
    assert_int_equal(one.len, two.len);
    assert_memory_not_equal(one.data + 32, two.data + 32, 43);   /* share */
    assert_memory_not_equal(one.data + 76, two.data + 76, 43);   /* wrapped file key */
    assert_memory_not_equal(one.data + 124, two.data + 124, 43); /* MAC */
    assert_memory_not_equal(one.data + 168, two.data + 168, 16); /* nonce */
    assert_memory_not_equal(one.data + 184, two.data + 184, 24);
}

static void the_head_is_how_the_file_begins(void **state)
{
    static const size_t lens[] = {0, 5, 5 * CHUNK};

    (void)state;
    for (size_t i = 0; i < 2 * COUNT(lens); i++) {
        VL_AUTO(vl_age_recipients_release) struct vl_age_recipients list = people(1, 3);
        VL_AUTO(vl_buf_release) struct vl_buf plain = content(lens[i / 2]);
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
        VL_AUTO(vl_buf_release) struct vl_buf binary = VL_BUF_INIT(FILE_CEIL);
        struct counter_rng counter;
        struct vl_seal_plan plan = to(&list, &counter);
        struct vl_sealer *sealer;

        assert_int_equal(seal_all(plan, vl_buf_bytes(&plain), &(struct feeding){0, false}, &binary,
                                  NULL),
                         VL_OK);
        plan = to(&list, &counter);
        plan.armor = i % 2;
        plan.sink = vl_buf_sink(&out);
        assert_int_equal(vl_sealer_new(&plan, &sealer, NULL), VL_OK);
        assert_int_equal(vl_sealer_head(sealer).len, 22 + 3 * 98 + 48 + 16);
        assert_int_equal(vl_sealer_write(sealer, vl_buf_bytes(&plain), NULL), VL_OK);
        assert_int_equal(vl_sealer_finish(sealer, NULL), VL_OK);
        assert_true(vl_bytes_starts(vl_buf_bytes(&binary), vl_sealer_head(sealer)));
        vl_sealer_free(sealer);
    }
}

static enum vl_err no_randomness_after(void *self, uint8_t *out, size_t len)
{
    int *left = self;

    memset(out, 7, len);
    if ((*left)-- > 0)
        return VL_OK;
    memset(out, 0, len);
    return VL_ERR_INTERNAL;
}

static void a_plan_that_cannot_be_followed_gives_no_sealer_and_no_file(void **state)
{
    VL_AUTO(vl_age_recipients_release) struct vl_age_recipients list = people(1, 2);
    struct vl_age_recipient low = {{1}};
    const struct vl_age_recipients none = VL_AGE_RECIPIENTS_INIT, nobody = {&low, 1, 1};
    const struct vl_passphrase passphrase = words("x");
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
    struct counter_rng counter;
    const struct {
        const char *name;
        const struct vl_age_recipients *recipients;
        const struct vl_passphrase *passphrase;
        unsigned log_n;
        enum vl_err err;
        const char *words;
    } rows[] = {
        {"for nobody", NULL, NULL, 0, VL_ERR_USAGE, "nobody to seal to"},
        {"for an empty list", &none, NULL, 0, VL_ERR_USAGE, "nobody to seal to"},
        {"for both kinds", &list, &passphrase, 0, VL_ERR_USAGE, "nobody to seal to"},
        {"for a key of nobody", &nobody, NULL, 0, VL_ERR_REFUSED,
         "a recipient that is no key of anybody"},
        {"with too much work", NULL, &passphrase, 23, VL_ERR_LIMIT, "a work factor of 23"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct vl_seal_plan plan = to(rows[i].recipients, &counter);
        struct vl_sealer *sealer = (void *)&out;
        struct vl_why why = {""};

        plan.passphrase = rows[i].passphrase;
        plan.log_n = rows[i].log_n;
        plan.sink = vl_buf_sink(&out);
        if (vl_sealer_new(&plan, &sealer, &why) != rows[i].err ||
            strcmp(why.text, rows[i].words) != 0)
            fail_msg("%s: %s", rows[i].name, why.text);
        assert_null(sealer);
        assert_int_equal(out.len, 0);
    }
}

static void without_randomness_nothing_is_sealed(void **state)
{
    VL_AUTO(vl_age_recipients_release) struct vl_age_recipients list = people(1, 3);
    const struct vl_passphrase passphrase = words("x");

    (void)state;
    for (int by_words = 0; by_words < 2; by_words++)
        for (int allowed = 0; allowed < (by_words ? 3 : 5); allowed++) {
            VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
            int left = allowed;
            const struct vl_seal_plan plan = {.recipients = by_words ? NULL : &list,
                                              .passphrase = by_words ? &passphrase : NULL,
                                              .log_n = 1,
                                              .rng = {no_randomness_after, &left}};
            struct vl_why why = {""};

            assert_int_equal(seal_all(plan, VL_LITERAL("x"), &(struct feeding){0, false}, &out,
                                      &why),
                             VL_ERR_INTERNAL);
            assert_string_equal(why.text, "no randomness");
            assert_int_equal(out.len, 0);
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

    moody->called_again |= moody->calls > moody->allowed;
    assert_true(bytes.len > 0);
    return moody->calls++ < moody->allowed ? VL_OK : vl_fail(why, VL_ERR_NO_SPACE, "disk full");
}

static void a_sink_that_fails_is_told_of_and_never_called_again(void **state)
{
    VL_AUTO(vl_age_recipients_release) struct vl_age_recipients list = people(1, 1);
    VL_AUTO(vl_buf_release) struct vl_buf plain = content(21 * CHUNK + 1);
    const struct feeding how = {CHUNK, false};

    (void)state;
    for (size_t i = 0; i < 2 * COUNT(workers); i++) {
        struct moody moody = {0, 0, false};
        enum vl_err err;

        do {
            struct counter_rng counter;
            struct vl_seal_plan plan = to(&list, &counter);
            struct vl_sealer *sealer = NULL;
            struct vl_why why = {""}, again = {""};

            moody = (struct moody){moody.allowed, 0, false};
            plan.armor = i % 2;
            plan.workers = workers[i / 2];
            plan.sink = (struct vl_sink){put_moodily, &moody};
            err = vl_sealer_new(&plan, &sealer, &why);
            if (!err)
                err = feed_sealer(sealer, vl_buf_bytes(&plain), &how, &why);
            if (!err)
                err = vl_sealer_finish(sealer, &why);
            if (err) {
                assert_int_equal(err, VL_ERR_NO_SPACE);
                assert_string_equal(why.text, "disk full");
            }
            if (err && sealer) {
                assert_int_equal(vl_sealer_room(sealer).len, 0);
                assert_int_equal(vl_sealer_write(sealer, VL_LITERAL("x"), &again), err);
                assert_string_equal(again.text, "disk full");
                assert_int_equal(vl_sealer_fed(sealer, 0, NULL), err);
                assert_int_equal(vl_sealer_finish(sealer, NULL), err);
            }
            vl_sealer_free(sealer);
            assert_false(moody.called_again);
            moody.allowed++;
        } while (err);
        assert_true(moody.calls >= 7);
    }
}

static void nothing_fed_is_nothing_sealed(void **state)
{
    VL_AUTO(vl_age_recipients_release) struct vl_age_recipients list = people(1, 1);
    VL_AUTO(vl_buf_release) struct vl_buf wanted = sealed_to_one(VL_LITERAL("ab"), false);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
    struct counter_rng counter;
    struct vl_seal_plan plan = to(&list, &counter);
    struct vl_sealer *sealer;

    (void)state;
    plan.sink = vl_buf_sink(&out);
    assert_int_equal(vl_sealer_new(&plan, &sealer, NULL), VL_OK);
    assert_int_equal(vl_sealer_fed(sealer, 0, NULL), VL_OK);
    assert_int_equal(vl_sealer_write(sealer, VL_BYTES_NONE, NULL), VL_OK);
    assert_int_equal(vl_sealer_write(sealer, VL_LITERAL("a"), NULL), VL_OK);
    assert_true(vl_sealer_room(sealer).len > 0);
    assert_ptr_equal(vl_sealer_room(sealer).ptr, vl_sealer_room(sealer).ptr);
    assert_int_equal(vl_sealer_fed(sealer, 0, NULL), VL_OK);
    assert_int_equal(vl_sealer_write(sealer, VL_LITERAL("b"), NULL), VL_OK);
    assert_int_equal(vl_sealer_write(sealer, VL_BYTES_NONE, NULL), VL_OK);
    assert_int_equal(vl_sealer_finish(sealer, NULL), VL_OK);
    vl_sealer_free(sealer);
    assert_bytes(vl_buf_bytes(&out), vl_buf_bytes(&wanted));
}

static void a_sealer_may_be_left_at_any_time(void **state)
{
    VL_AUTO(vl_age_recipients_release) struct vl_age_recipients list = people(1, 1);
    VL_AUTO(vl_buf_release) struct vl_buf plain = content(9 * CHUNK);

    (void)state;
    vl_sealer_free(NULL);
    for (unsigned i = 0; i < 30; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
        struct counter_rng counter;
        struct vl_seal_plan plan = to(&list, &counter);
        struct vl_sealer *sealer;

        plan.workers = i % 3;
        plan.sink = vl_buf_sink(&out);
        assert_int_equal(vl_sealer_new(&plan, &sealer, NULL), VL_OK);
        assert_int_equal(vl_sealer_write(sealer,
                                         vl_bytes_first(vl_buf_bytes(&plain), i * CHUNK / 3), NULL),
                         VL_OK);
        vl_sealer_free(sealer);
    }
}

struct attempt {
    struct vl_age_recipients list;
    struct vl_buf plain, wanted;
    bool armor;
    unsigned workers;
};

static enum vl_err seal_it(void *self, struct vl_why *why)
{
    const struct attempt *attempt = self;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
    struct counter_rng counter;
    struct vl_seal_plan plan = to(&attempt->list, &counter);
    enum vl_err err;

    plan.armor = attempt->armor;
    plan.workers = attempt->workers;
    err = seal_all(plan, vl_buf_bytes(&attempt->plain), &(struct feeding){0, false}, &out, why);
    if (err && why->text[0] == '\0')
        fail_msg("failed without a reason");
    if (!err && !vl_bytes_eq(vl_buf_bytes(&out), vl_buf_bytes(&attempt->wanted)))
        fail_msg("something else was sealed");
    return err;
}

static void without_memory_it_is_told(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct attempt attempt = {.list = people(1, 1),
                                  .plain = content(9 * CHUNK),
                                  .armor = i % 2,
                                  .workers = i / 2 * 2};

        attempt.wanted = sealed_to_one(vl_buf_bytes(&attempt.plain), attempt.armor);
        assert_true(each_allocation_fails(seal_it, &attempt) > 10);
        vl_age_recipients_release(&attempt.list);
        vl_buf_release(&attempt.plain);
        vl_buf_release(&attempt.wanted);
    }
}

static void a_file_is_finished_once(void **state)
{
    VL_AUTO(vl_age_recipients_release) struct vl_age_recipients list = people(1, 1);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
    const struct vl_seal_plan plan = {.recipients = &list,
                                      .rng = vl_rng_system(),
                                      .sink = vl_buf_sink(&out)};
    struct vl_sealer *sealer = NULL;
    struct vl_why why = {""};
    size_t len;

    (void)state;
    assert_err(vl_sealer_new(&plan, &sealer, &why), VL_OK, &why);
    assert_err(vl_sealer_finish(sealer, &why), VL_OK, &why);
    len = out.len;
    assert_err(vl_sealer_finish(sealer, &why), VL_ERR_INTERNAL, &why);
    assert_int_equal(out.len, len);
    vl_sealer_free(sealer);
}

static void an_empty_passphrase_seals_nothing(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
    const struct vl_passphrase empty = words("");
    const struct vl_seal_plan plan = {.passphrase = &empty,
                                      .log_n = 1,
                                      .rng = vl_rng_system(),
                                      .sink = vl_buf_sink(&out)};
    struct vl_sealer *sealer = NULL;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_sealer_new(&plan, &sealer, &why), VL_ERR_USAGE, &why);
    assert_int_equal(out.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_finished_once),
        cmocka_unit_test(an_empty_passphrase_seals_nothing),
        cmocka_unit_test(every_length_comes_back_the_same_with_any_number_of_workers),
        cmocka_unit_test(every_way_of_cutting_gives_the_same_file),
        cmocka_unit_test(a_sealed_file_is_as_long_as_the_format_says),
        cmocka_unit_test(two_files_have_nothing_in_common_but_their_form),
        cmocka_unit_test(the_head_is_how_the_file_begins),
        cmocka_unit_test(a_plan_that_cannot_be_followed_gives_no_sealer_and_no_file),
        cmocka_unit_test(without_randomness_nothing_is_sealed),
        cmocka_unit_test(a_sink_that_fails_is_told_of_and_never_called_again),
        cmocka_unit_test(nothing_fed_is_nothing_sealed),
        cmocka_unit_test(a_sealer_may_be_left_at_any_time),
        cmocka_unit_test(without_memory_it_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
