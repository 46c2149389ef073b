/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/openssl.h"

#include <stdbool.h>
#include <string.h>

#include "base/pool.h"

#include <dlfcn.h>

static struct vl_openssl library;
static bool is_there;
static bool was_asked_for;
static struct vl_once once = VL_ONCE_INIT;

/* ISO C has no cast from object to function pointer; POSIX says that dlsym's result is one. */
static bool find(void *handle, const char *name, void *function)
{
    void *found = dlsym(handle, name);

    memcpy(function, &found, sizeof found);
    return found != NULL;
}

static void find_older(void *handle)
{
    if (find(handle, "SHA256_Init", &library.small_begin) &&
        find(handle, "SHA256_Update", &library.small_put) &&
        find(handle, "SHA256_Final", &library.small_end))
        return;
    library.small_begin = NULL;
    library.small_put = NULL;
    library.small_end = NULL;
}

static void load(void)
{
    /* Never closed: its threads and its state live as long as the process. */
    void *handle = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);

    if (!handle)
        return;
#define X(name)                                                                                    \
    if (!find(handle, #name, &library.name))                                                       \
        return;
    VL_OPENSSL_FUNCTIONS(X)
#undef X
    find_older(handle);
    /* No configuration file decides what our cryptography is. */
    if (library.OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL) !=
        1)
        return;
    library.chacha20_poly1305 = library.EVP_CIPHER_fetch(NULL, "ChaCha20-Poly1305", NULL);
    library.aes_128_gcm = library.EVP_CIPHER_fetch(NULL, "AES-128-GCM", NULL);
    library.sha256 = library.EVP_MD_fetch(NULL, "SHA2-256", NULL);
    is_there =
        library.chacha20_poly1305 != NULL && library.aes_128_gcm != NULL && library.sha256 != NULL;
}

const struct vl_openssl *vl_openssl(void)
{
    vl_once_run(&once, load);
    __atomic_store_n(&was_asked_for, true, __ATOMIC_RELEASE);
    return is_there ? &library : NULL;
}

const struct vl_openssl *vl_openssl_loaded(void)
{
    return __atomic_load_n(&was_asked_for, __ATOMIC_ACQUIRE) && is_there ? &library : NULL;
}
