/* SPDX-License-Identifier: Apache-2.0 */
#include "view/paper.h"

#include "view/qr.h"

/* clang-format off */
static const struct {
    const char *open;
    const char *close;
} tags[VL_PAPER_PARTS] = {
    [VL_PAPER_TITLE]     = {"<h1>", "</h1>\n"},
    [VL_PAPER_HEADING]   = {"<h2>", "</h2>\n"},
    [VL_PAPER_PARAGRAPH] = {"<p>", "</p>\n"},
    [VL_PAPER_CAUTION]   = {"<p class=\"cannot\">", "</p>\n"},
    [VL_PAPER_FOOT]      = {"<footer><p>", "</p></footer>\n"},
    [VL_PAPER_TOP]       = {"<div class=\"top\"><div>\n", "</div>\n"},
    [VL_PAPER_FACTS]     = {"<dl>", "</dl>\n"},
    [VL_PAPER_FACT_NAME] = {"<dt>", "</dt>"},
    [VL_PAPER_FACT]      = {"<dd>", "</dd>"},
    [VL_PAPER_LEAD]      = {"<ul class=\"lead\">\n", "</ul>\n"},
    [VL_PAPER_POINTS]    = {"<ul class=\"plain\">\n", "</ul>\n"},
    [VL_PAPER_OFFICES]   = {"<ol class=\"offices\">\n", "</ol>\n"},
    [VL_PAPER_STEPS]     = {"<ol>\n", "</ol>\n"},
    [VL_PAPER_IDS]       = {"<ol class=\"ids\">\n", "</ol>\n"},
    [VL_PAPER_ITEM]      = {"<li>", "</li>\n"},
    [VL_PAPER_SENTENCE]  = {"<bdi>", "</bdi>"},
    [VL_PAPER_MORE]      = {"<br><span class=\"soft\"><bdi>", "</bdi></span>"},
    [VL_PAPER_COMMAND]   = {"<pre>", "</pre>"},
    [VL_PAPER_WORDS]     = {"<ol class=\"words\">", "</ol>\n"},
    [VL_PAPER_WORD]      = {"<li>", "</li>"},
};
/* clang-format on */

static enum vl_err open_part(void *self, enum vl_paper_part part)
{
    struct vl_paper_html *to = self;

    vl_html_put(&to->html, vl_bytes_str(tags[part].open));
    return to->html.err;
}

/* It was put first, and stands behind what it is beside of. */
static void put_code(struct vl_paper_html *to)
{
    vl_html_raw(&to->html, "</div>\n<div class=\"qr\">");
    if (!to->html.err)
        to->html.err = vl_qr_svg(to->capitals, to->label, to->html.out, NULL);
    vl_html_raw(&to->html, "<p>");
    vl_html_say(&to->html, "%s", to->caption);
    vl_html_raw(&to->html, "</p></div>\n");
}

static enum vl_err close_part(void *self, enum vl_paper_part part)
{
    struct vl_paper_html *to = self;

    if (part == VL_PAPER_TOP)
        put_code(to);
    vl_html_put(&to->html, vl_bytes_str(tags[part].close));
    return to->html.err;
}

static enum vl_err put_text(void *self, enum vl_paper_style style, vl_bytes text)
{
    struct vl_paper_html *to = self;

    switch (style) {
    case VL_PAPER_NAME:
        vl_html_text(&to->html, text);
        break;
    case VL_PAPER_OFFICE:
        vl_html_raw(&to->html, "<span class=\"name\">");
        vl_html_text(&to->html, text);
        vl_html_raw(&to->html, "</span>");
        break;
    case VL_PAPER_STRONG:
        vl_html_raw(&to->html, "<b>");
        vl_html_attribute(&to->html, text);
        vl_html_raw(&to->html, "</b>");
        break;
    case VL_PAPER_CODE:
        vl_html_raw(&to->html, "<code>");
        vl_html_attribute(&to->html, text);
        vl_html_raw(&to->html, "</code>");
        break;
    case VL_PAPER_PLAIN:
    default:
        vl_html_attribute(&to->html, text);
        break;
    }
    return to->html.err;
}

static enum vl_err end_line(void *self)
{
    struct vl_paper_html *to = self;

    vl_html_raw(&to->html, "<br>\n");
    return to->html.err;
}

static enum vl_err put_hex(void *self, vl_bytes bytes)
{
    struct vl_paper_html *to = self;

    vl_html_hex(&to->html, bytes);
    return to->html.err;
}

static enum vl_err put_time(void *self, int64_t seconds)
{
    struct vl_paper_html *to = self;

    vl_html_time(&to->html, seconds);
    return to->html.err;
}

static enum vl_err keep_code(void *self, vl_bytes capitals, const char *label, const char *caption)
{
    struct vl_paper_html *to = self;

    to->capitals = capitals;
    to->label = label;
    to->caption = caption;
    return VL_OK;
}

struct vl_paper vl_paper_of_html(struct vl_paper_html *html)
{
    static const struct vl_paper_ops ops = {open_part, close_part, put_text, end_line,
                                            put_hex,   put_time,   keep_code};

    return (struct vl_paper){&ops, html, VL_OK};
}
