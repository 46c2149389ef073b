/* SPDX-License-Identifier: Apache-2.0 */
/* cli/saying.h: what `say`, `translate` and `invite` have in common in front of a person. */
#ifndef VL_CLI_SAYING_H
#define VL_CLI_SAYING_H

#include <stdio.h>

#include "cli/ask.h"
#include "cli/opt.h"
#include "office/home.h"
#include "office/say.h"
#include "sys/outfile.h"
#include "view/doc.h"

/* Options of all. */
struct vl_saying_options {
    struct vl_common common;
    struct vl_ask ask;
    const char *holder, *for_office, *place, *output;
    struct vl_opt_list to;
    bool manual, dry_run, force;
    struct vl_out out;      /* where -o FILE goes */
    struct vl_buf evidence; /* what goes there */
};
#define VL_SAYING_OPTIONS_INIT                                                                     \
    {                                                                                              \
        .ask = VL_ASK_INIT, .out = VL_OUT_INIT, .evidence = { NULL, 0, 0, VL_EVIDENCE_MAX_LEN }    \
    }
/* clang-format off */
#define VL_SAYING_OPTIONS(o)                                                                       \
    {VL_OPT_TEXT, 0, "place", "TEXT", &(o).place, "where; signed, so as coarse as you want it"},   \
    VL_SAYING_REST(o)
/* All but the place, which is that of the meeting for an invitation. */
#define VL_SAYING_REST(o)                                                                          \
    {VL_OPT_TEXT, 0, "holder", "NAME", &(o).holder, "who of this office says so"},                 \
    {VL_OPT_TEXT, 0, "for", "OFFICE", &(o).for_office, "for it, under a mandate that is held here"}, \
    {VL_OPT_LIST, 0, "to", "OFFICE", &(o).to, "who gets it, besides those whom it concerns"},      \
    {VL_OPT_TEXT, 'o', "output", "FILE", &(o).output, "write it there, for anyone to verify"},     \
    {VL_OPT_FLAG, 'f', "force", NULL, &(o).force, "replace FILE if it is there"},                  \
    {VL_OPT_FLAG, 0, "manual", NULL, &(o).manual, "say in the signature that a person did it"},    \
    {VL_OPT_FLAG, 'n', "dry-run", NULL, &(o).dry_run, "say what would be signed, and do not"},     \
    {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &(o).ask.fd, "read it from an open file descriptor"}, \
    {VL_OPT_END, 0, NULL, NULL, NULL, NULL}
/* clang-format on */

void vl_saying_release(struct vl_saying_options *o);
struct vl_say_common vl_saying_common(struct vl_saying_options *o, int64_t now_s);
/* Open FILE before anything is signed; nothing without -o. */
enum vl_err vl_saying_open(struct vl_saying_options *o, struct vl_why *why) VL_MUST_USE;
/* When it is signed: write FILE.  The exit status, or -1 when more is to be said on stdout. */
int vl_saying_put_out(struct vl_saying_options *o);

/* SHA-256 of a file. */
enum vl_err vl_saying_hash(const char *path, uint8_t out[VL_HASH_LEN],
                           struct vl_why *why) VL_MUST_USE;
/* All of a text, without line ends behind it; "-" is stdin. */
enum vl_err vl_saying_text(const char *path, struct vl_buf *out, struct vl_why *why) VL_MUST_USE;

/* As vl_show, of bytes. */
const char *vl_saying_safe(char *out, size_t size, vl_bytes text);
/* One line on what something is about, and members of a document (PROTOCOL 21). */
void vl_saying_show_subject(FILE *to, struct vl_home *home, enum vl_subject what,
                            const uint8_t id[VL_HASH_LEN]);
void vl_saying_doc_subject(struct vl_doc *doc, enum vl_subject what, const uint8_t id[VL_HASH_LEN]);
/* "for NAME under mandate K7QF-2M4D", if it is for another. */
void vl_saying_show_speaker(FILE *to, struct vl_home *home, const struct vl_act *act,
                            const struct vl_office_id *principal);
/* The last lines: who gets it. */
void vl_saying_show_told(const struct vl_saying_options *o, size_t told);

#endif
