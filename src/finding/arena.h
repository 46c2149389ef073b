/* SPDX-License-Identifier: Apache-2.0 */
/* finding/arena.h: memory that goes back all at once: a finding has hundreds of small lists. */
#ifndef VL_FINDING_ARENA_H
#define VL_FINDING_ARENA_H

#include "base/bytes.h"

struct vl_arena;
struct vl_arena *vl_arena_new(void) VL_MUST_USE;
/* Takes NULL. */
void vl_arena_free(struct vl_arena *arena);
/* size zeroed bytes for whatever type, or NULL; size may be 0. */
void *vl_arena_take(struct vl_arena *arena, size_t size) VL_MUST_USE;

/* A list in an arena that doubles when it is full: see to it that *list has room for `more` more.
 * LIMIT when it would be too long to count, NO_MEMORY; then it is as it was. */
enum vl_err vl_arena_room(struct vl_arena *arena, void **list, size_t count, size_t *cap,
                          size_t more, size_t one) VL_MUST_USE;

#endif
