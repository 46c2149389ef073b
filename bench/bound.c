/* SPDX-License-Identifier: Apache-2.0 */
/* What a plain loop can do: threads that read 256 KiB at its place, encrypt it in chunks of 64 KiB
 * with OpenSSL and write it to its place, without any format, check, order or durability.
 * usage: bound THREADS INPUT OUTPUT */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#define CHUNK 65536
#define BATCH 4

static int in, out;
static off_t size;
static atomic_ullong next_batch;
static EVP_CIPHER *cipher;

static void check(int good, const char *what)
{
    if (!good) {
        perror(what);
        exit(1);
    }
}

static void *work(void *unused)
{
    static const unsigned char key[32] = {1};
    unsigned char *plain = malloc(BATCH * CHUNK), *sealed = malloc(BATCH * (CHUNK + 16));
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();

    check(plain && sealed && context, "memory");
    check(EVP_EncryptInit_ex2(context, cipher, key, NULL, NULL) == 1, "key");
    for (;;) {
        unsigned long long batch = atomic_fetch_add(&next_batch, 1);
        off_t at = (off_t)batch * BATCH * CHUNK;
        ssize_t got = at < size ? pread(in, plain, BATCH * CHUNK, at) : 0;
        ssize_t chunks = (got + CHUNK - 1) / CHUNK;

        if (got <= 0)
            break;
        for (ssize_t i = 0; i < chunks; i++) {
            int len = (int)(got - i * CHUNK < CHUNK ? got - i * CHUNK : CHUNK), used = 0, rest = 0;
            unsigned char nonce[12] = {0}, *to = sealed + i * (CHUNK + 16);
            uint64_t number = batch * BATCH + (uint64_t)i;

            for (int j = 0; j < 8; j++)
                nonce[3 + j] = (unsigned char)(number >> 8 * (7 - j));
            check(EVP_EncryptInit_ex2(context, NULL, NULL, nonce, NULL) == 1 &&
                      EVP_EncryptUpdate(context, to, &used, plain + i * CHUNK, len) == 1 &&
                      EVP_EncryptFinal_ex(context, to + used, &rest) == 1 &&
                      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, to + len) == 1,
                  "cipher");
        }
        check(pwrite(out, sealed, (size_t)(got + 16 * chunks),
                     (off_t)batch * BATCH * (CHUNK + 16)) == got + 16 * chunks,
              "write");
    }
    EVP_CIPHER_CTX_free(context);
    free(plain);
    free(sealed);
    return unused;
}

int main(int argc, char **argv)
{
    pthread_t threads[64];
    struct stat info;
    int count = argc == 4 ? atoi(argv[1]) : 0;

    check(count > 0 && count <= 64, "usage: bound THREADS INPUT OUTPUT");
    in = open(argv[2], O_RDONLY);
    out = open(argv[3], O_CREAT | O_TRUNC | O_WRONLY, 0600);
    cipher = EVP_CIPHER_fetch(NULL, "ChaCha20-Poly1305", NULL);
    check(in >= 0 && out >= 0 && cipher && fstat(in, &info) == 0, "open");
    size = info.st_size;
    for (int i = 0; i < count; i++)
        check(pthread_create(&threads[i], NULL, work, NULL) == 0, "thread");
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    return close(out);
}
