/* SPDX-License-Identifier: Apache-2.0 */
#include "card/act.h"

#include <string.h>

#define KEY_VERSION    0
#define KEY_CARD       1
#define KEY_CAPACITY   2
#define KEY_UNDER      3
#define KEY_CITES      4
#define KEY_MANUAL     5
#define KEY_AT         6
#define KEY_PLUS_MINUS 7
#define KEY_PLACE      8
#define ALWAYS         6 /* keys 0 to 5 */
#define KEY_MAX        255
#define AT_MAX_MS      UINT64_C(253402300799999) /* the last of the year 9999 */

const char *vl_capacity_word(enum vl_capacity capacity)
{
    switch (capacity) {
#define X(code, number, word)                                                                      \
    case VL_CAPACITY_##code:                                                                       \
        return word;
        VL_CAPACITY_TABLE(X)
#undef X
    case VL_CAPACITY_NONE:
        break;
    }
    return "";
}

enum vl_err vl_act_check_capacity(const struct vl_act *act, unsigned allowed, struct vl_why *why)
{
    if (VL_CAPACITY_BIT(act->capacity) & allowed)
        return VL_OK;
    return vl_fail(why, VL_ERR_FORMAT, "as a %s, who does not sign that",
                   vl_capacity_word(act->capacity));
}

size_t vl_act_pairs(const struct vl_act *act)
{
    return (size_t)ALWAYS + act->has_at + act->has_plus_minus + (act->place.len > 0);
}

/* A hash as it is in a struct. */
static vl_bytes hash_at(const uint8_t hash[VL_HASH_LEN])
{
    return vl_bytes_of(hash, VL_HASH_LEN);
}

static const uint8_t (*cites_of(const struct vl_act *act))[VL_HASH_LEN]
{
    return act->cites ? act->cites : act->cites_read;
}

static void put_cites(struct vl_cbor_out *w, const struct vl_act *act)
{
    const uint8_t(*cites)[VL_HASH_LEN] = cites_of(act);

    if (act->cite_count > VL_ACT_MAX_CITES) {
        w->err = w->err ? w->err : VL_ERR_LIMIT;
        return;
    }
    vl_cbor_put_array(w, act->cite_count);
    for (size_t i = 0; i < act->cite_count; i++)
        vl_cbor_put_bytes(w, hash_at(cites[i]));
}

void vl_act_put(struct vl_cbor_out *w, const struct vl_act *act)
{
    vl_cbor_put_int(w, KEY_VERSION);
    vl_cbor_put_uint(w, VL_ACT_VERSION);
    vl_cbor_put_int(w, KEY_CARD);
    vl_cbor_put_bytes(w, hash_at(act->card_id));
    vl_cbor_put_int(w, KEY_CAPACITY);
    vl_cbor_put_uint(w, (uint64_t)act->capacity);
    vl_cbor_put_int(w, KEY_UNDER);
    if (act->has_under)
        vl_cbor_put_bytes(w, hash_at(act->under));
    else
        vl_cbor_put_null(w);
    vl_cbor_put_int(w, KEY_CITES);
    put_cites(w, act);
    vl_cbor_put_int(w, KEY_MANUAL);
    vl_cbor_put_bool(w, act->manual);
    if (act->has_at) {
        vl_cbor_put_int(w, KEY_AT);
        vl_cbor_put_uint(w, act->at_ms);
    }
    if (act->has_plus_minus) {
        vl_cbor_put_int(w, KEY_PLUS_MINUS);
        vl_cbor_put_uint(w, act->plus_minus_ms);
    }
    if (act->place.len > 0) {
        vl_cbor_put_int(w, KEY_PLACE);
        vl_cbor_put_text(w, act->place);
    }
}

void vl_hash_read(struct vl_cbor *r, uint8_t out[VL_HASH_LEN])
{
    vl_bytes hash = vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);

    if (vl_cbor_ok(r))
        memcpy(out, hash.ptr, VL_HASH_LEN);
}

static void read_version(struct vl_cbor *r)
{
    if (vl_cbor_uint(r, UINT16_MAX) != VL_ACT_VERSION && vl_cbor_ok(r))
        vl_cbor_refuse(r, VL_ERR_UNSUPPORTED, "a version that is not known here");
}

static void read_capacity(struct vl_cbor *r, struct vl_act *act)
{
    act->capacity = (enum vl_capacity)vl_cbor_uint(r, VL_CAPACITY_WITNESS);
    if (act->capacity == VL_CAPACITY_NONE)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "no capacity");
}

static void read_cites(struct vl_cbor *r, struct vl_act *act)
{
    act->cite_count = vl_cbor_array(r, 0, VL_ACT_MAX_CITES);
    for (size_t i = 0; i < act->cite_count && vl_cbor_ok(r); i++) {
        vl_hash_read(r, act->cites_read[i]);
        if (i > 0 && memcmp(act->cites_read[i - 1], act->cites_read[i], VL_HASH_LEN) >= 0)
            vl_cbor_refuse(r, VL_ERR_FORMAT, "cited ids that do not ascend");
    }
}

static void read_value(struct vl_cbor *r, int64_t key, struct vl_act *act)
{
    switch (key) {
    case KEY_VERSION:
        read_version(r);
        break;
    case KEY_CARD:
        vl_hash_read(r, act->card_id);
        break;
    case KEY_CAPACITY:
        read_capacity(r, act);
        break;
    case KEY_UNDER:
        act->has_under = !vl_cbor_null(r);
        if (act->has_under)
            vl_hash_read(r, act->under);
        break;
    case KEY_CITES:
        read_cites(r, act);
        break;
    case KEY_MANUAL:
        act->manual = vl_cbor_bool(r);
        break;
    case KEY_AT:
        act->has_at = true;
        act->at_ms = vl_cbor_uint(r, AT_MAX_MS);
        break;
    case KEY_PLUS_MINUS:
        if (!act->has_at)
            vl_cbor_refuse(r, VL_ERR_FORMAT, "an uncertainty without a time");
        act->has_plus_minus = true;
        act->plus_minus_ms = vl_cbor_uint(r, AT_MAX_MS);
        break;
    case KEY_PLACE:
        act->place = vl_cbor_text(r, 1, VL_ACT_MAX_PLACE);
        break;
    default:
        vl_cbor_refuse(r, VL_ERR_FORMAT, "a key that no act has");
    }
}

void vl_act_read(struct vl_cbor *r, struct vl_cbor_map *map, struct vl_act *act, int64_t *key)
{
    int64_t seen = 0;

    *act = (struct vl_act){.capacity = VL_CAPACITY_NONE};
    *key = 0;
    /* The cursor keeps the keys in order, so the first six of them are keys 0 to 5 or one is
     * missing. */
    while (vl_cbor_next(r, map)) {
        int64_t found = vl_cbor_key(r, map, 0, KEY_MAX);

        if (vl_cbor_ok(r) && seen < ALWAYS && found != seen)
            vl_cbor_refuse(r, VL_ERR_FORMAT, "a key that every act has is missing");
        if (!vl_cbor_ok(r))
            return;
        seen++;
        if (found >= VL_ACT_OWN_KEYS) {
            *key = found;
            return;
        }
        read_value(r, found, act);
    }
    if (vl_cbor_ok(r) && seen < ALWAYS)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "a key that every act has is missing");
}

enum vl_err vl_act_card_id(vl_bytes payload, uint8_t out[VL_HASH_LEN], struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(payload, VL_CBOR_STRICT);
    struct vl_cbor_map map = vl_cbor_map(&r, ALWAYS, KEY_MAX);
    uint8_t found[VL_HASH_LEN] = {0};

    (void)vl_cbor_next(&r, &map);
    (void)vl_cbor_key(&r, &map, KEY_VERSION, KEY_VERSION);
    read_version(&r);
    (void)vl_cbor_next(&r, &map);
    (void)vl_cbor_key(&r, &map, KEY_CARD, KEY_CARD);
    vl_hash_read(&r, found);
    if (vl_cbor_ok(&r))
        memcpy(out, found, VL_HASH_LEN);
    return vl_cbor_check(&r, "act", why);
}
