/* SPDX-License-Identifier: Apache-2.0 */
/* Says what our readers make of each line on stdin, for tests/oracle/formats.sh.  A line is a word
 * for what it is, a `sub` or other text, and hex digits; the answer is 1 or 0. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/evidence.h"
#include "letter/core.h"
#include "letter/disclosure.h"
#include "office/secrets.h"

#define LINE_MAX_LEN ((size_t)1 << 22)

static bool hex_bytes(const char *text, struct vl_buf *out)
{
    unsigned byte;

    for (; text[0] && text[1]; text += 2)
        if (sscanf(text, "%2x", &byte) != 1 || vl_buf_put_byte(out, (uint8_t)byte))
            return false;
    return true;
}

/* Reading a payload looks at no more of an object than this. */
static struct vl_object object_of(enum vl_kind kind, const char *sub, vl_bytes payload)
{
    struct vl_object object = {.kind = kind, .count = 1};

    object.by[0] = (struct vl_sign1)VL_SIGN1_INIT;
    object.by[0].claims.sub = vl_bytes_str(sub);
    object.by[0].payload = payload;
    return object;
}

static bool is_sealed(const char *sub, vl_bytes wire)
{
    struct vl_object object = object_of(VL_KIND_SEALED, sub, wire);
    struct vl_sealed sealed;

    return vl_sealed_read(&object, &sealed, NULL) == VL_OK;
}

static bool is_opened(const char *sub, vl_bytes wire)
{
    struct vl_object object = object_of(VL_KIND_OPENED, sub, wire);
    struct vl_opened opened;

    return vl_opened_read(&object, &opened, NULL) == VL_OK;
}

/* One of the seven kinds, a translation, an invitation, or a succession, whose signer stands behind
 * its sub and an '@'.  What is about nothing is about who says it. */
static bool is_said(const char *word, const char *sub, vl_bytes wire)
{
    VL_AUTO(vl_buf_release) struct vl_buf about = VL_BUF_INIT(VL_HASH_LEN);
    const char *signer = strchr(sub, '@'), *digits = signer ? signer : strrchr(sub, ':');
    static struct vl_act_any any;
    struct vl_object object;

    if (digits && !hex_bytes(digits + 1, &about))
        about.len = 0;
    for (unsigned kind = VL_KIND_ASSERT; kind <= VL_KIND_SUCCEEDS; kind++) {
        object = object_of((enum vl_kind)kind, sub, wire);
        if (signer)
            object.by[0].claims.sub = vl_bytes_of(sub, (size_t)(signer - sub));
        if (about.len == VL_HASH_LEN)
            memcpy(object.issuer.at, about.data, VL_HASH_LEN);
        if (strcmp(vl_kind_word(object.kind), word) == 0)
            return vl_act_any_read(&object, &any, NULL) == VL_OK;
    }
    abort();
}

static bool is_core(const char *sub, vl_bytes wire)
{
    VL_AUTO(vl_manifest_release) struct vl_manifest manifest = VL_MANIFEST_INIT;
    struct vl_object object = object_of(VL_KIND_MANIFEST, sub, wire);
    struct vl_core_digests digests;

    return vl_core_read(&object, &manifest, &digests, NULL) == VL_OK;
}

static bool is_waybill(const char *sub, vl_bytes wire)
{
    struct vl_waybill waybill;

    (void)sub;
    return vl_waybill_parse(wire, &waybill, NULL) == VL_OK;
}

/* By the key of this many bytes 'm', which is on the first card of the Mill Office. */
static enum vl_err sign(enum vl_kind kind, const char *sub, vl_bytes payload, struct vl_buf *out)
{
    struct vl_secret seed = {32, {0}};
    struct vl_signer signer = {.seeds = &seed, .seed_count = 1};
    VL_AUTO(vl_buf_release) struct vl_buf office = VL_BUF_INIT(VL_HASH_LEN);
    const char *digits = strrchr(sub, ':');

    memset(seed.data, 'm', 32);
    if (!digits || !hex_bytes(digits + 1, &office) || office.len != VL_HASH_LEN)
        return VL_ERR_FORMAT;
    memcpy(signer.office.at, office.data, VL_HASH_LEN);
    return vl_object_sign(&signer, kind, vl_bytes_str(sub), payload, out, NULL, NULL);
}

static bool is_card(const char *sub, vl_bytes wire)
{
    VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_card_release) struct vl_card card = VL_CARD_INIT;

    return sign(VL_KIND_CARD, sub, wire, &object) == VL_OK &&
           vl_card_parse(vl_buf_bytes(&object), &card, NULL) == VL_OK;
}

static bool is_revocation(const char *sub, vl_bytes wire)
{
    VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_revocation_release) struct vl_revocation revocation = VL_REVOCATION_INIT;

    return sign(VL_KIND_REVOCATION, sub, wire, &object) == VL_OK &&
           vl_revocation_parse(vl_buf_bytes(&object), &revocation, NULL) == VL_OK;
}

static bool is_cards(const char *sub, vl_bytes wire)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

    (void)sub;
    return vl_chain_parse(wire, &chain, NULL) == VL_OK;
}

/* A payload is looked at by whoever knows its kind; that it is CBOR is said of all. */
static bool payload_is_cbor(const struct vl_object *object)
{
    struct vl_cbor r = vl_cbor_open(vl_object_payload(object), VL_CBOR_STRICT);

    (void)vl_cbor_item(&r);
    return vl_cbor_close(&r, "payload", NULL) == VL_OK;
}

static bool is_evidence(const char *sub, vl_bytes wire)
{
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;

    bool good = vl_evidence_parse(wire, &evidence, NULL) == VL_OK;

    (void)sub;
    for (size_t i = 0; i < evidence.item_count; i++)
        good = good && payload_is_cbor(&evidence.items[i].object);
    return good;
}

static bool is_object(const char *sub, vl_bytes wire)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;

    (void)sub;
    return vl_object_parse(wire, &object, NULL) == VL_OK && payload_is_cbor(&object);
}

static bool is_manifest(const char *sub, vl_bytes wire)
{
    VL_AUTO(vl_manifest_release) struct vl_manifest manifest = VL_MANIFEST_INIT;

    (void)sub;
    return vl_manifest_parse(wire, &manifest, NULL) == VL_OK;
}

static bool is_disclosure(const char *sub, vl_bytes wire)
{
    VL_AUTO(vl_disclosure_release) struct vl_disclosure disclosure = VL_DISCLOSURE_INIT;

    if (vl_disclosure_parse(wire, &disclosure, NULL))
        return false;
    return disclosure.evidence.len == 0 || is_evidence(sub, disclosure.evidence);
}

/* The opening of the field that sub names, whatever its digest is. */
static bool is_field(const char *sub, vl_bytes wire)
{
    VL_AUTO(vl_manifest_release)
    struct vl_manifest manifest = VL_MANIFEST_INIT;
    uint8_t digest[VL_FIELD_COUNT][VL_HASH_LEN];
    const struct vl_core_digests digests = {digest[0], 0, NULL, VL_HASH_LEN};
    const struct vl_office_id nobody = {{0}};
    unsigned field = 0;
    bool is_open = sub[0] == '-';

    sub += is_open;
    while (field < VL_FIELD_COUNT && strcmp(vl_field_word((enum vl_field)field), sub) != 0)
        field++;
    if (field == VL_FIELD_COUNT)
        return false;
    vl_opening_digest(wire, digest[field]);
    manifest.mode = is_open ? VL_CORE_OPEN : VL_CORE_SEALED;
    if (vl_opening_read_field(wire, (enum vl_field)field, &digests, &manifest, NULL))
        return false;
    return field != VL_FIELD_TO ||
           vl_readers_check(&manifest,
                            manifest.to_count > 0 ? &manifest.to[manifest.to_count - 1].office
                                                  : &nobody,
                            NULL) == VL_OK;
}

static bool is_part(const char *sub, vl_bytes wire)
{
    uint8_t digest[VL_HASH_LEN], salt[VL_MANIFEST_SALT];
    const struct vl_core_digests digests = {NULL, 1, digest, VL_HASH_LEN};
    struct vl_manifest_part part = {.size = 0};

    (void)sub;
    vl_opening_digest(wire, digest);
    return vl_opening_read_part(wire, 0, &digests, &part, salt, NULL) == VL_OK;
}

static bool is_keys(const char *sub, vl_bytes wire)
{
    VL_AUTO(vl_secrets_wipe) struct vl_secrets secrets = VL_SECRETS_INIT;

    (void)sub;
    return vl_secrets_parse(wire, &secrets, NULL) == VL_OK;
}

static const struct {
    const char *word;
    bool (*is)(const char *sub, vl_bytes wire);
} kinds[] = {
    {"sealed", is_sealed},         {"opened", is_opened},     {"core-payload", is_core},
    {"waybill", is_waybill},       {"card-payload", is_card}, {"revocation-payload", is_revocation},
    {"card-file", is_cards},       {"evidence", is_evidence}, {"object", is_object},
    {"manifest", is_manifest},     {"field", is_field},       {"part-opening", is_part},
    {"disclosure", is_disclosure}, {"keys-file", is_keys},
};

static bool answer(char *line)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(LINE_MAX_LEN);
    char *sub = strchr(line, ' '), *digits = sub ? strchr(sub + 1, ' ') : NULL;

    if (!digits)
        abort();
    *sub++ = '\0';
    *digits++ = '\0';
    digits[strcspn(digits, "\n")] = '\0';
    if (!hex_bytes(digits, &wire))
        abort();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].word, line) == 0)
            return kinds[i].is(sub, vl_buf_bytes(&wire));
    return is_said(line, sub, vl_buf_bytes(&wire));
}

int main(void)
{
    char *line = malloc(LINE_MAX_LEN);

    while (line && fgets(line, (int)LINE_MAX_LEN, stdin))
        puts(answer(line) ? "1" : "0");
    free(line);
    return 0;
}
