/* SPDX-License-Identifier: Apache-2.0 */
/* A sequence of bundles, whole and in pieces whose sizes the first byte picks: the same bundles
 * with the same payloads, and at the end the same rule broken at the same byte. */
#include <stdlib.h>
#include <string.h>

#include "bundle/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

/* Where the sequence was left by reading it whole. */
struct whole {
    vl_bytes wire;
    unsigned reading;
    size_t at;
    struct vl_bundle bundle;
    enum vl_bundle_rule rule;
    size_t len;
};

static void next_whole(struct whole *whole)
{
    vl_bytes rest = vl_bytes_after(whole->wire, whole->at);

    whole->len = 0;
    whole->rule =
        vl_bundle_parse_first(rest, whole->reading, &whole->bundle, &whole->len, NULL) == VL_OK
            ? VL_RULE_NONE
            : whole->bundle.broken;
}

static void check_head(const struct whole *whole, const struct vl_bundle_reader *reader)
{
    const struct vl_bundle *got = vl_bundle_reader_bundle(reader);

    check(vl_bundle_reader_start(reader) == whole->at);
    if (whole->rule != VL_RULE_NONE) /* it breaks behind its head */
        return;
    check(got->flags == whole->bundle.flags && got->block_count == whole->bundle.block_count);
    check(vl_eid_eq(&got->source, &whole->bundle.source));
    check(got->payload_len == whole->bundle.payload_len);
    for (size_t i = 0; i + 1 < got->block_count; i++)
        check(vl_bytes_eq(got->blocks[i].wire, whole->bundle.blocks[i].wire));
}

static void check_broken(const struct whole *whole, const struct vl_bundle_reader *reader)
{
    const struct vl_bundle *got = vl_bundle_reader_bundle(reader);

    check(vl_bundle_reader_start(reader) == whole->at);
    check(whole->rule != VL_RULE_NONE && got->broken == whole->rule);
    check(got->broken_at == whole->bundle.broken_at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct whole whole = {.reading = len ? data[0] & 3 : 0};
    struct vl_bundle_reader *reader;
    size_t piece_len, fed = 0, payload_at = 0;
    enum vl_bundle_event event;
    vl_bytes piece;

    if (len == 0)
        return 0;
    whole.wire = vl_bytes_of(data + 1, len - 1);
    piece_len = data[0] / 4u < 48 ? data[0] / 4u + 1 : len;
    reader = vl_bundle_reader_new(whole.reading);
    if (!reader)
        return 0;
    next_whole(&whole);
    while ((event = vl_bundle_reader_next(reader, &piece)) != VL_BUNDLE_BROKEN) {
        if (event == VL_BUNDLE_HEAD) {
            check_head(&whole, reader);
            payload_at = 0;
        } else if (event == VL_BUNDLE_PIECE) {
            if (whole.rule == VL_RULE_NONE)
                check(memcmp(vl_bundle_payload(&whole.bundle)->data.ptr + payload_at, piece.ptr,
                             piece.len) == 0);
            payload_at += piece.len;
        } else if (event == VL_BUNDLE_ENDS) {
            check(whole.rule == VL_RULE_NONE && payload_at == whole.bundle.payload_len);
            whole.at += whole.len;
            check(vl_bundle_reader_at(reader) == whole.at);
            next_whole(&whole);
        } else {
            if (fed == whole.wire.len)
                break;
            piece = vl_bytes_first(vl_bytes_after(whole.wire, fed), piece_len);
            vl_bundle_reader_feed(reader, piece);
            fed += piece.len;
        }
    }
    if (event == VL_BUNDLE_BROKEN || vl_bundle_reader_end(reader, NULL) != VL_OK)
        check_broken(&whole, reader);
    else
        check(whole.at == whole.wire.len);
    vl_bundle_reader_free(reader);
    return 0;
}
