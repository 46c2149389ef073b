/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/show_finding.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/show.h"
#include "sys/tty.h"
#include "view/finding.h"

#define OUT_MAX ((size_t)64 << 20)

static const char *called(void *self, const struct vl_office_id *office, char out[VL_OFFICE_CALLED])
{
    struct vl_home *home = self;
    struct vl_office_name name = {.text = ""};
    char address[VL_OFFICE_TEXT];

    if (home && vl_home_name_office(home, office->at, &name, NULL) == VL_OK && name.is_own)
        (void)snprintf(out, VL_OFFICE_CALLED, "this office");
    else if (home && name.petname[0])
        (void)snprintf(out, VL_OFFICE_CALLED, "%s%s", name.petname,
                       name.checked ? "" : " (not checked)");
    else
        (void)snprintf(out, VL_OFFICE_CALLED, "%.15s...", vl_office_id_text(office, address));
    return out;
}

static enum vl_err print(struct vl_buf *out, enum vl_err err, struct vl_why *why)
{
    if (err)
        return vl_fail(why, err, "no memory to say what is proven");
    (void)fwrite(out->data, 1, out->len, stdout);
    return VL_OK;
}

enum vl_err vl_show_finding(struct vl_home *home, const struct vl_finding *finding,
                            struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(OUT_MAX);
    const struct vl_finding_names names = {called, home};
    return print(&out,
                 vl_finding_text(finding, &names, vl_tty_columns(STDOUT_FILENO), !vl_show_utf8(),
                                 &out),
                 why);
}

enum vl_err vl_print_finding(const struct vl_finding *finding, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(OUT_MAX);

    return print(&out, vl_finding_json(finding, &out), why);
}

const char *vl_finding_mend(enum vl_err err, const char *list)
{
    if (err == VL_ERR_LIMIT)
        return "nothing is lost; look at one act of it:\nvalise status ACT";
    return err == VL_ERR_NOT_FOUND ? list : NULL;
}
