/* SPDX-License-Identifier: Apache-2.0 */
/* cli/mail.h: a mail that a letter is made of: read, and told. */
#ifndef VL_CLI_MAIL_H
#define VL_CLI_MAIL_H

#include "mail/mail.h"
#include "view/doc.h"

struct vl_mail_file {
    struct vl_buf wire; /* as it came */
    struct vl_mail mail;
};
#define VL_MAIL_FILE_INIT                                                                          \
    {                                                                                              \
        .wire = {NULL, 0, 0, VL_MAIL_MAX_LEN}, .mail = VL_MAIL_INIT                                \
    }
void vl_mail_file_release(struct vl_mail_file *file);

/* Say on stderr what this machine cannot keep from the program that reads a mail, if anything. */
void vl_mail_warn(void);
/* Read a mail, "-" from stdin.  *subject is what it is about: filled in when it is NULL, from then
 * on borrowed; NULL when the mail does not say.  Gives -1 to go on, else the exit status: why not
 * was said. */
int vl_mail_file_read(const char *path, struct vl_mail_file *file, const char **subject);

/* On stdout, below what is told about the letter.  has_original: it is in the letter, whole. */
void vl_mail_show(const struct vl_mail *mail, bool has_original);
/* As the member "mail"; null when mail is NULL. */
void vl_mail_doc(struct vl_doc *doc, const struct vl_mail *mail, bool has_original);

#endif
