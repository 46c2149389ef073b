/* SPDX-License-Identifier: Apache-2.0 */
/* A mail is taken apart within its bytes: what comes out is one line, UTF-8, and names that a part
 * of a letter may have, and no more of it than a mail of that length can hold. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "leaks.h"
#include "mime/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(const struct vl_mail *mail, size_t size)
{
    const struct vl_mail_part *text = vl_mail_text(mail);
    size_t texts = 0, bytes = 0;

    for (int i = 0; i < VL_MAIL_FIELD_COUNT; i++) {
        const struct vl_buf *field = &mail->fields[i];

        if (strlen((const char *)field->data) != field->len ||
            strcspn((const char *)field->data, "\r\n\t\x1b") != field->len)
            abort();
    }
    if (!mail->subject_err && !vl_text_is_utf8(vl_buf_bytes(&mail->fields[VL_MAIL_SUBJECT])))
        abort();
    for (size_t i = 0; i < mail->part_count; i++) {
        const struct vl_mail_part *part = &mail->parts[i];

        if (vl_part_name_check(vl_bytes_str(part->name), NULL) != VL_OK)
            abort();
        texts += part->role == VL_MAIL_TEXT;
        bytes += part->content.len;
    }
    if (texts > 1 || (texts == 1) != (text != NULL) || bytes > 3 * size)
        abort();
    if (text && (!vl_text_is_utf8(vl_buf_bytes(&text->content)) ||
                 memchr(text->content.data, '\0', text->content.len)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_begun;
    struct vl_mail mail = VL_MAIL_INIT;

    if (!is_begun)
        let_it_lose(vl_mime_begin);
    is_begun = true;
    if (vl_mime_parse(vl_bytes_of(data, size), &mail, NULL) == VL_OK)
        look_at(&mail, size);
    vl_mail_release(&mail);
    return 0;
}
