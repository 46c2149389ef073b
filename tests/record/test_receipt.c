/* SPDX-License-Identifier: Apache-2.0 */
/* record/receipt.h: what a receipt proves and in which log; what of it nobody signed is not shown.
 */
#include "logs.h"

#include "codec/cbor.h"

#define SIZE  7
#define INDEX 2

static enum vl_err read_and_verify(vl_bytes wire, const uint8_t leaf[VL_HASH_LEN],
                                   const struct vl_receipt_log *log, struct vl_receipt_says *says,
                                   struct vl_why *why)
{
    VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;
    enum vl_err err = vl_receipt_parse(wire, &receipt, why);

    return err ? err : vl_receipt_verify(&receipt, leaf, log, says, why);
}

static void a_receipt_proves_its_entry(void **state)
{
    (void)state;
    for (uint64_t size = 2; size < 20; size++)
        for (uint64_t index = 0; index < size; index++) {
            const struct vl_receipt_draft draft = draft_of(size, index);
            const struct vl_receipt_log log = receipt_log('R');
            VL_AUTO(vl_buf_release) struct vl_buf wire = receipt_of(&draft, 'R');
            struct vl_receipt_says says;
            struct vl_why why = {""};

            assert_err(read_and_verify(vl_buf_bytes(&wire), draft.from, &log, &says, &why), VL_OK,
                       &why);
            assert_int_equal(says.level, VL_RECEIPT_BOUND);
            assert_int_equal(says.size, size);
            assert_int_equal(says.index, index);
            assert_memory_equal(says.root, draft.root, VL_HASH_LEN);
        }
}

static void a_receipt_says_who_and_about_what(void **state)
{
    const struct vl_receipt_draft draft = draft_of(SIZE, INDEX);
    VL_AUTO(vl_buf_release) struct vl_buf wire = receipt_of(&draft, 'R');
    VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;

    (void)state;
    assert_int_equal(vl_receipt_parse(vl_buf_bytes(&wire), &receipt, NULL), VL_OK);
    assert_bytes(receipt.sign1.claims.iss, VL_LITERAL(ORIGIN));
    assert_bytes(receipt.sign1.claims.sub, VL_LITERAL("valise:letter:00"));
    assert_int_equal(receipt.sign1.claims.iat_s, 1790000000);
    assert_int_equal(receipt.sign1.alg, VL_COSE_ALG_EDDSA);
    assert_bytes(receipt.origin, VL_LITERAL(ORIGIN));
    assert_int_equal(receipt.size, SIZE);
    assert_true(receipt.sign1.kid_is_protected && receipt.sign1.is_detached);
}

static void both_numbers_of_ed25519_are_written_and_read(void **state)
{
    struct vl_receipt_draft draft = draft_of(SIZE, INDEX);
    const struct vl_receipt_log log = receipt_log('R');
    const struct vl_secret seed = seed_of('R');
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    struct vl_receipt_says says;

    (void)state;
    draft.alg = VL_COSE_ALG_ED25519;
    assert_int_equal(vl_receipt_write(&draft, &seed, &wire, NULL), VL_OK);
    assert_int_equal(read_and_verify(vl_buf_bytes(&wire), draft.from, &log, &says, NULL), VL_OK);
    wire.len = 0;
    draft.alg = VL_COSE_ALG_ES256;
    assert_int_equal(vl_receipt_write(&draft, &seed, &wire, NULL), VL_ERR_UNSUPPORTED);
    assert_int_equal(wire.len, 0);
}

static void what_does_not_prove_anything_is_not_written(void **state)
{
    struct vl_receipt_draft draft = draft_of(SIZE, INDEX);
    const struct vl_secret seed = seed_of('R');
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);

    (void)state;
    draft.root[0] ^= 1;
    assert_int_equal(vl_receipt_write(&draft, &seed, &wire, NULL), VL_ERR_UNVERIFIED);
    draft = draft_of(SIZE, INDEX);
    draft.at = SIZE;
    assert_int_equal(vl_receipt_write(&draft, &seed, &wire, NULL), VL_ERR_FORMAT);
    draft = draft_of(1, 0); /* RFC 9942 has no empty path */
    assert_int_equal(vl_receipt_write(&draft, &seed, &wire, NULL), VL_ERR_USAGE);
    draft = draft_of(SIZE, INDEX);
    draft.origin = VL_BYTES_NONE;
    assert_int_equal(vl_receipt_write(&draft, &seed, &wire, NULL), VL_ERR_LIMIT);
    assert_int_equal(wire.len, 0);
}

static void a_receipt_of_consistency_ties_two_trees(void **state)
{
    struct vl_receipt_draft draft = draft_of(9, 0);
    const struct vl_receipt_draft older = draft_of(6, 0);
    const struct vl_receipt_log log = receipt_log('R');
    VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    uint8_t leaves[9][VL_HASH_LEN];
    struct vl_tree_levels *levels;
    struct vl_tree_nodes nodes;
    struct vl_receipt_says says;
    struct vl_why why = {""};

    (void)state;
    for (uint64_t i = 0; i < 9; i++)
        leaf_of(i, leaves[i]);
    levels = vl_tree_levels_new((const uint8_t(*)[VL_HASH_LEN])leaves, 9);
    assert_non_null(levels);
    nodes = vl_tree_levels_nodes(levels);
    draft.of = VL_RECEIPT_OF_CONSISTENCY;
    draft.at = 6;
    memcpy(draft.from, older.root, VL_HASH_LEN);
    assert_int_equal(vl_tree_nodes_consistency(&nodes, 6, 9, &draft.path, NULL), VL_OK);
    wire = receipt_of(&draft, 'R');
    assert_int_equal(vl_receipt_parse(vl_buf_bytes(&wire), &receipt, NULL), VL_OK);
    assert_err(vl_receipt_verify_consistency(&receipt, 6, older.root, &log, &says, &why), VL_OK,
               &why);
    assert_int_equal(says.size, 9);
    assert_int_equal(says.old_size, 6);
    assert_int_equal(vl_receipt_verify_consistency(&receipt, 5, older.root, &log, &says, NULL),
                     VL_ERR_UNVERIFIED);
    assert_int_equal(vl_receipt_verify_consistency(&receipt, 6, draft.root, &log, &says, NULL),
                     VL_ERR_UNVERIFIED);
    assert_int_equal(vl_receipt_verify(&receipt, leaves[0], &log, &says, NULL), VL_ERR_USAGE);
    vl_tree_levels_free(levels);
}

static void attack_28_the_receipt_of_another_entry(void **state)
{
    const struct vl_receipt_draft draft = draft_of(SIZE, INDEX);
    const struct vl_receipt_log log = receipt_log('R');
    VL_AUTO(vl_buf_release) struct vl_buf wire = receipt_of(&draft, 'R');
    struct vl_receipt_says says;

    (void)state;
    for (uint64_t i = 0; i < SIZE + 1; i++) {
        uint8_t leaf[VL_HASH_LEN];

        leaf_of(i, leaf);
        assert_int_equal(read_and_verify(vl_buf_bytes(&wire), leaf, &log, &says, NULL),
                         i == INDEX ? VL_OK : VL_ERR_UNVERIFIED);
    }
}

/* A root or a node of the tree passed off as an entry. */
static void attack_28_a_node_for_an_entry(void **state)
{
    const struct vl_receipt_draft draft = draft_of(8, 2);
    struct vl_receipt_draft forged = draft;
    const struct vl_secret seed = seed_of('R');
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    uint8_t both[2 * VL_HASH_LEN], leaf[VL_HASH_LEN];

    (void)state;
    memcpy(both, draft.from, VL_HASH_LEN);
    memcpy(both + VL_HASH_LEN, draft.path.at[0], VL_HASH_LEN);
    vl_tree_leaf(VL_ARRAY(both), leaf);
    memcpy(forged.from, leaf, VL_HASH_LEN);
    forged.size = 4;
    forged.at = 1;
    memmove(forged.path.at[0], forged.path.at[1], 2 * VL_HASH_LEN);
    forged.path.count = 2;
    assert_int_equal(vl_receipt_write(&forged, &seed, &wire, NULL), VL_ERR_UNVERIFIED);
}

static void attack_28_the_receipt_of_another_log(void **state)
{
    struct vl_receipt_draft draft = draft_of(SIZE, INDEX);
    struct vl_receipt_log log = receipt_log('R');
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    struct vl_receipt_says says;
    struct vl_why why = {""};

    (void)state;
    draft.origin = VL_LITERAL("record.example/2027"); /* the same key, another shard */
    wire = receipt_of(&draft, 'R');
    assert_int_equal(read_and_verify(vl_buf_bytes(&wire), draft.from, &log, &says, &why),
                     VL_ERR_REFUSED);
    assert_string_equal(why.text, "receipt: it is of another log");
    log.origin = draft.origin;
    assert_int_equal(read_and_verify(vl_buf_bytes(&wire), draft.from, &log, &says, &why), VL_OK);
    log.key = receipt_log('Q').key;
    assert_int_equal(read_and_verify(vl_buf_bytes(&wire), draft.from, &log, &says, &why),
                     VL_ERR_UNVERIFIED);
}

/* Every byte counts.  Only in the proof's size and place RFC 9942 leaves room, and ours fill it. */
static void attack_28_a_byte_of_a_receipt_changed(void **state)
{
    const struct vl_receipt_draft draft = draft_of(SIZE, INDEX);
    const struct vl_receipt_log log = receipt_log('R');
    VL_AUTO(vl_buf_release) struct vl_buf wire = receipt_of(&draft, 'R');
    struct vl_receipt_says says;

    (void)state;
    for (size_t i = 0; i < wire.len; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            wire.data[i] ^= (uint8_t)(1u << bit);
            if (read_and_verify(vl_buf_bytes(&wire), draft.from, &log, &says, NULL) == VL_OK)
                fail_msg("bit %u of byte %zu changed and it verifies", bit, i);
            wire.data[i] ^= (uint8_t)(1u << bit);
        }
}

/* A receipt made by hand, as others make them. */
struct made {
    bool is_strict;  /* with kid, iss and sub */
    bool has_size;   /* with our labels */
    int64_t vds;     /* 0: none */
    vl_bytes proofs; /* the map under 396 */
    vl_bytes root;
};

static struct vl_buf make(const struct made *made)
{
    VL_AUTO(vl_buf_release) struct vl_buf header = VL_BUF_INIT(1024);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(8192);
    struct vl_cbor_out w = vl_cbor_to(&header);
    const struct vl_claims claims = {VL_LITERAL("i"), VL_LITERAL("s"), false, 0};
    const struct vl_secret seed = seed_of('R');
    struct vl_buf wire = VL_BUF_INIT(8192);

    vl_cbor_put_map(&w, (made->is_strict ? 3u : 1u) + (made->vds ? 1u : 0u) +
                            (made->has_size ? 2u : 0u));
    vl_cbor_put_int(&w, 1);
    vl_cbor_put_int(&w, VL_COSE_ALG_EDDSA);
    if (made->is_strict) {
        vl_cbor_put_int(&w, 4);
        vl_cbor_put_bytes(&w, VL_LITERAL("key"));
        vl_cbor_put_int(&w, 15);
        vl_claims_put(&w, &claims);
    }
    if (made->vds) {
        vl_cbor_put_int(&w, 395);
        vl_cbor_put_int(&w, made->vds);
    }
    if (made->has_size) {
        vl_cbor_put_text(&w, VL_LITERAL("valise-origin"));
        vl_cbor_put_text(&w, VL_LITERAL(ORIGIN));
        vl_cbor_put_text(&w, VL_LITERAL("valise-tree-size"));
        vl_cbor_put_uint(&w, SIZE);
    }
    assert_int_equal(w.err, VL_OK);
    w = vl_cbor_to(&out);
    vl_cbor_put_map(&w, 1);
    vl_cbor_put_int(&w, 396);
    vl_cbor_put_item(&w, made->proofs);
    assert_int_equal(w.err, VL_OK);
    assert_int_equal(vl_sign1_write_detached(vl_buf_bytes(&header), vl_buf_bytes(&out), made->root,
                                             &seed, &wire, NULL),
                     VL_OK);
    return wire;
}

/* {label: [proof, ...]} of [size, at, path] each. */
static void put_proofs(struct vl_buf *out, int64_t label, const struct vl_receipt_draft *drafts,
                       size_t count)
{
    struct vl_cbor_out w = vl_cbor_to(out);

    vl_cbor_put_map(&w, 1);
    vl_cbor_put_int(&w, label);
    vl_cbor_put_array(&w, count);
    for (size_t i = 0; i < count; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf one = VL_BUF_INIT(4096);
        struct vl_cbor_out p = vl_cbor_to(&one);

        vl_cbor_put_array(&p, 3);
        vl_cbor_put_uint(&p, drafts[i].size);
        vl_cbor_put_uint(&p, drafts[i].at);
        vl_cbor_put_array(&p, drafts[i].path.count);
        for (size_t h = 0; h < drafts[i].path.count; h++)
            vl_cbor_put_bytes(&p, vl_bytes_of(drafts[i].path.at[h], VL_HASH_LEN));
        assert_int_equal(p.err, VL_OK);
        vl_cbor_put_bytes(&w, vl_buf_bytes(&one));
    }
    assert_int_equal(w.err, VL_OK);
}

static enum vl_err verify_made(const struct made *made, const struct vl_receipt_draft *proofs,
                               size_t count, enum vl_receipt_level least,
                               struct vl_receipt_says *says, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf map = VL_BUF_INIT(8192);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(8192);
    const struct vl_receipt_draft draft = draft_of(SIZE, INDEX);
    struct vl_receipt_log log = receipt_log('R');
    struct made full = *made;

    log.least = least;
    put_proofs(&map, -1, proofs, count);
    full.proofs = vl_buf_bytes(&map);
    full.root = VL_ARRAY(draft.root);
    wire = make(&full);
    return read_and_verify(vl_buf_bytes(&wire), draft.from, &log, says, why);
}

/* One path leads to one root in trees of several sizes: what is not signed is refused where a size
 * is signed, and not shown where none is. */
static void attack_28_another_size_in_the_proof(void **state)
{
    struct vl_receipt_draft proof = draft_of(SIZE, INDEX);
    const struct made plain = {.vds = 1}, strict = {.vds = 1, .is_strict = true},
                      bound = {.vds = 1, .is_strict = true, .has_size = true};
    struct vl_receipt_says says;
    struct vl_why why = {""};

    (void)state;
    proof.size = 8; /* entry 2 of 7 and of 8 have the same way up */
    assert_err(verify_made(&plain, &proof, 1, VL_RECEIPT_9942, &says, &why), VL_OK, &why);
    assert_int_equal(says.size, 0);
    assert_err(verify_made(&strict, &proof, 1, VL_RECEIPT_9943, &says, &why), VL_OK, &why);
    assert_int_equal(says.level, VL_RECEIPT_9943);
    assert_int_equal(says.size, 0);
    assert_int_equal(verify_made(&bound, &proof, 1, VL_RECEIPT_BOUND, &says, &why),
                     VL_ERR_UNVERIFIED);
    proof.size = SIZE;
    assert_err(verify_made(&bound, &proof, 1, VL_RECEIPT_BOUND, &says, &why), VL_OK, &why);
    assert_int_equal(says.size, SIZE);
}

static void less_than_must_be_said_is_refused(void **state)
{
    const struct vl_receipt_draft proof = draft_of(SIZE, INDEX);
    const struct made plain = {.vds = 1}, strict = {.vds = 1, .is_strict = true};
    struct vl_receipt_says says;
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(verify_made(&plain, &proof, 1, VL_RECEIPT_9943, &says, &why), VL_ERR_REFUSED);
    assert_string_equal(why.text, "receipt: it does not say whose log it is of");
    assert_int_equal(verify_made(&strict, &proof, 1, VL_RECEIPT_BOUND, &says, &why),
                     VL_ERR_REFUSED);
    assert_string_equal(why.text, "receipt: it does not say of which log and how large it was");
}

static void one_proof_of_several_is_enough_in_any_order(void **state)
{
    struct vl_receipt_draft proofs[3] = {draft_of(SIZE, 4), draft_of(SIZE, INDEX),
                                         draft_of(SIZE, 0)};
    const struct made bound = {.vds = 1, .is_strict = true, .has_size = true};
    struct vl_receipt_says says;
    struct vl_why why = {""};

    (void)state;
    assert_err(verify_made(&bound, proofs, 3, VL_RECEIPT_BOUND, &says, &why), VL_OK, &why);
    assert_int_equal(says.index, INDEX);
    assert_err(verify_made(&bound, proofs + 1, 2, VL_RECEIPT_BOUND, &says, &why), VL_OK, &why);
    assert_int_equal(verify_made(&bound, proofs + 2, 1, VL_RECEIPT_BOUND, &says, &why),
                     VL_ERR_UNVERIFIED);
    proofs[2].at = proofs[2].size = 0; /* [0, 0, path] is malformed, whatever stands before it */
    assert_int_equal(verify_made(&bound, proofs, 3, VL_RECEIPT_BOUND, &says, &why), VL_ERR_FORMAT);
}

static void what_is_not_understood_is_not_called_false(void **state)
{
    const struct vl_receipt_draft proof = draft_of(SIZE, INDEX);
    struct made made = {.vds = 2};
    VL_AUTO(vl_buf_release) struct vl_buf map = VL_BUF_INIT(8192);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(8192);
    VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;
    struct vl_receipt_says says;
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(verify_made(&made, &proof, 1, VL_RECEIPT_9942, &says, &why),
                     VL_ERR_UNSUPPORTED);
    assert_string_equal(why.text, "receipt: a log of kind 2 is not understood");
    made.vds = 0;
    assert_int_equal(verify_made(&made, &proof, 1, VL_RECEIPT_9942, &says, &why), VL_ERR_FORMAT);
    made.vds = 1;
    put_proofs(&map, -7, &proof, 1);
    made.proofs = vl_buf_bytes(&map);
    made.root = VL_ARRAY(proof.root);
    wire = make(&made);
    assert_int_equal(vl_receipt_parse(vl_buf_bytes(&wire), &receipt, NULL), VL_ERR_UNSUPPORTED);
}

/* Proofs that are malformed, each as the content of one byte string. */
static void a_proof_is_read_strictly(void **state)
{
    static const struct {
        const char *proof;
        enum vl_err err;
    } rows[] = {
        {"83 01 00 80", VL_OK}, /* the tree of one entry */
        {"83 00 00 80", VL_ERR_FORMAT},
        {"83 02 02 80", VL_ERR_FORMAT},
        {"83 f9 3c00 00 80", VL_ERR_FORMAT},  /* a float */
        {"83 20 00 80", VL_ERR_FORMAT},       /* a negative */
        {"83 c2 41 02 00 80", VL_ERR_FORMAT}, /* a bignum */
        {"83 02 00 81 41 00", VL_ERR_LIMIT},  /* a hash of one byte */
        {"83 01 00 80 00", VL_ERR_FORMAT},    /* something behind it */
        {"82 01 00", VL_ERR_LIMIT},
        {"9f 01 00 80 ff", VL_ERR_FORMAT},
        {"83 1b ffffffffffffffff 00 80", VL_ERR_LIMIT},
        {"83 02 00 98 41", VL_ERR_LIMIT}, /* 65 hashes */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf proof = hex(rows[i].proof);
        VL_AUTO(vl_buf_release) struct vl_buf map = VL_BUF_INIT(8192);
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(8192);
        VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;
        struct vl_cbor_out w = vl_cbor_to(&map);
        struct made made = {.vds = 1};
        enum vl_err err;

        vl_cbor_put_map(&w, 1);
        vl_cbor_put_int(&w, -1);
        vl_cbor_put_array(&w, 1);
        vl_cbor_put_bytes(&w, vl_buf_bytes(&proof));
        made.proofs = vl_buf_bytes(&map);
        wire = make(&made);
        err = vl_receipt_parse(vl_buf_bytes(&wire), &receipt, NULL);
        if (err != rows[i].err)
            fail_msg("%s: %s", rows[i].proof, vl_err_words(err));
    }
}

/* A statement as short as can be: {1: -8, 15: {1: "i", 2: "s"}}. */
#define STATEMENT "d2 84 4b a2 01 27 0f a2 01 61 69 02 61 73 a0 41 70 41 ff"

static void a_statement_carries_its_receipts(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf bare = hex(STATEMENT);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_TRANSPARENT_MAX_LEN);
    VL_AUTO(vl_transparent_release) struct vl_transparent statement = VL_TRANSPARENT_INIT;
    struct vl_receipt_draft drafts[2] = {draft_of(SIZE, INDEX), draft_of(2, 0)};
    VL_AUTO(vl_buf_release) struct vl_buf foreign = receipt_of(&drafts[0], 'Q');
    VL_AUTO(vl_buf_release) struct vl_buf ours = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    const struct vl_receipt_log log = receipt_log('R');
    vl_bytes receipts[2];
    struct vl_receipt_says says;
    struct vl_why why = {""};

    (void)state;
    vl_tree_leaf(vl_buf_bytes(&bare), drafts[1].from);
    vl_tree_join(drafts[1].from, drafts[1].path.at[0], drafts[1].root);
    ours = receipt_of(&drafts[1], 'R');
    receipts[0] = vl_buf_bytes(&foreign);
    receipts[1] = vl_buf_bytes(&ours);
    assert_err(vl_transparent_write(vl_buf_bytes(&bare), receipts, 2, &wire, &why), VL_OK, &why);
    assert_err(vl_transparent_parse(vl_buf_bytes(&wire), &statement, &why), VL_OK, &why);
    assert_bytes(vl_buf_bytes(&statement.entry), vl_buf_bytes(&bare));
    assert_int_equal(statement.receipt_count, 2);
    assert_bytes(statement.receipts[1], receipts[1]);
    assert_err(vl_transparent_verify(&statement, &log, &says, &why), VL_OK, &why);
    assert_int_equal(says.index, 0);
    statement.receipt_count = 1;
    assert_int_equal(vl_transparent_verify(&statement, &log, &says, &why), VL_ERR_UNVERIFIED);
    statement.receipt_count = 0;
    assert_int_equal(vl_transparent_verify(&statement, &log, &says, &why), VL_ERR_NOT_FOUND);
}

/* Whatever is unprotected, and however long the heads are: one entry. */
static void attack_26_unprotected_words_make_no_second_entry(void **state)
{
    static const char *const rows[] = {
        STATEMENT,
        "d2 84 4b a2 01 27 0f a2 01 61 69 02 61 73 a1 19 ffff 00 41 70 41 ff",
        "d2 84 4b a2 01 27 0f a2 01 61 69 02 61 73 a1 61 78 80 41 70 41 ff",
        "d2 98 04 58 0b a2 01 27 0f a2 01 61 69 02 61 73 b8 00 58 01 70 59 0001 ff",
    };
    VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(STATEMENT);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(rows[i]);
        VL_AUTO(vl_transparent_release) struct vl_transparent statement = VL_TRANSPARENT_INIT;
        struct vl_why why = {""};

        assert_err(vl_transparent_parse(vl_buf_bytes(&wire), &statement, &why), VL_OK, &why);
        assert_bytes(vl_buf_bytes(&statement.entry), vl_buf_bytes(&wanted));
    }
}

static void a_statement_is_taken_apart_strictly(void **state)
{
    static const char *const rows[] = {
        "84 4b a2 01 27 0f a2 01 61 69 02 61 73 a0 41 70 41 ff",          /* no tag */
        "d2 84 4b a2 01 27 0f a2 01 61 69 02 61 73 a1 01 27 41 70 41 ff", /* alg twice */
        "d2 84 4b a2 01 27 0f a2 01 61 69 02 61 73 a0 41 70 41 ff 00",
        "d2 84 4b a2 01 27 0f a2 01 61 69 02 61 73 80 41 70 41 ff",
        "d2 84 4b a2 01 27 0f a2 01 61 69 02 61 73 a1 19 018a 80 41 70 41 ff",
        "d2 84 4b a2 01 27 0f a2 01 61 69 02 61 73 a1 19 018a 41 00 41 70 41 ff",
        "d2 84 4b a2 01 27 0f a2 01 61 69 02 61 73 a2 18 20 00 18 20 00 41 70 41 ff",
        "d2 84 4b a2 01 27 0f a2 01 61 69 02 61 73 bf ff 41 70 41 ff",
        "",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(rows[i]);
        VL_AUTO(vl_transparent_release) struct vl_transparent statement = VL_TRANSPARENT_INIT;

        if (vl_transparent_parse(vl_buf_bytes(&wire), &statement, NULL) == VL_OK)
            fail_msg("%s was read", rows[i]);
        assert_int_equal(statement.entry.len, 0);
    }
}

static enum vl_err use_memory(void *self, struct vl_why *why)
{
    const struct vl_receipt_draft *draft = self;
    const struct vl_secret seed = seed_of('R');
    const struct vl_receipt_log log = receipt_log('R');
    static const uint8_t bare[] = {0xd2, 0x84, 0x43, 0xa1, 1, 0x27, 0xa0, 0x41, 'p', 0x41, 0xff};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf whole = VL_BUF_INIT(VL_TRANSPARENT_MAX_LEN);
    VL_AUTO(vl_transparent_release) struct vl_transparent statement = VL_TRANSPARENT_INIT;
    struct vl_receipt_says says;
    vl_bytes receipt;
    enum vl_err err = vl_receipt_write(draft, &seed, &wire, why);

    receipt = vl_buf_bytes(&wire);
    if (!err)
        err = read_and_verify(receipt, draft->from, &log, &says, why);
    if (!err)
        err = vl_transparent_write(VL_ARRAY(bare), &receipt, 1, &whole, why);
    if (!err)
        err = vl_transparent_parse(vl_buf_bytes(&whole), &statement, why);
    if (!err && vl_transparent_verify(&statement, &log, &says, why) == VL_ERR_NO_MEMORY)
        err = VL_ERR_NO_MEMORY;
    return err;
}

static void every_allocation_may_fail(void **state)
{
    struct vl_receipt_draft draft = draft_of(SIZE, INDEX);

    (void)state;
    assert_true(each_allocation_fails(use_memory, &draft) > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_proves_its_entry),
        cmocka_unit_test(a_receipt_says_who_and_about_what),
        cmocka_unit_test(both_numbers_of_ed25519_are_written_and_read),
        cmocka_unit_test(what_does_not_prove_anything_is_not_written),
        cmocka_unit_test(a_receipt_of_consistency_ties_two_trees),
        cmocka_unit_test(attack_28_the_receipt_of_another_entry),
        cmocka_unit_test(attack_28_a_node_for_an_entry),
        cmocka_unit_test(attack_28_the_receipt_of_another_log),
        cmocka_unit_test(attack_28_a_byte_of_a_receipt_changed),
        cmocka_unit_test(attack_28_another_size_in_the_proof),
        cmocka_unit_test(less_than_must_be_said_is_refused),
        cmocka_unit_test(one_proof_of_several_is_enough_in_any_order),
        cmocka_unit_test(what_is_not_understood_is_not_called_false),
        cmocka_unit_test(a_proof_is_read_strictly),
        cmocka_unit_test(a_statement_carries_its_receipts),
        cmocka_unit_test(attack_26_unprotected_words_make_no_second_entry),
        cmocka_unit_test(a_statement_is_taken_apart_strictly),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
