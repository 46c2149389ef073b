/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/secret.h"

#include <string.h>

#include "support.h"

static const uint8_t zeroes[VL_PASSPHRASE_MAX];

static void a_secret_holds_what_it_is_given(void **state)
{
    struct vl_secret secret = VL_SECRET_INIT;
    uint8_t bytes[VL_SECRET_MAX];

    (void)state;
    memset(bytes, 0x5e, sizeof bytes);
    for (size_t len = 0; len <= VL_SECRET_MAX; len++) {
        assert_int_equal(vl_secret_set(&secret, vl_bytes_of(bytes, len)), VL_OK);
        assert_bytes(vl_bytes_of(secret.data, secret.len), vl_bytes_of(bytes, len));
    }
    assert_int_equal(vl_secret_set(&secret, VL_BYTES_NONE), VL_OK);
    assert_int_equal(secret.len, 0);
}

static void a_shorter_secret_leaves_nothing_of_the_longer(void **state)
{
    struct vl_secret secret = VL_SECRET_INIT;

    (void)state;
    assert_int_equal(vl_secret_set(&secret, VL_LITERAL("a long secret")), VL_OK);
    assert_int_equal(vl_secret_set(&secret, VL_LITERAL("b")), VL_OK);
    assert_int_equal(secret.len, 1);
    assert_int_equal(secret.data[0], 'b');
    assert_memory_equal(secret.data + 1, zeroes, VL_SECRET_MAX - 1);
}

static void a_secret_too_long_is_refused_and_the_old_one_stays(void **state)
{
    static const uint8_t bytes[VL_SECRET_MAX + 1];
    struct vl_secret secret = VL_SECRET_INIT;

    (void)state;
    assert_int_equal(vl_secret_set(&secret, VL_LITERAL("old")), VL_OK);
    assert_int_equal(vl_secret_set(&secret, VL_ARRAY(bytes)), VL_ERR_LIMIT);
    assert_bytes(vl_bytes_of(secret.data, secret.len), VL_LITERAL("old"));
}

static void secrets_are_equal_only_in_length_and_every_byte(void **state)
{
    struct vl_secret a = VL_SECRET_INIT, b = VL_SECRET_INIT;

    (void)state;
    assert_true(vl_secret_eq(&a, &b));
    for (size_t len = 1; len <= VL_SECRET_MAX; len++) {
        assert_int_equal(vl_secret_set(&a, vl_bytes_of(zeroes, len)), VL_OK);
        assert_false(vl_secret_eq(&a, &b)); /* all zero, and b is shorter */
        assert_false(vl_secret_eq(&b, &a));
        assert_int_equal(vl_secret_set(&b, vl_bytes_of(zeroes, len)), VL_OK);
        assert_true(vl_secret_eq(&a, &b));
        for (size_t bit = 0; bit < len * 8; bit++) {
            b.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_false(vl_secret_eq(&a, &b));
            b.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
    a.len = b.len = 3;
    a.data[3] = 1; /* behind the end */
    assert_true(vl_secret_eq(&a, &b));
}

static void passphrases_are_equal_only_in_length_and_every_byte(void **state)
{
    static struct vl_passphrase a = VL_PASSPHRASE_INIT, b = VL_PASSPHRASE_INIT;

    (void)state;
    assert_true(vl_passphrase_eq(&a, &b));
    a.len = 1;
    assert_false(vl_passphrase_eq(&a, &b));
    a.len = b.len = VL_PASSPHRASE_MAX;
    assert_true(vl_passphrase_eq(&a, &b));
    for (size_t at = 0; at < VL_PASSPHRASE_MAX; at++) {
        b.data[at] = 0x80;
        assert_false(vl_passphrase_eq(&a, &b));
        b.data[at] = 0;
    }
}

static void wiping_leaves_nothing(void **state)
{
    struct vl_secret secret = VL_SECRET_INIT;
    struct vl_passphrase passphrase;

    (void)state;
    memset(&secret, 0xa5, sizeof secret);
    vl_secret_wipe(&secret);
    assert_memory_equal(&secret, zeroes, sizeof secret);
    memset(&passphrase, 0xa5, sizeof passphrase);
    vl_passphrase_wipe(&passphrase);
    assert_int_equal(passphrase.len, 0);
    assert_memory_equal(passphrase.data, zeroes, sizeof passphrase.data);
}

static void the_same_bytes_are_the_same_up_to_the_length(void **state)
{
    static const uint8_t a[] = "abcd", b[] = "abcx";

    (void)state;
    assert_true(vl_same_bytes(a, b, 0));
    assert_true(vl_same_bytes(a, b, 3));
    assert_false(vl_same_bytes(a, b, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_holds_what_it_is_given),
        cmocka_unit_test(a_shorter_secret_leaves_nothing_of_the_longer),
        cmocka_unit_test(a_secret_too_long_is_refused_and_the_old_one_stays),
        cmocka_unit_test(secrets_are_equal_only_in_length_and_every_byte),
        cmocka_unit_test(passphrases_are_equal_only_in_length_and_every_byte),
        cmocka_unit_test(wiping_leaves_nothing),
        cmocka_unit_test(the_same_bytes_are_the_same_up_to_the_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
