/* SPDX-License-Identifier: Apache-2.0 */
#include "store/row.h"

#include <string.h>

#include "base/alloc.h"

void vl_letter_row_release(struct vl_letter_row *row)
{
    vl_buf_release(&row->own);
    *row = (struct vl_letter_row)VL_LETTER_ROW_INIT;
}

void vl_office_row_release(struct vl_office_row *row)
{
    vl_buf_release(&row->own);
    *row = (struct vl_office_row)VL_OFFICE_ROW_INIT;
}

enum vl_err vl_letter_row_check(const struct vl_letter_row *row, struct vl_why *why)
{
    const char *wrong = NULL;

    if (row->mode != 1 && row->mode != 2)
        wrong = "a mode that is neither sealed nor open";
    else if (row->roles == 0 || row->roles > (VL_ROLE_WRITTEN | VL_ROLE_TAKEN | VL_ROLE_CARRIED))
        wrong = "roles nobody knows";
    else if (row->way > VL_WAY_RECEIPTED)
        wrong = "a way nobody knows";
    else if (row->size > INT64_MAX)
        wrong = "an impossible size";
    else if (row->to_count > VL_STORE_MAX_TO)
        wrong = "too many addressees";
    else if (row->waybill.len > VL_STORE_MAX_WAYBILL)
        wrong = "too long a waybill";
    else if (row->path.len > VL_STORE_MAX_PATH || row->path.len % VL_HASH_LEN != 0)
        wrong = "a path that is not one";
    else if (row->has_sealed && row->leaf_index > INT64_MAX)
        wrong = "an impossible place in its batch";
    else if (!row->has_sealed && row->path.len > 0)
        wrong = "a path and no sealed event";
    return wrong ? vl_fail(why, VL_ERR_INTERNAL, "a letter to keep with %s", wrong) : VL_OK;
}

enum vl_err vl_office_row_check(const struct vl_office_row *row, struct vl_why *why)
{
    if (!memchr(row->petname, '\0', sizeof row->petname))
        return vl_fail(why, VL_ERR_INTERNAL, "an office to keep with an endless petname");
    if (row->cards.len > VL_STORE_MAX_CARDS)
        return vl_fail(why, VL_ERR_INTERNAL, "an office to keep with too long a card file");
    return VL_OK;
}

enum vl_err vl_object_row_check(const struct vl_object_row *row, struct vl_why *why)
{
    if (!row->kind || strlen(row->kind) > VL_STORE_MAX_PETNAME)
        return vl_fail(why, VL_ERR_INTERNAL, "an object to keep without a proper kind");
    if (row->bytes.len > VL_STORE_MAX_OBJECT)
        return vl_fail(why, VL_ERR_INTERNAL, "too long an object to keep");
    return VL_OK;
}

enum vl_err vl_tie_check(const struct vl_tie *tie, struct vl_why *why)
{
    if (tie->kind < 1 || tie->kind > VL_TIE_KINDS)
        return vl_fail(why, VL_ERR_INTERNAL, "a tie to keep of no kind");
    if (tie->bytes.len > VL_TIE_MAX_LEN)
        return vl_fail(why, VL_ERR_INTERNAL, "too long a tie to keep");
    return VL_OK;
}

enum vl_err vl_letter_row_own(struct vl_letter_row *row, vl_bytes waybill, vl_bytes path)
{
    enum vl_err err;

    row->own.len = 0;
    row->waybill = row->path = VL_BYTES_NONE;
    err = vl_buf_put(&row->own, waybill);
    if (!err)
        err = vl_buf_put(&row->own, path);
    if (err)
        return err;
    row->waybill = vl_bytes_first(vl_buf_bytes(&row->own), waybill.len);
    row->path = vl_bytes_after(vl_buf_bytes(&row->own), waybill.len);
    return VL_OK;
}

enum vl_err vl_letter_row_copy(const struct vl_letter_row *from, struct vl_letter_row *to)
{
    struct vl_buf own = to->own;
    enum vl_err err;

    *to = *from;
    to->own = own;
    err = vl_letter_row_own(to, from->waybill, from->path);
    if (err)
        vl_letter_row_release(to);
    return err;
}

enum vl_err vl_office_row_copy(const struct vl_office_row *from, struct vl_office_row *to)
{
    struct vl_buf own = to->own;
    enum vl_err err;

    *to = *from;
    to->own = own;
    to->own.len = 0;
    err = vl_buf_put(&to->own, from->cards);
    to->cards = vl_buf_bytes(&to->own);
    if (err)
        vl_office_row_release(to);
    return err;
}

/* Who wrote it, to whom, and what else the outside or the inside say. */
static bool merge_parties(struct vl_letter_row *kept, const struct vl_letter_row *more)
{
    bool changed = false;

    if (more->has_from && !kept->has_from) {
        kept->has_from = true;
        kept->from_proven = more->from_proven;
        memcpy(kept->from, more->from, VL_HASH_LEN);
        changed = true;
    } else if (more->has_from && more->from_proven && !kept->from_proven &&
               memcmp(kept->from, more->from, VL_HASH_LEN) == 0) {
        kept->from_proven = changed = true;
    }
    if (more->to_count > 0 && kept->to_count == 0) {
        kept->to_count = more->to_count;
        memcpy(kept->to, more->to, more->to_count * VL_HASH_LEN);
        changed = true;
    }
    return changed;
}

static bool merge_facts(struct vl_letter_row *kept, const struct vl_letter_row *more)
{
    bool changed = false;

    if (more->has_core && !kept->has_core) {
        kept->has_core = changed = true;
        memcpy(kept->core, more->core, sizeof kept->core);
    }
    if (more->has_letter_id && !kept->has_letter_id) {
        kept->has_letter_id = changed = true;
        memcpy(kept->letter_id, more->letter_id, sizeof kept->letter_id);
    }
    if (more->has_date && !kept->has_date) {
        kept->has_date = changed = true;
        kept->date_s = more->date_s;
    }
    if (more->has_expires && !kept->has_expires) {
        kept->has_expires = changed = true;
        kept->expires_s = more->expires_s;
    }
    if (more->has_expect_by && !kept->has_expect_by) {
        kept->has_expect_by = changed = true;
        kept->expect_by_s = more->expect_by_s;
    }
    if (more->has_via && !kept->has_via) {
        kept->has_via = changed = true;
        memcpy(kept->via, more->via, sizeof kept->via);
    }
    if (more->way > kept->way) { /* a letter goes on, and never back by itself */
        kept->way = more->way;
        changed = true;
    }
    if (more->verdict != 0 && kept->verdict == 0) {
        kept->verdict = more->verdict;
        kept->opened_at_s = more->opened_at_s;
        changed = true;
    }
    return changed;
}

/* A waybill and the `sealed` event that vouches for it belong together: a vouched one takes the
 * place of one that nobody vouches for, and no other. */
static bool merge_waybill(struct vl_letter_row *kept, const struct vl_letter_row *more)
{
    bool same = vl_bytes_eq(kept->waybill, more->waybill);

    if (kept->has_sealed) {
        bool fits = more->has_sealed && same && kept->leaf_index == more->leaf_index &&
                    memcmp(kept->sealed, more->sealed, VL_HASH_LEN) == 0;

        if (!fits || kept->path.len > 0 || more->path.len == 0)
            return false;
        kept->path = more->path;
        return true;
    }
    if (more->has_sealed && (more->waybill.len > 0 || kept->waybill.len == 0)) {
        kept->has_sealed = true;
        memcpy(kept->sealed, more->sealed, VL_HASH_LEN);
        kept->leaf_index = more->leaf_index;
        kept->waybill = more->waybill;
        kept->path = more->path;
        return true;
    }
    if (more->has_sealed || kept->waybill.len > 0 || more->waybill.len == 0)
        return false;
    kept->waybill = more->waybill;
    return true;
}

bool vl_letter_row_merge(struct vl_letter_row *kept, const struct vl_letter_row *more)
{
    bool changed = (kept->roles | more->roles) != kept->roles;

    kept->roles |= more->roles;
    changed |= merge_parties(kept, more);
    changed |= merge_facts(kept, more);
    changed |= merge_waybill(kept, more);
    return changed;
}

static bool begins_with(const uint8_t number[VL_HASH_LEN], const struct vl_letter_query *query)
{
    uint8_t low[VL_HASH_LEN], high[VL_HASH_LEN];

    vl_letter_query_range(query, low, high);
    return memcmp(low, number, VL_HASH_LEN) <= 0 && memcmp(number, high, VL_HASH_LEN) <= 0;
}

bool vl_letter_row_is_to(const struct vl_letter_row *row, const uint8_t office[VL_HASH_LEN])
{
    for (size_t i = 0; i < row->to_count; i++)
        if (memcmp(row->to[i], office, VL_HASH_LEN) == 0)
            return true;
    return false;
}

bool vl_letter_row_concerns(const struct vl_letter_row *row, const uint8_t office[VL_HASH_LEN])
{
    return (row->has_from && memcmp(row->from, office, VL_HASH_LEN) == 0) ||
           vl_letter_row_is_to(row, office);
}

bool vl_letter_query_wants(const struct vl_letter_query *query, const struct vl_letter_row *row)
{
    if (query->roles != 0 && (row->roles & query->roles) == 0)
        return false;
    if (query->has_sealed &&
        (!row->has_sealed || memcmp(row->sealed, query->sealed, VL_HASH_LEN) != 0))
        return false;
    if (query->has_prefix && !begins_with(row->number, query))
        return false;
    if (query->has_first && memcmp(row->number, query->first, VL_HASH_LEN) < 0)
        return false;
    if (query->ways != 0 && (query->ways & 1u << row->way) == 0)
        return false;
    return !query->has_office || vl_letter_row_concerns(row, query->office);
}

void vl_letter_query_range(const struct vl_letter_query *query, uint8_t low[VL_HASH_LEN],
                           uint8_t high[VL_HASH_LEN])
{
    unsigned bits = !query->has_prefix ? 0 : query->prefix_bits > 256 ? 256 : query->prefix_bits;

    for (unsigned i = 0; i < VL_HASH_LEN; i++) {
        unsigned fixed = bits >= 8 * i + 8 ? 8 : bits > 8 * i ? bits - 8 * i : 0;
        unsigned open = 0xffu >> fixed;

        low[i] = (uint8_t)(query->prefix[i] & ~open);
        high[i] = (uint8_t)(query->prefix[i] | open);
    }
    if (query->has_first && memcmp(query->first, low, VL_HASH_LEN) > 0)
        memcpy(low, query->first, VL_HASH_LEN);
}
