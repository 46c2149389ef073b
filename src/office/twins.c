/* SPDX-License-Identifier: Apache-2.0 */
#include "office/twins.h"

#include <string.h>

#include "evidence/act_any.h"

#define LIST_MAX (VL_TWINS_MAX * VL_HASH_LEN)

enum vl_err vl_twin_look(struct vl_home *home, const struct vl_object *object, bool *is_twin,
                         struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err;

    *is_twin = false;
    /* The core of a letter is kept with its envelope. */
    if (!vl_office_id_eq(&object->issuer, &home->own) ||
        vl_act_form_of(object->kind) == VL_ACT_REPLY)
        return VL_OK;
    err = vl_store_object(home->store, object->id, &bytes, why);
    *is_twin = err == VL_ERR_NOT_FOUND;
    return *is_twin ? VL_OK : err;
}

static enum vl_err read_ids(struct vl_store *store, const char *name, struct vl_buf *ids,
                            struct vl_why *why)
{
    enum vl_err err = vl_store_fact(store, name, ids, why);

    if (!err && ids->len % VL_HASH_LEN != 0)
        err = vl_fail(why, VL_ERR_FORMAT, "the index is damaged: the fact %s", name);
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

static bool has(const struct vl_buf *ids, const uint8_t *id)
{
    for (size_t at = 0; at < ids->len; at += VL_HASH_LEN)
        if (memcmp(ids->data + at, id, VL_HASH_LEN) == 0)
            return true;
    return false;
}

/* The oldest goes where there is no room: it is told again when it comes again. */
static enum vl_err add(struct vl_buf *ids, const uint8_t *id, struct vl_why *why)
{
    if (has(ids, id))
        return VL_OK;
    if (ids->len == LIST_MAX) {
        memmove(ids->data, ids->data + VL_HASH_LEN, ids->len - VL_HASH_LEN);
        ids->len -= VL_HASH_LEN;
    }
    return vl_buf_put(ids, vl_bytes_of(id, VL_HASH_LEN)) == VL_OK
               ? VL_OK
               : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of acts");
}

enum vl_err vl_twin_keep(struct vl_store *store, const uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf open = VL_BUF_INIT(LIST_MAX);
    VL_AUTO(vl_buf_release) struct vl_buf settled = VL_BUF_INIT(LIST_MAX);
    enum vl_err err = read_ids(store, VL_FACT_TWIN_SETTLED, &settled, why);

    if (err || has(&settled, id))
        return err;
    err = read_ids(store, VL_FACT_TWIN, &open, why);
    if (!err)
        err = add(&open, id, why);
    return err ? err : vl_store_put_fact(store, VL_FACT_TWIN, vl_buf_bytes(&open), why);
}

enum vl_err vl_twins_settle(struct vl_store *store, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf open = VL_BUF_INIT(LIST_MAX);
    VL_AUTO(vl_buf_release) struct vl_buf settled = VL_BUF_INIT(LIST_MAX);
    enum vl_err err = read_ids(store, VL_FACT_TWIN, &open, why);

    if (!err)
        err = read_ids(store, VL_FACT_TWIN_SETTLED, &settled, why);
    if (err || open.len == 0)
        return err;
    for (size_t at = 0; !err && at < open.len; at += VL_HASH_LEN)
        err = add(&settled, open.data + at, why);
    if (!err)
        err = vl_store_put_fact(store, VL_FACT_TWIN_SETTLED, vl_buf_bytes(&settled), why);
    return err ? err : vl_store_put_fact(store, VL_FACT_TWIN, VL_BYTES_NONE, why);
}

enum vl_err vl_twins_find(struct vl_store *store, struct vl_twins *twins, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf open = VL_BUF_INIT(LIST_MAX);
    VL_AUTO(vl_buf_release) struct vl_buf settled = VL_BUF_INIT(LIST_MAX);
    enum vl_err err = read_ids(store, VL_FACT_TWIN, &open, why);

    *twins = (struct vl_twins){.open = 0};
    if (!err)
        err = read_ids(store, VL_FACT_TWIN_SETTLED, &settled, why);
    if (err)
        return err;
    twins->open = open.len / VL_HASH_LEN;
    twins->settled = settled.len / VL_HASH_LEN;
    if (open.len > 0)
        memcpy(twins->newest, open.data + open.len - VL_HASH_LEN, VL_HASH_LEN);
    return VL_OK;
}
