/* SPDX-License-Identifier: Apache-2.0 */
#include "office/record.h"

#include <string.h>

#include "base/alloc.h"
#include "sys/infile.h"

#define SIGN1_START 0xd2 /* tag 18 */
#define FILE_MAX    ((size_t)VL_EVIDENCE_MAX_LEN)

enum vl_err vl_record_open(const char *path, const struct vl_log_source *source,
                           struct vl_log_dir **out, struct vl_why *why)
{
    return source ? vl_log_dir_open_far(source, out, why)
                  : vl_log_dir_open(path, VL_LOG_DIR_READ, out, why);
}

/* --- a batch ---------------------------------------------------------------------------------- */

struct office_cards {
    struct vl_office_id office;
    struct vl_chain chain;                 /* the longest that is known */
    size_t known_cards, known_revocations; /* of it the record has these */
    bool is_put;
};

struct brought {
    struct vl_record_outcome outcome;
    size_t put;  /* its first signature among the puts; SIZE_MAX: it does not enter */
    size_t puts; /* so many are its signatures */
};

struct vl_record_batch {
    struct vl_log_dir *log; /* NULL: it lies elsewhere */
    const struct vl_record_policy *policy;
    struct vl_home *home;
    int64_t now_s;
    struct office_cards *offices;
    size_t office_count, office_cap;
    struct vl_entry **entries;
    struct vl_log_dir_put *puts;
    size_t put_count, put_cap;
    struct brought *brought;
    size_t brought_count, brought_cap;
};

struct vl_record_batch *vl_record_batch_new(struct vl_log_dir *log, struct vl_home *home,
                                            int64_t now_s)
{
    struct vl_record_batch *batch = vl_new(sizeof *batch);

    if (batch)
        *batch = (struct vl_record_batch){.log = log,
                                          .policy = vl_log_dir_policy(log),
                                          .home = home,
                                          .now_s = now_s};
    return batch;
}

struct vl_record_batch *vl_record_batch_new_far(const struct vl_record_policy *policy,
                                                struct vl_home *home, int64_t now_s)
{
    struct vl_record_batch *batch = vl_new(sizeof *batch);

    if (batch)
        *batch = (struct vl_record_batch){.policy = policy, .home = home, .now_s = now_s};
    return batch;
}

void vl_record_batch_free(struct vl_record_batch *batch)
{
    if (!batch)
        return;
    for (size_t i = 0; i < batch->office_count; i++)
        vl_chain_release(&batch->offices[i].chain);
    for (size_t i = 0; i < batch->put_count; i++) {
        vl_entry_release(batch->entries[i]);
        vl_free(batch->entries[i]);
    }
    vl_free(batch->offices);
    vl_free(batch->entries);
    vl_free(batch->puts);
    vl_free(batch->brought);
    vl_free(batch);
}

static enum vl_err grow(void **block, size_t count, size_t *cap, size_t size)
{
    const size_t wanted = *cap ? 2 * *cap : 16;
    enum vl_err err;

    if (count < *cap)
        return VL_OK;
    err = vl_grow(block, *cap * size, wanted * size);
    if (!err)
        *cap = wanted;
    return err;
}

static enum vl_err no_memory(struct vl_why *why)
{
    return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for what enters");
}

/* A copy, as a chain has no other. */
static enum vl_err merge(struct vl_chain *chain, const struct vl_chain *more, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    uint64_t serial = 0;
    enum vl_err err;

    if (chain->count > 0) {
        if (vl_chain_compare(chain, more, &serial) == VL_CHAIN_FORK)
            return vl_fail(why, VL_ERR_REFUSED, "another card %llu of this office is known",
                           (unsigned long long)serial);
        return vl_chain_merge(chain, more, why);
    }
    err = vl_chain_write(more, &wire);
    return err ? no_memory(why) : vl_chain_parse(vl_buf_bytes(&wire), chain, why);
}

static enum vl_err cards_of(struct vl_record_batch *batch, const struct vl_office_id *office,
                            struct office_cards **out, struct vl_why *why)
{
    struct office_cards cards = {.office = *office, .chain = VL_CHAIN_INIT};
    const struct vl_chain *own = batch->home ? vl_home_chain(batch->home, office) : NULL;
    void *block = batch->offices;
    enum vl_err err;

    for (size_t i = 0; i < batch->office_count; i++)
        if (vl_office_id_eq(&batch->offices[i].office, office)) {
            *out = &batch->offices[i];
            return VL_OK;
        }
    if (grow(&block, batch->office_count, &batch->office_cap, sizeof cards))
        return no_memory(why);
    batch->offices = block;
    err = batch->log ? vl_record_chain(batch->log, office, &cards.chain, why) : VL_OK;
    cards.known_cards = cards.chain.count;
    cards.known_revocations = cards.chain.revocation_count;
    if (!err && own)
        err = merge(&cards.chain, own, why);
    if (err) {
        vl_chain_release(&cards.chain);
        return err;
    }
    batch->offices[batch->office_count] = cards;
    *out = &batch->offices[batch->office_count++];
    return VL_OK;
}

enum vl_err vl_record_batch_cards(struct vl_record_batch *batch, const struct vl_chain *chain,
                                  struct vl_why *why)
{
    struct office_cards *cards;
    enum vl_err err = cards_of(batch, &chain->office, &cards, why);

    return err ? err : merge(&cards->chain, chain, why);
}

/* Room first, so that what was judged fit is not lost half way. */
static enum vl_err push(struct vl_record_batch *batch, struct vl_entry *entry, struct vl_why *why)
{
    struct vl_entry *kept = vl_new(sizeof *kept);
    size_t cap = batch->put_cap;
    void *entries = batch->entries, *puts = batch->puts;

    if (kept && !grow(&entries, batch->put_count, &cap, sizeof(struct vl_entry *))) {
        batch->entries = entries;
        cap = batch->put_cap;
        if (!grow(&puts, batch->put_count, &cap, sizeof *batch->puts)) {
            batch->puts = puts;
            batch->put_cap = cap;
            *kept = *entry;
            *entry = (struct vl_entry)VL_ENTRY_INIT;
            batch->entries[batch->put_count] = kept;
            batch->puts[batch->put_count++] = (struct vl_log_dir_put){.entry = kept};
            return VL_OK;
        }
    }
    vl_free(kept);
    return no_memory(why);
}

static bool is_there(const struct vl_record_batch *batch, const uint8_t id[VL_HASH_LEN])
{
    uint64_t index;

    return batch->log && vl_log_dir_find(batch->log, id, &index, NULL) == VL_OK;
}

static enum vl_err check(const struct vl_record_batch *batch, const struct vl_entry *entry,
                         const struct office_cards *cards, bool by_issuer, struct vl_why *why)
{
    const struct vl_entry_asked asked = {&cards->chain, by_issuer, batch->now_s};
    enum vl_err err;

    /* Who asks for what is there gets its place, whatever has become of its keys since. */
    if (is_there(batch, entry->id))
        return VL_OK;
    err = vl_entry_check(entry, batch->policy, &asked, why);
    return err == VL_ERR_EXPIRED && !batch->log ? VL_OK : err; /* it may be there */
}

/* Every signature of an object is an entry. */
struct judged {
    struct vl_entry entries[VL_OBJECT_MAX_SIGNATURES];
};

static void judged_release(struct judged *judged)
{
    for (size_t i = 0; i < VL_OBJECT_MAX_SIGNATURES; i++)
        vl_entry_release(&judged->entries[i]);
}

static enum vl_err judge(const struct vl_record_batch *batch, const struct vl_object *object,
                         const struct office_cards *cards, bool by_issuer, struct judged *judged,
                         struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < VL_OBJECT_MAX_SIGNATURES; i++)
        judged->entries[i] = (struct vl_entry)VL_ENTRY_INIT;
    for (size_t i = 0; i < object->count && !err; i++) {
        err = vl_entry_parse(vl_buf_bytes(&object->by[i].wire), &judged->entries[i], why);
        if (!err)
            err = check(batch, &judged->entries[i], cards, by_issuer, why);
    }
    return err;
}

static enum vl_err push_all(struct vl_record_batch *batch, const struct vl_object *object,
                            struct judged *judged, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < object->count && !err; i++)
        err = push(batch, &judged->entries[i], why);
    return err;
}

static enum vl_err put_card(struct vl_record_batch *batch, const struct vl_object *object,
                            const struct office_cards *cards, struct vl_why *why)
{
    VL_AUTO(judged_release) struct judged judged = {{VL_ENTRY_INIT}};
    enum vl_err err = judge(batch, object, cards, true, &judged, why);

    return err ? err : push_all(batch, object, &judged, why);
}

static enum vl_err put_cards(struct vl_record_batch *batch, struct office_cards *cards,
                             struct vl_why *why)
{
    const struct vl_chain *chain = &cards->chain;
    enum vl_err err = VL_OK;

    if (cards->is_put)
        return VL_OK;
    for (size_t i = cards->known_cards; i < chain->count && !err; i++)
        err = put_card(batch, &chain->links[i].card.object, cards, why);
    /* They are few, and sorted by id: those that are there find their places. */
    if (chain->revocation_count > cards->known_revocations)
        for (size_t i = 0; i < chain->revocation_count && !err; i++)
            err = put_card(batch, &chain->revocations[i].object, cards, why);
    cards->is_put = !err;
    return err;
}

/* One COSE_Sign1 as the array of one that it is; what is unprotected in it is left out. */
static enum vl_err as_object(vl_bytes bytes, struct vl_object *object, struct vl_why *why)
{
    VL_AUTO(vl_transparent_release) struct vl_transparent statement = VL_TRANSPARENT_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err;

    if (bytes.len == 0 || bytes.ptr[0] != SIGN1_START)
        return vl_object_parse(bytes, object, why);
    err = vl_transparent_parse(bytes, &statement, why);
    if (!err)
        err = vl_buf_put_byte(&wire, 0x81);
    if (!err)
        err = vl_buf_put(&wire, vl_buf_bytes(&statement.entry));
    return err ? err : vl_object_parse(vl_buf_bytes(&wire), object, why);
}

/* A card that comes alone counts as one that came along. */
static enum vl_err learn(struct office_cards *cards, const struct vl_object *object,
                         struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err = VL_OK;

    if (object->kind != VL_KIND_CARD && object->kind != VL_KIND_REVOCATION)
        return VL_OK;
    err = vl_object_write(object, &wire);
    if (!err)
        err = vl_chain_add(&cards->chain, vl_buf_bytes(&wire), NULL);
    if (err == VL_ERR_NO_MEMORY)
        return no_memory(why);
    cards->is_put = cards->is_put && err;
    return VL_OK; /* whether it is one of the chain is for the check of entries */
}

static enum vl_err admit(struct vl_record_batch *batch, vl_bytes bytes, bool by_issuer,
                         struct brought *brought, struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    VL_AUTO(judged_release) struct judged judged = {{VL_ENTRY_INIT}};
    struct vl_record_outcome *outcome = &brought->outcome;
    struct office_cards *cards;
    enum vl_err err = as_object(bytes, &object, why);

    if (err)
        return err;
    memcpy(outcome->id, object.id, sizeof outcome->id);
    outcome->kind = object.kind;
    outcome->office = object.issuer;
    outcome->was_there = is_there(batch, object.id);
    if (batch->home && vl_office_id_eq(&batch->home->own, &object.issuer))
        by_issuer = true;
    err = cards_of(batch, &object.issuer, &cards, why);
    if (!err)
        err = learn(cards, &object, why);
    if (!err)
        err = judge(batch, &object, cards, by_issuer, &judged, why);
    if (!err)
        err = put_cards(batch, cards, why);
    brought->put = batch->put_count;
    brought->puts = object.count;
    return err ? err : push_all(batch, &object, &judged, why);
}

static bool is_about_it(enum vl_err err)
{
    return err != VL_OK && err != VL_ERR_IO && err != VL_ERR_NO_SPACE && err != VL_ERR_NO_MEMORY &&
           err != VL_ERR_BUSY && err != VL_ERR_INTERNAL;
}

enum vl_err vl_record_batch_put(struct vl_record_batch *batch, vl_bytes object, bool by_issuer,
                                struct vl_why *why)
{
    struct brought brought = {.put = SIZE_MAX};
    void *block = batch->brought;
    enum vl_err err;

    if (grow(&block, batch->brought_count, &batch->brought_cap, sizeof brought))
        return no_memory(why);
    batch->brought = block;
    err = admit(batch, object, by_issuer, &brought, &brought.outcome.why);
    if (err) {
        brought.put = SIZE_MAX;
        brought.outcome.err = err;
        if (!is_about_it(err))
            return vl_fail(why, err, "%s", brought.outcome.why.text);
    }
    batch->brought[batch->brought_count++] = brought;
    return VL_OK;
}

enum vl_err vl_record_batch_put_cards(struct vl_record_batch *batch,
                                      const struct vl_office_id *office, struct vl_why *why)
{
    struct office_cards *cards;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err = cards_of(batch, office, &cards, why);

    if (!err && cards->chain.count == 0)
        return vl_fail(why, VL_ERR_NOT_FOUND, "no card of this office is known");
    if (!err)
        err = vl_object_write(&vl_chain_newest(&cards->chain)->object, &wire);
    return err ? err : vl_record_batch_put(batch, vl_buf_bytes(&wire), true, why);
}

/* How many from here on the record takes at once. */
static size_t some_of(const struct vl_record_batch *batch, size_t first)
{
    size_t count = 0, bytes = 0;

    while (first + count < batch->put_count && count < VL_LOG_DIR_MAX_BATCH) {
        bytes += 2 + batch->entries[first + count]->sign1.wire.len;
        if (bytes > VL_LOG_DIR_MAX_BATCH_BYTES)
            break;
        count++;
    }
    return count;
}

enum vl_err vl_record_batch_commit(struct vl_record_batch *batch, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t first = 0, count; first < batch->put_count && !err; first += count) {
        count = some_of(batch, first);
        err = vl_log_dir_append(batch->log, batch->puts + first, count, why);
    }
    for (size_t i = 0; i < batch->brought_count && !err; i++)
        if (batch->brought[i].put != SIZE_MAX)
            batch->brought[i].outcome.index = batch->puts[batch->brought[i].put].index;
    return err;
}

size_t vl_record_batch_entry_count(const struct vl_record_batch *batch)
{
    return batch->put_count;
}

const struct vl_entry *vl_record_batch_entry(const struct vl_record_batch *batch, size_t at)
{
    return batch->entries[at];
}

void vl_record_batch_entered(struct vl_record_batch *batch, size_t at, uint64_t index,
                             bool was_there)
{
    batch->puts[at].index = index;
    for (size_t i = 0; i < batch->brought_count; i++)
        if (batch->brought[i].put == at) {
            batch->brought[i].outcome.index = index;
            batch->brought[i].outcome.was_there = was_there;
        }
}

/* An object of several signatures has failed with any of them: its first is the last before the
 * next object's. */
void vl_record_batch_failed(struct vl_record_batch *batch, size_t at, enum vl_err err,
                            const struct vl_why *why)
{
    struct brought *its = NULL;

    for (size_t i = 0; i < batch->brought_count; i++)
        if (batch->brought[i].put != SIZE_MAX && batch->brought[i].put <= at &&
            (!its || batch->brought[i].put >= its->put))
            its = &batch->brought[i];
    if (its && !its->outcome.err && at - its->put < its->puts) {
        its->outcome.err = err;
        its->outcome.why = *why;
    }
}

size_t vl_record_batch_count(const struct vl_record_batch *batch)
{
    return batch->brought_count;
}

const struct vl_record_outcome *vl_record_batch_at(const struct vl_record_batch *batch, size_t at)
{
    return &batch->brought[at].outcome;
}

/* --- files ------------------------------------------------------------------------------------ */

static enum vl_err put_evidence(struct vl_record_batch *batch, vl_bytes bytes, bool asked,
                                struct vl_why *why)
{
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    enum vl_err err = vl_evidence_parse(bytes, &evidence, why);

    for (size_t i = 0; i < evidence.chain_count && !err; i++)
        err = vl_record_batch_cards(batch, &evidence.chains[i], why);
    for (size_t i = 0; i < evidence.item_count && !err; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);

        err = vl_object_write(&evidence.items[i].object, &wire);
        if (!err)
            err = vl_record_batch_put(batch, vl_buf_bytes(&wire), asked, why);
    }
    return err;
}

static enum vl_err put_chain(struct vl_record_batch *batch, vl_bytes bytes, struct vl_why *why)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    enum vl_err err = vl_chain_parse(bytes, &chain, why);

    if (!err)
        err = vl_record_batch_cards(batch, &chain, why);
    return err ? err : vl_record_batch_put_cards(batch, &chain.office, why);
}

static bool is_object(vl_bytes bytes)
{
    return vl_what_is(bytes) == VL_WHAT_OBJECT || (bytes.len > 0 && bytes.ptr[0] == SIGN1_START);
}

enum vl_err vl_record_batch_put_file(struct vl_record_batch *batch, const char *path, bool asked,
                                     struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(FILE_MAX);
    enum vl_err err = vl_in_read_all(path, &file, why);
    const vl_bytes bytes = vl_buf_bytes(&file);
    const enum vl_what what = vl_what_is(bytes);

    if (err)
        return err;
    if (is_object(bytes))
        return vl_record_batch_put(batch, bytes, asked, why);
    if (what == VL_WHAT_EVIDENCE)
        return put_evidence(batch, bytes, asked, why);
    if (what == VL_WHAT_CARDS || what == VL_WHAT_CARDS_TEXT)
        return put_chain(batch, bytes, why);
    return vl_fail(why, VL_ERR_FORMAT, "it is no signed object, no evidence and no card");
}

static enum vl_err entry_of_object(vl_bytes bytes, struct vl_entry *entry, struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    enum vl_err err = as_object(bytes, &object, why);

    return err ? err : vl_entry_parse(vl_buf_bytes(&object.by[0].wire), entry, why);
}

enum vl_err vl_record_entry_of_file(const char *path, struct vl_entry *entry, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(FILE_MAX);
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    enum vl_err err = vl_in_read_all(path, &file, why);
    const vl_bytes bytes = vl_buf_bytes(&file);
    const enum vl_what what = vl_what_is(bytes);

    if (err)
        return err;
    if (is_object(bytes))
        return entry_of_object(bytes, entry, why);
    if (what == VL_WHAT_CARDS || what == VL_WHAT_CARDS_TEXT) {
        err = vl_chain_parse(bytes, &chain, why);
        return err ? err
                   : vl_entry_parse(vl_buf_bytes(&vl_chain_newest(&chain)->object.by[0].wire),
                                    entry, why);
    }
    if (what != VL_WHAT_EVIDENCE)
        return vl_fail(why, VL_ERR_FORMAT, "it is no signed object, no evidence and no card");
    err = vl_evidence_parse(bytes, &evidence, why);
    if (!err && evidence.item_count != 1)
        err = vl_fail(why, VL_ERR_AMBIGUOUS, "it holds %zu signed acts; give one of them",
                      evidence.item_count);
    return err ? err
               : vl_entry_parse(vl_buf_bytes(&evidence.items[0].object.by[0].wire), entry, why);
}

enum vl_err vl_record_prove(struct vl_log_dir *log, uint64_t index, enum vl_record_form form,
                            int64_t now_s, struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf receipt = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf entry = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    enum vl_err err;
    vl_bytes bytes;

    if (form == VL_RECORD_PROOF)
        return vl_log_dir_proof(log, index, out, why);
    if (form == VL_RECORD_RECEIPT)
        return vl_log_dir_receipt(log, index, now_s, out, why);
    err = vl_log_dir_receipt(log, index, now_s, &receipt, why);
    if (!err)
        err = vl_log_dir_entry(log, index, &entry, why);
    bytes = vl_buf_bytes(&receipt);
    return err ? err : vl_transparent_write(vl_buf_bytes(&entry), &bytes, 1, out, why);
}
