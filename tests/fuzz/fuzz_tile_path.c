/* SPDX-License-Identifier: Apache-2.0 */
/* Paths of tiles from any bytes: one path for one tile. */
#include <stdlib.h>

#include "record/tile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    vl_bytes path = vl_bytes_of(data, len);
    char again[VL_TILE_PATH];
    struct vl_tile_at at;

    if (vl_tile_path_parse(path, &at))
        return 0;
    if (at.width < 1 || at.width > VL_TILE_WIDTH || at.level > VL_TILE_MAX_LEVEL ||
        !vl_bytes_eq(path, vl_bytes_str(vl_tile_path(&at, again))))
        abort();
    return 0;
}
