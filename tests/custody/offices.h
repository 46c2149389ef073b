/* SPDX-License-Identifier: Apache-2.0 */
/* tests/custody/offices.h: offices that sign, and a waybill between them. */
#ifndef VL_TESTS_CUSTODY_OFFICES_H
#define VL_TESTS_CUSTODY_OFFICES_H

#include "support.h"

#include <string.h>

#include "custody/event.h"

struct office {
    struct vl_secret seed;
    struct vl_signer signer;
};

/* The same for the same letter.  Borrows from *office, so it stays where it is. */
static inline void office_init(struct office *office, char letter)
{
    uint8_t seed[32];

    memset(seed, letter, sizeof seed);
    assert_int_equal(vl_secret_set(&office->seed, VL_ARRAY(seed)), VL_OK);
    office->signer =
        (struct vl_signer){.seeds = &office->seed, .seed_count = 1, .has_iat = true, .iat_s = 1};
    memset(office->signer.office.at, letter, VL_HASH_LEN);
    memset(office->signer.card_id, letter + 1, VL_HASH_LEN);
}

/* The value that lies in the letter of this number for addressee i. */
static inline void opening_of(char number, size_t i, uint8_t out[VL_HASH_LEN])
{
    const uint8_t text[] = {'o', (uint8_t)number, (uint8_t)i};

    vl_sha256(VL_ARRAY(text), out);
}

/* A sealed letter of this number from one office to others, as letters of the alphabet. */
static inline struct vl_waybill waybill_of(char number, char from, const char *to)
{
    struct vl_waybill waybill = {.size = 1000,
                                 .mode = VL_LETTER_SEALED,
                                 .to_count = strlen(to),
                                 .opening_count = strlen(to),
                                 .consignment = 1,
                                 .consignment_of = 1};

    memset(waybill.number, number, VL_HASH_LEN);
    memset(waybill.from.at, from, VL_HASH_LEN);
    memset(waybill.commitment, number + 100, VL_HASH_LEN);
    for (size_t i = 0; i < waybill.to_count; i++) {
        uint8_t opening[VL_HASH_LEN];

        memset(waybill.to[i].at, to[i], VL_HASH_LEN);
        opening_of(number, i, opening);
        vl_sha256(VL_ARRAY(opening), waybill.openings[i]);
    }
    return waybill;
}

static inline struct vl_buf wire_of(const struct vl_waybill *waybill)
{
    struct vl_buf wire = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
    struct vl_why why = {""};

    assert_err(vl_waybill_write(waybill, &wire, &why), VL_OK, &why);
    return wire;
}

#endif
