/* SPDX-License-Identifier: Apache-2.0 */
/* custody/answer.h: accepted, receipted, refused, accepted-part: read and refused; what is written
 * is read. */
#include "rows.h"

#include <stdio.h>

#define TO_ACT   "valise:act:" HEX("a5")
#define TO_BATCH "valise:batch:" HEX("aa")
#define ANSWERS  "0a" H("a5") "0b" H("61")
#define NOTHING                                                                                    \
    "0af6"                                                                                         \
    "0bf6"
#define BATCH    "0c" H("aa") "0d03"
#define NONE_OUT "0e80"
#define COND     "0ff6"
#define SEALS    "1080"
#define TAKEN    NONE_OUT COND SEALS
#define FOR_SELF                                                                                   \
    "11" H("41") "12f6"                                                                            \
                 "13f6"
#define FOR_P                                                                                      \
    "11" H("70") "12f6"                                                                            \
                 "13f6"
#define OUT(byte, code) "82" H(byte) code
#define ALTERED         "67616c7465726564"

#define ACC(as, body) VL_KIND_ACCEPTED, TO_ACT, "ad" as body
#define REC(as, body) VL_KIND_RECEIPTED, TO_ACT, "b0" as body
#define REF(as, body) VL_KIND_REFUSED, TO_ACT, "ac" as body
#define AS(capacity)  ACT_AS(capacity, NULL_ITEM)

#define PART(body) VL_KIND_ACCEPTED_PART, "valise:letter:" HEX("ab"), "ab" AS(CARRIER) body
#define LETTER     "0c" H("ab") "0d" H("b1")

/* clang-format off */
static const struct row rows[] = {
    {"accepted",             ACC(AS(CARRIER), ANSWERS BATCH TAKEN), VL_OK, NULL},
    {"as a delegate",        ACC(AS(DELEGATE), ANSWERS BATCH TAKEN), VL_OK, NULL},
    {"as a principal",       ACC(AS(PRINCIPAL), ANSWERS BATCH TAKEN), VL_OK, NULL},
    {"no giver",             ACC(AS(CARRIER), "0a" H("a5") "0bf6" BATCH TAKEN), VL_OK, NULL},
    {"answering nothing",    VL_KIND_ACCEPTED, TO_BATCH, "ad" AS(CARRIER) NOTHING BATCH TAKEN, VL_OK, NULL},
    {"with a condition",     ACC(AS(CARRIER), ANSWERS BATCH NONE_OUT "0f63776574" "1082615361 54"), VL_OK, NULL},
    {"one not taken",        ACC(AS(CARRIER), ANSWERS BATCH "0e81" OUT("01", ALTERED) COND SEALS), VL_OK, NULL},
    {"two not taken",        ACC(AS(CARRIER), ANSWERS BATCH "0e82" OUT("01", ALTERED) OUT("02", "6161") COND SEALS), VL_OK, NULL},
    {"257 not taken",        ACC(AS(CARRIER), ANSWERS BATCH "0e82" H("0e") "190101" COND SEALS), VL_OK, NULL},

    {"accepted as a witness", ACC(AS(WITNESS), ANSWERS BATCH TAKEN), VL_ERR_FORMAT, "accepted: as a witness, who does not sign that"},
    {"nothing accepted",     ACC(AS(CARRIER), ANSWERS "0c" H("aa") "0d00" TAKEN), VL_ERR_FORMAT, "accepted: payload: byte *: a count of nothing"},
    {"256 under a root",     ACC(AS(CARRIER), ANSWERS BATCH "0e82" H("0e") "190100" COND SEALS), VL_ERR_FORMAT, "accepted: payload: byte *: a root over so few that they are listed"},
    {"257 in a list",        ACC(AS(CARRIER), ANSWERS BATCH "0e990101"), VL_ERR_LIMIT, "accepted: payload: byte *: a number of items outside its limits"},
    {"not taken twice",      ACC(AS(CARRIER), ANSWERS BATCH "0e82" OUT("01", ALTERED) OUT("01", ALTERED) COND SEALS), VL_ERR_FORMAT, "accepted: payload: byte *: numbers that do not ascend"},
    {"not taken backwards",  ACC(AS(CARRIER), ANSWERS BATCH "0e82" OUT("02", ALTERED) OUT("01", ALTERED) COND SEALS), VL_ERR_FORMAT, "accepted: payload: byte *: numbers that do not ascend"},
    {"a code in capitals",   ACC(AS(CARRIER), ANSWERS BATCH "0e81" OUT("01", "6141") COND SEALS), VL_ERR_FORMAT, "accepted: payload: byte *: a code that is not of small letters"},
    {"a code of a hyphen",   ACC(AS(CARRIER), ANSWERS BATCH "0e81" OUT("01", "612d") COND SEALS), VL_ERR_FORMAT, "accepted: payload: byte *: a code that is not of small letters"},
    {"a code of 33",         ACC(AS(CARRIER), ANSWERS BATCH "0e81" OUT("01", "7821616161616161616161616161616161616161616161616161616161616161616161") COND SEALS), VL_ERR_LIMIT, "accepted: payload: byte *: a string whose length is outside its limits"},
    {"null for a list",      ACC(AS(CARRIER), ANSWERS BATCH "0ef6" COND SEALS), VL_ERR_FORMAT, "accepted: payload: byte *: wanted an array"},
    {"sub of its batch",     VL_KIND_ACCEPTED, TO_BATCH, "ad" AS(CARRIER) ANSWERS BATCH TAKEN, VL_ERR_FORMAT, "accepted: its sub is about something else than its payload"},
    {"sub of an act, to none", VL_KIND_ACCEPTED, TO_ACT, "ad" AS(CARRIER) NOTHING BATCH TAKEN, VL_ERR_FORMAT, "accepted: its sub is about something else than its payload"},
    {"with an addressee",    ACC(AS(CARRIER), ANSWERS BATCH TAKEN "1100"), VL_ERR_FORMAT, "accepted: payload: byte *: bytes left over"},

    {"receipted for itself", REC(AS(PRINCIPAL), ANSWERS BATCH TAKEN FOR_SELF), VL_OK, NULL},
    {"by a delegate",        REC(AS(DELEGATE), ANSWERS BATCH TAKEN FOR_P), VL_OK, NULL},
    {"under a mandate",      REC(ACT_AS(DELEGATE, H("dd")), ANSWERS BATCH TAKEN "11" H("70") "126141" "136142"), VL_OK, NULL},
    {"receipted by a carrier", REC(AS(CARRIER), ANSWERS BATCH TAKEN FOR_P), VL_ERR_FORMAT, "receipted: as a carrier, who does not sign that"},
    {"receipted by a witness", REC(AS(WITNESS), ANSWERS BATCH TAKEN FOR_P), VL_ERR_FORMAT, "receipted: as a witness, who does not sign that"},
    {"for somebody else",    REC(AS(PRINCIPAL), ANSWERS BATCH TAKEN FOR_P), VL_ERR_FORMAT, "receipted: as a principal, for somebody else"},
    {"for nobody",           REC(AS(DELEGATE), ANSWERS BATCH TAKEN "11f6" "12f6" "13f6"), VL_ERR_FORMAT, "receipted: payload: byte *: wanted a byte string"},
    {"an empty person",      REC(AS(DELEGATE), ANSWERS BATCH TAKEN "11" H("70") "1260" "13f6"), VL_ERR_LIMIT, "receipted: payload: byte *: a string whose length is outside its limits"},
    {"an accepted",          VL_KIND_RECEIPTED, TO_ACT, "ad" AS(DELEGATE) ANSWERS BATCH TAKEN, VL_ERR_FORMAT, "receipted: payload: byte *: another key than its kind has there"},

    {"refused",              REF(AS(DELEGATE), ANSWERS BATCH "0e6161" "0ff6"), VL_OK, NULL},
    {"with words",           REF(AS(CARRIER), ANSWERS BATCH "0e6161" "0f626e6f"), VL_OK, NULL},
    {"without a reason",     REF(AS(DELEGATE), ANSWERS BATCH "0ef6" "0ff6"), VL_ERR_FORMAT, "refused: payload: byte *: wanted a text"},
    {"refused by a witness", REF(AS(WITNESS), ANSWERS BATCH "0e6161" "0ff6"), VL_ERR_FORMAT, "refused: as a witness, who does not sign that"},

    {"a part",               PART(ANSWERS LETTER "0e81" "820001"), VL_OK, NULL},
    {"parts that touch",     PART(ANSWERS LETTER "0e82" "820001" "820102"), VL_OK, NULL},
    {"all there can be",     PART(ANSWERS LETTER "0e81" "82001a01000000"), VL_OK, NULL},
    {"the last one",         PART(ANSWERS LETTER "0e81" "821a00ffffff01"), VL_OK, NULL},
    {"no part",              PART(ANSWERS LETTER "0e80"), VL_ERR_LIMIT, "accepted-part: payload: byte *: a number of items outside its limits"},
    {"a part of nothing",    PART(ANSWERS LETTER "0e81" "820000"), VL_ERR_FORMAT, "accepted-part: payload: byte *: a range of slices that no letter has"},
    {"beyond the end",       PART(ANSWERS LETTER "0e81" "821a00ffffff02"), VL_ERR_FORMAT, "accepted-part: payload: byte *: a range of slices that no letter has"},
    {"parts that overlap",   PART(ANSWERS LETTER "0e82" "820002" "820101"), VL_ERR_FORMAT, "accepted-part: payload: byte *: ranges of slices that do not ascend"},
    {"without a waybill",    PART(ANSWERS "0c" H("ab") "0df6" "0e81" "820001"), VL_ERR_FORMAT, "accepted-part: payload: byte *: wanted a byte string"},
};
/* clang-format on */

static void each_payload_is_read_or_refused_by_the_table(void **state)
{
    (void)state;
    rows_hold(rows, sizeof rows / sizeof *rows);
}

static struct vl_answer small(enum vl_kind kind)
{
    struct vl_answer answer = {.kind = kind,
                               .act = {.capacity = VL_CAPACITY_DELEGATE},
                               .has_answers = true,
                               .answers = {5},
                               .batch = {.count = 1}};

    if (kind == VL_KIND_REFUSED)
        answer.reason = VL_LITERAL("no-room");
    return answer;
}

static void write_then_read(const struct vl_answer *written, struct vl_object *object,
                            struct vl_answer *read)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_why why = {""};
    struct office office;

    office_init(&office, 'A');
    assert_err(vl_answer_write(&office.signer, written, &wire, NULL, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), object, &why), VL_OK, &why);
    assert_err(vl_answer_read(object, read, &why), VL_OK, &why);
}

static void what_was_not_taken_is_walked(void **state)
{
    struct vl_not_taken list[VL_NOT_TAKEN_MAX], entry;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_answer written = small(VL_KIND_ACCEPTED), read;
    struct vl_cbor walk;

    (void)state;
    for (size_t i = 0; i < VL_NOT_TAKEN_MAX; i++)
        list[i] = (struct vl_not_taken){{(uint8_t)i}, VL_LITERAL("expired")};
    written.not_taken = list;
    written.not_taken_count = VL_NOT_TAKEN_MAX;
    write_then_read(&written, &object, &read);
    assert_int_equal(read.not_taken_count, VL_NOT_TAKEN_MAX);
    assert_int_equal(read.not_taken_batch.count, 0);
    walk = vl_not_taken_walk(&read);
    for (size_t i = 0; i < VL_NOT_TAKEN_MAX; i++) {
        assert_true(vl_not_taken_next(&walk, &entry));
        assert_int_equal(entry.number[0], i);
        assert_int_equal(vl_not_taken_of_word(entry.reason), VL_NOT_TAKEN_EXPIRED);
    }
    assert_false(vl_not_taken_next(&walk, &entry));
}

static void a_receipt_is_read_as_it_was_written(void **state)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_answer written = small(VL_KIND_RECEIPTED), read;

    (void)state;
    memset(written.addressee.at, 'P', VL_HASH_LEN);
    written.has_giver = true;
    written.giver.at[3] = 3;
    written.person = VL_LITERAL("at the desk");
    written.method = VL_LITERAL("a card with a face on it");
    written.seals = (struct vl_seals){1, {VL_LITERAL("4711")}};
    write_then_read(&written, &object, &read);
    assert_int_equal(read.kind, VL_KIND_RECEIPTED);
    assert_memory_equal(&read.addressee, &written.addressee, sizeof read.addressee);
    assert_memory_equal(&read.giver, &written.giver, sizeof read.giver);
    assert_memory_equal(read.answers, written.answers, VL_HASH_LEN);
    assert_bytes(read.person, written.person);
    assert_bytes(read.method, written.method);
    assert_true(vl_seals_eq(&read.seals, &written.seals));
}

static void slices_are_walked(void **state)
{
    static const struct vl_slices slices[] = {{0, 2}, {7, 1}};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_accepted_part part = {.act = {.capacity = VL_CAPACITY_CARRIER},
                                    .number = {1},
                                    .waybill = {2},
                                    .slices_count = 2,
                                    .slices = slices};
    struct vl_why why = {""};
    struct vl_slices got;
    struct office office;
    struct vl_cbor walk;

    (void)state;
    office_init(&office, 'A');
    assert_err(vl_accepted_part_write(&office.signer, &part, &wire, NULL, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_OK, &why);
    assert_err(vl_accepted_part_read(&object, &part, &why), VL_OK, &why);
    walk = vl_slices_walk(&part);
    for (size_t i = 0; i < 2; i++) {
        assert_true(vl_slices_next(&walk, &got));
        assert_true(got.first == slices[i].first && got.count == slices[i].count);
    }
    assert_false(vl_slices_next(&walk, &got));
}

static void what_would_be_refused_is_not_signed(void **state)
{
    const struct vl_not_taken twice[2] = {{{1}, VL_LITERAL("a")}, {{1}, VL_LITERAL("a")}};
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_answer wrong[8];
    struct vl_accepted_part part = {.act = {.capacity = VL_CAPACITY_CARRIER}};
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        wrong[i] = small(VL_KIND_RECEIPTED);
    wrong[0].act.capacity = VL_CAPACITY_CARRIER;
    wrong[1].act.capacity = VL_CAPACITY_PRINCIPAL; /* and the addressee is another */
    wrong[2].batch.count = 0;
    wrong[3].not_taken = twice;
    wrong[3].not_taken_count = 2;
    wrong[4].not_taken_batch.count = VL_NOT_TAKEN_MAX;
    wrong[5] = small(VL_KIND_REFUSED);
    wrong[5].reason = VL_BYTES_NONE;
    wrong[6].kind = VL_KIND_SEALED;
    wrong[7].seals.count = VL_MAX_SEALS + 1;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (vl_answer_write(&office.signer, &wrong[i], &out, NULL, &why) == VL_OK)
            fail_msg("answer %zu was signed", i);
        assert_int_equal(out.len, 0);
    }
    assert_int_not_equal(vl_accepted_part_write(&office.signer, &part, &out, NULL, &why), VL_OK);
    assert_int_equal(out.len, 0);
}

/* PROTOCOL 1: the mandate that an act relies on is signed in it.  Who shows another one beside it
 * shows another act. */
static void attack_01_a_mandate_glued_on_afterwards_gives_no_power(void **state)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    VL_AUTO(vl_object_release) struct vl_object other = VL_OBJECT_INIT;
    struct vl_answer own = small(VL_KIND_RECEIPTED), read;
    struct vl_answer under = small(VL_KIND_RECEIPTED);

    (void)state;
    write_then_read(&own, &object, &read);
    assert_false(read.act.has_under);
    under.act.has_under = true;
    under.act.under[0] = 1;
    write_then_read(&under, &other, &read);
    assert_true(read.act.has_under && read.act.under[0] == 1);
    assert_memory_not_equal(object.id, other.id, VL_HASH_LEN);
}

/* PROTOCOL 7: an old answer, replayed for another hand-over, names the old one. */
static void attack_07_an_answer_replayed_answers_what_it_answered(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    VL_AUTO(vl_object_release) struct vl_object forged = VL_OBJECT_INIT;
    struct vl_answer answer = small(VL_KIND_ACCEPTED), read;
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    write_then_read(&answer, &object, &read);
    /* The same payload, and a sub that speaks of another hand-over. */
    assert_err(vl_object_sign(&office.signer, VL_KIND_ACCEPTED, VL_LITERAL("valise:act:" HEX("06")),
                              vl_object_payload(&object), &again, NULL, &why),
               VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&again), &forged, &why), VL_OK, &why);
    assert_err(vl_answer_read(&forged, &read, &why), VL_ERR_FORMAT, &why);
    assert_int_equal(read.kind, VL_KIND_NONE);
}

static void each_reason_has_its_word(void **state)
{
    (void)state;
    for (unsigned i = VL_NOT_TAKEN_ALTERED; i <= VL_NOT_TAKEN_TOO_LARGE; i++) {
        enum vl_not_taken_reason reason = (enum vl_not_taken_reason)i;

        assert_int_equal(vl_not_taken_of_word(vl_bytes_str(vl_not_taken_word(reason))), reason);
        assert_true(strlen(vl_not_taken_words(reason)) > 0);
    }
    assert_int_equal(vl_not_taken_of_word(VL_LITERAL("lost-in-thought")), VL_NOT_TAKEN_UNKNOWN);
    assert_string_equal(vl_not_taken_word(VL_NOT_TAKEN_UNKNOWN), "");
}

static enum vl_err write_and_read(void *self, struct vl_why *why)
{
    const struct office *office = self;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_answer answer = small(VL_KIND_RECEIPTED);
    enum vl_err err = vl_answer_write(&office->signer, &answer, &wire, NULL, why);

    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &object, why);
    return err ? err : vl_answer_read(&object, &answer, why);
}

static enum vl_err write_and_read_part(void *self, struct vl_why *why)
{
    static const struct vl_slices slices[] = {{0, 1}};
    const struct office *office = self;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_accepted_part part = {.act = {.capacity = VL_CAPACITY_CARRIER},
                                    .slices_count = 1,
                                    .slices = slices};
    enum vl_err err = vl_accepted_part_write(&office->signer, &part, &wire, NULL, why);

    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &object, why);
    return err ? err : vl_accepted_part_read(&object, &part, why);
}

static void each_allocation_that_fails_is_told(void **state)
{
    struct office office;

    (void)state;
    office_init(&office, 'A');
    assert_true(each_allocation_fails(write_and_read, &office) > 5);
    assert_true(each_allocation_fails(write_and_read_part, &office) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_payload_is_read_or_refused_by_the_table),
        cmocka_unit_test(what_was_not_taken_is_walked),
        cmocka_unit_test(a_receipt_is_read_as_it_was_written),
        cmocka_unit_test(slices_are_walked),
        cmocka_unit_test(what_would_be_refused_is_not_signed),
        cmocka_unit_test(attack_01_a_mandate_glued_on_afterwards_gives_no_power),
        cmocka_unit_test(attack_07_an_answer_replayed_answers_what_it_answered),
        cmocka_unit_test(each_reason_has_its_word),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
