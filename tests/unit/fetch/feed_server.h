/*
 * An HTTP server of feeds on loopback, in a process of its own, for the tests. Its time is memory that it shares with
 * the test: feed n has an item k for each of its periods that have passed, and shows the newest WINDOW of them as RSS,
 * Atom or JSON Feed. A share of its answers is wrong, in one of several ways.
 *
 * It speaks as much HTTP as libcurl needs: GET, one answer a connection or more.
 */
#ifndef TESTS_FETCH_FEED_SERVER_H
#define TESTS_FETCH_FEED_SERVER_H

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SERVED_MAX = 1000, WINDOW = 30, CONNECTIONS = 64, REQUEST = 4096, ANSWER = 64 << 10, MINUTE_MS = 60000 };

#define SERVER_START INT64_C(1800000000000) /* wall ms at which all feeds begin */

struct served {
    uint64_t requests, unchanged, wrong;
    int64_t last_ms, least_gap_ms; /* between two polls */
};

struct feed_server {
    int port;
    pid_t pid;
    int64_t now, frozen;   /* wall ms; after `frozen` nothing new is shown */
    unsigned wrong_in_100; /* answers */
    uint32_t seed;
    struct served feeds[SERVED_MAX];
};

static inline uint32_t server_dice(struct feed_server *server)
{
    server->seed = server->seed * 1664525u + 1013904223u;
    return server->seed >> 8;
}

/* From ten minutes to four hours. */
static inline int64_t server_period(size_t feed)
{
    return (10 + (int64_t)(feed * 37 % 230)) * MINUTE_MS;
}

/* The newest item of a feed at a time. */
static inline uint32_t server_newest(size_t feed, int64_t ms)
{
    return (uint32_t)((ms - SERVER_START) / server_period(feed)) + WINDOW / 2;
}

static inline int server_write(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t done = send(fd, p, n, MSG_NOSIGNAL);
        if (done <= 0)
            return -1;
        p += done;
        n -= (size_t)done;
    }
    return 0;
}

static inline size_t server_feed(char *out, size_t feed, uint32_t newest)
{
    static const char *const heads[] = {
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Harbour</title>",
        "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Harbour</title>",
        "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Harbour\",\"items\":["};
    static const char *const items[][3] = {{"<item><title>", "</title><guid>", "</guid></item>"},
                                           {"<entry><title>", "</title><id>", "</id></entry>"},
                                           {"{\"title\":\"", "\",\"id\":\"", "\"}"}};
    static const char *const tails[] = {"</channel></rss>", "</feed>", "]}"};
    size_t kind = feed % 3, n = strlen(heads[kind]);
    uint32_t last = newest > WINDOW ? newest - WINDOW + 1 : 0;

    memcpy(out, heads[kind], n);
    for (uint32_t k = newest;; k--) {
        n += (size_t)snprintf(out + n, 256, "%sFerry %u%sitem-%zu-%u.%s", items[kind][0], k, items[kind][1], feed, k,
                              items[kind][2]);
        if (k == last)
            break;
        if (kind == 2)
            out[n++] = ',';
    }
    memcpy(out + n, tails[kind], strlen(tails[kind]));
    return n + strlen(tails[kind]);
}

/* One of the ways in which servers fail; false when the connection is to be closed. */
static inline bool server_wrong(struct feed_server *server, int fd, const char *body, size_t n)
{
    char head[512];

    switch (server_dice(server) % 7) {
    case 0:
        return server_write(fd, "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", 38) == 0;
    case 1:
        return server_write(fd, "HTTP/1.1 429 Slow down\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n", 63) == 0;
    case 2: /* cut off */
        snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %zu\r\n\r\n", n);
        server_write(fd, head, strlen(head));
        server_write(fd, body, n / 2);
        return false;
    case 3: /* a page where a feed should be */
        return server_write(fd,
                            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 14\r\n\r\n<p>Sorry.</p>\n",
                            78) == 0;
    case 4: /* no HTTP */
        server_write(fd, "What?\r\n", 7);
        return false;
    case 5: /* round in circles */
        return server_write(fd, "HTTP/1.1 302 There\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n", 59) == 0;
    default:
        return false;
    }
}

static inline bool server_answer(struct feed_server *server, int fd, const char *request)
{
    static char body[ANSWER];
    struct served *served;
    char head[512], tag[64];
    unsigned feed = 0;
    uint32_t newest;
    size_t n;

    if (strncmp(request, "GET /round ", 11) == 0)
        return server_write(fd, "HTTP/1.1 302 There\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n", 59) == 0;
    if (sscanf(request, "GET /old/%u", &feed) == 1 && feed < SERVED_MAX) {
        snprintf(head, sizeof head, "HTTP/1.1 301 Moved\r\nLocation: /feed/%u\r\nContent-Length: 0\r\n\r\n", feed);
        return server_write(fd, head, strlen(head)) == 0;
    }
    if (sscanf(request, "GET /feed/%u", &feed) != 1 || feed >= SERVED_MAX)
        return server_write(fd, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", 38) == 0;
    served = &server->feeds[feed];
    if (served->requests++ > 0 && server->now - served->last_ms < served->least_gap_ms)
        served->least_gap_ms = server->now - served->last_ms;
    served->last_ms = server->now;
    newest = server_newest(feed, server->now < server->frozen ? server->now : server->frozen);
    n = server_feed(body, feed, newest);
    if (server_dice(server) % 100 < server->wrong_in_100) {
        served->wrong++;
        return server_wrong(server, fd, body, n);
    }
    snprintf(tag, sizeof tag, "\"v%u\"", newest);
    if (strstr(request, tag)) {
        served->unchanged++;
        return server_write(fd, "HTTP/1.1 304 Same\r\n\r\n", 21) == 0;
    }
    snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nETag: %s\r\nContent-Length: %zu\r\n\r\n",
             tag, n);
    return server_write(fd, head, strlen(head)) == 0 && server_write(fd, body, n) == 0;
}

static inline void server_run(struct feed_server *server, int listener)
{
    static char requests[CONNECTIONS][REQUEST];
    size_t had[CONNECTIONS] = {0};
    struct pollfd polls[CONNECTIONS + 1];

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (size_t i = 0; i <= CONNECTIONS; i++)
        polls[i] = (struct pollfd){.fd = i == CONNECTIONS ? listener : -1, .events = POLLIN};
    while (poll(polls, CONNECTIONS + 1, -1) >= 0 || errno == EINTR) {
        for (size_t i = 0; i < CONNECTIONS; i++) {
            ssize_t n;
            if (polls[i].fd < 0 || !polls[i].revents)
                continue;
            n = recv(polls[i].fd, requests[i] + had[i], REQUEST - 1 - had[i], 0);
            had[i] += n > 0 ? (size_t)n : 0;
            requests[i][had[i]] = '\0';
            if (n > 0 && !strstr(requests[i], "\r\n\r\n"))
                continue;
            if (n <= 0 || !server_answer(server, polls[i].fd, requests[i])) {
                close(polls[i].fd);
                polls[i].fd = -1;
            }
            had[i] = 0;
        }
        for (size_t i = 0; polls[CONNECTIONS].revents && i < CONNECTIONS; i++) {
            if (polls[i].fd < 0) {
                polls[i].fd = accept(listener, NULL, NULL);
                polls[i].revents = 0;
                had[i] = 0;
                break;
            }
        }
    }
    _exit(1);
}

/* NULL when it can't be started. */
static inline struct feed_server *server_start(unsigned wrong_in_100)
{
    struct feed_server *server = mmap(NULL, sizeof *server, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    pid_t pid;

    if (server == MAP_FAILED || listener < 0 || bind(listener, (struct sockaddr *)&address, size) < 0 ||
        listen(listener, CONNECTIONS) < 0 || getsockname(listener, (struct sockaddr *)&address, &size) < 0)
        return NULL;
    server->port = ntohs(address.sin_port);
    server->now = SERVER_START;
    server->frozen = INT64_MAX;
    server->wrong_in_100 = wrong_in_100;
    server->seed = 1;
    for (size_t i = 0; i < SERVED_MAX; i++)
        server->feeds[i].least_gap_ms = INT64_MAX;
    pid = fork();
    if (pid == 0)
        server_run(server, listener);
    server->pid = pid; /* memory that the child writes too */
    close(listener);
    return server->pid > 0 ? server : NULL;
}

static inline void server_stop(struct feed_server *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    munmap(server, sizeof *server);
}

#endif
