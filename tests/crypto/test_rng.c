/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/rng.h"

#include <errno.h>
#include <string.h>

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include "support.h"

/* Stands in for the kernel where a test wants one that misbehaves. */
enum kernel { KERNEL_WORKS, KERNEL_IS_SHORT, KERNEL_FAILS, KERNEL_GIVES_NOTHING };

static enum kernel kernel;
static unsigned kernel_calls;

ssize_t stand_in(void *out, size_t len, unsigned flags) __asm__("getrandom");
ssize_t stand_in(void *out, size_t len, unsigned flags)
{
    kernel_calls++;
    if (kernel == KERNEL_IS_SHORT && kernel_calls % 2) {
        errno = EINTR;
        return -1;
    }
    if (kernel == KERNEL_IS_SHORT)
        len = len < 7 ? len : 7;
    if (kernel_calls > 1 && kernel == KERNEL_FAILS) {
        errno = ENOSYS;
        return -1;
    }
    if (kernel_calls > 1 && kernel == KERNEL_GIVES_NOTHING)
        return 0;
    if (kernel != KERNEL_WORKS) {
        memset(out, 0x77, len < 7 ? len : 7);
        return (ssize_t)(len < 7 ? len : 7);
    }
    return syscall(SYS_getrandom, out, len, flags);
}

static void set_kernel(enum kernel how)
{
    kernel = how;
    kernel_calls = 0;
}

static void the_system_fills_every_byte(void **state)
{
    const struct vl_rng rng = vl_rng_system();
    uint8_t seen[600] = {0}, out[602];

    (void)state;
    /* A byte that is never written stays zero in all twenty rounds: 2^-160 for one that is. */
    for (int round = 0; round < 20; round++) {
        memset(out, 0, sizeof out);
        assert_int_equal(vl_rng_fill(&rng, out + 1, 600), VL_OK);
        assert_int_equal(out[0] | out[601], 0);
        for (size_t i = 0; i < sizeof seen; i++)
            seen[i] |= out[i + 1];
    }
    for (size_t i = 0; i < sizeof seen; i++)
        assert_int_not_equal(seen[i], 0);
}

static void the_system_gives_other_bytes_each_time(void **state)
{
    const struct vl_rng rng = vl_rng_system();
    uint8_t a[32], b[32];

    (void)state;
    assert_int_equal(vl_rng_fill(&rng, a, sizeof a), VL_OK);
    assert_int_equal(vl_rng_fill(&rng, b, sizeof b), VL_OK);
    assert_memory_not_equal(a, b, sizeof a);
}

static void no_bytes_need_no_kernel(void **state)
{
    const struct vl_rng rng = vl_rng_system();
    uint8_t out = 9;

    (void)state;
    set_kernel(KERNEL_FAILS);
    assert_int_equal(vl_rng_fill(&rng, &out, 0), VL_OK);
    assert_int_equal(kernel_calls, 0);
    set_kernel(KERNEL_WORKS);
    assert_int_equal(out, 9);
}

static void short_and_interrupted_answers_are_asked_for_again(void **state)
{
    const struct vl_rng rng = vl_rng_system();
    uint8_t out[51] = {0}, wanted[51] = {0};

    (void)state;
    memset(wanted, 0x77, 50);
    set_kernel(KERNEL_IS_SHORT);
    assert_int_equal(vl_rng_fill(&rng, out, 50), VL_OK);
    set_kernel(KERNEL_WORKS);
    assert_memory_equal(out, wanted, sizeof out);
}

static void a_kernel_that_fails_is_told_and_leaves_zeroes(void **state)
{
    static const enum kernel kernels[] = {KERNEL_FAILS, KERNEL_GIVES_NOTHING};
    static const uint8_t zeroes[50];
    const struct vl_rng rng = vl_rng_system();

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        uint8_t out[51];

        memset(out, 0x99, sizeof out);
        set_kernel(kernels[i]);
        assert_int_equal(vl_rng_fill(&rng, out, 50), VL_ERR_INTERNAL);
        set_kernel(KERNEL_WORKS);
        assert_memory_equal(out, zeroes, 50);
        assert_int_equal(out[50], 0x99);
    }
}

static void a_secret_without_randomness_is_no_secret(void **state)
{
    const struct vl_rng rng = vl_rng_system();
    static const struct vl_secret empty;
    struct vl_secret secret;

    (void)state;
    memset(&secret, 0x99, sizeof secret);
    set_kernel(KERNEL_FAILS);
    assert_int_equal(vl_rng_secret(&rng, 32, &secret), VL_ERR_INTERNAL);
    set_kernel(KERNEL_WORKS);
    assert_memory_equal(&secret, &empty, sizeof secret);
}

static void a_secret_comes_from_the_source_that_was_given(void **state)
{
    static const uint8_t zeroes[VL_SECRET_MAX];
    struct counter_rng counter;

    (void)state;
    for (size_t len = 0; len <= VL_SECRET_MAX; len++) {
        struct vl_rng rng = counter_rng(&counter, len);
        struct vl_secret secret;
        uint8_t wanted[VL_SECRET_MAX];

        memset(&secret, 0x99, sizeof secret);
        assert_int_equal(vl_rng_fill(&rng, wanted, len), VL_OK);
        rng = counter_rng(&counter, len);
        assert_int_equal(vl_rng_secret(&rng, len, &secret), VL_OK);
        assert_bytes(vl_bytes_of(secret.data, secret.len), vl_bytes_of(wanted, len));
        assert_memory_equal(secret.data + len, zeroes, VL_SECRET_MAX - len);
    }
}

static void a_secret_too_long_is_refused_before_any_randomness(void **state)
{
    const struct vl_rng rng = vl_rng_system();
    struct vl_secret secret = {3, "old"};

    (void)state;
    set_kernel(KERNEL_WORKS);
    assert_int_equal(vl_rng_secret(&rng, VL_SECRET_MAX + 1, &secret), VL_ERR_LIMIT);
    assert_int_equal(vl_rng_secret(&rng, SIZE_MAX, &secret), VL_ERR_LIMIT);
    assert_int_equal(kernel_calls, 0);
    assert_bytes(vl_bytes_of(secret.data, secret.len), VL_LITERAL("old"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_system_fills_every_byte),
        cmocka_unit_test(the_system_gives_other_bytes_each_time),
        cmocka_unit_test(no_bytes_need_no_kernel),
        cmocka_unit_test(short_and_interrupted_answers_are_asked_for_again),
        cmocka_unit_test(a_kernel_that_fails_is_told_and_leaves_zeroes),
        cmocka_unit_test(a_secret_without_randomness_is_no_secret),
        cmocka_unit_test(a_secret_comes_from_the_source_that_was_given),
        cmocka_unit_test(a_secret_too_long_is_refused_before_any_randomness),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
