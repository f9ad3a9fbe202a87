/*
 * A very small HTTP server for whoever gathers metrics: GET /metrics, one connection at a time, each answered and
 * closed. It trusts nobody: a request has a bound in bytes and in time, and says nothing but which page it wants.
 */
#ifndef CLI_METRICS_SERVE_H
#define CLI_METRICS_SERVE_H

#include <newswire/buf.h>

enum { METRICS_REQUEST = 8 << 10 /* bytes */, METRICS_REQUEST_MS = 5000 };

/* Makes the page: 0; else the sentence in `out` is answered with status 503. */
typedef int metrics_page(void *user, struct nw_buf *out);

/* Listens at "[ADDRESS:]PORT" (an address with colons in brackets; 127.0.0.1 where it has none; port 0: any) and
 * answers until SIGINT or SIGTERM. An exit status; what is wrong was told, and where it listens is. */
int metrics_serve(const char *at, metrics_page *page, void *user);

#endif
