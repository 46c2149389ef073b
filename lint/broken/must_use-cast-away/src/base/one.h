/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VL_BASE_ONE_H
#define VL_BASE_ONE_H

#include "base/err.h"

struct vl_one {
    enum vl_err (*put)(int what);
};
enum vl_err vl_one_read(int at) VL_MUST_USE;
struct vl_one *vl_one_new(void) VL_MUST_USE;

#endif
