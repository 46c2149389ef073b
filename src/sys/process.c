/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <termios.h>

/* A home in the making has folders in folders; two threads may add to it while it goes. */
#define STAGE_DEPTH  4
#define STAGE_VISITS 4096
#define STAGE_ROUNDS 8

static const int stop_signals[VL_STOP_COUNT] = {
    [VL_STOP_INTERRUPTED] = SIGINT, [VL_STOP_TERMINATED] = SIGTERM, [VL_STOP_HUNG_UP] = SIGHUP};

/* What the handler needs.  It is set with the signals held back, so that it is always whole. */
static struct {
    char words[VL_STOP_COUNT][VL_STOP_WORDS_MAX];
    size_t words_len[VL_STOP_COUNT];
    int folder;
    const char *file;
    int stage;
    const char *stage_path;
    int terminal;
    struct termios terminal_settings;
} on_stop = {.folder = -1, .stage = -1, .terminal = -1};

static unsigned held;

void vl_process_sleep_ms(unsigned ms)
{
    const struct timespec span = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    (void)nanosleep(&span, NULL);
}

unsigned vl_process_cpus(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    return CPU_COUNT(&set) > 1 ? (unsigned)CPU_COUNT(&set) : 1;
}

void vl_process_guard(void)
{
    const struct rlimit none = {0, 0};

    /* The wrong way round: whoever uses it learns that it was closed. */
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    (void)signal(SIGXFSZ, SIG_IGN);
    /* Ignored by whoever started us, it would keep from us how a program that we start ended. */
    (void)signal(SIGCHLD, SIG_DFL);
    (void)setrlimit(RLIMIT_CORE, &none);
    /* A leak checker looks at its own process the way a thief would. */
#if !defined(__SANITIZE_ADDRESS__)
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/* As the kernel gives it: readdir() takes memory, which a signal handler must not. */
struct entry {
    uint64_t inode;
    int64_t next;
    unsigned short len;
    unsigned char type;
    char name[];
};

/* Remove the files of a folder; tells the first folder that is in it. */
static bool find_folder(int fd, char name[NAME_MAX + 1])
{
    _Alignas(struct entry) char room[2048];
    bool found = false;
    long got;

    (void)lseek(fd, 0, SEEK_SET);
    while (!found && (got = syscall(SYS_getdents64, fd, room, sizeof room)) > 0)
        for (long at = 0; at < got && !found;) {
            const struct entry *entry = (const void *)(room + at);

            at += entry->len;
            found = strcmp(entry->name, ".") != 0 && strcmp(entry->name, "..") != 0 &&
                    unlinkat(fd, entry->name, 0) != 0 && errno == EISDIR;
            for (size_t i = 0; found && (i == 0 || name[i - 1] != '\0'); i++)
                name[i] = entry->name[i];
        }
    return found;
}

/* Everything in a folder, without recursion. */
static void empty_folder(int top)
{
    char names[STAGE_DEPTH][NAME_MAX + 1];
    int fds[STAGE_DEPTH] = {top};
    size_t depth = 0;

    for (int visits = 0; visits < STAGE_VISITS; visits++) {
        char name[NAME_MAX + 1];

        if (!find_folder(fds[depth], name)) {
            if (depth == 0)
                return;
            (void)close(fds[depth]);
            (void)unlinkat(fds[depth - 1], names[depth], AT_REMOVEDIR);
            depth--;
        } else if (depth + 1 < STAGE_DEPTH) {
            depth++;
            memcpy(names[depth], name, sizeof name);
            fds[depth] =
                openat(fds[depth - 1], name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            depth -= fds[depth] < 0;
        }
    }
}

/* What other threads still put there is found in the next round. */
static void remove_stage(void)
{
    for (int round = 0; round < STAGE_ROUNDS; round++) {
        empty_folder(on_stop.stage);
        if (rmdir(on_stop.stage_path) == 0)
            return;
    }
}

/* Only calls that a signal handler may make (signal-safety(7)). */
static void stop(int number)
{
    ssize_t ignored;

    if (on_stop.file)
        (void)unlinkat(on_stop.folder, on_stop.file, 0);
    if (on_stop.stage >= 0)
        remove_stage();
    if (on_stop.terminal >= 0) {
        (void)tcsetattr(on_stop.terminal, TCSANOW, &on_stop.terminal_settings);
        ignored = write(on_stop.terminal, "\n", 1);
        (void)ignored;
    }
    for (size_t i = 0; i < VL_STOP_COUNT; i++)
        if (stop_signals[i] == number)
            ignored = write(STDERR_FILENO, on_stop.words[i], on_stop.words_len[i]);
    (void)ignored;
    /* A terminal that goes away is one more way of being told to end. */
    _exit(number == SIGINT ? 130 : 143);
}

static void stop_set(sigset_t *set)
{
    (void)sigemptyset(set);
    for (size_t i = 0; i < VL_STOP_COUNT; i++)
        (void)sigaddset(set, stop_signals[i]);
}

void vl_stop_hold(void)
{
    sigset_t set;

    stop_set(&set);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    held++;
}

void vl_stop_release(void)
{
    sigset_t set;

    if (--held > 0)
        return;
    stop_set(&set);
    (void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void vl_stop_too_late(void)
{
    for (size_t i = 0; i < VL_STOP_COUNT; i++)
        (void)signal(stop_signals[i], SIG_IGN); /* one that waits is thrown away */
}

void vl_stop_install(const char *const words[VL_STOP_COUNT])
{
    struct sigaction action = {0}, before;

    vl_stop_hold();
    action.sa_handler = stop;
    stop_set(&action.sa_mask);
    for (size_t i = 0; i < VL_STOP_COUNT; i++) {
        (void)snprintf(on_stop.words[i], sizeof on_stop.words[i], "%s", words[i]);
        on_stop.words_len[i] = strlen(on_stop.words[i]);
        if (sigaction(stop_signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            (void)sigaction(stop_signals[i], &action, NULL);
    }
    vl_stop_release();
}

void vl_stop_remember_file(int folder, const char *name)
{
    vl_stop_hold();
    on_stop.folder = folder;
    on_stop.file = name;
    vl_stop_release();
}

void vl_stop_forget_file(void)
{
    vl_stop_remember_file(-1, NULL);
}

void vl_stop_remember_folder(int fd, const char *path)
{
    vl_stop_hold();
    on_stop.stage = fd;
    on_stop.stage_path = path;
    vl_stop_release();
}

void vl_stop_forget_folder(void)
{
    vl_stop_remember_folder(-1, NULL);
}

void vl_stop_remember_terminal(int fd, const struct termios *settings)
{
    vl_stop_hold();
    on_stop.terminal = fd;
    on_stop.terminal_settings = *settings;
    vl_stop_release();
}

void vl_stop_forget_terminal(void)
{
    vl_stop_hold();
    on_stop.terminal = -1;
    vl_stop_release();
}
