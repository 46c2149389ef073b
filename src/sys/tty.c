/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sys/process.h"

#include <termios.h>

static int open_terminal(void)
{
    return open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

bool vl_tty_is_there(void)
{
    int fd = open_terminal();

    if (fd >= 0)
        (void)close(fd);
    return fd >= 0;
}

/* Byte by byte: what follows the line belongs to somebody else. */
static enum vl_err read_line(int fd, struct vl_passphrase *out, bool *ended, struct vl_why *why)
{
    out->len = 0;
    for (;;) {
        uint8_t byte = 0;
        ssize_t got = read(fd, &byte, 1);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return vl_fail(why, errno == EBADF ? VL_ERR_USAGE : VL_ERR_IO, "%s",
                           errno == EBADF ? "it is not open for reading" : strerror(errno));
        if (got == 0 || byte == '\n') {
            *ended = got == 0;
            return VL_OK;
        }
        if (out->len == sizeof out->data)
            return vl_fail(why, VL_ERR_USAGE, "a passphrase of more than %d bytes",
                           VL_PASSPHRASE_MAX);
        out->data[out->len++] = byte;
    }
}

static void say(int fd, const char *words)
{
    ssize_t ignored = write(fd, words, strlen(words));

    (void)ignored; /* a terminal that does not take the prompt will not give an answer either */
}

enum vl_err vl_tty_ask(const char *prompt, struct vl_passphrase *out, struct vl_why *why)
{
    struct termios before, silent;
    int fd = open_terminal();
    bool ended = false;
    enum vl_err err;

    if (fd < 0)
        return vl_fail(why, VL_ERR_USAGE, "there is no terminal to ask for a passphrase");
    if (tcgetattr(fd, &before) != 0) {
        (void)close(fd);
        return vl_fail(why, VL_ERR_IO, "the terminal: %s", strerror(errno));
    }
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    vl_stop_remember_terminal(fd, &before);
    if (tcsetattr(fd, TCSAFLUSH, &silent) != 0)
        err = vl_fail(why, VL_ERR_IO, "the terminal: %s", strerror(errno));
    else {
        say(fd, prompt);
        err = read_line(fd, out, &ended, why);
        say(fd, "\n");
        if (!err && ended && out->len == 0)
            err = vl_fail(why, VL_ERR_USAGE, "no passphrase was given");
    }
    (void)tcsetattr(fd, TCSAFLUSH, &before);
    vl_stop_forget_terminal();
    (void)close(fd);
    return err;
}

enum vl_err vl_tty_line(const char *prompt, char *out, size_t size, struct vl_why *why)
{
    struct vl_passphrase line = VL_PASSPHRASE_INIT;
    int fd = open_terminal();
    bool ended = false;
    enum vl_err err;

    if (fd < 0)
        return vl_fail(why, VL_ERR_USAGE, "there is no terminal to ask on");
    say(fd, prompt);
    err = read_line(fd, &line, &ended, why);
    (void)close(fd);
    if (!err && ended && line.len == 0)
        err = vl_fail(why, VL_ERR_USAGE, "nothing was answered");
    if (err)
        return err;
    if (line.len >= size)
        line.len = size - 1;
    memcpy(out, line.data, line.len);
    out[line.len] = '\0';
    return VL_OK;
}

enum vl_err vl_fd_passphrase(int fd, struct vl_passphrase *out, struct vl_why *why)
{
    bool ended = false;
    enum vl_err err = read_line(fd, out, &ended, why);

    if (err)
        return vl_fail_in(why, err, "--passphrase-fd %d", fd);
    if (out->len == 0)
        return vl_fail(why, VL_ERR_USAGE, "--passphrase-fd %d: an empty passphrase", fd);
    return VL_OK;
}

enum vl_err vl_tty_show(const char *words, const struct vl_passphrase *passphrase,
                        struct vl_why *why)
{
    int fd = open_terminal();
    bool shown;

    if (fd < 0)
        return vl_fail(why, VL_ERR_USAGE, "there is no terminal to show a passphrase on");
    say(fd, words);
    shown = write(fd, passphrase->data, passphrase->len) == (ssize_t)passphrase->len;
    say(fd, "\n");
    (void)close(fd);
    return shown ? VL_OK : vl_fail(why, VL_ERR_IO, "the passphrase could not be shown");
}

bool vl_fd_is_readable(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    return flags >= 0 && (flags & O_ACCMODE) != O_WRONLY;
}

unsigned vl_tty_columns(int fd)
{
    struct winsize size = {0};

    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}
