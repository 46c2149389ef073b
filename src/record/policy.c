/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "record/entry.h"

/* The keys of the payload; docs/formats/record.cddl. */
enum policy_key {
    KEY_VERSION,
    KEY_ORIGIN,
    KEY_RECEIPT_KEY,
    KEY_CHECKPOINT_KEY,
    KEY_WITNESSES,
    KEY_NEED,
    KEY_MAX_LEN,
    KEY_NEEDS_IAT,
    KEY_PAST_MAX,
    KEY_AHEAD_MAX,
    KEY_COUNT
};

#define KEY_TEXT_MAX (VL_NOTE_MAX_NAME + 64)
#define SECONDS_MAX  VL_CLAIMS_IAT_MAX_S
#define SUB_MAX      (sizeof "valise:record:" + (size_t)2 * VL_HASH_LEN)

/* The name of a log for the `sub` of its policy. */
static void write_sub(vl_bytes origin, char out[SUB_MAX])
{
    uint8_t hash[VL_HASH_LEN];
    int len = snprintf(out, SUB_MAX, "valise:record:");

    vl_sha256(origin, hash);
    for (size_t i = 0; i < sizeof hash; i++)
        len += snprintf(out + len, SUB_MAX - (size_t)len, "%02x", hash[i]);
}

static bool is_ed25519(const struct vl_cose_key *key, const struct vl_note_key *of)
{
    return key->kind == VL_COSE_KEY_ED25519 &&
           memcmp(key->x, of->public_key, sizeof of->public_key) == 0;
}

/* PROTOCOL 28: one key, one use. */
static enum vl_err check_keys(const struct vl_record_policy *policy, const struct vl_cose_key *key,
                              struct vl_why *why)
{
    bool is_twice = key->kind == policy->receipt_key.kind &&
                    memcmp(key->x, policy->receipt_key.x, sizeof key->x) == 0;

    is_twice = is_twice || is_ed25519(key, &policy->checkpoint_key) ||
               is_ed25519(&policy->receipt_key, &policy->checkpoint_key);
    for (size_t i = 0; i < policy->witness_count; i++) {
        const struct vl_note_key *witness = &policy->witnesses[i];

        is_twice = is_twice || is_ed25519(key, witness) ||
                   is_ed25519(&policy->receipt_key, witness) ||
                   memcmp(witness->public_key, policy->checkpoint_key.public_key,
                          sizeof witness->public_key) == 0;
        for (size_t k = 0; k < i; k++)
            is_twice = is_twice || memcmp(witness->public_key, policy->witnesses[k].public_key,
                                          sizeof witness->public_key) == 0;
    }
    return is_twice ? vl_fail(why, VL_ERR_USAGE, "policy: one key has two uses") : VL_OK;
}

static void read_note_key(struct vl_cbor *r, enum vl_note_type type, struct vl_note_key *key)
{
    vl_bytes text = vl_cbor_text(r, 1, KEY_TEXT_MAX);

    if (vl_cbor_ok(r) && (vl_note_key_parse(text, key, NULL) || key->type != type))
        vl_cbor_refuse(r, VL_ERR_FORMAT, "wanted a key of notes");
}

static void read_value(struct vl_cbor *r, int64_t key, struct vl_record_policy *policy)
{
    switch ((enum policy_key)key) {
    case KEY_VERSION:
        if (vl_cbor_uint(r, UINT8_MAX) != VL_POLICY_VERSION)
            vl_cbor_refuse(r, VL_ERR_UNSUPPORTED, "a policy of another version");
        break;
    case KEY_ORIGIN:
        policy->origin = vl_cbor_text(r, 1, VL_RECEIPT_MAX_ORIGIN);
        break;
    case KEY_RECEIPT_KEY:
        if (vl_cose_key_parse(vl_cbor_item(r), VL_CBOR_STRICT, &policy->receipt_key, NULL))
            vl_cbor_refuse(r, VL_ERR_FORMAT, "wanted a public key");
        break;
    case KEY_CHECKPOINT_KEY:
        read_note_key(r, VL_NOTE_ED25519, &policy->checkpoint_key);
        break;
    case KEY_WITNESSES:
        policy->witness_count = vl_cbor_array(r, 0, VL_LOG_MAX_WITNESSES);
        for (size_t i = 0; i < policy->witness_count && vl_cbor_ok(r); i++)
            read_note_key(r, VL_NOTE_COSIGNATURE, &policy->witnesses[i]);
        break;
    case KEY_NEED:
        policy->need = (size_t)vl_cbor_uint(r, policy->witness_count);
        break;
    case KEY_MAX_LEN:
        policy->max_len = vl_cbor_uint(r, VL_ENTRY_MAX_LEN);
        break;
    case KEY_NEEDS_IAT:
        policy->needs_iat = vl_cbor_bool(r);
        break;
    case KEY_PAST_MAX:
        policy->past_max_s = vl_cbor_uint(r, SECONDS_MAX);
        break;
    case KEY_AHEAD_MAX:
        policy->ahead_max_s = vl_cbor_uint(r, SECONDS_MAX);
        break;
    case KEY_COUNT:
        break;
    }
}

static enum vl_err read_payload(vl_bytes payload, struct vl_record_policy *policy,
                                struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(payload, VL_CBOR_STRICT);
    struct vl_cbor_map map = vl_cbor_map(&r, KEY_COUNT, KEY_COUNT);

    while (vl_cbor_next(&r, &map)) /* ascending and none twice: so all of them, in order */
        read_value(&r, vl_cbor_key(&r, &map, 0, KEY_COUNT - 1), policy);
    if (vl_cbor_ok(&r) && policy->max_len == 0)
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "entries of no length");
    return vl_cbor_close(&r, "payload", why);
}

static enum vl_err read_policy(vl_bytes entry, const struct vl_cose_key *key,
                               struct vl_record_policy *policy, struct vl_why *why)
{
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    char sub[SUB_MAX];
    enum vl_err err = vl_sign1_parse(entry, VL_SIGN1_OURS, &sign1, why);

    if (!err && !vl_bytes_eq(sign1.content_type, VL_LITERAL(VL_POLICY_CONTENT_TYPE)))
        err = vl_fail(why, VL_ERR_FORMAT, "not a policy");
    if (!err)
        err = vl_sign1_verify(&sign1, key, NULL, why);
    /* The payload where it stands in entry, which outlives this. */
    if (!err)
        err = read_payload(vl_bytes_of(entry.ptr + (sign1.payload.ptr - sign1.wire.data),
                                       sign1.payload.len),
                           policy, why);
    if (err)
        return err;
    write_sub(policy->origin, sub);
    if (!vl_bytes_eq(sign1.claims.iss, policy->origin) ||
        !vl_bytes_eq(sign1.claims.sub, vl_bytes_str(sub)))
        return vl_fail(why, VL_ERR_FORMAT, "signed for another log");
    return VL_OK;
}

enum vl_err vl_record_policy_read(vl_bytes entry, const struct vl_cose_key *key,
                                  struct vl_record_policy *policy, struct vl_why *why)
{
    enum vl_err err;

    *policy = (struct vl_record_policy){.max_len = 0};
    err = read_policy(entry, key, policy, why);
    if (!err && check_keys(policy, key, why))
        err = VL_ERR_FORMAT;
    return err ? vl_fail_in(why, err, "policy") : VL_OK;
}

static void put_note_key(struct vl_cbor_out *w, const struct vl_note_key *key)
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(KEY_TEXT_MAX);
    enum vl_err err = vl_note_key_write(key, &text);

    if (err && !w->err)
        w->err = err;
    vl_cbor_put_text(w, vl_buf_bytes(&text));
}

static void put_key(struct vl_cbor_out *w, const struct vl_cose_key *key)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_COSE_KEY_MAX_LEN);
    enum vl_err err = vl_cose_key_write(key, &wire);

    if (err && !w->err)
        w->err = err;
    vl_cbor_put_item(w, vl_buf_bytes(&wire));
}

static enum vl_err put_payload(const struct vl_record_policy *policy, struct vl_buf *out)
{
    struct vl_cbor_out w = vl_cbor_to(out);

    vl_cbor_put_map(&w, KEY_COUNT);
    vl_cbor_put_uint(&w, KEY_VERSION);
    vl_cbor_put_uint(&w, VL_POLICY_VERSION);
    vl_cbor_put_uint(&w, KEY_ORIGIN);
    vl_cbor_put_text(&w, policy->origin);
    vl_cbor_put_uint(&w, KEY_RECEIPT_KEY);
    put_key(&w, &policy->receipt_key);
    vl_cbor_put_uint(&w, KEY_CHECKPOINT_KEY);
    put_note_key(&w, &policy->checkpoint_key);
    vl_cbor_put_uint(&w, KEY_WITNESSES);
    vl_cbor_put_array(&w, policy->witness_count);
    for (size_t i = 0; i < policy->witness_count; i++)
        put_note_key(&w, &policy->witnesses[i]);
    vl_cbor_put_uint(&w, KEY_NEED);
    vl_cbor_put_uint(&w, policy->need);
    vl_cbor_put_uint(&w, KEY_MAX_LEN);
    vl_cbor_put_uint(&w, policy->max_len);
    vl_cbor_put_uint(&w, KEY_NEEDS_IAT);
    vl_cbor_put_bool(&w, policy->needs_iat);
    vl_cbor_put_uint(&w, KEY_PAST_MAX);
    vl_cbor_put_uint(&w, policy->past_max_s);
    vl_cbor_put_uint(&w, KEY_AHEAD_MAX);
    vl_cbor_put_uint(&w, policy->ahead_max_s);
    return w.err;
}

enum vl_err vl_record_policy_write(const struct vl_record_policy *policy,
                                   const struct vl_secret *seed, bool has_iat, int64_t iat_s,
                                   struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    struct vl_cose_key key = VL_COSE_KEY_INIT;
    uint8_t kid[VL_HASH_LEN];
    char sub[SUB_MAX];
    struct vl_record_policy read_back;
    struct vl_sign1_draft draft = {.alg = VL_COSE_ALG_EDDSA,
                                   .content_type = VL_LITERAL(VL_POLICY_CONTENT_TYPE)};
    enum vl_err err;

    vl_cose_key_of_seed(seed, &key);
    vl_cose_key_thumbprint(&key, kid);
    write_sub(policy->origin, sub);
    draft.kid = VL_ARRAY(kid);
    draft.claims = (struct vl_claims){policy->origin, vl_bytes_str(sub), has_iat, iat_s};
    if (policy->witness_count > VL_LOG_MAX_WITNESSES || policy->need > policy->witness_count)
        return vl_fail(why, VL_ERR_USAGE, "policy: %zu of %zu witnesses", policy->need,
                       policy->witness_count);
    err = check_keys(policy, &key, why);
    if (err)
        return err;
    err = put_payload(policy, &payload);
    if (err)
        return vl_fail(why, err, "policy: %s", vl_err_words(err));
    draft.payload = vl_buf_bytes(&payload);
    err = vl_sign1_write(&draft, seed, &wire, why);
    if (!err)
        err = vl_record_policy_read(vl_buf_bytes(&wire), &key, &read_back, why);
    if (err)
        return err;
    err = vl_buf_put(out, vl_buf_bytes(&wire));
    return err ? vl_fail(why, err, "policy: %s", vl_err_words(err)) : VL_OK;
}

void vl_record_policy_log(const struct vl_record_policy *policy, struct vl_log *log)
{
    *log = (struct vl_log){policy->origin, policy->checkpoint_key, policy->witness_count,
                           policy->witnesses, policy->need};
}
