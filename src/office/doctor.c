/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/time.h"
#include "codec/number.h"
#include "office/keeping.h"
#include "office/twins.h"
#include "sys/folder.h"

#define TEXT_ROOM 400
/* Less room than this and the next letters may not fit. */
#define FREE_LOW ((uint64_t)256 << 20)
#define SOON_S   ((int64_t)30 * 86400)
/* Two clocks of one office may differ by so much. */
#define CLOCK_SLACK_S 86400

struct checking {
    struct vl_home *home;
    const struct vl_doctor_request *request;
    size_t warnings;
    size_t failures;
    int64_t newest_s; /* of everything that was kept or signed here */
    size_t objects;
    size_t broken;
    size_t no_card;
};

static void tell(struct checking *checking, const char *what, enum vl_doctor_verdict verdict,
                 const char *format, ...) VL_PRINTF(4, 5);

static void tell(struct checking *checking, const char *what, enum vl_doctor_verdict verdict,
                 const char *format, ...)
{
    char text[TEXT_ROOM];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    checking->warnings += verdict == VL_DOCTOR_WARN;
    checking->failures += verdict == VL_DOCTOR_FAIL;
    checking->request->told(checking->request->told_self, what, verdict, text);
}

static enum vl_err check_keys(struct checking *checking, struct vl_why *why)
{
    char *keys = vl_home_path(checking->home, "keys");
    char *next = vl_home_path(checking->home, "recovery/next");
    enum vl_secrets_form form;

    if (!keys || !next) {
        vl_free(keys);
        vl_free(next);
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");
    }
    form = vl_secrets_form(keys);
    if (form == VL_SECRETS_MISSING)
        tell(checking, "keys", VL_DOCTOR_FAIL, "the private keys are missing: restore a backup");
    else if (vl_secrets_exposed(keys))
        tell(checking, "keys", VL_DOCTOR_FAIL,
             "others than you may read the private keys: chmod 600");
    else if (form == VL_SECRETS_PLAIN)
        tell(checking, "keys", VL_DOCTOR_WARN, "not under a passphrase: valise passphrase");
    else
        tell(checking, "keys", VL_DOCTOR_OK, "under a passphrase");
    if (vl_secrets_form(next) == VL_SECRETS_MISSING)
        tell(checking, "next key", VL_DOCTOR_OK, "kept somewhere else");
    else
        tell(checking, "next key", VL_DOCTOR_WARN,
             "recovery/ lies beside the keys: whoever steals one has both; move it away");
    vl_free(keys);
    vl_free(next);
    return VL_OK;
}

static void check_card(struct checking *checking)
{
    const struct vl_chain *chain = &checking->home->chain;
    const struct vl_chain_link *link = &chain->links[chain->count - 1];
    const int64_t now = checking->request->now_s;
    char date[VL_TIME_TEXT];

    if (link->key_revoked)
        tell(checking, "card", VL_DOCTOR_FAIL, "its key was revoked: valise card rotate");
    else if (link->card.has_not_after && link->card.not_after_s < now)
        tell(checking, "card", VL_DOCTOR_FAIL, "it ended on %s: valise card rotate",
             vl_time_text(link->card.not_after_s, date));
    else if (link->card.has_not_after && link->card.not_after_s - now < SOON_S)
        tell(checking, "card", VL_DOCTOR_WARN, "it ends on %s: valise card rotate",
             vl_time_text(link->card.not_after_s, date));
    else
        tell(checking, "card", VL_DOCTOR_OK, "number %llu, the newest",
             (unsigned long long)link->card.serial);
}

/* Two homes with one office's keys: nothing can hold them apart, but what one of them signed comes
 * back to the other. */
static enum vl_err check_twins(struct checking *checking, struct vl_why *why)
{
    struct vl_twins twins;
    char number[VL_NUMBER_SHORT];
    enum vl_err err = vl_twins_find(checking->home->store, &twins, why);

    if (err)
        return err;
    if (twins.open > 0)
        tell(
            checking, "copies", VL_DOCTOR_WARN,
            "%s was signed with the keys of this office, and not here: a copy of its home signs, "
            "or its keys were stolen, or it was restored from a backup that is older; use one home "
            "only, and if there is no other:  valise card rotate --compromised; and if you signed "
            "it yourself before a restore:  valise doctor --signed-by-me",
            vl_number_short(twins.newest, number));
    else if (twins.settled > 0)
        tell(checking, "copies", VL_DOCTOR_OK,
             "%zu signed %s with the keys of this office, and not here: answered for; none came "
             "since",
             twins.settled, twins.settled == 1 ? "act was made" : "acts were made");
    return VL_OK;
}

static enum vl_err settle_twins(struct vl_store *store, struct vl_why *why)
{
    enum vl_err err = vl_store_begin(store, why);

    if (!err)
        err = vl_twins_settle(store, why);
    if (!err)
        err = vl_store_commit(store, why);
    vl_store_rollback(store);
    return err;
}

static void check_disk(struct checking *checking)
{
    uint64_t free_bytes = 0;
    struct vl_why why = {""};

    if (vl_folder_free_bytes(checking->home->path, &free_bytes, &why) != VL_OK)
        tell(checking, "disk", VL_DOCTOR_WARN, "nobody knows how much is free: %.200s", why.text);
    else
        tell(checking, "disk", free_bytes < FREE_LOW ? VL_DOCTOR_WARN : VL_DOCTOR_OK,
             "%llu MiB free", (unsigned long long)(free_bytes >> 20));
}

static enum vl_err newest_letter(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct checking *checking = self;

    (void)why;
    if (row->kept_at_s > checking->newest_s)
        checking->newest_s = row->kept_at_s;
    return VL_OK;
}

static enum vl_err check_clock(struct checking *checking, struct vl_why *why)
{
    const struct vl_letter_query letters = {.lean = true};
    const int64_t now = checking->request->now_s;
    char date[VL_TIME_TEXT];
    int64_t signed_at;
    enum vl_err err =
        vl_store_letters(checking->home->store, &letters, newest_letter, checking, why);

    if (err)
        return err;
    if (vl_object_signed_at(&vl_chain_newest(&checking->home->chain)->object, &signed_at) &&
        signed_at > checking->newest_s)
        checking->newest_s = signed_at;
    if (now + CLOCK_SLACK_S < checking->newest_s)
        tell(checking, "clock", VL_DOCTOR_WARN,
             "it is behind what was done here on %s: one of the two was wrong",
             vl_time_text(checking->newest_s, date));
    else
        tell(checking, "clock", VL_DOCTOR_OK, "not behind anything that was done here");
    return VL_OK;
}

static enum vl_err found(void *self, const struct vl_store_finding *finding)
{
    struct checking *checking = self;
    char number[VL_NUMBER_SHORT];

    if (finding->has_number)
        tell(checking, "store", finding->harmless ? VL_DOCTOR_WARN : VL_DOCTOR_FAIL, "%s: %s",
             vl_number_short(finding->number, number), finding->what);
    else
        tell(checking, "store", finding->harmless ? VL_DOCTOR_WARN : VL_DOCTOR_FAIL, "%s",
             finding->what);
    return VL_OK;
}

static enum vl_err check_store(struct checking *checking, struct vl_why *why)
{
    const size_t before = checking->warnings + checking->failures;
    struct vl_store_size size = {0};
    enum vl_err err =
        vl_store_look(checking->home->store, checking->request->verify, found, checking, why);

    if (!err)
        err = vl_store_size(checking->home->store, &size, why);
    if (!err && checking->warnings + checking->failures == before)
        tell(checking, "store", VL_DOCTOR_OK, "%llu %s, %llu signed %s, %llu %s%s",
             (unsigned long long)size.letters, size.letters == 1 ? "letter" : "letters",
             (unsigned long long)size.objects, size.objects == 1 ? "act" : "acts",
             (unsigned long long)size.offices, size.offices == 1 ? "office" : "offices",
             checking->request->verify ? ", every envelope read" : "");
    return err;
}

/* One signed act again, as if it had just come. */
static enum vl_err check_act(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    struct checking *checking = self;
    struct vl_object object = VL_OBJECT_INIT;
    struct vl_chain_verdict verdict;
    const struct vl_chain *chain = NULL;
    enum vl_err err = vl_object_parse(row->bytes, &object, why);

    checking->objects++;
    if (!err)
        chain = vl_home_chain(checking->home, &object.issuer);
    if (!err && !chain)
        checking->no_card++;
    if (chain)
        err = vl_chain_verify(chain, &object, &verdict, why);
    if (!err && memcmp(object.id, row->id, VL_HASH_LEN) != 0)
        err = VL_ERR_UNVERIFIED;
    vl_object_release(&object);
    checking->broken += err != VL_OK && err != VL_ERR_NO_MEMORY;
    return err == VL_ERR_NO_MEMORY ? err : VL_OK;
}

static enum vl_err check_acts(struct checking *checking, struct vl_why *why)
{
    enum vl_err err = vl_store_objects(checking->home->store, NULL, check_act, checking, why);

    if (err)
        return err;
    if (checking->broken > 0)
        tell(checking, "signatures", VL_DOCTOR_FAIL, "%zu of %zu signed acts do not verify",
             checking->broken, checking->objects);
    else if (checking->no_card > 0)
        tell(checking, "signatures", VL_DOCTOR_WARN,
             "%zu of %zu signed acts are by offices without a card here", checking->no_card,
             checking->objects);
    else
        tell(checking, "signatures", VL_DOCTOR_OK, "%zu signed acts verify", checking->objects);
    return VL_OK;
}

static enum vl_err check_offices_one(void *self, const struct vl_office_row *row,
                                     struct vl_why *why)
{
    struct checking *checking = self;

    (void)why;
    if (row->forked && row->is_own)
        tell(checking, "cards", VL_DOCTOR_FAIL,
             "two cards of one number were signed with the keys of this office: a copy of its home "
             "made one, or a thief");
    else if (row->forked)
        tell(checking, "cards", VL_DOCTOR_FAIL,
             "\"%s\" signed two cards of one number: ask them, and check the words again",
             row->petname);
    return VL_OK;
}

enum vl_err vl_doctor(struct vl_home *home, const struct vl_doctor_request *request,
                      size_t *warnings, size_t *failures, struct vl_why *why)
{
    struct checking checking = {.home = home, .request = request};
    enum vl_err err = request->signed_by_me ? settle_twins(home->store, why) : VL_OK;

    *warnings = *failures = 0;
    if (err)
        return err;
    tell(&checking, "home", VL_DOCTOR_OK, "%.300s", home->path);
    err = check_keys(&checking, why);
    if (!err) {
        check_card(&checking);
        check_disk(&checking);
        err = check_clock(&checking, why);
    }
    if (!err)
        err = check_twins(&checking, why);
    if (!err)
        err = vl_store_offices(home->store, check_offices_one, &checking, why);
    if (!err)
        err = check_store(&checking, why);
    if (!err && request->verify)
        err = check_acts(&checking, why);
    *warnings = checking.warnings;
    *failures = checking.failures;
    return err;
}
