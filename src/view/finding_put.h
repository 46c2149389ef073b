/* SPDX-License-Identifier: Apache-2.0 */
/* view/finding_put.h: members of valise.finding/1 that its parts share. */
#ifndef VL_VIEW_FINDING_PUT_H
#define VL_VIEW_FINDING_PUT_H

#include "view/doc.h"
#include "view/finding.h"

static inline void put_id(struct vl_doc *doc, const char *name, const uint8_t id[VL_HASH_LEN])
{
    vl_doc_hex(doc, name, true, vl_bytes_of(id, VL_HASH_LEN));
}

static inline void put_office(struct vl_doc *doc, const char *name, bool there,
                              const struct vl_office_id *office)
{
    vl_doc_hex(doc, name, there, VL_ARRAY(office->at));
}

/* None is null. */
static inline void put_words(struct vl_doc *doc, const char *name, vl_bytes words)
{
    vl_doc_bytes(doc, name, words.len > 0 ? words : VL_BYTES_NONE);
}

static inline void put_ids(struct vl_doc *doc, const char *name, const struct vl_hashes *ids)
{
    vl_doc_list(doc, name);
    for (size_t i = 0; i < ids->count; i++)
        put_id(doc, NULL, ids->at[i]);
    vl_doc_close(doc);
}

static inline void put_level(struct vl_doc *doc, enum vl_level level)
{
    vl_doc_text(doc, "level", vl_level_word(level));
}

static inline void put_marks(struct vl_doc *doc, uint32_t marks)
{
    vl_doc_list(doc, "marks");
    for (unsigned i = 0; i < VL_MARK_COUNT; i++)
        if (marks >> i & 1)
            vl_doc_text(doc, NULL, vl_mark_word((enum vl_mark_at)i));
    vl_doc_close(doc);
}

static inline void put_or_null(struct vl_doc *doc, const char *name, const char *word)
{
    vl_doc_text(doc, name, word[0] ? word : NULL);
}

/* The members of a fact; its object is open, and stays so for what else it has. */
static inline void put_fact(struct vl_doc *doc, const char *name, const struct vl_found_fact *fact)
{
    vl_doc_object(doc, name);
    put_level(doc, fact->level);
    put_ids(doc, "by", &fact->by);
    put_ids(doc, "acts", &fact->acts);
    put_marks(doc, fact->marks);
}

/* finding_invited_json.c: the member `invitation`. */
void vl_finding_put_invitation(struct vl_doc *doc, const struct vl_found_invitation *invitation);

#endif
