/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/age_header.h"

#include <string.h>

#include "base/alloc.h"
#include "codec/base64.h"

#define COLUMNS  64
#define MAC_TEXT 43 /* base64 of 32 bytes */
#define BODY_MAX 512

#define VERSION_LINE VL_LITERAL("age-encryption.org/v1\n")

/* The wire moves while it grows, so places are offsets. */
struct vl_age_stanza_place {
    size_t args_at;
    size_t args_len;
    size_t body_at;
    size_t body_len;
    size_t arg_count;
};

static vl_bytes wire_from(const struct vl_age_header *header, size_t at, size_t len)
{
    return vl_bytes_of(header->wire.data + at, len);
}

/* ABNF: arg = 1*VCHAR, single spaces between.  Counts them. */
static bool count_args(vl_bytes args, size_t *count)
{
    bool in_arg = false;

    *count = 0;
    for (size_t i = 0; i < args.len; i++) {
        uint8_t c = args.ptr[i];

        if (c == ' ') {
            if (!in_arg)
                return false;
            in_arg = false;
        } else if (c < 0x21 || c > 0x7e) {
            return false;
        } else if (!in_arg) {
            in_arg = true;
            (*count)++;
        }
    }
    return in_arg;
}

/* See to it that there is a place for one more. */
static enum vl_err reserve_place(struct vl_age_header *header, struct vl_why *why)
{
    void *block = header->places;
    size_t one = sizeof *header->places, cap = header->place_cap ? header->place_cap * 2 : 4;

    if (header->stanza_count == VL_AGE_STANZAS_MAX)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d recipients", VL_AGE_STANZAS_MAX);
    if (header->stanza_count < header->place_cap)
        return VL_OK;
    if (vl_grow(&block, header->place_cap * one, cap * one))
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for %zu stanzas", cap);
    header->places = block;
    header->place_cap = cap;
    return VL_OK;
}

static enum vl_err stanza_line(struct vl_age_header *header, size_t at, vl_bytes line,
                               struct vl_why *why)
{
    struct vl_age_stanza_place *place;
    size_t arg_count;
    enum vl_err err;

    if (!count_args(vl_bytes_after(line, 3), &arg_count))
        return vl_fail(why, VL_ERR_FORMAT, "byte %zu: a stanza with a malformed argument", at);
    err = reserve_place(header, why);
    if (err)
        return err;
    place = &header->places[header->stanza_count++];
    place->args_at = at + 3;
    place->args_len = line.len - 3;
    place->arg_count = arg_count - 1;
    place->body_at = at + line.len + 1;
    place->body_len = 0;
    header->in_body = true;
    return VL_OK;
}

/* RFC 4648 lines of 64 columns; the first shorter one, which may be empty, ends the body. */
static enum vl_err body_line(struct vl_age_header *header, size_t at, vl_bytes line,
                             struct vl_why *why)
{
    struct vl_age_stanza_place *place = &header->places[header->stanza_count - 1];

    if (line.len > COLUMNS)
        return vl_fail(why, VL_ERR_FORMAT, "byte %zu: a line of more than 64 columns", at);
    if (!vl_base64_is_canonical(line))
        return vl_fail(why, VL_ERR_FORMAT, "byte %zu: a stanza body that is not base64", at);
    if (line.len < COLUMNS) {
        place->body_len = at + line.len - place->body_at;
        header->in_body = false;
    }
    return VL_OK;
}

static enum vl_err mac_line(struct vl_age_header *header, size_t at, vl_bytes line,
                            struct vl_why *why)
{
    vl_bytes text = vl_bytes_after(line, 4);
    size_t len;

    if (header->stanza_count == 0)
        return vl_fail(why, VL_ERR_FORMAT, "byte %zu: a header without recipients", at);
    if (line.len != 4 + MAC_TEXT || line.ptr[3] != ' ' ||
        vl_base64_decode(text, header->mac, &len) || len != sizeof header->mac)
        return vl_fail(why, VL_ERR_FORMAT, "byte %zu: a malformed MAC", at);
    header->mac_at = at;
    header->complete = true;
    return VL_OK;
}

static enum vl_err whole_line(struct vl_age_header *header, size_t at, vl_bytes line,
                              struct vl_why *why)
{
    if (at == 0) /* what it says was compared byte by byte while it came */
        return VL_OK;
    if (header->in_body)
        return body_line(header, at, line, why);
    if (vl_bytes_starts(line, VL_LITERAL("-> ")))
        return stanza_line(header, at, line, why);
    if (vl_bytes_starts(line, VL_LITERAL("---")))
        return mac_line(header, at, line, why);
    return vl_fail(why, VL_ERR_FORMAT, "byte %zu: neither a stanza nor the MAC", at);
}

static enum vl_err begun_version(vl_bytes begun, struct vl_why *why)
{
    vl_bytes version = VERSION_LINE;

    if (vl_bytes_starts(version, begun) || vl_bytes_starts(begun, version))
        return VL_OK;
    if (vl_bytes_starts(begun, VL_LITERAL("age-encryption.org/")))
        return vl_fail(why, VL_ERR_FORMAT, "an age file of another version than v1");
    return vl_fail(why, VL_ERR_FORMAT, "not an age file");
}

/* Refuse as soon as a beginning cannot become right: a gigabyte without a line end is not read. */
static enum vl_err begun_line(const struct vl_age_header *header, struct vl_why *why)
{
    size_t at = header->line_at;
    vl_bytes begun = wire_from(header, at, header->wire.len - at);

    if (at == 0)
        return begun_version(begun, why);
    if (header->in_body && begun.len > COLUMNS + 1)
        return vl_fail(why, VL_ERR_FORMAT, "byte %zu: a line of more than 64 columns", at);
    if (header->in_body || begun.len < 3 || vl_bytes_starts(begun, VL_LITERAL("-> ")))
        return VL_OK;
    if (!vl_bytes_starts(begun, VL_LITERAL("---")))
        return vl_fail(why, VL_ERR_FORMAT, "byte %zu: neither a stanza nor the MAC", at);
    if (begun.len > 4 + MAC_TEXT + 1)
        return vl_fail(why, VL_ERR_FORMAT, "byte %zu: a malformed MAC", at);
    return VL_OK;
}

enum vl_err vl_age_header_feed(struct vl_age_header *header, vl_bytes bytes, size_t *used,
                               struct vl_why *why)
{
    enum vl_err err = VL_OK;

    *used = 0;
    while (!err && !header->complete && *used < bytes.len) {
        /* What does not fit comes last: a verdict does not depend on the pieces that were fed. */
        size_t room = VL_AGE_HEADER_MAX - header->wire.len;
        vl_bytes rest = vl_bytes_first(vl_bytes_after(bytes, *used), room);
        const uint8_t *end = memchr(rest.ptr, '\n', rest.len);
        size_t take = end ? (size_t)(end - rest.ptr) + 1 : rest.len;
        size_t at = header->line_at;

        if (room == 0)
            return vl_fail(why, VL_ERR_LIMIT, "a header of more than 2 MiB");
        err = vl_buf_put(&header->wire, vl_bytes_first(rest, take));
        if (err)
            return vl_fail(why, err, "no memory for the header");
        *used += take;
        err = begun_line(header, why);
        if (!err && end) {
            err = whole_line(header, at, wire_from(header, at, header->wire.len - 1 - at), why);
            header->line_at = header->wire.len;
        }
    }
    return err;
}

enum vl_err vl_age_header_end(const struct vl_age_header *header, struct vl_why *why)
{
    if (header->complete)
        return VL_OK;
    if (header->wire.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "nothing there");
    return vl_fail(why, VL_ERR_FORMAT, "byte %zu: cut short in the header", header->wire.len);
}

struct vl_age_stanza vl_age_header_stanza(const struct vl_age_header *header, size_t index)
{
    const struct vl_age_stanza_place *place = &header->places[index];
    vl_bytes args = wire_from(header, place->args_at, place->args_len);
    const uint8_t *space = memchr(args.ptr, ' ', args.len);
    size_t type_len = space ? (size_t)(space - args.ptr) : args.len;

    return (struct vl_age_stanza){
        .type = vl_bytes_first(args, type_len),
        .args = vl_bytes_after(args, type_len + 1),
        .arg_count = place->arg_count,
        .body = wire_from(header, place->body_at, place->body_len),
    };
}

vl_bytes vl_age_stanza_arg(const struct vl_age_stanza *stanza, size_t index)
{
    vl_bytes rest = stanza->args;

    for (;;) {
        const uint8_t *space = rest.len ? memchr(rest.ptr, ' ', rest.len) : NULL;
        size_t len = space ? (size_t)(space - rest.ptr) : rest.len;

        if (index-- == 0)
            return vl_bytes_first(rest, len);
        rest = vl_bytes_after(rest, len + 1);
    }
}

/* HMAC over everything up to and including "---", not the space behind it. */
static void mac_of(vl_bytes header, const struct vl_secret *file_key, uint8_t mac[VL_HASH_LEN])
{
    VL_AUTO(vl_secret_wipe) struct vl_secret key = VL_SECRET_INIT;

    vl_hkdf_sha256(file_key, VL_BYTES_NONE, VL_LITERAL("header"), &key);
    vl_hmac_sha256(&key, header, mac);
}

enum vl_err vl_age_header_verify(const struct vl_age_header *header,
                                 const struct vl_secret *file_key, struct vl_why *why)
{
    uint8_t mac[VL_HASH_LEN];

    mac_of(wire_from(header, 0, header->mac_at + 3), file_key, mac);
    if (!vl_same_bytes(mac, header->mac, sizeof mac))
        return vl_fail(why, VL_ERR_UNVERIFIED, "the header was altered: its MAC does not fit");
    return VL_OK;
}

void vl_age_header_release(struct vl_age_header *header)
{
    vl_buf_release(&header->wire);
    vl_free(header->places);
    *header = (struct vl_age_header)VL_AGE_HEADER_INIT;
}

enum vl_err vl_age_header_begin(struct vl_buf *out)
{
    return vl_buf_put(out, VERSION_LINE);
}

enum vl_err vl_age_header_put_stanza(struct vl_buf *out, vl_bytes args, vl_bytes body)
{
    uint8_t text[VL_BASE64_LEN(BODY_MAX)];
    size_t before = out->len, len, at = 0;
    enum vl_err err;

    if (body.len > BODY_MAX)
        return VL_ERR_LIMIT;
    len = vl_base64_encode(body, text);
    err = vl_buf_put(out, VL_LITERAL("-> "));
    if (!err)
        err = vl_buf_put(out, args);
    if (!err)
        err = vl_buf_put_byte(out, '\n');
    /* A body that fills its last line is followed by an empty one. */
    for (; !err && at <= len; at += COLUMNS) {
        err = vl_buf_put(out, vl_bytes_first(vl_bytes_of(text + at, len - at), COLUMNS));
        if (!err)
            err = vl_buf_put_byte(out, '\n');
    }
    if (err)
        out->len = before;
    return err;
}

enum vl_err vl_age_header_finish(struct vl_buf *out, const struct vl_secret *file_key)
{
    uint8_t mac[VL_HASH_LEN], text[MAC_TEXT + 1];
    enum vl_err err = vl_buf_put(out, VL_LITERAL("---"));

    if (err)
        return err;
    mac_of(vl_buf_bytes(out), file_key, mac);
    text[vl_base64_encode(VL_ARRAY(mac), text)] = '\n';
    err = vl_buf_put_byte(out, ' ');
    return err ? err : vl_buf_put(out, VL_ARRAY(text));
}
