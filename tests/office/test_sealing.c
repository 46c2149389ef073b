/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "office/sealing.h"
#include "sys/outfile.h"

/* A folder of its own for each test, with a key, a letter, and whom to seal it to. */
struct folder {
    char path[64];
    char key[96];
    char letter[96];
    char sealed[96];
    char opened[96];
    char recipient[80];
    struct vl_passphrase passphrase;
    unsigned asked;
};

static void write_file(const char *path, const char *text)
{
    FILE *out = fopen(path, "wb");

    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static enum vl_err answer(void *self, enum vl_ask_for what, const char *name,
                          struct vl_passphrase *out, struct vl_why *why)
{
    struct folder *folder = self;

    (void)what;
    (void)name;
    (void)why;
    folder->asked++;
    *out = folder->passphrase;
    return VL_OK;
}

static enum vl_err make_key(void *self, struct vl_why *why)
{
    struct folder *folder = self;
    const struct vl_keygen_request request = {
        .output = folder->key,
        .out_flags = VL_OUT_REPLACE,
        .by_passphrase = folder->passphrase.len > 0,
        .asker = {answer, folder},
        .rng = vl_rng_system(),
    };
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(79);
    struct vl_age_recipient recipient;
    enum vl_err err = vl_keygen(&request, &recipient, why);

    if (!err)
        err = vl_age_recipient_write(&recipient, &text);
    if (!err) {
        memcpy(folder->recipient, text.data, text.len);
        folder->recipient[text.len] = '\0';
    }
    return err;
}

static void folder_open(struct folder *folder)
{
    struct vl_why why = {""};

    memset(folder, 0, sizeof *folder);
    (void)snprintf(folder->path, sizeof folder->path, "/tmp/valise-test-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    (void)snprintf(folder->key, sizeof folder->key, "%s/key", folder->path);
    (void)snprintf(folder->letter, sizeof folder->letter, "%s/letter", folder->path);
    (void)snprintf(folder->sealed, sizeof folder->sealed, "%s/sealed", folder->path);
    (void)snprintf(folder->opened, sizeof folder->opened, "%s/opened", folder->path);
    write_file(folder->letter, "The president's letter.\n");
    assert_err(make_key(folder, &why), VL_OK, &why);
}

/* How many names the folder holds; takes them away when asked. */
static size_t folder_count(const struct folder *folder, bool remove_all)
{
    DIR *list = opendir(folder->path);
    struct dirent *entry;
    size_t count = 0;

    assert_non_null(list);
    while ((entry = readdir(list)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        count++;
        if (remove_all)
            (void)unlinkat(dirfd(list), entry->d_name, 0);
    }
    closedir(list);
    return count;
}

static void folder_close(struct folder *folder)
{
    (void)folder_count(folder, true);
    assert_int_equal(rmdir(folder->path), 0);
}

static enum vl_err seal(void *self, struct vl_why *why)
{
    struct folder *folder = self;
    const char *recipients[] = {folder->recipient};
    const struct vl_seal_request request = {
        .file = {.input = folder->letter,
                 .output = folder->sealed,
                 .out_flags = VL_OUT_REPLACE,
                 .workers = 2},
        .recipients = recipients,
        .recipient_count = 1,
        .armor = true,
        .rng = vl_rng_system(),
    };
    VL_AUTO(vl_sealing_result_release)
    struct vl_sealing_result result = VL_SEALING_RESULT_INIT;

    return vl_seal_file(&request, &result, why);
}

static enum vl_err unseal(void *self, struct vl_why *why)
{
    struct folder *folder = self;
    const char *keys[] = {folder->key};
    const struct vl_unseal_request request = {
        .file = {.input = folder->sealed,
                 .output = folder->opened,
                 .out_flags = VL_OUT_REPLACE,
                 .workers = 2,
                 .asker = {answer, folder}},
        .identity_files = keys,
        .identity_file_count = 1,
    };
    VL_AUTO(vl_sealing_result_release)
    struct vl_sealing_result result = VL_SEALING_RESULT_INIT;

    return vl_unseal_file(&request, &result, why);
}

static void assert_opened(const struct folder *folder)
{
    VL_AUTO(vl_buf_release) struct vl_buf before = file(folder->letter);
    VL_AUTO(vl_buf_release) struct vl_buf after = file(folder->opened);

    assert_bytes(vl_buf_bytes(&after), vl_buf_bytes(&before));
}

static void what_is_sealed_opens(void **state)
{
    struct vl_why why = {""};
    struct folder folder;
    struct stat info;

    (void)state;
    folder_open(&folder);
    assert_err(seal(&folder, &why), VL_OK, &why);
    assert_err(unseal(&folder, &why), VL_OK, &why);
    assert_opened(&folder);
    assert_int_equal(stat(folder.opened, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(stat(folder.key, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(folder_count(&folder, false), 4);
    folder_close(&folder);
}

static void every_allocation_may_fail(void **state)
{
    struct folder folder;

    (void)state;
    folder_open(&folder);
    assert_true(each_allocation_fails(make_key, &folder) > 3);
    assert_true(each_allocation_fails(seal, &folder) > 5);
    assert_true(each_allocation_fails(unseal, &folder) > 5);
    assert_opened(&folder);
    assert_int_equal(folder_count(&folder, false), 4); /* and nothing half made */
    folder_close(&folder);
}

static void a_sealed_key_file_is_opened_with_its_passphrase(void **state)
{
    struct vl_why why = {""};
    struct folder folder;

    (void)state;
    folder_open(&folder);
    folder.passphrase = (struct vl_passphrase){4, "lamp"};
    assert_err(make_key(&folder, &why), VL_OK, &why);
    assert_int_equal(folder.asked, 1);
    assert_err(seal(&folder, &why), VL_OK, &why);
    assert_err(unseal(&folder, &why), VL_OK, &why);
    assert_int_equal(folder.asked, 2);
    assert_opened(&folder);
    folder.passphrase = (struct vl_passphrase){4, "lump"};
    assert_err(unseal(&folder, &why), VL_ERR_NO_KEY, &why);
    assert_non_null(strstr(why.text, "another passphrase"));
    folder_close(&folder);
}

static void a_private_key_as_recipient_is_not_repeated(void **state)
{
    static const char *const recipients[] = {
        "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"};
    const struct vl_seal_request request = {.recipients = recipients,
                                            .recipient_count = 1,
                                            .rng = vl_rng_system()};
    VL_AUTO(vl_sealing_result_release)
    struct vl_sealing_result result = VL_SEALING_RESULT_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_seal_file(&request, &result, &why), VL_ERR_USAGE, &why);
    assert_null(strstr(why.text, "GFPYY"));
}

static void a_dry_run_writes_nothing(void **state)
{
    struct vl_why why = {""};
    struct folder folder;
    const char *recipients[1];
    struct vl_seal_request request = {.recipients = recipients, .recipient_count = 1};
    VL_AUTO(vl_sealing_result_release)
    struct vl_sealing_result result = VL_SEALING_RESULT_INIT;

    (void)state;
    folder_open(&folder);
    recipients[0] = folder.recipient;
    request.file.input = folder.letter;
    request.file.output = folder.sealed;
    request.file.dry_run = true;
    request.rng = vl_rng_system();
    assert_err(vl_seal_file(&request, &result, &why), VL_OK, &why);
    assert_int_equal(result.input_bytes, 24);
    assert_int_equal(result.output_bytes, 200 + 24);
    assert_int_equal(folder_count(&folder, false), 2);
    folder_close(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_opens),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(a_sealed_key_file_is_opened_with_its_passphrase),
        cmocka_unit_test(a_private_key_as_recipient_is_not_repeated),
        cmocka_unit_test(a_dry_run_writes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
