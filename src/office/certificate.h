/* SPDX-License-Identifier: Apache-2.0 */
/* office/certificate.h: the certificate of a letter, with what this office knows about those who
 * are named in it. */
#ifndef VL_OFFICE_CERTIFICATE_H
#define VL_OFFICE_CERTIFICATE_H

#include "export/certificate.h"
#include "office/home.h"

/* vl_certificate_html, or one that writes the same otherwise. */
typedef enum vl_err (*vl_certificate_writer)(const struct vl_certificate *certificate,
                                             struct vl_buf *out, struct vl_why *why);

/* Append it.  What it says depends on the finding, on the cards that are here and on whose words
 * this office has compared, and on nothing else.  Of a PDF, *boxes becomes how many characters no
 * font here has; it may be NULL.  NO_MEMORY, LIMIT, IO, and what the writer fails with; then out is
 * as it was. */
enum vl_err vl_certificate_make(struct vl_home *home, const struct vl_finding *finding,
                                vl_certificate_writer write, struct vl_buf *out, size_t *boxes,
                                struct vl_why *why) VL_MUST_USE;

#endif
