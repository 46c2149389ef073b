/* SPDX-License-Identifier: Apache-2.0 */
/* http/text.h, http/rate.h: one text for one value, and so much from one address. */
#include <stdio.h>
#include <string.h>

#include "http/rate.h"
#include "http/text.h"
#include "support.h"

/* clang-format off */
static const struct { const char *query, *value; } queries[] = {
    { "a=1", "1" }, { "b=2&a=1", "1" }, { "a=1&a=2", "1" }, { "aa=1", "" }, { "a", "" }, { "a=", "" },
    { "a=x+y%20z", "x y z" }, { "a=%41%4a", "AJ" }, { "a=%4", "%4" }, { "a=%zz", "%zz" }, { "a=1&", "1" },
    { "&&a=1", "1" }, { "a=%00b", "" }, { "a=b%00", "" }, { "a=12345678901234567890", "" },
    { "a=1234567890123456", "" }, { "a=123456789012345", "123456789012345" }, { "", "" },
};
static const struct { const char *text; enum vl_err err; uint64_t value; } numbers[] = {
    { "0", VL_OK, 0 }, { "7", VL_OK, 7 }, { "999999999999999999", VL_OK, UINT64_C(999999999999999999) },
    { "", VL_ERR_FORMAT, 0 }, { "00", VL_ERR_FORMAT, 0 }, { "01", VL_ERR_FORMAT, 0 }, { "-1", VL_ERR_FORMAT, 0 },
    { "+1", VL_ERR_FORMAT, 0 }, { "1 ", VL_ERR_FORMAT, 0 }, { "1x", VL_ERR_FORMAT, 0 },
    { "1000000000000000000", VL_ERR_FORMAT, 0 },
};
static const struct { const char *header, *type; bool named; } types[] = {
    { "application/json", "application/json", true }, { "Application/JSON", "application/json", true },
    { "text/html, application/json;q=0.9", "application/json", true },
    { "text/html,application/json", "application/json", true },
    { "application/jsonx", "application/json", false }, { "xapplication/json", "application/json", false },
    { "*/*", "application/json", false }, { "", "application/json", false },
    { "application/cose; cose-type=\"cose-sign1\"", "application/cose", true },
};
/* clang-format on */

static void a_query_has_its_first_value(void **state)
{
    char room[16];

    (void)state;
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        print_message("# %s\n", queries[i].query);
        assert_true(
            vl_bytes_eq(vl_http_query(vl_bytes_str(queries[i].query), "a", room, sizeof room),
                        vl_bytes_str(queries[i].value)));
    }
}

static void a_number_is_written_in_one_way(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        uint64_t value = 0;

        print_message("# %s\n", numbers[i].text);
        assert_int_equal(vl_http_number(vl_bytes_str(numbers[i].text), &value), numbers[i].err);
        assert_int_equal(value, numbers[i].value);
    }
}

static void a_media_type_is_named_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        print_message("# %s\n", types[i].header);
        assert_int_equal(vl_http_names(types[i].header, types[i].type), types[i].named);
    }
}

static void an_id_is_written_in_one_way(void **state)
{
    uint8_t id[VL_HASH_LEN], back[VL_HASH_LEN];
    char text[VL_HTTP_ID], hex[2 * VL_HASH_LEN + 1];

    (void)state;
    for (unsigned first = 0; first < 256; first++) {
        memset(id, (int)(first * 37 & 0xff), sizeof id);
        id[0] = (uint8_t)first;
        assert_int_equal(strlen(vl_http_id(id, text)), 43);
        assert_null(strpbrk(text, "+/="));
        assert_int_equal(vl_http_id_parse(vl_bytes_str(text), back), VL_OK);
        assert_memory_equal(id, back, sizeof id);
        text[42] = (char)(text[42] == 'B' ? 'C' : 'B'); /* bits that are not used */
        assert_int_equal(vl_http_id_parse(vl_bytes_str(text), back), VL_ERR_FORMAT);
        for (size_t i = 0; i < sizeof id; i++)
            (void)snprintf(hex + 2 * i, 3, "%02x", id[i]);
        assert_true(vl_http_hash(vl_bytes_str(hex), back));
        assert_memory_equal(id, back, sizeof id);
    }
    assert_int_equal(vl_http_id_parse(VL_LITERAL("+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
                                      back),
                     VL_ERR_FORMAT);
    hex[0] = 'A';
    assert_false(vl_http_hash(vl_bytes_str(hex), back));
    hex[0] = 'g';
    assert_false(vl_http_hash(vl_bytes_str(hex), back));
    assert_false(vl_http_hash(VL_LITERAL("00"), back));
}

static void an_address_has_so_many_a_second(void **state)
{
    static struct vl_rate rate;
    const uint8_t mine[16] = {1}, other[16] = {2};
    unsigned taken = 0;

    (void)state;
    rate.per_second = 10;
    while (vl_rate_take(&rate, mine, 1000) == 0)
        taken++;
    assert_int_equal(taken, 40);
    assert_int_equal(vl_rate_take(&rate, other, 1000), 0);
    assert_int_not_equal(vl_rate_take(&rate, mine, 1050), 0);
    assert_int_equal(vl_rate_take(&rate, mine, 1100), 0);
    assert_int_not_equal(vl_rate_take(&rate, mine, 1100), 0);
    assert_int_equal(vl_rate_take(&rate, mine, 2100), 0);
    rate.per_second = 0;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(vl_rate_take(&rate, mine, 2100), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_has_its_first_value),
        cmocka_unit_test(a_number_is_written_in_one_way),
        cmocka_unit_test(a_media_type_is_named_or_not),
        cmocka_unit_test(an_id_is_written_in_one_way),
        cmocka_unit_test(an_address_has_so_many_a_second),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
