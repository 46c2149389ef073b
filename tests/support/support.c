/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define FILE_MAX (64u << 20)

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

struct vl_buf hex(const char *text)
{
    struct vl_buf out = VL_BUF_INIT(FILE_MAX);
    int high = -1;

    for (; *text; text++) {
        if (*text == ' ' || *text == '\n')
            continue;
        if (digit(*text) < 0)
            fail_msg("not hex: %s", text);
        if (high < 0) {
            high = digit(*text);
            continue;
        }
        assert_int_equal(vl_buf_put_byte(&out, (uint8_t)(high << 4 | digit(*text))), VL_OK);
        high = -1;
    }
    assert_int_equal(high, -1);
    return out;
}

struct vl_buf file(const char *path)
{
    struct vl_buf out = VL_BUF_INIT(FILE_MAX);
    const char *root = getenv("VALISE_SOURCE");
    char whole[4096];
    uint8_t piece[65536];
    size_t got;
    FILE *in;

    (void)snprintf(whole, sizeof whole, "%s%s%s", path[0] == '/' || !root ? "" : root,
                   path[0] == '/' || !root ? "" : "/", path);
    in = fopen(whole, "rb");
    if (!in)
        fail_msg("cannot read %s", whole);
    while ((got = fread(piece, 1, sizeof piece, in)) > 0)
        assert_int_equal(vl_buf_put(&out, vl_bytes_of(piece, got)), VL_OK);
    fclose(in);
    return out;
}

static enum vl_err count_on(void *self, uint8_t *out, size_t len)
{
    struct counter_rng *counter = self;

    for (size_t i = 0; i < len; i++) {
        uint64_t z = counter->state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */

        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        out[i] = (uint8_t)(z >> 56);
    }
    return VL_OK;
}

struct vl_rng counter_rng(struct counter_rng *counter, uint64_t seed)
{
    counter->state = seed;
    return (struct vl_rng){count_on, counter};
}

long each_allocation_fails(enum vl_err (*use)(void *self, struct vl_why *why), void *self)
{
    for (long allowed = 0; allowed < 100000; allowed++) {
        struct vl_why why = {""};
        enum vl_err err;

        vl_alloc_fail_after(allowed);
        err = use(self, &why);
        vl_alloc_fail_after(-1);
        if (!err)
            return allowed + 1;
        if (err != VL_ERR_NO_MEMORY)
            fail_msg("with %ld allocations: %s (%s)", allowed, vl_err_name(err), why.text);
    }
    fail_msg("never succeeds");
    return 0;
}

void assert_bytes(vl_bytes got, vl_bytes wanted)
{
    assert_int_equal(got.len, wanted.len);
    if (wanted.len)
        assert_memory_equal(got.ptr, wanted.ptr, wanted.len);
}

void assert_err_at(enum vl_err err, enum vl_err wanted, const struct vl_why *why, const char *file,
                   int line)
{
    if (err != wanted) {
        print_error("%s, wanted %s: %s\n", vl_err_name(err), vl_err_name(wanted), why->text);
        _fail(file, line);
    }
}
