/* SPDX-License-Identifier: Apache-2.0 */
#include "leaks.h"

#include <stddef.h>

/* LeakSanitizer's, where there is one. */
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

void let_it_lose(void (*begin)(void))
{
    if (__lsan_disable != NULL)
        __lsan_disable();
    begin();
    if (__lsan_enable != NULL)
        __lsan_enable();
}
