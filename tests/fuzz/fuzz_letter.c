/* SPDX-License-Identifier: Apache-2.0 */
/* Letters from any bytes, as an archive that lies bare and inside an envelope, in pieces of a
 * length that the bytes choose.  The pieces and the envelope change no answer; the number is that
 * of the bytes; and what is read as a letter is made of its parts and its manifest to the last
 * byte. */
#include <stdlib.h>
#include <string.h>

#include "letter/letter.h"
#include "letter/pax.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

#define CEIL ((size_t)1 << 24)

/* The archive, made again from what the reader says. */
struct copy {
    struct vl_buf archive;
    uint64_t left;
};

static enum vl_err begin(void *self, size_t index, vl_bytes name, uint64_t size, struct vl_why *why)
{
    struct copy *copy = self;

    (void)index, (void)why;
    check(vl_pax_header(name, size, &copy->archive) == VL_OK);
    copy->left = size;
    return VL_OK;
}

static enum vl_err data_came(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct copy *copy = self;

    (void)why;
    check(bytes.len <= copy->left);
    copy->left -= bytes.len;
    check(vl_buf_put(&copy->archive, bytes) == VL_OK);
    return VL_OK;
}

static enum vl_err end(void *self, struct vl_why *why)
{
    struct copy *copy = self;
    uint8_t *at;

    (void)why;
    check(copy->left == 0);
    check(vl_buf_add(&copy->archive,
                     (VL_PAX_BLOCK - copy->archive.len % VL_PAX_BLOCK) % VL_PAX_BLOCK,
                     &at) == VL_OK);
    return VL_OK;
}

static void check_made(struct copy *copy, const struct vl_manifest *manifest, vl_bytes archive)
{
    vl_bytes wire = vl_buf_bytes(&manifest->wire);
    uint8_t *at;

    check(vl_pax_header(VL_LITERAL(VL_MANIFEST_NAME), wire.len, &copy->archive) == VL_OK);
    check(vl_buf_put(&copy->archive, wire) == VL_OK);
    check(vl_buf_add(&copy->archive, vl_pax_fill(wire.len) + VL_PAX_END, &at) == VL_OK);
    if (manifest->padded)
        check(vl_buf_add(&copy->archive,
                         (size_t)(vl_pax_padded(copy->archive.len) - copy->archive.len),
                         &at) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&copy->archive), archive));
}

static enum vl_err read_file(vl_bytes file, vl_bytes archive, const struct vl_age_identities *keys,
                             size_t piece, struct vl_why *why)
{
    VL_AUTO(vl_letter_seen_release) struct vl_letter_seen seen = VL_LETTER_SEEN_INIT;
    struct copy copy = {VL_BUF_INIT(CEIL), 0};
    const struct vl_letter_read_plan plan = {.identities = keys,
                                             .parts = {begin, data_came, end, &copy}};
    struct vl_letter_reader *reader = vl_letter_reader_new(&plan, 0);
    uint8_t number[VL_HASH_LEN];
    enum vl_err err = VL_OK;

    check(reader != NULL);
    for (vl_bytes left = file; left.len > 0 && !err; left = vl_bytes_after(left, piece))
        err = vl_letter_reader_write(reader, vl_bytes_first(left, piece), why);
    if (!err) {
        err = vl_letter_reader_finish(reader, &seen, why);
        vl_sha256(file, number);
        check(memcmp(seen.number, number, sizeof number) == 0 && seen.size == file.len);
    }
    if (!err) {
        check_made(&copy, &seen.manifest, archive);
        check(seen.was_sealed == (keys != NULL));
        check(vl_letter_form(&seen) != VL_FORM_SEALED); /* its commitment is to another envelope */
    }
    vl_letter_reader_free(reader);
    vl_buf_release(&copy.archive);
    return err;
}

static enum vl_err fill_with_ones(void *self, uint8_t *out, size_t len)
{
    (void)self;
    memset(out, 1, len);
    return VL_OK;
}

static void seal(vl_bytes archive, const struct vl_age_identity *key, struct vl_buf *out)
{
    struct vl_age_recipient recipient = key->recipient;
    const struct vl_age_recipients recipients = {&recipient, 1, 1};
    const struct vl_seal_plan plan = {.recipients = &recipients,
                                      .rng = {fill_with_ones, NULL},
                                      .sink = vl_buf_sink(out)};
    struct vl_sealer *sealer;

    check(vl_sealer_new(&plan, &sealer, NULL) == VL_OK);
    check(vl_sealer_write(sealer, archive, NULL) == VL_OK);
    check(vl_sealer_finish(sealer, NULL) == VL_OK);
    vl_sealer_free(sealer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const struct vl_rng ones = {fill_with_ones, NULL};
    VL_AUTO(vl_buf_release) struct vl_buf envelope = VL_BUF_INIT(CEIL);
    struct vl_why why = {""}, again = {""};
    vl_bytes archive = vl_bytes_of(data, len);
    size_t piece = len ? data[len / 2] % 64u * 9 + 1 : 1;
    enum vl_err err = read_file(archive, archive, NULL, SIZE_MAX, &why);
    struct vl_age_identity key;
    struct vl_age_identities keys = {&key, 1, 1};

    check(read_file(archive, archive, NULL, piece, &again) == err);
    check(strcmp(why.text, again.text) == 0);
    check(vl_age_identity_make(&ones, &key) == VL_OK);
    seal(archive, &key, &envelope);
    check(read_file(vl_buf_bytes(&envelope), archive, &keys, piece, &again) == err);
    return 0;
}
