/* SPDX-License-Identifier: Apache-2.0 */
/* What a mandate covers, as far as it says so itself. */
#include <string.h>

#include "card/mandate.h"

/* clang-format off */
static const struct {
    const char *word;
    const char *words;
} powers[] = {
#define X(code, number, word, words) [VL_POWER_##code] = {word, words},
    VL_POWER_TABLE(X)
#undef X
};

static const char *const ends[] = {
#define X(code, number, word, words) [VL_MANDATE_END_##code] = (word),
    VL_MANDATE_END_TABLE(X)
#undef X
};

static const char *const flaws[] = {
    [VL_MANDATE_GOOD] = "",
#define X(code, word) [VL_MANDATE_##code] = (word),
    VL_MANDATE_FLAW_TABLE(X)
#undef X
};
/* clang-format on */
#define POWER_COUNT (sizeof powers / sizeof *powers)
#define END_COUNT   (sizeof ends / sizeof *ends)

const char *vl_power_word(enum vl_power power)
{
    return power > VL_POWER_NONE && power < POWER_COUNT ? powers[power].word : "";
}

const char *vl_power_words(enum vl_power power)
{
    return power > VL_POWER_NONE && power < POWER_COUNT ? powers[power].words : "";
}

enum vl_power vl_power_of_word(vl_bytes word)
{
    for (unsigned power = VL_POWER_NONE + 1; power < POWER_COUNT; power++)
        if (vl_bytes_eq(word, vl_bytes_str(powers[power].word)))
            return (enum vl_power)power;
    return VL_POWER_NONE;
}

const char *vl_mandate_end_word(enum vl_mandate_end reason)
{
    return reason > VL_MANDATE_END_NONE && reason < END_COUNT ? ends[reason] : "";
}

const char *vl_mandate_flaw_word(enum vl_mandate_flaw flaw)
{
    return flaws[flaw];
}

bool vl_mandate_gives(const struct vl_mandate *mandate, enum vl_power power)
{
    for (size_t i = 0; i < mandate->power_count; i++)
        if (mandate->powers[i] == (unsigned)power && power < POWER_COUNT)
            return true;
    return false;
}

#define MS_IN_S 1000

struct vl_when vl_act_when(const struct vl_act *act, const struct vl_object *object)
{
    struct vl_when when = {.known = true};
    int64_t signed_at_s = 0;

    if (act->has_at) {
        uint64_t around = act->has_plus_minus ? act->plus_minus_ms : 0;

        /* Both are below 2^48. */
        when.from_ms = act->at_ms > around ? act->at_ms - around : 0;
        when.to_ms = act->at_ms + around;
    } else if (vl_object_signed_at(object, &signed_at_s) && signed_at_s >= 0) {
        when.from_ms = (uint64_t)signed_at_s * MS_IN_S;
        when.to_ms = when.from_ms + MS_IN_S - 1;
    } else {
        when.known = false;
    }
    return when;
}

static bool from_is_among(const struct vl_mandate *mandate, const struct vl_mandate_use *use)
{
    for (size_t i = 0; i < use->from_count; i++)
        if (vl_ids_has(&mandate->from, use->from[i].at))
            return true;
    return false;
}

/* The last second counts whole. */
static bool is_outside(const struct vl_mandate *mandate, const struct vl_when *when)
{
    return (mandate->has_not_before && when->to_ms < (uint64_t)mandate->not_before_s * MS_IN_S) ||
           (mandate->has_not_after &&
            when->from_ms > (uint64_t)mandate->not_after_s * MS_IN_S + MS_IN_S - 1);
}

static bool is_inside(const struct vl_mandate *mandate, const struct vl_when *when)
{
    return (!mandate->has_not_before ||
            when->from_ms >= (uint64_t)mandate->not_before_s * MS_IN_S) &&
           (!mandate->has_not_after ||
            when->to_ms <= (uint64_t)mandate->not_after_s * MS_IN_S + MS_IN_S - 1);
}

static bool seals_differ(const struct vl_mandate *mandate, const struct vl_seals *seals)
{
    return mandate->seals.count > 0 && (!seals || !vl_seals_eq(&mandate->seals, seals));
}

enum vl_mandate_flaw vl_mandate_covers(const struct vl_mandate *mandate,
                                       const struct vl_mandate_use *use, bool *uncertain)
{
    bool has_limit = mandate->has_not_before || mandate->has_not_after;

    *uncertain = false;
    if (!vl_office_id_eq(&mandate->grantee, &use->by))
        return VL_MANDATE_NOT_THE_GRANTEE;
    if (!vl_mandate_gives(mandate, use->power))
        return VL_MANDATE_NO_SUCH_POWER;
    if (mandate->has_letters && !(use->number && vl_ids_has(&mandate->letters, use->number)))
        return VL_MANDATE_NOT_THIS_LETTER;
    if (mandate->has_from && !from_is_among(mandate, use))
        return VL_MANDATE_NOT_THIS_SENDER;
    if (mandate->has_handover &&
        !(use->handover && memcmp(use->handover, mandate->handover, VL_NONCE_LEN) == 0))
        return VL_MANDATE_NOT_THIS_HANDOVER;
    if (mandate->count > 0 && mandate->count < use->count)
        return VL_MANDATE_OVER_COUNT;
    if (seals_differ(mandate, use->seals))
        return VL_MANDATE_SEALS_DIFFER;
    if (use->when.known && is_outside(mandate, &use->when))
        return VL_MANDATE_OUTSIDE_VALIDITY;
    *uncertain = has_limit && !(use->when.known && is_inside(mandate, &use->when));
    return VL_MANDATE_GOOD;
}

bool vl_mandate_passed_on(const struct vl_mandate *mandate, const struct vl_office_id *issuer,
                          const struct vl_mandate *above, const uint8_t above_id[VL_HASH_LEN])
{
    return mandate->act.has_under && memcmp(mandate->act.under, above_id, VL_HASH_LEN) == 0 &&
           vl_office_id_eq(&above->grantee, issuer) && above->may_delegate && !above->act.has_under;
}
