/* SPDX-License-Identifier: Apache-2.0 */
/* A time that was read is one that can be written, and is read back from that to the second. */
#include <stdlib.h>

#include "base/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    int64_t found = -1, again = -1;
    struct vl_why why = {""};
    char text[VL_TIME_TEXT];

    if (vl_time_parse(vl_bytes_of(data, len), 1790000000, &found, &why)) {
        check(found == -1 && why.text[0]);
        return 0;
    }
    check(found >= 0);
    check(vl_time_parse(vl_bytes_str(vl_time_text(found, text)), 0, &again, NULL) == VL_OK);
    check(again == found);
    check(vl_time_day(found) <= found && found - vl_time_day(found) < 86400);
    return 0;
}
