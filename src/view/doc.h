/* SPDX-License-Identifier: Apache-2.0 */
/* view/doc.h: a JSON document being written, member by member.
 *
 * One object with "schema" first; names are snake_case, sizes end in _bytes and are integers, times
 * end in _at and are RFC 3339 in UTC, enumerations are the words of the wire.  Members are only
 * ever added.  The schemas are in schema/. */
#ifndef VL_VIEW_DOC_H
#define VL_VIEW_DOC_H

#include "base/bytes.h"

#define VL_DOC_MAX_DEPTH 8

struct vl_doc;

/* NULL when memory runs out; the functions below take that and do nothing.  A failure on the way is
 * told by vl_doc_finish. */
struct vl_doc *vl_doc_new(const char *schema) VL_MUST_USE;
/* name is NULL for an element of a list.  Text that is not UTF-8 is shown as vl_text_safe does;
 * NULL is null. */
void vl_doc_text(struct vl_doc *doc, const char *name, const char *text);
void vl_doc_bytes(struct vl_doc *doc, const char *name, vl_bytes text);
void vl_doc_int(struct vl_doc *doc, const char *name, uint64_t value);
void vl_doc_bool(struct vl_doc *doc, const char *name, bool value);
/* null when there is none. */
void vl_doc_time(struct vl_doc *doc, const char *name, bool there, int64_t seconds);
void vl_doc_hex(struct vl_doc *doc, const char *name, bool there, vl_bytes bytes);
void vl_doc_object(struct vl_doc *doc, const char *name);
void vl_doc_list(struct vl_doc *doc, const char *name);
/* The end of the innermost object or list. */
void vl_doc_close(struct vl_doc *doc);
/* Append the document and a line end, and free it.  NO_MEMORY, LIMIT. */
enum vl_err vl_doc_finish(struct vl_doc *doc, struct vl_buf *out) VL_MUST_USE;
/* Free it unfinished.  Takes NULL. */
void vl_doc_drop(struct vl_doc *doc);

#endif
