/* SPDX-License-Identifier: Apache-2.0 */
#include "mime/bound.h"

#include <string.h>
#include <strings.h>

/* A field in which something is counted: what stands between its members, or begins a group. */
struct counted {
    const char *name;
    uint8_t mark;
};

static const struct counted fields[] = {
    {"content-type", ';'}, {"content-disposition", ';'},
    {"from", ':'},         {"sender", ':'},
    {"reply-to", ':'},     {"to", ':'},
    {"cc", ':'},           {"bcc", ':'},
};

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

/* What begins with this line: a field in which something is counted, or NULL. */
static const struct counted *field_of(vl_bytes line)
{
    const uint8_t *colon = line.len > 0 ? memchr(line.ptr, ':', line.len) : NULL;
    size_t len = colon ? (size_t)(colon - line.ptr) : 0;

    while (len > 0 && is_blank(line.ptr[len - 1]))
        len--;
    for (size_t i = 0; len > 0 && i < sizeof fields / sizeof *fields; i++)
        if (strlen(fields[i].name) == len &&
            strncasecmp(fields[i].name, (const char *)line.ptr, len) == 0)
            return &fields[i];
    return NULL;
}

static size_t count(vl_bytes line, uint8_t mark)
{
    size_t found = 0;

    for (size_t i = 0; i < line.len; i++)
        found += line.ptr[i] == mark;
    return found;
}

static enum vl_err check(const struct counted *field, size_t marks, struct vl_why *why)
{
    if (field->mark == ';' && marks > VL_MIME_MAX_PARAMETERS)
        return vl_fail(why, VL_ERR_LIMIT, "a field \"%s\" with more than %d parameters",
                       field->name, VL_MIME_MAX_PARAMETERS);
    /* One stands behind its name. */
    if (field->mark == ':' && marks > VL_MIME_MAX_GROUPS + 1)
        return vl_fail(why, VL_ERR_LIMIT, "a field \"%s\" with more than %d groups", field->name,
                       VL_MIME_MAX_GROUPS);
    return VL_OK;
}

enum vl_err vl_mime_bound(vl_bytes wire, struct vl_why *why)
{
    const struct counted *field = NULL;
    size_t marks = 0, read = 0;
    bool in_head = true;

    while (wire.len > 0) {
        const uint8_t *end = memchr(wire.ptr, '\n', wire.len);
        const vl_bytes line = vl_bytes_first(wire, end ? (size_t)(end - wire.ptr) + 1 : wire.len);
        enum vl_err err = VL_OK;

        if (line.len <= 2 && (line.ptr[0] == '\n' || line.ptr[0] == '\r'))
            in_head = false;
        read += in_head ? line.len : 0;
        if (read > VL_MIME_MAX_HEAD)
            return vl_fail(why, VL_ERR_LIMIT, "a head of more than %zu KiB",
                           VL_MIME_MAX_HEAD >> 10);
        if (!is_blank(line.ptr[0])) {
            field = field_of(line);
            marks = 0;
        }
        if (field) {
            marks += count(line, field->mark);
            err = check(field, marks, why);
        }
        if (err)
            return err;
        wire = vl_bytes_after(wire, line.len);
    }
    return VL_OK;
}
