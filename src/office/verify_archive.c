/* SPDX-License-Identifier: Apache-2.0 */
/* Archives: open letters, disclosed copies, disclosures. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/time.h"
#include "codec/number.h"
#include "custody/waybill.h"
#include "letter/pax.h"
#include "office/verifying.h"
#include "sys/infile.h"

#define PIECE     ((size_t)256 << 10)
#define SAFE_ROOM 2048

static void report_part(struct vl_report *report, const struct vl_manifest_part *part)
{
    char name[SAFE_ROOM], hex[2 * VL_HASH_LEN + 1];

    for (size_t i = 0; i < VL_HASH_LEN; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", part->sha256[i]);
    vl_report_add(report, VL_REPORT_FACT, "part", "%s, %llu bytes, SHA-256 %s",
                  vl_text_safe(name, sizeof name, part->name), (unsigned long long)part->size, hex);
}

void vl_verifying_manifest(struct vl_verifying *verifying, const struct vl_manifest *manifest,
                           const bool shown[VL_FIELD_COUNT])
{
    struct vl_report *report = verifying->report;
    char name[VL_OFFICE_NAME_ROOM], safe[SAFE_ROOM], date[VL_TIME_TEXT], number[VL_NUMBER_TEXT];

    for (size_t i = 0; i < manifest->to_count && shown[VL_FIELD_TO]; i++)
        if (!manifest->to[i].is_own_copy)
            vl_report_add(report, VL_REPORT_FACT, "to", "%s",
                          vl_verifying_name(verifying, &manifest->to[i].office, name));
    if (manifest->has_subject && shown[VL_FIELD_SUBJECT])
        vl_report_add(report, VL_REPORT_FACT, "subject", "%s",
                      vl_text_safe(safe, sizeof safe, manifest->subject));
    if (manifest->has_date && shown[VL_FIELD_DATE])
        vl_report_add(report, VL_REPORT_FACT, "dated", "%s, by the sender",
                      vl_time_text(manifest->date_s, date));
    if (manifest->has_in_reply_to && shown[VL_FIELD_IN_REPLY_TO])
        vl_report_add(report, VL_REPORT_FACT, "in-reply-to", "%s",
                      vl_number_text(VL_LETTER_HRP, manifest->in_reply_to, number));
    if (manifest->has_expires && shown[VL_FIELD_EXPIRES])
        vl_report_add(report, VL_REPORT_FACT, "expires", "%s",
                      vl_time_text(manifest->expires_s, date));
    if (manifest->has_expect_by && shown[VL_FIELD_EXPECT_BY])
        vl_report_add(report, VL_REPORT_FACT, "expect-by", "%s",
                      vl_time_text(manifest->expect_by_s, date));
    for (size_t i = 0; i < manifest->part_count; i++)
        report_part(report, &manifest->parts[i]);
}

/* The entries of an archive, hashed; the last one is kept when it is a disclosure. */
struct entry {
    char name[VL_PAX_BLOCK];
    uint64_t size;
    uint8_t sha256[VL_HASH_LEN];
};

struct listing {
    size_t count;
    size_t cap;
    struct entry *entries;
    struct vl_hasher hasher;
    bool is_disclosure; /* the entry being read */
    struct vl_buf disclosure;
    struct vl_letter_reader *inner; /* second pass: the envelope inside goes there */
    bool in_envelope;
};

static enum vl_err begin(void *self, vl_bytes name, uint64_t size, vl_bytes header,
                         struct vl_why *why)
{
    struct listing *listing = self;
    struct entry *entry;

    (void)header;
    if (listing->count == VL_MANIFEST_MAX_PARTS + 2)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d entries", VL_MANIFEST_MAX_PARTS + 2);
    if (listing->count == listing->cap) {
        const size_t cap = listing->cap ? 2 * listing->cap : 16;
        void *block = listing->entries;
        enum vl_err err = vl_grow(&block, listing->cap * sizeof *entry, cap * sizeof *entry);

        if (err)
            return vl_fail(why, err, "no memory for the entries");
        listing->entries = block;
        listing->cap = cap;
    }
    entry = &listing->entries[listing->count++];
    entry->size = size;
    (void)snprintf(entry->name, sizeof entry->name, "%.*s", (int)name.len, (const char *)name.ptr);
    listing->is_disclosure = vl_bytes_eq(name, VL_LITERAL(VL_DISCLOSURE_NAME));
    listing->in_envelope = vl_bytes_eq(name, VL_LITERAL(VL_DISCLOSURE_ENVELOPE));
    vl_hasher_begin(&listing->hasher, size);
    return VL_OK;
}

static enum vl_err data(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct listing *listing = self;
    enum vl_err err;

    if (listing->inner)
        return listing->in_envelope ? vl_letter_reader_write(listing->inner, bytes, why) : VL_OK;
    vl_hasher_put(&listing->hasher, bytes);
    if (!listing->is_disclosure)
        return VL_OK;
    err = vl_buf_put(&listing->disclosure, bytes);
    return err ? vl_fail(why, err, "the disclosure is too long") : VL_OK;
}

static enum vl_err end(void *self, struct vl_why *why)
{
    struct listing *listing = self;

    (void)why;
    return vl_hasher_end(&listing->hasher, listing->entries[listing->count - 1].sha256);
}

static enum vl_err read_archive(const struct vl_verify_request *request, struct listing *listing,
                                struct vl_why *why)
{
    const struct vl_pax_sink sink = {begin, data, end, listing};
    VL_AUTO(vl_buf_release) struct vl_buf piece = VL_BUF_INIT(PIECE);
    VL_AUTO(vl_in_close) struct vl_in in = VL_IN_INIT;
    struct vl_pax_reader *reader = vl_pax_reader_new(&sink);
    uint64_t padding = 0;
    uint8_t *at = NULL;
    size_t got = 1;
    enum vl_err err = reader ? vl_in_open(request->path, &in, why) : VL_ERR_NO_MEMORY;

    listing->count = 0;
    if (!err)
        err = vl_buf_add(&piece, PIECE, &at);
    while (!err && got > 0) {
        err = vl_in_read(&in, (vl_room){at, PIECE}, &got, why);
        if (!err && got > 0)
            err = vl_pax_reader_put(reader, vl_bytes_of(at, got), why);
        if (!err && request->progress.moved)
            request->progress.moved(request->progress.self, in.read_bytes, in.size);
    }
    if (!err)
        err = vl_pax_reader_end(reader, &padding, why);
    vl_pax_reader_free(reader);
    return err;
}

static void release(struct listing *listing)
{
    vl_free(listing->entries);
    vl_hasher_release(&listing->hasher);
    vl_buf_release(&listing->disclosure);
    vl_letter_reader_free(listing->inner);
}

/* Every part that is shown lies there, and nothing else does. */
static enum vl_err check_entries(const struct vl_disclosure *disclosure,
                                 const struct listing *listing, struct vl_why *why)
{
    const size_t wanted = disclosure->has_file_key ? 1 : disclosure->part_count;

    if (listing->count != wanted + 1)
        return vl_fail(why, VL_ERR_UNVERIFIED, "%zu entries, and %zu are disclosed",
                       listing->count - 1, wanted);
    for (size_t i = 0; i < wanted && !disclosure->has_file_key; i++) {
        const struct vl_manifest_part *part = &disclosure->parts[i];
        const struct entry *entry = &listing->entries[i];

        if (!vl_bytes_eq(part->name, vl_bytes_str(entry->name)) || part->size != entry->size ||
            memcmp(part->sha256, entry->sha256, VL_HASH_LEN) != 0)
            return vl_fail(why, VL_ERR_UNVERIFIED, "part %zu is not what the sender signed", i + 1);
    }
    return VL_OK;
}

static enum vl_err check_whole(struct vl_verifying *verifying,
                               const struct vl_disclosure *disclosure, struct listing *listing,
                               struct vl_why *why)
{
    VL_AUTO(vl_letter_seen_release) struct vl_letter_seen seen = VL_LETTER_SEEN_INIT;
    const struct vl_letter_read_plan plan = {.file_key = &disclosure->file_key,
                                             .workers = verifying->request->workers};
    uint64_t size = 0;
    enum vl_err err;

    for (size_t i = 0; i < listing->count; i++)
        if (strcmp(listing->entries[i].name, VL_DISCLOSURE_ENVELOPE) == 0)
            size = listing->entries[i].size;
    listing->inner = vl_letter_reader_new(&plan, size);
    if (!listing->inner)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to open it with");
    err = read_archive(verifying->request, listing, why);
    if (!err)
        err = vl_letter_reader_finish(listing->inner, &seen, why);
    vl_letter_reader_free(listing->inner); /* it borrows the plan */
    listing->inner = NULL;
    if (err)
        return vl_fail_in(why, err, "the disclosed envelope");
    if (memcmp(seen.manifest.core_id, disclosure->core.id, VL_HASH_LEN) != 0 ||
        !disclosure->has_number || memcmp(seen.number, disclosure->number, VL_HASH_LEN) != 0)
        return vl_fail(why, VL_ERR_UNVERIFIED, "the envelope holds another letter than it says");
    if (vl_letter_form(&seen) != VL_FORM_SEALED)
        return vl_fail(why, VL_ERR_UNVERIFIED, "the envelope is not the one of this letter");
    return VL_OK;
}

/* The number of a disclosure is signed by nobody.  Waybills that travel with it are of this sender,
 * this core and this number, or somebody shows a part of one letter with what was signed about
 * another (PROTOCOL 3, 18). */
static enum vl_err check_leaf(const struct vl_disclosure *disclosure, vl_bytes leaf,
                              struct vl_why *why)
{
    struct vl_waybill *waybill = vl_new(sizeof *waybill);
    enum vl_err err = waybill ? vl_waybill_parse(leaf, waybill, why)
                              : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a waybill");

    if (!err &&
        (!vl_office_id_eq(&waybill->from, &disclosure->core.issuer) ||
         memcmp(waybill->commitment, disclosure->core.id, VL_HASH_LEN) != 0 ||
         !disclosure->has_number || memcmp(waybill->number, disclosure->number, VL_HASH_LEN) != 0))
        err = vl_fail(why, VL_ERR_UNVERIFIED, "the evidence in it is about another letter");
    vl_free(waybill);
    return err;
}

static enum vl_err check_about(const struct vl_evidence *evidence,
                               const struct vl_disclosure *disclosure, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < evidence->item_count && !err; i++)
        for (size_t j = 0; j < evidence->items[i].leaf_count && !err; j++)
            err = check_leaf(disclosure, evidence->items[i].leaves[j].leaf, why);
    return err;
}

/* Has an addressee signed that the content is what the sender had committed to? */
static bool is_opened_ok(const struct vl_verifying *verifying,
                         const struct vl_disclosure *disclosure)
{
    const struct vl_evidence *evidence = &verifying->evidence;
    struct vl_opened *opened = vl_new(sizeof *opened);
    bool ok = false;

    for (size_t i = 0; opened && i < evidence->item_count && !ok; i++) {
        const struct vl_evidence_item *item = &evidence->items[i];
        vl_bytes waybill = VL_BYTES_NONE;

        ok = item->object.kind == VL_KIND_OPENED &&
             vl_opened_read(&item->object, opened, NULL) == VL_OK &&
             opened->verdict == VL_VERDICT_OK;
        if (ok)
            waybill = vl_evidence_waybill(evidence, opened->number);
        ok = ok && waybill.len > 0 &&
             vl_opened_check(opened, &item->object.issuer, waybill, NULL) == VL_OK &&
             opened->has_core && memcmp(opened->core, disclosure->core.id, VL_HASH_LEN) == 0 &&
             disclosure->has_number && memcmp(opened->number, disclosure->number, VL_HASH_LEN) == 0;
    }
    vl_free(opened);
    return ok;
}

static enum vl_err report_disclosure(struct vl_verifying *verifying,
                                     const struct vl_disclosure *disclosure,
                                     struct listing *listing, struct vl_why *why)
{
    struct vl_report *report = verifying->report;
    char number[VL_NUMBER_TEXT];
    enum vl_err err = check_entries(disclosure, listing, why);

    if (!err && disclosure->evidence.len > 0)
        err = vl_evidence_parse(disclosure->evidence, &verifying->evidence, why);
    if (!err)
        err = check_about(&verifying->evidence, disclosure, why);
    if (!err && disclosure->has_file_key)
        err = check_whole(verifying, disclosure, listing, why);
    if (err)
        return err;
    if (disclosure->has_number)
        vl_report_add(report, VL_REPORT_FACT, "number", "%s",
                      vl_number_text(VL_LETTER_HRP, disclosure->number, number));
    vl_report_add(report, VL_REPORT_FACT, "shown", "%zu of %zu parts", disclosure->part_count,
                  disclosure->total_parts);
    vl_verifying_manifest(verifying, &disclosure->fields, disclosure->shown);
    for (size_t i = 0; i < disclosure->part_count; i++)
        report_part(report, &disclosure->parts[i]);
    err = vl_verifying_signature(verifying, &disclosure->core, VL_REPORT_PROVEN,
                                 "signed a letter that holds what is shown here", why);
    if (!err && disclosure->evidence.len > 0)
        err = vl_verifying_evidence(verifying, why);
    if (err)
        return err;
    if (disclosure->has_file_key)
        vl_report_add(report, VL_REPORT_PROVEN, NULL,
                      "this is all that the envelope of this number holds");
    else if (disclosure->mode == VL_LETTER_SEALED && !is_opened_ok(verifying, disclosure))
        vl_report_add(
            report, VL_REPORT_NOT_PROVEN, NULL,
            "that the envelope of this number holds it: the sender committed to this text, "
            "and no addressee has signed that it is inside");
    else if (disclosure->mode == VL_LETTER_SEALED)
        vl_report_add(report, VL_REPORT_PROVEN, NULL,
                      "an addressee signed that the envelope holds what was committed to");
    vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL, "what the parts say that are not shown");
    return VL_OK;
}

static enum vl_err verify_letter(struct vl_verifying *verifying, struct vl_why *why)
{
    const struct vl_letter_read_plan plan = {.workers = 0};
    static const bool all[VL_FIELD_COUNT] = {true, true, true, true, true, true};
    VL_AUTO(vl_letter_seen_release) struct vl_letter_seen seen = VL_LETTER_SEEN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf piece = VL_BUF_INIT(PIECE);
    VL_AUTO(vl_in_close) struct vl_in in = VL_IN_INIT;
    struct vl_letter_reader *reader = NULL;
    struct vl_report *report = verifying->report;
    char number[VL_NUMBER_TEXT];
    uint8_t *at = NULL;
    size_t got = 1;
    bool open;
    enum vl_err err = vl_in_open(verifying->request->path, &in, why);

    if (!err) {
        reader = vl_letter_reader_new(&plan, in.size);
        err = reader ? vl_buf_add(&piece, PIECE, &at) : VL_ERR_NO_MEMORY;
    }
    while (!err && got > 0) {
        err = vl_in_read(&in, (vl_room){at, PIECE}, &got, why);
        if (!err && got > 0)
            err = vl_letter_reader_write(reader, vl_bytes_of(at, got), why);
    }
    if (!err)
        err = vl_letter_reader_finish(reader, &seen, why);
    vl_letter_reader_free(reader);
    if (err)
        return err;
    open = vl_letter_form(&seen) == VL_FORM_OPEN;
    report->what = open ? "open-letter" : "disclosed-copy";
    report->words = open ? "an open letter" : "the inside of a sealed letter, without its envelope";
    if (open)
        vl_report_add(report, VL_REPORT_FACT, "number", "%s",
                      vl_number_text(VL_LETTER_HRP, seen.number, number));
    vl_verifying_manifest(verifying, &seen.manifest, all);
    err = vl_verifying_signature(verifying, &seen.manifest.core, VL_REPORT_PROVEN,
                                 open ? "signed exactly this letter"
                                      : "signed exactly this, for an envelope that is not here",
                                 why);
    if (!open)
        vl_report_add(report, VL_REPORT_WARNING, NULL,
                      "the sender sealed it: it is no open letter, whoever shows it");
    vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL, VL_SAYS_NOT_TRUE);
    vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL, VL_SAYS_NOT_FREE);
    return err;
}

enum vl_err vl_verifying_archive(struct vl_verifying *verifying, struct vl_why *why)
{
    struct vl_disclosure disclosure = VL_DISCLOSURE_INIT;
    VL_AUTO(release) struct listing listing = {.disclosure = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN)};
    enum vl_err err = read_archive(verifying->request, &listing, why);

    if (err)
        return err;
    if (listing.disclosure.len == 0 ||
        strcmp(listing.entries[listing.count - 1].name, VL_DISCLOSURE_NAME) != 0)
        return verify_letter(verifying, why);
    verifying->report->what = "disclosure";
    verifying->report->words = "a disclosure of a letter, or of parts of it";
    err = vl_disclosure_parse(vl_buf_bytes(&listing.disclosure), &disclosure, why);
    if (!err)
        err = report_disclosure(verifying, &disclosure, &listing, why);
    vl_disclosure_release(&disclosure);
    return err;
}
