/* SPDX-License-Identifier: Apache-2.0 */
/* Names that somebody gave files on a stick: one that is ours is written again as it was read, but
 * for its case. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "stick/layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char text[64] = "", name[VL_BAG_NAME], segment[VL_BAG_SEGMENT_NAME];
    uint8_t id[VL_BAG_ID_LEN] = {0};
    unsigned number;

    if (len >= sizeof text)
        return 0;
    memcpy(text, data, len);
    if (vl_bag_name_read(text, id))
        check(strcasecmp(vl_bag_name(id, name), text) == 0 && !vl_stick_is_junk(text));
    number = vl_bag_segment_number(vl_bytes_of(data, len));
    check(number <= VL_BAG_MAX_SEGMENTS);
    if (number > 0) {
        check(strcmp(vl_bag_segment_name(number, segment), text) == 0);
        check(vl_bag_part_of(text) == VL_BAG_PART_SEGMENT);
    }
    if (vl_bag_part_of(text) == VL_BAG_PART_MAKER)
        check(strlen(text) == VL_BAG_MAKER_NAME - 1);
    return 0;
}
