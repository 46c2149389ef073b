/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/waybill.h"

#include <string.h>

#include "card/act.h"
#include "cose/claims.h"
#include "custody/pieces.h"

#define WHAT "waybill"

enum key {
    KEY_VERSION = 0,
    KEY_NUMBER = 10,
    KEY_SIZE,
    KEY_MODE,
    KEY_FROM,
    KEY_TO,
    KEY_OPENINGS,
    KEY_COMMITMENT,
    KEY_DATE,
    KEY_EXPIRES,
    KEY_EXPECT_BY,
    KEY_CONSIGNMENT,
    KEY_PIECES,
    KEY_LAST = KEY_PIECES
};

#define BIT(key) (UINT32_C(1) << (key))
/* Without dates a waybill is whole. */
#define NEEDED                                                                                     \
    (BIT(KEY_VERSION) | BIT(KEY_NUMBER) | BIT(KEY_SIZE) | BIT(KEY_MODE) | BIT(KEY_FROM) |          \
     BIT(KEY_TO) | BIT(KEY_OPENINGS) | BIT(KEY_COMMITMENT) | BIT(KEY_CONSIGNMENT))

static void read_to(struct vl_cbor *r, struct vl_waybill *waybill)
{
    waybill->to_count = vl_cbor_array(r, 1, VL_WAYBILL_MAX_ADDRESSEES);
    for (size_t i = 0; i < waybill->to_count; i++)
        vl_hash_read(r, waybill->to[i].at);
}

static void read_openings(struct vl_cbor *r, struct vl_waybill *waybill)
{
    waybill->opening_count = vl_cbor_array(r, 0, VL_WAYBILL_MAX_ADDRESSEES);
    for (size_t i = 0; i < waybill->opening_count; i++)
        vl_hash_read(r, waybill->openings[i]);
}

static void read_date(struct vl_cbor *r, bool *has, int64_t *seconds)
{
    *has = true;
    *seconds = vl_cbor_int(r, 0, VL_CLAIMS_IAT_MAX_S);
}

static void read_consignment(struct vl_cbor *r, struct vl_waybill *waybill)
{
    (void)vl_cbor_array(r, 2, 2);
    waybill->consignment = vl_cbor_uint(r, VL_WAYBILL_MAX_PACKAGES);
    waybill->consignment_of = vl_cbor_uint(r, VL_WAYBILL_MAX_PACKAGES);
}

/* PROTOCOL 14: one size of slices, so that one envelope has one tree. */
static void read_pieces(struct vl_cbor *r, struct vl_waybill *waybill)
{
    waybill->has_pieces = true;
    (void)vl_cbor_array(r, 3, 3);
    if (vl_cbor_uint(r, UINT64_MAX) != VL_SLICE_LEN && vl_cbor_ok(r))
        vl_cbor_refuse(r, VL_ERR_FORMAT, "pieces of another size than 16 MiB");
    vl_hash_read(r, waybill->pieces.root);
    waybill->pieces.count = vl_cbor_uint(r, VL_SLICES_ALL);
}

static void read_value(struct vl_cbor *r, int64_t key, struct vl_waybill *waybill)
{
    switch (key) {
    case KEY_VERSION:
        if (vl_cbor_uint(r, UINT16_MAX) != VL_WAYBILL_VERSION && vl_cbor_ok(r))
            vl_cbor_refuse(r, VL_ERR_UNSUPPORTED, "a version that is not known here");
        break;
    case KEY_NUMBER:
        vl_hash_read(r, waybill->number);
        break;
    case KEY_SIZE:
        waybill->size = vl_cbor_uint(r, VL_WAYBILL_MAX_SIZE);
        break;
    case KEY_MODE:
        waybill->mode = (enum vl_letter_mode)vl_cbor_uint(r, VL_LETTER_OPEN);
        break;
    case KEY_FROM:
        vl_hash_read(r, waybill->from.at);
        break;
    case KEY_TO:
        read_to(r, waybill);
        break;
    case KEY_OPENINGS:
        read_openings(r, waybill);
        break;
    case KEY_COMMITMENT:
        vl_hash_read(r, waybill->commitment);
        break;
    case KEY_DATE:
        read_date(r, &waybill->has_date, &waybill->date_s);
        break;
    case KEY_EXPIRES:
        read_date(r, &waybill->has_expires, &waybill->expires_s);
        break;
    case KEY_EXPECT_BY:
        read_date(r, &waybill->has_expect_by, &waybill->expect_by_s);
        break;
    case KEY_CONSIGNMENT:
        read_consignment(r, waybill);
        break;
    case KEY_PIECES:
        read_pieces(r, waybill);
        break;
    default:
        vl_cbor_refuse(r, VL_ERR_FORMAT, "a key that no waybill has");
    }
}

static enum vl_err read_map(vl_bytes wire, struct vl_waybill *waybill, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_STRICT);
    struct vl_cbor_map map = vl_cbor_map(&r, 1, KEY_LAST + 1);
    uint32_t seen = 0;

    while (vl_cbor_next(&r, &map)) {
        int64_t key = vl_cbor_key(&r, &map, 0, KEY_LAST);

        read_value(&r, key, waybill);
        seen |= BIT(key);
    }
    if ((seen & NEEDED) != NEEDED)
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "a key that every waybill has is missing");
    return vl_cbor_close(&r, WHAT, why);
}

static bool date_fits(bool has, int64_t seconds)
{
    return !has || (seconds >= 0 && seconds <= VL_CLAIMS_IAT_MAX_S);
}

static enum vl_err check_counts(const struct vl_waybill *waybill, struct vl_why *why)
{
    size_t wanted = waybill->mode == VL_LETTER_SEALED ? waybill->to_count : 0;

    if (waybill->to_count < 1 || waybill->to_count > VL_WAYBILL_MAX_ADDRESSEES)
        return vl_fail(why, VL_ERR_LIMIT, WHAT ": %zu addressees, not 1 to %d", waybill->to_count,
                       VL_WAYBILL_MAX_ADDRESSEES);
    if (waybill->opening_count != wanted)
        return vl_fail(why, VL_ERR_FORMAT, WHAT ": %zu opening values for %s with %zu addressees",
                       waybill->opening_count, wanted ? "a sealed letter" : "an open letter",
                       waybill->to_count);
    return VL_OK;
}

/* Two addressees with one opening value could each pass for the other (PROTOCOL 2). */
static enum vl_err check_twice(const struct vl_waybill *waybill, struct vl_why *why)
{
    for (size_t i = 0; i < waybill->to_count; i++)
        for (size_t j = i + 1; j < waybill->to_count; j++) {
            if (memcmp(waybill->to[i].at, waybill->to[j].at, VL_HASH_LEN) == 0)
                return vl_fail(why, VL_ERR_FORMAT, WHAT ": addressees %zu and %zu are the same",
                               i + 1, j + 1);
            if (waybill->opening_count > 0 &&
                memcmp(waybill->openings[i], waybill->openings[j], VL_HASH_LEN) == 0)
                return vl_fail(why, VL_ERR_FORMAT,
                               WHAT ": addressees %zu and %zu have the same opening value", i + 1,
                               j + 1);
        }
    return VL_OK;
}

/* Nothing has no slices, and what has pieces is cut to the end. */
static enum vl_err check_pieces(const struct vl_waybill *waybill, struct vl_why *why)
{
    if (!waybill->has_pieces)
        return VL_OK;
    if (waybill->pieces.count > VL_SLICES_ALL)
        return vl_fail(why, VL_ERR_LIMIT, WHAT ": %llu pieces, more than %llu",
                       (unsigned long long)waybill->pieces.count,
                       (unsigned long long)VL_SLICES_ALL);
    if (waybill->pieces.count == 0 || waybill->pieces.count != vl_slice_count(waybill->size))
        return vl_fail(why, VL_ERR_FORMAT, WHAT ": %llu pieces of %llu bytes",
                       (unsigned long long)waybill->pieces.count,
                       (unsigned long long)waybill->size);
    return VL_OK;
}

static enum vl_err check(const struct vl_waybill *waybill, struct vl_why *why)
{
    enum vl_err err;

    if (waybill->mode != VL_LETTER_SEALED && waybill->mode != VL_LETTER_OPEN)
        return vl_fail(why, VL_ERR_FORMAT, WHAT ": neither a sealed nor an open letter");
    if (waybill->size > VL_WAYBILL_MAX_SIZE)
        return vl_fail(why, VL_ERR_LIMIT, WHAT ": a size that no file has");
    if (!date_fits(waybill->has_date, waybill->date_s) ||
        !date_fits(waybill->has_expires, waybill->expires_s) ||
        !date_fits(waybill->has_expect_by, waybill->expect_by_s))
        return vl_fail(why, VL_ERR_LIMIT, WHAT ": a date outside the years 1970 to 9999");
    if (waybill->consignment == 0 || waybill->consignment > waybill->consignment_of)
        return vl_fail(why, VL_ERR_FORMAT, WHAT ": package %llu of %llu",
                       (unsigned long long)waybill->consignment,
                       (unsigned long long)waybill->consignment_of);
    if (waybill->consignment_of > VL_WAYBILL_MAX_PACKAGES)
        return vl_fail(why, VL_ERR_LIMIT, WHAT ": a consignment of %llu packages",
                       (unsigned long long)waybill->consignment_of);
    err = check_pieces(waybill, why);
    if (!err)
        err = check_counts(waybill, why);
    return err ? err : check_twice(waybill, why);
}

enum vl_err vl_waybill_parse(vl_bytes wire, struct vl_waybill *waybill, struct vl_why *why)
{
    enum vl_err err;

    *waybill = (struct vl_waybill){.size = 0};
    if (wire.len > VL_WAYBILL_MAX_LEN)
        return vl_fail(why, VL_ERR_LIMIT, WHAT ": %zu bytes, more than %d", wire.len,
                       VL_WAYBILL_MAX_LEN);
    err = read_map(wire, waybill, why);
    if (!err)
        err = check(waybill, why);
    if (err)
        *waybill = (struct vl_waybill){.size = 0};
    return err;
}

static void put_hash(struct vl_cbor_out *w, const uint8_t hash[VL_HASH_LEN])
{
    vl_cbor_put_bytes(w, vl_bytes_of(hash, VL_HASH_LEN));
}

static void put_date(struct vl_cbor_out *w, int64_t key, bool has, int64_t seconds)
{
    if (!has)
        return;
    vl_cbor_put_int(w, key);
    vl_cbor_put_int(w, seconds);
}

static void put_addressees(struct vl_cbor_out *w, const struct vl_waybill *waybill)
{
    vl_cbor_put_uint(w, KEY_TO);
    vl_cbor_put_array(w, waybill->to_count);
    for (size_t i = 0; i < waybill->to_count; i++)
        put_hash(w, waybill->to[i].at);
    vl_cbor_put_uint(w, KEY_OPENINGS);
    vl_cbor_put_array(w, waybill->opening_count);
    for (size_t i = 0; i < waybill->opening_count; i++)
        put_hash(w, waybill->openings[i]);
}

static void put_pieces(struct vl_cbor_out *w, const struct vl_waybill *waybill)
{
    if (!waybill->has_pieces)
        return;
    vl_cbor_put_uint(w, KEY_PIECES);
    vl_cbor_put_array(w, 3);
    vl_cbor_put_uint(w, VL_SLICE_LEN);
    put_hash(w, waybill->pieces.root);
    vl_cbor_put_uint(w, waybill->pieces.count);
}

static void put_map(struct vl_cbor_out *w, const struct vl_waybill *waybill)
{
    vl_cbor_put_map(w, 9 + (uint64_t)waybill->has_date + (uint64_t)waybill->has_expires +
                           (uint64_t)waybill->has_expect_by + (uint64_t)waybill->has_pieces);
    vl_cbor_put_uint(w, KEY_VERSION);
    vl_cbor_put_uint(w, VL_WAYBILL_VERSION);
    vl_cbor_put_uint(w, KEY_NUMBER);
    put_hash(w, waybill->number);
    vl_cbor_put_uint(w, KEY_SIZE);
    vl_cbor_put_uint(w, waybill->size);
    vl_cbor_put_uint(w, KEY_MODE);
    vl_cbor_put_uint(w, (uint64_t)waybill->mode);
    vl_cbor_put_uint(w, KEY_FROM);
    put_hash(w, waybill->from.at);
    put_addressees(w, waybill);
    vl_cbor_put_uint(w, KEY_COMMITMENT);
    put_hash(w, waybill->commitment);
    put_date(w, KEY_DATE, waybill->has_date, waybill->date_s);
    put_date(w, KEY_EXPIRES, waybill->has_expires, waybill->expires_s);
    put_date(w, KEY_EXPECT_BY, waybill->has_expect_by, waybill->expect_by_s);
    vl_cbor_put_uint(w, KEY_CONSIGNMENT);
    vl_cbor_put_array(w, 2);
    vl_cbor_put_uint(w, waybill->consignment);
    vl_cbor_put_uint(w, waybill->consignment_of);
    put_pieces(w, waybill);
}

enum vl_err vl_waybill_write(const struct vl_waybill *waybill, struct vl_buf *out,
                             struct vl_why *why)
{
    struct vl_cbor_out w = vl_cbor_to(out);
    size_t start = out->len;
    enum vl_err err = check(waybill, why);

    if (err)
        return err;
    put_map(&w, waybill);
    if (!w.err)
        return VL_OK;
    out->len = start;
    return vl_fail(why, w.err, WHAT ": %s", vl_err_words(w.err));
}
