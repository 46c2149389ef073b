/* SPDX-License-Identifier: Apache-2.0 */
#define VL_AUTO(release) __attribute__((cleanup(release)))

void vl_one(void);
void vl_one(void)
{
    VL_AUTO(vl_two_release) struct vl_two two;
}
