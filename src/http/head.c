/* SPDX-License-Identifier: Apache-2.0 */
#include "http/head.h"

#include <string.h>
#include <strings.h>

static void read_length(struct vl_http_head *head, const char *value)
{
    const size_t len = strlen(value);

    head->has_bad_length = head->has_bad_length || len == 0 || len > 12;
    for (size_t i = 0; i < len && !head->has_bad_length; i++) {
        head->has_bad_length = value[i] < '0' || value[i] > '9';
        head->length = head->length * 10 + (uint64_t)(value[i] - '0');
    }
}

void vl_http_head_see(struct vl_http_head *head, const char *name, const char *value)
{
    value = value ? value : "";
    head->has_control = head->has_control || !name[0];
    for (const char *at = value; *at; at++)
        head->has_control = head->has_control || (*at > 0 && *at < ' ' && *at != '\t');
    for (const char *at = name; *at; at++)
        head->has_control = head->has_control || *at <= ' ' || *at == 0x7f || *at == '(';
    if (strcasecmp(name, "host") == 0) {
        head->hosts++;
    } else if (strcasecmp(name, "content-length") == 0) {
        if (head->lengths++ == 0)
            read_length(head, value);
    } else if (strcasecmp(name, "transfer-encoding") == 0) {
        head->encodings++;
    } else if (strcasecmp(name, "content-type") == 0) {
        head->types++;
        head->content_type = value;
    } else if (strcasecmp(name, "accept") == 0) {
        head->accept = value;
    } else if (strcasecmp(name, "authorization") == 0) {
        head->authorization = value;
    }
}
