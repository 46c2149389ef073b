/* SPDX-License-Identifier: Apache-2.0 */
#include "base/name.h"

#include <string.h>

#include "base/text.h"

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* What a character can become in a normal form or when folded: U+FDFA becomes 33 bytes of 3. */
#define NFC_GROWTH  3
#define FOLD_GROWTH 12

static const uint32_t marks = UC_CATEGORY_MASK_M;
static const uint32_t in_words = UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N;

/* The character at the start of text, and how long it is.  The text is UTF-8 that was checked. */
static size_t next(vl_bytes text, ucs4_t *character)
{
    int len = u8_mbtoucr(character, text.ptr, text.len);

    return len > 0 ? (size_t)len : 1;
}

static bool is_in(ucs4_t character, uint32_t categories)
{
    return uc_is_general_category_withtable(character, categories);
}

/* Why a character has no place in any name, or NULL. */
static const char *what_is_wrong_with(ucs4_t character)
{
    if (is_in(character, UC_CATEGORY_MASK_Cc))
        return "a control character";
    if (is_in(character, UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp))
        return "a line end";
    if (uc_is_property_default_ignorable_code_point(character) || character == 0x2800)
        return "an invisible character";
    if (is_in(character, UC_CATEGORY_MASK_Cf))
        return "an invisible character or one that changes the direction";
    if (is_in(character, UC_CATEGORY_MASK_Co))
        return "a character of private use";
    if (is_in(character, UC_CATEGORY_MASK_Cn | UC_CATEGORY_MASK_Cs))
        return "an unassigned character";
    return NULL;
}

/* Vowel signs of Thai, Lao and others have no combining class and stack all the same; what has a
 * width of its own (Mc) does not. */
static bool stands_on_a_letter(ucs4_t character)
{
    return uc_combining_class(character) != 0 ||
           is_in(character, UC_CATEGORY_MASK_Mn | UC_CATEGORY_MASK_Me);
}

/* One more character: how many marks stand on the letter now? */
static unsigned count_marks(unsigned before, ucs4_t character)
{
    return stands_on_a_letter(character) ? before + 1 : 0;
}

static bool is_nfc(vl_bytes name)
{
    uint8_t normal[NFC_GROWTH * VL_PART_NAME_MAX];
    size_t len = sizeof normal;

    /* With few marks on a letter, it allocates nothing. */
    return u8_normalize(UNINORM_NFC, name.ptr, name.len, normal, &len) == normal &&
           vl_bytes_eq(vl_bytes_of(normal, len), name);
}

/* What all names have in common. */
static enum vl_err check_characters(vl_bytes name, size_t max_len, struct vl_why *why)
{
    unsigned mark_count = 0;

    if (name.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "an empty name");
    if (name.len > max_len)
        return vl_fail(why, VL_ERR_FORMAT, "a name of %zu bytes, and %zu is the most", name.len,
                       max_len);
    if (!vl_text_is_utf8(name))
        return vl_fail(why, VL_ERR_FORMAT, "a name that is not UTF-8");
    for (vl_bytes rest = name; rest.len > 0;) {
        ucs4_t character = 0;
        size_t len = next(rest, &character);
        const char *wrong = what_is_wrong_with(character);

        if (wrong)
            return vl_fail(why, VL_ERR_FORMAT, "a name with %s: U+%04X", wrong,
                           (unsigned)character);
        mark_count = count_marks(mark_count, character);
        if (mark_count > VL_TEXT_MARKS)
            return vl_fail(why, VL_ERR_FORMAT, "a name with more than %d marks on one letter",
                           VL_TEXT_MARKS);
        rest = vl_bytes_after(rest, len);
    }
    if (!is_nfc(name))
        return vl_fail(why, VL_ERR_FORMAT, "a name that is not in the normal form NFC");
    return VL_OK;
}

/* Scripts that are written together, and those whose letters pass for Latin ones. */
enum script { SCRIPT_ANY, SCRIPT_LATIN, SCRIPT_LIKE_LATIN, SCRIPT_EAST_ASIAN, SCRIPT_OTHER };

static enum script script_of(ucs4_t character, const char **name)
{
    static const char *const like_latin[] = {"Cyrillic", "Greek",    "Coptic",
                                             "Armenian", "Cherokee", "Lisu"};
    static const char *const east_asian[] = {"Han", "Hiragana", "Katakana", "Bopomofo", "Hangul"};
    const uc_script_t *script = uc_script(character);

    *name = script ? script->name : "Common";
    if (strcmp(*name, "Common") == 0 || strcmp(*name, "Inherited") == 0)
        return SCRIPT_ANY;
    if (strcmp(*name, "Latin") == 0)
        return SCRIPT_LATIN;
    for (size_t i = 0; i < sizeof like_latin / sizeof *like_latin; i++)
        if (strcmp(*name, like_latin[i]) == 0)
            return SCRIPT_LIKE_LATIN;
    for (size_t i = 0; i < sizeof east_asian / sizeof *east_asian; i++)
        if (strcmp(*name, east_asian[i]) == 0)
            return SCRIPT_EAST_ASIAN;
    return SCRIPT_OTHER;
}

/* The word so far: its one script beside Latin, and whether there is Latin in it. */
struct word {
    const char *script;
    enum script kind;
    bool has_latin;
};

static enum vl_err add_to_word(struct word *word, ucs4_t character, struct vl_why *why)
{
    const char *script = NULL;
    enum script kind = script_of(character, &script);

    if (kind == SCRIPT_ANY)
        return VL_OK;
    if (kind == SCRIPT_LATIN) {
        word->has_latin = true;
    } else if (!word->script) {
        word->script = script;
        word->kind = kind;
    } else if (strcmp(word->script, script) != 0 &&
               (kind != SCRIPT_EAST_ASIAN || word->kind != SCRIPT_EAST_ASIAN)) {
        return vl_fail(why, VL_ERR_FORMAT, "a name with %s and %s in one word", word->script,
                       script);
    }
    if (word->has_latin && word->kind == SCRIPT_LIKE_LATIN)
        return vl_fail(why, VL_ERR_FORMAT, "a name with Latin and %s in one word", word->script);
    return VL_OK;
}

static enum vl_err check_scripts(vl_bytes name, struct vl_why *why)
{
    struct word word = {.kind = SCRIPT_ANY};
    enum vl_err err = VL_OK;

    while (name.len > 0 && !err) {
        ucs4_t character = 0;

        name = vl_bytes_after(name, next(name, &character));
        if (is_in(character, in_words))
            err = add_to_word(&word, character, why);
        else
            word = (struct word){.kind = SCRIPT_ANY};
    }
    return err;
}

static enum vl_err check_spaces(vl_bytes name, struct vl_why *why)
{
    bool after_space = true; /* or at the start */

    for (vl_bytes rest = name; rest.len > 0;) {
        ucs4_t character = 0;
        bool is_space;

        rest = vl_bytes_after(rest, next(rest, &character));
        is_space = is_in(character, UC_CATEGORY_MASK_Zs);
        if (is_space && character != ' ' && character != 0x3000)
            return vl_fail(why, VL_ERR_FORMAT, "a name with an unusual space: U+%04X",
                           (unsigned)character);
        if (is_space && (after_space || rest.len == 0))
            return vl_fail(why, VL_ERR_FORMAT, "a name with a space at an end or a double one");
        if (after_space && is_in(character, marks))
            return vl_fail(why, VL_ERR_FORMAT, "a name with a mark on no letter: U+%04X",
                           (unsigned)character);
        after_space = is_space;
    }
    return VL_OK;
}

enum vl_err vl_name_check(vl_bytes name, struct vl_why *why)
{
    enum vl_err err = check_characters(name, VL_NAME_MAX, why);

    if (!err)
        err = check_spaces(name, why);
    return err ? err : check_scripts(name, why);
}

/* Case folding by Unicode's own rules (3.13, D145), in NFC; the name is at most VL_PART_NAME_MAX
 * bytes of UTF-8.  NULL when memory runs out. */
static const uint8_t *fold(vl_bytes name, uint8_t room[FOLD_GROWTH * VL_PART_NAME_MAX], size_t *len)
{
    uint8_t any = 0;

    *len = name.len;
    for (size_t i = 0; i < name.len; i++) {
        room[i] =
            name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? (uint8_t)(name.ptr[i] + 32) : name.ptr[i];
        any |= name.ptr[i];
    }
    if (any < 0x80)
        return room;
    *len = (size_t)FOLD_GROWTH * VL_PART_NAME_MAX;
    return u8_casefold(name.ptr, name.len, NULL, UNINORM_NFC, room, len) == room ? room : NULL;
}

enum vl_err vl_part_name_fold(vl_bytes name, struct vl_buf *out)
{
    uint8_t room[FOLD_GROWTH * VL_PART_NAME_MAX];
    const uint8_t *folded;
    size_t len = 0;

    if (name.len > VL_PART_NAME_MAX || !vl_text_is_utf8(name))
        return vl_buf_put(out, name); /* no part's name, and like no other */
    folded = fold(name, room, &len);
    return folded ? vl_buf_put(out, vl_bytes_of(folded, len)) : VL_ERR_NO_MEMORY;
}

/* Names that DOS gave to devices, and Windows still does, whatever stands behind a dot. */
static bool is_device(vl_bytes name)
{
    static const char *const devices[] = {"con", "prn", "aux", "nul", "conin$", "conout$"};
    static const char *const digits[] = {"0", "1", "2", "3",        "4",        "5",       "6",
                                         "7", "8", "9", "\xc2\xb9", "\xc2\xb2", "\xc2\xb3"};
    char base[8] = "";
    size_t len = 0;

    while (len < name.len && name.ptr[len] != '.')
        len++;
    while (len > 0 && name.ptr[len - 1] == ' ')
        len--;
    if (len >= sizeof base)
        return false;
    for (size_t i = 0; i < len; i++)
        base[i] = (char)(name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? name.ptr[i] + 32 : name.ptr[i]);
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (strcmp(base, devices[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof digits / sizeof *digits; i++)
        if ((strncmp(base, "com", 3) == 0 || strncmp(base, "lpt", 3) == 0) &&
            strcmp(base + 3, digits[i]) == 0)
            return true;
    return false;
}

/* "valise." in any case is what we call our own files. */
static bool is_ours(vl_bytes name)
{
    uint8_t room[FOLD_GROWTH * VL_PART_NAME_MAX];
    size_t len = 0;
    const uint8_t *folded = fold(name, room, &len);

    return !folded || vl_bytes_starts(vl_bytes_of(folded, len), VL_LITERAL("valise."));
}

static bool is_forbidden_in_files(ucs4_t character)
{
    return character < 0x80 && strchr("/\\<>:\"|?*", (int)character) != NULL;
}

/* How long the name is without dots and spaces at its end. */
static size_t len_without_dots(vl_bytes name)
{
    size_t end = 0;

    for (size_t at = 0; at < name.len;) {
        ucs4_t character = 0;

        at += next(vl_bytes_after(name, at), &character);
        if (character != '.' && !is_in(character, UC_CATEGORY_MASK_Zs))
            end = at;
    }
    return end;
}

enum vl_err vl_part_name_check(vl_bytes name, struct vl_why *why)
{
    enum vl_err err = check_characters(name, VL_PART_NAME_MAX, why);

    if (err)
        return err;
    for (size_t i = 0; i < name.len; i++)
        if (is_forbidden_in_files(name.ptr[i]))
            return vl_fail(why, VL_ERR_FORMAT, "a name with %c in it", name.ptr[i]);
    if (len_without_dots(name) < name.len)
        return vl_fail(why, VL_ERR_FORMAT, "a name with a dot or a space at its end");
    if (is_device(name))
        return vl_fail(why, VL_ERR_FORMAT, "a name that DOS gave to a device");
    if (is_ours(name))
        return vl_fail(why, VL_ERR_FORMAT, "a name that begins with \"valise.\"");
    return VL_OK;
}

/* Whatever is not allowed in the first bytes of a name becomes '_'. */
static size_t replace(vl_bytes name, uint8_t out[2 * VL_PART_NAME_MAX])
{
    unsigned mark_count = 0;
    size_t at = 0;

    while (name.len > 0 && at + 4 <= (size_t)2 * VL_PART_NAME_MAX) {
        ucs4_t character = 0;
        int len = u8_mbtoucr(&character, name.ptr, name.len);

        if (len <= 0 || what_is_wrong_with(character) || is_forbidden_in_files(character) ||
            count_marks(mark_count, character) > VL_TEXT_MARKS) {
            out[at++] = '_';
            mark_count = 0;
            len = len > 0 ? len : 1;
        } else {
            mark_count = count_marks(mark_count, character);
            memcpy(out + at, name.ptr, (size_t)len);
            at += (size_t)len;
        }
        name = vl_bytes_after(name, (size_t)len);
    }
    return at;
}

/* The first bytes of UTF-8, cut between characters. */
static vl_bytes cut(vl_bytes text, size_t max_len)
{
    text = vl_bytes_first(text, max_len);
    return vl_bytes_first(text, text.len - vl_text_unfinished(text));
}

enum vl_err vl_part_name_clean(vl_bytes name, struct vl_buf *out)
{
    uint8_t allowed[2 * VL_PART_NAME_MAX], normal[NFC_GROWTH * sizeof allowed];
    uint8_t *dot;
    size_t len = sizeof normal;
    vl_bytes clean;
    enum vl_err err = VL_OK;

    if (vl_part_name_check(name, NULL) == VL_OK)
        return vl_buf_put(out, name);
    if (u8_normalize(UNINORM_NFC, allowed, replace(name, allowed), normal, &len) != normal)
        return VL_ERR_NO_MEMORY;
    /* Once more, for marks that NFC took apart; and one byte is kept free for a '_' before it. */
    len = replace(vl_bytes_of(normal, len), allowed);
    clean = cut(vl_bytes_of(allowed, len), VL_PART_NAME_MAX - 1);
    clean.len = len_without_dots(clean);
    if (clean.len == 0)
        return vl_buf_put(out, VL_LITERAL("part"));
    if (is_ours(clean) && (dot = memchr(allowed, '.', clean.len)) != NULL)
        *dot = '_';
    if (is_device(clean))
        err = vl_buf_put_byte(out, '_');
    return err ? err : vl_buf_put(out, clean);
}
