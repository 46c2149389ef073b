/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include <unictype.h>
#include <unistr.h>

#define DISTANCE_MAX 32

static bool is_ascii(vl_bytes text)
{
    uint8_t any = 0;

    for (size_t i = 0; i < text.len; i++)
        any |= text.ptr[i];
    return any < 0x80;
}

bool vl_text_is_utf8(vl_bytes text)
{
    return is_ascii(text) || u8_check(text.ptr, text.len) == NULL;
}

static bool is_printable(ucs4_t character)
{
    const uint32_t never = UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Cs |
                           UC_CATEGORY_MASK_Cn | UC_CATEGORY_MASK_Co | UC_CATEGORY_MASK_Zl |
                           UC_CATEGORY_MASK_Zp;

    if (character < 0x7f)
        return character >= 0x20;
    return !uc_is_general_category_withtable(character, never) &&
           !uc_is_property_default_ignorable_code_point(character);
}

/* Some of these have no combining class, like those of Thai. */
static bool is_mark(ucs4_t character)
{
    return character >= 0x300 &&
           uc_is_general_category_withtable(character, UC_CATEGORY_MASK_Mn | UC_CATEGORY_MASK_Me);
}

/* The character at the start of text and its length; length 0 says that it is not UTF-8. */
static size_t first_character(vl_bytes text, ucs4_t *character)
{
    int len = u8_mbtoucr(character, text.ptr, text.len);

    return len > 0 ? (size_t)len : 0;
}

/* Characters up to `last` stay as they are when they can be printed. */
static const char *make_safe(char *out, size_t size, vl_bytes text, ucs4_t last)
{
    static const char more[] = "...";
    size_t at = 0, cut = 0; /* cut: the last place between characters where "..." still fits */
    unsigned marks = 0;

    while (text.len > 0) {
        char shown[16];
        ucs4_t character = 0;
        size_t len = first_character(text, &character);
        size_t shown_len;

        marks = len && is_mark(character) ? marks + 1 : 0;
        if (len && character <= last && is_printable(character) && marks <= VL_TEXT_MARKS) {
            memcpy(shown, text.ptr, len);
            shown_len = len;
        } else if (len) {
            shown_len = (size_t)snprintf(shown, sizeof shown, "\\u{%04X}", (unsigned)character);
        } else {
            len = 1;
            shown_len = (size_t)snprintf(shown, sizeof shown, "\\x{%02X}", text.ptr[0]);
        }
        if (at + shown_len + 1 > size) {
            at = cut;
            if (size >= sizeof more) {
                memcpy(out + at, more, sizeof more - 1);
                at += sizeof more - 1;
            }
            break;
        }
        memcpy(out + at, shown, shown_len);
        at += shown_len;
        if (at + sizeof more <= size)
            cut = at;
        text = vl_bytes_after(text, len);
    }
    if (size > 0)
        out[at] = '\0';
    return out;
}

const char *vl_text_safe(char *out, size_t size, vl_bytes text)
{
    return make_safe(out, size, text, 0x10ffff);
}

const char *vl_text_safe_ascii(char *out, size_t size, vl_bytes text)
{
    return make_safe(out, size, text, 0x7f);
}

bool vl_text_is_showable(vl_bytes text, bool at_end)
{
    while (text.len > 0) {
        ucs4_t character = 0;
        int len = u8_mbtoucr(&character, text.ptr, text.len);

        if (len == -2 && !at_end) /* a character that goes on in bytes not seen yet */
            return true;
        if (len <= 0)
            return false;
        text = vl_bytes_after(text, (size_t)len);
        /* Alone, a carriage return writes over what the line has shown. */
        if (character == '\r' && (text.len > 0 ? text.ptr[0] == '\n' : !at_end))
            continue;
        if (!is_printable(character) && character != '\n' && character != '\t')
            return false;
    }
    return true;
}

size_t vl_text_unfinished(vl_bytes text)
{
    for (size_t len = 1; len <= 3 && len <= text.len; len++) {
        vl_bytes end = vl_bytes_after(text, text.len - len);
        ucs4_t character = 0;

        if ((end.ptr[0] & 0xc0) == 0x80) /* goes on, so it began before */
            continue;
        return u8_mbtoucr(&character, end.ptr, end.len) == -2 ? len : 0;
    }
    return 0;
}

vl_bytes vl_text_first(vl_bytes text, size_t max_len)
{
    vl_bytes first = vl_bytes_first(text, max_len);

    if (first.len < text.len)
        first.len -= vl_text_unfinished(first);
    return first;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t vl_text_distance(const char *a, const char *b)
{
    size_t a_len = strlen(a), b_len = strlen(b);
    size_t d[DISTANCE_MAX + 1][DISTANCE_MAX + 1];

    if (a_len > DISTANCE_MAX || b_len > DISTANCE_MAX)
        return SIZE_MAX;
    for (size_t i = 0; i <= a_len; i++) {
        for (size_t j = 0; j <= b_len; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            d[i][j] = least(d[i - 1][j] + 1, d[i][j - 1] + 1);
            d[i][j] = least(d[i][j], d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[a_len][b_len];
}
