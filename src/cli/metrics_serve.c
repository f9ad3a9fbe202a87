/* See metrics_serve.h. */
#define _GNU_SOURCE /* ppoll, accept4 */
#include "metrics_serve.h"
#include "arguments.h"
#include "interrupt.h"
#include "message.h"

#include <newswire/clock.h>

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAITING = 16, HOST = 64, PORT = 8 };

/* Takes "ADDRESS:PORT" apart; false where it is none. */
static bool address_parse(const char *at, char host[HOST], char port[PORT])
{
    struct nw_str all = nw_str_z(at), name = NW_S("127.0.0.1");
    const char *colon = strrchr(at, ':');
    int64_t number;

    if (colon) {
        name = nw_str(at, (size_t)(colon - at));
        all = nw_str_z(colon + 1);
    }
    if (name.n > 2 && name.p[0] == '[' && name.p[name.n - 1] == ']')
        name = nw_str(name.p + 1, name.n - 2);
    return name.n > 0 && number_parse(all.p, 0, 65535, &number) && snprintf(host, HOST, "%.*s", NW_FMT(name)) < HOST &&
           snprintf(port, PORT, "%.*s", NW_FMT(all)) < PORT;
}

/* The socket, or -1, told. */
static int listen_at(const char *at)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char host[HOST], port[PORT];
    int fd = -1, yes = 1;

    if (!address_parse(at, host, port) || getaddrinfo(host, port, &hints, &found) != 0) {
        message(nw_str_z(at), "expected a port, or an address and a port, as 9464, 192.0.2.1:9464 or [::1]:9464");
        return -1;
    }
    fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0 ||
        bind(fd, found->ai_addr, found->ai_addrlen) < 0 || listen(fd, WAITING) < 0) {
        message_error(-errno, at);
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}

static void tell_place(int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    char host[NI_MAXHOST], port[PORT];

    if (getsockname(fd, (struct sockaddr *)&address, &size) == 0 &&
        getnameinfo((struct sockaddr *)&address, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) == 0)
        message(nw_str("", 0),
                strchr(host, ':') ? "metrics at http://[%s]:%s/metrics" : "metrics at http://%s:%s/metrics", host,
                port);
}

/* Waits until the connection is ready for `events`; false when the time is over. */
static bool wait_for(int fd, short events, int64_t until)
{
    struct pollfd item = {.fd = fd, .events = events};
    int64_t left = until - nw_clock_mono();

    return left > 0 && poll(&item, 1, (int)left) > 0;
}

/* Reads the head of a request, to its empty line; false where there is none in time and size. */
static bool read_request(int fd, struct nw_buf *request, int64_t until)
{
    char piece[1024];
    ssize_t n;

    while (nw_str_find(nw_buf_view(request), NW_S("\r\n\r\n")) == SIZE_MAX) {
        if (!wait_for(fd, POLLIN, until))
            return false;
        n = recv(fd, piece, sizeof piece, 0);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR) ||
            (n > 0 && nw_buf_add(request, piece, (size_t)n) < 0))
            return false;
    }
    return true;
}

static void send_all(int fd, struct nw_str s, int64_t until)
{
    while (s.n > 0 && wait_for(fd, POLLOUT, until)) {
        ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return;
        if (n > 0)
            s = nw_str(s.p + n, s.n - (size_t)n);
    }
}

static void answer(int fd, metrics_page *page, void *user)
{
    int64_t until = nw_clock_mono() + METRICS_REQUEST_MS;
    struct nw_buf request, head, body;
    const char *status = "404 Not Found";

    nw_buf_init(&request, METRICS_REQUEST);
    nw_buf_init(&head, METRICS_REQUEST);
    nw_buf_init(&body, SIZE_MAX / 2);
    if (!read_request(fd, &request, until))
        goto out;
    if (nw_str_starts(nw_buf_view(&request), NW_S("GET /metrics ")))
        status = page(user, &body) == 0 ? "200 OK" : "503 Service Unavailable";
    else
        nw_buf_str(&body, NW_S("Here is GET /metrics, and nothing else.\n"));
    nw_buf_printf(&head,
                  "HTTP/1.1 %s\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: %zu\r\n"
                  "Connection: close\r\n\r\n",
                  status, body.n);
    until = nw_clock_mono() + METRICS_REQUEST_MS;
    send_all(fd, nw_buf_view(&head), until);
    send_all(fd, nw_buf_view(&body), until);
    shutdown(fd, SHUT_WR);
out:
    nw_buf_free(&request);
    nw_buf_free(&head);
    nw_buf_free(&body);
}

int metrics_serve(const char *at, metrics_page *page, void *user)
{
    sigset_t ending, open;
    int server = listen_at(at);

    if (server < 0)
        return EXIT_USAGE;
    interrupt_setup();
    /* Signals are heard while it waits for a connection, and only then: none is missed, and no answer is cut. */
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    sigprocmask(SIG_BLOCK, &ending, &open);
    tell_place(server);
    while (!interrupted()) {
        struct pollfd item = {.fd = server, .events = POLLIN};
        int fd = ppoll(&item, 1, NULL, &open) > 0 ? accept4(server, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK) : -1;

        if (fd >= 0) {
            answer(fd, page, user);
            close(fd);
        }
    }
    sigprocmask(SIG_SETMASK, &open, NULL);
    close(server);
    return EXIT_DONE;
}
