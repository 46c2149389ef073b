/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/become.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "sys/folder.h"

#ifndef VL_LIBEXEC
#define VL_LIBEXEC "/usr/local/libexec/valise"
#endif
#define PATH_MAX_LEN 4096

char *vl_other_program_path(const char *name)
{
    char here[PATH_MAX_LEN] = "";
    const ssize_t len = readlink("/proc/self/exe", here, sizeof here - 1);
    char *folder = len > 0 ? vl_path_parent(here) : NULL;
    char *beside = folder ? vl_path_join(folder, name) : NULL;

    vl_free(folder);
    if (beside && vl_file_is_there(beside))
        return beside;
    vl_free(beside);
    return vl_path_join(VL_LIBEXEC, name);
}

/* To be freed. */
static char *copy_of(const char *text)
{
    char *copy = vl_new(strlen(text) + 1);

    if (copy)
        memcpy(copy, text, strlen(text) + 1);
    return copy;
}

int vl_become(const struct vl_other_program *other, const char *what, int argc, char **argv)
{
    const char *folder = vl_home_folder();
    struct vl_why why = {""};
    char *program = vl_other_program_path(other->name);
    char *name = copy_of(other->name), *command = copy_of(other->command);
    char *own = copy_of(folder ? folder : "");
    char **words = vl_new(((size_t)argc + 5) * sizeof *words);
    char home[] = "-C";
    int count = 0;

    if (program && name && command && own && words) {
        words[count++] = name;
        if (folder) {
            words[count++] = home;
            words[count++] = own;
        }
        words[count++] = command;
        for (int i = 0; i < argc; i++)
            words[count++] = argv[i];
        (void)fflush(stdout);
        (void)execv(program, words);
        (void)vl_fail(&why, VL_ERR_UNSUPPORTED, "%s cannot be started", program);
    }
    vl_free(program);
    vl_free(name);
    vl_free(command);
    vl_free(own);
    vl_free(words);
    return count == 0 ? vl_say_no_memory()
                      : vl_say_failure(what, VL_ERR_UNSUPPORTED, &why, other->mend);
}
