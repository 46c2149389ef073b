/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VL_BASE_ONE_H
#define VL_BASE_ONE_H

#include "base/err.h"

enum vl_err vl_one_read(struct vl_one *one,
                        int at);
struct vl_one *vl_one_new(void);
void vl_one_free(struct vl_one *one);

#endif
