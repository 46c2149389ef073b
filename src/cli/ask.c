/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ask.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/fail.h"
#include "cli/show.h"
#include "sys/tty.h"

/* Shown once, on the terminal it was asked for on, and nowhere else. */
static enum vl_err make_one(struct vl_passphrase *out, struct vl_why *why)
{
    const struct vl_rng rng = vl_rng_system();
    enum vl_err err = vl_age_passphrase_make(&rng, out);

    if (err)
        return vl_fail(why, err, "no randomness");
    return vl_tty_show("The passphrase is: ", out, why);
}

static enum vl_err ask_new(struct vl_passphrase *out, struct vl_why *why)
{
    VL_AUTO(vl_passphrase_wipe) struct vl_passphrase again = VL_PASSPHRASE_INIT;
    enum vl_err err = vl_tty_ask("New passphrase (empty: valise makes one): ", out, why);

    if (err)
        return err;
    if (out->len == 0)
        return make_one(out, why);
    err = vl_tty_ask("The same again: ", &again, why);
    if (!err && !vl_passphrase_eq(out, &again))
        return vl_fail(why, VL_ERR_USAGE, "the two passphrases are not the same");
    return err;
}

/* Of this office: an empty one is none. */
static enum vl_err ask_home_new(struct vl_passphrase *out, struct vl_why *why)
{
    VL_AUTO(vl_passphrase_wipe) struct vl_passphrase again = VL_PASSPHRASE_INIT;
    enum vl_err err;

    if (!vl_tty_is_there()) /* a script: it says so by giving none */
        return VL_OK;
    err = vl_tty_ask("New passphrase for this office (empty: none): ", out, why);
    if (err || out->len == 0)
        return err;
    err = vl_tty_ask("The same again: ", &again, why);
    if (!err && !vl_passphrase_eq(out, &again))
        return vl_fail(why, VL_ERR_USAGE, "the two passphrases are not the same");
    return err;
}

/* As systemd gives secrets to a service. */
static enum vl_err ask_credential(struct vl_passphrase *out, bool *there, struct vl_why *why)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    char path[4096];
    int fd;
    enum vl_err err;

    *there = false;
    if (!folder || folder[0] != '/')
        return VL_OK;
    (void)snprintf(path, sizeof path, "%s/valise-passphrase", folder);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return VL_OK;
    *there = true;
    err = vl_fd_passphrase(fd, out, why);
    (void)close(fd);
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
    if (what == VL_ASK_HOME || what == VL_ASK_HOME_NEW) {
        bool there;

        err = ask_credential(out, &there, why);
        if (err || there)
            return err;
        if (what == VL_ASK_HOME_NEW)
            return ask_home_new(out, why);
        name = "this office";
    }
    (void)snprintf(prompt, sizeof prompt,
                   "Passphrase of %s: ", name ? vl_show(safe, sizeof safe, name) : "stdin");
    err = vl_tty_ask(prompt, out, why);
    if (!err && out->len == 0)
        return vl_fail(why, VL_ERR_NO_KEY, "no passphrase was given");
    return err;
}

int vl_ask_check(const struct vl_ask *from, const char *command)
{
    if (from->fd < 0 || vl_fd_is_readable(from->fd))
        return -1;
    return vl_say_usage(command, "--passphrase-fd %d is not open for reading", from->fd);
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
