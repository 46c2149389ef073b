/* SPDX-License-Identifier: Apache-2.0 */
/* valise hand: letters and evidence onto a stick. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "cli/slip.h"
#include "codec/number.h"
#include "office/hand.h"
#include "sys/clock.h"

#define SAFE 700
/* So many letters are listed one by one; of more, how many there are. */
#define LISTED 20

static const char nothing[] = "nothing was handed over.";
/* By `valise write --hand`: whoever writes it again sends it twice. */
static const char only_written[] = "what was written waits here; nothing was handed over.";

struct options {
    struct vl_common common;
    struct vl_ask ask;
    const char *what; /* is said of a failure */
    struct vl_opt_list letters;
    struct vl_opt_list seals;
    const char *carrier;
    const char *place;
    const char *slip;
    bool all;
    bool again;
    bool pieces;
    const char *room;
    uint64_t room_bytes;
    bool dry_run;
    bool manual;
};

/* Digits, and K, M or G for so many KiB, MiB, GiB. */
static bool read_size(const char *text, uint64_t *bytes)
{
    static const char units[] = "KMG";
    const char *unit;
    unsigned shift = 0;
    char *end = NULL;
    uintmax_t number;

    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    number = strtoumax(text, &end, 10);
    unit = *end ? strchr(units, *end) : NULL;
    if (unit) {
        shift = 10 * (unsigned)(unit - units + 1);
        end++;
    }
    if (errno || *end || number == 0 || number > UINT64_MAX >> shift)
        return false;
    *bytes = (uint64_t)number << shift;
    return true;
}

static void show_letter(struct vl_home *home, const struct vl_handed_letter *letter)
{
    struct vl_office_name to = {.text = "somebody"};
    char number[VL_NUMBER_SHORT], size[32], safe[SAFE], more[32] = "";

    if (vl_home_name_office(home, letter->to.at, &to, NULL) != VL_OK)
        (void)snprintf(to.text, sizeof to.text, "somebody");
    if (letter->to_count > 1)
        (void)snprintf(more, sizeof more, " and %zu more", letter->to_count - 1);
    printf("  %s  to %s%s  %s\n", vl_number_short(letter->number, number),
           vl_show(safe, sizeof safe, to.text), more,
           vl_size_text(letter->size, size, sizeof size));
    if (letter->slices_of > 0)
        printf("      %llu of its %llu slices; %llu went before%s\n",
               (unsigned long long)letter->slices, (unsigned long long)letter->slices_of,
               (unsigned long long)letter->slices_before,
               letter->slices + letter->slices_before < letter->slices_of
                   ? ", the next stick takes more"
                   : "");
}

static void show_rest(const struct vl_handed *handed, const struct options *o)
{
    if (handed->evidence_offices > 0)
        printf("Evidence for %zu %s is on it too, sealed to each.\n", handed->evidence_offices,
               handed->evidence_offices == 1 ? "office" : "offices");
    if (handed->parcels > 0)
        printf("%zu %s of evidence of others %s carried along.\n", handed->parcels,
               handed->parcels == 1 ? "bag" : "bags", handed->parcels == 1 ? "is" : "are");
    if (handed->handed_before > 0)
        printf("%zu %s handed before and nobody has signed for %s: --again hands %s once more.\n",
               handed->handed_before, handed->handed_before == 1 ? "letter was" : "letters were",
               handed->handed_before == 1 ? "it" : "them",
               handed->handed_before == 1 ? "it" : "them");
    if (handed->waiting_elsewhere > 0 && !o->all)
        printf("%zu %s for others and did not go: --all, or --letter N.\n",
               handed->waiting_elsewhere, handed->waiting_elsewhere == 1 ? "waits" : "wait");
    if (handed->no_room > 0)
        printf("%zu large %s for a stick with more room.\n", handed->no_room,
               handed->no_room == 1 ? "letter waits" : "letters wait");
    if (handed->on_other_stick > 0)
        printf("%zu %s on another stick, and %s with that one.\n", handed->on_other_stick,
               handed->on_other_stick == 1 ? "lies" : "lie",
               handed->on_other_stick == 1 ? "goes" : "go");
    if (handed->bent > 0)
        printf("! %zu %s in a bag that %s: ask for %s again.\n", handed->bent,
               handed->bent == 1 ? "lies" : "lie",
               handed->failed ? "this stick does not give" : "is not what was handed here",
               handed->bent == 1 ? "it" : "them");
    if (handed->too_long > 0)
        printf("! %zu %s longer than one file of this stick may be, and did not go.\n",
               handed->too_long, handed->too_long == 1 ? "letter is" : "letters are");
    if (handed->later > 0)
        printf("%zu more %s for another hand-over.\n", handed->later,
               handed->later == 1 ? "letter waits" : "letters wait");
    if (handed->expired > 0)
        printf("! %zu %s expired, and did not go.\n", handed->expired,
               handed->expired == 1 ? "letter has" : "letters have");
}

static void show_handed(struct vl_home *home, const struct vl_handed *handed,
                        const struct options *o, const char *taker)
{
    char size[32], safe[SAFE];
    size_t stay = 0;

    if (handed->letter_count == 0) {
        printf("No letters for %s.\n", vl_show(safe, sizeof safe, taker));
        show_rest(handed, o);
        if (handed->evidence_offices > 0 && handed->letter_count == 0)
            printf("Safe to remove.\n");
        return;
    }
    for (size_t i = 0; i < handed->letter_count && i < LISTED; i++)
        show_letter(home, &handed->letters[i]);
    if (handed->letter_count > LISTED)
        printf("  and %zu more\n", handed->letter_count - LISTED);
    if (o->dry_run) {
        printf("%zu %s would go, %s; a dry run: nothing is written or signed.\n",
               handed->letter_count, handed->letter_count == 1 ? "letter" : "letters",
               vl_size_text(handed->need_bytes, size, sizeof size));
        show_rest(handed, o);
        return;
    }
    for (size_t i = 0; i < handed->letter_count; i++)
        stay += handed->letters[i].stays;
    printf("%zu %s signed over to %s, %s. ", handed->letter_count,
           handed->letter_count == 1 ? "letter is" : "letters are",
           vl_show(safe, sizeof safe, taker),
           stay == handed->letter_count ? "in the bag where they lie"
                                        : vl_size_text(handed->bytes, size, sizeof size));
    if (stay > 0 && stay < handed->letter_count)
        printf("%zu of them %s on the stick already. ", stay, stay == 1 ? "lies" : "lie");
    printf("Not signed for yet: that is the taker's answer.\n");
    show_rest(handed, o);
    printf("%s\n", handed->checked == VL_BAG_CHECKED_STICK
                       ? "Every byte was read back from the stick. Safe to remove."
                       : "Every byte was read back, some perhaps from memory: eject it, then it "
                         "is safe to remove.");
    printf("Nothing here is removed; valise forget --done removes what is done.\n");
}

static int print_json(struct vl_home *home, const struct vl_handed *handed, const struct options *o,
                      const char *taker)
{
    struct vl_doc *doc = vl_doc_new("valise.hand/1");
    const bool handed_over = handed->letter_count > 0 && !o->dry_run;
    char number[VL_NUMBER_TEXT];

    vl_doc_text(doc, "to", o->carrier ? NULL : taker);
    vl_doc_text(doc, "carrier", o->carrier);
    vl_doc_bool(doc, "dry_run", o->dry_run);
    vl_doc_hex(doc, "handover", handed_over, VL_ARRAY(handed->act));
    vl_doc_hex(doc, "bag", handed_over, VL_ARRAY(handed->bag));
    vl_doc_list(doc, "letters");
    for (size_t i = 0; i < handed->letter_count; i++) {
        vl_doc_object(doc, NULL);
        vl_doc_text(doc, "letter",
                    vl_number_text(VL_LETTER_HRP, handed->letters[i].number, number));
        vl_doc_int(doc, "envelope_bytes", handed->letters[i].size);
        vl_doc_int(doc, "slices", handed->letters[i].slices);
        vl_doc_int(doc, "slices_before", handed->letters[i].slices_before);
        vl_doc_int(doc, "slices_of", handed->letters[i].slices_of);
        vl_doc_bool(doc, "stays", handed->letters[i].stays);
        vl_doc_office(doc, "to", home, handed->letters[i].to.at);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
    vl_doc_int(doc, "letters_bytes", handed->bytes);
    vl_doc_int(doc, "waiting_elsewhere", handed->waiting_elsewhere);
    vl_doc_int(doc, "handed_before", handed->handed_before);
    vl_doc_int(doc, "no_room", handed->no_room);
    vl_doc_int(doc, "on_other_stick", handed->on_other_stick);
    vl_doc_int(doc, "bent", handed->bent);
    vl_doc_int(doc, "too_long", handed->too_long);
    vl_doc_int(doc, "later", handed->later);
    vl_doc_int(doc, "expired", handed->expired);
    vl_doc_int(doc, "evidence_offices", handed->evidence_offices);
    vl_doc_int(doc, "parcels", handed->parcels);
    vl_doc_bool(doc, "read_from_stick", handed_over && handed->checked == VL_BAG_CHECKED_STICK);
    return vl_print_doc(doc, "it was handed over, and this could not be said.");
}

static const char *mend_of(enum vl_err err, const struct vl_handed *handed)
{
    if (handed->bent > 0)
        return "ask whoever gave them for another hand-over";
    if (handed->damaged)
        return "its bytes here are damaged: put back a backup, or take them once more;\n"
               "the others go meanwhile:\nvalise hand OFFICE STICK --letter N";
    switch ((int)err) {
    case VL_ERR_NO_SPACE:
        return "use a larger stick, or take away what is done:\nvalise stick clean STICK";
    case VL_ERR_UNSUPPORTED:
        return "the stick cannot be written to: look for its switch, or use another";
    case VL_ERR_UNVERIFIED:
        return "the stick does not keep what is written to it: use another";
    case VL_ERR_EXPIRED:
        return "ask for its new card:\nvalise card add FILE";
    case VL_ERR_PARTIAL:
        return handed->no_room + handed->too_long > 0
                   ? "use a larger stick, or one that takes longer files"
                   : "it goes with the next stick by itself";
    case VL_ERR_NOT_FOUND:
        return "look whether the stick is there; letters and offices that are:\nvalise list\n"
               "valise card list";
    case VL_ERR_USAGE:
        return "valise help hand";
    case VL_ERR_IO:
        return "look whether the stick is still there, and try again: nothing is lost";
    default:
        return NULL;
    }
}

static void moved(void *self, enum vl_bag_doing doing, uint64_t bytes, uint64_t total)
{
    const struct vl_progress *progress = self;

    /* First it is written, then all of it is read back. */
    if (progress->moved)
        progress->moved(progress->self, doing == VL_BAG_CHECKING ? total + bytes : bytes,
                        2 * total);
}

/* The letters are handed over; only the sheet may be missing. */
static int write_slip(struct vl_home *home, const struct vl_handed *handed, const struct options *o)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object handover = VL_OBJECT_INIT;
    char number[VL_NUMBER_SHORT], mend[64];
    struct vl_why why = {""};
    enum vl_err err;

    if (!o->slip || o->dry_run || handed->letter_count == 0)
        return 0;
    err = vl_store_object(home->store, handed->act, &bytes, &why);
    if (!err)
        err = vl_object_parse(vl_buf_bytes(&bytes), &handover, &why);
    if (!err)
        err = vl_slip_to(home, &handover, o->slip, 0, &why);
    if (!err)
        return 0;
    (void)snprintf(mend, sizeof mend, "valise slip -o FILE %s",
                   vl_number_short(handed->act, number));
    return vl_home_failure("the letters are handed over; the slip is not written.", VL_ERR_PARTIAL,
                           &why, mend);
}

static int run(struct options *o, const char *taker, const char *stick)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_handed_release) struct vl_handed handed = {0};
    struct vl_hand_request request = {.office = o->carrier ? NULL : taker,
                                      .carrier = o->carrier,
                                      .stick = stick,
                                      .letters = o->letters.at,
                                      .letter_count = o->letters.count,
                                      .all = o->all,
                                      .again = o->again,
                                      .pieces = o->pieces,
                                      .room_bytes = o->room_bytes,
                                      .dry_run = o->dry_run,
                                      .manual = o->manual,
                                      .seals = o->seals.at,
                                      .seal_count = o->seals.count,
                                      .place = o->place,
                                      .now_s = vl_clock_seconds(),
                                      .asker = vl_ask_asker(&o->ask),
                                      .rng = vl_rng_system()};
    struct vl_progress_line line;
    struct vl_progress progress;
    struct vl_why why = {""};
    enum vl_err err;
    int status = vl_home_begin(VL_HOME_WRITE, &home, o->what);

    if (status >= 0)
        return status;
    progress = vl_progress_start(&line, &o->common, "handing over", stick);
    request.watch.moved = moved;
    request.watch.self = &progress;
    vl_say_when_stopped(o->what, true);
    err = vl_hand(&home, &request, &handed, &why);
    vl_progress_end(&line);
    if (err && err != VL_ERR_PARTIAL)
        return vl_home_failure(o->what, err, &why, mend_of(err, &handed));
    if (o->common.json)
        status = print_json(&home, &handed, o, taker);
    else if (!o->common.quiet)
        show_handed(&home, &handed, o, taker);
    if (status <= 0)
        status = write_slip(&home, &handed, o);
    if (!err || status > 0)
        return status > 0 ? status : 0;
    return vl_home_failure(o->dry_run
                               ? "not everything would go; a dry run."
                               : "the letters are handed over, and not everything is on the stick.",
                           err, &why, mend_of(err, &handed));
}

int vl_hand_to(const struct vl_common *common, const struct vl_ask *ask, const char *office,
               const char *stick)
{
    struct options o = {.common = *common, .ask = *ask, .what = only_written};
    int status;

    o.common.quiet = common->quiet || common->json;
    o.common.json = false;
    status = run(&o, office, stick);
    vl_ask_wipe(&o.ask);
    return status;
}

int vl_cmd_hand(const struct vl_command *command, int argc, char **argv)
{
    struct options o = {.ask = VL_ASK_INIT, .what = nothing};
    const struct vl_opt options[] = {
        {VL_OPT_LIST, 0, "letter", "N", &o.letters, "this letter, and no others"},
        {VL_OPT_FLAG, 0, "all", NULL, &o.all, "everything that waits, whoever it is for"},
        {VL_OPT_FLAG, 0, "again", NULL, &o.again, "what was handed before and not answered, too"},
        {VL_OPT_FLAG, 0, "pieces", NULL, &o.pieces,
         "of large letters that do not fit, as many slices as do"},
        {VL_OPT_TEXT, 0, "room", "SIZE", &o.room, "let the letters' bag be no larger: 500M, 2G"},
        {VL_OPT_TEXT, 0, "carrier", "NAME", &o.carrier,
         "a courier without valise, by name, in place of OFFICE"},
        {VL_OPT_LIST, 0, "seal", "TEXT", &o.seals, "a physical seal, as written on it"},
        {VL_OPT_TEXT, 0, "place", "TEXT", &o.place, "where; signed, so as coarse as you want it"},
        {VL_OPT_TEXT, 0, "slip", "FILE", &o.slip, "a sheet to print, for the courier to sign"},
        {VL_OPT_FLAG, 0, "manual", NULL, &o.manual, "say in the signature that a person did it"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &o.dry_run, "say what would go, and write nothing"},
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &o.ask.fd, "read it from an open file descriptor"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);
    const int words = argc - rest;

    if (status < 0 && o.room && !read_size(o.room, &o.room_bytes))
        status = vl_say_usage(command->name, "--room wants a size like 500M or 2G");
    if (status < 0)
        status = vl_ask_check(&o.ask, command->name);
    if (status < 0 && words != (o.carrier ? 1 : 2))
        status = vl_say_usage(command->name, o.carrier ? "the stick's folder"
                                                       : "an office, and the stick's folder");
    if (status < 0 && o.slip && o.common.json && strcmp(o.slip, "-") == 0)
        status = vl_say_usage(command->name, "--json needs --slip FILE: stdout has the document");
    if (status < 0)
        status = run(&o, o.carrier ? o.carrier : argv[rest], argv[argc - 1]);
    vl_ask_wipe(&o.ask);
    vl_opt_list_release(&o.letters);
    vl_opt_list_release(&o.seals);
    return status;
}
