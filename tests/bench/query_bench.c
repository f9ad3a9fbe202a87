/*
 * Standing queries: what matching costs an article, with 1,000, 10,000 and 100,000 of them, against reading the article
 * (decoding it and taking up its words), which is the yardstick. Queries are of three kinds: a rare word and a common
 * one, a phrase, a name or a topic with a place.
 *
 *     query_bench [--quick]
 */
#include "query/query.h"

#include <newswire/clock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARTICLES = 500, WORDS = 350, VOCABULARY = 60000, TEXT = 8192 };

static uint32_t dice(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Words as a language has them: few that are everywhere, most of them rare. */
static uint32_t word(uint32_t *seed)
{
    double u = (double)(dice(seed) % 1000000 + 1) / 1000001;

    return (uint32_t)(u * u * u * u * VOCABULARY);
}

static struct nw_str article(struct nw_arena *arena, uint32_t *seed)
{
    char *text = nw_arena_alloc(arena, TEXT);
    size_t n = (size_t)snprintf(
        text, TEXT,
        "{\"source\":{\"index\":0},\"language\":\"en\",\"urgency\":%u,\"places\":[{\"name\":\"Town%u\","
        "\"literal\":\"%c%c\"}],\"people\":[{\"name\":\"Ann Person%u\"}],\"bodies\":[{\"value\":\"",
        1 + dice(seed) % 9, dice(seed) % 5000, 'A' + dice(seed) % 26, 'A' + dice(seed) % 26, dice(seed) % 20000);

    for (int i = 0; i < WORDS; i++)
        n += (size_t)snprintf(text + n, TEXT - n, "w%u ", word(seed));
    n += (size_t)snprintf(text + n, TEXT - n, "\"}]}");
    return nw_str(text, n);
}

static struct nw_query *query(uint32_t *seed)
{
    struct nw_query *made = NULL;
    char text[256], why[NW_WHY];
    size_t column;

    switch (dice(seed) % 3) {
    case 0:
        snprintf(text, sizeof text, "w%u AND w%u NOT dup:true", dice(seed) % VOCABULARY, word(seed));
        break;
    case 1:
        snprintf(text, sizeof text, "\"w%u w%u\"", word(seed), dice(seed) % VOCABULARY);
        break;
    default:
        snprintf(text, sizeof text, "(person:Person%u OR place:Town%u) AND urgency:1..6", dice(seed) % 20000,
                 dice(seed) % 5000);
        break;
    }
    if (nw_query_compile(nw_str_z(text), &made, &column, why) != 0)
        abort();
    return made;
}

static int count(void *user, void *entry)
{
    (void)entry;
    ++*(uint64_t *)user;
    return 0;
}

int main(int argc, char **argv)
{
    bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
    size_t rounds = quick ? 1 : 10, most = quick ? 2000 : 100000, have = 0;
    struct nw_arena texts = {0}, arena = {0};
    struct nw_str bodies[ARTICLES];
    struct nw_query_article *reader;
    struct nw_query_index *index;
    struct nw_query_entry *entry;
    uint32_t seed = 1;

    if (nw_query_article_new(&reader) < 0 || nw_query_index_new(&index) < 0)
        return 1;
    for (size_t i = 0; i < ARTICLES; i++)
        bodies[i] = article(&texts, &seed);
    for (size_t want = 0; want <= most; want = want ? want * 10 : 1000) {
        int64_t start, read = 0, matched = 0;
        uint64_t found = 0;
        for (; have < want; have++) {
            if (nw_query_index_add(index, query(&seed), NULL, &entry) < 0)
                return 1;
        }
        for (size_t i = 0; i < ARTICLES * rounds; i++) {
            struct nw_record *record;
            char why[NW_WHY];
            nw_arena_reset(&arena);
            start = nw_clock_mono_micro();
            if (nw_record_from_json(&arena, bodies[i % ARTICLES], &record, why) != 0 ||
                nw_query_article_read(reader, record) < 0)
                return 1;
            read += nw_clock_mono_micro() - start;
            start = nw_clock_mono_micro();
            if (nw_query_index_match(index, reader, count, &found) != 0)
                return 1;
            matched += nw_clock_mono_micro() - start;
        }
        if (want == 0)
            printf("reading an article, its words taken up\t%.2f\tus\n", (double)read / (double)(ARTICLES * rounds));
        else
            printf("%zu queries, %.1f matches an article\t%.2f\tus\n", want,
                   (double)found / (double)(ARTICLES * rounds), (double)matched / (double)(ARTICLES * rounds));
    }
    return 0; /* the process's end frees all */
}
