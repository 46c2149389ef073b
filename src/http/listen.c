/* SPDX-License-Identifier: Apache-2.0 */
#include "http/listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BACKLOG  256
#define PORT_MAX 65535

/* An address as the kernel wants it. */
union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un un;
};

static enum vl_err listen_on(const union address *address, socklen_t len, struct vl_listener *out,
                             struct vl_why *why)
{
    const int yes = 1;

    out->fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (out->fd < 0)
        return vl_fail(why, VL_ERR_IO, "no socket: %s", strerror(errno));
    if (!out->is_unix)
        (void)setsockopt(out->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (address->any.sa_family == AF_INET6)
        (void)setsockopt(out->fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    if (bind(out->fd, &address->any, len) == 0 && listen(out->fd, BACKLOG) == 0)
        return VL_OK;
    return vl_fail(why, errno == EADDRINUSE ? VL_ERR_EXISTS : VL_ERR_IO, "%s", strerror(errno));
}

/* --- a Unix socket ---------------------------------------------------------------------------- */

/* One that a killed server left behind answers nobody. */
static bool is_left_behind(const union address *address, socklen_t len)
{
    struct stat seen;
    bool refused;
    int fd;

    if (lstat(address->un.sun_path, &seen) != 0 || !S_ISSOCK(seen.st_mode))
        return false;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    refused = connect(fd, &address->any, len) != 0 && errno == ECONNREFUSED;
    (void)close(fd);
    return refused;
}

static enum vl_err listen_unix(const char *path, struct vl_listener *out, struct vl_why *why)
{
    union address address = {.un = {.sun_family = AF_UNIX}};
    const socklen_t len = sizeof address.un;
    enum vl_err err;
    mode_t mask;

    if (!path[0] || strlen(path) >= sizeof address.un.sun_path || strlen(path) >= sizeof out->path)
        return vl_fail(why, VL_ERR_USAGE, "a socket's path has 1 to %zu bytes",
                       sizeof address.un.sun_path - 1);
    memcpy(address.un.sun_path, path, strlen(path));
    if (is_left_behind(&address, len))
        (void)unlink(path);
    out->is_unix = true;
    mask = umask(S_IRWXO | S_IXUSR | S_IXGRP);
    err = listen_on(&address, len, out, why);
    (void)umask(mask);
    if (err)
        return err;
    memcpy(out->path, path, strlen(path) + 1);
    (void)snprintf(out->text, sizeof out->text, "unix:%s", path);
    return VL_OK;
}

/* --- a port ----------------------------------------------------------------------------------- */

static bool read_port(const char *text, uint16_t *port)
{
    unsigned value = 0;
    size_t len = strlen(text);

    if (len == 0 || len > 5)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    *port = (uint16_t)(value & PORT_MAX);
    return value <= PORT_MAX;
}

static bool is_of_this_machine(const union address *address)
{
    if (address->any.sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
    return ntohl(address->v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

/* Take "ADDRESS:PORT" apart; false for anything else. */
static bool read_address(const char *where, union address *address, socklen_t *len)
{
    const char *colon = strrchr(where, ':');
    char host[INET6_ADDRSTRLEN + 2] = "127.0.0.1";
    uint16_t port = 0;
    size_t host_len = colon ? (size_t)(colon - where) : 0;

    if (colon && (host_len == 0 || host_len >= sizeof host))
        return false;
    if (colon) {
        memcpy(host, where, host_len);
        host[host_len] = '\0';
    }
    if (!read_port(colon ? colon + 1 : where, &port))
        return false;
    memset(address, 0, sizeof *address);
    if (host_len > 2 && where[0] == '[' && where[host_len - 1] == ']') {
        host[host_len - 1] = '\0';
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_port = htons(port);
        *len = sizeof address->v6;
        return inet_pton(AF_INET6, host + 1, &address->v6.sin6_addr) == 1;
    }
    address->v4.sin_family = AF_INET;
    address->v4.sin_port = htons(port);
    *len = sizeof address->v4;
    return inet_pton(AF_INET, host, &address->v4.sin_addr) == 1;
}

/* Where it listens in fact: the kernel chose the port when 0 was asked for. */
static enum vl_err name_it(struct vl_listener *out, struct vl_why *why)
{
    union address address = {.any = {.sa_family = AF_UNSPEC}};
    socklen_t len = sizeof address;
    char host[INET6_ADDRSTRLEN] = "";

    if (getsockname(out->fd, &address.any, &len) != 0)
        return vl_fail(why, VL_ERR_IO, "%s", strerror(errno));
    if (address.any.sa_family == AF_INET6) {
        (void)inet_ntop(AF_INET6, &address.v6.sin6_addr, host, sizeof host);
        (void)snprintf(out->text, sizeof out->text, "http://[%s]:%u/", host,
                       ntohs(address.v6.sin6_port));
    } else {
        (void)inet_ntop(AF_INET, &address.v4.sin_addr, host, sizeof host);
        (void)snprintf(out->text, sizeof out->text, "http://%s:%u/", host,
                       ntohs(address.v4.sin_port));
    }
    return VL_OK;
}

static enum vl_err listen_port(const char *where, struct vl_listener *out, struct vl_why *why)
{
    union address address;
    socklen_t len = 0;
    enum vl_err err;

    if (!read_address(where, &address, &len))
        return vl_fail(why, VL_ERR_USAGE,
                       "\"%s\" is no PORT, ADDRESS:PORT in numbers, or unix:PATH", where);
    out->is_public = !is_of_this_machine(&address);
    err = listen_on(&address, len, out, why);
    return err ? err : name_it(out, why);
}

enum vl_err vl_listen(const char *where, struct vl_listener *out, struct vl_why *why)
{
    const bool is_unix = strncmp(where, "unix:", 5) == 0;
    enum vl_err err;

    *out = (struct vl_listener)VL_LISTENER_INIT;
    err = is_unix ? listen_unix(where + 5, out, why) : listen_port(where, out, why);
    if (err)
        vl_listener_close(out);
    return err && err != VL_ERR_USAGE ? vl_fail_in(why, err, "%s", where) : err;
}

void vl_listener_close(struct vl_listener *listener)
{
    if (listener->path[0])
        (void)unlink(listener->path);
    if (listener->fd >= 0)
        (void)close(listener->fd);
    *listener = (struct vl_listener)VL_LISTENER_INIT;
}
