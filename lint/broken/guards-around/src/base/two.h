/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VL_BASE_TWO_H
#define VL_BASE_TWO_H
#endif
#define VL_TWO 2
