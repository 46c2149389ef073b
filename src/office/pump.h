/* SPDX-License-Identifier: Apache-2.0 */
/* office/pump.h: from a file through the seal and on. */
#ifndef VL_OFFICE_PUMP_H
#define VL_OFFICE_PUMP_H

#include "seal/seal.h"
#include "sys/infile.h"

/* Whoever watches long work; moved may be NULL. */
struct vl_progress {
    /* So many of total bytes were read; total is 0 when nobody knows. */
    void (*moved)(void *self, uint64_t bytes, uint64_t total);
    void *self;
};

/* Push all of in through the sealer or opener and finish it.  Fails as they and vl_in_read do. */
enum vl_err vl_pump_seal(struct vl_in *in, struct vl_sealer *sealer,
                         const struct vl_progress *progress, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_pump_open(struct vl_in *in, struct vl_opener *opener,
                         const struct vl_progress *progress, struct vl_why *why) VL_MUST_USE;

#endif
