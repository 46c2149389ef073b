/* SPDX-License-Identifier: Apache-2.0 */
/* card/card.h, reading: each thing a card says, changed to what it may and may not say.  Every card
 * here is well signed; only what it says is wrong. */
#include "golden.h"
#include "offices.h"

#define X32     "2121212121212121212121212121212121212121212121212121212121212121"
#define X25519  "82 66783235353139 5820" X32
#define FLOAT   "f93c00"
#define T128    "7880" T16_8
#define T16_8   A16 A16 A16 A16 A16 A16 A16 A16
#define A16     "61616161616161616161616161616161"
#define NO_KEY  (-1)
#define REMOVED ""

/* The payload of a first card of 'a' alone, by key. */
static const struct piece {
    int64_t key;
    const char *value;
} pieces[] = {
    {0, "01"},         {10, "00"},       {11, "f6"}, {12, "81" KEY_A}, {13, "815820" KID_A},
    {14, "81" X25519}, {15, "5820" X32}, {16, "f6"}, {17, "f6"},       {18, "644e6f7261"},
    {19, "80"},        {20, "80"},       {21, "80"},
};
#define PIECES (sizeof pieces / sizeof *pieces)

/* One thing is changed, removed or, with a key that is not there, added at the end; and perhaps a
 * second one. */
struct change {
    int64_t key;
    const char *value;
};

/* clang-format off */
static const struct row {
    const char *name;
    struct change first, second;
    enum vl_err err;
    const char *words; /* without "card: " */
} rows[] = {
    {"as it is", {NO_KEY, NULL}, {NO_KEY, NULL}, VL_OK, NULL},
    {"version 2", {0, "02"}, {NO_KEY, NULL}, VL_ERR_UNSUPPORTED, "payload: byte 3: a version that is not known here"},
    {"no version", {0, REMOVED}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 0: a number of items outside its limits"},
    {"no version, another key", {0, REMOVED}, {22, "00"}, VL_ERR_FORMAT, "payload: byte 2: another key than the one that comes next on a card"},
    {"a key more", {22, "00"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 0: a number of items outside its limits"},
    {"a name left out for a key more", {18, REMOVED}, {22, "00"}, VL_ERR_FORMAT, "payload: byte 169: another key than the one that comes next on a card"},
    {"serial 2^32", {10, "1b0000000100000000"}, {11, "5820" X32}, VL_ERR_LIMIT, "payload: byte 4: an unsigned integer over its limit"},
    {"serial 2^32 - 1", {10, "1affffffff"}, {11, "5820" X32}, VL_OK, NULL},
    {"serial 1", {10, "01"}, {11, "5820" X32}, VL_OK, NULL},
    {"serial -1", {10, "20"}, {NO_KEY, NULL}, VL_ERR_FORMAT, "payload: byte 4: wanted an unsigned integer"},
    {"serial 1 with nothing before", {10, "01"}, {NO_KEY, NULL}, VL_ERR_FORMAT, "no card before it, though it is not the first"},
    {"serial 0 with one before", {11, "5820" X32}, {NO_KEY, NULL}, VL_ERR_FORMAT, "the first, though it names a card before it"},
    {"a short id before", {11, "4100"}, {10, "01"}, VL_ERR_LIMIT, "payload: byte 6: a string whose length is outside its limits"},
    {"no keys", {12, "80"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 8: a number of items outside its limits"},
    {"nine keys", {12, "89 00 01 02 03 04 05 06 07 08"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 8: a number of items outside its limits"},
    {"a key twice", {12, "82" KEY_A KEY_A}, {NO_KEY, NULL}, VL_ERR_FORMAT, "payload: byte 89: signing keys that do not ascend"},
    {"keys out of order", {12, "82" KEY_A KEY_B}, {NO_KEY, NULL}, VL_ERR_FORMAT, "payload: byte 89: signing keys that do not ascend"},
    {"a key that is a number", {12, "81 01"}, {NO_KEY, NULL}, VL_ERR_FORMAT, "signing key 1: COSE key: byte 0: wanted a map"},
    {"a key with a word more", {12, "81 a4 0101 0327 2006 215820" X32}, {NO_KEY, NULL}, VL_ERR_UNVERIFIED, "signing key 1: COSE key: not a key that anybody can have made"},
    {"a key with its algorithm", {12, "81 a4 0101 0327 2006 215820 af06a3e3291714e4f356c19c9b15cd1951ec6e6662aa77be07547f289383341d"}, {NO_KEY, NULL}, VL_ERR_FORMAT, "signing key 1: COSE key: more than the required members"},
    {"a key not for verifying", {12, "81 a4 0101 048101 2006 215820 af06a3e3291714e4f356c19c9b15cd1951ec6e6662aa77be07547f289383341d"}, {NO_KEY, NULL}, VL_ERR_FORMAT, "signing key 1: COSE key: it is not for verifying"},
    {"a private key", {12, "81 a4 0101 2006 215820 af06a3e3291714e4f356c19c9b15cd1951ec6e6662aa77be07547f289383341d 235820" X32}, {NO_KEY, NULL}, VL_ERR_FORMAT, "signing key 1: COSE key: a private key"},
    {"nothing needed", {13, "80"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 50: a number of items outside its limits"},
    {"nine needed", {13, "89 00 01 02 03 04 05 06 07 08"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 50: a number of items outside its limits"},
    {"needed twice", {13, "82 5820" KID_A "5820" KID_A}, {NO_KEY, NULL}, VL_ERR_FORMAT, "needed key 2 is needed twice"},
    {"needed and not there", {13, "82 5820" KID_A "5820" KID_P}, {NO_KEY, NULL}, VL_ERR_FORMAT, "needed key 2 is not among its keys"},
    {"needed and short", {13, "81 41bf"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 51: a string whose length is outside its limits"},
    {"no sealing key", {14, "80"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 86: a number of items outside its limits"},
    {"eight sealing keys", {14, "88" X25519 X25519 X25519 X25519 X25519 X25519 X25519 X25519}, {NO_KEY, NULL}, VL_OK, NULL},
    {"nine sealing keys", {14, "89" X25519 X25519 X25519 X25519 X25519 X25519 X25519 X25519 X25519}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 86: a number of items outside its limits"},
    {"x25519 of 31 bytes", {14, "81 82 66783235353139 581f 21212121212121212121212121212121212121212121212121212121212121"}, {NO_KEY, NULL}, VL_ERR_FORMAT, "payload: byte 128: an x25519 key that is not 32 bytes"},
    {"an unknown sealing kind", {14, "82" X25519 "82 6178 4100"}, {NO_KEY, NULL}, VL_OK, NULL},
    {"a sealing kind of nothing", {14, "81 82 60 4100"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 88: a string whose length is outside its limits"},
    {"a sealing key of nothing", {14, "81 82 6178 40"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 90: a string whose length is outside its limits"},
    {"a sealing key of three", {14, "81 83 6178 4100 00"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 87: a number of items outside its limits"},
    {"no next keys", {15, "f6"}, {NO_KEY, NULL}, VL_ERR_FORMAT, "payload: byte 130: wanted a byte string"},
    {"the first closes", {16, "82 5820" X32 "01"}, {NO_KEY, NULL}, VL_ERR_FORMAT, "the first, though it closes keys before it"},
    {"closes nothing", {16, "82 5820" X32 "00"}, {NO_KEY, NULL}, VL_ERR_FORMAT, "payload: byte 201: it closes nothing, which is null"},
    {"closes over 2^24", {16, "82 5820" X32 "1a01000001"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 200: an unsigned integer over its limit"},
    {"closes of one", {16, "81 5820" X32}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 165: a number of items outside its limits"},
    {"not after 9999", {17, "1b0000003afff4417f"}, {NO_KEY, NULL}, VL_OK, NULL},
    {"not after 10000", {17, "1b0000003afff44180"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 167: an integer outside its limits"},
    {"not after 1969", {17, "20"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 167: an integer outside its limits"},
    {"not after a float", {17, FLOAT}, {NO_KEY, NULL}, VL_ERR_FORMAT, "payload: byte 167: wanted an integer"},
    {"no name", {18, "60"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 169: a string whose length is outside its limits"},
    {"a name of 128", {18, T128}, {NO_KEY, NULL}, VL_OK, NULL},
    {"a name of 129", {18, "7881" T16_8 "61"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 169: a string whose length is outside its limits"},
    {"a name not UTF-8", {18, "61ff"}, {NO_KEY, NULL}, VL_ERR_FORMAT, "payload: byte 169: a text that is not UTF-8"},
    {"a name with a line end", {18, "63610a62"}, {NO_KEY, NULL}, VL_ERR_FORMAT, NULL},
    {"languages", {19, "83 62656e 6a7a682d48616e742d5457 69782d70726976617465"}, {NO_KEY, NULL}, VL_OK, NULL},
    {"a language of nothing", {19, "8160"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 176: a string whose length is outside its limits"},
    {"a language with a line", {19, "8163655f6e"}, {NO_KEY, NULL}, VL_ERR_FORMAT, "payload: byte 180: a language that is no tag of BCP 47"},
    {"a dash in front", {19, "81632d656e"}, {NO_KEY, NULL}, VL_ERR_FORMAT, "payload: byte 180: a language that is no tag of BCP 47"},
    {"a dash behind", {19, "8163656e2d"}, {NO_KEY, NULL}, VL_ERR_FORMAT, "payload: byte 180: a language that is no tag of BCP 47"},
    {"two dashes", {19, "816661612d2d6262"}, {NO_KEY, NULL}, VL_ERR_FORMAT, "payload: byte 183: a language that is no tag of BCP 47"},
    {"a subtag of eight", {19, "81683161425a39397a7a"}, {NO_KEY, NULL}, VL_OK, NULL},
    {"a subtag of nine", {19, "8169616161616161616161"}, {NO_KEY, NULL}, VL_ERR_FORMAT, "payload: byte 186: a language that is no tag of BCP 47"},
    {"a tag of 35", {19, "817823 6161616161616161 2d 6161616161616161 2d 6161616161616161 2d 6161616161616161"}, {NO_KEY, NULL}, VL_OK, NULL},
    {"a tag of 36", {19, "817824 6161616161616161 2d 6161616161616161 2d 6161616161616161 2d 61616161616161 2d"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 176: a string whose length is outside its limits"},
    {"sixteen languages", {19, "90 6161 6161 6161 6161 6161 6161 6161 6161 6161 6161 6161 6161 6161 6161 6161 6161"}, {NO_KEY, NULL}, VL_OK, NULL},
    {"seventeen languages", {19, "91 6161 6161 6161 6161 6161 6161 6161 6161 6161 6161 6161 6161 6161 6161 6161 6161 6161"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 175: a number of items outside its limits"},
    {"eight ways to reach it", {20, "88 6161 6161 6161 6161 6161 6161 6161 6161"}, {NO_KEY, NULL}, VL_OK, NULL},
    {"nine ways to reach it", {20, "89 6161 6161 6161 6161 6161 6161 6161 6161 6161"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 177: a number of items outside its limits"},
    {"an empty way", {20, "8160"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 178: a string whose length is outside its limits"},
    {"a guardian", {21, "815820" X32}, {NO_KEY, NULL}, VL_OK, NULL},
    {"a short guardian", {21, "814100"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 180: a string whose length is outside its limits"},
    {"nine guardians", {21, "89 00 01 02 03 04 05 06 07 08"}, {NO_KEY, NULL}, VL_ERR_LIMIT, "payload: byte 179: a number of items outside its limits"},
};
/* clang-format on */

static const char *value_of(const struct row *row, int64_t key, const char *usual)
{
    if (row->first.key == key)
        return row->first.value;
    return row->second.key == key ? row->second.value : usual;
}

static size_t put_pair(struct vl_cbor_out *w, int64_t key, const char *value)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = hex(value);

    if (bytes.len == 0)
        return 0;
    vl_cbor_put_int(w, key);
    vl_cbor_put_item(w, vl_buf_bytes(&bytes));
    return 1;
}

static struct vl_buf payload_of(const struct row *row)
{
    struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf pairs = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&pairs), head = vl_cbor_to(&payload);
    size_t count = 0;

    for (size_t i = 0; i < PIECES; i++)
        count += put_pair(&w, pieces[i].key, value_of(row, pieces[i].key, pieces[i].value));
    count += put_pair(&w, 22, value_of(row, 22, ""));
    assert_int_equal(w.err, VL_OK);
    vl_cbor_put_map(&head, count);
    vl_cbor_put_item(&head, vl_buf_bytes(&pairs));
    assert_int_equal(head.err, VL_OK);
    return payload;
}

/* Signed by 'a' as the office of 'a'. */
static struct vl_buf sign(enum vl_kind kind, const struct vl_office_id *office, vl_bytes payload,
                          const char *sub_kind, const char *letters)
{
    VL_AUTO(vl_buf_release) struct vl_buf sub = VL_BUF_INIT(VL_CLAIMS_MAX_TEXT);
    struct seeds seeds = seeds_of(letters);
    struct vl_signer signer = {.office = *office,
                               .seeds = seeds.at,
                               .seed_count = seeds.count,
                               .has_iat = false};
    struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_why why = {""};

    assert_int_equal(vl_kind_sub(sub_kind, VL_ARRAY(office->at), &sub), VL_OK);
    assert_err(vl_object_sign(&signer, kind, vl_buf_bytes(&sub), payload, &out, NULL, &why), VL_OK,
               &why);
    return out;
}

static struct vl_office_id office_of_a(void)
{
    VL_AUTO(vl_card_release)
    struct vl_card card = card_of(&(struct plan){.keys = "a", .next = "b"});

    return card.object.issuer;
}

static void check_empty(const struct vl_card *card)
{
    assert_null(card->object.by[0].wire.data);
    assert_int_equal(card->key_count, 0);
    assert_int_equal(card->need_count, 0);
    assert_int_equal(card->name.len, 0);
}

static void check_refused(vl_bytes wire, enum vl_err err, const char *words)
{
    VL_AUTO(vl_card_release) struct vl_card card = VL_CARD_INIT;
    struct vl_why why = {""};

    assert_err(vl_card_parse(wire, &card, &why), err, &why);
    assert_string_equal(why.text, words);
    check_empty(&card);
}

static void each_card_is_read_or_refused_by_the_table(void **state)
{
    struct vl_office_id office = office_of_a();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf payload = payload_of(&rows[i]);
        VL_AUTO(vl_buf_release)
        struct vl_buf wire = sign(VL_KIND_CARD, &office, vl_buf_bytes(&payload), "card", "a");
        VL_AUTO(vl_card_release) struct vl_card card = VL_CARD_INIT;
        struct vl_why why = {""};
        char wanted[256];
        enum vl_err err = vl_card_parse(vl_buf_bytes(&wire), &card, &why);

        (void)snprintf(wanted, sizeof wanted, "card: %s", rows[i].words ? rows[i].words : "");
        if (err != rows[i].err || (rows[i].words && strcmp(why.text, wanted) != 0))
            fail_msg("%s: %s, \"%s\"", rows[i].name, vl_err_name(err), why.text);
        if (err)
            check_empty(&card);
    }
}

static void what_is_around_the_payload_must_fit_it(void **state)
{
    struct vl_office_id office = office_of_a(), other = {{7}};
    const struct row as_it_is = {.first = {NO_KEY, NULL}, .second = {NO_KEY, NULL}};
    VL_AUTO(vl_buf_release) struct vl_buf payload = payload_of(&as_it_is);
    vl_bytes bytes = vl_buf_bytes(&payload);
    VL_AUTO(vl_buf_release)
    struct vl_buf of_another = sign(VL_KIND_CARD, &other, bytes, "card", "a");
    VL_AUTO(vl_buf_release) struct vl_buf sub = sign(VL_KIND_CARD, &office, bytes, "office", "a");
    VL_AUTO(vl_buf_release) struct vl_buf kind = sign(VL_KIND_SEALED, &office, bytes, "card", "a");
    VL_AUTO(vl_buf_release) struct vl_buf by_b = sign(VL_KIND_CARD, &office, bytes, "card", "b");

    (void)state;
    check_refused(vl_buf_bytes(&of_another), VL_ERR_UNVERIFIED,
                  "card: its keys are not those of its issuer");
    check_refused(vl_buf_bytes(&sub), VL_ERR_FORMAT,
                  "card: it is about something else than its issuer");
    check_refused(vl_buf_bytes(&kind), VL_ERR_FORMAT, "card: of the kind \"sealed\"");
    check_refused(vl_buf_bytes(&by_b), VL_ERR_UNVERIFIED,
                  "card: signature 1 is not of the first needed key");
    check_refused(VL_BYTES_NONE, VL_ERR_FORMAT,
                  "card: object: array of signatures: byte 0: cut short");
}

static void a_card_of_another_program_is_read(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = golden("golden-card");
    VL_AUTO(vl_buf_release) struct vl_buf id = hex(GOLDEN_CARD_ID), next = hex(GOLDEN_NEXT);
    VL_AUTO(vl_buf_release)
    struct vl_buf kid_a = hex(KID_A), kid_p = hex(KID_P), kid_u = hex(KID_U);
    VL_AUTO(vl_buf_release) struct vl_buf key_u = hex(KEY_U), key_p = hex(KEY_P);
    VL_AUTO(vl_card_release) struct vl_card card = VL_CARD_INIT;
    char text[VL_OFFICE_TEXT];
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_card_parse(vl_buf_bytes(&wire), &card, &why), VL_OK, &why);
    assert_bytes(VL_ARRAY(card.object.id), vl_buf_bytes(&id));
    assert_string_equal(vl_office_id_text(&card.object.issuer, text), GOLDEN_OFFICE);
    assert_bytes(VL_ARRAY(card.next), vl_buf_bytes(&next));
    assert_int_equal(card.key_count, 3);
    assert_bytes(VL_ARRAY(card.keys[0].kid), vl_buf_bytes(&kid_a));
    assert_bytes(VL_ARRAY(card.keys[1].kid), vl_buf_bytes(&kid_u));
    assert_bytes(VL_ARRAY(card.keys[2].kid), vl_buf_bytes(&kid_p));
    assert_int_equal(card.keys[0].key.kind, VL_COSE_KEY_ED25519);
    assert_int_equal(card.keys[1].key.kind, VL_COSE_KEY_NONE);
    assert_int_equal(card.keys[2].key.kind, VL_COSE_KEY_P256);
    assert_bytes(card.keys[1].wire, vl_buf_bytes(&key_u));
    assert_bytes(card.keys[2].wire, vl_buf_bytes(&key_p));
    assert_int_equal(card.need_count, 2);
    assert_int_equal(card.need[0], 0);
    assert_int_equal(card.need[1], 2);
    assert_ptr_equal(vl_card_find_key(&card, vl_buf_bytes(&kid_u)), &card.keys[1]);
    assert_null(vl_card_find_key(&card, vl_buf_bytes(&id)));
    assert_int_equal(card.sealing_count, 2);
    assert_bytes(card.sealing[1].kind, VL_LITERAL("x-wing"));
    assert_int_equal(card.sealing[1].key.len, 40);
    assert_int_equal(card.guardian_count, 1);
    assert_int_equal(card.guardians[0].at[31], 0x21);
    assert_bytes(card.name, VL_LITERAL("Nora Lind"));
    assert_bytes(card.languages[1], VL_LITERAL("de-AT"));
}

static void an_unknown_key_need_not_have_signed(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = golden("card-unknown-silent");
    VL_AUTO(vl_card_release) struct vl_card card = VL_CARD_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_card_parse(vl_buf_bytes(&wire), &card, &why), VL_OK, &why);
    assert_int_equal(card.key_count, 3);
}

static void attack_04_a_listed_key_must_be_in_its_offices_hands(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf silent = golden("card-not-possessed");
    VL_AUTO(vl_buf_release) struct vl_buf bad = golden("card-bad-possession");
    VL_AUTO(vl_buf_release) struct vl_buf stranger = golden("card-by-stranger");

    (void)state;
    check_refused(vl_buf_bytes(&silent), VL_ERR_UNVERIFIED,
                  "card: signing key 2 has not signed it");
    check_refused(vl_buf_bytes(&bad), VL_ERR_UNVERIFIED,
                  "card: signature 2: signed object: the signature is not of this key over these "
                  "bytes");
    check_refused(vl_buf_bytes(&stranger), VL_ERR_UNVERIFIED,
                  "card: signature 2: its kid names no key of the card");
}

/* Whoever changes a byte of a card anywhere has no card. */
static void a_card_with_any_byte_changed_is_none(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire = card_wire(&(struct plan){.keys = "ab", .next = "c"});

    (void)state;
    for (size_t i = 0; i < wire.len; i++) {
        VL_AUTO(vl_card_release) struct vl_card card = VL_CARD_INIT;

        wire.data[i] ^= 1;
        if (vl_card_parse(vl_buf_bytes(&wire), &card, NULL) == VL_OK)
            fail_msg("byte %zu may change", i);
        check_empty(&card);
        wire.data[i] ^= 1;
    }
}

static enum vl_err parse(void *self, struct vl_why *why)
{
    VL_AUTO(vl_card_release) struct vl_card card = VL_CARD_INIT;
    enum vl_err err = vl_card_parse(*(vl_bytes *)self, &card, why);

    if (err)
        check_empty(&card);
    return err;
}

static void each_allocation_may_fail(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire = card_wire(&(struct plan){.keys = "ab", .next = "c"});
    vl_bytes bytes = vl_buf_bytes(&wire);

    (void)state;
    assert_true(each_allocation_fails(parse, &bytes) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_card_is_read_or_refused_by_the_table),
        cmocka_unit_test(what_is_around_the_payload_must_fit_it),
        cmocka_unit_test(a_card_of_another_program_is_read),
        cmocka_unit_test(an_unknown_key_need_not_have_signed),
        cmocka_unit_test(attack_04_a_listed_key_must_be_in_its_offices_hands),
        cmocka_unit_test(a_card_with_any_byte_changed_is_none),
        cmocka_unit_test(each_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
