/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "store/log_inside.h"

/* "— name signature LF", as it stood in the note it came in. */
static enum vl_err put_line(const struct vl_note_line *line, struct vl_buf *out)
{
    enum vl_err err = vl_buf_put(out, VL_LITERAL("\xe2\x80\x94 "));

    if (!err)
        err = vl_buf_put(out, line->name);
    if (!err)
        err = vl_buf_put_byte(out, ' ');
    if (!err)
        err = vl_buf_put(out, line->signature);
    return err ? err : vl_buf_put_byte(out, '\n');
}

static const struct vl_note_line *line_of(const struct vl_signed_note *note,
                                          const struct vl_note_key *key)
{
    for (size_t i = 0; i < note->line_count; i++)
        if (vl_bytes_eq(note->lines[i].name, vl_note_key_name(key)) &&
            memcmp(note->lines[i].id, key->id, VL_NOTE_ID_LEN) == 0)
            return &note->lines[i];
    return NULL;
}

/* The lines of witnesses of the policy that `to` has not yet. */
static enum vl_err merge(const struct vl_log_dir *log, const struct vl_signed_note *from,
                         struct vl_log_note *to, size_t *added, bool *known, struct vl_why *why)
{
    const struct vl_record_policy *policy = &log->anchor.policy;
    VL_AUTO(vl_buf_release) struct vl_buf more = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    struct vl_signed_note there;
    enum vl_err err = vl_note_parse(vl_buf_bytes(&to->bytes), &there, why);

    *added = 0;
    for (size_t i = 0; i < policy->witness_count && !err; i++) {
        const struct vl_note_line *line = line_of(from, &policy->witnesses[i]);
        uint64_t at_s;

        if (!line)
            continue;
        *known = true;
        err = vl_note_verify(from, &policy->witnesses[i], &at_s, why);
        if (!err && !line_of(&there, &policy->witnesses[i])) {
            ++*added;
            err = put_line(line, &more);
        }
    }
    if (err)
        return err;
    err = vl_buf_put(&to->bytes, vl_buf_bytes(&more));
    if (!err)
        to->witnesses += *added;
    return err ? vl_fail(why, err, "checkpoint: %s", vl_err_words(err)) : VL_OK;
}

enum vl_err vl_log_give_out(struct vl_log_dir *log, struct vl_why *why)
{
    char name[VL_LOG_PATH];
    enum vl_err err = vl_log_put_note(log, vl_log_public(log, VL_LOG_SHOWN, name),
                                      vl_buf_bytes(&log->head.bytes), why);

    return err ? err : vl_log_read_notes(log, why);
}

static enum vl_err cosign_head(struct vl_log_dir *log, const struct vl_signed_note *note,
                               size_t *added, bool *known, struct vl_why *why)
{
    const bool waits = log->anchor.policy.need > 0;
    char name[VL_LOG_PATH];
    enum vl_err err = merge(log, note, &log->head, added, known, why);

    if (!err && *added > 0)
        err =
            vl_log_put_note(log, vl_log_head_name(log, name), vl_buf_bytes(&log->head.bytes), why);
    if (!err && *added > 0 && waits && log->head.witnesses >= log->anchor.policy.need)
        return vl_log_give_out(log, why);
    return err || *added == 0 ? err : vl_log_read_notes(log, why);
}

static enum vl_err cosign_shown(struct vl_log_dir *log, const struct vl_signed_note *note,
                                size_t *added, bool *known, struct vl_why *why)
{
    char name[VL_LOG_PATH];
    enum vl_err err = merge(log, note, &log->shown, added, known, why);

    if (!err && *added > 0)
        err = vl_log_put_note(log, vl_log_public(log, VL_LOG_SHOWN, name),
                              vl_buf_bytes(&log->shown.bytes), why);
    return err;
}

static vl_bytes text_of(const struct vl_log_note *note)
{
    struct vl_signed_note read;

    return note->bytes.len > 0 && vl_note_parse(vl_buf_bytes(&note->bytes), &read, NULL) == VL_OK
               ? read.text
               : VL_BYTES_NONE;
}

/* Lines alone belong to what waits: a note is made of them. */
static enum vl_err whole_note(const struct vl_log_dir *log, vl_bytes bytes, struct vl_buf *out,
                              struct vl_why *why)
{
    const bool is_lines = vl_bytes_starts(bytes, VL_LITERAL("\xe2\x80\x94 "));
    enum vl_err err = VL_OK;

    if (is_lines) {
        err = vl_buf_put(out, text_of(&log->head));
        if (!err)
            err = vl_buf_put_byte(out, '\n');
    }
    if (!err)
        err = vl_buf_put(out, bytes);
    return err ? vl_fail(why, err, "cosignature: %s", vl_err_words(err)) : VL_OK;
}

enum vl_err vl_log_dir_cosign(struct vl_log_dir *log, vl_bytes bytes, size_t *added,
                              struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    bool known = false;
    struct vl_signed_note note;
    enum vl_err err = VL_OK;

    *added = 0;
    if (log->access != VL_LOG_DIR_WRITE)
        return vl_fail(why, VL_ERR_USAGE, "a record that is only read takes no cosignatures");
    if (log->is_behind)
        err = vl_log_take_up(log, why);
    if (!err)
        err = whole_note(log, bytes, &wire, why);
    if (!err)
        err = vl_note_parse(vl_buf_bytes(&wire), &note, why);
    if (err)
        return err;
    log->is_behind = true; /* until it is known that disk and memory say the same */
    if (vl_bytes_eq(note.text, text_of(&log->head)))
        err = cosign_head(log, &note, added, &known, why);
    else if (vl_bytes_eq(note.text, text_of(&log->shown)))
        err = cosign_shown(log, &note, added, &known, why);
    else
        err = vl_fail(why, VL_ERR_REFUSED, "cosignature: of another checkpoint than those here");
    if (!err && !known)
        err = vl_fail(why, VL_ERR_REFUSED, "cosignature: by no witness of the policy");
    log->is_behind = err == VL_ERR_IO || err == VL_ERR_NO_SPACE || err == VL_ERR_NO_MEMORY;
    return err;
}
