/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/signature.h"

#include <string.h>

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define ZERO_31     "00000000000000000000000000000000000000000000000000000000000000"
#define FF_30       "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

/* RFC 8032, 7.1, TEST 1 */
#define SEED "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
#define KEY  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"

/* RFC 6979, A.2.5 */
#define UX       "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
#define UY       "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
#define SAMPLE_R "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
#define SAMPLE_S "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
/* The order of P-256 and the prime of its field. */
#define N      "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
#define P      "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"
#define HALF   "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8"
#define HALF_1 "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9"

/* clang-format off */
static const struct {
    const char *name;
    const char *seed, *key, *message, *signature; /* in hex */
} ed25519[] = {
    { "RFC 8032, 7.1, TEST 1", SEED, KEY, "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
    { "RFC 8032, 7.1, TEST 2",
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
    { "RFC 8032, 7.1, TEST 3",
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
      "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
    { "RFC 8032, 7.1, TEST SHA(abc)",
      "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
      "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
      "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
      "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704" },
};

/* The rows that no signer makes were computed with a plain transcription of RFC 8032, 5.1. */
static const struct {
    const char *name;
    const char *key, *message, *signature;
    enum vl_err err;
} ed25519_edges[] = {
    { "R of our own choice", KEY, "636f666163746f72",
      "17ffad8068dc0de9935d36636f3ad1b5de6de3413b12388e453b05f2a4c1d3db"
      "13ac85e53727dfdbdcdc85048763bd381f84f434f23cdeea15737d725d06820e", VL_OK },
    { "S + L: the same signature in other bytes", KEY, "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
      "4c8c7872aa064e049dbb3013fbf29380d25bf5f0595bbe24655141438e7a101b", VL_ERR_UNVERIFIED },
    { "good if the cofactor is cleared: R with a part of order 8", KEY, "636f666163746f72",
      "d63c01223147541df4e170763e9e2788a8bf5971f52a93c5829dbe6f5ff6bba9"
      "f44f332c145f40252d9ebb415960afe3b98d610dc4fd11fbddad99e184e2e307", VL_ERR_UNVERIFIED },
    { "good if the cofactor is cleared: the key with a part of order 8",
      "9158312a9a8d6e3b34c891d6d61444f8b8211c5117ebad15bdb0bd68b07e0245", "39",
      "17ffad8068dc0de9935d36636f3ad1b5de6de3413b12388e453b05f2a4c1d3db"
      "1db95a8b8d0ff9a08069528a6646788d4cf41ea457007e3af17fe242029d230d", VL_ERR_UNVERIFIED },
    { "the same key by luck: this is why keys are checked",
      "9158312a9a8d6e3b34c891d6d61444f8b8211c5117ebad15bdb0bd68b07e0245", "3130",
      "17ffad8068dc0de9935d36636f3ad1b5de6de3413b12388e453b05f2a4c1d3db"
      "dd5b2adbd42c6d453670b18e767a10415386d7ebc6c7ae98d011f6b31d926802", VL_OK },
    { "R is the neutral element", KEY, "736d616c6c2052",
      "0100000000000000000000000000000000000000000000000000000000000000"
      "17b76c68cdf640492434979a90098e71524faef838e073346be3c4fcbe9df20a", VL_ERR_UNVERIFIED },
    { "R of order 8", KEY, "736d616c6c2052",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
      "4ad2a2daa58dd41af601f3caf3392933a543624225d237eeba915248e370180e", VL_ERR_UNVERIFIED },
};

static const struct {
    const char *name;
    const char *key;
    enum vl_err err;
} keys[] = {
    { "a key",                KEY, VL_OK },
    { "its negative",         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707519a", VL_OK },
    { "the base point",       "5866666666666666666666666666666666666666666666666666666666666666", VL_OK },
    { "3: on the curve, with a part of small order", "03" ZERO_31, VL_ERR_UNVERIFIED },
    { "p + 3: the same, not reduced", "f0" FF_30 "7f", VL_ERR_UNVERIFIED },
    { "0: of order 4",        "00" ZERO_31, VL_ERR_UNVERIFIED },
    { "0, negative",          "000000000000000000000000000000000000000000000000000000000000" "0080", VL_ERR_UNVERIFIED },
    { "1: the neutral element", "01" ZERO_31, VL_ERR_UNVERIFIED },
    { "1, negative",          "010000000000000000000000000000000000000000000000000000000000" "0080", VL_ERR_UNVERIFIED },
    { "p - 1: of order 2",    "ec" FF_30 "7f", VL_ERR_UNVERIFIED },
    { "p - 1, negative",      "ec" FF_30 "ff", VL_ERR_UNVERIFIED },
    { "p: 0, not reduced",    "ed" FF_30 "7f", VL_ERR_UNVERIFIED },
    { "p, negative",          "ed" FF_30 "ff", VL_ERR_UNVERIFIED },
    { "p + 1: 1, not reduced", "ee" FF_30 "7f", VL_ERR_UNVERIFIED },
    { "p + 1, negative",      "ee" FF_30 "ff", VL_ERR_UNVERIFIED },
    { "of order 8",           "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", VL_ERR_UNVERIFIED },
    { "of order 8, negative", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", VL_ERR_UNVERIFIED },
    { "the other of order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", VL_ERR_UNVERIFIED },
    { "the other, negative",  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85", VL_ERR_UNVERIFIED },
    { "a key with a part of order 8",
                              "9158312a9a8d6e3b34c891d6d61444f8b8211c5117ebad15bdb0bd68b07e0245", VL_ERR_UNVERIFIED },
    { "2: not on the curve",  "02" ZERO_31, VL_ERR_UNVERIFIED },
    { "all ones",             FF_30 "ffff", VL_ERR_UNVERIFIED },
};

static const struct {
    const char *name;
    const char *x, *y, *message, *r, *s;
    enum vl_err err;
} es256[] = {
    { "RFC 6979, A.2.5: sample", UX, UY, "sample", SAMPLE_R, SAMPLE_S, VL_OK },
    { "RFC 6979, A.2.5: test",   UX, UY, "test",
      "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
      "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083", VL_OK },
    { "sample with n - s", UX, UY, "sample", SAMPLE_R,
      "0834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9", VL_OK },
    { "an empty message", UX, UY, "",
      "9fad84aeae08bbef7f010014d82cef6a09de2b0cf871b5ce0c4f1d13a59a5934",
      "18abd45c2711e9b42375bea90f8d2c3223ca3a968d17e3da5af7d603af42d879", VL_OK },
    /* Keys computed to fit r, s and the message (SEC 1, 4.1.6). */
    { "one byte of r, s = 1",
      "927ecf7ca928fc78f1997440b58695c203da5f6c911203f40bb6511018608cdb",
      "97a2f38120593fa05fc245629233c34ca4098c50ef203a244521fd563b6fcc4b", "an edge",
      ZERO_31 "05", ZERO_31 "01", VL_OK },
    { "one byte with its high bit set",
      "3fd19a3abca59230575c03030b694a76ff3aad191578d9fca677743776b67a4d",
      "b5874ad69844703c7a01818cf0530adf76d4af9195acf9b85fd91758b6670c0d", "an edge",
      ZERO_31 "80", ZERO_31 "80", VL_OK },
    { "two bytes",
      "c32982d6a6db794be05808d689889cb8272c056cce35eefd0377bdc553597e6c",
      "6b04e6ae80c1392029c9c9f243f4519898459667a3a600a3ffcb95611f051c10", "an edge",
      "0000000000000000000000000000000000000000000000000000000000007f00",
      "0000000000000000000000000000000000000000000000000000000000007fff", VL_OK },
    { "31 bytes with their high bit set",
      "d2c250da45a48fccd5f37920d9a91b3849c5a62629e66b6a5fa0a17601fb1673",
      "896305f3594ba86e1f33a1b3b53535dbde24aafdbdbe3d65cbe21f3ce090880d", "an edge",
      "0080000000000000000000000000000000000000000000000000000000000001",
      "00ff000000000000000000000000000000000000000000000000000000000000", VL_OK },
    { "31 bytes without",
      "7cbd1a68c20a6b4c3eea269016a2a219c069212d41ae1811b93f20d292301442",
      "f4e1588c0c855187bf71ff407eb9e9a945c908b2da22123638aa12cfc2650f40", "an edge",
      "007f000000000000000000000000000000000000000000000000000000000001",
      "0001000000000000000000000000000000000000000000000000000000000000", VL_OK },
    { "32 bytes of r with their high bit set",
      "0c9658452833b8014ca49153c9655aa3dd6105a298d92d660cc7fd816a7e0ffd",
      "05b89b1cfea4c62d6d577b6836ae365b4d7595ae964af948636b262bf9ea67d8", "an edge",
      "8000000000000000000000000000000000000000000000000000000000000004", HALF_1, VL_OK },
    { "32 bytes of both without",
      "5b6af27b99a0a72575955b9f2e81344e430c5464ff35560fe482b14d8fe6bfc8",
      "3a967ff20d64e490b67085e80da6cee66b30bdb2c8e8358a69009f2c4b04d5f8", "an edge",
      "0100000000000000000000000000000000000000000000000000000000000000", HALF, VL_OK },
    { "s = n - 1",
      "8264d1ac2b2cec2b1a000352bd4146ff791d33efefe5f0729f8726af71f0cf86",
      "04f0f54e1e2a01491a4e78cf3373282264af2b4de08da8bc7ed1a003f92cb92f", "an edge",
      "0000000000123400000000000000000000000000000000000000000000000000",
      "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", VL_OK },

    { "another message",    UX, UY, "Sample", SAMPLE_R, SAMPLE_S, VL_ERR_UNVERIFIED },
    { "r and s exchanged",  UX, UY, "sample", SAMPLE_S, SAMPLE_R, VL_ERR_UNVERIFIED },
    { "r zero",             UX, UY, "sample", ZERO_31 "00", SAMPLE_S, VL_ERR_UNVERIFIED },
    { "s zero",             UX, UY, "sample", SAMPLE_R, ZERO_31 "00", VL_ERR_UNVERIFIED },
    { "r and s zero",       UX, UY, "sample", ZERO_31 "00", ZERO_31 "00", VL_ERR_UNVERIFIED },
    { "r is the order",     UX, UY, "sample", N, SAMPLE_S, VL_ERR_UNVERIFIED },
    { "s is the order",     UX, UY, "sample", SAMPLE_R, N, VL_ERR_UNVERIFIED },
    { "all ones",           UX, UY, "sample", FF_30 "ffff", FF_30 "ffff", VL_ERR_UNVERIFIED },
    { "s = 1 + n, in place of s = 1",
      "927ecf7ca928fc78f1997440b58695c203da5f6c911203f40bb6511018608cdb",
      "97a2f38120593fa05fc245629233c34ca4098c50ef203a244521fd563b6fcc4b", "an edge",
      ZERO_31 "05",
      "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552", VL_ERR_UNVERIFIED },
    { "r = 5 + n, in place of r = 5",
      "927ecf7ca928fc78f1997440b58695c203da5f6c911203f40bb6511018608cdb",
      "97a2f38120593fa05fc245629233c34ca4098c50ef203a244521fd563b6fcc4b", "an edge",
      "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632556",
      ZERO_31 "01", VL_ERR_UNVERIFIED },
    { "the key off the curve", UX,
      "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d446229a", "sample",
      SAMPLE_R, SAMPLE_S, VL_ERR_UNVERIFIED },
    { "the coordinates exchanged", UY, UX, "sample", SAMPLE_R, SAMPLE_S, VL_ERR_UNVERIFIED },
    { "the point 0, 0", ZERO_31 "00", ZERO_31 "00", "sample", SAMPLE_R, SAMPLE_S, VL_ERR_UNVERIFIED },
    { "a coordinate not reduced", P, UY, "sample", SAMPLE_R, SAMPLE_S, VL_ERR_UNVERIFIED },
    { "coordinates of ones", FF_30 "ffff", FF_30 "ffff", "sample", SAMPLE_R, SAMPLE_S, VL_ERR_UNVERIFIED },
};

static const struct {
    const char *name, *s;
    bool is_low;
} halves[] = {
    { "zero",             ZERO_31 "00", true },
    { "one",              ZERO_31 "01", true },
    { "half the order",   HALF,         true },
    { "half and one",     HALF_1,       false },
    { "one bit lower",    "7fffffff7fffffffffffffffffffffffffffffffffffffffffffffffffffffff", true },
    { "the order less 1", "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", false },
    { "all ones",         FF_30 "ffff", false },
};
/* clang-format on */

/* Exactly len bytes from hex. */
static void read_hex(const char *text, uint8_t *out, size_t len)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = hex(text);

    assert_int_equal(bytes.len, len);
    memcpy(out, bytes.data, len);
}

static struct vl_secret seed_of(const char *text)
{
    struct vl_secret seed = VL_SECRET_INIT;

    read_hex(text, seed.data, VL_ED25519_SEED_LEN);
    seed.len = VL_ED25519_SEED_LEN;
    return seed;
}

static void ed25519_gives_the_published_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ed25519); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf message = hex(ed25519[i].message);
        const struct vl_secret seed = seed_of(ed25519[i].seed);
        uint8_t key[VL_ED25519_PUBLIC_LEN], wanted_key[VL_ED25519_PUBLIC_LEN];
        uint8_t signature[VL_SIGNATURE_LEN], wanted[VL_SIGNATURE_LEN];

        read_hex(ed25519[i].key, wanted_key, sizeof wanted_key);
        read_hex(ed25519[i].signature, wanted, sizeof wanted);
        vl_ed25519_public(&seed, key);
        vl_ed25519_sign(&seed, vl_buf_bytes(&message), signature);
        if (memcmp(key, wanted_key, sizeof key) != 0 ||
            memcmp(signature, wanted, sizeof signature) != 0 ||
            vl_ed25519_check_key(key) != VL_OK ||
            vl_ed25519_verify(key, vl_buf_bytes(&message), signature) != VL_OK)
            fail_msg("%s", ed25519[i].name);
    }
}

static void ed25519_gives_one_verdict_where_others_differ(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ed25519_edges); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf message = hex(ed25519_edges[i].message);
        uint8_t key[VL_ED25519_PUBLIC_LEN], signature[VL_SIGNATURE_LEN];

        read_hex(ed25519_edges[i].key, key, sizeof key);
        read_hex(ed25519_edges[i].signature, signature, sizeof signature);
        if (vl_ed25519_verify(key, vl_buf_bytes(&message), signature) != ed25519_edges[i].err)
            fail_msg("%s", ed25519_edges[i].name);
    }
}

static void only_a_key_that_somebody_could_have_made_is_a_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++) {
        uint8_t key[VL_ED25519_PUBLIC_LEN];

        read_hex(keys[i].key, key, sizeof key);
        if (vl_ed25519_check_key(key) != keys[i].err)
            fail_msg("%s", keys[i].name);
    }
}

/* The neutral element as R and S = 0 fit a small-order key for every message, or for every eighth.
 */
static void a_key_of_small_order_verifies_nothing(void **state)
{
    static const uint8_t signature[VL_SIGNATURE_LEN] = {1};

    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++) {
        uint8_t key[VL_ED25519_PUBLIC_LEN];

        read_hex(keys[i].key, key, sizeof key);
        for (uint8_t message = 0; message < 64; message++)
            assert_int_equal(vl_ed25519_verify(key, vl_bytes_of(&message, 1), signature),
                             VL_ERR_UNVERIFIED);
    }
}

static void a_flipped_bit_of_ed25519_does_not_verify(void **state)
{
    uint8_t message[] = "a letter", key[VL_ED25519_PUBLIC_LEN], signature[VL_SIGNATURE_LEN];
    const struct vl_secret seed = seed_of(SEED);
    uint8_t *const parts[] = {message, key, signature};
    static const size_t lens[] = {sizeof message, VL_ED25519_PUBLIC_LEN, VL_SIGNATURE_LEN};

    (void)state;
    vl_ed25519_public(&seed, key);
    vl_ed25519_sign(&seed, VL_ARRAY(message), signature);
    for (size_t part = 0; part < COUNT(parts); part++) {
        for (size_t bit = 0; bit < lens[part] * 8; bit++) {
            parts[part][bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_int_equal(vl_ed25519_verify(key, VL_ARRAY(message), signature),
                             VL_ERR_UNVERIFIED);
            parts[part][bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
    assert_int_equal(vl_ed25519_verify(key, VL_ARRAY(message), signature), VL_OK);
    assert_int_equal(vl_ed25519_verify(key, vl_bytes_of(message, sizeof message - 1), signature),
                     VL_ERR_UNVERIFIED);
}

static void signing_twice_gives_the_same_signature(void **state)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 8032);

    (void)state;
    for (size_t len = 0; len < 40; len++) {
        struct vl_secret seed = VL_SECRET_INIT;
        uint8_t message[40], key[VL_ED25519_PUBLIC_LEN];
        uint8_t a[VL_SIGNATURE_LEN], b[VL_SIGNATURE_LEN];

        assert_int_equal(vl_rng_secret(&rng, VL_ED25519_SEED_LEN, &seed), VL_OK);
        assert_int_equal(vl_rng_fill(&rng, message, sizeof message), VL_OK);
        vl_ed25519_public(&seed, key);
        vl_ed25519_sign(&seed, vl_bytes_of(message, len), a);
        vl_ed25519_sign(&seed, vl_bytes_of(message, len), b);
        assert_memory_equal(a, b, sizeof a);
        assert_int_equal(vl_ed25519_check_key(key), VL_OK);
        assert_int_equal(vl_ed25519_verify(key, vl_bytes_of(message, len), a), VL_OK);
    }
}

static void es256_verifies_what_is_right_and_refuses_the_rest(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(es256); i++) {
        uint8_t x[VL_P256_LEN], y[VL_P256_LEN], signature[VL_SIGNATURE_LEN];

        read_hex(es256[i].x, x, sizeof x);
        read_hex(es256[i].y, y, sizeof y);
        read_hex(es256[i].r, signature, VL_P256_LEN);
        read_hex(es256[i].s, signature + VL_P256_LEN, VL_P256_LEN);
        if (vl_es256_verify(x, y, vl_bytes_str(es256[i].message), signature) != es256[i].err)
            fail_msg("%s", es256[i].name);
        if (es256[i].message[0] == '\0')
            assert_int_equal(vl_es256_verify(x, y, VL_BYTES_NONE, signature), es256[i].err);
    }
}

static void a_flipped_bit_of_es256_does_not_verify(void **state)
{
    uint8_t message[] = "sample", x[VL_P256_LEN], y[VL_P256_LEN], signature[VL_SIGNATURE_LEN];
    uint8_t *const parts[] = {message, x, y, signature};
    static const size_t lens[] = {sizeof message - 1, VL_P256_LEN, VL_P256_LEN, VL_SIGNATURE_LEN};
    const vl_bytes bytes = {message, sizeof message - 1};

    (void)state;
    read_hex(UX, x, sizeof x);
    read_hex(UY, y, sizeof y);
    read_hex(SAMPLE_R SAMPLE_S, signature, sizeof signature);
    for (size_t part = 0; part < COUNT(parts); part++) {
        for (size_t bit = 0; bit < lens[part] * 8; bit++) {
            parts[part][bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_int_equal(vl_es256_verify(x, y, bytes, signature), VL_ERR_UNVERIFIED);
            parts[part][bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
    assert_int_equal(vl_es256_verify(x, y, bytes, signature), VL_OK);
}

static void s_is_low_up_to_half_the_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(halves); i++) {
        uint8_t signature[VL_SIGNATURE_LEN];

        memset(signature, 0xff, sizeof signature); /* r does not count */
        read_hex(halves[i].s, signature + VL_P256_LEN, VL_P256_LEN);
        if (vl_es256_is_low_s(signature) != halves[i].is_low)
            fail_msg("%s", halves[i].name);
    }
}

static void a_seed_with_its_public_key_signs_the_same(void **state)
{
    struct vl_secret seed = VL_SECRET_INIT, expanded = VL_SECRET_INIT, twice = VL_SECRET_INIT;
    uint8_t one[VL_SIGNATURE_LEN], two[VL_SIGNATURE_LEN];
    uint8_t public_one[VL_ED25519_PUBLIC_LEN], public_two[VL_ED25519_PUBLIC_LEN];

    (void)state;
    assert_int_equal(vl_secret_set(&seed, VL_LITERAL("0123456789abcdef0123456789abcdef")), VL_OK);
    vl_ed25519_expand(&seed, &expanded);
    assert_int_equal(expanded.len, VL_ED25519_SEED_LEN + VL_ED25519_PUBLIC_LEN);
    vl_ed25519_expand(&expanded, &twice);
    assert_true(vl_secret_eq(&expanded, &twice));
    vl_ed25519_public(&seed, public_one);
    vl_ed25519_public(&expanded, public_two);
    assert_memory_equal(public_one, public_two, sizeof public_one);
    vl_ed25519_sign(&seed, VL_LITERAL("a message"), one);
    vl_ed25519_sign(&expanded, VL_LITERAL("a message"), two);
    assert_memory_equal(one, two, sizeof one);
    assert_int_equal(vl_ed25519_verify(public_one, VL_LITERAL("a message"), two), VL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_with_its_public_key_signs_the_same),
        cmocka_unit_test(ed25519_gives_the_published_answers),
        cmocka_unit_test(ed25519_gives_one_verdict_where_others_differ),
        cmocka_unit_test(only_a_key_that_somebody_could_have_made_is_a_key),
        cmocka_unit_test(a_key_of_small_order_verifies_nothing),
        cmocka_unit_test(a_flipped_bit_of_ed25519_does_not_verify),
        cmocka_unit_test(signing_twice_gives_the_same_signature),
        cmocka_unit_test(es256_verifies_what_is_right_and_refuses_the_rest),
        cmocka_unit_test(a_flipped_bit_of_es256_does_not_verify),
        cmocka_unit_test(s_is_low_up_to_half_the_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
