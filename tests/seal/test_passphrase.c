/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <string.h>

#include "codec/words.h"
#include "seal/age_keys.h"

static void a_made_passphrase_is_ten_words_of_the_list(void **state)
{
    VL_AUTO(vl_passphrase_wipe) struct vl_passphrase made = VL_PASSPHRASE_INIT;
    struct counter_rng counter;
    const struct vl_rng rng = counter_rng(&counter, 7);
    size_t words = 0, at = 0;

    (void)state;
    assert_int_equal(vl_age_passphrase_make(&rng, &made), VL_OK);
    while (at < made.len) {
        const uint8_t *dash = memchr(made.data + at, '-', made.len - at);
        size_t len = dash ? (size_t)(dash - (made.data + at)) : made.len - at;
        unsigned index;

        assert_true(vl_word_find(vl_bytes_of(made.data + at, len), &index));
        at += len + 1;
        words++;
    }
    assert_int_equal(words, 10);
    assert_int_not_equal(made.data[made.len - 1], '-');
}

/* Every bit of randomness that is drawn for a word must count: 2,000 passphrases that use fewer
 * than all 2,048 words would betray a lost bit. */
static void every_word_is_used(void **state)
{
    static bool seen[VL_WORD_COUNT];
    struct counter_rng counter;
    const struct vl_rng rng = counter_rng(&counter, 8);
    size_t missing = 0;

    (void)state;
    for (int i = 0; i < 2500; i++) {
        VL_AUTO(vl_passphrase_wipe) struct vl_passphrase made = VL_PASSPHRASE_INIT;
        size_t at = 0;

        assert_int_equal(vl_age_passphrase_make(&rng, &made), VL_OK);
        while (at < made.len) {
            const uint8_t *dash = memchr(made.data + at, '-', made.len - at);
            size_t len = dash ? (size_t)(dash - (made.data + at)) : made.len - at;
            unsigned index;

            assert_true(vl_word_find(vl_bytes_of(made.data + at, len), &index));
            seen[index] = true;
            at += len + 1;
        }
    }
    for (size_t i = 0; i < VL_WORD_COUNT; i++)
        missing += !seen[i];
    assert_true(missing < 3); /* 25,000 draws miss a given word once in 200,000 */
}

static enum vl_err no_randomness(void *self, uint8_t *out, size_t len)
{
    (void)self;
    memset(out, 0, len);
    return VL_ERR_INTERNAL;
}

static void without_randomness_there_is_no_passphrase(void **state)
{
    VL_AUTO(vl_passphrase_wipe) struct vl_passphrase made = {3, "old"};
    const struct vl_rng rng = {no_randomness, NULL};

    (void)state;
    assert_int_equal(vl_age_passphrase_make(&rng, &made), VL_ERR_INTERNAL);
    assert_int_equal(made.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_made_passphrase_is_ten_words_of_the_list),
        cmocka_unit_test(every_word_is_used),
        cmocka_unit_test(without_randomness_there_is_no_passphrase),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
