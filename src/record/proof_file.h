/* SPDX-License-Identifier: Apache-2.0 */
/* record/proof_file.h: a text to carry beside a letter that proves, without any network, that an
 * entry is in a log (C2SP tlog-proof, "*.tlog-proof"). */
#ifndef VL_RECORD_PROOF_FILE_H
#define VL_RECORD_PROOF_FILE_H

#include "record/checkpoint.h"

#define VL_PROOF_FILE_MAX_LEN   (VL_NOTE_MAX_LEN + 16384)
#define VL_PROOF_FILE_MAX_EXTRA 4096

/* Borrowed, from the file or from whoever writes. */
struct vl_proof_file {
    bool has_extra;
    vl_bytes extra; /* base64 of what nobody has signed: a hint at most, never shown as a fact */
    uint64_t index;
    struct vl_tree_path path;
    vl_bytes checkpoint; /* a signed note */
};

/* Says nothing about the signatures or the path.  FORMAT, LIMIT. */
enum vl_err vl_proof_file_parse(vl_bytes wire, struct vl_proof_file *proof,
                                struct vl_why *why) VL_MUST_USE;
/* Append it.  FORMAT for what would not be read, LIMIT, NO_MEMORY; then out is as it was. */
enum vl_err vl_proof_file_write(const struct vl_proof_file *proof, struct vl_buf *out,
                                struct vl_why *why) VL_MUST_USE;
/* Is the entry of this leaf hash in the log, under a checkpoint that the log signed and enough
 * witnesses cosigned?  What vl_checkpoint_verify fails with, and UNVERIFIED for a path that does
 * not lead there. */
enum vl_err vl_proof_file_verify(const struct vl_proof_file *proof,
                                 const uint8_t leaf_hash[VL_HASH_LEN], const struct vl_log *log,
                                 struct vl_checkpoint *checkpoint, struct vl_checkpoint_seen *seen,
                                 struct vl_why *why) VL_MUST_USE;

#endif
