/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <string.h>

#include "codec/words.h"
#include "crypto/hash.h"

static void the_list_is_the_published_one(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wanted = hex("2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
    VL_AUTO(vl_buf_release) struct vl_buf list = VL_BUF_INIT(65536);
    uint8_t hash[VL_HASH_LEN];

    (void)state;
    for (unsigned i = 0; i < VL_WORD_COUNT; i++) {
        assert_int_equal(vl_buf_put(&list, vl_bytes_str(vl_word(i))), VL_OK);
        assert_int_equal(vl_buf_put_byte(&list, '\n'), VL_OK);
    }
    vl_sha256(vl_buf_bytes(&list), hash);
    assert_bytes(VL_ARRAY(hash), vl_buf_bytes(&wanted));
}

static void each_word_is_found_at_its_place(void **state)
{
    unsigned index;

    (void)state;
    for (unsigned i = 0; i < VL_WORD_COUNT; i++) {
        assert_true(vl_word_find(vl_bytes_str(vl_word(i)), &index));
        assert_int_equal(index, i);
        assert_true(i == 0 || strcmp(vl_word(i - 1), vl_word(i)) < 0);
    }
}

static void what_is_no_word_is_not_found(void **state)
{
    static const char *const none[] = {"", "a", "Lamp", "lam", "lampx", "zzz", "lamp "};
    unsigned index;

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(vl_word_find(vl_bytes_str(none[i]), &index));
}

static void only_eleven_bits_count(void **state)
{
    (void)state;
    assert_string_equal(vl_word(2048), vl_word(0));
    assert_string_equal(vl_word(0xffffffff), vl_word(2047));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_is_the_published_one),
        cmocka_unit_test(each_word_is_found_at_its_place),
        cmocka_unit_test(what_is_no_word_is_not_found),
        cmocka_unit_test(only_eleven_bits_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
