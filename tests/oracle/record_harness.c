/* SPDX-License-Identifier: Apache-2.0 */
/* Says what our verifiers make of each line on stdin, for tests/oracle/record.sh.  A line is
 *
 *     receipt KIND KEY LEAF RECEIPT      KIND ed25519 or p256; all else in hex
 *     consistency KIND KEY SIZE ROOT RECEIPT
 *     proof ORIGIN VKEY NEED WVKEY,... LEAF PROOF-FILE-IN-HEX
 *
 * The answer is "ok LEVEL SIZE AT" or the name of the failure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/proof_file.h"
#include "record/receipt.h"

#define LINE_MAX_LEN ((size_t)1 << 20)
#define WORDS        8

static bool hex_bytes(const char *text, struct vl_buf *out)
{
    unsigned byte;

    for (; text[0] && text[1]; text += 2)
        if (sscanf(text, "%2x", &byte) != 1 || vl_buf_put_byte(out, (uint8_t)byte))
            return false;
    return true;
}

static bool hash_of(const char *text, uint8_t out[VL_HASH_LEN])
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_HASH_LEN);

    if (!hex_bytes(text, &bytes) || bytes.len != VL_HASH_LEN)
        return false;
    memcpy(out, bytes.data, VL_HASH_LEN);
    return true;
}

static bool key_of(const char *kind, const char *text, struct vl_cose_key *key)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(2 * VL_P256_LEN);

    if (!hex_bytes(text, &bytes))
        return false;
    if (strcmp(kind, "ed25519") == 0)
        return bytes.len == VL_ED25519_PUBLIC_LEN &&
               vl_cose_key_of_ed25519(bytes.data, key, NULL) == VL_OK;
    if (bytes.len != 2 * VL_P256_LEN)
        return false;
    key->kind = VL_COSE_KEY_P256;
    memcpy(key->x, bytes.data, VL_P256_LEN);
    memcpy(key->y, bytes.data + VL_P256_LEN, VL_P256_LEN);
    return true;
}

static enum vl_err receipt(char **words, bool is_consistency)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(LINE_MAX_LEN);
    VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;
    struct vl_receipt_log log = {.key = VL_COSE_KEY_INIT};
    struct vl_receipt_says says;
    uint8_t from[VL_HASH_LEN];
    char **left = words + (is_consistency ? 3 : 2);
    enum vl_err err;

    if (!key_of(words[0], words[1], &log.key) || !hash_of(left[0], from) ||
        !hex_bytes(left[1], &wire))
        return VL_ERR_USAGE;
    err = vl_receipt_parse(vl_buf_bytes(&wire), &receipt, NULL);
    if (!err)
        err = is_consistency ? vl_receipt_verify_consistency(&receipt, strtoull(words[2], NULL, 10),
                                                             from, &log, &says, NULL)
                             : vl_receipt_verify(&receipt, from, &log, &says, NULL);
    if (!err)
        printf("ok %d %llu %llu\n", (int)says.level, (unsigned long long)says.size,
               (unsigned long long)(is_consistency ? says.old_size : says.index));
    return err;
}

static enum vl_err proof(char **words)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(LINE_MAX_LEN);
    struct vl_note_key witnesses[VL_LOG_MAX_WITNESSES];
    struct vl_log log = {.origin = vl_bytes_str(words[0]), .witnesses = witnesses};
    struct vl_proof_file proof;
    struct vl_checkpoint checkpoint;
    struct vl_checkpoint_seen seen;
    uint8_t leaf[VL_HASH_LEN];
    enum vl_err err = vl_note_key_parse(vl_bytes_str(words[1]), &log.key, NULL);

    log.need = strtoul(words[2], NULL, 10);
    for (char *left = NULL, *one = strtok_r(words[3], ",", &left);
         one && !err && log.witness_count < VL_LOG_MAX_WITNESSES; one = strtok_r(NULL, ",", &left))
        err = vl_note_key_parse(vl_bytes_str(one), &witnesses[log.witness_count++], NULL);
    if (err || !hash_of(words[4], leaf) || !hex_bytes(words[5], &wire))
        return VL_ERR_USAGE;
    err = vl_proof_file_parse(vl_buf_bytes(&wire), &proof, NULL);
    if (!err)
        err = vl_proof_file_verify(&proof, leaf, &log, &checkpoint, &seen, NULL);
    if (!err)
        printf("ok %zu %llu %llu\n", seen.witnesses, (unsigned long long)checkpoint.size,
               (unsigned long long)seen.not_after_s);
    return err;
}

int main(void)
{
    char *line = malloc(LINE_MAX_LEN);

    while (line && fgets(line, (int)LINE_MAX_LEN, stdin)) {
        static char nothing[] = "";
        char *words[WORDS], *left = NULL;
        size_t count = 0;
        enum vl_err err = VL_ERR_USAGE;

        for (size_t i = 0; i < WORDS; i++)
            words[i] = nothing;
        for (char *word = strtok_r(line, " \n", &left); word && count < WORDS;
             word = strtok_r(NULL, " \n", &left))
            words[count++] = word;
        if (strcmp(words[0], "receipt") == 0)
            err = receipt(words + 1, false);
        else if (strcmp(words[0], "consistency") == 0)
            err = receipt(words + 1, true);
        else if (strcmp(words[0], "proof") == 0)
            err = proof(words + 1);
        if (err)
            puts(vl_err_name(err));
        (void)fflush(stdout);
    }
    free(line);
    return 0;
}
