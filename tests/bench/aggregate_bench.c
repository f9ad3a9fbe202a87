/*
 * What aggregate costs an article when 10,000, 100,000 and 1,000,000 are remembered: aggregate_bench [--one LIVE]
 *
 * An invented stream: each article belongs to one of the stories that are told at the time, takes two words of five
 * from that story's own, the rest from a vocabulary in which few words are everywhere and most are rare; names with
 * uris; one article in ten is an earlier one sent again, one in twenty an earlier one that has grown. The memory is
 * filled to its bound first, so each article that is measured drives another one out. Time is CPU time of the
 * stage's process alone; the record is made before. Two lines tell what the worker adds, decoding the record and
 * encoding it, and what it costs to decode an article of the output log and learn it again, as after a kill.
 */
#include "conf/conf.h"
#include "run/context.h"

#include <newswire/alloc.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

extern const struct nw_stage nw_stage_aggregate;

enum {
    VOCABULARY = 400000,
    WORDS = 240, /* of a body */
    HEADLINE = 9,
    OWN_WORDS = 40, /* of a story */
    OWN_NAMES = 5,
    TOLD = 3000, /* stories at a time */
    MEASURED = 20000,
    FIRST = 10000, /* articles remembered, the first time */
    SENT = 1024,   /* articles that may be sent again */
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

static void fail(const char *what)
{
    fprintf(stderr, "aggregate_bench: %s\n", what);
    exit(1);
}

static uint32_t dice(struct stream *stream, uint32_t below)
{
    stream->seed = stream->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((stream->seed >> 33) % below);
}

/* Few words are everywhere, most are rare: the rank of a word grows with the fifth power of an even die. */
static uint32_t common_word(struct stream *stream)
{
    double u = dice(stream, 1000000) / 1e6;

    return (uint32_t)(u * u * u * u * u * VOCABULARY);
}

/* Letters for a number: words of two to seven letters, as long as they are rare. */
static size_t spell(char *out, size_t size, uint32_t word, bool capital)
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

static size_t write_words(struct stream *stream, const struct tale *tale, char *out, size_t size, size_t words)
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
static const struct sent *next_text(struct stream *stream)
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

static struct nw_record *next_record(struct stream *stream, struct nw_arena *arena)
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

static double cpu(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct bench {
    struct nw_stage_context context;
    struct nw_arena arena;
    struct nw_conf *conf;
    struct nw_buf out; /* the last record put out, where it is asked for */
    bool encode;
};

static int take(struct nw_stage_context *context, struct nw_record *record)
{
    struct bench *bench = context->owner;

    nw_buf_clear(&bench->out);
    return bench->encode ? nw_record_encode(record, &bench->out) : 0;
}

static void bench_open(struct bench *bench, size_t live)
{
    char json[64], why[NW_CONF_WHY];

    *bench = (struct bench){0};
    nw_buf_init(&bench->out, NW_RECORD_MAX);
    snprintf(json, sizeof json, "{\"memory_articles\": %zu}", live);
    if (nw_conf_from_json(nw_str_z(json), nw_stage_aggregate.conf, &bench->conf, why) != 0)
        fail(why);
    bench->context.arena = &bench->arena;
    bench->context.emit = take;
    bench->context.owner = bench;
    if (nw_context_open(&bench->context, &nw_stage_aggregate, bench->conf) < 0)
        fail("the stage does not start");
}

static void bench_close(struct bench *bench)
{
    nw_context_close(&bench->context);
    nw_conf_free(&bench->conf);
    nw_arena_free(&bench->arena);
    nw_buf_free(&bench->out);
}

/* CPU seconds for `n` articles of the stream; those of making them are not in it. */
static double run(struct bench *bench, struct stream *stream, size_t n)
{
    double seconds = 0;

    for (size_t i = 0; i < n; i++) {
        struct nw_record *record;
        double start;
        nw_arena_reset(&bench->arena);
        record = next_record(stream, &bench->arena);
        start = cpu();
        if (nw_context_process(&bench->context, record) != NW_OK)
            fail("an article is refused");
        seconds += cpu() - start;
    }
    return seconds;
}

/* What a worker does beside, and what it costs to learn an article again from the output log, in seconds for `n`. */
static void measure_log(struct bench *bench, struct stream *stream, size_t n, double *worker, double *recall)
{
    struct bench again;

    bench_open(&again, 100000);
    bench->encode = true;
    *worker = *recall = 0;
    for (size_t i = 0; i < n; i++) {
        struct nw_record *record;
        char why[NW_WHY];
        double start;
        nw_arena_reset(&bench->arena);
        if (nw_context_process(&bench->context, next_record(stream, &bench->arena)) != NW_OK)
            fail("an article is refused");
        nw_arena_reset(&again.arena);
        start = cpu();
        if (nw_record_decode(&again.arena, nw_buf_view(&bench->out), &record, why) != 0)
            fail(why);
        *worker += cpu() - start;
        if (nw_stage_aggregate.recall(&again.context, again.context.state, record) != 0)
            fail("an article cannot be learned again");
        *recall += cpu() - start;
        start = cpu();
        nw_buf_clear(&again.out);
        if (nw_record_encode(record, &again.out) < 0)
            fail("out of memory");
        *worker += cpu() - start;
    }
    bench_close(&again);
}

static double resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long size = 0, pages = 0;

    if (file && fscanf(file, "%lu %lu", &size, &pages) != 2)
        pages = 0;
    if (file)
        fclose(file);
    return (double)pages * 4096;
}

static struct stream stream;

static void measure(size_t live, size_t measured)
{
    struct bench bench;
    double before = resident(), seconds, worker, recall;

    stream.seed = 7;
    stream.n = 0;
    bench_open(&bench, live);
    run(&bench, &stream, live);
    seconds = run(&bench, &stream, measured);
    printf("%zu live\t%.0f\tarticles/s\n%zu live\t%.2f\tus an article\n%zu live\t%.0f\tbytes an article\n", live,
           (double)measured / seconds, live, seconds / (double)measured * 1e6, live,
           (resident() - before) / (double)live);
    fflush(stdout);
    if (live == FIRST) {
        measure_log(&bench, &stream, measured, &worker, &recall);
        printf("decoding and encoding it\t%.2f\tus an article\n", worker / (double)measured * 1e6);
        printf("learning it again\t%.2f\tus an article\n", recall / (double)measured * 1e6);
    }
    bench_close(&bench);
}

int main(int argc, char **argv)
{
    bool quick = getenv("NW_BENCH_QUICK") != NULL;

    nw_alloc_keep();
    if (argc == 3 && strcmp(argv[1], "--one") == 0) {
        measure((size_t)strtoul(argv[2], NULL, 10), MEASURED);
        return 0;
    }
    for (size_t live = FIRST; live <= (quick ? FIRST : 100 * FIRST); live *= 10)
        measure(live, quick ? 1000 : MEASURED);
    return 0;
}
