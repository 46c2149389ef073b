/* SPDX-License-Identifier: Apache-2.0 */
#include "office/init.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/name.h"
#include "sys/folder.h"
#include "sys/outfile.h"
#include "sys/process.h"
#include "sys/staging.h"

#define FILE_ROOM VL_CHAIN_MAX_LEN
#define TEXTS_MAX 16

/* Everything of an office that is not on disk yet. */
struct fresh {
    struct vl_secrets secrets;
    struct vl_secrets next;
    struct vl_passphrase passphrase;
    struct vl_buf card; /* the first one, an object */
    struct vl_chain chain;
};

static void release(struct fresh *fresh)
{
    vl_secrets_wipe(&fresh->secrets);
    vl_secrets_wipe(&fresh->next);
    vl_passphrase_wipe(&fresh->passphrase);
    vl_buf_release(&fresh->card);
    vl_chain_release(&fresh->chain);
}

static enum vl_err make_card(const struct vl_init_request *request, struct fresh *fresh,
                             struct vl_why *why)
{
    const struct vl_age_recipient *own = &fresh->secrets.sealing.at[0].recipient;
    const struct vl_card_sealing sealing = {VL_LITERAL(VL_CARD_SEALING_X25519),
                                            VL_ARRAY(own->x25519)};
    vl_bytes languages[TEXTS_MAX], reach[TEXTS_MAX];
    struct vl_card_draft draft = {.seeds = fresh->secrets.seeds,
                                  .seed_count = 1,
                                  .sealing = &sealing,
                                  .sealing_count = 1,
                                  .name = vl_bytes_str(request->name),
                                  .languages = languages,
                                  .language_count = request->language_count,
                                  .reach = reach,
                                  .reach_count = request->reach_count,
                                  .has_iat = true,
                                  .iat_s = request->now_s};
    struct vl_cose_key next;
    enum vl_err err;

    if (request->language_count > TEXTS_MAX || request->reach_count > TEXTS_MAX)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d languages or ways to reach an office",
                       TEXTS_MAX);
    for (size_t i = 0; i < request->language_count; i++)
        languages[i] = vl_bytes_str(request->languages[i]);
    for (size_t i = 0; i < request->reach_count; i++)
        reach[i] = vl_bytes_str(request->reach[i]);
    vl_secrets_public(&fresh->next, &next);
    err = vl_card_keys_hash(&next, 1, draft.next);
    return err ? err : vl_card_write(&draft, &fresh->card, why);
}

static enum vl_err make(const struct vl_init_request *request, struct fresh *fresh,
                        struct vl_why *why)
{
    enum vl_err err = vl_secrets_make_seed(&fresh->secrets, &request->rng, why);

    if (!err)
        err = vl_secrets_make_sealing(&fresh->secrets, &request->rng, why);
    if (!err)
        err = vl_secrets_make_seed(&fresh->next, &request->rng, why);
    if (!err)
        err = make_card(request, fresh, why);
    if (!err)
        err = vl_chain_add(&fresh->chain, vl_buf_bytes(&fresh->card), why);
    return err;
}

enum vl_err vl_init_revocation(const char *recovery, const struct vl_chain *chain,
                               const struct vl_signer *signer, struct vl_why *why)
{
    VL_AUTO(vl_chain_release) struct vl_chain revoked = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(FILE_ROOM);
    const struct vl_card *card = vl_chain_newest(chain);
    char *path = vl_path_join(recovery, "revocation.card");
    enum vl_err err = path ? VL_OK : VL_ERR_NO_MEMORY;

    if (!err)
        err = vl_chain_write(chain, &file);
    if (!err)
        err = vl_chain_parse(vl_buf_bytes(&file), &revoked, why);
    if (!err)
        err = vl_revocation_write(signer, card->keys[card->need[0]].kid, VL_REVOCATION_COMPROMISED,
                                  &object, why);
    if (!err)
        err = vl_chain_add(&revoked, vl_buf_bytes(&object), why);
    file.len = 0;
    if (!err)
        err = vl_chain_write(&revoked, &file);
    if (!err)
        err = vl_out_write(path, VL_OUT_REPLACE | VL_OUT_PRIVATE, vl_buf_bytes(&file), why);
    vl_free(path);
    return err ? vl_fail_in(why, err, "the revocation for later") : VL_OK;
}

static enum vl_err keep_office(struct vl_store *store, const struct vl_init_request *request,
                               const struct fresh *fresh, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(FILE_ROOM);
    struct vl_office_row row = {.is_own = true, .checked = true, .added_at_s = request->now_s};
    enum vl_err err = vl_chain_write(&fresh->chain, &file);

    memcpy(row.office, fresh->chain.office.at, VL_HASH_LEN);
    memcpy(row.checked_card, vl_chain_newest(&fresh->chain)->object.id, VL_HASH_LEN);
    row.cards = vl_buf_bytes(&file);
    if (!err)
        err = vl_store_begin(store, why);
    if (!err)
        err = vl_store_put_fact(store, "own", VL_ARRAY(fresh->chain.office.at), why);
    if (!err)
        err = vl_store_put_office(store, &row, why);
    return err ? err : vl_store_commit(store, why);
}

static enum vl_err keep_keys(const char *folder, const struct vl_init_request *request,
                             const struct fresh *fresh, struct vl_why *why)
{
    struct vl_signer signer = {.office = fresh->chain.office,
                               .seeds = fresh->secrets.seeds,
                               .seed_count = 1,
                               .has_iat = true,
                               .iat_s = request->now_s};
    char *keys = vl_path_join(folder, "keys");
    char *recovery = vl_path_join(folder, "recovery");
    char *drafts = vl_path_join(folder, "drafts");
    char *next = recovery ? vl_path_join(recovery, "next") : NULL;
    enum vl_err err = keys && next && drafts ? VL_OK : VL_ERR_NO_MEMORY;

    memcpy(signer.card_id, vl_chain_newest(&fresh->chain)->object.id, VL_HASH_LEN);
    if (!err)
        err = vl_folder_make(recovery, why);
    if (!err)
        err = vl_folder_make(drafts, why);
    if (!err)
        err = vl_secrets_save(keys, &fresh->secrets, &fresh->passphrase, &request->rng, why);
    if (!err)
        err = vl_secrets_save(next, &fresh->next, &fresh->passphrase, &request->rng, why);
    if (!err)
        err = vl_init_revocation(recovery, &fresh->chain, &signer, why);
    vl_free(keys);
    vl_free(recovery);
    vl_free(drafts);
    vl_free(next);
    return err;
}

/* In a folder that has another name until all is there. */
static enum vl_err build(const char *folder, const struct vl_init_request *request,
                         const struct fresh *fresh, struct vl_why *why)
{
    struct vl_store *store = NULL;
    enum vl_err err = vl_store_home_open(folder, VL_STORE_CREATE, &store, why);

    if (!err)
        err = keep_office(store, request, fresh, why);
    vl_store_close(store);
    return err ? err : keep_keys(folder, request, fresh, why);
}

enum vl_err vl_init(const struct vl_init_request *request, bool *sealed_keys, struct vl_why *why)
{
    VL_AUTO(release) struct fresh fresh = {.card = VL_BUF_INIT(VL_OBJECT_MAX_LEN)};
    VL_AUTO(vl_stage_drop) struct vl_stage stage = VL_STAGE_INIT;
    enum vl_err err = vl_name_check(vl_bytes_str(request->name), why);

    *sealed_keys = false;
    if (!err)
        err = vl_stage_begin(request->home, &stage, why);
    if (!err)
        err = request->asker.ask(request->asker.self, VL_ASK_HOME_NEW, request->name,
                                 &fresh.passphrase, why);
    if (!err)
        err = make(request, &fresh, why);
    vl_stop_hold(); /* a second of work that cleans up behind itself */
    if (!err)
        err = build(stage.path, request, &fresh, why);
    if (!err && !request->dry_run)
        err = vl_stage_commit(&stage, why);
    vl_stop_release();
    *sealed_keys = fresh.passphrase.len > 0;
    return err;
}
