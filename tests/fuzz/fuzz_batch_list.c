/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of letters from any bytes.  Every line that is read is one letter, whose words are those of
 * the line: put together again with tabs and commas they are it. */
#include <stdlib.h>
#include <string.h>

#include "office/batch_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void put(struct vl_buf *out, const char *text)
{
    check(vl_buf_put(out, vl_bytes_str(text)) == VL_OK);
}

static void put_item(struct vl_buf *out, const struct vl_batch_item *item)
{
    check(item->path && item->path[0] && !strchr(item->path, '\t'));
    check(!item->offices == (item->office_count == 0));
    for (size_t i = 0; i < item->office_count; i++) {
        check(!strpbrk(item->offices[i], ",\t\n"));
        put(out, i ? "," : "");
        put(out, item->offices[i]);
    }
    put(out, item->offices ? "\t" : "-\t");
    put(out, item->path);
    if (item->subject) {
        check(item->subject[0]);
        put(out, "\t");
        put(out, item->subject);
    }
}

/* The next line that says something, without its end. */
static vl_bytes next_line(vl_bytes *text)
{
    vl_bytes line = VL_BYTES_NONE;

    do {
        const uint8_t *end = text->len ? memchr(text->ptr, '\n', text->len) : NULL;

        line = vl_bytes_first(*text, end ? (size_t)(end - text->ptr) : text->len);
        *text = vl_bytes_after(*text, line.len + 1);
        if (line.len > 0 && line.ptr[line.len - 1] == '\r')
            line.len--;
    } while (text->len > 0 && (line.len == 0 || line.ptr[0] == '#'));
    return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_batch_list_release) struct vl_batch_list list = VL_BATCH_LIST_INIT;
    vl_bytes text = vl_bytes_of(data, len);

    check(vl_buf_put(&list.text, text) == VL_OK);
    if (vl_batch_list_parse(&list, NULL))
        return 0;
    for (size_t i = 0; i < list.count; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(SIZE_MAX);
        vl_bytes line = next_line(&text);

        put_item(&again, &list.items[i]);
        if (!list.items[i].subject && line.len > 0 && line.ptr[line.len - 1] == '\t' &&
            again.len == line.len - 1)
            line.len--; /* a tab and no subject */
        check(vl_bytes_eq(vl_buf_bytes(&again), line));
    }
    return 0;
}
