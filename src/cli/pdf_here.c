/* SPDX-License-Identifier: Apache-2.0 */
/* In valise-pdf. */
#include <stdlib.h>

#include "cli/pdf.h"
#include "pdf/certificate.h"

/* Whatever language its user speaks, the same words get the same fonts. */
int vl_pdf_begin(const char *what, int argc, char **argv, vl_certificate_writer *write)
{
    (void)what;
    (void)argc;
    (void)argv;
    (void)unsetenv("LANGUAGE");
    (void)unsetenv("PANGO_LANGUAGE");
    *write = vl_certificate_pdf;
    return -1;
}
