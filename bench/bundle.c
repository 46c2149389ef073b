/* SPDX-License-Identifier: Apache-2.0 */
/* How many bundles with a payload of 1 KiB one core reads and writes in a second, and how fast the
 * checksums go.  Bundles have ipn endpoints and CRC-32C over the primary block, as forwarding nodes
 * see them; the payload block has no CRC, CRC-32C or CRC-16.
 * usage: bundle [ROUNDS]; prints the median of each, with the least and the most. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bundle/bundle.h"
#include "bundle/reader.h"

#define TIMES_A_ROUND 400000
#define MAX_ROUNDS    99
#define PAYLOAD_LEN   1024
#define BLOCK_LEN     ((size_t)64 * 1024)
#define BLOCKS        4000

static uint8_t payload[BLOCK_LEN];

static double seconds_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static void make(struct vl_bundle *bundle, enum vl_crc_kind crc, bool has_blocks)
{
    static const uint8_t hops[] = {0x82, 0x18, 0x20, 1}, age[] = {0x19, 0x03, 0xe8};
    static const uint8_t previous[] = {0x82, 0x02, 0x82, 0x18, 0x2a, 0};

    vl_bundle_begin(bundle, crc, vl_bytes_of(payload, PAYLOAD_LEN));
    bundle->crc = VL_CRC_32C;
    bundle->destination =
        (struct vl_eid){.scheme = VL_EID_IPN, .node = 200, .service = 1, .in_two = true};
    bundle->source =
        (struct vl_eid){.scheme = VL_EID_IPN, .node = 100, .service = 1, .in_two = true};
    bundle->report_to = bundle->source;
    bundle->created_ms = UINT64_C(847800000000);
    bundle->sequence = 7;
    bundle->lifetime_ms = 86400000;
    if (has_blocks && (vl_bundle_add(bundle, VL_BLOCK_PREVIOUS_NODE, 0, crc, VL_ARRAY(previous)) ||
                       vl_bundle_add(bundle, VL_BLOCK_AGE, 0, crc, VL_ARRAY(age)) ||
                       vl_bundle_add(bundle, VL_BLOCK_HOP_COUNT, 0, crc, VL_ARRAY(hops))))
        exit(1);
}

struct work {
    struct vl_bundle bundle;
    struct vl_buf wire;
    struct vl_buf out;
    struct vl_bundle_reader *reader;
    enum vl_crc_kind crc;
};

static uint64_t parse(struct work *work)
{
    struct vl_bundle bundle;

    if (vl_bundle_parse(vl_buf_bytes(&work->wire), 0, &bundle, NULL))
        exit(1);
    return bundle.payload_len;
}

static uint64_t stream(struct work *work)
{
    enum vl_bundle_event event;
    uint64_t sum = 0;
    vl_bytes piece;

    vl_bundle_reader_feed(work->reader, vl_buf_bytes(&work->wire));
    while ((event = vl_bundle_reader_next(work->reader, &piece)) != VL_BUNDLE_ENDS) {
        if (event == VL_BUNDLE_BROKEN)
            exit(1);
        sum += piece.len;
    }
    return sum;
}

static uint64_t write(struct work *work)
{
    work->out.len = 0;
    if (vl_bundle_write(&work->bundle, &work->out, NULL))
        exit(1);
    return work->out.len;
}

static uint64_t checksum(struct work *work)
{
    return vl_crc_put(work->crc, vl_crc_begin(work->crc), VL_ARRAY(payload));
}

static uint64_t table(struct work *work)
{
    (void)work;
    return vl_crc32c_by_table(0, VL_ARRAY(payload));
}

static void measure(const char *name, uint64_t (*run)(struct work *work), struct work *work,
                    size_t times, double unit, const char *unit_name, int rounds)
{
    double rates[MAX_ROUNDS];
    volatile uint64_t sum = 0;

    for (int round = -1; round < rounds; round++) { /* one to warm up */
        double start = seconds_now();

        for (size_t i = 0; i < times; i++)
            sum += run(work);
        if (round >= 0)
            rates[round] = (double)times * unit / (seconds_now() - start);
    }
    qsort(rates, (size_t)rounds, sizeof *rates, by_size);
    printf("%-44s %7.2f %s  (%.2f to %.2f)\n", name, rates[rounds / 2], unit_name, rates[0],
           rates[rounds - 1]);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        enum vl_crc_kind crc;
        bool has_blocks;
    } kinds[] = {
        {"no CRC of the payload", VL_CRC_NONE, false},
        {"CRC-32C", VL_CRC_32C, false},
        {"CRC-16", VL_CRC_16, false},
        {"no CRC, previous node, age, hops", VL_CRC_NONE, true},
        {"CRC-32C, previous node, age, hops", VL_CRC_32C, true},
    };
    int rounds = argc > 1 ? atoi(argv[1]) : 9;
    char name[80];

    if (rounds < 1 || rounds > MAX_ROUNDS)
        return 2;
    for (size_t i = 0; i < sizeof payload; i++)
        payload[i] = (uint8_t)(i * 31 + i / 256);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct work *work = calloc(1, sizeof *work);

        if (!work)
            return 1;
        work->wire = VL_BUF_INIT(BLOCK_LEN);
        work->out = VL_BUF_INIT(BLOCK_LEN);
        work->reader = vl_bundle_reader_new(0);
        make(&work->bundle, kinds[k].crc, kinds[k].has_blocks);
        if (!work->reader || vl_bundle_write(&work->bundle, &work->wire, NULL))
            return 1;
        (void)snprintf(name, sizeof name, "parse, %s", kinds[k].name);
        measure(name, parse, work, TIMES_A_ROUND, 1e-6, "M/s", rounds);
        (void)snprintf(name, sizeof name, "stream, %s", kinds[k].name);
        measure(name, stream, work, TIMES_A_ROUND, 1e-6, "M/s", rounds);
        (void)snprintf(name, sizeof name, "write, %s", kinds[k].name);
        measure(name, write, work, TIMES_A_ROUND, 1e-6, "M/s", rounds);
        vl_bundle_reader_free(work->reader);
        vl_buf_release(&work->wire);
        vl_buf_release(&work->out);
        free(work);
    }
    {
        struct work work = {.crc = VL_CRC_32C};
        double gigabytes = (double)BLOCK_LEN / 1e9;

        measure("CRC-32C of 64 KiB", checksum, &work, BLOCKS, gigabytes, "GB/s", rounds);
        measure("CRC-32C of 64 KiB by table", table, &work, BLOCKS, gigabytes, "GB/s", rounds);
        work.crc = VL_CRC_16;
        measure("CRC-16 of 64 KiB", checksum, &work, BLOCKS, gigabytes, "GB/s", rounds);
    }
    return 0;
}
