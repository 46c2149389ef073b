/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void vl_one(void);
void vl_one(void)
{
    (void)fwrite("one", 1, 3, stderr);
}
