/*
 * libcurl's multi interface with its sockets in one epoll descriptor, for the caller to wait for: transfers move
 * without anybody waiting here. The time is the kernel's, not clock.h's: libcurl keeps time by it too, and a test that
 * moves our clock must not move the network's.
 */
#ifndef FETCH_MULTI_H
#define FETCH_MULTI_H

#include <curl/curl.h>
#include <stdint.h>

struct multi {
    CURLM *handle;
    int epoll;   /* readable when a transfer can move */
    int64_t due; /* ms of the kernel's clock at which libcurl wants to be called; -1: never */
};

/* 0 or a negative fault, after which close is still due. The struct must stay where it is. */
int multi_open(struct multi *multi);
void multi_close(struct multi *multi); /* accepts a zeroed one; transfers must be gone */

/* Moves what can be moved, and gives a transfer that has ended, with its result; NULL: again when the descriptor is
 * readable, or after multi_timeout ms. */
CURL *multi_step(struct multi *multi, CURLcode *result);
int64_t multi_timeout(const struct multi *multi);

#endif
