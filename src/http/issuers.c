/* SPDX-License-Identifier: Apache-2.0 */
#include "http/issuers.h"

#include "office/record.h"

enum vl_err vl_issuers_object(vl_bytes entry, struct vl_buf *out)
{
    enum vl_err err = vl_buf_put_byte(out, 0x81); /* an array of one */

    return err ? err : vl_buf_put(out, entry);
}

static enum vl_err add_entry(struct vl_chain *chain, vl_bytes entry, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err = vl_issuers_object(entry, &object);

    return err ? err : vl_chain_add(chain, vl_buf_bytes(&object), why);
}

static size_t find_slot(const struct vl_issuers *issuers, const struct vl_office_id *office)
{
    size_t at = 0;

    while (at < VL_ISSUERS_MAX &&
           !(issuers->slots[at].is_set && vl_office_id_eq(&issuers->slots[at].office, office)))
        at++;
    return at;
}

/* The next slot that nobody holds; VL_ISSUERS_MAX: all are held. */
static size_t free_slot(struct vl_issuers *issuers)
{
    for (size_t tries = 0; tries < VL_ISSUERS_MAX; tries++) {
        const size_t at = issuers->next;

        issuers->next = (issuers->next + 1) % VL_ISSUERS_MAX;
        if (!issuers->slots[at].is_held)
            return at;
    }
    return VL_ISSUERS_MAX;
}

const struct vl_chain *vl_issuers_find(struct vl_issuers *issuers,
                                       const struct vl_office_id *office)
{
    struct vl_chain chain = VL_CHAIN_INIT;
    size_t at = find_slot(issuers, office);

    if (at == VL_ISSUERS_MAX) {
        at = free_slot(issuers);
        if (at == VL_ISSUERS_MAX || vl_record_chain(issuers->log, office, &chain, NULL) != VL_OK)
            return NULL;
        vl_chain_release(&issuers->slots[at].chain);
        issuers->slots[at].chain = chain;
        issuers->slots[at].office = *office;
        issuers->slots[at].is_set = true;
    }
    issuers->slots[at].is_held = issuers->is_holding;
    return issuers->slots[at].chain.count > 0 ? &issuers->slots[at].chain : NULL;
}

void vl_issuers_hold(struct vl_issuers *issuers)
{
    issuers->is_holding = true;
}

void vl_issuers_let_go(struct vl_issuers *issuers)
{
    issuers->is_holding = false;
    for (size_t i = 0; i < VL_ISSUERS_MAX; i++)
        issuers->slots[i].is_held = false;
}

void vl_issuers_forget(struct vl_issuers *issuers, const struct vl_office_id *office)
{
    const size_t at = find_slot(issuers, office);

    if (at == VL_ISSUERS_MAX)
        return;
    vl_chain_release(&issuers->slots[at].chain);
    issuers->slots[at].is_set = false;
}

void vl_issuers_release(struct vl_issuers *issuers)
{
    for (size_t i = 0; i < VL_ISSUERS_MAX; i++) {
        vl_chain_release(&issuers->slots[i].chain);
        issuers->slots[i].is_set = false;
    }
}

enum vl_err vl_issuers_with(struct vl_issuers *issuers, const struct vl_office_id *office,
                            vl_bytes entry, struct vl_chain *chain, struct vl_why *why)
{
    enum vl_err err = vl_record_chain(issuers->log, office, chain, why);

    if (!err)
        err = add_entry(chain, entry, why);
    if (err)
        vl_chain_release(chain);
    return err;
}
