/* SPDX-License-Identifier: Apache-2.0 */
/* The store in a home: what comes in is made durable in segments and files first, then the index is
 * committed; what goes leaves the index first. */
#include "store/home.h"

#include <errno.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/alloc.h"
#include "store/row.h"

/* 4 MiB of journal are brought into the index at a time. */
#define MANY_PAGES 1000

struct reading {
    struct vl_envelope envelope;
    struct vl_segment *segment; /* NULL: a file of its own */
    uint64_t offset;
    int fd;
};

static struct vl_home_store *of(struct vl_store *store)
{
    return (struct vl_home_store *)store;
}

static enum vl_err begin(struct vl_store *store, struct vl_why *why)
{
    struct vl_home_store *home = of(store);
    struct vl_segment_end end;
    enum vl_err err;

    if (home->read_only)
        return vl_fail(why, VL_ERR_REFUSED, "this store was opened for reading only");
    if (home->in_doubt)
        return vl_fail(why, VL_ERR_IO, "an earlier change failed while it was made durable");
    err = vl_sql_do(home->sql, "BEGIN IMMEDIATE", why);
    if (err)
        return err;
    err = vl_index_end(home->sql, &end, why);
    if (err) {
        vl_sql_rollback(home->sql);
        return err;
    }
    vl_segments_begin(home->segments, end);
    return VL_OK;
}

static void forget_transaction(struct vl_home_store *home)
{
    home->named.len = 0;
    home->parts_written.len = home->parts_made.len = home->parts_done.len = 0;
    home->parts_joined.len = 0;
    home->forgot = false;
}

static void take_parts_back(struct vl_home_store *home)
{
    for (size_t at = 0; at < home->parts_joined.len; at += 2 * (size_t)VL_HASH_LEN)
        vl_part_unjoin(home->parts, home->parts_joined.data + at + VL_HASH_LEN,
                       home->parts_joined.data + at);
    for (size_t at = 0; at < home->parts_made.len; at += VL_HASH_LEN)
        vl_part_remove(home->parts, home->parts_made.data + at);
}

static void rollback(struct vl_store *store)
{
    struct vl_home_store *home = of(store);

    vl_sql_rollback(home->sql);
    vl_segments_undo(home->segments);
    take_parts_back(home);
    for (size_t at = 0; at < home->named.len; at += VL_HASH_LEN)
        vl_large_unname(home->large, home->named.data + at);
    forget_transaction(home);
}

bool vl_home_store_is_alone(struct vl_home_store *home)
{
    /* Where there are no such locks, nobody can hold one. */
    return flock(home->folder, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

void vl_home_store_not_alone(struct vl_home_store *home)
{
    (void)flock(home->folder, LOCK_UN);
}

void vl_home_store_settle(struct vl_home_store *home)
{
    if (vl_large_settle(home->large, vl_buf_bytes(&home->named), NULL) != VL_OK)
        return;
}

static enum vl_err wipe(void *self, const struct vl_letter_row *row, struct vl_place place,
                        struct vl_why *why)
{
    struct vl_home_store *home = self;

    if (place.segment != 0)
        return vl_segments_wipe(home->segments, place.segment, place.offset, row->size, why);
    return vl_large_remove(home->large, row->number, why);
}

void vl_home_store_wipe(struct vl_home_store *home)
{
    if (vl_index_leaving(home->sql, wipe, home, NULL) != VL_OK ||
        vl_index_end_leaving(home->sql, NULL) != VL_OK)
        return;
}

/* Everything the index will speak of is durable before it does. */
static enum vl_err make_durable(struct vl_home_store *home, struct vl_why *why)
{
    struct vl_segment_end end;
    enum vl_err err = vl_segments_sync(home->segments, &end, why);

    for (size_t at = 0; !err && at < home->parts_written.len; at += VL_HASH_LEN)
        err = vl_part_sync(home->parts, home->parts_written.data + at, why);
    if (!err && home->named.len > 0)
        err = vl_large_sync(home->large, why);
    if (err)
        home->in_doubt = true; /* after a failed fsync nobody knows what a second one would say */
    if (!err && end.segment != 0)
        err = vl_index_set_end(home->sql, end, why);
    return err;
}

static enum vl_err commit(struct vl_store *store, struct vl_why *why)
{
    struct vl_home_store *home = of(store);
    enum vl_err err = make_durable(home, why);

    if (err) {
        rollback(store);
        return err;
    }
    err = vl_sql_do(home->sql, "COMMIT", why);
    if (err) {
        home->in_doubt = true;
        vl_sql_rollback(home->sql);
        forget_transaction(home);
        return err;
    }
    vl_home_store_settle(home);
    for (size_t at = 0; at < home->parts_done.len; at += VL_HASH_LEN)
        vl_part_remove(home->parts, home->parts_done.data + at);
    if (home->forgot)
        vl_home_store_wipe(home);
    forget_transaction(home);
    if (vl_sql_waiting_pages(home->sql) >= MANY_PAGES && vl_home_store_is_alone(home)) {
        vl_sql_checkpoint(home->sql);
        vl_home_store_not_alone(home);
    }
    return VL_OK;
}

/* Now, and not when everything else is made durable. */
static enum vl_err sync_part(struct vl_home_store *home, const uint8_t *id, struct vl_why *why)
{
    struct vl_buf *written = &home->parts_written;
    enum vl_err err = vl_part_sync(home->parts, id, why);

    if (err)
        home->in_doubt = true;
    for (size_t at = 0; !err && at < written->len;) {
        if (memcmp(written->data + at, id, VL_HASH_LEN) != 0) {
            at += VL_HASH_LEN;
            continue;
        }
        memmove(written->data + at, written->data + at + VL_HASH_LEN,
                written->len - at - VL_HASH_LEN);
        written->len -= VL_HASH_LEN;
    }
    return err;
}

/* Keep the bytes, and tell where. */
static enum vl_err place_envelope(struct vl_home_store *home, const uint8_t number[VL_HASH_LEN],
                                  const struct vl_arrival *arrival, struct vl_place *place,
                                  struct vl_why *why)
{
    enum vl_err err;

    *place = (struct vl_place){0, 0};
    if (arrival->part) {
        if (vl_buf_put(&home->named, vl_bytes_of(number, VL_HASH_LEN)) != VL_OK ||
            vl_buf_put(&home->parts_joined, vl_bytes_of(number, VL_HASH_LEN)) != VL_OK ||
            vl_buf_put(&home->parts_joined, vl_bytes_of(arrival->part, VL_HASH_LEN)) != VL_OK)
            return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a number");
        /* Under its old name, which it loses where there are no second ones. */
        err = sync_part(home, arrival->part, why);
        return err ? err : vl_part_join(home->parts, arrival->part, number, why);
    }
    if (!arrival->file)
        return vl_segments_append(home->segments, arrival->bytes, &place->segment, &place->offset,
                                  why);
    if (vl_buf_put(&home->named, vl_bytes_of(number, VL_HASH_LEN)) != VL_OK)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a number");
    return vl_large_name(arrival->file, number, why);
}

/* Is the envelope where the index says, and what it was?  Whoever brings it again may be about to
 * forget his own, since this office signs for it. */
static enum vl_err is_in_place(struct vl_home_store *home, const struct vl_letter_row *row,
                               bool *yes, struct vl_why *why)
{
    enum vl_err err = vl_store_envelope_holds(&home->store, row->number, yes, why);

    return err == VL_ERR_NO_MEMORY ? err : VL_OK;
}

/* One that is there already: add to its row, and mend what happened to its bytes. */
static enum vl_err put_again(struct vl_home_store *home, const struct vl_letter_row *kept,
                             struct vl_place place, const struct vl_letter_row *row,
                             const struct vl_arrival *arrival, struct vl_why *why)
{
    struct vl_letter_row merged = *kept;
    enum vl_err err = VL_OK;
    bool changed, in_place = kept->forgotten && !row->has_via;

    if (kept->size != row->size)
        return vl_fail(why, VL_ERR_INTERNAL, "two sizes of one letter");
    if (!arrival->elsewhere && !kept->forgotten)
        err = is_in_place(home, kept, &in_place, why);
    if (err)
        return err;
    changed = vl_letter_row_merge(&merged, row);
    if (!arrival->elsewhere && !in_place) {
        merged.forgotten = false;
        changed = true;
        err = place_envelope(home, row->number, arrival, &place, why);
    }
    return err || !changed ? err : vl_index_set_letter(home->sql, kept, &merged, place, why);
}

static enum vl_err put_letter(struct vl_store *store, const struct vl_letter_row *row,
                              const struct vl_arrival *arrival, bool *is_new, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row kept = VL_LETTER_ROW_INIT;
    struct vl_home_store *home = of(store);
    struct vl_place place;
    struct vl_letter_row fresh;
    enum vl_err err = vl_index_letter(home->sql, row->number, false, &kept, &place, why);

    if (err != VL_ERR_NOT_FOUND)
        return err ? err : put_again(home, &kept, place, row, arrival, why);
    fresh = *row;
    fresh.forgotten = arrival->elsewhere;
    place = (struct vl_place){0, 0};
    err = arrival->elsewhere ? VL_OK : place_envelope(home, row->number, arrival, &place, why);
    if (!err)
        err = vl_index_add_letter(home->sql, &fresh, place, why);
    /* Not "try another one": a part of it was written. */
    if (err == VL_ERR_EXISTS || err == VL_ERR_NOT_FOUND)
        err = VL_ERR_FORMAT;
    *is_new = !err;
    return err;
}

/* --- parts ------------------------------------------------------------------------------------ */

static bool note(struct vl_buf *ids, const uint8_t *id)
{
    for (size_t at = 0; at < ids->len; at += VL_HASH_LEN)
        if (memcmp(ids->data + at, id, VL_HASH_LEN) == 0)
            return true;
    return vl_buf_put(ids, vl_bytes_of(id, VL_HASH_LEN)) == VL_OK;
}

static enum vl_err put_part(struct vl_store *store, const uint8_t *id, uint64_t at, vl_bytes bytes,
                            struct vl_why *why)
{
    struct vl_home_store *home = of(store);
    bool made = false;
    enum vl_err err;

    if (!note(&home->parts_written, id))
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a number");
    err = vl_part_put(home->parts, id, at, bytes, &made, why);
    if (made && !note(&home->parts_made, id))
        err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a number");
    return err == VL_ERR_NOT_FOUND ? VL_ERR_IO : err;
}

static enum vl_err drop_part(struct vl_store *store, const uint8_t *id, struct vl_why *why)
{
    struct vl_home_store *home = of(store);

    if (!note(&home->parts_done, id))
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a number");
    return VL_OK;
}

static enum vl_err part_read(struct vl_store *store, const uint8_t *id, uint64_t at, vl_room room,
                             struct vl_why *why)
{
    return vl_part_read(of(store)->parts, id, at, room, why);
}

static enum vl_err update_letter(struct vl_store *store, const struct vl_letter_row *row,
                                 struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row kept = VL_LETTER_ROW_INIT;
    struct vl_home_store *home = of(store);
    struct vl_letter_row changed = *row;
    struct vl_place place;
    enum vl_err err = vl_index_letter(home->sql, row->number, false, &kept, &place, why);

    if (!err && kept.size != row->size)
        return vl_fail(why, VL_ERR_INTERNAL, "two sizes of one letter");
    changed.forgotten = kept.forgotten;
    return err ? err : vl_index_set_letter(home->sql, &kept, &changed, place, why);
}

static enum vl_err forget(struct vl_store *store, const uint8_t *number, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row kept = VL_LETTER_ROW_INIT;
    struct vl_home_store *home = of(store);
    struct vl_letter_row changed;
    struct vl_place place;
    enum vl_err err = vl_index_letter(home->sql, number, true, &kept, &place, why);

    if (err || kept.forgotten)
        return err;
    changed = kept;
    changed.forgotten = true;
    err = vl_index_set_letter(home->sql, &kept, &changed, place, why);
    if (!err)
        err = vl_index_add_leaving(home->sql, number, why);
    home->forgot = true;
    return err;
}

static enum vl_err put_object(struct vl_store *store, const struct vl_object_row *row,
                              struct vl_why *why)
{
    return vl_index_put_object(of(store)->sql, row, why);
}

static enum vl_err put_office(struct vl_store *store, const struct vl_office_row *row,
                              struct vl_why *why)
{
    return vl_index_put_office(of(store)->sql, row, why);
}

static enum vl_err put_fact(struct vl_store *store, const char *name, vl_bytes value,
                            struct vl_why *why)
{
    return vl_index_put_fact(of(store)->sql, name, value, why);
}

static enum vl_err put_tie(struct vl_store *store, const struct vl_tie *tie, struct vl_why *why)
{
    return vl_index_put_tie(of(store)->sql, tie, why);
}

static enum vl_err drop_tie(struct vl_store *store, enum vl_tie_kind kind, const uint8_t *about,
                            const uint8_t *key, struct vl_why *why)
{
    return vl_index_drop_tie(of(store)->sql, kind, about, key, why);
}

static enum vl_err tie(struct vl_store *store, enum vl_tie_kind kind, const uint8_t *about,
                       const uint8_t *key, struct vl_buf *bytes, struct vl_why *why)
{
    return vl_index_tie(of(store)->sql, kind, about, key, bytes, why);
}

static enum vl_err ties(struct vl_store *store, enum vl_tie_kind kind, const uint8_t *about,
                        const uint8_t *below, vl_tie_visit visit, void *self, struct vl_why *why)
{
    return vl_index_ties(of(store)->sql, kind, about, below, visit, self, why);
}

static enum vl_err letter(struct vl_store *store, const uint8_t *number, struct vl_letter_row *row,
                          struct vl_why *why)
{
    struct vl_place place;

    return vl_index_letter(of(store)->sql, number, false, row, &place, why);
}

static enum vl_err object(struct vl_store *store, const uint8_t *id, struct vl_buf *bytes,
                          struct vl_why *why)
{
    return vl_index_object(of(store)->sql, id, bytes, why);
}

static enum vl_err office(struct vl_store *store, const uint8_t *number, const char *petname,
                          struct vl_office_row *row, struct vl_why *why)
{
    return vl_index_office(of(store)->sql, number, petname, row, why);
}

static enum vl_err fact(struct vl_store *store, const char *name, struct vl_buf *value,
                        struct vl_why *why)
{
    return vl_index_fact(of(store)->sql, name, value, why);
}

struct visiting {
    vl_letter_visit visit;
    void *self;
};

static enum vl_err without_place(void *self, const struct vl_letter_row *row, struct vl_place place,
                                 struct vl_why *why)
{
    const struct visiting *visiting = self;

    return visiting->visit(visiting->self, row, why);
}

static enum vl_err letters(struct vl_store *store, const struct vl_letter_query *query,
                           vl_letter_visit visit, void *self, struct vl_why *why)
{
    struct visiting visiting = {visit, self};

    return vl_index_letters(of(store)->sql, query, without_place, &visiting, why);
}

static enum vl_err offices(struct vl_store *store, vl_office_visit visit, void *self,
                           struct vl_why *why)
{
    return vl_index_offices(of(store)->sql, visit, self, why);
}

static enum vl_err objects(struct vl_store *store, const uint8_t *about, vl_object_visit visit,
                           void *self, struct vl_why *why)
{
    return vl_index_objects(of(store)->sql, about, visit, self, why);
}

/* Open what the envelope lies in. */
static enum vl_err open_place(struct vl_home_store *home, const uint8_t *number,
                              struct vl_place place, struct reading *reading, struct vl_why *why)
{
    uint64_t size = 0;
    enum vl_err err;

    if (place.segment != 0) {
        reading->offset = place.offset;
        return vl_segment_take(home->segments, place.segment, &reading->segment, why);
    }
    err = vl_large_open(home->large, number, &reading->fd, &size, why);
    if (err == VL_ERR_NOT_FOUND)
        return vl_fail(why, VL_ERR_FORMAT, "its envelope is missing");
    if (!err && size != reading->envelope.size)
        return vl_fail(why, VL_ERR_FORMAT, "its envelope has %llu bytes and should have %llu",
                       (unsigned long long)size, (unsigned long long)reading->envelope.size);
    return err;
}

static void envelope_free(struct vl_envelope *envelope)
{
    struct reading *reading = (struct reading *)envelope;

    vl_segment_release(reading->segment);
    if (reading->fd >= 0)
        (void)close(reading->fd);
    vl_free(reading);
}

static enum vl_err envelope_of(struct vl_store *store, const uint8_t *number,
                               struct vl_envelope **out, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row kept = VL_LETTER_ROW_INIT;
    struct vl_home_store *home = of(store);
    struct vl_place place;
    struct reading *reading;
    enum vl_err err = vl_index_letter(home->sql, number, true, &kept, &place, why);

    if (err)
        return err;
    if (kept.forgotten)
        return vl_fail(why, VL_ERR_NOT_FOUND, "this letter was forgotten");
    reading = vl_new(sizeof *reading);
    if (!reading)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read a letter");
    reading->envelope = (struct vl_envelope){store, kept.size, 0};
    reading->fd = -1;
    err = open_place(home, number, place, reading, why);
    if (err) {
        envelope_free(&reading->envelope);
        return err;
    }
    *out = &reading->envelope;
    return VL_OK;
}

static enum vl_err envelope_read(struct vl_envelope *envelope, vl_room room, size_t *got,
                                 struct vl_why *why)
{
    struct reading *reading = (struct reading *)envelope;
    enum vl_err err = VL_OK;

    if (reading->segment)
        err = vl_segment_read(reading->segment, reading->offset + envelope->at, room, why);
    else
        err = vl_named_read(reading->fd, envelope->at, room, why);
    *got = err ? 0 : room.len;
    return err;
}

static enum vl_err size_of(struct vl_store *store, struct vl_store_size *size, struct vl_why *why)
{
    return vl_index_size(of(store)->sql, size, why);
}

const struct vl_store_ops vl_home_store_ops = {
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .put_letter = put_letter,
    .put_part = put_part,
    .drop_part = drop_part,
    .part_read = part_read,
    .update_letter = update_letter,
    .forget = forget,
    .put_object = put_object,
    .put_office = put_office,
    .put_fact = put_fact,
    .put_tie = put_tie,
    .drop_tie = drop_tie,
    .letter = letter,
    .object = object,
    .office = office,
    .fact = fact,
    .letters = letters,
    .offices = offices,
    .objects = objects,
    .tie = tie,
    .ties = ties,
    .envelope = envelope_of,
    .envelope_read = envelope_read,
    .envelope_free = envelope_free,
    .size = size_of,
    .look = vl_home_store_look,
    .snapshot = vl_home_store_snapshot,
    .close = vl_home_store_close,
};
