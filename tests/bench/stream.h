/*
 * An invented stream of news for benches of aggregate: each article belongs to one of the stories that are told at the
 * time, takes two words of five from that story's own, the rest from a vocabulary in which few words are everywhere and
 * most are rare; names with uris; one article in ten is an earlier one sent again, one in twenty an earlier one that
 * has grown. The same seed gives the same stream.
 */
#ifndef TESTS_BENCH_STREAM_H
#define TESTS_BENCH_STREAM_H

#include <newswire/record.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    VOCABULARY = 400000,
    WORDS = 240, /* of a body */
    HEADLINE = 9,
    OWN_WORDS = 40, /* of a story */
    OWN_NAMES = 5,
    TOLD = 3000, /* stories at a time */
    SENT = 1024, /* articles that may be sent again */
    TEXT = 4096,
};

struct tale {
    uint32_t words[OWN_WORDS], names[OWN_NAMES];
};

struct sent {
    char headline[256], body[TEXT];
    uint32_t names[OWN_NAMES];
};

struct stream {
    uint64_t seed, n;
    struct tale tales[TOLD];
    struct sent sent[SENT];
};

static inline void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static inline uint32_t dice(struct stream *stream, uint32_t below)
{
    stream->seed = stream->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((stream->seed >> 33) % below);
}

/* Few words are everywhere, most are rare: the rank of a word grows with the fifth power of an even die. */
static inline uint32_t common_word(struct stream *stream)
{
    double u = dice(stream, 1000000) / 1e6;

    return (uint32_t)(u * u * u * u * u * VOCABULARY);
}

/* Letters for a number: words of two to seven letters, as long as they are rare. */
static inline size_t spell(char *out, size_t size, uint32_t word, bool capital)
{
    static const char consonants[] = "bdfgklmnprstvz", vowels[] = "aeiou";
    size_t n = 0;

    do {
        if (n + 3 > size)
            return n;
        out[n++] = consonants[word % 14];
        out[n++] = vowels[word / 14 % 5];
        word /= 70;
    } while (word > 0);
    if (capital)
        out[0] = (char)(out[0] - 32);
    return n;
}

static inline size_t write_words(struct stream *stream, const struct tale *tale, char *out, size_t size, size_t words)
{
    size_t n = 0;

    for (size_t i = 0; i < words && n + 24 < size; i++) {
        uint32_t kind = dice(stream, 20);
        if (kind < 2)
            n += spell(out + n, size - n, VOCABULARY + tale->names[dice(stream, OWN_NAMES)], true);
        else if (kind < 8)
            n += spell(out + n, size - n, tale->words[dice(stream, OWN_WORDS)], false);
        else if (kind == 8)
            n += (size_t)snprintf(out + n, size - n, "%u", dice(stream, 2000));
        else
            n += spell(out + n, size - n, common_word(stream), i % 16 == 0);
        out[n++] = i % 16 == 15 ? '.' : ' ';
        if (i % 16 == 15)
            out[n++] = i % 64 == 63 ? '\n' : ' ';
    }
    out[n] = 0;
    return n;
}

/* The next article's text: in `sent`, which says what is sent again later. */
static inline const struct sent *next_text(struct stream *stream)
{
    struct sent *next = &stream->sent[stream->n % SENT];
    struct tale *tale = &stream->tales[dice(stream, TOLD)];
    uint32_t kind = stream->n < SENT ? 9 : dice(stream, 20);

    if (kind < 3) {
        struct sent copy = stream->sent[dice(stream, SENT)];
        if (kind == 2) {
            size_t n = strlen(copy.body);
            write_words(stream, tale, copy.body + n, sizeof copy.body - n, 30);
        }
        *next = copy;
        return next;
    }
    if (stream->n < TOLD || dice(stream, 3) == 0) { /* a new one is told in the place of an old one */
        for (size_t i = 0; i < OWN_WORDS; i++)
            tale->words[i] = i % 4 ? dice(stream, VOCABULARY) : common_word(stream);
        for (size_t i = 0; i < OWN_NAMES; i++)
            tale->names[i] = dice(stream, 100000);
    }
    write_words(stream, tale, next->headline, sizeof next->headline, HEADLINE);
    write_words(stream, tale, next->body, sizeof next->body, WORDS / 2 + dice(stream, WORDS));
    memcpy(next->names, tale->names, sizeof next->names);
    return next;
}

static inline struct nw_record *next_record(struct stream *stream, struct nw_arena *arena)
{
    const struct sent *text = next_text(stream);
    struct nw_record *record = nw_record_new(arena);
    struct nw_annotations *notes = NW_ARENA_NEW(arena, struct nw_annotations, 1);
    char uri[64];

    if (!record || !notes)
        fail("out of memory");
    snprintf(uri, sizeof uri, "urn:bench:%llu", (unsigned long long)stream->n);
    NW_SET(record, record, uri, nw_arena_dup(arena, nw_str_z(uri)));
    NW_SET(record, record, version_created, (int64_t)(stream->n * 2000)); /* 43,000 a day */
    NW_SET(source, record->source, index, 0);
    if (nw_record_set_headline(arena, record, nw_str_z(text->headline)) < 0 ||
        nw_record_set_body(arena, record, nw_str_z(text->body)) < 0)
        fail("out of memory");
    NW_SET(record, record, annotations, notes);
    for (size_t i = 0; i < OWN_NAMES; i++) {
        struct nw_entity *entity = NW_APPEND(arena, annotations, notes, entities, entity);
        if (!entity)
            fail("out of memory");
        snprintf(uri, sizeof uri, "http://www.wikidata.org/entity/Q%u", text->names[i]);
        NW_SET(entity, entity, type, NW_S("ORG"));
        NW_SET(entity, entity, start, 0);
        NW_SET(entity, entity, end, 1);
        NW_SET(entity, entity, uri, nw_arena_dup(arena, nw_str_z(uri)));
    }
    stream->n++;
    return record;
}

#endif
