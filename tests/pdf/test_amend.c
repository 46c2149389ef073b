/* SPDX-License-Identifier: Apache-2.0 */
/* What is added to a document of cairo, and that any other document stays as it is. */
#include "pdf/amend.h"

#include <stdio.h>
#include <string.h>

#include "support.h"

#define ROOM ((size_t)1 << 16)

/* A document as cairo 1.16 writes it, with these objects; object 1 is the catalog, 2 tells of it.
 */
static void write_document(struct vl_buf *out, const char *const *objects, size_t count)
{
    const size_t start = out->len;
    size_t at[16] = {0}, table;
    char text[200];

    assert_int_equal(vl_buf_put(out, VL_LITERAL("%PDF-1.5\n")), VL_OK);
    for (size_t i = 1; i <= count; i++) {
        at[i] = out->len - start;
        (void)snprintf(text, sizeof text, "%zu 0 obj\n<< %s\n>>\nendobj\n", i, objects[i - 1]);
        assert_int_equal(vl_buf_put(out, vl_bytes_str(text)), VL_OK);
    }
    table = out->len - start;
    (void)snprintf(text, sizeof text, "xref\n0 %zu\n0000000000 65535 f \n", count + 1);
    assert_int_equal(vl_buf_put(out, vl_bytes_str(text)), VL_OK);
    for (size_t i = 1; i <= count; i++) {
        (void)snprintf(text, sizeof text, "%010zu 00000 n \n", at[i]);
        assert_int_equal(vl_buf_put(out, vl_bytes_str(text)), VL_OK);
    }
    (void)snprintf(text, sizeof text,
                   "trailer\n<< /Size %zu\n   /Root 1 0 R\n   /Info 2 0 R\n>>\nstartxref\n%zu\n"
                   "%%%%EOF\n",
                   count + 1, table);
    assert_int_equal(vl_buf_put(out, vl_bytes_str(text)), VL_OK);
}

static const char *const objects[] = {
    "/Type /Catalog\n   /Pages 3 0 R",
    "/Producer (a test)",
    "/Type /Pages",
    "/Type /StructElem\n   /S /P",
    "/Type /StructElem\n   /S /Figure\n   /P 4 0 R",
};

static void catalog_and_figure_get_what_they_lack(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ROOM);
    char wanted[600];
    size_t before, catalog, figure, old_table, table;

    (void)state;
    assert_int_equal(vl_buf_put(&out, VL_LITERAL("before it")), VL_OK);
    write_document(&out, objects, 5);
    before = out.len;
    old_table = (size_t)((uint8_t *)memmem(out.data, out.len, "xref\n0 6", 8) - out.data) - 9;
    assert_int_equal(vl_pdf_amend(&out, 9, "en", "a code"), VL_OK);
    catalog = before - 9;
    figure =
        catalog + strlen("1 0 obj\n<< /Lang (en)\n   /ViewerPreferences << /DisplayDocTitle true "
                         ">>\n   /Type /Catalog\n   /Pages 3 0 R\n>>\nendobj\n");
    table =
        figure + strlen("5 0 obj\n<< /Alt (a code)\n   /Type /StructElem\n   /S /Figure\n   /P 4 "
                        "0 R\n>>\nendobj\n");
    (void)
        snprintf(wanted, sizeof wanted,
                 "1 0 obj\n<< /Lang (en)\n   /ViewerPreferences << /DisplayDocTitle true >>\n"
                 "   /Type /Catalog\n   /Pages 3 0 R\n>>\nendobj\n"
                 "5 0 obj\n<< /Alt (a code)\n   /Type /StructElem\n   /S /Figure\n   /P 4 0 R\n>>\n"
                 "endobj\n"
                 "xref\n1 1\n%010zu 00000 n \n5 1\n%010zu 00000 n \n"
                 "trailer\n<< /Size 6\n   /Root 1 0 R\n   /Info 2 0 R\n   /Prev %zu\n>>\n"
                 "startxref\n%zu\n%%%%EOF\n",
                 catalog, figure, old_table, table);
    assert_bytes(vl_bytes_of(out.data + before, out.len - before), vl_bytes_str(wanted));
}

static void without_a_figure_the_catalog_alone_changes(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ROOM);

    (void)state;
    write_document(&out, objects, 4);
    assert_int_equal(vl_pdf_amend(&out, 0, "en", "a code"), VL_OK);
    assert_non_null(memmem(out.data, out.len, "/Lang (en)", 10));
    assert_null(memmem(out.data, out.len, "/Alt", 4));
}

/* What its table says of one is not so. */
static void an_object_that_is_not_there_is_free(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ROOM);
    uint8_t *head;

    (void)state;
    write_document(&out, objects, 5);
    head = memmem(out.data, out.len, "4 0 obj", 7);
    assert_non_null(head);
    *head = '9';
    assert_int_equal(vl_pdf_amend(&out, 0, "en", "a code"), VL_OK);
    assert_non_null(
        memmem(out.data, out.len, " 00000 n \n4 1\n0000000000 65535 f \ntrailer\n", 42));
}

/* Each of these is another document after one change. */
static void what_is_written_otherwise_stays_as_it_is(void **state)
{
    static const struct {
        const char *from;
        const char *to;
    } rows[] = {
        {"startxref\n", "startxreg\n"},
        {"xref\n0 6", "xref\n1 6"},
        {"xref\n0 6", "xref\n0 9"},
        {"trailer\n", "trailes\n"},
        {"/Root 1", "/Root 7"},
        {"/Root 1", "/Root x"},
        {"/Info 2", "/Info x"},
        {"1 0 obj", "7 0 obj"},
        {"1 0 obj\n<< ", "1 0 obj\n<<\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ROOM);
        size_t len;
        uint8_t *at;

        write_document(&out, objects, 5);
        len = out.len;
        at = memmem(out.data, out.len, rows[i].from, strlen(rows[i].from));
        assert_non_null(at);
        memcpy(at, rows[i].to, strlen(rows[i].to));
        assert_int_equal(vl_pdf_amend(&out, 0, "en", "a code"), VL_OK);
        if (out.len != len)
            fail_msg("row %zu was changed", i);
    }
}

/* However it is cut, it is read within its bounds. */
static void a_document_that_is_cut_is_not_read_behind_its_end(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf whole = VL_BUF_INIT(ROOM);

    (void)state;
    write_document(&whole, objects, 5);
    for (size_t len = 0; len < whole.len; len++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ROOM);

        assert_int_equal(vl_buf_put(&out, vl_bytes_of(whole.data, len)), VL_OK);
        assert_int_equal(vl_pdf_amend(&out, 0, "en", "a code"), VL_OK);
    }
}

static void without_room_nothing_is_added(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(2000);
    size_t len;

    (void)state;
    write_document(&out, objects, 5);
    len = out.len;
    assert_int_equal(vl_pdf_amend(&out, 0, "en", "a code"), VL_ERR_LIMIT);
    assert_int_equal(out.len, len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(catalog_and_figure_get_what_they_lack),
        cmocka_unit_test(without_a_figure_the_catalog_alone_changes),
        cmocka_unit_test(an_object_that_is_not_there_is_free),
        cmocka_unit_test(what_is_written_otherwise_stays_as_it_is),
        cmocka_unit_test(a_document_that_is_cut_is_not_read_behind_its_end),
        cmocka_unit_test(without_room_nothing_is_added),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
