/* SPDX-License-Identifier: Apache-2.0 */
/* cli/progress.h: one line on stderr while something long goes on. */
#ifndef VL_CLI_PROGRESS_H
#define VL_CLI_PROGRESS_H

#include "cli/opt.h"
#include "office/pump.h"

struct vl_progress_line {
    const char *doing; /* "sealing" */
    const char *name;
    bool on_terminal; /* redraw; else a plain line every half minute */
    bool as_json;
    bool shown;
    uint64_t started_ms;
    uint64_t last_ms;
    uint64_t wait_ms; /* nothing is shown before */
};

/* Nothing moves where --quiet or --no-progress was given. */
struct vl_progress vl_progress_start(struct vl_progress_line *line, const struct vl_common *common,
                                     const char *doing, const char *name);
/* Takes the line away; the caller prints what stays. */
void vl_progress_end(struct vl_progress_line *line);

/* "1.2 MiB", "480 KiB", "98 bytes". */
const char *vl_size_text(uint64_t bytes, char *out, size_t size);

#endif
