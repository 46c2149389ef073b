/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/crc.h: the published check values, every way of working them out, in pieces of any size.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "bundle/crc.h"
#include "bundle/crc_table.h"

#define POLYNOMIAL_16  0x8408u
#define POLYNOMIAL_32C 0x82f63b78u

/* The definition: bit by bit. */
static uint32_t step(uint32_t crc, uint32_t polynomial)
{
    return crc & 1 ? crc >> 1 ^ polynomial : crc >> 1;
}

static uint32_t by_bits(uint32_t crc, uint32_t polynomial, vl_bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        crc ^= bytes.ptr[i];
        for (int bit = 0; bit < 8; bit++)
            crc = step(crc, polynomial);
    }
    return crc;
}

static uint32_t of(enum vl_crc_kind kind, vl_bytes bytes)
{
    return vl_crc_end(kind, vl_crc_put(kind, vl_crc_begin(kind), bytes));
}

static void the_published_check_values(void **state)
{
    (void)state;
    assert_int_equal(of(VL_CRC_16, VL_LITERAL("123456789")), 0x906e);
    assert_int_equal(of(VL_CRC_32C, VL_LITERAL("123456789")), 0xe3069283);
    assert_int_equal(of(VL_CRC_NONE, VL_LITERAL("123456789")), 0);
    assert_int_equal(of(VL_CRC_16, VL_BYTES_NONE), 0);
    assert_int_equal(of(VL_CRC_32C, VL_BYTES_NONE), 0);
}

/* RFC 3720, B.4. */
static void the_examples_of_iscsi(void **state)
{
    uint8_t bytes[32] = {0};

    (void)state;
    assert_int_equal(of(VL_CRC_32C, VL_ARRAY(bytes)), 0x8a9136aa);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(of(VL_CRC_32C, VL_ARRAY(bytes)), 0x62a8ab43);
    for (uint8_t i = 0; i < sizeof bytes; i++)
        bytes[i] = i;
    assert_int_equal(of(VL_CRC_32C, VL_ARRAY(bytes)), 0x46dd794e);
}

static void the_tables_follow_from_the_polynomials(void **state)
{
    uint8_t bytes[VL_CRC_SLICES] = {0};

    (void)state;
    for (size_t k = 0; k < VL_CRC_SLICES; k++)
        for (int byte = 0; byte < 256; byte++) {
            bytes[0] = (uint8_t)byte;
            assert_int_equal(vl_crc16_table[k][byte],
                             by_bits(0, POLYNOMIAL_16, vl_bytes_of(bytes, k + 1)));
            assert_int_equal(vl_crc32c_table[k][byte],
                             by_bits(0, POLYNOMIAL_32C, vl_bytes_of(bytes, k + 1)));
        }
    /* x^(64 n - 33): 33 steps more make it x^(64 n), which is where the next one begins. */
    for (size_t n = 0; n <= VL_CRC_SHIFT_WORDS; n++) {
        uint32_t power = vl_crc32c_shift[n];

        for (int i = 0; i < 33; i++)
            power = step(power, POLYNOMIAL_32C);
        if (n == 0)
            assert_int_equal(power, 0x80000000); /* x^0 */
        if (n == VL_CRC_SHIFT_WORDS)
            break;
        for (int i = 0; i < 31; i++)
            power = step(power, POLYNOMIAL_32C);
        assert_int_equal(power, vl_crc32c_shift[n + 1]);
    }
}

/* Both ways of CRC-32C and the definition, for every length up to beyond two rounds of lanes, and
 * from addresses that are not aligned. */
static void every_way_gives_the_same(void **state)
{
    size_t size = 24 * VL_CRC_SHIFT_WORDS + 300;
    uint8_t *bytes = malloc(size);
    uint32_t crc16 = 0xffff, crc32c = 0xffffffff;
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 4);

    (void)state;
    assert_non_null(bytes);
    assert_int_equal(vl_rng_fill(&rng, bytes, size), VL_OK);
    for (size_t len = 0; len <= size - 3; len++) {
        vl_bytes all = {bytes + 3, len};

        assert_int_equal(vl_crc32c_by_table(0xffffffff, all), crc32c);
        assert_int_equal(vl_crc32c_by_instruction(0xffffffff, all), crc32c);
        if (len < 600)
            assert_int_equal(vl_crc_put(VL_CRC_16, 0xffff, all), crc16);
        if (len < size - 3) {
            crc16 = by_bits(crc16, POLYNOMIAL_16, vl_bytes_of(bytes + 3 + len, 1));
            crc32c = by_bits(crc32c, POLYNOMIAL_32C, vl_bytes_of(bytes + 3 + len, 1));
        }
    }
    free(bytes);
    if (!vl_crc32c_has_instruction())
        print_message("# no instruction for CRC-32C here: both ways are the table\n");
}

static void pieces_of_any_size(void **state)
{
    static const enum vl_crc_kind kinds[] = {VL_CRC_16, VL_CRC_32C};
    uint8_t bytes[1000];
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 5);

    (void)state;
    assert_int_equal(vl_rng_fill(&rng, bytes, sizeof bytes), VL_OK);
    for (size_t k = 0; k < 2; k++)
        for (size_t piece = 1; piece < sizeof bytes; piece += 7) {
            uint32_t crc = vl_crc_begin(kinds[k]);

            for (size_t at = 0; at < sizeof bytes; at += piece)
                crc = vl_crc_put(kinds[k], crc,
                                 vl_bytes_first(vl_bytes_after(VL_ARRAY(bytes), at), piece));
            assert_int_equal(vl_crc_end(kinds[k], crc), of(kinds[k], VL_ARRAY(bytes)));
        }
}

static void the_value_is_big_endian(void **state)
{
    uint8_t out[5] = {9, 9, 9, 9, 9};

    (void)state;
    vl_crc_write(VL_CRC_NONE, 0x12345678, out);
    assert_memory_equal(out, "\x09\x09\x09\x09\x09", 5);
    vl_crc_write(VL_CRC_16, 0x906e, out);
    assert_memory_equal(out, "\x90\x6e\x09\x09\x09", 5);
    assert_int_equal(vl_crc_read(VL_CRC_16, out), 0x906e);
    vl_crc_write(VL_CRC_32C, 0xe3069283, out);
    assert_memory_equal(out, "\xe3\x06\x92\x83\x09", 5);
    assert_int_equal(vl_crc_read(VL_CRC_32C, out), 0xe3069283);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_check_values),
        cmocka_unit_test(the_examples_of_iscsi),
        cmocka_unit_test(the_tables_follow_from_the_polynomials),
        cmocka_unit_test(every_way_gives_the_same),
        cmocka_unit_test(pieces_of_any_size),
        cmocka_unit_test(the_value_is_big_endian),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
