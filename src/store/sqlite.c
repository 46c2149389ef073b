/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite.h"

#include <errno.h>
#include <string.h>

#include <sqlite3.h>

#include "base/alloc.h"

#define BUSY_MS  2000
#define MAX_KEPT 48

struct kept {
    const char *text;
    sqlite3_stmt *statement;
    bool busy;
};

struct vl_sql {
    sqlite3 *db;
    unsigned waiting_pages;
    size_t kept_count;
    struct kept kept[MAX_KEPT];
};

/* clang-format off */
static const char SETTINGS[] =
    "PRAGMA synchronous = FULL;"
    "PRAGMA secure_delete = ON;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA wal_autocheckpoint = 0;";
/* Whoever reads walks through most pages once, and new memory for each would cost more than it
 * saves; whoever writes comes back to them. */
static const char READER[] = "PRAGMA cache_size = -2048";
static const char WRITER[] = "PRAGMA cache_size = -16384";
/* clang-format on */

static bool is_full(int number)
{
    return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

static enum vl_err why_sqlite(struct vl_why *why, sqlite3 *db, int code)
{
    const char *words = sqlite3_errstr(code);
    int number = db ? sqlite3_system_errno(db) : 0;

    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return vl_fail(why, VL_ERR_BUSY, "the index: another valise is writing");
    case SQLITE_FULL:
        return vl_fail(why, VL_ERR_NO_SPACE, "the index: no space left on the device");
    case SQLITE_NOMEM:
        return vl_fail(why, VL_ERR_NO_MEMORY, "the index: no memory");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return vl_fail(why, VL_ERR_FORMAT, "the index is damaged: %s", words);
    case SQLITE_TOOBIG:
        return vl_fail(why, VL_ERR_LIMIT, "the index: %s", words);
    case SQLITE_CONSTRAINT:
        return vl_fail(why, VL_ERR_EXISTS, "the index: there is one already");
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
        if (is_full(number))
            return vl_fail(why, VL_ERR_NO_SPACE, "the index: %s", strerror(number));
        return vl_fail(why, VL_ERR_IO, "the index: %s%s%s", words, number ? ": " : "",
                       number ? strerror(number) : "");
    default:
        return vl_fail(why, VL_ERR_INTERNAL, "the index: %s",
                       db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
    }
}

static int count_pages(void *self, sqlite3 *db, const char *name, int pages)
{
    ((struct vl_sql *)self)->waiting_pages = (unsigned)pages;
    return SQLITE_OK;
}

/* "file:PATH?immutable=1" with whatever a URI could misread as %XX. */
static enum vl_err write_uri(const char *path, struct vl_buf *uri)
{
    static const char plain[] =
        "/-_.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    static const char digits[] = "0123456789abcdef";
    enum vl_err err = vl_buf_put(uri, VL_LITERAL("file:"));

    for (; !err && *path; path++) {
        unsigned char byte = (unsigned char)*path;

        if (strchr(plain, byte)) {
            err = vl_buf_put_byte(uri, byte);
        } else {
            const char code[3] = {'%', digits[byte >> 4], digits[byte & 15]};

            err = vl_buf_put(uri, vl_bytes_of(code, sizeof code));
        }
    }
    if (!err)
        err = vl_buf_put(uri, VL_LITERAL("?immutable=1"));
    return err ? err : vl_buf_put_byte(uri, '\0');
}

static enum vl_err set_up(struct vl_sql *sql, bool read_only, struct vl_why *why)
{
    enum vl_err err = VL_OK;
    int code = sqlite3_extended_result_codes(sql->db, 1);

    if (!code)
        code = sqlite3_busy_timeout(sql->db, BUSY_MS);
    if (!code)
        code = sqlite3_db_config(sql->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (!code)
        code = sqlite3_db_config(sql->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (code)
        return why_sqlite(why, sql->db, code);
    err = vl_sql_do(sql, SETTINGS, why);
    if (!err)
        err = vl_sql_do(sql, read_only ? READER : WRITER, why);
    /* Behind the setting of wal_autocheckpoint, which takes any hook away. */
    (void)sqlite3_wal_hook(sql->db, count_pages, sql);
    return err;
}

enum vl_err vl_sql_open(const char *path, unsigned flags, struct vl_sql **out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf uri = VL_BUF_INIT((size_t)64 << 10);
    bool still = flags & VL_SQL_STILL;
    int how = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | (still ? SQLITE_OPEN_URI : 0) |
              (flags & VL_SQL_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    struct vl_sql *sql = vl_new(sizeof *sql);
    enum vl_err err = VL_OK;
    int code;

    if (!sql || (still && write_uri(path, &uri) != VL_OK)) {
        vl_free(sql);
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the index");
    }
    code = sqlite3_open_v2(still ? (const char *)uri.data : path, &sql->db, how, NULL);
    if (code)
        err = why_sqlite(why, sql->db, code);
    /* SQLite opens for reading what it may not write. */
    else if (!(flags & VL_SQL_READ_ONLY) && sqlite3_db_readonly(sql->db, "main") == 1)
        err = vl_fail(why, VL_ERR_IO, "the index: it may not be written");
    if (!err)
        err = set_up(sql, flags & VL_SQL_READ_ONLY, why);
    if (err) {
        vl_sql_close(sql, false);
        return err;
    }
    *out = sql;
    return VL_OK;
}

void vl_sql_close(struct vl_sql *sql, bool tidy)
{
    if (!sql)
        return;
    for (size_t i = 0; i < sql->kept_count; i++)
        (void)sqlite3_finalize(sql->kept[i].statement);
    if (tidy)
        (void)sqlite3_db_config(sql->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    (void)sqlite3_close_v2(sql->db);
    vl_free(sql);
}

enum vl_err vl_sql_do(struct vl_sql *sql, const char *text, struct vl_why *why)
{
    int code = sqlite3_exec(sql->db, text, NULL, NULL, NULL);

    return code ? why_sqlite(why, sql->db, code) : VL_OK;
}

void vl_sql_rollback(struct vl_sql *sql)
{
    if (!sqlite3_get_autocommit(sql->db))
        (void)sqlite3_exec(sql->db, "ROLLBACK", NULL, NULL, NULL);
}

unsigned vl_sql_waiting_pages(const struct vl_sql *sql)
{
    return sql->waiting_pages;
}

void vl_sql_checkpoint(struct vl_sql *sql)
{
    (void)sqlite3_wal_checkpoint_v2(sql->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    sql->waiting_pages = 0;
}

enum vl_err vl_sql_copy(struct vl_sql *sql, const char *path, struct vl_why *why)
{
    const int how = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_READWRITE;
    sqlite3 *to = NULL;
    sqlite3_backup *backup = NULL;
    int code = sqlite3_open_v2(path, &to, how, NULL);
    enum vl_err err = VL_OK;

    if (!code && !(backup = sqlite3_backup_init(to, "main", sql->db, "main")))
        code = sqlite3_extended_errcode(to);
    if (backup) {
        code = sqlite3_backup_step(backup, -1);
        (void)sqlite3_backup_finish(backup);
    }
    if (code && code != SQLITE_DONE)
        err = why_sqlite(why, to, code);
    (void)sqlite3_close_v2(to);
    return err;
}

static enum vl_err compile(struct vl_sql *sql, const char *text, bool keep, sqlite3_stmt **out,
                           struct vl_why *why)
{
    unsigned flags = keep ? SQLITE_PREPARE_PERSISTENT : 0;
    int code = sqlite3_prepare_v3(sql->db, text, -1, flags, out, NULL);

    return code ? why_sqlite(why, sql->db, code) : VL_OK;
}

enum vl_err vl_sql_start(struct vl_sql *sql, const char *text, struct vl_sql_run *run,
                         struct vl_why *why)
{
    sqlite3_stmt *statement = NULL;
    enum vl_err err;
    size_t i = 0;

    *run = (struct vl_sql_run)VL_SQL_RUN_INIT;
    while (i < sql->kept_count && sql->kept[i].text != text)
        i++;
    if (i == MAX_KEPT || (i < sql->kept_count && sql->kept[i].busy)) {
        err = compile(sql, text, false, &statement, why);
        *run = (struct vl_sql_run){sql, statement, -1, 0};
        return err;
    }
    if (i == sql->kept_count) {
        err = compile(sql, text, true, &statement, why);
        if (err)
            return err;
        sql->kept[sql->kept_count++] = (struct kept){text, statement, false};
    }
    sql->kept[i].busy = true;
    *run = (struct vl_sql_run){sql, sql->kept[i].statement, (int)i, 0};
    return VL_OK;
}

static void latch(struct vl_sql_run *run, int code)
{
    if (code && !run->err)
        run->err = code;
}

void vl_sql_put_int(struct vl_sql_run *run, int at, int64_t value)
{
    latch(run, sqlite3_bind_int64(run->statement, at, value));
}

void vl_sql_put_bytes(struct vl_sql_run *run, int at, vl_bytes bytes)
{
    if (bytes.len == 0)
        latch(run, sqlite3_bind_zeroblob(run->statement, at, 0));
    else
        latch(run, sqlite3_bind_blob64(run->statement, at, bytes.ptr, bytes.len, SQLITE_STATIC));
}

void vl_sql_put_text(struct vl_sql_run *run, int at, const char *text)
{
    latch(run, sqlite3_bind_text(run->statement, at, text, -1, SQLITE_STATIC));
}

void vl_sql_put_null(struct vl_sql_run *run, int at)
{
    latch(run, sqlite3_bind_null(run->statement, at));
}

enum vl_err vl_sql_step(struct vl_sql_run *run, bool *has_row, struct vl_why *why)
{
    int code = run->err ? run->err : sqlite3_step(run->statement);

    *has_row = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return VL_OK;
    return why_sqlite(why, run->sql->db, code);
}

enum vl_err vl_sql_finish(struct vl_sql_run *run, struct vl_why *why)
{
    bool has_row;

    return vl_sql_step(run, &has_row, why);
}

void vl_sql_end(struct vl_sql_run *run)
{
    if (run->place >= 0) {
        (void)sqlite3_reset(run->statement);
        (void)sqlite3_clear_bindings(run->statement);
        run->sql->kept[run->place].busy = false;
    } else {
        (void)sqlite3_finalize(run->statement);
    }
    *run = (struct vl_sql_run)VL_SQL_RUN_INIT;
}

enum vl_err vl_sql_ask(struct vl_sql *sql, const char *text, int64_t *answer, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    bool has_row = false;
    enum vl_err err = vl_sql_start(sql, text, &run, why);

    if (!err)
        err = vl_sql_step(&run, &has_row, why);
    *answer = !err && has_row ? vl_sql_int(&run, 0) : 0;
    return err;
}

bool vl_sql_is_null(const struct vl_sql_run *run, int at)
{
    return sqlite3_column_type(run->statement, at) == SQLITE_NULL;
}

int64_t vl_sql_int(const struct vl_sql_run *run, int at)
{
    return sqlite3_column_int64(run->statement, at);
}

vl_bytes vl_sql_bytes(const struct vl_sql_run *run, int at)
{
    sqlite3_value *value = sqlite3_column_value(run->statement, at);
    const void *ptr = sqlite3_value_blob(value);
    int len = sqlite3_value_bytes(value);

    return vl_bytes_of(ptr, ptr && len > 0 ? (size_t)len : 0);
}

const char *vl_sql_text(const struct vl_sql_run *run, int at)
{
    const unsigned char *text = sqlite3_column_text(run->statement, at);

    return text ? (const char *)text : "";
}
