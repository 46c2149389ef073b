/* SPDX-License-Identifier: Apache-2.0 */
/* mime/mime.h: a mail is taken apart into its text and what is attached, or is refused by name. */
#include <stdio.h>
#include <string.h>

#include "leaks.h"
#include "mime/mime.h"
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
    { "nothing under its head", BYTES(FROM "\n"), "", VL_OK, "" },
    { "cut short in its head", BYTES(FROM), NULL, VL_ERR_FORMAT, "it has no end: the mail is cut short" },
    { "a text of white space", BYTES(FROM "\n \t\r\n\n"), "", VL_OK, "" },
    { "kept in an mbox", BYTES("From a@example.org Sat Nov 28 10:00:00 2026\n" FROM "\nHello\n"), "text part-1.txt text/plain [Hello\n]\n", VL_OK, "" },
    { "an mbox with a line that is like its own", BYTES("From a\n" FROM "\nHello\nFrom: b\n\nFrom now on\n\nx: y\n"), "text part-1.txt text/plain [Hello\nFrom: b\n\nFrom now on\n\nx: y\n]\n", VL_OK, "" },
    { "two mails in an mbox", BYTES("From a\n" FROM "\nHello\n\nFrom b\n" FROM "\nHi\n"), NULL, VL_ERR_FORMAT, "there is more than one mail in it" },
    { "two mails in an mbox with CR LF", BYTES("From a\r\nFrom: a\r\n\r\nHello\r\n\r\nFrom b\r\nFrom: a\r\n\r\nHi\r\n"), NULL, VL_ERR_FORMAT, "there is more than one mail in it" },
    { "no mbox, and such a line", BYTES(FROM "\nHello\n\nFrom b\n"), "text part-1.txt text/plain [Hello\n\nFrom b\n]\n", VL_OK, "" },
    { "nothing", BYTES(""), NULL, VL_ERR_FORMAT, "it is no mail" },
    { "a text that is no mail", BYTES("Dear Sirs\n"), NULL, VL_ERR_FORMAT, "\"Dear Sirs\" is no field of a head" },
    { "nobody has sent it", BYTES("Subject: x\n\nHello\n"), NULL, VL_ERR_FORMAT, "it is no mail: nobody is \"from\"" },
    { "two senders", BYTES(FROM FROM "\nHello\n"), NULL, VL_ERR_FORMAT, "two fields \"from\"" },
    { "two subjects", BYTES(FROM "Subject: a\nSubject: b\n\nHello\n"), NULL, VL_ERR_FORMAT, "two fields \"subject\"" },
    { "two types", BYTES(FROM TYPE("text/plain") TYPE("text/html") "\nHello\n"), NULL, VL_ERR_FORMAT, "two fields \"content-type\"" },

    { "a text in latin 1", BYTES(FROM TYPE("text/plain; charset=ISO-8859-1") CODING("quoted-printable") "\ncaf=E9\n"), "text part-1.txt text/plain [caf\u00e9\n]\n", VL_OK, "" },
    { "a text in base64", BYTES(FROM TYPE("text/plain; charset=\"utf-8\"") CODING("BASE64") "\n4oKsDQo=\n"), "text part-1.txt text/plain [\u20ac\n]\n", VL_OK, "" },
    { "UTF-8 that nobody has named", BYTES(FROM "\n\xe2\x82\xac\n"), "text part-1.txt text/plain [\u20ac\n]\n", VL_OK, "" },
    { "other bytes that nobody has named", BYTES(FROM "\ncaf\xe9\n"), NULL, VL_ERR_UNSUPPORTED, "it is no UTF-8, and names no character set" },
    { "GB18030", BYTES(FROM TYPE("text/plain; charset=gb18030") "\n\xc4\xe3\xba\xc3 \x81\x30\x81\x30\n"), "text part-1.txt text/plain [\u4f60\u597d \xc2\x80\n]\n", VL_OK, "" },
    { "ISO-2022-JP", BYTES(FROM TYPE("text/plain; charset=iso-2022-jp") "\n\x1b$B%O%7\x1b(B!\n"), "text part-1.txt text/plain [\u30cf\u30b7!\n]\n", VL_OK, "" },
    { "Shift_JIS", BYTES(FROM TYPE("text/plain; charset=Shift_JIS") CODING("quoted-printable") "\n=83n=83V\n"), "text part-1.txt text/plain [\u30cf\u30b7\n]\n", VL_OK, "" },
    { "Korean as Windows calls it", BYTES(FROM TYPE("text/plain; charset=ks_c_5601-1987") "\n\xb4\xd9\xb8\xae\n"), "text part-1.txt text/plain [\ub2e4\ub9ac\n]\n", VL_OK, "" },
    { "bytes that are nothing in GB18030", BYTES(FROM TYPE("text/plain; charset=gb18030") "\na\xff\n"), NULL, VL_ERR_FORMAT, "it has bytes that are nothing in \"gb18030\"" },
    { "half a character of GB18030", BYTES(FROM TYPE("text/plain; charset=gb18030") CODING("base64") "\nYcQ=\n"), NULL, VL_ERR_FORMAT, "it has bytes that are nothing in \"gb18030\"" },
    { "bytes that are nothing in windows-1252", BYTES(FROM TYPE("text/plain; charset=windows-1252") "\nab\x81\n"), NULL, VL_ERR_FORMAT, "it has bytes that are nothing in \"windows-1252\"" },
    { "bytes that are no ASCII, and are said to be", BYTES(FROM TYPE("text/plain; charset=us-ascii") "\ncaf\xe9\n"), NULL, VL_ERR_FORMAT, "it has bytes that are nothing in \"us-ascii\"" },
    { "half a surrogate", BYTES(FROM TYPE("text/plain; charset=utf-8") "\n\xed\xa0\x80\n"), NULL, VL_ERR_FORMAT, "it has bytes that are nothing in \"utf-8\"" },
    { "a set that nobody knows", BYTES(FROM TYPE("text/plain; charset=x-odd") "\nHello\n"), NULL, VL_ERR_UNSUPPORTED, "the character set \"x-odd\" is not known here" },
    { "a set with a wish behind it", BYTES(FROM TYPE("text/plain; charset=\"us-ascii//IGNORE\"") "\ncaf\xe9\n"), NULL, VL_ERR_UNSUPPORTED, "the character set \"us-ascii//IGNORE\" is not known here" },
    { "a set that is a file", BYTES(FROM TYPE("text/plain; charset=\"../../tmp/x\"") "\nHello\n"), NULL, VL_ERR_UNSUPPORTED, "the character set \"../../tmp/x\" is not known here" },
    { "escapes that are none", BYTES(FROM CODING("quoted-printable") "\na=zz =4\n"), "text part-1.txt text/plain [a=zz =4\n]\n", VL_OK, "" },
    { "lines that go on, and blanks that were added", BYTES(FROM CODING("quoted-printable") "\na=\r\nb=\nc=20\r\n=3D\n"), "text part-1.txt text/plain [abc \n=\n]\n", VL_OK, "" },
    { "a coding that is not known here", BYTES(FROM CODING("x-uue") "\nHello\n"), NULL, VL_ERR_UNSUPPORTED, "the coding \"x-uue\" is not known here" },
    { "a NUL in a text", BYTES(FROM CODING("quoted-printable") "\na=00b\n"), NULL, VL_ERR_FORMAT, "a text with a NUL in it" },
    { "a type that is none", BYTES(FROM TYPE("text") "\nHello\n"), "attached part-1.bin application/octet-stream [Hello\n]\n", VL_OK, "" },

    { "HTML alone", BYTES(FROM TYPE("text/html") "\n<p>\n"), "attached part-1.html text/html [<p>\n]\n", VL_OK, "" },
    { "a picture alone", BYTES(FROM TYPE("image/png") CODING("base64") ATTACHED("a.png") "\nAQID\n"), "attached a.png image/png [\1\2\3]\n", VL_OK, "" },
    { "a text that is attached", BYTES(FROM ATTACHED("a.txt") "\nHello\r\n"), "attached a.txt text/plain [Hello\r\n]\n", VL_OK, "" },
    { "one text with a name", BYTES(FROM TYPE("text/plain; name=a.txt") "\nHello\n"), "text a.txt text/plain [Hello\n]\n", VL_OK, "" },

    { "parts, and what is around them", BYTES(MIXED "before\n--m\n\nHello\n\n--m \n" TYPE("image/png") ATTACHED("a.png") "\nx\r\ny\n\n--m--\t\nafter\n--m\n"),
      "text part-2.txt text/plain [Hello\n]\nattached a.png image/png [x\r\ny\n]\n", VL_OK, "" },
    { "parts with CR LF", BYTES("From: a\r\nContent-Type: multipart/mixed;\r\n boundary=m\r\n\r\n--m\r\n\r\nHello\r\n\r\n--m--"), "text part-2.txt text/plain [Hello\n]\n", VL_OK, "" },
    { "parts with CR LF and a last line without", BYTES("From: a\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nHello\r\n--m--\n"), "text part-2.txt text/plain [Hello]\n", VL_OK, "" },
    { "a delimiter with CR LF behind lines without", BYTES(MIXED "--m\n\nHello\n--m\r\n" TYPE("image/png") "\nx\r\n--m--\r\n"), "text part-2.txt text/plain [Hello]\nattached part-3.png image/png [x]\n", VL_OK, "" },
    { "nothing, and a delimiter with CR LF", BYTES(MIXED "--m\n" TYPE("image/png") "\n\n--m--\r\n"), "attached part-2.png image/png []\n", VL_OK, "" },
    { "a part without anything", BYTES(MIXED "--m\n--m\n\nHello\n--m--\n"), NULL, VL_ERR_FORMAT, "\"--m\" is no field of a head" },
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

    { "names that lead elsewhere", BYTES(MIXED "--m\n" TYPE("image/png") ATTACHED("\"../../etc/passwd\"") "\na\n--m\n" TYPE("image/png") ATTACHED("\"C:\\\\temp\\\\b.png\"") "\nb\n--m\n" TYPE("image/png") ATTACHED("/") "\nc\n--m--\n"),
      "attached passwd* image/png [a]\nattached b.png* image/png [b]\nattached part-4.png* image/png [c]\n", VL_OK, "" },
    { "names that nobody could see", BYTES(MIXED "--m\n" TYPE("image/png") "Content-Disposition: attachment; filename*=utf-8''a%E2%80%AEgnp.exe\n" "\na\n--m\n" TYPE("image/png") ATTACHED("\"=?utf-8?Q?b=0A=1Bc?=\"") "\nb\n--m--\n"),
      "attached a_gnp.exe* image/png [a]\nattached b__c* image/png [b]\n", VL_OK, "" },
    { "names in words of base64 that end, and with quotes in them", BYTES(MIXED "--m\n" TYPE("image/png;\n name=\"=?utf-8?B?4oKsIA==?=\n =?utf-8?B?YS5wbmc=?=\"") "\na\n--m\n" TYPE("image/png; name==?utf-8?Q?a=22b.png?=") "\nb\n--m--\n"),
      "attached \u20ac a.png image/png [a]\nattached a_b.png* image/png [b]\n", VL_OK, "" },
    { "names in pieces", BYTES(MIXED "--m\n" TYPE("image/png; name*0*=utf-8''%e2%82; name*1*=%AC.png") "\na\n--m--\n"), "attached \u20ac.png image/png [a]\n", VL_OK, "" },
    { "a name of ours", BYTES(MIXED "--m\n" TYPE("image/png") ATTACHED("valise.manifest") "\na\n--m--\n"), "attached valise_manifest* image/png [a]\n", VL_OK, "" },
    { "a name of a device", BYTES(MIXED "--m\n" TYPE("image/png") ATTACHED("CON") "\na\n--m--\n"), "attached _CON* image/png [a]\n", VL_OK, "" },
    { "a name that nobody has encoded", BYTES(MIXED "--m\n" TYPE("image/png") ATTACHED("\"\xe2\x82\xac.png\"") "\na\n--m\n" TYPE("image/png") ATTACHED("\"\xe9.png\"") "\na\n--m--\n"),
      "attached \u20ac.png image/png [a]\nattached _.png* image/png [a]\n", VL_OK, "" },

    { "cut short before its end", BYTES(MIXED "--m\n\nHello\n--m\n\nmore\n"), NULL, VL_ERR_FORMAT, "it has no end: the mail is cut short" },
    { "cut short before its first part", BYTES(MIXED "before\n--mm\n"), NULL, VL_ERR_FORMAT, "it has no end: the mail is cut short" },
    { "cut short within", BYTES(MIXED "--m\n" ALTERNATIVE "--alt\n\nHello\n--m--\n"), NULL, VL_ERR_FORMAT, "it has no end: the mail is cut short" },
    { "base64 cut short", BYTES(MIXED "--m\n\nHello\n--m\n" TYPE("image/png") CODING("base64") "\nAAEC/w\n--m--\n"), NULL, VL_ERR_FORMAT, "part 3: its base64 is malformed, or ends early" },
    { "no boundary", BYTES(FROM TYPE("multipart/mixed") "\n--m\n\n--m--\n"), NULL, VL_ERR_FORMAT, "a multipart without a boundary" },
    { "an empty boundary", BYTES(FROM TYPE("multipart/mixed; boundary=\"\"") "\n--\n\nHello\n----\n"), NULL, VL_ERR_FORMAT, "a multipart without a boundary" },
    { "a name twice", BYTES(FROM TYPE("image/png; name=a; name=b") "\nx\n"), NULL, VL_ERR_FORMAT, "\"name\" is there twice" },
    { "a set twice, and the same", BYTES(FROM TYPE("text/plain; charset=utf-8; charset=utf-8") "\nx\n"), NULL, VL_ERR_FORMAT, "\"charset\" is there twice" },
    { "two boundaries", BYTES(FROM TYPE("multipart/mixed; boundary=m; boundary=n") "\n--m\n\n--m--\n"), NULL, VL_ERR_FORMAT, "\"boundary\" is there twice" },
    { "a multipart that is encoded", BYTES(FROM TYPE("multipart/mixed; boundary=m") CODING("base64") "\n--m\n\nHello\n--m--\n"), NULL, VL_ERR_FORMAT, "a multipart that is encoded" },
    { "a part whose head is none", BYTES(MIXED "--m\nHello there\n--m--\n"), NULL, VL_ERR_FORMAT, "\"Hello there\" is no field of a head" },
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
        assert_err(vl_mime_parse(mails[i].mail, &mail, &why), mails[i].err, &why);
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
    assert_err(vl_mime_parse(VL_LITERAL(
                                 "From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>\r\n"
                                 "Subject: =?iso-8859-1?Q?=A35?=\r\n =?utf-8?Q?=0Aand=1B_more?=\r\n"
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
    assert_string_equal(field(&mail, VL_MAIL_TO), "\u4f60 <t@example.org>, u@example.org");
    assert_string_equal(field(&mail, VL_MAIL_CC), "\xe9 <v@example.org>");
    assert_int_equal(mail.subject_err, VL_OK);
    vl_mail_release(&mail);
}

/* clang-format off */
static const struct {
    const char *value;
    const char *subject; /* NULL: as it came */
    enum vl_err err;
    const char *words;
} subjects[] = {
    { "plain text", "plain text", VL_OK, "" },
    { "", "", VL_OK, "" },
    { "=?utf-8?Q?=E2=82=AC_5?=", "\u20ac 5", VL_OK, "" },
    { "=?UTF-8?b?4oKs?=", "\u20ac", VL_OK, "" },
    { "=?iso-8859-1?q?caf=E9?= au lait", "caf\u00e9 au lait", VL_OK, "" },
    { "\u20ac, and nobody has encoded it", "\u20ac, and nobody has encoded it", VL_OK, "" },
    { "=?iso-2022-jp?B?GyRCJU8lNxsoQg==?=", "\u30cf\u30b7", VL_OK, "" },
    { "=?gb18030?Q?=C4=E3?= =?euc-kr?B?tNm4rg==?=", "\u4f60\ub2e4\ub9ac", VL_OK, "" },
    { "(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)", VL_OK, "" }, /* RFC 2047, 8 */
    { "(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)", "(ab)", VL_OK, "" },
    { "(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)", VL_OK, "" },
    { "=?utf-8*en?Q?tongue?=", "tongue", VL_OK, "" }, /* RFC 2231, 5 */
    { "=?utf-8?q?=E2=82?= =?UTF-8?q?=AC?=", "\u20ac", VL_OK, "" }, /* cut within a character */
    { "=?utf-8?B?4oKsIA==?=\n =?utf-8?B?YQ==?= =?utf-8?B?Yg==?=", "\u20ac ab", VL_OK, "" },
    { "=?utf-8?B?YQ==?= =?utf-8?Q?b?= c", "ab c", VL_OK, "" },
    { "=?utf-8?Q?is_it_so=3F?= so? =?iso-8859-1?B?Pw==?=", "is it so? so? ?", VL_OK, "" },
    { "=?utf-8?Q?a b?=", "=?utf-8?Q?a b?=", VL_OK, "" },
    { "=?=?utf-8?Q?a?= =?utf-8?Q?a", "=?a =?utf-8?Q?a", VL_OK, "" },
    { "=?utf-8?Q?\?=", "", VL_OK, "" },
    { "=?utf-8?X?a?=", "=?utf-8?X?a?=", VL_OK, "" },
    { "a =? b ?= c", "a =? b ?= c", VL_OK, "" },
    { "=?x-odd?B?xOM=?=", NULL, VL_ERR_UNSUPPORTED, "the character set \"x-odd\" is not known here" },
    { "=?utf-8//IGNORE?Q?=E9?=", NULL, VL_ERR_UNSUPPORTED, "the character set \"utf-8//IGNORE\" is not known here" },
    { "=?utf-8?Q?=E9?= b", NULL, VL_ERR_FORMAT, "it has bytes that are nothing in \"utf-8\"" },
    { "=?utf-8?Q?=E2=82?= b =?utf-8?Q?=AC?=", NULL, VL_ERR_FORMAT, "it has bytes that are nothing in \"utf-8\"" },
    { "=?utf-8?Q?=E9?= =?iso-8859-1?Q?b?=", NULL, VL_ERR_FORMAT, "it has bytes that are nothing in \"utf-8\"" },
    { "=?windows-1252?B?gQ==?=", NULL, VL_ERR_FORMAT, "it has bytes that are nothing in \"windows-1252\"" },
    { "=?utf-8?Q?a=00b?=", NULL, VL_ERR_FORMAT, "it has a NUL in it" },
    { "caf\xe9", NULL, VL_ERR_FORMAT, "it is no UTF-8" },
};
/* clang-format on */

static void a_subject_is_read_or_told_and_kept_as_it_came(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        struct vl_mail mail = VL_MAIL_INIT;
        struct vl_buf wire = VL_BUF_INIT(1024);
        struct vl_why why = {""};

        print_message("# row %zu\n", i);
        put(&wire, FROM "Subject: ");
        put(&wire, subjects[i].value);
        put(&wire, "\n\nHello\n");
        assert_err(vl_mime_parse(vl_buf_bytes(&wire), &mail, &why), VL_OK, &why);
        assert_int_equal(mail.subject_err, subjects[i].err);
        assert_string_equal(mail.subject_why.text, subjects[i].words);
        assert_string_equal(field(&mail, VL_MAIL_SUBJECT),
                            subjects[i].subject ? subjects[i].subject : subjects[i].value);
        vl_mail_release(&mail);
        vl_buf_release(&wire);
    }
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
        assert_err(vl_mime_parse(vl_buf_bytes(&wire), &mail, &why), over ? VL_ERR_LIMIT : VL_OK,
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
        assert_err(vl_mime_parse(vl_buf_bytes(&wire), &mail, &why), over ? VL_ERR_LIMIT : VL_OK,
                   &why);
        assert_string_equal(why.text, over ? "part 17: multiparts more than 16 deep" : "");
        if (!over)
            assert_bytes(vl_buf_bytes(&vl_mail_text(&mail)->content), VL_LITERAL("Hello"));
        vl_mail_release(&mail);
        vl_buf_release(&wire);
    }
}

/* clang-format off */
static const struct {
    const char *what;
    const char *before, *unit, *after; /* a mail: so many units between these */
    size_t most;
    const char *words;
} bounds[] = {
    { "parameters", FROM "Content-Type: text/plain", "; a=b", "\n\nHello\n", 128, "a field \"content-type\" with more than 128 parameters" },
    { "parameters, a line each", FROM "Content-Type: text/plain", ";\r\n\ta=b", "\n\nHello\n", 128, "a field \"content-type\" with more than 128 parameters" },
    { "however the field is written", FROM "CONTENT-disposition \t: inline", ";\n a=b", "\n\nHello\n", 128, "a field \"content-disposition\" with more than 128 parameters" },
    { "parameters of a part", MIXED "--m\r\nContent-Disposition: inline", ";a=b", "\r\n\r\nHello\n--m--\n", 128, "a field \"content-disposition\" with more than 128 parameters" },
    { "groups within groups", FROM "To: ", "a:", "\n\nHello\n", 1024, "a field \"to\" with more than 1024 groups" },
    { "groups behind groups", "From: a@example.org", ",\n b:;", "\n\nHello\n", 1024, "a field \"from\" with more than 1024 groups" },
    { "a head", FROM "X-Other: ", "0123456789abcdef", "\n\nHello\n", 65534, "a head of more than 1024 KiB" },
    { "a head of many fields", FROM, "X-Other: 012345\n", "\nHello\n", 65534, "a head of more than 1024 KiB" },
};
/* clang-format on */

static enum vl_err parse_bounded(size_t i, size_t count, struct vl_why *why)
{
    VL_AUTO(vl_mail_release) struct vl_mail mail = VL_MAIL_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT((size_t)4 << 20);

    put(&wire, bounds[i].before);
    put_times(&wire, count, bounds[i].unit);
    put(&wire, bounds[i].after);
    return vl_mime_parse(vl_buf_bytes(&wire), &mail, why);
}

/* What takes a reader more than its length. */
static void what_costs_dearly_is_counted_before_it_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        struct vl_why why = {""};
        enum vl_err err;

        print_message("# %s\n", bounds[i].what);
        err = parse_bounded(i, bounds[i].most, &why);
        assert_true(err != VL_ERR_LIMIT); /* one name twice is refused for itself */
        why = (struct vl_why){""};
        assert_err(parse_bounded(i, bounds[i].most + 1, &why), VL_ERR_LIMIT, &why);
        assert_string_equal(why.text, bounds[i].words);
    }
}

/* Nor is anything of that counted in other fields, and in texts that are no fields. */
static void of_other_lines_nothing_is_counted(void **state)
{
    VL_AUTO(vl_mail_release) struct vl_mail mail = VL_MAIL_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT((size_t)4 << 20);
    struct vl_why why = {""};

    (void)state;
    put(&wire, FROM "Subject: ");
    put_times(&wire, 2000, ";:");
    put(&wire, "\nTo: b\n\nTo: c\n");
    put_times(&wire, 2000, "a: b; c\n");
    put(&wire, "not to: ");
    put_times(&wire, 2000, ":;");
    put(&wire, "\n");
    put_times(&wire, 100000, "a text of more than a head has\n");
    assert_err(vl_mime_parse(vl_buf_bytes(&wire), &mail, &why), VL_OK, &why);
}

static void a_mail_and_its_fields_have_limits(void **state)
{
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        struct vl_mail mail = VL_MAIL_INIT;
        struct vl_buf wire = VL_BUF_INIT(2 * VL_MAIL_MAX_FIELD);
        struct vl_why why = {""};
        uint8_t *at;

        put(&wire, FROM "Subject: ");
        assert_int_equal(vl_buf_add(&wire, VL_MAIL_MAX_FIELD + over, &at), VL_OK);
        memset(at, 'x', VL_MAIL_MAX_FIELD + over);
        put(&wire, "\n\n");
        assert_err(vl_mime_parse(vl_buf_bytes(&wire), &mail, &why), over ? VL_ERR_LIMIT : VL_OK,
                   &why);
        assert_string_equal(why.text, over ? "subject: more than 256 KiB" : "");
        vl_mail_release(&mail);
        assert_err(vl_mime_parse(vl_bytes_of("", VL_MAIL_MAX_LEN + 1), &mail, &why), VL_ERR_LIMIT,
                   &why);
        assert_string_equal(why.text, "a mail of more than 64 MiB");
        vl_buf_release(&wire);
    }
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
    enum vl_err err = vl_mime_parse(vl_bytes_str(everything), &mail, why);

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

/* Those of GLib may not: it ends the process then. */
static void each_allocation_of_ours_may_fail(void **state)
{
    (void)state;
    assert_true(each_allocation_fails(parse_everything, NULL) > 10);
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
        assert_err(vl_mime_parse(vl_buf_bytes(&copy), &mail, &why), VL_ERR_FORMAT, &why);
        assert_null(mail.parts);
        vl_buf_release(&copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mails_are_taken_apart_or_refused_by_name),
        cmocka_unit_test(what_a_mail_says_of_itself_is_one_line_each),
        cmocka_unit_test(a_subject_is_read_or_told_and_kept_as_it_came),
        cmocka_unit_test(parts_are_counted),
        cmocka_unit_test(depth_is_counted),
        cmocka_unit_test(what_costs_dearly_is_counted_before_it_is_read),
        cmocka_unit_test(of_other_lines_nothing_is_counted),
        cmocka_unit_test(a_mail_and_its_fields_have_limits),
        cmocka_unit_test(each_allocation_of_ours_may_fail),
        cmocka_unit_test(a_mail_with_parts_cut_anywhere_is_refused),
    };

    let_it_lose(vl_mime_begin); /* five entries of its table that were there before */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
