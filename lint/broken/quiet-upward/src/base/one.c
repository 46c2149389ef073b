/* SPDX-License-Identifier: Apache-2.0 */
int vl_two(void);
int vl_one(void);
int vl_one(void)
{
    return vl_two() + 1;
}
