/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ask.h"

#include <stdio.h>

#include "base/text.h"
#include "sys/tty.h"

static enum vl_err ask_new(struct vl_passphrase *out, struct vl_why *why)
{
    VL_AUTO(vl_passphrase_wipe) struct vl_passphrase again = VL_PASSPHRASE_INIT;
    enum vl_err err = vl_tty_ask("New passphrase: ", out, why);

    if (err)
        return err;
    if (out->len == 0)
        return vl_fail(why, VL_ERR_USAGE, "an empty passphrase");
    err = vl_tty_ask("The same again: ", &again, why);
    if (!err && !vl_passphrase_eq(out, &again))
        return vl_fail(why, VL_ERR_USAGE, "the two passphrases are not the same");
    return err;
}

static enum vl_err ask(void *self, enum vl_ask_for what, const char *name,
                       struct vl_passphrase *out, struct vl_why *why)
{
    struct vl_ask *from = self;
    char safe[200], prompt[300];
    enum vl_err err;

    if (from->fd >= 0) {
        if (!from->have) {
            err = vl_fd_passphrase(from->fd, &from->known, why);
            if (err)
                return err;
            from->have = true;
        }
        *out = from->known;
        return VL_OK;
    }
    if (what == VL_ASK_NEW)
        return ask_new(out, why);
    (void)snprintf(prompt, sizeof prompt, "Passphrase of %s: ",
                   name ? vl_text_safe(safe, sizeof safe, vl_bytes_str(name)) : "stdin");
    err = vl_tty_ask(prompt, out, why);
    if (!err && out->len == 0)
        return vl_fail(why, VL_ERR_NO_KEY, "no passphrase was given");
    return err;
}

struct vl_asker vl_ask_asker(struct vl_ask *from)
{
    return (struct vl_asker){ask, from};
}

void vl_ask_wipe(struct vl_ask *from)
{
    vl_passphrase_wipe(&from->known);
    from->have = false;
}
