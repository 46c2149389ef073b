/* SPDX-License-Identifier: Apache-2.0 */
#include "cose/key.h"

#include <string.h>

/* RFC 9052, 7.1 and RFC 9053, 7.1 and 7.2: labels and values of a COSE_Key. */
#define LABEL_KTY     1
#define LABEL_ALG     3
#define LABEL_KEY_OPS 4
#define LABEL_CRV     (-1)
#define LABEL_X       (-2)
#define LABEL_Y       (-3)
#define LABEL_D       (-4)
#define KTY_OKP       1
#define KTY_EC2       2
#define CRV_P256      1
#define CRV_ED25519   6
#define OP_VERIFY     2
#define MEMBERS_MAX   32

/* The members that matter, as they stand on the wire; none where there is none. */
struct members {
    vl_bytes kty, alg, key_ops, crv, x, y, d;
};

enum vl_cose_key_kind vl_cose_alg_key_kind(int64_t alg)
{
    switch (alg) {
#define X(code, number, key, name)                                                                 \
    case number:                                                                                   \
        return VL_COSE_KEY_##key;
        VL_COSE_ALG_TABLE(X)
#undef X
    default:
        return VL_COSE_KEY_NONE;
    }
}

const char *vl_cose_alg_name(int64_t alg)
{
    switch (alg) {
#define X(code, number, key, name)                                                                 \
    case number:                                                                                   \
        return name;
        VL_COSE_ALG_TABLE(X)
#undef X
    default:
        return NULL;
    }
}

static vl_bytes *member(struct members *members, struct vl_cbor_label label)
{
    switch (label.number) {
    case LABEL_KTY:
        return &members->kty;
    case LABEL_ALG:
        return &members->alg;
    case LABEL_KEY_OPS:
        return &members->key_ops;
    case LABEL_CRV:
        return &members->crv;
    case LABEL_X:
        return &members->x;
    case LABEL_Y:
        return &members->y;
    case LABEL_D:
        return &members->d;
    default:
        return NULL;
    }
}

static enum vl_err read_members(vl_bytes wire, enum vl_cbor_profile profile,
                                struct members *members, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(wire, profile);
    struct vl_cbor_map map = vl_cbor_map(&r, 1, MEMBERS_MAX);

    while (vl_cbor_next(&r, &map)) {
        vl_bytes *at = member(members, vl_cbor_label(&r, &map));
        vl_bytes item = vl_cbor_item(&r);

        if (at)
            *at = item;
    }
    return vl_cbor_close(&r, "COSE key", why);
}

/* The number of a member that may be a number or a text: 0, which all the registries reserve, for
 * everything that is not a number in reach. */
static int64_t number_of(vl_bytes item)
{
    struct vl_cbor r = vl_cbor_open(item, VL_CBOR_COSE);
    int64_t number = vl_cbor_int(&r, INT32_MIN, INT32_MAX);

    return vl_cbor_ok(&r) ? number : 0;
}

static bool is_bool(vl_bytes item)
{
    struct vl_cbor r = vl_cbor_open(item, VL_CBOR_COSE);

    (void)vl_cbor_bool(&r);
    return vl_cbor_ok(&r);
}

static enum vl_err read_coordinate(vl_bytes item, char name, uint8_t out[VL_P256_LEN],
                                   struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(item, VL_CBOR_COSE);
    vl_bytes value = vl_cbor_bytes(&r, VL_P256_LEN, VL_P256_LEN);

    if (item.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "COSE key: no %c", name);
    if (!vl_cbor_ok(&r))
        return vl_fail(why, VL_ERR_FORMAT, "COSE key: %c is not a byte string of 32 bytes", name);
    memcpy(out, value.ptr, value.len);
    return VL_OK;
}

/* RFC 9053, 2.1 and 2.2: key_ops, where there are any, must name "verify". */
static enum vl_err check_key_ops(vl_bytes key_ops, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(key_ops, VL_CBOR_COSE);
    bool may_verify = key_ops.len == 0;
    size_t count;

    if (may_verify)
        return VL_OK;
    count = vl_cbor_array(&r, 1, MEMBERS_MAX);
    for (size_t i = 0; i < count && vl_cbor_ok(&r); i++)
        may_verify |= number_of(vl_cbor_item(&r)) == OP_VERIFY;
    if (!vl_cbor_ok(&r))
        return vl_fail(why, VL_ERR_FORMAT, "COSE key: key_ops is not an array of operations");
    return may_verify ? VL_OK : vl_fail(why, VL_ERR_REFUSED, "COSE key: it is not for verifying");
}

static enum vl_err kind_of(const struct members *members, enum vl_cose_key_kind *kind,
                           struct vl_why *why)
{
    int64_t kty = number_of(members->kty), crv = number_of(members->crv);
    int64_t alg = number_of(members->alg);

    if (members->kty.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "COSE key: no kty");
    if (kty != KTY_OKP && kty != KTY_EC2)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "COSE key: neither OKP nor EC2");
    if (members->crv.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "COSE key: no crv");
    if (crv != (kty == KTY_OKP ? CRV_ED25519 : CRV_P256))
        return vl_fail(why, VL_ERR_UNSUPPORTED, "COSE key: a curve other than Ed25519 and P-256");
    *kind = kty == KTY_OKP ? VL_COSE_KEY_ED25519 : VL_COSE_KEY_P256;
    if (members->alg.len != 0 && vl_cose_alg_key_kind(alg) != *kind)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "COSE key: for another algorithm than its curve's");
    return VL_OK;
}

static enum vl_err read_key(const struct members *members, struct vl_cose_key *key,
                            struct vl_why *why)
{
    enum vl_err err = kind_of(members, &key->kind, why);

    /* Whoever sends a private key has made a mistake that must not travel further. */
    if (!err && members->d.len != 0)
        err = vl_fail(why, VL_ERR_FORMAT, "COSE key: a private key");
    if (!err)
        err = check_key_ops(members->key_ops, why);
    if (!err)
        err = read_coordinate(members->x, 'x', key->x, why);
    if (!err && key->kind == VL_COSE_KEY_ED25519)
        return vl_cose_key_of_ed25519(key->x, key, why);
    if (!err && is_bool(members->y)) /* RFC 9053, 7.1.1: only the sign of y */
        err = vl_fail(why, VL_ERR_UNSUPPORTED, "COSE key: a compressed point");
    if (!err)
        err = read_coordinate(members->y, 'y', key->y, why);
    return err;
}

/* RFC 9679, 3.1 and 3.2, put together by hand: the thumbprint of a key cannot fail. */
static size_t encode(const struct vl_cose_key *key, uint8_t out[VL_COSE_KEY_MAX_LEN])
{
    static const uint8_t okp_x[] = {0xa3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20};
    static const uint8_t ec2_x[] = {0xa4, 0x01, 0x02, 0x20, 0x01, 0x21, 0x58, 0x20};
    static const uint8_t ec2_y[] = {0x22, 0x58, 0x20};
    bool is_okp = key->kind == VL_COSE_KEY_ED25519;
    size_t len = sizeof okp_x;

    memcpy(out, is_okp ? okp_x : ec2_x, len);
    memcpy(out + len, key->x, sizeof key->x);
    len += sizeof key->x;
    if (is_okp)
        return len;
    memcpy(out + len, ec2_y, sizeof ec2_y);
    len += sizeof ec2_y;
    memcpy(out + len, key->y, sizeof key->y);
    return len + sizeof key->y;
}

enum vl_err vl_cose_key_parse(vl_bytes wire, enum vl_cbor_profile profile, struct vl_cose_key *key,
                              struct vl_why *why)
{
    struct vl_cose_key found = VL_COSE_KEY_INIT;
    struct members members = {0};
    uint8_t bytes[VL_COSE_KEY_MAX_LEN];
    enum vl_err err = read_members(wire, profile, &members, why);

    if (!err)
        err = read_key(&members, &found, why);
    if (!err && profile == VL_CBOR_STRICT &&
        !vl_bytes_eq(wire, vl_bytes_of(bytes, encode(&found, bytes))))
        err = vl_fail(why, VL_ERR_FORMAT, "COSE key: more than the required members");
    *key = err ? (struct vl_cose_key)VL_COSE_KEY_INIT : found;
    return err;
}

enum vl_err vl_cose_key_write(const struct vl_cose_key *key, struct vl_buf *out)
{
    uint8_t bytes[VL_COSE_KEY_MAX_LEN];

    return vl_buf_put(out, vl_bytes_of(bytes, encode(key, bytes)));
}

enum vl_err vl_cose_key_of_ed25519(const uint8_t public_key[VL_ED25519_PUBLIC_LEN],
                                   struct vl_cose_key *key, struct vl_why *why)
{
    struct vl_cose_key made = {VL_COSE_KEY_ED25519, {0}, {0}};

    memcpy(made.x, public_key, VL_ED25519_PUBLIC_LEN);
    *key = (struct vl_cose_key)VL_COSE_KEY_INIT;
    if (vl_ed25519_check_key(made.x))
        return vl_fail(why, VL_ERR_UNVERIFIED, "COSE key: not a key that anybody can have made");
    *key = made;
    return VL_OK;
}

void vl_cose_key_of_seed(const struct vl_secret *seed, struct vl_cose_key *key)
{
    *key = (struct vl_cose_key){VL_COSE_KEY_ED25519, {0}, {0}};
    vl_ed25519_public(seed, key->x);
}

void vl_cose_key_thumbprint(const struct vl_cose_key *key, uint8_t out[VL_HASH_LEN])
{
    uint8_t bytes[VL_COSE_KEY_MAX_LEN];

    vl_sha256(vl_bytes_of(bytes, encode(key, bytes)), out);
}
