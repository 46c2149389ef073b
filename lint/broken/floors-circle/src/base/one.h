/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VL_BASE_ONE_H
#define VL_BASE_ONE_H

#include "base/two.h"

#define VL_ONE 1

#endif
