/* SPDX-License-Identifier: Apache-2.0 */
/* tests/office/notation.h: bytes as a page shows them: CBOR an item a line, the hex at the left and
 * what it says at the right; archives an entry a line. */
#ifndef VL_TESTS_OFFICE_NOTATION_H
#define VL_TESTS_OFFICE_NOTATION_H

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

#include "support.h"

#define NOTE_COLUMN 40 /* where words begin */
#define NOTE_BYTES  32 /* of a string on one line */

/* What has a place of its own on the page is named where it comes again. */
struct note_known {
    vl_bytes bytes;
    const char *name;
};
static struct note_known note_known[8];
static size_t note_known_count;

static inline const char *note_name(vl_bytes bytes)
{
    for (size_t i = 0; i < note_known_count; i++)
        if (vl_bytes_starts(bytes, note_known[i].bytes))
            return note_known[i].name;
    return NULL;
}

static inline void note_text(struct vl_buf *out, const char *text)
{
    assert_int_equal(vl_buf_put(out, vl_bytes_str(text)), VL_OK);
}

/* A line: the hex, indented, and words that begin in one column. */
static inline void note_line(struct vl_buf *out, unsigned depth, vl_bytes bytes, const char *words)
{
    char line[512] = "";
    size_t len = 2 * (size_t)depth;

    memset(line, ' ', len);
    for (size_t i = 0; i < bytes.len; i++, len += 2)
        (void)snprintf(line + len, 3, "%02x", bytes.ptr[i]);
    while (words[0] && (len < NOTE_COLUMN || line[len - 1] != ' '))
        line[len++] = ' ';
    (void)snprintf(line + len, sizeof line - len, "%s\n", words);
    note_text(out, line);
}

/* The head of an item: its major type, its argument, its length; 0 when there is none. */
static inline size_t note_head(vl_bytes at, unsigned *major, uint64_t *value)
{
    size_t more;

    if (at.len == 0)
        return 0;
    *major = at.ptr[0] >> 5;
    *value = at.ptr[0] & 31;
    more = *value < 24 ? 0 : *value < 28 ? (size_t)1 << (*value - 24) : SIZE_MAX;
    if (more == SIZE_MAX || at.len < 1 + more)
        return 0;
    for (size_t i = 0; i < more; i++)
        *value = (i ? *value << 8 : 0) | at.ptr[1 + i];
    return 1 + more;
}

/* How long the first item is; 0 when it is none. */
static inline size_t note_len(vl_bytes bytes, unsigned depth)
{
    unsigned major = 0;
    uint64_t value = 0;
    size_t len = note_head(bytes, &major, &value);
    uint64_t inside = major == 5 ? 2 * value : major == 4 ? value : major == 6 ? 1 : 0;

    if (len == 0 || depth > 32)
        return 0;
    if (major == 2 || major == 3)
        return value <= bytes.len - len ? len + (size_t)value : 0;
    for (; inside > 0; inside--) {
        size_t next = note_len(vl_bytes_after(bytes, len), depth + 1);

        if (next == 0)
            return 0;
        len += next;
    }
    return len;
}

/* Is the content of a byte string CBOR itself: an array, a map or a tagged item, and no hash? */
static inline bool note_is_inside(vl_bytes content)
{
    return content.len > 1 && content.len != 32 && content.len != 64 && content.ptr[0] >> 5 >= 4 &&
           content.ptr[0] >> 5 <= 6 && note_len(content, 0) == content.len;
}

static inline void note_string(struct vl_buf *out, unsigned depth, vl_bytes content, bool is_text)
{
    for (size_t at = 0; at < content.len; at += NOTE_BYTES) {
        vl_bytes piece = vl_bytes_first(vl_bytes_after(content, at), NOTE_BYTES);
        char words[NOTE_BYTES + 3] = "";

        if (is_text)
            (void)snprintf(words, sizeof words, "\"%.*s\"", (int)piece.len,
                           (const char *)piece.ptr);
        note_line(out, depth, piece, words);
    }
}

static inline size_t note_item(struct vl_buf *out, unsigned depth, vl_bytes bytes);

static inline void note_content(struct vl_buf *out, unsigned depth, unsigned major,
                                vl_bytes content)
{
    if (major == 2 && note_is_inside(content))
        (void)note_item(out, depth, content);
    else
        note_string(out, depth, content, major == 3);
}

static inline void note_words(unsigned major, uint64_t value, vl_bytes content, char words[64])
{
    static const char *const kinds[] = {"", "", "bytes", "text", "array", "map", "tag"};

    if (major == 0)
        (void)snprintf(words, 64, "%llu", (unsigned long long)value);
    else if (major == 1)
        (void)snprintf(words, 64, "-%llu", (unsigned long long)value + 1);
    else if (major == 7)
        (void)snprintf(words, 64, "%s", value == 20 ? "false" : value == 21 ? "true" : "null");
    else
        (void)snprintf(words, 64, "%s(%llu)%s", kinds[major], (unsigned long long)value,
                       major == 2 && note_is_inside(content) ? ", in which:" : "");
}

static inline size_t note_again(struct vl_buf *out, unsigned depth, vl_bytes bytes,
                                const char *name)
{
    size_t len = note_len(bytes, 0);
    char words[96];

    (void)snprintf(words, sizeof words, "the %zu bytes of %s", len, name);
    note_line(out, depth, VL_LITERAL(""), words);
    return len;
}

/* One item and all that is in it; gives its length. */
static inline size_t note_item(struct vl_buf *out, unsigned depth, vl_bytes bytes)
{
    unsigned major = 0;
    uint64_t value = 0;
    size_t len = note_head(bytes, &major, &value);
    vl_bytes content = vl_bytes_after(bytes, len);
    uint64_t inside = major == 5 ? 2 * value : major == 4 ? value : major == 6 ? 1 : 0;
    const char *known = depth > 0 ? note_name(bytes) : NULL;
    char words[64];

    assert_true(len > 0);
    if (known)
        return note_again(out, depth, bytes, known);
    if (major == 2 || major == 3) {
        assert_true(value <= content.len);
        content = vl_bytes_first(content, (size_t)value);
    }
    note_words(major, value, content, words);
    note_line(out, depth, vl_bytes_first(bytes, len), words);
    if (major == 2 || major == 3) {
        note_content(out, depth + 1, major, content);
        return len + content.len;
    }
    for (; inside > 0; inside--)
        len += note_item(out, depth + 1, vl_bytes_after(bytes, len));
    return len;
}

static inline void note_cbor(struct vl_buf *out, vl_bytes bytes)
{
    note_text(out, "```\n");
    assert_int_equal(note_item(out, 0, bytes), bytes.len);
    note_text(out, "```\n\n");
}

#endif
