/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/eid.h: endpoints: dtn:none, dtn://NODE/REST (RFC 9171, 4.2.5.1), ipn (RFC 9758). */
#ifndef VL_BUNDLE_EID_H
#define VL_BUNDLE_EID_H

#include "bundle/scan.h"

/* The part of a dtn endpoint behind "dtn:". */
#define VL_EID_MAX_LEN 1024
/* "dtn:" and that, and a NUL. */
#define VL_EID_TEXT (VL_EID_MAX_LEN + 5)
/* Node number of whoever reads it (RFC 9758, 3.4.2). */
#define VL_EID_LOCAL_NODE UINT32_MAX

enum vl_eid_scheme {
    VL_EID_NONE, /* nobody: dtn:none, ipn:0.0, and ipn:0.N (RFC 9758, 3.4.1) */
    VL_EID_DTN,
    VL_EID_IPN,
};

struct vl_eid {
    enum vl_eid_scheme scheme;
    vl_bytes name; /* dtn: "//NODE/REST", borrowed */
    /* ipn */
    uint32_t allocator;
    uint32_t node;
    uint32_t service;
    bool in_two; /* written as two numbers, the first of them allocator and node in one */
};

#define VL_EID_INIT                                                                                \
    {                                                                                              \
        VL_EID_NONE, {NULL, 0}, 0, 0, 0, true                                                      \
    }

/* Read one endpoint; on a refusal the scan says why and *eid is nobody. */
void vl_eid_read(struct vl_scan *scan, struct vl_eid *eid);
/* The same of bytes that hold nothing else. */
enum vl_err vl_eid_parse(vl_bytes wire, struct vl_eid *eid, struct vl_why *why) VL_MUST_USE;
/* Append it.  FORMAT for what reading would refuse; LIMIT, NO_MEMORY; out is then as it was. */
enum vl_err vl_eid_write(const struct vl_eid *eid, struct vl_buf *out) VL_MUST_USE;
/* Which rule would reading refuse it for? */
enum vl_bundle_rule vl_eid_check(const struct vl_eid *eid);

/* "dtn:none", "dtn://NODE/REST", "ipn:NODE.SERVICE", "ipn:ALLOCATOR.NODE.SERVICE", "ipn:!.SERVICE".
 * Returns out. */
const char *vl_eid_text(const struct vl_eid *eid, char out[VL_EID_TEXT]);
/* Read such a text; a dtn name borrows from it.  FORMAT, LIMIT; *eid is then nobody. */
enum vl_err vl_eid_from_text(vl_bytes text, struct vl_eid *eid, struct vl_why *why) VL_MUST_USE;

/* The same endpoint, however it was written (RFC 9758, 6.3). */
bool vl_eid_eq(const struct vl_eid *a, const struct vl_eid *b);
/* May it stand for a node: somebody, and of dtn nothing behind NODE/ (RFC 9171, 4.2.5.1.1)? */
bool vl_eid_is_node(const struct vl_eid *eid);
bool vl_eid_is_local(const struct vl_eid *eid);

#endif
