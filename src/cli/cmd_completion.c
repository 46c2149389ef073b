/* SPDX-License-Identifier: Apache-2.0 */
/* valise completion: what a shell asks for when somebody presses the tab key.
 *
 * The scripts are short: each asks  valise completion words -- WORD...  what the last word could be
 * (one a line; nothing: names of files).  So all shells know the same, and no script grows old. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/schema.h"
#include "codec/number.h"
#include "office/invite.h"

/* What comes back is quoted, though no petname and no number needs it. */
static const char bash_script[] =
    "# Completion of valise for bash:  . <(valise completion bash)\n"
    "_valise() {\n"
    "    local i\n"
    "    mapfile -t COMPREPLY < <(\n"
    "        \"$1\" completion words -- \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null)\n"
    "    for i in \"${!COMPREPLY[@]}\"; do\n"
    "        printf -v \"COMPREPLY[$i]\" %q \"${COMPREPLY[i]}\"\n"
    "    done\n"
    "}\n"
    "complete -o default -F _valise valise\n";

static const char zsh_script[] =
    "#compdef valise\n"
    "# Completion of valise for zsh:  source <(valise completion zsh)\n"
    "_valise() {\n"
    "    local -a found\n"
    "    found=(\"${(@f)$(valise completion words -- \"${(@Q)words[2,CURRENT]}\" 2>/dev/null)}\")\n"
    "    if [[ -n ${found[1]} ]]; then compadd -- \"${found[@]}\"; else _files; fi\n"
    "}\n"
    "if [[ ${funcstack[1]} == _valise ]]; then _valise \"$@\"; else compdef _valise valise; fi\n";

static const char fish_script[] =
    "# Completion of valise for fish:  valise completion fish | source\n"
    "function __valise_words\n"
    "    set -l words (commandline -opc) (commandline -ct)\n"
    "    valise completion words -- $words[2..-1] 2>/dev/null\n"
    "end\n"
    "complete -c valise -a '(__valise_words)'\n";

static const struct {
    const char *shell;
    const char *script;
} scripts[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};

/* A candidate, if it goes on from what was typed. */
static void offer(const char *typed, const char *candidate)
{
    if (strncasecmp(typed, candidate, strlen(typed)) == 0)
        printf("%s\n", candidate);
}

static void offer_commands(const char *typed)
{
    for (const struct vl_command *command = vl_commands; command->name; command++)
        offer(typed, command->name);
}

static enum vl_err offer_office(void *self, const struct vl_office_row *row, struct vl_why *why)
{
    (void)why;
    if (row->petname[0] && !row->is_own)
        offer(self, row->petname);
    return VL_OK;
}

static enum vl_err offer_letter(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    char number[VL_NUMBER_SHORT];

    (void)why;
    offer(self, vl_number_short(row->number, number));
    return VL_OK;
}

/* Where there is no home there is nothing to offer, and nothing to say. */
static void offer_kept(const char *typed, bool letters)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    const struct vl_letter_query all = {.lean = true};
    const char *folder = vl_home_folder();
    char word[256];
    enum vl_err err;

    (void)snprintf(word, sizeof word, "%s", typed);
    if (!folder || vl_home_open(folder, VL_HOME_READ, &home, NULL) != VL_OK)
        return;
    err = letters ? vl_store_letters(home.store, &all, offer_letter, word, NULL)
                  : vl_store_offices(home.store, offer_office, word, NULL);
    (void)err; /* what was printed until then is good */
}

static enum vl_err offer_invitation(void *self, const uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    char number[VL_NUMBER_SHORT];

    (void)why;
    offer(self, vl_number_short(id, number));
    return VL_OK;
}

static void offer_invitations(const char *typed)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    const char *folder = vl_home_folder();
    char word[256];
    enum vl_err err;

    (void)snprintf(word, sizeof word, "%s", typed);
    if (!folder || vl_home_open(folder, VL_HOME_READ, &home, NULL) != VL_OK)
        return;
    err = vl_invitations_each(&home, offer_invitation, word, NULL);
    (void)err; /* what was printed until then is good */
}

/* Words by which commands say what to do. */
static const struct {
    const char *command;
    const char *verb;
} verbs[] = {
    {"card", "add"},      {"card", "list"},    {"card", "show"},    {"card", "rotate"},
    {"card", "export"},   {"mandate", "list"}, {"mandate", "end"},  {"stick", "show"},
    {"stick", "clean"},   {"record", "init"},  {"record", "add"},   {"record", "prove"},
    {"record", "check"},  {"record", "list"},  {"record", "watch"}, {"record", "witness"},
    {"record", "resume"},
};

static void offer_word(void *self, const char *word)
{
    offer(self, word);
}

static void offer_verbs(const struct vl_command *command, const char *typed)
{
    char word[256];

    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].command, command->name) == 0)
            offer(typed, verbs[i].verb);
    (void)snprintf(word, sizeof word, "%s", typed);
    if (strcmp(command->name, "event") == 0)
        vl_each_event_kind(offer_word, word);
    else if (strcmp(command->name, "say") == 0)
        vl_each_statement_kind(offer_word, word);
    else if (strcmp(command->name, "invite") == 0)
        vl_each_invitation_verb(offer_word, word);
}

static void offer_of_command(const struct vl_command *command, const char *const *words,
                             size_t count)
{
    const char *typed = words[count - 1];
    const bool is_first = count == 2;

    if (is_first)
        offer_verbs(command, typed);
    if (strcmp(command->name, "card") == 0) {
        if (!is_first && strcmp(words[1], "show") == 0)
            offer_kept(typed, false);
    } else if (is_first &&
               (strcmp(command->name, "event") == 0 || strcmp(command->name, "say") == 0)) {
        return;
    } else if (strcmp(command->name, "invite") == 0 && count == 3) {
        offer_invitations(typed);
    } else if (strcmp(command->name, "help") == 0 && is_first) {
        offer_commands(typed);
        offer(typed, "concepts");
    } else if (strcmp(command->name, "schema") == 0 && is_first) {
        for (const struct vl_schema *schema = vl_schemas; schema->name; schema++)
            offer(typed, schema->name);
    } else if (strcmp(command->name, "completion") == 0 && is_first) {
        for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
            offer(typed, scripts[i].shell);
    } else if ((command->flags & VL_OF_FIRST_OFFICE) && is_first) {
        offer_kept(typed, false);
    } else if (command->flags & (VL_OF_OFFICES | VL_OF_LETTERS)) {
        offer_kept(typed, (command->flags & VL_OF_LETTERS) != 0);
    }
}

/* The words behind "valise"; the last one is being typed. */
static void offer_words(const char *const *words, size_t count)
{
    const struct vl_command *nearest, *command;
    const char *typed, *value;

    while (count > 1 && strncmp(words[0], "-C", 2) == 0) {
        const size_t taken = words[0][2] ? 1 : 2;

        if (count <= taken)
            return; /* the folder itself */
        vl_home_choose(words[0][2] ? words[0] + 2 : words[1]);
        words += taken;
        count -= taken;
    }
    if (count == 0)
        return;
    typed = words[count - 1];
    if (count == 1) {
        offer_commands(typed);
        return;
    }
    command = vl_command_find(words[0], &nearest);
    if (!command)
        return;
    if (typed[0] == '-') {
        vl_command_options(command, typed);
        return;
    }
    value = vl_command_option_value(command, words[count - 2]);
    if (!value)
        offer_of_command(command, words, count);
    else if (strcmp(value, "OFFICE") == 0 || strcmp(value, "LETTER") == 0)
        offer_kept(typed, strcmp(value, "LETTER") == 0);
}

static int give(const char *shell, const char *script, bool json)
{
    struct vl_doc *doc;

    if (!json)
        return fputs(script, stdout) >= 0 ? 0 : vl_err_exit_status(VL_ERR_IO);
    doc = vl_doc_new("valise.completion/1");
    vl_doc_text(doc, "shell", shell);
    vl_doc_text(doc, "script", script);
    return vl_print_doc(doc, "the script was not printed.");
}

int vl_cmd_completion(const struct vl_command *command, int argc, char **argv)
{
    struct vl_common common = {0};
    const struct vl_opt options[] = {
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);

    if (status < 0 && argc > rest && strcmp(argv[rest], "words") == 0) {
        offer_words((const char *const *)(argv + rest + 1), (size_t)(argc - rest - 1));
        return 0;
    }
    if (status < 0 && argc - rest != 1)
        status = vl_say_usage(command->name, "which shell: bash, zsh or fish?");
    if (status >= 0)
        return status;
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        if (strcmp(argv[rest], scripts[i].shell) == 0)
            return give(scripts[i].shell, scripts[i].script, common.json);
    return vl_say_usage(command->name, "there is no completion for %s: bash, zsh or fish",
                        argv[rest]);
}
