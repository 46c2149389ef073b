/* SPDX-License-Identifier: Apache-2.0 */
/* The store in a home: its files, what it does with those of others, and what it finds wrong. */
#include "stores.h"

#include <signal.h>

#include <sqlite3.h>
#include <sys/wait.h>

#include "codec/cbor.h"
#include "store/schema.h"

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

static enum vl_err try_open(const char *folder, unsigned flags, struct vl_why *why)
{
    struct vl_store *store = NULL;
    enum vl_err err = vl_store_home_open(folder, flags, &store, why);

    assert_true(!err == !!store);
    vl_store_close(store);
    return err;
}

static void make_home(const char *folder)
{
    struct vl_why why = {""};

    assert_err(try_open(folder, VL_STORE_CREATE, &why), VL_OK, &why);
}

/* Run SQL on an index that nobody has open. */
static void sql(const char *folder, const char *text)
{
    sqlite3 *db = NULL;
    char path[160];
    char *words = NULL;

    path_in(path, folder, "store.db");
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, text, NULL, NULL, &words) != SQLITE_OK)
        fail_msg("%s: %s", text, words);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void write_at(const char *folder, const char *name, off_t at, const void *bytes, size_t len)
{
    char path[160];
    int fd;

    path_in(path, folder, name);
    fd = open(path, O_RDWR | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, len, at), len);
    close(fd);
}

static void cut(const char *folder, const char *name, off_t len)
{
    char path[160];

    path_in(path, folder, name);
    assert_int_equal(truncate(path, len), 0);
}

static void remove_file(const char *folder, const char *name)
{
    char path[160];

    path_in(path, folder, name);
    assert_int_equal(unlink(path), 0);
}

static void move(const char *folder, const char *from, const char *to)
{
    char a[160], b[160];

    path_in(a, folder, from);
    path_in(b, folder, to);
    assert_int_equal(rename(a, b), 0);
}

static struct vl_buf content(const char *folder, const char *name)
{
    char path[160];

    path_in(path, folder, name);
    return file(path);
}

/* What a look says: one finding, in these words. */
static void assert_finds(const char *folder, bool harmless, const char *words)
{
    struct vl_store *store = open_home(folder, VL_STORE_READ_ONLY);
    struct findings findings = look_at(store);

    vl_store_close(store);
    if (findings.harmful + findings.harmless == 0)
        fail_msg("nothing found, wanted: %s", words);
    assert_int_equal(findings.harmful > 0, !harmless);
    assert_string_equal(findings.words, words);
}

/* --- opening ---------------------------------------------------------------------------------- */

static void a_home_is_made_once(void **state)
{
    struct vl_why why = {""};

    assert_err(try_open(*state, 0, &why), VL_ERR_NO_HOME, &why);
    assert_string_equal(why.text, "there is no store.db");
    assert_err(try_open(*state, VL_STORE_READ_ONLY, &why), VL_ERR_NO_HOME, &why);
    assert_false(is_there(*state, "store.db"));
    assert_false(is_there(*state, "segments"));
    assert_err(try_open("/nowhere/at/all", VL_STORE_CREATE, &why), VL_ERR_NO_HOME, &why);
    assert_string_equal(why.text, "there is no such folder");
    make_home(*state);
    assert_true(is_there(*state, "segments") && is_there(*state, "letters/new"));
    assert_true(is_there(*state, "tmp"));
    assert_err(try_open(*state, VL_STORE_CREATE, &why), VL_ERR_EXISTS, &why);
    assert_string_equal(why.text, "there is a store already");
    assert_err(try_open(*state, 0, &why), VL_OK, &why);
    assert_err(try_open(*state, VL_STORE_READ_ONLY, &why), VL_OK, &why);
}

static void nobody_else_may_read_it(void **state)
{
    static const char *const names[] = {"store.db", "segments",    "segments/000001.segment",
                                        "letters",  "letters/new", "tmp"};
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    mode_t before = umask(0);
    char path[160], large[90];
    struct stat info;

    (void)put_new(store, 1, 100);
    large_name(put_new(store, 2, 2000000).number, false, large);
    path_in(path, *state, "store.db-wal");
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 077, 0);
    vl_store_close(store);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        path_in(path, *state, names[i]);
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 077, 0);
    }
    path_in(path, *state, large);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 077, 0);
    (void)umask(before);
}

static void a_half_made_home_is_made_whole(void **state)
{
    struct vl_why why = {""};

    write_at(*state, "store.db", 0, "", 0);
    assert_err(try_open(*state, 0, &why), VL_ERR_NO_HOME, &why);
    assert_string_equal(why.text, "its making was never finished");
    assert_err(try_open(*state, VL_STORE_READ_ONLY, &why), VL_ERR_NO_HOME, &why);
    make_home(*state);
    assert_err(try_open(*state, 0, &why), VL_OK, &why);
}

static void an_index_of_a_newer_valise_is_refused(void **state)
{
    static const char words[] = "made by a newer valise: its index has version 5, and this one "
                                "knows versions up to 4";
    struct vl_why why = {""};

    make_home(*state);
    sql(*state, "PRAGMA user_version = 5");
    assert_err(try_open(*state, 0, &why), VL_ERR_UNSUPPORTED, &why);
    assert_string_equal(why.text, words);
    assert_err(try_open(*state, VL_STORE_READ_ONLY, &why), VL_ERR_UNSUPPORTED, &why);
    assert_string_equal(why.text, words);
    sql(*state, "PRAGMA user_version = 4");
    assert_err(try_open(*state, 0, &why), VL_OK, &why);
}

static void a_database_of_something_else_is_refused(void **state)
{
    struct vl_why why = {""};

    sql(*state, "CREATE TABLE letter (x)");
    assert_err(try_open(*state, 0, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "the index is a database of something else");
    assert_err(try_open(*state, VL_STORE_CREATE, &why), VL_ERR_FORMAT, &why);
    remove_file(*state, "store.db");
    write_at(*state, "store.db", 0, "this is a file of text, and a long enough one", 45);
    assert_err(try_open(*state, 0, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "the index is damaged: file is not a database");
    remove_file(*state, "store.db");
    make_home(*state);
    sql(*state, "PRAGMA user_version = -1");
    assert_err(try_open(*state, 0, &why), VL_ERR_FORMAT, &why);
}

/* An index as this version makes it, in a program that knows two more. */
static void an_older_index_is_brought_forward_step_by_step(void **state)
{
    const char *const steps[] = {
        vl_schema_steps[0],
        vl_schema_steps[1],
        vl_schema_steps[2],
        vl_schema_steps[3],
        "ALTER TABLE fact ADD COLUMN since INTEGER; UPDATE fact SET since = 5;",
        "CREATE TABLE more (since INTEGER); INSERT INTO more SELECT since FROM fact;",
    };
    const char *const broken[] = {steps[0], steps[1], steps[2],
                                  steps[3], steps[4], "CREATE TABLE more (x); NOT SQL"};
    enum vl_schema_state found = VL_SCHEMA_EMPTY;
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    struct vl_sql *index = NULL;
    VL_AUTO(vl_buf_release) struct vl_buf value = VL_BUF_INIT(10);
    struct vl_why why = {""};
    char path[160];

    assert_err(vl_store_begin(store, &why), VL_OK, &why);
    assert_err(vl_store_put_fact(store, "a", VL_LITERAL("b"), &why), VL_OK, &why);
    assert_err(vl_store_commit(store, &why), VL_OK, &why);
    vl_store_close(store);
    path_in(path, *state, "store.db");
    assert_err(vl_sql_open(path, 0, &index, &why), VL_OK, &why);
    assert_err(vl_schema_look(index, 4, &found, &why), VL_OK, &why);
    assert_int_equal(found, VL_SCHEMA_CURRENT);
    assert_err(vl_schema_look(index, 6, &found, &why), VL_OK, &why);
    assert_int_equal(found, VL_SCHEMA_OLDER);

    /* All steps or none. */
    assert_err(vl_schema_raise(index, broken, 6, &why), VL_ERR_INTERNAL, &why);
    assert_err(vl_schema_look(index, 4, &found, &why), VL_OK, &why);
    assert_int_equal(found, VL_SCHEMA_CURRENT);

    assert_err(vl_schema_raise(index, steps, 6, &why), VL_OK, &why);
    assert_err(vl_schema_raise(index, steps, 6, &why), VL_OK, &why); /* nothing left to do */
    assert_err(vl_schema_look(index, 6, &found, &why), VL_OK, &why);
    assert_int_equal(found, VL_SCHEMA_CURRENT);
    assert_err(vl_schema_look(index, 4, &found, &why), VL_ERR_UNSUPPORTED, &why);
    assert_err(vl_sql_do(index, "DELETE FROM more WHERE since = 5", &why), VL_OK, &why);
    vl_sql_close(index, true);
    sql(*state, "CREATE TABLE proof (x CHECK (x = 0));"
                "INSERT INTO proof SELECT count(*) FROM more; PRAGMA user_version = 4");
    store = open_home(*state, 0);
    assert_err(vl_store_fact(store, "a", &value, &why), VL_OK, &why);
    assert_bytes(vl_buf_bytes(&value), VL_LITERAL("b"));
    vl_store_close(store);
}

/* As version 1 made it, before there were hand-overs: what was written waits for one. */
static void an_index_without_hand_overs_learns_of_them(void **state)
{
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    struct vl_letter_row written = put_new(store, 40, 300), taken = put_new(store, 41, 300);
    VL_AUTO(vl_letter_row_release) struct vl_letter_row got = VL_LETTER_ROW_INIT;
    const struct vl_tie tie = {.kind = VL_TIE_OWED};
    struct vl_why why = {""};

    written.roles = VL_ROLE_WRITTEN;
    assert_err(vl_store_begin(store, &why), VL_OK, &why);
    assert_err(vl_store_update_letter(store, &written, &why), VL_OK, &why);
    assert_err(vl_store_commit(store, &why), VL_OK, &why);
    vl_store_close(store);
    sql(*state, "ALTER TABLE letter DROP COLUMN way; ALTER TABLE letter DROP COLUMN quarantined;"
                "ALTER TABLE letter DROP COLUMN via; DROP TABLE tie; PRAGMA user_version = 1");
    store = open_home(*state, 0);
    assert_err(vl_store_letter(store, written.number, &got, &why), VL_OK, &why);
    assert_int_equal(got.way, VL_WAY_WAITING);
    assert_false(got.has_via);
    assert_err(vl_store_letter(store, taken.number, &got, &why), VL_OK, &why);
    assert_int_equal(got.way, VL_WAY_NONE);
    assert_err(vl_store_begin(store, &why), VL_OK, &why);
    assert_err(vl_store_put_tie(store, &tie, &why), VL_OK, &why);
    assert_err(vl_store_commit(store, &why), VL_OK, &why);
    vl_store_close(store);
}

static enum vl_err join(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    struct vl_buf *all = self;

    (void)why;
    assert_memory_equal(tie->key, tie->bytes.ptr, VL_HASH_LEN);
    assert_true(tie->bytes.len <= 16384);
    return vl_buf_put(all, tie->bytes);
}

/* As version 2 made it: the leaves of an act in one row, however many; now in pieces. */
static void leaves_of_acts_over_many_letters_are_put_into_pieces(void **state)
{
    static const size_t counts[] = {64, 65, 256, 257, 1000};
    static uint8_t leaves[1000][64];
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    struct vl_why why = {""};

    for (size_t i = 0; i < 1000; i++)
        for (size_t k = 0; k < 64; k++)
            leaves[i][k] = (uint8_t)(k == 0 ? i >> 8 : k == 1 ? i : k);
    assert_err(vl_store_begin(store, &why), VL_OK, &why);
    for (uint8_t i = 0; i < 5; i++) {
        const struct vl_tie tie = {.kind = VL_TIE_BATCH,
                                   .about = {i},
                                   .key = {i},
                                   .bytes = vl_bytes_of(leaves, counts[i] * 64)};

        assert_err(vl_store_put_tie(store, &tie, &why), VL_OK, &why);
    }
    assert_err(vl_store_commit(store, &why), VL_OK, &why);
    vl_store_close(store);
    sql(*state, "PRAGMA user_version = 2");
    store = open_home(*state, 0);
    for (uint8_t i = 0; i < 5; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf whole = VL_BUF_INIT(sizeof leaves);
        VL_AUTO(vl_buf_release) struct vl_buf all = VL_BUF_INIT(sizeof leaves);
        const uint8_t act[VL_HASH_LEN] = {i};

        assert_err(vl_store_tie(store, VL_TIE_BATCH, act, act, &whole, &why),
                   i == 0 ? VL_OK : VL_ERR_NOT_FOUND, &why);
        assert_err(vl_store_ties(store, VL_TIE_LEAVES, act, join, &all, &why), VL_OK, &why);
        assert_bytes(vl_buf_bytes(i == 0 ? &whole : &all), vl_bytes_of(leaves, counts[i] * 64));
        assert_int_equal(all.len == 0, i == 0);
    }
    vl_store_close(store);
}

struct numbers {
    size_t count;
    uint8_t at[16][VL_HASH_LEN];
};

static enum vl_err add_number(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct numbers *numbers = self;

    (void)why;
    assert_true(numbers->count < 16);
    memcpy(numbers->at[numbers->count++], row->number, VL_HASH_LEN);
    return VL_OK;
}

static void assert_listed(struct vl_store *store, const struct vl_letter_row *const *rows,
                          size_t count)
{
    struct numbers numbers = {.count = 0};
    struct vl_why why = {""};

    assert_err(vl_store_letters(store, &every_letter, add_number, &numbers, &why), VL_OK, &why);
    assert_int_equal(numbers.count, count);
    for (size_t i = 0; i < count; i++)
        assert_memory_equal(numbers.at[i], rows[i]->number, VL_HASH_LEN);
}

/* As version 3 made it: by the second and the number.  What lies behind another in a segment came
 * after it; of what lies in a file of its own nothing more than the second is known. */
static void letters_of_an_older_index_are_put_in_the_order_in_which_they_came(void **state)
{
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    struct vl_letter_row rows[9];
    const struct vl_letter_row *wanted[9];
    struct vl_why why = {""};

    for (size_t i = 0; i < 8; i++)
        rows[i] = put_new(store, 60 + i, i == 5 ? 2000000 : 300);
    rows[2].kept_at_s -= 10;
    assert_err(vl_store_begin(store, &why), VL_OK, &why);
    assert_err(vl_store_update_letter(store, &rows[2], &why), VL_OK, &why);
    assert_err(vl_store_commit(store, &why), VL_OK, &why);
    vl_store_close(store);
    sql(*state,
        "CREATE TABLE old (kept_at_s INTEGER NOT NULL,"
        " number BLOB NOT NULL CHECK (length(number) = 32), size INTEGER NOT NULL,"
        " segment INTEGER, place INTEGER, forgotten INTEGER NOT NULL, mode INTEGER NOT NULL,"
        " roles INTEGER NOT NULL, sender BLOB, sender_proven INTEGER NOT NULL,"
        " addressees BLOB NOT NULL, core BLOB, letter_id BLOB, date_s INTEGER,"
        " expires_s INTEGER, expect_by_s INTEGER, verdict INTEGER NOT NULL,"
        " opened_at_s INTEGER NOT NULL, sealed BLOB, leaf_index INTEGER,"
        " way INTEGER NOT NULL DEFAULT 0, quarantined INTEGER NOT NULL DEFAULT 0, via BLOB,"
        " PRIMARY KEY (kept_at_s DESC, number)) STRICT, WITHOUT ROWID;"
        "INSERT INTO old SELECT kept_at_s, number, size, segment, place, forgotten, mode, roles,"
        " sender, sender_proven, addressees, core, letter_id, date_s, expires_s, expect_by_s,"
        " verdict, opened_at_s, sealed, leaf_index, way, quarantined, via FROM letter;"
        "DROP TABLE letter; ALTER TABLE old RENAME TO letter;"
        "CREATE UNIQUE INDEX letter_number ON letter (number); PRAGMA user_version = 3");
    store = open_home(*state, 0);
    rows[8] = put_new(store, 68, 300);
    for (size_t i = 9, at = 0; i-- > 0;)
        if (i != 5 && i != 2)
            wanted[at++] = &rows[i];
    wanted[7] = &rows[5];
    wanted[8] = &rows[2];
    assert_listed(store, wanted, 9);
    assert_sound(store);
    assert_envelope(store, 65, 2000000);
    vl_store_close(store);
}

static void an_older_index_is_not_changed_by_a_reader(void **state)
{
    struct vl_why why = {""};

    make_home(*state);
    sql(*state, "PRAGMA user_version = 0");
    assert_err(try_open(*state, VL_STORE_READ_ONLY, &why), VL_ERR_UNSUPPORTED, &why);
    assert_string_equal(why.text, "made by an older valise: it has to be opened for writing once");
}

/* --- files ------------------------------------------------------------------------------------ */

static void a_segment_is_a_cbor_sequence_of_envelopes(void **state)
{
    static const size_t lens[] = {5, 0, 23, 24, 300, 70000, 1048575};
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    VL_AUTO(vl_buf_release) struct vl_buf segment = VL_BUF_INIT(0);
    struct vl_cbor r;
    struct vl_why why = {""};

    for (size_t i = 0; i < 7; i++) {
        (void)put_new(store, i, lens[i]);
        if (i == 3) { /* a rollback leaves no gap */
            VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(99, 5000);
            struct vl_letter_row row = row_of(vl_buf_bytes(&envelope));
            bool is_new;

            assert_err(vl_store_begin(store, &why), VL_OK, &why);
            assert_err(try_put(store, &row, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
            vl_store_rollback(store);
            vl_store_close(store);
            store = open_home(*state, 0);
        }
    }
    vl_store_close(store);
    segment = content(*state, "segments/000001.segment");
    r = vl_cbor_open(vl_buf_bytes(&segment), VL_CBOR_STRICT);
    for (size_t i = 0; i < 7; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wanted = envelope_of(i, lens[i]);

        assert_bytes(vl_cbor_bytes(&r, 0, 1 << 20), vl_buf_bytes(&wanted));
    }
    assert_err(vl_cbor_close(&r, "segment", &why), VL_OK, &why);
}

static void a_large_envelope_is_a_file_of_its_own(void **state)
{
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    struct vl_letter_row row = put_new(store, 1, 1 << 20);
    VL_AUTO(vl_buf_release) struct vl_buf wanted = envelope_of(1, 1 << 20);
    VL_AUTO(vl_buf_release) struct vl_buf got = VL_BUF_INIT(0);
    char name[90], new_name[90];

    large_name(row.number, false, name);
    large_name(row.number, true, new_name);
    assert_false(is_there(*state, new_name));
    assert_false(is_there(*state, "segments/000001.segment"));
    got = content(*state, name);
    assert_bytes(vl_buf_bytes(&got), vl_buf_bytes(&wanted));
    vl_store_close(store);
}

static void a_full_segment_is_followed_by_the_next(void **state)
{
    static const off_t almost = (1 << 30) - 1000;
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    char text[100];
    struct vl_why why = {""};
    bool is_new;
    struct stat info;
    char path[160];

    (void)put_new(store, 1, 100);
    vl_store_close(store);
    cut(*state, "segments/000001.segment", almost);
    (void)snprintf(text, sizeof text, "UPDATE segment SET used = %lld", (long long)almost);
    sql(*state, text);
    store = open_home(*state, 0);
    (void)put_new(store, 2, 997); /* fits to the last byte */
    path_in(path, *state, "segments/000001.segment");
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_size, 1 << 30);
    assert_false(is_there(*state, "segments/000002.segment"));
    (void)put_new(store, 3, 0);
    assert_true(is_there(*state, "segments/000002.segment"));
    (void)put_new(store, 4, 500);
    for (uint64_t i = 1; i < 5; i++)
        assert_envelope(store, i, i == 1 ? 100 : i == 2 ? 997 : i == 3 ? 0 : 500);
    vl_store_close(store);

    /* A rollback over the border. */
    sql(*state, "DELETE FROM letter WHERE size IN (0, 500); DELETE FROM segment WHERE number = 2;"
                "UPDATE segment SET used = used - 1000; DELETE FROM letter WHERE size = 997");
    store = open_home(*state, 0);
    assert_err(vl_store_begin(store, &why), VL_OK, &why);
    for (uint64_t i = 2; i < 5; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(i, 600);
        struct vl_letter_row row = row_of(vl_buf_bytes(&envelope));

        assert_err(try_put(store, &row, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
        assert_envelope(store, i, 600);
    }
    vl_store_rollback(store);
    (void)put_new(store, 5, 997);
    (void)put_new(store, 6, 10);
    assert_envelope(store, 5, 997);
    assert_envelope(store, 6, 10);
    assert_envelope(store, 1, 100);
    assert_sound(store);
    vl_store_close(store);
}

static void what_is_dead_behind_the_end_is_cut_off(void **state)
{
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    VL_AUTO(vl_buf_release) struct vl_buf segment = VL_BUF_INIT(0);

    (void)put_new(store, 1, 10);
    vl_store_close(store);
    write_at(*state, "segments/000001.segment", 11, "dead", 4);
    assert_finds(*state, true, "4 bytes behind the last letter of segment 000001");
    store = open_home(*state, 0);
    (void)put_new(store, 2, 1);
    assert_sound(store);
    vl_store_close(store);
    segment = content(*state, "segments/000001.segment");
    assert_int_equal(segment.len, 11 + 2);
    write_at(*state, "segments/000002.segment", 0, "dead", 4);
    assert_finds(*state, true, "segment 000002 holds no letter");
}

static void a_forgotten_envelope_is_overwritten_or_taken_away(void **state)
{
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    struct vl_letter_row row, large;
    VL_AUTO(vl_buf_release) struct vl_buf segment = VL_BUF_INIT(0);
    VL_AUTO(vl_buf_release) struct vl_buf after = envelope_of(2, 9000);
    static const uint8_t zeroes[9000];
    struct vl_why why = {""};
    char name[90];

    row = put_new(store, 1, 9000);
    (void)put_new(store, 2, 9000);
    large = put_new(store, 3, 2000000);
    large_name(large.number, false, name);
    assert_err(vl_store_begin(store, &why), VL_OK, &why);
    assert_err(vl_store_forget(store, row.number, &why), VL_OK, &why);
    assert_err(vl_store_forget(store, large.number, &why), VL_OK, &why);
    assert_true(is_there(*state, name)); /* until it is committed */
    assert_err(vl_store_commit(store, &why), VL_OK, &why);
    assert_false(is_there(*state, name));
    segment = content(*state, "segments/000001.segment");
    assert_bytes(vl_bytes_of(segment.data + 3, 9000), VL_ARRAY(zeroes));
    assert_bytes(vl_bytes_of(segment.data + 9006, 9000), vl_buf_bytes(&after));
    assert_sound(store);
    vl_store_close(store);
}

/* As a process leaves it that was killed between the commit and the overwriting. */
static void what_was_to_be_overwritten_is_so_at_the_next_opening(void **state)
{
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    VL_AUTO(vl_buf_release) struct vl_buf segment = VL_BUF_INIT(0);
    static const uint8_t zeroes[900];
    char name[90];

    (void)put_new(store, 1, 900);
    large_name(put_new(store, 2, 2000000).number, false, name);
    vl_store_close(store);
    sql(*state, "UPDATE letter SET forgotten = 1; INSERT INTO leaving SELECT number FROM letter");
    assert_finds(*state, true, "a file in letters/ is no longer needed");
    store = open_home(*state, 0);
    assert_sound(store);
    vl_store_close(store);
    assert_false(is_there(*state, name));
    segment = content(*state, "segments/000001.segment");
    assert_bytes(vl_bytes_of(segment.data + 3, 900), VL_ARRAY(zeroes));
}

/* As a process leaves it that was killed before or after the commit of a large envelope. */
static void large_envelopes_that_were_not_settled(void **state)
{
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    struct vl_letter_row row = put_new(store, 1, 2000000);
    char name[90], new_name[90], orphan[90];
    uint8_t nobody[VL_HASH_LEN];

    large_name(row.number, false, name);
    large_name(row.number, true, new_name);
    hash_of(77, nobody);
    large_name(nobody, true, orphan);
    vl_store_close(store);
    move(*state, name, new_name);
    assert_finds(*state, true, "its file is still to be moved to its place");
    store = open_home(*state, VL_STORE_READ_ONLY);
    assert_envelope(store, 1, 2000000); /* readable all the same */
    vl_store_close(store);
    write_at(*state, orphan, 0, "half", 4);
    write_at(*state, "letters/new/README", 0, "not ours", 8);
    write_at(*state, "tmp/spool-12-0", 0, "half", 4);
    write_at(*state, "tmp/draft", 0, "not ours", 8);
    assert_finds(*state, true, "a file in tmp/ was never finished");
    store = open_home(*state, 0);
    assert_sound(store);
    assert_envelope(store, 1, 2000000);
    vl_store_close(store);
    assert_true(is_there(*state, name));
    assert_false(is_there(*state, new_name) || is_there(*state, orphan));
    assert_false(is_there(*state, "tmp/spool-12-0"));
    assert_true(is_there(*state, "letters/new/README") && is_there(*state, "tmp/draft"));
}

/* "letters/parts/ID.age". */
static void part_name(const uint8_t id[VL_HASH_LEN], char out[90])
{
    char hex[2 * VL_HASH_LEN + 1];

    for (size_t i = 0; i < VL_HASH_LEN; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", id[i]);
    (void)snprintf(out, 90, "letters/parts/%s.age", hex);
}

static void slices_outlive_whoever_was_killed_over_them(void **state)
{
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(3, 2000000);
    const struct vl_letter_row row = row_of(vl_buf_bytes(&envelope));
    struct vl_tie tie = {.kind = VL_TIE_PARTIAL};
    uint8_t orphan[VL_HASH_LEN], got[100];
    char name[90], orphan_name[90], new_name[90];
    struct vl_why why = {""};
    bool is_new = false;

    hash_of(88, tie.key);
    memcpy(tie.about, row.number, VL_HASH_LEN);
    hash_of(89, orphan);
    part_name(tie.key, name);
    part_name(orphan, orphan_name);
    large_name(row.number, true, new_name);
    assert_false(is_there(*state, "letters/parts"));
    assert_err(vl_store_begin(store, &why), VL_OK, &why);
    assert_err(vl_store_put_part(store, tie.key, 0, vl_buf_bytes(&envelope), &why), VL_OK, &why);
    assert_err(vl_store_put_tie(store, &tie, &why), VL_OK, &why);
    assert_err(vl_store_commit(store, &why), VL_OK, &why);
    vl_store_close(store);
    assert_true(is_there(*state, name));

    /* Put, and not committed: swept. */
    write_at(*state, orphan_name, 0, "half", 4);
    assert_finds(*state, true, "a file in letters/parts/ belongs to no letter");
    store = open_home(*state, 0);
    assert_sound(store);
    assert_false(is_there(*state, orphan_name));
    vl_store_close(store);

    /* Moved for want of second names, and not committed: back it goes. */
    move(*state, name, new_name);
    assert_finds(*state, false, "the file of its slices in letters/parts/ is missing");
    store = open_home(*state, 0);
    assert_true(is_there(*state, name) && !is_there(*state, new_name));
    assert_err(vl_store_part_read(store, tie.key, 1000, (vl_room){got, 100}, &why), VL_OK, &why);
    assert_memory_equal(got, envelope.data + 1000, 100);

    /* Committed, and the name among the parts stayed. */
    assert_err(vl_store_begin(store, &why), VL_OK, &why);
    assert_err(vl_store_put_letter_part(store, &row, tie.key, &is_new, &why), VL_OK, &why);
    assert_err(vl_store_drop_tie(store, VL_TIE_PARTIAL, tie.about, tie.key, &why), VL_OK, &why);
    assert_err(vl_store_commit(store, &why), VL_OK, &why);
    assert_false(is_there(*state, name) || is_there(*state, new_name));
    vl_store_close(store);
    write_at(*state, name, 0, "half", 4);
    store = open_home(*state, 0);
    assert_envelope(store, 3, 2000000);
    assert_sound(store);
    assert_false(is_there(*state, name));
    vl_store_close(store);
}

static void a_killed_move_is_finished(void **state)
{
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    struct vl_letter_row row = put_new(store, 1, 2000000);
    char name[90], new_name[90], a[160], b[160];

    large_name(row.number, false, name);
    large_name(row.number, true, new_name);
    vl_store_close(store);
    path_in(a, *state, name);
    path_in(b, *state, new_name);
    assert_int_equal(link(a, b), 0); /* two names of one file */
    store = open_home(*state, 0);
    assert_envelope(store, 1, 2000000);
    assert_sound(store);
    vl_store_close(store);
    assert_false(is_there(*state, new_name));
    move(*state, name, new_name);
    write_at(*state, name, 0, "something broken in its way", 27);
    store = open_home(*state, 0);
    assert_envelope(store, 1, 2000000);
    assert_sound(store);
    vl_store_close(store);
}

/* --- reading only ----------------------------------------------------------------------------- */

/* Names, sizes and times of everything in a home. */
static void list_of(const char *folder, char out[4096])
{
    char command[300];
    FILE *list;
    size_t len;

    (void)snprintf(command, sizeof command,
                   "cd %s && find . -printf '%%P %%y %%s %%T@ %%C@\\n' | sort", folder);
    list = popen(command, "r");
    assert_non_null(list);
    len = fread(out, 1, 4095, list);
    out[len] = '\0';
    assert_int_equal(pclose(list), 0);
}

static void a_reader_changes_nothing(void **state)
{
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    struct vl_letter_row row = put_new(store, 1, 100);
    char before[4096], during[4096], after[4096];
    struct vl_why why = {""};

    (void)put_new(store, 2, 2000000);
    vl_store_close(store);
    assert_false(is_there(*state, "store.db-wal"));
    list_of(*state, before);
    store = open_home(*state, VL_STORE_READ_ONLY);
    assert_envelope(store, 1, 100);
    assert_envelope(store, 2, 2000000);
    assert_sound(store);
    assert_err(vl_store_begin(store, &why), VL_ERR_REFUSED, &why);
    assert_string_equal(why.text, "this store was opened for reading only");
    assert_err(vl_store_forget(store, row.number, &why), VL_ERR_INTERNAL, &why);
    list_of(*state, during);
    vl_store_close(store);
    list_of(*state, after);
    assert_string_equal(before, during);
    assert_string_equal(before, after);
}

/* A backup on a medium without its folders, under a name that a URI would misread. */
static void a_reader_needs_the_index_only(void **state)
{
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    struct vl_letter_row row = put_new(store, 1, 100), large = put_new(store, 2, 1200000);
    VL_AUTO(vl_letter_row_release) struct vl_letter_row got = VL_LETTER_ROW_INIT;
    struct vl_envelope *envelope = NULL;
    struct vl_why why = {""};
    char path[160], copy[200];

    path_in(path, *state, "100%41? #back up");
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(copy, sizeof copy, "%s/store.db", path);
    assert_err(vl_store_snapshot(store, copy, &why), VL_OK, &why);
    assert_err(vl_store_snapshot(store, copy, &why), VL_ERR_EXISTS, &why);
    assert_string_equal(why.text, "there is such a file already");
    assert_err(vl_store_snapshot(store, "/nowhere/x", &why), VL_ERR_IO, &why);
    vl_store_close(store);
    store = open_home(path, VL_STORE_READ_ONLY);
    assert_err(vl_store_letter(store, row.number, &got, &why), VL_OK, &why);
    assert_err(vl_store_envelope(store, row.number, &envelope, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "segment 000001 is missing");
    assert_err(vl_store_envelope(store, large.number, &envelope, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "its envelope is missing");
    vl_store_close(store);

    /* A home again: what is put comes to rows that are there. */
    store = open_home(path, 0);
    for (size_t i = 1; i < 3; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf bytes = envelope_of(i, i == 1 ? 100 : 1200000);
        bool is_new = true;

        assert_err(vl_store_begin(store, &why), VL_OK, &why);
        assert_err(try_put(store, i == 1 ? &row : &large, vl_buf_bytes(&bytes), &is_new, &why),
                   VL_OK, &why);
        assert_false(is_new);
        assert_err(vl_store_commit(store, &why), VL_OK, &why);
    }
    assert_envelope(store, 1, 100);
    assert_envelope(store, 2, 1200000);
    (void)put_new(store, 3, 50);
    assert_sound(store);
    vl_store_close(store);
    (void)snprintf(copy, sizeof copy, "rm -r '%s'", path);
    assert_int_equal(system(copy), 0);
}

/* A reader of the bare file sees the same for as long as it looks. */
static void a_writer_does_not_move_the_ground_under_a_reader(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf value = envelope_of(5, 65536);
    struct vl_store *reader, *writer = open_home(*state, VL_STORE_CREATE);
    struct vl_why why = {""};
    char before[4096], after[4096], path[160];
    struct stat info, wal;

    (void)put_new(writer, 1, 100);
    vl_store_close(writer);
    reader = open_home(*state, VL_STORE_READ_ONLY);
    writer = open_home(*state, 0);
    path_in(path, *state, "store.db");
    assert_int_equal(stat(path, &info), 0);
    (void)snprintf(before, sizeof before, "%lld %lld", (long long)info.st_mtim.tv_sec,
                   (long long)info.st_mtim.tv_nsec);
    for (int round = 0; round < 2; round++) {
        assert_err(vl_store_begin(writer, &why), VL_OK, &why);
        for (int i = 0; i < 100; i++) {
            char name[16];

            (void)snprintf(name, sizeof name, "%d", i + 100 * round);
            assert_err(vl_store_put_fact(writer, name, vl_buf_bytes(&value), &why), VL_OK, &why);
        }
        assert_err(vl_store_commit(writer, &why), VL_OK, &why);
        assert_int_equal(stat(path, &info), 0);
        (void)snprintf(after, sizeof after, "%lld %lld", (long long)info.st_mtim.tv_sec,
                       (long long)info.st_mtim.tv_nsec);
        assert_string_equal(before, after);
    }
    assert_envelope(reader, 1, 100);
    vl_store_close(writer);
    path_in(path, *state, "store.db-wal");
    assert_int_equal(stat(path, &wal), 0); /* it waits for the next writer */
    assert_sound(reader);
    vl_store_close(reader);
    reader = open_home(*state, VL_STORE_READ_ONLY); /* by way of the journal now */
    value.len = 0;
    assert_err(vl_store_fact(reader, "150", &value, &why), VL_OK, &why);
    assert_int_equal(value.len, 65536);
    assert_sound(reader);
    vl_store_close(reader);
    vl_store_close(open_home(*state, 0));
    assert_false(is_there(*state, "store.db-wal"));

    /* Nobody reads: the journal comes in while the writer works. */
    writer = open_home(*state, 0);
    assert_err(vl_store_begin(writer, &why), VL_OK, &why);
    for (int i = 0; i < 100; i++) {
        char name[16];

        (void)snprintf(name, sizeof name, "%d", i + 200);
        assert_err(vl_store_put_fact(writer, name, vl_buf_bytes(&value), &why), VL_OK, &why);
    }
    assert_err(vl_store_commit(writer, &why), VL_OK, &why);
    path_in(path, *state, "store.db");
    assert_int_equal(stat(path, &wal), 0);
    assert_true(wal.st_size > info.st_size);
    vl_store_close(writer);
}

static void two_writers_are_busy(void **state)
{
    struct vl_store *a = open_home(*state, VL_STORE_CREATE), *b = open_home(*state, 0);
    struct vl_why why = {""};

    assert_err(vl_store_begin(a, &why), VL_OK, &why);
    assert_err(vl_store_begin(b, &why), VL_ERR_BUSY, &why);
    assert_string_equal(why.text, "the index: another valise is writing");
    vl_store_rollback(a);
    /* One after the other is fine, though nobody should. */
    for (uint64_t i = 0; i < 3; i++) {
        (void)put_new(a, 10 + i, 100);
        (void)put_new(b, 20 + i, 100);
    }
    assert_sound(a);
    vl_store_close(a);
    assert_sound(b);
    vl_store_close(b);
}

/* --- damage ----------------------------------------------------------------------------------- */

static void damage_is_found(void **state)
{
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    struct vl_letter_row large;
    struct findings findings = {0, 0, ""};
    char name[90], text[200];
    struct vl_why why = {""};

    (void)put_new(store, 1, 500);
    (void)put_new(store, 2, 500);
    large = put_new(store, 3, 1500000);
    large_name(large.number, false, name);
    vl_store_close(store);

    write_at(*state, "segments/000001.segment", 603, "X", 1);
    assert_finds(*state, false, "its envelope is not what it was: another number");
    store = open_home(*state, VL_STORE_READ_ONLY);
    assert_err(vl_store_look(store, false, count_finding, &findings, &why), VL_OK, &why);
    assert_int_equal(findings.harmful, 0); /* nobody asked for hashes */
    vl_store_close(store);
    write_at(*state, "segments/000001.segment", 503, "X", 1);
    assert_finds(*state, false, "its envelope is not what it was: another number");
    store = open_home(*state, VL_STORE_READ_ONLY);
    findings = (struct findings){0, 0, ""};
    assert_err(vl_store_look(store, false, count_finding, &findings, &why), VL_OK, &why);
    assert_int_equal(findings.harmful, 1);
    assert_string_equal(findings.words, "segment 000001 has something else at its place");
    vl_store_close(store);
    cut(*state, "segments/000001.segment", 800);
    assert_finds(*state, false, "segment 000001 ends in the middle of a letter");
    cut(*state, "segments/000001.segment", 400);
    store = open_home(*state, VL_STORE_READ_ONLY);
    assert_int_equal(look_at(store).harmful, 4); /* two letters, by two looks each */
    vl_store_close(store);
    remove_file(*state, "segments/000001.segment");
    assert_finds(*state, false, "segment 000001 is missing");
    sql(*state, "DELETE FROM letter WHERE size = 500");

    write_at(*state, name, 5, "X", 1);
    assert_finds(*state, false, "its envelope is not what it was: another number");
    cut(*state, name, 1499999);
    assert_finds(*state, false, "its envelope has 1499999 bytes and should have 1500000");
    remove_file(*state, name);
    assert_finds(*state, false, "its envelope is missing");
    sql(*state, "DELETE FROM letter");
    write_at(*state, name, 0, "X", 1);
    assert_finds(*state, true, "a file in letters/ belongs to no letter");
    remove_file(*state, name);

    sql(*state, "INSERT INTO waybill VALUES (x'', zeroblob(32), x'01', x'')");
    assert_finds(*state, false, "a waybill in the index belongs to no letter");
    sql(*state, "DELETE FROM waybill; INSERT INTO about VALUES (zeroblob(32), 1, zeroblob(32))");
    assert_finds(*state, false, "the index knows an object only by what it is about");
    sql(*state,
        "DELETE FROM about;"
        "INSERT INTO letter VALUES (1, 1, zeroblob(32), 9, NULL, NULL, 1, 1, 1, NULL, 0, x'',"
        " NULL, NULL, NULL, NULL, NULL, 0, 0, zeroblob(32), 1, 0, 0, NULL)");
    assert_finds(*state, false, "a letter in the index has lost its waybill");
    (void)snprintf(text, sizeof text, "DELETE FROM letter");
    sql(*state, text);
    store = open_home(*state, 0);
    assert_sound(store);
    vl_store_close(store);
}

/* Rows that our own writer would never make are told, not believed. */
static void a_damaged_row_is_refused(void **state)
{
    static const char *const changes[] = {
        "UPDATE letter SET size = -1",
        "UPDATE letter SET mode = 256",
        "UPDATE letter SET mode = -1",
        "UPDATE letter SET roles = 300",
        "UPDATE letter SET roles = -1",
        "UPDATE letter SET verdict = 300",
        "UPDATE letter SET verdict = -1",
        "UPDATE letter SET segment = 0",
        "UPDATE letter SET segment = 5000000000",
        "UPDATE letter SET place = 0",
        "UPDATE letter SET place = -5",
        "UPDATE letter SET place = 1073741825",
        "UPDATE letter SET place = 1073741824",
        "UPDATE letter SET sender = x'01'",
        "UPDATE letter SET addressees = x'01'",
        "UPDATE letter SET addressees = zeroblob(32 * 65)",
        "UPDATE letter SET core = zeroblob(33)",
        "UPDATE letter SET letter_id = zeroblob(32)",
        "UPDATE letter SET sealed = zeroblob(31)",
    };
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    VL_AUTO(vl_letter_row_release) struct vl_letter_row got = VL_LETTER_ROW_INIT;
    struct vl_letter_row row = put_new(store, 1, 500);
    struct vl_why why = {""};

    vl_store_close(store);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        sql(*state, "CREATE TABLE saved AS SELECT * FROM letter");
        sql(*state, changes[i]);
        store = open_home(*state, VL_STORE_READ_ONLY);
        if (vl_store_letter(store, row.number, &got, &why) != VL_ERR_FORMAT)
            fail_msg("taken: %s", changes[i]);
        assert_string_equal(why.text, "the index is damaged: a letter's row");
        vl_store_close(store);
        sql(*state, "DELETE FROM letter; INSERT INTO letter SELECT * FROM saved; DROP TABLE saved");
    }
    sql(*state, "INSERT INTO object VALUES (1, zeroblob(32), 'card', x'01', x'')");
    sql(*state, "INSERT INTO office VALUES (zeroblob(32), 'a', 0, 0, x'01', 0, 0, 0, 0, x'')");
    store = open_home(*state, VL_STORE_READ_ONLY);
    {
        VL_AUTO(vl_office_row_release) struct vl_office_row office = VL_OFFICE_ROW_INIT;
        VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(100);
        static const uint8_t zeroes[VL_HASH_LEN];

        assert_err(vl_store_object(store, zeroes, &bytes, &why), VL_ERR_FORMAT, &why);
        assert_string_equal(why.text, "the index is damaged: an object's row");
        assert_err(vl_store_office(store, zeroes, &office, &why), VL_ERR_FORMAT, &why);
        assert_string_equal(why.text, "the index is damaged: an office's row");
    }
    vl_store_close(store);
    sql(*state, "UPDATE segment SET used = -1");
    store = open_home(*state, 0);
    assert_err(vl_store_begin(store, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "the index is damaged: the end of the segments");
    sql(*state, "UPDATE segment SET used = 10, number = 4294967295");
    assert_err(vl_store_begin(store, &why), VL_ERR_FORMAT, &why);
    vl_store_close(store);
}

static void a_damaged_index_is_told(void **state)
{
    struct vl_store *store = open_home(*state, VL_STORE_CREATE);
    uint8_t rubbish[4096];
    struct findings findings;
    struct vl_why why = {""};
    struct stat info;
    char path[160];

    for (uint64_t i = 0; i < 200; i++)
        (void)put_new(store, i, 10);
    vl_store_close(store);
    memset(rubbish, 0xa5, sizeof rubbish);
    path_in(path, *state, "store.db");
    assert_int_equal(stat(path, &info), 0);
    write_at(*state, "store.db", info.st_size - 4096, rubbish, sizeof rubbish);
    store = open_home(*state, VL_STORE_READ_ONLY);
    findings = (struct findings){0, 0, ""};
    if (vl_store_look(store, true, count_finding, &findings, &why) == VL_OK)
        assert_true(findings.harmful > 0);
    else
        assert_non_null(strstr(why.text, "the index is damaged"));
    vl_store_close(store);
}

/* Gone or cut short; or of the length that it should have, with another byte. */
static void what_was_lost_comes_back_with_the_same_letter(bool rots, const char *folder)
{
    struct vl_store *store = open_home(folder, VL_STORE_CREATE);
    static const size_t lens[2] = {500, 1500000};
    struct vl_letter_row rows[2] = {put_new(store, 1, 500), put_new(store, 2, 1500000)};
    char name[90];
    struct vl_why why = {""};
    bool holds = true;

    large_name(rows[1].number, false, name);
    vl_store_close(store);
    if (rots) {
        write_at(folder, "segments/000001.segment", 100, "X", 1);
        write_at(folder, name, 700000, "X", 1);
    } else {
        remove_file(folder, "segments/000001.segment");
        cut(folder, name, 1000);
    }
    store = open_home(folder, 0);
    for (size_t i = 0; i < 2; i++)
        assert_true(vl_store_envelope_holds(store, rows[i].number, &holds, &why) != VL_OK ||
                    !holds);
    assert_err(vl_store_begin(store, &why), VL_OK, &why);
    for (size_t i = 0; i < 2; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(1 + i, lens[i]);
        bool is_new = true;

        assert_err(try_put(store, &rows[i], vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
        assert_false(is_new);
    }
    assert_err(vl_store_commit(store, &why), VL_OK, &why);
    assert_envelope(store, 1, 500);
    assert_envelope(store, 2, 1500000);
    assert_sound(store);
    for (size_t i = 0; i < 2; i++) {
        assert_err(vl_store_envelope_holds(store, rows[i].number, &holds, &why), VL_OK, &why);
        assert_true(holds);
    }
    assert_int_equal(is_there(folder, "segments/000002.segment"), !rots);
    vl_store_close(store);
}

static void what_is_gone_comes_back_with_the_same_letter(void **state)
{
    what_was_lost_comes_back_with_the_same_letter(false, *state);
}

static void what_rotted_comes_back_with_the_same_letter(void **state)
{
    what_was_lost_comes_back_with_the_same_letter(true, *state);
}

/* A killed process: what it committed is there, what it did not is not. */
static void a_killed_writer_leaves_what_it_committed(void **state)
{
    for (int round = 0; round < 40; round++) {
        struct vl_store *store;
        uint64_t committed = 0, sizes[2] = {300, 1100000};
        int pipe_fds[2], status;
        struct vl_why why = {""};
        struct vl_store_size size;
        pid_t child;

        assert_int_equal(pipe(pipe_fds), 0);
        remove_folder(*state);
        assert_int_equal(mkdir(*state, 0700), 0);
        make_home(*state);
        child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            store = open_home(*state, 0);
            for (uint64_t i = 0;; i++) {
                (void)put_new(store, i, sizes[i % 4 == 3]);
                if (write(pipe_fds[1], &i, sizeof i) != sizeof i)
                    _exit(1);
            }
        }
        (void)close(pipe_fds[1]);
        (void)usleep((useconds_t)(2000 + 700 * round));
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        for (uint64_t i; read(pipe_fds[0], &i, sizeof i) == sizeof i;)
            committed = i + 1;
        (void)close(pipe_fds[0]);
        store = open_home(*state, 0);
        for (uint64_t i = 0; i < committed; i++)
            assert_envelope(store, i, sizes[i % 4 == 3]);
        assert_err(vl_store_size(store, &size, &why), VL_OK, &why);
        assert_true(size.letters == committed || size.letters == committed + 1);
        assert_int_equal(look_at(store).harmful, 0);
        (void)put_new(store, 5000, 100);
        (void)put_new(store, 5003, 2000000);
        assert_sound(store);
        vl_store_close(store);
    }
}

/* --- memory that runs out --------------------------------------------------------------------- */

static enum vl_err open_and_copy(void *self, struct vl_why *why)
{
    struct vl_store *store = NULL;
    char path[160];
    enum vl_err err = vl_store_home_open(self, 0, &store, why);

    path_in(path, self, "copy.db");
    (void)unlink(path);
    if (!err)
        err = vl_store_snapshot(store, path, why);
    vl_store_close(store);
    return err;
}

static enum vl_err create(void *self, struct vl_why *why)
{
    enum vl_err err = try_open(self, VL_STORE_CREATE, why);

    /* Half of it was made: somebody comes and finishes. */
    return err;
}

static void every_allocation_fails_once(void **state)
{
    struct vl_letter_row row;
    char name[90], new_name[90];
    struct vl_store *store;

    assert_true(each_allocation_fails(create, *state) > 3);
    store = open_home(*state, 0);
    row = put_new(store, 1, 2000000);
    vl_store_close(store);
    large_name(row.number, false, name);
    large_name(row.number, true, new_name);
    move(*state, name, new_name);
    assert_true(each_allocation_fails(open_and_copy, *state) > 5);
    store = open_home(*state, 0);
    assert_sound(store);
    assert_envelope(store, 1, 2000000);
    vl_store_close(store);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_home_is_made_once),
        TEST(nobody_else_may_read_it),
        TEST(a_half_made_home_is_made_whole),
        TEST(an_index_of_a_newer_valise_is_refused),
        TEST(a_database_of_something_else_is_refused),
        TEST(an_older_index_is_brought_forward_step_by_step),
        TEST(an_index_without_hand_overs_learns_of_them),
        TEST(leaves_of_acts_over_many_letters_are_put_into_pieces),
        TEST(letters_of_an_older_index_are_put_in_the_order_in_which_they_came),
        TEST(an_older_index_is_not_changed_by_a_reader),
        TEST(a_segment_is_a_cbor_sequence_of_envelopes),
        TEST(a_large_envelope_is_a_file_of_its_own),
        TEST(a_full_segment_is_followed_by_the_next),
        TEST(what_is_dead_behind_the_end_is_cut_off),
        TEST(a_forgotten_envelope_is_overwritten_or_taken_away),
        TEST(what_was_to_be_overwritten_is_so_at_the_next_opening),
        TEST(large_envelopes_that_were_not_settled),
        TEST(slices_outlive_whoever_was_killed_over_them),
        TEST(a_killed_move_is_finished),
        TEST(a_reader_changes_nothing),
        TEST(a_reader_needs_the_index_only),
        TEST(a_writer_does_not_move_the_ground_under_a_reader),
        TEST(two_writers_are_busy),
        TEST(damage_is_found),
        TEST(a_damaged_row_is_refused),
        TEST(a_damaged_index_is_told),
        TEST(what_is_gone_comes_back_with_the_same_letter),
        TEST(what_rotted_comes_back_with_the_same_letter),
        TEST(a_killed_writer_leaves_what_it_committed),
        TEST(every_allocation_fails_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
