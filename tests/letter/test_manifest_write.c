/* SPDX-License-Identifier: Apache-2.0 */
/* letter/manifest.h: writing: what is signed comes back as it was, and what would be refused is not
 * written. */
#include "manifests.h"

#include "base/alloc.h"
#include "base/name.h"
#include "letter/pax.h"

static void check_fields_are_those(const struct vl_manifest *got, const struct vl_manifest *wanted)
{
    assert_int_equal(got->has_subject, wanted->has_subject);
    assert_bytes(got->subject, wanted->has_subject ? wanted->subject : VL_BYTES_NONE);
    assert_int_equal(got->has_date, wanted->has_date);
    assert_true(got->date_s == (wanted->has_date ? wanted->date_s : 0));
    assert_int_equal(got->has_in_reply_to, wanted->has_in_reply_to);
    if (wanted->has_in_reply_to)
        assert_memory_equal(got->in_reply_to, wanted->in_reply_to, VL_HASH_LEN);
    assert_int_equal(got->has_expires, wanted->has_expires);
    assert_true(got->expires_s == (wanted->has_expires ? wanted->expires_s : 0));
    assert_int_equal(got->has_expect_by, wanted->has_expect_by);
    assert_true(got->expect_by_s == (wanted->has_expect_by ? wanted->expect_by_s : 0));
    assert_memory_equal(got->field_salts, wanted->field_salts, sizeof got->field_salts);
}

static void check_lists_are_those(const struct vl_manifest *got, const struct vl_manifest *wanted)
{
    assert_int_equal(got->to_count, wanted->to_count);
    for (size_t i = 0; i < got->to_count; i++) {
        assert_true(vl_office_id_eq(&got->to[i].office, &wanted->to[i].office));
        assert_int_equal(got->to[i].is_own_copy, wanted->to[i].is_own_copy);
        assert_bytes(got->to[i].kind, wanted->to[i].kind);
        assert_bytes(got->to[i].key, wanted->to[i].key);
    }
    assert_int_equal(got->part_count, wanted->part_count);
    for (size_t i = 0; i < got->part_count; i++) {
        assert_bytes(got->parts[i].name, wanted->parts[i].name);
        assert_bytes(got->parts[i].type, wanted->parts[i].type);
        assert_bytes(got->parts[i].lang, wanted->parts[i].lang);
        assert_true(got->parts[i].size == wanted->parts[i].size);
        assert_memory_equal(got->parts[i].sha256, wanted->parts[i].sha256, VL_HASH_LEN);
        assert_memory_equal(got->part_salts[i], wanted->part_salts[i], VL_MANIFEST_SALT);
    }
    assert_int_equal(got->opening_count, wanted->opening_count);
    if (got->opening_count > 0)
        assert_memory_equal(got->openings, wanted->openings, got->opening_count * VL_HASH_LEN);
}

static void check_round(const struct a_draft *draft)
{
    VL_AUTO(vl_manifest_release) struct vl_manifest got = VL_MANIFEST_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    const struct vl_manifest *wanted = &draft->manifest;
    struct vl_why why = {""};
    uint8_t core_id[VL_HASH_LEN];
    size_t len;

    assert_int_equal(vl_buf_put(&wire, VL_LITERAL("before")), VL_OK);
    assert_err(vl_manifest_write(&draft->from.signer, wanted, &wire, core_id, &why), VL_OK, &why);
    assert_err(vl_manifest_len(&draft->from.signer, wanted, &len, &why), VL_OK, &why);
    assert_int_equal(len, wire.len - 6);
    assert_err(vl_manifest_parse(vl_bytes_after(vl_buf_bytes(&wire), 6), &got, &why), VL_OK, &why);
    assert_bytes(vl_buf_bytes(&got.wire), vl_bytes_after(vl_buf_bytes(&wire), 6));
    assert_memory_equal(got.core_id, core_id, VL_HASH_LEN);
    assert_true(vl_office_id_eq(&got.core.issuer, &draft->from.id));
    assert_memory_equal(got.act.card_id, draft->from.signer.card_id, VL_HASH_LEN);
    assert_int_equal(got.act.capacity, wanted->act.capacity);
    assert_int_equal(got.act.manual, wanted->act.manual);
    assert_int_equal(got.mode, wanted->mode);
    assert_memory_equal(got.letter_id, wanted->letter_id, VL_LETTER_ID_LEN);
    assert_int_equal(got.sealing, wanted->sealing);
    assert_int_equal(got.sealing_of, wanted->sealing_of);
    assert_int_equal(got.padded, wanted->padded);
    assert_int_equal(got.has_sealing_commitment, wanted->has_sealing_commitment);
    if (got.has_sealing_commitment)
        assert_memory_equal(got.sealing_commitment, wanted->sealing_commitment, VL_HASH_LEN);
    check_fields_are_those(&got, wanted);
    check_lists_are_those(&got, wanted);
}

static void what_was_written_is_read(void **state)
{
    struct a_draft draft;

    (void)state;
    draft_sealed(&draft);
    check_round(&draft);
    assert_int_equal(vl_manifest_addressees(&draft.manifest), 2);
    draft_open(&draft);
    check_round(&draft);
    draft.manifest.to_count = draft.manifest.part_count = 0;
    check_round(&draft);
    draft_sealed(&draft);
    draft.manifest.part_count = 0;
    draft.manifest.date_s = -62167219200;
    draft.manifest.expires_s = 253402300799;
    draft.from.signer.has_iat = false;
    check_round(&draft);
}

static void its_length_does_not_depend_on_what_is_not_known_before(void **state)
{
    struct a_draft draft;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 5);
    size_t wanted, len;
    struct vl_why why = {""};

    (void)state;
    draft_sealed(&draft);
    wire = written(&draft);
    wanted = wire.len;
    for (unsigned i = 0; i < 40; i++) {
        struct vl_manifest *manifest = &draft.manifest;
        VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);

        memset(manifest->sealing_commitment, i % 2 ? 0xff : 0, VL_HASH_LEN);
        memset(draft.parts[0].sha256, i % 3 ? 0xff : 0, VL_HASH_LEN);
        memset(manifest->field_salts, i % 5 ? 0xff : 0, sizeof manifest->field_salts);
        assert_int_equal(vl_rng_fill(&rng, draft.part_salts[0], sizeof draft.part_salts), VL_OK);
        assert_int_equal(vl_rng_fill(&rng, draft.openings[0], sizeof draft.openings), VL_OK);
        assert_err(vl_manifest_len(&draft.from.signer, manifest, &len, &why), VL_OK, &why);
        assert_int_equal(len, wanted);
        again = written(&draft);
        assert_int_equal(again.len, wanted);
    }
}

static void several_keys_sign_the_same(void **state)
{
    struct a_draft draft;
    struct vl_secret seeds[2];
    VL_AUTO(vl_manifest_release) struct vl_manifest got = VL_MANIFEST_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    struct vl_why why = {""};
    size_t len;

    (void)state;
    draft_sealed(&draft);
    seeds[0] = draft.from.seed;
    seeds[1] = draft.to[0].seed;
    draft.from.signer.seeds = seeds;
    draft.from.signer.seed_count = 2;
    wire = written(&draft);
    assert_err(vl_manifest_len(&draft.from.signer, &draft.manifest, &len, &why), VL_OK, &why);
    assert_int_equal(len, wire.len);
    assert_err(vl_manifest_parse(vl_buf_bytes(&wire), &got, &why), VL_OK, &why);
    assert_int_equal(got.core.count, 2);
}

/* Ways to spoil a draft. */
static void to_nobody(struct a_draft *draft)
{
    draft->manifest.to_count = 0;
    draft->manifest.opening_count = 0;
}
static void to_oneself_only(struct a_draft *draft)
{
    draft->readers[0] = draft->readers[2];
    draft->manifest.to_count = 1;
    draft->manifest.opening_count = 0;
}
static void to_one_office_twice(struct a_draft *draft)
{
    draft->readers[1].office = draft->readers[0].office;
}
static void to_one_key_twice(struct a_draft *draft)
{
    draft->readers[1].key = draft->readers[0].key;
}
static void copy_to_the_addressees_key(struct a_draft *draft)
{
    draft->readers[2].key = draft->readers[0].key;
}
static void copy_of_another(struct a_draft *draft)
{
    draft->readers[2].office = draft->to[2].id;
}
static void copy_first(struct a_draft *draft)
{
    struct vl_manifest_reader copy = draft->readers[2];

    draft->readers[2] = draft->readers[1];
    draft->readers[1] = copy;
}
static void no_key(struct a_draft *draft)
{
    draft->readers[0].key = VL_BYTES_NONE;
}
static void no_kind(struct a_draft *draft)
{
    draft->readers[0].kind = VL_BYTES_NONE;
}
static void short_key(struct a_draft *draft)
{
    draft->readers[0].key.len = 31;
}
static void long_kind(struct a_draft *draft)
{
    draft->readers[0].kind = VL_LITERAL("a-kind-of-key-with-too-long-a-nam");
}
static void too_many_readers(struct a_draft *draft)
{
    draft->manifest.to_count = VL_MANIFEST_MAX_READERS + 1;
    draft->manifest.to = vl_new((VL_MANIFEST_MAX_READERS + 1) * sizeof *draft->manifest.to);
}
static void one_opening_too_few(struct a_draft *draft)
{
    draft->manifest.opening_count = 1;
}
static void one_opening_too_many(struct a_draft *draft)
{
    draft->manifest.opening_count = 3;
}
static void equal_openings(struct a_draft *draft)
{
    memcpy(draft->openings[1], draft->openings[0], VL_HASH_LEN);
}
static void no_commitment(struct a_draft *draft)
{
    draft->manifest.has_sealing_commitment = false;
}
static void open_with_commitment(struct a_draft *draft)
{
    draft_open(draft);
    draft->manifest.has_sealing_commitment = true;
}
static void open_and_padded(struct a_draft *draft)
{
    draft_open(draft);
    draft->manifest.padded = true;
}
static void open_with_a_key(struct a_draft *draft)
{
    draft_open(draft);
    draft->readers[0].kind = VL_LITERAL("x25519");
    draft->readers[0].key = x25519_of(&draft->to[0]);
}
static void open_with_a_copy(struct a_draft *draft)
{
    draft_open(draft);
    draft->readers[0].office = draft->from.id;
    draft->readers[0].is_own_copy = true;
}
static void open_with_an_opening(struct a_draft *draft)
{
    draft_open(draft);
    draft->manifest.opening_count = 1;
}
static void mode_3(struct a_draft *draft)
{
    draft->manifest.mode = 3;
    draft->manifest.has_sealing_commitment = false;
}
static void sealing_0(struct a_draft *draft)
{
    draft->manifest.sealing = 0;
}
static void sealing_3_of_2(struct a_draft *draft)
{
    draft->manifest.sealing = 3;
}
static void sealing_of_1025(struct a_draft *draft)
{
    draft->manifest.sealing_of = VL_MANIFEST_MAX_SEALINGS + 1;
}
static void empty_subject(struct a_draft *draft)
{
    draft->manifest.subject = VL_BYTES_NONE;
}
static void long_subject(struct a_draft *draft)
{
    static const uint8_t zeroes[VL_MANIFEST_MAX_SUBJECT + 1];

    draft->manifest.subject = VL_ARRAY(zeroes);
}
static void subject_not_utf8(struct a_draft *draft)
{
    draft->manifest.subject = VL_LITERAL("\xff");
}
static void date_too_early(struct a_draft *draft)
{
    draft->manifest.date_s = -62167219201;
}
static void expires_too_late(struct a_draft *draft)
{
    draft->manifest.expires_s = 253402300800;
}
static void expect_by_too_late(struct a_draft *draft)
{
    draft->manifest.expect_by_s = 253402300800;
}
static void part_without_name(struct a_draft *draft)
{
    draft->parts[0].name = VL_BYTES_NONE;
}
static void part_in_a_folder(struct a_draft *draft)
{
    draft->parts[1].name = VL_LITERAL("etc/passwd");
}
static void part_like_ours(struct a_draft *draft)
{
    draft->parts[1].name = VL_LITERAL("Valise.Manifest");
}
static void parts_of_one_name(struct a_draft *draft)
{
    draft->parts[1].name = draft->parts[0].name;
}
static void parts_of_one_name_but_for_case(struct a_draft *draft)
{
    draft->parts[1].name = VL_LITERAL("Letter.TXT");
}
static void long_type(struct a_draft *draft)
{
    static char type[VL_MANIFEST_MAX_TYPE + 1];

    memset(type, '/', sizeof type);
    draft->parts[0].type = vl_bytes_of(type, sizeof type);
}
static void type_without_slash(struct a_draft *draft)
{
    draft->parts[0].type = VL_LITERAL("text");
}
static void type_with_umlaut(struct a_draft *draft)
{
    draft->parts[0].type = VL_LITERAL("t\xc3\xa4xt/plain");
}
static void type_with_a_line_end(struct a_draft *draft)
{
    draft->parts[0].type = VL_LITERAL("text/plain\n");
}
static void lang_with_a_space(struct a_draft *draft)
{
    draft->parts[0].lang = VL_LITERAL("de CH");
}
static void too_large_a_part(struct a_draft *draft)
{
    draft->parts[0].size = VL_PAX_SIZE_MAX + 1;
}
static void too_many_parts(struct a_draft *draft)
{
    draft->manifest.part_count = VL_MANIFEST_MAX_PARTS + 1;
}
static void too_many_openings(struct a_draft *draft)
{
    draft->manifest.opening_count = VL_MANIFEST_MAX_ADDRESSEES + 1;
}
static void no_capacity(struct a_draft *draft)
{
    draft->manifest.act.capacity = VL_CAPACITY_NONE;
}
static void nobody_signs(struct a_draft *draft)
{
    draft->from.signer.seed_count = 0;
}

/* clang-format off */
static const struct spoiled {
    const char *name;
    void (*spoil)(struct a_draft *draft);
    enum vl_err err;
    const char *words; /* behind "manifest: " */
} spoiled[] = {
    {"to nobody",               to_nobody, VL_ERR_FORMAT, "a sealed letter to nobody"},
    {"to oneself only",         to_oneself_only, VL_ERR_FORMAT, "a sealed letter to nobody"},
    {"to one office twice",     to_one_office_twice, VL_ERR_FORMAT, "reader 2: the same office as reader 1"},
    {"to one key twice",        to_one_key_twice, VL_ERR_FORMAT, "reader 2: the same key as reader 1"},
    {"copy to another's key",   copy_to_the_addressees_key, VL_ERR_FORMAT, "reader 3: the same key as reader 1"},
    {"copy of another",         copy_of_another, VL_ERR_FORMAT, "reader 3: an own copy that is not the sender's"},
    {"copy before an addressee", copy_first, VL_ERR_FORMAT, "reader 3: an addressee behind an own copy"},
    {"no key",                  no_key, VL_ERR_FORMAT, "reader 1: no key in a sealed letter"},
    {"no kind of key",          no_kind, VL_ERR_FORMAT, "reader 1: no key in a sealed letter"},
    {"a short key",             short_key, VL_ERR_FORMAT, "reader 1: an X25519 key of 31 bytes"},
    {"a long kind",             long_kind, VL_ERR_LIMIT, "to: byte 76: a string whose length is outside its limits"},
    {"too many readers",        too_many_readers, VL_ERR_LIMIT, "to: byte 39: a number of items outside its limits"},
    {"one opening too few",     one_opening_too_few, VL_ERR_LIMIT, "opening values: byte 753: a number of items outside its limits"},
    {"one opening too many",    one_opening_too_many, VL_ERR_LIMIT, "opening values: byte 753: a number of items outside its limits"},
    {"equal openings",          equal_openings, VL_ERR_FORMAT, "addressees 1 and 2 have one opening value"},
    {"too many openings",       too_many_openings, VL_ERR_LIMIT, "over a limit"},
    {"sealed, not committed",   no_commitment, VL_ERR_FORMAT, "signed core: payload: byte 72: a sealed letter without its envelope"},
    {"open and committed",      open_with_commitment, VL_ERR_FORMAT, "signed core: payload: byte 105: an open letter that names an envelope"},
    {"open and padded",         open_and_padded, VL_ERR_FORMAT, "signed core: payload: byte 74: an open letter that is padded"},
    {"open with a key",         open_with_a_key, VL_ERR_FORMAT, "reader 1: a key in an open letter"},
    {"open with a copy",        open_with_a_copy, VL_ERR_FORMAT, "reader 1: an own copy of an open letter"},
    {"open with an opening",    open_with_an_opening, VL_ERR_LIMIT, "opening values: byte 412: a number of items outside its limits"},
    {"another mode",            mode_3, VL_ERR_UNSUPPORTED, "signed core: payload: byte 48: a mode that is not known here"},
    {"sealing 0",               sealing_0, VL_ERR_FORMAT, "signed core: payload: byte 70: a sealing that is not one of its number"},
    {"sealing 3 of 2",          sealing_3_of_2, VL_ERR_FORMAT, "signed core: payload: byte 70: a sealing that is not one of its number"},
    {"sealing 1 of 1025",       sealing_of_1025, VL_ERR_LIMIT, "signed core: payload: byte 69: an unsigned integer over its limit"},
    {"an empty subject",        empty_subject, VL_ERR_LIMIT, "subject: byte 44: a string whose length is outside its limits"},
    {"a long subject",          long_subject, VL_ERR_LIMIT, "subject: byte 44: a string whose length is outside its limits"},
    {"a subject not UTF-8",     subject_not_utf8, VL_ERR_FORMAT, "array: byte 990: a text that is not UTF-8"},
    {"a date before the year 0", date_too_early, VL_ERR_LIMIT, "date: byte 41: an integer outside its limits"},
    {"expires in the year 10000", expires_too_late, VL_ERR_LIMIT, "expires: byte 44: an integer outside its limits"},
    {"expected in the year 10000", expect_by_too_late, VL_ERR_LIMIT, "expect-by: byte 46: an integer outside its limits"},
    {"a part without a name",   part_without_name, VL_ERR_LIMIT, "part 1: opening: byte 41: a string whose length is outside its limits"},
    {"a part in a folder",      part_in_a_folder, VL_ERR_FORMAT, "part 2: a name with / in it"},
    {"a part called as ours",   part_like_ours, VL_ERR_FORMAT, "part 2: a name that begins with \"valise.\""},
    {"parts of one name",       parts_of_one_name, VL_ERR_FORMAT, "part 2: the same name as part 1"},
    {"parts alike but for case", parts_of_one_name_but_for_case, VL_ERR_FORMAT, "part 2: the same name as part 1"},
    {"a long type",             long_type, VL_ERR_LIMIT, "part 1: opening: byte 52: a string whose length is outside its limits"},
    {"a type without a slash",  type_without_slash, VL_ERR_FORMAT, "part 1: opening: byte 57: a media type without a slash"},
    {"a type not ASCII",        type_with_umlaut, VL_ERR_FORMAT, "part 1: opening: byte 64: a media type that is not ASCII"},
    {"a type with a line end",  type_with_a_line_end, VL_ERR_FORMAT, "part 1: opening: byte 64: a media type that is not ASCII"},
    {"a language with a space", lang_with_a_space, VL_ERR_FORMAT, "part 1: opening: byte 69: a language that is no language tag"},
    {"too large a part",        too_large_a_part, VL_ERR_LIMIT, "part 1: opening: byte 69: an unsigned integer over its limit"},
    {"too many parts",          too_many_parts, VL_ERR_LIMIT, "over a limit"},
    {"in no capacity",          no_capacity, VL_ERR_FORMAT, "signed core: payload: byte 40: no capacity"},
    {"nobody signs",            nobody_signs, VL_ERR_LIMIT, "object: array of signatures: byte 0: a number of items outside its limits"},
};
/* clang-format on */

static void what_nobody_would_read_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(spoiled); i++) {
        const struct spoiled *row = &spoiled[i];
        struct vl_why why = {""};
        struct a_draft draft;
        size_t len = 1;
        enum vl_err err;

        draft_sealed(&draft);
        row->spoil(&draft);
        err = vl_manifest_len(&draft.from.signer, &draft.manifest, &len, &why);
        if (err != row->err || strcmp(why.text + strlen("manifest: "), row->words) != 0)
            fail_msg("%s: %s (%s)", row->name, vl_err_name(err), why.text);
        assert_int_equal(len, 0);
        if (row->spoil == too_many_readers)
            vl_free(draft.manifest.to);
    }
}

/* The most that a letter can have, each as long as it may be. */
static void the_largest_manifest_is_written_and_read(void **state)
{
    static char names[VL_MANIFEST_MAX_PARTS][VL_PART_NAME_MAX];
    static char type[VL_MANIFEST_MAX_TYPE], lang[VL_MANIFEST_MAX_LANG];
    static struct vl_manifest_part parts[VL_MANIFEST_MAX_PARTS];
    static uint8_t salts[VL_MANIFEST_MAX_PARTS][VL_MANIFEST_SALT];
    static uint8_t keys[VL_MANIFEST_MAX_READERS][VL_MANIFEST_MAX_KEY];
    static struct vl_manifest_reader readers[VL_MANIFEST_MAX_READERS];
    static uint8_t openings[VL_MANIFEST_MAX_ADDRESSEES][VL_HASH_LEN];
    struct a_draft draft;

    (void)state;
    memset(type, '/', sizeof type);
    memset(lang, 'x', sizeof lang);
    draft_sealed(&draft);
    for (size_t i = 0; i < VL_MANIFEST_MAX_PARTS; i++) {
        memset(names[i], 'n', sizeof names[i]);
        names[i][0] = (char)('a' + i / 100);
        names[i][1] = (char)('0' + i % 100 / 10);
        names[i][2] = (char)('0' + i % 10);
        parts[i].size = VL_PAX_SIZE_MAX;
        parts[i].name = vl_bytes_of(names[i], sizeof names[i]);
        parts[i].type = vl_bytes_of(type, sizeof type);
        parts[i].lang = vl_bytes_of(lang, sizeof lang);
    }
    for (size_t i = 0; i < VL_MANIFEST_MAX_READERS; i++) {
        keys[i][0] = (uint8_t)i;
        readers[i] = (struct vl_manifest_reader){draft.from.id, i >= VL_MANIFEST_MAX_ADDRESSEES,
                                                 VL_LITERAL("another-kind"), VL_BYTES_NONE};
        readers[i].key = vl_bytes_of(keys[i], sizeof keys[i]);
        readers[i].office.at[0] = (uint8_t)(readers[i].is_own_copy ? draft.from.id.at[0] : i);
        readers[i].office.at[1] ^= !readers[i].is_own_copy;
        if (i < VL_MANIFEST_MAX_ADDRESSEES)
            openings[i][0] = (uint8_t)i;
    }
    draft.manifest.parts = parts;
    draft.manifest.part_salts = salts;
    draft.manifest.part_count = VL_MANIFEST_MAX_PARTS;
    draft.manifest.to = readers;
    draft.manifest.to_count = VL_MANIFEST_MAX_READERS;
    draft.manifest.openings = openings;
    draft.manifest.opening_count = VL_MANIFEST_MAX_ADDRESSEES;
    check_round(&draft);
}

static enum vl_err write_once(void *self, struct vl_why *why)
{
    const struct a_draft *draft = self;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    uint8_t core_id[VL_HASH_LEN];
    enum vl_err err = vl_manifest_write(&draft->from.signer, &draft->manifest, &out, core_id, why);

    assert_true(!err || out.len == 0);
    return err;
}

static enum vl_err measure_once(void *self, struct vl_why *why)
{
    const struct a_draft *draft = self;
    size_t len;
    enum vl_err err = vl_manifest_len(&draft->from.signer, &draft->manifest, &len, why);

    assert_int_equal(len == 0, err != VL_OK);
    return err;
}

static void each_allocation_that_fails_is_told(void **state)
{
    struct a_draft draft;

    (void)state;
    draft_sealed(&draft);
    assert_true(each_allocation_fails(measure_once, &draft) > 12);
    assert_true(each_allocation_fails(write_once, &draft) > 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(its_length_does_not_depend_on_what_is_not_known_before),
        cmocka_unit_test(several_keys_sign_the_same),
        cmocka_unit_test(what_nobody_would_read_is_refused),
        cmocka_unit_test(the_largest_manifest_is_written_and_read),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
