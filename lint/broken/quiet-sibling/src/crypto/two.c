/* SPDX-License-Identifier: Apache-2.0 */
int vl_two(void);
int vl_two(void)
{
    return 2;
}
