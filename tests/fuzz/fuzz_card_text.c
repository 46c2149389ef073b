/* SPDX-License-Identifier: Apache-2.0 */
/* Card files as text.  Any text that is read as a card file is bech32 of the file; and any bytes,
 * written as text in either case and with space around it, are read as they are without it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "card/chain.h"
#include "codec/bech32.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void read_text(vl_bytes text)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    size_t at = 0;

    if (vl_chain_parse(text, &chain, NULL) || text.ptr[0] == 0x83)
        return;
    check(vl_chain_write_text(&chain, &again) == VL_OK);
    while (text.len > 0 && isspace(text.ptr[0]))
        text = vl_bytes_after(text, 1);
    check(text.len >= again.len);
    for (; at < again.len; at++)
        check(tolower(text.ptr[at]) == again.data[at]);
    for (; at < text.len; at++)
        check(isspace(text.ptr[at]));
}

static void read_as_text(vl_bytes bytes, bool capitals)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT, of_text = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(2 * (size_t)VL_BECH32_MAX_TEXT);
    enum vl_err err = vl_chain_parse(bytes, &chain, NULL);

    check(vl_buf_put(&text, VL_LITERAL(" \n")) == VL_OK);
    check(vl_bech32_encode(VL_LITERAL(VL_CHAIN_HRP), bytes, &text) == VL_OK);
    check(vl_buf_put(&text, VL_LITERAL("\r\n")) == VL_OK);
    for (size_t i = 0; i < text.len && capitals; i++)
        text.data[i] = (uint8_t)toupper(text.data[i]);
    if (text.len <= VL_BECH32_MAX_TEXT)
        check(vl_chain_parse(vl_buf_bytes(&text), &of_text, NULL) == err);
    check(of_text.count == (text.len <= VL_BECH32_MAX_TEXT ? chain.count : 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    vl_bytes bytes = vl_bytes_of(data, len);

    if (len == 0 || len > VL_BECH32_MAX_TEXT)
        return 0;
    read_text(bytes);
    /* A card file within a text would be text within text. */
    if (data[0] == 0x83 && len <= 2048)
        read_as_text(bytes, data[len / 2] & 1);
    return 0;
}
