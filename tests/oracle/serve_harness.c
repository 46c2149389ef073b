/* SPDX-License-Identifier: Apache-2.0 */
/* Makes records and what is entered in them, for the tests and the bench of `valise record serve`:
 *
 *     make FOLDER ORIGIN [WITNESS LETTER]   a record; with a witness, one of one is needed
 *     card LETTER NAME                      the first card of the office whose key is LETTER,
 * filled up to 32 with its first one opened LETTER NUMBER IAT              it opened the letter of
 * this number, in hex witnessed LETTER ACT WORDS IAT corrected LETTER ACT FIELD OLD NOW IAT note
 * LETTER KIND REASON WORDS PLACE IAT padded LETTER LENGTH IAT              a statement of so many
 * bytes many LETTER COUNT IAT                 statements, each behind its length in 4 bytes crowd
 * COUNT NUMBER IAT                so many offices: the card of each, and that it opened it ask
 * LETTER ORIGIN FILE                the Authorization for a statement cosign WITNESS LETTER AT FILE
 * the line of a witness for a checkpoint id FILE                               the locator of a
 * statement
 *
 * A statement is one COSE_Sign1, on stdout.  Its office is called what OFFICE in the environment
 * says, as on its card, or An Office.  With RENEWED in it, it has a second card, of this name and
 * with the key that the first one announced. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/base64.h"
#include "custody/about.h"
#include "custody/event.h"
#include "custody/note.h"
#include "record/publish.h"
#include "store/log_dir.h"
#include "sys/clock.h"
#include "sys/infile.h"

#define PAD_KEY 9 /* a key of an act that nobody reads here */

struct office {
    struct vl_secret seed;
    struct vl_buf card; /* the object */
    struct vl_signer signer;
};

static void die(const char *what, const struct vl_why *why)
{
    (void)fprintf(stderr, "serve-harness: %s: %s\n", what, why->text);
    exit(1);
}

static void seed_of(const char *letter, struct vl_secret *seed)
{
    uint8_t bytes[VL_ED25519_SEED_LEN];

    memset(bytes, letter[0], sizeof bytes);
    memcpy(bytes, letter, strlen(letter) < sizeof bytes ? strlen(letter) : sizeof bytes);
    if (vl_secret_set(seed, VL_ARRAY(bytes)) != VL_OK)
        exit(1);
}

static void next_hash(const char *letter, uint8_t out[VL_HASH_LEN])
{
    const char next[2] = {(char)(letter[0] + 1), '\0'};
    struct vl_secret seed = VL_SECRET_INIT;
    struct vl_cose_key key;

    seed_of(next, &seed);
    vl_cose_key_of_seed(&seed, &key);
    if (vl_card_keys_hash(&key, 1, out) != VL_OK)
        exit(1);
}

static void write_card(const struct vl_card_draft *draft, struct office *office)
{
    struct vl_card *card = calloc(1, sizeof *card);
    struct vl_why why = {""};

    office->card.len = 0;
    if (vl_card_write(draft, &office->card, &why) != VL_OK ||
        vl_card_parse(vl_buf_bytes(&office->card), card, &why) != VL_OK)
        die("card", &why);
    office->signer.office = card->object.issuer;
    memcpy(office->signer.card_id, card->object.id, VL_HASH_LEN);
    vl_card_release(card);
    free(card);
}

static void office_make(const char *letter, const char *name, bool has_iat, int64_t iat_s,
                        struct office *office)
{
    uint8_t sealing[32] = {9};
    const struct vl_card_sealing to = {VL_LITERAL(VL_CARD_SEALING_X25519), VL_ARRAY(sealing)};
    struct vl_card_draft draft = {.seeds = &office->seed,
                                  .seed_count = 1,
                                  .sealing = &to,
                                  .sealing_count = 1,
                                  .name = vl_bytes_str(name)};

    memset(office, 0, sizeof *office);
    office->card = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    office->signer = (struct vl_signer){.seeds = &office->seed,
                                        .seed_count = 1,
                                        .has_iat = has_iat,
                                        .iat_s = iat_s};
    seed_of(letter, &office->seed);
    next_hash(letter, draft.next);
    write_card(&draft, office);
}

/* From now on it signs under its second card. */
static void renew(struct office *office, const char *letter, const char *name)
{
    const char next[2] = {(char)(letter[0] + 1), '\0'};
    const struct vl_office_id id = office->signer.office;
    uint8_t sealing[32] = {9}, previous[VL_HASH_LEN];
    const struct vl_card_sealing to = {VL_LITERAL(VL_CARD_SEALING_X25519), VL_ARRAY(sealing)};
    struct vl_card_draft draft = {.office = &id,
                                  .serial = 1,
                                  .previous = previous,
                                  .seeds = &office->seed,
                                  .seed_count = 1,
                                  .sealing = &to,
                                  .sealing_count = 1,
                                  .name = vl_bytes_str(name)};

    memcpy(previous, office->signer.card_id, sizeof previous);
    seed_of(next, &office->seed);
    next_hash(next, draft.next);
    write_card(&draft, office);
}

static void hash_of(const char *hex, uint8_t out[VL_HASH_LEN])
{
    unsigned byte = 0;

    for (size_t i = 0; i < VL_HASH_LEN; i++) {
        if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
            exit(1);
        out[i] = (uint8_t)byte;
    }
}

/* The one signature of an object, which is behind the head of its array. */
static void put_statement(const struct vl_buf *object)
{
    (void)fwrite(object->data + 1, 1, object->len - 1, stdout);
}

static void act_of(struct office *office, struct vl_act *act)
{
    act->capacity = VL_CAPACITY_PRINCIPAL;
    act->manual = true;
    memcpy(act->card_id, office->signer.card_id, VL_HASH_LEN);
}

static void opened(struct office *office, const uint8_t number[VL_HASH_LEN], struct vl_buf *out)
{
    struct vl_opened *event = calloc(1, sizeof *event);
    struct vl_why why = {""};

    act_of(office, &event->act);
    event->verdict = VL_VERDICT_UNREADABLE;
    memcpy(event->number, number, VL_HASH_LEN);
    if (vl_opened_write(&office->signer, event, out, NULL, &why) != VL_OK)
        die("opened", &why);
    free(event);
}

static void about(struct office *office, struct vl_about *what, const char *act, struct vl_buf *out)
{
    struct vl_why why = {""};

    act_of(office, &what->act);
    if (what->kind == VL_KIND_WITNESSED)
        what->act.capacity = VL_CAPACITY_WITNESS;
    hash_of(act, what->target);
    if (vl_about_write(&office->signer, what, out, NULL, &why) != VL_OK)
        die("about", &why);
}

static void note(struct office *office, char **argv, struct vl_buf *out)
{
    struct vl_note *what = calloc(1, sizeof *what);
    struct vl_why why = {""};

    for (int kind = 1; kind < VL_KIND_COUNT; kind++)
        if (strcmp(vl_kind_word((enum vl_kind)kind), argv[0]) == 0)
            what->kind = (enum vl_kind)kind;
    act_of(office, &what->act);
    what->act.capacity = VL_CAPACITY_CARRIER;
    what->reason = vl_bytes_str(argv[1]);
    what->words = vl_bytes_str(argv[2]);
    what->act.place = vl_bytes_str(argv[3]);
    what->batch.count = 1;
    memset(what->batch.root, 7, VL_HASH_LEN);
    if (vl_note_write(&office->signer, what, out, NULL, &why) != VL_OK)
        die("note", &why);
    free(what);
}

static void padded(struct office *office, size_t length, struct vl_buf *out)
{
    uint8_t *pad = calloc(1, length);
    size_t pad_len = length - 600;

    for (int tries = 0; tries < 3 && out->len != length + 1; tries++) {
        VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
        struct vl_cbor_out w = vl_cbor_to(&payload);
        struct vl_act act = {.cite_count = 0};
        struct vl_why why = {""};

        pad_len += out->len > 0 ? length + 1 - out->len : 0;
        out->len = 0;
        act_of(office, &act);
        vl_cbor_put_map(&w, vl_act_pairs(&act) + 1);
        vl_act_put(&w, &act);
        vl_cbor_put_int(&w, PAD_KEY);
        vl_cbor_put_bytes(&w, vl_bytes_of(pad, pad_len));
        if (w.err || vl_object_sign(&office->signer, VL_KIND_SEEN, VL_LITERAL("valise:letter:00"),
                                    vl_buf_bytes(&payload), out, NULL, &why) != VL_OK)
            die("padded", &why);
    }
    free(pad);
}

/* Behind its length. */
static void put_one_of_many(const struct vl_buf *object)
{
    const size_t len = object->len - 1;
    uint8_t head[4];

    for (size_t at = 0; at < sizeof head; at++)
        head[at] = (uint8_t)(len >> (24 - 8 * at));
    (void)fwrite(head, 1, sizeof head, stdout);
    put_statement(object);
}

static void many(struct office *office, unsigned long count)
{
    for (unsigned long i = 0; i < count; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
        uint8_t number[VL_HASH_LEN] = {0};

        for (size_t at = 0; at < 8; at++)
            number[at] = (uint8_t)(i >> (8 * at));
        opened(office, number, &object);
        put_one_of_many(&object);
    }
}

static int crowd(char **argv)
{
    const unsigned long count = strtoul(argv[0], NULL, 10);
    uint8_t number[VL_HASH_LEN];

    hash_of(argv[1], number);
    for (unsigned long i = 0; i < count; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
        char letter[24], name[40];
        struct office office;

        (void)snprintf(letter, sizeof letter, "c%lu", i);
        (void)snprintf(name, sizeof name, "Office %lu", i);
        office_make(letter, name, true, strtoll(argv[2], NULL, 10), &office);
        opened(&office, number, &object);
        put_one_of_many(&office.card);
        put_one_of_many(&object);
        vl_buf_release(&office.card);
    }
    return 0;
}

static int make(int argc, char **argv)
{
    struct vl_record_policy policy = {.origin = vl_bytes_str(argv[1]),
                                      .max_len = VL_ENTRY_MAX_LEN,
                                      .ahead_max_s = 600};
    const struct vl_log_dir_draft draft = {argv[0], &policy, vl_clock_seconds(), vl_rng_system()};
    struct vl_why why = {""};

    if (argc > 3) {
        struct vl_secret seed = VL_SECRET_INIT;
        struct vl_cose_key key;

        seed_of(argv[3], &seed);
        vl_cose_key_of_seed(&seed, &key);
        if (vl_note_key_make(vl_bytes_str(argv[2]), VL_NOTE_COSIGNATURE, key.x,
                             &policy.witnesses[0], &why) != VL_OK)
            die("witness", &why);
        policy.witness_count = 1;
        policy.need = 1;
    }
    if (vl_log_dir_make(&draft, &why) != VL_OK)
        die("make", &why);
    return 0;
}

static int cosign(char **argv)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf line = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    struct vl_secret seed = VL_SECRET_INIT;
    struct vl_note_key witness;
    struct vl_cose_key key;
    struct vl_why why = {""};

    seed_of(argv[1], &seed);
    vl_cose_key_of_seed(&seed, &key);
    if (vl_note_key_make(vl_bytes_str(argv[0]), VL_NOTE_COSIGNATURE, key.x, &witness, &why) ||
        vl_in_read_all(argv[3], &file, &why) ||
        vl_checkpoint_cosign(vl_buf_bytes(&file), &witness, &seed, strtoull(argv[2], NULL, 10),
                             &line, &why))
        die("cosign", &why);
    (void)fwrite(file.data, 1, file.len, stdout);
    (void)fwrite(line.data, 1, line.len, stdout);
    return 0;
}

static void read_entry(const char *path, struct vl_entry *entry)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_why why = {""};

    if (vl_in_read_all(path, &file, &why) || vl_entry_parse(vl_buf_bytes(&file), entry, &why))
        die(path, &why);
}

static int ask(char **argv)
{
    struct vl_entry entry = VL_ENTRY_INIT;
    struct vl_secret seed = VL_SECRET_INIT;
    uint8_t signature[VL_SIGNATURE_LEN], text[VL_BASE64_PADDED_LEN(VL_SIGNATURE_LEN) + 1] = {0};

    read_entry(argv[2], &entry);
    seed_of(argv[0], &seed);
    vl_publish_sign(vl_bytes_str(argv[1]), entry.id, &seed, signature);
    (void)vl_base64_encode_padded(VL_ARRAY(signature), text);
    printf("Valise %s\n", (const char *)text);
    vl_entry_release(&entry);
    return 0;
}

static int id(const char *path)
{
    struct vl_entry entry = VL_ENTRY_INIT;

    read_entry(path, &entry);
    for (size_t i = 0; i < VL_HASH_LEN; i++)
        printf("%02x", entry.id[i]);
    printf("\n");
    vl_entry_release(&entry);
    return 0;
}

static int statement(const char *what, int argc, char **argv)
{
    VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_about *act = calloc(1, sizeof *act);
    struct office office;
    uint8_t number[VL_HASH_LEN];

    office_make(argv[0], getenv("OFFICE") ? getenv("OFFICE") : "An Office", true,
                strtoll(argv[argc - 1], NULL, 10), &office);
    if (getenv("RENEWED"))
        renew(&office, argv[0], getenv("RENEWED"));
    if (strcmp(what, "opened") == 0 && argc == 3) {
        hash_of(argv[1], number);
        opened(&office, number, &object);
    } else if (strcmp(what, "witnessed") == 0 && argc == 4) {
        act->kind = VL_KIND_WITNESSED;
        act->words = vl_bytes_str(argv[2]);
        about(&office, act, argv[1], &object);
    } else if (strcmp(what, "corrected") == 0 && argc == 6) {
        act->kind = VL_KIND_CORRECTED;
        act->field = vl_bytes_str(argv[2]);
        act->old = vl_bytes_str(argv[3]);
        act->now = vl_bytes_str(argv[4]);
        about(&office, act, argv[1], &object);
    } else if (strcmp(what, "note") == 0 && argc == 6) {
        note(&office, argv + 1, &object);
    } else if (strcmp(what, "padded") == 0 && argc == 3) {
        padded(&office, strtoul(argv[1], NULL, 10), &object);
    } else if (strcmp(what, "many") == 0 && argc == 3) {
        many(&office, strtoul(argv[1], NULL, 10));
    } else {
        free(act);
        vl_buf_release(&office.card);
        return 2;
    }
    free(act);
    vl_buf_release(&office.card);
    if (object.len > 0)
        put_statement(&object);
    return 0;
}

int main(int argc, char **argv)
{
    struct office office;

    if (argc >= 4 && strcmp(argv[1], "make") == 0)
        return make(argc - 2, argv + 2);
    if (argc == 4 && strcmp(argv[1], "card") == 0) {
        office_make(argv[2], argv[3], false, 0, &office);
        if (getenv("RENEWED"))
            renew(&office, argv[2], getenv("RENEWED"));
        put_statement(&office.card);
        vl_buf_release(&office.card);
        return 0;
    }
    if (argc == 5 && strcmp(argv[1], "ask") == 0)
        return ask(argv + 2);
    if (argc == 6 && strcmp(argv[1], "cosign") == 0)
        return cosign(argv + 2);
    if (argc == 5 && strcmp(argv[1], "crowd") == 0)
        return crowd(argv + 2);
    if (argc == 3 && strcmp(argv[1], "id") == 0)
        return id(argv[2]);
    return argc > 3 ? statement(argv[1], argc - 2, argv + 2) : 2;
}
