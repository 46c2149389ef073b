/* SPDX-License-Identifier: Apache-2.0 */
/* What needs a network is done by another program, so that this one is linked with no library that
 * has one: valise-net, which is the same commands and has them. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/cmd.h"
#include "cli/cmd_record.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "sys/folder.h"

#ifndef VL_LIBEXEC
#define VL_LIBEXEC "/usr/local/libexec/valise"
#endif
#define PROGRAM      "valise-net"
#define PATH_MAX_LEN 4096

/* Beside this program where it was built, else where it is installed.  To be freed. */
static char *find_program(void)
{
    char here[PATH_MAX_LEN] = "";
    const ssize_t len = readlink("/proc/self/exe", here, sizeof here - 1);
    char *folder = len > 0 ? vl_path_parent(here) : NULL;
    char *beside = folder ? vl_path_join(folder, PROGRAM) : NULL;

    vl_free(folder);
    if (beside && vl_file_is_there(beside))
        return beside;
    vl_free(beside);
    return vl_path_join(VL_LIBEXEC, PROGRAM);
}

/* Become the other program with these words behind "record"; it is about the same office. */
static int become(const char *what, int argc, char **argv)
{
    const char *folder = vl_home_folder();
    struct vl_why why = {""};
    char *program = find_program();
    char **words = vl_new(((size_t)argc + 5) * sizeof *words);
    char name[] = PROGRAM, record[] = "record", home[] = "-C";
    char *own = folder ? vl_new(strlen(folder) + 1) : NULL;
    int count = 0;

    if (!program || !words || (folder && !own)) {
        vl_free(own);
        vl_free(program);
        vl_free(words);
        return vl_say_no_memory();
    }
    words[count++] = name;
    if (own) {
        memcpy(own, folder, strlen(folder) + 1);
        words[count++] = home;
        words[count++] = own;
    }
    words[count++] = record;
    for (int i = 0; i < argc; i++)
        words[count++] = argv[i];
    (void)fflush(stdout);
    (void)execv(program, words);
    (void)vl_fail(&why, VL_ERR_UNSUPPORTED, "%s cannot be started", program);
    vl_free(own);
    vl_free(program);
    vl_free(words);
    return vl_say_failure(what, VL_ERR_UNSUPPORTED, &why,
                          "install what has " PROGRAM
                          ", or build it: it needs libmicrohttpd and libcurl");
}

int vl_cmd_record_serve(const struct vl_command *command, int argc, char **argv)
{
    (void)command;
    return become("the record was not served.", argc, argv);
}

int vl_record_run_far(const struct vl_command *command, const struct vl_record_options *o,
                      int count, char **words, int argc, char **argv)
{
    (void)command;
    (void)o;
    (void)count;
    (void)words;
    return become("the record was not reached.", argc - 1, argv + 1);
}
