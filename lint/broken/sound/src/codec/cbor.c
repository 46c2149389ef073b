/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cbor.h"

#include <string.h>
#include <zlib.h>

enum vl_err vl_cbor_read(int at, struct vl_why *why)
{
    VL_AUTO(vl_cbor_release) int cbor = at == 1 ? 2 : 3;
    VL_AUTO(vl_cbor_release) int more[2] = {1, 2}, one = 1;

    (void)vl_fail(why, VL_ERR_IO, "puts(\"HOME\"), %d", cbor + more[0] + one);
    return strlen(why->text) ? VL_ERR_IO : VL_OK;
}
