/* SPDX-License-Identifier: Apache-2.0 */
/* What a letter is, judged from its inside, its outside and the cards at hand. */
#include <string.h>

#include "base/alloc.h"
#include "custody/waybill.h"
#include "office/keeping.h"
#include "office/open.h"

void vl_opening_release(struct vl_opening *opening)
{
    vl_letter_row_release(&opening->row);
    vl_letter_seen_release(&opening->seen);
}

static enum vl_err push(struct vl_envelope *envelope, struct vl_letter_reader *reader,
                        const struct vl_progress *progress, struct vl_why *why)
{
    const uint64_t size = vl_envelope_size(envelope);
    uint64_t done = 0;
    size_t got = 1;
    enum vl_err err = VL_OK;

    while (!err && got > 0) {
        const vl_room room = vl_letter_reader_room(reader);

        got = 0;
        if (room.len > 0)
            err = vl_envelope_read(envelope, room, &got, why);
        if (!err && (got > 0 || room.len == 0))
            err = vl_letter_reader_fed(reader, got, why);
        done += got;
        if (!err && progress && progress->moved)
            progress->moved(progress->self, done, size);
    }
    return err;
}

/* In whose place it was read. */
static const struct vl_office_id *reader_of(const struct vl_home *home,
                                            const struct vl_opening *opening)
{
    return opening->for_another ? &opening->deputy.principal : &home->own;
}

static enum vl_err read_letter(struct vl_home *home, const struct vl_letter_row *row,
                               const struct vl_part_sink *parts, unsigned workers,
                               const struct vl_progress *progress, struct vl_opening *opening,
                               struct vl_why *why)
{
    bool sealed = row->mode == VL_LETTER_SEALED;
    const struct vl_age_identities *identities =
        opening->for_another ? opening->deputy.identities : &home->secrets.sealing;
    const struct vl_letter_read_plan plan = {.identities = sealed ? identities : NULL,
                                             .office = sealed && !opening->for_another ? &home->own
                                                                                       : NULL,
                                             .workers = workers,
                                             .parts = *parts};
    struct vl_envelope *envelope = NULL;
    struct vl_letter_reader *reader = NULL;
    enum vl_err err = vl_store_envelope(home->store, row->number, &envelope, why);

    if (!err) {
        reader = vl_letter_reader_new(&plan, row->size);
        err = reader ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to open it with");
    }
    if (!err)
        err = push(envelope, reader, progress, why);
    if (!err)
        err = vl_letter_reader_finish(reader, &opening->seen, why);
    if (!err && memcmp(opening->seen.number, row->number, VL_HASH_LEN) != 0)
        err = vl_fail(why, VL_ERR_UNVERIFIED, "the store holds another letter than it should");
    vl_letter_reader_free(reader);
    vl_envelope_free(envelope);
    return err;
}

/* Who signed it: with a card that is here, or nobody. */
static enum vl_err judge_sender(struct vl_home *home, struct vl_opening *opening,
                                struct vl_why *why)
{
    const struct vl_object *core = &opening->seen.manifest.core;
    const struct vl_chain *chain = vl_home_chain(home, &core->issuer);
    char address[VL_OFFICE_TEXT];
    enum vl_err err;

    if (!chain)
        return vl_home_no_chain(home,
                                vl_fail(why, VL_ERR_NOT_FOUND,
                                        "its sender says to be %s, and there is no card of it",
                                        vl_office_id_text(&core->issuer, address)),
                                why);
    err = vl_chain_verify(chain, core, &opening->sender, why);
    if (!err)
        err = vl_home_name_office(home, core->issuer.at, &opening->from, why);
    if (err)
        return vl_fail_in(why, err, "the sender's signature");
    if (opening->sender.standing != VL_STANDING_FULL)
        return vl_fail(why, VL_ERR_UNVERIFIED, "a signature that the sender's card asks for lacks");
    if (opening->sender.revoked)
        return vl_fail(why, VL_ERR_UNVERIFIED, "it is signed with a key that was revoked");
    return VL_OK;
}

/* The rules of PROTOCOL 9 and 10: for whom, and in whose envelope. */
static enum vl_err judge_envelope(const struct vl_letter_row *row, struct vl_opening *opening,
                                  struct vl_why *why)
{
    const struct vl_letter_seen *seen = &opening->seen;

    opening->form = vl_letter_form(seen);
    switch (opening->form) {
    case VL_FORM_DISCLOSED_COPY:
        return vl_fail(why, VL_ERR_UNVERIFIED,
                       "it is the inside of a sealed letter without its envelope");
    case VL_FORM_RESEALED:
        return vl_fail(why, VL_ERR_UNVERIFIED,
                       "somebody sealed this letter again: the envelope is not the sender's");
    case VL_FORM_ENCLOSED_OPEN:
        return vl_fail(why, VL_ERR_UNVERIFIED,
                       "an open letter in an envelope that nobody signed for");
    case VL_FORM_SEALED:
        if (!seen->own_listed || !seen->own_key_ok)
            return vl_fail(why, VL_ERR_UNVERIFIED,
                           "the letter does not name %s: somebody else was meant",
                           opening->for_another ? "the office that these keys are for"
                                                : "this office");
        break;
    case VL_FORM_OPEN:
    default:
        break;
    }
    if (row->mode != seen->manifest.mode)
        return vl_fail(why, VL_ERR_UNVERIFIED, "it is not what it was taken for");
    return VL_OK;
}

/* Does the outside say what the inside says (PROTOCOL 3, 18)? */
static enum vl_err judge_waybill(const struct vl_letter_row *row, struct vl_opening *opening,
                                 struct vl_why *why)
{
    const struct vl_manifest *manifest = &opening->seen.manifest;
    struct vl_waybill waybill;
    size_t at = 0;
    enum vl_err err;

    if (row->waybill.len == 0)
        return VL_OK;
    err = vl_waybill_parse(row->waybill, &waybill, why);
    if (err)
        return err;
    /* Whoever had it on the way could put that on: no lie of the sender's, and no reason not to
     * read what the sender wrote. */
    opening->foreign = !vl_office_id_eq(&waybill.from, &manifest->core.issuer);
    if (opening->foreign)
        return VL_OK;
    if (memcmp(waybill.commitment, manifest->core_id, VL_HASH_LEN) != 0)
        return vl_fail(why, VL_ERR_UNVERIFIED,
                       "the content is not what the sender committed to on the waybill");
    for (size_t i = 0; i < manifest->to_count; i++)
        if (!manifest->to[i].is_own_copy) {
            if (at >= waybill.to_count ||
                !vl_office_id_eq(&waybill.to[at], &manifest->to[i].office))
                return vl_fail(why, VL_ERR_UNVERIFIED,
                               "the waybill names other addressees than the letter inside");
            at++;
        }
    if (at != waybill.to_count)
        return vl_fail(why, VL_ERR_UNVERIFIED,
                       "the waybill names other addressees than the letter inside");
    opening->has_waybill = true;
    return VL_OK;
}

static void find_addressee(const struct vl_home *home, const struct vl_letter_row *row,
                           struct vl_opening *opening)
{
    const struct vl_manifest *manifest = &opening->seen.manifest;
    const struct vl_office_id *reader = reader_of(home, opening);

    for (size_t i = 0; i < row->to_count; i++)
        opening->is_addressee |= memcmp(row->to[i], reader->at, VL_HASH_LEN) == 0;
    for (size_t i = 0; i < manifest->to_count; i++)
        opening->is_addressee |=
            !manifest->to[i].is_own_copy && vl_office_id_eq(&manifest->to[i].office, reader);
}

/* It could not be read: is that the letter's fault, and for whom was it tried?  A disk that lost a
 * bit is no reason to sign against the sender. */
static enum vl_err judge_unread(struct vl_home *home, const struct vl_letter_row *row,
                                enum vl_err failed, struct vl_opening *opening, struct vl_why *why)
{
    enum vl_err err;
    struct vl_why one = {""};
    bool holds = false;

    if (failed != VL_ERR_UNVERIFIED && failed != VL_ERR_FORMAT && failed != VL_ERR_LIMIT &&
        failed != VL_ERR_NO_KEY)
        return failed;
    err = vl_store_envelope_holds(home->store, row->number, &holds, &one);
    if (err)
        return vl_fail(why, err, "%s", one.text);
    opening->rotten = !holds;
    if (opening->rotten)
        return vl_fail(why, VL_ERR_UNVERIFIED, "its bytes are damaged on the disk of this office");
    if (failed == VL_ERR_NO_KEY ||
        (opening->for_another && !vl_deputy_of_row(home, row, &opening->deputy)))
        return failed;
    opening->verdict = VL_VERDICT_UNREADABLE;
    find_addressee(home, row, opening);
    return failed;
}

enum vl_err vl_letter_judge(struct vl_home *home, const struct vl_letter_row *row,
                            const struct vl_asker *asker, const struct vl_part_sink *parts,
                            unsigned workers, const struct vl_progress *progress,
                            struct vl_opening *opening, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (row->forgotten) {
        bool stays = false;

        err = vl_letter_stays(home->store, row, &stays, why);
        if (!err)
            err = vl_fail(why, VL_ERR_NOT_FOUND,
                          stays ? "its envelope was left on the stick that it came on"
                                : "its envelope was forgotten; what is known of it stays");
        return err;
    }
    opening->verdict = VL_VERDICT_NONE;
    if (row->mode == VL_LETTER_SEALED)
        err = vl_home_unlock(home, asker, why);
    if (err)
        return err;
    err = read_letter(home, row, parts, workers, progress, opening, why);
    if (err)
        return judge_unread(home, row, err, opening, why);
    err = judge_sender(home, opening, why);
    if (!err && opening->for_another)
        err = vl_deputy_of_letter(home, row, &opening->seen, &opening->deputy, why);
    if (!err)
        err = judge_envelope(row, opening, why);
    if (err)
        return err;
    find_addressee(home, row, opening);
    err = judge_waybill(row, opening, why);
    if (err) {
        opening->verdict = VL_VERDICT_MISMATCH;
        return err;
    }
    opening->verdict = VL_VERDICT_OK;
    return VL_OK;
}
