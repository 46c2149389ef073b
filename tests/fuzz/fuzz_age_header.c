/* SPDX-License-Identifier: Apache-2.0 */
/* A header is judged alike in whatever pieces it comes, and what is read is written the same. */
#include <stdlib.h>
#include <string.h>

#include "codec/base64.h"
#include "seal/age_header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static enum vl_err feed(struct vl_age_header *header, vl_bytes bytes, size_t piece, size_t *taken,
                        struct vl_why *why)
{
    enum vl_err err = VL_OK;

    *taken = 0;
    while (!err && !header->complete && *taken < bytes.len) {
        vl_bytes some = vl_bytes_first(vl_bytes_after(bytes, *taken), piece);
        size_t used;

        err = vl_age_header_feed(header, some, &used, why);
        check(used <= some.len && (err || header->complete || used == some.len));
        *taken += used;
    }
    return err ? err : vl_age_header_end(header, why);
}

/* The bytes of a body, or false when it is longer than we write. */
static bool body_bytes(vl_bytes lines, uint8_t out[512], size_t *len)
{
    *len = 0;
    while (lines.len > 0) {
        vl_bytes line = vl_bytes_first(lines, 64);
        size_t got;

        if (*len + 48 > 512)
            return false;
        check(vl_base64_decode(line, out + *len, &got) == VL_OK);
        *len += got;
        lines = vl_bytes_after(lines, line.len + 1);
    }
    return true;
}

static void check_stanza(const struct vl_age_header *header, size_t index, struct vl_buf *again)
{
    struct vl_age_stanza stanza = vl_age_header_stanza(header, index);
    vl_bytes args =
        vl_bytes_of(stanza.type.ptr, stanza.type.len + (stanza.arg_count > 0) + stanza.args.len);
    size_t args_len = stanza.type.len, before = again->len, len;
    uint8_t body[512];

    for (size_t i = 0; i < stanza.arg_count; i++) {
        vl_bytes arg = vl_age_stanza_arg(&stanza, i);

        check(arg.len > 0 && !memchr(arg.ptr, ' ', arg.len));
        args_len += 1 + arg.len;
    }
    check(args_len == args.len);
    if (body_bytes(stanza.body, body, &len)) {
        check(vl_age_header_put_stanza(again, args, vl_bytes_of(body, len)) == VL_OK);
        return;
    }
    check(vl_buf_put(again, VL_LITERAL("-> ")) == VL_OK && vl_buf_put(again, args) == VL_OK &&
          vl_buf_put_byte(again, '\n') == VL_OK && vl_buf_put(again, stanza.body) == VL_OK &&
          vl_buf_put_byte(again, '\n') == VL_OK && again->len > before);
}

static void check_goes_round(const struct vl_age_header *header)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_AGE_HEADER_MAX);
    uint8_t mac[VL_BASE64_LEN(VL_HASH_LEN) + 1];

    check(vl_age_header_begin(&again) == VL_OK);
    for (size_t i = 0; i < header->stanza_count; i++)
        check_stanza(header, i, &again);
    check(again.len == header->mac_at);
    mac[vl_base64_encode(VL_ARRAY(header->mac), mac)] = '\n';
    check(vl_buf_put(&again, VL_LITERAL("--- ")) == VL_OK &&
          vl_buf_put(&again, VL_ARRAY(mac)) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&again), vl_buf_bytes(&header->wire)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const size_t pieces[] = {SIZE_MAX, 1, 7};
    struct vl_age_header headers[3] = {VL_AGE_HEADER_INIT, VL_AGE_HEADER_INIT, VL_AGE_HEADER_INIT};
    struct vl_why whys[3] = {{""}, {""}, {""}};
    enum vl_err errs[3];
    size_t taken[3];

    for (size_t i = 0; i < 3; i++)
        errs[i] = feed(&headers[i], vl_bytes_of(data, len), pieces[i], &taken[i], &whys[i]);
    for (size_t i = 1; i < 3; i++) {
        check(errs[i] == errs[0] && strcmp(whys[i].text, whys[0].text) == 0);
        check(errs[0] || taken[i] == taken[0]);
    }
    if (!errs[0]) {
        check(vl_bytes_eq(vl_buf_bytes(&headers[0].wire), vl_bytes_of(data, taken[0])));
        check_goes_round(&headers[0]);
    }
    for (size_t i = 0; i < 3; i++)
        vl_age_header_release(&headers[i]);
    return 0;
}
