/* SPDX-License-Identifier: Apache-2.0 */
/* record/publish.h: who asks for something to be entered is its issuer, or nobody. */
#include <string.h>

#include "record/publish.h"
#include "support.h"

static struct vl_secret seed_of(char letter)
{
    struct vl_secret seed = VL_SECRET_INIT;
    uint8_t bytes[VL_ED25519_SEED_LEN];

    memset(bytes, letter, sizeof bytes);
    assert_int_equal(vl_secret_set(&seed, VL_ARRAY(bytes)), VL_OK);
    return seed;
}

static void only_its_issuer_asks_and_for_one_record(void **state)
{
    const struct vl_secret seed = seed_of('A'), other = seed_of('B');
    const vl_bytes origin = VL_LITERAL("record.example/2026");
    uint8_t id[VL_HASH_LEN] = {1}, signature[VL_SIGNATURE_LEN];
    struct vl_cose_key key, wrong, p256 = {VL_COSE_KEY_P256, {1}, {2}};
    struct vl_why why = {""};

    (void)state;
    vl_cose_key_of_seed(&seed, &key);
    vl_cose_key_of_seed(&other, &wrong);
    vl_publish_sign(origin, id, &seed, signature);
    assert_int_equal(vl_publish_verify(origin, id, &key, VL_ARRAY(signature), &why), VL_OK);
    assert_int_equal(vl_publish_verify(origin, id, &wrong, VL_ARRAY(signature), &why),
                     VL_ERR_UNVERIFIED);
    assert_string_equal(why.text, "whoever asks is not its issuer");
    assert_int_equal(vl_publish_verify(VL_LITERAL("record.example/2027"), id, &key,
                                       VL_ARRAY(signature), NULL),
                     VL_ERR_UNVERIFIED);
    assert_int_equal(vl_publish_verify(origin, id, &key,
                                       vl_bytes_of(signature, VL_SIGNATURE_LEN - 1), NULL),
                     VL_ERR_UNVERIFIED);
    assert_int_equal(vl_publish_verify(origin, id, &p256, VL_ARRAY(signature), NULL),
                     VL_ERR_UNSUPPORTED);
    id[0] = 2;
    assert_int_equal(vl_publish_verify(origin, id, &key, VL_ARRAY(signature), NULL),
                     VL_ERR_UNVERIFIED);
    id[0] = 1;
    signature[0] ^= 1;
    assert_int_equal(vl_publish_verify(origin, id, &key, VL_ARRAY(signature), NULL),
                     VL_ERR_UNVERIFIED);
}

static void an_origin_that_is_too_long_is_refused(void **state)
{
    static uint8_t long_one[1025];
    const struct vl_secret seed = seed_of('A');
    uint8_t id[VL_HASH_LEN] = {1}, signature[VL_SIGNATURE_LEN];
    struct vl_cose_key key;

    (void)state;
    memset(long_one, 'a', sizeof long_one);
    vl_cose_key_of_seed(&seed, &key);
    vl_publish_sign(VL_ARRAY(long_one), id, &seed, signature);
    assert_int_equal(vl_publish_verify(VL_ARRAY(long_one), id, &key, VL_ARRAY(signature), NULL),
                     VL_ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_its_issuer_asks_and_for_one_record),
        cmocka_unit_test(an_origin_that_is_too_long_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
