/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "mime/body.h"
#include "mime/bound.h"
#include "mime/field.h"
#include "mime/mime.h"

void vl_mime_begin(void)
{
    static const char *const within[] = {"rfc822", "rfc2822", "global", "news", "partial"};

    g_mime_init();
    /* A mail within a mail is one part, byte by byte, and is not looked into. */
    for (size_t i = 0; i < sizeof within / sizeof *within; i++)
        g_mime_object_register_type("message", within[i], GMIME_TYPE_PART);
}

/* The first thing that GMime tells of a mail, and for which it is refused. */
struct notice {
    enum vl_err err;
    struct vl_why *why;
};

static void refuse(struct notice *notice, enum vl_err err, const char *words, const char *item)
{
    if (notice->err)
        return;
    notice->err = err;
    if (item)
        (void)vl_fail(notice->why, err, "\"%.40s\" %s", item, words);
    else
        (void)vl_fail(notice->why, err, "%s", words);
}

/* What another reader could take for something else, or may be there in part only. */
static void take_notice(gint64 offset, GMimeParserWarning warning, const gchar *item,
                        gpointer user_data)
{
    (void)offset;
    switch (warning) {
    case GMIME_CRIT_INVALID_HEADER_NAME:
        refuse(user_data, VL_ERR_FORMAT, "is no field of a head", item ? item : "");
        break;
    case GMIME_WARN_DUPLICATED_PARAMETER:
    case GMIME_CRIT_CONFLICTING_PARAMETER:
        refuse(user_data, VL_ERR_FORMAT, "is there twice", item ? item : "");
        break;
    case GMIME_WARN_TRUNCATED_MESSAGE:
    case GMIME_WARN_MALFORMED_MULTIPART:
    case GMIME_WARN_MALFORMED_MESSAGE:
        refuse(user_data, VL_ERR_FORMAT, "it has no end: the mail is cut short", NULL);
        break;
    case GMIME_CRIT_MULTIPART_WITHOUT_BOUNDARY:
        refuse(user_data, VL_ERR_FORMAT, "a multipart without a boundary", NULL);
        break;
    case GMIME_CRIT_NESTING_OVERFLOW:
        refuse(user_data, VL_ERR_LIMIT, "multiparts within multiparts without an end", NULL);
        break;
    case GMIME_WARN_DUPLICATED_HEADER: /* of those that are read, vl_mime_field_find tells */
    case GMIME_CRIT_CONFLICTING_HEADER:
    case GMIME_WARN_UNENCODED_8BIT_HEADER:
    case GMIME_WARN_INVALID_CONTENT_TYPE:
    case GMIME_WARN_INVALID_RFC2047_HEADER_VALUE:
    case GMIME_WARN_INVALID_PARAMETER:
    case GMIME_WARN_INVALID_ADDRESS_LIST:
    case GMIME_WARN_PART_WITHOUT_CONTENT:
    case GMIME_CRIT_PART_WITHOUT_HEADERS_OR_CONTENT:
    default:
        break;
    }
}

static GMimeParser *new_parser(vl_bytes wire, GMimeFormat format)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)wire.ptr, wire.len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);

    g_object_unref(stream);
    g_mime_parser_set_format(parser, format);
    return parser;
}

/* Programs that keep mails one behind the other in a file put a line of their own before each.  Is
 * there another mail behind the first?  A line of a text may look like theirs. */
static bool has_another(vl_bytes wire)
{
    VL_AUTO(vl_gmime_unref) GMimeParser *parser = NULL;
    size_t count = 0;

    if (!vl_bytes_starts(wire, VL_LITERAL("From ")))
        return false;
    parser = new_parser(wire, GMIME_FORMAT_MBOX);
    while (count < 2 && !g_mime_parser_eos(parser)) {
        VL_AUTO(vl_gmime_unref)
        GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

        if (!message)
            break;
        count += g_mime_object_get_header(GMIME_OBJECT(message), "From") != NULL;
    }
    return count > 1;
}

static enum vl_err parse(vl_bytes wire, GMimeParserOptions *options, const struct notice *notice,
                         struct vl_mail *mail, struct vl_why *why)
{
    VL_AUTO(vl_gmime_unref) GMimeParser *parser = new_parser(wire, GMIME_FORMAT_MESSAGE);
    VL_AUTO(vl_gmime_unref)
    GMimeMessage *message = g_mime_parser_construct_message(parser, options);
    enum vl_err err;

    if (notice->err)
        return notice->err;
    if (!message)
        return vl_fail(why, VL_ERR_FORMAT, "it is no mail");
    err = vl_mime_fields(GMIME_OBJECT(message), mail, why);
    return err ? err
               : vl_mime_body(g_mime_message_get_mime_part(message), options, wire, mail, why);
}

enum vl_err vl_mime_parse(vl_bytes wire, struct vl_mail *mail, struct vl_why *why)
{
    static const char *charsets[] = {"utf-8", NULL};
    struct vl_why own = {""}, noticed = {""};
    struct notice notice = {VL_OK, &noticed};
    GMimeParserOptions *options;
    enum vl_err err;

    if (wire.len > VL_MAIL_MAX_LEN)
        return vl_fail(why, VL_ERR_LIMIT, "a mail of more than %zu MiB", VL_MAIL_MAX_LEN >> 20);
    err = vl_mime_bound(wire, why);
    if (err)
        return err;
    if (has_another(wire))
        return vl_fail(why, VL_ERR_FORMAT, "there is more than one mail in it");
    for (int i = 0; i < VL_MAIL_FIELD_COUNT; i++)
        mail->fields[i] = VL_BUF_INIT(VL_MAIL_MAX_FIELD + 1);
    mail->parts = vl_new(VL_MAIL_MAX_PARTS * sizeof *mail->parts);
    if (!mail->parts)
        return vl_fail(why, VL_ERR_NO_MEMORY, "%s", vl_err_words(VL_ERR_NO_MEMORY));
    options = g_mime_parser_options_new();
    g_mime_parser_options_set_fallback_charsets(options, charsets);
    g_mime_parser_options_set_warning_callback(options, take_notice, &notice);
    err = parse(wire, options, &notice, mail, &own);
    g_mime_parser_options_free(options);
    if (notice.err) { /* some of it GMime looks at only when it is asked for */
        err = notice.err;
        own = noticed;
    }
    if (!err)
        return VL_OK;
    vl_mail_release(mail);
    return vl_fail(why, err, "%s", own.text);
}
