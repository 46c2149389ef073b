/* SPDX-License-Identifier: Apache-2.0 */
/* valise card: the own card out, the cards of others in. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "cli/cmd.h"
#include "cli/cmd_card.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/show.h"
#include "evidence/evidence.h"
#include "office/cards.h"
#include "sys/clock.h"
#include "sys/outfile.h"
#include "view/qr.h"

#define SAFE      400
#define PNG_SCALE 6

static int given(const struct vl_chain *chain, const char *path)
{
    struct vl_doc *doc = vl_doc_new("valise.card/1");

    vl_doc_identity(doc, &chain->office);
    vl_doc_int(doc, "serial", vl_chain_newest(chain)->serial);
    vl_doc_text(doc, "output", path);
    return vl_print_doc(doc, "the card was written, and this could not be said.");
}

/* The own card, or that of another office, as it is given away. */
static int give(struct vl_card_options *o, const struct vl_chain *chain)
{
    static const char what[] = "the card was not written.";
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VL_CHAIN_MAX_LEN * 2);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_CHAIN_MAX_LEN * 4);
    VL_AUTO(vl_out_drop) struct vl_out file = VL_OUT_INIT;
    const char *path = o->png ? o->png : o->output;
    struct vl_why why = {""};
    enum vl_err err =
        o->output && !o->png ? vl_chain_write(chain, &out) : vl_chain_write_text(chain, &text);

    if (o->common.json && (!path || strcmp(path, "-") == 0))
        return vl_say_usage("card", "--json needs -o FILE or --png FILE: stdout has the card");
    if (!err && (o->png || o->qr)) { /* capitals make smaller codes */
        for (size_t i = 0; i < text.len; i++)
            text.data[i] = (uint8_t)toupper(text.data[i]);
        err = o->png ? vl_qr_png(vl_buf_bytes(&text), PNG_SCALE, &out, &why)
                     : vl_qr_terminal(vl_buf_bytes(&text), !vl_show_utf8(), &out, &why);
    }
    if (err)
        return vl_home_failure(what, err, &why, "give it as a file:\nvalise card -o me.card");
    if (!path) {
        const struct vl_buf *answer = o->qr ? &out : &text;

        return fwrite(answer->data, 1, answer->len, stdout) == answer->len &&
                       (o->qr || putchar('\n') != EOF)
                   ? 0
                   : vl_home_failure(what, VL_ERR_IO, &why, NULL);
    }
    err = vl_out_open(path, o->force ? VL_OUT_REPLACE : 0, &file, &why);
    if (!err)
        err = vl_out_put(&file, vl_buf_bytes(&out), &why);
    if (!err && !o->dry_run)
        err = vl_out_commit(&file, &why);
    if (err)
        return vl_home_failure(what, err, &why,
                               err == VL_ERR_EXISTS ? "give another name, or --force" : NULL);
    vl_say_dry_run(&o->common, o->dry_run);
    if (!o->common.quiet && !o->common.json && !file.is_stdout && !o->dry_run)
        (void)fprintf(stderr, "The card is in %s: it is no secret, give it to anybody.\n", path);
    return o->common.json ? given(chain, path) : 0;
}

static int own(struct vl_card_options *o)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    int status = vl_home_begin(VL_HOME_READ, &home, "the card was not written.");

    return status < 0 ? give(o, &home.chain) : status;
}

static int export_all(struct vl_card_options *o)
{
    static const char what[] = "the cards were not written.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    VL_AUTO(vl_out_drop) struct vl_out out = VL_OUT_INIT;
    struct vl_why why = {""};
    size_t count = 0;
    int status;
    enum vl_err err;

    if (!o->all)
        return vl_say_usage("card", "card export wants --all");
    if (!o->output && isatty(STDOUT_FILENO) == 1)
        return vl_say_usage("card", "these bytes are not for a terminal: use -o FILE or a pipe");
    if (o->common.json && (!o->output || strcmp(o->output, "-") == 0))
        return vl_say_usage("card", "--json needs -o FILE: stdout has the cards");
    status = vl_home_begin(VL_HOME_READ, &home, what);
    if (status >= 0)
        return status;
    err = vl_cards_export(&home, &file, &count, &why);
    if (!err)
        err = vl_out_open(o->output, o->force ? VL_OUT_REPLACE : 0, &out, &why);
    if (!err)
        err = vl_out_put(&out, vl_buf_bytes(&file), &why);
    if (!err && !o->dry_run)
        err = vl_out_commit(&out, &why);
    if (err)
        return vl_home_failure(what, err, &why, NULL);
    if (o->common.json) {
        struct vl_doc *doc = vl_doc_new("valise.card-export/1");

        vl_doc_text(doc, "output", o->output);
        vl_doc_int(doc, "offices", count);
        return vl_print_doc(doc, what);
    }
    if (!o->common.quiet)
        (void)fprintf(stderr, "The cards of %zu %s, the own one first.\n", count,
                      count == 1 ? "office" : "offices");
    vl_say_dry_run(&o->common, o->dry_run);
    return 0;
}

struct listing {
    struct vl_home *home;
    struct vl_doc *doc;
    size_t count;
};

static enum vl_err list_one(void *self, const struct vl_office_row *row, struct vl_why *why)
{
    struct listing *listing = self;
    struct vl_office_name name;
    struct vl_office_id id;
    char address[VL_OFFICE_TEXT], safe[VL_OFFICE_NAME_ROOM * 2];
    enum vl_err err = vl_home_name_office(listing->home, row->office, &name, why);

    if (err)
        return err;
    listing->count++;
    if (listing->doc) {
        vl_doc_office(listing->doc, NULL, listing->home, row->office);
        return VL_OK;
    }
    memcpy(id.at, row->office, VL_HASH_LEN);
    (void)vl_office_id_text(&id, address);
    printf("%-20s  %.17s...  %s%s  %s\n",
           row->is_own       ? "me"
           : row->petname[0] ? row->petname
                             : "-",
           address, row->checked || row->is_own ? "checked    " : "not checked",
           row->forked ? "  ! TWO CARDS OF ONE NUMBER" : "",
           row->checked || row->is_own ? vl_show(safe, sizeof safe, name.text) : "");
    return VL_OK;
}

static int list(struct vl_card_options *o)
{
    static const char what[] = "the cards were not listed.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct listing listing = {&home, NULL, 0};
    struct vl_why why = {""};
    int status = vl_home_begin(VL_HOME_READ, &home, what);
    enum vl_err err;

    if (status >= 0)
        return status;
    if (o->common.json) {
        listing.doc = vl_doc_new("valise.cards/1");
        vl_doc_list(listing.doc, "offices");
    }
    err = vl_store_offices(home.store, list_one, &listing, &why);
    if (err) {
        vl_doc_drop(listing.doc);
        return vl_home_failure(what, err, &why, NULL);
    }
    if (listing.doc) {
        vl_doc_close(listing.doc);
        return vl_print_doc(listing.doc, what);
    }
    if (listing.count == 1 && !o->common.quiet)
        (void)fprintf(stderr, "No card of another office yet:  valise card add FILE\n");
    return 0;
}

static void print_chain(const struct vl_chain *chain)
{
    const struct vl_card *card = vl_chain_newest(chain);
    char date[VL_TIME_TEXT], text[SAFE], safe[2 * SAFE];
    int64_t at;

    printf("  card     number %llu%s\n", (unsigned long long)card->serial,
           vl_object_signed_at(&card->object, &at) ? "" : ", without a date");
    if (vl_object_signed_at(&card->object, &at))
        printf("  signed   %s, by its own clock\n", vl_time_text(at, date));
    if (card->has_not_after)
        printf("  ends     %s\n", vl_time_text(card->not_after_s, date));
    for (size_t i = 0; i < card->language_count; i++)
        printf("  reads    %.*s\n", (int)card->languages[i].len,
               (const char *)card->languages[i].ptr);
    for (size_t i = 0; i < card->reach_count; i++) {
        (void)snprintf(text, sizeof text, "%.*s", (int)card->reach[i].len,
                       (const char *)card->reach[i].ptr);
        printf("  reach    %s\n", vl_show(safe, sizeof safe, text));
    }
    for (size_t i = 0; i < chain->count; i++) {
        if (chain->links[i].unplanned)
            printf("  ! card %zu came with keys that were not announced\n", i);
        if (chain->links[i].key_revoked)
            printf("  ! the key of card %zu was revoked\n", i);
    }
}

static int show_json(struct vl_home *home, const struct vl_office_row *row,
                     const struct vl_chain *chain)
{
    const struct vl_card *card = vl_chain_newest(chain);
    struct vl_doc *doc = vl_doc_new("valise.card-show/1");
    int64_t at = 0;
    bool dated = vl_object_signed_at(&card->object, &at);

    vl_doc_office(doc, "office", home, row->office);
    vl_doc_identity(doc, &chain->office);
    vl_doc_bytes(doc, "name", card->name);
    vl_doc_int(doc, "serial", card->serial);
    vl_doc_hex(doc, "card_id", true, VL_ARRAY(card->object.id));
    vl_doc_time(doc, "signed_at", dated, at);
    vl_doc_time(doc, "not_after_at", card->has_not_after, card->not_after_s);
    vl_doc_time(doc, "checked_at", row->checked && !row->is_own, row->checked_at_s);
    vl_doc_list(doc, "languages");
    for (size_t i = 0; i < card->language_count; i++)
        vl_doc_bytes(doc, NULL, card->languages[i]);
    vl_doc_close(doc);
    vl_doc_list(doc, "cards");
    for (size_t i = 0; i < chain->count; i++) {
        vl_doc_object(doc, NULL);
        vl_doc_int(doc, "serial", chain->links[i].card.serial);
        vl_doc_bool(doc, "unplanned", chain->links[i].unplanned);
        vl_doc_bool(doc, "revoked", chain->links[i].key_revoked);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
    return vl_print_doc(doc, "the card was not shown.");
}

static int show(struct vl_card_options *o, const char *office)
{
    static const char what[] = "the card was not shown.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    const struct vl_chain *chain = NULL;
    struct vl_office_name name;
    struct vl_office_id id;
    char safe[VL_OFFICE_NAME_ROOM * 2], date[VL_TIME_TEXT];
    struct vl_why why = {""};
    int status = vl_home_begin(VL_HOME_READ, &home, what);
    enum vl_err err;

    if (status >= 0)
        return status;
    err = vl_home_find_office(&home, office, &row, &why);
    if (!err) {
        memcpy(id.at, row.office, VL_HASH_LEN);
        chain = vl_home_chain(&home, &id);
        err = chain ? vl_home_name_office(&home, row.office, &name, &why)
                    : vl_fail(&why, VL_ERR_FORMAT, "the card that is kept here cannot be read");
    }
    if (err)
        return vl_home_failure(what, err, &why, NULL);
    if (o->output || o->png || o->qr)
        return give(o, chain);
    if (o->common.json)
        return show_json(&home, &row, chain);
    printf("%s%s\n", vl_show(safe, sizeof safe, name.text), row.is_own ? "  (this office)" : "");
    vl_print_identity(&id);
    print_chain(chain);
    if (row.forked)
        printf("  ! two different cards of one number are known: one is a thief's\n");
    if (!row.is_own && row.checked)
        printf("  checked  %s\n", vl_time_text(row.checked_at_s, date));
    return 0;
}

static int rotate(struct vl_card_options *o)
{
    static const char what[] = "the card is as it was.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct vl_card_rotate_request request = {.compromised = o->compromised,
                                             .lost = o->lost,
                                             .next = o->next,
                                             .guardians = o->guardians.at,
                                             .guardian_count = o->guardians.count,
                                             .not_newer = o->no_newer,
                                             .now_s = vl_clock_seconds(),
                                             .rng = vl_rng_system()};
    struct vl_why why = {""};
    uint64_t serial = 0;
    bool unplanned = false;
    enum vl_err err;
    int status = vl_home_begin_change(o->dry_run, &home, what);

    if (status < 0)
        status = vl_cli_confirm(o->lost ? "New keys that were not announced: everybody must check "
                                          "your words again. Go on? [y/N] "
                                        : "New keys; the old ones will sign nothing more. Go on? "
                                          "[y/N] ",
                                o->yes, what);
    if (status >= 0)
        return status;
    request.asker = vl_ask_asker(&o->ask);
    err = vl_cards_rotate(&home, &request, &serial, &unplanned, &why);
    if (err && serial > 0)
        return vl_home_failure("the new card is in force, and not all was put away behind it.", err,
                               &why, "do it once more:\nvalise card rotate");
    if (err)
        return vl_home_failure(
            what, err, &why,
            err == VL_ERR_NO_KEY ? "name where you keep it, without .age or .cbor:\n"
                                   "valise card rotate --next PLACE/next\n"
                                   "or change without it: --lost"
            : err == VL_ERR_REFUSED
                ? "add your newest card from somebody who has it:\nvalise card add me.card "
                  "--unchecked\nor say that there is none: --no-newer-card"
                : NULL);
    if (o->common.json) {
        struct vl_doc *doc = vl_doc_new("valise.card-rotate/1");

        vl_doc_int(doc, "serial", serial);
        vl_doc_bool(doc, "unplanned", unplanned);
        vl_doc_bool(doc, "compromised", o->compromised);
        vl_doc_bool(doc, "dry_run", o->dry_run);
        return vl_print_doc(doc, "the card was changed, and this could not be said.");
    }
    vl_say_dry_run(&o->common, o->dry_run);
    if (!o->common.quiet && !o->dry_run)
        printf("Card number %llu is in force.\n"
               "  Move recovery/ away again: it has the key after this one, and a new revocation.\n"
               "Next:  valise card -o me.card   and give it to everybody who has the old one\n",
               (unsigned long long)serial);
    return 0;
}

static int dispatch(const struct vl_command *command, struct vl_card_options *o, int count,
                    char **words)
{
    const char *verb = count > 0 ? words[0] : "";
    const bool is_add = strcmp(verb, "add") == 0;
    const bool is_show = strcmp(verb, "show") == 0;

    if (count == 0)
        return own(o);
    if ((is_add || is_show) && count != 2)
        return vl_say_usage(command->name, "card %s wants one %s", verb,
                            is_add ? "FILE" : "OFFICE");
    if (is_add)
        return vl_card_add_command(o, words[1]);
    if (is_show)
        return show(o, words[1]);
    if (count > 1)
        return vl_say_usage(command->name, "\"%s\" is one word too many", words[1]);
    if (strcmp(verb, "list") == 0)
        return list(o);
    if (strcmp(verb, "rotate") == 0)
        return rotate(o);
    if (strcmp(verb, "export") == 0)
        return export_all(o);
    return vl_say_usage(command->name, "there is no card %s: add, list, show, rotate, export",
                        verb);
}

int vl_cmd_card(const struct vl_command *command, int argc, char **argv)
{
    struct vl_card_options o = {.ask = VL_ASK_INIT};
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 'o', "output", "FILE", &o.output, "write the card there"},
        {VL_OPT_FLAG, 0, "qr", NULL, &o.qr, "show it as a QR code"},
        {VL_OPT_TEXT, 0, "png", "FILE", &o.png, "write the QR code there, as a picture"},
        {VL_OPT_FLAG, 'f', "force", NULL, &o.force, "replace FILE if it is there"},
        {VL_OPT_TEXT, 0, "as", "NAME", &o.as, "add: call it this"},
        {VL_OPT_TEXT, 0, "words", "N=WORD,...", &o.words, "add: three words the other read out"},
        {VL_OPT_TEXT, 0, "address", "ADDRESS", &o.address, "add: the whole address was compared"},
        {VL_OPT_FLAG, 0, "unchecked", NULL, &o.unchecked, "add: compare nothing, and show that"},
        {VL_OPT_FLAG, 0, "compromised", NULL, &o.compromised, "rotate: the old key was stolen"},
        {VL_OPT_FLAG, 0, "lost", NULL, &o.lost, "rotate: the announced key is not at hand"},
        {VL_OPT_TEXT, 0, "next", "PLACE", &o.next, "rotate: where the announced key lies"},
        {VL_OPT_LIST, 0, "guardian", "OFFICE", &o.guardians,
         "rotate: it may say who comes after this office; none"},
        {VL_OPT_FLAG, 0, "no-newer-card", NULL, &o.no_newer, "rotate: none since the backup"},
        {VL_OPT_FLAG, 0, "all", NULL, &o.all, "export: the cards of all offices"},
        {VL_OPT_FLAG, 'y', "yes", NULL, &o.yes, "do not ask"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &o.dry_run, "do all of it and keep nothing"},
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &o.ask.fd, "read it from an open file descriptor"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);

    if (status < 0)
        status = vl_ask_check(&o.ask, command->name);
    if (status < 0)
        status = dispatch(command, &o, argc - rest, argv + rest);
    vl_opt_list_release(&o.guardians);
    vl_ask_wipe(&o.ask);
    return status;
}
