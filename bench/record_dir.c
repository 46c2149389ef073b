/* SPDX-License-Identifier: Apache-2.0 */
/* How fast a record takes statements, each judged and durable: what `record add` and a server do.
 * usage: record_dir RECORD HOME FIRST COUNT BATCH   (bench/record.sh builds it) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "card/act.h"
#include "office/record.h"

static double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* What the processors spent on this process. */
static double worked(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void check(enum vl_err err, const struct vl_why *why)
{
    if (err) {
        fprintf(stderr, "%s: %s\n", vl_err_name(err), why->text);
        exit(1);
    }
}

/* A statement about letter `number`, signed by the office. */
static void make(const struct vl_signer *signer, uint64_t number, struct vl_buf *out)
{
    struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN), sub = VL_BUF_INIT(200);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_act act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = true};
    uint8_t about[VL_HASH_LEN] = {0};
    struct vl_why why = {""};

    memcpy(about, &number, sizeof number);
    memcpy(act.card_id, signer->card_id, sizeof act.card_id);
    vl_cbor_put_map(&w, vl_act_pairs(&act));
    vl_act_put(&w, &act);
    check(w.err, &why);
    check(vl_kind_sub("letter", VL_ARRAY(about), &sub), &why);
    check(vl_object_sign(signer, VL_KIND_SEEN, vl_buf_bytes(&sub), vl_buf_bytes(&payload), out,
                         NULL, &why),
          &why);
    vl_buf_release(&payload);
    vl_buf_release(&sub);
}

static int by_time(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
    struct vl_home home = VL_HOME_INIT;
    struct vl_log_dir *log = NULL;
    struct vl_signer signer;
    struct vl_why why = {""};
    uint64_t first, count, size, done = 0, bytes = 0;
    struct vl_buf *objects;
    double *times, spent = 0, work = 0;
    size_t batches = 0;
    const int64_t now_s = (int64_t)time(NULL);

    if (argc != 6)
        return 2;
    first = strtoull(argv[3], NULL, 10);
    count = strtoull(argv[4], NULL, 10);
    size = strtoull(argv[5], NULL, 10);
    check(vl_home_open(argv[2], VL_HOME_READ, &home, &why), &why);
    check(vl_home_unlock(&home, NULL, &why), &why);
    check(vl_home_signer(&home, now_s, &signer, &why), &why);
    check(vl_log_dir_open(argv[1], VL_LOG_DIR_WRITE, &log, &why), &why);
    objects = calloc(size, sizeof *objects);
    times = calloc(count / size + 1, sizeof *times);
    if (!objects || !times)
        return 1;
    while (done < count) {
        const uint64_t some = count - done < size ? count - done : size;
        struct vl_record_batch *batch;
        double start, start_work;

        for (uint64_t i = 0; i < some; i++) {
            objects[i] = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
            make(&signer, first + done + i, &objects[i]);
            bytes += objects[i].len;
        }
        start_work = worked();
        start = now();
        batch = vl_record_batch_new(log, &home, now_s);
        if (!batch)
            return 1;
        for (uint64_t i = 0; i < some; i++)
            check(vl_record_batch_put(batch, vl_buf_bytes(&objects[i]), true, &why), &why);
        check(vl_record_batch_commit(batch, &why), &why);
        for (size_t i = 0; i < vl_record_batch_count(batch); i++)
            check(vl_record_batch_at(batch, i)->err, &vl_record_batch_at(batch, i)->why);
        vl_record_batch_free(batch);
        times[batches] = now() - start;
        work += worked() - start_work;
        spent += times[batches++];
        for (uint64_t i = 0; i < some; i++)
            vl_buf_release(&objects[i]);
        done += some;
    }
    qsort(times, batches, sizeof *times, by_time);
    printf("  batches of %4llu: %6.0f statements/s of %.0f bytes, %.0f us of a processor each; "
           "a batch takes %.1f ms, 99 of 100 under %.1f ms\n",
           (unsigned long long)size, (double)count / spent, (double)bytes / (double)count,
           work / (double)count * 1e6, times[batches / 2] * 1e3, times[batches * 99 / 100] * 1e3);
    vl_log_dir_close(log);
    vl_home_close(&home);
    free(objects);
    free(times);
    return 0;
}
