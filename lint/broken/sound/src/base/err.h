/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VL_BASE_ERR_H
#define VL_BASE_ERR_H

#define VL_MUST_USE            __attribute__((warn_unused_result))
#define VL_AUTO(release)       __attribute__((cleanup(release)))
#define VL_PRINTF(at, first)   __attribute__((format(printf, at, first)))

enum vl_err { VL_OK, VL_ERR_IO };

struct vl_why {
    char text[512];
};

enum vl_err vl_fail(struct vl_why *why, enum vl_err err, const char *format, ...) VL_PRINTF(3, 4);

#endif
