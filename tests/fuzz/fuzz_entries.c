/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles of entries, and entries, from any bytes.  The first byte says how many there should be.
 */
#include <stdlib.h>

#include "record/entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void read_entry(vl_bytes wire)
{
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    VL_AUTO(vl_entry_release) struct vl_entry again = VL_ENTRY_INIT;

    if (vl_entry_parse(wire, &entry, NULL))
        return;
    check(vl_entry_bytes(&entry).len <= VL_ENTRY_MAX_LEN);
    check(vl_entry_parse(vl_entry_bytes(&entry), &again, NULL) == VL_OK);
    check(vl_bytes_eq(vl_entry_bytes(&again), vl_entry_bytes(&entry)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_ENTRIES_MAX_LEN);
    vl_bytes wire = vl_bytes_after(vl_bytes_of(data, len), 1);
    unsigned width = len ? data[0] : 0;
    vl_bytes entries[VL_TILE_WIDTH];

    read_entry(vl_bytes_of(data, len));
    if (vl_entries_parse(wire, width, entries, NULL))
        return 0;
    for (unsigned i = 0; i < width; i++)
        check(vl_entries_put(entries[i], &again) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&again), wire));
    return 0;
}
