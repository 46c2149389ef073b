/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a home's store, mending what a killed process left, copying its index, closing it.
 *
 * Whoever opens it for reading only, while no journal is there, reads the index as a file that
 * nobody changes: nothing is written then, not even for locks, and it works on a medium that cannot
 * be written.  So that it is true, such a reader holds a shared lock on the folder, and a writer
 * brings its journal in only while it has that lock alone. */
#include "store/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "store/schema.h"
#include "sys/folder.h"

#define INDEX   "store.db"
#define JOURNAL "store.db-wal"

void vl_home_store_close(struct vl_store *store)
{
    struct vl_home_store *home = (struct vl_home_store *)store;

    if (!home)
        return;
    if (home->sql)
        vl_sql_close(home->sql, !home->read_only && vl_home_store_is_alone(home));
    vl_segments_close(home->segments);
    vl_large_home_close(home->large);
    vl_part_files_close(home->parts);
    vl_buf_release(&home->named);
    vl_buf_release(&home->parts_written);
    vl_buf_release(&home->parts_made);
    vl_buf_release(&home->parts_done);
    vl_buf_release(&home->parts_joined);
    if (home->folder >= 0)
        (void)close(home->folder);
    vl_free(home);
}

static enum vl_err why_errno(struct vl_why *why, const char *doing)
{
    int number = errno;

    return vl_fail(why, number == ENOSPC || number == EDQUOT ? VL_ERR_NO_SPACE : VL_ERR_IO,
                   "%s: %s", doing, strerror(number));
}

static bool sync_folder(int folder)
{
    return fsync(folder) == 0 || errno == EINVAL || errno == ENOTSUP;
}

/* An empty index, and its name durable. */
static enum vl_err make_index(int folder, struct vl_why *why)
{
    int fd = openat(folder, INDEX, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        return why_errno(why, "making the index");
    (void)close(fd);
    if (!sync_folder(folder))
        return why_errno(why, "making the index durable");
    return VL_OK;
}

/* May the index be read as a file that nobody changes?  Then the lock stays. */
static bool is_still(int folder)
{
    struct stat info;

    while (flock(folder, LOCK_SH) != 0)
        if (errno != EINTR)
            break;
    if (fstatat(folder, JOURNAL, &info, 0) != 0 || info.st_size == 0)
        return true;
    (void)flock(folder, LOCK_UN);
    return false;
}

static enum vl_err open_index(struct vl_home_store *home, const char *folder, unsigned flags,
                              struct vl_why *why)
{
    unsigned how = 0;
    struct stat info;
    char *path;
    enum vl_err err = VL_OK;

    if (fstatat(home->folder, INDEX, &info, 0) != 0) {
        if (errno != ENOENT)
            return why_errno(why, "the index");
        if (!(flags & VL_STORE_CREATE))
            return vl_fail(why, VL_ERR_NO_HOME, "there is no store.db");
        err = make_index(home->folder, why);
    }
    if (err)
        return err;
    if (home->read_only)
        how = VL_SQL_READ_ONLY | (is_still(home->folder) ? VL_SQL_STILL : 0);
    path = vl_path_join(folder, INDEX);
    if (!path)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a path");
    err = vl_sql_open(path, how, &home->sql, why);
    vl_free(path);
    return err;
}

static enum vl_err look_at_schema(struct vl_home_store *home, unsigned flags, struct vl_why *why)
{
    enum vl_schema_state state = VL_SCHEMA_EMPTY;
    enum vl_err err = vl_schema_look(home->sql, vl_schema_step_count, &state, why);

    if (err)
        return err;
    if (state == VL_SCHEMA_EMPTY && !(flags & VL_STORE_CREATE))
        return vl_fail(why, VL_ERR_NO_HOME, "its making was never finished");
    if (state != VL_SCHEMA_EMPTY && flags & VL_STORE_CREATE)
        return vl_fail(why, VL_ERR_EXISTS, "there is a store already");
    if (home->read_only && state == VL_SCHEMA_OLDER)
        return vl_fail(why, VL_ERR_UNSUPPORTED,
                       "made by an older valise: it has to be opened for writing once");
    return VL_OK;
}

/* The folders, durable before there are tables: a store with tables has them. */
static enum vl_err open_folders(struct vl_home_store *home, unsigned flags, struct vl_why *why)
{
    int letters;
    bool synced;
    enum vl_err err = vl_segments_open(home->folder, home->read_only, &home->segments, why);

    if (!err)
        err = vl_large_home_open(home->folder, home->read_only, &home->large, why);
    if (!err)
        err = vl_part_files_open(home->folder, &home->parts, why);
    home->store.large = home->large;
    if (err || !(flags & VL_STORE_CREATE))
        return err;
    letters = openat(home->folder, "letters", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    synced = letters >= 0 && sync_folder(letters) && sync_folder(home->folder);
    if (!synced)
        err = why_errno(why, "making the folders durable");
    if (letters >= 0)
        (void)close(letters);
    return err;
}

/* Where there are no second names, a part moved before it was known to become an envelope. */
static enum vl_err move_part_back(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    struct vl_home_store *home = self;

    (void)why;
    if (!vl_part_is_there(home->parts, tie->key))
        vl_part_unjoin(home->parts, tie->key, tie->about);
    return VL_OK;
}

static enum vl_err sweep_part(void *self, const uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    struct vl_home_store *home = self;
    bool owned = true;
    enum vl_err err = vl_index_has_key(home->sql, VL_TIE_PARTIAL, id, &owned, why);

    if (!err && !owned)
        vl_part_remove(home->parts, id);
    return err;
}

static enum vl_err look_at_new_one(void *self, const uint8_t number[VL_HASH_LEN],
                                   struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_home_store *home = self;
    struct vl_place place = {0, 0};
    enum vl_err err = vl_index_letter(home->sql, number, true, &row, &place, why);

    if (err && err != VL_ERR_NOT_FOUND)
        return err;
    if (err || row.forgotten || place.segment != 0) {
        err = vl_index_ties(home->sql, VL_TIE_PARTIAL, number, NULL, move_part_back, home, why);
        if (!err)
            vl_large_unname(home->large, number);
        return err;
    }
    err = vl_buf_put(&home->named, vl_bytes_of(number, VL_HASH_LEN));
    return err == VL_ERR_NO_MEMORY ? vl_fail(why, err, "no memory for a number") : VL_OK;
}

/* Of large envelopes in letters/new/, which are letters?  Those settle, the others go. */
static enum vl_err recover(struct vl_home_store *home, struct vl_why *why)
{
    enum vl_err err = vl_large_new_ones(home->large, look_at_new_one, home, why);

    if (err)
        return err;
    vl_home_store_settle(home);
    home->named.len = 0;
    vl_home_store_wipe(home);
    return vl_part_all(home->parts, sweep_part, home, why);
}

static enum vl_err open_all(struct vl_home_store *home, const char *folder, unsigned flags,
                            struct vl_why *why)
{
    enum vl_err err;

    home->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (home->folder < 0)
        return errno == ENOENT ? vl_fail(why, VL_ERR_NO_HOME, "there is no such folder")
                               : why_errno(why, "opening its folder");
    err = open_index(home, folder, flags, why);
    if (!err)
        err = look_at_schema(home, flags, why);
    if (!err)
        err = open_folders(home, flags, why);
    if (!err && !home->read_only)
        err = vl_schema_raise(home->sql, vl_schema_steps, vl_schema_step_count, why);
    if (!err && !home->read_only)
        err = recover(home, why);
    return err;
}

enum vl_err vl_store_home_open(const char *folder, unsigned flags, struct vl_store **out,
                               struct vl_why *why)
{
    /* SQLite wants a path without links, and one that stays true when the working folder changes.
     */
    char *path = realpath(folder, NULL);
    struct vl_home_store *home;
    enum vl_err err;

    *out = NULL;
    if (!path)
        return errno == ENOENT ? vl_fail(why, VL_ERR_NO_HOME, "there is no such folder")
                               : why_errno(why, "its folder");
    home = vl_new(sizeof *home);
    if (!home) {
        free(path);
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a store");
    }
    home->store.ops = &vl_home_store_ops;
    home->folder = -1;
    home->named = VL_BUF_INIT(SIZE_MAX);
    home->parts_written = home->parts_made = VL_BUF_INIT(SIZE_MAX);
    home->parts_done = home->parts_joined = VL_BUF_INIT(SIZE_MAX);
    home->read_only = flags & VL_STORE_READ_ONLY;
    err = open_all(home, path, flags, why);
    free(path);
    if (err) {
        vl_home_store_close(&home->store);
        return err;
    }
    *out = &home->store;
    return VL_OK;
}

static enum vl_err sync_file(const char *path, struct vl_why *why)
{
    char *folder = vl_path_parent(path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum vl_err err = VL_OK;

    if (fd < 0 || fsync(fd) != 0)
        err = why_errno(why, "making the copy durable");
    if (fd >= 0)
        (void)close(fd);
    if (!err && !folder)
        err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a path");
    if (!err)
        err = vl_folder_sync(folder, why);
    vl_free(folder);
    return err;
}

enum vl_err vl_home_store_snapshot(struct vl_store *store, const char *path, struct vl_why *why)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    char *real;
    enum vl_err err;

    if (fd < 0 && errno == EEXIST)
        return vl_fail(why, VL_ERR_EXISTS, "there is such a file already");
    if (fd < 0)
        return why_errno(why, "making the copy");
    (void)close(fd);
    real = realpath(path, NULL);
    err = real ? vl_sql_copy(((struct vl_home_store *)store)->sql, real, why)
               : why_errno(why, "making the copy");
    free(real);
    if (!err)
        err = sync_file(path, why);
    if (err)
        (void)unlink(path);
    return err;
}
