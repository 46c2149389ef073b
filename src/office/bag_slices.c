/* SPDX-License-Identifier: Apache-2.0 */
/* Slices of large letters, from a bag into the home, and letters made of them (PROTOCOL 14). */
#include <string.h>

#include "base/alloc.h"
#include "office/bag_in.h"
#include "office/keeping.h"
#include "office/owed.h"
#include "office/quarantine.h"

/* --- slices ----------------------------------------------------------------------------------- */

/* What came of the letter before, for good. */
static enum vl_err flush(struct vl_bag_taking *work, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (work->partial.waybill.len > 0 && !work->taking->request->dry_run)
        err = vl_partial_keep(work->taking->home->store, &work->partial, why);
    vl_partial_release(&work->partial);
    return err;
}

/* What is here of that letter, in work->partial. */
static enum vl_err find_partial(struct vl_bag_taking *work, const struct vl_payload_head *head,
                                const struct vl_bag_entry *entry, struct vl_why *why)
{
    struct vl_partial *partial = &work->partial;
    enum vl_err err;

    if (partial->waybill.len > 0 && memcmp(partial->id, entry->answer.waybill, VL_HASH_LEN) == 0)
        return VL_OK;
    err = flush(work, why);
    if (!err)
        err = vl_partial_read(work->taking->home->store, head->number, entry->answer.waybill,
                              partial, why);
    if (!err) /* once somebody known brought some of it */
        partial->quarantined &= entry->shown.quarantined;
    if (err != VL_ERR_NOT_FOUND)
        return err;
    err = vl_partial_make(partial, head->waybill, why);
    if (err)
        return err;
    memcpy(partial->sealed, entry->sealed, VL_HASH_LEN);
    partial->leaf_index = entry->leaf_index;
    partial->quarantined = entry->shown.quarantined;
    err = vl_buf_put(&partial->path,
                     vl_bytes_of(head->vouched.path.at, head->vouched.path.count * VL_HASH_LEN));
    return err ? vl_fail(why, err, "no memory for slices of a letter") : VL_OK;
}

/* Is the letter here already, all of it, under this very waybill? */
static enum vl_err is_whole(struct vl_bag_taking *work, vl_bytes waybill, const uint8_t *number,
                            bool *whole, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    enum vl_err err = vl_store_letter(work->taking->home->store, number, &row, why);

    *whole = !err && !row.forgotten && vl_bytes_eq(row.waybill, waybill);
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

/* More ways to sign than one hand-over has: not taken. */
static enum vl_err find_ways(struct vl_bag_taking *work, const struct vl_waybill *waybill,
                             struct vl_bag_entry *entry, struct vl_why *why)
{
    enum vl_err err = vl_answers_ways(&work->answering, &work->taking->held, waybill,
                                      work->transferred.handover, &entry->answer.ways, why);

    if (err != VL_ERR_LIMIT)
        return err;
    entry->answer.taken = false;
    entry->answer.reason = VL_NOT_TAKEN_NO_ROOM;
    return VL_OK;
}

/* --- all of them in order --------------------------------------------------------------------- */

static void stop_run(struct vl_slices_run *run)
{
    vl_hasher_release(&run->hasher);
    run->is_running = false;
}

void vl_bag_taking_begin_slice(struct vl_bag_taking *work, const struct vl_payload_head *head)
{
    struct vl_slices_run *run = &work->run;

    if (run->is_running && !run->in_slice && head->slice_index == run->next &&
        memcmp(run->number, head->number, VL_HASH_LEN) == 0) {
        run->in_slice = true;
        return;
    }
    stop_run(run);
    if (head->slice_index != 0 || work->taking->request->dry_run || work->taking->request->leave)
        return;
    run->is_running = run->in_slice = true;
    run->next = run->fed = 0;
    memcpy(run->number, head->number, VL_HASH_LEN);
    vl_hasher_begin_aside(&run->hasher, VL_SLICE_LEN);
}

void vl_bag_taking_slice_bytes(struct vl_bag_taking *work, vl_bytes bytes)
{
    if (!work->run.is_running)
        return;
    vl_hasher_put(&work->run.hasher, bytes);
    work->run.fed += bytes.len;
}

/* The slice is kept as it came; or it was not taken, or was here: then what is here is read again.
 */
static void end_slice(struct vl_bag_taking *work, const struct vl_waybill *waybill,
                      struct vl_bag_entry *entry, bool is_new)
{
    struct vl_slices_run *run = &work->run;
    uint8_t number[VL_HASH_LEN];

    run->in_slice = false;
    if (!run->is_running)
        return;
    if (!is_new) {
        stop_run(run);
        return;
    }
    if (++run->next < waybill->pieces.count)
        return;
    entry->is_right = run->fed == waybill->size && vl_hasher_end(&run->hasher, number) == VL_OK &&
                      memcmp(number, entry->answer.number, VL_HASH_LEN) == 0;
    stop_run(run);
}

/* --- kept ------------------------------------------------------------------------------------- */

static enum vl_err keep_slice(struct vl_bag_taking *work, const struct vl_payload_head *head,
                              const struct vl_waybill *waybill, struct vl_bag_entry *entry,
                              vl_bytes slice, const uint8_t leaf[VL_HASH_LEN], struct vl_why *why)
{
    bool whole = false, is_new;
    enum vl_err err = is_whole(work, head->waybill, waybill->number, &whole, why);

    if (err)
        return err;
    if (whole) {
        struct vl_letter_row row;

        vl_bag_taking_row(work, head, waybill, entry, &row);
        entry->answer.taken = true;
        err = find_ways(work, waybill, entry, why);
        return err || work->taking->request->dry_run ? err : vl_bag_taking_again(work, &row, why);
    }
    if (entry->slices.count == 0 &&
        vl_slice_set_make(&entry->slices, waybill->pieces.count) != VL_OK)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of slices");
    err = find_partial(work, head, entry, why);
    is_new = !err && !vl_partial_has(&work->partial, head->slice_index);
    if (!err && !work->taking->request->dry_run)
        err = vl_partial_put(work->taking->home->store, &work->partial, head->slice_index, slice,
                             leaf, why);
    if (err)
        return err;
    end_slice(work, waybill, entry, is_new);
    vl_slice_set_add(&entry->slices, head->slice_index);
    entry->answer.reason = VL_NOT_TAKEN_PART;
    entry->shown.slices = entry->slices.used;
    entry->shown.slices_here = work->partial.here;
    entry->shown.slices_of = waybill->pieces.count;
    return VL_OK;
}

/* --- slices that stay on the stick ------------------------------------------------------------ */

/* As much as its giver signed, wherever on the stick it lies. */
static uint64_t bytes_of_all(const struct vl_transferred *transferred)
{
    struct vl_cbor walk = vl_handed_segments_walk(transferred);
    struct vl_handed_segment segment;
    uint64_t bytes = 0;

    while (vl_handed_segments_next(&walk, &segment))
        bytes += segment.length < UINT64_MAX - bytes ? segment.length : UINT64_MAX - bytes;
    return bytes;
}

/* Whoever signs for slices has no letter to hand on (P4 of docs/decisions.md); so they stay only
 * where all of the letter can be there, and none of it is here. */
static enum vl_err decide(struct vl_bag_taking *work, const struct vl_waybill *waybill,
                          struct vl_bag_entry *entry, struct vl_why *why)
{
    VL_AUTO(vl_partial_release) struct vl_partial partial = VL_PARTIAL_INIT;
    enum vl_err err;

    if (entry->by_decided)
        return VL_OK;
    entry->by_decided = true;
    entry->by = false;
    if (work->taking->copies_slices || !vl_bag_taking_leaves_it(work, waybill) ||
        bytes_of_all(&work->transferred) < waybill->size)
        return VL_OK;
    err = vl_partial_read(work->taking->home->store, waybill->number, entry->answer.waybill,
                          &partial, why);
    entry->by = err == VL_ERR_NOT_FOUND;
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

static void end_by(struct vl_bag_taking *work)
{
    vl_hasher_release(&work->by.hasher);
    work->by.entry = NULL;
}

void vl_bag_taking_end_slices(struct vl_bag_taking *work)
{
    work->again_slices |= work->by.entry != NULL;
    end_by(work);
}

/* The next slice of the letter, hashed on its way; with the last one it is known to be whole. */
static enum vl_err go_by(struct vl_bag_taking *work, const struct vl_payload_head *head,
                         const struct vl_waybill *waybill, const struct vl_bag_entry *entry,
                         vl_bytes slice, struct vl_why *why)
{
    struct vl_slices_by *by = &work->by;
    uint8_t number[VL_HASH_LEN];
    enum vl_err err;

    if (by->entry != entry)
        vl_bag_taking_end_slices(work); /* another one was not all there */
    if (!by->entry && head->slice_index == 0) {
        by->entry = entry;
        by->next = 0;
        vl_hasher_begin(&by->hasher, waybill->size);
    }
    if (by->entry && head->slice_index < by->next) /* once more */
        return VL_OK;
    if (!by->entry || head->slice_index != by->next) {
        work->again_slices = true;
        end_by(work);
        return VL_OK;
    }
    vl_hasher_put(&by->hasher, slice);
    if (++by->next < waybill->pieces.count)
        return VL_OK;
    err = vl_hasher_end(&by->hasher, number);
    end_by(work);
    if (err)
        return vl_fail(why, err, "the hash of a letter in slices");
    return vl_bag_taking_letter(work, head, number, true, NULL, why);
}

/* Why it is not taken; VL_NOT_TAKEN_UNKNOWN: it is.  Only what a `sealed` vouches for is kept:
 * without it, nobody says that these slices are of that letter. */
static enum vl_not_taken_reason judge(struct vl_bag_taking *work,
                                      const struct vl_payload_head *head,
                                      const struct vl_waybill *waybill, bool same_destination,
                                      vl_bytes slice, const uint8_t leaf[VL_HASH_LEN],
                                      struct vl_bag_entry *entry)
{
    uint8_t hash[VL_HASH_LEN];
    bool has_room;

    vl_sha256(head->waybill, hash);
    if (memcmp(hash, entry->answer.waybill, VL_HASH_LEN) != 0 || !entry->shown.vouched ||
        entry->in_batch)
        return VL_NOT_TAKEN_ALTERED;
    if (!same_destination)
        return VL_NOT_TAKEN_MISMATCH;
    if (waybill->pieces.count > VL_PIECES_MAX_SLICES)
        return VL_NOT_TAKEN_TOO_LARGE;
    if (vl_slice_check(waybill, head->slice_index, &head->path, slice.len, leaf, NULL) != VL_OK)
        return VL_NOT_TAKEN_ALTERED;
    if (entry->by) /* it is counted when it is whole */
        has_room = true;
    else if (entry->slices.used > 0)
        has_room = vl_bag_taking_has_room(work, 0, slice.len, entry);
    else
        has_room =
            vl_bag_taking_has_room(work, 1,
                                   slice.len + vl_quarantine_slice_list(waybill->pieces.count),
                                   entry);
    return has_room ? VL_NOT_TAKEN_UNKNOWN : VL_NOT_TAKEN_QUARANTINED;
}

enum vl_err vl_bag_taking_slice(struct vl_bag_taking *work, const struct vl_payload_head *head,
                                vl_bytes slice, const uint8_t leaf[VL_HASH_LEN],
                                bool same_destination, struct vl_why *why)
{
    struct vl_bag_entry *entry;
    struct vl_waybill waybill;
    enum vl_not_taken_reason reason;
    enum vl_err err = vl_waybill_parse(head->waybill, &waybill, why);

    entry = err ? NULL : vl_bag_taking_entry(work, waybill.number);
    if (!entry || entry->answer.taken)
        return err == VL_ERR_NO_MEMORY ? err : VL_OK;
    entry->seen = true;
    entry->shown.size = waybill.size;
    entry->shown.from = waybill.from;
    entry->shown.to = waybill.to[0];
    entry->shown.to_count = waybill.to_count;
    err = vl_bag_taking_vouch(work, head, &waybill, entry, why);
    if (!err)
        err = decide(work, &waybill, entry, why);
    if (err)
        return err;
    reason = judge(work, head, &waybill, same_destination, slice, leaf, entry);
    /* One false slice does not take away the right ones. */
    if (reason != VL_NOT_TAKEN_UNKNOWN) {
        end_slice(work, &waybill, entry, false);
        entry->in_batch = false;
        if (entry->slices.used == 0)
            entry->answer.reason = reason;
        return VL_OK;
    }
    return entry->by ? go_by(work, head, &waybill, entry, slice, why)
                     : keep_slice(work, head, &waybill, entry, slice, leaf, why);
}

enum vl_err vl_bag_taking_drop_slices(struct vl_bag_taking *work, const uint8_t number[VL_HASH_LEN],
                                      struct vl_why *why)
{
    struct vl_partial *partial = &work->partial;
    struct vl_store *store = work->taking->home->store;
    enum vl_err err = VL_OK;

    if (partial->waybill.len > 0 && memcmp(partial->said.number, number, VL_HASH_LEN) == 0) {
        err = vl_partial_drop(store, partial, why);
        vl_partial_release(partial);
    }
    return err ? err : vl_partials_drop(store, number, why);
}

/* --- whole letters ---------------------------------------------------------------------------- */

static enum vl_err make_letter(struct vl_bag_taking *work, struct vl_bag_entry *entry,
                               const struct vl_partial *partial, struct vl_why *why)
{
    struct vl_payload_head head = {.kind = VL_PAYLOAD_LETTER,
                                   .waybill = vl_buf_bytes(&partial->waybill)};
    struct vl_store *store = work->taking->home->store;
    struct vl_letter_row row;
    enum vl_err err;

    entry->answer.taken = true;
    err = find_ways(work, &partial->said, entry, why);
    if (err || !entry->answer.taken) /* its slices stay */
        return err;
    head.vouched.path.count = partial->path.len / VL_HASH_LEN;
    memcpy(head.vouched.path.at, partial->path.data ? partial->path.data : entry->sealed,
           partial->path.len);
    memcpy(entry->sealed, partial->sealed, VL_HASH_LEN);
    entry->leaf_index = partial->leaf_index;
    entry->shown.quarantined = partial->quarantined;
    vl_bag_taking_row(work, &head, &partial->said, entry, &row);
    err = vl_store_put_letter_part(store, &row, partial->id, &entry->shown.is_new, why);
    if (!err)
        err = vl_letter_stays_not(store, row.number, why);
    if (!err && !entry->shown.is_new)
        err = vl_bag_taking_again(work, &row, why);
    if (!err)
        err = vl_store_drop_tie(store, VL_TIE_PARTIAL, row.number, partial->id, why);
    if (!err)
        err = vl_pieces_keep_hashes(store, row.number, vl_buf_bytes(&partial->hashes), why);
    return err;
}

static enum vl_err join(struct vl_bag_taking *work, struct vl_bag_entry *entry, struct vl_why *why)
{
    VL_AUTO(vl_partial_release) struct vl_partial partial = VL_PARTIAL_INIT;
    struct vl_store *store = work->taking->home->store;
    enum vl_err err =
        vl_partial_read(store, entry->answer.number, entry->answer.waybill, &partial, why);

    entry->shown.slices_here = partial.here;
    if (err || partial.here < partial.said.pieces.count)
        return err;
    err = entry->is_right ? VL_OK : vl_partial_check(store, &partial, &work->bag->why);
    if (!err)
        return make_letter(work, entry, &partial, why);
    work->bag->damaged = true;
    if (err == VL_ERR_UNVERIFIED) {
        entry->shown.slices_here = partial.here;
        return vl_partial_keep(store, &partial, why);
    }
    if (err != VL_ERR_REFUSED)
        return vl_fail(why, err, "%s", work->bag->why.text);
    vl_slice_set_release(&entry->slices);
    entry->shown.slices = entry->shown.slices_here = 0;
    entry->answer.reason = VL_NOT_TAKEN_ALTERED;
    return vl_partial_drop(store, &partial, why);
}

enum vl_err vl_bag_taking_join(struct vl_bag_taking *work, struct vl_why *why)
{
    enum vl_err err = flush(work, why);

    for (size_t i = 0; !err && !work->taking->request->dry_run && i < work->entry_count; i++)
        if (work->entries[i].slices.used > 0 && !work->entries[i].answer.taken)
            err = join(work, &work->entries[i], why);
    return err;
}

/* --- signing ---------------------------------------------------------------------------------- */

static size_t list_ranges(const struct vl_slice_set *set, struct vl_slices ranges[VL_SLICES_MAX])
{
    size_t count = 0;
    uint64_t at = 0;

    while (count < VL_SLICES_MAX && vl_slice_set_next(set, &at, &ranges[count]))
        count++;
    return count;
}

/* The capacity in which the whole would be signed for. */
static enum vl_err find_way(struct vl_bag_taking *work, const struct vl_bag_entry *entry,
                            struct vl_answer_way *way, struct vl_why *why)
{
    VL_AUTO(vl_partial_release) struct vl_partial partial = VL_PARTIAL_INIT;
    uint32_t ways = 0;
    enum vl_err err = vl_partial_read(work->taking->home->store, entry->answer.number,
                                      entry->answer.waybill, &partial, why);

    if (!err)
        err = vl_answers_ways(&work->answering, &work->taking->held, &partial.said,
                              work->transferred.handover, &ways, why);
    if (err == VL_ERR_LIMIT) /* more ways than one hand-over has: it is carried */
        return VL_OK;
    for (size_t i = 0; !err && i < work->answering.way_count; i++)
        if (ways >> i & 1) {
            *way = work->answering.ways[i];
            break;
        }
    return err;
}

static enum vl_err sign_slices(struct vl_bag_taking *work, const struct vl_bag_entry *entry,
                               struct vl_slices ranges[VL_SLICES_MAX], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    const struct vl_answering *answering = &work->answering;
    struct vl_store *store = work->taking->home->store;
    struct vl_answer_way way = {.capacity = VL_CAPACITY_CARRIER};
    struct vl_accepted_part part;
    uint8_t id[VL_HASH_LEN];
    enum vl_err err = find_way(work, entry, &way, why);

    part = (struct vl_accepted_part){.act = {.capacity = way.capacity,
                                             .has_under = way.has_under,
                                             .manual = answering->manual,
                                             .place = answering->place},
                                     .has_answers = true,
                                     .has_giver = true,
                                     .giver = answering->giver,
                                     .slices_count = list_ranges(&entry->slices, ranges),
                                     .slices = ranges};
    memcpy(part.act.under, way.under, VL_HASH_LEN);
    memcpy(part.answers, answering->answers, VL_HASH_LEN);
    memcpy(part.number, entry->answer.number, VL_HASH_LEN);
    memcpy(part.waybill, entry->answer.waybill, VL_HASH_LEN);
    if (!err)
        err = vl_accepted_part_write(answering->signer, &part, &wire, id, why);
    if (!err)
        err = vl_own_act_keep(answering->home, vl_buf_bytes(&wire), VL_BYTES_NONE,
                              work->taking->request->now_s, why);
    if (!err)
        err = vl_owe(store, answering->giver.at, id, why);
    return err ? err : vl_owe(store, entry->shown.from.at, id, why);
}

enum vl_err vl_bag_taking_sign_slices(struct vl_bag_taking *work, struct vl_why *why)
{
    struct vl_slices *ranges = vl_new(VL_SLICES_MAX * sizeof *ranges);
    enum vl_err err = ranges ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for slices");

    for (size_t i = 0; !err && i < work->entry_count; i++)
        if (work->entries[i].slices.used > 0 && !work->entries[i].answer.taken)
            err = sign_slices(work, &work->entries[i], ranges, why);
    vl_free(ranges);
    return err ? vl_fail_in(why, err, "the answer for slices") : VL_OK;
}
