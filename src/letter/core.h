/* SPDX-License-Identifier: Apache-2.0 */
/* letter/core.h: what manifest and disclosure have in common: the payload that the sender signs,
 * and the openings of its digests. */
#ifndef VL_LETTER_CORE_H
#define VL_LETTER_CORE_H

#include "letter/manifest.h"

/* enum vl_letter_mode of custody, which lives on this floor too. */
#define VL_CORE_SEALED 1
#define VL_CORE_OPEN   2

/* The digests of a core, borrowed from whoever writes or from the payload. */
struct vl_core_digests {
    const uint8_t *fields; /* VL_FIELD_COUNT times VL_HASH_LEN, `stride` bytes apart */
    size_t part_count;
    const uint8_t *parts; /* likewise */
    size_t stride;
};

/* Append the payload: the act, what is said openly, the digests.  LIMIT, NO_MEMORY. */
enum vl_err vl_core_put(const struct vl_manifest *manifest, const struct vl_core_digests *digests,
                        struct vl_buf *out) VL_MUST_USE;
/* Read the payload of a core into what a manifest says openly; *digests borrows from the object.
 * FORMAT, LIMIT, UNSUPPORTED, NO_MEMORY. */
enum vl_err vl_core_read(const struct vl_object *core, struct vl_manifest *manifest,
                         struct vl_core_digests *digests, struct vl_why *why) VL_MUST_USE;
const uint8_t *vl_core_field_digest(const struct vl_core_digests *digests, enum vl_field field);
const uint8_t *vl_core_part_digest(const struct vl_core_digests *digests, size_t index);

/* Write the opening of a field or of a part: [salt, [word, value...]]. */
void vl_opening_put_field(struct vl_cbor_out *w, const struct vl_manifest *manifest,
                          enum vl_field field);
void vl_opening_put_part(struct vl_cbor_out *w, const struct vl_manifest_part *part,
                         const uint8_t salt[VL_MANIFEST_SALT]);
/* Read an opening, one whole item, into the manifest or the part and its salt, and check that its
 * digest is that of the core.  Readers (`to`) are allocated, the rest borrows.  FORMAT, LIMIT,
 * UNVERIFIED, NO_MEMORY. */
enum vl_err vl_opening_read_field(vl_bytes opening, enum vl_field field,
                                  const struct vl_core_digests *digests,
                                  struct vl_manifest *manifest, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_opening_read_part(vl_bytes opening, size_t index,
                                 const struct vl_core_digests *digests,
                                 struct vl_manifest_part *part, uint8_t salt[VL_MANIFEST_SALT],
                                 struct vl_why *why) VL_MUST_USE;
/* The digest of an opening as vl_opening_put_field and _part write it. */
void vl_opening_digest(vl_bytes opening, uint8_t out[VL_HASH_LEN]);
/* Are the readers such as a letter of this mode and this sender has?  FORMAT. */
enum vl_err vl_readers_check(const struct vl_manifest *manifest, const struct vl_office_id *issuer,
                             struct vl_why *why) VL_MUST_USE;

/* Names of parts as they come, to see that each may be a part's and that no two would be one file
 * on a stick (PROTOCOL 15). */
struct vl_part_names {
    size_t count;
    size_t cap;
    uint8_t (*folded)[VL_HASH_LEN]; /* a hash each */
};
#define VL_PART_NAMES_INIT                                                                         \
    {                                                                                              \
        0, 0, NULL                                                                                 \
    }
/* FORMAT, LIMIT over VL_MANIFEST_MAX_PARTS, NO_MEMORY. */
enum vl_err vl_part_names_add(struct vl_part_names *names, vl_bytes name,
                              struct vl_why *why) VL_MUST_USE;
void vl_part_names_release(struct vl_part_names *names);

#endif
