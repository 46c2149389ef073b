/* SPDX-License-Identifier: Apache-2.0 */
/* Mandates from any bytes: a byte for the length of `sub`, sub, payload.  What is read covers what
 * lies inside each of its limits, and nothing that lies outside of one. */
#include <stdlib.h>
#include <string.h>

#include "card/mandate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static enum vl_mandate_flaw judge(const struct vl_mandate *mandate,
                                  const struct vl_mandate_use *use)
{
    bool uncertain = false;
    enum vl_mandate_flaw flaw = vl_mandate_covers(mandate, use, &uncertain);

    check(flaw == VL_MANDATE_GOOD || !uncertain);
    return flaw;
}

/* A use that the mandate's own words allow, but for its power. */
static struct vl_mandate_use use_of(const struct vl_mandate *mandate, struct vl_office_id *from)
{
    struct vl_mandate_use use = {.by = mandate->grantee,
                                 .count = mandate->count ? mandate->count : 1,
                                 .seals = &mandate->seals};

    if (mandate->has_letters)
        use.number = vl_ids_at(&mandate->letters, mandate->letters.count - 1);
    if (mandate->has_from) {
        memcpy(from->at, vl_ids_at(&mandate->from, 0), VL_HASH_LEN);
        use.from = from;
        use.from_count = 1;
    }
    if (mandate->has_handover)
        use.handover = mandate->handover;
    return use;
}

static void check_limits(const struct vl_mandate *mandate, enum vl_power power)
{
    struct vl_office_id from;
    struct vl_mandate_use use = use_of(mandate, &from);

    use.power = power;
    if (!vl_mandate_gives(mandate, power)) {
        check(judge(mandate, &use) == VL_MANDATE_NO_SUCH_POWER);
        return;
    }
    check(judge(mandate, &use) == VL_MANDATE_GOOD);
    use.by.at[0] ^= 1;
    check(judge(mandate, &use) == VL_MANDATE_NOT_THE_GRANTEE);
    use.by.at[0] ^= 1;
    use.count = mandate->count + 1;
    check(judge(mandate, &use) == (mandate->count ? VL_MANDATE_OVER_COUNT : VL_MANDATE_GOOD));
    use.count = 1;
    use.seals = NULL;
    check(judge(mandate, &use) ==
          (mandate->seals.count ? VL_MANDATE_SEALS_DIFFER : VL_MANDATE_GOOD));
    use.number = NULL;
    use.seals = &mandate->seals;
    check(judge(mandate, &use) ==
          (mandate->has_letters ? VL_MANDATE_NOT_THIS_LETTER : VL_MANDATE_GOOD));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct vl_object object = {.kind = VL_KIND_MANDATE, .count = 1};
    vl_bytes rest = vl_bytes_after(vl_bytes_of(data, len), 1);
    static struct vl_mandate mandate;

    if (len < 1 || len > VL_SIGN1_MAX_LEN)
        return 0;
    object.by[0] = (struct vl_sign1)VL_SIGN1_INIT;
    object.by[0].claims.sub = vl_bytes_first(rest, data[0]);
    object.by[0].payload = vl_bytes_after(rest, object.by[0].claims.sub.len);
    if (vl_mandate_read(&object, &mandate, NULL)) {
        check(mandate.power_count == 0 && !mandate.has_letters);
        return 0;
    }
    check(mandate.uses == VL_MANDATE_MANY || mandate.has_letters || mandate.has_handover);
    check(!(mandate.act.has_under && mandate.may_delegate));
    for (unsigned power = VL_POWER_NONE; power <= VL_POWER_SEAL + 1u; power++)
        check_limits(&mandate, (enum vl_power)power);
    return 0;
}
