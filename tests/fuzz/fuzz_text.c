/* SPDX-License-Identifier: Apache-2.0 */
/* What vl_text_safe writes is UTF-8 that a terminal may show, in the room it was given. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void check_cut(vl_bytes text, const char *whole, size_t size)
{
    char *out = malloc(size ? size : 1);
    size_t len;

    if (!out)
        return;
    check(vl_text_safe(out, size, text) == out);
    if (size > 0) {
        len = strlen(out);
        check(len < size);
        check(vl_text_is_utf8(vl_bytes_str(out)) && vl_text_is_showable(vl_bytes_str(out), true));
        if (strlen(whole) < size)
            check(strcmp(out, whole) == 0);
        else if (size < 4)
            check(len == 0);
        else
            check(len >= 3 && strcmp(out + len - 3, "...") == 0 && !memcmp(out, whole, len - 3));
    }
    free(out);
}

static bool has_line_end_or_tab(vl_bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\n' || text.ptr[i] == '\r' || text.ptr[i] == '\t')
            return true;
    return false;
}

/* The first byte is a size, the rest is text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    vl_bytes text = vl_bytes_after(vl_bytes_of(data, len), 1);
    size_t whole_size = text.len * 8 + 1; /* a byte becomes at most "\u{0007}" */
    char *whole = malloc(whole_size), *again = malloc(whole_size);

    if (len > 0 && whole && again) {
        check(strcmp(vl_text_safe(again, whole_size,
                                  vl_bytes_str(vl_text_safe(whole, whole_size, text))),
                     whole) == 0);
        check_cut(text, whole, data[0]);
        if (vl_text_is_showable(text, true)) {
            check(vl_text_is_utf8(text));
            check(has_line_end_or_tab(text) || vl_bytes_eq(vl_bytes_str(whole), text));
            for (size_t torn = 0; torn < text.len && torn < 64; torn++)
                check(vl_text_is_showable(vl_bytes_first(text, torn), false));
        }
    }
    free(whole);
    free(again);
    return 0;
}
