/* SPDX-License-Identifier: Apache-2.0 */
/* Says what our finding is for each case on stdin, for an oracle that computes it by itself from
 * docs/formats/finding.md.  A case is four bytes, its length with the most significant byte first,
 * and deterministic CBOR:
 *
 *     [evidence-file: bstr, [* [office: bstr, card-id: bstr]], [+ [number: bstr, as-of: uint]],
 *      [* card-file: bstr]]
 *
 * A line of answer for each number is the document, or {"refused":"..."}; there is one such line
 * for all of them when a file cannot be read. */
#include <stdio.h>
#include <stdlib.h>

#include "codec/cbor.h"
#include "cose/claims.h"
#include "view/finding.h"

#define CASE_MAX   ((size_t)32 << 20)
#define OUT_MAX    ((size_t)64 << 20)
#define CHAINS_MAX 64
#define ASKED_MAX  64

struct asked {
    struct vl_evidence evidence;
    size_t chain_count;
    struct vl_chain chains[CHAINS_MAX];
    struct vl_finding_set *set;
    size_t count;
    struct {
        const uint8_t *number;
        int64_t as_of_s;
    } letters[ASKED_MAX];
};

static enum vl_err read_checked(struct vl_cbor *r, struct asked *asked, struct vl_why *why)
{
    const size_t count = vl_cbor_array(r, 0, SIZE_MAX);
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < count && vl_cbor_ok(r) && !err; i++) {
        struct vl_office_id office;
        vl_bytes id, card;

        (void)vl_cbor_array(r, 2, 2);
        id = vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);
        card = vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);
        if (!vl_cbor_ok(r))
            break;
        for (size_t at = 0; at < VL_HASH_LEN; at++)
            office.at[at] = id.ptr[at];
        err = vl_finding_add_checked(asked->set, &office, card.ptr, why);
    }
    return err;
}

static void read_letters(struct vl_cbor *r, struct asked *asked)
{
    const size_t count = vl_cbor_array(r, 1, ASKED_MAX);

    for (size_t i = 0; i < count && vl_cbor_ok(r); i++) {
        vl_bytes number;

        (void)vl_cbor_array(r, 2, 2);
        number = vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);
        asked->letters[i].number = number.ptr;
        asked->letters[i].as_of_s = (int64_t)vl_cbor_uint(r, (uint64_t)VL_CLAIMS_IAT_MAX_S);
    }
    asked->count = count;
}

static enum vl_err read_chains(struct vl_cbor *r, struct asked *asked, struct vl_why *why)
{
    const size_t count = vl_cbor_array(r, 0, CHAINS_MAX);
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < count && vl_cbor_ok(r) && !err; i++) {
        vl_bytes wire = vl_cbor_bytes(r, 0, SIZE_MAX);

        if (!vl_cbor_ok(r))
            break;
        err = vl_chain_parse(wire, &asked->chains[i], why);
        if (err)
            return err;
        asked->chain_count = i + 1;
        err = vl_finding_add_chain(asked->set, &asked->chains[i], why);
    }
    return err;
}

static enum vl_err read_case(vl_bytes wire, struct asked *asked, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_STRICT);
    vl_bytes evidence;
    enum vl_err err;

    (void)vl_cbor_array(&r, 4, 4);
    evidence = vl_cbor_bytes(&r, 0, SIZE_MAX);
    err = vl_cbor_ok(&r) ? vl_evidence_parse(evidence, &asked->evidence, why) : VL_OK;
    if (!err)
        err = vl_finding_add_evidence(asked->set, &asked->evidence, why);
    if (!err)
        err = read_checked(&r, asked, why);
    if (err)
        return err;
    read_letters(&r, asked);
    err = read_chains(&r, asked, why);
    return err ? err : vl_cbor_close(&r, "case", why);
}

static void release(struct asked *asked)
{
    vl_finding_set_free(asked->set);
    vl_evidence_release(&asked->evidence);
    for (size_t i = 0; i < asked->chain_count; i++)
        vl_chain_release(&asked->chains[i]);
    free(asked);
}

static void print_refusal(const struct vl_why *why)
{
    printf("{\"refused\":\"");
    for (const char *c = why->text; *c; c++)
        putchar(*c == '"' || *c == '\\' || *c < ' ' ? '?' : *c);
    printf("\"}\n");
}

static void answer_one(const struct asked *asked, size_t i)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(OUT_MAX);
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    struct vl_why why = {""};
    enum vl_err err = vl_finding_make(asked->set, asked->letters[i].number,
                                      asked->letters[i].as_of_s, &finding, &why);

    if (!err)
        err = vl_finding_json(&finding, &out);
    if (err)
        print_refusal(&why);
    else
        (void)fwrite(out.data, 1, out.len, stdout);
}

static void answer(vl_bytes wire)
{
    struct asked *asked = calloc(1, sizeof *asked);
    struct vl_why why = {""};
    enum vl_err err;

    if (!asked)
        exit(1);
    asked->evidence = (struct vl_evidence)VL_EVIDENCE_INIT;
    asked->set = vl_finding_set_new();
    err = asked->set ? read_case(wire, asked, &why) : VL_ERR_NO_MEMORY;
    if (err)
        print_refusal(&why);
    for (size_t i = 0; !err && i < asked->count; i++)
        answer_one(asked, i);
    (void)fflush(stdout);
    release(asked);
}

int main(void)
{
    uint8_t head[4];

    while (fread(head, sizeof head, 1, stdin) == 1) {
        const size_t len =
            (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
        uint8_t *wire = len <= CASE_MAX ? malloc(len ? len : 1) : NULL;

        if (!wire || fread(wire, 1, len, stdin) != len)
            return 1;
        answer(vl_bytes_of(wire, len));
        free(wire);
    }
    return 0;
}
