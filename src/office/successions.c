/* SPDX-License-Identifier: Apache-2.0 */
#include "office/successions.h"

#include <string.h>

#include "base/alloc.h"
#include "office/answers.h"
#include "office/owed.h"

/* --- looking ---------------------------------------------------------------------------------- */

struct looking {
    struct vl_home *home;
    vl_succession_visit visit;
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

static enum vl_err show(const struct looking *looking, const struct vl_object *object,
                        const struct vl_succeeds *succeeds, struct vl_why *why)
{
    struct ending ending = {&object->issuer, false};
    enum vl_err err = vl_store_objects(looking->home->store, object->id, see_end, &ending, why);
    const struct vl_succession_seen seen = {.id = object->id,
                                            .by = object->issuer,
                                            .succeeds = succeeds,
                                            .is_over = ending.is_over};

    return err ? err : looking->visit(looking->self, &seen, why);
}

static enum vl_err see_succession(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    const struct looking *looking = self;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_succeeds succeeds;
    enum vl_err err;

    if (strcmp(row->kind, vl_kind_word(VL_KIND_SUCCEEDS)) != 0)
        return VL_OK;
    err = vl_object_parse(row->bytes, &object, why);
    if (!err)
        err = vl_succeeds_read(&object, &succeeds, why);
    return err ? err : show(looking, &object, &succeeds, why);
}

enum vl_err vl_successions(struct vl_home *home, vl_succession_visit visit, void *self,
                           struct vl_why *why)
{
    struct looking looking = {home, visit, self};

    return vl_store_objects(home->store, home->own.at, see_succession, &looking, why);
}

/* Who says who comes after an office: itself, or one that its newest card names for that. */
static bool may_give(struct vl_home *home, const struct vl_office_id *predecessor,
                     const struct vl_office_id *by)
{
    const struct vl_chain *chain;

    if (vl_office_id_eq(predecessor, by))
        return true;
    chain =
        vl_office_id_eq(predecessor, &home->own) ? &home->chain : vl_home_chain(home, predecessor);
    if (!chain || chain->count == 0)
        return false;
    for (size_t i = 0; i < vl_chain_newest(chain)->guardian_count; i++)
        if (vl_office_id_eq(&vl_chain_newest(chain)->guardians[i], by))
            return true;
    return false;
}

struct finding {
    struct vl_home *home;
    const struct vl_office_id *predecessor;
    const uint8_t *statement;
    int64_t now_s;
    uint8_t *id;
    bool found;
};

static enum vl_err look_at(void *self, const struct vl_succession_seen *seen, struct vl_why *why)
{
    struct finding *finding = self;
    const struct vl_succeeds *succeeds = seen->succeeds;

    (void)why;
    if (finding->found || seen->is_over ||
        !vl_office_id_eq(&succeeds->successor, &finding->home->own) ||
        !vl_office_id_eq(&succeeds->predecessor, finding->predecessor) ||
        (succeeds->has_scope && !vl_ids_has(&succeeds->scope, finding->statement)) ||
        (succeeds->has_from && finding->now_s < succeeds->from_s) ||
        !may_give(finding->home, finding->predecessor, &seen->by))
        return VL_OK;
    finding->found = true;
    memcpy(finding->id, seen->id, VL_HASH_LEN);
    return VL_OK;
}

enum vl_err vl_succession_find(struct vl_home *home, const struct vl_office_id *predecessor,
                               const uint8_t statement[VL_HASH_LEN], int64_t now_s,
                               uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    struct finding finding = {home, predecessor, statement, now_s, id, false};
    enum vl_err err = vl_successions(home, look_at, &finding, why);

    if (!err && !finding.found)
        return vl_fail(why, VL_ERR_NOT_FOUND,
                       "nothing here says that this office comes after the one that said it");
    return err;
}

/* --- giving ----------------------------------------------------------------------------------- */

/* What it borrows while it is signed. */
struct giving {
    struct vl_succeeds succeeds;
    uint8_t scope[VL_SUCCEEDS_MAX_SCOPE][VL_HASH_LEN];
};

static void insert(struct giving *giving, size_t *count, const uint8_t id[VL_HASH_LEN])
{
    uint8_t(*list)[VL_HASH_LEN] = giving->scope;
    size_t at = 0;

    while (at < *count && memcmp(list[at], id, VL_HASH_LEN) < 0)
        at++;
    if (at < *count && memcmp(list[at], id, VL_HASH_LEN) == 0)
        return;
    memmove(list[at + 1], list[at], (*count - at) * VL_HASH_LEN);
    memcpy(list[at], id, VL_HASH_LEN);
    ++*count;
}

static enum vl_err find_scope(struct vl_home *home, const struct vl_succession_request *request,
                              struct giving *giving, struct vl_why *why)
{
    size_t count = 0;
    enum vl_err err = VL_OK;

    if (request->statement_count >= VL_SUCCEEDS_MAX_SCOPE)
        return vl_fail(why, VL_ERR_LIMIT, "more statements than one succession names");
    for (size_t i = 0; !err && i < request->statement_count; i++) {
        VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;

        err = vl_acts_find(home->store, request->statements[i], &object, why);
        if (!err)
            insert(giving, &count, object.id);
    }
    giving->succeeds.has_scope = count > 0;
    giving->succeeds.scope = vl_ids_of((const uint8_t(*)[VL_HASH_LEN])giving->scope, count);
    return err;
}

/* Its own words, or those of an office that asked for it. */
static enum vl_err check_given(struct vl_home *home, const struct vl_succeeds *succeeds,
                               struct vl_why *why)
{
    return may_give(home, &succeeds->predecessor, &home->own)
               ? VL_OK
               : vl_fail(why, VL_ERR_REFUSED, "its card does not name this office as a guardian");
}

static enum vl_err find_office(struct vl_home *home, const char *text, struct vl_office_id *office,
                               struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    enum vl_err err = vl_home_find_office(home, text, &row, why);

    if (!err)
        memcpy(office->at, row.office, VL_HASH_LEN);
    return err;
}

static enum vl_err fill(struct vl_home *home, const struct vl_succession_request *request,
                        struct giving *giving, struct vl_why *why)
{
    struct vl_succeeds *succeeds = &giving->succeeds;
    enum vl_err err;

    *succeeds =
        (struct vl_succeeds){.act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = request->manual},
                             .has_from = request->has_from,
                             .from_s = request->from_s};
    err = find_office(home, request->successor, &succeeds->successor, why);
    if (!err)
        err = find_office(home, request->predecessor, &succeeds->predecessor, why);
    if (!err && (vl_office_id_eq(&succeeds->successor, &home->own) ||
                 vl_office_id_eq(&succeeds->successor, &succeeds->predecessor)))
        err = vl_fail(why, VL_ERR_USAGE, "no office names itself as the one that comes after");
    if (!err)
        err = check_given(home, succeeds, why);
    if (!err)
        err = find_scope(home, request, giving, why);
    if (!err && vl_rng_fill(&request->rng, succeeds->nonce, sizeof succeeds->nonce) != VL_OK)
        err = vl_fail(why, VL_ERR_INTERNAL, "no randomness");
    return err;
}

/* Keep an act of this office, and owe it to the successor, and to the predecessor. */
static enum vl_err keep(struct vl_home *home, vl_bytes wire, const uint8_t *id,
                        const struct vl_succeeds *succeeds, int64_t now_s, struct vl_why *why)
{
    const struct vl_office_id owed_to[] = {succeeds->successor, succeeds->predecessor};

    return vl_own_act_keep_owed(home, wire, id, owed_to,
                                vl_office_id_eq(&succeeds->predecessor, &home->own) ? 1 : 2, now_s,
                                why);
}

enum vl_err vl_succession_give(struct vl_home *home, const struct vl_succession_request *request,
                               uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct giving *giving = vl_new(sizeof *giving);
    struct vl_signer signer;
    enum vl_err err = giving ? fill(home, request, giving, why)
                             : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a succession");

    if (!err)
        err = vl_home_unlock(home, &request->asker, why);
    if (!err)
        err = vl_home_signer(home, request->now_s, &signer, why);
    if (!err)
        err = vl_succeeds_write(&signer, &giving->succeeds, &wire, id, why);
    if (!err)
        err = keep(home, vl_buf_bytes(&wire), id, &giving->succeeds, request->now_s, why);
    vl_free(giving);
    return err;
}

/* --- ending ----------------------------------------------------------------------------------- */

static enum vl_err find_one(struct vl_home *home, const char *text, struct vl_object *object,
                            struct vl_succeeds *succeeds, struct vl_why *why)
{
    struct ending ending = {&home->own, false};
    enum vl_err err = vl_acts_find(home->store, text, object, why);

    if (!err && object->kind != VL_KIND_SUCCEEDS)
        return vl_fail(why, VL_ERR_NOT_FOUND, "there is neither a mandate nor a succession \"%s\"",
                       text);
    if (!err)
        err = vl_succeeds_read(object, succeeds, why);
    if (!err && !vl_office_id_eq(&object->issuer, &home->own))
        return vl_fail(why, VL_ERR_REFUSED, "somebody else signed it: only they can end it");
    if (!err)
        err = vl_store_objects(home->store, object->id, see_end, &ending, why);
    return !err && ending.is_over ? vl_fail(why, VL_ERR_EXISTS, "it is over already") : err;
}

enum vl_err vl_succession_end(struct vl_home *home, const char *text, enum vl_mandate_end reason,
                              bool manual, const struct vl_asker *asker, int64_t now_s,
                              uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_mandate_revocation end = {.act = {.capacity = VL_CAPACITY_PRINCIPAL,
                                                .manual = manual},
                                        .reason = reason};
    struct vl_succeeds succeeds;
    struct vl_signer signer;
    enum vl_err err = find_one(home, text, &object, &succeeds, why);

    if (!err)
        err = vl_home_unlock(home, asker, why);
    if (!err)
        err = vl_home_signer(home, now_s, &signer, why);
    memcpy(end.mandate, object.id, VL_HASH_LEN);
    if (!err)
        err = vl_mandate_revocation_write(&signer, &end, &wire, id, why);
    return err ? err : keep(home, vl_buf_bytes(&wire), id, &succeeds, now_s, why);
}
