/* SPDX-License-Identifier: Apache-2.0 */
/* Letters that lie on the stick that they came on, and are handed on with it (`take --leave`). */
#include <string.h>

#include "base/alloc.h"
#include "office/hand_select.h"

void vl_hand_leave_out(struct vl_hand_choice *choice, struct vl_handed *handed, size_t index)
{
    struct vl_bag_letter *letter = &choice->letters[index];

    for (size_t i = 0; i < handed->letter_count; i++) {
        if (memcmp(handed->letters[i].number, letter->number, VL_HASH_LEN) != 0)
            continue;
        memmove(&handed->letters[i], &handed->letters[i + 1],
                (handed->letter_count - i - 1) * sizeof *handed->letters);
        handed->letter_count--;
        break;
    }
    vl_slice_set_release(&letter->went);
    vl_slice_set_release(&letter->now);
    memmove(letter, letter + 1, (choice->count - index - 1) * sizeof *letter);
    choice->count--;
}

/* --- where they lie --------------------------------------------------------------------------- */

static enum vl_err add_segment(struct vl_hand_choice *choice, const struct vl_transferred *by,
                               const struct vl_handed_segment *said, struct vl_why *why)
{
    struct vl_hand_segment *at;

    if (choice->segment_count == choice->segment_cap) {
        const size_t cap = choice->segment_cap ? 2 * choice->segment_cap : 8;
        void *block = choice->segments;
        enum vl_err err = vl_grow(&block, choice->segment_cap * sizeof *choice->segments,
                                  cap * sizeof *choice->segments);

        if (err)
            return vl_fail(why, err, "no memory for a list of segments");
        choice->segments = block;
        choice->segment_cap = cap;
    }
    at = &choice->segments[choice->segment_count++];
    *at = (struct vl_hand_segment){
        .segment = {.number = vl_bag_segment_number(said->name), .length = said->length}};
    memcpy(at->bag, said->elsewhere ? said->bag : by->bag, VL_BAG_ID_LEN);
    memcpy(at->segment.sha256, said->hash, VL_HASH_LEN);
    return VL_OK;
}

/* Is the bag of that hand-over on this stick, the very one? */
static bool is_on_stick(struct vl_stick *stick, const struct vl_transferred *by, const uint8_t *id)
{
    VL_AUTO(vl_buf_release) struct vl_buf list = VL_BUF_INIT(VL_BAG_MAX_LIST);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_bag *bag = NULL;
    bool yes;

    yes = by->has_bag && vl_bag_open(stick, by->bag, &bag, NULL) == VL_OK &&
          vl_bag_list(bag, &list, NULL) == VL_OK &&
          vl_object_parse(vl_buf_bytes(&list), &object, NULL) == VL_OK &&
          memcmp(object.id, id, VL_HASH_LEN) == 0;
    vl_bag_close(bag);
    return yes;
}

/* All segments of the bag by which they came. */
static enum vl_err find_bag(struct vl_home *home, struct vl_stick *stick, const uint8_t *id,
                            struct vl_hand_choice *choice, bool *is_there, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_transferred *by = vl_new(sizeof *by);
    enum vl_err err = by ? vl_store_object(home->store, id, &bytes, why)
                         : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read a hand-over");

    if (!err)
        err = vl_object_parse(vl_buf_bytes(&bytes), &object, why);
    if (!err)
        err = vl_transferred_read(&object, by, why);
    *is_there = !err && is_on_stick(stick, by, id);
    if (*is_there) {
        struct vl_cbor walk = vl_handed_segments_walk(by);
        struct vl_handed_segment said;

        while (!err && vl_handed_segments_next(&walk, &said))
            err = add_segment(choice, by, &said, why);
    }
    vl_free(by);
    return err;
}

struct looked_at {
    struct vl_id_set there, not_there;
};

static enum vl_err look(struct vl_home *home, struct vl_stick *stick, struct vl_hand_choice *choice,
                        const struct vl_bag_letter *letter, struct looked_at *looked,
                        bool *is_there, struct vl_why *why)
{
    static const uint8_t key[VL_HASH_LEN] = {0};
    VL_AUTO(vl_buf_release) struct vl_buf id = VL_BUF_INIT(VL_HASH_LEN);
    enum vl_err err = vl_store_tie(home->store, VL_TIE_STAYS, letter->number, key, &id, why);

    if (!err && id.len != VL_HASH_LEN)
        err = vl_fail(why, VL_ERR_FORMAT, "where a letter lies is not a number");
    if (err)
        return err;
    *is_there = vl_id_set_has(&looked->there, id.data);
    if (*is_there || vl_id_set_has(&looked->not_there, id.data))
        return VL_OK;
    err = find_bag(home, stick, id.data, choice, is_there, why);
    if (!err && vl_id_set_add(*is_there ? &looked->there : &looked->not_there, id.data, NULL))
        err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of bags");
    return err;
}

enum vl_err vl_hand_find_staying(struct vl_home *home, struct vl_stick *stick,
                                 struct vl_hand_choice *choice, struct vl_handed *handed,
                                 struct vl_why *why)
{
    struct looked_at looked = {VL_ID_SET_INIT, VL_ID_SET_INIT};
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < choice->count;) {
        bool is_there = true;

        if (choice->letters[i].stays)
            err = look(home, stick, choice, &choice->letters[i], &looked, &is_there, why);
        if (!err && !is_there) {
            vl_hand_leave_out(choice, handed, i);
            handed->on_other_stick++;
            continue;
        }
        i++;
    }
    vl_id_set_release(&looked.there);
    vl_id_set_release(&looked.not_there);
    if (!err && handed->on_other_stick > 0)
        err = vl_hand_choose_again(home, choice, why);
    return err;
}

enum vl_err vl_hand_check_staying(struct vl_stick *stick, const struct vl_hand_choice *choice,
                                  const struct vl_bag_watch *watch, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < choice->segment_count; i++) {
        const struct vl_hand_segment *at = &choice->segments[i];
        struct vl_bag *bag = NULL;

        err = vl_bag_open(stick, at->bag, &bag, why);
        if (!err)
            err = vl_bag_check(bag, &at->segment, 1, watch, why);
        vl_bag_close(bag);
    }
    return err ? vl_fail_in(why, err, "the bag in which its letters lie") : VL_OK;
}
