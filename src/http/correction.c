/* SPDX-License-Identifier: Apache-2.0 */
#include "http/correction.h"

static bool read_field(const struct vl_object *object, struct vl_about *about,
                       struct vl_page_correction *out)
{
    if (vl_about_read(object, about, NULL) != VL_OK)
        return false;
    out->field = about->field;
    out->old = about->old;
    out->now = about->now;
    return true;
}

static bool read_words(const struct vl_object *object, struct vl_statement *statement,
                       struct vl_page_correction *out)
{
    if (vl_statement_read(object, statement, NULL) != VL_OK)
        return false;
    out->field = VL_LITERAL("words");
    out->is_taken_back = object->kind == VL_KIND_WITHDRAW;
    out->is_whole = statement->span.len == 0;
    out->old = statement->span;
    out->now = out->is_taken_back ? VL_BYTES_NONE : statement->text;
    return true;
}

bool vl_correction_read(const struct vl_object *object, struct vl_correcting *in,
                        struct vl_page_correction *out)
{
    switch ((int)object->kind) {
    case VL_KIND_CORRECTED:
        return read_field(object, &in->about, out);
    case VL_KIND_CORRECT:
    case VL_KIND_WITHDRAW:
        return read_words(object, &in->statement, out);
    default:
        return false;
    }
}
