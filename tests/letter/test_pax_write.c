/* SPDX-License-Identifier: Apache-2.0 */
/* letter/pax.h, writing: every byte of a header, and how long an archive becomes. */
#include "archive.h"

#define UMLAUT "\xc3\xa4"

/* One header block as text: zeroes as '.', runs of them counted. */
static void show_block(const uint8_t *block, char out[1024])
{
    size_t at = 0;

    for (size_t i = 0; i < VL_PAX_BLOCK;) {
        size_t run = 0;

        while (i + run < VL_PAX_BLOCK && block[i + run] == 0)
            run++;
        if (run == 0)
            out[at++] = (char)block[i++];
        else
            at += (size_t)snprintf(out + at, 1024 - at, "{%zu}", run);
        i += run;
    }
    out[at] = '\0';
}

static void a_header_has_these_bytes_and_no_others(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);
    char shown[1024];

    (void)state;
    assert_int_equal(vl_pax_header(VL_LITERAL("letter.txt"), 1234, &out), VL_OK);
    assert_int_equal(out.len, VL_PAX_BLOCK);
    show_block(out.data, shown);
    assert_string_equal(shown, "letter.txt{90}0000644{1}0000000{1}0000000{1}00000002322{1}"
                               "00000000000{1}011244{1} 0{100}ustar{1}00{64}0000000{1}0000000"
                               "{168}");
}

static void what_ustar_cannot_hold_stands_in_an_extended_header(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);
    char shown[1024];

    (void)state;
    assert_int_equal(vl_pax_header(VL_LITERAL("B" UMLAUT "r"), UINT64_C(1) << 33, &out), VL_OK);
    assert_int_equal(out.len, 3 * VL_PAX_BLOCK);
    show_block(out.data, shown);
    assert_string_equal(shown, "valise.pax{90}0000644{1}0000000{1}0000000{1}00000000040{1}"
                               "00000000000{1}011304{1} x{100}ustar{1}00{64}0000000{1}0000000"
                               "{168}");
    show_block(out.data + VL_PAX_BLOCK, shown);
    assert_string_equal(shown, "13 path=B" UMLAUT "r\n19 size=8589934592\n{480}");
    show_block(out.data + 2 * VL_PAX_BLOCK, shown);
    assert_string_equal(shown, "B__r{96}0000644{1}0000000{1}0000000{1}77777777777{1}"
                               "00000000000{1}010074{1} 0{100}ustar{1}00{64}0000000{1}0000000"
                               "{168}");
}

/* clang-format off */
static const struct length_row {
    const char *name;
    char letter;      /* the name is this letter ... */
    size_t name_len;  /* ... so many times */
    uint64_t size;
    size_t blocks;
    const char *records;
} length_rows[] = {
    {"a short name",            'n', 1,   0, 1, NULL},
    {"100 bytes",               'n', 100, 5, 1, NULL},
    {"101 bytes",               'n', 101, 5, 3, "111 path="},
    {"a length of two digits",  '\xe4', 90, 5, 3, "99 path="},
    {"one that makes it three", '\xe4', 91, 5, 3, "101 path="},
    {"200 bytes",               'n', 200, 5, 3, "210 path="},
    {"records of one block",    'n', 502, 5, 3, "512 path="},
    {"and of two",              'n', 503, 5, 4, "513 path="},
    {"900 bytes and all of size", 'n', 900, VL_PAX_SIZE_MAX, 4, "910 path="},
    {"8 GiB less a byte",       'n', 9, (UINT64_C(1) << 33) - 1, 1, NULL},
    {"8 GiB",                   'n', 9, UINT64_C(1) << 33, 3, "19 size=8589934592\n"},
    {"as large as can be",      'n', 9, VL_PAX_SIZE_MAX, 3, "28 size=4611686018427387904\n"},
};
/* clang-format on */

static void headers_are_as_long_as_was_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(length_rows); i++) {
        const struct length_row *row = &length_rows[i];
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_PAX_HEADER_MAX);
        VL_AUTO(vl_buf_release) struct vl_buf name = VL_BUF_INIT(ARCHIVE_CEIL);

        put_bytes(&name, (uint8_t)row->letter, row->name_len);
        assert_int_equal(vl_pax_header(vl_buf_bytes(&name), row->size, &out), VL_OK);
        if (out.len != row->blocks * VL_PAX_BLOCK)
            fail_msg("%s: %zu bytes", row->name, out.len);
        assert_int_equal(vl_pax_header_len(vl_buf_bytes(&name), row->size), out.len);
        if (row->records &&
            strncmp((const char *)out.data + VL_PAX_BLOCK, row->records, strlen(row->records)) != 0)
            fail_msg("%s: %.30s", row->name, (const char *)out.data + VL_PAX_BLOCK);
    }
}

static void names_and_sizes_over_the_limits_are_refused(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_PAX_HEADER_MAX);
    VL_AUTO(vl_buf_release) struct vl_buf name = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    put_bytes(&name, 'n', VL_PAX_NAME_MAX + 1);
    assert_int_equal(vl_pax_header(vl_buf_bytes(&name), 1, &out), VL_ERR_LIMIT);
    assert_int_equal(vl_pax_header(VL_LITERAL("n"), VL_PAX_SIZE_MAX + 1, &out), VL_ERR_LIMIT);
    assert_int_equal(out.len, 0);
}

static void a_file_fills_its_last_block(void **state)
{
    (void)state;
    assert_int_equal(vl_pax_fill(0), 0);
    assert_int_equal(vl_pax_fill(1), 511);
    assert_int_equal(vl_pax_fill(511), 1);
    assert_int_equal(vl_pax_fill(512), 0);
    assert_int_equal(vl_pax_fill(VL_PAX_SIZE_MAX), 0);
    assert_int_equal(vl_pax_fill(VL_PAX_SIZE_MAX - 1), 1);
}

/* Padmé by hand: 2^e <= size < 2^(e+1); all but the first log2(e) + 1 bits behind the highest are
 * rounded up. */
static const uint64_t padded[][2] = {
    {0, 0},
    {1, 512},
    {512, 512},
    {1024, 1024},
    {1536, 1536},
    {4096, 4096},
    {8704, 8704},         /* e 13, 4 of 13 bits stay: whole 512s */
    {16896, 17408},       /* e 14: 1024s */
    {65536, 65536},       /* e 16: 5 bits, 2048s */
    {65536 + 512, 67584}, /* the same */
    {131072 - 512, 131072},
    {1000448, 1015808}, /* e 19: 5 bits, 16 KiB */
    {1048576, 1048576},
    {1048577, 1081344}, /* e 20: 5 bits, 32 KiB */
    {UINT64_C(1) << 30, UINT64_C(1) << 30},
    {(UINT64_C(1) << 30) + 512, (UINT64_C(1) << 30) + (UINT64_C(1) << 25)},
    {VL_PAX_SIZE_MAX, VL_PAX_SIZE_MAX},
};

static void padding_gives_these_sizes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(padded); i++)
        if (vl_pax_padded(padded[i][0]) != padded[i][1])
            fail_msg("%llu becomes %llu", (unsigned long long)padded[i][0],
                     (unsigned long long)vl_pax_padded(padded[i][0]));
}

static void padding_is_at_most_an_eighth_whole_blocks_and_stays(void **state)
{
    size_t different = 0;
    uint64_t before = 0;

    (void)state;
    for (uint64_t size = 0; size < (8 << 20); size += VL_PAX_BLOCK) {
        uint64_t now = vl_pax_padded(size);

        assert_true(now >= size && now <= size + size / 8);
        assert_int_equal(now % VL_PAX_BLOCK, 0);
        assert_int_equal(vl_pax_padded(now), now);
        assert_true(now >= before);
        different += now != before;
        before = now;
    }
    assert_true(different < 400); /* of 16384 */
}

static enum vl_err write_once(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_PAX_HEADER_MAX);
    enum vl_err err = vl_pax_header(VL_LITERAL("B" UMLAUT "r"), 1, &out);

    (void)self;
    (void)why;
    assert_int_equal(out.len, err ? 0 : 3 * VL_PAX_BLOCK);
    return err;
}

static void each_allocation_that_fails_is_told(void **state)
{
    (void)state;
    assert_int_equal(each_allocation_fails(write_once, NULL), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_has_these_bytes_and_no_others),
        cmocka_unit_test(what_ustar_cannot_hold_stands_in_an_extended_header),
        cmocka_unit_test(headers_are_as_long_as_was_said),
        cmocka_unit_test(names_and_sizes_over_the_limits_are_refused),
        cmocka_unit_test(a_file_fills_its_last_block),
        cmocka_unit_test(padding_gives_these_sizes),
        cmocka_unit_test(padding_is_at_most_an_eighth_whole_blocks_and_stays),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
