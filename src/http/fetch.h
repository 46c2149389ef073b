/* SPDX-License-Identifier: Apache-2.0 */
/* http/fetch.h: requests to one server by libcurl, whose only door this is.
 *
 * https with the server's certificate checked; http to this machine alone, unless it is asked for.
 * Time, sizes and redirects have limits, and nothing leads to another server.  What goes wrong on
 * the way is never FORMAT, LIMIT or UNVERIFIED: those are about what a record says. */
#ifndef VL_HTTP_FETCH_H
#define VL_HTTP_FETCH_H

#include "base/bytes.h"

#define VL_FETCH_URL  2048
#define VL_FETCH_TYPE 128

struct vl_fetch_options {
    const char *url;  /* "https://host[:port][/path]" */
    const char *ca;   /* a file of certificates to trust in place of the machine's; NULL */
    bool any_http;    /* http:// also beyond this machine */
    unsigned total_s; /* an answer is whole by then */
};

struct vl_fetch;
/* Asks nobody yet.  USAGE for an address that will not do, NO_MEMORY, INTERNAL. */
enum vl_err vl_fetch_open(const struct vl_fetch_options *options, struct vl_fetch **out,
                          struct vl_why *why) VL_MUST_USE;
/* Takes NULL. */
void vl_fetch_close(struct vl_fetch *fetch);

/* Borrowed. */
struct vl_fetch_asked {
    const char *path; /* below the url, without a slash; or the location of an answer */
    bool is_post;
    vl_bytes body;
    const char *content_type;  /* of a body */
    const char *accept;        /* NULL: whatever comes */
    const char *authorization; /* NULL: none */
};
struct vl_fetch_answer {
    bool was_sent; /* something of the request left, though there may be no answer */
    unsigned status;
    char content_type[VL_FETCH_TYPE]; /* in small letters, without parameters */
    char location[VL_FETCH_URL];      /* whole, and on the same server; empty: none */
    bool has_retry_after;
    unsigned retry_after_s;
    struct vl_buf *body; /* the caller's, whose ceiling is the limit */
};
/* Ask once: whatever status it is, that is VL_OK.  BUSY when there was no answer, it was cut off,
 * or took too long; IO for what no record would answer: too much, no HTTP, a certificate that is
 * not trusted, a location on another server; NO_MEMORY.  On failure the body is as it was, and
 * answer->was_sent tells whether the server may have got it. */
enum vl_err vl_fetch(struct vl_fetch *fetch, const struct vl_fetch_asked *asked,
                     struct vl_fetch_answer *answer, struct vl_why *why) VL_MUST_USE;
/* GET, and go along where it leads, a few times. */
enum vl_err vl_fetch_get(struct vl_fetch *fetch, const struct vl_fetch_asked *asked,
                         struct vl_fetch_answer *answer, struct vl_why *why) VL_MUST_USE;

#endif
