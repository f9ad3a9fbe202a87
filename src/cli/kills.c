/* A sorted array of what kills name; see kills.h. */
#include "kills.h"

#include "trends/mentions.h"

#include <newswire/alloc.h>
#include <newswire/buf.h>
#include <newswire/hash.h>

#include <errno.h>
#include <stdlib.h>

enum {
    KILLS_LEAST = 64,
    HEADLINES_MAX = 1 << 20, /* bytes of hashes of killed headlines; those beyond may still name their story */
};

bool kills_are(const struct nw_record *record)
{
    return NW_HAS(record, record, pub_status) && nw_str_eq(record->pub_status, NW_S("canceled"));
}

static int add(struct kills *kills, struct nw_str uri, uint64_t oseq)
{
    if (kills->n == kills->room) {
        size_t room = kills->room ? 2 * kills->room : KILLS_LEAST;
        struct kill *v = nw_realloc(kills->v, room * sizeof *v);
        if (!v) {
            return -ENOMEM;
        }
        kills->v = v;
        kills->room = room;
    }
    kills->v[kills->n++] = (struct kill){nw_hash64(uri, 0), oseq};
    return 0;
}

static int note(struct kills *kills, const struct nw_record *record, uint64_t oseq)
{
    const struct nw_story *story = NW_HAS(record, record, story) ? record->story : NULL;
    int rc = 0;

    if (!kills_are(record)) {
        return 0;
    }
    if (NW_HAS(record, record, uri)) {
        rc = add(kills, record->uri, oseq);
    }
    if (rc == 0 && story && NW_HAS(story, story, revision_of)) {
        rc = add(kills, story->revision_of, oseq);
    }
    return rc;
}

static int by_uri(const void *a, const void *b)
{
    const struct kill *x = a, *y = b;

    if (x->uri != y->uri) {
        return x->uri < y->uri ? -1 : 1;
    }
    return (x->oseq > y->oseq) - (x->oseq < y->oseq);
}

int kills_read(struct kills *kills, struct output_reader *reader, uint64_t from)
{
    struct nw_arena arena = {0};
    int rc = 0;

    *kills = (struct kills){0};
    nw_buf_init(&kills->headlines, HEADLINES_MAX);
    for (uint64_t oseq = from; oseq <= reader->head && rc == 0; oseq++) {
        struct nw_record *record = NULL;
        struct nw_str bytes;
        rc = reader->log.read(reader->log.user, oseq, &bytes);
        /* Most articles need not be decoded to know. */
        if (rc == 0 && nw_str_find(bytes, NW_S("canceled")) != SIZE_MAX) {
            char why[NW_WHY];
            nw_arena_reset(&arena);
            rc = nw_record_decode(&arena, bytes, &record, why);
        }
        rc = rc < 0 ? rc : 0; /* what is lost or no record kills nothing */
        if (rc == 0 && record) {
            rc = note(kills, record, oseq);
        }
    }
    nw_arena_free(&arena);
    if (kills->n > 0) {
        qsort(kills->v, kills->n, sizeof *kills->v, by_uri);
    }
    return rc;
}

void kills_free(struct kills *kills)
{
    nw_free(kills->v);
    nw_buf_free(&kills->headlines);
    *kills = (struct kills){0};
}

/* Whether an element is at or behind (uri, oseq), and of this uri. */
static bool is_killed(const struct kills *kills, uint64_t uri, uint64_t oseq)
{
    const struct kill wanted = {uri, oseq};
    size_t low = 0, high = kills->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_uri(&kills->v[middle], &wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < kills->n && kills->v[low].uri == uri;
}

bool kills_reach(struct kills *kills, const struct nw_record *record, uint64_t oseq)
{
    struct nw_str headline = nw_article_title(record);
    uint64_t hash = nw_hash64(headline, 0);

    if (kills->n == 0 || !NW_HAS(record, record, uri) || !is_killed(kills, nw_hash64(record->uri, 0), oseq)) {
        return false;
    }
    if (headline.n > 0) {
        nw_buf_add(&kills->headlines, &hash, sizeof hash);
    }
    return true;
}

struct nw_str kills_story_headline(const struct kills *kills, const struct nw_record *record)
{
    const struct nw_story *story = NW_HAS(record, record, story) ? record->story : NULL;
    struct nw_str own = nw_article_title(record);
    uint64_t hash, killed;

    if (!story || !NW_HAS(story, story, headline)) {
        return own;
    }
    hash = nw_hash64(story->headline, 0);
    for (size_t at = 0; at < kills->headlines.n; at += sizeof killed) {
        memcpy(&killed, kills->headlines.p + at, sizeof killed);
        if (killed == hash) {
            return own;
        }
    }
    return story->headline;
}
