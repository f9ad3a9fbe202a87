/* The stories, or threads, of the articles of a time, put together from the output log. */
#ifndef CLI_STORY_BOOK_H
#define CLI_STORY_BOOK_H

#include "killed_headlines.h"
#include "output_reader.h"

enum {
    STORY_NAMES = 12,    /* sources, places, people kept of one story: the first ones met */
    STORY_MOST = 200000, /* stories; 1.1 KB each, and their texts */
};

struct story_names {
    struct story_name {
        struct nw_str name;
        uint32_t n; /* articles */
    } v[STORY_NAMES];
    size_t n;
};

struct story {
    struct nw_str id, thread, headline;
    int64_t size;     /* as its newest article says: all, also those before the time asked for */
    int64_t first;    /* ms since 1970: of its first article, too */
    int64_t last;     /* of the newest one */
    uint64_t article; /* how many there are of the time asked for */
    struct story_names sources, places, people;
    uint64_t hash;
    struct story *next; /* in its bucket */
};

struct story_book {
    struct nw_arena arena;
    struct story **v, **buckets; /* v: in the order in which they were met */
    size_t n, bucket_count;
    bool threads;
    struct killed_headlines killed;
    uint64_t left_out; /* articles of stories beyond STORY_MOST */
};

/* Reads all articles that came out since a time (ms since 1970), but those that were killed. 0 or a negative errno;
 * story_book_free may follow in either case. */
int story_book_read(struct story_book *book, struct output_reader *reader, int64_t since, bool threads);
void story_book_free(struct story_book *book);

enum story_order { STORY_NEWEST, STORY_BIGGEST };
void story_book_sort(struct story_book *book, enum story_order order);

#endif
