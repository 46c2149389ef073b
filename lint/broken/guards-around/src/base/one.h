/* SPDX-License-Identifier: Apache-2.0 */
#define VL_ONE 1
#ifndef VL_BASE_ONE_H
#define VL_BASE_ONE_H
#endif
