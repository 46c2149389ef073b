/* SPDX-License-Identifier: Apache-2.0 */
/* http/form.h: what a browser sends when a form has a file in it (RFC 7578). */
#ifndef VL_HTTP_FORM_H
#define VL_HTTP_FORM_H

#include "base/bytes.h"

#define VL_FORM_MAX_PARTS 8

/* Borrowed from the body. */
struct vl_form_part {
    vl_bytes name;
    vl_bytes value;
};
struct vl_form {
    size_t count;
    struct vl_form_part parts[VL_FORM_MAX_PARTS];
};

/* Take multipart/form-data apart.  FORMAT for anything that is not quite so; LIMIT for more parts.
 */
enum vl_err vl_form_parse(const char *content_type, vl_bytes body, struct vl_form *form,
                          struct vl_why *why) VL_MUST_USE;
/* The value of this name, or none. */
vl_bytes vl_form_find(const struct vl_form *form, const char *name);

#endif
