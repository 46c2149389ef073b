/* SPDX-License-Identifier: Apache-2.0 */
/* office/batch_list.h: which letters `write --each` and `write --list` are to make. */
#ifndef VL_OFFICE_BATCH_LIST_H
#define VL_OFFICE_BATCH_LIST_H

#include "office/write.h"

#define VL_BATCH_LIST_MAX ((size_t)256 << 20) /* bytes of a list */

struct vl_batch_list {
    size_t count;
    size_t cap;
    struct vl_batch_item *items;
    struct vl_buf text; /* of a list: what paths and subjects point into */
    const char **offices;
    size_t office_count;
    char **paths; /* of a folder: what the items point to */
};
#define VL_BATCH_LIST_INIT                                                                         \
    {                                                                                              \
        .text = { NULL, 0, 0, VL_BATCH_LIST_MAX }                                                  \
    }
void vl_batch_list_release(struct vl_batch_list *list);

/* Every regular file in the folder, by name. */
enum vl_err vl_batch_list_folder(struct vl_batch_list *list, const char *folder,
                                 struct vl_why *why) VL_MUST_USE;
/* A line for each letter: OFFICE[,OFFICE...] tab FILE [tab SUBJECT]; "-" for the offices of the
 * command line; empty lines and lines that begin with # are passed over.  FORMAT with the line.
 * The text is list->text, and is cut up where it lies. */
enum vl_err vl_batch_list_parse(struct vl_batch_list *list, struct vl_why *why) VL_MUST_USE;
/* The same from a file. */
enum vl_err vl_batch_list_read(struct vl_batch_list *list, const char *path,
                               struct vl_why *why) VL_MUST_USE;

#endif
