/* SPDX-License-Identifier: Apache-2.0 */
/* Merkle trees of RFC 9162: the inclusion and consistency proofs of transparency-dev/merkle, which
 * say whether they are good, and the roots of the eight leaves that Certificate Transparency began
 * with.  A hash of a wrong length, which our functions cannot even be given, counts as refused. */
#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/base64.h"
#include "merkle/proof.h"

#define LEAVES_MAX 8

static bool hash_of_base64(const json_t *text, uint8_t out[VL_HASH_LEN])
{
    const char *symbols = json_string_value(text);
    uint8_t bytes[64];
    size_t len = symbols ? strcspn(symbols, "=") : 0, got = 0;

    if (!symbols || len * 3 / 4 > sizeof bytes ||
        vl_base64_decode(vl_bytes_of(symbols, len), bytes, &got) || got != VL_HASH_LEN)
        return false;
    memcpy(out, bytes, VL_HASH_LEN);
    return true;
}

/* One index is 2^64 - 1, which is a real number to the JSON reader. */
static uint64_t number_at(const json_t *object, const char *name)
{
    double value = json_real_value(json_object_get(object, name));

    return value >= 18446744073709551615.0 ? UINT64_MAX : (uint64_t)value;
}

static bool path_of(const json_t *proof, struct vl_tree_path *path)
{
    path->count = json_array_size(proof);
    if (path->count > VL_TREE_MAX_PATH)
        return false;
    for (size_t i = 0; i < path->count; i++)
        if (!hash_of_base64(json_array_get(proof, i), path->at[i]))
            return false;
    return true;
}

/* The roots of some cases are shorter, where any would do: they become hashes of their own. */
static bool any_root(const json_t *text, uint8_t out[VL_HASH_LEN])
{
    const char *symbols = json_string_value(text);
    uint8_t bytes[VL_HASH_LEN + 1] = {0};
    size_t len = symbols ? strcspn(symbols, "=") : 0, got = 0;

    if (!symbols || len * 3 / 4 > VL_HASH_LEN ||
        vl_base64_decode(vl_bytes_of(symbols, len), bytes, &got) || got == 0)
        return false;
    memcpy(out, bytes, VL_HASH_LEN);
    return true;
}

static bool is_consistent(const json_t *json)
{
    uint8_t old_root[VL_HASH_LEN], root[VL_HASH_LEN];
    struct vl_tree_path path;

    return path_of(json_object_get(json, "proof"), &path) &&
           any_root(json_object_get(json, "root1"), old_root) &&
           any_root(json_object_get(json, "root2"), root) &&
           vl_tree_verify_consistency(number_at(json, "size1"), old_root, number_at(json, "size2"),
                                      root, &path) == VL_OK;
}

static bool is_proven(const json_t *json)
{
    uint8_t leaf[VL_HASH_LEN], root[VL_HASH_LEN];
    struct vl_tree_path path;

    if (json_object_get(json, "size1"))
        return is_consistent(json);
    if (!path_of(json_object_get(json, "proof"), &path) ||
        !hash_of_base64(json_object_get(json, "leafHash"), leaf) ||
        !hash_of_base64(json_object_get(json, "root"), root))
        return false;
    return vl_tree_verify(leaf, number_at(json, "leafIdx"), number_at(json, "treeSize"), &path,
                          root) == VL_OK;
}

static void run_proofs(const char *path, struct tally *tally)
{
    json_t *json;

    if (each_file(path, run_proofs, tally)) /* a folder of them */
        return;
    json = json_load_file(path, JSON_DECODE_INT_AS_REAL, NULL);
    if (!json_is_boolean(json_object_get(json, "wantErr")))
        differ(tally, path, "not a case that can be read");
    else if (is_proven(json) == json_is_true(json_object_get(json, "wantErr")))
        differ(tally, path, "%s", is_proven(json) ? "accepted" : "refused");
    else
        agree(tally);
    json_decref(json);
}

static bool is_hex(const json_t *text, const uint8_t hash[VL_HASH_LEN])
{
    VL_AUTO(vl_buf_release) struct vl_buf wanted = VL_BUF_INIT(1024);

    return unhex(json_string_value(text), &wanted) &&
           vl_bytes_eq(vl_buf_bytes(&wanted), vl_bytes_of(hash, VL_HASH_LEN));
}

/* Every path to a root that is right. */
static bool paths_lead_there(const uint8_t (*leaves)[VL_HASH_LEN], size_t count,
                             const uint8_t root[VL_HASH_LEN])
{
    for (size_t i = 0; i < count; i++) {
        struct vl_tree_path path;

        vl_tree_path(leaves, count, i, &path);
        if (vl_tree_verify(leaves[i], i, count, &path, root))
            return false;
    }
    return true;
}

static void run_reference(const json_t *json, struct tally *tally)
{
    const json_t *texts = json_object_get(json, "leaves_hex");
    uint8_t leaves[LEAVES_MAX][VL_HASH_LEN], root[VL_HASH_LEN];
    struct vl_tree tree = VL_TREE_INIT;
    char which[32];

    for (size_t count = 0; count <= LEAVES_MAX; count++) {
        VL_AUTO(vl_buf_release) struct vl_buf leaf = VL_BUF_INIT(1024);
        bool is_last = count == LEAVES_MAX;

        (void)snprintf(which, sizeof which, "%zu leaves", count);
        vl_tree_root(&tree, root);
        if (!is_hex(json_array_get(json_object_get(json, "roots_by_size_hex"), count), root))
            differ(tally, which, "another root");
        else if (!paths_lead_there((const uint8_t(*)[VL_HASH_LEN])leaves, count, root))
            differ(tally, which, "a path that does not lead to the root");
        else
            agree(tally);
        if (is_last || !unhex(json_string_value(json_array_get(texts, count)), &leaf))
            continue;
        vl_tree_leaf(vl_buf_bytes(&leaf), leaves[count]);
        vl_tree_add(&tree, leaves[count]);
        if (is_hex(json_array_get(json_object_get(json, "leaf_hashes_hex"), count), leaves[count]))
            agree(tally);
        else
            differ(tally, which, "another hash of the next leaf");
    }
}

void run_merkle(const char *folder, struct tally *tally)
{
    char path[PATH_SIZE];
    json_t *reference = read_json(path_in(folder, "ct-reference-8-leaves.json", path));

    run_proofs(path_in(folder, "inclusion", path), tally);
    if (!each_file(path_in(folder, "consistency", path), run_proofs, tally))
        skip(tally, "consistency", "not in this folder");
    if (reference)
        run_reference(reference, tally);
    else
        skip(tally, "ct-reference-8-leaves.json", "not in this folder");
    json_decref(reference);
}
