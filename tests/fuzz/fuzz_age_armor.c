/* SPDX-License-Identifier: Apache-2.0 */
/* Armor is judged alike in whatever pieces it comes; what is read is written the same, but for line
 * ends and the white space around; and any bytes go round. */
#include <stdlib.h>
#include <string.h>

#include "seal/age_armor.h"

#define CEILING ((size_t)1 << 24)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static enum vl_err read_armor(vl_bytes text, size_t piece, struct vl_buf *out, struct vl_why *why)
{
    struct vl_age_armor_reader reader = VL_AGE_ARMOR_READER_INIT;
    enum vl_err err = VL_OK;

    for (; !err && text.len > 0; text = vl_bytes_after(text, piece)) {
        vl_bytes some = vl_bytes_first(text, piece);
        size_t before = out->len;

        err = vl_age_armor_read(&reader, some, out, why);
        check(out->len - before <= some.len * 3 / 4 + 48);
    }
    return err ? err : vl_age_armor_read_end(&reader, why);
}

static void write_armor(vl_bytes bytes, size_t piece, struct vl_buf *out)
{
    struct vl_age_armor_writer writer = VL_AGE_ARMOR_WRITER_INIT;

    for (; bytes.len > 0; bytes = vl_bytes_after(bytes, piece))
        check(vl_age_armor_write(&writer, vl_bytes_first(bytes, piece), out) == VL_OK);
    check(vl_age_armor_write_end(&writer, out) == VL_OK);
}

/* The text without white space around it and carriage returns in it, and one line end behind. */
static void trim(vl_bytes text, struct vl_buf *out)
{
    static const char space[] = " \t\r\n\v\f";

    while (text.len > 0 && text.ptr[0] && strchr(space, text.ptr[0]))
        text = vl_bytes_after(text, 1);
    while (text.len > 0 && text.ptr[text.len - 1] && strchr(space, text.ptr[text.len - 1]))
        text.len--;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '\r')
            check(vl_buf_put_byte(out, text.ptr[i]) == VL_OK);
    check(vl_buf_put_byte(out, '\n') == VL_OK);
}

static void read_and_write(vl_bytes text)
{
    VL_AUTO(vl_buf_release) struct vl_buf whole = VL_BUF_INIT(CEILING);
    VL_AUTO(vl_buf_release) struct vl_buf single = VL_BUF_INIT(CEILING);
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(CEILING);
    VL_AUTO(vl_buf_release) struct vl_buf trimmed = VL_BUF_INIT(CEILING);
    struct vl_why why_whole = {""}, why_single = {""};
    enum vl_err err = read_armor(text, SIZE_MAX, &whole, &why_whole);

    check(read_armor(text, 1, &single, &why_single) == err);
    check(strcmp(why_whole.text, why_single.text) == 0);
    check(vl_bytes_eq(vl_buf_bytes(&whole), vl_buf_bytes(&single)));
    if (err)
        return;
    check(vl_age_armor_may_begin(text.ptr[0]));
    write_armor(vl_buf_bytes(&whole), SIZE_MAX, &again);
    trim(text, &trimmed);
    check(vl_bytes_eq(vl_buf_bytes(&again), vl_buf_bytes(&trimmed)));
}

static void write_and_read(vl_bytes bytes)
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(CEILING);
    VL_AUTO(vl_buf_release) struct vl_buf same = VL_BUF_INIT(CEILING);
    VL_AUTO(vl_buf_release) struct vl_buf back = VL_BUF_INIT(CEILING);

    write_armor(bytes, SIZE_MAX, &text);
    write_armor(bytes, 5, &same);
    check(vl_bytes_eq(vl_buf_bytes(&text), vl_buf_bytes(&same)));
    check(read_armor(vl_buf_bytes(&text), 11, &back, NULL) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&back), bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    read_and_write(vl_bytes_of(data, len));
    write_and_read(vl_bytes_of(data, len));
    return 0;
}
