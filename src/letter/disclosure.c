/* SPDX-License-Identifier: Apache-2.0 */
#include "letter/disclosure.h"

#include <string.h>

#include "base/alloc.h"
#include "letter/core.h"
#include "seal/age_header.h"

#define WORD VL_LITERAL("valise/disclosure/v1")

void vl_disclosure_release(struct vl_disclosure *disclosure)
{
    vl_buf_release(&disclosure->wire);
    vl_object_release(&disclosure->core);
    vl_manifest_release(&disclosure->fields);
    vl_free(disclosure->parts);
    vl_free(disclosure->part_indexes);
    vl_secret_wipe(&disclosure->file_key);
    *disclosure = (struct vl_disclosure)VL_DISCLOSURE_INIT;
}

static void put_fields(struct vl_cbor_out *w, const struct vl_disclosure_draft *draft)
{
    size_t count = 0;

    for (unsigned i = 0; i < VL_FIELD_COUNT; i++)
        count += draft->fields[i];
    vl_cbor_put_array(w, count);
    for (unsigned i = 0; i < VL_FIELD_COUNT; i++)
        if (draft->fields[i]) {
            vl_cbor_put_array(w, 2);
            vl_cbor_put_uint(w, i);
            vl_opening_put_field(w, draft->manifest, (enum vl_field)i);
        }
}

static void put_parts(struct vl_cbor_out *w, const struct vl_disclosure_draft *draft)
{
    const struct vl_manifest *manifest = draft->manifest;

    vl_cbor_put_array(w, draft->part_count);
    for (size_t i = 0; i < draft->part_count; i++) {
        size_t index = draft->parts[i];

        vl_cbor_put_array(w, 2);
        vl_cbor_put_uint(w, index);
        vl_opening_put_part(w, &manifest->parts[index], manifest->part_salts[index]);
    }
}

static void put_bytes_or_null(struct vl_cbor_out *w, vl_bytes bytes)
{
    if (bytes.len > 0)
        vl_cbor_put_bytes(w, bytes);
    else
        vl_cbor_put_null(w);
}

static enum vl_err put_all(const struct vl_disclosure_draft *draft, struct vl_buf *out)
{
    const struct vl_secret *key = draft->file_key;
    struct vl_cbor_out w = vl_cbor_to(out);

    vl_cbor_put_array(&w, 7);
    vl_cbor_put_text(&w, WORD);
    put_bytes_or_null(&w, draft->has_number ? VL_ARRAY(draft->number) : VL_BYTES_NONE);
    if (!w.err)
        w.err = vl_object_write(&draft->manifest->core, out);
    put_fields(&w, draft);
    put_parts(&w, draft);
    put_bytes_or_null(&w, key ? vl_bytes_of(key->data, key->len) : VL_BYTES_NONE);
    put_bytes_or_null(&w, draft->evidence);
    return w.err;
}

enum vl_err vl_disclosure_write(const struct vl_disclosure_draft *draft, struct vl_buf *out,
                                struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf whole = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);
    struct vl_disclosure read_back = VL_DISCLOSURE_INIT;
    enum vl_err err;

    for (size_t i = 0; i < draft->part_count; i++)
        if (draft->parts[i] >= draft->manifest->part_count)
            return vl_fail(why, VL_ERR_FORMAT, "disclosure: part %zu of %zu", draft->parts[i] + 1,
                           draft->manifest->part_count);
    err = put_all(draft, &whole);
    if (err)
        return vl_fail(why, err, "disclosure: %s", vl_err_words(err));
    /* Nothing leaves that we would not take. */
    err = vl_disclosure_parse(vl_buf_bytes(&whole), &read_back, why);
    vl_disclosure_release(&read_back);
    if (err)
        return err;
    err = vl_buf_put(out, vl_buf_bytes(&whole));
    return err ? vl_fail(why, err, "disclosure: %s", vl_err_words(err)) : VL_OK;
}

/* The head of the file, up to the openings: what they belong to. */
static enum vl_err read_core(struct vl_cbor *r, struct vl_disclosure *disclosure,
                             struct vl_core_digests *digests, struct vl_why *why)
{
    struct vl_manifest *fields = &disclosure->fields;
    vl_bytes word, number = VL_BYTES_NONE, object;
    enum vl_err err;

    (void)vl_cbor_array(r, 7, 7);
    word = vl_cbor_text(r, 1, 64);
    if (vl_cbor_ok(r) && !vl_bytes_eq(word, WORD))
        vl_cbor_refuse(r, VL_ERR_UNSUPPORTED, "not a disclosure of version 1");
    disclosure->has_number = !vl_cbor_null(r);
    if (disclosure->has_number)
        number = vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);
    if (number.len > 0)
        memcpy(disclosure->number, number.ptr, number.len);
    object = vl_cbor_item(r);
    err = vl_cbor_check(r, "array", why);
    if (!err)
        err = vl_object_parse(object, &disclosure->core, why);
    if (!err)
        err = vl_core_read(&disclosure->core, fields, digests, why);
    if (err)
        return err;
    disclosure->act = fields->act;
    disclosure->mode = fields->mode;
    memcpy(disclosure->letter_id, fields->letter_id, VL_LETTER_ID_LEN);
    disclosure->has_sealing_commitment = fields->has_sealing_commitment;
    memcpy(disclosure->sealing_commitment, fields->sealing_commitment, VL_HASH_LEN);
    disclosure->total_parts = digests->part_count;
    return VL_OK;
}

/* The index and the opening of the next pair; indexes ascend from *next on and stay below end. */
static vl_bytes read_pair(struct vl_cbor *r, size_t *next, size_t end, size_t *index)
{
    (void)vl_cbor_array(r, 2, 2);
    *index = (size_t)vl_cbor_uint(r, VL_MANIFEST_MAX_PARTS);
    if (*index < *next || *index >= end)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "indexes that do not ascend, or of nothing");
    *next = *index + 1;
    return vl_cbor_item(r);
}

static enum vl_err read_fields(struct vl_cbor *r, const struct vl_core_digests *digests,
                               struct vl_disclosure *disclosure, struct vl_why *why)
{
    size_t count = vl_cbor_array(r, 0, VL_FIELD_COUNT), next = 0;
    enum vl_err err = vl_cbor_check(r, "openings of fields", why);

    for (size_t i = 0; i < count && !err; i++) {
        size_t index;
        vl_bytes opening = read_pair(r, &next, VL_FIELD_COUNT, &index);

        err = vl_cbor_check(r, "openings of fields", why);
        if (err)
            break;
        err =
            vl_opening_read_field(opening, (enum vl_field)index, digests, &disclosure->fields, why);
        disclosure->shown[index] = true;
    }
    if (!err && disclosure->shown[VL_FIELD_TO])
        err = vl_readers_check(&disclosure->fields, &disclosure->core.issuer, why);
    return err;
}

static enum vl_err read_parts(struct vl_cbor *r, const struct vl_core_digests *digests,
                              struct vl_disclosure *disclosure, struct vl_why *why)
{
    size_t count = vl_cbor_array(r, 0, digests->part_count), next = 0;
    VL_AUTO(vl_part_names_release) struct vl_part_names names = VL_PART_NAMES_INIT;
    enum vl_err err = vl_cbor_check(r, "openings of parts", why);

    if (err)
        return err;
    disclosure->parts = vl_new(count * sizeof *disclosure->parts);
    disclosure->part_indexes = vl_new(count * sizeof *disclosure->part_indexes);
    if (!disclosure->parts || !disclosure->part_indexes)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for %zu parts", count);
    disclosure->part_count = count;
    for (size_t i = 0; i < count && !err; i++) {
        struct vl_manifest_part *part = &disclosure->parts[i];
        uint8_t salt[VL_MANIFEST_SALT];
        size_t index;
        vl_bytes opening = read_pair(r, &next, digests->part_count, &index);

        err = vl_cbor_check(r, "openings of parts", why);
        if (!err)
            err = vl_opening_read_part(opening, index, digests, part, salt, why);
        if (!err)
            err = vl_part_names_add(&names, part->name, why);
        disclosure->part_indexes[i] = index;
    }
    return err;
}

/* PROTOCOL 3: the key of number N, for whoever has N. */
static void read_file_key(struct vl_cbor *r, struct vl_disclosure *disclosure)
{
    vl_bytes key;

    disclosure->has_file_key = !vl_cbor_null(r);
    if (!disclosure->has_file_key)
        return;
    key = vl_cbor_bytes(r, VL_AGE_FILE_KEY_LEN, VL_AGE_FILE_KEY_LEN);
    if (vl_secret_set(&disclosure->file_key, key))
        vl_cbor_refuse(r, VL_ERR_LIMIT, "a file key over its limit");
    if (!disclosure->has_number || disclosure->mode != VL_CORE_SEALED)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "a file key that is not of a sealed letter's number");
}

static enum vl_err read_all(struct vl_disclosure *disclosure, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(vl_buf_bytes(&disclosure->wire), VL_CBOR_STRICT);
    struct vl_core_digests digests;
    enum vl_err err = read_core(&r, disclosure, &digests, why);

    if (!err)
        err = read_fields(&r, &digests, disclosure, why);
    if (!err)
        err = read_parts(&r, &digests, disclosure, why);
    if (err)
        return err;
    read_file_key(&r, disclosure);
    if (!vl_cbor_null(&r))
        disclosure->evidence = vl_cbor_bytes(&r, 1, VL_DISCLOSURE_MAX_LEN);
    return vl_cbor_close(&r, "array", why);
}

enum vl_err vl_disclosure_parse(vl_bytes wire, struct vl_disclosure *disclosure, struct vl_why *why)
{
    enum vl_err err = vl_buf_put(&disclosure->wire, wire);

    if (err == VL_ERR_LIMIT)
        err = vl_fail(why, err, "%zu bytes, more than %zu", wire.len, VL_DISCLOSURE_MAX_LEN);
    else if (err)
        err = vl_fail(why, err, "%s", vl_err_words(err));
    else
        err = read_all(disclosure, why);
    if (err) {
        vl_disclosure_release(disclosure);
        return vl_fail_in(why, err, "disclosure");
    }
    return VL_OK;
}
