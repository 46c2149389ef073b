/* SPDX-License-Identifier: Apache-2.0 */
#include "office/events.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "office/acts.h"
#include "office/answers.h"
#include "office/keeping.h"
#include "office/mandates.h"
#include "office/owed.h"

/* Letters that are told of in one capacity, and so in one act. */
struct group {
    enum vl_capacity capacity;
    const struct vl_held_mandate *under; /* or NULL */
    struct vl_batch_tree tree;
    struct vl_buf leaves; /* as vl_acts_keep wants them */
    size_t cite_count;
    uint8_t cites[VL_ACT_MAX_CITES][VL_HASH_LEN];
};

struct saying {
    struct vl_home *home;
    const struct vl_event_request *request;
    struct vl_event_said *said;
    struct vl_held_mandates held;
    struct vl_signer signer;
    size_t row_count;
    struct vl_letter_row *rows;
    size_t group_count;
    struct group groups[VL_EVENT_MAX_ACTS];
    bool has_party;
    struct vl_office_id party;
    bool has_answers;
    uint8_t answers[VL_HASH_LEN];
    struct vl_seals before, after;
};

void vl_event_said_release(struct vl_event_said *said)
{
    vl_free(said->letters);
    *said = (struct vl_event_said){0};
}

static void release(struct saying *saying)
{
    for (size_t i = 0; i < saying->row_count; i++)
        vl_letter_row_release(&saying->rows[i]);
    vl_free(saying->rows);
    for (size_t i = 0; i < saying->group_count; i++)
        vl_buf_release(&saying->groups[i].leaves);
    vl_held_mandates_release(&saying->held);
}

/* --- which letters ---------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    const struct vl_letter_row *left = a;
    const struct vl_letter_row *right = b;

    return memcmp(left->number, right->number, VL_HASH_LEN);
}

static bool has_row(const struct saying *saying, const uint8_t *number)
{
    for (size_t i = 0; i < saying->row_count; i++)
        if (memcmp(saying->rows[i].number, number, VL_HASH_LEN) == 0)
            return true;
    return false;
}

static enum vl_err find_letters(struct saying *saying, struct vl_why *why)
{
    const struct vl_event_request *request = saying->request;
    enum vl_err err = VL_OK;

    if (request->letter_count == 0)
        return vl_fail(why, VL_ERR_USAGE, "no letter is named");
    saying->rows = vl_new(request->letter_count * sizeof *saying->rows);
    saying->said->letters = vl_new(request->letter_count * sizeof *saying->said->letters);
    if (!saying->rows || !saying->said->letters)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of letters");
    for (size_t i = 0; !err && i < request->letter_count; i++) {
        struct vl_letter_row *row = &saying->rows[saying->row_count];

        *row = (struct vl_letter_row)VL_LETTER_ROW_INIT;
        err = vl_home_find_letter(saying->home, request->letters[i], 8, row, why);
        if (err || has_row(saying, row->number)) {
            vl_letter_row_release(row);
            continue;
        }
        /* What the row borrows from itself does not survive being moved. */
        saying->row_count++;
    }
    return err;
}

/* --- in which capacity ------------------------------------------------------------------------ */

static bool is_principal(const struct saying *saying, const struct vl_letter_row *row)
{
    const uint8_t *own = saying->home->own.at;

    return (row->roles & VL_ROLE_WRITTEN) || vl_letter_row_concerns(row, own);
}

static const struct vl_held_mandate *find_mandate(const struct saying *saying,
                                                  const struct vl_letter_row *row,
                                                  const uint8_t *principal, enum vl_power power)
{
    const struct vl_event_request *request = saying->request;
    struct vl_mandate_use use = {.by = saying->home->own,
                                 .power = power,
                                 .number = row->number,
                                 .count = 1,
                                 .seals = saying->before.count > 0 ? &saying->before : NULL};
    struct vl_office_id office, from;

    memcpy(office.at, principal, VL_HASH_LEN);
    memcpy(from.at, row->from, VL_HASH_LEN);
    use.from = &from;
    use.from_count = row->has_from;
    use.when.known = true;
    use.when.from_ms = request->has_at ? request->at_ms : (uint64_t)request->now_s * 1000;
    use.when.to_ms = request->has_at ? request->at_ms : use.when.from_ms + 999;
    return vl_held_mandates_find(&saying->held, &office, &use);
}

static const struct vl_held_mandate *receives_for(const struct saying *saying,
                                                  const struct vl_letter_row *row)
{
    const struct vl_held_mandate *found = NULL;

    for (size_t i = 0; !found && i < row->to_count; i++)
        found = find_mandate(saying, row, row->to[i], VL_POWER_RECEIVE);
    return found;
}

/* PROTOCOL 1: as what this office speaks of the letter, and under which mandate. */
static enum vl_err choose_capacity(const struct saying *saying, const struct vl_letter_row *row,
                                   enum vl_capacity *capacity, const struct vl_held_mandate **under,
                                   struct vl_why *why)
{
    const enum vl_capacity wanted = saying->request->capacity;

    *under = NULL;
    *capacity = VL_CAPACITY_PRINCIPAL;
    if (is_principal(saying, row) && (!wanted || wanted == VL_CAPACITY_PRINCIPAL))
        return VL_OK;
    if (wanted == VL_CAPACITY_PRINCIPAL)
        return vl_fail(why, VL_ERR_REFUSED, "it is neither from this office nor for it");
    *capacity = VL_CAPACITY_DELEGATE;
    *under = wanted == VL_CAPACITY_CARRIER ? NULL : receives_for(saying, row);
    if (*under)
        return VL_OK;
    if (wanted == VL_CAPACITY_DELEGATE)
        return vl_fail(why, VL_ERR_REFUSED,
                       "no mandate to receive it, of one whom it is for, is held here");
    *capacity = VL_CAPACITY_CARRIER;
    if (row->has_from)
        *under = find_mandate(saying, row, row->from, VL_POWER_CARRY);
    return VL_OK;
}

/* The hand-over by which it came, or the act by which it was sealed here (PROTOCOL 16). */
static void add_cite(struct group *group, const struct vl_letter_row *row)
{
    const uint8_t *id = row->has_via ? row->via : row->has_sealed ? row->sealed : NULL;
    size_t at = group->cite_count;

    if (!id || group->cite_count == VL_ACT_MAX_CITES)
        return;
    while (at > 0 && memcmp(group->cites[at - 1], id, VL_HASH_LEN) > 0)
        at--;
    if (at > 0 && memcmp(group->cites[at - 1], id, VL_HASH_LEN) == 0)
        return;
    memmove(group->cites[at + 1], group->cites[at],
            (group->cite_count - at) * sizeof *group->cites);
    memcpy(group->cites[at], id, VL_HASH_LEN);
    group->cite_count++;
}

static enum vl_err add_leaf(struct group *group, const struct vl_letter_row *row,
                            struct vl_why *why)
{
    static const uint8_t none[VL_HASH_LEN] = {0};
    struct vl_custody_leaf leaf = {.has_waybill = row->waybill.len > 0};
    enum vl_err err;

    memcpy(leaf.number, row->number, VL_HASH_LEN);
    if (leaf.has_waybill)
        vl_sha256(row->waybill, leaf.waybill);
    err = vl_batch_add_custody(&group->tree, &leaf, why);
    if (!err)
        err = vl_buf_put(&group->leaves, VL_ARRAY(leaf.number));
    if (!err)
        err =
            vl_buf_put(&group->leaves, leaf.has_waybill ? VL_ARRAY(leaf.waybill) : VL_ARRAY(none));
    add_cite(group, row);
    return err;
}

static enum vl_err find_group(struct saying *saying, const struct vl_letter_row *row, size_t *at,
                              struct vl_why *why)
{
    const struct vl_held_mandate *under;
    enum vl_capacity capacity;
    enum vl_err err = choose_capacity(saying, row, &capacity, &under, why);

    if (err)
        return err;
    for (*at = 0; *at < saying->group_count; ++*at)
        if (saying->groups[*at].capacity == capacity && saying->groups[*at].under == under)
            return VL_OK;
    if (saying->group_count == VL_EVENT_MAX_ACTS)
        return vl_fail(why, VL_ERR_LIMIT, "in more than %d capacities at once", VL_EVENT_MAX_ACTS);
    saying->groups[saying->group_count++] = (struct group){.capacity = capacity,
                                                           .under = under,
                                                           .tree = VL_BATCH_TREE_INIT,
                                                           .leaves = VL_BUF_INIT(VL_TIE_MAX_LEN)};
    return VL_OK;
}

/* --- what becomes of them --------------------------------------------------------------------- */

static bool is_gone(enum vl_kind kind)
{
    return kind == VL_KIND_LOST || kind == VL_KIND_DESTROYED || kind == VL_KIND_SEIZED;
}

/* A copy that was given away and is gone leaves the one that is here, which goes out again. */
static enum vl_letter_way way_after(enum vl_kind kind, const struct vl_letter_row *row)
{
    const enum vl_letter_way way = (enum vl_letter_way)row->way;

    if (way == VL_WAY_NONE || way == VL_WAY_RECEIPTED)
        return way;
    if (is_gone(kind))
        return way == VL_WAY_HANDED ? VL_WAY_WAITING : way;
    switch ((int)kind) {
    case VL_KIND_RETURNED:
    case VL_KIND_RECALLED:
    case VL_KIND_EXPIRED:
        return VL_WAY_NONE;
    default:
        return way;
    }
}

static void show_letter(struct saying *saying, const struct vl_letter_row *row, size_t act)
{
    struct vl_event_letter *shown = &saying->said->letters[saying->said->letter_count++];

    *shown = (struct vl_event_letter){.has_from = row->has_from,
                                      .to_count = row->to_count,
                                      .date_s = row->has_date ? row->date_s : row->kept_at_s,
                                      .before = (enum vl_letter_way)row->way,
                                      .after = way_after(saying->request->kind, row),
                                      .act = act};
    memcpy(shown->number, row->number, VL_HASH_LEN);
    memcpy(shown->from.at, row->from, VL_HASH_LEN);
    if (row->to_count > 0)
        memcpy(shown->to.at, row->to[0], VL_HASH_LEN);
}

static enum vl_err sort_out(struct saying *saying, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    /* waybill and path point into a buffer on the heap, which a move of the row leaves alone */
    if (saying->row_count > 1)
        qsort(saying->rows, saying->row_count, sizeof *saying->rows, by_number);
    for (size_t i = 0; !err && i < saying->row_count; i++) {
        const struct vl_letter_row *row = &saying->rows[i];
        size_t at = 0;

        if (saying->request->kind == VL_KIND_REFUSED && row->has_via)
            err = vl_fail(why, VL_ERR_REFUSED,
                          "this office has signed for it: what was taken is sent back");
        if (!err)
            err = find_group(saying, row, &at, why);
        if (!err)
            err = add_leaf(&saying->groups[at], row, why);
        if (!err)
            show_letter(saying, row, at);
    }
    for (size_t i = 0; !err && i < saying->group_count; i++) {
        struct vl_event_act *act = &saying->said->acts[saying->said->act_count++];

        *act = (struct vl_event_act){.capacity = saying->groups[i].capacity,
                                     .has_under = saying->groups[i].under != NULL,
                                     .letters = saying->groups[i].leaves.len / VL_ACTS_LEAF_LEN};
        if (act->has_under)
            memcpy(act->under, saying->groups[i].under->id, VL_HASH_LEN);
    }
    return err;
}

/* --- what is said ----------------------------------------------------------------------------- */

static vl_bytes text_or_none(const char *text)
{
    return text ? vl_bytes_str(text) : VL_BYTES_NONE;
}

static enum vl_err read_seals(const char *const *texts, size_t count, struct vl_seals *seals,
                              struct vl_why *why)
{
    if (count > VL_MAX_SEALS)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d seals", VL_MAX_SEALS);
    for (size_t i = 0; i < count; i++)
        seals->at[seals->count++] = vl_bytes_str(texts[i]);
    return VL_OK;
}

static enum vl_err read_request(struct saying *saying, struct vl_why *why)
{
    const struct vl_event_request *request = saying->request;
    enum vl_err err =
        read_seals(request->seals_before, request->before_count, &saying->before, why);

    if (!err)
        err = read_seals(request->seals_after, request->after_count, &saying->after, why);
    if (!err && request->party) {
        VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;

        err = vl_home_find_office(saying->home, request->party, &row, why);
        saying->has_party = !err;
        memcpy(saying->party.at, row.office, VL_HASH_LEN);
    }
    if (!err && request->answers) {
        VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;

        err = vl_acts_find(saying->home->store, request->answers, &object, why);
        saying->has_answers = !err;
        memcpy(saying->answers, object.id, VL_HASH_LEN);
    }
    return err;
}

static struct vl_act act_of(const struct saying *saying, const struct group *group)
{
    const struct vl_event_request *request = saying->request;
    struct vl_act act = {.capacity = group->capacity,
                         .has_under = group->under != NULL,
                         .cite_count = group->cite_count,
                         .cites = (const uint8_t(*)[VL_HASH_LEN])group->cites,
                         .manual = request->manual,
                         .has_at = request->has_at,
                         .at_ms = request->at_ms,
                         .has_plus_minus = request->has_plus_minus,
                         .plus_minus_ms = request->plus_minus_ms,
                         .place = text_or_none(request->place)};

    if (group->under)
        memcpy(act.under, group->under->id, VL_HASH_LEN);
    return act;
}

static enum vl_err write_note(const struct saying *saying, const struct group *group,
                              struct vl_buf *wire, uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    const struct vl_event_request *request = saying->request;
    struct vl_note *note = vl_new(sizeof *note);
    enum vl_err err;

    if (!note)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to sign with");
    *note = (struct vl_note){.kind = request->kind,
                             .act = act_of(saying, group),
                             .batch = vl_batch_of(&group->tree),
                             .reason = text_or_none(request->reason),
                             .words = text_or_none(request->words),
                             .has_party = saying->has_party,
                             .party = saying->party,
                             .person = text_or_none(request->person),
                             .method = text_or_none(request->method),
                             .seals_before = saying->before,
                             .seals_after = saying->after,
                             .has_answers = saying->has_answers};
    memcpy(note->answers, saying->answers, VL_HASH_LEN);
    err = vl_note_write(&saying->signer, note, wire, id, why);
    vl_free(note);
    return err;
}

static enum vl_err write_refusal(const struct saying *saying, const struct group *group,
                                 struct vl_buf *wire, uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    struct vl_answer *answer = vl_new(sizeof *answer);
    enum vl_err err;

    if (!answer)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to sign with");
    *answer = (struct vl_answer){.kind = VL_KIND_REFUSED,
                                 .act = act_of(saying, group),
                                 .has_giver = saying->has_party,
                                 .giver = saying->party,
                                 .batch = vl_batch_of(&group->tree),
                                 .reason = text_or_none(saying->request->reason),
                                 .words = text_or_none(saying->request->words)};
    err = vl_answer_write(&saying->signer, answer, wire, id, why);
    vl_free(answer);
    return err;
}

/* --- who gets to see it ----------------------------------------------------------------------- */

static enum vl_err owe_giver(struct saying *saying, const uint8_t *via, const uint8_t *act,
                             struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    enum vl_err err = vl_acts_read(saying->home->store, via, &object, why);

    if (err) /* without it nobody knows who gave it */
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    return vl_owe(saying->home->store, object.issuer.at, act, why);
}

static enum vl_err owe_letter(struct saying *saying, const struct vl_letter_row *row,
                              const uint8_t *act, struct vl_why *why)
{
    struct vl_store *store = saying->home->store;
    enum vl_err err = row->has_from ? vl_owe(store, row->from, act, why) : VL_OK;

    for (size_t i = 0; !err && i < row->to_count; i++)
        err = vl_owe(store, row->to[i], act, why);
    if (!err && row->has_via)
        err = owe_giver(saying, row->via, act, why);
    return err;
}

static enum vl_err move_letter(struct saying *saying, struct vl_letter_row *row, struct vl_why *why)
{
    const enum vl_letter_way after = way_after(saying->request->kind, row);
    enum vl_err err = VL_OK;

    /* Also of one that waits already, for another of its addressees. */
    if (after == VL_WAY_WAITING && is_gone(saying->request->kind))
        err = vl_addressees_wait(saying->home->store, row, why);
    /* The stick is gone, and with it what lay on it. */
    if (!err && row->forgotten && is_gone(saying->request->kind))
        err = vl_letter_stays_not(saying->home->store, row->number, why);
    if (err || after == (enum vl_letter_way)row->way)
        return err;
    row->way = (uint8_t)after;
    return vl_store_update_letter(saying->home->store, row, why);
}

static enum vl_err sign_group(struct saying *saying, size_t at, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_event_act *act = &saying->said->acts[at];
    const struct group *group = &saying->groups[at];
    enum vl_err err = saying->request->kind == VL_KIND_REFUSED
                          ? write_refusal(saying, group, &wire, act->id, why)
                          : write_note(saying, group, &wire, act->id, why);

    if (!err)
        err = vl_own_act_keep(saying->home, vl_buf_bytes(&wire), vl_buf_bytes(&group->leaves),
                              saying->request->now_s, why);
    if (!err && saying->has_party)
        err = vl_owe(saying->home->store, saying->party.at, act->id, why);
    return err;
}

static enum vl_err sign(struct saying *saying, struct vl_why *why)
{
    struct vl_store *store = saying->home->store;
    enum vl_err err = vl_store_begin(store, why);

    for (size_t i = 0; !err && i < saying->group_count; i++)
        err = sign_group(saying, i, why);
    for (size_t i = 0; !err && i < saying->row_count; i++)
        err = owe_letter(saying, &saying->rows[i],
                         saying->said->acts[saying->said->letters[i].act].id, why);
    for (size_t i = 0; !err && i < saying->row_count; i++)
        err = move_letter(saying, &saying->rows[i], why);
    if (!err)
        err = vl_store_commit(store, why);
    vl_store_rollback(store);
    return err;
}

static enum vl_err say(struct saying *saying, struct vl_why *why)
{
    const struct vl_event_request *request = saying->request;
    enum vl_err err = VL_OK;

    if (request->kind != VL_KIND_REFUSED && !vl_note_kind(request->kind, NULL))
        return vl_fail(why, VL_ERR_USAGE, "that is no event of a letter on its way");
    err = read_request(saying, why);
    if (!err)
        err = vl_held_mandates_read(saying->home, &saying->held, why);
    if (!err)
        err = find_letters(saying, why);
    if (!err)
        err = sort_out(saying, why);
    if (err || request->dry_run)
        return err;
    err = vl_home_unlock(saying->home, &request->asker, why);
    if (!err)
        err = vl_home_signer(saying->home, request->now_s, &saying->signer, why);
    return err ? err : sign(saying, why);
}

enum vl_err vl_event_say(struct vl_home *home, const struct vl_event_request *request,
                         struct vl_event_said *said, struct vl_why *why)
{
    struct saying *saying = vl_new(sizeof *saying);
    enum vl_err err;

    *said = (struct vl_event_said){0};
    if (!saying)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for an event");
    *saying = (struct saying){.home = home,
                              .request = request,
                              .said = said,
                              .held = VL_HELD_MANDATES_INIT};
    err = say(saying, why);
    release(saying);
    vl_free(saying);
    if (err)
        vl_event_said_release(said);
    return err;
}
