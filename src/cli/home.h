/* SPDX-License-Identifier: Apache-2.0 */
/* cli/home.h: which office a command is about, and what every command about one says. */
#ifndef VL_CLI_HOME_H
#define VL_CLI_HOME_H

#include "cli/ask.h"
#include "cli/opt.h"
#include "office/home.h"
#include "view/doc.h"

/* From now on the office in this folder (-C DIR). */
void vl_home_choose(const char *folder);
/* -C DIR, else $VALISE_HOME, else $XDG_DATA_HOME/valise, else ~/.local/share/valise; NULL when none
 * of them says anything. */
const char *vl_home_folder(void);

/* Open the office, or say why not: `what` is a whole sentence.  Gives -1 to go on, else the exit
 * status. */
int vl_home_begin(enum vl_home_access access, struct vl_home *home, const char *what);

/* For a command that changes something: for good, or as --dry-run. */
int vl_home_begin_change(bool dry_run, struct vl_home *home, const char *what);
/* The last word of a dry run. */
void vl_say_dry_run(const struct vl_common *common, bool dry_run);

/* Say a failure with the advice that fits in front of an office; mend may be NULL. */
int vl_home_failure(const char *what, enum vl_err err, const struct vl_why *why, const char *mend);
/* Print a document; gives the exit status. */
int vl_print_doc(struct vl_doc *doc, const char *what);
/* An office as an object of a document. */
void vl_doc_office(struct vl_doc *doc, const char *name, struct vl_home *home,
                   const uint8_t office[VL_HASH_LEN]);
/* "waiting", "handed", "passed", "receipted"; NULL for NONE. */
const char *vl_way_word(enum vl_letter_way way);
/* More processors than this wait for the disk and the pipe. */
unsigned vl_cli_workers(void);
/* Ask on the terminal whether to go on; `question` ends with " [y/N] ".  Gives -1 to go on, else
 * the exit status: 2 without a terminal, 1 for no. */
int vl_cli_confirm(const char *question, bool yes, const char *what);

#endif
