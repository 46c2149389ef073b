/* SPDX-License-Identifier: Apache-2.0 */
/* Heads of what bundles carry, from any bytes: the last eight say how much content is told to
 * follow.  What is read is written to the same bytes, and the content is as long as it was told. */
#include <stdlib.h>

#include "evidence/evidence.h"
#include "evidence/payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_PAYLOAD_MAX_HEAD);
    static struct vl_payload_head head;
    uint64_t content = 0;
    size_t head_len;
    vl_bytes beginning;

    if (len < 8)
        return 0;
    for (size_t i = 0; i < 8; i++)
        content = content << 8 | data[len - 8 + i];
    beginning = vl_bytes_of(data, len - 8);
    if (content > UINT64_MAX - beginning.len)
        content = UINT64_MAX - beginning.len;
    if (vl_payload_head_parse(beginning, beginning.len + content, &head, &head_len, NULL)) {
        check(head.kind == VL_PAYLOAD_NONE && head_len == 0);
        return 0;
    }
    check(head_len <= beginning.len && head_len <= VL_PAYLOAD_MAX_HEAD);
    check(head.content_len == beginning.len + content - head_len);
    check(vl_what_is(beginning) == VL_WHAT_PAYLOAD);
    check(vl_payload_head_write(&head, &again, NULL) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&again), vl_bytes_first(beginning, head_len)));
    return 0;
}
