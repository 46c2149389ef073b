/* SPDX-License-Identifier: Apache-2.0 */
#include "office/home.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/name.h"
#include "base/text.h"
#include "codec/number.h"
#include "sys/folder.h"
#include "sys/outfile.h"

#define CHAIN_ROOM ((size_t)8 << 20)

char *vl_home_path(const struct vl_home *home, const char *name)
{
    return vl_path_join(home->path, name);
}

void vl_home_forget_chains(struct vl_home *home)
{
    for (size_t i = 0; i < home->chain_count; i++) {
        vl_chain_release(home->chains[i]);
        vl_free(home->chains[i]);
    }
    home->chain_count = 0;
}

void vl_home_close(struct vl_home *home)
{
    vl_store_close(home->store);
    vl_lock_drop(&home->lock);
    vl_chain_release(&home->chain);
    vl_secrets_wipe(&home->secrets);
    vl_passphrase_wipe(&home->passphrase);
    for (size_t i = 0; i < VL_CARD_MAX_KEYS; i++)
        vl_secret_wipe(&home->signing[i]);
    vl_home_forget_chains(home);
    vl_free(home->chains);
    vl_free(home->path);
    *home = (struct vl_home)VL_HOME_INIT;
}

static enum vl_err take_lock(struct vl_home *home, struct vl_why *why)
{
    char *path = vl_home_path(home, "lock");
    enum vl_err err = path ? VL_OK : VL_ERR_NO_MEMORY;

    if (!err)
        err = vl_lock_take(path, &home->lock, why);
    vl_free(path);
    return err;
}

/* What a killed process was writing, keys among it. */
static void sweep(const struct vl_home *home)
{
    char *recovery = vl_home_path(home, "recovery");

    vl_out_sweep(home->path);
    if (recovery)
        vl_out_sweep(recovery);
    vl_free(recovery);
}

static enum vl_err read_own(struct vl_home *home, struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf own = VL_BUF_INIT(VL_HASH_LEN);
    enum vl_err err = vl_store_fact(home->store, "own", &own, why);

    if (err == VL_ERR_NO_MEMORY)
        return err;
    if (err || own.len != VL_HASH_LEN)
        return vl_fail(why, err && err != VL_ERR_NOT_FOUND ? err : VL_ERR_FORMAT,
                       "the store does not say whose it is");
    memcpy(home->own.at, own.data, VL_HASH_LEN);
    err = vl_store_office(home->store, home->own.at, &row, why);
    if (!err)
        err = vl_chain_parse(row.cards, &home->chain, why);
    return err ? vl_fail_in(why, err, "own card") : VL_OK;
}

static enum vl_err open_in(struct vl_home *home, const char *path, struct vl_why *why)
{
    const size_t len = strlen(path);
    enum vl_err err = VL_OK;

    home->path = vl_new(len + 1);
    if (!home->path)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");
    memcpy(home->path, path, len + 1);
    /* Before the lock: it would make a file in a folder that is none of ours. */
    if (!vl_folder_is_there(path))
        return vl_fail(why, VL_ERR_NO_HOME, "there is no office in \"%s\"", path);
    if (home->access != VL_HOME_READ) {
        char *database = vl_home_path(home, "store.db");
        bool there = database && vl_file_is_there(database);

        if (!database)
            return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");
        vl_free(database);
        if (!there)
            return vl_fail(why, VL_ERR_NO_HOME, "there is no office in \"%s\"", path);
        err = take_lock(home, why);
        if (!err)
            sweep(home);
    }
    if (!err)
        err = vl_store_home_open(path, home->access == VL_HOME_READ ? VL_STORE_READ_ONLY : 0,
                                 &home->store, why);
    if (!err && home->access == VL_HOME_REHEARSE)
        vl_store_rehearse(home->store);
    return err ? err : read_own(home, why);
}

enum vl_err vl_home_open(const char *path, enum vl_home_access access, struct vl_home *home,
                         struct vl_why *why)
{
    enum vl_err err;

    home->access = access;
    err = open_in(home, path, why);
    if (err)
        vl_home_close(home);
    return err;
}

enum vl_err vl_home_unlock(struct vl_home *home, const struct vl_asker *asker, struct vl_why *why)
{
    char *stem;
    enum vl_err err;

    if (home->unlocked)
        return VL_OK;
    stem = vl_home_path(home, "keys");
    if (!stem)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");
    err = vl_secrets_load(stem, asker, &home->passphrase, &home->secrets, why);
    if (!err && home->access == VL_HOME_WRITE)
        vl_secrets_tidy(stem);
    vl_free(stem);
    if (err == VL_ERR_NO_KEY) /* what was typed is wrong: it must not be kept */
        vl_passphrase_wipe(&home->passphrase);
    home->unlocked = !err;
    return err;
}

enum vl_err vl_home_signer(struct vl_home *home, int64_t now_s, struct vl_signer *signer,
                           struct vl_why *why)
{
    const struct vl_card *card = vl_chain_newest(&home->chain);

    *signer = (struct vl_signer){.office = home->own,
                                 .seeds = home->signing,
                                 .seed_count = card->need_count,
                                 .has_iat = true,
                                 .iat_s = now_s};
    memcpy(signer->card_id, card->object.id, VL_HASH_LEN);
    for (size_t i = 0; i < card->need_count; i++) {
        const uint8_t *kid = card->keys[card->need[i]].kid;
        bool found = false;

        for (size_t s = 0; s < home->secrets.seed_count && !found; s++) {
            struct vl_cose_key key;
            uint8_t own[VL_HASH_LEN];

            vl_cose_key_of_seed(&home->secrets.seeds[s], &key);
            vl_cose_key_thumbprint(&key, own);
            found = memcmp(own, kid, VL_HASH_LEN) == 0;
            if (found)
                vl_ed25519_expand(&home->secrets.seeds[s], &home->signing[i]);
        }
        if (!found)
            return vl_fail(why, VL_ERR_NO_KEY, "the signing key of the newest card is not here");
    }
    return VL_OK;
}

static enum vl_err read_chain(struct vl_home *home, const struct vl_office_id *office,
                              struct vl_chain **out)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    enum vl_err err = vl_store_office(home->store, office->at, &row, NULL);
    struct vl_chain *chain;

    *out = NULL;
    if (err)
        return err;
    chain = vl_new(sizeof *chain);
    if (!chain)
        return VL_ERR_NO_MEMORY;
    *chain = (struct vl_chain)VL_CHAIN_INIT;
    err = vl_chain_parse(row.cards, chain, NULL);
    if (err)
        vl_free(chain);
    else
        *out = chain;
    return err;
}

enum vl_err vl_home_no_chain(const struct vl_home *home, enum vl_err err, struct vl_why *why)
{
    return err == VL_ERR_NOT_FOUND && home->chain_err
               ? vl_fail(why, home->chain_err, "reading the cards of an office")
               : err;
}

const struct vl_chain *vl_home_chain(struct vl_home *home, const struct vl_office_id *office)
{
    struct vl_chain *chain = NULL;
    enum vl_err err;

    if (vl_office_id_eq(office, &home->own))
        return &home->chain;
    for (size_t i = 0; i < home->chain_count; i++)
        if (vl_office_id_eq(&home->chains[i]->office, office))
            return home->chains[i];
    if (home->chain_count == home->chain_cap) {
        const size_t cap = home->chain_cap ? 2 * home->chain_cap : 8;
        void *block = home->chains;

        err = vl_grow(&block, home->chain_cap * sizeof(struct vl_chain *),
                      cap * sizeof(struct vl_chain *));
        if (err) {
            home->chain_err = err;
            return NULL;
        }
        home->chains = block;
        home->chain_cap = cap;
    }
    err = read_chain(home, office, &chain);
    if (err) {
        if (err != VL_ERR_NOT_FOUND)
            home->chain_err = err;
        return NULL;
    }
    home->chains[home->chain_count++] = chain;
    return chain;
}

/* The old one stays where it is, under an address that nobody asks for. */
void vl_home_forget_chain(struct vl_home *home, const struct vl_office_id *office)
{
    for (size_t i = 0; i < home->chain_count; i++)
        if (vl_office_id_eq(&home->chains[i]->office, office))
            memset(&home->chains[i]->office, 0, sizeof home->chains[i]->office);
}

static const struct vl_chain *find_chain(void *self, const struct vl_office_id *office)
{
    return vl_home_chain(self, office);
}

struct vl_keyring vl_home_keyring(struct vl_home *home)
{
    return (struct vl_keyring){find_chain, home};
}

/* Looking for an office by what a person typed. */
struct office_search {
    const char *text;
    bool has_prefix;
    struct vl_number_prefix prefix;
    size_t found_count;
    struct vl_office_row *found;
    size_t nearest_distance;
    char nearest[VL_STORE_MAX_PETNAME + 1];
};

static enum vl_err copy_row(const struct vl_office_row *row, struct vl_office_row *to)
{
    struct vl_buf own = to->own;
    enum vl_err err;

    own.len = 0;
    err = vl_buf_put(&own, row->cards);
    *to = *row;
    to->own = own;
    to->cards = vl_buf_bytes(&to->own);
    return err;
}

static enum vl_err look_at_office(void *self, const struct vl_office_row *row, struct vl_why *why)
{
    struct office_search *search = self;
    bool is_it = (row->petname[0] && strcmp(row->petname, search->text) == 0) ||
                 (row->is_own && strcmp(search->text, "me") == 0) ||
                 (search->has_prefix && vl_number_starts(row->office, &search->prefix));
    size_t distance;

    (void)why;
    if (is_it) {
        search->found_count++;
        return copy_row(row, search->found);
    }
    distance = row->petname[0] ? vl_text_distance(row->petname, search->text) : SIZE_MAX;
    if (distance < search->nearest_distance) {
        search->nearest_distance = distance;
        memcpy(search->nearest, row->petname, sizeof search->nearest);
    }
    return VL_OK;
}

enum vl_err vl_home_find_office(struct vl_home *home, const char *text, struct vl_office_row *row,
                                struct vl_why *why)
{
    struct office_search search = {.text = text, .found = row, .nearest_distance = 3};
    enum vl_err err;

    if (strncmp(text, VL_OFFICE_HRP "1", sizeof VL_OFFICE_HRP) == 0 || strlen(text) >= 6)
        search.has_prefix =
            vl_number_prefix(VL_OFFICE_HRP, vl_bytes_str(text), 6, &search.prefix) == VL_OK;
    /* A petname is what its owner chose; it is never taken for a part of an address. */
    err = vl_store_office_named(home->store, text, row, why);
    if (err != VL_ERR_NOT_FOUND)
        return err;
    err = vl_store_offices(home->store, look_at_office, &search, why);
    if (err)
        return err;
    if (search.found_count > 1) {
        vl_office_row_release(row);
        return vl_fail(why, VL_ERR_AMBIGUOUS, "%zu offices begin with \"%s\"", search.found_count,
                       text);
    }
    if (search.found_count == 1)
        return VL_OK;
    if (search.nearest_distance < 3)
        return vl_fail(why, VL_ERR_NOT_FOUND, "there is no office \"%s\"; did you mean \"%s\"?",
                       text, search.nearest);
    return vl_fail(why, VL_ERR_NOT_FOUND, "there is no office \"%s\" here", text);
}

struct letter_search {
    size_t count;
    uint8_t first[VL_HASH_LEN];
    char list[160];
};

static enum vl_err look_at_letter(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct letter_search *search = self;
    char number[VL_NUMBER_SHORT];
    size_t len = strlen(search->list);

    (void)why;
    if (search->count++ == 0)
        memcpy(search->first, row->number, VL_HASH_LEN);
    if (search->count <= 8)
        (void)snprintf(search->list + len, sizeof search->list - len, "%s%s", len ? ", " : "",
                       vl_number_short(row->number, number));
    return VL_OK;
}

enum vl_err vl_home_find_letter(struct vl_home *home, const char *text, unsigned min_symbols,
                                struct vl_letter_row *row, struct vl_why *why)
{
    struct vl_letter_query query = {.has_prefix = true, .lean = true, .limit = 9};
    struct letter_search search = {0};
    struct vl_number_prefix prefix;
    enum vl_err err = vl_number_prefix(VL_LETTER_HRP, vl_bytes_str(text), 4, &prefix);

    if (err)
        return vl_fail(why, VL_ERR_NOT_FOUND, "\"%s\" is no number of a letter", text);
    memcpy(query.prefix, prefix.bits, VL_HASH_LEN);
    query.prefix_bits = prefix.bit_count;
    err = vl_store_letters(home->store, &query, look_at_letter, &search, why);
    if (err)
        return err;
    if (search.count == 0)
        return vl_fail(why, VL_ERR_NOT_FOUND, "there is no letter \"%s\" here", text);
    if (search.count > 1)
        return vl_fail(why, VL_ERR_AMBIGUOUS, "\"%s\" may be any of %s%s", text, search.list,
                       search.count > 8 ? " and more" : "");
    if (prefix.bit_count < min_symbols * 5) {
        char number[VL_NUMBER_SHORT];

        return vl_fail(why, VL_ERR_USAGE, "\"%s\" is too short to act on: give all of %s", text,
                       vl_number_short(search.first, number));
    }
    return vl_store_letter(home->store, search.first, row, why);
}

enum vl_err vl_home_name_office(struct vl_home *home, const uint8_t office[VL_HASH_LEN],
                                struct vl_office_name *out, struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    const struct vl_chain *chain;
    struct vl_office_id id;
    char safe[VL_NAME_MAX * 2 + 8];
    char address[VL_OFFICE_TEXT];
    enum vl_err err = vl_store_office(home->store, office, &row, why);

    memcpy(id.at, office, VL_HASH_LEN);
    *out = (struct vl_office_name){.known = !err};
    if (err && err != VL_ERR_NOT_FOUND)
        return err;
    (void)vl_office_id_text(&id, address);
    chain = err ? NULL : vl_home_chain(home, &id);
    if (!chain) {
        (void)snprintf(out->text, sizeof out->text, "%s", address);
        return VL_OK;
    }
    memcpy(out->petname, row.petname, sizeof out->petname);
    out->checked = row.checked || row.is_own;
    out->is_own = row.is_own;
    out->forked = row.forked;
    (void)vl_text_safe(safe, sizeof safe, vl_chain_newest(chain)->name);
    if (row.is_own)
        (void)snprintf(out->text, sizeof out->text, "%.263s", safe);
    else if (row.petname[0] && row.checked)
        (void)snprintf(out->text, sizeof out->text, "%s (%.250s)", row.petname, safe);
    else if (row.petname[0]) /* PROTOCOL 17: what it calls itself is not shown before it is checked
                              */
        (void)snprintf(out->text, sizeof out->text, "%s (not checked, %.15s...)", row.petname,
                       address);
    else
        (void)snprintf(out->text, sizeof out->text, "%s", address);
    return VL_OK;
}
