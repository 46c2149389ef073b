/* SPDX-License-Identifier: Apache-2.0 */
#include "office/sending.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/time.h"
#include "office/acts.h"

/* An act over more letters than this is found by its id alone. */
#define ABOUT_MAX 64

static enum vl_err sealing_key(const struct vl_card *card, struct vl_age_recipient *key)
{
    for (size_t i = 0; i < card->sealing_count; i++)
        if (vl_bytes_eq(card->sealing[i].kind, VL_LITERAL(VL_CARD_SEALING_X25519)) &&
            card->sealing[i].key.len == VL_X25519_LEN) {
            memcpy(key->x25519, card->sealing[i].key.ptr, VL_X25519_LEN);
            return VL_OK;
        }
    return VL_ERR_UNSUPPORTED;
}

/* May anything be sealed to this card? */
static enum vl_err check_card(const struct vl_office_row *row, const struct vl_chain *chain,
                              int64_t now_s, struct vl_why *why)
{
    const struct vl_chain_link *link = &chain->links[chain->count - 1];
    char date[VL_TIME_TEXT];

    if (row->forked)
        return vl_fail(
            why, VL_ERR_REFUSED,
            "two different cards of one number were signed by it; one of them is a thief's");
    if (link->key_revoked)
        return vl_fail(why, VL_ERR_REFUSED, "its key was revoked");
    if (link->card.has_not_after && link->card.not_after_s < now_s)
        return vl_fail(why, VL_ERR_EXPIRED, "its card ended on %s",
                       vl_time_text(link->card.not_after_s, date));
    return VL_OK;
}

static enum vl_err find_one(struct vl_home *home, const char *text, bool open, int64_t now_s,
                            struct vl_addressees *out, struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    struct vl_letter_recipient *recipient = &out->at[out->count];
    const struct vl_chain *chain;
    enum vl_err err = vl_home_find_office(home, text, &row, why);

    if (err)
        return err;
    *recipient = (struct vl_letter_recipient){.is_own_copy = false};
    memcpy(recipient->office.at, row.office, VL_HASH_LEN);
    for (size_t i = 0; i < out->count; i++)
        if (vl_office_id_eq(&out->at[i].office, &recipient->office))
            return vl_fail(why, VL_ERR_USAGE, "it was named twice");
    chain = vl_home_chain(home, &recipient->office);
    if (!chain)
        return vl_fail(why, home->chain_err ? home->chain_err : VL_ERR_FORMAT,
                       "its card cannot be read");
    err = check_card(&row, chain, now_s, why);
    if (!err && !open && sealing_key(vl_chain_newest(chain), &recipient->key) != VL_OK)
        err = vl_fail(why, VL_ERR_UNSUPPORTED, "its card has no key that can be sealed to here");
    if (err)
        return err;
    out->unchecked += !row.checked && !row.is_own;
    out->count++;
    return VL_OK;
}

enum vl_err vl_addressees_find(struct vl_home *home, const char *const *offices, size_t count,
                               bool open, bool own_copy, int64_t now_s, struct vl_addressees *out,
                               struct vl_why *why)
{
    enum vl_err err = VL_OK;

    *out = (struct vl_addressees){0};
    if (count == 0)
        return vl_fail(why, VL_ERR_USAGE, "no office was named");
    if (count > VL_MANIFEST_MAX_ADDRESSEES)
        return vl_fail(why, VL_ERR_LIMIT, "a letter goes to %d offices at most",
                       VL_MANIFEST_MAX_ADDRESSEES);
    for (size_t i = 0; i < count && !err; i++) {
        err = find_one(home, offices[i], open, now_s, out, why);
        if (err)
            err = vl_fail_in(why, err, "\"%s\"", offices[i]);
    }
    out->to_count = out->count;
    for (size_t i = 0; i < out->count && !err; i++)
        own_copy &= !vl_office_id_eq(&out->at[i].office, &home->own);
    if (err || open || !own_copy)
        return err;
    out->at[out->count] = (struct vl_letter_recipient){.office = home->own, .is_own_copy = true};
    if (sealing_key(vl_chain_newest(&home->chain), &out->at[out->count].key) != VL_OK)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "the own card has no key for a copy");
    out->count++;
    return VL_OK;
}

void vl_sent_release(struct vl_sent *sent)
{
    vl_buf_release(&sent->waybill);
}

enum vl_err vl_sent_fill(const struct vl_letter_plan *plan, const struct vl_letter_made *made,
                         const struct vl_pieces *pieces, int64_t now_s, struct vl_sent *sent,
                         struct vl_letter_row *row, struct vl_why *why)
{
    struct vl_waybill waybill = {.size = made->size,
                                 .mode = plan->open ? VL_LETTER_OPEN : VL_LETTER_SEALED,
                                 .from = plan->signer->office,
                                 .opening_count = made->opening_count,
                                 .has_date = true,
                                 .date_s = vl_time_day(now_s),
                                 .has_expires = plan->has_expires,
                                 .expires_s = plan->expires_s,
                                 .has_expect_by = plan->has_expect_by,
                                 .expect_by_s = plan->expect_by_s,
                                 .consignment = 1,
                                 .consignment_of = 1};
    enum vl_err err;

    *sent = (struct vl_sent){.waybill = VL_BUF_INIT(VL_WAYBILL_MAX_LEN)};
    memcpy(sent->number, made->number, VL_HASH_LEN);
    memcpy(waybill.number, made->number, VL_HASH_LEN);
    memcpy(waybill.commitment, made->core_id, VL_HASH_LEN);
    for (size_t i = 0; i < plan->recipient_count; i++)
        if (!plan->recipients[i].is_own_copy)
            waybill.to[waybill.to_count++] = plan->recipients[i].office;
    waybill.has_pieces = pieces != NULL;
    if (pieces)
        waybill.pieces = *pieces;
    for (size_t i = 0; i < made->opening_count; i++)
        memcpy(waybill.openings[i], made->openings[i], VL_HASH_LEN);
    err = vl_waybill_write(&waybill, &sent->waybill, why);
    if (err)
        return err;
    *row = (struct vl_letter_row){.size = made->size,
                                  .mode = (uint8_t)waybill.mode,
                                  .roles = VL_ROLE_WRITTEN,
                                  .way = VL_WAY_WAITING,
                                  .has_from = true,
                                  .from_proven = true,
                                  .to_count = waybill.to_count,
                                  .has_core = true,
                                  .has_letter_id = true,
                                  .has_date = true,
                                  .date_s = waybill.date_s,
                                  .has_expires = plan->has_expires,
                                  .expires_s = plan->expires_s,
                                  .has_expect_by = plan->has_expect_by,
                                  .expect_by_s = plan->expect_by_s,
                                  .kept_at_s = now_s,
                                  .waybill = vl_buf_bytes(&sent->waybill)};
    memcpy(row->number, made->number, VL_HASH_LEN);
    memcpy(row->from, plan->signer->office.at, VL_HASH_LEN);
    memcpy(row->core, made->core_id, VL_HASH_LEN);
    memcpy(row->letter_id, plan->letter_id, VL_LETTER_ID_LEN);
    for (size_t i = 0; i < waybill.to_count; i++)
        memcpy(row->to[i], waybill.to[i].at, VL_HASH_LEN);
    return VL_OK;
}

static int by_number(const void *a, const void *b)
{
    const struct vl_sent *left = a;
    const struct vl_sent *right = b;

    return memcmp(left->number, right->number, VL_HASH_LEN);
}

enum vl_err vl_sent_seal(struct vl_sent *sent, size_t count, const struct vl_signer *signer,
                         bool manual, struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                         struct vl_why *why)
{
    struct vl_sealed sealed = {.act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = manual},
                               .count = count};
    struct vl_tree tree = VL_TREE_INIT;

    if (count > 1)
        qsort(sent, count, sizeof *sent, by_number);
    for (size_t i = 0; i < count; i++) {
        uint8_t leaf[VL_HASH_LEN];

        vl_tree_leaf(vl_buf_bytes(&sent[i].waybill), leaf);
        vl_tree_add(&tree, leaf);
        sent[i].leaf_index = i;
    }
    vl_tree_root(&tree, sealed.root);
    memcpy(sealed.act.card_id, signer->card_id, VL_HASH_LEN);
    return vl_sealed_write(signer, &sealed, out, id, why);
}

enum vl_err vl_sent_keep_act(struct vl_store *store, const struct vl_signer *signer, vl_bytes act,
                             const uint8_t id[VL_HASH_LEN], const struct vl_sent *sent,
                             size_t count, struct vl_why *why)
{
    uint8_t about[ABOUT_MAX][VL_HASH_LEN];
    struct vl_object_row row = {.kind = vl_kind_word(VL_KIND_SEALED),
                                .kept_at_s = signer->iat_s,
                                .bytes = act,
                                .about = (const uint8_t(*)[VL_HASH_LEN])about,
                                .about_count = count <= ABOUT_MAX ? count : 0};
    VL_AUTO(vl_acts_tree_release) struct vl_acts_tree tree = VL_ACTS_TREE_INIT;
    enum vl_err err = VL_OK;

    memcpy(row.id, id, VL_HASH_LEN);
    memcpy(row.issuer, signer->office.at, VL_HASH_LEN);
    for (size_t i = 0; i < row.about_count; i++)
        memcpy(about[i], sent[i].number, VL_HASH_LEN);
    for (size_t i = 0; !err && i < count; i++) {
        uint8_t leaf[VL_HASH_LEN];

        vl_tree_leaf(vl_buf_bytes(&sent[i].waybill), leaf);
        err = vl_acts_tree_add(&tree, sent[i].number, leaf, why);
    }
    if (!err)
        err = vl_acts_tree_keep(store, id, &tree, why);
    return err ? err : vl_store_put_object(store, &row, why);
}
