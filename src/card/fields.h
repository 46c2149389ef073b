/* SPDX-License-Identifier: Apache-2.0 */
/* card/fields.h: the payload of a signed act, read and written key by key: what every act has, then
 * all of its kind's own keys, from 10 on, in order and null where it says nothing. */
#ifndef VL_CARD_FIELDS_H
#define VL_CARD_FIELDS_H

#include "card/act.h"

#define VL_NONCE_LEN     16
#define VL_MAX_SEALS     64
#define VL_MAX_SEAL_TEXT 64
#define VL_MAX_WORDS     1024
#define VL_MAX_NAME      256
#define VL_MAX_CODE      32
/* Letters under one act (PROTOCOL 8). */
#define VL_BATCH_MAX ((uint64_t)1 << 24)

/* Physical seals, as written on them. */
struct vl_seals {
    size_t count;
    vl_bytes at[VL_MAX_SEALS];
};
/* The same seals, in whatever order. */
bool vl_seals_eq(const struct vl_seals *a, const struct vl_seals *b);

/* Hashes, ascending, none twice: where they lie on the wire, or an array of whoever writes.
 * Borrowed. */
struct vl_ids {
    size_t count;
    const uint8_t *first;
    size_t stride; /* from one to the next */
};
struct vl_ids vl_ids_of(const uint8_t (*ids)[VL_HASH_LEN], size_t count);
const uint8_t *vl_ids_at(const struct vl_ids *ids, size_t i);
bool vl_ids_has(const struct vl_ids *ids, const uint8_t id[VL_HASH_LEN]);

/* A payload while it is read.  Refusals latch in the cursor. */
struct vl_fields {
    struct vl_cbor r;
    struct vl_cbor_map map;
    int64_t key; /* read already, and its value is next; 0: none */
};
struct vl_fields vl_fields_open(vl_bytes wire, struct vl_act *act);
/* The cursor before the value of this key, which must be the next one. */
struct vl_cbor *vl_field_value(struct vl_fields *in, int64_t key);
void vl_field_hash(struct vl_fields *in, int64_t key, uint8_t out[VL_HASH_LEN]);
/* False for null. */
bool vl_field_hash_or_null(struct vl_fields *in, int64_t key, uint8_t out[VL_HASH_LEN]);
void vl_field_nonce(struct vl_fields *in, int64_t key, uint8_t out[VL_NONCE_LEN]);
bool vl_field_nonce_or_null(struct vl_fields *in, int64_t key, uint8_t out[VL_NONCE_LEN]);
vl_bytes vl_field_text(struct vl_fields *in, int64_t key, size_t max);
/* None for null. */
vl_bytes vl_field_text_or_null(struct vl_fields *in, int64_t key, size_t max);
/* A word of a list that may grow: [a-z][a-z-]*, at most VL_MAX_CODE. */
vl_bytes vl_field_code(struct vl_fields *in, int64_t key);
vl_bytes vl_field_code_or_null(struct vl_fields *in, int64_t key);
/* 1 to max. */
uint64_t vl_field_count(struct vl_fields *in, int64_t key, uint64_t max);
/* 0 for null. */
uint64_t vl_field_count_or_null(struct vl_fields *in, int64_t key, uint64_t max);
/* Since 1970; false for null. */
bool vl_field_seconds_or_null(struct vl_fields *in, int64_t key, int64_t *seconds);
void vl_field_seals(struct vl_fields *in, int64_t key, struct vl_seals *seals);
void vl_field_ids_or_null(struct vl_fields *in, int64_t key, size_t max, bool *has,
                          struct vl_ids *ids);
/* FORMAT, LIMIT, UNSUPPORTED; also for keys that are left over. */
enum vl_err vl_fields_close(struct vl_fields *in, struct vl_why *why) VL_MUST_USE;

/* One code, where a list of something has them. */
vl_bytes vl_code_read(struct vl_cbor *r);
/* A language: the outward shape of a tag of BCP 47. */
vl_bytes vl_language_read(struct vl_cbor *r);

/* Does `sub` say "valise:ABOUT:HEX" (PROTOCOL 30)?  FORMAT, NO_MEMORY. */
enum vl_err vl_fields_check_sub(const struct vl_object *object, const char *about, vl_bytes id,
                                struct vl_why *why) VL_MUST_USE;

/* Writing: the map, what every act has with the signer's card, and one key after another. */
void vl_fields_put_act(struct vl_cbor_out *w, const struct vl_signer *signer,
                       const struct vl_act *act, size_t own_pairs);
void vl_field_put_hash(struct vl_cbor_out *w, int64_t key, bool is_there,
                       const uint8_t hash[VL_HASH_LEN]);
void vl_field_put_nonce(struct vl_cbor_out *w, int64_t key, bool is_there,
                        const uint8_t nonce[VL_NONCE_LEN]);
/* Null when it is empty. */
void vl_field_put_text(struct vl_cbor_out *w, int64_t key, vl_bytes text);
void vl_field_put_uint(struct vl_cbor_out *w, int64_t key, uint64_t value);
/* Null for 0. */
void vl_field_put_count(struct vl_cbor_out *w, int64_t key, uint64_t count);
void vl_field_put_seconds(struct vl_cbor_out *w, int64_t key, bool is_there, int64_t seconds);
void vl_field_put_seals(struct vl_cbor_out *w, int64_t key, const struct vl_seals *seals);
void vl_field_put_ids(struct vl_cbor_out *w, int64_t key, bool is_there, const struct vl_ids *ids);
/* Sign with "valise:ABOUT:HEX" as its sub.  FORMAT, LIMIT, NO_MEMORY; on failure out is as it was.
 */
enum vl_err vl_fields_sign(const struct vl_signer *signer, enum vl_kind kind, const char *about,
                           vl_bytes about_id, vl_bytes payload, struct vl_buf *out,
                           uint8_t id[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;

#endif
