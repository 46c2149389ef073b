/* SPDX-License-Identifier: Apache-2.0 */
/* mail/charset_table.h: the numbers behind mail/charset.c; nothing else reads them. */
#ifndef VL_MAIL_CHARSET_TABLE_H
#define VL_MAIL_CHARSET_TABLE_H

#include <stdint.h>

enum vl_charset {
    VL_CHARSET_ISO_8859_1,
    VL_CHARSET_ISO_8859_2,
    VL_CHARSET_ISO_8859_4,
    VL_CHARSET_ISO_8859_5,
    VL_CHARSET_ISO_8859_6,
    VL_CHARSET_ISO_8859_7,
    VL_CHARSET_ISO_8859_8,
    VL_CHARSET_ISO_8859_9,
    VL_CHARSET_ISO_8859_13,
    VL_CHARSET_ISO_8859_15,
    VL_CHARSET_WINDOWS_1250,
    VL_CHARSET_WINDOWS_1251,
    VL_CHARSET_WINDOWS_1252,
    VL_CHARSET_WINDOWS_1253,
    VL_CHARSET_WINDOWS_1254,
    VL_CHARSET_WINDOWS_1255,
    VL_CHARSET_WINDOWS_1256,
    VL_CHARSET_WINDOWS_1257,
    VL_CHARSET_KOI8_R,
    VL_CHARSET_KOI8_U,
    VL_CHARSET_COUNT
};

/* [byte - 128]: its character in Unicode, or 0 where there is none. */
extern const uint16_t vl_charset_table[VL_CHARSET_COUNT][128];

#endif
