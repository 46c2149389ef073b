/* SPDX-License-Identifier: Apache-2.0 */
/* COSE_Sign1: the examples of the COSE working group, as manifest-cose-wg-sign1.json lists them,
 * and the cases of another implementation that all have to be refused.
 *
 * Each example is read three times: as base COSE, with tag 18 and alg protected, and as a Signed
 * Statement of RFC 9943 (which none of them is).  A manifest of ours names the error wanted of
 * each; any other says only whether it verifies, and then what we have no algorithm for must be
 * unsupported, not unverified. */
#include "vectors.h"

#include <stdio.h>
#include <string.h>

#include "codec/base64.h"
#include "cose/sign1.h"

/* One example, ready to be read. */
struct example {
    struct vl_buf wire, aad, tbs;
    struct vl_buf key; /* a COSE_Key */
    bool is_supported; /* do we have its algorithm? */
};

static void example_release(struct example *example)
{
    vl_buf_release(&example->wire);
    vl_buf_release(&example->aad);
    vl_buf_release(&example->tbs);
    vl_buf_release(&example->key);
}

static const char *string_at(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* A coordinate of a JSON Web Key: NAME in base64url, or NAME_hex. */
static bool coordinate(const json_t *jwk, const char *name, struct vl_buf *out)
{
    char hex_name[16], text[256];
    const char *symbols = string_at(jwk, name);
    uint8_t *at;
    size_t len = symbols ? strlen(symbols) : 0, got;

    (void)snprintf(hex_name, sizeof hex_name, "%s_hex", name);
    if (!symbols)
        return unhex(string_at(jwk, hex_name), out);
    if (len >= sizeof text || vl_buf_add(out, len * 3 / 4, &at))
        return false;
    for (size_t i = 0; i <= len; i++)
        text[i] = symbols[i] == '-' ? '+' : symbols[i];
    for (size_t i = 0; i < len; i++)
        text[i] = text[i] == '_' ? '/' : text[i];
    return vl_base64_decode(vl_bytes_of(text, len), at, &got) == VL_OK;
}

/* RFC 9053, 7.1 and 7.2 */
static int curve_number(const char *name)
{
    static const char *const names[] = {"",       "P-256", "P-384",   "P-521",
                                        "X25519", "X448",  "Ed25519", "Ed448"};

    for (int i = 1; i < (int)(sizeof names / sizeof *names); i++)
        if (name && strcmp(names[i], name) == 0)
            return i;
    return 0;
}

static bool cose_key(const json_t *jwk, struct vl_buf *out)
{
    VL_AUTO(vl_buf_release) struct vl_buf x = VL_BUF_INIT(256);
    VL_AUTO(vl_buf_release) struct vl_buf y = VL_BUF_INIT(256);
    const char *kty = string_at(jwk, "kty");
    bool is_okp = kty && strcmp(kty, "OKP") == 0;
    struct vl_cbor_out w = vl_cbor_to(out);

    if (!coordinate(jwk, "x", &x) || (!is_okp && !coordinate(jwk, "y", &y)))
        return false;
    vl_cbor_put_map(&w, is_okp ? 3 : 4);
    vl_cbor_put_int(&w, 1);
    vl_cbor_put_int(&w, is_okp ? 1 : 2);
    vl_cbor_put_int(&w, -1);
    vl_cbor_put_int(&w, curve_number(string_at(jwk, "crv")));
    vl_cbor_put_int(&w, -2);
    vl_cbor_put_bytes(&w, vl_buf_bytes(&x));
    if (!is_okp) {
        vl_cbor_put_int(&w, -3);
        vl_cbor_put_bytes(&w, vl_buf_bytes(&y));
    }
    return w.err == VL_OK;
}

static bool is_supported(const char *alg, const char *curve)
{
    if (!alg || !curve)
        return false;
    return (strcmp(alg, "ES256") == 0 && strcmp(curve, "P-256") == 0) ||
           (strcmp(alg, "EdDSA") == 0 && strcmp(curve, "Ed25519") == 0);
}

/* Read the object, then its key, then verify: the first failure is the verdict. */
static enum vl_err verdict(const struct example *example, enum vl_sign1_profile profile,
                           struct vl_why *why)
{
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    struct vl_sign1_beside beside = {false, VL_BYTES_NONE, vl_buf_bytes(&example->aad)};
    struct vl_cose_key key = VL_COSE_KEY_INIT;
    enum vl_err err = vl_sign1_parse(vl_buf_bytes(&example->wire), profile, &sign1, why);

    if (!err)
        err = vl_cose_key_parse(vl_buf_bytes(&example->key), VL_CBOR_COSE, &key, why);
    return err ? err : vl_sign1_verify(&sign1, &key, &beside, why);
}

/* Does our Sig_structure hash to what theirs does?  Only its hash leaves the room. */
static bool tbs_agrees(const struct example *example)
{
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    uint8_t id[VL_HASH_LEN], wanted[VL_HASH_LEN];

    vl_sha256(vl_buf_bytes(&example->tbs), wanted);
    return vl_sign1_parse(vl_buf_bytes(&example->wire), VL_SIGN1_BASE, &sign1, NULL) == VL_OK &&
           vl_sign1_id(&sign1, NULL, id, NULL) == VL_OK &&
           vl_bytes_eq(VL_ARRAY(id), VL_ARRAY(wanted));
}

/* exact: the name of the error wanted, if the manifest has it; else: does it verify? */
static bool is_wanted(enum vl_err got, const char *exact, bool verifies, const struct example *of)
{
    if (exact)
        return strcmp(vl_err_name(got), exact) == 0;
    if (!verifies)
        return got != VL_OK;
    return got == (of->is_supported ? VL_OK : VL_ERR_UNSUPPORTED);
}

static void compare(const json_t *entry, const struct example *example, struct tally *tally)
{
    static const struct {
        enum vl_sign1_profile profile;
        const char *name, *verifies;
    } columns[] = {
        {VL_SIGN1_BASE, "base", "expect_base_cose_verify"},
        {VL_SIGN1_TAGGED, "tagged", "scitt_profile_accept_tag18_and_alg_protected"},
        {VL_SIGN1_STATEMENT, "statement", "none of them is one"},
    };
    const char *file = string_at(entry, "file");

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        struct vl_why why = {""};
        enum vl_err got = verdict(example, columns[i].profile, &why);

        if (!is_wanted(got, string_at(json_object_get(entry, "wanted"), columns[i].name),
                       json_is_true(json_object_get(entry, columns[i].verifies)), example)) {
            differ(tally, file, "%s: %s %s", columns[i].name, vl_err_name(got), why.text);
            return;
        }
    }
    if (json_is_true(json_object_get(entry, "tobesign_matches")) && example->aad.len == 0 &&
        !tbs_agrees(example))
        differ(tally, file, "another Sig_structure than its ToBeSign_hex");
    else
        agree(tally);
}

static bool read_example(const json_t *json, const json_t *entry, struct example *example)
{
    const json_t *sign0 = json_object_get(json_object_get(json, "input"), "sign0");
    const json_t *jwk = json_object_get(sign0, "key");
    const char *external = string_at(sign0, "external");

    example->is_supported = is_supported(string_at(sign0, "alg"), string_at(jwk, "crv"));
    return unhex(string_at(json_object_get(json, "output"), "cbor"), &example->wire) &&
           unhex(string_at(json_object_get(json, "intermediates"), "ToBeSign_hex"),
                 &example->tbs) &&
           unhex(external ? external : "", &example->aad) && cose_key(jwk, &example->key) &&
           strcasecmp(external ? external : "", string_at(entry, "external_aad_hex")) == 0;
}

static void run_entry(const char *folder, const json_t *entry, struct tally *tally)
{
    VL_AUTO(example_release)
    struct example example = {VL_BUF_INIT(1 << 20), VL_BUF_INIT(1 << 20), VL_BUF_INIT(1 << 20),
                              VL_BUF_INIT(1 << 20), false};
    const char *file = string_at(entry, "file");
    char path[PATH_SIZE];
    json_t *json = read_json(path_in(folder, file, path));

    if (!json)
        skip(tally, file, "not in this folder");
    else if (!read_example(json, entry, &example))
        differ(tally, file, "not an example that can be read");
    else
        compare(entry, &example, tally);
    json_decref(json);
}

/* veraison/go-cose: {"key", "sign1::verify": {"taggedCOSESign1": {"cborHex"}, "shouldVerify"}} */
static void run_refusal(const char *path, struct tally *tally)
{
    VL_AUTO(example_release)
    struct example example = {VL_BUF_INIT(1 << 20), VL_BUF_INIT(1 << 20), VL_BUF_INIT(1 << 20),
                              VL_BUF_INIT(1 << 20), false};
    json_t *json = read_json(path);
    const json_t *verify = json_object_get(json, "sign1::verify");
    struct vl_why why = {""};
    enum vl_err got;

    if (!unhex(string_at(json_object_get(verify, "taggedCOSESign1"), "cborHex"), &example.wire) ||
        !cose_key(json_object_get(json, "key"), &example.key)) {
        differ(tally, path, "not a case that can be read");
    } else {
        got = verdict(&example, VL_SIGN1_BASE, &why);
        if ((got == VL_OK) != json_is_true(json_object_get(verify, "shouldVerify")))
            differ(tally, path, "%s %s", vl_err_name(got), why.text);
        else
            agree(tally);
    }
    json_decref(json);
}

void run_cose(const char *folder, struct tally *tally)
{
    char path[PATH_SIZE];
    json_t *manifest = read_json(path_in(folder, "manifest-cose-wg-sign1.json", path));
    size_t i;
    json_t *entry;

    if (!manifest)
        skip(tally, "manifest-cose-wg-sign1.json", "not in this folder");
    json_array_foreach(manifest, i, entry) run_entry(folder, entry, tally);
    json_decref(manifest);
    (void)each_file(path_in(folder, "veraison-go-cose-testdata", path), run_refusal, tally);
}
