/* SPDX-License-Identifier: Apache-2.0 */
#include "office/hand_select.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/time.h"
#include "custody/batch.h"
#include "office/keeping.h"
#include "office/mandates.h"

/* With so many letters or fewer everything that is kept about each of them goes along; with more,
 * what they have in common. */
#define EACH_MAX 256

void vl_hand_choice_release(struct vl_hand_choice *choice)
{
    for (size_t i = 0; i < choice->count; i++) {
        vl_slice_set_release(&choice->letters[i].went);
        vl_slice_set_release(&choice->letters[i].now);
    }
    vl_free(choice->letters);
    vl_free(choice->segments);
    vl_id_set_release(&choice->sealed);
    vl_id_set_release(&choice->via);
    vl_id_set_release(&choice->taken_by);
    vl_id_set_release(&choice->senders);
    vl_id_set_release(&choice->offices);
    *choice = (struct vl_hand_choice)VL_HAND_CHOICE_INIT;
}

void vl_handed_release(struct vl_handed *handed)
{
    vl_free(handed->letters);
    *handed = (struct vl_handed){0};
}

/* --- who takes it ----------------------------------------------------------------------------- */

struct carrying {
    const struct vl_office_id *taker;
    bool carries;
};

static enum vl_err see_mandate(void *self, const struct vl_mandate_seen *seen, struct vl_why *why)
{
    struct carrying *carrying = self;

    (void)why;
    carrying->carries |= seen->is_given && !seen->is_over && !seen->is_late &&
                         vl_office_id_eq(&seen->mandate->grantee, carrying->taker) &&
                         vl_mandate_gives(seen->mandate, VL_POWER_CARRY);
    return VL_OK;
}

static enum vl_err choose_taker(struct vl_home *home, const struct vl_hand_request *request,
                                struct vl_hand_choice *choice, struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    struct carrying carrying = {&choice->taker, false};
    const struct vl_chain *chain;
    struct vl_age_recipient key;
    enum vl_err err;

    if (!request->office)
        return VL_OK;
    err = vl_home_find_office(home, request->office, &row, why);
    if (!err && row.is_own)
        err = vl_fail(why, VL_ERR_USAGE, "that is this office itself");
    if (err)
        return err;
    choice->has_taker = true;
    memcpy(choice->taker.at, row.office, VL_HASH_LEN);
    err = vl_office_sealing_key(home, &choice->taker, &key, why);
    chain = err ? NULL : vl_home_chain(home, &choice->taker);
    if (!err && vl_chain_newest(chain)->has_not_after &&
        vl_chain_newest(chain)->not_after_s < request->now_s)
        err = vl_fail(why, VL_ERR_EXPIRED, "its card has ended");
    if (!err)
        err = vl_mandates(home, request->now_s, see_mandate, &carrying, why);
    choice->carries = carrying.carries;
    return err ? vl_fail_in(why, err, "\"%s\"", request->office) : VL_OK;
}

/* --- which letters ---------------------------------------------------------------------------- */

struct choosing {
    struct vl_home *home;
    const struct vl_hand_request *request;
    struct vl_hand_choice *choice;
    struct vl_handed *handed;
    struct vl_id_set named; /* each once */
};

static enum vl_err grow(struct choosing *choosing, struct vl_why *why)
{
    struct vl_hand_choice *choice = choosing->choice;
    struct vl_handed *handed = choosing->handed;
    const size_t cap = choice->cap ? 2 * choice->cap : 64;
    void *letters = choice->letters, *shown = handed->letters;
    enum vl_err err =
        vl_grow(&letters, choice->cap * sizeof *choice->letters, cap * sizeof *choice->letters);

    if (!err) {
        choice->letters = letters;
        err = vl_grow(&shown, choice->cap * sizeof *handed->letters, cap * sizeof *handed->letters);
    }
    if (err)
        return vl_fail(why, err, "no memory for a list of letters");
    handed->letters = shown;
    choice->cap = cap;
    return VL_OK;
}

static enum vl_err note_offices(struct vl_hand_choice *choice, const struct vl_letter_row *row)
{
    enum vl_err err = row->has_from ? vl_id_set_add(&choice->offices, row->from, NULL) : VL_OK;

    for (size_t i = 0; !err && i < row->to_count; i++)
        err = vl_id_set_add(&choice->offices, row->to[i], NULL);
    return err;
}

static enum vl_err note_acts(struct vl_hand_choice *choice, const struct vl_bag_letter *letter)
{
    enum vl_err err =
        letter->has_sealed ? vl_id_set_add(&choice->sealed, letter->sealed, NULL) : VL_OK;

    if (err || !letter->carried)
        return err;
    err = vl_id_set_add(&choice->via, letter->via, NULL);
    if (!err && letter->has_from)
        err = vl_id_set_add(&choice->senders, letter->from, NULL);
    return err;
}

/* How many slices it may be carried in; 0: none. */
static uint64_t slices_of(const struct vl_letter_row *row)
{
    struct vl_waybill waybill;

    if (row->size <= VL_SLICE_LEN || vl_waybill_parse(row->waybill, &waybill, NULL) != VL_OK)
        return 0;
    return waybill.has_pieces ? waybill.pieces.count : 0;
}

static enum vl_err take_in(struct choosing *choosing, const struct vl_letter_row *row,
                           struct vl_why *why)
{
    struct vl_hand_choice *choice = choosing->choice;
    struct vl_handed_letter *shown;
    struct vl_bag_letter *letter;
    enum vl_err err = choice->count == choice->cap ? grow(choosing, why) : VL_OK;

    if (!err && note_offices(choice, row) != VL_OK)
        err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of letters");
    if (err)
        return err;
    letter = &choice->letters[choice->count];
    *letter = (struct vl_bag_letter){.size = row->size,
                                     .has_sealed = row->has_sealed,
                                     .way = row->way,
                                     .carried = row->has_via && !(row->roles & VL_ROLE_WRITTEN),
                                     .has_from = row->has_from,
                                     .stays = row->forgotten,
                                     .waybill_len = row->waybill.len,
                                     .slice_count = row->forgotten ? 0 : slices_of(row),
                                     .went = VL_SLICE_SET_INIT,
                                     .now = VL_SLICE_SET_INIT};
    memcpy(letter->sealed, row->sealed, VL_HASH_LEN);
    memcpy(letter->via, row->via, VL_HASH_LEN);
    memcpy(letter->from, row->from, VL_HASH_LEN);
    memcpy(letter->number, row->number, VL_HASH_LEN);
    vl_sha256(row->waybill, letter->waybill);
    if (note_acts(choice, letter) != VL_OK)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of acts");
    shown = &choosing->handed->letters[choice->count];
    *shown = (struct vl_handed_letter){.size = row->size,
                                       .to_count = row->to_count,
                                       .stays = row->forgotten};
    memcpy(shown->number, row->number, VL_HASH_LEN);
    memcpy(shown->to.at, row->to[0], VL_HASH_LEN);
    choice->bytes += row->forgotten ? 0 : row->size + row->waybill.len;
    choice->count++;
    choosing->handed->letter_count = choice->count;
    return VL_OK;
}

/* Here, or on a stick. */
static enum vl_err has_envelope(struct vl_home *home, const struct vl_letter_row *row, bool *has,
                                struct vl_why *why)
{
    *has = !row->forgotten;
    return *has ? VL_OK : vl_letter_stays(home->store, row, has, why);
}

/* Of a letter to several: does it still go to one of them? */
static enum vl_err some_wait(const struct choosing *choosing, const struct vl_letter_row *row,
                             bool *wait, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    *wait = false;
    for (size_t i = 0; !err && i < row->to_count; i++) {
        enum vl_addressee_state state;

        err = vl_addressee_state(choosing->home->store, row, row->to[i], &state, why);
        *wait |= state == VL_ADDRESSEE_NONE ||
                 (state == VL_ADDRESSEE_HANDED && choosing->request->again);
    }
    return err;
}

/* Letters that wait go on; so does one that somebody else was handed, to an addressee who was not,
 * or through a courier to one. */
static enum vl_err goes_that_way(const struct choosing *choosing, const struct vl_letter_row *row,
                                 bool *goes, struct vl_why *why)
{
    const struct vl_hand_choice *choice = choosing->choice;
    const bool again = choosing->request->again;
    const bool through = choosing->request->all || choice->carries;
    const bool direct = choice->has_taker && vl_letter_row_is_to(row, choice->taker.at);
    enum vl_addressee_state state = VL_ADDRESSEE_NONE;
    enum vl_err err = VL_OK;

    *goes = false;
    if (!direct && !through)
        return VL_OK;
    if (row->to_count < 2) {
        *goes = row->way == VL_WAY_WAITING || again;
        return VL_OK;
    }
    if (!direct)
        return some_wait(choosing, row, goes, why);
    err = vl_addressee_state(choosing->home->store, row, choice->taker.at, &state, why);
    *goes = state == VL_ADDRESSEE_NONE || (state == VL_ADDRESSEE_HANDED && again);
    return err;
}

static enum vl_err see_letter(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct choosing *choosing = self;
    struct vl_hand_choice *choice = choosing->choice;
    bool goes = false;
    enum vl_err err;

    if (row->quarantined)
        return VL_OK;
    err = has_envelope(choosing->home, row, &goes, why);
    if (err || !goes)
        return err;
    err = goes_that_way(choosing, row, &goes, why);
    if (err)
        return err;
    if (!goes) {
        choice->waiting_elsewhere += row->way == VL_WAY_WAITING || choosing->request->again;
        choice->handed_before += row->way == VL_WAY_HANDED && choice->has_taker &&
                                 vl_letter_row_is_to(row, choice->taker.at);
        return VL_OK;
    }
    if (row->has_expires && row->expires_s < choosing->request->now_s) {
        choice->expired++;
        return VL_OK;
    }
    if (choice->count == VL_HAND_MAX) {
        choosing->handed->later++;
        return VL_OK;
    }
    if (row->waybill.len == 0) /* taken as a bare file: nobody has said where it goes */
        return VL_OK;
    return take_in(choosing, row, why);
}

static enum vl_err take_named(struct vl_home *home, struct choosing *choosing, const char *text,
                              struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    bool is_new = false, has = false;
    enum vl_err err = vl_home_find_letter(home, text, 8, &row, why);

    if (!err)
        err = has_envelope(home, &row, &has, why);
    if (err)
        return err;
    if (!has)
        return vl_fail(why, VL_ERR_NOT_FOUND, "\"%s\" was forgotten: its envelope is gone", text);
    if (row.quarantined)
        return vl_fail(why, VL_ERR_REFUSED,
                       "\"%s\" is held apart: whoever gave it is not known here", text);
    if (row.waybill.len == 0)
        return vl_fail(why, VL_ERR_REFUSED,
                       "\"%s\" has no waybill here: nobody has signed where it goes", text);
    err = vl_id_set_add(&choosing->named, row.number, &is_new);
    if (err)
        return vl_fail(why, err, "no memory for a list of letters");
    return is_new ? take_in(choosing, &row, why) : VL_OK;
}

struct own_answers {
    const struct vl_office_id *own;
    struct vl_id_set *into;
};

static enum vl_err see_answer(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    const struct own_answers *answers = self;
    enum vl_err err = VL_OK;

    if (memcmp(row->issuer, answers->own->at, VL_HASH_LEN) == 0 &&
        (strcmp(row->kind, vl_kind_word(VL_KIND_ACCEPTED)) == 0 ||
         strcmp(row->kind, vl_kind_word(VL_KIND_RECEIPTED)) == 0))
        err = vl_id_set_add(answers->into, row->id, NULL);
    return err ? vl_fail(why, err, "no memory for a list of acts") : VL_OK;
}

static enum vl_err find_answers(struct vl_home *home, struct vl_hand_choice *choice,
                                struct vl_why *why)
{
    struct own_answers answers = {&home->own, &choice->taken_by};
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < choice->via.room; i++)
        if (choice->via.used[i])
            err = vl_store_objects(home->store, choice->via.at[i], see_answer, &answers, why);
    return err;
}

static int by_number(const void *a, const void *b)
{
    const struct vl_bag_letter *left = a;
    const struct vl_bag_letter *right = b;

    return memcmp(left->number, right->number, VL_HASH_LEN);
}

enum vl_err vl_hand_choose(struct vl_home *home, const struct vl_hand_request *request,
                           struct vl_hand_choice *choice, struct vl_handed *handed,
                           struct vl_why *why)
{
    struct choosing choosing = {home, request, choice, handed, VL_ID_SET_INIT};
    const struct vl_letter_query query = {.ways = 1u << VL_WAY_WAITING | 1u << VL_WAY_HANDED};
    enum vl_err err = choose_taker(home, request, choice, why);

    if (request->carrier)
        choice->carrier = vl_bytes_str(request->carrier);

    for (size_t i = 0; !err && i < request->letter_count; i++)
        err = take_named(home, &choosing, request->letters[i], why);
    if (!err && request->letter_count == 0)
        err = vl_store_letters(home->store, &query, see_letter, &choosing, why);
    if (!err && choice->count > VL_HAND_MAX)
        err = vl_fail(why, VL_ERR_LIMIT, "more letters than one hand-over may have");
    if (!err && choice->count > 1)
        qsort(choice->letters, choice->count, sizeof *choice->letters, by_number);
    if (!err)
        err = find_answers(home, choice, why);
    vl_id_set_release(&choosing.named);
    handed->waiting_elsewhere = choice->waiting_elsewhere;
    handed->handed_before = choice->handed_before;
    handed->expired = choice->expired;
    return err;
}

enum vl_err vl_hand_choose_again(struct vl_home *home, struct vl_hand_choice *choice,
                                 struct vl_why *why)
{
    enum vl_err err = VL_OK;

    vl_id_set_release(&choice->sealed);
    vl_id_set_release(&choice->via);
    vl_id_set_release(&choice->taken_by);
    vl_id_set_release(&choice->senders);
    for (size_t i = 0; !err && i < choice->count; i++)
        err = note_acts(choice, &choice->letters[i]);
    return err ? vl_fail(why, err, "no memory for a list of acts")
               : find_answers(home, choice, why);
}

/* --- what proves them ------------------------------------------------------------------------- */

static enum vl_err file_one(struct vl_home *home, const uint8_t *number, struct vl_filing *filing,
                            struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    enum vl_err err = vl_store_letter(home->store, number, &row, why);

    return err ? err : vl_filing_letter(filing, &row, why);
}

static enum vl_err file_acts(const struct vl_id_set *ids, struct vl_filing *filing,
                             struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < ids->room; i++)
        if (ids->used[i])
            err = vl_filing_with_named(filing, ids->at[i], NULL, NULL, why);
    return err;
}

enum vl_err vl_hand_file(struct vl_home *home, const struct vl_hand_choice *choice,
                         struct vl_filing *filing, struct vl_why *why)
{
    enum vl_err err = vl_filing_cards(filing, &home->own, why);

    for (size_t i = 0; !err && i < choice->offices.room; i++) {
        struct vl_office_id office;

        if (!choice->offices.used[i])
            continue;
        memcpy(office.at, choice->offices.at[i], VL_HASH_LEN);
        err = vl_filing_cards(filing, &office, why);
    }
    for (size_t i = 0; !err && choice->count <= EACH_MAX && i < choice->count; i++) {
        err = file_one(home, choice->letters[i].number, filing, why);
        if (err == VL_ERR_LIMIT) /* of such a letter goes what it has in common with others */
            err = VL_OK;
    }
    if (!err)
        err = file_acts(&choice->sealed, filing, why);
    if (!err)
        err = file_acts(&choice->taken_by, filing, why);
    return err;
}
