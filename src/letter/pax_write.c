/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "letter/pax.h"

/* IEEE 1003.1, pax, "ustar Interchange Format": where the fields are that are not all zeroes. */
#define NAME_LEN     100
#define MODE_AT      100
#define UID_AT       108
#define GID_AT       116
#define SIZE_AT      124
#define MTIME_AT     136
#define CHECKSUM_AT  148
#define CHECKSUM_LEN 8
#define TYPE_AT      156
#define MAGIC_AT     257
#define DEV_MAJOR_AT 329
#define DEV_MINOR_AT 337

/* The largest size of 11 octal digits. */
#define USTAR_SIZE_MAX ((UINT64_C(1) << 33) - 1)

/* What an extended header is called, for programs that know none and make a file of it: no part has
 * this name. */
#define EXTENDED_NAME VL_LITERAL("valise.pax")
/* "1040 path=", a line end, and as much again for the size. */
#define RECORDS_MAX (VL_PAX_NAME_MAX + 64)

static size_t whole_blocks(size_t len)
{
    return (len + VL_PAX_BLOCK - 1) / VL_PAX_BLOCK * VL_PAX_BLOCK;
}

static bool is_ascii(vl_bytes name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] > 0x7f)
            return false;
    return true;
}

static bool name_fits(vl_bytes name)
{
    return name.len <= NAME_LEN && is_ascii(name);
}

static size_t digit_count(size_t value)
{
    size_t count = 1;

    while (value >= 10) {
        value /= 10;
        count++;
    }
    return count;
}

/* A record tells its own length, the digits of which are a part of it. */
static size_t record_len(size_t keyword_len, size_t value_len)
{
    size_t rest = keyword_len + value_len + 3; /* a space, '=' and the line end */
    size_t len = rest + digit_count(rest);

    return rest + digit_count(len);
}

static void put_text(char **at, vl_bytes text)
{
    memcpy(*at, text.ptr, text.len);
    *at += text.len;
}

/* Put decimal digits and a NUL; gives how many digits. */
static size_t decimal(uint64_t value, char out[24])
{
    return (size_t)snprintf(out, 24, "%llu", (unsigned long long)value);
}

static void put_record(char **at, vl_bytes keyword, vl_bytes value)
{
    char digits[24];
    size_t digits_len = decimal(record_len(keyword.len, value.len), digits);

    put_text(at, vl_bytes_of(digits, digits_len));
    put_text(at, VL_LITERAL(" "));
    put_text(at, keyword);
    put_text(at, VL_LITERAL("="));
    put_text(at, value);
    put_text(at, VL_LITERAL("\n"));
}

/* What the entry's own header cannot say; nothing when it can say all.  Gives the length. */
static size_t records_of(vl_bytes name, uint64_t size, char out[RECORDS_MAX])
{
    char *at = out;
    char digits[24];

    if (!name_fits(name))
        put_record(&at, VL_LITERAL("path"), name);
    if (size > USTAR_SIZE_MAX)
        put_record(&at, VL_LITERAL("size"), vl_bytes_of(digits, decimal(size, digits)));
    return (size_t)(at - out);
}

/* Octal digits that fill the field but for the NUL at its end. */
static void put_octal(uint8_t *field, size_t field_len, uint64_t value)
{
    for (size_t i = field_len - 1; i-- > 0; value >>= 3)
        field[i] = (uint8_t)('0' + (value & 7));
}

/* Characters that are not ASCII would be read by each program in its own way, and the extended
 * header has them; here they only keep their places. */
static void put_name(uint8_t *block, vl_bytes name)
{
    for (size_t i = 0; i < name.len && i < NAME_LEN; i++)
        block[i] = name.ptr[i] > 0x7f ? '_' : name.ptr[i];
}

static void put_block(uint8_t *block, vl_bytes name, uint64_t size, char type)
{
    unsigned sum = 0;

    memset(block, 0, VL_PAX_BLOCK);
    put_name(block, name);
    put_octal(block + MODE_AT, 8, 0644);
    put_octal(block + UID_AT, 8, 0);
    put_octal(block + GID_AT, 8, 0);
    put_octal(block + SIZE_AT, 12, size);
    put_octal(block + MTIME_AT, 12, 0);
    memset(block + CHECKSUM_AT, ' ', CHECKSUM_LEN);
    block[TYPE_AT] = (uint8_t)type;
    memcpy(block + MAGIC_AT,
           "ustar\0"
           "00",
           8);
    put_octal(block + DEV_MAJOR_AT, 8, 0);
    put_octal(block + DEV_MINOR_AT, 8, 0);
    for (size_t i = 0; i < VL_PAX_BLOCK; i++)
        sum += block[i];
    /* Six digits, a NUL, and the space that stays. */
    block[CHECKSUM_AT + 6] = 0;
    put_octal(block + CHECKSUM_AT, 7, sum);
}

enum vl_err vl_pax_header(vl_bytes name, uint64_t size, struct vl_buf *out)
{
    char records[RECORDS_MAX];
    size_t records_len;
    uint8_t *at = NULL;
    enum vl_err err;

    if (name.len > VL_PAX_NAME_MAX || size > VL_PAX_SIZE_MAX)
        return VL_ERR_LIMIT;
    records_len = records_of(name, size, records);
    err = vl_buf_add(out, vl_pax_header_len(name, size), &at);
    if (err)
        return err;
    if (records_len > 0) {
        put_block(at, EXTENDED_NAME, records_len, 'x');
        memcpy(at + VL_PAX_BLOCK, records, records_len);
        at += VL_PAX_BLOCK + whole_blocks(records_len);
    }
    /* A program that knows no extended headers should not take content for headers too early. */
    put_block(at, name, size > USTAR_SIZE_MAX ? USTAR_SIZE_MAX : size, '0');
    return VL_OK;
}

size_t vl_pax_header_len(vl_bytes name, uint64_t size)
{
    char digits[24];
    size_t len = 0;

    if (!name_fits(name))
        len += record_len(4, name.len);
    if (size > USTAR_SIZE_MAX)
        len += record_len(4, decimal(size, digits));
    return VL_PAX_BLOCK + (len > 0 ? VL_PAX_BLOCK + whole_blocks(len) : 0);
}

size_t vl_pax_fill(uint64_t size)
{
    return (size_t)((VL_PAX_BLOCK - size % VL_PAX_BLOCK) % VL_PAX_BLOCK);
}

/* The place of the highest bit; 0 for 0. */
static unsigned log2_of(uint64_t value)
{
    unsigned at = 0;

    while (value >>= 1)
        at++;
    return at;
}

uint64_t vl_pax_padded(uint64_t size)
{
    unsigned exponent = log2_of(size), mantissa = log2_of(exponent) + 1;
    uint64_t free_bits = exponent > mantissa ? (UINT64_C(1) << (exponent - mantissa)) - 1 : 0;
    uint64_t padded = (size + free_bits) & ~free_bits;

    return padded + vl_pax_fill(padded);
}
