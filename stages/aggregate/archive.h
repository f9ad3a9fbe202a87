/*
 * The articles and stories that are remembered: a ring of the newest articles, one allocation each, and the stories
 * that still have one of them. Indexes over it lead from a text, a uri, a run of words and a heavy term to articles.
 */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include "buckets.h"
#include "large.h"
#include "postings.h"
#include "shelf.h"
#include "sketch.h"
#include "vector.h"

enum {
    STORY_TERMS = 240, /* of a centroid */
    STORY_RECENT = 8,  /* members that an article is compared with */
    STORY_ID = 64,     /* bytes of an id */
    STORY_HEADLINE = 160,
};

/* At most 2.5 KB a live story, beside its articles; 1 KB while it has one. What is looked at of each candidate stands
 * first, in three lines of the cache. */
struct story {
    struct term *centroid; /* in order of hash */
    size_t terms, room;
    double length[PARTS]; /* of the centroid */
    int64_t first, last;  /* times, ms */
    uint64_t size;        /* articles over all time that were not killed */
    uint64_t taken;       /* those that were killed too */
    size_t recent_n, recent_at;
    uint64_t recent[STORY_RECENT];
    uint64_t live;   /* articles in the ring; at 0 the story is forgotten */
    uint64_t newest; /* of these, kills too */
    size_t id_n, thread_n, headline_n;
    char id[STORY_ID], thread[STORY_ID], headline[STORY_HEADLINE];
};

/* The heaviest terms of an article, by which it is found. */
enum { ARCHIVE_TERMS = 10, ARCHIVE_NAMES = 4 };
struct term_keys {
    uint32_t v[ARCHIVE_TERMS + ARCHIVE_NAMES];
    size_t n;
};

/* What an article is called and who filed it. */
struct label {
    struct nw_str uri, headline; /* headline: "" where it is longer than STORY_HEADLINE */
    uint64_t name, agency;       /* newswire/name.h; 0: lacks one */
    bool kill;
};

/* At most 2 KB, its uri and its headline. */
struct article {
    struct nw_hash128 text;
    int64_t time, day;
    uint64_t name, agency; /* of its label */
    uint64_t oseq;         /* its place in the output log; 0 where there is none */
    uint64_t item;         /* number of the first version of what it is a version of: its own for a new one */
    uint32_t mark, subject, slug, words, limit;
    uint32_t sketch_n, figure_n, term_n, uri_n, headline_n;
    float mass; /* of its vector */
    bool table;
    bool kill;     /* takes others back */
    bool canceled; /* a kill, or killed: nothing is compared with it */
    struct story *story;
    uint32_t *sketch, *figures;
    struct term *terms;
    char *uri, *headline;
};

struct archive {
    size_t most;
    uint64_t end;    /* number of the next article */
    uint64_t before; /* the newest article's story had this one before it; UINT64_MAX: none */
    struct article **ring;
    struct story **stories; /* of the articles in the ring; NULL for one that is compared with nothing */
    struct large memory[2]; /* of these two */
    struct shelf shelf;     /* of the articles */
    struct postings *texts, *ids, *uris, *names, *items;
    struct buckets *runs, *terms;
};

int archive_init(struct archive *archive, size_t most);
void archive_free(struct archive *archive);

/* NULL when the article is no longer (or not yet) there. */
struct article *archive_at(const struct archive *archive, uint64_t number);

/* The story of an article that is there and not canceled, else NULL; costs less than archive_at. */
struct story *archive_story_at(const struct archive *archive, uint64_t number);

/* Lets the processor fetch where these two look, the number is one that an index led to; and where it is searched for a
 * label. */
void archive_expect(const struct archive *archive, uint64_t number);
void archive_expect_story(const struct archive *archive, uint64_t number);
void archive_expect_label(const struct archive *archive, const struct label *label);

/* It is compared with nothing any more. */
void archive_cancel(struct archive *archive, uint64_t number);

/* Frees a story that no article is in. */
void story_free(struct story *story);

/* Adds the article at hand to a story, as a version of `item`; the oldest one goes. A kill is found by its uri and its
 * story alone. NULL when there is no memory. */
struct article *archive_add(struct archive *archive, const struct digest *digest, const struct sketch *sketch,
                            const struct vector *vector, const struct label *label, uint64_t item, struct story *story);

/* The same for an article that stands already, as the newest thing, on the archive's shelf. */
void archive_put(struct archive *archive, struct article *article, const struct term_keys *terms, struct story *story);
/* Lets the processor fetch the places of the indexes that putting it will touch. */
void archive_expect_put(const struct archive *archive, const struct article *article, const struct term_keys *terms);

struct term_keys archive_keys(const struct vector *vector);

/* Bytes of an article's allocation; sets where its parts are by their numbers, which it must have. */
size_t article_size(const struct article *article);
void article_lay_out(struct article *article);

/* Up to `most` articles of this uri, newest first. */
size_t archive_versions(const struct archive *archive, struct nw_str uri, uint64_t *found, size_t most);

/* The newest article of this name, not killed, that an agency may have filed within NW_NAME_SPAN of `time`; UINT64_MAX
 * for none. Where one does not say who filed it, it may be any. */
uint64_t archive_named(const struct archive *archive, const struct label *label, int64_t time);

/* Whether two may be of one agency. */
static inline bool agency_fits(uint64_t a, uint64_t b)
{
    return a == b || !a || !b;
}

/* The story of this id that is still remembered; NULL for none. */
struct story *archive_story(const struct archive *archive, struct nw_str id);

/* The newest article of this uri that was not killed; UINT64_MAX for none. */
uint64_t archive_find(const struct archive *archive, struct nw_str uri);

#endif
