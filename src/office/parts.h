/* SPDX-License-Identifier: Apache-2.0 */
/* office/parts.h: what goes into a letter: texts, files, and folders as archives. */
#ifndef VL_OFFICE_PARTS_H
#define VL_OFFICE_PARTS_H

#include "letter/letter.h"
#include "office/pump.h"

#define VL_PARTS_MAX_FILES  65536 /* of one folder */
#define VL_PARTS_MAX_DEPTH  32
#define VL_PARTS_MAX_FOLDER ((size_t)64 << 20) /* of all of its names */

/* One file of a folder: its path on disk and in the archive. */
struct vl_part_file {
    char *path;
    char *name;
    uint64_t size;
};

/* Where the content of one part comes from. */
struct vl_part_source {
    char *name; /* as it will stand in the letter */
    const char *type;
    const char *lang; /* borrowed; NULL when unknown */
    uint64_t size;
    vl_bytes text; /* borrowed; the content, when path is NULL */
    char *path;
    bool is_folder; /* an archive of these: */
    size_t file_count;
    struct vl_part_file *files;
};

struct vl_part_list {
    size_t count;
    struct vl_part_source at[VL_MANIFEST_MAX_PARTS];
    size_t left_out; /* things in folders that are neither files nor folders */
    size_t renamed;  /* names that were changed: not allowed, or there already */
};
void vl_part_list_release(struct vl_part_list *list);

/* The last word of a path, in room. */
const char *vl_part_name_of(const char *path, char *room, size_t size);
/* A text under this name, of type text/... when it is one.  text is borrowed. */
enum vl_err vl_parts_add_text(struct vl_part_list *list, const char *name, vl_bytes text,
                              const char *lang, struct vl_why *why) VL_MUST_USE;
/* The same for what is a file elsewhere, such as an attachment of a mail: only its name says what
 * it is.  bytes are borrowed. */
enum vl_err vl_parts_add_bytes(struct vl_part_list *list, const char *name, vl_bytes bytes,
                               struct vl_why *why) VL_MUST_USE;
/* A file or a folder.  NOT_FOUND, IO, LIMIT, NO_MEMORY; FORMAT for what is neither. */
enum vl_err vl_parts_add_path(struct vl_part_list *list, const char *path,
                              struct vl_why *why) VL_MUST_USE;
uint64_t vl_parts_bytes(const struct vl_part_list *list);
/* For vl_letter_plan: out has room for list->count. */
void vl_parts_plan(const struct vl_part_list *list, struct vl_letter_part *out);
/* Push the content of all parts.  IO also when a file has another length than it had. */
enum vl_err vl_parts_push(const struct vl_part_list *list, struct vl_letter_writer *writer,
                          const struct vl_progress *progress, struct vl_why *why) VL_MUST_USE;

#endif
