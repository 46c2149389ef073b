/* SPDX-License-Identifier: Apache-2.0 */
/* http/message.h: a request and its answer, whatever server is between them and the wire.
 *
 * What is asked for is told by the bytes that came: nobody has decoded them. */
#ifndef VL_HTTP_MESSAGE_H
#define VL_HTTP_MESSAGE_H

#include "base/bytes.h"

#define VL_HTTP_MAX_TARGET   2048 /* of a request line */
#define VL_HTTP_MAX_HEADER   256  /* of one header that is looked at */
#define VL_HTTP_MAX_RESPONSE ((size_t)32 << 20)
#define VL_HTTP_LINK         256

enum vl_http_method { VL_HTTP_GET, VL_HTTP_POST };

/* Borrowed from the server until the answer is given. */
struct vl_http_request {
    enum vl_http_method method; /* HEAD is GET here, and its body stays */
    vl_bytes path;              /* "/..." as it came */
    vl_bytes query;             /* what is behind "?" */
    vl_bytes body;
    char accept[VL_HTTP_MAX_HEADER];
    char content_type[VL_HTTP_MAX_HEADER];
    char authorization[VL_HTTP_MAX_HEADER];
    bool has_peer; /* an address, which a Unix socket has not */
    uint8_t peer[16];
    /* The site's own, all zero at first. */
    void *state;
    bool is_counted;     /* its address had some of its share left, and this was taken from it */
    uint64_t put_off_ms; /* since when it waits for its turn */
};

/* Where a policy of content does not let a browser run anything (RFC 9110; CSP 3). */
enum vl_http_kind { VL_HTTP_DATA, VL_HTTP_PAGE };

/* Owns its body. */
struct vl_http_response {
    unsigned status;
    enum vl_http_kind kind;
    const char *content_type; /* a literal; NULL: there is no body */
    const char *cache;        /* Cache-Control, a literal; NULL: no-store */
    bool is_file;             /* a browser saves it, by the end of its path, and shows nothing */
    unsigned retry_after_s;   /* 0: it does not say */
    bool varies;              /* by what the client accepts */
    char location[VL_HTTP_LINK];
    struct vl_buf body;
};

#define VL_HTTP_RESPONSE_INIT                                                                      \
    {                                                                                              \
        .status = 500, .body = { NULL, 0, 0, VL_HTTP_MAX_RESPONSE }                                \
    }

/* Whoever answers.  All is called by one thread. */
struct vl_http_site {
    void *self;
    /* So many bytes of body may come with this request, whose body is not there yet. */
    size_t (*body_max)(void *self, const struct vl_http_request *request);
    /* True: the response is filled in.  False: not yet, ask again after next() or settle(). */
    bool (*answer)(void *self, struct vl_http_request *request, struct vl_http_response *response);
    /* Another round of requests begins: do what those of the last one wait for, unless it is better
     * done for many. */
    void (*next)(void *self);
    /* Do all who wait do so for settle(), which is the better the more they are? */
    bool (*gathers)(void *self);
    /* Everybody who was there has asked: do at once what they wait for together. */
    void (*settle)(void *self);
    /* The client is gone before its answer; request->state is not NULL. */
    void (*forget)(void *self, struct vl_http_request *request);
};

#endif
