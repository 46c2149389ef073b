/* SPDX-License-Identifier: Apache-2.0 */
/* export/table.h: the acts about one letter as rows of somebody else's vocabulary.
 *
 * A row is one act beside one code.  Only what is proven, or corroborated by one whom the user
 * checked, "maps to" its code; what is claimed only says in another column to what it would map,
 * so that a program that reads one column never takes a word for a scan. */
#ifndef VL_EXPORT_TABLE_H
#define VL_EXPORT_TABLE_H

#include "export/codes.h"
#include "finding/finding.h"

#define VL_NOT_QUALIFIED "not a qualified service"

/* Append the table of this format, any before CERTIFICATE: ETSI as the document valise.export/1,
 * UPU as CSV (RFC 4180), CAMEO as TSV; the last two begin with the names of the columns. NO_MEMORY,
 * LIMIT; then out is as it was. */
enum vl_err vl_export_table(enum vl_export_format format, const struct vl_finding *finding,
                            struct vl_buf *out) VL_MUST_USE;
/* The same rows as the document valise.export/1, of any of them. */
enum vl_err vl_export_json(enum vl_export_format format, const struct vl_finding *finding,
                           struct vl_buf *out) VL_MUST_USE;

#endif
