/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes and logs of tiles made elsewhere: notes with their keys, good and bad, and a log of
 * fifteen entries with its sixteen checkpoints, its tiles and its bundles. */
#include "vectors.h"

#include <stdio.h>
#include <string.h>

#include "record/checkpoint.h"
#include "record/tile.h"

static const char *text_at(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));

    return text ? text : "";
}

static bool is_signed(vl_bytes wire, const char *key_text)
{
    struct vl_note_key key;
    struct vl_signed_note note;
    uint64_t at_s;

    return vl_note_key_parse(vl_bytes_str(key_text), &key, NULL) == VL_OK &&
           vl_note_parse(wire, &note, NULL) == VL_OK &&
           vl_note_verify(&note, &key, &at_s, NULL) == VL_OK;
}

static void count(bool is_good, const char *which, struct tally *tally)
{
    if (is_good)
        agree(tally);
    else
        differ(tally, which, "differs");
}

static void run_notes(const json_t *notes, struct tally *tally)
{
    const json_t *c2sp = json_object_get(notes, "c2sp_signed_note");
    const json_t *xmod = json_object_get(notes, "xmod_note"), *bad;
    const json_t *tree = json_object_get(notes, "xmod_tree_note");
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    struct vl_checkpoint checkpoint = {.size = 0};
    uint8_t leaf[VL_HASH_LEN];
    struct vl_note_key key;

    count(is_signed(vl_bytes_str(text_at(c2sp, "note")), text_at(c2sp, "vkey")), "signed-note",
          tally);
    if (vl_buf_put(&wire, vl_bytes_str(text_at(xmod, "text"))) || vl_buf_put_byte(&wire, '\n') ||
        vl_buf_put(&wire, vl_bytes_str(text_at(xmod, "sig"))))
        return;
    count(is_signed(vl_buf_bytes(&wire), text_at(xmod, "vkey")), "x/mod note", tally);
    bad = json_object_get(xmod, "bad_vkeys");
    for (size_t i = 0; i < json_array_size(bad); i++)
        count(vl_note_key_parse(vl_bytes_str(json_string_value(json_array_get(bad, i))), &key,
                                NULL) != VL_OK,
              "bad key", tally);
    vl_tree_leaf(vl_bytes_str(text_at(tree, "leaf")), leaf);
    count(vl_checkpoint_parse(vl_bytes_str(text_at(tree, "text")), &checkpoint, NULL) == VL_OK &&
              checkpoint.size == (uint64_t)json_integer_value(json_object_get(tree, "size")) &&
              memcmp(checkpoint.root, leaf, sizeof leaf) == 0,
          "x/mod tree", tally);
}

static bool has_bytes(const json_t *table, const char *size, vl_bytes wanted)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_TILE_LEN);

    return unhex(text_at(table, size), &bytes) && vl_bytes_eq(vl_buf_bytes(&bytes), wanted);
}

static enum vl_err no_tile(void *self, const struct vl_tile_at *at, vl_bytes hashes,
                           struct vl_why *why)
{
    (void)self, (void)at, (void)hashes;
    return vl_fail(why, VL_ERR_INTERNAL, "no tile is full");
}

/* The checkpoint, the tile and the bundle of each size, from the entries alone. */
static void run_log(const json_t *log_json, struct tally *tally)
{
    const json_t *entries = json_object_get(log_json, "entries");
    const json_t *notes = json_object_get(log_json, "checkpoints");
    VL_AUTO(vl_buf_release) struct vl_buf bundle = VL_BUF_INIT(VL_ENTRIES_MAX_LEN);
    static struct vl_tile_writer writer;
    struct vl_log log = {.origin = VL_LITERAL("example.com/log/testdata")};

    vl_tile_writer_begin(&writer, (struct vl_tile_sink){no_tile, NULL});
    if (vl_note_key_parse(vl_bytes_str(text_at(log_json, "vkey")), &log.key, NULL))
        differ(tally, "tessera", "its key is not read");
    for (size_t size = 0; size <= json_array_size(entries); size++) {
        const char *entry = json_string_value(json_array_get(entries, size));
        uint8_t root[VL_HASH_LEN], leaf[VL_HASH_LEN];
        struct vl_checkpoint checkpoint;
        struct vl_checkpoint_seen seen;
        char name[16];

        (void)snprintf(name, sizeof name, "%zu", size);
        vl_tile_writer_root(&writer, root);
        count(vl_checkpoint_verify(vl_bytes_str(text_at(notes, name)), &log, &checkpoint, &seen,
                                   NULL) == VL_OK &&
                  checkpoint.size == size && memcmp(checkpoint.root, root, sizeof root) == 0,
              name, tally);
        if (size > 0) {
            count(has_bytes(json_object_get(log_json, "tile0_hex"), name,
                            vl_bytes_of(writer.open[0], size * VL_HASH_LEN)),
                  name, tally);
            count(has_bytes(json_object_get(log_json, "entries_bundle_hex"), name,
                            vl_buf_bytes(&bundle)),
                  name, tally);
        }
        if (!entry)
            continue;
        vl_tree_leaf(vl_bytes_str(entry), leaf);
        if (vl_tile_writer_add(&writer, leaf, NULL) || vl_entries_put(vl_bytes_str(entry), &bundle))
            differ(tally, name, "not added");
    }
}

void run_tlog(const char *folder, struct tally *tally)
{
    char path[PATH_SIZE];
    json_t *notes = read_json(path_in(folder, "notes.json", path));
    json_t *log = read_json(path_in(folder, "tessera-testdata-log.json", path));

    if (notes)
        run_notes(notes, tally);
    else
        skip(tally, "notes.json", "not in this folder");
    if (log)
        run_log(log, tally);
    else
        skip(tally, "tessera-testdata-log.json", "not in this folder");
    json_decref(notes);
    json_decref(log);
}
