/* SPDX-License-Identifier: Apache-2.0 */
/* record/anchor.h: what is kept of a record is read as it was written, and no other is. */
#include "logs.h"

#include "record/anchor.h"

static struct vl_record_policy policy_of(void)
{
    const struct vl_secret receipts = seed_of('R');
    struct vl_record_policy policy = {.origin = VL_LITERAL(ORIGIN),
                                      .checkpoint_key = key_of(ORIGIN, VL_NOTE_ED25519, 'C'),
                                      .max_len = VL_ENTRY_MAX_LEN};

    vl_cose_key_of_seed(&receipts, &policy.receipt_key);
    return policy;
}

static struct vl_buf anchor_of(char signer, char named)
{
    const struct vl_record_policy policy = policy_of();
    const struct vl_secret seed = seed_of(signer), other = seed_of(named);
    VL_AUTO(vl_buf_release) struct vl_buf entry = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    struct vl_buf out = VL_BUF_INIT(VL_ANCHOR_MAX_LEN);
    struct vl_cose_key key;
    struct vl_why why = {""};

    vl_cose_key_of_seed(&other, &key);
    assert_err(vl_record_policy_write(&policy, &seed, true, 1790000000, &entry, &why), VL_OK, &why);
    assert_int_equal(vl_anchor_write(&key, vl_buf_bytes(&entry), &out), VL_OK);
    return out;
}

static void what_is_written_is_read(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = anchor_of('P', 'P');
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    struct vl_anchor anchor;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_anchor_parse(vl_buf_bytes(&wire), &anchor, &why), VL_OK, &why);
    assert_true(vl_bytes_eq(anchor.policy.origin, VL_LITERAL(ORIGIN)));
    assert_int_equal(vl_entry_parse(anchor.entry, &entry, NULL), VL_OK);
    assert_memory_equal(anchor.id, entry.id, sizeof anchor.id);
    assert_memory_equal(anchor.leaf_hash, entry.leaf_hash, sizeof anchor.leaf_hash);
}

static void a_policy_by_another_key_is_refused(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = anchor_of('P', 'Q');
    struct vl_anchor anchor;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_anchor_parse(vl_buf_bytes(&wire), &anchor, &why), VL_ERR_UNVERIFIED, &why);
    assert_int_equal(anchor.entry.len, 0);
}

/* A key that signs the policy and something else could write a second past. */
static void a_key_with_two_uses_is_refused(void **state)
{
    const struct vl_record_policy policy = policy_of();
    const struct vl_secret seed = seed_of('R');
    VL_AUTO(vl_buf_release) struct vl_buf entry = VL_BUF_INIT(VL_ENTRY_MAX_LEN);

    (void)state;
    assert_int_equal(vl_record_policy_write(&policy, &seed, true, 1790000000, &entry, NULL),
                     VL_ERR_USAGE);
}

static void every_byte_counts(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = anchor_of('P', 'P');
    struct vl_anchor anchor;

    (void)state;
    for (size_t i = 0; i < wire.len; i++) {
        wire.data[i] ^= 1;
        assert_int_not_equal(vl_anchor_parse(vl_buf_bytes(&wire), &anchor, NULL), VL_OK);
        wire.data[i] ^= 1;
        assert_int_not_equal(vl_anchor_parse(vl_bytes_of(wire.data, i), &anchor, NULL), VL_OK);
    }
    assert_int_equal(vl_buf_put_byte(&wire, 0), VL_OK);
    assert_int_not_equal(vl_anchor_parse(vl_buf_bytes(&wire), &anchor, NULL), VL_OK);
}

static enum vl_err read_it(void *self, struct vl_why *why)
{
    struct vl_anchor anchor;

    return vl_anchor_parse(vl_buf_bytes(self), &anchor, why);
}

static void every_allocation_fails_once(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = anchor_of('P', 'P');

    (void)state;
    assert_true(each_allocation_fails(read_it, &wire) > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_policy_by_another_key_is_refused),
        cmocka_unit_test(a_key_with_two_uses_is_refused),
        cmocka_unit_test(every_byte_counts),
        cmocka_unit_test(every_allocation_fails_once),
    };

    return cmocka_run_group_tests_name("record/anchor", tests, NULL, NULL);
}
