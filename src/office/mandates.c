/* SPDX-License-Identifier: Apache-2.0 */
#include "office/mandates.h"

#include <string.h>

#include "base/alloc.h"
#include "codec/number.h"
#include "office/answers.h"
#include "office/owed.h"

/* --- looking ---------------------------------------------------------------------------------- */

struct looking {
    struct vl_home *home;
    int64_t now_s;
    vl_mandate_visit visit;
    void *self;
};

struct ending {
    const struct vl_office_id *issuer;
    bool is_over;
};

static enum vl_err see_end(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    struct ending *ending = self;

    (void)why;
    if (strcmp(row->kind, vl_kind_word(VL_KIND_MANDATE_REVOCATION)) == 0 &&
        memcmp(row->issuer, ending->issuer->at, VL_HASH_LEN) == 0)
        ending->is_over = true;
    return VL_OK;
}

static enum vl_err is_over(struct vl_home *home, const uint8_t *id,
                           const struct vl_office_id *issuer, bool *over, struct vl_why *why)
{
    struct ending ending = {issuer, false};
    enum vl_err err = vl_store_objects(home->store, id, see_end, &ending, why);

    *over = ending.is_over;
    return err;
}

static enum vl_err show(const struct looking *looking, const struct vl_object *object,
                        const struct vl_mandate *mandate, struct vl_why *why)
{
    struct vl_mandate_seen seen = {
        .id = object->id,
        .principal = object->issuer,
        .mandate = mandate,
        .is_given = vl_office_id_eq(&object->issuer, &looking->home->own),
        .is_held = vl_office_id_eq(&mandate->grantee, &looking->home->own),
        .is_late = mandate->has_not_after && mandate->not_after_s < looking->now_s,
    };
    enum vl_err err;

    if (!seen.is_given && !seen.is_held)
        return VL_OK;
    err = is_over(looking->home, object->id, &object->issuer, &seen.is_over, why);
    return err ? err : looking->visit(looking->self, &seen, why);
}

static enum vl_err see_mandate(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    const struct looking *looking = self;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_mandate mandate;
    enum vl_err err;

    if (strcmp(row->kind, vl_kind_word(VL_KIND_MANDATE)) != 0)
        return VL_OK;
    err = vl_object_parse(row->bytes, &object, why);
    if (!err)
        err = vl_mandate_read(&object, &mandate, why);
    return err ? err : show(looking, &object, &mandate, why);
}

enum vl_err vl_mandates(struct vl_home *home, int64_t now_s, vl_mandate_visit visit, void *self,
                        struct vl_why *why)
{
    struct looking looking = {home, now_s, visit, self};

    return vl_store_objects(home->store, home->own.at, see_mandate, &looking, why);
}

/* --- finding one by its id -------------------------------------------------------------------- */

struct mandate_search {
    struct vl_number_prefix prefix;
    size_t count;
    uint8_t id[VL_HASH_LEN];
    struct vl_office_id principal;
    bool is_over;
};

static enum vl_err look_at(void *self, const struct vl_mandate_seen *seen, struct vl_why *why)
{
    struct mandate_search *search = self;

    (void)why;
    if (!vl_number_starts(seen->id, &search->prefix))
        return VL_OK;
    search->count++;
    memcpy(search->id, seen->id, VL_HASH_LEN);
    search->principal = seen->principal;
    search->is_over = seen->is_over;
    return VL_OK;
}

static enum vl_err find_one(struct vl_home *home, const char *text, int64_t now_s,
                            struct mandate_search *search, struct vl_why *why)
{
    enum vl_err err = vl_number_prefix(VL_ACT_HRP, vl_bytes_str(text), 8, &search->prefix);

    if (err)
        return vl_fail(why, VL_ERR_USAGE, "\"%s\" is not eight symbols of a mandate's number",
                       text);
    err = vl_mandates(home, now_s, look_at, search, why);
    if (!err && search->count == 0)
        err = vl_fail(why, VL_ERR_NOT_FOUND, "there is no mandate \"%s\" here", text);
    if (!err && search->count > 1)
        err = vl_fail(why, VL_ERR_AMBIGUOUS, "\"%s\" may be any of %zu mandates", text,
                      search->count);
    return err;
}

/* --- giving ----------------------------------------------------------------------------------- */

/* What a mandate borrows while it is signed. */
struct giving {
    struct vl_mandate mandate;
    uint8_t letters[VL_MANDATE_MAX_LETTERS][VL_HASH_LEN];
    uint8_t from[VL_MANDATE_MAX_FROM][VL_HASH_LEN];
};

/* Into a sorted list without repetition. */
static void insert(uint8_t (*list)[VL_HASH_LEN], size_t *count, const uint8_t id[VL_HASH_LEN])
{
    size_t at = 0;

    while (at < *count && memcmp(list[at], id, VL_HASH_LEN) < 0)
        at++;
    if (at < *count && memcmp(list[at], id, VL_HASH_LEN) == 0)
        return;
    memmove(list[at + 1], list[at], (*count - at) * VL_HASH_LEN);
    memcpy(list[at], id, VL_HASH_LEN);
    ++*count;
}

static enum vl_err find_letters(struct vl_home *home, const struct vl_mandate_request *request,
                                struct giving *giving, struct vl_why *why)
{
    size_t count = 0;
    enum vl_err err = VL_OK;

    if (request->letter_count >= VL_MANDATE_MAX_LETTERS)
        return vl_fail(why, VL_ERR_LIMIT, "more letters than a mandate names");
    for (size_t i = 0; !err && i < request->letter_count; i++) {
        VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;

        err = vl_home_find_letter(home, request->letters[i], 8, &row, why);
        if (!err)
            insert(giving->letters, &count, row.number);
    }
    giving->mandate.has_letters = count > 0;
    giving->mandate.letters = vl_ids_of((const uint8_t(*)[VL_HASH_LEN])giving->letters, count);
    return err;
}

static enum vl_err find_senders(struct vl_home *home, const struct vl_mandate_request *request,
                                struct giving *giving, struct vl_why *why)
{
    size_t count = 0;
    enum vl_err err = VL_OK;

    if (request->from_count >= VL_MANDATE_MAX_FROM)
        return vl_fail(why, VL_ERR_LIMIT, "more senders than a mandate names");
    for (size_t i = 0; !err && i < request->from_count; i++) {
        VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;

        err = vl_home_find_office(home, request->from[i], &row, why);
        if (!err)
            insert(giving->from, &count, row.office);
    }
    giving->mandate.has_from = count > 0;
    giving->mandate.from = vl_ids_of((const uint8_t(*)[VL_HASH_LEN])giving->from, count);
    return err;
}

static void add_power(struct vl_mandate *mandate, enum vl_power power)
{
    size_t at = 0;

    while (at < mandate->power_count && mandate->powers[at] < power)
        at++;
    if (at < mandate->power_count && mandate->powers[at] == power)
        return;
    memmove(mandate->powers + at + 1, mandate->powers + at, mandate->power_count - at);
    mandate->powers[at] = (uint8_t)power;
    mandate->power_count++;
}

static enum vl_err find_above(struct vl_home *home, const struct vl_mandate_request *request,
                              struct vl_mandate *mandate, struct vl_why *why)
{
    struct mandate_search search = {.count = 0};
    enum vl_err err;

    if (!request->under)
        return VL_OK;
    err = find_one(home, request->under, request->now_s, &search, why);
    if (err)
        return err;
    mandate->act.capacity = VL_CAPACITY_DELEGATE;
    mandate->act.has_under = true;
    memcpy(mandate->act.under, search.id, VL_HASH_LEN);
    return VL_OK;
}

static enum vl_err fill(struct vl_home *home, const struct vl_mandate_request *request,
                        struct giving *giving, struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    struct vl_mandate *mandate = &giving->mandate;
    enum vl_err err = vl_home_find_office(home, request->office, &row, why);

    if (!err && row.is_own)
        err = vl_fail(why, VL_ERR_USAGE, "an office needs no mandate of its own");
    if (!err && request->power_count == 0)
        err = vl_fail(why, VL_ERR_USAGE, "it may do nothing: say --may");
    if (!err && request->seal_count > VL_MAX_SEALS)
        err = vl_fail(why, VL_ERR_LIMIT, "more than %d seals", VL_MAX_SEALS);
    if (err)
        return err;
    *mandate = (struct vl_mandate){
        .act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = request->manual},
        .count = request->count,
        .has_not_before = request->has_not_before,
        .not_before_s = request->not_before_s,
        .has_not_after = request->has_not_after,
        .not_after_s = request->not_after_s,
        .uses = request->once ? VL_MANDATE_ONCE : VL_MANDATE_MANY,
        .may_delegate = request->may_delegate,
    };
    memcpy(mandate->grantee.at, row.office, VL_HASH_LEN);
    for (size_t i = 0; i < request->power_count; i++)
        add_power(mandate, request->powers[i]);
    for (size_t i = 0; i < request->seal_count; i++)
        mandate->seals.at[mandate->seals.count++] = vl_bytes_str(request->seals[i]);
    err = find_letters(home, request, giving, why);
    if (!err)
        err = find_senders(home, request, giving, why);
    if (!err)
        err = find_above(home, request, mandate, why);
    if (!err && vl_rng_fill(&request->rng, mandate->nonce, sizeof mandate->nonce) != VL_OK)
        err = vl_fail(why, VL_ERR_INTERNAL, "no randomness");
    return err;
}

enum vl_err vl_mandate_give(struct vl_home *home, const struct vl_mandate_request *request,
                            uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct giving *giving = vl_new(sizeof *giving);
    struct vl_signer signer;
    enum vl_err err = giving ? fill(home, request, giving, why)
                             : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a mandate");

    if (!err)
        err = vl_home_unlock(home, &request->asker, why);
    if (!err)
        err = vl_home_signer(home, request->now_s, &signer, why);
    if (!err)
        err = vl_mandate_write(&signer, &giving->mandate, &wire, id, why);
    if (!err)
        err = vl_own_act_keep_owed(home, vl_buf_bytes(&wire), id, &giving->mandate.grantee, 1,
                                   request->now_s, why);
    vl_free(giving);
    return err;
}

/* Whom a mandate of ours was given to. */
static enum vl_err grantee_of(struct vl_home *home, const uint8_t *id, struct vl_office_id *grantee,
                              struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_mandate mandate;
    enum vl_err err = vl_acts_read(home->store, id, &object, why);

    if (err)
        return err;
    err = vl_mandate_read(&object, &mandate, why);
    if (!err)
        *grantee = mandate.grantee;
    return err;
}

enum vl_err vl_mandate_end(struct vl_home *home, const char *text, enum vl_mandate_end reason,
                           bool manual, const struct vl_asker *asker, int64_t now_s,
                           uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_mandate_revocation end = {.act = {.capacity = VL_CAPACITY_PRINCIPAL,
                                                .manual = manual},
                                        .reason = reason};
    struct mandate_search search = {.count = 0};
    struct vl_office_id grantee;
    struct vl_signer signer;
    enum vl_err err = find_one(home, text, now_s, &search, why);

    if (!err && !vl_office_id_eq(&search.principal, &home->own))
        err = vl_fail(why, VL_ERR_REFUSED, "somebody else gave it: only they can end it");
    if (!err && search.is_over)
        err = vl_fail(why, VL_ERR_EXISTS, "it is over already");
    if (!err)
        err = grantee_of(home, search.id, &grantee, why);
    if (!err)
        err = vl_home_unlock(home, asker, why);
    if (!err)
        err = vl_home_signer(home, now_s, &signer, why);
    memcpy(end.mandate, search.id, VL_HASH_LEN);
    if (!err)
        err = vl_mandate_revocation_write(&signer, &end, &wire, id, why);
    return err ? err : vl_own_act_keep_owed(home, vl_buf_bytes(&wire), id, &grantee, 1, now_s, why);
}

/* --- holding ---------------------------------------------------------------------------------- */

void vl_held_mandates_release(struct vl_held_mandates *held)
{
    for (size_t i = 0; i < held->count; i++)
        vl_object_release(&held->at[i].object);
    vl_free(held->at);
    *held = (struct vl_held_mandates)VL_HELD_MANDATES_INIT;
}

struct holding {
    struct vl_home *home;
    struct vl_held_mandates *held;
};

/* Of a mandate that was passed on: who gave the one above it. */
static enum vl_err find_principal(struct vl_home *home, struct vl_held_mandate *one,
                                  struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object above = VL_OBJECT_INIT;
    enum vl_err err = vl_acts_read(home->store, one->mandate.act.under, &above, why);

    if (err) /* the one above is not here: it gives nothing that could be shown */
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    one->principal = above.issuer;
    return VL_OK;
}

static enum vl_err hold(void *self, const struct vl_mandate_seen *seen, struct vl_why *why)
{
    const struct holding *holding = self;
    struct vl_held_mandates *held = holding->held;
    struct vl_held_mandate *one;
    enum vl_err err;

    if (!seen->is_held || seen->is_over)
        return VL_OK;
    if (held->count == held->cap) {
        const size_t cap = held->cap ? 2 * held->cap : 8;
        void *block = held->at;

        err = vl_grow(&block, held->cap * sizeof *held->at, cap * sizeof *held->at);
        if (err)
            return vl_fail(why, err, "no memory for the mandates held");
        held->at = block;
        held->cap = cap;
    }
    one = &held->at[held->count];
    *one = (struct vl_held_mandate){.object = VL_OBJECT_INIT};
    memcpy(one->id, seen->id, VL_HASH_LEN);
    err = vl_acts_read(holding->home->store, seen->id, &one->object, why);
    if (err)
        return err;
    held->count++;
    one->principal = one->object.issuer;
    err = vl_mandate_read(&one->object, &one->mandate, why);
    return err || !one->mandate.act.has_under ? err : find_principal(holding->home, one, why);
}

enum vl_err vl_held_mandates_read(struct vl_home *home, struct vl_held_mandates *held,
                                  struct vl_why *why)
{
    struct holding holding = {home, held};
    enum vl_err err = vl_mandates(home, 0, hold, &holding, why);

    if (err)
        vl_held_mandates_release(held);
    return err;
}

const struct vl_held_mandate *vl_held_mandates_find(const struct vl_held_mandates *held,
                                                    const struct vl_office_id *principal,
                                                    const struct vl_mandate_use *use)
{
    bool uncertain;

    for (size_t i = 0; i < held->count; i++)
        if (vl_office_id_eq(&held->at[i].principal, principal) &&
            vl_mandate_covers(&held->at[i].mandate, use, &uncertain) == VL_MANDATE_GOOD)
            return &held->at[i];
    return NULL;
}
