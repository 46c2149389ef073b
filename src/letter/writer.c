/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "letter/core.h"
#include "letter/letter.h"
#include "letter/pax.h"

/* What an open letter is collected in, and the most that is hashed before it goes on. */
#define PIECE ((size_t)64 << 10)
/* What an envelope has besides the archive, roughly: it only picks a library. */
#define AROUND 4096

struct vl_letter_writer {
    const struct vl_letter_plan *plan;
    struct vl_sealer *sealer; /* NULL: an open letter */
    struct vl_hasher number;  /* with size, of what left; touched where the sink is called */
    uint64_t size;
    uint64_t archive_len; /* so far */
    /* The letter as far as it is known. */
    struct vl_manifest manifest;
    struct vl_manifest_reader readers[VL_MANIFEST_MAX_READERS];
    uint8_t openings[VL_MANIFEST_MAX_ADDRESSEES][VL_HASH_LEN];
    size_t manifest_len;
    size_t part;   /* where we are */
    uint64_t left; /* of its content */
    struct vl_hasher content;
    struct vl_buf header;
    uint8_t *own_room; /* of an open letter */
    vl_room room;      /* as it was given last */
    bool finished;
    enum vl_err err; /* told again by every later call */
    struct vl_why why;
};

static enum vl_err latch(struct vl_letter_writer *writer, enum vl_err err, struct vl_why *why)
{
    if (!writer->err && err) {
        writer->err = err;
        if (why)
            writer->why = *why;
    } else if (writer->err && why) {
        *why = writer->why;
    }
    return writer->err;
}

/* The envelope leaves here, in order, perhaps on another thread. */
static enum vl_err leave(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct vl_letter_writer *writer = self;

    vl_hasher_put(&writer->number, bytes);
    writer->size += bytes.len;
    return writer->plan->sink.put(writer->plan->sink.self, bytes, why);
}

/* More of the archive. */
static enum vl_err emit(struct vl_letter_writer *writer, vl_bytes bytes, struct vl_why *why)
{
    writer->archive_len += bytes.len;
    return writer->sealer ? vl_sealer_write(writer->sealer, bytes, why) : leave(writer, bytes, why);
}

static enum vl_err emit_zeroes(struct vl_letter_writer *writer, uint64_t len, struct vl_why *why)
{
    static const uint8_t zeroes[4096];
    enum vl_err err = VL_OK;

    while (len > 0 && !err) {
        size_t now = len < sizeof zeroes ? (size_t)len : sizeof zeroes;

        err = emit(writer, vl_bytes_of(zeroes, now), why);
        len -= now;
    }
    return err;
}

static enum vl_err emit_header(struct vl_letter_writer *writer, vl_bytes name, uint64_t size,
                               struct vl_why *why)
{
    enum vl_err err;

    writer->header.len = 0;
    err = vl_pax_header(name, size, &writer->header);
    return err ? vl_fail(why, err, "no memory for a header")
               : emit(writer, vl_buf_bytes(&writer->header), why);
}

static bool is_at_end(const struct vl_letter_writer *writer)
{
    return writer->part == writer->manifest.part_count;
}

static enum vl_err begin_part(struct vl_letter_writer *writer, struct vl_why *why)
{
    const struct vl_manifest_part *part;

    if (is_at_end(writer))
        return VL_OK;
    part = &writer->manifest.parts[writer->part];
    writer->left = part->size;
    vl_hasher_begin(&writer->content, part->size);
    return emit_header(writer, part->name, part->size, why);
}

/* Go on to the part that the next byte belongs to: empty ones are passed without one. */
static enum vl_err settle(struct vl_letter_writer *writer, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    while (!err && !is_at_end(writer) && writer->left == 0) {
        struct vl_manifest_part *part = &writer->manifest.parts[writer->part];

        err = vl_hasher_end(&writer->content, part->sha256);
        if (err)
            return vl_fail(why, err, "the hash of part %zu failed", writer->part + 1);
        err = emit_zeroes(writer, vl_pax_fill(part->size), why);
        writer->part++;
        if (!err)
            err = begin_part(writer, why);
    }
    return err;
}

static void take_fields(struct vl_letter_writer *writer)
{
    const struct vl_letter_plan *plan = writer->plan;
    struct vl_manifest *manifest = &writer->manifest;

    manifest->act = plan->act;
    manifest->mode = plan->open ? VL_CORE_OPEN : VL_CORE_SEALED;
    memcpy(manifest->letter_id, plan->letter_id, VL_LETTER_ID_LEN);
    manifest->sealing = plan->sealing;
    manifest->sealing_of = plan->sealing_of;
    manifest->has_sealing_commitment = !plan->open;
    manifest->padded = !plan->open && !plan->exact;
    manifest->has_subject = plan->has_subject;
    manifest->subject = plan->subject;
    manifest->has_date = plan->has_date;
    manifest->date_s = plan->date_s;
    manifest->has_in_reply_to = plan->has_in_reply_to;
    memcpy(manifest->in_reply_to, plan->in_reply_to, VL_HASH_LEN);
    manifest->has_expires = plan->has_expires;
    manifest->expires_s = plan->expires_s;
    manifest->has_expect_by = plan->has_expect_by;
    manifest->expect_by_s = plan->expect_by_s;
}

static enum vl_err take_readers(struct vl_letter_writer *writer, struct vl_why *why)
{
    const struct vl_letter_plan *plan = writer->plan;
    struct vl_manifest *manifest = &writer->manifest;

    if (plan->recipient_count > VL_MANIFEST_MAX_READERS)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d recipients", VL_MANIFEST_MAX_READERS);
    manifest->to = writer->readers;
    for (size_t i = 0; i < plan->recipient_count; i++) {
        const struct vl_letter_recipient *recipient = &plan->recipients[i];
        struct vl_manifest_reader *reader = &writer->readers[manifest->to_count];

        if (plan->open && recipient->is_own_copy)
            continue; /* nobody needs a copy of what anybody may read */
        reader->office = recipient->office;
        reader->is_own_copy = recipient->is_own_copy;
        if (!plan->open) {
            reader->kind = VL_LITERAL("x25519");
            reader->key = VL_ARRAY(recipient->key.x25519);
        }
        manifest->to_count++;
    }
    manifest->openings = writer->openings;
    manifest->opening_count = plan->open ? 0 : vl_manifest_addressees(manifest);
    return manifest->opening_count > VL_MANIFEST_MAX_ADDRESSEES
               ? vl_fail(why, VL_ERR_LIMIT, "more than %d addressees", VL_MANIFEST_MAX_ADDRESSEES)
               : VL_OK;
}

static enum vl_err take_parts(struct vl_letter_writer *writer, struct vl_why *why)
{
    const struct vl_letter_plan *plan = writer->plan;
    struct vl_manifest *manifest = &writer->manifest;
    uint64_t total = 0;

    if (plan->part_count > VL_MANIFEST_MAX_PARTS)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d parts", VL_MANIFEST_MAX_PARTS);
    manifest->parts = vl_new(plan->part_count * sizeof *manifest->parts);
    manifest->part_salts = vl_new(plan->part_count * sizeof *manifest->part_salts);
    if (!manifest->parts || !manifest->part_salts)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for %zu parts", plan->part_count);
    manifest->part_count = plan->part_count;
    for (size_t i = 0; i < plan->part_count; i++) {
        const struct vl_letter_part *part = &plan->parts[i];

        if (part->size > VL_PAX_SIZE_MAX - total)
            return vl_fail(why, VL_ERR_LIMIT, "parts of more than 2^62 bytes in all");
        total += part->size;
        manifest->parts[i].name = part->name;
        manifest->parts[i].type = part->type;
        manifest->parts[i].lang = part->lang;
        manifest->parts[i].size = part->size;
    }
    vl_hasher_begin(&writer->number, total + AROUND);
    return VL_OK;
}

/* Everything random of the letter itself; the envelope's own comes after. */
static enum vl_err draw(struct vl_letter_writer *writer, struct vl_why *why)
{
    const struct vl_rng *rng = &writer->plan->rng;
    struct vl_manifest *manifest = &writer->manifest;
    enum vl_err err = vl_rng_fill(rng, manifest->field_salts[0], sizeof manifest->field_salts);

    if (!err && manifest->part_count > 0)
        err = vl_rng_fill(rng, manifest->part_salts[0], manifest->part_count * VL_MANIFEST_SALT);
    if (!err && manifest->opening_count > 0)
        err = vl_rng_fill(rng, manifest->openings[0], manifest->opening_count * VL_HASH_LEN);
    return err ? vl_fail(why, err, "no randomness") : VL_OK;
}

/* The envelope begins, and the letter says from now on which one is its own (PROTOCOL 10). */
static enum vl_err begin_envelope(struct vl_letter_writer *writer, struct vl_why *why)
{
    const struct vl_letter_plan *plan = writer->plan;
    struct vl_age_recipient keys[VL_MANIFEST_MAX_READERS];
    const struct vl_age_recipients recipients = {keys, plan->recipient_count,
                                                 plan->recipient_count};
    const struct vl_seal_plan seal = {.recipients = &recipients,
                                      .workers = plan->workers,
                                      .rng = plan->rng,
                                      .sink = {leave, writer}};
    enum vl_err err;

    if (plan->open)
        return VL_OK;
    for (size_t i = 0; i < plan->recipient_count; i++)
        keys[i] = plan->recipients[i].key;
    err = vl_sealer_new(&seal, &writer->sealer, why);
    if (!err)
        vl_sha256(vl_sealer_head(writer->sealer), writer->manifest.sealing_commitment);
    return err;
}

static enum vl_err begin(struct vl_letter_writer *writer, struct vl_why *why)
{
    enum vl_err err;

    take_fields(writer);
    err = take_readers(writer, why);
    if (!err)
        err = take_parts(writer, why);
    if (!err)
        err = draw(writer, why);
    /* This refuses whatever would be refused in the end, before anything leaves. */
    if (!err)
        err = vl_manifest_len(writer->plan->signer, &writer->manifest, &writer->manifest_len, why);
    if (!err)
        err = begin_envelope(writer, why);
    if (!err)
        err = begin_part(writer, why);
    return err ? err : settle(writer, why);
}

enum vl_err vl_letter_writer_new(const struct vl_letter_plan *plan, struct vl_letter_writer **out,
                                 struct vl_why *why)
{
    struct vl_letter_writer *writer = vl_new(sizeof *writer);
    enum vl_err err;

    *out = NULL;
    if (!writer)
        return vl_fail(why, VL_ERR_NO_MEMORY, "letter: no memory to write it");
    writer->plan = plan;
    writer->header = VL_BUF_INIT(VL_PAX_HEADER_MAX);
    err = begin(writer, why);
    if (err) {
        vl_letter_writer_free(writer);
        return vl_fail_in(why, err, "letter");
    }
    *out = writer;
    return VL_OK;
}

void vl_letter_writer_free(struct vl_letter_writer *writer)
{
    if (!writer)
        return;
    vl_sealer_free(writer->sealer); /* first: until then its sink may be called */
    vl_hasher_release(&writer->number);
    vl_hasher_release(&writer->content);
    vl_buf_release(&writer->header);
    vl_free(writer->manifest.parts);
    vl_free(writer->manifest.part_salts);
    if (writer->own_room)
        vl_wipe(writer->own_room, PIECE);
    vl_free(writer->own_room);
    vl_wipe(writer, sizeof *writer);
    vl_free(writer);
}

static vl_room find_room(struct vl_letter_writer *writer)
{
    if (writer->sealer)
        return vl_sealer_room(writer->sealer);
    if (!writer->own_room)
        writer->own_room = vl_new(PIECE);
    return (vl_room){writer->own_room, writer->own_room ? PIECE : 0};
}

vl_room vl_letter_writer_room(struct vl_letter_writer *writer)
{
    writer->room = (vl_room){NULL, 0};
    if (!writer->err && !writer->finished && !is_at_end(writer)) {
        writer->room = find_room(writer);
        if (writer->room.len > writer->left)
            writer->room.len = (size_t)writer->left;
    }
    return writer->room;
}

static enum vl_err take_fed(struct vl_letter_writer *writer, size_t len, struct vl_why *why)
{
    vl_bytes bytes = vl_bytes_of(writer->room.ptr, len);
    enum vl_err err;

    vl_hasher_put(&writer->content, bytes);
    writer->left -= len;
    writer->archive_len += len;
    writer->room = (vl_room){NULL, 0};
    err = writer->sealer ? vl_sealer_fed(writer->sealer, len, why) : leave(writer, bytes, why);
    return err ? err : settle(writer, why);
}

/* Nothing came: that is how a caller learns why there was no room. */
static enum vl_err why_no_room(struct vl_letter_writer *writer, struct vl_why *why)
{
    if (writer->sealer)
        return vl_sealer_fed(writer->sealer, 0, why);
    return is_at_end(writer) || find_room(writer).len > 0
               ? VL_OK
               : vl_fail(why, VL_ERR_NO_MEMORY, "letter: no memory to write it");
}

enum vl_err vl_letter_writer_fed(struct vl_letter_writer *writer, size_t len, struct vl_why *why)
{
    enum vl_err err;

    if (writer->err)
        return latch(writer, VL_OK, why);
    if (len > writer->room.len)
        err = vl_fail(why, VL_ERR_USAGE, "letter: more came than there was room for");
    else
        err = len > 0 ? take_fed(writer, len, why) : why_no_room(writer, why);
    return latch(writer, err, why);
}

static enum vl_err take_elsewhere(struct vl_letter_writer *writer, vl_bytes content,
                                  struct vl_why *why)
{
    enum vl_err err = VL_OK;

    while (!err && content.len > 0) {
        size_t most = writer->left < PIECE ? (size_t)writer->left : PIECE;
        vl_bytes piece = vl_bytes_first(content, most);

        if (is_at_end(writer) || writer->finished)
            return vl_fail(why, VL_ERR_USAGE, "letter: more content than its parts have");
        vl_hasher_put(&writer->content, piece);
        writer->left -= piece.len;
        err = emit(writer, piece, why);
        if (!err)
            err = settle(writer, why);
        content = vl_bytes_after(content, piece.len);
    }
    return err;
}

enum vl_err vl_letter_writer_write(struct vl_letter_writer *writer, vl_bytes content,
                                   struct vl_why *why)
{
    return latch(writer, writer->err ? VL_OK : take_elsewhere(writer, content, why), why);
}

/* The manifest, the end, and zeroes up to a length that many letters have. */
static enum vl_err emit_manifest(struct vl_letter_writer *writer, struct vl_letter_made *made,
                                 struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    enum vl_err err =
        vl_manifest_write(writer->plan->signer, &writer->manifest, &wire, made->core_id, why);

    if (!err && wire.len != writer->manifest_len)
        err = vl_fail(why, VL_ERR_INTERNAL, "a manifest of another length than was foreseen");
    if (!err)
        err = emit_header(writer, VL_LITERAL(VL_MANIFEST_NAME), wire.len, why);
    if (!err)
        err = emit(writer, vl_buf_bytes(&wire), why);
    if (!err && writer->plan->manifest && vl_buf_put(writer->plan->manifest, vl_buf_bytes(&wire)))
        err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the manifest");
    if (!err)
        err = emit_zeroes(writer, vl_pax_fill(wire.len) + VL_PAX_END, why);
    if (!err && writer->manifest.padded)
        err = emit_zeroes(writer, vl_pax_padded(writer->archive_len) - writer->archive_len, why);
    return err;
}

static enum vl_err finish(struct vl_letter_writer *writer, struct vl_letter_made *made,
                          struct vl_why *why)
{
    enum vl_err err;

    if (writer->finished)
        return vl_fail(why, VL_ERR_INTERNAL, "written to its end already");
    if (!is_at_end(writer))
        return vl_fail(why, VL_ERR_USAGE, "part %zu lacks %llu bytes", writer->part + 1,
                       (unsigned long long)writer->left);
    writer->finished = true;
    err = emit_manifest(writer, made, why);
    if (!err && writer->sealer)
        err = vl_sealer_finish(writer->sealer, why);
    if (err)
        return err;
    if (vl_hasher_end(&writer->number, made->number))
        return vl_fail(why, VL_ERR_INTERNAL, "the hash of the envelope failed");
    made->size = writer->size;
    made->opening_count = writer->manifest.opening_count;
    for (size_t i = 0; i < made->opening_count; i++)
        vl_sha256(VL_ARRAY(writer->openings[i]), made->openings[i]);
    return VL_OK;
}

enum vl_err vl_letter_writer_finish(struct vl_letter_writer *writer, struct vl_letter_made *made,
                                    struct vl_why *why)
{
    enum vl_err err;

    *made = (struct vl_letter_made){.size = 0};
    if (writer->err)
        return latch(writer, VL_OK, why);
    err = finish(writer, made, why);
    if (err) {
        *made = (struct vl_letter_made){.size = 0};
        err = vl_fail_in(why, err, "letter");
    }
    return latch(writer, err, why);
}
