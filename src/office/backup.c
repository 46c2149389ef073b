/* SPDX-License-Identifier: Apache-2.0 */
/* A home as one sealed file, and back.
 *
 * Inside the seal is a pax archive: valise.backup, which says what this is; the files of the home
 * that are not letters; a copy of the index; and each envelope under its number. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "codec/number.h"
#include "letter/pax.h"
#include "office/keeping.h"
#include "office/pieces.h"
#include "seal/seal.h"
#include "sys/folder.h"
#include "sys/infile.h"
#include "sys/outfile.h"
#include "sys/process.h"
#include "sys/staging.h"

#define PIECE      ((size_t)256 << 10)
#define MARK_NAME  "valise.backup"
#define MARK       VL_LITERAL("valise/backup/v1\n")
#define INDEX_NAME "store.db"
#define ENVELOPES  "envelopes/"
#define SMALL_MAX  ((size_t)16 << 20)

/* What is copied as it is, when it is there. */
static const char *const small_files[] = {
    "keys.age", "keys.cbor", "recovery/next.age", "recovery/next.cbor", "recovery/revocation.card",
};
#define SMALL_COUNT (sizeof small_files / sizeof *small_files)

struct backing_up {
    struct vl_home *home;
    const struct vl_backup_request *request;
    struct vl_sealer *sealer;
    struct vl_buf piece;
    uint64_t letters;
    uint64_t done;
};

static enum vl_err put_header(struct backing_up *backing, const char *name, uint64_t size,
                              struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf header = VL_BUF_INIT(VL_PAX_HEADER_MAX);
    enum vl_err err = vl_pax_header(vl_bytes_str(name), size, &header);

    return err ? vl_fail(why, err, "no memory for a header")
               : vl_sealer_write(backing->sealer, vl_buf_bytes(&header), why);
}

static enum vl_err put_fill(struct backing_up *backing, uint64_t size, struct vl_why *why)
{
    static const uint8_t zeroes[VL_PAX_BLOCK];

    return vl_sealer_write(backing->sealer, vl_bytes_of(zeroes, vl_pax_fill(size)), why);
}

static enum vl_err put_bytes(struct backing_up *backing, const char *name, vl_bytes bytes,
                             struct vl_why *why)
{
    enum vl_err err = put_header(backing, name, bytes.len, why);

    if (!err)
        err = vl_sealer_write(backing->sealer, bytes, why);
    return err ? err : put_fill(backing, bytes.len, why);
}

static enum vl_err put_file(struct backing_up *backing, const char *path, const char *name,
                            struct vl_why *why)
{
    VL_AUTO(vl_in_close) struct vl_in in = VL_IN_INIT;
    uint8_t *at = backing->piece.data;
    size_t got = 1;
    enum vl_err err = vl_in_open(path, &in, why);

    if (!err)
        err = put_header(backing, name, in.size, why);
    while (!err && in.read_bytes < in.size && got > 0) {
        err = vl_in_read(&in, (vl_room){at, PIECE}, &got, why);
        if (!err && in.read_bytes > in.size)
            err = vl_fail(why, VL_ERR_IO, "it grew while it was read");
        if (!err)
            err = vl_sealer_write(backing->sealer, vl_bytes_of(at, got), why);
    }
    if (!err)
        err = put_fill(backing, in.size, why);
    return err ? vl_fail_in(why, err, "\"%s\"", name) : VL_OK;
}

static enum vl_err put_letter(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct backing_up *backing = self;
    struct vl_envelope *envelope = NULL;
    char name[sizeof ENVELOPES + VL_NUMBER_TEXT], number[VL_NUMBER_TEXT];
    uint8_t *at = backing->piece.data;
    size_t got = 1;
    enum vl_err err;

    if (row->forgotten)
        return VL_OK;
    err = vl_store_envelope(backing->home->store, row->number, &envelope, why);
    (void)snprintf(name, sizeof name, ENVELOPES "%s",
                   vl_number_text(VL_LETTER_HRP, row->number, number));
    if (!err)
        err = put_header(backing, name, vl_envelope_size(envelope), why);
    while (!err && got > 0) {
        err = vl_envelope_read(envelope, (vl_room){at, PIECE}, &got, why);
        if (!err)
            err = vl_sealer_write(backing->sealer, vl_bytes_of(at, got), why);
        backing->done += got;
    }
    if (!err)
        err = put_fill(backing, vl_envelope_size(envelope), why);
    vl_envelope_free(envelope);
    backing->letters += !err;
    if (!err && backing->request->progress.moved)
        backing->request->progress.moved(backing->request->progress.self, backing->done, 0);
    return err;
}

static enum vl_err put_index(struct backing_up *backing, struct vl_why *why)
{
    char *path = vl_home_path(backing->home, "tmp/backup.db");
    struct vl_why ignored;
    enum vl_err err =
        path ? vl_file_remove(path, why) : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");

    if (!err)
        err = vl_store_snapshot(backing->home->store, path, why);
    if (!err)
        err = put_file(backing, path, INDEX_NAME, why);
    if (path) {
        enum vl_err left = vl_file_remove(path, &ignored);

        if (left && !err)
            err = vl_fail(why, left, "%s", ignored.text);
    }
    vl_free(path);
    return err;
}

static enum vl_err put_all(struct backing_up *backing, struct vl_why *why)
{
    static const uint8_t zeroes[VL_PAX_END];
    const struct vl_letter_query all = {.lean = true};
    uint8_t *at;
    enum vl_err err = vl_buf_add(&backing->piece, PIECE, &at);

    if (!err)
        err = put_bytes(backing, MARK_NAME, MARK, why);
    for (size_t i = 0; i < SMALL_COUNT && !err; i++) {
        char *path = vl_home_path(backing->home, small_files[i]);

        if (!path)
            err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");
        else if (vl_file_is_there(path))
            err = put_file(backing, path, small_files[i], why);
        vl_free(path);
    }
    if (!err)
        err = put_index(backing, why);
    if (!err)
        err = vl_store_letters(backing->home->store, &all, put_letter, backing, why);
    return err ? err : vl_sealer_write(backing->sealer, VL_ARRAY(zeroes), why);
}

enum vl_err vl_backup(struct vl_home *home, const struct vl_backup_request *request,
                      uint64_t *letters, uint64_t *output_bytes, struct vl_why *why)
{
    struct backing_up backing = {.home = home, .request = request, .piece = VL_BUF_INIT(PIECE)};
    VL_AUTO(vl_out_drop) struct vl_out out = VL_OUT_INIT;
    enum vl_err err = vl_out_open(request->output, request->out_flags | VL_OUT_PRIVATE, &out, why);
    const struct vl_seal_plan plan = {.recipients = request->recipients,
                                      .passphrase = request->passphrase,
                                      .workers = request->workers,
                                      .rng = request->rng,
                                      .sink = vl_out_sink(&out)};

    if (!err)
        err = vl_sealer_new(&plan, &backing.sealer, why);
    if (!err)
        err = put_all(&backing, why);
    if (!err)
        err = vl_sealer_finish(backing.sealer, why);
    vl_sealer_free(backing.sealer);
    if (!err && home->access != VL_HOME_REHEARSE)
        err = vl_out_commit(&out, why);
    vl_buf_release(&backing.piece);
    *letters = backing.letters;
    *output_bytes = out.written;
    return err;
}

/* The way back: files of the archive go to a folder that has no name yet; envelopes are put into a
 * store that is rebuilt around the old index. */
struct restoring {
    const struct vl_restore_request *request;
    struct vl_stage stage;
    struct vl_pax_reader *reader;
    struct vl_out out; /* the file being written */
    bool writing;
    bool marked; /* it began as a backup begins */
    bool has_index;
    struct vl_store *store; /* the new one, once envelopes come */
    struct vl_spool *spool; /* the envelope being read */
    struct vl_sink spool_sink;
    struct vl_hasher hasher;
    uint8_t number[VL_HASH_LEN];
    struct vl_buf mark;
    uint64_t since_commit;
};

static void release(struct restoring *restoring)
{
    vl_pax_reader_free(restoring->reader);
    vl_spool_free(restoring->spool);
    vl_hasher_release(&restoring->hasher);
    vl_store_close(restoring->store);
    vl_out_drop(&restoring->out);
    vl_buf_release(&restoring->mark);
    vl_stage_drop(&restoring->stage);
}

static bool is_small(vl_bytes name)
{
    for (size_t i = 0; i < SMALL_COUNT; i++)
        if (vl_bytes_eq(name, vl_bytes_str(small_files[i])))
            return true;
    return false;
}

/* The index comes before the first envelope; then the store can be opened for writing. */
static enum vl_err open_store(struct restoring *restoring, struct vl_why *why)
{
    enum vl_err err;

    if (restoring->store)
        return VL_OK;
    if (!restoring->has_index)
        return vl_fail(why, VL_ERR_FORMAT, "an envelope before the index");
    err = vl_store_home_open(restoring->stage.path, 0, &restoring->store, why);
    return err ? err : vl_store_begin(restoring->store, why);
}

static enum vl_err begin_envelope(struct restoring *restoring, vl_bytes number, uint64_t size,
                                  struct vl_why *why)
{
    struct vl_number_prefix prefix;
    enum vl_err err = vl_number_prefix(VL_LETTER_HRP, number, VL_NUMBER_SYMBOLS, &prefix);

    if (err || prefix.bit_count != 256)
        return vl_fail(why, VL_ERR_FORMAT, "an envelope without a number");
    memcpy(restoring->number, prefix.bits, VL_HASH_LEN);
    err = open_store(restoring, why);
    if (!err)
        err = vl_spool_new(restoring->store, &restoring->spool, why);
    if (err)
        return err;
    restoring->spool_sink = vl_spool_sink(restoring->spool);
    vl_hasher_begin(&restoring->hasher, size);
    return VL_OK;
}

static enum vl_err begin(void *self, vl_bytes name, uint64_t size, vl_bytes header,
                         struct vl_why *why)
{
    struct restoring *restoring = self;
    const vl_bytes envelopes = VL_LITERAL(ENVELOPES);
    char room[128];
    char *path;
    enum vl_err err;

    (void)header;
    if (!restoring->marked && !vl_bytes_eq(name, VL_LITERAL(MARK_NAME)))
        return vl_fail(why, VL_ERR_FORMAT, "it is no backup of an office");
    if (vl_bytes_eq(name, VL_LITERAL(MARK_NAME))) {
        restoring->marked = true;
        return VL_OK;
    }
    if (vl_bytes_starts(name, envelopes))
        return begin_envelope(restoring, vl_bytes_after(name, envelopes.len), size, why);
    if (!is_small(name) && !vl_bytes_eq(name, VL_LITERAL(INDEX_NAME)))
        return vl_fail(why, VL_ERR_FORMAT, "a file that is not of an office");
    restoring->has_index |= vl_bytes_eq(name, VL_LITERAL(INDEX_NAME));
    (void)snprintf(room, sizeof room, "%.*s", (int)name.len, (const char *)name.ptr);
    path = vl_path_join(restoring->stage.path, room);
    err = path ? vl_out_open(path, VL_OUT_PRIVATE | VL_OUT_PART, &restoring->out, why)
               : VL_ERR_NO_MEMORY;
    vl_free(path);
    restoring->writing = !err;
    return err;
}

static enum vl_err data(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct restoring *restoring = self;
    enum vl_err err;

    if (restoring->spool) {
        vl_hasher_put(&restoring->hasher, bytes);
        return restoring->spool_sink.put(restoring->spool_sink.self, bytes, why);
    }
    if (restoring->writing)
        return vl_out_put(&restoring->out, bytes, why);
    err = vl_buf_put(&restoring->mark, bytes);
    if (err == VL_ERR_NO_MEMORY)
        return vl_fail(why, err, "no memory to read it with");
    return err ? vl_fail(why, VL_ERR_FORMAT, "it is no backup of an office") : VL_OK;
}

static enum vl_err end_envelope(struct restoring *restoring, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_spool *spool = restoring->spool;
    uint8_t number[VL_HASH_LEN];
    bool is_new;
    enum vl_err err = vl_hasher_end(&restoring->hasher, number);

    if (!err && memcmp(number, restoring->number, VL_HASH_LEN) != 0)
        err = vl_fail(why, VL_ERR_UNVERIFIED, "an envelope is not the one of its number");
    if (!err)
        err = vl_store_letter(restoring->store, number, &row, why);
    if (!err && (row.forgotten || row.size != vl_spool_size(spool)))
        err = vl_fail(why, VL_ERR_FORMAT, "an envelope that the index does not know");
    if (err)
        return err;
    restoring->spool = NULL;
    return vl_store_put_letter(restoring->store, &row, spool, &is_new, why);
}

static enum vl_err end(void *self, struct vl_why *why)
{
    struct restoring *restoring = self;
    enum vl_err err = VL_OK;

    if (restoring->spool)
        return end_envelope(restoring, why);
    if (restoring->writing) {
        err = vl_out_commit(&restoring->out, why);
        vl_out_drop(&restoring->out);
        restoring->writing = false;
    } else if (!vl_bytes_eq(vl_buf_bytes(&restoring->mark), MARK)) {
        err = vl_fail(why, VL_ERR_UNSUPPORTED, "a backup made by a newer valise");
    }
    return err;
}

static enum vl_err put(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct restoring *restoring = self;

    return vl_pax_reader_put(restoring->reader, bytes, why);
}

static enum vl_err ask(void *self, struct vl_passphrase *out, struct vl_why *why)
{
    const struct vl_asker *asker = self;

    return asker->ask(asker->self, VL_ASK_FILE, "the backup", out, why);
}

static enum vl_err unseal(struct restoring *restoring, struct vl_why *why)
{
    const struct vl_restore_request *request = restoring->request;
    struct vl_asker asker = *request->asker;
    const struct vl_pax_sink sink = {begin, data, end, restoring};
    const struct vl_open_plan plan = {.identities = request->identities,
                                      .ask = ask,
                                      .ask_self = &asker,
                                      .workers = request->workers,
                                      .sink = {put, restoring}};
    VL_AUTO(vl_in_close) struct vl_in in = VL_IN_INIT;
    struct vl_opener *opener = vl_opener_new(&plan);
    uint64_t padding = 0;
    enum vl_err err;

    restoring->reader = vl_pax_reader_new(&sink);
    if (!opener || !restoring->reader)
        err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory to open it with");
    else
        err = vl_in_open(request->input, &in, why);
    if (!err)
        err = vl_pump_open(&in, opener, &request->progress, why);
    vl_opener_free(opener);
    return err ? err : vl_pax_reader_end(restoring->reader, &padding, why);
}

static enum vl_err see_latest(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    int64_t *latest_s = self;

    (void)why;
    if (row->kept_at_s > *latest_s)
        *latest_s = row->kept_at_s;
    return VL_OK;
}

/* A clock that is behind the backup's own letters says nothing about when this was. */
static enum vl_err note_when(const struct restoring *restoring, struct vl_why *why)
{
    const struct vl_letter_query letters = {.lean = true};
    const int64_t now_s = restoring->request->now_s;
    int64_t latest_s = 0;
    uint8_t at[8];
    enum vl_err err = vl_store_letters(restoring->store, &letters, see_latest, &latest_s, why);

    vl_bytes_put_number(now_s < latest_s ? UINT64_MAX : (uint64_t)now_s, at, sizeof at);
    return err ? err : vl_store_put_fact(restoring->store, VL_FACT_RESTORED_AT, VL_ARRAY(at), why);
}

static enum vl_err finish(struct restoring *restoring, struct vl_why *why)
{
    const uint8_t restored = 1;
    struct vl_home home = VL_HOME_INIT;
    enum vl_err err = open_store(restoring, why);

    /* Slices are not in a backup: whoever has the letter hands them again. */
    if (!err)
        err = vl_partials_drop(restoring->store, NULL, why);
    if (!err)
        err = vl_store_put_fact(restoring->store, "restored", vl_bytes_of(&restored, 1), why);
    if (!err)
        err = note_when(restoring, why);
    if (!err)
        err = vl_store_commit(restoring->store, why);
    vl_store_close(restoring->store);
    restoring->store = NULL;
    /* It must be a home before it gets the name of one. */
    if (!err)
        err = vl_home_open(restoring->stage.path, VL_HOME_WRITE, &home, why);
    vl_home_close(&home);
    return err;
}

enum vl_err vl_restore(const struct vl_restore_request *request, struct vl_why *why)
{
    VL_AUTO(release)
    struct restoring restoring = {.request = request,
                                  .stage = VL_STAGE_INIT,
                                  .out = VL_OUT_INIT,
                                  .mark = VL_BUF_INIT(64)};
    char *recovery, *drafts;
    enum vl_err err = vl_stage_begin(request->home, &restoring.stage, why);

    if (err)
        return err;
    recovery = vl_path_join(restoring.stage.path, "recovery");
    drafts = vl_path_join(restoring.stage.path, "drafts");
    err = recovery && drafts ? vl_folder_make(recovery, why) : VL_ERR_NO_MEMORY;
    if (!err)
        err = vl_folder_make(drafts, why);
    vl_free(recovery);
    vl_free(drafts);
    if (!err)
        err = unseal(&restoring, why);
    if (!err)
        err = finish(&restoring, why);
    vl_stop_hold();
    if (!err && !request->dry_run)
        err = vl_stage_commit(&restoring.stage, why);
    vl_stop_release();
    return err;
}
