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
static enum vl_err is_on_stick(struct vl_stick *stick, const struct vl_transferred *by,
                               const uint8_t *id, bool *yes, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf list = VL_BUF_INIT(VL_BAG_MAX_LIST);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_bag *bag = NULL;
    enum vl_err err = by->has_bag ? vl_bag_open(stick, by->bag, &bag, why) : VL_ERR_NOT_FOUND;

    if (!err)
        err = vl_bag_list(bag, &list, why);
    if (!err)
        err = vl_object_parse(vl_buf_bytes(&list), &object, why);
    vl_bag_close(bag);
    *yes = !err && memcmp(object.id, id, VL_HASH_LEN) == 0;
    return err == VL_ERR_NO_MEMORY || err == VL_ERR_IO ? err : VL_OK;
}

/* How it stands with the letters of one hand-over. */
enum place { PLACE_HERE, PLACE_ELSEWHERE, PLACE_BENT };

static enum vl_err check_segment(struct vl_stick *stick, const struct vl_hand_segment *at,
                                 const struct vl_bag_watch *watch, struct vl_why *why)
{
    struct vl_bag *bag = NULL;
    enum vl_err err = vl_bag_open(stick, at->bag, &bag, why);

    if (!err)
        err = vl_bag_check(bag, &at->segment, 1, watch, why);
    vl_bag_close(bag);
    return err;
}

/* What is behind `before` among the segments goes again when any of it is not as it was. */
static enum vl_err check_segments(struct vl_stick *stick, struct vl_hand_choice *choice,
                                  size_t before, const struct vl_bag_watch *watch,
                                  enum place *place, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = before; !err && i < choice->segment_count; i++)
        err = check_segment(stick, &choice->segments[i], watch, why);
    choice->failed |= err == VL_ERR_IO;
    if (!err || err == VL_ERR_NO_MEMORY || err == VL_ERR_INTERRUPTED || vl_stick_is_gone(stick))
        return err;
    choice->segment_count = before;
    *place = PLACE_BENT;
    return VL_OK;
}

/* All segments of the bag by which they came. */
static enum vl_err find_bag(struct vl_home *home, struct vl_stick *stick,
                            const struct vl_bag_watch *watch, const uint8_t *id,
                            struct vl_hand_choice *choice, enum place *place, struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_transferred *by = vl_new(sizeof *by);
    const size_t before = choice->segment_count;
    bool yes = false;
    enum vl_err err = by ? vl_acts_read(home->store, id, &object, why)
                         : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read a hand-over");

    if (!err)
        err = vl_transferred_read(&object, by, why);
    if (!err)
        err = is_on_stick(stick, by, id, &yes, why);
    *place = yes ? PLACE_HERE : PLACE_ELSEWHERE;
    if (yes) {
        struct vl_cbor walk = vl_handed_segments_walk(by);
        struct vl_handed_segment said;

        while (!err && vl_handed_segments_next(&walk, &said))
            err = add_segment(choice, by, &said, why);
        if (!err)
            err = check_segments(stick, choice, before, watch, place, why);
    }
    vl_free(by);
    return err;
}

struct looked_at {
    struct vl_id_set at[PLACE_BENT + 1];
};

static enum vl_err look(struct vl_home *home, struct vl_stick *stick,
                        const struct vl_bag_watch *watch, struct vl_hand_choice *choice,
                        const struct vl_bag_letter *letter, struct looked_at *looked,
                        enum place *place, struct vl_why *why)
{
    static const uint8_t key[VL_HASH_LEN] = {0};
    VL_AUTO(vl_buf_release) struct vl_buf id = VL_BUF_INIT(VL_HASH_LEN);
    enum vl_err err = vl_store_tie(home->store, VL_TIE_STAYS, letter->number, key, &id, why);

    if (!err && id.len != VL_HASH_LEN)
        err = vl_fail(why, VL_ERR_FORMAT, "where a letter lies is not a number");
    if (err)
        return err;
    for (*place = PLACE_HERE; *place <= PLACE_BENT; ++*place)
        if (vl_id_set_has(&looked->at[*place], id.data))
            return VL_OK;
    err = find_bag(home, stick, watch, id.data, choice, place, why);
    if (!err && vl_id_set_add(&looked->at[*place], id.data, NULL) != VL_OK)
        err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of bags");
    return err;
}

enum vl_err vl_hand_find_staying(struct vl_home *home, struct vl_stick *stick,
                                 const struct vl_bag_watch *watch, struct vl_hand_choice *choice,
                                 struct vl_handed *handed, struct vl_why *why)
{
    struct looked_at looked = {{VL_ID_SET_INIT, VL_ID_SET_INIT, VL_ID_SET_INIT}};
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < choice->count;) {
        enum place place = PLACE_HERE;

        if (choice->letters[i].stays)
            err = look(home, stick, watch, choice, &choice->letters[i], &looked, &place, why);
        if (err || place == PLACE_HERE) {
            i++;
            continue;
        }
        vl_hand_leave_out(choice, handed, i);
        handed->on_other_stick += place == PLACE_ELSEWHERE;
        handed->bent += place == PLACE_BENT;
    }
    for (size_t i = 0; i <= PLACE_BENT; i++)
        vl_id_set_release(&looked.at[i]);
    handed->failed = choice->failed;
    if (!err && handed->on_other_stick + handed->bent > 0)
        err = vl_hand_choose_again(home, choice, why);
    return err;
}
