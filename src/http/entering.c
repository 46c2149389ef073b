/* SPDX-License-Identifier: Apache-2.0 */
#include "http/entering.h"

#include <string.h>

#include "base/alloc.h"
#include "base/pool.h"
#include "codec/base64.h"
#include "http/text.h"
#include "record/publish.h"

#define AT_ONCE          8 /* to one worker: to wake it costs as much as a tenth of a signature */
#define PARALLEL_FROM    4 /* fewer are done before anybody is awake */
#define RECEIPTS_AT_ONCE 256

/* Takes the entry, also when there is no memory: NULL. */
static struct vl_entering *entering_of(struct vl_entry *entry)
{
    struct vl_entering *entering = vl_new(sizeof *entering);

    if (!entering) {
        vl_entry_release(entry);
        return NULL;
    }
    entering->entry = *entry;
    *entry = (struct vl_entry)VL_ENTRY_INIT;
    entering->receipt = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    return entering;
}

enum vl_err vl_entering_new(struct vl_entry *entry, const struct vl_http_request *request,
                            struct vl_entering **out)
{
    struct vl_entering *entering = entering_of(entry);
    uint8_t wish[VL_HTTP_MAX_HEADER];
    vl_bytes text;
    size_t len = 0;

    *out = entering;
    if (!entering)
        return VL_ERR_NO_MEMORY;
    if (vl_http_under(vl_bytes_str(request->authorization), "Valise ", &text) &&
        vl_base64_decode_padded(text, wish, &len) == VL_OK && len == sizeof entering->wish) {
        memcpy(entering->wish, wish, len);
        entering->has_wish = true;
    }
    return VL_OK;
}

void vl_entering_free(struct vl_entering *entering)
{
    vl_entry_release(&entering->entry);
    vl_buf_release(&entering->receipt);
    vl_free(entering);
}

/* --- on all cores ----------------------------------------------------------------------------- */

/* Some of those that wait, and what is done with each. */
struct some {
    void (*work)(const struct vl_site *site, struct vl_entering *entering);
    size_t count;
    struct vl_entering *at[AT_ONCE];
};

static enum vl_err do_some(void *self, void *slot, struct vl_why *why)
{
    struct some *some = slot;

    (void)why;
    for (size_t i = 0; i < some->count; i++)
        some->work(self, some->at[i]);
    return VL_OK;
}

static enum vl_err some_done(void *self, void *slot, struct vl_why *why)
{
    (void)self;
    (void)slot;
    (void)why;
    return VL_OK;
}

enum vl_err vl_entering_begin(struct vl_site *site, unsigned workers)
{
    static const struct vl_pool_ops ops = {do_some, some_done, NULL};

    if (workers == 0)
        return VL_OK;
    site->pool = vl_pool_new(&ops, site, workers, sizeof(struct some), 4 * (size_t)workers);
    return site->pool ? VL_OK : VL_ERR_NO_MEMORY;
}

void vl_entering_end(struct vl_site *site)
{
    vl_pool_free(site->pool);
    site->pool = NULL;
}

/* Do it with all of these, which nobody else touches meanwhile. */
static void do_all(struct vl_site *site, struct vl_entering *const *all, size_t count,
                   void (*work)(const struct vl_site *site, struct vl_entering *entering))
{
    const bool is_parallel = site->pool && count >= PARALLEL_FROM;
    size_t done = 0;

    while (is_parallel && done < count) {
        struct some *some = vl_pool_slot(site->pool);

        if (!some)
            break; /* no memory for it: the rest is done here */
        some->work = work;
        for (some->count = 0; some->count < AT_ONCE && done < count; some->count++)
            some->at[some->count] = all[done++];
        vl_pool_submit(site->pool);
    }
    if (is_parallel && vl_pool_drain(site->pool, NULL) != VL_OK)
        vl_entering_end(site);
    for (; done < count; done++)
        work(site, all[done]);
}

/* --- judged ----------------------------------------------------------------------------------- */

static bool is_card(const struct vl_entry *entry)
{
    return entry->kind == VL_KIND_CARD || entry->kind == VL_KIND_REVOCATION;
}

/* Does the request show that the issuer itself asks (record/publish.h)? */
static bool is_asked_by_issuer(const struct vl_site *site, const struct vl_entering *entering)
{
    const struct vl_entry *entry = &entering->entry;
    uint8_t card_id[VL_HASH_LEN];
    const struct vl_card_key *key;
    const struct vl_card *card;

    if (site->takes_from_anybody)
        return true;
    if (!entering->chain || !entering->has_wish ||
        vl_act_card_id(entry->sign1.payload, card_id, NULL) != VL_OK)
        return false;
    card = vl_chain_find(entering->chain, card_id, NULL);
    key = card ? vl_card_find_key(card, entry->sign1.kid) : NULL;
    return key && vl_publish_verify(site->policy->origin, entry->id, &key->key,
                                    VL_ARRAY(entering->wish), NULL) == VL_OK;
}

static void judge(const struct vl_site *site, struct vl_entering *entering)
{
    const struct vl_entry_asked asked = {entering->chain, is_asked_by_issuer(site, entering),
                                         vl_site_now()};

    entering->err = vl_entry_check(&entering->entry, site->policy, &asked, &entering->why);
    entering->is_refused = entering->err != VL_OK;
    entering->is_judged = true;
}

static enum vl_err judge_card(struct vl_site *site, struct vl_entering *entering,
                              struct vl_why *why)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    struct vl_entry_asked asked = {NULL, false, vl_site_now()};
    struct vl_office_id issuer;
    enum vl_err err = VL_OK;

    if (vl_office_id_of_eid(entering->entry.sign1.claims.iss, &issuer) == VL_OK) {
        err =
            vl_issuers_with(&site->issuers, &issuer, vl_entry_bytes(&entering->entry), &chain, why);
        asked.chain = &chain;
    }
    entering->is_judged = true;
    return err ? err : vl_entry_check(&entering->entry, site->policy, &asked, why);
}

/* As many as their chains can be held at once; what is left in the queue comes next. */
static size_t judge_some(struct vl_site *site, struct vl_entering **next)
{
    struct vl_entering *all[VL_ISSUERS_MAX];
    size_t count = 0;

    vl_issuers_hold(&site->issuers);
    for (; *next && count < VL_ISSUERS_MAX; *next = (*next)->next) {
        struct vl_office_id issuer;

        if ((*next)->is_judged)
            continue;
        (*next)->chain = NULL;
        if (vl_office_id_of_eid((*next)->entry.sign1.claims.iss, &issuer) == VL_OK)
            (*next)->chain = vl_issuers_find(&site->issuers, &issuer);
        all[count++] = *next;
    }
    do_all(site, all, count, judge);
    vl_issuers_let_go(&site->issuers);
    return count;
}

static void judge_all(struct vl_site *site)
{
    struct vl_entering *next = site->first;

    while (judge_some(site, &next) > 0)
        continue;
}

/* Does something of the same issuer wait, and is one of the two a card?  What is refused already
 * changes nothing. */
static bool meets_other(const struct vl_site *site, const struct vl_entry *entry)
{
    for (const struct vl_entering *at = site->first; at; at = at->next)
        if (!at->is_refused && (is_card(entry) || is_card(&at->entry)) &&
            vl_bytes_eq(at->entry.sign1.claims.iss, entry->sign1.claims.iss))
            return true;
    return false;
}

bool vl_entering_has_to_wait(struct vl_site *site, const struct vl_entry *entry)
{
    if (!meets_other(site, entry))
        return false;
    /* Else whoever sends what is not signed could keep an office's card out for ever. */
    judge_all(site);
    return meets_other(site, entry);
}

enum vl_err vl_entering_put(struct vl_site *site, struct vl_entering *entering, struct vl_why *why)
{
    if (site->entering_count == VL_LOG_DIR_MAX_BATCH)
        return VL_ERR_BUSY;
    if (is_card(&entering->entry)) {
        enum vl_err err = judge_card(site, entering, why);

        if (err)
            return err;
    }
    if (site->last)
        site->last->next = entering;
    else
        site->first = entering;
    site->last = entering;
    site->entering_count++;
    return VL_OK;
}

/* --- entered ---------------------------------------------------------------------------------- */

/* The operator is told once, and once more when it works again. */
static void tell(struct vl_site *site, enum vl_err err, const struct vl_why *why)
{
    if (err != site->last_err && site->trouble)
        site->trouble(site->trouble_self, err, why);
    site->last_err = err;
}

static void forget_cards(struct vl_site *site, const struct vl_entry *entry)
{
    struct vl_office_id issuer;

    if (is_card(entry) && vl_office_id_of_eid(entry->sign1.claims.iss, &issuer) == VL_OK)
        vl_issuers_forget(&site->issuers, &issuer);
}

static void sign_receipt(const struct vl_site *site, struct vl_entering *entering)
{
    if (vl_log_dir_receipt_sign(site->log, &entering->draft, &entering->receipt, NULL) != VL_OK)
        entering->receipt.len = 0;
}

/* What is given out, and whose client still waits.  Where it fails it is tried again when the
 * client asks, and said then. */
static void make_receipts(struct vl_site *site, struct vl_entering **all, size_t count)
{
    size_t some = 0;

    for (size_t i = 0; i < count; i++)
        if (!all[i]->is_orphan &&
            vl_log_dir_receipt_draft(site->log, all[i]->index, &all[i]->entry, vl_site_now(),
                                     &all[i]->draft, NULL) == VL_OK)
            all[some++] = all[i];
    do_all(site, all, some, sign_receipt);
}

static void enter_some(struct vl_site *site, struct vl_entering **all, struct vl_log_dir_put *puts,
                       size_t count)
{
    struct vl_why why = {""};
    enum vl_err err;

    for (size_t i = 0; i < count; i++)
        puts[i].entry = &all[i]->entry;
    err = vl_log_dir_append(site->log, puts, count, &why);
    tell(site, err, &why);
    for (size_t i = 0; i < count; i++) {
        all[i]->err = err;
        all[i]->index = puts[i].index;
        if (!err)
            forget_cards(site, &all[i]->entry);
    }
    if (!err)
        make_receipts(site, all, count);
}

static void enter_all(struct vl_site *site)
{
    struct vl_entering **all = vl_new(site->entering_count * sizeof(struct vl_entering *));
    struct vl_log_dir_put *puts = vl_new(site->entering_count * sizeof *puts);
    size_t count = 0;

    for (struct vl_entering *at = site->first; at; at = at->next) {
        at->is_done = true;
        if (at->is_refused)
            continue;
        at->err = VL_ERR_NO_MEMORY; /* until it is known better */
        if (all && puts)
            all[count++] = at;
    }
    if (count > 0)
        enter_some(site, all, puts, count);
    else if (!all || !puts)
        tell(site, VL_ERR_NO_MEMORY, &(struct vl_why){"no memory for what waits"});
    vl_free(all);
    vl_free(puts);
}

void vl_entering_settle(struct vl_site *site)
{
    struct vl_entering *at = site->first;

    if (!at)
        return;
    judge_all(site);
    enter_all(site);
    site->first = NULL;
    site->last = NULL;
    site->entering_count = 0;
    while (at) {
        struct vl_entering *next = at->next;

        at->next = NULL;
        if (at->is_orphan)
            vl_entering_free(at);
        at = next;
    }
}

/* --- receipts of what is in ------------------------------------------------------------------- */

enum vl_err vl_entering_again(struct vl_site *site, struct vl_entry *entry, uint64_t index,
                              struct vl_entering **out)
{
    *out = entering_of(entry);
    if (!*out)
        return VL_ERR_NO_MEMORY;
    (*out)->index = index;
    (*out)->next = site->again;
    site->again = *out;
    return VL_OK;
}

/* As many as there is room for, whose clients still wait; the others are done with. */
static size_t take_some(struct vl_site *site, struct vl_entering *some[RECEIPTS_AT_ONCE])
{
    size_t count = 0;

    while (site->again && count < RECEIPTS_AT_ONCE) {
        struct vl_entering *at = site->again;

        site->again = at->next;
        at->next = NULL;
        at->is_done = true;
        if (at->is_orphan)
            vl_entering_free(at);
        else
            some[count++] = at;
    }
    return count;
}

void vl_entering_sign(struct vl_site *site)
{
    struct vl_entering *some[RECEIPTS_AT_ONCE];

    while (site->again)
        make_receipts(site, some, take_some(site, some));
}
