/* SPDX-License-Identifier: Apache-2.0 */
/* tests/vectors/vectors.h: running published test data.
 *
 * A set is a folder with a name and one function that runs what is in it.  To add one: a file
 * run_NAME.c with `void run_NAME(const char *folder, struct tally *tally)`, its declaration below,
 * and one line in the table of main.c. */
#ifndef VL_TESTS_VECTORS_H
#define VL_TESTS_VECTORS_H

#include <stdbool.h>

#include <jansson.h>

#include "base/bytes.h"

/* What running a set came to.  A case is counted once: run and agreed, run and differing, or
 * skipped. */
struct tally {
    const char *set;
    unsigned run, agreed, differing, skipped;
};

/* Count a case.  differ() and skip() also say which one, and why. */
void agree(struct tally *tally);
void differ(struct tally *tally, const char *which, const char *format, ...) VL_PRINTF(3, 4);
void skip(struct tally *tally, const char *which, const char *why);

/* The sets.  folder is the set's own; what it lacks is skipped by name. */
void run_age(const char *folder, struct tally *tally);
void run_bpv7(const char *folder, struct tally *tally);
void run_cbor(const char *folder, struct tally *tally);
void run_cose(const char *folder, struct tally *tally);
void run_ed25519(const char *folder, struct tally *tally);
void run_merkle(const char *folder, struct tally *tally);
void run_scitt(const char *folder, struct tally *tally);
void run_tlog(const char *folder, struct tally *tally);

/* The folder of the copies kept in this repository: the file with what we expect of a set is there,
 * wherever the set itself is. */
const char *kept_folder(void);
/* FOLDER/NAME in out, which has PATH_SIZE bytes; returns out. */
#define PATH_SIZE 4096
const char *path_in(const char *folder, const char *name, char *out);
/* A whole file; false when it is not there. */
bool read_whole(const char *path, struct vl_buf *out);
/* NULL when the file is not there; a file that is no JSON ends the run. */
json_t *read_json(const char *path);
/* Append the bytes of hex digits, of which there may be none; false for anything else. */
bool unhex(const char *text, struct vl_buf *out);
/* Call with every file in folder, in the order of their names; false when there is no folder. */
bool each_file(const char *folder, void (*call)(const char *path, struct tally *tally),
               struct tally *tally);
/* How many files there are below path. */
unsigned count_files(const char *path);

#endif
