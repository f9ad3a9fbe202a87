/*
 * How fast articles are tagged: tag_bench [--whole] [FILE.sgm.gz…]
 *
 * Text and headlines of Reuters-21578 (of NW_SHARED where no file is named; invented copy where that has none) go
 * through the tagger of one worker, everything on. All speeds are bytes of text a second of CPU: of the whole; of each
 * step, in a second walk that looks at the clock after each, which takes some time of its own; and of two workers at
 * once in two threads, whose figure falls below the whole's when they stand in each other's way. Then CPU time from
 * nothing to a tagger that is ready, and the memory that one worker holds of its own when all is done. --whole measures
 * the whole alone, for a profiler.
 */
#include "tag/tagger.h"

#include <newswire/alloc.h>
#include <newswire/buf.h>
#include <newswire/error.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

enum { FILES = 22, FILE_BYTES = 4 << 20, TEXT_BYTES = 64 << 20, STEPS_MOST = 16 };

struct article {
    struct nw_str headline, body;
};

struct articles {
    struct nw_buf text; /* holds them all */
    struct article *v;
    size_t n, cap;
    size_t bytes; /* of bodies */
};

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "tag_bench: %s: %s\n", what, why);
    exit(1);
}

static double cpu_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double thread_cpu(void)
{
    return cpu_of(CLOCK_THREAD_CPUTIME_ID);
}

/* The text between two tags, its entities decoded, in `text`, which never moves; empty: not there. */
static struct nw_str between(struct nw_buf *text, struct nw_str item, const char *open, const char *close)
{
    struct nw_str whole = nw_buf_view(text);
    size_t from = nw_str_find(item, nw_str_z(open));
    if (from == SIZE_MAX) {
        return nw_str(NULL, 0);
    }
    struct nw_str rest = nw_str_from(item, from + strlen(open));
    size_t length = nw_str_find(rest, nw_str_z(close));
    rest.n = length < rest.n ? length : rest.n;
    for (size_t i = 0; i < rest.n; i++) {
        struct nw_str here = nw_str_from(rest, i);
        char c = rest.p[i];
        size_t skip = 0;
        if (c == '&') {
            size_t end = nw_str_find(here, NW_S(";"));
            skip = end < 6 ? end : 0;
            c = nw_str_starts(here, NW_S("&lt;"))    ? '<'
                : nw_str_starts(here, NW_S("&gt;"))  ? '>'
                : nw_str_starts(here, NW_S("&amp;")) ? '&'
                                                     : ' ';
        }
        if (nw_buf_add(text, &c, 1) != 0) {
            fail("articles", "more than 64 MiB of text; name fewer files");
        }
        i += skip;
    }
    return nw_str_from(nw_buf_view(text), whole.n);
}

static void keep(struct articles *a, struct article article)
{
    if (article.body.n == 0) {
        return;
    }
    if (a->n == a->cap) {
        a->cap = a->cap ? 2 * a->cap : 4096;
        a->v = nw_realloc(a->v, a->cap * sizeof *a->v);
        if (a->v == NULL) {
            fail("articles", "no memory");
        }
    }
    a->v[a->n++] = article;
    a->bytes += article.body.n;
}

/* False when there is no such file. */
static bool read_file(struct articles *a, const char *path)
{
    gzFile f = gzopen(path, "rb");
    char *bytes = f ? nw_malloc(FILE_BYTES) : NULL;
    if (bytes == NULL) {
        return false;
    }
    int n = gzread(f, bytes, FILE_BYTES);
    gzclose(f);
    if (n <= 0 || n == FILE_BYTES) {
        fail(path, "expected up to 4 MiB of gzipped text");
    }
    struct nw_str rest = nw_str(bytes, (size_t)n);
    while (rest.n) {
        size_t end = nw_str_find(rest, NW_S("</REUTERS>"));
        struct nw_str item = nw_str(rest.p, end < rest.n ? end : rest.n);
        struct nw_str headline = between(&a->text, item, "<TITLE>", "</TITLE>");
        keep(a, (struct article){headline, between(&a->text, item, "<BODY>", "</BODY>")});
        rest = end < rest.n ? nw_str_from(rest, end + 1) : nw_str(NULL, 0);
    }
    nw_free(bytes);
    return true;
}

/* Copy made of a few sentences and many names, where there is no other. */
static void invent(struct articles *a, int articles)
{
    static const char *const people[] = {"Jonas Petrauskas", "Maria Lindqvist", "President Okonjo", "Ms. Harcourt"};
    static const char *const places[] = {"Vilnius", "Texas", "Port Harcourt", "Uruguay", "the Baltic Sea", "Leeds"};
    static const char *const sums[] = {"155,221 bags", "$4.2 million", "340 tonnes", "2.5 percent", "1,750 dlrs"};
    static const char *const days[] = {"on Tuesday", "last week", "on March 3", "in 1987", "since early January"};
    uint32_t seed = 1;
    for (int i = 0; i < articles; i++) {
        size_t start = nw_buf_view(&a->text).n;
        for (int k = 0; k < 6; k++) {
            unsigned r[4];
            for (int x = 0; x < 4; x++) {
                seed = seed * 1664525 + 1013904223;
                r[x] = seed >> 16;
            }
            const char *who = people[r[0] % 4];
            const char *where = places[r[1] % 6];
            char line[512];
            int n = snprintf(line, sizeof line,
                             "%s said in %s %s that shipments of lot%u had risen by %s, while the ministry's own "
                             "figures were lower.\n    \"We see no reason to change the forecast for %s,\" %s told "
                             "reporters.\n",
                             who, where, days[r[2] % 5], r[3] % 5000, sums[r[2] % 5], where, who);
            if (n < 0 || nw_buf_add(&a->text, line, (size_t)n) != 0) {
                fail("articles", "no memory");
            }
        }
        keep(a, (struct article){NW_S("SHIPMENTS RISE, MINISTER SAYS"), nw_str_from(nw_buf_view(&a->text), start)});
    }
}

static void read_articles(struct articles *a, char **paths)
{
    bool quick = getenv("NW_BENCH_QUICK") != NULL;
    nw_buf_init(&a->text, TEXT_BYTES);
    if (nw_buf_reserve(&a->text, TEXT_BYTES) != 0) {
        fail("articles", "no memory");
    }
    for (size_t i = 0; paths[i]; i++) {
        if (!read_file(a, paths[i])) {
            fail(paths[i], "cannot be opened");
        }
    }
    const char *shared = getenv("NW_SHARED");
    bool there = shared && paths[0] == NULL && !getenv("NW_BENCH_QUICK");
    for (int i = 0; there && i < (quick ? 1 : FILES); i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/data/reuters21578/reut2-%03d.sgm.gz", shared, i);
        there = read_file(a, path);
    }
    if (a->n == 0) {
        printf("no shared data: invented copy\n");
        invent(a, quick ? 200 : 8000);
    }
}

struct worker {
    struct tagger tagger;
    struct nw_arena arena;
    const struct articles *articles;
    double seconds; /* of CPU, for all articles */
    bool watched;
    double clock, steps[STEPS_MOST]; /* when the last step ended; seconds of each */
};

static void worker_init(struct worker *w, const struct articles *articles)
{
    char why[MODELS_WHY] = "no memory";
    *w = (struct worker){.articles = articles};
    nw_arena_init(&w->arena, 0);
    if (tagger_init(&w->tagger, nw_str(NULL, 0), why) != 0) {
        fail("tagger", why);
    }
}

static void worker_free(struct worker *w)
{
    tagger_free(&w->tagger);
    nw_arena_free(&w->arena);
}

static void step_done(void *user, size_t step)
{
    struct worker *w = user;
    double now = thread_cpu();
    if (step < STEPS_MOST) {
        w->steps[step] += now - w->clock;
    }
    w->clock = thread_cpu(); /* the look at it belongs to no step */
}

/* The tagger's part alone: making the record is another's. */
static void *worker_run(void *user)
{
    struct worker *w = user;
    for (size_t i = 0; i < w->articles->n; i++) {
        const struct article *article = &w->articles->v[i];
        nw_arena_reset(&w->arena);
        struct nw_record *record = nw_record_new(&w->arena);
        if (record == NULL || nw_record_set_body(&w->arena, record, article->body) != 0 ||
            nw_record_set_headline(&w->arena, record, article->headline) != 0) {
            fail("tagger", "no memory");
        }
        double start = w->clock = thread_cpu();
        if (tagger_run_watched(&w->tagger, &w->arena, record, w->watched ? step_done : NULL, w) != 0) {
            fail("tagger", "no memory");
        }
        w->seconds += thread_cpu() - start;
    }
    return NULL;
}

/* Memory that is this process's alone, in bytes. */
static double memory(void)
{
    FILE *f = fopen("/proc/self/smaps_rollup", "r");
    char line[256];
    double kilobytes = 0;
    while (f && fgets(line, sizeof line, f)) {
        double n;
        if (sscanf(line, "Private_Dirty: %lf kB", &n) == 1) {
            kilobytes = n;
        }
    }
    if (f) {
        fclose(f);
    }
    return kilobytes * 1024;
}

static void tell(const char *what, const struct articles *a, double seconds)
{
    printf("%s\t%.4g\tMB/s\n", what, (double)a->bytes / 1e6 / (seconds > 0 ? seconds : 1e-9));
}

static void tell_parts(const struct articles *a)
{
    struct worker w;
    worker_init(&w, a);
    w.watched = true;
    worker_run(&w);
    for (size_t i = 0; tagger_step(i) && i < STEPS_MOST; i++) {
        tell(tagger_step(i), a, w.steps[i]);
    }
    worker_free(&w);
}

static void tell_two(const struct articles *a)
{
    struct worker w[2];
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) {
        worker_init(&w[i], a);
        if (pthread_create(&threads[i], NULL, worker_run, &w[i]) != 0) {
            fail("threads", "cannot be started");
        }
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    tell("two workers at once, each", a, (w[0].seconds + w[1].seconds) / 2);
    worker_free(&w[0]);
    worker_free(&w[1]);
}

int main(int argc, char **argv)
{
    struct articles articles = {0};
    bool whole = argc > 1 && strcmp(argv[1], "--whole") == 0;
    read_articles(&articles, argv + 1 + whole);

    struct worker w;
    double start = thread_cpu();
    double held = memory();
    worker_init(&w, &articles);
    printf("start-up\t%.4g\tms\n", 1e3 * (thread_cpu() - start));
    worker_run(&w);
    printf("memory of a worker\t%.4g\tMB\n", (memory() - held) / 1e6);
    tell("whole", &articles, w.seconds);
    w.seconds = 0;
    worker_run(&w);
    tell("whole, of words that it knows", &articles, w.seconds);
    worker_free(&w);
    if (!whole) {
        tell_two(&articles);
        tell_parts(&articles);
    }
    nw_buf_free(&articles.text);
    nw_free(articles.v);
    return 0;
}
