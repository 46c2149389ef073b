/* SPDX-License-Identifier: Apache-2.0 */
/* store/log_dir.h: a record in a folder adds, proves, and signs nothing that it could regret. */
#include "stores.h"

#include <sys/wait.h>

#include "store/log_dir.h"
#include "store/log_index.h"
#include "sys/infile.h"

#define ORIGIN "record.example/2026"
#define NOW    INT64_C(1790000000)

/* "FOLDER/name": good for the next few calls. */
static const char *path_to(const char *folder, const char *name)
{
    static char paths[8][160];
    static unsigned next;
    char *path = paths[next++ % 8];

    assert_in_range(snprintf(path, sizeof paths[0], "%s/%s", folder, name), 1, 159);
    return path;
}

static void shell(const char *format, const char *folder, const char *more)
{
    char line[1024];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    assert_in_range(snprintf(line, sizeof line, format, folder, more), 1, 1023);
#pragma GCC diagnostic pop
    assert_int_equal(system(line), 0); /* NOLINT(cert-env33-c): our own words */
}

static struct vl_secret seed_of(char letter)
{
    struct vl_secret seed = VL_SECRET_INIT;
    uint8_t bytes[VL_ED25519_SEED_LEN];

    memset(bytes, letter, sizeof bytes);
    assert_int_equal(vl_secret_set(&seed, VL_ARRAY(bytes)), VL_OK);
    return seed;
}

static struct vl_note_key witness_key(const char *name, char letter)
{
    const struct vl_secret seed = seed_of(letter);
    uint8_t public_key[VL_ED25519_PUBLIC_LEN];
    struct vl_note_key key;

    vl_ed25519_public(&seed, public_key);
    assert_int_equal(vl_note_key_make(vl_bytes_str(name), VL_NOTE_COSIGNATURE, public_key, &key,
                                      NULL),
                     VL_OK);
    return key;
}

/* A statement that nobody has to believe: its `number` makes it another one. */
static void statement(uint64_t number, size_t padding, struct vl_buf *out)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    const struct vl_secret seed = seed_of('s');
    struct vl_cose_key key;
    uint8_t kid[VL_HASH_LEN], *room, about[VL_HASH_LEN] = {0};
    VL_AUTO(vl_buf_release) struct vl_buf sub = VL_BUF_INIT(200);
    struct vl_office_id office = {{0}};
    char iss[VL_OFFICE_EID];
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_sign1_draft draft = {.alg = VL_COSE_ALG_EDDSA};
    VL_AUTO(vl_buf_release) struct vl_buf pad = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_why why = {""};

    assert_int_equal(vl_buf_add(&pad, padding, &room), VL_OK);
    vl_cbor_put_array(&w, 2);
    vl_cbor_put_uint(&w, number);
    vl_cbor_put_bytes(&w, vl_buf_bytes(&pad));
    about[0] = (uint8_t)(number % 7);
    office.at[0] = (uint8_t)(number % 3);
    assert_int_equal(vl_kind_sub("letter", VL_ARRAY(about), &sub), VL_OK);
    vl_cose_key_of_seed(&seed, &key);
    vl_cose_key_thumbprint(&key, kid);
    draft.kid = VL_ARRAY(kid);
    draft.content_type =
        vl_bytes_str(vl_kind_content_type(number % 2 ? VL_KIND_SEEN : VL_KIND_OPENED));
    draft.claims.iss = vl_bytes_str(vl_office_id_eid(&office, iss));
    draft.claims.sub = vl_buf_bytes(&sub);
    draft.claims.has_iat = true;
    draft.claims.iat_s = NOW + (int64_t)number;
    draft.payload = vl_buf_bytes(&payload);
    assert_err(vl_sign1_write(&draft, &seed, out, &why), VL_OK, &why);
}

static void entry_of(uint64_t number, struct vl_entry *entry)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_why why = {""};

    statement(number, 0, &wire);
    assert_err(vl_entry_parse(vl_buf_bytes(&wire), entry, &why), VL_OK, &why);
}

static enum vl_err try_make(const char *path, size_t need, uint64_t max_len, struct vl_why *why)
{
    struct vl_record_policy policy = {.origin = VL_LITERAL(ORIGIN),
                                      .witness_count = 2,
                                      .need = need,
                                      .max_len = max_len,
                                      .ahead_max_s = 600};
    struct counter_rng counter;
    struct vl_log_dir_draft draft = {.path = path, .policy = &policy, .now_s = NOW};

    draft.rng = counter_rng(&counter, 5);
    policy.witnesses[0] = witness_key("w1.example", '1');
    policy.witnesses[1] = witness_key("w2.example", '2');
    return vl_log_dir_make(&draft, why);
}

static void make(const char *path)
{
    struct vl_why why = {""};

    assert_err(try_make(path, 0, VL_ENTRY_MAX_LEN, &why), VL_OK, &why);
}

static struct vl_log_dir *open_log(const char *path, enum vl_log_dir_access access)
{
    struct vl_log_dir *log = NULL;
    struct vl_why why = {""};

    assert_err(vl_log_dir_open(path, access, &log, &why), VL_OK, &why);
    return log;
}

static enum vl_err try_open(const char *path, enum vl_log_dir_access access, struct vl_why *why)
{
    struct vl_log_dir *log = NULL;
    enum vl_err err = vl_log_dir_open(path, access, &log, why);

    assert_true(!err == !!log);
    vl_log_dir_close(log);
    return err;
}

/* Add entries first to end - 1, in one batch. */
static enum vl_err try_add(struct vl_log_dir *log, uint64_t first, uint64_t end,
                           struct vl_log_dir_put *puts, struct vl_why *why)
{
    const size_t count = (size_t)(end - first);
    struct vl_entry *entries = calloc(count, sizeof *entries);
    enum vl_err err;

    assert_non_null(entries);
    for (size_t i = 0; i < count; i++) {
        entry_of(first + i, &entries[i]);
        puts[i] = (struct vl_log_dir_put){.entry = &entries[i]};
    }
    err = vl_log_dir_append(log, puts, count, why);
    for (size_t i = 0; i < count; i++)
        vl_entry_release(&entries[i]);
    free(entries);
    return err;
}

static void add(struct vl_log_dir *log, uint64_t first, uint64_t end)
{
    struct vl_log_dir_put *puts = calloc((size_t)(end - first), sizeof *puts);
    struct vl_why why = {""};

    assert_non_null(puts);
    assert_err(try_add(log, first, end, puts, &why), VL_OK, &why);
    for (uint64_t i = first; i < end; i++)
        assert_false(puts[i - first].was_there);
    free(puts);
}

/* A record that was just made, by its writer. */
static struct vl_log_dir *made(const char *path)
{
    make(path);
    return open_log(path, VL_LOG_DIR_WRITE);
}

/* A writer that adds entries first to end - 1 and goes. */
static void grow(const char *path, uint64_t first, uint64_t end)
{
    struct vl_log_dir *log = open_log(path, VL_LOG_DIR_WRITE);

    add(log, first, end);
    vl_log_dir_close(log);
}

static struct vl_log_dir_state state_of(const struct vl_log_dir *log)
{
    struct vl_log_dir_state state;

    vl_log_dir_state(log, &state);
    return state;
}

/* The entry of this number is in the log at that place, by its receipt and by its proof file. */
static void assert_proven(struct vl_log_dir *log, uint64_t number, uint64_t index)
{
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VL_PROOF_FILE_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    const struct vl_record_policy *policy = vl_log_dir_policy(log);
    const struct vl_receipt_log receipts = {policy->receipt_key, policy->origin, VL_RECEIPT_BOUND};
    struct vl_checkpoint_seen seen;
    struct vl_checkpoint checkpoint;
    struct vl_receipt_says says;
    struct vl_proof_file proof;
    struct vl_log trusted;
    uint64_t at = 0;
    struct vl_why why = {""};

    entry_of(number, &entry);
    assert_err(vl_log_dir_find(log, entry.id, &at, &why), VL_OK, &why);
    assert_int_equal(at, index);
    assert_err(vl_log_dir_entry(log, index, &bytes, &why), VL_OK, &why);
    assert_bytes(vl_buf_bytes(&bytes), vl_entry_bytes(&entry));
    assert_err(vl_log_dir_receipt(log, index, NOW, &wire, &why), VL_OK, &why);
    assert_err(vl_receipt_parse(vl_buf_bytes(&wire), &receipt, &why), VL_OK, &why);
    assert_err(vl_receipt_verify(&receipt, entry.leaf_hash, &receipts, &says, &why), VL_OK, &why);
    assert_int_equal(says.index, index);
    assert_int_equal(says.size, state_of(log).size);
    assert_err(vl_log_dir_proof(log, index, &text, &why), VL_OK, &why);
    assert_err(vl_proof_file_parse(vl_buf_bytes(&text), &proof, &why), VL_OK, &why);
    vl_record_policy_log(policy, &trusted);
    assert_err(vl_proof_file_verify(&proof, entry.leaf_hash, &trusted, &checkpoint, &seen, &why),
               VL_OK, &why);
    assert_int_equal(checkpoint.size, state_of(log).size);
}

static void a_record_begins_with_its_policy(void **state)
{
    const char *path = path_to(*state, "record");
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    struct vl_log_dir *log;
    struct stat info;

    make(path);
    log = open_log(path, VL_LOG_DIR_READ);
    assert_int_equal(state_of(log).size, 1);
    assert_int_equal(vl_log_dir_entry(log, 0, &bytes, NULL), VL_OK);
    assert_true(vl_bytes_eq(vl_log_dir_policy(log)->origin, VL_LITERAL(ORIGIN)));
    vl_log_dir_close(log);
    assert_int_equal(stat(path_to(*state, "record/keys/receipts"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(stat(path_to(*state, "record/keys/checkpoints"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(try_make(path, 0, VL_ENTRY_MAX_LEN, NULL), VL_ERR_EXISTS);
}

static void what_is_added_has_a_place_a_receipt_and_a_proof(void **state)
{
    const char *path = path_to(*state, "record");
    struct vl_log_dir *log, *reader;

    log = made(path);
    reader = open_log(path, VL_LOG_DIR_RECEIPTS);
    add(log, 1, 4);
    for (uint64_t i = 1; i < 4; i++)
        assert_proven(log, i, i);
    assert_int_equal(state_of(reader).size, 1);
    assert_int_equal(vl_log_dir_refresh(reader, NULL), VL_OK);
    for (uint64_t i = 1; i < 4; i++)
        assert_proven(reader, i, i);
    add(log, 4, 5);
    assert_proven(log, 2, 2);
    vl_log_dir_close(log);
    vl_log_dir_close(reader);
    log = open_log(path, VL_LOG_DIR_WRITE);
    assert_proven(log, 4, 4);
    vl_log_dir_close(log);
}

static void the_same_entry_enters_once(void **state)
{
    const char *path = path_to(*state, "record");
    struct vl_log_dir_put puts[8];
    struct vl_entry entries[3] = {VL_ENTRY_INIT, VL_ENTRY_INIT, VL_ENTRY_INIT};
    struct vl_log_dir *log;
    struct vl_why why = {""};

    make(path);
    grow(path, 1, 3);
    log = open_log(path, VL_LOG_DIR_WRITE);
    entry_of(7, &entries[0]);
    entry_of(2, &entries[1]);
    entry_of(8, &entries[2]);
    for (size_t i = 0; i < 6; i++)
        puts[i] = (struct vl_log_dir_put){.entry = &entries[i % 3]};
    assert_err(vl_log_dir_append(log, puts, 6, &why), VL_OK, &why);
    for (size_t i = 0; i < 6; i++) {
        static const uint64_t at[] = {3, 2, 4};

        assert_int_equal(puts[i].index, at[i % 3]);
        assert_int_equal(puts[i].was_there, i >= 3 || i == 1);
    }
    assert_int_equal(state_of(log).size, 5);
    assert_err(vl_log_dir_append(log, puts, 6, &why), VL_OK, &why);
    assert_int_equal(state_of(log).size, 5);
    for (size_t i = 0; i < 3; i++)
        vl_entry_release(&entries[i]);
    vl_log_dir_close(log);
}

static void a_second_writer_is_refused_and_readers_are_not(void **state)
{
    const char *path = path_to(*state, "record");
    struct vl_log_dir *log;
    struct vl_why why = {""};

    log = made(path);
    assert_err(try_open(path, VL_LOG_DIR_WRITE, &why), VL_ERR_BUSY, &why);
    assert_err(try_open(path, VL_LOG_DIR_READ, &why), VL_OK, &why);
    assert_err(try_open(path, VL_LOG_DIR_RECEIPTS, &why), VL_OK, &why);
    vl_log_dir_close(log);
    assert_err(try_open(path, VL_LOG_DIR_WRITE, &why), VL_OK, &why);
}

static void an_entry_of_65535_bytes_enters_and_one_more_is_refused_by_name(void **state)
{
    const char *path = path_to(*state, "record");
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    struct vl_log_dir_put put = {.entry = &entry};
    struct vl_log_dir *log;
    size_t padding;
    struct vl_why why = {""};

    log = made(path);
    statement(1, 60000, &wire);
    padding = 60000 + VL_ENTRY_MAX_LEN - wire.len;
    wire.len = 0;
    statement(1, padding + 1, &wire);
    assert_int_equal(wire.len, VL_ENTRY_MAX_LEN + 1);
    assert_err(vl_entry_parse(vl_buf_bytes(&wire), &entry, &why), VL_ERR_LIMIT, &why);
    assert_non_null(strstr(why.text, "65535"));
    wire.len = 0;
    statement(1, padding, &wire);
    assert_int_equal(wire.len, VL_ENTRY_MAX_LEN);
    assert_err(vl_entry_parse(vl_buf_bytes(&wire), &entry, &why), VL_OK, &why);
    assert_err(vl_log_dir_append(log, &put, 1, &why), VL_OK, &why);
    assert_int_equal(put.index, 1);
    vl_log_dir_close(log);
    assert_err(try_make(path_to(*state, "small"), 0, 1000, &why), VL_OK, &why);
    log = open_log(path_to(*state, "small"), VL_LOG_DIR_WRITE);
    assert_err(vl_log_dir_append(log, &put, 1, &why), VL_ERR_LIMIT, &why);
    assert_int_equal(state_of(log).size, 1);
    vl_log_dir_close(log);
}

static void records_of_every_shape_prove_all_of_their_entries(void **state)
{
    static const uint64_t sizes[] = {2, 3, 255, 256, 257, 258, 511, 512, 700, 1024};
    const char *path = path_to(*state, "record");
    struct vl_log_dir *log, *reader;
    uint64_t size = 1;

    log = made(path);
    reader = open_log(path, VL_LOG_DIR_RECEIPTS);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct vl_tree_path proof;
        uint8_t root[VL_HASH_LEN];
        struct vl_log_dir_state before = state_of(log), after;

        add(log, size, sizes[i]);
        size = sizes[i];
        after = state_of(log);
        assert_int_equal(after.size, size);
        assert_int_equal(vl_log_dir_consistency(log, before.size, size, &proof, NULL), VL_OK);
        assert_int_equal(vl_tree_verify_consistency(before.size, before.root, size, after.root,
                                                    &proof),
                         VL_OK);
        assert_int_equal(vl_log_dir_root_at(log, before.size, root, NULL), VL_OK);
        assert_memory_equal(root, before.root, sizeof root);
        assert_int_equal(vl_log_dir_refresh(reader, NULL), VL_OK);
        for (uint64_t at = 1; at < size; at += at < 250 || at > 260 ? 37 : 1)
            assert_proven(at % 2 ? log : reader, at, at);
        assert_proven(log, size - 1, size - 1);
    }
    vl_log_dir_close(log);
    vl_log_dir_close(reader);
}

static bool stands(const char *folder, const char *name)
{
    return access(path_to(folder, name), F_OK) == 0;
}

static void partial_tiles_stay_until_the_full_one_is_there(void **state)
{
    const char *path = path_to(*state, "record");
    VL_AUTO(vl_buf_release) struct vl_buf tile = VL_BUF_INIT(VL_ENTRIES_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf before = VL_BUF_INIT(VL_ENTRIES_MAX_LEN);
    struct vl_tile_at at = {true, 0, 0, 9};
    struct vl_log_dir *log;

    log = made(path);
    add(log, 1, 9);
    add(log, 9, 20);
    assert_true(stands(*state, "record/public/tile/0/000.p/9"));
    assert_true(stands(*state, "record/public/tile/0/000.p/20"));
    assert_true(stands(*state, "record/public/tile/entries/000.p/9"));
    assert_int_equal(vl_log_dir_tile(log, &at, &before, NULL), VL_OK);
    add(log, 20, 300);
    assert_true(stands(*state, "record/public/tile/0/000"));
    assert_true(stands(*state, "record/public/tile/1/000.p/1"));
    assert_true(stands(*state, "record/public/tile/0/001.p/44"));
    assert_false(stands(*state, "record/public/tile/0/000.p"));
    assert_false(stands(*state, "record/public/tile/entries/000.p"));
    /* Who asks for an old one gets it from the full one. */
    assert_int_equal(vl_log_dir_tile(log, &at, &tile, NULL), VL_OK);
    assert_bytes(vl_buf_bytes(&tile), vl_buf_bytes(&before));
    at.is_entries = false;
    tile.len = 0;
    assert_int_equal(vl_log_dir_tile(log, &at, &tile, NULL), VL_OK);
    assert_int_equal(tile.len, 9 * VL_HASH_LEN);
    at = (struct vl_tile_at){false, 0, 1, 45};
    assert_int_equal(vl_log_dir_tile(log, &at, &tile, NULL), VL_ERR_NOT_FOUND);
    vl_log_dir_close(log);
}

static void storage_that_went_back_is_not_signed_on(void **state)
{
    const char *path = path_to(*state, "record");
    struct vl_why why = {""};

    make(path);
    grow(path, 1, 5);
    shell("cd %s && cp -a record/public old && cp -a record/staging record/index.db .", *state, "");
    grow(path, 5, 9);
    shell("cd %s && rm -rf record/public && mv old record/public && cp -a staging index.db record",
          *state, "");
    assert_err(try_open(path, VL_LOG_DIR_WRITE, &why), VL_ERR_REFUSED, &why);
    assert_non_null(strstr(why.text, "9 entries were signed, and 5 are here"));
    /* It can be read and checked, and no word of anybody makes it sign. */
    assert_err(try_open(path, VL_LOG_DIR_READ, &why), VL_OK, &why);
    assert_err(vl_log_dir_adopt(path, VL_BYTES_NONE, &why), VL_ERR_REFUSED, &why);
}

static void a_restored_copy_signs_only_after_it_was_adopted(void **state)
{
    const char *path = path_to(*state, "record");
    VL_AUTO(vl_buf_release) struct vl_buf older = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf newer = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    struct vl_log_dir *log;
    struct vl_why why = {""};

    log = made(path);
    assert_int_equal(vl_buf_put(&older, vl_log_dir_checkpoint(log)), VL_OK);
    add(log, 1, 5);
    vl_log_dir_close(log);
    shell("cd %s && cp -a record copy", *state, "");
    log = open_log(path, VL_LOG_DIR_WRITE);
    add(log, 5, 9);
    assert_int_equal(vl_buf_put(&newer, vl_log_dir_checkpoint(log)), VL_OK);
    vl_log_dir_close(log);
    shell("cd %s && rm -rf record && mv copy record", *state, "");
    assert_err(try_open(path, VL_LOG_DIR_WRITE, &why), VL_ERR_REFUSED, &why);
    assert_non_null(strstr(why.text, "copied or restored"));
    /* Somebody has a newer one: this copy never signs. */
    assert_err(vl_log_dir_adopt(path, vl_buf_bytes(&newer), &why), VL_ERR_REFUSED, &why);
    assert_err(try_open(path, VL_LOG_DIR_WRITE, &why), VL_ERR_REFUSED, &why);
    assert_err(vl_log_dir_adopt(path, vl_buf_bytes(&older), &why), VL_OK, &why);
    grow(path, 5, 6);
}

static void without_a_word_of_what_was_signed_nothing_is(void **state)
{
    static const char *const harm[] = {
        "rm record/keys/signed",
        ": > record/keys/signed",
        "head -c 1024 /dev/zero > record/keys/signed",
        "head -c 2000 /dev/zero > record/keys/signed",
        "sed -i s/valise/Valise/ record/keys/signed",
    };
    const char *path = path_to(*state, "record");
    struct vl_why why = {""};

    make(path);
    for (size_t i = 0; i < sizeof harm / sizeof *harm; i++) {
        shell("cd %s && %s", *state, harm[i]);
        assert_err(try_open(path, VL_LOG_DIR_WRITE, &why), VL_ERR_REFUSED, &why);
        assert_non_null(strstr(why.text, "what was signed last"));
        assert_err(try_open(path, VL_LOG_DIR_READ, &why), VL_OK, &why);
        assert_err(vl_log_dir_adopt(path, VL_BYTES_NONE, &why), VL_OK, &why);
        grow(path, i + 1, i + 2);
    }
}

static void a_checkpoint_that_somebody_changed_is_not_written_over(void **state)
{
    const char *path = path_to(*state, "record");
    struct vl_log_dir_put puts[4];
    struct vl_log_dir *log;
    struct vl_why why = {""};

    log = made(path);
    shell("cd %s && cp record/public/checkpoint .", *state, "");
    add(log, 1, 2);
    shell("cd %s && cp checkpoint record/public/checkpoint", *state, "");
    assert_err(try_add(log, 2, 4, puts, &why), VL_ERR_REFUSED, &why);
    vl_log_dir_close(log);
    assert_err(try_open(path, VL_LOG_DIR_WRITE, &why), VL_ERR_REFUSED, &why);
}

static void an_altered_tile_is_not_signed_on(void **state)
{
    const char *path = path_to(*state, "record");
    struct vl_why why = {""};

    make(path);
    grow(path, 1, 5);
    shell("cd %s && printf x | dd of=record/public/tile/0/000.p/5 bs=1 seek=40 conv=notrunc"
          " status=none",
          *state, "");
    assert_err(try_open(path, VL_LOG_DIR_WRITE, &why), VL_ERR_UNVERIFIED, &why);
}

/* An entry that changed on the disk would be copied into the next bundle and signed for ever. */
static void an_altered_entry_is_seen_before_the_next_checkpoint(void **state)
{
    const char *path = path_to(*state, "record");
    struct vl_log_dir_put puts[1];
    struct vl_log_dir *log;
    struct vl_why why = {""};

    make(path);
    grow(path, 1, 5);
    shell("cd %s && printf x | dd of=record/public/tile/entries/000.p/5 bs=1 seek=900"
          " conv=notrunc status=none",
          *state, "");
    log = open_log(path, VL_LOG_DIR_WRITE);
    assert_err(try_add(log, 5, 6, puts, &why), VL_ERR_REFUSED, &why);
    assert_int_equal(state_of(log).size, 5);
    vl_log_dir_close(log);
    shell("cd %s && ! grep -q '^6$' record/public/checkpoint", *state, "");
}

static void the_index_is_made_again_when_it_is_lost_or_wrong(void **state)
{
    static const char *const harm[] = {
        "rm record/index.db",
        "head -c 3000 /dev/urandom > record/index.db",
        ": > record/index.db",
        "cp first.db record/index.db",
        "cp other/index.db record/index.db",
    };
    const char *path = path_to(*state, "record"), *other = path_to(*state, "other");
    struct vl_log_dir *log;

    make(path);
    make(other);
    shell("cd %s && rm -rf other", *state, "");
    assert_int_equal(try_make(other, 1, VL_ENTRY_MAX_LEN, NULL), VL_OK);
    vl_log_dir_close(open_log(other, VL_LOG_DIR_WRITE));
    grow(path, 1, 3);
    shell("cd %s && cp record/index.db first.db", *state, "");
    grow(path, 3, 300);
    for (size_t i = 0; i < sizeof harm / sizeof *harm; i++) {
        struct vl_log_dir_put puts[1];
        struct vl_why why = {""};

        shell("cd %s && rm -f record/index.db-*; %s", *state, harm[i]);
        log = open_log(path, VL_LOG_DIR_RECEIPTS);
        assert_proven(log, 299, 299);
        vl_log_dir_close(log);
        log = open_log(path, VL_LOG_DIR_WRITE);
        assert_proven(log, 2, 2);
        assert_err(try_add(log, 250, 251, puts, &why), VL_OK, &why);
        assert_true(puts[0].was_there);
        assert_int_equal(puts[0].index, 250);
        vl_log_dir_close(log);
    }
}

/* The copy knows of entries that its record never had. */
static void an_index_from_another_past_is_thrown_away(void **state)
{
    const char *path = path_to(*state, "record");
    struct vl_log_dir *log;
    struct vl_why why = {""};

    make(path);
    shell("cd %s && cp -a record copy", *state, "");
    grow(path, 1, 5);
    shell("cd %s && cp record/index.db copy/", *state, "");
    assert_err(vl_log_dir_adopt(path_to(*state, "copy"), VL_BYTES_NONE, &why), VL_OK, &why);
    log = open_log(path_to(*state, "copy"), VL_LOG_DIR_WRITE);
    add(log, 2, 4);
    assert_proven(log, 3, 2);
    vl_log_dir_close(log);
}

/* What was remembered of it while it was altered does not stay. */
static void a_tile_that_was_altered_and_is_mended_proves_again(void **state)
{
    const char *path = path_to(*state, "record");
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    struct vl_log_dir *log;
    struct vl_why why = {""};

    make(path);
    grow(path, 1, 300);
    log = open_log(path, VL_LOG_DIR_WRITE);
    shell("cd %s/record/public/tile/0 && cp 000 ../../../good && "
          "printf X | dd of=000 bs=1 seek=200 conv=notrunc status=none",
          *state, "");
    assert_err(vl_log_dir_receipt(log, 5, NOW, &out, &why), VL_ERR_UNVERIFIED, &why);
    shell("cd %s/record && cp good public/tile/0/000", *state, "");
    assert_proven(log, 5, 5);
    vl_log_dir_close(log);
}

struct seen {
    size_t count;
    uint64_t at[64];
};
static enum vl_err see(void *self, const struct vl_log_dir_row *row, struct vl_why *why)
{
    struct seen *seen = self;

    (void)why;
    if (row->index > 0) {
        assert_true(row->has_office && row->has_iat);
        assert_int_equal(row->iat_s, NOW + (int64_t)row->index);
    }
    if (seen->count < 64)
        seen->at[seen->count] = row->index;
    seen->count++;
    return VL_OK;
}

static size_t count_of(struct vl_log_dir *log, const struct vl_log_dir_filter *filter,
                       struct seen *seen)
{
    struct vl_why why = {""};

    *seen = (struct seen){0};
    assert_err(vl_log_dir_list(log, filter, see, seen, &why), VL_OK, &why);
    return seen->count;
}

/* How many entries others see in the index. */
static uint64_t indexed(const char *path)
{
    struct vl_log_dir *log = open_log(path, VL_LOG_DIR_READ);
    struct vl_log_index *index = NULL;
    uint64_t size = 0;
    struct vl_why why = {""};

    assert_err(vl_log_index_open(path, true, vl_log_dir_id(log), &index, &why), VL_OK, &why);
    assert_err(vl_log_index_size(index, &size, &why), VL_OK, &why);
    vl_log_index_close(index);
    vl_log_dir_close(log);
    return size;
}

static void others_find_what_the_index_holds_back(void **state)
{
    const char *path = path_to(*state, "record");
    const struct vl_log_dir_filter all = {.limit = 0};
    struct vl_log_dir *log, *reader;
    struct seen seen;

    log = made(path);
    for (uint64_t i = 1; i < 6; i++)
        add(log, i, i + 1);
    assert_true(indexed(path) < 6);
    reader = open_log(path, VL_LOG_DIR_RECEIPTS);
    for (uint64_t i = 1; i < 6; i++) {
        assert_proven(log, i, i);
        assert_proven(reader, i, i);
    }
    assert_int_equal(count_of(log, &all, &seen), 6);
    assert_int_equal(count_of(reader, &all, &seen), 6);
    vl_log_dir_close(reader);
    vl_log_dir_close(log);
    assert_int_equal(indexed(path), 6);
}

static void the_index_holds_back_a_thousand_rows_at_most(void **state)
{
    const char *path = path_to(*state, "record");
    struct vl_log_dir *log = made(path);
    uint64_t size = 1, changes = 0, before = 1;

    while (size < 2200) {
        add(log, size, size + 50);
        size += 50;
        assert_in_range(size - indexed(path), 0, 1024 + 50);
        changes += indexed(path) != before;
        before = indexed(path);
    }
    assert_int_equal(changes, 2);
    vl_log_dir_close(log);
}

/* The rows that it held are gone with it, and the entries are there. */
static void a_writer_that_is_killed_loses_rows_and_no_entry(void **state)
{
    const char *path = path_to(*state, "record");
    struct vl_log_dir *log;
    struct vl_log_dir_put put;
    struct vl_why why = {""};
    int status = -1;
    pid_t child;

    make(path);
    child = fork();
    assert_int_not_equal(child, -1);
    if (child == 0) {
        log = open_log(path, VL_LOG_DIR_WRITE);
        add(log, 1, 9);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_true(indexed(path) < 9);
    log = open_log(path, VL_LOG_DIR_WRITE);
    assert_proven(log, 8, 8);
    assert_err(try_add(log, 3, 4, &put, &why), VL_OK, &why);
    assert_true(put.was_there);
    assert_int_equal(put.index, 3);
    vl_log_dir_close(log);
    assert_int_equal(indexed(path), 9);
}

static void lists_are_the_same_with_and_without_the_index(void **state)
{
    const char *path = path_to(*state, "record");
    struct vl_log_dir_filter filter = {.limit = 0};
    struct vl_log_dir *log;
    struct seen seen;

    make(path);
    grow(path, 1, 20);
    shell("cd %s && cp record/index.db .", *state, "");
    grow(path, 20, 43);
    for (int round = 0; round < 3; round++) {
        if (round == 1)
            shell("cd %s && rm -f record/index.db*", *state, "");
        if (round == 2) /* it knows of the first ones alone */
            shell("cd %s && cp index.db record/", *state, "");
        log = open_log(path, VL_LOG_DIR_READ);
        filter = (struct vl_log_dir_filter){.limit = 0};
        assert_int_equal(count_of(log, &filter, &seen), 43);
        assert_int_equal(seen.at[42], 42);
        filter.newest_first = true;
        filter.limit = 30;
        assert_int_equal(count_of(log, &filter, &seen), 30);
        assert_int_equal(seen.at[0], 42);
        assert_int_equal(seen.at[29], 13);
        filter.from = 12;
        assert_int_equal(count_of(log, &filter, &seen), 13);
        assert_int_equal(seen.at[0], 12);
        filter = (struct vl_log_dir_filter){.kind = VL_KIND_SEEN};
        assert_int_equal(count_of(log, &filter, &seen), 21);
        assert_int_equal(seen.at[1], 3);
        filter = (struct vl_log_dir_filter){.has_office = true};
        assert_int_equal(count_of(log, &filter, &seen), 14);
        filter = (struct vl_log_dir_filter){.has_letter = true};
        filter.letter[0] = 3;
        assert_int_equal(count_of(log, &filter, &seen), 6);
        assert_int_equal(seen.at[5], 38);
        filter.kind = VL_KIND_OPENED;
        assert_int_equal(count_of(log, &filter, &seen), 3);
        filter = (struct vl_log_dir_filter){.has_since = true,
                                            .since_s = NOW + 10,
                                            .has_until = true,
                                            .until_s = NOW + 25};
        assert_int_equal(count_of(log, &filter, &seen), 16);
        filter = (struct vl_log_dir_filter){.from = 22, .limit = 4};
        assert_int_equal(count_of(log, &filter, &seen), 4);
        assert_int_equal(seen.at[0], 22);
        vl_log_dir_close(log);
    }
}

static void cosign(struct vl_log_dir *log, const char *name, char letter, struct vl_buf *line)
{
    const struct vl_note_key key = witness_key(name, letter);
    const struct vl_secret seed = seed_of(letter);
    struct vl_why why = {""};

    line->len = 0;
    assert_err(vl_checkpoint_cosign(vl_log_dir_signed_checkpoint(log), &key, &seed,
                                    (uint64_t)NOW + 5, line, &why),
               VL_OK, &why);
}

static void with_witnesses_needed_nothing_is_given_out_before_they_signed(void **state)
{
    const char *path = path_to(*state, "record");
    VL_AUTO(vl_buf_release) struct vl_buf line = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    struct vl_log_dir *log;
    size_t added;
    struct vl_why why = {""};

    assert_err(try_make(path, 2, VL_ENTRY_MAX_LEN, &why), VL_OK, &why);
    log = open_log(path, VL_LOG_DIR_WRITE);
    add(log, 1, 4);
    assert_int_equal(state_of(log).size, 0);
    assert_int_equal(state_of(log).signed_size, 4);
    assert_err(vl_log_dir_receipt(log, 2, NOW, &out, &why), VL_ERR_NOT_FOUND, &why);
    assert_err(vl_log_dir_proof(log, 2, &out, &why), VL_ERR_NOT_FOUND, &why);
    cosign(log, "w1.example", '1', &line);
    assert_err(vl_log_dir_cosign(log, vl_buf_bytes(&line), &added, &why), VL_OK, &why);
    assert_int_equal(added, 1);
    assert_err(vl_log_dir_cosign(log, vl_buf_bytes(&line), &added, &why), VL_OK, &why);
    assert_int_equal(added, 0);
    assert_int_equal(state_of(log).size, 0);
    vl_log_dir_close(log);
    log = open_log(path, VL_LOG_DIR_WRITE);
    cosign(log, "w2.example", '2', &line);
    assert_err(vl_log_dir_cosign(log, vl_buf_bytes(&line), &added, &why), VL_OK, &why);
    assert_int_equal(state_of(log).size, 4);
    assert_int_equal(state_of(log).witnesses, 2);
    assert_proven(log, 2, 2);
    /* The next batch waits again, and what was given out stays. */
    add(log, 4, 6);
    assert_int_equal(state_of(log).size, 4);
    assert_proven(log, 2, 2);
    vl_log_dir_close(log);
    log = open_log(path, VL_LOG_DIR_WRITE);
    assert_int_equal(state_of(log).size, 4);
    assert_int_equal(state_of(log).signed_size, 6);
    vl_log_dir_close(log);
}

static void a_cosignature_that_is_bad_or_by_a_stranger_is_refused(void **state)
{
    const char *path = path_to(*state, "record");
    VL_AUTO(vl_buf_release) struct vl_buf line = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    struct vl_log_dir *log;
    size_t added;
    struct vl_why why = {""};

    log = made(path);
    cosign(log, "w3.example", '3', &line);
    assert_err(vl_log_dir_cosign(log, vl_buf_bytes(&line), &added, &why), VL_ERR_REFUSED, &why);
    cosign(log, "w1.example", '1', &line);
    add(log, 1, 2); /* now it is of another checkpoint */
    assert_err(vl_log_dir_cosign(log, vl_buf_bytes(&line), &added, &why), VL_ERR_UNVERIFIED, &why);
    cosign(log, "w1.example", '1', &line);
    assert_err(vl_log_dir_cosign(log, vl_buf_bytes(&line), &added, &why), VL_OK, &why);
    assert_int_equal(state_of(log).witnesses, 1);
    add(log, 2, 3);
    assert_int_equal(state_of(log).witnesses, 0);
    vl_log_dir_close(log);
}

static void keys_that_others_may_read_sign_nothing(void **state)
{
    const char *path = path_to(*state, "record");
    struct vl_why why = {""};

    make(path);
    assert_int_equal(chmod(path_to(*state, "record/keys/checkpoints"), 0640), 0);
    assert_err(try_open(path, VL_LOG_DIR_WRITE, &why), VL_ERR_NO_KEY, &why);
    assert_err(try_open(path, VL_LOG_DIR_READ, &why), VL_OK, &why);
    assert_int_equal(chmod(path_to(*state, "record/keys/checkpoints"), 0600), 0);
    shell("cd %s && cp record/keys/receipts record/keys/checkpoints", *state, "");
    assert_err(try_open(path, VL_LOG_DIR_WRITE, &why), VL_ERR_NO_KEY, &why);
    shell("cd %s && rm record/keys/receipts", *state, "");
    assert_err(try_open(path, VL_LOG_DIR_RECEIPTS, &why), VL_ERR_NO_KEY, &why);
}

static void what_is_no_record_is_not_found(void **state)
{
    struct vl_why why = {""};

    assert_err(try_open(*state, VL_LOG_DIR_READ, &why), VL_ERR_NOT_FOUND, &why);
    assert_err(try_open(path_to(*state, "nothing"), VL_LOG_DIR_WRITE, &why), VL_ERR_NOT_FOUND,
               &why);
}

static void a_copy_of_what_is_public_can_be_read_and_not_written(void **state)
{
    const char *path = path_to(*state, "record"), *copy = path_to(*state, "copy");
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    struct vl_log_dir_filter filter = {.limit = 0};
    struct vl_log_dir *log;
    struct seen seen;
    struct vl_why why = {""};

    make(path);
    grow(path, 1, 300);
    shell("cd %s && cp -r record/public copy", *state, "");
    log = open_log(copy, VL_LOG_DIR_READ);
    assert_int_equal(state_of(log).size, 300);
    assert_err(vl_log_dir_entry(log, 299, &bytes, &why), VL_OK, &why);
    assert_int_equal(count_of(log, &filter, &seen), 300);
    vl_log_dir_close(log);
    assert_err(try_open(copy, VL_LOG_DIR_WRITE, &why), VL_ERR_NOT_FOUND, &why);
    assert_err(try_open(copy, VL_LOG_DIR_RECEIPTS, &why), VL_ERR_NOT_FOUND, &why);
}

static void a_reader_sees_a_checkpoint_that_went_back(void **state)
{
    const char *path = path_to(*state, "record");
    struct vl_log_dir *log, *reader;
    struct vl_why why = {""};

    log = made(path);
    shell("cd %s && cp record/public/checkpoint .", *state, "");
    add(log, 1, 5);
    reader = open_log(path, VL_LOG_DIR_READ);
    shell("cd %s && cp checkpoint record/public/checkpoint", *state, "");
    assert_err(vl_log_dir_refresh(reader, &why), VL_ERR_REFUSED, &why);
    assert_int_equal(state_of(reader).size, 5);
    vl_log_dir_close(reader);
    vl_log_dir_close(log);
}

/* The disk was full, say: nothing is lost, and nothing is twice when it goes on. */
static void a_batch_that_failed_is_finished_by_the_same_writer(void **state)
{
    const char *path = path_to(*state, "record");
    struct vl_log_dir_put puts[4];
    struct vl_log_dir *log;
    struct vl_why why = {""};

    log = made(path);
    add(log, 1, 3);
    shell("cd %s/record/public && mv tile ../tile && : >tile", *state, "");
    assert_err(try_add(log, 3, 5, puts, &why), VL_ERR_IO, &why);
    assert_int_equal(state_of(log).size, 3);
    assert_err(try_add(log, 3, 5, puts, &why), VL_ERR_IO, &why);
    shell("cd %s/record/public && rm tile && mv ../tile tile", *state, "");
    assert_err(try_add(log, 3, 6, puts, &why), VL_OK, &why);
    assert_int_equal(state_of(log).size, 6);
    for (uint64_t i = 3; i < 6; i++)
        assert_int_equal(puts[i - 3].index, i);
    vl_log_dir_close(log);
}

struct adding {
    const char *path;
    struct vl_buf wire;
};

static enum vl_err add_it(void *self, struct vl_why *why)
{
    const struct adding *adding = self;
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    struct vl_log_dir_put put = {.entry = &entry};
    struct vl_log_dir *log = NULL;
    enum vl_err err = vl_entry_parse(vl_buf_bytes(&adding->wire), &entry, why);

    if (!err)
        err = vl_log_dir_open(adding->path, VL_LOG_DIR_WRITE, &log, why);
    if (!err)
        err = vl_log_dir_append(log, &put, 1, why);
    if (!err)
        err = vl_log_dir_receipt(log, put.index, NOW, &out, why);
    vl_log_dir_close(log);
    return err;
}

static void every_allocation_fails_once_and_the_entry_is_in_it_once(void **state)
{
    const char *path = path_to(*state, "record");
    struct adding adding = {path, VL_BUF_INIT(VL_SIGN1_MAX_LEN)};
    struct vl_log_dir *log;

    make(path);
    statement(1, 0, &adding.wire);
    assert_true(each_allocation_fails(add_it, &adding) > 5);
    log = open_log(path, VL_LOG_DIR_WRITE);
    assert_int_equal(state_of(log).size, 2);
    assert_proven(log, 1, 1);
    vl_log_dir_close(log);
    vl_buf_release(&adding.wire);
}

/* What a kill between staging and signing leaves: the batch is finished, with its places. */
static void a_batch_that_was_staged_is_finished_by_the_next_writer(void **state)
{
    const char *path = path_to(*state, "record");
    VL_AUTO(vl_buf_release) struct vl_buf before = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    struct vl_log_dir *log;

    make(path);
    shell("cd %s && cp -a record/public old", *state, "");
    log = open_log(path, VL_LOG_DIR_WRITE);
    add(log, 1, 5);
    assert_int_equal(vl_buf_put(&before, vl_log_dir_checkpoint(log)), VL_OK);
    vl_log_dir_close(log);
    shell("cd %s && rm -rf record/public && mv old record/public", *state, "");
    log = open_log(path, VL_LOG_DIR_WRITE);
    assert_int_equal(state_of(log).size, 5);
    assert_bytes(vl_log_dir_checkpoint(log), vl_buf_bytes(&before));
    assert_proven(log, 4, 4);
    vl_log_dir_close(log);
}

/* --- elsewhere -------------------------------------------------------------------------------- */

/* The files of a folder, as if they came from another machine. */
struct elsewhere {
    const char *path;
    size_t asked;        /* so many were wanted */
    size_t silent_after; /* then nothing comes any more */
};

static enum vl_err get_elsewhere(void *self, const char *name, struct vl_buf *out,
                                 struct vl_why *why)
{
    struct elsewhere *there = self;
    char path[400];

    if (there->asked++ >= there->silent_after)
        return vl_fail(why, VL_ERR_BUSY, "nobody answers");
    (void)snprintf(path, sizeof path, "%s/%s", there->path, name);
    return vl_in_read_all(path, out, why);
}

static enum vl_err prove_elsewhere(struct elsewhere *there, struct vl_buf *out, struct vl_why *why)
{
    const struct vl_log_source source = {get_elsewhere, there};
    struct vl_log_dir *log = NULL;
    enum vl_err err = vl_log_dir_open_far(&source, &log, why);

    if (!err)
        err = vl_log_dir_proof(log, 3, out, why);
    if (!err)
        err = vl_log_dir_refresh(log, why);
    vl_log_dir_close(log);
    return err;
}

static enum vl_err prove_it(void *self, struct vl_why *why)
{
    struct elsewhere *there = self;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_PROOF_FILE_MAX_LEN);

    return prove_elsewhere(there, &out, why);
}

static void a_record_elsewhere_is_read_as_one_in_a_folder(void **state)
{
    const char *path = path_to(*state, "record"), *shown = path_to(*state, "record/public");
    VL_AUTO(vl_buf_release) struct vl_buf here = VL_BUF_INIT(VL_PROOF_FILE_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_PROOF_FILE_MAX_LEN);
    struct elsewhere there = {shown, 0, SIZE_MAX};
    const struct vl_log_source source = {get_elsewhere, &there};
    struct vl_log_dir *log;
    struct vl_why why = {""};
    size_t asked;

    make(path);
    grow(path, 1, 300);
    log = open_log(path, VL_LOG_DIR_READ);
    assert_err(vl_log_dir_proof(log, 3, &here, &why), VL_OK, &why);
    vl_log_dir_close(log);
    assert_err(prove_elsewhere(&there, &out, &why), VL_OK, &why);
    assert_bytes(vl_buf_bytes(&out), vl_buf_bytes(&here));
    asked = there.asked;
    assert_true(asked > 3);
    for (size_t i = 0; i < asked; i++) {
        out.len = 0;
        there = (struct elsewhere){shown, 0, i};
        assert_err(prove_elsewhere(&there, &out, &why), VL_ERR_BUSY, &why);
    }
    there = (struct elsewhere){shown, 0, SIZE_MAX};
    assert_true(each_allocation_fails(prove_it, &there) > 5);
    assert_err(vl_log_dir_open_far(&source, &log, &why), VL_OK, &why);
    assert_int_equal(state_of(log).size, 300);
    out.len = 0;
    assert_err(vl_log_dir_receipt(log, 3, NOW, &out, &why), VL_ERR_USAGE, &why);
    vl_log_dir_close(log);
}

static void a_receipt_is_the_same_in_one_step_and_in_two(void **state)
{
    const char *path = path_to(*state, "record");
    VL_AUTO(vl_buf_release) struct vl_buf one = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf two = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    struct vl_receipt_draft draft;
    struct vl_log_dir *log;
    struct vl_why why = {""};

    log = made(path);
    add(log, 1, 5);
    entry_of(3, &entry);
    assert_err(vl_log_dir_receipt(log, 3, NOW, &one, &why), VL_OK, &why);
    assert_err(vl_log_dir_receipt_draft(log, 3, &entry, NOW, &draft, &why), VL_OK, &why);
    assert_err(vl_log_dir_receipt_sign(log, &draft, &two, &why), VL_OK, &why);
    assert_bytes(vl_buf_bytes(&two), vl_buf_bytes(&one));
    assert_err(vl_log_dir_receipt_draft(log, 5, &entry, NOW, &draft, &why), VL_ERR_NOT_FOUND, &why);
    assert_err(vl_log_dir_receipt_draft(log, 2, &entry, NOW, &draft, &why), VL_OK, &why);
    assert_err(vl_log_dir_receipt_sign(log, &draft, &two, &why), VL_ERR_UNVERIFIED, &why);
    vl_log_dir_close(log);
}

static int enter(void **state)
{
    *state = calloc(1, 64);
    make_folder(*state);
    return 0;
}
static int leave(void **state)
{
    remove_folder(*state);
    free(*state);
    return 0;
}

#define PROMISE(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROMISE(a_record_begins_with_its_policy),
        PROMISE(what_is_added_has_a_place_a_receipt_and_a_proof),
        PROMISE(the_same_entry_enters_once),
        PROMISE(a_second_writer_is_refused_and_readers_are_not),
        PROMISE(an_entry_of_65535_bytes_enters_and_one_more_is_refused_by_name),
        PROMISE(records_of_every_shape_prove_all_of_their_entries),
        PROMISE(partial_tiles_stay_until_the_full_one_is_there),
        PROMISE(storage_that_went_back_is_not_signed_on),
        PROMISE(a_restored_copy_signs_only_after_it_was_adopted),
        PROMISE(without_a_word_of_what_was_signed_nothing_is),
        PROMISE(a_checkpoint_that_somebody_changed_is_not_written_over),
        PROMISE(an_altered_tile_is_not_signed_on),
        PROMISE(an_altered_entry_is_seen_before_the_next_checkpoint),
        PROMISE(the_index_is_made_again_when_it_is_lost_or_wrong),
        PROMISE(an_index_from_another_past_is_thrown_away),
        PROMISE(a_tile_that_was_altered_and_is_mended_proves_again),
        PROMISE(others_find_what_the_index_holds_back),
        PROMISE(the_index_holds_back_a_thousand_rows_at_most),
        PROMISE(a_writer_that_is_killed_loses_rows_and_no_entry),
        PROMISE(lists_are_the_same_with_and_without_the_index),
        PROMISE(with_witnesses_needed_nothing_is_given_out_before_they_signed),
        PROMISE(a_cosignature_that_is_bad_or_by_a_stranger_is_refused),
        PROMISE(keys_that_others_may_read_sign_nothing),
        PROMISE(what_is_no_record_is_not_found),
        PROMISE(a_batch_that_was_staged_is_finished_by_the_next_writer),
        PROMISE(a_copy_of_what_is_public_can_be_read_and_not_written),
        PROMISE(a_reader_sees_a_checkpoint_that_went_back),
        PROMISE(a_batch_that_failed_is_finished_by_the_same_writer),
        PROMISE(every_allocation_fails_once_and_the_entry_is_in_it_once),
        PROMISE(a_record_elsewhere_is_read_as_one_in_a_folder),
        PROMISE(a_receipt_is_the_same_in_one_step_and_in_two),
    };

    return cmocka_run_group_tests_name("store/log_dir", tests, NULL, NULL);
}
