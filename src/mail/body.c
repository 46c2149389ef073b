/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/body.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "mail/ascii.h"
#include "mail/charset.h"
#include "mail/coding.h"
#include "mail/head.h"

#define BOUNDARY_MAX 70 /* RFC 2046, 5.1.1 */
/* A character of one byte becomes three at most. */
#define CONTENT_MAX (3 * VL_MAIL_MAX_LEN)

/* A multipart that is being read. */
struct frame {
    vl_bytes left;
    uint8_t delimiter[2 + BOUNDARY_MAX]; /* "--" and the boundary */
    size_t delimiter_len;
    bool is_digest;       /* its parts are mails unless they say otherwise */
    unsigned alternative; /* the outermost multipart/alternative around its parts; 0: none */
    bool is_closed;
};

struct walk {
    struct vl_mail *mail;
    size_t seen; /* parts of any kind */
    unsigned alternatives;
    size_t depth;
    struct frame frames[VL_MAIL_MAX_DEPTH];
    /* Of each part of mail: */
    unsigned alternative[VL_MAIL_MAX_PARTS];
    bool is_inline_text[VL_MAIL_MAX_PARTS];
};

/* What a head says about the body under it. */
struct content {
    vl_bytes type_value;
    vl_bytes disposition_value;
    char type[VL_MIME_WORD];
    char coding[VL_MIME_WORD];
    char disposition[VL_MIME_WORD];
};

static enum vl_err read_content(vl_bytes head, const char *default_type, struct content *content,
                                struct vl_why *why)
{
    vl_bytes coding_value;
    enum vl_err err = vl_head_find(head, "content-type", &content->type_value, why);

    if (!err)
        err = vl_head_find(head, "content-transfer-encoding", &coding_value, why);
    if (!err)
        err = vl_head_find(head, "content-disposition", &content->disposition_value, why);
    if (err)
        return err;
    (void)vl_mime_word(content->type_value, content->type);
    (void)vl_mime_word(coding_value, content->coding);
    (void)vl_mime_word(content->disposition_value, content->disposition);
    if (!strchr(content->type, '/')) /* one that is malformed counts as none (RFC 2045, 5.2) */
        (void)snprintf(content->type, sizeof content->type, "%s", default_type);
    return VL_OK;
}

/* --- multiparts --------------------------------------------------------------------------------*/

/* Behind the boundary: "--" at the last one, and white space. */
static bool ends_delimiter(vl_bytes rest, bool *is_last)
{
    *is_last = vl_bytes_starts(rest, VL_LITERAL("--"));
    if (*is_last)
        rest = vl_bytes_after(rest, 2);
    while (rest.len > 0 && vl_ascii_is_white(rest.ptr[0]))
        rest = vl_bytes_after(rest, 1);
    return rest.len == 0;
}

/* The next line that is a delimiter; left goes on behind it. */
static bool find_delimiter(const struct frame *frame, vl_bytes *left, vl_bytes *line, bool *is_last)
{
    const uint8_t *begin = left->ptr, *at;

    while (left->len > 0 &&
           (at = memmem(left->ptr, left->len, frame->delimiter, frame->delimiter_len)) != NULL) {
        *left = vl_bytes_after(*left, (size_t)(at - left->ptr));
        if (at != begin && at[-1] != '\n') {
            *left = vl_bytes_after(*left, 1);
            continue;
        }
        (void)vl_line_take(left, line);
        if (ends_delimiter(vl_bytes_after(*line, frame->delimiter_len), is_last))
            return true;
    }
    return false;
}

/* What is before the next delimiter, which is taken too.  The line end before it belongs to it. */
static bool take_part(struct frame *frame, vl_bytes *part)
{
    const vl_bytes start = frame->left;
    vl_bytes line;

    if (!find_delimiter(frame, &frame->left, &line, &frame->is_closed))
        return false;
    *part = vl_bytes_first(start, (size_t)(line.ptr - start.ptr));
    if (part->len > 0)
        part->len--;
    if (part->len > 0 && part->ptr[part->len - 1] == '\r')
        part->len--;
    return true;
}

static enum vl_err open_frame(struct walk *walk, const struct content *content, vl_bytes body,
                              unsigned alternative, struct vl_why *why)
{
    struct frame *frame = &walk->frames[walk->depth];
    VL_AUTO(vl_buf_release) struct vl_buf boundary = VL_BUF_INIT(VL_MAIL_MAX_LEN);
    vl_bytes preamble;
    enum vl_err err;

    if (walk->depth == VL_MAIL_MAX_DEPTH)
        return vl_fail(why, VL_ERR_LIMIT, "multiparts more than %d deep", VL_MAIL_MAX_DEPTH);
    if (!vl_coding_is_plain(content->coding)) /* RFC 2045, 6.4 */
        return vl_fail(why, VL_ERR_FORMAT, "a multipart in \"%.40s\"", content->coding);
    err = vl_mime_param(content->type_value, "boundary", &boundary, why);
    if (err)
        return err;
    if (boundary.len == 0 || boundary.len > BOUNDARY_MAX)
        return vl_fail(why, VL_ERR_FORMAT, "a multipart with a boundary of %zu characters",
                       boundary.len);
    *frame = (struct frame){.left = body,
                            .delimiter = "--",
                            .delimiter_len = 2 + boundary.len,
                            .is_digest = strcmp(content->type, "multipart/digest") == 0,
                            .alternative = alternative};
    memcpy(frame->delimiter + 2, boundary.data, boundary.len);
    if (!alternative && strcmp(content->type, "multipart/alternative") == 0)
        frame->alternative = ++walk->alternatives;
    if (!take_part(frame, &preamble))
        return vl_fail(why, VL_ERR_FORMAT, "a multipart without its first part: it is cut short");
    walk->depth++;
    return VL_OK;
}

/* --- parts -------------------------------------------------------------------------------------*/

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

static enum vl_err read_name(const struct walk *walk, const struct content *content,
                             struct vl_mail_part *part, bool *has_name, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf claimed = VL_BUF_INIT(VL_MAIL_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf clean = VL_BUF_INIT(VL_PART_NAME_MAX);
    vl_bytes name;
    enum vl_err err = vl_mime_name(content->disposition_value, "filename", &claimed, why);

    if (!err && claimed.len == 0)
        err = vl_mime_name(content->type_value, "name", &claimed, why);
    if (err)
        return err;
    name = without_folders(vl_buf_bytes(&claimed));
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
    part->renamed = !vl_bytes_eq(vl_buf_bytes(&claimed), vl_buf_bytes(&clean));
    return VL_OK;
}

static bool is_blank(vl_bytes text)
{
    size_t i = 0;

    while (i < text.len && vl_ascii_is_white(text.ptr[i]))
        i++;
    return i == text.len;
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
static enum vl_err read_text(const struct content *content, struct vl_buf *bytes,
                             struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf charset = VL_BUF_INIT(VL_MAIL_MAX_LEN);
    struct vl_buf text = VL_BUF_INIT(CONTENT_MAX);
    enum vl_err err = vl_mime_param(content->type_value, "charset", &charset, why);

    if (!err && charset.len == 0 && !vl_text_is_utf8(vl_buf_bytes(bytes)))
        err = vl_fail(why, VL_ERR_UNSUPPORTED, "it is no UTF-8, and names no character set");
    if (!err)
        err = vl_charset_read(charset.len > 0 ? vl_buf_bytes(&charset) : VL_LITERAL("utf-8"),
                              vl_buf_bytes(bytes), &text, why);
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

static enum vl_err add_part(struct walk *walk, const struct content *content, vl_bytes body,
                            unsigned alternative, struct vl_why *why)
{
    struct vl_mail *mail = walk->mail;
    const size_t index = mail->part_count;
    struct vl_mail_part *part = &mail->parts[index];
    bool has_name = false, is_text;
    enum vl_err err;

    *part = (struct vl_mail_part){.content = VL_BUF_INIT(CONTENT_MAX)};
    mail->part_count++; /* from now on it is released with the mail */
    (void)snprintf(part->type, sizeof part->type, "%s", content->type);
    err = read_name(walk, content, part, &has_name, why);
    if (!err)
        err = vl_coding_read(content->coding, body, &part->content, why);
    is_text = strcmp(content->type, "text/plain") == 0 &&
              strcmp(content->disposition, "attachment") != 0 && (!has_name || walk->depth == 0);
    if (!err && is_text)
        err = read_text(content, &part->content, why);
    if (!err && is_text && is_blank(vl_buf_bytes(&part->content))) {
        vl_buf_release(&part->content); /* there is nothing in it */
        mail->part_count--;
        return VL_OK;
    }
    walk->alternative[index] = alternative;
    walk->is_inline_text[index] = is_text;
    return err;
}

static enum vl_err see(struct walk *walk, vl_bytes head, vl_bytes body, const char *default_type,
                       unsigned alternative, struct vl_why *why)
{
    struct content content;
    enum vl_err err = read_content(head, default_type, &content, why);

    if (err)
        return err;
    if (strncmp(content.type, "multipart/", 10) == 0)
        return open_frame(walk, &content, body, alternative, why);
    return add_part(walk, &content, body, alternative, why);
}

static enum vl_err see_next(struct walk *walk, struct frame *frame, struct vl_why *why)
{
    vl_bytes head = {0}, part;
    enum vl_err err;

    if (walk->seen == VL_MAIL_MAX_PARTS)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d parts", VL_MAIL_MAX_PARTS);
    walk->seen++;
    if (!take_part(frame, &part))
        err = vl_fail(why, VL_ERR_FORMAT, "it has no end: the mail is cut short");
    else
        err = vl_head_take(&part, &head, why);
    if (!err)
        err = see(walk, head, part, frame->is_digest ? "message/rfc822" : "text/plain",
                  frame->alternative, why);
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

enum vl_err vl_mail_body(vl_bytes head, vl_bytes body, struct vl_mail *mail, struct vl_why *why)
{
    struct walk walk = {.mail = mail, .seen = 1};
    enum vl_err err = see(&walk, head, body, "text/plain", 0, why);

    while (!err && walk.depth > 0) {
        struct frame *frame = &walk.frames[walk.depth - 1];

        if (frame->is_closed)
            walk.depth--;
        else
            err = see_next(&walk, frame, why);
    }
    if (!err)
        choose_text(&walk);
    return err;
}
