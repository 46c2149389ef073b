/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/aead.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "crypto/hash.h"
#include "crypto/openssl.h"

#include "../base/watch_wipes.h"
#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define MEGABYTE    ((size_t)1 << 20)

/* RFC 8439, 2.8.2 has additional data, which we have none of.  So: its key, nonce and text, and the
 * answers of a plain transcription of its algorithms (2.1 to 2.8) that gives the RFC's answer when
 * it is given the RFC's additional data. */
static const uint8_t nonce[VL_AEAD_NONCE_LEN] = {7,    0,    0,    0,    0x40, 0x41,
                                                 0x42, 0x43, 0x44, 0x45, 0x46, 0x47};

/* clang-format off */
static const struct {
    const char *text, *sealed; /* sealed in hex, with its tag */
} known[] = {
    { "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
      "sunscreen would be it.",
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92"
      "728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b"
      "4831d7bc3ff4def08e4b7a9de576d26586cec64b6116 6a23a4681fd59456aea1d29f82477216" },
    { "B", "dd 27b3d19fc0598dbb6288de2978ee1451" },
    { "",  "a0784d7a4716f3feb4f64e7f4b39bf04" },
};
/* clang-format on */

static const enum vl_aead_engine engines[] = {VL_AEAD_SODIUM, VL_AEAD_OPENSSL, VL_AEAD_AUTO};
static const size_t lens[] = {0,     1,     15,    16,    17,    31,    32,   63,
                              64,    65,    127,   128,   1000,  4095,  4096, 32768,
                              65519, 65520, 65535, 65536, 65537, 200000};

/* The key of RFC 8439, 2.8.2. */
static struct vl_secret test_key(void)
{
    struct vl_secret key = VL_SECRET_INIT;

    key.len = VL_AEAD_KEY_LEN;
    for (unsigned i = 0; i < VL_AEAD_KEY_LEN; i++)
        key.data[i] = (uint8_t)(0x80 + i);
    return key;
}

static struct vl_aead *new_aead(enum vl_aead_engine engine)
{
    const struct vl_secret key = test_key();
    struct vl_aead *aead = vl_aead_new(&key, engine);

    assert_non_null(aead);
    return aead;
}

/* Heap memory of exactly the size, so that a byte too far is seen. */
static uint8_t *some_bytes(size_t len, size_t more)
{
    uint8_t *at = malloc(len + more ? len + more : 1);

    assert_non_null(at);
    for (size_t i = 0; i < len; i++)
        at[i] = (uint8_t)(i * i + i / 7);
    return at;
}

static bool is_zero(const uint8_t *at, size_t len)
{
    uint8_t any = 0;

    for (size_t i = 0; i < len; i++)
        any |= at[i];
    return any == 0;
}

static void openssl_is_there_to_be_tested(void **state)
{
    (void)state;
    assert_non_null(vl_openssl());
}

static void known_texts_give_the_known_bytes_and_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(known) * COUNT(engines); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(known[i / COUNT(engines)].sealed);
        const char *text = known[i / COUNT(engines)].text;
        struct vl_aead *aead = new_aead(engines[i % COUNT(engines)]);
        uint8_t at[200] = {0};
        size_t len = strlen(text);

        memcpy(at, text, len);
        assert_int_equal(vl_aead_seal(aead, nonce, at, len), VL_OK);
        assert_bytes(vl_bytes_of(at, len + VL_AEAD_TAG_LEN), vl_buf_bytes(&wanted));
        assert_int_equal(vl_aead_open(aead, nonce, at, len), VL_OK);
        assert_bytes(vl_bytes_of(at, len), vl_bytes_str(text));
        vl_aead_free(aead);
    }
}

static void a_known_chunk_gives_the_known_bytes(void **state)
{
    /* The SHA-256 of the bytes and the tag, from the same transcription. */
    VL_AUTO(vl_buf_release)
    struct vl_buf wanted = hex("2f80b7ad17d7b428956532d4f3564430fd88778129e9de545ce300246e472940");
    VL_AUTO(vl_buf_release) struct vl_buf tag = hex("adf9bafab2df62b58979636b94f0ff32");

    (void)state;
    for (size_t i = 0; i < COUNT(engines); i++) {
        struct vl_aead *aead = new_aead(engines[i]);
        uint8_t *at = some_bytes(65536, VL_AEAD_TAG_LEN), hash[VL_HASH_LEN];

        assert_int_equal(vl_aead_seal(aead, nonce, at, 65536), VL_OK);
        vl_sha256(vl_bytes_of(at, 65536), hash);
        assert_bytes(VL_ARRAY(hash), vl_buf_bytes(&wanted));
        assert_bytes(vl_bytes_of(at + 65536, VL_AEAD_TAG_LEN), vl_buf_bytes(&tag));
        vl_aead_free(aead);
        free(at);
    }
}

static void every_engine_seals_alike_and_opens_the_others(void **state)
{
    struct vl_aead *sodium = new_aead(VL_AEAD_SODIUM), *openssl = new_aead(VL_AEAD_OPENSSL);

    (void)state;
    for (size_t i = 0; i < COUNT(lens); i++) {
        size_t len = lens[i], whole = len + VL_AEAD_TAG_LEN;
        uint8_t *plain = some_bytes(len, 0);
        uint8_t *a = some_bytes(len, VL_AEAD_TAG_LEN), *b = some_bytes(len, VL_AEAD_TAG_LEN);

        assert_int_equal(vl_aead_seal(sodium, nonce, a, len), VL_OK);
        assert_int_equal(vl_aead_seal(openssl, nonce, b, len), VL_OK);
        assert_bytes(vl_bytes_of(a, whole), vl_bytes_of(b, whole));
        assert_int_equal(vl_aead_open(openssl, nonce, a, len), VL_OK);
        assert_int_equal(vl_aead_open(sodium, nonce, b, len), VL_OK);
        assert_bytes(vl_bytes_of(a, len), vl_bytes_of(plain, len));
        assert_bytes(vl_bytes_of(b, len), vl_bytes_of(plain, len));
        free(plain);
        free(a);
        free(b);
    }
    vl_aead_free(sodium);
    vl_aead_free(openssl);
}

static void opening_to_another_place_keeps_what_was_sealed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(lens) * COUNT(engines); i++) {
        size_t len = lens[i / COUNT(engines)], whole = len + VL_AEAD_TAG_LEN;
        struct vl_aead *aead = new_aead(engines[i % COUNT(engines)]);
        uint8_t *plain = some_bytes(len, 0), *out = some_bytes(0, len);
        uint8_t *at = some_bytes(len, VL_AEAD_TAG_LEN), *kept = some_bytes(0, whole);

        assert_int_equal(vl_aead_seal(aead, nonce, at, len), VL_OK);
        memcpy(kept, at, whole);
        assert_int_equal(vl_aead_open_to(aead, nonce, at, len, out), VL_OK);
        assert_bytes(vl_bytes_of(out, len), vl_bytes_of(plain, len));
        assert_memory_equal(at, kept, whole);
        vl_aead_free(aead);
        free(plain);
        free(out);
        free(at);
        free(kept);
    }
}

static void same_nonce_twice_gives_the_same_bytes(void **state)
{
    static const uint8_t other[VL_AEAD_NONCE_LEN] = {1};

    (void)state;
    for (size_t i = 0; i < COUNT(engines); i++) {
        struct vl_aead *aead = new_aead(engines[i]);
        uint8_t a[100 + VL_AEAD_TAG_LEN] = {0}, b[sizeof a] = {0}, c[sizeof a] = {0};

        assert_int_equal(vl_aead_seal(aead, nonce, a, 100), VL_OK);
        assert_int_equal(vl_aead_seal(aead, other, b, 100), VL_OK);
        assert_int_equal(vl_aead_seal(aead, nonce, c, 100), VL_OK);
        assert_memory_equal(a, c, sizeof a);
        assert_memory_not_equal(a, b, 100);
        vl_aead_free(aead);
    }
}

/* Copies what is sealed, flips one bit and tries to open it, in place and to another. */
static void assert_flip_is_noticed(struct vl_aead *aead, const uint8_t *sealed, size_t len,
                                   size_t bit)
{
    size_t whole = len + VL_AEAD_TAG_LEN;
    uint8_t *at = some_bytes(0, whole), *kept = some_bytes(0, whole), *out = some_bytes(len, 0);

    memcpy(at, sealed, whole);
    at[bit / 8] ^= (uint8_t)(1u << bit % 8);
    memcpy(kept, at, whole);
    assert_int_equal(vl_aead_open_to(aead, nonce, at, len, out), VL_ERR_UNVERIFIED);
    assert_true(is_zero(out, len));
    assert_memory_equal(at, kept, whole);
    assert_int_equal(vl_aead_open(aead, nonce, at, len), VL_ERR_UNVERIFIED);
    assert_true(is_zero(at, whole));
    free(at);
    free(kept);
    free(out);
}

static void a_flipped_bit_is_noticed_and_leaves_only_zeroes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(lens) * COUNT(engines); i++) {
        size_t len = lens[i / COUNT(engines)], bits = (len + VL_AEAD_TAG_LEN) * 8;
        struct vl_aead *aead = new_aead(engines[i % COUNT(engines)]);
        uint8_t *at = some_bytes(len, VL_AEAD_TAG_LEN);
        /* Every bit of what is short; of what is long some, and every bit of the tag. */
        size_t step = len <= 128 ? 1 : len * 8 / 23;

        assert_int_equal(vl_aead_seal(aead, nonce, at, len), VL_OK);
        for (size_t bit = 0; bit < len * 8; bit += step)
            assert_flip_is_noticed(aead, at, len, bit);
        for (size_t bit = len * 8; bit < bits; bit++)
            assert_flip_is_noticed(aead, at, len, bit);
        assert_int_equal(vl_aead_open(aead, nonce, at, len), VL_OK); /* it still can */
        vl_aead_free(aead);
        free(at);
    }
}

static void another_nonce_or_key_or_length_does_not_open(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(engines); i++) {
        for (size_t bit = 0; bit < 8 * (VL_AEAD_NONCE_LEN + VL_AEAD_KEY_LEN); bit++) {
            struct vl_secret key = test_key();
            uint8_t other[VL_AEAD_NONCE_LEN], at[40 + VL_AEAD_TAG_LEN] = {0};
            struct vl_aead *aead = new_aead(engines[i]);

            assert_int_equal(vl_aead_seal(aead, nonce, at, 40), VL_OK);
            vl_aead_free(aead);
            memcpy(other, nonce, sizeof other);
            if (bit < 8 * VL_AEAD_NONCE_LEN)
                other[bit / 8] ^= (uint8_t)(1u << bit % 8);
            else
                key.data[bit / 8 - VL_AEAD_NONCE_LEN] ^= (uint8_t)(1u << bit % 8);
            aead = vl_aead_new(&key, engines[i]);
            assert_non_null(aead);
            assert_int_equal(vl_aead_open(aead, other, at, 40), VL_ERR_UNVERIFIED);
            assert_true(is_zero(at, sizeof at));
            vl_aead_free(aead);
        }
        for (size_t len = 0; len < 40; len++) {
            struct vl_aead *aead = new_aead(engines[i]);
            uint8_t at[40 + VL_AEAD_TAG_LEN] = {0};

            assert_int_equal(vl_aead_seal(aead, nonce, at, 40), VL_OK);
            assert_int_equal(vl_aead_open(aead, nonce, at, len), VL_ERR_UNVERIFIED);
            assert_true(is_zero(at, len + VL_AEAD_TAG_LEN));
            vl_aead_free(aead);
        }
    }
}

static void a_context_that_failed_goes_on_working(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(engines); i++) {
        struct vl_aead *aead = new_aead(engines[i]);
        uint8_t good[10 + VL_AEAD_TAG_LEN] = {1, 2, 3}, bad[sizeof good];

        assert_int_equal(vl_aead_seal(aead, nonce, good, 10), VL_OK);
        memcpy(bad, good, sizeof bad);
        bad[3] ^= 1;
        assert_int_equal(vl_aead_open(aead, nonce, bad, 10), VL_ERR_UNVERIFIED);
        assert_int_equal(vl_aead_open(aead, nonce, good, 10), VL_OK);
        assert_memory_equal(good, "\1\2\3\0\0\0\0\0\0\0", 10);
        vl_aead_free(aead);
    }
}

static void auto_changes_its_engine_and_never_the_bytes(void **state)
{
    struct vl_aead *sodium = new_aead(VL_AEAD_SODIUM), *aead = new_aead(VL_AEAD_AUTO);
    uint8_t number[VL_AEAD_NONCE_LEN] = {0};

    (void)state;
    for (size_t seen = 0; seen < 3 * MEGABYTE; seen += 65536) { /* it changes at the first */
        uint8_t *a = some_bytes(65536, VL_AEAD_TAG_LEN), *b = some_bytes(65536, VL_AEAD_TAG_LEN);
        size_t whole = 65536 + VL_AEAD_TAG_LEN;

        number[11]++;
        assert_int_equal(vl_aead_seal(sodium, number, a, 65536), VL_OK);
        assert_int_equal(vl_aead_seal(aead, number, b, 65536), VL_OK);
        assert_bytes(vl_bytes_of(a, whole), vl_bytes_of(b, whole));
        assert_int_equal(vl_aead_open(aead, number, a, 65536), VL_OK);
        a[0] ^= 1;
        assert_int_equal(vl_aead_open(aead, number, a, 65536), VL_ERR_UNVERIFIED);
        assert_true(is_zero(a, whole));
        free(a);
        free(b);
    }
    vl_aead_free(aead);
    vl_aead_free(sodium);
}

static void freeing_wipes_the_key(void **state)
{
    (void)state;
    vl_aead_free(NULL);
    for (size_t i = 0; i < COUNT(engines); i++) {
        struct vl_aead *aead = new_aead(engines[i]);

        forget_wipes();
        vl_aead_free(aead);
        assert_true(was_wiped(aead, VL_AEAD_KEY_LEN));
    }
}

static enum vl_err seal_something(void *self, struct vl_why *why)
{
    const struct vl_secret key = test_key();
    struct vl_aead *aead = vl_aead_new(&key, *(const enum vl_aead_engine *)self);
    uint8_t at[5 + VL_AEAD_TAG_LEN] = {0};
    enum vl_err err = aead ? vl_aead_seal(aead, nonce, at, 5) : VL_ERR_NO_MEMORY;

    (void)why;
    vl_aead_free(aead);
    return err;
}

static void each_allocation_fails_cleanly(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(engines); i++) {
        enum vl_aead_engine engine = engines[i];

        assert_int_equal(each_allocation_fails(seal_something, &engine), 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(openssl_is_there_to_be_tested),
        cmocka_unit_test(known_texts_give_the_known_bytes_and_back),
        cmocka_unit_test(a_known_chunk_gives_the_known_bytes),
        cmocka_unit_test(every_engine_seals_alike_and_opens_the_others),
        cmocka_unit_test(opening_to_another_place_keeps_what_was_sealed),
        cmocka_unit_test(same_nonce_twice_gives_the_same_bytes),
        cmocka_unit_test(a_flipped_bit_is_noticed_and_leaves_only_zeroes),
        cmocka_unit_test(another_nonce_or_key_or_length_does_not_open),
        cmocka_unit_test(a_context_that_failed_goes_on_working),
        cmocka_unit_test(auto_changes_its_engine_and_never_the_bytes),
        cmocka_unit_test(freeing_wipes_the_key),
        cmocka_unit_test(each_allocation_fails_cleanly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
