/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VL_BASE_ERR_H
#define VL_BASE_ERR_H

#define VL_MUST_USE __attribute__((warn_unused_result))

enum vl_err { VL_OK, VL_ERR_IO };

#endif
