/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VL_ONE_H
#define VL_ONE_H

#define VL_ONE 1

#endif
