/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "seal/age_armor.h"
#include "seal/age_stream.h"
#include "seal/seal.h"

/* One batch of chunks as armor, and its last line. */
#define ARMOR_MAX ((size_t)1 << 20)

struct vl_sealer {
    struct vl_sink sink;
    struct vl_age_stream *stream;
    struct vl_buf head;
    bool armored;
    bool finished;
    struct vl_age_armor_writer armor;
    struct vl_buf armor_text;
    enum vl_err err; /* told again by every later call */
    struct vl_why why;
};

/* Everything that leaves passes here, in order. */
static enum vl_err leave(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct vl_sealer *sealer = self;
    enum vl_err err;

    if (!sealer->armored)
        return sealer->sink.put(sealer->sink.self, bytes, why);
    sealer->armor_text.len = 0;
    err = vl_age_armor_write(&sealer->armor, bytes, &sealer->armor_text);
    if (err)
        return vl_fail(why, err, "no memory for the armor");
    return sealer->sink.put(sealer->sink.self, vl_buf_bytes(&sealer->armor_text), why);
}

static enum vl_err write_stanzas(struct vl_sealer *sealer, const struct vl_seal_plan *plan,
                                 const struct vl_secret *file_key, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (plan->passphrase)
        return vl_age_wrap_passphrase(plan->passphrase, plan->log_n ? plan->log_n : VL_AGE_LOG_N,
                                      file_key, &plan->rng, &sealer->head, why);
    for (size_t i = 0; i < plan->recipients->count && !err; i++)
        err = vl_age_wrap(&plan->recipients->at[i], file_key, &plan->rng, &sealer->head, why);
    return err;
}

static enum vl_err start(struct vl_sealer *sealer, const struct vl_seal_plan *plan,
                         struct vl_why *why)
{
    VL_AUTO(vl_secret_wipe) struct vl_secret file_key = VL_SECRET_INIT;
    uint8_t nonce[VL_AGE_NONCE_LEN];
    enum vl_err err = vl_rng_secret(&plan->rng, VL_AGE_FILE_KEY_LEN, &file_key);

    if (!err)
        err = vl_rng_fill(&plan->rng, nonce, sizeof nonce);
    if (err)
        return vl_fail(why, err, "no randomness");
    err = vl_age_header_begin(&sealer->head);
    if (!err)
        err = write_stanzas(sealer, plan, &file_key, why);
    if (!err)
        err = vl_age_header_finish(&sealer->head, &file_key);
    if (!err)
        err = vl_buf_put(&sealer->head, VL_ARRAY(nonce));
    if (err)
        return why && why->text[0] ? err : vl_fail(why, err, "no memory for the header");
    sealer->stream = vl_age_stream_new(VL_AGE_SEALING, &file_key, nonce, plan->workers,
                                       (struct vl_sink){leave, sealer});
    if (!sealer->stream)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to seal with");
    return leave(sealer, vl_buf_bytes(&sealer->head), why);
}

enum vl_err vl_sealer_new(const struct vl_seal_plan *plan, struct vl_sealer **out,
                          struct vl_why *why)
{
    struct vl_sealer *sealer;
    enum vl_err err;

    *out = NULL;
    if (!plan->passphrase == !(plan->recipients && plan->recipients->count))
        return vl_fail(why, VL_ERR_USAGE, "nobody to seal to");
    if (plan->passphrase && plan->passphrase->len == 0)
        return vl_fail(why, VL_ERR_USAGE, "an empty passphrase");
    sealer = vl_new(sizeof *sealer);
    if (!sealer)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to seal with");
    sealer->sink = plan->sink;
    sealer->armored = plan->armor;
    sealer->armor = (struct vl_age_armor_writer)VL_AGE_ARMOR_WRITER_INIT;
    sealer->head = VL_BUF_INIT(VL_AGE_HEADER_MAX + VL_AGE_NONCE_LEN);
    sealer->armor_text = VL_BUF_INIT(ARMOR_MAX + 2 * VL_AGE_HEADER_MAX);
    if (why)
        why->text[0] = '\0';
    err = start(sealer, plan, why);
    if (err) {
        vl_sealer_free(sealer);
        return err;
    }
    *out = sealer;
    return VL_OK;
}

static enum vl_err latch(struct vl_sealer *sealer, enum vl_err err, struct vl_why *why)
{
    if (!sealer->err && err) {
        sealer->err = err;
        if (why)
            sealer->why = *why;
    } else if (sealer->err && why) {
        *why = sealer->why;
    }
    return sealer->err;
}

vl_room vl_sealer_room(struct vl_sealer *sealer)
{
    return sealer->err ? (vl_room){NULL, 0} : vl_age_stream_room(sealer->stream);
}

enum vl_err vl_sealer_fed(struct vl_sealer *sealer, size_t len, struct vl_why *why)
{
    if (!sealer->err && len > 0) {
        vl_age_stream_fed(sealer->stream, len);
    } else if (!sealer->err) {
        /* Nothing came: that is how a caller learns why there was no room. */
        enum vl_err err = vl_age_stream_room(sealer->stream).len > 0
                              ? VL_OK
                              : vl_age_stream_failure(sealer->stream, why);

        return latch(sealer, err, why);
    }
    return latch(sealer, VL_OK, why);
}

enum vl_err vl_sealer_write(struct vl_sealer *sealer, vl_bytes plain, struct vl_why *why)
{
    while (plain.len > 0) {
        vl_room room = vl_sealer_room(sealer);
        size_t take = plain.len < room.len ? plain.len : room.len;
        enum vl_err err;

        if (take > 0)
            memcpy(room.ptr, plain.ptr, take);
        err = vl_sealer_fed(sealer, take, why);
        if (err)
            return err;
        plain = vl_bytes_after(plain, take);
    }
    return VL_OK;
}

static enum vl_err finish(struct vl_sealer *sealer, struct vl_why *why)
{
    enum vl_err err = vl_age_stream_finish(sealer->stream, why);

    if (err || !sealer->armored)
        return err;
    sealer->armor_text.len = 0;
    err = vl_age_armor_write_end(&sealer->armor, &sealer->armor_text);
    if (err)
        return vl_fail(why, err, "no memory for the armor");
    return sealer->sink.put(sealer->sink.self, vl_buf_bytes(&sealer->armor_text), why);
}

enum vl_err vl_sealer_finish(struct vl_sealer *sealer, struct vl_why *why)
{
    if (!sealer->err && sealer->finished)
        return latch(sealer, vl_fail(why, VL_ERR_INTERNAL, "sealed to its end already"), why);
    sealer->finished = true;
    return latch(sealer, sealer->err ? VL_OK : finish(sealer, why), why);
}

vl_bytes vl_sealer_head(const struct vl_sealer *sealer)
{
    return vl_buf_bytes(&sealer->head);
}

void vl_sealer_free(struct vl_sealer *sealer)
{
    if (!sealer)
        return;
    vl_age_stream_free(sealer->stream);
    vl_buf_release(&sealer->head);
    vl_buf_release(&sealer->armor_text);
    vl_wipe(sealer, sizeof *sealer);
    vl_free(sealer);
}
