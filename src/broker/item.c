/* Items and their queues: see item.h. */
#include "broker/item.h"

#include <newswire/alloc.h>

void item_queue_init(struct item_queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
    queue->n = 0;
}

void item_queue_push(struct item_queue *queue, struct item *item)
{
    item->next = NULL;
    *queue->last = item;
    queue->last = &item->next;
    queue->n++;
}

void item_queue_push_front(struct item_queue *queue, struct item *item)
{
    item->next = queue->first;
    if (!queue->first)
        queue->last = &item->next;
    queue->first = item;
    queue->n++;
}

struct item *item_queue_pop(struct item_queue *queue)
{
    struct item *item = queue->first;

    if (!item)
        return NULL;
    queue->first = item->next;
    if (!queue->first)
        queue->last = &queue->first;
    queue->n--;
    item->next = NULL;
    return item;
}

struct item *item_new(struct entry *entry, struct chunk *chunk, size_t at, uint32_t size)
{
    struct item *item = nw_calloc(1, sizeof *item);

    if (!item)
        return NULL;
    item->entry = entry;
    item->chunk = chunk_use(chunk);
    item->at = at;
    item->size = size;
    return item;
}

void item_free(struct item *item)
{
    if (!item)
        return;
    chunk_drop(item->chunk);
    nw_free(item);
}

/* Merges two lists in order of path. */
static struct item *merge(struct item *a, struct item *b)
{
    struct item *head = NULL, **last = &head;

    while (a && b) {
        struct item **least = a->path <= b->path ? &a : &b;
        *last = *least;
        last = &(*last)->next;
        *least = (*least)->next;
    }
    *last = a ? a : b;
    return head;
}

struct item *item_sort(struct item *list)
{
    /* Bottom-up merge sort: runs[i] is NULL or a sorted list of 2^i items. An entry has far fewer than 2^32 items. */
    struct item *runs[32] = {NULL}, *sorted = NULL;

    while (list) {
        struct item *one = list;
        size_t i = 0;
        list = list->next;
        one->next = NULL;
        for (; runs[i]; i++) {
            one = merge(runs[i], one);
            runs[i] = NULL;
        }
        runs[i] = one;
    }
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        if (runs[i])
            sorted = merge(runs[i], sorted);
    }
    return sorted;
}
