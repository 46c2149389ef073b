/* SPDX-License-Identifier: Apache-2.0 */
/* cli/become.h: other programs of ours, which have libraries that this one does without. */
#ifndef VL_CLI_BECOME_H
#define VL_CLI_BECOME_H

struct vl_other_program {
    const char *name;
    const char *command; /* of it */
    const char *mend;    /* when it is not there */
};

/* Where the program of this name is: beside this one where that was built, or where it is
 * installed, also when it is not there.  To be freed with vl_free; NULL: no memory. */
char *vl_other_program_path(const char *name);

/* Become the other program, which is beside this one where that was built, or where it is
 * installed: its command, these words behind that, and the same office.  Comes back only when that
 * cannot be: `what` was not done, and the exit status. */
int vl_become(const struct vl_other_program *other, const char *what, int argc, char **argv);

#endif
