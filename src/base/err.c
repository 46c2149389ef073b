/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct row {
    int exit_status;
    int http_status;
    const char *name;
    const char *words;
};

static const struct row rows[VL_ERR_COUNT] = {[VL_OK] = {0, 200, "ok", "done"},
#define X(code, exit_status, http_status, name, words)                                             \
    [VL_ERR_##code] = {exit_status, http_status, name, words},
                                              VL_ERR_TABLE(X)
#undef X
};

static const struct row *row_of(enum vl_err err)
{
    return &rows[(unsigned)err < VL_ERR_COUNT ? err : VL_ERR_INTERNAL];
}

int vl_err_exit_status(enum vl_err err)
{
    return row_of(err)->exit_status;
}

int vl_err_http_status(enum vl_err err)
{
    return row_of(err)->http_status;
}

const char *vl_err_name(enum vl_err err)
{
    return row_of(err)->name;
}

const char *vl_err_words(enum vl_err err)
{
    return row_of(err)->words;
}

enum vl_err vl_fail(struct vl_why *why, enum vl_err err, const char *format, ...)
{
    va_list args;

    if (why) {
        va_start(args, format);
        (void)vsnprintf(why->text, sizeof why->text, format, args);
        va_end(args);
    }
    return err;
}

enum vl_err vl_fail_in(struct vl_why *why, enum vl_err err, const char *format, ...)
{
    char reason[sizeof why->text];
    va_list args;
    size_t at;

    if (!why)
        return err;
    memcpy(reason, why->text, sizeof reason);
    va_start(args, format);
    (void)vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
    at = strlen(why->text);
    if (reason[0])
        (void)snprintf(why->text + at, sizeof why->text - at, ": %s", reason);
    return err;
}
