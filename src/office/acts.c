/* SPDX-License-Identifier: Apache-2.0 */
#include "office/acts.h"

#include <string.h>

#include "base/alloc.h"

/* --- keeping ---------------------------------------------------------------------------------- */

struct about {
    size_t count;
    size_t cap;
    uint8_t (*at)[VL_HASH_LEN];
};

static void add_about(struct about *about, const uint8_t *id)
{
    if (id && about->count < about->cap)
        memcpy(about->at[about->count++], id, VL_HASH_LEN);
}

/* What a mandate is about besides what it names: who may act, for whom, with which letters. */
static void add_mandate(struct about *about, const struct vl_acts_keep *keep)
{
    const struct vl_mandate *mandate = &keep->any->as.mandate;

    add_about(about, mandate->grantee.at);
    add_about(about, keep->object->issuer.at);
    for (size_t i = 0; i < mandate->letters.count && i < VL_ACTS_ABOUT_MAX; i++)
        add_about(about, vl_ids_at(&mandate->letters, i));
}

/* Whatever it is about, and a saying that it passes on. */
static void add_subjects(struct about *about, const struct vl_acts_keep *keep)
{
    struct vl_act_subject subjects[VL_ACT_ANY_MAX_SUBJECTS];
    const size_t count = vl_act_any_subjects(keep->any, subjects);

    for (size_t i = 0; i < count; i++)
        add_about(about, subjects[i].id);
}

/* The invitation, and the one that it answers with one back. */
static void add_invitation(struct about *about, const struct vl_invitation *invitation)
{
    add_about(about, invitation->id);
    if (invitation->has_reciprocal)
        add_about(about, invitation->reciprocal);
}

static void add_leaves(struct about *about, const struct vl_acts_keep *keep)
{
    const size_t count = keep->leaves.len / VL_ACTS_LEAF_LEN;
    const enum vl_leaf_kind kind = vl_leaf_kind_of(keep->any->kind);

    if (count <= VL_ACTS_ABOUT_MAX)
        for (size_t i = 0; i < count; i++)
            add_about(about, keep->leaves.ptr + i * VL_ACTS_LEAF_LEN);
    for (size_t i = 0; i < keep->single_count && i < VL_ACTS_ABOUT_MAX; i++) {
        struct vl_leaf leaf;

        if (vl_leaf_parse(kind, keep->single[i].leaf, &leaf, NULL) == VL_OK)
            add_about(about, leaf.number);
    }
}

static enum vl_err keep_object(struct vl_store *store, const struct vl_acts_keep *keep,
                               struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_object_row row = {.kind = vl_kind_word(keep->any->kind), .kept_at_s = keep->now_s};
    uint8_t ids[3 * VL_ACTS_ABOUT_MAX + 8][VL_HASH_LEN];
    struct about about = {0, sizeof ids / sizeof *ids, ids};
    enum vl_err err = vl_object_write(keep->object, &bytes);

    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    memcpy(row.id, keep->object->id, VL_HASH_LEN);
    memcpy(row.issuer, keep->object->issuer.at, VL_HASH_LEN);
    row.bytes = vl_buf_bytes(&bytes);
    add_about(&about, vl_act_any_number(keep->any));
    add_about(&about, vl_act_any_answers(keep->any));
    add_about(&about, vl_act_any_target(keep->any));
    add_about(&about, vl_act_any_under(keep->any));
    if (keep->any->form == VL_ACT_MANDATE)
        add_mandate(&about, keep);
    if (keep->any->form == VL_ACT_SUCCEEDS) {
        add_about(&about, keep->any->as.succeeds.predecessor.at);
        add_about(&about, keep->any->as.succeeds.successor.at);
        add_about(&about, keep->object->issuer.at);
    }
    if (keep->any->form == VL_ACT_INVITATION)
        add_invitation(&about, &keep->any->as.invitation);
    add_subjects(&about, keep);
    add_leaves(&about, keep);
    row.about = (const uint8_t(*)[VL_HASH_LEN])ids;
    row.about_count = about.count;
    return vl_store_put_object(store, &row, why);
}

static enum vl_err keep_single(struct vl_store *store, const struct vl_acts_keep *keep,
                               const struct vl_evidence_leaf *single, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT((size_t)64 << 10);
    struct vl_tie tie = {.kind = VL_TIE_LEAF};
    struct vl_leaf leaf;
    enum vl_err err = vl_leaf_parse(vl_leaf_kind_of(keep->any->kind), single->leaf, &leaf, why);

    if (!err)
        err = vl_acts_single_write(single, &bytes, why);
    if (err)
        return err;
    memcpy(tie.about, leaf.number, VL_HASH_LEN);
    memcpy(tie.key, keep->object->id, VL_HASH_LEN);
    tie.bytes = vl_buf_bytes(&bytes);
    return vl_store_put_tie(store, &tie, why);
}

enum vl_err vl_acts_keep(struct vl_store *store, const struct vl_acts_keep *keep,
                         struct vl_why *why)
{
    enum vl_err err = keep_object(store, keep, why);

    if (!err && keep->leaves.len > 0)
        err = vl_acts_leaves_keep(store, keep->object->id, keep->leaves, why);
    for (size_t i = 0; !err && keep->leaves.len == 0 && i < keep->single_count; i++)
        err = keep_single(store, keep, &keep->single[i], why);
    return err;
}

/* --- gathering -------------------------------------------------------------------------------- */

static void act_release(struct vl_gathered_act *act)
{
    vl_object_release(&act->object);
    vl_buf_release(&act->leaf);
}

void vl_gathered_release(struct vl_gathered *gathered)
{
    for (size_t i = 0; i < gathered->count; i++)
        act_release(&gathered->at[i]);
    vl_free(gathered->at);
    *gathered = (struct vl_gathered)VL_GATHERED_INIT;
}

const struct vl_gathered_act *vl_gathered_find(const struct vl_gathered *gathered,
                                               const uint8_t id[VL_HASH_LEN])
{
    for (size_t i = 0; i < gathered->count; i++)
        if (memcmp(gathered->at[i].object.id, id, VL_HASH_LEN) == 0)
            return &gathered->at[i];
    return NULL;
}

struct gathering {
    struct vl_store *store;
    const struct vl_letter_row *row;
    struct vl_path_cache *cache;
    struct vl_gathered *out;
};

static enum vl_err add(struct gathering *gathering, vl_bytes bytes, struct vl_why *why)
{
    struct vl_gathered *out = gathering->out;
    struct vl_gathered_act *act;
    enum vl_err err;

    if (out->count == out->cap) {
        const size_t cap = out->cap ? 2 * out->cap : 16;
        void *block = out->at;

        if (out->count == VL_ACTS_MAX)
            return vl_fail(why, VL_ERR_LIMIT, "more than %d acts about one letter", VL_ACTS_MAX);
        err = vl_grow(&block, out->cap * sizeof *out->at, cap * sizeof *out->at);
        if (err)
            return vl_fail(why, err, "no memory for the acts about a letter");
        out->at = block;
        out->cap = cap;
    }
    act = &out->at[out->count];
    *act = (struct vl_gathered_act){.object = VL_OBJECT_INIT, .leaf = VL_BUF_INIT(64u << 10)};
    err = vl_object_parse(bytes, &act->object, why);
    if (err)
        return vl_fail_in(why, err == VL_ERR_NO_MEMORY ? err : VL_ERR_FORMAT, "a kept act");
    if (vl_gathered_find(out, act->object.id))
        act_release(act);
    else
        out->count++;
    return VL_OK;
}

static enum vl_err add_by_id(struct gathering *gathering, const uint8_t *id, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err;

    if (!id || vl_gathered_find(gathering->out, id))
        return VL_OK;
    err = vl_store_object(gathering->store, id, &bytes, why);
    if (err == VL_ERR_NOT_FOUND) /* named, and not here: a finding says so */
        return VL_OK;
    return err ? err : add(gathering, vl_buf_bytes(&bytes), why);
}

static enum vl_err see_object(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    return add(self, row->bytes, why);
}

/* What is over few letters is found by their numbers. */
static enum vl_err see_act(void *self, const uint8_t act[VL_HASH_LEN], struct vl_why *why)
{
    return add_by_id(self, act, why);
}

/* One of many leaves that came without the others; an act over very many is found by no number. */
static enum vl_err see_single(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    return add_by_id(self, tie->key, why);
}

/* Of what was done under a mandate only its end matters, and whether one that is good for once was
 * used twice: the rest is about other letters. */
static enum vl_err see_end_of_mandate(void *self, const struct vl_object_row *row,
                                      struct vl_why *why)
{
    if (strcmp(row->kind, vl_kind_word(VL_KIND_MANDATE_REVOCATION)) != 0)
        return VL_OK;
    return add(self, row->bytes, why);
}

static vl_object_visit visit_for(const struct vl_act_any *any)
{
    return any->form == VL_ACT_SUCCEEDS ||
                   (any->form == VL_ACT_MANDATE && any->as.mandate.uses == VL_MANDATE_MANY)
               ? see_end_of_mandate
               : see_object;
}

/* The statement that a relay passes on; which other acts are told of says nothing of this letter.
 */
static const uint8_t *saying_of(const struct vl_act_any *any)
{
    return any->form == VL_ACT_STATEMENT && any->as.statement.has_saying ? any->as.statement.saying
                                                                         : NULL;
}

/* What the act names, and what is said about the act itself. */
static enum vl_err follow(struct gathering *gathering, size_t at, struct vl_why *why)
{
    struct vl_act_any *any = vl_new(sizeof *any);
    vl_object_visit visit = see_object;
    uint8_t id[VL_HASH_LEN];
    enum vl_err err = any ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read an act");

    if (!err)
        err = vl_act_any_read(&gathering->out->at[at].object, any, why);
    if (err) {
        vl_free(any);
        return err == VL_ERR_NO_MEMORY ? err : VL_OK;
    }
    visit = visit_for(any);
    memcpy(id, gathering->out->at[at].object.id, VL_HASH_LEN);
    err = add_by_id(gathering, vl_act_any_answers(any), why);
    if (!err)
        err = add_by_id(gathering, vl_act_any_target(any), why);
    if (!err)
        err = add_by_id(gathering, vl_act_any_under(any), why);
    if (!err)
        err = add_by_id(gathering, saying_of(any), why);
    vl_free(any);
    return err ? err : vl_store_objects(gathering->store, id, visit, gathering, why);
}

/* Answers of somebody else's hand-over are found by that hand-over, too; they are about other
 * letters of it and say nothing about this one unless this number is among their leaves. */
static enum vl_err fill_leaf(struct gathering *gathering, struct vl_gathered_act *act,
                             struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_TIE_MAX_LEN);
    const uint8_t *number = gathering->row->number;
    struct vl_acts_place place = {.leaf = &act->leaf, .path = &act->path};
    enum vl_err err = vl_acts_place_find(gathering->store, act->object.id, number, &place, why);

    act->has_leaf = !err && place.has;
    act->index = place.index;
    if (err || place.has)
        return err;
    err = vl_store_tie(gathering->store, VL_TIE_LEAF, number, act->object.id, &bytes, why);
    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    act->has_leaf = true;
    return vl_acts_single_read(vl_buf_bytes(&bytes), &act->index, &act->leaf, &act->path, why);
}

static enum vl_err fill_leaves(struct gathering *gathering, struct vl_why *why)
{
    const struct vl_letter_row *row = gathering->row;
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < gathering->out->count; i++) {
        struct vl_gathered_act *act = &gathering->out->at[i];

        if (vl_leaf_kind_of(act->object.kind) == VL_LEAF_NONE)
            continue;
        if (row->has_sealed && memcmp(act->object.id, row->sealed, VL_HASH_LEN) == 0) {
            act->has_leaf = true;
            act->index = row->leaf_index;
            err = vl_buf_put(&act->leaf, row->waybill);
            if (!err)
                err = vl_letter_path(gathering->store, row, gathering->cache, &act->path, why);
        } else {
            err = fill_leaf(gathering, act, why);
        }
    }
    return err;
}

enum vl_err vl_acts_gather(struct vl_store *store, const struct vl_letter_row *row,
                           struct vl_path_cache *cache, struct vl_gathered *gathered,
                           struct vl_why *why)
{
    struct gathering gathering = {store, row, cache, gathered};
    enum vl_err err = row->has_sealed ? add_by_id(&gathering, row->sealed, why) : VL_OK;

    if (!err) /* it may be an act that is asked about */
        err = add_by_id(&gathering, row->number, why);
    if (!err)
        err = vl_store_objects(store, row->number, see_object, &gathering, why);
    if (!err)
        err = vl_store_ties(store, VL_TIE_LEAF, row->number, see_single, &gathering, why);
    if (!err)
        err = vl_acts_over_many(store, row->number, see_act, &gathering, why);
    for (size_t i = 0; !err && i < gathered->count; i++)
        err = follow(&gathering, i, why);
    if (!err)
        err = fill_leaves(&gathering, why);
    if (err)
        vl_gathered_release(gathered);
    return err;
}
