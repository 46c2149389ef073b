/* SPDX-License-Identifier: Apache-2.0 */
int vl_two = 2;
