/* SPDX-License-Identifier: Apache-2.0 */
/* mail/mail.h: a mail is taken apart into its text and what is attached, or is refused by name. */
#include <stdio.h>
#include <string.h>

#include "mail/head.h"
#include "mail/mail.h"
#include "support.h"

#define FROM           "From: a@example.org\n"
#define TYPE(type)     "Content-Type: " type "\n"
#define CODING(coding) "Content-Transfer-Encoding: " coding "\n"
#define ATTACHED(name) "Content-Disposition: attachment; filename=" name "\n"
#define MIXED          FROM TYPE("multipart/mixed; boundary=\"m\"") "\n"
#define ALTERNATIVE    TYPE("multipart/alternative; boundary=alt") "\n"

/* clang-format off */
#define BYTES(text) {(const uint8_t *)("" text), sizeof(text) - 1}
static const struct {
    const char *what;
    vl_bytes mail;
    const char *parts; /* role name type [content], a line each; '*' behind a name that was changed */
    enum vl_err err;
    const char *words;
} mails[] = {
    { "one text", BYTES(FROM "\nHello\n"), "text part-1.txt text/plain [Hello\n]\n", VL_OK, "" },
    { "lines with CR LF", BYTES("From: a\r\n\r\nHello\r\nthere\r\r\n"), "text part-1.txt text/plain [Hello\nthere\r\n]\n", VL_OK, "" },
    { "nothing under its head", BYTES(FROM), "", VL_OK, "" },
    { "a text of white space", BYTES(FROM "\n \t\r\n\n"), "", VL_OK, "" },
    { "kept in an mbox", BYTES("From a@example.org Sat Nov 28 10:00:00 2026\n" FROM "\nHello\n"), "text part-1.txt text/plain [Hello\n]\n", VL_OK, "" },
    { "an mbox with a line that is like its own", BYTES("From a\n" FROM "\nHello\nFrom: b\n\nFrom now on\n\nx: y\n"), "text part-1.txt text/plain [Hello\nFrom: b\n\nFrom now on\n\nx: y\n]\n", VL_OK, "" },
    { "two mails in an mbox", BYTES("From a\n" FROM "\nHello\n\nFrom b\n" FROM "\nHi\n"), NULL, VL_ERR_FORMAT, "there is more than one mail in it" },
    { "two mails in an mbox with CR LF", BYTES("From a\r\nFrom: a\r\n\r\nHello\r\n\r\nFrom b\r\nFrom: a\r\n\r\nHi\r\n"), NULL, VL_ERR_FORMAT, "there is more than one mail in it" },
    { "no mbox, and such a line", BYTES(FROM "\nHello\n\nFrom b\n"), "text part-1.txt text/plain [Hello\n\nFrom b\n]\n", VL_OK, "" },
    { "nothing", BYTES(""), NULL, VL_ERR_FORMAT, "it is no mail: nobody is \"from\"" },
    { "a text that is no mail", BYTES("Dear Sirs\n"), NULL, VL_ERR_FORMAT, "\"Dear Sirs\" is no field of a head" },
    { "nobody has sent it", BYTES("Subject: x\n\nHello\n"), NULL, VL_ERR_FORMAT, "it is no mail: nobody is \"from\"" },
    { "two senders", BYTES(FROM FROM "\nHello\n"), NULL, VL_ERR_FORMAT, "two fields \"from\"" },
    { "two subjects", BYTES(FROM "Subject: a\nSubject: b\n\nHello\n"), NULL, VL_ERR_FORMAT, "two fields \"subject\"" },
    { "two types", BYTES(FROM TYPE("text/plain") TYPE("text/html") "\nHello\n"), NULL, VL_ERR_FORMAT, "two fields \"content-type\"" },

    { "a text in latin 1", BYTES(FROM TYPE("text/plain; charset=ISO-8859-1") CODING("quoted-printable") "\ncaf=E9\n"), "text part-1.txt text/plain [caf\u00e9\n]\n", VL_OK, "" },
    { "a text in base64", BYTES(FROM TYPE("text/plain; charset=\"utf-8\"") CODING("BASE64") "\n4oKsDQo=\n"), "text part-1.txt text/plain [\u20ac\n]\n", VL_OK, "" },
    { "UTF-8 that nobody has named", BYTES(FROM "\n\xe2\x82\xac\n"), "text part-1.txt text/plain [\u20ac\n]\n", VL_OK, "" },
    { "other bytes that nobody has named", BYTES(FROM "\ncaf\xe9\n"), NULL, VL_ERR_UNSUPPORTED, "it is no UTF-8, and names no character set" },
    { "a set that is not known here", BYTES(FROM TYPE("text/plain; charset=gb18030") "\nHello\n"), NULL, VL_ERR_UNSUPPORTED, "the character set \"gb18030\" is not known here" },
    { "a coding that is not known here", BYTES(FROM CODING("x-uue") "\nHello\n"), NULL, VL_ERR_UNSUPPORTED, "the coding \"x-uue\" is not known here" },
    { "a NUL in a text", BYTES(FROM CODING("quoted-printable") "\na=00b\n"), NULL, VL_ERR_FORMAT, "a text with a NUL in it" },
    { "a type that is none", BYTES(FROM TYPE("text") "\nHello\n"), "text part-1.txt text/plain [Hello\n]\n", VL_OK, "" },

    { "HTML alone", BYTES(FROM TYPE("text/html") "\n<p>\n"), "attached part-1.html text/html [<p>\n]\n", VL_OK, "" },
    { "a picture alone", BYTES(FROM TYPE("image/png") CODING("base64") ATTACHED("a.png") "\nAQID\n"), "attached a.png image/png [\1\2\3]\n", VL_OK, "" },
    { "a text that is attached", BYTES(FROM ATTACHED("a.txt") "\nHello\r\n"), "attached a.txt text/plain [Hello\r\n]\n", VL_OK, "" },
    { "one text with a name", BYTES(FROM TYPE("text/plain; name=a.txt") "\nHello\n"), "text a.txt text/plain [Hello\n]\n", VL_OK, "" },

    { "parts, and what is around them", BYTES(MIXED "before\n--m\n\nHello\n\n--m \n" TYPE("image/png") ATTACHED("a.png") "\nx\r\ny\n\n--m--\t\nafter\n--m\n"),
      "text part-2.txt text/plain [Hello\n]\nattached a.png image/png [x\r\ny\n]\n", VL_OK, "" },
    { "parts with CR LF", BYTES("From: a\r\nContent-Type: multipart/mixed;\r\n boundary=m\r\n\r\n--m\r\n\r\nHello\r\n\r\n--m--"), "text part-2.txt text/plain [Hello\n]\n", VL_OK, "" },
    { "a part without anything", BYTES(MIXED "--m\n--m\n\nHello\n--m--\n"), "text part-3.txt text/plain [Hello]\n", VL_OK, "" },
    { "no part at all", BYTES(MIXED "--m--\n"), "", VL_OK, "" },
    { "lines that are like the boundary", BYTES(MIXED "--m\n\n--mm\n-m\n--m-\n --m\n--m--x\n\n--m--\n"), "text part-2.txt text/plain [--mm\n-m\n--m-\n --m\n--m--x\n]\n", VL_OK, "" },
    { "two texts", BYTES(MIXED "--m\n\nHello\n--m\n" TYPE("text/plain; charset=iso-8859-1") "\ncaf\xe9\n--m--\n"), "text part-2.txt text/plain [Hello]\nattached part-3.txt text/plain [caf\u00e9]\n", VL_OK, "" },
    { "an empty text before another", BYTES(MIXED "--m\n\n\n\n--m\n\nHello\n--m--\n"), "text part-3.txt text/plain [Hello]\n", VL_OK, "" },
    { "a text that has a name is a file", BYTES(MIXED "--m\n" TYPE("text/plain; name=a.txt; charset=x-odd") "\nfile\n--m\n\nHello\n--m--\n"), "attached a.txt text/plain [file]\ntext part-3.txt text/plain [Hello]\n", VL_OK, "" },
    { "two versions of one text", BYTES(FROM ALTERNATIVE "--alt\n\nHello\n--alt\n" TYPE("text/html") "\n<p>\n--alt--\n"), "text part-2.txt text/plain [Hello]\nleft part-3.html text/html [<p>]\n", VL_OK, "" },
    { "the HTML first", BYTES(FROM ALTERNATIVE "--alt\n" TYPE("text/html") "\n<p>\n--alt\n\nHello\n--alt--\n"), "left part-2.html text/html [<p>]\ntext part-3.txt text/plain [Hello]\n", VL_OK, "" },
    { "a version that says nothing", BYTES(FROM ALTERNATIVE "--alt\n\n \n--alt\n" TYPE("text/html") "\n<p>\n--alt--\n"), "attached part-3.html text/html [<p>]\n", VL_OK, "" },
    { "versions and a file", BYTES(MIXED "--m\n" ALTERNATIVE "--alt\n\nHello\n--alt\n" TYPE("text/html") "\n<p>\n--alt--\n\n--m\n" TYPE("text/html") ATTACHED("b.html") "\n<b>\n--m--\n"),
      "text part-3.txt text/plain [Hello]\nleft part-4.html text/html [<p>]\nattached b.html text/html [<b>]\n", VL_OK, "" },
    { "files within a version", BYTES(FROM ALTERNATIVE "--alt\n\nHello\n--alt\n" TYPE("multipart/mixed; boundary=m") "\n--m\n" TYPE("text/html") "\n<p>\n--m\n" TYPE("application/pdf") "\npdf\n--m--\n--alt--\n"),
      "text part-2.txt text/plain [Hello]\nleft part-4.html text/html [<p>]\nattached part-5.pdf application/pdf [pdf]\n", VL_OK, "" },
    { "other versions of something else", BYTES(MIXED "--m\n\nHello\n--m\n" ALTERNATIVE "--alt\n" TYPE("text/html") "\n<p>\n--alt--\n--m--\n"), "text part-2.txt text/plain [Hello]\nattached part-4.html text/html [<p>]\n", VL_OK, "" },
    { "HTML that is no version of the text", BYTES(MIXED "--m\n\nHello\n--m\n" TYPE("text/html") "\n<p>\n--m--\n"), "text part-2.txt text/plain [Hello]\nattached part-3.html text/html [<p>]\n", VL_OK, "" },
    { "versions within a version", BYTES(FROM ALTERNATIVE "--alt\n\nHello\n--alt\n" TYPE("multipart/alternative; boundary=m") "\n--m\n" TYPE("text/html") "\n<p>\n--m--\n--alt--\n"),
      "text part-2.txt text/plain [Hello]\nleft part-4.html text/html [<p>]\n", VL_OK, "" },
    { "a mail within", BYTES(MIXED "--m\n" TYPE("message/rfc822") "\nFrom: b\nContent-Type: multipart/mixed; boundary=n\n\n--n\n\n--n--\n--m--\n"),
      "attached part-2.eml message/rfc822 [From: b\nContent-Type: multipart/mixed; boundary=n\n\n--n\n\n--n--]\n", VL_OK, "" },
    { "a digest of mails", BYTES(FROM TYPE("multipart/digest; boundary=m") "\n--m\n\nFrom: b\n\nHi\n--m--\n"), "attached part-2.eml message/rfc822 [From: b\n\nHi]\n", VL_OK, "" },
    { "signed", BYTES(FROM TYPE("multipart/signed; boundary=m; micalg=pgp-sha256") "\n--m\n\nHello\n--m\n" TYPE("application/pgp-signature; name=\"signature.asc\"") "\nsig\n--m--\n"),
      "text part-2.txt text/plain [Hello]\nattached signature.asc application/pgp-signature [sig]\n", VL_OK, "" },
    { "boundaries of which one begins like the other", BYTES(MIXED "--m\n" TYPE("multipart/mixed; boundary=mm") "\n--mm\n\nHello\n--mm--\n--m--\n"), "text part-3.txt text/plain [Hello]\n", VL_OK, "" },

    { "names that lead elsewhere", BYTES(MIXED "--m\n" TYPE("image/png") ATTACHED("\"../../etc/passwd\"") "\na\n--m\n" TYPE("image/png") ATTACHED("\"C:\\temp\\b.png\"") "\nb\n--m\n" TYPE("image/png") ATTACHED("/") "\nc\n--m--\n"),
      "attached passwd* image/png [a]\nattached b.png* image/png [b]\nattached part-4.png* image/png [c]\n", VL_OK, "" },
    { "names that nobody could see", BYTES(MIXED "--m\n" TYPE("image/png") "Content-Disposition: attachment; filename*=utf-8''a%E2%80%AEgnp.exe\n" "\na\n--m\n" TYPE("image/png") ATTACHED("\"=?utf-8?Q?b=0A=1Bc?=\"") "\nb\n--m--\n"),
      "attached a_gnp.exe* image/png [a]\nattached b__c* image/png [b]\n", VL_OK, "" },
    { "a name of ours", BYTES(MIXED "--m\n" TYPE("image/png") ATTACHED("valise.manifest") "\na\n--m--\n"), "attached valise_manifest* image/png [a]\n", VL_OK, "" },
    { "a name of a device", BYTES(MIXED "--m\n" TYPE("image/png") ATTACHED("CON") "\na\n--m--\n"), "attached _CON* image/png [a]\n", VL_OK, "" },
    { "a name that nobody has encoded", BYTES(MIXED "--m\n" TYPE("image/png") ATTACHED("\"\xe2\x82\xac.png\"") "\na\n--m\n" TYPE("image/png") ATTACHED("\"\xe9.png\"") "\na\n--m--\n"),
      "attached \u20ac.png image/png [a]\nattached _.png* image/png [a]\n", VL_OK, "" },

    { "cut short before its end", BYTES(MIXED "--m\n\nHello\n--m\n\nmore\n"), NULL, VL_ERR_FORMAT, "part 3: it has no end: the mail is cut short" },
    { "cut short before its first part", BYTES(MIXED "before\n--mm\n"), NULL, VL_ERR_FORMAT, "a multipart without its first part: it is cut short" },
    { "cut short within", BYTES(MIXED "--m\n" ALTERNATIVE "--alt\n\nHello\n--m--\n"), NULL, VL_ERR_FORMAT, "part 3: it has no end: the mail is cut short" },
    { "base64 cut short", BYTES(MIXED "--m\n\nHello\n--m\n" TYPE("image/png") CODING("base64") "\nAAEC/w\n--m--\n"), NULL, VL_ERR_FORMAT, "part 3: its base64 is malformed, or ends early" },
    { "no boundary", BYTES(FROM TYPE("multipart/mixed") "\n--m\n\n--m--\n"), NULL, VL_ERR_FORMAT, "a multipart with a boundary of 0 characters" },
    { "a boundary of 71", BYTES(FROM TYPE("multipart/mixed; boundary=12345678901234567890123456789012345678901234567890123456789012345678901") "\n"), NULL, VL_ERR_FORMAT,
      "a multipart with a boundary of 71 characters" },
    { "two boundaries", BYTES(FROM TYPE("multipart/mixed; boundary=m; boundary=n") "\n--m\n\n--m--\n"), NULL, VL_ERR_FORMAT, "\"boundary\" is there twice" },
    { "a multipart that is encoded", BYTES(FROM TYPE("multipart/mixed; boundary=m") CODING("base64") "\nLS1t\n"), NULL, VL_ERR_FORMAT, "a multipart in \"base64\"" },
    { "a part whose head is none", BYTES(MIXED "--m\nHello there\n--m--\n"), NULL, VL_ERR_FORMAT, "part 2: \"Hello there\" is no field of a head" },
};
/* clang-format on */

static void put(struct vl_buf *out, const char *text)
{
    assert_int_equal(vl_buf_put(out, vl_bytes_str(text)), VL_OK);
}

/* As the table has it. */
static void describe(const struct vl_mail *mail, struct vl_buf *out)
{
    static const char *const roles[] = {"attached ", "text ", "left "};

    for (size_t i = 0; i < mail->part_count; i++) {
        const struct vl_mail_part *part = &mail->parts[i];

        put(out, roles[part->role]);
        put(out, part->name);
        put(out, part->renamed ? "* " : " ");
        put(out, part->type);
        put(out, " [");
        assert_int_equal(vl_buf_put(out, vl_buf_bytes(&part->content)), VL_OK);
        put(out, "]\n");
    }
}

static void mails_are_taken_apart_or_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mails / sizeof *mails; i++) {
        struct vl_mail mail = VL_MAIL_INIT;
        struct vl_buf parts = VL_BUF_INIT(65536);
        struct vl_why why = {""};

        print_message("# %s\n", mails[i].what);
        assert_err(vl_mail_parse(mails[i].mail, &mail, &why), mails[i].err, &why);
        assert_string_equal(why.text, mails[i].words);
        if (mails[i].err) {
            assert_null(mail.parts);
        } else {
            describe(&mail, &parts);
            assert_int_equal(vl_buf_put_byte(&parts, 0), VL_OK);
            assert_string_equal((const char *)parts.data, mails[i].parts);
        }
        vl_buf_release(&parts);
        vl_mail_release(&mail);
        vl_mail_release(&mail);
    }
}

static const char *field(const struct vl_mail *mail, enum vl_mail_field which)
{
    return (const char *)mail->fields[which].data;
}

static void what_a_mail_says_of_itself_is_one_line_each(void **state)
{
    struct vl_mail mail = VL_MAIL_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_mail_parse(VL_LITERAL(
                                 "From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>\r\n"
                                 "Subject: =?iso-8859-1?Q?=A35?=\r\n =?utf-8?Q?=0Aand=00_more?=\r\n"
                                 "Date: Sat, 28 Nov 2026\t10:00:00 +0100\r\n"
                                 "Message-Id: <1@example.org>\r\n"
                                 "To: =?gb2312?B?xOM=?= <t@example.org>,\r\n\tu@example.org\r\n"
                                 "cc: \xe9 <v@example.org>\r\n\r\n"),
                             &mail, &why),
               VL_OK, &why);
    assert_string_equal(field(&mail, VL_MAIL_FROM), "J\u00fcrgen <j@example.org>");
    assert_string_equal(field(&mail, VL_MAIL_SUBJECT), "\u00a35 and more");
    assert_string_equal(field(&mail, VL_MAIL_DATE), "Sat, 28 Nov 2026 10:00:00 +0100");
    assert_string_equal(field(&mail, VL_MAIL_MESSAGE_ID), "<1@example.org>");
    assert_string_equal(field(&mail, VL_MAIL_TO),
                        "=?gb2312?B?xOM=?= <t@example.org>, u@example.org");
    assert_string_equal(field(&mail, VL_MAIL_CC), "\xe9 <v@example.org>");
    assert_int_equal(mail.subject_err, VL_OK);
    vl_mail_release(&mail);
}

static void a_subject_that_cannot_be_read_is_told_and_kept(void **state)
{
    struct vl_mail mail = VL_MAIL_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_mail_parse(VL_LITERAL(FROM "Subject: =?gb2312?B?xOM=?=\n\nHello\n"), &mail, &why),
               VL_OK, &why);
    assert_int_equal(mail.subject_err, VL_ERR_UNSUPPORTED);
    assert_string_equal(mail.subject_why.text, "the character set \"gb2312\" is not known here");
    assert_string_equal(field(&mail, VL_MAIL_SUBJECT), "=?gb2312?B?xOM=?=");
    vl_mail_release(&mail);
    assert_err(vl_mail_parse(VL_LITERAL(FROM "Subject: caf\xe9\n\nHello\n"), &mail, &why), VL_OK,
               &why);
    assert_int_equal(mail.subject_err, VL_ERR_FORMAT);
    assert_string_equal(mail.subject_why.text, "it is no UTF-8");
    vl_mail_release(&mail);
}

static void put_times(struct vl_buf *out, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        put(out, text);
}

static void parts_are_counted(void **state)
{
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        struct vl_mail mail = VL_MAIL_INIT;
        struct vl_buf wire = VL_BUF_INIT(65536);
        struct vl_why why = {""};

        put(&wire, MIXED);
        /* The mail is a part itself. */
        put_times(&wire, VL_MAIL_MAX_PARTS - 1 + over, "--m\n" TYPE("image/png") "\nx\n");
        put(&wire, "--m--\n");
        assert_err(vl_mail_parse(vl_buf_bytes(&wire), &mail, &why), over ? VL_ERR_LIMIT : VL_OK,
                   &why);
        assert_string_equal(why.text, over ? "more than 256 parts" : "");
        assert_int_equal(mail.part_count, over ? 0 : VL_MAIL_MAX_PARTS - 1);
        vl_mail_release(&mail);
        vl_buf_release(&wire);
    }
}

static void depth_is_counted(void **state)
{
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        struct vl_mail mail = VL_MAIL_INIT;
        struct vl_buf wire = VL_BUF_INIT(65536);
        struct vl_why why = {""};
        char line[64];

        put(&wire, FROM);
        for (size_t i = 0; i < VL_MAIL_MAX_DEPTH + over; i++) {
            (void)snprintf(line, sizeof line,
                           "Content-Type: multipart/mixed; boundary=m%zu\n\n--m%zu\n", i, i);
            put(&wire, line);
        }
        put(&wire, "\nHello\n");
        for (size_t i = VL_MAIL_MAX_DEPTH + over; i-- > 0;) {
            (void)snprintf(line, sizeof line, "--m%zu--\n", i);
            put(&wire, line);
        }
        assert_err(vl_mail_parse(vl_buf_bytes(&wire), &mail, &why), over ? VL_ERR_LIMIT : VL_OK,
                   &why);
        assert_string_equal(why.text, over ? "part 17: multiparts more than 16 deep" : "");
        if (!over)
            assert_bytes(vl_buf_bytes(&vl_mail_text(&mail)->content), VL_LITERAL("Hello"));
        vl_mail_release(&mail);
        vl_buf_release(&wire);
    }
}

static void a_mail_and_the_head_of_a_part_have_limits(void **state)
{
    struct vl_mail mail = VL_MAIL_INIT;
    struct vl_buf wire = VL_BUF_INIT(2 * VL_HEAD_MAX);
    struct vl_why why = {""};
    uint8_t *at;

    (void)state;
    assert_err(vl_mail_parse(vl_bytes_of("", VL_MAIL_MAX_LEN + 1), &mail, &why), VL_ERR_LIMIT,
               &why);
    assert_string_equal(why.text, "a mail of more than 64 MiB");
    put(&wire, MIXED "--m\nX: ");
    assert_int_equal(vl_buf_add(&wire, VL_HEAD_MAX, &at), VL_OK);
    memset(at, 'x', VL_HEAD_MAX);
    put(&wire, "\n\n--m--\n");
    assert_err(vl_mail_parse(vl_buf_bytes(&wire), &mail, &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "part 2: a head of more than 256 KiB");
    vl_buf_release(&wire);
}

static const char everything[] =
    "From: =?utf-8?Q?J=C3=BCrgen?= =?iso-8859-1?B?6Q==?= <j@example.org>\nSubject: a\n b\nDate: "
    "c\n" TYPE("multipart/mixed; boundary=m") "\n--m\n" ALTERNATIVE "--alt\n" TYPE(
        "text/plain; charset=iso-8859-15")
        CODING("quoted-printable") "\n5 =A4\n--alt\n" TYPE(
            "text/html") "\n<p>\n--alt--\n--m\n" TYPE("image/png")
            CODING("base64") "Content-Disposition: attachment; filename*0*=utf-8''%e2%82; "
                             "filename*1*=%ac\n\nAAEC\n--m\n" ATTACHED(
                                 "\"=?utf-8?Q?=0A?=\"") "\nx\n--m--\n";

static enum vl_err parse_everything(void *self, struct vl_why *why)
{
    struct vl_mail mail = VL_MAIL_INIT;
    enum vl_err err = vl_mail_parse(vl_bytes_str(everything), &mail, why);

    (void)self;
    if (!err) {
        assert_int_equal(mail.part_count, 4);
        assert_bytes(vl_buf_bytes(&vl_mail_text(&mail)->content), vl_bytes_str("5 \u20ac"));
        assert_string_equal(mail.parts[2].name, "\u20ac");
        assert_string_equal(mail.parts[3].name, "_");
    } else {
        assert_null(mail.parts);
        assert_int_equal(mail.part_count, 0);
    }
    vl_mail_release(&mail);
    return err;
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(each_allocation_fails(parse_everything, NULL) > 20);
}

/* From the first part on.  (Before that it is a short mail; and the last line end may lack.) */
static void a_mail_with_parts_cut_anywhere_is_refused(void **state)
{
    const size_t whole = strlen(everything);
    const size_t begin = (size_t)(strstr(everything, "\n\n--m\n") - everything);

    (void)state;
    for (size_t len = begin; len + 1 < whole; len++) {
        struct vl_buf copy = VL_BUF_INIT(65536);
        struct vl_mail mail = VL_MAIL_INIT;
        struct vl_why why = {""};

        assert_int_equal(vl_buf_put(&copy, vl_bytes_of(everything, len)), VL_OK);
        assert_err(vl_mail_parse(vl_buf_bytes(&copy), &mail, &why), VL_ERR_FORMAT, &why);
        assert_null(mail.parts);
        vl_buf_release(&copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mails_are_taken_apart_or_refused_by_name),
        cmocka_unit_test(what_a_mail_says_of_itself_is_one_line_each),
        cmocka_unit_test(a_subject_that_cannot_be_read_is_told_and_kept),
        cmocka_unit_test(parts_are_counted),
        cmocka_unit_test(depth_is_counted),
        cmocka_unit_test(a_mail_and_the_head_of_a_part_have_limits),
        cmocka_unit_test(each_allocation_may_fail),
        cmocka_unit_test(a_mail_with_parts_cut_anywhere_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
