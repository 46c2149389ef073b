/* SPDX-License-Identifier: Apache-2.0 */
/* cli/due.h: the invitations among what is due. */
#ifndef VL_CLI_DUE_H
#define VL_CLI_DUE_H

#include "office/home.h"
#include "view/doc.h"

/* Print those that are due, under a heading and after an empty line where anything stands before
 * them; or put them into the document, where there is one.  Quiet: neither.  *count is how many. */
enum vl_err vl_due_invitations(struct vl_home *home, int64_t now_s, struct vl_doc *doc, bool quiet,
                               bool is_first, size_t *count, struct vl_why *why) VL_MUST_USE;

#endif
