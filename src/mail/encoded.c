/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/encoded.h"

#include <string.h>

#include "mail/ascii.h"
#include "mail/charset.h"
#include "mail/coding.h"

#define CHARSET_MAX 40

struct word {
    vl_bytes charset;
    bool is_base64;
    vl_bytes text;
    size_t len; /* from "=?" to "?=" */
};

/* What is before the next '?', which is taken too; white space is in no encoded word. */
static bool take_field(vl_bytes *left, size_t max, vl_bytes *field)
{
    size_t len = 0;

    while (len < left->len && len <= max && left->ptr[len] != '?' &&
           !vl_ascii_is_white(left->ptr[len]))
        len++;
    if (len > max || len == left->len || left->ptr[len] != '?')
        return false;
    *field = vl_bytes_first(*left, len);
    *left = vl_bytes_after(*left, len + 1);
    return true;
}

static bool find_word(vl_bytes text, struct word *word)
{
    vl_bytes left = vl_bytes_after(text, 2), coding;
    const uint8_t *lang;

    if (!vl_bytes_starts(text, VL_LITERAL("=?")) ||
        !take_field(&left, CHARSET_MAX, &word->charset) || word->charset.len == 0 ||
        !take_field(&left, 1, &coding) || !take_field(&left, text.len, &word->text) ||
        !vl_bytes_starts(left, VL_LITERAL("=")))
        return false;
    lang = memchr(word->charset.ptr, '*', word->charset.len); /* RFC 2231, 5 */
    if (lang)
        word->charset.len = (size_t)(lang - word->charset.ptr);
    word->is_base64 = vl_ascii_is(coding, "b");
    word->len = text.len - left.len + 1;
    return word->is_base64 || vl_ascii_is(coding, "q");
}

/* Words that follow each other: their bytes are put together before they are read, since some
 * programs cut within a character. */
struct run {
    vl_bytes charset; /* empty: there is none */
    struct vl_buf bytes;
    vl_bytes gap; /* white space behind it, which is nothing before another word */
};

static void release_run(struct run *run)
{
    vl_buf_release(&run->bytes);
}

static enum vl_err failed(enum vl_err err, struct vl_why *why)
{
    return err ? vl_fail(why, err, "%s", vl_err_words(err)) : VL_OK;
}

static enum vl_err end_run(struct run *run, struct vl_buf *out, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (run->charset.len > 0)
        err = vl_charset_read(run->charset, vl_buf_bytes(&run->bytes), out, why);
    run->charset = VL_BYTES_NONE;
    run->bytes.len = 0;
    return err;
}

static bool is_same(vl_bytes a, vl_bytes b)
{
    size_t i = 0;

    while (i < a.len && i < b.len && vl_ascii_lower(a.ptr[i]) == vl_ascii_lower(b.ptr[i]))
        i++;
    return i == a.len && i == b.len;
}

static enum vl_err add_word(struct run *run, const struct word *word, vl_bytes bytes,
                            struct vl_buf *out, struct vl_why *why)
{
    enum vl_err err = is_same(run->charset, word->charset) ? VL_OK : end_run(run, out, why);

    run->charset = word->charset;
    run->gap = vl_bytes_of(word->text.ptr, 0);
    return err ? err : failed(vl_buf_put(&run->bytes, bytes), why);
}

/* One byte that is in no word. */
static enum vl_err add_byte(struct run *run, vl_bytes byte, struct vl_buf *out, struct vl_why *why)
{
    const bool in_gap = run->charset.len > 0;
    enum vl_err err = VL_OK;

    if (in_gap && vl_ascii_is_white(byte.ptr[0])) {
        run->gap = vl_bytes_of(run->gap.len > 0 ? run->gap.ptr : byte.ptr, run->gap.len + 1);
        return VL_OK;
    }
    if (in_gap)
        err = end_run(run, out, why);
    if (!err && in_gap)
        err = failed(vl_encoded_unfold(run->gap, out), why);
    return err ? err : failed(vl_encoded_unfold(byte, out), why);
}

enum vl_err vl_encoded_read(vl_bytes value, struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(release_run)
    struct run run = {VL_BYTES_NONE, VL_BUF_INIT(out->max_len), VL_BYTES_NONE};
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(out->max_len);
    enum vl_err err = VL_OK;

    while (value.len > 0 && !err) {
        struct word word;
        enum vl_err not_a_word = VL_ERR_FORMAT;

        bytes.len = 0;
        if (find_word(value, &word))
            not_a_word = word.is_base64 ? vl_coding_read_b(word.text, &bytes)
                                        : vl_coding_read_q(word.text, &bytes);
        if (!not_a_word)
            err = add_word(&run, &word, vl_buf_bytes(&bytes), out, why);
        else if (not_a_word == VL_ERR_FORMAT) /* what looks like a word and is none is text */
            err = add_byte(&run, vl_bytes_first(value, 1), out, why);
        else
            err = failed(not_a_word, why);
        value = vl_bytes_after(value, not_a_word ? 1 : word.len);
    }
    return err ? err : end_run(&run, out, why);
}

enum vl_err vl_encoded_unfold(vl_bytes value, struct vl_buf *out)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < value.len && !err; i++)
        if (value.ptr[i] != '\r' && value.ptr[i] != '\n')
            err = vl_buf_put_byte(out, value.ptr[i]);
    return err;
}
