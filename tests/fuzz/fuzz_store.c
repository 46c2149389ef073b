/* SPDX-License-Identifier: Apache-2.0 */
/* A home that somebody else wrote.  The bytes are edits, six each, of the index and the segment of
 * a good home: which file, where, what stands there, or how long the file is.  A letter that can be
 * read has the size that its row says; where looking at everything finds nothing wrong every letter
 * has its number; and what is put into such a home, if that works, comes back as it was. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define EDIT    6
#define LETTERS 3
#define CEIL    ((size_t)1 << 22)

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static char folder[256];
static const char *const names[2] = {"store.db", "segments/000001.segment"};
static struct vl_buf good[2];

static const char *path_of(const char *name, char path[384])
{
    (void)snprintf(path, 384, "%s/%s", folder, name);
    return path;
}

static void read_file(const char *name, struct vl_buf *out)
{
    char path[384];
    FILE *in = fopen(path_of(name, path), "rb");
    uint8_t piece[4096];
    size_t got;

    check(in != NULL);
    while ((got = fread(piece, 1, sizeof piece, in)) > 0)
        check(vl_buf_put(out, vl_bytes_of(piece, got)) == VL_OK);
    (void)fclose(in);
}

static void write_file(const char *name, vl_bytes bytes)
{
    char path[384];
    FILE *out = fopen(path_of(name, path), "wb");

    check(out && fwrite(bytes.ptr, 1, bytes.len, out) == bytes.len && fclose(out) == 0);
}

static void remove_folder(void)
{
    static const char *const all[] = {
        "store.db",    "store.db-wal", "store.db-shm", "segments/000001.segment",
        "letters/new", "letters",      "segments",     "tmp",
    };
    char path[384];

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        (void)remove(path_of(all[i], path));
    (void)rmdir(folder);
}

static struct vl_letter_row row_of(vl_bytes envelope)
{
    struct vl_letter_row row = VL_LETTER_ROW_INIT;

    vl_sha256(envelope, row.number);
    row.size = envelope.len;
    row.mode = 1;
    row.roles = VL_ROLE_TAKEN;
    row.waybill = VL_LITERAL("a waybill");
    return row;
}

static enum vl_err put(struct vl_store *store, vl_bytes envelope)
{
    struct vl_letter_row row = row_of(envelope);
    bool is_new;
    enum vl_err err = vl_store_begin(store, NULL);

    if (!err)
        err = vl_store_put_letter_bytes(store, &row, envelope, &is_new, NULL);
    if (!err)
        err = vl_store_commit(store, NULL);
    vl_store_rollback(store);
    return err;
}

static void prepare(void)
{
    const char *tmp = getenv("TMPDIR");
    struct vl_store *store = NULL;

    if (folder[0])
        return;
    (void)snprintf(folder, sizeof folder, "%s/valise-fuzz-store.XXXXXX", tmp ? tmp : "/tmp");
    check(mkdtemp(folder) != NULL);
    check(atexit(remove_folder) == 0);
    check(vl_store_home_open(folder, VL_STORE_CREATE, &store, NULL) == VL_OK);
    for (uint8_t i = 0; i < LETTERS; i++) {
        uint8_t envelope[100];

        memset(envelope, i, sizeof envelope);
        check(put(store, vl_bytes_of(envelope, 30u * (i + 1u))) == VL_OK);
    }
    vl_store_close(store);
    for (size_t i = 0; i < 2; i++) {
        good[i] = VL_BUF_INIT(CEIL);
        read_file(names[i], &good[i]);
    }
}

static void edit(struct vl_buf files[2], const uint8_t *at)
{
    struct vl_buf *file = &files[at[0] & 1];
    size_t place = ((size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3]) % (file->len + 1);

    if (at[0] & 2)
        file->len = place;
    else
        for (size_t i = 0; i < 2 && place + i < file->len; i++)
            file->data[place + i] = at[4 + i];
}

/* The whole of an envelope; *is_own tells whether it is the one of its number. */
static enum vl_err read_letter(struct vl_store *store, const struct vl_letter_row *row,
                               bool *is_own)
{
    VL_AUTO(vl_buf_release) struct vl_buf all = VL_BUF_INIT((size_t)1 << 30);
    struct vl_envelope *envelope = NULL;
    uint8_t piece[64], number[VL_HASH_LEN];
    size_t got = 1;
    enum vl_err err = vl_store_envelope(store, row->number, &envelope, NULL);

    while (!err && got > 0) {
        err = vl_envelope_read(envelope, (vl_room){piece, sizeof piece}, &got, NULL);
        if (!err)
            err = vl_buf_put(&all, vl_bytes_of(piece, got));
    }
    if (!err) {
        check(vl_envelope_size(envelope) == row->size && all.len == row->size);
        vl_sha256(vl_buf_bytes(&all), number);
        *is_own = memcmp(number, row->number, sizeof number) == 0;
    }
    vl_envelope_free(envelope);
    return err;
}

struct walk {
    struct vl_store *store;
    size_t wrong;
    size_t findings;
};

static enum vl_err look_at(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct walk *walk = self;
    bool is_own = false;

    (void)why;
    check(row->to_count <= VL_STORE_MAX_TO && row->path.len <= row->own.len);
    if (!row->forgotten && (read_letter(walk->store, row, &is_own) || !is_own))
        walk->wrong++;
    return VL_OK;
}

static enum vl_err found(void *self, const struct vl_store_finding *finding)
{
    struct walk *walk = self;

    check(finding->what && finding->what[0]);
    walk->findings += !finding->harmless;
    return VL_OK;
}

static void read_home(void)
{
    struct walk walk = {NULL, 0, 0};
    const struct vl_letter_query all = {.lean = false};
    enum vl_err err = vl_store_home_open(folder, VL_STORE_READ_ONLY, &walk.store, NULL);

    if (err) {
        check(!walk.store);
        return;
    }
    err = vl_store_letters(walk.store, &all, look_at, &walk, NULL);
    if (vl_store_look(walk.store, true, found, &walk, NULL) == VL_OK && !err)
        check(walk.findings > 0 || walk.wrong == 0);
    vl_store_close(walk.store);
}

static void write_home(vl_bytes envelope)
{
    struct vl_store *store = NULL;
    struct vl_letter_row row = row_of(envelope);
    bool is_own = false;

    if (vl_store_home_open(folder, 0, &store, NULL) != VL_OK)
        return;
    if (put(store, envelope) == VL_OK)
        check(read_letter(store, &row, &is_own) == VL_OK && is_own);
    vl_store_close(store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct vl_buf files[2] = {VL_BUF_INIT(CEIL), VL_BUF_INIT(CEIL)};
    char path[384];

    prepare();
    for (size_t i = 0; i < 2; i++)
        check(vl_buf_put(&files[i], vl_buf_bytes(&good[i])) == VL_OK);
    for (size_t at = 0; at + EDIT <= len && at < 64 * (size_t)EDIT; at += EDIT)
        edit(files, data + at);
    (void)remove(path_of("store.db-wal", path));
    (void)remove(path_of("store.db-shm", path));
    for (size_t i = 0; i < 2; i++)
        write_file(names[i], vl_buf_bytes(&files[i]));
    read_home();
    if (len > 0 && data[0] & 4)
        write_home(vl_bytes_of(data, len));
    vl_buf_release(&files[0]);
    vl_buf_release(&files[1]);
    return 0;
}
