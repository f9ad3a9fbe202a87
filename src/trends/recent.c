/* A ring of articles with a chain through those of one bucket; see recent.h. */
#include "trends/recent.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/hash.h>

#include <errno.h>

struct recent {
    struct recent_article {
        uint64_t uri, oseq; /* hash; 0: taken */
        uint64_t number;    /* which one it is, from 1 */
        uint64_t earlier;   /* number of the one before it in its bucket; 0: none */
    } ring[RECENT];
    uint64_t newest[RECENT]; /* numbers, by bucket */
    uint64_t count;
};

int recent_new(struct recent **recent)
{
    *recent = nw_calloc(1, sizeof **recent);
    return *recent ? 0 : nw_fault(-ENOMEM);
}

void recent_free(struct recent **recent)
{
    nw_free(*recent);
    *recent = NULL;
}

void recent_add(struct recent *recent, struct nw_str uri, uint64_t oseq)
{
    uint64_t hash = nw_hash64(uri, 0), *newest = &recent->newest[hash % RECENT], number;

    if (uri.n == 0)
        return;
    number = ++recent->count;
    recent->ring[number % RECENT] = (struct recent_article){hash, oseq, number, *newest};
    *newest = number;
}

size_t recent_take(struct recent *recent, struct nw_str uri, uint64_t *oseqs, size_t most)
{
    uint64_t hash = nw_hash64(uri, 0), number = recent->newest[hash % RECENT];
    size_t n = 0;

    while (number > 0 && n < most) {
        struct recent_article *article = &recent->ring[number % RECENT];
        if (article->number != number)
            break; /* from here on the ring has gone round */
        if (article->uri == hash && article->oseq > 0) {
            oseqs[n++] = article->oseq;
            article->oseq = 0;
        }
        number = article->earlier;
    }
    return n;
}
