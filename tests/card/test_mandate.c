/* SPDX-License-Identifier: Apache-2.0 */
/* card/mandate.h: mandates and their end, read and refused; what they cover, and the attacks on
 * that. */
#include "../custody/rows.h"

#define KIND   VL_KIND_MANDATE
#define SUB    "valise:office:" HEX("67")
#define HEAD   "b2" ACT_AS(PRINCIPAL, NULL_ITEM)
#define PASSED "b2" ACT_AS(DELEGATE, H("dd"))
#define TO     "0a" H("67")
#define POWERS "0b8102"
#define SCOPE                                                                                      \
    "0cf6"                                                                                         \
    "0df6"                                                                                         \
    "0ef6"                                                                                         \
    "0ff6"                                                                                         \
    "1080"
#define LETTER                                                                                     \
    "0c81" H("11") "0df6"                                                                          \
                   "0ef6"                                                                          \
                   "0ff6"                                                                          \
                   "1080"
#define HANDED                                                                                     \
    "0cf6"                                                                                         \
    "0df6"                                                                                         \
    "0e" N("a7") "0ff6"                                                                            \
                 "1080"
#define VALID                                                                                      \
    "11f6"                                                                                         \
    "12f6"
#define ONCE    "1301"
#define MANY    "1302"
#define NO_PASS "14f4"
#define PASS_ON "14f5"
#define NONCE   "15" N("99")
#define END     VALID MANY NO_PASS NONCE
#define REVOKED VL_KIND_MANDATE_REVOCATION, "valise:mandate:" HEX("a5")

/* clang-format off */
static const struct row rows[] = {
    {"the least",            KIND, SUB, HEAD TO POWERS SCOPE END, VL_OK, NULL},
    {"all powers",           KIND, SUB, HEAD TO "0b850102030405" SCOPE END, VL_OK, NULL},
    {"an unknown power",     KIND, SUB, HEAD TO "0b820218ff" SCOPE END, VL_OK, NULL},
    {"sixteen powers",       KIND, SUB, HEAD TO "0b900102030405060708090a0b0c0d0e0f10" SCOPE END, VL_OK, NULL},
    {"for two letters",      KIND, SUB, HEAD TO POWERS "0c82" H("11") H("12") "0df6" "0ef6" "0ff6" "1080" END, VL_OK, NULL},
    {"from two offices",     KIND, SUB, HEAD TO POWERS "0cf6" "0d82" H("11") H("12") "0ef6" "0ff6" "1080" END, VL_OK, NULL},
    {"with everything",      KIND, SUB, HEAD TO POWERS "0c81" H("11") "0d81" H("12") "0e" N("a7") "0f1a01000000" "10816153" "1100" "121b0000003afff4417f" MANY PASS_ON NONCE, VL_OK, NULL},
    {"once, for a letter",   KIND, SUB, HEAD TO POWERS LETTER VALID ONCE NO_PASS NONCE, VL_OK, NULL},
    {"once, for a hand-over", KIND, SUB, HEAD TO POWERS HANDED VALID ONCE NO_PASS NONCE, VL_OK, NULL},
    {"passed on",            KIND, SUB, PASSED TO POWERS SCOPE END, VL_OK, NULL},

    {"once, for whatever",   KIND, SUB, HEAD TO POWERS SCOPE VALID ONCE NO_PASS NONCE, VL_ERR_FORMAT, "mandate: for one use, and it names neither letters nor one hand-over"},
    {"passed on again",      KIND, SUB, PASSED TO POWERS SCOPE VALID MANY PASS_ON NONCE, VL_ERR_FORMAT, "mandate: passed on already, and to be passed on again"},
    {"by a delegate",        KIND, SUB, "b2" ACT_AS(DELEGATE, NULL_ITEM) TO POWERS SCOPE END, VL_ERR_FORMAT, "mandate: under no other mandate and not by a principal"},
    {"by a carrier",         KIND, SUB, "b2" ACT_AS(CARRIER, NULL_ITEM) TO POWERS SCOPE END, VL_ERR_FORMAT, "mandate: under no other mandate and not by a principal"},
    {"a principal under one", KIND, SUB, "b2" ACT_AS(PRINCIPAL, H("dd")) TO POWERS SCOPE END, VL_ERR_FORMAT, "mandate: under another mandate and not by a delegate"},
    {"no powers",            KIND, SUB, HEAD TO "0b80" SCOPE END, VL_ERR_LIMIT, "mandate: payload: byte *: a number of items outside its limits"},
    {"seventeen powers",     KIND, SUB, HEAD TO "0b91", VL_ERR_LIMIT, "mandate: payload: byte *: a number of items outside its limits"},
    {"power 0",              KIND, SUB, HEAD TO "0b8100" SCOPE END, VL_ERR_FORMAT, "mandate: payload: byte *: powers that do not ascend from 1"},
    {"power 256",            KIND, SUB, HEAD TO "0b81190100" SCOPE END, VL_ERR_LIMIT, "mandate: payload: byte *: an unsigned integer over its limit"},
    {"power 258 is not 2",   KIND, SUB, HEAD TO "0b81190102" SCOPE END, VL_ERR_LIMIT, "mandate: payload: byte *: an unsigned integer over its limit"},
    {"powers twice",         KIND, SUB, HEAD TO "0b820202" SCOPE END, VL_ERR_FORMAT, "mandate: payload: byte *: powers that do not ascend from 1"},
    {"for no letters",       KIND, SUB, HEAD TO POWERS "0c80" "0df6" "0ef6" "0ff6" "1080" END, VL_ERR_LIMIT, "mandate: payload: byte *: a number of items outside its limits"},
    {"letters twice",        KIND, SUB, HEAD TO POWERS "0c82" H("11") H("11") "0df6" "0ef6" "0ff6" "1080" END, VL_ERR_FORMAT, "mandate: payload: byte *: a list that does not ascend"},
    {"letters backwards",    KIND, SUB, HEAD TO POWERS "0c82" H("12") H("11") "0df6" "0ef6" "0ff6" "1080" END, VL_ERR_FORMAT, "mandate: payload: byte *: a list that does not ascend"},
    {"1025 letters",         KIND, SUB, HEAD TO POWERS "0c990401", VL_ERR_LIMIT, "mandate: payload: byte *: a number of items outside its limits"},
    {"65 offices",           KIND, SUB, HEAD TO POWERS "0cf6" "0d9841", VL_ERR_LIMIT, "mandate: payload: byte *: a number of items outside its limits"},
    {"a count of 0",         KIND, SUB, HEAD TO POWERS "0cf6" "0df6" "0ef6" "0f00" "1080" END, VL_ERR_FORMAT, "mandate: payload: byte *: a count of nothing"},
    {"a count over all",     KIND, SUB, HEAD TO POWERS "0cf6" "0df6" "0ef6" "0f1a01000001" "1080" END, VL_ERR_LIMIT, "mandate: payload: byte *: an unsigned integer over its limit"},
    {"valid before 1970",    KIND, SUB, HEAD TO POWERS SCOPE "1120" "12f6" MANY NO_PASS NONCE, VL_ERR_LIMIT, "mandate: payload: byte *: an integer outside its limits"},
    {"valid after 9999",     KIND, SUB, HEAD TO POWERS SCOPE "11f6" "121b0000003afff44180" MANY NO_PASS NONCE, VL_ERR_LIMIT, "mandate: payload: byte *: an integer outside its limits"},
    {"uses 0",               KIND, SUB, HEAD TO POWERS SCOPE VALID "1300" NO_PASS NONCE, VL_ERR_FORMAT, "mandate: payload: byte *: a count of nothing"},
    {"uses 3",               KIND, SUB, HEAD TO POWERS SCOPE VALID "1303" NO_PASS NONCE, VL_ERR_LIMIT, "mandate: payload: byte *: an unsigned integer over its limit"},
    {"no nonce",             KIND, SUB, HEAD TO POWERS SCOPE VALID MANY NO_PASS "15f6", VL_ERR_FORMAT, "mandate: payload: byte *: wanted a byte string"},
    {"to another",           KIND, "valise:office:" HEX("68"), HEAD TO POWERS SCOPE END, VL_ERR_FORMAT, "mandate: its sub is about something else than its payload"},
    {"one key more",         KIND, SUB, "b3" ACT_AS(PRINCIPAL, NULL_ITEM) TO POWERS SCOPE END "1600", VL_ERR_FORMAT, "mandate: payload: byte *: a key more than its kind has"},

    {"ended",                REVOKED, "a8" ACT_AS(PRINCIPAL, NULL_ITEM) "0a" H("a5") "0b01", VL_OK, NULL},
    {"a mistake",            REVOKED, "a8" ACT_AS(PRINCIPAL, NULL_ITEM) "0a" H("a5") "0b03", VL_OK, NULL},
    {"for no reason",        REVOKED, "a8" ACT_AS(PRINCIPAL, NULL_ITEM) "0a" H("a5") "0b00", VL_ERR_FORMAT, "mandate-revocation: payload: byte *: a count of nothing"},
    {"for a fourth reason",  REVOKED, "a8" ACT_AS(PRINCIPAL, NULL_ITEM) "0a" H("a5") "0b04", VL_ERR_LIMIT, "mandate-revocation: payload: byte *: an unsigned integer over its limit"},
    {"by its delegate",      REVOKED, "a8" ACT_AS(DELEGATE, NULL_ITEM) "0a" H("a5") "0b01", VL_ERR_FORMAT, "mandate-revocation: not by a principal"},
    {"of another mandate",   REVOKED, "a8" ACT_AS(PRINCIPAL, NULL_ITEM) "0a" H("a6") "0b01", VL_ERR_FORMAT, "mandate-revocation: its sub is about something else than its payload"},
};
/* clang-format on */

static void each_payload_is_read_or_refused_by_the_table(void **state)
{
    (void)state;
    rows_hold(rows, sizeof rows / sizeof *rows);
}

static const uint8_t letters[3][VL_HASH_LEN] = {{1}, {3}, {5}};
static const uint8_t senders[2][VL_HASH_LEN] = {{'S'}, {'T'}};

/* To 'G', for what others send. */
static struct vl_mandate whole(void)
{
    struct vl_mandate mandate = {.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                                 .power_count = 3,
                                 .powers = {VL_POWER_CARRY, VL_POWER_RECEIVE, 200},
                                 .has_letters = true,
                                 .letters = vl_ids_of(letters, 3),
                                 .has_from = true,
                                 .from = vl_ids_of(senders, 2),
                                 .has_handover = true,
                                 .handover = {7},
                                 .count = 10,
                                 .seals = {2, {VL_LITERAL("s1"), VL_LITERAL("s2")}},
                                 .has_not_before = true,
                                 .not_before_s = 100,
                                 .has_not_after = true,
                                 .not_after_s = 200,
                                 .uses = VL_MANDATE_ONCE,
                                 .may_delegate = true,
                                 .nonce = {9}};

    memset(mandate.grantee.at, 'G', VL_HASH_LEN);
    return mandate;
}

static void write_then_read(const struct vl_mandate *written, struct vl_object *object,
                            struct vl_mandate *read)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_why why = {""};
    struct office office;

    office_init(&office, 'A');
    assert_err(vl_mandate_write(&office.signer, written, &wire, NULL, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), object, &why), VL_OK, &why);
    assert_err(vl_mandate_read(object, read, &why), VL_OK, &why);
}

static void a_mandate_is_read_as_it_was_written(void **state)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_mandate written = whole(), read;

    (void)state;
    write_then_read(&written, &object, &read);
    assert_true(vl_office_id_eq(&read.grantee, &written.grantee));
    assert_int_equal(read.power_count, 3);
    assert_memory_equal(read.powers, written.powers, 3);
    assert_int_equal(read.letters.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_memory_equal(vl_ids_at(&read.letters, i), letters[i], VL_HASH_LEN);
        assert_true(vl_ids_has(&read.letters, letters[i]));
    }
    assert_false(vl_ids_has(&read.letters, senders[0]));
    assert_int_equal(read.from.count, 2);
    assert_true(vl_ids_has(&read.from, senders[0]) && vl_ids_has(&read.from, senders[1]));
    assert_true(read.has_handover && read.handover[0] == 7);
    assert_int_equal(read.count, 10);
    assert_true(vl_seals_eq(&read.seals, &written.seals));
    assert_true(read.has_not_before && read.not_before_s == 100);
    assert_true(read.has_not_after && read.not_after_s == 200);
    assert_int_equal(read.uses, VL_MANDATE_ONCE);
    assert_true(read.may_delegate);
    assert_int_equal(read.nonce[0], 9);
}

static void a_mandate_for_1024_letters_is_read(void **state)
{
    static uint8_t many[VL_MANDATE_MAX_LETTERS][VL_HASH_LEN];
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_mandate written = whole(), read;

    (void)state;
    for (size_t i = 0; i < VL_MANDATE_MAX_LETTERS; i++) {
        many[i][0] = (uint8_t)(i >> 8);
        many[i][1] = (uint8_t)i;
    }
    written.letters = vl_ids_of((const uint8_t(*)[VL_HASH_LEN])many, VL_MANDATE_MAX_LETTERS);
    write_then_read(&written, &object, &read);
    assert_int_equal(read.letters.count, VL_MANDATE_MAX_LETTERS);
    for (size_t i = 0; i < VL_MANDATE_MAX_LETTERS; i++)
        assert_true(vl_ids_has(&read.letters, many[i]));
}

static void what_would_be_refused_is_not_signed(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_mandate_revocation revocation = {.act = {.capacity = VL_CAPACITY_PRINCIPAL}};
    struct vl_mandate wrong[9];
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        wrong[i] = whole();
    wrong[0].power_count = 0;
    wrong[1].power_count = SIZE_MAX;
    wrong[2].letters.count = 0;
    wrong[3].has_letters = wrong[3].has_handover = false; /* and for one use */
    wrong[4].act.has_under = true;
    wrong[5].act.has_under = true;
    wrong[5].act.capacity = VL_CAPACITY_DELEGATE; /* and may be passed on again */
    wrong[6].not_before_s = -1;
    wrong[7].count = VL_BATCH_MAX + 1;
    wrong[8].uses = (enum vl_mandate_uses)0;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (vl_mandate_write(&office.signer, &wrong[i], &out, NULL, &why) == VL_OK)
            fail_msg("mandate %zu was signed", i);
        assert_int_equal(out.len, 0);
    }
    assert_err(vl_mandate_revocation_write(&office.signer, &revocation, &out, NULL, &why),
               VL_ERR_FORMAT, &why);
    assert_int_equal(out.len, 0);
}

/* A use that the whole mandate covers. */
static struct vl_mandate_use good_use(const struct vl_mandate *mandate)
{
    static const struct vl_office_id from = {{'S'}};
    static const uint8_t handover[VL_NONCE_LEN] = {7};

    return (struct vl_mandate_use){.by = mandate->grantee,
                                   .power = VL_POWER_RECEIVE,
                                   .number = letters[1],
                                   .from = &from,
                                   .from_count = 1,
                                   .handover = handover,
                                   .count = 10,
                                   .seals = &mandate->seals,
                                   .when = {true, 100000, 200999}};
}

static void covers(const struct vl_mandate *mandate, const struct vl_mandate_use *use,
                   enum vl_mandate_flaw wanted, bool wanted_uncertain)
{
    bool uncertain = !wanted_uncertain;

    assert_string_equal(vl_mandate_flaw_word(vl_mandate_covers(mandate, use, &uncertain)),
                        vl_mandate_flaw_word(wanted));
    assert_int_equal(uncertain, wanted_uncertain);
}

static void a_use_inside_every_limit_is_covered(void **state)
{
    struct vl_mandate mandate = whole(), any = {.power_count = 1, .powers = {VL_POWER_RECEIVE}};
    struct vl_mandate_use use = good_use(&mandate);
    const struct vl_mandate_use bare = {.power = VL_POWER_RECEIVE, .count = VL_BATCH_MAX};

    (void)state;
    covers(&mandate, &use, VL_MANDATE_GOOD, false);
    covers(&any, &bare, VL_MANDATE_GOOD, false); /* no time matters where there is no limit */
}

static void attack_22_each_limit_of_a_mandate_holds(void **state)
{
    static const uint8_t other_number[VL_HASH_LEN] = {2}, other_handover[VL_NONCE_LEN] = {8};
    static const struct vl_office_id strangers[2] = {{{'U'}}, {{'V'}}};
    struct vl_seals fewer = {1, {VL_LITERAL("s1")}};
    struct vl_mandate mandate = whole();
    struct vl_mandate_use use = good_use(&mandate);

    (void)state;
    use.by.at[0]++;
    covers(&mandate, &use, VL_MANDATE_NOT_THE_GRANTEE, false);
    use = good_use(&mandate);
    use.power = VL_POWER_SEAL;
    covers(&mandate, &use, VL_MANDATE_NO_SUCH_POWER, false);
    use = good_use(&mandate);
    use.number = other_number;
    covers(&mandate, &use, VL_MANDATE_NOT_THIS_LETTER, false);
    use.number = NULL;
    covers(&mandate, &use, VL_MANDATE_NOT_THIS_LETTER, false);
    use = good_use(&mandate);
    use.from = strangers;
    use.from_count = 2;
    covers(&mandate, &use, VL_MANDATE_NOT_THIS_SENDER, false);
    use.from_count = 0;
    covers(&mandate, &use, VL_MANDATE_NOT_THIS_SENDER, false);
    use = good_use(&mandate);
    use.handover = other_handover;
    covers(&mandate, &use, VL_MANDATE_NOT_THIS_HANDOVER, false);
    use.handover = NULL;
    covers(&mandate, &use, VL_MANDATE_NOT_THIS_HANDOVER, false);
    use = good_use(&mandate);
    use.count = 11;
    covers(&mandate, &use, VL_MANDATE_OVER_COUNT, false);
    use = good_use(&mandate);
    use.seals = &fewer;
    covers(&mandate, &use, VL_MANDATE_SEALS_DIFFER, false);
    use.seals = NULL;
    covers(&mandate, &use, VL_MANDATE_SEALS_DIFFER, false);
    use = good_use(&mandate);
    use.when = (struct vl_when){true, 201000, 201000};
    covers(&mandate, &use, VL_MANDATE_OUTSIDE_VALIDITY, false);
    use.when = (struct vl_when){true, 0, 99999};
    covers(&mandate, &use, VL_MANDATE_OUTSIDE_VALIDITY, false);
}

/* The first limit that fails is told, in the order of the table. */
static void the_first_flaw_is_told(void **state)
{
    struct vl_mandate mandate = whole();
    struct vl_mandate_use use = {.count = 11};

    (void)state;
    covers(&mandate, &use, VL_MANDATE_NOT_THE_GRANTEE, false);
    use.by = mandate.grantee;
    covers(&mandate, &use, VL_MANDATE_NO_SUCH_POWER, false);
    use.power = VL_POWER_CARRY;
    covers(&mandate, &use, VL_MANDATE_NOT_THIS_LETTER, false);
}

static void attack_22_an_unknown_power_gives_none(void **state)
{
    struct vl_mandate mandate = {.power_count = 1, .powers = {200}};

    (void)state;
    for (unsigned power = 0; power < 256; power++)
        assert_false(vl_mandate_gives(&mandate, (enum vl_power)power));
    mandate.powers[0] = VL_POWER_SPEAK;
    assert_true(vl_mandate_gives(&mandate, VL_POWER_SPEAK));
    assert_false(vl_mandate_gives(&mandate, VL_POWER_RECEIVE));
}

/* PROTOCOL 5: a time that only overlaps, or is not known, is not decided. */
static void attack_05_a_time_that_overlaps_is_not_certain(void **state)
{
    struct vl_mandate mandate = whole();
    struct vl_mandate_use use = good_use(&mandate);

    (void)state;
    use.when = (struct vl_when){true, 99999, 100000};
    covers(&mandate, &use, VL_MANDATE_GOOD, true);
    use.when = (struct vl_when){true, 200999, 201000};
    covers(&mandate, &use, VL_MANDATE_GOOD, true);
    use.when = (struct vl_when){.known = false};
    covers(&mandate, &use, VL_MANDATE_GOOD, true);
    mandate.has_not_after = false;
    covers(&mandate, &use, VL_MANDATE_GOOD, true);
    use.when = (struct vl_when){true, 100000, UINT64_MAX};
    covers(&mandate, &use, VL_MANDATE_GOOD, false);
}

static void when_it_was_done_is_what_its_signer_says(void **state)
{
    struct vl_object object = {.count = 1};
    struct vl_act act = {.has_at = true,
                         .at_ms = 5000,
                         .has_plus_minus = true,
                         .plus_minus_ms = 2000};
    struct vl_when when;

    (void)state;
    object.by[0] = (struct vl_sign1)VL_SIGN1_INIT;
    when = vl_act_when(&act, &object);
    assert_true(when.known && when.from_ms == 3000 && when.to_ms == 7000);
    act.plus_minus_ms = 6000;
    when = vl_act_when(&act, &object);
    assert_true(when.known && when.from_ms == 0 && when.to_ms == 11000);
    act.has_plus_minus = false;
    when = vl_act_when(&act, &object);
    assert_true(when.known && when.from_ms == 5000 && when.to_ms == 5000);
    act.has_at = false;
    assert_false(vl_act_when(&act, &object).known);
    object.by[0].claims.has_iat = true;
    object.by[0].claims.iat_s = 7;
    when = vl_act_when(&act, &object);
    assert_true(when.known && when.from_ms == 7000 && when.to_ms == 7999);
}

static void attack_22_a_delegates_delegate(void **state)
{
    static const uint8_t above_id[VL_HASH_LEN] = {0xab};
    struct vl_mandate above = whole();
    struct vl_mandate mandate = whole();
    struct vl_office_id issuer = above.grantee;

    (void)state;
    mandate.act.has_under = true;
    memcpy(mandate.act.under, above_id, VL_HASH_LEN);
    assert_true(vl_mandate_passed_on(&mandate, &issuer, &above, above_id));
    above.may_delegate = false;
    assert_false(vl_mandate_passed_on(&mandate, &issuer, &above, above_id));
    above.may_delegate = true;
    above.act.has_under = true; /* a third in a row */
    assert_false(vl_mandate_passed_on(&mandate, &issuer, &above, above_id));
    above.act.has_under = false;
    issuer.at[0]++; /* by somebody to whom it was not given */
    assert_false(vl_mandate_passed_on(&mandate, &issuer, &above, above_id));
    issuer = above.grantee;
    mandate.act.under[0]++;
    assert_false(vl_mandate_passed_on(&mandate, &issuer, &above, above_id));
    mandate.act.has_under = false;
    assert_false(vl_mandate_passed_on(&mandate, &issuer, &above, above_id));
}

static void seals_are_a_set(void **state)
{
    const struct vl_seals ab = {2, {VL_LITERAL("a"), VL_LITERAL("b")}};
    const struct vl_seals ba = {2, {VL_LITERAL("b"), VL_LITERAL("a")}};
    const struct vl_seals aab = {3, {VL_LITERAL("a"), VL_LITERAL("a"), VL_LITERAL("b")}};
    const struct vl_seals a = {1, {VL_LITERAL("a")}};
    const struct vl_seals none = {0};

    (void)state;
    assert_true(vl_seals_eq(&ab, &ba) && vl_seals_eq(&ab, &aab) && vl_seals_eq(&none, &none));
    assert_false(vl_seals_eq(&ab, &a) || vl_seals_eq(&a, &ab) || vl_seals_eq(&none, &a));
}

static void each_power_and_each_end_has_a_word(void **state)
{
    (void)state;
    for (unsigned i = VL_POWER_CARRY; i <= VL_POWER_SEAL; i++) {
        enum vl_power power = (enum vl_power)i;

        assert_int_equal(vl_power_of_word(vl_bytes_str(vl_power_word(power))), power);
        assert_true(strlen(vl_power_words(power)) > 0);
    }
    assert_int_equal(vl_power_of_word(VL_LITERAL("fly")), VL_POWER_NONE);
    assert_string_equal(vl_power_word(VL_POWER_NONE), "");
    assert_string_equal(vl_power_word((enum vl_power)200), "");
    assert_string_equal(vl_power_words((enum vl_power)200), "");
    assert_string_equal(vl_mandate_end_word(VL_MANDATE_END_MISTAKE), "mistake");
    assert_string_equal(vl_mandate_end_word(VL_MANDATE_END_NONE), "");
    assert_string_equal(vl_mandate_flaw_word(VL_MANDATE_GOOD), "");
    assert_string_equal(vl_mandate_flaw_word(VL_MANDATE_REVOKED), "revoked");
}

static enum vl_err write_and_read(void *self, struct vl_why *why)
{
    const struct office *office = self;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_mandate mandate = whole();
    struct vl_mandate_revocation revocation = {.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                                               .reason = VL_MANDATE_END_ENDED};
    enum vl_err err = vl_mandate_write(&office->signer, &mandate, &wire, NULL, why);

    assert_true(!err || wire.len == 0);
    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &object, why);
    if (!err)
        err = vl_mandate_read(&object, &mandate, why);
    vl_object_release(&object);
    wire.len = 0;
    if (!err)
        err = vl_mandate_revocation_write(&office->signer, &revocation, &wire, NULL, why);
    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &object, why);
    return err ? err : vl_mandate_revocation_read(&object, &revocation, why);
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
        cmocka_unit_test(a_mandate_is_read_as_it_was_written),
        cmocka_unit_test(a_mandate_for_1024_letters_is_read),
        cmocka_unit_test(what_would_be_refused_is_not_signed),
        cmocka_unit_test(a_use_inside_every_limit_is_covered),
        cmocka_unit_test(attack_22_each_limit_of_a_mandate_holds),
        cmocka_unit_test(the_first_flaw_is_told),
        cmocka_unit_test(attack_22_an_unknown_power_gives_none),
        cmocka_unit_test(attack_05_a_time_that_overlaps_is_not_certain),
        cmocka_unit_test(when_it_was_done_is_what_its_signer_says),
        cmocka_unit_test(attack_22_a_delegates_delegate),
        cmocka_unit_test(seals_are_a_set),
        cmocka_unit_test(each_power_and_each_end_has_a_word),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
