/* SPDX-License-Identifier: Apache-2.0 */
/* stick/bag_back.h: does the stick give back what was written to it?  Asked past the memory of this
 * machine, which would say yes to everything. */
#ifndef VL_STICK_BAG_BACK_H
#define VL_STICK_BAG_BACK_H

#include "crypto/mac.h"
#include "stick/bag.h"

/* What was written, to know it again. */
struct vl_bag_echo {
    uint64_t length;
    struct vl_mac_key key;
    uint8_t tag[VL_MAC_LEN];
};
/* Of a file that is written in one piece.  INTERNAL. */
enum vl_err vl_bag_echo_of(vl_bytes bytes, struct vl_bag_echo *echo,
                           struct vl_why *why) VL_MUST_USE;

struct vl_bag_back {
    struct vl_stick *stick;
    const struct vl_bag_watch *watch;
    uint8_t *block; /* as it was given */
    vl_room room;   /* the aligned part of it */
    uint64_t done, total;
    enum vl_bag_checked how;
};

/* All zeroes is one that owns nothing.  Stick and watch are borrowed.  NO_MEMORY. */
enum vl_err vl_bag_back_init(struct vl_bag_back *back, struct vl_stick *stick,
                             const struct vl_bag_watch *watch, struct vl_why *why) VL_MUST_USE;
void vl_bag_back_release(struct vl_bag_back *back);
/* Files of so many bytes are going to be read. */
void vl_bag_back_begin(struct vl_bag_back *back, uint64_t total);
/* Read a durable file to its end.  UNVERIFIED when length or bytes differ, INTERRUPTED, IO. */
enum vl_err vl_bag_back_check(struct vl_bag_back *back, int folder, const char *name,
                              const struct vl_bag_echo *echo, struct vl_why *why) VL_MUST_USE;

#endif
