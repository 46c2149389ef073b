/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema.h"

#include <stdio.h>
#include <string.h>

/* "vals": what file(1) and we know the index by. */
#define APPLICATION_ID      1986096243
#define APPLICATION_ID_TEXT "1986096243"

/* Lists walk over `letter`, so it holds little and lies in the order of lists; what is long and
 * seldom wanted stands in `waybill`, in the order of the batches that it proves.  Every further
 * index would cost each letter another place to be written to.
 *
 * segment and place are NULL for an envelope in a file of its own.  sealed is empty in `waybill`
 * while nobody vouches for it.  `leaving` has the letters whose bytes are still to be overwritten.
 */
/* clang-format off */
static const char FIRST[] =
    "PRAGMA application_id = " APPLICATION_ID_TEXT ";"
    "CREATE TABLE letter ("
    "  kept_at_s INTEGER NOT NULL,"
    "  number BLOB NOT NULL CHECK (length(number) = 32),"
    "  size INTEGER NOT NULL,"
    "  segment INTEGER,"
    "  place INTEGER,"
    "  forgotten INTEGER NOT NULL,"
    "  mode INTEGER NOT NULL,"
    "  roles INTEGER NOT NULL,"
    "  sender BLOB,"
    "  sender_proven INTEGER NOT NULL,"
    "  addressees BLOB NOT NULL,"
    "  core BLOB,"
    "  letter_id BLOB,"
    "  date_s INTEGER,"
    "  expires_s INTEGER,"
    "  expect_by_s INTEGER,"
    "  verdict INTEGER NOT NULL,"
    "  opened_at_s INTEGER NOT NULL,"
    "  sealed BLOB,"
    "  leaf_index INTEGER,"
    "  PRIMARY KEY (kept_at_s DESC, number)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE UNIQUE INDEX letter_number ON letter (number);"
    "CREATE TABLE waybill ("
    "  sealed BLOB NOT NULL,"
    "  number BLOB NOT NULL CHECK (length(number) = 32),"
    "  bytes BLOB NOT NULL,"
    "  path BLOB NOT NULL,"
    "  PRIMARY KEY (sealed, number)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE object ("
    "  kept_at_s INTEGER NOT NULL,"
    "  id BLOB NOT NULL CHECK (length(id) = 32),"
    "  kind TEXT NOT NULL,"
    "  issuer BLOB NOT NULL,"
    "  bytes BLOB NOT NULL,"
    "  PRIMARY KEY (kept_at_s, id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE UNIQUE INDEX object_id ON object (id);"
    "CREATE TABLE about ("
    "  about BLOB NOT NULL CHECK (length(about) = 32),"
    "  kept_at_s INTEGER NOT NULL,"
    "  object BLOB NOT NULL,"
    "  PRIMARY KEY (about, kept_at_s, object)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE office ("
    "  office BLOB NOT NULL PRIMARY KEY CHECK (length(office) = 32),"
    "  petname TEXT UNIQUE,"
    "  own INTEGER NOT NULL,"
    "  checked INTEGER NOT NULL,"
    "  checked_card BLOB NOT NULL,"
    "  checked_at_s INTEGER NOT NULL,"
    "  failed_checks INTEGER NOT NULL,"
    "  forked INTEGER NOT NULL,"
    "  added_at_s INTEGER NOT NULL,"
    "  cards BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE fact ("
    "  name TEXT NOT NULL PRIMARY KEY,"
    "  value BLOB NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE segment ("
    "  number INTEGER NOT NULL PRIMARY KEY,"
    "  used INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE leaving ("
    "  number BLOB NOT NULL PRIMARY KEY"
    ") STRICT, WITHOUT ROWID;";
/* Letters that go on to others, and what ties things to each other.  What was written before there
 * were hand-overs waits for one. */
static const char CARRIED[] =
    "ALTER TABLE letter ADD COLUMN way INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE letter ADD COLUMN quarantined INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE letter ADD COLUMN via BLOB;"
    "UPDATE letter SET way = 1 WHERE roles & 1;"
    "CREATE TABLE tie ("
    "  kind INTEGER NOT NULL,"
    "  about BLOB NOT NULL CHECK (length(about) = 32),"
    "  key BLOB NOT NULL CHECK (length(key) = 32),"
    "  bytes BLOB NOT NULL,"
    "  UNIQUE (kind, about, key)"
    ") STRICT;";
/* Leaves of acts over more than 64 letters, 64 bytes each, in pieces of 256 leaves. */
static const char PIECES[] =
    "INSERT INTO tie (kind, about, key, bytes)"
    "  WITH RECURSIVE piece (whole, at, size) AS ("
    "    SELECT rowid, 1, length(bytes) FROM tie WHERE kind = 1 AND length(bytes) > 4096"
    "    UNION ALL SELECT whole, at + 16384, size FROM piece WHERE at + 16384 <= size)"
    "  SELECT 12, tie.about, substr(tie.bytes, at, 32), substr(tie.bytes, at, 16384)"
    "  FROM piece JOIN tie ON tie.rowid = whole;"
    "DELETE FROM tie WHERE kind = 1 AND length(bytes) > 4096;";
/* Letters in the order in which they came to be known here: a second has many of them, and a clock
 * may be wrong.  What came before this is in order by its second, and within one by the place of
 * its envelope, as far as that lies in a segment. */
static const char ARRIVALS[] =
    "CREATE TABLE arrived ("
    "  arrival INTEGER PRIMARY KEY,"
    "  kept_at_s INTEGER NOT NULL,"
    "  number BLOB NOT NULL CHECK (length(number) = 32),"
    "  size INTEGER NOT NULL,"
    "  segment INTEGER,"
    "  place INTEGER,"
    "  forgotten INTEGER NOT NULL,"
    "  mode INTEGER NOT NULL,"
    "  roles INTEGER NOT NULL,"
    "  sender BLOB,"
    "  sender_proven INTEGER NOT NULL,"
    "  addressees BLOB NOT NULL,"
    "  core BLOB,"
    "  letter_id BLOB,"
    "  date_s INTEGER,"
    "  expires_s INTEGER,"
    "  expect_by_s INTEGER,"
    "  verdict INTEGER NOT NULL,"
    "  opened_at_s INTEGER NOT NULL,"
    "  sealed BLOB,"
    "  leaf_index INTEGER,"
    "  way INTEGER NOT NULL,"
    "  quarantined INTEGER NOT NULL,"
    "  via BLOB"
    ") STRICT;"
    "INSERT INTO arrived SELECT NULL, kept_at_s, number, size, segment, place, forgotten, mode,"
    "  roles, sender, sender_proven, addressees, core, letter_id, date_s, expires_s, expect_by_s,"
    "  verdict, opened_at_s, sealed, leaf_index, way, quarantined, via"
    "  FROM letter ORDER BY kept_at_s, segment, place, number;"
    "DROP TABLE letter;"
    "ALTER TABLE arrived RENAME TO letter;"
    "CREATE UNIQUE INDEX letter_number ON letter (number);";
/* clang-format on */

const char *const vl_schema_steps[] = {FIRST, CARRIED, PIECES, ARRIVALS};
const size_t vl_schema_step_count = sizeof vl_schema_steps / sizeof *vl_schema_steps;

enum vl_err vl_schema_look(struct vl_sql *sql, size_t version, enum vl_schema_state *state,
                           struct vl_why *why)
{
    int64_t found, application, tables;
    enum vl_err err = vl_sql_ask(sql, "PRAGMA user_version", &found, why);

    if (!err)
        err = vl_sql_ask(sql, "PRAGMA application_id", &application, why);
    if (!err)
        err = vl_sql_ask(sql, "SELECT count(*) FROM sqlite_schema", &tables, why);
    if (err)
        return err;
    *state = VL_SCHEMA_EMPTY;
    if (found == 0 && tables == 0 && application == 0)
        return VL_OK;
    if (application != APPLICATION_ID || found < 0)
        return vl_fail(why, VL_ERR_FORMAT, "the index is a database of something else");
    if ((uint64_t)found > version)
        return vl_fail(why, VL_ERR_UNSUPPORTED,
                       "made by a newer valise: its index has version %lld, and this one knows "
                       "versions up to %zu",
                       (long long)found, version);
    *state = (uint64_t)found < version ? VL_SCHEMA_OLDER : VL_SCHEMA_CURRENT;
    return VL_OK;
}

static enum vl_err keep_journal(struct vl_sql *sql, struct vl_why *why)
{
    VL_AUTO(vl_sql_end) struct vl_sql_run run = VL_SQL_RUN_INIT;
    bool has_row = false;
    enum vl_err err = vl_sql_start(sql, "PRAGMA journal_mode = WAL", &run, why);

    if (!err)
        err = vl_sql_step(&run, &has_row, why);
    if (!err && (!has_row || strcmp(vl_sql_text(&run, 0), "wal") != 0))
        return vl_fail(why, VL_ERR_UNSUPPORTED,
                       "this file system has no shared memory, which the index needs");
    return err;
}

static enum vl_err step_up(struct vl_sql *sql, const char *step, size_t version, struct vl_why *why)
{
    char number[48];
    enum vl_err err = vl_sql_do(sql, step, why);

    (void)snprintf(number, sizeof number, "PRAGMA user_version = %zu", version);
    return err ? err : vl_sql_do(sql, number, why);
}

enum vl_err vl_schema_raise(struct vl_sql *sql, const char *const *steps, size_t step_count,
                            struct vl_why *why)
{
    int64_t version = 0;
    enum vl_err err = keep_journal(sql, why);

    if (!err)
        err = vl_sql_ask(sql, "PRAGMA user_version", &version, why);
    if (err || (size_t)version >= step_count)
        return err;
    err = vl_sql_do(sql, "BEGIN IMMEDIATE", why);
    if (err)
        return err;
    /* Asked again: somebody may have done it while this waited. */
    err = vl_sql_ask(sql, "PRAGMA user_version", &version, why);
    for (size_t i = (size_t)version; !err && i < step_count; i++)
        err = step_up(sql, steps[i], i + 1, why);
    if (!err)
        err = vl_sql_do(sql, "COMMIT", why);
    if (err)
        vl_sql_rollback(sql);
    return err;
}
