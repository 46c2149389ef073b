/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/fail.h"
#include "sys/process.h"

#define EXITS                                                                                      \
    "Exit status: 0 done, 1 failed, 2 used wrongly, 4 not found, 6 malformed or altered,\n"        \
    "7 refused, 8 not supported, 12 no key or another passphrase, 130 interrupted."

const struct vl_command vl_commands[] = {
    {"seal", "Seal a file to recipients or with a passphrase, as an age file",
     "(-r RECIPIENT | -R FILE | -i KEYFILE)... | -p  [-a] [-o FILE] [FILE]",
     "valise seal -r age1... -o letter.age letter.txt\n"
     "tar c evidence | valise seal -R court.txt -o evidence.tar.age\n",
     EXITS, vl_cmd_seal},
    {"unseal", "Open an age file: all of it, verified, or nothing",
     "[-i KEYFILE]... [-o FILE] [FILE]",
     "valise unseal -i key.txt -o letter.txt letter.age\n"
     "valise unseal -i key.txt evidence.tar.age | tar x\n",
     "Without -o every piece goes to stdout once it is verified; a status other than 0\n"
     "means that it was not all: throw away what came.\n\n" EXITS,
     vl_cmd_unseal},
    {"keygen", "Make a private key, or show whom to seal to for one", "[-p] [-o FILE] | -y [FILE]",
     "valise keygen -o key.txt\n"
     "valise keygen -y key.txt\n",
     "Keep the file; give away what is printed: it begins with age1.\n\n" EXITS, vl_cmd_keygen},
    {"help", "Show how a command is used", "[COMMAND]",
     "valise help seal\n"
     "valise seal --help\n",
     "", vl_cmd_help},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

static int unknown_command(const char *name, const struct vl_command *nearest)
{
    struct vl_why why = {""};
    char mend[64] = "valise help";

    (void)vl_fail(&why, VL_ERR_USAGE, "there is no command \"%s\"%s%s%s", name,
                  nearest ? "; did you mean " : "", nearest ? nearest->name : "",
                  nearest ? "?" : "");
    if (nearest)
        (void)snprintf(mend, sizeof mend, "valise help %s", nearest->name);
    return vl_say_failure("nothing was done.", VL_ERR_USAGE, &why, mend);
}

int vl_cmd_help(const struct vl_command *command, int argc, char **argv)
{
    char help[] = "--help";
    char *words[] = {NULL, help, NULL};
    const struct vl_command *nearest;
    const struct vl_command *about;

    (void)command;
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        vl_help_all();
        return 0;
    }
    about = vl_command_find(argv[1], &nearest);
    if (!about)
        return unknown_command(argv[1], nearest);
    words[0] = argv[1];
    return about->run(about, 2, words);
}

static int run(int argc, char **argv)
{
    const struct vl_command *nearest;
    const struct vl_command *command;

    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        vl_help_all();
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("valise %s\n", VL_VERSION);
        return 0;
    }
    command = vl_command_find(argv[1], &nearest);
    return command ? command->run(command, argc - 1, argv + 1) : unknown_command(argv[1], nearest);
}

int main(int argc, char **argv)
{
    int status;

    vl_process_guard();
    status = run(argc, argv);
    /* An answer that did not get out was not given. */
    if (fflush(stdout) != 0 && status == 0) {
        const struct vl_why why = {"stdout does not take it"};

        status = vl_say_failure("the answer could not be printed.", VL_ERR_IO, &why,
                                "look at where stdout goes");
    }
    return status;
}
