/* SPDX-License-Identifier: Apache-2.0 */
/* letter/pax.h, reading: the one form that is taken, and every other that is refused. */
#include "archive.h"

#define UMLAUT "\xc3\xa4"
#define SECOND (2 * VL_PAX_BLOCK) /* where the second file of `two_files` begins */

static void check_listing(vl_bytes archive, const char *wanted, uint64_t padding)
{
    static const size_t pieces[] = {0, 1, 7, 511, 512, 513};

    for (size_t i = 0; i < COUNT(pieces); i++) {
        VL_AUTO(listing_release) struct listing listing = {.header_bytes = 0};
        struct vl_why why = {""};
        uint64_t found = 0;

        assert_err(list_archive(archive, pieces[i], &listing, &found, &why), VL_OK, &why);
        assert_bytes(vl_buf_bytes(&listing.text), vl_bytes_str(wanted));
        assert_int_equal(found, padding);
    }
}

static struct vl_buf two_files(void)
{
    struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);

    put_file(&out, VL_LITERAL("a.txt"), VL_LITERAL("hello"));
    put_file(&out, VL_LITERAL("b.txt"), VL_LITERAL("world"));
    put_end(&out);
    return out;
}

static struct vl_buf extended_file(void)
{
    struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);

    put_file(&out, VL_LITERAL("B" UMLAUT "r"), VL_LITERAL("hello"));
    put_end(&out);
    return out;
}

static void files_come_out_as_they_went_in_whatever_the_pieces(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(vl_buf_release) struct vl_buf nothing = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    put_file(&archive, VL_LITERAL("empty"), VL_BYTES_NONE);
    put_file(&archive, VL_LITERAL("B" UMLAUT "r"), VL_LITERAL("hello"));
    put_file(&archive, VL_LITERAL("also empty"), VL_BYTES_NONE);
    put_end(&archive);
    check_listing(vl_buf_bytes(&archive), "[empty 0: ][B" UMLAUT "r 5: hello][also empty 0: ]", 0);
    put_bytes(&archive, 0, 1536);
    check_listing(vl_buf_bytes(&archive), "[empty 0: ][B" UMLAUT "r 5: hello][also empty 0: ]",
                  1536);
    put_end(&nothing);
    check_listing(vl_buf_bytes(&nothing), "", 0);
}

static void content_of_whole_blocks_is_followed_by_the_next_header(void **state)
{
    (void)state;
    for (size_t len = 510; len <= 514; len++) {
        VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);
        VL_AUTO(vl_buf_release) struct vl_buf content = VL_BUF_INIT(ARCHIVE_CEIL);
        VL_AUTO(listing_release) struct listing listing = {.header_bytes = 0};
        struct vl_why why = {""};
        uint64_t padding;

        put_bytes(&content, 'c', len);
        put_file(&archive, VL_LITERAL("one"), vl_buf_bytes(&content));
        put_file(&archive, VL_LITERAL("two"), vl_buf_bytes(&content));
        put_end(&archive);
        assert_err(list_archive(vl_buf_bytes(&archive), 100, &listing, &padding, &why), VL_OK,
                   &why);
        assert_int_equal(listing.content_bytes, 2 * len);
        assert_int_equal(listing.header_bytes, 2 * VL_PAX_BLOCK);
    }
}

static void the_longest_names_and_sizes_are_read(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(vl_buf_release) struct vl_buf name = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(listing_release) struct listing listing = {.header_bytes = 0};
    struct vl_why why = {""};
    uint64_t padding;

    (void)state;
    put_bytes(&name, 'n', VL_PAX_NAME_MAX);
    assert_int_equal(vl_pax_header(vl_buf_bytes(&name), VL_PAX_SIZE_MAX, &archive), VL_OK);
    assert_err(list_archive(vl_buf_bytes(&archive), 0, &listing, &padding, &why), VL_ERR_FORMAT,
               &why);
    assert_string_equal(why.text, "archive: cut short after 2048 bytes");
    assert_int_equal(listing.header_bytes, VL_PAX_HEADER_MAX);
}

/* What is done to a good archive: at `byte`, `len` bytes become `bytes`. */
static enum vl_err read_changed(struct vl_buf *archive, size_t byte, vl_bytes bytes, bool mended,
                                struct vl_why *why)
{
    VL_AUTO(listing_release) struct listing listing = {.header_bytes = 0};
    uint64_t padding;

    memcpy(archive->data + byte, bytes.ptr, bytes.len);
    if (mended)
        mend_checksum(archive->data + byte / VL_PAX_BLOCK * VL_PAX_BLOCK);
    return list_archive(vl_buf_bytes(archive), 0, &listing, &padding, why);
}

/* clang-format off */
#define AT(byte, text) (byte), {(const uint8_t *)(text), sizeof(text) - 1}
static const struct row {
    const char *name;
    size_t byte;
    vl_bytes bytes;
    bool mended; /* with a checksum that fits */
    const char *words; /* behind "archive: " */
} rows[] = {
    {"another mode",      AT(SECOND + 104, "755"), true, "byte 1128: another header than it must be: its mode"},
    {"mode in five digits", AT(SECOND + 100, " 00644"), true, "byte 1124: another header than it must be: its mode"},
    {"another owner",     AT(SECOND + 114, "1"), true, "byte 1138: another header than it must be: its owner"},
    {"another group",     AT(SECOND + 122, "1"), true, "byte 1146: another header than it must be: its group"},
    {"another time",      AT(SECOND + 146, "1"), true, "byte 1170: another header than it must be: its time"},
    {"an owner's name",   AT(SECOND + 265, "r"), true, "byte 1289: another header than it must be: its owner's name"},
    {"a group's name",    AT(SECOND + 297, "r"), true, "byte 1321: another header than it must be: its group's name"},
    {"a device",          AT(SECOND + 335, "1"), true, "byte 1359: another header than it must be: its device"},
    {"a device's half",   AT(SECOND + 337, " "), true, "byte 1361: another header than it must be: its device"},
    {"a prefix",          AT(SECOND + 345, "dir"), true, "byte 1369: another header than it must be: its prefix"},
    {"bytes nobody uses", AT(SECOND + 511, "1"), true, "byte 1535: another header than it must be: its unused bytes"},
    {"a name with more behind", AT(SECOND + 7, "x"), true, "byte 1031: another header than it must be: its name"},
    {"no name",           AT(SECOND + 0, "\0\0\0\0\0"), true, "byte 1024: not a name"},
    {"GNU magic",         AT(SECOND + 257, "ustar  "), true, "byte 1286: another header than it must be: its magic"},
    {"no magic",          AT(SECOND + 257, "\0\0\0\0\0\0\0\0"), true, "byte 1281: another header than it must be: its magic"},
    {"version 01",        AT(SECOND + 264, "1"), true, "byte 1288: another header than it must be: its version"},
    {"a wrong checksum",  AT(SECOND + 153, "0"), false, "byte 1177: another header than it must be: its checksum"},
    {"a checksum ending otherwise", AT(SECOND + 154, "  "), false, "byte 1178: another header than it must be: its checksum"},
    {"a size in base 256", AT(SECOND + 124, "\x80\0\0\0\0\0\0\0\0\0\0\5"), true, "byte 1148: a size that is not eleven octal digits"},
    {"a negative size",   AT(SECOND + 124, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfb"), true, "byte 1148: a size that is not eleven octal digits"},
    {"a size with spaces", AT(SECOND + 124, "          5 "), true, "byte 1148: a size that is not eleven octal digits"},
    {"a size of twelve digits", AT(SECOND + 124, "000000000005"), true, "byte 1159: another header than it must be: its size"},
    {"a size with an 8",  AT(SECOND + 134, "8"), true, "byte 1148: a size that is not eleven octal digits"},
    {"a hard link",       AT(SECOND + 156, "1"), true, "byte 1180: neither a file nor its extended header: type 1"},
    {"a symbolic link",   AT(SECOND + 156, "2a.txt"), true, "byte 1180: neither a file nor its extended header: type 2"},
    {"a device file",     AT(SECOND + 156, "3"), true, "byte 1180: neither a file nor its extended header: type 3"},
    {"a folder",          AT(SECOND + 156, "5"), true, "byte 1180: neither a file nor its extended header: type 5"},
    {"a pipe",            AT(SECOND + 156, "6"), true, "byte 1180: neither a file nor its extended header: type 6"},
    {"a contiguous file", AT(SECOND + 156, "7"), true, "byte 1180: neither a file nor its extended header: type 7"},
    {"a file of old times", AT(SECOND + 156, "\0"), true, "byte 1180: neither a file nor its extended header: type unknown"},
    {"a global header",   AT(SECOND + 156, "g"), true, "byte 1180: neither a file nor its extended header: type g"},
    {"a GNU long name",   AT(SECOND + 156, "L"), true, "byte 1180: neither a file nor its extended header: type L"},
    {"a GNU long link",   AT(SECOND + 156, "K"), true, "byte 1180: neither a file nor its extended header: type K"},
    {"a GNU sparse file", AT(SECOND + 156, "S"), true, "byte 1180: neither a file nor its extended header: type S"},
    {"a Solaris extended header", AT(SECOND + 156, "X"), true, "byte 1180: neither a file nor its extended header: type X"},
    {"a file with a link's name", AT(SECOND + 157, "a.txt"), true, "byte 1181: another header than it must be: its link"},
    {"filled with something", AT(SECOND - 1, "x"), false, "byte 1023: not zero behind a file"},
    {"filled with something at once", AT(517, "x"), false, "byte 517: not zero behind a file"},
    {"a longer size",     AT(SECOND + 134, "6"), true, "byte 1541: not zero behind a file"},
    {"one block of zeroes, then more", AT(2560, "x"), false, "byte 2560: only one block of zeroes at the end"},
    {"an almost empty block", AT(2559, "x"), false, "byte 2204: neither a file nor its extended header: type unknown"},
};
/* clang-format on */

static void attack_15_any_other_header_than_ours_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];
        VL_AUTO(vl_buf_release) struct vl_buf archive = two_files();
        struct vl_why why = {""};
        enum vl_err err;

        if (strcmp(row->name, "a longer size") == 0)
            archive.data[SECOND + VL_PAX_BLOCK + 5] = 'x'; /* what would be taken for content */
        err = read_changed(&archive, row->byte, row->bytes, row->mended, &why);
        if (strcmp(row->name, "a longer size") == 0) {
            assert_err(err, VL_OK, &why); /* it is one letter longer, and that is all */
            continue;
        }
        if (err != VL_ERR_FORMAT || strcmp(why.text + strlen("archive: "), row->words) != 0)
            fail_msg("%s: %s (%s)", row->name, vl_err_name(err), why.text);
    }
}

static void attack_15_something_behind_the_end(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf archive = two_files();
    VL_AUTO(listing_release) struct listing listing = {.header_bytes = 0};
    struct vl_why why = {""};
    uint64_t padding;

    (void)state;
    put_file(&archive, VL_LITERAL("a.txt"), VL_LITERAL("other"));
    assert_err(list_archive(vl_buf_bytes(&archive), 0, &listing, &padding, &why), VL_ERR_FORMAT,
               &why);
    assert_string_equal(why.text, "archive: byte 3072: something behind the end");
    assert_bytes(vl_buf_bytes(&listing.text), VL_LITERAL("[a.txt 5: hello][b.txt 5: world]"));
}

static void attack_15_padding_that_is_not_zero(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf archive = two_files();
    VL_AUTO(listing_release) struct listing listing = {.header_bytes = 0};
    struct vl_why why = {""};
    uint64_t padding;

    (void)state;
    put_bytes(&archive, 0, 1000);
    put_bytes(&archive, 1, 24);
    assert_err(list_archive(vl_buf_bytes(&archive), 3, &listing, &padding, &why), VL_ERR_FORMAT,
               &why);
    assert_string_equal(why.text, "archive: byte 4072: something behind the end");
}

/* An extended header with these records before a file "a.txt" of five bytes. */
static struct vl_buf with_records(const char *records, const char *own_name)
{
    struct vl_buf out = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(vl_buf_release) struct vl_buf own = VL_BUF_INIT(ARCHIVE_CEIL);

    put_file(&out, VL_LITERAL("valise.pax"), vl_bytes_str(records));
    out.data[156] = 'x';
    mend_checksum(out.data);
    put_file(&own, vl_bytes_str(own_name), VL_LITERAL("hello"));
    assert_int_equal(vl_buf_put(&out, vl_buf_bytes(&own)), VL_OK);
    put_end(&out);
    return out;
}

/* clang-format off */
static const struct record_row {
    const char *name;
    const char *records;
    const char *own_name;
    const char *words; /* behind "archive: "; NULL: it is fine */
} record_rows[] = {
    {"what we write",     "13 path=B" UMLAUT "r\n", "B__r", NULL},
    {"a path over the name of the file", "14 path=b.txt\n", "a.txt", "byte 0: an extended header that is not needed"},
    {"the same path again", "14 path=a.txt\n", "a.txt", "byte 0: an extended header that is not needed"},
    {"a size over the size", "10 size=9\n", "a.txt", "byte 0: an extended header that is not needed"},
    {"a size and a path", "13 path=B" UMLAUT "r\n10 size=9\n", "B__r", "byte 133: another header than it must be: its size"},
    {"another name in the file's own header", "13 path=B" UMLAUT "r\n", "Baer", "byte 1025: another header than it must be: its name"},
    {"two paths",         "13 path=B" UMLAUT "r\n13 path=b" UMLAUT "r\n", "b__r", "byte 133: another header than it must be: its size"},
    {"a link path",       "19 linkpath=/etc/x\n", "a.txt", "byte 512: a record that has no place here: linkpath"},
    {"a time",            "11 mtime=1\n", "a.txt", "byte 512: a record that has no place here: mtime"},
    {"a character set",   "30 hdrcharset=BINARY\n", "a.txt", "byte 512: not a record of an extended header"},
    {"sparse",            "21 GNU.sparse.size=5\n", "a.txt", "byte 512: a record that has no place here: GNU.sparse.size"},
    {"a keyword in capitals", "13 PATH=B" UMLAUT "r\n", "B__r", "byte 512: a record that has no place here: PATH"},
    {"no keyword",        "8 =B" UMLAUT "r\n", "B__r", "byte 512: a record that has no place here: "},
    {"an empty keyword",  "8 =abcd\n", "a.txt", "byte 512: a record that has no place here: "},
    {"no value",          "8 path=\n", "a.txt", "byte 0: not a name"},
    {"no sign",           "7 path\n", "a.txt", "byte 512: not a record of an extended header"},
    {"nothing in it",     "3 \n", "a.txt", "byte 512: not a record of an extended header"},
    {"only a length",     "2\n", "a.txt", "byte 512: not a record of an extended header"},
    {"a length of nought", "0 path=x\n", "a.txt", "byte 512: not a record of an extended header"},
    {"a length with a nought before", "013 path=" UMLAUT "r\n", "__r", "byte 134: another header than it must be: its size"},
    {"too short a length", "12 path=B" UMLAUT "r\n", "B__r", "byte 512: not a record of an extended header"},
    {"too long a length", "14 path=B" UMLAUT "r\n", "B__r", "byte 512: not a record of an extended header"},
    {"a length over all", "9999999999999999999 path=B" UMLAUT "r\n", "B__r", "byte 512: not a record of an extended header"},
    {"a length of 2^64 and 13", "18446744073709551629 path=B" UMLAUT "r\n", "B__r", "byte 512: not a record of an extended header"},
    {"no length",         "path=B" UMLAUT "r\n", "B__r", "byte 512: not a record of an extended header"},
    {"no space",          "12path=B" UMLAUT "r\n", "B__r", "byte 512: a record that has no place here: ath"},
    {"no line end",       "12 path=B" UMLAUT "r", "B__r", "byte 512: not a record of an extended header"},
    {"a size of letters", "10 size=x\n", "a.txt", "byte 512: not a size"},
    {"a size and more",   "11 size=5x\n", "a.txt", "byte 512: not a size"},
    {"the same size again",         "9 size=5\n", "a.txt", "byte 0: an extended header that is not needed"},
    {"an empty size",     "8 size=\n", "a.txt", "byte 512: not a size"},
    {"a size of 20 digits", "29 size=10000000000000000000\n", "a.txt", "byte 512: not a size"},
    {"a size over 2^62",  "28 size=4611686018427387905\n", "a.txt", "a name or a size over the limits"},
    {"a name that is not UTF-8", "11 path=\xe4\n", "_", "byte 512: not a record of an extended header"},
    {"the same, its length right", "9 path=\xe4\n", "_", "byte 0: not a name"},
};
/* clang-format on */

static void attack_15_extended_headers_say_only_what_must_be_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(record_rows); i++) {
        const struct record_row *row = &record_rows[i];
        VL_AUTO(vl_buf_release) struct vl_buf archive = with_records(row->records, row->own_name);
        VL_AUTO(listing_release) struct listing listing = {.header_bytes = 0};
        struct vl_why why = {""};
        uint64_t padding;
        enum vl_err err = list_archive(vl_buf_bytes(&archive), 0, &listing, &padding, &why);

        if (!row->words)
            assert_err(err, VL_OK, &why);
        else if (!err || strcmp(why.text + strlen("archive: "), row->words) != 0)
            fail_msg("%s: %s (%s)", row->name, vl_err_name(err), why.text);
        assert_int_equal(listing.header_bytes, row->words ? 0 : 3 * VL_PAX_BLOCK);
    }
}

static void attack_15_a_name_with_a_nought_in_it(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(ARCHIVE_CEIL);
    VL_AUTO(listing_release) struct listing listing = {.header_bytes = 0};
    struct vl_why why = {""};
    uint64_t padding;

    (void)state;
    put_file(&archive, VL_LITERAL("pay.txt\0B" UMLAUT "r"), VL_LITERAL("hello"));
    put_end(&archive);
    assert_err(list_archive(vl_buf_bytes(&archive), 0, &listing, &padding, &why), VL_ERR_FORMAT,
               &why);
    assert_string_equal(why.text, "archive: byte 0: not a name");
}

/* Changes to the second example, whose one file has an extended header. */
/* clang-format off */
static const struct row extended_rows[] = {
    {"called otherwise",  AT(0, "@"), true, "byte 0: another header than it must be: its name"},
    {"of another mode",   AT(104, "755"), true, "byte 104: another header than it must be: its mode"},
    {"of another time",   AT(146, "1"), true, "byte 146: another header than it must be: its time"},
    {"a wrong checksum",  AT(153, "7"), false, "byte 153: another header than it must be: its checksum"},
    {"filled with something", AT(1023, "x"), false, "byte 1023: another extended header than it must be"},
    {"without records",   AT(124, "00000000000"), true, "byte 124: an extended header of a size it never has"},
    {"of three blocks",   AT(124, "00000002001"), true, "byte 124: an extended header of a size it never has"},
    {"of a size in base 256", AT(124, "\x80\0\0\0\0\0\0\0\0\0\0\15"), true, "byte 124: an extended header of a size it never has"},
    {"before another extended header", AT(1024 + 156, "x"), true, "byte 1180: neither a file nor its extended header: type x"},
    {"before a global header", AT(1024 + 156, "g"), true, "byte 1180: neither a file nor its extended header: type g"},
    {"before a link",     AT(1024 + 156, "2"), true, "byte 1180: neither a file nor its extended header: type 2"},
    {"before a size in base 256", AT(1024 + 124, "\x80\0\0\0\0\0\0\0\0\0\0\5"), true, "byte 1148: a size that is not eleven octal digits"},
    {"before a file of another time", AT(1024 + 146, "1"), true, "byte 1170: another header than it must be: its time"},
};
/* clang-format on */

static void attack_15_an_extended_header_has_one_form_too(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(extended_rows); i++) {
        const struct row *row = &extended_rows[i];
        VL_AUTO(vl_buf_release) struct vl_buf archive = extended_file();
        struct vl_why why = {""};
        enum vl_err err = read_changed(&archive, row->byte, row->bytes, row->mended, &why);

        if (err != VL_ERR_FORMAT || strcmp(why.text + strlen("archive: "), row->words) != 0)
            fail_msg("%s: %s (%s)", row->name, vl_err_name(err), why.text);
    }
}

static void attack_15_any_changed_byte_outside_of_contents_is_refused(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf archive = extended_file();

    (void)state;
    for (size_t byte = 0; byte < archive.len; byte++)
        for (unsigned bit = 0; bit < 8; bit++) {
            VL_AUTO(listing_release) struct listing listing = {.header_bytes = 0};
            struct vl_why why = {""};
            uint64_t padding;
            bool in_content = byte >= 3 * VL_PAX_BLOCK && byte < 3 * VL_PAX_BLOCK + 5;
            /* Names may differ, together with what the file's own header makes of them. */
            bool in_name = byte >= VL_PAX_BLOCK + 8 && byte < VL_PAX_BLOCK + 12;
            enum vl_err err;

            archive.data[byte] ^= (uint8_t)(1 << bit);
            err = list_archive(vl_buf_bytes(&archive), 0, &listing, &padding, &why);
            archive.data[byte] ^= (uint8_t)(1 << bit);
            if (in_content ? err != VL_OK : !in_name && !err)
                fail_msg("byte %zu, bit %u: %s", byte, bit, vl_err_name(err));
        }
}

static void cut_anywhere_it_is_refused(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf archive = extended_file();

    (void)state;
    for (size_t len = 0; len < archive.len; len++) {
        VL_AUTO(listing_release) struct listing listing = {.header_bytes = 0};
        struct vl_why why = {""}, wanted = {""};
        uint64_t padding;

        assert_err(list_archive(vl_bytes_of(archive.data, len), 0, &listing, &padding, &why),
                   VL_ERR_FORMAT, &why);
        (void)vl_fail(&wanted, VL_ERR_FORMAT, "archive: cut short after %zu bytes", len);
        assert_string_equal(why.text, wanted.text);
    }
}

static void what_the_sink_refuses_ends_it(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf archive = two_files();
    VL_AUTO(listing_release) struct listing listing = {.refuse_at_begin = VL_ERR_NO_SPACE};
    struct vl_why why = {""};
    uint64_t padding;

    (void)state;
    assert_err(list_archive(vl_buf_bytes(&archive), 0, &listing, &padding, &why), VL_ERR_NO_SPACE,
               &why);
    assert_string_equal(why.text, "the sink does not want it");
    assert_bytes(vl_buf_bytes(&listing.text), VL_LITERAL("[a.txt 5: "));
}

static enum vl_err read_once(void *self, struct vl_why *why)
{
    VL_AUTO(listing_release) struct listing listing = {.header_bytes = 0};
    const struct vl_pax_sink sink = {listing_begin, listing_data, listing_end, &listing};
    struct vl_pax_reader *reader = vl_pax_reader_new(&sink);
    const struct vl_buf *archive = self;
    uint64_t padding = 0;
    enum vl_err err;

    if (!reader)
        return VL_ERR_NO_MEMORY;
    listing.text = VL_BUF_INIT(ARCHIVE_CEIL);
    err = vl_pax_reader_put(reader, vl_bytes_first(vl_buf_bytes(archive), VL_PAX_BLOCK - 1), why);
    if (!err)
        err =
            vl_pax_reader_put(reader, vl_bytes_after(vl_buf_bytes(archive), VL_PAX_BLOCK - 1), why);
    if (!err)
        err = vl_pax_reader_end(reader, &padding, why);
    vl_pax_reader_free(reader);
    return err;
}

static void each_allocation_that_fails_is_told(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf nothing = VL_BUF_INIT(ARCHIVE_CEIL);

    (void)state;
    put_end(&nothing);
    assert_int_equal(each_allocation_fails(read_once, &nothing), 2);
    vl_pax_reader_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_come_out_as_they_went_in_whatever_the_pieces),
        cmocka_unit_test(content_of_whole_blocks_is_followed_by_the_next_header),
        cmocka_unit_test(the_longest_names_and_sizes_are_read),
        cmocka_unit_test(attack_15_any_other_header_than_ours_is_refused),
        cmocka_unit_test(attack_15_something_behind_the_end),
        cmocka_unit_test(attack_15_padding_that_is_not_zero),
        cmocka_unit_test(attack_15_extended_headers_say_only_what_must_be_said),
        cmocka_unit_test(attack_15_a_name_with_a_nought_in_it),
        cmocka_unit_test(attack_15_an_extended_header_has_one_form_too),
        cmocka_unit_test(attack_15_any_changed_byte_outside_of_contents_is_refused),
        cmocka_unit_test(cut_anywhere_it_is_refused),
        cmocka_unit_test(what_the_sink_refuses_ends_it),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
