/* SPDX-License-Identifier: Apache-2.0 */
/* cli/pdf.h: what writes a PDF: valise-pdf itself, and every other program starts that. */
#ifndef VL_CLI_PDF_H
#define VL_CLI_PDF_H

#include "office/certificate.h"

/* For `valise export` with these words.  Gives -1 to go on with *write; else another program did
 * it, or could not be started, and this is the exit status. */
int vl_pdf_begin(const char *what, int argc, char **argv, vl_certificate_writer *write);

#endif
