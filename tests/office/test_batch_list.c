/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of letters, a line each. */
#include <stdio.h>
#include <string.h>

#include "office/batch_list.h"

#include "support.h"

static const struct {
    const char *text;
    const char *wanted; /* "offices|path|subject" for each letter, or the words of the refusal */
    enum vl_err err;
} rows[] = {
    {"", "", VL_OK},
    {"mill\ta.txt", "mill|a.txt|;", VL_OK},
    {"mill,court\ta.txt\tAbout\tit\n", "mill,court|a.txt|About\tit;", VL_OK},
    {"-\ta\r\n\n# words\tx\n-\tb\t\n", "|a|;|b|;", VL_OK},
    {",\ta\n", ",|a|;", VL_OK},
    {"mill a.txt\n", "line 1 is not OFFICES, a tab and FILE", VL_ERR_FORMAT},
    {"-\ta\n\ta\n", "line 2 is not OFFICES, a tab and FILE", VL_ERR_FORMAT},
    {"mill\t\n", "line 1 is not OFFICES, a tab and FILE", VL_ERR_FORMAT},
    {"mill\t\tAbout it\n", "line 1 is not OFFICES, a tab and FILE", VL_ERR_FORMAT},
};

static void tell(const struct vl_batch_list *list, char out[256])
{
    size_t len = 0;

    out[0] = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct vl_batch_item *item = &list->items[i];

        for (size_t j = 0; j < item->office_count; j++)
            len += (size_t)snprintf(out + len, 256 - len, "%s%s", j ? "," : "", item->offices[j]);
        len += (size_t)snprintf(out + len, 256 - len, "|%s|%s;", item->path,
                                item->subject ? item->subject : "");
    }
}

static void lines_are_letters_or_are_refused_by_their_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_batch_list_release) struct vl_batch_list list = VL_BATCH_LIST_INIT;
        struct vl_why why = {""};
        char told[256];

        assert_int_equal(vl_buf_put(&list.text, vl_bytes_str(rows[i].text)), VL_OK);
        assert_err(vl_batch_list_parse(&list, &why), rows[i].err, &why);
        tell(&list, told);
        assert_string_equal(rows[i].err ? why.text : told, rows[i].wanted);
    }
}

static void bytes_of_nothing_are_no_text(void **state)
{
    VL_AUTO(vl_batch_list_release) struct vl_batch_list list = VL_BATCH_LIST_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(vl_buf_put(&list.text, VL_LITERAL("-\ta\0\n")), VL_OK);
    assert_err(vl_batch_list_parse(&list, &why), VL_ERR_FORMAT, &why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_letters_or_are_refused_by_their_number),
        cmocka_unit_test(bytes_of_nothing_are_no_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
