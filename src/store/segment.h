/* SPDX-License-Identifier: Apache-2.0 */
/* store/segment.h: small envelopes, one behind the other in segments/NNNNNN.segment.
 *
 * A segment is a CBOR sequence of byte strings, an envelope each, of at most 1 GiB.  The index says
 * where each begins and where the last one ends; what lies behind that is dead, and the next writer
 * cuts it off. */
#ifndef VL_STORE_SEGMENT_H
#define VL_STORE_SEGMENT_H

#include "base/bytes.h"

#define VL_SEGMENT_MAX ((uint64_t)1 << 30)

/* Where the next envelope goes. */
struct vl_segment_end {
    uint32_t segment; /* from 1; 0: there is none yet */
    uint64_t used;
};

struct vl_segments;

/* The home's folder is borrowed.  Makes segments/ unless read_only. */
enum vl_err vl_segments_open(int folder, bool read_only, struct vl_segments **out,
                             struct vl_why *why) VL_MUST_USE;
void vl_segments_close(struct vl_segments *segments);

/* Writing starts here; nothing is touched before the first append. */
void vl_segments_begin(struct vl_segments *segments, struct vl_segment_end end);
/* Where the envelope begins: *offset is that of its first byte. */
enum vl_err vl_segments_append(struct vl_segments *segments, vl_bytes envelope, uint32_t *segment,
                               uint64_t *offset, struct vl_why *why) VL_MUST_USE;
/* Make all of it durable, and tell where it ends now. */
enum vl_err vl_segments_sync(struct vl_segments *segments, struct vl_segment_end *end,
                             struct vl_why *why) VL_MUST_USE;
/* Cut off what was appended since vl_segments_begin, as far as that can be done. */
void vl_segments_undo(struct vl_segments *segments);

/* One segment open for reading; several may hold it. */
struct vl_segment;
/* FORMAT when the segment is not there. */
enum vl_err vl_segment_take(struct vl_segments *segments, uint32_t number, struct vl_segment **out,
                            struct vl_why *why) VL_MUST_USE;
void vl_segment_release(struct vl_segment *segment);
/* All of room.  FORMAT when the segment ends before. */
enum vl_err vl_segment_read(const struct vl_segment *segment, uint64_t offset, vl_room room,
                            struct vl_why *why) VL_MUST_USE;
uint64_t vl_segment_size(const struct vl_segment *segment);
/* Overwrite an envelope with zeroes, durably; fine when it is not there any more. */
enum vl_err vl_segments_wipe(struct vl_segments *segments, uint32_t segment, uint64_t offset,
                             uint64_t size, struct vl_why *why) VL_MUST_USE;
/* Does the head before this offset say so many bytes? */
enum vl_err vl_segment_check(const struct vl_segment *segment, uint64_t offset, uint64_t size,
                             struct vl_why *why) VL_MUST_USE;

#endif
