/* SPDX-License-Identifier: Apache-2.0 */
/* Backups that somebody else wrote.  The bytes are edits, six each, of the archive inside a good
 * backup: where, and what stands there, or how long it is.  It is sealed again and restored. Either
 * nothing is there afterwards, not even a part of it, or a home whose letters have their numbers.
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "office/init.h"
#include "office/keeping.h"
#include "store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define EDIT 6
#define CEIL ((size_t)1 << 24)

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static char folder[256];
static struct vl_age_identity key;
static const struct vl_age_identities keys = {&key, 1, 1};
static struct vl_buf good;

static const char *path_of(const char *name, char path[384])
{
    (void)snprintf(path, 384, "%s/%s", folder, name);
    return path;
}

static int take_away(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info, (void)kind, (void)at;
    return remove(path);
}

static void remove_all(const char *path)
{
    (void)nftw(path, take_away, 16, FTW_DEPTH | FTW_PHYS);
}

static void remove_folder(void)
{
    remove_all(folder);
}

static enum vl_err no_passphrase(void *self, enum vl_ask_for what, const char *name,
                                 struct vl_passphrase *out, struct vl_why *why)
{
    (void)self, (void)what, (void)name, (void)why;
    out->len = 0;
    return VL_OK;
}

static const struct vl_asker asker = {no_passphrase, NULL};

static enum vl_err fill_with_ones(void *self, uint8_t *out, size_t len)
{
    (void)self;
    memset(out, 1, len);
    return VL_OK;
}

static void put_letter(struct vl_store *store)
{
    struct vl_letter_row row = VL_LETTER_ROW_INIT;
    uint8_t envelope[700];
    bool is_new;

    memset(envelope, 'e', sizeof envelope);
    vl_sha256(VL_ARRAY(envelope), row.number);
    row.size = sizeof envelope;
    row.mode = 1;
    row.roles = VL_ROLE_TAKEN;
    check(vl_store_begin(store, NULL) == VL_OK);
    check(vl_store_put_letter_bytes(store, &row, VL_ARRAY(envelope), &is_new, NULL) == VL_OK);
    check(vl_store_commit(store, NULL) == VL_OK);
}

static void write_file(const char *path, vl_bytes bytes)
{
    FILE *out = fopen(path, "wb");

    check(out && fwrite(bytes.ptr, 1, bytes.len, out) == bytes.len && fclose(out) == 0);
}

static void read_file(const char *path, struct vl_buf *out)
{
    uint8_t piece[4096];
    FILE *in = fopen(path, "rb");
    size_t got;

    check(in != NULL);
    while ((got = fread(piece, 1, sizeof piece, in)) > 0)
        check(vl_buf_put(out, vl_bytes_of(piece, got)) == VL_OK);
    (void)fclose(in);
}

static void unseal(const char *path)
{
    VL_AUTO(vl_buf_release) struct vl_buf sealed = VL_BUF_INIT(CEIL);
    const struct vl_open_plan plan = {.identities = &keys, .sink = vl_buf_sink(&good)};
    struct vl_opener *opener = vl_opener_new(&plan);

    read_file(path, &sealed);
    check(opener && vl_opener_write(opener, vl_buf_bytes(&sealed), NULL) == VL_OK);
    check(vl_opener_finish(opener, NULL) == VL_OK);
    vl_opener_free(opener);
}

static void prepare(void)
{
    static const struct vl_rng ones = {fill_with_ones, NULL};
    const struct vl_age_recipients recipients = {&key.recipient, 1, 1};
    const char *tmp = getenv("TMPDIR");
    struct vl_home home = VL_HOME_INIT;
    char home_path[384], backup_path[384];
    struct vl_init_request init = {.asker = asker, .rng = ones, .name = "Office", .now_s = 1};
    struct vl_backup_request backup = {.recipients = &recipients, .rng = ones, .now_s = 1};
    uint64_t letters, bytes;
    bool sealed;

    if (folder[0])
        return;
    (void)snprintf(folder, sizeof folder, "%s/valise-fuzz-backup.XXXXXX", tmp ? tmp : "/tmp");
    check(mkdtemp(folder) != NULL);
    check(atexit(remove_folder) == 0);
    check(vl_age_identity_make(&ones, &key) == VL_OK);
    good = VL_BUF_INIT(CEIL);
    init.home = path_of("first", home_path);
    backup.output = path_of("backup", backup_path);
    check(vl_init(&init, &sealed, NULL) == VL_OK);
    check(vl_home_open(home_path, VL_HOME_WRITE, &home, NULL) == VL_OK);
    put_letter(home.store);
    check(vl_backup(&home, &backup, &letters, &bytes, NULL) == VL_OK && letters == 1);
    vl_home_close(&home);
    unseal(backup_path);
    remove_all(home_path);
}

static void edit(struct vl_buf *archive, const uint8_t *at)
{
    size_t place = ((size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3]) % (archive->len + 1);

    if (at[0] & 1)
        archive->len = place;
    else
        for (size_t i = 0; i < 2 && place + i < archive->len; i++)
            archive->data[place + i] = at[4 + i];
}

static void seal(vl_bytes archive, const char *path)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(CEIL);
    const struct vl_age_recipients recipients = {&key.recipient, 1, 1};
    const struct vl_seal_plan plan = {.recipients = &recipients,
                                      .rng = {fill_with_ones, NULL},
                                      .sink = vl_buf_sink(&out)};
    struct vl_sealer *sealer = NULL;

    check(vl_sealer_new(&plan, &sealer, NULL) == VL_OK);
    check(vl_sealer_write(sealer, archive, NULL) == VL_OK);
    check(vl_sealer_finish(sealer, NULL) == VL_OK);
    vl_sealer_free(sealer);
    write_file(path, vl_buf_bytes(&out));
}

static size_t left_over;

static int count(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)path, (void)info, (void)kind;
    left_over += at->level == 1;
    return 0;
}

/* The letter has its number wherever it is. */
static enum vl_err look_at(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct vl_envelope *envelope = NULL;
    uint8_t bytes[1024], number[VL_HASH_LEN];
    size_t got = 0;

    (void)why;
    if (vl_store_envelope(self, row->number, &envelope, NULL) != VL_OK)
        return VL_OK;
    if (vl_envelope_size(envelope) <= sizeof bytes &&
        vl_envelope_read(envelope, (vl_room){bytes, sizeof bytes}, &got, NULL) == VL_OK) {
        vl_sha256(vl_bytes_of(bytes, got), number);
        check(memcmp(number, row->number, sizeof number) == 0);
    }
    vl_envelope_free(envelope);
    return VL_OK;
}

static void check_home(const char *path)
{
    const struct vl_letter_query all = {.lean = true};
    struct vl_home home = VL_HOME_INIT;

    check(vl_home_open(path, 0, &home, NULL) == VL_OK);
    /* An index that is damaged elsewhere may say so. */
    check(vl_store_letters(home.store, &all, look_at, home.store, NULL) != VL_ERR_NO_MEMORY);
    vl_home_close(&home);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_buf_release) struct vl_buf archive = VL_BUF_INIT(CEIL);
    char home[384], input[384];
    struct vl_restore_request request = {.asker = &asker, .identities = &keys, .now_s = 1};
    enum vl_err err;

    prepare();
    check(vl_buf_put(&archive, vl_buf_bytes(&good)) == VL_OK);
    for (size_t at = 0; at + EDIT <= len && at < 64 * (size_t)EDIT; at += EDIT)
        edit(&archive, data + at);
    request.input = path_of("backup", input);
    request.home = path_of("second", home);
    seal(vl_buf_bytes(&archive), input);
    err = vl_restore(&request, NULL);
    check(len >= EDIT || err == VL_OK);
    if (!err)
        check_home(home);
    left_over = 0;
    (void)nftw(folder, count, 16, FTW_PHYS);
    check(left_over == (err ? 1 : 2)); /* the backup, and the home */
    remove_all(home);
    return 0;
}
