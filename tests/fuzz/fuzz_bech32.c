/* SPDX-License-Identifier: Apache-2.0 */
/* What bech32 reads it writes again, in lower case; and any data goes round. */
#include <stdlib.h>

#include "codec/bech32.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void to_lower(struct vl_buf *text)
{
    for (size_t i = 0; i < text->len; i++)
        if (text->data[i] >= 'A' && text->data[i] <= 'Z')
            text->data[i] = (uint8_t)(text->data[i] + ('a' - 'A'));
}

static void read_and_write(vl_bytes text)
{
    VL_AUTO(vl_buf_release) struct vl_buf data = VL_BUF_INIT(VL_BECH32_MAX_TEXT);
    VL_AUTO(vl_buf_release) struct vl_buf name = VL_BUF_INIT(VL_BECH32_MAX_TEXT);
    VL_AUTO(vl_buf_release) struct vl_buf lower = VL_BUF_INIT(VL_BECH32_MAX_TEXT);
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_BECH32_MAX_TEXT);
    vl_bytes hrp;

    if (vl_bech32_decode(text, &hrp, &data) != VL_OK) {
        check(hrp.len == 0 && data.len == 0);
        return;
    }
    check(vl_bytes_starts(text, hrp));
    check(vl_buf_put(&name, hrp) == VL_OK && vl_buf_put(&lower, text) == VL_OK);
    to_lower(&name);
    to_lower(&lower);
    check(vl_bech32_encode(vl_buf_bytes(&name), vl_buf_bytes(&data), &again) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&again), vl_buf_bytes(&lower)));
}

static void write_and_read(vl_bytes data)
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VL_BECH32_MAX_TEXT);
    VL_AUTO(vl_buf_release) struct vl_buf back = VL_BUF_INIT(VL_BECH32_MAX_TEXT);
    vl_bytes hrp;

    if (vl_bech32_encode(VL_LITERAL("age1pq"), data, &text) != VL_OK)
        return; /* it was too long */
    check(vl_bech32_decode(vl_buf_bytes(&text), &hrp, &back) == VL_OK);
    check(vl_bytes_eq(hrp, VL_LITERAL("age1pq")));
    check(vl_bytes_eq(vl_buf_bytes(&back), data));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    read_and_write(vl_bytes_of(data, len));
    write_and_read(vl_bytes_of(data, len));
    return 0;
}
