/* SPDX-License-Identifier: Apache-2.0 */
/* custody/note.h and custody/about.h: what is said of letters on their way and of other acts. */
#include "rows.h"

#define SUB   "valise:batch:" HEX("aa")
#define BATCH "0a" H("aa") "0b03"
#define WHO                                                                                        \
    "0ef6"                                                                                         \
    "0ff6"
#define SEALS                                                                                      \
    "1180"                                                                                         \
    "1280"
#define ANSWERS "13f6"
#define PLAIN                                                                                      \
    BATCH "0cf6"                                                                                   \
          "0df6" WHO "10f6" SEALS ANSWERS
#define WHY                                                                                        \
    BATCH "0c6161"                                                                                 \
          "0df6" WHO "10f6" SEALS ANSWERS
#define WAY                                                                                        \
    BATCH "0cf6"                                                                                   \
          "0df6" WHO "106161" SEALS ANSWERS
#define BEFORE                                                                                     \
    BATCH "0cf6"                                                                                   \
          "0df6" WHO "10f6"                                                                        \
          "11816153"                                                                               \
          "1280" ANSWERS
#define AFTER                                                                                      \
    BATCH "0cf6"                                                                                   \
          "0df6" WHO "10f6"                                                                        \
          "1180"                                                                                   \
          "12816153" ANSWERS
#define AS(capacity)       "b0" ACT_AS(capacity, NULL_ITEM)
#define ABOUT              "valise:act:" HEX("a5")
#define TARGET             "0a" H("a5")
#define BY(head, capacity) head ACT_AS(capacity, NULL_ITEM)

/* clang-format off */
static const struct row rows[] = {
    {"departed",             VL_KIND_DEPARTED, SUB, AS(CARRIER) PLAIN, VL_OK, NULL},
    {"with everything",      VL_KIND_DEPARTED, SUB, AS(CARRIER) BATCH "0c6161" "0d6162" "0e" H("e1") "0f6163" "106164" "11816153" "12816154" "13" H("e2"), VL_OK, NULL},
    {"by a witness",         VL_KIND_DEPARTED, SUB, AS(WITNESS) PLAIN, VL_ERR_FORMAT, "departed: as a witness, who does not sign that"},
    {"no letters",           VL_KIND_ARRIVED, SUB, AS(CARRIER) "0a" H("aa") "0b00" "0cf6" "0df6" WHO "10f6" SEALS ANSWERS, VL_ERR_FORMAT, "arrived: payload: byte *: a count of nothing"},
    {"another batch",        VL_KIND_ARRIVED, "valise:batch:" HEX("ab"), AS(CARRIER) PLAIN, VL_ERR_FORMAT, "arrived: its sub is about something else than its payload"},
    {"no answers at all",    VL_KIND_ARRIVED, SUB, "af" ACT_AS(CARRIER, NULL_ITEM) BATCH "0cf6" "0df6" WHO "10f6" SEALS, VL_ERR_FORMAT, "arrived: payload: byte *: another key than its kind has there"},
    {"a reason of capitals", VL_KIND_ARRIVED, SUB, AS(CARRIER) BATCH "0c6141" "0df6" WHO "10f6" SEALS ANSWERS, VL_ERR_FORMAT, "arrived: payload: byte *: a code that is not of small letters"},
    {"words of nothing",     VL_KIND_ARRIVED, SUB, AS(CARRIER) BATCH "0cf6" "0d60" WHO "10f6" SEALS ANSWERS, VL_ERR_LIMIT, "arrived: payload: byte *: a string whose length is outside its limits"},
    {"words of 1025",        VL_KIND_ARRIVED, SUB, AS(CARRIER) BATCH "0cf6" "0d790401", VL_ERR_LIMIT, "arrived: payload: byte *: a string whose length is outside its limits"},
    {"held",                 VL_KIND_HELD, SUB, AS(CARRIER) WHY, VL_OK, NULL},
    {"held for no reason",   VL_KIND_HELD, SUB, AS(CARRIER) PLAIN, VL_ERR_FORMAT, "held: it gives no reason"},
    {"seals before",         VL_KIND_SEAL_CHECKED, SUB, AS(CARRIER) BEFORE, VL_OK, NULL},
    {"seals after",          VL_KIND_SEAL_REPLACED, SUB, AS(CARRIER) AFTER, VL_OK, NULL},
    {"no seals checked",     VL_KIND_SEAL_CHECKED, SUB, AS(CARRIER) WAY, VL_ERR_FORMAT, "seal-checked: it names no seals"},
    {"by another way",       VL_KIND_LEFT_SYSTEM, SUB, AS(CARRIER) WAY, VL_OK, NULL},
    {"by which way",         VL_KIND_ENTERED_SYSTEM, SUB, AS(CARRIER) WHY, VL_ERR_FORMAT, "entered-system: it does not say by which way"},
    {"reached",              VL_KIND_REACHED, SUB, AS(PRINCIPAL) PLAIN, VL_OK, NULL},
    {"under a mandate",      VL_KIND_REACHED, SUB, "b0" ACT_AS(DELEGATE, H("dd")) PLAIN, VL_OK, NULL},
    {"under none",           VL_KIND_REACHED, SUB, AS(DELEGATE) PLAIN, VL_ERR_FORMAT, "reached: neither by the principal nor under a mandate"},
    {"by a carrier",         VL_KIND_REACHED, SUB, "b0" ACT_AS(CARRIER, H("dd")) PLAIN, VL_ERR_FORMAT, "reached: neither by the principal nor under a mandate"},

    {"ratified",             VL_KIND_RATIFIED, ABOUT, BY("a7", PRINCIPAL) TARGET, VL_OK, NULL},
    {"by a delegate",        VL_KIND_RATIFIED, ABOUT, BY("a7", DELEGATE) TARGET, VL_ERR_FORMAT, "ratified: as a delegate, who does not sign that"},
    {"another act",          VL_KIND_RATIFIED, "valise:act:" HEX("a6"), BY("a7", PRINCIPAL) TARGET, VL_ERR_FORMAT, "ratified: its sub is about something else than its payload"},
    {"witnessed",            VL_KIND_WITNESSED, ABOUT, BY("a8", WITNESS) TARGET "0b6161", VL_OK, NULL},
    {"nothing seen",         VL_KIND_WITNESSED, ABOUT, BY("a8", WITNESS) TARGET "0bf6", VL_ERR_FORMAT, "witnessed: payload: byte *: wanted a text"},
    {"by a principal",       VL_KIND_WITNESSED, ABOUT, BY("a8", PRINCIPAL) TARGET "0b6161", VL_ERR_FORMAT, "witnessed: as a principal, who does not sign that"},
    {"corrected",            VL_KIND_CORRECTED, ABOUT, BY("ab", CARRIER) TARGET "0b6161" "0cf6" "0df6" "0ef6", VL_OK, NULL},
    {"from old to new",      VL_KIND_CORRECTED, ABOUT, BY("ab", WITNESS) TARGET "0b6161" "0c6162" "0d6163" "0e6164", VL_OK, NULL},
    {"no field",             VL_KIND_CORRECTED, ABOUT, BY("ab", CARRIER) TARGET "0bf6" "0cf6" "0df6" "0ef6", VL_ERR_FORMAT, "corrected: payload: byte *: wanted a text"},
    {"a witnessed",          VL_KIND_CORRECTED, ABOUT, BY("a8", WITNESS) TARGET "0b6161", VL_ERR_FORMAT, "corrected: payload: byte *: another key than its kind has there"},
    {"seen",                 VL_KIND_SEEN, SUB, BY("a8", WITNESS) BATCH, VL_OK, NULL},
    {"seen by anyone",       VL_KIND_SEEN, SUB, BY("a8", CARRIER) BATCH, VL_OK, NULL},
    {"nothing was seen",     VL_KIND_SEEN, SUB, BY("a8", CARRIER) "0a" H("aa") "0b00", VL_ERR_FORMAT, "seen: payload: byte *: a count of nothing"},
};
/* clang-format on */

static void each_payload_is_read_or_refused_by_the_table(void **state)
{
    (void)state;
    rows_hold(rows, sizeof rows / sizeof *rows);
}

/* A note that says all that its kind must. */
static struct vl_note enough(enum vl_kind kind)
{
    return (struct vl_note){.kind = kind,
                            .act = {.capacity = VL_CAPACITY_PRINCIPAL},
                            .batch = {.count = 1},
                            .reason = VL_LITERAL("r"),
                            .method = VL_LITERAL("m"),
                            .seals_before = {1, {VL_LITERAL("s")}}};
}

/* Each kind asks for what the table says, and for nothing else. */
static void each_kind_of_note_asks_for_what_it_must_say(void **state)
{
    struct office office;
    size_t notes = 0;

    (void)state;
    office_init(&office, 'A');
    for (unsigned i = 0; i < VL_KIND_COUNT; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(8 * VL_OBJECT_MAX_LEN);
        struct vl_note note = enough((enum vl_kind)i);
        unsigned needs = VL_NOTE_FREE;
        struct vl_why why = {""};

        if (!vl_note_kind(note.kind, &needs)) {
            assert_err(vl_note_write(&office.signer, &note, &out, NULL, &why), VL_ERR_FORMAT, &why);
            continue;
        }
        notes++;
        assert_err(vl_note_write(&office.signer, &note, &out, NULL, &why), VL_OK, &why);
        note.reason = VL_BYTES_NONE;
        assert_err(vl_note_write(&office.signer, &note, &out, NULL, &why),
                   needs & VL_NOTE_REASON ? VL_ERR_FORMAT : VL_OK, &why);
        note = enough(note.kind);
        note.method = VL_BYTES_NONE;
        assert_err(vl_note_write(&office.signer, &note, &out, NULL, &why),
                   needs & VL_NOTE_METHOD ? VL_ERR_FORMAT : VL_OK, &why);
        note = enough(note.kind);
        note.seals_before.count = 0;
        assert_err(vl_note_write(&office.signer, &note, &out, NULL, &why),
                   needs & VL_NOTE_SEALS ? VL_ERR_FORMAT : VL_OK, &why);
    }
    assert_int_equal(notes, 21);
    assert_false(vl_note_kind(VL_KIND_SEALED, NULL) || vl_note_kind(VL_KIND_NONE, NULL));
}

static void a_note_is_read_as_it_was_written(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_note written = enough(VL_KIND_SEIZED), read;
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    written.words = VL_LITERAL("at the border");
    written.has_party = true;
    written.party.at[1] = 4;
    written.person = VL_LITERAL("in uniform");
    written.seals_after = (struct vl_seals){2, {VL_LITERAL("1"), VL_LITERAL("2")}};
    written.has_answers = true;
    written.answers[5] = 5;
    assert_err(vl_note_write(&office.signer, &written, &wire, NULL, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_OK, &why);
    assert_err(vl_note_read(&object, &read, &why), VL_OK, &why);
    assert_int_equal(read.kind, VL_KIND_SEIZED);
    assert_bytes(read.reason, VL_LITERAL("r"));
    assert_bytes(read.words, written.words);
    assert_bytes(read.person, written.person);
    assert_bytes(read.method, written.method);
    assert_true(read.has_party && vl_office_id_eq(&read.party, &written.party));
    assert_true(vl_seals_eq(&read.seals_before, &written.seals_before));
    assert_true(vl_seals_eq(&read.seals_after, &written.seals_after));
    assert_true(read.has_answers && read.answers[5] == 5);
}

static void an_object_of_another_kind_is_not_read(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    static struct vl_act_any any;
    struct vl_seen seen = {.batch = {.count = 1}, .act = {.capacity = VL_CAPACITY_WITNESS}};
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    assert_err(vl_seen_write(&office.signer, &seen, &wire, NULL, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_OK, &why);
    assert_err(vl_note_read(&object, &any.as.note, &why), VL_ERR_FORMAT, &why);
    assert_err(vl_about_read(&object, &any.as.about, &why), VL_ERR_FORMAT, &why);
    assert_err(vl_answer_read(&object, &any.as.answer, &why), VL_ERR_FORMAT, &why);
    assert_err(vl_accepted_part_read(&object, &any.as.accepted_part, &why), VL_ERR_FORMAT, &why);
    assert_err(vl_transferred_read(&object, &any.as.transferred, &why), VL_ERR_FORMAT, &why);
    assert_err(vl_mandate_read(&object, &any.as.mandate, &why), VL_ERR_FORMAT, &why);
    assert_err(vl_mandate_revocation_read(&object, &any.as.mandate_revocation, &why), VL_ERR_FORMAT,
               &why);
    object.kind = VL_KIND_DEPARTED;
    assert_err(vl_seen_read(&object, &seen, &why), VL_ERR_FORMAT, &why);
}

static enum vl_err write_and_read(void *self, struct vl_why *why)
{
    const struct office *office = self;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_note note = enough(VL_KIND_LOST);
    enum vl_err err = vl_note_write(&office->signer, &note, &wire, NULL, why);

    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &object, why);
    return err ? err : vl_note_read(&object, &note, why);
}

static enum vl_err write_and_read_about(void *self, struct vl_why *why)
{
    const struct office *office = self;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_about about = {.kind = VL_KIND_RATIFIED, .act = {.capacity = VL_CAPACITY_PRINCIPAL}};
    struct vl_seen seen = {.batch = {.count = 1}, .act = {.capacity = VL_CAPACITY_WITNESS}};
    enum vl_err err = vl_about_write(&office->signer, &about, &wire, NULL, why);

    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &object, why);
    if (!err)
        err = vl_about_read(&object, &about, why);
    vl_object_release(&object);
    wire.len = 0;
    if (!err)
        err = vl_seen_write(&office->signer, &seen, &wire, NULL, why);
    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &object, why);
    return err ? err : vl_seen_read(&object, &seen, why);
}

static void each_allocation_that_fails_is_told(void **state)
{
    struct office office;

    (void)state;
    office_init(&office, 'A');
    assert_true(each_allocation_fails(write_and_read, &office) > 5);
    assert_true(each_allocation_fails(write_and_read_about, &office) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_payload_is_read_or_refused_by_the_table),
        cmocka_unit_test(each_kind_of_note_asks_for_what_it_must_say),
        cmocka_unit_test(a_note_is_read_as_it_was_written),
        cmocka_unit_test(an_object_of_another_kind_is_not_read),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
