/* SPDX-License-Identifier: Apache-2.0 */
/* The bundles of a bag, as they come from the stick. */
#include <string.h>

#include "base/alloc.h"
#include "bundle/reader.h"
#include "office/bag_in.h"
#include "office/id_set.h"

#define PIECE ((size_t)256 << 10)

/* One bundle while it comes. */
struct coming {
    struct vl_bag_taking *work;
    struct vl_bundle_reader *reader;
    struct vl_buf first; /* the payload, until its head is known */
    bool has_head;
    bool ignore;    /* a payload that is of no use here: it goes by */
    bool elsewhere; /* a segment of another bag: evidence in it is for whoever took that */
    struct vl_payload_head head;
    struct vl_buf waybill; /* what the head borrows */
    bool same_destination;
    struct vl_buf evidence; /* or a slice */
    struct vl_spool *spool;
    struct vl_sink sink;
    struct vl_hasher hasher;
};

static void drop_bundle(struct coming *coming)
{
    vl_spool_free(coming->spool);
    coming->spool = NULL;
    vl_hasher_release(&coming->hasher);
    coming->first.len = coming->evidence.len = coming->waybill.len = 0;
    coming->has_head = coming->ignore = false;
}

static void release(struct coming *coming)
{
    drop_bundle(coming);
    vl_buf_release(&coming->first);
    vl_buf_release(&coming->evidence);
    vl_buf_release(&coming->waybill);
    vl_bundle_reader_free(coming->reader);
}

/* Does the bundle go where the waybill says (PROTOCOL 29)? */
static bool goes_there(const struct vl_bundle *bundle, vl_bytes waybill)
{
    struct vl_waybill read;
    char name[VL_OFFICE_TEXT + 4];
    size_t len;

    if (vl_waybill_parse(waybill, &read, NULL) != VL_OK || read.to_count == 0)
        return false;
    name[0] = name[1] = '/';
    (void)vl_office_id_text(&read.to[0], name + 2);
    len = strlen(name);
    name[len] = '/';
    return bundle->destination.scheme == VL_EID_DTN &&
           vl_bytes_eq(bundle->destination.name, vl_bytes_of(name, len + 1));
}

static enum vl_err begin_letter(struct coming *coming, struct vl_why *why)
{
    const struct vl_bundle *bundle = vl_bundle_reader_bundle(coming->reader);
    const struct vl_bag_entry *entry;
    struct vl_waybill waybill;
    enum vl_err err;

    /* The head borrows from `first`, which the next bundle will use. */
    err = vl_buf_put(&coming->waybill, coming->head.waybill);
    if (err)
        return vl_fail(why, err, "no memory for a waybill");
    coming->head.waybill = vl_buf_bytes(&coming->waybill);
    coming->same_destination = goes_there(bundle, coming->head.waybill);
    err = vl_bag_taking_giver(coming->work, why);
    if (err)
        return err;
    if (coming->head.kind == VL_PAYLOAD_SLICE) {
        vl_slice_hasher_begin(&coming->hasher, coming->head.content_len);
        vl_bag_taking_begin_slice(coming->work, &coming->head);
        return VL_OK;
    }
    /* One that is not in the list was not handed, and one that came already is there. */
    entry = vl_waybill_parse(coming->head.waybill, &waybill, NULL) == VL_OK
                ? vl_bag_taking_entry(coming->work, waybill.number)
                : NULL;
    coming->ignore = !entry || entry->answer.taken;
    if (!entry)
        vl_bag_taking_passes(coming->work, &coming->head);
    if (coming->ignore)
        return VL_OK;
    if (!vl_bag_taking_leaves_it(coming->work, &waybill))
        err = vl_spool_new(coming->work->taking->home->store, &coming->spool, why);
    if (err)
        return err;
    if (coming->spool)
        coming->sink = vl_spool_sink(coming->spool);
    vl_hasher_begin_aside(&coming->hasher, coming->head.content_len);
    return VL_OK;
}

/* What is wrong with a part of the bag, and with no other: the first of it is told, and before
 * anything else that the medium fails. */
static void damage(struct vl_bag_taking *work, enum vl_err err, const struct vl_why *why)
{
    const bool failed = err == VL_ERR_IO;

    if (!work->bag->damaged || (failed && !work->bag->failed))
        work->bag->why = *why;
    work->bag->damaged = true;
    work->bag->failed |= failed;
}

/* Evidence that cannot be read, or is sealed to somebody else, says nothing about the letters. */
static enum vl_err pass_over(struct coming *coming, enum vl_err err, const struct vl_why *one,
                             struct vl_why *why)
{
    if (err != VL_ERR_NO_KEY && err != VL_ERR_FORMAT && err != VL_ERR_LIMIT &&
        err != VL_ERR_UNVERIFIED && err != VL_ERR_UNSUPPORTED)
        return vl_fail(why, err, "%s", one->text);
    damage(coming->work, err, one);
    return VL_OK;
}

static enum vl_err put_content(struct coming *coming, vl_bytes bytes, struct vl_why *why)
{
    struct vl_why one = {""};
    enum vl_err err;

    if (coming->ignore || bytes.len == 0)
        return VL_OK;
    if (coming->head.kind == VL_PAYLOAD_SLICE) {
        vl_hasher_put(&coming->hasher, bytes);
        vl_bag_taking_slice_bytes(coming->work, bytes);
    }
    if (coming->head.kind != VL_PAYLOAD_LETTER) {
        err = vl_buf_put(&coming->evidence, bytes);
        coming->ignore = err;
        return err ? pass_over(coming, vl_fail(&one, err, "more than an evidence file may have"),
                               &one, why)
                   : VL_OK;
    }
    vl_hasher_put(&coming->hasher, bytes);
    return coming->spool ? coming->sink.put(coming->sink.self, bytes, why) : VL_OK;
}

/* Enough of the payload to know what it is? */
static enum vl_err look_at_head(struct coming *coming, struct vl_why *why)
{
    const struct vl_bundle *bundle = vl_bundle_reader_bundle(coming->reader);
    size_t head_len = 0;
    enum vl_err err;

    if (coming->first.len < bundle->payload_len && coming->first.len < VL_PAYLOAD_MAX_HEAD)
        return VL_OK;
    coming->has_head = true;
    err = vl_payload_head_parse(vl_buf_bytes(&coming->first), bundle->payload_len, &coming->head,
                                &head_len, NULL);
    if (err == VL_ERR_NO_MEMORY)
        return vl_fail(why, err, "no memory to read a bundle");
    coming->ignore = err || coming->head.kind == VL_PAYLOAD_NONE ||
                     coming->head.kind == VL_PAYLOAD_ABSENT ||
                     (coming->elsewhere && coming->head.kind == VL_PAYLOAD_EVIDENCE);
    if (coming->ignore)
        return VL_OK;
    if (coming->head.kind != VL_PAYLOAD_EVIDENCE) {
        err = begin_letter(coming, why);
        if (err)
            return err;
    }
    return put_content(coming, vl_bytes_after(vl_buf_bytes(&coming->first), head_len), why);
}

static enum vl_err take_piece(struct coming *coming, vl_bytes piece, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (coming->has_head)
        return put_content(coming, piece, why);
    while (!err && piece.len > 0 && !coming->has_head) {
        const vl_bytes part = vl_bytes_first(piece, VL_PAYLOAD_MAX_HEAD - coming->first.len);

        err = vl_buf_put(&coming->first, part);
        piece = vl_bytes_after(piece, part.len);
        if (!err)
            err = look_at_head(coming, why);
    }
    return err ? err : put_content(coming, piece, why);
}

static enum vl_err end_bundle(struct coming *coming, struct vl_why *why)
{
    struct vl_spool *spool = coming->spool;
    uint8_t hash[VL_HASH_LEN]; /* the number of a letter, the leaf of a slice */
    struct vl_why one = {""};
    enum vl_err err = VL_OK;

    if (!coming->has_head || coming->ignore)
        return VL_OK;
    if (coming->head.kind == VL_PAYLOAD_EVIDENCE) {
        err = vl_bag_taking_evidence(coming->work, vl_buf_bytes(&coming->evidence), &one);
        return err ? pass_over(coming, err, &one, why) : VL_OK;
    }
    err = vl_hasher_end(&coming->hasher, hash);
    if (err)
        return vl_fail(why, err, "the hash of what came");
    if (coming->head.kind == VL_PAYLOAD_SLICE)
        return vl_bag_taking_slice(coming->work, &coming->head, vl_buf_bytes(&coming->evidence),
                                   hash, coming->same_destination, why);
    coming->spool = NULL;
    return vl_bag_taking_letter(coming->work, &coming->head, hash, coming->same_destination, spool,
                                why);
}

static enum vl_err take_bytes(struct coming *coming, vl_bytes bytes, bool *broken,
                              struct vl_why *why)
{
    struct vl_stick_taking *taking = coming->work->taking;
    struct vl_why altered = {""};
    enum vl_err err = VL_OK;

    vl_bundle_reader_feed(coming->reader, bytes);
    while (!err) {
        vl_bytes piece;

        switch (vl_bundle_reader_next(coming->reader, &piece)) {
        case VL_BUNDLE_WANTS_BYTES:
            return VL_OK;
        case VL_BUNDLE_HEAD:
            drop_bundle(coming);
            break;
        case VL_BUNDLE_PIECE:
            err = take_piece(coming, piece, why);
            break;
        case VL_BUNDLE_ALTERED:
            /* Its number says whether it is the letter all the same. */
            if (vl_bundle_reader_why(coming->reader, &altered) != VL_OK)
                damage(coming->work, VL_ERR_UNVERIFIED, &altered);
            err = end_bundle(coming, why);
            drop_bundle(coming);
            break;
        case VL_BUNDLE_ENDS:
            err = end_bundle(coming, why);
            drop_bundle(coming);
            if (!err && taking->request->stop && taking->request->stop(taking->request->stop_self))
                err = vl_fail(why, VL_ERR_INTERRUPTED, "stopped between two letters");
            break;
        case VL_BUNDLE_BROKEN:
        default:
            *broken = true;
            return VL_OK;
        }
    }
    return err;
}

static void tell(struct vl_stick_taking *taking, size_t got)
{
    const struct vl_progress *progress = &taking->request->progress;

    taking->done_bytes += got;
    if (progress->moved)
        progress->moved(progress->self, taking->done_bytes, taking->total_bytes);
}

/* One segment; a part of it that cannot be read does not keep the rest from being taken. */
static enum vl_err read_segment(struct vl_bag_taking *work, struct vl_bag *bag, bool elsewhere,
                                const struct vl_bag_segment *said, struct vl_buf *room,
                                struct vl_why *why)
{
    struct coming coming = {.work = work,
                            .elsewhere = elsewhere,
                            .reader = vl_bundle_reader_new(VL_BUNDLE_PAST_PAYLOAD),
                            .first = VL_BUF_INIT(VL_PAYLOAD_MAX_HEAD),
                            .waybill = VL_BUF_INIT(VL_WAYBILL_MAX_LEN),
                            .evidence = VL_BUF_INIT(2 * VL_EVIDENCE_MAX_LEN)};
    struct vl_bag_in *in = NULL;
    struct vl_why wrong = {""};
    bool broken = false;
    size_t got = 1;
    enum vl_err err = coming.reader ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read");
    enum vl_err stick_err = err ? VL_OK : vl_bag_in_open(bag, said, &in, &wrong);

    while (!err && !stick_err && !broken) {
        stick_err = vl_bag_in_read(in, (vl_room){room->data, PIECE}, &got, &wrong);
        if (stick_err || got == 0)
            break;
        tell(work->taking, got);
        err = take_bytes(&coming, vl_bytes_of(room->data, got), &broken, why);
    }
    if (!err && !stick_err && !broken && vl_bundle_reader_end(coming.reader, NULL) != VL_OK)
        broken = true;
    if (broken)
        stick_err = vl_bundle_reader_why(coming.reader, &wrong);
    if (stick_err)
        damage(work, stick_err, &wrong);
    vl_bag_in_close(in);
    release(&coming);
    if (!err && stick_err == VL_ERR_NO_MEMORY)
        err = vl_fail(why, stick_err, "%s", wrong.text);
    return err;
}

/* One that lies in another bag of this stick. */
static enum vl_err read_elsewhere(struct vl_bag_taking *work, const uint8_t *id,
                                  const struct vl_bag_segment *said, struct vl_buf *room,
                                  struct vl_why *why)
{
    struct vl_bag *bag = NULL;
    struct vl_why wrong = {""};
    enum vl_err err = vl_bag_open(work->taking->stick, id, &bag, &wrong);

    if (err == VL_ERR_NO_MEMORY)
        return vl_fail(why, err, "%s", wrong.text);
    if (err) {
        (void)vl_fail_in(&wrong, err, "the bag in which its letters lie");
        damage(work, err, &wrong);
        return VL_OK;
    }
    err = read_segment(work, bag, true, said, room, why);
    vl_bag_close(bag);
    return err;
}

/* Each file once: nobody should read the same gigabyte a thousand times. */
static enum vl_err note_segment(struct vl_id_set *segments, const struct vl_handed_segment *said,
                                unsigned number, struct vl_why *why)
{
    uint8_t key[VL_HASH_LEN] = {0};
    bool is_new = false;
    enum vl_err err;

    if (number == 0)
        return vl_fail(why, VL_ERR_FORMAT, "a segment of a name that none has");
    if (said->elsewhere)
        memcpy(key, said->bag, VL_NONCE_LEN);
    key[VL_NONCE_LEN] = said->elsewhere;
    for (size_t i = 0; i < 4; i++)
        key[VL_NONCE_LEN + 1 + i] = (uint8_t)(number >> 8 * i);
    err = vl_id_set_add(segments, key, &is_new);
    if (err)
        return vl_fail(why, err, "no memory for a list of segments");
    return is_new ? VL_OK : vl_fail(why, VL_ERR_FORMAT, "a segment that is named twice");
}

enum vl_err vl_bag_taking_read(struct vl_bag_taking *work, struct vl_bag *bag, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf room = VL_BUF_INIT(PIECE);
    struct vl_id_set segments = VL_ID_SET_INIT;
    struct vl_cbor walk = vl_handed_segments_walk(&work->transferred);
    struct vl_handed_segment said;
    uint8_t *at;
    enum vl_err err = vl_buf_add(&room, PIECE, &at);

    if (err)
        return vl_fail(why, err, "no memory to read a bag");
    while (!err && vl_handed_segments_next(&walk, &said)) {
        struct vl_bag_segment segment = {.number = vl_bag_segment_number(said.name),
                                         .length = said.length};

        err = note_segment(&segments, &said, segment.number, why);
        if (err)
            break;
        memcpy(segment.sha256, said.hash, VL_HASH_LEN);
        err = said.elsewhere ? read_elsewhere(work, said.bag, &segment, &room, why)
                             : read_segment(work, bag, false, &segment, &room, why);
    }
    vl_id_set_release(&segments);
    return err;
}
