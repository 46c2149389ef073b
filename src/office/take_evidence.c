/* SPDX-License-Identifier: Apache-2.0 */
#include "office/take_evidence.h"

#include <string.h>

#include "base/alloc.h"
#include "office/keep_evidence.h"
#include "sys/infile.h"

static enum vl_err keep(struct vl_keeping *keeping, struct vl_evidence *evidence,
                        struct vl_why *why)
{
    struct vl_store *store = keeping->home->store;
    bool *verified = vl_new(evidence->item_count + 1);
    enum vl_err err = verified ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for evidence");

    if (!err)
        err = vl_evidence_sift(keeping, evidence, verified, why);
    /* A file is taken whole or not at all. */
    if (!err && keeping->refused > 0) {
        err = keeping->first_err;
        if (why)
            *why = keeping->first;
    }
    if (!err)
        err = vl_store_begin(store, why);
    if (!err)
        err = vl_evidence_keep(keeping, evidence, verified, why);
    if (!err)
        err = vl_store_commit(store, why);
    vl_store_rollback(store);
    vl_free(verified);
    return err;
}

enum vl_err vl_take_evidence(struct vl_home *home, const char *path, int64_t now_s,
                             struct vl_taken *taken, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    struct vl_keeping keeping = {.home = home, .now_s = now_s};
    enum vl_err err = vl_in_read_all(path, &file, why);

    if (!err)
        err = vl_evidence_parse(vl_buf_bytes(&file), &evidence, why);
    if (!err)
        err = keep(&keeping, &evidence, why);
    taken->cards = keeping.cards;
    taken->acts = keeping.acts;
    taken->waybills = keeping.waybills;
    taken->elsewhere = keeping.elsewhere;
    taken->disputed = keeping.disputed;
    taken->not_signed_here = keeping.twins;
    return err;
}
