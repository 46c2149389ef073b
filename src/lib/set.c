/* SPDX-License-Identifier: Apache-2.0 */
/* Cards, evidence, and what it proves, for others. */
#include <string.h>

#include "base/alloc.h"
#include "codec/number.h"
#include "codec/words.h"
#include "lib/inside.h"
#include "seal/age_keys.h"
#include "view/finding.h"

#define MAX_ADDED 65536 /* files of one set */

/* --- cards ------------------------------------------------------------------------------------ */

struct valise_card {
    struct vl_chain chain;
    char address[VL_OFFICE_TEXT];
    char recipient[VALISE_RECIPIENT_TEXT]; /* "" for none */
    char words[VL_CHECK_WORDS * 10];       /* "" until they are asked for */
    char *name;
};

static enum vl_err find_recipient(const struct vl_card *card, char out[VALISE_RECIPIENT_TEXT])
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VALISE_RECIPIENT_TEXT);
    struct vl_age_recipient recipient;
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < card->sealing_count && !*out && !err; i++) {
        const struct vl_card_sealing *sealing = &card->sealing[i];

        if (!vl_bytes_eq(sealing->kind, VL_LITERAL("x25519")) ||
            sealing->key.len != sizeof recipient.x25519)
            continue;
        memcpy(recipient.x25519, sealing->key.ptr, sealing->key.len);
        err = vl_age_recipient_write(&recipient, &text);
        if (!err && text.len < VALISE_RECIPIENT_TEXT)
            memcpy(out, text.data, text.len);
    }
    return err;
}

static enum vl_err fill_card(struct valise_card *card, vl_bytes wire, struct vl_why *why)
{
    const struct vl_card *newest;
    enum vl_err err = vl_chain_parse(wire, &card->chain, why);

    if (err)
        return err;
    newest = vl_chain_newest(&card->chain);
    (void)vl_office_id_text(&card->chain.office, card->address);
    card->name = vl_new(newest->name.len + 1);
    if (!card->name)
        return VL_ERR_NO_MEMORY;
    if (newest->name.len > 0)
        memcpy(card->name, newest->name.ptr, newest->name.len);
    return find_recipient(newest, card->recipient);
}

VL_PUBLIC struct valise_card *valise_card_read(const void *bytes, size_t len,
                                               struct valise_error *error)
{
    struct valise_card *card = vl_new(sizeof *card);
    struct vl_why why = {""};
    enum vl_err err = card ? fill_card(card, vl_bytes_of(bytes, len), &why) : VL_ERR_NO_MEMORY;

    if (err) {
        valise_card_free(card);
        card = NULL;
    }
    (void)vl_lib_code(err, &why, error);
    return card;
}

VL_PUBLIC void valise_card_free(struct valise_card *card)
{
    if (!card)
        return;
    vl_chain_release(&card->chain);
    vl_free(card->name);
    vl_free(card);
}

VL_PUBLIC const char *valise_card_address(const struct valise_card *card)
{
    return card->address;
}

VL_PUBLIC const char *valise_card_name(const struct valise_card *card)
{
    return card->name;
}

VL_PUBLIC uint64_t valise_card_serial(const struct valise_card *card)
{
    return vl_chain_newest(&card->chain)->serial;
}

VL_PUBLIC const char *valise_card_recipient(const struct valise_card *card)
{
    return *card->recipient ? card->recipient : NULL;
}

VL_PUBLIC const char *valise_card_words(struct valise_card *card)
{
    unsigned check[VL_CHECK_WORDS];
    size_t len = 0;

    if (*card->words || vl_office_id_words(&card->chain.office, check) != VL_OK)
        return card->words;
    for (size_t i = 0; i < VL_CHECK_WORDS; i++) {
        const vl_bytes word = vl_bytes_str(vl_word(check[i]));

        if (i > 0)
            card->words[len++] = ' ';
        memcpy(card->words + len, word.ptr, word.len);
        len += word.len;
    }
    return card->words;
}

/* --- a set ------------------------------------------------------------------------------------ */

/* What the findings borrow from: a card file, or an evidence file. */
struct added {
    struct vl_chain chain;
    struct vl_evidence evidence;
    struct added *next;
};

struct valise_set {
    struct vl_finding_set *findings;
    size_t count;
    struct added *first; /* the newest */
};

VL_PUBLIC struct valise_set *valise_set_new(void)
{
    struct valise_set *set = vl_new(sizeof *set);

    if (set)
        set->findings = vl_finding_set_new();
    if (set && !set->findings) {
        vl_free(set);
        set = NULL;
    }
    return set;
}

static void added_free(struct added *added)
{
    if (!added)
        return;
    vl_chain_release(&added->chain);
    vl_evidence_release(&added->evidence);
    vl_free(added);
}

VL_PUBLIC void valise_set_free(struct valise_set *set)
{
    if (!set)
        return;
    vl_finding_set_free(set->findings);
    while (set->first) {
        struct added *added = set->first;

        set->first = added->next;
        added_free(added);
    }
    vl_free(set);
}

static enum vl_err parse(struct added *added, vl_bytes wire, struct vl_why *why)
{
    switch ((int)vl_what_is(vl_bytes_first(wire, 512))) {
    case VL_WHAT_CARDS:
    case VL_WHAT_CARDS_TEXT:
        return vl_chain_parse(wire, &added->chain, why);
    case VL_WHAT_EVIDENCE:
        return vl_evidence_parse(wire, &added->evidence, why);
    default:
        return vl_fail(why, VL_ERR_FORMAT, "neither a card file nor an evidence file");
    }
}

static enum vl_err add(struct valise_set *set, vl_bytes wire, struct vl_why *why)
{
    struct added *added;
    enum vl_err err;

    if (set->count >= MAX_ADDED)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d files in one set", MAX_ADDED);
    added = vl_new(sizeof *added);
    if (!added)
        return VL_ERR_NO_MEMORY;
    *added = (struct added){VL_CHAIN_INIT, VL_EVIDENCE_INIT, set->first};
    err = parse(added, wire, why);
    if (err) {
        added_free(added);
        return err;
    }
    /* From here on the findings may borrow from it, so it stays, even if not all of it is in. */
    set->first = added;
    set->count++;
    return added->chain.count > 0 ? vl_finding_add_chain(set->findings, &added->chain, why)
                                  : vl_finding_add_evidence(set->findings, &added->evidence, why);
}

VL_PUBLIC enum valise_code valise_set_add(struct valise_set *set, const void *bytes, size_t len,
                                          struct valise_error *error)
{
    struct vl_why why = {""};

    return vl_lib_code(add(set, vl_bytes_of(bytes, len), &why), &why, error);
}

VL_PUBLIC enum valise_code valise_set_checked(struct valise_set *set,
                                              const struct valise_card *card,
                                              struct valise_error *error)
{
    struct vl_why why = {""};
    enum vl_err err = vl_finding_add_checked(set->findings, &card->chain.office,
                                             vl_chain_newest(&card->chain)->object.id, &why);

    return vl_lib_code(err, &why, error);
}

/* --- what is signed --------------------------------------------------------------------------- */

struct verifying {
    const struct valise_set *set;
    const struct vl_evidence *evidence; /* of the file */
};

/* The longest that is at hand: an older one may lack the card that signed. */
static const struct vl_chain *find_chain(void *self, const struct vl_office_id *office)
{
    const struct verifying *verifying = self;
    const struct vl_chain *found = vl_evidence_chain(verifying->evidence, office);

    for (const struct added *added = verifying->set->first; added; added = added->next) {
        const struct vl_chain *chain =
            added->chain.count > 0 ? &added->chain : vl_evidence_chain(&added->evidence, office);

        if (chain && vl_office_id_eq(&chain->office, office) &&
            (!found || chain->count > found->count))
            found = chain;
    }
    return found;
}

static enum vl_err verify_all(struct verifying *verifying, struct vl_why *why)
{
    const struct vl_keyring keys = {find_chain, verifying};
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < verifying->evidence->item_count && !err; i++) {
        struct vl_evidence_verdict verdict;

        err = vl_evidence_check(&verifying->evidence->items[i], &keys, &verdict, why);
        if (err)
            err = vl_fail_in(why, err, "act %zu", i + 1);
    }
    return err;
}

VL_PUBLIC enum valise_code valise_set_verify(struct valise_set *set, const void *bytes, size_t len,
                                             struct valise_error *error)
{
    struct added file = {VL_CHAIN_INIT, VL_EVIDENCE_INIT, NULL};
    struct vl_why why = {""};
    enum vl_err err = parse(&file, vl_bytes_of(bytes, len), &why);

    if (!err)
        err = verify_all(&(struct verifying){set, &file.evidence}, &why);
    vl_chain_release(&file.chain);
    vl_evidence_release(&file.evidence);
    return vl_lib_code(err, &why, error);
}

/* --- what it proves --------------------------------------------------------------------------- */

VL_PUBLIC enum valise_code valise_set_letters(struct valise_set *set, valise_letter *visit,
                                              void *self, struct valise_error *error)
{
    VL_AUTO(vl_evidence_numbers_release) struct vl_evidence_numbers numbers = {0};
    char text[VL_NUMBER_TEXT];
    struct vl_why why = {""};
    enum vl_err err = VL_OK;

    for (const struct added *added = set->first; added && !err; added = added->next)
        err = vl_evidence_find_numbers(&added->evidence, &numbers, &why);
    for (size_t i = 0; i < numbers.count && !err; i++)
        if (visit(self, vl_number_text(VL_LETTER_HRP, numbers.at[i], text)) != 0)
            err = VL_ERR_INTERRUPTED;
    return vl_lib_code(err, &why, error);
}

static enum vl_err make(struct valise_set *set, const char *letter, int64_t as_of,
                        struct vl_finding *finding, struct vl_why *why)
{
    struct vl_number_prefix number;
    enum vl_err err = vl_number_prefix(VL_LETTER_HRP, vl_bytes_str(letter), 1, &number);

    if (err)
        err = vl_number_prefix(VL_INVITATION_HRP, vl_bytes_str(letter), 1, &number);
    if (err || number.bit_count != 8 * VL_NUMBER_LEN)
        return vl_fail(
            why, VL_ERR_USAGE,
            "not the whole number of a letter: letter1..., or of an invitation: invite1...");
    err = vl_finding_make(set->findings, number.bits, as_of, finding, why);
    if (!err && finding->record_count == 0)
        err = vl_fail(why, VL_ERR_NOT_FOUND, "nothing in the set is about this letter");
    return err;
}

static enum valise_code give(enum vl_err err, const struct vl_buf *text, valise_output *output,
                             void *self, struct vl_why *why, struct valise_error *error)
{
    if (!err && output(self, text->data, text->len) != 0)
        err = vl_fail(why, VL_ERR_INTERRUPTED, "output ended it");
    return vl_lib_code(err, why, error);
}

VL_PUBLIC enum valise_code valise_set_finding(struct valise_set *set, const char *letter,
                                              int64_t as_of, valise_output *output, void *self,
                                              struct valise_error *error)
{
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(SIZE_MAX);
    struct vl_why why = {""};
    enum vl_err err = make(set, letter, as_of, &finding, &why);

    if (!err)
        err = vl_finding_json(&finding, &text);
    return give(err, &text, output, self, &why, error);
}

static const char *address(void *self, const struct vl_office_id *office,
                           char out[VL_OFFICE_CALLED])
{
    (void)self;
    return vl_office_id_text(office, out);
}

VL_PUBLIC enum valise_code valise_set_words(struct valise_set *set, const char *letter,
                                            int64_t as_of, unsigned width, valise_output *output,
                                            void *self, struct valise_error *error)
{
    static const struct vl_finding_names names = {address, NULL};
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(SIZE_MAX);
    struct vl_why why = {""};
    enum vl_err err = make(set, letter, as_of, &finding, &why);

    if (!err)
        err = vl_finding_text(&finding, &names, width, false, &text);
    return give(err, &text, output, self, &why, error);
}
