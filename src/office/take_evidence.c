/* SPDX-License-Identifier: Apache-2.0 */
#include "office/take_evidence.h"

#include <string.h>

#include "base/alloc.h"
#include "custody/event.h"
#include "sys/infile.h"

struct taking {
    struct vl_home *home;
    struct vl_evidence evidence;
    struct vl_taken *taken;
    int64_t now_s;
};

/* Cards in the file first, then those of the home: a newer chain verifies what an older cannot. */
static const struct vl_chain *find(void *self, const struct vl_office_id *office)
{
    struct taking *taking = self;
    const struct vl_chain *known = vl_home_chain(taking->home, office);
    const struct vl_chain *brought = vl_evidence_chain(&taking->evidence, office);
    uint64_t serial;

    if (!known || !brought)
        return known ? known : brought;
    /* Never somebody else's version of a card that is known in another one. */
    return vl_chain_compare(known, brought, &serial) == VL_CHAIN_NEWER ? brought : known;
}

static enum vl_err keep_chain(struct taking *taking, const struct vl_chain *chain,
                              struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    const struct vl_chain *known = vl_home_chain(taking->home, &chain->office);
    struct vl_store *store = taking->home->store;
    uint64_t serial = 0;
    enum vl_err err = vl_store_office(store, chain->office.at, &row, why);

    if (err && err != VL_ERR_NOT_FOUND)
        return err;
    if (err) {
        memcpy(row.office, chain->office.at, VL_HASH_LEN);
        row.added_at_s = taking->now_s;
    } else {
        enum vl_chain_news news = known ? vl_chain_compare(known, chain, &serial) : VL_CHAIN_NEWER;

        if (news == VL_CHAIN_SAME || news == VL_CHAIN_OLDER || row.is_own)
            return VL_OK;
        row.forked |= news == VL_CHAIN_FORK;
        for (size_t i = known ? known->count : 0; i < chain->count; i++)
            row.checked &= !chain->links[i].unplanned;
    }
    taking->taken->cards++;
    if (!row.forked) {
        err = vl_chain_write(chain, &file);
        if (err)
            return err;
        row.cards = vl_buf_bytes(&file);
    }
    return vl_store_put_office(store, &row, why);
}

static enum vl_err keep_waybill(struct taking *taking, const struct vl_object *object,
                                const struct vl_evidence_leaf *leaf, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_store *store = taking->home->store;
    struct vl_waybill waybill;
    enum vl_err err = vl_waybill_parse(leaf->leaf, &waybill, why);

    if (!err)
        err = vl_store_letter(store, waybill.number, &row, why);
    if (err == VL_ERR_NOT_FOUND) {
        taking->taken->elsewhere++;
        return VL_OK;
    }
    if (err)
        return err;
    if (row.size != waybill.size || row.mode != waybill.mode)
        return vl_fail(why, VL_ERR_UNVERIFIED,
                       "a waybill has another size or mode than its letter");
    if (row.has_sealed && memcmp(row.sealed, object->id, VL_HASH_LEN) != 0) {
        /* The first one stays; the other act is kept beside it. */
        taking->taken->disputed++;
        return VL_OK;
    }
    row.has_from |= true;
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
    taking->taken->waybills++;
    return vl_store_update_letter(store, &row, why);
}

/* A leaf that is no waybill: nothing to keep of it but the act, when its letter is here. */
static enum vl_err look_for_letter(struct taking *taking, enum vl_leaf_kind kind,
                                   const struct vl_evidence_leaf *at, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_leaf leaf;
    enum vl_err err = vl_leaf_parse(kind, at->leaf, &leaf, why);

    if (!err)
        err = vl_store_letter(taking->home->store, leaf.number, &row, why);
    if (err != VL_ERR_NOT_FOUND)
        return err;
    taking->taken->elsewhere++;
    return VL_OK;
}

static enum vl_err keep_leaf(struct taking *taking, const struct vl_object *object,
                             const struct vl_evidence_leaf *leaf, struct vl_why *why)
{
    enum vl_leaf_kind kind = vl_leaf_kind_of(object->kind);

    return kind == VL_LEAF_WAYBILL ? keep_waybill(taking, object, leaf, why)
                                   : look_for_letter(taking, kind, leaf, why);
}

/* The one letter that an act without leaves is about. */
static enum vl_err add_number(const struct vl_object *object, uint8_t (*about)[VL_HASH_LEN],
                              size_t *about_count, struct vl_why *why)
{
    struct vl_act_any *any = vl_new(sizeof *any);
    enum vl_err err = any ? vl_act_any_read(object, any, why) : VL_ERR_NO_MEMORY;
    const uint8_t *number = err ? NULL : vl_act_any_number(any);

    if (number)
        memcpy(about[(*about_count)++], number, VL_HASH_LEN);
    vl_free(any);
    return err;
}

/* What the act is about, for finding it again. */
static enum vl_err keep_act(struct taking *taking, const struct vl_evidence_item *item,
                            struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_object_row row = {.kind = vl_kind_word(item->object.kind),
                                .kept_at_s = taking->now_s};
    uint8_t(*about)[VL_HASH_LEN] = vl_new((item->leaf_count + 1) * VL_HASH_LEN);
    enum vl_err err = about ? vl_object_write(&item->object, &bytes) : VL_ERR_NO_MEMORY;

    memcpy(row.id, item->object.id, VL_HASH_LEN);
    memcpy(row.issuer, item->object.issuer.at, VL_HASH_LEN);
    row.bytes = vl_buf_bytes(&bytes);
    for (size_t i = 0; i < item->leaf_count && !err; i++) {
        struct vl_leaf leaf;

        err = vl_leaf_parse(vl_leaf_kind_of(item->object.kind), item->leaves[i].leaf, &leaf, why);
        if (!err)
            memcpy(about[row.about_count++], leaf.number, VL_HASH_LEN);
    }
    if (!err)
        err = add_number(&item->object, about, &row.about_count, why);
    row.about = (const uint8_t(*)[VL_HASH_LEN])about;
    if (!err)
        err = vl_store_put_object(taking->home->store, &row, why);
    vl_free(about);
    return err;
}

static enum vl_err check_all(struct taking *taking, struct vl_why *why)
{
    const struct vl_keyring keys = {find, taking};
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < taking->evidence.item_count && !err; i++) {
        struct vl_evidence_verdict verdict;

        err = vl_evidence_check(&taking->evidence.items[i], &keys, &verdict, why);
        if (!err)
            err = vl_evidence_find_paths(&taking->evidence.items[i], why);
        if (err)
            err = vl_fail_in(why, err, "act %zu", i + 1);
    }
    return err;
}

static enum vl_err keep_all(struct taking *taking, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < taking->evidence.chain_count && !err; i++)
        err = keep_chain(taking, &taking->evidence.chains[i], why);
    for (size_t i = 0; i < taking->evidence.item_count && !err; i++) {
        const struct vl_evidence_item *item = &taking->evidence.items[i];
        const size_t before = taking->taken->elsewhere;

        for (size_t leaf = 0; leaf < item->leaf_count && !err; leaf++)
            err = keep_leaf(taking, &item->object, &item->leaves[leaf], why);
        /* What is only about letters that are not here is not kept (PROTOCOL 24). */
        if (!err &&
            (item->leaf_count == 0 || taking->taken->elsewhere - before < item->leaf_count)) {
            err = keep_act(taking, item, why);
            taking->taken->acts++;
        }
    }
    return err;
}

enum vl_err vl_take_evidence(struct vl_home *home, const char *path, int64_t now_s,
                             struct vl_taken *taken, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct taking taking = {.home = home,
                            .evidence = VL_EVIDENCE_INIT,
                            .taken = taken,
                            .now_s = now_s};
    enum vl_err err = vl_in_read_all(path, &file, why);

    if (!err)
        err = vl_evidence_parse(vl_buf_bytes(&file), &taking.evidence, why);
    if (!err)
        err = check_all(&taking, why);
    if (!err)
        err = vl_store_begin(home->store, why);
    if (!err)
        err = keep_all(&taking, why);
    if (!err)
        err = vl_store_commit(home->store, why);
    vl_store_rollback(home->store);
    vl_evidence_release(&taking.evidence);
    return err;
}
