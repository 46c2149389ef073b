/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/evidence.h"

#include <string.h>

/* What an act says, by its kind. */
union payload {
    struct vl_sealed sealed;
    struct vl_opened opened;
};

static enum vl_err read_payload(const struct vl_evidence_item *item, union payload *payload,
                                struct vl_why *why)
{
    switch (item->object.kind) {
    case VL_KIND_SEALED:
        return vl_sealed_read(&item->object, &payload->sealed, why);
    case VL_KIND_OPENED:
        if (item->leaf_count > 0)
            return vl_fail(why, VL_ERR_FORMAT, "opened: leaves of an act that is about one letter");
        return vl_opened_read(&item->object, &payload->opened, why);
    case VL_KIND_CARD:
    case VL_KIND_REVOCATION:
        return vl_fail(why, VL_ERR_UNSUPPORTED, "a %s, whose place is in a card file",
                       vl_kind_words(item->object.kind));
    case VL_KIND_MANIFEST:
        return vl_fail(why, VL_ERR_UNSUPPORTED, "a %s, whose place is in a letter",
                       vl_kind_words(item->object.kind));
    case VL_KIND_NONE:
    case VL_KIND_COUNT:
        break;
    }
    return vl_fail(why, VL_ERR_UNSUPPORTED, "of a kind that is not known here");
}

static enum vl_err verify_signatures(const struct vl_object *object, const struct vl_keyring *keys,
                                     struct vl_evidence_verdict *verdict, struct vl_why *why)
{
    const struct vl_chain *chain = keys->find(keys->self, &object->issuer);
    char office[VL_OFFICE_TEXT];
    enum vl_err err;

    if (!chain)
        return vl_fail(why, VL_ERR_NOT_FOUND, "no cards of %s",
                       vl_office_id_text(&object->issuer, office));
    err = vl_chain_verify(chain, object, &verdict->chain, why);
    verdict->known = err != VL_ERR_NOT_FOUND;
    return err;
}

/* One leaf of a `sealed`, and the number it is about. */
static enum vl_err check_leaf(const struct vl_sealed *sealed, const struct vl_office_id *issuer,
                              const struct vl_evidence_leaf *leaf, uint8_t number[VL_HASH_LEN],
                              struct vl_why *why)
{
    struct vl_waybill waybill;
    enum vl_err err = vl_waybill_parse(leaf->leaf, &waybill, why);

    if (!err)
        err = vl_sealed_has(sealed, leaf->leaf, leaf->index, &leaf->path, why);
    if (err)
        return err;
    /* PROTOCOL 18: nobody seals for another. */
    if (!vl_office_id_eq(&waybill.from, issuer))
        return vl_fail(why, VL_ERR_UNVERIFIED, "a waybill from another office than sealed it");
    memcpy(number, waybill.number, VL_HASH_LEN);
    return VL_OK;
}

/* PROTOCOL 8: numbers ascend, so that nobody can show a letter in the batch and out of it. */
static enum vl_err check_leaves(const struct vl_evidence_item *item, const struct vl_sealed *sealed,
                                struct vl_why *why)
{
    uint8_t last[VL_HASH_LEN], number[VL_HASH_LEN];

    for (size_t i = 0; i < item->leaf_count; i++) {
        enum vl_err err = check_leaf(sealed, &item->object.issuer, &item->leaves[i], number, why);

        if (!err && i > 0 &&
            (item->leaves[i].index <= item->leaves[i - 1].index ||
             memcmp(last, number, VL_HASH_LEN) >= 0))
            err = vl_fail(why, VL_ERR_UNVERIFIED, "its number does not ascend with its index");
        if (err)
            return vl_fail_in(why, err, "sealed: leaf %llu",
                              (unsigned long long)item->leaves[i].index);
        memcpy(last, number, VL_HASH_LEN);
    }
    return VL_OK;
}

enum vl_err vl_evidence_check(const struct vl_evidence_item *item, const struct vl_keyring *keys,
                              struct vl_evidence_verdict *verdict, struct vl_why *why)
{
    union payload payload;
    enum vl_err err;

    *verdict = (struct vl_evidence_verdict){.known = false};
    err = read_payload(item, &payload, why);
    if (err)
        return err;
    verdict->well_formed = true;
    err = verify_signatures(&item->object, keys, verdict, why);
    if (!err && item->object.kind == VL_KIND_SEALED)
        err = check_leaves(item, &payload.sealed, why);
    return err;
}
