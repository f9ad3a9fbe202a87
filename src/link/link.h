/*
 * A link carries messages of two frames, header and body, between a process and the broker. The run layer knows no
 * transport: link_zmq goes over ZeroMQ, link_mem stays in the process (tests, with a fake clock). A link belongs to one
 * thread.
 */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include <newswire/buf.h>

#include <stdint.h>

struct nw_curve_client;

/* What receive returns beside 0 and a negative fault. */
enum {
    NW_LINK_EMPTY = 1,
    NW_LINK_REFUSED = 2, /* the broker does not let us in, now or later; a line in the log says why */
};

/* Outcomes of wait, as bits. */
enum { NW_LINK_READABLE = 1, NW_LINK_FD_READABLE = 2 /* and, shifted left by i, for fds[i] */ };

enum { NW_LINK_FDS = 8 };

struct nw_link;

struct nw_link_calls {
    int (*send)(struct nw_link *link, struct nw_str header, struct nw_str body);
    int (*give)(struct nw_link *link, struct nw_str header, struct nw_buf *body);
    int (*receive)(struct nw_link *link, struct nw_str *header, struct nw_str *body);
    int (*wait)(struct nw_link *link, const int *fds, size_t n, int64_t timeout_ms);
    void (*free)(struct nw_link *link);
};

/* The head of every link. */
struct nw_link {
    const struct nw_link_calls *calls;
};

/* Queues a message; both frames are copied. 0, -EAGAIN when the peer takes no more for now, or a negative fault. */
static inline int nw_link_send(struct nw_link *link, struct nw_str header, struct nw_str body)
{
    return link->calls->send(link, header, body);
}

/* The same with a body that need not be copied: the link may keep its memory. The buffer is empty afterwards, whatever
 * the outcome. */
static inline int nw_link_give(struct nw_link *link, struct nw_str header, struct nw_buf *body)
{
    return link->calls->give(link, header, body);
}

/* The next message that has come, without waiting; the views live until the next call. 0, NW_LINK_EMPTY,
 * NW_LINK_REFUSED, or a negative fault. A message of other than two frames is dropped. */
static inline int nw_link_receive(struct nw_link *link, struct nw_str *header, struct nw_str *body)
{
    return link->calls->receive(link, header, body);
}

/* Waits until a message has come, one of at most NW_LINK_FDS descriptors is readable (-1 is skipped), or timeout_ms
 * (-1: for ever) is over. Returns the bits above, 0 for none (a signal, too), or a negative fault. */
static inline int nw_link_wait(struct nw_link *link, const int *fds, size_t n, int64_t timeout_ms)
{
    return link->calls->wait(link, fds, n, timeout_ms);
}

/* Accepts NULL, nulls the pointer. */
static inline void nw_link_free(struct nw_link **link)
{
    if (*link)
        (*link)->calls->free(*link);
    *link = NULL;
}

/* A DEALER connected to the broker's ROUTER. `linger_ms`: how long free waits for what is queued. */
struct nw_link_zmq_options {
    const char *endpoint;
    int linger_ms;
    const struct nw_curve_client *keys; /* for a tcp endpoint that asks for them; NULL: none. Borrowed while opening */
};

int nw_link_zmq_open(const struct nw_link_zmq_options *options, struct nw_link **link);

/* Two ends of a link in memory: what one sends, the other receives, in order, at most 1,024 messages; wait never waits.
 */
int nw_link_mem_pair(struct nw_link **a, struct nw_link **b);

#endif
