/* SPDX-License-Identifier: Apache-2.0 */
/* A PDF takes forty libraries, some of which read fonts and shape the words of strangers: that is
 * another program, too. */
#include "cli/become.h"
#include "cli/pdf.h"

int vl_pdf_begin(const char *what, int argc, char **argv, vl_certificate_writer *write)
{
    static const struct vl_other_program pdf = {
        "valise-pdf", "export",
        "install the package valise-pdf, or build it: it needs cairo and pango;\n"
        "or print --format certificate by a browser: it says the same"};

    (void)write;
    return vl_become(&pdf, what, argc - 1, argv + 1);
}
