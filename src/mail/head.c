/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/head.h"

#include <string.h>

#include "mail/ascii.h"

bool vl_line_take(vl_bytes *left, vl_bytes *line)
{
    const uint8_t *end = left->len > 0 ? memchr(left->ptr, '\n', left->len) : NULL;

    if (left->len == 0)
        return false;
    *line = vl_bytes_first(*left, end ? (size_t)(end - left->ptr) : left->len);
    *left = vl_bytes_after(*left, line->len + (end != NULL));
    if (end && line->len > 0 && line->ptr[line->len - 1] == '\r')
        line->len--;
    return true;
}

/* How long the name of a field is that begins with this line; 0 when it is no field.  Blanks before
 * the colon are of old (RFC 5322, 4.5). */
static size_t name_len(vl_bytes line, size_t *value_at)
{
    size_t len = 0, at;

    while (len < line.len && line.ptr[len] > ' ' && line.ptr[len] < 0x7f && line.ptr[len] != ':')
        len++;
    for (at = len; at < line.len && vl_ascii_is_blank(line.ptr[at]);)
        at++;
    *value_at = at + 1;
    return at < line.len && line.ptr[at] == ':' ? len : 0;
}

bool vl_head_is_field(vl_bytes line)
{
    size_t value_at;

    return name_len(line, &value_at) > 0;
}

enum vl_err vl_head_take(vl_bytes *left, vl_bytes *head, struct vl_why *why)
{
    const vl_bytes start = *left;
    size_t len = 0;
    vl_bytes line;

    *head = vl_bytes_first(start, 0);
    while (vl_line_take(left, &line) && line.len > 0) {
        const bool goes_on = len > 0 && vl_ascii_is_blank(line.ptr[0]);

        len = start.len - left->len;
        if (len > VL_HEAD_MAX)
            return vl_fail(why, VL_ERR_LIMIT, "a head of more than %zu KiB", VL_HEAD_MAX >> 10);
        if (!goes_on && !vl_head_is_field(line))
            return vl_fail(why, VL_ERR_FORMAT, "\"%.*s\" is no field of a head",
                           line.len < 40 ? (int)line.len : 40, (const char *)line.ptr);
    }
    *head = vl_bytes_first(start, len);
    return VL_OK;
}

enum vl_err vl_head_find(vl_bytes head, const char *name, vl_bytes *value, struct vl_why *why)
{
    bool is_ours = false;
    vl_bytes line;

    *value = VL_BYTES_NONE;
    while (vl_line_take(&head, &line)) {
        size_t value_at = 0;

        if (!vl_ascii_is_blank(line.ptr[0])) {
            is_ours = vl_ascii_is(vl_bytes_first(line, name_len(line, &value_at)), name);
            if (is_ours && value->ptr)
                return vl_fail(why, VL_ERR_FORMAT, "two fields \"%s\"", name);
            if (is_ours)
                *value = vl_bytes_of(line.ptr + value_at, line.len - value_at);
        } else if (is_ours) {
            value->len = (size_t)(line.ptr + line.len - value->ptr);
        }
    }
    return VL_OK;
}
