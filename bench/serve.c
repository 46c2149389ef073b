/* SPDX-License-Identifier: Apache-2.0 */
/* Statements entered, or pages read, a second, by so many clients at once:
 *
 *     serve PORT CLIENTS post FILE      FILE: statements, each behind its length in 4 bytes,
 * big-endian serve PORT CLIENTS get PATH COUNT
 *
 * Prints how many a second, and the median and the 99th percentile of one, in ms; and the share of
 * one processor that this client took itself. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROOM ((size_t)256 << 10)

struct client {
    int fd;
    int busy;
    double begun;
    size_t len;
    char got[65536];
};

static const unsigned char *bodies, *bodies_end;
static long todo, done, failed;
static double *times;
static const char *path;

static double now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        const ssize_t put = send(fd, bytes, len, 0);

        if (put <= 0)
            exit(1);
        bytes += put;
        len -= (size_t)put;
    }
}

static int ask(struct client *client)
{
    static char room[ROOM];
    size_t len;

    if (todo == 0)
        return 0;
    todo--;
    if (path) {
        len = (size_t)snprintf(room, sizeof room, "GET %s HTTP/1.1\r\nHost: record.example\r\n\r\n",
                               path);
    } else {
        const size_t body =
            (size_t)bodies[0] << 24 | (size_t)bodies[1] << 16 | (size_t)bodies[2] << 8 | bodies[3];

        len = (size_t)snprintf(
            room, sizeof room,
            "POST /entries HTTP/1.1\r\nHost: record.example\r\nContent-Type: application/cose\r\n"
            "Content-Length: %zu\r\n\r\n",
            body);
        memcpy(room + len, bodies + 4, body);
        len += body;
        bodies += 4 + body;
    }
    client->len = 0;
    client->busy = 1;
    client->begun = now();
    send_all(client->fd, room, len);
    return 1;
}

/* Is the whole answer there? */
static int is_whole(const struct client *client)
{
    const char *end = memmem(client->got, client->len, "\r\n\r\n", 4);
    const char *size = memmem(client->got, client->len, "Content-Length: ", 16);

    return end && size &&
           client->len >= (size_t)(end - client->got) + 4 + strtoul(size + 16, NULL, 10);
}

static void hear(struct client *client)
{
    const ssize_t got =
        recv(client->fd, client->got + client->len, sizeof client->got - client->len, 0);

    if (got <= 0)
        exit(1);
    client->len += (size_t)got;
    if (!is_whole(client))
        return;
    failed += memcmp(client->got + 9, path ? "200" : "201", 3) != 0;
    times[done++] = now() - client->begun;
    client->busy = 0;
    (void)ask(client);
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void read_bodies(const char *name)
{
    FILE *file = fopen(name, "rb");
    unsigned char *at;
    long len;

    if (!file || fseek(file, 0, SEEK_END) != 0)
        exit(1);
    len = ftell(file);
    rewind(file);
    at = malloc((size_t)len);
    if (!at || fread(at, 1, (size_t)len, file) != (size_t)len)
        exit(1);
    (void)fclose(file);
    bodies = at;
    bodies_end = at + len;
    while (at < bodies_end) {
        at += 4 + ((size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3]);
        todo++;
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in where = {.sin_family = AF_INET};
    struct client *clients;
    struct pollfd *polls;
    struct rusage used;
    double begun, took;
    long all;
    int count;

    if (argc < 5)
        return 2;
    count = atoi(argv[2]);
    if (strcmp(argv[3], "get") == 0) {
        path = argv[4];
        todo = atol(argv[5]);
    } else {
        read_bodies(argv[4]);
    }
    all = todo;
    clients = calloc((size_t)count, sizeof *clients);
    polls = calloc((size_t)count, sizeof *polls);
    times = calloc((size_t)all, sizeof *times);
    where.sin_port = htons((unsigned short)atoi(argv[1]));
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < count; i++) {
        clients[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(clients[i].fd, (struct sockaddr *)&where, sizeof where) != 0)
            return 1;
        polls[i] = (struct pollfd){clients[i].fd, POLLIN, 0};
    }
    begun = now();
    for (int i = 0; i < count; i++)
        (void)ask(&clients[i]);
    while (done < all) {
        if (poll(polls, (nfds_t)count, 10000) <= 0)
            return 1;
        for (int i = 0; i < count; i++)
            if (polls[i].revents && clients[i].busy)
                hear(&clients[i]);
    }
    took = now() - begun;
    qsort(times, (size_t)all, sizeof *times, by_size);
    (void)getrusage(RUSAGE_SELF, &used);
    printf("%ld in %.2f s: %.0f a second; median %.1f ms, 99th percentile %.1f ms; %ld failed; "
           "the client took %.2f of a processor\n",
           all, took, (double)all / took, times[all / 2] * 1000, times[all * 99 / 100] * 1000,
           failed,
           ((double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6 +
            (double)used.ru_stime.tv_sec + (double)used.ru_stime.tv_usec / 1e6) /
               took);
    return failed != 0;
}
