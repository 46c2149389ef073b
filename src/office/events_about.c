/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of acts: ratified, witnessed, corrected, seen. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "office/acts.h"
#include "office/answers.h"
#include "office/events.h"
#include "office/owed.h"

/* --- who gets to see it ----------------------------------------------------------------------- */

static enum vl_err owe_of_letter(struct vl_store *store, const uint8_t *number, const uint8_t *act,
                                 struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    enum vl_err err = vl_store_letter(store, number, &row, why);

    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    if (row.has_from)
        err = vl_owe(store, row.from, act, why);
    for (size_t i = 0; !err && i < row.to_count; i++)
        err = vl_owe(store, row.to[i], act, why);
    return err;
}

/* The letters that an act is about, wherever that is kept. */
struct letters {
    const uint8_t *act;
    size_t count;
    uint8_t at[VL_ACTS_ABOUT_MAX][VL_HASH_LEN];
};

static void add_number(struct letters *letters, const uint8_t *number)
{
    if (number && letters->count < VL_ACTS_ABOUT_MAX)
        memcpy(letters->at[letters->count++], number, VL_HASH_LEN);
}

static enum vl_err see_sealed(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    (void)why;
    add_number(self, row->number);
    return VL_OK;
}

static enum vl_err see_single(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    struct letters *letters = self;

    (void)why;
    if (memcmp(tie->key, letters->act, VL_HASH_LEN) == 0)
        add_number(letters, tie->about);
    return VL_OK;
}

/* Of an act over very many letters only the first ones are looked up: they are of one bag, and so
 * mostly of the same offices. */
static enum vl_err find_letters(struct vl_store *store, const struct vl_object *target,
                                struct letters *letters, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf leaves = VL_BUF_INIT(VL_TIE_MAX_LEN);
    struct vl_letter_query query = {.has_sealed = true, .lean = true, .limit = VL_ACTS_ABOUT_MAX};
    struct vl_act_any *any = vl_new(sizeof *any);
    enum vl_err err = any ? vl_act_any_read(target, any, why)
                          : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read an act");

    letters->act = target->id;
    if (!err)
        add_number(letters, vl_act_any_number(any));
    vl_free(any);
    memcpy(query.sealed, target->id, VL_HASH_LEN);
    if (!err && target->kind == VL_KIND_SEALED)
        return vl_store_letters(store, &query, see_sealed, letters, why);
    if (!err)
        err = vl_acts_leaves(store, target->id, &leaves, why);
    if (err == VL_ERR_NOT_FOUND)
        return vl_store_ties(store, VL_TIE_LEAF, NULL, see_single, letters, why);
    for (size_t i = 0; !err && i < leaves.len / VL_ACTS_LEAF_LEN; i++)
        add_number(letters, leaves.data + i * VL_ACTS_LEAF_LEN);
    return err;
}

static enum vl_err owe_of_target(struct vl_store *store, const struct vl_object *target,
                                 const uint8_t *act, struct vl_why *why)
{
    struct letters letters = {.count = 0};
    enum vl_err err = find_letters(store, target, &letters, why);

    if (!err)
        err = vl_owe(store, target->issuer.at, act, why);
    for (size_t i = 0; !err && i < letters.count; i++)
        err = owe_of_letter(store, letters.at[i], act, why);
    return err;
}

/* --- about one act ---------------------------------------------------------------------------- */

static vl_bytes text_or_none(const char *text)
{
    return text ? vl_bytes_str(text) : VL_BYTES_NONE;
}

static enum vl_err may_say(const struct vl_home *home, enum vl_kind kind,
                           const struct vl_object *target, struct vl_why *why)
{
    const bool own = vl_office_id_eq(&target->issuer, &home->own);

    if (vl_act_form_of(target->kind) == VL_ACT_NONE)
        return vl_fail(why, VL_ERR_REFUSED, "that is no act");
    if (kind == VL_KIND_CORRECTED && !own)
        return vl_fail(why, VL_ERR_REFUSED, "somebody else signed it: only they correct it");
    if (kind != VL_KIND_CORRECTED && own)
        return vl_fail(why, VL_ERR_REFUSED, "this office signed it itself");
    return VL_OK;
}

static enum vl_capacity capacity_of(enum vl_kind kind, const struct vl_object *target)
{
    enum vl_capacity capacity = VL_CAPACITY_PRINCIPAL;
    struct vl_act_any *any;

    if (kind == VL_KIND_WITNESSED)
        return VL_CAPACITY_WITNESS;
    if (kind == VL_KIND_RATIFIED)
        return capacity;
    /* As what it was said, so it is corrected. */
    any = vl_new(sizeof *any);
    if (any && vl_act_any_read(target, any, NULL) == VL_OK)
        capacity = vl_act_any_act(any)->capacity;
    vl_free(any);
    return capacity;
}

static enum vl_err keep(struct vl_home *home, vl_bytes wire, const struct vl_object *target,
                        const uint8_t *id, int64_t now_s, struct vl_why *why)
{
    enum vl_err err = vl_store_begin(home->store, why);

    if (!err)
        err = vl_own_act_keep(home, wire, VL_BYTES_NONE, now_s, why);
    if (!err)
        err = owe_of_target(home->store, target, id, why);
    if (!err)
        err = vl_store_commit(home->store, why);
    vl_store_rollback(home->store);
    return err;
}

enum vl_err vl_event_say_about(struct vl_home *home, const struct vl_event_about *about,
                               struct vl_object *target, uint8_t id[VL_HASH_LEN],
                               struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_about said = {.kind = about->kind,
                            .act = {.manual = about->manual, .place = text_or_none(about->place)},
                            .words = text_or_none(about->words),
                            .field = text_or_none(about->field),
                            .old = text_or_none(about->old_text),
                            .now = text_or_none(about->new_text),
                            .reason = text_or_none(about->words)};
    struct vl_signer signer;
    enum vl_err err = vl_acts_find(home->store, about->act, target, why);

    if (!err)
        err = may_say(home, about->kind, target, why);
    if (err || about->dry_run)
        return err;
    err = vl_home_unlock(home, &about->asker, why);
    if (!err)
        err = vl_home_signer(home, about->now_s, &signer, why);
    if (err)
        return err;
    said.act.capacity = capacity_of(about->kind, target);
    memcpy(said.target, target->id, VL_HASH_LEN);
    err = vl_about_write(&signer, &said, &wire, id, why);
    return err ? err : keep(home, vl_buf_bytes(&wire), target, id, about->now_s, why);
}

/* --- seen ------------------------------------------------------------------------------------- */

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, VL_HASH_LEN);
}

/* What was there, ascending. */
static enum vl_err list_acts(const struct vl_gathered *gathered, uint8_t (**out)[VL_HASH_LEN],
                             size_t *count, struct vl_why *why)
{
    uint8_t(*ids)[VL_HASH_LEN] = vl_new((gathered->count + 1) * sizeof *ids);

    *out = ids;
    *count = 0;
    if (!ids)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of acts");
    for (size_t i = 0; i < gathered->count; i++)
        if (gathered->at[i].object.kind != VL_KIND_SEEN)
            memcpy(ids[(*count)++], gathered->at[i].object.id, VL_HASH_LEN);
    if (*count > 1)
        qsort(ids, *count, sizeof *ids, by_bytes);
    return *count > 0 ? VL_OK : vl_fail(why, VL_ERR_NOT_FOUND, "no act about it is here");
}

/* One act for so many of them as are found by their ids. */
static enum vl_err sign_seen(struct vl_home *home, const struct vl_signer *signer,
                             const uint8_t (*ids)[VL_HASH_LEN], size_t count, bool manual,
                             int64_t now_s, uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    static const uint8_t none[VL_HASH_LEN] = {0};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf leaves = VL_BUF_INIT(VL_TIE_MAX_LEN);
    struct vl_seen seen = {.act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = manual}};
    struct vl_batch_tree tree = VL_BATCH_TREE_INIT;
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < count; i++) {
        err = vl_batch_add_id(&tree, ids[i], why);
        if (!err)
            err = vl_buf_put(&leaves, VL_ARRAY(ids[i]));
        if (!err)
            err = vl_buf_put(&leaves, VL_ARRAY(none));
    }
    seen.batch = vl_batch_of(&tree);
    if (!err)
        err = vl_seen_write(signer, &seen, &wire, id, why);
    return err ? err
               : vl_own_act_keep(home, vl_buf_bytes(&wire), vl_buf_bytes(&leaves), now_s, why);
}

static enum vl_err sign_all_seen(struct vl_home *home, const uint8_t (*ids)[VL_HASH_LEN],
                                 size_t count, bool manual, int64_t now_s, uint8_t id[VL_HASH_LEN],
                                 struct vl_why *why)
{
    struct vl_signer signer;
    enum vl_err err = vl_home_signer(home, now_s, &signer, why);

    if (!err)
        err = vl_store_begin(home->store, why);
    for (size_t at = 0; !err && at < count; at += VL_ACTS_ABOUT_MAX)
        err = sign_seen(home, &signer, ids + at,
                        count - at < VL_ACTS_ABOUT_MAX ? count - at : VL_ACTS_ABOUT_MAX, manual,
                        now_s, id, why);
    if (!err)
        err = vl_store_commit(home->store, why);
    vl_store_rollback(home->store);
    return err;
}

enum vl_err vl_event_say_seen(struct vl_home *home, const char *letter, bool manual, int64_t now_s,
                              const struct vl_asker *asker, size_t *count, uint8_t id[VL_HASH_LEN],
                              struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    VL_AUTO(vl_path_cache_release) struct vl_path_cache cache = VL_PATH_CACHE_INIT;
    VL_AUTO(vl_gathered_release) struct vl_gathered gathered = VL_GATHERED_INIT;
    uint8_t(*ids)[VL_HASH_LEN] = NULL;
    enum vl_err err = vl_home_find_letter(home, letter, 8, &row, why);

    *count = 0;
    if (!err)
        err = vl_acts_gather(home->store, &row, &cache, &gathered, why);
    if (!err)
        err = list_acts(&gathered, &ids, count, why);
    if (!err)
        err = vl_home_unlock(home, asker, why);
    if (!err)
        err =
            sign_all_seen(home, (const uint8_t(*)[VL_HASH_LEN])ids, *count, manual, now_s, id, why);
    vl_free(ids);
    return err;
}

/* --- reached ---------------------------------------------------------------------------------- */

/* Of one letter. */
#define MAX_RECEIPTS 64

/* Receipts of delegates that are not answered yet, and the letters under each. */
struct receipt {
    uint8_t id[VL_HASH_LEN];
    struct vl_office_id by;
    struct vl_batch_tree tree;
    struct vl_buf leaves;
};

struct reaching {
    struct vl_home *home;
    size_t count;
    size_t cap;
    struct receipt *receipts;
    /* Of the letter that is looked at: */
    size_t found_count;
    struct {
        uint8_t id[VL_HASH_LEN];
        struct vl_office_id by;
        bool is_answered;
    } found[MAX_RECEIPTS];
};

/* Both passes over what is known about a letter: receipts first, then what answers them. */
struct pass {
    struct reaching *reaching;
    const char *kind;
    bool own;
    const struct vl_letter_row *row;
    enum vl_err (*see)(const struct pass *pass, const struct vl_object *object, struct vl_why *why);
};

static enum vl_err see_receipt(const struct pass *pass, const struct vl_object *object,
                               struct vl_why *why)
{
    VL_AUTO(vl_receipt_right_release) struct vl_receipt_right right = VL_RECEIPT_RIGHT_INIT;
    struct reaching *reaching = pass->reaching;
    struct vl_answer *answer = vl_new(sizeof *answer);
    enum vl_err err = answer ? vl_answer_read(object, answer, why)
                             : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read a receipt");

    if (!err && answer->act.capacity == VL_CAPACITY_DELEGATE &&
        vl_office_id_eq(&answer->addressee, &reaching->home->own) &&
        reaching->found_count < MAX_RECEIPTS)
        err = vl_receipt_right_find(reaching->home->store, object, answer, &right, why);
    if (!err && right.good && vl_receipt_right_covers(&right, pass->row)) {
        memcpy(reaching->found[reaching->found_count].id, object->id, VL_HASH_LEN);
        reaching->found[reaching->found_count].by = object->issuer;
        reaching->found[reaching->found_count++].is_answered = false;
    }
    vl_free(answer);
    return err;
}

static enum vl_err see_reached(const struct pass *pass, const struct vl_object *object,
                               struct vl_why *why)
{
    struct reaching *reaching = pass->reaching;
    struct vl_note *note = vl_new(sizeof *note);
    enum vl_err err = note ? vl_note_read(object, note, why)
                           : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read an act");

    for (size_t i = 0; !err && i < reaching->found_count; i++)
        if (note->has_answers && memcmp(reaching->found[i].id, note->answers, VL_HASH_LEN) == 0)
            reaching->found[i].is_answered = true;
    vl_free(note);
    return err;
}

static enum vl_err see_object(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    const struct pass *pass = self;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    const bool own = memcmp(row->issuer, pass->reaching->home->own.at, VL_HASH_LEN) == 0;
    enum vl_err err;

    if (strcmp(row->kind, pass->kind) != 0 || own != pass->own)
        return VL_OK;
    err = vl_object_parse(row->bytes, &object, why);
    return err ? err : pass->see(pass, &object, why);
}

/* NULL when memory runs out. */
static struct receipt *find_receipt(struct reaching *reaching, const uint8_t *id,
                                    const struct vl_office_id *by)
{
    struct receipt *receipt;
    void *block = reaching->receipts;

    for (size_t i = 0; i < reaching->count; i++)
        if (memcmp(reaching->receipts[i].id, id, VL_HASH_LEN) == 0)
            return &reaching->receipts[i];
    if (reaching->count == reaching->cap) {
        const size_t cap = reaching->cap ? 2 * reaching->cap : 8;

        if (vl_grow(&block, reaching->cap * sizeof *reaching->receipts,
                    cap * sizeof *reaching->receipts) != VL_OK)
            return NULL;
        reaching->receipts = block;
        reaching->cap = cap;
    }
    receipt = &reaching->receipts[reaching->count++];
    *receipt = (struct receipt){.by = *by,
                                .tree = VL_BATCH_TREE_INIT,
                                .leaves = VL_BUF_INIT(VL_TIE_MAX_LEN)};
    memcpy(receipt->id, id, VL_HASH_LEN);
    return receipt;
}

static enum vl_err add_letter(struct reaching *reaching, const uint8_t *number, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_store *store = reaching->home->store;
    const struct pass passes[] = {
        {reaching, vl_kind_word(VL_KIND_RECEIPTED), false, &row, see_receipt},
        {reaching, vl_kind_word(VL_KIND_REACHED), true, &row, see_reached},
    };
    struct vl_custody_leaf leaf;
    enum vl_err err = vl_store_letter(store, number, &row, why);

    reaching->found_count = 0;
    for (size_t i = 0; !err && i < sizeof passes / sizeof *passes; i++) {
        struct pass pass = passes[i];

        err = vl_store_objects(store, number, see_object, &pass, why);
    }
    if (err || row.waybill.len == 0)
        return err;
    leaf = vl_custody_leaf_of(number, row.waybill);
    for (size_t i = 0; !err && i < reaching->found_count; i++) {
        struct receipt *receipt;

        if (reaching->found[i].is_answered)
            continue;
        receipt = find_receipt(reaching, reaching->found[i].id, &reaching->found[i].by);
        if (!receipt)
            return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of receipts");
        err = vl_batch_add_custody(&receipt->tree, &leaf, why);
        if (!err)
            err = vl_buf_put(&receipt->leaves, VL_ARRAY(leaf.number));
        if (!err)
            err = vl_buf_put(&receipt->leaves, VL_ARRAY(leaf.waybill));
    }
    return err;
}

static enum vl_err sign_reached(struct reaching *reaching, const struct receipt *receipt,
                                const struct vl_signer *signer, bool manual, int64_t now_s,
                                struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_store *store = reaching->home->store;
    struct vl_note *note = vl_new(sizeof *note);
    uint8_t id[VL_HASH_LEN];
    enum vl_err err;

    if (!note)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to sign with");
    *note = (struct vl_note){.kind = VL_KIND_REACHED,
                             .act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = manual},
                             .batch = vl_batch_of(&receipt->tree),
                             .has_answers = true};
    memcpy(note->answers, receipt->id, VL_HASH_LEN);
    err = vl_note_write(signer, note, &wire, id, why);
    vl_free(note);
    if (!err)
        err = vl_own_act_keep(reaching->home, vl_buf_bytes(&wire), vl_buf_bytes(&receipt->leaves),
                              now_s, why);
    if (!err)
        err = vl_owe(store, receipt->by.at, id, why);
    for (size_t at = 0; !err && at < receipt->leaves.len; at += VL_ACTS_LEAF_LEN)
        err = owe_of_letter(store, receipt->leaves.data + at, id, why);
    return err;
}

enum vl_err vl_event_say_reached(struct vl_home *home, const struct vl_signer *signer,
                                 const uint8_t (*numbers)[VL_HASH_LEN], size_t count, bool manual,
                                 int64_t now_s, size_t *acts, struct vl_why *why)
{
    struct reaching *reaching = vl_new(sizeof *reaching);
    enum vl_err err = VL_OK;

    *acts = 0;
    if (!reaching)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to look for receipts");
    *reaching = (struct reaching){.home = home};
    for (size_t i = 0; !err && i < count; i++)
        err = add_letter(reaching, numbers[i], why);
    for (size_t i = 0; !err && i < reaching->count; i++)
        err = sign_reached(reaching, &reaching->receipts[i], signer, manual, now_s, why);
    if (!err)
        *acts = reaching->count;
    for (size_t i = 0; i < reaching->count; i++)
        vl_buf_release(&reaching->receipts[i].leaves);
    vl_free(reaching->receipts);
    vl_free(reaching);
    return err;
}
