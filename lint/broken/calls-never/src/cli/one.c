/* SPDX-License-Identifier: Apache-2.0 */

void vl_one(char *a, char *b);
void vl_one(char *a, char *b)
{
    sprintf(a, b);
    strcpy(a, b);
    strcat(a, b);
    gets(a);
    atoi(a);
    strtok(a, b);
    system(a);
    alloca(1);
}
