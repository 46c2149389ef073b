/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/reader.h: a sequence of bundles (RFC 8742) that comes in pieces, read in bounded memory.
 *
 * A state machine: feed it, then ask what comes next until it wants more bytes.  It holds what
 * stands before one payload, VL_BUNDLE_MAX_HEAD at the most; payloads go through it in the pieces
 * they came in, and their CRC is known at their end. */
#ifndef VL_BUNDLE_READER_H
#define VL_BUNDLE_READER_H

#include "bundle/bundle.h"

struct vl_bundle_reader;

enum vl_bundle_event {
    VL_BUNDLE_WANTS_BYTES, /* vl_bundle_reader_feed, or vl_bundle_reader_end */
    VL_BUNDLE_HEAD,        /* vl_bundle_reader_bundle has all but its payload */
    VL_BUNDLE_PIECE,       /* the next bytes of the payload; unproven until the bundle ends */
    VL_BUNDLE_ENDS,        /* the bundle was whole and every CRC right */
    VL_BUNDLE_ALTERED,     /* the same, but for its payload's CRC (VL_BUNDLE_PAST_PAYLOAD) */
    VL_BUNDLE_BROKEN,      /* a rule was broken; there is no going on behind it */
};

/* reading: enum vl_bundle_reading.  NULL when memory runs out; nothing else here allocates. */
struct vl_bundle_reader *vl_bundle_reader_new(unsigned reading) VL_MUST_USE;
/* Takes NULL. */
void vl_bundle_reader_free(struct vl_bundle_reader *reader);

/* The next bytes; borrowed until the reader wants more. */
void vl_bundle_reader_feed(struct vl_bundle_reader *reader, vl_bytes bytes);
/* What comes next.  *piece is the payload's bytes of a VL_BUNDLE_PIECE, none otherwise. */
enum vl_bundle_event vl_bundle_reader_next(struct vl_bundle_reader *reader, vl_bytes *piece);
/* There are no more bytes: VL_OK between two bundles, else the rule that the last one breaks. */
enum vl_err vl_bundle_reader_end(struct vl_bundle_reader *reader, struct vl_why *why) VL_MUST_USE;

/* The bundle at hand, from its VL_BUNDLE_HEAD until something is asked for after its end.  The data
 * of its payload block is none.  After VL_BUNDLE_BROKEN it tells the rule and the byte, counted
 * from the bundle's start. */
const struct vl_bundle *vl_bundle_reader_bundle(const struct vl_bundle_reader *reader);
/* Say why after VL_BUNDLE_BROKEN or VL_BUNDLE_ALTERED, the byte counted from the start of the
 * sequence. */
enum vl_err vl_bundle_reader_why(const struct vl_bundle_reader *reader,
                                 struct vl_why *why) VL_MUST_USE;
/* How many bundles came before this one, and where it begins. */
uint64_t vl_bundle_reader_index(const struct vl_bundle_reader *reader);
uint64_t vl_bundle_reader_start(const struct vl_bundle_reader *reader);
/* How many bytes of the sequence were read: behind VL_BUNDLE_ENDS, where the next one begins. */
uint64_t vl_bundle_reader_at(const struct vl_bundle_reader *reader);

#endif
