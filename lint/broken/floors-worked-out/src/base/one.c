/* SPDX-License-Identifier: Apache-2.0 */
#define HEADER "base/one.h"
#include HEADER

int vl_one = 1;
