/* SPDX-License-Identifier: Apache-2.0 */
#include "view/doc.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/pool.h"
#include "base/text.h"
#include "base/time.h"

#include <jansson.h>

#define SAFE_ROOM 8192
#define HEX_MAX   64

struct vl_doc {
    bool bad;
    size_t depth;
    json_t *open[VL_DOC_MAX_DEPTH]; /* the first owns all the others */
};

/* All memory comes from one place, so that tests can make it fail. */
static void use_our_memory(void)
{
    json_set_alloc_funcs(vl_new, vl_free);
}

struct vl_doc *vl_doc_new(const char *schema)
{
    static struct vl_once once = VL_ONCE_INIT;
    struct vl_doc *doc = vl_new(sizeof *doc);

    if (!doc)
        return NULL;
    vl_once_run(&once, use_our_memory);
    doc->open[0] = json_object();
    doc->depth = 1;
    doc->bad = !doc->open[0];
    vl_doc_text(doc, "schema", schema);
    return doc;
}

/* Takes the value. */
static void put(struct vl_doc *doc, const char *name, json_t *value)
{
    json_t *into = doc->open[doc->depth - 1];
    int failed;

    if (!value || doc->bad) {
        doc->bad = true;
        json_decref(value);
        return;
    }
    failed = json_is_array(into) ? json_array_append_new(into, value)
                                 : json_object_set_new(into, name ? name : "", value);
    doc->bad = failed != 0;
}

void vl_doc_bytes(struct vl_doc *doc, const char *name, vl_bytes text)
{
    char safe[SAFE_ROOM];

    if (!doc)
        return;
    if (!text.ptr)
        put(doc, name, json_null());
    else if (vl_text_is_utf8(text))
        put(doc, name, json_stringn((const char *)text.ptr, text.len));
    else
        put(doc, name, json_string(vl_text_safe(safe, sizeof safe, text)));
}

void vl_doc_text(struct vl_doc *doc, const char *name, const char *text)
{
    vl_doc_bytes(doc, name, text && !text[0] ? VL_LITERAL("") : vl_bytes_str(text));
}

void vl_doc_int(struct vl_doc *doc, const char *name, uint64_t value)
{
    if (doc)
        put(doc, name, json_integer((json_int_t)value));
}

void vl_doc_bool(struct vl_doc *doc, const char *name, bool value)
{
    if (doc)
        put(doc, name, json_boolean(value));
}

void vl_doc_time(struct vl_doc *doc, const char *name, bool there, int64_t seconds)
{
    char text[VL_TIME_TEXT];

    vl_doc_text(doc, name, there ? vl_time_text(seconds, text) : NULL);
}

void vl_doc_hex(struct vl_doc *doc, const char *name, bool there, vl_bytes bytes)
{
    char text[2 * HEX_MAX + 1] = "";

    for (size_t i = 0; i < bytes.len && i < HEX_MAX; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", bytes.ptr[i]);
    vl_doc_text(doc, name, there ? text : NULL);
}

static void open_one(struct vl_doc *doc, const char *name, json_t *value)
{
    if (doc->depth == VL_DOC_MAX_DEPTH) {
        json_decref(value);
        doc->bad = true;
        return;
    }
    put(doc, name, value);
    if (!doc->bad)
        doc->open[doc->depth++] = value; /* borrowed: the document owns it */
}

void vl_doc_object(struct vl_doc *doc, const char *name)
{
    if (doc)
        open_one(doc, name, json_object());
}

void vl_doc_list(struct vl_doc *doc, const char *name)
{
    if (doc)
        open_one(doc, name, json_array());
}

void vl_doc_close(struct vl_doc *doc)
{
    if (doc && doc->depth > 1)
        doc->depth--;
}

static int append(const char *piece, size_t len, void *out)
{
    return vl_buf_put(out, vl_bytes_of(piece, len)) ? -1 : 0;
}

enum vl_err vl_doc_finish(struct vl_doc *doc, struct vl_buf *out)
{
    const size_t before = out->len;
    bool bad = !doc || doc->bad;

    /* ASCII, so that a name which turns the writing around does not do so on a terminal. */
    if (!bad && json_dump_callback(doc->open[0], append, out,
                                   JSON_PRESERVE_ORDER | JSON_COMPACT | JSON_ENSURE_ASCII) != 0)
        bad = true;
    if (doc)
        json_decref(doc->open[0]);
    vl_free(doc);
    if (!bad && vl_buf_put_byte(out, '\n') == VL_OK)
        return VL_OK;
    out->len = before;
    return VL_ERR_NO_MEMORY;
}

void vl_doc_drop(struct vl_doc *doc)
{
    if (doc)
        json_decref(doc->open[0]);
    vl_free(doc);
}
