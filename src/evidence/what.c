/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/evidence.h"
#include "evidence/payload.h"

/* The heads of arrays of three and of four, and of the texts that follow. */
#define CARDS_START    VL_LITERAL("\x83\x6fvalise/cards/v1")
#define EVIDENCE_START VL_LITERAL("\x84\x72valise/evidence/v1")

/* POSIX ustar header (IEEE 1003.1, pax): where its fields are. */
#define USTAR_LEN    512
#define CHECKSUM_AT  148
#define CHECKSUM_LEN 8
#define MAGIC_AT     257

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static vl_bytes after_space(vl_bytes text)
{
    size_t skip = 0;

    while (skip < text.len && is_space(text.ptr[skip]))
        skip++;
    return vl_bytes_after(text, skip);
}

/* The sum of all its bytes, its own counted as spaces. */
static uint32_t ustar_sum(vl_bytes header)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < USTAR_LEN; i++)
        sum += i - CHECKSUM_AT < CHECKSUM_LEN ? (uint8_t)' ' : header.ptr[i];
    return sum;
}

/* Octal digits, spaces before, then a space, a NUL or the end of the field. */
static bool octal(vl_bytes field, uint32_t *value)
{
    size_t at = 0;

    *value = 0;
    while (at < field.len && field.ptr[at] == ' ')
        at++;
    for (; at < field.len && field.ptr[at] >= '0' && field.ptr[at] <= '7'; at++)
        *value = *value << 3 | (uint32_t)(field.ptr[at] - '0');
    return at == field.len || field.ptr[at] == ' ' || field.ptr[at] == 0;
}

static bool is_archive(vl_bytes beginning)
{
    vl_bytes field = vl_bytes_first(vl_bytes_after(beginning, CHECKSUM_AT), CHECKSUM_LEN);
    uint32_t sum;

    return beginning.len >= USTAR_LEN &&
           vl_bytes_starts(vl_bytes_after(beginning, MAGIC_AT), VL_LITERAL("ustar")) &&
           octal(field, &sum) && sum == ustar_sum(beginning);
}

/* An array of one to four COSE_Sign1: tag 18, an array of four. */
static bool is_object(vl_bytes beginning)
{
    return beginning.len >= 3 && beginning.ptr[0] >= 0x81 &&
           beginning.ptr[0] <= 0x80 + VL_OBJECT_MAX_SIGNATURES && beginning.ptr[1] == 0xd2 &&
           beginning.ptr[2] == 0x84;
}

/* The head of the array, the number of the kind, and the head of what comes first in it. */
static bool is_payload(vl_bytes beginning)
{
    const uint8_t bytes_head = 0x58, long_bytes_head = 0x59, null_item = 0xf6;

    if (beginning.len < 3)
        return false;
    if (beginning.ptr[0] == 0x84 && beginning.ptr[1] == VL_PAYLOAD_LETTER)
        return beginning.ptr[2] == bytes_head || beginning.ptr[2] == long_bytes_head;
    if (beginning.ptr[0] == 0x83 && beginning.ptr[1] == VL_PAYLOAD_EVIDENCE)
        return beginning.ptr[2] == bytes_head || beginning.ptr[2] == null_item;
    return (beginning.ptr[0] == 0x82 && beginning.ptr[1] == VL_PAYLOAD_ABSENT &&
            beginning.ptr[2] == bytes_head) ||
           (beginning.ptr[0] == 0x87 && beginning.ptr[1] == VL_PAYLOAD_SLICE &&
            beginning.ptr[2] == bytes_head);
}

enum vl_what vl_what_is(vl_bytes beginning)
{
    vl_bytes text = after_space(beginning);

    if (vl_bytes_starts(beginning, VL_LITERAL("age-encryption.org/v1")))
        return VL_WHAT_AGE;
    if (vl_bytes_starts(text, VL_LITERAL("-----BEGIN AGE")))
        return VL_WHAT_AGE_ARMOR;
    if (vl_bytes_starts(text, VL_LITERAL("valisecard1")) ||
        vl_bytes_starts(text, VL_LITERAL("VALISECARD1")))
        return VL_WHAT_CARDS_TEXT;
    if (vl_bytes_starts(beginning, CARDS_START))
        return VL_WHAT_CARDS;
    if (vl_bytes_starts(beginning, EVIDENCE_START))
        return VL_WHAT_EVIDENCE;
    if (is_object(beginning))
        return VL_WHAT_OBJECT;
    if (is_payload(beginning))
        return VL_WHAT_PAYLOAD;
    return is_archive(beginning) ? VL_WHAT_ARCHIVE : VL_WHAT_UNKNOWN;
}
