/* SPDX-License-Identifier: Apache-2.0 */
/* http/listen.h: a socket that others connect to: on this machine alone, unless somebody says
 * otherwise. */
#ifndef VL_HTTP_LISTEN_H
#define VL_HTTP_LISTEN_H

#include "base/bytes.h"

#define VL_LISTEN_TEXT 160

struct vl_listener {
    int fd; /* -1: none */
    bool is_unix;
    bool is_public;            /* others than this machine reach it */
    char text[VL_LISTEN_TEXT]; /* "http://127.0.0.1:8080/", with the port it got, or the path */
    char path[VL_LISTEN_TEXT]; /* of a Unix socket, to be removed */
};
#define VL_LISTENER_INIT                                                                           \
    {                                                                                              \
        .fd = -1                                                                                   \
    }

/* "unix:PATH", "ADDRESS:PORT" with an address of numbers (IPv6 in brackets), or "PORT" for
 * 127.0.0.1; port 0 takes one that is free.  A Unix socket that nobody listens on is replaced; it
 * is for its owner and group.  USAGE for another text; EXISTS when the port or path is taken; IO.
 */
enum vl_err vl_listen(const char *where, struct vl_listener *out, struct vl_why *why) VL_MUST_USE;
void vl_listener_close(struct vl_listener *listener);

#endif
