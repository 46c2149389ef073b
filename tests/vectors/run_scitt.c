/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts of RFC 9942 made elsewhere: those of scitt-cose, whose entry is the SHA-256 of the
 * statement's file and not the statement, with what they say of each; and two published examples
 * whose key is not, which are only read.  None of them says in which log it is or how large that
 * was, so none says more than RFC 9942. */
#include "vectors.h"

#include <stdio.h>
#include <string.h>

#include "codec/base64.h"
#include "record/receipt.h"

#define ED25519_SPKI_LEN 44
#define P256_SPKI_LEN    91

/* The key in a PEM file of a SubjectPublicKeyInfo, whose last bytes it is. */
static bool key_of_pem(const char *pem, struct vl_cose_key *key)
{
    uint8_t der[P256_SPKI_LEN + 8], symbols[160];
    size_t count = 0, len = 0;
    const char *at = pem ? strchr(pem, '\n') : NULL;

    for (; at && *at && *at != '-' && count < sizeof symbols; at++)
        if (*at != '\n')
            symbols[count++] = (uint8_t)*at;
    if (count / 4 * 3 > sizeof der ||
        vl_base64_decode_padded(vl_bytes_of(symbols, count), der, &len))
        return false;
    if (len == ED25519_SPKI_LEN)
        return vl_cose_key_of_ed25519(der + len - VL_ED25519_PUBLIC_LEN, key, NULL) == VL_OK;
    if (len != P256_SPKI_LEN)
        return false;
    key->kind = VL_COSE_KEY_P256;
    memcpy(key->x, der + len - 2 * VL_P256_LEN, VL_P256_LEN);
    memcpy(key->y, der + len - VL_P256_LEN, VL_P256_LEN);
    return true;
}

static bool bytes_at(const json_t *json, const char *name, struct vl_buf *out)
{
    return unhex(json_string_value(json_object_get(json, name)), out);
}

static bool is_proven(vl_bytes receipt_wire, vl_bytes statement, const struct vl_cose_key *key,
                      enum vl_receipt_level least)
{
    VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;
    const struct vl_receipt_log log = {*key, VL_BYTES_NONE, least};
    uint8_t entry[VL_HASH_LEN], leaf[VL_HASH_LEN];
    struct vl_receipt_says says;

    vl_sha256(statement, entry);
    vl_tree_leaf(VL_ARRAY(entry), leaf);
    return vl_receipt_parse(receipt_wire, &receipt, NULL) == VL_OK &&
           vl_receipt_verify(&receipt, leaf, &log, &says, NULL) == VL_OK && says.size == 0;
}

/* A log of another kind is not understood, which is not to say that its receipt is false. */
static bool is_of_another_kind(const json_t *json)
{
    const char *id = json_string_value(json_object_get(json, "id"));

    return id && strstr(id, "vds2") != NULL;
}

static void run_other_kind(const json_t *json, struct tally *tally)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(65536);
    VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;

    if (bytes_at(json, "receipt_cose_hex", &wire) &&
        vl_receipt_parse(vl_buf_bytes(&wire), &receipt, NULL) == VL_ERR_UNSUPPORTED)
        agree(tally);
    else
        differ(tally, "vds 2", "should be unsupported");
}

static void run_case(const json_t *json, struct tally *tally)
{
    VL_AUTO(vl_buf_release) struct vl_buf receipt = VL_BUF_INIT(65536);
    VL_AUTO(vl_buf_release) struct vl_buf statement = VL_BUF_INIT(65536);
    const char *id = json_string_value(json_object_get(json, "id"));
    const json_t *expected = json_object_get(json_object_get(json, "expected"), "receipt_valid");
    struct vl_cose_key key = VL_COSE_KEY_INIT;
    bool is_good;

    if (!id || !json_is_boolean(expected) || !bytes_at(json, "receipt_cose_hex", &receipt) ||
        !bytes_at(json, "statement_cose_hex", &statement) ||
        !key_of_pem(json_string_value(json_object_get(json, "log_key_pem")), &key)) {
        differ(tally, id ? id : "scitt-cose", "not a case that can be read");
        return;
    }
    is_good = is_proven(vl_buf_bytes(&receipt), vl_buf_bytes(&statement), &key, VL_RECEIPT_9942);
    if (is_good != json_is_true(expected))
        differ(tally, id, "%s", is_good ? "accepted" : "refused");
    else if (is_proven(vl_buf_bytes(&receipt), vl_buf_bytes(&statement), &key, VL_RECEIPT_9943))
        differ(tally, id, "accepted as a receipt of RFC 9943");
    else
        agree(tally);
}

static void run_example(const json_t *json, const char *name, enum vl_receipt_of of,
                        struct tally *tally)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(65536);
    VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;
    struct vl_why why = {""};

    if (!bytes_at(json, name, &wire) || vl_receipt_parse(vl_buf_bytes(&wire), &receipt, &why) ||
        receipt.of != of)
        differ(tally, name, "not read: %s", why.text);
    else
        agree(tally);
}

void run_scitt(const char *folder, struct tally *tally)
{
    char path[PATH_SIZE];
    json_t *cases = read_json(path_in(folder, "scitt-cose-v1.json", path));
    json_t *examples = read_json(path_in(folder, "rfc9942-draft18-examples.json", path));
    const json_t *vectors = json_object_get(cases, "vectors");

    for (size_t i = 0; i < json_array_size(vectors); i++)
        if (is_of_another_kind(json_array_get(vectors, i)))
            run_other_kind(json_array_get(vectors, i), tally);
        else
            run_case(json_array_get(vectors, i), tally);
    if (examples) {
        run_example(examples, "inclusion-receipt_hex", VL_RECEIPT_OF_INCLUSION, tally);
        run_example(examples, "consistency-receipt_hex", VL_RECEIPT_OF_CONSISTENCY, tally);
    } else {
        skip(tally, "rfc9942-draft18-examples.json", "not in this folder");
    }
    json_decref(cases);
    json_decref(examples);
}
