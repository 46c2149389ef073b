/* SPDX-License-Identifier: Apache-2.0 */
/* pdf/amend.h: what a PDF for everybody says and cairo 1.16 cannot: which language it is in, that
 * its title is to be shown, and what its picture is; for pdf/ alone. */
#ifndef VL_PDF_AMEND_H
#define VL_PDF_AMEND_H

#include "base/bytes.h"

/* Append an update of the catalog and of the one figure (ISO 32000-1, 7.5.6) to a document of cairo
 * that is the whole buffer from `start` on; objects that its table has and it has not are free.  A
 * document whose table of objects is written otherwise stays as it is, for it is a good one without
 * that.  language and label are ours: ASCII without parentheses.  NO_MEMORY, LIMIT. */
enum vl_err vl_pdf_amend(struct vl_buf *out, size_t start, const char *language,
                         const char *label) VL_MUST_USE;

#endif
