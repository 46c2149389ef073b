/* SPDX-License-Identifier: Apache-2.0 */
/* sys/sandbox.h: the doors closed behind a process that is about to read what a stranger wrote. */
#ifndef VL_SYS_SANDBOX_H
#define VL_SYS_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

struct vl_sandbox {
    uint64_t memory_bytes; /* of addresses; not with AddressSanitizer, which takes all of them */
    uint64_t file_bytes;   /* of what it writes */
    unsigned seconds;      /* of a processor */
};

/* From now on this process has what it has open, may read what lies under /usr and /lib, and no
 * other file or folder; it makes no socket, starts no program, signals no other process and none
 * looks into it; it has these limits, and ends when the one that started it does.  What the kernel
 * cannot do (no Landlock, another processor than x86-64 and AArch64) is left out.  True when
 * nothing was. */
bool vl_sandbox_enter(const struct vl_sandbox *limits);

/* What this machine cannot do of it, as the kernel tells without entering. */
struct vl_sandbox_lack {
    bool files; /* no Landlock: files are not closed */
    bool calls; /* nor are sockets, programs and other processes */
};
struct vl_sandbox_lack vl_sandbox_look(void);

#endif
