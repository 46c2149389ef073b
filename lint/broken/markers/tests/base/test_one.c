/* SPDX-License-Identifier: Apache-2.0 */
/* XXX */
int test_one = 1;
