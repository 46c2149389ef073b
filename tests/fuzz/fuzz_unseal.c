/* SPDX-License-Identifier: Apache-2.0 */
/* Opening says and releases the same in whatever pieces a file comes and however many work on it.
 * What opens is what sealing makes: the content under the same key gives the same payload.
 *
 * An input that begins with '!' is not a file but a list of edits, six bytes each, of a file that
 * was sealed well: then only the untouched file opens, and what is released is how its content
 * begins, in whole chunks. */
#include <stdlib.h>
#include <string.h>

#include "seal/age_armor.h"
#include "seal/age_stream.h"
#include "seal/seal.h"

#define CEILING  ((size_t)1 << 24)
#define IDENTITY "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0"
#define LETTER   (4 * VL_AGE_CHUNK + 1000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static struct vl_age_identity one;
static const struct vl_age_identities keys = {&one, 1, 1};
static uint8_t content[LETTER];
static struct vl_buf sealed_letter, armored_letter;

static enum vl_err fill_with_ones(void *self, uint8_t *out, size_t len)
{
    (void)self;
    memset(out, 1, len);
    return VL_OK;
}

static void seal_letter(bool armor, struct vl_buf *out)
{
    const struct vl_age_recipients recipients = {&one.recipient, 1, 1};
    const struct vl_seal_plan plan = {.recipients = &recipients,
                                      .armor = armor,
                                      .rng = {fill_with_ones, NULL},
                                      .sink = vl_buf_sink(out)};
    struct vl_sealer *sealer;

    *out = VL_BUF_INIT(CEILING);
    check(vl_sealer_new(&plan, &sealer, NULL) == VL_OK);
    check(vl_sealer_write(sealer, VL_ARRAY(content), NULL) == VL_OK);
    check(vl_sealer_finish(sealer, NULL) == VL_OK);
    vl_sealer_free(sealer);
}

static void prepare(void)
{
    if (one.x25519.len > 0)
        return;
    check(vl_age_identity_parse(VL_LITERAL(IDENTITY), &one, NULL) == VL_OK);
    for (size_t i = 0; i < sizeof content; i++)
        content[i] = (uint8_t)(i * 7 ^ i >> 8);
    seal_letter(false, &sealed_letter);
    seal_letter(true, &armored_letter);
}

static enum vl_err type_password(void *self, struct vl_passphrase *out, struct vl_why *why)
{
    (void)why;
    ++*(unsigned *)self;
    out->len = 8;
    memcpy(out->data, "password", 8);
    return VL_OK;
}

struct opened {
    enum vl_err err;
    enum vl_open_stage stage;
    struct vl_why why;
    struct vl_buf plain, head;
};

static void open_in(vl_bytes sealed, unsigned workers, size_t piece, struct opened *opened)
{
    unsigned asked = 0;
    const struct vl_open_plan plan = {.identities = &keys,
                                      .ask = type_password,
                                      .ask_self = &asked,
                                      .max_log_n = 10,
                                      .workers = workers,
                                      .sink = vl_buf_sink(&opened->plain)};
    struct vl_opener *opener;

    *opened = (struct opened){.plain = VL_BUF_INIT(CEILING), .head = VL_BUF_INIT(CEILING)};
    opener = vl_opener_new(&plan);
    check(opener != NULL);
    for (; !opened->err && sealed.len > 0; sealed = vl_bytes_after(sealed, piece))
        opened->err = vl_opener_write(opener, vl_bytes_first(sealed, piece), &opened->why);
    if (!opened->err)
        opened->err = vl_opener_finish(opener, &opened->why);
    opened->stage = vl_opener_stage(opener);
    check(vl_buf_put(&opened->head, vl_opener_head(opener)) == VL_OK);
    vl_opener_free(opener);
    check(asked <= 1 && (opened->err || opened->stage == VL_OPEN_PAYLOAD));
}

static void opened_release(struct opened *opened)
{
    vl_buf_release(&opened->plain);
    vl_buf_release(&opened->head);
}

/* Gives the one verdict of all ways to open it. */
static void open_alike(vl_bytes sealed, struct opened *first)
{
    static const struct {
        unsigned workers;
        size_t piece;
    } ways[] = {{2, SIZE_MAX}, {0, 4999}, {0, 1}};

    open_in(sealed, 0, SIZE_MAX, first);
    for (size_t i = 0; i < (sealed.len < 20000 ? 3 : 2); i++) {
        struct opened again;

        open_in(sealed, ways[i].workers, ways[i].piece, &again);
        check(again.err == first->err && again.stage == first->stage);
        check(strcmp(again.why.text, first->why.text) == 0);
        check(vl_bytes_eq(vl_buf_bytes(&again.plain), vl_buf_bytes(&first->plain)));
        check(vl_bytes_eq(vl_buf_bytes(&again.head), vl_buf_bytes(&first->head)));
        opened_release(&again);
    }
}

static void unarmor(vl_bytes file, struct vl_buf *out)
{
    struct vl_age_armor_reader reader = VL_AGE_ARMOR_READER_INIT;

    if (!vl_age_armor_may_begin(file.ptr[0])) {
        check(vl_buf_put(out, file) == VL_OK);
        return;
    }
    check(vl_age_armor_read(&reader, file, out, NULL) == VL_OK);
    check(vl_age_armor_read_end(&reader, NULL) == VL_OK);
}

/* The file key of a file that was opened. */
static void find_file_key(vl_bytes file, struct vl_secret *file_key)
{
    VL_AUTO(vl_age_header_release) struct vl_age_header header = VL_AGE_HEADER_INIT;
    enum vl_err err = VL_ERR_NO_KEY;
    size_t used;

    check(vl_age_header_feed(&header, file, &used, NULL) == VL_OK && header.complete);
    for (size_t i = 0; i < header.stanza_count && err; i++) {
        struct vl_age_stanza stanza = vl_age_header_stanza(&header, i);
        struct vl_passphrase passphrase = VL_PASSPHRASE_INIT;
        unsigned log_n, asked = 0;

        if (vl_age_stanza_is_x25519(&stanza))
            err = vl_age_unwrap(&one, &stanza, file_key, NULL);
        if (!vl_age_stanza_is_scrypt(&stanza))
            continue;
        check(header.stanza_count == 1);
        check(vl_age_scrypt_check(&stanza, 10, &log_n, NULL) == VL_OK);
        check(type_password(&asked, &passphrase, NULL) == VL_OK);
        err = vl_age_unwrap_passphrase(&passphrase, &stanza, log_n, file_key, NULL);
    }
    check(err == VL_OK && vl_age_header_verify(&header, file_key, NULL) == VL_OK);
}

static void check_sealing_makes_it(vl_bytes sealed, const struct opened *opened)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(CEILING), again = file;
    VL_AUTO(vl_secret_wipe) struct vl_secret file_key = VL_SECRET_INIT;
    vl_bytes plain = vl_buf_bytes(&opened->plain), head = vl_buf_bytes(&opened->head);
    struct vl_age_stream *stream;

    unarmor(sealed, &file);
    check(head.len > VL_AGE_NONCE_LEN && vl_bytes_starts(vl_buf_bytes(&file), head));
    find_file_key(vl_buf_bytes(&file), &file_key);
    stream = vl_age_stream_new(VL_AGE_SEALING, &file_key, head.ptr + head.len - VL_AGE_NONCE_LEN, 0,
                               vl_buf_sink(&again));
    check(stream != NULL);
    while (plain.len > 0) {
        vl_room room = vl_age_stream_room(stream);
        vl_bytes some = vl_bytes_first(plain, room.len);

        check(some.len > 0);
        memcpy(room.ptr, some.ptr, some.len);
        vl_age_stream_fed(stream, some.len);
        plain = vl_bytes_after(plain, some.len);
    }
    check(vl_age_stream_finish(stream, NULL) == VL_OK);
    vl_age_stream_free(stream);
    check(vl_bytes_eq(vl_buf_bytes(&again), vl_bytes_after(vl_buf_bytes(&file), head.len)));
}

/* What to do, a place near something that matters (a chunk's beginning), and a length or a byte. */
static void edit(struct vl_buf *file, const uint8_t step[6])
{
    size_t near = (size_t)(step[1] % 6) * VL_AGE_SEALED + (step[1] < 128 ? 184 : 0);
    size_t at = near + (size_t)step[2] + (size_t)step[3] * 257, len = (size_t)step[4] * step[5];
    struct vl_buf tail = VL_BUF_INIT(CEILING);
    vl_bytes from;

    at = at < file->len ? at : file->len;
    from = vl_bytes_after(vl_buf_bytes(file), at);
    switch (step[0] % 5) {
    case 0: /* cut off */
        file->len = at;
        break;
    case 1: /* alter */
        if (at < file->len)
            file->data[at] ^= step[4];
        break;
    case 2: /* leave out */
        check(vl_buf_put(&tail, vl_bytes_after(from, len)) == VL_OK);
        file->len = at;
        break;
    case 3: /* repeat */
        check(vl_buf_put(&tail, vl_bytes_first(from, len)) == VL_OK);
        check(vl_buf_put(&tail, from) == VL_OK);
        file->len = at;
        break;
    default: /* leave out a whole chunk */
        check(vl_buf_put(&tail, vl_bytes_after(from, VL_AGE_SEALED)) == VL_OK);
        file->len = at;
    }
    check(file->len + tail.len > CEILING || vl_buf_put(file, vl_buf_bytes(&tail)) == VL_OK);
    vl_buf_release(&tail);
}

static void open_edited(vl_bytes steps)
{
    bool armor = steps.len > 0 && steps.ptr[0] & 1;
    const struct vl_buf *letter = armor ? &armored_letter : &sealed_letter;
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(CEILING);
    struct opened opened;
    vl_bytes plain;

    check(vl_buf_put(&file, vl_buf_bytes(letter)) == VL_OK);
    steps = vl_bytes_after(steps, 1);
    for (size_t i = 0; i < 4 && steps.len >= 6; i++, steps = vl_bytes_after(steps, 6))
        edit(&file, steps.ptr);
    open_alike(vl_buf_bytes(&file), &opened);
    plain = vl_buf_bytes(&opened.plain);
    check(plain.len <= sizeof content && vl_bytes_eq(plain, vl_bytes_of(content, plain.len)));
    check(plain.len % VL_AGE_CHUNK == 0 || plain.len == sizeof content);
    if (!opened.err && !armor)
        check(vl_bytes_eq(vl_buf_bytes(&file), vl_buf_bytes(letter)));
    if (!opened.err)
        check(plain.len == sizeof content);
    opened_release(&opened);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    vl_bytes bytes = vl_bytes_of(data, len);
    struct opened opened;

    prepare();
    if (vl_bytes_starts(bytes, VL_LITERAL("!"))) {
        open_edited(vl_bytes_after(bytes, 1));
        return 0;
    }
    open_alike(bytes, &opened);
    if (!opened.err)
        check_sealing_makes_it(bytes, &opened);
    opened_release(&opened);
    return 0;
}
