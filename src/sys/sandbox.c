/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/sandbox.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* --- files ------------------------------------------------------------------------------------ */

#define MAY_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* All that the first Landlock knows, Linux 5.13; REFER and TRUNCATE came after it. */
#define FIRST ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#define REFER (LANDLOCK_ACCESS_FS_MAKE_SYM << 1)
#define CUT   (LANDLOCK_ACCESS_FS_MAKE_SYM << 2)

static bool allow_reading(int rules, const char *folder)
{
    struct landlock_path_beneath_attr beneath = {
        .allowed_access = MAY_READ,
        .parent_fd = open(folder, O_PATH | O_CLOEXEC),
    };
    bool is_done;

    if (beneath.parent_fd < 0)
        return errno == ENOENT;
    is_done = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
    (void)close(beneath.parent_fd);
    return is_done;
}

static long files_version(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static bool close_files(void)
{
    const long version = files_version();
    const struct landlock_ruleset_attr handled = {
        .handled_access_fs = FIRST | (version >= 2 ? REFER : 0) | (version >= 3 ? CUT : 0)};
    long rules = -1;
    bool is_done;

    if (version >= 1)
        rules = syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (rules < 0)
        return false;
    is_done = allow_reading((int)rules, "/usr") && allow_reading((int)rules, "/lib") &&
              syscall(SYS_landlock_restrict_self, (int)rules, 0) == 0;
    (void)close((int)rules);
    return is_done;
}

/* --- calls ------------------------------------------------------------------------------------ */

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#endif

#if defined(MACHINE)
#define LOAD(field)  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ANSWER(with) BPF_STMT(BPF_RET | BPF_K, (with))
#define REFUSED      ANSWER(SECCOMP_RET_ERRNO | EPERM)
/* The next one is passed over when it is another call, or another value. */
#define WHEN(is) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (is), 0, 1)
/* So many are, when it is another call; what they load is then not looked at any more. */
#define UNLESS(is, past) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (is), 0, (past))
/* The lower half of an argument, which is all that the kernel takes of a pid or an int. */
#define LOAD_INT(i)                                                                                \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[(i)]) +                  \
                                           (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0))

static bool close_calls(void)
{
    const uint32_t own = (uint32_t)getpid();
    struct sock_filter filter[] = {
        LOAD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0),
        ANSWER(SECCOMP_RET_KILL_PROCESS),
        LOAD(nr),
        /* Calls of x32, which have other numbers. */
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        REFUSED,
        WHEN(SYS_socket),
        REFUSED,
        WHEN(SYS_connect),
        REFUSED,
        WHEN(SYS_io_uring_setup),
        REFUSED,
        WHEN(SYS_execve),
        REFUSED,
        WHEN(SYS_execveat),
        REFUSED,
        WHEN(SYS_ptrace),
        REFUSED,
        WHEN(SYS_process_vm_readv),
        REFUSED,
        WHEN(SYS_process_vm_writev),
        REFUSED,
        WHEN(SYS_pidfd_getfd),
        REFUSED,
        WHEN(SYS_keyctl),
        REFUSED,
        /* Signals: to itself, which abort() needs, and to nobody else by any way. */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_kill, 1, 0),
        UNLESS(SYS_tgkill, 4),
        LOAD_INT(0),
        WHEN(own),
        ANSWER(SECCOMP_RET_ALLOW),
        REFUSED,
        WHEN(SYS_tkill),
        REFUSED,
        WHEN(SYS_rt_sigqueueinfo),
        REFUSED,
        WHEN(SYS_rt_tgsigqueueinfo),
        REFUSED,
        WHEN(SYS_pidfd_open),
        REFUSED,
        WHEN(SYS_pidfd_send_signal),
        REFUSED,
        UNLESS(SYS_fcntl, 6), /* whoever owns a file is signalled when it is ready */
        LOAD_INT(1),
        WHEN(F_SETOWN),
        REFUSED,
        WHEN(F_SETOWN_EX),
        REFUSED,
        ANSWER(SECCOMP_RET_ALLOW),
        UNLESS(SYS_prlimit64, 4), /* a limit of time ends whom it is set for */
        LOAD_INT(0),
        WHEN(0),
        ANSWER(SECCOMP_RET_ALLOW),
        REFUSED,
        ANSWER(SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {sizeof filter / sizeof *filter, filter};

    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool can_close_calls(void)
{
    const uint32_t action = SECCOMP_RET_ERRNO;

    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}
#else
static bool can_close_calls(void)
{
    return false;
}

static bool close_calls(void)
{
    return false;
}
#endif

/* --- limits ----------------------------------------------------------------------------------- */

static bool set_limit(int what, uint64_t most)
{
    const struct rlimit limit = {most, most};

    return setrlimit((__rlimit_resource_t)what, &limit) == 0;
}

static bool set_limits(const struct vl_sandbox *limits)
{
    bool is_done = set_limit(RLIMIT_CORE, 0) && set_limit(RLIMIT_CPU, limits->seconds) &&
                   set_limit(RLIMIT_FSIZE, limits->file_bytes);

#if !defined(__SANITIZE_ADDRESS__)
    is_done = is_done && set_limit(RLIMIT_AS, limits->memory_bytes);
#endif
    return is_done;
}

bool vl_sandbox_enter(const struct vl_sandbox *limits)
{
    bool is_done = set_limits(limits);

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    is_done = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && is_done;
    is_done = close_files() && is_done;
    return close_calls() && is_done;
}

struct vl_sandbox_lack vl_sandbox_look(void)
{
    return (struct vl_sandbox_lack){.files = files_version() < 1, .calls = !can_close_calls()};
}
