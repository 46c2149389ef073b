/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Who holds it wrote its process number there: for the words, never for the decision. */
static enum vl_err held(int fd, struct vl_why *why)
{
    char text[16] = "";
    ssize_t len = pread(fd, text, sizeof text - 1, 0);
    size_t digits = len > 0 ? strspn(text, "0123456789") : 0;

    if (digits == 0)
        return vl_fail(why, VL_ERR_LOCKED, "another valise works in it");
    text[digits] = '\0';
    return vl_fail(why, VL_ERR_LOCKED, "another valise works in it: process %s", text);
}

enum vl_err vl_lock_take(const char *path, struct vl_lock *lock, struct vl_why *why)
{
    enum vl_err err = VL_OK;
    char text[16];
    int len;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return vl_fail(why, VL_ERR_IO, "opening \"%s\": %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            err = held(fd, why);
        else
            err = vl_fail(why,
                          errno == EOPNOTSUPP || errno == ENOLCK ? VL_ERR_UNSUPPORTED : VL_ERR_IO,
                          "locking \"%s\": %s", path, strerror(errno));
        (void)close(fd);
        return err;
    }
    len = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    /* Only words depend on it. */
    if (ftruncate(fd, 0) != 0 || len <= 0 || pwrite(fd, text, (size_t)len, 0) != len)
        errno = 0;
    lock->fd = fd;
    return VL_OK;
}

void vl_lock_drop(struct vl_lock *lock)
{
    if (lock->fd >= 0)
        (void)close(lock->fd);
    lock->fd = -1;
}
