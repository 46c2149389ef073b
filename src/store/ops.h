/* SPDX-License-Identifier: Apache-2.0 */
/* store/ops.h: what every keeper promises, inside the room; store.h says the same to the house. */
#ifndef VL_STORE_OPS_H
#define VL_STORE_OPS_H

#include "store/large.h"
#include "store/store.h"

/* An envelope that came in: in memory, or in a file of its own. */
struct vl_arrival {
    vl_bytes bytes;
    struct vl_large *file; /* NULL: bytes; the keeper leaves it to the caller to free */
    const uint8_t *part;   /* or what was put under this id; then NULL is the file */
    uint64_t size;
    bool elsewhere; /* there is none here */
};

struct vl_envelope {
    struct vl_store *store;
    uint64_t size;
    uint64_t at; /* how much was read */
};

/* The dispatcher sees to it that changes come in a transaction, that the rows are well formed, and
 * that nothing is committed behind a change that failed half done. */
struct vl_store_ops {
    enum vl_err (*begin)(struct vl_store *store, struct vl_why *why);
    /* Ends the transaction whatever it says. */
    enum vl_err (*commit)(struct vl_store *store, struct vl_why *why);
    void (*rollback)(struct vl_store *store);
    enum vl_err (*put_letter)(struct vl_store *store, const struct vl_letter_row *row,
                              const struct vl_arrival *arrival, bool *is_new, struct vl_why *why);
    enum vl_err (*put_part)(struct vl_store *store, const uint8_t *id, uint64_t at, vl_bytes bytes,
                            struct vl_why *why);
    enum vl_err (*drop_part)(struct vl_store *store, const uint8_t *id, struct vl_why *why);
    enum vl_err (*part_read)(struct vl_store *store, const uint8_t *id, uint64_t at, vl_room room,
                             struct vl_why *why);
    enum vl_err (*update_letter)(struct vl_store *store, const struct vl_letter_row *row,
                                 struct vl_why *why);
    enum vl_err (*forget)(struct vl_store *store, const uint8_t *number, struct vl_why *why);
    enum vl_err (*put_object)(struct vl_store *store, const struct vl_object_row *row,
                              struct vl_why *why);
    enum vl_err (*put_office)(struct vl_store *store, const struct vl_office_row *row,
                              struct vl_why *why);
    enum vl_err (*put_fact)(struct vl_store *store, const char *name, vl_bytes value,
                            struct vl_why *why);
    enum vl_err (*put_tie)(struct vl_store *store, const struct vl_tie *tie, struct vl_why *why);
    enum vl_err (*drop_tie)(struct vl_store *store, enum vl_tie_kind kind, const uint8_t *about,
                            const uint8_t *key, struct vl_why *why);
    enum vl_err (*letter)(struct vl_store *store, const uint8_t *number, struct vl_letter_row *row,
                          struct vl_why *why);
    enum vl_err (*object)(struct vl_store *store, const uint8_t *id, struct vl_buf *bytes,
                          struct vl_why *why);
    /* One of the two is NULL. */
    enum vl_err (*office)(struct vl_store *store, const uint8_t *office, const char *petname,
                          struct vl_office_row *row, struct vl_why *why);
    enum vl_err (*fact)(struct vl_store *store, const char *name, struct vl_buf *value,
                        struct vl_why *why);
    enum vl_err (*letters)(struct vl_store *store, const struct vl_letter_query *query,
                           vl_letter_visit visit, void *self, struct vl_why *why);
    enum vl_err (*offices)(struct vl_store *store, vl_office_visit visit, void *self,
                           struct vl_why *why);
    enum vl_err (*objects)(struct vl_store *store, const uint8_t *about, vl_object_visit visit,
                           void *self, struct vl_why *why);
    enum vl_err (*tie)(struct vl_store *store, enum vl_tie_kind kind, const uint8_t *about,
                       const uint8_t *key, struct vl_buf *bytes, struct vl_why *why);
    /* below: NULL, or of each `about` only the last one whose key is not above this. */
    enum vl_err (*ties)(struct vl_store *store, enum vl_tie_kind kind, const uint8_t *about,
                        const uint8_t *below, vl_tie_visit visit, void *self, struct vl_why *why);
    enum vl_err (*envelope)(struct vl_store *store, const uint8_t *number, struct vl_envelope **out,
                            struct vl_why *why);
    enum vl_err (*envelope_read)(struct vl_envelope *envelope, vl_room room, size_t *got,
                                 struct vl_why *why);
    void (*envelope_free)(struct vl_envelope *envelope);
    enum vl_err (*size)(struct vl_store *store, struct vl_store_size *size, struct vl_why *why);
    /* What only this keeper knows about itself. */
    enum vl_err (*look)(struct vl_store *store,
                        enum vl_err (*visit)(void *self, const struct vl_store_finding *finding),
                        void *self, struct vl_why *why);
    enum vl_err (*snapshot)(struct vl_store *store, const char *path, struct vl_why *why);
    void (*close)(struct vl_store *store);
};

/* Every keeper begins with this. */
struct vl_store {
    const struct vl_store_ops *ops;
    struct vl_large_home *large; /* where large envelopes go; NULL: memory */
    bool in_transaction;
    enum vl_err spoilt; /* a change of this transaction failed half done */
    bool rehearsal;     /* nothing is ever committed */
    bool rehearsing;    /* the keeper's transaction stays open, to be rolled back at the end */
};

#endif
