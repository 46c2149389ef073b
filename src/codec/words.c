/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/words.h"

#include "codec/word_list.h"

const char *vl_word(unsigned index)
{
    return vl_word_list[index % VL_WORD_COUNT];
}

/* The list is sorted. */
bool vl_word_find(vl_bytes word, unsigned *index)
{
    unsigned low = 0, high = VL_WORD_COUNT;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        int order = vl_bytes_cmp(word, vl_bytes_str(vl_word_list[middle]));

        if (order == 0) {
            *index = middle;
            return true;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}
