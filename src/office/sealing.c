/* SPDX-License-Identifier: Apache-2.0 */
#include "office/sealing.h"

#include <string.h>

#include "base/text.h"
#include "sys/outfile.h"

void vl_sealing_result_release(struct vl_sealing_result *result)
{
    vl_age_recipients_release(&result->recipients);
    *result = (struct vl_sealing_result)VL_SEALING_RESULT_INIT;
}

/* Where bytes go that are counted on their way: to a file, to a terminal if it can show them, or
 * nowhere. */
struct counter {
    struct vl_out *out; /* NULL: nowhere */
    bool text_only;
    uint8_t begun[4]; /* a character or a line end that goes on in the next bytes */
    size_t begun_len;
    uint64_t bytes;
};

/* Bytes come cut anywhere, so a character may begin in one call and end in the next. */
static bool is_showable(struct counter *counter, vl_bytes bytes)
{
    size_t unfinished;

    while (counter->begun_len > 0 && bytes.len > 0) {
        counter->begun[counter->begun_len++] = bytes.ptr[0];
        bytes = vl_bytes_after(bytes, 1);
        if (!vl_text_is_showable(vl_bytes_of(counter->begun, counter->begun_len), false))
            return false;
        if (vl_text_unfinished(vl_bytes_of(counter->begun, counter->begun_len)) == 0)
            counter->begun_len = 0;
    }
    if (!vl_text_is_showable(bytes, false))
        return false;
    unfinished = vl_text_unfinished(bytes);
    if (unfinished > 0) {
        memcpy(counter->begun, bytes.ptr + bytes.len - unfinished, unfinished);
        counter->begun_len = unfinished;
    } else if (bytes.len > 0 && bytes.ptr[bytes.len - 1] == '\r') {
        counter->begun[0] = '\r';
        counter->begun_len = 1;
    }
    return true;
}

static enum vl_err count(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct counter *counter = self;

    if (counter->text_only && !is_showable(counter, bytes))
        return vl_fail(why, VL_ERR_USAGE, "the content is not text that a terminal can show");
    counter->bytes += bytes.len;
    return counter->out ? vl_out_put(counter->out, bytes, why) : VL_OK;
}

static struct vl_sink counter_sink(struct counter *counter)
{
    return (struct vl_sink){count, counter};
}

static enum vl_err add_recipient(const char *text, struct vl_sealing_result *result,
                                 struct vl_why *why)
{
    struct vl_age_recipient recipient;
    bool is_new = false;
    enum vl_err err;

    /* It must not be shown then. */
    if (vl_bytes_starts(vl_bytes_str(text), VL_LITERAL("AGE-SECRET-KEY-")))
        return vl_fail(why, VL_ERR_USAGE,
                       "a private key was given as a recipient; it has been "
                       "seen by other programs now");
    err = vl_age_recipient_parse(vl_bytes_str(text), &recipient, why);
    if (!err)
        err = vl_age_recipients_add(&result->recipients, &recipient, &is_new, why);
    result->duplicates += !err && !is_new;
    return err ? vl_fail_in(why, err, "\"%s\"", text) : VL_OK;
}

static enum vl_err read_identities(const char *const *paths, size_t count,
                                   const struct vl_asker *asker, struct vl_age_identities *list,
                                   struct vl_sealing_result *result, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < count && !err; i++) {
        bool exposed = false;

        err = vl_keys_read_identities(paths[i], asker, list, &exposed, why);
        if (exposed)
            result->exposed_keyfile = paths[i];
        if (err)
            result->about = VL_ABOUT_KEYFILE;
    }
    return err;
}

static enum vl_err add_own_recipients(const struct vl_seal_request *request,
                                      struct vl_sealing_result *result, struct vl_why *why)
{
    VL_AUTO(vl_age_identities_release) struct vl_age_identities own = VL_AGE_IDENTITIES_INIT;
    enum vl_err err = read_identities(request->identity_files, request->identity_file_count,
                                      &request->file.asker, &own, result, why);

    for (size_t i = 0; i < own.count && !err; i++) {
        bool is_new = false;

        err = vl_age_recipients_add(&result->recipients, &own.at[i].recipient, &is_new, why);
        result->duplicates += !err && !is_new;
    }
    return err;
}

static enum vl_err collect_recipients(const struct vl_seal_request *request,
                                      struct vl_sealing_result *result, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < request->recipient_count && !err; i++)
        err = add_recipient(request->recipients[i], result, why);
    for (size_t i = 0; i < request->recipient_file_count && !err; i++) {
        size_t duplicates = 0;

        err = vl_keys_read_recipients(request->recipient_files[i], &result->recipients, &duplicates,
                                      why);
        result->duplicates += duplicates;
    }
    if (err)
        result->about = VL_ABOUT_RECIPIENT;
    return err ? err : add_own_recipients(request, result, why);
}

static enum vl_err open_output(const struct vl_file_request *file, unsigned flags,
                               struct vl_out *out, struct vl_why *why)
{
    enum vl_err err = vl_out_open(file->output, file->out_flags | flags, out, why);

    return err ? vl_fail_in(why, err, "the output \"%s\"", file->output) : VL_OK;
}

static enum vl_err seal_open_file(const struct vl_seal_request *request, struct vl_in *in,
                                  struct vl_sealing_result *result, struct counter *counter,
                                  struct vl_why *why)
{
    VL_AUTO(vl_passphrase_wipe) struct vl_passphrase passphrase = VL_PASSPHRASE_INIT;
    const struct vl_asker *asker = &request->file.asker;
    struct vl_seal_plan plan = {.recipients = &result->recipients,
                                .armor = request->armor,
                                .workers = request->file.workers,
                                .rng = request->rng,
                                .sink = counter_sink(counter)};
    struct vl_sealer *sealer = NULL;
    enum vl_err err = VL_OK;

    if (request->by_passphrase) {
        err = asker->ask(asker->self, VL_ASK_NEW, request->file.input, &passphrase, why);
        if (err)
            result->about = VL_ABOUT_PASSPHRASE;
        plan.passphrase = &passphrase;
        plan.recipients = NULL;
    }
    if (!err)
        err = vl_sealer_new(&plan, &sealer, why);
    if (!err)
        err = vl_pump_seal(in, sealer, &request->file.progress, why);
    vl_sealer_free(sealer);
    return err;
}

enum vl_err vl_seal_file(const struct vl_seal_request *request, struct vl_sealing_result *result,
                         struct vl_why *why)
{
    VL_AUTO(vl_in_close) struct vl_in in = VL_IN_INIT;
    VL_AUTO(vl_out_drop) struct vl_out out = VL_OUT_INIT;
    struct counter counter = {.out = request->file.dry_run ? NULL : &out};
    enum vl_err err = collect_recipients(request, result, why);

    if (!err)
        err = vl_in_open(request->file.input, &in, why);
    if (!err)
        err = open_output(&request->file, 0, &out, why);
    if (!err)
        err = seal_open_file(request, &in, result, &counter, why);
    if (!err && !request->file.dry_run)
        err = vl_out_commit(&out, why);
    result->input_bytes = in.read_bytes;
    result->output_bytes = counter.bytes;
    result->by_passphrase = request->by_passphrase;
    return err;
}

struct file_question {
    const struct vl_file_request *file;
    struct vl_sealing_result *result;
};

static enum vl_err ask_for_file(void *self, struct vl_passphrase *out, struct vl_why *why)
{
    struct file_question *question = self;
    const struct vl_file_request *file = question->file;
    enum vl_err err = file->asker.ask(file->asker.self, VL_ASK_FILE, file->input, out, why);

    question->result->by_passphrase = true;
    if (err)
        question->result->about = VL_ABOUT_PASSPHRASE;
    return err;
}

static enum vl_err unseal_open_file(const struct vl_unseal_request *request, struct vl_in *in,
                                    const struct vl_age_identities *identities,
                                    struct vl_sealing_result *result, struct counter *counter,
                                    struct vl_why *why)
{
    struct file_question question = {&request->file, result};
    const struct vl_open_plan plan = {.identities = identities,
                                      .ask = ask_for_file,
                                      .ask_self = &question,
                                      .workers = request->file.workers,
                                      .sink = counter_sink(counter)};
    struct vl_opener *opener = vl_opener_new(&plan);
    enum vl_err err;

    if (!opener)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to open it with");
    err = vl_pump_open(in, opener, &request->file.progress, why);
    vl_opener_free(opener);
    return err;
}

enum vl_err vl_unseal_file(const struct vl_unseal_request *request,
                           struct vl_sealing_result *result, struct vl_why *why)
{
    VL_AUTO(vl_age_identities_release) struct vl_age_identities identities = VL_AGE_IDENTITIES_INIT;
    VL_AUTO(vl_in_close) struct vl_in in = VL_IN_INIT;
    VL_AUTO(vl_out_drop) struct vl_out out = VL_OUT_INIT;
    struct counter counter = {.out = request->file.dry_run ? NULL : &out,
                              .text_only = request->text_only};
    enum vl_err err = vl_in_open(request->file.input, &in, why);

    if (!err)
        err = read_identities(request->identity_files, request->identity_file_count,
                              &request->file.asker, &identities, result, why);
    if (!err)
        err = open_output(&request->file, VL_OUT_PRIVATE, &out, why);
    if (!err)
        err = unseal_open_file(request, &in, &identities, result, &counter, why);
    if (!err && !request->file.dry_run)
        err = vl_out_commit(&out, why);
    result->input_bytes = in.read_bytes;
    result->output_bytes = counter.bytes;
    return err;
}
