/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence from any bytes.  What is read is written to the same bytes and is told by how it begins;
 * every act in it gets an answer, and proof only with the cards of its office. */
#include <stdlib.h>

#include "evidence/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void write_again(const struct vl_evidence *evidence, vl_bytes wire)
{
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);

    for (size_t i = 0; i < evidence->chain_count; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf chain = VL_BUF_INIT(VL_CHAIN_MAX_LEN);

        check(vl_chain_write(&evidence->chains[i], &chain) == VL_OK);
        check(vl_evidence_put_chain(&out, vl_buf_bytes(&chain)) == VL_OK);
    }
    for (size_t i = 0; i < evidence->item_count; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
        const struct vl_evidence_item *item = &evidence->items[i];

        check(vl_object_write(&item->object, &object) == VL_OK);
        check(vl_evidence_put(&out, vl_buf_bytes(&object), item->leaves, item->leaf_count) ==
              VL_OK);
    }
    for (size_t i = 0; i < evidence->closure_count; i++) {
        const struct vl_closure *closure = &evidence->closures[i];
        struct vl_tree_path path;

        vl_closure_path(closure, &path);
        check(vl_evidence_closure(evidence, &closure->chain->office, closure->id));
        check(vl_evidence_put_closure(&out, closure->id, closure->card_id, closure->index, &path) ==
              VL_OK);
    }
    check(vl_evidence_finish(&out, &again) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&again), wire));
}

static void check_acts(struct vl_evidence *evidence)
{
    struct vl_keyring keys = vl_evidence_keyring(evidence);

    for (size_t i = 0; i < evidence->item_count; i++) {
        const struct vl_evidence_item *item = &evidence->items[i];
        struct vl_evidence_verdict verdict;
        enum vl_err err = vl_evidence_check(item, &keys, &verdict, NULL);

        check(err != VL_ERR_INTERNAL && err != VL_ERR_NO_MEMORY);
        check(err ||
              (verdict.well_formed && verdict.known && verdict.chain.standing != VL_STANDING_NONE &&
               vl_evidence_chain(evidence, &item->object.issuer)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    vl_bytes wire = vl_bytes_of(data, len);
    enum vl_what what = vl_what_is(wire);

    check(what == vl_what_is(vl_bytes_first(wire, 512)) || what == VL_WHAT_CARDS_TEXT ||
          what == VL_WHAT_AGE_ARMOR);
    if (vl_evidence_parse(wire, &evidence, NULL)) {
        check(!evidence.wire.data && !evidence.chains && !evidence.items && !evidence.closures);
        return 0;
    }
    check(what == VL_WHAT_EVIDENCE);
    write_again(&evidence, wire);
    check_acts(&evidence);
    return 0;
}
