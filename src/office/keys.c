/* SPDX-License-Identifier: Apache-2.0 */
#include "office/keys.h"

#include "base/time.h"
#include "seal/age_keyfile.h"
#include "seal/seal.h"
#include "sys/infile.h"
#include "sys/outfile.h"

enum vl_err vl_keys_read_recipients(const char *path, struct vl_age_recipients *list,
                                    size_t *duplicates, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VL_AGE_KEYFILE_MAX);
    enum vl_err err = vl_in_read_all(path, &text, why);

    *duplicates = 0;
    if (!err)
        err = vl_age_keyfile_recipients(vl_buf_bytes(&text), list, duplicates, why);
    return err ? vl_fail_in(why, err, "\"%s\"", path) : VL_OK;
}

/* The question an opener asks, with the name of the file it is about. */
struct keyfile_question {
    const struct vl_asker *asker;
    const char *path;
};

static enum vl_err ask_for_keyfile(void *self, struct vl_passphrase *out, struct vl_why *why)
{
    const struct keyfile_question *question = self;

    return question->asker->ask(question->asker->self, VL_ASK_KEYFILE, question->path, out, why);
}

/* Our own keys are sealed with what we write; from others we take what age takes. */
static enum vl_err open_keyfile(const char *path, const struct vl_asker *asker, vl_bytes sealed,
                                struct vl_buf *text, struct vl_why *why)
{
    struct keyfile_question question = {asker, path};
    const struct vl_open_plan plan = {.ask = ask_for_keyfile,
                                      .ask_self = &question,
                                      .sink = vl_buf_sink(text)};
    struct vl_opener *opener = vl_opener_new(&plan);
    enum vl_err err;

    if (!opener)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to open it with");
    err = vl_opener_write(opener, sealed, why);
    if (!err)
        err = vl_opener_finish(opener, why);
    vl_opener_free(opener);
    return err;
}

enum vl_err vl_keys_read_identities(const char *path, const struct vl_asker *asker,
                                    struct vl_age_identities *list, bool *exposed,
                                    struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_AGE_KEYFILE_MAX);
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VL_AGE_KEYFILE_MAX);
    vl_bytes keys;
    enum vl_err err = vl_in_read_all(path, &file, why);

    keys = vl_buf_bytes(&file);
    *exposed = !vl_age_keyfile_is_sealed(keys) && vl_infile_is_exposed(path);
    if (!err && vl_age_keyfile_is_sealed(keys)) {
        err = open_keyfile(path, asker, keys, &text, why);
        keys = vl_buf_bytes(&text);
    }
    if (!err)
        err = vl_age_keyfile_identities(keys, list, why);
    return err ? vl_fail_in(why, err, "\"%s\"", path) : VL_OK;
}

static enum vl_err seal_keyfile(const struct vl_keygen_request *request, vl_bytes text,
                                struct vl_out *out, struct vl_why *why)
{
    VL_AUTO(vl_passphrase_wipe) struct vl_passphrase passphrase = VL_PASSPHRASE_INIT;
    struct vl_seal_plan plan = {.passphrase = &passphrase,
                                .armor = true,
                                .rng = request->rng,
                                .sink = vl_out_sink(out)};
    struct vl_sealer *sealer = NULL;
    enum vl_err err =
        request->asker.ask(request->asker.self, VL_ASK_NEW, request->output, &passphrase, why);

    if (!err)
        err = vl_sealer_new(&plan, &sealer, why);
    if (!err)
        err = vl_sealer_write(sealer, text, why);
    if (!err)
        err = vl_sealer_finish(sealer, why);
    vl_sealer_free(sealer);
    return err;
}

static enum vl_err make_key(const struct vl_rng *rng, struct vl_age_identities *into,
                            struct vl_why *why)
{
    VL_AUTO(vl_age_identity_wipe) struct vl_age_identity identity = {VL_SECRET_INIT, {{0}}};
    enum vl_err err = vl_age_identity_make(rng, &identity);

    return err ? vl_fail(why, err, "no randomness") : vl_age_identities_add(into, &identity, why);
}

enum vl_err vl_keygen(const struct vl_keygen_request *request, struct vl_age_recipient *recipient,
                      struct vl_why *why)
{
    VL_AUTO(vl_age_identities_release) struct vl_age_identities made = VL_AGE_IDENTITIES_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VL_AGE_KEYFILE_MAX);
    VL_AUTO(vl_out_drop) struct vl_out out = VL_OUT_INIT;
    const struct vl_age_identities *keys = request->keys ? request->keys : &made;
    char created[VL_TIME_TEXT];
    enum vl_err err = vl_out_open(request->output, request->out_flags | VL_OUT_PRIVATE, &out, why);

    if (err)
        return err;
    err = request->keys ? VL_OK : make_key(&request->rng, &made, why);
    if (err)
        return err;
    (void)vl_time_text(request->now, created);
    for (size_t i = 0; i < keys->count && !err; i++)
        err = vl_age_keyfile_write(&keys->at[i], vl_bytes_str(created), &text);
    if (err)
        return vl_fail(why, err, "no memory for the key");
    err = request->by_passphrase ? seal_keyfile(request, vl_buf_bytes(&text), &out, why)
                                 : vl_out_put(&out, vl_buf_bytes(&text), why);
    if (!err)
        err = vl_out_commit(&out, why);
    if (!err)
        *recipient = keys->at[keys->count - 1].recipient;
    return err;
}
