/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "letter/core.h"

void vl_manifest_release(struct vl_manifest *manifest)
{
    vl_buf_release(&manifest->wire);
    vl_object_release(&manifest->core);
    vl_free(manifest->to);
    vl_free(manifest->parts);
    vl_free(manifest->part_salts);
    vl_free(manifest->openings);
    *manifest = (struct vl_manifest)VL_MANIFEST_INIT;
}

/* The four items as they stand on the wire. */
struct items {
    vl_bytes object;
    vl_bytes openings; /* of fields, of parts and of addressees */
};

static enum vl_err read_items(struct vl_manifest *manifest, struct items *items, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(vl_buf_bytes(&manifest->wire), VL_CBOR_STRICT);

    (void)vl_cbor_array(&r, 4, 4);
    items->object = vl_cbor_item(&r);
    items->openings = vl_bytes_of(r.at, (size_t)(r.end - r.at));
    for (unsigned i = 0; i < 3; i++)
        (void)vl_cbor_item(&r);
    return vl_cbor_close(&r, "array", why);
}

static enum vl_err read_fields(struct vl_cbor *r, const struct vl_core_digests *digests,
                               struct vl_manifest *manifest, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    (void)vl_cbor_array(r, VL_FIELD_COUNT, VL_FIELD_COUNT);
    for (unsigned i = 0; i < VL_FIELD_COUNT && !err; i++) {
        vl_bytes opening = vl_cbor_item(r);

        err = vl_cbor_check(r, "openings of fields", why);
        if (!err)
            err = vl_opening_read_field(opening, (enum vl_field)i, digests, manifest, why);
    }
    return err ? err : vl_readers_check(manifest, &manifest->core.issuer, why);
}

static enum vl_err read_parts(struct vl_cbor *r, const struct vl_core_digests *digests,
                              struct vl_manifest *manifest, struct vl_why *why)
{
    size_t count = vl_cbor_array(r, digests->part_count, digests->part_count);
    VL_AUTO(vl_part_names_release) struct vl_part_names names = VL_PART_NAMES_INIT;
    enum vl_err err = vl_cbor_check(r, "openings of parts", why);

    if (err)
        return err;
    manifest->parts = vl_new(count * sizeof *manifest->parts);
    manifest->part_salts = vl_new(count * sizeof *manifest->part_salts);
    if (!manifest->parts || !manifest->part_salts)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for %zu parts", count);
    manifest->part_count = count;
    for (size_t i = 0; i < count && !err; i++) {
        vl_bytes opening = vl_cbor_item(r);

        err = vl_cbor_check(r, "openings of parts", why);
        if (!err)
            err = vl_opening_read_part(opening, i, digests, &manifest->parts[i],
                                       manifest->part_salts[i], why);
        if (!err)
            err = vl_part_names_add(&names, manifest->parts[i].name, why);
    }
    return err;
}

/* PROTOCOL 2: a value of one addressee opens nothing for another. */
static enum vl_err check_values_differ(const struct vl_manifest *manifest, struct vl_why *why)
{
    for (size_t i = 0; i < manifest->opening_count; i++)
        for (size_t j = 0; j < i; j++)
            if (memcmp(manifest->openings[i], manifest->openings[j], VL_HASH_LEN) == 0)
                return vl_fail(why, VL_ERR_FORMAT, "addressees %zu and %zu have one opening value",
                               j + 1, i + 1);
    return VL_OK;
}

static enum vl_err read_values(struct vl_cbor *r, struct vl_manifest *manifest, struct vl_why *why)
{
    size_t wanted = manifest->mode == VL_CORE_SEALED ? vl_manifest_addressees(manifest) : 0;
    size_t count = vl_cbor_array(r, wanted, wanted);
    enum vl_err err = vl_cbor_check(r, "opening values", why);

    if (err)
        return err;
    manifest->openings = vl_new(count * sizeof *manifest->openings);
    if (!manifest->openings)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for %zu opening values", count);
    manifest->opening_count = count;
    for (size_t i = 0; i < count; i++) {
        vl_bytes value = vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);

        if (value.len > 0)
            memcpy(manifest->openings[i], value.ptr, value.len);
    }
    err = vl_cbor_close(r, "opening values", why);
    return err ? err : check_values_differ(manifest, why);
}

static enum vl_err read_all(struct vl_manifest *manifest, struct vl_why *why)
{
    struct vl_core_digests digests;
    struct items items;
    struct vl_cbor r;
    enum vl_err err = read_items(manifest, &items, why);

    if (!err)
        err = vl_object_parse(items.object, &manifest->core, why);
    if (!err)
        err = vl_core_read(&manifest->core, manifest, &digests, why);
    if (err)
        return err;
    memcpy(manifest->core_id, manifest->core.id, VL_HASH_LEN);
    r = vl_cbor_open(items.openings, VL_CBOR_STRICT);
    err = read_fields(&r, &digests, manifest, why);
    if (!err)
        err = read_parts(&r, &digests, manifest, why);
    return err ? err : read_values(&r, manifest, why);
}

enum vl_err vl_manifest_parse(vl_bytes wire, struct vl_manifest *manifest, struct vl_why *why)
{
    enum vl_err err = vl_buf_put(&manifest->wire, wire);

    if (err == VL_ERR_LIMIT)
        err = vl_fail(why, err, "%zu bytes, more than %zu", wire.len, VL_MANIFEST_MAX_LEN);
    else if (err)
        err = vl_fail(why, err, "%s", vl_err_words(err));
    else
        err = read_all(manifest, why);
    if (err) {
        vl_manifest_release(manifest);
        return vl_fail_in(why, err, "manifest");
    }
    return VL_OK;
}
