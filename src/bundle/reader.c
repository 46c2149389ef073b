/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/reader.h"

#include <string.h>

#include "base/alloc.h"
#include "bundle/head.h"

/* A block that begins before the limit ends its fixed items, or is refused, within this. */
#define WINDOW   (VL_BUNDLE_MAX_HEAD + 256)
#define TAIL_MAX 16
/* How much is looked at in one go: most heads are shorter, and what follows them is given back. */
#define AT_ONCE 256
/* The byte behind the items of an array without a length. */
#define END_OF_ARRAY 0xff

enum stage { IN_HEAD, IN_PAYLOAD, IN_TAIL, AT_END, BROKEN };

struct vl_bundle_reader {
    unsigned reading;
    enum stage stage;
    uint64_t index;
    uint64_t start; /* of the bundle in the sequence */
    uint64_t at;    /* of what was read in the sequence */
    vl_bytes fed;   /* what is left of it */
    struct vl_head head;
    uint64_t payload_left;
    uint32_t crc;
    uint64_t lacking;
    size_t window_len;
    size_t tail_len;
    uint8_t tail[TAIL_MAX];
    struct vl_bundle bundle;
    uint8_t window[WINDOW];
};

static void begin(struct vl_bundle_reader *reader)
{
    reader->stage = IN_HEAD;
    reader->start = reader->at;
    reader->head = vl_head_begin(reader->reading);
    reader->window_len = 0;
    reader->tail_len = 0;
    reader->lacking = 1;
    reader->bundle.block_count = 0;
    reader->bundle.broken = VL_RULE_NONE;
}

struct vl_bundle_reader *vl_bundle_reader_new(unsigned reading)
{
    struct vl_bundle_reader *reader = vl_new(sizeof *reader);

    if (reader) {
        reader->reading = reading;
        begin(reader);
    }
    return reader;
}

void vl_bundle_reader_free(struct vl_bundle_reader *reader)
{
    vl_free(reader);
}

void vl_bundle_reader_feed(struct vl_bundle_reader *reader, vl_bytes bytes)
{
    reader->fed = bytes;
}

static vl_bytes take(struct vl_bundle_reader *reader, uint64_t most)
{
    vl_bytes taken =
        vl_bytes_first(reader->fed, most < reader->fed.len ? (size_t)most : reader->fed.len);

    reader->fed = vl_bytes_after(reader->fed, taken.len);
    reader->at += taken.len;
    return taken;
}

static enum vl_bundle_event broken(struct vl_bundle_reader *reader, enum vl_bundle_rule rule,
                                   uint64_t at)
{
    reader->stage = BROKEN;
    reader->bundle.broken = rule;
    reader->bundle.broken_at = at;
    return VL_BUNDLE_BROKEN;
}

/* What was looked at behind the head came with the last bytes that were taken, for without them the
 * head was not whole: so it can be given back. */
static void give_back(struct vl_bundle_reader *reader, vl_bytes taken, size_t len)
{
    reader->window_len -= len;
    reader->at -= len;
    reader->fed = vl_bytes_of(taken.ptr + taken.len - len, reader->fed.len + len);
}

static enum vl_bundle_event head_is_whole(struct vl_bundle_reader *reader)
{
    enum vl_crc_kind kind = vl_bundle_payload(&reader->bundle)->crc;

    reader->crc = vl_crc_put(kind, vl_crc_begin(kind),
                             vl_bytes_of(reader->window + reader->head.block_at,
                                         reader->window_len - reader->head.block_at));
    reader->payload_left = reader->bundle.payload_len;
    reader->stage = IN_PAYLOAD;
    return VL_BUNDLE_HEAD;
}

static enum vl_bundle_event read_head(struct vl_bundle_reader *reader)
{
    for (;;) {
        uint64_t most = reader->lacking > AT_ONCE ? reader->lacking : AT_ONCE;
        vl_bytes taken;
        struct vl_scan scan;

        if (reader->fed.len == 0)
            return VL_BUNDLE_WANTS_BYTES;
        taken =
            take(reader, most < WINDOW - reader->window_len ? most : WINDOW - reader->window_len);
        memcpy(reader->window + reader->window_len, taken.ptr, taken.len);
        reader->window_len += taken.len;
        if (taken.len < reader->lacking) {
            reader->lacking -= taken.len;
            continue;
        }
        scan = vl_head_read(&reader->head, vl_bytes_of(reader->window, reader->window_len),
                            &reader->bundle);
        if (vl_scan_ok(&scan)) {
            give_back(reader, taken, reader->window_len - reader->head.at);
            return head_is_whole(reader);
        }
        if (scan.rule != VL_RULE_CUT_SHORT)
            return broken(reader, scan.rule, scan.at);
        reader->lacking = scan.lacking;
    }
}

static enum vl_bundle_event read_payload(struct vl_bundle_reader *reader, vl_bytes *piece)
{
    *piece = take(reader, reader->payload_left);
    reader->payload_left -= piece->len;
    reader->crc = vl_crc_put(vl_bundle_payload(&reader->bundle)->crc, reader->crc, *piece);
    if (reader->payload_left == 0) {
        reader->stage = IN_TAIL;
        reader->lacking = vl_tail_len(&reader->head, &reader->bundle);
    }
    return piece->len > 0 ? VL_BUNDLE_PIECE : VL_BUNDLE_WANTS_BYTES;
}

static struct vl_scan scan_tail(const struct vl_bundle_reader *reader)
{
    struct vl_scan scan = vl_scan_open(vl_bytes_of(reader->tail, reader->tail_len));

    vl_tail_read(&scan, &reader->head, &reader->bundle, reader->crc);
    return scan;
}

static uint64_t tail_at(const struct vl_bundle_reader *reader, const struct vl_scan *scan)
{
    return reader->head.at + reader->bundle.payload_len + scan->at;
}

/* Behind a payload of another CRC: does its bundle end where its head said?  Then the next one
 * begins there. */
static bool ends_altered(const struct vl_bundle_reader *reader)
{
    const size_t len = vl_tail_len(&reader->head, &reader->bundle);

    return reader->tail_len == len && reader->tail[len - 1] == END_OF_ARRAY &&
           (!reader->head.is_open || reader->tail[len - 2] == END_OF_ARRAY);
}

static enum vl_bundle_event read_tail(struct vl_bundle_reader *reader)
{
    const size_t len = vl_tail_len(&reader->head, &reader->bundle);

    while (reader->fed.len > 0) {
        vl_bytes taken = take(reader, reader->lacking);
        struct vl_scan scan;

        memcpy(reader->tail + reader->tail_len, taken.ptr, taken.len);
        reader->tail_len += taken.len;
        reader->lacking -= taken.len;
        if (reader->lacking > 0)
            continue;
        scan = scan_tail(reader);
        if (vl_scan_ok(&scan)) {
            reader->stage = AT_END;
            return VL_BUNDLE_ENDS;
        }
        if (scan.rule == VL_RULE_CRC_WRONG && (reader->reading & VL_BUNDLE_PAST_PAYLOAD) != 0 &&
            (reader->tail_len < len || ends_altered(reader))) {
            reader->lacking = len - reader->tail_len;
            if (reader->lacking > 0)
                continue;
            reader->bundle.broken = scan.rule;
            reader->bundle.broken_at = tail_at(reader, &scan);
            reader->stage = AT_END;
            return VL_BUNDLE_ALTERED;
        }
        if (scan.rule != VL_RULE_CUT_SHORT)
            return broken(reader, scan.rule, tail_at(reader, &scan));
        reader->lacking = scan.lacking;
    }
    return VL_BUNDLE_WANTS_BYTES;
}

enum vl_bundle_event vl_bundle_reader_next(struct vl_bundle_reader *reader, vl_bytes *piece)
{
    enum vl_bundle_event event;

    *piece = VL_BYTES_NONE;
    if (reader->stage == AT_END) {
        if (reader->fed.len == 0)
            return VL_BUNDLE_WANTS_BYTES;
        reader->index++;
        begin(reader);
    }
    if (reader->stage == BROKEN)
        return VL_BUNDLE_BROKEN;
    if (reader->stage == IN_HEAD)
        return read_head(reader);
    if (reader->stage == IN_PAYLOAD) {
        event = read_payload(reader, piece);
        if (reader->stage == IN_PAYLOAD || event == VL_BUNDLE_PIECE)
            return event;
    }
    return read_tail(reader);
}

enum vl_err vl_bundle_reader_end(struct vl_bundle_reader *reader, struct vl_why *why)
{
    struct vl_scan scan;

    if (reader->stage == AT_END || (reader->stage == IN_HEAD && reader->window_len == 0))
        return VL_OK;
    if (reader->stage == IN_HEAD) {
        scan = vl_head_read(&reader->head, vl_bytes_of(reader->window, reader->window_len),
                            &reader->bundle);
        (void)broken(reader, scan.rule, scan.at);
    } else if (reader->stage == IN_PAYLOAD) {
        (void)broken(reader, VL_RULE_CUT_SHORT, reader->at - reader->start);
    } else if (reader->stage == IN_TAIL) {
        scan = scan_tail(reader);
        (void)broken(reader, scan.rule, tail_at(reader, &scan));
    }
    return vl_bundle_reader_why(reader, why);
}

const struct vl_bundle *vl_bundle_reader_bundle(const struct vl_bundle_reader *reader)
{
    return &reader->bundle;
}

enum vl_err vl_bundle_reader_why(const struct vl_bundle_reader *reader, struct vl_why *why)
{
    return vl_rule_fail(reader->bundle.broken, reader->start + reader->bundle.broken_at, why);
}

uint64_t vl_bundle_reader_index(const struct vl_bundle_reader *reader)
{
    return reader->index;
}

uint64_t vl_bundle_reader_start(const struct vl_bundle_reader *reader)
{
    return reader->start;
}

uint64_t vl_bundle_reader_at(const struct vl_bundle_reader *reader)
{
    return reader->at;
}
