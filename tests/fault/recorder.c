/* SPDX-License-Identifier: Apache-2.0 */
/* Writes down what a program does to files, in the order in which it does it, so that power.py can
 * ask afterwards what would be there if the power had gone at any moment.  Loaded before the
 * program (LD_PRELOAD); the log is the file that VALISE_RECORD names, and is appended to.
 *
 * A file or folder is told by its number; a line is one change, its bytes follow it:
 *
 *     C number f|d mode      made; it has no name yet
 *     E folder name number   a name for it
 *     U folder name          a name less
 *     R folder name folder name     renamed
 *     X folder name folder name     two names exchanged
 *     W number offset length        written
 *     T number length        cut, or made longer
 *     S number               what was done to it until now is durable
 *     A number               the same of everything on the file system that it is on
 *
 * With VALISE_RECORD_NO_LINKS no file gets a second name, as on FAT. */
#undef _FILE_OFFSET_BITS /* both names of each call are defined here */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LINE_ROOM 1024
#define PATH_ROOM 4096
#define HIGH_FD   700

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static int record = -1;
static bool no_links;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("VALISE_RECORD");
    long fd =
        path ? syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)
             : -1;

    no_links = getenv("VALISE_RECORD_NO_LINKS") != NULL;
    if (fd < 0)
        return;
    record = fcntl((int)fd, F_DUPFD_CLOEXEC, HIGH_FD);
    (void)syscall(SYS_close, (int)fd);
}

static void put(const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        long count = syscall(SYS_write, record, at, len);

        if (count <= 0)
            abort(); /* a record with a gap would prove nothing */
        at += count;
        len -= (size_t)count;
    }
}

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
    char line[LINE_ROOM];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (len < 0 || (size_t)len >= sizeof line)
        abort();
    put(line, (size_t)len);
}

static bool enter(void)
{
    if (record < 0)
        return false;
    (void)pthread_mutex_lock(&one_at_a_time);
    return true;
}

/* With the errno of the call that was watched. */
static void leave(int number)
{
    (void)pthread_mutex_unlock(&one_at_a_time);
    errno = number;
}

static bool look(int folder, const char *path, struct stat *info)
{
    return fstatat(folder, path, info, AT_SYMLINK_NOFOLLOW) == 0;
}

/* A name, and the folder that it is in. */
struct spot {
    unsigned long long folder;
    char name[256];
};

static struct spot spot_of(int folder, const char *path)
{
    struct spot spot = {0, ""};
    char parent[PATH_ROOM];
    size_t end = strlen(path), start;
    struct stat info;

    while (end > 1 && path[end - 1] == '/')
        end--;
    for (start = end; start > 0 && path[start - 1] != '/'; start--)
        ;
    if (start >= sizeof parent || end - start >= sizeof spot.name)
        abort();
    memcpy(spot.name, path + start, end - start);
    memcpy(parent, path, start);
    parent[start] = '\0';
    if (fstatat(folder, start ? parent : ".", &info, 0) == 0)
        spot.folder = info.st_ino;
    return spot;
}

static void say_made(const struct stat *info)
{
    say("C %llu %c %o\n", (unsigned long long)info->st_ino, S_ISDIR(info->st_mode) ? 'd' : 'f',
        info->st_mode & 07777);
}

static void say_named(int folder, const char *path, const struct stat *info)
{
    const struct spot spot = spot_of(folder, path);

    say("E %llu %s %llu\n", spot.folder, spot.name, (unsigned long long)info->st_ino);
}

static int open_watched(int folder, const char *path, int flags, mode_t mode)
{
    struct stat info;
    bool nameless = (flags & O_TMPFILE) == O_TMPFILE;
    bool there;
    int fd;

    if (!(flags & (O_CREAT | O_TRUNC)) && !nameless)
        return (int)syscall(SYS_openat, folder, path, flags, mode);
    if (!enter())
        return (int)syscall(SYS_openat, folder, path, flags, mode);
    there = !nameless && fstatat(folder, path, &info, 0) == 0;
    fd = (int)syscall(SYS_openat, folder, path, flags, mode);
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        leave(errno);
        return fd;
    }
    if (!there) {
        say_made(&info);
        if (!nameless)
            say_named(folder, path, &info);
    } else if (flags & O_TRUNC) {
        say("T %llu 0\n", (unsigned long long)info.st_ino);
    }
    leave(errno);
    return fd;
}

#define MODE_OF(flags, mode)                                                                       \
    do {                                                                                           \
        if ((flags) & (O_CREAT | O_TMPFILE)) {                                                     \
            va_list args;                                                                          \
                                                                                                   \
            va_start(args, flags);                                                                 \
            (mode) = va_arg(args, mode_t);                                                         \
            va_end(args);                                                                          \
        }                                                                                          \
    } while (0)

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;

    MODE_OF(flags, mode);
    return open_watched(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    mode_t mode = 0;

    MODE_OF(flags, mode);
    return open_watched(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    mode_t mode = 0;

    MODE_OF(flags, mode);
    return open_watched(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
    mode_t mode = 0;

    MODE_OF(flags, mode);
    return open_watched(folder, path, flags, mode);
}

static bool is_file(int fd, struct stat *info)
{
    return fd != record && fstat(fd, info) == 0 && S_ISREG(info->st_mode);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    struct stat info;
    ssize_t count;

    if (!enter())
        return syscall(SYS_write, fd, bytes, len);
    if (!is_file(fd, &info)) { /* may have to wait for whoever reads */
        leave(errno);
        return syscall(SYS_write, fd, bytes, len);
    }
    count = syscall(SYS_write, fd, bytes, len);
    if (count > 0) {
        off_t end = lseek(fd, 0, SEEK_CUR);

        say("W %llu %lld %zd\n", (unsigned long long)info.st_ino, (long long)(end - count), count);
        put(bytes, (size_t)count);
    }
    leave(errno);
    return count;
}

static ssize_t pwrite_watched(int fd, const void *bytes, size_t len, off_t at)
{
    struct stat info;
    ssize_t count;

    if (!enter())
        return syscall(SYS_pwrite64, fd, bytes, len, at);
    count = syscall(SYS_pwrite64, fd, bytes, len, at);
    if (count > 0 && is_file(fd, &info)) {
        say("W %llu %lld %zd\n", (unsigned long long)info.st_ino, (long long)at, count);
        put(bytes, (size_t)count);
    }
    leave(errno);
    return count;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    return pwrite_watched(fd, bytes, len, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    return pwrite_watched(fd, bytes, len, at);
}

static int ftruncate_watched(int fd, off_t len)
{
    struct stat info;
    int result;

    if (!enter())
        return (int)syscall(SYS_ftruncate, fd, len);
    result = (int)syscall(SYS_ftruncate, fd, len);
    if (result == 0 && is_file(fd, &info))
        say("T %llu %lld\n", (unsigned long long)info.st_ino, (long long)len);
    leave(errno);
    return result;
}

int ftruncate(int fd, off_t len)
{
    return ftruncate_watched(fd, len);
}

int ftruncate64(int fd, off64_t len)
{
    return ftruncate_watched(fd, len);
}

static int sync_watched(long call, int fd)
{
    struct stat info;
    int result;

    if (!enter())
        return (int)syscall(call, fd);
    result = (int)syscall(call, fd);
    if (result == 0 && fstat(fd, &info) == 0)
        say("S %llu\n", (unsigned long long)info.st_ino);
    leave(errno);
    return result;
}

int fsync(int fd)
{
    return sync_watched(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return sync_watched(SYS_fdatasync, fd);
}

int syncfs(int fd)
{
    struct stat info;
    int result = (int)syscall(SYS_syncfs, fd), number = errno;

    if (result == 0 && enter()) {
        if (fstat(fd, &info) == 0)
            say("A %llu\n", (unsigned long long)info.st_ino);
        leave(number);
    }
    return result;
}

int mkdirat(int folder, const char *path, mode_t mode)
{
    struct stat info;
    int result;

    if (!enter())
        return (int)syscall(SYS_mkdirat, folder, path, mode);
    result = (int)syscall(SYS_mkdirat, folder, path, mode);
    if (result == 0 && look(folder, path, &info)) {
        say_made(&info);
        say_named(folder, path, &info);
    }
    leave(errno);
    return result;
}

int mkdir(const char *path, mode_t mode)
{
    return mkdirat(AT_FDCWD, path, mode);
}

int linkat(int from, const char *old, int to, const char *path, int flags)
{
    struct stat info;
    int result;

    if (!enter())
        return (int)syscall(SYS_linkat, from, old, to, path, flags);
    if (no_links && !(flags & AT_SYMLINK_FOLLOW)) { /* else it is the first name of a file */
        leave(EPERM);
        return -1;
    }
    result = (int)syscall(SYS_linkat, from, old, to, path, flags);
    if (result == 0 && look(to, path, &info))
        say_named(to, path, &info);
    leave(errno);
    return result;
}

int link(const char *old, const char *path)
{
    return linkat(AT_FDCWD, old, AT_FDCWD, path, 0);
}

int unlinkat(int folder, const char *path, int flags)
{
    struct spot spot;
    int result;

    if (!enter())
        return (int)syscall(SYS_unlinkat, folder, path, flags);
    spot = spot_of(folder, path);
    result = (int)syscall(SYS_unlinkat, folder, path, flags);
    if (result == 0)
        say("U %llu %s\n", spot.folder, spot.name);
    leave(errno);
    return result;
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char *path)
{
    int result = unlinkat(AT_FDCWD, path, 0);

    return result != 0 && (errno == EISDIR || errno == EPERM)
               ? unlinkat(AT_FDCWD, path, AT_REMOVEDIR)
               : result;
}

int renameat2(int from, const char *old, int to, const char *path, unsigned flags)
{
    struct spot before, after;
    int result;

    if (!enter())
        return (int)syscall(SYS_renameat2, from, old, to, path, flags);
    before = spot_of(from, old);
    after = spot_of(to, path);
    result = (int)syscall(SYS_renameat2, from, old, to, path, flags);
    if (result == 0)
        say("%c %llu %s %llu %s\n", flags & RENAME_EXCHANGE ? 'X' : 'R', before.folder, before.name,
            after.folder, after.name);
    leave(errno);
    return result;
}

int renameat(int from, const char *old, int to, const char *path)
{
    return renameat2(from, old, to, path, 0);
}

int rename(const char *old, const char *path)
{
    return renameat2(AT_FDCWD, old, AT_FDCWD, path, 0);
}
