/* SPDX-License-Identifier: Apache-2.0 */
#include "office/cards.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/name.h"
#include "codec/words.h"
#include "office/quarantine.h"

#define FACT_ROOM 128

/* One card file being added. */
struct adding {
    struct vl_home *home;
    const struct vl_card_add_request *request;
    struct vl_card_added *added;
    struct vl_chain offered;
    struct vl_office_row row; /* as it was; empty for a new office */
    bool known;
};

static void release(struct adding *adding)
{
    vl_chain_release(&adding->offered);
    vl_office_row_release(&adding->row);
}

/* The newest card of that office once this is kept. */
static const struct vl_card *newest(const struct adding *adding)
{
    const struct vl_chain *known =
        adding->known ? vl_home_chain(adding->home, &adding->offered.office) : NULL;
    bool kept =
        known && (adding->added->news == VL_CARD_FORK || known->count > adding->offered.count);

    return vl_chain_newest(kept ? known : &adding->offered);
}

/* What is new in it?  Nothing is changed here. */
static enum vl_err compare(struct adding *adding, struct vl_why *why)
{
    struct vl_card_added *added = adding->added;
    const struct vl_chain *known;
    enum vl_err err =
        vl_store_office(adding->home->store, adding->offered.office.at, &adding->row, why);

    added->news = VL_CARD_NEW;
    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    adding->known = true;
    known = vl_home_chain(adding->home, &adding->offered.office);
    if (!known && adding->home->chain_err == VL_ERR_NO_MEMORY)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the card that is kept here");
    if (!known)
        return vl_fail(why, VL_ERR_FORMAT, "the card that is kept here cannot be read");
    switch (vl_chain_compare(known, &adding->offered, &added->fork_serial)) {
    case VL_CHAIN_SAME:
        added->news = VL_CARD_SAME;
        break;
    case VL_CHAIN_OLDER:
        added->news = VL_CARD_OLDER;
        break;
    case VL_CHAIN_FORK:
        added->news = VL_CARD_FORK;
        break;
    case VL_CHAIN_NEWER:
    default:
        added->news = adding->offered.count > known->count ? VL_CARD_CHANGED : VL_CARD_REVOKED;
        for (size_t i = known->count; i < adding->offered.count; i++)
            if (adding->offered.links[i].unplanned)
                added->news = VL_CARD_UNPLANNED;
    }
    return VL_OK;
}

static enum vl_err choose_petname(struct adding *adding, struct vl_why *why)
{
    const char *wanted = adding->request->petname;
    char *petname = adding->added->petname;
    enum vl_err err;

    if (wanted) {
        err = vl_petname_check(vl_bytes_str(wanted), why);
        if (err) /* the card is fine: what was typed is not */
            return err == VL_ERR_FORMAT ? VL_ERR_USAGE : err;
        (void)snprintf(petname, VL_STORE_MAX_PETNAME + 1, "%s", wanted);
    } else if (adding->known && adding->row.petname[0]) { /* one that a stick brought has none */
        memcpy(petname, adding->row.petname, sizeof adding->row.petname);
    } else {
        (void)vl_name_fold(vl_chain_newest(&adding->offered)->name, petname);
    }
    return VL_OK;
}

static enum vl_err petname_is_taken(const struct adding *adding, bool *taken, struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row other = VL_OFFICE_ROW_INIT;
    enum vl_err err =
        vl_store_office_named(adding->home->store, adding->added->petname, &other, why);

    *taken = !err && memcmp(other.office, adding->added->office.at, VL_HASH_LEN) != 0;
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

static enum vl_err check_petname(struct adding *adding, struct vl_why *why)
{
    char *petname = adding->added->petname;
    char wanted[VL_STORE_MAX_PETNAME + 1];
    bool taken = false;
    enum vl_err err = petname_is_taken(adding, &taken, why);

    memcpy(wanted, petname, sizeof wanted);
    if (!err && taken && !adding->request->may_number)
        return vl_fail(why, VL_ERR_EXISTS, "another office is called \"%s\" here", petname);
    for (unsigned number = 2; taken && !err; number++) {
        (void)snprintf(petname, VL_STORE_MAX_PETNAME + 1, "%.*s-%u", VL_STORE_MAX_PETNAME - 8,
                       wanted, number);
        err = petname_is_taken(adding, &taken, why);
    }
    return err;
}

static enum vl_err look_alike(void *self, const struct vl_office_row *row, struct vl_why *why)
{
    struct adding *adding = self;
    struct vl_office_id id;
    const struct vl_chain *chain;

    (void)why;
    memcpy(id.at, row->office, VL_HASH_LEN);
    if (adding->added->alike || vl_office_id_eq(&id, &adding->offered.office))
        return VL_OK;
    chain = vl_home_chain(adding->home, &id);
    if (chain &&
        vl_name_alike(vl_chain_newest(chain)->name, vl_chain_newest(&adding->offered)->name)) {
        adding->added->alike = true;
        (void)snprintf(adding->added->alike_petname, sizeof adding->added->alike_petname, "%s",
                       row->is_own ? "me" : row->petname);
    }
    return VL_OK;
}

static const char *failures_fact(const struct adding *adding, char out[FACT_ROOM])
{
    char text[VL_OFFICE_TEXT];

    (void)snprintf(out, FACT_ROOM, "failed-checks %s",
                   vl_office_id_text(&adding->offered.office, text));
    return out;
}

static enum vl_err failures(struct adding *adding, unsigned *count, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf value = VL_BUF_INIT(16);
    char fact[FACT_ROOM];
    enum vl_err err = vl_store_fact(adding->home->store, failures_fact(adding, fact), &value, why);

    *count = !err && value.len == 1 ? value.data[0] : 0;
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

static enum vl_err keep_failures(struct adding *adding, unsigned count, struct vl_why *why)
{
    const uint8_t value = (uint8_t)count;
    char fact[FACT_ROOM];
    enum vl_err err = vl_store_begin(adding->home->store, why);

    if (!err)
        err = vl_store_put_fact(adding->home->store, failures_fact(adding, fact),
                                vl_bytes_of(&value, 1), why);
    if (!err)
        err = vl_store_commit(adding->home->store, why);
    else
        vl_store_rollback(adding->home->store);
    return err;
}

/* Three different positions of twelve, 1 to 12. */
static enum vl_err draw(const struct vl_rng *rng, unsigned positions[VL_CARDS_WORDS_ASKED])
{
    for (size_t i = 0; i < VL_CARDS_WORDS_ASKED;) {
        bool again = false;
        uint8_t byte;
        enum vl_err err = vl_rng_fill(rng, &byte, 1);

        if (err)
            return err;
        if (byte >= 252) /* 21 * 12: the rest would favour the first ones */
            continue;
        positions[i] = byte % VL_CHECK_WORDS + 1;
        for (size_t j = 0; j < i; j++)
            again |= positions[j] == positions[i];
        i += !again;
    }
    return VL_OK;
}

static enum vl_err try_words(struct adding *adding, const unsigned words[VL_CHECK_WORDS],
                             bool *right, struct vl_why *why)
{
    const struct vl_card_add_request *request = adding->request;
    char typed[VL_CARDS_WORDS_ASKED][16] = {{0}};
    unsigned positions[VL_CARDS_WORDS_ASKED];
    enum vl_err err = VL_OK;

    if (request->positions)
        memcpy(positions, request->positions, sizeof positions);
    else
        err = draw(&request->rng, positions);
    if (err)
        return vl_fail(why, err, "no randomness");
    err = request->ask(request->ask_self, positions, typed, why);
    *right = !err;
    for (size_t i = 0; i < VL_CARDS_WORDS_ASKED && !err; i++)
        *right &= strcmp(typed[i], vl_word(words[positions[i] - 1])) == 0;
    return err;
}

static enum vl_err check_words(struct adding *adding, struct vl_why *why)
{
    const struct vl_card_add_request *request = adding->request;
    unsigned words[VL_CHECK_WORDS];
    unsigned failed = 0;
    bool right = false;
    enum vl_err err = failures(adding, &failed, why);

    if (!err)
        err = vl_office_id_words(&adding->offered.office, words);
    for (unsigned i = 0; i < request->tries && !err && !right; i++) {
        if (failed >= VL_CARDS_FAILURES_MAX)
            return vl_fail(why, VL_ERR_REFUSED,
                           "the words of this card were wrong %d times: it is locked",
                           VL_CARDS_FAILURES_MAX);
        err = try_words(adding, words, &right, why);
        if (!err && !right)
            err = keep_failures(adding, ++failed, why);
    }
    if (!err && !right)
        return vl_fail(why, VL_ERR_UNVERIFIED,
                       "the words are not those of this card; it may be somebody else's");
    if (!err && failed > 0)
        err = keep_failures(adding, 0, why);
    return err;
}

static enum vl_err check_address(struct adding *adding, struct vl_why *why)
{
    struct vl_office_id wanted;
    unsigned failed = 0;
    enum vl_err err = vl_office_id_parse(vl_bytes_str(adding->request->address), &wanted);

    if (err)
        return vl_fail(why, VL_ERR_USAGE, "\"%s\" is no whole address", adding->request->address);
    if (!vl_office_id_eq(&wanted, &adding->offered.office))
        return vl_fail(why, VL_ERR_UNVERIFIED, "the card is that of another office");
    err = failures(adding, &failed, why);
    return err || failed == 0 ? err : keep_failures(adding, 0, why);
}

static enum vl_err check(struct adding *adding, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (adding->request->check == VL_CHECK_BY_WORDS)
        err = check_words(adding, why);
    else if (adding->request->check == VL_CHECK_BY_ADDRESS)
        err = check_address(adding, why);
    if (!err)
        adding->added->checked = adding->request->check != VL_CHECK_NOTHING;
    return err;
}

/* The row as it will be kept. */
static enum vl_err fill_row(struct adding *adding, struct vl_office_row *row, struct vl_buf *file,
                            struct vl_why *why)
{
    VL_AUTO(vl_chain_release) struct vl_chain merged = VL_CHAIN_INIT;
    const struct vl_card_added *added = adding->added;
    bool keep_known =
        added->news == VL_CARD_FORK || added->news == VL_CARD_OLDER || added->news == VL_CARD_SAME;
    enum vl_err err;

    *row = adding->row; /* borrows; this one is not released */
    if (!adding->known)
        row->added_at_s = adding->request->now_s;
    memcpy(row->office, adding->offered.office.at, VL_HASH_LEN);
    memcpy(row->petname, added->petname, sizeof row->petname);
    row->forked |= added->news == VL_CARD_FORK;
    if (added->news == VL_CARD_UNPLANNED || added->news == VL_CARD_FORK)
        row->checked = row->is_own;
    if (added->checked) {
        row->checked = true;
        row->checked_at_s = adding->request->now_s;
        memcpy(row->checked_card, newest(adding)->object.id, VL_HASH_LEN);
    }
    if (keep_known) {
        row->cards = adding->row.cards;
        return VL_OK;
    }
    /* A chain never loses a card or a revocation, whatever the new one says. */
    err = vl_chain_write(&adding->offered, file);
    if (!err)
        err = vl_chain_parse(vl_buf_bytes(file), &merged, why);
    if (!err && adding->known)
        err = vl_chain_merge(&merged, vl_home_chain(adding->home, &adding->offered.office), why);
    file->len = 0;
    if (!err)
        err = vl_chain_write(&merged, file);
    row->cards = vl_buf_bytes(file);
    return err;
}

/* --- letters that were held apart ------------------------------------------------------------- */

static enum vl_err keep(struct adding *adding, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    struct vl_store *store = adding->home->store;
    struct vl_office_row row;
    enum vl_err err = fill_row(adding, &row, &file, why);

    adding->added->checked = row.checked;
    if (!err)
        err = vl_store_begin(store, why);
    if (!err)
        err = vl_store_put_office(store, &row, why);
    if (!err && !row.is_own && adding->added->news != VL_CARD_FORK)
        err = vl_quarantine_end(store, row.office, &adding->added->let_in, why);
    if (!err && row.is_own && adding->added->news != VL_CARD_FORK)
        err = vl_store_put_fact(store, "restored", VL_BYTES_NONE, why);
    if (!err)
        err = vl_store_commit(store, why);
    vl_store_rollback(store);
    if (!err)
        vl_home_forget_chains(adding->home);
    return err;
}

enum vl_err vl_cards_add(struct vl_home *home, const struct vl_card_add_request *request,
                         struct vl_card_added *added, struct vl_why *why)
{
    VL_AUTO(release)
    struct adding adding = {.home = home,
                            .request = request,
                            .added = added,
                            .offered = VL_CHAIN_INIT,
                            .row = VL_OFFICE_ROW_INIT};
    enum vl_err err = vl_chain_parse(request->file, &adding.offered, why);

    if (err)
        return err;
    *added = (struct vl_card_added){.office = adding.offered.office};
    err = compare(&adding, why);
    if (!err)
        err = choose_petname(&adding, why);
    if (!err)
        err = vl_store_offices(home->store, look_alike, &adding, why);
    if (err)
        return err;
    added->serial = newest(&adding)->serial;
    if (request->meet)
        request->meet(request->meet_self, &adding.offered, added->news);
    /* A name that is taken is told before anybody is asked for words. */
    err = check_petname(&adding, why);
    if (!err)
        err = check(&adding, why);
    return err ? err : keep(&adding, why);
}

struct exporting {
    struct vl_evidence_out out;
    size_t count;
};

static enum vl_err export_one(void *self, const struct vl_office_row *row, struct vl_why *why)
{
    struct exporting *exporting = self;

    (void)why;
    exporting->count++;
    return vl_evidence_put_chain(&exporting->out, row->cards);
}

enum vl_err vl_cards_export(struct vl_home *home, struct vl_buf *out, size_t *count,
                            struct vl_why *why)
{
    struct exporting exporting = {.out = VL_EVIDENCE_OUT_INIT};
    enum vl_err err = vl_store_offices(home->store, export_one, &exporting, why);

    if (!err)
        err = vl_evidence_finish(&exporting.out, out);
    *count = exporting.count;
    vl_evidence_out_release(&exporting.out);
    return err ? vl_fail_in(why, err, "the cards of all offices") : VL_OK;
}
