/* SPDX-License-Identifier: Apache-2.0 */
#include "office/hook.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "codec/number.h"
#include "sys/program.h"
#include "view/doc.h"

struct vl_hook_letter {
    uint8_t number[VL_HASH_LEN];
    uint8_t way;
};

void vl_hook_release(struct vl_hook *hook)
{
    vl_free(hook->path);
    vl_free(hook->before);
    *hook = (struct vl_hook)VL_HOOK_INIT;
}

static enum vl_err see_before(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct vl_hook *hook = self;
    void *block = hook->before;

    if (hook->count == hook->cap) {
        const size_t cap = hook->cap ? 2 * hook->cap : 64;

        if (vl_grow(&block, hook->cap * sizeof *hook->before, cap * sizeof *hook->before) != VL_OK)
            return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for how letters stand");
        hook->before = block;
        hook->cap = cap;
    }
    memcpy(hook->before[hook->count].number, row->number, VL_HASH_LEN);
    hook->before[hook->count++].way = row->way;
    return VL_OK;
}

static int by_number(const void *a, const void *b)
{
    return memcmp(a, b, VL_HASH_LEN);
}

enum vl_err vl_hook_begin(struct vl_home *home, struct vl_hook *hook, struct vl_why *why)
{
    const struct vl_letter_query all = {.lean = true};
    enum vl_err err;

    hook->path = vl_home_path(home, VL_HOOK_NAME);
    if (!hook->path)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");
    if (!vl_program_is_there(hook->path)) {
        vl_hook_release(hook);
        return VL_OK;
    }
    err = vl_store_letters(home->store, &all, see_before, hook, why);
    if (!err && hook->count > 1)
        qsort(hook->before, hook->count, sizeof *hook->before, by_number);
    return err;
}

struct telling {
    const struct vl_hook *hook;
    struct vl_doc *doc;
    bool overdue;
    int64_t now_s;
    size_t count;
};

/* NULL: nothing has happened that is told. */
static const char *event_of(const struct telling *telling, const struct vl_letter_row *row)
{
    const struct vl_hook_letter *before = NULL;

    if (telling->overdue)
        return (row->roles & VL_ROLE_WRITTEN) && row->way != VL_WAY_NONE &&
                       row->way != VL_WAY_RECEIPTED && row->has_expect_by &&
                       row->expect_by_s < telling->now_s
                   ? "overdue"
                   : NULL;
    if (telling->hook->count > 0)
        before = bsearch(row->number, telling->hook->before, telling->hook->count, sizeof *before,
                         by_number);
    if (!before)
        return row->roles & (VL_ROLE_TAKEN | VL_ROLE_CARRIED) ? "letter-came" : NULL;
    return (row->roles & VL_ROLE_WRITTEN) && row->way == VL_WAY_RECEIPTED &&
                   before->way != VL_WAY_RECEIPTED
               ? "receipt-came"
               : NULL;
}

static void put_office(struct vl_doc *doc, const char *name, bool there, const uint8_t *office)
{
    char address[VL_NUMBER_TEXT];

    vl_doc_text(doc, name, there ? vl_number_text(VL_OFFICE_HRP, office, address) : NULL);
}

static enum vl_err see_after(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct telling *telling = self;
    const char *event = event_of(telling, row);
    struct vl_doc *doc = telling->doc;
    char number[VL_NUMBER_TEXT];

    (void)why;
    if (!event || telling->count++ >= VL_HOOK_EVENTS)
        return VL_OK;
    vl_doc_object(doc, NULL);
    vl_doc_text(doc, "event", event);
    vl_doc_text(doc, "letter", vl_number_text(VL_LETTER_HRP, row->number, number));
    put_office(doc, "from", row->has_from, row->from);
    vl_doc_list(doc, "to");
    for (size_t i = 0; i < row->to_count; i++)
        put_office(doc, NULL, true, row->to[i]);
    vl_doc_close(doc);
    vl_doc_bool(doc, "carried",
                !(row->roles & VL_ROLE_TAKEN) && (row->roles & VL_ROLE_CARRIED) != 0);
    vl_doc_bool(doc, "quarantined", row->quarantined);
    vl_doc_time(doc, "expect_by_at", row->has_expect_by, row->expect_by_s);
    vl_doc_close(doc);
    return VL_OK;
}

enum vl_err vl_hook_tell(struct vl_home *home, const struct vl_hook *hook, const char *command,
                         bool overdue, int64_t now_s, struct vl_buf *out, size_t *event_count,
                         struct vl_why *why)
{
    const struct vl_letter_query all = {.lean = true};
    struct telling telling = {hook, vl_doc_new("valise.hook/1"), overdue, now_s, 0};
    enum vl_err err;

    put_office(telling.doc, "office", true, home->own.at);
    vl_doc_text(telling.doc, "command", command);
    vl_doc_time(telling.doc, "run_at", true, now_s);
    vl_doc_list(telling.doc, "events");
    err = vl_store_letters(home->store, &all, see_after, &telling, why);
    vl_doc_close(telling.doc);
    vl_doc_int(telling.doc, "event_count", telling.count);
    *event_count = telling.count;
    if (err) {
        vl_doc_drop(telling.doc);
        return err;
    }
    err = vl_doc_finish(telling.doc, out);
    return err ? vl_fail(why, err, "no memory for what the hook is told") : VL_OK;
}
