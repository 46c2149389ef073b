/* SPDX-License-Identifier: Apache-2.0 */
/* A store in memory.  What is kept never changes: a change puts a new item in the place of an old
 * one, so a transaction is undone by going back to the tables as they were. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "store/memory_item.h"
#include "store/ops.h"
#include "store/row.h"

struct memory {
    struct vl_store store;
    struct vl_item_table tables[VL_ITEM_TABLES];
    struct vl_item_table before[VL_ITEM_TABLES]; /* while in a transaction */
    uint64_t arrivals;
};

struct reading {
    struct vl_envelope envelope;
    struct vl_item *bytes;
};

static struct memory *of(struct vl_store *store)
{
    return (struct memory *)store;
}

static void *find(struct vl_store *store, enum vl_item_kind kind, const uint8_t key[VL_HASH_LEN])
{
    return vl_item_find(&of(store)->tables[kind], key);
}

static enum vl_err no_memory(struct vl_why *why)
{
    return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to keep it");
}

static enum vl_err put(struct vl_store *store, struct vl_item *item, struct vl_why *why)
{
    return vl_item_put(&of(store)->tables[item->kind], item) == VL_OK ? VL_OK : no_memory(why);
}

static void release_tables(struct vl_item_table tables[VL_ITEM_TABLES])
{
    for (size_t i = 0; i < VL_ITEM_TABLES; i++)
        vl_item_table_release(&tables[i]);
}

static enum vl_err begin(struct vl_store *store, struct vl_why *why)
{
    struct memory *memory = of(store);

    for (size_t i = 0; i < VL_ITEM_TABLES; i++) {
        if (vl_item_table_copy(&memory->tables[i], &memory->before[i]) != VL_OK) {
            release_tables(memory->before);
            return no_memory(why);
        }
    }
    return VL_OK;
}

static enum vl_err commit(struct vl_store *store, struct vl_why *why)
{
    release_tables(of(store)->before);
    return VL_OK;
}

static void rollback(struct vl_store *store)
{
    struct memory *memory = of(store);

    release_tables(memory->tables);
    memcpy(memory->tables, memory->before, sizeof memory->tables);
    memset(memory->before, 0, sizeof memory->before);
}

/* A letter with this row; the envelope gets one holder more. */
static enum vl_err put_row(struct vl_store *store, const struct vl_letter_row *row,
                           struct vl_item *envelope, struct vl_why *why)
{
    const struct vl_item_letter *kept = find(store, VL_ITEM_LETTER, row->number);
    struct vl_item_letter *letter = vl_item_new(VL_ITEM_LETTER, sizeof *letter, row->number);

    if (!letter)
        return no_memory(why);
    letter->arrival = kept ? kept->arrival : ++of(store)->arrivals;
    letter->row = (struct vl_letter_row)VL_LETTER_ROW_INIT;
    letter->envelope = envelope;
    if (envelope)
        envelope->holders++;
    if (vl_letter_row_copy(row, &letter->row) != VL_OK) {
        vl_item_let_go(&letter->item);
        return no_memory(why);
    }
    return put(store, &letter->item, why);
}

static enum vl_err put_letter(struct vl_store *store, const struct vl_letter_row *row,
                              const struct vl_arrival *arrival, bool *is_new, struct vl_why *why)
{
    const struct vl_item_letter *kept = find(store, VL_ITEM_LETTER, row->number);
    vl_bytes bytes = arrival->bytes;
    struct vl_letter_row merged;
    struct vl_item *envelope = NULL;
    bool changed;
    enum vl_err err;

    if (arrival->part) {
        const struct vl_item *part = find(store, VL_ITEM_PART, arrival->part);

        if (!part || part->bytes.len != row->size)
            return vl_fail(why, VL_ERR_INTERNAL, "an envelope that is not all there");
        bytes = vl_buf_bytes(&part->bytes);
    }
    merged = kept ? kept->row : *row;
    if (kept) {
        if (kept->row.size != row->size)
            return vl_fail(why, VL_ERR_INTERNAL, "two sizes of one letter");
        changed = vl_letter_row_merge(&merged, row);
        if (!kept->row.forgotten || !row->has_via || arrival->elsewhere)
            return changed ? put_row(store, &merged, kept->envelope, why) : VL_OK;
    }
    merged.forgotten = arrival->elsewhere;
    if (!arrival->elsewhere)
        envelope = vl_item_new(VL_ITEM_ENVELOPE, sizeof *envelope, row->number);
    err = !arrival->elsewhere && (!envelope || vl_buf_put(&envelope->bytes, bytes) != VL_OK)
              ? no_memory(why)
              : put_row(store, &merged, envelope, why);
    vl_item_let_go(envelope);
    *is_new = !err && !kept;
    return err;
}

static enum vl_err missing(struct vl_why *why)
{
    return vl_fail(why, VL_ERR_NOT_FOUND, "no letter with this number");
}

static enum vl_err put_part(struct vl_store *store, const uint8_t *id, uint64_t at, vl_bytes bytes,
                            struct vl_why *why)
{
    enum vl_err err = vl_item_put_part(&of(store)->tables[VL_ITEM_PART], id, at, bytes);

    return err ? no_memory(why) : VL_OK;
}

static enum vl_err drop_part(struct vl_store *store, const uint8_t *id, struct vl_why *why)
{
    (void)why;
    vl_item_drop(&of(store)->tables[VL_ITEM_PART], id);
    return VL_OK;
}

static enum vl_err part_read(struct vl_store *store, const uint8_t *id, uint64_t at, vl_room room,
                             struct vl_why *why)
{
    return vl_item_read(find(store, VL_ITEM_PART, id), at, room, why);
}

static enum vl_err update_letter(struct vl_store *store, const struct vl_letter_row *row,
                                 struct vl_why *why)
{
    const struct vl_item_letter *kept = find(store, VL_ITEM_LETTER, row->number);
    struct vl_letter_row changed = *row;

    if (!kept)
        return missing(why);
    if (kept->row.size != row->size)
        return vl_fail(why, VL_ERR_INTERNAL, "two sizes of one letter");
    changed.forgotten = kept->row.forgotten;
    return put_row(store, &changed, kept->envelope, why);
}

static enum vl_err forget(struct vl_store *store, const uint8_t *number, struct vl_why *why)
{
    const struct vl_item_letter *kept = find(store, VL_ITEM_LETTER, number);
    struct vl_letter_row changed;

    if (!kept)
        return missing(why);
    changed = kept->row;
    changed.forgotten = true;
    return put_row(store, &changed, NULL, why);
}

/* What it is about: what the kept one was, and what the row adds. */
static enum vl_err copy_about(struct vl_item_object *object, const struct vl_item_object *kept,
                              const struct vl_object_row *row)
{
    enum vl_err err = kept ? vl_buf_put(&object->about, vl_buf_bytes(&kept->about)) : VL_OK;

    for (size_t i = 0; !err && i < row->about_count; i++)
        err = vl_buf_put(&object->about, VL_ARRAY(row->about[i]));
    return err;
}

static enum vl_err put_object(struct vl_store *store, const struct vl_object_row *row,
                              struct vl_why *why)
{
    const struct vl_item_object *kept = find(store, VL_ITEM_OBJECT, row->id);
    struct vl_item_object *object;

    if (kept && !vl_bytes_eq(vl_buf_bytes(&kept->item.bytes), row->bytes))
        return vl_fail(why, VL_ERR_INTERNAL, "two objects with one id");
    object = vl_item_new(VL_ITEM_OBJECT, sizeof *object, row->id);
    if (!object)
        return no_memory(why);
    object->about = VL_BUF_INIT(SIZE_MAX);
    if (vl_buf_put(&object->item.bytes, row->bytes) != VL_OK ||
        copy_about(object, kept, row) != VL_OK) {
        vl_item_let_go(&object->item);
        return no_memory(why);
    }
    object->row = kept ? kept->row : *row;
    memcpy(object->kind, object->row.kind, strlen(object->row.kind));
    object->row.kind = object->kind;
    object->row.bytes = vl_buf_bytes(&object->item.bytes);
    object->row.about = NULL;
    object->row.about_count = 0;
    return put(store, &object->item, why);
}

static enum vl_err put_office(struct vl_store *store, const struct vl_office_row *row,
                              struct vl_why *why)
{
    const struct vl_item_table *table = &of(store)->tables[VL_ITEM_OFFICE];
    struct vl_item_office *office;

    for (size_t i = 0; row->petname[0] && i < table->count; i++) {
        const struct vl_item_office *other = (const struct vl_item_office *)table->at[i];

        if (strcmp(other->row.petname, row->petname) == 0 &&
            memcmp(other->row.office, row->office, VL_HASH_LEN) != 0)
            return vl_fail(why, VL_ERR_EXISTS, "another office has the petname %s", row->petname);
    }
    office = vl_item_new(VL_ITEM_OFFICE, sizeof *office, row->office);
    if (!office)
        return no_memory(why);
    office->row = (struct vl_office_row)VL_OFFICE_ROW_INIT;
    if (vl_office_row_copy(row, &office->row) != VL_OK) {
        vl_item_let_go(&office->item);
        return no_memory(why);
    }
    return put(store, &office->item, why);
}

static enum vl_err put_fact(struct vl_store *store, const char *name, vl_bytes value,
                            struct vl_why *why)
{
    uint8_t key[VL_HASH_LEN];
    struct vl_item *fact;

    vl_sha256(vl_bytes_str(name), key);
    fact = vl_item_new(VL_ITEM_FACT, sizeof *fact, key);
    if (!fact)
        return no_memory(why);
    if (vl_buf_put(&fact->bytes, value) != VL_OK) {
        vl_item_let_go(fact);
        return no_memory(why);
    }
    return put(store, fact, why);
}

static enum vl_err put_tie(struct vl_store *store, const struct vl_tie *tie, struct vl_why *why)
{
    uint8_t name[VL_HASH_LEN];
    struct vl_item_tie *item;

    vl_item_tie_key(tie->kind, tie->about, tie->key, name);
    item = vl_item_new(VL_ITEM_TIE, sizeof *item, name);
    if (!item)
        return no_memory(why);
    if (vl_buf_put(&item->item.bytes, tie->bytes) != VL_OK) {
        vl_item_let_go(&item->item);
        return no_memory(why);
    }
    item->tie = *tie;
    item->tie.bytes = vl_buf_bytes(&item->item.bytes);
    return put(store, &item->item, why);
}

static enum vl_err drop_tie(struct vl_store *store, enum vl_tie_kind kind, const uint8_t *about,
                            const uint8_t *key, struct vl_why *why)
{
    uint8_t name[VL_HASH_LEN];

    (void)why;
    vl_item_tie_key(kind, about, key, name);
    vl_item_drop(&of(store)->tables[VL_ITEM_TIE], name);
    return VL_OK;
}

static enum vl_err tie_of(struct vl_store *store, enum vl_tie_kind kind, const uint8_t *about,
                          const uint8_t *key, struct vl_buf *bytes, struct vl_why *why)
{
    uint8_t name[VL_HASH_LEN];
    const struct vl_item_tie *kept;
    enum vl_err err;

    vl_item_tie_key(kind, about, key, name);
    kept = find(store, VL_ITEM_TIE, name);
    if (!kept)
        return vl_fail(why, VL_ERR_NOT_FOUND, "nothing is tied to it");
    err = vl_buf_put(bytes, kept->tie.bytes);
    return err ? vl_fail(why, err, "no room for what is tied to it") : VL_OK;
}

static enum vl_err letter_of(struct vl_store *store, const uint8_t *number,
                             struct vl_letter_row *row, struct vl_why *why)
{
    const struct vl_item_letter *kept = find(store, VL_ITEM_LETTER, number);

    if (!kept)
        return missing(why);
    return vl_letter_row_copy(&kept->row, row) == VL_OK ? VL_OK : no_memory(why);
}

static enum vl_err object_of(struct vl_store *store, const uint8_t *id, struct vl_buf *bytes,
                             struct vl_why *why)
{
    const struct vl_item_object *kept = find(store, VL_ITEM_OBJECT, id);
    enum vl_err err;

    if (!kept)
        return vl_fail(why, VL_ERR_NOT_FOUND, "no object with this id");
    err = vl_buf_put(bytes, kept->row.bytes);
    return err ? vl_fail(why, err, "no room for an object") : VL_OK;
}

static enum vl_err office_of(struct vl_store *store, const uint8_t *number, const char *petname,
                             struct vl_office_row *row, struct vl_why *why)
{
    const struct vl_item_table *table = &of(store)->tables[VL_ITEM_OFFICE];
    const struct vl_item_office *kept = number ? find(store, VL_ITEM_OFFICE, number) : NULL;

    for (size_t i = 0; petname && !kept && i < table->count; i++)
        if (strcmp(((const struct vl_item_office *)table->at[i])->row.petname, petname) == 0)
            kept = (const struct vl_item_office *)table->at[i];
    if (!kept)
        return vl_fail(why, VL_ERR_NOT_FOUND, "no such office");
    return vl_office_row_copy(&kept->row, row) == VL_OK ? VL_OK : no_memory(why);
}

static enum vl_err fact_of(struct vl_store *store, const char *name, struct vl_buf *value,
                           struct vl_why *why)
{
    uint8_t key[VL_HASH_LEN];
    const struct vl_item *fact;
    enum vl_err err;

    vl_sha256(vl_bytes_str(name), key);
    fact = find(store, VL_ITEM_FACT, key);
    if (!fact)
        return vl_fail(why, VL_ERR_NOT_FOUND, "no fact named %s", name);
    err = vl_buf_put(value, vl_buf_bytes(&fact->bytes));
    return err ? vl_fail(why, err, "no room for the fact %s", name) : VL_OK;
}

static int last_first(const void *a, const void *b)
{
    const struct vl_item_letter *x = *(struct vl_item_letter *const *)a,
                                *y = *(struct vl_item_letter *const *)b;

    return x->arrival > y->arrival ? -1 : 1;
}

static int oldest_first(const void *a, const void *b)
{
    const struct vl_item_object *x = *(struct vl_item_object *const *)a,
                                *y = *(struct vl_item_object *const *)b;

    if (x->row.kept_at_s != y->row.kept_at_s)
        return x->row.kept_at_s < y->row.kept_at_s ? -1 : 1;
    return memcmp(x->row.id, y->row.id, VL_HASH_LEN);
}

static int by_petname(const void *a, const void *b)
{
    const struct vl_item_office *x = *(struct vl_item_office *const *)a,
                                *y = *(struct vl_item_office *const *)b;
    bool named = x->row.petname[0] != '\0';
    int order;

    if (named != (y->row.petname[0] != '\0'))
        return named ? -1 : 1;
    order = strcmp(x->row.petname, y->row.petname);
    return order ? order : memcmp(x->row.office, y->row.office, VL_HASH_LEN);
}

static int by_ends(const void *a, const void *b)
{
    const struct vl_item_tie *x = *(struct vl_item_tie *const *)a,
                             *y = *(struct vl_item_tie *const *)b;
    int order = memcmp(x->tie.about, y->tie.about, VL_HASH_LEN);

    return order ? order : memcmp(x->tie.key, y->tie.key, VL_HASH_LEN);
}

/* All items of a kind in another order, to be freed. */
static struct vl_item **sorted(struct vl_store *store, enum vl_item_kind kind,
                               int (*order)(const void *a, const void *b))
{
    const struct vl_item_table *table = &of(store)->tables[kind];
    struct vl_item **at = vl_new(table->count * VL_ITEM_SLOT);

    if (!at || table->count == 0)
        return at;
    memcpy(at, table->at, table->count * VL_ITEM_SLOT);
    if (order)
        qsort(at, table->count, VL_ITEM_SLOT, order);
    return at;
}

static enum vl_err letters(struct vl_store *store, const struct vl_letter_query *query,
                           vl_letter_visit visit, void *self, struct vl_why *why)
{
    bool by_number = query->has_sealed || query->has_prefix;
    struct vl_item **at = sorted(store, VL_ITEM_LETTER, by_number ? NULL : last_first);
    size_t count = of(store)->tables[VL_ITEM_LETTER].count;
    uint64_t seen = 0;
    enum vl_err err = at ? VL_OK : no_memory(why);

    for (size_t i = 0; !err && i < count; i++) {
        const struct vl_item_letter *letter = (const struct vl_item_letter *)at[i];

        if (!vl_letter_query_wants(query, &letter->row))
            continue;
        err = visit(self, &letter->row, why);
        if (++seen == query->limit)
            break;
    }
    vl_free(at);
    return err;
}

static enum vl_err offices(struct vl_store *store, vl_office_visit visit, void *self,
                           struct vl_why *why)
{
    struct vl_item **at = sorted(store, VL_ITEM_OFFICE, by_petname);
    size_t count = of(store)->tables[VL_ITEM_OFFICE].count;
    enum vl_err err = at ? VL_OK : no_memory(why);

    for (size_t i = 0; !err && i < count; i++)
        err = visit(self, &((const struct vl_item_office *)at[i])->row, why);
    vl_free(at);
    return err;
}

static bool is_about(const struct vl_item_object *object, const uint8_t *about)
{
    for (size_t i = 0; i + VL_HASH_LEN <= object->about.len; i += VL_HASH_LEN)
        if (memcmp(object->about.data + i, about, VL_HASH_LEN) == 0)
            return true;
    return false;
}

static enum vl_err objects(struct vl_store *store, const uint8_t *about, vl_object_visit visit,
                           void *self, struct vl_why *why)
{
    struct vl_item **at = sorted(store, VL_ITEM_OBJECT, oldest_first);
    size_t count = of(store)->tables[VL_ITEM_OBJECT].count;
    enum vl_err err = at ? VL_OK : no_memory(why);

    for (size_t i = 0; !err && i < count; i++) {
        const struct vl_item_object *object = (const struct vl_item_object *)at[i];

        if (!about || is_about(object, about))
            err = visit(self, &object->row, why);
    }
    vl_free(at);
    return err;
}

static enum vl_err ties(struct vl_store *store, enum vl_tie_kind kind, const uint8_t *about,
                        const uint8_t *below, vl_tie_visit visit, void *self, struct vl_why *why)
{
    struct vl_item **at = sorted(store, VL_ITEM_TIE, by_ends);
    size_t count = of(store)->tables[VL_ITEM_TIE].count, used = 0;
    enum vl_err err = at ? VL_OK : no_memory(why);

    used = err ? 0 : vl_item_ties_below(at, count, kind, about, below);
    for (size_t i = 0; !err && i < used; i++)
        err = visit(self, &((const struct vl_item_tie *)at[i])->tie, why);
    vl_free(at);
    return err;
}

static enum vl_err envelope_of(struct vl_store *store, const uint8_t *number,
                               struct vl_envelope **out, struct vl_why *why)
{
    const struct vl_item_letter *kept = find(store, VL_ITEM_LETTER, number);
    struct reading *reading;

    if (!kept)
        return missing(why);
    if (!kept->envelope)
        return vl_fail(why, VL_ERR_NOT_FOUND, "this letter was forgotten");
    reading = vl_new(sizeof *reading);
    if (!reading)
        return no_memory(why);
    reading->envelope = (struct vl_envelope){store, kept->envelope->bytes.len, 0};
    reading->bytes = kept->envelope;
    reading->bytes->holders++;
    *out = &reading->envelope;
    return VL_OK;
}

static enum vl_err envelope_read(struct vl_envelope *envelope, vl_room room, size_t *got,
                                 struct vl_why *why)
{
    const struct reading *reading = (const struct reading *)envelope;

    memcpy(room.ptr, reading->bytes->bytes.data + envelope->at, room.len);
    *got = room.len;
    return VL_OK;
}

static void envelope_free(struct vl_envelope *envelope)
{
    vl_item_let_go(((struct reading *)envelope)->bytes);
    vl_free(envelope);
}

static enum vl_err size_of(struct vl_store *store, struct vl_store_size *size, struct vl_why *why)
{
    const struct vl_item_table *table = &of(store)->tables[VL_ITEM_LETTER];

    *size = (struct vl_store_size){table->count, of(store)->tables[VL_ITEM_OBJECT].count,
                                   of(store)->tables[VL_ITEM_OFFICE].count, 0};
    for (size_t i = 0; i < table->count; i++)
        if (((const struct vl_item_letter *)table->at[i])->envelope)
            size->envelope_bytes += ((const struct vl_item_letter *)table->at[i])->row.size;
    return VL_OK;
}

static enum vl_err look(struct vl_store *store,
                        enum vl_err (*visit)(void *self, const struct vl_store_finding *finding),
                        void *self, struct vl_why *why)
{
    return VL_OK;
}

static enum vl_err snapshot(struct vl_store *store, const char *path, struct vl_why *why)
{
    return vl_fail(why, VL_ERR_UNSUPPORTED, "a store in memory has no index to copy");
}

static void close_memory(struct vl_store *store)
{
    release_tables(of(store)->tables);
    vl_free(store);
}

static const struct vl_store_ops ops = {
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
    .letter = letter_of,
    .object = object_of,
    .office = office_of,
    .fact = fact_of,
    .letters = letters,
    .offices = offices,
    .objects = objects,
    .tie = tie_of,
    .ties = ties,
    .envelope = envelope_of,
    .envelope_read = envelope_read,
    .envelope_free = envelope_free,
    .size = size_of,
    .look = look,
    .snapshot = snapshot,
    .close = close_memory,
};

enum vl_err vl_store_memory_new(struct vl_store **out)
{
    struct memory *memory = vl_new(sizeof *memory);

    *out = NULL;
    if (!memory)
        return VL_ERR_NO_MEMORY;
    memory->store.ops = &ops;
    *out = &memory->store;
    return VL_OK;
}
