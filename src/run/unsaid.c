/* A list with its end; see unsaid.h. */
#include "run/unsaid.h"

#include "link/link.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>

struct unsaid {
    struct unsaid *next;
    uint64_t oseq;
    size_t n;
    char header[];
};

void unsaid_init(struct unsaid_queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
}

int unsaid_add(struct unsaid_queue *queue, uint64_t oseq, struct nw_str header)
{
    struct unsaid *unsaid = nw_malloc(sizeof *unsaid + header.n);

    if (!unsaid)
        return nw_fault(-ENOMEM);
    unsaid->next = NULL;
    unsaid->oseq = oseq;
    unsaid->n = header.n;
    memcpy(unsaid->header, header.p, header.n);
    *queue->last = unsaid;
    queue->last = &unsaid->next;
    return 0;
}

static void drop_first(struct unsaid_queue *queue)
{
    struct unsaid *first = queue->first;

    queue->first = first->next;
    if (!queue->first)
        queue->last = &queue->first;
    nw_free(first);
}

int unsaid_say(struct unsaid_queue *queue, struct nw_link *link, uint64_t durable)
{
    int r = 0;

    while (queue->first && queue->first->oseq <= durable && r == 0) {
        r = nw_link_send(link, nw_str(queue->first->header, queue->first->n), nw_str(NULL, 0));
        if (r == -EAGAIN)
            r = 0; /* the lease will come again, and is known then */
        drop_first(queue);
    }
    return r;
}

void unsaid_forget(struct unsaid_queue *queue)
{
    while (queue->first)
        drop_first(queue);
}
