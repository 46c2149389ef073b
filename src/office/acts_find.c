/* SPDX-License-Identifier: Apache-2.0 */
/* The act that a person means. */
#include <string.h>

#include "codec/number.h"
#include "office/acts.h"

struct search {
    struct vl_number_prefix prefix;
    size_t count;
    uint8_t id[VL_HASH_LEN];
};

static enum vl_err see_act(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    struct search *search = self;

    (void)why;
    if (!vl_number_starts(row->id, &search->prefix))
        return VL_OK;
    search->count++;
    memcpy(search->id, row->id, VL_HASH_LEN);
    return VL_OK;
}

/* A whole id as JSON documents write it. */
static bool read_hex(const char *text, struct vl_number_prefix *prefix)
{
    prefix->bit_count = 8 * VL_HASH_LEN;
    return vl_bytes_of_hex(vl_bytes_str(text), prefix->bits, VL_HASH_LEN);
}

enum vl_err vl_acts_read(struct vl_store *store, const uint8_t id[VL_HASH_LEN],
                         struct vl_object *object, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err = vl_store_object(store, id, &bytes, why);

    return err ? err : vl_object_parse(vl_buf_bytes(&bytes), object, why);
}

enum vl_err vl_acts_find(struct vl_store *store, const char *text, struct vl_object *object,
                         struct vl_why *why)
{
    struct search search = {.count = 0};
    enum vl_err err;

    if (!read_hex(text, &search.prefix) &&
        vl_number_prefix(VL_ACT_HRP, vl_bytes_str(text), 8, &search.prefix) != VL_OK)
        return vl_fail(why, VL_ERR_USAGE, "\"%s\" is not eight symbols of an act's number", text);
    err = vl_store_objects(store, NULL, see_act, &search, why);
    if (!err && search.count == 0)
        err = vl_fail(why, VL_ERR_NOT_FOUND, "there is no act \"%s\" here", text);
    if (!err && search.count > 1)
        err = vl_fail(why, VL_ERR_AMBIGUOUS, "%zu acts begin with \"%s\"", search.count, text);
    return err ? err : vl_acts_read(store, search.id, object, why);
}
