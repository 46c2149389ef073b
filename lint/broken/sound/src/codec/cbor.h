/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VL_CODEC_CBOR_H
#define VL_CODEC_CBOR_H

#include "base/err.h"

struct vl_cbor_ops {
    enum vl_err (*put)(void *self, int what);
};

/* enum vl_err vl_cbor_old(void); */
enum vl_err vl_cbor_read(int at,
                         struct vl_why *why) VL_MUST_USE;
struct vl_cbor *vl_cbor_new(void) VL_MUST_USE;
void vl_cbor_release(int *cbor);
static inline VL_MUST_USE enum vl_err vl_cbor_peek(void)
{
    return VL_OK;
}

#endif
