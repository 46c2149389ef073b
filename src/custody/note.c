/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/note.h"

#include <string.h>

enum key {
    KEY_ROOT = VL_ACT_OWN_KEYS,
    KEY_COUNT,
    KEY_REASON,
    KEY_WORDS,
    KEY_PARTY,
    KEY_PERSON,
    KEY_METHOD,
    KEY_SEALS_BEFORE,
    KEY_SEALS_AFTER,
    KEY_ANSWERS,
    KEY_END
};
#define OWN   (KEY_END - VL_ACT_OWN_KEYS)
#define ABOUT "batch"

bool vl_note_kind(enum vl_kind kind, unsigned *needs)
{
    /* clang-format off */
    static const struct {
        bool is_note;
        unsigned needs;
    } notes[VL_KIND_COUNT] = {
#define X(code, what) [VL_KIND_##code] = {true, (what)},
        VL_NOTE_TABLE(X)
#undef X
    };
    /* clang-format on */

    if (kind >= VL_KIND_COUNT || !notes[kind].is_note)
        return false;
    if (needs)
        *needs = notes[kind].needs;
    return true;
}

/* Only the principal, or whoever it says may speak of it, tells that the principal has it. */
static enum vl_err check_capacity(const struct vl_note *note, struct vl_why *why)
{
    enum vl_err err = vl_act_check_capacity(&note->act, VL_CAPACITY_CUSTODIAN, why);

    if (err || note->kind != VL_KIND_REACHED || note->act.capacity == VL_CAPACITY_PRINCIPAL)
        return err;
    if (note->act.capacity != VL_CAPACITY_DELEGATE || !note->act.has_under)
        return vl_fail(why, VL_ERR_FORMAT, "neither by the principal nor under a mandate");
    return VL_OK;
}

static enum vl_err check(const struct vl_note *note, struct vl_why *why)
{
    unsigned needs = VL_NOTE_FREE;
    enum vl_err err = check_capacity(note, why);

    if (err)
        return err;
    (void)vl_note_kind(note->kind, &needs);
    if ((needs & VL_NOTE_REASON) && note->reason.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "it gives no reason");
    if ((needs & VL_NOTE_SEALS) && note->seals_before.count + note->seals_after.count == 0)
        return vl_fail(why, VL_ERR_FORMAT, "it names no seals");
    if ((needs & VL_NOTE_METHOD) && note->method.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "it does not say by which way");
    return VL_OK;
}

static enum vl_err read_payload(vl_bytes wire, struct vl_note *note, struct vl_why *why)
{
    struct vl_fields in = vl_fields_open(wire, &note->act);
    enum vl_err err;

    vl_field_hash(&in, KEY_ROOT, note->batch.root);
    note->batch.count = vl_field_count(&in, KEY_COUNT, VL_BATCH_MAX);
    note->reason = vl_field_code_or_null(&in, KEY_REASON);
    note->words = vl_field_text_or_null(&in, KEY_WORDS, VL_MAX_WORDS);
    note->has_party = vl_field_hash_or_null(&in, KEY_PARTY, note->party.at);
    note->person = vl_field_text_or_null(&in, KEY_PERSON, VL_MAX_NAME);
    note->method = vl_field_text_or_null(&in, KEY_METHOD, VL_MAX_NAME);
    vl_field_seals(&in, KEY_SEALS_BEFORE, &note->seals_before);
    vl_field_seals(&in, KEY_SEALS_AFTER, &note->seals_after);
    note->has_answers = vl_field_hash_or_null(&in, KEY_ANSWERS, note->answers);
    err = vl_fields_close(&in, why);
    return err ? err : check(note, why);
}

enum vl_err vl_note_read(const struct vl_object *object, struct vl_note *note, struct vl_why *why)
{
    enum vl_err err;

    *note = (struct vl_note){.kind = VL_KIND_NONE};
    if (!vl_note_kind(object->kind, NULL))
        return vl_fail(why, VL_ERR_FORMAT, "note: an object of another kind");
    note->kind = object->kind;
    err = read_payload(vl_object_payload(object), note, why);
    if (!err)
        err = vl_fields_check_sub(object, ABOUT, VL_ARRAY(note->batch.root), why);
    if (!err)
        return VL_OK;
    *note = (struct vl_note){.kind = VL_KIND_NONE};
    return vl_fail_in(why, err, "%s", vl_kind_word(object->kind));
}

static void put_payload(struct vl_cbor_out *w, const struct vl_signer *signer,
                        const struct vl_note *note)
{
    vl_fields_put_act(w, signer, &note->act, OWN);
    vl_field_put_hash(w, KEY_ROOT, true, note->batch.root);
    vl_field_put_uint(w, KEY_COUNT, note->batch.count);
    vl_field_put_text(w, KEY_REASON, note->reason);
    vl_field_put_text(w, KEY_WORDS, note->words);
    vl_field_put_hash(w, KEY_PARTY, note->has_party, note->party.at);
    vl_field_put_text(w, KEY_PERSON, note->person);
    vl_field_put_text(w, KEY_METHOD, note->method);
    vl_field_put_seals(w, KEY_SEALS_BEFORE, &note->seals_before);
    vl_field_put_seals(w, KEY_SEALS_AFTER, &note->seals_after);
    vl_field_put_hash(w, KEY_ANSWERS, note->has_answers, note->answers);
}

enum vl_err vl_note_write(const struct vl_signer *signer, const struct vl_note *note,
                          struct vl_buf *out, uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_note read_back = {.kind = note->kind};
    enum vl_err err;

    if (!vl_note_kind(note->kind, NULL))
        return vl_fail(why, VL_ERR_FORMAT, "note: of a kind that is none");
    put_payload(&w, signer, note);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : read_payload(vl_buf_bytes(&payload), &read_back, why);
    if (!err)
        err = vl_fields_sign(signer, note->kind, ABOUT, VL_ARRAY(note->batch.root),
                             vl_buf_bytes(&payload), out, id, why);
    return err ? vl_fail_in(why, err, "%s", vl_kind_word(note->kind)) : VL_OK;
}
