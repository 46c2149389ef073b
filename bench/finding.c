/* SPDX-License-Identifier: Apache-2.0 */
/* How long a finding takes about the first letter of an evidence file: with the set prepared, and
 * from the bytes of its acts on, their signatures taken as verified.
 * usage: finding FILE [ROUNDS]; prints each round in microseconds of processor time, and the
 * medians. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "finding/finding.h"

#define MAKES_A_ROUND 2000
#define MAX_ROUNDS    99
#define AS_OF_S       1800000000

struct acts {
    struct vl_evidence evidence;
    struct vl_buf *wires;
    struct vl_evidence_item *items; /* parsed again from the wires */
    uint8_t number[VL_HASH_LEN];
};

static void must(enum vl_err err, const struct vl_why *why)
{
    if (!err)
        return;
    (void)fprintf(stderr, "finding: %s: %s\n", vl_err_words(err), why->text);
    exit(1);
}

static double now_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void read_file(const char *path, struct acts *acts)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct vl_why why = {""};
    struct vl_leaf leaf;
    uint8_t chunk[4096];
    size_t len;
    FILE *file = fopen(path, "rb");

    while (file && (len = fread(chunk, 1, sizeof chunk, file)) > 0)
        must(vl_buf_put(&wire, vl_bytes_of(chunk, len)), &why);
    if (!file || fclose(file) != 0)
        exit(1);
    acts->evidence = (struct vl_evidence)VL_EVIDENCE_INIT;
    must(vl_evidence_parse(vl_buf_bytes(&wire), &acts->evidence, &why), &why);
    acts->wires = calloc(acts->evidence.item_count, sizeof *acts->wires);
    acts->items = calloc(acts->evidence.item_count, sizeof *acts->items);
    if (!acts->wires || !acts->items || acts->evidence.item_count == 0)
        exit(1);
    for (size_t i = 0; i < acts->evidence.item_count; i++) {
        acts->wires[i] = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
        must(vl_object_write(&acts->evidence.items[i].object, &acts->wires[i]), &why);
    }
    must(vl_leaf_parse(vl_leaf_kind_of(acts->evidence.items[0].object.kind),
                       acts->evidence.items[0].leaves[0].leaf, &leaf, &why),
         &why);
    memcpy(acts->number, leaf.number, VL_HASH_LEN);
}

static size_t make(struct vl_finding_set *set, const struct acts *acts)
{
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    struct vl_why why = {""};

    must(vl_finding_make(set, acts->number, AS_OF_S, &finding, &why), &why);
    return finding.record_count;
}

static double prepared_us(const struct acts *acts)
{
    struct vl_finding_set *set = vl_finding_set_new();
    struct vl_why why = {""};
    double start;

    if (!set)
        exit(1);
    must(vl_finding_add_evidence(set, &acts->evidence, &why), &why);
    must(vl_finding_prepare(set, &why), &why);
    start = now_us();
    for (int i = 0; i < MAKES_A_ROUND; i++)
        (void)make(set, acts);
    start = (now_us() - start) / MAKES_A_ROUND;
    vl_finding_set_free(set);
    return start;
}

static void make_from_bytes(const struct acts *acts)
{
    struct vl_finding_set *set = vl_finding_set_new();
    struct vl_why why = {""};

    if (!set)
        exit(1);
    for (size_t i = 0; i < acts->evidence.chain_count; i++)
        must(vl_finding_add_chain(set, &acts->evidence.chains[i], &why), &why);
    for (size_t i = 0; i < acts->evidence.item_count; i++) {
        acts->items[i] = acts->evidence.items[i];
        must(vl_object_parse(vl_buf_bytes(&acts->wires[i]), &acts->items[i].object, &why), &why);
        must(vl_finding_add_verified(set, &acts->items[i], VL_STANDING_FULL, &why), &why);
    }
    (void)make(set, acts);
    vl_finding_set_free(set);
    for (size_t i = 0; i < acts->evidence.item_count; i++)
        vl_object_release(&acts->items[i].object);
}

static double from_bytes_us(const struct acts *acts)
{
    const double start = now_us();

    for (int i = 0; i < MAKES_A_ROUND; i++)
        make_from_bytes(acts);
    return (now_us() - start) / MAKES_A_ROUND;
}

static int by_value(const void *a, const void *b)
{
    const double *left = a, *right = b;

    return *left < *right ? -1 : *left > *right;
}

int main(int argc, char **argv)
{
    double prepared[MAX_ROUNDS], from_bytes[MAX_ROUNDS];
    long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 7;
    struct acts acts;
    struct vl_finding_set *set = vl_finding_set_new();
    struct vl_why why = {""};

    if (argc < 2 || rounds < 1 || rounds > MAX_ROUNDS || !set)
        return 2;
    read_file(argv[1], &acts);
    must(vl_finding_add_evidence(set, &acts.evidence, &why), &why);
    printf("%zu acts about the letter\n", make(set, &acts));
    vl_finding_set_free(set);
    for (long i = 0; i < rounds; i++) {
        prepared[i] = prepared_us(&acts);
        from_bytes[i] = from_bytes_us(&acts);
        printf("prepared %.1f us, from bytes %.1f us\n", prepared[i], from_bytes[i]);
    }
    qsort(prepared, (size_t)rounds, sizeof *prepared, by_value);
    qsort(from_bytes, (size_t)rounds, sizeof *from_bytes, by_value);
    printf("medians: prepared %.1f us, from bytes %.1f us\n", prepared[rounds / 2],
           from_bytes[rounds / 2]);
    return 0;
}
