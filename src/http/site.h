/* SPDX-License-Identifier: Apache-2.0 */
/* http/site.h: a record as a site: what its parts share.
 *
 * SCRAPI (draft-ietf-scitt-scrapi-11) and C2SP tiles for programs, pages for people, one record
 * behind all of them.  One thread answers and writes; others only help it to
 * verify and to sign (http/entering.h). */
#ifndef VL_HTTP_SITE_H
#define VL_HTTP_SITE_H

#include "http/issuers.h"
#include "http/message.h"
#include "http/rate.h"
#include "http/turns.h"
#include "store/log_dir.h"
#include "view/page.h"

#define VL_SITE_CHECK_MAX  ((size_t)256 << 10) /* of a file that is to be checked */
#define VL_SITE_CHECK_ROOM (VL_SITE_CHECK_MAX + 8192)

struct vl_entering;
struct vl_pool;

struct vl_site {
    struct vl_log_dir *log; /* the writer's handle */
    const struct vl_record_policy *policy;
    bool takes_from_anybody; /* whoever brings evidence is taken for its signer */
    struct vl_issuers issuers;
    struct vl_rate rate;  /* of posts */
    struct vl_rate spent; /* the time that answers took; without a limit of posts it is not asked */
    struct vl_turns turns;
    size_t put_off_count;          /* in this round */
    struct vl_log_dir_state state; /* as of this request */
    struct vl_page_record page;
    enum vl_err last_err; /* of the last commit: whether it is ready to enter more */
    /* A commit failed, or works again after one that did (VL_OK). */
    void (*trouble)(void *self, enum vl_err err, const struct vl_why *why);
    void *trouble_self;
    struct vl_pool *pool;  /* NULL: this thread does all of it */
    size_t entering_count; /* that wait for one commit */
    struct vl_entering *first, *last;
    struct vl_entering *again; /* what is in, and waits for a receipt; the last one first */
};

/* What a page needs of a refused request. */
void vl_site_fail(struct vl_site *site, const struct vl_http_request *request, enum vl_err err,
                  const char *what, const struct vl_why *why, struct vl_http_response *response);
/* An answer of plain bytes; takes nothing. */
void vl_site_data(struct vl_http_response *response, enum vl_err err, const char *content_type,
                  const char *cache);
/* An answer that is a page or the document beside it. */
void vl_site_page(struct vl_http_response *response, enum vl_err err, bool is_json);
/* The first of what fits, newest first. */
enum vl_err vl_site_list(struct vl_site *site, const struct vl_log_dir_filter *wanted,
                         struct vl_page_list *list, struct vl_why *why) VL_MUST_USE;
/* rest is what is behind /entry/, /letter/ and /invitation/. */
void vl_entry_page(struct vl_site *site, const struct vl_http_request *request, vl_bytes rest,
                   bool is_json, struct vl_http_response *response);
void vl_letter_page(struct vl_site *site, const struct vl_http_request *request, vl_bytes rest,
                    bool is_json, struct vl_http_response *response);
void vl_invitation_page(struct vl_site *site, const struct vl_http_request *request, vl_bytes rest,
                        bool is_json, struct vl_http_response *response);
bool vl_site_wants_json(const struct vl_http_request *request, vl_bytes *path);
int64_t vl_site_now(void);

/* Each takes the request if it is its own: true, and then *done tells whether it was answered. */
bool vl_scrapi_answer(struct vl_site *site, struct vl_http_request *request,
                      struct vl_http_response *response, bool *done);
bool vl_tiles_answer(struct vl_site *site, const struct vl_http_request *request,
                     struct vl_http_response *response);
bool vl_pages_answer(struct vl_site *site, const struct vl_http_request *request,
                     struct vl_http_response *response);
bool vl_check_answer(struct vl_site *site, const struct vl_http_request *request,
                     struct vl_http_response *response);

void vl_scrapi_forget(struct vl_site *site, struct vl_http_request *request);
/* Too much from one address. */
void vl_scrapi_too_many(unsigned wait_s, struct vl_http_response *response);

/* What an entry says and what that proves, in sentences. */
enum vl_err vl_describe(struct vl_site *site, const struct vl_entry *entry,
                        struct vl_report *report, struct vl_why *why) VL_MUST_USE;
/* A row of a list, with its office's name and the words that it says. */
void vl_site_row(struct vl_site *site, const struct vl_log_dir_row *row, struct vl_page_row *out);

/* The functions of a server for this site. */
struct vl_http_site vl_site_functions(struct vl_site *site);
struct vl_site_options {
    unsigned posts_a_second; /* from one address; 0: no limit */
    unsigned workers;        /* threads that help */
    bool takes_from_anybody;
};
enum vl_err vl_site_begin(struct vl_site *site, struct vl_log_dir *log,
                          const struct vl_site_options *options, struct vl_why *why) VL_MUST_USE;
void vl_site_end(struct vl_site *site);

#endif
