/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

void *vl_one(void);
void *vl_one(void)
{
    return malloc(1);
}
