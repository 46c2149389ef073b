/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/amend.h"

#include <stdio.h>
#include <string.h>

#define ENTRY_LEN   20 /* of the table: "0000000015 00000 n \n" (7.5.4) */
#define OFFSET_LEN  10
#define TAIL        64 /* "startxref", a number and "%%EOF" are within it */
#define TEXT_ROOM   400
#define CHANGED_MAX 2
#define FREE_ROOM   (ENTRY_LEN + 24) /* an entry, and what is said before it */

/* Offsets are from the start of the document. */
struct document {
    vl_bytes all;
    size_t table; /* where "xref" is */
    size_t first; /* where the entry of object 0 is */
    size_t size;  /* objects, with object 0 */
    size_t root;
    size_t info;
};

struct changed {
    size_t object;
    size_t at;
};

static bool read_number(vl_bytes text, size_t *out)
{
    size_t value = 0, i = 0;

    for (; i < text.len && i < OFFSET_LEN && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++)
        value = value * 10 + (size_t)(text.ptr[i] - '0');
    *out = value;
    return i > 0;
}

/* The number behind a word, which stands somewhere in the text. */
static bool number_after(vl_bytes text, const char *word, size_t *out)
{
    const uint8_t *at = text.len > 0 ? memmem(text.ptr, text.len, word, strlen(word)) : NULL;

    return at && read_number(vl_bytes_after(text, (size_t)(at - text.ptr) + strlen(word)), out);
}

static bool read_table(vl_bytes all, struct document *document)
{
    const vl_bytes tail = vl_bytes_after(all, all.len > TAIL ? all.len - TAIL : 0);
    vl_bytes table;
    char head[40];

    *document = (struct document){.all = all};
    if (!number_after(tail, "startxref\n", &document->table))
        return false;
    table = vl_bytes_after(all, document->table);
    if (!number_after(table, "xref\n0 ", &document->size))
        return false;
    (void)snprintf(head, sizeof head, "xref\n0 %zu\n", document->size);
    document->first = document->table + strlen(head);
    if (!vl_bytes_starts(table, vl_bytes_str(head)) ||
        document->size > (all.len - document->first) / ENTRY_LEN)
        return false;
    table = vl_bytes_after(all, document->first + document->size * ENTRY_LEN);
    return vl_bytes_starts(table, VL_LITERAL("trailer\n")) &&
           number_after(table, "/Root ", &document->root) &&
           number_after(table, "/Info ", &document->info);
}

/* What stands behind "N 0 obj\n". */
static bool find_begin(const struct document *document, size_t object, vl_bytes *inside)
{
    char head[40];
    size_t at = 0;

    if (object >= document->size ||
        !read_number(vl_bytes_after(document->all, document->first + object * ENTRY_LEN), &at))
        return false;
    *inside = vl_bytes_after(document->all, at);
    (void)snprintf(head, sizeof head, "%zu 0 obj\n", object);
    if (!vl_bytes_starts(*inside, vl_bytes_str(head)))
        return false;
    *inside = vl_bytes_after(*inside, strlen(head));
    return true;
}

/* What stands behind "N 0 obj\n<< ", up to "endobj" with its line. */
static bool find_object(const struct document *document, size_t object, vl_bytes *inside)
{
    const uint8_t *end;

    if (!find_begin(document, object, inside) || !vl_bytes_starts(*inside, VL_LITERAL("<< ")))
        return false;
    *inside = vl_bytes_after(*inside, 3);
    end = inside->len > 0 ? memmem(inside->ptr, inside->len, "endobj\n", 7) : NULL;
    if (end)
        *inside = vl_bytes_first(*inside, (size_t)(end - inside->ptr) + 7);
    return end != NULL;
}

static enum vl_err put_changed(struct vl_buf *out, size_t start, size_t object, const char *more,
                               vl_bytes inside, struct changed *changed)
{
    char head[TEXT_ROOM];
    enum vl_err err;

    *changed = (struct changed){object, out->len - start};
    (void)snprintf(head, sizeof head, "%zu 0 obj\n<< %s\n   ", object, more);
    err = vl_buf_put(out, vl_bytes_str(head));
    return err ? err : vl_buf_put(out, inside);
}

/* Those of cairo 1.18 for the edges of sheets: they have a number, and were never written. */
static size_t count_missing(const struct document *document)
{
    size_t count = 0;
    vl_bytes inside;

    for (size_t object = 1; object < document->size; object++)
        count += !find_begin(document, object, &inside);
    return count;
}

static enum vl_err put_missing(struct vl_buf *out, const struct document *document)
{
    char text[FREE_ROOM + 1];
    enum vl_err err = VL_OK;
    vl_bytes inside;

    for (size_t object = 1; object < document->size && !err; object++) {
        if (find_begin(document, object, &inside))
            continue;
        (void)snprintf(text, sizeof text, "%zu 1\n0000000000 65535 f \n", object);
        err = vl_buf_put(out, vl_bytes_str(text));
    }
    return err;
}

/* Only what changed is in this table, and what there is not; the one before it has the rest. */
static enum vl_err put_table(struct vl_buf *out, size_t start, const struct document *document,
                             const struct changed *changed, size_t count)
{
    const size_t at = out->len - start;
    char text[TEXT_ROOM];
    enum vl_err err = vl_buf_put(out, VL_LITERAL("xref\n"));

    for (size_t i = 0; i < count && !err; i++) {
        (void)snprintf(text, sizeof text, "%zu 1\n%010zu 00000 n \n", changed[i].object,
                       changed[i].at);
        err = vl_buf_put(out, vl_bytes_str(text));
    }
    if (!err)
        err = put_missing(out, document);
    (void)snprintf(text, sizeof text,
                   "trailer\n<< /Size %zu\n   /Root %zu 0 R\n   /Info %zu 0 R\n   /Prev %zu\n>>\n"
                   "startxref\n%zu\n%%%%EOF\n",
                   document->size, document->root, document->info, document->table, at);
    return err ? err : vl_buf_put(out, vl_bytes_str(text));
}

static bool find_figure(const struct document *document, size_t *object, vl_bytes *inside)
{
    for (*object = 1; *object < document->size; ++*object)
        if (find_object(document, *object, inside) &&
            vl_bytes_starts(*inside, VL_LITERAL("/Type /StructElem\n   /S /Figure\n")))
            return true;
    return false;
}

enum vl_err vl_pdf_amend(struct vl_buf *out, size_t start, const char *language, const char *label)
{
    struct changed changed[CHANGED_MAX];
    struct document document;
    size_t count = 0, figure = 0;
    vl_bytes inside;
    char more[TEXT_ROOM / 2];
    enum vl_err err;

    if (!read_table(vl_bytes_after(vl_buf_bytes(out), start), &document))
        return VL_OK;
    /* So that what is borrowed stays where it is. */
    err = vl_buf_reserve(out, (size_t)16 * TEXT_ROOM + count_missing(&document) * FREE_ROOM);
    if (err || !read_table(vl_bytes_after(vl_buf_bytes(out), start), &document))
        return err;
    if (!find_object(&document, document.root, &inside) || inside.len > (size_t)4 * TEXT_ROOM)
        return VL_OK;
    (void)snprintf(more, sizeof more,
                   "/Lang (%s)\n   /ViewerPreferences << /DisplayDocTitle true >>", language);
    err = put_changed(out, start, document.root, more, inside, &changed[count++]);
    if (!err && find_figure(&document, &figure, &inside) && inside.len < (size_t)4 * TEXT_ROOM) {
        (void)snprintf(more, sizeof more, "/Alt (%s)", label);
        err = put_changed(out, start, figure, more, inside, &changed[count++]);
    }
    return err ? err : put_table(out, start, &document, changed, count);
}
