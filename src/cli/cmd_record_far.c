/* SPDX-License-Identifier: Apache-2.0 */
/* valise record with an address in place of a folder, in valise-net. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd_record.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "http/client.h"
#include "sys/clock.h"
#include "sys/process.h"

#define WAIT_S     60
#define WAIT_MAX_S 3600

/* A receipt that came, under the id of its entry. */
struct kept {
    uint8_t id[VL_HASH_LEN];
    uint64_t index;
    struct vl_buf receipt;
};

struct far {
    struct vl_record_options o;
    struct vl_record_door door;
    struct vl_fetch *fetch;
    struct vl_buf record; /* what somebody has kept of it; empty: nothing */
    struct vl_rng rng;
    unsigned wait_s;
    struct kept *kept;
    size_t kept_count;
};

static void sleep_ms(void *self, unsigned ms)
{
    (void)self;
    vl_process_sleep_ms(ms);
}

static struct vl_receipt_log log_of(const struct vl_log_dir *log)
{
    const struct vl_record_policy *policy = vl_log_dir_policy(log);

    return (struct vl_receipt_log){policy->receipt_key, policy->origin, VL_RECEIPT_BOUND};
}

static const struct kept *find_kept(const struct far *far, const uint8_t id[VL_HASH_LEN])
{
    for (size_t i = 0; i < far->kept_count; i++)
        if (memcmp(far->kept[i].id, id, VL_HASH_LEN) == 0)
            return &far->kept[i];
    return NULL;
}

/* Until what was entered is in a checkpoint that is given out. */
static enum vl_err see(const struct far *far, struct vl_log_dir *log, uint64_t index,
                       struct vl_why *why)
{
    const uint64_t begun = vl_clock_steady_ms();
    struct vl_log_dir_state state;
    unsigned ms = 100;

    for (;;) {
        enum vl_err err;

        vl_log_dir_state(log, &state);
        if (index < state.size)
            return VL_OK;
        err = vl_log_dir_refresh(log, why);
        if (err == VL_ERR_REFUSED) /* nobody refused: what it shows went back */
            err = VL_ERR_UNVERIFIED;
        if (err)
            return err;
        vl_log_dir_state(log, &state);
        if (index < state.size)
            return VL_OK;
        if (vl_clock_steady_ms() - begun > (uint64_t)far->wait_s * 1000)
            return vl_fail(why, VL_ERR_BUSY, "it has its receipt, and no checkpoint has it yet");
        vl_process_sleep_ms(ms);
        ms = ms < 5000 ? 2 * ms : ms;
    }
}

/* --- in --------------------------------------------------------------------------------------- */

/* The word of this office for each of its entries, before anything is sent.  Cards want none, and
 * for others' acts somebody says that they asked. */
static enum vl_err ask_all(struct far *far, struct vl_record_batch *batch, vl_bytes origin,
                           struct vl_home *home, char (*asks)[VL_RECORD_ASK], struct vl_why *why)
{
    const struct vl_asker asker = vl_ask_asker(&far->o.ask);
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < vl_record_batch_entry_count(batch) && !err; i++) {
        const struct vl_entry *entry = vl_record_batch_entry(batch, i);

        if (vl_record_may_ask(home, entry))
            err = vl_record_ask(home, &asker, origin, entry, asks[i], why);
    }
    return err;
}

static enum vl_err enter_one(struct far *far, const struct vl_entry *entry,
                             const struct vl_receipt_log *trusted, const char *asks, bool *is_open,
                             struct vl_why *why)
{
    const struct vl_client_entering entering = {.fetch = far->fetch,
                                                .entry = entry,
                                                .authorization = asks[0] ? asks : NULL,
                                                .log = trusted,
                                                .wait_s = far->wait_s,
                                                .rng = &far->rng,
                                                .sleep = sleep_ms,
                                                .is_open = is_open};
    struct kept *kept = &far->kept[far->kept_count];
    struct vl_receipt_says says = {.index = 0};
    enum vl_err err;

    kept->receipt = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    err = vl_client_enter(&entering, &kept->receipt, &says, why);
    if (err)
        return err;
    memcpy(kept->id, entry->id, VL_HASH_LEN);
    kept->index = says.index;
    far->kept_count++;
    return VL_OK;
}

static enum vl_err enter_all(struct far *far, struct vl_record_batch *batch, struct vl_log_dir *log,
                             char (*asks)[VL_RECORD_ASK], struct vl_record_known *known,
                             struct vl_why *why)
{
    const struct vl_receipt_log trusted = log_of(log);
    struct vl_log_dir_state before;
    uint64_t last = 0;
    enum vl_err err = VL_OK;

    vl_log_dir_state(log, &before);
    for (size_t i = 0; i < vl_record_batch_entry_count(batch) && !err; i++) {
        const struct vl_entry *entry = vl_record_batch_entry(batch, i);
        const struct kept *kept = find_kept(far, entry->id);

        if (!kept)
            err = enter_one(far, entry, &trusted, asks[i], &known->is_open, why);
        if (err == VL_ERR_REFUSED) {
            known->refused++;
            vl_record_batch_failed(batch, i, err, why);
            err = VL_OK;
            continue;
        }
        kept = find_kept(far, entry->id);
        if (err || !kept)
            continue;
        known->entered++;
        last = kept->index > last ? kept->index : last;
        vl_record_batch_entered(batch, i, kept->index, kept->index < before.size);
    }
    return err || far->kept_count == 0 ? err : see(far, log, last, why);
}

static enum vl_err enter(void *self, struct vl_record_batch *batch, struct vl_log_dir *log,
                         struct vl_home *home, struct vl_record_known *known, struct vl_why *why)
{
    struct far *far = self;
    const size_t count = vl_record_batch_entry_count(batch);
    char(*asks)[VL_RECORD_ASK] = vl_new((count + 1) * sizeof *asks);
    enum vl_err err = VL_OK;

    far->kept = vl_new((count + 1) * sizeof *far->kept);
    if (!far->kept || !asks)
        err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for receipts");
    if (!err && home)
        err = ask_all(far, batch, vl_log_dir_policy(log)->origin, home, asks, why);
    if (!err)
        err = enter_all(far, batch, log, asks, known, why);
    vl_free(asks);
    return err;
}

/* --- out -------------------------------------------------------------------------------------- */

static enum vl_err receipt_of(void *self, const struct vl_entry *entry, struct vl_log_dir *log,
                              uint64_t *index, struct vl_buf *out, struct vl_why *why)
{
    const struct far *far = self;
    const struct kept *kept = find_kept(far, entry->id);
    const struct vl_receipt_log trusted = log_of(log);
    struct vl_receipt_says says;
    enum vl_err err;

    if (kept) {
        *index = kept->index;
        err = vl_buf_put(out, vl_buf_bytes(&kept->receipt));
        return err ? vl_fail(why, err, "receipt: %s", vl_err_words(err)) : VL_OK;
    }
    err = vl_client_receipt(far->fetch, entry, &trusted, out, &says, why);
    if (!err)
        *index = says.index;
    return err;
}

/* ---------------------------------------------------------------------------------------------- */

static void far_close(struct far *far)
{
    for (size_t i = 0; i < far->kept_count; i++)
        vl_buf_release(&far->kept[i].receipt);
    vl_free(far->kept);
    vl_buf_release(&far->record);
    vl_ask_wipe(&far->o.ask);
    vl_fetch_close(far->fetch);
}

/* Whoever asks for the record gets the one that was kept, or none: a server may answer otherwise
 * the next time. */
static enum vl_err get(void *self, const char *name, struct vl_buf *out, struct vl_why *why)
{
    const struct far *far = self;
    const struct vl_log_source source = vl_client_source(far->fetch);
    const size_t before = out->len;
    enum vl_err err = source.get(source.self, name, out, why);

    if (err || far->record.len == 0 || strcmp(name, "record") != 0 ||
        vl_bytes_eq(vl_buf_bytes(&far->record), vl_bytes_after(vl_buf_bytes(out), before)))
        return err;
    out->len = before;
    return vl_fail(why, VL_ERR_UNVERIFIED, "another record answers at this address than \"%s\"",
                   far->o.record);
}

/* Is it the record that somebody has kept? */
static enum vl_err check_kept(struct far *far, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf there = VL_BUF_INIT(VL_ANCHOR_MAX_LEN);
    struct vl_anchor anchor;
    enum vl_err err = vl_record_anchor_read(far->o.record, &far->record, &anchor, why);

    return err ? err : far->door.source.get(far, "record", &there, why);
}

int vl_record_run_far(const struct vl_command *command, const struct vl_record_options *o,
                      int count, char **words, int argc, char **argv)
{
    static const char what[] = "the record was not reached.";
    const bool is_witness = strcmp(words[0], "witness") == 0;
    struct far far = {.o = *o,
                      .record = VL_BUF_INIT(VL_ANCHOR_MAX_LEN),
                      .rng = vl_rng_system(),
                      .wait_s = WAIT_S};
    struct vl_fetch_options options = {words[is_witness ? 3 : 1], o->ca, o->any_http, WAIT_S};
    struct vl_why why = {""};
    enum vl_err err;
    int status;

    (void)argc;
    (void)argv;
    if (o->wait_s == 0 || o->wait_s > WAIT_MAX_S)
        return vl_say_usage(command->name, "--wait has 1 to %d seconds", WAIT_MAX_S);
    if (o->wait_s > 0)
        far.wait_s = options.total_s = (unsigned)o->wait_s;
    err = vl_fetch_open(&options, &far.fetch, &why);
    if (err)
        return vl_home_failure(what, err, &why, NULL);
    far.door = (struct vl_record_door){{get, &far}, enter, receipt_of, &far};
    far.o.door = &far.door;
    if (o->record)
        err = check_kept(&far, &why);
    status = err ? vl_home_failure(what, err, &why, err == VL_ERR_BUSY ? "again later" : NULL)
                 : vl_record_run(command, &far.o, count, words);
    far_close(&far);
    return status;
}
