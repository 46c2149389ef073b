/* SPDX-License-Identifier: Apache-2.0 */
/* record/note.h, checkpoint.h, proof_file.h: texts that a log and its witnesses sign. */
#include "logs.h"

#include "record/proof_file.h"

/* A log of `size` entries, its checkpoint, and two of three witnesses. */
struct published {
    struct vl_note_key witnesses[3];
    struct vl_log log;
    struct vl_checkpoint checkpoint;
    struct vl_buf note;
};

static void published_init(struct published *published, uint64_t size)
{
    static const char *const names[] = {"w1.example", "w2.example", "w3.example"};
    const struct vl_secret seed = seed_of('C');
    struct vl_why why = {""};

    published->note = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    for (size_t i = 0; i < 3; i++)
        published->witnesses[i] = key_of(names[i], VL_NOTE_COSIGNATURE, (char)('1' + (char)i));
    published->log = (struct vl_log){VL_LITERAL(ORIGIN), key_of(ORIGIN, VL_NOTE_ED25519, 'C'), 3,
                                     published->witnesses, 2};
    published->checkpoint = (struct vl_checkpoint){.origin = VL_LITERAL(ORIGIN), .size = size};
    memcpy(published->checkpoint.root, draft_of(size, 0).root, VL_HASH_LEN);
    assert_err(vl_checkpoint_sign(&published->checkpoint, &published->log.key, &seed,
                                  &published->note, &why),
               VL_OK, &why);
}

static void cosign(struct published *published, size_t i, uint64_t at_s)
{
    const struct vl_secret seed = seed_of((char)('1' + (char)i));
    VL_AUTO(vl_buf_release) struct vl_buf line = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    struct vl_why why = {""};

    assert_err(vl_checkpoint_cosign(vl_buf_bytes(&published->note), &published->witnesses[i], &seed,
                                    at_s, &line, &why),
               VL_OK, &why);
    assert_int_equal(vl_buf_put(&published->note, vl_buf_bytes(&line)), VL_OK);
}

static void published_release(struct published *published)
{
    vl_buf_release(&published->note);
}

static enum vl_err verify(const struct published *published, struct vl_checkpoint_seen *seen,
                          struct vl_why *why)
{
    struct vl_checkpoint checkpoint;
    enum vl_err err = vl_checkpoint_verify(vl_buf_bytes(&published->note), &published->log,
                                           &checkpoint, seen, why);

    if (!err) {
        assert_int_equal(checkpoint.size, published->checkpoint.size);
        assert_memory_equal(checkpoint.root, published->checkpoint.root, VL_HASH_LEN);
    }
    return err;
}

static void a_checkpoint_needs_its_log_and_enough_witnesses(void **state)
{
    VL_AUTO(published_release) struct published published;
    struct vl_checkpoint_seen seen;
    struct vl_why why = {""};

    (void)state;
    published_init(&published, 7);
    assert_int_equal(verify(&published, &seen, &why), VL_ERR_UNVERIFIED);
    assert_string_equal(why.text, "checkpoint: cosigned by 0 of the 2 needed");
    cosign(&published, 0, 1790000010);
    cosign(&published, 0, 1790000005); /* twice is still one */
    assert_int_equal(verify(&published, &seen, &why), VL_ERR_UNVERIFIED);
    cosign(&published, 2, 1790000020);
    assert_err(verify(&published, &seen, &why), VL_OK, &why);
    assert_int_equal(seen.witnesses, 2);
    assert_int_equal(seen.not_after_s, 1790000020);
    cosign(&published, 1, 1790000001);
    assert_err(verify(&published, &seen, &why), VL_OK, &why);
    assert_int_equal(seen.witnesses, 3);
    assert_int_equal(seen.not_after_s, 1790000005);
    published.log.need = 0;
    assert_err(verify(&published, &seen, &why), VL_OK, &why);
    assert_int_equal(seen.not_after_s, 0);
}

/* Every byte of it counts, or is of a line that is nobody's. */
static void attack_28_a_byte_of_a_checkpoint_changed(void **state)
{
    VL_AUTO(published_release) struct published published;
    struct vl_checkpoint_seen seen;
    struct vl_why why = {""};

    (void)state;
    published_init(&published, 7);
    cosign(&published, 0, 5);
    cosign(&published, 1, 6);
    for (size_t i = 0; i < published.note.len; i++) {
        published.note.data[i] ^= 1;
        if (verify(&published, &seen, &why) == VL_OK)
            fail_msg("byte %zu changed and it verifies", i);
        published.note.data[i] ^= 1;
    }
    assert_err(verify(&published, &seen, &why), VL_OK, &why);
}

static void attack_28_the_checkpoint_of_another_log(void **state)
{
    VL_AUTO(published_release) struct published published;
    struct vl_checkpoint_seen seen;
    struct vl_why why = {""};

    (void)state;
    published_init(&published, 7);
    cosign(&published, 0, 5);
    cosign(&published, 1, 6);
    published.log.origin = VL_LITERAL("record.example/2027");
    assert_int_equal(verify(&published, &seen, &why), VL_ERR_REFUSED);
    published.log.origin = VL_LITERAL(ORIGIN);
    published.log.key = key_of(ORIGIN, VL_NOTE_ED25519, 'X');
    assert_int_equal(verify(&published, &seen, &why), VL_ERR_UNVERIFIED);
}

static void attack_28_one_witness_under_two_names(void **state)
{
    VL_AUTO(published_release) struct published published;
    struct vl_checkpoint_seen seen;
    struct vl_why why = {""};

    (void)state;
    published_init(&published, 7);
    published.witnesses[1] = key_of("other.example", VL_NOTE_COSIGNATURE, '1');
    assert_int_equal(verify(&published, &seen, &why), VL_ERR_USAGE);
    published.witnesses[1] = key_of("other.example", VL_NOTE_COSIGNATURE, 'C');
    assert_int_equal(verify(&published, &seen, &why), VL_ERR_USAGE);
}

static void attack_28_a_cosignature_with_another_time(void **state)
{
    VL_AUTO(published_release) struct published published;
    const struct vl_secret seed = seed_of('1');
    VL_AUTO(vl_buf_release) struct vl_buf line = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    struct vl_signed_note note;
    uint64_t at_s;

    (void)state;
    published_init(&published, 7);
    cosign(&published, 0, 5);
    assert_int_equal(vl_note_parse(vl_buf_bytes(&published.note), &note, NULL), VL_OK);
    assert_int_equal(vl_note_verify(&note, &published.witnesses[0], &at_s, NULL), VL_OK);
    assert_int_equal(at_s, 5);
    /* "...AAAAAAAAAAF": the time's last bits are in the 16th symbol behind the name. */
    for (size_t i = 0; i < note.lines[1].signature.len; i++) {
        uint8_t *symbol = (uint8_t *)(uintptr_t)note.lines[1].signature.ptr + i;
        uint8_t was = *symbol;

        *symbol = was == 'A' ? 'Q' : 'A';
        if (*symbol != was && was != '=')
            assert_true(vl_note_parse(vl_buf_bytes(&published.note), &note, NULL) != VL_OK ||
                        vl_note_verify(&note, &published.witnesses[0], &at_s, NULL) != VL_OK);
        *symbol = was;
    }
    assert_int_equal(vl_checkpoint_cosign(vl_buf_bytes(&published.note), &published.witnesses[0],
                                          &seed, 0, &line, NULL),
                     VL_ERR_USAGE);
    assert_int_equal(vl_checkpoint_cosign(vl_buf_bytes(&published.note), &published.witnesses[1],
                                          &seed, 1, &line, NULL),
                     VL_ERR_USAGE);
}

/* Made by hand, for nothing of ours signs it: a good signature at no time. */
static void a_cosignature_at_no_time_is_none(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    const struct vl_note_key key = key_of("w1.example", VL_NOTE_COSIGNATURE, '1');
    const struct vl_secret seed = seed_of('1');
    struct vl_signed_note note;
    uint64_t at_s;

    (void)state;
    for (uint8_t time = 0; time < 2; time++) {
        uint8_t blob[VL_NOTE_ID_LEN + 8 + VL_SIGNATURE_LEN] = {0};

        memcpy(blob, key.id, sizeof key.id);
        blob[11] = time;
        vl_ed25519_sign(&seed,
                        time ? VL_LITERAL("cosignature/v1\ntime 1\ntext\n")
                             : VL_LITERAL("cosignature/v1\ntime 0\ntext\n"),
                        blob + VL_NOTE_ID_LEN + 8);
        wire.len = 0;
        assert_int_equal(vl_buf_put(&wire, VL_LITERAL("text\n\n\xe2\x80\x94 w1.example ")), VL_OK);
        assert_int_equal(vl_note_put_base64(VL_ARRAY(blob), &wire), VL_OK);
        assert_int_equal(vl_buf_put_byte(&wire, '\n'), VL_OK);
        assert_int_equal(vl_note_parse(vl_buf_bytes(&wire), &note, NULL), VL_OK);
        assert_int_equal(vl_note_verify(&note, &key, &at_s, NULL),
                         time ? VL_OK : VL_ERR_UNVERIFIED);
    }
}

static void attack_28_a_log_that_goes_back_or_forks(void **state)
{
    struct vl_checkpoint older = {.origin = VL_LITERAL(ORIGIN), .size = 5}, newer = older;
    const struct vl_tree_path none = {.count = 0};
    struct vl_tree_levels *levels;
    struct vl_tree_nodes nodes;
    struct vl_tree_path path;
    uint8_t leaves[9][VL_HASH_LEN];

    (void)state;
    for (uint64_t i = 0; i < 9; i++)
        leaf_of(i, leaves[i]);
    levels = vl_tree_levels_new((const uint8_t(*)[VL_HASH_LEN])leaves, 9);
    assert_non_null(levels);
    nodes = vl_tree_levels_nodes(levels);
    newer.size = 9;
    memcpy(older.root, draft_of(5, 0).root, VL_HASH_LEN);
    memcpy(newer.root, draft_of(9, 0).root, VL_HASH_LEN);
    assert_int_equal(vl_tree_nodes_consistency(&nodes, 5, 9, &path, NULL), VL_OK);
    assert_int_equal(vl_checkpoint_follows(&older, &newer, &path, NULL), VL_OK);
    assert_int_equal(vl_checkpoint_follows(&older, &older, &none, NULL), VL_OK);
    assert_int_equal(vl_checkpoint_follows(&newer, &older, &path, NULL), VL_ERR_REFUSED);
    assert_int_equal(vl_checkpoint_follows(&older, &newer, &none, NULL), VL_ERR_UNVERIFIED);
    newer.root[0] ^= 1;
    assert_int_equal(vl_checkpoint_follows(&older, &newer, &path, NULL), VL_ERR_UNVERIFIED);
    newer.size = 5;
    assert_int_equal(vl_checkpoint_follows(&older, &newer, &none, NULL), VL_ERR_UNVERIFIED);
    newer.origin = VL_LITERAL("other");
    assert_int_equal(vl_checkpoint_follows(&older, &newer, &none, NULL), VL_ERR_REFUSED);
    /* Everything goes on from nothing. */
    newer = (struct vl_checkpoint){.origin = VL_LITERAL(ORIGIN), .size = 9};
    older.size = 0;
    assert_int_equal(vl_checkpoint_follows(&older, &newer, &none, NULL), VL_OK);
    assert_int_equal(vl_checkpoint_follows(&older, &newer, &path, NULL), VL_ERR_UNVERIFIED);
    vl_tree_levels_free(levels);
}

#define ROOT "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

static void a_checkpoint_is_written_one_way(void **state)
{
    static const struct {
        const char *text;
        enum vl_err err;
    } rows[] = {
        {"o\n0\n" ROOT, VL_OK},
        {"o\n12\n" ROOT "more\n", VL_OK},
        {"o\n9223372036854775808\n" ROOT, VL_OK},
        {"o\n9223372036854775809\n" ROOT, VL_ERR_LIMIT},
        {"o\n99999999999999999999\n" ROOT, VL_ERR_LIMIT},
        {"o\n01\n" ROOT, VL_ERR_FORMAT},
        {"o\n+1\n" ROOT, VL_ERR_FORMAT},
        {"o\n1 \n" ROOT, VL_ERR_FORMAT},
        {"o\n\n" ROOT, VL_ERR_FORMAT},
        {"\n1\n" ROOT, VL_ERR_FORMAT},
        {"o\n1\n" ROOT "\nmore\n", VL_ERR_FORMAT},
        {"o\n1\n" ROOT "more", VL_ERR_FORMAT},
        {"o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n", VL_ERR_FORMAT},
        {"o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n", VL_ERR_FORMAT},
        {"o\n1\n47DE\n", VL_ERR_FORMAT},
        {"o\n1\n", VL_ERR_FORMAT},
        {"", VL_ERR_FORMAT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_NOTE_MAX_LEN);
        struct vl_checkpoint checkpoint;

        if (vl_checkpoint_parse(vl_bytes_str(rows[i].text), &checkpoint, NULL) != rows[i].err)
            fail_msg("row %zu: %s", i, rows[i].text);
        if (rows[i].err)
            continue;
        assert_int_equal(vl_checkpoint_write(&checkpoint, &again, NULL), VL_OK);
        assert_bytes(vl_buf_bytes(&again), vl_bytes_str(rows[i].text));
    }
}

#define LINE "\xe2\x80\x94 name AAAAAAA=\n"

static void a_note_is_read_strictly(void **state)
{
    static const struct {
        const char *text;
        enum vl_err err;
    } rows[] = {
        {"text\n\n" LINE, VL_OK},
        {"text\n\n" LINE LINE, VL_OK},
        {"a\n\nb\n\n" LINE, VL_OK}, /* the last empty line ends the text */
        {"text\n\n\xe2\x80\x94 a name with spaces AAAAAAA=\n", VL_OK},
        {"text\n" LINE, VL_ERR_FORMAT},
        {"text\n\n", VL_ERR_FORMAT},
        {"text\n\n\xe2\x80\x94 name AAAAAAA=", VL_ERR_FORMAT},
        {"text\n\n- name AAAAAAA=\n", VL_ERR_FORMAT},
        {"text\n\n\xe2\x80\x94 name\n", VL_ERR_FORMAT},
        {"text\n\n\xe2\x80\x94  AAAAAAA=\n", VL_ERR_FORMAT},
        {"text\n\n\xe2\x80\x94 name AAAAAA==\n", VL_ERR_FORMAT}, /* an id and no signature */
        {"text\n\n\xe2\x80\x94 name AAAAAAB=\n", VL_ERR_FORMAT},
        {"text\n\n\xe2\x80\x94 name AAAAAAA\n", VL_ERR_FORMAT},
        {"te\txt\n\n" LINE, VL_ERR_FORMAT},
        {"text\r\n\n" LINE, VL_ERR_FORMAT},
        {"te\xffxt\n\n" LINE, VL_ERR_FORMAT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vl_signed_note note;

        if (vl_note_parse(vl_bytes_str(rows[i].text), &note, NULL) != rows[i].err)
            fail_msg("row %zu: %s", i, rows[i].text);
    }
}

static void signatures_of_a_note_are_counted(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    struct vl_signed_note note;

    (void)state;
    assert_int_equal(vl_buf_put(&wire, VL_LITERAL("text\n\n")), VL_OK);
    for (size_t i = 0; i < VL_NOTE_MAX_SIGNATURES; i++)
        assert_int_equal(vl_buf_put(&wire, VL_LITERAL(LINE)), VL_OK);
    assert_int_equal(vl_note_parse(vl_buf_bytes(&wire), &note, NULL), VL_OK);
    assert_int_equal(note.line_count, VL_NOTE_MAX_SIGNATURES);
    assert_int_equal(vl_buf_put(&wire, VL_LITERAL(LINE)), VL_OK);
    assert_int_equal(vl_note_parse(vl_buf_bytes(&wire), &note, NULL), VL_ERR_LIMIT);
}

static void a_key_is_written_one_way(void **state)
{
    static const struct {
        const char *text;
        enum vl_err err;
    } rows[] = {
        {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", VL_OK},
        {"example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", VL_ERR_FORMAT},
        {"example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", VL_ERR_FORMAT},
        {"example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", VL_ERR_FORMAT},
        {"example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         VL_ERR_UNSUPPORTED},
        {"+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", VL_ERR_FORMAT},
        {"a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", VL_ERR_FORMAT},
        {"a\xe2\x80\x83"
         "b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         VL_ERR_FORMAT},
        {"example.com/foo+530d903a+Aeky", VL_ERR_FORMAT},
        {"example.com/foo+530d903a", VL_ERR_FORMAT},
        {"", VL_ERR_FORMAT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(1024);
        struct vl_note_key key;

        if (vl_note_key_parse(vl_bytes_str(rows[i].text), &key, NULL) != rows[i].err)
            fail_msg("row %zu: %s", i, rows[i].text);
        if (rows[i].err)
            continue;
        assert_int_equal(vl_note_key_write(&key, &again), VL_OK);
        assert_bytes(vl_buf_bytes(&again), vl_bytes_str(rows[i].text));
    }
}

/* The proof of entry 2 under a published checkpoint. */
static struct vl_buf proof_of(const struct published *published, uint64_t index)
{
    const struct vl_proof_file proof = {true, VL_LITERAL("aGVsbG8="), index,
                                        draft_of(published->checkpoint.size, index).path,
                                        vl_buf_bytes(&published->note)};
    struct vl_buf wire = VL_BUF_INIT(VL_PROOF_FILE_MAX_LEN);
    struct vl_why why = {""};

    assert_err(vl_proof_file_write(&proof, &wire, &why), VL_OK, &why);
    return wire;
}

static void a_proof_file_proves_its_entry_and_no_other(void **state)
{
    VL_AUTO(published_release) struct published published;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_PROOF_FILE_MAX_LEN);
    struct vl_checkpoint_seen seen;
    struct vl_checkpoint checkpoint;
    struct vl_proof_file proof;
    struct vl_why why = {""};
    uint8_t leaf[VL_HASH_LEN];

    (void)state;
    published_init(&published, 7);
    cosign(&published, 0, 5);
    cosign(&published, 1, 6);
    wire = proof_of(&published, 2);
    assert_err(vl_proof_file_parse(vl_buf_bytes(&wire), &proof, &why), VL_OK, &why);
    assert_int_equal(proof.index, 2);
    assert_bytes(proof.extra, VL_LITERAL("aGVsbG8="));
    for (uint64_t i = 0; i < 7; i++) {
        leaf_of(i, leaf);
        assert_int_equal(vl_proof_file_verify(&proof, leaf, &published.log, &checkpoint, &seen,
                                              &why),
                         i == 2 ? VL_OK : VL_ERR_UNVERIFIED);
    }
    leaf_of(2, leaf);
    proof.index = 3;
    assert_int_equal(vl_proof_file_verify(&proof, leaf, &published.log, &checkpoint, &seen, &why),
                     VL_ERR_UNVERIFIED);
    proof.index = 2;
    published.log.need = 3;
    assert_int_equal(vl_proof_file_verify(&proof, leaf, &published.log, &checkpoint, &seen, &why),
                     VL_ERR_UNVERIFIED);
}

/* A proof from yesterday's tree with today's checkpoint, and the other way round. */
static void attack_28_a_proof_beside_another_checkpoint(void **state)
{
    VL_AUTO(published_release) struct published older;
    VL_AUTO(published_release) struct published newer;
    struct vl_checkpoint_seen seen;
    struct vl_checkpoint checkpoint;
    struct vl_proof_file proof = {.index = 2, .path = draft_of(7, 2).path};
    uint8_t leaf[VL_HASH_LEN];

    (void)state;
    published_init(&older, 7);
    published_init(&newer, 8);
    older.log.need = newer.log.need = 0;
    leaf_of(2, leaf);
    proof.checkpoint = vl_buf_bytes(&older.note);
    assert_int_equal(vl_proof_file_verify(&proof, leaf, &older.log, &checkpoint, &seen, NULL),
                     VL_OK);
    proof.checkpoint = vl_buf_bytes(&newer.note);
    assert_int_equal(vl_proof_file_verify(&proof, leaf, &newer.log, &checkpoint, &seen, NULL),
                     VL_ERR_UNVERIFIED);
}

static void attack_28_the_hashes_of_a_proof_in_another_order(void **state)
{
    VL_AUTO(published_release) struct published published;
    struct vl_checkpoint_seen seen;
    struct vl_checkpoint checkpoint;
    struct vl_proof_file proof = {.index = 2, .path = draft_of(7, 2).path};
    uint8_t leaf[VL_HASH_LEN], held[VL_HASH_LEN];

    (void)state;
    published_init(&published, 7);
    published.log.need = 0;
    leaf_of(2, leaf);
    proof.checkpoint = vl_buf_bytes(&published.note);
    memcpy(held, proof.path.at[0], sizeof held);
    memcpy(proof.path.at[0], proof.path.at[1], sizeof held);
    memcpy(proof.path.at[1], held, sizeof held);
    assert_int_equal(vl_proof_file_verify(&proof, leaf, &published.log, &checkpoint, &seen, NULL),
                     VL_ERR_UNVERIFIED);
}

#define PROOF "c2sp.org/tlog-proof@v1\n"
#define NOTE  "o\n1\n" ROOT "\n" LINE

static void a_proof_file_is_read_strictly(void **state)
{
    static const struct {
        const char *text;
        enum vl_err err;
    } rows[] = {
        {PROOF "index 0\n\n" NOTE, VL_OK},
        {PROOF "extra aGVsbG8=\nindex 0\n" ROOT "\n" NOTE, VL_OK},
        {PROOF "index 00\n\n" NOTE, VL_ERR_FORMAT},
        {PROOF "index -1\n\n" NOTE, VL_ERR_FORMAT},
        {PROOF "index 9223372036854775808\n\n" NOTE, VL_ERR_FORMAT},
        {PROOF "index\n\n" NOTE, VL_ERR_FORMAT},
        {PROOF "extra aGVsbG8\nindex 0\n\n" NOTE, VL_ERR_FORMAT},
        {PROOF "extra aGVsbG8=\nextra aGVsbG8=\nindex 0\n\n" NOTE, VL_ERR_FORMAT},
        {PROOF "index 0\nextra aGVsbG8=\n\n" NOTE, VL_ERR_FORMAT},
        {PROOF "index 0\n47DE\n\n" NOTE, VL_ERR_FORMAT},
        {PROOF "index 0\n" NOTE, VL_ERR_FORMAT},
        {PROOF "index 0\n\n", VL_ERR_FORMAT},
        {"c2sp.org/tlog-proof@v2\nindex 0\n\n" NOTE, VL_ERR_FORMAT},
        {"", VL_ERR_FORMAT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_PROOF_FILE_MAX_LEN);
        struct vl_proof_file proof;

        if (vl_proof_file_parse(vl_bytes_str(rows[i].text), &proof, NULL) != rows[i].err)
            fail_msg("row %zu: %s", i, rows[i].text);
        if (rows[i].err)
            continue;
        assert_int_equal(vl_proof_file_write(&proof, &again, NULL), VL_OK);
        assert_bytes(vl_buf_bytes(&again), vl_bytes_str(rows[i].text));
    }
}

static enum vl_err use_memory(void *self, struct vl_why *why)
{
    const struct published *published = self;
    const struct vl_secret seed = seed_of('C'), witness_seed = seed_of('1');
    VL_AUTO(vl_buf_release) struct vl_buf note = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_PROOF_FILE_MAX_LEN);
    struct vl_proof_file proof = {.index = 2, .path = draft_of(7, 2).path};
    struct vl_log log = published->log;
    struct vl_checkpoint checkpoint;
    struct vl_checkpoint_seen seen;
    uint8_t leaf[VL_HASH_LEN];
    enum vl_err err;

    leaf_of(2, leaf);
    log.need = 1;
    err = vl_checkpoint_sign(&published->checkpoint, &log.key, &seed, &note, why);
    if (!err)
        err = vl_checkpoint_cosign(vl_buf_bytes(&note), &log.witnesses[0], &witness_seed, 5, &note,
                                   why);
    proof.checkpoint = vl_buf_bytes(&note);
    if (!err)
        err = vl_proof_file_write(&proof, &wire, why);
    if (!err)
        err = vl_proof_file_verify(&proof, leaf, &log, &checkpoint, &seen, why);
    return err;
}

static void every_allocation_may_fail(void **state)
{
    VL_AUTO(published_release) struct published published;

    (void)state;
    published_init(&published, 7);
    assert_true(each_allocation_fails(use_memory, &published) > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_checkpoint_needs_its_log_and_enough_witnesses),
        cmocka_unit_test(attack_28_a_byte_of_a_checkpoint_changed),
        cmocka_unit_test(attack_28_the_checkpoint_of_another_log),
        cmocka_unit_test(attack_28_one_witness_under_two_names),
        cmocka_unit_test(attack_28_a_cosignature_with_another_time),
        cmocka_unit_test(a_cosignature_at_no_time_is_none),
        cmocka_unit_test(attack_28_a_log_that_goes_back_or_forks),
        cmocka_unit_test(a_checkpoint_is_written_one_way),
        cmocka_unit_test(a_note_is_read_strictly),
        cmocka_unit_test(signatures_of_a_note_are_counted),
        cmocka_unit_test(a_key_is_written_one_way),
        cmocka_unit_test(a_proof_file_proves_its_entry_and_no_other),
        cmocka_unit_test(attack_28_a_proof_beside_another_checkpoint),
        cmocka_unit_test(attack_28_the_hashes_of_a_proof_in_another_order),
        cmocka_unit_test(a_proof_file_is_read_strictly),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
