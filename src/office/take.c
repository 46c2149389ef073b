/* SPDX-License-Identifier: Apache-2.0 */
#include "office/take.h"

#include <string.h>

#include "base/alloc.h"
#include "codec/number.h"
#include "crypto/hash.h"
#include "custody/waybill.h"
#include "letter/letter.h"
#include "office/open.h"
#include "office/pieces.h"
#include "office/take_evidence.h"
#include "seal/age_armor.h"
#include "seal/age_header.h"
#include "sys/infile.h"

#define PIECE ((size_t)256 << 10)
/* An age file is at least this long behind its header: nonce and the tag of the last chunk. */
#define PAYLOAD_MIN 32

/* A letter on its way from a file into the store. */
struct incoming {
    struct vl_home *home;
    const struct vl_progress *progress;
    struct vl_in in;
    struct vl_buf first; /* what was read to see what it is */
    enum vl_what what;
    struct vl_spool *spool;
    struct vl_sink spool_sink;
    struct vl_hasher hasher;
    struct vl_age_header header;
    uint64_t behind_header;
    struct vl_age_armor_reader armor;
    struct vl_buf piece;
    struct vl_letter_reader *reader; /* of an archive */
};

static void release(struct incoming *incoming)
{
    vl_in_close(&incoming->in);
    vl_buf_release(&incoming->first);
    vl_spool_free(incoming->spool);
    vl_hasher_release(&incoming->hasher);
    vl_age_header_release(&incoming->header);
    vl_buf_release(&incoming->piece);
    vl_letter_reader_free(incoming->reader);
}

static enum vl_err look(struct incoming *incoming, const char *path, struct vl_why *why)
{
    uint8_t *at;
    enum vl_err err = vl_in_open(path, &incoming->in, why);

    if (!err)
        err = vl_buf_add(&incoming->first, PIECE, &at);
    if (err)
        return err;
    incoming->first.len = 0;
    while (!err && incoming->first.len < PIECE) {
        const vl_room room = {at + incoming->first.len, PIECE - incoming->first.len};
        size_t got = 0;

        err = vl_in_read(&incoming->in, room, &got, why);
        if (got == 0)
            break;
        incoming->first.len += got;
    }
    incoming->what = vl_what_is(vl_buf_bytes(&incoming->first));
    return err;
}

/* Binary bytes of a sealed letter. */
static enum vl_err put_sealed(struct incoming *incoming, vl_bytes bytes, struct vl_why *why)
{
    enum vl_err err;

    vl_hasher_put(&incoming->hasher, bytes);
    err = incoming->spool_sink.put(incoming->spool_sink.self, bytes, why);
    if (!err && !incoming->header.complete) {
        size_t used = 0;

        err = vl_age_header_feed(&incoming->header, bytes, &used, why);
        bytes = vl_bytes_after(bytes, used);
    }
    if (incoming->header.complete)
        incoming->behind_header += bytes.len;
    return err;
}

static enum vl_err put_armored(struct incoming *incoming, vl_bytes bytes, struct vl_why *why)
{
    enum vl_err err;

    incoming->piece.len = 0;
    err = vl_age_armor_read(&incoming->armor, bytes, &incoming->piece, why);
    return err ? err : put_sealed(incoming, vl_buf_bytes(&incoming->piece), why);
}

static enum vl_err put_archive(struct incoming *incoming, vl_bytes bytes, struct vl_why *why)
{
    enum vl_err err = incoming->spool_sink.put(incoming->spool_sink.self, bytes, why);

    return err ? err : vl_letter_reader_write(incoming->reader, bytes, why);
}

/* Everything, from the first byte on. */
static enum vl_err push_all(struct incoming *incoming,
                            enum vl_err (*put)(struct incoming *incoming, vl_bytes bytes,
                                               struct vl_why *why),
                            struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf piece = VL_BUF_INIT(PIECE);
    enum vl_err err = put(incoming, vl_buf_bytes(&incoming->first), why);
    uint8_t *at = NULL;
    size_t got = 1;

    if (!err)
        err = vl_buf_add(&piece, PIECE, &at);
    while (!err && got > 0) {
        err = vl_in_read(&incoming->in, (vl_room){at, PIECE}, &got, why);
        if (!err && got > 0)
            err = put(incoming, vl_bytes_of(at, got), why);
        if (!err && incoming->progress && incoming->progress->moved)
            incoming->progress->moved(incoming->progress->self, incoming->in.read_bytes,
                                      incoming->in.size);
    }
    return err;
}

static enum vl_err read_sealed(struct incoming *incoming, struct vl_letter_row *row,
                               struct vl_why *why)
{
    bool armored = incoming->what == VL_WHAT_AGE_ARMOR;
    enum vl_err err;

    vl_hasher_begin(&incoming->hasher, incoming->in.size);
    err = push_all(incoming, armored ? put_armored : put_sealed, why);
    if (!err && armored)
        err = vl_age_armor_read_end(&incoming->armor, why);
    if (!err)
        err = vl_age_header_end(&incoming->header, why);
    if (!err && incoming->behind_header < PAYLOAD_MIN)
        err = vl_fail(why, VL_ERR_FORMAT, "the sealed file is cut off");
    if (!err)
        err = vl_hasher_end(&incoming->hasher, row->number);
    row->mode = VL_LETTER_SEALED;
    return err;
}

static enum vl_err read_archive(struct incoming *incoming, struct vl_letter_row *row,
                                struct vl_why *why)
{
    static const struct vl_letter_read_plan plan = {.workers = 0};
    VL_AUTO(vl_letter_seen_release) struct vl_letter_seen seen = VL_LETTER_SEEN_INIT;
    struct vl_chain_verdict verdict;
    const struct vl_chain *chain;
    enum vl_err err;

    incoming->reader = vl_letter_reader_new(&plan, incoming->in.size);
    if (!incoming->reader)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read it with");
    err = push_all(incoming, put_archive, why);
    if (!err)
        err = vl_letter_reader_finish(incoming->reader, &seen, why);
    if (err)
        return err;
    if (vl_letter_form(&seen) != VL_FORM_OPEN)
        return vl_fail(
            why, VL_ERR_REFUSED,
            "it is the inside of a sealed letter without its envelope: a disclosed copy, "
            "not an open letter");
    memcpy(row->number, seen.number, VL_HASH_LEN);
    row->mode = seen.manifest.mode;
    vl_row_of_manifest(&seen.manifest, row);
    chain = vl_home_chain(incoming->home, &seen.manifest.core.issuer);
    if (!chain && incoming->home->chain_err)
        return vl_fail(why, incoming->home->chain_err, "reading the card of its sender");
    if (!chain)
        return VL_OK; /* said, and not proven: nobody here knows that office */
    err = vl_chain_verify(chain, &seen.manifest.core, &verdict, why);
    row->from_proven = !err && verdict.standing == VL_STANDING_FULL && !verdict.revoked;
    return err;
}

/* Is there another letter with the same first eight symbols? */
static enum vl_err count_one(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    (void)row;
    (void)why;
    ++*(size_t *)self;
    return VL_OK;
}

static enum vl_err look_for_twin(struct vl_home *home, struct vl_taken *taken, struct vl_why *why)
{
    struct vl_letter_query query = {.has_prefix = true,
                                    .prefix_bits = 40,
                                    .lean = true,
                                    .limit = 2};
    size_t count = 0;
    enum vl_err err;

    memcpy(query.prefix, taken->number, 5);
    err = vl_store_letters(home->store, &query, count_one, &count, why);
    taken->twin = count > 1;
    return err;
}

static bool is_forgotten(struct vl_store *store, const uint8_t number[VL_HASH_LEN])
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;

    return vl_store_letter(store, number, &row, NULL) == VL_OK && row.forgotten;
}

static enum vl_err take_letter(struct incoming *incoming, int64_t now_s, struct vl_taken *taken,
                               struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    bool archive = incoming->what == VL_WHAT_ARCHIVE;
    struct vl_store *store = incoming->home->store;
    struct vl_spool *spool;
    enum vl_err err = vl_spool_new(store, &incoming->spool, why);

    if (err)
        return err;
    incoming->spool_sink = vl_spool_sink(incoming->spool);
    err = archive ? read_archive(incoming, &row, why) : read_sealed(incoming, &row, why);
    if (err)
        return err;
    row.roles = VL_ROLE_TAKEN;
    row.kept_at_s = now_s;
    row.size = vl_spool_size(incoming->spool);
    err = vl_store_begin(store, why);
    if (err)
        return err;
    spool = incoming->spool;
    incoming->spool = NULL;
    err = vl_store_put_letter(store, &row, spool, &taken->is_new, why);
    if (!err && row.size > VL_SLICE_LEN)
        err = vl_partials_drop(store, row.number, why);
    if (!err)
        err = vl_store_commit(store, why);
    vl_store_rollback(store);
    if (err)
        return err;
    if (!taken->is_new)
        taken->forgotten = is_forgotten(store, row.number);
    taken->kind = archive ? VL_TAKEN_OPEN : VL_TAKEN_SEALED;
    taken->size = row.size;
    memcpy(taken->number, row.number, VL_HASH_LEN);
    taken->has_from = row.has_from;
    memcpy(taken->from.at, row.from, VL_HASH_LEN);
    taken->from_proven = row.from_proven;
    return look_for_twin(incoming->home, taken, why);
}

static enum vl_err take_file(struct vl_home *home, const char *path, bool evidence, int64_t now_s,
                             const struct vl_progress *progress, struct vl_taken *taken,
                             struct vl_why *why)
{
    VL_AUTO(release)
    struct incoming incoming = {.home = home,
                                .progress = progress,
                                .in = VL_IN_INIT,
                                .first = VL_BUF_INIT(PIECE),
                                .header = VL_AGE_HEADER_INIT,
                                .armor = VL_AGE_ARMOR_READER_INIT,
                                .piece = VL_BUF_INIT(2 * PIECE)};
    enum vl_err err = look(&incoming, path, why);

    if (err)
        return err;
    switch (incoming.what) {
    case VL_WHAT_AGE:
    case VL_WHAT_AGE_ARMOR:
    case VL_WHAT_ARCHIVE:
        return evidence ? VL_OK : take_letter(&incoming, now_s, taken, why);
    case VL_WHAT_EVIDENCE:
        taken->kind = VL_TAKEN_EVIDENCE;
        return evidence ? vl_take_evidence(home, path, now_s, taken, why) : VL_OK;
    case VL_WHAT_CARDS:
    case VL_WHAT_CARDS_TEXT:
        return vl_fail(why, VL_ERR_USAGE, "it is a card, which wants to be checked");
    case VL_WHAT_OBJECT:
        return vl_fail(why, VL_ERR_USAGE, "it is one signed object without its cards");
    case VL_WHAT_PAYLOAD:
        return vl_fail(why, VL_ERR_USAGE, "it is a piece of a bag; take the whole bag");
    case VL_WHAT_UNKNOWN:
    default:
        return vl_fail(why, VL_ERR_FORMAT, "it is neither a letter nor evidence");
    }
}

enum vl_err vl_take_files(struct vl_home *home, const char *const *paths, size_t count,
                          int64_t now_s, const struct vl_progress *progress, struct vl_taken *taken,
                          struct vl_why *why)
{
    enum vl_err first = VL_OK;
    size_t failed = 0;

    for (size_t i = 0; i < count; i++)
        taken[i] = (struct vl_taken){.kind = VL_TAKEN_NOTHING};
    /* The waybill of a letter is only kept when the letter is here. */
    for (int evidence = 0; evidence < 2; evidence++)
        for (size_t i = 0; i < count; i++)
            if (!taken[i].err && (!evidence || taken[i].kind == VL_TAKEN_EVIDENCE))
                taken[i].err =
                    take_file(home, paths[i], evidence, now_s, progress, &taken[i], &taken[i].why);
    for (size_t i = 0; i < count; i++) {
        if (!taken[i].err)
            continue;
        if (failed++ == 0) {
            first = taken[i].err;
            if (why)
                *why = taken[i].why;
        }
    }
    if (failed == 0)
        return VL_OK;
    if (failed == count)
        return count == 1 ? first : vl_fail_in(why, first, "\"%s\"", paths[0]);
    return vl_fail(why, VL_ERR_PARTIAL, "%zu of %zu files were not taken", failed, count);
}
