/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "crypto/hash.h"
#include "crypto/openssl.h"

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define LONG        ((uint64_t)1 << 20)

/* What is expected, so that each library gets its turn. */
static const uint64_t turns[] = {0, LONG};

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
/* clang-format on */

static void both_libraries_give_the_published_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(hashes); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(hashes[i].hash);

        for (size_t turn = 0; turn < COUNT(turns); turn++) {
            struct vl_hasher hasher;
            uint8_t out[VL_HASH_LEN];

            vl_hasher_begin(&hasher, turns[turn]);
            assert_int_equal(hasher.openssl != NULL, turn == 1);
            for (unsigned n = 0; n < hashes[i].times; n++)
                vl_hasher_put(&hasher, vl_bytes_str(hashes[i].message));
            assert_int_equal(vl_hasher_end(&hasher, out), VL_OK);
            assert_bytes(VL_ARRAY(out), vl_buf_bytes(&wanted));
            vl_hasher_release(&hasher);
        }
    }
}

static void where_bytes_are_split_makes_no_difference(void **state)
{
    uint8_t bytes[200], whole[VL_HASH_LEN], out[VL_HASH_LEN];

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7);
    for (size_t len = 0; len <= sizeof bytes; len++) {
        vl_sha256(vl_bytes_of(bytes, len), whole);
        for (size_t at = 0; at <= len; at++)
            for (size_t turn = 0; turn < COUNT(turns); turn++) {
                struct vl_hasher hasher;

                vl_hasher_begin(&hasher, turns[turn]);
                vl_hasher_put(&hasher, vl_bytes_of(bytes, at));
                vl_hasher_put(&hasher, VL_BYTES_NONE);
                vl_hasher_put(&hasher, vl_bytes_of(bytes + at, len - at));
                assert_int_equal(vl_hasher_end(&hasher, out), VL_OK);
                assert_bytes(VL_ARRAY(out), VL_ARRAY(whole));
            }
    }
}

/* A million letters "a" (FIPS 180-2, B.3), and as many that come as several strings. */
static void what_is_long_has_the_same_hash_at_once_and_in_parts(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(hashes[3].hash);
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(1000000);
    uint8_t *at = NULL, out[VL_HASH_LEN];
    vl_bytes parts[2];

    (void)state;
    assert_int_equal(vl_buf_add(&bytes, 1000000, &at), VL_OK);
    memset(at, 'a', bytes.len);
    vl_sha256(vl_buf_bytes(&bytes), out);
    assert_bytes(VL_ARRAY(out), vl_buf_bytes(&wanted));
    parts[0] = vl_bytes_first(vl_buf_bytes(&bytes), 1);
    parts[1] = vl_bytes_after(vl_buf_bytes(&bytes), 1);
    vl_sha256_parts(parts, 2, out);
    assert_bytes(VL_ARRAY(out), vl_buf_bytes(&wanted));
    assert_non_null(vl_openssl_loaded());
}

static void a_hasher_may_move_between_two_pieces(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(hashes[1].hash);
    uint8_t out[VL_HASH_LEN];

    (void)state;
    for (size_t turn = 0; turn < COUNT(turns); turn++) {
        struct vl_hasher here, there;

        vl_hasher_begin(&here, turns[turn]);
        vl_hasher_put(&here, VL_LITERAL("ab"));
        there = here;
        memset(&here, 0, sizeof here);
        vl_hasher_put(&there, VL_LITERAL("c"));
        assert_int_equal(vl_hasher_end(&there, out), VL_OK);
        assert_bytes(VL_ARRAY(out), vl_buf_bytes(&wanted));
    }
}

static void what_is_long_is_work_for_openssl(void **state)
{
    static const struct {
        uint64_t len;
        bool is_long;
    } rows[] = {{0, false}, {1023, false}, {1024, true}, {256 << 10, true}, {UINT64_MAX, true}};

    (void)state;
    vl_hasher_expect_many(); /* it is loaded: then it is used for all that is worth its start */
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct vl_hasher hasher;

        vl_hasher_begin(&hasher, rows[i].len);
        assert_int_equal(hasher.openssl != NULL, rows[i].is_long);
        vl_hasher_release(&hasher);
        assert_null(hasher.openssl);
    }
}

static bool is_wiped(const struct vl_hasher *hasher)
{
    const uint8_t *bytes = (const uint8_t *)hasher;

    for (size_t i = 0; i < sizeof *hasher; i++)
        if (bytes[i])
            return false;
    return true;
}

static void a_hasher_may_be_left_at_any_time_and_keeps_nothing(void **state)
{
    struct vl_hasher hasher = {0};

    (void)state;
    vl_hasher_release(&hasher);
    for (size_t turn = 0; turn < COUNT(turns); turn++) {
        vl_hasher_begin(&hasher, turns[turn]);
        vl_hasher_put(&hasher, VL_LITERAL("a secret"));
        vl_hasher_release(&hasher);
        assert_true(is_wiped(&hasher));
        vl_hasher_release(&hasher);
    }
}

/* Nine MiB in pieces of all lengths; by another thread it is copied, so each piece may change. */
static void what_another_thread_hashes_is_the_same(void **state)
{
    const size_t len = (size_t)9 << 20;
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(len);
    uint8_t *at = NULL, wanted[VL_HASH_LEN], out[VL_HASH_LEN], piece[70001];
    struct vl_hasher hasher, moved;
    size_t step = 1;

    (void)state;
    assert_int_equal(vl_buf_add(&bytes, len, &at), VL_OK);
    for (size_t i = 0; i < len; i++)
        at[i] = (uint8_t)(i * 31 + i / 4099);
    vl_sha256(vl_buf_bytes(&bytes), wanted);
    vl_hasher_begin_aside(&hasher, len - 1); /* it need not be right */
    assert_non_null(hasher.aside);
    for (size_t done = 0; done < len; step = step * 3 % sizeof piece + 1) {
        const size_t now = step < len - done ? step : len - done;

        memcpy(piece, at + done, now);
        vl_hasher_put(&hasher, vl_bytes_of(piece, now));
        memset(piece, 0, now);
        done += now;
        moved = hasher;
        memset(&hasher, 0, sizeof hasher);
        hasher = moved;
    }
    assert_int_equal(vl_hasher_end(&hasher, out), VL_OK);
    assert_bytes(VL_ARRAY(out), VL_ARRAY(wanted));
    assert_true(is_wiped(&hasher));
}

/* Wherever memory ends, the hash is right. */
static void without_memory_the_caller_hashes_on(void **state)
{
    static const uint8_t piece[300 << 10];
    uint8_t wanted[VL_HASH_LEN], out[VL_HASH_LEN];
    struct vl_hasher hasher;

    (void)state;
    vl_hasher_begin(&hasher, LONG);
    for (size_t i = 0; i < 12; i++)
        vl_hasher_put(&hasher, VL_ARRAY(piece));
    assert_int_equal(vl_hasher_end(&hasher, wanted), VL_OK);
    for (long fail = 0; fail < 8; fail++) {
        vl_alloc_fail_after(fail);
        vl_hasher_begin_aside(&hasher, UINT64_MAX);
        for (size_t i = 0; i < 12; i++)
            vl_hasher_put(&hasher, VL_ARRAY(piece));
        assert_int_equal(vl_hasher_end(&hasher, out), VL_OK);
        vl_alloc_fail_after(-1);
        assert_bytes(VL_ARRAY(out), VL_ARRAY(wanted));
    }
}

static void another_thread_may_be_left_at_any_time(void **state)
{
    static const uint8_t piece[300 << 10];
    struct vl_hasher hasher;

    (void)state;
    for (size_t pieces = 0; pieces < 12; pieces++) {
        vl_hasher_begin_aside(&hasher, UINT64_MAX);
        for (size_t i = 0; i < pieces; i++)
            vl_hasher_put(&hasher, VL_ARRAY(piece));
        vl_hasher_release(&hasher);
        assert_true(is_wiped(&hasher));
    }
}

static void what_is_short_needs_no_other_thread(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(hashes[1].hash);
    uint8_t out[VL_HASH_LEN];
    struct vl_hasher hasher;

    (void)state;
    vl_hasher_begin_aside(&hasher, LONG);
    assert_null(hasher.aside);
    vl_hasher_put(&hasher, VL_LITERAL("abc"));
    assert_int_equal(vl_hasher_end(&hasher, out), VL_OK);
    assert_bytes(VL_ARRAY(out), vl_buf_bytes(&wanted));
}

/* OpenSSL's memory is not ours to make fail, its functions are. */
static struct vl_openssl *library(void)
{
    const struct vl_openssl *openssl = vl_openssl();
    struct vl_openssl *ours;

    assert_non_null(openssl);
    memcpy(&ours, &openssl, sizeof ours);
    return ours;
}

static unsigned freed;
static void (*free_context)(EVP_MD_CTX *context);

static EVP_MD_CTX *no_context(void)
{
    return NULL;
}

static int no_init(EVP_MD_CTX *context, const EVP_MD *kind, const OSSL_PARAM *params)
{
    return 0;
}

static int no_update(EVP_MD_CTX *context, const void *bytes, size_t len)
{
    return 0;
}

static int no_final(EVP_MD_CTX *context, unsigned char *out, unsigned *len)
{
    return 0;
}

static void count_free(EVP_MD_CTX *context)
{
    freed += context != NULL;
    free_context(context);
}

static enum vl_err hash_abc(struct vl_hasher *hasher, uint8_t out[VL_HASH_LEN])
{
    vl_hasher_begin(hasher, LONG);
    vl_hasher_put(hasher, VL_LITERAL("ab"));
    vl_hasher_put(hasher, VL_LITERAL("c"));
    return vl_hasher_end(hasher, out);
}

static void where_openssl_does_not_begin_libsodium_does_the_work(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(hashes[1].hash);
    struct vl_openssl before = *library();
    struct vl_hasher hasher;
    uint8_t out[VL_HASH_LEN];

    (void)state;
    library()->EVP_MD_CTX_new = no_context;
    assert_int_equal(hash_abc(&hasher, out), VL_OK);
    assert_bytes(VL_ARRAY(out), vl_buf_bytes(&wanted));

    *library() = before;
    free_context = before.EVP_MD_CTX_free;
    freed = 0;
    library()->EVP_DigestInit_ex2 = no_init;
    library()->EVP_MD_CTX_free = count_free;
    memset(out, 0, sizeof out);
    assert_int_equal(hash_abc(&hasher, out), VL_OK);
    assert_bytes(VL_ARRAY(out), vl_buf_bytes(&wanted));
    assert_int_equal(freed, 1);
    *library() = before;
}

static void a_failure_on_the_way_is_told_at_the_end(void **state)
{
    static const uint8_t zeroes[VL_HASH_LEN];
    struct vl_openssl before = *library();

    (void)state;
    for (int at_end = 0; at_end < 2; at_end++) {
        struct vl_hasher hasher;
        uint8_t out[VL_HASH_LEN];

        memset(out, 1, sizeof out);
        freed = 0;
        free_context = before.EVP_MD_CTX_free;
        library()->EVP_MD_CTX_free = count_free;
        if (at_end) {
            library()->EVP_DigestFinal_ex = no_final;
            assert_int_equal(hash_abc(&hasher, out), VL_ERR_INTERNAL);
        } else {
            vl_hasher_begin(&hasher, LONG);
            library()->EVP_DigestUpdate = no_update;
            vl_hasher_put(&hasher, VL_LITERAL("a"));
            library()->EVP_DigestUpdate = before.EVP_DigestUpdate;
            vl_hasher_put(&hasher, VL_LITERAL("bc"));
            assert_int_equal(vl_hasher_end(&hasher, out), VL_ERR_INTERNAL);
        }
        assert_bytes(VL_ARRAY(out), VL_ARRAY(zeroes));
        assert_true(is_wiped(&hasher));
        assert_int_equal(freed, 1);
        *library() = before;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_libraries_give_the_published_answers),
        cmocka_unit_test(where_bytes_are_split_makes_no_difference),
        cmocka_unit_test(what_is_long_has_the_same_hash_at_once_and_in_parts),
        cmocka_unit_test(a_hasher_may_move_between_two_pieces),
        cmocka_unit_test(what_is_long_is_work_for_openssl),
        cmocka_unit_test(a_hasher_may_be_left_at_any_time_and_keeps_nothing),
        cmocka_unit_test(what_another_thread_hashes_is_the_same),
        cmocka_unit_test(without_memory_the_caller_hashes_on),
        cmocka_unit_test(another_thread_may_be_left_at_any_time),
        cmocka_unit_test(what_is_short_needs_no_other_thread),
        cmocka_unit_test(where_openssl_does_not_begin_libsodium_does_the_work),
        cmocka_unit_test(a_failure_on_the_way_is_told_at_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
