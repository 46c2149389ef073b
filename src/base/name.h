/* SPDX-License-Identifier: Apache-2.0 */
/* base/name.h: names that strangers give themselves and their files. */
#ifndef VL_BASE_NAME_H
#define VL_BASE_NAME_H

#include "base/bytes.h"

#define VL_NAME_MAX      128 /* bytes of an office's name */
#define VL_PETNAME_MAX   64
#define VL_PART_NAME_MAX 200 /* bytes of a part's name: fits every file system of a stick */

/* A name somebody may show as theirs: 1 to VL_NAME_MAX bytes of UTF-8 in NFC, no controls, nothing
 * that is invisible, changes direction or is unassigned, no space at an end and none doubled, at
 * most eight marks on a letter; one script per word, where those of East Asia count as one, digits
 * go with all, and Latin letters with all but those whose letters pass for Latin, like Cyrillic and
 * Greek.  FORMAT with the reason. */
enum vl_err vl_name_check(vl_bytes name, struct vl_why *why) VL_MUST_USE;
/* Fold a name to a petname: [a-z0-9-], no dash at an end, none doubled; "office" where nothing is
 * left or vl_petname_check would refuse it.  out has room for VL_PETNAME_MAX and a NUL; returns
 * out. */
const char *vl_name_fold(vl_bytes name, char out[VL_PETNAME_MAX + 1]);
/* 1 to VL_PETNAME_MAX of [a-z0-9-], no dash at an end, not "me", not beginning with "office1" or
 * "letter1".  FORMAT. */
enum vl_err vl_petname_check(vl_bytes name, struct vl_why *why) VL_MUST_USE;
/* Could a hurried reader take one for the other: equal after case folding and look-alikes, marks,
 * spaces and punctuation aside?  What is not UTF-8 or longer than VL_NAME_MAX is like itself only.
 */
bool vl_name_alike(vl_bytes a, vl_bytes b);

/* A name a part of a letter may have: 1 to VL_PART_NAME_MAX bytes of UTF-8 in NFC, no '/', no
 * '\\', no controls or invisible characters, at most eight marks on a letter, not "." or "..", not
 * beginning with "valise." in any case, none of <>:"|?* and no DOS device, no dot or space at its
 * end: it can be a file anywhere.  FORMAT. */
enum vl_err vl_part_name_check(vl_bytes name, struct vl_why *why) VL_MUST_USE;
/* Append name as it may be a part's: NFC, what is not allowed becomes '_', cut at the length
 * between characters, without dots and spaces at its end; "part" where nothing is left.  Never
 * fails but for NO_MEMORY, and LIMIT when out is full. */
enum vl_err vl_part_name_clean(vl_bytes name, struct vl_buf *out) VL_MUST_USE;
/* Append the name folded for comparison: two names that fold to the same would be one file on a
 * stick.  What vl_part_name_check would refuse for its length or as no UTF-8 stays as it is.
 * NO_MEMORY, and LIMIT when out is full. */
enum vl_err vl_part_name_fold(vl_bytes name, struct vl_buf *out) VL_MUST_USE;

#endif
