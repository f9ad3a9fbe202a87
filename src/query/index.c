/*
 * The inverted index over queries. Each query is filed under a set of tokens of which an article that it matches must
 * have one: of an AND the rarer side's, of an OR both sides'. Where one more token must be there, it stands in the
 * posting too: most queries that an article nearly matches are then passed over without being looked at. How rare a
 * token is, is learned from the articles. A query without such a set (NOT, a range, a prefix alone) is tried with every
 * article.
 */
#include "query/article.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>

enum { BUCKETS_LEAST = 1024, SEEN = 1 << 16, KEYS = 2 * NW_QUERY_TERMS };

static const double never = 1e30; /* the cost of what no token leads to */

struct posting {
    struct posting *next;
    uint64_t token, also; /* also: another one that must be there; 0: none */
    struct nw_query_entry *entry;
};

struct nw_query_entry {
    const struct nw_query *query;
    void *user;
    struct posting *postings; /* n of them, one block */
    size_t n;
    uint64_t stamp;                         /* of the article it was tried with last */
    struct nw_query_entry *before, *behind; /* among those without tokens */
};

struct nw_query_index {
    struct posting **buckets;
    size_t bucket_count, posting_count;
    struct nw_query_entry *open; /* those that are tried with every article */
    uint64_t stamp;
    uint32_t seen[SEEN]; /* articles with a token of this hash, halved now and then */
    uint32_t articles;
};

int nw_query_index_new(struct nw_query_index **result)
{
    struct nw_query_index *index = nw_calloc(1, sizeof *index);

    *result = index;
    if (!index)
        return nw_fault(-ENOMEM);
    index->bucket_count = BUCKETS_LEAST;
    index->buckets = nw_calloc(BUCKETS_LEAST, sizeof *index->buckets);
    if (!index->buckets)
        nw_query_index_free(result);
    return *result ? 0 : nw_fault(-ENOMEM);
}

void nw_query_index_free(struct nw_query_index **pointer)
{
    if (*pointer)
        nw_free((*pointer)->buckets);
    nw_free(*pointer);
    *pointer = NULL;
}

/* ---- which tokens */

struct keys {
    uint64_t v[KEYS];
    size_t n;
    struct set {
        size_t from; /* its tokens: v[from] … up to the next set's */
        double cost; /* articles expected */
    } stack[NW_QUERY_TERMS + 1];
    size_t depth;
};

static double cost_of(const struct nw_query_index *index, uint64_t token)
{
    return 1 + (double)index->seen[(token >> 1) % SEEN];
}

static void push_set(struct keys *keys, double cost)
{
    keys->stack[keys->depth++] = (struct set){keys->n, cost};
}

/* Of a phrase the rarest word; the value as a whole may match instead, so both are needed. */
static void push_term(const struct nw_query_index *index, struct keys *keys, const struct query_term *term)
{
    uint64_t rarest = 0;
    double cost = 0;

    push_set(keys, never);
    for (size_t i = 0; i < term->n; i++) {
        double each = cost_of(index, term->words[i]);
        if (!rarest || each < cost) {
            rarest = term->words[i];
            cost = each;
        }
    }
    if (!rarest && (!term->whole || term->prefix_n > 0))
        return;
    if (rarest)
        keys->v[keys->n++] = rarest;
    if (term->whole) {
        keys->v[keys->n++] = term->whole;
        cost += cost_of(index, term->whole);
    }
    keys->stack[keys->depth - 1].cost = cost;
}

static void join(struct keys *keys, enum query_op op)
{
    struct set *a = &keys->stack[keys->depth - 2], *b = &keys->stack[keys->depth - 1];

    if (op == QUERY_OP_OR) {
        a->cost = a->cost >= never || b->cost >= never ? never : a->cost + b->cost;
    } else if (b->cost < a->cost) { /* b's tokens take the place of a's */
        memmove(keys->v + a->from, keys->v + b->from, (keys->n - b->from) * sizeof *keys->v);
        keys->n = a->from + (keys->n - b->from);
        a->cost = b->cost;
    } else {
        keys->n = b->from;
    }
    keys->depth--;
}

/* Fills keys with the tokens of which one is needed; false where there are none. */
static bool choose(const struct nw_query_index *index, const struct nw_query *query, struct keys *keys)
{
    keys->n = keys->depth = 0;
    for (size_t i = 0; i < query->step_count; i++) {
        switch (query->steps[i].op) {
        case QUERY_OP_ALL:
            push_set(keys, never);
            break;
        case QUERY_OP_TERM:
            push_term(index, keys, &query->terms[query->steps[i].term]);
            break;
        case QUERY_OP_NOT:
            keys->n = keys->stack[keys->depth - 1].from;
            keys->stack[keys->depth - 1].cost = never;
            break;
        case QUERY_OP_AND:
        case QUERY_OP_OR:
            join(keys, query->steps[i].op);
            break;
        }
    }
    return keys->depth > 0 && keys->stack[0].cost < never && keys->n > 0;
}

/* Tokens of which an article needs every one: the two rarest. */
struct needs {
    uint64_t v[2];
};

static void need(const struct nw_query_index *index, struct needs *needs, uint64_t token)
{
    for (size_t i = 0; i < 2 && token != 0 && token != needs->v[i]; i++) {
        if (needs->v[i] == 0 || cost_of(index, token) < cost_of(index, needs->v[i])) {
            uint64_t kept = needs->v[i];
            needs->v[i] = token;
            token = kept;
        }
    }
}

static struct needs needs_of_term(const struct nw_query_index *index, const struct query_term *term)
{
    struct needs needs = {{0, 0}};

    if (term->whole && term->n == 0 && term->prefix_n == 0)
        need(index, &needs, term->whole);
    for (size_t i = 0; i < term->n && !term->whole; i++)
        need(index, &needs, term->words[i]);
    return needs;
}

static struct needs needs_of(const struct nw_query_index *index, const struct nw_query *query)
{
    const struct needs none = {{0, 0}};
    struct needs stack[NW_QUERY_TERMS + 1] = {{{0, 0}}};
    size_t n = 0;

    for (size_t i = 0; i < query->step_count; i++) {
        switch (query->steps[i].op) {
        case QUERY_OP_ALL:
            stack[n++] = none;
            break;
        case QUERY_OP_TERM:
            stack[n++] = needs_of_term(index, &query->terms[query->steps[i].term]);
            break;
        case QUERY_OP_NOT:
            stack[n - 1] = none;
            break;
        case QUERY_OP_AND:
            n--;
            need(index, &stack[n - 1], stack[n].v[0]);
            need(index, &stack[n - 1], stack[n].v[1]);
            break;
        case QUERY_OP_OR:
            n--;
            stack[n - 1] = none;
            break;
        }
    }
    return stack[0];
}

/* ---- entries */

static struct posting **bucket(const struct nw_query_index *index, uint64_t token)
{
    return &index->buckets[(token >> 1) % index->bucket_count];
}

static int grow(struct nw_query_index *index)
{
    size_t count = index->bucket_count * 2;
    struct posting **old = index->buckets, **buckets = nw_calloc(count, sizeof *buckets);

    if (!buckets)
        return nw_fault(-ENOMEM);
    index->buckets = buckets;
    index->bucket_count = count;
    for (size_t i = 0; i < count / 2; i++) {
        for (struct posting *posting = old[i], *next; posting; posting = next) {
            struct posting **to = bucket(index, posting->token);
            next = posting->next;
            posting->next = *to;
            *to = posting;
        }
    }
    nw_free(old);
    return 0;
}

int nw_query_index_add(struct nw_query_index *index, const struct nw_query *query, void *user,
                       struct nw_query_entry **result)
{
    struct nw_query_entry *entry = nw_calloc(1, sizeof *entry);
    struct keys *keys = nw_calloc(1, sizeof *keys);
    struct needs needs;
    int r = entry && keys ? 0 : nw_fault(-ENOMEM);

    *result = NULL;
    if (r == 0 && index->posting_count > index->bucket_count)
        r = grow(index);
    if (r == 0 && choose(index, query, keys)) {
        entry->postings = nw_calloc(keys->n, sizeof *entry->postings);
        r = entry->postings ? 0 : nw_fault(-ENOMEM);
        entry->n = r == 0 ? keys->n : 0;
    }
    if (r < 0) {
        nw_free(entry);
        nw_free(keys);
        return r;
    }
    needs = needs_of(index, query);
    entry->query = query;
    entry->user = user;
    for (size_t i = 0; i < entry->n; i++) {
        struct posting *posting = &entry->postings[i], **to = bucket(index, keys->v[i]);
        uint64_t also = keys->v[i] == needs.v[0] ? needs.v[1] : needs.v[0];
        *posting = (struct posting){*to, keys->v[i], also, entry};
        *to = posting;
    }
    index->posting_count += entry->n;
    if (entry->n == 0) {
        entry->behind = index->open;
        if (index->open)
            index->open->before = entry;
        index->open = entry;
    }
    nw_free(keys);
    *result = entry;
    return 0;
}

void nw_query_index_remove(struct nw_query_index *index, struct nw_query_entry **pointer)
{
    struct nw_query_entry *entry = *pointer;

    if (!entry)
        return;
    for (size_t i = 0; i < entry->n; i++) {
        struct posting **at = bucket(index, entry->postings[i].token);
        while (*at != &entry->postings[i])
            at = &(*at)->next;
        *at = entry->postings[i].next;
    }
    index->posting_count -= entry->n;
    if (entry->n == 0) {
        if (entry->behind)
            entry->behind->before = entry->before;
        *(entry->before ? &entry->before->behind : &index->open) = entry->behind;
    }
    nw_free(entry->postings);
    nw_free(entry);
    *pointer = NULL;
}

/* ---- matching */

static void learn(struct nw_query_index *index, const struct nw_query_article *article)
{
    for (size_t i = 0; i < article->used_n; i++)
        index->seen[(article->set[article->used[i]] >> 1) % SEEN]++;
    if (++index->articles % (1 << 20) == 0) {
        for (size_t i = 0; i < SEEN; i++)
            index->seen[i] /= 2;
    }
}

static int try(struct nw_query_index *index, struct nw_query_entry *entry, const struct nw_query_article *article,
               int (*match)(void *user, void *entry_user), void *user)
{
    if (entry->stamp == index->stamp)
        return 0;
    entry->stamp = index->stamp;
    return nw_query_matches(entry->query, article) ? match(user, entry->user) : 0;
}

int nw_query_index_match(struct nw_query_index *index, const struct nw_query_article *article,
                         int (*match)(void *user, void *entry_user), void *user)
{
    int r = 0;

    index->stamp++;
    learn(index, article);
    for (size_t i = 0; i < article->used_n && r == 0 && index->posting_count > 0; i++) {
        uint64_t token = article->set[article->used[i]];
        for (struct posting *posting = *bucket(index, token), *next; posting && r == 0; posting = next) {
            next = posting->next;
            if (posting->token == token && (posting->also == 0 || article_has(article, posting->also)))
                r = try(index, posting->entry, article, match, user);
        }
    }
    for (struct nw_query_entry *entry = index->open, *behind; entry && r == 0; entry = behind) {
        behind = entry->behind;
        r = try(index, entry, article, match, user);
    }
    return r;
}
