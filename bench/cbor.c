/* SPDX-License-Identifier: Apache-2.0 */
/* How many signed objects of about 350 bytes one core reads in a second, strictly: tag, headers,
 * claims, a payload with nested maps, every field with the call and the range a parser would use.
 * usage: cbor [ROUNDS]; prints each round and the median. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "codec/cbor.h"

#define READS_A_ROUND 1000000
#define MAX_ROUNDS    99

#define KEY_AGREED 7
#define ITEM_COUNT 3

static void put_protected(struct vl_buf *out)
{
    struct vl_cbor_out w = vl_cbor_to(out);
    uint8_t kid[32];

    memset(kid, 0x4b, sizeof kid);
    vl_cbor_put_map(&w, 4);
    vl_cbor_put_int(&w, 1);
    vl_cbor_put_int(&w, -8);
    vl_cbor_put_int(&w, 3);
    vl_cbor_put_text(&w, VL_LITERAL("application/vnd.valise.accepted.v1+cbor"));
    vl_cbor_put_int(&w, 4);
    vl_cbor_put_bytes(&w, VL_ARRAY(kid));
    vl_cbor_put_int(&w, 15);
    vl_cbor_put_map(&w, 2);
    vl_cbor_put_int(&w, 1);
    vl_cbor_put_text(&w, VL_LITERAL("dtn://office1qyv6n2p0w3k7x9u5s4j8g2t6v0c3d7h9/"));
    vl_cbor_put_int(&w, 2);
    vl_cbor_put_text(&w, VL_LITERAL("valise:letter:00112233445566778899aabbccddeeff00112233"));
    if (w.err)
        exit(1);
}

static void put_payload(struct vl_buf *out)
{
    struct vl_cbor_out w = vl_cbor_to(out);
    uint8_t hash[32];

    memset(hash, 0x5a, sizeof hash);
    vl_cbor_put_map(&w, 6);
    vl_cbor_put_int(&w, 0);
    vl_cbor_put_uint(&w, 1);
    vl_cbor_put_int(&w, 1);
    vl_cbor_put_bytes(&w, vl_bytes_of(hash, 16));
    vl_cbor_put_int(&w, 2);
    vl_cbor_put_uint(&w, UINT64_C(1700000000000));
    vl_cbor_put_int(&w, 3);
    vl_cbor_put_map(&w, 2);
    vl_cbor_put_int(&w, 1);
    vl_cbor_put_bytes(&w, VL_ARRAY(hash));
    vl_cbor_put_int(&w, 2);
    vl_cbor_put_uint(&w, 100000);
    vl_cbor_put_int(&w, 4);
    vl_cbor_put_array(&w, ITEM_COUNT);
    for (int i = 0; i < ITEM_COUNT; i++)
        vl_cbor_put_uint(&w, 1000u * (unsigned)i);
    vl_cbor_put_int(&w, KEY_AGREED);
    vl_cbor_put_bool(&w, true);
    if (w.err)
        exit(1);
}

static void put_object(struct vl_buf *out)
{
    VL_AUTO(vl_buf_release) struct vl_buf header = VL_BUF_INIT(1024);
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(1024);
    struct vl_cbor_out w = vl_cbor_to(out);
    uint8_t signature[64];

    memset(signature, 0xa5, sizeof signature);
    put_protected(&header);
    put_payload(&payload);
    vl_cbor_put_tag(&w, 18);
    vl_cbor_put_array(&w, 4);
    vl_cbor_put_bytes(&w, vl_buf_bytes(&header));
    vl_cbor_put_map(&w, 0);
    vl_cbor_put_bytes(&w, vl_buf_bytes(&payload));
    vl_cbor_put_bytes(&w, VL_ARRAY(signature));
    if (w.err)
        exit(1);
}

static uint64_t read_claims(struct vl_cbor *r)
{
    struct vl_cbor_map map = vl_cbor_map(r, 2, 3);
    uint64_t sum = 0;

    while (vl_cbor_next(r, &map)) {
        switch (vl_cbor_key(r, &map, 1, 6)) {
        case 1:
            sum += vl_cbor_text(r, 1, 255).len;
            break;
        case 2:
            sum += vl_cbor_text(r, 1, 255).len;
            break;
        default:
            sum += vl_cbor_uint(r, UINT64_C(1) << 53);
        }
    }
    return sum;
}

static uint64_t read_protected(vl_bytes header)
{
    struct vl_cbor r = vl_cbor_open(header, VL_CBOR_STRICT);
    struct vl_cbor_map map = vl_cbor_map(&r, 4, 4);
    uint64_t sum = 0;

    while (vl_cbor_next(&r, &map)) {
        struct vl_cbor_label label = vl_cbor_label(&r, &map);

        switch (label.number) {
        case 1:
            sum += (uint64_t)-vl_cbor_int(&r, -65536, 65535);
            break;
        case 3:
            sum += vl_cbor_text(&r, 1, 255).len;
            break;
        case 4:
            sum += vl_cbor_bytes(&r, 32, 32).len;
            break;
        case 15:
            sum += read_claims(&r);
            break;
        default:
            vl_cbor_refuse(&r, VL_ERR_FORMAT, "another label");
        }
    }
    return vl_cbor_close(&r, "header", NULL) ? 0 : sum;
}

static uint64_t read_batch(struct vl_cbor *r)
{
    struct vl_cbor_map map = vl_cbor_map(r, 2, 2);
    uint64_t sum = 0;

    while (vl_cbor_next(r, &map))
        sum += vl_cbor_key(r, &map, 1, 2) == 1 ? vl_cbor_bytes(r, 32, 32).len
                                               : vl_cbor_uint(r, UINT64_C(1) << 24);
    return sum;
}

static uint64_t read_numbers(struct vl_cbor *r)
{
    size_t count = vl_cbor_array(r, 0, 16);
    uint64_t sum = 0;

    for (size_t i = 0; i < count && vl_cbor_ok(r); i++)
        sum += vl_cbor_uint(r, UINT32_MAX);
    return sum;
}

static uint64_t read_payload(vl_bytes payload)
{
    struct vl_cbor r = vl_cbor_open(payload, VL_CBOR_STRICT);
    struct vl_cbor_map map = vl_cbor_map(&r, 6, 6);
    uint64_t sum = 0;

    while (vl_cbor_next(&r, &map)) {
        switch (vl_cbor_key(&r, &map, 0, KEY_AGREED)) {
        case 0:
            sum += vl_cbor_uint(&r, 1);
            break;
        case 1:
            sum += vl_cbor_bytes(&r, 16, 16).len;
            break;
        case 2:
            sum += vl_cbor_uint(&r, UINT64_C(1) << 48);
            break;
        case 3:
            sum += read_batch(&r);
            break;
        case 4:
            sum += read_numbers(&r);
            break;
        default:
            sum += vl_cbor_bool(&r);
        }
    }
    return vl_cbor_close(&r, "payload", NULL) ? 0 : sum;
}

/* Something that depends on every field, 0 when the object is refused. */
static uint64_t read_object(vl_bytes wire)
{
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_STRICT);
    vl_bytes header, payload, signature;
    uint64_t of_header, of_payload;

    vl_cbor_tag(&r, 18);
    (void)vl_cbor_array(&r, 4, 4);
    header = vl_cbor_bytes(&r, 1, 65536);
    (void)vl_cbor_map(&r, 0, 0);
    payload = vl_cbor_bytes(&r, 1, 65536);
    signature = vl_cbor_bytes(&r, 64, 64);
    if (vl_cbor_close(&r, "object", NULL))
        return 0;
    of_header = read_protected(header);
    of_payload = read_payload(payload);
    return of_header && of_payload ? of_header + of_payload + signature.ptr[0] : 0;
}

static double seconds_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return left < right ? -1 : left > right;
}

/* Reads in a second of processor time, in millions. */
static double millions_a_second(vl_bytes wire, uint64_t wanted)
{
    double begin = seconds_now();

    for (int i = 0; i < READS_A_ROUND; i++) {
        /* The compiler may not read once for all rounds. */
        __asm__ volatile("" : : "r"(wire.ptr) : "memory");
        if (read_object(wire) != wanted)
            exit(1);
    }
    return READS_A_ROUND / (seconds_now() - begin) / 1e6;
}

int main(int argc, char **argv)
{
    VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(4096);
    double speeds[MAX_ROUNDS];
    int rounds = argc > 1 ? atoi(argv[1]) : 7;
    uint64_t wanted;

    if (rounds < 1 || rounds > MAX_ROUNDS)
        return 2;
    put_object(&object);
    wanted = read_object(vl_buf_bytes(&object));
    if (!wanted)
        return 1;
    printf("strict reads of an object of %zu bytes, millions a second:", object.len);
    for (int i = 0; i < rounds; i++) {
        speeds[i] = millions_a_second(vl_buf_bytes(&object), wanted);
        printf(" %.2f", speeds[i]);
    }
    qsort(speeds, (size_t)rounds, sizeof *speeds, by_size);
    printf("; median %.2f\n", speeds[rounds / 2]);
    return 0;
}
