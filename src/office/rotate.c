/* SPDX-License-Identifier: Apache-2.0 */
/* New keys for the own office (PROTOCOL 4).
 *
 * At every moment the keys that the newest card in the store needs are on disk: the key file gets
 * the new keys first and loses the old ones last. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "merkle/tree.h"
#include "office/cards.h"
#include "office/closures.h"
#include "office/init.h"
#include "office/twins.h"

struct rotating {
    struct vl_home *home;
    const struct vl_card_rotate_request *request;
    struct vl_secrets next;  /* the announced key */
    struct vl_secrets after; /* the one that will be announced now */
    struct vl_buf card;
    struct vl_buf closes;  /* the ids that it closes, ascending */
    struct vl_chain chain; /* with the new card */
    struct vl_secret old_seed;
    bool unplanned;
    size_t guardian_count;
    struct vl_office_id guardians[VL_CARD_MAX_GUARDIANS];
};

static void release(struct rotating *rotating)
{
    vl_secrets_wipe(&rotating->next);
    vl_secrets_wipe(&rotating->after);
    vl_buf_release(&rotating->card);
    vl_buf_release(&rotating->closes);
    vl_chain_release(&rotating->chain);
    vl_secret_wipe(&rotating->old_seed);
}

static enum vl_err is_announced(const struct vl_secret *seed, const uint8_t announced[VL_HASH_LEN],
                                bool *is_it, struct vl_why *why)
{
    struct vl_cose_key key;
    uint8_t hash[VL_HASH_LEN];
    enum vl_err err;

    vl_cose_key_of_seed(seed, &key);
    err = vl_card_keys_hash(&key, 1, hash);
    *is_it = !err && memcmp(hash, announced, VL_HASH_LEN) == 0;
    return err ? vl_fail(why, err, "no memory for a key") : VL_OK;
}

/* The announced key: where it was said to be, in recovery/, or among the keys, where a rotation
 * that was cut short leaves it. */
static enum vl_err find_next(struct rotating *rotating, struct vl_why *why)
{
    const uint8_t *announced = vl_chain_newest(&rotating->home->chain)->next;
    const struct vl_secrets *secrets = &rotating->home->secrets;
    VL_AUTO(vl_passphrase_wipe) struct vl_passphrase passphrase = rotating->home->passphrase;
    char *own = vl_home_path(rotating->home, "recovery/next");
    const char *stem = rotating->request->next ? rotating->request->next : own;
    enum vl_err err = own ? VL_OK : VL_ERR_NO_MEMORY;
    bool is_it = false;

    for (size_t i = 0; i < secrets->seed_count && !err; i++) {
        err = is_announced(&secrets->seeds[i], announced, &is_it, why);
        if (!err && is_it) {
            rotating->next.seeds[0] = secrets->seeds[i];
            rotating->next.seed_count = 1;
            vl_free(own);
            return VL_OK;
        }
    }
    if (!err && vl_secrets_form(stem) == VL_SECRETS_MISSING)
        err = vl_fail(why, VL_ERR_NO_KEY, "the announced key is not in \"%s\"", stem);
    if (!err)
        err = vl_secrets_load(stem, &rotating->request->asker, &passphrase, &rotating->next, why);
    if (!err && rotating->next.seed_count == 1)
        err = is_announced(&rotating->next.seeds[0], announced, &is_it, why);
    if (!err && !is_it)
        err = vl_fail(why, VL_ERR_NO_KEY, "the key in \"%s\" is not the announced one", stem);
    vl_free(own);
    return err;
}

/* What the retired key signed: a tree over the ids, ascending. */
struct closing {
    size_t count;
    size_t cap;
    uint8_t (*ids)[VL_HASH_LEN];
};

static enum vl_err add_id(struct closing *closing, const uint8_t id[VL_HASH_LEN])
{
    if (closing->count == closing->cap) {
        const size_t cap = closing->cap ? 2 * closing->cap : 64;
        void *block = closing->ids;
        enum vl_err err = vl_grow(&block, closing->cap * VL_HASH_LEN, cap * VL_HASH_LEN);

        if (err)
            return err;
        closing->ids = block;
        closing->cap = cap;
    }
    memcpy(closing->ids[closing->count++], id, VL_HASH_LEN);
    return VL_OK;
}

struct collecting {
    struct closing *closing;
    const struct vl_office_id *own;
};

static enum vl_err add_object(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    const struct collecting *collecting = self;

    (void)why;
    if (memcmp(row->issuer, collecting->own->at, VL_HASH_LEN) != 0)
        return VL_OK;
    return add_id(collecting->closing, row->id);
}

static enum vl_err add_core(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    const struct collecting *collecting = self;

    (void)why;
    return row->has_core && (row->roles & VL_ROLE_WRITTEN) ? add_id(collecting->closing, row->core)
                                                           : VL_OK;
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, VL_HASH_LEN);
}

static enum vl_err close_ids(struct vl_home *home, struct vl_card_draft *draft,
                             struct vl_buf *closes, struct vl_why *why)
{
    const struct vl_letter_query written = {.roles = VL_ROLE_WRITTEN, .lean = true};
    struct closing closing = {0};
    struct collecting collecting = {&closing, &home->own};
    struct vl_tree tree = VL_TREE_INIT;
    enum vl_err err = vl_store_objects(home->store, NULL, add_object, &collecting, why);

    if (!err)
        err = vl_store_letters(home->store, &written, add_core, &collecting, why);
    if (!err && closing.count > 0) {
        qsort(closing.ids, closing.count, VL_HASH_LEN, by_bytes);
        for (size_t i = 0; !err && i < closing.count; i++) {
            uint8_t leaf[VL_HASH_LEN];

            if (i > 0 && memcmp(closing.ids[i], closing.ids[i - 1], VL_HASH_LEN) == 0)
                continue;
            vl_tree_leaf(VL_ARRAY(closing.ids[i]), leaf);
            vl_tree_add(&tree, leaf);
            if (vl_buf_put(closes, VL_ARRAY(closing.ids[i])))
                err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for what the card closes");
        }
    }
    /* An office that signed nothing yet closes nothing. */
    if (!err && tree.count > 0) {
        draft->has_closes = true;
        vl_tree_root(&tree, draft->closes_root);
        draft->closes_count = tree.count;
    }
    vl_free(closing.ids);
    return err;
}

static enum vl_err make_card(struct rotating *rotating, struct vl_why *why)
{
    struct vl_home *home = rotating->home;
    const struct vl_card *before = vl_chain_newest(&home->chain);
    const struct vl_age_recipient *own =
        &home->secrets.sealing.at[home->secrets.sealing.count - 1].recipient;
    const struct vl_card_sealing sealing = {VL_LITERAL(VL_CARD_SEALING_X25519),
                                            VL_ARRAY(own->x25519)};
    struct vl_card_draft draft = {.office = &home->own,
                                  .serial = before->serial + 1,
                                  .previous = before->object.id,
                                  .seeds = rotating->next.seeds,
                                  .seed_count = 1,
                                  .sealing = &sealing,
                                  .sealing_count = 1,
                                  .name = before->name,
                                  .languages = before->languages,
                                  .language_count = before->language_count,
                                  .reach = before->reach,
                                  .reach_count = before->reach_count,
                                  .guardians = rotating->guardians,
                                  .guardian_count = rotating->guardian_count,
                                  .has_iat = true,
                                  .iat_s = rotating->request->now_s};
    struct vl_cose_key after;
    enum vl_err err;

    if (rotating->unplanned) {
        draft.also_seeds = &rotating->old_seed;
        draft.also_count = 1;
    }
    vl_secrets_public(&rotating->after, &after);
    err = vl_card_keys_hash(&after, 1, draft.next);
    if (!err)
        err = close_ids(home, &draft, &rotating->closes, why);
    return err ? err : vl_card_write(&draft, &rotating->card, why);
}

static enum vl_err make_chain(struct rotating *rotating, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf revocation = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    const struct vl_card *before = vl_chain_newest(&rotating->home->chain);
    struct vl_signer signer = {.office = rotating->home->own,
                               .seeds = rotating->next.seeds,
                               .seed_count = 1,
                               .has_iat = true,
                               .iat_s = rotating->request->now_s};
    enum vl_err err = vl_chain_write(&rotating->home->chain, &file);

    if (!err)
        err = vl_chain_parse(vl_buf_bytes(&file), &rotating->chain, why);
    if (!err)
        err = vl_chain_add(&rotating->chain, vl_buf_bytes(&rotating->card), why);
    if (err || !rotating->request->compromised)
        return err;
    memcpy(signer.card_id, vl_chain_newest(&rotating->chain)->object.id, VL_HASH_LEN);
    err = vl_revocation_write(&signer, before->keys[before->need[0]].kid, VL_REVOCATION_COMPROMISED,
                              &revocation, why);
    return err ? err : vl_chain_add(&rotating->chain, vl_buf_bytes(&revocation), why);
}

static enum vl_err keep_chain(struct rotating *rotating, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    struct vl_store *store = rotating->home->store;
    enum vl_err err = vl_chain_write(&rotating->chain, &file);

    if (!err)
        err = vl_store_office(store, rotating->home->own.at, &row, why);
    row.cards = vl_buf_bytes(&file);
    memcpy(row.checked_card, vl_chain_newest(&rotating->chain)->object.id, VL_HASH_LEN);
    if (!err)
        err = vl_store_begin(store, why);
    if (!err)
        err = vl_store_put_office(store, &row, why);
    if (!err)
        err = vl_store_put_fact(store, "restored", VL_BYTES_NONE, why);
    if (!err && rotating->closes.len > 0)
        err = vl_closes_keep(store, row.checked_card, vl_buf_bytes(&rotating->closes), why);
    /* What came back until now is answered for: the key is out of use, or the owner knows of it. */
    if (!err && (rotating->request->compromised || rotating->request->not_newer))
        err = vl_twins_settle(store, why);
    if (!err)
        err = vl_store_commit(store, why);
    vl_store_rollback(store);
    return err;
}

static enum vl_err save_keys(struct vl_home *home, const struct vl_rng *rng, struct vl_why *why)
{
    char *stem = vl_home_path(home, "keys");
    enum vl_err err = stem ? vl_secrets_save(stem, &home->secrets, &home->passphrase, rng, why)
                           : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");

    vl_free(stem);
    return err;
}

/* The new card is in force: put the key that will follow away, and forget the old one. */
static enum vl_err tidy(struct rotating *rotating, struct vl_why *why)
{
    struct vl_home *home = rotating->home;
    const struct vl_rng *rng = &rotating->request->rng;
    struct vl_signer signer = {.office = home->own,
                               .seeds = rotating->next.seeds,
                               .seed_count = 1,
                               .has_iat = true,
                               .iat_s = rotating->request->now_s};
    char *recovery = vl_home_path(home, "recovery");
    char *next = vl_home_path(home, "recovery/next");
    enum vl_err err = recovery && next ? VL_OK : VL_ERR_NO_MEMORY;

    memcpy(signer.card_id, vl_chain_newest(&rotating->chain)->object.id, VL_HASH_LEN);
    if (!err)
        err = vl_secrets_save(next, &rotating->after, &home->passphrase, rng, why);
    if (!err)
        err = vl_init_revocation(recovery, &rotating->chain, &signer, why);
    for (size_t i = 0; i < VL_SECRETS_MAX_SEEDS && !err; i++)
        vl_secret_wipe(&home->secrets.seeds[i]);
    if (!err) {
        home->secrets.seeds[0] = rotating->next.seeds[0];
        home->secrets.seed_count = 1;
        err = save_keys(home, rng, why);
    }
    vl_free(recovery);
    vl_free(next);
    return err;
}

static enum vl_err check_restored(struct rotating *rotating, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf value = VL_BUF_INIT(64);
    enum vl_err err = vl_store_fact(rotating->home->store, "restored", &value, why);

    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    if (value.len == 0 || rotating->request->not_newer)
        return VL_OK;
    return vl_fail(why, VL_ERR_REFUSED,
                   "this office was restored from a backup; a card made after it would fork");
}

static enum vl_err prepare(struct rotating *rotating, struct vl_why *why)
{
    struct vl_home *home = rotating->home;
    const struct vl_rng *rng = &rotating->request->rng;
    struct vl_signer signer;
    enum vl_err err = vl_home_signer(home, rotating->request->now_s, &signer, why);

    if (!err)
        err = vl_secret_set(&rotating->old_seed,
                            vl_bytes_of(signer.seeds[0].data, VL_ED25519_SEED_LEN));
    if (!err && rotating->request->lost) {
        rotating->unplanned = true;
        err = vl_secrets_make_seed(&rotating->next, rng, why);
    } else if (!err) {
        err = find_next(rotating, why);
    }
    if (!err)
        err = vl_secrets_make_seed(&rotating->after, rng, why);
    if (!err)
        err = vl_secrets_make_sealing(&home->secrets, rng, why);
    if (err)
        return err;
    /* In force, then what will be, then what will be announced: whatever the store says after a
     * cut, its keys are here. */
    home->secrets.seeds[0] = rotating->old_seed;
    home->secrets.seeds[1] = rotating->next.seeds[0];
    home->secrets.seeds[2] = rotating->after.seeds[0];
    home->secrets.seed_count = 3;
    return VL_OK;
}

/* Those of the card before, or those that were named now. */
static enum vl_err find_guardians(struct rotating *rotating, struct vl_why *why)
{
    const struct vl_card_rotate_request *request = rotating->request;
    const struct vl_card *before = vl_chain_newest(&rotating->home->chain);
    enum vl_err err = VL_OK;

    if (request->guardian_count > VL_CARD_MAX_GUARDIANS)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d guardians", VL_CARD_MAX_GUARDIANS);
    for (size_t i = 0; request->guardian_count == 0 && i < before->guardian_count; i++)
        rotating->guardians[rotating->guardian_count++] = before->guardians[i];
    if (request->guardian_count == 1 && strcmp(request->guardians[0], "none") == 0)
        return VL_OK;
    for (size_t i = 0; !err && i < request->guardian_count; i++) {
        VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;

        err = vl_home_find_office(rotating->home, request->guardians[i], &row, why);
        if (!err && row.is_own)
            return vl_fail(why, VL_ERR_USAGE, "an office is no guardian of its own");
        if (!err)
            memcpy(rotating->guardians[rotating->guardian_count++].at, row.office, VL_HASH_LEN);
    }
    return err;
}

enum vl_err vl_cards_rotate(struct vl_home *home, const struct vl_card_rotate_request *request,
                            uint64_t *serial, bool *unplanned, struct vl_why *why)
{
    VL_AUTO(release)
    struct rotating rotating = {.home = home,
                                .request = request,
                                .card = VL_BUF_INIT(VL_OBJECT_MAX_LEN),
                                .closes = VL_BUF_INIT(VL_TIE_MAX_LEN),
                                .chain = VL_CHAIN_INIT};
    enum vl_err err = check_restored(&rotating, why);

    *serial = 0;
    if (!err)
        err = find_guardians(&rotating, why);
    if (!err)
        err = vl_home_unlock(home, &request->asker, why);
    if (!err)
        err = prepare(&rotating, why);
    if (!err)
        err = make_card(&rotating, why);
    if (!err)
        err = make_chain(&rotating, why);
    if (!err && home->access != VL_HOME_REHEARSE) {
        err = save_keys(home, &request->rng, why);
        if (!err)
            err = keep_chain(&rotating, why);
    }
    if (err)
        return err;
    *serial = vl_chain_newest(&rotating.chain)->serial;
    *unplanned = rotating.unplanned;
    return home->access == VL_HOME_REHEARSE ? VL_OK : tidy(&rotating, why);
}
