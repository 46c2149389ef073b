/* SPDX-License-Identifier: Apache-2.0 */
#include "view/qr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define MEGABYTE    ((size_t)1 << 20)
#define ALL         "0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:"

/* Text of this length out of everything that fits in. */
static struct vl_buf text_of(size_t len)
{
    struct vl_buf out = VL_BUF_INIT(4096);

    for (size_t i = 0; i < len; i++)
        assert_int_equal(vl_buf_put_byte(&out, (uint8_t)ALL[(i * 7 + i / 45) % 45]), VL_OK);
    return out;
}

/* What a command prints of a picture with these bytes, which it finds in $PICTURE. */
static struct vl_buf said_of(vl_bytes picture, const char *suffix, const char *command)
{
    struct vl_buf out = VL_BUF_INIT(MEGABYTE);
    char path[64];
    uint8_t piece[4096];
    size_t got;
    FILE *pipe;
    int fd;

    (void)snprintf(path, sizeof path, "/tmp/valise-qr-XXXXXX%s", suffix);
    fd = mkstemps(path, (int)strlen(suffix));
    assert_true(fd >= 0);
    assert_int_equal(write(fd, picture.ptr, picture.len), (ssize_t)picture.len);
    assert_int_equal(close(fd), 0);
    assert_int_equal(setenv("PICTURE", path, 1), 0);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    while ((got = fread(piece, 1, sizeof piece, pipe)) > 0)
        assert_int_equal(vl_buf_put(&out, vl_bytes_of(piece, got)), VL_OK);
    assert_int_equal(pclose(pipe), 0);
    assert_int_equal(unlink(path), 0);
    return out;
}

static void assert_zbar_reads(vl_bytes picture, const char *suffix, vl_bytes wanted)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf said =
        said_of(picture, suffix,
                "zbarimg --nodbus --quiet --raw --oneshot -Sdisable -Sqr.enable $PICTURE");

    assert_bytes(vl_buf_bytes(&said), wanted);
}

static const size_t lens[] = {1, 8, 20, 45, 46, 420, 1500, 3390, VL_QR_MAX};

static void a_picture_is_read_by_a_reader_of_codes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(lens); i++)
        for (unsigned scale = 3; scale <= 6; scale += 3) {
            VL_AUTO(vl_buf_release) struct vl_buf text = text_of(lens[i]);
            VL_AUTO(vl_buf_release) struct vl_buf png = VL_BUF_INIT(MEGABYTE);
            struct vl_why why = {""};

            assert_err(vl_qr_png(vl_buf_bytes(&text), scale, &png, &why), VL_OK, &why);
            assert_zbar_reads(vl_buf_bytes(&png), ".png", vl_buf_bytes(&text));
        }
}

static uint32_t u32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void a_picture_says_its_size_and_has_a_quiet_zone(void **state)
{
    static const struct {
        size_t len;
        unsigned scale, pixels;
    } rows[] = {{20, 1, 29}, {21, 1, 33}, {1, 8, 232}, {VL_QR_MAX, 2, 370}, {VL_QR_MAX, 1, 185}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf text = text_of(rows[i].len);
        VL_AUTO(vl_buf_release) struct vl_buf png = VL_BUF_INIT(MEGABYTE);
        size_t row_len = 1 + (rows[i].pixels + 7) / 8, quiet = 4 * (size_t)rows[i].scale;

        assert_int_equal(vl_qr_png(vl_buf_bytes(&text), rows[i].scale, &png, NULL), VL_OK);
        assert_memory_equal(png.data, "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", 16);
        assert_int_equal(u32(png.data + 16), rows[i].pixels);
        assert_int_equal(u32(png.data + 20), rows[i].pixels);
        assert_memory_equal(png.data + 24, "\1\0\0\0\0", 5);
        assert_memory_equal(png.data + png.len - 12, "\0\0\0\0IEND\xae\x42\x60\x82", 12);
        /* Behind two heads and the first block's: rows that are light but for what fills a byte. */
        for (size_t y = 0; y <= quiet; y++)
            for (size_t x = 0; x < rows[i].pixels; x++) {
                const uint8_t *row = png.data + 33 + 8 + 2 + 5 + y * row_len;
                bool is_light = row[1 + x / 8] & 0x80 >> x % 8;

                assert_int_equal(row[0], 0);
                if (y < quiet || x < quiet || x >= rows[i].pixels - quiet)
                    assert_true(is_light);
                else if (x < 11 * quiet / 4) /* the top of the first finder */
                    assert_false(is_light);
            }
    }
}

/* A second opinion on the sums: Python's zlib. */
static void other_programs_find_the_sums_right(void **state)
{
    static const char program[] =
        "python3 -c \"import os, struct, zlib\n"
        "data = open(os.environ['PICTURE'], 'rb').read()\n"
        "at, packed = 8, b''\n"
        "while at < len(data):\n"
        "    size, kind = struct.unpack('>I4s', data[at:at + 8])\n"
        "    body, crc = data[at + 8:at + 8 + size], data[at + 8 + size:at + 12 + size]\n"
        "    assert zlib.crc32(kind + body) == struct.unpack('>I', crc)[0], kind\n"
        "    packed += body if kind == b'IDAT' else b''\n"
        "    at += 12 + size\n"
        "print(len(zlib.decompress(packed)))\"";

    (void)state;
    for (unsigned scale = 1; scale <= VL_QR_MAX_SCALE; scale += 21) {
        VL_AUTO(vl_buf_release) struct vl_buf text = text_of(VL_QR_MAX);
        VL_AUTO(vl_buf_release) struct vl_buf png = VL_BUF_INIT(32 * MEGABYTE);
        VL_AUTO(vl_buf_release) struct vl_buf said = VL_BUF_INIT(100);
        char wanted[32];
        size_t pixels = (size_t)185 * scale;

        assert_int_equal(vl_qr_png(vl_buf_bytes(&text), scale, &png, NULL), VL_OK);
        said = said_of(vl_buf_bytes(&png), ".png", program);
        (void)snprintf(wanted, sizeof wanted, "%zu\n", pixels * (1 + (pixels + 7) / 8));
        assert_bytes(vl_buf_bytes(&said), vl_bytes_str(wanted));
    }
}

/* What somebody sees: ink is light on a dark terminal. */
struct seen {
    size_t width, height;
    bool is_light[200][200];
};

static size_t take_cell(vl_bytes shown, bool *upper, bool *lower)
{
    static const char *const cells[] = {" ", "\xe2\x96\x80", "\xe2\x96\x84", "\xe2\x96\x88"};

    for (unsigned i = 0; i < 4; i++)
        if (vl_bytes_starts(shown, vl_bytes_str(cells[i]))) {
            *upper = i & 1;
            *lower = i & 2;
            return strlen(cells[i]);
        }
    fail_msg("not a half block");
    return 0;
}

static void look(vl_bytes shown, bool ascii, struct seen *seen)
{
    size_t x = 0, y = 0;

    memset(seen, 0, sizeof *seen);
    while (shown.len > 0) {
        if (shown.ptr[0] == '\n') {
            assert_true(seen->width == 0 || seen->width == x);
            seen->width = x;
            x = 0;
            y += ascii ? 1 : 2;
            shown = vl_bytes_after(shown, 1);
        } else if (ascii) {
            seen->is_light[y][x++] = vl_bytes_starts(shown, VL_LITERAL("##"));
            assert_true(seen->is_light[y][x - 1] || vl_bytes_starts(shown, VL_LITERAL("  ")));
            shown = vl_bytes_after(shown, 2);
        } else {
            shown = vl_bytes_after(shown, take_cell(shown, &seen->is_light[y][x],
                                                    &seen->is_light[y + 1][x]));
            x++;
        }
    }
    assert_int_equal(x, 0); /* it ends with a line end */
    seen->height = y;
}

/* The same as a picture (PGM), light or inverted, in a frame as a terminal is one. */
static struct vl_buf photograph(const struct seen *seen, bool inverted)
{
    enum { SCALE = 4, FRAME = 6 };
    struct vl_buf out = VL_BUF_INIT(4 * MEGABYTE);
    size_t width = SCALE * (seen->width + 2 * FRAME), height = SCALE * (seen->height + 2 * FRAME);
    char head[64];

    (void)snprintf(head, sizeof head, "P5\n%zu %zu\n255\n", width, height);
    assert_int_equal(vl_buf_put(&out, vl_bytes_str(head)), VL_OK);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            size_t column = x / SCALE - FRAME, line = y / SCALE - FRAME;
            bool is_light =
                column < seen->width && line < seen->height && seen->is_light[line][column];

            assert_int_equal(vl_buf_put_byte(&out, is_light != inverted ? 255 : 0), VL_OK);
        }
    return out;
}

static void a_terminal_shows_what_a_reader_of_codes_reads(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(lens); i++)
        for (unsigned ascii = 0; ascii < 2; ascii++) {
            VL_AUTO(vl_buf_release) struct vl_buf text = text_of(lens[i]);
            VL_AUTO(vl_buf_release) struct vl_buf shown = VL_BUF_INIT(MEGABYTE);
            VL_AUTO(vl_buf_release) struct vl_buf picture = VL_BUF_INIT(0);
            struct seen seen;

            assert_int_equal(vl_qr_terminal(vl_buf_bytes(&text), ascii, &shown, NULL), VL_OK);
            look(vl_buf_bytes(&shown), ascii, &seen);
            assert_int_equal(seen.height, seen.width + (ascii ? 0 : 1));
            picture = photograph(&seen, false);
            assert_zbar_reads(vl_buf_bytes(&picture), ".pgm", vl_buf_bytes(&text));
        }
}

static void a_light_terminal_inverts_it_and_it_is_still_read(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf shown = VL_BUF_INIT(MEGABYTE);
    VL_AUTO(vl_buf_release) struct vl_buf picture = VL_BUF_INIT(0);
    VL_AUTO(vl_buf_release) struct vl_buf said = VL_BUF_INIT(0);
    struct seen seen;

    (void)state;
    assert_int_equal(vl_qr_terminal(VL_LITERAL("OFFICE1QQQS"), false, &shown, NULL), VL_OK);
    look(vl_buf_bytes(&shown), false, &seen);
    picture = photograph(&seen, true);
    said = said_of(vl_buf_bytes(&picture), ".pgm",
                   "zbarimg --nodbus --quiet --raw --oneshot -Stest-inverted $PICTURE");
    assert_bytes(vl_buf_bytes(&said), VL_LITERAL("OFFICE1QQQS"));
}

static void a_terminal_has_a_quiet_zone_too(void **state)
{
    (void)state;
    for (unsigned ascii = 0; ascii < 2; ascii++) {
        VL_AUTO(vl_buf_release) struct vl_buf shown = VL_BUF_INIT(MEGABYTE);
        struct seen seen;

        assert_int_equal(vl_qr_terminal(VL_LITERAL("A"), ascii, &shown, NULL), VL_OK);
        look(vl_buf_bytes(&shown), ascii, &seen);
        assert_int_equal(seen.width, 29);
        for (size_t y = 0; y < 29; y++)
            for (size_t x = 0; x < 29; x++)
                if (y < 4 || x < 4 || y >= 25 || x >= 25)
                    assert_true(seen.is_light[y][x]);
        for (size_t x = 4; x < 11; x++)
            assert_false(seen.is_light[4][x]);
        for (size_t x = 0; x < 29; x++) /* the last half line is beyond it */
            assert_false(seen.is_light[29][x]);
    }
}

static void both_refuse(vl_bytes text, unsigned scale, size_t room, enum vl_err wanted,
                        const char *reason)
{
    for (unsigned kind = 0; kind < 3; kind++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(room);
        struct vl_why why = {""};
        enum vl_err err;

        assert_int_equal(vl_buf_put(&out, VL_LITERAL("before")), VL_OK);
        err = kind == 0 ? vl_qr_png(text, scale, &out, &why)
                        : vl_qr_terminal(text, kind == 1, &out, &why);
        assert_int_equal(err, wanted);
        assert_string_equal(why.text, reason);
        assert_bytes(vl_buf_bytes(&out), VL_LITERAL("before"));
    }
}

static void what_no_code_holds_is_refused(void **state)
{
    static const char *const others[] = {"a", "A\n", "a1", "_", "\x7f", "\xc3\x84", "(", "A="};
    VL_AUTO(vl_buf_release) struct vl_buf text = text_of(VL_QR_MAX + 1);

    (void)state;
    both_refuse(VL_BYTES_NONE, 1, 1000, VL_ERR_FORMAT, "nothing to make a QR code of");
    both_refuse(vl_buf_bytes(&text), 1, MEGABYTE, VL_ERR_LIMIT,
                "too long for a QR code: 3392 characters, and 3391 fit");
    for (size_t i = 0; i < COUNT(others); i++) {
        char reason[100];

        (void)snprintf(reason, sizeof reason, "a character that is not for QR codes, at place %d",
                       others[i][0] == 'A' ? 1 : 0);
        both_refuse(vl_bytes_str(others[i]), 1, 1000, VL_ERR_FORMAT, reason);
    }
    both_refuse(VL_LITERAL("A\0B"), 1, 1000, VL_ERR_FORMAT,
                "a character that is not for QR codes, at place 1");
    both_refuse(VL_LITERAL("A"), 1, 100, VL_ERR_LIMIT, "no room for a QR code");
}

static void a_picture_has_pixels_but_not_too_many(void **state)
{
    static const unsigned scales[] = {0, 65, UINT32_MAX};

    (void)state;
    for (size_t i = 0; i < COUNT(scales); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(MEGABYTE);
        struct vl_why why = {""};
        char reason[100];

        (void)snprintf(reason, sizeof reason, "%u pixels for a module, wanted 1 to 64", scales[i]);
        assert_int_equal(vl_qr_png(VL_LITERAL("A"), scales[i], &out, &why), VL_ERR_USAGE);
        assert_string_equal(why.text, reason);
    }
}

static enum vl_err draw_both(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(MEGABYTE);
    enum vl_err err = vl_qr_png(VL_LITERAL("OFFICE"), 4, &out, why);

    (void)self;
    return err ? err : vl_qr_terminal(VL_LITERAL("OFFICE"), false, &out, why);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(each_allocation_fails(draw_both, NULL) > 5);
}

/* Dark modules of the picture for pages, drawn run by run, against the one for terminals. */
static void the_picture_for_pages_is_the_same_code(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf svg = VL_BUF_INIT(MEGABYTE);
    VL_AUTO(vl_buf_release) struct vl_buf shown = VL_BUF_INIT(MEGABYTE);
    static bool dark[200][200];
    size_t x, y, run, end, width, row_len, seen = 0;
    const char *at;

    (void)state;
    assert_int_equal(vl_qr_svg(VL_LITERAL(ALL), "A code", &svg, NULL), VL_OK);
    assert_int_equal(vl_buf_put_byte(&svg, 0), VL_OK);
    assert_int_equal(vl_qr_terminal(VL_LITERAL(ALL), true, &shown, NULL), VL_OK);
    row_len = (size_t)((const char *)memchr(shown.data, '\n', shown.len) - (char *)shown.data) + 1;
    width = (row_len - 1) / 2;
    at = strstr((const char *)svg.data, "fill=\"#000\" d=\"") + 15;
    memset(dark, 0, sizeof dark);
    while (sscanf(at, "M%zu %zuh%zuv1H%zuz", &x, &y, &run, &end) == 4) {
        assert_true(x + run <= width && y < width && end == x);
        for (size_t i = 0; i < run; i++, seen++)
            dark[y][x + i] = true;
        at = strchr(at, 'z') + 1;
    }
    assert_string_equal(at, "\"/></svg>");
    assert_true(seen > 100);
    for (y = 0; y < width; y++)
        for (x = 0; x < width; x++)
            assert_int_equal(dark[y][x], shown.data[y * row_len + 2 * x] == ' ');
    assert_non_null(strstr((const char *)svg.data, "aria-label=\"A code\""));
}

static enum vl_err make_svg(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(MEGABYTE);
    enum vl_err err = vl_qr_svg(VL_LITERAL("OFFICE"), "A code", &out, why);

    (void)self;
    assert_true(!err || out.len == 0);
    return err;
}

static void without_memory_there_is_no_picture_for_a_page(void **state)
{
    (void)state;
    each_allocation_fails(make_svg, NULL);
}

/* What is drawn, as rows of the quiet zone and all. */
struct drawn {
    bool dark[256][256];
    size_t width;
    size_t left; /* how many may still be put */
};

static enum vl_err put_dark(void *self, size_t width, size_t x, size_t y, size_t run)
{
    struct drawn *drawn = self;

    if (drawn->left-- == 0)
        return VL_ERR_LIMIT;
    drawn->width = width;
    assert_true(run > 0 && x + run <= width && y < width && width <= 256);
    for (size_t i = x; i < x + run; i++) {
        assert_false(drawn->dark[y][i]);
        drawn->dark[y][i] = true;
    }
    return VL_OK;
}

static void what_is_drawn_is_the_code_of_the_terminal(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf shown = VL_BUF_INIT(MEGABYTE);
    struct drawn *drawn = calloc(1, sizeof *drawn);
    const struct vl_qr_drawer drawer = {put_dark, drawn};
    struct vl_why why = {""};
    size_t at = 0;

    (void)state;
    assert_non_null(drawn);
    drawn->left = SIZE_MAX;
    assert_err(vl_qr_draw(VL_LITERAL("LETTER1QPZRY9X8"), &drawer, &why), VL_OK, &why);
    assert_err(vl_qr_terminal(VL_LITERAL("LETTER1QPZRY9X8"), true, &shown, &why), VL_OK, &why);
    assert_int_equal(shown.len, drawn->width * (2 * drawn->width + 1));
    for (size_t y = 0; y < drawn->width; y++, at++)
        for (size_t x = 0; x < drawn->width; x++, at += 2)
            assert_int_equal(shown.data[at] == ' ', drawn->dark[y][x]);
    drawn->left = 0;
    assert_err(vl_qr_draw(VL_LITERAL("LETTER1QPZRY9X8"), &drawer, &why), VL_ERR_LIMIT, &why);
    assert_err(vl_qr_draw(VL_LITERAL("letter"), &drawer, &why), VL_ERR_FORMAT, &why);
    free(drawn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_is_read_by_a_reader_of_codes),
        cmocka_unit_test(a_picture_says_its_size_and_has_a_quiet_zone),
        cmocka_unit_test(other_programs_find_the_sums_right),
        cmocka_unit_test(a_terminal_shows_what_a_reader_of_codes_reads),
        cmocka_unit_test(a_light_terminal_inverts_it_and_it_is_still_read),
        cmocka_unit_test(a_terminal_has_a_quiet_zone_too),
        cmocka_unit_test(what_no_code_holds_is_refused),
        cmocka_unit_test(a_picture_has_pixels_but_not_too_many),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(the_picture_for_pages_is_the_same_code),
        cmocka_unit_test(without_memory_there_is_no_picture_for_a_page),
        cmocka_unit_test(what_is_drawn_is_the_code_of_the_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
