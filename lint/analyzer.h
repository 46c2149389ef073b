/* SPDX-License-Identifier: Apache-2.0 */
/* What the analyzer of clang-tidy cannot see from one file: vl_fail hands back the code it was
 * given, vl_new gives zeroed memory and vl_free takes it.  Included before every file but the two
 * that define these. */
#ifndef VL_LINT_ANALYZER_H
#define VL_LINT_ANALYZER_H

#include <stdlib.h>

#include "base/alloc.h"
#include "base/err.h"

#define vl_fail(why, err, ...)    ((void)(vl_fail)((why), (err), __VA_ARGS__), (err))
#define vl_fail_in(why, err, ...) ((void)(vl_fail_in)((why), (err), __VA_ARGS__), (err))
#define vl_new(size)              calloc(1, (size))
#define vl_free(block)            free(block)

#endif
