/* SPDX-License-Identifier: Apache-2.0 */
/* Says what we make of each line of hex digits on stdin as a bundle, for tests/oracle/bundle.sh.
 * A line of answer: `refused RULE BYTE`, or `taken` and every field; a `+` at its end says that the
 * reader, fed seven bytes at a time, said the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundle/reader.h"

#define LINE_MAX_LEN (1 << 20)
#define PIECE        7

static void print_hex(vl_bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        printf("%02x", bytes.ptr[i]);
}

static void print_fields(const struct vl_bundle *b)
{
    char text[VL_EID_TEXT];

    printf("taken %llu %d %s", (unsigned long long)b->flags, (int)b->crc,
           vl_eid_text(&b->destination, text));
    printf(" %s", vl_eid_text(&b->source, text));
    printf(" %s %llu %llu %llu %llu %llu", vl_eid_text(&b->report_to, text),
           (unsigned long long)b->created_ms, (unsigned long long)b->sequence,
           (unsigned long long)b->lifetime_ms, (unsigned long long)b->fragment_offset,
           (unsigned long long)b->total_len);
    for (size_t i = 0; i < b->block_count; i++) {
        printf(" %llu:%llu:%llu:%d:", (unsigned long long)b->blocks[i].type,
               (unsigned long long)b->blocks[i].number, (unsigned long long)b->blocks[i].flags,
               (int)b->blocks[i].crc);
        print_hex(b->blocks[i].data);
    }
    if (b->known.has_previous_node)
        printf(" previous=%s", vl_eid_text(&b->known.previous_node, text));
    if (b->known.has_age)
        printf(" age=%llu", (unsigned long long)b->known.age_ms);
    if (b->known.has_hop_count)
        printf(" hops=%llu/%llu", (unsigned long long)b->known.hop_count,
               (unsigned long long)b->known.hop_limit);
}

/* Does the reader say the same of these bytes? */
static bool is_same(vl_bytes wire, const struct vl_bundle *whole)
{
    struct vl_bundle_reader *reader = vl_bundle_reader_new(0);
    const struct vl_bundle *got;
    enum vl_bundle_event event;
    size_t fed = 0;
    vl_bytes piece;
    bool same;

    if (!reader)
        exit(1);
    while ((event = vl_bundle_reader_next(reader, &piece)) != VL_BUNDLE_BROKEN &&
           (event != VL_BUNDLE_WANTS_BYTES || fed < wire.len)) {
        if (event != VL_BUNDLE_WANTS_BYTES)
            continue;
        piece = vl_bytes_first(vl_bytes_after(wire, fed), PIECE);
        vl_bundle_reader_feed(reader, piece);
        fed += piece.len;
    }
    got = vl_bundle_reader_bundle(reader);
    if (event != VL_BUNDLE_BROKEN && vl_bundle_reader_end(reader, NULL) == VL_OK)
        same = whole->broken == VL_RULE_NONE || wire.len == 0;
    else if (vl_bundle_reader_index(reader) > 0) /* something stands behind a sound bundle */
        same = whole->broken == VL_RULE_PAYLOAD_LAST;
    else
        same = got->broken == whole->broken && got->broken_at == whole->broken_at;
    vl_bundle_reader_free(reader);
    return same;
}

/* An exact copy on the heap, so that a byte read too far is seen. */
static void answer(const char *line)
{
    size_t len = strcspn(line, "\n") / 2;
    uint8_t *data = malloc(len ? len : 1);
    vl_bytes wire = {data, len};
    struct vl_bundle bundle;

    if (!data)
        exit(1);
    for (size_t i = 0; i < len; i++) {
        unsigned byte = 0;

        if (sscanf(line + 2 * i, "%2x", &byte) != 1)
            exit(1);
        data[i] = (uint8_t)byte;
    }
    if (vl_bundle_parse(wire, 0, &bundle, NULL) == VL_OK)
        print_fields(&bundle);
    else
        printf("refused %s %llu", vl_rule_name(bundle.broken),
               (unsigned long long)bundle.broken_at);
    printf("%s\n", is_same(wire, &bundle) ? " +" : " -");
    free(data);
}

int main(void)
{
    static char line[LINE_MAX_LEN];

    while (fgets(line, sizeof line, stdin))
        answer(line);
    return 0;
}
