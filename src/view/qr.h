/* SPDX-License-Identifier: Apache-2.0 */
/* view/qr.h: short text as a QR code (ISO/IEC 18004), for terminals and as a picture. */
#ifndef VL_VIEW_QR_H
#define VL_VIEW_QR_H

#include "base/bytes.h"

/* What the largest code holds at level M: version 40. */
#define VL_QR_MAX       3391
#define VL_QR_MAX_SCALE 64

/* The text is capitals, digits, spaces and $%*+-./: and is one code at level M, the smallest that
 * holds it, with a quiet zone of four modules.  All fail with FORMAT for text that is empty or has
 * other characters, LIMIT "too long for a QR code" and for more than out takes, and NO_MEMORY; then
 * out is as it was. */

/* For a terminal: two modules in one character, or, where it shows ASCII only, one module in two.
 * Light modules are ink and dark ones are not, so that it is right on a dark terminal; on a light
 * one it is inverted, which telephones and zbar read as well. */
enum vl_err vl_qr_terminal(vl_bytes text, bool ascii, struct vl_buf *out,
                           struct vl_why *why) VL_MUST_USE;
/* A PNG of two colours, scale pixels for a module: 1 to VL_QR_MAX_SCALE, USAGE for another. */
enum vl_err vl_qr_png(vl_bytes text, unsigned scale, struct vl_buf *out,
                      struct vl_why *why) VL_MUST_USE;
/* An <svg> for a page, black on white, of whatever size the page gives it; `label` is ours, and is
 * what is told to whoever does not see it. */
enum vl_err vl_qr_svg(vl_bytes text, const char *label, struct vl_buf *out,
                      struct vl_why *why) VL_MUST_USE;
/* For whoever draws it: every run of dark modules of each row, from place (x, y) on, in a square of
 * `width` modules with the quiet zone in it.  What put() fails with ends it. */
struct vl_qr_drawer {
    enum vl_err (*put)(void *self, size_t width, size_t x, size_t y, size_t run);
    void *self;
};
enum vl_err vl_qr_draw(vl_bytes text, const struct vl_qr_drawer *drawer,
                       struct vl_why *why) VL_MUST_USE;

#endif
