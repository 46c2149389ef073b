/* SPDX-License-Identifier: Apache-2.0 */
/* Objects, offices, facts and the store's own notes in the index. */
#include <string.h>

#include "store/index.h"
#include "store/row.h"

#define OBJECT_COLUMNS "id, kind, issuer, object.kept_at_s, bytes"
#define OFFICE_COLUMNS                                                                             \
    "office, petname, own, checked, checked_card, checked_at_s, failed_checks, forked, "           \
    "added_at_s, cards"

/* clang-format off */
static const char OBJECT[] = "SELECT " OBJECT_COLUMNS " FROM object WHERE id = ?1";
static const char OBJECTS[] = "SELECT " OBJECT_COLUMNS " FROM object ORDER BY kept_at_s, id";
static const char OBJECTS_ABOUT[] =
    "SELECT " OBJECT_COLUMNS " FROM about CROSS JOIN object"
    " ON object.kept_at_s = about.kept_at_s AND object.id = about.object"
    " WHERE about = ?1 ORDER BY about.kept_at_s, about.object";
static const char ADD_OBJECT[] =
    "INSERT INTO object (id, kind, issuer, kept_at_s, bytes) VALUES (?1, ?2, ?3, ?4, ?5)";
static const char ADD_ABOUT[] =
    "INSERT OR IGNORE INTO about (about, kept_at_s, object) VALUES (?1, ?2, ?3)";
static const char OFFICE[] = "SELECT " OFFICE_COLUMNS " FROM office WHERE office = ?1";
static const char OFFICE_NAMED[] = "SELECT " OFFICE_COLUMNS " FROM office WHERE petname = ?1";
static const char OFFICES[] =
    "SELECT " OFFICE_COLUMNS " FROM office ORDER BY petname IS NULL, petname, office";
static const char PUT_OFFICE[] =
    "INSERT INTO office (" OFFICE_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    " ON CONFLICT (office) DO UPDATE SET petname = ?2, own = ?3, checked = ?4, checked_card = ?5,"
    " checked_at_s = ?6, failed_checks = ?7, forked = ?8, added_at_s = ?9, cards = ?10";
static const char FACT[] = "SELECT value FROM fact WHERE name = ?1";
static const char PUT_FACT[] =
    "INSERT INTO fact (name, value) VALUES (?1, ?2)"
    " ON CONFLICT (name) DO UPDATE SET value = ?2";
static const char END[] = "SELECT number, used FROM segment ORDER BY number DESC LIMIT 1";
static const char SET_END[] =
    "INSERT INTO segment (number, used) VALUES (?1, ?2)"
    " ON CONFLICT (number) DO UPDATE SET used = ?2";
static const char COUNT[] =
    "SELECT (SELECT count(*) FROM letter), (SELECT count(*) FROM object),"
    " (SELECT count(*) FROM office),"
    " (SELECT coalesce(sum(size), 0) FROM letter WHERE forgotten = 0)";
static const char OWN_CHECK[] = "PRAGMA integrity_check(20)";
static const char STRAY[] =
    "SELECT 'a waybill in the index belongs to no letter' FROM waybill"
    "  WHERE number NOT IN (SELECT number FROM letter) LIMIT 1";
static const char BARE[] =
    "SELECT 'a letter in the index has lost its waybill' FROM letter"
    "  WHERE sealed IS NOT NULL AND NOT EXISTS (SELECT 1 FROM waybill"
    "  WHERE waybill.sealed = letter.sealed AND waybill.number = letter.number) LIMIT 1";
static const char LOOSE[] =
    "SELECT 'the index knows an object only by what it is about' FROM about"
    "  WHERE object NOT IN (SELECT id FROM object) LIMIT 1";
/* clang-format on */

static enum vl_err damaged(struct vl_why *why, const char *what)
{
    return vl_fail(why, VL_ERR_FORMAT, "the index is damaged: %s", what);
}

static enum vl_err read_object(const struct vl_sql_run *run, struct vl_object_row *row,
                               struct vl_why *why)
{
    vl_bytes id = vl_sql_bytes(run, 0), issuer = vl_sql_bytes(run, 2);

    *row = (struct vl_object_row){.kind = vl_sql_text(run, 1), .kept_at_s = vl_sql_int(run, 3)};
    if (id.len != VL_HASH_LEN || issuer.len != VL_HASH_LEN)
        return damaged(why, "an object's row");
    memcpy(row->id, id.ptr, VL_HASH_LEN);
    memcpy(row->issuer, issuer.ptr, VL_HASH_LEN);
    row->bytes = vl_sql_bytes(run, 4);
    return VL_OK;
}

/* Start a statement whose only parameter is a hash, and take its first step. */
static enum vl_err find(struct vl_sql *sql, const char *text, const uint8_t *hash,
                        struct vl_sql_run *run, bool *has_row, struct vl_why *why)
{
    enum vl_err err = vl_sql_start(sql, text, run, why);

    if (err)
        return err;
    if (hash)
        vl_sql_put_bytes(run, 1, vl_bytes_of(hash, VL_HASH_LEN));
    return vl_sql_step(run, has_row, why);
}

enum vl_err vl_index_object(struct vl_sql *sql, const uint8_t *id, struct vl_buf *bytes,
                            struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    struct vl_object_row row;
    bool has_row = false;
    enum vl_err err = find(sql, OBJECT, id, &run, &has_row, why);

    if (!err && !has_row)
        return vl_fail(why, VL_ERR_NOT_FOUND, "no object with this id");
    if (!err)
        err = read_object(&run, &row, why);
    if (err)
        return err;
    err = vl_buf_put(bytes, row.bytes);
    return err ? vl_fail(why, err, "no room for an object") : VL_OK;
}

enum vl_err vl_index_objects(struct vl_sql *sql, const uint8_t *about, vl_object_visit visit,
                             void *self, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    struct vl_object_row row;
    bool has_row = false;
    enum vl_err err = find(sql, about ? OBJECTS_ABOUT : OBJECTS, about, &run, &has_row, why);

    while (!err && has_row) {
        err = read_object(&run, &row, why);
        if (!err)
            err = visit(self, &row, why);
        if (!err)
            err = vl_sql_step(&run, &has_row, why);
    }
    return err;
}

static enum vl_err add_object(struct vl_sql *sql, const struct vl_object_row *row,
                              struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    enum vl_err err = vl_sql_start(sql, ADD_OBJECT, &run, why);

    if (err)
        return err;
    vl_sql_put_bytes(&run, 1, VL_ARRAY(row->id));
    vl_sql_put_text(&run, 2, row->kind);
    vl_sql_put_bytes(&run, 3, VL_ARRAY(row->issuer));
    vl_sql_put_int(&run, 4, row->kept_at_s);
    vl_sql_put_bytes(&run, 5, row->bytes);
    return vl_sql_finish(&run, why);
}

static enum vl_err add_about(struct vl_sql *sql, const struct vl_object_row *row, size_t i,
                             int64_t kept_at_s, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    enum vl_err err = vl_sql_start(sql, ADD_ABOUT, &run, why);

    if (err)
        return err;
    vl_sql_put_bytes(&run, 1, VL_ARRAY(row->about[i]));
    vl_sql_put_int(&run, 2, kept_at_s);
    vl_sql_put_bytes(&run, 3, VL_ARRAY(row->id));
    return vl_sql_finish(&run, why);
}

/* What is there already: is it the same, and since when is it kept? */
static enum vl_err compare_object(struct vl_sql *sql, const struct vl_object_row *row,
                                  bool *is_there, int64_t *kept_at_s, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    struct vl_object_row kept;
    enum vl_err err = find(sql, OBJECT, row->id, &run, is_there, why);

    if (err || !*is_there)
        return err;
    err = read_object(&run, &kept, why);
    if (err)
        return err;
    if (!vl_bytes_eq(kept.bytes, row->bytes))
        return vl_fail(why, VL_ERR_INTERNAL, "two objects with one id");
    *kept_at_s = kept.kept_at_s;
    return VL_OK;
}

enum vl_err vl_index_put_object(struct vl_sql *sql, const struct vl_object_row *row,
                                struct vl_why *why)
{
    bool is_there = false;
    int64_t kept_at_s = row->kept_at_s;
    enum vl_err err = compare_object(sql, row, &is_there, &kept_at_s, why);

    if (!err && !is_there)
        err = add_object(sql, row, why);
    for (size_t i = 0; !err && i < row->about_count; i++)
        err = add_about(sql, row, i, kept_at_s, why);
    return err;
}

static enum vl_err read_office(const struct vl_sql_run *run, struct vl_office_row *row,
                               struct vl_why *why)
{
    vl_bytes office = vl_sql_bytes(run, 0), card = vl_sql_bytes(run, 4);
    vl_bytes petname = vl_bytes_str(vl_sql_text(run, 1));
    struct vl_office_row read = VL_OFFICE_ROW_INIT;
    enum vl_err err;

    if (office.len != VL_HASH_LEN || card.len != VL_HASH_LEN || petname.len > VL_STORE_MAX_PETNAME)
        return damaged(why, "an office's row");
    memcpy(read.office, office.ptr, VL_HASH_LEN);
    memcpy(read.checked_card, card.ptr, VL_HASH_LEN);
    if (petname.len > 0)
        memcpy(read.petname, petname.ptr, petname.len);
    read.is_own = vl_sql_int(run, 2) != 0;
    read.checked = vl_sql_int(run, 3) != 0;
    read.checked_at_s = vl_sql_int(run, 5);
    read.failed_checks = (unsigned)(vl_sql_int(run, 6) & INT32_MAX);
    read.forked = vl_sql_int(run, 7) != 0;
    read.added_at_s = vl_sql_int(run, 8);
    read.cards = vl_sql_bytes(run, 9);
    err = vl_office_row_copy(&read, row);
    return err ? vl_fail(why, err, "no room for an office's cards") : VL_OK;
}

enum vl_err vl_index_office(struct vl_sql *sql, const uint8_t *office, const char *petname,
                            struct vl_office_row *row, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    bool has_row = false;
    enum vl_err err = vl_sql_start(sql, office ? OFFICE : OFFICE_NAMED, &run, why);

    if (err)
        return err;
    if (office)
        vl_sql_put_bytes(&run, 1, vl_bytes_of(office, VL_HASH_LEN));
    else
        vl_sql_put_text(&run, 1, petname);
    err = vl_sql_step(&run, &has_row, why);
    if (!err && !has_row)
        return vl_fail(why, VL_ERR_NOT_FOUND, "no such office");
    return err ? err : read_office(&run, row, why);
}

enum vl_err vl_index_offices(struct vl_sql *sql, vl_office_visit visit, void *self,
                             struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    bool has_row = false;
    enum vl_err err = find(sql, OFFICES, NULL, &run, &has_row, why);

    while (!err && has_row) {
        err = read_office(&run, &row, why);
        if (!err)
            err = visit(self, &row, why);
        if (!err)
            err = vl_sql_step(&run, &has_row, why);
    }
    return err;
}

enum vl_err vl_index_put_office(struct vl_sql *sql, const struct vl_office_row *row,
                                struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    enum vl_err err = vl_sql_start(sql, PUT_OFFICE, &run, why);

    if (err)
        return err;
    vl_sql_put_bytes(&run, 1, VL_ARRAY(row->office));
    if (row->petname[0])
        vl_sql_put_text(&run, 2, row->petname);
    else
        vl_sql_put_null(&run, 2);
    vl_sql_put_int(&run, 3, row->is_own);
    vl_sql_put_int(&run, 4, row->checked);
    vl_sql_put_bytes(&run, 5, VL_ARRAY(row->checked_card));
    vl_sql_put_int(&run, 6, row->checked_at_s);
    vl_sql_put_int(&run, 7, row->failed_checks);
    vl_sql_put_int(&run, 8, row->forked);
    vl_sql_put_int(&run, 9, row->added_at_s);
    vl_sql_put_bytes(&run, 10, row->cards);
    err = vl_sql_finish(&run, why);
    if (err == VL_ERR_EXISTS)
        return vl_fail(why, err, "another office has the petname %s", row->petname);
    return err;
}

enum vl_err vl_index_fact(struct vl_sql *sql, const char *name, struct vl_buf *value,
                          struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    bool has_row = false;
    enum vl_err err = vl_sql_start(sql, FACT, &run, why);

    if (err)
        return err;
    vl_sql_put_text(&run, 1, name);
    err = vl_sql_step(&run, &has_row, why);
    if (!err && !has_row)
        return vl_fail(why, VL_ERR_NOT_FOUND, "no fact named %s", name);
    if (err)
        return err;
    err = vl_buf_put(value, vl_sql_bytes(&run, 0));
    return err ? vl_fail(why, err, "no room for the fact %s", name) : VL_OK;
}

enum vl_err vl_index_put_fact(struct vl_sql *sql, const char *name, vl_bytes value,
                              struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    enum vl_err err = vl_sql_start(sql, PUT_FACT, &run, why);

    if (err)
        return err;
    vl_sql_put_text(&run, 1, name);
    vl_sql_put_bytes(&run, 2, value);
    return vl_sql_finish(&run, why);
}

enum vl_err vl_index_end(struct vl_sql *sql, struct vl_segment_end *end, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    bool has_row = false;
    int64_t segment, used;
    enum vl_err err = find(sql, END, NULL, &run, &has_row, why);

    *end = (struct vl_segment_end){0, 0};
    if (err || !has_row)
        return err;
    segment = vl_sql_int(&run, 0);
    used = vl_sql_int(&run, 1);
    if (segment < 1 || segment >= UINT32_MAX || used < 0 || used > (int64_t)VL_SEGMENT_MAX)
        return damaged(why, "the end of the segments");
    *end = (struct vl_segment_end){(uint32_t)segment, (uint64_t)used};
    return VL_OK;
}

enum vl_err vl_index_set_end(struct vl_sql *sql, struct vl_segment_end end, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    enum vl_err err = vl_sql_start(sql, SET_END, &run, why);

    if (err)
        return err;
    vl_sql_put_int(&run, 1, end.segment);
    vl_sql_put_int(&run, 2, (int64_t)end.used);
    return vl_sql_finish(&run, why);
}

enum vl_err vl_index_size(struct vl_sql *sql, struct vl_store_size *size, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    bool has_row = false;
    enum vl_err err = find(sql, COUNT, NULL, &run, &has_row, why);

    if (err)
        return err;
    *size = (struct vl_store_size){(uint64_t)vl_sql_int(&run, 0), (uint64_t)vl_sql_int(&run, 1),
                                   (uint64_t)vl_sql_int(&run, 2), (uint64_t)vl_sql_int(&run, 3)};
    return VL_OK;
}

enum vl_err vl_index_check(struct vl_sql *sql,
                           enum vl_err (*visit)(void *self, const char *words, struct vl_why *why),
                           void *self, struct vl_why *why)
{
    static const char *const checks[] = {OWN_CHECK, STRAY, BARE, LOOSE};
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < sizeof checks / sizeof *checks; i++) {
        VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
        bool has_row = false;

        err = find(sql, checks[i], NULL, &run, &has_row, why);
        while (!err && has_row) {
            if (strcmp(vl_sql_text(&run, 0), "ok") != 0)
                err = visit(self, vl_sql_text(&run, 0), why);
            if (!err)
                err = vl_sql_step(&run, &has_row, why);
        }
    }
    return err;
}
