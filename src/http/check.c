/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody's file, looked at: what `valise verify` says of it, and whether it is in this record. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "codec/base64.h"
#include "http/form.h"
#include "http/site.h"
#include "http/text.h"
#include "office/verify.h"
#include "record/proof_file.h"
#include "sys/memory_file.h"

#define COSE_TAG 0xd2 /* 18: COSE_Sign1 */

/* What is looked at, and what was found. */
struct checking {
    struct vl_site *site;
    struct vl_report report;
    struct vl_page_check model;
    struct vl_why why;
};

/* --- what was sent ---------------------------------------------------------------------------- */

static bool is_white(uint8_t byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/* A text as it was before a browser made its line ends CR LF, or the bytes that it is the base64
 * of. */
static enum vl_err read_text(vl_bytes text, struct vl_buf *out)
{
    VL_AUTO(vl_buf_release) struct vl_buf symbols = VL_BUF_INIT(VL_SITE_CHECK_ROOM);
    enum vl_err err = VL_OK;
    uint8_t *room = NULL;
    size_t len = 0;

    for (size_t i = 0; i < text.len && !err; i++)
        if (!is_white(text.ptr[i]))
            err = vl_buf_put_byte(&symbols, text.ptr[i]);
    if (!err && symbols.len > 0)
        err = vl_buf_add(out, symbols.len, &room);
    if (!err && symbols.len > 0 &&
        (vl_base64_decode_padded(vl_buf_bytes(&symbols), room, &len) == VL_OK ||
         vl_base64_decode(vl_buf_bytes(&symbols), room, &len) == VL_OK)) {
        out->len = len;
        return VL_OK;
    }
    out->len = 0;
    for (size_t i = 0; i < text.len && !err; i++)
        if (text.ptr[i] != '\r')
            err = vl_buf_put_byte(out, text.ptr[i]);
    return err;
}

static enum vl_err read_sent(const struct vl_http_request *request, struct vl_buf *out,
                             struct vl_why *why)
{
    struct vl_form form;
    vl_bytes file, text;
    enum vl_err err;

    if (!vl_http_names(request->content_type, "multipart/form-data"))
        return vl_buf_put(out, request->body);
    err = vl_form_parse(request->content_type, request->body, &form, why);
    if (err)
        return err;
    file = vl_form_find(&form, "file");
    text = vl_form_find(&form, "text");
    if (file.len > VL_SITE_CHECK_MAX || text.len > VL_SITE_CHECK_MAX)
        return vl_fail(why, VL_ERR_LIMIT, "over %zu KiB", VL_SITE_CHECK_MAX >> 10);
    if (file.len == 0 && text.len == 0)
        return vl_fail(why, VL_ERR_USAGE, "Choose a file, or paste one.");
    return file.len > 0 ? vl_buf_put(out, file) : read_text(text, out);
}

/* --- entries, receipts, proofs, checkpoints --------------------------------------------------- */

static void look_up(struct checking *checking, const struct vl_entry *entry)
{
    checking->model.is_here =
        vl_log_dir_find(checking->site->log, entry->id, &checking->model.index, NULL) == VL_OK;
    if (!checking->model.is_here)
        vl_report_add(&checking->report, VL_REPORT_NOT_PROVEN, NULL,
                      "that it is in this record: it is not");
    else if (checking->model.index < checking->site->state.size)
        vl_report_add(&checking->report, VL_REPORT_PROVEN, NULL,
                      "it is entry %" PRIu64 " of this record", checking->model.index);
}

static enum vl_err check_statement(struct checking *checking, vl_bytes bytes)
{
    const struct vl_receipt_log log = {checking->site->policy->receipt_key,
                                       checking->site->policy->origin, VL_RECEIPT_BOUND};
    struct vl_transparent statement = VL_TRANSPARENT_INIT;
    struct vl_entry entry = VL_ENTRY_INIT;
    struct vl_receipt_says says;
    enum vl_err err = vl_transparent_parse(bytes, &statement, &checking->why);

    if (!err)
        err = vl_entry_parse(vl_buf_bytes(&statement.entry), &entry, &checking->why);
    if (!err)
        err = vl_describe(checking->site, &entry, &checking->report, &checking->why);
    if (!err)
        look_up(checking, &entry);
    if (!err && statement.receipt_count > 0)
        err = vl_transparent_verify(&statement, &log, &says, &checking->why);
    if (!err && statement.receipt_count > 0)
        vl_report_add(&checking->report, VL_REPORT_PROVEN, NULL,
                      "its receipt: it was entry %" PRIu64 " when this record had %" PRIu64
                      " entries",
                      says.index, says.size);
    vl_entry_release(&entry);
    vl_transparent_release(&statement);
    return err;
}

static enum vl_err check_proof(struct checking *checking, vl_bytes bytes)
{
    VL_AUTO(vl_buf_release) struct vl_buf kept = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    struct vl_proof_file *proof = vl_new(sizeof *proof);
    struct vl_checkpoint checkpoint;
    struct vl_checkpoint_seen seen;
    struct vl_log log;
    uint8_t leaf[VL_HASH_LEN];
    enum vl_err err = proof ? vl_proof_file_parse(bytes, proof, &checking->why) : VL_ERR_NO_MEMORY;

    checking->report.what = "proof";
    checking->report.words = "a proof that something is in a log";
    vl_record_policy_log(checking->site->policy, &log);
    if (!err)
        err = vl_log_dir_entry(checking->site->log, proof->index, &kept, &checking->why);
    if (!err) {
        vl_tree_leaf(vl_buf_bytes(&kept), leaf);
        err = vl_proof_file_verify(proof, leaf, &log, &checkpoint, &seen, &checking->why);
    }
    if (!err) {
        checking->model.is_here = true;
        checking->model.index = proof->index;
        vl_report_add(&checking->report, VL_REPORT_PROVEN, NULL,
                      "entry %" PRIu64 " was in this record when it had %" PRIu64 " entries",
                      proof->index, checkpoint.size);
        vl_report_add(&checking->report, VL_REPORT_FACT, "witnesses", "%zu", seen.witnesses);
    }
    vl_free(proof);
    return err;
}

/* Is it the beginning of what is here?  If not, there are two records under one name. */
static enum vl_err check_note(struct checking *checking, vl_bytes bytes)
{
    struct vl_log log;
    struct vl_checkpoint checkpoint;
    struct vl_checkpoint_seen seen;
    uint8_t root[VL_HASH_LEN];
    enum vl_err err;

    checking->report.what = "checkpoint";
    checking->report.words = "a checkpoint of a log";
    vl_record_policy_log(checking->site->policy, &log);
    err = vl_checkpoint_verify(bytes, &log, &checkpoint, &seen, &checking->why);
    if (err)
        return err;
    vl_report_add(&checking->report, VL_REPORT_FACT, "size", "%" PRIu64, checkpoint.size);
    vl_report_add(&checking->report, VL_REPORT_FACT, "witnesses", "%zu", seen.witnesses);
    if (checkpoint.size > checking->site->state.signed_size)
        return vl_fail(&checking->why, VL_ERR_UNVERIFIED,
                       "this record signed that it is larger than what this server has: keep it");
    err = vl_log_dir_root_at(checking->site->log, checkpoint.size, root, &checking->why);
    if (!err && memcmp(root, checkpoint.root, sizeof root) != 0)
        return vl_fail(&checking->why, VL_ERR_UNVERIFIED,
                       "this record signed another tree of that size: keep it, it convicts it");
    if (!err)
        vl_report_add(&checking->report, VL_REPORT_PROVEN, NULL,
                      "what this server has goes on where that ended");
    return err;
}

/* --- everything else that valise makes -------------------------------------------------------- */

/* Not by vl_verify_file: the words of a card take 128 MiB and a third of a second. */
static enum vl_err check_cards(struct checking *checking, vl_bytes bytes)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    char address[VL_OFFICE_TEXT];
    enum vl_err err = vl_chain_parse(bytes, &chain, &checking->why);

    checking->report.what = "card";
    checking->report.words = "the card of an office";
    if (err)
        return err;
    vl_report_add(&checking->report, VL_REPORT_FACT, "address", "%s",
                  vl_office_id_text(&chain.office, address));
    vl_report_add(&checking->report, VL_REPORT_FACT, "card", "number %" PRIu64,
                  vl_chain_newest(&chain)->serial);
    vl_report_add(&checking->report, VL_REPORT_CLAIMED, NULL, "it calls itself \"%.*s\"",
                  (int)vl_chain_newest(&chain)->name.len,
                  (const char *)vl_chain_newest(&chain)->name.ptr);
    vl_report_add(&checking->report, VL_REPORT_PROVEN, NULL,
                  "these keys speak for that address; whoever made the card holds all of them");
    if (chain.links[chain.count - 1].key_revoked)
        vl_report_add(&checking->report, VL_REPORT_WARNING, NULL, "it is revoked");
    vl_report_add(&checking->report, VL_REPORT_NOT_PROVEN, NULL, VL_SAYS_NOT_WHO);
    return checking->report.err;
}

static enum vl_err check_file(struct checking *checking, vl_bytes bytes)
{
    VL_AUTO(vl_memory_file_close) struct vl_memory_file file = VL_MEMORY_FILE_INIT;
    const struct vl_verify_request request = {.path = file.path};
    enum vl_err err = vl_memory_file_open(bytes, &file, &checking->why);

    return err ? err : vl_verify_file(&request, &checking->report, &checking->why);
}

static bool is_note(const struct vl_site *site, vl_bytes bytes)
{
    return vl_bytes_starts(bytes, site->policy->origin) && bytes.len > site->policy->origin.len &&
           bytes.ptr[site->policy->origin.len] == '\n';
}

static enum vl_err check_bytes(struct checking *checking, vl_bytes bytes)
{
    const enum vl_what what = vl_what_is(bytes);

    if (bytes.len > 0 && bytes.ptr[0] == COSE_TAG)
        return check_statement(checking, bytes);
    if (vl_bytes_starts(bytes, VL_LITERAL("c2sp.org/tlog-proof@v1\n")))
        return check_proof(checking, bytes);
    if (is_note(checking->site, bytes))
        return check_note(checking, bytes);
    if (what == VL_WHAT_CARDS || what == VL_WHAT_CARDS_TEXT)
        return check_cards(checking, bytes);
    return check_file(checking, bytes);
}

static void check_sent(struct checking *checking, const struct vl_http_request *request)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_SITE_CHECK_ROOM);
    enum vl_err err = read_sent(request, &bytes, &checking->why);

    if (!err)
        err = check_bytes(checking, vl_buf_bytes(&bytes));
    checking->model.was_asked = true;
    checking->model.err = err ? err : checking->report.err;
    checking->model.why = checking->why.text[0] ? checking->why.text : vl_err_words(err);
    checking->model.report = &checking->report;
}

bool vl_check_answer(struct vl_site *site, const struct vl_http_request *request,
                     struct vl_http_response *response)
{
    struct checking checking = {.site = site, .report = VL_REPORT_INIT};
    vl_bytes path = request->path;
    const bool is_json = vl_site_wants_json(request, &path);
    enum vl_err err;

    if (!vl_bytes_eq(path, VL_LITERAL("/check")))
        return false;
    checking.model.report = &checking.report;
    if (request->method == VL_HTTP_POST)
        check_sent(&checking, request);
    err = is_json ? vl_page_check_json(&site->page, &checking.model, &response->body)
                  : vl_page_check(&site->page, &checking.model, &response->body);
    vl_site_data(response, err, is_json ? "application/json" : "text/html; charset=utf-8", NULL);
    response->kind = is_json ? VL_HTTP_DATA : VL_HTTP_PAGE;
    response->varies = true;
    vl_report_release(&checking.report);
    return true;
}
