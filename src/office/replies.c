/* SPDX-License-Identifier: Apache-2.0 */
#include "office/replies.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "letter/core.h"
#include "office/acts.h"

static enum vl_err keep_core(struct vl_store *store, const struct vl_manifest *manifest,
                             struct vl_act_any *any, int64_t now_s, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf opening = VL_BUF_INIT(256);
    struct vl_evidence_leaf leaf = {.index = VL_FIELD_IN_REPLY_TO};
    const struct vl_acts_keep keep = {
        .object = &manifest->core, .any = any, .single = &leaf, .single_count = 1, .now_s = now_s};
    struct vl_cbor_out w = vl_cbor_to(&opening);

    vl_opening_put_field(&w, manifest, VL_FIELD_IN_REPLY_TO);
    if (w.err)
        return vl_fail(why, w.err, "no memory for what it answers");
    leaf.leaf = vl_buf_bytes(&opening);
    return vl_acts_keep(store, &keep, why);
}

static enum vl_err tie(struct vl_store *store, const uint8_t *about, const uint8_t *key,
                       struct vl_why *why)
{
    struct vl_tie tie = {.kind = VL_TIE_ANSWERS};

    memcpy(tie.about, about, VL_HASH_LEN);
    memcpy(tie.key, key, VL_HASH_LEN);
    return vl_store_put_tie(store, &tie, why);
}

enum vl_err vl_reply_keep(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                          const struct vl_manifest *manifest, int64_t now_s, struct vl_why *why)
{
    struct vl_act_any *any;
    enum vl_err err;

    if (!manifest->has_in_reply_to)
        return VL_OK;
    any = vl_new(sizeof *any);
    err = any ? vl_act_any_read(&manifest->core, any, why)
              : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for what it answers");
    if (!err)
        err = keep_core(store, manifest, any, now_s, why);
    if (!err)
        err = tie(store, number, manifest->in_reply_to, why);
    vl_free(any);
    return err;
}

/* --- lists ------------------------------------------------------------------------------------ */

struct vl_thread_pair {
    uint8_t of[VL_HASH_LEN];
    uint8_t other[VL_HASH_LEN];
};

void vl_threads_release(struct vl_threads *threads)
{
    vl_free(threads->answers);
    vl_free(threads->answered);
    *threads = (struct vl_threads)VL_THREADS_INIT;
}

static enum vl_err see(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    struct vl_threads *threads = self;
    const size_t one = sizeof *threads->answers;
    void *block = threads->answers;

    if (threads->count == threads->cap) {
        const size_t cap = threads->cap ? 2 * threads->cap : 16;

        if (vl_grow(&block, threads->cap * one, cap * one) != VL_OK)
            return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for which letter answers which");
        threads->answers = block;
        threads->cap = cap;
    }
    memcpy(threads->answers[threads->count].of, tie->about, VL_HASH_LEN);
    memcpy(threads->answers[threads->count].other, tie->key, VL_HASH_LEN);
    threads->count++;
    return VL_OK;
}

static int by_both(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct vl_thread_pair));
}

enum vl_err vl_threads_load(struct vl_store *store, struct vl_threads *threads, struct vl_why *why)
{
    enum vl_err err = vl_store_ties(store, VL_TIE_ANSWERS, NULL, see, threads, why);

    if (err || threads->count == 0)
        return err;
    threads->answered = vl_new(threads->count * sizeof *threads->answered);
    if (!threads->answered)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for which letter answers which");
    for (size_t i = 0; i < threads->count; i++) {
        memcpy(threads->answered[i].of, threads->answers[i].other, VL_HASH_LEN);
        memcpy(threads->answered[i].other, threads->answers[i].of, VL_HASH_LEN);
    }
    qsort(threads->answers, threads->count, sizeof *threads->answers, by_both);
    qsort(threads->answered, threads->count, sizeof *threads->answered, by_both);
    return VL_OK;
}

/* Where those of this letter begin. */
static size_t first_of(const struct vl_thread_pair *pairs, size_t count,
                       const uint8_t number[VL_HASH_LEN])
{
    size_t low = 0, high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (memcmp(pairs[middle].of, number, VL_HASH_LEN) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_of(const struct vl_thread_pair *pairs, size_t count, size_t at,
                  const uint8_t number[VL_HASH_LEN])
{
    return at < count && memcmp(pairs[at].of, number, VL_HASH_LEN) == 0;
}

void vl_replies_find(const struct vl_threads *threads, const uint8_t number[VL_HASH_LEN],
                     struct vl_replies *out)
{
    const size_t count = threads->count;
    const size_t at = first_of(threads->answers, count, number);

    *out = (struct vl_replies){.has_answers = is_of(threads->answers, count, at, number)};
    if (out->has_answers)
        memcpy(out->answers, threads->answers[at].other, VL_HASH_LEN);
    for (size_t i = first_of(threads->answered, count, number);
         is_of(threads->answered, count, i, number); i++, out->count++)
        if (out->count < VL_REPLIES_SHOWN)
            memcpy(out->at[out->count], threads->answered[i].other, VL_HASH_LEN);
}
