/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cbor_show.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define INDEFINITE 31
#define BREAK      0xff

enum kind { UINT, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE };

struct head {
    enum kind kind;
    unsigned info;
    uint64_t value;
    size_t at;
};

/* One array, map, tag or string in chunks that is open. */
struct level {
    enum kind kind;
    bool is_open; /* without a length: a break ends it */
    uint64_t left;
    uint64_t shown;
};

struct show {
    vl_bytes wire;
    size_t at;
    struct vl_buf *out;
    struct vl_why *why;
    enum vl_err err;
    size_t depth;
    struct level levels[VL_CBOR_SHOW_MAX_DEPTH];
};

static void refuse(struct show *show, size_t at, enum vl_err err, const char *words)
{
    if (!show->err)
        show->err = vl_fail(show->why, err, "byte %zu: %s", at, words);
}

static void put(struct show *show, const char *text)
{
    if (!show->err && vl_buf_put(show->out, vl_bytes_str(text)) != VL_OK)
        refuse(show, show->at, VL_ERR_LIMIT, "more text than is shown");
}

static bool read_head(struct show *show, struct head *head)
{
    const uint8_t *at = show->wire.ptr + show->at;
    size_t left = show->wire.len - show->at, len;

    head->at = show->at;
    if (left == 0) {
        refuse(show, show->at, VL_ERR_FORMAT, "cut short");
        return false;
    }
    head->kind = (enum kind)(*at >> 5);
    head->info = *at & 31u;
    head->value = head->info;
    len = head->info >= 24 && head->info < 28 ? (size_t)1 << (head->info - 24) : 0;
    if (left < 1 + len) {
        refuse(show, show->at, VL_ERR_FORMAT, "cut short");
        return false;
    }
    if (head->info >= 28 && head->info < INDEFINITE) {
        refuse(show, show->at, VL_ERR_FORMAT, "a reserved head");
        return false;
    }
    if (len > 0)
        head->value = 0;
    for (size_t i = 1; i <= len; i++)
        head->value = head->value << 8 | at[i];
    show->at += 1 + len;
    return true;
}

static void put_number(struct show *show, const char *sign, uint64_t value)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%s%llu", sign, (unsigned long long)value);
    put(show, text);
}

/* -1 - value, which is more than 64 bits can hold for the greatest. */
static void put_negative(struct show *show, uint64_t value)
{
    if (value == UINT64_MAX)
        put(show, "-18446744073709551616");
    else
        put_number(show, "-", value + 1);
}

static void put_bytes(struct show *show, vl_bytes bytes)
{
    char text[VL_CBOR_SHOW_MAX_STRING * 2 + 1];
    vl_bytes shown = vl_bytes_first(bytes, VL_CBOR_SHOW_MAX_STRING);

    text[0] = '\0';
    for (size_t i = 0; i < shown.len; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", shown.ptr[i]);
    put(show, "h'");
    put(show, text);
    put(show, "'");
}

/* As JSON writes a text, in ASCII alone. */
static void put_text(struct show *show, vl_bytes text)
{
    char safe[VL_CBOR_SHOW_MAX_STRING * 8 + 1];
    vl_bytes shown = vl_bytes_first(text, VL_CBOR_SHOW_MAX_STRING);

    shown.len -= vl_text_unfinished(shown);
    put(show, "\"");
    for (size_t from = 0, to; from < shown.len; from = to) {
        uint8_t byte = shown.ptr[from];

        to = from + 1;
        if (byte == '"' || byte == '\\') {
            char escaped[3] = {'\\', (char)byte, '\0'};

            put(show, escaped);
            continue;
        }
        while (to < shown.len && shown.ptr[to] != '"' && shown.ptr[to] != '\\')
            to++;
        put(show, vl_text_safe_ascii(safe, sizeof safe, vl_bytes_of(shown.ptr + from, to - from)));
    }
    put(show, "\"");
}

static void show_string(struct show *show, const struct head *head)
{
    vl_bytes body;

    if (head->value > show->wire.len - show->at) {
        refuse(show, head->at, VL_ERR_FORMAT, "a string that is cut short");
        return;
    }
    body = vl_bytes_of(show->wire.ptr + show->at, (size_t)head->value);
    if (head->kind == TEXT && !vl_text_is_utf8(body)) {
        refuse(show, head->at, VL_ERR_FORMAT, "a text that is not UTF-8");
        return;
    }
    if (head->kind == TEXT)
        put_text(show, body);
    else
        put_bytes(show, body);
    if (body.len > VL_CBOR_SHOW_MAX_STRING) {
        put(show, " / the first of ");
        put_number(show, "", body.len);
        put(show, " bytes /");
    }
    show->at += body.len;
}

/* RFC 8949, D: a half as a double. */
static double half(uint64_t bits)
{
    double value = (double)(bits & 0x3ff);
    int exponent = (int)(bits >> 10 & 31);

    if (exponent > 0)
        value += 1024;
    for (int i = exponent > 0 ? exponent : 1; i < 25; i++)
        value /= 2;
    for (int i = 25; i < exponent; i++)
        value *= 2;
    return bits & 0x8000 ? -value : value;
}

static void show_float(struct show *show, const struct head *head)
{
    bool is_whole = head->info == 25   ? (head->value & 0x7c00) == 0x7c00
                    : head->info == 26 ? (head->value & 0x7f800000) == 0x7f800000
                                       : (head->value >> 52 & 0x7ff) == 0x7ff;
    uint64_t fraction = head->info == 25   ? head->value & 0x3ff
                        : head->info == 26 ? head->value & 0x7fffff
                                           : head->value & ((UINT64_C(1) << 52) - 1);
    bool is_negative = (head->value >> (head->info == 25 ? 15 : head->info == 26 ? 31 : 63)) != 0;
    uint32_t bits = (uint32_t)(head->value & UINT32_MAX);
    char text[40];
    double value;
    float single;

    if (is_whole) { /* all ones in the exponent */
        put(show, fraction ? "NaN" : is_negative ? "-Infinity" : "Infinity");
    } else {
        if (head->info == 25) {
            value = half(head->value);
        } else if (head->info == 26) {
            memcpy(&single, &bits, sizeof single);
            value = (double)single;
        } else {
            memcpy(&value, &head->value, sizeof value);
        }
        (void)snprintf(text, sizeof text, head->info == 27 ? "%.17g" : "%.9g", value);
        put(show, text);
        if (!strchr(text, '.') && !strchr(text, 'e'))
            put(show, ".0");
    }
    put(show, head->info == 25 ? "_1" : head->info == 26 ? "_2" : "_3");
}

static void show_simple(struct show *show, const struct head *head)
{
    static const char *const names[] = {"false", "true", "null", "undefined"};

    if (head->info >= 25 && head->info <= 27) {
        show_float(show, head);
    } else if (head->info == 24 && head->value < 32) {
        refuse(show, head->at, VL_ERR_FORMAT, "a simple value in the wrong form");
    } else if (head->value >= 20 && head->value < 24) {
        put(show, names[head->value - 20]);
    } else {
        put(show, "simple(");
        put_number(show, "", head->value);
        put(show, ")");
    }
}

static void open_level(struct show *show, const struct head *head)
{
    struct level *level = &show->levels[show->depth];
    bool is_open = head->info == INDEFINITE;

    if (show->depth == VL_CBOR_SHOW_MAX_DEPTH) {
        refuse(show, head->at, VL_ERR_LIMIT, "nested too deeply");
        return;
    }
    if (head->kind == TAG) {
        put_number(show, "", head->value);
        put(show, "(");
    } else if (head->kind == ARRAY || head->kind == MAP) {
        put(show, head->kind == ARRAY ? "[" : "{");
        put(show, is_open ? "_ " : "");
    } else {
        put(show, "(_ ");
    }
    *level = (struct level){head->kind, is_open, head->kind == TAG ? 1 : head->value, 0};
    if (is_open)
        level->left = UINT64_MAX;
    else if (level->left > show->wire.len - show->at) /* an item is a byte at least */
        refuse(show, head->at, VL_ERR_FORMAT, "more items promised than bytes are left");
    else if (head->kind == MAP)
        level->left *= 2;
    show->depth++;
}

/* What stands between the last item of a level and the next one. */
static void put_between(struct show *show)
{
    const struct level *level = &show->levels[show->depth - 1];

    if (level->shown == 0)
        return;
    put(show, level->kind == MAP && level->shown % 2 == 1 ? ": " : ", ");
}

/* An item ended: those that it was the last of end too. */
static void item_ends(struct show *show)
{
    while (show->depth > 0 && !show->err) {
        struct level *level = &show->levels[show->depth - 1];

        level->shown++;
        if (level->is_open || --level->left > 0)
            return;
        put(show, level->kind == ARRAY ? "]" : level->kind == MAP ? "}" : ")");
        show->depth--;
    }
}

static void close_open(struct show *show, const struct head *head)
{
    const struct level *level = show->depth > 0 ? &show->levels[show->depth - 1] : NULL;

    if (!level || !level->is_open) {
        refuse(show, head->at, VL_ERR_FORMAT, "a break where nothing is open");
        return;
    }
    if (level->kind == MAP && level->shown % 2 == 1) {
        refuse(show, head->at, VL_ERR_FORMAT, "a key without its value");
        return;
    }
    put(show, level->kind == ARRAY ? "]" : level->kind == MAP ? "}" : ")");
    show->depth--;
    item_ends(show);
}

/* Chunks are strings of the same kind, each with a length (RFC 8949, 3.2.3). */
static bool is_out_of_place(const struct show *show, const struct head *head)
{
    const struct level *level = show->depth > 0 ? &show->levels[show->depth - 1] : NULL;

    return level && (level->kind == BYTES || level->kind == TEXT) &&
           (head->kind != level->kind || head->info == INDEFINITE);
}

static void show_item(struct show *show)
{
    struct head head;

    if (!read_head(show, &head))
        return;
    if (head.kind == SIMPLE && head.info == INDEFINITE) {
        close_open(show, &head);
        return;
    }
    if (is_out_of_place(show, &head)) {
        refuse(show, head.at, VL_ERR_FORMAT, "no chunk of the string it stands in");
        return;
    }
    if (head.info == INDEFINITE && (head.kind <= NEGATIVE || head.kind == TAG)) {
        refuse(show, head.at, VL_ERR_FORMAT, "an indefinite length");
        return;
    }
    if (show->depth > 0)
        put_between(show);
    if (head.kind == ARRAY || head.kind == MAP || head.kind == TAG || head.info == INDEFINITE) {
        open_level(show, &head);
        if (head.kind != TAG && head.info != INDEFINITE && head.value == 0 && !show->err) {
            put(show, head.kind == ARRAY ? "]" : "}");
            show->depth--;
            item_ends(show);
        }
        return;
    }
    if (head.kind == UINT)
        put_number(show, "", head.value);
    else if (head.kind == NEGATIVE)
        put_negative(show, head.value);
    else if (head.kind == SIMPLE)
        show_simple(show, &head);
    else
        show_string(show, &head);
    item_ends(show);
}

enum vl_err vl_cbor_show(vl_bytes wire, struct vl_buf *out, size_t *len, struct vl_why *why)
{
    struct show show = {.wire = wire, .out = out, .why = why};

    do
        show_item(&show);
    while (show.depth > 0 && !show.err);
    *len = show.at;
    return show.err;
}
