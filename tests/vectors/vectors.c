/* SPDX-License-Identifier: Apache-2.0 */
#include "vectors.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX  (64u << 20)
#define NAMES_MAX 4096

void agree(struct tally *tally)
{
    tally->run++;
    tally->agreed++;
}

void differ(struct tally *tally, const char *which, const char *format, ...)
{
    va_list args;

    tally->run++;
    tally->differing++;
    printf("# %s: %s: ", tally->set, which);
    va_start(args, format);
    (void)vprintf(format, args);
    va_end(args);
    printf("\n");
}

void skip(struct tally *tally, const char *which, const char *why)
{
    tally->skipped++;
    printf("# %s: %s: skipped: %s\n", tally->set, which, why);
}

const char *kept_folder(void)
{
    static char path[PATH_SIZE];
    const char *source = getenv("VALISE_SOURCE");

    return path_in(source ? source : ".", "tests/vectors", path);
}

const char *path_in(const char *folder, const char *name, char *out)
{
    if (snprintf(out, PATH_SIZE, "%s/%s", folder, name) >= PATH_SIZE)
        out[0] = '\0'; /* no such file */
    return out;
}

bool read_whole(const char *path, struct vl_buf *out)
{
    FILE *in = fopen(path, "rb");
    uint8_t piece[65536];
    size_t got;
    bool is_good = in != NULL;

    *out = VL_BUF_INIT(FILE_MAX);
    while (is_good && (got = fread(piece, 1, sizeof piece, in)) > 0)
        is_good = vl_buf_put(out, vl_bytes_of(piece, got)) == VL_OK;
    if (in)
        (void)fclose(in);
    return is_good;
}

json_t *read_json(const char *path)
{
    struct stat about;
    json_error_t error;
    json_t *json;

    if (stat(path, &about) != 0)
        return NULL;
    json = json_load_file(path, 0, &error);
    if (!json) {
        printf("Bail out! %s: line %d: %s\n", path, error.line, error.text);
        exit(1);
    }
    return json;
}

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool unhex(const char *text, struct vl_buf *out)
{
    if (!text)
        return false;
    for (; text[0]; text += 2) {
        int high = digit(text[0]), low = high < 0 ? -1 : digit(text[1]);

        if (low < 0 || vl_buf_put_byte(out, (uint8_t)(high << 4 | low)))
            return false;
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool each_file(const char *folder, void (*call)(const char *path, struct tally *tally),
               struct tally *tally)
{
    DIR *dir = opendir(folder);
    char *names[NAMES_MAX];
    size_t count = 0;
    struct dirent *entry;

    if (!dir)
        return false;
    while ((entry = readdir(dir)) != NULL && count < NAMES_MAX)
        if (entry->d_name[0] != '.')
            names[count++] = strdup(entry->d_name);
    (void)closedir(dir);
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++) {
        char path[PATH_SIZE];

        call(path_in(folder, names[i], path), tally);
        free(names[i]);
    }
    return true;
}

static void count_one(const char *path, struct tally *tally)
{
    if (!each_file(path, count_one, tally))
        tally->run++;
}

unsigned count_files(const char *path)
{
    struct tally files = {.set = ""};

    count_one(path, &files);
    return files.run;
}
