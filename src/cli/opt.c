/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/opt.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/fail.h"

#include <getopt.h>

#define OPTIONS_MAX 48
#define LONG_BASE   256 /* values of getopt_long for options without a letter */
#define HELP_VALUE  (LONG_BASE + OPTIONS_MAX)
#define HELP_COLUMN 28

/* What is misspelt by one or two letters is probably this. */
#define NEAR 2

struct table {
    const struct vl_opt *at[OPTIONS_MAX];
    size_t count;
    struct option longs[OPTIONS_MAX + 2];
    char shorts[2 * OPTIONS_MAX + 4];
};

static void add(struct table *table, const struct vl_opt *option)
{
    size_t at = strlen(table->shorts);

    if (table->count == OPTIONS_MAX)
        return;
    if (option->letter) {
        table->shorts[at++] = option->letter;
        if (option->kind != VL_OPT_FLAG)
            table->shorts[at++] = ':';
        table->shorts[at] = '\0';
    }
    table->longs[table->count] =
        (struct option){option->name, option->kind != VL_OPT_FLAG, NULL,
                        option->letter ? option->letter : LONG_BASE + (int)table->count};
    table->at[table->count++] = option;
}

static void fill(struct table *table, const struct vl_opt *own, const struct vl_opt *common)
{
    *table = (struct table){.shorts = ":h"};
    for (; own->kind != VL_OPT_END; own++)
        add(table, own);
    for (; common->kind != VL_OPT_END; common++)
        add(table, common);
    table->longs[table->count] = (struct option){"help", 0, NULL, HELP_VALUE};
}

static void print_option(const struct vl_opt *option)
{
    char left[64];
    int len;

    len = option->letter ? snprintf(left, sizeof left, "  -%c, --%s", option->letter, option->name)
                         : snprintf(left, sizeof left, "      --%s", option->name);
    if (option->value && len > 0 && (size_t)len < sizeof left)
        (void)snprintf(left + len, sizeof left - (size_t)len, " %s", option->value);
    printf("%-*s  %s\n", HELP_COLUMN, left, option->help);
}

static void print_help(const struct vl_command *command, const struct table *table, size_t own)
{
    printf("%s\n", command->examples);
    printf("usage: valise %s%s%s\n\n%s.\n\n", command->name, command->synopsis[0] ? " " : "",
           command->synopsis, command->summary);
    for (size_t i = 0; i < own; i++)
        print_option(table->at[i]);
    printf("%sEvery command takes:\n", own > 0 ? "\n" : "");
    for (size_t i = own; i < table->count; i++)
        print_option(table->at[i]);
    printf("%-*s  %s\n", HELP_COLUMN, "  -h, --help", "this help");
    if (command->more[0])
        printf("\n%s\n", command->more);
}

/* The long name nearest to one that is none, or NULL. */
static const char *nearest_option(const struct table *table, const char *name)
{
    const char *nearest = NULL;
    size_t best = NEAR + 1;

    for (size_t i = 0; i < table->count; i++) {
        const char *known = table->at[i]->name;
        size_t distance = vl_text_distance(name, known);

        /* The beginning of more than one: of a single one it would have been taken. */
        if (name[0] && strncmp(name, known, strlen(name)) == 0)
            distance = 0;
        if (distance < best) {
            best = distance;
            nearest = known;
        }
    }
    return nearest;
}

static bool is_value(const struct table *table, int value)
{
    for (size_t i = 0; i <= table->count; i++)
        if (table->longs[i].val == value)
            return true;
    return false;
}

/* getopt_long refused something: a long name it does not know (optopt is 0), a letter it does not
 * know, perhaps in the middle of a word (optopt), or a value where there is none or none where
 * there is one (then word has the option). */
static int wrong_option(const struct vl_command *command, const struct table *table,
                        const char *word, bool needs_value)
{
    const char *nearest;
    char name[64];

    if (optopt != 0 && !is_value(table, optopt))
        return vl_say_usage(command->name, "there is no option -%c", optopt);
    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    if (needs_value)
        return vl_say_usage(command->name, "the option %s wants a value", name);
    if (optopt != 0)
        return vl_say_usage(command->name, "the option %s takes no value", name);
    nearest = nearest_option(table, name + 2);
    if (nearest)
        return vl_say_usage(command->name, "there is no option %s; did you mean --%s?", name,
                            nearest);
    return vl_say_usage(command->name, "there is no option %s", name);
}

static int take_number(const struct vl_command *command, const struct vl_opt *option,
                       const char *text)
{
    char *end = NULL;
    long value = text[0] >= '0' && text[0] <= '9' ? strtol(text, &end, 10) : -1;

    if (value < 0 || value > INT_MAX || *end)
        return vl_say_usage(command->name, "--%s wants a number, not \"%s\"", option->name, text);
    *(int *)option->into = (int)value;
    return -1;
}

static int take_list(const struct vl_opt *option, const char *text, int argc)
{
    struct vl_opt_list *list = option->into;

    if (!list->at)
        list->at = vl_new((size_t)argc * sizeof *list->at);
    if (!list->at)
        return vl_say_no_memory();
    list->at[list->count++] = text; /* fewer options than words: argc is room enough */
    return -1;
}

static int take(const struct vl_command *command, const struct vl_opt *option, const char *value,
                int argc)
{
    switch (option->kind) {
    case VL_OPT_FLAG:
        *(bool *)option->into = true;
        return -1;
    case VL_OPT_TEXT:
        if (*(const char **)option->into && option->letter)
            return vl_say_usage(command->name, "-%c was given twice", option->letter);
        *(const char **)option->into = value;
        return -1;
    case VL_OPT_LIST:
        return take_list(option, value, argc);
    case VL_OPT_NUMBER:
        return take_number(command, option, value);
    case VL_OPT_END:
    default:
        return -1;
    }
}

/* A command's options stand in its function.  While this is set, reading them answers a question
 * about them and ends there, as --help does. */
struct question {
    const char *typed; /* print those that go on from it; NULL: none */
    const char *word;  /* what follows this one? */
    const char *value;
};
static struct question *question;

static void answer(const struct table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct vl_opt *option = table->at[i];
        const char letter[] = {'-', option->letter, '\0'};
        char name[40];

        (void)snprintf(name, sizeof name, "--%s", option->name);
        if (question->typed && strncmp(question->typed, name, strlen(question->typed)) == 0)
            printf("%s\n", name);
        if (question->word && (strcmp(question->word, name) == 0 ||
                               (option->letter && strcmp(question->word, letter) == 0)))
            question->value = option->value;
    }
}

static const char *ask_about(const struct vl_command *command, struct question asked)
{
    char name[40];
    char *words[] = {name, NULL};

    if (command->run == vl_cmd_help)
        return NULL; /* it has none */
    (void)snprintf(name, sizeof name, "%s", command->name);
    question = &asked;
    (void)command->run(command, 1, words);
    question = NULL;
    return asked.value;
}

void vl_command_options(const struct vl_command *command, const char *typed)
{
    (void)ask_about(command, (struct question){typed, NULL, NULL});
}

const char *vl_command_option_value(const struct vl_command *command, const char *word)
{
    return ask_about(command, (struct question){NULL, word, NULL});
}

static int check_common(const struct vl_command *command, const struct vl_common *common)
{
    if (common->color && strcmp(common->color, "auto") != 0 &&
        strcmp(common->color, "always") != 0 && strcmp(common->color, "never") != 0)
        return vl_say_usage(command->name, "--color is auto, always or never");
    if (common->progress && strcmp(common->progress, "auto") != 0 &&
        strcmp(common->progress, "json") != 0)
        return vl_say_usage(command->name, "--progress is auto or json");
    return -1;
}

int vl_opt_parse(const struct vl_command *command, const struct vl_opt *options,
                 struct vl_common *common, int argc, char **argv, int *rest)
{
    const struct vl_opt shared[] = {
        {VL_OPT_FLAG, 0, "json", NULL, &common->json, "one JSON document on stdout"},
        {VL_OPT_FLAG, 'q', "quiet", NULL, &common->quiet, "say nothing but failures"},
        {VL_OPT_TEXT, 0, "progress", "WHEN", &common->progress,
         "auto, or json: a line on stderr each time"},
        {VL_OPT_FLAG, 0, "no-progress", NULL, &common->no_progress, "never show progress"},
        {VL_OPT_TEXT, 0, "color", "WHEN", &common->color, "auto, always or never"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    struct table table;
    size_t own = 0;
    int found, status;

    while (options[own].kind != VL_OPT_END)
        own++;
    fill(&table, options, shared);
    if (question) {
        answer(&table);
        return 0;
    }
    for (int i = 1; i < argc; i++) /* before anything else, so that the failure is JSON too */
        common->json |= strcmp(argv[i], "--json") == 0;
    vl_say_json(common->json);
    optind = 1;
    opterr = 0;
    while ((found = getopt_long(argc, argv, table.shorts, table.longs, NULL)) != -1) {
        const struct vl_opt *option = NULL;

        if (found == 'h' || found == HELP_VALUE) {
            print_help(command, &table, own);
            return 0;
        }
        if (found == '?' || found == ':')
            return wrong_option(command, &table, argv[optind - 1], found == ':');
        for (size_t i = 0; i < table.count && !option; i++)
            if (table.longs[i].val == found)
                option = table.at[i];
        status = option ? take(command, option, optarg, argc) : -1;
        if (status >= 0)
            return status;
    }
    *rest = optind;
    return check_common(command, common);
}

void vl_opt_list_release(struct vl_opt_list *list)
{
    vl_free(list->at);
    *list = (struct vl_opt_list){NULL, 0};
}

const struct vl_command *vl_command_find(const char *name, const struct vl_command **nearest)
{
    size_t best = NEAR + 1;

    *nearest = NULL;
    for (const struct vl_command *command = vl_commands; command->name; command++) {
        size_t distance = vl_text_distance(name, command->name);

        if (distance == 0)
            return command;
        if (distance < best) {
            best = distance;
            *nearest = command;
        }
    }
    return NULL;
}

void vl_help_short(void)
{
    printf("valise: registered mail that travels by hand\n\n");
    for (const struct vl_command *command = vl_commands; command->name; command++)
        if (command->flags & VL_DAILY)
            printf("  valise %-10s  %s\n", command->name, command->summary);
    printf("\nAll commands:  valise help      One of them:  valise help COMMAND\n");
}

void vl_help_all(void)
{
    printf(
        "valise: registered mail that travels by hand\n\nusage: valise [-C DIR] COMMAND ...\n\n");
    for (const struct vl_command *command = vl_commands; command->name; command++)
        printf("  valise %-10s  %s\n", command->name, command->summary);
    printf("\nHelp:  valise help COMMAND, or man valise-COMMAND\nWords:  valise help concepts\n");
}
