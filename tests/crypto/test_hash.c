/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hash.h"

#include <stdlib.h>
#include <string.h>

#include <sys/resource.h>

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* clang-format off */
static const struct {
    const char *message;
    unsigned times;
    const char *hash;
} hashes[] = {
    /* FIPS 180-2, B */
    { "",    1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    { "a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
};

static const struct {
    const char *name;
    const char *key, *message; /* in hex */
    const char *hmac;
} hmacs[] = {
    { "RFC 4231, 4.2", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
    { "RFC 4231, 4.3", "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
    { "RFC 4231, 4.4", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "dddddddddddddddddddddddddddddddddddddddddddddddddd"
      "dddddddddddddddddddddddddddddddddddddddddddddddddd",
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
    { "RFC 4231, 4.5", "0102030405060708090a0b0c0d0e0f10111213141516171819",
      "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
      "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
    { "an empty key and an empty message", "", "",
      "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad" },
    { "a key as long as a block",
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
      "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f",
      "73697874792d666f7572206279746573206f66206b6579",
      "a67904984c3524ba1b6e61df4c194b8bbe3b50532dfae29fc767c9f0ebbf1a14" },
};

static const struct {
    const char *name;
    const char *input, *salt, *info; /* in hex */
    const char *output;
} hkdfs[] = {
    { "RFC 5869, A.1", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c",
      "f0f1f2f3f4f5f6f7f8f9",
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf" },
    { "RFC 5869, A.3: no salt, no info", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d" },
    { "the default salt, written out", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
      "0000000000000000000000000000000000000000000000000000000000000000", "",
      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d" },
};

static const struct {
    const char *name;
    const char *passphrase, *salt;
    unsigned log_n;
    const char *output;
} scrypts[] = {
    { "RFC 7914, 12: the first 32 bytes", "pleaseletmein", "SodiumChloride", 14,
      "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2" },
    { "p = 1 in place of 16", "password", "NaCl", 10,
      "27b418c674c769d12501fbb1f53bac32df6514c0f28d043872b148b348961a79" },
    { "nothing at all", "", "", 1,
      "ec57b472d742138d12501bc49372377b3b96d6a2ff9f6a53e769a63c429a1792" },
};
/* clang-format on */

static void sha256_gives_the_published_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(hashes); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(hashes[i].hash);
        VL_AUTO(vl_buf_release) struct vl_buf message = VL_BUF_INIT(1000000);
        uint8_t hash[VL_HASH_LEN];

        for (unsigned n = 0; n < hashes[i].times; n++)
            assert_int_equal(vl_buf_put(&message, vl_bytes_str(hashes[i].message)), VL_OK);
        vl_sha256(vl_buf_bytes(&message), hash);
        assert_bytes(VL_ARRAY(hash), vl_buf_bytes(&wanted));
    }
}

static struct vl_secret secret_of(const char *text)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = hex(text);
    struct vl_secret secret = VL_SECRET_INIT;

    assert_int_equal(vl_secret_set(&secret, vl_buf_bytes(&bytes)), VL_OK);
    return secret;
}

static void hmac_gives_the_published_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(hmacs); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(hmacs[i].hmac);
        VL_AUTO(vl_buf_release) struct vl_buf message = hex(hmacs[i].message);
        const struct vl_secret key = secret_of(hmacs[i].key);
        uint8_t out[VL_HASH_LEN];

        vl_hmac_sha256(&key, vl_buf_bytes(&message), out);
        if (!vl_bytes_eq(VL_ARRAY(out), vl_buf_bytes(&wanted)))
            fail_msg("%s", hmacs[i].name);
    }
}

static void hkdf_gives_the_published_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(hkdfs); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf salt = hex(hkdfs[i].salt);
        VL_AUTO(vl_buf_release) struct vl_buf info = hex(hkdfs[i].info);
        const struct vl_secret input = secret_of(hkdfs[i].input);
        const struct vl_secret wanted = secret_of(hkdfs[i].output);
        struct vl_secret out = VL_SECRET_INIT;

        vl_hkdf_sha256(&input, vl_buf_bytes(&salt), vl_buf_bytes(&info), &out);
        if (!vl_secret_eq(&out, &wanted))
            fail_msg("%s", hkdfs[i].name);
    }
}

static void hkdf_takes_a_salt_and_an_info_of_any_length(void **state)
{
    const struct vl_secret input = secret_of("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
    /* Computed with Python's hmac. */
    const struct vl_secret wanted =
        secret_of("c87950a1d1120cec0d4e89eabeeabfbee45b7263665a7488dcdd77398f0f307b");
    struct vl_secret out = VL_SECRET_INIT;
    uint8_t count[200];

    (void)state;
    for (size_t i = 0; i < sizeof count; i++)
        count[i] = (uint8_t)i;
    vl_hkdf_sha256(&input, vl_bytes_of(count, 100), VL_ARRAY(count), &out);
    assert_true(vl_secret_eq(&out, &wanted));
}

static void hkdf_may_write_over_its_input(void **state)
{
    struct vl_secret key = secret_of(hkdfs[1].input);
    const struct vl_secret wanted = secret_of(hkdfs[1].output);

    (void)state;
    vl_hkdf_sha256(&key, VL_BYTES_NONE, VL_BYTES_NONE, &key);
    assert_true(vl_secret_eq(&key, &wanted));
}

static struct vl_passphrase passphrase_of(vl_bytes bytes)
{
    struct vl_passphrase passphrase = VL_PASSPHRASE_INIT;

    assert_true(bytes.len <= sizeof passphrase.data);
    if (bytes.len)
        memcpy(passphrase.data, bytes.ptr, bytes.len);
    passphrase.len = bytes.len;
    return passphrase;
}

static void scrypt_gives_the_known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(scrypts); i++) {
        struct vl_passphrase passphrase = passphrase_of(vl_bytes_str(scrypts[i].passphrase));
        const struct vl_secret wanted = secret_of(scrypts[i].output);
        struct vl_secret out = VL_SECRET_INIT;

        assert_int_equal(vl_scrypt(&passphrase, vl_bytes_str(scrypts[i].salt), scrypts[i].log_n,
                                   &out),
                         VL_OK);
        if (!vl_secret_eq(&out, &wanted))
            fail_msg("%s", scrypts[i].name);
        if (scrypts[i].salt[0] == '\0') {
            assert_int_equal(vl_scrypt(&passphrase, VL_BYTES_NONE, scrypts[i].log_n, &out), VL_OK);
            assert_true(vl_secret_eq(&out, &wanted));
        }
    }
}

static void scrypt_takes_every_byte_of_the_longest_passphrase(void **state)
{
    /* Computed with Python's hashlib: all bytes, NUL too, four times over. */
    const struct vl_secret wanted =
        secret_of("ce431af58b73f0e40ed4dd27d66af2484929b7ef8f5d8fe11ddebd5f31bf20a0");
    const vl_bytes salt =
        VL_LITERAL("age-encryption.org/v1/scrypt\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    struct vl_secret out = VL_SECRET_INIT;
    uint8_t bytes[VL_PASSPHRASE_MAX];
    struct vl_passphrase passphrase;

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    passphrase = passphrase_of(VL_ARRAY(bytes));
    assert_int_equal(vl_scrypt(&passphrase, salt, 2, &out), VL_OK);
    assert_true(vl_secret_eq(&out, &wanted));
}

static void scrypt_refuses_work_that_is_too_little_or_too_much(void **state)
{
    static const unsigned factors[] = {0, 23, 24, 31, 32, 63, 64, 65, UINT32_MAX};
    const struct vl_passphrase passphrase = passphrase_of(VL_LITERAL("password"));

    (void)state;
    for (size_t i = 0; i < COUNT(factors); i++) {
        struct vl_secret out = {3, "old"};

        assert_int_equal(vl_scrypt(&passphrase, VL_LITERAL("NaCl"), factors[i], &out),
                         VL_ERR_LIMIT);
        assert_bytes(vl_bytes_of(out.data, out.len), VL_LITERAL("old"));
    }
}

static void scrypt_without_memory_says_so(void **state)
{
    const struct vl_passphrase passphrase = passphrase_of(VL_LITERAL("password"));
    struct vl_secret out = {3, "old"};
    struct rlimit before, little;
    enum vl_err err;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    little = before;
    little.rlim_cur = 1 << 20;
    assert_int_equal(setrlimit(RLIMIT_AS, &little), 0);
    err = vl_scrypt(&passphrase, VL_LITERAL("NaCl"), 22, &out);
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    assert_int_equal(err, VL_ERR_NO_MEMORY);
    assert_int_equal(out.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_published_answers),
        cmocka_unit_test(hmac_gives_the_published_answers),
        cmocka_unit_test(hkdf_gives_the_published_answers),
        cmocka_unit_test(hkdf_takes_a_salt_and_an_info_of_any_length),
        cmocka_unit_test(hkdf_may_write_over_its_input),
        cmocka_unit_test(scrypt_gives_the_known_answers),
        cmocka_unit_test(scrypt_takes_every_byte_of_the_longest_passphrase),
        cmocka_unit_test(scrypt_refuses_work_that_is_too_little_or_too_much),
        cmocka_unit_test(scrypt_without_memory_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
