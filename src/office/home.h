/* SPDX-License-Identifier: Apache-2.0 */
/* office/home.h: the folder of one office: its keys, its cards, its store.
 *
 *     keys.age or keys.cbor      private keys (office/secrets.h)
 *     recovery/next.*            the next signing key: better kept somewhere else
 *     recovery/revocation.card   for the day the key is stolen or lost
 *     store.db segments/ letters/ tmp/   what the store keeps (store/store.h)
 *     drafts/                    texts that could not be sealed
 *     lock                       held while something is changed */
#ifndef VL_OFFICE_HOME_H
#define VL_OFFICE_HOME_H

#include "card/chain.h"
#include "evidence/evidence.h"
#include "office/secrets.h"
#include "store/store.h"
#include "sys/lock.h"

enum vl_home_access {
    VL_HOME_READ,
    VL_HOME_WRITE,
    VL_HOME_REHEARSE /* as VL_HOME_WRITE, and in the end nothing was changed: --dry-run */
};

struct vl_home {
    char *path;
    enum vl_home_access access;
    struct vl_lock lock;
    struct vl_store *store;
    struct vl_office_id own;
    struct vl_chain chain; /* own cards */
    bool unlocked;
    struct vl_secrets secrets;
    struct vl_passphrase passphrase; /* while unlocked; empty when the keys are not sealed */
    struct vl_secret signing[VL_CARD_MAX_KEYS]; /* the keys of the newest card, in its order */
    size_t chain_count;                         /* of other offices, as they were asked for */
    size_t chain_cap;
    struct vl_chain **chains;
    enum vl_err chain_err; /* why cards that are there could not be read; VL_OK */
};
#define VL_HOME_INIT                                                                               \
    {                                                                                              \
        .path = NULL, .lock = VL_LOCK_INIT                                                         \
    }

/* NO_HOME; LOCKED when another process writes (not for VL_HOME_READ); UNSUPPORTED when a newer
 * valise made it; IO, NO_MEMORY, FORMAT.  On failure *home is VL_HOME_INIT. */
enum vl_err vl_home_open(const char *path, enum vl_home_access access, struct vl_home *home,
                         struct vl_why *why) VL_MUST_USE;
void vl_home_close(struct vl_home *home);

/* Read the private keys, asking for the passphrase if there is one.  Fine twice.  NO_KEY. */
enum vl_err vl_home_unlock(struct vl_home *home, const struct vl_asker *asker,
                           struct vl_why *why) VL_MUST_USE;
/* Sign as this office; the keys are borrowed from the home, which is unlocked.  NO_KEY when the
 * newest card needs a key that is not here. */
enum vl_err vl_home_signer(struct vl_home *home, int64_t now_s, struct vl_signer *signer,
                           struct vl_why *why) VL_MUST_USE;

/* The cards of whatever office the store knows, itself included. */
struct vl_keyring vl_home_keyring(struct vl_home *home);
const struct vl_chain *vl_home_chain(struct vl_home *home, const struct vl_office_id *office);
/* Its cards in the store have changed: read them again when they are asked for next.  What was
 * borrowed before stays good. */
void vl_home_forget_chain(struct vl_home *home, const struct vl_office_id *office);

/* NOT_FOUND about cards may be because they could not be read: gives the true reason then, else err
 * as it is. */
enum vl_err vl_home_no_chain(const struct vl_home *home, enum vl_err err,
                             struct vl_why *why) VL_MUST_USE;
/* Read the cards of others anew when they are asked for next: some of them changed. */
void vl_home_forget_chains(struct vl_home *home);

/* "PATH/name", to be freed; NULL when memory runs out. */
char *vl_home_path(const struct vl_home *home, const char *name) VL_MUST_USE;

/* The office a person means: a petname, "me", a whole address, or a prefix of one of six symbols
 * or more.  *row must be VL_OFFICE_ROW_INIT.  NOT_FOUND with a "did you mean", AMBIGUOUS. */
enum vl_err vl_home_find_office(struct vl_home *home, const char *text, struct vl_office_row *row,
                                struct vl_why *why) VL_MUST_USE;
/* The letter a person means, by min_symbols of its number or more.  *row must be
 * VL_LETTER_ROW_INIT.  NOT_FOUND, AMBIGUOUS with the candidates, USAGE for too few symbols. */
enum vl_err vl_home_find_letter(struct vl_home *home, const char *text, unsigned min_symbols,
                                struct vl_letter_row *row, struct vl_why *why) VL_MUST_USE;

/* What an office is called in front of a person: "petname (self-given name)", or its address. */
#define VL_OFFICE_NAME_ROOM 320
struct vl_office_name {
    char text[VL_OFFICE_NAME_ROOM];
    char petname[VL_STORE_MAX_PETNAME + 1]; /* empty when there is none */
    bool known;
    bool checked; /* by words */
    bool is_own;
    bool forked;
};
/* Fails only with NO_MEMORY and IO; an office that is not known gets its address as text. */
enum vl_err vl_home_name_office(struct vl_home *home, const uint8_t office[VL_HASH_LEN],
                                struct vl_office_name *out, struct vl_why *why) VL_MUST_USE;

#endif
