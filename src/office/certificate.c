/* SPDX-License-Identifier: Apache-2.0 */
#include "office/certificate.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

#define NAME_SAFE 2100 /* of a name whose every byte is shown by its number */

struct described {
    struct vl_office_id ids[VL_CERTIFICATE_OFFICES];
    struct vl_certificate_office offices[VL_CERTIFICATE_OFFICES];
    char names[VL_CERTIFICATE_OFFICES][NAME_SAFE];
};

static enum vl_err describe(struct vl_home *home, const struct vl_office_id *id, bool with_words,
                            char name[NAME_SAFE], struct vl_certificate_office *out,
                            struct vl_why *why)
{
    const struct vl_chain *chain = vl_home_chain(home, id);
    struct vl_office_name known;
    enum vl_err err = vl_home_name_office(home, id->at, &known, why);

    if (err)
        return err;
    *out = (struct vl_certificate_office){.office = *id, .is_checked = known.checked};
    if (chain)
        out->name = vl_text_safe(name, NAME_SAFE, vl_chain_newest(chain)->name);
    if (!with_words)
        return VL_OK;
    err = vl_office_id_words(id, out->words);
    out->has_words = !err;
    return err ? vl_fail(why, err, "no memory for check words") : VL_OK;
}

enum vl_err vl_certificate_make(struct vl_home *home, const struct vl_finding *finding,
                                vl_certificate_writer write, struct vl_buf *out, size_t *boxes,
                                struct vl_why *why)
{
    struct described *described = vl_new(sizeof *described);
    struct vl_certificate certificate = {.finding = finding, .boxes = boxes};
    enum vl_err err = VL_OK;
    size_t count;

    if (!described)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a certificate");
    count = vl_certificate_parties(finding, described->ids, VL_CERTIFICATE_OFFICES);
    certificate.offices = described->offices;
    certificate.office_count = count < VL_CERTIFICATE_OFFICES ? count : VL_CERTIFICATE_OFFICES;
    certificate.more_offices = count - certificate.office_count;
    for (size_t i = 0; i < certificate.office_count && !err; i++)
        err = describe(home, &described->ids[i], i < VL_CERTIFICATE_WORDS, described->names[i],
                       &described->offices[i], why);
    if (!err)
        err = write(&certificate, out, why);
    vl_free(described);
    return err;
}
