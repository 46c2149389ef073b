/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/hook.h"

#include "cli/fail.h"
#include "sys/clock.h"
#include "sys/process.h"
#include "sys/program.h"

#define DOCUMENT_MAX ((size_t)16 << 20)

/* What was done stays done: its own exit status tells. */
static void tell(enum vl_err err, const struct vl_why *why)
{
    (void)vl_say_failure("the hook did not do its work; nothing else is changed by that.", err, why,
                         "man valise-home");
}

void vl_cli_hook_begin(struct vl_home *home, struct vl_hook *hook)
{
    struct vl_why why = {""};
    enum vl_err err = vl_hook_begin(home, hook, &why);

    if (!err)
        return;
    tell(err, &why);
    vl_hook_release(hook);
}

void vl_cli_hook_end(struct vl_home *home, struct vl_hook *hook, const char *command, bool overdue)
{
    VL_AUTO(vl_buf_release) struct vl_buf document = VL_BUF_INIT(DOCUMENT_MAX);
    size_t event_count = 0;
    struct vl_why why = {""};
    enum vl_err err = VL_OK;

    if (hook->path)
        err = vl_hook_tell(home, hook, command, overdue, vl_clock_seconds(), &document,
                           &event_count, &why);
    vl_home_close(home);
    vl_stop_too_late(); /* what was done is done */
    if (!err && event_count > 0)
        err = vl_program_run(hook->path, vl_buf_bytes(&document), VL_HOOK_LIMIT_MS, &why);
    if (err)
        tell(err, &why);
}
