/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/draft.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/time.h"
#include "crypto/rng.h"
#include "sys/clock.h"
#include "sys/editor.h"
#include "sys/folder.h"
#include "sys/infile.h"
#include "sys/outfile.h"

/* home/drafts/2026-11-24-1a2b3c4d.txt; NULL when memory or randomness runs out. */
static char *new_path(const char *home)
{
    const struct vl_rng rng = vl_rng_system();
    char name[64], date[VL_TIME_TEXT];
    uint8_t bytes[4];

    if (vl_rng_fill(&rng, bytes, sizeof bytes) != VL_OK)
        return NULL;
    (void)snprintf(name, sizeof name, "drafts/%.10s-%02x%02x%02x%02x.txt",
                   vl_time_text(vl_clock_seconds(), date), bytes[0], bytes[1], bytes[2], bytes[3]);
    return vl_path_join(home, name);
}

enum vl_err vl_draft_keep(const char *home, vl_bytes text, char **path)
{
    struct vl_why why;
    enum vl_err err;

    *path = new_path(home);
    if (!*path)
        return VL_ERR_NO_MEMORY;
    err = vl_out_write(*path, VL_OUT_PRIVATE | VL_OUT_PART, text, &why);
    if (err) {
        vl_free(*path);
        *path = NULL;
    }
    return err;
}

enum vl_err vl_draft_edit(const char *home, char **path, struct vl_buf *text, struct vl_why *why)
{
    enum vl_err err;

    *path = new_path(home);
    if (!*path)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");
    err = vl_out_write(*path, VL_OUT_PRIVATE | VL_OUT_PART, VL_BYTES_NONE, why);
    if (!err)
        err = vl_editor_run(*path, why);
    if (!err)
        err = vl_in_read_all(*path, text, why);
    if (!err && text->len == 0)
        err = vl_fail(why, VL_ERR_USAGE, "the text is empty");
    if (err && text->len == 0) {
        vl_draft_done(*path);
        vl_free(*path);
        *path = NULL;
    }
    return err;
}

void vl_draft_done(const char *path)
{
    struct vl_why why;

    if (vl_file_remove(path, &why) != VL_OK)
        return; /* it lies in the own home, where doctor and the owner see it */
}

void vl_draft_free(char *path)
{
    vl_free(path);
}
