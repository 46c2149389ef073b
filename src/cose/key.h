/* SPDX-License-Identifier: Apache-2.0 */
/* cose/key.h: public signing keys as COSE_Key (RFC 9052, 7; RFC 9053, 7), and their names. */
#ifndef VL_COSE_KEY_H
#define VL_COSE_KEY_H

#include "codec/cbor.h"
#include "crypto/hash.h"
#include "crypto/signature.h"

/* The signature algorithms of COSE that are known here (RFC 9053, 2; RFC 9864), each with the one
 * kind of key it is tried with.  The two numbers of a kind mean the same signature. */
/* clang-format off */
#define VL_COSE_ALG_TABLE(X)                                                   \
    /* code  number  key      name */                                          \
    X(EDDSA,     -8, ED25519, "EdDSA")                                         \
    X(ED25519,  -19, ED25519, "Ed25519")                                       \
    X(ES256,     -7, P256,    "ES256")                                         \
    X(ESP256,    -9, P256,    "ESP256")
/* clang-format on */

enum vl_cose_alg {
    VL_COSE_ALG_NONE = 0, /* reserved by the registry */
#define X(code, number, key, name) VL_COSE_ALG_##code = (number),
    VL_COSE_ALG_TABLE(X)
#undef X
};

enum vl_cose_key_kind {
    VL_COSE_KEY_NONE,
    VL_COSE_KEY_ED25519, /* OKP, Ed25519 */
    VL_COSE_KEY_P256,    /* EC2, P-256 */
};

/* Copied by value; owns nothing.  y is only P-256's. */
struct vl_cose_key {
    enum vl_cose_key_kind kind;
    uint8_t x[VL_P256_LEN];
    uint8_t y[VL_P256_LEN];
};

/* clang-format off */
#define VL_COSE_KEY_INIT {VL_COSE_KEY_NONE, {0}, {0}}
/* clang-format on */
/* The longest that vl_cose_key_write writes. */
#define VL_COSE_KEY_MAX_LEN 75

/* Which kind of key is alg tried with?  NONE for an algorithm that is not known here. */
enum vl_cose_key_kind vl_cose_alg_key_kind(int64_t alg);
/* "EdDSA"; NULL for an algorithm that is not known here. */
const char *vl_cose_alg_name(int64_t alg);

/* Read one COSE_Key.  VL_CBOR_STRICT: only what vl_cose_key_write writes; VL_CBOR_COSE: keys of
 * others, with more members in any order.  On failure *key is VL_COSE_KEY_INIT.
 * FORMAT, LIMIT; UNSUPPORTED for other kinds, curves, algorithms and compressed points; REFUSED for
 * a key that says it is not for verifying; UNVERIFIED for an Ed25519 key that nobody can have made.
 * A P-256 point that is not on its curve is told by vl_sign1_verify. */
enum vl_err vl_cose_key_parse(vl_bytes wire, enum vl_cbor_profile profile, struct vl_cose_key *key,
                              struct vl_why *why) VL_MUST_USE;
/* The required members and no others, deterministically encoded (RFC 9679, 3): the form that is
 * hashed, signed and kept.  LIMIT, NO_MEMORY; then out is as it was. */
enum vl_err vl_cose_key_write(const struct vl_cose_key *key, struct vl_buf *out) VL_MUST_USE;

/* The 32 bytes of an Ed25519 public key.  UNVERIFIED for one that nobody can have made. */
enum vl_err vl_cose_key_of_ed25519(const uint8_t public_key[VL_ED25519_PUBLIC_LEN],
                                   struct vl_cose_key *key, struct vl_why *why) VL_MUST_USE;
/* The public key of a 32-byte Ed25519 seed. */
void vl_cose_key_of_seed(const struct vl_secret *seed, struct vl_cose_key *key);

/* SHA-256 of what vl_cose_key_write writes (RFC 9679): the kid of our objects. */
void vl_cose_key_thumbprint(const struct vl_cose_key *key, uint8_t out[VL_HASH_LEN]);

#endif
