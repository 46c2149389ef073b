/* SPDX-License-Identifier: Apache-2.0 */
/* For which letters is a receipt one: what the mandate under it lets its signer do. */
#include "../custody/offices.h"

#include "custody/answer.h"
#include "office/acts.h"

#define TIME_S 1000

/* B is the addressee, D signs, C stands between them, S wrote. */
struct desk {
    struct vl_store *store;
    struct office b, c, d;
    uint8_t above[VL_HASH_LEN]; /* the mandate of B to C, if there is one */
    uint8_t under[VL_HASH_LEN]; /* what D receipts under */
    struct vl_letter_row row;
};

static void put(struct desk *desk, enum vl_kind kind, const struct office *by, vl_bytes wire,
                const uint8_t id[VL_HASH_LEN], const uint8_t *about)
{
    struct vl_object_row row = {.kind = vl_kind_word(kind), .bytes = wire};
    uint8_t of[1][VL_HASH_LEN];
    struct vl_why why = {""};

    memcpy(row.id, id, VL_HASH_LEN);
    memcpy(row.issuer, by->signer.office.at, VL_HASH_LEN);
    if (about) {
        memcpy(of[0], about, VL_HASH_LEN);
        row.about = (const uint8_t(*)[VL_HASH_LEN])of;
        row.about_count = 1;
    }
    assert_err(vl_store_begin(desk->store, &why), VL_OK, &why);
    assert_err(vl_store_put_object(desk->store, &row, &why), VL_OK, &why);
    assert_err(vl_store_commit(desk->store, &why), VL_OK, &why);
}

static void desk_open(struct desk *desk)
{
    *desk = (struct desk){.row = {.to_count = 1, .has_from = true}};
    assert_int_equal(vl_store_memory_new(&desk->store), VL_OK);
    office_init(&desk->b, 'B');
    office_init(&desk->c, 'C');
    office_init(&desk->d, 'D');
    desk->d.signer.iat_s = TIME_S;
    memset(desk->row.number, 'n', VL_HASH_LEN);
    memset(desk->row.from, 'S', VL_HASH_LEN);
    memset(desk->row.to[0], 'B', VL_HASH_LEN);
}

static struct vl_mandate mandate_to(const struct office *grantee)
{
    return (struct vl_mandate){.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                               .grantee = grantee->signer.office,
                               .power_count = 1,
                               .powers = {VL_POWER_RECEIVE},
                               .uses = VL_MANDATE_MANY};
}

static void give(struct desk *desk, const struct office *by, const struct vl_mandate *mandate,
                 uint8_t id[VL_HASH_LEN])
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_why why = {""};

    assert_err(vl_mandate_write(&by->signer, mandate, &wire, id, &why), VL_OK, &why);
    put(desk, VL_KIND_MANDATE, by, vl_buf_bytes(&wire), id, NULL);
}

static void revoke(struct desk *desk, const struct office *by, const uint8_t mandate[VL_HASH_LEN])
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_mandate_revocation revocation = {.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                                               .reason = VL_MANDATE_END_ENDED};
    uint8_t id[VL_HASH_LEN];
    struct vl_why why = {""};

    memcpy(revocation.mandate, mandate, VL_HASH_LEN);
    assert_err(vl_mandate_revocation_write(&by->signer, &revocation, &wire, id, &why), VL_OK, &why);
    put(desk, VL_KIND_MANDATE_REVOCATION, by, vl_buf_bytes(&wire), id, mandate);
}

/* Does D's receipt for B, over so many letters, count for the letter? */
static bool counts(struct desk *desk, uint64_t letters)
{
    VL_AUTO(vl_receipt_right_release) struct vl_receipt_right right = VL_RECEIPT_RIGHT_INIT;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_answer answer = {.kind = VL_KIND_RECEIPTED,
                               .act = {.capacity = VL_CAPACITY_DELEGATE, .has_under = true},
                               .batch = {.count = letters},
                               .addressee = desk->b.signer.office};
    struct vl_why why = {""};

    memcpy(answer.act.under, desk->under, VL_HASH_LEN);
    assert_err(vl_answer_write(&desk->d.signer, &answer, &wire, NULL, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_OK, &why);
    assert_err(vl_answer_read(&object, &answer, &why), VL_OK, &why);
    assert_err(vl_receipt_right_find(desk->store, &object, &answer, &right, &why), VL_OK, &why);
    return vl_receipt_right_covers(&right, &desk->row);
}

static void a_mandate_of_the_addressee_to_receive_is_enough(void **state)
{
    struct desk desk;
    struct vl_mandate mandate;

    (void)state;
    desk_open(&desk);
    mandate = mandate_to(&desk.d);
    memset(desk.under, 'u', VL_HASH_LEN);
    assert_false(counts(&desk, 1)); /* that is not here */
    give(&desk, &desk.b, &mandate, desk.under);
    assert_true(counts(&desk, 1));
    assert_true(counts(&desk, 1000));
    revoke(&desk, &desk.c, desk.under); /* by nobody */
    assert_true(counts(&desk, 1));
    revoke(&desk, &desk.b, desk.under);
    assert_false(counts(&desk, 1));
    vl_store_close(desk.store);
}

enum narrow {
    NARROW_GRANTEE,
    NARROW_POWER,
    NARROW_LETTERS,
    NARROW_FROM,
    NARROW_HANDOVER,
    NARROW_COUNT,
    NARROW_SEALS,
    NARROW_NOT_YET,
    NARROW_NO_MORE,
    NARROW_ISSUER,
    NARROWS
};

static void attack_22_a_receipt_moves_no_letter_that_its_mandate_does_not_cover(void **state)
{
    static const uint8_t other[1][VL_HASH_LEN] = {{'x'}};

    (void)state;
    for (enum narrow narrow = 0; narrow < NARROWS; narrow++) {
        struct desk desk;
        struct vl_mandate mandate;

        desk_open(&desk);
        mandate = mandate_to(narrow == NARROW_GRANTEE ? &desk.c : &desk.d);
        mandate.powers[0] = narrow == NARROW_POWER ? VL_POWER_CARRY : VL_POWER_RECEIVE;
        mandate.has_letters = narrow == NARROW_LETTERS;
        mandate.letters = vl_ids_of(other, narrow == NARROW_LETTERS);
        mandate.has_from = narrow == NARROW_FROM;
        mandate.from = vl_ids_of(other, narrow == NARROW_FROM);
        mandate.has_handover = narrow == NARROW_HANDOVER;
        mandate.count = narrow == NARROW_COUNT;
        if (narrow == NARROW_SEALS)
            mandate.seals.at[mandate.seals.count++] = VL_LITERAL("A 17");
        mandate.has_not_before = narrow == NARROW_NOT_YET;
        mandate.not_before_s = TIME_S + 1;
        mandate.has_not_after = narrow == NARROW_NO_MORE;
        mandate.not_after_s = TIME_S - 1;
        give(&desk, narrow == NARROW_ISSUER ? &desk.c : &desk.b, &mandate, desk.under);
        assert_false(counts(&desk, 2));
        vl_store_close(desk.store);
    }
}

static void attack_22_a_mandate_is_passed_on_once_by_whoever_may(void **state)
{
    static const struct {
        bool may;       /* it says that it may be passed on */
        bool revoked;   /* the one above */
        bool narrow;    /* the one above is for other senders */
        char principal; /* who gave the one above */
        bool counts;
    } rows[] = {
        {true, false, false, 'B', true},  {false, false, false, 'B', false},
        {true, true, false, 'B', false},  {true, false, true, 'B', false},
        {true, false, false, 'C', false},
    };
    static const uint8_t other[1][VL_HASH_LEN] = {{'x'}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        struct vl_mandate above, mandate;
        const struct office *principal;

        desk_open(&desk);
        principal = rows[i].principal == 'B' ? &desk.b : &desk.c;
        above = mandate_to(&desk.c);
        above.may_delegate = rows[i].may;
        above.has_from = rows[i].narrow;
        above.from = vl_ids_of(other, rows[i].narrow);
        give(&desk, principal, &above, desk.above);
        mandate = mandate_to(&desk.d);
        mandate.act.capacity = VL_CAPACITY_DELEGATE;
        mandate.act.has_under = true;
        memcpy(mandate.act.under, desk.above, VL_HASH_LEN);
        give(&desk, &desk.c, &mandate, desk.under);
        if (rows[i].revoked)
            revoke(&desk, principal, desk.above);
        assert_int_equal(counts(&desk, 1), rows[i].counts);
        vl_store_close(desk.store);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mandate_of_the_addressee_to_receive_is_enough),
        cmocka_unit_test(attack_22_a_receipt_moves_no_letter_that_its_mandate_does_not_cover),
        cmocka_unit_test(attack_22_a_mandate_is_passed_on_once_by_whoever_may),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
