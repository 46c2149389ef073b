/* SPDX-License-Identifier: Apache-2.0 */
#include "statement/statement.h"

#include <string.h>

#include "statement/rules.h"

enum key {
    KEY_HOLDER = VL_ACT_OWN_KEYS,
    KEY_PRINCIPAL,
    KEY_ABOUT,
    KEY_LANG,
    KEY_TEXT,
    KEY_MODE,
    KEY_SPAN,
    KEY_BASIS,
    KEY_MODALITY,
    KEY_AS_OF,
    KEY_ABSENCE,
    KEY_FACT,
    KEY_PARTY,
    KEY_COMMON_END,
    /* relay */
    KEY_RELAYED = KEY_COMMON_END,
    KEY_SOURCES,
    KEY_SAYING,
    KEY_CAPTURE,
    KEY_RELAY_END,
    /* correct, withdraw */
    KEY_TARGET = KEY_COMMON_END,
    KEY_CHANGE_END
};

/* The numbers of the wire. */
static const enum vl_kind kinds[] = {VL_KIND_NONE,    VL_KIND_ASSERT,  VL_KIND_RELAY,
                                     VL_KIND_DENY,    VL_KIND_DECLINE, VL_KIND_COMMIT,
                                     VL_KIND_CORRECT, VL_KIND_WITHDRAW};
#define KIND_COUNT (sizeof kinds / sizeof *kinds)

static unsigned number_of(enum vl_kind kind)
{
    for (unsigned i = 1; i < KIND_COUNT; i++)
        if (kinds[i] == kind)
            return i;
    return 0;
}

bool vl_statement_kind(enum vl_kind kind)
{
    return number_of(kind) > 0;
}

bool vl_relayed_kind(enum vl_kind kind)
{
    return number_of(kind) > 0 && kind != VL_KIND_RELAY;
}

bool vl_change_kind(enum vl_kind kind)
{
    return kind == VL_KIND_CORRECT || kind == VL_KIND_WITHDRAW;
}

/* --- reading ---------------------------------------------------------------------------------- */

static void read_about(struct vl_cbor *r, struct vl_statement *statement)
{
    statement->about_count = vl_cbor_array(r, 0, VL_STATEMENT_MAX_ABOUT);
    for (size_t i = 0; i < statement->about_count && vl_cbor_ok(r); i++) {
        struct vl_statement_about *about = &statement->about[i];

        (void)vl_cbor_array(r, 3, 3);
        about->what = (enum vl_subject)vl_cbor_uint(r, VL_SUBJECT_PART);
        vl_hash_read(r, about->id);
        if (!vl_cbor_null(r)) {
            about->relation = (enum vl_relation)vl_cbor_uint(r, VL_RELATION_CHARACTERISES);
            if (about->relation == VL_RELATION_NONE)
                vl_cbor_refuse(r, VL_ERR_FORMAT, "a relation that is none");
        }
        if (about->what == VL_SUBJECT_NONE)
            vl_cbor_refuse(r, VL_ERR_FORMAT, "about what is nothing");
    }
}

bool vl_subject_has_content(enum vl_subject what)
{
    return what == VL_SUBJECT_LETTER || what == VL_SUBJECT_PART || what == VL_SUBJECT_DOCUMENT;
}

bool vl_statement_explains(const struct vl_statement *statement)
{
    for (size_t i = 0; i < statement->about_count; i++)
        if (statement->about[i].relation != VL_RELATION_CHARACTERISES ||
            !vl_subject_has_content(statement->about[i].what))
            return false;
    return statement->kind == VL_KIND_ASSERT && statement->about_count > 0 &&
           statement->fact.len == 0 && !statement->absence;
}

static vl_bytes text_or_null(struct vl_cbor *r, size_t max)
{
    return vl_cbor_null(r) ? VL_BYTES_NONE : vl_cbor_text(r, 1, max);
}

static void read_span(struct vl_cbor *r, struct vl_statement *statement)
{
    if (vl_cbor_null(r))
        return;
    (void)vl_cbor_array(r, 3, 3);
    statement->span = vl_cbor_text(r, 1, VL_STATEMENT_MAX_SPAN);
    statement->span_before = text_or_null(r, VL_STATEMENT_MAX_AROUND);
    statement->span_after = text_or_null(r, VL_STATEMENT_MAX_AROUND);
}

static void read_lang(struct vl_cbor *r, struct vl_statement *statement)
{
    if (!vl_cbor_null(r))
        statement->lang = vl_language_read(r);
}

static void read_sources(struct vl_cbor *r, struct vl_statement *statement)
{
    statement->source_count = vl_cbor_array(r, 1, VL_STATEMENT_MAX_SOURCES);
    for (size_t i = 0; i < statement->source_count && vl_cbor_ok(r); i++) {
        struct vl_statement_source *source = &statement->sources[i];

        (void)vl_cbor_array(r, 2, 2);
        source->has_office = !vl_cbor_null(r);
        if (source->has_office)
            vl_hash_read(r, source->office.at);
        source->name = text_or_null(r, VL_MAX_NAME);
    }
}

static void read_relay(struct vl_fields *in, struct vl_statement *statement)
{
    statement->relayed = kinds[vl_field_count(in, KEY_RELAYED, KIND_COUNT - 1)];
    if (statement->relayed == VL_KIND_RELAY)
        vl_cbor_refuse(&in->r, VL_ERR_FORMAT, "a relay of a relay, which is a source more");
    read_sources(vl_field_value(in, KEY_SOURCES), statement);
    statement->has_saying = vl_field_hash_or_null(in, KEY_SAYING, statement->saying);
    statement->has_capture = vl_field_hash_or_null(in, KEY_CAPTURE, statement->capture);
}

static enum vl_err read_payload(vl_bytes wire, const struct vl_office_id *issuer,
                                struct vl_statement *statement, struct vl_why *why)
{
    struct vl_fields in = vl_fields_open(wire, &statement->act);
    enum vl_err err;

    statement->holder = vl_field_text_or_null(&in, KEY_HOLDER, VL_MAX_NAME);
    statement->has_principal = vl_field_hash_or_null(&in, KEY_PRINCIPAL, statement->principal.at);
    read_about(vl_field_value(&in, KEY_ABOUT), statement);
    read_lang(vl_field_value(&in, KEY_LANG), statement);
    statement->text = vl_field_text_or_null(&in, KEY_TEXT, VL_STATEMENT_MAX_TEXT);
    statement->mode = (enum vl_mode)vl_field_count_or_null(&in, KEY_MODE, VL_MODE_TRANSLATED_QUOTE);
    read_span(vl_field_value(&in, KEY_SPAN), statement);
    statement->basis = (enum vl_basis)vl_field_count_or_null(&in, KEY_BASIS, VL_BASIS_HEARSAY);
    statement->modality =
        (enum vl_modality)vl_field_count(&in, KEY_MODALITY, VL_MODALITY_HYPOTHETICAL);
    statement->has_as_of = vl_field_seconds_or_null(&in, KEY_AS_OF, &statement->as_of_s);
    statement->absence = vl_cbor_bool(vl_field_value(&in, KEY_ABSENCE));
    statement->fact = vl_field_code_or_null(&in, KEY_FACT);
    statement->has_party = vl_field_hash_or_null(&in, KEY_PARTY, statement->party.at);
    if (statement->kind == VL_KIND_RELAY)
        read_relay(&in, statement);
    if (vl_change_kind(statement->kind))
        vl_field_hash(&in, KEY_TARGET, statement->target);
    err = vl_fields_close(&in, why);
    return err ? err : vl_statement_check(statement, issuer, why);
}

/* What it is about most: that of `sub` (PROTOCOL 30). */
static const char *subject_of(const struct vl_statement *statement,
                              const struct vl_office_id *issuer, vl_bytes *id)
{
    if (vl_change_kind(statement->kind)) {
        *id = VL_ARRAY(statement->target);
        return vl_subject_word(VL_SUBJECT_ACT);
    }
    if (statement->about_count > 0) {
        *id = VL_ARRAY(statement->about[0].id);
        return vl_subject_word(statement->about[0].what);
    }
    *id = VL_ARRAY(issuer->at);
    return vl_subject_word(VL_SUBJECT_OFFICE);
}

enum vl_err vl_statement_read(const struct vl_object *object, struct vl_statement *statement,
                              struct vl_why *why)
{
    const char *subject;
    enum vl_err err;
    vl_bytes id;

    *statement = (struct vl_statement){.kind = object->kind};
    if (!vl_statement_kind(object->kind)) {
        statement->kind = VL_KIND_NONE;
        return vl_fail(why, VL_ERR_FORMAT, "statement: an object of another kind");
    }
    err = read_payload(vl_object_payload(object), &object->issuer, statement, why);
    if (!err) {
        subject = subject_of(statement, &object->issuer, &id);
        err = vl_fields_check_sub(object, subject, id, why);
    }
    if (!err)
        return VL_OK;
    *statement = (struct vl_statement){.kind = VL_KIND_NONE};
    return vl_fail_in(why, err, "%s", vl_kind_word(object->kind));
}

/* --- writing ---------------------------------------------------------------------------------- */

/* What no reader takes is not walked over either. */
static bool fits(struct vl_cbor_out *w, size_t count, size_t max)
{
    if (count > max && !w->err)
        w->err = VL_ERR_LIMIT;
    return count <= max;
}

static void put_about(struct vl_cbor_out *w, const struct vl_statement *statement)
{
    if (!fits(w, statement->about_count, VL_STATEMENT_MAX_ABOUT))
        return;
    vl_cbor_put_int(w, KEY_ABOUT);
    vl_cbor_put_array(w, statement->about_count);
    for (size_t i = 0; i < statement->about_count; i++) {
        const struct vl_statement_about *about = &statement->about[i];

        vl_cbor_put_array(w, 3);
        vl_cbor_put_uint(w, (uint64_t)about->what);
        vl_cbor_put_bytes(w, VL_ARRAY(about->id));
        if (about->relation != VL_RELATION_NONE)
            vl_cbor_put_uint(w, (uint64_t)about->relation);
        else
            vl_cbor_put_null(w);
    }
}

static void put_text_or_null(struct vl_cbor_out *w, vl_bytes text)
{
    if (text.len > 0)
        vl_cbor_put_text(w, text);
    else
        vl_cbor_put_null(w);
}

static void put_span(struct vl_cbor_out *w, const struct vl_statement *statement)
{
    vl_cbor_put_int(w, KEY_SPAN);
    if (statement->span.len == 0) {
        vl_cbor_put_null(w);
        return;
    }
    vl_cbor_put_array(w, 3);
    vl_cbor_put_text(w, statement->span);
    put_text_or_null(w, statement->span_before);
    put_text_or_null(w, statement->span_after);
}

static void put_relay(struct vl_cbor_out *w, const struct vl_statement *statement)
{
    if (!fits(w, statement->source_count, VL_STATEMENT_MAX_SOURCES))
        return;
    vl_field_put_uint(w, KEY_RELAYED, number_of(statement->relayed));
    vl_cbor_put_int(w, KEY_SOURCES);
    vl_cbor_put_array(w, statement->source_count);
    for (size_t i = 0; i < statement->source_count; i++) {
        const struct vl_statement_source *source = &statement->sources[i];

        vl_cbor_put_array(w, 2);
        if (source->has_office)
            vl_cbor_put_bytes(w, VL_ARRAY(source->office.at));
        else
            vl_cbor_put_null(w);
        put_text_or_null(w, source->name);
    }
    vl_field_put_hash(w, KEY_SAYING, statement->has_saying, statement->saying);
    vl_field_put_hash(w, KEY_CAPTURE, statement->has_capture, statement->capture);
}

static void put_payload(struct vl_cbor_out *w, const struct vl_signer *signer,
                        const struct vl_statement *statement)
{
    const int end = statement->kind == VL_KIND_RELAY  ? KEY_RELAY_END
                    : vl_change_kind(statement->kind) ? KEY_CHANGE_END
                                                      : KEY_COMMON_END;

    vl_fields_put_act(w, signer, &statement->act, (size_t)(end - VL_ACT_OWN_KEYS));
    vl_field_put_text(w, KEY_HOLDER, statement->holder);
    vl_field_put_hash(w, KEY_PRINCIPAL, statement->has_principal, statement->principal.at);
    put_about(w, statement);
    vl_field_put_text(w, KEY_LANG, statement->lang);
    vl_field_put_text(w, KEY_TEXT, statement->text);
    vl_field_put_count(w, KEY_MODE, (uint64_t)statement->mode);
    put_span(w, statement);
    vl_field_put_count(w, KEY_BASIS, (uint64_t)statement->basis);
    vl_field_put_uint(w, KEY_MODALITY, (uint64_t)statement->modality);
    vl_field_put_seconds(w, KEY_AS_OF, statement->has_as_of, statement->as_of_s);
    vl_cbor_put_int(w, KEY_ABSENCE);
    vl_cbor_put_bool(w, statement->absence);
    vl_field_put_text(w, KEY_FACT, statement->fact);
    vl_field_put_hash(w, KEY_PARTY, statement->has_party, statement->party.at);
    if (statement->kind == VL_KIND_RELAY)
        put_relay(w, statement);
    if (vl_change_kind(statement->kind))
        vl_field_put_hash(w, KEY_TARGET, true, statement->target);
}

static enum vl_err sign(const struct vl_signer *signer, const struct vl_statement *statement,
                        vl_bytes payload, struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                        struct vl_why *why)
{
    const char *subject;
    vl_bytes about;

    subject = subject_of(statement, &signer->office, &about);
    return vl_fields_sign(signer, statement->kind, subject, about, payload, out, id, why);
}

enum vl_err vl_statement_write(const struct vl_signer *signer, const struct vl_statement *statement,
                               struct vl_buf *out, uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_statement read_back = {.kind = statement->kind};
    enum vl_err err;

    if (!vl_statement_kind(statement->kind))
        return vl_fail(why, VL_ERR_FORMAT, "statement: of a kind that is none");
    put_payload(&w, signer, statement);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : read_payload(vl_buf_bytes(&payload), &signer->office, &read_back, why);
    if (!err)
        err = sign(signer, statement, vl_buf_bytes(&payload), out, id, why);
    return err ? vl_fail_in(why, err, "%s", vl_kind_word(statement->kind)) : VL_OK;
}
