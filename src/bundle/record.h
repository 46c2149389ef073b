/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/record.h: administrative records (RFC 9171, 6.1): what a bundle says about another one. */
#ifndef VL_BUNDLE_RECORD_H
#define VL_BUNDLE_RECORD_H

#include "bundle/bundle.h"

/* Status reports are read here; any other record stays the bytes it is. */
#define VL_RECORD_STATUS 1

enum vl_status {
    VL_STATUS_RECEIVED,
    VL_STATUS_FORWARDED,
    VL_STATUS_DELIVERED,
    VL_STATUS_DELETED,
    VL_STATUS_COUNT,
};

struct vl_status_report {
    struct {
        bool is_so;
        bool has_time;  /* only where is_so */
        uint64_t at_ms; /* DTN time */
    } status[VL_STATUS_COUNT];
    uint64_t reason;
    /* The bundle that it is about. */
    struct vl_eid source;
    uint64_t created_ms;
    uint64_t sequence;
    bool is_fragment;
    uint64_t fragment_offset;
    uint64_t fragment_len;
};

/* RFC 9171, 6.1.1, and RFC 9172, 7.3 */
/* clang-format off */
#define VL_REASON_TABLE(X)                                                     \
    X(0,  "no further word")                                                   \
    X(1,  "its lifetime was over")                                             \
    X(2,  "forwarded over a link of one direction")                            \
    X(3,  "its transmission was cancelled")                                    \
    X(4,  "no room to keep it")                                                \
    X(5,  "its destination is not understood")                                 \
    X(6,  "no known way to its destination from here")                         \
    X(7,  "no contact in time with the next node on its way")                  \
    X(8,  "a block is not understood")                                         \
    X(9,  "its hops are used up")                                              \
    X(10, "traffic was pared down")                                            \
    X(11, "a block is not supported")                                          \
    X(12, "a security operation is missing")                                   \
    X(13, "a security operation is unknown")                                   \
    X(14, "a security operation was not expected")                             \
    X(15, "a security operation failed")                                       \
    X(16, "security operations contradict each other")
/* clang-format on */
/* NULL for one that is not known here. */
const char *vl_reason_words(uint64_t reason);

/* The type of a record; *content borrows the item behind it.  FORMAT. */
enum vl_err vl_record_parse(vl_bytes payload, uint64_t *type, vl_bytes *content,
                            struct vl_why *why) VL_MUST_USE;
/* A whole payload that is a status report.  Borrows.  FORMAT, LIMIT; UNSUPPORTED for a record of
 * another type.  On failure *report is empty. */
enum vl_err vl_status_report_parse(vl_bytes payload, struct vl_status_report *report,
                                   struct vl_why *why) VL_MUST_USE;
/* Append the payload.  FORMAT for what reading would refuse, LIMIT, NO_MEMORY; out is then as it
 * was. */
enum vl_err vl_status_report_write(const struct vl_status_report *report, struct vl_buf *out,
                                   struct vl_why *why) VL_MUST_USE;
/* A report about a bundle; the rest of *report is for the caller to say. */
void vl_status_report_about(const struct vl_bundle *bundle, struct vl_status_report *report);

#endif
