/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/editor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "sys/folder.h"
#include "sys/tty.h"

#include <spawn.h>

#define NOT_THERE 127 /* what a shell says of a command that it does not find */
#define DEFAULT   "if command -v editor >/dev/null; then exec editor \"$@\"; else exec vi \"$@\"; fi"

/* The variable that names an editor, or NULL. */
static const char *chosen(void)
{
    static const char *const names[] = {"VISUAL", "EDITOR"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);

        if (value && strspn(value, " \t") < strlen(value))
            return value;
    }
    return NULL;
}

/* Ctrl-C belongs to the editor while it runs: what was ignored before stays so in both. */
struct ignored {
    struct sigaction interrupt, quit;
};

static void ignore(struct ignored *before, sigset_t *to_default)
{
    struct sigaction action = {.sa_handler = SIG_IGN};

    (void)sigaction(SIGINT, &action, &before->interrupt);
    (void)sigaction(SIGQUIT, &action, &before->quit);
    (void)sigemptyset(to_default);
    if (before->interrupt.sa_handler != SIG_IGN)
        (void)sigaddset(to_default, SIGINT);
    if (before->quit.sa_handler != SIG_IGN)
        (void)sigaddset(to_default, SIGQUIT);
    (void)sigaddset(to_default, SIGXFSZ); /* vl_process_guard ignores it */
}

static void stop_ignoring(const struct ignored *before)
{
    (void)sigaction(SIGINT, &before->interrupt, NULL);
    (void)sigaction(SIGQUIT, &before->quit, NULL);
}

/* An editor wants the terminal, and what is piped into us or out of us is not for it. */
static int give_terminal(posix_spawn_file_actions_t *actions)
{
    bool is_there = vl_tty_is_there();
    int error = 0;

    for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO && !error; fd++) {
        if (isatty(fd))
            continue;
        if (is_there)
            error = posix_spawn_file_actions_addopen(actions, fd, "/dev/tty", O_RDWR, 0);
        else if (fd == STDOUT_FILENO)
            error = posix_spawn_file_actions_adddup2(actions, STDERR_FILENO, fd);
    }
    return error;
}

static int start(const char *command, const char *file, const sigset_t *to_default, pid_t *child)
{
    static char shell[] = "sh", option[] = "-c";
    char *arguments[] = {shell, option, NULL, NULL, NULL, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);

    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (error) {
        (void)posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    /* Nobody writes into them, whatever the type of the array says. */
    memcpy(&arguments[2], &command, sizeof command);
    arguments[3] = shell;
    memcpy(&arguments[4], &file, sizeof file);
    error = give_terminal(&actions);
    if (!error)
        error = posix_spawnattr_setsigdefault(&attributes, to_default);
    if (!error)
        error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    if (!error)
        error = posix_spawn(child, "/bin/sh", &actions, &attributes, arguments, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    return error;
}

static enum vl_err judge(int status, const char *editor, struct vl_why *why)
{
    if (WIFSIGNALED(status))
        return vl_fail(why, VL_ERR_INTERRUPTED, "signal %d ended the editor", WTERMSIG(status));
    if (WEXITSTATUS(status) == NOT_THERE)
        return vl_fail(why, VL_ERR_NOT_FOUND,
                       "there is no editor \"%s\": name another one in VISUAL or EDITOR",
                       editor ? editor : "vi");
    if (WEXITSTATUS(status) != 0)
        return vl_fail(why, VL_ERR_IO, "the editor ended with status %d", WEXITSTATUS(status));
    return VL_OK;
}

static enum vl_err run(const char *editor, const char *file, struct vl_why *why)
{
    const size_t len = (editor ? strlen(editor) : 0) + sizeof DEFAULT;
    char *command = vl_new(len);
    struct ignored before;
    sigset_t to_default;
    int status = 0, error;
    pid_t child = -1, ended;

    if (!command)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to start the editor");
    (void)snprintf(command, len, "%s%s", editor ? editor : "", editor ? " \"$@\"" : DEFAULT);
    ignore(&before, &to_default);
    error = start(command, file, &to_default, &child);
    do
        ended = error ? -1 : waitpid(child, &status, 0);
    while (ended < 0 && !error && errno == EINTR);
    if (!error && ended < 0)
        error = errno;
    stop_ignoring(&before);
    vl_free(command);
    if (error)
        return vl_fail(why, error == ENOMEM ? VL_ERR_NO_MEMORY : VL_ERR_IO,
                       "starting the editor: %s", strerror(error));
    return judge(status, editor, why);
}

enum vl_err vl_editor_run(const char *file, struct vl_why *why)
{
    /* A name that looks like an option is given so that it does not. */
    char *path = file[0] == '-' ? vl_path_join(".", file) : NULL;
    enum vl_err err = file[0] == '-' && !path
                          ? vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name")
                          : run(chosen(), path ? path : file, why);

    vl_free(path);
    return err;
}
