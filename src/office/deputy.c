/* SPDX-License-Identifier: Apache-2.0 */
/* A letter read in the place of another office, by whom its mandate lets receive. */
#include <string.h>

#include "base/alloc.h"
#include "custody/answer.h"
#include "office/open.h"

/* The act by which this office took the letter: which seals were on it then. */
struct came {
    struct vl_object object;
    struct vl_answer *answer; /* NULL: nobody has said */
};
#define CAME_NONE                                                                                  \
    {                                                                                              \
        .object = VL_OBJECT_INIT                                                                   \
    }

static void came_release(struct came *came)
{
    vl_free(came->answer);
    vl_object_release(&came->object);
}

static const struct vl_seals *seals_of(const struct came *came)
{
    return came->answer ? &came->answer->seals : NULL;
}

struct search {
    struct vl_home *home;
    struct came *came;
};

static enum vl_err see_answer(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    const struct search *search = self;
    struct came *came = search->came;
    enum vl_err err;

    if (came->answer || memcmp(row->issuer, search->home->own.at, VL_HASH_LEN) != 0 ||
        (strcmp(row->kind, vl_kind_word(VL_KIND_ACCEPTED)) != 0 &&
         strcmp(row->kind, vl_kind_word(VL_KIND_RECEIPTED)) != 0))
        return VL_OK;
    err = vl_object_parse(row->bytes, &came->object, why);
    if (err)
        return err;
    came->answer = vl_new(sizeof *came->answer);
    if (!came->answer)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read an act");
    return vl_answer_read(&came->object, came->answer, why);
}

/* All answers to one hand-over name the same seals. */
static enum vl_err find_came(struct vl_home *home, const struct vl_letter_row *row,
                             struct came *came, struct vl_why *why)
{
    struct search search = {home, came};

    return row->has_via ? vl_store_objects(home->store, row->via, see_answer, &search, why) : VL_OK;
}

/* An act of opening names no hand-over, so a mandate for one alone is not good for it (section 6 of
 * the format of findings); nor does it name seals, so those are looked at that it came under. */
static struct vl_mandate_use use_of(const struct vl_home *home, const struct vl_deputy *deputy,
                                    const uint8_t *number, const struct vl_office_id *from,
                                    const struct came *came)
{
    return (struct vl_mandate_use){.by = home->own,
                                   .power = VL_POWER_RECEIVE,
                                   .number = number,
                                   .from = from,
                                   .from_count = from != NULL,
                                   .count = 1,
                                   .seals = seals_of(came),
                                   .when = {.known = true,
                                            .from_ms = (uint64_t)deputy->now_s * 1000,
                                            .to_ms = (uint64_t)deputy->now_s * 1000 + 999}};
}

static bool act_for(struct vl_deputy *deputy, const struct vl_office_id *principal,
                    const struct vl_mandate_use *use)
{
    const struct vl_held_mandate *found = vl_held_mandates_find(&deputy->held, principal, use);

    if (!found)
        return false;
    deputy->principal = found->principal;
    memcpy(deputy->under, found->id, VL_HASH_LEN);
    return true;
}

static enum vl_err no_mandate(struct vl_why *why)
{
    return vl_fail(why, VL_ERR_REFUSED,
                   "no mandate to receive it, of one whom it is for, is held here");
}

static enum vl_err refuse(enum vl_mandate_flaw flaw, bool seals_known, struct vl_why *why)
{
    switch ((int)flaw) {
    case VL_MANDATE_OUTSIDE_VALIDITY:
        return vl_fail(why, VL_ERR_REFUSED,
                       "by the clock of this machine the mandate to receive it is not valid now");
    case VL_MANDATE_NOT_THIS_HANDOVER:
        return vl_fail(why, VL_ERR_REFUSED,
                       "the mandate to receive it is for one hand-over alone: it lets this office "
                       "sign for what comes with that, and nobody could see from an opened letter "
                       "with which it came; ask for a mandate for this letter");
    case VL_MANDATE_SEALS_DIFFER:
        return vl_fail(why, VL_ERR_REFUSED,
                       seals_known ? "the mandate to receive it is for letters under other seals "
                                     "than those that this one came under"
                                   : "the mandate to receive it is for letters under seals, and "
                                     "nothing here says under which this one came");
    default:
        return vl_fail(why, VL_ERR_REFUSED,
                       "the mandate to receive that is held does not cover it: %s",
                       vl_mandate_flaw_word(flaw));
    }
}

/* Whoever holds one that is not good for this letter looks at what it says, or at the clock. */
static enum vl_err not_covered(const struct vl_deputy *deputy, const struct vl_office_id *principal,
                               const struct vl_mandate_use *use, struct vl_why *why)
{
    for (size_t i = 0; i < deputy->held.count; i++) {
        const struct vl_held_mandate *held = &deputy->held.at[i];
        enum vl_mandate_flaw flaw;
        bool uncertain;

        if (!vl_office_id_eq(&held->principal, principal) ||
            !vl_mandate_gives(&held->mandate, VL_POWER_RECEIVE))
            continue;
        flaw = vl_mandate_covers(&held->mandate, use, &uncertain);
        return refuse(flaw, use->seals != NULL, why);
    }
    return no_mandate(why);
}

/* Does the letter name this principal, as far as is known before it is open? */
static bool may_name(const struct vl_letter_row *row, const struct vl_office_id *principal)
{
    return row->to_count == 0 || vl_letter_row_concerns(row, principal->at) ||
           (row->has_from && memcmp(row->from, principal->at, VL_HASH_LEN) == 0);
}

enum vl_err vl_deputy_begin(struct vl_home *home, const struct vl_letter_row *row,
                            struct vl_deputy *deputy, struct vl_why *why)
{
    enum vl_err err = vl_held_mandates_read(home, &deputy->held, why);

    for (size_t i = 0; !err && i < deputy->held.count; i++)
        if (vl_mandate_gives(&deputy->held.at[i].mandate, VL_POWER_RECEIVE) &&
            may_name(row, &deputy->held.at[i].principal))
            return VL_OK;
    return err ? err : no_mandate(why);
}

/* Is one of the keys on a card of this office? */
static bool has_key(struct vl_home *home, const struct vl_office_id *office,
                    const struct vl_age_identities *keys)
{
    const struct vl_chain *chain = vl_home_chain(home, office);

    for (size_t i = 0; chain && i < chain->count; i++) {
        const struct vl_card *card = &chain->links[i].card;

        for (size_t k = 0; k < card->sealing_count; k++)
            for (size_t n = 0; n < keys->count; n++)
                if (vl_bytes_eq(card->sealing[k].kind, VL_LITERAL("x25519")) &&
                    vl_bytes_eq(card->sealing[k].key, VL_ARRAY(keys->at[n].recipient.x25519)))
                    return true;
    }
    return false;
}

bool vl_deputy_of_row(struct vl_home *home, const struct vl_letter_row *row,
                      struct vl_deputy *deputy)
{
    VL_AUTO(came_release) struct came came = CAME_NONE;
    struct vl_office_id from;
    struct vl_mandate_use use;

    if (find_came(home, row, &came, NULL) != VL_OK)
        return false;
    use = use_of(home, deputy, row->number, row->has_from ? &from : NULL, &came);
    memcpy(from.at, row->from, VL_HASH_LEN);
    for (size_t i = 0; i < row->to_count; i++) {
        struct vl_office_id to;

        memcpy(to.at, row->to[i], VL_HASH_LEN);
        if (has_key(home, &to, deputy->identities) && act_for(deputy, &to, &use))
            return true;
    }
    return false;
}

enum vl_err vl_deputy_of_letter(struct vl_home *home, const struct vl_letter_row *row,
                                struct vl_letter_seen *seen, struct vl_deputy *deputy,
                                struct vl_why *why)
{
    VL_AUTO(came_release) struct came came = CAME_NONE;
    const struct vl_manifest *manifest = &seen->manifest;
    const struct vl_office_id *listed = NULL;
    struct vl_mandate_use use;
    enum vl_err err = find_came(home, row, &came, why);

    if (err)
        return err;
    use = use_of(home, deputy, seen->number, &manifest->core.issuer, &came);
    for (size_t i = 0; i < manifest->to_count; i++) {
        vl_letter_seen_as(seen, &manifest->to[i].office);
        if (seen->own_key_ok && act_for(deputy, &manifest->to[i].office, &use))
            return VL_OK;
        if (seen->own_key_ok)
            listed = &manifest->to[i].office;
    }
    /* A key that it does not list makes it a letter that is not for whom it was opened. */
    seen->own_listed = seen->own_key_ok = seen->has_opening = false;
    return listed ? not_covered(deputy, listed, &use, why) : VL_OK;
}
