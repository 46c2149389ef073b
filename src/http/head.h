/* SPDX-License-Identifier: Apache-2.0 */
/* http/head.h: what of a request's headers two readers could understand in two ways. */
#ifndef VL_HTTP_HEAD_H
#define VL_HTTP_HEAD_H

#include "base/bytes.h"

/* Begins all zero; the texts are borrowed from the headers. */
struct vl_http_head {
    size_t hosts, lengths, encodings, types;
    bool has_control;
    bool has_bad_length;
    uint64_t length;
    const char *accept;
    const char *content_type;
    const char *authorization;
};

/* One more header, as it came; value may be NULL. */
void vl_http_head_see(struct vl_http_head *head, const char *name, const char *value);

#endif
