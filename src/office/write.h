/* SPDX-License-Identifier: Apache-2.0 */
/* office/write.h: write letters: one with care, or thousands under one signature. */
#ifndef VL_OFFICE_WRITE_H
#define VL_OFFICE_WRITE_H

#include "mail/mail.h"
#include "office/parts.h"
#include "office/sending.h"

/* The text of a letter comes into memory; more is an attachment. */
#define VL_WRITE_TEXT_MAX ((size_t)64 << 20)

/* The name of a mail that a letter is made of. */
#define VL_WRITE_MAIL_NAME "mail.eml"

/* From so much content on, a letter can be carried in slices (PROTOCOL 14). */
#define VL_PIECES_FROM ((uint64_t)64 << 20)

struct vl_write_request {
    const char *const *offices; /* as people name them */
    size_t office_count;
    vl_bytes text;              /* none: there is no text part */
    const char *text_name;      /* what it is called; NULL: letter.txt */
    const char *text_file;      /* in place of text: a file that goes in as it is; NULL */
    const char *lang;           /* NULL: that of the letter it answers, if that is known here */
    const struct vl_mail *mail; /* what is attached to it goes along; NULL */
    vl_bytes mail_wire;         /* and all of it as it came, as VL_WRITE_MAIL_NAME; none */
    const char *const *attachments;
    size_t attachment_count;
    const char *subject;  /* NULL: none */
    const char *reply_to; /* a letter that is here, by its number; NULL */
    bool has_expires;
    int64_t expires_s;
    bool has_expect_by;
    int64_t expect_by_s;
    bool open;
    bool exact;
    bool no_copy;         /* not sealed to the own key as well */
    bool manual;          /* a person did it */
    const char *output;   /* also write the envelope there; NULL: it stays in the home */
    const char *evidence; /* also write cards, waybill and `sealed` there; NULL */
    unsigned out_flags;   /* enum vl_out_flag */
    uint64_t pieces_from; /* 0: VL_PIECES_FROM */
    bool dry_run;
    unsigned workers;
    int64_t now_s;
    struct vl_asker asker;
    struct vl_rng rng;
    struct vl_progress progress;
};

struct vl_written {
    bool kept; /* it is in the home, and signed for; also set when naming an output failed then */
    uint8_t number[VL_HASH_LEN];
    uint64_t size;
    uint64_t content_bytes;
    size_t part_count;
    size_t left_out;
    size_t renamed;
    struct vl_addressees to;
};

/* The letter is in the home, durable and signed for, and in the outputs if there are any; or
 * nothing is, and the store is as it was.  Outputs are durable before the home has the letter and
 * get their names after it; when that last step fails, or the power goes at it, the letter is kept
 * without them (written->kept). */
enum vl_err vl_write(struct vl_home *home, const struct vl_write_request *request,
                     struct vl_written *written, struct vl_why *why) VL_MUST_USE;

/* One letter of many: a file that becomes its content. */
struct vl_batch_item {
    const char *path;
    const char *subject;        /* NULL: none */
    const char *const *offices; /* NULL: those of the request */
    size_t office_count;
};

/* A letter that was written: told in no particular order, before it is durable. */
typedef void (*vl_batch_told)(void *self, size_t index, const uint8_t number[VL_HASH_LEN],
                              uint64_t size);

/* Many letters in one transaction under one `sealed`: all of them, or none.  Of the request:
 * offices, lang, expires, expect_by, open, exact, no_copy, workers, now, asker, rng, progress.
 * output is a folder that is new or empty; it gets each envelope as NUMBER.age, all or none.
 * *kept tells whether the letters are in the home, which they can be though that folder is not. */
enum vl_err vl_write_batch(struct vl_home *home, const struct vl_write_request *request,
                           const struct vl_batch_item *items, size_t item_count, vl_batch_told told,
                           void *told_self, bool *kept, struct vl_why *why) VL_MUST_USE;

#endif
