/* SPDX-License-Identifier: Apache-2.0 */
/* mail/mail.h: a mail that was taken apart: what it says of itself, its text, and what is attached;
 * and the bytes in which valise-mail, which takes it apart, tells that to valise.
 *
 * Whoever writes mail can write anything into it, and whoever breaks the program that reads it can
 * tell anything of it; so nothing here is believed, and each thing that can be large has a limit.
 */
#ifndef VL_MAIL_MAIL_H
#define VL_MAIL_MAIL_H

#include "base/bytes.h"
#include "base/name.h"

#define VL_MAIL_MAX_LEN   ((size_t)64 << 20)
#define VL_MAIL_MAX_PARTS 256
#define VL_MAIL_MAX_DEPTH 16 /* of multiparts within multiparts */
#define VL_MAIL_MAX_FIELD ((size_t)256 << 10)
#define VL_MAIL_MAX_TYPE  127
/* A character of one byte becomes three at most. */
#define VL_MAIL_MAX_ANSWER (3 * VL_MAIL_MAX_LEN)

/* What a mail says of itself; nobody has checked it. */
/* clang-format off */
#define VL_MAIL_FIELD_TABLE(X)                                                 \
    /* code        in the head   in JSON */                                    \
    X(SUBJECT,     "subject",    "subject")                                    \
    X(FROM,        "from",       "from")                                       \
    X(TO,          "to",         "to")                                         \
    X(CC,          "cc",         "cc")                                         \
    X(DATE,        "date",       "date")                                       \
    X(MESSAGE_ID,  "message-id", "message_id")
/* clang-format on */
enum vl_mail_field {
#define X(code, name, member) VL_MAIL_##code,
    VL_MAIL_FIELD_TABLE(X)
#undef X
        VL_MAIL_FIELD_COUNT
};
/* "message-id", and "message_id" as a member of documents. */
const char *vl_mail_field_name(enum vl_mail_field field);
const char *vl_mail_field_member(enum vl_mail_field field);

enum vl_mail_role {
    VL_MAIL_ATTACHED,
    VL_MAIL_TEXT, /* one part at most: what the mail says, in UTF-8 with LF */
    VL_MAIL_LEFT  /* the HTML beside that text, which should say the same */
};

struct vl_mail_part {
    enum vl_mail_role role;
    char name[VL_PART_NAME_MAX + 1]; /* as a part of a letter may be called */
    bool renamed;                    /* the mail calls it otherwise */
    char type[VL_MAIL_MAX_TYPE + 1]; /* "image/png" */
    struct vl_buf content;
};

struct vl_mail {
    /* One line of UTF-8 each, with a NUL behind it; empty when the mail has none.  What cannot be
     * read stands there as it came, bytes that are no UTF-8 among it. */
    struct vl_buf fields[VL_MAIL_FIELD_COUNT];
    enum vl_err subject_err; /* why the subject could not be read, if so */
    struct vl_why subject_why;
    size_t part_count;
    struct vl_mail_part *parts; /* room for VL_MAIL_MAX_PARTS */
};
#define VL_MAIL_INIT                                                                               \
    {                                                                                              \
        .part_count = 0                                                                            \
    }

void vl_mail_release(struct vl_mail *mail);
/* The part that is its text, or NULL. */
const struct vl_mail_part *vl_mail_text(const struct vl_mail *mail);

/* What is told of a mail, or why it was not taken apart, at the end of out.  LIMIT when out is
 * full; NO_MEMORY. */
enum vl_err vl_mail_write(const struct vl_mail *mail, struct vl_buf *out) VL_MUST_USE;
enum vl_err vl_mail_write_refusal(enum vl_err err, const struct vl_why *why,
                                  struct vl_buf *out) VL_MUST_USE;
/* Read either.  *mail must be VL_MAIL_INIT and is again on failure; it borrows nothing.  Fails as
 * the refusal says, or with FORMAT for an answer that is none: names that no part may have, lines
 * that are more than one, two texts or one that is no UTF-8; NO_MEMORY. */
enum vl_err vl_mail_read(vl_bytes answer, struct vl_mail *mail, struct vl_why *why) VL_MUST_USE;

#endif
