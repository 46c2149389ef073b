/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of a record as JSON documents (schema/page-*.json). */
#include <string.h>

#include "codec/number.h"
#include "view/doc.h"
#include "view/page.h"

static void put_record(struct vl_doc *doc, const struct vl_page_record *record)
{
    vl_doc_object(doc, "record");
    vl_doc_bytes(doc, "origin", record->origin);
    vl_doc_hex(doc, "id", true, VL_ARRAY(record->id));
    vl_doc_int(doc, "size", record->size);
    vl_doc_hex(doc, "root", true, VL_ARRAY(record->root));
    vl_doc_int(doc, "witnesses", record->witnesses);
    vl_doc_int(doc, "witnesses_needed", record->need);
    vl_doc_close(doc);
}

static void put_row_members(struct vl_doc *doc, const struct vl_page_row *row)
{
    char address[VL_OFFICE_TEXT], number[VL_NUMBER_TEXT];

    vl_doc_int(doc, "index", row->index);
    vl_doc_hex(doc, "id", true, VL_ARRAY(row->id));
    vl_doc_text(doc, "kind", row->kind == VL_KIND_NONE ? "policy" : vl_kind_word(row->kind));
    vl_doc_text(doc, "office", row->has_office ? vl_office_id_text(&row->office, address) : NULL);
    vl_doc_text(doc, "calls_itself", row->name[0] ? row->name : NULL);
    vl_doc_text(doc, "letter",
                row->has_letter ? vl_number_text(VL_LETTER_HRP, row->letter, number) : NULL);
    vl_doc_text(doc, "invitation",
                row->has_invitation ? vl_number_text(VL_INVITATION_HRP, row->invitation, number)
                                    : NULL);
    vl_doc_time(doc, "signed_at", row->has_iat, row->iat_s);
    vl_doc_text(doc, "words", row->words[0] ? row->words : NULL);
}

static void put_list(struct vl_doc *doc, const char *name, const struct vl_page_list *list)
{
    vl_doc_list(doc, name);
    for (size_t i = 0; i < list->count; i++) {
        vl_doc_object(doc, NULL);
        put_row_members(doc, &list->rows[i]);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
}

static void put_next(struct vl_doc *doc, const struct vl_page_list *list)
{
    vl_doc_bool(doc, "has_more", list->has_more);
    vl_doc_int(doc, "next", list->has_more ? list->next : 0);
}

enum vl_err vl_page_front_json(const struct vl_page_record *record, const struct vl_page_list *list,
                               struct vl_buf *out)
{
    struct vl_doc *doc = vl_doc_new("valise.page-entries/1");

    if (!doc)
        return VL_ERR_NO_MEMORY;
    put_record(doc, record);
    put_list(doc, "entries", list);
    put_next(doc, list);
    return vl_doc_finish(doc, out);
}

enum vl_err vl_page_entry_json(const struct vl_page_record *record,
                               const struct vl_page_entry *entry, struct vl_buf *out)
{
    struct vl_doc *doc = vl_doc_new("valise.page-entry/1");

    if (!doc)
        return VL_ERR_NO_MEMORY;
    put_record(doc, record);
    put_row_members(doc, &entry->row);
    vl_doc_bytes(doc, "sub", entry->sub);
    vl_doc_int(doc, "entry_bytes", entry->bytes);
    vl_doc_hex(doc, "leaf_hash", true, VL_ARRAY(entry->leaf_hash));
    vl_doc_bool(doc, "given_out", entry->is_given_out);
    vl_report_doc(doc, entry->report);
    put_list(doc, "about_it", entry->about);
    put_next(doc, entry->about);
    vl_doc_list(doc, "corrections");
    for (size_t i = 0; i < entry->correction_count; i++) {
        vl_doc_object(doc, NULL);
        vl_doc_int(doc, "index", entry->corrections[i].index);
        vl_doc_bytes(doc, "field", entry->corrections[i].field);
        vl_doc_bytes(doc, "old", entry->corrections[i].old);
        vl_doc_bytes(doc, "new", entry->corrections[i].now);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
    vl_doc_bool(doc, "has_more_corrections", entry->has_more_corrections);
    return vl_doc_finish(doc, out);
}

enum vl_err vl_page_office_json(const struct vl_page_record *record,
                                const struct vl_page_office *office, struct vl_buf *out)
{
    struct vl_doc *doc = vl_doc_new("valise.page-office/1");
    char address[VL_OFFICE_TEXT];

    if (!doc)
        return VL_ERR_NO_MEMORY;
    put_record(doc, record);
    vl_doc_text(doc, "office", vl_office_id_text(&office->office, address));
    vl_doc_text(doc, "calls_itself", office->is_known ? office->name : NULL);
    vl_doc_int(doc, "cards", office->card_count);
    vl_doc_time(doc, "card_signed_at", office->has_card_iat, office->card_iat_s);
    vl_doc_time(doc, "card_ends_at", office->has_not_after, office->not_after_s);
    vl_doc_bool(doc, "revoked", office->is_revoked);
    put_list(doc, "entries", office->list);
    put_next(doc, office->list);
    return vl_doc_finish(doc, out);
}

enum vl_err vl_page_letter_json(const struct vl_page_record *record,
                                const struct vl_page_letter *letter, struct vl_buf *out)
{
    struct vl_doc *doc = vl_doc_new("valise.page-letter/1");
    char number[VL_NUMBER_TEXT];

    if (!doc)
        return VL_ERR_NO_MEMORY;
    put_record(doc, record);
    vl_doc_text(doc, "letter", vl_number_text(VL_LETTER_HRP, letter->number, number));
    put_list(doc, "entries", letter->list);
    put_next(doc, letter->list);
    return vl_doc_finish(doc, out);
}

static void put_party(struct vl_doc *doc, const char *name, const struct vl_page_party *party)
{
    char address[VL_OFFICE_TEXT];

    vl_doc_object(doc, name);
    vl_doc_text(doc, "office",
                party->has_office ? vl_office_id_text(&party->office, address) : NULL);
    vl_doc_text(doc, "calls_itself", party->name[0] ? party->name : NULL);
    vl_doc_bytes(doc, "said_name", party->said.len > 0 ? party->said : VL_BYTES_NONE);
    vl_doc_close(doc);
}

static void put_version(struct vl_doc *doc, const struct vl_page_invitation *page,
                        const struct vl_found_version *version)
{
    vl_doc_object(doc, NULL);
    vl_doc_text(doc, "state", vl_invited_word(version->state));
    vl_doc_text(doc, "level", vl_level_word(version->level));
    vl_doc_time(doc, "from_at", version->has_date, version->from_s);
    vl_doc_time(doc, "to_at", version->has_date, version->to_s);
    vl_doc_bool(doc, "disputed", version->is_disputed);
    vl_doc_list(doc, "by");
    for (size_t i = 0; i < page->row_count; i++)
        for (size_t j = 0; j < version->acts.count; j++)
            if (memcmp(page->rows[i].id, version->acts.at[j], VL_HASH_LEN) == 0) {
                vl_doc_object(doc, NULL);
                put_row_members(doc, &page->rows[i]);
                vl_doc_close(doc);
            }
    vl_doc_close(doc);
    vl_doc_close(doc);
}

static void put_corrected(struct vl_doc *doc, const struct vl_page_invitation *page)
{
    vl_doc_list(doc, "corrections");
    for (size_t i = 0; i < page->correction_count; i++) {
        vl_doc_object(doc, NULL);
        vl_doc_int(doc, "index", page->corrections[i].index);
        vl_doc_hex(doc, "of", true, VL_ARRAY(page->corrected[i]));
        vl_doc_bytes(doc, "field", page->corrections[i].field);
        vl_doc_bytes(doc, "old", page->corrections[i].old);
        vl_doc_bytes(doc, "new", page->corrections[i].now);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
}

enum vl_err vl_page_invitation_json(const struct vl_page_record *record,
                                    const struct vl_page_invitation *page, struct vl_buf *out)
{
    const struct vl_found_invitation *found = page->finding ? page->finding->invitation : NULL;
    struct vl_doc *doc = vl_doc_new("valise.page-invitation/1");
    char number[VL_NUMBER_TEXT];

    if (!doc)
        return VL_ERR_NO_MEMORY;
    put_record(doc, record);
    vl_doc_text(doc, "invitation", vl_number_text(VL_INVITATION_HRP, page->number, number));
    put_party(doc, "inviter", &page->inviter);
    put_party(doc, "invitee", &page->invitee);
    vl_doc_text(doc, "issued", vl_level_word(found ? found->issued.level : VL_LEVEL_NONE));
    vl_doc_list(doc, "versions");
    for (size_t i = 0; found && i < found->version_count; i++)
        put_version(doc, page, &found->versions[i]);
    vl_doc_close(doc);
    vl_doc_bool(doc, "several", found && found->is_several);
    vl_doc_bool(doc, "read_whole", page->read_first == 0);
    put_corrected(doc, page);
    put_list(doc, "entries", page->list);
    put_next(doc, page->list);
    return vl_doc_finish(doc, out);
}

enum vl_err vl_page_check_json(const struct vl_page_record *record,
                               const struct vl_page_check *check, struct vl_buf *out)
{
    struct vl_doc *doc = vl_doc_new("valise.page-file/1");

    if (!doc)
        return VL_ERR_NO_MEMORY;
    put_record(doc, record);
    vl_doc_text(doc, "what", check->report->what);
    vl_doc_text(doc, "result", vl_err_name(check->err));
    vl_doc_text(doc, "why", check->err ? check->why : NULL);
    vl_doc_bool(doc, "entered", check->is_here);
    vl_doc_int(doc, "index", check->is_here ? check->index : 0);
    vl_report_doc(doc, check->report);
    return vl_doc_finish(doc, out);
}

enum vl_err vl_page_about_json(const struct vl_page_record *record,
                               const struct vl_page_about *about, struct vl_buf *out)
{
    struct vl_doc *doc = vl_doc_new("valise.page-about/1");

    if (!doc)
        return VL_ERR_NO_MEMORY;
    put_record(doc, record);
    vl_doc_text(doc, "receipt_kid", about->receipt_kid);
    vl_doc_text(doc, "checkpoint_key", about->checkpoint_key);
    vl_doc_int(doc, "entry_max_bytes", about->max_len);
    vl_doc_bool(doc, "needs_signing_time", about->needs_iat);
    vl_doc_int(doc, "past_max_seconds", about->past_max_s);
    vl_doc_int(doc, "ahead_max_seconds", about->ahead_max_s);
    vl_doc_int(doc, "witnesses_known", about->witness_count);
    vl_doc_bool(doc, "takes_from_anybody", about->takes_from_anybody);
    return vl_doc_finish(doc, out);
}
