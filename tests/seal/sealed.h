/* SPDX-License-Identifier: Apache-2.0 */
/* tests/seal/sealed.h: people, contents, and whole files sealed and opened at once. */
#ifndef VL_TESTS_SEALED_H
#define VL_TESTS_SEALED_H

#include <string.h>

#include "seal/age_armor.h"
#include "seal/age_stream.h"
#include "seal/seal.h"

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define CHUNK       ((size_t)VL_AGE_CHUNK)
#define SEALED      ((size_t)VL_AGE_SEALED)
#define FILE_CEIL   ((size_t)64 << 20)

/* Somebody with a key: the same one for the same number. */
static inline struct vl_age_identity person(uint64_t number)
{
    struct vl_age_identity identity = {VL_SECRET_INIT, {{0}}};
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, number);

    assert_int_equal(vl_age_identity_make(&rng, &identity), VL_OK);
    return identity;
}

/* Several of them, one after the other, as a list of recipients. */
static inline struct vl_age_recipients people(uint64_t first, uint64_t count)
{
    struct vl_age_recipients list = VL_AGE_RECIPIENTS_INIT;

    for (uint64_t i = first; i < first + count; i++) {
        const struct vl_age_identity one = person(i);
        bool is_new;

        assert_int_equal(vl_age_recipients_add(&list, &one.recipient, &is_new, NULL), VL_OK);
    }
    return list;
}

static inline struct vl_passphrase words(const char *text)
{
    struct vl_passphrase passphrase = {.len = strlen(text)};

    memcpy(passphrase.data, text, passphrase.len);
    return passphrase;
}

/* Content of this length that looks like nothing. */
static inline struct vl_buf content(size_t len)
{
    struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, len);
    uint8_t *at = NULL;

    assert_int_equal(vl_buf_add(&out, len, &at), VL_OK);
    assert_int_equal(vl_rng_fill(&rng, at, len), VL_OK);
    return out;
}

/* How bytes are given: `piece` at a time (0: all at once), into the room that was asked for or not.
 */
struct feeding {
    size_t piece;
    bool into_room;
};

/* A plan that seals to these people, the same way every time. */
static inline struct vl_seal_plan to(const struct vl_age_recipients *recipients,
                                     struct counter_rng *counter)
{
    return (struct vl_seal_plan){.recipients = recipients, .rng = counter_rng(counter, 4711)};
}

static inline enum vl_err feed_sealer(struct vl_sealer *sealer, vl_bytes plain,
                                      const struct feeding *how, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    while (!err && plain.len > 0) {
        vl_bytes piece = vl_bytes_first(plain, how->piece ? how->piece : SIZE_MAX);

        if (how->into_room) {
            vl_room room = vl_sealer_room(sealer);

            piece = vl_bytes_first(piece, room.len);
            if (piece.len > 0)
                memcpy(room.ptr, piece.ptr, piece.len);
            err = vl_sealer_fed(sealer, piece.len, why);
        } else {
            err = vl_sealer_write(sealer, piece, why);
        }
        plain = vl_bytes_after(plain, piece.len);
    }
    return err;
}

/* Seal all of it; the sink of the plan is replaced by out, unless there is one. */
static inline enum vl_err seal_all(struct vl_seal_plan plan, vl_bytes plain,
                                   const struct feeding *how, struct vl_buf *out,
                                   struct vl_why *why)
{
    struct vl_sealer *sealer = NULL;
    enum vl_err err;

    if (!plan.sink.put)
        plan.sink = vl_buf_sink(out);
    err = vl_sealer_new(&plan, &sealer, why);
    if (!err)
        err = feed_sealer(sealer, plain, how, why);
    if (!err)
        err = vl_sealer_finish(sealer, why);
    vl_sealer_free(sealer);
    return err;
}

/* Sealed to person number 1, or to whom the plan says; must work. */
static inline struct vl_buf sealed_to_one(vl_bytes plain, bool armor)
{
    VL_AUTO(vl_age_recipients_release) struct vl_age_recipients list = people(1, 1);
    struct vl_buf out = VL_BUF_INIT(FILE_CEIL);
    struct counter_rng counter;
    struct vl_seal_plan plan = to(&list, &counter);
    struct vl_why why = {""};

    plan.armor = armor;
    assert_err(seal_all(plan, plain, &(struct feeding){0, false}, &out, &why), VL_OK, &why);
    return out;
}

/* What came of opening. */
struct opened {
    enum vl_err err;
    enum vl_open_stage stage;
    struct vl_why why;
    struct vl_buf plain; /* what was released */
};

static inline void opened_release(struct opened *opened)
{
    vl_buf_release(&opened->plain);
}

/* Takes what it fed from *sealed. */
static inline enum vl_err feed_opener(struct vl_opener *opener, vl_bytes *sealed,
                                      const struct feeding *how, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    while (!err && sealed->len > 0) {
        vl_bytes piece = vl_bytes_first(*sealed, how->piece ? how->piece : SIZE_MAX);

        if (how->into_room) {
            vl_room room = vl_opener_room(opener);

            piece = vl_bytes_first(piece, room.len);
            if (piece.len > 0)
                memcpy(room.ptr, piece.ptr, piece.len);
            err = vl_opener_fed(opener, piece.len, why);
        } else {
            err = vl_opener_write(opener, piece, why);
        }
        *sealed = vl_bytes_after(*sealed, piece.len);
    }
    return err;
}

/* A failure is told again in the same words by every call that follows, and nothing comes out. */
static inline void check_it_stays_failed(struct vl_opener *opener, vl_bytes rest,
                                         const struct opened *failed)
{
    struct vl_why again[3] = {{""}, {""}, {""}};
    size_t released = failed->plain.len;

    assert_int_equal(vl_opener_room(opener).len, 0);
    assert_int_equal(vl_opener_fed(opener, 0, &again[0]), failed->err);
    assert_int_equal(vl_opener_write(opener, rest, &again[1]), failed->err);
    assert_int_equal(vl_opener_finish(opener, &again[2]), failed->err);
    for (size_t i = 0; i < COUNT(again); i++)
        assert_string_equal(again[i].text, failed->why.text);
    assert_int_equal(failed->plain.len, released);
    assert_int_equal(vl_opener_stage(opener), failed->stage);
}

/* Open all of it; the sink of the plan is replaced by a buffer, unless there is one. */
static inline struct opened open_all(struct vl_open_plan plan, vl_bytes sealed,
                                     const struct feeding *how)
{
    struct opened result = {.err = VL_ERR_NO_MEMORY, .plain = VL_BUF_INIT(FILE_CEIL)};
    struct vl_opener *opener;

    if (!plan.sink.put)
        plan.sink = vl_buf_sink(&result.plain);
    opener = vl_opener_new(&plan);
    if (!opener)
        return result;
    result.err = feed_opener(opener, &sealed, how, &result.why);
    if (!result.err)
        result.err = vl_opener_finish(opener, &result.why);
    result.stage = vl_opener_stage(opener);
    if (result.err)
        check_it_stays_failed(opener, sealed, &result);
    vl_opener_free(opener);
    return result;
}

#endif
