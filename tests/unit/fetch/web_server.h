/*
 * An HTTP server on loopback in the test's own process, which moves it on between the steps of what is tested. It
 * answers each connection once, with what `answer` says.
 */
#ifndef TESTS_FETCH_WEB_SERVER_H
#define TESTS_FETCH_WEB_SERVER_H

#include <newswire/str.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { SERVER_REQUEST = 16 << 10 };

struct web_server {
    int listener, fd, port;
    unsigned asked;                                        /* connections */
    struct nw_str (*answer)(void *user, const char *path); /* NULL: `fixed` */
    void *user;
    struct nw_str fixed;
    char request[SERVER_REQUEST]; /* the last one; of a TLS client, its first bytes */
    size_t n;
};

static inline void web_server_open(struct web_server *server)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof in;

    *server = (struct web_server){.fd = -1, .listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)};
    assert_true(server->listener >= 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&in, size), 0);
    assert_int_equal(listen(server->listener, 64), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&in, &size), 0);
    server->port = ntohs(in.sin_port);
}

static inline void web_server_say(const struct web_server *server)
{
    struct nw_str answer = server->fixed;
    char path[1024] = "";

    if (server->answer && sscanf(server->request, "GET %1023s", path) == 1)
        answer = server->answer(server->user, path);
    while (answer.n > 0) {
        ssize_t n = send(server->fd, answer.p, answer.n, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        answer = nw_str_from(answer, (size_t)n);
    }
}

/* Goes on with the connection that there is, or the next. Waits for nothing but room for an answer. */
static inline void web_server_step(struct web_server *server)
{
    ssize_t n;

    if (server->fd < 0) {
        server->fd = accept(server->listener, NULL, NULL);
        if (server->fd < 0)
            return;
        server->asked++;
        server->n = 0;
    }
    n = recv(server->fd, server->request + server->n, SERVER_REQUEST - 1 - server->n, MSG_DONTWAIT);
    if (n < 0)
        return;
    server->n += (size_t)n;
    server->request[server->n] = '\0';
    if (n > 0 && server->request[0] == 'G' && !strstr(server->request, "\r\n\r\n"))
        return;
    if (n > 0)
        web_server_say(server);
    close(server->fd);
    server->fd = -1;
}

static inline void web_server_close(struct web_server *server)
{
    if (server->fd >= 0)
        close(server->fd);
    close(server->listener);
}

#endif
