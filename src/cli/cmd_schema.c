/* SPDX-License-Identifier: Apache-2.0 */
/* valise schema: what the JSON documents look like. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/schema.h"

#define NEAR 2

static const char what[] = "no schema was shown.";

static int list(const struct vl_common *common)
{
    if (common->json) {
        struct vl_doc *doc = vl_doc_new("valise.schemas/1");

        vl_doc_list(doc, "schemas");
        for (const struct vl_schema *schema = vl_schemas; schema->name; schema++)
            vl_doc_text(doc, NULL, schema->name);
        vl_doc_close(doc);
        return vl_print_doc(doc, what);
    }
    for (const struct vl_schema *schema = vl_schemas; schema->name; schema++)
        printf("%-12s  valise.%s/1\n", schema->name, schema->name);
    return 0;
}

/* "letters", or what stands in a document: "valise.letters/1". */
static bool is_called(const char *name, const char *wanted)
{
    const size_t len = strlen(name);

    if (strcmp(name, wanted) == 0)
        return true;
    return strncmp(wanted, "valise.", 7) == 0 && strncmp(wanted + 7, name, len) == 0 &&
           strcmp(wanted + 7 + len, "/1") == 0;
}

static int unknown(const char *wanted)
{
    const char *nearest = NULL;
    struct vl_why why = {""};
    size_t best = NEAR + 1;

    for (const struct vl_schema *schema = vl_schemas; schema->name; schema++) {
        const size_t distance = vl_text_distance(wanted, schema->name);

        if (distance < best) {
            best = distance;
            nearest = schema->name;
        }
    }
    (void)vl_fail(&why, VL_ERR_NOT_FOUND, "there is no schema \"%s\"%s%s%s", wanted,
                  nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
    return vl_say_failure(what, VL_ERR_NOT_FOUND, &why, "see which there are:\nvalise schema");
}

int vl_cmd_schema(const struct vl_command *command, int argc, char **argv)
{
    struct vl_common common = {0};
    const struct vl_opt options[] = {
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);

    if (status < 0 && argc - rest > 1)
        status = vl_say_usage(command->name, "one schema at a time");
    if (status >= 0)
        return status;
    if (argc == rest)
        return list(&common);
    for (const struct vl_schema *schema = vl_schemas; schema->name; schema++)
        if (is_called(schema->name, argv[rest]))
            return fwrite(schema->text, 1, schema->len, stdout) == schema->len
                       ? 0
                       : vl_home_failure(what, VL_ERR_IO,
                                         &(struct vl_why){"stdout does not take it"},
                                         "look at where stdout goes");
    return unknown(argv[rest]);
}
