/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the published test data kept in tests/vectors, and then every folder that VALISE_VECTORS
 * names (colon-separated, each with the layout of ours).  One line of TAP for each set and folder;
 * the last line is the total.  Fails when a case differs, or a kept set ran fewer cases than it
 * has. */
#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* clang-format off */
static const struct set {
    const char *name;
    void (*run)(const char *folder, struct tally *tally); /* NULL: no room can run it yet */
    unsigned kept;                                        /* how many cases our copy must run */
} sets[] = {
    {"cbor",    run_cbor,    175},
    {"cose",    run_cose,    19},
    {"ed25519", run_ed25519, 1065},
    {"age",     run_age,     64},
    {"bpv7",    run_bpv7,    133},
    {"hpke-pq", NULL,        0},
    {"merkle",  run_merkle,  152},
    {"scitt",   run_scitt,   8},
    {"tlog",    run_tlog,    51},
};
/* clang-format on */

static struct tally total;
static unsigned line_count;
static bool has_failed;

/* One line of TAP.  What failed is never said to be skipped: readers of TAP would let it pass. */
static void report(bool is_good, const struct tally *tally, const char *where, const char *skipped)
{
    printf("%sok %u - %s%s%s: run %u, agreed %u, differing %u, skipped %u%s%s\n",
           is_good ? "" : "not ", ++line_count, tally->set, where ? " in " : "", where ? where : "",
           tally->run, tally->agreed, tally->differing, tally->skipped,
           !skipped  ? ""
           : is_good ? " # SKIP "
                     : ": ",
           skipped ? skipped : "");
    total.run += tally->run;
    total.agreed += tally->agreed;
    total.differing += tally->differing;
    total.skipped += tally->skipped;
    has_failed |= !is_good;
}

/* where: the folder of VALISE_VECTORS that this is in, NULL for the kept copies. */
static void run_set(const struct set *set, const char *top, const char *where)
{
    struct tally tally = {.set = set->name};
    char folder[PATH_SIZE];
    struct stat about;
    bool is_short;

    (void)path_in(top, set->name, folder);
    if (stat(folder, &about) != 0) {
        if (!where && set->kept == 0)
            return;
        tally.skipped = 1;
        report(where != NULL, &tally, where, "no such folder");
        return;
    }
    if (!set->run) {
        tally.skipped = count_files(folder);
        report(true, &tally, where, "no room can run it yet");
        return;
    }
    set->run(folder, &tally);
    is_short = !where && tally.run < set->kept;
    if (is_short)
        printf("# %s: %u cases, there should be %u\n", set->name, tally.run, set->kept);
    report(tally.differing == 0 && !is_short, &tally, where, tally.run ? NULL : "nothing to run");
}

static void run_all(const char *top, const char *where)
{
    const unsigned before = total.run;

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        run_set(&sets[i], top, where);
    /* Somebody named this folder to have it run. */
    if (total.run == before) {
        printf("not ok %u - %s: there is nothing in it that can be run\n", ++line_count,
               where ? where : "the kept copies");
        has_failed = true;
    }
}

int main(void)
{
    const char *named = getenv("VALISE_VECTORS");
    char *folders = strdup(named ? named : "");
    char *at = folders, *folder;

    printf("TAP version 13\n");
    run_all(kept_folder(), NULL);
    while (at && (folder = strsep(&at, ":")) != NULL)
        if (*folder)
            run_all(folder, folder);
    if (!named || !*named)
        printf("# VALISE_VECTORS names no more folders\n");
    printf("1..%u\n", line_count);
    printf("# run %u, agreed %u, differing %u, skipped %u\n", total.run, total.agreed,
           total.differing, total.skipped);
    free(folders);
    return has_failed;
}
