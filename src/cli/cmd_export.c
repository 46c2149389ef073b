/* SPDX-License-Identifier: Apache-2.0 */
/* valise export: what is known about one letter in the words of others, and on paper; and an
 * invitation for a calendar. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "cli/calendar.h"
#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/pdf.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "cli/show_finding.h"
#include "codec/number.h"
#include "export/table.h"
#include "office/certificate.h"
#include "office/pieces.h"
#include "office/status.h"
#include "sys/clock.h"
#include "sys/outfile.h"

#define SAFE    700
#define OUT_MAX ((size_t)256 << 20)

static const char what[] = "nothing was exported.";

struct options {
    struct vl_common common;
    const char *format, *as_of, *output;
    bool force;
    int64_t as_of_s;
    enum vl_export_format to;
    vl_certificate_writer write_pdf;
};

static int unknown_format(const struct vl_command *command, const char *word)
{
    char formats[200] = "";
    size_t used = 0;

    for (unsigned i = 0; i < VL_EXPORT_COUNT; i++)
        used += (size_t)snprintf(formats + used, sizeof formats - used, "%s%s", i ? ", " : "",
                                 vl_export_word((enum vl_export_format)i));
    return vl_say_usage(command->name, "--format: \"%s\" is none of %s", word ? word : "", formats);
}

/* The format itself; or with --json its rows as a document. */
static enum vl_err make(const struct options *o, struct vl_home *home,
                        const struct vl_finding *finding, struct vl_buf *out, size_t *boxes,
                        struct vl_why *why)
{
    enum vl_err err;

    if (o->to == VL_EXPORT_CERTIFICATE)
        return vl_certificate_make(home, finding, vl_certificate_html, out, NULL, why);
    if (o->to == VL_EXPORT_PDF)
        return vl_certificate_make(home, finding, o->write_pdf, out, boxes, why);
    err = o->common.json && !o->output ? vl_export_json(o->to, finding, out)
                                       : vl_export_table(o->to, finding, out);
    return err ? vl_fail(why, err, "no memory for a table") : VL_OK;
}

/* A name that is drawn as boxes is nobody's. */
static void warn_of_boxes(const struct options *o, size_t boxes)
{
    if (boxes > 0 && !o->common.json)
        (void)fprintf(stderr,
                      "valise: %zu character%s no font here: there %s.\n"
                      "  mend:  install fonts for them, as fonts-noto-core and fonts-noto-cjk, and "
                      "export it again\n",
                      boxes, boxes == 1 ? " has" : "s have", boxes == 1 ? "is a box" : "are boxes");
}

static int tell(const struct options *o, const struct vl_finding *finding, size_t len, size_t boxes)
{
    char number[VL_NUMBER_TEXT], safe[SAFE], size[32];

    if (o->common.json) {
        struct vl_doc *doc = vl_doc_new("valise.export-file/1");

        vl_doc_text(doc, "letter", vl_number_text(VL_LETTER_HRP, finding->number, number));
        vl_doc_time(doc, "as_of", true, finding->as_of_s);
        vl_doc_text(doc, "format", vl_export_word(o->to));
        vl_doc_text(doc, "service", VL_NOT_QUALIFIED);
        vl_doc_text(doc, "output", o->output);
        vl_doc_int(doc, "output_bytes", len);
        vl_doc_int(doc, "boxes", boxes);
        return vl_print_doc(doc, "it is written, and this could not be said.");
    }
    if (!o->common.quiet)
        printf("%s  %s, %s\n  From %zu record%s. What it rests on goes with it:\n"
               "  valise evidence %s -o FILE\n",
               vl_show(safe, sizeof safe, o->output), vl_export_as(o->to),
               vl_size_text(len, size, sizeof size), finding->record_count,
               finding->record_count == 1 ? "" : "s", vl_number_short(finding->number, number));
    return 0;
}

static const char *mend_of(const struct options *o, enum vl_err err)
{
    return o->to == VL_EXPORT_PDF && err == VL_ERR_UNSUPPORTED
               ? "install a font: the package fonts-dejavu-core"
               : vl_finding_mend(err, "valise list");
}

static int export(const struct options *o, const char *text)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_partial_release) struct vl_partial partial = VL_PARTIAL_INIT;
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    VL_AUTO(vl_status_release) struct vl_status status = VL_STATUS_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(OUT_MAX);
    struct vl_why why = {""};
    size_t boxes = 0;
    enum vl_err err;
    int exit_status = vl_home_begin(VL_HOME_READ, &home, what);

    if (exit_status >= 0)
        return exit_status;
    err = vl_home_find_letter_or_slices(&home, text, 8, &row, &partial, &why);
    if (!err)
        err = vl_status_letter(&home, &row, o->as_of_s, &status, &why);
    if (!err)
        err = make(o, &home, &status.finding, &out, &boxes, &why);
    if (!err)
        err = vl_out_write(o->output, o->force ? VL_OUT_REPLACE : 0, vl_buf_bytes(&out), &why);
    if (err)
        return vl_home_failure(what, err, &why, mend_of(o, err));
    warn_of_boxes(o, boxes);
    return o->output && strcmp(o->output, "-") != 0 ? tell(o, &status.finding, out.len, boxes) : 0;
}

int vl_cmd_export(const struct vl_command *command, int argc, char **argv)
{
    struct options o = {.as_of_s = vl_clock_seconds()};
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 'F', "format", "FORMAT", &o.format,
         "etsi, upu, cameo, certificate, pdf or ics"},
        {VL_OPT_TEXT, 0, "as-of", "WHEN", &o.as_of, "what is overdue or expired then: 2026-12-31"},
        {VL_OPT_TEXT, 'o', "output", "FILE", &o.output, "write it there; - is stdout"},
        {VL_OPT_FLAG, 'f', "force", NULL, &o.force, "replace FILE if it is there"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    struct vl_why why = {""};
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);

    if (status < 0 && argc - rest != 1)
        status =
            vl_say_usage(command->name, "one letter, or with ics an invitation, by its number");
    if (status < 0) {
        o.to = vl_export_of_word(o.format ? o.format : "");
        if (o.to == VL_EXPORT_COUNT)
            status = unknown_format(command, o.format);
    }
    if (status < 0 && o.as_of &&
        vl_time_parse(vl_bytes_str(o.as_of), o.as_of_s, &o.as_of_s, &why) != VL_OK)
        status = vl_say_usage(command->name, "--as-of: %s", why.text);
    if (status < 0 && o.to == VL_EXPORT_ICS)
        return vl_calendar(command,
                           &(struct vl_calendar_options){&o.common, o.output, o.force, o.as_of_s},
                           argv[rest]);
    if (status < 0 && o.common.json && o.output && strcmp(o.output, "-") == 0)
        status = vl_say_usage(command->name, "--json needs -o FILE: stdout has the export");
    if (status < 0 && o.common.json && o.to >= VL_EXPORT_CERTIFICATE && !o.output)
        status = vl_say_usage(command->name, "--json needs -o FILE: a certificate is a page");
    if (status < 0 && o.to == VL_EXPORT_PDF && !o.output && isatty(STDOUT_FILENO) == 1)
        status = vl_say_usage(command->name, "-o FILE: a terminal does not show a PDF");
    if (status < 0 && o.to == VL_EXPORT_PDF)
        status = vl_pdf_begin(what, argc, argv, &o.write_pdf);
    return status >= 0 ? status : export(&o, argv[rest]);
}
