/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/head.h: everything of a bundle before its payload, and the few bytes behind it; for
 * whoever has a bundle whole, and for whoever gets it in pieces. */
#ifndef VL_BUNDLE_HEAD_H
#define VL_BUNDLE_HEAD_H

#include "bundle/bundle.h"

/* How far the reading has come: whole blocks only, so that it can go on with more bytes. */
struct vl_head {
    unsigned reading; /* enum vl_bundle_reading */
    bool has_begun, has_primary, is_complete;
    size_t at; /* where the next block begins; at the end, the payload */
    /* The payload block: */
    size_t block_at;
    bool is_open;     /* an array without a length */
    uint64_t numbers; /* which numbers below 64 are taken */
};

struct vl_head vl_head_begin(unsigned reading);
/* Go on with the wire from the bundle's first byte on, which must lie where it lay before.  When it
 * broke no rule the head is complete; after CUT_SHORT it may be called again with more. */
struct vl_scan vl_head_read(struct vl_head *head, vl_bytes wire, struct vl_bundle *bundle);
/* How many bytes follow the payload. */
size_t vl_tail_len(const struct vl_head *head, const struct vl_bundle *bundle);
/* Read them; crc is that of the payload block up to here. */
void vl_tail_read(struct vl_scan *scan, const struct vl_head *head, const struct vl_bundle *bundle,
                  uint32_t crc);
/* What can be wrong with flags, and with all blocks together, which also fills in *known; *which is
 * the index of the block that broke the rule, or block_count for the primary block. */
enum vl_bundle_rule vl_head_check_flags(const struct vl_bundle *bundle);
enum vl_bundle_rule vl_head_check_blocks(const struct vl_bundle *bundle, unsigned reading,
                                         struct vl_bundle_known *known, size_t *which);
/* Is this number among the targets of a block of this type, as far as they can be read? */
bool vl_head_is_target(const struct vl_bundle *bundle, uint64_t type, uint64_t number);

#endif
