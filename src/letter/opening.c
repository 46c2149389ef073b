/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "base/name.h"
#include "letter/core.h"
#include "letter/pax.h"

#define PART_WORD VL_LITERAL("part")
/* From the year 0 to the last second of 9999: what a time can be written as. */
#define TIME_MIN_S INT64_C(-62167219200)
#define TIME_MAX_S INT64_C(253402300799)

const char *vl_field_word(enum vl_field field)
{
    static const char *const words[VL_FIELD_COUNT] = {
#define X(code, word) [VL_FIELD_##code] = (word),
        VL_FIELD_TABLE(X)
#undef X
    };

    return field < VL_FIELD_COUNT ? words[field] : "";
}

void vl_opening_digest(vl_bytes opening, uint8_t out[VL_HASH_LEN])
{
    /* ["valise/field/v1", salt, field]: an opening with another head and a word before. */
    const vl_bytes parts[] = {VL_LITERAL("\x83\x6fvalise/field/v1"), vl_bytes_after(opening, 1)};

    vl_sha256_parts(parts, 2, out);
}

/* No bytes: null. */
static void put_text_or_null(struct vl_cbor_out *w, vl_bytes text)
{
    if (text.len > 0)
        vl_cbor_put_text(w, text);
    else
        vl_cbor_put_null(w);
}

static void put_bytes_or_null(struct vl_cbor_out *w, bool is_there, vl_bytes bytes)
{
    if (is_there)
        vl_cbor_put_bytes(w, bytes);
    else
        vl_cbor_put_null(w);
}

static void put_int_or_null(struct vl_cbor_out *w, bool is_there, int64_t value)
{
    if (is_there)
        vl_cbor_put_int(w, value);
    else
        vl_cbor_put_null(w);
}

static void put_readers(struct vl_cbor_out *w, const struct vl_manifest *manifest)
{
    if (manifest->to_count == 0) {
        vl_cbor_put_null(w);
        return;
    }
    vl_cbor_put_array(w, manifest->to_count);
    for (size_t i = 0; i < manifest->to_count; i++) {
        const struct vl_manifest_reader *reader = &manifest->to[i];

        vl_cbor_put_array(w, 4);
        vl_cbor_put_bytes(w, VL_ARRAY(reader->office.at));
        vl_cbor_put_bool(w, reader->is_own_copy);
        put_text_or_null(w, reader->kind);
        put_bytes_or_null(w, reader->key.len > 0, reader->key);
    }
}

static void put_value(struct vl_cbor_out *w, const struct vl_manifest *manifest,
                      enum vl_field field)
{
    switch (field) {
    case VL_FIELD_TO:
        put_readers(w, manifest);
        break;
    case VL_FIELD_SUBJECT:
        if (manifest->has_subject)
            vl_cbor_put_text(w, manifest->subject);
        else
            vl_cbor_put_null(w);
        break;
    case VL_FIELD_DATE:
        put_int_or_null(w, manifest->has_date, manifest->date_s);
        break;
    case VL_FIELD_IN_REPLY_TO:
        put_bytes_or_null(w, manifest->has_in_reply_to, VL_ARRAY(manifest->in_reply_to));
        break;
    case VL_FIELD_EXPIRES:
        put_int_or_null(w, manifest->has_expires, manifest->expires_s);
        break;
    case VL_FIELD_EXPECT_BY:
        put_int_or_null(w, manifest->has_expect_by, manifest->expect_by_s);
        break;
    case VL_FIELD_COUNT:
        break;
    }
}

void vl_opening_put_field(struct vl_cbor_out *w, const struct vl_manifest *manifest,
                          enum vl_field field)
{
    vl_cbor_put_array(w, 2);
    vl_cbor_put_bytes(w, VL_ARRAY(manifest->field_salts[field]));
    vl_cbor_put_array(w, 2);
    vl_cbor_put_text(w, vl_bytes_str(vl_field_word(field)));
    put_value(w, manifest, field);
}

void vl_opening_put_part(struct vl_cbor_out *w, const struct vl_manifest_part *part,
                         const uint8_t salt[VL_MANIFEST_SALT])
{
    vl_cbor_put_array(w, 2);
    vl_cbor_put_bytes(w, vl_bytes_of(salt, VL_MANIFEST_SALT));
    vl_cbor_put_array(w, 6);
    vl_cbor_put_text(w, PART_WORD);
    vl_cbor_put_text(w, part->name);
    put_text_or_null(w, part->type);
    put_text_or_null(w, part->lang);
    vl_cbor_put_uint(w, part->size);
    vl_cbor_put_bytes(w, VL_ARRAY(part->sha256));
}

static void read_salt(struct vl_cbor *r, uint8_t salt[VL_MANIFEST_SALT])
{
    vl_bytes bytes;

    (void)vl_cbor_array(r, 2, 2);
    bytes = vl_cbor_bytes(r, VL_MANIFEST_SALT, VL_MANIFEST_SALT);
    if (bytes.len > 0)
        memcpy(salt, bytes.ptr, bytes.len);
}

static void read_word(struct vl_cbor *r, vl_bytes word)
{
    vl_bytes found = vl_cbor_text(r, 1, 32);

    if (vl_cbor_ok(r) && !vl_bytes_eq(found, word))
        vl_cbor_refuse(r, VL_ERR_FORMAT, "the opening of something else");
}

static void read_int_or_null(struct vl_cbor *r, bool *is_there, int64_t *value)
{
    *is_there = !vl_cbor_null(r);
    if (*is_there)
        *value = vl_cbor_int(r, TIME_MIN_S, TIME_MAX_S);
}

static void read_reader(struct vl_cbor *r, struct vl_manifest_reader *reader)
{
    vl_bytes office;

    (void)vl_cbor_array(r, 4, 4);
    office = vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);
    if (office.len > 0)
        memcpy(reader->office.at, office.ptr, office.len);
    reader->is_own_copy = vl_cbor_bool(r);
    if (!vl_cbor_null(r))
        reader->kind = vl_cbor_text(r, 1, VL_MANIFEST_MAX_KIND);
    if (!vl_cbor_null(r))
        reader->key = vl_cbor_bytes(r, 1, VL_MANIFEST_MAX_KEY);
}

static enum vl_err read_readers(struct vl_cbor *r, struct vl_manifest *manifest)
{
    size_t count = vl_cbor_null(r) ? 0 : vl_cbor_array(r, 1, VL_MANIFEST_MAX_READERS);

    if (!vl_cbor_ok(r) || count == 0)
        return VL_OK;
    manifest->to = vl_new(count * sizeof *manifest->to);
    if (!manifest->to)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < count && vl_cbor_ok(r); i++)
        read_reader(r, &manifest->to[i]);
    manifest->to_count = count;
    return VL_OK;
}

static enum vl_err read_value(struct vl_cbor *r, enum vl_field field, struct vl_manifest *manifest)
{
    vl_bytes number;

    switch (field) {
    case VL_FIELD_TO:
        return read_readers(r, manifest);
    case VL_FIELD_SUBJECT:
        manifest->has_subject = !vl_cbor_null(r);
        if (manifest->has_subject)
            manifest->subject = vl_cbor_text(r, 1, VL_MANIFEST_MAX_SUBJECT);
        break;
    case VL_FIELD_DATE:
        read_int_or_null(r, &manifest->has_date, &manifest->date_s);
        break;
    case VL_FIELD_IN_REPLY_TO:
        manifest->has_in_reply_to = !vl_cbor_null(r);
        number =
            manifest->has_in_reply_to ? vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN) : VL_BYTES_NONE;
        if (number.len > 0)
            memcpy(manifest->in_reply_to, number.ptr, number.len);
        break;
    case VL_FIELD_EXPIRES:
        read_int_or_null(r, &manifest->has_expires, &manifest->expires_s);
        break;
    case VL_FIELD_EXPECT_BY:
        read_int_or_null(r, &manifest->has_expect_by, &manifest->expect_by_s);
        break;
    case VL_FIELD_COUNT:
        break;
    }
    return VL_OK;
}

/* The form is checked before this, so that every opening has one digest and every digest is of one
 * opening: salts have one length (PROTOCOL 12). */
static enum vl_err check_digest(vl_bytes opening, const uint8_t *wanted, struct vl_why *why)
{
    uint8_t digest[VL_HASH_LEN];

    vl_opening_digest(opening, digest);
    return memcmp(digest, wanted, sizeof digest) == 0
               ? VL_OK
               : vl_fail(why, VL_ERR_UNVERIFIED, "not what was signed");
}

enum vl_err vl_opening_read_field(vl_bytes opening, enum vl_field field,
                                  const struct vl_core_digests *digests,
                                  struct vl_manifest *manifest, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(opening, VL_CBOR_STRICT);
    enum vl_err err;

    read_salt(&r, manifest->field_salts[field]);
    (void)vl_cbor_array(&r, 2, 2);
    read_word(&r, vl_bytes_str(vl_field_word(field)));
    err = read_value(&r, field, manifest);
    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    err = vl_cbor_close(&r, vl_field_word(field), why);
    if (err)
        return err;
    err = check_digest(opening, vl_core_field_digest(digests, field), why);
    return err ? vl_fail_in(why, err, "%s", vl_field_word(field)) : VL_OK;
}

/* RFC 6838, 4.2 and RFC 9110, 8.3.1, roughly: nothing that would have to be made safe. */
static void check_type(struct vl_cbor *r, vl_bytes type)
{
    size_t slashes = 0;

    for (size_t i = 0; i < type.len; i++) {
        slashes += type.ptr[i] == '/';
        if (type.ptr[i] < ' ' || type.ptr[i] > '~')
            vl_cbor_refuse(r, VL_ERR_FORMAT, "a media type that is not ASCII");
    }
    if (type.len > 0 && slashes == 0)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "a media type without a slash");
}

static bool is_lang_byte(uint8_t byte)
{
    return byte == '-' || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z');
}

/* RFC 5646, 2.1, roughly. */
static void check_lang(struct vl_cbor *r, vl_bytes lang)
{
    for (size_t i = 0; i < lang.len; i++)
        if (!is_lang_byte(lang.ptr[i]))
            vl_cbor_refuse(r, VL_ERR_FORMAT, "a language that is no language tag");
}

enum vl_err vl_opening_read_part(vl_bytes opening, size_t index,
                                 const struct vl_core_digests *digests,
                                 struct vl_manifest_part *part, uint8_t salt[VL_MANIFEST_SALT],
                                 struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(opening, VL_CBOR_STRICT);
    vl_bytes sha256;
    enum vl_err err;

    read_salt(&r, salt);
    (void)vl_cbor_array(&r, 6, 6);
    read_word(&r, PART_WORD);
    part->name = vl_cbor_text(&r, 1, VL_PART_NAME_MAX);
    if (!vl_cbor_null(&r))
        part->type = vl_cbor_text(&r, 1, VL_MANIFEST_MAX_TYPE);
    check_type(&r, part->type);
    if (!vl_cbor_null(&r))
        part->lang = vl_cbor_text(&r, 1, VL_MANIFEST_MAX_LANG);
    check_lang(&r, part->lang);
    part->size = vl_cbor_uint(&r, VL_PAX_SIZE_MAX);
    sha256 = vl_cbor_bytes(&r, VL_HASH_LEN, VL_HASH_LEN);
    if (sha256.len > 0)
        memcpy(part->sha256, sha256.ptr, sha256.len);
    err = vl_cbor_close(&r, "opening", why);
    if (!err)
        err = check_digest(opening, vl_core_part_digest(digests, index), why);
    return err ? vl_fail_in(why, err, "part %zu", index + 1) : VL_OK;
}
