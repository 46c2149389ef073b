/* SPDX-License-Identifier: Apache-2.0 */
#include "export/table.h"

#include <string.h>

#include "base/alloc.h"
#include "codec/number.h"
#include "export/row.h"
#include "view/doc.h"

/* Every act beside every code of it; put() ends it with anything but VL_OK. */
static enum vl_err each_row(enum vl_export_format format, const struct vl_finding *finding,
                            enum vl_err (*put)(void *self, const struct vl_export_row *row),
                            void *self)
{
    struct vl_export_row *row = vl_new(sizeof *row);
    enum vl_err err = row ? VL_OK : VL_ERR_NO_MEMORY;

    for (size_t i = 0; i < finding->event_count && !err; i++) {
        const struct vl_found_event *event = &finding->events[i];
        const unsigned cases = vl_export_cases(finding, event);
        const struct vl_code *code = NULL;

        while (!err && (code = vl_code_next(format, event->kind, cases, code)) != NULL) {
            vl_export_row_fill(format, finding, event, code, row);
            err = put(self, row);
        }
    }
    vl_free(row);
    return err;
}

/* --- as a document ---------------------------------------------------------------------------- */

static void put_list(struct vl_doc *doc, const char *name, const char *words)
{
    vl_doc_list(doc, name);
    while (*words) {
        const size_t len = strcspn(words, " ");

        vl_doc_bytes(doc, NULL, vl_bytes_of(words, len));
        words += len + (words[len] == ' ');
    }
    vl_doc_close(doc);
}

static enum vl_err put_object(void *self, const struct vl_export_row *row)
{
    struct vl_doc *doc = self;

    vl_doc_object(doc, NULL);
    for (unsigned i = 0; i < VL_COLUMN_COUNT; i++) {
        const enum vl_export_column column = (enum vl_export_column)i;
        const char *name = vl_column_name(column);

        if (vl_column_type(column) == VL_COLUMN_FLAG)
            vl_doc_bool(doc, name, row->at[i][0] == 't');
        else if (vl_column_type(column) == VL_COLUMN_LIST)
            put_list(doc, name, row->at[i] ? row->at[i] : "");
        else
            vl_doc_text(doc, name, row->at[i]);
    }
    vl_doc_close(doc);
    return VL_OK;
}

enum vl_err vl_export_json(enum vl_export_format format, const struct vl_finding *finding,
                           struct vl_buf *out)
{
    struct vl_doc *doc = vl_doc_new("valise.export/1");
    char number[VL_NUMBER_TEXT];
    enum vl_err err;

    vl_doc_text(doc, "format", vl_export_word(format));
    vl_doc_text(doc, "of", vl_export_words(format));
    vl_doc_text(doc, "service", VL_NOT_QUALIFIED);
    vl_doc_text(doc, "letter", vl_number_text(VL_LETTER_HRP, finding->number, number));
    vl_doc_time(doc, "as_of", true, finding->as_of_s);
    vl_doc_int(doc, "records", finding->record_count);
    vl_doc_int(doc, "left_out", finding->left_out_count);
    vl_doc_list(doc, "rows");
    err = each_row(format, finding, put_object, doc);
    vl_doc_close(doc);
    if (err) {
        vl_doc_drop(doc);
        return err;
    }
    return vl_doc_finish(doc, out);
}

/* --- as columns ------------------------------------------------------------------------------- */

struct separated {
    struct vl_buf *out;
    bool by_tabs; /* and lines end in LF; else by commas, in CR LF, and quoted */
};

/* Texts are safe to show: there is neither tab nor line end in them.  No cell begins with a
 * stranger's words, so none is a formula for a spreadsheet. */
static enum vl_err put_cell(const struct separated *to, const char *text)
{
    const bool quoted = !to->by_tabs;
    enum vl_err err = quoted ? vl_buf_put_byte(to->out, '"') : VL_OK;

    for (; *text && !err; text++) {
        if (quoted && *text == '"')
            err = vl_buf_put_byte(to->out, '"');
        if (!err)
            err = vl_buf_put_byte(to->out, (uint8_t)*text);
    }
    return err || !quoted ? err : vl_buf_put_byte(to->out, '"');
}

static enum vl_err put_cells(const struct separated *to, const char *const at[VL_COLUMN_COUNT])
{
    enum vl_err err = VL_OK;

    for (unsigned i = 0; i < VL_COLUMN_COUNT && !err; i++) {
        if (i > 0)
            err = vl_buf_put_byte(to->out, to->by_tabs ? '\t' : ',');
        if (!err)
            err = put_cell(to, at[i] ? at[i] : "");
    }
    return err ? err : vl_buf_put(to->out, vl_bytes_str(to->by_tabs ? "\n" : "\r\n"));
}

static enum vl_err put_line(void *self, const struct vl_export_row *row)
{
    return put_cells(self, row->at);
}

static enum vl_err put_separated(enum vl_export_format format, const struct vl_finding *finding,
                                 bool by_tabs, struct vl_buf *out)
{
    struct separated to = {out, by_tabs};
    const char *names[VL_COLUMN_COUNT];
    const size_t before = out->len;
    enum vl_err err;

    for (unsigned i = 0; i < VL_COLUMN_COUNT; i++)
        names[i] = vl_column_name((enum vl_export_column)i);
    err = put_cells(&to, names);
    if (!err)
        err = each_row(format, finding, put_line, &to);
    if (err)
        out->len = before;
    return err;
}

enum vl_err vl_export_table(enum vl_export_format format, const struct vl_finding *finding,
                            struct vl_buf *out)
{
    if (format == VL_EXPORT_ETSI)
        return vl_export_json(format, finding, out);
    return put_separated(format, finding, format == VL_EXPORT_CAMEO, out);
}
