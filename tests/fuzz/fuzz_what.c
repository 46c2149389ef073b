/* SPDX-License-Identifier: Apache-2.0 */
/* What a file is told to be agrees with what reads it, and 512 bytes are enough to tell, but for
 * white space before a text. */
#include <stdlib.h>

#include "evidence/evidence.h"
#include "letter/pax.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static enum vl_err begin(void *self, vl_bytes name, uint64_t size, vl_bytes header,
                         struct vl_why *why)
{
    (void)self, (void)name, (void)size, (void)header, (void)why;
    return VL_OK;
}

static enum vl_err data_came(void *self, vl_bytes bytes, struct vl_why *why)
{
    (void)self, (void)bytes, (void)why;
    return VL_OK;
}

static enum vl_err end(void *self, struct vl_why *why)
{
    (void)self, (void)why;
    return VL_OK;
}

static bool is_archive(vl_bytes wire)
{
    const struct vl_pax_sink sink = {begin, data_came, end, NULL};
    struct vl_pax_reader *reader = vl_pax_reader_new(&sink);
    uint64_t padding;
    enum vl_err err = vl_pax_reader_put(reader, wire, NULL);

    if (!err)
        err = vl_pax_reader_end(reader, &padding, NULL);
    vl_pax_reader_free(reader);
    return !err && wire.ptr[0] != 0; /* one without an entry is zeroes */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    vl_bytes wire = vl_bytes_of(data, len);
    enum vl_what what = vl_what_is(wire), beginning = vl_what_is(vl_bytes_first(wire, 512));

    check(beginning == what || what == VL_WHAT_CARDS_TEXT || what == VL_WHAT_AGE_ARMOR);
    if (vl_evidence_parse(wire, &evidence, NULL) == VL_OK)
        check(what == VL_WHAT_EVIDENCE);
    if (vl_object_parse(wire, &object, NULL) == VL_OK)
        check(what == VL_WHAT_OBJECT);
    if (vl_chain_parse(wire, &chain, NULL) == VL_OK)
        check(what == VL_WHAT_CARDS || what == VL_WHAT_CARDS_TEXT);
    if (is_archive(wire))
        check(what == VL_WHAT_ARCHIVE);
    return 0;
}
