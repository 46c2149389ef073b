/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/show.h"
#include "sys/clock.h"
#include "sys/tty.h"
#include "view/json.h"

#define WAIT_MS     1000
#define REDRAW_MS   100
#define LOG_MS      30000
#define BAR         20
#define COLUMNS_MAX 240
#define LEFT_MAX_S  (99 * 3600)

const char *vl_size_text(uint64_t bytes, char *out, size_t size)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = (double)bytes / 1024;
    size_t unit = 0;

    if (bytes < 1024) {
        (void)snprintf(out, size, "%u bytes", (unsigned)bytes);
        return out;
    }
    for (; value >= 1024 && unit + 1 < sizeof units / sizeof *units; unit++)
        value /= 1024;
    (void)snprintf(out, size, "%.*f %s", value < 10 ? 1 : 0, value, units[unit]);
    return out;
}

static void draw_json(const struct vl_progress_line *line, uint64_t bytes, uint64_t total)
{
    VL_AUTO(vl_buf_release) struct vl_buf document = VL_BUF_INIT(4096);

    if (vl_json_progress(line->doing, bytes, total, &document) == VL_OK)
        (void)fwrite(document.data, 1, document.len, stderr);
}

/* "sealing big.bin  [####----]  56 %  410 MiB/s  0:05 left" */
static void compose(const struct vl_progress_line *line, uint64_t bytes, uint64_t total,
                    uint64_t now_ms, char *out, size_t size)
{
    double seconds = (double)(now_ms - line->started_ms + 1) / 1000;
    double rate = (double)bytes / seconds;
    char name[120], moved[24], speed[24], bar[BAR + 1];
    double left = total > bytes ? (double)(total - bytes) / (rate > 1 ? rate : 1) : 0;
    unsigned filled, left_s;

    (void)vl_show(name, sizeof name, line->name);
    (void)vl_size_text((uint64_t)rate, speed, sizeof speed);
    (void)vl_size_text(bytes, moved, sizeof moved);
    if (total == 0 || bytes > total) {
        (void)snprintf(out, size, "%s %s  %s  %s/s", line->doing, name, moved, speed);
        return;
    }
    filled = (unsigned)((double)bytes / (double)total * BAR);
    memset(bar, '-', BAR);
    memset(bar, '#', filled);
    bar[BAR] = '\0';
    left_s = left < LEFT_MAX_S ? (unsigned)(left + 0.5) : LEFT_MAX_S;
    (void)snprintf(out, size, "%s %s  [%s]  %u %%  %s/s  %u:%02u left", line->doing, name, bar,
                   (unsigned)((double)bytes / (double)total * 100), speed, left_s / 60,
                   left_s % 60);
}

static unsigned columns_of_stderr(void)
{
    unsigned columns = vl_tty_columns(STDERR_FILENO);

    return columns < COLUMNS_MAX ? columns : COLUMNS_MAX;
}

/* The line is overwritten with blanks and not cleared: that needs no words for any terminal. */
static void draw(struct vl_progress_line *line, uint64_t bytes, uint64_t total, uint64_t now_ms)
{
    char text[COLUMNS_MAX + 1], cut[COLUMNS_MAX + 1];
    const unsigned columns = columns_of_stderr();

    if (line->as_json) {
        draw_json(line, bytes, total);
        return;
    }
    compose(line, bytes, total, now_ms, text, sizeof text);
    if (!line->on_terminal) {
        (void)fprintf(stderr, "%s\n", text);
        return;
    }
    (void)vl_show(cut, columns, text);
    (void)fprintf(stderr, "\r%s%*s", cut, (int)(columns - 1 - strlen(cut)), "");
    (void)fflush(stderr);
}

static void moved(void *self, uint64_t bytes, uint64_t total)
{
    struct vl_progress_line *line = self;
    uint64_t now_ms, pause_ms;

    now_ms = vl_clock_steady_ms();
    pause_ms = line->on_terminal || line->as_json ? REDRAW_MS : LOG_MS;
    if (now_ms - line->started_ms < (line->on_terminal || line->as_json ? line->wait_ms : LOG_MS) ||
        now_ms - line->last_ms < pause_ms)
        return;
    line->last_ms = now_ms;
    line->shown = true;
    draw(line, bytes, total, now_ms);
}

struct vl_progress vl_progress_start(struct vl_progress_line *line, const struct vl_common *common,
                                     const char *doing, const char *name)
{
    const char *wait = getenv("VALISE_PROGRESS_DELAY"); /* milliseconds; for tests */

    *line = (struct vl_progress_line){.doing = doing, .name = name ? name : "stdin"};
    line->as_json = common->progress && strcmp(common->progress, "json") == 0;
    line->on_terminal = isatty(STDERR_FILENO) == 1;
    line->started_ms = vl_clock_steady_ms();
    line->wait_ms = wait ? strtoul(wait, NULL, 10) : WAIT_MS;
    if (common->quiet || common->no_progress)
        return (struct vl_progress){NULL, NULL};
    return (struct vl_progress){moved, line};
}

void vl_progress_end(struct vl_progress_line *line)
{
    if (line->shown && line->on_terminal && !line->as_json)
        (void)fprintf(stderr, "\r%*s\r", (int)columns_of_stderr() - 1, "");
    line->shown = false;
}
