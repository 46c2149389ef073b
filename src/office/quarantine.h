/* SPDX-License-Identifier: Apache-2.0 */
/* office/quarantine.h: letters that came from offices nobody here knew: kept, and handed on to
 * nobody until their giver's card is added. */
#ifndef VL_OFFICE_QUARANTINE_H
#define VL_OFFICE_QUARANTINE_H

#include "office/home.h"

/* In a transaction: this office is known now, so what it handed over here is held apart no longer;
 * *let_in tells how many letters. */
enum vl_err vl_quarantine_end(struct vl_store *store, const uint8_t giver[VL_HASH_LEN],
                              size_t *let_in, struct vl_why *why) VL_MUST_USE;

/* What is held apart here now, slices of letters included. */
enum vl_err vl_quarantine_held(struct vl_store *store, size_t *letters, uint64_t *bytes,
                               struct vl_why *why) VL_MUST_USE;
/* Of a letter in slices the list of their hashes is kept as soon as the first one came. */
uint64_t vl_quarantine_slice_list(uint64_t slices);

#endif
