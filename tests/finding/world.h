/* SPDX-License-Identifier: Apache-2.0 */
/* tests/finding/world.h: offices, what they sign about letters, and what that proves.
 *
 * Offices and letters are named by characters; the same names make the same keys and numbers.  A
 * capital letter is another waybill of the letter that the small one names. */
#ifndef VL_TESTS_FINDING_WORLD_H
#define VL_TESTS_FINDING_WORLD_H

#include "support.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "finding/finding.h"
#include "letter/core.h"
#include "view/finding.h"

#define OFFICES 48
#define ITEMS   256
#define LETTERS 128
#define LEAVES  8

/* Stays where it is: the signer borrows its seeds. */
struct office {
    char name;
    uint8_t keys;   /* how often they changed */
    uint8_t branch; /* of a thief's chain */
    struct vl_secret seeds[2];
    size_t seed_count;
    struct vl_signer signer;
    struct vl_chain chain;
    struct vl_chain rival; /* a chain that parts from it, or empty */
    struct vl_signer rival_signer;
    struct vl_secret rival_seed;
};

struct world {
    size_t office_count;
    struct office offices[OFFICES];
    struct vl_buf letters[LETTERS]; /* waybills, by their character */
    size_t item_count;
    struct vl_evidence_item items[ITEMS];
    struct vl_evidence_leaf leaves[ITEMS][LEAVES];
    struct vl_buf wires[ITEMS][LEAVES]; /* the bytes of the leaves */
    bool hidden[ITEMS];                 /* not in the set */
    size_t closure_count;
    struct vl_closure closures[ITEMS];
    size_t checked_count;
    struct vl_checked checked[OFFICES];
    struct vl_buf scratch;
};

static inline void world_release(struct world *world)
{
    for (size_t i = 0; i < world->office_count; i++) {
        vl_chain_release(&world->offices[i].chain);
        vl_chain_release(&world->offices[i].rival);
    }
    for (size_t i = 0; i < LETTERS; i++)
        vl_buf_release(&world->letters[i]);
    for (size_t i = 0; i < world->item_count; i++) {
        vl_object_release(&world->items[i].object);
        for (size_t j = 0; j < LEAVES; j++)
            vl_buf_release(&world->wires[i][j]);
    }
    vl_buf_release(&world->scratch);
}

/* A world takes some hundreds of kilobytes. */
static inline struct world *world_new(void)
{
    struct world *world = vl_new(sizeof *world);

    assert_non_null(world);
    return world;
}

static inline void world_free(struct world **world)
{
    if (*world)
        world_release(*world);
    vl_free(*world);
}
#define WORLD(name) VL_AUTO(world_free) struct world *name = world_new()

static inline void seed_of(char name, uint8_t keys, uint8_t branch, struct vl_secret *seed)
{
    uint8_t bytes[VL_ED25519_SEED_LEN];

    memset(bytes, name, sizeof bytes);
    bytes[0] = keys;
    bytes[1] = branch;
    assert_int_equal(vl_secret_set(seed, VL_ARRAY(bytes)), VL_OK);
}

static inline void next_of(char name, uint8_t keys, uint8_t branch, uint8_t out[VL_HASH_LEN])
{
    struct vl_secret seed = VL_SECRET_INIT;
    struct vl_cose_key key = VL_COSE_KEY_INIT;

    seed_of(name, keys, branch, &seed);
    vl_cose_key_of_seed(&seed, &key);
    assert_int_equal(vl_card_keys_hash(&key, 1, out), VL_OK);
}

static const uint8_t sealing_key[32] = {9};

/* One more card on this chain, of these seeds, announcing the keys that come next. */
static inline void add_guarded_card(struct vl_chain *chain, const struct vl_secret *seeds,
                                    size_t count, const struct vl_secret *also,
                                    const uint8_t next[VL_HASH_LEN],
                                    const struct vl_office_id *guardians, size_t guardian_count)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    const struct vl_card_sealing sealing = {VL_LITERAL(VL_CARD_SEALING_X25519),
                                            VL_ARRAY(sealing_key)};
    const struct vl_card *before = chain->count ? vl_chain_newest(chain) : NULL;
    struct vl_card_draft draft = {.office = before ? &chain->office : NULL,
                                  .serial = before ? before->serial + 1 : 0,
                                  .previous = before ? before->object.id : NULL,
                                  .seeds = seeds,
                                  .seed_count = count,
                                  .also_seeds = also,
                                  .also_count = also ? 1 : 0,
                                  .sealing = &sealing,
                                  .sealing_count = 1,
                                  .name = VL_LITERAL("Office"),
                                  .guardians = guardians,
                                  .guardian_count = guardian_count};
    struct vl_why why = {""};

    memcpy(draft.next, next, VL_HASH_LEN);
    assert_err(vl_card_write(&draft, &wire, &why), VL_OK, &why);
    assert_err(vl_chain_add(chain, vl_buf_bytes(&wire), &why), VL_OK, &why);
}

static inline void add_card(struct vl_chain *chain, const struct vl_secret *seeds, size_t count,
                            const struct vl_secret *also, const uint8_t next[VL_HASH_LEN])
{
    add_guarded_card(chain, seeds, count, also, next, NULL, 0);
}

static inline void sign_by(struct vl_signer *signer, const struct vl_chain *chain,
                           const struct vl_secret *seeds, size_t count)
{
    *signer = (struct vl_signer){.office = chain->office, .seeds = seeds, .seed_count = count};
    memcpy(signer->card_id, vl_chain_newest(chain)->object.id, VL_HASH_LEN);
}

/* The office of this name; made when it is new.  '2' needs two signatures. */
static inline struct office *office_of(struct world *world, char name)
{
    struct office *office = world->offices;
    uint8_t next[VL_HASH_LEN];

    for (; office < world->offices + world->office_count; office++)
        if (office->name == name)
            return office;
    assert_true(world->office_count < OFFICES);
    world->office_count++;
    office->name = name;
    office->seed_count = name == '2' ? 2 : 1;
    seed_of(name, 0, 0, &office->seeds[0]);
    seed_of(name, 0, 9, &office->seeds[1]);
    next_of(name, 1, 0, next);
    add_card(&office->chain, office->seeds, office->seed_count, NULL, next);
    sign_by(&office->signer, &office->chain, office->seeds, office->seed_count);
    return office;
}

static inline const struct vl_office_id *id_of(struct world *world, char name)
{
    return &office_of(world, name)->chain.office;
}

/* Another card, with the keys that come next, which names these offices as guardians. */
static inline void guard(struct world *world, char name, const char *guardians)
{
    struct vl_office_id ids[4];
    struct office *office = office_of(world, name);
    uint8_t next[VL_HASH_LEN];

    for (size_t i = 0; guardians[i]; i++)
        ids[i] = *id_of(world, guardians[i]);
    office->keys++;
    seed_of(name, office->keys, 0, &office->seeds[0]);
    next_of(name, office->keys + 1, 0, next);
    add_guarded_card(&office->chain, office->seeds, 1, NULL, next, ids, strlen(guardians));
    sign_by(&office->signer, &office->chain, office->seeds, 1);
}

/* New keys, which the card before announced; or others, which the old key signs for. */
static inline void rotate(struct world *world, char name, bool planned)
{
    struct office *office = office_of(world, name);
    const struct vl_secret old = office->seeds[0];
    uint8_t next[VL_HASH_LEN];

    office->keys++;
    seed_of(name, office->keys, planned ? 0 : 5, &office->seeds[0]);
    next_of(name, office->keys + 1, 0, next);
    add_card(&office->chain, office->seeds, 1, planned ? NULL : &old, next);
    sign_by(&office->signer, &office->chain, office->seeds, 1);
}

/* A thief with the key of the card before the newest makes another newest one. */
static inline void fork_office(struct world *world, char name)
{
    struct office *office = office_of(world, name);
    struct vl_secret stolen = VL_SECRET_INIT;
    uint8_t next[VL_HASH_LEN];
    struct vl_why why = {""};

    for (size_t i = 0; i + 1 < office->chain.count; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);

        assert_int_equal(vl_object_write(&office->chain.links[i].card.object, &wire), VL_OK);
        assert_err(vl_chain_add(&office->rival, vl_buf_bytes(&wire), &why), VL_OK, &why);
    }
    seed_of(name, (uint8_t)(office->keys - 1), 0, &stolen);
    seed_of(name, office->keys, 7, &office->rival_seed);
    next_of(name, office->keys, 8, next);
    add_card(&office->rival, &office->rival_seed, 1, &stolen, next);
    sign_by(&office->rival_signer, &office->rival, &office->rival_seed, 1);
}

/* The newest key says that this card is not to be trusted. */
static inline void revoke_card(struct world *world, char name, size_t serial)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct office *office = office_of(world, name);
    struct vl_why why = {""};

    assert_err(vl_revocation_write(&office->signer, office->chain.links[serial].card.object.id,
                                   VL_REVOCATION_COMPROMISED, &wire, &why),
               VL_OK, &why);
    assert_err(vl_chain_add(&office->chain, vl_buf_bytes(&wire), &why), VL_OK, &why);
}

/* The thief says so of the newest card that is not his. */
static inline void revoke_by_rival(struct world *world, char name)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct office *office = office_of(world, name);
    struct vl_why why = {""};

    assert_err(vl_revocation_write(&office->rival_signer,
                                   vl_chain_newest(&office->chain)->object.id,
                                   VL_REVOCATION_COMPROMISED, &wire, &why),
               VL_OK, &why);
    assert_err(vl_chain_add(&office->rival, vl_buf_bytes(&wire), &why), VL_OK, &why);
}

static inline void checked(struct world *world, char name, size_t serial)
{
    struct vl_checked *entry = &world->checked[world->checked_count++];

    entry->office = *id_of(world, name);
    memcpy(entry->card, office_of(world, name)->chain.links[serial].card.object.id, VL_HASH_LEN);
}

static inline void number_of(char letter, uint8_t out[VL_HASH_LEN])
{
    memset(out, tolower((unsigned char)letter), VL_HASH_LEN);
}

/* The value that lies in the letter for addressee i. */
static inline void opening_of(char letter, size_t i, uint8_t out[VL_HASH_LEN])
{
    const uint8_t text[] = {'o', (uint8_t)letter, (uint8_t)i};

    vl_sha256(VL_ARRAY(text), out);
}

struct outside {
    char letter;
    char from;
    const char *to;
    int64_t expect_by, expires; /* 0: none */
    uint64_t n, of;             /* 0: 1 of 1 */
};

static inline void outside(struct world *world, struct outside how)
{
    struct vl_buf *wire = &world->letters[(unsigned char)how.letter];
    struct vl_waybill waybill = {.size = 1000,
                                 .mode = VL_LETTER_SEALED,
                                 .from = *id_of(world, how.from),
                                 .to_count = strlen(how.to),
                                 .opening_count = strlen(how.to),
                                 .has_expect_by = how.expect_by != 0,
                                 .expect_by_s = how.expect_by,
                                 .has_expires = how.expires != 0,
                                 .expires_s = how.expires,
                                 .consignment = how.n ? how.n : 1,
                                 .consignment_of = how.of ? how.of : 1};
    struct vl_why why = {""};

    number_of(how.letter, waybill.number);
    memset(waybill.commitment, how.letter, VL_HASH_LEN);
    for (size_t i = 0; i < waybill.to_count; i++) {
        uint8_t opening[VL_HASH_LEN];

        waybill.to[i] = *id_of(world, how.to[i]);
        opening_of(how.letter, i, opening);
        vl_sha256(VL_ARRAY(opening), waybill.openings[i]);
    }
    vl_buf_release(wire);
    *wire = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
    assert_err(vl_waybill_write(&waybill, wire, &why), VL_OK, &why);
}

/* What somebody signs.  What is 0 is not said, but for what its kind must say. */
struct say {
    char by;
    enum vl_kind kind;
    const char *letters; /* under the root, ascending */
    const char *shown;   /* of these, those whose leaves are at hand; NULL: all */
    enum vl_capacity capacity;
    const uint8_t *under, *answers, *target;
    const uint8_t *cites[3];
    const uint8_t *seen[3];
    char giver, taker, addressee, party, grantee;
    uint8_t handover;
    const char *reason, *not_taken; /* letters not taken, "missing" */
    uint64_t not_taken_count;       /* as a tree */
    const char *seal;
    uint64_t at, plus_minus; /* seconds */
    int64_t iat;             /* seconds */
    /* opened */
    enum vl_verdict verdict;
    bool no_value;
    char of; /* which waybill; 0: `letters` */
    size_t addressee_at;
    /* mandate */
    enum vl_power power; /* 0: receive */
    bool once, may_delegate;
    const char *only;  /* letters */
    const char *from;  /* offices */
    bool one_handover; /* `handover` */
    uint64_t count;
    int64_t not_before, not_after;
    /* statements: about `letters`, or `target` of correct and withdraw, or this act */
    const uint8_t *act, *act_too;
    enum vl_relation relation;
    const char *text; /* NULL: "It is so." */
    const char *span;
    const char *fact;
    enum vl_mode mode;
    enum vl_modality modality; /* NONE: as its kind has it */
    bool absence;              /* until now */
    /* succeeds: `of_office`, or its signer; by `grantee`; of the statements `act`; from not_before
     */
    char of_office;
    enum vl_basis basis;
    const char *offices; /* that a statement is about, besides */
    int64_t as_of;       /* seconds */
    const char *place;
    char principal;
    const uint8_t *saying; /* relay: of `source` */
    char source;
    bool capture;
    size_t source_count; /* of relay, the first ones unnamed; 0: one */
    /* translation: of `letters`; `target` is the one before it */
    /* invitations: what is done, by default by I about I's to V, number 0, after `heads` */
    enum vl_invitation_act does;
    char inviter, invitee; /* '-': a name */
    uint8_t nonce;
    const uint8_t *heads[3];
    int64_t date, expires; /* date: that second */
    const char *waits_for, *expects;
    char owner; /* '-': a name */
    const uint8_t *reciprocal;
    /* how it is signed */
    bool by_rival, one_signature;
    size_t card; /* 1 + serial of an older card, whose key a thief has */
};

static inline enum vl_capacity usual_capacity(enum vl_kind kind)
{
    switch ((int)kind) {
    case VL_KIND_RECEIPTED:
        return VL_CAPACITY_DELEGATE;
    case VL_KIND_SEALED:
    case VL_KIND_OPENED:
    case VL_KIND_MANDATE:
    case VL_KIND_MANDATE_REVOCATION:
    case VL_KIND_RATIFIED:
    case VL_KIND_REACHED:
    case VL_KIND_CORRECTED:
    case VL_KIND_ASSERT:
    case VL_KIND_RELAY:
    case VL_KIND_DENY:
    case VL_KIND_DECLINE:
    case VL_KIND_COMMIT:
    case VL_KIND_CORRECT:
    case VL_KIND_WITHDRAW:
    case VL_KIND_TRANSLATION:
    case VL_KIND_SUCCEEDS:
    case VL_KIND_MANIFEST:
    case VL_KIND_INVITATION:
        return VL_CAPACITY_PRINCIPAL;
    case VL_KIND_WITNESSED:
        return VL_CAPACITY_WITNESS;
    default:
        return VL_CAPACITY_CARRIER;
    }
}

static inline int by_hash(const void *a, const void *b)
{
    return memcmp(a, b, VL_HASH_LEN);
}

static inline struct vl_act act_of(const struct say *say, uint8_t cites[3][VL_HASH_LEN])
{
    struct vl_act act = {.capacity = say->capacity ? say->capacity : usual_capacity(say->kind),
                         .manual = true,
                         .has_under = say->under != NULL,
                         .has_at = say->at != 0,
                         .at_ms = say->at * 1000,
                         .has_plus_minus = say->plus_minus != 0,
                         .plus_minus_ms = say->plus_minus * 1000,
                         .place = say->place ? vl_bytes_str(say->place) : VL_BYTES_NONE,
                         .cites = (const uint8_t(*)[VL_HASH_LEN])cites};

    if (say->under)
        memcpy(act.under, say->under, VL_HASH_LEN);
    for (size_t i = 0; i < 3; i++)
        if (say->cites[i])
            memcpy(cites[act.cite_count++], say->cites[i], VL_HASH_LEN);
    if (act.cite_count > 1)
        qsort(cites, act.cite_count, VL_HASH_LEN, by_hash);
    return act;
}

/* The bytes of leaf i of an act of this kind. */
static inline struct vl_buf leaf_of(struct world *world, const struct say *say, size_t i)
{
    struct vl_buf wire = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
    uint8_t bytes[VL_CUSTODY_LEAF_MAX], number[VL_HASH_LEN];
    struct vl_custody_leaf leaf = {.has_waybill = false};
    vl_bytes from;

    if (say->kind == VL_KIND_SEEN) {
        from = vl_id_leaf_write(say->seen[i], bytes);
    } else if (say->kind == VL_KIND_SEALED) {
        from = vl_buf_bytes(&world->letters[(unsigned char)say->letters[i]]);
    } else {
        number_of(say->letters[i], number);
        memcpy(leaf.number, number, VL_HASH_LEN);
        if (world->letters[(unsigned char)say->letters[i]].len > 0)
            leaf =
                vl_custody_leaf_of(number,
                                   vl_buf_bytes(&world->letters[(unsigned char)say->letters[i]]));
        from = vl_custody_leaf_write(&leaf, bytes);
    }
    assert_int_equal(vl_buf_put(&wire, from), VL_OK);
    return wire;
}

/* The batch, and its leaves in the item that is being made. */
static inline struct vl_batch batch_of(struct world *world, const struct say *say)
{
    const size_t at = world->item_count;
    struct vl_evidence_item *item = &world->items[at];
    struct vl_tree tree = VL_TREE_INIT;
    uint8_t hashes[LEAVES][VL_HASH_LEN];
    struct vl_batch batch = {.count = 0};

    if (say->kind == VL_KIND_SEEN)
        while (batch.count < 3 && say->seen[batch.count])
            batch.count++;
    else
        batch.count = say->letters ? strlen(say->letters) : 0;
    for (size_t i = 0; i < batch.count; i++) {
        world->wires[at][i] = leaf_of(world, say, i);
        vl_tree_leaf(vl_buf_bytes(&world->wires[at][i]), hashes[i]);
        vl_tree_add(&tree, hashes[i]);
    }
    item->leaves = world->leaves[at];
    for (size_t i = 0; i < batch.count; i++) {
        struct vl_evidence_leaf *leaf = &item->leaves[item->leaf_count];

        if (say->shown && !strchr(say->shown, say->letters[i]))
            continue;
        leaf->leaf = vl_buf_bytes(&world->wires[at][i]);
        leaf->index = i;
        vl_tree_path((const uint8_t(*)[VL_HASH_LEN])hashes, batch.count, i, &leaf->path);
        item->leaf_count++;
    }
    vl_tree_root(&tree, batch.root);
    return batch;
}

static inline struct vl_seals seals_of(const char *seal)
{
    struct vl_seals seals = {.count = seal ? 1 : 0};

    if (seal)
        seals.at[0] = vl_bytes_str(seal);
    return seals;
}

static inline enum vl_err write_sealed(struct world *world, const struct say *say,
                                       const struct vl_signer *signer, const struct vl_act *act,
                                       struct vl_buf *out, struct vl_why *why)
{
    const struct vl_batch batch = batch_of(world, say);
    struct vl_sealed sealed = {.act = *act, .count = batch.count};

    memcpy(sealed.root, batch.root, VL_HASH_LEN);
    return vl_sealed_write(signer, &sealed, out, NULL, why);
}

static inline enum vl_err write_opened(struct world *world, const struct say *say,
                                       const struct vl_signer *signer, const struct vl_act *act,
                                       struct vl_buf *out, struct vl_why *why)
{
    const char of = say->of ? say->of : say->letters[0];
    struct vl_opened opened = {.act = *act,
                               .has_waybill = !say->no_value,
                               .has_core = true,
                               .verdict = say->verdict ? say->verdict : VL_VERDICT_OK,
                               .has_opening = true,
                               .has_answers = say->answers != NULL};

    number_of(of, opened.number);
    vl_sha256(vl_buf_bytes(&world->letters[(unsigned char)of]), opened.waybill);
    memset(opened.core, of, VL_HASH_LEN);
    opening_of(of, say->addressee_at, opened.opening);
    if (say->no_value)
        opened.opening[0] ^= 1; /* `ok` shows a value, if not the right one */
    if (say->answers)
        memcpy(opened.answers, say->answers, VL_HASH_LEN);
    return vl_opened_write(signer, &opened, out, NULL, why);
}

static inline enum vl_err write_mandate(struct world *world, const struct say *say,
                                        const struct vl_signer *signer, const struct vl_act *act,
                                        struct vl_buf *out, struct vl_why *why)
{
    uint8_t letters[8][VL_HASH_LEN], from[8][VL_HASH_LEN];
    struct vl_mandate mandate = {.act = *act,
                                 .grantee = *id_of(world, say->grantee),
                                 .power_count = 1,
                                 .powers = {(uint8_t)(say->power ? say->power : VL_POWER_RECEIVE)},
                                 .has_letters = say->only != NULL,
                                 .has_from = say->from != NULL,
                                 .has_handover = say->one_handover,
                                 .count = say->count,
                                 .seals = seals_of(say->seal),
                                 .has_not_before = say->not_before != 0,
                                 .not_before_s = say->not_before,
                                 .has_not_after = say->not_after != 0,
                                 .not_after_s = say->not_after,
                                 .uses = say->once ? VL_MANDATE_ONCE : VL_MANDATE_MANY,
                                 .may_delegate = say->may_delegate};

    memset(mandate.handover, say->handover, VL_NONCE_LEN);
    mandate.nonce[0] = (uint8_t)world->item_count;
    for (size_t i = 0; say->only && say->only[i]; i++)
        number_of(say->only[i], letters[i]);
    for (size_t i = 0; say->from && say->from[i]; i++)
        memcpy(from[i], id_of(world, say->from[i])->at, VL_HASH_LEN);
    if (say->from)
        qsort(from, strlen(say->from), VL_HASH_LEN, by_hash);
    if (say->only)
        mandate.letters = vl_ids_of((const uint8_t(*)[VL_HASH_LEN])letters, strlen(say->only));
    if (say->from)
        mandate.from = vl_ids_of((const uint8_t(*)[VL_HASH_LEN])from, strlen(say->from));
    return vl_mandate_write(signer, &mandate, out, NULL, why);
}

static inline enum vl_err write_transferred(struct world *world, const struct say *say,
                                            const struct vl_signer *signer,
                                            const struct vl_act *act, struct vl_buf *out,
                                            struct vl_why *why)
{
    struct vl_transferred transferred = {.act = *act,
                                         .has_taker = say->taker != 0,
                                         .carrier = say->taker ? VL_BYTES_NONE
                                                               : VL_LITERAL("The night train"),
                                         .batch = batch_of(world, say)};

    memset(transferred.handover, say->handover, VL_NONCE_LEN);
    if (say->taker)
        transferred.taker = *id_of(world, say->taker);
    return vl_transferred_write(signer, &transferred, out, NULL, why);
}

static inline enum vl_err write_answer(struct world *world, const struct say *say,
                                       const struct vl_signer *signer, const struct vl_act *act,
                                       struct vl_buf *out, struct vl_why *why)
{
    struct vl_not_taken not_taken[LEAVES];
    struct vl_answer answer = {.kind = say->kind,
                               .act = *act,
                               .has_answers = say->answers != NULL,
                               .has_giver = say->giver != 0,
                               .batch = batch_of(world, say),
                               .not_taken_count = say->not_taken ? strlen(say->not_taken) : 0,
                               .not_taken = not_taken,
                               .not_taken_batch = {.count = say->not_taken_count},
                               .seals = seals_of(say->seal)};

    for (size_t i = 0; i < answer.not_taken_count; i++) {
        number_of(say->not_taken[i], not_taken[i].number);
        not_taken[i].reason = VL_LITERAL("missing");
    }
    if (say->answers)
        memcpy(answer.answers, say->answers, VL_HASH_LEN);
    if (say->giver)
        answer.giver = *id_of(world, say->giver);
    if (say->kind == VL_KIND_RECEIPTED)
        answer.addressee = *id_of(world, say->addressee);
    if (say->kind == VL_KIND_REFUSED)
        answer.reason = vl_bytes_str(say->reason ? say->reason : "no-room");
    return vl_answer_write(signer, &answer, out, NULL, why);
}

static inline enum vl_err write_note(struct world *world, const struct say *say,
                                     const struct vl_signer *signer, const struct vl_act *act,
                                     struct vl_buf *out, struct vl_why *why)
{
    unsigned needs = 0;
    struct vl_note note = {.kind = say->kind,
                           .act = *act,
                           .batch = batch_of(world, say),
                           .reason = vl_bytes_str(say->reason),
                           .has_party = say->party != 0,
                           .has_answers = say->answers != NULL};

    (void)vl_note_kind(say->kind, &needs);
    if ((needs & VL_NOTE_REASON) && !say->reason)
        note.reason = VL_LITERAL("because");
    if (needs & VL_NOTE_SEALS)
        note.seals_after = seals_of("A 1");
    if (needs & VL_NOTE_METHOD)
        note.method = VL_LITERAL("by telephone");
    if (say->party)
        note.party = *id_of(world, say->party);
    if (say->answers)
        memcpy(note.answers, say->answers, VL_HASH_LEN);
    return vl_note_write(signer, &note, out, NULL, why);
}

static inline enum vl_err write_about(const struct say *say, const struct vl_signer *signer,
                                      const struct vl_act *act, struct vl_buf *out,
                                      struct vl_why *why)
{
    struct vl_about about = {.kind = say->kind, .act = *act};

    memcpy(about.target, say->target, VL_HASH_LEN);
    if (say->kind == VL_KIND_WITNESSED)
        about.words = VL_LITERAL("I saw it");
    if (say->kind == VL_KIND_CORRECTED) {
        about.field = VL_LITERAL("receipt");
        about.old = VL_LITERAL("received");
        about.now = VL_LITERAL("not received");
    }
    return vl_about_write(signer, &about, out, NULL, why);
}

static inline void fill_about(struct world *world, const struct say *say,
                              struct vl_statement *statement)
{
    const bool is_change = say->kind == VL_KIND_CORRECT || say->kind == VL_KIND_WITHDRAW;

    if (is_change) {
        memcpy(statement->target, say->target, VL_HASH_LEN);
        return;
    }
    for (size_t i = 0; say->letters && say->letters[i]; i++) {
        struct vl_statement_about *about = &statement->about[statement->about_count++];

        about->what = VL_SUBJECT_LETTER;
        about->relation = say->act ? VL_RELATION_NONE : say->relation;
        number_of(say->letters[i], about->id);
    }
    for (size_t i = 0; i < 2; i++) {
        const uint8_t *act = i == 0 ? say->act : say->act_too;
        struct vl_statement_about *about = &statement->about[statement->about_count];

        if (!act)
            continue;
        about->what = VL_SUBJECT_ACT;
        about->relation = say->relation;
        memcpy(about->id, act, VL_HASH_LEN);
        statement->about_count++;
    }
    for (size_t i = 0; say->offices && say->offices[i]; i++) {
        struct vl_statement_about *about = &statement->about[statement->about_count++];

        about->what = VL_SUBJECT_OFFICE;
        memcpy(about->id, id_of(world, say->offices[i])->at, VL_HASH_LEN);
    }
}

static inline enum vl_err write_statement(struct world *world, const struct say *say,
                                          const struct vl_signer *signer, const struct vl_act *act,
                                          struct vl_buf *out, struct vl_why *why)
{
    struct vl_statement statement = {.kind = say->kind,
                                     .act = *act,
                                     .has_principal = say->principal != 0,
                                     .text = vl_bytes_str(say->text ? say->text : "It is so."),
                                     .mode = say->mode,
                                     .span = say->span ? vl_bytes_str(say->span) : VL_BYTES_NONE,
                                     .modality = say->kind == VL_KIND_COMMIT ? VL_MODALITY_FUTURE
                                                                             : VL_MODALITY_ACTUAL,
                                     .fact = say->fact ? vl_bytes_str(say->fact) : VL_BYTES_NONE,
                                     .has_party = say->fact && say->party};

    if (say->modality)
        statement.modality = say->modality;
    statement.basis = say->basis;
    statement.absence = say->absence;
    statement.has_as_of = say->absence || say->as_of != 0;
    statement.as_of_s = say->as_of ? say->as_of : say->absence ? 1700000000 : 0;
    if (say->principal)
        statement.principal = *id_of(world, say->principal);
    if (statement.has_party)
        statement.party = *id_of(world, say->party);
    fill_about(world, say, &statement);
    if (say->kind == VL_KIND_RELAY) {
        statement.relayed = VL_KIND_ASSERT;
        statement.source_count = say->source_count ? say->source_count : 1;
        if (say->source)
            statement.sources[statement.source_count - 1] =
                (struct vl_statement_source){.has_office = true,
                                             .office = *id_of(world, say->source)};
        statement.has_saying = say->saying != NULL;
        if (say->saying)
            memcpy(statement.saying, say->saying, VL_HASH_LEN);
        statement.has_capture = say->capture;
    }
    return vl_statement_write(signer, &statement, out, NULL, why);
}

static inline enum vl_err write_translation(const struct say *say, const struct vl_signer *signer,
                                            const struct vl_act *act, struct vl_buf *out,
                                            struct vl_why *why)
{
    struct vl_translation translation = {.act = *act,
                                         .source_what = VL_SUBJECT_LETTER,
                                         .source_lang = VL_LITERAL("en"),
                                         .target_lang = VL_LITERAL("de"),
                                         .how = VL_TRANSLATED_HUMAN,
                                         .has_supersedes = say->target != NULL,
                                         .text =
                                             vl_bytes_str(say->text ? say->text : "So ist es.")};

    number_of(say->letters[0], translation.source);
    vl_sha256(translation.text, translation.target);
    if (say->target)
        memcpy(translation.supersedes, say->target, VL_HASH_LEN);
    return vl_translation_write(signer, &translation, out, NULL, why);
}

static inline enum vl_err write_succeeds(struct world *world, const struct say *say,
                                         const struct vl_signer *signer, const struct vl_act *act,
                                         struct vl_buf *out, struct vl_why *why)
{
    uint8_t scope[1][VL_HASH_LEN];
    struct vl_succeeds succeeds = {.act = *act,
                                   .predecessor =
                                       *id_of(world, say->of_office ? say->of_office : say->by),
                                   .successor = *id_of(world, say->grantee),
                                   .has_scope = say->act != NULL,
                                   .has_from = say->not_before != 0,
                                   .from_s = say->not_before};

    succeeds.nonce[0] = (uint8_t)world->item_count;
    if (say->act) {
        memcpy(scope[0], say->act, VL_HASH_LEN);
        succeeds.scope = vl_ids_of((const uint8_t(*)[VL_HASH_LEN])scope, 1);
    }
    return vl_succeeds_write(signer, &succeeds, out, NULL, why);
}

static inline struct vl_invitation_party party_of(struct world *world, char name)
{
    struct vl_invitation_party party = {.name = VL_BYTES_NONE};

    if (name == '-') {
        party.name = VL_LITERAL("The members");
        return party;
    }
    party.has_office = true;
    party.office = *id_of(world, name);
    return party;
}

/* Whose invitation it is, and which of theirs. */
static inline struct vl_invitation invitation_of(struct world *world, const struct say *say)
{
    struct vl_invitation invitation = {.inviter =
                                           party_of(world, say->inviter ? say->inviter : 'I'),
                                       .invitee =
                                           party_of(world, say->invitee ? say->invitee : 'V')};

    memset(invitation.nonce, say->nonce, sizeof invitation.nonce);
    vl_invitation_id(&invitation, invitation.id);
    return invitation;
}

static inline enum vl_err write_invitation(struct world *world, const struct say *say,
                                           const struct vl_signer *signer, const struct vl_act *act,
                                           struct vl_buf *out, struct vl_why *why)
{
    struct vl_invitation invitation = invitation_of(world, say);
    uint8_t heads[3][VL_HASH_LEN];
    size_t count = 0;

    invitation.act = *act;
    invitation.what = say->does;
    invitation.has_principal = say->principal != 0;
    if (say->principal)
        invitation.principal = *id_of(world, say->principal);
    while (count < 3 && say->heads[count]) {
        memcpy(heads[count], say->heads[count], VL_HASH_LEN);
        count++;
    }
    qsort(heads, count, VL_HASH_LEN, by_hash);
    invitation.heads = vl_ids_of((const uint8_t(*)[VL_HASH_LEN])heads, count);
    invitation.has_date = say->date != 0;
    invitation.from_s = invitation.to_s = say->date;
    invitation.has_expires = say->expires != 0;
    invitation.expires_s = say->expires;
    invitation.has_not_before = say->not_before != 0;
    invitation.not_before_s = say->not_before;
    invitation.condition = say->waits_for ? vl_bytes_str(say->waits_for) : VL_BYTES_NONE;
    invitation.condition_lang = say->waits_for ? VL_LITERAL("en") : VL_BYTES_NONE;
    if (say->waits_for)
        invitation.owner = party_of(world, say->owner);
    invitation.expectation = say->expects ? vl_bytes_str(say->expects) : VL_BYTES_NONE;
    invitation.expectation_lang = say->expects ? VL_LITERAL("en") : VL_BYTES_NONE;
    invitation.has_reciprocal = say->reciprocal != NULL;
    if (say->reciprocal)
        memcpy(invitation.reciprocal, say->reciprocal, VL_HASH_LEN);
    if (say->text) {
        invitation.text = vl_bytes_str(say->text);
        invitation.lang = VL_LITERAL("en");
    }
    return vl_invitation_write(signer, &invitation, out, NULL, why);
}

static inline enum vl_err write_other(struct world *world, const struct say *say,
                                      const struct vl_signer *signer, const struct vl_act *act,
                                      struct vl_buf *out, struct vl_why *why)
{
    struct vl_mandate_revocation end = {.act = *act, .reason = VL_MANDATE_END_ENDED};
    struct vl_seen seen = {.act = *act};
    struct vl_slices slices = {0, 1};
    struct vl_accepted_part part = {.act = *act, .slices_count = 1, .slices = &slices};

    if (say->kind == VL_KIND_MANDATE_REVOCATION) {
        memcpy(end.mandate, say->target, VL_HASH_LEN);
        return vl_mandate_revocation_write(signer, &end, out, NULL, why);
    }
    if (say->kind == VL_KIND_SEEN) {
        seen.batch = batch_of(world, say);
        return vl_seen_write(signer, &seen, out, NULL, why);
    }
    number_of(say->letters[0], part.number);
    return vl_accepted_part_write(signer, &part, out, NULL, why);
}

/* The core of an open letter that answers `letters`; the salt is what tells two from each other. */
static inline enum vl_err write_reply(struct world *world, const struct say *say,
                                      const struct vl_signer *signer, const struct vl_act *act,
                                      struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf sub = VL_BUF_INIT(256);
    const size_t at = world->item_count;
    struct vl_evidence_item *item = &world->items[at];
    struct vl_manifest manifest = {
        .act = *act, .mode = VL_CORE_OPEN, .sealing = 1, .sealing_of = 1, .has_in_reply_to = true};
    uint8_t digests[VL_FIELD_COUNT][VL_HASH_LEN] = {{0}};
    struct vl_buf *wire = &world->wires[at][0];
    struct vl_cbor_out w;

    memset(manifest.letter_id, (int)at, sizeof manifest.letter_id);
    memset(manifest.field_salts, (int)at, sizeof manifest.field_salts);
    memcpy(manifest.act.card_id, signer->card_id, VL_HASH_LEN);
    number_of(say->letters[0], manifest.in_reply_to);
    *wire = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
    w = vl_cbor_to(wire);
    vl_opening_put_field(&w, &manifest, VL_FIELD_IN_REPLY_TO);
    vl_opening_digest(vl_buf_bytes(wire), digests[VL_FIELD_IN_REPLY_TO]);
    assert_int_equal(vl_core_put(&manifest,
                                 &(struct vl_core_digests){.fields = digests[0],
                                                           .stride = VL_HASH_LEN},
                                 &payload),
                     VL_OK);
    assert_int_equal(vl_kind_sub("letter-id", VL_ARRAY(manifest.letter_id), &sub), VL_OK);
    item->leaves = world->leaves[at];
    item->leaves[0] =
        (struct vl_evidence_leaf){.leaf = vl_buf_bytes(wire), .index = VL_FIELD_IN_REPLY_TO};
    item->leaf_count = 1;
    return vl_object_sign(signer, VL_KIND_MANIFEST, vl_buf_bytes(&sub), vl_buf_bytes(&payload), out,
                          NULL, why);
}

static inline enum vl_err write_act(struct world *world, const struct say *say,
                                    const struct vl_signer *signer, struct vl_buf *out,
                                    struct vl_why *why)
{
    uint8_t cites[3][VL_HASH_LEN];
    const struct vl_act act = act_of(say, cites);

    switch ((int)vl_act_form_of(say->kind)) {
    case VL_ACT_SEALED:
        return write_sealed(world, say, signer, &act, out, why);
    case VL_ACT_OPENED:
        return write_opened(world, say, signer, &act, out, why);
    case VL_ACT_MANDATE:
        return write_mandate(world, say, signer, &act, out, why);
    case VL_ACT_TRANSFERRED:
        return write_transferred(world, say, signer, &act, out, why);
    case VL_ACT_ANSWER:
        return write_answer(world, say, signer, &act, out, why);
    case VL_ACT_NOTE:
        return write_note(world, say, signer, &act, out, why);
    case VL_ACT_ABOUT:
        return write_about(say, signer, &act, out, why);
    case VL_ACT_STATEMENT:
        return write_statement(world, say, signer, &act, out, why);
    case VL_ACT_TRANSLATION:
        return write_translation(say, signer, &act, out, why);
    case VL_ACT_SUCCEEDS:
        return write_succeeds(world, say, signer, &act, out, why);
    case VL_ACT_REPLY:
        return write_reply(world, say, signer, &act, out, why);
    case VL_ACT_INVITATION:
        return write_invitation(world, say, signer, &act, out, why);
    default:
        return write_other(world, say, signer, &act, out, why);
    }
}

/* Sign it, keep it in the world, and give its id. */
static inline const uint8_t *did(struct world *world, struct say say)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct office *office = office_of(world, say.by);
    struct vl_signer signer = say.by_rival ? office->rival_signer : office->signer;
    struct vl_evidence_item *item = &world->items[world->item_count];
    struct vl_secret stolen = VL_SECRET_INIT;
    struct vl_why why = {""};

    assert_true(world->item_count < ITEMS);
    if (say.one_signature)
        signer.seed_count = 1;
    if (say.card) {
        seed_of(say.by, (uint8_t)(say.card - 1), 0, &stolen);
        signer.seeds = &stolen;
        memcpy(signer.card_id, office->chain.links[say.card - 1].card.object.id, VL_HASH_LEN);
    }
    signer.has_iat = say.iat != 0;
    signer.iat_s = say.iat;
    item->object = (struct vl_object)VL_OBJECT_INIT;
    assert_err(write_act(world, &say, &signer, &out, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&out), &item->object, &why), VL_OK, &why);
    world->item_count++;
    return item->object.id;
}

/* A later card of its office says that this was signed in time. */
static inline void closed(struct world *world, char name, size_t serial, const uint8_t *id)
{
    struct office *office = office_of(world, name);
    struct vl_closure *closure = &world->closures[world->closure_count++];

    memcpy(closure->id, id, VL_HASH_LEN);
    memcpy(closure->card_id, office->chain.links[serial].card.object.id, VL_HASH_LEN);
    closure->chain = &office->chain;
}

/* A thief's card says so. */
static inline void closed_by_rival(struct world *world, char name, const uint8_t *id)
{
    struct office *office = office_of(world, name);
    struct vl_closure *closure = &world->closures[world->closure_count++];

    memcpy(closure->id, id, VL_HASH_LEN);
    memcpy(closure->card_id, vl_chain_newest(&office->rival)->object.id, VL_HASH_LEN);
    closure->chain = &office->rival;
}

/* Everything of a world in one set; `order` says which item comes when, or is NULL. */
static inline void add_all(struct world *world, struct vl_finding_set *set, const size_t *order)
{
    struct vl_why why = {""};

    for (size_t i = 0; i < world->item_count; i++) {
        const size_t at = order ? order[i] : i;

        if (!world->hidden[at])
            assert_err(vl_finding_add_item(set, &world->items[at], &why), VL_OK, &why);
    }
    for (size_t i = 0; i < world->office_count; i++) {
        assert_err(vl_finding_add_chain(set, &world->offices[i].chain, &why), VL_OK, &why);
        assert_err(vl_finding_add_chain(set, &world->offices[i].rival, &why), VL_OK, &why);
    }
    for (size_t i = 0; i < world->closure_count; i++)
        assert_err(vl_finding_add_closure(set, &world->closures[i], &why), VL_OK, &why);
    for (size_t i = 0; i < world->checked_count; i++)
        assert_err(vl_finding_add_checked(set, &world->checked[i].office, world->checked[i].card,
                                          &why),
                   VL_OK, &why);
}

/* What is found about a letter, and the set that it borrows from. */
struct found {
    struct vl_finding_set *set;
    struct vl_finding finding;
};

static inline void found_release(struct found *found)
{
    vl_finding_release(&found->finding);
    vl_finding_set_free(found->set);
}

static inline struct found find_number(struct world *world, const uint8_t number[VL_HASH_LEN],
                                       int64_t as_of_s)
{
    struct found found = {vl_finding_set_new(), VL_FINDING_INIT};
    struct vl_why why = {""};

    assert_non_null(found.set);
    add_all(world, found.set, NULL);
    assert_err(vl_finding_make(found.set, number, as_of_s, &found.finding, &why), VL_OK, &why);
    return found;
}

static inline struct found find_at(struct world *world, char letter, int64_t as_of_s)
{
    uint8_t number[VL_HASH_LEN];

    number_of(letter, number);
    return find_number(world, number, as_of_s);
}

#define NOW INT64_C(1800000000)
#define FOUND(name, world, letter)                                                                 \
    VL_AUTO(found_release) struct found name = find_at((world), (letter), NOW)

static inline const struct vl_found_addressee *addressee_of(struct world *world,
                                                            const struct found *found, char name)
{
    size_t at = 0;

    while (at < found->finding.addressee_count &&
           !vl_office_id_eq(&found->finding.addressees[at].office, id_of(world, name)))
        at++;
    assert_true(at < found->finding.addressee_count);
    return &found->finding.addressees[at];
}

/* Fails the test unless a fact has this level and these marks. */
#define assert_fact(fact, wanted_level, wanted_marks)                                              \
    do {                                                                                           \
        assert_string_equal(vl_level_word((fact).level), vl_level_word(wanted_level));             \
        assert_int_equal((fact).marks, (wanted_marks));                                            \
    } while (0)

/* The id of an object that `did` gave stays where it is only as long as the world. */
#define DID(world, ...) did((world), (struct say){__VA_ARGS__})

/* S sealed letter l to A; S handed it to courier C, who took it. */
struct story {
    const uint8_t *sealed, *handed, *taken;
};
static inline struct story courier_has_it(struct world *world)
{
    struct story story;

    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "A"});
    story.sealed = DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l");
    story.handed = DID(world, .by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'C',
                       .handover = 1, .capacity = VL_CAPACITY_PRINCIPAL, .cites = {story.sealed});
    story.taken = DID(world, .by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "l",
                      .answers = story.handed, .giver = 'S');
    return story;
}

#endif
