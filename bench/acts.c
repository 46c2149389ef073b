/* SPDX-License-Identifier: Apache-2.0 */
/* How long everything that is kept about one letter takes to be found, in a home with many acts
 * over many letters: of one that this office wrote with many others, and of one that only three of
 * the hand-overs have. usage: acts fill HOME BATCHES LETTERS (a home that `valise init` made),
 * then: acts find HOME */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "custody/handover.h"
#include "office/acts.h"
#include "office/answers.h"
#include "office/sending.h"

#define ROUNDS 51
#define NOW    1800000000

static void must(enum vl_err err, const struct vl_why *why)
{
    if (!err)
        return;
    (void)fprintf(stderr, "acts: %s: %s\n", vl_err_words(err), why->text);
    exit(1);
}

static double now_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* --- filling ---------------------------------------------------------------------------------- */

static void hash_of(uint64_t kind, uint64_t number, uint8_t out[VL_HASH_LEN])
{
    const uint64_t both[2] = {kind, number};

    vl_sha256(vl_bytes_of(both, sizeof both), out);
}

static int by_number(const void *a, const void *b)
{
    return memcmp(a, b, VL_HASH_LEN);
}

/* A hand-over of so many letters that nobody knows, and of one more. */
static void hand(struct vl_home *home, const struct vl_signer *signer, uint64_t batch, size_t count,
                 const uint8_t *also)
{
    const struct vl_rng rng = vl_rng_system();
    struct vl_batch_tree tree = VL_BATCH_TREE_INIT;
    struct vl_transferred act = {.act = {.capacity = VL_CAPACITY_PRINCIPAL}, .has_taker = true};
    struct vl_buf list = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    uint8_t(*leaves)[VL_ACTS_LEAF_LEN] = vl_new(count * VL_ACTS_LEAF_LEN);
    struct vl_why why = {""};

    if (!leaves)
        exit(1);
    for (size_t i = 0; i < count; i++) {
        hash_of(1000 + batch, i, leaves[i]);
        hash_of(5000 + batch, i, leaves[i] + VL_HASH_LEN);
    }
    if (also)
        memcpy(leaves[0], also, VL_HASH_LEN);
    qsort(leaves, count, VL_ACTS_LEAF_LEN, by_number);
    for (size_t i = 0; i < count; i++) {
        struct vl_custody_leaf leaf = {.has_waybill = true};

        memcpy(leaf.number, leaves[i], VL_HASH_LEN);
        memcpy(leaf.waybill, leaves[i] + VL_HASH_LEN, VL_HASH_LEN);
        must(vl_batch_add_custody(&tree, &leaf, &why), &why);
    }
    hash_of(3, 0, act.taker.at);
    act.batch = vl_batch_of(&tree);
    must(vl_rng_fill(&rng, act.handover, VL_NONCE_LEN), &why);
    must(vl_transferred_write(signer, &act, &list, NULL, &why), &why);
    must(vl_own_act_keep(home, vl_buf_bytes(&list), vl_bytes_of(leaves, count * VL_ACTS_LEAF_LEN),
                         NOW, &why),
         &why);
    vl_buf_release(&list);
    vl_free(leaves);
}

/* Letters under one `sealed` of this office; their waybills are of no content. */
static void write_all(struct vl_home *home, const struct vl_signer *signer, size_t count)
{
    struct vl_sent *sent = vl_new(count * sizeof *sent);
    struct vl_buf act = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    uint8_t id[VL_HASH_LEN], filler[300] = {0};
    struct vl_why why = {""};

    if (!sent)
        exit(1);
    for (size_t i = 0; i < count; i++) {
        struct vl_letter_row row = {.size = 8, .mode = 1, .roles = VL_ROLE_WRITTEN};
        bool is_new;

        sent[i].waybill = VL_BUF_INIT(sizeof filler);
        vl_sha256(vl_bytes_of(&i, sizeof i), sent[i].number);
        memcpy(filler, sent[i].number, VL_HASH_LEN);
        must(vl_buf_put(&sent[i].waybill, VL_ARRAY(filler)), &why);
        memcpy(row.number, sent[i].number, VL_HASH_LEN);
        row.waybill = vl_buf_bytes(&sent[i].waybill);
        row.kept_at_s = NOW;
        must(vl_store_put_letter_bytes(home->store, &row, vl_bytes_of(&i, sizeof i), &is_new, &why),
             &why);
    }
    must(vl_sent_seal(sent, count, signer, true, &act, id, &why), &why);
    for (size_t i = 0; i < count; i++)
        must(vl_store_set_sealed(home->store, sent[i].number, id, sent[i].leaf_index, &why), &why);
    must(vl_sent_keep_act(home->store, signer, vl_buf_bytes(&act), id, sent, count, &why), &why);
    for (size_t i = 0; i < count; i++)
        vl_sent_release(&sent[i]);
    vl_free(sent);
    vl_buf_release(&act);
}

static void fill(struct vl_home *home, uint64_t batches, size_t letters)
{
    struct vl_why why = {""};
    struct vl_signer signer;
    uint8_t number[VL_HASH_LEN];
    double start = now_us();

    hash_of(1, 1, number);
    must(vl_home_signer(home, NOW, &signer, &why), &why);
    must(vl_store_begin(home->store, &why), &why);
    for (uint64_t i = 0; i < batches; i++)
        hand(home, &signer, i, letters, i % (batches / 3 + 1) == 0 ? number : NULL);
    must(vl_store_commit(home->store, &why), &why);
    printf("%llu hand-overs of %zu letters kept: %.0f ms each\n", (unsigned long long)batches,
           letters, (now_us() - start) / 1e3 / (double)batches);
    start = now_us();
    must(vl_store_begin(home->store, &why), &why);
    write_all(home, &signer, letters);
    must(vl_store_commit(home->store, &why), &why);
    printf("%zu letters written: %.0f ms\n", letters, (now_us() - start) / 1e3);
}

/* --- finding ---------------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void find(struct vl_home *home, const struct vl_letter_row *row, const char *words)
{
    double took[ROUNDS], first = 0;
    size_t acts = 0;
    struct vl_why why = {""};

    for (size_t i = 0; i < ROUNDS; i++) {
        struct vl_path_cache cache = VL_PATH_CACHE_INIT;
        struct vl_gathered gathered = VL_GATHERED_INIT;
        const double start = now_us();

        must(vl_acts_gather(home->store, row, &cache, &gathered, &why), &why);
        took[i] = now_us() - start;
        acts = gathered.count;
        vl_gathered_release(&gathered);
        vl_path_cache_release(&cache);
    }
    first = took[0];
    qsort(took, ROUNDS, sizeof *took, by_time);
    printf("%s: %zu acts; the first time %.2f ms, then %.2f ms (median of %d)\n", words, acts,
           first / 1e3, took[ROUNDS / 2] / 1e3, ROUNDS);
}

int main(int argc, char **argv)
{
    const bool fills = argc == 5 && strcmp(argv[1], "fill") == 0;
    struct vl_letter_row handed = {.mode = 1}, written = VL_LETTER_ROW_INIT;
    struct vl_home home = VL_HOME_INIT;
    uint8_t number[VL_HASH_LEN];
    const size_t middle = 12345 % 100;
    struct vl_why why = {""};

    if (argc < 3)
        return 2;
    must(vl_home_open(argv[2], fills ? VL_HOME_WRITE : VL_HOME_READ, &home, &why), &why);
    if (fills) {
        const struct vl_asker nobody = {NULL, NULL};

        must(vl_home_unlock(&home, &nobody, &why), &why);
        fill(&home, strtoull(argv[3], NULL, 10), strtoul(argv[4], NULL, 10));
        vl_home_close(&home);
        return 0;
    }
    hash_of(1, 1, handed.number);
    vl_sha256(vl_bytes_of(&middle, sizeof middle), number);
    must(vl_store_letter(home.store, number, &written, &why), &why);
    find(&home, &handed, "One in three of the hand-overs");
    find(&home, &written, "One of many that were written together");
    vl_letter_row_release(&written);
    vl_home_close(&home);
    return 0;
}
