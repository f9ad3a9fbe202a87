/*
 * What aggregate costs an article when 10,000, 100,000 and 1,000,000 are remembered: aggregate_bench [--one LIVE]
 *
 * Over an invented stream (stream.h). The memory is filled to its bound first, so each article that is measured drives
 * another one out. Time is CPU time of the stage's process alone; the record is made before. More lines tell what the
 * worker adds, decoding the record and encoding it; what it costs to decode an article of the output log and learn it
 * again; and to save what it left in memory and take that back, as after a kill.
 */
#include "stream.h"

#include "conf/conf.h"
#include "run/context.h"

#include <newswire/alloc.h>

#include <time.h>

extern const struct nw_stage nw_stage_aggregate;

enum {
    MEASURED = 20000,
    FIRST = 10000, /* articles remembered, the first time */
};

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
