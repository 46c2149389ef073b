/* SPDX-License-Identifier: Apache-2.0 */
#include "office/pieces.h"

#include <string.h>

#include "base/alloc.h"
#include "evidence/act_any.h"

#define PIECE ((size_t)256 << 10)

static const uint8_t nobody[VL_HASH_LEN];

/* --- sets of slices --------------------------------------------------------------------------- */

void vl_slice_set_release(struct vl_slice_set *set)
{
    vl_buf_release(&set->bits);
    *set = (struct vl_slice_set)VL_SLICE_SET_INIT;
}

enum vl_err vl_slice_set_make(struct vl_slice_set *set, uint64_t count)
{
    uint8_t *at = NULL;
    enum vl_err err = VL_OK;

    vl_slice_set_release(set);
    if (count > VL_SLICES_ALL)
        return VL_ERR_LIMIT;
    err = vl_buf_add(&set->bits, (size_t)(count + 7) / 8, &at);
    if (err)
        return err;
    if (count > 0)
        memset(at, 0, set->bits.len);
    set->count = count;
    return VL_OK;
}

enum vl_err vl_slice_set_copy(struct vl_slice_set *to, const struct vl_slice_set *from)
{
    enum vl_err err = vl_slice_set_make(to, from->count);

    if (err || from->count == 0)
        return err;
    memcpy(to->bits.data, from->bits.data, from->bits.len);
    to->used = from->used;
    return VL_OK;
}

bool vl_slice_set_has(const struct vl_slice_set *set, uint64_t index)
{
    return index < set->count && (set->bits.data[index / 8] >> index % 8 & 1);
}

void vl_slice_set_add(struct vl_slice_set *set, uint64_t index)
{
    if (index >= set->count || vl_slice_set_has(set, index))
        return;
    set->bits.data[index / 8] = (uint8_t)(set->bits.data[index / 8] | 1u << index % 8);
    set->used++;
}

bool vl_slice_set_next(const struct vl_slice_set *set, uint64_t *at, struct vl_slices *range)
{
    while (*at < set->count && !vl_slice_set_has(set, *at))
        ++*at;
    *range = (struct vl_slices){.first = *at};
    while (vl_slice_set_has(set, *at)) {
        ++*at;
        range->count++;
    }
    return range->count > 0;
}

/* --- of letters that are here ----------------------------------------------------------------- */

enum vl_err vl_pieces_keep_hashes(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                                  vl_bytes hashes, struct vl_why *why)
{
    struct vl_tie tie = {.kind = VL_TIE_SLICES, .bytes = hashes};

    memcpy(tie.about, number, VL_HASH_LEN);
    return vl_store_put_tie(store, &tie, why);
}

static void put_hash(void *self, const uint8_t hash[VL_HASH_LEN])
{
    struct vl_buf *hashes = self;

    /* One that is missing makes another root. */
    if (vl_buf_put(hashes, vl_bytes_of(hash, VL_HASH_LEN)) != VL_OK)
        hashes->len = 0;
}

static enum vl_err work_out(struct vl_store *store, const struct vl_waybill *waybill,
                            struct vl_buf *hashes, struct vl_why *why)
{
    VL_AUTO(vl_slicer_release) struct vl_slicer slicer = VL_SLICER_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf room = VL_BUF_INIT(PIECE);
    struct vl_envelope *envelope = NULL;
    struct vl_pieces pieces;
    uint8_t *at = NULL;
    size_t got = 1;
    enum vl_err err = vl_buf_add(&room, PIECE, &at);

    if (err)
        return vl_fail(why, err, "no memory to read a letter");
    slicer.leaf = put_hash;
    slicer.self = hashes;
    err = vl_store_envelope(store, waybill->number, &envelope, why);
    while (!err && got > 0) {
        err = vl_envelope_read(envelope, (vl_room){at, PIECE}, &got, why);
        if (!err && vl_slicer_put(&slicer, vl_bytes_of(at, got)) != VL_OK)
            err = vl_fail(why, VL_ERR_INTERNAL, "the hash of a slice could not be worked out");
    }
    vl_envelope_free(envelope);
    if (!err && vl_slicer_end(&slicer, &pieces) != VL_OK)
        err = vl_fail(why, VL_ERR_INTERNAL, "the tree over the slices of a letter");
    return err;
}

static bool is_root(const struct vl_waybill *waybill, vl_bytes hashes)
{
    struct vl_tree tree = VL_TREE_INIT;
    uint8_t root[VL_HASH_LEN];

    if (hashes.len != waybill->pieces.count * VL_HASH_LEN)
        return false;
    for (size_t at = 0; at < hashes.len; at += VL_HASH_LEN)
        vl_tree_add(&tree, hashes.ptr + at);
    vl_tree_root(&tree, root);
    return memcmp(root, waybill->pieces.root, VL_HASH_LEN) == 0;
}

enum vl_err vl_pieces_hashes(struct vl_store *store, const struct vl_waybill *waybill,
                             struct vl_buf *hashes, struct vl_why *why)
{
    enum vl_err err = vl_store_tie(store, VL_TIE_SLICES, waybill->number, nobody, hashes, why);

    if (!err && is_root(waybill, vl_buf_bytes(hashes)))
        return VL_OK;
    if (err && err != VL_ERR_NOT_FOUND)
        return err;
    hashes->len = 0;
    err = work_out(store, waybill, hashes, why);
    if (!err && !is_root(waybill, vl_buf_bytes(hashes)))
        err = vl_fail(why, VL_ERR_UNVERIFIED, "its slices are not those of its waybill");
    return err;
}

enum vl_err vl_pieces_went(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                           const uint8_t taker[VL_HASH_LEN], uint64_t count,
                           struct vl_slice_set *set, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bits = VL_BUF_INIT((size_t)VL_SLICES_ALL / 8);
    enum vl_err err = vl_slice_set_make(set, count);

    if (err)
        return vl_fail(why, err, "the list of slices of a letter");
    err = vl_store_tie(store, VL_TIE_SLICES, number, taker, &bits, why);
    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    if (bits.len != set->bits.len)
        return vl_fail(why, VL_ERR_FORMAT, "the store is damaged: slices that went");
    for (uint64_t i = 0; i < count; i++)
        if (bits.data[i / 8] >> i % 8 & 1)
            vl_slice_set_add(set, i);
    return VL_OK;
}

enum vl_err vl_pieces_keep_went(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                                const uint8_t taker[VL_HASH_LEN], const struct vl_slice_set *set,
                                struct vl_why *why)
{
    struct vl_tie tie = {.kind = VL_TIE_SLICES, .bytes = vl_buf_bytes(&set->bits)};

    memcpy(tie.about, number, VL_HASH_LEN);
    memcpy(tie.key, taker, VL_HASH_LEN);
    return vl_store_put_tie(store, &tie, why);
}

struct signed_for {
    const uint8_t *number;
    const uint8_t *taker;
    struct vl_slice_set *set;
};

static enum vl_err see_act(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct signed_for *signed_for = self;
    struct vl_accepted_part part;
    struct vl_slices range;
    struct vl_cbor walk;
    enum vl_err err;

    if (strcmp(row->kind, vl_kind_word(VL_KIND_ACCEPTED_PART)) != 0 ||
        memcmp(row->issuer, signed_for->taker, VL_HASH_LEN) != 0)
        return VL_OK;
    err = vl_object_parse(row->bytes, &object, why);
    if (!err)
        err = vl_accepted_part_read(&object, &part, why);
    if (err)
        return err;
    if (memcmp(part.number, signed_for->number, VL_HASH_LEN) != 0)
        return VL_OK;
    walk = vl_slices_walk(&part);
    while (vl_slices_next(&walk, &range))
        for (uint64_t i = 0; i < range.count && range.first + i < signed_for->set->count; i++)
            vl_slice_set_add(signed_for->set, range.first + i);
    return VL_OK;
}

enum vl_err vl_pieces_signed_for(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                                 const uint8_t taker[VL_HASH_LEN], uint64_t count,
                                 struct vl_slice_set *set, struct vl_why *why)
{
    struct signed_for signed_for = {number, taker, set};
    enum vl_err err = vl_slice_set_make(set, count);

    if (err)
        return vl_fail(why, err, "the list of slices of a letter");
    return vl_store_objects(store, number, see_act, &signed_for, why);
}

/* --- of letters that are not all here --------------------------------------------------------- */

void vl_partial_release(struct vl_partial *partial)
{
    vl_buf_release(&partial->waybill);
    vl_buf_release(&partial->path);
    vl_buf_release(&partial->hashes);
    *partial = (struct vl_partial)VL_PARTIAL_INIT;
}

enum vl_err vl_partial_make(struct vl_partial *partial, vl_bytes waybill, struct vl_why *why)
{
    uint8_t *at = NULL;
    enum vl_err err;

    vl_partial_release(partial);
    err = vl_waybill_parse(waybill, &partial->said, why);
    if (err)
        return err;
    if (!partial->said.has_pieces)
        return vl_fail(why, VL_ERR_FORMAT, "a letter that is not carried in slices");
    if (partial->said.pieces.count > VL_PIECES_MAX_SLICES)
        return vl_fail(why, VL_ERR_LIMIT, "a letter of more than %llu slices",
                       (unsigned long long)VL_PIECES_MAX_SLICES);
    err = vl_buf_put(&partial->waybill, waybill);
    if (!err)
        err = vl_buf_add(&partial->hashes, (size_t)partial->said.pieces.count * VL_HASH_LEN, &at);
    if (err)
        return vl_fail(why, err, "no memory for slices of a letter");
    memset(at, 0, partial->hashes.len);
    vl_sha256(waybill, partial->id);
    return VL_OK;
}

static const uint8_t *hash_at(const struct vl_partial *partial, uint64_t index)
{
    return partial->hashes.data + (size_t)index * VL_HASH_LEN;
}

bool vl_partial_has(const struct vl_partial *partial, uint64_t index)
{
    return index < partial->said.pieces.count &&
           memcmp(hash_at(partial, index), nobody, VL_HASH_LEN) != 0;
}

/* [waybill, sealed, leaf index, path, quarantined, hashes] */
static enum vl_err parse(vl_bytes bytes, struct vl_partial *partial, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(bytes, VL_CBOR_STRICT);
    vl_bytes waybill, sealed, path, hashes;
    enum vl_err err;

    (void)vl_cbor_array(&r, 6, 6);
    waybill = vl_cbor_bytes(&r, 1, VL_WAYBILL_MAX_LEN);
    sealed = vl_cbor_bytes(&r, VL_HASH_LEN, VL_HASH_LEN);
    partial->leaf_index = vl_cbor_uint(&r, VL_BATCH_MAX - 1);
    path = vl_cbor_bytes(&r, 0, (size_t)VL_TREE_MAX_PATH * VL_HASH_LEN);
    partial->quarantined = vl_cbor_bool(&r);
    hashes = vl_cbor_bytes(&r, VL_HASH_LEN, (size_t)VL_PIECES_MAX_SLICES * VL_HASH_LEN);
    err = vl_cbor_close(&r, "slices that are kept", why);
    if (err)
        return err;
    {
        const uint64_t leaf_index = partial->leaf_index;
        const bool quarantined = partial->quarantined;

        err = vl_partial_make(partial, waybill, why);
        partial->leaf_index = leaf_index;
        partial->quarantined = quarantined;
    }
    if (err)
        return err;
    if (hashes.len != partial->hashes.len)
        return vl_fail(why, VL_ERR_FORMAT, "the store is damaged: slices that are kept");
    memcpy(partial->hashes.data, hashes.ptr, hashes.len);
    memcpy(partial->sealed, sealed.ptr, VL_HASH_LEN);
    for (uint64_t i = 0; i < partial->said.pieces.count; i++)
        partial->here += vl_partial_has(partial, i);
    err = vl_buf_put(&partial->path, path);
    return err ? vl_fail(why, err, "no memory for slices of a letter") : VL_OK;
}

enum vl_err vl_partial_read(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                            const uint8_t id[VL_HASH_LEN], struct vl_partial *partial,
                            struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_TIE_MAX_LEN);
    enum vl_err err = vl_store_tie(store, VL_TIE_PARTIAL, number, id, &bytes, why);

    return err ? err : parse(vl_buf_bytes(&bytes), partial, why);
}

enum vl_err vl_partial_keep(struct vl_store *store, const struct vl_partial *partial,
                            struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_TIE_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&bytes);
    struct vl_tie tie = {.kind = VL_TIE_PARTIAL};

    vl_cbor_put_array(&w, 6);
    vl_cbor_put_bytes(&w, vl_buf_bytes(&partial->waybill));
    vl_cbor_put_bytes(&w, VL_ARRAY(partial->sealed));
    vl_cbor_put_uint(&w, partial->leaf_index);
    vl_cbor_put_bytes(&w, vl_buf_bytes(&partial->path));
    vl_cbor_put_bool(&w, partial->quarantined);
    vl_cbor_put_bytes(&w, vl_buf_bytes(&partial->hashes));
    if (w.err)
        return vl_fail(why, w.err, "no memory for slices of a letter");
    memcpy(tie.about, partial->said.number, VL_HASH_LEN);
    memcpy(tie.key, partial->id, VL_HASH_LEN);
    tie.bytes = vl_buf_bytes(&bytes);
    return vl_store_put_tie(store, &tie, why);
}

enum vl_err vl_partial_put(struct vl_store *store, struct vl_partial *partial, uint64_t index,
                           vl_bytes slice, const uint8_t leaf[VL_HASH_LEN], struct vl_why *why)
{
    enum vl_err err;

    if (vl_partial_has(partial, index))
        return VL_OK;
    err = vl_store_put_part(store, partial->id, index * VL_SLICE_LEN, slice, why);
    if (err)
        return err;
    memcpy(partial->hashes.data + (size_t)index * VL_HASH_LEN, leaf, VL_HASH_LEN);
    partial->here++;
    return VL_OK;
}

struct checking {
    struct vl_partial *partial;
    uint64_t index;
    uint64_t wrong;
};

static void compare(void *self, const uint8_t hash[VL_HASH_LEN])
{
    struct checking *checking = self;
    struct vl_partial *partial = checking->partial;
    uint8_t *kept = partial->hashes.data + (size_t)checking->index * VL_HASH_LEN;

    if (memcmp(kept, hash, VL_HASH_LEN) != 0) {
        memset(kept, 0, VL_HASH_LEN);
        partial->here--;
        checking->wrong++;
    }
    checking->index++;
}

/* All that is kept, to one or the other. */
static enum vl_err read_all(struct vl_store *store, const struct vl_partial *partial,
                            struct vl_hasher *hasher, struct vl_slicer *slicer, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf room = VL_BUF_INIT(PIECE);
    const uint64_t size = partial->said.size;
    uint8_t *at = NULL;
    enum vl_err err = vl_buf_add(&room, PIECE, &at);

    if (err)
        return vl_fail(why, err, "no memory to read slices of a letter");
    for (uint64_t done = 0; !err && done < size;) {
        const size_t len = size - done < PIECE ? (size_t)(size - done) : PIECE;

        err = vl_store_part_read(store, partial->id, done, (vl_room){at, len}, why);
        if (err)
            break;
        if (hasher)
            vl_hasher_put(hasher, vl_bytes_of(at, len));
        else if (vl_slicer_put(slicer, vl_bytes_of(at, len)) != VL_OK)
            err = vl_fail(why, VL_ERR_INTERNAL, "the hash of a slice could not be worked out");
        done += len;
    }
    return err;
}

static enum vl_err hash_all(struct vl_store *store, const struct vl_partial *partial,
                            uint8_t number[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_hasher_release) struct vl_hasher hasher = {.failed = false};
    enum vl_err err;

    vl_hasher_begin_aside(&hasher, partial->said.size);
    err = read_all(store, partial, &hasher, NULL, why);
    if (!err && vl_hasher_end(&hasher, number) != VL_OK)
        err = vl_fail(why, VL_ERR_INTERNAL, "the hash of a letter could not be worked out");
    return err;
}

/* Its number is the hash of all of it; slice by slice it is read again only when that is not so. */
enum vl_err vl_partial_check(struct vl_store *store, struct vl_partial *partial, struct vl_why *why)
{
    VL_AUTO(vl_slicer_release) struct vl_slicer slicer = VL_SLICER_INIT;
    struct checking checking = {partial, 0, 0};
    struct vl_pieces pieces;
    uint8_t number[VL_HASH_LEN];
    enum vl_err err = hash_all(store, partial, number, why);

    if (!err && memcmp(number, partial->said.number, VL_HASH_LEN) == 0)
        return VL_OK;
    slicer.leaf = compare;
    slicer.self = &checking;
    if (!err)
        err = read_all(store, partial, NULL, &slicer, why);
    if (err == VL_ERR_NOT_FOUND || err == VL_ERR_FORMAT) { /* the file is gone, or cut short */
        memset(partial->hashes.data, 0, partial->hashes.len);
        partial->here = 0;
        return VL_ERR_UNVERIFIED;
    }
    if (!err && vl_slicer_end(&slicer, &pieces) != VL_OK)
        err = vl_fail(why, VL_ERR_INTERNAL, "the tree over the slices of a letter");
    if (err)
        return err;
    if (checking.wrong > 0)
        return vl_fail(why, VL_ERR_UNVERIFIED, "%llu slices are not what they were when they came",
                       (unsigned long long)checking.wrong);
    return vl_fail(why, VL_ERR_REFUSED,
                   "its slices are those of its waybill, and its number is another: the "
                   "sender's waybill is false");
}

enum vl_err vl_partial_drop(struct vl_store *store, const struct vl_partial *partial,
                            struct vl_why *why)
{
    enum vl_err err = vl_store_drop_part(store, partial->id, why);

    return err ? err
               : vl_store_drop_tie(store, VL_TIE_PARTIAL, partial->said.number, partial->id, why);
}

static enum vl_err note_tie(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    struct vl_buf *found = self;
    enum vl_err err = vl_buf_put(found, vl_bytes_of(tie->about, VL_HASH_LEN));

    if (!err)
        err = vl_buf_put(found, vl_bytes_of(tie->key, VL_HASH_LEN));
    return err ? vl_fail(why, err, "no memory for a list of letters") : VL_OK;
}

enum vl_err vl_partials_drop(struct vl_store *store, const uint8_t *number, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf found = VL_BUF_INIT(VL_TIE_MAX_LEN);
    enum vl_err err = vl_store_ties(store, VL_TIE_PARTIAL, number, note_tie, &found, why);

    for (size_t at = 0; !err && at < found.len; at += 2 * (size_t)VL_HASH_LEN) {
        err = vl_store_drop_part(store, found.data + at + VL_HASH_LEN, why);
        if (!err)
            err = vl_store_drop_tie(store, VL_TIE_PARTIAL, found.data + at,
                                    found.data + at + VL_HASH_LEN, why);
    }
    return err;
}

struct visiting {
    vl_partial_visit visit;
    void *self;
};

static enum vl_err see_tie(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    VL_AUTO(vl_partial_release) struct vl_partial partial = VL_PARTIAL_INIT;
    const struct visiting *visiting = self;
    enum vl_err err = parse(tie->bytes, &partial, why);

    return err ? err : visiting->visit(visiting->self, &partial, why);
}

enum vl_err vl_partials(struct vl_store *store, vl_partial_visit visit, void *self,
                        struct vl_why *why)
{
    struct visiting visiting = {visit, self};

    return vl_store_ties(store, VL_TIE_PARTIAL, NULL, see_tie, &visiting, why);
}
