/* A binary heap, and a table of hosts with chains: see queue.h. */
#include "queue.h"
#include "address.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/hash.h>

#include <errno.h>

enum { LEAST = 64 };

/* ---- the heap */

static bool sooner(const struct queue *queue, size_t a, size_t b)
{
    return queue->heap[a]->due_ms < queue->heap[b]->due_ms;
}

static void swap(struct queue *queue, size_t a, size_t b)
{
    struct errand *kept = queue->heap[a];

    queue->heap[a] = queue->heap[b];
    queue->heap[b] = kept;
}

void queue_push(struct queue *queue, struct errand *errand)
{
    size_t at = queue->n++;

    queue->heap[at] = errand;
    for (; at > 0 && sooner(queue, at, (at - 1) / 2); at = (at - 1) / 2)
        swap(queue, at, (at - 1) / 2);
}

struct errand *queue_pop(struct queue *queue)
{
    struct errand *first = queue->n > 0 ? queue->heap[0] : NULL;

    if (!first)
        return NULL;
    queue->heap[0] = queue->heap[--queue->n];
    for (size_t at = 0, least = 0;; at = least) {
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < queue->n; child++)
            least = sooner(queue, child, least) ? child : least;
        if (least == at)
            return first;
        swap(queue, at, least);
    }
}

int64_t queue_due(const struct queue *queue)
{
    return queue->n > 0 ? queue->heap[0]->due_ms : INT64_MAX;
}

void queue_clear(struct queue *queue)
{
    queue->n = 0;
}

/* ---- hosts */

/* Room for an errand of each user and of each host. */
static int make_room(struct queue *queue, size_t errands)
{
    size_t room = queue->room ? queue->room : LEAST;
    struct errand **heap;

    while (room < errands)
        room *= 2;
    if (room == queue->room)
        return 0;
    heap = nw_realloc(queue->heap, room * sizeof *heap);
    if (!heap)
        return nw_fault(-ENOMEM);
    queue->heap = heap;
    queue->room = room;
    return 0;
}

static struct host **slot_of(const struct queue *queue, const char *origin)
{
    return &queue->hosts[nw_hash64(nw_str_z(origin), 0) & (queue->slots - 1)];
}

static int widen(struct queue *queue)
{
    struct queue wider = {.slots = queue->slots ? queue->slots * 2 : LEAST};

    wider.hosts = nw_calloc(wider.slots, sizeof(struct host *));
    if (!wider.hosts)
        return nw_fault(-ENOMEM);
    for (size_t i = 0; i < queue->slots; i++) {
        while (queue->hosts[i]) {
            struct host *host = queue->hosts[i], **slot = slot_of(&wider, host->origin);
            queue->hosts[i] = host->next;
            host->next = *slot;
            *slot = host;
        }
    }
    nw_free(queue->hosts);
    queue->hosts = wider.hosts;
    queue->slots = wider.slots;
    return 0;
}

static int add(struct queue *queue, const char *origin, struct host **result)
{
    size_t n = strlen(origin) + 1;
    struct host *host, **slot;
    int r = queue->count == queue->slots ? widen(queue) : 0;

    if (r < 0)
        return r;
    host = nw_calloc(1, sizeof *host);
    if (!host || !(host->origin = nw_malloc(n))) {
        nw_free(host);
        return nw_fault(-ENOMEM);
    }
    memcpy(host->origin, origin, n);
    host->errand = (struct errand){.kind = ERRAND_ROBOTS, .host = host};
    host->waiting_end = &host->waiting;
    robots_init(&host->robots);
    slot = slot_of(queue, origin);
    host->next = *slot;
    *slot = host;
    queue->count++;
    *result = host;
    return 0;
}

int queue_host(struct queue *queue, const char *url, struct host **result)
{
    char origin[ADDRESS_MAX];
    struct host *host = NULL;
    int r = address_origin(url, origin);

    if (r != 0)
        return r;
    for (host = queue->slots ? *slot_of(queue, origin) : NULL; host && strcmp(host->origin, origin) != 0;)
        host = host->next;
    if (!host)
        r = add(queue, origin, &host);
    if (r == 0)
        r = make_room(queue, ++queue->errands + queue->count);
    if (r < 0)
        return r;
    host->users++;
    *result = host;
    return 0;
}

void queue_leave(struct queue *queue, struct host *host)
{
    host->users--;
    queue->errands--;
}

static void free_host(struct queue *queue, struct host **at)
{
    struct host *host = *at;

    *at = host->next;
    queue->kept -= host->robots.rules.cap;
    queue->count--;
    robots_free(&host->robots);
    nw_free(host->origin);
    nw_free(host);
}

void queue_forget(struct queue *queue, size_t most, size_t bytes)
{
    while (queue->count > most || queue->kept > bytes) {
        struct host **oldest = NULL;
        for (size_t i = 0; i < queue->slots; i++) {
            for (struct host **at = &queue->hosts[i]; *at; at = &(*at)->next) {
                const struct host *host = *at;
                if (host->users == 0 && host->busy == 0 && !host->asking &&
                    (!oldest || host->used_ms < (*oldest)->used_ms))
                    oldest = at;
            }
        }
        if (!oldest)
            return;
        free_host(queue, oldest);
    }
}

int queue_robots(struct queue *queue, struct host *host, struct nw_str text, const char *agent)
{
    int r;

    queue->kept -= host->robots.rules.cap;
    r = robots_read(&host->robots, text, agent);
    queue->kept += host->robots.rules.cap;
    return r;
}

void queue_close(struct queue *queue)
{
    for (size_t i = 0; i < queue->slots; i++) {
        while (queue->hosts[i])
            free_host(queue, &queue->hosts[i]);
    }
    nw_free(queue->hosts);
    nw_free(queue->heap);
    *queue = (struct queue){.n = 0};
}

/* ---- turns */

bool queue_turn(struct queue *queue, struct errand *errand, int64_t gap_ms, int64_t now)
{
    struct host *host = errand->host;

    if (!errand->in_turn) {
        int64_t turn = host->next_ms > now ? host->next_ms : now;
        host->next_ms = turn + gap_ms;
        if (turn > now) {
            errand->due_ms = turn;
            errand->in_turn = true;
            queue_push(queue, errand);
            return false;
        }
    }
    errand->in_turn = false;
    return true;
}

void queue_wait(struct errand *errand)
{
    errand->next = NULL;
    *errand->host->waiting_end = errand;
    errand->host->waiting_end = &errand->next;
}

void queue_wake(struct queue *queue, struct host *host, int64_t now)
{
    while (host->waiting) {
        struct errand *errand = host->waiting;
        host->waiting = errand->next;
        errand->due_ms = now;
        queue_push(queue, errand);
    }
    host->waiting_end = &host->waiting;
}
