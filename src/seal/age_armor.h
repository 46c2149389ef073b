/* SPDX-License-Identifier: Apache-2.0 */
/* seal/age_armor.h: an age file as text (RFC 7468, strict, label AGE ENCRYPTED FILE). */
#ifndef VL_SEAL_AGE_ARMOR_H
#define VL_SEAL_AGE_ARMOR_H

#include "base/bytes.h"

#define VL_AGE_ARMOR_COLUMNS 64
/* White space that may stand before and behind, each. */
#define VL_AGE_ARMOR_SPACE_MAX 1024

enum vl_age_armor_state {
    VL_AGE_ARMOR_BEFORE, /* white space, then the BEGIN line */
    VL_AGE_ARMOR_INSIDE,
    VL_AGE_ARMOR_LAST, /* a line that was not full: END must follow */
    VL_AGE_ARMOR_AFTER /* white space to the end */
};

struct vl_age_armor_reader {
    enum vl_age_armor_state state;
    bool indented; /* white space before anything else on this line */
    size_t space;
    size_t line_number; /* of the line being read */
    size_t line_len;
    uint8_t line[80]; /* the line that is not whole yet, with a carriage return at most */
};

#define VL_AGE_ARMOR_READER_INIT                                                                   \
    {                                                                                              \
        .state = VL_AGE_ARMOR_BEFORE, .line_number = 1                                             \
    }

/* Could a file that begins with this byte be armored? */
bool vl_age_armor_may_begin(uint8_t first);
/* Read text and append to out what whole lines of it say: at most three bytes for four, and 48 for
 * the line that was begun before.  What stood before a failure is appended all the same.  FORMAT
 * with the line, NO_MEMORY, LIMIT of out. */
enum vl_err vl_age_armor_read(struct vl_age_armor_reader *reader, vl_bytes text, struct vl_buf *out,
                              struct vl_why *why) VL_MUST_USE;
/* The end of the text: FORMAT unless all of the armor was there. */
enum vl_err vl_age_armor_read_end(struct vl_age_armor_reader *reader,
                                  struct vl_why *why) VL_MUST_USE;

struct vl_age_armor_writer {
    bool begun;
    size_t held_len;
    uint8_t held[VL_AGE_ARMOR_COLUMNS / 4 * 3];
};

#define VL_AGE_ARMOR_WRITER_INIT                                                                   \
    {                                                                                              \
        false, 0,                                                                                  \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

/* Append bytes as text: whole lines, keeping the rest for the next call. */
enum vl_err vl_age_armor_write(struct vl_age_armor_writer *writer, vl_bytes bytes,
                               struct vl_buf *out) VL_MUST_USE;
enum vl_err vl_age_armor_write_end(struct vl_age_armor_writer *writer,
                                   struct vl_buf *out) VL_MUST_USE;

#endif
