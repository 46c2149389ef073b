/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "store/sqlite.h"
#include "sys/folder.h"

/* "valr": what file(1) and we know it by. */
#define APPLICATION_ID_TEXT "1986096242"
#define VERSION             1
#define WAITING_PAGES       4000
#define HELD_ROWS           1024

struct vl_log_index {
    struct vl_sql *sql;
    bool read_only;
    bool is_begun; /* a writer's: it has a transaction open, and no question takes a lock */
    unsigned held; /* rows in it */
};

/* clang-format off */
static const char SCHEMA[] =
    "PRAGMA journal_mode = WAL;"
    "BEGIN;"
    "PRAGMA application_id = " APPLICATION_ID_TEXT ";"
    "CREATE TABLE entry ("
    "  at INTEGER PRIMARY KEY,"
    "  id BLOB NOT NULL CHECK (length(id) = 32),"
    "  kind TEXT NOT NULL,"
    "  office BLOB,"
    "  iat INTEGER,"
    "  sub TEXT NOT NULL,"
    "  about BLOB"
    ") STRICT;"
    "CREATE UNIQUE INDEX entry_id ON entry (id);"
    "CREATE INDEX entry_office ON entry (office, at);"
    "CREATE INDEX entry_about ON entry (about, at) WHERE about IS NOT NULL;"
    "CREATE INDEX entry_kind ON entry (kind, at);"
    "CREATE INDEX entry_card ON entry (office, at) WHERE kind IN ('card', 'revocation');"
    "CREATE TABLE record (id BLOB NOT NULL) STRICT;"
    "PRAGMA user_version = 1;";
/* clang-format on */

/* Is it the index of this record, as this program writes it? */
static enum vl_err check_own(struct vl_sql *sql, const uint8_t record[VL_HASH_LEN],
                             struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    bool has_row = false;
    int64_t version;
    enum vl_err err = vl_sql_ask(sql, "PRAGMA user_version", &version, why);

    if (!err && version != VERSION)
        err = vl_fail(why, VL_ERR_FORMAT, "the index is none of this version");
    if (!err)
        err = vl_sql_start(sql, "SELECT id FROM record", &run, why);
    if (!err)
        err = vl_sql_step(&run, &has_row, why);
    if (!err && !(has_row && vl_bytes_eq(vl_sql_bytes(&run, 0), vl_bytes_of(record, VL_HASH_LEN))))
        err = vl_fail(why, VL_ERR_FORMAT, "the index is that of another record");
    return err;
}

static enum vl_err put_record(struct vl_sql *sql, const uint8_t record[VL_HASH_LEN],
                              struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    enum vl_err err = vl_sql_start(sql, "INSERT INTO record (id) VALUES (?1)", &run, why);

    if (err)
        return err;
    vl_sql_put_bytes(&run, 1, vl_bytes_of(record, VL_HASH_LEN));
    return vl_sql_finish(&run, why);
}

static void remove_old(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[4200];

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        (void)snprintf(name, sizeof name, "%s%s", path, ends[i]);
        (void)unlink(name);
    }
}

static enum vl_err make(const char *path, const uint8_t record[VL_HASH_LEN], struct vl_sql **out,
                        struct vl_why *why)
{
    struct vl_sql *sql = NULL;
    enum vl_err err;
    int fd;

    remove_old(path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return vl_fail(why, errno == ENOSPC || errno == EDQUOT ? VL_ERR_NO_SPACE : VL_ERR_IO,
                       "making the index: %s", strerror(errno));
    (void)close(fd);
    err = vl_sql_open(path, 0, &sql, why);
    if (!err)
        err = vl_sql_do(sql, SCHEMA, why);
    if (!err)
        err = put_record(sql, record, why);
    if (!err)
        err = vl_sql_do(sql, "COMMIT", why);
    if (err)
        vl_sql_close(sql, false);
    else
        *out = sql;
    return err;
}

static enum vl_err open_index(const char *path, bool read_only, const uint8_t record[VL_HASH_LEN],
                              struct vl_sql **out, struct vl_why *why)
{
    struct vl_sql *sql = NULL;
    struct stat info;
    enum vl_err err;

    if (lstat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return read_only ? vl_fail(why, VL_ERR_NOT_FOUND, "there is no index")
                         : make(path, record, out, why);
    err = vl_sql_open(path, read_only ? VL_SQL_READ_ONLY : 0, &sql, why);
    if (!err)
        err = check_own(sql, record, why);
    if (!err) {
        *out = sql;
        return VL_OK;
    }
    vl_sql_close(sql, false);
    /* What does not say what it should is as good as none. */
    return !read_only && (err == VL_ERR_FORMAT || err == VL_ERR_INTERNAL)
               ? make(path, record, out, why)
               : err;
}

enum vl_err vl_log_index_open(const char *path, bool read_only, const uint8_t record[VL_HASH_LEN],
                              struct vl_log_index **out, struct vl_why *why)
{
    struct vl_log_index *index = vl_new(sizeof *index);
    char *name = vl_path_join(path, "index.db");
    enum vl_err err;

    if (!index || !name) {
        vl_free(index);
        vl_free(name);
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the index");
    }
    err = open_index(name, read_only, record, &index->sql, why);
    vl_free(name);
    index->read_only = read_only;
    /* What is lost of it with the power is made again from the entries. */
    if (!err && !read_only)
        err = vl_sql_do(index->sql, "PRAGMA synchronous = NORMAL", why);
    if (!err && !read_only)
        err = vl_log_index_begin(index, why);
    if (err) {
        vl_log_index_close(index);
        return err;
    }
    *out = index;
    return VL_OK;
}

void vl_log_index_close(struct vl_log_index *index)
{
    if (!index)
        return;
    if (index->is_begun && vl_sql_do(index->sql, "COMMIT", NULL))
        vl_sql_rollback(index->sql);
    vl_sql_close(index->sql, !index->read_only);
    vl_free(index);
}

enum vl_err vl_log_index_size(struct vl_log_index *index, uint64_t *size, struct vl_why *why)
{
    int64_t last = 0;
    enum vl_err err =
        vl_sql_ask(index->sql, "SELECT coalesce(max(at) + 1, 0) FROM entry", &last, why);

    *size = last > 0 ? (uint64_t)last : 0;
    return err;
}

enum vl_err vl_log_index_clear(struct vl_log_index *index, struct vl_why *why)
{
    return vl_sql_do(index->sql, "DELETE FROM entry", why);
}

enum vl_err vl_log_index_begin(struct vl_log_index *index, struct vl_why *why)
{
    enum vl_err err = index->is_begun ? VL_OK : vl_sql_do(index->sql, "BEGIN IMMEDIATE", why);

    index->is_begun = !err;
    return err;
}

enum vl_err vl_log_index_commit(struct vl_log_index *index, struct vl_why *why)
{
    enum vl_err err = vl_sql_do(index->sql, "COMMIT", why);

    if (err)
        return err;
    index->is_begun = false;
    index->held = 0;
    if (vl_sql_waiting_pages(index->sql) > WAITING_PAGES)
        vl_sql_checkpoint(index->sql);
    /* The rows are there, whatever becomes of this: the next one to add tries again. */
    if (vl_log_index_begin(index, NULL))
        index->is_begun = false;
    return VL_OK;
}

enum vl_err vl_log_index_hold(struct vl_log_index *index, struct vl_why *why)
{
    return index->held < HELD_ROWS ? VL_OK : vl_log_index_commit(index, why);
}

void vl_log_index_rollback(struct vl_log_index *index)
{
    vl_sql_rollback(index->sql);
    index->is_begun = false;
    index->held = 0;
}

static char *text_of(vl_bytes bytes)
{
    char *text = vl_new(bytes.len + 1);

    if (text && bytes.len)
        memcpy(text, bytes.ptr, bytes.len);
    return text;
}

enum vl_err vl_log_index_add(struct vl_log_index *index, const struct vl_log_dir_row *row,
                             struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    uint8_t about[VL_HASH_LEN];
    char *sub = text_of(row->sub);
    enum vl_err err = sub ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the index");

    if (!err)
        err = vl_sql_start(index->sql,
                           "INSERT INTO entry (at, id, kind, office, iat, sub, about)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                           &run, why);
    if (!err) {
        vl_sql_put_int(&run, 1, (int64_t)row->index);
        vl_sql_put_bytes(&run, 2, VL_ARRAY(row->id));
        vl_sql_put_text(&run, 3, vl_kind_word(row->kind));
        if (row->has_office)
            vl_sql_put_bytes(&run, 4, VL_ARRAY(row->office.at));
        if (row->has_iat)
            vl_sql_put_int(&run, 5, row->iat_s);
        vl_sql_put_text(&run, 6, sub);
        if (vl_log_row_about(row, about))
            vl_sql_put_bytes(&run, 7, VL_ARRAY(about));
        err = vl_sql_finish(&run, why);
        index->held++;
    }
    vl_free(sub);
    return err;
}

enum vl_err vl_log_index_find(struct vl_log_index *index, const uint8_t id[VL_HASH_LEN],
                              uint64_t *at, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    bool has_row = false;
    enum vl_err err = vl_sql_start(index->sql, "SELECT at FROM entry WHERE id = ?1", &run, why);

    if (err)
        return err;
    vl_sql_put_bytes(&run, 1, vl_bytes_of(id, VL_HASH_LEN));
    err = vl_sql_step(&run, &has_row, why);
    if (!err && !has_row)
        err = vl_fail(why, VL_ERR_NOT_FOUND, "it is not in the record");
    if (!err)
        *at = (uint64_t)vl_sql_int(&run, 0);
    return err;
}

static enum vl_kind kind_of(const char *word)
{
    for (int kind = VL_KIND_NONE + 1; kind < VL_KIND_COUNT; kind++)
        if (strcmp(word, vl_kind_word((enum vl_kind)kind)) == 0)
            return (enum vl_kind)kind;
    return VL_KIND_NONE;
}

static void read_row(const struct vl_sql_run *run, struct vl_log_dir_row *row)
{
    const vl_bytes id = vl_sql_bytes(run, 1), office = vl_sql_bytes(run, 3);

    *row = (struct vl_log_dir_row){.index = (uint64_t)vl_sql_int(run, 0)};
    if (id.len == sizeof row->id)
        memcpy(row->id, id.ptr, sizeof row->id);
    row->kind = kind_of(vl_sql_text(run, 2));
    row->has_office = office.len == sizeof row->office.at;
    if (row->has_office)
        memcpy(row->office.at, office.ptr, sizeof row->office.at);
    row->has_iat = !vl_sql_is_null(run, 4);
    row->iat_s = row->has_iat ? vl_sql_int(run, 4) : 0;
    row->sub = vl_bytes_str(vl_sql_text(run, 5));
}

/* clang-format off */
#define COLUMNS "SELECT at, id, kind, office, iat, sub FROM entry WHERE at BETWEEN ?1 AND ?2"
#define CARDS " AND office = ?3 AND kind IN ('card', 'revocation') ORDER BY at"
/* Whoever enters something is asked for the cards first: they are few among all that it said. */
static const char *const QUERIES[5][2] = {
    {COLUMNS " ORDER BY at", COLUMNS " ORDER BY at DESC"},
    {COLUMNS " AND about = ?3 ORDER BY at", COLUMNS " AND about = ?3 ORDER BY at DESC"},
    {COLUMNS " AND office = ?3 ORDER BY at", COLUMNS " AND office = ?3 ORDER BY at DESC"},
    {COLUMNS " AND kind = ?3 ORDER BY at", COLUMNS " AND kind = ?3 ORDER BY at DESC"},
    {COLUMNS CARDS, COLUMNS CARDS " DESC"},
};

/* Which of them narrows most. */
static int query_of(const struct vl_log_dir_filter *filter)
{
    const bool cards = filter->kind == VL_KIND_CARD || filter->kind == VL_KIND_REVOCATION;

    if (filter->has_office && cards)
        return 4;
    return filter->has_letter ? 1 : filter->has_office ? 2 : filter->kind ? 3 : 0;
}
/* clang-format on */

enum vl_err vl_log_index_list(struct vl_log_index *index, const struct vl_log_dir_filter *filter,
                              uint64_t size,
                              enum vl_err (*visit)(void *self, const struct vl_log_dir_row *row,
                                                   struct vl_why *why),
                              void *self, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    const int by = query_of(filter);
    uint64_t first = filter->newest_first ? 0 : filter->from, end = size, count = 0;
    bool has_row = true;
    enum vl_err err;

    if (filter->newest_first && filter->from > 0 && filter->from < size)
        end = filter->from + 1;
    if (end == 0)
        return VL_OK;
    err = vl_sql_start(index->sql, QUERIES[by][filter->newest_first], &run, why);
    if (err)
        return err;
    vl_sql_put_int(&run, 1, (int64_t)first);
    vl_sql_put_int(&run, 2, (int64_t)(end - 1));
    if (by == 1)
        vl_sql_put_bytes(&run, 3, VL_ARRAY(filter->letter));
    else if (by == 2 || by == 4)
        vl_sql_put_bytes(&run, 3, VL_ARRAY(filter->office.at));
    else if (by == 3)
        vl_sql_put_text(&run, 3, vl_kind_word(filter->kind));
    while (!err && (filter->limit == 0 || count < filter->limit)) {
        struct vl_log_dir_row row;

        err = vl_sql_step(&run, &has_row, why);
        if (err || !has_row)
            break;
        read_row(&run, &row);
        if (vl_log_row_fits(&row, filter)) {
            count++;
            err = visit(self, &row, why);
        }
    }
    return err;
}

void vl_log_row_of(const struct vl_entry *entry, uint64_t index, struct vl_log_dir_row *row)
{
    const struct vl_claims *claims = &entry->sign1.claims;

    *row = (struct vl_log_dir_row){.index = index, .kind = entry->kind};
    memcpy(row->id, entry->id, sizeof row->id);
    row->has_office = vl_office_id_of_eid(claims->iss, &row->office) == VL_OK;
    row->has_iat = claims->has_iat;
    row->iat_s = claims->has_iat ? claims->iat_s : 0;
    row->sub = claims->sub;
}

static bool nibble(uint8_t symbol, uint8_t *value)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = symbol ? strchr(digits, symbol) : NULL;

    *value = at ? (uint8_t)(at - digits) : 0;
    return at != NULL;
}

bool vl_log_row_about(const struct vl_log_dir_row *row, uint8_t about[VL_HASH_LEN])
{
    const size_t len = 2 * (size_t)VL_HASH_LEN;
    vl_bytes hex = vl_bytes_after(row->sub, row->sub.len > len ? row->sub.len - len : 0);

    if (row->sub.len <= len || !vl_bytes_starts(row->sub, VL_LITERAL("valise:")) ||
        hex.ptr[-1] != ':')
        return false;
    for (size_t i = 0; i < VL_HASH_LEN; i++) {
        uint8_t high, low;

        if (!nibble(hex.ptr[2 * i], &high) || !nibble(hex.ptr[2 * i + 1], &low))
            return false;
        about[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

bool vl_log_row_fits(const struct vl_log_dir_row *row, const struct vl_log_dir_filter *filter)
{
    uint8_t about[VL_HASH_LEN];

    if (filter->has_office && !(row->has_office && vl_office_id_eq(&row->office, &filter->office)))
        return false;
    if (filter->kind && row->kind != filter->kind)
        return false;
    if (filter->has_letter &&
        !(vl_log_row_about(row, about) && memcmp(about, filter->letter, sizeof about) == 0))
        return false;
    if (filter->has_since && !(row->has_iat && row->iat_s >= filter->since_s))
        return false;
    return !filter->has_until || (row->has_iat && row->iat_s <= filter->until_s);
}
