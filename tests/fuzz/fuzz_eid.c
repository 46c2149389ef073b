/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an endpoint, on the wire and as a text: written again it is the same endpoint, its
 * text is printable and read as the same, and there is one text for each. */
#include <stdlib.h>
#include <string.h>

#include "bundle/eid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void around(const struct vl_eid *eid)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_EID_MAX_LEN + 64);
    char text[VL_EID_TEXT], other[VL_EID_TEXT];
    struct vl_eid again;

    check(vl_eid_check(eid) == VL_RULE_NONE);
    check(vl_eid_write(eid, &wire) == VL_OK);
    check(vl_eid_parse(vl_buf_bytes(&wire), &again, NULL) == VL_OK);
    check(vl_eid_eq(eid, &again));
    (void)vl_eid_text(eid, text);
    for (const char *at = text; *at; at++)
        check(*at > 0x20 && *at < 0x7f);
    check(vl_eid_from_text(vl_bytes_str(text), &again, NULL) == VL_OK);
    check(vl_eid_eq(eid, &again));
    check(strcmp(text, vl_eid_text(&again, other)) == 0);
    check(vl_eid_is_node(eid) == vl_eid_is_node(&again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    vl_bytes bytes = {data, len};
    struct vl_eid eid;

    if (vl_eid_parse(bytes, &eid, NULL) == VL_OK)
        around(&eid);
    else
        check(eid.scheme == VL_EID_NONE);
    if (vl_eid_from_text(bytes, &eid, NULL) == VL_OK)
        around(&eid);
    else
        check(eid.scheme == VL_EID_NONE);
    return 0;
}
