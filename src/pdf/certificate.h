/* SPDX-License-Identifier: Apache-2.0 */
/* pdf/certificate.h: the certificate of a letter (export/certificate.h) as a PDF: A4, tagged, with
 * the fonts of this machine.
 *
 * The same certificate and the same fonts give the same bytes. */
#ifndef VL_PDF_CERTIFICATE_H
#define VL_PDF_CERTIFICATE_H

#include "export/certificate.h"

/* Append it.  UNSUPPORTED where no font has the letters of English; NO_MEMORY, LIMIT, INTERNAL;
 * then out is as it was.  Where memory runs out inside of the libraries, they end the process. */
enum vl_err vl_certificate_pdf(const struct vl_certificate *certificate, struct vl_buf *out,
                               struct vl_why *why) VL_MUST_USE;

#endif
