/* SPDX-License-Identifier: Apache-2.0 */
#include "statement/translation.h"

#include <string.h>

#include "crypto/hash.h"
#include "statement/rules.h"

enum key {
    KEY_HOLDER = VL_ACT_OWN_KEYS,
    KEY_PRINCIPAL,
    KEY_SOURCE_WHAT,
    KEY_SOURCE,
    KEY_SOURCE_LANG,
    KEY_HELD,
    KEY_TARGET,
    KEY_TARGET_LANG,
    KEY_HOW,
    KEY_ENGINE,
    KEY_VOUCHES,
    KEY_COMPETENCE,
    KEY_SUPERSEDES,
    KEY_TEXT,
    KEY_END
};
#define OWN  (KEY_END - VL_ACT_OWN_KEYS)
#define WHAT "translation"

/* Who answers for it must say so, and for what nobody revised nobody does. */
static enum vl_err check_how(const struct vl_translation *translation, struct vl_why *why)
{
    const bool by_machine =
        translation->how == VL_TRANSLATED_MACHINE || translation->how == VL_TRANSLATED_POST_EDITED;
    const bool is_revised = translation->how == VL_TRANSLATED_HUMAN_REVISED ||
                            translation->how == VL_TRANSLATED_POST_EDITED;

    if (by_machine && translation->engine.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "by a machine that has no name");
    if (!by_machine && translation->engine.len > 0 && translation->how != VL_TRANSLATED_UNKNOWN)
        return vl_fail(why, VL_ERR_FORMAT, "a machine's name, and not by a machine");
    if (is_revised && translation->vouches.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "revised by nobody");
    if (translation->how == VL_TRANSLATED_MACHINE && translation->vouches.len > 0)
        return vl_fail(why, VL_ERR_FORMAT, "somebody answers for it, and nobody revised it");
    if (translation->competence.len > 0 && translation->vouches.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "the competence of nobody");
    return VL_OK;
}

static enum vl_err check(const struct vl_translation *translation,
                         const struct vl_office_id *issuer, struct vl_why *why)
{
    uint8_t hash[VL_HASH_LEN];
    enum vl_err err = vl_act_check_capacity(&translation->act,
                                            VL_CAPACITY_BIT(VL_CAPACITY_DELEGATE) |
                                                VL_CAPACITY_BIT(VL_CAPACITY_PRINCIPAL),
                                            why);

    if (!err)
        err = vl_speaker_check(&translation->act, issuer,
                               translation->has_principal ? &translation->principal : NULL, why);
    if (err)
        return err;
    if (translation->source_what == VL_SUBJECT_OFFICE)
        return vl_fail(why, VL_ERR_FORMAT, "an office, which is no text");
    if (vl_bytes_eq(translation->source_lang, translation->target_lang))
        return vl_fail(why, VL_ERR_FORMAT, "from a language into itself");
    vl_sha256(translation->text, hash);
    if (translation->text.len > 0 && memcmp(hash, translation->target, VL_HASH_LEN) != 0)
        return vl_fail(why, VL_ERR_FORMAT, "another text than its digest is of");
    return check_how(translation, why);
}

static enum vl_err read_payload(vl_bytes wire, const struct vl_office_id *issuer,
                                struct vl_translation *translation, struct vl_why *why)
{
    struct vl_fields in = vl_fields_open(wire, &translation->act);
    enum vl_err err;

    translation->holder = vl_field_text_or_null(&in, KEY_HOLDER, VL_MAX_NAME);
    translation->has_principal =
        vl_field_hash_or_null(&in, KEY_PRINCIPAL, translation->principal.at);
    translation->source_what =
        (enum vl_subject)vl_field_count(&in, KEY_SOURCE_WHAT, VL_SUBJECT_PART);
    vl_field_hash(&in, KEY_SOURCE, translation->source);
    translation->source_lang = vl_language_read(vl_field_value(&in, KEY_SOURCE_LANG));
    translation->is_held = vl_cbor_bool(vl_field_value(&in, KEY_HELD));
    vl_field_hash(&in, KEY_TARGET, translation->target);
    translation->target_lang = vl_language_read(vl_field_value(&in, KEY_TARGET_LANG));
    translation->how = (enum vl_translated)vl_field_count(&in, KEY_HOW, VL_TRANSLATED_UNKNOWN);
    translation->engine = vl_field_text_or_null(&in, KEY_ENGINE, VL_MAX_NAME);
    translation->vouches = vl_field_text_or_null(&in, KEY_VOUCHES, VL_MAX_NAME);
    translation->competence = vl_field_text_or_null(&in, KEY_COMPETENCE, VL_MAX_WORDS);
    translation->has_supersedes =
        vl_field_hash_or_null(&in, KEY_SUPERSEDES, translation->supersedes);
    translation->text = vl_field_text_or_null(&in, KEY_TEXT, VL_STATEMENT_MAX_TEXT);
    err = vl_fields_close(&in, why);
    return err ? err : check(translation, issuer, why);
}

enum vl_err vl_translation_read(const struct vl_object *object, struct vl_translation *translation,
                                struct vl_why *why)
{
    enum vl_err err;

    *translation = (struct vl_translation){.is_held = false};
    if (object->kind != VL_KIND_TRANSLATION)
        return vl_fail(why, VL_ERR_FORMAT, WHAT ": an object of another kind");
    err = read_payload(vl_object_payload(object), &object->issuer, translation, why);
    if (!err)
        err = vl_fields_check_sub(object, vl_subject_word(translation->source_what),
                                  VL_ARRAY(translation->source), why);
    if (!err)
        return VL_OK;
    *translation = (struct vl_translation){.is_held = false};
    return vl_fail_in(why, err, WHAT);
}

static void put_payload(struct vl_cbor_out *w, const struct vl_signer *signer,
                        const struct vl_translation *translation)
{
    vl_fields_put_act(w, signer, &translation->act, OWN);
    vl_field_put_text(w, KEY_HOLDER, translation->holder);
    vl_field_put_hash(w, KEY_PRINCIPAL, translation->has_principal, translation->principal.at);
    vl_field_put_uint(w, KEY_SOURCE_WHAT, (uint64_t)translation->source_what);
    vl_field_put_hash(w, KEY_SOURCE, true, translation->source);
    vl_field_put_text(w, KEY_SOURCE_LANG, translation->source_lang);
    vl_cbor_put_int(w, KEY_HELD);
    vl_cbor_put_bool(w, translation->is_held);
    vl_field_put_hash(w, KEY_TARGET, true, translation->target);
    vl_field_put_text(w, KEY_TARGET_LANG, translation->target_lang);
    vl_field_put_uint(w, KEY_HOW, (uint64_t)translation->how);
    vl_field_put_text(w, KEY_ENGINE, translation->engine);
    vl_field_put_text(w, KEY_VOUCHES, translation->vouches);
    vl_field_put_text(w, KEY_COMPETENCE, translation->competence);
    vl_field_put_hash(w, KEY_SUPERSEDES, translation->has_supersedes, translation->supersedes);
    vl_field_put_text(w, KEY_TEXT, translation->text);
}

enum vl_err vl_translation_write(const struct vl_signer *signer,
                                 const struct vl_translation *translation, struct vl_buf *out,
                                 uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_translation read_back = {.is_held = false};
    enum vl_err err;

    put_payload(&w, signer, translation);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : read_payload(vl_buf_bytes(&payload), &signer->office, &read_back, why);
    if (!err)
        err = vl_fields_sign(signer, VL_KIND_TRANSLATION, vl_subject_word(translation->source_what),
                             VL_ARRAY(translation->source), vl_buf_bytes(&payload), out, id, why);
    return err ? vl_fail_in(why, err, WHAT) : VL_OK;
}
