/* SPDX-License-Identifier: Apache-2.0 */
/* valise record ask: the word of this office that it wants something entered that it signed. */
#include <stdio.h>

#include "cli/cmd.h"
#include "cli/cmd_record.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/show.h"
#include "codec/number.h"

static const char what[] = "nothing was asked for.";

static void doc_word(struct vl_doc *doc, const struct vl_entry *entry, const char *word)
{
    char number[VL_NUMBER_TEXT];

    vl_doc_object(doc, NULL);
    vl_doc_text(doc, "act", vl_number_text(VL_ACT_HRP, entry->id, number));
    vl_doc_text(doc, "authorization", word);
    vl_doc_close(doc);
}

static enum vl_err ask_for(const struct vl_record_options *o, struct vl_home *home, vl_bytes origin,
                           const char *path, struct vl_doc *doc, struct vl_why *why)
{
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    struct vl_ask ask = o->ask;
    const struct vl_asker asker = vl_ask_asker(&ask);
    char word[VL_RECORD_ASK];
    enum vl_err err = vl_record_entry_of_file(path, &entry, why);

    if (!err)
        err = vl_record_ask(home, &asker, origin, &entry, word, why);
    vl_ask_wipe(&ask);
    if (err)
        return vl_fail_in(why, err, "\"%s\"", path);
    if (doc)
        doc_word(doc, &entry, word);
    else
        printf("Authorization: %s\n", word);
    return VL_OK;
}

int vl_record_cmd_ask(const struct vl_command *command, const struct vl_record_options *o,
                      int count, char **words)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_ANCHOR_MAX_LEN);
    struct vl_doc *doc = NULL;
    struct vl_anchor anchor;
    struct vl_why why = {""};
    enum vl_err err;
    int status;

    if (count < 2)
        return vl_say_usage(command->name,
                            "ask wants what is kept of a record, and what is to be entered");
    err = vl_record_anchor_read(words[0], &wire, &anchor, &why);
    if (err)
        return vl_home_failure(what, err, &why, NULL);
    status = vl_home_begin(VL_HOME_READ, &home, what);
    if (status >= 0)
        return status;
    if (o->common.json) {
        doc = vl_doc_new("valise.record-ask/1");
        vl_record_doc(doc, anchor.id, anchor.policy.origin);
        vl_doc_list(doc, "asks");
    }
    for (int i = 1; i < count && !err; i++)
        err = ask_for(o, &home, anchor.policy.origin, words[i], doc, &why);
    if (err) {
        vl_doc_drop(doc);
        return vl_home_failure(what, err, &why,
                               err == VL_ERR_REFUSED ? "let the office that signed it ask" : NULL);
    }
    if (!doc)
        return 0;
    vl_doc_close(doc);
    return vl_print_doc(doc, what);
}
