/* SPDX-License-Identifier: Apache-2.0 */
/* Ties in the index. */
#include <string.h>

#include "store/index.h"

/* clang-format off */
static const char ONE[] = "SELECT about, key, bytes FROM tie WHERE kind = ?1 AND about = ?2 AND key = ?3";
static const char ABOUT[] =
    "SELECT about, key, bytes FROM tie WHERE kind = ?1 AND about = ?2 ORDER BY key";
static const char ALL[] = "SELECT about, key, bytes FROM tie WHERE kind = ?1 ORDER BY about, key";
/* Of one, and of each: from one `about` to the next through the index, whatever lies between. */
static const char BELOW[] =
    "SELECT about, key, bytes FROM tie WHERE kind = ?1 AND about = ?2 AND key <= ?3"
    " ORDER BY key DESC LIMIT 1";
static const char EACH_BELOW[] =
    "WITH RECURSIVE thing (about) AS ("
    "  SELECT min(about) FROM tie WHERE kind = ?1"
    "  UNION ALL"
    "  SELECT (SELECT min(tie.about) FROM tie WHERE kind = ?1 AND tie.about > thing.about)"
    "  FROM thing WHERE thing.about IS NOT NULL)"
    " SELECT tie.about, tie.key, tie.bytes FROM thing CROSS JOIN tie ON tie.rowid = ("
    "  SELECT last.rowid FROM tie AS last WHERE last.kind = ?1 AND last.about = thing.about"
    "  AND last.key <= ?3 ORDER BY last.key DESC LIMIT 1)";
static const char KEYED[] = "SELECT 1 FROM tie WHERE kind = ?1 AND key = ?3 LIMIT 1";
static const char PUT[] =
    "INSERT INTO tie (kind, about, key, bytes) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (kind, about, key) DO UPDATE SET bytes = ?4";
static const char DROP[] = "DELETE FROM tie WHERE kind = ?1 AND about = ?2 AND key = ?3";
/* clang-format on */

static enum vl_err start(struct vl_sql *sql, const char *text, enum vl_tie_kind kind,
                         const uint8_t *about, const uint8_t *key, struct vl_sql_run *run,
                         struct vl_why *why)
{
    enum vl_err err = vl_sql_start(sql, text, run, why);

    if (err)
        return err;
    vl_sql_put_int(run, 1, kind);
    if (about)
        vl_sql_put_bytes(run, 2, vl_bytes_of(about, VL_HASH_LEN));
    if (key)
        vl_sql_put_bytes(run, 3, vl_bytes_of(key, VL_HASH_LEN));
    return VL_OK;
}

enum vl_err vl_index_put_tie(struct vl_sql *sql, const struct vl_tie *tie, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    enum vl_err err = start(sql, PUT, tie->kind, tie->about, tie->key, &run, why);

    if (err)
        return err;
    vl_sql_put_bytes(&run, 4, tie->bytes);
    return vl_sql_finish(&run, why);
}

enum vl_err vl_index_drop_tie(struct vl_sql *sql, enum vl_tie_kind kind, const uint8_t *about,
                              const uint8_t *key, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    enum vl_err err = start(sql, DROP, kind, about, key, &run, why);

    return err ? err : vl_sql_finish(&run, why);
}

static enum vl_err read_tie(const struct vl_sql_run *run, enum vl_tie_kind kind, struct vl_tie *tie,
                            struct vl_why *why)
{
    vl_bytes about = vl_sql_bytes(run, 0), key = vl_sql_bytes(run, 1);

    *tie = (struct vl_tie){.kind = kind, .bytes = vl_sql_bytes(run, 2)};
    if (about.len != VL_HASH_LEN || key.len != VL_HASH_LEN)
        return vl_fail(why, VL_ERR_FORMAT, "the index is damaged: a tie's row");
    memcpy(tie->about, about.ptr, VL_HASH_LEN);
    memcpy(tie->key, key.ptr, VL_HASH_LEN);
    return VL_OK;
}

enum vl_err vl_index_tie(struct vl_sql *sql, enum vl_tie_kind kind, const uint8_t *about,
                         const uint8_t *key, struct vl_buf *bytes, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    struct vl_tie tie;
    bool has_row = false;
    enum vl_err err = start(sql, ONE, kind, about, key, &run, why);

    if (!err)
        err = vl_sql_step(&run, &has_row, why);
    if (!err && !has_row)
        return vl_fail(why, VL_ERR_NOT_FOUND, "nothing is tied to it");
    if (!err)
        err = read_tie(&run, kind, &tie, why);
    if (err)
        return err;
    err = vl_buf_put(bytes, tie.bytes);
    return err ? vl_fail(why, err, "no room for what is tied to it") : VL_OK;
}

enum vl_err vl_index_has_key(struct vl_sql *sql, enum vl_tie_kind kind, const uint8_t *key,
                             bool *has, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    enum vl_err err = start(sql, KEYED, kind, NULL, key, &run, why);

    return err ? err : vl_sql_step(&run, has, why);
}

enum vl_err vl_index_ties(struct vl_sql *sql, enum vl_tie_kind kind, const uint8_t *about,
                          const uint8_t *below, vl_tie_visit visit, void *self, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    const char *all = below ? EACH_BELOW : ALL;
    const char *one = below ? BELOW : ABOUT;
    struct vl_tie tie;
    bool has_row = false;
    enum vl_err err = start(sql, about ? one : all, kind, about, below, &run, why);

    if (!err)
        err = vl_sql_step(&run, &has_row, why);
    while (!err && has_row) {
        err = read_tie(&run, kind, &tie, why);
        if (!err)
            err = visit(self, &tie, why);
        if (!err)
            err = vl_sql_step(&run, &has_row, why);
    }
    return err;
}
