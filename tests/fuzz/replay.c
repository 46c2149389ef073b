/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over its corpus as an ordinary test: replay FOLDER. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* An exact copy on the heap, so that reading one byte too far is seen. */
static int run(const char *path)
{
    uint8_t *data = NULL;
    long len = -1;
    FILE *in = fopen(path, "rb");

    if (in && fseek(in, 0, SEEK_END) == 0)
        len = ftell(in);
    if (len >= 0 && (data = malloc(len ? (size_t)len : 1)) != NULL) {
        rewind(in);
        if (fread(data, 1, (size_t)len, in) == (size_t)len)
            (void)LLVMFuzzerTestOneInput(data, (size_t)len);
        else
            len = -1;
    }
    free(data);
    if (in)
        fclose(in);
    return len >= 0;
}

int main(int argc, char **argv)
{
    char *names[4096];
    size_t count = 0, good = 0;
    struct dirent *entry;
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;

    if (!folder) {
        printf("1..1\nnot ok 1 - no corpus\n");
        return 1;
    }
    while ((entry = readdir(folder)) && count < sizeof names / sizeof *names) {
        char path[4096];

        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        names[count++] = strdup(path);
    }
    closedir(folder);
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++) {
        good += (size_t)run(names[i]);
        free(names[i]);
    }
    printf("1..1\n%sok 1 - %zu of %zu inputs of the corpus\n", count && good == count ? "" : "not ",
           good, count);
    return !(count && good == count);
}
