/* A hash table of stories, filled from the log; see story_book.h. */
#include "story_book.h"

#include "article_line.h"
#include "interrupt.h"
#include "trends/mentions.h"

#include <newswire/alloc.h>
#include <newswire/hash.h>
#include <newswire/name.h>

#include <errno.h>
#include <stdlib.h>

enum {
    BUCKETS = 65536,
};

static struct story *story_of(struct story_book *book, struct nw_str id)
{
    uint64_t hash = nw_hash64(id, 0);
    struct story **bucket = &book->buckets[hash % BUCKETS], *story = *bucket;

    while (story && !(story->hash == hash && nw_str_eq(story->id, id))) {
        story = story->next;
    }
    if (story || book->n == STORY_MOST) {
        book->left_out += !story;
        return story;
    }
    story = NW_ARENA_NEW(&book->arena, struct story, 1);
    if (!story) {
        return NULL;
    }
    *story = (struct story){.id = nw_arena_dup(&book->arena, id), .hash = hash, .next = *bucket};
    if (!story->id.p) {
        return NULL;
    }
    *bucket = book->v[book->n++] = story;
    return story;
}

static int name_add(struct story_book *book, struct story_names *names, struct nw_str name)
{
    for (size_t i = 0; i < names->n; i++) {
        if (nw_str_eq(names->v[i].name, name)) {
            names->v[i].n++;
            return 0;
        }
    }
    if (name.n == 0 || names->n == STORY_NAMES) {
        return 0;
    }
    names->v[names->n] = (struct story_name){nw_arena_dup(&book->arena, name), 1};
    return names->v[names->n++].name.p ? 0 : -ENOMEM;
}

/* A text that changes with nearly no article is copied when it does. */
static int text_set(struct story_book *book, struct nw_str *text, struct nw_str value)
{
    if (nw_str_eq(*text, value)) {
        return 0;
    }
    *text = nw_arena_dup(&book->arena, value);
    return text->p ? 0 : -ENOMEM;
}

static int names_add(struct story_book *book, struct story *story, const struct nw_record *record)
{
    int rc = name_add(book, &story->sources, article_agency(record));

    for (size_t i = 0; rc == 0 && NW_HAS(record, record, places) && i < record->places.n; i++) {
        rc = name_add(book, &story->places, record->places.v[i].name);
    }
    for (size_t i = 0; rc == 0 && NW_HAS(record, record, people) && i < record->people.n; i++) {
        rc = name_add(book, &story->people, record->people.v[i].name);
    }
    return rc;
}

/* What the record's story is called. */
static struct nw_str story_headline(const struct story_book *book, const struct nw_record *record)
{
    return NW_HAS(story, record->story, headline) && !killed_headlines_name(&book->killed, record)
               ? record->story->headline
               : nw_article_title(record);
}

static int article_add(struct story_book *book, const struct nw_record *record, int64_t time)
{
    const struct nw_story *said = record->story;
    bool has_thread = NW_HAS(story, said, thread);
    struct story *story = story_of(book, book->threads && has_thread ? said->thread : said->id);
    int rc;

    if (!story) {
        return book->left_out > 0 ? 0 : -ENOMEM;
    }
    rc = text_set(book, &story->headline, story_headline(book, record));
    if (rc == 0 && has_thread) {
        rc = text_set(book, &story->thread, said->thread);
    }
    story->article++;
    story->size = book->threads ? (int64_t)story->article : NW_HAS(story, said, size) ? said->size : 0;
    if (story->first == 0 || time < story->first) {
        story->first = time;
    }
    /* Some were before the time asked for. */
    if ((uint64_t)story->size > story->article && NW_HAS(story, said, first) && said->first < story->first) {
        story->first = said->first;
    }
    story->last = time > story->last ? time : story->last;
    return rc ? rc : names_add(book, story, record);
}

static int articles_add(struct story_book *book, struct output_reader *reader, uint64_t from, int64_t since)
{
    struct nw_arena arena = {0};
    int rc = 0;

    for (uint64_t oseq = from; oseq <= reader->head && rc == 0 && !interrupted(); oseq++) {
        struct nw_record *record;
        bool killed;
        rc = output_reader_visible(reader, &arena, oseq, &record, &killed);
        if (rc == 0 && record && killed) {
            killed_headlines_add(&book->killed, record);
        } else if (rc == 0 && record && !nw_record_is_kill(record) && NW_HAS(record, record, story) &&
                   NW_HAS(story, record->story, id) && nw_when_out(record) >= since) {
            rc = article_add(book, record, nw_when_out(record));
        }
    }
    nw_arena_free(&arena);
    return rc;
}

int story_book_read(struct story_book *book, struct output_reader *reader, int64_t since, bool threads)
{
    uint64_t from;
    int rc;

    *book = (struct story_book){.threads = threads};
    nw_arena_init(&book->arena, (size_t)1 << 30);
    killed_headlines_init(&book->killed);
    book->v = nw_calloc(STORY_MOST, sizeof(struct story *));
    book->buckets = nw_calloc(BUCKETS, sizeof(struct story *));
    rc = book->v && book->buckets ? output_reader_kills(reader) : -ENOMEM;
    rc = rc ? rc : output_reader_since(reader, since, &from);
    return rc ? rc : articles_add(book, reader, from, since);
}

void story_book_free(struct story_book *book)
{
    nw_free(book->v);
    nw_free(book->buckets);
    killed_headlines_free(&book->killed);
    nw_arena_free(&book->arena);
    *book = (struct story_book){0};
}

static int by_time(const void *a, const void *b)
{
    const struct story *x = *(const struct story *const *)a, *y = *(const struct story *const *)b;

    if (x->last != y->last) {
        return x->last < y->last ? 1 : -1;
    }
    return nw_str_cmp(x->id, y->id);
}

static int by_size(const void *a, const void *b)
{
    const struct story *x = *(const struct story *const *)a, *y = *(const struct story *const *)b;

    if (x->size != y->size) {
        return x->size < y->size ? 1 : -1;
    }
    return by_time(a, b);
}

void story_book_sort(struct story_book *book, enum story_order order)
{
    if (book->n > 0) {
        qsort(book->v, book->n, sizeof *book->v, order == STORY_NEWEST ? by_time : by_size);
    }
}
