/* A link inside one process: two queues of copied messages, shared by two ends of one thread. Whoever frees last frees
 * the queues. */
#include "link/link.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>

enum { QUEUE_MESSAGES = 1024 };

struct message {
    struct message *next;
    size_t header, body; /* bytes, one behind the other */
    char bytes[];
};

struct queue {
    struct message *first, **end;
    size_t n;
};

struct pair {
    struct queue queues[2];
    int ends; /* ends that are still open */
};

struct link_mem {
    struct nw_link link;
    struct pair *pair;
    int side;             /* receives from queues[side], sends to the other */
    struct message *last; /* what receive has given out */
};

static int link_mem_send(struct nw_link *base, struct nw_str header, struct nw_str body)
{
    struct link_mem *link = (struct link_mem *)base;
    struct queue *queue = &link->pair->queues[!link->side];
    struct message *message;

    if (queue->n >= QUEUE_MESSAGES)
        return -EAGAIN;
    message = nw_malloc(sizeof *message + header.n + body.n);
    if (!message)
        return nw_fault(-ENOMEM);
    message->next = NULL;
    message->header = header.n;
    message->body = body.n;
    if (header.n)
        memcpy(message->bytes, header.p, header.n);
    if (body.n)
        memcpy(message->bytes + header.n, body.p, body.n);
    *queue->end = message;
    queue->end = &message->next;
    queue->n++;
    return 0;
}

static int link_mem_give(struct nw_link *base, struct nw_str header, struct nw_buf *body)
{
    int r = link_mem_send(base, header, nw_buf_view(body));

    nw_buf_clear(body);
    return r;
}

static int link_mem_receive(struct nw_link *base, struct nw_str *header, struct nw_str *body)
{
    struct link_mem *link = (struct link_mem *)base;
    struct queue *queue = &link->pair->queues[link->side];
    struct message *message = queue->first;

    if (!message)
        return NW_LINK_EMPTY;
    queue->first = message->next;
    if (!queue->first)
        queue->end = &queue->first;
    queue->n--;
    nw_free(link->last);
    link->last = message;
    *header = nw_str(message->bytes, message->header);
    *body = nw_str(message->bytes + message->header, message->body);
    return 0;
}

static int link_mem_wait(struct nw_link *base, const int *fds, size_t n, int64_t timeout_ms)
{
    const struct link_mem *link = (const struct link_mem *)base;

    (void)fds;
    (void)n;
    (void)timeout_ms;
    return link->pair->queues[link->side].n ? NW_LINK_READABLE : 0;
}

static void link_mem_free(struct nw_link *base)
{
    struct link_mem *link = (struct link_mem *)base;

    nw_free(link->last);
    if (--link->pair->ends == 0) {
        for (int i = 0; i < 2; i++) {
            for (struct message *message = link->pair->queues[i].first, *next; message; message = next) {
                next = message->next;
                nw_free(message);
            }
        }
        nw_free(link->pair);
    }
    nw_free(link);
}

int nw_link_mem_pair(struct nw_link **a, struct nw_link **b)
{
    static const struct nw_link_calls calls = {link_mem_send, link_mem_give, link_mem_receive, link_mem_wait,
                                               link_mem_free};
    struct pair *pair = nw_calloc(1, sizeof *pair);
    struct link_mem *ends[2] = {nw_calloc(1, sizeof **ends), nw_calloc(1, sizeof **ends)};

    if (!pair || !ends[0] || !ends[1]) {
        nw_free(pair);
        nw_free(ends[0]);
        nw_free(ends[1]);
        return nw_fault(-ENOMEM);
    }
    pair->ends = 2;
    for (int i = 0; i < 2; i++) {
        pair->queues[i].end = &pair->queues[i].first;
        *ends[i] = (struct link_mem){.link = {.calls = &calls}, .pair = pair, .side = i};
    }
    *a = &ends[0]->link;
    *b = &ends[1]->link;
    return 0;
}
