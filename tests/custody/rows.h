/* SPDX-License-Identifier: Apache-2.0 */
/* tests/custody/rows.h: payloads in hex that are read or refused, and signed again as they were. */
#ifndef VL_TESTS_CUSTODY_ROWS_H
#define VL_TESTS_CUSTODY_ROWS_H

#include "offices.h"

#include "../evidence/again.h"

#define H(byte)                                                                                    \
    "5820" byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte    \
        byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte
/* 16 bytes. */
#define N(byte) "50" byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte
/* What every act says: by this capacity, under this mandate. */
#define ACT_AS(capacity, under)                                                                    \
    "0001"                                                                                         \
    "01" H("41") "02" capacity "03" under "0480"                                                   \
                 "05f4"
#define CARRIER   "01"
#define DELEGATE  "02"
#define PRINCIPAL "03"
#define WITNESS   "04"
#define NULL_ITEM "f6"
#define HEX8(two) two two two two two two two two
#define HEX(two)  HEX8(two) HEX8(two) HEX8(two) HEX8(two)

struct row {
    const char *name;
    enum vl_kind kind;
    const char *sub, *payload;
    enum vl_err err;
    const char *words; /* one '*' stands for anything */
};

static inline bool row_says(const char *got, const char *wanted)
{
    const char *star = strchr(wanted, '*');
    size_t before = star ? (size_t)(star - wanted) : 0;
    size_t got_len = strlen(got), after = star ? strlen(star + 1) : 0;

    if (!star)
        return strcmp(got, wanted) == 0;
    return got_len >= before + after && strncmp(got, wanted, before) == 0 &&
           strcmp(got + got_len - after, star + 1) == 0;
}

static inline enum vl_err row_read(const struct row *row, const struct vl_signer *signer,
                                   struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = hex(row->payload);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    static struct vl_act_any any;
    enum vl_err err;

    assert_err(vl_object_sign(signer, row->kind, vl_bytes_str(row->sub), vl_buf_bytes(&payload),
                              &wire, NULL, why),
               VL_OK, why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, why), VL_OK, why);
    err = vl_act_any_read(&object, &any, why);
    if (err) {
        assert_int_equal(any.form, VL_ACT_NONE);
        return err;
    }
    assert_int_equal(any.kind, row->kind);
    assert_err(sign_again(signer, &any, &again, why), VL_OK, why);
    assert_bytes(vl_buf_bytes(&again), vl_buf_bytes(&wire));
    return VL_OK;
}

/* All rows are by office 'A', whose id is 32 bytes 41. */
static inline void rows_hold(const struct row *rows, size_t count)
{
    struct office office;

    office_init(&office, 'A');
    for (size_t i = 0; i < count; i++) {
        struct vl_why why = {""};
        enum vl_err err = row_read(&rows[i], &office.signer, &why);

        if (err != rows[i].err || (err && !row_says(why.text, rows[i].words)))
            fail_msg("%s: %s, \"%s\"", rows[i].name, vl_err_name(err), why.text);
    }
}

#endif
