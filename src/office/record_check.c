/* SPDX-License-Identifier: Apache-2.0 */
#include "office/record_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/pool.h"
#include "crypto/hash.h"

/* From so many entries on the library that hashes faster is worth its start. */
#define MANY 2000

#define AS_NUMBER(number) ((unsigned long long)(number))

/* An office's cards as they stood in the record from some entry on. */
struct version {
    uint64_t from;
    struct vl_chain chain;
};
struct history {
    struct vl_office_id office;
    struct vl_chain chain; /* all of it */
    size_t count, cap;
    struct version *versions;
    struct vl_buf object, payload; /* of a card whose signatures are not all there yet */
};

struct checking {
    const struct vl_record_check_request *request;
    struct vl_log_dir *log;
    struct vl_log_dir_state state;
    struct vl_record_checked *checked;
    struct vl_tile_writer writer; /* makes every tile again */
    uint64_t *ids;                /* the first bytes of each */
    size_t id_cap;
    uint64_t first_id; /* of entry 0, before they were sorted */
    uint64_t *card_at; /* entries that are cards or revocations */
    size_t card_count, card_cap;
    struct history *histories; /* by office */
    size_t history_count, history_cap;
};

/* One bundle under way. */
struct slot {
    uint64_t number;
    unsigned width;
    struct vl_buf bytes;
    uint8_t hashes[VL_TILE_LEN];
    uint64_t ids[VL_TILE_WIDTH];
    bool is_card[VL_TILE_WIDTH];
};

static enum vl_err read_bundle(const struct checking *checking, struct slot *slot,
                               vl_bytes entries[VL_TILE_WIDTH], struct vl_why *why)
{
    const struct vl_tile_at at = {true, 0, slot->number, slot->width};
    enum vl_err err;

    slot->bytes.max_len = VL_ENTRIES_MAX_LEN;
    slot->bytes.len = 0;
    err = vl_log_dir_tile(checking->log, &at, &slot->bytes, why);
    return err ? err : vl_entries_parse(vl_buf_bytes(&slot->bytes), slot->width, entries, why);
}

static void drop_slot(void *self, void *memory)
{
    struct slot *slot = memory;

    (void)self;
    vl_buf_release(&slot->bytes);
}

static enum vl_err in_entry(struct vl_why *why, enum vl_err err, uint64_t index)
{
    return vl_fail_in(why, err, "entry %llu", AS_NUMBER(index));
}

/* --- first: hashes and tiles ------------------------------------------------------------------ */

static uint64_t beginning_of(const uint8_t id[VL_HASH_LEN])
{
    return vl_bytes_number(vl_bytes_of(id, sizeof(uint64_t)));
}

static enum vl_err hash_bundle(void *self, void *memory, struct vl_why *why)
{
    const struct checking *checking = self;
    struct slot *slot = memory;
    vl_bytes entries[VL_TILE_WIDTH];
    enum vl_err err = read_bundle(checking, slot, entries, why);

    for (unsigned i = 0; i < slot->width && !err; i++) {
        const uint64_t index = slot->number * VL_TILE_WIDTH + i;
        VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;

        err = vl_entry_parse(entries[i], &entry, why);
        if (!err && !vl_bytes_eq(entries[i], vl_entry_bytes(&entry)))
            err = vl_fail(why, VL_ERR_FORMAT, "it is not written as entries are");
        if (!err && (entry.kind == VL_KIND_NONE) != (index == 0))
            err = vl_fail(why, VL_ERR_UNVERIFIED, "a policy is entry 0, and no other");
        if (err)
            return in_entry(why, err, index);
        memcpy(slot->hashes + (size_t)i * VL_HASH_LEN, entry.leaf_hash, VL_HASH_LEN);
        slot->ids[i] = beginning_of(entry.id);
        slot->is_card[i] = entry.kind == VL_KIND_CARD || entry.kind == VL_KIND_REVOCATION;
    }
    return err;
}

/* Room for one more number: a record that says to be huge takes no more than what comes. */
static enum vl_err room_for(uint64_t **numbers, size_t count, size_t *cap, struct vl_why *why)
{
    const size_t wanted = *cap ? 2 * *cap : 1024;
    void *block = *numbers;

    if (count < *cap)
        return VL_OK;
    if (vl_grow(&block, *cap * sizeof(uint64_t), wanted * sizeof(uint64_t)))
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the ids of a record");
    *numbers = block;
    *cap = wanted;
    return VL_OK;
}

static enum vl_err keep(struct checking *checking, const struct slot *slot, unsigned i,
                        struct vl_why *why)
{
    const uint64_t index = slot->number * VL_TILE_WIDTH + i;
    enum vl_err err = room_for(&checking->ids, index, &checking->id_cap, why);

    if (!err && slot->is_card[i])
        err = room_for(&checking->card_at, checking->card_count, &checking->card_cap, why);
    if (err)
        return err;
    checking->ids[index] = slot->ids[i];
    if (slot->is_card[i])
        checking->card_at[checking->card_count++] = index;
    return VL_OK;
}

/* In order: the tree grows, and its tiles are compared as they come out. */
static enum vl_err grow_tree(void *self, void *memory, struct vl_why *why)
{
    struct checking *checking = self;
    const struct slot *slot = memory;
    enum vl_err err = VL_OK;

    for (unsigned i = 0; i < slot->width && !err; i++) {
        err = keep(checking, slot, i, why);
        if (!err)
            err =
                vl_tile_writer_add(&checking->writer, slot->hashes + (size_t)i * VL_HASH_LEN, why);
    }
    if (!err && checking->request->progress.moved)
        checking->request->progress.moved(checking->request->progress.self, checking->writer.size,
                                          2 * checking->state.size);
    return err;
}

static enum vl_err compare_tile(void *self, const struct vl_tile_at *at, vl_bytes hashes,
                                struct vl_why *why)
{
    const struct checking *checking = self;
    VL_AUTO(vl_buf_release) struct vl_buf tile = VL_BUF_INIT(VL_TILE_LEN);
    char path[VL_TILE_PATH];
    enum vl_err err = vl_log_dir_tile(checking->log, at, &tile, why);

    if (err)
        return err;
    for (size_t i = 0; i < at->width; i++)
        if (memcmp(tile.data + i * VL_HASH_LEN, hashes.ptr + i * VL_HASH_LEN, VL_HASH_LEN) != 0)
            return vl_fail(why, VL_ERR_UNVERIFIED, "%s: hash %zu is not that of what is under it",
                           vl_tile_path(at, path), i);
    return VL_OK;
}

static enum vl_err each_bundle(struct checking *checking, const struct vl_pool_ops *ops,
                               struct vl_why *why)
{
    const unsigned workers = checking->request->workers;
    struct vl_pool *pool =
        vl_pool_new(ops, checking, workers, sizeof(struct slot), 2 * (size_t)workers + 1);
    const uint64_t size = checking->state.size;
    enum vl_err err;

    if (!pool)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to check a record");
    for (uint64_t number = 0; number * VL_TILE_WIDTH < size; number++) {
        struct slot *slot = vl_pool_slot(pool);

        if (!slot)
            break;
        slot->number = number;
        slot->width = vl_tile_width(size, 0, number);
        vl_pool_submit(pool);
    }
    err = vl_pool_drain(pool, why);
    vl_pool_free(pool);
    return err;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* Eight bytes of SHA-256 tell them apart. */
static enum vl_err check_twice(struct checking *checking, struct vl_why *why)
{
    const uint64_t size = checking->state.size;

    checking->first_id = checking->ids[0];
    qsort(checking->ids, size, sizeof *checking->ids, by_number);
    for (uint64_t i = 1; i < size; i++)
        if (checking->ids[i] == checking->ids[i - 1])
            return vl_fail(why, VL_ERR_UNVERIFIED, "one statement is in it twice: %016llx...",
                           AS_NUMBER(checking->ids[i]));
    return VL_OK;
}

static enum vl_err check_tree(struct checking *checking, struct vl_why *why)
{
    static const struct vl_pool_ops ops = {hash_bundle, grow_tree, drop_slot};
    uint8_t root[VL_HASH_LEN];
    enum vl_err err;

    vl_tile_writer_begin(&checking->writer, (struct vl_tile_sink){compare_tile, checking});
    err = each_bundle(checking, &ops, why);
    if (!err)
        err = vl_tile_writer_put_partial(&checking->writer, why);
    if (err)
        return err;
    vl_tile_writer_root(&checking->writer, root);
    if (memcmp(root, checking->state.root, sizeof root) != 0)
        return vl_fail(why, VL_ERR_UNVERIFIED,
                       "its entries do not lead to the root of its checkpoint");
    return check_twice(checking, why);
}

/* --- then: who signed, by the cards that stood there ------------------------------------------ */

static struct history *find_history(const struct checking *checking,
                                    const struct vl_office_id *office, size_t *place)
{
    size_t low = 0, high = checking->history_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order =
            memcmp(checking->histories[middle].office.at, office->at, sizeof office->at);

        if (order == 0)
            return &checking->histories[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *place = low;
    return NULL;
}

static struct history *history_of(struct checking *checking, const struct vl_office_id *office)
{
    size_t place = 0;
    struct history *found = find_history(checking, office, &place);

    if (found)
        return found;
    if (checking->history_count == checking->history_cap) {
        const size_t cap = checking->history_cap ? 2 * checking->history_cap : 16;
        void *block = checking->histories;

        if (vl_grow(&block, checking->history_cap * sizeof *found, cap * sizeof *found))
            return NULL;
        checking->histories = block;
        checking->history_cap = cap;
    }
    found = &checking->histories[place];
    memmove(found + 1, found, (checking->history_count - place) * sizeof *found);
    *found = (struct history){.office = *office,
                              .chain = VL_CHAIN_INIT,
                              .object = VL_BUF_INIT(VL_OBJECT_MAX_LEN),
                              .payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN)};
    checking->history_count++;
    return found;
}

static void release_histories(struct checking *checking)
{
    for (size_t i = 0; i < checking->history_count; i++) {
        struct history *history = &checking->histories[i];

        for (size_t k = 0; k < history->count; k++)
            vl_chain_release(&history->versions[k].chain);
        vl_chain_release(&history->chain);
        vl_free(history->versions);
        vl_buf_release(&history->object);
        vl_buf_release(&history->payload);
    }
    vl_free(checking->histories);
}

static enum vl_err put_version(struct history *history, uint64_t from, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    struct version version = {.from = from, .chain = VL_CHAIN_INIT};
    void *block = history->versions;
    enum vl_err err;

    if (history->count == history->cap) {
        const size_t cap = history->cap ? 2 * history->cap : 1;

        if (vl_grow(&block, history->cap * sizeof version, cap * sizeof version))
            return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the cards of a record");
        history->versions = block;
        history->cap = cap;
    }
    err = vl_chain_write(&history->chain, &wire);
    if (!err)
        err = vl_chain_parse(vl_buf_bytes(&wire), &version.chain, why);
    if (!err)
        history->versions[history->count++] = version;
    return err;
}

/* One more signature over a card or a revocation. */
static enum vl_err learn(struct checking *checking, uint64_t index, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    struct vl_office_id office;
    struct history *history;
    enum vl_err err = vl_log_dir_entry(checking->log, index, &bytes, why);

    if (!err)
        err = vl_entry_parse(vl_buf_bytes(&bytes), &entry, why);
    if (!err && vl_office_id_of_eid(entry.sign1.claims.iss, &office))
        err = vl_fail(why, VL_ERR_UNVERIFIED, "its issuer is not written as an office's");
    if (err)
        return err;
    history = history_of(checking, &office);
    if (!history)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the cards of a record");
    if (!vl_bytes_eq(entry.sign1.payload, vl_buf_bytes(&history->payload))) {
        history->object.len = history->payload.len = 0;
        err = vl_buf_put(&history->payload, entry.sign1.payload);
        if (!err)
            err = vl_buf_put_byte(&history->object, 0x80);
    }
    if (!err)
        err = vl_buf_put(&history->object, vl_buf_bytes(&bytes));
    if (err || history->object.data[0] >= 0x80 + VL_OBJECT_MAX_SIGNATURES)
        return err ? err : vl_fail(why, VL_ERR_UNVERIFIED, "a card with too many signatures");
    history->object.data[0]++;
    err = vl_chain_add(&history->chain, vl_buf_bytes(&history->object), NULL);
    if (err)
        return err == VL_ERR_NO_MEMORY ? err : VL_OK; /* perhaps with the next one */
    history->object.len = history->payload.len = 0;
    return put_version(history, index, why);
}

/* The cards that stood before an entry; all of them for one that is a card. */
static const struct vl_chain *chain_for(const struct checking *checking,
                                        const struct vl_entry *entry, uint64_t index)
{
    struct vl_office_id office;
    const struct history *history;
    const struct vl_chain *chain = NULL;
    size_t place;

    if (vl_office_id_of_eid(entry->sign1.claims.iss, &office))
        return NULL;
    history = find_history(checking, &office, &place);
    if (!history)
        return NULL;
    if (entry->kind == VL_KIND_CARD || entry->kind == VL_KIND_REVOCATION)
        return &history->chain;
    for (size_t i = 0; i < history->count && history->versions[i].from < index; i++)
        chain = &history->versions[i].chain;
    return chain;
}

static enum vl_err judge_bundle(void *self, void *memory, struct vl_why *why)
{
    const struct checking *checking = self;
    struct slot *slot = memory;
    vl_bytes entries[VL_TILE_WIDTH];
    enum vl_err err = read_bundle(checking, slot, entries, why);

    for (unsigned i = 0; i < slot->width && !err; i++) {
        const uint64_t index = slot->number * VL_TILE_WIDTH + i;
        VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
        struct vl_entry_asked asked = {.by_issuer = true};

        if (index == 0) /* the policy, which the reader has verified */
            continue;
        err = vl_entry_parse(entries[i], &entry, why);
        if (err)
            return in_entry(why, err, index);
        /* When it was entered is not known; what its issuer says about the time is. */
        asked.now_s = entry.sign1.claims.has_iat ? entry.sign1.claims.iat_s : 0;
        asked.chain = chain_for(checking, &entry, index);
        err = vl_entry_check(&entry, vl_log_dir_policy(checking->log), &asked, why);
        if (err && err != VL_ERR_NO_MEMORY && err != VL_ERR_UNSUPPORTED)
            err = VL_ERR_UNVERIFIED; /* it should not be there */
        if (err)
            return in_entry(why, err, index);
    }
    return err;
}

static enum vl_err tell(void *self, void *memory, struct vl_why *why)
{
    const struct checking *checking = self;
    const struct slot *slot = memory;

    (void)why;
    if (checking->request->progress.moved)
        checking->request->progress.moved(checking->request->progress.self,
                                          checking->state.size + slot->number * VL_TILE_WIDTH +
                                              slot->width,
                                          2 * checking->state.size);
    return VL_OK;
}

static enum vl_err check_signatures(struct checking *checking, struct vl_why *why)
{
    static const struct vl_pool_ops ops = {judge_bundle, tell, drop_slot};
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < checking->card_count && !err; i++) {
        err = learn(checking, checking->card_at[i], why);
        if (err)
            return in_entry(why, err, checking->card_at[i]);
    }
    checking->checked->offices = checking->history_count;
    return err ? err : each_bundle(checking, &ops, why);
}

/* --- all of it -------------------------------------------------------------------------------- */

static void fill(const struct checking *checking)
{
    struct vl_record_checked *checked = checking->checked;
    const struct vl_record_policy *policy = vl_log_dir_policy(checking->log);

    memcpy(checked->id, vl_log_dir_id(checking->log), sizeof checked->id);
    memcpy(checked->origin, policy->origin.ptr, policy->origin.len);
    checked->size = checking->state.size;
    memcpy(checked->root, checking->state.root, sizeof checked->root);
    checked->witnesses = checking->state.witnesses;
    checked->witnesses_needed = policy->need;
    checked->waiting = checking->state.signed_size - checking->state.size;
}

static enum vl_err check(struct checking *checking, struct vl_why *why)
{
    enum vl_err err =
        vl_record_open(checking->request->path, checking->request->source, &checking->log, why);

    if (err)
        return err;
    vl_log_dir_state(checking->log, &checking->state);
    fill(checking);
    if (checking->state.size == 0)
        return vl_fail(why, VL_ERR_NOT_FOUND, "nothing of it is given out yet");
    if (checking->state.size >= MANY)
        vl_hasher_expect_many();
    err = check_tree(checking, why);
    if (!err && checking->first_id != beginning_of(vl_log_dir_id(checking->log)))
        err = vl_fail(why, VL_ERR_UNVERIFIED, "entry 0 is not the policy that names it");
    checking->checked->cards = checking->card_count;
    checking->checked->statements = checking->state.size - 1 - checking->card_count;
    if (!err && !checking->request->without_signatures)
        err = check_signatures(checking, why);
    return err;
}

enum vl_err vl_record_check(const struct vl_record_check_request *request,
                            struct vl_record_checked *checked, struct vl_why *why)
{
    struct checking *checking = vl_new(sizeof *checking);
    enum vl_err err;

    *checked = (struct vl_record_checked){.size = 0};
    if (!checking)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to check a record");
    checking->request = request;
    checking->checked = checked;
    err = check(checking, why);
    release_histories(checking);
    vl_free(checking->ids);
    vl_free(checking->card_at);
    vl_log_dir_close(checking->log);
    vl_free(checking);
    return err;
}
