/* SPDX-License-Identifier: Apache-2.0 */
/* stick/layout.h: how things are called on a stick (PROTOCOL 29).
 *
 *   VALISE/README.txt                  for whoever finds it
 *   VALISE/bags/BAG/                   BAG: the bag's id, 26 symbols
 *     TAG.maker                        while it is being written: whose it is
 *     000001.bundles, 000002.bundles   segments
 *     leaves.cbor                      the leaf list
 *     list.cose                        written last; before, the bag does not exist
 *
 * Every name is one on FAT and exFAT too.  Names are written in lower case and found in upper case
 * as well, as old systems copy them. */
#ifndef VL_STICK_LAYOUT_H
#define VL_STICK_LAYOUT_H

#include "base/bytes.h"

#define VL_STICK_VALISE     "VALISE"
#define VL_STICK_README     "README.txt"
#define VL_STICK_README_NEW "readme.tmp"
#define VL_STICK_BAGS       "bags"
#define VL_BAG_LIST         "list.cose"
#define VL_BAG_LIST_NEW     "list.tmp"
#define VL_BAG_LEAVES       "leaves.cbor"

#define VL_BAG_ID_LEN       16
#define VL_BAG_NAME         27 /* 26 symbols and a NUL */
#define VL_BAG_SEGMENT_NAME 15 /* "000001.bundles" and a NUL */
#define VL_BAG_MAKER_NAME   33 /* 26 symbols, ".maker" and a NUL */

/* A bag's list says name, length and hash of each segment in 64 KiB: there is no room for more. */
#define VL_BAG_MAX_SEGMENTS 1024
#define VL_BAG_MAX_LIST     ((size_t)64 << 10)
#define VL_BAG_MAX_LEAVES   ((size_t)16 << 20)

extern const vl_bytes vl_stick_readme;

/* The symbols of bech32 in lower case; the last two bits are zero.  Returns out. */
const char *vl_bag_name(const uint8_t id[VL_BAG_ID_LEN], char out[VL_BAG_NAME]);
/* Is it a bag's name, all in lower or all in upper case?  One id has one name. */
bool vl_bag_name_read(const char *name, uint8_t id[VL_BAG_ID_LEN]);

/* number: 1 to VL_BAG_MAX_SEGMENTS.  Returns out. */
const char *vl_bag_segment_name(unsigned number, char out[VL_BAG_SEGMENT_NAME]);
/* The number of a segment's name as a list has it: in lower case; 0 when it is none. */
unsigned vl_bag_segment_number(vl_bytes name);

/* The name of the mark that says whose unfinished bag it is: made of the maker's secret token and
 * the bag's id, so it tells a stranger nothing and means nothing in another bag.  Returns out. */
const char *vl_bag_maker_name(const uint8_t token[VL_BAG_ID_LEN], const uint8_t id[VL_BAG_ID_LEN],
                              char out[VL_BAG_MAKER_NAME]);

/* What a name in a bag's folder is, in any case of letters. */
enum vl_bag_part {
    VL_BAG_PART_LIST,
    VL_BAG_PART_LIST_NEW,
    VL_BAG_PART_LEAVES,
    VL_BAG_PART_SEGMENT,
    VL_BAG_PART_MAKER,
    VL_BAG_PART_JUNK,   /* of an operating system */
    VL_BAG_PART_FOREIGN /* of somebody else */
};
enum vl_bag_part vl_bag_part_of(const char *name);

/* Made by an operating system or a checker of disks, and no business of anybody. */
bool vl_stick_is_junk(const char *name);
/* A to Z for a to z; cut at size - 1 bytes.  Returns out. */
const char *vl_stick_upper(const char *name, char *out, size_t size);

#endif
