/* SPDX-License-Identifier: Apache-2.0 */
/* What an event says, held against a waybill. */
#include <string.h>

#include "custody/event.h"

enum vl_err vl_sealed_has(const struct vl_sealed *sealed, vl_bytes waybill, uint64_t index,
                          const struct vl_tree_path *path, struct vl_why *why)
{
    struct vl_waybill read;
    uint8_t leaf[VL_HASH_LEN];
    enum vl_err err = vl_waybill_parse(waybill, &read, why); /* a leaf of another kind is none */

    if (err)
        return err;
    vl_tree_leaf(waybill, leaf);
    if (vl_tree_verify(leaf, index, sealed->count, path, sealed->root))
        return vl_fail(why, VL_ERR_UNVERIFIED, "not leaf %llu of the %llu that were sealed",
                       (unsigned long long)index, (unsigned long long)sealed->count);
    return VL_OK;
}

static bool same_hash(const uint8_t a[VL_HASH_LEN], const uint8_t b[VL_HASH_LEN])
{
    return memcmp(a, b, VL_HASH_LEN) == 0;
}

static enum vl_err not_verified(struct vl_why *why, const char *reason)
{
    return vl_fail(why, VL_ERR_UNVERIFIED, "%s", reason);
}

static enum vl_err check_same_letter(const struct vl_opened *opened, vl_bytes wire,
                                     const struct vl_waybill *waybill, struct vl_why *why)
{
    uint8_t hash[VL_HASH_LEN];

    if (!same_hash(opened->number, waybill->number))
        return not_verified(why, "it is about another letter than this waybill");
    vl_sha256(wire, hash);
    if (opened->has_waybill && !same_hash(opened->waybill, hash))
        return not_verified(why, "it names another waybill of this letter");
    if (opened->verdict == VL_VERDICT_OK && !same_hash(opened->core, waybill->commitment))
        return not_verified(why, "it says ok of another content than was committed to");
    return VL_OK;
}

/* PROTOCOL 2: only the value that lay inside for this addressee shows that it was opened. */
static enum vl_err check_opening(const struct vl_opened *opened, const struct vl_office_id *who,
                                 const struct vl_waybill *waybill, struct vl_why *why)
{
    uint8_t hash[VL_HASH_LEN];
    size_t i = 0;

    while (i < waybill->to_count && !vl_office_id_eq(&waybill->to[i], who))
        i++;
    if (i == waybill->to_count)
        return not_verified(why, "the opener is not an addressee");
    if (waybill->opening_count == 0)
        return not_verified(why, "an open letter has nothing that shows who opened it");
    if (!opened->has_opening)
        return not_verified(why, "there is no opening value");
    vl_sha256(VL_ARRAY(opened->opening), hash);
    if (!same_hash(hash, waybill->openings[i]))
        return not_verified(why, "the opening value is not the opener's");
    return VL_OK;
}

enum vl_err vl_opened_check(const struct vl_opened *opened, const struct vl_office_id *who,
                            vl_bytes waybill, struct vl_why *why)
{
    struct vl_waybill read;
    enum vl_err err = vl_waybill_parse(waybill, &read, why);

    if (!err)
        err = check_same_letter(opened, waybill, &read, why);
    return err ? err : check_opening(opened, who, &read, why);
}
