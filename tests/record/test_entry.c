/* SPDX-License-Identifier: Apache-2.0 */
/* record/entry.h: what may be entered in a log, by whom, and that it is entered once. */
#include "../card/chains.h"

#include "record/entry.h"

#define ORIGIN "record.example/2026"
#define NOW    INT64_C(1790000000)
#define DAY    INT64_C(86400)

/* A log with keys of its own, and an office with one card of key a. */
struct record {
    struct vl_record_policy policy;
    struct vl_chain chain;
};

static struct vl_note_key note_key(const char *name, enum vl_note_type type, char letter)
{
    const struct vl_cose_key key = key_of_byte((uint8_t)letter);
    struct vl_note_key out;

    assert_int_equal(vl_note_key_make(vl_bytes_str(name), type, key.x, &out, NULL), VL_OK);
    return out;
}

static void record_init(struct record *record)
{
    record->policy =
        (struct vl_record_policy){.origin = VL_LITERAL(ORIGIN),
                                  .receipt_key = key_of_byte('R'),
                                  .checkpoint_key = note_key(ORIGIN, VL_NOTE_ED25519, 'C'),
                                  .witness_count = 2,
                                  .need = 1,
                                  .max_len = VL_ENTRY_MAX_LEN,
                                  .past_max_s = 30 * (uint64_t)DAY,
                                  .ahead_max_s = 600};
    record->policy.witnesses[0] = note_key("w1.example", VL_NOTE_COSIGNATURE, '1');
    record->policy.witnesses[1] = note_key("w2.example", VL_NOTE_COSIGNATURE, '2');
    record->chain = (struct vl_chain)VL_CHAIN_INIT;
    grow(&record->chain, "a", "b", NULL);
}

static void record_release(struct record *record)
{
    vl_chain_release(&record->chain);
}

/* One COSE_Sign1 of the office under its card at `index`, with this much behind the act. */
static struct vl_buf statement_of(const struct record *record, size_t index, const char *keys,
                                  bool has_iat, int64_t iat_s, size_t place_len)
{
    static char place[VL_ACT_MAX_PLACE + 1];
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_act act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = true};
    const struct seeds seeds = seeds_of(keys);
    const struct vl_signer signer = {.office = record->chain.office,
                                     .seeds = seeds.at,
                                     .seed_count = seeds.count,
                                     .has_iat = has_iat,
                                     .iat_s = iat_s};
    struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_why why = {""};

    memset(place, 'p', sizeof place - 1);
    act.place = vl_bytes_first(vl_bytes_str(place), place_len);
    memcpy(act.card_id, record->chain.links[index].card.object.id, VL_HASH_LEN);
    vl_cbor_put_map(&w, vl_act_pairs(&act));
    vl_act_put(&w, &act);
    assert_int_equal(w.err, VL_OK);
    assert_err(vl_object_sign(&signer, VL_KIND_SEEN, VL_LITERAL("valise:letter:00"),
                              vl_buf_bytes(&payload), &object, NULL, &why),
               VL_OK, &why);
    /* An array of one: the statement is behind its head. */
    assert_int_equal(vl_buf_put(&out, vl_bytes_after(vl_buf_bytes(&object), 1)), VL_OK);
    return out;
}

static enum vl_err enter(const struct record *record, vl_bytes statement, bool by_issuer,
                         struct vl_why *why)
{
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    const struct vl_entry_asked asked = {&record->chain, by_issuer, NOW};
    enum vl_err err = vl_entry_parse(statement, &entry, why);

    return err ? err : vl_entry_check(&entry, &record->policy, &asked, why);
}

static void a_statement_of_a_known_office_enters(void **state)
{
    VL_AUTO(record_release) struct record record;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    uint8_t leaf[VL_HASH_LEN];
    struct vl_why why = {""};

    (void)state;
    record_init(&record);
    wire = statement_of(&record, 0, "a", true, NOW, 0);
    assert_err(enter(&record, vl_buf_bytes(&wire), true, &why), VL_OK, &why);
    assert_int_equal(vl_entry_parse(vl_buf_bytes(&wire), &entry, NULL), VL_OK);
    assert_bytes(vl_entry_bytes(&entry), vl_buf_bytes(&wire));
    assert_int_equal(entry.kind, VL_KIND_SEEN);
    vl_tree_leaf(vl_buf_bytes(&wire), leaf);
    assert_memory_equal(entry.leaf_hash, leaf, VL_HASH_LEN);
}

static void attack_26_the_same_statement_with_other_unprotected_words(void **state)
{
    VL_AUTO(record_release) struct record record;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf other = VL_BUF_INIT(VL_TRANSPARENT_MAX_LEN);
    VL_AUTO(vl_entry_release) struct vl_entry first = VL_ENTRY_INIT;
    VL_AUTO(vl_entry_release) struct vl_entry second = VL_ENTRY_INIT;
    const vl_bytes junk = VL_LITERAL("junk");

    (void)state;
    record_init(&record);
    wire = statement_of(&record, 0, "a", true, NOW, 0);
    assert_int_equal(vl_transparent_write(vl_buf_bytes(&wire), &junk, 1, &other, NULL), VL_OK);
    assert_int_equal(vl_entry_parse(vl_buf_bytes(&wire), &first, NULL), VL_OK);
    assert_int_equal(vl_entry_parse(vl_buf_bytes(&other), &second, NULL), VL_OK);
    assert_memory_equal(first.id, second.id, VL_HASH_LEN);
    assert_memory_equal(first.leaf_hash, second.leaf_hash, VL_HASH_LEN);
    assert_bytes(vl_entry_bytes(&second), vl_entry_bytes(&first));
}

/* A second signature over the same words has the same id, so it is no second entry. */
static void attack_26_another_signature_is_no_other_entry(void **state)
{
    VL_AUTO(record_release) struct record record;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_entry_release) struct vl_entry first = VL_ENTRY_INIT;
    VL_AUTO(vl_entry_release) struct vl_entry second = VL_ENTRY_INIT;

    (void)state;
    record_init(&record);
    wire = statement_of(&record, 0, "a", true, NOW, 0);
    assert_int_equal(vl_entry_parse(vl_buf_bytes(&wire), &first, NULL), VL_OK);
    wire.data[wire.len - 1] ^= 1;
    assert_int_equal(vl_entry_parse(vl_buf_bytes(&wire), &second, NULL), VL_OK);
    assert_memory_equal(first.id, second.id, VL_HASH_LEN);
    assert_int_equal(enter(&record, vl_buf_bytes(&wire), true, NULL), VL_ERR_UNVERIFIED);
}

static void attack_28_evidence_of_another_published(void **state)
{
    VL_AUTO(record_release) struct record record;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_why why = {""};

    (void)state;
    record_init(&record);
    wire = statement_of(&record, 0, "a", true, NOW, 0);
    assert_int_equal(enter(&record, vl_buf_bytes(&wire), false, &why), VL_ERR_REFUSED);
    assert_string_equal(why.text, "entry: only its issuer may publish it");
}

static void cards_and_revocations_are_entered_by_anybody(void **state)
{
    VL_AUTO(record_release) struct record record;
    VL_AUTO(record_release) struct record other;
    vl_bytes card;
    struct vl_why why = {""};

    (void)state;
    record_init(&record);
    card = vl_buf_bytes(&record.chain.links[0].card.object.by[0].wire);
    assert_err(enter(&record, card, false, &why), VL_OK, &why);
    /* A card of the same office that is not in its chain. */
    record_init(&other);
    vl_chain_release(&other.chain);
    grow(&other.chain, "a", "z", NULL);
    card = vl_buf_bytes(&other.chain.links[0].card.object.by[0].wire);
    assert_int_equal(enter(&record, card, false, &why), VL_ERR_NOT_FOUND);
}

static void attack_28_an_issuer_whose_cards_are_not_known(void **state)
{
    VL_AUTO(record_release) struct record record;
    VL_AUTO(record_release) struct record other;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    struct vl_entry_asked asked = {NULL, true, NOW};
    struct vl_why why = {""};

    (void)state;
    record_init(&record);
    record_init(&other);
    vl_chain_release(&other.chain);
    grow(&other.chain, "x", "y", NULL);
    wire = statement_of(&record, 0, "a", true, NOW, 0);
    assert_int_equal(vl_entry_parse(vl_buf_bytes(&wire), &entry, NULL), VL_OK);
    assert_int_equal(vl_entry_check(&entry, &record.policy, &asked, NULL), VL_ERR_NOT_FOUND);
    asked.chain = &other.chain;
    assert_int_equal(vl_entry_check(&entry, &record.policy, &asked, &why), VL_ERR_NOT_FOUND);
    assert_string_equal(why.text, "entry: the cards of its issuer are not known: send them along");
}

static void attack_28_a_stale_card(void **state)
{
    VL_AUTO(record_release) struct record record;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_why why = {""};

    (void)state;
    record_init(&record);
    wire = statement_of(&record, 0, "a", true, NOW, 0);
    grow(&record.chain, "b", "c", NULL);
    assert_int_equal(enter(&record, vl_buf_bytes(&wire), true, &why), VL_ERR_EXPIRED);
    assert_string_equal(why.text, "entry: its office has a newer card");
    vl_buf_release(&wire);
    wire = statement_of(&record, 1, "b", true, NOW, 0);
    assert_err(enter(&record, vl_buf_bytes(&wire), true, &why), VL_OK, &why);
    vl_buf_release(&wire);
    wire = statement_of(&record, 1, "a", true, NOW, 0); /* the old key under the new card */
    assert_int_equal(enter(&record, vl_buf_bytes(&wire), true, &why), VL_ERR_UNVERIFIED);
}

static void attack_28_a_card_that_has_run_out(void **state)
{
    static const struct {
        int64_t not_after_s;
        enum vl_err err;
    } rows[] = {{NOW, VL_OK}, {NOW - 1, VL_ERR_EXPIRED}};
    const struct plan plan = {.keys = "a", .next = "b"};
    const struct seeds seeds = seeds_of("a"), none = seeds_of("");

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(record_release) struct record record;
        VL_AUTO(vl_buf_release) struct vl_buf card = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
        struct vl_card_draft draft = draft_of(&plan, &seeds, &none);

        record_init(&record);
        vl_chain_release(&record.chain);
        draft.has_not_after = true;
        draft.not_after_s = rows[i].not_after_s;
        assert_int_equal(vl_card_write(&draft, &card, NULL), VL_OK);
        assert_int_equal(vl_chain_add(&record.chain, vl_buf_bytes(&card), NULL), VL_OK);
        wire = statement_of(&record, 0, "a", true, NOW, 0);
        assert_int_equal(enter(&record, vl_buf_bytes(&wire), true, NULL), rows[i].err);
    }
}

static void attack_28_a_revoked_key(void **state)
{
    VL_AUTO(record_release) struct record record;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf revocation = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_why why = {""};

    (void)state;
    record_init(&record);
    wire = statement_of(&record, 0, "a", true, NOW, 0);
    revocation = revocation_wire(&record.chain, 0, "b", target_kid('a'), VL_REVOCATION_COMPROMISED);
    assert_err(vl_chain_add(&record.chain, vl_buf_bytes(&revocation), &why), VL_OK, &why);
    assert_int_equal(enter(&record, vl_buf_bytes(&wire), true, &why), VL_ERR_REFUSED);
    assert_string_equal(why.text, "entry: its key is revoked");
    /* The revocation itself is entered by whoever has it. */
    assert_err(enter(&record, vl_buf_bytes(&record.chain.revocations[0].object.by[0].wire), false,
                     &why),
               VL_OK, &why);
}

static void attack_28_a_key_of_the_log_signs_as_an_office(void **state)
{
    static const char *const keys[] = {"R", "C", "1", "2"};

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        VL_AUTO(record_release) struct record record;
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
        struct vl_why why = {""};

        record_init(&record);
        vl_chain_release(&record.chain);
        grow(&record.chain, keys[i], "b", NULL);
        wire = statement_of(&record, 0, keys[i], true, NOW, 0);
        assert_int_equal(enter(&record, vl_buf_bytes(&wire), true, &why), VL_ERR_REFUSED);
        assert_string_equal(why.text, "entry: a key of its office is one of the log's");
    }
}

static void the_time_of_a_statement_has_bounds(void **state)
{
    static const struct {
        int64_t iat_s;
        enum vl_err err;
    } rows[] = {
        {NOW + 600, VL_OK},      {NOW + 601, VL_ERR_EXPIRED},
        {NOW - 30 * DAY, VL_OK}, {NOW - 30 * DAY - 1, VL_ERR_EXPIRED},
        {0, VL_ERR_EXPIRED},     {VL_CLAIMS_IAT_MAX_S, VL_ERR_EXPIRED},
    };
    VL_AUTO(record_release) struct record record;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_SIGN1_MAX_LEN);

    (void)state;
    record_init(&record);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wire = statement_of(&record, 0, "a", true, rows[i].iat_s, 0);
        assert_int_equal(enter(&record, vl_buf_bytes(&wire), true, NULL), rows[i].err);
        vl_buf_release(&wire);
    }
    wire = statement_of(&record, 0, "a", false, 0, 0);
    assert_int_equal(enter(&record, vl_buf_bytes(&wire), true, NULL), VL_OK);
    record.policy.needs_iat = true;
    assert_int_equal(enter(&record, vl_buf_bytes(&wire), true, NULL), VL_ERR_REFUSED);
    vl_buf_release(&wire);
    record.policy.past_max_s = 0; /* any time */
    wire = statement_of(&record, 0, "a", true, 0, 0);
    assert_int_equal(enter(&record, vl_buf_bytes(&wire), true, NULL), VL_OK);
}

/* A COSE_Sign1 of exactly `len` bytes: its payload is one byte string. */
static struct vl_buf statement_of_len(size_t len)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_buf wire = VL_BUF_INIT(2 * VL_SIGN1_MAX_LEN);
    const struct vl_secret seed = seed_of('a');
    uint8_t kid[VL_HASH_LEN], *at = NULL;
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_sign1_draft draft = {
        .alg = VL_COSE_ALG_EDDSA,
        .content_type = vl_bytes_str(vl_kind_content_type(VL_KIND_SEEN)),
        .claims = {VL_LITERAL("i"), VL_LITERAL("s"), false, 0},
    };

    kid_of_byte('a', kid);
    draft.kid = VL_ARRAY(kid);
    for (size_t filling = len - 300; wire.len != len; filling++) {
        wire.len = payload.len = 0;
        w = vl_cbor_to(&payload);
        vl_cbor_put_bytes_head(&w, filling);
        assert_int_equal(vl_buf_add(&payload, filling, &at), VL_OK);
        draft.payload = vl_buf_bytes(&payload);
        assert_int_equal(vl_sign1_write(&draft, &seed, &wire, NULL), VL_OK);
        assert_true(wire.len <= len);
    }
    return wire;
}

static void an_entry_of_65535_bytes_goes_in_and_one_more_is_refused(void **state)
{
    VL_AUTO(record_release) struct record record;
    VL_AUTO(vl_buf_release) struct vl_buf largest = statement_of_len(VL_ENTRY_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf larger = statement_of_len(VL_ENTRY_MAX_LEN + 1);
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    const struct vl_entry_asked asked = {NULL, true, NOW};
    struct vl_why why = {""};

    (void)state;
    record_init(&record);
    assert_err(vl_entry_parse(vl_buf_bytes(&largest), &entry, &why), VL_OK, &why);
    assert_int_equal(vl_entry_bytes(&entry).len, 65535);
    record.policy.max_len = 65534;
    assert_int_equal(vl_entry_check(&entry, &record.policy, &asked, &why), VL_ERR_LIMIT);
    assert_string_equal(why.text, "entry: 65535 bytes, more than the 65534 of this log");
    vl_entry_release(&entry);
    assert_int_equal(vl_entry_parse(vl_buf_bytes(&larger), &entry, &why), VL_ERR_LIMIT);
    assert_string_equal(why.text, "entry: 65536 bytes, more than the 65535 that an entry may have: "
                                  "sign a hash of what is so large (RFC 9995)");
    assert_int_equal(vl_entry_bytes(&entry).len, 0);
}

static void what_is_no_statement_of_ours_is_refused(void **state)
{
    /* No kid, a kind of nobody, a payload that is elsewhere. */
    static const struct {
        const char *wire;
        enum vl_err err;
    } rows[] = {
        {"d2 84 4b a2 01 27 0f a2 01 61 69 02 61 73 a0 41 70 41 ff", VL_ERR_FORMAT},
        {"d2 84 4b a2 01 27 0f a2 01 61 69 02 61 73 a0 f6 41 ff", VL_ERR_FORMAT},
        {"80", VL_ERR_FORMAT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(rows[i].wire);
        VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;

        assert_int_equal(vl_entry_parse(vl_buf_bytes(&wire), &entry, NULL), rows[i].err);
    }
}

static void the_policy_is_entry_0_and_is_read_as_it_was_written(void **state)
{
    VL_AUTO(record_release) struct record record;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    const struct vl_secret seed = seed_of('P');
    const struct vl_cose_key key = key_of_byte('P'), other = key_of_byte('Q');
    struct vl_record_policy policy;
    struct vl_log log;
    struct vl_why why = {""};

    (void)state;
    record_init(&record);
    assert_err(vl_record_policy_write(&record.policy, &seed, true, NOW, &wire, &why), VL_OK, &why);
    assert_err(vl_record_policy_read(vl_buf_bytes(&wire), &key, &policy, &why), VL_OK, &why);
    assert_bytes(policy.origin, record.policy.origin);
    assert_memory_equal(&policy.receipt_key, &record.policy.receipt_key, sizeof policy.receipt_key);
    assert_memory_equal(&policy.checkpoint_key, &record.policy.checkpoint_key,
                        sizeof policy.checkpoint_key);
    assert_int_equal(policy.witness_count, 2);
    assert_memory_equal(policy.witnesses, record.policy.witnesses, 2 * sizeof policy.witnesses[0]);
    assert_int_equal(policy.need, 1);
    assert_int_equal(policy.max_len, VL_ENTRY_MAX_LEN);
    assert_int_equal(policy.past_max_s, 30 * DAY);
    assert_int_equal(policy.ahead_max_s, 600);
    assert_false(policy.needs_iat);
    vl_record_policy_log(&policy, &log);
    assert_int_equal(log.need, 1);
    assert_int_equal(vl_record_policy_read(vl_buf_bytes(&wire), &other, &policy, NULL),
                     VL_ERR_UNVERIFIED);
    assert_err(vl_entry_parse(vl_buf_bytes(&wire), &entry, &why), VL_OK, &why);
    assert_int_equal(enter(&record, vl_buf_bytes(&wire), true, &why), VL_ERR_REFUSED);
}

static void attack_28_one_key_with_two_uses(void **state)
{
    static const struct {
        char policy, receipt, checkpoint, witness;
    } rows[] = {
        {'R', 'R', 'C', '1'}, {'C', 'R', 'C', '1'}, {'1', 'R', 'C', '1'}, {'P', 'C', 'C', '1'},
        {'P', '1', 'C', '1'}, {'P', 'R', '1', '1'}, {'P', 'R', 'C', '2'},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(record_release) struct record record;
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
        const struct vl_secret seed = seed_of((uint8_t)rows[i].policy);

        record_init(&record);
        record.policy.receipt_key = key_of_byte((uint8_t)rows[i].receipt);
        record.policy.checkpoint_key = note_key(ORIGIN, VL_NOTE_ED25519, rows[i].checkpoint);
        record.policy.witnesses[0] = note_key("w", VL_NOTE_COSIGNATURE, rows[i].witness);
        assert_int_equal(vl_record_policy_write(&record.policy, &seed, false, 0, &wire, NULL),
                         VL_ERR_USAGE);
        assert_int_equal(wire.len, 0);
    }
}

static enum vl_err use_memory(void *self, struct vl_why *why)
{
    const struct record *record = self;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    const struct vl_secret seed = seed_of('P');

    return vl_record_policy_write(&record->policy, &seed, true, NOW, &wire, why);
}

struct waiting {
    const struct record *record;
    vl_bytes statement;
};

static enum vl_err use_memory_to_enter(void *self, struct vl_why *why)
{
    const struct waiting *waiting = self;

    return enter(waiting->record, waiting->statement, true, why);
}

static void every_allocation_may_fail(void **state)
{
    VL_AUTO(record_release) struct record record;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct waiting waiting = {&record, VL_BYTES_NONE};

    (void)state;
    record_init(&record);
    assert_true(each_allocation_fails(use_memory, &record) > 4);
    wire = statement_of(&record, 0, "a", true, NOW, 10);
    waiting.statement = vl_buf_bytes(&wire);
    assert_true(each_allocation_fails(use_memory_to_enter, &waiting) > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_of_a_known_office_enters),
        cmocka_unit_test(attack_26_the_same_statement_with_other_unprotected_words),
        cmocka_unit_test(attack_26_another_signature_is_no_other_entry),
        cmocka_unit_test(attack_28_evidence_of_another_published),
        cmocka_unit_test(cards_and_revocations_are_entered_by_anybody),
        cmocka_unit_test(attack_28_an_issuer_whose_cards_are_not_known),
        cmocka_unit_test(attack_28_a_stale_card),
        cmocka_unit_test(attack_28_a_card_that_has_run_out),
        cmocka_unit_test(attack_28_a_revoked_key),
        cmocka_unit_test(attack_28_a_key_of_the_log_signs_as_an_office),
        cmocka_unit_test(the_time_of_a_statement_has_bounds),
        cmocka_unit_test(an_entry_of_65535_bytes_goes_in_and_one_more_is_refused),
        cmocka_unit_test(what_is_no_statement_of_ours_is_refused),
        cmocka_unit_test(the_policy_is_entry_0_and_is_read_as_it_was_written),
        cmocka_unit_test(attack_28_one_key_with_two_uses),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
