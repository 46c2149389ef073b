/* SPDX-License-Identifier: Apache-2.0 */
#include "http/grounds.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "view/paper.h"

_Static_assert(VL_GROUNDS_MAX <= VL_ISSUERS_MAX, "the chains of all of them are held at once");

static enum vl_err see(void *self, const struct vl_log_dir_row *row, struct vl_why *why)
{
    struct vl_grounds *grounds = self;

    (void)why;
    if (grounds->index_count < VL_GROUNDS_MAX)
        grounds->indexes[grounds->index_count++] = row->index;
    else
        grounds->is_cut = true;
    return VL_OK;
}

/* What is about this; when there is no room for more of it, nothing is looked for. */
static enum vl_err look(struct vl_grounds *grounds, const uint8_t about[VL_HASH_LEN],
                        struct vl_why *why)
{
    struct vl_log_dir_filter filter = {.has_letter = true,
                                       .limit = VL_GROUNDS_MAX - grounds->index_count + 1};

    memcpy(filter.letter, about, VL_HASH_LEN);
    return grounds->is_cut ? VL_OK
                           : vl_log_dir_list(grounds->site->log, &filter, see, grounds, why);
}

static enum vl_err take_item(struct vl_grounds *grounds, uint64_t index, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_evidence_item *item = &grounds->items[grounds->count];
    const struct vl_chain *chain;
    enum vl_err err = vl_log_dir_entry(grounds->site->log, index, &bytes, why);

    if (!err)
        err = vl_issuers_object(vl_buf_bytes(&bytes), &wire);
    item->object = (struct vl_object)VL_OBJECT_INIT;
    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &item->object, why);
    if (err)
        return err;
    grounds->count++;
    chain = vl_issuers_find(&grounds->site->issuers, &item->object.issuer);
    if (chain)
        err = vl_finding_add_chain(grounds->set, chain, why);
    return err ? err : vl_finding_add_item(grounds->set, item, why);
}

enum vl_err vl_grounds_make(struct vl_site *site, const uint8_t number[VL_HASH_LEN],
                            struct vl_grounds **out, struct vl_why *why)
{
    struct vl_grounds *grounds = vl_new(sizeof *grounds);
    enum vl_err err = VL_OK;

    if (!grounds)
        return VL_ERR_NO_MEMORY;
    grounds->site = site;
    grounds->set = vl_finding_set_new();
    if (!grounds->set)
        err = VL_ERR_NO_MEMORY;
    if (!err)
        err = look(grounds, number, why);
    vl_issuers_hold(&site->issuers); /* the set borrows the chains */
    for (size_t i = 0; i < grounds->index_count && !err; i++) {
        err = take_item(grounds, grounds->indexes[i], why);
        if (!err)
            err = look(grounds, grounds->items[i].object.id, why);
    }
    if (err) {
        vl_grounds_free(grounds);
        return err;
    }
    *out = grounds;
    return VL_OK;
}

void vl_grounds_free(struct vl_grounds *grounds)
{
    if (!grounds)
        return;
    vl_finding_set_free(grounds->set);
    vl_issuers_let_go(&grounds->site->issuers);
    for (size_t i = 0; i < grounds->count; i++)
        vl_object_release(&grounds->items[i].object);
    vl_free(grounds);
}

static const char *call_office(void *self, const struct vl_office_id *office,
                               char out[VL_OFFICE_CALLED])
{
    const struct vl_chain *chain = vl_issuers_find(self, office);
    char address[VL_OFFICE_TEXT];

    if (chain)
        (void)snprintf(out, VL_OFFICE_CALLED, VL_PAPER_MARK "%.*s" VL_PAPER_MARK_END,
                       (int)vl_chain_newest(chain)->name.len,
                       (const char *)vl_chain_newest(chain)->name.ptr);
    else
        (void)snprintf(out, VL_OFFICE_CALLED, "%s", vl_office_id_text(office, address));
    return out;
}

struct vl_finding_names vl_grounds_names(struct vl_site *site)
{
    const struct vl_finding_names names = {call_office, &site->issuers};

    return names;
}
