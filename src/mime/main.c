/* SPDX-License-Identifier: Apache-2.0 */
/* valise-mail: a mail on stdin, what is told of it on stdout (mail/mail.h).  valise starts it for
 * `valise write --eml`, with no environment and without a word. */
#include <stdio.h>
#include <unistd.h>

#include "mime/mime.h"
#include "sys/infile.h"
#include "sys/sandbox.h"

static enum vl_err answer(struct vl_buf *out)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_MAIL_MAX_LEN);
    VL_AUTO(vl_mail_release) struct vl_mail mail = VL_MAIL_INIT;
    struct vl_why why = {""};
    enum vl_err err = vl_in_read_all("-", &wire, &why);

    if (err == VL_ERR_LIMIT)
        (void)vl_fail(&why, err, "a mail of more than %zu MiB", VL_MAIL_MAX_LEN >> 20);
    if (!err)
        err = vl_mime_parse(vl_buf_bytes(&wire), &mail, &why);
    if (!err)
        err = vl_mail_write(&mail, out);
    if (err == VL_ERR_LIMIT && !why.text[0])
        (void)vl_fail(&why, err, "parts of more than %zu MiB", VL_MAIL_MAX_ANSWER >> 20);
    if (err)
        out->len = 0;
    return err ? vl_mail_write_refusal(err, &why, out) : VL_OK;
}

int main(void)
{
    static const struct vl_sandbox limits = {
        .memory_bytes = (uint64_t)1 << 30,
        .file_bytes = VL_MAIL_MAX_ANSWER,
        .seconds = 60,
    };
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_MAIL_MAX_ANSWER);
    bool is_told;

    vl_mime_begin();
    vl_sandbox_enter(&limits);
    is_told = answer(&out) == VL_OK && fwrite(out.data, 1, out.len, stdout) == out.len &&
              fflush(stdout) == 0;
    /* What GLib keeps until the end is not looked at. */
    _exit(is_told ? 0 : 1);
}
