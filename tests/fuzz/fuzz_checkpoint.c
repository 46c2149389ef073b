/* SPDX-License-Identifier: Apache-2.0 */
/* Notes, keys of notes and checkpoints from any bytes: what is read is written to the same bytes.
 */
#include <stdlib.h>

#include "record/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void read_text(vl_bytes text)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(2 * VL_NOTE_MAX_LEN);
    struct vl_checkpoint checkpoint;

    if (vl_checkpoint_parse(text, &checkpoint, NULL))
        return;
    check(vl_checkpoint_write(&checkpoint, &again, NULL) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&again), text));
}

static void read_key(vl_bytes text)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    struct vl_note_key key;

    if (vl_note_key_parse(text, &key, NULL))
        return;
    check(vl_note_key_write(&key, &again) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&again), text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    vl_bytes wire = vl_bytes_of(data, len);
    struct vl_signed_note note;

    read_text(wire);
    read_key(wire);
    if (vl_note_parse(wire, &note, NULL))
        return 0;
    check(note.line_count >= 1 && note.line_count <= VL_NOTE_MAX_SIGNATURES);
    check(note.text.len < wire.len && wire.ptr[note.text.len] == '\n');
    read_text(note.text);
    return 0;
}
