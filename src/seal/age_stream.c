/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/age_stream.h"

#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "base/pool.h"
#include "crypto/hash.h"

/* One under way for each worker, one being filled, and some that wait for their turn to leave: with
 * fewer, readers and writers wait for each other. */
#define SLOTS(workers) ((workers) + 5)
#define SEALED_BATCH   ((size_t)VL_AGE_CHUNKS_AT_ONCE * VL_AGE_SEALED)
#define PLAIN_BATCH    ((size_t)VL_AGE_CHUNKS_AT_ONCE * VL_AGE_CHUNK)

/* Some chunks on their way.  Sealing works in place, so plaintext lies where its ciphertext will:
 * a chunk every VL_AGE_SEALED bytes.  Opening needs the ciphertext still when a chunk fails, to say
 * what is wrong with it, and goes from one half to the other. */
struct batch {
    struct vl_aead *aead; /* of this slot, made with its first batch */
    uint64_t first_chunk;
    size_t in_len;
    size_t out_len;
    size_t chunks_used; /* the most chunks it ever held: what is to be wiped */
    bool is_last;       /* its last chunk is the last of the file */
    enum vl_err err;
    struct vl_why why;
    uint8_t sealed[SEALED_BATCH];
    uint8_t plain[]; /* PLAIN_BATCH when opening */
};

struct vl_age_stream {
    enum vl_age_direction direction;
    struct vl_secret key;
    struct vl_sink sink;
    struct vl_pool *pool;
    struct batch *batch; /* being filled, or NULL */
    uint64_t next_chunk;
    bool failed;     /* no memory for a context; everything else fails in the pool */
    size_t chunk_in; /* how long a full chunk is on the way in */
    /* What follows a full batch: only then is it known to follow.  The last member, for it is
     * touched by large files only. */
    size_t ahead_len;
    uint8_t ahead[VL_AGE_SEALED];
};

/* C2SP age: 11 bytes of counter, then 1 for the last chunk and 0 for the others. */
static void chunk_nonce(uint64_t chunk, bool is_last, uint8_t nonce[VL_AEAD_NONCE_LEN])
{
    memset(nonce, 0, VL_AEAD_NONCE_LEN);
    for (unsigned i = 0; i < 8; i++)
        nonce[3 + i] = (uint8_t)(chunk >> 8 * (7 - i));
    nonce[11] = is_last;
}

/* Chunks of a batch: 1 even when it is empty, for then it is an empty file. */
static size_t chunk_count(size_t len, size_t chunk_len)
{
    return len == 0 ? 1 : (len + chunk_len - 1) / chunk_len;
}

static enum vl_err seal_batch(struct batch *batch, struct vl_why *why)
{
    size_t count = chunk_count(batch->in_len, VL_AGE_CHUNK);

    batch->out_len = 0;
    for (size_t i = 0; i < count; i++) {
        size_t done = i * VL_AGE_CHUNK;
        size_t len = batch->in_len - done < VL_AGE_CHUNK ? batch->in_len - done : VL_AGE_CHUNK;
        uint8_t nonce[VL_AEAD_NONCE_LEN];
        enum vl_err err;

        chunk_nonce(batch->first_chunk + i, batch->is_last && i + 1 == count, nonce);
        err = vl_aead_seal(batch->aead, nonce, batch->sealed + i * VL_AGE_SEALED, len);
        if (err)
            return vl_fail(why, err, "the cipher failed");
        batch->out_len += len + VL_AEAD_TAG_LEN;
    }
    return VL_OK;
}

static enum vl_err open_chunk(struct batch *batch, size_t index, bool is_last, vl_bytes sealed)
{
    uint8_t nonce[VL_AEAD_NONCE_LEN];
    size_t len = sealed.len - VL_AEAD_TAG_LEN;
    enum vl_err err;

    chunk_nonce(batch->first_chunk + index, is_last, nonce);
    err = vl_aead_open_to(batch->aead, nonce, sealed.ptr, len, batch->plain + index * VL_AGE_CHUNK);
    if (!err)
        batch->out_len += len;
    return err;
}

/* A chunk did not open.  A full one that opens as its opposite tells what happened to the file; it
 * is authenticated then, and goes out like the others before it. */
static enum vl_err explain(struct batch *batch, size_t index, bool is_last, vl_bytes sealed,
                           struct vl_why *why)
{
    uint64_t at = (batch->first_chunk + index) * VL_AGE_CHUNK;

    if (sealed.len == VL_AGE_SEALED && open_chunk(batch, index, !is_last, sealed) == VL_OK)
        return vl_fail(why, VL_ERR_UNVERIFIED,
                       is_last ? "cut short after %llu bytes of content"
                               : "something was added behind %llu bytes of content",
                       (unsigned long long)at + VL_AGE_CHUNK);
    return vl_fail(why, VL_ERR_UNVERIFIED,
                   is_last ? "altered or cut short after %llu bytes of content"
                           : "altered after %llu bytes of content",
                   (unsigned long long)at);
}

/* Stops at the first chunk that is wrong and keeps the failure for later: what was authenticated
 * before it is released first, in order. */
static void open_batch(struct batch *batch)
{
    size_t count = chunk_count(batch->in_len, VL_AGE_SEALED);

    batch->out_len = 0;
    batch->err = VL_OK;
    for (size_t i = 0; i < count && !batch->err; i++) {
        vl_bytes rest =
            vl_bytes_of(batch->sealed + i * VL_AGE_SEALED, batch->in_len - i * VL_AGE_SEALED);
        vl_bytes sealed = vl_bytes_first(rest, VL_AGE_SEALED);
        bool is_last = batch->is_last && i + 1 == count;
        bool is_first = batch->first_chunk + i == 0;

        /* Only the one chunk of an empty file has no content. */
        if (sealed.len < VL_AEAD_TAG_LEN || (sealed.len == VL_AEAD_TAG_LEN && !is_first))
            batch->err =
                vl_fail(&batch->why, VL_ERR_UNVERIFIED, "cut short after %llu bytes of content",
                        (unsigned long long)((batch->first_chunk + i) * VL_AGE_CHUNK));
        else if (open_chunk(batch, i, is_last, sealed))
            batch->err = explain(batch, i, is_last, sealed, &batch->why);
    }
}

static enum vl_err work(void *self, void *slot, struct vl_why *why)
{
    struct vl_age_stream *stream = self;
    struct batch *batch = slot;

    if (stream->direction == VL_AGE_SEALING)
        return seal_batch(batch, why);
    open_batch(batch);
    return VL_OK;
}

static enum vl_err done(void *self, void *slot, struct vl_why *why)
{
    struct vl_age_stream *stream = self;
    struct batch *batch = slot;
    bool sealing = stream->direction == VL_AGE_SEALING;
    enum vl_err err = VL_OK;

    if (batch->out_len > 0)
        err = stream->sink.put(stream->sink.self,
                               vl_bytes_of(sealing ? batch->sealed : batch->plain, batch->out_len),
                               why);
    if (!err && !sealing && batch->err) {
        *why = batch->why;
        err = batch->err;
    }
    return err;
}

static void drop(void *self, void *slot)
{
    struct vl_age_stream *stream = self;
    struct batch *batch = slot;

    vl_aead_free(batch->aead);
    vl_wipe(batch->sealed, batch->chunks_used * VL_AGE_SEALED);
    if (stream->direction == VL_AGE_OPENING)
        vl_wipe(batch->plain, batch->chunks_used * VL_AGE_CHUNK);
}

static const struct vl_pool_ops pool_ops = {work, done, drop};

struct vl_age_stream *vl_age_stream_new(enum vl_age_direction direction,
                                        const struct vl_secret *file_key,
                                        const uint8_t nonce[VL_AGE_NONCE_LEN], unsigned workers,
                                        struct vl_sink sink)
{
    struct vl_age_stream *stream = vl_new(sizeof *stream);
    size_t slot_size = sizeof(struct batch) + (direction == VL_AGE_OPENING ? PLAIN_BATCH : 0);

    if (!stream)
        return NULL;
    if (workers > VL_POOL_MAX_WORKERS)
        workers = VL_POOL_MAX_WORKERS;
    stream->direction = direction;
    stream->sink = sink;
    stream->chunk_in = direction == VL_AGE_SEALING ? VL_AGE_CHUNK : VL_AGE_SEALED;
    vl_hkdf_sha256(file_key, vl_bytes_of(nonce, VL_AGE_NONCE_LEN), VL_LITERAL("payload"),
                   &stream->key);
    stream->pool = vl_pool_new(&pool_ops, stream, workers, slot_size, SLOTS(workers));
    if (!stream->pool) {
        vl_age_stream_free(stream);
        return NULL;
    }
    return stream;
}

void vl_age_stream_free(struct vl_age_stream *stream)
{
    if (!stream)
        return;
    vl_pool_free(stream->pool);
    vl_wipe(stream->ahead, stream->ahead_len);
    vl_wipe(stream, offsetof(struct vl_age_stream, ahead));
    vl_free(stream);
}

/* Start filling a batch.  NULL after a failure. */
static struct batch *next_batch(struct vl_age_stream *stream)
{
    struct batch *batch = stream->failed ? NULL : vl_pool_slot(stream->pool);

    if (!batch)
        return NULL;
    if (!batch->aead) {
        batch->aead = vl_aead_new(&stream->key, VL_AEAD_AUTO);
        if (!batch->aead) {
            stream->failed = true;
            return NULL;
        }
    }
    batch->first_chunk = stream->next_chunk;
    batch->in_len = 0;
    batch->is_last = false;
    return batch;
}

static void note_use(struct vl_age_stream *stream)
{
    size_t used = chunk_count(stream->batch->in_len, stream->chunk_in);

    if (used > stream->batch->chunks_used)
        stream->batch->chunks_used = used;
}

/* Where byte number in_len of the batch goes. */
static size_t place_of(const struct vl_age_stream *stream, size_t in_len)
{
    return in_len / stream->chunk_in * VL_AGE_SEALED + in_len % stream->chunk_in;
}

static bool is_full(const struct vl_age_stream *stream)
{
    return stream->batch->in_len == VL_AGE_CHUNKS_AT_ONCE * stream->chunk_in;
}

vl_room vl_age_stream_room(struct vl_age_stream *stream)
{
    struct batch *batch;

    if (!stream->batch)
        stream->batch = next_batch(stream);
    batch = stream->batch;
    if (!batch)
        return (vl_room){NULL, 0};
    if (is_full(stream))
        return (vl_room){stream->ahead, stream->chunk_in};
    return (vl_room){batch->sealed + place_of(stream, batch->in_len),
                     stream->chunk_in - batch->in_len % stream->chunk_in};
}

void vl_age_stream_fed(struct vl_age_stream *stream, size_t len)
{
    if (!stream->batch || len == 0)
        return;
    if (!is_full(stream)) {
        stream->batch->in_len += len;
        note_use(stream);
        return;
    }
    stream->ahead_len = len > stream->ahead_len ? len : stream->ahead_len;
    /* Something follows, so the full batch does not hold the last chunk. */
    stream->next_chunk += VL_AGE_CHUNKS_AT_ONCE;
    vl_pool_submit(stream->pool);
    stream->batch = next_batch(stream);
    if (stream->batch) {
        memcpy(stream->batch->sealed, stream->ahead, len);
        stream->batch->in_len = len;
        note_use(stream);
    }
}

enum vl_err vl_age_stream_failure(struct vl_age_stream *stream, struct vl_why *why)
{
    enum vl_err err = vl_pool_drain(stream->pool, why);

    if (!err && stream->failed)
        err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the cipher");
    return err;
}

enum vl_err vl_age_stream_finish(struct vl_age_stream *stream, struct vl_why *why)
{
    if (!stream->batch)
        stream->batch = next_batch(stream);
    if (stream->batch) {
        stream->batch->is_last = true;
        stream->batch = NULL;
        vl_pool_submit(stream->pool);
    }
    return vl_age_stream_failure(stream, why);
}
