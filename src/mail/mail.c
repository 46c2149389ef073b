/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/mail.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "mail/body.h"
#include "mail/encoded.h"
#include "mail/head.h"

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

/* One line: white space and controls are one space, and none at its ends. */
static enum vl_err put_line(vl_bytes text, struct vl_buf *out)
{
    bool is_apart = false;
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < text.len && !err; i++) {
        const uint8_t at = text.ptr[i];

        if (at <= ' ' || at == 0x7f) {
            is_apart = out->len > 0;
            continue;
        }
        if (is_apart)
            err = vl_buf_put_byte(out, ' ');
        if (!err)
            err = vl_buf_put_byte(out, at);
        is_apart = false;
    }
    if (!err)
        err = vl_buf_put_byte(out, '\0');
    if (!err)
        out->len--;
    return err;
}

/* What cannot be read is kept as it came, and is a failure only for the subject. */
static enum vl_err read_field(struct vl_mail *mail, enum vl_mail_field field, vl_bytes value,
                              struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(3 * VL_HEAD_MAX);
    enum vl_err err = vl_encoded_read(value, &text, why);

    if (!err && !vl_text_is_utf8(vl_buf_bytes(&text)))
        err = vl_fail(why, VL_ERR_FORMAT, "it is no UTF-8");
    if (err == VL_ERR_FORMAT || err == VL_ERR_UNSUPPORTED) {
        if (field == VL_MAIL_SUBJECT) {
            mail->subject_err = err;
            mail->subject_why = *why;
        }
        text.len = 0;
        err = vl_encoded_unfold(value, &text);
    }
    if (!err)
        err = put_line(vl_buf_bytes(&text), &mail->fields[field]);
    return err ? vl_fail(why, err, "%s", vl_err_words(err)) : VL_OK;
}

static enum vl_err read_fields(vl_bytes head, struct vl_mail *mail, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (int i = 0; i < VL_MAIL_FIELD_COUNT && !err; i++) {
        struct vl_why own = {""};
        vl_bytes value;

        err = vl_head_find(head, fields[i].name, &value, why);
        if (!err)
            err = read_field(mail, (enum vl_mail_field)i, value, &own);
        if (err && own.text[0])
            err = vl_fail(why, err, "%s: %s", fields[i].name, own.text);
    }
    if (!err && mail->fields[VL_MAIL_FROM].len == 0)
        err = vl_fail(why, VL_ERR_FORMAT, "it is no mail: nobody is \"from\"");
    return err;
}

/* Is there another mail behind the first: an empty line, "From ", and a head? */
static bool has_another(vl_bytes mbox)
{
    bool after_empty = false;
    vl_bytes line;

    while (vl_line_take(&mbox, &line)) {
        vl_bytes left = mbox, next;

        if (after_empty && vl_bytes_starts(line, VL_LITERAL("From ")) &&
            vl_line_take(&left, &next) && vl_head_is_field(next))
            return true;
        after_empty = line.len == 0;
    }
    return false;
}

/* Programs that keep mails one behind the other in a file put a line of their own before each. */
static enum vl_err skip_mbox_line(vl_bytes *wire, struct vl_why *why)
{
    vl_bytes line;

    if (!vl_bytes_starts(*wire, VL_LITERAL("From ")) || !vl_line_take(wire, &line))
        return VL_OK;
    return has_another(*wire) ? vl_fail(why, VL_ERR_FORMAT, "there is more than one mail in it")
                              : VL_OK;
}

static enum vl_err parse(vl_bytes wire, struct vl_mail *mail, struct vl_why *why)
{
    vl_bytes head = {0};
    enum vl_err err;

    if (wire.len > VL_MAIL_MAX_LEN)
        return vl_fail(why, VL_ERR_LIMIT, "a mail of more than %zu MiB", VL_MAIL_MAX_LEN >> 20);
    err = skip_mbox_line(&wire, why);
    if (!err)
        err = vl_head_take(&wire, &head, why);
    if (!err)
        err = read_fields(head, mail, why);
    if (err)
        return err;
    mail->parts = vl_new(VL_MAIL_MAX_PARTS * sizeof *mail->parts);
    if (!mail->parts)
        return vl_fail(why, VL_ERR_NO_MEMORY, "%s", vl_err_words(VL_ERR_NO_MEMORY));
    return vl_mail_body(head, wire, mail, why);
}

enum vl_err vl_mail_parse(vl_bytes wire, struct vl_mail *mail, struct vl_why *why)
{
    struct vl_why own = {""};
    enum vl_err err;

    for (int i = 0; i < VL_MAIL_FIELD_COUNT; i++)
        mail->fields[i] = VL_BUF_INIT(3 * VL_HEAD_MAX + 1);
    err = parse(wire, mail, &own);
    if (err) {
        vl_mail_release(mail);
        return vl_fail(why, err, "%s", own.text);
    }
    return VL_OK;
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
