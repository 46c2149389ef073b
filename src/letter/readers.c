/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a letter may be to. */
#include "letter/core.h"

#define X25519_KIND VL_LITERAL("x25519")
#define X25519_LEN  32

static enum vl_err check_key(const struct vl_manifest_reader *reader, uint8_t mode,
                             struct vl_why *why)
{
    bool has_key = reader->kind.len > 0 && reader->key.len > 0;
    bool has_none = reader->kind.len == 0 && reader->key.len == 0;

    if (mode == VL_CORE_OPEN ? !has_none : !has_key)
        return vl_fail(why, VL_ERR_FORMAT, "%s",
                       mode == VL_CORE_OPEN ? "a key in an open letter"
                                            : "no key in a sealed letter");
    if (vl_bytes_eq(reader->kind, X25519_KIND) && reader->key.len != X25519_LEN)
        return vl_fail(why, VL_ERR_FORMAT, "an X25519 key of %zu bytes", reader->key.len);
    return VL_OK;
}

static enum vl_err check_copy(const struct vl_manifest *manifest, size_t index,
                              const struct vl_office_id *issuer, struct vl_why *why)
{
    const struct vl_manifest_reader *reader = &manifest->to[index];

    if (!reader->is_own_copy && index > 0 && manifest->to[index - 1].is_own_copy)
        return vl_fail(why, VL_ERR_FORMAT, "an addressee behind an own copy");
    if (!reader->is_own_copy)
        return VL_OK;
    if (manifest->mode == VL_CORE_OPEN)
        return vl_fail(why, VL_ERR_FORMAT, "an own copy of an open letter");
    return vl_office_id_eq(&reader->office, issuer)
               ? VL_OK
               : vl_fail(why, VL_ERR_FORMAT, "an own copy that is not the sender's");
}

/* Stanzas are counted against the list (PROTOCOL 10), so no key is on it twice; and an addressee
 * has one opening value. */
static enum vl_err check_alone(const struct vl_manifest *manifest, size_t index, struct vl_why *why)
{
    const struct vl_manifest_reader *reader = &manifest->to[index];

    for (size_t i = 0; i < index; i++) {
        const struct vl_manifest_reader *other = &manifest->to[i];

        if (reader->key.len > 0 && vl_bytes_eq(reader->kind, other->kind) &&
            vl_bytes_eq(reader->key, other->key))
            return vl_fail(why, VL_ERR_FORMAT, "the same key as reader %zu", i + 1);
        if (!reader->is_own_copy && vl_office_id_eq(&reader->office, &other->office))
            return vl_fail(why, VL_ERR_FORMAT, "the same office as reader %zu", i + 1);
    }
    return VL_OK;
}

size_t vl_manifest_addressees(const struct vl_manifest *manifest)
{
    size_t count = 0;

    while (count < manifest->to_count && !manifest->to[count].is_own_copy)
        count++;
    return count;
}

enum vl_err vl_readers_check(const struct vl_manifest *manifest, const struct vl_office_id *issuer,
                             struct vl_why *why)
{
    size_t addressees = vl_manifest_addressees(manifest);

    for (size_t i = 0; i < manifest->to_count; i++) {
        enum vl_err err = check_key(&manifest->to[i], manifest->mode, why);

        if (!err)
            err = check_copy(manifest, i, issuer, why);
        if (!err)
            err = check_alone(manifest, i, why);
        if (err)
            return vl_fail_in(why, err, "reader %zu", i + 1);
    }
    if (addressees == 0 && manifest->mode == VL_CORE_SEALED)
        return vl_fail(why, VL_ERR_FORMAT, "a sealed letter to nobody");
    return addressees <= VL_MANIFEST_MAX_ADDRESSEES
               ? VL_OK
               : vl_fail(why, VL_ERR_LIMIT, "more than %d addressees", VL_MANIFEST_MAX_ADDRESSEES);
}
