/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes between valise-mail and valise: strict CBOR, from one package to another of the same
 * version, and never kept.
 *
 *     answer  = [0, failure] / [1, [6 bytes], null / failure, [* part]]
 *     failure = [name of an error: text, why: bytes]
 *     part    = [role: uint, name: text, renamed: bool, type: text, content: bytes]
 *
 * The failure of a mail is that of its subject. */
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "codec/cbor.h"
#include "mail/mail.h"

#define WHAT      "what valise-mail tells"
#define MAX_ERR   32
#define MAX_WORDS (sizeof(((struct vl_why *)0)->text) - 1)

static void put_failure(struct vl_cbor_out *w, enum vl_err err, const struct vl_why *why)
{
    vl_cbor_put_array(w, 2);
    vl_cbor_put_text(w, vl_bytes_str(vl_err_name(err)));
    vl_cbor_put_bytes(w, vl_bytes_str(why->text));
}

static void put_part(struct vl_cbor_out *w, const struct vl_mail_part *part)
{
    vl_cbor_put_array(w, 5);
    vl_cbor_put_uint(w, part->role);
    vl_cbor_put_text(w, vl_bytes_str(part->name));
    vl_cbor_put_bool(w, part->renamed);
    vl_cbor_put_text(w, vl_bytes_str(part->type));
    vl_cbor_put_bytes(w, vl_buf_bytes(&part->content));
}

enum vl_err vl_mail_write(const struct vl_mail *mail, struct vl_buf *out)
{
    struct vl_cbor_out w = vl_cbor_to(out);

    vl_cbor_put_array(&w, 4);
    vl_cbor_put_uint(&w, 1);
    vl_cbor_put_array(&w, VL_MAIL_FIELD_COUNT);
    for (int i = 0; i < VL_MAIL_FIELD_COUNT; i++)
        vl_cbor_put_bytes(&w, vl_buf_bytes(&mail->fields[i]));
    if (mail->subject_err)
        put_failure(&w, mail->subject_err, &mail->subject_why);
    else
        vl_cbor_put_null(&w);
    vl_cbor_put_array(&w, mail->part_count);
    for (size_t i = 0; i < mail->part_count; i++)
        put_part(&w, &mail->parts[i]);
    return w.err;
}

enum vl_err vl_mail_write_refusal(enum vl_err err, const struct vl_why *why, struct vl_buf *out)
{
    struct vl_cbor_out w = vl_cbor_to(out);

    vl_cbor_put_array(&w, 2);
    vl_cbor_put_uint(&w, 0);
    put_failure(&w, err, why);
    return w.err;
}

/* No other failure is one of a mail's. */
static enum vl_err failure_of(vl_bytes name)
{
    static const enum vl_err known[] = {VL_ERR_FORMAT, VL_ERR_LIMIT, VL_ERR_UNSUPPORTED,
                                        VL_ERR_NO_MEMORY};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (vl_bytes_eq(name, vl_bytes_str(vl_err_name(known[i]))))
            return known[i];
    return VL_OK;
}

static enum vl_err read_failure(struct vl_cbor *r, struct vl_why *why)
{
    enum vl_err err;
    vl_bytes words;

    vl_cbor_array(r, 2, 2);
    err = failure_of(vl_cbor_text(r, 1, MAX_ERR));
    words = vl_cbor_bytes(r, 0, MAX_WORDS);
    if (!vl_cbor_ok(r))
        return VL_OK;
    if (err == VL_OK)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "a failure that is none of a mail's");
    return vl_fail(why, err, "%.*s", (int)words.len, (const char *)words.ptr);
}

static bool is_line(vl_bytes text)
{
    size_t i = 0;

    while (i < text.len && text.ptr[i] >= ' ' && text.ptr[i] != 0x7f)
        i++;
    return i == text.len;
}

static void read_fields(struct vl_cbor *r, struct vl_mail *mail, enum vl_err *err)
{
    vl_cbor_array(r, VL_MAIL_FIELD_COUNT, VL_MAIL_FIELD_COUNT);
    for (int i = 0; i < VL_MAIL_FIELD_COUNT && !*err; i++) {
        const vl_bytes line = vl_cbor_bytes(r, 0, VL_MAIL_MAX_FIELD);

        if (!is_line(line))
            vl_cbor_refuse(r, VL_ERR_FORMAT, "a field that is more than a line");
        *err = vl_buf_put(&mail->fields[i], line);
        if (!*err) /* a NUL behind it */
            *err = vl_buf_put_byte(&mail->fields[i], '\0');
        if (!*err)
            mail->fields[i].len--;
    }
    if (vl_cbor_null(r)) {
        if (!vl_text_is_utf8(vl_buf_bytes(&mail->fields[VL_MAIL_SUBJECT])))
            vl_cbor_refuse(r, VL_ERR_FORMAT, "a subject that is no UTF-8");
    } else {
        mail->subject_err = read_failure(r, &mail->subject_why);
    }
}

static bool is_type(vl_bytes type)
{
    size_t i = 0;

    while (i < type.len && type.ptr[i] > ' ' && type.ptr[i] < 0x7f)
        i++;
    return i == type.len;
}

static bool is_text(vl_bytes content)
{
    return content.len > 0 && vl_text_is_utf8(content) && !memchr(content.ptr, '\0', content.len);
}

static enum vl_err read_part(struct vl_cbor *r, struct vl_mail *mail)
{
    struct vl_mail_part *part = &mail->parts[mail->part_count];
    vl_bytes name, type, content;

    vl_cbor_array(r, 5, 5);
    part->role = (enum vl_mail_role)vl_cbor_uint(r, VL_MAIL_LEFT);
    name = vl_cbor_text(r, 1, VL_PART_NAME_MAX);
    part->renamed = vl_cbor_bool(r);
    type = vl_cbor_text(r, 1, VL_MAIL_MAX_TYPE);
    content = vl_cbor_bytes(r, 0, VL_MAIL_MAX_ANSWER);
    if (!vl_cbor_ok(r))
        return VL_OK;
    if (vl_part_name_check(name, NULL) != VL_OK)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "a name that no part may have");
    if (!is_type(type))
        vl_cbor_refuse(r, VL_ERR_FORMAT, "a type that is none");
    if (part->role == VL_MAIL_TEXT && (vl_mail_text(mail) || !is_text(content)))
        vl_cbor_refuse(r, VL_ERR_FORMAT, "a text that is none, or a second one");
    memcpy(part->name, name.ptr, name.len); /* the rest of it is zero */
    memcpy(part->type, type.ptr, type.len);
    part->content = VL_BUF_INIT(content.len);
    mail->part_count++; /* from now on it is released with the mail */
    return vl_buf_put(&part->content, content);
}

static enum vl_err read_mail(struct vl_cbor *r, struct vl_mail *mail)
{
    enum vl_err err = VL_OK;
    size_t count;

    read_fields(r, mail, &err);
    count = vl_cbor_array(r, 0, VL_MAIL_MAX_PARTS);
    if (!err && vl_cbor_ok(r)) {
        mail->parts = vl_new(VL_MAIL_MAX_PARTS * sizeof *mail->parts);
        err = mail->parts ? VL_OK : VL_ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count && !err && vl_cbor_ok(r); i++)
        err = read_part(r, mail);
    return err;
}

enum vl_err vl_mail_read(vl_bytes answer, struct vl_mail *mail, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(answer, VL_CBOR_STRICT);
    struct vl_why refusal = {""};
    enum vl_err err = VL_OK, refused = VL_OK;
    size_t count;

    for (int i = 0; i < VL_MAIL_FIELD_COUNT; i++)
        mail->fields[i] = VL_BUF_INIT(VL_MAIL_MAX_FIELD + 1);
    count = vl_cbor_array(&r, 2, 4);
    if (vl_cbor_uint(&r, 1) ? count != 4 : count != 2)
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "neither a mail nor a failure");
    if (count == 4)
        err = read_mail(&r, mail);
    else
        refused = read_failure(&r, &refusal);
    if (err)
        (void)vl_fail(why, err, "%s", vl_err_words(err));
    else
        err = vl_cbor_close(&r, WHAT, why);
    if (!err && refused)
        err = vl_fail(why, refused, "%s", refusal.text);
    if (err)
        vl_mail_release(mail);
    return err;
}
