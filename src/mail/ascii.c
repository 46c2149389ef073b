/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/ascii.h"

#include <string.h>

uint8_t vl_ascii_lower(uint8_t character)
{
    return character >= 'A' && character <= 'Z' ? (uint8_t)(character + ('a' - 'A')) : character;
}

bool vl_ascii_is_blank(uint8_t character)
{
    return character == ' ' || character == '\t';
}

bool vl_ascii_is_white(uint8_t character)
{
    return vl_ascii_is_blank(character) || character == '\r' || character == '\n';
}

bool vl_ascii_starts(vl_bytes text, const char *word)
{
    const size_t len = strlen(word);

    if (text.len < len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (vl_ascii_lower(text.ptr[i]) != (uint8_t)word[i])
            return false;
    return true;
}

bool vl_ascii_is(vl_bytes text, const char *word)
{
    return text.len == strlen(word) && vl_ascii_starts(text, word);
}

static int digit(uint8_t character)
{
    const uint8_t small = vl_ascii_lower(character);

    if (small >= '0' && small <= '9')
        return small - '0';
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

bool vl_ascii_hex(vl_bytes digits, uint8_t *byte)
{
    const int high = digits.len >= 2 ? digit(digits.ptr[0]) : -1;
    const int low = digits.len >= 2 ? digit(digits.ptr[1]) : -1;

    if (high < 0 || low < 0)
        return false;
    *byte = (uint8_t)(high << 4 | low);
    return true;
}
