/* SPDX-License-Identifier: Apache-2.0 */
/* statement/invitation.h: who does what, without a date as well as with one. */
#include "../custody/rows.h"

#include "statement/invitation.h"

#define PRI ACT_AS(PRINCIPAL, NULL_ITEM)
#define NOBODY                                                                                     \
    "0af6"                                                                                         \
    "0bf6"
#define NONE  "f6"
#define A     "82" H("41") "f6"
#define B     "82" H("42") "f6"
#define P     "82" H("70") "f6"
#define NAMED "82f66178"
#define NONCE "0f" N("0e")
/* Ids, as another program made them: inviter and invitee. */
#define AB    "valise:invitation:b295fe84332361fb2edf20c7a3454f6d529d78bb93bcd0ce26ce0f8078c15ce8"
#define BA    "valise:invitation:bf938a6345f4ee736b29a6a15082dc136d70f5dd5a4b86fc17c1a5fefc27b33e"
#define BN    "valise:invitation:fcc825045f606f117722d2d51e8efe6bab1bb5b5cdd014c5e47921ccb73ce135"
#define NB    "valise:invitation:af0b18e857b0fa38f3abe68231c12ee0e427b69970f323f5b847e554f923b9b6"
#define PB    "valise:invitation:61507e98a2b1c441ce3a7b6a841639b66e9e94f3fe0062615fc151540f59dd5d"
#define AA    "valise:invitation:c6185c58086763ecd5c4e6cd56628877a5fc168161e631996923a5e045f20f02"
#define AN    "valise:invitation:d7dbeecab5abaaa8f8675b45bb1ebd16036222f830fa77182c8384972fbba521"
#define BP    "valise:invitation:23469cc9cb8f444592796af5601c1716c1e73c0f43b62c898a24052ab38fda1e"
#define ID_AB "5820b295fe84332361fb2edf20c7a3454f6d529d78bb93bcd0ce26ce0f8078c15ce8"
#define TEXT                                                                                       \
    "181862656e"                                                                                   \
    "18196178"
#define MUTE                                                                                       \
    "1818f6"                                                                                       \
    "1819f6"
#define SIDES(inviter, invitee) "0d" inviter "0e" invitee NONCE
#define HEADS                   "1081" H("a1")
#define DATE                                                                                       \
    "82"                                                                                           \
    "1903e8"                                                                                       \
    "1907d0"
#define WAITS(owner)                                                                               \
    "83"                                                                                           \
    "6178"                                                                                         \
    "62656e" owner
#define EXPECTS                                                                                    \
    "83"                                                                                           \
    "6178"                                                                                         \
    "62656e"                                                                                       \
    "1907d0"
#define REST(date, before, waits, expects, expires, back, place)                                   \
    "11" date "12" before "13" waits "14" expects "15" expires "16" back "17" place
#define BARE                        REST(NONE, NONE, NONE, NONE, NONE, NONE, NONE)
#define I(what, sides, heads, rest) "b6" PRI NOBODY "0c" what sides heads rest MUTE
#define HEADLESS                    "10f6"
#define AS(act, behalf, what, sides, heads, rest)                                                  \
    "b6" act "0af6"                                                                                \
    "0b" behalf "0c" what sides heads rest MUTE

/* clang-format off */
static const struct row rows[] = {
    {"undated", VL_KIND_INVITATION, AB, I("01", SIDES(A, B), HEADLESS, BARE), VL_OK, NULL},
    {"dated, in full", VL_KIND_INVITATION, AB, I("01", SIDES(A, B), HEADLESS, REST(DATE, NONE, NONE, NONE, "1903e8", H("a2"), "6178")), VL_OK, NULL},
    {"to a name", VL_KIND_INVITATION, AN, I("01", SIDES(A, NAMED), HEADLESS, BARE), VL_OK, NULL},
    {"to nobody", VL_KIND_INVITATION, AN, I("01", SIDES(A, "82f6f6"), HEADLESS, BARE), VL_ERR_FORMAT, "invitation: payload: byte *: a party that is nobody"},
    {"to itself", VL_KIND_INVITATION, AA, I("01", SIDES(A, A), HEADLESS, BARE), VL_ERR_FORMAT, "invitation: an office that invites itself"},
    {"issued by the invitee", VL_KIND_INVITATION, BA, I("01", SIDES(B, A), HEADLESS, BARE), VL_ERR_FORMAT, "invitation: issue, by an office that cannot do that"},
    {"issued after something", VL_KIND_INVITATION, AB, I("01", SIDES(A, B), HEADS, BARE), VL_ERR_FORMAT, "invitation: issue, which does not say the acts that it follows"},
    {"issued and put off", VL_KIND_INVITATION, AB, I("01", SIDES(A, B), HEADLESS, REST(NONE, "1903e8", NONE, NONE, NONE, NONE, NONE)), VL_ERR_FORMAT, "invitation: issue, which does not say a day before which nothing is"},
    {"in answer to itself", VL_KIND_INVITATION, AB, I("01", SIDES(A, B), HEADLESS, REST(NONE, NONE, NONE, NONE, NONE, ID_AB, NONE)), VL_ERR_FORMAT, "invitation: an invitation that answers itself"},
    {"of another id", VL_KIND_INVITATION, BA, I("01", SIDES(A, B), HEADLESS, BARE), VL_ERR_FORMAT, "invitation: its sub is about something else than its payload"},
    {"announced by another", VL_KIND_INVITATION, BP, I("02", SIDES(B, P), HEADLESS, BARE), VL_OK, NULL},
    {"announced by the invitee", VL_KIND_INVITATION, BA, I("02", SIDES(B, A), HEADLESS, REST(DATE, NONE, NONE, NONE, NONE, NONE, NONE)), VL_OK, NULL},
    {"announced of names", VL_KIND_INVITATION, NB, I("02", SIDES(NAMED, B), HEADLESS, BARE), VL_OK, NULL},
    {"announced by a witness", VL_KIND_INVITATION, BP, AS(ACT_AS(WITNESS, NULL_ITEM), NONE, "02", SIDES(B, P), HEADLESS, BARE), VL_OK, NULL},
    {"announced by the inviter", VL_KIND_INVITATION, AB, I("02", SIDES(A, B), HEADLESS, BARE), VL_ERR_FORMAT, "invitation: announce, by an office that cannot do that"},
    {"acknowledge by the invitee", VL_KIND_INVITATION, BA, I("03", SIDES(B, A), HEADS, BARE), VL_OK, NULL},
    {"acknowledge by the inviter", VL_KIND_INVITATION, AB, I("03", SIDES(A, B), HEADS, BARE), VL_ERR_FORMAT, "invitation: acknowledge, by an office that cannot do that"},
    {"accept by the invitee", VL_KIND_INVITATION, BA, I("04", SIDES(B, A), HEADS, BARE), VL_OK, NULL},
    {"accept by the inviter", VL_KIND_INVITATION, AB, I("04", SIDES(A, B), HEADS, BARE), VL_ERR_FORMAT, "invitation: accept, by an office that cannot do that"},
    {"tentative by the invitee", VL_KIND_INVITATION, BA, I("05", SIDES(B, A), HEADS, BARE), VL_OK, NULL},
    {"tentative by the inviter", VL_KIND_INVITATION, AB, I("05", SIDES(A, B), HEADS, BARE), VL_ERR_FORMAT, "invitation: tentative, by an office that cannot do that"},
    {"decline by the invitee", VL_KIND_INVITATION, BA, I("06", SIDES(B, A), HEADS, BARE), VL_OK, NULL},
    {"decline by the inviter", VL_KIND_INVITATION, AB, I("06", SIDES(A, B), HEADS, BARE), VL_ERR_FORMAT, "invitation: decline, by an office that cannot do that"},
    {"accept by a stranger", VL_KIND_INVITATION, BP, I("04", SIDES(B, P), HEADS, BARE), VL_ERR_FORMAT, "invitation: accept, by an office that cannot do that"},
    {"accept for a name", VL_KIND_INVITATION, BN, I("04", SIDES(B, NAMED), HEADS, BARE), VL_ERR_FORMAT, "invitation: accept, by an office that cannot do that"},
    {"accept of nothing", VL_KIND_INVITATION, BA, I("04", SIDES(B, A), HEADLESS, BARE), VL_ERR_FORMAT, "invitation: accept, and not the acts that it follows"},
    {"accept with a date", VL_KIND_INVITATION, BA, I("04", SIDES(B, A), HEADS, REST(DATE, NONE, NONE, NONE, NONE, NONE, NONE)), VL_ERR_FORMAT, "invitation: accept, which does not say a date"},
    {"accept by a carrier", VL_KIND_INVITATION, BA, AS(ACT_AS(CARRIER, NULL_ITEM), NONE, "04", SIDES(B, A), HEADS, BARE), VL_ERR_FORMAT, "invitation: as a carrier, who does not sign that"},
    {"accept for the invitee", VL_KIND_INVITATION, BP, AS(ACT_AS(DELEGATE, H("dd")), H("70"), "04", SIDES(B, P), HEADS, BARE), VL_OK, NULL},
    {"accept under no mandate", VL_KIND_INVITATION, BP, AS(ACT_AS(DELEGATE, NULL_ITEM), H("70"), "04", SIDES(B, P), HEADS, BARE), VL_ERR_FORMAT, "invitation: on behalf of another, and under no mandate"},
    {"accept for another", VL_KIND_INVITATION, BP, AS(ACT_AS(DELEGATE, H("dd")), H("71"), "04", SIDES(B, P), HEADS, BARE), VL_ERR_FORMAT, "invitation: accept, by an office that cannot do that"},
    {"accept as a delegate to itself", VL_KIND_INVITATION, BA, AS(ACT_AS(DELEGATE, H("dd")), H("71"), "04", SIDES(B, A), HEADS, BARE), VL_ERR_FORMAT, "invitation: accept, by an office that cannot do that"},
    {"proposed", VL_KIND_INVITATION, BA, I("07", SIDES(B, A), HEADS, REST(DATE, NONE, NONE, NONE, NONE, NONE, "6178")), VL_OK, NULL},
    {"proposed without a date", VL_KIND_INVITATION, BA, I("07", SIDES(B, A), HEADS, BARE), VL_ERR_FORMAT, "invitation: propose, and not a date"},
    {"proposed by a stranger", VL_KIND_INVITATION, BP, I("07", SIDES(B, P), HEADS, REST(DATE, NONE, NONE, NONE, NONE, NONE, NONE)), VL_ERR_FORMAT, "invitation: propose, by an office that cannot do that"},
    {"appointed by the inviter", VL_KIND_INVITATION, AB, I("08", SIDES(A, B), HEADS, REST(DATE, NONE, NONE, NONE, NONE, NONE, NONE)), VL_OK, NULL},
    {"appointed by the invitee", VL_KIND_INVITATION, BA, I("08", SIDES(B, A), HEADS, REST(DATE, NONE, NONE, NONE, NONE, NONE, NONE)), VL_OK, NULL},
    {"appointed without a date", VL_KIND_INVITATION, AB, I("08", SIDES(A, B), HEADS, BARE), VL_ERR_FORMAT, "invitation: appoint, and not a date"},
    {"a date that ends before", VL_KIND_INVITATION, AB, I("08", SIDES(A, B), HEADS, REST("821907d01903e8", NONE, NONE, NONE, NONE, NONE, NONE)), VL_ERR_FORMAT, "invitation: payload: byte *: a date that ends before it begins"},
    {"heads that do not ascend", VL_KIND_INVITATION, AB, I("04", SIDES(A, B), "1082" H("a2") H("a1"), BARE), VL_ERR_FORMAT, "invitation: payload: byte *: a list that does not ascend"},
    {"no heads in a list", VL_KIND_INVITATION, AB, I("04", SIDES(A, B), "1080", BARE), VL_ERR_LIMIT, "invitation: payload: byte *: a number of items outside its limits"},
    {"postponed to a day", VL_KIND_INVITATION, AB, I("09", SIDES(A, B), HEADS, REST(NONE, "1903e8", NONE, NONE, NONE, NONE, NONE)), VL_OK, NULL},
    {"postponed until it is so", VL_KIND_INVITATION, BA, I("09", SIDES(B, A), HEADS, REST(NONE, NONE, WAITS(NAMED), EXPECTS, NONE, NONE, NONE)), VL_OK, NULL},
    {"postponed to both", VL_KIND_INVITATION, AB, I("09", SIDES(A, B), HEADS, REST(NONE, "1903e8", WAITS(P), EXPECTS, NONE, NONE, NONE)), VL_OK, NULL},
    {"postponed to no time", VL_KIND_INVITATION, AB, I("09", SIDES(A, B), HEADS, BARE), VL_ERR_FORMAT, "invitation: postponed, neither to a day nor until something is so"},
    {"postponed by a hope", VL_KIND_INVITATION, AB, I("09", SIDES(A, B), HEADS, REST(NONE, NONE, NONE, EXPECTS, NONE, NONE, NONE)), VL_ERR_FORMAT, "invitation: postponed, neither to a day nor until something is so"},
    {"postponed to a date", VL_KIND_INVITATION, AB, I("09", SIDES(A, B), HEADS, REST(DATE, "1903e8", NONE, NONE, NONE, NONE, NONE)), VL_ERR_FORMAT, "invitation: postpone, which does not say a date"},
    {"a condition of nobody", VL_KIND_INVITATION, AB, I("09", SIDES(A, B), HEADS, REST(NONE, NONE, WAITS("82f6f6"), NONE, NONE, NONE, NONE)), VL_ERR_FORMAT, "invitation: payload: byte *: a party that is nobody"},
    {"attested by its owner", VL_KIND_INVITATION, BP, I("0a", SIDES(B, P), HEADS, REST(NONE, NONE, WAITS(A), NONE, NONE, NONE, NONE)), VL_OK, NULL},
    {"attested by another", VL_KIND_INVITATION, BP, I("0a", SIDES(B, P), HEADS, REST(NONE, NONE, WAITS(P), NONE, NONE, NONE, NONE)), VL_ERR_FORMAT, "invitation: attest, by an office that cannot do that"},
    {"attested by a side", VL_KIND_INVITATION, AB, I("0a", SIDES(A, B), HEADS, REST(NONE, NONE, WAITS(P), NONE, NONE, NONE, NONE)), VL_ERR_FORMAT, "invitation: attest, by an office that cannot do that"},
    {"attested by a side that owns it", VL_KIND_INVITATION, AB, I("0a", SIDES(A, B), HEADS, REST(NONE, NONE, WAITS(A), NONE, NONE, NONE, NONE)), VL_OK, NULL},
    {"attested of nothing", VL_KIND_INVITATION, AB, I("0a", SIDES(A, B), HEADS, BARE), VL_ERR_FORMAT, "invitation: attest, and not what it waits for"},
    {"withdrawn", VL_KIND_INVITATION, AB, I("0b", SIDES(A, B), HEADS, BARE), VL_OK, NULL},
    {"withdrawn by the invitee", VL_KIND_INVITATION, BA, I("0b", SIDES(B, A), HEADS, BARE), VL_ERR_FORMAT, "invitation: withdraw, by an office that cannot do that"},
    {"held", VL_KIND_INVITATION, BA, I("0c", SIDES(B, A), HEADS, REST(DATE, NONE, NONE, NONE, NONE, NONE, "6178")), VL_OK, NULL},
    {"held by a stranger", VL_KIND_INVITATION, BP, I("0c", SIDES(B, P), HEADS, BARE), VL_ERR_FORMAT, "invitation: held, by an office that cannot do that"},
    {"not held", VL_KIND_INVITATION, AB, I("0d", SIDES(A, B), HEADS, BARE), VL_OK, NULL},
    {"act 14", VL_KIND_INVITATION, AB, I("0e", SIDES(A, B), HEADS, BARE), VL_ERR_LIMIT, "invitation: payload: byte *: an unsigned integer over its limit"},
    {"act 0", VL_KIND_INVITATION, AB, I("00", SIDES(A, B), HEADS, BARE), VL_ERR_FORMAT, "invitation: payload: byte *: a count of nothing"},
    {"its purpose", VL_KIND_INVITATION, AB, "b6" PRI NOBODY "0c01" SIDES(A, B) HEADLESS BARE TEXT, VL_OK, NULL},
    {"words of no language", VL_KIND_INVITATION, AB, "b6" PRI NOBODY "0c01" SIDES(A, B) HEADLESS BARE "1818f6" "18196178", VL_ERR_FORMAT, "invitation: a text and its language go together"},
    {"a language of no words", VL_KIND_INVITATION, AB, "b6" PRI NOBODY "0c01" SIDES(A, B) HEADLESS BARE "181862656e" "1819f6", VL_ERR_FORMAT, "invitation: a text and its language go together"},
};
/* clang-format on */

static void each_payload_is_read_or_refused_by_the_table(void **state)
{
    (void)state;
    rows_hold(rows, sizeof rows / sizeof *rows);
}

static const uint8_t heads[2][VL_HASH_LEN] = {{1}, {2}};

static struct vl_invitation put_off(const struct office *office)
{
    return (struct vl_invitation){.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                                  .holder = VL_LITERAL("a clerk"),
                                  .what = VL_INVITATION_POSTPONE,
                                  .inviter = {true, office->signer.office, VL_LITERAL("Mill")},
                                  .invitee = {false, {{0}}, VL_LITERAL("the council")},
                                  .nonce = {7},
                                  .heads = vl_ids_of(heads, 2),
                                  .has_not_before = true,
                                  .not_before_s = 1000,
                                  .condition = VL_LITERAL("the inquiry is closed"),
                                  .condition_lang = VL_LITERAL("en"),
                                  .owner = {true, {{9}}, VL_LITERAL("the court")},
                                  .expectation = VL_LITERAL("soon"),
                                  .expectation_lang = VL_LITERAL("en-GB"),
                                  .has_expected_by = true,
                                  .expected_by_s = 2000,
                                  .lang = VL_LITERAL("fr"),
                                  .text = VL_LITERAL("plus tard")};
}

static void it_is_read_as_it_was_written(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_invitation written, read;
    struct vl_why why = {""};
    uint8_t id[VL_HASH_LEN];
    struct office office;

    (void)state;
    office_init(&office, 'A');
    written = put_off(&office);
    assert_err(vl_invitation_write(&office.signer, &written, &wire, NULL, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_OK, &why);
    assert_err(vl_invitation_read(&object, &read, &why), VL_OK, &why);
    vl_invitation_id(&written, id);
    assert_memory_equal(read.id, id, VL_HASH_LEN);
    assert_int_equal(read.what, VL_INVITATION_POSTPONE);
    assert_bytes(read.holder, written.holder);
    assert_true(vl_office_id_eq(&read.inviter.office, &written.inviter.office));
    assert_bytes(read.inviter.name, written.inviter.name);
    assert_false(read.invitee.has_office);
    assert_bytes(read.invitee.name, written.invitee.name);
    assert_memory_equal(read.nonce, written.nonce, VL_NONCE_LEN);
    assert_int_equal(read.heads.count, 2);
    assert_memory_equal(vl_ids_at(&read.heads, 1), heads[1], VL_HASH_LEN);
    assert_true(!read.has_date && !read.has_expires && !read.has_reciprocal);
    assert_true(read.has_not_before && read.not_before_s == 1000);
    assert_bytes(read.condition, written.condition);
    assert_bytes(read.condition_lang, written.condition_lang);
    assert_true(vl_office_id_eq(&read.owner.office, &written.owner.office));
    assert_bytes(read.owner.name, written.owner.name);
    assert_bytes(read.expectation, written.expectation);
    assert_bytes(read.expectation_lang, written.expectation_lang);
    assert_true(read.has_expected_by && read.expected_by_s == 2000);
    assert_bytes(read.lang, written.lang);
    assert_bytes(read.text, written.text);
    object.kind = VL_KIND_ASSERT;
    assert_err(vl_invitation_read(&object, &read, &why), VL_ERR_FORMAT, &why);
    assert_int_equal(read.what, VL_INVITATION_NONE);
}

/* A third office that answers in place of the invitee needs another id, which nobody issued. */
static void attack_16_an_answer_by_who_was_not_invited(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_invitation answer = {.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                                   .what = VL_INVITATION_ACCEPT,
                                   .inviter = {true, {{1}}, VL_BYTES_NONE},
                                   .invitee = {true, {{2}}, VL_BYTES_NONE},
                                   .heads = vl_ids_of(heads, 1)};
    uint8_t id[VL_HASH_LEN], other[VL_HASH_LEN];
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    assert_err(vl_invitation_write(&office.signer, &answer, &wire, NULL, &why), VL_ERR_FORMAT,
               &why);
    assert_string_equal(why.text, "invitation: accept, by an office that cannot do that");
    assert_int_equal(wire.len, 0);
    vl_invitation_id(&answer, id);
    answer.invitee.office = office.signer.office;
    assert_err(vl_invitation_write(&office.signer, &answer, &wire, NULL, &why), VL_OK, &why);
    vl_invitation_id(&answer, other);
    assert_memory_not_equal(id, other, VL_HASH_LEN);
}

/* Two offices that invite each other make two invitations, whatever else they share. */
static void an_invitation_back_is_another_one(void **state)
{
    struct vl_invitation there = {.inviter = {true, {{1}}, VL_BYTES_NONE},
                                  .invitee = {true, {{2}}, VL_BYTES_NONE}};
    struct vl_invitation back = {.inviter = there.invitee, .invitee = there.inviter};
    uint8_t id[VL_HASH_LEN], other[VL_HASH_LEN];

    (void)state;
    vl_invitation_id(&there, id);
    vl_invitation_id(&back, other);
    assert_memory_not_equal(id, other, VL_HASH_LEN);
    /* What somebody is called is not in it. */
    there.invitee.name = VL_LITERAL("another name");
    vl_invitation_id(&there, other);
    assert_memory_equal(id, other, VL_HASH_LEN);
}

static void more_heads_than_the_limit_are_not_written(void **state)
{
    static uint8_t many[VL_INVITATION_MAX_HEADS + 1][VL_HASH_LEN];
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_invitation invitation;
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    for (size_t i = 0; i < sizeof many / sizeof *many; i++)
        many[i][0] = (uint8_t)i;
    invitation = put_off(&office);
    invitation.heads = vl_ids_of((const uint8_t(*)[VL_HASH_LEN])many, VL_INVITATION_MAX_HEADS);
    assert_err(vl_invitation_write(&office.signer, &invitation, &wire, NULL, &why), VL_OK, &why);
    wire.len = 0;
    invitation.heads.count++;
    assert_err(vl_invitation_write(&office.signer, &invitation, &wire, NULL, &why), VL_ERR_LIMIT,
               &why);
    assert_int_equal(wire.len, 0);
}

static void words_and_numbers_go_both_ways(void **state)
{
    (void)state;
    for (unsigned i = VL_INVITATION_ISSUE; i <= VL_INVITATION_NOT_HELD; i++) {
        const char *word = vl_invitation_word((enum vl_invitation_act)i);

        assert_true(word[0] && vl_invitation_words((enum vl_invitation_act)i)[0]);
        assert_int_equal(vl_invitation_of_word(vl_bytes_str(word)), i);
    }
    assert_int_equal(vl_invitation_of_word(VL_LITERAL("come over")), VL_INVITATION_NONE);
    assert_string_equal(vl_invitation_word(VL_INVITATION_NONE), "");
}

static enum vl_err write_and_read(void *self, struct vl_why *why)
{
    const struct office *office = self;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_invitation invitation = put_off(office);
    enum vl_err err = vl_invitation_write(&office->signer, &invitation, &wire, NULL, why);

    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &object, why);
    return err ? err : vl_invitation_read(&object, &invitation, why);
}

static void each_allocation_that_fails_is_told(void **state)
{
    struct office office;

    (void)state;
    office_init(&office, 'A');
    assert_true(each_allocation_fails(write_and_read, &office) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_payload_is_read_or_refused_by_the_table),
        cmocka_unit_test(it_is_read_as_it_was_written),
        cmocka_unit_test(attack_16_an_answer_by_who_was_not_invited),
        cmocka_unit_test(an_invitation_back_is_another_one),
        cmocka_unit_test(more_heads_than_the_limit_are_not_written),
        cmocka_unit_test(words_and_numbers_go_both_ways),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
