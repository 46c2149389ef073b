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
static enum vl_err read_line(int fd, struct vl_passphrase *out, struct vl_why *why)
{
    out->len = 0;
    for (;;) {
        uint8_t byte = 0;
        ssize_t got = read(fd, &byte, 1);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return vl_fail(why, VL_ERR_IO, "%s", strerror(errno));
        if (got == 0 || byte == '\n')
            return VL_OK;
        if (out->len == sizeof out->data)
            return vl_fail(why, VL_ERR_LIMIT, "a passphrase of more than %d bytes",
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
        err = read_line(fd, out, why);
        say(fd, "\n");
    }
    (void)tcsetattr(fd, TCSAFLUSH, &before);
    vl_stop_forget_terminal();
    (void)close(fd);
    return err;
}

enum vl_err vl_fd_passphrase(int fd, struct vl_passphrase *out, struct vl_why *why)
{
    enum vl_err err = read_line(fd, out, why);

    if (err)
        return vl_fail_in(why, err, "--passphrase-fd %d", fd);
    if (out->len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "--passphrase-fd %d: an empty passphrase", fd);
    return VL_OK;
}

unsigned vl_tty_columns(int fd)
{
    struct winsize size = {0};

    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}
