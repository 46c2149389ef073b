/* SPDX-License-Identifier: Apache-2.0 */
#include "office/disclose.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "letter/pax.h"
#include "sys/outfile.h"

#define PIECE ((size_t)256 << 10)

struct disclosing {
    struct vl_home *home;
    const struct vl_disclose_request *request;
    struct vl_opening *opening;
    struct vl_out out;
    struct vl_disclosure_draft draft;
    size_t parts[VL_MANIFEST_MAX_PARTS]; /* indexes that were asked for, ascending */
    uint64_t part_size;
    bool passing;
};

static enum vl_err put_fill(struct disclosing *disclosing, uint64_t size, struct vl_why *why)
{
    static const uint8_t zeroes[VL_PAX_BLOCK];

    return vl_out_put(&disclosing->out, vl_bytes_of(zeroes, vl_pax_fill(size)), why);
}

static enum vl_err put_header(struct disclosing *disclosing, vl_bytes name, uint64_t size,
                              struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf header = VL_BUF_INIT(VL_PAX_HEADER_MAX);
    enum vl_err err = vl_pax_header(name, size, &header);

    return err ? vl_fail(why, err, "no memory for a header")
               : vl_out_put(&disclosing->out, vl_buf_bytes(&header), why);
}

static bool is_wanted(const struct vl_disclose_request *request, size_t index, vl_bytes name)
{
    char place[24];

    (void)snprintf(place, sizeof place, "%zu", index + 1);
    for (size_t i = 0; i < request->part_count; i++)
        if (vl_bytes_eq(name, vl_bytes_str(request->parts[i])) ||
            strcmp(place, request->parts[i]) == 0)
            return true;
    return false;
}

static enum vl_err begin(void *self, size_t index, vl_bytes name, uint64_t size, struct vl_why *why)
{
    struct disclosing *disclosing = self;

    disclosing->passing =
        !disclosing->request->whole && is_wanted(disclosing->request, index, name);
    if (!disclosing->passing)
        return VL_OK;
    disclosing->parts[disclosing->draft.part_count++] = index;
    disclosing->part_size = size;
    return put_header(disclosing, name, size, why);
}

static enum vl_err data(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct disclosing *disclosing = self;

    return disclosing->passing ? vl_out_put(&disclosing->out, bytes, why) : VL_OK;
}

static enum vl_err end(void *self, struct vl_why *why)
{
    struct disclosing *disclosing = self;

    return disclosing->passing ? put_fill(disclosing, disclosing->part_size, why) : VL_OK;
}

static enum vl_err put_envelope(struct disclosing *disclosing, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf piece = VL_BUF_INIT(PIECE);
    struct vl_envelope *envelope = NULL;
    uint8_t *at = NULL;
    size_t got = 1;
    enum vl_err err =
        vl_store_envelope(disclosing->home->store, disclosing->opening->row.number, &envelope, why);

    if (!err)
        err = vl_buf_add(&piece, PIECE, &at);
    if (!err)
        err = put_header(disclosing, VL_LITERAL(VL_DISCLOSURE_ENVELOPE), vl_envelope_size(envelope),
                         why);
    while (!err && got > 0) {
        err = vl_envelope_read(envelope, (vl_room){at, PIECE}, &got, why);
        if (!err)
            err = vl_out_put(&disclosing->out, vl_bytes_of(at, got), why);
    }
    if (!err)
        err = put_fill(disclosing, vl_envelope_size(envelope), why);
    vl_envelope_free(envelope);
    return err;
}

static enum vl_err choose_fields(struct disclosing *disclosing, struct vl_why *why)
{
    const struct vl_disclose_request *request = disclosing->request;

    for (size_t i = 0; i < request->field_count; i++) {
        bool found = false;

        for (size_t field = 0; field < VL_FIELD_COUNT; field++)
            if (strcmp(request->fields[i], vl_field_word((enum vl_field)field)) == 0) {
                disclosing->draft.fields[field] = true;
                found = true;
            }
        if (!found)
            return vl_fail(why, VL_ERR_NOT_FOUND, "there is no field \"%s\"", request->fields[i]);
    }
    return VL_OK;
}

static enum vl_err put_disclosure(struct disclosing *disclosing, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf evidence = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf last = VL_BUF_INIT(VL_DISCLOSURE_MAX_LEN);
    static const uint8_t zeroes[VL_PAX_END];
    const struct vl_letter_seen *seen = &disclosing->opening->seen;
    struct vl_disclosure_draft *draft = &disclosing->draft;
    const struct vl_disclose_request *request = disclosing->request;
    enum vl_err err =
        request->with_evidence || request->whole
            ? vl_letter_evidence(disclosing->home, &disclosing->opening->row, &evidence, why)
            : vl_office_evidence(disclosing->home, &seen->manifest.core.issuer, &evidence, why);

    draft->manifest = &seen->manifest;
    draft->has_number = true;
    memcpy(draft->number, seen->number, VL_HASH_LEN);
    draft->parts = disclosing->parts;
    if (request->whole && seen->was_sealed)
        draft->file_key = &seen->file_key;
    draft->evidence = vl_buf_bytes(&evidence);
    if (!err)
        err = vl_disclosure_write(draft, &last, why);
    if (!err)
        err = put_header(disclosing, VL_LITERAL(VL_DISCLOSURE_NAME), last.len, why);
    if (!err)
        err = vl_out_put(&disclosing->out, vl_buf_bytes(&last), why);
    if (!err)
        err = put_fill(disclosing, last.len, why);
    return err ? err : vl_out_put(&disclosing->out, VL_ARRAY(zeroes), why);
}

static enum vl_err write_all(struct disclosing *disclosing, struct vl_why *why)
{
    const struct vl_disclose_request *request = disclosing->request;
    const struct vl_part_sink sink = {begin, data, end, disclosing};
    struct vl_opening *opening = disclosing->opening;
    enum vl_err err = choose_fields(disclosing, why);

    if (!err)
        err = vl_out_open(request->output, request->out_flags, &disclosing->out, why);
    if (!err)
        err = vl_letter_judge(disclosing->home, &opening->row, &request->asker, &sink,
                              request->workers, &request->progress, opening, why);
    /* An outside that another office signed is no evidence about what is shown. */
    if (!err && opening->foreign) {
        opening->row.waybill = VL_BYTES_NONE;
        opening->row.has_sealed = false;
    }
    if (!err && disclosing->draft.part_count < request->part_count)
        err = vl_fail(why, VL_ERR_NOT_FOUND,
                      "not all of the parts that were named are in this "
                      "letter");
    if (!err && request->whole) {
        memset(disclosing->draft.fields, true, sizeof disclosing->draft.fields);
        for (size_t i = 0; i < opening->seen.manifest.part_count; i++)
            disclosing->parts[disclosing->draft.part_count++] = i;
        err = put_envelope(disclosing, why);
    }
    if (!err)
        err = put_disclosure(disclosing, why);
    return err || disclosing->request->dry_run ? err : vl_out_commit(&disclosing->out, why);
}

enum vl_err vl_disclose(struct vl_home *home, const struct vl_disclose_request *request,
                        struct vl_opening *opening, uint64_t *output_bytes, struct vl_why *why)
{
    struct disclosing *disclosing;
    enum vl_err err;

    if (!request->whole && request->field_count == 0 && request->part_count == 0)
        return vl_fail(why, VL_ERR_USAGE, "neither a field nor a part was named");
    err = vl_home_find_letter(home, request->letter, 8, &opening->row, why);
    if (err)
        return err;
    disclosing = vl_new(sizeof *disclosing);
    if (!disclosing)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the list of parts");
    disclosing->home = home;
    disclosing->request = request;
    disclosing->opening = opening;
    disclosing->out = (struct vl_out)VL_OUT_INIT;
    err = write_all(disclosing, why);
    *output_bytes = disclosing->out.written;
    vl_out_drop(&disclosing->out);
    vl_free(disclosing);
    return err;
}
