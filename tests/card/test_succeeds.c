/* SPDX-License-Identifier: Apache-2.0 */
/* card/succeeds.h: who comes after an office, read and refused. */
#include "../custody/rows.h"

#define KIND VL_KIND_SUCCEEDS
#define SUB  "valise:office:" HEX("67")
#define HEAD "ab" ACT_AS(PRINCIPAL, NULL_ITEM)
#define OF   "0a" H("67")
#define TO   "0b" H("68")
#define ALL  "0cf6"
#define EVER "0df6"
#define ONCE "0e" N("99")

/* clang-format off */
static const struct row rows[] = {
    {"the least",            KIND, SUB, HEAD OF TO ALL EVER ONCE, VL_OK, NULL},
    {"by the predecessor",   KIND, "valise:office:" HEX("41"), HEAD "0a" H("41") TO ALL EVER ONCE, VL_OK, NULL},
    {"of two statements",    KIND, SUB, HEAD OF TO "0c82" H("11") H("12") EVER ONCE, VL_OK, NULL},
    {"from the first day",   KIND, SUB, HEAD OF TO ALL "0d00" ONCE, VL_OK, NULL},
    {"from the last day",    KIND, SUB, HEAD OF TO ALL "0d1b0000003afff4417f" ONCE, VL_OK, NULL},

    {"by a delegate",        KIND, SUB, "ab" ACT_AS(DELEGATE, H("dd")) OF TO ALL EVER ONCE, VL_ERR_FORMAT, "succeeds: not by a principal itself"},
    {"by a carrier",         KIND, SUB, "ab" ACT_AS(CARRIER, NULL_ITEM) OF TO ALL EVER ONCE, VL_ERR_FORMAT, "succeeds: not by a principal itself"},
    {"under a mandate",      KIND, SUB, "ab" ACT_AS(PRINCIPAL, H("dd")) OF TO ALL EVER ONCE, VL_ERR_FORMAT, "succeeds: not by a principal itself"},
    {"after itself",         KIND, SUB, HEAD OF "0b" H("67") ALL EVER ONCE, VL_ERR_FORMAT, "succeeds: an office that comes after itself"},
    {"by the successor",     KIND, SUB, HEAD OF "0b" H("41") ALL EVER ONCE, VL_ERR_FORMAT, "succeeds: by the successor itself"},
    {"of nobody",            KIND, SUB, HEAD "0af6" TO ALL EVER ONCE, VL_ERR_FORMAT, "succeeds: payload: byte *: wanted a byte string"},
    {"to nobody",            KIND, SUB, HEAD OF "0bf6" ALL EVER ONCE, VL_ERR_FORMAT, "succeeds: payload: byte *: wanted a byte string"},
    {"of no statements",     KIND, SUB, HEAD OF TO "0c80" EVER ONCE, VL_ERR_LIMIT, "succeeds: payload: byte *: a number of items outside its limits"},
    {"of one twice",         KIND, SUB, HEAD OF TO "0c82" H("11") H("11") EVER ONCE, VL_ERR_FORMAT, "succeeds: payload: byte *: a list that does not ascend"},
    {"of 1025 statements",   KIND, SUB, HEAD OF TO "0c990401", VL_ERR_LIMIT, "succeeds: payload: byte *: a number of items outside its limits"},
    {"before 1970",          KIND, SUB, HEAD OF TO ALL "0d20" ONCE, VL_ERR_LIMIT, "succeeds: payload: byte *: an integer outside its limits"},
    {"after 9999",           KIND, SUB, HEAD OF TO ALL "0d1b0000003afff44180" ONCE, VL_ERR_LIMIT, "succeeds: payload: byte *: an integer outside its limits"},
    {"no nonce",             KIND, SUB, HEAD OF TO ALL EVER "0ef6", VL_ERR_FORMAT, "succeeds: payload: byte *: wanted a byte string"},
    {"about the successor",  KIND, "valise:office:" HEX("68"), HEAD OF TO ALL EVER ONCE, VL_ERR_FORMAT, "succeeds: its sub is about something else than its payload"},
    {"one key more",         KIND, SUB, "ac" ACT_AS(PRINCIPAL, NULL_ITEM) OF TO ALL EVER ONCE "0f00", VL_ERR_FORMAT, "succeeds: payload: byte *: a key more than its kind has"},
};
/* clang-format on */

static void each_payload_is_read_or_refused_by_the_table(void **state)
{
    (void)state;
    rows_hold(rows, sizeof rows / sizeof *rows);
}

static void what_reading_would_refuse_is_not_signed(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_succeeds succeeds = {.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                                   .predecessor = {{1}},
                                   .successor = {{2}}};
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    succeeds.act.capacity = VL_CAPACITY_WITNESS;
    assert_err(vl_succeeds_write(&office.signer, &succeeds, &out, NULL, &why), VL_ERR_FORMAT, &why);
    succeeds.act.capacity = VL_CAPACITY_PRINCIPAL;
    succeeds.successor = office.signer.office;
    assert_err(vl_succeeds_write(&office.signer, &succeeds, &out, NULL, &why), VL_ERR_FORMAT, &why);
    assert_int_equal(out.len, 0);
}

static void an_object_of_another_kind_is_none(void **state)
{
    struct vl_object object = {.kind = VL_KIND_MANDATE, .count = 1};
    struct vl_succeeds succeeds = {.has_scope = true};
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_succeeds_read(&object, &succeeds, &why), VL_ERR_FORMAT, &why);
    assert_false(succeeds.has_scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_payload_is_read_or_refused_by_the_table),
        cmocka_unit_test(what_reading_would_refuse_is_not_signed),
        cmocka_unit_test(an_object_of_another_kind_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
