/* SPDX-License-Identifier: Apache-2.0 */
#include "http/client.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "http/text.h"
#include "record/receipt.h"

#define ENTRIES        "entries"
#define COSE           "application/cose"
#define RECEIPT        "application/scitt-receipt+cose"
#define STATEMENT      "application/scitt-statement+cose"
#define ANY_COSE       COSE ", " RECEIPT
#define PROBLEM        "application/concise-problem-details+cbor"
#define PROBLEM_TITLE  (-1) /* RFC 9290 */
#define PROBLEM_DETAIL (-2)
#define PROBLEM_MAX    32
#define ANSWER_MAX     ((size_t)16 << 10)
#define WAIT_FIRST_MS  500
#define WAIT_MOST_MS   10000 /* whatever the server wishes */
#define TURNS_MAX      200
#define HOPS_MAX       5 /* other places that one answer after the other leads to */

/* Too much, or it does not work just now: later it may. */
static bool is_busy(const struct vl_fetch_answer *answer)
{
    return answer->status == 429 || answer->status >= 500;
}

/* --- files ------------------------------------------------------------------------------------ */

/* A partial tile goes when the full one is there; these may be missing; everything else a record
 * that is given out has. */
static bool may_be_missing(const char *name)
{
    return strcmp(name, "record") == 0 || strcmp(name, "checkpoint") == 0 ||
           strcmp(name, "checkpoint-to-cosign") == 0 || strstr(name, ".p/") != NULL;
}

static enum vl_err get_file(void *self, const char *name, struct vl_buf *out, struct vl_why *why)
{
    struct vl_fetch_answer answer = {.body = out};
    const char *path = strcmp(name, "waiting") == 0 ? "checkpoint-to-cosign" : name;
    const struct vl_fetch_asked asked = {.path = path};
    const size_t before = out->len;
    enum vl_err err = vl_fetch_get(self, &asked, &answer, why);

    if (!err && answer.status == 200 && strcmp(answer.content_type, "text/html") != 0)
        return VL_OK;
    out->len = before;
    if (err)
        return vl_fail_in(why, err, "%s", path);
    if (answer.status == 404 && may_be_missing(path))
        return vl_fail(why, VL_ERR_NOT_FOUND, "%s: it is not there", path);
    if (is_busy(&answer))
        return vl_fail(why, VL_ERR_BUSY, "%s: the server says %u", path, answer.status);
    if (answer.status == 200)
        return vl_fail(why, VL_ERR_IO, "%s: a page, and no record: is this its address?", path);
    return vl_fail(why, VL_ERR_IO, "%s: the server says %u", path, answer.status);
}

struct vl_log_source vl_client_source(struct vl_fetch *fetch)
{
    return (struct vl_log_source){get_file, fetch};
}

/* --- what a refusal says ---------------------------------------------------------------------- */

/* A map of RFC 9290; texts may be tagged with their language (tag 38), and are passed over then. */
static void read_cbor(vl_bytes body, vl_bytes *title, vl_bytes *detail)
{
    struct vl_cbor r = vl_cbor_open(body, VL_CBOR_COSE);
    struct vl_cbor_map map = vl_cbor_map(&r, 0, PROBLEM_MAX);

    while (vl_cbor_next(&r, &map)) {
        const struct vl_cbor_label label = vl_cbor_label(&r, &map);
        const bool is_wanted =
            !label.is_text && (label.number == PROBLEM_TITLE || label.number == PROBLEM_DETAIL);

        if (is_wanted && vl_cbor_peek(&r) == VL_CBOR_TEXT)
            *(label.number == PROBLEM_TITLE ? title : detail) = vl_cbor_text(&r, 0, ANSWER_MAX);
        else
            (void)vl_cbor_item(&r);
    }
}

/* The value of a member that is a text without escapes, wherever it stands: for words that a person
 * reads, and nothing is decided by them. */
static vl_bytes json_text(vl_bytes body, const char *name)
{
    const uint8_t *at = body.len ? memmem(body.ptr, body.len, name, strlen(name)) : NULL;
    vl_bytes left, value;
    const uint8_t *end;

    if (!at)
        return VL_BYTES_NONE;
    left = vl_bytes_after(body, (size_t)(at - body.ptr) + strlen(name));
    while (left.len > 0 && (left.ptr[0] == ':' || left.ptr[0] == ' '))
        left = vl_bytes_after(left, 1);
    if (left.len == 0 || left.ptr[0] != '"')
        return VL_BYTES_NONE;
    value = vl_bytes_after(left, 1);
    end = value.len ? memchr(value.ptr, '"', value.len) : NULL;
    return end ? vl_bytes_first(value, (size_t)(end - value.ptr)) : VL_BYTES_NONE;
}

void vl_client_problem(const char *content_type, vl_bytes body, char out[VL_CLIENT_WORDS])
{
    vl_bytes title = VL_BYTES_NONE, detail = VL_BYTES_NONE;
    char first[VL_CLIENT_WORDS / 2 - 2], second[VL_CLIENT_WORDS / 2];

    if (strcmp(content_type, PROBLEM) == 0 || strcmp(content_type, "application/cbor") == 0 ||
        strcmp(content_type, COSE) == 0) {
        read_cbor(body, &title, &detail);
    } else if (strstr(content_type, "json")) {
        title = json_text(body, "\"title\"");
        detail = json_text(body, "\"detail\"");
    }
    (void)vl_text_safe(first, sizeof first, title);
    (void)vl_text_safe(second, sizeof second, detail);
    (void)snprintf(out, VL_CLIENT_WORDS, "%s%s%s", first, first[0] && second[0] ? ": " : "",
                   second);
}

/* --- a receipt -------------------------------------------------------------------------------- */

static enum vl_err verify(vl_bytes wire, const struct vl_entry *entry,
                          const struct vl_receipt_log *log, struct vl_receipt_says *says,
                          struct vl_why *why)
{
    VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;
    enum vl_err err = vl_receipt_parse(wire, &receipt, why);

    if (!err)
        err = vl_receipt_verify(&receipt, entry->leaf_hash, log, says, why);
    /* Nobody refused anything: it is the receipt of another record. */
    if (err == VL_ERR_REFUSED || err == VL_ERR_USAGE)
        err = VL_ERR_UNVERIFIED;
    return err ? vl_fail_in(why, err, "what the server gives is no receipt for it") : VL_OK;
}

static bool is_receipt(const struct vl_fetch_answer *answer)
{
    return answer->body->len > 0 &&
           (strcmp(answer->content_type, COSE) == 0 || strcmp(answer->content_type, RECEIPT) == 0 ||
            strcmp(answer->content_type, STATEMENT) == 0);
}

/* What an answer is, when a receipt was asked for. */
static enum vl_err given(const struct vl_fetch_answer *answer, vl_bytes body,
                         const struct vl_entry *entry, const struct vl_receipt_log *log,
                         struct vl_receipt_says *says, struct vl_why *why)
{
    char words[VL_CLIENT_WORDS];

    if (answer->status == 200)
        return verify(body, entry, log, says, why);
    if (answer->status == 404)
        return vl_fail(why, VL_ERR_NOT_FOUND, "it is not in the record");
    if (answer->status == 204 || answer->status == 202)
        return vl_fail(why, VL_ERR_BUSY, "it is on its way in: again later");
    vl_client_problem(answer->content_type, body, words);
    return vl_fail(why, is_busy(answer) ? VL_ERR_BUSY : VL_ERR_IO, "the server says %u %s",
                   answer->status, words);
}

enum vl_err vl_client_receipt(struct vl_fetch *fetch, const struct vl_entry *entry,
                              const struct vl_receipt_log *log, struct vl_buf *out,
                              struct vl_receipt_says *says, struct vl_why *why)
{
    struct vl_fetch_answer answer = {.body = out};
    char path[sizeof ENTRIES + 1 + VL_HTTP_ID] = ENTRIES "/";
    const struct vl_fetch_asked asked = {.path = path, .accept = COSE};
    const size_t before = out->len;
    enum vl_err err;

    (void)vl_http_id(entry->id, path + strlen(path));
    err = vl_fetch_get(fetch, &asked, &answer, why);
    if (!err)
        err = given(&answer, vl_bytes_after(vl_buf_bytes(out), before), entry, log, says, why);
    if (err)
        out->len = before;
    return err;
}

/* --- a conversation --------------------------------------------------------------------------- */

/* What an answer means. */
enum turn {
    TURN_RECEIPT, /* here it is */
    TURN_ASK,     /* ask at the location */
    TURN_AGAIN,   /* the same again, later */
    TURN_REFUSED,
    TURN_NOTHING /* no server of a record says that */
};

static enum turn turn_of(const struct vl_fetch_answer *answer, bool was_posted)
{
    const unsigned status = answer->status;

    if (is_busy(answer))
        return TURN_AGAIN;
    if (status >= 400)
        return TURN_REFUSED;
    if ((status == 200 || status == 201) && is_receipt(answer))
        return TURN_RECEIPT;
    if (status >= 200 && status < 400 && answer->location[0])
        return TURN_ASK;
    /* 204 runs still; older ones say so with a document of the operation, or with 202. */
    if (!was_posted && (status == 200 || status == 202 || status == 204))
        return TURN_AGAIN;
    return TURN_NOTHING;
}

struct talk {
    const struct vl_client_entering *entering;
    struct vl_buf body;
    struct vl_fetch_answer answer;
    char location[VL_FETCH_URL]; /* empty: it is not sent yet */
    unsigned hops;
    bool is_open; /* whether it is in the record */
    unsigned waited_ms, next_ms;
};

/* Does the server say that there is nothing to wait for? */
static bool is_at_once(const struct vl_fetch_answer *answer)
{
    return answer->has_retry_after && answer->retry_after_s == 0;
}

/* As long as the server says, within reason, else longer each time; and a little more, by chance.
 * No wait at all is no time: a server that says so for ever would be asked without a pause. */
static enum vl_err wait(struct talk *talk, struct vl_why *why)
{
    const struct vl_client_entering *entering = talk->entering;
    unsigned ms = talk->next_ms;
    uint8_t chance = 0;

    if (talk->answer.has_retry_after && !is_at_once(&talk->answer))
        ms = talk->answer.retry_after_s * 1000;
    else if (talk->next_ms < WAIT_MOST_MS)
        talk->next_ms *= 2;
    if (ms > WAIT_MOST_MS)
        ms = WAIT_MOST_MS;
    if (vl_rng_fill(entering->rng, &chance, 1) != VL_OK)
        return vl_fail(why, VL_ERR_INTERNAL, "no random bytes");
    ms += ms * chance / 1024;
    if (talk->waited_ms + ms > entering->wait_s * 1000)
        return talk->location[0] ? vl_fail(why, VL_ERR_BUSY,
                                           "it is on its way in, and its receipt is not there "
                                           "yet: add it again later")
                                 : vl_fail(why, VL_ERR_BUSY, "the server says %u: again later",
                                           talk->answer.status);
    talk->waited_ms += ms;
    entering->sleep(entering->self, ms);
    return VL_OK;
}

static enum vl_err ask(struct talk *talk, struct vl_why *why)
{
    const struct vl_client_entering *entering = talk->entering;
    const struct vl_fetch_asked post = {.path = ENTRIES,
                                        .is_post = true,
                                        .body = vl_entry_bytes(entering->entry),
                                        .content_type = COSE,
                                        .accept = ANY_COSE ", */*;q=0.1",
                                        .authorization = entering->authorization};
    const struct vl_fetch_asked get = {.path = talk->location, .accept = ANY_COSE ", */*;q=0.1"};

    talk->body.len = 0;
    talk->answer = (struct vl_fetch_answer){.body = &talk->body};
    return vl_fetch(entering->fetch, talk->location[0] ? &get : &post, &talk->answer, why);
}

/* Was it sent, and no word came that it is not taken?  A server in trouble may have it. */
static bool may_be_taken(const struct talk *talk, enum vl_err err)
{
    const unsigned status = talk->answer.status;

    return err ? talk->answer.was_sent : status < 400 || status >= 500;
}

static enum vl_err refused(struct talk *talk, struct vl_why *why)
{
    char words[VL_CLIENT_WORDS];

    vl_client_problem(talk->answer.content_type, vl_buf_bytes(&talk->body), words);
    if (talk->answer.status == 404 && !words[0])
        return vl_fail(why, VL_ERR_IO,
                       "the server knows of no such place: is this the address of "
                       "a record that takes statements?");
    talk->is_open = false;
    return words[0] ? vl_fail(why, VL_ERR_REFUSED, "the record says: %s", words)
                    : vl_fail(why, VL_ERR_REFUSED, "the server says %u, and no more",
                              talk->answer.status);
}

static enum vl_err converse(struct talk *talk, struct vl_why *why)
{
    for (int turn = 0; turn < TURNS_MAX; turn++) {
        const bool was_posted = !talk->location[0];
        enum vl_err err = ask(talk, why);
        bool is_new;

        talk->is_open |= was_posted && may_be_taken(talk, err);
        if (err)
            return err;
        switch (turn_of(&talk->answer, was_posted)) {
        case TURN_RECEIPT:
            return VL_OK;
        case TURN_REFUSED:
            return refused(talk, why);
        case TURN_ASK:
            is_new = strcmp(talk->location, talk->answer.location) != 0;
            talk->hops += is_new;
            memcpy(talk->location, talk->answer.location, sizeof talk->location);
            if (talk->hops > HOPS_MAX)
                return vl_fail(why, VL_ERR_IO, "the server leads on and on, and gives no receipt");
            /* Of other places there are only so many. */
            if (!is_new || (talk->answer.status != 201 && !is_at_once(&talk->answer)))
                err = wait(talk, why);
            break;
        case TURN_AGAIN:
            err = wait(talk, why);
            break;
        case TURN_NOTHING:
            return vl_fail(why, VL_ERR_IO, "the server says %u, and gives no receipt",
                           talk->answer.status);
        }
        if (err)
            return err;
    }
    return vl_fail(why, VL_ERR_BUSY, "the server was asked %d times, and gives no receipt yet",
                   TURNS_MAX);
}

enum vl_err vl_client_enter(const struct vl_client_entering *entering, struct vl_buf *receipt,
                            struct vl_receipt_says *says, struct vl_why *why)
{
    struct talk talk = {.entering = entering,
                        .body = VL_BUF_INIT(ANSWER_MAX),
                        .next_ms = WAIT_FIRST_MS};
    enum vl_err err = converse(&talk, why);

    if (!err)
        err = verify(vl_buf_bytes(&talk.body), entering->entry, entering->log, says, why);
    if (!err && vl_buf_put(receipt, vl_buf_bytes(&talk.body)) != VL_OK)
        err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a receipt");
    vl_buf_release(&talk.body);
    *entering->is_open = err && talk.is_open;
    return err;
}
