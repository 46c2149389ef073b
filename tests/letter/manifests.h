/* SPDX-License-Identifier: Apache-2.0 */
/* tests/letter/manifests.h: offices, and manifests to write. */
#ifndef VL_TESTS_MANIFESTS_H
#define VL_TESTS_MANIFESTS_H

#include <string.h>

#include "letter/core.h"
#include "seal/age_keys.h"

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* An office that can sign and be sealed to: the same one for the same number.  Stays where it is:
 * the signer borrows. */
struct an_office {
    struct vl_office_id id;
    struct vl_secret seed;
    struct vl_age_identity key;
    struct vl_signer signer;
};

static inline void office_make(struct an_office *office, uint64_t number)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, number);

    *office = (struct an_office){.seed = VL_SECRET_INIT};
    assert_int_equal(vl_rng_fill(&rng, office->id.at, VL_HASH_LEN), VL_OK);
    assert_int_equal(vl_rng_secret(&rng, 32, &office->seed), VL_OK);
    assert_int_equal(vl_age_identity_make(&rng, &office->key), VL_OK);
    office->signer = (struct vl_signer){.office = office->id,
                                        .seeds = &office->seed,
                                        .seed_count = 1,
                                        .has_iat = true,
                                        .iat_s = 1800000000};
    assert_int_equal(vl_rng_fill(&rng, office->signer.card_id, VL_HASH_LEN), VL_OK);
}

/* A manifest to write, with all that it borrows. */
struct a_draft {
    struct an_office from;
    struct an_office to[3];
    struct vl_manifest_reader readers[4];
    struct vl_manifest_part parts[3];
    uint8_t part_salts[3][VL_MANIFEST_SALT];
    uint8_t openings[3][VL_HASH_LEN];
    struct vl_manifest manifest;
};

static inline vl_bytes x25519_of(const struct an_office *office)
{
    return vl_bytes_of(office->key.recipient.x25519, VL_X25519_LEN);
}

static inline struct vl_manifest_part part_of(vl_bytes name, vl_bytes type, vl_bytes lang,
                                              vl_bytes content)
{
    struct vl_manifest_part part = {name, type, lang, content.len, {0}};

    vl_sha256(content, part.sha256);
    return part;
}

/* A sealed letter from office 1 to offices 2 and 3 with a copy for itself, two parts, everything
 * said. */
static inline void draft_sealed(struct a_draft *draft)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 77);
    struct vl_manifest *manifest = &draft->manifest;

    *draft = (struct a_draft){.manifest = VL_MANIFEST_INIT};
    office_make(&draft->from, 1);
    for (unsigned i = 0; i < 3; i++)
        office_make(&draft->to[i], 2 + i);
    draft->readers[0] = (struct vl_manifest_reader){draft->to[0].id, false, VL_LITERAL("x25519"),
                                                    x25519_of(&draft->to[0])};
    draft->readers[1] = (struct vl_manifest_reader){draft->to[1].id, false, VL_LITERAL("x25519"),
                                                    x25519_of(&draft->to[1])};
    draft->readers[2] = (struct vl_manifest_reader){draft->from.id, true, VL_LITERAL("x25519"),
                                                    x25519_of(&draft->from)};
    draft->parts[0] = part_of(VL_LITERAL("letter.txt"), VL_LITERAL("text/plain"),
                              VL_LITERAL("de-CH"), VL_LITERAL("Good day"));
    draft->parts[1] =
        part_of(VL_LITERAL("pl\xc3\xa4ne.pdf"), VL_BYTES_NONE, VL_BYTES_NONE, VL_BYTES_NONE);
    *manifest = (struct vl_manifest){
        .wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN),
        .act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = true},
        .mode = VL_CORE_SEALED,
        .sealing = 1,
        .sealing_of = 2,
        .has_sealing_commitment = true,
        .padded = true,
        .to_count = 3,
        .to = draft->readers,
        .has_subject = true,
        .subject = VL_LITERAL("About the well"),
        .has_date = true,
        .date_s = 1800000000,
        .has_in_reply_to = true,
        .has_expires = true,
        .expires_s = 1900000000,
        .has_expect_by = true,
        .expect_by_s = 1850000000,
        .part_count = 2,
        .parts = draft->parts,
        .part_salts = draft->part_salts,
        .opening_count = 2,
        .openings = draft->openings,
    };
    assert_int_equal(vl_rng_fill(&rng, manifest->letter_id, VL_LETTER_ID_LEN), VL_OK);
    assert_int_equal(vl_rng_fill(&rng, manifest->sealing_commitment, VL_HASH_LEN), VL_OK);
    assert_int_equal(vl_rng_fill(&rng, manifest->in_reply_to, VL_HASH_LEN), VL_OK);
    assert_int_equal(vl_rng_fill(&rng, manifest->field_salts[0], sizeof manifest->field_salts),
                     VL_OK);
    assert_int_equal(vl_rng_fill(&rng, draft->part_salts[0], sizeof draft->part_salts), VL_OK);
    assert_int_equal(vl_rng_fill(&rng, draft->openings[0], sizeof draft->openings), VL_OK);
}

/* An open letter to office 2 that says as little as it can. */
static inline void draft_open(struct a_draft *draft)
{
    struct vl_manifest *manifest = &draft->manifest;

    draft_sealed(draft);
    manifest->mode = VL_CORE_OPEN;
    manifest->sealing_of = 1;
    manifest->has_sealing_commitment = manifest->padded = false;
    manifest->has_subject = manifest->has_date = manifest->has_in_reply_to = false;
    manifest->has_expires = manifest->has_expect_by = false;
    draft->readers[0].kind = draft->readers[0].key = VL_BYTES_NONE;
    manifest->to_count = 1;
    manifest->part_count = 1;
    manifest->opening_count = 0;
}

static inline struct vl_buf written(const struct a_draft *draft)
{
    struct vl_buf out = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    uint8_t core_id[VL_HASH_LEN];
    struct vl_why why = {""};

    assert_err(vl_manifest_write(&draft->from.signer, &draft->manifest, &out, core_id, &why), VL_OK,
               &why);
    return out;
}

#endif
