/* SPDX-License-Identifier: Apache-2.0 */
/* valise stick show, stick clean. */
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "codec/number.h"
#include "office/stick_show.h"
#include "sys/clock.h"

#define SAFE 700

struct options {
    struct vl_common common;
    const char *older;
    bool carried;
    bool dry_run;
};

/* --- show ------------------------------------------------------------------------------------- */

struct showing {
    struct vl_home *home; /* or NULL */
    struct vl_doc *doc;
    bool quiet;
    size_t bags;
    size_t unfinished;
    size_t unreadable;
    uint64_t foreign; /* files in bags that are none of theirs */
};

static const char *name_of(const struct showing *showing, const struct vl_office_id *office,
                           char *out, size_t size)
{
    struct vl_office_name name = {.text = ""};
    char address[VL_OFFICE_TEXT];

    if (!showing->home)
        return vl_office_id_text(office, out);
    if (vl_home_name_office(showing->home, office->at, &name, NULL) != VL_OK)
        (void)snprintf(name.text, sizeof name.text, "%s", vl_office_id_text(office, address));
    return vl_show(out, size, name.is_own ? "me" : name.text);
}

static const char *state_of(const struct vl_stick_view *view)
{
    if (view->is_own)
        return view->letters == 0 ? "own"
               : !view->answered  ? "own, not answered"
               : view->needed     ? "own, answered; letters in it go on"
               : view->under_way  ? "own, answered; not all of it is receipted"
                                  : "own, answered";
    if (!view->for_us)
        return "for somebody else";
    return view->answered ? "for this office, taken before" : "for this office";
}

static void show_bag(const struct showing *showing, const struct vl_stick_view *view)
{
    char bag[VL_BAG_NAME], from[SAFE], to[SAFE], carrier[SAFE], size[32], date[VL_TIME_TEXT];
    char handover[VL_NUMBER_SHORT], named[300];

    printf("%.8s  ", vl_bag_name(view->seen->id, bag));
    if (view->seen->state != VL_BAG_FINISHED) {
        printf("%s%s, %s\n", view->seen->state == VL_BAG_EMPTY ? "an empty folder" : "not finished",
               view->is_own ? ", begun here" : "",
               vl_size_text(view->seen->segment_bytes, size, sizeof size));
        return;
    }
    if (!view->readable) {
        printf("cannot be read%s%s\n", view->seen->err ? ": " : ", or is no bag of valise",
               view->seen->err ? vl_show(from, sizeof from, view->seen->why.text) : "");
        return;
    }
    (void)snprintf(named, sizeof named, "%.*s", (int)view->carrier.len,
                   view->carrier.len > 0 ? (const char *)view->carrier.ptr : "");
    if (view->letters > 0)
        printf("%llu %s, ", (unsigned long long)view->letters,
               view->letters == 1 ? "letter" : "letters");
    else
        printf("evidence, ");
    printf("%s", vl_size_text(view->seen->segment_bytes, size, sizeof size));
    if (view->has_signed_at)
        printf(", %.10s", vl_time_text(view->signed_at_s, date));
    printf(", hand-over %s\n", vl_number_short(view->act, handover));
    printf("          from %s%s\n", name_of(showing, &view->giver, from, sizeof from),
           view->verified ? "" : " (so it says: not verified)");
    if (view->has_taker)
        printf("          to   %s\n", name_of(showing, &view->taker, to, sizeof to));
    else
        printf("          to   anybody whose letters are in it%s%s\n",
               named[0] ? ", carried by " : "", vl_show(carrier, sizeof carrier, named));
    if (showing->home)
        printf("          %s\n", state_of(view));
}

static void put_office(const struct showing *showing, const char *name, bool there,
                       const struct vl_office_id *office)
{
    char address[VL_OFFICE_TEXT];

    vl_doc_text(showing->doc, name, there ? vl_office_id_text(office, address) : NULL);
}

static void doc_bag(const struct showing *showing, const struct vl_stick_view *view)
{
    struct vl_doc *doc = showing->doc;
    const bool readable = view->readable, home = showing->home != NULL;
    static const char *const states[] = {[VL_BAG_EMPTY] = "empty",
                                         [VL_BAG_UNFINISHED] = "unfinished",
                                         [VL_BAG_FINISHED] = "finished"};

    vl_doc_object(doc, NULL);
    vl_doc_hex(doc, "bag", true, VL_ARRAY(view->seen->id));
    vl_doc_text(doc, "state", states[view->seen->state]);
    vl_doc_bool(doc, "readable", readable);
    vl_doc_hex(doc, "handover", readable, VL_ARRAY(view->act));
    put_office(showing, "giver", readable, &view->giver);
    put_office(showing, "taker", readable && view->has_taker, &view->taker);
    if (view->carrier.len > 0)
        vl_doc_bytes(doc, "carrier", view->carrier);
    else
        vl_doc_text(doc, "carrier", NULL);
    vl_doc_int(doc, "letters", view->letters);
    vl_doc_int(doc, "evidence", view->evidence);
    vl_doc_int(doc, "segments_bytes", view->seen->segment_bytes);
    vl_doc_int(doc, "foreign", view->seen->foreign);
    vl_doc_time(doc, "signed_at", view->has_signed_at, view->signed_at_s);
    vl_doc_bool(doc, "verified", view->verified);
    vl_doc_text(doc, "whose",
                !home || !(readable || view->is_own) ? NULL
                : view->is_own                       ? "own"
                : view->for_us                       ? "for-us"
                                                     : "others");
    vl_doc_bool(doc, "answered", view->answered);
    vl_doc_bool(doc, "needed", view->needed);
    vl_doc_bool(doc, "under_way", view->under_way);
    vl_doc_close(doc);
}

static enum vl_err see_bag(void *self, const struct vl_stick_view *view, struct vl_why *why)
{
    struct showing *showing = self;

    (void)why;
    showing->bags++;
    showing->unfinished += view->seen->state != VL_BAG_FINISHED;
    showing->unreadable += view->seen->state == VL_BAG_FINISHED && !view->readable;
    showing->foreign += view->seen->foreign;
    if (showing->doc)
        doc_bag(showing, view);
    else if (!showing->quiet)
        show_bag(showing, view);
    return VL_OK;
}

static int show(const struct options *o, const char *path)
{
    static const char what[] = "the stick was not looked at.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct showing showing = {.quiet = o->common.quiet};
    const char *folder = vl_home_folder();
    struct vl_stick_walked walked;
    struct vl_why why = {""};
    enum vl_err err;

    /* Anybody may look at a stick that they found; an office says more about it. */
    if (folder && vl_home_open(folder, VL_HOME_READ, &home, NULL) == VL_OK)
        showing.home = &home;
    if (o->common.json) {
        showing.doc = vl_doc_new("valise.stick/1");
        vl_doc_list(showing.doc, "bags");
    }
    err = vl_stick_show(showing.home, path, see_bag, &showing, &walked, &why);
    if (err) {
        vl_doc_drop(showing.doc);
        return vl_home_failure(what, err, &why,
                               err == VL_ERR_NOT_FOUND ? "look whether this is the stick's folder"
                                                       : NULL);
    }
    if (showing.doc) {
        vl_doc_close(showing.doc);
        vl_doc_int(showing.doc, "beyond_limit", walked.left);
        vl_doc_int(showing.doc, "foreign", walked.foreign);
        return vl_print_doc(showing.doc, what);
    }
    if (o->common.quiet)
        return 0;
    if (showing.bags == 0)
        printf("No bags on it.\n");
    if (walked.left > 0)
        printf("! %llu more bags were not looked at: there are too many.\n",
               (unsigned long long)walked.left);
    showing.foreign += walked.foreign;
    if (showing.foreign > 0)
        printf("%llu other %s in its folders, and %s none of valise.\n",
               (unsigned long long)showing.foreign, showing.foreign == 1 ? "name is" : "names are",
               showing.foreign == 1 ? "is" : "are");
    return 0;
}

/* --- clean ------------------------------------------------------------------------------------ */

static void show_cleaned(const struct vl_stick_cleaned *cleaned, bool dry_run)
{
    const size_t gone = cleaned->answered + cleaned->evidence + cleaned->unfinished;
    char size[32];

    if (gone == 0)
        printf("Nothing to take away.\n");
    else
        printf("%zu %s %s, %s: %zu answered, %zu of old evidence, %zu unfinished.\n", gone,
               gone == 1 ? "bag" : "bags",
               dry_run     ? "would go"
               : gone == 1 ? "is gone"
                           : "are gone",
               vl_size_text(cleaned->bytes, size, sizeof size), cleaned->answered,
               cleaned->evidence, cleaned->unfinished);
    if (cleaned->waiting > 0)
        printf("%zu own %s: not answered yet, or evidence that is not old.\n", cleaned->waiting,
               cleaned->waiting == 1 ? "bag stays" : "bags stay");
    if (cleaned->needed > 0)
        printf("%zu answered %s: not all in %s is receipted, and it may lie nowhere else.\n",
               cleaned->needed, cleaned->needed == 1 ? "one stays" : "ones stay",
               cleaned->needed == 1 ? "it" : "them");
    if (cleaned->others > 0)
        printf("%zu of others %s.\n", cleaned->others, cleaned->others == 1 ? "stays" : "stay");
    if (cleaned->unreadable > 0)
        printf("! %zu cannot be read, and %s.\n", cleaned->unreadable,
               cleaned->unreadable == 1 ? "stays" : "stay");
    if (dry_run)
        printf("A dry run: nothing is taken away.\n");
}

static int clean(const struct vl_command *command, const struct options *o, const char *path)
{
    static const char what[] = "the stick is as it was.";
    static const char partly[] = "not everything was taken away.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct vl_stick_clean_request request = {.path = path, .dry_run = o->dry_run};
    const int64_t now_s = vl_clock_seconds();
    struct vl_stick_cleaned cleaned;
    struct vl_why why = {""};
    char span[32];
    int64_t span_s = 0;
    enum vl_err err;
    int status;

    (void)snprintf(span, sizeof span, "+%.20s", o->older ? o->older : "30d");
    if (vl_time_parse(vl_bytes_str(span), 0, &span_s, NULL) != VL_OK)
        return vl_say_usage(command->name, "--older wants a span such as 30d or 12h");
    request.evidence_before_s = now_s - span_s;
    request.carried = o->carried;
    status = vl_home_begin_change(o->dry_run, &home, what);
    if (status >= 0)
        return status;
    err = vl_stick_clean(&home, &request, &cleaned, &why);
    if (err)
        return vl_home_failure(err == VL_ERR_PARTIAL ? partly : what, err, &why,
                               err == VL_ERR_NOT_FOUND ? "look whether this is the stick's folder"
                               : err == VL_ERR_UNSUPPORTED
                                   ? "the stick cannot be written to: look for its switch"
                                   : NULL);
    if (o->common.json) {
        struct vl_doc *doc = vl_doc_new("valise.stick-clean/1");

        vl_doc_bool(doc, "dry_run", o->dry_run);
        vl_doc_int(doc, "answered", cleaned.answered);
        vl_doc_int(doc, "evidence", cleaned.evidence);
        vl_doc_int(doc, "unfinished", cleaned.unfinished);
        vl_doc_int(doc, "removed_bytes", cleaned.bytes);
        vl_doc_int(doc, "needed", cleaned.needed);
        vl_doc_int(doc, "waiting", cleaned.waiting);
        vl_doc_int(doc, "others", cleaned.others);
        vl_doc_int(doc, "unreadable", cleaned.unreadable);
        return vl_print_doc(doc, "it is clean, and this could not be said.");
    }
    if (!o->common.quiet)
        show_cleaned(&cleaned, o->dry_run);
    return 0;
}

int vl_cmd_stick(const struct vl_command *command, int argc, char **argv)
{
    struct options o = {.older = NULL};
    const struct vl_opt options[] = {
        {VL_OPT_FLAG, 0, "carried", NULL, &o.carried, "of clean: what others carry on goes, too"},
        {VL_OPT_TEXT, 0, "older", "SPAN", &o.older,
         "of clean: own evidence goes after so long; 30d"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &o.dry_run, "of clean: say what would go"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);
    const char *verb = argc > rest ? argv[rest] : "";

    if (status >= 0)
        return status;
    if (argc - rest == 2 && strcmp(verb, "show") == 0 && !o.older && !o.carried && !o.dry_run)
        return show(&o, argv[rest + 1]);
    if (argc - rest == 2 && strcmp(verb, "clean") == 0)
        return clean(command, &o, argv[rest + 1]);
    return vl_say_usage(command->name, "show or clean, and the stick's folder");
}
