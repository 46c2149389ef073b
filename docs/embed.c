/* SPDX-License-Identifier: Apache-2.0 */
/* Tells what an evidence file proves about every letter in it.  usage: embed FILE
 * cc -o embed embed.c $(pkg-config --cflags --libs valise) */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <valise/valise.h>

static char bytes[16 << 20];

static int print(void *to, const void *text, size_t len)
{
    return fwrite(text, 1, len, to) != len;
}

static int tell(void *set, const char *letter)
{
    printf("%s\n", letter);
    return valise_set_words(set, letter, time(NULL), 80, print, stdout, NULL) != VALISE_OK;
}

int main(int argc, char **argv)
{
    struct valise_set *set = valise_set_new();
    struct valise_error error = {VALISE_OK, ""};
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    size_t len = file ? fread(bytes, 1, sizeof bytes, file) : 0;

    if (!set || valise_set_verify(set, bytes, len, &error) ||
        valise_set_add(set, bytes, len, &error) || valise_set_letters(set, tell, set, &error))
        fprintf(stderr, "%s: %s\n", argc == 2 ? argv[1] : "usage: embed FILE", error.text);
    valise_set_free(set);
    return error.code != VALISE_OK;
}
