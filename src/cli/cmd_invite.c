/* SPDX-License-Identifier: Apache-2.0 */
/* valise invite: invitations, and what is done about them. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "cli/cmd.h"
#include "cli/cmd_invite.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/show.h"
#include "codec/number.h"
#include "sys/clock.h"
#include "sys/tty.h"
#include "view/finding_invited.h"

#define SAFE_TEXT (VL_STATEMENT_MAX_TEXT + 64)
#define SAFE      700
#define DAY_S     86400

static const char what[] = "nothing was signed.";

void vl_each_invitation_verb(void (*visit)(void *self, const char *word), void *self)
{
    visit(self, "list");
    visit(self, "ics");
    for (unsigned act = VL_INVITATION_ANNOUNCE; act <= VL_INVITATION_NOT_HELD; act++)
        visit(self, vl_invitation_word((enum vl_invitation_act)act));
}

/* --- what was typed --------------------------------------------------------------------------- */

static bool has_space(const char *word)
{
    for (; *word; word++)
        if (isspace((unsigned char)*word))
            return true;
    return false;
}

static bool is_name(const char *word)
{
    return strncmp(word, "name:", 5) == 0;
}

/* Of `announce A B` the second is somebody, unless it is a sentence. */
static bool is_text(const struct vl_invite_request *request, char **words, size_t count)
{
    const char *last = words[count - 1];

    if (strcmp(last, "-") == 0 || (has_space(last) && !is_name(last)))
        return true;
    return count > (request->what == VL_INVITATION_ANNOUNCE ? 2 : 1);
}

static int take_text(const struct vl_command *command, struct vl_invite_options *o,
                     struct vl_invite_request *request, char **words, size_t *count)
{
    struct vl_why why = {""};
    enum vl_err err;

    if (*count > 1 && is_text(request, words, *count)) {
        if (o->text)
            return vl_say_usage(command->name, "the text twice: \"%.40s\" and --text",
                                words[*count - 1]);
        o->text = words[*count - 1];
        --*count;
    }
    request->text = o->text;
    if (!o->text || strcmp(o->text, "-") != 0)
        return -1;
    err = vl_saying_text("-", &o->from_stdin, &why);
    if (!err)
        err = vl_buf_put_byte(&o->from_stdin, '\0');
    if (err)
        return vl_say_failure(what, err, &why, "give the text on stdin, in at most 16384 bytes");
    request->text = (const char *)o->from_stdin.data;
    return -1;
}

static int take_parties(const struct vl_command *command, struct vl_invite_request *request,
                        char **words, size_t count)
{
    const bool is_new = request->what == VL_INVITATION_ISSUE ||
                        (request->what == VL_INVITATION_ANNOUNCE && count == 2);

    if (count == 0 || count > (is_new && request->what == VL_INVITATION_ANNOUNCE ? 2U : 1U))
        return vl_say_usage(command->name, request->what == VL_INVITATION_ISSUE
                                               ? "whom: one office, or name:NAME"
                                           : request->what == VL_INVITATION_ANNOUNCE
                                               ? "which invitation, or who invites whom"
                                               : "which invitation, by its number");
    if (request->what == VL_INVITATION_ISSUE)
        request->invitee = words[0];
    else if (is_new) {
        request->inviter = words[0];
        request->invitee = words[1];
    } else {
        request->number = words[0];
    }
    return -1;
}

/* A day is its first second where something begins with it, and its last one where it ends; what
 * has a time of day is that second. */
static int take_time(const struct vl_command *command, const char *option, const char *text,
                     int64_t now_s, bool is_begin, bool *has, int64_t *into)
{
    struct vl_why why = {""};

    if (!text)
        return -1;
    if (vl_time_parse(vl_bytes_str(text), now_s, into, &why) != VL_OK)
        return vl_say_usage(command->name, "%s: %s", option, why.text);
    if (text[0] == '+' || vl_time_is_day(vl_bytes_str(text)))
        *into = vl_time_day(*into) + (is_begin ? 0 : DAY_S - 1);
    *has = true;
    return -1;
}

static int take_date(const struct vl_command *command, const struct vl_invite_options *o,
                     struct vl_invite_request *request)
{
    const int64_t now_s = request->common.now_s;
    const char *first = o->date ? o->date : o->from, *last = o->date ? o->date : o->until;
    bool ends = false;
    int status;

    if (o->date && (o->from || o->until))
        return vl_say_usage(command->name, "--date is one day or moment; else --from and --until");
    if (!o->from != !o->until)
        return vl_say_usage(command->name, "--from and --until go together");
    status = take_time(command, o->date ? "--date" : "--from", first, now_s, true,
                       &request->has_date, &request->from_s);
    return status < 0 ? take_time(command, o->date ? "--date" : "--until", last, now_s, false,
                                  &ends, &request->to_s)
                      : status;
}

static int take_rest(const struct vl_command *command, const struct vl_invite_options *o,
                     struct vl_invite_request *request)
{
    const int64_t now_s = request->common.now_s;
    int status = take_date(command, o, request);

    if (status < 0)
        status = take_time(command, "--expires", o->expires, now_s, false, &request->has_expires,
                           &request->expires_s);
    if (status < 0)
        status = take_time(command, "--not-before", o->not_before, now_s, true,
                           &request->has_not_before, &request->not_before_s);
    if (status < 0)
        status = take_time(command, "--expected-by", o->expected_by, now_s, false,
                           &request->has_expected_by, &request->expected_by_s);
    if (status < 0 && o->expected_by && !o->expects)
        status = vl_say_usage(command->name, "--expected-by goes with --expects");
    if (status < 0 && o->owner && !o->waits_for)
        status = vl_say_usage(command->name, "--owner goes with --waits-for");
    request->lang = o->lang;
    request->place = o->place;
    request->reciprocal_of = o->reciprocal_of;
    request->waits_for = o->waits_for;
    request->owner = o->owner;
    request->expects = o->expects;
    return status;
}

/* --- what is shown ---------------------------------------------------------------------------- */

const char *vl_invite_party(struct vl_home *home, const struct vl_invitation_party *party,
                            char *out, size_t size)
{
    struct vl_office_name name = {.text = "somebody"};
    char safe[SAFE];

    if (!party->has_office) {
        (void)snprintf(out, size, "\"%s\"", vl_saying_safe(safe, sizeof safe, party->name));
        return out;
    }
    if (vl_home_name_office(home, party->office.at, &name, NULL) != VL_OK)
        (void)snprintf(name.text, sizeof name.text, "somebody");
    return vl_show(out, size, name.is_own ? "me" : name.text);
}

static void show_words(FILE *to, const char *before, vl_bytes text)
{
    static char safe[SAFE_TEXT];

    if (text.len > 0)
        fprintf(to, "  %s\"%s\"\n", before, vl_saying_safe(safe, sizeof safe, text));
}

static void show(FILE *to, struct vl_home *home, const struct vl_invitation *invitation)
{
    char inviter[SAFE], invitee[SAFE], date[VL_DATE_ROOM], time[VL_TIME_TEXT], safe[SAFE];
    char number[VL_NUMBER_SHORT];

    vl_saying_show_speaker(to, home, &invitation->act,
                           invitation->has_principal ? &invitation->principal : NULL);
    fprintf(to, "  from %s  to %s\n",
            vl_invite_party(home, &invitation->inviter, inviter, sizeof inviter),
            vl_invite_party(home, &invitation->invitee, invitee, sizeof invitee));
    show_words(to, "", invitation->text);
    if (invitation->has_date)
        fprintf(to, "  date %s\n", vl_date_words(invitation->from_s, invitation->to_s, date));
    else if (invitation->what == VL_INVITATION_ISSUE)
        fprintf(to, "  without a date\n");
    if (invitation->place.len > 0)
        fprintf(to, "  place %s\n", vl_saying_safe(safe, sizeof safe, invitation->place));
    if (invitation->has_not_before)
        fprintf(to, "  not before %s\n", vl_time_text(invitation->not_before_s, time));
    show_words(to, invitation->what == VL_INVITATION_ATTEST ? "it is so: " : "waits for ",
               invitation->condition);
    if (invitation->condition.len > 0)
        fprintf(to, "  which %s can say\n",
                vl_invite_party(home, &invitation->owner, inviter, sizeof inviter));
    show_words(to, "expects, and waits for nothing by that, ", invitation->expectation);
    if (invitation->has_expires)
        fprintf(to, "  nobody can accept it after %s\n", vl_time_text(invitation->expires_s, time));
    if (invitation->has_reciprocal)
        fprintf(to, "  in answer to invitation %s\n",
                vl_number_short(invitation->reciprocal, number));
}

static void doc_party(struct vl_doc *doc, const char *name, const struct vl_invitation_party *party)
{
    char number[VL_NUMBER_TEXT];

    vl_doc_object(doc, name);
    vl_doc_text(doc, "address",
                party->has_office ? vl_number_text(VL_OFFICE_HRP, party->office.at, number) : NULL);
    vl_doc_bytes(doc, "name", party->name.len > 0 ? party->name : VL_BYTES_NONE);
    vl_doc_close(doc);
}

static int print_json(const struct vl_invite_options *o, const struct vl_invited_said *said)
{
    const struct vl_invitation *invitation = &said->invitation;
    const bool is_new = said->before.set == NULL;
    struct vl_doc *doc = vl_doc_new("valise.invite/1");
    char number[VL_NUMBER_TEXT];

    vl_doc_text(doc, "does", vl_invitation_word(invitation->what));
    vl_doc_bool(doc, "dry_run", o->saying.dry_run);
    vl_doc_text(doc, "act",
                o->saying.dry_run ? NULL : vl_number_text(VL_ACT_HRP, said->act, number));
    vl_doc_text(doc, "invitation",
                o->saying.dry_run && is_new
                    ? NULL
                    : vl_number_text(VL_INVITATION_HRP, invitation->id, number));
    doc_party(doc, "inviter", &invitation->inviter);
    doc_party(doc, "invitee", &invitation->invitee);
    vl_doc_text(doc, "capacity", vl_capacity_word(invitation->act.capacity));
    vl_doc_text(doc, "on_behalf_of",
                invitation->has_principal
                    ? vl_number_text(VL_OFFICE_HRP, invitation->principal.at, number)
                    : NULL);
    vl_doc_time(doc, "from_at", invitation->has_date, invitation->from_s);
    vl_doc_time(doc, "to_at", invitation->has_date, invitation->to_s);
    vl_doc_time(doc, "not_before_at", invitation->has_not_before, invitation->not_before_s);
    vl_doc_time(doc, "expires_at", invitation->has_expires, invitation->expires_s);
    vl_doc_text(doc, "reciprocal_of",
                invitation->has_reciprocal
                    ? vl_number_text(VL_INVITATION_HRP, invitation->reciprocal, number)
                    : NULL);
    vl_doc_int(doc, "told", said->told);
    vl_doc_text(doc, "output", o->saying.dry_run ? NULL : o->saying.output);
    return vl_print_doc(doc, "it is signed, and this could not be said.");
}

static const char *mend_of(enum vl_err err)
{
    if (err == VL_ERR_NOT_FOUND)
        return "valise invite list\nvalise card list";
    if (err == VL_ERR_EXISTS)
        return "give another name, or --force";
    return err == VL_ERR_FORMAT || err == VL_ERR_USAGE ? "valise help invite" : NULL;
}

/* As `say`: what goes out into the world is shown once more, and asked for. */
static int confirm(struct vl_home *home, const struct vl_invite_options *o,
                   const struct vl_invite_request *request)
{
    VL_AUTO(vl_invited_said_release) struct vl_invited_said would = VL_INVITED_SAID_INIT;
    struct vl_invite_request rehearsal = *request;
    struct vl_why why = {""};
    enum vl_err err;

    if (o->yes || o->saying.dry_run)
        return -1;
    if (!vl_tty_is_there())
        return vl_cli_confirm("", false, what);
    rehearsal.common.dry_run = true;
    err = vl_invite(home, &rehearsal, &would, &why);
    if (err)
        return vl_home_failure(what, err, &why, mend_of(err));
    fprintf(stderr, "To be signed: %s\n", vl_invitation_words(request->what));
    show(stderr, home, &would.invitation);
    return vl_cli_confirm("It stays for ever. Go on? [y/N] ", false, what);
}

static void show_done(struct vl_home *home, const struct vl_invite_options *o,
                      const struct vl_invited_said *said)
{
    char number[VL_NUMBER_SHORT], act[VL_NUMBER_SHORT];

    printf("%s: %s", o->saying.dry_run ? "Would be signed" : "Signed",
           vl_invitation_words(said->invitation.what));
    if (!o->saying.dry_run)
        printf("; invitation %s, act %s", vl_number_short(said->invitation.id, number),
               vl_number_short(said->act, act));
    printf("\n");
    show(stdout, home, &said->invitation);
    vl_saying_show_told(&o->saying, said->told);
}

static int invite(struct vl_invite_options *o, struct vl_invite_request *request)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_invited_said_release) struct vl_invited_said said = VL_INVITED_SAID_INIT;
    struct vl_why why = {""};
    enum vl_err err;
    int status = vl_home_begin_change(o->saying.dry_run, &home, what);

    if (status < 0)
        status = confirm(&home, o, request);
    if (status >= 0)
        return status;
    vl_say_when_stopped(what, true);
    err = vl_saying_open(&o->saying, &why);
    if (!err)
        err = vl_invite(&home, request, &said, &why);
    if (err)
        return vl_home_failure(what, err, &why, mend_of(err));
    status = vl_saying_put_out(&o->saying);
    if (status >= 0)
        return status;
    if (o->saying.common.json)
        return print_json(o, &said);
    if (!o->saying.common.quiet)
        show_done(&home, o, &said);
    return 0;
}

static int run(const struct vl_command *command, struct vl_invite_options *o, char **words,
               size_t count)
{
    struct vl_invite_request request = {.common = vl_saying_common(&o->saying, vl_clock_seconds()),
                                        .what = VL_INVITATION_ISSUE,
                                        .rng = vl_rng_system()};
    enum vl_invitation_act act = VL_INVITATION_NONE;
    int status;

    if (count == 0)
        return vl_say_usage(command->name, "whom, or which act of which invitation");
    if (strcmp(words[0], "list") == 0)
        return vl_invite_list(command, o, count - 1);
    if (strcmp(words[0], "ics") == 0)
        return vl_invite_ics(command, o, words + 1, count - 1);
    act = vl_invitation_of_word(vl_bytes_str(words[0]));
    if (act != VL_INVITATION_NONE && act != VL_INVITATION_ISSUE) {
        request.what = act;
        words++;
        count--;
    }
    status = take_text(command, o, &request, words, &count);
    if (status < 0)
        status = take_parties(command, &request, words, count);
    if (status < 0)
        status = take_rest(command, o, &request);
    return status < 0 ? invite(o, &request) : status;
}

int vl_cmd_invite(const struct vl_command *command, int argc, char **argv)
{
    struct vl_invite_options o = {.saying = VL_SAYING_OPTIONS_INIT,
                                  .from_stdin = VL_BUF_INIT(VL_STATEMENT_MAX_TEXT + 1)};
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 0, "text", "WORDS", &o.text, "the purpose, or the reason; -: stdin"},
        {VL_OPT_TEXT, 0, "lang", "TAG", &o.lang,
         "the language of all words; else that of the card"},
        {VL_OPT_TEXT, 0, "date", "WHEN", &o.date, "the day, or the moment: 2027-03-01"},
        {VL_OPT_TEXT, 0, "from", "WHEN", &o.from, "or from then"},
        {VL_OPT_TEXT, 0, "until", "WHEN", &o.until, "to then"},
        {VL_OPT_TEXT, 0, "place", "TEXT", &o.place, "where one would meet"},
        {VL_OPT_TEXT, 0, "expires", "WHEN", &o.expires, "nobody can accept it after that"},
        {VL_OPT_TEXT, 0, "reciprocal-of", "N", &o.reciprocal_of,
         "the invitation that this one gives back"},
        {VL_OPT_TEXT, 0, "not-before", "WHEN", &o.not_before, "of postpone: no sooner"},
        {VL_OPT_TEXT, 0, "waits-for", "WORDS", &o.waits_for,
         "of postpone: what must be so before; of attest: which of them"},
        {VL_OPT_TEXT, 0, "owner", "OFFICE", &o.owner,
         "who can say that it is so; else this office"},
        {VL_OPT_TEXT, 0, "expects", "WORDS", &o.expects,
         "of postpone: what you think will be; nothing waits for it"},
        {VL_OPT_TEXT, 0, "expected-by", "WHEN", &o.expected_by, "by then"},
        {VL_OPT_FLAG, 'y', "yes", NULL, &o.yes, "do not ask"},
        VL_SAYING_REST(o.saying),
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.saying.common, argc, argv, &rest);

    if (status < 0)
        status = vl_ask_check(&o.saying.ask, command->name);
    if (status < 0)
        status = run(command, &o, argv + rest, (size_t)(argc - rest));
    vl_saying_release(&o.saying);
    vl_buf_release(&o.from_stdin);
    return status;
}
