/* SPDX-License-Identifier: Apache-2.0 */
/* CBOR: tables of `hex strict cose what`, yes or no for each profile.  Bundles agree with strict.
 */
#include "vectors.h"

#include <stdio.h>
#include <string.h>

#include "codec/cbor.h"

static bool is_taken(vl_bytes wire, enum vl_cbor_profile profile)
{
    struct vl_cbor r = vl_cbor_open(wire, profile);
    vl_bytes item = vl_cbor_item(&r);

    return vl_cbor_close(&r, "item", NULL) == VL_OK && vl_bytes_eq(item, wire);
}

static void run_line(const char *line, struct tally *tally)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(4096);
    char hex[1024], strict[8], cose[8], which[1200];
    int what_at = 0;

    if (line[0] == '#' || line[0] == '\n')
        return;
    if (sscanf(line, "%1023s %7s %7s %n", hex, strict, cose, &what_at) != 3 || !unhex(hex, &wire)) {
        differ(tally, "table", "not a line: %s", line);
        return;
    }
    (void)snprintf(which, sizeof which, "%s, %.*s", hex, (int)strcspn(line + what_at, "\n"),
                   line + what_at);
    if (is_taken(vl_buf_bytes(&wire), VL_CBOR_STRICT) != (strcmp(strict, "yes") == 0) ||
        is_taken(vl_buf_bytes(&wire), VL_CBOR_BPV7) != (strcmp(strict, "yes") == 0))
        differ(tally, which, "should be strict: %s", strict);
    else if (is_taken(vl_buf_bytes(&wire), VL_CBOR_COSE) != (strcmp(cose, "yes") == 0))
        differ(tally, which, "should be COSE: %s", cose);
    else
        agree(tally);
}

static void run_table(const char *path, struct tally *tally)
{
    char line[2048];
    FILE *in = fopen(path, "r");

    if (!in)
        differ(tally, path, "cannot be read");
    while (in && fgets(line, sizeof line, in))
        run_line(line, tally);
    if (in)
        (void)fclose(in);
}

void run_cbor(const char *folder, struct tally *tally)
{
    (void)each_file(folder, run_table, tally);
}
