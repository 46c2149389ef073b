/* SPDX-License-Identifier: Apache-2.0 */
#include "stick/layout.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "codec/bech32.h"
#include "crypto/hash.h"

#define SYMBOLS     26
#define DIGITS      "0123456789"
#define LOWER       "abcdefghijklmnopqrstuvwxyz"
#define UPPER       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define SEGMENT_END ".bundles"
#define MAKER_END   ".maker"
#define NUMBER_LEN  6

/* Line ends as the oldest programs want them that may show it. */
static const char readme[] =
    "This folder is mail on its way\r\n"
    "==============================\r\n"
    "\r\n"
    "The folder \"bags\" holds letters from one office to another.  Somebody is carrying\r\n"
    "them by hand, and if you have found this medium, that person has lost it.\r\n"
    "\r\n"
    "You may look at everything here.  Nothing in it is a program, and opening it does\r\n"
    "no harm.  What was sealed cannot be read by anybody but those it was sealed for;\r\n"
    "the addresses of sender and addressee of a letter stand on its outside, as on paper\r\n"
    "mail.  A changed, missing or added file is noticed by whoever receives it.\r\n"
    "\r\n"
    "Please do not change, rename or delete anything in this folder.  Please give the\r\n"
    "medium back to the person or the office it came from.  If you do not know them,\r\n"
    "give it to any office that uses Valise: its program shows what is here, with\r\n"
    "\r\n"
    "    valise stick show FOLDER\r\n"
    "\r\n"
    "where FOLDER is the place at which this medium appears.  A lost property office, or\r\n"
    "the mission or the court that is named on the medium itself, is a good place too.\r\n"
    "\r\n"
    "Nothing is lost for good with this medium: senders keep a copy until they hold a\r\n"
    "receipt.\r\n";
const vl_bytes vl_stick_readme = {(const uint8_t *)readme, sizeof readme - 1};

const char *vl_bag_name(const uint8_t id[VL_BAG_ID_LEN], char out[VL_BAG_NAME])
{
    unsigned bits = 0, held = 0;
    size_t used = 0;

    for (size_t i = 0; i < SYMBOLS; i++) {
        if (held < 5) {
            bits = (bits << 8 | (used < VL_BAG_ID_LEN ? id[used++] : 0)) & 0xfff;
            held += 8;
        }
        held -= 5;
        out[i] = VL_BECH32_ALPHABET[bits >> held & 31];
    }
    out[SYMBOLS] = '\0';
    return out;
}

/* The same letter in the other case; anything else is itself. */
static char other_case(char c, const char *from, const char *to)
{
    const char *at = c ? strchr(from, c) : NULL;

    if (!at)
        return c;
    return to[at - from];
}

const char *vl_stick_upper(const char *name, char *out, size_t size)
{
    size_t at = 0;

    for (; name[at] && at + 1 < size; at++)
        out[at] = other_case(name[at], LOWER, UPPER);
    out[at] = '\0';
    return out;
}

static int symbol_of(char c)
{
    const char *at = strchr(VL_BECH32_ALPHABET, other_case(c, UPPER, LOWER));

    return at ? (int)(at - VL_BECH32_ALPHABET) : -1;
}

/* Does the name begin with all the symbols of 16 bytes? */
static bool read_symbols(const char *name, uint8_t id[VL_BAG_ID_LEN])
{
    unsigned bits = 0, held = 0;
    size_t used = 0;

    for (size_t i = 0; i < SYMBOLS; i++) {
        const int symbol = name[i] ? symbol_of(name[i]) : -1;

        if (symbol < 0)
            return false;
        bits = (bits << 5 | (unsigned)symbol) & 0xfff;
        held += 5;
        if (held >= 8) {
            held -= 8;
            id[used++] = (uint8_t)(bits >> held & 0xff);
        }
    }
    return (bits & 3) == 0;
}

bool vl_bag_name_read(const char *name, uint8_t id[VL_BAG_ID_LEN])
{
    uint8_t read[VL_BAG_ID_LEN];
    char lower[VL_BAG_NAME], upper[VL_BAG_NAME];

    if (strlen(name) != SYMBOLS || !read_symbols(name, read))
        return false;
    (void)vl_stick_upper(vl_bag_name(read, lower), upper, sizeof upper);
    if (strcmp(name, lower) != 0 && strcmp(name, upper) != 0)
        return false;
    memcpy(id, read, VL_BAG_ID_LEN);
    return true;
}

const char *vl_bag_segment_name(unsigned number, char out[VL_BAG_SEGMENT_NAME])
{
    (void)snprintf(out, VL_BAG_SEGMENT_NAME, "%06u" SEGMENT_END, number % 1000000);
    return out;
}

static unsigned number_of(const char *digits)
{
    unsigned number = 0;

    for (size_t i = 0; i < NUMBER_LEN; i++)
        number = 10 * number + (unsigned)(digits[i] - '0');
    return number <= VL_BAG_MAX_SEGMENTS ? number : 0;
}

unsigned vl_bag_segment_number(vl_bytes name)
{
    char digits[NUMBER_LEN + 1];

    if (name.len != VL_BAG_SEGMENT_NAME - 1 ||
        !vl_bytes_eq(vl_bytes_after(name, NUMBER_LEN), VL_LITERAL(SEGMENT_END)))
        return 0;
    memcpy(digits, name.ptr, NUMBER_LEN);
    digits[NUMBER_LEN] = '\0';
    return strspn(digits, DIGITS) == NUMBER_LEN ? number_of(digits) : 0;
}

const char *vl_bag_maker_name(const uint8_t token[VL_BAG_ID_LEN], const uint8_t id[VL_BAG_ID_LEN],
                              char out[VL_BAG_MAKER_NAME])
{
    static const char domain[] = "valise/maker/v1"; /* its NUL goes in too */
    const vl_bytes parts[] = {vl_bytes_of(domain, sizeof domain), vl_bytes_of(token, VL_BAG_ID_LEN),
                              vl_bytes_of(id, VL_BAG_ID_LEN)};
    uint8_t hash[VL_HASH_LEN];

    vl_sha256_parts(parts, sizeof parts / sizeof *parts, hash);
    (void)vl_bag_name(hash, out);
    memcpy(out + SYMBOLS, MAKER_END, sizeof MAKER_END);
    return out;
}

static bool is_numbered(const char *name, const char *start, size_t digits, const char *end)
{
    const size_t len = strlen(start);

    return strncasecmp(name, start, len) == 0 && strspn(name + len, DIGITS) == digits &&
           strcasecmp(name + len + digits, end) == 0;
}

bool vl_stick_is_junk(const char *name)
{
    static const char *const names[] = {
        "System Volume Information",
        "$RECYCLE.BIN",
        "RECYCLER",
        "RECYCLED",
        "Thumbs.db",
        "desktop.ini",
        "LOST.DIR",
        "lost+found",
        ".DS_Store",
        ".Trashes",
        ".fseventsd",
        ".Spotlight-V100",
        ".TemporaryItems",
        ".apdisk",
        ".Trash",
        ".VolumeIcon.icns",
        ".directory",
        ".android_secure",
        "Android",
        ".metadata_never_index",
        "IndexerVolumeGuid",
        "WPSettings.dat",
        "ehthumbs.db",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return strncmp(name, "._", 2) == 0 || strncmp(name, ".Trash-", 7) == 0 ||
           strncmp(name, ".fuse_hidden", 12) == 0 || is_numbered(name, "FOUND.", 3, "") ||
           is_numbered(name, "FSCK", 4, ".REC");
}

enum vl_bag_part vl_bag_part_of(const char *name)
{
    static const struct {
        const char *name;
        enum vl_bag_part part;
    } parts[] = {{VL_BAG_LIST, VL_BAG_PART_LIST},
                 {VL_BAG_LIST_NEW, VL_BAG_PART_LIST_NEW},
                 {VL_BAG_LEAVES, VL_BAG_PART_LEAVES}};
    uint8_t tag[VL_BAG_ID_LEN];

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcasecmp(name, parts[i].name) == 0)
            return parts[i].part;
    if (is_numbered(name, "", NUMBER_LEN, SEGMENT_END))
        return number_of(name) > 0 ? VL_BAG_PART_SEGMENT : VL_BAG_PART_FOREIGN;
    if (strlen(name) == VL_BAG_MAKER_NAME - 1 && read_symbols(name, tag) &&
        strcasecmp(name + SYMBOLS, MAKER_END) == 0)
        return VL_BAG_PART_MAKER;
    return vl_stick_is_junk(name) ? VL_BAG_PART_JUNK : VL_BAG_PART_FOREIGN;
}
