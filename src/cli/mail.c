/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/mail.h"

#include <stdio.h>

#include "base/alloc.h"
#include "cli/become.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "letter/manifest.h"
#include "office/write.h"
#include "sys/folder.h"
#include "sys/infile.h"
#include "sys/program.h"
#include "sys/sandbox.h"

#define SAFE    700
#define WAIT_MS 120000

void vl_mail_file_release(struct vl_mail_file *file)
{
    vl_mail_release(&file->mail);
    vl_buf_release(&file->wire);
}

static int check_subject(const struct vl_mail *mail, const char **subject)
{
    static const char what[] = "what the mail is about was not read.";
    static const char say_it[] = "say what it is about:  --subject TEXT";
    const size_t len = mail->fields[VL_MAIL_SUBJECT].len;
    struct vl_why why = mail->subject_why;

    if (*subject)
        return -1;
    if (mail->subject_err)
        return vl_home_failure(what, mail->subject_err, &why, say_it);
    if (len > VL_MANIFEST_MAX_SUBJECT) {
        (void)vl_fail(&why, VL_ERR_LIMIT, "a subject of %zu bytes, and a letter's has at most %d",
                      len, VL_MANIFEST_MAX_SUBJECT);
        return vl_home_failure(what, VL_ERR_LIMIT, &why, say_it);
    }
    if (len > 0)
        *subject = (const char *)mail->fields[VL_MAIL_SUBJECT].data;
    return -1;
}

/* Another program takes it apart: it has no key, and knows of no home.  What it tells is read as
 * strictly as what a stranger sends. */
static enum vl_err take_apart(vl_bytes wire, struct vl_mail *mail, const char **mend,
                              struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf answer = VL_BUF_INIT(VL_MAIL_MAX_ANSWER);
    char *program = vl_other_program_path("valise-mail");
    enum vl_err err = program ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");

    if (!err && !vl_file_is_there(program)) {
        *mend = "install the package valise-mail, or build it: it needs GMime;\n"
                "or send the mail as it is:  --attach FILE";
        err = vl_fail(why, VL_ERR_UNSUPPORTED, "%s is not there", program);
    }
    if (!err)
        err = vl_program_ask(program, wire, WAIT_MS, &answer, why);
    if (!err)
        err = vl_mail_read(vl_buf_bytes(&answer), mail, why);
    vl_free(program);
    return err;
}

void vl_mail_warn(void)
{
    static const char *const sentences[2][2] = {
        {NULL, "the program that reads the mail is not kept from the network and from other "
               "programs: this machine does not filter its calls"},
        {"the program that reads the mail is not kept from the files of this user: this kernel has "
         "no Landlock",
         "the program that reads the mail is kept neither from the files of this user nor from the "
         "network and other programs: this machine has no Landlock and does not filter its calls"},
    };
    const struct vl_sandbox_lack lack = vl_sandbox_look();
    const char *sentence = sentences[lack.files][lack.calls];

    if (sentence)
        (void)fprintf(stderr, "Not as safe as elsewhere: %s.\n", sentence);
}

int vl_mail_file_read(const char *path, struct vl_mail_file *file, const char **subject)
{
    struct vl_why why = {""};
    char sentence[SAFE];
    const char *mend = "send it as it is:  --attach FILE";
    enum vl_err err = vl_in_read_all(path, &file->wire, &why);

    if (err == VL_ERR_NOT_FOUND)
        mend = "look at the name";
    if (err == VL_ERR_LIMIT)
        (void)vl_fail(&why, err, "a mail of more than %zu MiB", VL_MAIL_MAX_LEN >> 20);
    if (!err)
        err = take_apart(vl_buf_bytes(&file->wire), &file->mail, &mend, &why);
    if (!err)
        return check_subject(&file->mail, subject);
    (void)snprintf(sentence, sizeof sentence, "the mail \"%.300s\" was not read.", path);
    return vl_home_failure(sentence, err, &why, mend);
}

void vl_mail_show(const struct vl_mail *mail, bool has_original)
{
    char safe[SAFE], size[32];

    printf("  the mail says of itself, and nobody has checked it:\n");
    for (int i = 0; i < VL_MAIL_FIELD_COUNT; i++)
        if (mail->fields[i].len > 0)
            printf("    %-10s %s\n", vl_mail_field_name((enum vl_mail_field)i),
                   vl_show(safe, sizeof safe, (const char *)mail->fields[i].data));
    if (!vl_mail_text(mail))
        printf("  ! it has no plain text%s\n",
               mail->part_count > 0 ? ": its parts are attached" : "");
    for (size_t i = 0; i < mail->part_count; i++)
        if (mail->parts[i].role == VL_MAIL_LEFT)
            printf("  ! left out: what should be the same text as %s, %s\n", mail->parts[i].type,
                   vl_size_text(mail->parts[i].content.len, size, sizeof size));
    if (has_original)
        printf("  the mail as it came is the part %s\n", VL_WRITE_MAIL_NAME);
    else
        printf("  ! the mail as it came is not in the letter, nor what it says of itself\n");
}

void vl_mail_doc(struct vl_doc *doc, const struct vl_mail *mail, bool has_original)
{
    size_t attached = 0;

    if (!mail) {
        vl_doc_text(doc, "mail", NULL);
        return;
    }
    vl_doc_object(doc, "mail");
    for (int i = 0; i < VL_MAIL_FIELD_COUNT; i++)
        vl_doc_text(doc, vl_mail_field_member((enum vl_mail_field)i),
                    mail->fields[i].len > 0 ? (const char *)mail->fields[i].data : NULL);
    vl_doc_bool(doc, "has_text", vl_mail_text(mail) != NULL);
    vl_doc_text(doc, "original", has_original ? VL_WRITE_MAIL_NAME : NULL);
    for (size_t i = 0; i < mail->part_count; i++)
        attached += mail->parts[i].role == VL_MAIL_ATTACHED;
    vl_doc_int(doc, "attached", attached);
    vl_doc_list(doc, "left_out");
    for (size_t i = 0; i < mail->part_count; i++)
        if (mail->parts[i].role == VL_MAIL_LEFT) {
            vl_doc_object(doc, NULL);
            vl_doc_text(doc, "type", mail->parts[i].type);
            vl_doc_int(doc, "size_bytes", mail->parts[i].content.len);
            vl_doc_close(doc);
        }
    vl_doc_close(doc);
    vl_doc_close(doc);
}
