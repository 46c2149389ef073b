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

#endif
