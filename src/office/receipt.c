/* SPDX-License-Identifier: Apache-2.0 */
/* For which letters is a receipt one (PROTOCOL 5, 7, 22)? */
#include <string.h>

#include "base/alloc.h"
#include "office/acts.h"

void vl_receipt_right_release(struct vl_receipt_right *right)
{
    for (size_t i = 0; i < right->count; i++)
        vl_object_release(&right->objects[i]);
    *right = (struct vl_receipt_right)VL_RECEIPT_RIGHT_INIT;
}

struct ended {
    const struct vl_object *mandate;
    bool yes;
};

static enum vl_err see_end(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    struct ended *ended = self;

    (void)why;
    ended->yes |= strcmp(row->kind, vl_kind_word(VL_KIND_MANDATE_REVOCATION)) == 0 &&
                  memcmp(row->issuer, ended->mandate->issuer.at, VL_HASH_LEN) == 0;
    return VL_OK;
}

/* The mandate of this id, behind those that are there already. */
static enum vl_err add_mandate(struct vl_store *store, const uint8_t *id,
                               struct vl_receipt_right *right, bool *good, struct vl_why *why)
{
    struct vl_object *object = &right->objects[right->count];
    struct ended ended = {object, false};
    enum vl_err err = vl_acts_read(store, id, object, why);

    *good = false;
    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    right->count++;
    if (object->kind != VL_KIND_MANDATE)
        return VL_OK;
    err = vl_mandate_read(object, &right->mandates[right->count - 1], why);
    if (!err)
        err = vl_store_objects(store, object->id, see_end, &ended, why);
    *good = !err && !ended.yes;
    return err == VL_ERR_NO_MEMORY || err == VL_ERR_IO ? err : VL_OK;
}

/* From the holder up to the principal, over one station at most. */
static enum vl_err find_mandates(struct vl_store *store, struct vl_receipt_right *right,
                                 struct vl_why *why)
{
    const struct vl_mandate *first = &right->mandates[0];
    bool good = false;
    enum vl_err err = add_mandate(store, right->answer->act.under, right, &good, why);

    if (err || !good)
        return err;
    right->good = vl_office_id_eq(&right->objects[0].issuer, &right->answer->addressee);
    if (right->good || !first->act.has_under)
        return VL_OK;
    err = add_mandate(store, first->act.under, right, &good, why);
    right->good = !err && good &&
                  vl_office_id_eq(&right->objects[1].issuer, &right->answer->addressee) &&
                  vl_mandate_passed_on(first, &right->objects[0].issuer, &right->mandates[1],
                                       right->objects[1].id);
    return err;
}

/* The number of the hand-over itself, which a mandate may be limited to. */
static enum vl_err find_handover(struct vl_store *store, struct vl_receipt_right *right,
                                 struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object handed = VL_OBJECT_INIT;
    struct vl_transferred *transferred;
    enum vl_err err;

    if (!right->answer->has_answers)
        return VL_OK;
    err = vl_acts_read(store, right->answer->answers, &handed, why);
    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    transferred = vl_new(sizeof *transferred);
    if (!transferred)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read a hand-over");
    if (vl_transferred_read(&handed, transferred, NULL) == VL_OK) {
        right->has_handover = true;
        memcpy(right->handover, transferred->handover, VL_NONCE_LEN);
    }
    vl_free(transferred);
    return VL_OK;
}

enum vl_err vl_receipt_right_find(struct vl_store *store, const struct vl_object *object,
                                  const struct vl_answer *answer, struct vl_receipt_right *right,
                                  struct vl_why *why)
{
    enum vl_err err = VL_OK;

    right->answer = answer;
    right->object = object;
    if (answer->kind != VL_KIND_RECEIPTED)
        return VL_OK;
    right->good = vl_office_id_eq(&object->issuer, &answer->addressee);
    if (right->good || !answer->act.has_under)
        return VL_OK;
    err = find_mandates(store, right, why);
    if (!err && right->good)
        err = find_handover(store, right, why);
    return err;
}

bool vl_receipt_right_covers(const struct vl_receipt_right *right, const struct vl_letter_row *row)
{
    struct vl_mandate_use use = {.by = right->object->issuer,
                                 .power = VL_POWER_RECEIVE,
                                 .number = row->number,
                                 .handover = right->has_handover ? right->handover : NULL,
                                 .count = right->answer->batch.count,
                                 .seals = &right->answer->seals,
                                 .when = vl_act_when(&right->answer->act, right->object)};
    struct vl_office_id from;
    bool uncertain = false, good = right->good;

    memcpy(from.at, row->from, VL_HASH_LEN);
    use.from = &from;
    use.from_count = row->has_from ? 1 : 0;
    for (size_t i = 0; good && i < right->count; i++) {
        good = vl_mandate_covers(&right->mandates[i], &use, &uncertain) == VL_MANDATE_GOOD;
        use.by = right->objects[i].issuer;
    }
    return good;
}
