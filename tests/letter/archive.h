/* SPDX-License-Identifier: Apache-2.0 */
/* tests/letter/archive.h: archives made and read at once, and what an archive was read to be. */
#ifndef VL_TESTS_ARCHIVE_H
#define VL_TESTS_ARCHIVE_H

#include <stdio.h>
#include <string.h>

#include "letter/pax.h"

#include "support.h"

#define COUNT(rows)  (sizeof(rows) / sizeof *(rows))
#define ARCHIVE_CEIL ((size_t)64 << 20)

/* So many bytes of one value. */
static inline void put_bytes(struct vl_buf *out, uint8_t byte, size_t len)
{
    uint8_t *at = NULL;

    assert_int_equal(vl_buf_add(out, len, &at), VL_OK);
    if (len > 0)
        memset(at, byte, len);
}

/* A file at the end of the archive, with what fills its last block. */
static inline void put_file(struct vl_buf *out, vl_bytes name, vl_bytes content)
{
    assert_int_equal(vl_pax_header(name, content.len, out), VL_OK);
    assert_int_equal(vl_buf_put(out, content), VL_OK);
    put_bytes(out, 0, vl_pax_fill(content.len));
}

static inline void put_end(struct vl_buf *out)
{
    put_bytes(out, 0, VL_PAX_END);
}

/* Write the checksum of a header block again, after something in it was changed. */
static inline void mend_checksum(uint8_t *block)
{
    unsigned sum = 0;

    memset(block + 148, ' ', 8);
    for (size_t i = 0; i < VL_PAX_BLOCK; i++)
        sum += block[i];
    (void)snprintf((char *)block + 148, 8, "%06o", sum);
    block[155] = ' ';
}

/* What an archive was read to be, as a text: "[name size: content]" for each file. */
struct listing {
    struct vl_buf text;
    size_t header_bytes;
    size_t content_bytes;
    enum vl_err refuse_at_begin; /* what begin() says */
};

static inline void listing_release(struct listing *listing)
{
    vl_buf_release(&listing->text);
}

static inline enum vl_err listing_begin(void *self, vl_bytes name, uint64_t size, vl_bytes header,
                                        struct vl_why *why)
{
    struct listing *listing = self;
    char number[32];

    (void)snprintf(number, sizeof number, " %llu: ", (unsigned long long)size);
    assert_int_equal(vl_buf_put(&listing->text, VL_LITERAL("[")), VL_OK);
    assert_int_equal(vl_buf_put(&listing->text, name), VL_OK);
    assert_int_equal(vl_buf_put(&listing->text, vl_bytes_str(number)), VL_OK);
    assert_int_equal(header.len, vl_pax_header_len(name, size));
    listing->header_bytes += header.len;
    return listing->refuse_at_begin
               ? vl_fail(why, listing->refuse_at_begin, "the sink does not want it")
               : VL_OK;
}

static inline enum vl_err listing_data(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct listing *listing = self;

    (void)why;
    assert_true(bytes.len > 0);
    listing->content_bytes += bytes.len;
    assert_int_equal(vl_buf_put(&listing->text, bytes), VL_OK);
    return VL_OK;
}

static inline enum vl_err listing_end(void *self, struct vl_why *why)
{
    struct listing *listing = self;

    (void)why;
    assert_int_equal(vl_buf_put(&listing->text, VL_LITERAL("]")), VL_OK);
    return VL_OK;
}

/* Read an archive, `piece` bytes at a time (0: all at once). */
static inline enum vl_err list_archive(vl_bytes archive, size_t piece, struct listing *listing,
                                       uint64_t *padding, struct vl_why *why)
{
    const struct vl_pax_sink sink = {listing_begin, listing_data, listing_end, listing};
    struct vl_pax_reader *reader;
    enum vl_err err = VL_OK;

    listing->text = VL_BUF_INIT(ARCHIVE_CEIL);
    listing->header_bytes = listing->content_bytes = 0;
    *padding = 0;
    reader = vl_pax_reader_new(&sink);
    if (!reader)
        return VL_ERR_NO_MEMORY;
    while (!err && archive.len > 0) {
        vl_bytes now = vl_bytes_first(archive, piece ? piece : SIZE_MAX);

        err = vl_pax_reader_put(reader, now, why);
        archive = vl_bytes_after(archive, now.len);
    }
    if (!err)
        err = vl_pax_reader_end(reader, padding, why);
    if (err) {
        struct vl_why again[2] = {{""}, {""}};

        assert_int_equal(vl_pax_reader_put(reader, VL_LITERAL("x"), &again[0]), err);
        assert_int_equal(vl_pax_reader_end(reader, padding, &again[1]), err);
        assert_string_equal(again[0].text, why->text);
        assert_string_equal(again[1].text, why->text);
    }
    vl_pax_reader_free(reader);
    return err;
}

#endif
