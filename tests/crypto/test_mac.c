/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "crypto/mac.h"
#include "crypto/openssl.h"

#include "support.h"

#define LONG ((uint64_t)1 << 20)

static struct vl_mac_key key_of(const char *text, bool is_gmac)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = hex(text);
    struct vl_mac_key key = {.is_gmac = is_gmac};

    assert_int_equal(bytes.len, sizeof key.at);
    memcpy(key.at, bytes.data, bytes.len);
    return key;
}

static void tag_of(const struct vl_mac_key *key, vl_bytes first, vl_bytes then,
                   uint8_t tag[VL_MAC_LEN])
{
    struct vl_mac mac;

    vl_mac_begin(&mac, key);
    vl_mac_put(&mac, first);
    vl_mac_put(&mac, VL_BYTES_NONE);
    vl_mac_put(&mac, then);
    assert_int_equal(vl_mac_end(&mac, tag), VL_OK);
    vl_mac_release(&mac);
}

static void assert_tag(const struct vl_mac_key *key, vl_bytes bytes, const char *wanted)
{
    VL_AUTO(vl_buf_release) struct vl_buf expected = hex(wanted);
    uint8_t tag[VL_MAC_LEN];

    for (size_t at = 0; at <= bytes.len; at++) {
        tag_of(key, vl_bytes_first(bytes, at), vl_bytes_after(bytes, at), tag);
        assert_bytes(VL_ARRAY(tag), vl_buf_bytes(&expected));
    }
}

static void poly1305_gives_the_published_answer(void **state)
{
    /* RFC 8439, 2.5.2 */
    const struct vl_mac_key key =
        key_of("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b", false);

    (void)state;
    assert_tag(&key, vl_bytes_str("Cryptographic Forum Research Group"),
               "a8061dc1305136c6c22b8baf0c0127a9");
}

static void gmac_gives_the_published_answers(void **state)
{
    /* The Galois/Counter Mode of Operation (McGrew, Viega), test case 1; the key, 96 bits of nonce,
     * and 32 bits that are not used. */
    const struct vl_mac_key zeroes =
        key_of("0000000000000000000000000000000000000000000000000000000000000000", true);
    /* NIST CAVP, gcmEncryptExtIV128, PTlen 0, AADlen 128, count 0. */
    const struct vl_mac_key key = key_of("77be63708971c4e240d1cb79e8d77feb"
                                         "e0e00f19fed7ba0136a797f3"
                                         "00000000",
                                         true);
    VL_AUTO(vl_buf_release) struct vl_buf bytes = hex("7a43ec1d9c0a5a78a0b16533a6213cab");

    (void)state;
    assert_tag(&zeroes, VL_BYTES_NONE, "58e2fccefa7e3061367f1d57a4e7455a");
    assert_tag(&key, vl_buf_bytes(&bytes), "209fcc8d3675ed938e9c7166709dd946");
}

static void a_key_is_new_each_time_and_length_picks_the_library(void **state)
{
    const struct vl_rng rng = vl_rng_system();
    struct vl_mac_key one, other;

    (void)state;
    assert_int_equal(vl_mac_key_make(&one, &rng, LONG), VL_OK);
    assert_int_equal(vl_mac_key_make(&other, &rng, LONG), VL_OK);
    assert_true(one.is_gmac && other.is_gmac);
    assert_memory_not_equal(one.at, other.at, sizeof one.at);
}

/* Any bit, in whichever library. */
static void another_bit_is_another_tag(void **state)
{
    uint8_t bytes[300], tag[VL_MAC_LEN], changed[VL_MAC_LEN];

    (void)state;
    memset(bytes, 0x5a, sizeof bytes);
    for (int is_gmac = 0; is_gmac < 2; is_gmac++) {
        const struct vl_mac_key key =
            key_of("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b", is_gmac);

        tag_of(&key, VL_ARRAY(bytes), VL_BYTES_NONE, tag);
        for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            tag_of(&key, VL_ARRAY(bytes), VL_BYTES_NONE, changed);
            assert_memory_not_equal(tag, changed, sizeof tag);
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        tag_of(&key, vl_bytes_of(bytes, sizeof bytes - 1), VL_BYTES_NONE, changed);
        assert_memory_not_equal(tag, changed, sizeof tag);
    }
}

static void what_was_released_can_be_released(void **state)
{
    const struct vl_mac_key key =
        key_of("0000000000000000000000000000000000000000000000000000000000000000", true);
    struct vl_mac mac = {.failed = false};

    (void)state;
    vl_mac_release(&mac);
    vl_mac_begin(&mac, &key);
    vl_mac_put(&mac, vl_bytes_str("some of it"));
    vl_mac_release(&mac);
    vl_mac_release(&mac);
    assert_null(mac.openssl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(poly1305_gives_the_published_answer),
        cmocka_unit_test(gmac_gives_the_published_answers),
        cmocka_unit_test(a_key_is_new_each_time_and_length_picks_the_library),
        cmocka_unit_test(another_bit_is_another_tag),
        cmocka_unit_test(what_was_released_can_be_released),
    };

    return cmocka_run_group_tests_name("mac", tests, NULL, NULL);
}
