/* SPDX-License-Identifier: Apache-2.0 */
#include "office/open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "office/acts.h"
#include "office/answers.h"
#include "office/owed.h"
#include "office/replies.h"
#include "sys/folder.h"
#include "sys/outfile.h"
#include "sys/process.h"
#include "sys/staging.h"

/* Parts on their way to a folder that does not exist yet. */
struct unpacking {
    const struct vl_open_request *request;
    struct vl_stage stage; /* of a folder */
    struct vl_out out;     /* of the part being written */
    bool writing;
    bool found; /* the one part that was asked for */
};

static bool is_wanted(const struct vl_open_request *request, size_t index, vl_bytes name)
{
    char place[24];

    if (vl_bytes_eq(name, vl_bytes_str(request->part)))
        return true;
    (void)snprintf(place, sizeof place, "%zu", index + 1);
    return strcmp(place, request->part) == 0;
}

static bool goes_to_file(const struct vl_open_request *request)
{
    return request->part && request->output && strcmp(request->output, "-") != 0;
}

/* name was checked by the letter room: it can be a file, and nothing but a file in this folder. */
static enum vl_err begin(void *self, size_t index, vl_bytes name, uint64_t size, struct vl_why *why)
{
    struct unpacking *unpacking = self;
    const struct vl_open_request *request = unpacking->request;
    char room[512];
    char *path;
    enum vl_err err;

    (void)size;
    (void)snprintf(room, sizeof room, "%.*s", (int)name.len, (const char *)name.ptr);
    if (request->part) {
        bool wanted = is_wanted(request, index, name) && !unpacking->found;

        unpacking->found |= wanted;
        unpacking->writing = wanted && goes_to_file(request);
        return VL_OK; /* its output was opened before anything was read */
    }
    if (!request->folder)
        return VL_OK;
    path = vl_path_join(unpacking->stage.path, room);
    if (!path)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");
    err = vl_out_open(path, VL_OUT_PRIVATE | VL_OUT_PART, &unpacking->out, why);
    vl_free(path);
    unpacking->writing = !err;
    return err ? vl_fail_in(why, err, "\"%s\"", room) : VL_OK;
}

static enum vl_err data(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct unpacking *unpacking = self;

    return unpacking->writing ? vl_out_put(&unpacking->out, bytes, why) : VL_OK;
}

static enum vl_err end(void *self, struct vl_why *why)
{
    struct unpacking *unpacking = self;
    bool whole = unpacking->writing && !unpacking->request->part;
    enum vl_err err = whole ? vl_out_commit(&unpacking->out, why) : VL_OK;

    if (whole)
        vl_out_drop(&unpacking->out);
    unpacking->writing = false;
    return err;
}

static enum vl_err check_room(const struct vl_open_request *request, uint64_t size,
                              struct vl_why *why)
{
    const char *place = request->folder ? request->folder : request->output;
    uint64_t free_bytes = 0;
    char *parent = vl_path_parent(place);
    enum vl_err err = parent ? VL_OK : VL_ERR_NO_MEMORY;

    /* A place that does not exist yet is made on the same file system as its nearest folder. */
    while (!err && !vl_folder_is_there(parent)) {
        char *above = vl_path_parent(parent);

        vl_free(parent);
        parent = above;
        err = parent ? VL_OK : VL_ERR_NO_MEMORY;
    }
    if (!err)
        err = vl_folder_free_bytes(parent, &free_bytes, why);
    if (!err && free_bytes < size)
        err = vl_fail(why, VL_ERR_NO_SPACE, "\"%s\" has %llu bytes free and the letter %llu",
                      parent, (unsigned long long)free_bytes, (unsigned long long)size);
    vl_free(parent);
    return err;
}

/* First pass: everything is verified, and what goes to files lies there without a name. */
static enum vl_err unpack(struct vl_home *home, struct unpacking *unpacking,
                          struct vl_opening *opening, struct vl_why *why)
{
    const struct vl_open_request *request = unpacking->request;
    const struct vl_part_sink sink = {begin, data, end, unpacking};
    enum vl_err err = VL_OK;

    if (request->folder || goes_to_file(request))
        err = check_room(request, opening->row.size, why);
    if (!err && request->folder)
        err = vl_stage_begin(request->folder, &unpacking->stage, why);
    if (!err && goes_to_file(request))
        err =
            vl_out_open(request->output, request->out_flags | VL_OUT_PRIVATE, &unpacking->out, why);
    if (err)
        return vl_fail_in(why, err, "the output");
    err = vl_letter_judge(home, &opening->row, &request->asker, &sink, request->workers,
                          &request->progress, opening, why);
    if (!err && request->part && !unpacking->found)
        err =
            vl_fail(why, VL_ERR_NOT_FOUND, "there is no part \"%s\" in this letter", request->part);
    return err;
}

/* Second pass, for what is shown: to whom it goes has no way to take it back. */
struct showing {
    const struct vl_open_request *request;
    const struct vl_manifest *manifest;
    bool passing;
};

static bool is_text(const struct vl_manifest_part *part)
{
    return vl_bytes_starts(part->type, VL_LITERAL("text/"));
}

static enum vl_err show_begin(void *self, size_t index, vl_bytes name, uint64_t size,
                              struct vl_why *why)
{
    struct showing *showing = self;
    const struct vl_open_request *request = showing->request;

    showing->passing = request->part
                           ? is_wanted(request, index, name)
                           : request->show_texts && index < showing->manifest->part_count &&
                                 is_text(&showing->manifest->parts[index]);
    return showing->passing && request->show.begin
               ? request->show.begin(request->show.self, index, name, size, why)
               : VL_OK;
}

static enum vl_err show_data(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct showing *showing = self;

    return showing->passing ? showing->request->show.data(showing->request->show.self, bytes, why)
                            : VL_OK;
}

static enum vl_err show_end(void *self, struct vl_why *why)
{
    struct showing *showing = self;

    return showing->passing && showing->request->show.end
               ? showing->request->show.end(showing->request->show.self, why)
               : VL_OK;
}

static enum vl_err show(struct vl_home *home, const struct vl_open_request *request,
                        const struct vl_opening *first, struct vl_why *why)
{
    struct showing showing = {request, &first->seen.manifest, false};
    const struct vl_part_sink sink = {show_begin, show_data, show_end, &showing};
    struct vl_opening *again;
    enum vl_err err;

    if (!request->show.data || !(request->part || request->show_texts) || goes_to_file(request))
        return VL_OK;
    again = vl_new(sizeof *again);
    if (!again)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read it again");
    again->for_another = first->for_another;
    again->deputy = first->deputy;
    again->row = (struct vl_letter_row)VL_LETTER_ROW_INIT;
    again->seen = (struct vl_letter_seen)VL_LETTER_SEEN_INIT;
    err = vl_letter_judge(home, &first->row, &request->asker, &sink, request->workers, NULL, again,
                          why);
    vl_opening_release(again);
    vl_free(again);
    return err;
}

struct search {
    struct vl_home *home;
    const struct vl_opening *opening;
    struct vl_opened *opened; /* room to read one in */
    bool found;
};

/* For whom it was opened: the one who gave the mandate, or the one above it. */
static enum vl_err principal_of(const struct search *search, struct vl_office_id *principal,
                                struct vl_why *why)
{
    const struct vl_opening *opening = search->opening;
    const struct vl_held_mandates *held = &opening->deputy.held;
    VL_AUTO(vl_object_release) struct vl_object mandate = VL_OBJECT_INIT;
    enum vl_err err;

    for (size_t i = 0; i < held->count; i++)
        if (memcmp(held->at[i].id, search->opened->act.under, VL_HASH_LEN) == 0) {
            *principal = held->at[i].principal;
            return VL_OK;
        }
    err = vl_acts_read(search->home->store, search->opened->act.under, &mandate, why);
    if (!err)
        *principal = mandate.issuer;
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

static enum vl_err see_opened(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    struct search *search = self;
    const struct vl_opening *opening = search->opening;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_office_id principal = {{0}};
    enum vl_err err;

    if (search->found || strcmp(row->kind, vl_kind_word(VL_KIND_OPENED)) != 0 ||
        memcmp(row->issuer, search->home->own.at, VL_HASH_LEN) != 0)
        return VL_OK;
    err = vl_object_parse(row->bytes, &object, why);
    if (!err)
        err = vl_opened_read(&object, search->opened, why);
    if (!err && search->opened->act.has_under)
        err = principal_of(search, &principal, why);
    if (!err)
        search->found =
            search->opened->act.has_under == opening->for_another &&
            (!opening->for_another || vl_office_id_eq(&principal, &opening->deputy.principal));
    return err;
}

/* Once for this office, and once for each in whose place it reads. */
static enum vl_err find_opened(struct vl_home *home, struct vl_opening *opening, struct vl_why *why)
{
    struct search search = {home, opening, vl_new(sizeof *search.opened), false};
    enum vl_err err =
        search.opened ? vl_store_objects(home->store, opening->row.number, see_opened, &search, why)
                      : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to look for an act");

    vl_free(search.opened);
    opening->opened_before = search.found;
    return err;
}

static enum vl_err sign_opened(struct vl_home *home, const struct vl_open_request *request,
                               const struct vl_opening *opening, struct vl_buf *act,
                               uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    const struct vl_letter_seen *seen = &opening->seen;
    struct vl_opened *opened = vl_new(sizeof *opened);
    struct vl_signer signer;
    enum vl_err err = opened ? vl_home_signer(home, request->now_s, &signer, why)
                             : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the act");

    if (!err) {
        opened->act.capacity = opening->for_another ? VL_CAPACITY_DELEGATE : VL_CAPACITY_PRINCIPAL;
        opened->act.has_under = opening->for_another;
        memcpy(opened->act.under, opening->deputy.under, VL_HASH_LEN);
        opened->act.manual = request->manual;
        memcpy(opened->act.card_id, signer.card_id, VL_HASH_LEN);
        memcpy(opened->number, opening->row.number, VL_HASH_LEN);
        opened->has_waybill = opening->row.waybill.len > 0 && !opening->foreign;
        if (opened->has_waybill)
            vl_sha256(opening->row.waybill, opened->waybill);
        opened->verdict = opening->verdict;
        opened->has_core = opening->verdict != VL_VERDICT_UNREADABLE;
        opened->has_opening = opened->has_core && seen->has_opening;
        if (opened->has_core)
            memcpy(opened->core, seen->manifest.core_id, VL_HASH_LEN);
        if (opened->has_opening)
            memcpy(opened->opening, seen->opening, VL_HASH_LEN);
        err = vl_opened_write(&signer, opened, act, id, why);
    }
    vl_free(opened);
    return err;
}

void vl_row_of_manifest(const struct vl_manifest *manifest, struct vl_letter_row *row)
{
    row->has_from = true;
    memcpy(row->from, manifest->core.issuer.at, VL_HASH_LEN);
    row->to_count = 0;
    for (size_t i = 0; i < manifest->to_count && row->to_count < VL_STORE_MAX_TO; i++)
        if (!manifest->to[i].is_own_copy)
            memcpy(row->to[row->to_count++], manifest->to[i].office.at, VL_HASH_LEN);
    row->has_core = true;
    memcpy(row->core, manifest->core_id, VL_HASH_LEN);
    row->has_letter_id = true;
    memcpy(row->letter_id, manifest->letter_id, VL_LETTER_ID_LEN);
    row->has_date = manifest->has_date;
    row->date_s = manifest->date_s;
    row->has_expires = manifest->has_expires;
    row->expires_s = manifest->expires_s;
    row->has_expect_by = manifest->has_expect_by;
    row->expect_by_s = manifest->expect_by_s;
}

/* What is known of the letter now goes into its row. */
static void fill_row(const struct vl_open_request *request, struct vl_opening *opening,
                     struct vl_letter_row *row)
{
    const struct vl_manifest *manifest = &opening->seen.manifest;

    *row = opening->row; /* borrows; not released */
    row->verdict = (uint8_t)opening->verdict;
    row->opened_at_s = request->now_s;
    if (opening->verdict != VL_VERDICT_OK)
        return;
    if (opening->foreign) {
        row->waybill = VL_BYTES_NONE;
        row->has_sealed = false;
        row->leaf_index = 0;
        row->path = VL_BYTES_NONE;
    }
    row->from_proven = true;
    vl_row_of_manifest(manifest, row);
}

static enum vl_err keep(struct vl_home *home, const struct vl_open_request *request,
                        struct vl_opening *opening, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf act = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    uint8_t id[VL_HASH_LEN];
    struct vl_letter_row row;
    bool sign;
    enum vl_err err;

    if (home->access == VL_HOME_READ)
        return VL_OK;
    err = find_opened(home, opening, why);
    sign = !err && !request->no_sign && opening->is_addressee && !opening->opened_before &&
           opening->row.mode == VL_LETTER_SEALED;
    if (sign)
        err = sign_opened(home, request, opening, &act, id, why);
    fill_row(request, opening, &row);
    if (!sign) { /* opened only counts once it was signed */
        row.verdict = opening->row.verdict;
        row.opened_at_s = opening->row.opened_at_s;
    }
    if (!err)
        err = vl_store_begin(home->store, why);
    if (!err)
        err = vl_store_update_letter(home->store, &row, why);
    if (!err && sign)
        err = vl_own_act_keep(home, vl_buf_bytes(&act), VL_BYTES_NONE, request->now_s, why);
    if (!err && sign && row.has_from && memcmp(row.from, home->own.at, VL_HASH_LEN) != 0)
        err = vl_owe_with_hand(home->store, row.from, id, why);
    if (!err && sign && opening->for_another)
        err = vl_owe_with_hand(home->store, opening->deputy.principal.at, id, why);
    if (!err && opening->verdict == VL_VERDICT_OK)
        err = vl_reply_keep(home->store, row.number, &opening->seen.manifest, request->now_s, why);
    if (!err)
        err = vl_store_commit(home->store, why);
    vl_store_rollback(home->store);
    opening->signed_now = sign && !err;
    return err;
}

static enum vl_err open_it(struct vl_home *home, const struct vl_open_request *request,
                           struct vl_opening *opening, struct vl_why *why)
{
    struct unpacking unpacking = {.request = request, .stage = VL_STAGE_INIT, .out = VL_OUT_INIT};
    struct vl_why ignored;
    enum vl_err err = unpack(home, &unpacking, opening, why);

    /* A letter that is not what it should be is signed for as just that (PROTOCOL 3). */
    if (err && opening->verdict != VL_VERDICT_NONE && opening->verdict != VL_VERDICT_OK &&
        opening->is_addressee && keep(home, request, opening, &ignored) != VL_OK)
        err = vl_fail_in(why, err, "and that could not be signed: %s", ignored.text);
    vl_stop_hold(); /* signed for and given, or neither */
    if (!err)
        err = keep(home, request, opening, why);
    if (!err && request->folder && home->access != VL_HOME_REHEARSE)
        err = vl_stage_commit(&unpacking.stage, why);
    if (!err && goes_to_file(request) && home->access != VL_HOME_REHEARSE)
        err = vl_out_commit(&unpacking.out, why);
    vl_stop_release();
    vl_out_drop(&unpacking.out);
    vl_stage_drop(&unpacking.stage);
    return err ? err : show(home, request, opening, why);
}

enum vl_err vl_open(struct vl_home *home, const struct vl_open_request *request,
                    struct vl_opening *opening, struct vl_why *why)
{
    enum vl_err err = vl_home_find_letter(home, request->letter, 8, &opening->row, why);

    opening->opened_before = false;
    /* An open letter needs nobody's keys, and nothing is signed for it. */
    opening->for_another = !err && request->identities && opening->row.mode == VL_LETTER_SEALED;
    opening->deputy = (struct vl_deputy){.identities = request->identities,
                                         .held = VL_HELD_MANDATES_INIT,
                                         .now_s = request->now_s};
    if (opening->for_another)
        err = vl_deputy_begin(home, &opening->row, &opening->deputy, why);
    if (!err)
        err = open_it(home, request, opening, why);
    vl_held_mandates_release(&opening->deputy.held);
    opening->deputy.identities = NULL;
    return err;
}
