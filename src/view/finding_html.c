/* SPDX-License-Identifier: Apache-2.0 */
/* A finding within a page.  It stands alone for libvalise, whose text of a finding needs no
 * picture. */
#include "view/finding.h"
#include "view/paper.h"

enum vl_err vl_finding_html(const struct vl_finding *finding, const struct vl_finding_names *names,
                            struct vl_buf *out)
{
    struct vl_paper_html html = VL_PAPER_HTML_INIT(out);
    struct vl_paper paper = vl_paper_of_html(&html);
    const size_t before = out->len;

    vl_finding_paper_rest(finding, names, &paper);
    if (paper.err)
        out->len = before;
    return paper.err;
}
