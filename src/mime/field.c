/* SPDX-License-Identifier: Apache-2.0 */
#include "mime/field.h"

#include <string.h>

#include "base/text.h"

/* The longest name of a character set that is looked for. */
#define CHARSET_MAX 40

void vl_gmime_unref(void *object)
{
    GObject **at = object;

    if (*at)
        g_object_unref(*at);
}

void vl_gmime_free(void *text)
{
    char **at = text;

    g_free(*at);
}

static void free_regex(GRegex **regex)
{
    g_regex_unref(*regex);
}

static void free_match(GMatchInfo **match)
{
    if (*match)
        g_match_info_free(*match);
}

static enum vl_err failed(enum vl_err err, struct vl_why *why)
{
    return err ? vl_fail(why, err, "%s", vl_err_words(err)) : VL_OK;
}

/* --- character sets --------------------------------------------------------------------------- */

/* iconv(3) takes more than names: "//TRANSLIT" behind one, and what it knows as files. */
static bool is_charset(const char *name)
{
    size_t len = 0;

    while (g_ascii_isalnum(name[len]) || (name[len] != '\0' && strchr("-_.:+()", name[len])))
        len++;
    return len > 0 && len <= CHARSET_MAX && name[len] == '\0';
}

enum vl_err vl_mime_convert(const char *charset, vl_bytes bytes, struct vl_buf *out,
                            struct vl_why *why)
{
    VL_AUTO(vl_gmime_free) char *text = NULL;
    GError *error = NULL;
    gsize len = 0;
    enum vl_err err;
    bool is_known = is_charset(charset);

    if (is_known)
        text = g_convert((const char *)bytes.ptr, (gssize)bytes.len, "UTF-8",
                         g_mime_charset_iconv_name(charset), NULL, &len, &error);
    if (error && !g_error_matches(error, G_CONVERT_ERROR, G_CONVERT_ERROR_ILLEGAL_SEQUENCE) &&
        !g_error_matches(error, G_CONVERT_ERROR, G_CONVERT_ERROR_PARTIAL_INPUT))
        is_known = false;
    g_clear_error(&error);
    if (!is_known)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "the character set \"%.*s\" is not known here",
                       CHARSET_MAX, charset);
    if (!text || !vl_text_is_utf8(vl_bytes_of(text, len)))
        return vl_fail(why, VL_ERR_FORMAT, "it has bytes that are nothing in \"%s\"", charset);
    err = vl_buf_put(out, vl_bytes_of(text, len));
    return failed(err, why);
}

/* --- encoded words ---------------------------------------------------------------------------- */

/* GMime (3.2.13) puts '?' where it cannot read them and does not tell, and of words of base64 that
 * follow each other it loses those behind the first that ends with '='.  So here they are put
 * together: the bytes of words of one set and coding as one, since some programs cut within a
 * character. */
struct run {
    char *charset; /* NULL: there is none */
    char coding;
    GByteArray *bytes;
};

static void free_run(struct run *run)
{
    g_free(run->charset);
    g_byte_array_unref(run->bytes);
}

/* As one word: there is nothing behind it that could be lost. */
static enum vl_err put_word(vl_bytes text, struct vl_buf *out)
{
    VL_AUTO(vl_gmime_free) char *base64 = g_base64_encode(text.ptr, text.len);
    VL_AUTO(vl_gmime_free) char *word = g_strconcat("=?utf-8?B?", base64, "?=", NULL);

    return vl_buf_put(out, vl_bytes_str(word));
}

static enum vl_err end_run(struct run *run, bool as_word, struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VL_MAIL_MAX_ANSWER);
    const vl_bytes bytes = vl_bytes_of(run->bytes->data, run->bytes->len);
    enum vl_err err = VL_OK;

    if (run->charset && bytes.len > 0)
        err = vl_mime_convert(run->charset, bytes, &text, why);
    if (!err && text.len > 0 && memchr(text.data, '\0', text.len))
        err = vl_fail(why, VL_ERR_FORMAT, "it has a NUL in it");
    if (!err && text.len > 0)
        err = failed(as_word ? put_word(vl_buf_bytes(&text), out)
                             : vl_buf_put(out, vl_buf_bytes(&text)),
                     why);
    g_free(run->charset);
    run->charset = NULL;
    g_byte_array_set_size(run->bytes, 0);
    return err;
}

static void decode_word(char coding, char *text, GByteArray *bytes)
{
    const guint before = bytes->len;
    const size_t len = strlen(text);
    GMimeEncoding state;

    g_mime_encoding_init_decode(&state, coding == 'b' ? GMIME_CONTENT_ENCODING_BASE64
                                                      : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    if (coding == 'q')
        (void)g_strdelimit(text, "_", ' ');
    g_byte_array_set_size(bytes, before + (guint)g_mime_encoding_outlen(&state, len));
    g_byte_array_set_size(bytes,
                          before + (guint)g_mime_encoding_flush(&state, text, len,
                                                                (char *)bytes->data + before));
}

static bool is_white(vl_bytes text)
{
    size_t i = 0;

    while (i < text.len && g_ascii_isspace((char)text.ptr[i]))
        i++;
    return i == text.len;
}

/* The next word, and what is between it and the one before. */
static enum vl_err add_word(struct run *run, vl_bytes between, const GMatchInfo *match,
                            bool as_word, struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_gmime_free) char *charset = g_match_info_fetch(match, 1);
    VL_AUTO(vl_gmime_free) char *coding = g_match_info_fetch(match, 2);
    VL_AUTO(vl_gmime_free) char *text = g_match_info_fetch(match, 3);
    const char letter = g_ascii_tolower(coding[0]);
    const bool follows = run->charset && is_white(between);
    enum vl_err err = VL_OK;

    charset[strcspn(charset, "*")] = '\0'; /* its language (RFC 2231, 5) */
    if (!follows || run->coding != letter || g_ascii_strcasecmp(run->charset, charset) != 0)
        err = end_run(run, as_word, out, why);
    if (!err && !follows)
        err = failed(vl_buf_put(out, between), why);
    if (!run->charset)
        run->charset = g_strdup(charset);
    run->coding = letter;
    decode_word(letter, text, run->bytes);
    return err;
}

enum vl_err vl_mime_words(const char *value, bool as_word, struct vl_buf *out, struct vl_why *why)
{
    /* Each try ends at the next '?', so the time is that of the length. */
    static const char pattern[] = "=\\?([^?\\s]+)\\?([BbQq])\\?([^?\\s]*)\\?=";
    VL_AUTO(free_regex)
    GRegex *words = g_regex_new(pattern, G_REGEX_RAW, 0, NULL);
    VL_AUTO(free_match) GMatchInfo *match = NULL;
    VL_AUTO(free_run) struct run run = {NULL, '\0', g_byte_array_new()};
    vl_bytes left = vl_bytes_str(value);
    const size_t len = left.len;
    GError *error = NULL;
    enum vl_err err = VL_OK;

    if (!vl_text_is_utf8(left))
        return vl_fail(why, VL_ERR_FORMAT, "it is no UTF-8");
    (void)g_regex_match_full(words, value, -1, 0, 0, &match, &error);
    while (!err && g_match_info_matches(match)) {
        const size_t at = len - left.len;
        int start = 0, end = 0;

        (void)g_match_info_fetch_pos(match, 0, &start, &end);
        err = add_word(&run, vl_bytes_first(left, (size_t)start - at), match, as_word, out, why);
        left = vl_bytes_after(left, (size_t)end - at);
        (void)g_match_info_next(match, &error);
    }
    if (!err && error)
        err = vl_fail(why, VL_ERR_LIMIT, "its encoded words are too long");
    g_clear_error(&error);
    if (!err)
        err = end_run(&run, as_word, out, why);
    return err ? err : failed(vl_buf_put(out, left), why);
}

/* --- fields ----------------------------------------------------------------------------------- */

enum vl_err vl_mime_field_find(GMimeObject *object, const char *name, GMimeHeader **field,
                               struct vl_why *why)
{
    GMimeHeaderList *list = g_mime_object_get_header_list(object);
    const int count = g_mime_header_list_get_count(list);

    *field = NULL;
    for (int i = 0; i < count; i++) {
        GMimeHeader *at = g_mime_header_list_get_header_at(list, i);

        if (g_ascii_strcasecmp(g_mime_header_get_name(at), name) != 0)
            continue;
        if (*field)
            return vl_fail(why, VL_ERR_FORMAT, "two fields \"%s\"", name);
        *field = at;
    }
    return VL_OK;
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

static enum vl_err read_field(GMimeHeader *field, enum vl_mail_field which, struct vl_mail *mail,
                              struct vl_why *why)
{
    VL_AUTO(vl_gmime_free)
    char *value = g_mime_utils_header_unfold(g_mime_header_get_raw_value(field));
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VL_MAIL_MAX_ANSWER);
    enum vl_err err = vl_mime_words(value, false, &text, why);

    if (err == VL_ERR_FORMAT || err == VL_ERR_UNSUPPORTED) {
        if (which == VL_MAIL_SUBJECT) {
            mail->subject_err = err;
            mail->subject_why = *why;
        }
        text.len = 0;
        err = vl_buf_put(&text, vl_bytes_str(value));
    }
    if (!err)
        err = put_line(vl_buf_bytes(&text), &mail->fields[which]);
    if (err == VL_ERR_LIMIT)
        return vl_fail(why, err, "%s: more than %zu KiB", vl_mail_field_name(which),
                       VL_MAIL_MAX_FIELD >> 10);
    return failed(err, why);
}

enum vl_err vl_mime_fields(GMimeObject *message, struct vl_mail *mail, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (int i = 0; i < VL_MAIL_FIELD_COUNT && !err; i++) {
        const enum vl_mail_field which = (enum vl_mail_field)i;
        struct vl_why own = {""};
        GMimeHeader *field;

        err = vl_mime_field_find(message, vl_mail_field_name(which), &field, why);
        if (!err)
            err = field ? read_field(field, which, mail, &own)
                        : put_line(VL_BYTES_NONE, &mail->fields[i]);
        if (err && own.text[0])
            err = vl_fail(why, err, "%s", own.text);
    }
    if (!err && mail->fields[VL_MAIL_FROM].len == 0)
        err = vl_fail(why, VL_ERR_FORMAT, "it is no mail: nobody is \"from\"");
    return err;
}
