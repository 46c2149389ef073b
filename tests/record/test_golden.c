/* SPDX-License-Identifier: Apache-2.0 */
/* A log of 300 entries with fixed keys: the same bytes as in tests/golden/record/, which
 * tests/oracle/record_rule.py verifies by itself.  `test-record-golden --write` writes them again,
 * for whoever changed a format. */
#include "logs.h"

#include <stdio.h>

#include "record/entry.h"
#include "record/proof_file.h"

#define FOLDER    "tests/golden/record/"
#define SIZE      300
#define OLD_SIZE  256
#define STATEMENT 7 /* the place of the one that is a statement */

static bool is_writing;

static void compare(const char *name, vl_bytes bytes)
{
    char path[256];

    (void)snprintf(path, sizeof path, FOLDER "%s", name);
    if (is_writing) {
        const char *top = getenv("VALISE_SOURCE");
        char full[4096];
        FILE *out;

        (void)snprintf(full, sizeof full, "%s/%s", top ? top : ".", path);
        out = fopen(full, "wb");
        assert_non_null(out);
        assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, out), bytes.len);
        assert_int_equal(fclose(out), 0);
    } else {
        VL_AUTO(vl_buf_release) struct vl_buf kept = file(path);

        assert_bytes(bytes, vl_buf_bytes(&kept));
    }
}

/* Tiles go into one folder: "tile/0/001.p/44" is the file "tile-0-001.p-44". */
static enum vl_err compare_tile(void *self, const struct vl_tile_at *at, vl_bytes bytes,
                                struct vl_why *why)
{
    char name[VL_TILE_PATH];

    (void)self, (void)why;
    vl_tile_path(at, name);
    for (char *c = name; *c; c++)
        if (*c == '/')
            *c = '-';
    compare(name, bytes);
    return VL_OK;
}

static void put_policy(struct vl_buf *out)
{
    const struct vl_secret seed = seed_of('P'), receipt_seed = seed_of('R');
    struct vl_record_policy policy = {.origin = VL_LITERAL(ORIGIN),
                                      .checkpoint_key = key_of(ORIGIN, VL_NOTE_ED25519, 'C'),
                                      .witness_count = 2,
                                      .need = 2,
                                      .max_len = VL_ENTRY_MAX_LEN,
                                      .past_max_s = 2592000,
                                      .ahead_max_s = 600};
    struct vl_why why = {""};

    policy.witnesses[0] = key_of("w1.example", VL_NOTE_COSIGNATURE, '1');
    policy.witnesses[1] = key_of("w2.example", VL_NOTE_COSIGNATURE, '2');
    vl_cose_key_of_seed(&receipt_seed, &policy.receipt_key);
    assert_err(vl_record_policy_write(&policy, &seed, true, 1790000000, out, &why), VL_OK, &why);
}

static void put_statement(struct vl_buf *out)
{
    const struct vl_secret seed = seed_of('a');
    struct vl_cose_key key = VL_COSE_KEY_INIT;
    uint8_t kid[VL_HASH_LEN];
    struct vl_sign1_draft draft = {
        .alg = VL_COSE_ALG_EDDSA,
        .content_type = VL_LITERAL("application/vnd.valise.seen.v1+cbor"),
        .claims = {VL_LITERAL("dtn://example/"), VL_LITERAL("valise:letter:00"), true, 1790000000},
        .payload = VL_LITERAL("\xa0"),
    };
    struct vl_why why = {""};

    vl_cose_key_of_seed(&seed, &key);
    vl_cose_key_thumbprint(&key, kid);
    draft.kid = VL_ARRAY(kid);
    assert_err(vl_sign1_write(&draft, &seed, out, &why), VL_OK, &why);
}

/* Entry i: the policy, the statement, or a line. */
static void put_entry(uint64_t i, struct vl_buf *out)
{
    char line[32];

    if (i == 0) {
        put_policy(out);
    } else if (i == STATEMENT) {
        put_statement(out);
    } else {
        (void)snprintf(line, sizeof line, "entry %u", (unsigned)i);
        assert_int_equal(vl_buf_put(out, vl_bytes_str(line)), VL_OK);
    }
}

static uint8_t leaves[SIZE][VL_HASH_LEN];

static void add_entries(struct vl_tile_writer *writer, uint8_t old_root[VL_HASH_LEN])
{
    VL_AUTO(vl_buf_release) struct vl_buf bundle = VL_BUF_INIT(VL_ENTRIES_MAX_LEN);

    for (uint64_t i = 0; i < SIZE; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf entry = VL_BUF_INIT(VL_ENTRY_MAX_LEN);

        put_entry(i, &entry);
        if (i == OLD_SIZE) {
            vl_tile_writer_root(writer, old_root);
            assert_int_equal(compare_tile(NULL, &(struct vl_tile_at){true, 0, 0, 256},
                                          vl_buf_bytes(&bundle), NULL),
                             VL_OK);
            bundle.len = 0;
        }
        assert_int_equal(vl_entries_put(vl_buf_bytes(&entry), &bundle), VL_OK);
        vl_tree_leaf(vl_buf_bytes(&entry), leaves[i]);
        assert_int_equal(vl_tile_writer_add(writer, leaves[i], NULL), VL_OK);
    }
    assert_int_equal(compare_tile(NULL, &(struct vl_tile_at){true, 0, 1, SIZE - OLD_SIZE},
                                  vl_buf_bytes(&bundle), NULL),
                     VL_OK);
    assert_int_equal(vl_tile_writer_put_partial(writer, NULL), VL_OK);
}

static void check_receipts(const uint8_t root[VL_HASH_LEN], const uint8_t old_root[VL_HASH_LEN],
                           const struct vl_tree_nodes *nodes)
{
    struct vl_receipt_draft draft = {.of = VL_RECEIPT_OF_INCLUSION,
                                     .alg = VL_COSE_ALG_EDDSA,
                                     .origin = VL_LITERAL(ORIGIN),
                                     .sub = VL_LITERAL("valise:letter:00"),
                                     .has_iat = true,
                                     .iat_s = 1790000060,
                                     .size = SIZE,
                                     .at = STATEMENT};
    VL_AUTO(vl_buf_release) struct vl_buf inclusion = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf consistency = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf entry = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf statement = VL_BUF_INIT(VL_TRANSPARENT_MAX_LEN);
    vl_bytes receipt;

    memcpy(draft.root, root, VL_HASH_LEN);
    memcpy(draft.from, leaves[STATEMENT], VL_HASH_LEN);
    assert_int_equal(vl_tree_nodes_path(nodes, SIZE, STATEMENT, &draft.path, NULL), VL_OK);
    inclusion = receipt_of(&draft, 'R');
    receipt = vl_buf_bytes(&inclusion);
    compare("inclusion.receipt", receipt);
    put_statement(&entry);
    assert_int_equal(vl_transparent_write(vl_buf_bytes(&entry), &receipt, 1, &statement, NULL),
                     VL_OK);
    compare("transparent.scitt", vl_buf_bytes(&statement));
    draft.of = VL_RECEIPT_OF_CONSISTENCY;
    draft.alg = VL_COSE_ALG_ED25519;
    draft.sub = VL_LITERAL(ORIGIN);
    draft.at = OLD_SIZE;
    memcpy(draft.from, old_root, VL_HASH_LEN);
    assert_int_equal(vl_tree_nodes_consistency(nodes, OLD_SIZE, SIZE, &draft.path, NULL), VL_OK);
    consistency = receipt_of(&draft, 'R');
    compare("consistency.receipt", vl_buf_bytes(&consistency));
}

static void check_checkpoint(const uint8_t root[VL_HASH_LEN], const struct vl_tree_nodes *nodes)
{
    struct vl_checkpoint checkpoint = {.origin = VL_LITERAL(ORIGIN), .size = SIZE};
    const struct vl_note_key key = key_of(ORIGIN, VL_NOTE_ED25519, 'C');
    const struct vl_note_key w1 = key_of("w1.example", VL_NOTE_COSIGNATURE, '1');
    const struct vl_note_key w2 = key_of("w2.example", VL_NOTE_COSIGNATURE, '2');
    const struct vl_secret seed = seed_of('C'), seed1 = seed_of('1'), seed2 = seed_of('2');
    VL_AUTO(vl_buf_release) struct vl_buf note = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_PROOF_FILE_MAX_LEN);
    struct vl_proof_file proof = {.index = STATEMENT};

    memcpy(checkpoint.root, root, VL_HASH_LEN);
    assert_int_equal(vl_checkpoint_sign(&checkpoint, &key, &seed, &note, NULL), VL_OK);
    assert_int_equal(vl_checkpoint_cosign(vl_buf_bytes(&note), &w1, &seed1, 1790000061, &note,
                                          NULL),
                     VL_OK);
    assert_int_equal(vl_checkpoint_cosign(vl_buf_bytes(&note), &w2, &seed2, 1790000062, &note,
                                          NULL),
                     VL_OK);
    compare("checkpoint", vl_buf_bytes(&note));
    assert_int_equal(vl_tree_nodes_path(nodes, SIZE, STATEMENT, &proof.path, NULL), VL_OK);
    proof.checkpoint = vl_buf_bytes(&note);
    assert_int_equal(vl_proof_file_write(&proof, &wire, NULL), VL_OK);
    compare("statement.tlog-proof", vl_buf_bytes(&wire));
}

static void a_log_is_made_of_the_same_bytes_for_ever(void **state)
{
    static struct vl_tile_writer writer;
    struct vl_tree_levels *levels;
    struct vl_tree_nodes nodes;
    uint8_t root[VL_HASH_LEN], old_root[VL_HASH_LEN];

    (void)state;
    vl_tile_writer_begin(&writer, (struct vl_tile_sink){compare_tile, NULL});
    add_entries(&writer, old_root);
    vl_tile_writer_root(&writer, root);
    levels = vl_tree_levels_new((const uint8_t(*)[VL_HASH_LEN])leaves, SIZE);
    assert_non_null(levels);
    nodes = vl_tree_levels_nodes(levels);
    check_receipts(root, old_root, &nodes);
    check_checkpoint(root, &nodes);
    vl_tree_levels_free(levels);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_is_made_of_the_same_bytes_for_ever),
    };

    is_writing = argc == 2 && strcmp(argv[1], "--write") == 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
