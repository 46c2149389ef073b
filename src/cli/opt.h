/* SPDX-License-Identifier: Apache-2.0 */
/* cli/opt.h: the words of a command line: options, their help, and what is left over. */
#ifndef VL_CLI_OPT_H
#define VL_CLI_OPT_H

#include "base/bytes.h"

/* Options given more than once. */
struct vl_opt_list {
    const char **at;
    size_t count;
};

enum vl_opt_kind { VL_OPT_END, VL_OPT_FLAG, VL_OPT_TEXT, VL_OPT_LIST, VL_OPT_NUMBER };

struct vl_opt {
    enum vl_opt_kind kind;
    char letter; /* 0: there is only the long name */
    const char *name;
    const char *value; /* what stands for its value in the help; NULL for a flag */
    void *into;        /* bool, const char *, struct vl_opt_list, or int (-1: not given) */
    const char *help;
};

/* What every command takes. */
struct vl_common {
    bool json;
    bool quiet;
    bool no_progress;
    const char *progress; /* auto, json */
    const char *color;    /* auto, always, never: nothing is coloured so far */
};

enum vl_command_flag {
    VL_DAILY = 1,      /* one of those that `valise` alone names */
    VL_OF_OFFICES = 2, /* its words are offices, or letters: for completion */
    VL_OF_LETTERS = 4,
    VL_OF_FIRST_OFFICE = 8 /* only the first one is an office */
};

struct vl_command {
    const char *name;
    const char *summary;  /* one line, in the list of commands */
    const char *synopsis; /* after "valise NAME" */
    const char *examples; /* two of them, a line each */
    const char *more;     /* what the options leave open; may be empty */
    int (*run)(const struct vl_command *command, int argc, char **argv);
    unsigned flags; /* enum vl_command_flag */
};

/* The list of commands, the last one with a name of NULL. */
extern const struct vl_command vl_commands[];

/* Read options into their places; what is left begins at argv[*rest] and ends at argc.  Gives -1 to
 * go on, else the exit status: help was printed, or the words were wrong and that was said. */
int vl_opt_parse(const struct vl_command *command, const struct vl_opt *options,
                 struct vl_common *common, int argc, char **argv, int *rest);
/* For completion.  Print the long options of a command that go on from what was typed, a line each.
 */
void vl_command_options(const struct vl_command *command, const char *typed);
/* What the word is followed by ("FILE") if it is an option of the command, "-o" or "--output", that
 * wants a value; else NULL. */
const char *vl_command_option_value(const struct vl_command *command, const char *word);
void vl_opt_list_release(struct vl_opt_list *list);

/* Print the help of the whole program, and its short form: the daily commands. */
void vl_help_all(void);
void vl_help_short(void);
/* The command of this name, or NULL; then *nearest is one that is written much alike, or NULL. */
const struct vl_command *vl_command_find(const char *name, const struct vl_command **nearest);

#endif
