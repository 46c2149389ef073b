/* SPDX-License-Identifier: Apache-2.0 */
/* card/card.h, verifying: what a card's keys sign counts for just as much as its policy says. */
#include "golden.h"
#include "offices.h"

static struct vl_card golden_card(void)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = golden("golden-card");
    struct vl_card card = VL_CARD_INIT;
    struct vl_why why = {""};

    assert_err(vl_card_parse(vl_buf_bytes(&wire), &card, &why), VL_OK, &why);
    return card;
}

/* clang-format off */
static const struct row {
    const char *name;
    const char *wire;
    enum vl_err err;
    enum vl_standing standing;
    const char *words;
} rows[] = {
    {"both needed keys",         "@full", VL_OK, VL_STANDING_FULL, NULL},
    {"ESP256 for ES256",         "@full-alg-9", VL_OK, VL_STANDING_FULL, NULL},
    {"Ed25519 for EdDSA",        "@full-alg-19", VL_OK, VL_STANDING_FULL, NULL},
    {"the unknown key too",      "@full-unknown-too", VL_OK, VL_STANDING_FULL, NULL},
    {"one needed key",           "@by-a-only", VL_OK, VL_STANDING_INCOMPLETE, NULL},
    {"one, and the unknown one", "@by-a-and-unknown", VL_OK, VL_STANDING_INCOMPLETE, NULL},
    {"the second needed key",    "@by-p-only", VL_ERR_UNVERIFIED, VL_STANDING_NONE, "sealed: signature 1 is not of the first needed key"},
    {"the second one first",     "@by-p-then-a", VL_ERR_UNVERIFIED, VL_STANDING_NONE, "sealed: signature 1 is not of the first needed key"},
    {"ES256 for the Ed25519 key", "@alg-of-p256-for-a", VL_ERR_UNVERIFIED, VL_STANDING_NONE, "sealed: signature 1: alg -7 is not for its key"},
    {"EdDSA for the P-256 key",  "@alg-of-ed25519-for-p", VL_ERR_UNVERIFIED, VL_STANDING_NONE, "sealed: signature 2: alg -8 is not for its key"},
    {"an unknown alg for a key", "@alg-unknown-for-a", VL_ERR_UNVERIFIED, VL_STANDING_NONE, "sealed: signature 1: alg -48 is not for its key"},
    {"the card itself",          "@golden-card", VL_ERR_UNVERIFIED, VL_STANDING_NONE, "card: a card, which its chain verifies"},
};
/* clang-format on */

static void each_object_counts_by_the_table(void **state)
{
    VL_AUTO(vl_card_release) struct vl_card card = golden_card();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = wire_of(rows[i].wire);
        VL_AUTO(vl_object_release) struct vl_object object = object_of_wire(vl_buf_bytes(&wire));
        enum vl_standing standing = VL_STANDING_FULL;
        struct vl_why why = {""};
        enum vl_err err = vl_card_verify(&card, &object, &standing, &why);

        if (err != rows[i].err || (err && strcmp(why.text, rows[i].words) != 0))
            fail_msg("%s: %s, \"%s\"", rows[i].name, vl_err_name(err), why.text);
        if (standing != rows[i].standing)
            fail_msg("%s: standing %d", rows[i].name, (int)standing);
    }
}

static void check_standing(const struct vl_card *card, const char *letters, enum vl_standing wanted)
{
    VL_AUTO(vl_object_release) struct vl_object object = signed_by(card, letters);
    enum vl_standing standing = VL_STANDING_NONE;
    struct vl_why why = {""};

    assert_err(vl_card_verify(card, &object, &standing, &why), VL_OK, &why);
    assert_int_equal(standing, wanted);
}

static void attack_11_a_stripped_signature_leaves_it_incomplete(void **state)
{
    VL_AUTO(vl_card_release)
    struct vl_card card = card_of(&(struct plan){.keys = "abc", .next = "d"});

    (void)state;
    check_standing(&card, "abc", VL_STANDING_FULL);
    check_standing(&card, "acb", VL_STANDING_FULL);
    check_standing(&card, "ab", VL_STANDING_INCOMPLETE);
    check_standing(&card, "ac", VL_STANDING_INCOMPLETE);
    check_standing(&card, "a", VL_STANDING_INCOMPLETE);
}

/* Without its first signature an object would go by another id. */
static void attack_11_the_first_signature_cannot_be_stripped(void **state)
{
    VL_AUTO(vl_card_release)
    struct vl_card card = card_of(&(struct plan){.keys = "ab", .next = "d"});
    static const char *const orders[] = {"b", "ba"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        VL_AUTO(vl_object_release) struct vl_object object = signed_by(&card, orders[i]);
        enum vl_standing standing = VL_STANDING_FULL;
        struct vl_why why = {""};

        assert_err(vl_card_verify(&card, &object, &standing, &why), VL_ERR_UNVERIFIED, &why);
        assert_int_equal(standing, VL_STANDING_NONE);
    }
}

/* The unknown key is listed and not needed: its signature is neither asked for nor counted. */
static void attack_11_a_key_that_is_not_needed_does_not_count(void **state)
{
    VL_AUTO(vl_card_release) struct vl_card card = golden_card();
    VL_AUTO(vl_buf_release) struct vl_buf wire = golden("by-a-and-unknown");
    VL_AUTO(vl_object_release) struct vl_object object = object_of_wire(vl_buf_bytes(&wire));
    enum vl_standing standing = VL_STANDING_NONE;
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(object.count, 2);
    assert_err(vl_card_verify(&card, &object, &standing, &why), VL_OK, &why);
    assert_int_equal(standing, VL_STANDING_INCOMPLETE);
}

static void attack_11_a_known_key_that_is_not_needed_does_not_count_either(void **state)
{
    VL_AUTO(vl_card_release)
    struct vl_card card = card_of(&(struct plan){.keys = "abc", .next = "d"});

    (void)state;
    card.need_count = 2; /* as if the card asked for a and b only */
    check_standing(&card, "ac", VL_STANDING_INCOMPLETE);
    check_standing(&card, "ab", VL_STANDING_FULL);
    check_standing(&card, "abc", VL_STANDING_FULL);
}

static void attack_11_only_the_algorithm_of_the_key_is_tried(void **state)
{
    static const char *const wires[] = {"@alg-of-p256-for-a", "@alg-of-ed25519-for-p",
                                        "@alg-unknown-for-a"};
    VL_AUTO(vl_card_release) struct vl_card card = golden_card();

    (void)state;
    for (size_t i = 0; i < sizeof wires / sizeof *wires; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = wire_of(wires[i]);
        VL_AUTO(vl_object_release) struct vl_object object = object_of_wire(vl_buf_bytes(&wire));
        enum vl_standing standing = VL_STANDING_FULL;
        struct vl_why why = {""};

        assert_err(vl_card_verify(&card, &object, &standing, &why), VL_ERR_UNVERIFIED, &why);
    }
}

static void attack_11_an_unknown_needed_algorithm_is_never_verified(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = golden("card-needs-unknown");
    VL_AUTO(vl_card_release) struct vl_card card = VL_CARD_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_card_parse(vl_buf_bytes(&wire), &card, &why), VL_ERR_UNSUPPORTED, &why);
    assert_string_equal(why.text, "card: needed key 2 is of an algorithm that is not known here");
}

static void one_signature_is_told_by_its_own_key(void **state)
{
    VL_AUTO(vl_card_release) struct vl_card card = golden_card();
    VL_AUTO(vl_buf_release) struct vl_buf wire = golden("full-unknown-too");
    VL_AUTO(vl_object_release) struct vl_object object = object_of_wire(vl_buf_bytes(&wire));
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_card_verify_by(&card, &object.by[0], &why), VL_OK, &why);
    assert_err(vl_card_verify_by(&card, &object.by[1], &why), VL_OK, &why);
    assert_err(vl_card_verify_by(&card, &object.by[2], &why), VL_ERR_UNSUPPORTED, &why);
    assert_string_equal(why.text, "its key is of an algorithm that is not known");
}

/* One bad signature spoils the object, be it needed or not. */
static void a_bad_signature_is_not_passed_over(void **state)
{
    VL_AUTO(vl_card_release)
    struct vl_card card = card_of(&(struct plan){.keys = "abc", .next = "d"});

    (void)state;
    for (size_t spoiled = 0; spoiled < 3; spoiled++) {
        VL_AUTO(vl_object_release) struct vl_object object = signed_by(&card, "abc");
        struct vl_sign1 *by = &object.by[spoiled];
        enum vl_standing standing = VL_STANDING_FULL;
        struct vl_why why = {""};

        card.need_count = 2;
        by->wire.data[(size_t)(by->signature.ptr - by->wire.data)] ^= 1;
        assert_err(vl_card_verify(&card, &object, &standing, &why), VL_ERR_UNVERIFIED, &why);
        assert_int_equal(standing, VL_STANDING_NONE);
    }
}

static void a_key_of_nobody_on_the_card_is_refused(void **state)
{
    VL_AUTO(vl_card_release)
    struct vl_card card = card_of(&(struct plan){.keys = "a", .next = "d"});
    VL_AUTO(vl_object_release) struct vl_object object = signed_by(&card, "ab");
    enum vl_standing standing = VL_STANDING_FULL;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_card_verify(&card, &object, &standing, &why), VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, "sealed: signature 2: its kid names no key of the card");
}

/* The same key on two cards: of two offices, and of one office. */
static void attack_30_a_kid_alone_is_never_enough(void **state)
{
    VL_AUTO(vl_card_release)
    struct vl_card mine = card_of(&(struct plan){.keys = "ab", .next = "d"});
    VL_AUTO(vl_card_release)
    struct vl_card other = card_of(&(struct plan){.keys = "a", .next = "d"});
    VL_AUTO(vl_card_release)
    struct vl_card later = card_of(&(struct plan){.keys = "a", .next = "d", .before = &mine});
    VL_AUTO(vl_buf_release)
    struct vl_buf forged = signed_wire(&other.object.issuer, "a", mine.object.id);
    VL_AUTO(vl_object_release) struct vl_object object = signed_by(&mine, "ab");
    VL_AUTO(vl_object_release) struct vl_object mixed = object_of_wire(vl_buf_bytes(&forged));
    enum vl_standing standing = VL_STANDING_FULL;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_card_verify(&other, &object, &standing, &why), VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, "sealed: of another office than the card");
    assert_err(vl_card_verify(&later, &object, &standing, &why), VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, "sealed: signed under another card");
    assert_err(vl_card_verify(&other, &mixed, &standing, &why), VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, "sealed: signed under another card");
    assert_err(vl_card_verify(&mine, &mixed, &standing, &why), VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, "sealed: of another office than the card");
}

static void a_payload_that_names_no_card_is_refused(void **state)
{
    VL_AUTO(vl_card_release)
    struct vl_card card = card_of(&(struct plan){.keys = "a", .next = "d"});
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct seeds seeds = seeds_of("a");
    struct vl_signer signer = {.office = card.object.issuer,
                               .seeds = seeds.at,
                               .seed_count = 1,
                               .has_iat = false};
    enum vl_standing standing = VL_STANDING_FULL;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_object_sign(&signer, VL_KIND_SEALED, VL_LITERAL("s"), VL_LITERAL("\xa0"), &wire,
                              NULL, &why),
               VL_OK, &why);
    object = object_of_wire(vl_buf_bytes(&wire));
    assert_err(vl_card_verify(&card, &object, &standing, &why), VL_ERR_LIMIT, &why);
    assert_int_equal(standing, VL_STANDING_NONE);
}

struct question {
    const struct vl_card *card;
    const struct vl_object *object;
};

static enum vl_err ask(void *self, struct vl_why *why)
{
    const struct question *question = self;
    enum vl_standing standing = VL_STANDING_NONE;
    enum vl_err err = vl_card_verify(question->card, question->object, &standing, why);

    assert_true((standing == VL_STANDING_FULL) == !err);
    return err;
}

static void each_allocation_may_fail(void **state)
{
    VL_AUTO(vl_card_release)
    struct vl_card card = card_of(&(struct plan){.keys = "a", .next = "d"});
    VL_AUTO(vl_object_release) struct vl_object object = signed_by(&card, "a");
    struct question question = {&card, &object};

    (void)state;
    assert_true(each_allocation_fails(ask, &question) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_object_counts_by_the_table),
        cmocka_unit_test(attack_11_a_stripped_signature_leaves_it_incomplete),
        cmocka_unit_test(attack_11_the_first_signature_cannot_be_stripped),
        cmocka_unit_test(attack_11_a_key_that_is_not_needed_does_not_count),
        cmocka_unit_test(attack_11_a_known_key_that_is_not_needed_does_not_count_either),
        cmocka_unit_test(attack_11_only_the_algorithm_of_the_key_is_tried),
        cmocka_unit_test(attack_11_an_unknown_needed_algorithm_is_never_verified),
        cmocka_unit_test(one_signature_is_told_by_its_own_key),
        cmocka_unit_test(a_bad_signature_is_not_passed_over),
        cmocka_unit_test(a_key_of_nobody_on_the_card_is_refused),
        cmocka_unit_test(attack_30_a_kid_alone_is_never_enough),
        cmocka_unit_test(a_payload_that_names_no_card_is_refused),
        cmocka_unit_test(each_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
