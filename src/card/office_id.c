/* SPDX-License-Identifier: Apache-2.0 */
#include "card/office_id.h"

#include <string.h>

#include "codec/number.h"

#define EID_START   "dtn://"
#define WORD_BITS   11
#define SCRYPT_LOGN 17

bool vl_office_id_eq(const struct vl_office_id *a, const struct vl_office_id *b)
{
    return memcmp(a->at, b->at, sizeof a->at) == 0;
}

const char *vl_office_id_text(const struct vl_office_id *id, char out[VL_OFFICE_TEXT])
{
    return vl_number_text(VL_OFFICE_HRP, id->at, out);
}

/* Is text what is written for the number, in lower or in upper case throughout? */
static bool is_written_so(vl_bytes text, const char *written)
{
    bool is_lower = true, is_upper = true;

    if (text.len != strlen(written))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char lower = written[i], upper = lower;

        if (lower >= 'a' && lower <= 'z')
            upper = (char)(lower - 'a' + 'A');
        is_lower &= text.ptr[i] == (uint8_t)lower;
        is_upper &= text.ptr[i] == (uint8_t)upper;
    }
    return is_lower || is_upper;
}

/* What a person may type is more than what names an office to a machine: the prefix reader takes
 * dashes and a missing beginning, so what it has read must be written back to the same text. */
enum vl_err vl_office_id_parse(vl_bytes text, struct vl_office_id *id)
{
    struct vl_number_prefix prefix = {{0}, 0};
    struct vl_office_id found;
    char written[VL_OFFICE_TEXT];
    enum vl_err err = vl_number_prefix(VL_OFFICE_HRP, text, VL_NUMBER_SYMBOLS, &prefix);

    if (err)
        return err;
    memcpy(found.at, prefix.bits, sizeof found.at);
    if (!is_written_so(text, vl_office_id_text(&found, written)))
        return VL_ERR_FORMAT;
    *id = found;
    return VL_OK;
}

const char *vl_office_id_eid(const struct vl_office_id *id, char out[VL_OFFICE_EID])
{
    static const char start[] = EID_START;
    char text[VL_OFFICE_TEXT];
    size_t text_len = strlen(vl_office_id_text(id, text));

    memcpy(out, start, sizeof start - 1);
    memcpy(out + sizeof start - 1, text, text_len);
    memcpy(out + sizeof start - 1 + text_len, "/", 2);
    return out;
}

/* One office has one name in what is signed: what is found inside must be written back to the same
 * text, so the beginning, the case and the end need no look of their own. */
enum vl_err vl_office_id_of_eid(vl_bytes eid, struct vl_office_id *id)
{
    struct vl_office_id found;
    char written[VL_OFFICE_EID];

    if (vl_office_id_parse(vl_bytes_first(vl_bytes_after(eid, sizeof EID_START - 1),
                                          VL_OFFICE_TEXT - 1),
                           &found))
        return VL_ERR_FORMAT;
    if (!vl_bytes_eq(eid, vl_bytes_str(vl_office_id_eid(&found, written))))
        return VL_ERR_FORMAT;
    *id = found;
    return VL_OK;
}

/* The eleven bits that begin at this bit, the first bit being the highest. */
static unsigned bits_at(const uint8_t *bytes, size_t bit)
{
    unsigned value = 0;

    for (size_t i = bit; i < bit + WORD_BITS; i++)
        value = value << 1 | ((unsigned)bytes[i / 8] >> (7 - i % 8) & 1);
    return value;
}

/* PROTOCOL 20: slow on purpose, so that an identity with the same words is dear to look for. */
enum vl_err vl_office_id_words(const struct vl_office_id *id, unsigned out[VL_CHECK_WORDS])
{
    struct vl_passphrase input = VL_PASSPHRASE_INIT;
    struct vl_secret words = VL_SECRET_INIT;
    enum vl_err err;

    input.len = sizeof id->at;
    memcpy(input.data, id->at, sizeof id->at);
    err = vl_scrypt(&input, VL_LITERAL("valise/words/v1"), SCRYPT_LOGN, &words);
    for (size_t i = 0; i < VL_CHECK_WORDS && !err; i++)
        out[i] = bits_at(words.data, i * WORD_BITS);
    return err;
}
