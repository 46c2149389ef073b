/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <stdbool.h>
#include <string.h>

#include "support.h"

/* Written out once more, because other programs rely on the numbers and the names: a change to the
 * table of err.h has to be made here too. */
/* clang-format off */
static const struct {
    enum vl_err err;
    int exit_status, http_status;
    const char *name;
} promised[] = {
    { VL_OK,                0, 200, "ok"          },
    { VL_ERR_IO,            1, 500, "io"          },
    { VL_ERR_NO_SPACE,      1, 507, "no-space"    },
    { VL_ERR_NO_MEMORY,     1, 500, "no-memory"   },
    { VL_ERR_EXISTS,        1, 409, "exists"      },
    { VL_ERR_INTERNAL,      1, 500, "internal"    },
    { VL_ERR_USAGE,         2, 400, "usage"       },
    { VL_ERR_PARTIAL,       3, 200, "partial"     },
    { VL_ERR_NOT_FOUND,     4, 404, "not-found"   },
    { VL_ERR_AMBIGUOUS,     4, 404, "ambiguous"   },
    { VL_ERR_BUSY,          5, 503, "busy"        },
    { VL_ERR_FORMAT,        6, 400, "format"      },
    { VL_ERR_LIMIT,         6, 413, "limit"       },
    { VL_ERR_UNVERIFIED,    6, 422, "unverified"  },
    { VL_ERR_REFUSED,       7, 403, "refused"     },
    { VL_ERR_EXPIRED,       7, 403, "expired"     },
    { VL_ERR_UNSUPPORTED,   8, 501, "unsupported" },
    { VL_ERR_NO_HOME,      10, 500, "no-home"     },
    { VL_ERR_LOCKED,       11, 503, "locked"      },
    { VL_ERR_NO_KEY,       12, 403, "no-key"      },
    { VL_ERR_INTERRUPTED, 130, 500, "interrupted" },
    { VL_ERR_TERMINATED,  143, 500, "terminated"  },
};
/* clang-format on */

static void codes_keep_their_status_and_their_name(void **state)
{
    (void)state;
    assert_int_equal(sizeof promised / sizeof *promised, VL_ERR_COUNT);
    for (size_t i = 0; i < VL_ERR_COUNT; i++) {
        enum vl_err err = promised[i].err;

        assert_int_equal(vl_err_exit_status(err), promised[i].exit_status);
        assert_int_equal(vl_err_http_status(err), promised[i].http_status);
        assert_string_equal(vl_err_name(err), promised[i].name);
        assert_true(strlen(vl_err_words(err)) > 0);
    }
}

static void no_two_codes_share_a_name(void **state)
{
    (void)state;
    for (int a = 0; a < VL_ERR_COUNT; a++)
        for (int b = 0; b < a; b++)
            assert_string_not_equal(vl_err_name((enum vl_err)a), vl_err_name((enum vl_err)b));
}

static void a_code_that_does_not_exist_is_our_own_fault(void **state)
{
    static const int strange[] = {VL_ERR_COUNT, VL_ERR_COUNT + 1, 4711, -1};

    (void)state;
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
        assert_string_equal(vl_err_name((enum vl_err)strange[i]), "internal");
        assert_int_equal(vl_err_exit_status((enum vl_err)strange[i]), 1);
        assert_int_equal(vl_err_http_status((enum vl_err)strange[i]), 500);
        assert_string_equal(vl_err_words((enum vl_err)strange[i]), "a fault in valise itself");
    }
}

static void saying_why_hands_the_code_back(void **state)
{
    struct vl_why why = {"left over"};

    (void)state;
    assert_int_equal(vl_fail(&why, VL_ERR_FORMAT, "%d bytes of %s", 3, "header"), VL_ERR_FORMAT);
    assert_string_equal(why.text, "3 bytes of header");
    assert_int_equal(vl_fail(NULL, VL_ERR_LIMIT, "%d", 1), VL_ERR_LIMIT);
}

static void saying_where_goes_before_the_reason(void **state)
{
    struct vl_why why = {""};

    (void)state;
    (void)vl_fail(&why, VL_ERR_FORMAT, "byte 41: wanted a byte string");
    assert_int_equal(vl_fail_in(&why, VL_ERR_FORMAT, "custody event"), VL_ERR_FORMAT);
    assert_int_equal(vl_fail_in(&why, VL_ERR_FORMAT, "evidence %zu", (size_t)3), VL_ERR_FORMAT);
    assert_string_equal(why.text, "evidence 3: custody event: byte 41: wanted a byte string");
    assert_int_equal(vl_fail_in(NULL, VL_ERR_FORMAT, "nowhere"), VL_ERR_FORMAT);
}

static void where_without_a_reason_stands_alone(void **state)
{
    struct vl_why why = {""};

    (void)state;
    (void)vl_fail_in(&why, VL_ERR_IO, "letter.pdf");
    assert_string_equal(why.text, "letter.pdf");
}

static void a_reason_that_does_not_fit_is_cut(void **state)
{
    char long_text[2 * sizeof(struct vl_why)];
    struct {
        struct vl_why why;
        char behind[8];
    } at = {{""}, "behind!"};

    (void)state;
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    (void)vl_fail(&at.why, VL_ERR_FORMAT, "%s", long_text);
    assert_int_equal(strlen(at.why.text), sizeof at.why.text - 1);
    (void)vl_fail_in(&at.why, VL_ERR_FORMAT, "header");
    assert_int_equal(strlen(at.why.text), sizeof at.why.text - 1);
    assert_memory_equal(at.why.text, "header: xxx", 11);
    assert_string_equal(at.behind, "behind!");
}

static void a_place_of_any_length_leaves_what_fits_of_the_reason(void **state)
{
    (void)state;
    for (size_t len = sizeof(struct vl_why) - 8; len < sizeof(struct vl_why) + 8; len++) {
        char place[sizeof(struct vl_why) + 8], wanted[sizeof place + sizeof ": reason"];
        struct vl_why why = {"reason"};

        memset(place, 'p', len);
        place[len] = '\0';
        (void)vl_fail_in(&why, VL_ERR_FORMAT, "%s", place);
        memcpy(wanted, place, len);
        memcpy(wanted + len, ": reason", sizeof ": reason");
        wanted[sizeof why.text - 1] = '\0';
        assert_string_equal(why.text, wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_keep_their_status_and_their_name),
        cmocka_unit_test(no_two_codes_share_a_name),
        cmocka_unit_test(a_code_that_does_not_exist_is_our_own_fault),
        cmocka_unit_test(saying_why_hands_the_code_back),
        cmocka_unit_test(saying_where_goes_before_the_reason),
        cmocka_unit_test(where_without_a_reason_stands_alone),
        cmocka_unit_test(a_reason_that_does_not_fit_is_cut),
        cmocka_unit_test(a_place_of_any_length_leaves_what_fits_of_the_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
