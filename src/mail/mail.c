/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/mail.h"

#include "base/alloc.h"

static const struct {
    const char *name;
    const char *member;
} fields[VL_MAIL_FIELD_COUNT] = {
#define X(code, name, member) {name, member},
    VL_MAIL_FIELD_TABLE(X)
#undef X
};

const char *vl_mail_field_name(enum vl_mail_field field)
{
    return fields[field].name;
}

const char *vl_mail_field_member(enum vl_mail_field field)
{
    return fields[field].member;
}

void vl_mail_release(struct vl_mail *mail)
{
    for (int i = 0; i < VL_MAIL_FIELD_COUNT; i++)
        vl_buf_release(&mail->fields[i]);
    for (size_t i = 0; i < mail->part_count; i++)
        vl_buf_release(&mail->parts[i].content);
    vl_free(mail->parts);
    *mail = (struct vl_mail)VL_MAIL_INIT;
}

const struct vl_mail_part *vl_mail_text(const struct vl_mail *mail)
{
    for (size_t i = 0; i < mail->part_count; i++)
        if (mail->parts[i].role == VL_MAIL_TEXT)
            return &mail->parts[i];
    return NULL;
}
