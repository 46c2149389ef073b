/* SPDX-License-Identifier: Apache-2.0 */
#include "office/evidence_bags.h"

#include <string.h>

#include "base/alloc.h"
#include "office/bag_out.h"
#include "office/owed.h"

/* --- the stick -------------------------------------------------------------------------------- */

#define MAKER_FACT "stick-maker"

enum vl_err vl_stick_maker_find(struct vl_home *home, uint8_t maker[VL_BAG_ID_LEN], bool *has,
                                struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf kept = VL_BUF_INIT(VL_BAG_ID_LEN);
    enum vl_err err = vl_store_fact(home->store, MAKER_FACT, &kept, why);

    *has = !err && kept.len == VL_BAG_ID_LEN;
    if (*has)
        memcpy(maker, kept.data, VL_BAG_ID_LEN);
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

/* Random bytes that tell this home's unfinished bags from those of others. */
static enum vl_err find_maker(struct vl_home *home, const struct vl_rng *rng,
                              uint8_t maker[VL_BAG_ID_LEN], struct vl_why *why)
{
    bool has = false;
    enum vl_err err = vl_stick_maker_find(home, maker, &has, why);

    if (err || has)
        return err;
    if (vl_rng_fill(rng, maker, VL_BAG_ID_LEN) != VL_OK)
        return vl_fail(why, VL_ERR_INTERNAL, "no randomness");
    err = vl_store_begin(home->store, why);
    if (!err)
        err = vl_store_put_fact(home->store, MAKER_FACT, vl_bytes_of(maker, VL_BAG_ID_LEN), why);
    if (!err)
        err = vl_store_commit(home->store, why);
    vl_store_rollback(home->store);
    return err;
}

enum vl_err vl_stick_begin(struct vl_home *home, const char *path, const struct vl_rng *rng,
                           bool write, struct vl_stick **out, struct vl_why *why)
{
    uint8_t maker[VL_BAG_ID_LEN];
    struct vl_stick_swept swept;
    enum vl_err err = write ? find_maker(home, rng, maker, why) : VL_OK;

    *out = NULL;
    if (!err)
        err = vl_stick_open(&vl_stick_fs_posix, path, write ? maker : NULL, out, why);
    if (!err && write) {
        err = vl_stick_sweep(*out, &swept, why);
        if (err == VL_ERR_UNSUPPORTED || err == VL_ERR_PARTIAL) /* whoever writes finds out */
            err = VL_OK;
    }
    return err;
}

/* --- what is owed ----------------------------------------------------------------------------- */

static enum vl_err sign_list(struct vl_evidence_bags *bags, const struct vl_bag_plan *plan,
                             const struct vl_office_id *to, const struct vl_id_set *acts,
                             const struct vl_bag_segment *segments, size_t count,
                             struct vl_buf *list, struct vl_why *why)
{
    const struct vl_tree nothing = VL_TREE_INIT;
    struct vl_handed_segment said[4];
    char names[4][VL_BAG_SEGMENT_NAME];
    struct vl_transferred transferred = {.act = {.capacity = VL_CAPACITY_PRINCIPAL,
                                                 .manual = bags->manual},
                                         .has_bag = true,
                                         .has_taker = true,
                                         .taker = *to,
                                         .segment_count = count,
                                         .segments = said};
    enum vl_err err;

    if (count > sizeof said / sizeof *said)
        return vl_fail(why, VL_ERR_INTERNAL, "evidence in more segments than it fills");
    vl_bag_out_segments(segments, count, said, names);
    memcpy(transferred.bag, plan->id, VL_NONCE_LEN);
    vl_tree_root(&nothing, transferred.batch.root);
    if (vl_rng_fill(bags->rng, transferred.handover, VL_NONCE_LEN) != VL_OK)
        return vl_fail(why, VL_ERR_INTERNAL, "no randomness");
    err = vl_bag_out_evidence_root(acts, &transferred, why);
    return err ? err : vl_transferred_write(bags->signer, &transferred, list, NULL, why);
}

static enum vl_err write_evidence(struct vl_evidence_bags *bags, const struct vl_office_id *to,
                                  const struct vl_id_set *acts, vl_bytes sealed, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf list = VL_BUF_INIT(VL_BAG_MAX_LIST);
    struct vl_bag_plan plan = {.total_bytes = sealed.len + VL_BAG_OUT_OVERHEAD};
    const struct vl_bag_segment *segments = NULL;
    struct vl_bag_writer *writer = NULL;
    enum vl_bag_checked checked;
    struct vl_bag_out out;
    size_t count = 0;
    enum vl_err err;

    if (vl_rng_fill(bags->rng, plan.id, sizeof plan.id) != VL_OK)
        return vl_fail(why, VL_ERR_INTERNAL, "no randomness");
    err = vl_bag_writer_new(bags->stick, &plan, &writer, why);
    if (err)
        return err;
    err = vl_bag_out_begin(&out, bags->home, writer, bags->rng, bags->now_s, why);
    if (!err)
        err = vl_bag_out_evidence(&out, to, sealed, why);
    vl_bag_out_release(&out);
    if (!err)
        err = vl_bag_finish_segments(writer, &segments, &count, why);
    if (!err)
        err = sign_list(bags, &plan, to, acts, segments, count, &list, why);
    if (!err)
        err = vl_bag_commit(writer, vl_buf_bytes(&list), &checked, why);
    vl_bag_writer_free(writer);
    return err;
}

static enum vl_err mark_sent(struct vl_evidence_bags *bags, const uint8_t *office,
                             const struct vl_owed *owed, struct vl_why *why)
{
    struct vl_store *store = bags->home->store;
    enum vl_err err = vl_store_begin(store, why);

    if (!err)
        err = vl_owed_sent(store, office, owed, why);
    if (!err)
        err = vl_store_commit(store, why);
    vl_store_rollback(store);
    return err;
}

/* Evidence for one office on its way to the stick. */
struct sending {
    struct vl_evidence_bags *bags;
    struct vl_owed *owed;
    struct vl_office_id to;
    struct vl_age_recipients recipients;
};

/* An age file is so much longer than what is in it, and so much for every 64 KiB. */
#define SEALED_HEAD  1024
#define SEALED_SHARE 4096

/* How long a file of evidence may be that still has room on the stick. */
static enum vl_err find_room(struct sending *sending, struct vl_why *why)
{
    const struct vl_evidence_bags *bags = sending->bags;
    const struct vl_bag_plan nothing = {.total_bytes = VL_BAG_OUT_OVERHEAD + SEALED_HEAD};
    struct vl_stick_space space;
    uint64_t need, room;
    enum vl_err err = vl_stick_space(bags->stick, &space, why);

    if (err || space.read_only) /* whoever writes finds out */
        return err;
    room = space.free_bytes;
    if (bags->room_bytes > 0 && room > bags->room_bytes - bags->bytes)
        room = bags->room_bytes - bags->bytes;
    need = vl_bag_need(&nothing, &space);
    room = room > need ? room - need : 0;
    room -= room / SEALED_SHARE * 2;
    sending->owed->max_len = room < VL_EVIDENCE_MAX_LEN ? (size_t)room : VL_EVIDENCE_MAX_LEN;
    return VL_OK;
}

static enum vl_err send_file(void *self, const struct vl_id_set *acts, vl_bytes file,
                             struct vl_why *why)
{
    struct sending *sending = self;
    struct vl_evidence_bags *bags = sending->bags;
    VL_AUTO(vl_sealed_files_release) struct vl_sealed_files sealed = VL_SEALED_FILES_INIT;
    enum vl_err err = vl_sealed_files_add(&sealed, &sending->recipients, bags->rng, file, why);

    if (!err)
        err = write_evidence(bags, &sending->to, acts, vl_buf_bytes(&sealed.at[0]), why);
    if (err)
        return err;
    bags->bytes += bags->room_bytes - bags->bytes < sealed.bytes ? bags->room_bytes - bags->bytes
                                                                 : sealed.bytes;
    return find_room(sending, why);
}

/* What one cannot have for want of space, a smaller one may. */
static enum vl_err go_on(struct vl_evidence_bags *bags, enum vl_err err, const struct vl_why *why)
{
    if (err != VL_ERR_NO_SPACE)
        return err;
    if (!bags->no_space)
        bags->no_space_why = *why;
    bags->no_space = true;
    return VL_OK;
}

static enum vl_err send_owed(void *self, const uint8_t office[VL_HASH_LEN], size_t count,
                             struct vl_why *why)
{
    struct vl_evidence_bags *bags = self;
    VL_AUTO(vl_owed_release) struct vl_owed owed = VL_OWED_INIT;
    struct vl_age_recipient key;
    struct sending sending = {bags, &owed, {{0}}, {&key, 1, 0}};
    struct vl_why one = {""};
    enum vl_err err;

    (void)count;
    memcpy(sending.to.at, office, VL_HASH_LEN);
    err = vl_office_sealing_key(bags->home, &sending.to, &key, why);
    /* Without a card there is nothing to seal it to: it waits. */
    if (err)
        return err == VL_ERR_NO_MEMORY || err == VL_ERR_IO ? err : VL_OK;
    owed.by_hand = bags->by_hand;
    owed.full = send_file;
    owed.self = &sending;
    err = vl_owed_fresh(bags->home->store, office, &owed, why);
    if (err || (bags->fresh_only && owed.fresh == 0))
        return err;
    err = find_room(&sending, &one);
    if (!err)
        err = vl_owed_collect(bags->home, office, &owed, &one);
    if (!err && owed.count == 0 && !owed.no_room)
        return VL_OK;
    if (!err && owed.in_file.count > 0)
        err = send_file(&sending, &owed.in_file, vl_buf_bytes(&owed.file), &one);
    if (!err)
        vl_owed_file_gone(&owed);
    if (!err && owed.no_room)
        err = vl_fail(&one, VL_ERR_NO_SPACE, "no space for all evidence that others are to see");
    /* Also when the rest had no room: the next stick goes on from there. */
    if (owed.count > 0) {
        struct vl_why other = {""};
        const enum vl_err marked = mark_sent(bags, office, &owed, err ? &other : &one);

        err = err ? err : marked;
    }
    bags->offices += !err || (owed.count > 0 && owed.acts[0].gone > 0);
    err = go_on(bags, err, &one);
    return err ? vl_fail(why, err, "%s", one.text) : VL_OK;
}

/* --- parcels ---------------------------------------------------------------------------------- */

/* A parcel as it is kept: how often it went along, the list, and the one segment that a bag of
 * evidence has: [times, bag, list, [segment]]. */
static enum vl_err parcel_write(unsigned times, vl_bytes bag, vl_bytes list, vl_bytes segment,
                                struct vl_buf *out, struct vl_why *why)
{
    struct vl_cbor_out w = vl_cbor_to(out);

    vl_cbor_put_array(&w, 4);
    vl_cbor_put_uint(&w, times);
    vl_cbor_put_bytes(&w, bag);
    vl_cbor_put_bytes(&w, list);
    vl_cbor_put_array(&w, 1);
    vl_cbor_put_bytes(&w, segment);
    return w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err)) : VL_OK;
}

struct parcel {
    unsigned times;
    vl_bytes bag;
    vl_bytes list;
    vl_bytes segment;
};

static enum vl_err parcel_read(vl_bytes bytes, struct parcel *parcel, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(bytes, VL_CBOR_STRICT);

    vl_cbor_array(&r, 4, 4);
    parcel->times = (unsigned)vl_cbor_uint(&r, 255);
    parcel->bag = vl_cbor_bytes(&r, VL_BAG_ID_LEN, VL_BAG_ID_LEN);
    parcel->list = vl_cbor_bytes(&r, 1, VL_BAG_MAX_LIST);
    vl_cbor_array(&r, 1, 1);
    parcel->segment = vl_cbor_bytes(&r, 0, (size_t)VL_PARCEL_MAX_BYTES);
    return vl_cbor_close(&r, "a kept parcel", why);
}

static enum vl_err put_parcel(struct vl_evidence_bags *bags, const struct parcel *parcel,
                              bool *written, struct vl_why *why)
{
    struct vl_bag_plan plan = {.total_bytes = parcel->segment.len};
    const struct vl_bag_segment *segments = NULL;
    struct vl_bag_writer *writer = NULL;
    enum vl_bag_checked checked;
    size_t count = 0;
    enum vl_err err;

    *written = false;
    memcpy(plan.id, parcel->bag.ptr, VL_BAG_ID_LEN);
    /* The segment is one item, so it stays what it was. */
    plan.segment_max = plan.total_bytes;
    err = vl_bag_writer_new(bags->stick, &plan, &writer, why);
    if (err == VL_ERR_EXISTS)
        return VL_OK; /* it is on this stick already */
    if (!err)
        err = vl_bag_begin_item(writer, parcel->segment.len, NULL, NULL, why);
    if (!err)
        err = vl_bag_put(writer, parcel->segment, why);
    if (!err)
        err = vl_bag_finish_segments(writer, &segments, &count, why);
    if (!err)
        err = vl_bag_commit(writer, parcel->list, &checked, why);
    vl_bag_writer_free(writer);
    *written = !err;
    return err;
}

static enum vl_err count_parcel(struct vl_evidence_bags *bags, const struct vl_tie *tie,
                                const struct parcel *parcel, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_TIE_MAX_LEN);
    struct vl_tie next = {.kind = VL_TIE_PARCEL};
    struct vl_store *store = bags->home->store;
    enum vl_err err = vl_store_begin(store, why);

    memcpy(next.about, tie->about, VL_HASH_LEN);
    memcpy(next.key, tie->key, VL_HASH_LEN);
    if (!err && parcel->times + 1 >= VL_PARCEL_TIMES) {
        err = vl_store_drop_tie(store, VL_TIE_PARCEL, tie->about, tie->key, why);
    } else if (!err) {
        err = parcel_write(parcel->times + 1, parcel->bag, parcel->list, parcel->segment, &bytes,
                           why);
        next.bytes = vl_buf_bytes(&bytes);
        if (!err)
            err = vl_store_put_tie(store, &next, why);
    }
    if (!err)
        err = vl_store_commit(store, why);
    vl_store_rollback(store);
    return err;
}

/* The store must not change while it is walked, so names come first. */
struct parcel_names {
    size_t count;
    size_t cap;
    struct vl_tie *at; /* without bytes */
    uint64_t bytes;
};

static enum vl_err note_parcel(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    struct parcel_names *names = self;
    enum vl_err err;

    if (names->count == names->cap) {
        const size_t cap = names->cap ? 2 * names->cap : 8;
        void *block = names->at;

        err = vl_grow(&block, names->cap * sizeof *names->at, cap * sizeof *names->at);
        if (err)
            return vl_fail(why, err, "no memory for a list of parcels");
        names->at = block;
        names->cap = cap;
    }
    names->bytes += tie->bytes.len;
    names->at[names->count] = *tie;
    names->at[names->count++].bytes = VL_BYTES_NONE;
    return VL_OK;
}

static enum vl_err send_parcel(struct vl_evidence_bags *bags, const struct vl_tie *tie,
                               struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_TIE_MAX_LEN);
    struct parcel parcel;
    bool written = false;
    enum vl_err err =
        vl_store_tie(bags->home->store, VL_TIE_PARCEL, tie->about, tie->key, &bytes, why);

    if (!err)
        err = parcel_read(vl_buf_bytes(&bytes), &parcel, why);
    if (!err)
        err = put_parcel(bags, &parcel, &written, why);
    if (!err && written)
        err = count_parcel(bags, tie, &parcel, why);
    bags->parcels += written;
    return err;
}

enum vl_err vl_evidence_bags_write(struct vl_evidence_bags *bags, struct vl_why *why)
{
    struct parcel_names names = {0};
    struct vl_why one = {""};
    enum vl_err err = vl_owed_offices(bags->home->store, send_owed, bags, why);

    if (!err)
        err = vl_store_ties(bags->home->store, VL_TIE_PARCEL, NULL, note_parcel, &names, why);
    for (size_t i = 0; !err && i < names.count; i++) {
        err = go_on(bags, send_parcel(bags, &names.at[i], &one), &one);
        if (err)
            (void)vl_fail(why, err, "%s", one.text);
    }
    vl_free(names.at);
    if (!err && bags->no_space)
        err = vl_fail(why, VL_ERR_NO_SPACE, "%s", bags->no_space_why.text);
    return err;
}

static enum vl_err read_segment(struct vl_bag *bag, const struct vl_bag_segment *segment,
                                struct vl_buf *out, struct vl_why *why)
{
    struct vl_bag_in *in = NULL;
    uint8_t *at = NULL;
    size_t got = 1;
    enum vl_err err = vl_bag_in_open(bag, segment, &in, why);

    while (!err && got > 0) {
        err = vl_buf_add(out, (size_t)64 << 10, &at);
        if (!err)
            err = vl_bag_in_read(in, (vl_room){at, (size_t)64 << 10}, &got, why);
        out->len -= ((size_t)64 << 10) - (err ? 0 : got);
    }
    vl_bag_in_close(in);
    return err;
}

static enum vl_err store_parcel(struct vl_home *home, const struct vl_tie *tie, struct vl_why *why)
{
    struct parcel_names names = {0};
    struct vl_store *store = home->store;
    enum vl_err err = vl_store_ties(store, VL_TIE_PARCEL, NULL, note_parcel, &names, why);

    if (!err)
        err = vl_store_begin(store, why);
    for (size_t i = 0;
         !err && i < names.count && names.bytes + tie->bytes.len > VL_PARCELS_MAX_BYTES; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf old = VL_BUF_INIT(VL_TIE_MAX_LEN);

        err = vl_store_tie(store, VL_TIE_PARCEL, names.at[i].about, names.at[i].key, &old, why);
        names.bytes -= old.len;
        if (!err)
            err = vl_store_drop_tie(store, VL_TIE_PARCEL, names.at[i].about, names.at[i].key, why);
    }
    if (!err)
        err = vl_store_put_tie(store, tie, why);
    if (!err)
        err = vl_store_commit(store, why);
    vl_store_rollback(store);
    vl_free(names.at);
    return err;
}

enum vl_err vl_parcel_keep(struct vl_home *home, struct vl_stick *stick,
                           const struct vl_office_id *to, const uint8_t bag_id[VL_BAG_ID_LEN],
                           const struct vl_bag_segment *segment, vl_bytes list, bool *kept,
                           struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_TIE_MAX_LEN);
    VL_AUTO(vl_buf_release)
    struct vl_buf read = VL_BUF_INIT((size_t)VL_PARCEL_MAX_BYTES + ((size_t)64 << 10));
    struct vl_tie tie = {.kind = VL_TIE_PARCEL};
    struct vl_bag *bag = NULL;
    enum vl_err err;

    *kept = false;
    if (segment->length > VL_PARCEL_MAX_BYTES)
        return VL_OK;
    memcpy(tie.about, to->at, VL_HASH_LEN);
    vl_sha256(list, tie.key);
    err = vl_store_tie(home->store, VL_TIE_PARCEL, tie.about, tie.key, &bytes, why);
    if (err != VL_ERR_NOT_FOUND)
        return err;
    bytes.len = 0;
    err = vl_bag_open(stick, bag_id, &bag, why);
    if (!err)
        err = read_segment(bag, segment, &read, why);
    if (!err)
        err = parcel_write(0, vl_bytes_of(bag_id, VL_BAG_ID_LEN), list, vl_buf_bytes(&read), &bytes,
                           why);
    tie.bytes = vl_buf_bytes(&bytes);
    if (!err)
        err = store_parcel(home, &tie, why);
    *kept = !err;
    vl_bag_close(bag);
    return err;
}
