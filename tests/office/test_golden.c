/* SPDX-License-Identifier: Apache-2.0 */
/* The worked examples: the same bytes as in tests/golden/, and the page that shows them.
 * `test-office-golden --write` (make goldens) writes both again, for whoever changed a format. */
#include <stdlib.h>

#include "golden.h"
#include "notation.h"

#define PAGE "docs/formats/examples.md"

/* What the page tells of an archive entry by entry. */
struct entries {
    struct vl_buf *page;
    struct vl_buf last;
    uint64_t at;
};

static enum vl_err begin(void *self, vl_bytes name, uint64_t size, vl_bytes header,
                         struct vl_why *why)
{
    struct entries *entries = self;
    char line[512];

    (void)why;
    (void)snprintf(line, sizeof line, "%8llu  %4zu  %6llu  %.*s\n", (unsigned long long)entries->at,
                   header.len, (unsigned long long)size, (int)name.len, (const char *)name.ptr);
    note_text(entries->page, line);
    entries->at += header.len + size + vl_pax_fill(size);
    entries->last.len = 0;
    return VL_OK;
}

static enum vl_err data(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct entries *entries = self;

    (void)why;
    return vl_buf_put(&entries->last, bytes);
}

static enum vl_err end(void *self, struct vl_why *why)
{
    (void)self;
    (void)why;
    return VL_OK;
}

/* The entries, and what is in the last of them. */
static void note_archive(struct vl_buf *page, vl_bytes archive)
{
    VL_AUTO(vl_buf_release) struct vl_buf last = VL_BUF_INIT(GOLDEN_CEIL);
    struct entries entries = {page, last, 0};
    const struct vl_pax_sink sink = {begin, data, end, &entries};
    struct vl_pax_reader *reader = vl_pax_reader_new(&sink);
    uint64_t padding = 0;
    struct vl_why why = {""};
    char line[128];

    note_text(page, "```\n      at  head    size  name\n");
    assert_err(vl_pax_reader_put(reader, archive, &why), VL_OK, &why);
    assert_err(vl_pax_reader_end(reader, &padding, &why), VL_OK, &why);
    vl_pax_reader_free(reader);
    (void)snprintf(line, sizeof line, "%8llu  %4d          two blocks of zeroes\n",
                   (unsigned long long)entries.at, VL_PAX_END);
    note_text(page, line);
    if (padding > 0) {
        (void)snprintf(line, sizeof line, "%8llu  %4llu          padding\n",
                       (unsigned long long)entries.at + VL_PAX_END, (unsigned long long)padding);
        note_text(page, line);
    }
    note_text(page, "```\n\nThe last entry:\n\n");
    note_cbor(page, vl_buf_bytes(&entries.last));
    vl_buf_release(&entries.last);
}

static struct vl_buf archive_of(const struct golden_office *office, vl_bytes envelope)
{
    struct vl_age_identity key = office->key;
    const struct vl_age_identities identities = {&key, 1, 1};
    struct vl_buf out = VL_BUF_INIT(GOLDEN_CEIL);
    const struct vl_open_plan plan = {.identities = &identities, .sink = vl_buf_sink(&out)};
    struct vl_opener *opener = vl_opener_new(&plan);
    struct vl_why why = {""};

    assert_err(vl_opener_write(opener, envelope, &why), VL_OK, &why);
    assert_err(vl_opener_finish(opener, &why), VL_OK, &why);
    vl_opener_free(opener);
    return out;
}

/* The lines of the header as they are, and the nonce. */
static void note_envelope(struct vl_buf *page, vl_bytes envelope)
{
    size_t len = 0;

    while (len + 4 < envelope.len && memcmp(envelope.ptr + len, "\n---", 4) != 0)
        len++;
    len++;
    while (len < envelope.len && envelope.ptr[len] != '\n')
        len++;
    note_text(page, "The header and, in hex, the nonce:\n\n```\n");
    assert_int_equal(vl_buf_put(page, vl_bytes_first(envelope, len + 1)), VL_OK);
    note_string(page, 0, vl_bytes_first(vl_bytes_after(envelope, len + 1), 16), false);
    note_text(page, "```\n\n");
}

static void note_heading(struct vl_buf *page, enum golden_file file, vl_bytes bytes,
                         const char *words)
{
    uint8_t hash[VL_HASH_LEN];
    char line[512], hex_text[2 * VL_HASH_LEN + 1];

    vl_sha256(bytes, hash);
    for (size_t i = 0; i < sizeof hash; i++)
        (void)snprintf(hex_text + 2 * i, 3, "%02x", hash[i]);
    (void)snprintf(line, sizeof line, "## %s\n\n%s  %zu bytes, SHA-256 `%s`.\n\n",
                   golden_names[file], words, bytes.len, hex_text);
    note_text(page, line);
}

static const struct {
    enum golden_file file;
    const char *words;
} sections[] = {
    {GOLDEN_WELL_CARDS, "Two cards and a revocation: a planned change of keys, and the old key "
                        "taken back (card.cddl)."},
    {GOLDEN_MILL_CARDS, "One card."},
    {GOLDEN_LETTER_SEALED, "A sealed letter with two parts and a copy for its sender (letter.md). "
                           " Its SHA-256 is its number."},
    {GOLDEN_LETTER_OPEN, "An open letter with one part."},
    {GOLDEN_LETTER_EXACT, "A sealed letter without a date, subject, own copy and padding, in reply "
                          "to the first."},
    {GOLDEN_WAYBILL, "What is written outside the sealed letter (custody.cddl)."},
    {GOLDEN_SEALED, "The act over the waybills of all three."},
    {GOLDEN_OPENED, "The addressee says that it opened the sealed letter."},
    {GOLDEN_EVIDENCE, "Both card files and both acts, with the waybill as a leaf (evidence.cddl)."},
    {GOLDEN_STATEMENTS, "What both offices say of the sealed letter and of each other: the seven "
                        "kinds, a second relay, a translation, and a successor's (statement.cddl, "
                        "mandate.cddl)."},
    {GOLDEN_INVITATIONS, "Two invitations, one the answer to the other, and word of a third: every "
                         "act there is, an undated first one among them (statement.cddl)."},
    {GOLDEN_DISCLOSURE_FIELD, "The subject of the sealed letter and nothing else (letter.cddl)."},
    {GOLDEN_DISCLOSURE_PART, "Its second part, with the evidence."},
    {GOLDEN_DISCLOSURE_WHOLE, "All of it, with the file key."},
};

static bool is_envelope(enum golden_file file)
{
    return file == GOLDEN_LETTER_SEALED || file == GOLDEN_LETTER_EXACT;
}

static void note_section(struct vl_buf *page, struct goldens *g, enum golden_file file)
{
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(GOLDEN_CEIL);
    vl_bytes bytes = vl_buf_bytes(&g->files[file]);

    if (is_envelope(file)) {
        note_envelope(page, bytes);
        archive = archive_of(&g->mill, bytes);
        note_text(page, "The archive in it:\n\n");
        note_archive(page, vl_buf_bytes(&archive));
    } else if (vl_what_is(bytes) == VL_WHAT_ARCHIVE) {
        note_archive(page, bytes);
    } else {
        note_cbor(page, bytes);
    }
}

static struct vl_buf page_of(struct goldens *g)
{
    struct vl_buf page = VL_BUF_INIT(GOLDEN_CEIL);

    note_known_count = 0;
    note_text(&page,
              "# Worked examples\n\n"
              "Made by `tests/office/test_golden.c` from fixed keys and counted randomness, which "
              "`tests/office/golden.h`\ntells; `make goldens` writes this page and the files in "
              "`tests/golden/` again.  A test compares both byte\nfor byte, and "
              "`tests/oracle/letter.py` checks the files with nothing of ours but the pages in "
              "this folder.\n\nCBOR is shown an item a line: the bytes, indented by how deep they "
              "lie, and what they say.  A byte string\nwhose content is CBOR itself is followed by "
              "that; what was shown before is named.\n\n");
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        enum golden_file file = sections[i].file;

        note_heading(&page, file, vl_buf_bytes(&g->files[file]), sections[i].words);
        note_section(&page, g, file);
        if (!is_envelope(file) && vl_what_is(vl_buf_bytes(&g->files[file])) != VL_WHAT_ARCHIVE)
            note_known[note_known_count++] =
                (struct note_known){vl_buf_bytes(&g->files[file]), golden_names[file]};
    }
    page.len--; /* the last empty line */
    return page;
}

static const char *golden_path(enum golden_file file, char path[256])
{
    (void)snprintf(path, 256, "tests/golden/%s", golden_names[file]);
    return path;
}

static void files_are_made_again_byte_for_byte(void **state)
{
    struct goldens *g = *state;
    char path[256];

    for (size_t i = 0; i < GOLDEN_COUNT; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf kept = file(golden_path((enum golden_file)i, path));

        if (!vl_bytes_eq(vl_buf_bytes(&kept), vl_buf_bytes(&g->files[i])))
            fail_msg("%s is not what is made now; was a frozen format changed?", path);
    }
}

static void page_shows_these_files(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf made = page_of(*state);
    VL_AUTO(vl_buf_release) struct vl_buf kept = file(PAGE);

    if (!vl_bytes_eq(vl_buf_bytes(&made), vl_buf_bytes(&kept)))
        fail_msg("%s is not what is made now: make goldens", PAGE);
}

/* Everything a stranger to both can check of a letter and its sender. */
static enum vl_err check_letter(struct goldens *g, struct golden_office *office, vl_bytes wire)
{
    struct vl_chain_verdict verdict = {.standing = VL_STANDING_NONE};
    enum vl_err err;
    struct vl_letter_seen seen = golden_read(office, wire, &err);
    enum vl_letter_form form = err ? VL_FORM_RESEALED : vl_letter_form(&seen);

    if (!err)
        err = vl_chain_verify(&g->well.chain, &seen.manifest.core, &verdict, NULL);
    if (!err && (form != (office ? VL_FORM_SEALED : VL_FORM_OPEN) || seen.unlisted_keys ||
                 (office && !seen.own_key_ok)))
        err = VL_ERR_UNVERIFIED;
    vl_letter_seen_release(&seen);
    return err;
}

static enum vl_err check_evidence(vl_bytes wire)
{
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    struct vl_keyring keys = vl_evidence_keyring(&evidence);
    struct vl_evidence_verdict verdict;
    enum vl_err err = vl_evidence_parse(wire, &evidence, NULL);

    for (size_t i = 0; i < evidence.item_count && !err; i++)
        err = vl_evidence_check(&evidence.items[i], &keys, &verdict, NULL);
    return err;
}

static enum vl_err check_cards(vl_bytes wire)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

    return vl_chain_parse(wire, &chain, NULL);
}

static enum vl_err check_file(struct goldens *g, enum golden_file file, vl_bytes wire)
{
    if (is_envelope(file))
        return check_letter(g, &g->mill, wire);
    if (file == GOLDEN_LETTER_OPEN)
        return check_letter(g, NULL, wire);
    return file == GOLDEN_EVIDENCE || file == GOLDEN_STATEMENTS || file == GOLDEN_INVITATIONS
               ? check_evidence(wire)
               : check_cards(wire);
}

static const enum golden_file checked[] = {GOLDEN_WELL_CARDS,    GOLDEN_MILL_CARDS,
                                           GOLDEN_LETTER_SEALED, GOLDEN_LETTER_OPEN,
                                           GOLDEN_LETTER_EXACT,  GOLDEN_EVIDENCE,
                                           GOLDEN_STATEMENTS,    GOLDEN_INVITATIONS};

/* Of long files every fifth byte: each costs signatures. */
static void one_bit_altered_is_refused(void **state)
{
    struct goldens *g = *state;

    for (size_t i = 0; i < sizeof checked / sizeof *checked; i++) {
        struct vl_buf *wire = &g->files[checked[i]];

        assert_int_equal(check_file(g, checked[i], vl_buf_bytes(wire)), VL_OK);
        for (size_t at = 0; at<wire->len; at += wire->len> 2000 ? 5 : 1) {
            wire->data[at] ^= (uint8_t)(1u << at % 8);
            if (check_file(g, checked[i], vl_buf_bytes(wire)) == VL_OK)
                fail_msg("%s is fine with byte %zu altered", golden_names[checked[i]], at);
            wire->data[at] ^= (uint8_t)(1u << at % 8);
        }
    }
}

static int make(void **state)
{
    *state = calloc(1, sizeof(struct goldens));
    assert_non_null(*state);
    goldens_make(*state);
    return 0;
}

static int release(void **state)
{
    goldens_release(*state);
    free(*state);
    return 0;
}

static void write_file(const char *path, vl_bytes bytes)
{
    const char *root = getenv("VALISE_SOURCE");
    char whole[4096];
    FILE *out;

    (void)snprintf(whole, sizeof whole, "%s/%s", root ? root : ".", path);
    out = fopen(whole, "wb");
    if (!out || fwrite(bytes.ptr, 1, bytes.len, out) != bytes.len || fclose(out) != 0)
        fail_msg("cannot write %s", whole);
}

static void write_again(void **state)
{
    struct goldens *g = *state;
    VL_AUTO(vl_buf_release) struct vl_buf page = page_of(g);
    char path[256];

    for (size_t i = 0; i < GOLDEN_COUNT; i++)
        write_file(golden_path((enum golden_file)i, path), vl_buf_bytes(&g->files[i]));
    write_file(PAGE, vl_buf_bytes(&page));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest writing[] = {cmocka_unit_test(write_again)};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_made_again_byte_for_byte),
        cmocka_unit_test(page_shows_these_files),
        cmocka_unit_test(one_bit_altered_is_refused),
    };

    if (argc == 2 && strcmp(argv[1], "--write") == 0)
        return cmocka_run_group_tests(writing, make, release);
    return cmocka_run_group_tests(tests, make, release);
}
