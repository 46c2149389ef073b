/* SPDX-License-Identifier: Apache-2.0 */
/* valise status, due, evidence: where letters are, what is proven about one, and the file that
 * shows it to others. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/time.h"
#include "cli/cmd.h"
#include "cli/due.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/hook.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "cli/show_finding.h"
#include "codec/number.h"
#include "office/invite.h"
#include "office/pieces.h"
#include "office/saying.h"
#include "office/sending.h"
#include "office/status.h"
#include "sys/clock.h"
#include "sys/outfile.h"

#define SAFE   700
#define LISTED 10 /* of each heap; of what is due all */

/* --- one letter ------------------------------------------------------------------------------- */

/* No letter: an invitation, by its number or by that of an act of it. */
static enum vl_err find_invitation(struct vl_home *home, const char *text, unsigned min_symbols,
                                   struct vl_letter_row *row)
{
    return vl_invitation_find(home, text, min_symbols, row->number, NULL);
}

/* Nor that: an act, or with a word before it whatever words are about. */
static enum vl_err find_other(struct vl_home *home, const char *text, struct vl_letter_row *row)
{
    enum vl_subject what = VL_SUBJECT_ACT;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    bool is_here = false;
    enum vl_err err;

    if (strchr(text, ':'))
        return vl_saying_subject(home, text, &what, row->number, &is_here, NULL);
    if (find_invitation(home, text, 4, row) == VL_OK)
        return VL_OK;
    err = vl_acts_find(home->store, text, &object, NULL);
    if (!err)
        memcpy(row->number, object.id, VL_HASH_LEN);
    return err;
}

static int status_of(const struct vl_common *common, const char *text, int64_t as_of_s)
{
    static const char what[] = "nothing was found out.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_partial_release) struct vl_partial partial = VL_PARTIAL_INIT;
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    VL_AUTO(vl_status_release) struct vl_status status = VL_STATUS_INIT;
    struct vl_why why = {""};
    enum vl_err err;
    int exit_status = vl_home_begin(VL_HOME_READ, &home, what);

    if (exit_status >= 0)
        return exit_status;
    err = vl_home_find_letter_or_slices(&home, text, 4, &row, &partial, &why);
    if ((err == VL_ERR_NOT_FOUND || err == VL_ERR_USAGE) && find_other(&home, text, &row) == VL_OK)
        err = VL_OK;
    if (!err)
        err = vl_status_letter(&home, &row, as_of_s, &status, &why);
    if (!err && common->json)
        err = vl_print_finding(&status.finding, &why);
    else if (!err && !common->quiet)
        err = vl_show_finding(&home, &status.finding, &why);
    return err ? vl_home_failure(what, err, &why, vl_finding_mend(err, "valise list")) : 0;
}

/* --- the whole office ------------------------------------------------------------------------- */

enum heap {
    HEAP_UNOPENED,
    HEAP_OVERDUE,
    HEAP_WAITING,
    HEAP_HANDED,
    HEAP_PASSED,
    HEAP_RECEIPTED,
    HEAPS
};

static const struct {
    const char *word;
    const char *heading;
    char sign;
} heaps[HEAPS] = {
    [HEAP_UNOPENED] = {"unopened", "To be opened", '?'},
    [HEAP_OVERDUE] = {"overdue", "Overdue: no receipt in what is here", '!'},
    [HEAP_WAITING] = {"waiting", "To be handed over", '>'},
    [HEAP_HANDED] = {"handed", "Handed over, and not signed for yet", '>'},
    [HEAP_PASSED] = {"passed", "With somebody else, who signed for it", '>'},
    [HEAP_RECEIPTED] = {"receipted", "Receipted", '='},
};

struct listed {
    uint8_t number[VL_HASH_LEN];
    uint8_t other[VL_HASH_LEN];
    bool has_other;
    bool from;
    int64_t at_s;
};

struct overview {
    int64_t now_s;
    bool due_only;
    bool run_hook;
    size_t due_invitations; /* of due_only */
    struct {
        size_t count;
        size_t listed;
        size_t cap;
        struct listed *at;
    } heaps[HEAPS];
};

static void overview_release(struct overview *overview)
{
    for (int heap = 0; heap < HEAPS; heap++)
        vl_free(overview->heaps[heap].at);
}

static bool heap_of(const struct overview *overview, const struct vl_letter_row *row,
                    enum heap *heap)
{
    const bool late = row->has_expect_by && row->expect_by_s < overview->now_s;

    if (row->way == VL_WAY_NONE) {
        *heap = HEAP_UNOPENED;
        return (row->roles & VL_ROLE_TAKEN) && row->verdict == 0 && !row->forgotten &&
               row->mode == 1;
    }
    if (row->way == VL_WAY_RECEIPTED)
        *heap = HEAP_RECEIPTED;
    else if (late && (row->roles & VL_ROLE_WRITTEN))
        *heap = HEAP_OVERDUE;
    else
        *heap = row->way == VL_WAY_WAITING  ? HEAP_WAITING
                : row->way == VL_WAY_HANDED ? HEAP_HANDED
                                            : HEAP_PASSED;
    return true;
}

/* NULL when memory runs out. */
static struct listed *list_one(struct overview *overview, enum heap heap)
{
    const size_t count = overview->heaps[heap].listed;
    const size_t cap = count > 0 ? 2 * count : LISTED;
    void *block = overview->heaps[heap].at;

    if (count == overview->heaps[heap].cap) {
        if (vl_grow(&block, count * sizeof(struct listed), cap * sizeof(struct listed)) != VL_OK)
            return NULL;
        overview->heaps[heap].at = block;
        overview->heaps[heap].cap = cap;
    }
    overview->heaps[heap].listed++;
    return &overview->heaps[heap].at[count];
}

static enum vl_err see_letter(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct overview *overview = self;
    struct listed *listed;
    enum heap heap;

    if (!heap_of(overview, row, &heap) || (overview->due_only && heap != HEAP_OVERDUE))
        return VL_OK;
    if (overview->heaps[heap].count++ >= LISTED && !overview->due_only)
        return VL_OK;
    listed = list_one(overview, heap);
    if (!listed)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of letters");
    memcpy(listed->number, row->number, VL_HASH_LEN);
    listed->from = heap == HEAP_UNOPENED;
    listed->has_other = heap == HEAP_UNOPENED ? row->has_from : row->to_count > 0;
    memcpy(listed->other, heap == HEAP_UNOPENED ? row->from : row->to[0], VL_HASH_LEN);
    listed->at_s = row->has_expect_by && heap == HEAP_OVERDUE ? row->expect_by_s
                   : row->has_date                            ? row->date_s
                                                              : row->kept_at_s;
    return VL_OK;
}

static void show_heap(struct vl_home *home, const struct overview *overview, enum heap heap)
{
    const size_t count = overview->heaps[heap].listed;

    printf("%s\n", heaps[heap].heading);
    for (size_t i = 0; i < count; i++) {
        const struct listed *listed = &overview->heaps[heap].at[i];
        struct vl_office_name other = {.text = "somebody"};
        char number[VL_NUMBER_SHORT], date[VL_TIME_TEXT], safe[SAFE];

        if (listed->has_other && vl_home_name_office(home, listed->other, &other, NULL) != VL_OK)
            (void)snprintf(other.text, sizeof other.text, "somebody");
        printf("  %c %s  %s %s  %s%.10s\n", heaps[heap].sign,
               vl_number_short(listed->number, number), listed->from ? "from" : "to",
               vl_show(safe, sizeof safe, other.text), heap == HEAP_OVERDUE ? "expected by " : "",
               vl_time_text(listed->at_s, date));
    }
    if (overview->heaps[heap].count > count)
        printf("    and %zu more\n", overview->heaps[heap].count - count);
}

static int overview_json(struct vl_home *home, struct overview *overview, const char *schema,
                         const char *what)
{
    struct vl_doc *doc = vl_doc_new(schema);
    struct vl_why why = {""};
    char number[VL_NUMBER_TEXT];
    enum vl_err err = VL_OK;

    for (int heap = 0; heap < HEAPS; heap++) {
        if (overview->due_only && heap != HEAP_OVERDUE)
            continue;
        vl_doc_object(doc, heaps[heap].word);
        vl_doc_int(doc, "count", overview->heaps[heap].count);
        vl_doc_list(doc, "newest");
        for (size_t i = 0; i < overview->heaps[heap].listed; i++)
            vl_doc_text(doc, NULL,
                        vl_number_text(VL_LETTER_HRP, overview->heaps[heap].at[i].number, number));
        vl_doc_close(doc);
        vl_doc_close(doc);
    }
    if (overview->due_only)
        err = vl_due_invitations(home, overview->now_s, doc, false, false,
                                 &overview->due_invitations, &why);
    if (!err)
        return vl_print_doc(doc, "the overview could not be printed.");
    vl_doc_drop(doc);
    return vl_home_failure(what, err, &why, NULL);
}

static void run_hook(struct vl_home *home, const struct overview *overview)
{
    VL_AUTO(vl_hook_release) struct vl_hook hook = VL_HOOK_INIT;

    if (!overview->run_hook)
        return;
    vl_cli_hook_begin(home, &hook);
    vl_cli_hook_end(home, &hook, "due", true);
}

static int look_over(struct overview *overview, const struct vl_common *common, const char *schema)
{
    static const char what[] = "nothing was found out.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    const struct vl_letter_query query = {.lean = true};
    struct vl_why why = {""};
    size_t shown = 0;
    enum vl_err err;
    int status = vl_home_begin(VL_HOME_READ, &home, what);

    if (status >= 0)
        return status;
    err = vl_store_letters(home.store, &query, see_letter, overview, &why);
    if (err)
        return vl_home_failure(what, err, &why, NULL);
    if (common->json) {
        status = overview_json(&home, overview, schema, what);
        run_hook(&home, overview);
        return status;
    }
    for (int heap = 0; heap < HEAPS && !common->quiet; heap++) {
        if (overview->heaps[heap].count == 0)
            continue;
        if (shown++ > 0)
            printf("\n");
        show_heap(&home, overview, (enum heap)heap);
    }
    if (overview->due_only) {
        err = vl_due_invitations(&home, overview->now_s, NULL, common->quiet, shown == 0,
                                 &overview->due_invitations, &why);
        shown += overview->due_invitations;
    }
    if (err)
        return vl_home_failure(what, err, &why, NULL);
    if (!common->quiet && shown == 0)
        printf("%s\n", overview->due_only ? "Nothing is overdue." : "No letters here.");
    run_hook(&home, overview);
    return 0;
}

int vl_cmd_status(const struct vl_command *command, int argc, char **argv)
{
    struct overview overview = {.now_s = vl_clock_seconds()};
    struct vl_common common = {0};
    const char *as_of = NULL;
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 0, "as-of", "WHEN", &as_of, "what is overdue or expired then: 2026-12-31"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    struct vl_why why = {""};
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);

    if (status < 0 && argc - rest > 1)
        status = vl_say_usage(command->name, "one letter, or none for all of them");
    if (status < 0 && as_of &&
        vl_time_parse(vl_bytes_str(as_of), overview.now_s, &overview.now_s, &why) != VL_OK)
        status = vl_say_usage(command->name, "--as-of: %s", why.text);
    if (status >= 0)
        return status;
    if (argc > rest)
        return status_of(&common, argv[rest], overview.now_s);
    status = look_over(&overview, &common, "valise.status/1");
    overview_release(&overview);
    return status;
}

int vl_cmd_due(const struct vl_command *command, int argc, char **argv)
{
    struct overview overview = {.now_s = vl_clock_seconds(), .due_only = true};
    struct vl_common common = {0};
    bool exit_code = false;
    const struct vl_opt options[] = {
        {VL_OPT_FLAG, 0, "exit-code", NULL, &exit_code, "status 1 when something is overdue"},
        {VL_OPT_FLAG, 0, "hook", NULL, &overview.run_hook,
         "run the hook when something is overdue"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);

    if (status < 0 && argc > rest)
        status = vl_say_usage(command->name, "\"%s\" is one word too many", argv[rest]);
    if (status < 0)
        status = look_over(&overview, &common, "valise.due/1");
    if (status == 0 && exit_code &&
        overview.heaps[HEAP_OVERDUE].count + overview.due_invitations > 0)
        status = 1;
    overview_release(&overview);
    return status;
}

/* --- the file --------------------------------------------------------------------------------- */

int vl_cmd_evidence(const struct vl_command *command, int argc, char **argv)
{
    static const char what[] = "no evidence was written.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_partial_release) struct vl_partial partial = VL_PARTIAL_INIT;
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct vl_common common = {0};
    const char *output = NULL;
    bool force = false, is_invitation = false;
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 'o', "output", "FILE", &output, "write it there; - is stdout"},
        {VL_OPT_FLAG, 'f', "force", NULL, &force, "replace FILE if it is there"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    char size[32], safe[SAFE], number[VL_NUMBER_TEXT];
    struct vl_why why = {""};
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);
    enum vl_err err;

    if (status < 0 && argc - rest != 1)
        status = vl_say_usage(command->name, "one letter or invitation, by its number");
    if (status < 0 && !output)
        status = vl_say_usage(command->name, "-o FILE: where to");
    if (status < 0 && common.json && output && strcmp(output, "-") == 0)
        status = vl_say_usage(command->name, "--json needs -o FILE: stdout has the evidence");
    if (status < 0)
        status = vl_home_begin(VL_HOME_READ, &home, what);
    if (status >= 0)
        return status;
    err = vl_home_find_letter_or_slices(&home, argv[rest], 8, &row, &partial, &why);
    if (err == VL_ERR_NOT_FOUND || err == VL_ERR_USAGE)
        is_invitation = find_invitation(&home, argv[rest], 8, &row) == VL_OK;
    if (is_invitation)
        err = VL_OK;
    if (!err)
        err = vl_letter_evidence(&home, &row, &file, &why);
    if (!err)
        err = vl_out_write(output, force ? VL_OUT_REPLACE : 0, vl_buf_bytes(&file), &why);
    if (err)
        return vl_home_failure(what, err, &why, NULL);
    if (!output || strcmp(output, "-") == 0)
        return 0;
    if (common.json) {
        struct vl_doc *doc = vl_doc_new("valise.evidence/1");

        vl_doc_text(doc, "letter",
                    is_invitation ? NULL : vl_number_text(VL_LETTER_HRP, row.number, number));
        vl_doc_text(doc, "invitation",
                    is_invitation ? vl_number_text(VL_INVITATION_HRP, row.number, number) : NULL);
        vl_doc_text(doc, "output", output);
        vl_doc_int(doc, "output_bytes", file.len);
        return vl_print_doc(doc, "the evidence is written, and this could not be said.");
    }
    if (!common.quiet)
        printf("%s  %s\n  Everything here that proves something about this %s. Anybody checks "
               "it:\n  valise verify --no-home %s\n",
               vl_show(safe, sizeof safe, output), vl_size_text(file.len, size, sizeof size),
               is_invitation ? "invitation" : "letter", safe);
    return 0;
}
