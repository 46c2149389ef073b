/* SPDX-License-Identifier: Apache-2.0 */
/* cli/draft.h: the text of a letter while it is nowhere else. */
#ifndef VL_CLI_DRAFT_H
#define VL_CLI_DRAFT_H

#include "base/bytes.h"

/* Let a person write in an editor, in a file of home/drafts; text gets what they wrote.  *path is
 * where it lies, until vl_draft_done.  USAGE where nothing was written; IO, NO_MEMORY, LIMIT. */
enum vl_err vl_draft_edit(const char *home, char **path, struct vl_buf *text,
                          struct vl_why *why) VL_MUST_USE;
/* Keep a text that could not be sealed; *path tells where. */
enum vl_err vl_draft_keep(const char *home, vl_bytes text, char **path) VL_MUST_USE;
/* It is sealed: take the file away. */
void vl_draft_done(const char *path);
/* Takes NULL. */
void vl_draft_free(char *path);

#endif
