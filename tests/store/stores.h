/* SPDX-License-Identifier: Apache-2.0 */
/* tests/store/stores.h: letters made from a seed, and homes in folders of their own. */
#ifndef VL_TESTS_STORE_STORES_H
#define VL_TESTS_STORE_STORES_H

#include "support.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "store/store.h"

static const struct vl_letter_query every_letter = {.lean = false};

/* A hash that is the same for the same seed. */
static inline void hash_of(uint64_t seed, uint8_t out[VL_HASH_LEN])
{
    vl_sha256(vl_bytes_of(&seed, sizeof seed), out);
}

/* An envelope of this seed and length. */
static inline struct vl_buf envelope_of(uint64_t seed, size_t len)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, seed);
    struct vl_buf out = VL_BUF_INIT(SIZE_MAX);
    uint8_t *at = NULL;

    assert_int_equal(vl_buf_add(&out, len, &at), VL_OK);
    if (len)
        assert_int_equal(vl_rng_fill(&rng, at, len), VL_OK);
    return out;
}

/* The least a row says. */
static inline struct vl_letter_row row_of(vl_bytes envelope)
{
    struct vl_letter_row row = VL_LETTER_ROW_INIT;

    vl_sha256(envelope, row.number);
    row.size = envelope.len;
    row.mode = 1;
    row.roles = VL_ROLE_TAKEN;
    row.kept_at_s = 1700000000;
    return row;
}

/* In a transaction: keep a letter as it comes from outside, in pieces. */
static inline enum vl_err try_put(struct vl_store *store, const struct vl_letter_row *row,
                                  vl_bytes envelope, bool *is_new, struct vl_why *why)
{
    struct vl_spool *spool = NULL;
    struct vl_sink sink;
    enum vl_err err = vl_spool_new(store, &spool, why);

    if (err)
        return err;
    sink = vl_spool_sink(spool);
    while (!err && envelope.len > 0) {
        vl_bytes piece = vl_bytes_first(envelope, 100000);

        err = sink.put(sink.self, piece, why);
        envelope = vl_bytes_after(envelope, piece.len);
    }
    if (err) {
        vl_spool_free(spool);
        return err;
    }
    return vl_store_put_letter(store, row, spool, is_new, why);
}

/* The same in a transaction of its own, for a letter that is not there. */
static inline struct vl_letter_row put_new(struct vl_store *store, uint64_t seed, size_t len)
{
    VL_AUTO(vl_buf_release) struct vl_buf envelope = envelope_of(seed, len);
    struct vl_letter_row row = row_of(vl_buf_bytes(&envelope));
    struct vl_why why = {""};
    bool is_new = false;

    assert_err(vl_store_begin(store, &why), VL_OK, &why);
    assert_err(try_put(store, &row, vl_buf_bytes(&envelope), &is_new, &why), VL_OK, &why);
    assert_true(is_new);
    assert_err(vl_store_commit(store, &why), VL_OK, &why);
    return row;
}

/* All of an envelope, read in pieces of this length. */
static inline enum vl_err read_envelope(struct vl_store *store, const uint8_t *number, size_t piece,
                                        struct vl_buf *out, struct vl_why *why)
{
    struct vl_envelope *envelope = NULL;
    size_t got = 0;
    uint8_t *at;
    enum vl_err err = vl_store_envelope(store, number, &envelope, why);

    while (!err) {
        err = vl_buf_add(out, piece, &at);
        if (!err)
            err = vl_envelope_read(envelope, (vl_room){at, piece}, &got, why);
        out->len -= piece - (err ? 0 : got);
        if (got == 0)
            break;
    }
    if (!err && out->len != vl_envelope_size(envelope))
        fail_msg("%zu bytes of an envelope of another size", out->len);
    vl_envelope_free(envelope);
    return err;
}

static inline void assert_envelope(struct vl_store *store, uint64_t seed, size_t len)
{
    VL_AUTO(vl_buf_release) struct vl_buf wanted = envelope_of(seed, len);
    VL_AUTO(vl_buf_release) struct vl_buf got = VL_BUF_INIT(SIZE_MAX);
    struct vl_letter_row row = row_of(vl_buf_bytes(&wanted));
    struct vl_why why = {""};

    assert_err(read_envelope(store, row.number, 65536, &got, &why), VL_OK, &why);
    assert_bytes(vl_buf_bytes(&got), vl_buf_bytes(&wanted));
}

/* Counts what visitors see. */
struct findings {
    size_t harmful;
    size_t harmless;
    char words[200]; /* of the last harmful one, else of the last */
};
static inline enum vl_err count_finding(void *self, const struct vl_store_finding *finding)
{
    struct findings *findings = self;

    if (finding->harmless)
        findings->harmless++;
    else
        findings->harmful++;
    if (!finding->harmless || findings->harmful == 0)
        (void)snprintf(findings->words, sizeof findings->words, "%s", finding->what);
    return VL_OK;
}

static inline struct findings look_at(struct vl_store *store)
{
    struct findings findings = {0, 0, ""};
    struct vl_why why = {""};

    assert_err(vl_store_look(store, true, count_finding, &findings, &why), VL_OK, &why);
    return findings;
}

static inline void assert_sound(struct vl_store *store)
{
    struct findings findings = look_at(store);

    if (findings.harmful + findings.harmless > 0)
        fail_msg("%zu harmful, %zu harmless: %s", findings.harmful, findings.harmless,
                 findings.words);
}

/* Where fsync() costs nothing, if there is such a place. */
static inline const char *make_folder(char out[64])
{
    const char *root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

    (void)snprintf(out, 64, "%s/valise-store-XXXXXX", root);
    assert_non_null(mkdtemp(out));
    return out;
}

/* A folder and the folders in it, three levels deep at most. */
static inline void remove_folder(const char *path)
{
    char stack[64][256];
    size_t count = 1, emptied = 0;

    (void)snprintf(stack[0], sizeof stack[0], "%s", path);
    while (emptied < count) {
        DIR *list = opendir(stack[emptied]);
        struct dirent *entry;

        assert_non_null(list);
        while ((entry = readdir(list)) != NULL) {
            char name[256];
            struct stat info;

            if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
                continue;
            (void)snprintf(name, sizeof name, "%.128s/%.120s", stack[emptied], entry->d_name);
            if (lstat(name, &info) == 0 && S_ISDIR(info.st_mode)) {
                assert_true(count < 64);
                (void)snprintf(stack[count++], sizeof stack[0], "%s", name);
            } else {
                (void)unlink(name);
            }
        }
        (void)closedir(list);
        emptied++;
    }
    while (count > 0)
        (void)rmdir(stack[--count]);
}

static inline struct vl_store *open_home(const char *folder, unsigned flags)
{
    struct vl_store *store = NULL;
    struct vl_why why = {""};

    assert_err(vl_store_home_open(folder, flags, &store, &why), VL_OK, &why);
    return store;
}

static inline void path_in(char out[160], const char *folder, const char *name)
{
    (void)snprintf(out, 160, "%.60s/%.90s", folder, name);
}

static inline bool is_there(const char *folder, const char *name)
{
    char path[160];

    path_in(path, folder, name);
    return access(path, F_OK) == 0;
}

/* "letters/xx/NUMBER.age", or in letters/new/. */
static inline void large_name(const uint8_t number[VL_HASH_LEN], bool is_new, char out[90])
{
    char hex[2 * VL_HASH_LEN + 1];

    for (size_t i = 0; i < VL_HASH_LEN; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", number[i]);
    (void)snprintf(out, 90, "letters/%.*s/%s.age", is_new ? 3 : 2, is_new ? "new" : hex, hex);
}

#endif
