/* SPDX-License-Identifier: Apache-2.0 */
#include "finding/arena.h"

#include <stdalign.h>
#include <string.h>

#include "base/alloc.h"

#define FIRST_LEN 32768
#define MOST_LEN  ((size_t)1 << 20)

struct chunk {
    struct chunk *before;
    size_t len;
    size_t used;
    alignas(max_align_t) uint8_t data[];
};

struct vl_arena {
    struct chunk *last;
    size_t next_len;
};

struct vl_arena *vl_arena_new(void)
{
    struct vl_arena *arena = vl_new(sizeof *arena);

    if (arena)
        arena->next_len = FIRST_LEN;
    return arena;
}

void vl_arena_free(struct vl_arena *arena)
{
    struct chunk *before;

    for (struct chunk *chunk = arena ? arena->last : NULL; chunk; chunk = before) {
        before = chunk->before;
        vl_free(chunk);
    }
    vl_free(arena);
}

/* What is larger than a chunk has one of its own. */
static struct chunk *add_chunk(struct vl_arena *arena, size_t size)
{
    const size_t len = size > arena->next_len ? size : arena->next_len;
    struct chunk *chunk = len > SIZE_MAX - sizeof *chunk ? NULL : vl_new(sizeof *chunk + len);

    if (!chunk)
        return NULL;
    chunk->len = len;
    chunk->before = arena->last;
    arena->last = chunk;
    if (arena->next_len < MOST_LEN)
        arena->next_len *= 2;
    return chunk;
}

void *vl_arena_take(struct vl_arena *arena, size_t size)
{
    const size_t unit = alignof(max_align_t);
    struct chunk *chunk = arena->last;
    void *taken;

    if (size > SIZE_MAX - unit)
        return NULL;
    size = (size + unit - 1) / unit * unit;
    if (!chunk || size > chunk->len - chunk->used)
        chunk = add_chunk(arena, size);
    if (!chunk)
        return NULL;
    taken = chunk->data + chunk->used;
    chunk->used += size;
    return taken;
}

enum vl_err vl_arena_room(struct vl_arena *arena, void **list, size_t count, size_t *cap,
                          size_t more, size_t one)
{
    size_t wanted = *cap < 4 ? 8 : 2 * *cap;
    void *larger;

    if (more <= *cap - count)
        return VL_OK;
    if (more > SIZE_MAX / 4 / one - count)
        return VL_ERR_LIMIT;
    while (wanted - count < more)
        wanted *= 2;
    larger = vl_arena_take(arena, wanted * one);
    if (!larger)
        return VL_ERR_NO_MEMORY;
    if (count > 0)
        memcpy(larger, *list, count * one);
    *list = larger;
    *cap = wanted;
    return VL_OK;
}
