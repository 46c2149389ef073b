/* SPDX-License-Identifier: Apache-2.0 */
/* Bags that are not for this office: evidence for others, which is carried along, and its own. */
#include "office/bag_in.h"

#include <string.h>

#include "office/evidence_bags.h"
#include "office/twins.h"

static bool is_signed(struct vl_home *home, const struct vl_object *list)
{
    const struct vl_chain *chain = vl_home_chain(home, &list->issuer);
    struct vl_chain_verdict verdict;

    return chain && vl_chain_verify(chain, list, &verdict, NULL) == VL_OK &&
           verdict.standing == VL_STANDING_FULL && !verdict.revoked;
}

enum vl_err vl_taking_carry_along(struct vl_stick_taking *taking, const struct vl_bag_seen *seen,
                                  const struct vl_transferred *transferred,
                                  const struct vl_object *list, struct vl_why *why)
{
    struct vl_bag_segment segment;
    struct vl_handed_segment said;
    struct vl_cbor walk = vl_handed_segments_walk(transferred);
    bool kept = false;
    enum vl_err err;

    taking->taken->others++;
    /* Only for offices that are known, of offices that are known and did sign it (PROTOCOL 24). */
    if (transferred->batch.count > 0 || !transferred->has_taker || !taking->keeps ||
        taking->request->refuse || !vl_home_chain(taking->home, &transferred->taker) ||
        !is_signed(taking->home, list))
        return VL_OK;
    if (transferred->segment_count != 1 || !vl_handed_segments_next(&walk, &said) || said.elsewhere)
        return VL_OK;
    segment =
        (struct vl_bag_segment){.number = vl_bag_segment_number(said.name), .length = said.length};
    memcpy(segment.sha256, said.hash, VL_HASH_LEN);
    err = vl_parcel_keep(taking->home, taking->stick, &transferred->taker, seen->id, &segment,
                         seen->list, &kept, why);
    taking->taken->parcels += kept;
    /* One that cannot be read is left to a stick on which it can. */
    return err == VL_ERR_IO || err == VL_ERR_UNVERIFIED || err == VL_ERR_FORMAT ||
                   err == VL_ERR_NOT_FOUND
               ? VL_OK
               : err;
}

enum vl_err vl_taking_own(struct vl_stick_taking *taking, const struct vl_transferred *transferred,
                          const struct vl_object *list, struct vl_why *why)
{
    struct vl_store *store = taking->home->store;
    bool is_twin = false;
    enum vl_err err = VL_OK;

    taking->taken->own++;
    /* What goes with no letters is not kept by whoever signed it. */
    if (transferred->batch.count > 0 && is_signed(taking->home, list))
        err = vl_twin_look(taking->home, list, &is_twin, why);
    taking->taken->own_twins += is_twin;
    if (err || !is_twin || !taking->keeps)
        return err;
    err = vl_store_begin(store, why);
    if (!err)
        err = vl_twin_keep(store, list->id, why);
    if (!err)
        err = vl_store_commit(store, why);
    vl_store_rollback(store);
    return err;
}
