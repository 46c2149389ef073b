/* SPDX-License-Identifier: Apache-2.0 */
/* The age test kit (C2SP/CCTV, age): one file a case, "key: value" lines, an empty line, then the
 * age file.
 *
 * Each case is opened with and without workers, whole and byte by byte: the class of failure must
 * be that of the kit, and what was released must hash to what the kit says.  Then the way back:
 * headers, armor and payloads that are right are made again, and must be the same bytes. */
#include "vectors.h"

#include <stdio.h>
#include <string.h>

#define ZLIB_CONST
#include <zlib.h>

#include "codec/base64.h"
#include "seal/age_armor.h"
#include "seal/age_stream.h"
#include "seal/seal.h"

#define FILE_MAX     ((size_t)64 << 20)
#define INDEX_NAME   "age.index.tsv"
#define NEEDS_HYBRID "needs post-quantum keys, which this version does not have"

static const char *const expectations[] = {"success",        "no match",        "HMAC failure",
                                           "header failure", "payload failure", "armor failure"};

enum expectation {
    SUCCESS,
    NO_MATCH,
    HMAC_FAILURE,
    HEADER_FAILURE,
    PAYLOAD_FAILURE,
    ARMOR_FAILURE,
    UNKNOWN
};

struct kit_case {
    enum expectation expected;
    uint8_t payload_hash[VL_HASH_LEN];
    struct vl_secret file_key; /* of no bytes when the case does not say */
    struct vl_age_identities identities;
    struct vl_passphrase passphrase;
    bool has_passphrase, armored, compressed, needs_hybrid;
    struct vl_buf file;
};

static void kit_case_release(struct kit_case *one)
{
    vl_age_identities_release(&one->identities);
    vl_buf_release(&one->file);
}

static bool take_hex(vl_bytes text, struct vl_buf *out)
{
    char digits[256];

    if (text.len >= sizeof digits)
        return false;
    memcpy(digits, text.ptr, text.len);
    digits[text.len] = '\0';
    return unhex(digits, out);
}

static bool take_payload_hash(struct kit_case *one, vl_bytes value)
{
    VL_AUTO(vl_buf_release) struct vl_buf hash = VL_BUF_INIT(VL_HASH_LEN);

    if (!take_hex(value, &hash) || hash.len != VL_HASH_LEN)
        return false;
    memcpy(one->payload_hash, hash.data, VL_HASH_LEN);
    return true;
}

/* Some cases are about file keys that are too long. */
static bool take_file_key(struct kit_case *one, vl_bytes value)
{
    VL_AUTO(vl_buf_release) struct vl_buf key = VL_BUF_INIT(VL_SECRET_MAX);

    return take_hex(value, &key) && vl_secret_set(&one->file_key, vl_buf_bytes(&key)) == VL_OK;
}

static bool take_identity(struct kit_case *one, vl_bytes value)
{
    struct vl_age_identity identity = {VL_SECRET_INIT, {{0}}};

    if (vl_bytes_starts(value, VL_LITERAL("AGE-SECRET-KEY-PQ-1")))
        return one->needs_hybrid = true;
    return vl_age_identity_parse(value, &identity, NULL) == VL_OK &&
           vl_age_identities_add(&one->identities, &identity, NULL) == VL_OK;
}

static bool take_passphrase(struct kit_case *one, vl_bytes value)
{
    if (one->has_passphrase) /* the first is asked for, and no other */
        return true;
    if (value.len > sizeof one->passphrase.data)
        return false;
    if (value.len > 0)
        memcpy(one->passphrase.data, value.ptr, value.len);
    one->passphrase.len = value.len;
    return one->has_passphrase = true;
}

static bool take_expectation(struct kit_case *one, vl_bytes value)
{
    one->expected = SUCCESS;
    while (one->expected < UNKNOWN &&
           !vl_bytes_eq(value, vl_bytes_str(expectations[one->expected])))
        one->expected++;
    return one->expected < UNKNOWN;
}

/* False for a line that we do not know what to do with. */
static bool take_line(struct kit_case *one, vl_bytes name, vl_bytes value)
{
    if (vl_bytes_eq(name, VL_LITERAL("expect")))
        return take_expectation(one, value);
    if (vl_bytes_eq(name, VL_LITERAL("payload")))
        return take_payload_hash(one, value);
    if (vl_bytes_eq(name, VL_LITERAL("file key")))
        return take_file_key(one, value);
    if (vl_bytes_eq(name, VL_LITERAL("identity")))
        return take_identity(one, value);
    if (vl_bytes_eq(name, VL_LITERAL("passphrase")))
        return take_passphrase(one, value);
    if (vl_bytes_eq(name, VL_LITERAL("armored")))
        return one->armored = vl_bytes_eq(value, VL_LITERAL("yes"));
    if (vl_bytes_eq(name, VL_LITERAL("compressed")))
        return one->compressed = vl_bytes_eq(value, VL_LITERAL("zlib"));
    return vl_bytes_eq(name, VL_LITERAL("comment"));
}

static bool inflate_to(vl_bytes packed, struct vl_buf *out)
{
    z_stream stream = {.next_in = packed.ptr, .avail_in = (uInt)packed.len};
    uint8_t piece[65536];
    int state = inflateInit(&stream);
    bool is_good = state == Z_OK;

    while (is_good && state != Z_STREAM_END) {
        stream.next_out = piece;
        stream.avail_out = sizeof piece;
        state = inflate(&stream, Z_NO_FLUSH);
        is_good = (state == Z_OK || state == Z_STREAM_END) &&
                  vl_buf_put(out, vl_bytes_of(piece, sizeof piece - stream.avail_out)) == VL_OK;
    }
    (void)inflateEnd(&stream);
    return is_good;
}

/* Text up to the first empty line, then the file. */
static bool read_case(vl_bytes kit, struct kit_case *one)
{
    *one = (struct kit_case){.expected = UNKNOWN, .file = VL_BUF_INIT(FILE_MAX)};
    for (;;) {
        const uint8_t *end = kit.len ? memchr(kit.ptr, '\n', kit.len) : NULL;
        vl_bytes line = vl_bytes_first(kit, end ? (size_t)(end - kit.ptr) : 0);
        const uint8_t *colon = line.len ? memchr(line.ptr, ':', line.len) : NULL;

        if (!end)
            return false;
        kit = vl_bytes_after(kit, line.len + 1);
        if (line.len == 0)
            break;
        if (!colon || !take_line(one, vl_bytes_first(line, (size_t)(colon - line.ptr)),
                                 vl_bytes_after(line, (size_t)(colon - line.ptr) + 2)))
            return false;
    }
    return one->expected != UNKNOWN &&
           (one->compressed ? inflate_to(kit, &one->file) : vl_buf_put(&one->file, kit) == VL_OK);
}

static enum vl_err type_passphrase(void *self, struct vl_passphrase *out, struct vl_why *why)
{
    (void)why;
    *out = ((const struct kit_case *)self)->passphrase;
    return VL_OK;
}

/* Is what happened of the class that the kit wants? */
static bool is_as_expected(const struct kit_case *one, enum vl_err err, enum vl_open_stage stage)
{
    bool may_be_armor = one->file.len > 0 && vl_age_armor_may_begin(one->file.data[0]);

    switch (one->expected) {
    case SUCCESS:
        return err == VL_OK && stage == VL_OPEN_PAYLOAD;
    case NO_MATCH:
        return err == VL_ERR_NO_KEY && stage == VL_OPEN_KEY;
    case HMAC_FAILURE:
        return err == VL_ERR_UNVERIFIED && stage == VL_OPEN_MAC;
    case HEADER_FAILURE:
        return (err == VL_ERR_FORMAT || err == VL_ERR_LIMIT) &&
               stage == (one->file.len ? VL_OPEN_HEADER : VL_OPEN_NOTHING);
    case PAYLOAD_FAILURE:
        return err == VL_ERR_UNVERIFIED && stage == VL_OPEN_PAYLOAD;
    case ARMOR_FAILURE: /* with something else before it, it is not seen as armor at all */
        return err == VL_ERR_FORMAT && stage == (may_be_armor ? VL_OPEN_ARMOR : VL_OPEN_HEADER);
    case UNKNOWN:
    default:
        return false;
    }
}

/* What was released: the payload, for a failure in it what came before, else nothing. */
static bool is_payload(const struct kit_case *one, vl_bytes plain)
{
    uint8_t hash[VL_HASH_LEN];

    if (one->expected != SUCCESS && one->expected != PAYLOAD_FAILURE)
        return plain.len == 0;
    vl_sha256(plain, hash);
    return memcmp(hash, one->payload_hash, sizeof hash) == 0;
}

static bool opens_as_expected(struct kit_case *one, unsigned workers, size_t piece,
                              struct vl_buf *plain, struct vl_why *why)
{
    const struct vl_open_plan plan = {.identities = &one->identities,
                                      .ask = one->has_passphrase ? type_passphrase : NULL,
                                      .ask_self = one,
                                      .workers = workers,
                                      .sink = vl_buf_sink(plain)};
    struct vl_opener *opener = vl_opener_new(&plan);
    vl_bytes rest = vl_buf_bytes(&one->file);
    struct vl_why reason = {"no failure"};
    enum vl_open_stage stage;
    enum vl_err err = VL_OK;

    if (!opener)
        return false;
    for (; !err && rest.len > 0; rest = vl_bytes_after(rest, piece))
        err = vl_opener_write(opener, vl_bytes_first(rest, piece), &reason);
    if (!err)
        err = vl_opener_finish(opener, &reason);
    stage = vl_opener_stage(opener);
    vl_opener_free(opener);
    if (is_as_expected(one, err, stage) && is_payload(one, vl_buf_bytes(plain)))
        return true;
    (void)vl_fail(why, err, "wanted %s, got %s at stage %d after %zu bytes (%s), %u workers",
                  expectations[one->expected], vl_err_name(err), (int)stage, plain->len,
                  reason.text, workers);
    return false;
}

/* The bytes of a stanza's body, which may be several lines. */
static bool body_bytes(vl_bytes lines, uint8_t *out, size_t size, size_t *len)
{
    *len = 0;
    while (lines.len > 0) {
        vl_bytes line = vl_bytes_first(lines, 64);
        size_t got;

        if (*len + 48 > size || vl_base64_decode(line, out + *len, &got))
            return false;
        *len += got;
        lines = vl_bytes_after(lines, line.len + 1);
    }
    return true;
}

/* Write again what was read.  With the file key, the MAC too. */
static bool header_goes_round(const struct kit_case *one, const struct vl_age_header *header)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_AGE_HEADER_MAX);
    bool has_mac = one->file_key.len > 0 && one->expected != HMAC_FAILURE;
    enum vl_err err = vl_age_header_begin(&again);

    for (size_t i = 0; i < header->stanza_count && !err; i++) {
        struct vl_age_stanza stanza = vl_age_header_stanza(header, i);
        vl_bytes args = vl_bytes_of(stanza.type.ptr,
                                    stanza.type.len + (stanza.arg_count > 0) + stanza.args.len);
        uint8_t body[512];
        size_t len;

        if (!body_bytes(stanza.body, body, sizeof body, &len))
            return false;
        err = vl_age_header_put_stanza(&again, args, vl_bytes_of(body, len));
    }
    if (!err && has_mac)
        err = vl_age_header_finish(&again, &one->file_key);
    return !err && again.len == (has_mac ? header->wire.len : header->mac_at) &&
           vl_bytes_starts(vl_buf_bytes(&header->wire), vl_buf_bytes(&again));
}

/* Seal the plaintext again under the file key and the nonce of the file. */
static bool payload_goes_round(const struct kit_case *one, vl_bytes sealed, vl_bytes plain)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(FILE_MAX);
    struct vl_age_stream *stream;
    enum vl_err err;

    if (sealed.len < VL_AGE_NONCE_LEN || one->file_key.len == 0)
        return false;
    stream = vl_age_stream_new(VL_AGE_SEALING, &one->file_key, sealed.ptr, 2, vl_buf_sink(&again));
    while (stream && plain.len > 0) {
        vl_room room = vl_age_stream_room(stream);
        vl_bytes piece = vl_bytes_first(plain, room.len);

        if (piece.len == 0)
            break;
        memcpy(room.ptr, piece.ptr, piece.len);
        vl_age_stream_fed(stream, piece.len);
        plain = vl_bytes_after(plain, piece.len);
    }
    err = stream ? vl_age_stream_finish(stream, NULL) : VL_ERR_NO_MEMORY;
    vl_age_stream_free(stream);
    return !err && vl_bytes_eq(vl_buf_bytes(&again), vl_bytes_after(sealed, VL_AGE_NONCE_LEN));
}

/* Without carriage returns, and without white space before and behind. */
static bool trim(vl_bytes text, struct vl_buf *out)
{
    while (text.len > 0 && strchr(" \t\r\n", text.ptr[0]))
        text = vl_bytes_after(text, 1);
    while (text.len > 0 && strchr(" \t\r\n", text.ptr[text.len - 1]))
        text.len--;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '\r' && vl_buf_put_byte(out, text.ptr[i]))
            return false;
    return vl_buf_put_byte(out, '\n') == VL_OK;
}

static bool armor_goes_round(vl_bytes text, vl_bytes binary)
{
    VL_AUTO(vl_buf_release) struct vl_buf wanted = VL_BUF_INIT(FILE_MAX);
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(FILE_MAX);
    struct vl_age_armor_writer writer = VL_AGE_ARMOR_WRITER_INIT;

    return trim(text, &wanted) && vl_age_armor_write(&writer, binary, &again) == VL_OK &&
           vl_age_armor_write_end(&writer, &again) == VL_OK &&
           vl_bytes_eq(vl_buf_bytes(&again), vl_buf_bytes(&wanted));
}

static bool unarmor(vl_bytes text, struct vl_buf *out)
{
    struct vl_age_armor_reader reader = VL_AGE_ARMOR_READER_INIT;

    return vl_age_armor_read(&reader, text, out, NULL) == VL_OK &&
           vl_age_armor_read_end(&reader, NULL) == VL_OK;
}

/* What can be made again from what was read; what fails in header or armor cannot.  plain is NULL
 * when it was not opened. */
static const char *goes_round(const struct kit_case *one, const struct vl_buf *plain)
{
    VL_AUTO(vl_age_header_release) struct vl_age_header header = VL_AGE_HEADER_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf unarmored = VL_BUF_INIT(FILE_MAX);
    vl_bytes binary = vl_buf_bytes(&one->file);
    size_t used = 0;

    if (one->expected == HEADER_FAILURE || one->expected == ARMOR_FAILURE)
        return NULL;
    if (one->armored && !unarmor(binary, &unarmored))
        return "its armor is not read";
    if (one->armored) {
        binary = vl_buf_bytes(&unarmored);
        if (!armor_goes_round(vl_buf_bytes(&one->file), binary))
            return "its armor is written in another way";
    }
    if (vl_age_header_feed(&header, binary, &used, NULL) || vl_age_header_end(&header, NULL))
        return "its header is not read";
    if (!header_goes_round(one, &header))
        return "its header is written in another way";
    if (plain && one->expected == SUCCESS &&
        !payload_goes_round(one, vl_bytes_after(binary, used), vl_buf_bytes(plain)))
        return "its payload is sealed in another way";
    return NULL;
}

static void run_case(const char *name, struct kit_case *one, struct tally *tally)
{
    VL_AUTO(vl_buf_release) struct vl_buf last = VL_BUF_INIT(FILE_MAX);
    const char *words;

    for (unsigned way = 0; way < 4 && !one->needs_hybrid; way++) {
        struct vl_why why = {""};

        vl_buf_release(&last);
        if (!opens_as_expected(one, way % 2 ? 2 : 0, way / 2 ? 1 : SIZE_MAX, &last, &why)) {
            differ(tally, name, "%s", why.text);
            return;
        }
    }
    words = goes_round(one, one->needs_hybrid ? NULL : &last);
    if (words)
        differ(tally, name, "%s", words);
    else if (one->needs_hybrid)
        skip(tally, name, NEEDS_HYBRID);
    else
        agree(tally);
}

static void run_file(const char *path, struct tally *tally)
{
    VL_AUTO(vl_buf_release) struct vl_buf kit = VL_BUF_INIT(0);
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    struct kit_case one;

    if (!read_whole(path, &kit)) {
        differ(tally, name, "cannot be read");
        return;
    }
    if (read_case(vl_buf_bytes(&kit), &one))
        run_case(name, &one, tally);
    else
        skip(tally, name, "says things that this runner does not know");
    kit_case_release(&one);
}

/* How many cases of the whole kit are not in the folder. */
static void count_absent(const char *folder)
{
    char path[PATH_SIZE], line[1024];
    FILE *in = fopen(path_in(kept_folder(), INDEX_NAME, path), "r");
    unsigned absent = 0, all = 0;

    while (in && fgets(line, sizeof line, in)) {
        FILE *one;

        line[strcspn(line, "\t\n")] = '\0';
        if (strcmp(line, "name") == 0)
            continue;
        one = fopen(path_in(folder, line, path), "rb");
        all++;
        absent += one == NULL;
        if (one)
            (void)fclose(one);
    }
    if (in)
        (void)fclose(in);
    printf("# age: of the %u cases of the kit, %u are absent\n", all, absent);
}

void run_age(const char *folder, struct tally *tally)
{
    if (each_file(folder, run_file, tally))
        count_absent(folder);
}
