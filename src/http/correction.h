/* SPDX-License-Identifier: Apache-2.0 */
/* http/correction.h: what an entry puts in the place of another, for pages. */
#ifndef VL_HTTP_CORRECTION_H
#define VL_HTTP_CORRECTION_H

#include "custody/about.h"
#include "statement/statement.h"
#include "view/page.h"

/* Where its texts are read to; they borrow from the object. */
struct vl_correcting {
    struct vl_about about;
    struct vl_statement statement;
};

/* Of an act: a field; of a statement: its words, or some of them; withdrawn: all of them.  False
 * for what is none of these, or cannot be read; out->index is the caller's. */
bool vl_correction_read(const struct vl_object *object, struct vl_correcting *in,
                        struct vl_page_correction *out);

#endif
