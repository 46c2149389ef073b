/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/inside.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

VL_PUBLIC const char *valise_version(void)
{
    return VL_VERSION;
}

/* What is not here is for programs that have files, homes and networks. */
static const struct {
    enum vl_err err;
    enum valise_code code;
} codes[] = {
    {VL_OK, VALISE_OK},
    {VL_ERR_INTERRUPTED, VALISE_STOPPED},
    {VL_ERR_NO_MEMORY, VALISE_NO_MEMORY},
    {VL_ERR_INTERNAL, VALISE_INTERNAL},
    {VL_ERR_USAGE, VALISE_USAGE},
    {VL_ERR_NOT_FOUND, VALISE_NOT_FOUND},
    {VL_ERR_FORMAT, VALISE_FORMAT},
    {VL_ERR_LIMIT, VALISE_LIMIT},
    {VL_ERR_UNVERIFIED, VALISE_UNVERIFIED},
    {VL_ERR_UNSUPPORTED, VALISE_UNSUPPORTED},
    {VL_ERR_REFUSED, VALISE_REFUSED},
    {VL_ERR_NO_KEY, VALISE_NO_KEY},
};

VL_PUBLIC const char *valise_code_words(enum valise_code code)
{
    if (code == VALISE_OK)
        return "done";
    if (code == VALISE_STOPPED)
        return "stopped by the caller";
    if (code == VALISE_INTERNAL)
        return "a fault in libvalise";
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].code == code)
            return vl_err_words(codes[i].err);
    return "";
}

enum valise_code vl_lib_code(enum vl_err err, const struct vl_why *why, struct valise_error *error)
{
    enum valise_code code = VALISE_INTERNAL;

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].err == err)
            code = codes[i].code;
    if (error) {
        error->code = code;
        (void)snprintf(error->text, sizeof error->text, "%s",
                       !err                ? ""
                       : why && *why->text ? why->text
                                           : valise_code_words(code));
    }
    return code;
}

static enum vl_err put(void *self, vl_bytes bytes, struct vl_why *why)
{
    const struct vl_lib_output *output = self;

    if (bytes.len > 0 && output->put(output->self, bytes.ptr, bytes.len) != 0)
        return vl_fail(why, VL_ERR_INTERRUPTED, "output ended it");
    return VL_OK;
}

struct vl_sink vl_lib_sink(struct vl_lib_output *output)
{
    return (struct vl_sink){put, output};
}

static enum vl_err fill(void *self, uint8_t *out, size_t len)
{
    const struct vl_lib_random *random = self;

    if (random->fill(random->self, out, len) == 0)
        return VL_OK;
    vl_wipe(out, len);
    return VL_ERR_INTERNAL;
}

struct vl_rng vl_lib_rng(struct vl_lib_random *random)
{
    return random->fill ? (struct vl_rng){fill, random} : vl_rng_system();
}

enum vl_err vl_lib_passphrase(struct vl_passphrase **passphrase, const void *bytes, size_t len,
                              struct vl_why *why)
{
    if (!bytes || len == 0 || len > VL_PASSPHRASE_MAX)
        return vl_fail(why, VL_ERR_USAGE, "a passphrase has 1 to %d bytes", VL_PASSPHRASE_MAX);
    if (!*passphrase)
        *passphrase = vl_new(sizeof **passphrase);
    if (!*passphrase)
        return VL_ERR_NO_MEMORY;
    vl_passphrase_wipe(*passphrase);
    memcpy((*passphrase)->data, bytes, len);
    (*passphrase)->len = len;
    return VL_OK;
}

void vl_lib_passphrase_free(struct vl_passphrase *passphrase)
{
    if (passphrase)
        vl_passphrase_wipe(passphrase);
    vl_free(passphrase);
}
