/* SPDX-License-Identifier: Apache-2.0 */
/* tests/support/leaks.h: what is no leak of ours, where LeakSanitizer looks. */
#ifndef VL_TESTS_LEAKS_H
#define VL_TESTS_LEAKS_H

/* Call it; what it loses is not told.  (Its stack ends within GLib, so leaks.txt cannot name it.)
 */
void let_it_lose(void (*begin)(void));

#endif
