/* SPDX-License-Identifier: Apache-2.0 */
/* evidence/evidence.h: cards and signed acts that travel together, as a file of their own or inside
 * something else.
 *
 *     evidence = ["valise/evidence/v1", [* card-file], [* [object, [* [leaf, index, [* hash]]]]]]
 *
 * An act over many letters comes with the leaves that matter here and their paths; these are not
 * signed and not part of the object (PROTOCOL 26). */
#ifndef VL_EVIDENCE_EVIDENCE_H
#define VL_EVIDENCE_EVIDENCE_H

#include "card/chain.h"
#include "custody/event.h"

#define VL_EVIDENCE_MAX_LEN    ((size_t)16 << 20)
#define VL_EVIDENCE_MAX_CHAINS 256
#define VL_EVIDENCE_MAX_ITEMS  10000
#define VL_EVIDENCE_MAX_LEAVES 10000 /* of one act */
/* Of all acts together: a path in memory is much longer than it may be on the wire. */
#define VL_EVIDENCE_MAX_ALL_LEAVES 20000

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

/* Owns everything in it. */
struct vl_evidence {
    struct vl_buf wire;
    size_t chain_count;
    struct vl_chain *chains; /* verified */
    size_t item_count;
    struct vl_evidence_item *items;
};
#define VL_EVIDENCE_INIT                                                                           \
    {                                                                                              \
        .wire = { NULL, 0, 0, VL_EVIDENCE_MAX_LEN }                                                \
    }

/* Copy and read.  *evidence must be VL_EVIDENCE_INIT; on failure it is again.  Every chain is
 * verified, and there is one for an office at most; signatures of the items are not
 * (vl_evidence_check).  The leaves of an act ascend by index.  FORMAT, LIMIT, UNVERIFIED,
 * UNSUPPORTED, NO_MEMORY. */
enum vl_err vl_evidence_parse(vl_bytes wire, struct vl_evidence *evidence,
                              struct vl_why *why) VL_MUST_USE;
void vl_evidence_release(struct vl_evidence *evidence);
/* The chain of an office among these, or NULL. */
const struct vl_chain *vl_evidence_chain(const struct vl_evidence *evidence,
                                         const struct vl_office_id *office);

/* Writing: chains first, then items, then the end. */
struct vl_evidence_out {
    struct vl_buf chains;
    struct vl_buf items;
    size_t chain_count;
    size_t item_count;
    size_t leaf_count; /* of all items */
};
#define VL_EVIDENCE_OUT_INIT                                                                       \
    {                                                                                              \
        .chains = {NULL, 0, 0, VL_EVIDENCE_MAX_LEN}, .items = { NULL, 0, 0, VL_EVIDENCE_MAX_LEN }  \
    }
/* card_file is one that vl_chain_write wrote, no two of one office; object likewise.  leaves may be
 * NULL with count 0; they ascend by index, else FORMAT.  LIMIT, NO_MEMORY; on failure *out is as it
 * was. */
enum vl_err vl_evidence_put_chain(struct vl_evidence_out *out, vl_bytes card_file) VL_MUST_USE;
enum vl_err vl_evidence_put(struct vl_evidence_out *out, vl_bytes object,
                            const struct vl_evidence_leaf *leaves, size_t leaf_count) VL_MUST_USE;
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
/* Read the payload by its kind, verify its signatures and every leaf.  A leaf of `sealed` is a
 * waybill from the office that sealed (PROTOCOL 18), and numbers ascend as indexes do (PROTOCOL 8).
 * VL_OK: all of that is so; NOT_FOUND: no card for it; UNVERIFIED; UNSUPPORTED, also for kinds that
 * are no evidence by themselves; FORMAT, LIMIT, NO_MEMORY. */
enum vl_err vl_evidence_check(const struct vl_evidence_item *item, const struct vl_keyring *keys,
                              struct vl_evidence_verdict *verdict, struct vl_why *why) VL_MUST_USE;

/* What a file is, by how it begins. */
enum vl_what {
    VL_WHAT_UNKNOWN,
    VL_WHAT_AGE,       /* a sealed file, perhaps a letter */
    VL_WHAT_AGE_ARMOR, /* the same as text */
    VL_WHAT_ARCHIVE,   /* pax: an open letter, a disclosure, the bare archive of a sealed letter */
    VL_WHAT_CARDS,     /* a card file */
    VL_WHAT_CARDS_TEXT,
    VL_WHAT_EVIDENCE,
    VL_WHAT_OBJECT, /* one signed object */
};
/* 512 bytes are enough to tell. */
enum vl_what vl_what_is(vl_bytes beginning);

#endif
