/* SPDX-License-Identifier: Apache-2.0 */
#include "office/write.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/time.h"
#include "office/open.h"
#include "office/pieces.h"
#include "office/replies.h"
#include "sys/outfile.h"
#include "sys/process.h"

/* The envelope goes into the store, and perhaps into a file as well. */
struct tee {
    struct vl_sink spool;
    struct vl_out *out; /* NULL: there is none */
    /* Of a large letter: the tree over its slices, and the hashes of these. */
    bool in_slices;
    struct vl_slicer slicer;
    struct vl_buf slices;
    enum vl_err slices_err;
};

static void drop_tee(struct tee *tee)
{
    vl_slicer_release(&tee->slicer);
    vl_buf_release(&tee->slices);
}

static void note_slice(void *self, const uint8_t hash[VL_HASH_LEN])
{
    struct tee *tee = self;

    if (!tee->slices_err)
        tee->slices_err = vl_buf_put(&tee->slices, vl_bytes_of(hash, VL_HASH_LEN));
}

static enum vl_err put_both(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct tee *tee = self;
    enum vl_err err = tee->out ? vl_out_put(tee->out, bytes, why) : VL_OK;

    if (!err && tee->spool.put)
        err = tee->spool.put(tee->spool.self, bytes, why);
    if (!err && tee->in_slices && vl_slicer_put(&tee->slicer, bytes) != VL_OK)
        err = vl_fail(why, VL_ERR_INTERNAL, "the hash of a slice could not be worked out");
    return err;
}

static enum vl_err end_slices(struct tee *tee, struct vl_pieces *pieces, struct vl_why *why)
{
    enum vl_err err = vl_slicer_end(&tee->slicer, pieces);

    if (!err)
        err = tee->slices_err;
    return err ? vl_fail(why, err, "the tree over the slices of the envelope") : VL_OK;
}

static enum vl_err make_envelope(const struct vl_letter_plan *plan,
                                 const struct vl_part_list *parts,
                                 const struct vl_progress *progress, struct vl_letter_made *made,
                                 struct vl_why *why)
{
    struct vl_letter_writer *writer = NULL;
    enum vl_err err = vl_letter_writer_new(plan, &writer, why);

    if (!err)
        err = vl_parts_push(parts, writer, progress, why);
    if (!err)
        err = vl_letter_writer_finish(writer, made, why);
    vl_letter_writer_free(writer);
    return err;
}

/* The letter that is answered. */
struct reply {
    bool there;
    uint8_t number[VL_HASH_LEN];
    char
        lang[VL_MANIFEST_MAX_LANG + 1]; /* of its first part that tells one; empty when not known */
};

/* Larger ones are not read again to see which language they are in. */
#define REPLY_READ_MAX ((uint64_t)16 << 20)

static void find_lang(struct vl_home *home, const struct vl_write_request *request,
                      const struct vl_letter_row *row, struct reply *reply)
{
    static const struct vl_part_sink nowhere = {NULL, NULL, NULL, NULL};
    struct vl_opening *opening = vl_new(sizeof *opening);
    struct vl_why ignored;

    if (!opening)
        return;
    opening->row = (struct vl_letter_row)VL_LETTER_ROW_INIT;
    opening->seen = (struct vl_letter_seen)VL_LETTER_SEEN_INIT;
    if (vl_letter_judge(home, row, &request->asker, &nowhere, request->workers, NULL, opening,
                        &ignored) == VL_OK)
        for (size_t i = 0; i < opening->seen.manifest.part_count && !reply->lang[0]; i++) {
            const vl_bytes lang = opening->seen.manifest.parts[i].lang;

            (void)snprintf(reply->lang, sizeof reply->lang, "%.*s", (int)lang.len,
                           (const char *)lang.ptr);
        }
    vl_opening_release(opening);
    vl_free(opening);
}

static enum vl_err find_reply(struct vl_home *home, const struct vl_write_request *request,
                              struct reply *reply, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    enum vl_err err = VL_OK;

    *reply = (struct reply){.there = false};
    if (!request->reply_to)
        return VL_OK;
    err = vl_home_find_letter(home, request->reply_to, 4, &row, why);
    if (err)
        return err;
    reply->there = true;
    memcpy(reply->number, row.number, VL_HASH_LEN);
    /* Only what was opened and signed for before, or written here. */
    if (!request->lang && row.size <= REPLY_READ_MAX && !row.forgotten &&
        (row.verdict == VL_VERDICT_OK || (row.roles & VL_ROLE_WRITTEN)))
        find_lang(home, request, &row, reply);
    return VL_OK;
}

/* The mail as it came is first, so that nothing attached to it takes its name. */
static enum vl_err add_mail(const struct vl_write_request *request, struct vl_part_list *list,
                            struct vl_why *why)
{
    const struct vl_mail *mail = request->mail;
    enum vl_err err = VL_OK;

    if (request->mail_wire.len > 0)
        err = vl_parts_add_bytes(list, VL_WRITE_MAIL_NAME, request->mail_wire, why);
    for (size_t i = 0; mail && i < mail->part_count && !err; i++) {
        const struct vl_mail_part *part = &mail->parts[i];
        const size_t renamed = list->renamed;

        if (part->role != VL_MAIL_ATTACHED)
            continue;
        err = vl_parts_add_bytes(list, part->name, vl_buf_bytes(&part->content), why);
        if (part->renamed)
            list->renamed = renamed + 1; /* once, also when there was such a name already */
    }
    return err;
}

static enum vl_err add_parts(const struct vl_write_request *request, const char *lang,
                             struct vl_part_list *list, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (request->text.len > 0)
        err = vl_parts_add_text(list, request->text_name ? request->text_name : "letter.txt",
                                request->text, lang, why);
    else if (request->text_file)
        err = vl_parts_add_path(list, request->text_file, why);
    if (!err)
        err = add_mail(request, list, why);
    for (size_t i = 0; i < request->attachment_count && !err; i++)
        err = vl_parts_add_path(list, request->attachments[i], why);
    if (!err && list->count == 0)
        return vl_fail(why, VL_ERR_USAGE, "there is no text and no attachment");
    return err;
}

/* Where the letter goes beside the home: written and durable before the home has it, so that what
 * can go wrong there does so while nothing has happened yet; named once the home has it. */
struct outputs {
    const struct vl_write_request *request;
    struct vl_out envelope;
    struct vl_out evidence;
};

static void drop_outputs(struct outputs *outputs)
{
    vl_out_drop(&outputs->envelope);
    vl_out_drop(&outputs->evidence);
}

static enum vl_err open_outputs(struct outputs *outputs, struct vl_why *why)
{
    const struct vl_write_request *request = outputs->request;
    const unsigned flags = request->out_flags;
    enum vl_err err = VL_OK;

    if (request->output) {
        err = vl_out_open(request->output, flags, &outputs->envelope, why);
        if (err)
            return vl_fail_in(why, err, "\"%s\"", request->output);
    }
    if (request->evidence)
        err = vl_out_open(request->evidence, flags, &outputs->evidence, why);
    return err ? vl_fail_in(why, err, "\"%s\"", request->evidence) : VL_OK;
}

/* In the transaction that keeps the letter: the evidence is about what will be there. */
static enum vl_err fill_outputs(struct vl_home *home, const uint8_t number[VL_HASH_LEN],
                                struct outputs *outputs, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    const struct vl_write_request *request = outputs->request;
    enum vl_err err = request->output ? vl_out_sync(&outputs->envelope, why) : VL_OK;

    if (err)
        return vl_fail_in(why, err, "\"%s\"", request->output);
    if (!request->evidence)
        return VL_OK;
    err = vl_store_letter(home->store, number, &row, why);
    if (!err)
        err = vl_letter_evidence(home, &row, &file, why);
    if (!err)
        err = vl_out_put(&outputs->evidence, vl_buf_bytes(&file), why);
    if (!err)
        err = vl_out_sync(&outputs->evidence, why);
    return err ? vl_fail_in(why, err, "\"%s\"", request->evidence) : VL_OK;
}

static enum vl_err name_outputs(struct outputs *outputs, struct vl_why *why)
{
    const struct vl_write_request *request = outputs->request;
    enum vl_err err = request->output ? vl_out_commit(&outputs->envelope, why) : VL_OK;

    if (err)
        return vl_fail_in(why, err, "\"%s\"", request->output);
    if (request->evidence)
        err = vl_out_commit(&outputs->evidence, why);
    return err ? vl_fail_in(why, err, "\"%s\"", request->evidence) : VL_OK;
}

/* Without an own copy nobody here could read again what it answers. */
static enum vl_err keep_reply(struct vl_store *store, const uint8_t *number, vl_bytes wire,
                              int64_t now_s, struct vl_why *why)
{
    VL_AUTO(vl_manifest_release) struct vl_manifest manifest = VL_MANIFEST_INIT;
    enum vl_err err = vl_manifest_parse(wire, &manifest, why);

    return err ? err : vl_reply_keep(store, number, &manifest, now_s, why);
}

static enum vl_err keep(struct vl_home *home, struct vl_sent *sent, struct vl_letter_row *row,
                        const struct vl_signer *signer, struct outputs *outputs,
                        struct vl_spool **spool, vl_bytes slices, vl_bytes manifest,
                        struct vl_why *why)
{
    const bool manual = outputs->request->manual;
    VL_AUTO(vl_buf_release) struct vl_buf act = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_spool *taken = *spool;
    uint8_t id[VL_HASH_LEN];
    bool is_new = false;
    enum vl_err err = vl_sent_seal(sent, 1, signer, manual, &act, id, why);

    row->has_sealed = true;
    row->leaf_index = sent->leaf_index;
    if (!err) {
        memcpy(row->sealed, id, VL_HASH_LEN);
        err = vl_store_begin(home->store, why);
    }
    if (err)
        return err;
    *spool = NULL;
    err = vl_store_put_letter(home->store, row, taken, &is_new, why);
    if (!err)
        err = vl_sent_keep_act(home->store, signer, vl_buf_bytes(&act), id, sent, 1, why);
    if (!err && slices.len > 0)
        err = vl_pieces_keep_hashes(home->store, row->number, slices, why);
    if (!err && manifest.len > 0)
        err = keep_reply(home->store, row->number, manifest, signer->iat_s, why);
    if (!err)
        err = fill_outputs(home, row->number, outputs, why);
    if (!err)
        err = vl_store_commit(home->store, why);
    vl_store_rollback(home->store);
    return err;
}

/* Everything that is known before the first byte is sealed. */
static enum vl_err fill_plan(struct vl_home *home, const struct vl_write_request *request,
                             struct vl_signer *signer, struct vl_written *written,
                             struct vl_letter_plan *plan, struct vl_why *why)
{
    enum vl_err err =
        vl_addressees_find(home, request->offices, request->office_count, request->open,
                           !request->no_copy, request->now_s, &written->to, why);

    *plan = (struct vl_letter_plan){
        .signer = signer,
        .act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = request->manual},
        .open = request->open,
        .sealing = 1,
        .sealing_of = 1,
        .recipients = written->to.at,
        .recipient_count = written->to.count,
        .has_subject = request->subject != NULL,
        .subject = vl_bytes_str(request->subject),
        .has_date = true,
        .date_s = request->now_s,
        .has_expires = request->has_expires,
        .expires_s = request->expires_s,
        .has_expect_by = request->has_expect_by,
        .expect_by_s = request->expect_by_s,
        .exact = request->exact,
        .workers = request->workers,
        .rng = request->rng,
    };
    if (!err)
        err = vl_home_unlock(home, &request->asker, why);
    if (!err)
        err = vl_home_signer(home, request->now_s, signer, why);
    if (!err && vl_rng_fill(&request->rng, plan->letter_id, sizeof plan->letter_id) != VL_OK)
        err = vl_fail(why, VL_ERR_INTERNAL, "no randomness");
    memcpy(plan->act.card_id, signer->card_id, VL_HASH_LEN);
    return err;
}

static enum vl_err write_one(struct vl_home *home, const struct vl_write_request *request,
                             struct vl_part_list *parts, struct vl_letter_part *planned,
                             struct vl_written *written, struct vl_why *why)
{
    VL_AUTO(drop_outputs)
    struct outputs outputs = {request, VL_OUT_INIT, VL_OUT_INIT};
    struct vl_sent sent = {.waybill = VL_BUF_INIT(VL_WAYBILL_MAX_LEN)};
    struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_spool *spool = NULL;
    struct vl_letter_plan plan;
    struct vl_letter_made made = {.size = 0};
    struct vl_signer signer;
    VL_AUTO(drop_tee)
    struct tee tee = {.out = request->output && !request->dry_run ? &outputs.envelope : NULL,
                      .slicer = VL_SLICER_INIT,
                      .slices = VL_BUF_INIT((size_t)VL_SLICES_ALL * VL_HASH_LEN)};
    VL_AUTO(vl_buf_release) struct vl_buf manifest = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    struct vl_pieces pieces = {.count = 0};
    struct reply reply;
    enum vl_err err = find_reply(home, request, &reply, why);

    if (!err)
        err = add_parts(request, reply.lang[0] ? reply.lang : request->lang, parts, why);
    if (!err)
        err = fill_plan(home, request, &signer, written, &plan, why);
    if (!err)
        err = open_outputs(&outputs, why);
    plan.has_in_reply_to = !err && reply.there;
    memcpy(plan.in_reply_to, reply.number, VL_HASH_LEN);
    plan.manifest = plan.has_in_reply_to ? &manifest : NULL;
    if (!err && !request->dry_run)
        err = vl_spool_new(home->store, &spool, why);
    if (!err) {
        if (spool)
            tee.spool = vl_spool_sink(spool);
        vl_parts_plan(parts, planned);
        plan.parts = planned;
        plan.part_count = parts->count;
        plan.sink = (struct vl_sink){put_both, &tee};
        tee.in_slices =
            vl_parts_bytes(parts) >= (request->pieces_from ? request->pieces_from : VL_PIECES_FROM);
        tee.slicer.leaf = note_slice;
        tee.slicer.self = &tee;
        err = make_envelope(&plan, parts, &request->progress, &made, why);
    }
    if (!err && tee.in_slices)
        err = end_slices(&tee, &pieces, why);
    if (!err)
        err = vl_sent_fill(&plan, &made, tee.in_slices ? &pieces : NULL, request->now_s, &sent,
                           &row, why);
    vl_stop_hold(); /* what a signal says must be true: none of it is there, or all */
    if (!err && !request->dry_run)
        err = keep(home, &sent, &row, &signer, &outputs, &spool, vl_buf_bytes(&tee.slices),
                   vl_buf_bytes(&manifest), why);
    if (!err && !request->dry_run) {
        written->kept = true;
        err = name_outputs(&outputs, why);
    }
    vl_stop_release();
    if (!err || written->kept) {
        memcpy(written->number, made.number, VL_HASH_LEN);
        written->size = made.size;
        written->content_bytes = vl_parts_bytes(parts);
        written->part_count = parts->count;
        written->left_out = parts->left_out;
        written->renamed = parts->renamed;
    }
    vl_spool_free(spool);
    vl_sent_release(&sent);
    return err;
}

enum vl_err vl_write(struct vl_home *home, const struct vl_write_request *request,
                     struct vl_written *written, struct vl_why *why)
{
    struct vl_part_list *parts = vl_new(sizeof *parts);
    struct vl_letter_part *planned = vl_new(VL_MANIFEST_MAX_PARTS * sizeof *planned);
    enum vl_err err = parts && planned ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "out of memory");

    if (!err)
        err = write_one(home, request, parts, planned, written, why);
    if (parts)
        vl_part_list_release(parts);
    vl_free(parts);
    vl_free(planned);
    return err;
}
