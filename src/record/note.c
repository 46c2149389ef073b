/* SPDX-License-Identifier: Apache-2.0 */
#include "record/note.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "codec/base64.h"
#include "crypto/hash.h"

#define DASH       VL_LITERAL("\xe2\x80\x94 ") /* U+2014 and a space */
#define HEX_ID_LEN ((size_t)2 * VL_NOTE_ID_LEN)
#define TIME_LEN   8
/* Type and public key, as a key's text has them. */
#define KEY_LEN (1 + VL_ED25519_PUBLIC_LEN)
/* Id, time and signature: the longest that is looked at here. */
#define BLOB_MAX (VL_NOTE_ID_LEN + TIME_LEN + VL_SIGNATURE_LEN)

vl_bytes vl_note_key_name(const struct vl_note_key *key)
{
    return vl_bytes_of(key->name, key->name_len);
}

/* The white space of Unicode, by its UTF-8. */
static bool begins_with_space(vl_bytes text)
{
    static const char *const wide[] = {"\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80",
                                       "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf",
                                       "\xe2\x81\x9f", "\xe3\x80\x80"};

    if (text.ptr[0] == ' ')
        return true;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (vl_bytes_starts(text, vl_bytes_str(wide[i])))
            return true;
    return text.len >= 3 && text.ptr[0] == 0xe2 && text.ptr[1] == 0x80 && text.ptr[2] >= 0x80 &&
           text.ptr[2] <= 0x8a;
}

enum vl_err vl_note_name_check(vl_bytes name, struct vl_why *why)
{
    if (name.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "name of a key: empty");
    if (name.len > VL_NOTE_MAX_NAME)
        return vl_fail(why, VL_ERR_LIMIT, "name of a key: %zu bytes, more than %d", name.len,
                       VL_NOTE_MAX_NAME);
    if (!vl_text_is_utf8(name))
        return vl_fail(why, VL_ERR_FORMAT, "name of a key: not UTF-8");
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] < 0x20 || name.ptr[i] == 0x7f || name.ptr[i] == '+' ||
            begins_with_space(vl_bytes_after(name, i)))
            return vl_fail(why, VL_ERR_FORMAT, "name of a key: byte %zu is a space, a control or +",
                           i);
    return VL_OK;
}

static void make_id(struct vl_note_key *key)
{
    const uint8_t middle[2] = {'\n', (uint8_t)key->type};
    const vl_bytes parts[] = {vl_note_key_name(key), VL_ARRAY(middle), VL_ARRAY(key->public_key)};
    uint8_t hash[VL_HASH_LEN];

    vl_sha256_parts(parts, 3, hash);
    memcpy(key->id, hash, sizeof key->id);
}

enum vl_err vl_note_key_make(vl_bytes name, enum vl_note_type type,
                             const uint8_t public_key[VL_ED25519_PUBLIC_LEN],
                             struct vl_note_key *key, struct vl_why *why)
{
    enum vl_err err = vl_note_name_check(name, why);

    if (!err && vl_ed25519_check_key(public_key))
        err = vl_fail(why, VL_ERR_UNVERIFIED, "key of notes: one that nobody can have made");
    if (err)
        return err;
    *key = (struct vl_note_key){.name_len = name.len, .type = type};
    memcpy(key->name, name.ptr, name.len);
    memcpy(key->public_key, public_key, sizeof key->public_key);
    make_id(key);
    return VL_OK;
}

static void hex_of_id(const uint8_t id[VL_NOTE_ID_LEN], char out[HEX_ID_LEN + 1])
{
    (void)snprintf(out, HEX_ID_LEN + 1, "%02x%02x%02x%02x", id[0], id[1], id[2], id[3]);
}

/* The key's base64 may have '+' in it; the name may not. */
static enum vl_err read_key(vl_bytes text, struct vl_note_key *key, struct vl_why *why)
{
    const vl_bytes plus = VL_LITERAL("+");
    uint8_t bytes[KEY_LEN + 3];
    char hex[HEX_ID_LEN + 1];
    vl_bytes rest, symbols;
    size_t name_len = 0, len = 0;
    enum vl_err err;

    while (name_len < text.len && text.ptr[name_len] != '+')
        name_len++;
    rest = vl_bytes_after(text, name_len + 1);
    symbols = vl_bytes_after(rest, HEX_ID_LEN + 1);
    if (symbols.len == 0 || !vl_bytes_starts(vl_bytes_after(rest, HEX_ID_LEN), plus))
        return vl_fail(why, VL_ERR_FORMAT, "not NAME+ID+KEY");
    if (symbols.len > VL_BASE64_PADDED_LEN(KEY_LEN) ||
        vl_base64_decode_padded(symbols, bytes, &len) || len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "no key in base64");
    if (bytes[0] != VL_NOTE_ED25519 && bytes[0] != VL_NOTE_COSIGNATURE)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "a key of type %u", bytes[0]);
    if (len != KEY_LEN)
        return vl_fail(why, VL_ERR_FORMAT, "a key of %zu bytes", len - 1);
    err = vl_note_key_make(vl_bytes_first(text, name_len), (enum vl_note_type)bytes[0], bytes + 1,
                           key, why);
    if (err)
        return err;
    hex_of_id(key->id, hex);
    return vl_bytes_eq(vl_bytes_first(rest, HEX_ID_LEN), vl_bytes_str(hex))
               ? VL_OK
               : vl_fail(why, VL_ERR_FORMAT, "its id is not that of the key");
}

enum vl_err vl_note_key_parse(vl_bytes text, struct vl_note_key *key, struct vl_why *why)
{
    enum vl_err err = read_key(text, key, why);

    return err ? vl_fail_in(why, err, "key of notes") : VL_OK;
}

enum vl_err vl_note_put_base64(vl_bytes bytes, struct vl_buf *out)
{
    uint8_t *at = NULL;
    enum vl_err err = vl_buf_add(out, VL_BASE64_PADDED_LEN(bytes.len), &at);

    if (!err)
        (void)vl_base64_encode_padded(bytes, at);
    return err;
}

enum vl_err vl_note_key_write(const struct vl_note_key *key, struct vl_buf *out)
{
    char hex[HEX_ID_LEN + 1];
    uint8_t bytes[KEY_LEN] = {(uint8_t)key->type};
    size_t before = out->len;
    enum vl_err err;

    hex_of_id(key->id, hex);
    memcpy(bytes + 1, key->public_key, sizeof key->public_key);
    err = vl_buf_put(out, vl_note_key_name(key));
    if (!err)
        err = vl_buf_put_byte(out, '+');
    if (!err)
        err = vl_buf_put(out, vl_bytes_str(hex));
    if (!err)
        err = vl_buf_put_byte(out, '+');
    if (!err)
        err = vl_note_put_base64(VL_ARRAY(bytes), out);
    if (err)
        out->len = before;
    return err;
}

bool vl_note_take_line(vl_bytes *left, vl_bytes *line)
{
    const uint8_t *end = left->len ? memchr(left->ptr, '\n', left->len) : NULL;

    if (!end)
        return false;
    *line = vl_bytes_of(left->ptr, (size_t)(end - left->ptr));
    *left = vl_bytes_after(*left, line->len + 1);
    return true;
}

enum vl_err vl_note_number(vl_bytes text, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;

    if (text.len == 0 || (text.len > 1 && text.ptr[0] == '0'))
        return VL_ERR_FORMAT;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return VL_ERR_FORMAT;
    for (size_t i = 0; i < text.len; i++) {
        unsigned digit = text.ptr[i] - '0';

        if (value > (UINT64_MAX - digit) / 10)
            return VL_ERR_LIMIT;
        value = value * 10 + digit;
    }
    if (value > max)
        return VL_ERR_LIMIT;
    *out = value;
    return VL_OK;
}

enum vl_err vl_note_hash(vl_bytes line, uint8_t out[VL_HASH_LEN])
{
    uint8_t bytes[VL_BASE64_PADDED_LEN(VL_HASH_LEN) / 4 * 3];
    size_t len = 0;

    if (line.len != VL_BASE64_PADDED_LEN(VL_HASH_LEN) ||
        vl_base64_decode_padded(line, bytes, &len) || len != VL_HASH_LEN)
        return VL_ERR_FORMAT;
    memcpy(out, bytes, VL_HASH_LEN);
    return VL_OK;
}

/* "— name base64"; a name here may have spaces in it, as some logs have signed. */
static enum vl_err read_line(vl_bytes line, struct vl_note_line *out, struct vl_why *why)
{
    vl_bytes left = vl_bytes_after(line, DASH.len), symbols;
    uint8_t head[6];
    size_t len = 0, at;

    if (!vl_bytes_starts(line, DASH))
        return vl_fail(why, VL_ERR_FORMAT, "a line that is no signature");
    for (at = left.len; at > 0 && left.ptr[at - 1] != ' '; at--)
        ;
    if (at < 2)
        return vl_fail(why, VL_ERR_FORMAT, "a signature without a name");
    out->name = vl_bytes_first(left, at - 1);
    symbols = vl_bytes_after(left, at);
    for (at = 0; at < 2 && at < symbols.len && symbols.ptr[symbols.len - 1 - at] == '='; at++)
        ;
    if (symbols.len < 8 || symbols.len % 4 != 0 ||
        !vl_base64_is_canonical(vl_bytes_first(symbols, symbols.len - at)))
        return vl_fail(why, VL_ERR_FORMAT, "a signature that is not base64");
    if (vl_base64_decode(vl_bytes_first(symbols, 8 - (symbols.len == 8 ? at : 0)), head, &len) ||
        len <= VL_NOTE_ID_LEN)
        return vl_fail(why, VL_ERR_FORMAT, "a signature of no bytes");
    memcpy(out->id, head, sizeof out->id);
    out->signature = symbols;
    return VL_OK;
}

/* Where the text ends: behind the last line end that another one follows. */
static size_t text_len(vl_bytes wire)
{
    for (size_t i = wire.len; i >= 2; i--)
        if (wire.ptr[i - 1] == '\n' && wire.ptr[i - 2] == '\n')
            return i - 1;
    return 0;
}

static enum vl_err read_note(vl_bytes wire, struct vl_signed_note *note, struct vl_why *why)
{
    vl_bytes left, line;

    if (wire.len > VL_NOTE_MAX_LEN)
        return vl_fail(why, VL_ERR_LIMIT, "%zu bytes, more than %d", wire.len, VL_NOTE_MAX_LEN);
    if (!vl_text_is_utf8(wire))
        return vl_fail(why, VL_ERR_FORMAT, "not UTF-8");
    for (size_t i = 0; i < wire.len; i++)
        if (wire.ptr[i] < 0x20 && wire.ptr[i] != '\n')
            return vl_fail(why, VL_ERR_FORMAT, "byte %zu is a control", i);
    note->text = vl_bytes_first(wire, text_len(wire));
    if (note->text.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "no empty line between text and signatures");
    left = vl_bytes_after(wire, note->text.len + 1);
    while (vl_note_take_line(&left, &line)) {
        enum vl_err err;

        if (note->line_count == VL_NOTE_MAX_SIGNATURES)
            return vl_fail(why, VL_ERR_LIMIT, "more than %d signatures", VL_NOTE_MAX_SIGNATURES);
        err = read_line(line, &note->lines[note->line_count], why);
        if (err)
            return err;
        note->line_count++;
    }
    if (left.len > 0 || note->line_count == 0)
        return vl_fail(why, VL_ERR_FORMAT,
                       left.len > 0 ? "no line end at its end" : "no signature");
    return VL_OK;
}

enum vl_err vl_note_parse(vl_bytes wire, struct vl_signed_note *note, struct vl_why *why)
{
    enum vl_err err;

    note->text = VL_BYTES_NONE;
    note->line_count = 0;
    err = read_note(wire, note, why);
    return err ? vl_fail_in(why, err, "note") : VL_OK;
}

/* What a key signs: the text, or (C2SP tlog-cosignature) the text behind a heading with the time.
 */
static enum vl_err put_message(vl_bytes text, enum vl_note_type type, uint64_t at_s,
                               struct vl_buf *out)
{
    char heading[64] = "";
    enum vl_err err;

    if (type == VL_NOTE_COSIGNATURE)
        (void)snprintf(heading, sizeof heading, "cosignature/v1\ntime %" PRIu64 "\n", at_s);
    err = vl_buf_put(out, vl_bytes_str(heading));
    return err ? err : vl_buf_put(out, text);
}

static enum vl_err verify_line(const struct vl_signed_note *note, const struct vl_note_line *line,
                               const struct vl_note_key *key, uint64_t *at_s)
{
    VL_AUTO(vl_buf_release) struct vl_buf message = VL_BUF_INIT(VL_NOTE_MAX_LEN + 64);
    const size_t time_len = key->type == VL_NOTE_COSIGNATURE ? TIME_LEN : 0;
    const size_t wanted = VL_NOTE_ID_LEN + time_len + VL_SIGNATURE_LEN;
    uint8_t blob[BLOB_MAX + 3];
    size_t len = 0;
    enum vl_err err;

    if (line->signature.len > VL_BASE64_PADDED_LEN(BLOB_MAX) ||
        vl_base64_decode_padded(line->signature, blob, &len) || len != wanted)
        return VL_ERR_UNVERIFIED;
    *at_s = time_len ? vl_bytes_number(vl_bytes_of(blob + VL_NOTE_ID_LEN, TIME_LEN)) : 0;
    if (time_len && *at_s == 0)
        return VL_ERR_UNVERIFIED;
    err = put_message(note->text, key->type, *at_s, &message);
    return err ? err
               : vl_ed25519_verify(key->public_key, vl_buf_bytes(&message),
                                   blob + VL_NOTE_ID_LEN + time_len);
}

enum vl_err vl_note_verify(const struct vl_signed_note *note, const struct vl_note_key *key,
                           uint64_t *at_s, struct vl_why *why)
{
    bool found = false;

    *at_s = 0;
    for (size_t i = 0; i < note->line_count; i++) {
        const struct vl_note_line *line = &note->lines[i];
        uint64_t line_at_s;
        enum vl_err err;

        if (memcmp(line->id, key->id, sizeof key->id) != 0 ||
            !vl_bytes_eq(line->name, vl_note_key_name(key)))
            continue;
        err = verify_line(note, line, key, &line_at_s);
        if (err)
            return vl_fail(why, err, "note: the signature of %.*s: %s", (int)key->name_len,
                           (const char *)key->name, vl_err_words(err));
        if (!found || line_at_s < *at_s)
            *at_s = line_at_s;
        found = true;
    }
    return found ? VL_OK
                 : vl_fail(why, VL_ERR_NOT_FOUND, "note: no signature of %.*s", (int)key->name_len,
                           (const char *)key->name);
}

static enum vl_err put_line(const struct vl_note_key *key, vl_bytes blob, struct vl_buf *out)
{
    enum vl_err err = vl_buf_put(out, DASH);

    if (!err)
        err = vl_buf_put(out, vl_note_key_name(key));
    if (!err)
        err = vl_buf_put_byte(out, ' ');
    if (!err)
        err = vl_note_put_base64(blob, out);
    return err ? err : vl_buf_put_byte(out, '\n');
}

enum vl_err vl_note_sign(vl_bytes text, const struct vl_note_key *key, const struct vl_secret *seed,
                         uint64_t at_s, struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf message = VL_BUF_INIT(VL_NOTE_MAX_LEN + 64);
    const bool has_time = key->type == VL_NOTE_COSIGNATURE;
    uint8_t public_key[VL_ED25519_PUBLIC_LEN], blob[BLOB_MAX];
    size_t len = VL_NOTE_ID_LEN, before = out->len;
    enum vl_err err;

    vl_ed25519_public(seed, public_key);
    if (memcmp(public_key, key->public_key, sizeof public_key) != 0)
        return vl_fail(why, VL_ERR_USAGE, "note: the secret of another key");
    if (has_time != (at_s != 0))
        return vl_fail(why, VL_ERR_USAGE, "note: %s",
                       has_time ? "a cosignature without a time" : "a time that is not signed");
    err = put_message(text, key->type, at_s, &message);
    memcpy(blob, key->id, sizeof key->id);
    if (has_time) {
        vl_bytes_put_number(at_s, blob + len, TIME_LEN);
        len += TIME_LEN;
    }
    if (!err) {
        vl_ed25519_sign(seed, vl_buf_bytes(&message), blob + len);
        err = put_line(key, vl_bytes_of(blob, len + VL_SIGNATURE_LEN), out);
    }
    if (!err)
        return VL_OK;
    out->len = before;
    return vl_fail(why, err, "note: %s", vl_err_words(err));
}
