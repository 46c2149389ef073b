/* SPDX-License-Identifier: Apache-2.0 */
/* valise event, and the words for what is said most: refuse, return, recall, lost, seized,
 * inspected, attempted, claim. */
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/show.h"
#include "cli/take_stick.h"
#include "codec/number.h"
#include "office/events.h"
#include "sys/clock.h"
#include "sys/folder.h"

#define SAFE 700

static const char what[] = "nothing was signed.";

/* Commands that are one kind of event. */
/* clang-format off */
#define VL_EVENT_COMMANDS(X)                                                   \
    X("refuse",    REFUSED)                                                    \
    X("return",    RETURNED)                                                   \
    X("recall",    RECALLED)                                                   \
    X("lost",      LOST)                                                       \
    X("seized",    SEIZED)                                                     \
    X("inspected", INSPECTED)                                                  \
    X("attempted", ATTEMPTED)                                                  \
    X("claim",     DELIVERED_CLAIM)
/* clang-format on */

static const struct {
    const char *name;
    enum vl_kind kind;
} shorts[] = {
#define X(name, code) {name, VL_KIND_##code},
    VL_EVENT_COMMANDS(X)
#undef X
};

struct options {
    struct vl_common common;
    struct vl_ask ask;
    const char *reason, *text, *party, *person, *method, *place;
    const char *at, *plus_minus, *answers, *capacity, *handover;
    struct vl_opt_list before, after;
    bool manual, dry_run, not_answered;
};

static enum vl_kind kind_of_command(const char *name)
{
    for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++)
        if (strcmp(shorts[i].name, name) == 0)
            return shorts[i].kind;
    return VL_KIND_NONE;
}

void vl_each_event_kind(void (*visit)(void *self, const char *word), void *self)
{
#define X(code, needs) visit(self, vl_kind_word(VL_KIND_##code));
    VL_NOTE_TABLE(X)
#undef X
}

static enum vl_kind kind_of_word(const char *word)
{
#define X(code, needs)                                                                             \
    if (strcmp(vl_kind_word(VL_KIND_##code), word) == 0)                                           \
        return VL_KIND_##code;
    VL_NOTE_TABLE(X)
#undef X
    return VL_KIND_NONE;
}

/* --- what was typed --------------------------------------------------------------------------- */

static int parse_capacity(const struct vl_command *command, const char *word,
                          enum vl_capacity *capacity)
{
    static const enum vl_capacity all[] = {VL_CAPACITY_CARRIER, VL_CAPACITY_DELEGATE,
                                           VL_CAPACITY_PRINCIPAL};

    *capacity = VL_CAPACITY_NONE;
    if (!word)
        return -1;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(vl_capacity_word(all[i]), word) == 0)
            *capacity = all[i];
    return *capacity ? -1
                     : vl_say_usage(command->name, "--capacity is carrier, delegate or principal");
}

/* A day alone is said as its noon, half a day more or less: nobody should read a minute into it. */
static int parse_when(const struct vl_command *command, const struct options *o,
                      struct vl_event_request *request)
{
    const int64_t half_a_day = 43200;
    struct vl_why why = {""};
    char span[32];
    int64_t at_s = 0, plus_minus_s = 0;

    if (o->plus_minus && !o->at)
        return vl_say_usage(command->name, "--plus-minus goes with --at");
    if (!o->at)
        return -1;
    if (vl_time_parse(vl_bytes_str(o->at), request->now_s, &at_s, &why) != VL_OK)
        return vl_say_usage(command->name, "--at: %s", why.text);
    request->has_at = true;
    if (vl_time_is_day(vl_bytes_str(o->at))) {
        at_s = vl_time_day(at_s) + half_a_day;
        request->has_plus_minus = true;
        plus_minus_s = half_a_day;
    }
    if (o->plus_minus) {
        (void)snprintf(span, sizeof span, "+%.20s", o->plus_minus);
        if (vl_time_parse(vl_bytes_str(span), 0, &plus_minus_s, &why) != VL_OK)
            return vl_say_usage(command->name, "--plus-minus wants a span such as 2h or 1d");
        request->has_plus_minus = true;
    }
    request->at_ms = (uint64_t)at_s * 1000;
    request->plus_minus_ms = (uint64_t)plus_minus_s * 1000;
    return -1;
}

/* What the kind must say, before a passphrase is asked for. */
static int check_needs(const struct vl_command *command, const struct options *o, enum vl_kind kind)
{
    unsigned needs = kind == VL_KIND_REFUSED ? VL_NOTE_REASON : VL_NOTE_FREE;

    (void)vl_note_kind(kind, &needs);
    if ((needs & VL_NOTE_REASON) && !o->reason)
        return vl_say_usage(command->name, "say why: --reason, one word such as customs or absent");
    if ((needs & VL_NOTE_SEALS) && o->before.count + o->after.count == 0)
        return vl_say_usage(command->name, "say which seals: --seal-before, --seal-after");
    if ((needs & VL_NOTE_METHOD) && !o->method)
        return vl_say_usage(command->name, "say by which way: --method");
    if (kind == VL_KIND_REACHED && !o->answers)
        return vl_say_usage(command->name,
                            "say which receipt of a delegate it confirms: --answers ACT");
    return -1;
}

/* --- what is shown ---------------------------------------------------------------------------- */

static const char *name_of(struct vl_home *home, const struct vl_office_id *office, char *out,
                           size_t size)
{
    struct vl_office_name name = {.text = "somebody"};

    if (vl_home_name_office(home, office->at, &name, NULL) != VL_OK)
        (void)snprintf(name.text, sizeof name.text, "somebody");
    return vl_show(out, size, name.is_own ? "me" : name.text);
}

static void show_letter(struct vl_home *home, const struct vl_event_letter *letter)
{
    char number[VL_NUMBER_SHORT], date[VL_TIME_TEXT], from[SAFE], to[SAFE], more[32] = "";
    struct vl_office_id nobody = {{0}};

    if (letter->to_count > 1)
        (void)snprintf(more, sizeof more, " and %zu more", letter->to_count - 1);
    printf("  %s  from %s  to %s%s  %.10s%s\n", vl_number_short(letter->number, number),
           letter->has_from ? name_of(home, &letter->from, from, sizeof from) : "somebody",
           letter->to_count > 0 ? name_of(home, &letter->to, to, sizeof to)
                                : name_of(home, &nobody, to, 1),
           more, vl_time_text(letter->date_s, date),
           letter->before == letter->after   ? ""
           : letter->after == VL_WAY_WAITING ? "  (waits to be handed over again)"
                                             : "  (waits no more)");
}

static void show_said(struct vl_home *home, const struct vl_event_said *said, enum vl_kind kind,
                      bool dry_run)
{
    for (size_t act = 0; act < said->act_count; act++) {
        char number[VL_NUMBER_SHORT], under[VL_NUMBER_SHORT];

        printf("%s: %s, as %s", dry_run ? "Would be signed" : "Signed", vl_kind_words(kind),
               vl_capacity_word(said->acts[act].capacity));
        if (said->acts[act].has_under)
            printf(" under mandate %s", vl_number_short(said->acts[act].under, under));
        if (!dry_run)
            printf("; act %s", vl_number_short(said->acts[act].id, number));
        printf("\n");
        for (size_t i = 0; i < said->letter_count; i++)
            if (said->letters[i].act == act)
                show_letter(home, &said->letters[i]);
    }
    printf("%s\n", dry_run
                       ? "A dry run: nothing is signed or kept."
                       : "Those whom it concerns get it with the next stick that you hand over.");
}

static int print_json(struct vl_home *home, const struct vl_event_said *said, enum vl_kind kind,
                      bool dry_run)
{
    struct vl_doc *doc = vl_doc_new("valise.event/1");
    char number[VL_NUMBER_TEXT];

    vl_doc_text(doc, "kind", vl_kind_word(kind));
    vl_doc_bool(doc, "dry_run", dry_run);
    vl_doc_list(doc, "acts");
    for (size_t i = 0; i < said->act_count; i++) {
        const struct vl_event_act *act = &said->acts[i];

        vl_doc_object(doc, NULL);
        vl_doc_text(doc, "act", dry_run ? NULL : vl_number_text(VL_ACT_HRP, act->id, number));
        vl_doc_text(doc, "capacity", vl_capacity_word(act->capacity));
        vl_doc_text(doc, "under",
                    act->has_under ? vl_number_text(VL_ACT_HRP, act->under, number) : NULL);
        vl_doc_list(doc, "letters");
        for (size_t k = 0; k < said->letter_count; k++)
            if (said->letters[k].act == i)
                vl_doc_text(doc, NULL,
                            vl_number_text(VL_LETTER_HRP, said->letters[k].number, number));
        vl_doc_close(doc);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
    vl_doc_list(doc, "letters");
    for (size_t i = 0; i < said->letter_count; i++) {
        const struct vl_event_letter *letter = &said->letters[i];

        vl_doc_object(doc, NULL);
        vl_doc_text(doc, "letter", vl_number_text(VL_LETTER_HRP, letter->number, number));
        if (letter->has_from)
            vl_doc_office(doc, "from", home, letter->from.at);
        else
            vl_doc_text(doc, "from", NULL);
        if (letter->to_count > 0)
            vl_doc_office(doc, "to", home, letter->to.at);
        else
            vl_doc_text(doc, "to", NULL);
        vl_doc_time(doc, "dated_at", true, letter->date_s);
        vl_doc_text(doc, "way", vl_way_word(letter->after));
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
    return vl_print_doc(doc, "it is signed, and this could not be said.");
}

static const char *mend_of(enum vl_err err, enum vl_kind kind)
{
    if (err == VL_ERR_NOT_FOUND)
        return "valise list";
    if (err == VL_ERR_REFUSED && kind == VL_KIND_REFUSED)
        return "valise return --reason WORD N";
    if (err == VL_ERR_REFUSED)
        return "leave out --capacity: it follows from what this office is to the letter";
    return NULL;
}

static int run(const struct vl_command *command, struct options *o, enum vl_kind kind,
               char *const *letters, size_t count)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_event_said_release) struct vl_event_said said = {0};
    struct vl_event_request request = {.kind = kind,
                                       .letters = (const char *const *)letters,
                                       .letter_count = count,
                                       .reason = o->reason,
                                       .words = o->text,
                                       .party = o->party,
                                       .person = o->person,
                                       .method = o->method,
                                       .place = o->place,
                                       .answers = o->answers,
                                       .seals_before = o->before.at,
                                       .before_count = o->before.count,
                                       .seals_after = o->after.at,
                                       .after_count = o->after.count,
                                       .manual = o->manual,
                                       .dry_run = o->dry_run,
                                       .now_s = vl_clock_seconds(),
                                       .asker = vl_ask_asker(&o->ask)};
    struct vl_why why = {""};
    enum vl_err err;
    int status = parse_when(command, o, &request);

    if (status < 0)
        status = parse_capacity(command, o->capacity, &request.capacity);
    if (status < 0)
        status = vl_home_begin_change(o->dry_run, &home, what);
    if (status >= 0)
        return status;
    vl_say_when_stopped(what, true);
    err = vl_event_say(&home, &request, &said, &why);
    if (err)
        return vl_home_failure(what, err, &why, mend_of(err, kind));
    if (o->common.json)
        return print_json(&home, &said, kind, o->dry_run);
    if (!o->common.quiet)
        show_said(&home, &said, kind, o->dry_run);
    return 0;
}

/* Letters that lie on a stick, and are not taken. */
static int refuse_stick(const struct vl_command *command, struct options *o, const char *stick)
{
    struct vl_take_stick_request request = {.stick = stick,
                                            .place = o->place,
                                            .manual = o->manual,
                                            .dry_run = o->dry_run,
                                            .not_answered = o->not_answered,
                                            .refuse = o->reason,
                                            .refuse_words = o->text,
                                            .handover = o->handover};

    if (o->at || o->capacity || o->answers || o->party || o->person || o->method ||
        o->before.count + o->after.count > 0)
        return vl_say_usage(command->name, "a hand-over is refused with --reason, --text, --place, "
                                           "--handover and --not-answered alone");
    return vl_cli_take_stick(&o->common, &o->ask, &request);
}

int vl_cmd_event(const struct vl_command *command, int argc, char **argv)
{
    struct options o = {.ask = VL_ASK_INIT};
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 0, "reason", "WORD", &o.reason, "why, in one word: customs, absent, flood"},
        {VL_OPT_TEXT, 0, "text", "WORDS", &o.text, "and in words"},
        {VL_OPT_TEXT, 0, "party", "OFFICE", &o.party, "whom it concerns, and who gets to see it"},
        {VL_OPT_TEXT, 0, "person", "NAME", &o.person, "with whom"},
        {VL_OPT_TEXT, 0, "method", "TEXT", &o.method, "how: by hand, post, paper slip"},
        {VL_OPT_TEXT, 0, "place", "TEXT", &o.place, "where; signed, so as coarse as you want it"},
        {VL_OPT_TEXT, 0, "at", "WHEN", &o.at, "when it was: 2026-12-31, or with a time"},
        {VL_OPT_TEXT, 0, "plus-minus", "SPAN", &o.plus_minus, "more or less: 2h, 1d"},
        {VL_OPT_LIST, 0, "seal-before", "TEXT", &o.before, "a physical seal as it was found"},
        {VL_OPT_LIST, 0, "seal-after", "TEXT", &o.after, "and as it is now"},
        {VL_OPT_TEXT, 0, "answers", "ACT", &o.answers, "the act that this answers"},
        {VL_OPT_TEXT, 0, "capacity", "WORD", &o.capacity,
         "carrier, delegate or principal, in place of the one that follows"},
        {VL_OPT_TEXT, 0, "handover", "ACT", &o.handover, "of refuse STICK: only this hand-over"},
        {VL_OPT_FLAG, 0, "not-answered", NULL, &o.not_answered,
         "of refuse STICK, after a restore: none of it was signed for before"},
        {VL_OPT_FLAG, 0, "manual", NULL, &o.manual, "say in the signature that a person did it"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &o.dry_run, "say what would be signed, and do not"},
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &o.ask.fd, "read it from an open file descriptor"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    enum vl_kind kind = kind_of_command(command->name);
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);

    if (status < 0)
        status = vl_ask_check(&o.ask, command->name);
    if (status < 0 && !kind && rest < argc) {
        kind = kind_of_word(argv[rest]);
        if (!kind)
            status = vl_say_usage(command->name, "\"%.40s\" is no kind of event: valise help event",
                                  argv[rest]);
        rest++;
    }
    if (status < 0 && rest >= argc)
        status = vl_say_usage(command->name, kind_of_command(command->name)
                                                 ? "which letters, by their numbers"
                                                 : "a kind of event, and letters by their numbers");
    if (status < 0)
        status = check_needs(command, &o, kind);
    if (status < 0 && kind == VL_KIND_REFUSED && argc - rest == 1 && vl_folder_is_there(argv[rest]))
        status = refuse_stick(command, &o, argv[rest]);
    else if (status < 0 && (o.handover || o.not_answered))
        status = vl_say_usage(command->name, "%s goes with refuse and a stick's folder",
                              o.handover ? "--handover" : "--not-answered");
    else if (status < 0)
        status = run(command, &o, kind, argv + rest, (size_t)(argc - rest));
    vl_ask_wipe(&o.ask);
    vl_opt_list_release(&o.before);
    vl_opt_list_release(&o.after);
    return status;
}
