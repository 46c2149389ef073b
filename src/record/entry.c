/* SPDX-License-Identifier: Apache-2.0 */
#include "record/entry.h"

#include <inttypes.h>
#include <string.h>

#include "card/act.h"

static enum vl_err read_entry(vl_bytes statement, struct vl_entry *entry, struct vl_why *why)
{
    VL_AUTO(vl_transparent_release) struct vl_transparent parts = VL_TRANSPARENT_INIT;
    enum vl_err err = vl_transparent_parse(statement, &parts, why);

    if (!err && parts.entry.len > VL_ENTRY_MAX_LEN)
        err = vl_fail(why, VL_ERR_LIMIT,
                      "%zu bytes, more than the %d that an entry may have: sign a hash of what is "
                      "so large (RFC 9995)",
                      parts.entry.len, VL_ENTRY_MAX_LEN);
    if (!err)
        err = vl_sign1_parse(vl_buf_bytes(&parts.entry), VL_SIGN1_OURS, &entry->sign1, why);
    if (err)
        return err;
    entry->kind = vl_kind_of_content_type(entry->sign1.content_type);
    if (entry->kind == VL_KIND_NONE &&
        !vl_bytes_eq(entry->sign1.content_type, VL_LITERAL(VL_POLICY_CONTENT_TYPE)))
        return vl_fail(why, VL_ERR_UNSUPPORTED, "of a kind that is not known here");
    vl_tree_leaf(vl_entry_bytes(entry), entry->leaf_hash);
    return vl_sign1_id(&entry->sign1, NULL, entry->id, why);
}

enum vl_err vl_entry_parse(vl_bytes statement, struct vl_entry *entry, struct vl_why *why)
{
    enum vl_err err;

    *entry = (struct vl_entry)VL_ENTRY_INIT;
    err = read_entry(statement, entry, why);
    if (err) {
        vl_entry_release(entry);
        return vl_fail_in(why, err, "entry");
    }
    return VL_OK;
}

void vl_entry_release(struct vl_entry *entry)
{
    vl_sign1_release(&entry->sign1);
    *entry = (struct vl_entry)VL_ENTRY_INIT;
}

vl_bytes vl_entry_bytes(const struct vl_entry *entry)
{
    return vl_buf_bytes(&entry->sign1.wire);
}

static bool is_in(const struct vl_object *object, const struct vl_entry *entry)
{
    for (size_t i = 0; i < object->count; i++)
        if (vl_bytes_eq(vl_buf_bytes(&object->by[i].wire), vl_entry_bytes(entry)))
            return true;
    return false;
}

/* Cards and revocations are in the chain, which is verified, or they are not this office's. */
static enum vl_err check_in_chain(const struct vl_entry *entry, const struct vl_chain *chain,
                                  struct vl_why *why)
{
    bool found = false;

    for (size_t i = 0; i < chain->count; i++)
        found = found || is_in(&chain->links[i].card.object, entry);
    for (size_t i = 0; i < chain->revocation_count; i++)
        found = found || is_in(&chain->revocations[i].object, entry);
    return found ? VL_OK
                 : vl_fail(why, VL_ERR_NOT_FOUND, "it is not among the cards of its issuer");
}

/* PROTOCOL 28: stale and revoked keys enter nothing. */
static enum vl_err check_signature(const struct vl_entry *entry, const struct vl_chain *chain,
                                   int64_t now_s, struct vl_why *why)
{
    const struct vl_card *newest = vl_chain_newest(chain), *card;
    uint8_t card_id[VL_HASH_LEN];
    size_t at = 0;
    enum vl_err err = vl_act_card_id(entry->sign1.payload, card_id, why);

    if (err)
        return err;
    card = vl_chain_find(chain, card_id, &at);
    if (!card)
        return vl_fail(why, VL_ERR_NOT_FOUND, "the card it names is not known");
    err = vl_card_verify_by(card, &entry->sign1, why);
    if (err)
        return err;
    if (chain->links[at].key_revoked)
        return vl_fail(why, VL_ERR_REFUSED, "its key is revoked");
    if (card != newest)
        return vl_fail(why, VL_ERR_EXPIRED, "its office has a newer card");
    if (card->has_not_after && now_s > card->not_after_s)
        return vl_fail(why, VL_ERR_EXPIRED, "the card of its office has run out");
    return VL_OK;
}

static bool is_ed25519(const struct vl_cose_key *key, const struct vl_note_key *of)
{
    return key->kind == VL_COSE_KEY_ED25519 &&
           memcmp(key->x, of->public_key, sizeof of->public_key) == 0;
}

/* Also the witnesses': a log that can sign as an office could vouch for what it entered itself. */
static bool is_of_log(const struct vl_cose_key *key, const struct vl_record_policy *policy)
{
    bool found = key->kind == policy->receipt_key.kind &&
                 memcmp(key->x, policy->receipt_key.x, sizeof key->x) == 0;

    found = found || is_ed25519(key, &policy->checkpoint_key);
    for (size_t i = 0; i < policy->witness_count; i++)
        found = found || is_ed25519(key, &policy->witnesses[i]);
    return found;
}

static enum vl_err check_keys(const struct vl_record_policy *policy, const struct vl_chain *chain,
                              struct vl_why *why)
{
    for (size_t i = 0; i < chain->count; i++)
        for (size_t k = 0; k < chain->links[i].card.key_count; k++)
            if (is_of_log(&chain->links[i].card.keys[k].key, policy))
                return vl_fail(why, VL_ERR_REFUSED, "a key of its office is one of the log's");
    return VL_OK;
}

static enum vl_err check_time(const struct vl_entry *entry, const struct vl_record_policy *policy,
                              int64_t now_s, struct vl_why *why)
{
    const struct vl_claims *claims = &entry->sign1.claims;

    if (!claims->has_iat)
        return policy->needs_iat
                   ? vl_fail(why, VL_ERR_REFUSED, "it does not say when it was signed")
                   : VL_OK;
    /* Both are between 0 and the year 9999. */
    if (claims->iat_s > now_s && (uint64_t)(claims->iat_s - now_s) > policy->ahead_max_s)
        return vl_fail(why, VL_ERR_EXPIRED,
                       "signed %" PRId64 " seconds from now, more than %" PRIu64,
                       claims->iat_s - now_s, policy->ahead_max_s);
    if (policy->past_max_s > 0 && claims->iat_s < now_s &&
        (uint64_t)(now_s - claims->iat_s) > policy->past_max_s)
        return vl_fail(why, VL_ERR_EXPIRED, "signed %" PRId64 " seconds ago, more than %" PRIu64,
                       now_s - claims->iat_s, policy->past_max_s);
    return VL_OK;
}

static enum vl_err check(const struct vl_entry *entry, const struct vl_record_policy *policy,
                         const struct vl_entry_asked *asked, struct vl_why *why)
{
    const bool is_card = entry->kind == VL_KIND_CARD || entry->kind == VL_KIND_REVOCATION;
    struct vl_office_id issuer;
    enum vl_err err;

    if (entry->kind == VL_KIND_NONE)
        return vl_fail(why, VL_ERR_REFUSED, "a policy is entry 0 and no other");
    if (entry->sign1.wire.len > policy->max_len)
        return vl_fail(why, VL_ERR_LIMIT, "%zu bytes, more than the %" PRIu64 " of this log",
                       entry->sign1.wire.len, policy->max_len);
    if (!is_card && !asked->by_issuer)
        return vl_fail(why, VL_ERR_REFUSED, "only its issuer may publish it");
    if (vl_office_id_of_eid(entry->sign1.claims.iss, &issuer))
        return vl_fail(why, VL_ERR_FORMAT, "its issuer is not written as an office's");
    if (!asked->chain || asked->chain->count == 0 ||
        !vl_office_id_eq(&issuer, &asked->chain->office))
        return vl_fail(why, VL_ERR_NOT_FOUND,
                       "the cards of its issuer are not known: send them along");
    err = check_keys(policy, asked->chain, why);
    if (!err)
        err = check_time(entry, policy, asked->now_s, why);
    if (err)
        return err;
    return is_card ? check_in_chain(entry, asked->chain, why)
                   : check_signature(entry, asked->chain, asked->now_s, why);
}

enum vl_err vl_entry_check(const struct vl_entry *entry, const struct vl_record_policy *policy,
                           const struct vl_entry_asked *asked, struct vl_why *why)
{
    enum vl_err err = check(entry, policy, asked, why);

    return err ? vl_fail_in(why, err, "entry") : VL_OK;
}
