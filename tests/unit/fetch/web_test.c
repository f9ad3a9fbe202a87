/*
 * HTTP by libcurl, against a server in this process. Which addresses are connected to, however they are written, and
 * whatever a name says when it is asked again: connect and getaddrinfo are this test's own, so nothing leaves the
 * machine and no name is looked up.
 */
#include "web.h"
#include "web_server.h"

#include <newswire/buf.h>

#include <curl/curl.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

enum { WAIT_MS = 20, NAME_ADDRESSES = 2, MOST = 1 << 20 };

/* ---- the network as the test has it */

static _Atomic int connects_out;                /* tried to addresses other than loopback */
static const char *rebound[NAME_ADDRESSES];     /* what rebind.example is now */
static const char public_address[] = "8.8.8.8"; /* which nothing is sent to */

int connect(int fd, const struct sockaddr *address, socklen_t size)
{
    const struct sockaddr_in *in = (const void *)address;

    if (address->sa_family == AF_INET && ntohl(in->sin_addr.s_addr) >> 24 == 127)
        return (int)syscall(SYS_connect, fd, address, size);
    if (address->sa_family == AF_INET)
        connects_out++;
    errno = ENETUNREACH;
    return -1;
}

static struct addrinfo *address_of(const char *text, int port, struct addrinfo *next)
{
    struct addrinfo *info = calloc(1, sizeof *info);
    struct sockaddr_in *in = calloc(1, sizeof *in);

    if (!info || !in)
        abort();
    in->sin_family = AF_INET;
    in->sin_port = htons((uint16_t)port);
    inet_pton(AF_INET, text, &in->sin_addr);
    *info = (struct addrinfo){.ai_family = AF_INET,
                              .ai_socktype = SOCK_STREAM,
                              .ai_addrlen = sizeof *in,
                              .ai_addr = (void *)in,
                              .ai_next = next};
    return info;
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    int port = service ? (int)strtol(service, NULL, 10) : 0;

    (void)hints;
    *result = NULL;
    if (strncasecmp(name, "localhost", 9) == 0)
        *result = address_of("127.0.0.1", port, NULL);
    else if (strncmp(name, "rebind.example", 14) == 0)
        for (size_t i = NAME_ADDRESSES; i-- > 0;)
            *result = rebound[i] ? address_of(rebound[i], port, *result) : *result;
    else if (inet_addr(name) != INADDR_NONE)
        *result = address_of(name, port, NULL);
    return *result ? 0 : EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *info)
{
    while (info) {
        struct addrinfo *next = info->ai_next;
        free(info->ai_addr);
        free(info);
        info = next;
    }
}

/* Asks once, with a libcurl of its own. The answer's texts are gone, but for its body, which goes into `body`. */
static struct web_answer ask(struct web_server *server, const struct web_request *request, struct nw_buf *body)
{
    const struct web_options options = {.agent = "newswired test",
                                        .proxy = "",
                                        .timeout_ms = 60000,
                                        .most = MOST,
                                        .transfers = 4,
                                        .host_connections = 2};
    struct pollfd polls[2] = {{.events = POLLIN}, {.fd = server->listener, .events = POLLIN}};
    struct web_answer answer = {.status = -1};
    struct web *web;

    assert_int_equal(web_open(&options, &web), 0);
    polls[0].fd = web_fd(web);
    assert_int_equal(web_start(web, request), 0);
    while (web_step(web, &answer) == WEB_NONE) {
        poll(polls, 2, WAIT_MS);
        web_server_step(server);
    }
    if (body) {
        nw_buf_init(body, MOST);
        nw_buf_str(body, answer.body);
    }
    web_close(&web);
    return answer;
}

static const char hello[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello";

/* ---- tests */

/* Each is an address of this machine, or one that carries such an address. */
static const struct {
    const char *host;
    bool reached; /* where it is allowed, the server is */
} inner[] = {
    {"127.0.0.1", true},
    {"127.1", true},
    {"127.0.1", true},
    {"0x7f000001", true},
    {"0x7f.0.0.0x1", true},
    {"017700000001", true},
    {"0177.0.0.01", true},
    {"2130706433", true},
    {"localhost", true},
    {"LocalHost", true},
    {"localhost.", true},
    {"news.example@127.0.0.1", true},
    {"news.example:80@127.0.0.1", true},
    {"8.8.8.8%2F@127.0.0.1", true},
    {"0.0.0.0", false},
    {"0", false},
    {"0x0", false},
    {"169.254.169.254", false},
    {"2852039166", false}, /* the same */
    {"10.0.0.1", false},
    {"[::1]", false},
    {"[::]", false},
    {"[::ffff:127.0.0.1]", false},
    {"[::ffff:7f00:1]", false},
    {"[64:ff9b::127.0.0.1]", false},
    {"[2002:7f00:1::]", false},
    {"[fe80::1]", false},
};

static void private_addresses_are_never_connected_to(void **state)
{
    struct web_server server;
    char url[256];

    (void)state;
    web_server_open(&server);
    server.fixed = nw_str_z(hello);
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
        struct web_answer answer;
        unsigned asked = server.asked;
        int out = connects_out;

        snprintf(url, sizeof url, "http://%s:%d/", inner[i].host, server.port);
        answer = ask(&server, &(struct web_request){.url = url}, NULL);
        if (answer.status != 0 || server.asked != asked || connects_out != out)
            fail_msg("%s was connected to", url);
        if (inner[i].host[0] != '[' && (!answer.refused || !strstr(answer.why, "not a public one")))
            fail_msg("%s: %s", url, answer.why); /* of IPv6, a machine without it has another sentence */
        if (!inner[i].reached)
            continue;
        answer = ask(&server, &(struct web_request){.url = url, .allow_private = true}, NULL);
        if (answer.status != 200 || server.asked != asked + 1)
            fail_msg("%s, allowed: %ld %s", url, answer.status, answer.why);
    }
    web_server_close(&server);
}

/* A name is judged by the address that is connected to, each time, and each of its addresses by itself. */
static void names_that_change_are_judged_anew(void **state)
{
    struct web_request request = {.url = NULL};
    struct web_answer answer;
    struct web_server server;
    char url[64];

    (void)state;
    web_server_open(&server);
    server.fixed = nw_str_z(hello);
    snprintf(url, sizeof url, "http://rebind.example:%d/", server.port);
    request.url = url;
    rebound[0] = public_address;
    answer = ask(&server, &request, NULL);
    assert_int_equal(answer.status, 0);
    assert_false(answer.refused);
    assert_int_equal(connects_out, 1);
    rebound[0] = "127.0.0.1";
    answer = ask(&server, &request, NULL);
    assert_true(answer.refused);
    rebound[0] = public_address;
    rebound[1] = "127.0.0.1";
    answer = ask(&server, &request, NULL);
    assert_int_equal(answer.status, 0);
    assert_int_equal(connects_out, 2);
    assert_int_equal(server.asked, 0);
    request.allow_private = true;
    answer = ask(&server, &request, NULL);
    assert_int_equal(answer.status, 200);
    assert_int_equal(server.asked, 1);
    web_server_close(&server);
}

static void redirects_are_told_not_followed(void **state)
{
    struct web_server server;
    char url[64];

    (void)state;
    web_server_open(&server);
    server.fixed = NW_S("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/there\r\nContent-Length: 0\r\n\r\n");
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", server.port);
    assert_int_equal(ask(&server, &(struct web_request){.url = url, .allow_private = true}, NULL).status, 301);
    assert_int_equal(server.asked, 1);
    web_server_close(&server);
}

static void other_schemes_are_none(void **state)
{
    static const char *const urls[] = {"file:///etc/hostname", "ftp://127.0.0.1/", "gopher://127.0.0.1/",
                                       "dict://127.0.0.1/"};
    struct web_server server;

    (void)state;
    web_server_open(&server);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct nw_buf body;
        struct web_answer answer = ask(&server, &(struct web_request){.url = urls[i], .allow_private = true}, &body);
        if (answer.status != 0 || body.n != 0)
            fail_msg("%s gave %ld, %zu bytes", urls[i], answer.status, body.n);
        nw_buf_free(&body);
    }
    web_server_close(&server);
}

/* What is too long ends the transfer, or is cut where that was asked for; what is no HTML likewise. */
static void bodies_have_a_most(void **state)
{
    struct web_request request = {.allow_private = true};
    struct web_answer answer;
    struct web_server server;
    struct nw_buf body;
    char url[64];

    (void)state;
    web_server_open(&server);
    server.fixed = nw_str_z(hello);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", server.port);
    request.url = url;
    for (request.most = 3; request.most <= 6; request.most++) {
        for (int cut = 0; cut < 2; cut++) {
            request.cut = cut;
            answer = ask(&server, &request, &body);
            assert_int_equal(answer.status, cut || request.most >= 5 ? 200 : 0);
            assert_int_equal(answer.refused, !cut && request.most < 5);
            if (answer.status == 200)
                assert_int_equal(body.n, request.most < 5 ? request.most : 5);
            nw_buf_free(&body);
        }
    }
    request.html = true;
    assert_int_equal(ask(&server, &request, NULL).status, 200);
    server.fixed = NW_S("HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 5\r\n\r\nhello");
    answer = ask(&server, &request, NULL);
    assert_int_equal(answer.status, 0);
    assert_true(answer.refused);
    assert_non_null(strstr(answer.why, "video/mp4"));
    web_server_close(&server);
}

/* Where libcurl can undo Brotli, it is asked for, and undone. */
static void brotli_is_on_where_libcurl_has_it(void **state)
{
    bool has = (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_BROTLI) != 0;
    struct web_request request = {.allow_private = true};
    struct web_server server;
    struct nw_buf body;
    const char *field;
    char url[64];

    (void)state;
    web_server_open(&server);
    server.fixed = NW_S("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 9\r\n\r\n\x0b\x02\x80hello\x03");
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", server.port);
    request.url = url;
    assert_int_equal(ask(&server, &request, &body).status, has ? 200 : 0);
    field = strstr(server.request, "Accept-Encoding: ");
    assert_non_null(field);
    assert_non_null(strstr(field, "gzip"));
    assert_int_equal(strstr(field, ", br") != NULL && strstr(field, ", br") < strstr(field, "\r\n"), has);
    assert_int_equal(nw_str_eq(nw_buf_view(&body), NW_S("hello")), has);
    nw_buf_free(&body);
    if (!has)
        print_message("this libcurl has no Brotli\n");
    web_server_close(&server);
}

/* Where libcurl has HTTP/2, it is offered in the TLS client's first message (ALPN, RFC 7301). */
static void http2_is_offered_where_libcurl_has_it(void **state)
{
    bool has = (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_HTTP2) != 0;
    struct web_request request = {.allow_private = true};
    struct web_server server;
    struct nw_str seen;
    char url[64];

    (void)state;
    web_server_open(&server);
    server.fixed = NW_S("?");
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", server.port);
    request.url = url;
    assert_int_equal(ask(&server, &request, NULL).status, 0);
    seen = nw_str(server.request, server.n);
    assert_true(nw_str_starts(seen, NW_S("\x16\x03")));
    assert_true(nw_str_find(seen, NW_S("\x08http/1.1")) != SIZE_MAX);
    assert_int_equal(nw_str_find(seen, NW_S("\x02h2")) != SIZE_MAX, has);
    if (!has)
        print_message("this libcurl has no HTTP/2\n");
    web_server_close(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(private_addresses_are_never_connected_to),
        cmocka_unit_test(names_that_change_are_judged_anew),
        cmocka_unit_test(redirects_are_told_not_followed),
        cmocka_unit_test(other_schemes_are_none),
        cmocka_unit_test(bodies_have_a_most),
        cmocka_unit_test(brotli_is_on_where_libcurl_has_it),
        cmocka_unit_test(http2_is_offered_where_libcurl_has_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
