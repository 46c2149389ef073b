/* SPDX-License-Identifier: Apache-2.0 */
#include "attic/one.h"

int vl_one = 1;
