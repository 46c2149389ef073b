/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/age_keys.h"

#include <string.h>

#include "base/alloc.h"
#include "codec/bech32.h"

#define RECIPIENT_HRP "age"
#define IDENTITY_HRP  "age-secret-key-"

/* What people may have at hand that this version cannot use, longest beginning first. */
static const struct {
    const char *start;
    const char *words;
} foreign_recipients[] = {
    {"age1tagpq1", "a post-quantum hardware recipient, which this version cannot seal to"},
    {"age1tag1", "a hardware recipient, which this version cannot seal to"},
    {"age1pq1", "a post-quantum recipient, which this version cannot seal to"},
    {"ssh-", "an SSH key, which valise does not seal to"},
};

static enum vl_err foreign_recipient(vl_bytes text, struct vl_why *why)
{
    for (size_t i = 0; i < sizeof foreign_recipients / sizeof *foreign_recipients; i++)
        if (vl_bytes_starts(text, vl_bytes_str(foreign_recipients[i].start)))
            return vl_fail(why, VL_ERR_UNSUPPORTED, "%s", foreign_recipients[i].words);
    return VL_OK;
}

enum vl_err vl_age_recipient_parse(vl_bytes text, struct vl_age_recipient *out, struct vl_why *why)
{
    static const uint8_t one[VL_X25519_LEN] = {1};
    VL_AUTO(vl_secret_wipe) struct vl_secret any = VL_SECRET_INIT, shared = VL_SECRET_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf data = VL_BUF_INIT(VL_BECH32_MAX_TEXT);
    vl_bytes hrp;
    enum vl_err err = foreign_recipient(text, why);

    if (err)
        return err;
    err = vl_bech32_decode(text, &hrp, &data);
    if (err == VL_ERR_NO_MEMORY)
        return vl_fail(why, err, "no memory");
    if (vl_bytes_starts(hrp, VL_LITERAL(RECIPIENT_HRP "1"))) /* age1NAME1... */
        return vl_fail(why, VL_ERR_UNSUPPORTED,
                       "a recipient of an age plugin, which valise does not run");
    if (err || !vl_bytes_eq(hrp, VL_LITERAL(RECIPIENT_HRP)) || data.len != sizeof out->x25519)
        return vl_fail(why, VL_ERR_FORMAT, "not a recipient: wanted age1 and 58 more characters");
    memcpy(out->x25519, data.data, sizeof out->x25519);
    /* Any private key tells whether the point is of low order. */
    err = vl_secret_set(&any, VL_ARRAY(one));
    if (!err && vl_x25519(&any, out->x25519, &shared))
        return vl_fail(why, VL_ERR_REFUSED, "a recipient that is no key of anybody");
    return err;
}

enum vl_err vl_age_recipient_write(const struct vl_age_recipient *recipient, struct vl_buf *out)
{
    return vl_bech32_encode(VL_LITERAL(RECIPIENT_HRP), VL_ARRAY(recipient->x25519), out);
}

enum vl_err vl_age_recipients_add(struct vl_age_recipients *list,
                                  const struct vl_age_recipient *recipient, bool *is_new,
                                  struct vl_why *why)
{
    size_t cap = list->cap ? list->cap * 2 : 4;
    void *block = list->at;

    *is_new = false;
    for (size_t i = 0; i < list->count; i++)
        if (memcmp(&list->at[i], recipient, sizeof *recipient) == 0)
            return VL_OK;
    if (list->count == VL_AGE_STANZAS_MAX)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d recipients, and age opens no such file",
                       VL_AGE_STANZAS_MAX);
    if (list->count == list->cap) {
        if (vl_grow(&block, list->cap * sizeof *list->at, cap * sizeof *list->at))
            return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for %zu recipients", cap);
        list->at = block;
        list->cap = cap;
    }
    list->at[list->count++] = *recipient;
    *is_new = true;
    return VL_OK;
}

void vl_age_recipients_release(struct vl_age_recipients *list)
{
    vl_free(list->at);
    *list = (struct vl_age_recipients)VL_AGE_RECIPIENTS_INIT;
}

enum vl_err vl_age_identity_parse(vl_bytes text, struct vl_age_identity *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf data = VL_BUF_INIT(VL_BECH32_MAX_TEXT);
    vl_bytes hrp;
    enum vl_err err;

    if (vl_bytes_starts(text, VL_LITERAL("AGE-SECRET-KEY-PQ-1")))
        return vl_fail(why, VL_ERR_UNSUPPORTED,
                       "a post-quantum key, which this version cannot use");
    if (vl_bytes_starts(text, VL_LITERAL("AGE-PLUGIN-")))
        return vl_fail(why, VL_ERR_UNSUPPORTED,
                       "a key of an age plugin, which valise does not run");
    if (vl_bytes_starts(text, VL_LITERAL("-----BEGIN ")))
        return vl_fail(why, VL_ERR_UNSUPPORTED, "an SSH or PEM key, which valise does not use");
    err = vl_bech32_decode(text, &hrp, &data);
    if (err == VL_ERR_NO_MEMORY)
        return vl_fail(why, err, "no memory");
    if (err || !vl_bytes_eq(hrp, VL_LITERAL("AGE-SECRET-KEY-")) || data.len != VL_X25519_LEN)
        return vl_fail(why, VL_ERR_FORMAT,
                       "not a private key: wanted AGE-SECRET-KEY-1 and 58 more characters");
    err = vl_secret_set(&out->x25519, vl_buf_bytes(&data));
    if (!err)
        vl_x25519_public(&out->x25519, out->recipient.x25519);
    return err;
}

enum vl_err vl_age_identity_write(const struct vl_age_identity *identity, struct vl_buf *out)
{
    size_t before = out->len;
    enum vl_err err =
        vl_bech32_encode(VL_LITERAL(IDENTITY_HRP),
                         vl_bytes_of(identity->x25519.data, identity->x25519.len), out);

    for (size_t i = before; !err && i < out->len; i++)
        if (out->data[i] >= 'a' && out->data[i] <= 'z')
            out->data[i] = (uint8_t)(out->data[i] - 32);
    return err;
}

enum vl_err vl_age_identity_make(const struct vl_rng *rng, struct vl_age_identity *out)
{
    enum vl_err err = vl_rng_secret(rng, VL_X25519_LEN, &out->x25519);

    if (!err)
        vl_x25519_public(&out->x25519, out->recipient.x25519);
    return err;
}

void vl_age_identity_wipe(struct vl_age_identity *identity)
{
    vl_wipe(identity, sizeof *identity);
}

enum vl_err vl_age_identities_add(struct vl_age_identities *list,
                                  const struct vl_age_identity *identity, struct vl_why *why)
{
    size_t cap = list->cap ? list->cap * 2 : 4;
    void *block = list->at;

    if (list->count == list->cap) {
        if (vl_grow(&block, list->cap * sizeof *list->at, cap * sizeof *list->at))
            return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for %zu keys", cap);
        list->at = block;
        list->cap = cap;
    }
    list->at[list->count++] = *identity;
    return VL_OK;
}

void vl_age_identities_release(struct vl_age_identities *list)
{
    if (list->at)
        vl_wipe(list->at, list->cap * sizeof *list->at);
    vl_free(list->at);
    *list = (struct vl_age_identities)VL_AGE_IDENTITIES_INIT;
}
