/* SPDX-License-Identifier: Apache-2.0 */
/* TODO */
int vl_one = 1;
