/* SPDX-License-Identifier: Apache-2.0 */
/* statement/translation.h: bound to its original, and who answers for it. */
#include "../custody/rows.h"

#include "statement/translation.h"

#define HELLO "62686f" /* "ho" */
#define PRI   ACT_AS(PRINCIPAL, NULL_ITEM)
#define NOBODY                                                                                     \
    "0af6"                                                                                         \
    "0bf6"
#define SOURCE                                                                                     \
    "0c01"                                                                                         \
    "0d" H("aa") "0e62656e"                                                                        \
                 "0ff5"
#define TARGET "10" H("bb") "11626465"
#define TAIL                                                                                       \
    "16f6"                                                                                         \
    "17f6"
#define LETTER                                 "valise:letter:" HEX("aa")
#define MADE(how, engine, vouches, competence) "12" how "13" engine "14" vouches "15" competence
#define NONE                                   "f6"
#define ONE                                    "6178"
#define T(made)                                "b4" PRI NOBODY SOURCE TARGET made TAIL

/* clang-format off */
static const struct row rows[] = {
    {"by a person",             VL_KIND_TRANSLATION, LETTER, T(MADE("01", NONE, NONE, NONE)), VL_OK, NULL},
    {"by a person who says so", VL_KIND_TRANSLATION, LETTER, T(MADE("01", NONE, ONE, ONE)), VL_OK, NULL},
    {"revised",                 VL_KIND_TRANSLATION, LETTER, T(MADE("02", NONE, ONE, NONE)), VL_OK, NULL},
    {"revised by nobody",       VL_KIND_TRANSLATION, LETTER, T(MADE("02", NONE, NONE, NONE)), VL_ERR_FORMAT, "translation: revised by nobody"},
    {"by a machine",            VL_KIND_TRANSLATION, LETTER, T(MADE("03", ONE, NONE, NONE)), VL_OK, NULL},
    {"by no machine",           VL_KIND_TRANSLATION, LETTER, T(MADE("03", NONE, NONE, NONE)), VL_ERR_FORMAT, "translation: by a machine that has no name"},
    {"a machine vouched for",   VL_KIND_TRANSLATION, LETTER, T(MADE("03", ONE, ONE, NONE)), VL_ERR_FORMAT, "translation: somebody answers for it, and nobody revised it"},
    {"a machine revised",       VL_KIND_TRANSLATION, LETTER, T(MADE("04", ONE, ONE, NONE)), VL_OK, NULL},
    {"a machine, by nobody",    VL_KIND_TRANSLATION, LETTER, T(MADE("04", ONE, NONE, NONE)), VL_ERR_FORMAT, "translation: revised by nobody"},
    {"a person named engine",   VL_KIND_TRANSLATION, LETTER, T(MADE("01", ONE, NONE, NONE)), VL_ERR_FORMAT, "translation: a machine's name, and not by a machine"},
    {"nobody knows how",        VL_KIND_TRANSLATION, LETTER, T(MADE("05", ONE, NONE, NONE)), VL_OK, NULL},
    {"how 6",                   VL_KIND_TRANSLATION, LETTER, T(MADE("06", NONE, NONE, NONE)), VL_ERR_LIMIT, "translation: payload: byte *: an unsigned integer over its limit"},
    {"competence of nobody",    VL_KIND_TRANSLATION, LETTER, T(MADE("01", NONE, NONE, ONE)), VL_ERR_FORMAT, "translation: the competence of nobody"},
    {"of an office",            VL_KIND_TRANSLATION, "valise:office:" HEX("aa"), "b4" PRI NOBODY "0c03" "0d" H("aa") "0e62656e" "0ff5" TARGET MADE("01", NONE, NONE, NONE) TAIL, VL_ERR_FORMAT, "translation: an office, which is no text"},
    {"of a part",               VL_KIND_TRANSLATION, "valise:part:" HEX("aa"), "b4" PRI NOBODY "0c05" "0d" H("aa") "0e62656e" "0ff4" TARGET MADE("01", NONE, NONE, NONE) TAIL, VL_OK, NULL},
    {"into the same language",  VL_KIND_TRANSLATION, LETTER, "b4" PRI NOBODY SOURCE "10" H("bb") "1162656e" MADE("01", NONE, NONE, NONE) TAIL, VL_ERR_FORMAT, "translation: from a language into itself"},
    {"in place of another",     VL_KIND_TRANSLATION, LETTER, "b4" PRI NOBODY SOURCE TARGET MADE("01", NONE, NONE, NONE) "16" H("a5") "17f6", VL_OK, NULL},
    {"another text",            VL_KIND_TRANSLATION, LETTER, "b4" PRI NOBODY SOURCE TARGET MADE("01", NONE, NONE, NONE) "16f6" "17" HELLO, VL_ERR_FORMAT, "translation: another text than its digest is of"},
    {"by a carrier",            VL_KIND_TRANSLATION, LETTER, "b4" ACT_AS(CARRIER, NULL_ITEM) NOBODY SOURCE TARGET MADE("01", NONE, NONE, NONE) TAIL, VL_ERR_FORMAT, "translation: as a carrier, who does not sign that"},
    {"for the author",          VL_KIND_TRANSLATION, LETTER, "b4" ACT_AS(DELEGATE, H("dd")) "0af6" "0b" H("70") SOURCE TARGET MADE("01", NONE, NONE, NONE) TAIL, VL_OK, NULL},
    {"of another letter",       VL_KIND_TRANSLATION, "valise:letter:" HEX("ab"), T(MADE("01", NONE, NONE, NONE)), VL_ERR_FORMAT, "translation: its sub is about something else than its payload"},
};
/* clang-format on */

static void each_payload_is_read_or_refused_by_the_table(void **state)
{
    (void)state;
    rows_hold(rows, sizeof rows / sizeof *rows);
}

static struct vl_translation with_text(void)
{
    struct vl_translation translation = {.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                                         .holder = VL_LITERAL("a clerk"),
                                         .source_what = VL_SUBJECT_ACT,
                                         .source = {3},
                                         .source_lang = VL_LITERAL("en"),
                                         .target_lang = VL_LITERAL("de"),
                                         .how = VL_TRANSLATED_POST_EDITED,
                                         .engine = VL_LITERAL("engine 1"),
                                         .vouches = VL_LITERAL("a person"),
                                         .competence = VL_LITERAL("reads both"),
                                         .has_supersedes = true,
                                         .supersedes = {4},
                                         .text = VL_LITERAL("ho")};

    vl_sha256(translation.text, translation.target);
    return translation;
}

static void it_is_read_as_it_was_written(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_translation written = with_text(), read;
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    assert_err(vl_translation_write(&office.signer, &written, &wire, NULL, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_OK, &why);
    assert_err(vl_translation_read(&object, &read, &why), VL_OK, &why);
    assert_bytes(read.holder, written.holder);
    assert_int_equal(read.source_what, VL_SUBJECT_ACT);
    assert_memory_equal(read.source, written.source, VL_HASH_LEN);
    assert_memory_equal(read.target, written.target, VL_HASH_LEN);
    assert_bytes(read.source_lang, written.source_lang);
    assert_bytes(read.target_lang, written.target_lang);
    assert_int_equal(read.how, written.how);
    assert_bytes(read.engine, written.engine);
    assert_bytes(read.vouches, written.vouches);
    assert_bytes(read.competence, written.competence);
    assert_true(read.has_supersedes && read.supersedes[0] == 4 && !read.is_held);
    assert_bytes(read.text, written.text);
    object.kind = VL_KIND_ASSERT;
    assert_err(vl_translation_read(&object, &read, &why), VL_ERR_FORMAT, &why);
}

/* What somebody did not sign as their own words is not put under the digest of these. */
static void attack_27_another_text_under_a_translation(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_translation translation = with_text();
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    translation.text = VL_LITERAL("hO");
    assert_err(vl_translation_write(&office.signer, &translation, &wire, NULL, &why), VL_ERR_FORMAT,
               &why);
    assert_string_equal(why.text, "translation: another text than its digest is of");
    assert_int_equal(wire.len, 0);
}

static void words_and_numbers_go_both_ways(void **state)
{
    (void)state;
    assert_int_equal(vl_translated_of_word(VL_LITERAL("human-revised")),
                     VL_TRANSLATED_HUMAN_REVISED);
    assert_int_equal(vl_translated_of_word(VL_LITERAL("by hand")), VL_TRANSLATED_NONE);
    assert_string_equal(vl_translated_word(VL_TRANSLATED_UNKNOWN), "unknown");
    assert_string_equal(vl_translated_words(VL_TRANSLATED_MACHINE), "by a machine");
}

static enum vl_err write_and_read(void *self, struct vl_why *why)
{
    const struct office *office = self;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_translation translation = with_text();
    enum vl_err err = vl_translation_write(&office->signer, &translation, &wire, NULL, why);

    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &object, why);
    return err ? err : vl_translation_read(&object, &translation, why);
}

static void each_allocation_that_fails_is_told(void **state)
{
    struct office office;

    (void)state;
    office_init(&office, 'A');
    assert_true(each_allocation_fails(write_and_read, &office) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_payload_is_read_or_refused_by_the_table),
        cmocka_unit_test(it_is_read_as_it_was_written),
        cmocka_unit_test(attack_27_another_text_under_a_translation),
        cmocka_unit_test(words_and_numbers_go_both_ways),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
