/* SPDX-License-Identifier: Apache-2.0 */
/* letter/disclosure.h: a file that lets anyone check one field or part of a letter, or all of it,
 * while the rest stays closed (PROTOCOL 3, 12).
 *
 * It is a pax archive: the disclosed parts under their names (or, for the whole, the envelope as
 * VL_DISCLOSURE_ENVELOPE), and last VL_DISCLOSURE_NAME with
 *
 *     disclosure = ["valise/disclosure/v1", number / null, object, [* [index, opening]],
 *                   [* [index, opening]], file-key / null, evidence / null]
 *
 * the signed core, the openings of some fields and parts by their index, the file key of the
 * envelope, and an evidence file with the cards, the waybill and what was signed about it. */
#ifndef VL_LETTER_DISCLOSURE_H
#define VL_LETTER_DISCLOSURE_H

#include "letter/letter.h"

#define VL_DISCLOSURE_NAME     "valise.disclosure"
#define VL_DISCLOSURE_ENVELOPE "valise.letter.age"
#define VL_DISCLOSURE_MAX_LEN  ((size_t)16 << 20)

/* What is to be shown.  Borrowed. */
struct vl_disclosure_draft {
    const struct vl_manifest *manifest;
    bool has_number;
    uint8_t number[VL_HASH_LEN];
    bool fields[VL_FIELD_COUNT];
    const size_t *parts; /* indexes, ascending */
    size_t part_count;
    const struct vl_secret *file_key; /* NULL: not the whole */
    vl_bytes evidence;                /* none: there is none */
};
/* Append the last entry's content.  FORMAT, LIMIT, NO_MEMORY. */
enum vl_err vl_disclosure_write(const struct vl_disclosure_draft *draft, struct vl_buf *out,
                                struct vl_why *why) VL_MUST_USE;

/* What was shown, checked against the core.  After reading it owns its bytes; `manifest` holds the
 * core, mode, letter id, commitment, and of fields and parts only those that are disclosed. */
struct vl_disclosure {
    struct vl_buf wire;
    struct vl_object core;
    struct vl_act act;
    uint8_t mode;
    uint8_t letter_id[VL_LETTER_ID_LEN];
    bool has_sealing_commitment;
    uint8_t sealing_commitment[VL_HASH_LEN];
    size_t total_parts; /* of the letter */
    bool has_number;
    uint8_t number[VL_HASH_LEN];
    bool shown[VL_FIELD_COUNT];
    struct vl_manifest fields; /* to, subject, ... : only what `shown` says */
    size_t part_count;
    struct vl_manifest_part *parts;
    size_t *part_indexes;
    bool has_file_key;
    struct vl_secret file_key;
    vl_bytes evidence;
};
#define VL_DISCLOSURE_INIT                                                                         \
    {                                                                                              \
        .wire = {NULL, 0, 0, VL_DISCLOSURE_MAX_LEN}, .fields = VL_MANIFEST_INIT                    \
    }
/* FORMAT, LIMIT, UNVERIFIED (an opening that is not that of its digest), UNSUPPORTED, NO_MEMORY. */
enum vl_err vl_disclosure_parse(vl_bytes wire, struct vl_disclosure *disclosure,
                                struct vl_why *why) VL_MUST_USE;
void vl_disclosure_release(struct vl_disclosure *disclosure);

#endif
