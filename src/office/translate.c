/* SPDX-License-Identifier: Apache-2.0 */
/* Translations that this office stands by. */
#include <string.h>

#include "office/saying.h"

static vl_bytes text_or_none(const char *text)
{
    return text ? vl_bytes_str(text) : VL_BYTES_NONE;
}

static enum vl_err find_source(struct vl_home *home, const struct vl_translate_request *request,
                               struct vl_translation *translation, struct vl_why *why)
{
    translation->source_what = VL_SUBJECT_DOCUMENT;
    translation->is_held = request->has_document;
    memcpy(translation->source, request->document, VL_HASH_LEN);
    if (request->has_document)
        return VL_OK;
    return vl_saying_subject(home, request->source, &translation->source_what, translation->source,
                             &translation->is_held, why);
}

static enum vl_err find_speaker(struct vl_home *home, const struct vl_translate_request *request,
                                struct vl_translation *translation, struct vl_why *why)
{
    const bool is_letter = translation->source_what == VL_SUBJECT_LETTER;

    return vl_saying_speaker(
        home,
        &(struct vl_saying_for){.office = request->common.for_office,
                                .letters = (const uint8_t(*)[VL_HASH_LEN])translation->source,
                                .letter_count = is_letter,
                                .powers = {VL_POWER_SPEAK, VL_POWER_EXPLAIN},
                                .power_count = 2,
                                .now_s = request->common.now_s},
        &translation->act, &translation->has_principal, &translation->principal, why);
}

/* PROTOCOL 27: only its own translator sets another in its place. */
static enum vl_err find_superseded(struct vl_home *home, const struct vl_translate_request *request,
                                   struct vl_translation *translation, struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    enum vl_err err;

    if (!request->supersedes)
        return VL_OK;
    err = vl_acts_find(home->store, request->supersedes, &object, why);
    if (!err &&
        (object.kind != VL_KIND_TRANSLATION || !vl_office_id_eq(&object.issuer, &home->own)))
        err = vl_fail(why, VL_ERR_REFUSED, "that is no translation of this office");
    translation->has_supersedes = !err;
    memcpy(translation->supersedes, object.id, VL_HASH_LEN);
    return err;
}

/* As in vl_say: before anybody is asked for a passphrase. */
static enum vl_err rehearse(const struct vl_home *home, const struct vl_translation *translation,
                            struct vl_why *why)
{
    static const struct vl_secret nobody = {32, {1}};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    const struct vl_signer signer = {.office = home->own, .seeds = &nobody, .seed_count = 1};

    return vl_translation_write(&signer, translation, &wire, NULL, why);
}

static enum vl_err sign(struct vl_home *home, const struct vl_translate_request *request,
                        struct vl_translated_said *said, struct vl_why *why)
{
    const struct vl_say_common *common = &request->common;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_signer signer;
    enum vl_err err = vl_home_unlock(home, &common->asker, why);

    if (!err)
        err = vl_home_signer(home, common->now_s, &signer, why);
    if (!err)
        err = vl_translation_write(&signer, &said->translation, &wire, said->id, why);
    return err ? err
               : vl_saying_keep(home,
                                &(struct vl_saying_keep){vl_buf_bytes(&wire), said->id, common},
                                &said->told, why);
}

enum vl_err vl_translate(struct vl_home *home, const struct vl_translate_request *request,
                         struct vl_translated_said *said, struct vl_why *why)
{
    struct vl_translation *translation = &said->translation;
    enum vl_err err;

    *said = (struct vl_translated_said){
        .translation = {.act = {.capacity = VL_CAPACITY_PRINCIPAL,
                                .manual = request->common.manual,
                                .place = text_or_none(request->common.place)},
                        .holder = text_or_none(request->common.holder),
                        .source_lang = text_or_none(request->source_lang),
                        .target_lang = text_or_none(request->target_lang),
                        .how = request->how,
                        .engine = text_or_none(request->engine),
                        .vouches = text_or_none(request->vouches),
                        .competence = text_or_none(request->competence),
                        .text = request->text}};
    memcpy(translation->target, request->target, VL_HASH_LEN);
    err = vl_saying_check(home, &request->common, why);
    if (!err)
        err = find_source(home, request, translation, why);
    if (!err)
        err = find_speaker(home, request, translation, why);
    if (!err)
        err = find_superseded(home, request, translation, why);
    if (!err)
        err = rehearse(home, translation, why);
    if (err || request->common.dry_run)
        return err;
    return sign(home, request, said, why);
}
