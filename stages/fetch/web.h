/*
 * Fetching over HTTP and HTTPS, many transfers at once, by libcurl on one epoll descriptor. Every body has a most,
 * every transfer a time; certificates are verified; no scheme but http and https, and no address but a public one
 * (guard.h) where the request does not allow others, is ever connected to. Redirects are told, not followed: whoever
 * asks decides.
 */
#ifndef FETCH_WEB_H
#define FETCH_WEB_H

#include <newswire/buf.h>
#include <newswire/record.h>

struct web;

struct web_options {
    const char *agent;  /* User-Agent, with a way to reach who runs it */
    const char *proxy;  /* URL of a proxy, "" for none; with one, its address is not guarded */
    const char *ca;     /* file of the certificates to believe, NULL or "" for the machine's */
    int64_t timeout_ms; /* of a whole transfer */
    size_t most;        /* bytes of a decoded body */
    size_t transfers;   /* at once */
    size_t host_connections;
};

struct web_request {
    const char *url;
    const char *etag, *modified; /* of the last answer, for a conditional request; NULL or "" for none */
    const char *accept;          /* media types that are wanted; NULL for any */
    bool html;                   /* a good answer that is no HTML is ended at once: `refused` */
    size_t most;                 /* bytes of the decoded body; 0: as the options say */
    bool cut;                    /* what is behind them is left out, and the answer is good */
    bool allow_private;
    void *user;
};

/* Strings live until the next call of web_step. */
struct web_answer {
    void *user;
    long status;          /* HTTP's; 0: there was no answer, `why` says so */
    const char *redirect; /* of a 3xx: the address, absolute; NULL for none */
    struct nw_str type;   /* Content-Type; n 0 for none */
    struct nw_str etag, modified;
    int64_t retry_after_ms; /* -1: none was told */
    int64_t fresh_ms;       /* Cache-Control: max-age; -1: none was told */
    struct nw_str body;
    bool refused; /* status 0, and it will be no better another time: not public, too long, no HTML */
    char why[NW_WHY];
};

/* 0 or a negative fault. */
int web_open(const struct web_options *options, struct web **web);
void web_close(struct web **web); /* accepts NULL, nulls the pointer; transfers under way end */

bool web_is_html(struct nw_str type); /* HTML or XHTML */

bool web_has_room(const struct web *web);
int web_fd(const struct web *web);                                 /* readable when web_step can move something */
int web_start(struct web *web, const struct web_request *request); /* 0 or a negative fault */

enum { WEB_ANSWER = 0, WEB_NONE = 1 };

/* Moves what can be moved, without waiting, and gives a transfer that has ended. WEB_NONE: again when the descriptor is
 * readable, or after web_timeout ms. */
int web_step(struct web *web, struct web_answer *answer);
int64_t web_timeout(const struct web *web);

#endif
