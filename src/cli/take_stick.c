/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/take_stick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/fail.h"
#include "cli/hook.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "codec/number.h"
#include "sys/clock.h"

#define SAFE   700
#define LISTED 20

static const char nothing_taken[] = "nothing was taken.";
static const char nothing_refused[] = "nothing was refused.";

static const char *name_of(struct vl_home *home, const struct vl_office_id *office, char *out,
                           size_t size)
{
    struct vl_office_name name = {.text = "somebody"};

    if (vl_home_name_office(home, office->at, &name, NULL) != VL_OK)
        (void)snprintf(name.text, sizeof name.text, "somebody");
    return vl_show(out, size, name.text);
}

static const char *outcome(const struct vl_stick_bag *bag, const struct vl_stick_letter *letter)
{
    if (!letter->taken && letter->slices > 0)
        return bag->answer == VL_BAG_ANSWER_NOW ? "signed for as slices" : "kept as slices";
    if (!letter->taken)
        return vl_not_taken_words(letter->reason);
    if (bag->answer != VL_BAG_ANSWER_NOW)
        return letter->stays ? "left on the stick, and not signed for" : "kept, and not signed for";
    if (letter->kind == VL_KIND_REFUSED)
        return "refused";
    if (letter->stays)
        return "accepted, to be carried on this very stick";
    return letter->kind == VL_KIND_RECEIPTED ? "receipted" : "accepted, to be carried";
}

static void show_letter(struct vl_home *home, const struct vl_stick_bag *bag,
                        const struct vl_stick_letter *letter)
{
    char number[VL_NUMBER_SHORT], size[32], from[SAFE], to[SAFE];

    printf("  %c %s  ", letter->taken ? '=' : 'x', vl_number_short(letter->number, number));
    if (letter->size == 0 && !letter->taken) {
        printf("not taken: %s\n", outcome(bag, letter));
        return;
    }
    printf("from %s%s  to %s  %s\n", name_of(home, &letter->from, from, sizeof from),
           letter->vouched || letter->kind == VL_KIND_REFUSED
               ? ""
               : " (so it says: nobody signed for that)",
           name_of(home, &letter->to, to, sizeof to),
           vl_size_text(letter->size, size, sizeof size));
    if (letter->slices > 0)
        printf("      %llu %s came with this; %llu of %llu %s here\n",
               (unsigned long long)letter->slices, letter->slices == 1 ? "slice" : "slices",
               (unsigned long long)letter->slices_here, (unsigned long long)letter->slices_of,
               letter->slices_here == 1 ? "is" : "are");
    printf("      %s%s%s%s\n",
           letter->taken || letter->slices > 0 ? "" : "not taken: ", outcome(bag, letter),
           letter->taken && !letter->is_new && letter->kind != VL_KIND_REFUSED
               ? ", and it was here already"
               : "",
           letter->quarantined && letter->taken ? "; held apart until you add the giver's card"
                                                : "");
}

static void show_letters(struct vl_home *home, const struct vl_stick_bag *bag)
{
    size_t shown = 0, taken = 0, receipted = 0, refused = 0, stays = 0;

    for (size_t i = 0; i < bag->letter_count; i++) {
        const struct vl_stick_letter *letter = &bag->letters[i];

        taken += letter->taken;
        stays += letter->taken && letter->stays;
        receipted += letter->taken && letter->kind == VL_KIND_RECEIPTED;
        refused += letter->taken && letter->kind == VL_KIND_REFUSED;
        /* Of many, those that were not taken come first into view. */
        if (bag->letter_count <= LISTED || (!letter->taken && shown < LISTED)) {
            show_letter(home, bag, letter);
            shown++;
        }
    }
    if (refused > 0) {
        printf("  %zu of %zu refused\n", refused, bag->handed);
        return;
    }
    if (stays < taken || taken == 0)
        printf("  %zu of %zu taken and kept", taken, bag->handed);
    else
        printf("  %zu of %zu verified", taken, bag->handed);
    if (bag->answer != VL_BAG_ANSWER_NOW)
        receipted = taken = 0;
    if (receipted > 0)
        printf(", %zu receipted", receipted);
    if (taken > receipted)
        printf(", %zu accepted to be carried", taken - receipted);
    printf("\n");
    if (stays > 0)
        printf("  ! %zu %s on this stick and not here: do not clean it\n", stays,
               stays == 1 ? "lies" : "lie");
}

static void show_evidence(const struct vl_stick_bag *bag)
{
    if (bag->acts > 0)
        printf("  evidence: %zu signed %s%s\n", bag->acts, bag->acts == 1 ? "act" : "acts",
               bag->cards > 0 ? ", and newer cards" : "");
    else if (bag->cards > 0)
        printf("  evidence: newer cards\n");
    else if (bag->acts_elsewhere > 0)
        printf("  evidence about nothing that is here, not kept: %zu signed %s\n",
               bag->acts_elsewhere, bag->acts_elsewhere == 1 ? "act" : "acts");
    else
        printf("  evidence, and nothing in it\n");
}

static void show_bag(struct vl_home *home, const struct vl_stick_bag *bag)
{
    char giver[SAFE], safe[SAFE], number[VL_NUMBER_SHORT];

    printf("From %s:\n", name_of(home, &bag->giver, giver, sizeof giver));
    if (bag->known_before && bag->evidence_only) {
        printf("  evidence, taken before.\n");
        return;
    }
    if (bag->known_before) {
        printf("  %zu %s, answered before.\n", bag->handed,
               bag->handed == 1 ? "letter" : "letters");
        return;
    }
    if (bag->err) {
        printf("  x refused: %s\n", vl_show(safe, sizeof safe, bag->why.text));
        return;
    }
    if (bag->evidence_only)
        show_evidence(bag);
    else
        show_letters(home, bag);
    if (bag->answer == VL_BAG_ANSWER_DOUBT)
        printf("  ! this office may have signed for it before it was restored from a backup: %s\n",
               vl_number_short(bag->act, number));
    if (bag->reached > 0)
        printf("  what your delegate receipted is here now: that is signed too\n");
    if (bag->acts_refused > 0)
        printf("  ! %zu signed %s not verify, and %s left out\n", bag->acts_refused,
               bag->acts_refused == 1 ? "act does" : "acts do",
               bag->acts_refused == 1 ? "was" : "were");
    if (bag->twins > 0)
        printf("  ! %zu signed %s of this office %s never signed here: valise doctor\n", bag->twins,
               bag->twins == 1 ? "act" : "acts", bag->twins == 1 ? "was" : "were");
    if (bag->gap)
        printf("  ! an earlier hand-over of theirs never came here: ask for it\n");
    if (bag->damaged)
        printf("  ! a part of the bag %s: %s\n", bag->failed ? "cannot be read" : "is damaged",
               vl_show(safe, sizeof safe, bag->why.text));
}

/* Where a bag is shown: its names on the stick are random, and people look for letters first. */
struct place {
    const struct vl_stick_bag *bag;
    char giver[SAFE];
};

static int by_interest(const void *a, const void *b)
{
    const struct place *one = a, *other = b;
    int order = one->bag->evidence_only - other->bag->evidence_only;

    if (order == 0)
        order = one->bag->known_before - other->bag->known_before;
    if (order == 0)
        order = strcmp(one->giver, other->giver);
    if (order == 0 && one->bag->acts != other->bag->acts)
        order = one->bag->acts < other->bag->acts ? 1 : -1;
    return order;
}

/* How many were news: evidence that was read before is none. */
static size_t show_bags(struct vl_home *home, const struct vl_taken_stick *taken)
{
    struct place *places = vl_new((taken->bag_count + 1) * sizeof *places);
    size_t shown = 0;

    for (size_t i = 0; i < taken->bag_count; i++) {
        const struct vl_stick_bag *bag = &taken->bags[i];

        if (bag->known_before && bag->evidence_only)
            continue;
        if (places) {
            places[shown].bag = bag;
            (void)name_of(home, &bag->giver, places[shown].giver, SAFE);
        } else {
            show_bag(home, bag); /* no memory: in whatever order they lie there */
        }
        shown++;
    }
    if (places && shown > 1)
        qsort(places, shown, sizeof *places, by_interest);
    for (size_t i = 0; places && i < shown; i++)
        show_bag(home, places[i].bag);
    vl_free(places);
    return shown;
}

static void show_taken(struct vl_home *home, const struct vl_taken_stick *taken, bool dry_run)
{
    const size_t shown = show_bags(home, taken);
    char safe[SAFE];

    if (shown == 0)
        printf("Nothing %sfor this office on it.\n", taken->bag_count > 0 ? "new " : "");
    if (taken->others > 0)
        printf("%zu %s for somebody else: not read.\n", taken->others,
               taken->others == 1 ? "bag is" : "bags are");
    if (taken->own_twins > 0)
        printf("! %zu %s handed over with the keys of this office, and not here: valise doctor\n",
               taken->own_twins, taken->own_twins == 1 ? "bag was" : "bags were");
    if (taken->parcels > 0)
        printf("%zu of them %s evidence, which will be carried along.\n", taken->parcels,
               taken->parcels == 1 ? "is" : "are");
    if (taken->unfinished > 0)
        printf("! %zu unfinished: whoever wrote %s was stopped.\n", taken->unfinished,
               taken->unfinished == 1 ? "it" : "them");
    if (taken->unreadable > 0)
        printf("! %zu cannot be read, or %s of valise.\n", taken->unreadable,
               taken->unreadable == 1 ? "is no bag" : "are no bags");
    if (taken->not_looked_at > 0)
        printf("! %llu more %s not looked at: there are too many.\n",
               (unsigned long long)taken->not_looked_at,
               taken->not_looked_at == 1 ? "bag was" : "bags were");
    if (dry_run)
        printf("A dry run: nothing is kept or signed.\n");
    else if (taken->answer_err)
        printf("! The answer is not on the stick: %s\n  It goes with the next stick that you "
               "hand over.\n",
               vl_show(safe, sizeof safe, taken->answer_why.text));
    else if (taken->answered_offices > 0)
        printf("The answer is on the stick, sealed to %zu %s. Safe to remove.\n",
               taken->answered_offices, taken->answered_offices == 1 ? "office" : "offices");
}

static void doc_letter(struct vl_doc *doc, struct vl_home *home, const struct vl_stick_bag *bag,
                       const struct vl_stick_letter *letter)
{
    const bool is_signed = letter->taken && bag->answer == VL_BAG_ANSWER_NOW;
    char number[VL_NUMBER_TEXT];

    vl_doc_object(doc, NULL);
    vl_doc_text(doc, "letter", vl_number_text(VL_LETTER_HRP, letter->number, number));
    vl_doc_bool(doc, "taken", letter->taken);
    vl_doc_text(doc, "not_taken", letter->taken ? NULL : vl_not_taken_word(letter->reason));
    vl_doc_text(doc, "signed", is_signed ? vl_kind_word(letter->kind) : NULL);
    vl_doc_int(doc, "slices", letter->slices);
    vl_doc_int(doc, "slices_here", letter->slices_here);
    vl_doc_int(doc, "slices_of", letter->slices_of);
    vl_doc_bool(doc, "new", letter->is_new);
    vl_doc_bool(doc, "vouched", letter->vouched);
    vl_doc_bool(doc, "quarantined", letter->quarantined);
    vl_doc_bool(doc, "stays", letter->stays);
    vl_doc_int(doc, "envelope_bytes", letter->size);
    if (letter->to_count > 0) {
        vl_doc_office(doc, "from", home, letter->from.at);
        vl_doc_office(doc, "to", home, letter->to.at);
    } else {
        vl_doc_text(doc, "from", NULL);
        vl_doc_text(doc, "to", NULL);
    }
    vl_doc_close(doc);
}

/* Of evidence, and of what was refused or only rehearsed, nothing. */
static const char *answer_word(const struct vl_stick_bag *bag, bool dry_run)
{
    if (bag->evidence_only || bag->err)
        return NULL;
    if (bag->known_before)
        return "before";
    if (bag->answer == VL_BAG_ANSWER_DOUBT)
        return "doubtful";
    return dry_run ? NULL : "now";
}

static int print_json(struct vl_home *home, const struct vl_taken_stick *taken, bool dry_run)
{
    struct vl_doc *doc = vl_doc_new("valise.take-stick/1");

    vl_doc_bool(doc, "dry_run", dry_run);
    vl_doc_list(doc, "bags");
    for (size_t i = 0; i < taken->bag_count; i++) {
        const struct vl_stick_bag *bag = &taken->bags[i];

        vl_doc_object(doc, NULL);
        vl_doc_hex(doc, "handover", true, VL_ARRAY(bag->act));
        vl_doc_hex(doc, "bag", true, VL_ARRAY(bag->id));
        vl_doc_office(doc, "giver", home, bag->giver.at);
        vl_doc_text(doc, "code", vl_err_name(bag->err));
        vl_doc_text(doc, "why", bag->err || bag->damaged ? bag->why.text : NULL);
        vl_doc_bool(doc, "evidence_only", bag->evidence_only);
        vl_doc_bool(doc, "known_before", bag->known_before);
        vl_doc_text(doc, "answered", answer_word(bag, dry_run));
        vl_doc_bool(doc, "gap", bag->gap);
        vl_doc_bool(doc, "damaged", bag->damaged);
        vl_doc_int(doc, "handed", bag->handed);
        vl_doc_int(doc, "acts", bag->acts);
        vl_doc_int(doc, "acts_refused", bag->acts_refused);
        vl_doc_int(doc, "acts_elsewhere", bag->acts_elsewhere);
        vl_doc_int(doc, "acts_not_signed_here", bag->twins);
        vl_doc_int(doc, "cards", bag->cards);
        vl_doc_int(doc, "reached", bag->reached);
        vl_doc_list(doc, "letters");
        for (size_t k = 0; k < bag->letter_count; k++)
            doc_letter(doc, home, bag, &bag->letters[k]);
        vl_doc_close(doc);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
    vl_doc_int(doc, "for_others", taken->others);
    vl_doc_int(doc, "own", taken->own);
    vl_doc_int(doc, "own_not_signed_here", taken->own_twins);
    vl_doc_int(doc, "unfinished", taken->unfinished);
    vl_doc_int(doc, "unreadable", taken->unreadable);
    vl_doc_int(doc, "parcels", taken->parcels);
    vl_doc_int(doc, "beyond_limit", taken->not_looked_at);
    vl_doc_int(doc, "answered_offices", taken->answered_offices);
    vl_doc_text(doc, "answer", vl_err_name(taken->answer_err));
    return vl_print_doc(doc, "the stick was taken, and this could not be said.");
}

static bool is_doubtful(const struct vl_taken_stick *taken)
{
    for (size_t i = 0; i < taken->bag_count; i++)
        if (!taken->bags[i].err && taken->bags[i].answer == VL_BAG_ANSWER_DOUBT)
            return true;
    return false;
}

/* Is the answer all that is missing? */
static bool lacks_only_answer(const struct vl_taken_stick *taken)
{
    for (size_t i = 0; i < taken->bag_count; i++) {
        if (taken->bags[i].err)
            return false;
        for (size_t k = 0; k < taken->bags[i].letter_count; k++)
            if (!taken->bags[i].letters[k].taken)
                return false;
    }
    return taken->answer_err != VL_OK;
}

static const char *mend_of(enum vl_err err, const struct vl_taken_stick *taken)
{
    switch ((int)err) {
    case VL_ERR_PARTIAL:
        if (is_doubtful(taken))
            return "ask its giver for the evidence, and take that; without an answer in it:\n"
                   "valise take --not-answered STICK";
        if (lacks_only_answer(taken))
            return "what was taken is kept and signed for: hand its giver the next stick";
        return "what was taken is kept and signed for; ask for the rest to be handed again";
    case VL_ERR_REFUSED:
        return "ask its giver for the evidence, and take that; without an answer in it, say "
               "--not-answered";
    case VL_ERR_NOT_FOUND:
        return "look whether this is the stick's folder; or add the giver's card:\n"
               "valise card add FILE";
    case VL_ERR_NO_SPACE:
        return "make room here, then take it again: nothing was changed";
    case VL_ERR_UNVERIFIED:
        return "take nothing from it, and ask the giver for another copy";
    default:
        return NULL;
    }
}

int vl_cli_take_stick(const struct vl_common *common, struct vl_ask *ask,
                      struct vl_take_stick_request *request)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    VL_AUTO(vl_hook_release) struct vl_hook hook = VL_HOOK_INIT;
    struct vl_progress_line line;
    const char *what = request->refuse ? nothing_refused : nothing_taken;
    struct vl_why why = {""};
    enum vl_err err;
    int status = vl_home_begin(VL_HOME_WRITE, &home, what);

    if (status >= 0)
        return status;
    request->now_s = vl_clock_seconds();
    request->asker = vl_ask_asker(ask);
    request->rng = vl_rng_system();
    request->progress =
        vl_progress_start(&line, common, request->refuse ? "refusing" : "taking", request->stick);
    vl_say_when_stopped(what, true);
    if (!request->dry_run && !request->refuse)
        vl_cli_hook_begin(&home, &hook);
    err = vl_take_stick(&home, request, &taken, &why);
    vl_progress_end(&line);
    if (common->json && (!err || taken.bag_count > 0)) {
        status = print_json(&home, &taken, request->dry_run);
    } else if (!common->quiet && (!err || taken.bag_count > 0)) {
        show_taken(&home, &taken, request->dry_run);
    }
    /* Also where the answer did not get out: the hook is told once, or never. */
    vl_cli_hook_end(&home, &hook, "take", false);
    if (status > 0 || !err)
        return status > 0 ? status : 0;
    if (err == VL_ERR_PARTIAL)
        what = request->refuse ? "not all of it was refused." : "not all of it was taken.";
    return vl_home_failure(what, err, &why, mend_of(err, &taken));
}
