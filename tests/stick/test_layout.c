/* SPDX-License-Identifier: Apache-2.0 */
/* Names on a stick: which are ours, and that every one can stand on FAT. */
#include "sticks.h"

#include "base/name.h"
#include "base/text.h"

static void a_bags_name_is_read_as_it_was_written(void **state)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 1);
    uint8_t id[VL_BAG_ID_LEN], again[VL_BAG_ID_LEN];
    char name[VL_BAG_NAME], upper[VL_BAG_NAME];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(vl_rng_fill(&rng, id, sizeof id), VL_OK);
        assert_int_equal(strlen(vl_bag_name(id, name)), 26);
        assert_true(vl_bag_name_read(name, again));
        assert_memory_equal(id, again, sizeof id);
        assert_true(vl_bag_name_read(vl_stick_upper(name, upper, sizeof upper), again));
        assert_memory_equal(id, again, sizeof id);
    }
}

static void one_id_has_one_name(void **state)
{
    static const struct {
        const char *name;
        bool is_one;
    } rows[] = {
        {"qqqqqqqqqqqqqqqqqqqqqqqqqq", true},   /* all zeroes */
        {"llllllllllllllllllllllllll", false},  /* bits behind the last byte */
        {"lllllllllllllllllllllllllu", true},   /* all ones: u is 28, 11100 */
        {"LLLLLLLLLLLLLLLLLLLLLLLLLU", true},   /* as an old system copies it */
        {"Lllllllllllllllllllllllllu", false},  /* nobody writes that */
        {"qqqqqqqqqqqqqqqqqqqqqqqqq", false},   /* short */
        {"qqqqqqqqqqqqqqqqqqqqqqqqqqq", false}, /* long */
        {"bqqqqqqqqqqqqqqqqqqqqqqqqq", false},  /* no symbol */
        {"qqqqqqqqqqqqqqqqqqqqqqqqq.", false},  {"", false}, {".", false}, {"..", false},
        {"../qqqqqqqqqqqqqqqqqqqqqqq", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t id[VL_BAG_ID_LEN] = {1}, before[VL_BAG_ID_LEN] = {1};
        char name[VL_BAG_NAME];

        if (vl_bag_name_read(rows[i].name, id) != rows[i].is_one)
            fail_msg("\"%s\"", rows[i].name);
        if (rows[i].is_one)
            assert_int_equal(strcasecmp(vl_bag_name(id, name), rows[i].name), 0);
        else
            assert_memory_equal(id, before, sizeof id);
    }
}

static void segments_are_numbered_from_one_and_end(void **state)
{
    static const struct {
        const char *name;
        unsigned number;
    } rows[] = {
        {"000001.bundles", 1},
        {"001024.bundles", 1024},
        {"001025.bundles", 0},
        {"000000.bundles", 0},
        {"999999.bundles", 0},
        {"00001.bundles", 0},
        {"1.bundles", 0},
        {"000001.BUNDLES", 0},
        {"000001.bundle", 0},
        {"+00001.bundles", 0},
        {"00000a.bundles", 0},
        {"000001.bundles ", 0},
        {"", 0},
        {"../001.bundles", 0},
        {"list.cose", 0},
    };
    char name[VL_BAG_SEGMENT_NAME];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (vl_bag_segment_number(vl_bytes_str(rows[i].name)) != rows[i].number)
            fail_msg("\"%s\"", rows[i].name);
    assert_int_equal(vl_bag_segment_number(vl_bytes_of("000001.bundle\0", 14)), 0);
    for (unsigned i = 1; i <= VL_BAG_MAX_SEGMENTS; i++)
        assert_int_equal(vl_bag_segment_number(vl_bytes_str(vl_bag_segment_name(i, name))), i);
}

static void a_mark_tells_nothing_and_fits_one_bag(void **state)
{
    uint8_t id[VL_BAG_ID_LEN] = {0}, other[VL_BAG_ID_LEN] = {1};
    char a[VL_BAG_MAKER_NAME], b[VL_BAG_MAKER_NAME], token[VL_BAG_NAME];

    (void)state;
    assert_int_equal(strlen(vl_bag_maker_name(maker_a, id, a)), 32);
    assert_string_not_equal(a, vl_bag_maker_name(maker_b, id, b));
    assert_string_not_equal(a, vl_bag_maker_name(maker_a, other, b));
    assert_null(strstr(a, vl_bag_name(maker_a, token)));
    assert_int_equal(vl_bag_part_of(a), VL_BAG_PART_MAKER);
}

static void what_a_name_in_a_bag_is(void **state)
{
    static const struct {
        const char *name;
        enum vl_bag_part part;
    } rows[] = {
        {"list.cose", VL_BAG_PART_LIST},
        {"LIST.COSE", VL_BAG_PART_LIST},
        {"list.tmp", VL_BAG_PART_LIST_NEW},
        {"leaves.cbor", VL_BAG_PART_LEAVES},
        {"Leaves.CBOR", VL_BAG_PART_LEAVES},
        {"000007.bundles", VL_BAG_PART_SEGMENT},
        {"000007.BUNDLES", VL_BAG_PART_SEGMENT},
        {"009999.bundles", VL_BAG_PART_FOREIGN},
        {"list.cose.exe", VL_BAG_PART_FOREIGN},
        {"qqqqqqqqqqqqqqqqqqqqqqqqqq.maker", VL_BAG_PART_MAKER},
        {"QQQQQQQQQQQQQQQQQQQQQQQQQQ.MAKER", VL_BAG_PART_MAKER},
        {"maker", VL_BAG_PART_FOREIGN},
        {"._list.cose", VL_BAG_PART_JUNK},
        {".DS_Store", VL_BAG_PART_JUNK},
        {"thumbs.DB", VL_BAG_PART_JUNK},
        {"autorun.inf", VL_BAG_PART_FOREIGN},
        {"invoice.exe", VL_BAG_PART_FOREIGN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (vl_bag_part_of(rows[i].name) != rows[i].part)
            fail_msg("\"%s\"", rows[i].name);
}

static void what_systems_leave_is_junk(void **state)
{
    static const char *const junk[] = {"System Volume Information",
                                       "$RECYCLE.BIN",
                                       ".Trashes",
                                       ".Trash-1000",
                                       "._anything",
                                       "Thumbs.db",
                                       "desktop.ini",
                                       "Desktop.ini",
                                       "FOUND.000",
                                       "found.123",
                                       "FSCK0000.REC",
                                       "LOST.DIR",
                                       "lost+found",
                                       ".fseventsd"};
    static const char *const none[] = {"FOUND.00", "FOUND.0000", "FOUND.00x", "autorun.inf",
                                       "README",   "found",      ".",         "letters"};

    (void)state;
    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++)
        if (!vl_stick_is_junk(junk[i]))
            fail_msg("\"%s\" is no junk", junk[i]);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (vl_stick_is_junk(none[i]))
            fail_msg("\"%s\" is junk", none[i]);
}

static void every_name_can_stand_on_fat(void **state)
{
    uint8_t id[VL_BAG_ID_LEN] = {7};
    char bag[VL_BAG_NAME], segment[VL_BAG_SEGMENT_NAME], mark[VL_BAG_MAKER_NAME];
    const char *const names[] = {VL_STICK_VALISE,
                                 VL_STICK_README,
                                 VL_STICK_README_NEW,
                                 VL_STICK_BAGS,
                                 VL_BAG_LIST,
                                 VL_BAG_LIST_NEW,
                                 VL_BAG_LEAVES,
                                 vl_bag_name(id, bag),
                                 vl_bag_segment_name(1, segment),
                                 vl_bag_maker_name(maker_a, id, mark)};
    struct vl_why why = {""};

    (void)state;
    /* The rule for parts of letters is that they can be files anywhere. */
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_err(vl_part_name_check(vl_bytes_str(names[i]), &why), VL_OK, &why);
}

static void the_readme_is_plain_text_in_short_lines(void **state)
{
    const vl_bytes text = vl_stick_readme;
    size_t column = 0, lines = 0;

    (void)state;
    assert_true(vl_text_is_showable(text, true));
    for (size_t i = 0; i < text.len; i++) {
        assert_true(text.ptr[i] < 0x7f);
        if (text.ptr[i] == '\n') {
            assert_true(i > 0 && text.ptr[i - 1] == '\r');
            column = 0;
            lines++;
        } else if (text.ptr[i] != '\r') {
            assert_true(++column <= 84);
        }
    }
    assert_true(lines > 10 && text.ptr[text.len - 1] == '\n');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bags_name_is_read_as_it_was_written),
        cmocka_unit_test(one_id_has_one_name),
        cmocka_unit_test(segments_are_numbered_from_one_and_end),
        cmocka_unit_test(a_mark_tells_nothing_and_fits_one_bag),
        cmocka_unit_test(what_a_name_in_a_bag_is),
        cmocka_unit_test(what_systems_leave_is_junk),
        cmocka_unit_test(every_name_can_stand_on_fat),
        cmocka_unit_test(the_readme_is_plain_text_in_short_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
