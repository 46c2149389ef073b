/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "codec/base64.h"
#include "office/record.h"
#include "record/publish.h"

static const struct vl_secret *find_seed(const struct vl_home *home, vl_bytes kid)
{
    for (size_t i = 0; i < home->secrets.seed_count; i++) {
        uint8_t own[VL_HASH_LEN];
        struct vl_cose_key key;

        vl_cose_key_of_seed(&home->secrets.seeds[i], &key);
        vl_cose_key_thumbprint(&key, own);
        if (vl_bytes_eq(kid, VL_ARRAY(own)))
            return &home->secrets.seeds[i];
    }
    return NULL;
}

static bool is_card(const struct vl_entry *entry)
{
    return entry->kind == VL_KIND_CARD || entry->kind == VL_KIND_REVOCATION;
}

static bool is_own(const struct vl_home *home, const struct vl_entry *entry)
{
    struct vl_office_id issuer;

    return vl_office_id_of_eid(entry->sign1.claims.iss, &issuer) == VL_OK &&
           vl_office_id_eq(&issuer, &home->own);
}

bool vl_record_may_ask(const struct vl_home *home, const struct vl_entry *entry)
{
    return !is_card(entry) && is_own(home, entry);
}

enum vl_err vl_record_ask(struct vl_home *home, const struct vl_asker *asker, vl_bytes origin,
                          const struct vl_entry *entry, char out[VL_RECORD_ASK], struct vl_why *why)
{
    uint8_t signature[VL_SIGNATURE_LEN], text[VL_BASE64_PADDED_LEN(VL_SIGNATURE_LEN) + 1] = {0};
    const struct vl_secret *seed;
    enum vl_err err;

    if (is_card(entry))
        return vl_fail(why, VL_ERR_USAGE, "cards and revocations are entered by anybody");
    if (!is_own(home, entry))
        return vl_fail(why, VL_ERR_REFUSED, "another office signed it, and that one asks");
    err = vl_home_unlock(home, asker, why);
    if (err)
        return err;
    seed = find_seed(home, entry->sign1.kid);
    if (!seed)
        return vl_fail(why, VL_ERR_NO_KEY, "the key that signed it is not here any more");
    vl_publish_sign(origin, entry->id, seed, signature);
    (void)vl_base64_encode_padded(VL_ARRAY(signature), text);
    (void)snprintf(out, VL_RECORD_ASK, "Valise %s", (const char *)text);
    return VL_OK;
}
