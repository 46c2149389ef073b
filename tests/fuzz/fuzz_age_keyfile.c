/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that are read are written and read again as the same; a file with CR LF says what it says
 * with LF; and a reason is one of ours, so it never shows what stands in the file. */
#include <stdlib.h>
#include <string.h>

#include "seal/age_keyfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static bool is_of_ours(const char *words)
{
    static const char *const ours[] = {
        "more than 8192 characters",
        "not UTF-8",
        "a private key where recipients belong",
        "a recipient where private keys belong",
        "a post-quantum hardware recipient, which this version cannot seal to",
        "a hardware recipient, which this version cannot seal to",
        "a post-quantum recipient, which this version cannot seal to",
        "an SSH key, which valise does not seal to",
        "a recipient of an age plugin, which valise does not run",
        "not a recipient: wanted age1 and 58 more characters",
        "a recipient that is no key of anybody",
        "more than 1024 recipients, and age opens no such file",
        "a post-quantum key, which this version cannot use",
        "a key of an age plugin, which valise does not run",
        "an SSH or PEM key, which valise does not use",
        "not a private key: wanted AGE-SECRET-KEY-1 and 58 more characters",
    };

    if (strcmp(words, "no recipient in it") == 0 || strcmp(words, "no private key in it") == 0)
        return true;
    if (strncmp(words, "line ", 5) != 0)
        return false;
    words += 5 + strspn(words + 5, "0123456789");
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (strncmp(words, ": ", 2) == 0 && strcmp(words + 2, ours[i]) == 0)
            return true;
    return false;
}

static void check_recipients(const struct vl_age_recipients *list)
{
    for (size_t i = 0; i < list->count; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(62);
        struct vl_age_recipient again;

        check(vl_age_recipient_write(&list->at[i], &text) == VL_OK && text.len == 62);
        check(vl_age_recipient_parse(vl_buf_bytes(&text), &again, NULL) == VL_OK);
        check(memcmp(&again, &list->at[i], sizeof again) == 0);
        for (size_t j = 0; j < i; j++)
            check(memcmp(&list->at[j], &again, sizeof again) != 0);
    }
}

static void check_identities(const struct vl_age_identities *list)
{
    for (size_t i = 0; i < list->count; i++) {
        VL_AUTO(vl_age_identities_release) struct vl_age_identities back = VL_AGE_IDENTITIES_INIT;
        VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(1000);

        check(vl_age_keyfile_write(&list->at[i], VL_LITERAL("now"), &text) == VL_OK);
        check(vl_age_keyfile_identities(vl_buf_bytes(&text), &back, NULL) == VL_OK);
        check(back.count == 1 && memcmp(back.at, &list->at[i], sizeof *back.at) == 0);
    }
}

/* Reads both kinds; gives the two verdicts and how much was found. */
static void read_both(vl_bytes text, enum vl_err errs[2], size_t counts[3])
{
    VL_AUTO(vl_age_recipients_release) struct vl_age_recipients to = VL_AGE_RECIPIENTS_INIT;
    VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = VL_AGE_IDENTITIES_INIT;
    struct vl_why why = {""};

    errs[0] = vl_age_keyfile_recipients(text, &to, &counts[2], &why);
    check(!errs[0] || is_of_ours(why.text));
    check(errs[0] || to.count > 0);
    check_recipients(&to);
    errs[1] = vl_age_keyfile_identities(text, &keys, &why);
    check(!errs[1] || is_of_ours(why.text));
    check(errs[0] || errs[1]); /* never both */
    check_identities(&keys);
    counts[0] = to.count;
    counts[1] = keys.count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_buf_release) struct vl_buf with_cr = VL_BUF_INIT(2 * len);
    enum vl_err errs[2], again[2];
    size_t counts[3], more[3];

    (void)vl_age_keyfile_is_sealed(vl_bytes_of(data, len));
    read_both(vl_bytes_of(data, len), errs, counts);
    if (len > 0 && memchr(data, '\r', len))
        return 0;
    for (size_t i = 0; i < len; i++)
        check((data[i] != '\n' || vl_buf_put_byte(&with_cr, '\r') == VL_OK) &&
              vl_buf_put_byte(&with_cr, data[i]) == VL_OK);
    read_both(vl_buf_bytes(&with_cr), again, more);
    check(memcmp(errs, again, sizeof errs) == 0 && memcmp(counts, more, sizeof counts) == 0);
    return 0;
}
