/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "codec/cbor.h"

int main(void)
{
    printf("%s\n", getenv("HOME"));
    return 0;
}
