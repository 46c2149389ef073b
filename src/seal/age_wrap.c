/* SPDX-License-Identifier: Apache-2.0 */
/* The file key, in and out of stanzas (C2SP age, "The X25519 recipient type" and "The scrypt
 * recipient type"). */
#include <string.h>

#include "base/alloc.h"
#include "codec/base64.h"
#include "codec/words.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "seal/age_keys.h"

#define X25519_INFO  VL_LITERAL("age-encryption.org/v1/X25519")
#define SCRYPT_LABEL "age-encryption.org/v1/scrypt"

#define SALT_LEN    16
#define WORDS       10
#define WRAPPED_LEN (VL_AGE_FILE_KEY_LEN + VL_AEAD_TAG_LEN)

/* Each wrapping key is used once, so its nonce is zero. */
static const uint8_t zero_nonce[VL_AEAD_NONCE_LEN];

static enum vl_err seal_file_key(const struct vl_secret *wrap_key, const struct vl_secret *file_key,
                                 uint8_t out[WRAPPED_LEN])
{
    struct vl_aead *aead = vl_aead_new(wrap_key, VL_AEAD_SODIUM);
    enum vl_err err = VL_ERR_NO_MEMORY;

    if (aead) {
        memcpy(out, file_key->data, VL_AGE_FILE_KEY_LEN);
        err = vl_aead_seal(aead, zero_nonce, out, VL_AGE_FILE_KEY_LEN);
    }
    vl_aead_free(aead);
    return err;
}

/* NO_KEY when the wrapping key does not open it. */
static enum vl_err open_file_key(const struct vl_secret *wrap_key,
                                 const uint8_t wrapped[WRAPPED_LEN], struct vl_secret *file_key,
                                 struct vl_why *why)
{
    struct vl_aead *aead = vl_aead_new(wrap_key, VL_AEAD_SODIUM);
    enum vl_err err;

    if (!aead)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the cipher");
    err = vl_aead_open_to(aead, zero_nonce, wrapped, VL_AGE_FILE_KEY_LEN, file_key->data);
    file_key->len = err ? 0 : VL_AGE_FILE_KEY_LEN;
    vl_aead_free(aead);
    return err == VL_ERR_UNVERIFIED ? VL_ERR_NO_KEY : err;
}

static void x25519_wrap_key(const struct vl_secret *shared, const uint8_t *share,
                            const uint8_t *recipient, struct vl_secret *out)
{
    uint8_t salt[2 * VL_X25519_LEN];

    memcpy(salt, share, VL_X25519_LEN);
    memcpy(salt + VL_X25519_LEN, recipient, VL_X25519_LEN);
    vl_hkdf_sha256(shared, VL_ARRAY(salt), X25519_INFO, out);
}

enum vl_err vl_age_wrap(const struct vl_age_recipient *recipient, const struct vl_secret *file_key,
                        const struct vl_rng *rng, struct vl_buf *header, struct vl_why *why)
{
    VL_AUTO(vl_secret_wipe)
    struct vl_secret ephemeral = VL_SECRET_INIT, shared = VL_SECRET_INIT, wrap_key = VL_SECRET_INIT;
    uint8_t share[VL_X25519_LEN], body[WRAPPED_LEN];
    uint8_t args[7 + VL_BASE64_LEN(VL_X25519_LEN)] = "X25519 ";
    enum vl_err err = vl_rng_secret(rng, VL_X25519_LEN, &ephemeral);

    if (err)
        return vl_fail(why, err, "no randomness");
    vl_x25519_public(&ephemeral, share);
    err = vl_x25519(&ephemeral, recipient->x25519, &shared);
    if (err)
        return vl_fail(why, err, "a recipient that is no key of anybody");
    x25519_wrap_key(&shared, share, recipient->x25519, &wrap_key);
    err = seal_file_key(&wrap_key, file_key, body);
    (void)vl_base64_encode(VL_ARRAY(share), args + 7);
    if (!err)
        err = vl_age_header_put_stanza(header, VL_ARRAY(args), VL_ARRAY(body));
    return err ? vl_fail(why, err, "no room for a recipient") : VL_OK;
}

/* S of scrypt: the label and 16 random bytes. */
static void scrypt_salt(const uint8_t random[SALT_LEN],
                        uint8_t out[sizeof SCRYPT_LABEL - 1 + SALT_LEN])
{
    memcpy(out, SCRYPT_LABEL, sizeof SCRYPT_LABEL - 1);
    memcpy(out + sizeof SCRYPT_LABEL - 1, random, SALT_LEN);
}

static enum vl_err scrypt_wrap_key(const struct vl_passphrase *passphrase, const uint8_t *random,
                                   unsigned log_n, struct vl_secret *out, struct vl_why *why)
{
    uint8_t salt[sizeof SCRYPT_LABEL - 1 + SALT_LEN];
    enum vl_err err;

    scrypt_salt(random, salt);
    err = vl_scrypt(passphrase, VL_ARRAY(salt), log_n, out);
    if (err == VL_ERR_NO_MEMORY)
        return vl_fail(why, err, "the passphrase takes %u MiB of memory to work on",
                       1u << (log_n > 10 ? log_n - 10 : 0));
    return err ? vl_fail(why, err, "a work factor of %u", log_n) : VL_OK;
}

enum vl_err vl_age_wrap_passphrase(const struct vl_passphrase *passphrase, unsigned log_n,
                                   const struct vl_secret *file_key, const struct vl_rng *rng,
                                   struct vl_buf *header, struct vl_why *why)
{
    VL_AUTO(vl_secret_wipe) struct vl_secret wrap_key = VL_SECRET_INIT;
    uint8_t random[SALT_LEN], body[WRAPPED_LEN];
    uint8_t args[7 + VL_BASE64_LEN(SALT_LEN) + 3] = "scrypt ";
    size_t len = 7;
    enum vl_err err = vl_rng_fill(rng, random, sizeof random);

    if (err)
        return vl_fail(why, err, "no randomness");
    err = scrypt_wrap_key(passphrase, random, log_n, &wrap_key, why);
    if (err)
        return err;
    len += vl_base64_encode(VL_ARRAY(random), args + len);
    args[len++] = ' ';
    if (log_n >= 10)
        args[len++] = (uint8_t)('0' + log_n / 10);
    args[len++] = (uint8_t)('0' + log_n % 10);
    err = seal_file_key(&wrap_key, file_key, body);
    if (!err)
        err = vl_age_header_put_stanza(header, vl_bytes_of(args, len), VL_ARRAY(body));
    return err ? vl_fail(why, err, "no room for a passphrase") : VL_OK;
}

enum vl_err vl_age_passphrase_make(const struct vl_rng *rng, struct vl_passphrase *out)
{
    VL_AUTO(vl_secret_wipe) struct vl_secret random = VL_SECRET_INIT;
    enum vl_err err = vl_rng_secret(rng, 2 * (size_t)WORDS, &random);

    vl_passphrase_wipe(out);
    for (size_t i = 0; i < WORDS && !err; i++) {
        vl_bytes word =
            vl_bytes_str(vl_word((unsigned)random.data[2 * i] << 8 | random.data[2 * i + 1]));

        if (i > 0)
            out->data[out->len++] = '-';
        memcpy(out->data + out->len, word.ptr, word.len);
        out->len += word.len;
    }
    return err;
}

bool vl_age_stanza_is_x25519(const struct vl_age_stanza *stanza)
{
    return vl_bytes_eq(stanza->type, VL_LITERAL("X25519"));
}

bool vl_age_stanza_is_scrypt(const struct vl_age_stanza *stanza)
{
    return vl_bytes_eq(stanza->type, VL_LITERAL("scrypt"));
}

bool vl_age_stanza_is_hybrid(const struct vl_age_stanza *stanza)
{
    return vl_bytes_eq(stanza->type, VL_LITERAL("mlkem768x25519")) ||
           vl_bytes_eq(stanza->type, VL_LITERAL("mlkem768p256tag"));
}

/* Exactly len bytes of canonical base64. */
static bool decode_exactly(vl_bytes text, uint8_t *out, size_t len)
{
    size_t got;

    return text.len == VL_BASE64_LEN(len) && !vl_base64_decode(text, out, &got) && got == len;
}

enum vl_err vl_age_unwrap(const struct vl_age_identity *identity,
                          const struct vl_age_stanza *stanza, struct vl_secret *file_key,
                          struct vl_why *why)
{
    VL_AUTO(vl_secret_wipe) struct vl_secret shared = VL_SECRET_INIT, wrap_key = VL_SECRET_INIT;
    uint8_t share[VL_X25519_LEN], body[WRAPPED_LEN];

    if (stanza->arg_count != 1 ||
        !decode_exactly(vl_age_stanza_arg(stanza, 0), share, sizeof share))
        return vl_fail(why, VL_ERR_FORMAT, "an X25519 stanza with a malformed share");
    /* The length is judged before any key is tried: it limits what a file can be made to fit. */
    if (!decode_exactly(stanza->body, body, sizeof body))
        return vl_fail(why, VL_ERR_FORMAT, "an X25519 stanza with a body that is not 32 bytes");
    if (vl_x25519(&identity->x25519, share, &shared))
        return vl_fail(why, VL_ERR_FORMAT, "an X25519 stanza with a share of low order");
    x25519_wrap_key(&shared, share, identity->recipient.x25519, &wrap_key);
    return open_file_key(&wrap_key, body, file_key, why);
}

/* ABNF of the work factor: a digit from 1 to 9 and at most one more. */
static bool read_log_n(vl_bytes text, unsigned *log_n)
{
    *log_n = 0;
    if (text.len < 1 || text.ptr[0] == '0')
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        *log_n = *log_n < 100 ? *log_n * 10 + (text.ptr[i] - (unsigned)'0') : *log_n;
    }
    return true;
}

enum vl_err vl_age_scrypt_check(const struct vl_age_stanza *stanza, unsigned max_log_n,
                                unsigned *log_n, struct vl_why *why)
{
    uint8_t random[SALT_LEN], body[WRAPPED_LEN];

    if (stanza->arg_count != 2 ||
        !decode_exactly(vl_age_stanza_arg(stanza, 0), random, sizeof random))
        return vl_fail(why, VL_ERR_FORMAT, "a scrypt stanza with a malformed salt");
    if (!read_log_n(vl_age_stanza_arg(stanza, 1), log_n))
        return vl_fail(why, VL_ERR_FORMAT, "a scrypt stanza with a malformed work factor");
    if (!decode_exactly(stanza->body, body, sizeof body))
        return vl_fail(why, VL_ERR_FORMAT, "a scrypt stanza with a body that is not 32 bytes");
    if (*log_n > max_log_n)
        return vl_fail(why, VL_ERR_LIMIT, "a scrypt work factor over %u", max_log_n);
    return VL_OK;
}

enum vl_err vl_age_unwrap_passphrase(const struct vl_passphrase *passphrase,
                                     const struct vl_age_stanza *stanza, unsigned log_n,
                                     struct vl_secret *file_key, struct vl_why *why)
{
    VL_AUTO(vl_secret_wipe) struct vl_secret wrap_key = VL_SECRET_INIT;
    uint8_t random[SALT_LEN], body[WRAPPED_LEN];
    enum vl_err err = VL_OK;

    if (!decode_exactly(vl_age_stanza_arg(stanza, 0), random, sizeof random) ||
        !decode_exactly(stanza->body, body, sizeof body))
        return vl_fail(why, VL_ERR_INTERNAL, "a scrypt stanza that was not checked");
    err = scrypt_wrap_key(passphrase, random, log_n, &wrap_key, why);
    if (!err)
        err = open_file_key(&wrap_key, body, file_key, why);
    return err == VL_ERR_NO_KEY ? vl_fail(why, err, "another passphrase") : err;
}
