/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/show.h"
#include "sys/process.h"
#include "view/json.h"

#define MEND_MAX 8

static bool as_json;

void vl_say_json(bool json)
{
    as_json = json;
}

/* Split into lines; the text is copied into room. */
static size_t split(const char *text, char *room, size_t size, const char **lines)
{
    size_t count = 0;

    (void)snprintf(room, size, "%s", text);
    for (char *line = room; *line && count < MEND_MAX;) {
        char *end = strchr(line, '\n');

        lines[count++] = line + strspn(line, " ");
        if (!end)
            break;
        *end = '\0';
        line = end + 1;
    }
    return count;
}

static bool say_as_json(const char *what, enum vl_err err, const char *why, const char *mend)
{
    VL_AUTO(vl_buf_release) struct vl_buf document = VL_BUF_INIT(65536);
    const char *lines[MEND_MAX];
    char room[1024];
    struct vl_view_failure failure = {err, what, why, lines, 0};

    failure.mend_count = split(mend ? mend : "", room, sizeof room, lines);
    if (vl_json_failure(&failure, &document) != VL_OK)
        return false;
    (void)fwrite(document.data, 1, document.len, stderr);
    return true;
}

int vl_say_failure(const char *what, enum vl_err err, const struct vl_why *why, const char *mend)
{
    const char *reason = why->text[0] ? why->text : vl_err_words(err);
    char safe_what[600], safe_reason[sizeof why->text * 2], safe_line[600];
    const char *lines[MEND_MAX];
    char room[1024];
    size_t count;

    if (as_json && say_as_json(what, err, reason, mend))
        return vl_err_exit_status(err);
    (void)fprintf(stderr, "valise: %s\n  why:   %s\n", vl_show(safe_what, sizeof safe_what, what),
                  vl_show(safe_reason, sizeof safe_reason, reason));
    count = split(mend ? mend : "", room, sizeof room, lines);
    for (size_t i = 0; i < count; i++)
        (void)fprintf(stderr, "%s%s\n",
                      i == 0                                 ? "  mend:  "
                      : strncmp(lines[i], "valise ", 7) == 0 ? "           "
                                                             : "         ",
                      vl_show(safe_line, sizeof safe_line, lines[i]));
    return vl_err_exit_status(err);
}

int vl_say_usage(const char *command, const char *format, ...)
{
    struct vl_why why = {""};
    char what[64], mend[64];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(why.text, sizeof why.text, format, args);
    va_end(args);
    (void)snprintf(what, sizeof what, "nothing was done.");
    (void)snprintf(mend, sizeof mend, "valise help %s", command);
    return vl_say_failure(what, VL_ERR_USAGE, &why, mend);
}

int vl_say_no_memory(void)
{
    const struct vl_why why = {"out of memory"};

    return vl_say_failure("nothing was done.", VL_ERR_NO_MEMORY, &why, "close other programs");
}

/* The words for one signal, cut to fit. */
static void stop_words(const char *what, const char *why, const char *mend, enum vl_err err,
                       char out[VL_STOP_WORDS_MAX])
{
    VL_AUTO(vl_buf_release) struct vl_buf document = VL_BUF_INIT(VL_STOP_WORDS_MAX - 1);
    const struct vl_view_failure failure = {err, what, why, &mend, 1};
    char safe[600];

    if (as_json && vl_json_failure(&failure, &document) == VL_OK) {
        memcpy(out, document.data, document.len);
        out[document.len] = '\0';
        return;
    }
    /* On a terminal it comes in the middle of a line: "^C", or progress. */
    (void)snprintf(out, VL_STOP_WORDS_MAX, "%svalise: %s\n  why:   %s\n  mend:  %s\n",
                   isatty(STDERR_FILENO) == 1 ? "\n" : "", vl_show(safe, sizeof safe, what), why,
                   mend);
}

void vl_say_when_stopped(const char *what, bool to_file)
{
    vl_say_when_stopped_mend(what, to_file ? "nothing was left behind; run it again when you like"
                                           : "what came out on stdout is not whole: throw it away");
}

void vl_say_when_stopped_mend(const char *what, const char *mend)
{
    char words[VL_STOP_COUNT][VL_STOP_WORDS_MAX];
    const char *list[VL_STOP_COUNT];

    stop_words(what, "interrupted", mend, VL_ERR_INTERRUPTED, words[VL_STOP_INTERRUPTED]);
    stop_words(what, "terminated", mend, VL_ERR_TERMINATED, words[VL_STOP_TERMINATED]);
    stop_words(what, "the terminal went away", mend, VL_ERR_TERMINATED, words[VL_STOP_HUNG_UP]);
    for (size_t i = 0; i < VL_STOP_COUNT; i++)
        list[i] = words[i];
    vl_stop_install(list);
}
