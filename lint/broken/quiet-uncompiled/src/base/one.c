/* SPDX-License-Identifier: Apache-2.0 */
int vl_one = not_there;
