/* See multi.h. */
#include "multi.h"

#include <newswire/error.h>

#include <errno.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 64 };

static int64_t kernel_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int on_socket(CURL *curl, curl_socket_t fd, int what, void *user, void *known)
{
    struct multi *multi = user;
    struct epoll_event event = {.data.fd = fd};

    (void)curl;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(multi->epoll, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
    if (epoll_ctl(multi->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) < 0 &&
        epoll_ctl(multi->epoll, known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event) < 0)
        return -1;
    curl_multi_assign(multi->handle, fd, multi);
    return 0;
}

static int on_timer(CURLM *handle, long ms, void *user)
{
    struct multi *multi = user;

    (void)handle;
    multi->due = ms < 0 ? -1 : kernel_ms() + ms;
    return 0;
}

CURL *multi_step(struct multi *multi, CURLcode *result)
{
    struct epoll_event events[EVENTS];
    int running, left, n = epoll_wait(multi->epoll, events, EVENTS, 0);
    CURLMsg *message;

    for (int i = 0; i < n; i++) {
        int what = (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                   (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                   (events[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
        curl_multi_socket_action(multi->handle, events[i].data.fd, what, &running);
    }
    if (multi->due >= 0 && kernel_ms() >= multi->due) {
        multi->due = -1;
        curl_multi_socket_action(multi->handle, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    while ((message = curl_multi_info_read(multi->handle, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}

int64_t multi_timeout(const struct multi *multi)
{
    int64_t left = multi->due < 0 ? INT32_MAX : multi->due - kernel_ms();

    return left < 0 ? 0 : left;
}

int multi_open(struct multi *multi)
{
    *multi = (struct multi){.due = -1, .epoll = epoll_create1(EPOLL_CLOEXEC)};
    if (multi->epoll < 0)
        return nw_fault(-errno);
    multi->handle = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_multi_init() : NULL;
    if (!multi->handle)
        return nw_fault(-ENOMEM);
    curl_multi_setopt(multi->handle, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi->handle, CURLMOPT_SOCKETDATA, multi);
    curl_multi_setopt(multi->handle, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi->handle, CURLMOPT_TIMERDATA, multi);
    return 0;
}

void multi_close(struct multi *multi)
{
    if (multi->handle) {
        curl_multi_cleanup(multi->handle);
        curl_global_cleanup();
    }
    if (multi->epoll > 0)
        close(multi->epoll);
    *multi = (struct multi){.handle = NULL};
}
