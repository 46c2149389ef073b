/* SPDX-License-Identifier: Apache-2.0 */
/* view/page.h: the pages of a public record, its feed, and the same as JSON.
 *
 * A page works without JavaScript and without anybody else's server, at the width of a phone, in
 * the dark and on paper.  What strangers wrote is written by view/html.h alone. */
#ifndef VL_VIEW_PAGE_H
#define VL_VIEW_PAGE_H

#include "card/kind.h"
#include "card/office_id.h"
#include "view/finding.h"
#include "view/html.h"
#include "view/report.h"

#define VL_PAGE_ROWS  50 /* of one page */
#define VL_PAGE_NAME  160
#define VL_PAGE_WORDS 240 /* of what somebody said, in a list */

/* What stands on every page.  Borrowed. */
struct vl_page_record {
    vl_bytes origin;
    uint8_t id[VL_HASH_LEN]; /* of entry 0 */
    uint64_t size;
    uint8_t root[VL_HASH_LEN];
    size_t witnesses; /* that cosigned the checkpoint */
    size_t need;
};

/* One entry of a list. */
struct vl_page_row {
    uint64_t index;
    uint8_t id[VL_HASH_LEN];
    enum vl_kind kind; /* NONE: the policy */
    bool has_office;
    struct vl_office_id office;
    char name[VL_PAGE_NAME + 1]; /* by its newest card here; empty: there is none */
    bool has_iat;
    int64_t iat_s;
    bool has_letter;
    uint8_t letter[VL_HASH_LEN];
    bool has_invitation;
    uint8_t invitation[VL_HASH_LEN];
    const char *deed; /* what was done, where its kind alone does not say; NULL: it does */
    char words[VL_PAGE_WORDS + sizeof "…"]; /* that it says, or their beginning; empty: none */
};

/* What was asked for, as it was typed: a form keeps what was put in. */
struct vl_page_query {
    vl_bytes office;
    vl_bytes letter;
    vl_bytes kind;
    vl_bytes since;
    vl_bytes until;
    const char *wrong; /* NULL, or a sentence about what could not be read; a stranger's words in it
                        */
};

/* Newest first. */
struct vl_page_list {
    size_t count;
    struct vl_page_row rows[VL_PAGE_ROWS];
    bool has_more; /* from there on */
    uint64_t next;
};

enum vl_err vl_page_front(const struct vl_page_record *record, const struct vl_page_query *query,
                          const struct vl_page_list *list, struct vl_buf *out) VL_MUST_USE;

/* What its own signer put beside it.  Borrowed. */
#define VL_PAGE_CORRECTIONS 24
struct vl_page_correction {
    uint64_t index; /* of the entry that corrects */
    bool is_whole;  /* of a statement: all of its words, and old is empty */
    bool is_taken_back;
    vl_bytes field;
    vl_bytes old;
    vl_bytes now;
};

/* An entry, and what later entries say about it. */
struct vl_page_entry {
    struct vl_page_row row;
    vl_bytes sub;
    size_t bytes;
    uint8_t leaf_hash[VL_HASH_LEN];
    const struct vl_report *report; /* facts, and what is proven and what not */
    const struct vl_page_list *about;
    size_t correction_count; /* withdrawals first, then the newest first */
    struct vl_page_correction corrections[VL_PAGE_CORRECTIONS];
    bool has_more_corrections;
    bool is_given_out; /* else it waits for witnesses */
};
enum vl_err vl_page_entry(const struct vl_page_record *record, const struct vl_page_entry *entry,
                          struct vl_buf *out) VL_MUST_USE;

/* An office, as its cards in this record say. */
struct vl_page_office {
    struct vl_office_id office;
    bool is_known;
    char name[VL_PAGE_NAME + 1];
    uint64_t card_count;
    bool has_card_iat;
    int64_t card_iat_s;
    bool has_not_after;
    int64_t not_after_s;
    bool is_revoked; /* the newest card or its key */
    size_t language_count;
    const vl_bytes *languages;
    const struct vl_page_list *list;
};
enum vl_err vl_page_office(const struct vl_page_record *record, const struct vl_page_office *office,
                           struct vl_buf *out) VL_MUST_USE;

/* What this record has about a letter. */
struct vl_page_letter {
    uint8_t number[VL_HASH_LEN];
    const struct vl_page_list *list;
    const struct vl_finding *finding; /* NULL: nothing was found */
    vl_bytes told;                    /* vl_page_finding of it */
    size_t read_first;                /* it rests on so many entries alone; 0: on all */
};
enum vl_err vl_page_letter(const struct vl_page_record *record, const struct vl_page_letter *letter,
                           struct vl_buf *out) VL_MUST_USE;

/* Whoever invites or is invited.  The name is that of the newest card here, and empty without one;
 * what it is called in the invitation is what its signer says. */
struct vl_page_party {
    bool has_office;
    struct vl_office_id office;
    char name[VL_PAGE_NAME + 1];
    vl_bytes said;
};

/* What this record has about an invitation.  Borrowed. */
struct vl_page_invitation {
    uint8_t number[VL_HASH_LEN];
    const struct vl_page_list *list;
    const struct vl_finding *finding; /* NULL: no act of it is here */
    const struct vl_finding_names *names;
    vl_bytes told;     /* vl_finding_html of it */
    size_t read_first; /* it rests on so many entries alone; 0: on all */
    struct vl_page_party inviter;
    struct vl_page_party invitee;
    size_t row_count; /* of the acts by which it is what it is now */
    const struct vl_page_row *rows;
    size_t correction_count; /* by whoever signed what they correct, the newest first */
    struct vl_page_correction corrections[VL_PAGE_CORRECTIONS];
    uint8_t corrected[VL_PAGE_CORRECTIONS][VL_HASH_LEN]; /* the act that each of them is about */
};
enum vl_err vl_page_invitation(const struct vl_page_record *record,
                               const struct vl_page_invitation *invitation,
                               struct vl_buf *out) VL_MUST_USE;

/* Somebody's file, looked at. */
struct vl_page_check {
    bool was_asked; /* false: only the form */
    enum vl_err err;
    const char *why; /* of a failure; perhaps with a stranger's words */
    const struct vl_report *report;
    bool is_here; /* it is an entry of this record */
    uint64_t index;
};
enum vl_err vl_page_check(const struct vl_page_record *record, const struct vl_page_check *check,
                          struct vl_buf *out) VL_MUST_USE;

/* What the record is, and how to check it without this server. */
struct vl_page_about {
    const char *receipt_kid;    /* base64url */
    const char *checkpoint_key; /* as a note's key is written */
    uint64_t max_len;
    bool needs_iat;
    uint64_t past_max_s;
    uint64_t ahead_max_s;
    size_t witness_count;
    bool takes_from_anybody; /* whoever brings evidence is taken for its signer */
};
enum vl_err vl_page_about(const struct vl_page_record *record, const struct vl_page_about *about,
                          struct vl_buf *out) VL_MUST_USE;

/* Something else than what was asked for. */
enum vl_err vl_page_problem(const struct vl_page_record *record, unsigned status, const char *what,
                            const char *why, struct vl_buf *out) VL_MUST_USE;

/* Atom (RFC 4287); url is this server's, as its reader sees it, without a slash at its end. */
enum vl_err vl_page_feed(const struct vl_page_record *record, const struct vl_page_list *list,
                         vl_bytes url, struct vl_buf *out) VL_MUST_USE;

/* The style sheet, the only one. */
enum vl_err vl_page_style(struct vl_buf *out) VL_MUST_USE;

/* The same as JSON: valise.page-entries/1, -entry, -office, -letter, -invitation, -file, -about. */
enum vl_err vl_page_front_json(const struct vl_page_record *record, const struct vl_page_list *list,
                               struct vl_buf *out) VL_MUST_USE;
enum vl_err vl_page_entry_json(const struct vl_page_record *record,
                               const struct vl_page_entry *entry, struct vl_buf *out) VL_MUST_USE;
enum vl_err vl_page_office_json(const struct vl_page_record *record,
                                const struct vl_page_office *office,
                                struct vl_buf *out) VL_MUST_USE;
enum vl_err vl_page_letter_json(const struct vl_page_record *record,
                                const struct vl_page_letter *letter,
                                struct vl_buf *out) VL_MUST_USE;
enum vl_err vl_page_invitation_json(const struct vl_page_record *record,
                                    const struct vl_page_invitation *invitation,
                                    struct vl_buf *out) VL_MUST_USE;
enum vl_err vl_page_check_json(const struct vl_page_record *record,
                               const struct vl_page_check *check, struct vl_buf *out) VL_MUST_USE;
enum vl_err vl_page_about_json(const struct vl_page_record *record,
                               const struct vl_page_about *about, struct vl_buf *out) VL_MUST_USE;

#endif
