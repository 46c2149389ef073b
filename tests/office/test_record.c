/* SPDX-License-Identifier: Apache-2.0 */
/* office/record.h, record_check.h: what enters a record does so with its cards, and what should not
 * have entered is found by whoever checks it. */
#include "../card/chains.h"

#include <stdio.h>
#include <stdlib.h>

#include "office/record_check.h"

#define NOW INT64_C(1790000000)

struct record {
    char folder[64], path[80];
    struct vl_log_dir *log;
    struct vl_chain chain;
};

static void begin(struct record *record, const char *keys)
{
    struct vl_record_policy policy = {.origin = VL_LITERAL("record.example"),
                                      .max_len = VL_ENTRY_MAX_LEN,
                                      .ahead_max_s = 600};
    struct counter_rng counter;
    struct vl_log_dir_draft draft = {.policy = &policy, .now_s = NOW};
    struct vl_why why = {""};

    *record = (struct record){.folder = "/tmp/valise-record-XXXXXX", .chain = VL_CHAIN_INIT};
    assert_non_null(mkdtemp(record->folder));
    (void)snprintf(record->path, sizeof record->path, "%s/record", record->folder);
    draft.path = record->path;
    draft.rng = counter_rng(&counter, 3);
    assert_err(vl_log_dir_make(&draft, &why), VL_OK, &why);
    assert_err(vl_log_dir_open(record->path, VL_LOG_DIR_WRITE, &record->log, &why), VL_OK, &why);
    grow(&record->chain, keys, "z", NULL);
}

static void end(struct record *record)
{
    char line[128];

    vl_log_dir_close(record->log);
    vl_chain_release(&record->chain);
    (void)snprintf(line, sizeof line, "rm -rf %s", record->folder);
    assert_int_equal(system(line), 0); /* NOLINT(cert-env33-c): our own words */
}

/* An object that the office of the chain signs under its card at `index`, with these keys. */
static struct vl_buf statement(const struct record *record, size_t index, const char *keys,
                               const char *sub)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_act act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = true};
    const struct seeds seeds = seeds_of(keys);
    const struct vl_signer signer = {.office = record->chain.office,
                                     .seeds = seeds.at,
                                     .seed_count = seeds.count,
                                     .has_iat = true,
                                     .iat_s = NOW};
    struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_why why = {""};

    memcpy(act.card_id, record->chain.links[index].card.object.id, VL_HASH_LEN);
    vl_cbor_put_map(&w, vl_act_pairs(&act));
    vl_act_put(&w, &act);
    assert_int_equal(w.err, VL_OK);
    assert_err(vl_object_sign(&signer, VL_KIND_SEEN, vl_bytes_str(sub), vl_buf_bytes(&payload),
                              &out, NULL, &why),
               VL_OK, &why);
    return out;
}

/* Ask for it as its issuer, with the cards of the chain; what becomes of it. */
static struct vl_record_outcome ask(const struct record *record, vl_bytes object, bool with_cards)
{
    struct vl_record_batch *batch = vl_record_batch_new(record->log, NULL, NOW);
    struct vl_record_outcome outcome;
    struct vl_why why = {""};

    assert_non_null(batch);
    if (with_cards)
        assert_err(vl_record_batch_cards(batch, &record->chain, &why), VL_OK, &why);
    assert_err(vl_record_batch_put(batch, object, true, &why), VL_OK, &why);
    assert_err(vl_record_batch_commit(batch, &why), VL_OK, &why);
    assert_int_equal(vl_record_batch_count(batch), 1);
    outcome = *vl_record_batch_at(batch, 0);
    vl_record_batch_free(batch);
    return outcome;
}

static struct vl_record_outcome ask_for(const struct record *record, size_t index, const char *keys,
                                        const char *sub, bool with_cards)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = statement(record, index, keys, sub);

    return ask(record, vl_buf_bytes(&wire), with_cards);
}

static uint64_t size_of(const struct record *record)
{
    struct vl_log_dir_state state;

    vl_log_dir_state(record->log, &state);
    return state.size;
}

static enum vl_err check_all(const struct record *record, struct vl_record_checked *checked,
                             struct vl_why *why)
{
    const struct vl_record_check_request request = {.path = record->path, .workers = 1};

    return vl_record_check(&request, checked, why);
}

static void assert_sound(const struct record *record, uint64_t statements)
{
    struct vl_record_checked checked;
    struct vl_why why = {""};

    assert_err(check_all(record, &checked, &why), VL_OK, &why);
    assert_int_equal(checked.size, size_of(record));
    assert_int_equal(checked.statements, statements);
}

/* What an operator puts in who asks nobody. */
static void force_in(const struct record *record, vl_bytes object)
{
    VL_AUTO(vl_object_release) struct vl_object read = VL_OBJECT_INIT;
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    struct vl_log_dir_put put = {.entry = &entry};
    struct vl_why why = {""};

    assert_err(vl_object_parse(object, &read, &why), VL_OK, &why);
    assert_err(vl_entry_parse(vl_buf_bytes(&read.by[0].wire), &entry, &why), VL_OK, &why);
    assert_err(vl_log_dir_append(record->log, &put, 1, &why), VL_OK, &why);
    assert_false(put.was_there);
}

static void assert_found(const struct record *record, const char *words)
{
    struct vl_record_checked checked;
    struct vl_why why = {""};

    assert_err(check_all(record, &checked, &why), VL_ERR_UNVERIFIED, &why);
    assert_non_null(strstr(why.text, words));
}

static void cards_enter_before_what_their_office_says(void **state)
{
    VL_AUTO(end) struct record record;
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    struct vl_record_outcome outcome;
    struct vl_why why = {""};

    (void)state;
    begin(&record, "a");
    outcome = ask_for(&record, 0, "a", "valise:letter:1", false);
    assert_int_equal(outcome.err, VL_ERR_NOT_FOUND);
    assert_int_equal(size_of(&record), 1);
    outcome = ask_for(&record, 0, "a", "valise:letter:1", true);
    assert_int_equal(outcome.err, VL_OK);
    assert_int_equal(outcome.index, 2);
    /* From now on the record has the card. */
    outcome = ask_for(&record, 0, "a", "valise:letter:2", false);
    assert_int_equal(outcome.err, VL_OK);
    assert_int_equal(outcome.index, 3);
    assert_err(vl_record_chain(record.log, &record.chain.office, &chain, &why), VL_OK, &why);
    assert_int_equal(chain.count, 1);
    assert_sound(&record, 2);
}

static void an_object_with_two_signatures_is_two_entries_and_its_card_too(void **state)
{
    VL_AUTO(end) struct record record;
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    struct vl_record_outcome outcome;
    struct vl_why why = {""};

    (void)state;
    begin(&record, "ab");
    outcome = ask_for(&record, 0, "ab", "valise:letter:1", true);
    assert_int_equal(outcome.err, VL_OK);
    assert_int_equal(outcome.index, 3);
    assert_int_equal(size_of(&record), 5);
    assert_err(vl_record_chain(record.log, &record.chain.office, &chain, &why), VL_OK, &why);
    assert_int_equal(chain.count, 1);
    outcome = ask_for(&record, 0, "ab", "valise:letter:1", false);
    assert_true(outcome.was_there);
    assert_int_equal(outcome.index, 3);
    assert_int_equal(size_of(&record), 5);
    assert_sound(&record, 2);
}

static void what_was_said_stays_good_when_its_key_is_given_up(void **state)
{
    VL_AUTO(end) struct record record;
    struct vl_record_outcome outcome;

    (void)state;
    begin(&record, "a");
    assert_int_equal(ask_for(&record, 0, "a", "valise:letter:1", true).err, VL_OK);
    grow(&record.chain, "z", "y", NULL);
    outcome = ask_for(&record, 0, "a", "valise:letter:2", true);
    assert_int_equal(outcome.err, VL_ERR_EXPIRED);
    assert_int_equal(ask_for(&record, 1, "z", "valise:letter:2", true).err, VL_OK);
    /* Whoever asks for the old one again is told where it is. */
    outcome = ask_for(&record, 0, "a", "valise:letter:1", false);
    assert_int_equal(outcome.err, VL_OK);
    assert_true(outcome.was_there);
    assert_sound(&record, 2);
}

static void a_revoked_key_enters_nothing_more(void **state)
{
    VL_AUTO(end) struct record record;
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    struct vl_why why = {""};

    (void)state;
    begin(&record, "a");
    assert_int_equal(ask_for(&record, 0, "a", "valise:letter:1", true).err, VL_OK);
    revoke(&record.chain, 0, "a", target_kid('a'), VL_REVOCATION_COMPROMISED);
    assert_int_equal(ask_for(&record, 0, "a", "valise:letter:2", true).err, VL_ERR_REFUSED);
    {
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);

        assert_int_equal(vl_object_write(&record.chain.revocations[0].object, &wire), VL_OK);
        assert_int_equal(ask(&record, vl_buf_bytes(&wire), false).err, VL_OK);
    }
    assert_err(vl_record_chain(record.log, &record.chain.office, &chain, &why), VL_OK, &why);
    assert_int_equal(chain.revocation_count, 1);
    assert_int_equal(ask_for(&record, 0, "a", "valise:letter:3", false).err, VL_ERR_REFUSED);
    assert_sound(&record, 1);
}

static void attack_28_an_operator_enters_what_nobody_signed(void **state)
{
    VL_AUTO(end) struct record record;
    VL_AUTO(vl_buf_release) struct vl_buf forged = VL_BUF_INIT(VL_OBJECT_MAX_LEN);

    (void)state;
    begin(&record, "a");
    assert_int_equal(ask_for(&record, 0, "a", "valise:letter:1", true).err, VL_OK);
    forged = statement(&record, 0, "q", "valise:letter:2");
    assert_int_equal(ask(&record, vl_buf_bytes(&forged), true).err, VL_ERR_UNVERIFIED);
    force_in(&record, vl_buf_bytes(&forged));
    assert_found(&record, "entry 3");
}

static void attack_28_an_operator_enters_a_statement_before_its_card(void **state)
{
    VL_AUTO(end) struct record record;
    VL_AUTO(vl_buf_release) struct vl_buf early = VL_BUF_INIT(VL_OBJECT_MAX_LEN);

    (void)state;
    begin(&record, "a");
    early = statement(&record, 0, "a", "valise:letter:1");
    force_in(&record, vl_buf_bytes(&early));
    assert_int_equal(ask_for(&record, 0, "a", "valise:letter:2", true).err, VL_OK);
    assert_found(&record, "entry 1");
}

static void attack_28_an_operator_enters_what_a_revoked_key_signed(void **state)
{
    VL_AUTO(end) struct record record;
    VL_AUTO(vl_buf_release) struct vl_buf late = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);

    (void)state;
    begin(&record, "a");
    assert_int_equal(ask_for(&record, 0, "a", "valise:letter:1", true).err, VL_OK);
    late = statement(&record, 0, "a", "valise:letter:2");
    revoke(&record.chain, 0, "a", target_kid('a'), VL_REVOCATION_COMPROMISED);
    assert_int_equal(vl_object_write(&record.chain.revocations[0].object, &wire), VL_OK);
    assert_int_equal(ask(&record, vl_buf_bytes(&wire), true).err, VL_OK);
    assert_sound(&record, 1);
    force_in(&record, vl_buf_bytes(&late));
    assert_found(&record, "revoked");
}

static void a_fork_of_an_offices_cards_is_refused(void **state)
{
    VL_AUTO(end) struct record record;
    VL_AUTO(vl_chain_release) struct vl_chain other = VL_CHAIN_INIT;
    struct vl_record_batch *batch;
    struct vl_why why = {""};

    (void)state;
    begin(&record, "a");
    grow(&other, "a", "z", NULL);
    grow(&record.chain, "z", "y", NULL);
    grow(&other, "z", "x", NULL); /* the same keys announce others */
    assert_int_equal(ask_for(&record, 1, "z", "valise:letter:1", true).err, VL_OK);
    batch = vl_record_batch_new(record.log, NULL, NOW);
    assert_non_null(batch);
    assert_err(vl_record_batch_cards(batch, &other, &why), VL_ERR_REFUSED, &why);
    vl_record_batch_free(batch);
}

static void what_is_more_than_one_batch_enters_in_order(void **state)
{
    enum { COUNT = VL_LOG_DIR_MAX_BATCH + 3 };
    VL_AUTO(end) struct record record;
    struct vl_record_batch *batch;
    struct vl_why why = {""};

    (void)state;
    begin(&record, "a");
    batch = vl_record_batch_new(record.log, NULL, NOW);
    assert_non_null(batch);
    assert_err(vl_record_batch_cards(batch, &record.chain, &why), VL_OK, &why);
    for (size_t i = 0; i < COUNT; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
        char sub[32];

        (void)snprintf(sub, sizeof sub, "valise:letter:%zu", i);
        wire = statement(&record, 0, "a", sub);
        assert_err(vl_record_batch_put(batch, vl_buf_bytes(&wire), true, &why), VL_OK, &why);
    }
    assert_err(vl_record_batch_commit(batch, &why), VL_OK, &why);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(vl_record_batch_at(batch, i)->index, 2 + i);
    vl_record_batch_free(batch);
    assert_int_equal(size_of(&record), 2 + COUNT);
    assert_sound(&record, COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards_enter_before_what_their_office_says),
        cmocka_unit_test(an_object_with_two_signatures_is_two_entries_and_its_card_too),
        cmocka_unit_test(what_was_said_stays_good_when_its_key_is_given_up),
        cmocka_unit_test(a_revoked_key_enters_nothing_more),
        cmocka_unit_test(attack_28_an_operator_enters_what_nobody_signed),
        cmocka_unit_test(attack_28_an_operator_enters_a_statement_before_its_card),
        cmocka_unit_test(attack_28_an_operator_enters_what_a_revoked_key_signed),
        cmocka_unit_test(a_fork_of_an_offices_cards_is_refused),
        cmocka_unit_test(what_is_more_than_one_batch_enters_in_order),
    };

    return cmocka_run_group_tests_name("office/record", tests, NULL, NULL);
}
