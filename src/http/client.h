/* SPDX-License-Identifier: Apache-2.0 */
/* http/client.h: a record on another machine: read by its tiles, and statements entered into it
 * (SCRAPI, draft-ietf-scitt-scrapi-11 and what servers of its earlier drafts say). */
#ifndef VL_HTTP_CLIENT_H
#define VL_HTTP_CLIENT_H

#include "crypto/rng.h"
#include "http/fetch.h"
#include "store/log_dir.h"

/* The files of a record by HTTP; fetch is borrowed. */
struct vl_log_source vl_client_source(struct vl_fetch *fetch);

/* One statement on its way there. */
struct vl_client_entering {
    struct vl_fetch *fetch;
    const struct vl_entry *entry;
    const char *authorization;        /* NULL: none */
    const struct vl_receipt_log *log; /* whose receipt it must be */
    unsigned wait_s;                  /* for a receipt that is not there at once */
    const struct vl_rng *rng;         /* so that not all clients come again at the same moment */
    void (*sleep)(void *self, unsigned ms);
    void *self;
    bool *is_open; /* set when it fails, and the record may have it all the same */
};
/* Send it, wait, and append its receipt, which is verified: that the record of this log has this
 * very entry, at the place that *says tells.  The same statement may be sent again.  REFUSED with
 * the server's own words; UNVERIFIED for a receipt of another entry, record or key, FORMAT and
 * LIMIT for what is none; BUSY when it is not there yet; and what vl_fetch fails with. */
enum vl_err vl_client_enter(const struct vl_client_entering *entering, struct vl_buf *receipt,
                            struct vl_receipt_says *says, struct vl_why *why) VL_MUST_USE;

/* Append a fresh receipt of an entry that is there, which is verified; on failure out is as it was.
 * NOT_FOUND; BUSY while it is on its way in; and what vl_client_enter fails with but REFUSED. */
enum vl_err vl_client_receipt(struct vl_fetch *fetch, const struct vl_entry *entry,
                              const struct vl_receipt_log *log, struct vl_buf *out,
                              struct vl_receipt_says *says, struct vl_why *why) VL_MUST_USE;

/* What a refusal says, as far as it can be read: RFC 9290 in CBOR, RFC 9457 in JSON.  out is empty
 * when it says nothing that can be shown. */
#define VL_CLIENT_WORDS 400
void vl_client_problem(const char *content_type, vl_bytes body, char out[VL_CLIENT_WORDS]);

#endif
