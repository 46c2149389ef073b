/* SPDX-License-Identifier: Apache-2.0 */
const char *vl_one(void);
const char *vl_one(void)
{
    return getenv("HOME");
}
