/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519 verification, edge cases: ed25519vectors.json (CCTV) and ed25519_test.json (Wycheproof).
 * What we must say stands in expected.txt, which tests/oracle/ed25519_rule.py works out from the
 * rule in crypto/signature.h without our program or libsodium. */
#include "vectors.h"

#include <stdio.h>
#include <string.h>

#include "crypto/signature.h"

#define CASES_MAX 2000

/* How many of each set the rule accepts and refuses. */
static const struct counts {
    const char *set;
    unsigned accepted, refused;
} counts[] = {
    {"cctv", 43, 871},
    {"wycheproof", 88, 63},
};

/* One case and what the table says of it. */
struct row {
    char set[16];
    long long number;
    bool is_accepted;
};

static struct row rows[CASES_MAX];
static size_t row_count;

static void read_rows(void)
{
    char path[PATH_SIZE], line[256];
    FILE *in = fopen(path_in(kept_folder(), "ed25519/expected.txt", path), "r");

    row_count = 0;
    while (in && row_count < CASES_MAX && fgets(line, sizeof line, in)) {
        struct row *row = &rows[row_count];
        char verdict[16];

        if (sscanf(line, "%15s %lld %15s", row->set, &row->number, verdict) != 3)
            continue;
        row->is_accepted = strcmp(verdict, "accept") == 0;
        row_count++;
    }
    if (in)
        (void)fclose(in);
}

static const struct row *row_find(const char *set, long long number)
{
    for (size_t i = 0; i < row_count; i++)
        if (rows[i].number == number && strcmp(rows[i].set, set) == 0)
            return &rows[i];
    return NULL;
}

/* The key and the signature as they stand; a signature of another length is none of Ed25519. */
static bool is_accepted(const char *key_hex, const char *signature_hex, vl_bytes message)
{
    VL_AUTO(vl_buf_release) struct vl_buf key = VL_BUF_INIT(1024);
    VL_AUTO(vl_buf_release) struct vl_buf signature = VL_BUF_INIT(1024);

    return unhex(key_hex, &key) && unhex(signature_hex, &signature) &&
           key.len == VL_ED25519_PUBLIC_LEN && signature.len == VL_SIGNATURE_LEN &&
           vl_ed25519_verify(key.data, message, signature.data) == VL_OK;
}

static void check(const char *set, long long number, bool got, struct counts *seen,
                  struct tally *tally)
{
    const struct row *row = row_find(set, number);
    char which[64];

    (void)snprintf(which, sizeof which, "%s %lld", set, number);
    if (got)
        seen->accepted++;
    else
        seen->refused++;
    if (!row)
        differ(tally, which, "not in expected.txt");
    else if (row->is_accepted != got)
        differ(tally, which, "%s, should be %s", got ? "accepted" : "refused",
               got ? "refused" : "accepted");
    else
        agree(tally);
}

static void check_counts(const struct counts *wanted, const struct counts *seen,
                         struct tally *tally)
{
    if (seen->accepted != wanted->accepted || seen->refused != wanted->refused)
        differ(tally, wanted->set, "%u accepted and %u refused, should be %u and %u",
               seen->accepted, seen->refused, wanted->accepted, wanted->refused);
}

static void run_cctv(const json_t *cases, struct tally *tally)
{
    struct counts seen = {"cctv", 0, 0};
    size_t i;
    json_t *one;

    json_array_foreach(cases, i, one)
        check("cctv", json_integer_value(json_object_get(one, "number")),
              is_accepted(json_string_value(json_object_get(one, "key")),
                          json_string_value(json_object_get(one, "sig")),
                          vl_bytes_str(json_string_value(json_object_get(one, "msg")))),
              &seen, tally);
    check_counts(&counts[0], &seen, tally);
}

static void run_group(const json_t *group, struct counts *seen, struct tally *tally)
{
    const char *key = json_string_value(json_object_get(json_object_get(group, "publicKey"), "pk"));
    size_t i;
    json_t *one;

    json_array_foreach(json_object_get(group, "tests"), i, one)
    {
        VL_AUTO(vl_buf_release) struct vl_buf message = VL_BUF_INIT(65536);
        bool got = unhex(json_string_value(json_object_get(one, "msg")), &message) &&
                   is_accepted(key, json_string_value(json_object_get(one, "sig")),
                               vl_buf_bytes(&message));

        check("wycheproof", json_integer_value(json_object_get(one, "tcId")), got, seen, tally);
    }
}

static void run_wycheproof(const json_t *file, struct tally *tally)
{
    struct counts seen = {"wycheproof", 0, 0};
    size_t i;
    json_t *group;

    json_array_foreach(json_object_get(file, "testGroups"), i, group)
        run_group(group, &seen, tally);
    check_counts(&counts[1], &seen, tally);
}

static void run_file(const char *folder, const char *name,
                     void (*run)(const json_t *json, struct tally *tally), struct tally *tally)
{
    char path[PATH_SIZE];
    json_t *json = read_json(path_in(folder, name, path));

    if (json)
        run(json, tally);
    else
        skip(tally, name, "not in this folder");
    json_decref(json);
}

void run_ed25519(const char *folder, struct tally *tally)
{
    read_rows();
    run_file(folder, "ed25519vectors.json", run_cctv, tally);
    run_file(folder, "ed25519_test.json", run_wycheproof, tally);
}
