/* SPDX-License-Identifier: Apache-2.0 */
/* letter/letter.h, reading: an archive is the one that the manifest tells, to the last byte, or it
 * is refused (PROTOCOL 15). */
#include <stdlib.h>

#include "letters.h"

/* Entries of an archive, to be put together otherwise. */
struct entry {
    vl_bytes name;
    vl_bytes content;
};

#define MAX_ENTRIES 8

struct entries {
    struct vl_buf archive;
    size_t count;
    struct entry at[MAX_ENTRIES];
    size_t begins[MAX_ENTRIES + 1];
};

static void entries_release(struct entries *entries)
{
    vl_buf_release(&entries->archive);
}

/* The letter of letters.h: letter.txt, nothing, Pläne.txt, valise.manifest. */
static void entries_of_a_letter(struct entries *entries, bool open)
{
    static const char *const names[] = {"letter.txt", "nothing", "Pl\xc3\xa4ne.txt",
                                        VL_MANIFEST_NAME};
    static const size_t sizes[] = {17, 0, 10, 0};
    struct a_letter letter;
    struct vl_letter_made made;
    size_t at = 0;

    letter_make(&letter, open);
    letter.plan.exact = true;
    entries->archive = write_letter(&letter, &made);
    if (!open) {
        struct vl_buf inside = unsealed(&letter.cast.office[1], vl_buf_bytes(&entries->archive));

        vl_buf_release(&entries->archive);
        entries->archive = inside;
    }
    entries->count = 4;
    for (size_t i = 0; i < 4; i++) {
        size_t size = sizes[i], header = vl_pax_header_len(vl_bytes_str(names[i]), sizes[i]);
        const char *octal = (const char *)entries->archive.data + at + header - 512 + 124;

        if (i == 3)
            size = strtoul(octal, NULL, 8);
        entries->begins[i] = at;
        entries->at[i].name = vl_bytes_str(names[i]);
        entries->at[i].content = vl_bytes_of(entries->archive.data + at + header, size);
        at += header + size + vl_pax_fill(size);
    }
    entries->begins[4] = at;
    assert_int_equal(entries->archive.len, at + VL_PAX_END);
}

static struct vl_buf put_together(const struct entry *entries, size_t count)
{
    struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);

    for (size_t i = 0; i < count; i++)
        put_file(&out, entries[i].name, entries[i].content);
    put_end(&out);
    return out;
}

static void check_refused(vl_bytes archive, enum vl_err err, const char *words, const char *seen)
{
    VL_AUTO(reading_release) struct reading reading = read_bare(archive);

    if (reading.err != err || strcmp(reading.why.text, words) != 0)
        fail_msg("wanted \"%s\", got %s (%s)", words, vl_err_name(reading.err), reading.why.text);
    if (seen)
        assert_bytes(vl_buf_bytes(&reading.text), vl_bytes_str(seen));
    assert_int_equal(reading.seen.manifest.part_count, 0);
}

#define LETTER  "[0 letter.txt 17: The well is dry.\n]"
#define NOTHING "[1 nothing 0: ]"

static void as_it_was_it_is_read(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    entries_of_a_letter(&e, true);
    archive = put_together(e.at, 4);
    assert_bytes(vl_buf_bytes(&archive), vl_buf_bytes(&e.archive));
    VL_AUTO(reading_release) struct reading reading = read_bare(vl_buf_bytes(&archive));
    assert_err(reading.err, VL_OK, &reading.why);
}

static void attack_15_two_parts_of_one_name(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    entries_of_a_letter(&e, true);
    e.at[1] = (struct entry){e.at[0].name, VL_LITERAL("The well is full.")};
    archive = put_together(e.at, 4);
    check_refused(vl_buf_bytes(&archive), VL_ERR_FORMAT, "letter: part 2: the same name as part 1",
                  LETTER);
}

static void attack_15_two_parts_of_one_name_but_for_case(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    entries_of_a_letter(&e, true);
    e.at[1].name = VL_LITERAL("LETTER.txt");
    archive = put_together(e.at, 4);
    check_refused(vl_buf_bytes(&archive), VL_ERR_FORMAT, "letter: part 2: the same name as part 1",
                  LETTER);
    e.at[1].name = VL_LITERAL("pL\xc3\x84NE.TXT");
    vl_buf_release(&archive);
    archive = put_together(e.at, 4);
    check_refused(vl_buf_bytes(&archive), VL_ERR_FORMAT, "letter: part 3: the same name as part 2",
                  NULL);
}

/* Where it would be written is looked at before anything is written there. */
static void attack_15_a_name_that_is_a_path(void **state)
{
    static const char *const names[] = {"../letter.txt", "/etc/passwd", "a/b",  "..",
                                        "a\\b",          "CON",         "a.",   "a:b",
                                        "valise.pax",    "a\x1b[2J",    "a\nb", "Valise.Letter"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        VL_AUTO(entries_release) struct entries e = {.count = 0};
        VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

        entries_of_a_letter(&e, true);
        e.at[1].name = vl_bytes_str(names[i]);
        archive = put_together(e.at, 4);
        VL_AUTO(reading_release) struct reading reading = read_bare(vl_buf_bytes(&archive));
        assert_err(reading.err, VL_ERR_FORMAT, &reading.why);
        assert_non_null(strstr(reading.why.text, "letter: part 2: "));
        assert_bytes(vl_buf_bytes(&reading.text), VL_LITERAL(LETTER));
    }
}

static void attack_15_a_part_behind_the_manifest(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    entries_of_a_letter(&e, true);
    e.at[4] = e.at[0];
    archive = put_together(e.at, 5);
    check_refused(vl_buf_bytes(&archive), VL_ERR_FORMAT, "letter: something behind the manifest",
                  NULL);
}

static void attack_15_a_second_manifest(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    entries_of_a_letter(&e, true);
    e.at[4] = e.at[3];
    archive = put_together(e.at, 5);
    check_refused(vl_buf_bytes(&archive), VL_ERR_FORMAT, "letter: something behind the manifest",
                  NULL);
}

static void attack_15_no_manifest(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    entries_of_a_letter(&e, true);
    archive = put_together(e.at, 3);
    check_refused(vl_buf_bytes(&archive), VL_ERR_FORMAT, "letter: no manifest", NULL);
}

static void attack_15_an_archive_behind_the_end(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    entries_of_a_letter(&e, true);
    archive = put_together(e.at, 4);
    put_file(&archive, e.at[0].name, VL_LITERAL("The well is full."));
    put_end(&archive);
    check_refused(vl_buf_bytes(&archive), VL_ERR_FORMAT,
                  "archive: byte 6656: something behind the end", NULL);
}

static void attack_15_a_part_more(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    entries_of_a_letter(&e, true);
    e.at[4] = e.at[3];
    e.at[3] = (struct entry){VL_LITERAL("more"), VL_LITERAL("more")};
    archive = put_together(e.at, 5);
    check_refused(vl_buf_bytes(&archive), VL_ERR_UNVERIFIED, "letter: 4 parts, and 3 were signed",
                  NULL);
}

static void attack_15_a_part_less(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    entries_of_a_letter(&e, true);
    e.at[2] = e.at[3];
    archive = put_together(e.at, 3);
    check_refused(vl_buf_bytes(&archive), VL_ERR_UNVERIFIED, "letter: 2 parts, and 3 were signed",
                  NULL);
}

static void attack_15_parts_in_another_order(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    entries_of_a_letter(&e, true);
    e.at[4] = e.at[0];
    e.at[0] = e.at[1];
    e.at[1] = e.at[4];
    archive = put_together(e.at, 4);
    check_refused(vl_buf_bytes(&archive), VL_ERR_UNVERIFIED,
                  "letter: part 1: another name or size than was signed", NULL);
}

static void attack_15_another_name(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    entries_of_a_letter(&e, true);
    e.at[1].name = VL_LITERAL("something");
    archive = put_together(e.at, 4);
    check_refused(vl_buf_bytes(&archive), VL_ERR_UNVERIFIED,
                  "letter: part 2: another name or size than was signed", NULL);
}

static void attack_15_another_size(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    entries_of_a_letter(&e, true);
    e.at[1].content = VL_LITERAL("x");
    archive = put_together(e.at, 4);
    check_refused(vl_buf_bytes(&archive), VL_ERR_UNVERIFIED,
                  "letter: part 2: another name or size than was signed", NULL);
}

static void attack_15_another_content(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    entries_of_a_letter(&e, true);
    e.at[2].content = VL_LITERAL("Dig there\n");
    archive = put_together(e.at, 4);
    check_refused(vl_buf_bytes(&archive), VL_ERR_UNVERIFIED,
                  "letter: part 3: another content than was signed", NULL);
}

static void attack_15_padding_that_was_not_signed(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    entries_of_a_letter(&e, true);
    archive = put_together(e.at, 4);
    put_bytes(&archive, 0, 512);
    check_refused(vl_buf_bytes(&archive), VL_ERR_FORMAT, "letter: padded with 512 bytes, not 0",
                  NULL);
    put_bytes(&archive, 0, 1);
    check_refused(vl_buf_bytes(&archive), VL_ERR_FORMAT, "letter: padded with 513 bytes, not 0",
                  NULL);
}

static void attack_15_a_manifest_over_its_limit(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    entries_of_a_letter(&e, true);
    VL_AUTO(vl_buf_release) struct vl_buf large = VL_BUF_INIT(ARCHIVE_CEIL);

    put_bytes(&large, 0, VL_MANIFEST_MAX_LEN + 1);
    e.at[3].content = vl_buf_bytes(&large);
    archive = put_together(e.at, 4);
    check_refused(vl_buf_bytes(&archive), VL_ERR_LIMIT,
                  "letter: a manifest of 4194305 bytes, more than 4194304", NULL);
}

static void attack_15_padding_of_another_length(void **state)
{
    static const int off_by[] = {-512, -1, 1, 511, 512, 4096};
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(vl_buf_release) struct vl_buf inside = VL_BUF_INIT(ARCHIVE_CEIL);
    struct vl_buf content = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    letter_make(&letter, false);
    put_bytes(&content, 'x', 60000); /* padded with three blocks */
    set_part(&letter, 0, VL_LITERAL("a"), vl_buf_bytes(&content));
    envelope = write_letter(&letter, &made);
    inside = unsealed(&letter.cast.office[1], vl_buf_bytes(&envelope));
    put_bytes(&inside, 0, 8192);
    for (size_t i = 0; i < COUNT(off_by); i++) {
        size_t len = (size_t)((long)inside.len - 8192 + off_by[i]);

        VL_AUTO(reading_release) struct reading reading = read_bare(vl_bytes_of(inside.data, len));
        assert_err(reading.err, VL_ERR_FORMAT, &reading.why);
        assert_non_null(strstr(reading.why.text, "letter: padded with "));
    }
    VL_AUTO(reading_release)
    struct reading reading = read_bare(vl_bytes_of(inside.data, inside.len - 8192));
    assert_err(reading.err, VL_OK, &reading.why);
    vl_buf_release(&content);
}

/* Whatever bit of an open letter is changed: other contents are told by their hash, everything else
 * by its form, and the signed core by its signature, which nobody looks at here. */
static void attack_15_any_bit_of_the_archive(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    struct a_letter letter;
    struct vl_letter_made made;
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);
    size_t taken = 0;

    (void)state;
    entries_of_a_letter(&e, true);
    letter_make(&letter, true);
    archive = write_letter(&letter, &made);
    for (size_t i = 0; i < archive.len; i++) {
        bool in_manifest = i >= e.begins[3] && i < e.begins[4];

        archive.data[i] ^= (uint8_t)(1 << i % 8);
        VL_AUTO(reading_release) struct reading reading = read_bare(vl_buf_bytes(&archive));
        archive.data[i] ^= (uint8_t)(1 << i % 8);
        if (!reading.err && !in_manifest)
            fail_msg("byte %zu may be changed", i);
        if (!reading.err) {
            taken++;
            assert_memory_not_equal(reading.seen.number, made.number, VL_HASH_LEN);
        }
    }
    /* the signature, and what only cards can judge: kid, issuer's time, card id, capacity */
    assert_true(taken < 64 + 32 + 32 + 32);
}

static void cut_anywhere_it_is_refused(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};

    (void)state;
    entries_of_a_letter(&e, true);
    for (size_t len = 0; len < e.archive.len; len += len < 600 ? 1 : 37) {
        VL_AUTO(reading_release)
        struct reading reading = read_bare(vl_bytes_of(e.archive.data, len));
        uint8_t hash[VL_HASH_LEN];

        assert_err(reading.err, VL_ERR_FORMAT, &reading.why);
        assert_int_equal(reading.seen.size, len);
        vl_sha256(vl_bytes_of(e.archive.data, len), hash);
        assert_memory_equal(reading.seen.number, hash, VL_HASH_LEN);
    }
}

static void an_archive_is_no_envelope(void **state)
{
    VL_AUTO(entries_release) struct entries e = {.count = 0};
    struct cast cast;

    (void)state;
    cast_make(&cast);
    entries_of_a_letter(&e, true);
    VL_AUTO(reading_release)
    struct reading reading = read_as(&cast.office[1], vl_buf_bytes(&e.archive));
    assert_err(reading.err, VL_ERR_FORMAT, &reading.why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_it_was_it_is_read),
        cmocka_unit_test(attack_15_two_parts_of_one_name),
        cmocka_unit_test(attack_15_two_parts_of_one_name_but_for_case),
        cmocka_unit_test(attack_15_a_name_that_is_a_path),
        cmocka_unit_test(attack_15_a_part_behind_the_manifest),
        cmocka_unit_test(attack_15_a_second_manifest),
        cmocka_unit_test(attack_15_no_manifest),
        cmocka_unit_test(attack_15_an_archive_behind_the_end),
        cmocka_unit_test(attack_15_a_part_more),
        cmocka_unit_test(attack_15_a_part_less),
        cmocka_unit_test(attack_15_parts_in_another_order),
        cmocka_unit_test(attack_15_another_name),
        cmocka_unit_test(attack_15_another_size),
        cmocka_unit_test(attack_15_another_content),
        cmocka_unit_test(attack_15_padding_that_was_not_signed),
        cmocka_unit_test(attack_15_a_manifest_over_its_limit),
        cmocka_unit_test(attack_15_padding_of_another_length),
        cmocka_unit_test(attack_15_any_bit_of_the_archive),
        cmocka_unit_test(cut_anywhere_it_is_refused),
        cmocka_unit_test(an_archive_is_no_envelope),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
