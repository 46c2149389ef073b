/* SPDX-License-Identifier: Apache-2.0 */
#include "office/stick_show.h"

#include <string.h>

#include "base/alloc.h"
#include "office/acts.h"
#include "office/evidence_bags.h"
#include "office/id_set.h"

/* --- looking ---------------------------------------------------------------------------------- */

struct looking {
    struct vl_home *home; /* or NULL */
    vl_stick_visit visit;
    void *self;
    struct vl_id_set needed; /* bags in which letters of others lie, as they are named */
};

/* Did the taker, or whoever took what was for anybody, answer this hand-over? */
struct answered {
    const uint8_t *by; /* NULL: anybody */
    bool yes;
    bool carries; /* and takes it on to others */
};

static enum vl_err see_answer(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    struct answered *answered = self;

    (void)why;
    if (vl_acts_is_answer(row->kind) &&
        (!answered->by || memcmp(row->issuer, answered->by, VL_HASH_LEN) == 0))
        answered->yes = true;
    /* Slices are always kept by whoever took them. */
    answered->carries |= answered->yes && strcmp(row->kind, vl_kind_word(VL_KIND_ACCEPTED)) == 0;
    return VL_OK;
}

/* Is one of its letters not receipted, as far as is known here? */
static enum vl_err is_under_way(struct vl_home *home, const uint8_t *act, bool *yes,
                                struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf leaves = VL_BUF_INIT(VL_TIE_MAX_LEN);
    enum vl_err err = vl_acts_leaves(home->store, act, &leaves, why);

    *yes = false;
    for (size_t at = 0; !err && !*yes && at < leaves.len; at += VL_ACTS_LEAF_LEN) {
        VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;

        err = vl_store_letter(home->store, leaves.data + at, &row, why);
        *yes = !err && row.way != VL_WAY_RECEIPTED;
        if (err == VL_ERR_NOT_FOUND)
            err = VL_OK;
    }
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

static enum vl_err look_at_home(struct vl_home *home, const struct vl_object *list,
                                struct vl_stick_view *view, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    const struct vl_chain *chain = vl_home_chain(home, &list->issuer);
    struct answered answered = {view->has_taker ? view->taker.at : NULL, false, false};
    struct vl_chain_verdict verdict;
    enum vl_err err;

    view->verified = chain && vl_chain_verify(chain, list, &verdict, NULL) == VL_OK &&
                     verdict.standing == VL_STANDING_FULL && !verdict.revoked;
    view->is_own = vl_office_id_eq(&view->giver, &home->own);
    view->for_us = !view->is_own && (!view->has_taker || vl_office_id_eq(&view->taker, &home->own));
    if (!view->is_own)
        answered.by = home->own.at;
    /* A hand-over of letters may be known from evidence before its bag turns up. */
    if (view->is_own || view->letters > 0) {
        err = vl_store_objects(home->store, view->act, see_answer, &answered, why);
        view->answered = answered.yes;
        if (!err && view->is_own && answered.carries)
            err = is_under_way(home, view->act, &view->under_way, why);
        return err;
    }
    err = vl_store_object(home->store, view->act, &bytes, why);
    view->answered = !err;
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

static enum vl_err read_list(struct looking *looking, const struct vl_bag_seen *seen,
                             struct vl_object *list, struct vl_transferred *transferred,
                             struct vl_stick_view *view, struct vl_why *why)
{
    enum vl_err err = vl_object_parse(seen->list, list, NULL);

    if (!err)
        err = vl_transferred_read(list, transferred, NULL);
    if (err == VL_ERR_NO_MEMORY)
        return vl_fail(why, err, "no memory to look at a bag");
    /* A list that belongs to another bag says nothing about this one (PROTOCOL 29). */
    if (err || !transferred->has_bag || memcmp(transferred->bag, seen->id, VL_BAG_ID_LEN) != 0)
        return VL_OK;
    view->readable = true;
    memcpy(view->act, list->id, VL_HASH_LEN);
    view->giver = list->issuer;
    view->has_taker = transferred->has_taker;
    view->taker = transferred->taker;
    view->carrier = transferred->carrier;
    view->letters = transferred->batch.count;
    view->evidence = transferred->has_evidence ? transferred->evidence_count : 0;
    view->has_signed_at = vl_object_signed_at(list, &view->signed_at_s);
    return looking->home ? look_at_home(looking->home, list, view, why) : VL_OK;
}

/* --- bags that others lean on ---------------------------------------------------------------- */

static void bag_key(const uint8_t id[VL_BAG_ID_LEN], uint8_t key[VL_HASH_LEN])
{
    memset(key, 0, VL_HASH_LEN);
    memcpy(key, id, VL_BAG_ID_LEN);
}

static enum vl_err note_needed(struct looking *looking, const struct vl_transferred *transferred,
                               struct vl_why *why)
{
    struct vl_cbor walk = vl_handed_segments_walk(transferred);
    struct vl_handed_segment said;

    while (vl_handed_segments_next(&walk, &said)) {
        uint8_t key[VL_HASH_LEN];

        if (!said.elsewhere)
            continue;
        bag_key(said.bag, key);
        if (vl_id_set_add(&looking->needed, key, NULL) != VL_OK)
            return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of bags");
    }
    return VL_OK;
}

/* A hand-over of letters that lie in other bags, until its taker's answer is known here. */
static enum vl_err see_needed(void *self, const struct vl_bag_seen *seen, struct vl_why *why)
{
    struct looking *looking = self;
    VL_AUTO(vl_object_release) struct vl_object list = VL_OBJECT_INIT;
    struct vl_transferred *transferred = vl_new(sizeof *transferred);
    struct answered answered = {.by = NULL};
    enum vl_err err = transferred ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a bag");

    if (!err && !seen->err && seen->state == VL_BAG_FINISHED &&
        vl_object_parse(seen->list, &list, NULL) == VL_OK &&
        vl_transferred_read(&list, transferred, NULL) == VL_OK) {
        answered.by = transferred->has_taker ? transferred->taker.at : NULL;
        if (looking->home)
            err = vl_store_objects(looking->home->store, list.id, see_answer, &answered, why);
        if (!err && !answered.yes)
            err = note_needed(looking, transferred, why);
    }
    vl_free(transferred);
    return err;
}

static enum vl_err see_bag(void *self, const struct vl_bag_seen *seen, struct vl_why *why)
{
    struct looking *looking = self;
    uint8_t key[VL_HASH_LEN];
    VL_AUTO(vl_object_release) struct vl_object list = VL_OBJECT_INIT;
    struct vl_transferred *transferred = vl_new(sizeof *transferred);
    struct vl_stick_view view = {.seen = seen, .is_own = seen->is_own};
    enum vl_err err = transferred ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a bag");

    bag_key(seen->id, key);
    view.needed = vl_id_set_has(&looking->needed, key);
    if (!err && !seen->err && seen->state == VL_BAG_FINISHED)
        err = read_list(looking, seen, &list, transferred, &view, why);
    if (!err)
        err = looking->visit(looking->self, &view, why);
    vl_free(transferred);
    return err;
}

static enum vl_err look(struct vl_home *home, struct vl_stick *stick, vl_stick_visit visit,
                        void *self, struct vl_stick_walked *walked, struct vl_why *why)
{
    struct looking looking = {home, visit, self, VL_ID_SET_INIT};
    enum vl_err err = vl_stick_walk(stick, NULL, see_needed, &looking, walked, why);

    if (!err)
        err = vl_stick_walk(stick, NULL, see_bag, &looking, walked, why);
    vl_id_set_release(&looking.needed);
    return err;
}

enum vl_err vl_stick_show(struct vl_home *home, const char *path, vl_stick_visit visit, void *self,
                          struct vl_stick_walked *walked, struct vl_why *why)
{
    uint8_t maker[VL_BAG_ID_LEN];
    struct vl_stick *stick = NULL;
    bool has_maker = false;
    enum vl_err err = home ? vl_stick_maker_find(home, maker, &has_maker, why) : VL_OK;

    *walked = (struct vl_stick_walked){0};
    if (!err)
        err = vl_stick_open(&vl_stick_fs_posix, path, has_maker ? maker : NULL, &stick, why);
    if (!err)
        err = look(home, stick, visit, self, walked, why);
    vl_stick_close(stick);
    return err;
}

/* --- cleaning --------------------------------------------------------------------------------- */

struct cleaning {
    const struct vl_stick_clean_request *request;
    struct vl_stick_cleaned *cleaned;
    size_t count;
    size_t cap;
    uint8_t (*ids)[VL_BAG_ID_LEN];
};

static enum vl_err remember(struct cleaning *cleaning, const struct vl_bag_seen *seen,
                            struct vl_why *why)
{
    if (cleaning->count == cleaning->cap) {
        const size_t cap = cleaning->cap ? 2 * cleaning->cap : 64;
        void *block = cleaning->ids;

        if (vl_grow(&block, cleaning->cap * VL_BAG_ID_LEN, cap * VL_BAG_ID_LEN) != VL_OK)
            return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of bags");
        cleaning->ids = block;
        cleaning->cap = cap;
    }
    memcpy(cleaning->ids[cleaning->count++], seen->id, VL_BAG_ID_LEN);
    cleaning->cleaned->bytes += seen->segment_bytes + seen->leaves_len + seen->list.len;
    return VL_OK;
}

static enum vl_err judge_bag(void *self, const struct vl_stick_view *view, struct vl_why *why)
{
    struct cleaning *cleaning = self;
    struct vl_stick_cleaned *cleaned = cleaning->cleaned;

    if (view->seen->state != VL_BAG_FINISHED) {
        if (view->seen->state == VL_BAG_EMPTY || view->is_own) {
            cleaned->unfinished++; /* the sweep takes them */
            cleaned->bytes += view->seen->segment_bytes;
        } else {
            cleaned->others++;
        }
        return VL_OK;
    }
    if (!view->readable) {
        cleaned->unreadable++;
        return VL_OK;
    }
    if (!view->is_own || !view->verified) {
        cleaned->others++;
        return VL_OK;
    }
    if (view->letters > 0 && view->answered &&
        (view->needed || (view->under_way && !cleaning->request->carried))) {
        cleaned->needed++;
        return VL_OK;
    }
    if (view->letters > 0 && view->answered) {
        cleaned->answered++;
        return remember(cleaning, view->seen, why);
    }
    if (view->letters == 0 && view->has_signed_at &&
        view->signed_at_s < cleaning->request->evidence_before_s) {
        cleaned->evidence++;
        return remember(cleaning, view->seen, why);
    }
    cleaned->waiting++;
    return VL_OK;
}

/* One that cannot be removed does not keep others from it. */
static enum vl_err remove_all(struct cleaning *cleaning, struct vl_stick *stick, struct vl_why *why)
{
    struct vl_stick_swept swept;
    struct vl_why last = {""};
    size_t failed = 0;
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < cleaning->count && !vl_stick_is_gone(stick); i++) {
        err = vl_stick_remove(stick, cleaning->ids[i], &last);
        if (err == VL_ERR_UNSUPPORTED || err == VL_ERR_NO_MEMORY)
            return vl_fail(why, err, "%s", last.text);
        failed += err != VL_OK;
    }
    err = vl_stick_sweep(stick, &swept, &last);
    if (err == VL_ERR_UNSUPPORTED || err == VL_ERR_NO_MEMORY || err == VL_ERR_IO)
        return vl_fail(why, err, "%s", last.text);
    if (err || failed > 0)
        return vl_fail(why, VL_ERR_PARTIAL, "not everything could be removed: %s", last.text);
    return VL_OK;
}

enum vl_err vl_stick_clean(struct vl_home *home, const struct vl_stick_clean_request *request,
                           struct vl_stick_cleaned *cleaned, struct vl_why *why)
{
    struct cleaning cleaning = {.request = request, .cleaned = cleaned};
    uint8_t maker[VL_BAG_ID_LEN];
    struct vl_stick_walked walked;
    struct vl_stick *stick = NULL;
    bool has_maker = false;
    enum vl_err err = vl_stick_maker_find(home, maker, &has_maker, why);

    *cleaned = (struct vl_stick_cleaned){0};
    if (!err)
        err =
            vl_stick_open(&vl_stick_fs_posix, request->path, has_maker ? maker : NULL, &stick, why);
    if (!err)
        err = look(home, stick, judge_bag, &cleaning, &walked, why);
    if (!err && !request->dry_run && cleaning.count + cleaned->unfinished > 0)
        err = remove_all(&cleaning, stick, why);
    vl_stick_close(stick);
    vl_free(cleaning.ids);
    return err;
}
