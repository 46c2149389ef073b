/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at everything that can be wrong without keys. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "store/home.h"
#include "store/ops.h"

#define PIECE ((size_t)256 << 10)

struct looking {
    struct vl_store *store;
    enum vl_err (*visit)(void *self, const struct vl_store_finding *finding);
    void *self;
    struct vl_buf piece;
};

static enum vl_err tell(const struct looking *looking, const uint8_t *number, bool harmless,
                        const char *what)
{
    struct vl_store_finding finding = {.what = what,
                                       .has_number = number != NULL,
                                       .harmless = harmless};

    if (number)
        memcpy(finding.number, number, VL_HASH_LEN);
    return looking->visit(looking->self, &finding);
}

/* A failure that says something about the store becomes a finding; running out of memory does not.
 */
static enum vl_err tell_failure(const struct looking *looking, const uint8_t *number,
                                enum vl_err err, struct vl_why *failure, struct vl_why *why)
{
    if (err == VL_ERR_NO_MEMORY || err == VL_ERR_BUSY || err == VL_ERR_INTERNAL)
        return vl_fail(why, err, "%s", failure->text);
    return tell(looking, number, false, failure->text);
}

static enum vl_err hash_envelope(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                                 const struct vl_buf *piece, uint8_t out[VL_HASH_LEN],
                                 struct vl_why *why)
{
    VL_AUTO(vl_hasher_release) struct vl_hasher hasher = {0};
    struct vl_envelope *envelope = NULL;
    size_t got = 0;
    enum vl_err err = vl_store_envelope(store, number, &envelope, why);

    if (err)
        return err;
    vl_hasher_begin(&hasher, vl_envelope_size(envelope));
    do {
        err = vl_envelope_read(envelope, (vl_room){piece->data, piece->len}, &got, why);
        vl_hasher_put(&hasher, vl_bytes_first(vl_buf_bytes(piece), got));
    } while (!err && got > 0);
    vl_envelope_free(envelope);
    if (!err && vl_hasher_end(&hasher, out) != VL_OK)
        err = vl_fail(why, VL_ERR_INTERNAL, "the hash could not be worked out");
    return err;
}

enum vl_err vl_store_envelope_holds(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                                    bool *yes, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf piece = VL_BUF_INIT(PIECE);
    uint8_t hash[VL_HASH_LEN] = {0};
    uint8_t *at;
    enum vl_err err = vl_buf_add(&piece, PIECE, &at) == VL_OK
                          ? hash_envelope(store, number, &piece, hash, why)
                          : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read a letter");

    *yes = !err && memcmp(hash, number, VL_HASH_LEN) == 0;
    return err;
}

static enum vl_err check_number(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct looking *looking = self;
    uint8_t number[VL_HASH_LEN];
    struct vl_why failure = {""};
    enum vl_err err;

    if (row->forgotten)
        return VL_OK;
    err = hash_envelope(looking->store, row->number, &looking->piece, number, &failure);
    if (err)
        return tell_failure(looking, row->number, err, &failure, why);
    if (memcmp(number, row->number, VL_HASH_LEN) != 0)
        return tell(looking, row->number, false, "its envelope is not what it was: another number");
    return VL_OK;
}

enum vl_err vl_store_look(struct vl_store *store, bool hashes,
                          enum vl_err (*visit)(void *self, const struct vl_store_finding *finding),
                          void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf piece = VL_BUF_INIT(PIECE);
    const struct vl_letter_query all = {.lean = true};
    struct looking looking = {store, visit, self, piece};
    uint8_t *at;
    enum vl_err err = store->ops->look(store, visit, self, why);

    if (err || !hashes)
        return err;
    if (vl_buf_add(&piece, PIECE, &at) != VL_OK)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read letters");
    looking.piece = piece;
    return vl_store_letters(store, &all, check_number, &looking, why);
}

/* --- what only a home has ------------------------------------------------------------------- */

static struct vl_home_store *home_of(const struct looking *looking)
{
    return (struct vl_home_store *)looking->store;
}

static enum vl_err tell_words(void *self, const char *words, struct vl_why *why)
{
    return tell(self, NULL, false, words);
}

static enum vl_err check_large(const struct looking *looking, const struct vl_letter_row *row,
                               struct vl_why *failure)
{
    uint64_t size = 0;
    int fd = -1;
    enum vl_err err = vl_large_open(home_of(looking)->large, row->number, &fd, &size, failure);

    if (err == VL_ERR_NOT_FOUND)
        return vl_fail(failure, VL_ERR_FORMAT, "its envelope is missing");
    if (fd >= 0)
        (void)close(fd);
    if (!err && size != row->size)
        return vl_fail(failure, VL_ERR_FORMAT, "its envelope has %llu bytes and should have %llu",
                       (unsigned long long)size, (unsigned long long)row->size);
    return err;
}

static enum vl_err check_small(const struct looking *looking, const struct vl_letter_row *row,
                               struct vl_place place, struct vl_why *failure)
{
    struct vl_segment *segment = NULL;
    enum vl_err err = vl_segment_take(home_of(looking)->segments, place.segment, &segment, failure);

    if (err)
        return err;
    err = vl_segment_check(segment, place.offset, row->size, failure);
    if (!err && vl_segment_size(segment) < place.offset + row->size)
        err = vl_fail(failure, VL_ERR_FORMAT, "segment %06u ends in the middle of a letter",
                      place.segment);
    vl_segment_release(segment);
    return err;
}

static enum vl_err check_place(void *self, const struct vl_letter_row *row, struct vl_place place,
                               struct vl_why *why)
{
    const struct looking *looking = self;
    struct vl_why failure = {""};
    enum vl_err err;

    if (row->forgotten)
        return VL_OK;
    err = place.segment == 0 ? check_large(looking, row, &failure)
                             : check_small(looking, row, place, &failure);
    return err ? tell_failure(looking, row->number, err, &failure, why) : VL_OK;
}

static enum vl_err tell_leaving(void *self, const struct vl_letter_row *row, struct vl_place place,
                                struct vl_why *why)
{
    return tell(self, row->number, true,
                "the bytes of this forgotten letter are still to be taken away");
}

/* A file in letters/: `settled` or in letters/new/. */
static enum vl_err check_file(const struct looking *looking, const uint8_t number[VL_HASH_LEN],
                              bool settled, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_place place = {0, 0};
    struct vl_why failure = {""};
    enum vl_err err = vl_index_letter(home_of(looking)->sql, number, true, &row, &place, &failure);

    if (err == VL_ERR_NOT_FOUND)
        return tell(looking, number, true, "a file in letters/ belongs to no letter");
    if (err)
        return tell_failure(looking, number, err, &failure, why);
    if (row.forgotten || place.segment != 0)
        return tell(looking, number, true, "a file in letters/ is no longer needed");
    return settled ? VL_OK
                   : tell(looking, number, true, "its file is still to be moved to its place");
}

static enum vl_err check_settled(void *self, const uint8_t number[VL_HASH_LEN], struct vl_why *why)
{
    return check_file(self, number, true, why);
}

static enum vl_err check_new(void *self, const uint8_t number[VL_HASH_LEN], struct vl_why *why)
{
    return check_file(self, number, false, why);
}

/* A file in letters/parts/. */
static enum vl_err check_part(void *self, const uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    const struct looking *looking = self;
    bool owned = true;
    enum vl_err err = vl_index_has_key(home_of(looking)->sql, VL_TIE_PARTIAL, id, &owned, why);

    if (err || owned)
        return err;
    return tell(looking, NULL, true, "a file in letters/parts/ belongs to no letter");
}

static enum vl_err check_part_owner(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    const struct looking *looking = self;

    (void)why;
    if (vl_part_is_there(home_of(looking)->parts, tie->key))
        return VL_OK;
    return tell(looking, tie->about, false, "the file of its slices in letters/parts/ is missing");
}

/* What lies behind the last letter. */
static enum vl_err check_end(const struct looking *looking, struct vl_why *why)
{
    struct vl_home_store *home = home_of(looking);
    struct vl_segment_end end;
    struct vl_segment *segment = NULL;
    char words[96];
    uint64_t size = 0;
    enum vl_err err = vl_index_end(home->sql, &end, why);

    if (err)
        return err;
    if (end.segment != 0 && vl_segment_take(home->segments, end.segment, &segment, NULL) == VL_OK) {
        size = vl_segment_size(segment);
        vl_segment_release(segment);
    }
    if (size > end.used) {
        (void)snprintf(words, sizeof words, "%llu bytes behind the last letter of segment %06u",
                       (unsigned long long)(size - end.used), end.segment);
        err = tell(looking, NULL, true, words);
    }
    if (!err && vl_segment_take(home->segments, end.segment + 1, &segment, NULL) == VL_OK) {
        vl_segment_release(segment);
        (void)snprintf(words, sizeof words, "segment %06u holds no letter", end.segment + 1);
        err = tell(looking, NULL, true, words);
    }
    return err;
}

enum vl_err vl_home_store_look(struct vl_store *store,
                               enum vl_err (*visit)(void *self,
                                                    const struct vl_store_finding *finding),
                               void *self, struct vl_why *why)
{
    const struct vl_letter_query all = {.lean = true};
    struct vl_home_store *home = (struct vl_home_store *)store;
    struct looking looking = {.store = store, .visit = visit, .self = self};
    enum vl_err err = vl_index_check(home->sql, tell_words, &looking, why);

    if (!err)
        err = vl_index_letters(home->sql, &all, check_place, &looking, why);
    if (!err)
        err = vl_index_leaving(home->sql, tell_leaving, &looking, why);
    if (!err)
        err = vl_large_settled_ones(home->large, check_settled, &looking, why);
    if (!err)
        err = vl_large_new_ones(home->large, check_new, &looking, why);
    if (!err)
        err = vl_part_all(home->parts, check_part, &looking, why);
    if (!err)
        err = vl_index_ties(home->sql, VL_TIE_PARTIAL, NULL, NULL, check_part_owner, &looking, why);
    if (!err)
        err = check_end(&looking, why);
    if (!err && vl_large_unfinished(home->large) > 0)
        err = tell(&looking, NULL, true, "a file in tmp/ was never finished");
    return err;
}
