/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/openssl.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/wait.h>
#include <unistd.h>

#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/signature.h"

#include "support.h"

/* Which library answers to "libcrypto.so.3". */
enum library { LIBRARY_IS_THERE, LIBRARY_IS_MISSING, LIBRARY_LACKS_FUNCTIONS };

static enum library library;
static unsigned times_opened;

void *stand_in(const char *name, int flags) __asm__("dlopen");
void *stand_in(const char *name, int flags)
{
    void *found = dlsym(RTLD_NEXT, "dlopen");
    void *(*next)(const char *, int);

    memcpy(&next, &found, sizeof next);
    if (strcmp(name, "libcrypto.so.3") != 0)
        return next(name, flags);
    times_opened++;
    return library == LIBRARY_IS_MISSING ? NULL
           : library == LIBRARY_IS_THERE ? next(name, flags)
                                         : next("libsodium.so.23", flags);
}

/* A library is loaded once in the life of a process: every test is a process. */
static void assert_in_a_process(bool (*is_true)(void), enum library kind)
{
    int status = -1;
    pid_t child = fork();

    assert_int_not_equal(child, -1);
    if (child == 0) {
        library = kind;
        _exit(is_true() ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static bool opens_what_sodium_sealed(enum vl_aead_engine engine)
{
    static const uint8_t nonce[VL_AEAD_NONCE_LEN] = {1};
    struct vl_secret key = {VL_AEAD_KEY_LEN, {1, 2, 3}};
    struct vl_aead *sodium = vl_aead_new(&key, VL_AEAD_SODIUM), *aead = vl_aead_new(&key, engine);
    size_t len = (size_t)2 << 20;
    uint8_t *at = calloc(1, len + VL_AEAD_TAG_LEN);
    bool good = sodium && aead && at && vl_aead_seal(sodium, nonce, at, len) == VL_OK &&
                vl_aead_open(aead, nonce, at, len) == VL_OK && at[0] == 0 &&
                vl_aead_seal(aead, nonce, at, len) == VL_OK &&
                vl_aead_open(sodium, nonce, at, len) == VL_OK && at[len - 1] == 0;

    free(at);
    vl_aead_free(aead);
    vl_aead_free(sodium);
    return good;
}

static enum vl_err verify_something(void)
{
    static const uint8_t x[VL_P256_LEN] = {1}, y[VL_P256_LEN] = {2};
    static const uint8_t signature[VL_SIGNATURE_LEN] = {3};

    return vl_es256_verify(x, y, VL_LITERAL("message"), signature);
}

static bool hashes_bytes_of(uint64_t expected_len)
{
    uint8_t wanted[VL_HASH_LEN], out[VL_HASH_LEN];
    struct vl_hasher hasher;

    vl_sha256(VL_LITERAL("message"), wanted);
    vl_hasher_begin(&hasher, expected_len);
    vl_hasher_put(&hasher, VL_LITERAL("message"));
    return vl_hasher_end(&hasher, out) == VL_OK && memcmp(out, wanted, sizeof out) == 0;
}

static bool is_loaded_once(void)
{
    const struct vl_openssl *first = vl_openssl();

    return first && first->chacha20_poly1305 && first->sha256 && vl_openssl() == first &&
           times_opened == 1 && verify_something() == VL_ERR_UNVERIFIED;
}

static unsigned times_begun;

/* Its functions, to put others in their place. */
static struct vl_openssl *loaded(void)
{
    const struct vl_openssl *found = vl_openssl_loaded();
    struct vl_openssl *o;

    memcpy(&o, &found, sizeof o);
    return o;
}

static int count_small(SHA256_CTX *state)
{
    int (*next)(SHA256_CTX *);
    void *found = dlsym(dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL), "SHA256_Init");

    memcpy(&next, &found, sizeof next);
    times_begun++;
    return next(state);
}

/* In three parts, of which one may be empty. */
static void hash_in_parts(const uint8_t *bytes, size_t len, uint8_t out[VL_HASH_LEN])
{
    const vl_bytes parts[] = {{bytes, len / 3}, {NULL, 0}, {bytes + len / 3, len - len / 3}};

    vl_sha256_parts(parts, 3, out);
}

static bool hashes_small_ones_alike(void)
{
    uint8_t bytes[300], before[sizeof bytes][VL_HASH_LEN], after[VL_HASH_LEN];
    const unsigned by_it = library == LIBRARY_IS_THERE ? (unsigned)sizeof bytes : 0;
    bool good = true;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 11);
    for (size_t len = 0; len < sizeof bytes; len++)
        hash_in_parts(bytes, len, before[len]);
    good = vl_openssl_loaded() == NULL;
    vl_hasher_expect_many();
    if (loaded())
        loaded()->small_begin = count_small;
    for (size_t len = 0; len < sizeof bytes; len++) {
        hash_in_parts(bytes, len, after);
        good = good && memcmp(before[len], after, sizeof after) == 0;
    }
    return good && times_begun == by_it;
}

static void small_hashes_are_its_work_once_it_is_there(void **state)
{
    (void)state;
    assert_in_a_process(hashes_small_ones_alike, LIBRARY_IS_THERE);
    assert_in_a_process(hashes_small_ones_alike, LIBRARY_IS_MISSING);
}

static int refuses(SHA256_CTX *state)
{
    (void)state;
    return 0;
}

static bool hashes_without_the_older_functions(void)
{
    uint8_t wanted[VL_HASH_LEN], out[VL_HASH_LEN];
    struct vl_openssl *o;
    bool good;

    vl_sha256(VL_LITERAL("message"), wanted);
    vl_hasher_expect_many();
    o = loaded();
    good = o->small_begin && o->small_put && o->small_end;
    o->small_begin = refuses;
    vl_sha256(VL_LITERAL("message"), out);
    good = good && memcmp(out, wanted, sizeof out) == 0;
    o->small_begin = NULL;
    vl_sha256(VL_LITERAL("message"), out);
    return good && memcmp(out, wanted, sizeof out) == 0;
}

static void where_its_older_functions_fail_or_are_gone_sodium_hashes(void **state)
{
    (void)state;
    assert_in_a_process(hashes_without_the_older_functions, LIBRARY_IS_THERE);
}

static void the_library_is_loaded_once(void **state)
{
    (void)state;
    assert_in_a_process(is_loaded_once, LIBRARY_IS_THERE);
}

static bool is_not_loaded(void)
{
    uint8_t key[VL_ED25519_PUBLIC_LEN], signature[VL_SIGNATURE_LEN];
    struct vl_secret seed = {VL_ED25519_SEED_LEN, {1}};

    vl_ed25519_public(&seed, key);
    vl_ed25519_sign(&seed, VL_LITERAL("message"), signature);
    return vl_ed25519_verify(key, VL_LITERAL("message"), signature) == VL_OK &&
           opens_what_sodium_sealed(VL_AEAD_SODIUM) && hashes_bytes_of((256 << 10) - 1) &&
           times_opened == 0;
}

static void small_work_does_not_load_it(void **state)
{
    (void)state;
    assert_in_a_process(is_not_loaded, LIBRARY_IS_THERE);
}

static bool auto_loads_it(void)
{
    return opens_what_sodium_sealed(VL_AEAD_AUTO) && times_opened == 1;
}

static void large_work_loads_it(void **state)
{
    (void)state;
    assert_in_a_process(auto_loads_it, LIBRARY_IS_THERE);
}

static bool does_without(void)
{
    return hashes_bytes_of(UINT64_MAX) && opens_what_sodium_sealed(VL_AEAD_OPENSSL) &&
           opens_what_sodium_sealed(VL_AEAD_AUTO) && vl_openssl() == NULL &&
           verify_something() == VL_ERR_UNSUPPORTED && times_opened == 1;
}

static void without_it_sodium_seals_and_es256_is_unsupported(void **state)
{
    (void)state;
    assert_in_a_process(does_without, LIBRARY_IS_MISSING);
}

static void a_library_that_lacks_a_function_counts_as_missing(void **state)
{
    (void)state;
    assert_in_a_process(does_without, LIBRARY_LACKS_FUNCTIONS);
}

/* A configuration that leaves OpenSSL without any cipher, if it is read. */
static bool is_loaded_in_spite_of_a_configuration(void)
{
    static const char config[] = "openssl_conf = all\n[all]\nproviders = list\n"
                                 "[list]\nnull = only\n[only]\nactivate = 1\n";
    char path[] = "/tmp/valise-test-XXXXXX";
    int file = mkstemp(path);
    bool good = file >= 0 && write(file, config, sizeof config - 1) == sizeof config - 1 &&
                setenv("OPENSSL_CONF", path, 1) == 0 && is_loaded_once();

    if (file >= 0) {
        close(file);
        unlink(path);
    }
    return good;
}

static void no_configuration_file_decides_what_it_can(void **state)
{
    (void)state;
    assert_in_a_process(is_loaded_in_spite_of_a_configuration, LIBRARY_IS_THERE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_library_is_loaded_once),
        cmocka_unit_test(small_work_does_not_load_it),
        cmocka_unit_test(large_work_loads_it),
        cmocka_unit_test(small_hashes_are_its_work_once_it_is_there),
        cmocka_unit_test(where_its_older_functions_fail_or_are_gone_sodium_hashes),
        cmocka_unit_test(without_it_sodium_seals_and_es256_is_unsupported),
        cmocka_unit_test(a_library_that_lacks_a_function_counts_as_missing),
        cmocka_unit_test(no_configuration_file_decides_what_it_can),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
