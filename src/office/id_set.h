/* SPDX-License-Identifier: Apache-2.0 */
/* office/id_set.h: a set of ids, to do each thing once. */
#ifndef VL_OFFICE_ID_SET_H
#define VL_OFFICE_ID_SET_H

#include "base/bytes.h"
#include "crypto/hash.h"

/* Ids are hashes, so their first bytes are as good as any other hash of them; somebody who grinds
 * them to collide makes a set slow and not wrong. */
struct vl_id_set {
    size_t count;
    size_t room; /* a power of two, or 0 */
    uint8_t (*at)[VL_HASH_LEN];
    bool *used;
};
#define VL_ID_SET_INIT                                                                             \
    {                                                                                              \
        .count = 0                                                                                 \
    }
void vl_id_set_release(struct vl_id_set *set);
bool vl_id_set_has(const struct vl_id_set *set, const uint8_t id[VL_HASH_LEN]);
/* *is_new, which may be NULL, tells whether it was not there.  NO_MEMORY; then it is as it was. */
enum vl_err vl_id_set_add(struct vl_id_set *set, const uint8_t id[VL_HASH_LEN],
                          bool *is_new) VL_MUST_USE;

#endif
