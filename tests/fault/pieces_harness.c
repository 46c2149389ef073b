/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a letter that may be carried in slices, however small it is, so that a test need not wait
 * for 64 MiB each time.  usage: pieces-harness HOME OFFICE FILE */
#include <stdio.h>

#include "office/write.h"
#include "sys/clock.h"

static enum vl_err ask_nothing(void *self, enum vl_ask_for what, const char *name,
                               struct vl_passphrase *out, struct vl_why *why)
{
    (void)self;
    (void)what;
    (void)name;
    (void)why;
    *out = (struct vl_passphrase)VL_PASSPHRASE_INIT;
    return VL_OK;
}

int main(int argc, char **argv)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct vl_write_request request = {.office_count = 1,
                                       .attachment_count = 1,
                                       .pieces_from = 1,
                                       .asker = {ask_nothing, NULL},
                                       .rng = vl_rng_system()};
    struct vl_written written = {.size = 0};
    struct vl_why why = {""};
    enum vl_err err;

    if (argc != 4)
        return 2;
    request.offices = (const char *const *)&argv[2];
    request.attachments = (const char *const *)&argv[3];
    request.now_s = vl_clock_seconds();
    err = vl_home_open(argv[1], VL_HOME_WRITE, &home, &why);
    if (!err)
        err = vl_write(&home, &request, &written, &why);
    if (err)
        (void)fprintf(stderr, "%s\n", why.text);
    return err ? 1 : 0;
}
