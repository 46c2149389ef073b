/* SPDX-License-Identifier: Apache-2.0 */
#include "office/saying.h"

#include <string.h>

#include "base/alloc.h"
#include "codec/number.h"
#include "office/answers.h"
#include "office/filing.h"
#include "office/invite.h"
#include "office/mandates.h"
#include "office/owed.h"

#define SYMBOLS 8 /* PROTOCOL 21 */

/* --- what it is about ------------------------------------------------------------------------- */

static bool read_hex(const char *text, uint8_t out[VL_HASH_LEN])
{
    return vl_bytes_of_hex(vl_bytes_str(text), out, VL_HASH_LEN);
}

/* A whole number names what need not be here. */
static bool read_whole(const char *hrp, const char *text, uint8_t out[VL_HASH_LEN])
{
    struct vl_number_prefix prefix;

    if (vl_number_prefix(hrp, vl_bytes_str(text), SYMBOLS, &prefix) != VL_OK ||
        prefix.bit_count != 8 * VL_HASH_LEN)
        return false;
    memcpy(out, prefix.bits, VL_HASH_LEN);
    return true;
}

static enum vl_err find_letter(struct vl_home *home, const char *text, uint8_t id[VL_HASH_LEN],
                               bool *is_here, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    enum vl_err err = vl_home_find_letter(home, text, SYMBOLS, &row, why);

    *is_here = !err;
    if (err == VL_ERR_NOT_FOUND && read_whole(VL_LETTER_HRP, text, id))
        return VL_OK;
    if (!err)
        memcpy(id, row.number, VL_HASH_LEN);
    return err;
}

static enum vl_err find_act(struct vl_home *home, const char *text, uint8_t id[VL_HASH_LEN],
                            bool *is_here, struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    enum vl_err err = vl_acts_find(home->store, text, &object, why);

    *is_here = !err;
    if (err == VL_ERR_NOT_FOUND && (read_whole(VL_ACT_HRP, text, id) || read_hex(text, id)))
        return VL_OK;
    if (!err)
        memcpy(id, object.id, VL_HASH_LEN);
    return err;
}

static enum vl_err find_office(struct vl_home *home, const char *text, uint8_t id[VL_HASH_LEN],
                               bool *is_here, struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    enum vl_err err = vl_home_find_office(home, text, &row, why);

    *is_here = !err;
    if (err == VL_ERR_NOT_FOUND && read_whole(VL_OFFICE_HRP, text, id))
        return VL_OK;
    if (!err)
        memcpy(id, row.office, VL_HASH_LEN);
    return err;
}

struct issued {
    struct vl_act_any *any;
    bool is_found;
    uint8_t id[VL_HASH_LEN];
};

static enum vl_err see_issue(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    struct issued *issued = self;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    enum vl_err err = vl_object_parse(row->bytes, &object, why);

    if (!err)
        err = vl_act_any_read(&object, issued->any, why);
    if (err || issued->any->form != VL_ACT_INVITATION)
        return err;
    if (issued->is_found && issued->any->as.invitation.what != VL_INVITATION_ISSUE)
        return VL_OK;
    issued->is_found = true;
    memcpy(issued->id, row->id, VL_HASH_LEN);
    return VL_OK;
}

/* Of an invitation, the act by which it was issued: words are about acts. */
static enum vl_err find_invited(struct vl_home *home, const char *text, uint8_t id[VL_HASH_LEN],
                                bool *is_here, struct vl_why *why)
{
    struct issued issued = {.any = vl_new(sizeof *issued.any)};
    uint8_t invitation[VL_HASH_LEN];
    enum vl_err err = issued.any ? vl_invitation_find(home, text, SYMBOLS, invitation, why)
                                 : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read an act");

    if (!err)
        err = vl_store_objects(home->store, invitation, see_issue, &issued, why);
    vl_free(issued.any);
    *is_here = !err && issued.is_found;
    if (!err)
        memcpy(id, issued.id, VL_HASH_LEN);
    return err;
}

static enum vl_err find_digest(struct vl_home *home, const char *text, uint8_t id[VL_HASH_LEN],
                               bool *is_here, struct vl_why *why)
{
    (void)home;
    *is_here = false;
    return read_hex(text, id) ? VL_OK
                              : vl_fail(why, VL_ERR_USAGE,
                                        "\"%s\" is not the 64 small hex digits of a SHA-256", text);
}

static const struct {
    const char *prefix;
    enum vl_subject what;
    enum vl_err (*find)(struct vl_home *home, const char *text, uint8_t id[VL_HASH_LEN],
                        bool *is_here, struct vl_why *why);
} ways[] = {
    {"letter:", VL_SUBJECT_LETTER, find_letter},   {"act:", VL_SUBJECT_ACT, find_act},
    {"office:", VL_SUBJECT_OFFICE, find_office},   {"invite:", VL_SUBJECT_ACT, find_invited},
    {"sha256:", VL_SUBJECT_DOCUMENT, find_digest}, {"part:", VL_SUBJECT_PART, find_digest},
};
#define PLAIN_WAYS 3 /* these are tried for a word without a prefix, */
#define LAST_WAY   3 /* and this when it is none of them: it knows acts as well */

static enum vl_err find_whatever(struct vl_home *home, const char *text, enum vl_subject *what,
                                 uint8_t id[VL_HASH_LEN], bool *is_here, struct vl_why *why)
{
    bool found = false;

    for (size_t i = 0; i < PLAIN_WAYS || (i == LAST_WAY && !found); i++) {
        uint8_t one[VL_HASH_LEN];
        bool here = false;
        enum vl_err err = ways[i].find(home, text, one, &here, why);

        if (err == VL_ERR_NOT_FOUND || err == VL_ERR_USAGE)
            continue;
        if (err)
            return err;
        if (found)
            return vl_fail(why, VL_ERR_AMBIGUOUS,
                           "\"%s\" is the %s of one and the %s of another: put \"%s\" before it",
                           text, vl_subject_word(*what), vl_subject_word(ways[i].what),
                           ways[i].prefix);
        found = true;
        *what = ways[i].what;
        *is_here = here;
        memcpy(id, one, VL_HASH_LEN);
    }
    return found ? VL_OK
                 : vl_fail(why, VL_ERR_NOT_FOUND,
                           "there is no letter, act, office or invitation \"%s\" here", text);
}

enum vl_err vl_saying_subject(struct vl_home *home, const char *text, enum vl_subject *what,
                              uint8_t id[VL_HASH_LEN], bool *is_here, struct vl_why *why)
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const size_t len = strlen(ways[i].prefix);

        if (strncmp(text, ways[i].prefix, len) != 0)
            continue;
        *what = ways[i].what;
        return ways[i].find(home, text + len, id, is_here, why);
    }
    return find_whatever(home, text, what, id, is_here, why);
}

enum vl_err vl_saying_act(struct vl_home *home, const uint8_t id[VL_HASH_LEN],
                          struct vl_object *object, struct vl_act_any *any, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err = vl_store_object(home->store, id, &bytes, why);

    if (!err)
        err = vl_object_parse(vl_buf_bytes(&bytes), object, why);
    return err ? err : vl_act_any_read(object, any, why);
}

/* --- for whom --------------------------------------------------------------------------------- */

static bool covers(struct vl_home *home, const struct vl_held_mandate *held,
                   const struct vl_saying_for *speaking, enum vl_power power)
{
    struct vl_mandate_use use = {.by = home->own,
                                 .power = power,
                                 .count = 1,
                                 .when = {true, (uint64_t)speaking->now_s * 1000,
                                          (uint64_t)speaking->now_s * 1000 + 999}};
    const size_t count = speaking->letter_count > 0 ? speaking->letter_count : 1;
    bool uncertain;

    for (size_t i = 0; i < count; i++) {
        VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
        struct vl_office_id from;

        use.number = speaking->letter_count > 0 ? speaking->letters[i] : NULL;
        use.from_count = 0;
        if (use.number && vl_store_letter(home->store, use.number, &row, NULL) == VL_OK &&
            row.has_from) {
            memcpy(from.at, row.from, VL_HASH_LEN);
            use.from = &from;
            use.from_count = 1;
        }
        if (vl_mandate_covers(&held->mandate, &use, &uncertain) != VL_MANDATE_GOOD)
            return false;
    }
    return true;
}

static const struct vl_held_mandate *find_mandate(struct vl_home *home,
                                                  const struct vl_held_mandates *held,
                                                  const struct vl_saying_for *speaking,
                                                  const struct vl_office_id *principal)
{
    for (size_t power = 0; power < speaking->power_count; power++)
        for (size_t i = 0; i < held->count; i++)
            if (vl_office_id_eq(&held->at[i].principal, principal) &&
                covers(home, &held->at[i], speaking, speaking->powers[power]))
                return &held->at[i];
    return NULL;
}

enum vl_err vl_saying_speaker(struct vl_home *home, const struct vl_saying_for *speaking,
                              struct vl_act *act, bool *has_principal,
                              struct vl_office_id *principal, struct vl_why *why)
{
    VL_AUTO(vl_held_mandates_release) struct vl_held_mandates held = VL_HELD_MANDATES_INIT;
    const struct vl_held_mandate *mandate;
    bool is_here = false;
    enum vl_err err;

    *has_principal = false;
    if (!speaking->office)
        return VL_OK;
    err = find_office(home, speaking->office, principal->at, &is_here, why);
    if (!err)
        err = vl_held_mandates_read(home, &held, why);
    if (err)
        return err;
    mandate = find_mandate(home, &held, speaking, principal);
    if (!mandate)
        return vl_fail(why, VL_ERR_REFUSED, "no mandate of \"%s\" to speak so is held here",
                       speaking->office);
    *has_principal = true;
    act->capacity = VL_CAPACITY_DELEGATE;
    act->has_under = true;
    memcpy(act->under, mandate->id, VL_HASH_LEN);
    return VL_OK;
}

/* --- who gets to see it ----------------------------------------------------------------------- */

/* Offices, each once. */
#define TOLD_MAX 1024

struct telling {
    struct vl_home *home;
    const uint8_t *act;
    const uint8_t *target; /* while the ties to it are walked */
    size_t count;
    uint8_t offices[TOLD_MAX][VL_HASH_LEN];
};

static void tell(struct telling *telling, const uint8_t *office)
{
    if (memcmp(office, telling->home->own.at, VL_HASH_LEN) == 0 || telling->count == TOLD_MAX)
        return;
    for (size_t i = 0; i < telling->count; i++)
        if (memcmp(telling->offices[i], office, VL_HASH_LEN) == 0)
            return;
    memcpy(telling->offices[telling->count++], office, VL_HASH_LEN);
}

static enum vl_err tell_letter(struct telling *telling, const uint8_t *number, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    enum vl_err err = vl_store_letter(telling->home->store, number, &row, why);

    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    if (row.has_from)
        tell(telling, row.from);
    for (size_t i = 0; i < row.to_count; i++)
        tell(telling, row.to[i]);
    return VL_OK;
}

static enum vl_err see_owed(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    struct telling *telling = self;

    (void)why;
    if (memcmp(tie->key, telling->target, VL_HASH_LEN) == 0)
        tell(telling, tie->about);
    return VL_OK;
}

/* The letters of a batch, up to as many as are found by their numbers. */
static enum vl_err tell_batch(struct telling *telling, const uint8_t *act, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf leaves = VL_BUF_INIT(VL_TIE_MAX_LEN);
    enum vl_err err = vl_acts_leaves(telling->home->store, act, &leaves, why);

    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    for (size_t i = 0; !err && i < leaves.len / VL_ACTS_LEAF_LEN && i < VL_ACTS_ABOUT_MAX; i++)
        err = tell_letter(telling, leaves.data + i * VL_ACTS_LEAF_LEN, why);
    return err;
}

/* Acts that were found and whom they concern are still to be looked at. */
#define WAITING_MAX 64

struct waiting {
    size_t count;
    uint8_t acts[WAITING_MAX][VL_HASH_LEN];
};

static void wait_for(struct waiting *waiting, const uint8_t *act)
{
    for (size_t i = 0; i < waiting->count; i++)
        if (memcmp(waiting->acts[i], act, VL_HASH_LEN) == 0)
            return;
    if (waiting->count < WAITING_MAX)
        memcpy(waiting->acts[waiting->count++], act, VL_HASH_LEN);
}

/* Both sides, whoever can say that what it waits for is so, and who did something before. */
static void tell_invited(struct telling *telling, struct waiting *waiting,
                         const struct vl_invitation *invitation)
{
    const struct vl_invitation_party *const parties[VL_INVITATION_PARTIES] = {&invitation->inviter,
                                                                              &invitation->invitee,
                                                                              &invitation->owner};

    for (size_t i = 0; i < VL_INVITATION_PARTIES; i++)
        if (parties[i]->has_office)
            tell(telling, parties[i]->office.at);
    for (size_t i = 0; i < invitation->heads.count; i++)
        wait_for(waiting, vl_ids_at(&invitation->heads, i));
}

static enum vl_err tell_of(struct telling *telling, struct waiting *waiting,
                           const struct vl_object *object, const struct vl_act_any *any,
                           struct vl_why *why)
{
    struct vl_act_subject subjects[VL_ACT_ANY_MAX_SUBJECTS];
    const size_t count = vl_act_any_subjects(any, subjects);
    const uint8_t *number = vl_act_any_number(any), *target = vl_act_any_target(any);
    enum vl_err err = VL_OK;

    tell(telling, object->issuer.at);
    if (any->form == VL_ACT_STATEMENT && any->as.statement.has_principal)
        tell(telling, any->as.statement.principal.at);
    if (any->form == VL_ACT_INVITATION)
        tell_invited(telling, waiting, &any->as.invitation);
    if (number)
        err = tell_letter(telling, number, why);
    if (!err)
        err = tell_batch(telling, object->id, why);
    if (target)
        wait_for(waiting, target);
    for (size_t i = 0; !err && i < count; i++) {
        if (subjects[i].what == VL_SUBJECT_ACT)
            wait_for(waiting, subjects[i].id);
        else if (subjects[i].what == VL_SUBJECT_OFFICE)
            tell(telling, subjects[i].id);
        else if (subjects[i].what == VL_SUBJECT_LETTER)
            err = tell_letter(telling, subjects[i].id, why);
    }
    telling->target = object->id;
    return err ? err
               : vl_store_ties(telling->home->store, VL_TIE_OWED, NULL, see_owed, telling, why);
}

/* Whoever it concerns: by what it is about, and by what that is about. */
static enum vl_err tell_whom_it_concerns(struct telling *telling, struct vl_why *why)
{
    struct waiting waiting = {.count = 0};
    struct vl_act_any *any = vl_new(sizeof *any);
    enum vl_err err = any ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read an act");

    wait_for(&waiting, telling->act);
    for (size_t i = 0; !err && i < waiting.count; i++) {
        VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;

        err = vl_saying_act(telling->home, waiting.acts[i], &object, any, why);
        if (err == VL_ERR_NOT_FOUND || err == VL_ERR_UNSUPPORTED) {
            err = VL_OK;
            continue;
        }
        if (!err)
            err = tell_of(telling, &waiting, &object, any, why);
    }
    vl_free(any);
    return err;
}

static enum vl_err tell_named(struct telling *telling, const struct vl_say_words *to,
                              struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < to->count; i++) {
        VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;

        err = vl_home_find_office(telling->home, to->at[i], &row, why);
        if (!err)
            tell(telling, row.office);
    }
    return err;
}

enum vl_err vl_saying_check(struct vl_home *home, const struct vl_say_common *common,
                            struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < common->to.count; i++) {
        VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;

        err = vl_home_find_office(home, common->to.at[i], &row, why);
    }
    return err;
}

static enum vl_err owe_all(struct telling *telling, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < telling->count; i++)
        err = vl_owe(telling->home->store, telling->offices[i], telling->act, why);
    return err;
}

static enum vl_err write_evidence(struct vl_home *home, const struct vl_saying_keep *keep,
                                  struct vl_why *why)
{
    VL_AUTO(vl_filing_release) struct vl_filing filing = VL_FILING_INIT;
    enum vl_err err;

    if (!keep->common->evidence)
        return VL_OK;
    filing.home = home;
    err = vl_filing_with_named(&filing, keep->id, NULL, NULL, why);
    return err ? err : vl_filing_finish(&filing, keep->common->evidence, why);
}

enum vl_err vl_saying_keep(struct vl_home *home, const struct vl_saying_keep *keep, size_t *told,
                           struct vl_why *why)
{
    struct telling *telling = vl_new(sizeof *telling);
    enum vl_err err;

    if (!telling)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to say something with");
    *telling = (struct telling){.home = home, .act = keep->id};
    err = vl_store_begin(home->store, why);
    if (!err)
        err = vl_own_act_keep(home, keep->wire, VL_BYTES_NONE, keep->common->now_s, why);
    if (!err)
        err = tell_whom_it_concerns(telling, why);
    if (!err)
        err = tell_named(telling, &keep->common->to, why);
    if (!err)
        err = owe_all(telling, why);
    if (!err)
        err = write_evidence(home, keep, why);
    if (!err)
        err = vl_store_commit(home->store, why);
    vl_store_rollback(home->store);
    *told = err ? 0 : telling->count;
    vl_free(telling);
    return err;
}
