/* SPDX-License-Identifier: Apache-2.0 */
/* Thousands of letters in one process, one transaction and one signature of their outsides.
 *
 * The letters are made side by side on all processors, each in memory; they go into the store in
 * order, on whichever thread is free (struct vl_pool_ops). */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/pool.h"
#include "codec/number.h"
#include "office/write.h"
#include "sys/folder.h"
#include "sys/infile.h"
#include "sys/outfile.h"
#include "sys/process.h"
#include "sys/staging.h"

#define CONTENT_MAX  ((size_t)64 << 20) /* of one letter */
#define ENVELOPE_MAX (CONTENT_MAX + ((size_t)16 << 20))
#define SLOTS        32

struct batch {
    struct vl_home *home;
    const struct vl_write_request *request;
    const struct vl_batch_item *items;
    struct vl_signer signer;
    struct vl_addressees shared; /* of the items that name nobody themselves */
    struct vl_sent *sent;
    size_t sent_count;
    uint64_t bytes;
    struct vl_stage stage; /* of the folder that gets the envelopes */
    vl_batch_told told;
    void *told_self;
};

/* One letter under way. */
struct slot {
    struct batch *batch;
    size_t index;
    struct vl_addressees to;
    struct vl_buf content;
    struct vl_buf envelope;
    struct vl_part_list *parts;
    struct vl_letter_plan plan;
    struct vl_letter_made made;
};

static enum vl_err make_plan(struct slot *slot, struct vl_letter_part *part, struct vl_why *why)
{
    const struct batch *batch = slot->batch;
    const struct vl_write_request *request = batch->request;
    const struct vl_batch_item *item = &batch->items[slot->index];

    slot->plan = (struct vl_letter_plan){
        .signer = &batch->signer,
        .act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = request->manual},
        .open = request->open,
        .sealing = 1,
        .sealing_of = 1,
        .recipients = slot->to.at,
        .recipient_count = slot->to.count,
        .has_subject = item->subject != NULL,
        .subject = vl_bytes_str(item->subject),
        .has_date = true,
        .date_s = request->now_s,
        .has_expires = request->has_expires,
        .expires_s = request->expires_s,
        .has_expect_by = request->has_expect_by,
        .expect_by_s = request->expect_by_s,
        .parts = part,
        .part_count = 1,
        .exact = request->exact,
        .workers = 0, /* the letters are what goes side by side */
        .rng = request->rng,
        .sink = vl_buf_sink(&slot->envelope),
    };
    memcpy(slot->plan.act.card_id, batch->signer.card_id, VL_HASH_LEN);
    if (vl_rng_fill(&request->rng, slot->plan.letter_id, sizeof slot->plan.letter_id) != VL_OK)
        return vl_fail(why, VL_ERR_INTERNAL, "no randomness");
    return VL_OK;
}

static enum vl_err make(void *self, void *at, struct vl_why *why)
{
    struct batch *batch = self;
    struct slot *slot = at;
    const struct vl_batch_item *item = &batch->items[slot->index];
    const char *name = strrchr(item->path, '/');
    struct vl_letter_writer *writer = NULL;
    struct vl_letter_part part;
    enum vl_err err;

    slot->content.len = 0;
    slot->envelope.len = 0;
    vl_part_list_release(slot->parts);
    err = vl_in_read_all(item->path, &slot->content, why);
    if (!err)
        err = vl_parts_add_text(slot->parts, name ? name + 1 : item->path,
                                vl_buf_bytes(&slot->content), batch->request->lang, why);
    if (!err)
        err = make_plan(slot, &part, why);
    if (!err) {
        vl_parts_plan(slot->parts, &part);
        err = vl_letter_writer_new(&slot->plan, &writer, why);
    }
    if (!err)
        err = vl_letter_writer_write(writer, vl_buf_bytes(&slot->content), why);
    if (!err)
        err = vl_letter_writer_finish(writer, &slot->made, why);
    vl_letter_writer_free(writer);
    return err ? vl_fail_in(why, err, "\"%s\"", item->path) : VL_OK;
}

static enum vl_err put_file(const struct batch *batch, const struct slot *slot, struct vl_why *why)
{
    char number[VL_NUMBER_TEXT], name[VL_NUMBER_TEXT + 8];
    char *path;
    enum vl_err err;

    if (!batch->request->output)
        return VL_OK;
    (void)snprintf(name, sizeof name, "%s.%s",
                   vl_number_text(VL_LETTER_HRP, slot->made.number, number),
                   batch->request->open ? "tar" : "age");
    path = vl_path_join(batch->stage.path, name);
    err = path ? vl_out_write(path, VL_OUT_PART | VL_OUT_LATER, vl_buf_bytes(&slot->envelope), why)
               : VL_ERR_NO_MEMORY;
    vl_free(path);
    return err;
}

static enum vl_err put_large(struct batch *batch, const struct vl_letter_row *row,
                             vl_bytes envelope, bool *is_new, struct vl_why *why)
{
    struct vl_spool *spool = NULL;
    struct vl_sink sink;
    enum vl_err err = vl_spool_new(batch->home->store, &spool, why);

    if (err)
        return err;
    sink = vl_spool_sink(spool);
    err = sink.put(sink.self, envelope, why);
    if (err) {
        vl_spool_free(spool);
        return err;
    }
    return vl_store_put_letter(batch->home->store, row, spool, is_new, why);
}

static enum vl_err keep(void *self, void *at, struct vl_why *why)
{
    struct batch *batch = self;
    struct slot *slot = at;
    const vl_bytes envelope = vl_buf_bytes(&slot->envelope);
    struct vl_sent *sent = &batch->sent[batch->sent_count];
    struct vl_letter_row row = VL_LETTER_ROW_INIT;
    bool is_new = false;
    enum vl_err err =
        vl_sent_fill(&slot->plan, &slot->made, NULL, batch->request->now_s, sent, &row, why);

    batch->sent_count++; /* to be released, whatever comes */
    if (!err && !batch->request->dry_run)
        err = envelope.len < VL_STORE_SMALL
                  ? vl_store_put_letter_bytes(batch->home->store, &row, envelope, &is_new, why)
                  : put_large(batch, &row, envelope, &is_new, why);
    if (!err && !batch->request->dry_run)
        err = put_file(batch, slot, why);
    if (err)
        return vl_fail_in(why, err, "\"%s\"", batch->items[slot->index].path);
    batch->bytes += envelope.len;
    if (batch->told)
        batch->told(batch->told_self, slot->index, slot->made.number, envelope.len);
    if (batch->request->progress.moved)
        batch->request->progress.moved(batch->request->progress.self, batch->bytes, 0);
    return VL_OK;
}

static void drop(void *self, void *at)
{
    struct slot *slot = at;

    (void)self;
    vl_buf_release(&slot->content);
    vl_buf_release(&slot->envelope);
    if (slot->parts)
        vl_part_list_release(slot->parts);
    vl_free(slot->parts);
}

static enum vl_err fill_slot(struct batch *batch, struct slot *slot, size_t index,
                             struct vl_why *why)
{
    const struct vl_write_request *request = batch->request;
    const struct vl_batch_item *item = &batch->items[index];

    if (!slot->parts) {
        slot->content = VL_BUF_INIT(CONTENT_MAX);
        slot->envelope = VL_BUF_INIT(ENVELOPE_MAX);
        slot->parts = vl_new(sizeof *slot->parts);
        if (!slot->parts)
            return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a letter");
    }
    slot->batch = batch;
    slot->index = index;
    if (item->office_count == 0) {
        slot->to = batch->shared;
        return VL_OK;
    }
    return vl_addressees_find(batch->home, item->offices, item->office_count, request->open,
                              !request->no_copy, request->now_s, &slot->to, why);
}

static enum vl_err make_all(struct batch *batch, size_t count, struct vl_why *why)
{
    static const struct vl_pool_ops ops = {make, keep, drop};
    struct vl_pool *pool =
        vl_pool_new(&ops, batch, batch->request->workers, sizeof(struct slot), SLOTS);
    struct vl_why ignored;
    enum vl_err err = pool ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the work");

    for (size_t i = 0; i < count && !err; i++) {
        struct slot *slot = vl_pool_slot(pool);

        if (!slot)
            break; /* vl_pool_drain tells why */
        err = fill_slot(batch, slot, i, why);
        if (!err)
            vl_pool_submit(pool);
    }
    if (pool && !err)
        err = vl_pool_drain(pool, why);
    else if (pool && vl_pool_drain(pool, &ignored) != VL_OK)
        err = err ? err : VL_ERR_INTERNAL; /* what went wrong first is told */
    vl_pool_free(pool);
    return err;
}

static enum vl_err seal_all(struct batch *batch, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf act = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_store *store = batch->home->store;
    uint8_t id[VL_HASH_LEN];
    enum vl_err err = vl_sent_seal(batch->sent, batch->sent_count, &batch->signer,
                                   batch->request->manual, &act, id, why);

    for (size_t i = 0; i < batch->sent_count && !err; i++)
        err = vl_store_set_sealed(store, batch->sent[i].number, id, batch->sent[i].leaf_index, why);
    return err ? err
               : vl_sent_keep_act(store, &batch->signer, vl_buf_bytes(&act), id, batch->sent,
                                  batch->sent_count, why);
}

static enum vl_err write_all(struct batch *batch, size_t count, bool *kept, struct vl_why *why)
{
    const struct vl_write_request *request = batch->request;
    struct vl_store *store = batch->home->store;
    enum vl_err err = VL_OK;

    if (request->office_count > 0)
        err =
            vl_addressees_find(batch->home, request->offices, request->office_count, request->open,
                               !request->no_copy, request->now_s, &batch->shared, why);
    if (!err)
        err = vl_home_unlock(batch->home, &request->asker, why);
    if (!err)
        err = vl_home_signer(batch->home, request->now_s, &batch->signer, why);
    if (!err && request->output) {
        err = vl_stage_begin(request->output, &batch->stage, why);
        if (err)
            err = vl_fail_in(why, err, "\"%s\"", request->output);
    }
    if (!err && request->dry_run)
        return make_all(batch, count, why);
    if (!err)
        err = vl_store_begin(store, why);
    if (!err)
        err = make_all(batch, count, why);
    if (!err)
        err = seal_all(batch, why);
    if (!err && request->output)
        err = vl_folder_sync_all(batch->stage.path, why);
    vl_stop_hold();
    if (!err) {
        err = vl_store_commit(store, why);
        *kept = !err;
    }
    if (!err && request->output)
        err = vl_stage_commit(&batch->stage, why);
    vl_stop_release();
    vl_store_rollback(store);
    return err;
}

enum vl_err vl_write_batch(struct vl_home *home, const struct vl_write_request *request,
                           const struct vl_batch_item *items, size_t item_count, vl_batch_told told,
                           void *told_self, bool *kept, struct vl_why *why)
{
    struct batch batch = {.home = home,
                          .request = request,
                          .items = items,
                          .stage = VL_STAGE_INIT,
                          .told = told,
                          .told_self = told_self};
    enum vl_err err;

    *kept = false;
    if (item_count == 0)
        return vl_fail(why, VL_ERR_USAGE, "there is no letter to write");
    if (item_count > VL_BATCH_MAX)
        return vl_fail(why, VL_ERR_LIMIT, "more than %llu letters under one act",
                       (unsigned long long)VL_BATCH_MAX);
    for (size_t i = 0; i < item_count; i++)
        if (items[i].office_count == 0 && request->office_count == 0)
            return vl_fail(why, VL_ERR_USAGE, "\"%s\": no office was named", items[i].path);
    vl_hasher_expect_many();
    batch.sent = vl_new(item_count * sizeof *batch.sent);
    if (!batch.sent)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the list of letters");
    err = write_all(&batch, item_count, kept, why);
    vl_stage_drop(&batch.stage);
    for (size_t i = 0; i < batch.sent_count; i++)
        vl_sent_release(&batch.sent[i]);
    vl_free(batch.sent);
    return err;
}
