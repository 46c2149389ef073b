/* SPDX-License-Identifier: Apache-2.0 */
/* cli/concepts.h: the words of this trade, on one screen. */
#ifndef VL_CLI_CONCEPTS_H
#define VL_CLI_CONCEPTS_H

void vl_help_concepts(void);

#endif
