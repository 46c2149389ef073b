/* SPDX-License-Identifier: Apache-2.0 */
/* Findings from any evidence.  For each letter in it, and each statement and invitation, the
 * document is the same when the evidence comes backwards and twice, and it is JSON. */
#include <stdlib.h>

#include "codec/cbor.h"
#include "view/finding.h"

#include <jansson.h>

#define OUT_MAX     ((size_t)16 << 20)
#define LETTERS_MAX 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static struct vl_finding_set *set_of(const struct vl_evidence *evidence, bool backwards)
{
    struct vl_finding_set *set = vl_finding_set_new();
    const size_t twice = backwards ? 2 : 1;

    check(set != NULL);
    if (!backwards)
        check(vl_finding_add_evidence(set, evidence, NULL) == VL_OK);
    for (size_t i = evidence->closure_count; backwards && i > 0; i--)
        check(vl_finding_add_closure(set, &evidence->closures[i - 1], NULL) == VL_OK);
    for (size_t round = 1; round < twice + 1 && backwards; round++)
        for (size_t i = evidence->item_count; i > 0; i--)
            check(vl_finding_add_item(set, &evidence->items[i - 1], NULL) == VL_OK);
    for (size_t i = evidence->chain_count; backwards && i > 0; i--)
        check(vl_finding_add_chain(set, &evidence->chains[i - 1], NULL) == VL_OK);
    return set;
}

static struct vl_buf document_of(struct vl_finding_set *set, const uint8_t *number)
{
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    struct vl_buf out = VL_BUF_INIT(OUT_MAX);

    check(vl_finding_make(set, number, 1800000000, &finding, NULL) == VL_OK);
    check(vl_finding_json(&finding, &out) == VL_OK);
    return out;
}

static const char *name(void *self, const struct vl_office_id *office, char out[VL_OFFICE_CALLED])
{
    (void)self;
    return vl_office_id_text(office, out);
}

static void check_text(struct vl_finding_set *set, const uint8_t *number)
{
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(OUT_MAX);
    const struct vl_finding_names names = {name, NULL};

    check(vl_finding_make(set, number, 1800000000, &finding, NULL) == VL_OK);
    check(vl_finding_text(&finding, &names, 80, true, &out) == VL_OK);
    for (size_t i = 0; i < out.len; i++)
        check(out.data[i] == '\n' || (out.data[i] >= ' ' && out.data[i] < 0x7f));
}

static void check_letter(struct vl_finding_set *forth, struct vl_finding_set *back,
                         const uint8_t *number)
{
    VL_AUTO(vl_buf_release) struct vl_buf one = document_of(forth, number);
    VL_AUTO(vl_buf_release) struct vl_buf other = document_of(back, number);
    json_t *json = json_loadb((const char *)one.data, one.len, JSON_REJECT_DUPLICATES, NULL);

    check(vl_bytes_eq(vl_buf_bytes(&one), vl_buf_bytes(&other)));
    check(json_is_object(json));
    json_decref(json);
    check_text(forth, number);
}

static void check_invitations(struct vl_finding_set *forth, struct vl_finding_set *back,
                              const struct vl_evidence *evidence)
{
    VL_AUTO(vl_evidence_numbers_release) struct vl_evidence_numbers numbers = {0};

    check(vl_evidence_find_invitations(evidence, &numbers, NULL) == VL_OK);
    for (size_t i = 0; i < numbers.count && i < LETTERS_MAX; i++)
        check_letter(forth, back, numbers.at[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    struct vl_finding_set *forth, *back;
    size_t letters = 0;

    if (vl_evidence_parse(vl_bytes_of(data, len), &evidence, NULL))
        return 0;
    forth = set_of(&evidence, false);
    back = set_of(&evidence, true);
    for (size_t i = 0; i < evidence.item_count && letters < LETTERS_MAX; i++)
        if (vl_statement_kind(evidence.items[i].object.kind)) {
            check_letter(forth, back, evidence.items[i].object.id);
            letters++;
        }
    check_invitations(forth, back, &evidence);
    for (size_t i = 0; i < evidence.item_count; i++)
        for (size_t j = 0; j < evidence.items[i].leaf_count && letters < LETTERS_MAX; j++) {
            struct vl_leaf leaf;

            if (vl_leaf_parse(vl_leaf_kind_of(evidence.items[i].object.kind),
                              evidence.items[i].leaves[j].leaf, &leaf, NULL))
                continue;
            check_letter(forth, back, leaf.number);
            letters++;
        }
    vl_finding_set_free(forth);
    vl_finding_set_free(back);
    return 0;
}
