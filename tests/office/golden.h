/* SPDX-License-Identifier: Apache-2.0 */
/* tests/office/golden.h: the worked examples in tests/golden/: two offices, three letters, and all
 * that is signed about them, from fixed keys and counted randomness.
 *
 * A signing seed or a private sealing key is one byte 32 times.  The Well Office has 'a', then 'b'
 * as it announced, and announces 'c'; its sealing key is 'A'.  The Mill Office has 'm', announces
 * 'n', and its sealing key is 'B'.  What is random comes from the counter of tests/support, begun
 * anew for each letter. */
#ifndef VL_TESTS_OFFICE_GOLDEN_H
#define VL_TESTS_OFFICE_GOLDEN_H

#include <string.h>

#include "evidence/evidence.h"
#include "letter/disclosure.h"
#include "letter/pax.h"

#include "support.h"

#define GOLDEN_CEIL  ((size_t)1 << 24)
#define GOLDEN_NOW_S INT64_C(1800000000) /* 2027-01-15 08:00 UTC */
#define GOLDEN_DAY_S INT64_C(1799971200)

/* clang-format off */
#define GOLDEN_FILES(X)                                                          \
    /* code              file */                                                 \
    X(WELL_CARDS,        "well.cards")                                           \
    X(MILL_CARDS_TEXT,   "mill.cards.txt")                                       \
    X(MILL_CARDS,        "mill.cards")                                           \
    X(WELL_KEY,          "well.key")                                             \
    X(MILL_KEY,          "mill.key")                                             \
    X(LETTER_SEALED,     "sealed-letter.age")                                    \
    X(LETTER_OPEN,       "open-letter.tar")                                      \
    X(LETTER_EXACT,      "exact-letter.age")                                     \
    X(WAYBILL,           "sealed-letter.waybill")                                \
    X(SEALED,            "sealed.cbor")                                          \
    X(OPENED,            "opened.cbor")                                          \
    X(EVIDENCE,          "sealed-letter.evidence")                               \
    X(STATEMENTS,        "statements.evidence")                                  \
    X(INVITATIONS,       "invitations.evidence")                                 \
    X(DISCLOSURE_FIELD,  "subject.disclosure")                                   \
    X(DISCLOSURE_PART,   "part.disclosure")                                      \
    X(DISCLOSURE_WHOLE,  "whole.disclosure")
/* clang-format on */
enum golden_file {
#define X(code, name) GOLDEN_##code,
    GOLDEN_FILES(X)
#undef X
        GOLDEN_COUNT
};

struct golden_office {
    struct vl_secret seed; /* of the newest card */
    struct vl_age_identity key;
    struct vl_chain chain;
    struct vl_signer signer;
};

struct golden_letter {
    struct vl_buf wire;
    struct vl_letter_made made;
    struct vl_buf waybill;
};

/* Stays where it is: signers borrow their seeds. */
struct goldens {
    struct golden_office well, mill;
    struct golden_letter letters[3]; /* sealed, open, exact */
    uint8_t sealed_id[VL_HASH_LEN];
    struct vl_evidence_leaf leaf; /* of the sealed letter */
    struct vl_buf files[GOLDEN_COUNT];
};

static const char *const golden_names[GOLDEN_COUNT] = {
#define X(code, name) [GOLDEN_##code] = (name),
    GOLDEN_FILES(X)
#undef X
};

static inline struct vl_secret golden_secret(char byte)
{
    struct vl_secret secret = {32, {0}};

    memset(secret.data, byte, 32);
    return secret;
}

static inline void golden_chain_add(struct golden_office *office, const struct vl_card_draft *draft)
{
    VL_AUTO(vl_buf_release) struct vl_buf card = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_why why = {""};

    assert_err(vl_card_write(draft, &card, &why), VL_OK, &why);
    assert_err(vl_chain_add(&office->chain, vl_buf_bytes(&card), &why), VL_OK, &why);
}

/* One card for each byte of seeds but the last, which is only announced. */
static inline void golden_office_make(struct golden_office *office, const char *seeds, char sealing,
                                      vl_bytes name)
{
    static const vl_bytes languages[] = {{(const uint8_t *)"en", 2}, {(const uint8_t *)"de-CH", 5}};
    struct vl_card_sealing to = {VL_LITERAL(VL_CARD_SEALING_X25519), VL_BYTES_NONE};
    struct vl_tree closed = VL_TREE_INIT;

    office->key.x25519 = golden_secret(sealing);
    vl_x25519_public(&office->key.x25519, office->key.recipient.x25519);
    to.key = VL_ARRAY(office->key.recipient.x25519);
    for (size_t i = 0; seeds[i + 1]; i++) {
        struct vl_secret next = golden_secret(seeds[i + 1]);
        struct vl_card_draft draft = {.serial = i,
                                      .seeds = &office->seed,
                                      .seed_count = 1,
                                      .sealing = &to,
                                      .sealing_count = 1,
                                      .name = name,
                                      .languages = languages,
                                      .language_count = 2 * (i == 0),
                                      .has_iat = true,
                                      .iat_s = GOLDEN_DAY_S + (int64_t)i};
        struct vl_cose_key key = VL_COSE_KEY_INIT;

        office->seed = golden_secret(seeds[i]);
        vl_cose_key_of_seed(&next, &key);
        assert_int_equal(vl_card_keys_hash(&key, 1, draft.next), VL_OK);
        if (i > 0) {
            uint8_t leaf[VL_HASH_LEN];

            draft.office = &office->chain.office;
            draft.previous = vl_chain_newest(&office->chain)->object.id;
            vl_tree_leaf(vl_bytes_of(draft.previous, VL_HASH_LEN), leaf);
            vl_tree_add(&closed, leaf);
            draft.has_closes = true;
            vl_tree_root(&closed, draft.closes_root);
            draft.closes_count = closed.count;
        }
        golden_chain_add(office, &draft);
    }
    office->signer = (struct vl_signer){.office = office->chain.office,
                                        .seeds = &office->seed,
                                        .seed_count = 1,
                                        .has_iat = true,
                                        .iat_s = GOLDEN_NOW_S};
    memcpy(office->signer.card_id, vl_chain_newest(&office->chain)->object.id, VL_HASH_LEN);
}

/* The Well Office takes back its first key, which it lost. */
static inline void golden_revoke(struct golden_office *office)
{
    VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_why why = {""};

    assert_err(vl_revocation_write(&office->signer, office->chain.links[0].card.keys[0].kid,
                                   VL_REVOCATION_LOST, &object, &why),
               VL_OK, &why);
    assert_err(vl_chain_add(&office->chain, vl_buf_bytes(&object), &why), VL_OK, &why);
}

/* What the three letters have in common. */
static inline struct vl_letter_plan golden_plan(struct goldens *g, struct counter_rng *counter,
                                                uint64_t seed)
{
    struct vl_letter_plan plan = {.signer = &g->well.signer,
                                  .act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = true},
                                  .sealing = 1,
                                  .sealing_of = 1,
                                  .has_date = true,
                                  .date_s = GOLDEN_NOW_S,
                                  .rng = counter_rng(counter, seed)};

    assert_int_equal(vl_rng_fill(&plan.rng, plan.letter_id, sizeof plan.letter_id), VL_OK);
    return plan;
}

static inline void golden_write(struct golden_letter *letter, struct vl_letter_plan *plan,
                                const vl_bytes *contents)
{
    struct vl_letter_writer *writer = NULL;
    struct vl_why why = {""};

    letter->wire = VL_BUF_INIT(GOLDEN_CEIL);
    plan->sink = vl_buf_sink(&letter->wire);
    assert_err(vl_letter_writer_new(plan, &writer, &why), VL_OK, &why);
    for (size_t i = 0; i < plan->part_count; i++)
        assert_err(vl_letter_writer_write(writer, contents[i], &why), VL_OK, &why);
    assert_err(vl_letter_writer_finish(writer, &letter->made, &why), VL_OK, &why);
    vl_letter_writer_free(writer);
}

static inline void golden_waybill(struct golden_letter *letter, const struct vl_letter_plan *plan)
{
    struct vl_waybill waybill = {.size = letter->made.size,
                                 .mode = plan->open ? VL_LETTER_OPEN : VL_LETTER_SEALED,
                                 .from = plan->signer->office,
                                 .opening_count = letter->made.opening_count,
                                 .has_date = true,
                                 .date_s = GOLDEN_DAY_S,
                                 .has_expires = plan->has_expires,
                                 .expires_s = plan->expires_s,
                                 .consignment = 1,
                                 .consignment_of = 1};
    struct vl_why why = {""};

    memcpy(waybill.number, letter->made.number, VL_HASH_LEN);
    memcpy(waybill.commitment, letter->made.core_id, VL_HASH_LEN);
    for (size_t i = 0; i < plan->recipient_count; i++)
        if (!plan->recipients[i].is_own_copy)
            waybill.to[waybill.to_count++] = plan->recipients[i].office;
    for (size_t i = 0; i < letter->made.opening_count; i++)
        memcpy(waybill.openings[i], letter->made.openings[i], VL_HASH_LEN);
    letter->waybill = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
    assert_err(vl_waybill_write(&waybill, &letter->waybill, &why), VL_OK, &why);
}

static inline void golden_letters(struct goldens *g)
{
    const struct vl_letter_recipient to[] = {
        {g->mill.chain.office, g->mill.key.recipient, false},
        {g->well.chain.office, g->well.key.recipient, true},
    };
    static const vl_bytes two[] = {{(const uint8_t *)"The well is dry.\n", 17},
                                   {(const uint8_t *)"Dig here.\n", 10}};
    const struct vl_letter_part parts[] = {
        {VL_LITERAL("letter.txt"), VL_LITERAL("text/plain"), VL_LITERAL("en"), two[0].len},
        {VL_LITERAL("Pl\xc3\xa4ne.txt"), VL_BYTES_NONE, VL_BYTES_NONE, two[1].len},
    };
    struct counter_rng counters[3];
    struct vl_letter_plan sealed = golden_plan(g, &counters[0], 1);
    struct vl_letter_plan open = golden_plan(g, &counters[1], 2);
    struct vl_letter_plan exact = golden_plan(g, &counters[2], 3);

    sealed.recipients = open.recipients = exact.recipients = to;
    sealed.recipient_count = 2;
    open.recipient_count = exact.recipient_count = 1;
    sealed.parts = open.parts = exact.parts = parts;
    sealed.part_count = 2;
    open.part_count = 1;
    sealed.has_subject = open.has_subject = true;
    sealed.subject = open.subject = VL_LITERAL("About the well");
    sealed.has_expires = true;
    sealed.expires_s = GOLDEN_NOW_S + 86400;
    open.open = true;
    exact.exact = true;
    exact.has_date = false;
    golden_write(&g->letters[0], &sealed, two);
    golden_write(&g->letters[1], &open, two);
    exact.has_in_reply_to = true;
    memcpy(exact.in_reply_to, g->letters[0].made.number, VL_HASH_LEN);
    golden_write(&g->letters[2], &exact, two);
    golden_waybill(&g->letters[0], &sealed);
    golden_waybill(&g->letters[1], &open);
    golden_waybill(&g->letters[2], &exact);
}

/* One act over the waybills of all three, ascending by number. */
static inline void golden_seal(struct goldens *g)
{
    struct vl_sealed sealed = {.act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = true},
                               .count = 3};
    struct vl_tree tree = VL_TREE_INIT;
    uint8_t hashes[3][VL_HASH_LEN];
    struct vl_buf *out = &g->files[GOLDEN_SEALED];
    size_t order[3] = {0, 0, 0};
    struct vl_why why = {""};

    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++)
            order[i] +=
                memcmp(g->letters[j].made.number, g->letters[i].made.number, VL_HASH_LEN) < 0;
    for (size_t i = 0; i < 3; i++)
        vl_tree_leaf(vl_buf_bytes(&g->letters[i].waybill), hashes[order[i]]);
    for (size_t i = 0; i < 3; i++)
        vl_tree_add(&tree, hashes[i]);
    vl_tree_root(&tree, sealed.root);
    assert_err(vl_sealed_write(&g->well.signer, &sealed, out, g->sealed_id, &why), VL_OK, &why);
    g->leaf.leaf = vl_buf_bytes(&g->letters[0].waybill);
    g->leaf.index = order[0];
    vl_tree_path((const uint8_t(*)[VL_HASH_LEN])hashes, 3, order[0], &g->leaf.path);
}

/* A letter as this office reads it.  office NULL: an open letter. */
static inline struct vl_letter_seen golden_read(struct golden_office *office, vl_bytes wire,
                                                enum vl_err *err)
{
    const struct vl_age_identities identities = {office ? &office->key : NULL, 1, 1};
    const struct vl_letter_read_plan plan = {.identities = office ? &identities : NULL,
                                             .office = office ? &office->chain.office : NULL};
    struct vl_letter_reader *reader = vl_letter_reader_new(&plan, 0);
    struct vl_letter_seen seen = VL_LETTER_SEEN_INIT;

    assert_non_null(reader);
    *err = vl_letter_reader_write(reader, wire, NULL);
    if (!*err)
        *err = vl_letter_reader_finish(reader, &seen, NULL);
    vl_letter_reader_free(reader);
    return seen;
}

static inline void golden_open(struct goldens *g, const struct vl_letter_seen *seen)
{
    struct vl_opened opened = {.act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = true},
                               .has_waybill = true,
                               .has_core = true,
                               .verdict = VL_VERDICT_OK,
                               .has_opening = true};
    struct vl_why why = {""};

    memcpy(opened.number, seen->number, VL_HASH_LEN);
    vl_sha256(vl_buf_bytes(&g->letters[0].waybill), opened.waybill);
    memcpy(opened.core, seen->manifest.core_id, VL_HASH_LEN);
    memcpy(opened.opening, seen->opening, VL_HASH_LEN);
    assert_err(vl_opened_write(&g->mill.signer, &opened, &g->files[GOLDEN_OPENED], NULL, &why),
               VL_OK, &why);
}

static inline void golden_evidence(struct goldens *g)
{
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;

    assert_int_equal(vl_evidence_put_chain(&out, vl_buf_bytes(&g->files[GOLDEN_WELL_CARDS])),
                     VL_OK);
    assert_int_equal(vl_evidence_put_chain(&out, vl_buf_bytes(&g->files[GOLDEN_MILL_CARDS])),
                     VL_OK);
    assert_int_equal(vl_evidence_put(&out, vl_buf_bytes(&g->files[GOLDEN_SEALED]), &g->leaf, 1),
                     VL_OK);
    assert_int_equal(vl_evidence_put(&out, vl_buf_bytes(&g->files[GOLDEN_OPENED]), NULL, 0), VL_OK);
    assert_int_equal(vl_evidence_finish(&out, &g->files[GOLDEN_EVIDENCE]), VL_OK);
}

#define GOLDEN_SAID 12

/* What is said of the sealed letter, and what of that: one of each kind, and two relays. */
struct golden_said {
    struct vl_evidence_out out;
    size_t count;
    uint8_t ids[GOLDEN_SAID][VL_HASH_LEN];
};

static inline void golden_put_said(struct golden_said *said, const struct vl_buf *object)
{
    assert_int_equal(vl_evidence_put(&said->out, vl_buf_bytes(object), NULL, 0), VL_OK);
    said->count++;
}

static inline void golden_say(struct golden_said *said, const struct golden_office *office,
                              const struct vl_statement *statement)
{
    VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_statement whole = *statement;
    struct vl_why why = {""};

    whole.act.capacity = VL_CAPACITY_PRINCIPAL;
    whole.act.manual = true;
    whole.modality = whole.modality ? whole.modality : VL_MODALITY_ACTUAL;
    assert_err(vl_statement_write(&office->signer, &whole, &object, said->ids[said->count], &why),
               VL_OK, &why);
    golden_put_said(said, &object);
}

static inline struct vl_statement_about golden_about(enum vl_subject what, const uint8_t *id,
                                                     enum vl_relation relation)
{
    struct vl_statement_about about = {.what = what, .relation = relation};

    memcpy(about.id, id, VL_HASH_LEN);
    return about;
}

/* What the Well Office says. */
static inline void golden_say_well(struct golden_said *said, const struct goldens *g)
{
    struct vl_statement announced = {.kind = VL_KIND_ASSERT,
                                     .holder = VL_LITERAL("the clerk of the well"),
                                     .about_count = 1,
                                     .lang = VL_LITERAL("en"),
                                     .text = VL_LITERAL("The mill would have our letter."),
                                     .basis = VL_BASIS_OWN_ACT,
                                     .fact = VL_LITERAL("delivered"),
                                     .has_party = true,
                                     .party = g->mill.chain.office};
    struct vl_statement silence = {.kind = VL_KIND_ASSERT,
                                   .about_count = 1,
                                   .text = VL_LITERAL("The mill has not answered."),
                                   .has_as_of = true,
                                   .as_of_s = GOLDEN_DAY_S,
                                   .absence = true};
    struct vl_statement promise = {.kind = VL_KIND_COMMIT,
                                   .about_count = 1,
                                   .text = VL_LITERAL("We shall dig."),
                                   .modality = VL_MODALITY_FUTURE};

    announced.about[0] =
        golden_about(VL_SUBJECT_LETTER, g->letters[0].made.number, VL_RELATION_NONE);
    silence.about[0] = golden_about(VL_SUBJECT_OFFICE, g->mill.chain.office.at, VL_RELATION_NONE);
    promise.about[0] = announced.about[0];
    golden_say(said, &g->well, &announced);
    golden_say(said, &g->well, &silence);
    golden_say(said, &g->well, &promise);
}

/* What the Mill Office makes of it. */
static inline void golden_say_mill(struct golden_said *said, const struct goldens *g)
{
    struct vl_statement heard = {.kind = VL_KIND_RELAY,
                                 .text = VL_LITERAL("The well is said to be full."),
                                 .mode = VL_MODE_PARAPHRASE,
                                 .basis = VL_BASIS_HEARSAY,
                                 .relayed = VL_KIND_ASSERT,
                                 .source_count = 2,
                                 .has_capture = true};
    struct vl_statement passed_on = {.kind = VL_KIND_RELAY,
                                     .relayed = VL_KIND_ASSERT,
                                     .source_count = 1,
                                     .has_saying = true};
    struct vl_statement denial = {.kind = VL_KIND_DENY,
                                  .about_count = 1,
                                  .text = VL_LITERAL("We have no letter.")};
    struct vl_statement silent = {.kind = VL_KIND_DECLINE,
                                  .about_count = 1,
                                  .has_as_of = true,
                                  .as_of_s = GOLDEN_NOW_S};

    heard.sources[0].name = VL_LITERAL("a visitor");
    memset(heard.capture, 0xca, VL_HASH_LEN);
    passed_on.sources[0] = (struct vl_statement_source){true, g->well.chain.office, VL_BYTES_NONE};
    memcpy(passed_on.saying, said->ids[0], VL_HASH_LEN);
    denial.about[0] = golden_about(VL_SUBJECT_ACT, said->ids[0], VL_RELATION_DISPUTES);
    silent.about[0] = golden_about(VL_SUBJECT_ACT, said->ids[1], VL_RELATION_NONE);
    golden_say(said, &g->mill, &heard);
    golden_say(said, &g->mill, &passed_on);
    golden_say(said, &g->mill, &denial);
    golden_say(said, &g->mill, &silent);
}

/* One word of the first, and all of the third. */
static inline void golden_change(struct golden_said *said, const struct goldens *g)
{
    struct vl_statement corrected = {.kind = VL_KIND_CORRECT,
                                     .text = VL_LITERAL("has"),
                                     .span = VL_LITERAL("would have"),
                                     .span_before = VL_LITERAL("The mill "),
                                     .span_after = VL_LITERAL(" our letter")};
    struct vl_statement withdrawn = {.kind = VL_KIND_WITHDRAW};

    memcpy(corrected.target, said->ids[0], VL_HASH_LEN);
    memcpy(withdrawn.target, said->ids[2], VL_HASH_LEN);
    golden_say(said, &g->well, &corrected);
    golden_say(said, &g->well, &withdrawn);
}

/* The mill comes after the well, and withdraws what the well said. */
static inline void golden_succeed(struct golden_said *said, const struct goldens *g)
{
    VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_statement withdrawn = {.kind = VL_KIND_WITHDRAW,
                                     .act = {.capacity = VL_CAPACITY_PRINCIPAL, .has_under = true}};
    struct vl_succeeds succeeds = {.act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = true},
                                   .predecessor = g->well.chain.office,
                                   .successor = g->mill.chain.office,
                                   .has_scope = true,
                                   .scope = vl_ids_of((const uint8_t(*)[VL_HASH_LEN])said->ids, 1),
                                   .has_from = true,
                                   .from_s = GOLDEN_DAY_S,
                                   .nonce = {9}};
    struct vl_why why = {""};

    assert_err(vl_succeeds_write(&g->well.signer, &succeeds, &object, said->ids[said->count], &why),
               VL_OK, &why);
    memcpy(withdrawn.act.under, said->ids[said->count], VL_HASH_LEN);
    golden_put_said(said, &object);
    memcpy(withdrawn.target, said->ids[0], VL_HASH_LEN);
    golden_say(said, &g->mill, &withdrawn);
}

static inline void golden_translate(struct golden_said *said, const struct goldens *g)
{
    VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_translation translation = {.act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = true},
                                         .source_what = VL_SUBJECT_LETTER,
                                         .source_lang = VL_LITERAL("en"),
                                         .is_held = true,
                                         .target_lang = VL_LITERAL("de-CH"),
                                         .how = VL_TRANSLATED_POST_EDITED,
                                         .engine = VL_LITERAL("an engine 1.0"),
                                         .vouches = VL_LITERAL("the clerk of the mill"),
                                         .competence =
                                             VL_LITERAL("I read and write both languages."),
                                         .text = VL_LITERAL("Der Brunnen ist leer.\n")};
    struct vl_why why = {""};

    memcpy(translation.source, g->letters[0].made.number, VL_HASH_LEN);
    vl_sha256(translation.text, translation.target);
    assert_err(vl_translation_write(&g->mill.signer, &translation, &object, said->ids[said->count],
                                    &why),
               VL_OK, &why);
    golden_put_said(said, &object);
}

static inline void golden_statements(struct goldens *g)
{
    struct golden_said said = {.out = VL_EVIDENCE_OUT_INIT};

    assert_int_equal(vl_evidence_put_chain(&said.out, vl_buf_bytes(&g->files[GOLDEN_WELL_CARDS])),
                     VL_OK);
    assert_int_equal(vl_evidence_put_chain(&said.out, vl_buf_bytes(&g->files[GOLDEN_MILL_CARDS])),
                     VL_OK);
    golden_say_well(&said, g);
    golden_say_mill(&said, g);
    golden_change(&said, g);
    golden_translate(&said, g);
    golden_succeed(&said, g);
    assert_int_equal(said.count, GOLDEN_SAID);
    assert_int_equal(vl_evidence_finish(&said.out, &g->files[GOLDEN_STATEMENTS]), VL_OK);
    vl_evidence_out_release(&said.out);
}

#define GOLDEN_INVITED 15

/* The Well Office invites the Mill Office, for no date yet; the Mill Office invites it back. */
struct golden_invited {
    struct vl_evidence_out out;
    size_t count;
    uint8_t ids[GOLDEN_INVITED][VL_HASH_LEN];
};

/* After the act `after`, or after none for less than 0. */
static inline void golden_invite(struct golden_invited *invited, const struct golden_office *office,
                                 int after, const struct vl_invitation *invitation)
{
    VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_invitation whole = *invitation;
    struct vl_why why = {""};

    whole.act.capacity = VL_CAPACITY_PRINCIPAL;
    whole.act.manual = true;
    if (after >= 0)
        whole.heads = vl_ids_of((const uint8_t(*)[VL_HASH_LEN]) & invited->ids[after], 1);
    assert_err(vl_invitation_write(&office->signer, &whole, &object, invited->ids[invited->count],
                                   &why),
               VL_OK, &why);
    assert_int_equal(vl_evidence_put(&invited->out, vl_buf_bytes(&object), NULL, 0), VL_OK);
    invited->count++;
}

/* Both invite, one answers with less than a yes, and one only tells of a third invitation. */
static inline void golden_invite_both(struct golden_invited *invited, const struct goldens *g,
                                      struct vl_invitation there)
{
    struct vl_invitation back = {.what = VL_INVITATION_ISSUE,
                                 .inviter = there.invitee,
                                 .invitee = there.inviter,
                                 .nonce = {2},
                                 .has_date = true,
                                 .from_s = GOLDEN_DAY_S + 86400,
                                 .to_s = GOLDEN_DAY_S + 172799,
                                 .has_expires = true,
                                 .expires_s = GOLDEN_DAY_S + 86400,
                                 .has_reciprocal = true};
    struct vl_invitation told = {.what = VL_INVITATION_ANNOUNCE,
                                 .inviter = there.invitee,
                                 .invitee = {.name = VL_LITERAL("the millers of the valley")},
                                 .nonce = {3}};

    there.what = VL_INVITATION_ISSUE;
    there.place = VL_LITERAL("the well");
    there.lang = VL_LITERAL("en");
    there.text = VL_LITERAL("To speak of the water.");
    golden_invite(invited, &g->well, -1, &there);
    vl_invitation_id(&there, back.reciprocal);
    golden_invite(invited, &g->mill, -1, &back);
    golden_invite(invited, &g->well, -1, &told);
    back.has_date = back.has_expires = back.has_reciprocal = false;
    back.what = VL_INVITATION_ACKNOWLEDGE;
    golden_invite(invited, &g->well, 1, &back);
    back.what = VL_INVITATION_TENTATIVE;
    golden_invite(invited, &g->well, 3, &back);
    back.what = VL_INVITATION_DECLINE;
    golden_invite(invited, &g->well, 4, &back);
    back.what = VL_INVITATION_WITHDRAW;
    golden_invite(invited, &g->mill, 5, &back);
}

/* What becomes of the first: accepted, put off, and appointed by both under the same heads;
 * whether they met they tell differently. */
static inline void golden_meet(struct golden_invited *invited, const struct goldens *g,
                               struct vl_invitation there)
{
    struct vl_invitation put_off = there;

    there.what = VL_INVITATION_ACCEPT;
    golden_invite(invited, &g->mill, 0, &there);
    put_off.what = VL_INVITATION_POSTPONE;
    put_off.condition = VL_LITERAL("the well is full");
    put_off.condition_lang = VL_LITERAL("en");
    put_off.owner = there.inviter;
    put_off.has_not_before = true;
    put_off.not_before_s = GOLDEN_DAY_S + 604800;
    put_off.expectation = VL_LITERAL("It will rain.");
    put_off.expectation_lang = VL_LITERAL("en");
    put_off.has_expected_by = true;
    put_off.expected_by_s = GOLDEN_DAY_S + 604800;
    golden_invite(invited, &g->well, 7, &put_off);
    put_off.what = VL_INVITATION_ATTEST;
    put_off.has_not_before = false;
    put_off.expectation = VL_BYTES_NONE;
    golden_invite(invited, &g->well, 8, &put_off);
    there.what = VL_INVITATION_PROPOSE;
    there.has_date = true;
    there.from_s = GOLDEN_DAY_S + 691200;
    there.to_s = GOLDEN_DAY_S + 777599;
    golden_invite(invited, &g->mill, 9, &there);
    there.what = VL_INVITATION_APPOINT;
    golden_invite(invited, &g->mill, 10, &there);
    golden_invite(invited, &g->well, 10, &there);
    there.what = VL_INVITATION_HELD;
    golden_invite(invited, &g->well, 12, &there);
    there.what = VL_INVITATION_NOT_HELD;
    golden_invite(invited, &g->mill, 12, &there);
}

static inline void golden_invitations(struct goldens *g)
{
    const struct vl_invitation there = {.inviter = {true, g->well.chain.office, VL_BYTES_NONE},
                                        .invitee = {true, g->mill.chain.office,
                                                    VL_LITERAL("the Mill Office")},
                                        .nonce = {1}};
    struct golden_invited invited = {.out = VL_EVIDENCE_OUT_INIT};

    assert_int_equal(vl_evidence_put_chain(&invited.out,
                                           vl_buf_bytes(&g->files[GOLDEN_WELL_CARDS])),
                     VL_OK);
    assert_int_equal(vl_evidence_put_chain(&invited.out,
                                           vl_buf_bytes(&g->files[GOLDEN_MILL_CARDS])),
                     VL_OK);
    golden_invite_both(&invited, g, there);
    golden_meet(&invited, g, there);
    assert_int_equal(invited.count, GOLDEN_INVITED);
    assert_int_equal(vl_evidence_finish(&invited.out, &g->files[GOLDEN_INVITATIONS]), VL_OK);
    vl_evidence_out_release(&invited.out);
}

static inline void golden_put_entry(struct vl_buf *out, vl_bytes name, vl_bytes content)
{
    uint8_t *at;

    assert_int_equal(vl_pax_header(name, content.len, out), VL_OK);
    assert_int_equal(vl_buf_put(out, content), VL_OK);
    assert_int_equal(vl_buf_add(out, vl_pax_fill(content.len), &at), VL_OK);
}

static inline void golden_disclose(struct goldens *g, struct vl_disclosure_draft *draft,
                                   vl_bytes name, vl_bytes content, enum golden_file file)
{
    VL_AUTO(vl_buf_release) struct vl_buf last = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);
    struct vl_why why = {""};
    uint8_t *at;

    assert_err(vl_disclosure_write(draft, &last, &why), VL_OK, &why);
    if (name.len > 0)
        golden_put_entry(&g->files[file], name, content);
    golden_put_entry(&g->files[file], VL_LITERAL(VL_DISCLOSURE_NAME), vl_buf_bytes(&last));
    assert_int_equal(vl_buf_add(&g->files[file], VL_PAX_END, &at), VL_OK);
}

/* The subject with the sender's cards; the second part, and all of it, with what was signed. */
static inline void golden_disclosures(struct goldens *g, const struct vl_letter_seen *seen)
{
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out cards = VL_EVIDENCE_OUT_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf only_cards = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    static const size_t parts[] = {0, 1};
    struct vl_disclosure_draft draft = {.manifest = &seen->manifest, .has_number = true};

    assert_int_equal(vl_evidence_put_chain(&cards, vl_buf_bytes(&g->files[GOLDEN_WELL_CARDS])),
                     VL_OK);
    assert_int_equal(vl_evidence_finish(&cards, &only_cards), VL_OK);
    memcpy(draft.number, seen->number, VL_HASH_LEN);
    draft.evidence = vl_buf_bytes(&only_cards);
    draft.fields[VL_FIELD_SUBJECT] = true;
    golden_disclose(g, &draft, VL_BYTES_NONE, VL_BYTES_NONE, GOLDEN_DISCLOSURE_FIELD);
    draft.fields[VL_FIELD_SUBJECT] = false;
    draft.evidence = vl_buf_bytes(&g->files[GOLDEN_EVIDENCE]);
    draft.parts = parts + 1;
    draft.part_count = 1;
    golden_disclose(g, &draft, seen->manifest.parts[1].name, VL_LITERAL("Dig here.\n"),
                    GOLDEN_DISCLOSURE_PART);
    memset(draft.fields, true, sizeof draft.fields);
    draft.parts = parts;
    draft.part_count = 2;
    draft.file_key = &seen->file_key;
    golden_disclose(g, &draft, VL_LITERAL(VL_DISCLOSURE_ENVELOPE),
                    vl_buf_bytes(&g->letters[0].wire), GOLDEN_DISCLOSURE_WHOLE);
}

static inline void golden_key(const struct golden_office *office, struct vl_buf *out)
{
    assert_int_equal(vl_age_identity_write(&office->key, out), VL_OK);
    assert_int_equal(vl_buf_put_byte(out, '\n'), VL_OK);
}

static inline void goldens_make(struct goldens *g)
{
    struct vl_letter_seen seen;
    enum vl_err err;

    memset(g, 0, sizeof *g);
    for (size_t i = 0; i < GOLDEN_COUNT; i++)
        g->files[i] = VL_BUF_INIT(GOLDEN_CEIL);
    golden_office_make(&g->well, "abc", 'A', VL_LITERAL("Well Office"));
    golden_office_make(&g->mill, "mn", 'B', VL_LITERAL("Mill Office"));
    golden_revoke(&g->well);
    assert_int_equal(vl_chain_write(&g->well.chain, &g->files[GOLDEN_WELL_CARDS]), VL_OK);
    assert_int_equal(vl_chain_write(&g->mill.chain, &g->files[GOLDEN_MILL_CARDS]), VL_OK);
    assert_int_equal(vl_chain_write_text(&g->mill.chain, &g->files[GOLDEN_MILL_CARDS_TEXT]), VL_OK);
    assert_int_equal(vl_buf_put_byte(&g->files[GOLDEN_MILL_CARDS_TEXT], '\n'), VL_OK);
    golden_key(&g->well, &g->files[GOLDEN_WELL_KEY]);
    golden_key(&g->mill, &g->files[GOLDEN_MILL_KEY]);
    golden_letters(g);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(vl_buf_put(&g->files[GOLDEN_LETTER_SEALED + i],
                                    vl_buf_bytes(&g->letters[i].wire)),
                         VL_OK);
    assert_int_equal(vl_buf_put(&g->files[GOLDEN_WAYBILL], vl_buf_bytes(&g->letters[0].waybill)),
                     VL_OK);
    golden_seal(g);
    seen = golden_read(&g->mill, vl_buf_bytes(&g->letters[0].wire), &err);
    assert_int_equal(err, VL_OK);
    golden_open(g, &seen);
    golden_evidence(g);
    golden_statements(g);
    golden_invitations(g);
    golden_disclosures(g, &seen);
    vl_letter_seen_release(&seen);
}

static inline void goldens_release(struct goldens *g)
{
    for (size_t i = 0; i < GOLDEN_COUNT; i++)
        vl_buf_release(&g->files[i]);
    for (size_t i = 0; i < 3; i++) {
        vl_buf_release(&g->letters[i].wire);
        vl_buf_release(&g->letters[i].waybill);
    }
    vl_chain_release(&g->well.chain);
    vl_chain_release(&g->mill.chain);
}

#endif
