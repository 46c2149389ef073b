/* SPDX-License-Identifier: Apache-2.0 */
/* codec/words.h: eleven bits as a word that can be read aloud (the English list of BIP 39). */
#ifndef VL_CODEC_WORDS_H
#define VL_CODEC_WORDS_H

#include "base/bytes.h"

#define VL_WORD_COUNT 2048
#define VL_WORD_ROOM  9 /* the longest word has eight letters */

/* The word of an index, of which the lowest eleven bits count. */
const char *vl_word(unsigned index);
/* The index of a word in lower case; false when it is not in the list. */
bool vl_word_find(vl_bytes word, unsigned *index);

#endif
