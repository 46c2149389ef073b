/* SPDX-License-Identifier: Apache-2.0 */
/* record/checkpoint.h: how large a log is and what its root is, signed by the log and cosigned by
 * witnesses (C2SP tlog-checkpoint, tlog-cosignature).
 *
 *     origin LF size LF base64(root) LF [lines] LF signatures */
#ifndef VL_RECORD_CHECKPOINT_H
#define VL_RECORD_CHECKPOINT_H

#include "merkle/proof.h"
#include "record/note.h"

#define VL_LOG_MAX_WITNESSES 32

/* Borrowed, from a note's text or from whoever writes. */
struct vl_checkpoint {
    vl_bytes origin;
    uint64_t size; /* at most VL_TREE_MAX_COUNT */
    uint8_t root[VL_HASH_LEN];
    vl_bytes extensions; /* lines with their line ends; none when there are none */
};

/* Read a note's text.  FORMAT, LIMIT. */
enum vl_err vl_checkpoint_parse(vl_bytes text, struct vl_checkpoint *checkpoint,
                                struct vl_why *why) VL_MUST_USE;
/* Append the text.  What vl_checkpoint_parse would refuse is not written.  FORMAT, LIMIT,
 * NO_MEMORY; then out is as it was. */
enum vl_err vl_checkpoint_write(const struct vl_checkpoint *checkpoint, struct vl_buf *out,
                                struct vl_why *why) VL_MUST_USE;
/* Append the whole note, signed by the log's key, an ED25519 one.  A witness appends its line with
 * vl_checkpoint_cosign.  USAGE, FORMAT, LIMIT, NO_MEMORY; then out is as it was. */
enum vl_err vl_checkpoint_sign(const struct vl_checkpoint *checkpoint,
                               const struct vl_note_key *key, const struct vl_secret *seed,
                               struct vl_buf *out, struct vl_why *why) VL_MUST_USE;
/* Append the line of a cosignature of the checkpoint that is in this note.  A witness has checked
 * before that it follows the one it signed last; at_s is never 0.  The failures of
 * vl_checkpoint_parse and vl_note_sign. */
enum vl_err vl_checkpoint_cosign(vl_bytes note, const struct vl_note_key *key,
                                 const struct vl_secret *seed, uint64_t at_s, struct vl_buf *out,
                                 struct vl_why *why) VL_MUST_USE;

/* What somebody trusts: a log by its name and key, and at least `need` of its witnesses.  No key
 * stands in it twice, whatever its name.  Borrowed. */
struct vl_log {
    vl_bytes origin;
    struct vl_note_key key;
    size_t witness_count;
    const struct vl_note_key *witnesses; /* COSIGNATURE keys */
    size_t need;                         /* 0: the log's own word */
};

/* What was found out about one that verifies. */
struct vl_checkpoint_seen {
    size_t witnesses; /* how many cosigned it */
    /* By then `need` of them had; 0 when none is needed.  This bounds the time of everything that
     * is in the log: it was there. */
    uint64_t not_after_s;
};

/* Is this note the word of this log, and have enough witnesses seen it?  *checkpoint borrows from
 * the note.  REFUSED for another origin; UNVERIFIED for a signature missing or bad, also that of
 * a witness which is not needed, and for too few witnesses; USAGE for a vl_log that is not as
 * above; FORMAT, LIMIT, NO_MEMORY. */
enum vl_err vl_checkpoint_verify(vl_bytes note, const struct vl_log *log,
                                 struct vl_checkpoint *checkpoint, struct vl_checkpoint_seen *seen,
                                 struct vl_why *why) VL_MUST_USE;

/* Does a log that was at `older` still say the same at `newer`?  Both verified.  The path is empty
 * where the sizes are equal or older is empty.  REFUSED for another origin or a size that goes
 * back; UNVERIFIED for two trees: keep both notes, together they convict the log. */
enum vl_err vl_checkpoint_follows(const struct vl_checkpoint *older,
                                  const struct vl_checkpoint *newer,
                                  const struct vl_tree_path *path, struct vl_why *why) VL_MUST_USE;

#endif
