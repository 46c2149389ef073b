/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/age_keyfile.h"

#include <string.h>

#include "base/text.h"

/* Take the next line that holds something; false at the end. */
static bool next_line(vl_bytes *rest, size_t *number, vl_bytes *line)
{
    while (rest->len > 0) {
        const uint8_t *end = memchr(rest->ptr, '\n', rest->len);
        size_t len = end ? (size_t)(end - rest->ptr) : rest->len;

        *line = vl_bytes_first(*rest, len);
        *rest = vl_bytes_after(*rest, len + 1);
        ++*number;
        if (line->len > 0 && line->ptr[line->len - 1] == '\r')
            line->len--;
        if (line->len > 0 && line->ptr[0] != '#')
            return true;
    }
    return false;
}

static enum vl_err check_line(vl_bytes line, struct vl_why *why)
{
    if (line.len > VL_AGE_KEYLINE_MAX)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d characters", VL_AGE_KEYLINE_MAX);
    if (!vl_text_is_utf8(line))
        return vl_fail(why, VL_ERR_FORMAT, "not UTF-8");
    return VL_OK;
}

enum vl_err vl_age_keyfile_recipients(vl_bytes text, struct vl_age_recipients *list,
                                      size_t *duplicates, struct vl_why *why)
{
    size_t number = 0, found = 0;
    vl_bytes line;

    *duplicates = 0;
    while (next_line(&text, &number, &line)) {
        struct vl_age_recipient recipient;
        bool is_new = false;
        enum vl_err err = check_line(line, why);

        if (!err && vl_bytes_starts(line, VL_LITERAL("AGE-SECRET-KEY-")))
            err = vl_fail(why, VL_ERR_FORMAT, "a private key where recipients belong");
        if (!err)
            err = vl_age_recipient_parse(line, &recipient, why);
        if (!err)
            err = vl_age_recipients_add(list, &recipient, &is_new, why);
        if (err)
            return vl_fail_in(why, err, "line %zu", number);
        found++;
        *duplicates += !is_new;
    }
    return found ? VL_OK : vl_fail(why, VL_ERR_FORMAT, "no recipient in it");
}

enum vl_err vl_age_keyfile_identities(vl_bytes text, struct vl_age_identities *list,
                                      struct vl_why *why)
{
    size_t number = 0, found = 0;
    vl_bytes line;

    while (next_line(&text, &number, &line)) {
        VL_AUTO(vl_age_identity_wipe) struct vl_age_identity identity = {VL_SECRET_INIT, {{0}}};
        enum vl_err err = check_line(line, why);

        if (!err && vl_bytes_starts(line, VL_LITERAL("age1")))
            err = vl_fail(why, VL_ERR_FORMAT, "a recipient where private keys belong");
        if (!err)
            err = vl_age_identity_parse(line, &identity, why);
        if (!err)
            err = vl_age_identities_add(list, &identity, why);
        if (err)
            return vl_fail_in(why, err, "line %zu", number);
        found++;
    }
    return found ? VL_OK : vl_fail(why, VL_ERR_FORMAT, "no private key in it");
}

enum vl_err vl_age_keyfile_write(const struct vl_age_identity *identity, vl_bytes created,
                                 struct vl_buf *out)
{
    enum vl_err err = VL_OK;

    if (created.len > 0) {
        err = vl_buf_put(out, VL_LITERAL("# created: "));
        if (!err)
            err = vl_buf_put(out, created);
        if (!err)
            err = vl_buf_put_byte(out, '\n');
    }
    if (!err)
        err = vl_buf_put(out, VL_LITERAL("# public key: "));
    if (!err)
        err = vl_age_recipient_write(&identity->recipient, out);
    if (!err)
        err = vl_buf_put_byte(out, '\n');
    if (!err)
        err = vl_age_identity_write(identity, out);
    return err ? err : vl_buf_put_byte(out, '\n');
}

bool vl_age_keyfile_is_sealed(vl_bytes text)
{
    return vl_bytes_starts(text, VL_LITERAL("age-encryption.org/")) ||
           vl_bytes_starts(text, VL_LITERAL("-----BEGIN AGE ENCRYPTED FILE-----"));
}
