/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/home.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fail.h"
#include "cli/show.h"
#include "codec/number.h"
#include "sys/process.h"
#include "sys/tty.h"

#define WORKERS_MAX 12
#define DOC_MAX     ((size_t)1 << 30)

static const char *chosen;
static char standard[4096];

void vl_home_choose(const char *folder)
{
    chosen = folder;
}

const char *vl_home_folder(void)
{
    const char *home;

    if (chosen)
        return chosen;
    home = getenv("VALISE_HOME");
    if (home && home[0])
        return home;
    home = getenv("XDG_DATA_HOME");
    if (home && home[0] == '/') {
        (void)snprintf(standard, sizeof standard, "%s/valise", home);
        return standard;
    }
    home = getenv("HOME");
    if (!home || !home[0])
        return NULL;
    (void)snprintf(standard, sizeof standard, "%s/.local/share/valise", home);
    return standard;
}

unsigned vl_cli_workers(void)
{
    const unsigned cpus = vl_process_cpus();

    return cpus <= WORKERS_MAX ? cpus - 1 : WORKERS_MAX;
}

static const char *mend_of(enum vl_err err, const struct vl_why *why)
{
    switch ((int)err) {
    case VL_ERR_NO_HOME:
        return "make one, or name its folder with -C DIR:\nvalise init NAME";
    case VL_ERR_LOCKED:
        return "wait until the other one is done, and try again";
    case VL_ERR_NO_KEY:
        return "type the passphrase of this office, or look whom the letter is for";
    case VL_ERR_NO_SPACE:
        return "make room there, or choose another place";
    case VL_ERR_EXISTS:
        return "give another name";
    case VL_ERR_AMBIGUOUS:
        return "give more of it";
    case VL_ERR_NOT_FOUND:
        return "see what there is:\nvalise list\nvalise card list";
    case VL_ERR_UNSUPPORTED:
        return "use a newer valise";
    case VL_ERR_FORMAT:
    case VL_ERR_LIMIT:
    case VL_ERR_UNVERIFIED:
        return "do not trust it; ask whoever it should be from, by another way";
    case VL_ERR_NO_MEMORY:
        return "close other programs, or use a larger machine";
    case VL_ERR_BUSY:
        return "try again";
    case VL_ERR_REFUSED:
        return "change what is said there: trying again gives the same";
    case VL_ERR_USAGE:
        return strstr(why->text, "passphrase")
                   ? "type it on a terminal, or give it with --passphrase-fd N"
                   : "valise help";
    default:
        return "look at the disk and the permissions, and try again:\nvalise doctor";
    }
}

int vl_home_failure(const char *what, enum vl_err err, const struct vl_why *why, const char *mend)
{
    return vl_say_failure(what, err, why, mend ? mend : mend_of(err, why));
}

int vl_home_begin(enum vl_home_access access, struct vl_home *home, const char *what)
{
    const char *folder = vl_home_folder();
    struct vl_why why = {""};
    enum vl_err err;

    if (!folder) {
        (void)vl_fail(&why, VL_ERR_NO_HOME, "neither -C nor $VALISE_HOME nor $HOME says where");
        return vl_home_failure(what, VL_ERR_NO_HOME, &why, "valise -C DIR ...");
    }
    err = vl_home_open(folder, access, home, &why);
    return err ? vl_home_failure(
                     what, err, &why,
                     err == VL_ERR_UNSUPPORTED && access == VL_HOME_READ
                         ? "use a newer valise, or bring an older home up to date:\nvalise doctor"
                         : NULL)
               : -1;
}

int vl_home_begin_change(bool dry_run, struct vl_home *home, const char *what)
{
    return vl_home_begin(dry_run ? VL_HOME_REHEARSE : VL_HOME_WRITE, home, what);
}

void vl_say_dry_run(const struct vl_common *common, bool dry_run)
{
    if (!dry_run || common->quiet || common->json)
        return;
    (void)fflush(stdout);
    (void)fprintf(stderr, "A dry run: nothing of this was kept.\n");
}

int vl_print_doc(struct vl_doc *doc, const char *what)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(DOC_MAX);
    const struct vl_why why = {"the result could not be printed"};
    enum vl_err err = vl_doc_finish(doc, &out);

    if (!err && fwrite(out.data, 1, out.len, stdout) != out.len)
        err = VL_ERR_IO;
    return err ? vl_say_failure(what, err, &why, "look at where stdout goes") : 0;
}

void vl_doc_office(struct vl_doc *doc, const char *name, struct vl_home *home,
                   const uint8_t office[VL_HASH_LEN])
{
    struct vl_office_name known = {.text = ""};
    struct vl_office_id id;
    char address[VL_OFFICE_TEXT];

    memcpy(id.at, office, VL_HASH_LEN);
    if (home && vl_home_name_office(home, office, &known, NULL) != VL_OK)
        known = (struct vl_office_name){.known = false};
    vl_doc_object(doc, name);
    vl_doc_text(doc, "address", vl_office_id_text(&id, address));
    vl_doc_text(doc, "petname", known.petname[0] ? known.petname : NULL);
    vl_doc_bool(doc, "own", known.is_own);
    vl_doc_bool(doc, "known", known.known);
    vl_doc_bool(doc, "checked", known.checked);
    vl_doc_bool(doc, "forked", known.forked);
    vl_doc_close(doc);
}

int vl_cli_confirm(const char *question, bool yes, const char *what)
{
    const struct vl_why not_asked = {"it wants to be confirmed, and there is no terminal"};
    const struct vl_why refused = {"you did not say yes"};
    char answer[8] = "";
    struct vl_why why = {""};
    enum vl_err err;

    if (yes)
        return -1;
    if (!vl_tty_is_there())
        return vl_say_failure(what, VL_ERR_USAGE, &not_asked, "say so beforehand: --yes");
    err = vl_tty_line(question, answer, sizeof answer, &why);
    if (err)
        return vl_say_failure(what, err, &why, "say so beforehand: --yes");
    if (answer[0] == 'y' || answer[0] == 'Y')
        return -1;
    return vl_say_failure(what, VL_ERR_IO, &refused, "nothing was changed");
}

const char *vl_way_word(enum vl_letter_way way)
{
    static const char *const words[] = {[VL_WAY_WAITING] = "waiting",
                                        [VL_WAY_HANDED] = "handed",
                                        [VL_WAY_PASSED] = "passed",
                                        [VL_WAY_RECEIPTED] = "receipted"};

    return (size_t)way < sizeof words / sizeof *words ? words[way] : NULL;
}
