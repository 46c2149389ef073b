/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "seal/age_armor.h"
#include "seal/age_header.h"
#include "seal/age_stream.h"
#include "seal/seal.h"

/* What is read at a time until the payload begins, and all the time from armor. */
#define PIECE 8192

struct vl_opener {
    struct vl_open_plan plan;
    enum vl_open_stage stage;
    struct vl_age_header header;
    struct vl_secret file_key;
    struct vl_age_recipient recipient; /* whose identity opened it */
    bool has_recipient;
    struct vl_buf head; /* header and nonce, once both are there */
    uint8_t nonce[VL_AGE_NONCE_LEN];
    size_t nonce_len;
    struct vl_age_stream *stream;
    bool armored;
    struct vl_age_armor_reader armor;
    struct vl_buf plain_file; /* what came out of the armor, for a moment */
    uint8_t piece[PIECE];
    enum vl_err err; /* told again by every later call */
    struct vl_why why;
};

struct vl_opener *vl_opener_new(const struct vl_open_plan *plan)
{
    struct vl_opener *opener = vl_new(sizeof *opener);

    if (!opener)
        return NULL;
    opener->plan = *plan;
    if (opener->plan.max_log_n == 0)
        opener->plan.max_log_n = VL_AGE_LOG_N_MAX;
    opener->stage = VL_OPEN_NOTHING;
    opener->header = (struct vl_age_header)VL_AGE_HEADER_INIT;
    opener->head = VL_BUF_INIT(VL_AGE_HEADER_MAX + VL_AGE_NONCE_LEN);
    opener->armor = (struct vl_age_armor_reader)VL_AGE_ARMOR_READER_INIT;
    opener->plain_file = VL_BUF_INIT(PIECE);
    return opener;
}

void vl_opener_free(struct vl_opener *opener)
{
    if (!opener)
        return;
    vl_age_stream_free(opener->stream);
    vl_age_header_release(&opener->header);
    vl_buf_release(&opener->head);
    vl_buf_release(&opener->plain_file);
    vl_wipe(opener, sizeof *opener);
    vl_free(opener);
}

enum vl_open_stage vl_opener_stage(const struct vl_opener *opener)
{
    return opener->stage;
}

vl_bytes vl_opener_head(const struct vl_opener *opener)
{
    return vl_buf_bytes(&opener->head);
}

size_t vl_opener_stanza_count(const struct vl_opener *opener)
{
    return opener->header.complete ? opener->header.stanza_count : 0;
}

const struct vl_secret *vl_opener_file_key(const struct vl_opener *opener)
{
    return opener->stage == VL_OPEN_PAYLOAD ? &opener->file_key : NULL;
}

bool vl_opener_recipient(const struct vl_opener *opener, struct vl_age_recipient *out)
{
    if (opener->stage != VL_OPEN_PAYLOAD || !opener->has_recipient)
        return false;
    *out = opener->recipient;
    return true;
}

/* A passphrase's stanza must be alone: then whoever can open the file could have made it, and
 * nobody is made to guess passphrases for files of others. */
static enum vl_err unwrap_by_passphrase(struct vl_opener *opener, struct vl_why *why)
{
    struct vl_age_stanza stanza = vl_age_header_stanza(&opener->header, 0);
    VL_AUTO(vl_passphrase_wipe) struct vl_passphrase passphrase = VL_PASSPHRASE_INIT;
    unsigned log_n = 0;
    enum vl_err err = vl_age_scrypt_check(&stanza, opener->plan.max_log_n, &log_n, why);

    if (err)
        return err;
    opener->stage = VL_OPEN_KEY;
    if (!opener->plan.ask)
        return vl_fail(why, VL_ERR_NO_KEY, "it is sealed with a passphrase");
    err = opener->plan.ask(opener->plan.ask_self, &passphrase, why);
    return err ? err
               : vl_age_unwrap_passphrase(&passphrase, &stanza, log_n, &opener->file_key, why);
}

/* Every identity on every stanza, in the order of the file: a malformed stanza of a kind we read
 * ends it, one that is for somebody else does not. */
static enum vl_err unwrap_by_identities(struct vl_opener *opener, struct vl_why *why)
{
    const struct vl_age_identities *identities = opener->plan.identities;
    size_t identity_count = identities ? identities->count : 0;

    for (size_t i = 0; i < identity_count; i++)
        for (size_t j = 0; j < opener->header.stanza_count; j++) {
            struct vl_age_stanza stanza = vl_age_header_stanza(&opener->header, j);
            enum vl_err err;

            if (!vl_age_stanza_is_x25519(&stanza))
                continue;
            err = vl_age_unwrap(&identities->at[i], &stanza, &opener->file_key, why);
            if (!err) {
                opener->recipient = identities->at[i].recipient;
                opener->has_recipient = true;
            }
            if (err != VL_ERR_NO_KEY)
                return err;
        }
    opener->stage = VL_OPEN_KEY;
    return VL_ERR_NO_KEY;
}

/* A file key that was given: the MAC of the header tells whether it is the file's own. */
static enum vl_err take_file_key(struct vl_opener *opener, struct vl_why *why)
{
    if (opener->plan.file_key->len != VL_AGE_FILE_KEY_LEN)
        return vl_fail(why, VL_ERR_USAGE, "a file key of %zu bytes, wanted %d",
                       opener->plan.file_key->len, VL_AGE_FILE_KEY_LEN);
    opener->file_key = *opener->plan.file_key;
    return VL_OK;
}

/* Why no key fitted, in the words that help most. */
static enum vl_err no_key(const struct vl_opener *opener, struct vl_why *why)
{
    const struct vl_age_identities *identities = opener->plan.identities;
    size_t hybrid = 0, x25519 = 0;

    for (size_t i = 0; i < opener->header.stanza_count; i++) {
        struct vl_age_stanza stanza = vl_age_header_stanza(&opener->header, i);

        hybrid += vl_age_stanza_is_hybrid(&stanza);
        x25519 += vl_age_stanza_is_x25519(&stanza);
    }
    if (hybrid > 0 && x25519 == 0)
        return vl_fail(why, VL_ERR_NO_KEY,
                       "it is sealed to post-quantum keys, which this version does not open");
    if (!identities || identities->count == 0)
        return vl_fail(why, VL_ERR_NO_KEY, "it is sealed to a key, and none was given");
    return vl_fail(why, VL_ERR_NO_KEY, "it is not sealed to %s%s",
                   identities->count == 1 ? "the key given" : "any of the keys given",
                   hybrid ? " (post-quantum recipients were skipped)" : "");
}

static enum vl_err unwrap(struct vl_opener *opener, struct vl_why *why)
{
    size_t scrypt = 0;
    enum vl_err err;

    for (size_t i = 0; i < opener->header.stanza_count; i++) {
        struct vl_age_stanza stanza = vl_age_header_stanza(&opener->header, i);

        scrypt += vl_age_stanza_is_scrypt(&stanza);
    }
    if (scrypt > 0 && opener->header.stanza_count > 1)
        return vl_fail(why, VL_ERR_FORMAT, "a passphrase beside other recipients");
    if (opener->plan.file_key)
        return take_file_key(opener, why);
    if (scrypt > 0)
        return unwrap_by_passphrase(opener, why);
    err = unwrap_by_identities(opener, why);
    return err == VL_ERR_NO_KEY ? no_key(opener, why) : err;
}

static enum vl_err start_payload(struct vl_opener *opener, struct vl_why *why)
{
    enum vl_err err = vl_buf_put(&opener->head, vl_buf_bytes(&opener->header.wire));

    if (!err)
        err = vl_buf_put(&opener->head, VL_ARRAY(opener->nonce));
    if (err)
        return vl_fail(why, err, "no memory for the header");
    opener->stream = vl_age_stream_new(VL_AGE_OPENING, &opener->file_key, opener->nonce,
                                       opener->plan.workers, opener->plan.sink);
    if (!opener->stream)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to open with");
    opener->stage = VL_OPEN_PAYLOAD;
    return VL_OK;
}

/* Bytes of the binary file that lie elsewhere than in the stream's own room. */
static enum vl_err take(struct vl_opener *opener, vl_bytes bytes, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (!opener->header.complete && bytes.len > 0) {
        size_t used;

        opener->stage = VL_OPEN_HEADER;
        err = vl_age_header_feed(&opener->header, bytes, &used, why);
        bytes = vl_bytes_after(bytes, used);
        if (!err && opener->header.complete)
            err = unwrap(opener, why);
        if (!err && opener->header.complete) {
            opener->stage = VL_OPEN_MAC;
            err = vl_age_header_verify(&opener->header, &opener->file_key, why);
            if (err && opener->plan.file_key)
                (void)vl_fail(why, err,
                              "the file key given is not that of this file, or its header was "
                              "altered");
        }
        if (!err && opener->header.complete)
            opener->stage = VL_OPEN_HEADER; /* the nonce belongs to it */
    }
    if (!err && !opener->stream && bytes.len > 0) {
        size_t len = sizeof opener->nonce - opener->nonce_len;

        len = bytes.len < len ? bytes.len : len;
        memcpy(opener->nonce + opener->nonce_len, bytes.ptr, len);
        opener->nonce_len += len;
        bytes = vl_bytes_after(bytes, len);
        if (opener->nonce_len == sizeof opener->nonce)
            err = start_payload(opener, why);
    }
    while (!err && bytes.len > 0) {
        vl_room room = vl_age_stream_room(opener->stream);
        size_t len = bytes.len < room.len ? bytes.len : room.len;

        if (len == 0)
            return vl_age_stream_failure(opener->stream, why);
        memcpy(room.ptr, bytes.ptr, len);
        vl_age_stream_fed(opener->stream, len);
        bytes = vl_bytes_after(bytes, len);
    }
    return err;
}

/* The armor is wrong from here on, but what stood before it comes first: what is told and what is
 * released does not depend on the pieces that were fed. */
static enum vl_err armor_failure(struct vl_opener *opener, enum vl_err err,
                                 const struct vl_why *reason, struct vl_why *why)
{
    enum vl_err before = opener->stream ? vl_age_stream_failure(opener->stream, why) : VL_OK;

    if (before)
        return before;
    opener->stage = VL_OPEN_ARMOR;
    return vl_fail(why, err, "%s", reason->text);
}

/* Bytes as they came: armor or not is known from the first one. */
static enum vl_err take_outer(struct vl_opener *opener, vl_bytes bytes, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (bytes.len == 0)
        return VL_OK;
    if (opener->stage == VL_OPEN_NOTHING && vl_age_armor_may_begin(bytes.ptr[0])) {
        opener->armored = true;
        opener->stage = VL_OPEN_ARMOR;
    }
    if (!opener->armored)
        return take(opener, bytes, why);
    while (!err && bytes.len > 0) {
        struct vl_why reason = {""};
        enum vl_err armor_err;

        opener->plain_file.len = 0;
        armor_err = vl_age_armor_read(&opener->armor, vl_bytes_first(bytes, PIECE),
                                      &opener->plain_file, &reason);
        bytes = vl_bytes_after(bytes, PIECE);
        err = take(opener, vl_buf_bytes(&opener->plain_file), why);
        if (!err && armor_err)
            err = armor_failure(opener, armor_err, &reason, why);
    }
    return err;
}

static enum vl_err latch(struct vl_opener *opener, enum vl_err err, struct vl_why *why)
{
    if (!opener->err && err) {
        opener->err = err;
        if (why)
            opener->why = *why;
    } else if (opener->err && why) {
        *why = opener->why;
    }
    return opener->err;
}

/* Once the payload of a binary file has begun, its bytes go straight to where they are worked on.
 */
static bool is_direct(const struct vl_opener *opener)
{
    return opener->stream && !opener->armored;
}

vl_room vl_opener_room(struct vl_opener *opener)
{
    if (opener->err)
        return (vl_room){NULL, 0};
    return is_direct(opener) ? vl_age_stream_room(opener->stream)
                             : (vl_room){opener->piece, sizeof opener->piece};
}

enum vl_err vl_opener_fed(struct vl_opener *opener, size_t len, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (opener->err)
        return latch(opener, VL_OK, why);
    if (!is_direct(opener))
        err = take_outer(opener, vl_bytes_of(opener->piece, len), why);
    else if (len > 0)
        vl_age_stream_fed(opener->stream, len);
    else if (vl_age_stream_room(opener->stream).len == 0)
        err = vl_age_stream_failure(opener->stream, why);
    return latch(opener, err, why);
}

enum vl_err vl_opener_write(struct vl_opener *opener, vl_bytes sealed, struct vl_why *why)
{
    if (opener->err)
        return latch(opener, VL_OK, why);
    return latch(opener, take_outer(opener, sealed, why), why);
}

static enum vl_err finish(struct vl_opener *opener, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (opener->armored) {
        struct vl_why reason = {""};

        err = vl_age_armor_read_end(&opener->armor, &reason);
        if (err)
            return armor_failure(opener, err, &reason, why);
        if (opener->stage == VL_OPEN_ARMOR) /* it is whole, and holds nothing */
            opener->stage = VL_OPEN_HEADER;
    }
    err = vl_age_header_end(&opener->header, why);
    if (!err && !opener->stream)
        err = vl_fail(why, VL_ERR_FORMAT, "cut short behind the header");
    return err ? err : vl_age_stream_finish(opener->stream, why);
}

enum vl_err vl_opener_finish(struct vl_opener *opener, struct vl_why *why)
{
    return latch(opener, opener->err ? VL_OK : finish(opener, why), why);
}
