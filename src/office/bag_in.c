/* SPDX-License-Identifier: Apache-2.0 */
/* What is in a bag, held against its list. */
#include "office/bag_in.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "office/keeping.h"
#include "seal/seal.h"

void vl_bag_taking_release(struct vl_bag_taking *work)
{
    for (size_t i = 0; i < work->file_count; i++) {
        vl_evidence_release(work->files[i]);
        vl_free(work->files[i]);
    }
    vl_free(work->files);
    for (size_t i = 0; i < work->entry_count; i++)
        vl_slice_set_release(&work->entries[i].slices);
    vl_free(work->entries);
    vl_free(work->passing);
    vl_partial_release(&work->partial);
    vl_hasher_release(&work->by.hasher);
    vl_hasher_release(&work->run.hasher);
    vl_free(work->answering.letters);
    vl_object_release(&work->list);
    vl_object_release(&work->sealed_object);
}

/* --- the list --------------------------------------------------------------------------------- */

static enum vl_err add_entry(struct vl_bag_taking *work, const struct vl_leaf *leaf)
{
    struct vl_bag_entry *entry = &work->entries[work->entry_count++];

    *entry = (struct vl_bag_entry){.slices = VL_SLICE_SET_INIT};
    memcpy(entry->answer.number, leaf->number, VL_HASH_LEN);
    memcpy(entry->answer.waybill, leaf->waybill, VL_HASH_LEN);
    entry->answer.reason = VL_NOT_TAKEN_MISSING;
    memcpy(entry->shown.number, leaf->number, VL_HASH_LEN);
    return leaf->has_waybill ? VL_OK : VL_ERR_FORMAT;
}

static enum vl_err read_leaves(struct vl_bag_taking *work, vl_bytes leaves, struct vl_why *why)
{
    struct vl_batch_tree tree = VL_BATCH_TREE_INIT;
    enum vl_err err = VL_OK;

    while (!err && leaves.len > 0) {
        struct vl_leaf leaf;
        struct vl_cbor r = vl_cbor_open(leaves, VL_CBOR_STRICT);
        vl_bytes item = vl_cbor_item(&r);

        if (!vl_cbor_ok(&r) || work->entry_count == work->transferred.batch.count)
            return vl_fail(why, VL_ERR_UNVERIFIED, "the list of letters is not the signed one");
        err = vl_batch_add(&tree, VL_LEAF_CUSTODY, item, &leaf, why);
        if (!err && add_entry(work, &leaf) != VL_OK)
            err = vl_fail(why, VL_ERR_FORMAT, "a letter without a waybill in the list");
        leaves = vl_bytes_after(leaves, item.len);
    }
    return err ? err : vl_batch_is(&tree, &work->transferred.batch, why);
}

enum vl_err vl_bag_taking_leaves(struct vl_bag_taking *work, struct vl_bag *bag, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf leaves = VL_BUF_INIT(VL_BAG_MAX_LEAVES);
    const uint64_t count = work->transferred.batch.count;
    enum vl_err err;

    if (count == 0)
        return VL_OK;
    if (count > VL_BAG_MAX_LEAVES / VL_CUSTODY_LEAF_MIN)
        return vl_fail(why, VL_ERR_LIMIT, "%llu letters, more than the list of a bag may have",
                       (unsigned long long)count);
    err = vl_bag_leaves(bag, &leaves, why);
    if (err)
        return vl_fail_in(why, err, "the list of letters");
    /* As many as the file can hold, whatever is signed. */
    if (count > leaves.len / VL_CUSTODY_LEAF_MIN)
        return vl_fail(why, VL_ERR_UNVERIFIED, "the list of letters is cut off");
    work->entries = vl_new((size_t)count * sizeof *work->entries);
    if (!work->entries)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of letters");
    err = read_leaves(work, vl_buf_bytes(&leaves), why);
    return err ? vl_fail_in(why, err, "the list of letters") : VL_OK;
}

struct vl_bag_entry *vl_bag_taking_entry(struct vl_bag_taking *work,
                                         const uint8_t number[VL_HASH_LEN])
{
    size_t low = 0, high = work->entry_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (memcmp(work->entries[middle].answer.number, number, VL_HASH_LEN) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == work->entry_count ||
        memcmp(work->entries[low].answer.number, number, VL_HASH_LEN) != 0)
        return NULL;
    return &work->entries[low];
}

/* --- evidence --------------------------------------------------------------------------------- */

static enum vl_err put_to_buf(void *self, vl_bytes bytes, struct vl_why *why)
{
    enum vl_err err = vl_buf_put(self, bytes);

    return err ? vl_fail(why, err, "more than an evidence file may have") : VL_OK;
}

static enum vl_err unseal(struct vl_bag_taking *work, vl_bytes sealed, struct vl_buf *out,
                          struct vl_why *why)
{
    const struct vl_open_plan plan = {.identities = &work->taking->home->secrets.sealing,
                                      .sink = {put_to_buf, out}};
    struct vl_opener *opener = vl_opener_new(&plan);
    enum vl_err err = opener ? vl_opener_write(opener, sealed, why)
                             : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to open evidence");

    if (!err)
        err = vl_opener_finish(opener, why);
    vl_opener_free(opener);
    return err;
}

static enum vl_err keep_file(struct vl_bag_taking *work, struct vl_evidence *evidence,
                             struct vl_why *why)
{
    bool *verified = vl_new(evidence->item_count + 1);
    enum vl_err err = verified ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for evidence");

    work->keeping.before = (const struct vl_evidence *const *)work->files;
    work->keeping.before_count = work->file_count;
    if (!err)
        err = vl_evidence_sift(&work->keeping, evidence, verified, why);
    if (!err && !work->taking->request->dry_run)
        err = vl_evidence_keep(&work->keeping, evidence, verified, why);
    for (size_t i = 0; !err && work->taking->request->dry_run && i < evidence->item_count; i++)
        work->keeping.acts += verified[i];
    vl_free(verified);
    return err;
}

/* Where the office's evidence on this stick is counted.  NULL when memory runs out. */
static struct vl_unchecked_giver *unchecked_giver(struct vl_stick_taking *taking,
                                                  const uint8_t *office)
{
    void *block = taking->unchecked;

    for (size_t i = taking->unchecked_count; i-- > 0;)
        if (memcmp(taking->unchecked[i].office, office, VL_HASH_LEN) == 0)
            return &taking->unchecked[i];
    if (taking->unchecked_count % 64 == 0 &&
        vl_grow(&block, taking->unchecked_count * sizeof *taking->unchecked,
                (taking->unchecked_count + 64) * sizeof *taking->unchecked) != VL_OK)
        return NULL;
    taking->unchecked = block;
    memcpy(taking->unchecked[taking->unchecked_count].office, office, VL_HASH_LEN);
    return &taking->unchecked[taking->unchecked_count++];
}

/* No more than anybody may bring (PROTOCOL 24). */
static enum vl_err count_evidence(struct vl_bag_taking *work, const struct vl_evidence *evidence,
                                  size_t len, struct vl_why *why)
{
    struct vl_stick_taking *taking = work->taking;
    struct vl_unchecked_giver *giver;

    work->evidence_bytes += len;
    if (work->evidence_bytes > VL_EVIDENCE_BAG_BYTES)
        return vl_fail(why, VL_ERR_LIMIT, "more than %llu MiB of it in one bag",
                       (unsigned long long)(VL_EVIDENCE_BAG_BYTES >> 20));
    if (work->giver_checked || taking->is_late) /* what is read once more was counted */
        return VL_OK;
    giver = unchecked_giver(taking, work->list.issuer.at);
    if (!giver)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of offices");
    giver->bytes += len;
    giver->acts += evidence->item_count;
    taking->unchecked_bytes += len;
    if (giver->bytes > VL_EVIDENCE_UNCHECKED_BYTES)
        return vl_fail(why, VL_ERR_LIMIT,
                       "more than %llu MiB of it by an office of an unchecked card",
                       (unsigned long long)(VL_EVIDENCE_UNCHECKED_BYTES >> 20));
    if (giver->acts > VL_EVIDENCE_UNCHECKED_ACTS)
        return vl_fail(why, VL_ERR_LIMIT,
                       "more than %d signed acts by an office of an unchecked card",
                       VL_EVIDENCE_UNCHECKED_ACTS);
    if (taking->unchecked_bytes > VL_EVIDENCE_UNCHECKED_IN_ALL)
        return vl_fail(why, VL_ERR_LIMIT, "more than %llu MiB of it by offices of unchecked cards",
                       (unsigned long long)(VL_EVIDENCE_UNCHECKED_IN_ALL >> 20));
    return VL_OK;
}

enum vl_err vl_bag_taking_evidence(struct vl_bag_taking *work, vl_bytes content, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf plain = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct vl_evidence *evidence;
    void *block = work->files;
    enum vl_err err = VL_OK;

    if (work->file_count == VL_BAG_IN_MAX_FILES)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d files of evidence", VL_BAG_IN_MAX_FILES);
    if (vl_what_is(content) == VL_WHAT_AGE)
        err = unseal(work, content, &plain, why);
    if (err)
        return vl_fail_in(why, err, "evidence");
    evidence = vl_new(sizeof *evidence);
    if (!evidence || vl_grow(&block, work->file_count * sizeof(struct vl_evidence *),
                             (work->file_count + 1) * sizeof(struct vl_evidence *)) != VL_OK) {
        vl_free(evidence);
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for evidence");
    }
    work->files = block;
    *evidence = (struct vl_evidence)VL_EVIDENCE_INIT;
    err = vl_evidence_parse(plain.len > 0 ? vl_buf_bytes(&plain) : content, evidence, why);
    if (!err)
        err = count_evidence(work, evidence, plain.len > 0 ? plain.len : content.len, why);
    if (!err)
        err = keep_file(work, evidence, why);
    if (err) {
        vl_evidence_release(evidence);
        vl_free(evidence);
        return vl_fail_in(why, err, "evidence");
    }
    work->files[work->file_count++] = evidence;
    return VL_OK;
}

enum vl_err vl_bag_taking_giver(struct vl_bag_taking *work, struct vl_why *why)
{
    const struct vl_chain *chain;
    struct vl_chain_verdict verdict;
    char address[VL_OFFICE_TEXT];
    enum vl_err err;

    if (work->giver_verified)
        return VL_OK;
    work->keeping.before = (const struct vl_evidence *const *)work->files;
    work->keeping.before_count = work->file_count;
    chain = vl_keeping_chain(&work->keeping, NULL, &work->list.issuer);
    if (!chain)
        return vl_home_no_chain(work->taking->home,
                                vl_fail(why, VL_ERR_NOT_FOUND,
                                        "it says to be from %s, and there is no card of it",
                                        vl_office_id_text(&work->list.issuer, address)),
                                why);
    err = vl_chain_verify(chain, &work->list, &verdict, why);
    if (!err && verdict.standing != VL_STANDING_FULL)
        err = vl_fail(why, VL_ERR_UNVERIFIED, "a signature that the giver's card asks for lacks");
    if (!err && verdict.revoked)
        err = vl_fail(why, VL_ERR_UNVERIFIED, "signed with a key that was revoked");
    work->giver_verified = !err;
    return err ? vl_fail_in(why, err, "the giver's signature") : VL_OK;
}

/* --- who vouches ------------------------------------------------------------------------------ */

/* The `sealed` of this id, verified when it was kept. */
enum vl_err vl_bag_taking_sealed(struct vl_bag_taking *work, const uint8_t id[VL_HASH_LEN],
                                 struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err;

    if (work->has_sealed && memcmp(work->sealed_id, id, VL_HASH_LEN) == 0)
        return VL_OK;
    work->has_sealed = false;
    err = vl_store_object(work->taking->home->store, id, &bytes, why);
    if (err)
        return err;
    vl_object_release(&work->sealed_object);
    err = vl_object_parse(vl_buf_bytes(&bytes), &work->sealed_object, why);
    if (!err)
        err = vl_sealed_read(&work->sealed_object, &work->sealed, why);
    if (err)
        return err == VL_ERR_NO_MEMORY ? err : VL_ERR_NOT_FOUND;
    work->has_sealed = true;
    work->sealed_by = work->sealed_object.issuer;
    memcpy(work->sealed_id, id, VL_HASH_LEN);
    return VL_OK;
}

/* Does somebody vouch for the waybill, and is it who it says?  A letter without is taken too: then
 * its origin is only said (PROTOCOL 18). */
enum vl_err vl_bag_taking_vouch(struct vl_bag_taking *work, const struct vl_payload_head *head,
                                const struct vl_waybill *waybill, struct vl_bag_entry *entry,
                                struct vl_why *why)
{
    const struct vl_vouched *vouched = &head->vouched;
    enum vl_err err;

    if (!vouched->is_there)
        return VL_OK;
    err = vl_bag_taking_sealed(work, vouched->sealed, why);
    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    if (!vl_office_id_eq(&work->sealed_by, &waybill->from))
        return VL_OK;
    memcpy(entry->sealed, vouched->sealed, VL_HASH_LEN);
    entry->leaf_index = vouched->index;
    if (vouched->path.count == 0 && work->sealed.count > 1) {
        vl_tree_leaf(head->waybill, entry->leaf_hash);
        entry->in_batch = entry->shown.vouched = true; /* until all of them came */
        return VL_OK;
    }
    entry->shown.vouched =
        vl_sealed_has(&work->sealed, head->waybill, vouched->index, &vouched->path, NULL) == VL_OK;
    return VL_OK;
}

/* --- letters ---------------------------------------------------------------------------------- */

void vl_bag_taking_row(const struct vl_bag_taking *work, const struct vl_payload_head *head,
                       const struct vl_waybill *waybill, const struct vl_bag_entry *entry,
                       struct vl_letter_row *row)
{
    bool for_us = false, carried = false;

    *row = (struct vl_letter_row){.size = waybill->size,
                                  .mode = (uint8_t)waybill->mode,
                                  .has_from = true,
                                  .to_count = waybill->to_count,
                                  .has_core = true,
                                  .has_date = waybill->has_date,
                                  .date_s = waybill->date_s,
                                  .has_expires = waybill->has_expires,
                                  .expires_s = waybill->expires_s,
                                  .has_expect_by = waybill->has_expect_by,
                                  .expect_by_s = waybill->expect_by_s,
                                  .kept_at_s = work->taking->request->now_s,
                                  .quarantined = entry->shown.quarantined,
                                  .has_via = true,
                                  .waybill = head->waybill,
                                  .has_sealed = entry->shown.vouched,
                                  .leaf_index = entry->leaf_index};
    memcpy(row->number, waybill->number, VL_HASH_LEN);
    memcpy(row->from, waybill->from.at, VL_HASH_LEN);
    for (size_t i = 0; i < waybill->to_count; i++) {
        memcpy(row->to[i], waybill->to[i].at, VL_HASH_LEN);
        for_us |= vl_office_id_eq(&waybill->to[i], &work->taking->home->own);
        carried |= !vl_office_id_eq(&waybill->to[i], &work->taking->home->own);
    }
    memcpy(row->core, waybill->commitment, VL_HASH_LEN);
    memcpy(row->via, work->list.id, VL_HASH_LEN);
    if (row->has_sealed) {
        memcpy(row->sealed, entry->sealed, VL_HASH_LEN);
        row->path = vl_bytes_of(head->vouched.path.at, head->vouched.path.count * VL_HASH_LEN);
    }
    row->roles = for_us ? VL_ROLE_TAKEN : VL_ROLE_CARRIED;
    /* Nobody hands on what was not signed for. */
    row->way =
        carried && !for_us && work->bag->answer == VL_BAG_ANSWER_NOW ? VL_WAY_WAITING : VL_WAY_NONE;
}

/* Offices that nobody here knew before have so much room and no more (PROTOCOL 24). */
bool vl_bag_taking_has_room(struct vl_bag_taking *work, size_t letters, uint64_t bytes,
                            struct vl_bag_entry *entry)
{
    struct vl_stick_taking *taking = work->taking;

    if (!work->giver_unknown)
        return true;
    entry->shown.quarantined = true;
    if (taking->quarantine_letters + letters > VL_QUARANTINE_MAX_LETTERS ||
        taking->quarantine_bytes > VL_QUARANTINE_MAX_BYTES ||
        bytes > VL_QUARANTINE_MAX_BYTES - taking->quarantine_bytes)
        return false;
    taking->quarantine_letters += letters;
    taking->quarantine_bytes += bytes;
    return true;
}

/* One that went on from here, or was meant to, has come back: it waits once more, for whomever of
 * several it has not reached.  One that a stranger brought first is held apart no longer when
 * somebody known brings it.  Either way it came by this hand-over. */
enum vl_err vl_bag_taking_again(struct vl_bag_taking *work, const struct vl_letter_row *brought,
                                struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_store *store = work->taking->home->store;
    enum vl_err err = vl_store_letter(store, brought->number, &row, why);
    const bool back =
        brought->way == VL_WAY_WAITING && (row.way == VL_WAY_HANDED || row.way == VL_WAY_PASSED);
    const bool let_in = row.quarantined && !work->giver_unknown;

    if (err || (!back && !let_in))
        return err;
    if (back) {
        row.way = VL_WAY_WAITING;
        err = vl_addressees_wait(store, &row, why);
    }
    if (err)
        return err;
    if (let_in)
        row.quarantined = false;
    row.has_via = true;
    memcpy(row.via, work->list.id, VL_HASH_LEN);
    return vl_store_update_letter(store, &row, why);
}

bool vl_bag_taking_leaves_it(struct vl_bag_taking *work, const struct vl_waybill *waybill)
{
    struct vl_answering *answering = &work->answering;
    uint32_t ways = 0;

    if (!work->taking->request->leave || work->taking->copies ||
        vl_answers_ways(answering, &work->taking->held, waybill, work->transferred.handover, &ways,
                        NULL) != VL_OK)
        return false;
    for (size_t i = 0; i < answering->way_count; i++)
        if ((ways >> i & 1) && answering->ways[i].kind != VL_KIND_ACCEPTED)
            return false;
    return true;
}

/* One that stays on the stick: everything about it is kept but its envelope. */
static enum vl_err keep_where_it_is(struct vl_bag_taking *work, const struct vl_letter_row *brought,
                                    struct vl_bag_entry *entry, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_store *store = work->taking->home->store;
    struct vl_tie tie = {.kind = VL_TIE_STAYS, .bytes = VL_ARRAY(work->list.id)};
    enum vl_err err = vl_store_put_letter_elsewhere(store, brought, &entry->shown.is_new, why);

    if (!err)
        err = vl_store_letter(store, brought->number, &row, why);
    if (err || !row.forgotten) /* its envelope is here already */
        return err;
    entry->shown.stays = true;
    memcpy(tie.about, brought->number, VL_HASH_LEN);
    return vl_store_put_tie(store, &tie, why);
}

static enum vl_err keep_letter(struct vl_bag_taking *work, const struct vl_payload_head *head,
                               const struct vl_waybill *waybill, struct vl_bag_entry *entry,
                               struct vl_spool *spool, struct vl_why *why)
{
    struct vl_letter_row row;
    enum vl_err err = vl_bag_taking_vouch(work, head, waybill, entry, why);

    if (!err)
        err = vl_answers_ways(&work->answering, &work->taking->held, waybill,
                              work->transferred.handover, &entry->answer.ways, why);
    if (err == VL_ERR_LIMIT) { /* more ways to sign than one hand-over has */
        vl_spool_free(spool);
        entry->answer.reason = VL_NOT_TAKEN_NO_ROOM;
        return VL_OK;
    }
    if (err || work->taking->request->dry_run) {
        entry->shown.stays = !spool;
        vl_spool_free(spool);
        entry->answer.taken = !err;
        return err;
    }
    vl_bag_taking_row(work, head, waybill, entry, &row);
    err = spool ? vl_store_put_letter(work->taking->home->store, &row, spool, &entry->shown.is_new,
                                      why)
                : keep_where_it_is(work, &row, entry, why);
    if (!err && spool)
        err = vl_letter_stays_not(work->taking->home->store, row.number, why);
    if (!err && spool && waybill->has_pieces)
        err = vl_bag_taking_drop_slices(work, row.number, why);
    if (!err && !entry->shown.is_new)
        err = vl_bag_taking_again(work, &row, why);
    entry->answer.taken = !err;
    return err;
}

enum vl_err vl_bag_taking_letter(struct vl_bag_taking *work, const struct vl_payload_head *head,
                                 const uint8_t number[VL_HASH_LEN], bool same_destination,
                                 struct vl_spool *spool, struct vl_why *why)
{
    struct vl_bag_entry *entry;
    struct vl_waybill waybill;
    uint8_t hash[VL_HASH_LEN];
    enum vl_err err = vl_waybill_parse(head->waybill, &waybill, why);

    entry = err ? NULL : vl_bag_taking_entry(work, waybill.number);
    vl_sha256(head->waybill, hash);
    /* One that is not in the list was not handed, and one that came already is there. */
    if (!entry || entry->answer.taken) {
        vl_spool_free(spool);
        return err == VL_ERR_NO_MEMORY ? err : VL_OK;
    }
    entry->seen = true;
    entry->shown.size = waybill.size;
    entry->shown.from = waybill.from;
    entry->shown.to = waybill.to[0];
    entry->shown.to_count = waybill.to_count;
    if (memcmp(number, waybill.number, VL_HASH_LEN) != 0 ||
        memcmp(hash, entry->answer.waybill, VL_HASH_LEN) != 0)
        entry->answer.reason = VL_NOT_TAKEN_ALTERED;
    else if (!same_destination)
        entry->answer.reason = VL_NOT_TAKEN_MISMATCH;
    else if (!vl_bag_taking_has_room(work, 1, spool ? waybill.size : 0, entry))
        entry->answer.reason = VL_NOT_TAKEN_QUARANTINED;
    else
        return keep_letter(work, head, &waybill, entry, spool, why);
    vl_spool_free(spool);
    vl_bag_taking_passes(work, head);
    return VL_OK;
}
