/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "sys/clock.h"
#include "sys/folder.h"
#include "sys/memory_file.h"
#include "sys/process.h"

#include <spawn.h>

#define LOOK_MS  10   /* how often it is looked whether it has ended */
#define GRACE_MS 1000 /* from being asked to end to being ended */

bool vl_program_is_there(const char *path)
{
    struct stat seen;

    return lstat(path, &seen) == 0;
}

/* Whoever could write it would be whoever is run. */
static enum vl_err check_owner(const char *path, const struct stat *seen, struct vl_why *why)
{
    if (seen->st_uid != geteuid() && seen->st_uid != 0)
        return vl_fail(why, VL_ERR_REFUSED, "\"%s\" belongs to somebody else", path);
    if (seen->st_mode & (S_IWGRP | S_IWOTH))
        return vl_fail(why, VL_ERR_REFUSED, "\"%s\" can be written by others: chmod go-w", path);
    return VL_OK;
}

static enum vl_err check_folder(const char *path, struct vl_why *why)
{
    char *folder = vl_path_parent(path);
    struct stat seen;
    enum vl_err err = folder ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");

    if (!err && stat(folder, &seen) != 0)
        err = vl_fail(why, VL_ERR_IO, "\"%s\": %s", folder, strerror(errno));
    if (!err)
        err = check_owner(folder, &seen, why);
    vl_free(folder);
    return err;
}

static enum vl_err check(const char *path, struct vl_why *why)
{
    struct stat seen;
    enum vl_err err;

    if (lstat(path, &seen) != 0)
        return vl_fail(why, VL_ERR_IO, "\"%s\": %s", path, strerror(errno));
    if (!S_ISREG(seen.st_mode))
        return vl_fail(why, VL_ERR_REFUSED, "\"%s\" is no regular file", path);
    err = check_owner(path, &seen, why);
    if (!err && !(seen.st_mode & S_IXUSR))
        err = vl_fail(why, VL_ERR_REFUSED, "\"%s\" is not executable: chmod u+x", path);
    return err ? err : check_folder(path, why);
}

/* What we ignore or handle it begins without. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t all;
    int error;

    (void)sigfillset(&all);
    error = posix_spawnattr_setsigdefault(attributes, &all);
    (void)sigemptyset(&all);
    if (!error)
        error = posix_spawnattr_setsigmask(attributes, &all);
    if (!error)
        error = posix_spawnattr_setpgroup(attributes, 0);
    return error ? error
                 : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF |
                                                            POSIX_SPAWN_SETSIGMASK |
                                                            POSIX_SPAWN_SETPGROUP);
}

/* What a program begins with. */
struct beginning {
    int input;
    int output; /* -1: our stderr, and then it has our environment, too */
};

static int set_output(posix_spawn_file_actions_t *actions, int output)
{
    int error;

    if (output < 0)
        return posix_spawn_file_actions_adddup2(actions, STDERR_FILENO, STDOUT_FILENO);
    error = posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
    if (!error) /* what it says to people is no word of ours */
        error = posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    return error ? error : posix_spawn_file_actions_addchdir_np(actions, "/");
}

static int set_files(posix_spawn_file_actions_t *actions, const struct beginning *beginning)
{
    int error = posix_spawn_file_actions_adddup2(actions, beginning->input, STDIN_FILENO);

    if (!error)
        error = set_output(actions, beginning->output);
    return error ? error : posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}

static int start(const char *path, const struct beginning *beginning, pid_t *child)
{
    char *nothing[] = {NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char *arguments[] = {NULL, NULL};
    int error = posix_spawn_file_actions_init(&actions);

    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (error) {
        (void)posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    /* Nobody writes into it, whatever the type of the array says. */
    memcpy(&arguments[0], &path, sizeof path);
    error = set_files(&actions, beginning);
    if (!error)
        error = set_attributes(&attributes);
    if (!error)
        error = posix_spawn(child, path, &actions, &attributes, arguments,
                            beginning->output >= 0 ? nothing : environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    return error;
}

/* True when it has ended by then; *status tells how. */
static bool ends_by(pid_t child, uint64_t until_ms, int *status)
{
    const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};

    for (;;) {
        const pid_t ended = waitpid(child, status, WNOHANG);

        if (ended == child || (ended < 0 && errno != EINTR))
            return true;
        if (vl_clock_steady_ms() >= until_ms)
            return false;
        (void)nanosleep(&pause, NULL);
    }
}

static enum vl_err wait_for(pid_t child, const char *path, uint64_t limit_ms, struct vl_why *why)
{
    int status = 0;

    if (!ends_by(child, vl_clock_steady_ms() + limit_ms, &status)) {
        (void)kill(-child, SIGTERM);
        /* All that it began has so long, too; until then it is not reaped, so its number is theirs.
         */
        vl_process_sleep_ms(GRACE_MS);
        (void)kill(-child, SIGKILL);
        (void)waitpid(child, &status, 0);
        return vl_fail(why, VL_ERR_REFUSED, "\"%s\" took longer than %llu s, and was ended", path,
                       (unsigned long long)(limit_ms / 1000));
    }
    if (WIFSIGNALED(status))
        return vl_fail(why, VL_ERR_IO, "\"%s\" was ended by signal %d", path, WTERMSIG(status));
    return WEXITSTATUS(status) == 0
               ? VL_OK
               : vl_fail(why, VL_ERR_IO, "\"%s\" ended with status %d", path, WEXITSTATUS(status));
}

enum vl_err vl_program_run(const char *path, vl_bytes input, uint64_t limit_ms, struct vl_why *why)
{
    struct vl_memory_file file = VL_MEMORY_FILE_INIT;
    struct beginning beginning = {.output = -1};
    pid_t child = -1;
    enum vl_err err = check(path, why);
    int error;

    if (!err)
        err = vl_memory_file_open(input, &file, why);
    if (err)
        return err;
    beginning.input = file.fd;
    error = start(path, &beginning, &child);
    vl_memory_file_close(&file);
    if (error)
        return vl_fail(why, VL_ERR_IO, "\"%s\" could not be started: %s", path, strerror(error));
    return wait_for(child, path, limit_ms, why);
}

static enum vl_err read_answer(int fd, struct vl_buf *out, struct vl_why *why)
{
    struct stat seen;
    uint8_t *at = NULL;
    size_t done = 0, len;
    enum vl_err err;

    if (fstat(fd, &seen) != 0)
        return vl_fail(why, VL_ERR_IO, "its answer: %s", strerror(errno));
    len = (size_t)seen.st_size;
    err = vl_buf_add(out, len, &at);
    if (err)
        return vl_fail(why, err, "its answer: %s", vl_err_words(err));
    while (done < len) {
        const ssize_t got = pread(fd, at + done, len - done, (off_t)done);

        if (got == 0 || (got < 0 && errno != EINTR))
            return vl_fail(why, VL_ERR_IO, "its answer: %s", got ? strerror(errno) : "cut short");
        done += got > 0 ? (size_t)got : 0;
    }
    return VL_OK;
}

enum vl_err vl_program_ask(const char *path, vl_bytes input, uint64_t limit_ms, struct vl_buf *out,
                           struct vl_why *why)
{
    struct vl_memory_file file = VL_MEMORY_FILE_INIT, answer = VL_MEMORY_FILE_INIT;
    pid_t child = -1;
    enum vl_err err = vl_memory_file_open(input, &file, why);

    if (!err)
        err = vl_memory_file_open(VL_BYTES_NONE, &answer, why);
    if (!err) {
        const struct beginning beginning = {file.fd, answer.fd};
        const int error = start(path, &beginning, &child);

        if (error)
            err = vl_fail(why, VL_ERR_IO, "\"%s\" could not be started: %s", path, strerror(error));
    }
    if (!err)
        err = wait_for(child, path, limit_ms, why);
    if (!err)
        err = read_answer(answer.fd, out, why);
    vl_memory_file_close(&file);
    vl_memory_file_close(&answer);
    return err;
}
