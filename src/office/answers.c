/* SPDX-License-Identifier: Apache-2.0 */
#include "office/answers.h"

#include <string.h>

#include "base/alloc.h"
#include "office/owed.h"

/* --- in which capacity ------------------------------------------------------------------------ */

static bool same_way(const struct vl_answer_way *a, const struct vl_answer_way *b)
{
    return a->kind == b->kind && a->capacity == b->capacity &&
           vl_office_id_eq(&a->addressee, &b->addressee) && a->has_under == b->has_under &&
           memcmp(a->under, b->under, VL_HASH_LEN) == 0;
}

static enum vl_err add_way(struct vl_answering *answering, const struct vl_answer_way *way,
                           uint32_t *ways, struct vl_why *why)
{
    size_t i = 0;

    while (i < answering->way_count && !same_way(&answering->ways[i], way))
        i++;
    if (i == VL_ANSWERS_MAX_WAYS)
        return vl_fail(why, VL_ERR_LIMIT, "letters for more than %d offices in one bag",
                       VL_ANSWERS_MAX_WAYS);
    if (i == answering->way_count)
        answering->ways[answering->way_count++] = *way;
    *ways |= UINT32_C(1) << i;
    return VL_OK;
}

static struct vl_mandate_use use_of(const struct vl_answering *answering,
                                    const struct vl_waybill *waybill, const uint8_t *handover,
                                    enum vl_power power)
{
    struct vl_mandate_use use = {.by = answering->home->own,
                                 .power = power,
                                 .number = waybill->number,
                                 .from = &waybill->from,
                                 .from_count = 1,
                                 .handover = handover,
                                 .count = 1,
                                 .seals = answering->seals};

    use.when.known = answering->has_at || answering->signer->has_iat;
    use.when.from_ms =
        answering->has_at ? answering->at_ms : (uint64_t)answering->signer->iat_s * 1000;
    use.when.to_ms = answering->has_at ? answering->at_ms : use.when.from_ms + 999;
    return use;
}

static void lay_under(struct vl_answer_way *way, const struct vl_held_mandate *mandate)
{
    way->has_under = mandate != NULL;
    if (mandate)
        memcpy(way->under, mandate->id, VL_HASH_LEN);
}

enum vl_err vl_answers_ways(struct vl_answering *answering, const struct vl_held_mandates *held,
                            const struct vl_waybill *waybill, const uint8_t *handover,
                            uint32_t *ways, struct vl_why *why)
{
    const struct vl_mandate_use receive = use_of(answering, waybill, handover, VL_POWER_RECEIVE);
    const struct vl_mandate_use carry = use_of(answering, waybill, handover, VL_POWER_CARRY);
    enum vl_err err = VL_OK;

    *ways = 0;
    for (size_t i = 0; !err && i < waybill->to_count; i++) {
        struct vl_answer_way way = {.kind = VL_KIND_RECEIPTED, .addressee = waybill->to[i]};
        const struct vl_held_mandate *mandate;

        if (vl_office_id_eq(&waybill->to[i], &answering->home->own)) {
            way.capacity = VL_CAPACITY_PRINCIPAL;
            err = add_way(answering, &way, ways, why);
            continue;
        }
        mandate = vl_held_mandates_find(held, &waybill->to[i], &receive);
        if (!mandate)
            continue;
        way.capacity = VL_CAPACITY_DELEGATE;
        lay_under(&way, mandate);
        err = add_way(answering, &way, ways, why);
    }
    if (!err && *ways == 0) {
        struct vl_answer_way way = {.kind = VL_KIND_ACCEPTED, .capacity = VL_CAPACITY_CARRIER};

        lay_under(&way, vl_held_mandates_find(held, &waybill->from, &carry));
        err = add_way(answering, &way, ways, why);
    }
    return err;
}

/* --- signing ---------------------------------------------------------------------------------- */

/* What one act is made of. */
struct signing {
    struct vl_answering *answering;
    size_t way;
    struct vl_batch_tree taken;
    struct vl_batch_tree not_taken;
    struct vl_buf leaves; /* as vl_acts_keep wants them */
    size_t listed;
    struct vl_not_taken list[VL_NOT_TAKEN_MAX];
};

static enum vl_err add_letter(struct signing *signing, const struct vl_answer_letter *letter,
                              struct vl_why *why)
{
    struct vl_custody_leaf leaf = {.has_waybill = true};
    bool mine = letter->taken && (letter->ways >> signing->way & 1);
    enum vl_err err;

    memcpy(leaf.number, letter->number, VL_HASH_LEN);
    memcpy(leaf.waybill, letter->waybill, VL_HASH_LEN);
    err = vl_batch_add_custody(mine ? &signing->taken : &signing->not_taken, &leaf, why);
    if (!err && mine) {
        err = vl_buf_put(&signing->leaves, VL_ARRAY(leaf.number));
        if (!err)
            err = vl_buf_put(&signing->leaves, VL_ARRAY(leaf.waybill));
    } else if (!err && signing->listed < VL_NOT_TAKEN_MAX) {
        struct vl_not_taken *entry = &signing->list[signing->listed++];

        memcpy(entry->number, letter->number, VL_HASH_LEN);
        entry->reason = vl_bytes_str(
            vl_not_taken_word(letter->taken ? VL_NOT_TAKEN_OTHER_ACT : letter->reason));
    }
    return err;
}

static struct vl_answer answer_of(const struct signing *signing)
{
    const struct vl_answering *answering = signing->answering;
    const struct vl_answer_way *way = &answering->ways[signing->way];
    struct vl_answer answer = {.kind = way->kind,
                               .act = {.capacity = way->capacity,
                                       .has_under = way->has_under,
                                       .manual = answering->manual,
                                       .has_at = answering->has_at,
                                       .at_ms = answering->at_ms,
                                       .has_plus_minus = answering->has_plus_minus,
                                       .plus_minus_ms = answering->plus_minus_ms,
                                       .place = answering->place},
                               .has_answers = answering->has_answers,
                               .has_giver = answering->has_giver,
                               .giver = answering->giver,
                               .batch = vl_batch_of(&signing->taken),
                               .condition = answering->condition};

    if (way->kind == VL_KIND_REFUSED) {
        answer.reason = answering->reason;
        answer.words = answering->words;
    }
    memcpy(answer.act.under, way->under, VL_HASH_LEN);
    memcpy(answer.answers, answering->answers, VL_HASH_LEN);
    if (vl_batch_of(&signing->not_taken).count > VL_NOT_TAKEN_MAX) {
        answer.not_taken_batch = vl_batch_of(&signing->not_taken);
    } else {
        answer.not_taken_count = signing->listed;
        answer.not_taken = signing->list;
    }
    if (answering->seals)
        answer.seals = *answering->seals;
    if (way->kind == VL_KIND_RECEIPTED) {
        answer.addressee = way->addressee;
        answer.person = answering->person;
        answer.method = answering->method;
    }
    return answer;
}

enum vl_err vl_own_act_keep(struct vl_home *home, vl_bytes wire, vl_bytes leaves, int64_t now_s,
                            struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_act_any *any = vl_new(sizeof *any);
    const struct vl_acts_keep keeping = {&object, any, leaves, NULL, 0, now_s};
    enum vl_err err = any ? vl_object_parse(wire, &object, why)
                          : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to keep an act");

    if (!err)
        err = vl_act_any_read(&object, any, why);
    if (!err)
        err = vl_acts_keep(home->store, &keeping, why);
    if (!err && any->form == VL_ACT_TRANSFERRED && leaves.len > 0)
        err = vl_handover_note(home->store, object.id, why);
    vl_free(any);
    return err;
}

enum vl_err vl_own_act_keep_owed(struct vl_home *home, vl_bytes wire, const uint8_t id[VL_HASH_LEN],
                                 const struct vl_office_id *owed_to, size_t count, int64_t now_s,
                                 struct vl_why *why)
{
    enum vl_err err = vl_store_begin(home->store, why);

    if (!err)
        err = vl_own_act_keep(home, wire, VL_BYTES_NONE, now_s, why);
    for (size_t i = 0; i < count && !err; i++)
        err = vl_owe(home->store, owed_to[i].at, id, why);
    if (!err)
        err = vl_store_commit(home->store, why);
    vl_store_rollback(home->store);
    return err;
}

/* The giver, the principal, and the senders of what was taken get to see it. */
static enum vl_err owe(const struct signing *signing, vl_answer_sender sender, void *self,
                       struct vl_why *why)
{
    const struct vl_answering *answering = signing->answering;
    const struct vl_answer_way *way = &answering->ways[signing->way];
    struct vl_store *store = answering->home->store;
    const uint8_t *act = answering->acts[signing->way];
    uint8_t last[VL_HASH_LEN] = {0}, office[VL_HASH_LEN];
    enum vl_err err = VL_OK;

    if (answering->has_giver)
        err = vl_owe(store, answering->giver.at, act, why);
    if (!err && way->capacity == VL_CAPACITY_DELEGATE)
        err = vl_owe(store, way->addressee.at, act, why);
    for (size_t at = 0; !err && sender && at < signing->leaves.len; at += VL_ACTS_LEAF_LEN) {
        if (!sender(self, signing->leaves.data + at, office) ||
            memcmp(office, last, VL_HASH_LEN) == 0)
            continue;
        memcpy(last, office, VL_HASH_LEN);
        err = vl_owe(store, office, act, why);
    }
    return err;
}

static enum vl_err sign_way(struct signing *signing, vl_answer_sender sender, void *self,
                            int64_t now_s, struct vl_why *why)
{
    struct vl_answering *answering = signing->answering;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_answer *answer;
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < answering->letter_count; i++)
        err = add_letter(signing, &answering->letters[i], why);
    if (err || vl_batch_of(&signing->taken).count == 0)
        return err;
    answer = vl_new(sizeof *answer);
    if (!answer)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to answer with");
    *answer = answer_of(signing);
    err = vl_answer_write(answering->signer, answer, &wire, answering->acts[signing->way], why);
    vl_free(answer);
    if (!err)
        err = vl_own_act_keep(answering->home, vl_buf_bytes(&wire), vl_buf_bytes(&signing->leaves),
                              now_s, why);
    return err ? err : owe(signing, sender, self, why);
}

enum vl_err vl_answers_sign(struct vl_answering *answering, vl_answer_sender sender, void *self,
                            int64_t now_s, struct vl_why *why)
{
    struct signing *signing = vl_new(sizeof *signing);
    enum vl_err err = signing ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to answer with");

    for (size_t i = 0; !err && i < answering->way_count; i++) {
        *signing = (struct signing){.answering = answering,
                                    .way = i,
                                    .taken = VL_BATCH_TREE_INIT,
                                    .not_taken = VL_BATCH_TREE_INIT,
                                    .leaves = VL_BUF_INIT(VL_TIE_MAX_LEN)};
        err = sign_way(signing, sender, self, now_s, why);
        vl_buf_release(&signing->leaves);
    }
    vl_free(signing);
    return err ? vl_fail_in(why, err, "the answer") : VL_OK;
}
