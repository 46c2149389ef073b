/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VL_TESTS_SUPPORT_ONE_H
#define VL_TESTS_SUPPORT_ONE_H

#define VL_ONE 1

#endif
