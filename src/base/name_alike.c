/* SPDX-License-Identifier: Apache-2.0 */
/* What a name looks like: to a hurried reader, and as a petname. */
#include <stdio.h>
#include <string.h>

#include "base/name.h"
#include "base/text.h"

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* U+FDFA becomes 33 bytes of its 3 in NFKD, and nothing grows more. */
#define GROWTH   12
#define EXPANDED (GROWTH * VL_NAME_MAX)

/* Letters that pass for a Latin one, each in the case it stands in.  Marks are taken off before, so
 * the entry of e is that of ë too. */
/* clang-format off */
static const struct {
    uint16_t character;
    char shape;
} foreign[] = {
    /* Cyrillic, small */
    { 0x0430, 'a' }, { 0x0432, 'b' }, { 0x0433, 'r' }, { 0x0435, 'e' }, { 0x0437, '3' },
    { 0x043a, 'k' }, { 0x043c, 'm' }, { 0x043d, 'h' }, { 0x043e, 'o' }, { 0x043f, 'n' },
    { 0x0440, 'p' }, { 0x0441, 'c' }, { 0x0442, 't' }, { 0x0443, 'y' }, { 0x0445, 'x' },
    { 0x044c, 'b' }, { 0x0455, 's' }, { 0x0456, 'i' }, { 0x0458, 'j' }, { 0x0475, 'v' },
    { 0x04bb, 'h' }, { 0x04cf, 'l' }, { 0x0501, 'd' }, { 0x051b, 'q' }, { 0x051d, 'w' },
    /* Cyrillic, capital */
    { 0x0405, 'S' }, { 0x0406, 'I' }, { 0x0408, 'J' }, { 0x0410, 'A' }, { 0x0412, 'B' },
    { 0x0415, 'E' }, { 0x0417, '3' }, { 0x041a, 'K' }, { 0x041c, 'M' }, { 0x041d, 'H' },
    { 0x041e, 'O' }, { 0x0420, 'P' }, { 0x0421, 'C' }, { 0x0422, 'T' }, { 0x0423, 'Y' },
    { 0x0425, 'X' }, { 0x0474, 'V' }, { 0x04c0, 'I' }, { 0x051c, 'W' },
    /* Greek, small */
    { 0x03b1, 'a' }, { 0x03b3, 'y' }, { 0x03b5, 'e' }, { 0x03b7, 'n' }, { 0x03b9, 'i' },
    { 0x03ba, 'k' }, { 0x03bd, 'v' }, { 0x03bf, 'o' }, { 0x03c1, 'p' }, { 0x03c3, 'o' },
    { 0x03c4, 't' }, { 0x03c5, 'u' }, { 0x03c7, 'x' }, { 0x03c9, 'w' }, { 0x03f3, 'j' },
    /* Greek, capital */
    { 0x0391, 'A' }, { 0x0392, 'B' }, { 0x0395, 'E' }, { 0x0396, 'Z' }, { 0x0397, 'H' },
    { 0x0399, 'I' }, { 0x039a, 'K' }, { 0x039c, 'M' }, { 0x039d, 'N' }, { 0x039f, 'O' },
    { 0x03a1, 'P' }, { 0x03a4, 'T' }, { 0x03a5, 'Y' }, { 0x03a7, 'X' }, { 0x03f9, 'C' },
    /* Latin, but from further back in the alphabet */
    { 0x0131, 'i' }, { 0x0142, 'l' }, { 0x00f8, 'o' }, { 0x0111, 'd' }, { 0x0251, 'a' },
    { 0x0261, 'g' }, { 0x0269, 'i' }, { 0x01c0, 'l' }, { 0x20ac, 'e' },
};

/* Of ASCII, in small letters: everything that looks like one of these is one of these. */
static const struct {
    char character;
    char shape;
} near[] = {
    { '0', 'o' }, { '1', 'l' }, { 'i', 'l' }, { 'j', 'l' }, { '|', 'l' }, { '!', 'l' },
    { '2', 'z' }, { '5', 's' }, { '$', 's' }, { '6', 'b' }, { '8', 'b' }, { '9', 'g' },
    { 'q', 'g' }, { '@', 'a' },
};

/* And two of them that pass for one. */
static const struct {
    char two[3];
    char one;
} pairs[] = { { "rn", 'm' }, { "vv", 'w' }, { "cl", 'd' } };

/* Letters that Unicode does not take apart, as people write them without their own key. */
static const struct {
    uint16_t character;
    char letters[3];
} plain[] = {
    { 0x00e6, "ae" }, { 0x00f0, "d" },  { 0x00f8, "o" }, { 0x00fe, "th" }, { 0x0111, "d" },
    { 0x0127, "h" },  { 0x0131, "i" },  { 0x0142, "l" }, { 0x014b, "n" },  { 0x0153, "oe" },
    { 0x0167, "t" },
};
/* clang-format on */

/* The look of a name: letters and digits as shapes, marks, spaces and punctuation left out. */
struct look {
    uint8_t at[EXPANDED];
    size_t len;
};

static bool is_accent(ucs4_t character)
{
    return character >= 0x0300 && character <= 0x036f;
}

static ucs4_t shape_of(ucs4_t character)
{
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (foreign[i].character == character)
            character = (ucs4_t)foreign[i].shape;
    if (character >= 'A' && character <= 'Z')
        character += 32;
    for (size_t i = 0; i < sizeof near / sizeof *near; i++)
        if ((ucs4_t)near[i].character == character)
            character = (ucs4_t)near[i].shape;
    return character;
}

static void add_shape(struct look *look, ucs4_t shape)
{
    if (is_accent(shape) ||
        !uc_is_general_category_withtable(shape, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N |
                                                     UC_CATEGORY_MASK_M))
        return;
    look->len += (size_t)u8_uctomb(look->at + look->len, shape, (int)(sizeof look->at - look->len));
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs && look->len >= 2; i++)
        if (memcmp(look->at + look->len - 2, pairs[i].two, 2) == 0) {
            look->len--;
            look->at[look->len - 1] = (uint8_t)pairs[i].one;
        }
}

/* Letters that look alike in one case need not in the other: a name has a look in each. */
static bool look_at(vl_bytes name, bool in_capitals, struct look *look)
{
    uint8_t room[EXPANDED];
    size_t len = sizeof room;
    const uint8_t *text = in_capitals
                              ? u8_toupper(name.ptr, name.len, NULL, UNINORM_NFKD, room, &len)
                              : u8_casefold(name.ptr, name.len, NULL, UNINORM_NFKD, room, &len);

    look->len = 0;
    if (text != room)
        return false;
    for (vl_bytes rest = vl_bytes_of(room, len); rest.len > 0;) {
        ucs4_t character = 0;
        int one = u8_mbtoucr(&character, rest.ptr, rest.len);

        rest = vl_bytes_after(rest, one > 0 ? (size_t)one : 1);
        add_shape(look, shape_of(character));
    }
    return true;
}

static bool is_short_text(vl_bytes name)
{
    return name.len <= VL_NAME_MAX && vl_text_is_utf8(name);
}

bool vl_name_alike(vl_bytes a, vl_bytes b)
{
    struct look of_a, of_b;

    if (vl_bytes_eq(a, b))
        return true;
    if (!is_short_text(a) || !is_short_text(b))
        return false;
    for (int in_capitals = 0; in_capitals < 2; in_capitals++)
        if (look_at(a, in_capitals, &of_a) && look_at(b, in_capitals, &of_b) && of_a.len > 0 &&
            vl_bytes_eq(vl_bytes_of(of_a.at, of_a.len), vl_bytes_of(of_b.at, of_b.len)))
            return true;
    return false;
}

/* A dash is put before the next letter only, so that none stands at an end and none is doubled. */
struct petname {
    char at[VL_PETNAME_MAX + 1];
    size_t len;
    bool wants_dash;
};

static void add_letter(struct petname *petname, char letter)
{
    bool dash = petname->wants_dash && petname->len > 0;

    if (petname->len + dash + 1 > VL_PETNAME_MAX)
        return;
    if (dash)
        petname->at[petname->len++] = '-';
    petname->at[petname->len++] = letter;
    petname->wants_dash = false;
}

static bool is_petname_letter(ucs4_t character)
{
    return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
}

static void add_character(struct petname *petname, ucs4_t character)
{
    if (is_petname_letter(character)) {
        add_letter(petname, (char)character);
        return;
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (plain[i].character == character) {
            for (const char *letter = plain[i].letters; *letter; letter++)
                add_letter(petname, *letter);
            return;
        }
    petname->wants_dash |= !is_accent(character);
}

/* What stands for something else: one's own office, and the numbers of offices and letters. */
static bool is_reserved(vl_bytes name)
{
    return vl_bytes_eq(name, VL_LITERAL("me")) || vl_bytes_starts(name, VL_LITERAL("office1")) ||
           vl_bytes_starts(name, VL_LITERAL("letter1"));
}

const char *vl_name_fold(vl_bytes name, char out[VL_PETNAME_MAX + 1])
{
    static const struct petname nothing;
    struct petname petname = nothing;
    uint8_t room[EXPANDED];
    size_t len = sizeof room;

    if (!is_short_text(name) ||
        u8_casefold(name.ptr, name.len, NULL, UNINORM_NFKD, room, &len) != room)
        len = 0;
    for (vl_bytes rest = vl_bytes_of(room, len); rest.len > 0;) {
        ucs4_t character = 0;
        int one = u8_mbtoucr(&character, rest.ptr, rest.len);

        rest = vl_bytes_after(rest, one > 0 ? (size_t)one : 1);
        add_character(&petname, character);
    }
    if (petname.len == 0 || is_reserved(vl_bytes_str(petname.at)))
        petname = (struct petname){.at = "office"};
    memcpy(out, petname.at, sizeof petname.at);
    return out;
}

enum vl_err vl_petname_check(vl_bytes name, struct vl_why *why)
{
    if (name.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "an empty petname");
    if (name.len > VL_PETNAME_MAX)
        return vl_fail(why, VL_ERR_FORMAT, "a petname of %zu letters, and %d is the most", name.len,
                       VL_PETNAME_MAX);
    for (size_t i = 0; i < name.len; i++)
        if (!is_petname_letter(name.ptr[i]) && name.ptr[i] != '-')
            return vl_fail(why, VL_ERR_FORMAT,
                           "a petname is made of the letters a to z, digits and dashes");
    if (name.ptr[0] == '-' || name.ptr[name.len - 1] == '-')
        return vl_fail(why, VL_ERR_FORMAT, "a petname with a dash at an end");
    if (vl_bytes_eq(name, VL_LITERAL("me")))
        return vl_fail(why, VL_ERR_FORMAT, "\"me\" is this office itself");
    if (is_reserved(name))
        return vl_fail(why, VL_ERR_FORMAT, "a petname that begins like a number");
    return VL_OK;
}
