/* SPDX-License-Identifier: Apache-2.0 */
/* A form is taken apart within its bytes, and what was found in it is found again. */
#include <stdlib.h>
#include <string.h>

#include "http/form.h"
#include "http/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const vl_bytes body = {data, size};
    struct vl_form form;
    char room[64];
    uint8_t id[VL_HASH_LEN];

    if (vl_form_parse("multipart/form-data; boundary=x", body, &form, NULL) == VL_OK)
        for (size_t i = 0; i < form.count; i++) {
            const struct vl_form_part *part = &form.parts[i];

            if (part->value.len > size || part->name.len > size ||
                (part->value.len > 0 &&
                 (part->value.ptr < data || part->value.ptr + part->value.len > data + size)))
                abort();
        }
    if (vl_http_query(body, "a", room, sizeof room).len >= sizeof room)
        abort();
    if (vl_http_id_parse(body, id) == VL_OK) {
        char text[VL_HTTP_ID];

        if (memcmp(vl_http_id(id, text), data, size) != 0)
            abort();
    }
    return 0;
}
