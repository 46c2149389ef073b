/* SPDX-License-Identifier: Apache-2.0 */
/* What base64 reads it writes again, byte for byte; and any bytes go round. */
#include <stdlib.h>

#include "codec/base64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void read_and_write(vl_bytes text)
{
    uint8_t *bytes = malloc(text.len + 1), *again = malloc(text.len + 1);
    size_t len = 1;

    if (bytes && again) {
        bool good = vl_base64_decode(text, bytes, &len) == VL_OK;

        check(vl_base64_is_canonical(text) == good);
        check(good ? len == text.len * 3 / 4 : len == 0);
        if (good)
            check(vl_bytes_eq(vl_bytes_of(again, vl_base64_encode(vl_bytes_of(bytes, len), again)),
                              text));
    }
    free(bytes);
    free(again);
}

static void write_and_read(vl_bytes bytes)
{
    size_t text_len = VL_BASE64_LEN(bytes.len), len = 0;
    uint8_t *text = malloc(text_len + 1), *back = malloc(bytes.len + 1);

    if (text && back) {
        check(vl_base64_encode(bytes, text) == text_len);
        check(vl_base64_decode(vl_bytes_of(text, text_len), back, &len) == VL_OK);
        check(vl_bytes_eq(vl_bytes_of(back, len), bytes));
    }
    free(text);
    free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    read_and_write(vl_bytes_of(data, len));
    write_and_read(vl_bytes_of(data, len));
    return 0;
}
