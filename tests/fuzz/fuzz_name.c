/* SPDX-License-Identifier: Apache-2.0 */
/* A cleaned name is a name, and stays as it is; folding once is folding for ever; a petname that
 * was folded is a petname; a name is like itself in any case. */
#include <stdlib.h>
#include <string.h>

#include "base/name.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void check_part(vl_bytes name)
{
    VL_AUTO(vl_buf_release) struct vl_buf clean = VL_BUF_INIT(VL_PART_NAME_MAX);
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_PART_NAME_MAX);
    bool is_good = vl_part_name_check(name, NULL) == VL_OK;
    char shown[4 * VL_PART_NAME_MAX];

    check(vl_part_name_clean(name, &clean) == VL_OK);
    check(vl_part_name_check(vl_buf_bytes(&clean), NULL) == VL_OK);
    check(!is_good || vl_bytes_eq(vl_buf_bytes(&clean), name));
    check(vl_part_name_clean(vl_buf_bytes(&clean), &again) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&clean), vl_buf_bytes(&again)));
    /* And a terminal may show it. */
    check(vl_bytes_eq(vl_bytes_str(vl_text_safe(shown, sizeof shown, vl_buf_bytes(&clean))),
                      vl_buf_bytes(&clean)));
}

static void check_fold(vl_bytes name)
{
    VL_AUTO(vl_buf_release) struct vl_buf folded = VL_BUF_INIT(1u << 20);
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(1u << 20);

    check(vl_part_name_fold(name, &folded) == VL_OK);
    check(vl_part_name_fold(vl_buf_bytes(&folded), &again) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&folded), vl_buf_bytes(&again)));
    if (name.len <= VL_NAME_MAX && folded.len <= VL_NAME_MAX && vl_name_check(name, NULL) == VL_OK)
        check(vl_name_alike(name, vl_buf_bytes(&folded)) || !vl_text_is_utf8(name));
}

/* The input is one name, and its halves are two. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    vl_bytes name = vl_bytes_of(data, len);
    vl_bytes first = vl_bytes_first(name, len / 2), second = vl_bytes_after(name, len / 2);
    char petname[VL_PETNAME_MAX + 1];

    check_part(name);
    check_fold(name);
    check(vl_petname_check(vl_bytes_str(vl_name_fold(name, petname)), NULL) == VL_OK);
    check(vl_petname_check(name, NULL) != VL_OK || vl_name_check(name, NULL) == VL_OK);
    check(vl_name_alike(name, name));
    check(vl_name_alike(first, second) == vl_name_alike(second, first));
    return 0;
}
