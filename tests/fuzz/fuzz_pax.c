/* SPDX-License-Identifier: Apache-2.0 */
/* Archives from any bytes, in pieces of a length that the bytes choose.  What is read as an archive
 * is what the writer makes of its files: writing them again gives the same bytes.  The pieces do
 * not matter. */
#include <stdlib.h>
#include <string.h>

#include "letter/pax.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define CEIL ((size_t)1 << 24)

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

/* The same archive, made again while the first is read. */
struct copy {
    struct vl_buf archive;
    uint64_t size;
    uint64_t got;
};

static enum vl_err begin(void *self, vl_bytes name, uint64_t size, vl_bytes header,
                         struct vl_why *why)
{
    struct copy *copy = self;
    size_t before = copy->archive.len;

    (void)why;
    check(name.len > 0 && name.len <= VL_PAX_NAME_MAX && size <= VL_PAX_SIZE_MAX);
    check(!memchr(name.ptr, 0, name.len));
    check(vl_pax_header(name, size, &copy->archive) == VL_OK);
    check(copy->archive.len - before == vl_pax_header_len(name, size));
    check(vl_bytes_eq(header, vl_bytes_after(vl_buf_bytes(&copy->archive), before)));
    copy->size = size;
    copy->got = 0;
    return VL_OK;
}

static enum vl_err data_came(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct copy *copy = self;

    (void)why;
    check(bytes.len > 0 && bytes.len <= copy->size - copy->got);
    copy->got += bytes.len;
    check(vl_buf_put(&copy->archive, bytes) == VL_OK);
    return VL_OK;
}

static enum vl_err end(void *self, struct vl_why *why)
{
    struct copy *copy = self;
    uint8_t *at;

    (void)why;
    check(copy->got == copy->size);
    check(vl_buf_add(&copy->archive, vl_pax_fill(copy->size), &at) == VL_OK);
    return VL_OK;
}

static enum vl_err read_in_pieces(vl_bytes archive, size_t piece, struct vl_why *why)
{
    struct copy copy = {VL_BUF_INIT(CEIL), 0, 0};
    const struct vl_pax_sink sink = {begin, data_came, end, &copy};
    struct vl_pax_reader *reader = vl_pax_reader_new(&sink);
    uint64_t padding = 0;
    enum vl_err err = VL_OK;
    uint8_t *at;

    check(reader != NULL);
    for (vl_bytes left = archive; left.len > 0 && !err; left = vl_bytes_after(left, piece))
        err = vl_pax_reader_put(reader, vl_bytes_first(left, piece), why);
    if (!err)
        err = vl_pax_reader_end(reader, &padding, why);
    if (!err) {
        check(vl_buf_add(&copy.archive, VL_PAX_END + (size_t)padding, &at) == VL_OK);
        check(vl_bytes_eq(vl_buf_bytes(&copy.archive), archive));
    }
    vl_pax_reader_free(reader);
    vl_buf_release(&copy.archive);
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct vl_why why = {""}, again = {""};
    vl_bytes archive = vl_bytes_of(data, len);
    size_t piece = len ? data[len / 2] % 64u * 9 + 1 : 1;
    enum vl_err err = read_in_pieces(archive, SIZE_MAX, &why);

    check(read_in_pieces(archive, piece, &again) == err);
    check(strcmp(why.text, again.text) == 0);
    return 0;
}
