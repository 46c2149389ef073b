




/* SPDX-License-Identifier: Apache-2.0 */
int vl_late = 1;
