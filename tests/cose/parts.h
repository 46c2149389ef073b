/* SPDX-License-Identifier: Apache-2.0 */
/* tests/cose/parts.h: objects put together from hex, and objects that another program made.
 *
 * The golden ones come from a few lines of Python with hashlib and cryptography, not from our
 * writer: the Ed25519 key is the first of RFC 8032, 7.1; the P-256 key is the one that the examples
 * of the COSE working group sign with. */
#ifndef VL_TESTS_COSE_PARTS_H
#define VL_TESTS_COSE_PARTS_H

#include "support.h"

#include <string.h>

#include "base/alloc.h"
#include "cose/sign1.h"

#define ED_SEED   "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
#define ED_PUBLIC "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define ED_KID    "866eefbd6718c8846cd7ddfe43fc74ab1daac4538ff8514ea2ec2d410a415743"
#define EC_X      "bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff"
#define EC_Y      "20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e"
#define EC_KID    "b71d9fc27ee9ce61a60560b2eeeef7f6934a6b9d57ce122b2b12e932cacbf1d9"

/* "application/vnd.valise.seen.v1+cbor", {1: "dtn://office1test/", 2: "valise:office:00"} */
#define TYPE   "78236170706c69636174696f6e2f766e642e76616c6973652e7365656e2e76312b63626f72"
#define ISS    "017264746e3a2f2f6f666669636531746573742f"
#define SUB    "027076616c6973653a6f66666963653a3030"
#define CLAIMS "0fa2" ISS SUB
/* The protected header of ours, up to what changes. */
#define OUR_ED "a4 0127 03" TYPE "045820" ED_KID CLAIMS
#define OUR_EC "a4 0126 03" TYPE "045820" EC_KID CLAIMS
#define SIG_64                                                                                     \
    "5840000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"                         \
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

/* Ours, signed by the Ed25519 key at 1700000000; its id. */
#define GOLDEN_ED                                                                                  \
    "d284587aa40127 03" TYPE "045820" ED_KID "0fa3" ISS SUB "061a6553f100 a0 43a10001"             \
    "584044e451463a22e89fa063057dc8361eda1a9b1438693d7052c5a63de400d3b258"                         \
    "b72bcae6b2c18a9d467f6b7732b09c27da50c5e9093becfca1c9d5050c7ddd02"
#define GOLDEN_ED_ID "a6535d5b99472d7a5c29592d9f8dcce1e2692866e45edaefa545891d38e8d58e"
/* The same without a time, with alg -19. */
#define GOLDEN_ED_19                                                                               \
    "d2845874a40132 03" TYPE "045820" ED_KID CLAIMS "a0 43a10001"                                  \
    "5840571b057f2eb74627204f51917eb22b8d259cc4195807c53dd31a83dfcc170ce7"                         \
    "b7c157d2261530c2763598476ec52d1c8dc501bc272f9f0efdb2b214afd4b70e"
/* Signed by the P-256 key with alg -7 and -9, in the low-S form. */
#define GOLDEN_EC_R      "c426c31650ae6a959c2c787f3152f1fcc2c380b127c170247c43961a6979c9bf"
#define GOLDEN_EC_LOW_S  "12b9e4ba946444ef952b837834de711941e74816ce872efab47274c8df469304"
#define GOLDEN_EC_HIGH_S "ed461b446b9bbb116ad47c87cb218ee67affb296d8906f8a3f4755fa1d1c924d"
#define GOLDEN_EC        "d2845874" OUR_EC "a0 43a10001 5840" GOLDEN_EC_R GOLDEN_EC_LOW_S
#define GOLDEN_EC_HIGH   "d2845874" OUR_EC "a0 43a10001 5840" GOLDEN_EC_R GOLDEN_EC_HIGH_S
#define GOLDEN_EC_9                                                                                \
    "d2845874a40128 03" TYPE "045820" EC_KID CLAIMS "a0 43a10001"                                  \
    "5840a1b1bbe3beb6c71386ecb69e442b021b72c4ef4375c4753fab8fa89589d8ed9a"                         \
    "7c171257a4cf4bf73606a236f469e05d9c368c6793fa2ef17a4057a638772bb8"

/* tag, then an array of four: protected (the map, without its byte string), unprotected, payload,
 * signature.  Gives the bytes; the caller releases them. */
static inline struct vl_buf object_of(const char *tag, const char *protected_header,
                                      const char *unprotected_header, const char *payload,
                                      const char *signature)
{
    VL_AUTO(vl_buf_release) struct vl_buf in = hex(protected_header);
    VL_AUTO(vl_buf_release) struct vl_buf out_header = hex(unprotected_header);
    VL_AUTO(vl_buf_release) struct vl_buf body = hex(payload);
    VL_AUTO(vl_buf_release) struct vl_buf end = hex(signature);
    struct vl_buf object = hex(tag);
    struct vl_cbor_out w = vl_cbor_to(&object);

    vl_cbor_put_array(&w, 4);
    vl_cbor_put_bytes(&w, vl_buf_bytes(&in));
    vl_cbor_put_item(&w, vl_buf_bytes(&out_header));
    vl_cbor_put_item(&w, vl_buf_bytes(&body));
    vl_cbor_put_item(&w, vl_buf_bytes(&end));
    assert_int_equal(w.err, VL_OK);
    return object;
}

static inline struct vl_cose_key key_of(enum vl_cose_key_kind kind, const char *x, const char *y)
{
    VL_AUTO(vl_buf_release) struct vl_buf x_bytes = hex(x);
    VL_AUTO(vl_buf_release) struct vl_buf y_bytes = hex(y);
    struct vl_cose_key key = {kind, {0}, {0}};

    memcpy(key.x, x_bytes.data, sizeof key.x);
    if (y_bytes.len)
        memcpy(key.y, y_bytes.data, sizeof key.y);
    return key;
}

static inline struct vl_cose_key ed_key(void)
{
    return key_of(VL_COSE_KEY_ED25519, ED_PUBLIC, "");
}

static inline struct vl_cose_key ec_key(void)
{
    return key_of(VL_COSE_KEY_P256, EC_X, EC_Y);
}

static inline struct vl_secret ed_seed(void)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = hex(ED_SEED);
    struct vl_secret seed = VL_SECRET_INIT;

    assert_int_equal(vl_secret_set(&seed, vl_buf_bytes(&bytes)), VL_OK);
    return seed;
}

#endif
