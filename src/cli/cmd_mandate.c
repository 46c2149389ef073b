/* SPDX-License-Identifier: Apache-2.0 */
/* valise mandate: what others may do in this office's name. */
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/show.h"
#include "codec/number.h"
#include "office/mandates.h"
#include "office/successions.h"
#include "sys/clock.h"

#define SAFE 700

static const char what[] = "no mandate was given.";

struct options {
    struct vl_common common;
    struct vl_ask ask;
    struct vl_opt_list may, letters, from, seals, statements;
    const char *from_when, *until, *under, *reason, *succeeds;
    int count;
    bool once, may_delegate, manual, yes, dry_run;
};

/* --may carry,receive or several of them. */
static int parse_powers(const struct vl_command *command, const struct options *o,
                        struct vl_mandate_request *request)
{
    for (size_t i = 0; i < o->may.count; i++) {
        const char *text = o->may.at[i];

        while (*text) {
            const size_t len = strcspn(text, ",");
            const enum vl_power power = vl_power_of_word(vl_bytes_of(text, len));

            if (power == VL_POWER_NONE)
                return vl_say_usage(command->name,
                                    "\"%.*s\" is no power: carry, receive, speak, explain, seal",
                                    (int)(len < 40 ? len : 40), text);
            if (request->power_count < sizeof request->powers / sizeof *request->powers)
                request->powers[request->power_count++] = power;
            text += len + (text[len] == ',');
        }
    }
    if (request->power_count == 0)
        return vl_say_usage(command->name,
                            "say what it may do: --may carry,receive,speak,explain,seal");
    return -1;
}

static int no_day(const struct vl_command *command, const char *option)
{
    return vl_say_usage(command->name, "%s wants a day such as 2026-12-31, or +30d", option);
}

static int parse_until(const struct vl_command *command, const char *text, int64_t now_s, bool *has,
                       int64_t *at_s)
{
    *has = text != NULL;
    return text && vl_time_parse(vl_bytes_str(text), now_s, at_s, NULL) ? no_day(command, "--until")
                                                                        : -1;
}

static int parse_from_day(const struct vl_command *command, const char *text, int64_t now_s,
                          bool *has, int64_t *at_s)
{
    *has = text != NULL;
    return text && vl_time_parse_begin(vl_bytes_str(text), now_s, at_s, NULL)
               ? no_day(command, "--from-day")
               : -1;
}

/* --- list ------------------------------------------------------------------------------------- */

struct listing {
    struct vl_home *home;
    struct vl_doc *doc;
    size_t count;
};

static void power_list(const struct vl_mandate *mandate, char *out, size_t size)
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < mandate->power_count; i++) {
        const char *word = vl_power_word((enum vl_power)mandate->powers[i]);
        int n = snprintf(out + len, size - len, "%s%s", len ? "," : "", *word ? word : "?");

        if (n < 0 || (size_t)n >= size - len)
            return;
        len += (size_t)n;
    }
}

static enum vl_err list_json(struct listing *listing, const struct vl_mandate_seen *seen)
{
    const struct vl_mandate *mandate = seen->mandate;
    char number[VL_NUMBER_TEXT];

    vl_doc_object(listing->doc, NULL);
    vl_doc_text(listing->doc, "mandate", vl_number_text(VL_ACT_HRP, seen->id, number));
    vl_doc_office(listing->doc, "principal", listing->home, seen->principal.at);
    vl_doc_office(listing->doc, "grantee", listing->home, mandate->grantee.at);
    vl_doc_list(listing->doc, "powers");
    for (size_t i = 0; i < mandate->power_count; i++)
        vl_doc_text(listing->doc, NULL, vl_power_word((enum vl_power)mandate->powers[i]));
    vl_doc_close(listing->doc);
    vl_doc_int(listing->doc, "letters", mandate->letters.count);
    vl_doc_bool(listing->doc, "once", mandate->uses == VL_MANDATE_ONCE);
    vl_doc_bool(listing->doc, "may_delegate", mandate->may_delegate);
    vl_doc_time(listing->doc, "not_before_at", mandate->has_not_before, mandate->not_before_s);
    vl_doc_time(listing->doc, "not_after_at", mandate->has_not_after, mandate->not_after_s);
    vl_doc_bool(listing->doc, "over", seen->is_over);
    vl_doc_bool(listing->doc, "late", seen->is_late);
    vl_doc_close(listing->doc);
    return VL_OK;
}

static enum vl_err list_one(void *self, const struct vl_mandate_seen *seen, struct vl_why *why)
{
    struct listing *listing = self;
    const struct vl_mandate *mandate = seen->mandate;
    struct vl_office_name other = {.text = "somebody"};
    char number[VL_NUMBER_SHORT], powers[100], safe[SAFE], until[VL_TIME_TEXT];
    enum vl_err err;

    listing->count++;
    if (listing->doc)
        return list_json(listing, seen);
    err =
        vl_home_name_office(listing->home,
                            seen->is_given ? mandate->grantee.at : seen->principal.at, &other, why);
    if (err)
        return err;
    power_list(mandate, powers, sizeof powers);
    printf("%s  %s %s  may %s%s%s%s", vl_number_short(seen->id, number),
           seen->is_given ? "given to " : "held from", vl_show(safe, sizeof safe, other.text),
           powers, mandate->has_letters ? ", named letters" : "",
           mandate->uses == VL_MANDATE_ONCE ? ", once" : "",
           mandate->may_delegate ? ", may pass it on" : "");
    if (mandate->has_not_after)
        printf(", until %.10s", vl_time_text(mandate->not_after_s, until));
    printf("%s\n", seen->is_over ? "  (ended)" : seen->is_late ? "  (its time has passed)" : "");
    return VL_OK;
}

static enum vl_err succession_json(struct listing *listing, const struct vl_succession_seen *seen)
{
    const struct vl_succeeds *succeeds = seen->succeeds;
    char number[VL_NUMBER_TEXT];

    vl_doc_object(listing->doc, NULL);
    vl_doc_text(listing->doc, "succession", vl_number_text(VL_ACT_HRP, seen->id, number));
    vl_doc_office(listing->doc, "by", listing->home, seen->by.at);
    vl_doc_office(listing->doc, "predecessor", listing->home, succeeds->predecessor.at);
    vl_doc_office(listing->doc, "successor", listing->home, succeeds->successor.at);
    vl_doc_int(listing->doc, "statements", succeeds->scope.count);
    vl_doc_time(listing->doc, "not_before_at", succeeds->has_from, succeeds->from_s);
    vl_doc_bool(listing->doc, "over", seen->is_over);
    vl_doc_close(listing->doc);
    return VL_OK;
}

static enum vl_err list_succession(void *self, const struct vl_succession_seen *seen,
                                   struct vl_why *why)
{
    struct listing *listing = self;
    const struct vl_succeeds *succeeds = seen->succeeds;
    struct vl_office_name before = {.text = "somebody"}, after = before, by = before;
    char number[VL_NUMBER_SHORT], safe[3][SAFE], from[VL_TIME_TEXT];
    enum vl_err err;

    listing->count++;
    if (listing->doc)
        return succession_json(listing, seen);
    err = vl_home_name_office(listing->home, succeeds->predecessor.at, &before, why);
    if (!err)
        err = vl_home_name_office(listing->home, succeeds->successor.at, &after, why);
    if (!err)
        err = vl_home_name_office(listing->home, seen->by.at, &by, why);
    if (err)
        return err;
    printf("%s  %s comes after %s%s", vl_number_short(seen->id, number),
           after.is_own ? "this office" : vl_show(safe[0], sizeof safe[0], after.text),
           before.is_own ? "this office" : vl_show(safe[1], sizeof safe[1], before.text),
           succeeds->has_scope ? ", named statements" : "");
    if (succeeds->has_from)
        printf(", from %.10s", vl_time_text(succeeds->from_s, from));
    if (!vl_office_id_eq(&seen->by, &succeeds->predecessor))
        printf(", says %s", by.is_own ? "this office" : vl_show(safe[2], sizeof safe[2], by.text));
    printf("%s\n", seen->is_over ? "  (ended)" : "");
    return VL_OK;
}

static int list(struct options *o)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct listing listing = {.home = &home};
    struct vl_why why = {""};
    enum vl_err err;
    int status = vl_home_begin(VL_HOME_READ, &home, "the mandates were not listed.");

    if (status >= 0)
        return status;
    if (o->common.json) {
        listing.doc = vl_doc_new("valise.mandates/1");
        vl_doc_list(listing.doc, "mandates");
    }
    err = vl_mandates(&home, vl_clock_seconds(), list_one, &listing, &why);
    if (!err && listing.doc) {
        vl_doc_close(listing.doc);
        vl_doc_list(listing.doc, "successions");
    }
    if (!err)
        err = vl_successions(&home, list_succession, &listing, &why);
    if (err) {
        vl_doc_drop(listing.doc);
        return vl_home_failure("the mandates were not listed.", err, &why, NULL);
    }
    if (listing.doc) {
        vl_doc_close(listing.doc);
        return vl_print_doc(listing.doc, "the mandates were not listed.");
    }
    if (listing.count == 0 && !o->common.quiet)
        printf("No mandates here.\n");
    return 0;
}

/* --- end -------------------------------------------------------------------------------------- */

static int end(const struct vl_command *command, struct options *o, const char *text)
{
    static const char not_ended[] = "the mandate stands as it was.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    const struct vl_asker asker = vl_ask_asker(&o->ask);
    enum vl_mandate_end reason = VL_MANDATE_END_ENDED;
    char question[120], number[VL_NUMBER_TEXT];
    uint8_t id[VL_HASH_LEN];
    struct vl_why why = {""};
    enum vl_err err;
    int status;

    if (o->reason && strcmp(o->reason, "compromised") == 0)
        reason = VL_MANDATE_END_COMPROMISED;
    else if (o->reason && strcmp(o->reason, "mistake") == 0)
        reason = VL_MANDATE_END_MISTAKE;
    else if (o->reason && strcmp(o->reason, "ended") != 0)
        return vl_say_usage(command->name, "--reason is ended, compromised or mistake");
    status = vl_home_begin_change(o->dry_run, &home, not_ended);
    if (status >= 0)
        return status;
    (void)snprintf(question, sizeof question,
                   "The mandate %.16s ends for ever, for all that follows. Go on? [y/N] ", text);
    status = vl_cli_confirm(question, o->yes || o->dry_run, not_ended);
    if (status >= 0)
        return status;
    err = vl_mandate_end(&home, text, reason, o->manual, &asker, vl_clock_seconds(), id, &why);
    if (err == VL_ERR_NOT_FOUND)
        err =
            vl_succession_end(&home, text, reason, o->manual, &asker, vl_clock_seconds(), id, &why);
    if (err)
        return vl_home_failure(not_ended, err, &why,
                               err == VL_ERR_NOT_FOUND ? "valise mandate list" : NULL);
    if (o->common.json) {
        struct vl_doc *doc = vl_doc_new("valise.mandate-end/1");

        vl_doc_text(doc, "act", vl_number_text(VL_ACT_HRP, id, number));
        vl_doc_bool(doc, "dry_run", o->dry_run);
        return vl_print_doc(doc, "it has ended, and this could not be said.");
    }
    vl_say_dry_run(&o->common, o->dry_run);
    if (!o->common.quiet && !o->dry_run)
        printf("It has ended, for whatever is signed by somebody who has seen that.\n"
               "It goes out with the next stick that you hand over.\n");
    return 0;
}

/* --- give ------------------------------------------------------------------------------------- */

static int tell_given(const struct options *o, const char *which, const uint8_t id[VL_HASH_LEN],
                      const char *office)
{
    char number[VL_NUMBER_TEXT], number_short[VL_NUMBER_SHORT];

    if (o->common.json) {
        struct vl_doc *doc = vl_doc_new("valise.mandate/1");

        vl_doc_text(doc, "mandate", vl_number_text(VL_ACT_HRP, id, number));
        vl_doc_bool(doc, "dry_run", o->dry_run);
        return vl_print_doc(doc, "it is signed, and this could not be said.");
    }
    vl_say_dry_run(&o->common, o->dry_run);
    if (!o->common.quiet && !o->dry_run)
        printf("%s %s is signed. It goes along with the next stick:\n"
               "  valise hand %s STICK\n",
               which, vl_number_short(id, number_short), office);
    return 0;
}

static int give(const struct vl_command *command, struct options *o, const char *office)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct vl_mandate_request request = {.office = office,
                                         .letters = o->letters.at,
                                         .letter_count = o->letters.count,
                                         .from = o->from.at,
                                         .from_count = o->from.count,
                                         .count = o->count > 0 ? (uint64_t)o->count : 0,
                                         .seals = o->seals.at,
                                         .seal_count = o->seals.count,
                                         .once = o->once,
                                         .may_delegate = o->may_delegate,
                                         .under = o->under,
                                         .manual = o->manual,
                                         .now_s = vl_clock_seconds(),
                                         .asker = vl_ask_asker(&o->ask),
                                         .rng = vl_rng_system()};
    uint8_t id[VL_HASH_LEN];
    struct vl_why why = {""};
    enum vl_err err;
    int status = parse_powers(command, o, &request);

    if (status < 0)
        status = parse_from_day(command, o->from_when, request.now_s, &request.has_not_before,
                                &request.not_before_s);
    if (status < 0)
        status = parse_until(command, o->until, request.now_s, &request.has_not_after,
                             &request.not_after_s);
    if (status < 0)
        status = vl_home_begin_change(o->dry_run, &home, what);
    if (status >= 0)
        return status;
    err = vl_mandate_give(&home, &request, id, &why);
    if (err)
        return vl_home_failure(what, err, &why, NULL);
    return tell_given(o, "Mandate", id, office);
}

/* --- who comes after -------------------------------------------------------------------------- */

static int give_succession(const struct vl_command *command, struct options *o, const char *office)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct vl_succession_request request = {.successor = office,
                                            .predecessor = o->succeeds,
                                            .statements = o->statements.at,
                                            .statement_count = o->statements.count,
                                            .manual = o->manual,
                                            .now_s = vl_clock_seconds(),
                                            .asker = vl_ask_asker(&o->ask),
                                            .rng = vl_rng_system()};
    uint8_t id[VL_HASH_LEN];
    struct vl_why why = {""};
    enum vl_err err;
    int status = -1;

    if (o->may.count > 0 || o->letters.count > 0 || o->from.count > 0 || o->seals.count > 0 ||
        o->until || o->under || o->count >= 0 || o->once || o->may_delegate)
        return vl_say_usage(command->name, "with --succeeds go --statement and --from-day");
    status =
        parse_from_day(command, o->from_when, request.now_s, &request.has_from, &request.from_s);
    if (status < 0)
        status = vl_home_begin_change(o->dry_run, &home, what);
    if (status >= 0)
        return status;
    err = vl_succession_give(&home, &request, id, &why);
    if (err)
        return vl_home_failure(what, err, &why, NULL);
    return tell_given(o, "Succession", id, office);
}

int vl_cmd_mandate(const struct vl_command *command, int argc, char **argv)
{
    struct options o = {.ask = VL_ASK_INIT, .count = -1};
    const struct vl_opt options[] = {
        {VL_OPT_LIST, 0, "may", "POWERS", &o.may, "carry, receive, speak, explain, seal"},
        {VL_OPT_LIST, 0, "letter", "N", &o.letters, "only this letter"},
        {VL_OPT_LIST, 0, "from", "OFFICE", &o.from, "only letters from there"},
        {VL_OPT_NUMBER, 0, "count", "N", &o.count, "at most so many letters at a time"},
        {VL_OPT_LIST, 0, "seal", "TEXT", &o.seals, "only under these physical seals"},
        {VL_OPT_TEXT, 0, "from-day", "WHEN", &o.from_when, "good from this day on"},
        {VL_OPT_TEXT, 0, "until", "WHEN", &o.until, "2026-12-31, or +30d"},
        {VL_OPT_FLAG, 0, "once", NULL, &o.once, "for one act; with --letter"},
        {VL_OPT_FLAG, 0, "may-delegate", NULL, &o.may_delegate, "it may pass this on, one step"},
        {VL_OPT_TEXT, 0, "under", "MANDATE", &o.under, "pass on this one, which is held here"},
        {VL_OPT_TEXT, 0, "succeeds", "OFFICE", &o.succeeds,
         "it comes after this one, or after me, and may correct what that said"},
        {VL_OPT_LIST, 0, "statement", "ACT", &o.statements, "with --succeeds: only this one"},
        {VL_OPT_TEXT, 0, "reason", "WORD", &o.reason, "of end: ended, compromised or mistake"},
        {VL_OPT_FLAG, 0, "manual", NULL, &o.manual, "say in the signature that a person did it"},
        {VL_OPT_FLAG, 'y', "yes", NULL, &o.yes, "do not ask before one is ended"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &o.dry_run, "do all of it and keep nothing"},
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &o.ask.fd, "read it from an open file descriptor"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);
    const int words = argc - rest;
    const char *word = words > 0 ? argv[rest] : "";

    if (status < 0)
        status = vl_ask_check(&o.ask, command->name);
    if (status < 0 && strcmp(word, "list") == 0 && words == 1)
        status = list(&o);
    else if (status < 0 && strcmp(word, "end") == 0 && words == 2)
        status = end(command, &o, argv[rest + 1]);
    else if (status < 0 && words == 1 && strcmp(word, "end") != 0)
        status = o.succeeds ? give_succession(command, &o, word) : give(command, &o, word);
    else if (status < 0)
        status = vl_say_usage(command->name,
                              "an office and --may or --succeeds; or list; or end and a number");
    vl_ask_wipe(&o.ask);
    vl_opt_list_release(&o.may);
    vl_opt_list_release(&o.letters);
    vl_opt_list_release(&o.from);
    vl_opt_list_release(&o.seals);
    vl_opt_list_release(&o.statements);
    return status;
}
