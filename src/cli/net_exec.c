/* SPDX-License-Identifier: Apache-2.0 */
/* What needs a network is done by another program, so that this one is linked with no library that
 * has one: valise-net, which is the same commands and has them. */
#include "cli/become.h"
#include "cli/cmd.h"
#include "cli/cmd_record.h"

static const struct vl_other_program net = {
    "valise-net", "record",
    "install what has valise-net, or build it: it needs libmicrohttpd and libcurl"};

int vl_cmd_record_serve(const struct vl_command *command, int argc, char **argv)
{
    (void)command;
    return vl_become(&net, "the record was not served.", argc, argv);
}

int vl_record_run_far(const struct vl_command *command, const struct vl_record_options *o,
                      int count, char **words, int argc, char **argv)
{
    (void)command;
    (void)o;
    (void)count;
    (void)words;
    return vl_become(&net, "the record was not reached.", argc - 1, argv + 1);
}
