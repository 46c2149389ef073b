/* SPDX-License-Identifier: Apache-2.0 */
/* Letters in the index. */
#include <string.h>

#include "store/index.h"
#include "store/row.h"

/* The order of these is that of enum column, and of the parameters of ADD and SET. */
#define COLUMNS                                                                                    \
    "letter.number, letter.kept_at_s, size, segment, place, forgotten, mode, roles, sender, "      \
    "sender_proven, addressees, core, letter_id, date_s, expires_s, expect_by_s, verdict, "        \
    "opened_at_s, letter.sealed, leaf_index, way, quarantined, via"

enum column {
    NUMBER,
    KEPT_AT,
    SIZE,
    SEGMENT,
    PLACE,
    FORGOTTEN,
    MODE,
    ROLES,
    SENDER,
    SENDER_PROVEN,
    ADDRESSEES,
    CORE,
    LETTER_ID,
    DATE,
    EXPIRES,
    EXPECT_BY,
    VERDICT,
    OPENED_AT,
    SEALED,
    LEAF_INDEX,
    WAY,
    QUARANTINED,
    VIA,
    COLUMN_COUNT
};

/* clang-format off */
static const char ONE[] = "SELECT " COLUMNS " FROM letter WHERE number = ?1";
static const char ALL[] = "SELECT " COLUMNS " FROM letter ORDER BY arrival DESC";
static const char BY_NUMBER[] =
    "SELECT " COLUMNS " FROM letter WHERE number BETWEEN ?1 AND ?2 ORDER BY number";
static const char BY_SEALED[] =
    "SELECT " COLUMNS " FROM waybill CROSS JOIN letter ON letter.number = waybill.number"
    " WHERE waybill.sealed = ?3 AND waybill.number BETWEEN ?1 AND ?2 ORDER BY waybill.number";
static const char LEAVING[] =
    "SELECT " COLUMNS " FROM leaving CROSS JOIN letter ON letter.number = leaving.number";
static const char WAYBILL[] = "SELECT bytes, path FROM waybill WHERE sealed = ?1 AND number = ?2";
static const char ADD[] =
    "INSERT INTO letter (number, kept_at_s, size, segment, place, forgotten, mode, roles, sender,"
    " sender_proven, addressees, core, letter_id, date_s, expires_s, expect_by_s, verdict,"
    " opened_at_s, sealed, leaf_index, way, quarantined, via)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
    " ?19, ?20, ?21, ?22, ?23)";
static const char SET[] =
    "UPDATE letter SET kept_at_s = ?2, size = ?3, segment = ?4, place = ?5, forgotten = ?6,"
    " mode = ?7, roles = ?8, sender = ?9, sender_proven = ?10, addressees = ?11, core = ?12,"
    " letter_id = ?13, date_s = ?14, expires_s = ?15, expect_by_s = ?16, verdict = ?17,"
    " opened_at_s = ?18, sealed = ?19, leaf_index = ?20, way = ?21,"
    " quarantined = ?22, via = ?23 WHERE number = ?1";
static const char ADD_WAYBILL[] =
    "INSERT INTO waybill (sealed, number, bytes, path) VALUES (?1, ?2, ?3, ?4)";
static const char DROP_WAYBILL[] = "DELETE FROM waybill WHERE sealed = ?1 AND number = ?2";
static const char ADD_LEAVING[] = "INSERT OR IGNORE INTO leaving (number) VALUES (?1)";
static const char END_LEAVING[] = "DELETE FROM leaving";
/* clang-format on */

/* A blob of this very length, or none; anything else is damage. */
static bool read_blob(const struct vl_sql_run *run, int column, uint8_t *out, size_t len,
                      bool *damaged)
{
    vl_bytes bytes = vl_sql_bytes(run, column);

    if (bytes.len == len)
        memcpy(out, bytes.ptr, len);
    else if (bytes.len != 0)
        *damaged = true;
    return bytes.len == len;
}

static bool read_time(const struct vl_sql_run *run, int column, int64_t *out)
{
    bool has = !vl_sql_is_null(run, column);

    *out = has ? vl_sql_int(run, column) : 0;
    return has;
}

static void read_place(const struct vl_sql_run *run, uint64_t size, struct vl_place *place,
                       bool *damaged)
{
    int64_t segment = vl_sql_int(run, SEGMENT), offset = vl_sql_int(run, PLACE);

    *place = (struct vl_place){0, 0};
    if (vl_sql_is_null(run, SEGMENT))
        return;
    if (segment < 1 || segment > UINT32_MAX || offset < 1 || offset > (int64_t)VL_SEGMENT_MAX ||
        size > VL_SEGMENT_MAX - (uint64_t)offset)
        *damaged = true;
    else
        *place = (struct vl_place){(uint32_t)segment, (uint64_t)offset};
}

static void read_parties(const struct vl_sql_run *run, struct vl_letter_row *row, bool *damaged)
{
    vl_bytes to = vl_sql_bytes(run, ADDRESSEES);

    row->has_from = read_blob(run, SENDER, row->from, sizeof row->from, damaged);
    row->from_proven = vl_sql_int(run, SENDER_PROVEN) != 0;
    row->to_count = to.len / VL_HASH_LEN;
    if (to.len % VL_HASH_LEN != 0 || row->to_count > VL_STORE_MAX_TO)
        *damaged = true;
    else if (to.len > 0)
        memcpy(row->to, to.ptr, to.len);
}

/* All but waybill and path. */
static enum vl_err read_row(const struct vl_sql_run *run, struct vl_letter_row *row,
                            struct vl_place *place, struct vl_why *why)
{
    bool damaged = false;
    int64_t size = vl_sql_int(run, SIZE), mode = vl_sql_int(run, MODE);
    int64_t roles = vl_sql_int(run, ROLES), verdict = vl_sql_int(run, VERDICT);
    int64_t way = vl_sql_int(run, WAY);

    if (!read_blob(run, NUMBER, row->number, sizeof row->number, &damaged) || size < 0 ||
        mode < 0 || mode > UINT8_MAX || roles < 0 || roles > UINT8_MAX || verdict < 0 ||
        verdict > UINT8_MAX || way < 0 || way > VL_WAY_RECEIPTED)
        damaged = true;
    row->size = (uint64_t)size;
    row->mode = (uint8_t)mode;
    row->roles = (unsigned)roles;
    row->verdict = (uint8_t)verdict;
    row->way = (uint8_t)way;
    row->quarantined = vl_sql_int(run, QUARANTINED) != 0;
    row->has_via = read_blob(run, VIA, row->via, sizeof row->via, &damaged);
    row->kept_at_s = vl_sql_int(run, KEPT_AT);
    row->forgotten = vl_sql_int(run, FORGOTTEN) != 0;
    row->opened_at_s = vl_sql_int(run, OPENED_AT);
    read_place(run, row->size, place, &damaged);
    read_parties(run, row, &damaged);
    row->has_core = read_blob(run, CORE, row->core, sizeof row->core, &damaged);
    row->has_letter_id = read_blob(run, LETTER_ID, row->letter_id, sizeof row->letter_id, &damaged);
    row->has_date = read_time(run, DATE, &row->date_s);
    row->has_expires = read_time(run, EXPIRES, &row->expires_s);
    row->has_expect_by = read_time(run, EXPECT_BY, &row->expect_by_s);
    row->has_sealed = read_blob(run, SEALED, row->sealed, sizeof row->sealed, &damaged);
    row->leaf_index = (uint64_t)vl_sql_int(run, LEAF_INDEX);
    row->waybill = row->path = VL_BYTES_NONE;
    return damaged ? vl_fail(why, VL_ERR_FORMAT, "the index is damaged: a letter's row") : VL_OK;
}

/* What a waybill stands under: the event that vouches for it, or nothing. */
static vl_bytes vouching(const struct vl_letter_row *row)
{
    return row->has_sealed ? VL_ARRAY(row->sealed) : VL_BYTES_NONE;
}

static enum vl_err read_waybill(struct vl_sql *sql, struct vl_letter_row *row, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    bool has_row = false;
    enum vl_err err = vl_sql_start(sql, WAYBILL, &run, why);

    if (err)
        return err;
    vl_sql_put_bytes(&run, 1, vouching(row));
    vl_sql_put_bytes(&run, 2, VL_ARRAY(row->number));
    err = vl_sql_step(&run, &has_row, why);
    if (err || !has_row)
        return err;
    err = vl_letter_row_own(row, vl_sql_bytes(&run, 0), vl_sql_bytes(&run, 1));
    return err ? vl_fail(why, err, "no room for a waybill") : VL_OK;
}

enum vl_err vl_index_letter(struct vl_sql *sql, const uint8_t *number, bool lean,
                            struct vl_letter_row *row, struct vl_place *place, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    bool has_row = false;
    enum vl_err err = vl_sql_start(sql, ONE, &run, why);

    if (err)
        return err;
    vl_sql_put_bytes(&run, 1, vl_bytes_of(number, VL_HASH_LEN));
    err = vl_sql_step(&run, &has_row, why);
    if (!err && !has_row)
        return vl_fail(why, VL_ERR_NOT_FOUND, "no letter with this number");
    if (!err)
        err = read_row(&run, row, place, why);
    if (!err && !lean)
        err = read_waybill(sql, row, why);
    if (err)
        vl_letter_row_release(row);
    return err;
}

static enum vl_err walk(struct vl_sql *sql, struct vl_sql_run *run,
                        const struct vl_letter_query *query, vl_index_visit visit, void *self,
                        struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_place place;
    uint64_t count = 0;
    bool has_row = false;
    enum vl_err err = vl_sql_step(run, &has_row, why);

    while (!err && has_row) {
        err = read_row(run, &row, &place, why);
        if (!err && vl_letter_query_wants(query, &row)) {
            if (!query->lean)
                err = read_waybill(sql, &row, why);
            if (!err)
                err = visit(self, &row, place, why);
            if (!err && ++count == query->limit)
                break;
        }
        if (!err)
            err = vl_sql_step(run, &has_row, why);
    }
    return err;
}

enum vl_err vl_index_letters(struct vl_sql *sql, const struct vl_letter_query *query,
                             vl_index_visit visit, void *self, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    const char *text = query->has_sealed ? BY_SEALED : query->has_prefix ? BY_NUMBER : ALL;
    uint8_t low[VL_HASH_LEN], high[VL_HASH_LEN];
    enum vl_err err = vl_sql_start(sql, text, &run, why);

    if (err)
        return err;
    if (text != ALL) {
        vl_letter_query_range(query, low, high);
        vl_sql_put_bytes(&run, 1, VL_ARRAY(low));
        vl_sql_put_bytes(&run, 2, VL_ARRAY(high));
    }
    if (text == BY_SEALED)
        vl_sql_put_bytes(&run, 3, VL_ARRAY(query->sealed));
    return walk(sql, &run, query, visit, self, why);
}

static void put_blob(struct vl_sql_run *run, enum column column, bool has, const uint8_t *bytes,
                     size_t len)
{
    if (has)
        vl_sql_put_bytes(run, (int)column + 1, vl_bytes_of(bytes, len));
    else
        vl_sql_put_null(run, (int)column + 1);
}

static void put_int(struct vl_sql_run *run, enum column column, bool has, int64_t value)
{
    if (has)
        vl_sql_put_int(run, (int)column + 1, value);
    else
        vl_sql_put_null(run, (int)column + 1);
}

static void put_row(struct vl_sql_run *run, const struct vl_letter_row *row, struct vl_place place)
{
    put_blob(run, NUMBER, true, row->number, sizeof row->number);
    put_int(run, KEPT_AT, true, row->kept_at_s);
    put_int(run, SIZE, true, (int64_t)row->size);
    put_int(run, SEGMENT, place.segment != 0, place.segment);
    put_int(run, PLACE, place.segment != 0, (int64_t)place.offset);
    put_int(run, FORGOTTEN, true, row->forgotten);
    put_int(run, MODE, true, row->mode);
    put_int(run, ROLES, true, row->roles);
    put_blob(run, SENDER, row->has_from, row->from, sizeof row->from);
    put_int(run, SENDER_PROVEN, true, row->from_proven);
    put_blob(run, ADDRESSEES, true, row->to[0], row->to_count * VL_HASH_LEN);
    put_blob(run, CORE, row->has_core, row->core, sizeof row->core);
    put_blob(run, LETTER_ID, row->has_letter_id, row->letter_id, sizeof row->letter_id);
    put_int(run, DATE, row->has_date, row->date_s);
    put_int(run, EXPIRES, row->has_expires, row->expires_s);
    put_int(run, EXPECT_BY, row->has_expect_by, row->expect_by_s);
    put_int(run, VERDICT, true, row->verdict);
    put_int(run, OPENED_AT, true, row->opened_at_s);
    put_blob(run, SEALED, row->has_sealed, row->sealed, sizeof row->sealed);
    put_int(run, LEAF_INDEX, row->has_sealed, (int64_t)row->leaf_index);
    put_int(run, WAY, true, row->way);
    put_int(run, QUARANTINED, true, row->quarantined);
    put_blob(run, VIA, row->has_via, row->via, sizeof row->via);
}

static enum vl_err add_waybill(struct vl_sql *sql, const struct vl_letter_row *row,
                               struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    enum vl_err err;

    if (row->waybill.len == 0 && !row->has_sealed)
        return VL_OK;
    err = vl_sql_start(sql, ADD_WAYBILL, &run, why);
    if (err)
        return err;
    vl_sql_put_bytes(&run, 1, vouching(row));
    vl_sql_put_bytes(&run, 2, VL_ARRAY(row->number));
    vl_sql_put_bytes(&run, 3, row->waybill);
    vl_sql_put_bytes(&run, 4, row->path);
    return vl_sql_finish(&run, why);
}

static enum vl_err drop_waybill(struct vl_sql *sql, const struct vl_letter_row *row,
                                struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    enum vl_err err = vl_sql_start(sql, DROP_WAYBILL, &run, why);

    if (err)
        return err;
    vl_sql_put_bytes(&run, 1, vouching(row));
    vl_sql_put_bytes(&run, 2, VL_ARRAY(row->number));
    return vl_sql_finish(&run, why);
}

enum vl_err vl_index_add_letter(struct vl_sql *sql, const struct vl_letter_row *row,
                                struct vl_place place, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    enum vl_err err = vl_sql_start(sql, ADD, &run, why);

    if (err)
        return err;
    put_row(&run, row, place);
    err = vl_sql_finish(&run, why);
    return err ? err : add_waybill(sql, row, why);
}

static bool same_waybill(const struct vl_letter_row *a, const struct vl_letter_row *b)
{
    return vl_bytes_eq(vouching(a), vouching(b)) && vl_bytes_eq(a->waybill, b->waybill) &&
           vl_bytes_eq(a->path, b->path);
}

enum vl_err vl_index_set_letter(struct vl_sql *sql, const struct vl_letter_row *old,
                                const struct vl_letter_row *row, struct vl_place place,
                                struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    enum vl_err err = vl_sql_start(sql, SET, &run, why);

    if (err)
        return err;
    put_row(&run, row, place);
    err = vl_sql_finish(&run, why);
    if (err || same_waybill(old, row))
        return err;
    err = drop_waybill(sql, old, why);
    return err ? err : add_waybill(sql, row, why);
}

enum vl_err vl_index_add_leaving(struct vl_sql *sql, const uint8_t *number, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    enum vl_err err = vl_sql_start(sql, ADD_LEAVING, &run, why);

    if (err)
        return err;
    vl_sql_put_bytes(&run, 1, vl_bytes_of(number, VL_HASH_LEN));
    return vl_sql_finish(&run, why);
}

enum vl_err vl_index_leaving(struct vl_sql *sql, vl_index_visit visit, void *self,
                             struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    const struct vl_letter_query query = {.lean = true};
    enum vl_err err = vl_sql_start(sql, LEAVING, &run, why);

    return err ? err : walk(sql, &run, &query, visit, self, why);
}

enum vl_err vl_index_end_leaving(struct vl_sql *sql, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    enum vl_err err = vl_sql_start(sql, END_LEAVING, &run, why);

    return err ? err : vl_sql_finish(&run, why);
}
