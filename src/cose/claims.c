/* SPDX-License-Identifier: Apache-2.0 */
#include "cose/claims.h"

/* RFC 8392, 4 */
#define CLAIM_ISS 1
#define CLAIM_SUB 2
#define CLAIM_IAT 6

#define FIRST_FLOAT_BYTE 0xf9 /* half precision; single, double, and what no item begins with */

static bool float_is_next(const struct vl_cbor *r)
{
    return vl_cbor_peek(r) == VL_CBOR_SIMPLE && *r->at >= FIRST_FLOAT_BYTE;
}

/* RFC 8392, 2: a NumericDate is an integer or a float, and has no tag. */
static void read_iat(struct vl_cbor *r, struct vl_claims *claims)
{
    if (float_is_next(r)) {
        (void)vl_cbor_item(r);
        return;
    }
    claims->iat_s = vl_cbor_int(r, 0, VL_CLAIMS_IAT_MAX_S);
    claims->has_iat = vl_cbor_ok(r);
}

void vl_claims_read(struct vl_cbor *r, struct vl_claims *claims)
{
    struct vl_cbor_map map = vl_cbor_map(r, 0, VL_CLAIMS_MAX_PAIRS);

    *claims = (struct vl_claims)VL_CLAIMS_INIT;
    while (vl_cbor_next(r, &map)) {
        struct vl_cbor_label label = vl_cbor_label(r, &map);

        switch (label.number) {
        case CLAIM_ISS:
            claims->iss = vl_cbor_text(r, 1, VL_CLAIMS_MAX_TEXT);
            break;
        case CLAIM_SUB:
            claims->sub = vl_cbor_text(r, 1, VL_CLAIMS_MAX_TEXT);
            break;
        case CLAIM_IAT:
            read_iat(r, claims);
            break;
        default:
            (void)vl_cbor_item(r);
        }
    }
}

void vl_claims_put(struct vl_cbor_out *w, const struct vl_claims *claims)
{
    vl_cbor_put_map(w, claims->has_iat ? 3 : 2);
    vl_cbor_put_int(w, CLAIM_ISS);
    vl_cbor_put_text(w, claims->iss);
    vl_cbor_put_int(w, CLAIM_SUB);
    vl_cbor_put_text(w, claims->sub);
    if (claims->has_iat) {
        vl_cbor_put_int(w, CLAIM_IAT);
        vl_cbor_put_int(w, claims->iat_s);
    }
}
