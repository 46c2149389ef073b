/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/slip.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "cli/progress.h"
#include "codec/number.h"
#include "custody/handover.h"
#include "office/acts.h"
#include "stick/layout.h"
#include "sys/outfile.h"
#include "view/qr.h"

#define LINE 1024

/* Text from outside goes through vl_text_safe before it comes here. */
static enum vl_err line(struct vl_buf *out, const char *format, ...) VL_PRINTF(2, 3);
static enum vl_err line(struct vl_buf *out, const char *format, ...)
{
    char text[LINE];
    va_list list;
    int len;

    va_start(list, format);
    len = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (len < 0)
        return VL_ERR_INTERNAL;
    return vl_buf_put(out,
                      vl_bytes_of(text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1));
}

static enum vl_err put_office(struct vl_home *home, struct vl_buf *out, const char *what,
                              const struct vl_office_id *office)
{
    char address[VL_OFFICE_TEXT], safe[LINE / 2];
    struct vl_office_name name = {.text = ""};

    if (vl_home_name_office(home, office->at, &name, NULL) != VL_OK || !name.known)
        return line(out, "%-12s%s\n", what, vl_office_id_text(office, address));
    return line(out, "%-12s%s\n            %s\n", what,
                vl_text_safe(safe, sizeof safe, vl_bytes_str(name.text)),
                vl_office_id_text(office, address));
}

static enum vl_err put_letter(struct vl_home *home, struct vl_buf *out, size_t place,
                              const uint8_t *number)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_office_name to = {.text = "somebody"};
    char number_short[VL_NUMBER_SHORT], whole[VL_NUMBER_TEXT], size[32] = "", safe[LINE / 2];
    enum vl_err err = vl_store_letter(home->store, number, &row, NULL);

    if (err && err != VL_ERR_NOT_FOUND)
        return err;
    if (!err) {
        (void)vl_size_text(row.size, size, sizeof size);
        if (row.to_count > 0 && vl_home_name_office(home, row.to[0], &to, NULL) != VL_OK)
            (void)snprintf(to.text, sizeof to.text, "somebody");
    }
    return line(out, "%3zu. %s  to %s%s  %s\n     %s\n", place,
                vl_number_short(number, number_short),
                vl_text_safe(safe, sizeof safe, vl_bytes_str(to.text)),
                row.to_count > 1 ? " and others" : "", size,
                vl_number_text(VL_LETTER_HRP, number, whole));
}

static enum vl_err put_letters(struct vl_home *home, const struct vl_object *handover,
                               struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf leaves = VL_BUF_INIT(VL_TIE_MAX_LEN);
    enum vl_err err = vl_acts_leaves(home->store, handover->id, &leaves, why);
    const size_t count = err ? 0 : leaves.len / VL_ACTS_LEAF_LEN;

    for (size_t i = 0; !err && i < count; i++)
        err = put_letter(home, out, i + 1, leaves.data + i * VL_ACTS_LEAF_LEN);
    return err;
}

static enum vl_err put_seals(const struct vl_seals *seals, struct vl_buf *out)
{
    enum vl_err err = line(out, "%-12s%s", "Seals", seals->count == 0 ? "none" : "");

    for (size_t i = 0; !err && i < seals->count; i++) {
        char safe[(size_t)4 * VL_MAX_SEAL_TEXT];

        err = line(out, "%s%s", i > 0 ? ", " : "", vl_text_safe(safe, sizeof safe, seals->at[i]));
    }
    return err ? err : line(out, "\n");
}

static bool is_block(const struct vl_buf *code, size_t at, uint8_t last)
{
    return code->len - at >= 3 && code->data[at] == 0xe2 && code->data[at + 1] == 0x96 &&
           code->data[at + 2] == last;
}

#define UPPER 0x80 /* U+2580, U+2584 and U+2588: halves, and all of it */
#define LOWER 0x84
#define FULL  0x88

/* A terminal is dark and paper is not: what was ink is none.  A last line of half a module has
 * nothing but the quiet zone, and goes. */
static enum vl_err put_inverted(const struct vl_buf *code, struct vl_buf *out)
{
    static const uint8_t upper[] = {0xe2, 0x96, UPPER}, lower[] = {0xe2, 0x96, LOWER},
                         full[] = {0xe2, 0x96, FULL};
    size_t end = code->len, begin;
    enum vl_err err = VL_OK;

    for (begin = end > 0 ? end - 1 : 0; begin > 0 && code->data[begin - 1] != '\n';)
        begin--;
    if (is_block(code, begin, UPPER))
        end = begin;
    for (size_t i = 0; !err && i < end; i++) {
        if (code->data[i] == '\n')
            err = vl_buf_put(out, VL_LITERAL("\n"));
        else if (code->data[i] == ' ')
            err = vl_buf_put(out, VL_ARRAY(full));
        else if (is_block(code, i, UPPER))
            err = vl_buf_put(out, VL_ARRAY(lower));
        else if (is_block(code, i, LOWER))
            err = vl_buf_put(out, VL_ARRAY(upper));
        else if (is_block(code, i, FULL))
            err = vl_buf_put(out, VL_LITERAL(" "));
    }
    return err;
}

static enum vl_err put_code(const uint8_t *act, struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf code = VL_BUF_INIT((size_t)64 << 10);
    char number[VL_NUMBER_TEXT];
    enum vl_err err;

    (void)vl_number_text(VL_ACT_HRP, act, number);
    for (char *c = number; *c; c++) /* capitals make a smaller code */
        *c = (char)toupper((unsigned char)*c);
    err = vl_qr_terminal(vl_bytes_str(number), false, &code, why);
    return err ? err : put_inverted(&code, out);
}

static enum vl_err put_head(struct vl_home *home, const struct vl_object *handover,
                            const struct vl_transferred *transferred, struct vl_buf *out)
{
    char number[VL_NUMBER_SHORT], whole[VL_NUMBER_TEXT], bag[VL_BAG_NAME], date[VL_TIME_TEXT],
        safe[(size_t)4 * VL_MAX_NAME];
    int64_t at_s = 0;
    const bool dated = vl_object_signed_at(handover, &at_s);
    enum vl_err err = line(out,
                           "CUSTODY SLIP%s%.10s\n\n"
                           "Handed over to be carried. This sheet is a note: what proves the "
                           "hand-over is\nthe signature in the bag, and what proves that it was "
                           "taken is the one below.\n\n"
                           "%-12s%s\n            %s\n",
                           dated ? "  " : "", dated ? vl_time_text(at_s, date) : "", "Hand-over",
                           vl_number_short(handover->id, number),
                           vl_number_text(VL_ACT_HRP, handover->id, whole));

    if (!err && transferred->has_bag)
        err = line(out, "%-12s%s\n", "Bag", vl_bag_name(transferred->bag, bag));
    if (!err)
        err = put_office(home, out, "From", &handover->issuer);
    if (!err && transferred->has_taker)
        err = put_office(home, out, "To", &transferred->taker);
    if (!err && transferred->carrier.len > 0)
        err = line(out, "%-12s%s\n", "Carried by",
                   vl_text_safe(safe, sizeof safe, transferred->carrier));
    if (!err)
        err = line(out, "%-12s%llu\n", "Letters", (unsigned long long)transferred->batch.count);
    return err ? err : put_seals(&transferred->seals, out);
}

enum vl_err vl_slip(struct vl_home *home, const struct vl_object *handover, struct vl_buf *out,
                    struct vl_why *why)
{
    struct vl_transferred transferred;
    enum vl_err err = vl_transferred_read(handover, &transferred, why);

    if (err)
        return err;
    err = put_head(home, handover, &transferred, out);
    if (!err)
        err = line(out, "\n");
    if (!err)
        err = put_letters(home, handover, out, why);
    if (!err)
        err = line(out, "\n");
    if (!err)
        err = put_code(handover->id, out, why);
    if (!err)
        err = line(out, "\nTaken, in this condition:\n\n"
                        "  __________________________________________________________________\n\n"
                        "Name                                 Place, day and hour\n\n"
                        "  _______________________________      _____________________________\n\n"
                        "Signature\n\n"
                        "  _______________________________\n");
    return err ? vl_fail_in(why, err, "the slip") : VL_OK;
}

enum vl_err vl_slip_to(struct vl_home *home, const struct vl_object *handover, const char *path,
                       unsigned out_flags, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT((size_t)256 << 20);
    enum vl_err err = vl_slip(home, handover, &text, why);

    return err ? err : vl_out_write(path, out_flags, vl_buf_bytes(&text), why);
}
