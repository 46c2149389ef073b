/* SPDX-License-Identifier: Apache-2.0 */
/* http/server.h: HTTP/1.1 by libmicrohttpd, whose only door this is.
 *
 * One thread, and no memory that a client could make grow: connections, headers, bodies and the
 * time they take have limits.  Whatever could be read in two ways is refused and the connection
 * closed: two lengths, a length and an encoding, a NUL in a path, a body where none belongs. */
#ifndef VL_HTTP_SERVER_H
#define VL_HTTP_SERVER_H

#include "http/listen.h"
#include "http/message.h"

#define VL_HTTP_MAX_CONNECTIONS 900 /* select() knows 1,024 files */

struct vl_http_options {
    unsigned connections; /* 1 to VL_HTTP_MAX_CONNECTIONS */
    unsigned per_address; /* 0: as many as there are */
    unsigned request_s;   /* a request is whole by then, and an idle connection is closed */
};

struct vl_http;
/* Serve on a socket that listens, which is taken, also on failure.  NO_MEMORY, IO. */
enum vl_err vl_http_open(struct vl_listener *listener, const struct vl_http_options *options,
                         const struct vl_http_site *site, struct vl_http **out,
                         struct vl_why *why) VL_MUST_USE;
/* Answer until SIGTERM or SIGINT, which are this call's meanwhile: then nobody new is let in, and
 * whoever has asked is answered.  VL_OK; IO. */
enum vl_err vl_http_run(struct vl_http *http, struct vl_why *why) VL_MUST_USE;
/* Takes NULL. */
void vl_http_close(struct vl_http *http);

#endif
