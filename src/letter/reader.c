/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "letter/core.h"
#include "letter/letter.h"
#include "letter/pax.h"
#include "seal/age_armor.h"

/* What is read at a time until it is known what it is, and of what is not an age file. */
#define PIECE ((size_t)16 << 10)

/* A part as it came: hashes, so that memory is bounded however long names are. */
struct came {
    uint8_t header[VL_HASH_LEN];
    uint8_t content[VL_HASH_LEN];
};

struct vl_letter_reader {
    const struct vl_letter_read_plan *plan;
    struct vl_opener *opener; /* NULL: bare */
    bool begun;
    bool armored;
    struct vl_age_armor_reader armor;
    struct vl_buf plain_file; /* what came out of the armor, for a moment */
    uint8_t *piece;
    vl_room room;            /* as it was given last */
    struct vl_hasher number; /* with size, of the binary file */
    uint64_t size;
    /* The archive, touched where the opener calls its sink. */
    struct vl_pax_reader *pax;
    uint64_t archive_len;
    struct vl_part_names names;
    struct came *came;
    size_t came_cap;
    struct vl_hasher content;
    bool in_manifest;
    bool manifest_came;
    struct vl_buf manifest;
    enum vl_err err; /* told again by every later call */
    struct vl_why why;
};

static enum vl_err latch(struct vl_letter_reader *reader, enum vl_err err, struct vl_why *why)
{
    if (!reader->err && err) {
        reader->err = err;
        if (why)
            reader->why = *why;
    } else if (reader->err && why) {
        *why = reader->why;
    }
    return reader->err;
}

static enum vl_err begin_manifest(struct vl_letter_reader *reader, uint64_t size,
                                  struct vl_why *why)
{
    if (size > VL_MANIFEST_MAX_LEN)
        return vl_fail(why, VL_ERR_LIMIT, "letter: a manifest of %llu bytes, more than %zu",
                       (unsigned long long)size, VL_MANIFEST_MAX_LEN);
    reader->in_manifest = reader->manifest_came = true;
    return VL_OK;
}

/* Room for what is known of one more part. */
static enum vl_err make_room(struct vl_letter_reader *reader, struct vl_why *why)
{
    void *block = reader->came;
    size_t cap = reader->came_cap ? 2 * reader->came_cap : 4;
    enum vl_err err;

    if (reader->names.count < reader->came_cap)
        return VL_OK;
    err = vl_grow(&block, reader->came_cap * sizeof *reader->came, cap * sizeof *reader->came);
    if (err)
        return vl_fail(why, err, "letter: no memory for %zu parts", cap);
    reader->came = block;
    reader->came_cap = cap;
    return VL_OK;
}

/* PROTOCOL 15: a name is judged before anybody makes a file of it. */
static enum vl_err begin_entry(void *self, vl_bytes name, uint64_t size, vl_bytes header,
                               struct vl_why *why)
{
    struct vl_letter_reader *reader = self;
    const struct vl_part_sink *sink = &reader->plan->parts;
    size_t index = reader->names.count;
    enum vl_err err;

    if (reader->manifest_came)
        return vl_fail(why, VL_ERR_FORMAT, "letter: something behind the manifest");
    if (vl_bytes_eq(name, VL_LITERAL(VL_MANIFEST_NAME)))
        return begin_manifest(reader, size, why);
    err = make_room(reader, why);
    if (err)
        return err;
    err = vl_part_names_add(&reader->names, name, why);
    if (err)
        return vl_fail_in(why, err, "letter");
    vl_sha256(header, reader->came[index].header);
    vl_hasher_begin(&reader->content, size);
    return sink->begin ? sink->begin(sink->self, index, name, size, why) : VL_OK;
}

static enum vl_err take_content(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct vl_letter_reader *reader = self;
    const struct vl_part_sink *sink = &reader->plan->parts;
    enum vl_err err;

    if (reader->in_manifest) {
        err = vl_buf_put(&reader->manifest, bytes);
        return err ? vl_fail(why, err, "letter: no memory for the manifest") : VL_OK;
    }
    vl_hasher_put(&reader->content, bytes);
    return sink->data ? sink->data(sink->self, bytes, why) : VL_OK;
}

static enum vl_err end_entry(void *self, struct vl_why *why)
{
    struct vl_letter_reader *reader = self;
    const struct vl_part_sink *sink = &reader->plan->parts;
    enum vl_err err;

    if (reader->in_manifest) {
        reader->in_manifest = false;
        return VL_OK;
    }
    err = vl_hasher_end(&reader->content, reader->came[reader->names.count - 1].content);
    if (err)
        return vl_fail(why, err, "letter: the hash of a part failed");
    return sink->end ? sink->end(sink->self, why) : VL_OK;
}

static enum vl_err take_archive(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct vl_letter_reader *reader = self;

    reader->archive_len += bytes.len;
    return vl_pax_reader_put(reader->pax, bytes, why);
}

static bool make_parts(struct vl_letter_reader *reader)
{
    const struct vl_letter_read_plan *plan = reader->plan;
    const struct vl_pax_sink entries = {begin_entry, take_content, end_entry, reader};
    const struct vl_open_plan open = {.identities = plan->identities,
                                      .file_key = plan->file_key,
                                      .workers = plan->workers,
                                      .sink = {take_archive, reader}};

    reader->piece = vl_new(PIECE);
    reader->pax = vl_pax_reader_new(&entries);
    if (plan->identities || plan->file_key) {
        reader->opener = vl_opener_new(&open);
        if (!reader->opener)
            return false;
    }
    return reader->piece && reader->pax;
}

struct vl_letter_reader *vl_letter_reader_new(const struct vl_letter_read_plan *plan,
                                              uint64_t expected_len)
{
    struct vl_letter_reader *reader = vl_new(sizeof *reader);

    if (!reader)
        return NULL;
    reader->plan = plan;
    reader->armor = (struct vl_age_armor_reader)VL_AGE_ARMOR_READER_INIT;
    reader->plain_file = VL_BUF_INIT(PIECE);
    reader->manifest = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    vl_hasher_begin(&reader->number, expected_len);
    if (!make_parts(reader)) {
        vl_letter_reader_free(reader);
        return NULL;
    }
    return reader;
}

void vl_letter_reader_free(struct vl_letter_reader *reader)
{
    if (!reader)
        return;
    vl_opener_free(reader->opener); /* first: until then its sink may be called */
    vl_pax_reader_free(reader->pax);
    vl_hasher_release(&reader->number);
    vl_hasher_release(&reader->content);
    vl_part_names_release(&reader->names);
    vl_free(reader->came);
    vl_buf_release(&reader->manifest);
    vl_buf_release(&reader->plain_file);
    if (reader->piece)
        vl_wipe(reader->piece, PIECE);
    vl_free(reader->piece);
    vl_wipe(reader, sizeof *reader);
    vl_free(reader);
}

/* Bytes of the binary file that lie elsewhere than in the opener's room. */
static enum vl_err take_file(struct vl_letter_reader *reader, vl_bytes bytes, struct vl_why *why)
{
    vl_hasher_put(&reader->number, bytes);
    reader->size += bytes.len;
    return reader->opener ? vl_opener_write(reader->opener, bytes, why)
                          : take_archive(reader, bytes, why);
}

/* The number is that of the binary file (PROTOCOL 10), so armor comes off here. */
static enum vl_err take_armored(struct vl_letter_reader *reader, vl_bytes text, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    while (!err && text.len > 0) {
        struct vl_why reason = {""};
        enum vl_err armor_err;

        reader->plain_file.len = 0;
        armor_err = vl_age_armor_read(&reader->armor, vl_bytes_first(text, PIECE / 2),
                                      &reader->plain_file, &reason);
        text = vl_bytes_after(text, PIECE / 2);
        err = take_file(reader, vl_buf_bytes(&reader->plain_file), why);
        if (!err && armor_err)
            err = vl_fail(why, armor_err, "%s", reason.text);
    }
    return err;
}

static enum vl_err take(struct vl_letter_reader *reader, vl_bytes bytes, struct vl_why *why)
{
    if (bytes.len > 0 && !reader->begun) {
        reader->begun = true;
        reader->armored = reader->opener && vl_age_armor_may_begin(bytes.ptr[0]);
    }
    return reader->armored ? take_armored(reader, bytes, why) : take_file(reader, bytes, why);
}

/* Once an envelope has begun, its bytes go straight to where they are opened. */
static bool is_direct(const struct vl_letter_reader *reader)
{
    return reader->opener && reader->begun && !reader->armored;
}

vl_room vl_letter_reader_room(struct vl_letter_reader *reader)
{
    if (reader->err)
        reader->room = (vl_room){NULL, 0};
    else
        reader->room =
            is_direct(reader) ? vl_opener_room(reader->opener) : (vl_room){reader->piece, PIECE};
    return reader->room;
}

enum vl_err vl_letter_reader_fed(struct vl_letter_reader *reader, size_t len, struct vl_why *why)
{
    vl_bytes bytes = vl_bytes_of(reader->room.ptr, len);
    enum vl_err err;

    if (reader->err)
        return latch(reader, VL_OK, why);
    if (len > reader->room.len)
        return latch(reader,
                     vl_fail(why, VL_ERR_USAGE, "letter: more came than there was room for"), why);
    reader->room = (vl_room){NULL, 0};
    if (is_direct(reader)) {
        vl_hasher_put(&reader->number, bytes);
        reader->size += len;
        err = vl_opener_fed(reader->opener, len, why);
    } else {
        err = take(reader, bytes, why);
    }
    return latch(reader, err, why);
}

enum vl_err vl_letter_reader_write(struct vl_letter_reader *reader, vl_bytes bytes,
                                   struct vl_why *why)
{
    return latch(reader, reader->err ? VL_OK : take(reader, bytes, why), why);
}

static enum vl_err check_part(const struct vl_letter_reader *reader,
                              const struct vl_manifest *manifest, size_t index, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf header = VL_BUF_INIT(VL_PAX_HEADER_MAX);
    const struct vl_manifest_part *part = &manifest->parts[index];
    const struct came *came = &reader->came[index];
    uint8_t hash[VL_HASH_LEN];
    enum vl_err err = vl_pax_header(part->name, part->size, &header);

    if (err)
        return vl_fail(why, err, "no memory for a header");
    vl_sha256(vl_buf_bytes(&header), hash);
    if (memcmp(hash, came->header, sizeof hash) != 0)
        return vl_fail(why, VL_ERR_UNVERIFIED, "another name or size than was signed");
    if (memcmp(part->sha256, came->content, sizeof part->sha256) != 0)
        return vl_fail(why, VL_ERR_UNVERIFIED, "another content than was signed");
    return VL_OK;
}

/* PROTOCOL 15: each byte of the archive follows from the manifest and the parts' contents. */
static enum vl_err check_archive(const struct vl_letter_reader *reader,
                                 const struct vl_manifest *manifest, uint64_t padding,
                                 struct vl_why *why)
{
    uint64_t len = reader->archive_len - padding;
    uint64_t wanted = manifest->padded ? vl_pax_padded(len) - len : 0;
    enum vl_err err = VL_OK;

    if (manifest->part_count != reader->names.count)
        return vl_fail(why, VL_ERR_UNVERIFIED, "%zu parts, and %zu were signed",
                       reader->names.count, manifest->part_count);
    for (size_t i = 0; i < manifest->part_count && !err; i++) {
        err = check_part(reader, manifest, i, why);
        if (err)
            err = vl_fail_in(why, err, "part %zu", i + 1);
    }
    if (!err && padding != wanted)
        err = vl_fail(why, VL_ERR_FORMAT, "padded with %llu bytes, not %llu",
                      (unsigned long long)padding, (unsigned long long)wanted);
    return err;
}

static enum vl_err end_file(struct vl_letter_reader *reader, uint64_t *padding, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (reader->armored)
        err = vl_age_armor_read_end(&reader->armor, why);
    if (!err && reader->opener)
        err = vl_opener_finish(reader->opener, why);
    return err ? err : vl_pax_reader_end(reader->pax, padding, why);
}

/* PROTOCOL 10: is this the envelope that was signed for, and who else can open it?  The header was
 * the sender's whole word on that: each stanza is a key, of whatever kind. */
static void judge_envelope(const struct vl_letter_reader *reader, struct vl_letter_seen *seen)
{
    const struct vl_manifest *manifest = &seen->manifest;
    uint8_t commitment[VL_HASH_LEN];

    if (!reader->opener)
        return;
    seen->was_sealed = true;
    seen->file_key = *vl_opener_file_key(reader->opener);
    vl_sha256(vl_opener_head(reader->opener), commitment);
    seen->commitment_ok = manifest->has_sealing_commitment &&
                          memcmp(commitment, manifest->sealing_commitment, sizeof commitment) == 0;
    seen->unlisted_keys = manifest->mode == VL_CORE_SEALED &&
                          vl_opener_stanza_count(reader->opener) != manifest->to_count;
}

static bool is_key(const struct vl_letter_seen *seen, const struct vl_manifest_reader *listed)
{
    return seen->has_key && vl_bytes_eq(listed->kind, VL_LITERAL("x25519")) &&
           vl_bytes_eq(listed->key, VL_ARRAY(seen->key));
}

void vl_letter_seen_as(struct vl_letter_seen *seen, const struct vl_office_id *office)
{
    const struct vl_manifest *manifest = &seen->manifest;

    seen->own_listed = seen->own_key_ok = seen->has_opening = false;
    for (size_t i = 0; i < manifest->to_count; i++) {
        const struct vl_manifest_reader *listed = &manifest->to[i];

        if (!vl_office_id_eq(&listed->office, office))
            continue;
        seen->own_listed = true;
        seen->own_key_ok |= is_key(seen, listed);
        if (i < manifest->opening_count) {
            seen->has_opening = true;
            memcpy(seen->opening, manifest->openings[i], VL_HASH_LEN);
        }
    }
}

static void judge_reader(const struct vl_letter_reader *reader, struct vl_letter_seen *seen)
{
    struct vl_age_recipient key;

    seen->has_key = reader->opener && vl_opener_recipient(reader->opener, &key);
    if (seen->has_key)
        memcpy(seen->key, key.x25519, VL_X25519_LEN);
    if (reader->plan->office)
        vl_letter_seen_as(seen, reader->plan->office);
}

static enum vl_err finish(struct vl_letter_reader *reader, struct vl_letter_seen *seen,
                          struct vl_why *why)
{
    uint64_t padding = 0;
    enum vl_err err = end_file(reader, &padding, why);

    if (err)
        return err;
    if (!reader->manifest_came)
        return vl_fail(why, VL_ERR_FORMAT, "letter: no manifest");
    err = vl_manifest_parse(vl_buf_bytes(&reader->manifest), &seen->manifest, why);
    if (!err)
        err = check_archive(reader, &seen->manifest, padding, why);
    if (err)
        return vl_fail_in(why, err, "letter");
    judge_envelope(reader, seen);
    judge_reader(reader, seen);
    return VL_OK;
}

enum vl_err vl_letter_reader_finish(struct vl_letter_reader *reader, struct vl_letter_seen *seen,
                                    struct vl_why *why)
{
    uint8_t number[VL_HASH_LEN];
    uint64_t size = reader->size;
    enum vl_err err;

    if (reader->err)
        return latch(reader, VL_OK, why);
    err = vl_hasher_end(&reader->number, number);
    if (err)
        return latch(reader, vl_fail(why, err, "letter: the hash of the file failed"), why);
    err = finish(reader, seen, why);
    if (err)
        vl_letter_seen_release(seen);
    memcpy(seen->number, number, VL_HASH_LEN);
    seen->size = size;
    /* A reader reads once. */
    reader->err =
        err ? err : vl_fail(&reader->why, VL_ERR_INTERNAL, "letter: read to its end already");
    if (err && why)
        reader->why = *why;
    return err;
}

void vl_letter_seen_release(struct vl_letter_seen *seen)
{
    vl_manifest_release(&seen->manifest);
    vl_secret_wipe(&seen->file_key);
    vl_wipe(seen, sizeof *seen);
    *seen = (struct vl_letter_seen)VL_LETTER_SEEN_INIT;
}

enum vl_letter_form vl_letter_form(const struct vl_letter_seen *seen)
{
    if (seen->manifest.mode == VL_CORE_OPEN)
        return seen->was_sealed ? VL_FORM_ENCLOSED_OPEN : VL_FORM_OPEN;
    if (!seen->was_sealed)
        return VL_FORM_DISCLOSED_COPY;
    return seen->commitment_ok ? VL_FORM_SEALED : VL_FORM_RESEALED;
}
