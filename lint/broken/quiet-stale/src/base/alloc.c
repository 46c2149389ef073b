/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

void *vl_new(unsigned long size);
void *vl_new(unsigned long size)
{
    return malloc(size);
}

void vl_free(void *block);
void vl_free(void *block)
{
    free(block);
}
