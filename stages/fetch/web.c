/*
 * libcurl's multi interface with its sockets in an epoll descriptor of ours. The time is the kernel's, not clock.h's:
 * libcurl keeps time by it too, and a test that moves our clock must not move the network's.
 */
#include "web.h"
#include "guard.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <curl/curl.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 64, HEAD_FIELD = 1024, CONNECT_MS = 10000, SLOW_BYTES = 64, SLOW_S = 20 };

struct transfer {
    struct transfer *next;
    struct web *web;
    CURL *curl;
    struct curl_slist *fields;
    void *user;
    bool allow_private, refused, large;
    struct nw_buf body;
    char url[NW_WHY]; /* for sentences */
    char type[HEAD_FIELD], etag[HEAD_FIELD], modified[HEAD_FIELD];
    int64_t fresh_ms;
    char error[CURL_ERROR_SIZE];
};

struct web {
    struct web_options options;
    CURLM *multi;
    int epoll;
    int64_t due; /* ms of the kernel's clock at which libcurl wants to be called; -1: never */
    size_t busy;
    struct transfer *all;
    struct transfer *given; /* its answer was given: it goes with the next step */
};

static int64_t kernel_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- libcurl's calls */

static int on_socket(CURL *curl, curl_socket_t fd, int what, void *user, void *known)
{
    struct web *web = user;
    struct epoll_event event = {.data.fd = fd};

    (void)curl;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(web->epoll, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
    if (epoll_ctl(web->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) < 0 &&
        epoll_ctl(web->epoll, known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event) < 0)
        return -1;
    curl_multi_assign(web->multi, fd, web);
    return 0;
}

static int on_timer(CURLM *multi, long ms, void *user)
{
    struct web *web = user;

    (void)multi;
    web->due = ms < 0 ? -1 : kernel_ms() + ms;
    return 0;
}

/* The guard: called with each address that is about to be connected to, after DNS, whatever name led there. */
static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = user;

    (void)purpose;
    if (!transfer->allow_private && !transfer->web->options.proxy[0] && !guard_is_public(&address->addr)) {
        transfer->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t on_body(char *p, size_t size, size_t n, void *user)
{
    struct transfer *transfer = user;

    (void)size; /* 1 */
    if (transfer->body.n + n > transfer->web->options.most)
        transfer->large = true;
    if (transfer->large || nw_buf_add(&transfer->body, p, n) < 0)
        return 0; /* which ends the transfer */
    return n;
}

/* The value of a field, trimmed, if the line is one of this name. */
static bool field_is(struct nw_str line, struct nw_str name, struct nw_str *value)
{
    if (line.n <= name.n || line.p[name.n] != ':' || !nw_str_eq_nocase(nw_str(line.p, name.n), name))
        return false;
    *value = nw_str_trim(nw_str_from(line, name.n + 1));
    return true;
}

static void keep_field(char to[HEAD_FIELD], struct nw_str value)
{
    if (value.n < HEAD_FIELD) /* a longer one is no use */
        snprintf(to, HEAD_FIELD, "%.*s", NW_FMT(value));
}

static size_t on_field(char *p, size_t size, size_t n, void *user)
{
    struct transfer *transfer = user;
    struct nw_str line = nw_str(p, n), value;

    (void)size;                               /* 1 */
    if (nw_str_starts(line, NW_S("HTTP/"))) { /* another answer, after a 100 */
        transfer->type[0] = transfer->etag[0] = transfer->modified[0] = '\0';
        transfer->fresh_ms = -1;
    } else if (field_is(line, NW_S("content-type"), &value)) {
        keep_field(transfer->type, value);
    } else if (field_is(line, NW_S("etag"), &value)) {
        keep_field(transfer->etag, value);
    } else if (field_is(line, NW_S("last-modified"), &value)) {
        keep_field(transfer->modified, value);
    } else if (field_is(line, NW_S("cache-control"), &value)) {
        size_t at = nw_str_find(value, NW_S("max-age="));
        if (at != SIZE_MAX)
            transfer->fresh_ms = strtol(value.p + at + 8, NULL, 10) * 1000;
    }
    return n;
}

/* ---- transfers */

static void transfer_free(struct transfer *transfer)
{
    for (struct transfer **at = &transfer->web->all; *at; at = &(*at)->next) {
        if (*at == transfer) {
            *at = transfer->next;
            break;
        }
    }
    if (transfer->curl) {
        curl_multi_remove_handle(transfer->web->multi, transfer->curl);
        curl_easy_cleanup(transfer->curl);
    }
    curl_slist_free_all(transfer->fields);
    nw_buf_free(&transfer->body);
    nw_free(transfer);
}

static int add_field(struct transfer *transfer, const char *name, const char *value)
{
    char line[HEAD_FIELD + 64];
    struct curl_slist *longer;

    if (!value || !value[0])
        return 0;
    snprintf(line, sizeof line, "%s: %s", name, value);
    longer = curl_slist_append(transfer->fields, line);
    if (!longer)
        return nw_fault(-ENOMEM);
    transfer->fields = longer;
    return 0;
}

static int set_up(struct transfer *transfer, const struct web_request *request)
{
    const struct web_options *options = &transfer->web->options;
    CURL *curl = transfer->curl;
    int r = add_field(transfer, "If-None-Match", request->etag);

    if (r == 0)
        r = add_field(transfer, "If-Modified-Since", request->modified);
    if (r == 0)
        r = add_field(transfer, "Accept",
                      "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
                      "text/html;q=0.8, */*;q=0.5");
    if (r < 0)
        return r;
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_PROXY, options->proxy);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, options->agent);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, ""); /* all that libcurl can undo */
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, transfer->fields);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)options->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_field);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->error);
    curl_easy_setopt(curl, CURLOPT_PRIVATE, transfer);
    return curl_multi_add_handle(transfer->web->multi, curl) == CURLM_OK ? 0 : nw_fault(-ENOMEM);
}

int web_start(struct web *web, const struct web_request *request)
{
    struct transfer *transfer = nw_calloc(1, sizeof *transfer);
    int r;

    if (!transfer)
        return nw_fault(-ENOMEM);
    transfer->web = web;
    transfer->user = request->user;
    transfer->allow_private = request->allow_private;
    transfer->fresh_ms = -1;
    nw_buf_init(&transfer->body, web->options.most);
    snprintf(transfer->url, sizeof transfer->url, "%s", request->url);
    transfer->next = web->all;
    web->all = transfer;
    transfer->curl = curl_easy_init();
    r = transfer->curl ? set_up(transfer, request) : nw_fault(-ENOMEM);
    if (r < 0)
        transfer_free(transfer);
    else
        web->busy++;
    return r;
}

bool web_has_room(const struct web *web)
{
    return web->busy < web->options.transfers;
}

/* ---- answers */

static void say_failure(const struct transfer *transfer, CURLcode code, struct web_answer *answer)
{
    const struct web_options *options = &transfer->web->options;

    if (transfer->refused)
        snprintf(answer->why, sizeof answer->why,
                 "its address is not a public one; set allow_private: true for this source if that is meant");
    else if (transfer->large)
        snprintf(answer->why, sizeof answer->why,
                 "the answer is longer than %zu bytes unpacked; raise max_bytes if it should be", options->most);
    else
        snprintf(answer->why, sizeof answer->why, "%.200s",
                 transfer->error[0] ? transfer->error : curl_easy_strerror(code));
}

static void tell(const struct transfer *transfer, CURLcode code, struct web_answer *answer)
{
    char *redirect = NULL;
    curl_off_t retry = 0;

    *answer = (struct web_answer){.user = transfer->user, .retry_after_ms = -1, .fresh_ms = transfer->fresh_ms};
    curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &answer->status);
    curl_easy_getinfo(transfer->curl, CURLINFO_REDIRECT_URL, &redirect);
    curl_easy_getinfo(transfer->curl, CURLINFO_RETRY_AFTER, &retry);
    if (retry > 0)
        answer->retry_after_ms = (int64_t)retry * 1000;
    answer->redirect = redirect;
    answer->type = nw_str_z(transfer->type);
    answer->etag = nw_str_z(transfer->etag);
    answer->modified = nw_str_z(transfer->modified);
    answer->body = nw_buf_view(&transfer->body);
    if (code != CURLE_OK) {
        answer->status = 0;
        say_failure(transfer, code, answer);
    }
}

int web_step(struct web *web, struct web_answer *answer)
{
    struct epoll_event events[EVENTS];
    int running, left, n = epoll_wait(web->epoll, events, EVENTS, 0);
    CURLMsg *message;

    if (web->given)
        transfer_free(web->given);
    web->given = NULL;
    for (int i = 0; i < n; i++) {
        int what = (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                   (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                   (events[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
        curl_multi_socket_action(web->multi, events[i].data.fd, what, &running);
    }
    if (web->due >= 0 && kernel_ms() >= web->due) {
        web->due = -1;
        curl_multi_socket_action(web->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    while ((message = curl_multi_info_read(web->multi, &left)) != NULL) {
        char *user = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &user);
        web->given = (struct transfer *)(void *)user;
        tell(web->given, message->data.result, answer);
        web->busy--;
        return WEB_ANSWER;
    }
    return WEB_NONE;
}

int64_t web_timeout(const struct web *web)
{
    int64_t left = web->due < 0 ? INT32_MAX : web->due - kernel_ms();

    return left < 0 ? 0 : left;
}

int web_open(const struct web_options *options, int epoll, struct web **result)
{
    struct web *web = nw_calloc(1, sizeof *web);
    struct epoll_event event = {.events = EPOLLIN};

    *result = web;
    if (!web)
        return nw_fault(-ENOMEM);
    web->options = *options;
    web->due = -1;
    web->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (web->epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, web->epoll, &event) < 0)
        return nw_fault(-errno);
    web->multi = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_multi_init() : NULL;
    if (!web->multi)
        return nw_fault(-ENOMEM);
    curl_multi_setopt(web->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(web->multi, CURLMOPT_SOCKETDATA, web);
    curl_multi_setopt(web->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(web->multi, CURLMOPT_TIMERDATA, web);
    curl_multi_setopt(web->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)options->host_connections);
    curl_multi_setopt(web->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)options->transfers);
    return 0;
}

void web_close(struct web **pointer)
{
    struct web *web = *pointer;

    if (!web)
        return;
    while (web->all)
        transfer_free(web->all);
    if (web->multi) {
        curl_multi_cleanup(web->multi);
        curl_global_cleanup();
    }
    if (web->epoll >= 0)
        close(web->epoll);
    nw_free(web);
    *pointer = NULL;
}
