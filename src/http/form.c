/* SPDX-License-Identifier: Apache-2.0 */
#include "http/form.h"

#include <string.h>
#include <strings.h>

#define BOUNDARY_MAX 70 /* RFC 2046 */
#define DASHES_MAX   (BOUNDARY_MAX + 4)

/* "\r\n--BOUNDARY", as it stands before every part but the first, where there is no line end. */
struct dashes {
    size_t len;
    uint8_t at[DASHES_MAX];
};

static enum vl_err read_boundary(const char *content_type, struct dashes *dashes)
{
    const char *value = strstr(content_type, "boundary=");
    size_t len;

    if (strncasecmp(content_type, "multipart/form-data;", 20) != 0 || !value)
        return VL_ERR_FORMAT;
    value += strlen("boundary=");
    if (*value == '"') {
        value++;
        len = strcspn(value, "\"");
        if (value[len] != '"')
            return VL_ERR_FORMAT;
    } else {
        len = strcspn(value, "; \t");
    }
    if (len == 0 || len > BOUNDARY_MAX)
        return VL_ERR_FORMAT;
    memcpy(dashes->at, "\r\n--", 4);
    memcpy(dashes->at + 4, value, len);
    dashes->len = len + 4;
    return VL_OK;
}

static bool take(vl_bytes *left, vl_bytes start)
{
    if (!vl_bytes_starts(*left, start))
        return false;
    *left = vl_bytes_after(*left, start.len);
    return true;
}

/* What is before the next `end`, which is taken too. */
static bool take_until(vl_bytes *left, vl_bytes end, vl_bytes *before)
{
    const uint8_t *at = left->len ? memmem(left->ptr, left->len, end.ptr, end.len) : NULL;

    if (!at)
        return false;
    *before = vl_bytes_first(*left, (size_t)(at - left->ptr));
    *left = vl_bytes_after(*left, before->len + end.len);
    return true;
}

/* name="..." of a Content-Disposition; browsers write a quote in it as %22. */
static vl_bytes name_of(vl_bytes head)
{
    vl_bytes before, name;

    if (!take_until(&head, VL_LITERAL("form-data; name=\""), &before) ||
        !take_until(&head, VL_LITERAL("\""), &name))
        return VL_BYTES_NONE;
    return name;
}

enum vl_err vl_form_parse(const char *content_type, vl_bytes body, struct vl_form *form,
                          struct vl_why *why)
{
    struct dashes dashes;
    vl_bytes end, head;

    form->count = 0;
    if (read_boundary(content_type, &dashes))
        return vl_fail(why, VL_ERR_FORMAT, "it is no form with a file");
    end = vl_bytes_of(dashes.at, dashes.len);
    if (!take(&body, vl_bytes_after(end, 2)))
        return vl_fail(why, VL_ERR_FORMAT, "the form does not begin with its boundary");
    while (!take(&body, VL_LITERAL("--"))) {
        struct vl_form_part *part = &form->parts[form->count];

        if (form->count == VL_FORM_MAX_PARTS)
            return vl_fail(why, VL_ERR_LIMIT, "the form has over %d parts", VL_FORM_MAX_PARTS);
        if (!take(&body, VL_LITERAL("\r\n")) || !take_until(&body, VL_LITERAL("\r\n\r\n"), &head) ||
            !take_until(&body, end, &part->value))
            return vl_fail(why, VL_ERR_FORMAT, "the form ends in the middle of a part");
        part->name = name_of(head);
        form->count++;
    }
    return VL_OK;
}

vl_bytes vl_form_find(const struct vl_form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (vl_bytes_eq(form->parts[i].name, vl_bytes_str(name)))
            return form->parts[i].value;
    return VL_BYTES_NONE;
}
