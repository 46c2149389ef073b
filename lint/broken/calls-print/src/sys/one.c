/* SPDX-License-Identifier: Apache-2.0 */
void vl_one(void);
void vl_one(void)
{
    printf("one");
    puts("one");
    fputs("one", stderr);
    fprintf(stderr, "one");
    perror("one");
}
