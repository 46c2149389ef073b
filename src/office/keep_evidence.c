/* SPDX-License-Identifier: Apache-2.0 */
#include "office/keep_evidence.h"

#include <string.h>

#include "base/alloc.h"
#include "office/closures.h"
#include "office/owed.h"
#include "office/twins.h"

/* --- cards ------------------------------------------------------------------------------------ */

static const struct vl_chain *newer(const struct vl_chain *known, const struct vl_chain *brought)
{
    uint64_t serial;

    if (!known || !brought)
        return known ? known : brought;
    return vl_chain_compare(known, brought, &serial) == VL_CHAIN_NEWER ? brought : known;
}

const struct vl_chain *vl_keeping_chain(const struct vl_keeping *keeping,
                                        const struct vl_evidence *evidence,
                                        const struct vl_office_id *office)
{
    const struct vl_chain *chain = vl_home_chain(keeping->home, office);

    for (size_t i = 0; i < keeping->before_count; i++)
        chain = newer(chain, vl_evidence_chain(keeping->before[i], office));
    return evidence ? newer(chain, vl_evidence_chain(evidence, office)) : chain;
}

struct finding_keys {
    const struct vl_keeping *keeping;
    const struct vl_evidence *evidence;
};

static const struct vl_chain *find_key(void *self, const struct vl_office_id *office)
{
    const struct finding_keys *keys = self;

    return vl_keeping_chain(keys->keeping, keys->evidence, office);
}

static enum vl_err keep_chain(struct vl_keeping *keeping, const struct vl_chain *chain,
                              struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    const struct vl_chain *known = vl_home_chain(keeping->home, &chain->office);
    struct vl_store *store = keeping->home->store;
    uint64_t serial = 0;
    enum vl_err err = vl_store_office(store, chain->office.at, &row, why);

    if (err && err != VL_ERR_NOT_FOUND)
        return err;
    if (err) {
        memcpy(row.office, chain->office.at, VL_HASH_LEN);
        row.added_at_s = keeping->now_s;
    } else {
        enum vl_chain_news news = known ? vl_chain_compare(known, chain, &serial) : VL_CHAIN_NEWER;

        if (news == VL_CHAIN_SAME || news == VL_CHAIN_OLDER)
            return VL_OK;
        /* A second card of this very office is the thief of its key at work, and is told; a newer
         * one is for its owner to add (`card add`). */
        if (row.is_own && news != VL_CHAIN_FORK)
            return VL_OK;
        if (news == VL_CHAIN_FORK) {
            row.forked = true;
            row.checked = row.is_own;
        }
        for (size_t i = known ? known->count : 0; i < chain->count && !row.forked; i++)
            row.checked &= !chain->links[i].unplanned;
    }
    keeping->cards++;
    if (!row.forked) {
        err = vl_chain_write(chain, &file);
        if (err)
            return err;
        row.cards = vl_buf_bytes(&file);
    }
    err = vl_store_put_office(store, &row, why);
    if (!err)
        vl_home_forget_chain(keeping->home, &chain->office);
    return err;
}

/* --- acts ------------------------------------------------------------------------------------- */

/* What is newer than what is known goes on from it: no card and no revocation gets lost. */
static enum vl_err join_known(const struct vl_keeping *keeping, struct vl_evidence *evidence,
                              struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < evidence->chain_count && !err; i++) {
        struct vl_chain *brought = &evidence->chains[i];
        const struct vl_chain *known = vl_home_chain(keeping->home, &brought->office);
        uint64_t serial;

        if (known && vl_chain_compare(known, brought, &serial) == VL_CHAIN_NEWER)
            err = vl_chain_merge(brought, known, why);
    }
    /* What cannot be read is not unknown: nothing may take its place. */
    if (!err && keeping->home->chain_err)
        err = vl_fail(why, keeping->home->chain_err, "reading the cards of an office");
    return err;
}

enum vl_err vl_evidence_sift(struct vl_keeping *keeping, struct vl_evidence *evidence,
                             bool *verified, struct vl_why *why)
{
    struct finding_keys found = {keeping, evidence};
    const struct vl_keyring keys = {find_key, &found};
    enum vl_err joined = join_known(keeping, evidence, why);

    if (joined)
        return joined;

    for (size_t i = 0; i < evidence->item_count; i++) {
        struct vl_evidence_verdict verdict;
        struct vl_why one = {""};
        enum vl_err err = vl_evidence_check(&evidence->items[i], &keys, &verdict, &one);

        if (err == VL_ERR_NO_MEMORY || (err == VL_ERR_NOT_FOUND && keeping->home->chain_err))
            return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to verify evidence");
        verified[i] = !err;
        if (err && keeping->refused++ == 0) {
            keeping->first_err = err;
            keeping->first = one;
            (void)vl_fail_in(&keeping->first, err, "act %zu", i + 1);
        }
    }
    return VL_OK;
}

/* Does the outside say something else than the letter itself, as far as that was read?  The letter
 * decides (PROTOCOL 18): a waybill adds to what it says and changes nothing. */
static bool is_against_the_letter(const struct vl_letter_row *row, const struct vl_waybill *waybill)
{
    bool from_inside = row->from_proven || row->mode == VL_LETTER_OPEN;

    return (row->has_from && from_inside &&
            memcmp(row->from, waybill->from.at, VL_HASH_LEN) != 0) ||
           (row->has_core && memcmp(row->core, waybill->commitment, VL_HASH_LEN) != 0);
}

/* A waybill of a letter that is here and has none. */
static enum vl_err keep_waybill(struct vl_keeping *keeping, const struct vl_object *object,
                                const struct vl_evidence_leaf *leaf, bool *is_here,
                                struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_store *store = keeping->home->store;
    struct vl_waybill waybill;
    enum vl_err err = vl_waybill_parse(leaf->leaf, &waybill, why);

    *is_here = false;
    if (!err)
        err = vl_store_letter(store, waybill.number, &row, why);
    if (err == VL_ERR_NOT_FOUND)
        return VL_OK;
    if (err)
        return err;
    *is_here = true;
    if (row.size != waybill.size || row.mode != waybill.mode ||
        (row.has_sealed && memcmp(row.sealed, object->id, VL_HASH_LEN) != 0) ||
        is_against_the_letter(&row, &waybill)) {
        /* What is there stays; the other act is kept beside it. */
        keeping->disputed++;
        return VL_OK;
    }
    row.has_from = true;
    memcpy(row.from, waybill.from.at, VL_HASH_LEN);
    row.to_count = waybill.to_count;
    for (size_t i = 0; i < waybill.to_count; i++)
        memcpy(row.to[i], waybill.to[i].at, VL_HASH_LEN);
    row.has_core = true;
    memcpy(row.core, waybill.commitment, VL_HASH_LEN);
    row.has_date = waybill.has_date;
    row.date_s = waybill.date_s;
    row.has_expires = waybill.has_expires;
    row.expires_s = waybill.expires_s;
    row.has_expect_by = waybill.has_expect_by;
    row.expect_by_s = waybill.expect_by_s;
    row.waybill = leaf->leaf;
    row.has_sealed = true;
    memcpy(row.sealed, object->id, VL_HASH_LEN);
    row.leaf_index = leaf->index;
    row.path = vl_bytes_of(leaf->path.at, leaf->path.count * VL_HASH_LEN);
    keeping->waybills++;
    return vl_store_update_letter(store, &row, why);
}

/* Own letters that this hand-over of ours had, without those that the taker did not take: the giver
 * is not sent what it has (PROTOCOL 8). */
static enum vl_err derive_leaves(struct vl_keeping *keeping, const struct vl_answer *answer,
                                 struct vl_buf *leaves, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf handed = VL_BUF_INIT(VL_TIE_MAX_LEN);
    struct vl_batch_tree tree = VL_BATCH_TREE_INIT;
    struct vl_cbor walk = vl_not_taken_walk(answer);
    struct vl_not_taken skip;
    bool has_skip = vl_not_taken_next(&walk, &skip);
    enum vl_err err = vl_acts_leaves(keeping->home->store, answer->answers, &handed, why);

    for (size_t at = 0; !err && at < handed.len; at += VL_ACTS_LEAF_LEN) {
        struct vl_custody_leaf leaf = {.has_waybill = true};

        if (has_skip && memcmp(handed.data + at, skip.number, VL_HASH_LEN) == 0) {
            has_skip = vl_not_taken_next(&walk, &skip);
            continue;
        }
        memcpy(leaf.number, handed.data + at, VL_HASH_LEN);
        memcpy(leaf.waybill, handed.data + at + VL_HASH_LEN, VL_HASH_LEN);
        err = vl_batch_add_custody(&tree, &leaf, why);
        if (!err)
            err = vl_buf_put(leaves, vl_bytes_of(handed.data + at, VL_ACTS_LEAF_LEN));
    }
    if (!err && vl_batch_is(&tree, &answer->batch, NULL) != VL_OK)
        leaves->len = 0; /* it took something else than it says: the act is kept as it is */
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

/* One that its user brought in: checked by words, or given a name. */
static enum vl_err is_known(struct vl_keeping *keeping, const uint8_t *id, bool *yes,
                            struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    enum vl_err err = vl_store_office(keeping->home->store, id, &row, why);

    *yes = !err && (row.checked || row.petname[0] || row.is_own);
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

static enum vl_err subject_is_here(struct vl_keeping *keeping, const struct vl_act_subject *subject,
                                   bool *yes, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    enum vl_err err = VL_ERR_NOT_FOUND;

    if (subject->what == VL_SUBJECT_LETTER)
        err = vl_store_letter(keeping->home->store, subject->id, &row, why);
    else if (subject->what == VL_SUBJECT_ACT)
        err = vl_store_object(keeping->home->store, subject->id, &bytes, why);
    *yes = !err;
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

/* One that this office takes part in, or waits for what it can attest; or one that is here already.
 */
static enum vl_err invitation_concerns(struct vl_keeping *keeping,
                                       const struct vl_invitation *invitation, bool *yes,
                                       struct vl_why *why)
{
    const struct vl_office_id *own = &keeping->home->own;
    const struct vl_invitation_party *const parties[VL_INVITATION_PARTIES] = {&invitation->inviter,
                                                                              &invitation->invitee,
                                                                              &invitation->owner};
    enum vl_err err = VL_OK;

    *yes = false;
    for (size_t i = 0; i < VL_INVITATION_PARTIES; i++)
        *yes |= parties[i]->has_office && vl_office_id_eq(&parties[i]->office, own);
    for (size_t i = 0; !*yes && !err && i < invitation->heads.count; i++) {
        struct vl_act_subject head = {VL_SUBJECT_ACT, vl_ids_at(&invitation->heads, i)};

        err = subject_is_here(keeping, &head, yes, why);
    }
    return err;
}

/* Words are kept when what they are about is here, or when who says them was brought in by the
 * user: a stranger's words about something else stay outside (PROTOCOL 24). */
static enum vl_err words_concern(struct vl_keeping *keeping, const struct vl_evidence_item *item,
                                 const struct vl_act_any *any, bool *yes, struct vl_why *why)
{
    struct vl_act_subject subjects[VL_ACT_ANY_MAX_SUBJECTS];
    const size_t count = vl_act_any_subjects(any, subjects);
    enum vl_err err = VL_OK;

    for (size_t i = 0; !*yes && !err && i < count; i++)
        err = subject_is_here(keeping, &subjects[i], yes, why);
    if (!err && !*yes && any->form == VL_ACT_INVITATION)
        err = invitation_concerns(keeping, &any->as.invitation, yes, why);
    if (!err && !*yes &&
        (any->form == VL_ACT_STATEMENT || any->form == VL_ACT_TRANSLATION ||
         any->form == VL_ACT_INVITATION))
        err = is_known(keeping, item->object.issuer.at, yes, why);
    return err;
}

/* Is an act about something that is here: a letter, another act, this office? */
static enum vl_err concerns(struct vl_keeping *keeping, const struct vl_evidence_item *item,
                            const struct vl_act_any *any, bool *yes, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    const uint8_t *ids[] = {vl_act_any_answers(any), vl_act_any_target(any), vl_act_any_under(any)};
    const uint8_t *number = vl_act_any_number(any);
    enum vl_err err = VL_OK;

    *yes = keeping->all || any->form == VL_ACT_MANDATE || any->form == VL_ACT_SUCCEEDS ||
           any->form == VL_ACT_MANDATE_REVOCATION;
    if (!*yes && number) {
        err = vl_store_letter(keeping->home->store, number, &row, why);
        *yes = !err;
    }
    for (size_t i = 0; !*yes && (!err || err == VL_ERR_NOT_FOUND) && i < 3; i++) {
        bytes.len = 0;
        err = ids[i] ? vl_store_object(keeping->home->store, ids[i], &bytes, why) : VL_OK;
        *yes = ids[i] && !err;
    }
    for (size_t i = 0; !*yes && (!err || err == VL_ERR_NOT_FOUND) && i < item->leaf_count; i++) {
        struct vl_leaf leaf;

        err = vl_leaf_parse(vl_leaf_kind_of(any->kind), item->leaves[i].leaf, &leaf, why);
        if (!err)
            err = vl_store_letter(keeping->home->store, leaf.number, &row, why);
        *yes = !err;
    }
    if (!*yes && (!err || err == VL_ERR_NOT_FOUND))
        err = words_concern(keeping, item, any, yes, why);
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

/* All leaves of the batch, when they are all there. */
static enum vl_err whole_leaves(const struct vl_evidence_item *item, const struct vl_act_any *any,
                                struct vl_buf *leaves, struct vl_why *why)
{
    const enum vl_leaf_kind kind = vl_leaf_kind_of(any->kind);
    struct vl_batch batch;
    enum vl_err err = VL_OK;

    if (kind != VL_LEAF_CUSTODY || !vl_act_any_batch(any, &batch) ||
        batch.count != item->leaf_count)
        return VL_OK;
    for (size_t i = 0; !err && i < item->leaf_count; i++) {
        struct vl_leaf leaf;

        err = vl_leaf_parse(kind, item->leaves[i].leaf, &leaf, why);
        if (!err)
            err = vl_buf_put(leaves, VL_ARRAY(leaf.number));
        if (!err)
            err = vl_buf_put(leaves, VL_ARRAY(leaf.waybill));
    }
    return err;
}

static enum vl_err keep_item(struct vl_keeping *keeping, const struct vl_evidence_item *item,
                             const struct vl_act_any *any, bool *kept, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf leaves = VL_BUF_INIT(VL_TIE_MAX_LEN);
    struct vl_acts_keep keep = {.object = &item->object, .any = any, .now_s = keeping->now_s};
    bool about_here = false;
    enum vl_err err = VL_OK;

    *kept = false;
    for (size_t i = 0; !err && any->form == VL_ACT_SEALED && i < item->leaf_count; i++) {
        bool here = false;

        err = keep_waybill(keeping, &item->object, &item->leaves[i], &here, why);
        about_here |= here;
        keeping->elsewhere += !here;
    }
    if (!err && !about_here)
        err = concerns(keeping, item, any, &about_here, why);
    if (err || !about_here) {
        keeping->elsewhere += !err && any->form != VL_ACT_SEALED;
        return err;
    }
    *kept = true;
    err = whole_leaves(item, any, &leaves, why);
    if (!err && leaves.len == 0 && item->leaf_count == 0 && any->form == VL_ACT_ANSWER &&
        any->as.answer.has_answers)
        err = derive_leaves(keeping, &any->as.answer, &leaves, why);
    keep.leaves = vl_buf_bytes(&leaves);
    keep.single = item->leaves;
    keep.single_count = item->leaf_count;
    if (!err)
        err = vl_acts_keep(keeping->home->store, &keep, why);
    if (!err)
        err = vl_acts_move_letters(keeping->home, &keep, why);
    keeping->acts += !err;
    return err;
}

/* What others lean on comes first, wherever it stands in the file: mandates, then who sealed and
 * handed what, then what was said about it. */
#define TURNS 3

static unsigned turn_of(enum vl_kind kind)
{
    switch ((int)vl_act_form_of(kind)) {
    case VL_ACT_MANDATE:
    case VL_ACT_MANDATE_REVOCATION:
    case VL_ACT_SUCCEEDS:
        return 0;
    case VL_ACT_SEALED:
    case VL_ACT_TRANSFERRED:
        return 1;
    default:
        return 2;
    }
}

/* What closes an act that was kept just now. */
static enum vl_err keep_closures(struct vl_keeping *keeping, const struct vl_evidence *evidence,
                                 const struct vl_object *act, struct vl_why *why)
{
    const struct vl_closure *closure = vl_evidence_closure(evidence, &act->issuer, act->id);

    return closure ? vl_closure_keep(keeping->home->store, closure, why) : VL_OK;
}

/* Words about words about a letter: what they lean on may stand behind them in the file, and mostly
 * does, in the order in which each names the next.  So it is gone through forwards and backwards,
 * until nothing more is kept, and so often at most: strangers write these files (PROTOCOL 24). */
#define PASSES 4

struct pass {
    struct vl_evidence *evidence;
    struct vl_act_any *any;
    bool *is_left; /* of each item: verified, and not kept yet */
    bool is_backwards;
};

static enum vl_err keep_turn(struct vl_keeping *keeping, struct pass *pass, unsigned turn,
                             bool *progress, struct vl_why *why)
{
    const size_t count = pass->evidence->item_count;
    enum vl_err err = VL_OK;

    *progress = false;
    for (size_t at = 0; !err && at < count; at++) {
        const size_t i = pass->is_backwards ? count - 1 - at : at;
        const struct vl_evidence_item *item = &pass->evidence->items[i];
        bool kept = false;

        if (!pass->is_left[i] || turn_of(item->object.kind) != turn)
            continue;
        err = vl_act_any_read(&item->object, pass->any, why);
        if (!err)
            err = keep_item(keeping, item, pass->any, &kept, why);
        if (!err && kept)
            err = keep_closures(keeping, pass->evidence, &item->object, why);
        pass->is_left[i] = !kept;
        *progress |= kept;
    }
    return err;
}

static enum vl_err keep_all(struct vl_keeping *keeping, struct pass *pass, struct vl_why *why)
{
    bool progress = true;
    enum vl_err err = VL_OK;

    for (unsigned turn = 0; !err && turn + 1 < TURNS; turn++)
        err = keep_turn(keeping, pass, turn, &progress, why);
    progress = true;
    for (unsigned i = 0; !err && progress && i < PASSES; i++) {
        const size_t elsewhere = keeping->elsewhere;

        pass->is_backwards = i % 2 == 1;
        err = keep_turn(keeping, pass, TURNS - 1, &progress, why);
        if (progress && i + 1 < PASSES) /* what was left is looked at again */
            keeping->elsewhere = elsewhere;
    }
    return err;
}

static enum vl_err look_for_twin(struct vl_keeping *keeping, const struct vl_object *object,
                                 struct vl_why *why)
{
    bool is_twin;
    enum vl_err err = vl_twin_look(keeping->home, object, &is_twin, why);

    if (err || !is_twin)
        return err;
    keeping->twins++;
    return vl_twin_keep(keeping->home->store, object->id, why);
}

enum vl_err vl_evidence_keep(struct vl_keeping *keeping, struct vl_evidence *evidence,
                             const bool *verified, struct vl_why *why)
{
    struct pass pass = {evidence, vl_new(sizeof *pass.any),
                        vl_new((evidence->item_count + 1) * sizeof *pass.is_left), false};
    enum vl_err err = pass.any && pass.is_left
                          ? VL_OK
                          : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to keep evidence");

    for (size_t i = 0; !err && i < evidence->item_count; i++)
        pass.is_left[i] = verified[i];
    for (size_t i = 0; !err && i < evidence->chain_count; i++)
        err = keep_chain(keeping, &evidence->chains[i], why);
    for (size_t i = 0; !err && i < evidence->item_count; i++)
        if (verified[i])
            err = look_for_twin(keeping, &evidence->items[i].object, why);
    if (!err)
        err = keep_all(keeping, &pass, why);
    vl_free(pass.any);
    vl_free(pass.is_left);
    return err;
}
