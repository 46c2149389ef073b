/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, sealing and opening, for others. */
#include <string.h>

#include "base/alloc.h"
#include "lib/inside.h"
#include "seal/seal.h"

/* --- keys ------------------------------------------------------------------------------------- */

static enum vl_err write_recipient(const struct vl_age_recipient *recipient,
                                   char out[VALISE_RECIPIENT_TEXT])
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VALISE_RECIPIENT_TEXT);
    enum vl_err err = vl_age_recipient_write(recipient, &text);

    if (!err && text.len != VALISE_RECIPIENT_TEXT - 1)
        err = VL_ERR_INTERNAL;
    if (!err) {
        memcpy(out, text.data, text.len);
        out[text.len] = '\0';
    }
    return err;
}

static enum vl_err write_key(const struct vl_age_identity *identity, char out[VALISE_KEY_TEXT])
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VALISE_KEY_TEXT);
    enum vl_err err = vl_age_identity_write(identity, &text);

    if (!err && text.len != VALISE_KEY_TEXT - 1)
        err = VL_ERR_INTERNAL;
    if (!err) {
        memcpy(out, text.data, text.len);
        out[text.len] = '\0';
    }
    return err;
}

VL_PUBLIC enum valise_code valise_key_new(valise_random *random, void *self,
                                          char key[VALISE_KEY_TEXT],
                                          char recipient[VALISE_RECIPIENT_TEXT],
                                          struct valise_error *error)
{
    struct vl_lib_random from = {random, self};
    const struct vl_rng rng = vl_lib_rng(&from);
    struct vl_age_identity identity = {VL_SECRET_INIT, {{0}}};
    enum vl_err err;

    *key = *recipient = '\0';
    err = vl_age_identity_make(&rng, &identity);
    if (!err)
        err = write_recipient(&identity.recipient, recipient);
    if (!err)
        err = write_key(&identity, key);
    if (err)
        *key = *recipient = '\0';
    vl_age_identity_wipe(&identity);
    return vl_lib_code(err, NULL, error);
}

VL_PUBLIC enum valise_code valise_key_recipient(const char *key,
                                                char recipient[VALISE_RECIPIENT_TEXT],
                                                struct valise_error *error)
{
    struct vl_age_identity identity = {VL_SECRET_INIT, {{0}}};
    struct vl_why why = {""};
    enum vl_err err;

    *recipient = '\0';
    err = vl_age_identity_parse(vl_bytes_str(key), &identity, &why);
    if (!err)
        err = write_recipient(&identity.recipient, recipient);
    vl_age_identity_wipe(&identity);
    return vl_lib_code(err, &why, error);
}

/* --- sealing ---------------------------------------------------------------------------------- */

enum turn { SETTING_UP, UNDER_WAY, OVER };

static enum vl_err in_turn(enum turn is, enum turn wanted, struct vl_why *why)
{
    if (is == wanted)
        return VL_OK;
    return vl_fail(why, VL_ERR_USAGE,
                   wanted == SETTING_UP ? "it has begun" : "it has not begun, or is over");
}

struct valise_seal {
    enum turn turn;
    struct vl_age_recipients recipients;
    struct vl_passphrase *passphrase;
    bool armor;
    unsigned threads;
    struct vl_lib_random random;
    struct vl_lib_output output;
    struct vl_sealer *sealer;
};

VL_PUBLIC struct valise_seal *valise_seal_new(void)
{
    return vl_new(sizeof(struct valise_seal));
}

VL_PUBLIC void valise_seal_free(struct valise_seal *seal)
{
    if (!seal)
        return;
    vl_sealer_free(seal->sealer);
    vl_age_recipients_release(&seal->recipients);
    vl_lib_passphrase_free(seal->passphrase);
    vl_free(seal);
}

VL_PUBLIC enum valise_code valise_seal_to(struct valise_seal *seal, const char *recipient,
                                          struct valise_error *error)
{
    struct vl_age_recipient parsed;
    struct vl_why why = {""};
    bool is_new;
    enum vl_err err = in_turn(seal->turn, SETTING_UP, &why);

    if (!err)
        err = vl_age_recipient_parse(vl_bytes_str(recipient), &parsed, &why);
    if (!err)
        err = vl_age_recipients_add(&seal->recipients, &parsed, &is_new, &why);
    return vl_lib_code(err, &why, error);
}

VL_PUBLIC enum valise_code valise_seal_passphrase(struct valise_seal *seal, const void *bytes,
                                                  size_t len, struct valise_error *error)
{
    struct vl_why why = {""};
    enum vl_err err = in_turn(seal->turn, SETTING_UP, &why);

    if (!err)
        err = vl_lib_passphrase(&seal->passphrase, bytes, len, &why);
    return vl_lib_code(err, &why, error);
}

VL_PUBLIC void valise_seal_armor(struct valise_seal *seal)
{
    seal->armor = true;
}

VL_PUBLIC void valise_seal_threads(struct valise_seal *seal, unsigned count)
{
    seal->threads = count;
}

VL_PUBLIC void valise_seal_random(struct valise_seal *seal, valise_random *random, void *self)
{
    seal->random = (struct vl_lib_random){random, self};
}

static enum vl_err begin_sealing(struct valise_seal *seal, struct vl_why *why)
{
    const struct vl_seal_plan plan = {
        .recipients = seal->passphrase ? NULL : &seal->recipients,
        .passphrase = seal->passphrase,
        .armor = seal->armor,
        .workers = seal->threads,
        .rng = vl_lib_rng(&seal->random),
        .sink = vl_lib_sink(&seal->output),
    };

    if (!seal->output.put)
        return vl_fail(why, VL_ERR_USAGE, "there is no output");
    if (seal->passphrase && seal->recipients.count > 0)
        return vl_fail(why, VL_ERR_USAGE, "a passphrase is alone: no recipient goes with it");
    return vl_sealer_new(&plan, &seal->sealer, why);
}

VL_PUBLIC enum valise_code valise_seal_begin(struct valise_seal *seal, valise_output *output,
                                             void *self, struct valise_error *error)
{
    struct vl_why why = {""};
    enum vl_err err = in_turn(seal->turn, SETTING_UP, &why);

    if (!err) {
        seal->output = (struct vl_lib_output){output, self};
        err = begin_sealing(seal, &why);
        seal->turn = err ? OVER : UNDER_WAY;
    }
    return vl_lib_code(err, &why, error);
}

VL_PUBLIC enum valise_code valise_seal_write(struct valise_seal *seal, const void *bytes,
                                             size_t len, struct valise_error *error)
{
    struct vl_why why = {""};
    enum vl_err err = in_turn(seal->turn, UNDER_WAY, &why);

    if (!err)
        err = vl_sealer_write(seal->sealer, vl_bytes_of(bytes, len), &why);
    return vl_lib_code(err, &why, error);
}

VL_PUBLIC enum valise_code valise_seal_finish(struct valise_seal *seal, struct valise_error *error)
{
    struct vl_why why = {""};
    enum vl_err err = in_turn(seal->turn, UNDER_WAY, &why);

    if (!err) {
        seal->turn = OVER;
        err = vl_sealer_finish(seal->sealer, &why);
    }
    return vl_lib_code(err, &why, error);
}

/* --- opening ---------------------------------------------------------------------------------- */

struct valise_open {
    enum turn turn;
    struct vl_age_identities identities;
    struct vl_passphrase *passphrase;
    unsigned threads;
    struct vl_lib_output output;
    struct vl_opener *opener;
};

VL_PUBLIC struct valise_open *valise_open_new(void)
{
    return vl_new(sizeof(struct valise_open));
}

VL_PUBLIC void valise_open_free(struct valise_open *open)
{
    if (!open)
        return;
    vl_opener_free(open->opener);
    vl_age_identities_release(&open->identities);
    vl_lib_passphrase_free(open->passphrase);
    vl_free(open);
}

VL_PUBLIC enum valise_code valise_open_key(struct valise_open *open, const char *key,
                                           struct valise_error *error)
{
    struct vl_age_identity identity = {VL_SECRET_INIT, {{0}}};
    struct vl_why why = {""};
    enum vl_err err = in_turn(open->turn, SETTING_UP, &why);

    if (!err)
        err = vl_age_identity_parse(vl_bytes_str(key), &identity, &why);
    if (!err)
        err = vl_age_identities_add(&open->identities, &identity, &why);
    vl_age_identity_wipe(&identity);
    return vl_lib_code(err, &why, error);
}

VL_PUBLIC enum valise_code valise_open_passphrase(struct valise_open *open, const void *bytes,
                                                  size_t len, struct valise_error *error)
{
    struct vl_why why = {""};
    enum vl_err err = in_turn(open->turn, SETTING_UP, &why);

    if (!err)
        err = vl_lib_passphrase(&open->passphrase, bytes, len, &why);
    return vl_lib_code(err, &why, error);
}

VL_PUBLIC void valise_open_threads(struct valise_open *open, unsigned count)
{
    open->threads = count;
}

static enum vl_err give_passphrase(void *self, struct vl_passphrase *out, struct vl_why *why)
{
    const struct valise_open *open = self;

    if (!open->passphrase)
        return vl_fail(why, VL_ERR_NO_KEY, "it is sealed with a passphrase, and none was given");
    *out = *open->passphrase;
    return VL_OK;
}

VL_PUBLIC enum valise_code valise_open_begin(struct valise_open *open, valise_output *output,
                                             void *self, struct valise_error *error)
{
    struct vl_why why = {""};
    enum vl_err err = in_turn(open->turn, SETTING_UP, &why);

    if (!err && !output)
        err = vl_fail(&why, VL_ERR_USAGE, "there is no output");
    if (!err) {
        open->output = (struct vl_lib_output){output, self};
        open->opener = vl_opener_new(&(struct vl_open_plan){.identities = &open->identities,
                                                            .ask = give_passphrase,
                                                            .ask_self = open,
                                                            .workers = open->threads,
                                                            .sink = vl_lib_sink(&open->output)});
        err = open->opener ? VL_OK : VL_ERR_NO_MEMORY;
        open->turn = err ? OVER : UNDER_WAY;
    }
    return vl_lib_code(err, &why, error);
}

VL_PUBLIC enum valise_code valise_open_write(struct valise_open *open, const void *bytes,
                                             size_t len, struct valise_error *error)
{
    struct vl_why why = {""};
    enum vl_err err = in_turn(open->turn, UNDER_WAY, &why);

    if (!err)
        err = vl_opener_write(open->opener, vl_bytes_of(bytes, len), &why);
    return vl_lib_code(err, &why, error);
}

VL_PUBLIC enum valise_code valise_open_finish(struct valise_open *open, struct valise_error *error)
{
    struct vl_why why = {""};
    enum vl_err err = in_turn(open->turn, UNDER_WAY, &why);

    if (!err) {
        open->turn = OVER;
        err = vl_opener_finish(open->opener, &why);
    }
    return vl_lib_code(err, &why, error);
}
