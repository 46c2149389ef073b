/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that do not account for all that was handed: what was taken and what was not must
 * together be the list of the hand-over (PROTOCOL 8). */
#include <string.h>

#include "finding/inside.h"

/* All that was handed but for what the answer lists as not taken; false when it lists what was
 * never handed. */
static bool take_away(const struct vl_node *handover, const struct vl_node *answer,
                      struct vl_tree *tree)
{
    const struct vl_answer listed = {.not_taken_count = answer->as.answer->not_taken_count,
                                     .not_taken_read = answer->as.answer->not_taken};
    struct vl_cbor walk = vl_not_taken_walk(&listed);
    struct vl_not_taken next;
    bool more = vl_not_taken_next(&walk, &next);

    for (size_t i = 0; i < handover->leaf_count; i++) {
        const struct vl_node_leaf *leaf = &handover->leaves[i];
        uint8_t hash[VL_HASH_LEN];

        if (more && vl_same(next.number, leaf->number)) {
            more = vl_not_taken_next(&walk, &next);
            continue;
        }
        vl_tree_leaf(leaf->wire, hash);
        vl_tree_add(tree, hash);
    }
    return !more;
}

static bool accounts_for_all(const struct vl_node *handover, const struct vl_node *answer)
{
    struct vl_tree tree = VL_TREE_INIT;
    uint8_t root[VL_HASH_LEN];

    if (answer->as.answer->not_taken_batch_count > 0)
        return answer->count <= handover->count &&
               handover->count - answer->count == answer->as.answer->not_taken_batch_count;
    if (!take_away(handover, answer, &tree) || tree.count != answer->count)
        return false;
    vl_tree_root(&tree, root);
    return vl_same(root, answer->root);
}

enum vl_err vl_find_incomplete(struct vl_making *making)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < making->about_count && !err; i++) {
        const struct vl_node *handover = making->about[i];

        if (handover->form != VL_ACT_TRANSFERRED || handover->leaf_count != handover->count)
            continue;
        for (size_t j = 0; j < handover->answered_by.count && !err; j++) {
            const struct vl_node *answer = handover->answered_by.at[j];

            if ((answer->kind == VL_KIND_ACCEPTED || answer->kind == VL_KIND_RECEIPTED) &&
                !accounts_for_all(handover, answer))
                err =
                    vl_hashes_add(making->arena, &making->finding->incomplete_answers, answer->id);
        }
    }
    return err;
}
