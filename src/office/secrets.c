/* SPDX-License-Identifier: Apache-2.0 */
#include "office/secrets.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "codec/cbor.h"
#include "cose/key.h"
#include "seal/seal.h"
#include "sys/folder.h"
#include "sys/infile.h"
#include "sys/outfile.h"

#define MAGIC       VL_LITERAL("valise/keys/v1")
#define SEALED_END  ".age"
#define PLAIN_END   ".cbor"
#define SEALING_MAX 1024
#define PATH_ROOM   4096
#define SEED_LEN    VL_ED25519_SEED_LEN

void vl_secrets_wipe(struct vl_secrets *secrets)
{
    for (size_t i = 0; i < VL_SECRETS_MAX_SEEDS; i++)
        vl_secret_wipe(&secrets->seeds[i]);
    secrets->seed_count = 0;
    vl_age_identities_release(&secrets->sealing);
}

enum vl_err vl_secrets_make_seed(struct vl_secrets *secrets, const struct vl_rng *rng,
                                 struct vl_why *why)
{
    enum vl_err err;

    if (secrets->seed_count == VL_SECRETS_MAX_SEEDS)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d signing keys", VL_SECRETS_MAX_SEEDS);
    err = vl_rng_secret(rng, SEED_LEN, &secrets->seeds[secrets->seed_count]);
    if (err)
        return vl_fail(why, err, "no randomness");
    secrets->seed_count++;
    return VL_OK;
}

enum vl_err vl_secrets_make_sealing(struct vl_secrets *secrets, const struct vl_rng *rng,
                                    struct vl_why *why)
{
    VL_AUTO(vl_age_identity_wipe) struct vl_age_identity identity = {VL_SECRET_INIT, {{0}}};
    enum vl_err err = vl_age_identity_make(rng, &identity);

    if (err)
        return vl_fail(why, err, "no randomness");
    return vl_age_identities_add(&secrets->sealing, &identity, why);
}

void vl_secrets_public(const struct vl_secrets *secrets, struct vl_cose_key *keys)
{
    for (size_t i = 0; i < secrets->seed_count; i++)
        vl_cose_key_of_seed(&secrets->seeds[i], &keys[i]);
}

static const char *path_of(const char *stem, const char *end, char out[PATH_ROOM])
{
    (void)snprintf(out, PATH_ROOM, "%s%s", stem, end);
    return out;
}

enum vl_secrets_form vl_secrets_form(const char *stem)
{
    char path[PATH_ROOM];

    if (vl_file_is_there(path_of(stem, SEALED_END, path)))
        return VL_SECRETS_SEALED;
    return vl_file_is_there(path_of(stem, PLAIN_END, path)) ? VL_SECRETS_PLAIN : VL_SECRETS_MISSING;
}

bool vl_secrets_exposed(const char *stem)
{
    char path[PATH_ROOM];

    return vl_infile_is_exposed(
        path_of(stem, vl_secrets_form(stem) == VL_SECRETS_SEALED ? SEALED_END : PLAIN_END, path));
}

static enum vl_err read_sealing(struct vl_cbor *r, struct vl_secrets *secrets, struct vl_why *why)
{
    size_t count = vl_cbor_array(r, 0, SEALING_MAX);
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < count && vl_cbor_ok(r) && !err; i++) {
        VL_AUTO(vl_age_identity_wipe) struct vl_age_identity identity = {VL_SECRET_INIT, {{0}}};
        vl_bytes key = vl_cbor_bytes(r, VL_X25519_LEN, VL_X25519_LEN);

        if (!vl_cbor_ok(r))
            break;
        err = vl_secret_set(&identity.x25519, key);
        if (!err)
            vl_x25519_public(&identity.x25519, identity.recipient.x25519);
        if (!err)
            err = vl_age_identities_add(&secrets->sealing, &identity, why);
    }
    return err;
}

enum vl_err vl_secrets_parse(vl_bytes wire, struct vl_secrets *secrets, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_STRICT);
    enum vl_err err = VL_OK;
    size_t count;

    (void)vl_cbor_array(&r, 3, 3);
    if (!vl_bytes_eq(vl_cbor_text(&r, 1, 64), MAGIC) && vl_cbor_ok(&r))
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "not a file of keys");
    count = vl_cbor_array(&r, 0, VL_SECRETS_MAX_SEEDS);
    for (size_t i = 0; i < count && vl_cbor_ok(&r) && !err; i++) {
        vl_bytes seed = vl_cbor_bytes(&r, SEED_LEN, SEED_LEN);

        if (vl_cbor_ok(&r))
            err = vl_secret_set(&secrets->seeds[secrets->seed_count++], seed);
    }
    if (!err)
        err = read_sealing(&r, secrets, why);
    if (!err)
        err = vl_cbor_close(&r, "keys", why);
    if (err)
        vl_secrets_wipe(secrets);
    return err;
}

enum vl_err vl_secrets_write(const struct vl_secrets *secrets, struct vl_buf *out)
{
    struct vl_cbor_out w = vl_cbor_to(out);

    vl_cbor_put_array(&w, 3);
    vl_cbor_put_text(&w, MAGIC);
    vl_cbor_put_array(&w, secrets->seed_count);
    for (size_t i = 0; i < secrets->seed_count; i++)
        vl_cbor_put_bytes(&w, vl_bytes_of(secrets->seeds[i].data, secrets->seeds[i].len));
    vl_cbor_put_array(&w, secrets->sealing.count);
    for (size_t i = 0; i < secrets->sealing.count; i++) {
        const struct vl_secret *key = &secrets->sealing.at[i].x25519;

        vl_cbor_put_bytes(&w, vl_bytes_of(key->data, key->len));
    }
    return w.err;
}

static enum vl_err give(void *self, struct vl_passphrase *out, struct vl_why *why)
{
    (void)why;
    *out = *(const struct vl_passphrase *)self;
    return VL_OK;
}

static enum vl_err unseal(vl_bytes sealed, struct vl_passphrase *passphrase, struct vl_buf *plain,
                          struct vl_why *why)
{
    const struct vl_open_plan plan = {.ask = give,
                                      .ask_self = passphrase,
                                      .max_log_n = VL_AGE_LOG_N_OWN_MAX,
                                      .sink = vl_buf_sink(plain)};
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

enum vl_err vl_secrets_load(const char *stem, const struct vl_asker *asker,
                            struct vl_passphrase *passphrase, struct vl_secrets *secrets,
                            struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_SECRETS_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf plain = VL_BUF_INIT(VL_SECRETS_MAX_LEN);
    bool sealed = vl_secrets_form(stem) == VL_SECRETS_SEALED;
    char path[PATH_ROOM];
    enum vl_err err;

    err = vl_in_read_all(path_of(stem, sealed ? SEALED_END : PLAIN_END, path), &file, why);
    if (!err && sealed && passphrase->len == 0)
        err = asker->ask(asker->self, VL_ASK_HOME, NULL, passphrase, why);
    if (!err && sealed)
        err = unseal(vl_buf_bytes(&file), passphrase, &plain, why);
    if (!err)
        err = vl_secrets_parse(vl_buf_bytes(sealed ? &plain : &file), secrets, why);
    if (!err)
        return VL_OK;
    vl_secrets_wipe(secrets);
    return vl_fail_in(why, err, "the keys in \"%s\"", path);
}

static enum vl_err put(const struct vl_secrets *secrets, const struct vl_passphrase *passphrase,
                       const struct vl_rng *rng, struct vl_out *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf plain = VL_BUF_INIT(VL_SECRETS_MAX_LEN);
    struct vl_seal_plan plan = {.passphrase = passphrase, .rng = *rng, .sink = vl_out_sink(out)};
    struct vl_sealer *sealer = NULL;
    enum vl_err err = vl_secrets_write(secrets, &plain);

    if (err)
        return vl_fail(why, err, "no memory for the keys");
    if (passphrase->len == 0)
        return vl_out_put(out, vl_buf_bytes(&plain), why);
    err = vl_sealer_new(&plan, &sealer, why);
    if (!err)
        err = vl_sealer_write(sealer, vl_buf_bytes(&plain), why);
    if (!err)
        err = vl_sealer_finish(sealer, why);
    vl_sealer_free(sealer);
    return err;
}

/* Take the form away that was not written now.  Until it is gone both hold the same keys, and the
 * sealed one is read. */
static enum vl_err remove_other(const char *stem, bool sealed, struct vl_why *why)
{
    char path[PATH_ROOM];
    enum vl_err err;

    if (!vl_file_is_there(path_of(stem, sealed ? PLAIN_END : SEALED_END, path)))
        return VL_OK;
    err = vl_file_remove(path, why);
    /* Gone, if not for certain: should it come back, vl_secrets_tidy finds it. */
    return err && !vl_file_is_there(path) ? VL_OK : err;
}

enum vl_err vl_secrets_save(const char *stem, const struct vl_secrets *secrets,
                            const struct vl_passphrase *passphrase, const struct vl_rng *rng,
                            struct vl_why *why)
{
    VL_AUTO(vl_out_drop) struct vl_out out = VL_OUT_INIT;
    bool sealed = passphrase->len > 0;
    char path[PATH_ROOM];
    const bool is_new = !vl_file_is_there(path_of(stem, sealed ? SEALED_END : PLAIN_END, path));
    struct vl_why ignored;
    enum vl_err err = vl_out_open(path, VL_OUT_REPLACE | VL_OUT_PRIVATE, &out, why);

    if (!err)
        err = put(secrets, passphrase, rng, &out, why);
    if (!err)
        err = vl_out_commit(&out, why);
    if (!err) {
        err = remove_other(stem, sealed, why);
        /* What was in its place before is not there any more: then the new one stays. */
        if (err && is_new && vl_file_remove(path, &ignored))
            err = vl_fail_in(why, err, "both forms are there now");
    }
    return err ? vl_fail_in(why, err, "the keys in \"%s\"", path) : VL_OK;
}

void vl_secrets_tidy(const char *stem)
{
    struct vl_why ignored;

    if (vl_secrets_form(stem) == VL_SECRETS_SEALED && remove_other(stem, true, &ignored))
        return; /* the next one tries again */
}
