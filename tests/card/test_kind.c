/* SPDX-License-Identifier: Apache-2.0 */
/* card/kind.h: each kind has its words, and a content type that is no other's. */
#include <stdio.h>

#include "offices.h"

static void each_kind_is_found_by_its_content_type(void **state)
{
    (void)state;
    for (unsigned kind = VL_KIND_NONE + 1; kind < VL_KIND_COUNT; kind++) {
        const char *type = vl_kind_content_type((enum vl_kind)kind);
        char wanted[128];

        (void)snprintf(wanted, sizeof wanted, "application/vnd.valise.%s.v1+cbor",
                       vl_kind_word((enum vl_kind)kind));
        assert_string_equal(type, wanted);
        assert_int_equal(vl_kind_of_content_type(vl_bytes_str(type)), kind);
        assert_true(vl_kind_words((enum vl_kind)kind)[0] != '\0');
    }
    assert_string_equal(vl_kind_word(VL_KIND_CARD), "card");
    assert_string_equal(vl_kind_words(VL_KIND_REVOCATION), "revocation of a key");
    assert_string_equal(vl_kind_word(VL_KIND_NONE), "");
}

static void no_other_content_type_is_a_kind(void **state)
{
    static const char *const others[] = {
        "",
        "card",
        "application/cbor",
        "application/vnd.valise..v1+cbor",
        "application/vnd.valise.card.v2+cbor",
        "application/vnd.valise.card.v1+cbor ",
        "application/vnd.valise.card.v1+cbo",
        "Application/vnd.valise.card.v1+cbor",
    };

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(vl_kind_of_content_type(vl_bytes_str(others[i])), VL_KIND_NONE);
}

static void a_sub_is_the_kind_and_the_id_in_hex(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(64);
    static const uint8_t id[] = {0x00, 0x9f, 0xa5};

    (void)state;
    assert_int_equal(vl_buf_put(&out, VL_LITERAL("<")), VL_OK);
    assert_int_equal(vl_kind_sub("letter", VL_ARRAY(id), &out), VL_OK);
    assert_bytes(vl_buf_bytes(&out), VL_LITERAL("<valise:letter:009fa5"));
}

static void a_sub_that_does_not_fit_leaves_nothing(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(17);
    static const uint8_t id[2] = {1, 2};

    (void)state;
    assert_int_equal(vl_kind_sub("letter", VL_ARRAY(id), &out), VL_ERR_LIMIT);
    assert_int_equal(out.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_found_by_its_content_type),
        cmocka_unit_test(no_other_content_type_is_a_kind),
        cmocka_unit_test(a_sub_is_the_kind_and_the_id_in_hex),
        cmocka_unit_test(a_sub_that_does_not_fit_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
