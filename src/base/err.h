/* SPDX-License-Identifier: Apache-2.0 */
/* base/err.h: the one table of failures, and why something failed. */
#ifndef VL_BASE_ERR_H
#define VL_BASE_ERR_H

#include <stddef.h>

#define VL_MUST_USE          __attribute__((warn_unused_result))
#define VL_AUTO(release)     __attribute__((cleanup(release)))
#define VL_PRINTF(at, first) __attribute__((format(printf, at, first)))

/* A code says what the caller should do.  The exit statuses are frozen; the names are the `code`
 * strings of JSON documents and never change either. */
/* clang-format off */
#define VL_ERR_TABLE(X)                                                        \
    /* code         exit http  name            words                        */ \
    X(IO,              1, 500, "io",           "reading or writing failed")    \
    X(NO_SPACE,        1, 507, "no-space",     "no space left")                \
    X(NO_MEMORY,       1, 500, "no-memory",    "out of memory")                \
    X(EXISTS,          1, 409, "exists",       "already there")                \
    X(INTERNAL,        1, 500, "internal",     "a fault in valise itself")     \
    X(USAGE,           2, 400, "usage",        "used wrongly")                 \
    X(PARTIAL,         3, 200, "partial",      "done in part")                 \
    X(NOT_FOUND,       4, 404, "not-found",    "not found")                    \
    X(AMBIGUOUS,       4, 404, "ambiguous",    "more than one answers to it")  \
    X(BUSY,            5, 503, "busy",         "busy, try again")              \
    X(FORMAT,          6, 400, "format",       "malformed bytes")              \
    X(LIMIT,           6, 413, "limit",        "over a limit")                 \
    X(UNVERIFIED,      6, 422, "unverified",   "does not verify")              \
    X(REFUSED,         7, 403, "refused",      "refused")                      \
    X(EXPIRED,         7, 403, "expired",      "expired")                      \
    X(UNSUPPORTED,     8, 501, "unsupported",  "not supported here")           \
    X(NO_HOME,        10, 500, "no-home",      "no valise here")               \
    X(LOCKED,         11, 503, "locked",       "locked by another valise")     \
    X(NO_KEY,         12, 403, "no-key",       "no key for it")                \
    X(INTERRUPTED,   130, 500, "interrupted",  "interrupted")                  \
    X(TERMINATED,    143, 500, "terminated",   "terminated")
/* clang-format on */

enum vl_err {
    VL_OK,
#define X(code, exit_status, http_status, name, words) VL_ERR_##code,
    VL_ERR_TABLE(X)
#undef X
        VL_ERR_COUNT
};

int vl_err_exit_status(enum vl_err err);
int vl_err_http_status(enum vl_err err);
/* "no-space": the stable name of JSON documents; "ok" for VL_OK. */
const char *vl_err_name(enum vl_err err);
/* "no space left": what a person reads when nothing better is known. */
const char *vl_err_words(enum vl_err err);

/* Why it failed.  Lives in the caller and never allocates; a text that does not fit is cut.
 * May hold bytes of strangers: whoever shows it makes it safe first (vl_text_safe). */
struct vl_why {
    char text[512];
};

/* Say why, and hand err back.  why may be NULL. */
enum vl_err vl_fail(struct vl_why *why, enum vl_err err, const char *format, ...) VL_PRINTF(3, 4);
/* Say where: puts "where: " before the reason that is there already. */
enum vl_err vl_fail_in(struct vl_why *why, enum vl_err err, const char *format, ...)
    VL_PRINTF(3, 4);

#endif
