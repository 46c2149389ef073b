/* SPDX-License-Identifier: Apache-2.0 */
/* What is read of a number is what is written of it: its symbols come back, in any case, and the
 * number begins with them. */
#include <stdlib.h>
#include <string.h>

#include "codec/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void check_again(const char *hrp, vl_bytes text, const struct vl_number_prefix *prefix)
{
    struct vl_number_prefix again;

    check(vl_number_prefix(hrp, text, prefix->bit_count / 5, &again) == VL_OK);
    check(memcmp(&again, prefix, sizeof again) == 0);
}

/* The first byte picks the kind and how much is wanted, the rest was typed. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    vl_bytes text = vl_bytes_after(vl_bytes_of(data, len), 1);
    const char *hrp = len > 0 && data[0] & 0x80 ? VL_OFFICE_HRP : VL_LETTER_HRP;
    unsigned min_symbols = len > 0 ? data[0] & 0x7f : 0;
    struct vl_number_prefix prefix;
    char whole[VL_NUMBER_TEXT], brief[VL_NUMBER_SHORT];
    size_t front_len = strlen(hrp) + 1, symbol_count;

    if (vl_number_prefix(hrp, text, min_symbols, &prefix))
        return 0;
    check(prefix.bit_count <= 256 && (prefix.bit_count == 256 || prefix.bit_count % 5 == 0));
    check(prefix.bit_count == 256 || prefix.bit_count >= 5 * min_symbols);
    check(vl_number_starts(prefix.bits, &prefix));
    vl_number_text(hrp, prefix.bits, whole);
    symbol_count = prefix.bit_count == 256 ? strlen(whole) - front_len : prefix.bit_count / 5;
    check_again(hrp, vl_bytes_of(whole, front_len + symbol_count), &prefix);
    check_again(hrp, vl_bytes_of(whole + front_len, symbol_count), &prefix);
    if (prefix.bit_count == 40)
        check_again(hrp, vl_bytes_str(vl_number_short(prefix.bits, brief)), &prefix);
    return 0;
}
