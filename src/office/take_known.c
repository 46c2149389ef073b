/* SPDX-License-Identifier: Apache-2.0 */
/* Before a bag is taken: is it for this office, was it taken before, and is there room for it? */
#include <string.h>

#include "office/bag_in.h"
#include "sys/folder.h"

/* How a number of acts is kept. */
#define LEFT_LEN 4
#define LEFT_MAX ((size_t)UINT32_MAX)

struct answered {
    const struct vl_office_id *own;
    bool yes;
};

static enum vl_err see_answer(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    struct answered *answered = self;

    (void)why;
    answered->yes |=
        memcmp(row->issuer, answered->own->at, VL_HASH_LEN) == 0 && vl_acts_is_answer(row->kind);
    return VL_OK;
}

/* Answered already?  A hand-over may be known from evidence long before its bag turns up, so only
 * this office's own answer counts; evidence alone is not answered. */
enum vl_err vl_taking_is_known(struct vl_stick_taking *taking, const uint8_t list[VL_HASH_LEN],
                               const struct vl_transferred *transferred, bool *known,
                               struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct answered answered = {&taking->home->own, false};
    struct vl_store *store = taking->home->store;
    enum vl_err err = vl_store_object(store, list, &bytes, why);

    *known = !err;
    if (!err && transferred->batch.count > 0) {
        err = vl_store_objects(store, list, see_answer, &answered, why);
        *known = answered.yes;
    }
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

enum vl_err vl_taking_left(struct vl_stick_taking *taking, const uint8_t list[VL_HASH_LEN],
                           size_t *left, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(LEFT_LEN);
    enum vl_err err = vl_store_tie(taking->home->store, VL_TIE_LEFT, list, list, &bytes, why);

    *left = err ? 0 : (size_t)vl_bytes_number(vl_buf_bytes(&bytes));
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

enum vl_err vl_taking_note_left(struct vl_bag_taking *work, struct vl_why *why)
{
    struct vl_store *store = work->taking->home->store;
    const size_t left = work->keeping.elsewhere < LEFT_MAX ? work->keeping.elsewhere : LEFT_MAX;
    struct vl_tie tie = {.kind = VL_TIE_LEFT};
    uint8_t bytes[LEFT_LEN];

    if (left == 0)
        return vl_store_drop_tie(store, VL_TIE_LEFT, work->list.id, work->list.id, why);
    vl_bytes_put_number(left, bytes, LEFT_LEN);
    memcpy(tie.about, work->list.id, VL_HASH_LEN);
    memcpy(tie.key, work->list.id, VL_HASH_LEN);
    tie.bytes = VL_ARRAY(bytes);
    return vl_store_put_tie(store, &tie, why);
}

void vl_taking_tell_left(struct vl_stick_bag *bag)
{
    if (bag->left_before > 0)
        bag->known_before = !bag->err && bag->acts_elsewhere >= bag->left_before;
}

/* As much as its giver signed, whatever else lies in its folder. */
uint64_t vl_taking_bytes(const struct vl_transferred *transferred)
{
    struct vl_cbor walk = vl_handed_segments_walk(transferred);
    struct vl_handed_segment segment;
    uint64_t bytes = 0;

    while (vl_handed_segments_next(&walk, &segment))
        if (!segment.elsewhere) /* of those nobody knows how much is for us */
            bytes += segment.length < UINT64_MAX - bytes ? segment.length : UINT64_MAX - bytes;
    return bytes;
}

/* Is there room for all of it, before any of it is written (PROTOCOL 24)?  For a smaller bag there
 * may be. */
enum vl_err vl_taking_check_room(const struct vl_stick_taking *taking,
                                 const struct vl_bag_taking *work, struct vl_why *why)
{
    const uint64_t bytes = vl_taking_bytes(&work->transferred);
    uint64_t available = 0;
    const bool copies = taking->keeps && !taking->request->leave;
    enum vl_err err = copies ? vl_folder_free_bytes(taking->home->path, &available, why) : VL_OK;

    if (!err && copies && bytes > available)
        err = vl_fail(why, VL_ERR_NO_SPACE, "it has %llu bytes, and there is space for %llu here",
                      (unsigned long long)bytes, (unsigned long long)available);
    return err;
}

bool vl_taking_is_for_us(const struct vl_stick_taking *taking,
                         const struct vl_transferred *transferred)
{
    return !transferred->has_taker || vl_office_id_eq(&transferred->taker, &taking->home->own);
}

static enum vl_err measure(void *self, const struct vl_bag_seen *seen, struct vl_why *why)
{
    struct vl_stick_taking *taking = self;
    VL_AUTO(vl_object_release) struct vl_object list = VL_OBJECT_INIT;
    struct vl_transferred transferred;
    bool known = true;
    enum vl_err err = seen->err ? seen->err : VL_OK;

    if (seen->state != VL_BAG_FINISHED)
        return VL_OK;
    if (!err)
        err = vl_object_parse(seen->list, &list, NULL);
    if (!err)
        err = vl_transferred_read(&list, &transferred, NULL);
    if (err || vl_office_id_eq(&list.issuer, &taking->home->own) ||
        !vl_taking_is_for_us(taking, &transferred))
        return VL_OK;
    err = vl_taking_is_known(taking, list.id, &transferred, &known, why);
    if (!err && !known && vl_taking_bytes(&transferred) < UINT64_MAX - taking->total_bytes)
        taking->total_bytes += vl_taking_bytes(&transferred);
    return err;
}

enum vl_err vl_taking_measure(struct vl_stick_taking *taking, struct vl_why *why)
{
    struct vl_stick_walked walked;
    enum vl_err err = vl_stick_walk(taking->stick, NULL, measure, taking, &walked, why);

    taking->taken->not_looked_at = walked.left;
    return err;
}
