/* SPDX-License-Identifier: Apache-2.0 */
#include "http/gathered.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "view/sheet.h"

_Static_assert(VL_GATHERED_MAX <= VL_ISSUERS_MAX, "the chains of all of them are held at once");

static enum vl_err see(void *self, const struct vl_log_dir_row *row, struct vl_why *why)
{
    struct vl_gathered *gathered = self;

    (void)why;
    if (gathered->index_count < VL_GATHERED_MAX)
        gathered->indexes[gathered->index_count++] = row->index;
    return VL_OK;
}

static enum vl_err take_item(struct vl_gathered *gathered, uint64_t index, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_evidence_item *item = &gathered->items[gathered->count];
    const struct vl_chain *chain;
    enum vl_err err = vl_log_dir_entry(gathered->site->log, index, &bytes, why);

    if (!err)
        err = vl_issuers_object(vl_buf_bytes(&bytes), &wire);
    item->object = (struct vl_object)VL_OBJECT_INIT;
    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &item->object, why);
    if (err)
        return err;
    gathered->count++;
    chain = vl_issuers_find(&gathered->site->issuers, &item->object.issuer);
    if (chain)
        err = vl_finding_add_chain(gathered->set, chain, why);
    return err ? err : vl_finding_add_item(gathered->set, item, why);
}

enum vl_err vl_gathered_make(struct vl_site *site, const uint8_t number[VL_HASH_LEN],
                             struct vl_gathered **out, struct vl_why *why)
{
    struct vl_log_dir_filter filter = {.has_letter = true, .limit = VL_GATHERED_MAX};
    struct vl_gathered *gathered = vl_new(sizeof *gathered);
    enum vl_err err = VL_OK;

    if (!gathered)
        return VL_ERR_NO_MEMORY;
    gathered->site = site;
    gathered->set = vl_finding_set_new();
    memcpy(filter.letter, number, VL_HASH_LEN);
    if (!gathered->set)
        err = VL_ERR_NO_MEMORY;
    if (!err)
        err = vl_log_dir_list(site->log, &filter, see, gathered, why);
    vl_issuers_hold(&site->issuers); /* the set borrows the chains */
    for (size_t i = 0; i < gathered->index_count && !err; i++) {
        err = take_item(gathered, gathered->indexes[i], why);
        if (!err) {
            memcpy(filter.letter, gathered->items[i].object.id, VL_HASH_LEN);
            err = vl_log_dir_list(site->log, &filter, see, gathered, why);
        }
    }
    if (err) {
        vl_gathered_free(gathered);
        return err;
    }
    *out = gathered;
    return VL_OK;
}

void vl_gathered_free(struct vl_gathered *gathered)
{
    if (!gathered)
        return;
    vl_finding_set_free(gathered->set);
    vl_issuers_let_go(&gathered->site->issuers);
    for (size_t i = 0; i < gathered->count; i++)
        vl_object_release(&gathered->items[i].object);
    vl_free(gathered);
}

static const char *call_office(void *self, const struct vl_office_id *office,
                               char out[VL_OFFICE_CALLED])
{
    const struct vl_chain *chain = vl_issuers_find(self, office);
    char address[VL_OFFICE_TEXT];

    if (chain)
        (void)snprintf(out, VL_OFFICE_CALLED, VL_SHEET_NAME "%.*s" VL_SHEET_NAME_END,
                       (int)vl_chain_newest(chain)->name.len,
                       (const char *)vl_chain_newest(chain)->name.ptr);
    else
        (void)snprintf(out, VL_OFFICE_CALLED, "%s", vl_office_id_text(office, address));
    return out;
}

struct vl_finding_names vl_gathered_names(struct vl_site *site)
{
    const struct vl_finding_names names = {call_office, &site->issuers};

    return names;
}
