/* SPDX-License-Identifier: Apache-2.0 */
#include "card/kind.h"

#include <string.h>

#define TYPE_OF(word) "application/vnd.valise." word ".v1+cbor"

/* clang-format off */
static const struct {
    const char *word;
    const char *words;
    const char *content_type;
} kinds[VL_KIND_COUNT] = {
    [VL_KIND_NONE] = {"", "", ""},
#define X(code, word, words) [VL_KIND_##code] = {word, words, TYPE_OF(word)},
    VL_KIND_TABLE(X)
#undef X
};
/* clang-format on */

const char *vl_kind_word(enum vl_kind kind)
{
    return kinds[kind].word;
}

const char *vl_kind_words(enum vl_kind kind)
{
    return kinds[kind].words;
}

const char *vl_kind_content_type(enum vl_kind kind)
{
    return kinds[kind].content_type;
}

enum vl_kind vl_kind_of_content_type(vl_bytes content_type)
{
    for (unsigned kind = VL_KIND_NONE + 1; kind < VL_KIND_COUNT; kind++)
        if (vl_bytes_eq(content_type, vl_bytes_str(kinds[kind].content_type)))
            return (enum vl_kind)kind;
    return VL_KIND_NONE;
}

enum vl_err vl_kind_sub(const char *what, vl_bytes id, struct vl_buf *out)
{
    static const char digits[] = "0123456789abcdef";
    size_t what_len = strlen(what);
    enum vl_err err = vl_buf_reserve(out, sizeof "valise::" - 1 + what_len + 2 * id.len);

    if (!err)
        err = vl_buf_put(out, VL_LITERAL("valise:"));
    if (!err)
        err = vl_buf_put(out, vl_bytes_of(what, what_len));
    if (!err)
        err = vl_buf_put_byte(out, ':');
    for (size_t i = 0; i < id.len && !err; i++) {
        const char pair[2] = {digits[id.ptr[i] >> 4], digits[id.ptr[i] & 15]};

        err = vl_buf_put(out, vl_bytes_of(pair, sizeof pair));
    }
    return err;
}
