/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes shown as CBOR: printable ASCII on one line with its brackets closed; what the cursor
 * takes is shown, with the same length; no beginning of an item is an item. */
#include <stdlib.h>
#include <string.h>

#include "codec/cbor.h"
#include "codec/cbor_show.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define TEXT_MAX ((size_t)1 << 20)
#define CUTS_MAX 32

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

/* Brackets outside of texts; comments have none. */
static void check_text(vl_bytes text)
{
    long open = 0;
    bool in_text = false;

    for (size_t i = 0; i < text.len; i++) {
        char c = (char)text.ptr[i];

        check(c >= 0x20 && c < 0x7f);
        if (in_text && c == '\\')
            i++;
        else if (c == '"')
            in_text = !in_text;
        else if (!in_text && strchr("[{(", c))
            open++;
        else if (!in_text && strchr("]})", c))
            open--;
        check(open >= 0);
    }
    check(open == 0 && !in_text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(TEXT_MAX);
    vl_bytes wire = {data, len};
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_COSE);
    vl_bytes item = vl_cbor_item(&r);
    size_t shown = 0, part;
    enum vl_err err = vl_cbor_show(wire, &out, &shown, NULL);

    check(shown <= len);
    if (vl_cbor_ok(&r))
        check(err == VL_ERR_LIMIT || (err == VL_OK && shown == item.len));
    if (err != VL_OK)
        return 0;
    check(out.len > 0);
    check_text(vl_buf_bytes(&out));
    for (size_t cut = 1; cut <= shown && cut <= CUTS_MAX; cut++) {
        out.len = 0;
        check(vl_cbor_show(vl_bytes_first(wire, shown - cut), &out, &part, NULL) != VL_OK);
    }
    return 0;
}
