/* SPDX-License-Identifier: Apache-2.0 */
/* Files of keys from any bytes.  What is read is written to the same bytes, and of what is refused
 * no key stays in memory. */
#include <stdlib.h>

#include "office/secrets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const struct vl_secret none = VL_SECRET_INIT;
    VL_AUTO(vl_secrets_wipe) struct vl_secrets secrets = VL_SECRETS_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_SECRETS_MAX_LEN);
    vl_bytes wire = vl_bytes_of(data, len);

    if (len > VL_SECRETS_MAX_LEN)
        return 0;
    if (vl_secrets_parse(wire, &secrets, NULL)) {
        check(secrets.seed_count == 0 && secrets.sealing.count == 0 && !secrets.sealing.at);
        for (size_t i = 0; i < VL_SECRETS_MAX_SEEDS; i++)
            check(vl_secret_eq(&secrets.seeds[i], &none));
        return 0;
    }
    check(secrets.seed_count <= VL_SECRETS_MAX_SEEDS);
    check(vl_secrets_write(&secrets, &again) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&again), wire));
    return 0;
}
