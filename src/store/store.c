/* SPDX-License-Identifier: Apache-2.0 */
/* What is the same for every keeper: who may change something when, and envelopes on their way in.
 */
#include "store/store.h"

#include <string.h>

#include "base/alloc.h"
#include "store/ops.h"
#include "store/row.h"

struct vl_spool {
    struct vl_store *store;
    struct vl_buf small;
    struct vl_large *file; /* from VL_STORE_SMALL on, where the keeper has a place for it */
    uint64_t size;
};

enum vl_err vl_spool_new(struct vl_store *store, struct vl_spool **out, struct vl_why *why)
{
    struct vl_spool *spool = vl_new(sizeof *spool);

    *out = spool;
    if (!spool)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for an envelope");
    spool->store = store;
    spool->small = VL_BUF_INIT(SIZE_MAX);
    return VL_OK;
}

static enum vl_err put_to_file(struct vl_spool *spool, vl_bytes bytes, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (!spool->file) {
        err = vl_large_new(spool->store->large, &spool->file, why);
        if (!err)
            err = vl_large_put(spool->file, vl_buf_bytes(&spool->small), why);
        vl_buf_release(&spool->small);
    }
    return err ? err : vl_large_put(spool->file, bytes, why);
}

static enum vl_err spool_put(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct vl_spool *spool = self;
    enum vl_err err;

    if (spool->file || (spool->store->large && bytes.len >= VL_STORE_SMALL - spool->small.len)) {
        err = put_to_file(spool, bytes, why);
    } else {
        err = vl_buf_put(&spool->small, bytes);
        if (err)
            return vl_fail(why, err, "no memory for an envelope");
    }
    if (!err)
        spool->size += bytes.len;
    return err;
}

struct vl_sink vl_spool_sink(struct vl_spool *spool)
{
    return (struct vl_sink){spool_put, spool};
}

uint64_t vl_spool_size(const struct vl_spool *spool)
{
    return spool->size;
}

void vl_spool_free(struct vl_spool *spool)
{
    if (!spool)
        return;
    vl_large_free(spool->file);
    vl_buf_release(&spool->small);
    vl_free(spool);
}

enum vl_err vl_store_begin(struct vl_store *store, struct vl_why *why)
{
    enum vl_err err;

    if (store->in_transaction)
        return vl_fail(why, VL_ERR_INTERNAL, "a transaction inside a transaction");
    err = store->rehearsing ? VL_OK : store->ops->begin(store, why);
    store->in_transaction = !err;
    store->rehearsing = store->rehearsal && !err;
    store->spoilt = VL_OK;
    return err;
}

enum vl_err vl_store_commit(struct vl_store *store, struct vl_why *why)
{
    if (!store->in_transaction)
        return vl_fail(why, VL_ERR_INTERNAL, "nothing to commit");
    if (store->spoilt) {
        vl_store_rollback(store);
        return vl_fail(why, store->spoilt, "a change before this failed, so nothing was kept");
    }
    store->in_transaction = false;
    return store->rehearsal ? VL_OK : store->ops->commit(store, why);
}

void vl_store_rehearse(struct vl_store *store)
{
    store->rehearsal = true;
}

void vl_store_rollback(struct vl_store *store)
{
    if (store->in_transaction)
        store->ops->rollback(store);
    store->rehearsing &= !store->in_transaction;
    store->in_transaction = false;
}

static enum vl_err may_change(const struct vl_store *store, struct vl_why *why)
{
    if (!store->in_transaction)
        return vl_fail(why, VL_ERR_INTERNAL, "a change outside a transaction");
    if (store->spoilt)
        return vl_fail(why, store->spoilt, "a change before this failed");
    return VL_OK;
}

/* After these nothing was changed; any other failure may have left half of a change. */
static enum vl_err changed(struct vl_store *store, enum vl_err err)
{
    if (err && err != VL_ERR_NOT_FOUND && err != VL_ERR_EXISTS)
        store->spoilt = err;
    return err;
}

static enum vl_err put_letter(struct vl_store *store, const struct vl_letter_row *row,
                              const struct vl_arrival *arrival, bool *is_new, struct vl_why *why)
{
    enum vl_err err = may_change(store, why);

    *is_new = false;
    if (!err)
        err = vl_letter_row_check(row, why);
    if (!err && row->size != arrival->size)
        err = vl_fail(why, VL_ERR_INTERNAL, "an envelope of another size than its row says");
    if (err)
        return err;
    return changed(store, store->ops->put_letter(store, row, arrival, is_new, why));
}

enum vl_err vl_store_put_letter(struct vl_store *store, const struct vl_letter_row *row,
                                struct vl_spool *spool, bool *is_new, struct vl_why *why)
{
    const struct vl_arrival arrival = {.bytes = vl_buf_bytes(&spool->small),
                                       .file = spool->file,
                                       .size = spool->size};
    enum vl_err err = put_letter(store, row, &arrival, is_new, why);

    vl_spool_free(spool);
    return err;
}

enum vl_err vl_store_put_letter_bytes(struct vl_store *store, const struct vl_letter_row *row,
                                      vl_bytes envelope, bool *is_new, struct vl_why *why)
{
    const struct vl_arrival arrival = {.bytes = envelope, .size = envelope.len};

    if (envelope.len >= VL_STORE_SMALL)
        return vl_fail(why, VL_ERR_INTERNAL, "a large envelope given as a small one");
    return put_letter(store, row, &arrival, is_new, why);
}

enum vl_err vl_store_put_part(struct vl_store *store, const uint8_t id[VL_HASH_LEN], uint64_t at,
                              vl_bytes bytes, struct vl_why *why)
{
    enum vl_err err = may_change(store, why);

    if (!err && (at > (uint64_t)INT64_MAX || bytes.len > (uint64_t)INT64_MAX - at))
        err = vl_fail(why, VL_ERR_LIMIT, "more bytes than a file has");
    return err ? err : changed(store, store->ops->put_part(store, id, at, bytes, why));
}

enum vl_err vl_store_drop_part(struct vl_store *store, const uint8_t id[VL_HASH_LEN],
                               struct vl_why *why)
{
    enum vl_err err = may_change(store, why);

    return err ? err : changed(store, store->ops->drop_part(store, id, why));
}

enum vl_err vl_store_part_read(struct vl_store *store, const uint8_t id[VL_HASH_LEN], uint64_t at,
                               vl_room room, struct vl_why *why)
{
    return store->ops->part_read(store, id, at, room, why);
}

enum vl_err vl_store_put_letter_part(struct vl_store *store, const struct vl_letter_row *row,
                                     const uint8_t part[VL_HASH_LEN], bool *is_new,
                                     struct vl_why *why)
{
    const struct vl_arrival arrival = {.part = part, .size = row->size};
    enum vl_err err = put_letter(store, row, &arrival, is_new, why);

    return err ? err : vl_store_drop_part(store, part, why);
}

enum vl_err vl_store_put_letter_elsewhere(struct vl_store *store, const struct vl_letter_row *row,
                                          bool *is_new, struct vl_why *why)
{
    const struct vl_arrival arrival = {.size = row->size, .elsewhere = true};

    return put_letter(store, row, &arrival, is_new, why);
}

enum vl_err vl_store_update_letter(struct vl_store *store, const struct vl_letter_row *row,
                                   struct vl_why *why)
{
    enum vl_err err = may_change(store, why);

    if (!err)
        err = vl_letter_row_check(row, why);
    return err ? err : changed(store, store->ops->update_letter(store, row, why));
}

enum vl_err vl_store_set_sealed(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                                const uint8_t sealed[VL_HASH_LEN], uint64_t leaf_index,
                                struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    enum vl_err err = vl_store_letter(store, number, &row, why);

    if (err)
        return err;
    row.has_sealed = true;
    memcpy(row.sealed, sealed, VL_HASH_LEN);
    row.leaf_index = leaf_index;
    return vl_store_update_letter(store, &row, why);
}

enum vl_err vl_store_forget(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                            struct vl_why *why)
{
    enum vl_err err = may_change(store, why);

    return err ? err : changed(store, store->ops->forget(store, number, why));
}

enum vl_err vl_store_put_object(struct vl_store *store, const struct vl_object_row *row,
                                struct vl_why *why)
{
    enum vl_err err = may_change(store, why);

    if (!err)
        err = vl_object_row_check(row, why);
    return err ? err : changed(store, store->ops->put_object(store, row, why));
}

enum vl_err vl_store_put_office(struct vl_store *store, const struct vl_office_row *row,
                                struct vl_why *why)
{
    enum vl_err err = may_change(store, why);

    if (!err)
        err = vl_office_row_check(row, why);
    return err ? err : changed(store, store->ops->put_office(store, row, why));
}

enum vl_err vl_store_put_fact(struct vl_store *store, const char *name, vl_bytes value,
                              struct vl_why *why)
{
    enum vl_err err = may_change(store, why);

    if (!err && value.len > VL_STORE_MAX_FACT)
        err = vl_fail(why, VL_ERR_LIMIT, "the fact %s: %zu bytes, more than a fact may have", name,
                      value.len);
    return err ? err : changed(store, store->ops->put_fact(store, name, value, why));
}

enum vl_err vl_store_put_tie(struct vl_store *store, const struct vl_tie *tie, struct vl_why *why)
{
    enum vl_err err = may_change(store, why);

    if (!err)
        err = vl_tie_check(tie, why);
    return err ? err : changed(store, store->ops->put_tie(store, tie, why));
}

enum vl_err vl_store_drop_tie(struct vl_store *store, enum vl_tie_kind kind,
                              const uint8_t about[VL_HASH_LEN], const uint8_t key[VL_HASH_LEN],
                              struct vl_why *why)
{
    enum vl_err err = may_change(store, why);

    return err ? err : changed(store, store->ops->drop_tie(store, kind, about, key, why));
}

enum vl_err vl_store_tie(struct vl_store *store, enum vl_tie_kind kind,
                         const uint8_t about[VL_HASH_LEN], const uint8_t key[VL_HASH_LEN],
                         struct vl_buf *bytes, struct vl_why *why)
{
    return store->ops->tie(store, kind, about, key, bytes, why);
}

enum vl_err vl_store_ties(struct vl_store *store, enum vl_tie_kind kind, const uint8_t *about,
                          vl_tie_visit visit, void *self, struct vl_why *why)
{
    return store->ops->ties(store, kind, about, NULL, visit, self, why);
}

enum vl_err vl_store_ties_below(struct vl_store *store, enum vl_tie_kind kind, const uint8_t *about,
                                const uint8_t key[VL_HASH_LEN], vl_tie_visit visit, void *self,
                                struct vl_why *why)
{
    return store->ops->ties(store, kind, about, key, visit, self, why);
}

enum vl_err vl_store_letter(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                            struct vl_letter_row *row, struct vl_why *why)
{
    return store->ops->letter(store, number, row, why);
}

enum vl_err vl_store_object(struct vl_store *store, const uint8_t id[VL_HASH_LEN],
                            struct vl_buf *bytes, struct vl_why *why)
{
    return store->ops->object(store, id, bytes, why);
}

enum vl_err vl_store_office(struct vl_store *store, const uint8_t office[VL_HASH_LEN],
                            struct vl_office_row *row, struct vl_why *why)
{
    return store->ops->office(store, office, NULL, row, why);
}

enum vl_err vl_store_office_named(struct vl_store *store, const char *petname,
                                  struct vl_office_row *row, struct vl_why *why)
{
    if (!petname[0])
        return vl_fail(why, VL_ERR_NOT_FOUND, "no such office");
    return store->ops->office(store, NULL, petname, row, why);
}

enum vl_err vl_store_fact(struct vl_store *store, const char *name, struct vl_buf *value,
                          struct vl_why *why)
{
    return store->ops->fact(store, name, value, why);
}

enum vl_err vl_store_letters(struct vl_store *store, const struct vl_letter_query *query,
                             vl_letter_visit visit, void *self, struct vl_why *why)
{
    return store->ops->letters(store, query, visit, self, why);
}

enum vl_err vl_store_offices(struct vl_store *store, vl_office_visit visit, void *self,
                             struct vl_why *why)
{
    return store->ops->offices(store, visit, self, why);
}

enum vl_err vl_store_objects(struct vl_store *store, const uint8_t *about, vl_object_visit visit,
                             void *self, struct vl_why *why)
{
    return store->ops->objects(store, about, visit, self, why);
}

enum vl_err vl_store_envelope(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                              struct vl_envelope **out, struct vl_why *why)
{
    *out = NULL;
    return store->ops->envelope(store, number, out, why);
}

uint64_t vl_envelope_size(const struct vl_envelope *envelope)
{
    return envelope->size;
}

enum vl_err vl_envelope_read(struct vl_envelope *envelope, vl_room room, size_t *got,
                             struct vl_why *why)
{
    uint64_t left = envelope->size - envelope->at;
    enum vl_err err;

    *got = 0;
    if (room.len > left)
        room.len = (size_t)left;
    if (room.len == 0)
        return VL_OK;
    err = envelope->store->ops->envelope_read(envelope, room, got, why);
    envelope->at += *got;
    return err;
}

void vl_envelope_seek(struct vl_envelope *envelope, uint64_t at)
{
    envelope->at = at < envelope->size ? at : envelope->size;
}

void vl_envelope_free(struct vl_envelope *envelope)
{
    if (envelope)
        envelope->store->ops->envelope_free(envelope);
}

enum vl_err vl_store_size(struct vl_store *store, struct vl_store_size *size, struct vl_why *why)
{
    return store->ops->size(store, size, why);
}

enum vl_err vl_store_snapshot(struct vl_store *store, const char *path, struct vl_why *why)
{
    if (store->in_transaction)
        return vl_fail(why, VL_ERR_INTERNAL, "a snapshot inside a transaction");
    return store->ops->snapshot(store, path, why);
}

void vl_store_close(struct vl_store *store)
{
    if (!store)
        return;
    vl_store_rollback(store);
    if (store->rehearsing)
        store->ops->rollback(store);
    store->ops->close(store);
}
