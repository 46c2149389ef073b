/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

int vl_one(void *(*work)(void *));
int vl_one(void *(*work)(void *))
{
    pthread_t thread;
    return pthread_create(&thread, 0, work, 0);
}
