/* SPDX-License-Identifier: Apache-2.0 */
/* sys/sandbox.h: the doors that are closed are closed, and what is open stays so. */
#include "sys/sandbox.h"

#include <linux/landlock.h>
#include <linux/seccomp.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

#define NOT_ENTERED 77

static const struct vl_sandbox limits = {(uint64_t)1 << 30, 4096, 30};
static char own_file[] = "/tmp/valise-sandbox-XXXXXX";

/* What the kernel says of itself, and not vl_sandbox_enter: who forgets a door is found out. */
static bool kernel_can(void)
{
    const uint32_t action = SECCOMP_RET_ERRNO;

#if !defined(__x86_64__) && !defined(__aarch64__)
    return false;
#endif
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1 &&
           syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

/* As wait() gives it, of a process that plays inside. */
static int play_inside(int (*play)(void))
{
    int status = -1;
    pid_t child;

    (void)fflush(NULL);
    if (!kernel_can())
        skip();
    child = fork();
    if (child == 0)
        _exit(vl_sandbox_enter(&limits) ? play() : NOT_ENTERED);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void assert_plays(int (*play)(void))
{
    const int status = play_inside(play);

    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static bool is_refused(const char *path, int flags)
{
    return open(path, flags | O_CLOEXEC, 0600) < 0 && errno == EACCES;
}

static int look_for_files(void)
{
    if (!is_refused(own_file, O_RDONLY))
        return 1;
    if (!is_refused(own_file, O_WRONLY))
        return 2;
    if (!is_refused("/etc/passwd", O_RDONLY) || !is_refused("/tmp", O_RDONLY))
        return 3;
    if (!is_refused("/tmp/valise-sandbox-new", O_WRONLY | O_CREAT))
        return 4;
    if (unlink(own_file) == 0 || truncate(own_file, 0) == 0 || rename(own_file, "/tmp/x") == 0)
        return 5;
    return open("/usr/bin", O_RDONLY | O_DIRECTORY | O_CLOEXEC) >= 0 ? 0 : 6;
}

static void files_of_its_user_are_out_of_reach(void **state)
{
    struct stat seen;

    (void)state;
    assert_plays(look_for_files);
    assert_int_equal(stat(own_file, &seen), 0);
    assert_int_equal(seen.st_size, 4);
}

static int call_others(void)
{
    char *const words[] = {NULL};

    if (socket(AF_UNIX, SOCK_STREAM, 0) >= 0 || errno != EPERM)
        return 1;
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM)
        return 2;
    (void)execv("/usr/bin/true", words);
    return errno == EPERM ? 0 : 3;
}

static void it_calls_nobody_and_starts_nothing(void **state)
{
    (void)state;
    assert_plays(call_others);
}

static pid_t other;
static int open_pidfd = -1;

static bool is_eperm(long result)
{
    return result == -1 && errno == EPERM;
}

static int signal_others(void)
{
    const int file = fcntl(0, F_GETFD) >= 0 ? 0 : open("/usr/bin", O_RDONLY | O_DIRECTORY);
    const struct rlimit limit = {1, 1};
    siginfo_t info = {.si_code = SI_QUEUE};
    struct f_owner_ex owner = {F_OWNER_PID, other};

    if (!is_eperm(kill(other, SIGTERM)) || !is_eperm(kill(-other, SIGTERM)))
        return 1;
    if (!is_eperm(kill(0, 0)) || !is_eperm(kill(-1, 0)) || !is_eperm(kill(getppid(), 0)))
        return 2;
    if (!is_eperm(syscall(SYS_tgkill, other, other, SIGTERM)) ||
        !is_eperm(syscall(SYS_tkill, other, SIGTERM)))
        return 3;
    if (!is_eperm(syscall(SYS_rt_sigqueueinfo, other, SIGTERM, &info)) ||
        !is_eperm(syscall(SYS_rt_tgsigqueueinfo, other, other, SIGTERM, &info)))
        return 4;
    if (!is_eperm(syscall(SYS_pidfd_open, other, 0)) ||
        !is_eperm(syscall(SYS_pidfd_send_signal, open_pidfd, SIGTERM, NULL, 0)))
        return 5;
    if (!is_eperm(fcntl(file, F_SETOWN, other)) || !is_eperm(fcntl(file, F_SETOWN_EX, &owner)))
        return 6;
    if (!is_eperm(prlimit(other, RLIMIT_CPU, &limit, NULL)))
        return 7;
    /* The upper half of a register is nothing to the kernel, nor to the filter. */
    return is_eperm(syscall(SYS_kill, (long)getpid() << 32 | other, SIGTERM)) ? 0 : 8;
}

static void it_ends_nobody_else(void **state)
{
    int status = -1;

    (void)state;
    other = fork();
    if (other == 0) {
        (void)setpgid(0, 0);
        (void)pause();
        _exit(0);
    }
    assert_true(other > 0);
    open_pidfd = (int)syscall(SYS_pidfd_open, other, 0);
    assert_true(open_pidfd >= 0);
    assert_plays(signal_others);
    assert_int_equal(waitpid(other, &status, WNOHANG), 0);
    (void)kill(other, SIGKILL);
    assert_int_equal(waitpid(other, &status, 0), other);
    (void)close(open_pidfd);
}

static void what_the_kernel_cannot_do_is_known_before(void **state)
{
    const struct vl_sandbox_lack lack = vl_sandbox_look();

    (void)state;
    assert_int_equal(!lack.files && !lack.calls, kernel_can());
}

static volatile sig_atomic_t heard;

static void hear(int number)
{
    heard = number;
}

static int signal_itself(void)
{
    (void)signal(SIGUSR1, hear);
    if (raise(SIGUSR1) != 0 || heard != SIGUSR1)
        return 1;
    heard = 0;
    if (kill(getpid(), SIGUSR1) != 0 || heard != SIGUSR1)
        return 2;
    (void)signal(SIGABRT, SIG_DFL);
    abort();
}

static void it_can_end_itself(void **state)
{
    const int status = play_inside(signal_itself);

    (void)state;
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

static int open_before = -1;

static int use_what_is_open(void)
{
    static const uint8_t much[8192];

    (void)signal(SIGXFSZ, SIG_IGN);
    if (pwrite(open_before, much, 4, 0) != 4)
        return 1;
    return pwrite(open_before, much, sizeof much, 0) == 4096 ? 0 : 2;
}

static void what_is_open_stays_so_up_to_a_limit(void **state)
{
    char path[] = "/tmp/valise-sandbox-XXXXXX";

    (void)state;
    open_before = mkstemp(path);
    assert_true(open_before >= 0);
    (void)unlink(path);
    assert_plays(use_what_is_open);
    (void)close(open_before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_its_user_are_out_of_reach),
        cmocka_unit_test(it_calls_nobody_and_starts_nothing),
        cmocka_unit_test(it_ends_nobody_else),
        cmocka_unit_test(it_can_end_itself),
        cmocka_unit_test(what_the_kernel_cannot_do_is_known_before),
        cmocka_unit_test(what_is_open_stays_so_up_to_a_limit),
    };
    const int fd = mkstemp(own_file);
    int failed = 1;

    if (fd >= 0 && write(fd, "text", 4) == 4)
        failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)close(fd);
    (void)unlink(own_file);
    return failed;
}
