/* SPDX-License-Identifier: Apache-2.0 */
#include "base/name.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define EIGHT       "\xcc\x80\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x86\xcc\x87\xcc\x88"
#define THAI        "\xe0\xb8\x81"
#define EIGHT_THAI                                                                                 \
    "\xe0\xb8\xb4\xe0\xb8\xb4\xe0\xb8\xb4\xe0\xb8\xb4\xe0\xb8\xb4\xe0\xb8\xb4\xe0\xb8\xb4\xe0\xb8" \
    "\xb4"
#define TWO_KINDS "\xe0\xb8\xb4\xe0\xb9\x88" /* of no class and of one */
#define A20       "aaaaaaaaaaaaaaaaaaaa"
#define A100      A20 A20 A20 A20 A20

/* clang-format off */
static const struct {
    const char *name;
    const char *reason; /* NULL: a good name */
} names[] = {
    { "Anna Kos", NULL },
    { "a", NULL },
    { "Zoë Ångström-Nuñez, Jr.", NULL },
    { "O’Brien & Söhne (1887) <post@example>", NULL },
    { "Nguyễn Thị Ánh", NULL },
    { "Straße", NULL },
    { "Анна Кос", NULL },
    { "Αννα Κως", NULL },
    { "שרה כהן", NULL },
    { "مُحَمَّد عَلِيّ", NULL },
    { "محمد ۱۲۳", NULL },
    { "กรมการปกครอง ที่ทำการ", NULL },
    { "अन्ना कोस", NULL },
    { "தமிழ் நாடு", NULL },
    { "မြန်မာ", NULL },
    { "山田　太郎", NULL },
    { "東京タワーのみやげ", NULL },
    { "김철수金哲洙", NULL },
    { "Tシャツ", NULL },
    { "ไทยTV3", NULL },
    { "USB-кабель 2", NULL },
    { "Анна Kos", NULL },
    { "Дом-2, корпус 3б", NULL },
    { "🦊 fox", NULL },
    { A100 A20 "12345678", NULL },
    { "a" EIGHT, "a name that is not in the normal form NFC" }, /* à takes one */
    { "x" EIGHT, NULL },
    { "x" EIGHT "\xcc\x8c", "a name with more than 8 marks on one letter" },
    /* As they are written: a vowel and a tone on one consonant, points and accents, letters under
     * letters; the last, the sign of Kalachakra, has eight. */
    { "ที่นี่ ผู้ใหญ่ น้ำ ปั๊ม", NULL },
    { "ປະເທດ ຊື່ ນ້ຳ ເຂົ້າ", NULL },
    { "क्ष्म्यं श्री र्स्त्र्यैँ हिन्दी", NULL },
    { "Nguyễn Thị Huyền Trường", NULL },
    { "בְּרֵאשִׁ֖ית שָׂרָ֑ה", NULL },
    { "ဆွေးနွေးပွဲ လုံ့လ", NULL },
    { "ខ្ញុំ ស្ត្រី", NULL },
    { "ཧཱུྃ ཧྐྵྨླྺྼྻྂ", NULL },
    { THAI EIGHT_THAI, NULL },
    { THAI EIGHT_THAI "\xe0\xb8\xb4", "a name with more than 8 marks on one letter" },
    { THAI TWO_KINDS TWO_KINDS TWO_KINDS TWO_KINDS, NULL },
    { THAI TWO_KINDS TWO_KINDS TWO_KINDS TWO_KINDS "\xe0\xb9\x88", "a name with more than 8 marks on one letter" },
    { "x\xe2\x83\x9d\xe2\x83\x9d\xe2\x83\x9d\xe2\x83\x9d\xe2\x83\x9d\xe2\x83\x9d\xe2\x83\x9d\xe2\x83\x9d\xe2\x83\x9d", "a name with more than 8 marks on one letter" }, /* circles around it */
    { "", "an empty name" },
    { A100 A20 "123456789", "a name of 129 bytes, and 128 is the most" },
    { "caf\xe9", "a name that is not UTF-8" },
    { "\xed\xa0\x80", "a name that is not UTF-8" },
    { "cafe\xcc\x81", "a name that is not in the normal form NFC" },
    { "\xe2\x84\xab", "a name that is not in the normal form NFC" },            /* angstrom sign */
    { "tab\there", "a name with a control character: U+0009" },
    { "two\nlines", "a name with a control character: U+000A" },
    { "\x1b[31m", "a name with a control character: U+001B" },
    { "del\x7f", "a name with a control character: U+007F" },
    { "csi\xc2\x9b", "a name with a control character: U+009B" },
    { "line\xe2\x80\xa8", "a name with a line end: U+2028" },
    { "line\xe2\x80\xa9", "a name with a line end: U+2029" },
    { "soft\xc2\xadhyphen", "a name with an invisible character: U+00AD" },
    { "zero\xe2\x80\x8bwidth", "a name with an invisible character: U+200B" },
    { "joi\xe2\x80\x8dner", "a name with an invisible character: U+200D" },
    { "mark\xe2\x80\x8e", "a name with an invisible character: U+200E" },
    { "gpj\xe2\x80\xae.exe", "a name with an invisible character: U+202E" },
    { "isolate\xe2\x81\xa6", "a name with an invisible character: U+2066" },
    { "filler\xe3\x85\xa4", "a name with an invisible character: U+3164" },
    { "bom\xef\xbb\xbf", "a name with an invisible character: U+FEFF" },
    { "selector\xef\xb8\x8f", "a name with an invisible character: U+FE0F" },
    { "tag\xf3\xa0\x81\x81", "a name with an invisible character: U+E0041" },
    { "blank\xe2\xa0\x80", "a name with an invisible character: U+2800" },
    { "\xd8\x80""1", "a name with an invisible character or one that changes the direction: U+0600" },
    { "private\xee\x80\x80", "a name with a character of private use: U+E000" },
    { "nobody\xcd\xb8", "a name with an unassigned character: U+0378" },
    { "never\xef\xbf\xbe", "a name with an unassigned character: U+FFFE" },
    { " Anna", "a name with a space at an end or a double one" },
    { "Anna ", "a name with a space at an end or a double one" },
    { "Anna  Kos", "a name with a space at an end or a double one" },
    { " ", "a name with a space at an end or a double one" },
    { "\xe3\x80\x80山田", "a name with a space at an end or a double one" },
    { "山田 \xe3\x80\x80太郎", "a name with a space at an end or a double one" },
    { "Anna\xc2\xa0Kos", "a name with an unusual space: U+00A0" },
    { "Anna\xe2\x80\xafKos", "a name with an unusual space: U+202F" },
    { "\xcc\x81" "Anna", "a name with a mark on no letter: U+0301" },
    { "Anna \xcc\x81Kos", "a name with a mark on no letter: U+0301" },
    { "Pаypal", "a name with Latin and Cyrillic in one word" },                 /* Cyrillic а */
    { "Анна Кoс", "a name with Latin and Cyrillic in one word" },               /* Latin o */
    { "Αnna", "a name with Latin and Greek in one word" },                      /* Greek Α */
    { "Аννα", "a name with Cyrillic and Greek in one word" },                   /* Cyrillic А */
    { "annա", "a name with Latin and Armenian in one word" },
    { "שרهה", "a name with Hebrew and Arabic in one word" },
    { "กनก", "a name with Thai and Devanagari in one word" },
    { "山ก", "a name with Han and Thai in one word" },
    { "ก山", "a name with Thai and Han in one word" },
    { "1а2b", "a name with Latin and Cyrillic in one word" },
};
/* clang-format on */

static void names_are_taken_or_refused_with_the_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct vl_why why = {""};
        enum vl_err err = vl_name_check(vl_bytes_str(names[i].name), &why);

        if (err != (names[i].reason ? VL_ERR_FORMAT : VL_OK) ||
            strcmp(why.text, names[i].reason ? names[i].reason : "") != 0)
            fail_msg("%s: %s: %s", names[i].name, vl_err_name(err), why.text);
    }
}

static void a_name_with_a_nul_is_refused(void **state)
{
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(vl_name_check(VL_LITERAL("Anna\0Kos"), &why), VL_ERR_FORMAT);
    assert_string_equal(why.text, "a name with a control character: U+0000");
    assert_int_equal(vl_part_name_check(VL_LITERAL("a\0b"), &why), VL_ERR_FORMAT);
}

/* clang-format off */
static const struct {
    const char *name;
    const char *petname;
} petnames[] = {
    { "Anna Kos", "anna-kos" },
    { "mill", "mill" },
    { "Zoë Ångström-Nuñez, Jr.", "zoe-angstrom-nunez-jr" },
    { "Straße 5", "strasse-5" },
    { "Łódź", "lodz" },
    { "Ærø Þórðarson & Œuvre", "aero-thordarson-oeuvre" },
    { "İstanbul Işık", "istanbul-isik" },
    { "ﬁsh № 4²", "fish-no-42" },
    { "  --Anna -- Kos--  ", "anna-kos" },
    { "O'Brien", "o-brien" },
    { "Nguyễn Thị Ánh", "nguyen-thi-anh" },
    { "Анна Кос", "office" },
    { "Анна Kos", "kos" },
    { "山田", "office" },
    { "", "office" },
    { "---", "office" },
    { "\xff", "office" },
    { "Me", "office" },
    { "me.", "office" },
    { "me too", "me-too" },
    { "Office1abc", "office" },
    { "office 1", "office-1" },
    { "LETTER1Q", "office" },
    { A100, A20 A20 A20 "aaaa" },
    { A20 A20 A20 "aaa b", A20 A20 A20 "aaa" },
    { A20 A20 A20 "aa b c", A20 A20 A20 "aa-b" },
    { A20 A20 A20 "aaa æ", A20 A20 A20 "aaa" },
    { A100 A20 A20, "office" }, /* longer than a name */
};
/* clang-format on */

static void a_petname_is_what_can_be_typed_of_a_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(petnames); i++) {
        char out[VL_PETNAME_MAX + 1];

        memset(out, 'x', sizeof out);
        assert_ptr_equal(vl_name_fold(vl_bytes_str(petnames[i].name), out), out);
        assert_string_equal(out, petnames[i].petname);
        assert_int_equal(vl_petname_check(vl_bytes_str(out), NULL), VL_OK);
    }
}

static void petnames_are_taken_or_refused_with_the_reason(void **state)
{
    static const char made_of[] = "a petname is made of the letters a to z, digits and dashes";
    static const char at_an_end[] = "a petname with a dash at an end";
    static const char number[] = "a petname that begins like a number";
    static const struct {
        const char *name;
        const char *reason; /* NULL: a good one */
    } rows[] = {
        {"anna", NULL},
        {"a", NULL},
        {"0", NULL},
        {"anna-kos-2", NULL},
        {"a--b", NULL},
        {"z9", NULL},
        {"meadow", NULL},
        {"office", NULL},
        {"office-1", NULL},
        {"letter2", NULL},
        {A20 A20 A20 "aaaa", NULL},
        {A20 A20 A20 "aaaaa", "a petname of 65 letters, and 64 is the most"},
        {"", "an empty petname"},
        {"Anna", made_of},
        {"anna kos", made_of},
        {"anna_kos", made_of},
        {"zoë", made_of},
        {"a/b", made_of},
        {"`a", made_of},
        {"a{", made_of},
        {"a:", made_of},
        {"-", at_an_end},
        {"-a", at_an_end},
        {"a-", at_an_end},
        {"me", "\"me\" is this office itself"},
        {"office1", number},
        {"office1qqq", number},
        {"letter1", number},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct vl_why why = {""};
        enum vl_err err = vl_petname_check(vl_bytes_str(rows[i].name), &why);

        assert_string_equal(why.text, rows[i].reason ? rows[i].reason : "");
        assert_int_equal(err, rows[i].reason ? VL_ERR_FORMAT : VL_OK);
    }
}

/* clang-format off */
static const struct {
    const char *a, *b;
    bool alike;
} pairs[] = {
    { "Anna Kos", "Anna Kos", true },
    { "Anna Kos", "anna kos", true },
    { "Anna Kos", "ANNA-KOS", true },
    { "Anna Kos", "AnnaKos.", true },
    { "Anna Kos", "Anna K0s", true },
    { "Anna Kos", "Anna Kós", true },
    { "Anna Kos", "Аnnа Коs", true },       /* Cyrillic а and о, capitals too */
    { "Anna Kos", "Anna Kοs", true },       /* Greek ο */
    { "paypal", "раураl", true },           /* Cyrillic but for the l */
    { "NIKON", "ΝΙΚΟΝ", true },             /* Greek, and unlike in small letters */
    { "NIKON", "νικον", true },
    { "HOBO", "НОВО", true },               /* Cyrillic */
    { "Mill", "MiII", true },
    { "mill", "m1ll", true },
    { "mill", "mi|l", true },
    { "mill", "mi!l", true },
    { "Corner", "Comer", true },
    { "vvest", "west", true },
    { "cloud", "doud", true },
    { "c1oud", "doud", true },
    { "bob", "8O8", true },
    { "b0b", "6o8", true },
    { "sizes", "5i2e5", true },
    { "go", "q0", true },
    { "go", "90", true },
    { "cash", "ca$h", true },
    { "cash", "c@sh", true },
    { "Straße", "STRASSE", true },
    { "ΣΟΦΟΣ", "σοφος", true },
    { "Łódź", "lodz", true },
    { "smørbrød", "smorbrod", true },
    { "ﬁsh", "fish", true },
    { "ａｎｎａ", "anna", true },             /* full width */
    { "𝐚nna", "anna", true },               /* mathematical */
    { "сосна", "cocha", true },
    { "зоо", "300", true },
    { "ᾳ", "αι", true },                    /* equal when folded */
    { "Anna Kos", "Anna Kok", false },
    { "Anna Kos", "Anna", false },
    { "Anna", "Hanna", false },
    { "Anna", "", false },
    { "", "", true },
    { "กา", "กิ", false },
    { "حَسَن", "حُسَيْن", false },
    { "🦊", "🐻", false },
    { "🦊", "🦊", true },
    { "--", "...", false },
    { "山田", "山口", false },
    { "\xff", "\xff", true },
    { "\xff", "\xfe", false },
    { A100 A20 A20, A100 A20 A20, true },
    { A100 A20 A20 "a", A100 A20 A20 "A", false }, /* longer than a name */
    { A100 A20 "aaaaaaaa", A100 A20 "aaaaaaaA", true },
};
/* clang-format on */

static void names_that_look_alike_are_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        vl_bytes a = vl_bytes_str(pairs[i].a), b = vl_bytes_str(pairs[i].b);

        if (vl_name_alike(a, b) != pairs[i].alike || vl_name_alike(b, a) != pairs[i].alike)
            fail_msg("%s and %s", pairs[i].a, pairs[i].b);
    }
}

/* clang-format off */
static const struct {
    const char *name;
    const char *clean;
    const char *reason; /* NULL: a good name as it is */
} parts[] = {
    { "report.pdf", "report.pdf", NULL },
    { "Bericht über Łódź (2).odt", "Bericht über Łódź (2).odt", NULL },
    { "Capture d’écran 10\xe2\x80\xaf""30.png", "Capture d’écran 10\xe2\x80\xaf""30.png", NULL },
    { "รายงาน.txt", "รายงาน.txt", NULL },
    { "تَقْرِير.pdf", "تَقْرِير.pdf", NULL },
    { ".bashrc", ".bashrc", NULL },
    { " spaced", " spaced", NULL },
    { "-rf", "-rf", NULL },
    { "console.log", "console.log", NULL },
    { "com10", "com10", NULL },
    { "com", "com", NULL },
    { "lptx", "lptx", NULL },
    { "nul_", "nul_", NULL },
    { "a.nul", "a.nul", NULL },
    { "valise", "valise", NULL },
    { "valise-1.txt", "valise-1.txt", NULL },
    { "pаypal.txt", "pаypal.txt", NULL },
    { A100 A100, A100 A100, NULL },
    { A100 A100 "b", A100 A20 A20 A20 A20 "aaaaaaaaaaaaaaaaaaa", "a name of 201 bytes, and 200 is the most" },
    { A100 A20 A20 A20 A20 "aaaaaaaaaaaaaaaaaa\xc3\xa4" "b", A100 A20 A20 A20 A20 "aaaaaaaaaaaaaaaaaa", "a name of 201 bytes, and 200 is the most" },
    { "", "part", "an empty name" },
    { ".", "part", "a name with a dot or a space at its end" },
    { "..", "part", "a name with a dot or a space at its end" },
    { " ", "part", "a name with a dot or a space at its end" },
    { ". .\xc2\xa0", "part", "a name with a dot or a space at its end" },
    { "../../etc/passwd", ".._.._etc_passwd", "a name with / in it" },
    { "C:\\boot.ini", "C__boot.ini", "a name with : in it" },
    { "a\\b", "a_b", "a name with \\ in it" },
    { "<a>", "_a_", "a name with < in it" },
    { "a>", "a_", "a name with > in it" },
    { "a\"b", "a_b", "a name with \" in it" },
    { "a|b", "a_b", "a name with | in it" },
    { "what?", "what_", "a name with ? in it" },
    { "*.*", "_._", "a name with * in it" },
    { "file.", "file", "a name with a dot or a space at its end" },
    { "file. . ", "file", "a name with a dot or a space at its end" },
    { "file\xe3\x80\x80", "file", "a name with a dot or a space at its end" },
    { "NUL", "_NUL", "a name that DOS gave to a device" },
    { "nul.txt", "_nul.txt", "a name that DOS gave to a device" },
    { "Nul .tar.gz", "_Nul .tar.gz", "a name that DOS gave to a device" },
    { "con", "_con", "a name that DOS gave to a device" },
    { "PRN.x", "_PRN.x", "a name that DOS gave to a device" },
    { "aux", "_aux", "a name that DOS gave to a device" },
    { "CONIN$", "_CONIN$", "a name that DOS gave to a device" },
    { "conout$.a", "_conout$.a", "a name that DOS gave to a device" },
    { "com0", "_com0", "a name that DOS gave to a device" },
    { "Com9.log", "_Com9.log", "a name that DOS gave to a device" },
    { "LPT1", "_LPT1", "a name that DOS gave to a device" },
    { "lpt²", "_lpt²", "a name that DOS gave to a device" },
    { "con. ", "_con", "a name with a dot or a space at its end" },
    { "valise.manifest", "valise_manifest", "a name that begins with \"valise.\"" },
    { "VALISE.x", "VALISE_x", "a name that begins with \"valise.\"" },
    { "vali\xc5\xbf""e.x", "vali\xc5\xbf""e_x", "a name that begins with \"valise.\"" },
    { "valise.", "valise", "a name with a dot or a space at its end" },
    { "cafe\xcc\x81", "café", "a name that is not in the normal form NFC" },
    { "caf\xe9", "caf_", "a name that is not UTF-8" },
    { "two\nlines", "two_lines", "a name with a control character: U+000A" },
    { "gpj\xe2\x80\xae.exe", "gpj_.exe", "a name with an invisible character: U+202E" },
    { "x" EIGHT "\xcc\x8c", "x" EIGHT "_", "a name with more than 8 marks on one letter" },
    { THAI EIGHT_THAI "\xe0\xb8\xb4", THAI EIGHT_THAI "_", "a name with more than 8 marks on one letter" },
    { "a\xe2\x89\xae" "b", "a≮b", NULL },
    { "a<\xcc\xb8" "b", "a_\xcc\xb8" "b", "a name that is not in the normal form NFC" },
};
/* clang-format on */

static void names_of_parts_are_refused_with_the_reason_or_cleaned(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(parts); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf clean = VL_BUF_INIT(1000);
        struct vl_why why = {""};
        enum vl_err err = vl_part_name_check(vl_bytes_str(parts[i].name), &why);

        if (err != (parts[i].reason ? VL_ERR_FORMAT : VL_OK) ||
            strcmp(why.text, parts[i].reason ? parts[i].reason : "") != 0)
            fail_msg("%s: %s: %s", parts[i].name, vl_err_name(err), why.text);
        assert_int_equal(vl_part_name_clean(vl_bytes_str(parts[i].name), &clean), VL_OK);
        if (!vl_bytes_eq(vl_buf_bytes(&clean), vl_bytes_str(parts[i].clean)))
            fail_msg("%s became %.*s", parts[i].name, (int)clean.len, (const char *)clean.data);
        assert_int_equal(vl_part_name_check(vl_buf_bytes(&clean), &why), VL_OK);
    }
}

static void a_very_long_name_is_cut_and_clean(void **state)
{
    /* What grows most, in every length around the limits; 0F73 becomes two marks in NFC. */
    static const char *const units[] = {
        "a",           "\xc3\xa4",  "\xf0\x9d\x85\xa0", "\xe0\xbd\xb3",
        "\xff",        ("x" EIGHT), "\xef\xb7\xba",     " .",
        "\xe0\xbd\xb1"};

    (void)state;
    for (size_t unit = 0; unit < COUNT(units); unit++)
        for (size_t len = 0; len < 900; len += len < 190 || len > 430 ? 17 : 1) {
            VL_AUTO(vl_buf_release) struct vl_buf name = VL_BUF_INIT(2000);
            VL_AUTO(vl_buf_release) struct vl_buf clean = VL_BUF_INIT(VL_PART_NAME_MAX);
            struct vl_why why = {""};

            assert_int_equal(vl_buf_put(&name, VL_LITERAL("con")), VL_OK);
            while (name.len < len)
                assert_int_equal(vl_buf_put(&name, vl_bytes_str(units[unit])), VL_OK);
            assert_int_equal(vl_part_name_clean(vl_buf_bytes(&name), &clean), VL_OK);
            assert_err(vl_part_name_check(vl_buf_bytes(&clean), &why), VL_OK, &why);
            assert_true(clean.len > 180 || len < 250 || unit == 7);
        }
}

static void folded(const char *name, struct vl_buf *out)
{
    out->len = 0;
    assert_int_equal(vl_part_name_fold(vl_bytes_str(name), out), VL_OK);
}

static void names_that_would_be_one_file_fold_to_one(void **state)
{
    static const struct {
        const char *name, *fold;
    } rows[] = {
        {"Report.PDF", "report.pdf"},
        {"[Z]`@{", "[z]`@{"},
        {"ÄÖÜ.txt", "äöü.txt"},
        {"Straße", "strasse"},
        {"STRASSE", "strasse"},
        {"ΣΟΦΟΣ", "σοφοσ"},
        {"σοφος", "σοφοσ"},
        {"ﬁsh", "fish"},
        {"cafe\xcc\x81", "café"},
        {"İ", "i\xcc\x87"},
        {"ı", "ı"},
        {"Анна", "анна"},
        {"山田", "山田"},
        {"CAF\xe9", "CAF\xe9"},
        {"", ""},
        {A100 A100, A100 A100},
        {A100 A100 "B", A100 A100 "B"},
    };
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(4096), again = VL_BUF_INIT(4096);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        folded(rows[i].name, &out);
        assert_bytes(vl_buf_bytes(&out), vl_bytes_str(rows[i].fold));
        assert_int_equal(vl_buf_put_byte(&out, 0), VL_OK);
        folded((const char *)out.data, &again);
        assert_bytes(vl_buf_bytes(&again), vl_bytes_str(rows[i].fold));
    }
}

static void what_grows_when_folded_has_room(void **state)
{
    static const char *const units[] = {"ΐ", "ᾼ", "ǰ", "ﬃ", "ẞ", "İ", "ŉ", "ᾷ", "\xef\xb7\xba"};

    (void)state;
    for (size_t i = 0; i < COUNT(units); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf name = VL_BUF_INIT(VL_PART_NAME_MAX);
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(4096);
        char petname[VL_PETNAME_MAX + 1];

        while (vl_buf_put(&name, vl_bytes_str(units[i])) == VL_OK)
            continue;
        assert_int_equal(vl_part_name_fold(vl_buf_bytes(&name), &out), VL_OK);
        assert_true(out.len > 0);
        name.len = VL_NAME_MAX / strlen(units[i]) * strlen(units[i]);
        (void)vl_name_fold(vl_buf_bytes(&name), petname);
        name.data[0] = name.data[0] == 'x' ? 'y' : name.data[0];
        assert_true(vl_name_alike(vl_buf_bytes(&name), vl_buf_bytes(&name)));
        assert_false(vl_name_alike(vl_buf_bytes(&name), VL_LITERAL("z")));
    }
}

struct use {
    vl_bytes name;
    bool fold;
    struct vl_buf *out;
};

static enum vl_err use_memory(void *self, struct vl_why *why)
{
    struct use *use = self;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(100);

    return use->fold ? vl_part_name_fold(use->name, &out) : vl_part_name_clean(use->name, &out);
}

static void every_allocation_may_fail(void **state)
{
    struct use use = {VL_LITERAL("Straße"), true, NULL};
    VL_AUTO(vl_buf_release) struct vl_buf small = VL_BUF_INIT(3);

    (void)state;
    assert_int_equal(each_allocation_fails(use_memory, &use), 2);
    use = (struct use){VL_LITERAL("a/b"), false, NULL};
    assert_int_equal(each_allocation_fails(use_memory, &use), 2);
    use.name = VL_LITERAL("nul");
    assert_int_equal(each_allocation_fails(use_memory, &use), 2);
    assert_int_equal(vl_part_name_clean(VL_LITERAL("nul"), &small), VL_ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_taken_or_refused_with_the_reason),
        cmocka_unit_test(a_name_with_a_nul_is_refused),
        cmocka_unit_test(a_petname_is_what_can_be_typed_of_a_name),
        cmocka_unit_test(petnames_are_taken_or_refused_with_the_reason),
        cmocka_unit_test(names_that_look_alike_are_known),
        cmocka_unit_test(names_of_parts_are_refused_with_the_reason_or_cleaned),
        cmocka_unit_test(a_very_long_name_is_cut_and_clean),
        cmocka_unit_test(names_that_would_be_one_file_fold_to_one),
        cmocka_unit_test(what_grows_when_folded_has_room),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
