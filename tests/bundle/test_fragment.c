/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/fragment.h: cut at any place and put together in any order, it is the bundle that was cut;
 * what does not belong together is refused. */
#include "wire.h"

#include "bundle/fragment.h"

#define PARTS 8

/* Ten bytes, a block for every fragment and one for the first. */
static const char whole_text[] =
    "9f (89070001 8202820301 8202820101 820100 820100 1903e8 42 X) (8607020101 41 07 42 X)"
    "(8508030000 41 08) (8601010002 4a 30313233343536373839 44 Y) ff";

struct cut {
    struct vl_buf wire[PARTS];
    struct vl_bundle bundle[PARTS];
    const struct vl_bundle *order[PARTS];
    size_t count;
};

static void add(struct cut *cut, const struct vl_bundle *bundle, uint64_t offset, uint64_t len)
{
    struct vl_buf *wire = &cut->wire[cut->count];
    struct vl_why why = {""};

    *wire = VL_BUF_INIT(WIRE_MAX);
    assert_err(vl_bundle_fragment(bundle, offset, len, wire, &why), VL_OK, &why);
    assert_err(vl_bundle_parse(vl_buf_bytes(wire), 0, &cut->bundle[cut->count], &why), VL_OK, &why);
    cut->order[cut->count] = &cut->bundle[cut->count];
    cut->count++;
}

static void release(struct cut *cut)
{
    for (size_t i = 0; i < cut->count; i++)
        vl_buf_release(&cut->wire[i]);
}

static void any_two_cuts_in_any_order(void **state)
{
    static const size_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                        {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    VL_AUTO(vl_buf_release) struct vl_buf wire = wire_of(whole_text);
    struct vl_bundle bundle;

    (void)state;
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&wire), 0, &bundle, NULL), VL_OK);
    for (size_t first = 1; first < 9; first++)
        for (size_t second = first + 1; second < 10; second++)
            for (size_t o = 0; o < 6; o++) {
                VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(WIRE_MAX);
                struct cut cut = {.count = 0};

                add(&cut, &bundle, 0, first);
                add(&cut, &bundle, first, second - first);
                add(&cut, &bundle, second, 10 - second);
                for (size_t i = 0; i < 3; i++)
                    cut.order[i] = &cut.bundle[orders[o][i]];
                assert_int_equal(vl_bundle_reassemble(cut.order, 3, &out, NULL), VL_OK);
                assert_bytes(vl_buf_bytes(&out), vl_buf_bytes(&wire));
                release(&cut);
            }
}

static void which_blocks_go_where(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = wire_of(whole_text);
    struct cut cut = {.count = 0};
    struct vl_bundle bundle;

    (void)state;
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&wire), 0, &bundle, NULL), VL_OK);
    add(&cut, &bundle, 0, 4);
    add(&cut, &bundle, 4, 6);
    assert_int_equal(cut.bundle[0].block_count, 3);
    assert_int_equal(cut.bundle[1].block_count, 2);
    assert_non_null(vl_bundle_find(&cut.bundle[1], VL_BLOCK_AGE));
    assert_null(vl_bundle_find(&cut.bundle[1], 8));
    assert_int_equal(cut.bundle[1].fragment_offset, 4);
    assert_int_equal(cut.bundle[1].total_len, 10);
    assert_int_equal(cut.bundle[1].flags, 1);
    assert_bytes(vl_bundle_payload(&cut.bundle[1])->data, VL_LITERAL("456789"));
    release(&cut);
}

static void a_fragment_of_a_fragment(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = wire_of(whole_text);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(WIRE_MAX);
    struct cut cut = {.count = 0};
    struct vl_bundle bundle;

    (void)state;
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&wire), 0, &bundle, NULL), VL_OK);
    add(&cut, &bundle, 0, 4);
    add(&cut, &bundle, 4, 6);
    add(&cut, &cut.bundle[1], 2, 4);
    assert_int_equal(cut.bundle[2].fragment_offset, 6);
    assert_int_equal(cut.bundle[2].total_len, 10);
    add(&cut, &cut.bundle[1], 0, 3); /* overlaps with it by a byte */
    cut.order[1] = &cut.bundle[2];
    cut.order[2] = &cut.bundle[3];
    assert_int_equal(vl_bundle_reassemble(cut.order, 3, &out, NULL), VL_OK);
    assert_bytes(vl_buf_bytes(&out), vl_buf_bytes(&wire));
    release(&cut);
}

static void without_a_clock_every_fragment_says_its_age(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire = wire_of("9f (89070001 8202820301 8202820101 820100 820000 1903e8 42 X)"
                                 "(8507020000 41 07)" PAYLOAD "ff");
    struct cut cut = {.count = 0};
    struct vl_bundle bundle;

    (void)state;
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&wire), 0, &bundle, NULL), VL_OK);
    add(&cut, &bundle, 2, 2);
    assert_int_equal(cut.bundle[0].known.age_ms, 7);
    release(&cut);
}

static void what_may_not_be_cut(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = wire_of(whole_text);
    VL_AUTO(vl_buf_release) struct vl_buf anonymous = wire_of("9f" NOBODY PAYLOAD "ff");
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(WIRE_MAX);
    struct vl_bundle bundle, nobody;
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&wire), 0, &bundle, NULL), VL_OK);
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&anonymous), 0, &nobody, NULL), VL_OK);
    assert_err(vl_bundle_fragment(&nobody, 0, 2, &out, &why), VL_ERR_REFUSED, &why);
    assert_string_equal(why.text, "RFC 9171, 5.8: this bundle must not be fragmented");
    assert_err(vl_bundle_fragment(&bundle, 0, 0, &out, &why), VL_ERR_FORMAT, &why);
    assert_err(vl_bundle_fragment(&bundle, 8, 3, &out, &why), VL_ERR_FORMAT, &why);
    assert_err(vl_bundle_fragment(&bundle, 11, 1, &out, &why), VL_ERR_FORMAT, &why);
    assert_err(vl_bundle_fragment(&bundle, UINT64_MAX, 2, &out, &why), VL_ERR_FORMAT, &why);
    assert_err(vl_bundle_fragment(&bundle, 2, UINT64_MAX, &out, &why), VL_ERR_FORMAT, &why);
    bundle.flags |= VL_BUNDLE_NOT_SPLIT;
    assert_err(vl_bundle_fragment(&bundle, 0, 2, &out, &why), VL_ERR_REFUSED, &why);
    assert_int_equal(out.len, 0);
}

static void what_does_not_belong_together(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = wire_of(whole_text);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(WIRE_MAX);
    struct cut cut = {.count = 0};
    struct vl_bundle bundle, other;
    const struct vl_bundle *alone[] = {&bundle};
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&wire), 0, &bundle, NULL), VL_OK);
    add(&cut, &bundle, 0, 4);
    add(&cut, &bundle, 5, 5);
    assert_err(vl_bundle_reassemble(cut.order, 2, &out, &why), VL_ERR_NOT_FOUND, &why);
    assert_string_equal(why.text, "RFC 9171, 5.9: the bytes from 4 to 5 are missing");
    assert_err(vl_bundle_reassemble(cut.order, 1, &out, &why), VL_ERR_NOT_FOUND, &why);
    assert_string_equal(why.text, "RFC 9171, 5.9: the bytes from 4 to 10 are missing");
    assert_err(vl_bundle_reassemble(cut.order, 0, &out, &why), VL_ERR_LIMIT, &why);
    assert_err(vl_bundle_reassemble(cut.order, VL_FRAGMENTS_MAX + 1, &out, &why), VL_ERR_LIMIT,
               &why);
    assert_err(vl_bundle_reassemble(alone, 1, &out, &why), VL_ERR_FORMAT, &why);
    add(&cut, &bundle, 3, 3);
    other = cut.bundle[2];
    cut.order[2] = &other;
    assert_err(vl_bundle_reassemble(cut.order, 3, &out, &why), VL_OK, &why);
    out.len = 0;
    other.blocks[other.block_count - 1].data = VL_LITERAL("345"); /* the same, elsewhere */
    assert_err(vl_bundle_reassemble(cut.order, 3, &out, &why), VL_OK, &why);
    out.len = 0;
    other.blocks[other.block_count - 1].data = VL_LITERAL("X45");
    assert_err(vl_bundle_reassemble(cut.order, 3, &out, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "RFC 9171, 5.9: two fragments say different things");
    other = cut.bundle[2];
    other.sequence++;
    assert_err(vl_bundle_reassemble(cut.order, 3, &out, &why), VL_ERR_FORMAT, &why);
    other = cut.bundle[2];
    other.total_len++;
    assert_err(vl_bundle_reassemble(cut.order, 3, &out, &why), VL_ERR_FORMAT, &why);
    assert_int_equal(out.len, 0);
    release(&cut);
}

static enum vl_err put_together(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(WIRE_MAX);
    struct cut *cut = self;
    enum vl_err err = vl_bundle_reassemble(cut->order, cut->count, &out, why);

    assert_true((err == VL_OK) == (out.len > 0));
    return err;
}

static void without_memory_nothing_is_put_together(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = wire_of(whole_text);
    struct cut cut = {.count = 0};
    struct vl_bundle bundle;

    (void)state;
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&wire), 0, &bundle, NULL), VL_OK);
    add(&cut, &bundle, 0, 4);
    add(&cut, &bundle, 4, 6);
    assert_true(each_allocation_fails(put_together, &cut) > 2);
    release(&cut);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_two_cuts_in_any_order),
        cmocka_unit_test(which_blocks_go_where),
        cmocka_unit_test(a_fragment_of_a_fragment),
        cmocka_unit_test(without_a_clock_every_fragment_says_its_age),
        cmocka_unit_test(what_may_not_be_cut),
        cmocka_unit_test(what_does_not_belong_together),
        cmocka_unit_test(without_memory_nothing_is_put_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
