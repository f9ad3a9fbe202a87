/*
 * What is to be asked of servers, and when: feeds, pages, robots.txt. A heap by time; and the servers, each with the
 * time of its next turn, how many transfers it has, who waits for it, and what its robots.txt says. Errands of one
 * server share its turns and connections, whatever they are.
 */
#ifndef FETCH_QUEUE_H
#define FETCH_QUEUE_H

#include "robots.h"

#include <newswire/record.h>

struct host;

enum errand_kind { ERRAND_FEED, ERRAND_PAGE, ERRAND_ROBOTS };

/* The first member of whatever is asked. */
struct errand {
    enum errand_kind kind;
    struct host *host;
    int64_t due_ms;      /* wall ms; INT64_MAX: not by itself */
    bool in_turn;        /* due_ms is the time that its host has given it */
    struct errand *next; /* that waits for the same host */
};

struct host {
    struct errand errand; /* to ask for its robots.txt */
    struct host *next;    /* with the same hash */
    char *origin;         /* "https://news.example" */
    size_t users;         /* errands that have it as their host */
    size_t busy;          /* transfers */
    int64_t next_ms;      /* wall ms of the next turn */
    struct errand *waiting, **waiting_end;

    enum host_robots { HOST_UNKNOWN, HOST_TOLD, HOST_SILENT } state; /* its robots.txt */
    struct robots robots;                                            /* of HOST_TOLD */
    int64_t until_ms;                                                /* wall ms up to which that holds */
    bool asking;                                                     /* for it */
    int64_t used_ms;                                                 /* wall ms at which it was last wanted */
    unsigned hops;                                                   /* redirects of the request under way */
};

struct queue {
    struct errand **heap; /* the next due first */
    size_t n, room;
    size_t errands;      /* there are, in the heap or not, beside those of hosts */
    struct host **hosts; /* by hash of the origin */
    size_t slots, count; /* slots: a power of two */
    size_t kept;         /* bytes of robots.txt */
};

void queue_close(struct queue *queue); /* accepts a zeroed one; errands are their owners' */

/* The host of an address, made where there is none; counts one user more. 0, ADDRESS_NONE (address.h), or a negative
 * fault. Makes room for one errand more. */
int queue_host(struct queue *queue, const char *url, struct host **host);

/* The errand is over, or goes to another host. */
void queue_leave(struct queue *queue, struct host *host);

/* Forgets servers that nobody uses, the longest unused first, while there are more than `most` of them or their rules
 * are more than `bytes`. */
void queue_forget(struct queue *queue, size_t most, size_t bytes);

/* Keeps what a robots.txt says for this agent. 0 or a negative fault. */
int queue_robots(struct queue *queue, struct host *host, struct nw_str text, const char *agent);

void queue_push(struct queue *queue, struct errand *errand);
struct errand *queue_pop(struct queue *queue); /* NULL when it is empty */
int64_t queue_due(const struct queue *queue);  /* wall ms; INT64_MAX for never */
void queue_clear(struct queue *queue);         /* takes all errands off the heap */

/* Whether the errand's turn has come. If not, it is back in the queue, with a turn. */
bool queue_turn(struct queue *queue, struct errand *errand, int64_t gap_ms, int64_t now);

/* The errand waits until something changes at its host; queue_wake: something has. */
void queue_wait(struct errand *errand);
void queue_wake(struct queue *queue, struct host *host, int64_t now);

#endif
