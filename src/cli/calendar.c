/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/calendar.h"

#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/show.h"
#include "cli/show_finding.h"
#include "codec/number.h"
#include "export/ics.h"
#include "office/invite.h"
#include "office/status.h"
#include "sys/outfile.h"

#define SAFE    700
#define ICS_MAX ((size_t)1 << 20)

static const char what[] = "no calendar file was written.";

static const char *called(void *self, const struct vl_office_id *office, char out[VL_ICS_NAME])
{
    struct vl_office_name name = {.text = "somebody"};

    if (vl_home_name_office(self, office->at, &name, NULL) != VL_OK)
        (void)snprintf(name.text, sizeof name.text, "somebody");
    (void)snprintf(out, VL_ICS_NAME, "%s", name.text);
    return out;
}

static enum vl_err make(struct vl_home *home, const char *text, int64_t as_of_s, struct vl_buf *out,
                        uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_status_release) struct vl_status status = VL_STATUS_INIT;
    const struct vl_ics_names names = {called, home};
    enum vl_err err = vl_invitation_find(home, text, 4, id, why);

    if (!err)
        err = vl_invitation_status(home, id, as_of_s, &status, why);
    if (!err && !status.finding.invitation)
        err = vl_fail(why, VL_ERR_UNVERIFIED, "nothing of this invitation verifies here");
    return err ? err : vl_ics_write(&status.finding, &names, out, why);
}

static int tell(const struct vl_calendar_options *o, const uint8_t id[VL_HASH_LEN], size_t len)
{
    char safe[SAFE], number[VL_NUMBER_TEXT];

    if (o->common->json) {
        struct vl_doc *doc = vl_doc_new("valise.invite-ics/1");

        vl_doc_text(doc, "invitation", vl_number_text(VL_INVITATION_HRP, id, number));
        vl_doc_text(doc, "output", o->output);
        vl_doc_int(doc, "output_bytes", len);
        return vl_print_doc(doc, "the file is written, and this could not be said.");
    }
    if (!o->common->quiet)
        printf("%s\n  What the invitation maps to in a calendar; what is signed proves more.\n",
               vl_show(safe, sizeof safe, o->output));
    return 0;
}

int vl_calendar(const struct vl_command *command, const struct vl_calendar_options *o,
                const char *number)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ICS_MAX);
    const bool to_stdout = !o->output || strcmp(o->output, "-") == 0;
    uint8_t id[VL_HASH_LEN];
    struct vl_why why = {""};
    enum vl_err err;
    int status = -1;

    if (o->common->json && to_stdout)
        status = vl_say_usage(command->name, "--json needs -o FILE: stdout has the calendar");
    if (status < 0)
        status = vl_home_begin(VL_HOME_READ, &home, what);
    if (status >= 0)
        return status;
    err = make(&home, number, o->as_of_s, &out, id, &why);
    if (!err)
        err = vl_out_write(o->output, o->force ? VL_OUT_REPLACE : 0, vl_buf_bytes(&out), &why);
    if (err)
        return vl_home_failure(what, err, &why, vl_finding_mend(err, "valise invite list"));
    return to_stdout ? 0 : tell(o, id, out.len);
}
