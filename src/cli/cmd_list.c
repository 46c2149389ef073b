/* SPDX-License-Identifier: Apache-2.0 */
/* valise list, inbox, outbox: the letters that are here, and what is known about each. */
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "codec/number.h"
#include "custody/event.h"
#include "office/keeping.h"
#include "office/pieces.h"
#include "office/replies.h"

#define NAME_CACHE  64
#define NAME_COLUMN 26 /* of a terminal */
#define NAME_ROOM   104

/* The name of an office, asked for once. */
struct cached_name {
    uint8_t office[VL_HASH_LEN];
    char text[NAME_ROOM];
};

struct listing {
    struct vl_home *home;
    struct vl_doc *doc;
    bool quarantine; /* only what is held apart */
    size_t limit;    /* 0: none */
    bool inbox;      /* who sent it matters, else whom it is for */
    size_t count;
    size_t cached_count;
    struct cached_name cached[NAME_CACHE];
    const struct vl_letter_query *query;
    struct vl_threads threads;
    const struct vl_partial *partial; /* the row is of one of which only slices are here; or NULL */
};

static const char *name_of(struct listing *listing, const uint8_t office[VL_HASH_LEN],
                           char room[NAME_ROOM])
{
    struct vl_office_name name;
    char safe[VL_OFFICE_NAME_ROOM * 2];

    for (size_t i = 0; i < listing->cached_count; i++)
        if (memcmp(listing->cached[i].office, office, VL_HASH_LEN) == 0)
            return listing->cached[i].text;
    if (vl_home_name_office(listing->home, office, &name, NULL) != VL_OK)
        return "?";
    if (name.is_own)
        (void)snprintf(room, NAME_ROOM, "me");
    else if (name.petname[0])
        (void)snprintf(room, NAME_ROOM, "%s%s", name.petname, name.checked ? "" : " (not checked)");
    else
        (void)snprintf(room, NAME_ROOM, "%.15s...", vl_show(safe, sizeof safe, name.text));
    if (listing->cached_count < NAME_CACHE) {
        struct cached_name *cached = &listing->cached[listing->cached_count++];

        memcpy(cached->office, office, VL_HASH_LEN);
        memcpy(cached->text, room, sizeof cached->text);
    }
    return room;
}

static bool is_carried(const struct vl_letter_row *row)
{
    return (row->roles & VL_ROLE_CARRIED) && !(row->roles & (VL_ROLE_TAKEN | VL_ROLE_WRITTEN));
}

/* The one word that says most; what a letter's custody proves comes with its evidence. */
static const char *state_of(const struct listing *listing, const struct vl_letter_row *row)
{
    bool stays = false;

    if (listing->partial)
        return "in-slices";

    if (row->forgotten && vl_letter_stays(listing->home->store, row, &stays, NULL) == VL_OK)
        return stays ? "on-stick" : "forgotten";
    if (row->forgotten)
        return "forgotten";
    if (row->verdict == VL_VERDICT_OK)
        return "opened";
    if (row->verdict != 0)
        return vl_verdict_word((enum vl_verdict)row->verdict);
    if (is_carried(row))
        return "carried";
    if (row->mode == VL_LETTER_OPEN)
        return "open";
    return row->roles & VL_ROLE_WRITTEN ? "sealed" : "unopened";
}

/* And how far it has come, where it goes to others. */
static const char *shown_state(const struct listing *listing, const struct vl_letter_row *row,
                               char *out, size_t size)
{
    const char *way = vl_way_word((enum vl_letter_way)row->way);
    const char *state = state_of(listing, row);

    if (listing->partial) {
        (void)snprintf(out, size, "%s%llu of %llu slices", row->quarantined ? "held apart, " : "",
                       (unsigned long long)listing->partial->here,
                       (unsigned long long)listing->partial->said.pieces.count);
        return out;
    }
    if (row->way == VL_WAY_PASSED)
        way = "passed on";
    if (row->quarantined)
        (void)snprintf(out, size, "%s, held apart", state);
    else if (way && is_carried(row))
        (void)snprintf(out, size, "%s, %s", state, way);
    else
        (void)snprintf(out, size, "%s", way && row->verdict == 0 && !row->forgotten ? way : state);
    return out;
}

/* null for one that answers none, as far as that is known here: it must have been opened. */
static void put_replies(struct listing *listing, const struct vl_replies *replies)
{
    char number[VL_NUMBER_TEXT];

    vl_doc_text(listing->doc, "answers",
                replies->has_answers ? vl_number_text(VL_LETTER_HRP, replies->answers, number)
                                     : NULL);
    vl_doc_list(listing->doc, "answered_by");
    for (size_t i = 0; i < replies->count && i < VL_REPLIES_SHOWN; i++)
        vl_doc_text(listing->doc, NULL, vl_number_text(VL_LETTER_HRP, replies->at[i], number));
    vl_doc_close(listing->doc);
}

static void print_replies(const struct vl_replies *replies)
{
    char number[VL_NUMBER_SHORT];

    if (replies->has_answers)
        printf("           answers      %s\n", vl_number_short(replies->answers, number));
    for (size_t i = 0; i < replies->count && i < VL_REPLIES_SHOWN; i++)
        printf("           answered by  %s\n", vl_number_short(replies->at[i], number));
    if (replies->count > VL_REPLIES_SHOWN)
        printf("           and by %zu more\n", replies->count - VL_REPLIES_SHOWN);
}

static void list_json(struct listing *listing, const struct vl_letter_row *row,
                      const struct vl_replies *replies)
{
    struct vl_doc *doc = listing->doc;
    char number[VL_NUMBER_TEXT];

    vl_doc_object(doc, NULL);
    vl_doc_text(doc, "letter", vl_number_text(VL_LETTER_HRP, row->number, number));
    vl_doc_text(doc, "mode", row->mode == VL_LETTER_OPEN ? "open" : "sealed");
    vl_doc_text(doc, "state", state_of(listing, row));
    vl_doc_bool(doc, "written_here", (row->roles & VL_ROLE_WRITTEN) != 0);
    vl_doc_bool(doc, "taken_here", (row->roles & VL_ROLE_TAKEN) != 0);
    vl_doc_bool(doc, "carried", (row->roles & VL_ROLE_CARRIED) != 0);
    vl_doc_text(doc, "way", vl_way_word((enum vl_letter_way)row->way));
    vl_doc_bool(doc, "quarantined", row->quarantined);
    vl_doc_int(doc, "envelope_bytes", row->size);
    vl_doc_int(doc, "slices_here", listing->partial ? listing->partial->here : 0);
    vl_doc_int(doc, "slices_of", listing->partial ? listing->partial->said.pieces.count : 0);
    if (row->has_from)
        vl_doc_office(doc, "from", listing->home, row->from);
    else
        vl_doc_text(doc, "from", NULL);
    vl_doc_bool(doc, "from_proven", row->from_proven);
    vl_doc_list(doc, "to");
    for (size_t i = 0; i < row->to_count; i++)
        vl_doc_office(doc, NULL, listing->home, row->to[i]);
    vl_doc_close(doc);
    vl_doc_time(doc, "dated_at", row->has_date, row->date_s);
    vl_doc_time(doc, "kept_at", !listing->partial, row->kept_at_s);
    vl_doc_time(doc, "opened_at", row->verdict != 0, row->opened_at_s);
    vl_doc_time(doc, "expires_at", row->has_expires, row->expires_s);
    vl_doc_time(doc, "expect_by_at", row->has_expect_by, row->expect_by_s);
    put_replies(listing, replies);
    vl_doc_close(doc);
}

static enum vl_err list_one(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct listing *listing = self;
    char number[VL_NUMBER_SHORT], date[VL_TIME_TEXT], size[32], room[NAME_ROOM];
    char state[40];
    const char *other = "somebody";
    bool from = listing->inbox || !(row->roles & VL_ROLE_WRITTEN);
    struct vl_replies replies;

    (void)why;
    if (listing->quarantine && !row->quarantined)
        return VL_OK;
    if (listing->limit > 0 && listing->count == listing->limit)
        return VL_OK;
    listing->count++;
    vl_replies_find(&listing->threads, row->number, &replies);
    if (listing->doc) {
        list_json(listing, row, &replies);
        return VL_OK;
    }
    if (from && row->has_from)
        other = name_of(listing, row->from, room);
    else if (!from && row->to_count > 0)
        other = name_of(listing, row->to[0], room);
    printf("%s  %s %-*s%s  %.10s  %-9s  %s\n", vl_number_short(row->number, number),
           from ? "from" : "to  ", NAME_COLUMN, other, !from && row->to_count > 1 ? " ..." : "    ",
           vl_time_text(row->has_date ? row->date_s : row->kept_at_s, date),
           shown_state(listing, row, state, sizeof state),
           vl_size_text(row->size, size, sizeof size));
    print_replies(&replies);
    return VL_OK;
}

/* Those of which only slices are here come last. */
static enum vl_err list_partial(void *self, const struct vl_partial *partial, struct vl_why *why)
{
    struct listing *listing = self;
    const struct vl_letter_query *query = listing->query;
    struct vl_letter_row row;
    enum vl_err err = VL_OK;

    vl_partial_row(listing->home, partial, &row);
    if ((query->roles != 0 && (query->roles & row.roles) == 0) ||
        (query->has_office && !vl_letter_row_concerns(&row, query->office)))
        return VL_OK;
    listing->partial = partial;
    err = list_one(listing, &row, why);
    listing->partial = NULL;
    return err;
}

int vl_cmd_list(const struct vl_command *command, int argc, char **argv)
{
    static const char what[] = "the letters were not listed.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct listing listing = {.home = &home};
    struct vl_letter_query query = {.lean = true};
    struct vl_common common = {0};
    const char *office = NULL;
    bool exit_code = false, carried = false;
    int limit = -1;
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 0, "office", "OFFICE", &office, "only those from or to this office"},
        {VL_OPT_NUMBER, 'n', "limit", "N", &limit, "at most so many, the newest"},
        {VL_OPT_FLAG, 0, "carried", NULL, &carried, "only those that are carried for others"},
        {VL_OPT_FLAG, 0, "quarantine", NULL, &listing.quarantine,
         "only those held apart: their giver is not known"},
        {VL_OPT_FLAG, 0, "exit-code", NULL, &exit_code, "status 1 when there are none"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    struct vl_why why = {""};
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);
    enum vl_err err = VL_OK;

    if (status < 0 && argc > rest)
        status = vl_say_usage(command->name, "\"%s\" is one word too many", argv[rest]);
    if (status < 0)
        status = vl_home_begin(VL_HOME_READ, &home, what);
    if (status >= 0)
        return status;
    listing.inbox = strcmp(command->name, "inbox") == 0;
    query.roles = listing.inbox                          ? VL_ROLE_TAKEN
                  : strcmp(command->name, "outbox") == 0 ? VL_ROLE_WRITTEN
                                                         : 0;
    if (carried)
        query.roles = VL_ROLE_CARRIED;
    listing.query = &query;
    listing.limit = limit > 0 ? (size_t)limit : 0;
    query.limit = listing.quarantine ? 0 : listing.limit;
    if (office) {
        VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;

        err = vl_home_find_office(&home, office, &row, &why);
        query.has_office = true;
        memcpy(query.office, row.office, VL_HASH_LEN);
    }
    if (!err && common.json) {
        listing.doc = vl_doc_new("valise.letters/1");
        vl_doc_list(listing.doc, "letters");
    }
    if (!err)
        err = vl_threads_load(home.store, &listing.threads, &why);
    if (!err && limit != 0)
        err = vl_store_letters(home.store, &query, list_one, &listing, &why);
    if (!err && limit != 0)
        err = vl_partials(home.store, list_partial, &listing, &why);
    vl_threads_release(&listing.threads);
    if (err) {
        vl_doc_drop(listing.doc);
        return vl_home_failure(what, err, &why, NULL);
    }
    if (listing.doc) {
        vl_doc_close(listing.doc);
        status = vl_print_doc(listing.doc, what);
    } else {
        status = 0;
        if (listing.count == 0 && !common.quiet)
            (void)fprintf(stderr, "No letters%s.\n", office ? " from or to it" : "");
    }
    return status == 0 && exit_code && listing.count == 0 ? 1 : status;
}
