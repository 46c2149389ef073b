/* SPDX-License-Identifier: Apache-2.0 */
/* http/serve.h: a record served, from its folder to the wire. */
#ifndef VL_HTTP_SERVE_H
#define VL_HTTP_SERVE_H

#include "http/server.h"

struct vl_serve_request {
    const char *path;   /* the record */
    const char *listen; /* http/listen.h */
    unsigned connections;
    unsigned per_address;
    unsigned patience_s;     /* a request is whole by then */
    unsigned posts_a_second; /* from one address; 0: no limit */
    unsigned workers;        /* threads that help to verify and to sign */
    bool takes_from_anybody;
    /* It listens now, and answers what comes. */
    void (*begun)(void *self, const struct vl_listener *listener, vl_bytes origin);
    /* Nothing can be entered, for this reason, or again something (VL_OK). */
    void (*trouble)(void *self, enum vl_err err, const struct vl_why *why);
    void *self;
};

/* Until SIGTERM or SIGINT, which end it well: VL_OK.  What vl_log_dir_open, vl_listen, and
 * vl_http_run fail with. */
enum vl_err vl_serve(const struct vl_serve_request *request, struct vl_why *why) VL_MUST_USE;

#endif
