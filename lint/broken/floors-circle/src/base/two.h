/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VL_BASE_TWO_H
#define VL_BASE_TWO_H

#include "base/one.h"

#define VL_TWO 2

#endif
