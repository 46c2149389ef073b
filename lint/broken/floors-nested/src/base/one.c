/* SPDX-License-Identifier: Apache-2.0 */
int vl_one = 1;
