/* SPDX-License-Identifier: Apache-2.0 */
/* codec/cbor.h, the writer: the shortest form, and nothing that the reader would refuse. */
#include "support.h"

#include <string.h>

#include "codec/cbor.h"

static void uints_and_ints_take_the_shortest_head(void **state)
{
    static const struct {
        int64_t value;
        const char *hex;
    } rows[] = {
        {0, "00"},
        {23, "17"},
        {24, "1818"},
        {255, "18ff"},
        {256, "190100"},
        {65535, "19ffff"},
        {65536, "1a00010000"},
        {INT64_C(4294967295), "1affffffff"},
        {INT64_C(4294967296), "1b0000000100000000"},
        {INT64_MAX, "1b7fffffffffffffff"},
        {-1, "20"},
        {-24, "37"},
        {-25, "3818"},
        {-256, "38ff"},
        {-257, "390100"},
        {-65537, "3a00010000"},
        {INT64_MIN, "3b7fffffffffffffff"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(rows[i].hex);
        VL_AUTO(vl_buf_release) struct vl_buf got = VL_BUF_INIT(64);
        struct vl_cbor_out w = vl_cbor_to(&got);
        struct vl_cbor r;

        vl_cbor_put_int(&w, rows[i].value);
        assert_int_equal(w.err, VL_OK);
        assert_bytes(vl_buf_bytes(&got), vl_buf_bytes(&wanted));
        r = vl_cbor_open(vl_buf_bytes(&got), VL_CBOR_STRICT);
        assert_true(vl_cbor_int(&r, INT64_MIN, INT64_MAX) == rows[i].value);
    }
}

static void every_call_writes_what_rfc_8949_shows(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf got = VL_BUF_INIT(1024);
    VL_AUTO(vl_buf_release)
    struct vl_buf wanted = hex("1bffffffffffffffff 4401020304 40 62c3bc 60 83010203 a201020304 d2f6"
                               " f5 f4 9f01ff 58c8 820102");
    struct vl_cbor_out w = vl_cbor_to(&got);

    (void)state;
    vl_cbor_put_uint(&w, UINT64_MAX);
    vl_cbor_put_bytes(&w, VL_LITERAL("\1\2\3\4"));
    vl_cbor_put_bytes(&w, VL_BYTES_NONE);
    vl_cbor_put_text(&w, VL_LITERAL("\xc3\xbc"));
    vl_cbor_put_text(&w, VL_BYTES_NONE);
    vl_cbor_put_array(&w, 3);
    for (uint64_t i = 1; i <= 3; i++)
        vl_cbor_put_uint(&w, i);
    vl_cbor_put_map(&w, 2);
    for (uint64_t i = 1; i <= 4; i++)
        vl_cbor_put_uint(&w, i);
    vl_cbor_put_tag(&w, 18);
    vl_cbor_put_null(&w);
    vl_cbor_put_bool(&w, true);
    vl_cbor_put_bool(&w, false);
    vl_cbor_put_open_array(&w);
    vl_cbor_put_uint(&w, 1);
    vl_cbor_put_break(&w);
    vl_cbor_put_bytes_head(&w, 200);
    vl_cbor_put_item(&w, VL_LITERAL("\x82\x01\x02"));
    assert_int_equal(w.err, VL_OK);
    assert_bytes(vl_buf_bytes(&got), vl_buf_bytes(&wanted));
}

/* A random item that our profile takes; `budget` bounds its depth. */
static void put_random(struct vl_cbor_out *w, const struct vl_rng *rng, unsigned budget)
{
    uint8_t dice[10];
    uint64_t number = 0;
    size_t count;

    assert_int_equal(vl_rng_fill(rng, dice, sizeof dice), VL_OK);
    memcpy(&number, dice + 2, sizeof number);
    number >>= dice[1] % 64;
    count = dice[1] % 5;
    switch (dice[0] % (budget ? 9 : 6)) {
    case 0:
        vl_cbor_put_uint(w, number);
        break;
    case 1:
        vl_cbor_put_int(w, -(int64_t)(number >> 1) - 1);
        break;
    case 2:
        vl_cbor_put_bytes(w, vl_bytes_of(dice, dice[1] % sizeof dice));
        break;
    case 3:
        vl_cbor_put_text(w, VL_LITERAL("w\xc3\xb6rter"));
        break;
    case 4:
        vl_cbor_put_bool(w, dice[1] & 1);
        break;
    case 5:
        vl_cbor_put_null(w);
        break;
    case 6:
        vl_cbor_put_tag(w, number);
        put_random(w, rng, budget - 1);
        break;
    case 7:
        vl_cbor_put_array(w, count);
        for (size_t i = 0; i < count; i++)
            put_random(w, rng, budget - 1);
        break;
    default:
        vl_cbor_put_map(w, count);
        for (size_t i = 0; i < count; i++) {
            vl_cbor_put_uint(w, number % 1000 + 100 * i);
            put_random(w, rng, budget - 1);
        }
    }
}

static void copy_item(struct vl_cbor *r, struct vl_cbor_out *w);

static void copy_map(struct vl_cbor *r, struct vl_cbor_out *w)
{
    struct vl_cbor_map map = vl_cbor_map(r, 0, 64);

    vl_cbor_put_map(w, map.left);
    while (vl_cbor_next(r, &map)) {
        vl_cbor_put_int(w, vl_cbor_key(r, &map, 0, 10000));
        copy_item(r, w);
    }
}

/* Read with the typed calls, written again. */
static void copy_item(struct vl_cbor *r, struct vl_cbor_out *w)
{
    size_t count;

    switch (vl_cbor_peek(r)) {
    case VL_CBOR_UINT:
        vl_cbor_put_uint(w, vl_cbor_uint(r, UINT64_MAX));
        break;
    case VL_CBOR_NEGATIVE:
        vl_cbor_put_int(w, vl_cbor_int(r, INT64_MIN, -1));
        break;
    case VL_CBOR_BYTES:
        vl_cbor_put_bytes(w, vl_cbor_bytes(r, 0, 64));
        break;
    case VL_CBOR_TEXT:
        vl_cbor_put_text(w, vl_cbor_text(r, 0, 64));
        break;
    case VL_CBOR_ARRAY:
        count = vl_cbor_array(r, 0, 64);
        vl_cbor_put_array(w, count);
        for (size_t i = 0; i < count && vl_cbor_ok(r); i++)
            copy_item(r, w);
        break;
    case VL_CBOR_MAP:
        copy_map(r, w);
        break;
    case VL_CBOR_SIMPLE:
        if (vl_cbor_null(r))
            vl_cbor_put_null(w);
        else
            vl_cbor_put_bool(w, vl_cbor_bool(r));
        break;
    case VL_CBOR_TAG:
    case VL_CBOR_NOTHING:
        vl_cbor_put_item(w, vl_cbor_item(r));
        break;
    }
}

static void what_is_written_is_taken_by_every_profile_and_read_back_the_same(void **state)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 8949);

    (void)state;
    for (int round = 0; round < 2000; round++) {
        VL_AUTO(vl_buf_release) struct vl_buf first = VL_BUF_INIT(1 << 20);
        VL_AUTO(vl_buf_release) struct vl_buf second = VL_BUF_INIT(1 << 20);
        struct vl_cbor_out w = vl_cbor_to(&first), again = vl_cbor_to(&second);
        struct vl_why why = {""};
        struct vl_cbor r;

        put_random(&w, &rng, 5);
        assert_int_equal(w.err, VL_OK);
        for (int profile = VL_CBOR_STRICT; profile <= VL_CBOR_BPV7; profile++) {
            r = vl_cbor_open(vl_buf_bytes(&first), (enum vl_cbor_profile)profile);
            (void)vl_cbor_item(&r);
            assert_err(vl_cbor_close(&r, "it", &why), VL_OK, &why);
        }
        r = vl_cbor_open(vl_buf_bytes(&first), VL_CBOR_STRICT);
        copy_item(&r, &again);
        assert_err(vl_cbor_close(&r, "it", &why), VL_OK, &why);
        assert_int_equal(again.err, VL_OK);
        assert_bytes(vl_buf_bytes(&second), vl_buf_bytes(&first));
    }
}

static void the_first_failure_latches_and_nothing_follows_it(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(4);
    struct vl_cbor_out w = vl_cbor_to(&out);

    (void)state;
    vl_cbor_put_array(&w, 3);
    vl_cbor_put_bytes(&w, VL_LITERAL("12345"));
    assert_int_equal(w.err, VL_ERR_LIMIT);
    vl_cbor_put_uint(&w, 1);
    assert_int_equal(w.err, VL_ERR_LIMIT);
    assert_bytes(vl_buf_bytes(&out), VL_LITERAL("\x83\x45"));
}

static enum vl_err write_some(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(1 << 16);
    struct vl_cbor_out w = vl_cbor_to(&out);

    (void)self;
    vl_cbor_put_array(&w, 200);
    for (uint64_t i = 0; i < 200; i++)
        vl_cbor_put_text(&w, VL_LITERAL("twenty bytes of text"));
    return w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err)) : VL_OK;
}

static void each_allocation_that_fails_is_told(void **state)
{
    (void)state;
    assert_true(each_allocation_fails(write_some, NULL) > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uints_and_ints_take_the_shortest_head),
        cmocka_unit_test(every_call_writes_what_rfc_8949_shows),
        cmocka_unit_test(what_is_written_is_taken_by_every_profile_and_read_back_the_same),
        cmocka_unit_test(the_first_failure_latches_and_nothing_follows_it),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
