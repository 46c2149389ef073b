/* SPDX-License-Identifier: Apache-2.0 */
/* tests/office/homes.h: offices in folders of their own, and what they do to each other. */
#ifndef VL_TESTS_OFFICE_HOMES_H
#define VL_TESTS_OFFICE_HOMES_H

#include "support.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "codec/number.h"
#include "codec/words.h"
#include "crypto/hash.h"
#include "office/cards.h"
#include "office/disclose.h"
#include "office/init.h"
#include "office/keeping.h"
#include "office/open.h"
#include "office/take.h"
#include "office/verify.h"
#include "office/write.h"
#include "sys/folder.h"
#include "sys/outfile.h"

#define NOW ((int64_t)1800000000)

/* --- a folder for a test --------------------------------------------------------------------- */

struct place {
    char path[64];
};

/* Where fsync() costs nothing, if there is such a place. */
static inline void place_open(struct place *place)
{
    const char *root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

    (void)snprintf(place->path, sizeof place->path, "%s/valise-office-XXXXXX", root);
    assert_non_null(mkdtemp(place->path));
}

static inline int remove_entry(const char *path, const struct stat *is, int kind, struct FTW *where)
{
    (void)is;
    (void)kind;
    (void)where;
    return remove(path);
}

static inline void remove_tree(const char *path)
{
    assert_int_equal(nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static inline void place_close(struct place *place)
{
    remove_tree(place->path);
}

struct path {
    char text[300];
};

static inline struct path in(const struct place *place, const char *name)
{
    struct path path;

    (void)snprintf(path.text, sizeof path.text, "%s/%s", place->path, name);
    return path;
}

static inline bool is_there(const struct place *place, const char *name)
{
    return access(in(place, name).text, F_OK) == 0;
}

static inline void put_bytes(const struct place *place, const char *name, vl_bytes bytes)
{
    FILE *out = fopen(in(place, name).text, "wb");

    assert_non_null(out);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, out), bytes.len);
    assert_int_equal(fclose(out), 0);
}

/* Another bit, at a place from the beginning, or from the end if it is negative. */
static inline void flip(const struct path *path, long at)
{
    FILE *out = fopen(path->text, "r+b");
    int byte;

    assert_non_null(out);
    assert_int_equal(fseek(out, at, at < 0 ? SEEK_END : SEEK_SET), 0);
    byte = fgetc(out);
    assert_true(byte >= 0);
    assert_int_equal(fseek(out, at, at < 0 ? SEEK_END : SEEK_SET), 0);
    assert_true(fputc(byte ^ 1, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

/* --- what lies in a folder, as one hash ------------------------------------------------------- */

struct digest {
    uint8_t at[VL_HASH_LEN];
};

/* Names, kinds and bytes; the lock, and what SQLite shares between processes, say nothing. */
static inline void digest_folder(const char *path, const char *below, uint8_t sum[VL_HASH_LEN])
{
    DIR *list = opendir(path);
    const struct dirent *entry;

    assert_non_null(list);
    while ((entry = readdir(list)) != NULL) {
        char name[700], shown[700];
        uint8_t hash[VL_HASH_LEN] = {0};
        struct stat info;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            strcmp(entry->d_name, "lock") == 0 || strstr(entry->d_name, "-shm"))
            continue;
        (void)snprintf(name, sizeof name, "%.300s/%.300s", path, entry->d_name);
        (void)snprintf(shown, sizeof shown, "%.300s/%.300s", below, entry->d_name);
        assert_int_equal(lstat(name, &info), 0);
        if (strstr(entry->d_name, "-wal") && info.st_size == 0)
            continue;
        if (S_ISDIR(info.st_mode)) {
            digest_folder(name, shown, sum);
        } else {
            VL_AUTO(vl_buf_release) struct vl_buf content = file(name);

            vl_sha256(vl_buf_bytes(&content), hash);
        }
        {
            VL_AUTO(vl_buf_release) struct vl_buf all = VL_BUF_INIT(4096);
            uint8_t one[VL_HASH_LEN];

            assert_int_equal(vl_buf_put(&all, vl_bytes_str(shown)), VL_OK);
            assert_int_equal(vl_buf_put(&all, VL_ARRAY(hash)), VL_OK);
            vl_sha256(vl_buf_bytes(&all), one);
            /* In whatever order they come. */
            for (size_t i = 0; i < VL_HASH_LEN; i++)
                sum[i] = (uint8_t)(sum[i] ^ one[i]);
        }
    }
    (void)closedir(list);
}

static inline struct digest digest_of(const struct place *place, const char *name)
{
    struct digest digest = {{0}};

    digest_folder(in(place, name).text, "", digest.at);
    return digest;
}

static inline void assert_unchanged(const struct place *place, const char *name,
                                    struct digest before)
{
    struct digest now = digest_of(place, name);

    if (memcmp(before.at, now.at, VL_HASH_LEN) != 0)
        fail_msg("\"%s\" changed", name);
}

/* --- offices ---------------------------------------------------------------------------------- */

static inline enum vl_err ask_nothing(void *self, enum vl_ask_for what, const char *name,
                                      struct vl_passphrase *out, struct vl_why *why)
{
    (void)self;
    (void)what;
    (void)name;
    (void)why;
    *out = (struct vl_passphrase)VL_PASSPHRASE_INIT;
    return VL_OK;
}
static const struct vl_asker nobody = {ask_nothing, NULL};

static inline enum vl_err try_init(const struct place *place, const char *name, struct vl_why *why)
{
    const struct path path = in(place, name);
    const struct vl_init_request request = {
        .home = path.text, .name = name, .now_s = NOW, .asker = nobody, .rng = vl_rng_system()};
    bool sealed = true;
    enum vl_err err = vl_init(&request, &sealed, why);

    assert_false(sealed);
    return err;
}

static inline void init(const struct place *place, const char *name)
{
    struct vl_why why = {""};

    assert_err(try_init(place, name, &why), VL_OK, &why);
}

static inline enum vl_err try_home(const struct place *place, const char *name,
                                   struct vl_home *home, struct vl_why *why)
{
    return vl_home_open(in(place, name).text, VL_HOME_WRITE, home, why);
}

/* Closed by the caller: VL_AUTO(vl_home_close). */
static inline struct vl_home home_of(const struct place *place, const char *name)
{
    struct vl_home home = VL_HOME_INIT;
    struct vl_why why = {""};

    assert_err(try_home(place, name, &home, &why), VL_OK, &why);
    return home;
}

static inline struct vl_buf card_file(const struct vl_chain *chain)
{
    struct vl_buf out = VL_BUF_INIT(VL_CHAIN_MAX_LEN);

    assert_int_equal(vl_chain_write(chain, &out), VL_OK);
    return out;
}

/* The card file of an office, from its home. */
static inline struct vl_buf card_of(const struct place *place, const char *name)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, name);

    return card_file(&home.chain);
}

static inline enum vl_err try_add(struct vl_home *home, vl_bytes card, const char *petname,
                                  struct vl_card_added *added, struct vl_why *why)
{
    const struct vl_card_add_request request = {.file = card,
                                                .petname = petname,
                                                .check = VL_CHECK_NOTHING,
                                                .now_s = NOW,
                                                .rng = vl_rng_system()};

    return vl_cards_add(home, &request, added, why);
}

static inline struct vl_card_added add(struct vl_home *home, vl_bytes card, const char *petname)
{
    struct vl_card_added added;
    struct vl_why why = {""};

    assert_err(try_add(home, card, petname, &added, &why), VL_OK, &why);
    return added;
}

/* Each knows the card of the other, by its name. */
static inline void introduce(const struct place *place, const char *one, const char *other)
{
    const char *names[] = {one, other};

    for (int i = 0; i < 2; i++) {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(place, names[i]);
        VL_AUTO(vl_buf_release) struct vl_buf card = card_of(place, names[1 - i]);

        (void)add(&home, vl_buf_bytes(&card), names[1 - i]);
    }
}

/* Two offices that know each other. */
static inline void two_offices(const struct place *place)
{
    init(place, "alma");
    init(place, "bela");
    introduce(place, "alma", "bela");
}

static inline void copy_home(const struct place *place, const char *from, const char *to)
{
    char line[800];

    (void)snprintf(line, sizeof line, "cp -a '%s' '%s'", in(place, from).text, in(place, to).text);
    assert_int_equal(system(line), 0); /* NOLINT(cert-env33-c): names of this test's own */
}

/* --- letters ---------------------------------------------------------------------------------- */

/* By its number as a person would type it. */
struct number {
    uint8_t at[VL_HASH_LEN];
    char text[VL_NUMBER_TEXT];
};

static inline struct number number_of(const uint8_t at[VL_HASH_LEN])
{
    struct number number;

    memcpy(number.at, at, VL_HASH_LEN);
    (void)vl_number_text(VL_LETTER_HRP, at, number.text);
    return number;
}

struct letter_plan {
    const char *to;
    const char *also_to; /* NULL */
    const char *text;
    const char *output;   /* a name in the place; NULL */
    const char *evidence; /* NULL */
    bool open;
};

static inline enum vl_err try_write(const struct place *place, struct vl_home *home,
                                    const struct letter_plan *plan, struct vl_written *written,
                                    struct vl_why *why)
{
    const char *offices[] = {plan->to, plan->also_to};
    const struct path output = in(place, plan->output ? plan->output : "");
    const struct path evidence = in(place, plan->evidence ? plan->evidence : "");
    const struct vl_write_request request = {
        .offices = offices,
        .office_count = plan->also_to ? 2 : 1,
        .text = vl_bytes_str(plan->text ? plan->text : "The bridge is closed.\n"),
        .output = plan->output ? output.text : NULL,
        .evidence = plan->evidence ? evidence.text : NULL,
        .open = plan->open,
        .now_s = NOW,
        .asker = nobody,
        .rng = vl_rng_system(),
    };

    return vl_write(home, &request, written, why);
}

/* A letter from one office; its envelope is in NAME.age, its evidence in NAME.evidence. */
static inline struct number write_letter(const struct place *place, const char *from,
                                         const char *to, const char *name)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, from);
    char output[64], evidence[64];
    const struct letter_plan plan = {.to = to, .output = output, .evidence = evidence};
    struct vl_written written = {.size = 0};
    struct vl_why why = {""};

    (void)snprintf(output, sizeof output, "%s.age", name);
    (void)snprintf(evidence, sizeof evidence, "%s.evidence", name);
    assert_err(try_write(place, &home, &plan, &written, &why), VL_OK, &why);
    assert_true(written.kept);
    return number_of(written.number);
}

static inline enum vl_err try_take(const struct place *place, struct vl_home *home,
                                   const char *name, struct vl_taken *taken, struct vl_why *why)
{
    const struct path path = in(place, name);
    const char *paths[] = {path.text};

    return vl_take_files(home, paths, 1, NOW, NULL, taken, why);
}

static inline struct vl_taken take(const struct place *place, const char *office, const char *name)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, office);
    struct vl_taken taken;
    struct vl_why why = {""};

    assert_err(try_take(place, &home, name, &taken, &why), VL_OK, &why);
    return taken;
}

/* Open a letter; folder may be NULL.  *opening is the caller's to release, on failure too. */
static inline enum vl_err try_open(const struct place *place, struct vl_home *home,
                                   const char *letter, const char *folder,
                                   struct vl_opening *opening, struct vl_why *why)
{
    const struct path path = in(place, folder ? folder : "");
    const struct vl_open_request request = {.letter = letter,
                                            .folder = folder ? path.text : NULL,
                                            .now_s = NOW,
                                            .asker = nobody};

    memset(opening, 0, sizeof *opening);
    opening->row = (struct vl_letter_row)VL_LETTER_ROW_INIT;
    opening->seen = (struct vl_letter_seen)VL_LETTER_SEEN_INIT;
    return vl_open(home, &request, opening, why);
}

/* --- what an office holds --------------------------------------------------------------------- */

struct told {
    size_t failures;
    char words[400];
};

static inline void tell(void *self, const char *what, enum vl_doctor_verdict verdict,
                        const char *text)
{
    struct told *told = self;

    if (verdict == VL_DOCTOR_FAIL)
        (void)snprintf(told->words, sizeof told->words, "%s: %s", what, text);
}

static inline struct told check_up(const struct place *place, const char *name)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, name);
    struct told told = {0, ""};
    const struct vl_doctor_request request = {.verify = true,
                                              .now_s = NOW,
                                              .told = tell,
                                              .told_self = &told};
    struct vl_why why = {""};
    size_t warnings = 0;

    assert_err(vl_doctor(&home, &request, &warnings, &told.failures, &why), VL_OK, &why);
    return told;
}

static inline void assert_sound(const struct place *place, const char *name)
{
    struct told told = check_up(place, name);

    if (told.failures > 0)
        fail_msg("%s: %zu failures: %s", name, told.failures, told.words);
}

static inline struct vl_store_size size_of(const struct place *place, const char *name)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, name);
    struct vl_store_size size = {0};
    struct vl_why why = {""};

    assert_err(vl_store_size(home.store, &size, &why), VL_OK, &why);
    return size;
}

/* Released by the caller. */
static inline struct vl_letter_row row_of(struct vl_home *home, const struct number *number)
{
    struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_why why = {""};

    assert_err(vl_store_letter(home->store, number->at, &row, &why), VL_OK, &why);
    return row;
}

static inline struct vl_office_row office_row(struct vl_home *home, const char *petname)
{
    struct vl_office_row row = VL_OFFICE_ROW_INIT;
    struct vl_why why = {""};

    assert_err(vl_store_office_named(home->store, petname, &row, &why), VL_OK, &why);
    return row;
}

/* A part of a text, or the test fails and shows it. */
static inline void assert_says(const struct vl_why *why, const char *words)
{
    if (!strstr(why->text, words))
        fail_msg("\"%s\" does not say \"%s\"", why->text, words);
}

/* A byte of the only file below this folder of a home. */
static inline void rot(const char *folder, off_t at)
{
    DIR *list = opendir(folder);
    const struct dirent *entry;
    char path[700] = "";
    uint8_t byte = 0;
    int fd;

    assert_non_null(list);
    while ((entry = readdir(list)) != NULL)
        if (entry->d_name[0] != '.')
            (void)snprintf(path, sizeof path, "%.300s/%.300s", folder, entry->d_name);
    (void)closedir(list);
    fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    assert_int_equal(close(fd), 0);
}

#endif
