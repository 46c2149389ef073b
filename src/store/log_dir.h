/* SPDX-License-Identifier: Apache-2.0 */
/* store/log_dir.h: a public record in a folder: one writer, and any number of readers beside it.
 *
 *     public/checkpoint     the newest checkpoint, with its cosignatures
 *     public/tile/...       tiles and bundles of entries, by the paths of record/tile.h
 *     public/record         the key that signed the policy, and the policy (entry 0)
 *     keys/receipts         private keys, 0600, each of one use
 *     keys/checkpoints
 *     keys/signed           the last size and root that were signed
 *     waiting               a checkpoint that waits for its witnesses
 *     staging               the batch that is being entered
 *     index.db              ids and what lists need: made again from the entries when it is gone
 *     lock                  held by the writer
 *
 * A web server may give out public/ as it stands.  Whatever happens to the machine, a checkpoint
 * that was given out is the beginning of every later one: a batch is durable in staging before its
 * tiles are written, tiles are read back before a root is signed, what is to be signed is
 * remembered before it is signed, and the checkpoint changes last. */
#ifndef VL_STORE_LOG_DIR_H
#define VL_STORE_LOG_DIR_H

#include "crypto/rng.h"
#include "record/entry.h"
#include "record/proof_file.h"

/* So many entries in one batch at most, and so many bytes of them. */
#define VL_LOG_DIR_MAX_BATCH       4096
#define VL_LOG_DIR_MAX_BATCH_BYTES ((size_t)64 << 20)

struct vl_log_dir;

/* A record to be.  policy has the origin, the witnesses and the rules; its two keys are made here.
 */
struct vl_log_dir_draft {
    const char *path;
    const struct vl_record_policy *policy;
    int64_t now_s;
    struct vl_rng rng;
};
/* Make the folder, its keys, the policy as entry 0 and the first checkpoint: all of it or nothing.
 * The key that signs the policy is thrown away: nothing else is ever signed with it.  EXISTS when
 * something is there; USAGE, FORMAT, LIMIT for the policy; IO, NO_SPACE, NO_MEMORY. */
enum vl_err vl_log_dir_make(const struct vl_log_dir_draft *draft, struct vl_why *why) VL_MUST_USE;

enum vl_log_dir_access {
    /* public/ and the index: everything but signing.  A copy of public/ alone will do. */
    VL_LOG_DIR_READ,
    /* The same, and receipts are signed beside a writer. */
    VL_LOG_DIR_RECEIPTS,
    VL_LOG_DIR_WRITE /* the one that adds */
};
/* Open it.  A handle is for one thread at a time; several handles of one process are fine.  A
 * writer finishes what a killed one began.  NOT_FOUND when there is no record; BUSY when another
 * process writes; REFUSED for a writer where the storage went back behind what was signed, or was
 * restored from a copy (vl_log_dir_adopt); NO_KEY without the keys; FORMAT, UNVERIFIED for what is
 * damaged; NO_SPACE, IO, NO_MEMORY.  On failure *out is NULL. */
enum vl_err vl_log_dir_open(const char *path, enum vl_log_dir_access access,
                            struct vl_log_dir **out, struct vl_why *why) VL_MUST_USE;
/* Where the files of public/ come from when they lie in no folder here: "checkpoint", "record",
 * "tile/..."; and "waiting". */
struct vl_log_source {
    /* Append the file.  NOT_FOUND where there is none, also for a partial tile that went. */
    enum vl_err (*get)(void *self, const char *name, struct vl_buf *out, struct vl_why *why);
    void *self;
};
/* Open a record that lies elsewhere, to read it.  What vl_log_dir_open fails with for a reader, and
 * what the source does. */
enum vl_err vl_log_dir_open_far(const struct vl_log_source *source, struct vl_log_dir **out,
                                struct vl_why *why) VL_MUST_USE;
/* Takes NULL. */
void vl_log_dir_close(struct vl_log_dir *log);

/* Borrowed from the handle. */
const struct vl_record_policy *vl_log_dir_policy(const struct vl_log_dir *log);
/* What names the record for ever: the id of entry 0. */
const uint8_t *vl_log_dir_id(const struct vl_log_dir *log);
/* What others keep to check it (record/anchor.h): the file public/record. */
vl_bytes vl_log_dir_anchor(const struct vl_log_dir *log);

/* How large it is. */
struct vl_log_dir_state {
    uint64_t size; /* of the checkpoint that is given out */
    uint8_t root[VL_HASH_LEN];
    uint64_t signed_size; /* of the last one that was signed: more while witnesses are waited for */
    uint8_t signed_root[VL_HASH_LEN];
    size_t witnesses; /* that cosigned what is given out */
};
void vl_log_dir_state(const struct vl_log_dir *log, struct vl_log_dir_state *state);
/* A reader looks again how large it is now; a writer knows.  What vl_log_dir_open fails with; then
 * it stays at what it knew.  REFUSED when the checkpoint went back. */
enum vl_err vl_log_dir_refresh(struct vl_log_dir *log, struct vl_why *why) VL_MUST_USE;

/* The checkpoint that is given out, a signed note; borrowed until the next call that changes or
 * refreshes. */
vl_bytes vl_log_dir_checkpoint(const struct vl_log_dir *log);
/* The one that waits for witnesses, or the same. */
vl_bytes vl_log_dir_signed_checkpoint(const struct vl_log_dir *log);
/* Append a file of public/tile; a partial one comes from a wider one when it is no more there.
 * NOT_FOUND for what is not in the tree that was signed, and for a part of a tile that no
 * checkpoint had; FORMAT when a file is missing or damaged, IO, NO_MEMORY.  This one may be asked
 * by several threads at a time, as long as nothing else is. */
enum vl_err vl_log_dir_tile(const struct vl_log_dir *log, const struct vl_tile_at *at,
                            struct vl_buf *out, struct vl_why *why) VL_MUST_USE;
/* Append the bytes of an entry.  NOT_FOUND, FORMAT, IO, NO_MEMORY. */
enum vl_err vl_log_dir_entry(struct vl_log_dir *log, uint64_t index, struct vl_buf *out,
                             struct vl_why *why) VL_MUST_USE;
/* The place of the entry of this id.  NOT_FOUND, and the failures of reading. */
enum vl_err vl_log_dir_find(struct vl_log_dir *log, const uint8_t id[VL_HASH_LEN], uint64_t *index,
                            struct vl_why *why) VL_MUST_USE;
/* The same, and the entry that stands there.  *entry is VL_ENTRY_INIT, or one of this id that came
 * from elsewhere: then it stays where its bytes are those of the record, which need not be read
 * again, and it is replaced where only its signature is another one.  On failure it is as it was.
 */
enum vl_err vl_log_dir_look_up(struct vl_log_dir *log, const uint8_t id[VL_HASH_LEN],
                               struct vl_entry *entry, uint64_t *index,
                               struct vl_why *why) VL_MUST_USE;

/* What of an entry lists are made by. */
struct vl_log_dir_row {
    uint64_t index;
    uint8_t id[VL_HASH_LEN];
    enum vl_kind kind; /* NONE for the policy */
    bool has_office;
    struct vl_office_id office; /* the issuer */
    bool has_iat;
    int64_t iat_s;
    vl_bytes sub; /* borrowed for the call */
};
/* Everything that is not zero must be so. */
struct vl_log_dir_filter {
    bool newest_first;
    bool waiting_too; /* also what waits for witnesses */
    bool has_office;
    struct vl_office_id office;
    enum vl_kind kind;
    bool has_letter;
    uint8_t letter[VL_HASH_LEN]; /* its number, or the id of anything that entries are about */
    bool has_since, has_until;   /* by what the issuers say about when they signed */
    int64_t since_s, until_s;
    uint64_t from, limit; /* by index: the first one to look at (newest first: the last); 0: all */
};
/* Visit what is given out, or waits, and fits; visit() ends it with anything but VL_OK, which is
 * handed back.
 */
enum vl_err vl_log_dir_list(struct vl_log_dir *log, const struct vl_log_dir_filter *filter,
                            enum vl_err (*visit)(void *self, const struct vl_log_dir_row *row,
                                                 struct vl_why *why),
                            void *self, struct vl_why *why) VL_MUST_USE;

/* Append a fresh receipt for an entry, of the checkpoint that is given out: any number of them is
 * fine.  NOT_FOUND for what is not given out yet; USAGE for entry 0 alone in its tree and for
 * handles that only read. */
enum vl_err vl_log_dir_receipt(struct vl_log_dir *log, uint64_t index, int64_t now_s,
                               struct vl_buf *out, struct vl_why *why) VL_MUST_USE;
/* The same in two steps, for many at once: what is to be signed for the entry of this place, which
 * the caller has and the draft borrows from; and signing it, which several threads may do at a
 * time, as long as nothing else is done with the handle.  They fail likewise. */
enum vl_err vl_log_dir_receipt_draft(struct vl_log_dir *log, uint64_t index,
                                     const struct vl_entry *entry, int64_t now_s,
                                     struct vl_receipt_draft *draft,
                                     struct vl_why *why) VL_MUST_USE;
enum vl_err vl_log_dir_receipt_sign(const struct vl_log_dir *log,
                                    const struct vl_receipt_draft *draft, struct vl_buf *out,
                                    struct vl_why *why) VL_MUST_USE;
/* Append a proof file for an entry, of the same checkpoint with its cosignatures. */
enum vl_err vl_log_dir_proof(struct vl_log_dir *log, uint64_t index, struct vl_buf *out,
                             struct vl_why *why) VL_MUST_USE;
/* That the tree of old_size entries is the beginning of that of size, which is at most what was
 * signed last.  NOT_FOUND for larger ones. */
enum vl_err vl_log_dir_consistency(struct vl_log_dir *log, uint64_t old_size, uint64_t size,
                                   struct vl_tree_path *path, struct vl_why *why) VL_MUST_USE;
/* The root that it had at this size.  Fails likewise. */
enum vl_err vl_log_dir_root_at(struct vl_log_dir *log, uint64_t size, uint8_t root[VL_HASH_LEN],
                               struct vl_why *why) VL_MUST_USE;

/* One entry to be added, and what became of it. */
struct vl_log_dir_put {
    const struct vl_entry *entry; /* borrowed; found fit to enter (vl_entry_check) */
    uint64_t index;               /* its place: where it is now, or was already */
    bool was_there;
};
/* Add a batch, in this order; what is there already, or twice in the batch, gets the place that it
 * has.  When it returns VL_OK every one of them survives a power cut, and so does the checkpoint
 * that has them; receipts may be given out.  With witnesses needed they are given out later
 * (vl_log_dir_cosign).  LIMIT over VL_ENTRY_MAX_LEN or what the policy says, and over a batch: then
 * nothing of it is added.  After IO and NO_SPACE the record may have the batch or not; the handle
 * finishes it, or says the same again, at its next vl_log_dir_append.  REFUSED when somebody else
 * changed the checkpoint or the tiles: nothing more is signed. */
enum vl_err vl_log_dir_append(struct vl_log_dir *log, struct vl_log_dir_put *puts, size_t count,
                              struct vl_why *why) VL_MUST_USE;

/* Add cosignatures: lines of witnesses of the policy, or a note that has them, for the checkpoint
 * that is given out or the one that waits.  It is given out once there are enough.  *added tells
 * how many were new.  UNVERIFIED for one that is bad; REFUSED for another tree, or when none is by
 * a witness of the policy; FORMAT, IO, NO_SPACE, NO_MEMORY. */
enum vl_err vl_log_dir_cosign(struct vl_log_dir *log, vl_bytes note, size_t *added,
                              struct vl_why *why) VL_MUST_USE;

/* After a restore or a move: whoever calls says that no checkpoint beyond this one was ever given
 * out; newest is one that others have (a witness, a monitor, a proof file), and NULL-length says
 * that there is none.  The record goes on from what is here, if newest is the same tree or its
 * beginning.  REFUSED when newest is beyond it: this copy is too old, and signing on would make two
 * records.  BUSY, and what vl_log_dir_open fails with. */
enum vl_err vl_log_dir_adopt(const char *path, vl_bytes newest, struct vl_why *why) VL_MUST_USE;

#endif
