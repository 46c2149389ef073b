/* SPDX-License-Identifier: Apache-2.0 */
/* cli/schema.h: the JSON schemas of everything that --json prints: the files of schema/, made part
 * of the program by tools/embed.py. */
#ifndef VL_CLI_SCHEMA_H
#define VL_CLI_SCHEMA_H

#include <stddef.h>

struct vl_schema {
    const char *name; /* "letters", of valise.letters/1 */
    const char *text; /* JSON Schema, 2020-12; no NUL behind */
    size_t len;
};

/* By name, the last one with a name of NULL. */
extern const struct vl_schema vl_schemas[];

#endif
