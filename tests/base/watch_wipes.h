/* SPDX-License-Identifier: Apache-2.0 */
/* tests/base/watch_wipes.h: stands in for explicit_bzero, so that a test sees what was wiped before
 * it was freed.  Included once by a test program. */
#ifndef VL_TESTS_WATCH_WIPES_H
#define VL_TESTS_WATCH_WIPES_H

#include <stdbool.h>
#include <stddef.h>

static struct {
    const void *at;
    size_t len;
} wipes[256];
static size_t wipe_count;

static void wipe_and_remember(void *at, size_t len)
{
    volatile unsigned char *byte = at;

    for (size_t i = 0; i < len; i++)
        byte[i] = 0;
    wipes[wipe_count % 256].at = at;
    wipes[wipe_count % 256].len = len;
    wipe_count++;
}

static bool was_wiped(const void *at, size_t len)
{
    for (size_t i = 0; i < 256; i++)
        if (wipes[i].at == at && wipes[i].len >= len)
            return true;
    return false;
}

static void forget_wipes(void)
{
    for (size_t i = 0; i < 256; i++)
        wipes[i].at = NULL;
}

/* What the C library has under this name and, with _FORTIFY_SOURCE, under the other. */
void stand_in(void *at, size_t len) __asm__("explicit_bzero");
void stand_in_fortified(void *at, size_t len, size_t size) __asm__("__explicit_bzero_chk");

void stand_in(void *at, size_t len)
{
    wipe_and_remember(at, len);
}

void stand_in_fortified(void *at, size_t len, size_t size)
{
    (void)size;
    wipe_and_remember(at, len);
}

#endif
