/* SPDX-License-Identifier: Apache-2.0 */
#include "office/bag_out.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/time.h"
#include "bundle/bundle.h"
#include "crypto/hash.h"

#define PIECE VL_BAG_OUT_ROOM
/* Behind the payload: its CRC, and the end of the bundle. */
#define TAIL_LEN 6
#define YEAR_MS  ((uint64_t)366 * 86400 * 1000)
#define HOPS_MAX 255

/* --- evidence --------------------------------------------------------------------------------- */

void vl_sealed_files_release(struct vl_sealed_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        vl_buf_release(&files->at[i]);
    vl_free(files->at);
    *files = (struct vl_sealed_files)VL_SEALED_FILES_INIT;
}

enum vl_err vl_office_sealing_key(struct vl_home *home, const struct vl_office_id *office,
                                  struct vl_age_recipient *key, struct vl_why *why)
{
    const struct vl_chain *chain = vl_home_chain(home, office);
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    const struct vl_card *card;
    enum vl_err err;

    if (!chain)
        return vl_home_no_chain(home, vl_fail(why, VL_ERR_NOT_FOUND, "no card of it is here"), why);
    err = vl_store_office(home->store, office->at, &row, why);
    if (err)
        return err;
    if (row.forked || chain->links[chain->count - 1].key_revoked)
        return vl_fail(why, VL_ERR_REFUSED, "its card is forked or revoked");
    card = vl_chain_newest(chain);
    for (size_t i = 0; i < card->sealing_count; i++)
        if (vl_bytes_eq(card->sealing[i].kind, VL_LITERAL(VL_CARD_SEALING_X25519)) &&
            card->sealing[i].key.len == VL_X25519_LEN) {
            memcpy(key->x25519, card->sealing[i].key.ptr, VL_X25519_LEN);
            return VL_OK;
        }
    return vl_fail(why, VL_ERR_UNSUPPORTED, "its card has no key that can be sealed to here");
}

static enum vl_err put_to_buf(void *self, vl_bytes bytes, struct vl_why *why)
{
    enum vl_err err = vl_buf_put(self, bytes);

    return err ? vl_fail(why, err, "no memory for a sealed file") : VL_OK;
}

enum vl_err vl_sealed_files_add(struct vl_sealed_files *files,
                                const struct vl_age_recipients *recipients,
                                const struct vl_rng *rng, vl_bytes file, struct vl_why *why)
{
    struct vl_buf sealed = VL_BUF_INIT(2 * VL_EVIDENCE_MAX_LEN);
    const struct vl_seal_plan plan = {.recipients = recipients,
                                      .rng = *rng,
                                      .sink = {put_to_buf, &sealed}};
    struct vl_sealer *sealer = NULL;
    enum vl_err err = VL_OK;

    if (files->count == files->cap) {
        const size_t cap = files->cap ? 2 * files->cap : 8;
        void *block = files->at;

        err = vl_grow(&block, files->cap * sizeof *files->at, cap * sizeof *files->at);
        if (err)
            return vl_fail(why, err, "no memory for evidence");
        files->at = block;
        files->cap = cap;
    }
    err = vl_sealer_new(&plan, &sealer, why);
    if (!err)
        err = vl_sealer_write(sealer, file, why);
    if (!err)
        err = vl_sealer_finish(sealer, why);
    vl_sealer_free(sealer);
    if (err) {
        vl_buf_release(&sealed);
        return err;
    }
    files->bytes += sealed.len;
    files->at[files->count++] = sealed;
    return VL_OK;
}

/* --- bundles ---------------------------------------------------------------------------------- */

static enum vl_err put_node(struct vl_buf *out, const struct vl_office_id *office)
{
    char address[VL_OFFICE_TEXT];
    enum vl_err err;

    out->len = 0;
    err = vl_buf_put(out, VL_LITERAL("//"));
    if (!err)
        err = vl_buf_put(out, vl_bytes_str(vl_office_id_text(office, address)));
    return err ? err : vl_buf_put(out, VL_LITERAL("/"));
}

enum vl_err vl_bag_out_begin(struct vl_bag_out *out, struct vl_home *home,
                             struct vl_bag_writer *writer, const struct vl_rng *rng, int64_t now_s,
                             struct vl_why *why)
{
    const int64_t day = vl_time_day(now_s) - VL_DTN_EPOCH_S;
    uint32_t random;
    enum vl_err err;

    *out = (struct vl_bag_out){.home = home,
                               .writer = writer,
                               .source = VL_BUF_INIT(VL_EID_MAX_LEN),
                               .room = VL_BUF_INIT(PIECE + VL_BUNDLE_MAX_HEAD)};
    /* PROTOCOL 23: no finer than the day, and no counter over an office's life. */
    out->created_ms = day > 0 ? (uint64_t)day * 1000 : 1;
    if (vl_rng_fill(rng, (uint8_t *)&random, sizeof random) != VL_OK)
        return vl_fail(why, VL_ERR_INTERNAL, "no randomness");
    out->sequence = (uint64_t)random << 24;
    err = put_node(&out->source, &home->own);
    return err ? vl_fail(why, err, "no memory for a bundle") : VL_OK;
}

void vl_bag_out_release(struct vl_bag_out *out)
{
    vl_path_cache_release(&out->paths);
    vl_buf_release(&out->source);
    vl_buf_release(&out->room);
}

static enum vl_err put_to_bag(void *self, vl_bytes bytes, struct vl_why *why)
{
    return vl_bag_put(self, bytes, why);
}

/* Everything of a bundle before its payload, and how long the whole is. */
static enum vl_err begin_bundle(struct vl_bag_out *out, const struct vl_office_id *destination,
                                uint64_t payload_len, struct vl_bundle_writer *writer,
                                struct vl_why *why)
{
    static const uint8_t no_hops[] = {0x82, 0x18, HOPS_MAX, 0x00};
    VL_AUTO(vl_buf_release) struct vl_buf node = VL_BUF_INIT(VL_EID_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf head = VL_BUF_INIT(VL_BUNDLE_MAX_HEAD);
    struct vl_bundle *bundle = vl_new(sizeof *bundle);
    enum vl_err err = bundle ? VL_OK : VL_ERR_NO_MEMORY;

    if (!err && destination)
        err = put_node(&node, destination);
    if (err) {
        vl_free(bundle);
        return vl_fail(why, err, "no memory for a bundle");
    }
    vl_bundle_begin(bundle, VL_CRC_32C, VL_BYTES_NONE);
    bundle->flags = VL_BUNDLE_NOT_SPLIT;
    bundle->source = (struct vl_eid){.scheme = VL_EID_DTN, .name = vl_buf_bytes(&out->source)};
    bundle->destination = destination
                              ? (struct vl_eid){.scheme = VL_EID_DTN, .name = vl_buf_bytes(&node)}
                              : bundle->source;
    bundle->created_ms = out->created_ms;
    bundle->sequence = out->sequence++;
    bundle->lifetime_ms = 10 * YEAR_MS; /* a hint: the waybill governs (PROTOCOL 29) */
    bundle->payload_len = payload_len;
    err = vl_bundle_add(bundle, VL_BLOCK_HOP_COUNT, 0, VL_CRC_32C, VL_ARRAY(no_hops));
    if (!err)
        err = vl_bundle_writer_begin(writer, bundle, (struct vl_sink){put_to_buf, &head}, why);
    vl_free(bundle);
    if (!err)
        err = vl_bag_begin_item(out->writer, head.len + payload_len + TAIL_LEN, NULL, NULL, why);
    if (!err)
        err = vl_bag_put(out->writer, vl_buf_bytes(&head), why);
    writer->sink = (struct vl_sink){put_to_bag, out->writer};
    out->bundle_count++;
    return err;
}

enum vl_err vl_bag_out_evidence(struct vl_bag_out *out, const struct vl_office_id *destination,
                                vl_bytes sealed, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf head = VL_BUF_INIT(VL_PAYLOAD_MAX_HEAD);
    struct vl_payload_head payload = {.kind = VL_PAYLOAD_EVIDENCE,
                                      .has_destination = destination != NULL,
                                      .content_len = sealed.len};
    struct vl_bundle_writer writer;
    enum vl_err err;

    if (destination)
        payload.destination = *destination;
    err = vl_payload_head_write(&payload, &head, why);
    if (!err)
        err = begin_bundle(out, destination, head.len + sealed.len, &writer, why);
    if (!err)
        err = vl_bundle_writer_put(&writer, vl_buf_bytes(&head), why);
    if (!err)
        err = vl_bundle_writer_put(&writer, sealed, why);
    return err ? err : vl_bundle_writer_end(&writer, why);
}

/* The envelope, hashed on its way: what leaves is what the number says.  Where there is no writer
 * it is only looked at. */
static enum vl_err put_envelope(struct vl_store *store, const struct vl_bag_letter *letter,
                                struct vl_buf *room, struct vl_bundle_writer *writer,
                                struct vl_why *why)
{
    struct vl_envelope *envelope = NULL;
    VL_AUTO(vl_hasher_release) struct vl_hasher hasher = {.failed = false};
    uint8_t number[VL_HASH_LEN];
    uint8_t *at = NULL;
    size_t got = 1;
    enum vl_err err = vl_store_envelope(store, letter->number, &envelope, why);

    if (!err) {
        room->len = 0;
        err = vl_buf_add(room, PIECE, &at);
    }
    vl_hasher_begin_aside(&hasher, letter->size);
    while (!err && got > 0) {
        err = vl_envelope_read(envelope, (vl_room){at, PIECE}, &got, why);
        if (err || got == 0)
            break;
        vl_hasher_put(&hasher, vl_bytes_of(at, got));
        if (writer)
            err = vl_bundle_writer_put(writer, vl_bytes_of(at, got), why);
    }
    vl_envelope_free(envelope);
    if (!err)
        err = vl_hasher_end(&hasher, number);
    if (!err && memcmp(number, letter->number, VL_HASH_LEN) != 0)
        err = vl_fail(why, VL_ERR_UNVERIFIED, "the store holds other bytes than it should");
    return err;
}

enum vl_err vl_bag_out_check(struct vl_home *home, const struct vl_bag_letter *letter,
                             struct vl_buf *room, struct vl_why *why)
{
    return put_envelope(home->store, letter, room, NULL, why);
}

static enum vl_err fill_payload(struct vl_bag_out *out, const struct vl_bag_letter *letter,
                                const struct vl_letter_row *row, struct vl_payload_head *payload,
                                struct vl_why *why)
{
    *payload = (struct vl_payload_head){.kind = VL_PAYLOAD_LETTER,
                                        .waybill = row->waybill,
                                        .content_len = row->size,
                                        .vouched = {.is_there = row->has_sealed,
                                                    .index = row->leaf_index}};
    memcpy(payload->vouched.sealed, row->sealed, VL_HASH_LEN);
    if (!row->has_sealed || letter->whole_batch)
        return VL_OK;
    return vl_letter_path(out->home->store, row, &out->paths, &payload->vouched.path, why);
}

enum vl_err vl_bag_out_letter(struct vl_bag_out *out, const struct vl_bag_letter *letter,
                              struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf head = VL_BUF_INIT(VL_PAYLOAD_MAX_HEAD);
    struct vl_payload_head payload;
    struct vl_bundle_writer writer;
    struct vl_office_id to;
    enum vl_err err = vl_store_letter(out->home->store, letter->number, &row, why);

    if (!err)
        err = fill_payload(out, letter, &row, &payload, why);
    if (!err)
        err = vl_payload_head_write(&payload, &head, why);
    memcpy(to.at, row.to[0], VL_HASH_LEN);
    if (!err)
        err = begin_bundle(out, row.to_count > 0 ? &to : NULL, head.len + row.size, &writer, why);
    if (!err)
        err = vl_bundle_writer_put(&writer, vl_buf_bytes(&head), why);
    if (!err)
        err = put_envelope(out->home->store, letter, &out->room, &writer, why);
    return err ? err : vl_bundle_writer_end(&writer, why);
}

/* --- slices ----------------------------------------------------------------------------------- */

/* A letter while slices of it go out. */
struct slicing {
    struct vl_bag_out *out;
    const struct vl_letter_row *row;
    struct vl_waybill said;
    struct vl_payload_head payload;
    struct vl_office_id to;
    struct vl_envelope *envelope;
    struct vl_tree_levels *levels;
    struct vl_buf slice;
};

static enum vl_err read_slice(struct slicing *slicing, uint64_t index, struct vl_why *why)
{
    const size_t len = (size_t)vl_slice_len(slicing->row->size, index);
    uint8_t *at = NULL;
    size_t done = 0, got = 1;
    enum vl_err err;

    slicing->slice.len = 0;
    err = vl_buf_add(&slicing->slice, len, &at);
    if (err)
        return vl_fail(why, err, "no memory for a slice of a letter");
    vl_envelope_seek(slicing->envelope, index * VL_SLICE_LEN);
    while (!err && done < len && got > 0) {
        err = vl_envelope_read(slicing->envelope, (vl_room){at + done, len - done}, &got, why);
        done += got;
    }
    vl_tree_levels_path(slicing->levels, index, &slicing->payload.path);
    return err;
}

/* Hashed on its way, and held against the waybill: what leaves is what the waybill says. */
static enum vl_err put_checked(const struct slicing *slicing, uint64_t index,
                               struct vl_bundle_writer *writer, struct vl_why *why)
{
    VL_AUTO(vl_hasher_release) struct vl_hasher hasher = {.failed = false};
    const vl_bytes slice = vl_buf_bytes(&slicing->slice);
    uint8_t leaf[VL_HASH_LEN];
    enum vl_err err = VL_OK;

    vl_slice_hasher_begin(&hasher, slice.len);
    for (size_t at = 0; !err && at < slice.len; at += PIECE) {
        const vl_bytes piece = vl_bytes_first(vl_bytes_after(slice, at), PIECE);

        vl_hasher_put(&hasher, piece);
        err = vl_bundle_writer_put(writer, piece, why);
    }
    if (!err && vl_hasher_end(&hasher, leaf) != VL_OK)
        err = vl_fail(why, VL_ERR_INTERNAL, "the hash of a slice could not be worked out");
    return err ? err
               : vl_slice_check(&slicing->said, index, &slicing->payload.path, slice.len, leaf,
                                why);
}

static enum vl_err put_slice(struct slicing *slicing, uint64_t index, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf head = VL_BUF_INIT(VL_PAYLOAD_MAX_HEAD);
    struct vl_bundle_writer writer;
    enum vl_err err = read_slice(slicing, index, why);

    slicing->payload.slice_index = index;
    slicing->payload.content_len = slicing->slice.len;
    if (!err)
        err = vl_payload_head_write(&slicing->payload, &head, why);
    if (!err)
        err = begin_bundle(slicing->out, &slicing->to, head.len + slicing->slice.len, &writer, why);
    if (!err)
        err = vl_bundle_writer_put(&writer, vl_buf_bytes(&head), why);
    if (!err)
        err = put_checked(slicing, index, &writer, why);
    return err ? err : vl_bundle_writer_end(&writer, why);
}

static enum vl_err begin_slices(struct slicing *slicing, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf hashes = VL_BUF_INIT((size_t)VL_SLICES_ALL * VL_HASH_LEN);
    const struct vl_letter_row *row = slicing->row;
    struct vl_store *store = slicing->out->home->store;
    enum vl_err err = vl_waybill_parse(row->waybill, &slicing->said, why);

    slicing->payload = (struct vl_payload_head){.kind = VL_PAYLOAD_SLICE,
                                                .waybill = row->waybill,
                                                .vouched = {.is_there = row->has_sealed,
                                                            .index = row->leaf_index}};
    memcpy(slicing->payload.number, row->number, VL_HASH_LEN);
    memcpy(slicing->payload.vouched.sealed, row->sealed, VL_HASH_LEN);
    memcpy(slicing->to.at, row->to[0], VL_HASH_LEN);
    if (!err && row->has_sealed)
        err = vl_letter_path(store, row, &slicing->out->paths, &slicing->payload.vouched.path, why);
    if (!err)
        err = vl_pieces_hashes(store, &slicing->said, &hashes, why);
    if (!err) {
        slicing->levels = vl_tree_levels_new((const uint8_t(*)[VL_HASH_LEN])hashes.data,
                                             slicing->said.pieces.count);
        if (!slicing->levels)
            err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the slices of a letter");
    }
    return err ? err : vl_store_envelope(store, row->number, &slicing->envelope, why);
}

enum vl_err vl_bag_out_slices(struct vl_bag_out *out, const struct vl_bag_letter *letter,
                              uint64_t *bytes, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct slicing slicing = {.out = out, .row = &row, .slice = VL_BUF_INIT((size_t)VL_SLICE_LEN)};
    struct vl_slices range;
    uint64_t at = 0;
    enum vl_err err = vl_store_letter(out->home->store, letter->number, &row, why);

    if (!err)
        err = begin_slices(&slicing, why);
    while (!err && vl_slice_set_next(&letter->now, &at, &range))
        for (uint64_t i = 0; !err && i < range.count; i++) {
            err = put_slice(&slicing, range.first + i, why);
            *bytes += err ? 0 : slicing.slice.len;
        }
    vl_envelope_free(slicing.envelope);
    vl_tree_levels_free(slicing.levels);
    vl_buf_release(&slicing.slice);
    return err;
}

/* --- the list --------------------------------------------------------------------------------- */

void vl_bag_out_segments(const struct vl_bag_segment *from, size_t count,
                         struct vl_handed_segment *to, char (*names)[VL_BAG_SEGMENT_NAME])
{
    for (size_t i = 0; i < count; i++) {
        to[i] = (struct vl_handed_segment){.length = from[i].length};
        to[i].name = vl_bytes_str(vl_bag_segment_name(from[i].number, names[i]));
        memcpy(to[i].hash, from[i].sha256, VL_HASH_LEN);
    }
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, VL_HASH_LEN);
}

enum vl_err vl_bag_out_evidence_root(const struct vl_id_set *ids,
                                     struct vl_transferred *transferred, struct vl_why *why)
{
    struct vl_batch_tree tree = VL_BATCH_TREE_INIT;
    uint8_t(*sorted)[VL_HASH_LEN];
    struct vl_batch batch;
    size_t count = 0;
    enum vl_err err = VL_OK;

    if (ids->count == 0)
        return VL_OK;
    sorted = vl_new(ids->count * VL_HASH_LEN);
    if (!sorted)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the list of evidence");
    for (size_t i = 0; i < ids->room; i++)
        if (ids->used[i])
            memcpy(sorted[count++], ids->at[i], VL_HASH_LEN);
    qsort(sorted, count, VL_HASH_LEN, by_bytes);
    for (size_t i = 0; !err && i < count; i++)
        err = vl_batch_add_id(&tree, sorted[i], why);
    vl_free(sorted);
    batch = vl_batch_of(&tree);
    transferred->has_evidence = true;
    transferred->evidence_count = batch.count;
    memcpy(transferred->evidence_root, batch.root, VL_HASH_LEN);
    return err;
}
