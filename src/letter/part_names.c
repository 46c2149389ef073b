/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "base/name.h"
#include "letter/core.h"

/* More than a name of that length can become when it is folded. */
#define FOLDED_MAX ((size_t)16 * VL_PART_NAME_MAX)

static enum vl_err make_room(struct vl_part_names *names)
{
    void *block = names->folded;
    size_t cap = names->cap ? 2 * names->cap : 4;
    enum vl_err err;

    if (names->count < names->cap)
        return VL_OK;
    err = vl_grow(&block, names->cap * sizeof *names->folded, cap * sizeof *names->folded);
    if (!err) {
        names->folded = block;
        names->cap = cap;
    }
    return err;
}

static enum vl_err add(struct vl_part_names *names, vl_bytes folded, struct vl_why *why)
{
    uint8_t hash[VL_HASH_LEN];
    enum vl_err err;

    vl_sha256(folded, hash);
    for (size_t i = 0; i < names->count; i++)
        if (memcmp(names->folded[i], hash, sizeof hash) == 0)
            return vl_fail(why, VL_ERR_FORMAT, "the same name as part %zu", i + 1);
    err = make_room(names);
    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    memcpy(names->folded[names->count++], hash, sizeof hash);
    return VL_OK;
}

enum vl_err vl_part_names_add(struct vl_part_names *names, vl_bytes name, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf folded = VL_BUF_INIT(FOLDED_MAX);
    enum vl_err err;

    if (names->count == VL_MANIFEST_MAX_PARTS)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d parts", VL_MANIFEST_MAX_PARTS);
    err = vl_part_name_check(name, why);
    if (!err) {
        err = vl_part_name_fold(name, &folded);
        if (err)
            return vl_fail(why, err, "%s", vl_err_words(err));
        err = add(names, vl_buf_bytes(&folded), why);
    }
    return err ? vl_fail_in(why, err, "part %zu", names->count + 1) : VL_OK;
}

void vl_part_names_release(struct vl_part_names *names)
{
    vl_free(names->folded);
    *names = (struct vl_part_names)VL_PART_NAMES_INIT;
}
