/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/time.h"
#include "codec/number.h"
#include "office/record_check.h"
#include "sys/folder.h"
#include "sys/infile.h"

#define SIGN1_START 0xd2

/* What somebody trusts, and where it borrows from. */
struct trust {
    struct vl_buf wire;
    struct vl_anchor anchor;
    bool has_receipts; /* a key for receipts is known */
    struct vl_note_key witnesses[VL_LOG_MAX_WITNESSES];
    struct vl_log log;
};

static void trust_release(struct trust *trust)
{
    vl_buf_release(&trust->wire);
}

/* The file itself, or that of a record's folder, or of a copy of its public part. */
static enum vl_err read_anchor(const char *path, struct vl_buf *wire, struct vl_why *why)
{
    static const char *const names[] = {"public/record", "record"};
    enum vl_err err = VL_ERR_NOT_FOUND;

    if (!vl_folder_is_there(path))
        return vl_in_read_all(path, wire, why);
    for (size_t i = 0; i < sizeof names / sizeof *names && err == VL_ERR_NOT_FOUND; i++) {
        char *name = vl_path_join(path, names[i]);

        err = name ? vl_in_read_all(name, wire, why)
                   : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");
        vl_free(name);
    }
    return err;
}

enum vl_err vl_record_anchor_read(const char *path, struct vl_buf *wire, struct vl_anchor *anchor,
                                  struct vl_why *why)
{
    enum vl_err err = read_anchor(path, wire, why);

    if (!err)
        err = vl_anchor_parse(vl_buf_bytes(wire), anchor, why);
    return err ? vl_fail_in(why, err, "what is kept of the record") : VL_OK;
}

static enum vl_err read_trust(const struct vl_record_proof_request *request, struct trust *trust,
                              struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (request->anchor) {
        err = vl_record_anchor_read(request->anchor, &trust->wire, &trust->anchor, why);
        vl_record_policy_log(&trust->anchor.policy, &trust->log);
        trust->has_receipts = true;
        return err;
    }
    if (!request->key)
        return vl_fail(why, VL_ERR_USAGE, "which record?  Nothing was given to check it by");
    if (request->witness_count > VL_LOG_MAX_WITNESSES)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d witnesses", VL_LOG_MAX_WITNESSES);
    err = vl_note_key_parse(vl_bytes_str(request->key), &trust->log.key, why);
    for (size_t i = 0; i < request->witness_count && !err; i++)
        err = vl_note_key_parse(vl_bytes_str(request->witnesses[i]), &trust->witnesses[i], why);
    trust->log.origin = vl_note_key_name(&trust->log.key);
    trust->log.witnesses = trust->witnesses;
    trust->log.witness_count = request->witness_count;
    trust->log.need = request->need;
    return err;
}

static void report_entry(const struct vl_entry *entry, struct vl_report *report)
{
    char number[VL_NUMBER_TEXT], date[VL_TIME_TEXT], address[VL_OFFICE_TEXT];
    struct vl_office_id office;

    vl_report_add(report, VL_REPORT_FACT, "entry", "%s", vl_kind_words(entry->kind));
    vl_report_add(report, VL_REPORT_FACT, "id", "%s",
                  vl_number_text(VL_ACT_HRP, entry->id, number));
    if (vl_office_id_of_eid(entry->sign1.claims.iss, &office) == VL_OK)
        vl_report_add(report, VL_REPORT_FACT, "issuer", "%s, as it says",
                      vl_office_id_text(&office, address));
    vl_report_add(report, VL_REPORT_FACT, "about", "%.*s", (int)entry->sign1.claims.sub.len,
                  (const char *)entry->sign1.claims.sub.ptr);
    if (entry->sign1.claims.has_iat)
        vl_report_add(report, VL_REPORT_FACT, "signed", "%s, by its issuer's clock",
                      vl_time_text(entry->sign1.claims.iat_s, date));
}

/* By the cards that were given: whose signature is it? */
static enum vl_err report_signature(const struct vl_record_proof_request *request,
                                    const struct vl_entry *entry, struct vl_report *report,
                                    struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err = vl_buf_put_byte(&wire, 0x81);

    if (!err)
        err = vl_buf_put(&wire, vl_entry_bytes(entry));
    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &object, why);
    if (err)
        return err;
    for (size_t i = 0; i < request->card_count; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_CHAIN_MAX_LEN * 2);
        VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
        struct vl_chain_verdict verdict;
        char address[VL_OFFICE_TEXT];

        err = vl_in_read_all(request->cards[i], &file, why);
        if (!err)
            err = vl_chain_parse(vl_buf_bytes(&file), &chain, why);
        if (err)
            return vl_fail_in(why, err, "%s", request->cards[i]);
        if (!vl_office_id_eq(&chain.office, &object.issuer))
            continue;
        err = vl_chain_verify(&chain, &object, &verdict, why);
        if (err)
            return vl_fail_in(why, err, "its signature");
        vl_report_add(report,
                      verdict.standing == VL_STANDING_FULL && !verdict.revoked ? VL_REPORT_PROVEN
                                                                               : VL_REPORT_CLAIMED,
                      NULL, "%s signed it", vl_office_id_text(&chain.office, address));
        if (verdict.revoked || verdict.retired)
            vl_report_add(report, VL_REPORT_WARNING, NULL, "its key %s",
                          verdict.revoked ? "was revoked" : "is no longer the newest");
        return VL_OK;
    }
    if (entry->kind != VL_KIND_CARD)
        vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL,
                      "whose signature it is: no card of its issuer was given");
    return VL_OK;
}

static void report_rest(struct vl_report *report)
{
    vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL, VL_SAYS_NOT_TRUE);
    vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL,
                  "that the record says nothing else about it, or nothing later");
}

static enum vl_err check_file(const struct trust *trust, vl_bytes wire,
                              const struct vl_entry *entry, struct vl_report *report,
                              struct vl_why *why)
{
    struct vl_checkpoint_seen seen;
    struct vl_checkpoint checkpoint;
    struct vl_proof_file proof;
    char date[VL_TIME_TEXT];
    enum vl_err err = vl_proof_file_parse(wire, &proof, why);

    report->what = "record-proof";
    report->words = "a proof that something is in a public record";
    if (!err)
        err = vl_proof_file_verify(&proof, entry->leaf_hash, &trust->log, &checkpoint, &seen, why);
    if (err)
        return err;
    vl_report_add(report, VL_REPORT_FACT, "record", "%.*s", (int)checkpoint.origin.len,
                  (const char *)checkpoint.origin.ptr);
    vl_report_add(report, VL_REPORT_PROVEN, NULL, "it is entry %llu of %llu in that record",
                  (unsigned long long)proof.index, (unsigned long long)checkpoint.size);
    if (seen.not_after_s > 0)
        vl_report_add(report, VL_REPORT_PROVEN, NULL,
                      "it was there by %s: %zu of %zu witnesses cosigned",
                      vl_time_text((int64_t)seen.not_after_s, date), seen.witnesses,
                      trust->log.witness_count);
    else
        vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL, "when it was entered: %s",
                      seen.witnesses > 0 ? "no number of witnesses was asked for"
                                         : "no witness has cosigned");
    return VL_OK;
}

static enum vl_err check_receipt(const struct trust *trust, vl_bytes wire,
                                 const struct vl_entry *entry, struct vl_report *report,
                                 struct vl_why *why)
{
    VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;
    const struct vl_receipt_log log = {trust->anchor.policy.receipt_key,
                                       trust->anchor.policy.origin, VL_RECEIPT_BOUND};
    struct vl_receipt_says says;
    char date[VL_TIME_TEXT];
    enum vl_err err = VL_OK;

    report->what = "record-receipt";
    report->words = "a receipt of a public record";
    if (!trust->has_receipts)
        return vl_fail(why, VL_ERR_USAGE, "a receipt is checked by what the record's policy says");
    err = vl_receipt_parse(wire, &receipt, why);
    if (!err)
        err = vl_receipt_verify(&receipt, entry->leaf_hash, &log, &says, why);
    if (err)
        return err;
    vl_report_add(report, VL_REPORT_FACT, "record", "%.*s", (int)log.origin.len,
                  (const char *)log.origin.ptr);
    vl_report_add(report, VL_REPORT_PROVEN, NULL, "it is entry %llu of %llu in that record",
                  (unsigned long long)says.index, (unsigned long long)says.size);
    if (receipt.sign1.claims.has_iat)
        vl_report_add(report, VL_REPORT_CLAIMED, NULL, "the record says: on %s",
                      vl_time_text(receipt.sign1.claims.iat_s, date));
    vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL,
                  "when it was entered: a receipt has no witnesses");
    return VL_OK;
}

/* A statement with receipts says by itself what it is about. */
static enum vl_err check_statement(const struct trust *trust,
                                   const struct vl_record_proof_request *request, vl_bytes wire,
                                   struct vl_report *report, struct vl_why *why)
{
    VL_AUTO(vl_transparent_release) struct vl_transparent statement = VL_TRANSPARENT_INIT;
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    enum vl_err err = vl_transparent_parse(wire, &statement, why);

    if (!err)
        err = vl_entry_parse(vl_buf_bytes(&statement.entry), &entry, why);
    if (err)
        return err;
    report_entry(&entry, report);
    if (statement.receipt_count == 0)
        return vl_fail(why, VL_ERR_NOT_FOUND, "it has no receipt");
    err = VL_ERR_NOT_FOUND;
    for (size_t i = 0; i < statement.receipt_count && err && err != VL_ERR_NO_MEMORY; i++)
        err = check_receipt(trust, statement.receipts[i], &entry, report, why);
    if (!err)
        err = report_signature(request, &entry, report, why);
    report->what = "record-statement";
    report->words = "a statement with receipts of public records";
    if (!err)
        report_rest(report);
    return err;
}

static enum vl_err check_beside(const struct trust *trust,
                                const struct vl_record_proof_request *request, vl_bytes wire,
                                struct vl_report *report, struct vl_why *why)
{
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    enum vl_err err;

    if (!request->object)
        return vl_fail(why, VL_ERR_USAGE, "a proof of what?  Give what it is about");
    err = vl_record_entry_of_file(request->object, &entry, why);
    if (err)
        return vl_fail_in(why, err, "%s", request->object);
    report_entry(&entry, report);
    err = wire.len > 0 && wire.ptr[0] == SIGN1_START
              ? check_receipt(trust, wire, &entry, report, why)
              : check_file(trust, wire, &entry, report, why);
    if (!err)
        err = report_signature(request, &entry, report, why);
    if (!err)
        report_rest(report);
    return err;
}

enum vl_err vl_record_check_proof(const struct vl_record_proof_request *request,
                                  struct vl_report *report, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_TRANSPARENT_MAX_LEN);
    struct trust *trust = vl_new(sizeof *trust);
    enum vl_err err;

    if (!trust)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to check a proof");
    trust->wire = VL_BUF_INIT(VL_ANCHOR_MAX_LEN);
    err = read_trust(request, trust, why);
    if (!err) {
        err = vl_in_read_all(request->proof, &wire, why);
        if (err)
            err = vl_fail_in(why, err, "%s", request->proof);
    }
    if (!err && !request->object && wire.len > 0 && wire.data[0] == SIGN1_START)
        err = check_statement(trust, request, vl_buf_bytes(&wire), report, why);
    else if (!err)
        err = check_beside(trust, request, vl_buf_bytes(&wire), report, why);
    trust_release(trust);
    vl_free(trust);
    return err ? err : report->err;
}
