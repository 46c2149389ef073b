/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles: tables of `name verdict hex`.  The verdict is accept, accept-no-crc or accept-no-age
 * (with that leave only), reject, or the name of the rule that is broken. */
#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundle/reader.h"

#define LINE_MAX_LEN 8192

/* The same bundle through the reader, a byte at a time. */
static bool is_streamed(vl_bytes wire, unsigned reading)
{
    struct vl_bundle_reader *reader = vl_bundle_reader_new(reading);
    enum vl_bundle_event event;
    size_t fed = 0;
    vl_bytes piece;

    if (!reader)
        exit(1);
    while ((event = vl_bundle_reader_next(reader, &piece)) != VL_BUNDLE_BROKEN &&
           (event != VL_BUNDLE_WANTS_BYTES || fed < wire.len))
        if (event == VL_BUNDLE_WANTS_BYTES)
            vl_bundle_reader_feed(reader, vl_bytes_of(wire.ptr + fed++, 1));
    event = event != VL_BUNDLE_BROKEN && vl_bundle_reader_end(reader, NULL) == VL_OK
                ? VL_BUNDLE_ENDS
                : VL_BUNDLE_BROKEN;
    if (vl_bundle_reader_index(reader) > 0) /* something stood behind it */
        event = VL_BUNDLE_BROKEN;
    vl_bundle_reader_free(reader);
    return event == VL_BUNDLE_ENDS;
}

static enum vl_bundle_rule broken(vl_bytes wire, unsigned reading)
{
    struct vl_bundle bundle;

    return vl_bundle_parse(wire, reading, &bundle, NULL) ? bundle.broken : VL_RULE_NONE;
}

static void run_case(const char *name, const char *verdict, vl_bytes wire, struct tally *tally)
{
    bool needs_leave = strncmp(verdict, "accept-", 7) == 0;
    unsigned leave = !needs_leave                            ? 0
                     : strcmp(verdict, "accept-no-age") == 0 ? VL_BUNDLE_ALLOW_NO_AGE
                                                             : VL_BUNDLE_ALLOW_NO_CRC;
    enum vl_bundle_rule rule = broken(wire, leave);

    /* RFC 9173, A: neither a CRC nor an age. */
    if (leave == VL_BUNDLE_ALLOW_NO_CRC && rule == VL_RULE_AGE_MISSING)
        rule = broken(wire, leave |= VL_BUNDLE_ALLOW_NO_AGE);
    if (is_streamed(wire, leave) != (rule == VL_RULE_NONE))
        differ(tally, name, "in pieces it is another verdict");
    else if (needs_leave && !broken(wire, 0))
        differ(tally, name, "accepted without leave");
    else if (strncmp(verdict, "accept", 6) == 0 && rule != VL_RULE_NONE)
        differ(tally, name, "refused: %s: %s", vl_rule_section(rule), vl_rule_words(rule));
    else if (strncmp(verdict, "accept", 6) == 0)
        agree(tally);
    else if (rule == VL_RULE_NONE)
        differ(tally, name, "accepted");
    else if (strcmp(verdict, "reject") != 0 && strcmp(verdict, vl_rule_name(rule)) != 0)
        differ(tally, name, "refused for %s, not for %s", vl_rule_name(rule), verdict);
    else
        agree(tally);
}

static void run_line(const char *line, struct tally *tally)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(LINE_MAX_LEN);
    char name[200], verdict[40], digits[LINE_MAX_LEN];

    if (line[0] == '#' || line[0] == '\n')
        return;
    if (sscanf(line, "%199s %39s %8191s", name, verdict, digits) != 3 || !unhex(digits, &wire))
        differ(tally, "table", "not a line: %.60s", line);
    else
        run_case(name, verdict, vl_buf_bytes(&wire), tally);
}

static void run_table(const char *path, struct tally *tally)
{
    static char line[LINE_MAX_LEN];
    FILE *in = fopen(path, "r");

    if (!in)
        differ(tally, path, "cannot be read");
    while (in && fgets(line, sizeof line, in))
        run_line(line, tally);
    if (in)
        (void)fclose(in);
}

void run_bpv7(const char *folder, struct tally *tally)
{
    (void)each_file(folder, run_table, tally);
}
