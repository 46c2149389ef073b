/* SPDX-License-Identifier: Apache-2.0 */
#include "office/keeping.h"

#include "base/alloc.h"
#include "office/pieces.h"

enum vl_err vl_forget(struct vl_home *home, const uint8_t number[VL_HASH_LEN], struct vl_why *why)
{
    enum vl_err err = vl_store_begin(home->store, why);

    if (!err)
        err = vl_store_forget(home->store, number, why);
    if (!err)
        err = vl_letter_stays_not(home->store, number, why);
    if (!err)
        err = vl_partials_drop(home->store, number, why);
    if (!err)
        err = vl_store_commit(home->store, why);
    vl_store_rollback(home->store);
    return err;
}

enum vl_err vl_forget_check(const struct vl_letter_row *row, struct vl_why *why)
{
    if (row->forgotten || (row->way != VL_WAY_WAITING && row->way != VL_WAY_HANDED))
        return VL_OK;
    return vl_fail(why, VL_ERR_REFUSED,
                   "%s, and nobody has signed for it: this may be the only copy",
                   row->way == VL_WAY_WAITING ? "it waits to be handed over"
                                              : "it was handed over");
}

enum vl_err vl_letter_stays(struct vl_store *store, const struct vl_letter_row *row, bool *stays,
                            struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf list = VL_BUF_INIT(VL_HASH_LEN);
    static const uint8_t key[VL_HASH_LEN] = {0};
    enum vl_err err = VL_ERR_NOT_FOUND;

    /* Once the next one signed for it, it is of no more use here. */
    if (row->forgotten && (row->way == VL_WAY_WAITING || row->way == VL_WAY_HANDED))
        err = vl_store_tie(store, VL_TIE_STAYS, row->number, key, &list, why);
    *stays = !err;
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

enum vl_err vl_letter_stays_not(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                                struct vl_why *why)
{
    static const uint8_t key[VL_HASH_LEN] = {0};

    return vl_store_drop_tie(store, VL_TIE_STAYS, number, key, why);
}

struct done {
    struct vl_buf numbers;
    uint64_t bytes;
};

static enum vl_err see_done(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct done *done = self;
    enum vl_err err;

    /* An own letter that somebody took on its way is not where it should be yet. */
    if (row->forgotten || (row->way == VL_WAY_PASSED && (row->roles & VL_ROLE_WRITTEN) != 0))
        return VL_OK;
    done->bytes += row->size;
    err = vl_buf_put(&done->numbers, VL_ARRAY(row->number));
    return err ? vl_fail(why, err, "no memory for a list of letters") : VL_OK;
}

static enum vl_err find_done(struct vl_home *home, struct done *done, struct vl_why *why)
{
    const struct vl_letter_query query = {.ways = 1u << VL_WAY_PASSED | 1u << VL_WAY_RECEIPTED,
                                          .lean = true};

    return vl_store_letters(home->store, &query, see_done, done, why);
}

enum vl_err vl_done_count(struct vl_home *home, size_t *count, uint64_t *bytes, struct vl_why *why)
{
    struct done done = {VL_BUF_INIT(SIZE_MAX), 0};
    enum vl_err err = find_done(home, &done, why);

    *count = done.numbers.len / VL_HASH_LEN;
    *bytes = done.bytes;
    vl_buf_release(&done.numbers);
    return err;
}

enum vl_err vl_done_forget(struct vl_home *home, struct vl_why *why)
{
    struct done done = {VL_BUF_INIT(SIZE_MAX), 0};
    enum vl_err err = find_done(home, &done, why);

    if (!err)
        err = vl_store_begin(home->store, why);
    for (size_t at = 0; !err && at < done.numbers.len; at += VL_HASH_LEN)
        err = vl_store_forget(home->store, done.numbers.data + at, why);
    if (!err)
        err = vl_store_commit(home->store, why);
    vl_store_rollback(home->store);
    vl_buf_release(&done.numbers);
    return err;
}

/* The same for the announced key, when it still lies here. */
static enum vl_err reseal(const struct vl_home *home, const char *name,
                          const struct vl_asker *asker, const struct vl_passphrase *passphrase,
                          const struct vl_rng *rng, struct vl_why *why)
{
    VL_AUTO(vl_secrets_wipe) struct vl_secrets secrets = VL_SECRETS_INIT;
    VL_AUTO(vl_passphrase_wipe) struct vl_passphrase now = home->passphrase;
    VL_AUTO(vl_passphrase_wipe) struct vl_passphrase after = *passphrase;
    char *stem = vl_home_path(home, name);
    enum vl_err err = stem ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");

    if (!err && vl_secrets_form(stem) != VL_SECRETS_MISSING) {
        /* A change that was cut short got as far as this file: it is under the new one already. */
        bool cut_short = after.len > 0 && now.len == 0;

        if (cut_short)
            err = vl_secrets_load(stem, asker, &after, &secrets, why);
        if (!cut_short || err == VL_ERR_NO_KEY)
            err = vl_secrets_load(stem, asker, &now, &secrets, why);
        if (err == VL_ERR_NO_KEY && after.len > 0 && !cut_short)
            err = vl_secrets_load(stem, asker, &after, &secrets, why);
        if (!err && home->access != VL_HOME_REHEARSE)
            err = vl_secrets_save(stem, &secrets, passphrase, rng, why);
    }
    vl_free(stem);
    return err;
}

enum vl_err vl_home_passphrase(struct vl_home *home, const struct vl_asker *now,
                               const struct vl_asker *new_one, const struct vl_rng *rng,
                               bool *sealed, struct vl_why *why)
{
    VL_AUTO(vl_passphrase_wipe) struct vl_passphrase passphrase = VL_PASSPHRASE_INIT;
    enum vl_err err = vl_home_unlock(home, now, why);

    if (!err)
        err = new_one->ask(new_one->self, VL_ASK_HOME_NEW, NULL, &passphrase, why);
    /* The announced key first: while the two differ, the one that is used daily opens as before. */
    if (!err)
        err = reseal(home, "recovery/next", now, &passphrase, rng, why);
    if (!err)
        err = reseal(home, "keys", now, &passphrase, rng, why);
    *sealed = passphrase.len > 0;
    return err;
}
