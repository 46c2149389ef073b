/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/saying.h"

#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "cli/home.h"
#include "cli/show.h"
#include "codec/number.h"
#include "crypto/hash.h"
#include "office/acts.h"
#include "sys/infile.h"

#define SAFE 700

void vl_saying_release(struct vl_saying_options *o)
{
    vl_ask_wipe(&o->ask);
    vl_opt_list_release(&o->to);
    vl_out_drop(&o->out);
    vl_buf_release(&o->evidence);
}

struct vl_say_common vl_saying_common(struct vl_saying_options *o, int64_t now_s)
{
    return (struct vl_say_common){.holder = o->holder,
                                  .for_office = o->for_office,
                                  .place = o->place,
                                  .to = {o->to.at, o->to.count},
                                  .manual = o->manual,
                                  .dry_run = o->dry_run,
                                  .now_s = now_s,
                                  .asker = vl_ask_asker(&o->ask),
                                  .evidence = o->output ? &o->evidence : NULL};
}

enum vl_err vl_saying_open(struct vl_saying_options *o, struct vl_why *why)
{
    if (!o->output || o->dry_run)
        return VL_OK;
    return vl_out_open(o->output, o->force ? VL_OUT_REPLACE : 0, &o->out, why);
}

int vl_saying_put_out(struct vl_saying_options *o)
{
    struct vl_why why = {""};
    enum vl_err err = VL_OK;

    if (o->output && !o->dry_run) {
        err = vl_out_put(&o->out, vl_buf_bytes(&o->evidence), &why);
        if (!err)
            err = vl_out_commit(&o->out, &why);
    }
    if (err)
        return vl_home_failure("it is signed and kept, and the file could not be written.", err,
                               &why, NULL);
    return o->output && strcmp(o->output, "-") == 0 ? 0 : -1;
}

enum vl_err vl_saying_hash(const char *path, uint8_t out[VL_HASH_LEN], struct vl_why *why)
{
    struct vl_hasher hasher = {.failed = false};
    struct vl_in in = VL_IN_INIT;
    uint8_t room[16384];
    size_t got = 1;
    enum vl_err err = vl_in_open(path, &in, why);

    if (err)
        return err;
    vl_hasher_begin(&hasher, in.size);
    while (!err && got > 0) {
        err = vl_in_read(&in, (vl_room){room, sizeof room}, &got, why);
        if (!err)
            vl_hasher_put(&hasher, vl_bytes_of(room, got));
    }
    vl_in_close(&in);
    if (err) {
        vl_hasher_release(&hasher);
        return err;
    }
    err = vl_hasher_end(&hasher, out);
    return err ? vl_fail(why, err, "it could not be hashed") : VL_OK;
}

enum vl_err vl_saying_text(const char *path, struct vl_buf *out, struct vl_why *why)
{
    enum vl_err err = vl_in_read_all(path, out, why);

    while (!err && out->len > 0 &&
           (out->data[out->len - 1] == '\n' || out->data[out->len - 1] == '\r'))
        out->len--;
    return err;
}

const char *vl_saying_safe(char *out, size_t size, vl_bytes text)
{
    return vl_show_utf8() ? vl_text_safe(out, size, text) : vl_text_safe_ascii(out, size, text);
}

static const char *name_of(struct vl_home *home, const uint8_t *office, char *out, size_t size)
{
    struct vl_office_name name = {.text = "somebody"};

    if (vl_home_name_office(home, office, &name, NULL) != VL_OK)
        (void)snprintf(name.text, sizeof name.text, "somebody");
    return vl_show(out, size, name.is_own ? "me" : name.text);
}

static void show_letter(FILE *to, struct vl_home *home, const uint8_t *id)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    char number[VL_NUMBER_SHORT], date[VL_TIME_TEXT], from[SAFE], to_name[SAFE];

    if (vl_store_letter(home->store, id, &row, NULL) != VL_OK) {
        fprintf(to, "letter %s, which is not here\n", vl_number_short(id, number));
        return;
    }
    fprintf(to, "letter %s  from %s  to %s%s  %.10s\n", vl_number_short(id, number),
            row.has_from ? name_of(home, row.from, from, sizeof from) : "somebody",
            row.to_count > 0 ? name_of(home, row.to[0], to_name, sizeof to_name) : "somebody",
            row.to_count > 1 ? " and others" : "",
            vl_time_text(row.has_date ? row.date_s : row.kept_at_s, date));
}

static void show_act(FILE *to, struct vl_home *home, const uint8_t *id)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    char number[VL_NUMBER_SHORT], by[SAFE];

    if (vl_store_object(home->store, id, &bytes, NULL) != VL_OK ||
        vl_object_parse(vl_buf_bytes(&bytes), &object, NULL) != VL_OK)
        fprintf(to, "act %s, which is not here\n", vl_number_short(id, number));
    else
        fprintf(to, "act %s: %s, by %s\n", vl_number_short(id, number), vl_kind_words(object.kind),
                name_of(home, object.issuer.at, by, sizeof by));
}

void vl_saying_show_subject(FILE *to, struct vl_home *home, enum vl_subject what,
                            const uint8_t id[VL_HASH_LEN])
{
    char name[SAFE];

    if (what == VL_SUBJECT_LETTER) {
        show_letter(to, home, id);
    } else if (what == VL_SUBJECT_ACT) {
        show_act(to, home, id);
    } else if (what == VL_SUBJECT_OFFICE) {
        fprintf(to, "office %s\n", name_of(home, id, name, sizeof name));
    } else {
        fprintf(to, "%s of SHA-256 ", vl_subject_word(what));
        for (size_t i = 0; i < VL_HASH_LEN; i++)
            fprintf(to, "%02x", id[i]);
        fprintf(to, "\n");
    }
}

void vl_saying_doc_subject(struct vl_doc *doc, enum vl_subject what, const uint8_t id[VL_HASH_LEN])
{
    char number[VL_NUMBER_TEXT];

    vl_doc_text(doc, "what", vl_subject_word(what));
    if (what == VL_SUBJECT_LETTER)
        vl_doc_text(doc, "id", vl_number_text(VL_LETTER_HRP, id, number));
    else if (what == VL_SUBJECT_ACT)
        vl_doc_text(doc, "id", vl_number_text(VL_ACT_HRP, id, number));
    else if (what == VL_SUBJECT_OFFICE)
        vl_doc_text(doc, "id", vl_number_text(VL_OFFICE_HRP, id, number));
    else
        vl_doc_hex(doc, "id", true, vl_bytes_of(id, VL_HASH_LEN));
}

void vl_saying_show_speaker(FILE *to, struct vl_home *home, const struct vl_act *act,
                            const struct vl_office_id *principal)
{
    char number[VL_NUMBER_SHORT], name[SAFE];

    if (principal)
        fprintf(to, "  for %s, under mandate %s\n", name_of(home, principal->at, name, sizeof name),
                vl_number_short(act->under, number));
    else if (act->capacity != VL_CAPACITY_PRINCIPAL)
        fprintf(to, "  as %s\n", vl_capacity_word(act->capacity));
}

void vl_saying_show_told(const struct vl_saying_options *o, size_t told)
{
    char safe[SAFE];

    if (o->dry_run) {
        printf("A dry run: nothing is signed or kept.\n");
        return;
    }
    if (told > 0)
        printf("%zu %s it with the next stick that you hand over.\n", told,
               told == 1 ? "office gets" : "offices get");
    else
        printf("It stays here: nobody whom it concerns is known. Name some: --to OFFICE\n");
    if (o->output && strcmp(o->output, "-") != 0)
        printf("%s  Anybody checks it:  valise verify --no-home %s\n",
               vl_show(safe, sizeof safe, o->output), safe);
}
