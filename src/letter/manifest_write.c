/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "cose/header.h"
#include "letter/core.h"

/* Enough for most letters at once. */
#define OPENINGS_FIRST 1024

/* What a manifest is made of, before and behind the signature. */
struct draft {
    struct vl_manifest manifest; /* borrows; the act is by the signer's card */
    uint8_t field_digests[VL_FIELD_COUNT][VL_HASH_LEN];
    uint8_t (*part_digests)[VL_HASH_LEN];
    struct vl_buf openings; /* the second item to the last */
    struct vl_buf payload;
    struct vl_buf sub;
    struct vl_buf object;
};

static void draft_release(struct draft *draft)
{
    vl_free(draft->part_digests);
    vl_buf_release(&draft->openings);
    vl_buf_release(&draft->payload);
    vl_buf_release(&draft->sub);
    vl_buf_release(&draft->object);
}

/* Behind the openings that are there another one came, which began at `start`. */
static void take_digest(const struct draft *draft, size_t start, uint8_t digest[VL_HASH_LEN])
{
    vl_opening_digest(vl_bytes_after(vl_buf_bytes(&draft->openings), start), digest);
}

static enum vl_err put_openings(struct draft *draft)
{
    const struct vl_manifest *manifest = &draft->manifest;
    struct vl_cbor_out w = vl_cbor_to(&draft->openings);

    w.err = vl_buf_reserve(&draft->openings, OPENINGS_FIRST);
    vl_cbor_put_array(&w, VL_FIELD_COUNT);
    for (unsigned i = 0; i < VL_FIELD_COUNT && !w.err; i++) {
        size_t start = draft->openings.len;

        vl_opening_put_field(&w, manifest, (enum vl_field)i);
        take_digest(draft, start, draft->field_digests[i]);
    }
    vl_cbor_put_array(&w, manifest->part_count);
    for (size_t i = 0; i < manifest->part_count && !w.err; i++) {
        size_t start = draft->openings.len;

        vl_opening_put_part(&w, &manifest->parts[i], manifest->part_salts[i]);
        take_digest(draft, start, draft->part_digests[i]);
    }
    vl_cbor_put_array(&w, manifest->opening_count);
    for (size_t i = 0; i < manifest->opening_count; i++)
        vl_cbor_put_bytes(&w, VL_ARRAY(manifest->openings[i]));
    return w.err;
}

/* All but the signature. */
static enum vl_err make(struct draft *draft)
{
    const struct vl_manifest *manifest = &draft->manifest;
    struct vl_core_digests digests = {draft->field_digests[0], manifest->part_count, NULL,
                                      VL_HASH_LEN};
    enum vl_err err;

    if (manifest->part_count > VL_MANIFEST_MAX_PARTS ||
        manifest->opening_count > VL_MANIFEST_MAX_ADDRESSEES)
        return VL_ERR_LIMIT;
    draft->part_digests = vl_new(manifest->part_count * sizeof *draft->part_digests);
    if (!draft->part_digests)
        return VL_ERR_NO_MEMORY;
    digests.parts = (const uint8_t *)draft->part_digests;
    err = put_openings(draft);
    if (!err)
        err = vl_core_put(manifest, &digests, &draft->payload);
    if (!err)
        err = vl_kind_sub("letter-id", VL_ARRAY(manifest->letter_id), &draft->sub);
    return err;
}

/* What vl_object_sign would append, with signatures of zeroes by keys that nobody has: it is as
 * long, and costs nothing. */
static enum vl_err put_unsigned(const struct vl_signer *signer, vl_bytes sub, vl_bytes payload,
                                struct vl_buf *out)
{
    static const uint8_t signature[VL_SIGNATURE_LEN];
    VL_AUTO(vl_buf_release) struct vl_buf header = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(out), h = vl_cbor_to(&header);
    char iss[VL_OFFICE_EID];
    const struct vl_claims claims = {vl_bytes_str(vl_office_id_eid(&signer->office, iss)), sub,
                                     signer->has_iat, signer->iat_s};
    uint8_t kid[VL_HASH_LEN] = {0};

    vl_cbor_put_array(&w, signer->seed_count);
    for (size_t i = 0; i < signer->seed_count && !w.err; i++) {
        kid[0] = (uint8_t)i;
        header.len = 0;
        vl_cbor_put_map(&h, 4);
        vl_cbor_put_int(&h, VL_COSE_ALG);
        vl_cbor_put_int(&h, VL_COSE_ALG_EDDSA);
        vl_cbor_put_int(&h, VL_COSE_CONTENT_TYPE);
        vl_cbor_put_text(&h, vl_bytes_str(vl_kind_content_type(VL_KIND_MANIFEST)));
        vl_cbor_put_int(&h, VL_COSE_KID);
        vl_cbor_put_bytes(&h, VL_ARRAY(kid));
        vl_cbor_put_int(&h, VL_COSE_CWT_CLAIMS);
        vl_claims_put(&h, &claims);
        vl_cbor_put_tag(&w, 18);
        vl_cbor_put_array(&w, 4);
        vl_cbor_put_bytes(&w, vl_buf_bytes(&header));
        vl_cbor_put_map(&w, 0);
        vl_cbor_put_bytes(&w, payload);
        vl_cbor_put_bytes(&w, VL_ARRAY(signature));
    }
    return w.err ? w.err : h.err;
}

/* The manifest, signed or as if, at the end of out. */
static enum vl_err put_whole(const struct vl_signer *signer, const struct vl_manifest *manifest,
                             bool is_signed, struct vl_buf *out, uint8_t core_id[VL_HASH_LEN],
                             struct vl_why *why)
{
    VL_AUTO(draft_release)
    struct draft draft = {*manifest,
                          {{0}},
                          NULL,
                          VL_BUF_INIT(VL_MANIFEST_MAX_LEN),
                          VL_BUF_INIT(VL_SIGN1_MAX_LEN),
                          VL_BUF_INIT(VL_CLAIMS_MAX_TEXT),
                          VL_BUF_INIT(VL_OBJECT_MAX_LEN)};
    struct vl_cbor_out w = vl_cbor_to(out);
    vl_bytes sub, payload;
    enum vl_err err;

    memcpy(draft.manifest.act.card_id, signer->card_id, VL_HASH_LEN);
    err = make(&draft);
    sub = vl_buf_bytes(&draft.sub);
    payload = vl_buf_bytes(&draft.payload);
    if (!err && !is_signed)
        err = put_unsigned(signer, sub, payload, &draft.object);
    if (err)
        return vl_fail(why, err, "manifest: %s", vl_err_words(err));
    if (is_signed)
        err = vl_object_sign(signer, VL_KIND_MANIFEST, sub, payload, &draft.object, core_id, why);
    if (err)
        return vl_fail_in(why, err, "manifest");
    err = vl_buf_reserve(out, 1 + draft.object.len + draft.openings.len);
    w.err = err;
    vl_cbor_put_array(&w, 4);
    vl_cbor_put_item(&w, vl_buf_bytes(&draft.object));
    vl_cbor_put_item(&w, vl_buf_bytes(&draft.openings));
    return err ? vl_fail(why, err, "manifest: %s", vl_err_words(err)) : VL_OK;
}

enum vl_err vl_manifest_write(const struct vl_signer *signer, const struct vl_manifest *manifest,
                              struct vl_buf *out, uint8_t core_id[VL_HASH_LEN], struct vl_why *why)
{
    return put_whole(signer, manifest, true, out, core_id, why);
}

enum vl_err vl_manifest_len(const struct vl_signer *signer, const struct vl_manifest *manifest,
                            size_t *len, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf whole = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    VL_AUTO(vl_manifest_release) struct vl_manifest read_back = VL_MANIFEST_INIT;
    enum vl_err err = put_whole(signer, manifest, false, &whole, NULL, why);

    if (!err)
        err = vl_manifest_parse(vl_buf_bytes(&whole), &read_back, why);
    *len = err ? 0 : whole.len;
    return err;
}
