/* SPDX-License-Identifier: Apache-2.0 */
/* The invitations that are here. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "codec/number.h"
#include "office/acts.h"
#include "office/invite.h"

/* Each id once, in the end. */
struct finding {
    struct vl_number_prefix prefix; /* of no bits: all of them */
    struct vl_act_any *any;
    size_t count;
    size_t cap;
    uint8_t (*at)[VL_HASH_LEN];
};

static enum vl_err add(struct finding *finding, const uint8_t *id, struct vl_why *why)
{
    void *block = finding->at;

    if (finding->count == finding->cap) {
        const size_t cap = finding->cap ? 2 * finding->cap : 16;

        if (vl_grow(&block, finding->cap * VL_HASH_LEN, cap * VL_HASH_LEN) != VL_OK)
            return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of invitations");
        finding->at = block;
        finding->cap = cap;
    }
    memcpy(finding->at[finding->count++], id, VL_HASH_LEN);
    return VL_OK;
}

static enum vl_err see_object(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    struct finding *finding = self;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    enum vl_err err;

    if (strcmp(row->kind, vl_kind_word(VL_KIND_INVITATION)) != 0)
        return VL_OK;
    err = vl_object_parse(row->bytes, &object, why);
    if (!err)
        err = vl_act_any_read(&object, finding->any, why);
    if (err)
        return err;
    if (!vl_number_starts(finding->any->as.invitation.id, &finding->prefix) &&
        !vl_number_starts(row->id, &finding->prefix))
        return VL_OK;
    return add(finding, finding->any->as.invitation.id, why);
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, VL_HASH_LEN);
}

static enum vl_err find(struct vl_home *home, struct finding *finding, struct vl_why *why)
{
    size_t kept = 0;
    enum vl_err err;

    finding->any = vl_new(sizeof *finding->any);
    if (!finding->any)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read an act");
    err = vl_store_objects(home->store, NULL, see_object, finding, why);
    vl_free(finding->any);
    if (finding->count > 1)
        qsort(finding->at, finding->count, VL_HASH_LEN, by_bytes);
    for (size_t i = 0; i < finding->count; i++)
        if (kept == 0 || memcmp(finding->at[kept - 1], finding->at[i], VL_HASH_LEN) != 0)
            memmove(finding->at[kept++], finding->at[i], VL_HASH_LEN);
    finding->count = kept;
    return err;
}

static bool read_number(const char *text, unsigned min_symbols, struct vl_number_prefix *prefix)
{
    prefix->bit_count = 8 * VL_HASH_LEN;
    return vl_bytes_of_hex(vl_bytes_str(text), prefix->bits, VL_HASH_LEN) ||
           vl_number_prefix(VL_INVITATION_HRP, vl_bytes_str(text), min_symbols, prefix) == VL_OK ||
           vl_number_prefix(VL_ACT_HRP, vl_bytes_str(text), min_symbols, prefix) == VL_OK;
}

enum vl_err vl_invitation_find(struct vl_home *home, const char *text, unsigned min_symbols,
                               uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    struct finding finding = {.count = 0};
    enum vl_err err;

    if (!read_number(text, min_symbols, &finding.prefix))
        return vl_fail(why, VL_ERR_USAGE, "\"%s\" is not %u symbols of an invitation's number",
                       text, min_symbols);
    err = find(home, &finding, why);
    if (!err && finding.count == 0)
        err = vl_fail(why, VL_ERR_NOT_FOUND, "there is no invitation \"%s\" here", text);
    if (!err && finding.count > 1)
        err = vl_fail(why, VL_ERR_AMBIGUOUS, "%zu invitations begin with \"%s\"", finding.count,
                      text);
    if (!err)
        memcpy(id, finding.at[0], VL_HASH_LEN);
    vl_free(finding.at);
    return err;
}

enum vl_err vl_invitations_each(struct vl_home *home,
                                enum vl_err (*visit)(void *self, const uint8_t id[VL_HASH_LEN],
                                                     struct vl_why *why),
                                void *self, struct vl_why *why)
{
    struct finding finding = {.count = 0};
    enum vl_err err = find(home, &finding, why);

    for (size_t i = 0; !err && i < finding.count; i++)
        err = visit(self, finding.at[i], why);
    vl_free(finding.at);
    return err;
}

enum vl_err vl_invitation_status(struct vl_home *home, const uint8_t id[VL_HASH_LEN],
                                 int64_t as_of_s, struct vl_status *status, struct vl_why *why)
{
    struct vl_letter_row row = VL_LETTER_ROW_INIT;

    memcpy(row.number, id, VL_HASH_LEN);
    return vl_status_letter(home, &row, as_of_s, status, why);
}
