/* SPDX-License-Identifier: Apache-2.0 */
/* Headers that are written, and the MAC over them. */
#include <string.h>

#include "seal/age_header.h"

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* From the age test kit: x25519_grease. */
static const char known[] = "age-encryption.org/v1\n"
                            "-> grease\n"
                            "\n"
                            "-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc\n"
                            "hjabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41FLE\n"
                            "-> grease\n"
                            "\n"
                            "--- QIfAOEMt1fGOf2FP2m3+TwFQtfy2H3sX3YqUAQRApkM\n";

static struct vl_secret file_key_of(const char *text)
{
    struct vl_secret key = VL_SECRET_INIT;

    assert_int_equal(vl_secret_set(&key, vl_bytes_str(text)), VL_OK);
    return key;
}

static enum vl_err read_and_verify(vl_bytes wire, const struct vl_secret *key, struct vl_why *why)
{
    VL_AUTO(vl_age_header_release) struct vl_age_header header = VL_AGE_HEADER_INIT;
    size_t used;
    enum vl_err err = vl_age_header_feed(&header, wire, &used, why);

    if (!err)
        err = vl_age_header_end(&header, why);
    return err ? err : vl_age_header_verify(&header, key, why);
}

static void the_mac_of_a_known_header_fits_its_file_key_and_no_other(void **state)
{
    const struct vl_secret key = file_key_of("YELLOW SUBMARINE");
    const struct vl_secret other = file_key_of("YELLOW SUBMARINF");
    struct vl_why why = {""};

    (void)state;
    assert_err(read_and_verify(vl_bytes_str(known), &key, &why), VL_OK, &why);
    assert_int_equal(read_and_verify(vl_bytes_str(known), &other, &why), VL_ERR_UNVERIFIED);
    assert_string_equal(why.text, "the header was altered: its MAC does not fit");
}

static void no_bit_of_a_header_can_be_altered(void **state)
{
    const struct vl_secret key = file_key_of("YELLOW SUBMARINE");

    (void)state;
    for (size_t bit = 0; bit < 8 * (sizeof known - 1); bit++) {
        char altered[sizeof known];
        enum vl_err err;

        memcpy(altered, known, sizeof known);
        altered[bit / 8] = (char)(altered[bit / 8] ^ 1 << bit % 8);
        err = read_and_verify(vl_bytes_of(altered, sizeof altered - 1), &key, NULL);
        assert_true(err == VL_ERR_FORMAT || err == VL_ERR_UNVERIFIED);
    }
}

static enum vl_err write_known(struct vl_buf *out, const struct vl_secret *key)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf body = hex("86369b197c122d0f5cdd2e8bc368be4b64eed9f8b04071ec95b04de81e3514b1");
    enum vl_err err = vl_age_header_begin(out);

    if (!err)
        err = vl_age_header_put_stanza(out, VL_LITERAL("grease"), VL_BYTES_NONE);
    if (!err)
        err = vl_age_header_put_stanza(out,
                                       VL_LITERAL(
                                           "X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc"),
                                       vl_buf_bytes(&body));
    if (!err)
        err = vl_age_header_put_stanza(out, VL_LITERAL("grease"), VL_BYTES_NONE);
    return err ? err : vl_age_header_finish(out, key);
}

static void the_known_header_is_written_byte_by_byte(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_AGE_HEADER_MAX);
    const struct vl_secret key = file_key_of("YELLOW SUBMARINE");

    (void)state;
    assert_int_equal(write_known(&out, &key), VL_OK);
    assert_bytes(vl_buf_bytes(&out), vl_bytes_str(known));
}

static void bodies_of_every_length_are_read_back(void **state)
{
    const struct vl_secret key = file_key_of("0123456789abcdef");

    (void)state;
    for (size_t len = 0; len <= 512; len += len < 200 ? 1 : 39) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_AGE_HEADER_MAX);
        VL_AUTO(vl_age_header_release) struct vl_age_header header = VL_AGE_HEADER_INIT;
        uint8_t body[512];
        struct vl_why why = {""};
        struct vl_age_stanza stanza;
        size_t used, lines = len * 4 / 3 / 64;

        memset(body, 0xa5, sizeof body);
        assert_int_equal(vl_age_header_begin(&out), VL_OK);
        assert_int_equal(vl_age_header_put_stanza(&out, VL_LITERAL("of length"),
                                                  vl_bytes_of(body, len)),
                         VL_OK);
        assert_int_equal(vl_age_header_finish(&out, &key), VL_OK);
        assert_err(vl_age_header_feed(&header, vl_buf_bytes(&out), &used, &why), VL_OK, &why);
        assert_err(vl_age_header_end(&header, &why), VL_OK, &why);
        assert_int_equal(used, out.len);
        assert_err(vl_age_header_verify(&header, &key, &why), VL_OK, &why);
        stanza = vl_age_header_stanza(&header, 0);
        assert_bytes(stanza.type, VL_LITERAL("of"));
        assert_bytes(vl_age_stanza_arg(&stanza, 0), VL_LITERAL("length"));
        assert_int_equal(stanza.body.len, (len * 4 + 2) / 3 + lines);
        for (size_t i = 0; i < lines; i++)
            assert_int_equal(stanza.body.ptr[65 * i + 64], '\n');
    }
}

static void a_body_over_512_bytes_is_not_written(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_AGE_HEADER_MAX);
    static const uint8_t body[513];

    (void)state;
    assert_int_equal(vl_age_header_put_stanza(&out, VL_LITERAL("x"), VL_ARRAY(body)), VL_ERR_LIMIT);
    assert_int_equal(out.len, 0);
}

static void writing_stops_at_the_ceiling(void **state)
{
    const struct vl_secret key = file_key_of("YELLOW SUBMARINE");

    (void)state;
    for (size_t max = 0; max <= sizeof known; max++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(max);

        assert_int_equal(write_known(&out, &key), max < sizeof known - 1 ? VL_ERR_LIMIT : VL_OK);
    }
}

static enum vl_err write_it(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_AGE_HEADER_MAX);
    enum vl_err err = vl_age_header_begin(&out);

    for (size_t i = 0; i < 20 && !err; i++)
        err = vl_age_header_put_stanza(&out, VL_LITERAL("some stanza"), VL_LITERAL("its body"));
    return err ? err : vl_age_header_finish(&out, self);
}

static enum vl_err read_it(void *self, struct vl_why *why)
{
    VL_AUTO(vl_age_header_release) struct vl_age_header header = VL_AGE_HEADER_INIT;
    vl_bytes rest = vl_buf_bytes(self);
    enum vl_err err = VL_OK;

    while (!err && rest.len > 0) {
        size_t used;

        err = vl_age_header_feed(&header, vl_bytes_first(rest, 9), &used, why);
        rest = vl_bytes_after(rest, used);
    }
    if (err == VL_ERR_NO_MEMORY)
        assert_int_not_equal(why->text[0], '\0');
    return err ? err : vl_age_header_end(&header, why);
}

static void without_memory_nothing_is_half_read_or_half_written(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_AGE_HEADER_MAX);
    struct vl_secret key = file_key_of("YELLOW SUBMARINE");

    (void)state;
    assert_true(each_allocation_fails(write_it, &key) > 3);
    assert_int_equal(vl_age_header_begin(&out), VL_OK);
    for (size_t i = 0; i < 20; i++)
        assert_int_equal(vl_age_header_put_stanza(&out, VL_LITERAL("x"), VL_BYTES_NONE), VL_OK);
    assert_int_equal(vl_age_header_finish(&out, &key), VL_OK);
    assert_true(each_allocation_fails(read_it, &out) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mac_of_a_known_header_fits_its_file_key_and_no_other),
        cmocka_unit_test(no_bit_of_a_header_can_be_altered),
        cmocka_unit_test(the_known_header_is_written_byte_by_byte),
        cmocka_unit_test(bodies_of_every_length_are_read_back),
        cmocka_unit_test(a_body_over_512_bytes_is_not_written),
        cmocka_unit_test(writing_stops_at_the_ceiling),
        cmocka_unit_test(without_memory_nothing_is_half_read_or_half_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
