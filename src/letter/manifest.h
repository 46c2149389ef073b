/* SPDX-License-Identifier: Apache-2.0 */
/* letter/manifest.h: what the sender of a letter signs: a core of digests, and beside it the fields
 * that open them (PROTOCOL 9, 10, 12).
 *
 *     manifest = [object, [6 opening], [* opening], [* bstr .size 32]]
 *     opening = [salt: bstr .size 32, field]
 *
 * the signed core, the openings of the fields, those of the parts, and the opening values, one for
 * each addressee of a sealed letter.  A digest is SHA-256 of the CBOR
 * ["valise/field/v1", salt, field]. */
#ifndef VL_LETTER_MANIFEST_H
#define VL_LETTER_MANIFEST_H

#include "card/act.h"
#include "card/office_id.h"

#define VL_MANIFEST_NAME           "valise.manifest"
#define VL_MANIFEST_MAX_LEN        ((size_t)4 << 20)
#define VL_MANIFEST_MAX_PARTS      1024 /* so that the core stays under VL_SIGN1_MAX_LEN */
#define VL_MANIFEST_MAX_ADDRESSEES 64
#define VL_MANIFEST_MAX_READERS    72 /* and own copies */
#define VL_MANIFEST_MAX_SEALINGS   1024
#define VL_MANIFEST_MAX_KIND       32
#define VL_MANIFEST_MAX_KEY        4096
#define VL_MANIFEST_MAX_SUBJECT    1024
#define VL_MANIFEST_MAX_TYPE       128
#define VL_MANIFEST_MAX_LANG       64
#define VL_MANIFEST_SALT           32
#define VL_LETTER_ID_LEN           16

/* The fields of every letter, in the order of their digests.  A field that a letter has not is
 * null, so nobody sees which are there. */
/* clang-format off */
#define VL_FIELD_TABLE(X)                                                      \
    /* code        word */                                                     \
    X(TO,          "to")                                                       \
    X(SUBJECT,     "subject")                                                  \
    X(DATE,        "date")                                                     \
    X(IN_REPLY_TO, "in-reply-to")                                              \
    X(EXPIRES,     "expires")                                                  \
    X(EXPECT_BY,   "expect-by")
/* clang-format on */
enum vl_field {
#define X(code, word) VL_FIELD_##code,
    VL_FIELD_TABLE(X)
#undef X
        VL_FIELD_COUNT
};

/* One whom the letter is sealed to. */
struct vl_manifest_reader {
    struct vl_office_id office;
    bool is_own_copy; /* the sender's: not an addressee */
    vl_bytes kind;    /* "x25519"; none in an open letter */
    vl_bytes key;
};

struct vl_manifest_part {
    vl_bytes name;
    vl_bytes type; /* media type; none when unknown */
    vl_bytes lang; /* BCP 47; none when unknown */
    uint64_t size;
    uint8_t sha256[VL_HASH_LEN];
};

/* A letter as its manifest tells it.  After reading it owns its wire bytes and the core; for
 * writing everything is borrowed and core is empty. */
struct vl_manifest {
    struct vl_buf wire;
    struct vl_object core;
    uint8_t core_id[VL_HASH_LEN];
    struct vl_act act;
    uint8_t mode;                        /* 1 sealed, 2 open: enum vl_letter_mode of custody */
    uint8_t letter_id[VL_LETTER_ID_LEN]; /* common to all sealings of one letter */
    uint64_t sealing;                    /* i of k */
    uint64_t sealing_of;
    bool has_sealing_commitment; /* SHA-256 of age header and nonce */
    uint8_t sealing_commitment[VL_HASH_LEN];
    bool padded; /* the archive is as long as vl_pax_padded says */

    size_t to_count; /* addressees first, then own copies */
    struct vl_manifest_reader *to;
    bool has_subject;
    vl_bytes subject;
    bool has_date;
    int64_t date_s;
    bool has_in_reply_to;
    uint8_t in_reply_to[VL_HASH_LEN]; /* number of a letter */
    bool has_expires;
    int64_t expires_s;
    bool has_expect_by;
    int64_t expect_by_s;
    size_t part_count;
    struct vl_manifest_part *parts;

    uint8_t field_salts[VL_FIELD_COUNT][VL_MANIFEST_SALT];
    uint8_t (*part_salts)[VL_MANIFEST_SALT];
    size_t opening_count; /* as many as addressees in a sealed letter, else none */
    uint8_t (*openings)[VL_HASH_LEN];
};

#define VL_MANIFEST_INIT                                                                           \
    {                                                                                              \
        .wire = { NULL, 0, 0, VL_MANIFEST_MAX_LEN }                                                \
    }

const char *vl_field_word(enum vl_field field);

/* How long the manifest will be: the same for whatever salts, digests, contents and commitment.
 * What vl_manifest_parse would refuse is refused here.  FORMAT, LIMIT, UNSUPPORTED, NO_MEMORY. */
enum vl_err vl_manifest_len(const struct vl_signer *signer, const struct vl_manifest *manifest,
                            size_t *len, struct vl_why *why) VL_MUST_USE;
/* Sign the core and append the whole manifest to out.  vl_manifest_len has seen it; since then only
 * salts, digests, openings and the commitment may have changed.  core_id gets its id.  LIMIT,
 * NO_MEMORY; on failure out is as it was. */
enum vl_err vl_manifest_write(const struct vl_signer *signer, const struct vl_manifest *manifest,
                              struct vl_buf *out, uint8_t core_id[VL_HASH_LEN],
                              struct vl_why *why) VL_MUST_USE;
/* Copy wire, read it, and check every digest of the core against its opening.  *manifest must be
 * VL_MANIFEST_INIT and is again on failure.  Says nothing about the signature.  FORMAT, LIMIT,
 * UNVERIFIED (an opening that is not that of its digest), UNSUPPORTED, NO_MEMORY. */
enum vl_err vl_manifest_parse(vl_bytes wire, struct vl_manifest *manifest,
                              struct vl_why *why) VL_MUST_USE;
void vl_manifest_release(struct vl_manifest *manifest);
/* The addressees: readers that are not own copies. */
size_t vl_manifest_addressees(const struct vl_manifest *manifest);

#endif
