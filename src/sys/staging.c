/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/staging.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "crypto/rng.h"
#include "sys/folder.h"
#include "sys/process.h"

#define STAGE_START  ".valise-"
#define STAGE_END    ".stage"
#define STAGE_DIGITS 16
#define FILES_OPEN   16

static enum vl_err fail_errno(struct vl_why *why, const char *doing, const char *path)
{
    int number = errno;

    if (number == ENOSPC || number == EDQUOT)
        return vl_fail(why, VL_ERR_NO_SPACE, "%s \"%s\": %s", doing, path, strerror(number));
    if (number == EEXIST || number == ENOTEMPTY || number == ENOTDIR)
        return vl_fail(why, VL_ERR_EXISTS, "there is something in \"%s\" already", path);
    return vl_fail(why, number == ENOENT ? VL_ERR_NOT_FOUND : VL_ERR_IO, "%s \"%s\": %s", doing,
                   path, strerror(number));
}

static int remove_one(const char *path, const struct stat *is, int kind, struct FTW *where)
{
    (void)is;
    (void)kind;
    (void)where;
    (void)remove(path); /* what stays makes its folder stay, and the next one tries again */
    return 0;
}

/* The folder and everything in it; links are removed and not followed. */
static void remove_all(const char *path)
{
    (void)nftw(path, remove_one, FILES_OPEN, FTW_DEPTH | FTW_PHYS);
}

static bool is_stage(const char *name)
{
    const size_t start = sizeof STAGE_START - 1;

    return strncmp(name, STAGE_START, start) == 0 &&
           strspn(name + start, "0123456789abcdef") == STAGE_DIGITS &&
           strcmp(name + start + STAGE_DIGITS, STAGE_END) == 0;
}

/* Take away what killed processes left beside the target. */
static void sweep(const char *parent)
{
    DIR *list = opendir(parent);
    const struct dirent *entry;

    while (list && (entry = readdir(list)) != NULL) {
        char *path;
        int fd;

        if (!is_stage(entry->d_name))
            continue;
        fd = openat(dirfd(list), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
            path = vl_path_join(parent, entry->d_name);
            if (path)
                remove_all(path);
            vl_free(path);
        }
        if (fd >= 0)
            (void)close(fd);
    }
    if (list)
        (void)closedir(list);
}

static char *stage_path(const char *parent)
{
    const struct vl_rng rng = vl_rng_system();
    char name[sizeof STAGE_START + STAGE_DIGITS + sizeof STAGE_END];
    uint64_t number = 0;

    if (vl_rng_fill(&rng, (uint8_t *)&number, sizeof number) != VL_OK)
        return NULL;
    (void)snprintf(name, sizeof name, STAGE_START "%016llx" STAGE_END, (unsigned long long)number);
    return vl_path_join(parent, name);
}

/* Nothing is there, or a folder with nothing in it. */
static enum vl_err check_free(const char *target, struct vl_why *why)
{
    DIR *list = opendir(target);
    const struct dirent *entry;
    bool busy = false;

    if (!list)
        return errno == ENOENT ? VL_OK : fail_errno(why, "looking at", target);
    while (!busy && (entry = readdir(list)) != NULL)
        busy = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    (void)closedir(list);
    if (busy)
        return vl_fail(why, VL_ERR_EXISTS, "there is something in \"%s\" already", target);
    return VL_OK;
}

enum vl_err vl_stage_begin(const char *target, struct vl_stage *stage, struct vl_why *why)
{
    char *parent = vl_path_parent(target);
    enum vl_err err = parent ? check_free(target, why) : VL_ERR_NO_MEMORY;

    if (!err && !vl_folder_is_there(parent))
        err = vl_folder_make(parent, why);
    if (!err) {
        sweep(parent);
        stage->path = stage_path(parent);
        stage->target = vl_new(strlen(target) + 1);
        err = stage->path && stage->target ? VL_OK : VL_ERR_NO_MEMORY;
    }
    vl_free(parent);
    if (!err) {
        memcpy(stage->target, target, strlen(target) + 1);
        if (mkdir(stage->path, 0700) != 0)
            err = fail_errno(why, "making", stage->path);
    }
    if (!err) {
        stage->fd = open(stage->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (stage->fd < 0)
            err = fail_errno(why, "opening", stage->path);
        else
            (void)flock(stage->fd, LOCK_EX | LOCK_NB);
        if (stage->fd >= 0)
            vl_stop_remember_folder(stage->fd, stage->path);
    }
    return err == VL_ERR_NO_MEMORY ? vl_fail(why, err, "no memory for a name") : err;
}

enum vl_err vl_stage_commit(struct vl_stage *stage, struct vl_why *why)
{
    char *parent = vl_path_parent(stage->target);
    enum vl_err err = parent ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");

    if (!err && fsync(stage->fd) != 0)
        err = fail_errno(why, "making durable", stage->path);
    /* rename() takes the place of an empty folder and of nothing else. */
    if (!err && rename(stage->path, stage->target) != 0)
        err = fail_errno(why, "giving its name to", stage->target);
    if (!err) {
        err = vl_folder_sync(parent, why);
        /* Nobody knows whether it would stay: back, to be dropped under its hidden name. */
        if (!err || rename(stage->target, stage->path) != 0) {
            vl_stop_forget_folder();
            vl_free(stage->path);
            stage->path = NULL;
        }
    }
    vl_free(parent);
    return err;
}

void vl_stage_drop(struct vl_stage *stage)
{
    if (stage->path) {
        vl_stop_forget_folder();
        remove_all(stage->path);
    }
    if (stage->fd >= 0)
        (void)close(stage->fd);
    vl_free(stage->path);
    vl_free(stage->target);
    *stage = (struct vl_stage)VL_STAGE_INIT;
}
