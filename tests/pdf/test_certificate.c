/* SPDX-License-Identifier: Apache-2.0 */
/* One letter as a PDF: the same bytes each time, whole or not at all.  What it says is read by
 * other programs, in tests/story/export-pdf.sh. */
#include "../finding/world.h"

#include <stdio.h>

#include "pdf/certificate.h"

#define ROOM ((size_t)4 << 20)

/* An item that is longer than a sheet, and more of them than a sheet holds. */
static void live(struct world *world)
{
    static char words[4000];
    const struct story story = courier_has_it(world);

    memset(words, 'w', sizeof words - 1);
    for (size_t i = 7; i < sizeof words - 1; i += 8)
        words[i] = ' ';
    DID(world, .by = 'C', .kind = VL_KIND_DELIVERED_CLAIM, .letters = "l", .party = 'A');
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .cites = {story.taken});
    for (unsigned i = 0; i < 40; i++)
        DID(world, .by = 'W', .kind = VL_KIND_ASSERT, .letters = "l", .text = words + 100 * i);
}

static enum vl_err write_pdf(const struct vl_finding *finding, struct vl_buf *out,
                             struct vl_why *why)
{
    static const char *const names[] = {
        "\xd7\x91\xd7\x99\xd7\xaa \xd7\x97\xd7\x95\xd7\x9c\xd7\x99\xd7\x9d",
        "<span foreground=\"red\">&amp;", "Office"};
    struct vl_certificate_office offices[3];
    struct vl_office_id ids[3];
    const size_t count = vl_certificate_parties(finding, ids, 3);

    for (size_t i = 0; i < 3; i++)
        offices[i] = (struct vl_certificate_office){.office = ids[i],
                                                    .is_checked = true,
                                                    .name = names[i],
                                                    .has_words = i == 0};
    return vl_certificate_pdf(&(struct vl_certificate){.finding = finding,
                                                       .office_count = 3,
                                                       .offices = offices,
                                                       .more_offices = count - 3},
                              out, why);
}

static void the_same_certificate_is_the_same_bytes(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf first = VL_BUF_INIT(ROOM);
    VL_AUTO(vl_buf_release) struct vl_buf second = VL_BUF_INIT(ROOM);
    struct vl_why why = {""};
    WORLD(world);

    (void)state;
    live(world);
    {
        FOUND(found, world, 'l');
        assert_err(write_pdf(&found.finding, &first, &why), VL_OK, &why);
        assert_err(write_pdf(&found.finding, &second, &why), VL_OK, &why);
    }
    assert_true(vl_bytes_starts(vl_buf_bytes(&first), VL_LITERAL("%PDF-1.")));
    assert_bytes(vl_buf_bytes(&first), vl_buf_bytes(&second));
}

static void it_is_put_behind_what_is_there(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf alone = VL_BUF_INIT(ROOM);
    VL_AUTO(vl_buf_release) struct vl_buf behind = VL_BUF_INIT(ROOM);
    struct vl_why why = {""};
    WORLD(world);

    (void)state;
    live(world);
    {
        FOUND(found, world, 'l');
        assert_int_equal(vl_buf_put(&behind, VL_LITERAL("before")), VL_OK);
        assert_err(write_pdf(&found.finding, &alone, &why), VL_OK, &why);
        assert_err(write_pdf(&found.finding, &behind, &why), VL_OK, &why);
    }
    assert_bytes(vl_bytes_after(vl_buf_bytes(&behind), 6), vl_buf_bytes(&alone));
}

static void what_does_not_fit_is_not_there_in_part(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf whole = VL_BUF_INIT(ROOM);
    struct vl_why why = {""};
    WORLD(world);

    (void)state;
    live(world);
    FOUND(found, world, 'l');
    assert_err(write_pdf(&found.finding, &whole, &why), VL_OK, &why);
    for (size_t room = 10; room < whole.len + 6; room += whole.len / 16) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(room);

        assert_int_equal(vl_buf_put(&out, VL_LITERAL("before")), VL_OK);
        assert_err(write_pdf(&found.finding, &out, &why), VL_ERR_LIMIT, &why);
        assert_bytes(vl_buf_bytes(&out), VL_LITERAL("before"));
    }
}

static enum vl_err write_once(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ROOM);
    enum vl_err err = write_pdf(self, &out, why);

    assert_true(!err || out.len == 0);
    return err;
}

static void without_memory_of_ours_it_is_not_written_in_part(void **state)
{
    WORLD(world);

    (void)state;
    (void)courier_has_it(world);
    FOUND(found, world, 'l');
    each_allocation_fails(write_once, &found.finding);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_certificate_is_the_same_bytes),
        cmocka_unit_test(it_is_put_behind_what_is_there),
        cmocka_unit_test(what_does_not_fit_is_not_there_in_part),
        cmocka_unit_test(without_memory_of_ours_it_is_not_written_in_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
