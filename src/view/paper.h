/* SPDX-License-Identifier: Apache-2.0 */
/* view/paper.h: what stands on a page, whoever writes it: titles, lists, sentences, names.
 *
 * Whoever has something to say opens parts, puts text into them and closes them; a writer makes
 * HTML of that (view/paper_html.c), or a PDF (pdf/).  So all of them say the same. */
#ifndef VL_VIEW_PAPER_H
#define VL_VIEW_PAPER_H

#include "view/html.h"

/* Where they may stand is in the words. */
enum vl_paper_part {
    VL_PAPER_TITLE,     /* text */
    VL_PAPER_HEADING,   /* text */
    VL_PAPER_PARAGRAPH, /* text */
    VL_PAPER_CAUTION,   /* text, in a frame */
    VL_PAPER_FOOT,      /* text, small, at the end */
    VL_PAPER_TOP,       /* facts and lists; beside them the code, which is the first thing in it */
    VL_PAPER_FACTS,     /* names, each followed by its fact */
    VL_PAPER_FACT_NAME, /* text */
    VL_PAPER_FACT,      /* text */
    VL_PAPER_LEAD,      /* items: what matters most */
    VL_PAPER_POINTS,    /* items of sentences */
    VL_PAPER_OFFICES,   /* items, counted; in each perhaps words, at its end */
    VL_PAPER_STEPS,     /* items, counted; in each perhaps a command, at its end */
    VL_PAPER_IDS,       /* items, counted, small */
    VL_PAPER_ITEM,      /* text, or a sentence and what goes on about it */
    VL_PAPER_SENTENCE,  /* text */
    VL_PAPER_MORE,      /* text, on a line of its own, less strong */
    VL_PAPER_COMMAND,   /* text as it is typed */
    VL_PAPER_WORDS,     /* words in columns */
    VL_PAPER_WORD,      /* text */
    VL_PAPER_PARTS
};

enum vl_paper_style {
    VL_PAPER_PLAIN,
    VL_PAPER_NAME,   /* of strangers: its writing direction stays its own */
    VL_PAPER_OFFICE, /* the same, as the head of an item */
    VL_PAPER_STRONG,
    VL_PAPER_CODE /* is copied whole, and breaks anywhere */
};

/* What a writer does.  They fail with NO_MEMORY and LIMIT.  Texts may have anything in them that
 * strangers write, line ends too: the writer makes them safe to show (vl_text_safe). */
struct vl_paper_ops {
    enum vl_err (*open)(void *self, enum vl_paper_part part);
    enum vl_err (*close)(void *self, enum vl_paper_part part);
    enum vl_err (*text)(void *self, enum vl_paper_style style, vl_bytes text);
    enum vl_err (*line)(void *self); /* the line ends, and its part goes on */
    enum vl_err (*hex)(void *self, vl_bytes bytes);
    enum vl_err (*time)(void *self, int64_t seconds);
    /* A QR code of capitals and digits, which are borrowed until its top is closed; label and
     * caption are ours and stay where they are. */
    enum vl_err (*code)(void *self, vl_bytes capitals, const char *label, const char *caption);
};

struct vl_paper {
    const struct vl_paper_ops *ops;
    void *self;
    enum vl_err err; /* the first failure; nothing is done after it */
};

void vl_paper_open(struct vl_paper *paper, enum vl_paper_part part);
void vl_paper_close(struct vl_paper *paper, enum vl_paper_part part);
void vl_paper_text(struct vl_paper *paper, enum vl_paper_style style, vl_bytes text);
/* At most 4,095 bytes. */
void vl_paper_say(struct vl_paper *paper, enum vl_paper_style style, const char *format, ...)
    VL_PRINTF(3, 4);
/* A part that has one text. */
void vl_paper_put(struct vl_paper *paper, enum vl_paper_part part, const char *text);
void vl_paper_line(struct vl_paper *paper);
void vl_paper_hex(struct vl_paper *paper, vl_bytes bytes);
void vl_paper_time(struct vl_paper *paper, int64_t seconds);
void vl_paper_code(struct vl_paper *paper, vl_bytes capitals, const char *label,
                   const char *caption);
/* A text in which names stand between VL_PAPER_MARK and VL_PAPER_MARK_END.  UTF-8 has no such
 * bytes, and so nothing that somebody wrote is taken for one. */
#define VL_PAPER_MARK     "\xfe"
#define VL_PAPER_MARK_END "\xff"
void vl_paper_marked(struct vl_paper *paper, vl_bytes text);

/* A writer of HTML, whose failures come to the paper. */
struct vl_paper_html {
    struct vl_html html;
    vl_bytes capitals;
    const char *label, *caption;
};
#define VL_PAPER_HTML_INIT(buf)                                                                    \
    {                                                                                              \
        .html = {(buf), VL_OK }                                                                    \
    }
/* Borrows it. */
struct vl_paper vl_paper_of_html(struct vl_paper_html *html);

#endif
