/* SPDX-License-Identifier: Apache-2.0 */
/* Counts signatures: loaded before the program (LD_PRELOAD); when it ends, "made N checked N" is
 * appended to the file that VALISE_SIGNATURES names. */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static atomic_ulong made, checked;

typedef int sign_fn(unsigned char *, unsigned long long *, const unsigned char *,
                    unsigned long long, const unsigned char *);
typedef int verify_fn(const unsigned char *, const unsigned char *, unsigned long long,
                      const unsigned char *);

/* What libsodium has under this name; a function pointer is no object pointer in C. */
static void next(const char *name, void *out, size_t len)
{
    void *at = dlsym(RTLD_NEXT, name);

    if (!at || len != sizeof at)
        abort();
    __builtin_memcpy(out, &at, len);
}

int crypto_sign_detached(unsigned char *sig, unsigned long long *sig_len, const unsigned char *m,
                         unsigned long long len, const unsigned char *key);
int crypto_sign_verify_detached(const unsigned char *sig, const unsigned char *m,
                                unsigned long long len, const unsigned char *key);

int crypto_sign_detached(unsigned char *sig, unsigned long long *sig_len, const unsigned char *m,
                         unsigned long long len, const unsigned char *key)
{
    sign_fn *real;

    next("crypto_sign_detached", &real, sizeof real);
    made++;
    return real(sig, sig_len, m, len, key);
}

int crypto_sign_verify_detached(const unsigned char *sig, const unsigned char *m,
                                unsigned long long len, const unsigned char *key)
{
    verify_fn *real;

    next("crypto_sign_verify_detached", &real, sizeof real);
    checked++;
    return real(sig, m, len, key);
}

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("VALISE_SIGNATURES");
    FILE *out = path ? fopen(path, "a") : NULL;

    if (!out)
        return;
    (void)fprintf(out, "made %lu checked %lu\n", made, checked);
    (void)fclose(out);
}
