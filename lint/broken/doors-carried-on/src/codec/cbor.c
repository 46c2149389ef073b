/* SPDX-License-Identifier: Apache-2.0 */
#include "base/one.h"

int vl_two = 2;
