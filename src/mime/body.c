/* SPDX-License-Identifier: Apache-2.0 */
#include "mime/body.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "codec/base64.h"
#include "mime/field.h"

/* A multipart that is being walked through. */
struct frame {
    GMimeMultipart *multipart;
    int next;
    unsigned alternative; /* the outermost multipart/alternative around its parts; 0: none */
};

struct walk {
    GMimeParserOptions *options;
    vl_bytes wire;
    struct vl_mail *mail;
    size_t seen; /* parts of any kind */
    size_t bytes;
    unsigned alternatives;
    size_t depth;
    struct frame frames[VL_MAIL_MAX_DEPTH];
    /* Of each part of mail: */
    unsigned alternative[VL_MAIL_MAX_PARTS];
    bool is_inline_text[VL_MAIL_MAX_PARTS];
};

/* --- heads ------------------------------------------------------------------------------------ */

static enum vl_err check_head(GMimeObject *object, struct vl_why *why)
{
    static const char *const names[] = {"content-type", "content-transfer-encoding",
                                        "content-disposition"};
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < sizeof names / sizeof *names && !err; i++) {
        GMimeHeader *field;

        err = vl_mime_field_find(object, names[i], &field, why);
    }
    return err;
}

static bool is_blank(vl_bytes text)
{
    size_t i = 0;

    while (i < text.len && g_ascii_isspace((char)text.ptr[i]))
        i++;
    return i == text.len;
}

static enum vl_err read_coding(GMimeObject *object, GMimeContentEncoding *coding,
                               struct vl_why *why)
{
    const char *value = g_mime_object_get_header(object, "Content-Transfer-Encoding");

    *coding = value ? g_mime_content_encoding_from_string(value) : GMIME_CONTENT_ENCODING_DEFAULT;
    if (*coding == GMIME_CONTENT_ENCODING_UUENCODE ||
        (*coding == GMIME_CONTENT_ENCODING_DEFAULT && value && !is_blank(vl_bytes_str(value))))
        return vl_fail(why, VL_ERR_UNSUPPORTED, "the coding \"%.40s\" is not known here", value);
    return VL_OK;
}

/* In small letters. */
static void read_type(GMimeObject *object, char type[VL_MAIL_MAX_TYPE + 1])
{
    GMimeContentType *claimed = g_mime_object_get_content_type(object);
    VL_AUTO(vl_gmime_free) char *text = g_mime_content_type_get_mime_type(claimed);
    size_t len = 0;

    while (text[len] > ' ' && text[len] < 0x7f) {
        text[len] = g_ascii_tolower(text[len]);
        len++;
    }
    if (text[len] != '\0' || len > VL_MAIL_MAX_TYPE)
        (void)snprintf(type, VL_MAIL_MAX_TYPE + 1, "application/octet-stream");
    else
        memcpy(type, text, len + 1);
}

/* --- names ------------------------------------------------------------------------------------ */

static const char *end_of_name(const char *type)
{
    static const struct {
        const char *type;
        const char *end;
    } ends[] = {
        {"text/plain", ".txt"},
        {"text/html", ".html"},
        {"text/calendar", ".ics"},
        {"message/rfc822", ".eml"},
        {"application/pdf", ".pdf"},
        {"image/png", ".png"},
        {"image/jpeg", ".jpg"},
        {"image/gif", ".gif"},
        {"application/pgp-signature", ".asc"},
        {"message/delivery-status", ".txt"},
    };

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (strcmp(type, ends[i].type) == 0)
            return ends[i].end;
    return ".bin";
}

/* Behind the last slash of either kind: no mail says into which folder something goes. */
static vl_bytes without_folders(vl_bytes name)
{
    size_t start = name.len;

    while (start > 0 && name.ptr[start - 1] != '/' && name.ptr[start - 1] != '\\')
        start--;
    return vl_bytes_after(name, start);
}

/* A field for which GMime has read a name: once more, with its words as one.  What cannot be read
 * stays as it stands: a name is no reason to refuse a letter. */
static enum vl_err merge_words(GMimeObject *object, const char *name, struct vl_buf *value,
                               struct vl_why *why)
{
    VL_AUTO(vl_gmime_free) char *raw = NULL;
    GMimeHeader *field = NULL;
    enum vl_err err = vl_mime_field_find(object, name, &field, why);

    if (err || !field)
        return err;
    raw = g_mime_utils_header_unfold(g_mime_header_get_raw_value(field));
    err = vl_mime_words(raw, true, value, NULL);
    if (err == VL_ERR_FORMAT || err == VL_ERR_UNSUPPORTED) {
        value->len = 0;
        err = vl_buf_put(value, vl_bytes_str(raw));
    }
    if (!err)
        err = vl_buf_put_byte(value, '\0');
    return err ? vl_fail(why, err, "%s", vl_err_words(err)) : VL_OK;
}

/* To be freed; NULL when it has none. */
static char *disposition_name(const char *value, GMimeParserOptions *options)
{
    VL_AUTO(vl_gmime_unref)
    GMimeContentDisposition *field = g_mime_content_disposition_parse(options, value);

    return g_strdup(g_mime_content_disposition_get_parameter(field, "filename"));
}

static char *type_name(const char *value, GMimeParserOptions *options)
{
    VL_AUTO(vl_gmime_unref) GMimeContentType *field = g_mime_content_type_parse(options, value);

    return g_strdup(g_mime_content_type_get_parameter(field, "name"));
}

/* What the mail calls it, to be freed; NULL. */
static enum vl_err find_name(const struct walk *walk, GMimeObject *object, char **name,
                             struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf value = VL_BUF_INIT(VL_MAIL_MAX_ANSWER);
    enum vl_err err = merge_words(object, "content-disposition", &value, why);

    *name = NULL;
    if (!err && value.len > 0)
        *name = disposition_name((const char *)value.data, walk->options);
    value.len = 0;
    if (!err && !*name)
        err = merge_words(object, "content-type", &value, why);
    if (!err && !*name && value.len > 0)
        *name = type_name((const char *)value.data, walk->options);
    return err;
}

static enum vl_err read_name(const struct walk *walk, GMimePart *from, struct vl_mail_part *part,
                             bool *has_name, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf clean = VL_BUF_INIT(VL_PART_NAME_MAX);
    VL_AUTO(vl_gmime_free) char *text = NULL;
    enum vl_err err = find_name(walk, GMIME_OBJECT(from), &text, why);
    const vl_bytes claimed = vl_bytes_str(text);
    const vl_bytes name = without_folders(claimed);

    if (err)
        return err;
    *has_name = claimed.len > 0;
    part->renamed = *has_name;
    if (name.len == 0) {
        (void)snprintf(part->name, sizeof part->name, "part-%zu%s", walk->seen,
                       end_of_name(part->type));
        return VL_OK;
    }
    err = vl_part_name_clean(name, &clean);
    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    memcpy(part->name, clean.data, clean.len); /* the rest of it is zero */
    part->renamed = !vl_bytes_eq(claimed, vl_buf_bytes(&clean));
    return VL_OK;
}

/* --- contents --------------------------------------------------------------------------------- */

/* Where the content stands in the mail.  The line end before a delimiter belongs to that, and GMime
 * (3.2.13) takes it to be as long as the one behind it: so the mail itself is looked at. */
static enum vl_err find_content(vl_bytes wire, GMimePart *from, vl_bytes *body, struct vl_why *why)
{
    GMimeDataWrapper *content = g_mime_part_get_content(from);
    const GMimeStream *stream = content ? g_mime_data_wrapper_get_stream(content) : NULL;
    size_t start, end;

    *body = VL_BYTES_NONE;
    if (!stream)
        return VL_OK;
    start = (size_t)stream->bound_start;
    end = stream->bound_end < 0 ? wire.len : (size_t)stream->bound_end;
    if (start > end || end > wire.len)
        return vl_fail(why, VL_ERR_INTERNAL, "a part that is not in the mail");
    if (end < wire.len && end > start) {
        const vl_bytes behind = vl_bytes_after(wire, end);

        if (behind.ptr[0] == '\n' && wire.ptr[end - 1] == '\r')
            end--;
        else if (behind.len > 1 && behind.ptr[0] != '\r' && behind.ptr[1] == '\n')
            end++;
        else if (behind.ptr[0] != '\r' && behind.ptr[0] != '\n')
            return vl_fail(why, VL_ERR_FORMAT, "its lines end in two ways");
    }
    *body = vl_bytes_of(wire.ptr + start, end - start);
    return VL_OK;
}

/* GMime passes over what is no base64, and does not tell; codec/base64.h does.  In place: a byte is
 * written behind the symbols that it is made of. */
static enum vl_err read_base64(vl_bytes body, struct vl_buf *out)
{
    size_t symbols = 0, len = 0;
    uint8_t *room;
    enum vl_err err = vl_buf_add(out, body.len, &room);

    for (size_t i = 0; i < body.len && !err; i++)
        if (!g_ascii_isspace((char)body.ptr[i]))
            room[symbols++] = body.ptr[i];
    if (!err && symbols > 0)
        err = vl_base64_decode_padded(vl_bytes_of(room, symbols), room, &len);
    out->len = len;
    return err;
}

static enum vl_err read_quoted(vl_bytes body, struct vl_buf *out)
{
    GMimeEncoding state;
    uint8_t *room;
    enum vl_err err;

    g_mime_encoding_init_decode(&state, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    err = vl_buf_add(out, g_mime_encoding_outlen(&state, body.len), &room);
    if (!err && body.len > 0)
        out->len = g_mime_encoding_flush(&state, (const char *)body.ptr, body.len, (char *)room);
    return err;
}

static enum vl_err read_content(vl_bytes wire, GMimePart *from, GMimeContentEncoding coding,
                                struct vl_buf *out, struct vl_why *why)
{
    vl_bytes body;
    enum vl_err err = find_content(wire, from, &body, why);

    if (err)
        return err;
    if (coding == GMIME_CONTENT_ENCODING_BASE64)
        err = read_base64(body, out);
    else if (coding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
        err = read_quoted(body, out);
    else
        err = vl_buf_put(out, body);
    if (err == VL_ERR_FORMAT)
        return vl_fail(why, err, "its base64 is malformed, or ends early");
    return err ? vl_fail(why, err, "%s", vl_err_words(err)) : VL_OK;
}

/* Lines end with LF alone from here on. */
static void end_lines(struct vl_buf *text)
{
    size_t len = 0;

    for (size_t i = 0; i < text->len; i++)
        if (text->data[i] != '\r' || i + 1 == text->len || text->data[i + 1] != '\n')
            text->data[len++] = text->data[i];
    text->len = len;
}

/* From the character set that the head names to UTF-8.  Without one it is US-ASCII by RFC 2045,
 * 5.2, and in truth often UTF-8, which nothing else is by chance. */
static enum vl_err read_text(GMimeObject *from, struct vl_buf *bytes, struct vl_why *why)
{
    const char *charset =
        g_mime_content_type_get_parameter(g_mime_object_get_content_type(from), "charset");
    struct vl_buf text = VL_BUF_INIT(VL_MAIL_MAX_ANSWER);
    enum vl_err err = VL_OK;

    if (charset && charset[0] == '\0')
        charset = NULL;
    if (!charset && !vl_text_is_utf8(vl_buf_bytes(bytes)))
        err = vl_fail(why, VL_ERR_UNSUPPORTED, "it is no UTF-8, and names no character set");
    if (!err && bytes->len > 0)
        err = vl_mime_convert(charset ? charset : "utf-8", vl_buf_bytes(bytes), &text, why);
    if (!err && text.len > 0 && memchr(text.data, '\0', text.len))
        err = vl_fail(why, VL_ERR_FORMAT, "a text with a NUL in it");
    if (err) {
        vl_buf_release(&text);
        return err;
    }
    end_lines(&text);
    vl_buf_release(bytes);
    *bytes = text;
    return VL_OK;
}

static bool is_attached(GMimeObject *object)
{
    const char *disposition = g_mime_object_get_disposition(object);

    return disposition && g_ascii_strcasecmp(disposition, "attachment") == 0;
}

/* --- parts ------------------------------------------------------------------------------------ */

static enum vl_err add_part(struct walk *walk, GMimePart *from, GMimeContentEncoding coding,
                            unsigned alternative, struct vl_why *why)
{
    struct vl_mail *mail = walk->mail;
    const size_t index = mail->part_count;
    struct vl_mail_part *part = &mail->parts[index];
    bool has_name = false, is_text;
    enum vl_err err;

    *part = (struct vl_mail_part){.content = VL_BUF_INIT(VL_MAIL_MAX_ANSWER)};
    mail->part_count++; /* from now on it is released with the mail */
    read_type(GMIME_OBJECT(from), part->type);
    err = read_name(walk, from, part, &has_name, why);
    if (!err)
        err = read_content(walk->wire, from, coding, &part->content, why);
    is_text = strcmp(part->type, "text/plain") == 0 && !is_attached(GMIME_OBJECT(from)) &&
              (!has_name || walk->depth == 0);
    if (!err && is_text)
        err = read_text(GMIME_OBJECT(from), &part->content, why);
    if (!err && is_text && is_blank(vl_buf_bytes(&part->content))) {
        vl_buf_release(&part->content); /* there is nothing in it */
        mail->part_count--;
        return VL_OK;
    }
    walk->alternative[index] = alternative;
    walk->is_inline_text[index] = is_text;
    walk->bytes += part->content.len;
    if (!err && walk->bytes > VL_MAIL_MAX_ANSWER)
        err = vl_fail(why, VL_ERR_LIMIT, "parts of more than %zu MiB", VL_MAIL_MAX_ANSWER >> 20);
    return err;
}

static enum vl_err open_frame(struct walk *walk, GMimeMultipart *multipart,
                              GMimeContentEncoding coding, unsigned alternative, struct vl_why *why)
{
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(multipart));
    const char *boundary = g_mime_content_type_get_parameter(type, "boundary");

    if (walk->depth == VL_MAIL_MAX_DEPTH)
        return vl_fail(why, VL_ERR_LIMIT, "multiparts more than %d deep", VL_MAIL_MAX_DEPTH);
    if (coding == GMIME_CONTENT_ENCODING_BASE64 ||
        coding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE) /* RFC 2045, 6.4 */
        return vl_fail(why, VL_ERR_FORMAT, "a multipart that is encoded");
    if (!boundary || boundary[0] == '\0')
        return vl_fail(why, VL_ERR_FORMAT, "a multipart without a boundary");
    if (!alternative && g_mime_content_type_is_type(type, "multipart", "alternative"))
        alternative = ++walk->alternatives;
    walk->frames[walk->depth++] = (struct frame){multipart, 0, alternative};
    return VL_OK;
}

static enum vl_err see(struct walk *walk, GMimeObject *object, unsigned alternative,
                       struct vl_why *why)
{
    GMimeContentEncoding coding = GMIME_CONTENT_ENCODING_DEFAULT;
    enum vl_err err = check_head(object, why);

    if (!err)
        err = read_coding(object, &coding, why);
    if (err)
        return err;
    if (GMIME_IS_MULTIPART(object))
        return open_frame(walk, GMIME_MULTIPART(object), coding, alternative, why);
    if (GMIME_IS_PART(object))
        return add_part(walk, GMIME_PART(object), coding, alternative, why);
    return vl_fail(why, VL_ERR_UNSUPPORTED, "a part of a kind that is not known here");
}

static enum vl_err see_next(struct walk *walk, struct frame *frame, struct vl_why *why)
{
    enum vl_err err;

    if (walk->seen == VL_MAIL_MAX_PARTS)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d parts", VL_MAIL_MAX_PARTS);
    walk->seen++;
    err = see(walk, g_mime_multipart_get_part(frame->multipart, frame->next++), frame->alternative,
              why);
    return err ? vl_fail_in(why, err, "part %zu", walk->seen) : VL_OK;
}

/* The first text that is none of the files is what the mail says; of several versions of that one
 * thing, the HTML is left. */
static void choose_text(struct walk *walk)
{
    struct vl_mail *mail = walk->mail;
    unsigned alternative = 0;
    size_t i = 0;

    while (i < mail->part_count && !walk->is_inline_text[i])
        i++;
    if (i == mail->part_count)
        return;
    mail->parts[i].role = VL_MAIL_TEXT;
    alternative = walk->alternative[i];
    for (i = 0; i < mail->part_count; i++)
        if (alternative && walk->alternative[i] == alternative &&
            strcmp(mail->parts[i].type, "text/html") == 0)
            mail->parts[i].role = VL_MAIL_LEFT;
}

enum vl_err vl_mime_body(GMimeObject *body, GMimeParserOptions *options, vl_bytes wire,
                         struct vl_mail *mail, struct vl_why *why)
{
    struct walk walk = {.options = options, .wire = wire, .mail = mail, .seen = 1};
    enum vl_err err = body ? see(&walk, body, 0, why) : VL_OK;

    while (!err && walk.depth > 0) {
        struct frame *frame = &walk.frames[walk.depth - 1];

        if (frame->next == g_mime_multipart_get_count(frame->multipart))
            walk.depth--;
        else
            err = see_next(&walk, frame, why);
    }
    if (!err)
        choose_text(&walk);
    return err;
}
