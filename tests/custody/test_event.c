/* SPDX-License-Identifier: Apache-2.0 */
/* custody/event.h: payloads of sealed and opened, read and refused; what is written is read. */
#include "offices.h"

#include <stdio.h>

#define H(byte)                                                                                    \
    "5820" byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte    \
        byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte
#define ACT                                                                                        \
    "0001"                                                                                         \
    "01" H("41") "0203"                                                                            \
                 "03f6"                                                                            \
                 "0480"                                                                            \
                 "05f4"
#define ABOUT_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ABOUT_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define ROOT    "0a" H("aa")
#define COUNT   "0b03"
#define NUMBER  "0a" H("aa")
#define WAYBILL "0b" H("b1")
#define CORE    "0c" H("b2")
#define OPENING "0e" H("b3")
#define ANSWERS "0f" H("b4")

/* clang-format off */
static const struct row {
    const char *name;
    enum vl_kind kind;
    const char *sub, *payload;
    enum vl_err err;
    const char *words;
} rows[] = {
    {"sealed",              VL_KIND_SEALED, "valise:batch:" ABOUT_A, "a9" ACT ROOT COUNT "0c80", VL_OK, NULL},
    {"with two seals",      VL_KIND_SEALED, "valise:batch:" ABOUT_A, "a9" ACT ROOT COUNT "0c8261416142", VL_OK, NULL},
    {"2^24 letters",        VL_KIND_SEALED, "valise:batch:" ABOUT_A, "a9" ACT ROOT "0b1a01000000" "0c80", VL_OK, NULL},
    {"with a time",         VL_KIND_SEALED, "valise:batch:" ABOUT_A, "aa" ACT "0600" ROOT COUNT "0c80", VL_OK, NULL},
    {"another sub",         VL_KIND_SEALED, "valise:batch:" ABOUT_B, "a9" ACT ROOT COUNT "0c80", VL_ERR_FORMAT, "sealed: its sub is about something else than its payload"},
    {"sub of a letter",     VL_KIND_SEALED, "valise:letter:" ABOUT_A, "a9" ACT ROOT COUNT "0c80", VL_ERR_FORMAT, "sealed: its sub is about something else than its payload"},
    {"sub cut short",       VL_KIND_SEALED, "valise:batch:", "a9" ACT ROOT COUNT "0c80", VL_ERR_FORMAT, "sealed: its sub is about something else than its payload"},
    {"no letters",          VL_KIND_SEALED, "valise:batch:" ABOUT_A, "a9" ACT ROOT "0b00" "0c80", VL_ERR_FORMAT, "sealed: payload: byte 83: a batch of no letters"},
    {"2^24 letters and 1",  VL_KIND_SEALED, "valise:batch:" ABOUT_A, "a9" ACT ROOT "0b1a01000001" "0c80", VL_ERR_LIMIT, "sealed: payload: byte 82: an unsigned integer over its limit"},
    {"no count",            VL_KIND_SEALED, "valise:batch:" ABOUT_A, "a8" ACT ROOT "0c80", VL_ERR_FORMAT, "sealed: payload: byte 82: another key than its kind has there"},
    {"nothing of its own",  VL_KIND_SEALED, "valise:batch:" ABOUT_A, "a6" ACT, VL_ERR_FORMAT, "sealed: payload: byte 46: another key than its kind has there"},
    {"no seals",            VL_KIND_SEALED, "valise:batch:" ABOUT_A, "a8" ACT ROOT COUNT, VL_ERR_FORMAT, "sealed: payload: byte 83: another key than its kind has there"},
    {"one key more",        VL_KIND_SEALED, "valise:batch:" ABOUT_A, "aa" ACT ROOT COUNT "0c80" "0d00", VL_ERR_FORMAT, "sealed: payload: byte 85: a key more than its kind has"},
    {"a promised key",      VL_KIND_SEALED, "valise:batch:" ABOUT_A, "aa" ACT ROOT COUNT "0c8000", VL_ERR_FORMAT, "sealed: payload: byte 85: a key more than its kind has"},
    {"an empty seal",       VL_KIND_SEALED, "valise:batch:" ABOUT_A, "a9" ACT ROOT COUNT "0c8160", VL_ERR_LIMIT, "sealed: payload: byte 85: a string whose length is outside its limits"},
    {"a seal of bytes",     VL_KIND_SEALED, "valise:batch:" ABOUT_A, "a9" ACT ROOT COUNT "0c814141", VL_ERR_FORMAT, "sealed: payload: byte 85: wanted a text"},
    {"65 seals",            VL_KIND_SEALED, "valise:batch:" ABOUT_A, "a9" ACT ROOT COUNT "0c9841", VL_ERR_LIMIT, "sealed: payload: byte 84: a number of items outside its limits"},
    {"a root of nothing",   VL_KIND_SEALED, "valise:batch:" ABOUT_A, "a9" ACT "0a40" COUNT "0c80", VL_ERR_LIMIT, "sealed: payload: byte 47: a string whose length is outside its limits"},
    {"another version",     VL_KIND_SEALED, "valise:batch:" ABOUT_A, "a9" "0002" "01" H("41") "0203" "03f6" "0480" "05f4" ROOT COUNT "0c80", VL_ERR_UNSUPPORTED, "sealed: payload: byte 3: a version that is not known here"},
    {"no capacity",         VL_KIND_SEALED, "valise:batch:" ABOUT_A, "a8" "0001" "01" H("41") "03f6" "0480" "05f4" ROOT COUNT "0c80", VL_ERR_FORMAT, "sealed: payload: byte 39: a key that every act has is missing"},
    {"behind it",           VL_KIND_SEALED, "valise:batch:" ABOUT_A, "a9" ACT ROOT COUNT "0c80" "00", VL_ERR_FORMAT, "sealed: payload: byte 85: bytes left over"},
    {"an opened",           VL_KIND_OPENED, "valise:batch:" ABOUT_A, "a9" ACT ROOT COUNT "0c80", VL_ERR_FORMAT, "opened: payload: byte 82: wanted a byte string"},

    {"opened",              VL_KIND_OPENED, "valise:letter:" ABOUT_A, "ac" ACT NUMBER WAYBILL CORE "0d01" OPENING ANSWERS, VL_OK, NULL},
    {"with the least",      VL_KIND_OPENED, "valise:letter:" ABOUT_A, "ac" ACT NUMBER "0bf6" CORE "0d01" OPENING "0ff6", VL_OK, NULL},
    {"a mismatch",          VL_KIND_OPENED, "valise:letter:" ABOUT_A, "ac" ACT NUMBER WAYBILL CORE "0d02" OPENING "0ff6", VL_OK, NULL},
    {"unreadable",          VL_KIND_OPENED, "valise:letter:" ABOUT_A, "ac" ACT NUMBER "0bf6" "0cf6" "0d03" "0ef6" "0ff6", VL_OK, NULL},
    {"ok without a core",   VL_KIND_OPENED, "valise:letter:" ABOUT_A, "ac" ACT NUMBER WAYBILL "0cf6" "0d01" OPENING "0ff6", VL_ERR_FORMAT, "opened: the verdict is ok and there is no core"},
    {"ok without a value",  VL_KIND_OPENED, "valise:letter:" ABOUT_A, "ac" ACT NUMBER WAYBILL CORE "0d01" "0ef6" "0ff6", VL_ERR_FORMAT, "opened: the verdict is ok and there is no opening value"},
    {"verdict 0",           VL_KIND_OPENED, "valise:letter:" ABOUT_A, "ac" ACT NUMBER WAYBILL CORE "0d00" OPENING "0ff6", VL_ERR_FORMAT, "opened: payload: byte 153: no verdict"},
    {"verdict 4",           VL_KIND_OPENED, "valise:letter:" ABOUT_A, "ac" ACT NUMBER WAYBILL CORE "0d04" OPENING "0ff6", VL_ERR_LIMIT, "opened: payload: byte 152: an unsigned integer over its limit"},
    {"another letter",      VL_KIND_OPENED, "valise:letter:" ABOUT_B, "ac" ACT NUMBER "0bf6" "0cf6" "0d03" "0ef6" "0ff6", VL_ERR_FORMAT, "opened: its sub is about something else than its payload"},
    {"sub of a batch",      VL_KIND_OPENED, "valise:batch:" ABOUT_A, "ac" ACT NUMBER "0bf6" "0cf6" "0d03" "0ef6" "0ff6", VL_ERR_FORMAT, "opened: its sub is about something else than its payload"},
    {"no number",           VL_KIND_OPENED, "valise:letter:" ABOUT_A, "ac" ACT "0af6" "0bf6" "0cf6" "0d03" "0ef6" "0ff6", VL_ERR_FORMAT, "opened: payload: byte 47: wanted a byte string"},
    {"no answers",          VL_KIND_OPENED, "valise:letter:" ABOUT_A, "ab" ACT NUMBER "0bf6" "0cf6" "0d03" "0ef6", VL_ERR_FORMAT, "opened: payload: byte 89: another key than its kind has there"},
    {"a key more",          VL_KIND_OPENED, "valise:letter:" ABOUT_A, "ad" ACT NUMBER "0bf6" "0cf6" "0d03" "0ef6" "0ff6" "1000", VL_ERR_FORMAT, "opened: payload: byte 91: a key more than its kind has"},
    {"a waybill of false",  VL_KIND_OPENED, "valise:letter:" ABOUT_A, "ac" ACT NUMBER "0bf4" "0cf6" "0d03" "0ef6" "0ff6", VL_ERR_FORMAT, "opened: payload: byte 82: wanted a byte string"},
    {"a core of 31 bytes",  VL_KIND_OPENED, "valise:letter:" ABOUT_A, "ac" ACT NUMBER "0bf6" "0c581f00000000000000000000000000000000000000000000000000000000000000" "0d03" "0ef6" "0ff6", VL_ERR_LIMIT, "opened: payload: byte 84: a string whose length is outside its limits"},
    {"a sealed",            VL_KIND_SEALED, "valise:letter:" ABOUT_A, "ac" ACT NUMBER WAYBILL CORE "0d01" OPENING ANSWERS, VL_ERR_FORMAT, "sealed: payload: byte 82: wanted an unsigned integer"},
};
/* clang-format on */

static enum vl_err write_again(const struct vl_signer *signer, const struct vl_sealed *sealed,
                               const struct vl_opened *opened, struct vl_buf *out)
{
    struct vl_signer same = *signer;

    memcpy(same.card_id, sealed ? sealed->act.card_id : opened->act.card_id, VL_HASH_LEN);
    return sealed ? vl_sealed_write(&same, sealed, out, NULL, NULL)
                  : vl_opened_write(&same, opened, out, NULL, NULL);
}

static enum vl_err read_row(const struct row *row, const struct vl_signer *signer,
                            struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = hex(row->payload);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    bool is_sealed = row->kind == VL_KIND_SEALED;
    struct vl_sealed sealed;
    struct vl_opened opened;
    enum vl_err err;

    assert_err(vl_object_sign(signer, row->kind, vl_bytes_str(row->sub), vl_buf_bytes(&payload),
                              &wire, NULL, why),
               VL_OK, why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, why), VL_OK, why);
    err = is_sealed ? vl_sealed_read(&object, &sealed, why) : vl_opened_read(&object, &opened, why);
    if (err) {
        assert_int_equal(is_sealed ? sealed.count : opened.verdict, 0);
        return err;
    }
    assert_int_equal(write_again(signer, is_sealed ? &sealed : NULL, is_sealed ? NULL : &opened,
                                 &again),
                     VL_OK);
    assert_bytes(vl_buf_bytes(&again), vl_buf_bytes(&wire));
    return VL_OK;
}

static void each_payload_is_read_or_refused_by_the_table(void **state)
{
    struct office office;

    (void)state;
    office_init(&office, 'A');
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        struct vl_why why = {""};
        enum vl_err err = read_row(row, &office.signer, &why);

        if (err != row->err || (err && strcmp(why.text, row->words) != 0))
            fail_msg("%s: %s, \"%s\"", row->name, vl_err_name(err), why.text);
    }
}

/* A whole act, so that nothing of it is lost on the way. */
static struct vl_act act_of(const uint8_t (*cites)[VL_HASH_LEN], size_t cite_count)
{
    struct vl_act act = {.capacity = VL_CAPACITY_DELEGATE,
                         .has_under = true,
                         .cite_count = cite_count,
                         .cites = cites,
                         .manual = true,
                         .has_at = true,
                         .at_ms = 1700000000123,
                         .has_plus_minus = true,
                         .plus_minus_ms = 60000,
                         .place = VL_LITERAL("by the ferry")};

    memset(act.under, 9, VL_HASH_LEN);
    return act;
}

static void assert_act(const struct vl_act *act, const struct office *office)
{
    assert_memory_equal(act->card_id, office->signer.card_id, VL_HASH_LEN);
    assert_int_equal(act->capacity, VL_CAPACITY_DELEGATE);
    assert_true(act->has_under && act->under[0] == 9);
    assert_int_equal(act->cite_count, 2);
    assert_true(act->cites_read[0][0] == 1 && act->cites_read[1][0] == 2);
    assert_true(act->manual && act->has_at && act->has_plus_minus);
    assert_int_equal(act->at_ms, 1700000000123);
    assert_int_equal(act->plus_minus_ms, 60000);
    assert_bytes(act->place, VL_LITERAL("by the ferry"));
}

static void sealed_is_read_as_it_was_written(void **state)
{
    static const uint8_t cites[2][VL_HASH_LEN] = {{1}, {2}};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_sealed written = {.act = act_of(cites, 2), .count = 77, .seals = {.count = 64}}, read;
    struct vl_why why = {""};
    struct office office;
    uint8_t id[VL_HASH_LEN];
    char seal[VL_MAX_SEAL_TEXT + 1];

    (void)state;
    (void)snprintf(seal, sizeof seal, "%064d", 4711);
    for (size_t i = 0; i < written.seals.count; i++)
        written.seals.at[i] = vl_bytes_str(seal);
    memset(written.root, 5, VL_HASH_LEN);
    office_init(&office, 'A');
    assert_err(vl_sealed_write(&office.signer, &written, &wire, id, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_OK, &why);
    assert_int_equal(object.kind, VL_KIND_SEALED);
    assert_memory_equal(object.id, id, VL_HASH_LEN);
    assert_true(vl_office_id_eq(&object.issuer, &office.signer.office));
    assert_err(vl_sealed_read(&object, &read, &why), VL_OK, &why);
    assert_act(&read.act, &office);
    assert_memory_equal(read.root, written.root, VL_HASH_LEN);
    assert_int_equal(read.count, 77);
    assert_int_equal(read.seals.count, 64);
    assert_bytes(read.seals.at[63], vl_bytes_str(seal));
}

static void opened_is_read_as_it_was_written(void **state)
{
    static const uint8_t cites[2][VL_HASH_LEN] = {{1}, {2}};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_opened written = {.act = act_of(cites, 2),
                                .number = {3},
                                .has_waybill = true,
                                .waybill = {4},
                                .has_core = true,
                                .core = {5},
                                .verdict = VL_VERDICT_MISMATCH,
                                .has_opening = true,
                                .opening = {6},
                                .has_answers = true,
                                .answers = {7}},
                     read;
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'B');
    assert_err(vl_opened_write(&office.signer, &written, &wire, NULL, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_OK, &why);
    assert_int_equal(object.kind, VL_KIND_OPENED);
    assert_err(vl_opened_read(&object, &read, &why), VL_OK, &why);
    assert_act(&read.act, &office);
    assert_true(read.has_waybill && read.has_core && read.has_opening && read.has_answers);
    assert_int_equal(read.verdict, VL_VERDICT_MISMATCH);
    assert_memory_equal(read.number, written.number, VL_HASH_LEN);
    assert_memory_equal(read.waybill, written.waybill, VL_HASH_LEN);
    assert_memory_equal(read.core, written.core, VL_HASH_LEN);
    assert_memory_equal(read.opening, written.opening, VL_HASH_LEN);
    assert_memory_equal(read.answers, written.answers, VL_HASH_LEN);
}

static struct vl_sealed small_sealed(void)
{
    return (struct vl_sealed){.act = {.capacity = VL_CAPACITY_PRINCIPAL}, .count = 1};
}

static void what_would_be_refused_is_not_signed(void **state)
{
    static const uint8_t backwards[2][VL_HASH_LEN] = {{2}, {1}};
    struct vl_sealed wrong[7];
    struct vl_opened opened = {.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                               .verdict = VL_VERDICT_OK};
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        wrong[i] = small_sealed();
    wrong[0].count = 0;
    wrong[1].count = VL_BATCH_MAX + 1;
    wrong[2].seals.count = 1;
    wrong[3].seals.count = SIZE_MAX;
    wrong[4].act.capacity = VL_CAPACITY_NONE;
    wrong[5].act.cites = backwards;
    wrong[5].act.cite_count = 2;
    wrong[6].act.has_plus_minus = true;
    assert_int_equal(vl_buf_put_byte(&out, 7), VL_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (vl_sealed_write(&office.signer, &wrong[i], &out, NULL, &why) == VL_OK)
            fail_msg("sealed %zu was signed", i);
        assert_int_equal(out.len, 1);
    }
    assert_err(vl_opened_write(&office.signer, &opened, &out, NULL, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "opened: the verdict is ok and there is no core");
    opened.verdict = VL_VERDICT_NONE;
    assert_err(vl_opened_write(&office.signer, &opened, &out, NULL, &why), VL_ERR_FORMAT, &why);
    assert_int_equal(out.len, 1);
}

static void an_object_of_another_kind_is_not_read(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_sealed sealed = small_sealed();
    struct vl_opened opened;
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    assert_err(vl_sealed_write(&office.signer, &sealed, &wire, NULL, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_OK, &why);
    assert_err(vl_opened_read(&object, &opened, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "opened: an object of another kind");
    object.kind = VL_KIND_OPENED;
    assert_err(vl_sealed_read(&object, &sealed, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "sealed: an object of another kind");
}

static void each_verdict_has_a_word(void **state)
{
    (void)state;
    assert_string_equal(vl_verdict_word(VL_VERDICT_NONE), "");
    assert_string_equal(vl_verdict_word(VL_VERDICT_OK), "ok");
    assert_string_equal(vl_verdict_word(VL_VERDICT_MISMATCH), "mismatch");
    assert_string_equal(vl_verdict_word(VL_VERDICT_UNREADABLE), "unreadable");
}

static enum vl_err write_and_read(void *self, struct vl_why *why)
{
    const struct office *office = self;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf other = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    VL_AUTO(vl_object_release) struct vl_object other_object = VL_OBJECT_INIT;
    struct vl_sealed sealed = small_sealed();
    struct vl_opened opened = {.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                               .verdict = VL_VERDICT_UNREADABLE};
    enum vl_err err = vl_sealed_write(&office->signer, &sealed, &wire, NULL, why);

    if (!err)
        err = vl_opened_write(&office->signer, &opened, &other, NULL, why);
    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &object, why);
    if (!err)
        err = vl_object_parse(vl_buf_bytes(&other), &other_object, why);
    if (!err)
        err = vl_sealed_read(&object, &sealed, why);
    return err ? err : vl_opened_read(&other_object, &opened, why);
}

static void each_allocation_that_fails_is_told(void **state)
{
    struct office office;

    (void)state;
    office_init(&office, 'A');
    assert_true(each_allocation_fails(write_and_read, &office) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_payload_is_read_or_refused_by_the_table),
        cmocka_unit_test(sealed_is_read_as_it_was_written),
        cmocka_unit_test(opened_is_read_as_it_was_written),
        cmocka_unit_test(what_would_be_refused_is_not_signed),
        cmocka_unit_test(an_object_of_another_kind_is_not_read),
        cmocka_unit_test(each_verdict_has_a_word),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
