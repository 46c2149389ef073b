/* SPDX-License-Identifier: Apache-2.0 */
/* letter/disclosure.h: what was chosen is shown, with its proof, and nothing else. */
#include "manifests.h"

#include "base/alloc.h"
#include "letter/disclosure.h"

/* A manifest that was read, and what of it is to be shown. */
struct showing {
    struct a_draft source;
    struct vl_manifest manifest;
    size_t parts[3];
    struct vl_secret key;
    struct vl_disclosure_draft draft;
};

static void showing_release(struct showing *showing)
{
    vl_manifest_release(&showing->manifest);
}

static void showing_make(struct showing *showing)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    struct vl_why why = {""};

    *showing = (struct showing){.manifest = VL_MANIFEST_INIT};
    draft_sealed(&showing->source);
    wire = written(&showing->source);
    assert_err(vl_manifest_parse(vl_buf_bytes(&wire), &showing->manifest, &why), VL_OK, &why);
    showing->key = (struct vl_secret){16, "sixteen bytes 16"};
    showing->draft = (struct vl_disclosure_draft){.manifest = &showing->manifest,
                                                  .has_number = true,
                                                  .parts = showing->parts};
    memset(showing->draft.number, 7, VL_HASH_LEN);
}

static struct vl_buf shown(const struct showing *showing)
{
    struct vl_buf out = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);
    struct vl_why why = {""};

    assert_err(vl_disclosure_write(&showing->draft, &out, &why), VL_OK, &why);
    return out;
}

static void check_core_is_that(const struct vl_disclosure *got, const struct showing *showing)
{
    const struct vl_manifest *manifest = &showing->manifest;

    assert_memory_equal(got->core.id, manifest->core_id, VL_HASH_LEN);
    assert_true(vl_office_id_eq(&got->core.issuer, &manifest->core.issuer));
    assert_int_equal(got->mode, manifest->mode);
    assert_memory_equal(got->letter_id, manifest->letter_id, VL_LETTER_ID_LEN);
    assert_int_equal(got->has_sealing_commitment, manifest->has_sealing_commitment);
    assert_memory_equal(got->sealing_commitment, manifest->sealing_commitment, VL_HASH_LEN);
    assert_int_equal(got->total_parts, 2);
    assert_int_equal(got->act.capacity, VL_CAPACITY_PRINCIPAL);
    assert_memory_equal(got->act.card_id, showing->source.from.signer.card_id, VL_HASH_LEN);
}

static void what_was_chosen_is_shown(void **state)
{
    VL_AUTO(showing_release) struct showing showing = {.manifest = VL_MANIFEST_INIT};
    VL_AUTO(vl_disclosure_release) struct vl_disclosure got = VL_DISCLOSURE_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);
    struct vl_why why = {""};

    (void)state;
    showing_make(&showing);
    showing.draft.fields[VL_FIELD_SUBJECT] = showing.draft.fields[VL_FIELD_TO] = true;
    showing.parts[0] = 1;
    showing.draft.part_count = 1;
    showing.draft.evidence = VL_LITERAL("evidence");
    wire = shown(&showing);
    assert_err(vl_disclosure_parse(vl_buf_bytes(&wire), &got, &why), VL_OK, &why);
    check_core_is_that(&got, &showing);
    assert_true(got.has_number);
    assert_memory_equal(got.number, showing.draft.number, VL_HASH_LEN);
    for (unsigned i = 0; i < VL_FIELD_COUNT; i++)
        assert_int_equal(got.shown[i], i == VL_FIELD_SUBJECT || i == VL_FIELD_TO);
    assert_bytes(got.fields.subject, VL_LITERAL("About the well"));
    assert_int_equal(got.fields.to_count, 3);
    assert_false(got.fields.has_date || got.fields.has_expires || got.fields.has_in_reply_to);
    assert_int_equal(got.part_count, 1);
    assert_int_equal(got.part_indexes[0], 1);
    assert_bytes(got.parts[0].name, showing.manifest.parts[1].name);
    assert_memory_equal(got.parts[0].sha256, showing.manifest.parts[1].sha256, VL_HASH_LEN);
    assert_false(got.has_file_key);
    assert_bytes(got.evidence, VL_LITERAL("evidence"));
}

static void all_of_it_with_the_file_key(void **state)
{
    VL_AUTO(showing_release) struct showing showing = {.manifest = VL_MANIFEST_INIT};
    VL_AUTO(vl_disclosure_release) struct vl_disclosure got = VL_DISCLOSURE_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);
    struct vl_why why = {""};

    (void)state;
    showing_make(&showing);
    memset(showing.draft.fields, true, sizeof showing.draft.fields);
    showing.parts[1] = 1;
    showing.draft.part_count = 2;
    showing.draft.file_key = &showing.key;
    wire = shown(&showing);
    assert_err(vl_disclosure_parse(vl_buf_bytes(&wire), &got, &why), VL_OK, &why);
    assert_true(got.has_file_key && vl_secret_eq(&got.file_key, &showing.key));
    assert_int_equal(got.part_count, 2);
    assert_int_equal(got.fields.date_s, showing.manifest.date_s);
    assert_int_equal(got.evidence.len, 0);
}

static void nothing_may_be_shown_but_that_it_was_signed(void **state)
{
    VL_AUTO(showing_release) struct showing showing = {.manifest = VL_MANIFEST_INIT};
    VL_AUTO(vl_disclosure_release) struct vl_disclosure got = VL_DISCLOSURE_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);
    struct vl_why why = {""};

    (void)state;
    showing_make(&showing);
    showing.draft.has_number = false;
    wire = shown(&showing);
    assert_err(vl_disclosure_parse(vl_buf_bytes(&wire), &got, &why), VL_OK, &why);
    check_core_is_that(&got, &showing);
    assert_false(got.has_number);
    assert_int_equal(got.part_count, 0);
}

static bool holds(const struct vl_buf *buf, vl_bytes bytes)
{
    return memmem(buf->data, buf->len, bytes.ptr, bytes.len) != NULL;
}

/* Everything of the letter that a disclosure of its first part may not hold. */
static void check_rest_is_closed(const struct showing *showing, const struct vl_buf *wire)
{
    const struct vl_manifest *manifest = &showing->manifest;
    const struct vl_manifest_part *other = &manifest->parts[1];

    assert_false(holds(wire, manifest->subject));
    assert_false(holds(wire, VL_LITERAL("subject")));
    assert_false(holds(wire, VL_LITERAL("in-reply-to")));
    assert_false(holds(wire, VL_ARRAY(manifest->in_reply_to)));
    assert_false(holds(wire, VL_LITERAL("x25519")));
    for (size_t i = 0; i < 2; i++) {
        assert_false(holds(wire, VL_ARRAY(manifest->to[i].office.at)));
        assert_false(holds(wire, manifest->to[i].key));
        assert_false(holds(wire, VL_ARRAY(manifest->openings[i])));
    }
    for (unsigned i = 0; i < VL_FIELD_COUNT; i++)
        assert_false(holds(wire, VL_ARRAY(manifest->field_salts[i])));
    /* date, expires, expect-by as CBOR */
    assert_false(holds(wire, VL_LITERAL("\x64"
                                        "date")));
    assert_false(holds(wire, VL_LITERAL("\x1a\x71\x3f\xb3\x00")));
    assert_false(holds(wire, other->name));
    assert_false(holds(wire, VL_ARRAY(other->sha256)));
    assert_false(holds(wire, VL_ARRAY(manifest->part_salts[1])));
    assert_true(holds(wire, manifest->parts[0].name));
    assert_true(holds(wire, VL_ARRAY(manifest->part_salts[0])));
}

static void attack_12_one_part_shows_nothing_of_the_rest(void **state)
{
    VL_AUTO(showing_release) struct showing showing = {.manifest = VL_MANIFEST_INIT};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);

    (void)state;
    showing_make(&showing);
    showing.draft.part_count = 1;
    wire = shown(&showing);
    check_rest_is_closed(&showing, &wire);
}

static void attack_12_one_field_shows_nothing_of_the_rest(void **state)
{
    (void)state;
    for (unsigned field = 0; field < VL_FIELD_COUNT; field++) {
        VL_AUTO(showing_release) struct showing one = {.manifest = VL_MANIFEST_INIT};
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);

        showing_make(&one);
        one.draft.fields[field] = true;
        out = shown(&one);
        for (unsigned other = 0; other < VL_FIELD_COUNT; other++)
            assert_int_equal(holds(&out, VL_ARRAY(one.manifest.field_salts[other])),
                             other == field);
        assert_int_equal(holds(&out, one.manifest.subject), field == VL_FIELD_SUBJECT);
        assert_false(holds(&out, one.manifest.parts[0].name));
        assert_false(holds(&out, VL_ARRAY(one.manifest.part_salts[0])));
    }
}

/* Two letters, one that says everything and one that says nothing: their cores have one length and
 * differ in nothing but digests. */
static void attack_12_what_a_letter_has_not_is_not_seen(void **state)
{
    struct a_draft full, empty;
    struct vl_manifest_reader readers[1];
    VL_AUTO(vl_buf_release) struct vl_buf full_wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf empty_wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    VL_AUTO(vl_manifest_release) struct vl_manifest a = VL_MANIFEST_INIT, b = VL_MANIFEST_INIT;
    struct vl_core_digests digests;
    struct vl_why why = {""};
    vl_bytes x, y;
    size_t digests_at;

    (void)state;
    draft_sealed(&full);
    draft_sealed(&empty);
    readers[0] = empty.readers[0];
    empty.manifest.to = readers;
    empty.manifest.to_count = empty.manifest.opening_count = 1;
    empty.manifest.has_subject = empty.manifest.has_date = empty.manifest.has_in_reply_to = false;
    empty.manifest.has_expires = empty.manifest.has_expect_by = false;
    full_wire = written(&full);
    empty_wire = written(&empty);
    assert_err(vl_manifest_parse(vl_buf_bytes(&full_wire), &a, &why), VL_OK, &why);
    assert_err(vl_manifest_parse(vl_buf_bytes(&empty_wire), &b, &why), VL_OK, &why);
    x = vl_object_payload(&a.core);
    y = vl_object_payload(&b.core);
    assert_int_equal(x.len, y.len);
    assert_err(vl_core_read(&a.core, &a, &digests, &why), VL_OK, &why);
    digests_at = (size_t)(digests.fields - x.ptr);
    assert_memory_equal(x.ptr, y.ptr, digests_at);
    for (unsigned i = 0; i < VL_FIELD_COUNT; i++) {
        size_t at = digests_at + i * digests.stride;

        assert_memory_not_equal(x.ptr + at, y.ptr + at, VL_HASH_LEN);
        assert_memory_equal(x.ptr + at - 2, y.ptr + at - 2, 2);
    }
}

/* The same value under another salt is another digest, so nobody finds values by trying them. */
static void attack_12_without_the_salt_a_value_cannot_be_tried(void **state)
{
    struct a_draft one, other;
    VL_AUTO(vl_buf_release) struct vl_buf a = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf b = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    uint8_t digests[2][VL_HASH_LEN];
    struct vl_cbor_out w;

    (void)state;
    draft_sealed(&one);
    draft_sealed(&other);
    other.manifest.field_salts[VL_FIELD_SUBJECT][31] ^= 1;
    w = vl_cbor_to(&a);
    vl_opening_put_field(&w, &one.manifest, VL_FIELD_SUBJECT);
    vl_opening_digest(vl_buf_bytes(&a), digests[0]);
    w = vl_cbor_to(&b);
    vl_opening_put_field(&w, &other.manifest, VL_FIELD_SUBJECT);
    vl_opening_digest(vl_buf_bytes(&b), digests[1]);
    assert_memory_not_equal(digests[0], digests[1], VL_HASH_LEN);
}

/* The digest as PROTOCOL writes it, made here by hand. */
static void a_digest_is_that_of_the_protocol(void **state)
{
    struct a_draft draft;
    VL_AUTO(vl_buf_release) struct vl_buf by_hand = VL_BUF_INIT(1024);
    VL_AUTO(vl_buf_release) struct vl_buf opening = VL_BUF_INIT(1024);
    struct vl_cbor_out w = vl_cbor_to(&by_hand);
    uint8_t wanted[VL_HASH_LEN], got[VL_HASH_LEN];

    (void)state;
    draft_sealed(&draft);
    vl_cbor_put_array(&w, 3);
    vl_cbor_put_text(&w, VL_LITERAL("valise/field/v1"));
    vl_cbor_put_bytes(&w, VL_ARRAY(draft.manifest.field_salts[VL_FIELD_SUBJECT]));
    vl_cbor_put_array(&w, 2);
    vl_cbor_put_text(&w, VL_LITERAL("subject"));
    vl_cbor_put_text(&w, VL_LITERAL("About the well"));
    vl_sha256(vl_buf_bytes(&by_hand), wanted);
    w = vl_cbor_to(&opening);
    vl_opening_put_field(&w, &draft.manifest, VL_FIELD_SUBJECT);
    vl_opening_digest(vl_buf_bytes(&opening), got);
    assert_memory_equal(got, wanted, VL_HASH_LEN);
}

/* A disclosure whose items are given as they stand; NULL: as in a good one that shows subject and
 * first part. */
static struct vl_buf made_of(const struct showing *showing, const char *word, vl_bytes number,
                             vl_bytes fields, vl_bytes parts, vl_bytes key, vl_bytes evidence)
{
    struct vl_buf out = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&out);

    vl_cbor_put_array(&w, 7);
    vl_cbor_put_text(&w, vl_bytes_str(word));
    vl_cbor_put_item(&w, number);
    assert_int_equal(vl_object_write(&showing->manifest.core, &out), VL_OK);
    vl_cbor_put_item(&w, fields);
    vl_cbor_put_item(&w, parts);
    vl_cbor_put_item(&w, key);
    vl_cbor_put_item(&w, evidence);
    assert_int_equal(w.err, VL_OK);
    return out;
}

static struct vl_buf subject_opening(const struct showing *showing)
{
    struct vl_buf out = VL_BUF_INIT(4096);
    struct vl_cbor_out w = vl_cbor_to(&out);

    vl_opening_put_field(&w, &showing->manifest, VL_FIELD_SUBJECT);
    assert_int_equal(w.err, VL_OK);
    return out;
}

/* [[index, opening]] or two of them */
static struct vl_buf pairs(vl_bytes index_a, vl_bytes index_b, vl_bytes opening)
{
    struct vl_buf out = VL_BUF_INIT(8192);
    struct vl_cbor_out w = vl_cbor_to(&out);

    vl_cbor_put_array(&w, index_b.len ? 2 : 1);
    vl_cbor_put_array(&w, 2);
    vl_cbor_put_item(&w, index_a);
    vl_cbor_put_item(&w, opening);
    if (index_b.len) {
        vl_cbor_put_array(&w, 2);
        vl_cbor_put_item(&w, index_b);
        vl_cbor_put_item(&w, opening);
    }
    assert_int_equal(w.err, VL_OK);
    return out;
}

#define NONE VL_LITERAL("\x80")
#define NIL  VL_LITERAL("\xf6")
#define KEY_16                                                                                     \
    VL_LITERAL("\x50"                                                                              \
               "sixteen bytes 16")

static void check_refused(const struct vl_buf *wire, enum vl_err err, const char *words)
{
    VL_AUTO(vl_disclosure_release) struct vl_disclosure got = VL_DISCLOSURE_INIT;
    struct vl_why why = {""};
    enum vl_err told = vl_disclosure_parse(vl_buf_bytes(wire), &got, &why);

    if (told != err || strcmp(why.text + (told ? strlen("disclosure: ") : 0), words) != 0)
        fail_msg("wanted %s (%s), got %s (%s)", vl_err_name(err), words, vl_err_name(told),
                 why.text);
    assert_true(!told || (got.wire.data == NULL && got.core.count == 0));
}

static void anything_else_is_refused(void **state)
{
    VL_AUTO(showing_release) struct showing showing = {.manifest = VL_MANIFEST_INIT};
    VL_AUTO(vl_buf_release) struct vl_buf number = VL_BUF_INIT(64);
    VL_AUTO(vl_buf_release) struct vl_buf opening = VL_BUF_INIT(64);
    struct vl_cbor_out w = vl_cbor_to(&number);
    vl_bytes n;

    (void)state;
    showing_make(&showing);
    opening = subject_opening(&showing);
    vl_cbor_put_bytes(&w, VL_ARRAY(showing.draft.number));
    n = vl_buf_bytes(&number);
#define REFUSED(err, words, ...)                                                                   \
    do {                                                                                           \
        VL_AUTO(vl_buf_release) struct vl_buf wire = made_of(&showing, __VA_ARGS__);               \
        check_refused(&wire, (err), (words));                                                      \
    } while (0)
#define PAIRS_REFUSED(err, words, a, b)                                                            \
    do {                                                                                           \
        VL_AUTO(vl_buf_release) struct vl_buf list = pairs((a), (b), vl_buf_bytes(&opening));      \
        REFUSED((err), (words), V1, n, vl_buf_bytes(&list), NONE, NIL, NIL);                       \
    } while (0)
#define V1 "valise/disclosure/v1"
    REFUSED(VL_OK, "", V1, n, NONE, NONE, NIL, NIL);
    REFUSED(VL_OK, "", V1, n, NONE, NONE, KEY_16, NIL);
    REFUSED(VL_ERR_UNSUPPORTED, "array: byte 22: not a disclosure of version 1",
            "valise/disclosure/v2", n, NONE, NONE, NIL, NIL);
    REFUSED(VL_ERR_LIMIT, "array: byte 22: a string whose length is outside its limits", V1,
            VL_LITERAL("\x41x"), NONE, NONE, NIL, NIL);
    REFUSED(VL_ERR_FORMAT, "array: byte 715: a file key that is not of a sealed letter's number",
            V1, NIL, NONE, NONE, KEY_16, NIL);
    REFUSED(VL_ERR_LIMIT, "array: byte 731: a string whose length is outside its limits", V1, n,
            NONE, NONE, VL_LITERAL("\x41x"), NIL);
    REFUSED(VL_ERR_LIMIT, "array: byte 732: a string whose length is outside its limits", V1, n,
            NONE, NONE, NIL, VL_LITERAL("\x40"));
    REFUSED(VL_ERR_FORMAT, "array: byte 733: bytes left over", V1, n, NONE, NONE, NIL,
            VL_LITERAL("\xf6\xf6"));
    PAIRS_REFUSED(VL_OK, "", VL_LITERAL("\1"), VL_BYTES_NONE);
    PAIRS_REFUSED(VL_ERR_FORMAT, "date: byte 44: the opening of something else", VL_LITERAL("\2"),
                  VL_BYTES_NONE);
    PAIRS_REFUSED(VL_ERR_FORMAT,
                  "openings of fields: byte 732: indexes that do not ascend, or of nothing",
                  VL_LITERAL("\6"), VL_BYTES_NONE);
    PAIRS_REFUSED(VL_ERR_FORMAT,
                  "openings of fields: byte 793: indexes that do not ascend, or of nothing",
                  VL_LITERAL("\1"), VL_LITERAL("\1"));
    PAIRS_REFUSED(VL_ERR_FORMAT,
                  "openings of fields: byte 793: indexes that do not ascend, or of nothing",
                  VL_LITERAL("\1"), VL_LITERAL("\0"));
}

/* Another sharing-out of the same bytes between salt and field would be a second opening of one
 * digest; but salts have one length, and the digest is over heads as well. */
static void attack_12_one_digest_has_one_opening(void **state)
{
    VL_AUTO(showing_release) struct showing showing = {.manifest = VL_MANIFEST_INIT};
    VL_AUTO(vl_buf_release) struct vl_buf opening = VL_BUF_INIT(64);
    static const size_t lengths[] = {0, 16, 31, 33, 64};

    (void)state;
    showing_make(&showing);
    opening = subject_opening(&showing);
    for (size_t i = 0; i < COUNT(lengths); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf other = VL_BUF_INIT(4096);
        VL_AUTO(vl_buf_release) struct vl_buf list = VL_BUF_INIT(4096);
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);
        VL_AUTO(vl_disclosure_release) struct vl_disclosure got = VL_DISCLOSURE_INIT;
        struct vl_cbor_out w = vl_cbor_to(&other);
        uint8_t salt[64] = {0};
        struct vl_why why = {""};

        vl_cbor_put_array(&w, 2);
        vl_cbor_put_bytes(&w, vl_bytes_of(salt, lengths[i]));
        vl_cbor_put_item(&w, vl_bytes_after(vl_buf_bytes(&opening), 1 + 2 + 32));
        list = pairs(VL_LITERAL("\1"), VL_BYTES_NONE, vl_buf_bytes(&other));
        wire = made_of(&showing, V1, NIL, vl_buf_bytes(&list), NONE, NIL, NIL);
        assert_err(vl_disclosure_parse(vl_buf_bytes(&wire), &got, &why), VL_ERR_LIMIT, &why);
        assert_string_equal(why.text, "disclosure: subject: byte 1: a string whose length is "
                                      "outside its limits");
    }
}

/* A value that was not signed, with all else as it was. */
static void attack_12_another_value_for_a_digest(void **state)
{
    VL_AUTO(showing_release) struct showing showing = {.manifest = VL_MANIFEST_INIT};
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);
    struct vl_why why = {""};

    (void)state;
    showing_make(&showing);
    showing.manifest.subject = VL_LITERAL("About the weld");
    showing.draft.fields[VL_FIELD_SUBJECT] = true;
    assert_err(vl_disclosure_write(&showing.draft, &out, &why), VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, "disclosure: subject: not what was signed");
    showing.draft.fields[VL_FIELD_SUBJECT] = false;
    showing.manifest.parts[0].size++;
    showing.draft.part_count = 1;
    assert_err(vl_disclosure_write(&showing.draft, &out, &why), VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, "disclosure: part 1: not what was signed");
    showing.manifest.parts[0].size--;
    /* A part under another's index. */
    showing.manifest.parts[0] = showing.manifest.parts[1];
    memcpy(showing.manifest.part_salts[0], showing.manifest.part_salts[1], VL_MANIFEST_SALT);
    assert_err(vl_disclosure_write(&showing.draft, &out, &why), VL_ERR_UNVERIFIED, &why);
    assert_int_equal(out.len, 0);
}

static void indexes_of_parts_that_are_not_there_are_refused(void **state)
{
    VL_AUTO(showing_release) struct showing showing = {.manifest = VL_MANIFEST_INIT};
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);
    struct vl_why why = {""};

    (void)state;
    showing_make(&showing);
    showing.draft.part_count = 1;
    showing.parts[0] = 2;
    assert_err(vl_disclosure_write(&showing.draft, &out, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "disclosure: part 3 of 2");
    showing.draft.part_count = 2;
    showing.parts[0] = 1;
    showing.parts[1] = 0;
    assert_err(vl_disclosure_write(&showing.draft, &out, &why), VL_ERR_FORMAT, &why);
    assert_non_null(strstr(why.text, "indexes that do not ascend"));
}

static void cut_or_changed_anywhere_it_is_refused(void **state)
{
    VL_AUTO(showing_release) struct showing showing = {.manifest = VL_MANIFEST_INIT};
    VL_AUTO(vl_disclosure_release) struct vl_disclosure got = VL_DISCLOSURE_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);
    struct vl_why why = {""};
    struct vl_cbor r;
    size_t openings;

    (void)state;
    showing_make(&showing);
    showing.draft.has_number = false;
    showing.draft.fields[VL_FIELD_TO] = showing.draft.fields[VL_FIELD_DATE] = true;
    showing.draft.part_count = 1;
    wire = shown(&showing);
    for (size_t len = 0; len < wire.len; len++)
        assert_err(vl_disclosure_parse(vl_bytes_of(wire.data, len), &got, &why), VL_ERR_FORMAT,
                   &why);
    r = vl_cbor_open(vl_buf_bytes(&wire), VL_CBOR_STRICT);
    (void)vl_cbor_array(&r, 7, 7);
    for (unsigned i = 0; i < 3; i++)
        (void)vl_cbor_item(&r);
    openings = (size_t)(r.at - r.start);
    for (size_t at = openings; at < wire.len; at++) {
        wire.data[at] ^= 0x10;
        assert_int_not_equal(vl_disclosure_parse(vl_buf_bytes(&wire), &got, &why), VL_OK);
        wire.data[at] ^= 0x10;
    }
}

static void over_its_limit_it_is_not_looked_at(void **state)
{
    VL_AUTO(vl_disclosure_release) struct vl_disclosure got = VL_DISCLOSURE_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(2 * VL_DISCLOSURE_MAX_LEN);
    struct vl_why why = {""};
    uint8_t *at;

    (void)state;
    assert_int_equal(vl_buf_add(&wire, VL_DISCLOSURE_MAX_LEN + 1, &at), VL_OK);
    assert_err(vl_disclosure_parse(vl_buf_bytes(&wire), &got, &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "disclosure: 16777217 bytes, more than 16777216");
}

static enum vl_err parse_once(void *self, struct vl_why *why)
{
    const struct vl_buf *wire = self;
    VL_AUTO(vl_disclosure_release) struct vl_disclosure got = VL_DISCLOSURE_INIT;

    return vl_disclosure_parse(vl_buf_bytes(wire), &got, why);
}

static enum vl_err write_once(void *self, struct vl_why *why)
{
    const struct showing *showing = self;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);
    enum vl_err err = vl_disclosure_write(&showing->draft, &out, why);

    assert_true(!err || out.len == 0);
    return err;
}

static void each_allocation_that_fails_is_told(void **state)
{
    VL_AUTO(showing_release) struct showing showing = {.manifest = VL_MANIFEST_INIT};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);

    (void)state;
    showing_make(&showing);
    memset(showing.draft.fields, true, sizeof showing.draft.fields);
    showing.draft.part_count = 1;
    wire = shown(&showing);
    assert_true(each_allocation_fails(parse_once, &wire) > 6);
    assert_true(each_allocation_fails(write_once, &showing) > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_chosen_is_shown),
        cmocka_unit_test(all_of_it_with_the_file_key),
        cmocka_unit_test(nothing_may_be_shown_but_that_it_was_signed),
        cmocka_unit_test(attack_12_one_part_shows_nothing_of_the_rest),
        cmocka_unit_test(attack_12_one_field_shows_nothing_of_the_rest),
        cmocka_unit_test(attack_12_what_a_letter_has_not_is_not_seen),
        cmocka_unit_test(attack_12_without_the_salt_a_value_cannot_be_tried),
        cmocka_unit_test(attack_12_one_digest_has_one_opening),
        cmocka_unit_test(attack_12_another_value_for_a_digest),
        cmocka_unit_test(a_digest_is_that_of_the_protocol),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(indexes_of_parts_that_are_not_there_are_refused),
        cmocka_unit_test(cut_or_changed_anywhere_it_is_refused),
        cmocka_unit_test(over_its_limit_it_is_not_looked_at),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
