/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/answer.h"

#include <string.h>

enum key {
    KEY_ANSWERS = VL_ACT_OWN_KEYS,
    KEY_GIVER,
    KEY_ROOT,
    KEY_COUNT,
    /* accepted and receipted */
    KEY_NOT_TAKEN,
    KEY_CONDITION,
    KEY_SEALS,
    KEY_ACCEPTED_END,
    /* receipted */
    KEY_ADDRESSEE = KEY_ACCEPTED_END,
    KEY_PERSON,
    KEY_METHOD,
    KEY_RECEIPTED_END,
    /* refused */
    KEY_REASON = KEY_NOT_TAKEN,
    KEY_WORDS,
    KEY_REFUSED_END
};

/* clang-format off */
static const struct {
    const char *word;
    const char *words;
} reasons[] = {
    [VL_NOT_TAKEN_UNKNOWN] = {"", ""},
#define X(code, word, words) [VL_NOT_TAKEN_##code] = {word, words},
    VL_NOT_TAKEN_TABLE(X)
#undef X
};
/* clang-format on */
#define REASON_COUNT (sizeof reasons / sizeof *reasons)

const char *vl_not_taken_word(enum vl_not_taken_reason reason)
{
    return reasons[reason].word;
}

const char *vl_not_taken_words(enum vl_not_taken_reason reason)
{
    return reasons[reason].words;
}

enum vl_not_taken_reason vl_not_taken_of_word(vl_bytes word)
{
    for (unsigned reason = VL_NOT_TAKEN_UNKNOWN + 1; reason < REASON_COUNT; reason++)
        if (vl_bytes_eq(word, vl_bytes_str(reasons[reason].word)))
            return (enum vl_not_taken_reason)reason;
    return VL_NOT_TAKEN_UNKNOWN;
}

static bool is_answer(enum vl_kind kind)
{
    return kind == VL_KIND_ACCEPTED || kind == VL_KIND_RECEIPTED || kind == VL_KIND_REFUSED;
}

static void read_one_not_taken(struct vl_cbor *r, struct vl_not_taken *entry)
{
    vl_bytes number;

    (void)vl_cbor_array(r, 2, 2);
    number = vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);
    if (number.len == VL_HASH_LEN)
        memcpy(entry->number, number.ptr, VL_HASH_LEN);
    entry->reason = vl_code_read(r);
}

/* A root over what is more than can be listed. */
static void read_not_taken_batch(struct vl_cbor *r, struct vl_batch *batch)
{
    vl_bytes root = vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);

    if (root.len == VL_HASH_LEN)
        memcpy(batch->root, root.ptr, VL_HASH_LEN);
    batch->count = vl_cbor_uint(r, VL_BATCH_MAX);
    if (batch->count <= VL_NOT_TAKEN_MAX)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "a root over so few that they are listed");
}

static void read_not_taken(struct vl_cbor *r, struct vl_answer *answer)
{
    size_t count = vl_cbor_array(r, 0, VL_NOT_TAKEN_MAX);
    uint8_t last[VL_HASH_LEN];
    const uint8_t *start = r->at;

    if (count == 2 && vl_cbor_peek(r) == VL_CBOR_BYTES) {
        read_not_taken_batch(r, &answer->not_taken_batch);
        return;
    }
    for (size_t i = 0; i < count && vl_cbor_ok(r); i++) {
        struct vl_not_taken entry = {.reason = VL_BYTES_NONE};

        read_one_not_taken(r, &entry);
        if (i > 0 && memcmp(last, entry.number, VL_HASH_LEN) >= 0)
            vl_cbor_refuse(r, VL_ERR_FORMAT, "numbers that do not ascend");
        memcpy(last, entry.number, VL_HASH_LEN);
    }
    if (!vl_cbor_ok(r))
        return;
    answer->not_taken_count = count;
    answer->not_taken_read = vl_bytes_of(start, (size_t)(r->at - start));
}

struct vl_cbor vl_not_taken_walk(const struct vl_answer *answer)
{
    return vl_cbor_open(answer->not_taken_read, VL_CBOR_STRICT);
}

bool vl_not_taken_next(struct vl_cbor *walk, struct vl_not_taken *entry)
{
    *entry = (struct vl_not_taken){.reason = VL_BYTES_NONE};
    if (vl_cbor_peek(walk) == VL_CBOR_NOTHING)
        return false;
    read_one_not_taken(walk, entry);
    return vl_cbor_ok(walk);
}

/* PROTOCOL 1: whoever carries a letter does not receipt it, and a principal signs for itself. */
static enum vl_err check(const struct vl_answer *answer, const struct vl_office_id *issuer,
                         struct vl_why *why)
{
    enum vl_err err;

    if (answer->kind != VL_KIND_RECEIPTED)
        return vl_act_check_capacity(&answer->act, VL_CAPACITY_CUSTODIAN, why);
    err = vl_act_check_capacity(&answer->act,
                                VL_CAPACITY_BIT(VL_CAPACITY_DELEGATE) |
                                    VL_CAPACITY_BIT(VL_CAPACITY_PRINCIPAL),
                                why);
    if (!err && answer->act.capacity == VL_CAPACITY_PRINCIPAL &&
        !vl_office_id_eq(&answer->addressee, issuer))
        err = vl_fail(why, VL_ERR_FORMAT, "as a principal, for somebody else");
    return err;
}

static void read_taken(struct vl_fields *in, struct vl_answer *answer)
{
    read_not_taken(vl_field_value(in, KEY_NOT_TAKEN), answer);
    answer->condition = vl_field_text_or_null(in, KEY_CONDITION, VL_MAX_WORDS);
    vl_field_seals(in, KEY_SEALS, &answer->seals);
    if (answer->kind != VL_KIND_RECEIPTED)
        return;
    vl_field_hash(in, KEY_ADDRESSEE, answer->addressee.at);
    answer->person = vl_field_text_or_null(in, KEY_PERSON, VL_MAX_NAME);
    answer->method = vl_field_text_or_null(in, KEY_METHOD, VL_MAX_NAME);
}

static enum vl_err read_payload(vl_bytes wire, const struct vl_office_id *issuer,
                                struct vl_answer *answer, struct vl_why *why)
{
    struct vl_fields in = vl_fields_open(wire, &answer->act);
    enum vl_err err;

    answer->has_answers = vl_field_hash_or_null(&in, KEY_ANSWERS, answer->answers);
    answer->has_giver = vl_field_hash_or_null(&in, KEY_GIVER, answer->giver.at);
    vl_field_hash(&in, KEY_ROOT, answer->batch.root);
    answer->batch.count = vl_field_count(&in, KEY_COUNT, VL_BATCH_MAX);
    if (answer->kind == VL_KIND_REFUSED) {
        answer->reason = vl_field_code(&in, KEY_REASON);
        answer->words = vl_field_text_or_null(&in, KEY_WORDS, VL_MAX_WORDS);
    } else {
        read_taken(&in, answer);
    }
    err = vl_fields_close(&in, why);
    return err ? err : check(answer, issuer, why);
}

/* What `sub` names: the act that is answered, or the batch when there is none. */
static const char *about(const struct vl_answer *answer)
{
    return answer->has_answers ? "act" : "batch";
}

static vl_bytes about_id(const struct vl_answer *answer)
{
    return answer->has_answers ? VL_ARRAY(answer->answers) : VL_ARRAY(answer->batch.root);
}

enum vl_err vl_answer_read(const struct vl_object *object, struct vl_answer *answer,
                           struct vl_why *why)
{
    enum vl_err err;

    *answer = (struct vl_answer){.kind = VL_KIND_NONE};
    if (!is_answer(object->kind))
        return vl_fail(why, VL_ERR_FORMAT, "answer: an object of another kind");
    answer->kind = object->kind;
    err = read_payload(vl_object_payload(object), &object->issuer, answer, why);
    if (!err)
        err = vl_fields_check_sub(object, about(answer), about_id(answer), why);
    if (!err)
        return VL_OK;
    *answer = (struct vl_answer){.kind = VL_KIND_NONE};
    return vl_fail_in(why, err, "%s", vl_kind_word(object->kind));
}

static void put_not_taken(struct vl_cbor_out *w, const struct vl_answer *answer)
{
    vl_cbor_put_int(w, KEY_NOT_TAKEN);
    if (answer->not_taken_batch.count > 0) {
        vl_cbor_put_array(w, 2);
        vl_cbor_put_bytes(w, VL_ARRAY(answer->not_taken_batch.root));
        vl_cbor_put_uint(w, answer->not_taken_batch.count);
        return;
    }
    vl_cbor_put_array(w, answer->not_taken_count);
    if (!answer->not_taken) {
        vl_cbor_put_item(w, answer->not_taken_read);
        return;
    }
    for (size_t i = 0; i < answer->not_taken_count && !w->err; i++) {
        vl_cbor_put_array(w, 2);
        vl_cbor_put_bytes(w, VL_ARRAY(answer->not_taken[i].number));
        vl_cbor_put_text(w, answer->not_taken[i].reason);
    }
}

static void put_taken(struct vl_cbor_out *w, const struct vl_answer *answer)
{
    put_not_taken(w, answer);
    vl_field_put_text(w, KEY_CONDITION, answer->condition);
    vl_field_put_seals(w, KEY_SEALS, &answer->seals);
    if (answer->kind != VL_KIND_RECEIPTED)
        return;
    vl_field_put_hash(w, KEY_ADDRESSEE, true, answer->addressee.at);
    vl_field_put_text(w, KEY_PERSON, answer->person);
    vl_field_put_text(w, KEY_METHOD, answer->method);
}

static void put_payload(struct vl_cbor_out *w, const struct vl_signer *signer,
                        const struct vl_answer *answer)
{
    int end = answer->kind == VL_KIND_REFUSED     ? KEY_REFUSED_END
              : answer->kind == VL_KIND_RECEIPTED ? KEY_RECEIPTED_END
                                                  : KEY_ACCEPTED_END;

    vl_fields_put_act(w, signer, &answer->act, (size_t)(end - VL_ACT_OWN_KEYS));
    vl_field_put_hash(w, KEY_ANSWERS, answer->has_answers, answer->answers);
    vl_field_put_hash(w, KEY_GIVER, answer->has_giver, answer->giver.at);
    vl_field_put_hash(w, KEY_ROOT, true, answer->batch.root);
    vl_field_put_uint(w, KEY_COUNT, answer->batch.count);
    if (answer->kind == VL_KIND_REFUSED) {
        vl_field_put_text(w, KEY_REASON, answer->reason);
        vl_field_put_text(w, KEY_WORDS, answer->words);
    } else {
        put_taken(w, answer);
    }
}

enum vl_err vl_answer_write(const struct vl_signer *signer, const struct vl_answer *answer,
                            struct vl_buf *out, uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_answer read_back = {.kind = answer->kind};
    enum vl_err err;

    if (!is_answer(answer->kind))
        return vl_fail(why, VL_ERR_FORMAT, "answer: of a kind that is none");
    put_payload(&w, signer, answer);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : read_payload(vl_buf_bytes(&payload), &signer->office, &read_back, why);
    if (!err)
        err = vl_fields_sign(signer, answer->kind, about(answer), about_id(answer),
                             vl_buf_bytes(&payload), out, id, why);
    return err ? vl_fail_in(why, err, "%s", vl_kind_word(answer->kind)) : VL_OK;
}
