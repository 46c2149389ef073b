/* SPDX-License-Identifier: Apache-2.0 */
/* office/bag_out.h: what goes into a bag: evidence sealed to whoever gets it, then letters, a
 * bundle each. */
#ifndef VL_OFFICE_BAG_OUT_H
#define VL_OFFICE_BAG_OUT_H

#include "custody/handover.h"
#include "evidence/payload.h"
#include "office/acts.h"
#include "office/filing.h"
#include "office/pieces.h"
#include "seal/seal.h"
#include "stick/bag.h"

/* Evidence files on their way into a bag, sealed already. */
struct vl_sealed_files {
    size_t count;
    size_t cap;
    struct vl_buf *at;
    uint64_t bytes;
};
#define VL_SEALED_FILES_INIT                                                                       \
    {                                                                                              \
        .count = 0                                                                                 \
    }
void vl_sealed_files_release(struct vl_sealed_files *files);

/* The key that may be sealed to on the newest card of an office.  NOT_FOUND: no card of it;
 * UNSUPPORTED: none that can be used here; REFUSED: forked or revoked. */
enum vl_err vl_office_sealing_key(struct vl_home *home, const struct vl_office_id *office,
                                  struct vl_age_recipient *key, struct vl_why *why) VL_MUST_USE;
/* Seal an evidence file to these and add it. */
enum vl_err vl_sealed_files_add(struct vl_sealed_files *files,
                                const struct vl_age_recipients *recipients,
                                const struct vl_rng *rng, vl_bytes file,
                                struct vl_why *why) VL_MUST_USE;

/* One letter of a hand-over. */
struct vl_bag_letter {
    uint8_t number[VL_HASH_LEN];
    uint8_t waybill[VL_HASH_LEN]; /* SHA-256 of it */
    uint64_t size;
    bool has_sealed;
    uint8_t sealed[VL_HASH_LEN]; /* the act that vouches for its waybill */
    uint8_t way;                 /* enum vl_letter_way, as it was before */
    uint8_t taker;               /* enum vl_addressee_state of the taker, likewise */
    uint64_t through;            /* bits of addressees that get it through a courier now */
    bool carried;                /* it came from another office, by the hand-over `via` */
    uint8_t via[VL_HASH_LEN];
    bool has_from;
    uint8_t from[VL_HASH_LEN];
    bool stays;       /* on the stick, where the hand-over `via` put it */
    bool whole_batch; /* all letters under that act are in the bag */
    size_t waybill_len;
    uint64_t slice_count; /* 0: never carried in slices */
    bool in_slices;
    struct vl_slice_set went; /* slices that went to this taker before */
    struct vl_slice_set now;  /* slices that go */
};

/* A bag while it is filled. */
struct vl_bag_out {
    struct vl_home *home;
    struct vl_bag_writer *writer;
    struct vl_buf source; /* "//office1.../" */
    uint64_t created_ms;  /* DTN time of the day */
    uint64_t sequence;    /* of the next bundle */
    struct vl_path_cache paths;
    struct vl_buf room; /* for one head, and one piece of an envelope */
    uint64_t bundle_count;
};
/* The bag's writer is borrowed.  NO_MEMORY, INTERNAL without randomness. */
enum vl_err vl_bag_out_begin(struct vl_bag_out *out, struct vl_home *home,
                             struct vl_bag_writer *writer, const struct vl_rng *rng, int64_t now_s,
                             struct vl_why *why) VL_MUST_USE;
void vl_bag_out_release(struct vl_bag_out *out);
/* destination is NULL when nobody but whoever takes the bag is meant. */
enum vl_err vl_bag_out_evidence(struct vl_bag_out *out, const struct vl_office_id *destination,
                                vl_bytes sealed, struct vl_why *why) VL_MUST_USE;
/* A letter that is here, read from the store and checked against its number on the way: UNVERIFIED
 * when the store has other bytes than it should. */
enum vl_err vl_bag_out_letter(struct vl_bag_out *out, const struct vl_bag_letter *letter,
                              struct vl_why *why) VL_MUST_USE;
/* The same without a bag: would it go?  *room is used, and given back by its owner. */
enum vl_err vl_bag_out_check(struct vl_home *home, const struct vl_bag_letter *letter,
                             struct vl_buf *room, struct vl_why *why) VL_MUST_USE;
#define VL_BAG_OUT_ROOM ((size_t)256 << 10)
/* The slices of a letter that go now, a bundle each; likewise. */
enum vl_err vl_bag_out_slices(struct vl_bag_out *out, const struct vl_bag_letter *letter,
                              uint64_t *bytes, struct vl_why *why) VL_MUST_USE;
/* How long a bundle is at most beyond its envelope and waybill. */
#define VL_BAG_OUT_OVERHEAD ((uint64_t)768)

/* What a `transferred` says of the segments; names has room for each of them. */
void vl_bag_out_segments(const struct vl_bag_segment *from, size_t count,
                         struct vl_handed_segment *to, char (*names)[VL_BAG_SEGMENT_NAME]);
/* Root and count of the ids in a set: the evidence that comes along. */
enum vl_err vl_bag_out_evidence_root(const struct vl_id_set *ids,
                                     struct vl_transferred *transferred,
                                     struct vl_why *why) VL_MUST_USE;

#endif
