/* SPDX-License-Identifier: Apache-2.0 */
/* evidence/evidence.h: cards and signed acts that travel together, as a file of their own or inside
 * something else.
 *
 *     evidence = ["valise/evidence/v1", [* card-file], [* [object, [* [leaf, index, [* hash]]]]],
 *                 [* [id, card-id, index, [* hash]]]]
 *
 * An act over many letters comes with the leaves that matter here and their paths; these are not
 * signed and not part of the object (PROTOCOL 26).  Last come closures: ids that a later card of
 * their office vouches for (PROTOCOL 4). */
#ifndef VL_EVIDENCE_EVIDENCE_H
#define VL_EVIDENCE_EVIDENCE_H

#include "card/chain.h"
#include "evidence/act_any.h"

#define VL_EVIDENCE_VERSION    "valise/evidence/v1"
#define VL_EVIDENCE_MAX_LEN    ((size_t)16 << 20)
#define VL_EVIDENCE_MAX_CHAINS 256
#define VL_EVIDENCE_MAX_ITEMS  10000
#define VL_EVIDENCE_MAX_LEAVES 10000 /* of one act */
/* Of all acts together: a path in memory is much longer than it may be on the wire. */
#define VL_EVIDENCE_MAX_ALL_LEAVES 20000
#define VL_EVIDENCE_MAX_CLOSURES   10000

struct vl_evidence_leaf {
    vl_bytes leaf;
    uint64_t index;
    struct vl_tree_path path;
};

struct vl_evidence_item {
    struct vl_object object;
    size_t leaf_count;
    struct vl_evidence_leaf *leaves;
};

/* An act whose key has retired since, and the card that says that the key signed it in its time.
 * Verified when it was read. */
struct vl_closure {
    uint8_t id[VL_HASH_LEN];      /* of the act, or of a manifest core */
    uint8_t card_id[VL_HASH_LEN]; /* whose `closes` has it */
    const struct vl_chain *chain; /* where that card is */
    uint64_t index;
    vl_bytes path; /* as on the wire, the hashes one after the other: vl_closure_path */
};
void vl_closure_path(const struct vl_closure *closure, struct vl_tree_path *path);

/* Owns everything in it. */
struct vl_evidence {
    struct vl_buf wire;
    size_t chain_count;
    struct vl_chain *chains; /* verified */
    size_t item_count;
    struct vl_evidence_item *items;
    size_t closure_count;
    struct vl_closure *closures; /* by id, then by card id; none twice */
};
#define VL_EVIDENCE_INIT                                                                           \
    {                                                                                              \
        .wire = { NULL, 0, 0, VL_EVIDENCE_MAX_LEN }                                                \
    }

/* Copy and read.  *evidence must be VL_EVIDENCE_INIT; on failure it is again.  Every chain is
 * verified, and there is one for an office at most; so is every closure; signatures of the items
 * are not (vl_evidence_check).  The leaves of an act ascend by index.  FORMAT, LIMIT, UNVERIFIED,
 * UNSUPPORTED, NO_MEMORY. */
enum vl_err vl_evidence_parse(vl_bytes wire, struct vl_evidence *evidence,
                              struct vl_why *why) VL_MUST_USE;
void vl_evidence_release(struct vl_evidence *evidence);
/* The chain of an office among these, or NULL. */
const struct vl_chain *vl_evidence_chain(const struct vl_evidence *evidence,
                                         const struct vl_office_id *office);
/* Does a card of this office vouch for the act of this id?  The closure, or NULL. */
const struct vl_closure *vl_evidence_closure(const struct vl_evidence *evidence,
                                             const struct vl_office_id *office,
                                             const uint8_t id[VL_HASH_LEN]);

/* The first waybill of this letter under a `sealed` in it, or none; whether that act verifies is
 * for vl_evidence_check. */
vl_bytes vl_evidence_waybill(const struct vl_evidence *evidence, const uint8_t number[VL_HASH_LEN]);

/* Numbers of letters, or of invitations, ascending, none twice.  All zeroes is empty. */
struct vl_evidence_numbers {
    size_t count;
    size_t cap;
    uint8_t (*at)[VL_HASH_LEN];
};
void vl_evidence_numbers_release(struct vl_evidence_numbers *numbers);
/* Add those of every letter that the evidence is about, by a leaf or by what an act names.
 * NO_MEMORY; then some of them may be there. */
enum vl_err vl_evidence_find_numbers(const struct vl_evidence *evidence,
                                     struct vl_evidence_numbers *numbers,
                                     struct vl_why *why) VL_MUST_USE;
/* The same for invitations, of which it has an act. */
enum vl_err vl_evidence_find_invitations(const struct vl_evidence *evidence,
                                         struct vl_evidence_numbers *numbers,
                                         struct vl_why *why) VL_MUST_USE;

/* Writing: chains, items and closures in whatever order, then the end. */
struct vl_evidence_out {
    struct vl_buf chains;
    struct vl_buf items;
    struct vl_buf closures;
    size_t chain_count;
    size_t item_count;
    size_t leaf_count; /* of all items */
    size_t closure_count;
    uint8_t last_closure[2 * VL_HASH_LEN];
    size_t reserved; /* bytes that chains and items leave to closures */
    size_t max_len;  /* of the whole, no more than VL_EVIDENCE_MAX_LEN */
};
#define VL_EVIDENCE_OUT_INIT                                                                       \
    {                                                                                              \
        .chains = {NULL, 0, 0, VL_EVIDENCE_MAX_LEN}, .items = {NULL, 0, 0, VL_EVIDENCE_MAX_LEN},   \
        .closures = {NULL, 0, 0, VL_EVIDENCE_MAX_LEN}, .max_len = VL_EVIDENCE_MAX_LEN              \
    }
/* What one closure takes at most: of a tree of VL_BATCH_MAX leaves. */
#define VL_EVIDENCE_CLOSURE_ROOM ((size_t)96 + (size_t)24 * (VL_HASH_LEN + 2))
/* card_file is one that vl_chain_write wrote, no two of one office; object likewise.  leaves may be
 * NULL with count 0; they ascend by index, else FORMAT.  LIMIT, NO_MEMORY; on failure *out is as it
 * was. */
enum vl_err vl_evidence_put_chain(struct vl_evidence_out *out, vl_bytes card_file) VL_MUST_USE;
enum vl_err vl_evidence_put(struct vl_evidence_out *out, vl_bytes object,
                            const struct vl_evidence_leaf *leaves, size_t leaf_count) VL_MUST_USE;
/* Closures are put by id, then by card id, none twice, else FORMAT. */
enum vl_err vl_evidence_put_closure(struct vl_evidence_out *out, const uint8_t id[VL_HASH_LEN],
                                    const uint8_t card_id[VL_HASH_LEN], uint64_t index,
                                    const struct vl_tree_path *path) VL_MUST_USE;
/* Append the whole to `to`.  LIMIT, NO_MEMORY; on failure it is as it was. */
enum vl_err vl_evidence_finish(const struct vl_evidence_out *out, struct vl_buf *to) VL_MUST_USE;
void vl_evidence_out_release(struct vl_evidence_out *out);

/* Where chains come from: a store, an evidence file, both. */
struct vl_keyring {
    /* The chain of this office, or NULL; borrowed for as long as self says. */
    const struct vl_chain *(*find)(void *self, const struct vl_office_id *office);
    void *self;
};
struct vl_keyring vl_evidence_keyring(struct vl_evidence *evidence);

/* What is proven of one act. */
struct vl_evidence_verdict {
    struct vl_chain_verdict chain;
    bool known;       /* its office's cards were at hand */
    bool well_formed; /* its payload could be read */
};
/* Read the payload by its kind, verify its signatures and every leaf.  The kind decides what a leaf
 * is, and numbers ascend as indexes do (PROTOCOL 8); a leaf of `sealed` is a waybill from the
 * office that sealed (PROTOCOL 18).  When all leaves of the batch are there and none has a path,
 * the tree is built once.  VL_OK: all of that is so; NOT_FOUND: no card for it; UNVERIFIED;
 * UNSUPPORTED, also for kinds that are no evidence by themselves; FORMAT, also for leaves of an act
 * that is about no batch; LIMIT, NO_MEMORY. */
enum vl_err vl_evidence_check(const struct vl_evidence_item *item, const struct vl_keyring *keys,
                              struct vl_evidence_verdict *verdict, struct vl_why *why) VL_MUST_USE;

/* For an item whose check built the tree once: give every leaf its path, so that each can be kept
 * and shown alone.  Others stay as they are.  NO_MEMORY; then it is as it was. */
enum vl_err vl_evidence_find_paths(struct vl_evidence_item *item, struct vl_why *why) VL_MUST_USE;

/* What a file is, by how it begins. */
enum vl_what {
    VL_WHAT_UNKNOWN,
    VL_WHAT_AGE,       /* a sealed file, perhaps a letter */
    VL_WHAT_AGE_ARMOR, /* the same as text */
    VL_WHAT_ARCHIVE,   /* pax: an open letter, a disclosure, the bare archive of a sealed letter */
    VL_WHAT_CARDS,     /* a card file */
    VL_WHAT_CARDS_TEXT,
    VL_WHAT_EVIDENCE,
    VL_WHAT_OBJECT,  /* one signed object */
    VL_WHAT_PAYLOAD, /* what a bundle carries (evidence/payload.h) */
};
/* 512 bytes are enough to tell. */
enum vl_what vl_what_is(vl_bytes beginning);

#endif
