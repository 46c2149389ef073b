/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads of statements and translations from any bytes: a byte for the kind, one for the length
 * of `sub`, sub, payload.  What is read is signed again with the same payload and the same sub;
 * who speaks for another is a delegate under a mandate; every list is within its limit, and what it
 * is about is among the ids that it names. */
#include <stdlib.h>
#include <string.h>

#include "../evidence/again.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const enum vl_kind kinds[] = {VL_KIND_ASSERT,   VL_KIND_RELAY,      VL_KIND_DENY,
                                     VL_KIND_DECLINE,  VL_KIND_COMMIT,     VL_KIND_CORRECT,
                                     VL_KIND_WITHDRAW, VL_KIND_TRANSLATION};

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void check_again(const struct vl_object *object, const struct vl_act_any *any)
{
    static const struct vl_secret seed = {32, {1, 2, 3}};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object again = VL_OBJECT_INIT;
    struct vl_signer signer = {.seeds = &seed, .seed_count = 1};

    check(sign_again(&signer, any, &wire, NULL) == VL_OK);
    check(vl_object_parse(vl_buf_bytes(&wire), &again, NULL) == VL_OK);
    check(again.kind == object->kind);
    check(vl_bytes_eq(vl_object_payload(&again), vl_object_payload(object)));
    check(vl_bytes_eq(vl_object_sub(&again), vl_object_sub(object)));
}

static void check_speaker(const struct vl_act *act, bool has_principal)
{
    check(has_principal == (act->capacity == VL_CAPACITY_DELEGATE));
    check(!has_principal || act->has_under);
}

static void check_statement(const struct vl_statement *statement)
{
    const bool is_relay = statement->kind == VL_KIND_RELAY;

    check(vl_statement_kind(statement->kind));
    check_speaker(&statement->act, statement->has_principal);
    check(statement->about_count <= VL_STATEMENT_MAX_ABOUT);
    check(statement->source_count <= VL_STATEMENT_MAX_SOURCES);
    check(is_relay == (statement->source_count > 0));
    check(!is_relay || vl_relayed_kind(statement->relayed));
    check(statement->text.len <= VL_STATEMENT_MAX_TEXT);
    check(statement->modality != VL_MODALITY_NONE);
}

static bool names(const struct vl_act_any *any, const uint8_t *id)
{
    const uint8_t *ids[VL_ACT_ANY_MAX_IDS];
    const size_t count = vl_act_any_ids(any, ids);

    check(count <= VL_ACT_ANY_MAX_IDS);
    for (size_t i = 0; i < count; i++)
        if (memcmp(ids[i], id, VL_HASH_LEN) == 0)
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    vl_bytes rest = vl_bytes_after(vl_bytes_of(data, len), 2);
    struct vl_object object = {.count = 1};
    struct vl_act_subject subjects[VL_ACT_ANY_MAX_SUBJECTS];
    static struct vl_act_any any;
    size_t count;

    /* What fits no envelope is read and cannot be signed. */
    if (len < 2 || len > VL_SIGN1_MAX_LEN / 2)
        return 0;
    object.kind = kinds[data[0] % (sizeof kinds / sizeof *kinds)];
    object.by[0] = (struct vl_sign1)VL_SIGN1_INIT;
    object.by[0].claims.sub = vl_bytes_first(rest, data[1]);
    object.by[0].payload = vl_bytes_after(rest, object.by[0].claims.sub.len);
    if (vl_act_any_read(&object, &any, NULL))
        return 0;
    if (any.form == VL_ACT_STATEMENT)
        check_statement(&any.as.statement);
    else
        check_speaker(&any.as.translation.act, any.as.translation.has_principal);
    count = vl_act_any_subjects(&any, subjects);
    check(count <= VL_ACT_ANY_MAX_SUBJECTS);
    for (size_t i = 0; i < count; i++)
        check(subjects[i].what != VL_SUBJECT_ACT || names(&any, subjects[i].id));
    check_again(&object, &any);
    return 0;
}
