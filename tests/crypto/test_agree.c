/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/agree.h"

#include <string.h>

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define NINE        "0900000000000000000000000000000000000000000000000000000000000000"
#define ALICE       "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"
#define ALICE_OUT   "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
#define BOB         "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
#define BOB_OUT     "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
#define BOTH        "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"

/* clang-format off */
static const struct {
    const char *name;
    const char *private_key, *peer, *shared;
} known[] = {
    { "RFC 7748, 5.2: the first",
      "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
      "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
      "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552" },
    { "RFC 7748, 5.2: the second, with the highest bit of the point set",
      "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
      "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
      "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957" },
    { "RFC 7748, 6.1: Alice",                   ALICE, BOB_OUT,   BOTH },
    { "RFC 7748, 6.1: Bob",                     BOB,   ALICE_OUT, BOTH },
    { "the base point",                         ALICE, NINE,      ALICE_OUT },
    { "the base point, not reduced", ALICE,
      "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", ALICE_OUT },
    { "the base point, with its highest bit set", ALICE,
      "0900000000000000000000000000000000000000000000000000000000000080", ALICE_OUT },
    { "bits of the private key that do not count",
      "70076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92caa", BOB_OUT, BOTH },
};

static const struct {
    const char *name;
    const char *peer;
} low_order[] = {
    { "0",      "0000000000000000000000000000000000000000000000000000000000000000" },
    { "1",      "0100000000000000000000000000000000000000000000000000000000000000" },
    { "of order 8",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800" },
    { "of order 8, on the twist",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157" },
    { "p - 1",  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f" },
    { "p",      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f" },
    { "p + 1",  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f" },
};
/* clang-format on */

static struct vl_secret secret_of(const char *text)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = hex(text);
    struct vl_secret secret = VL_SECRET_INIT;

    assert_int_equal(bytes.len, VL_X25519_LEN);
    assert_int_equal(vl_secret_set(&secret, vl_buf_bytes(&bytes)), VL_OK);
    return secret;
}

static void known_keys_agree_on_the_known_secret(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        const struct vl_secret key = secret_of(known[i].private_key);
        const struct vl_secret peer = secret_of(known[i].peer);
        const struct vl_secret wanted = secret_of(known[i].shared);
        struct vl_secret out = VL_SECRET_INIT;

        if (vl_x25519(&key, peer.data, &out) != VL_OK || !vl_secret_eq(&out, &wanted))
            fail_msg("%s", known[i].name);
    }
}

static void known_private_keys_have_the_known_public_ones(void **state)
{
    static const char *const pairs[][2] = {{ALICE, ALICE_OUT}, {BOB, BOB_OUT}};

    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        const struct vl_secret key = secret_of(pairs[i][0]), wanted = secret_of(pairs[i][1]);
        uint8_t out[VL_X25519_LEN];

        vl_x25519_public(&key, out);
        assert_bytes(VL_ARRAY(out), vl_bytes_of(wanted.data, wanted.len));
    }
}

static void a_thousand_times_over_it_is_still_right(void **state)
{
    /* RFC 7748, 5.2: each result is the next key, each key the next point. */
    const struct vl_secret once =
        secret_of("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    const struct vl_secret thousand =
        secret_of("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
    struct vl_secret key = secret_of(NINE), point = key;

    (void)state;
    for (int i = 1; i <= 1000; i++) {
        struct vl_secret out = VL_SECRET_INIT;

        assert_int_equal(vl_x25519(&key, point.data, &out), VL_OK);
        point = key;
        key = out;
        if (i == 1)
            assert_true(vl_secret_eq(&key, &once));
    }
    assert_true(vl_secret_eq(&key, &thousand));
}

static void low_order_points_are_refused_and_leave_no_secret(void **state)
{
    static const struct vl_secret empty;
    const struct vl_secret key = secret_of(ALICE);

    (void)state;
    for (size_t i = 0; i < 2 * COUNT(low_order); i++) {
        struct vl_secret peer = secret_of(low_order[i / 2].peer), out;

        peer.data[31] |= (uint8_t)(i % 2 << 7); /* a bit that does not count */
        memset(&out, 0x99, sizeof out);
        if (vl_x25519(&key, peer.data, &out) != VL_ERR_REFUSED)
            fail_msg("%s", low_order[i / 2].name);
        assert_memory_equal(&out, &empty, sizeof out);
    }
}

static void two_fresh_keys_agree(void **state)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 25519);

    (void)state;
    for (int i = 0; i < 50; i++) {
        struct vl_secret a = VL_SECRET_INIT, b = VL_SECRET_INIT;
        struct vl_secret at_a = VL_SECRET_INIT, at_b = VL_SECRET_INIT;
        uint8_t public_a[VL_X25519_LEN], public_b[VL_X25519_LEN];

        assert_int_equal(vl_rng_secret(&rng, VL_X25519_LEN, &a), VL_OK);
        assert_int_equal(vl_rng_secret(&rng, VL_X25519_LEN, &b), VL_OK);
        vl_x25519_public(&a, public_a);
        vl_x25519_public(&b, public_b);
        assert_int_equal(vl_x25519(&a, public_b, &at_a), VL_OK);
        assert_int_equal(vl_x25519(&b, public_a, &at_b), VL_OK);
        assert_int_equal(at_a.len, VL_X25519_LEN);
        assert_true(vl_secret_eq(&at_a, &at_b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_keys_agree_on_the_known_secret),
        cmocka_unit_test(known_private_keys_have_the_known_public_ones),
        cmocka_unit_test(a_thousand_times_over_it_is_still_right),
        cmocka_unit_test(low_order_points_are_refused_and_leave_no_secret),
        cmocka_unit_test(two_fresh_keys_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
