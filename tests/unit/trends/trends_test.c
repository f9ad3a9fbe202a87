/*
 * Trends over a log in memory: the counts of each window are those of the articles in it; who begins anew at the end
 * has the same report, byte for byte, as who read along; a kill takes back what it kills; what bursts is on top.
 */
#include "trends/trends.h"

#include "generate.h"
#include "record/unpack.h"

#include <newswire/clock.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ENTRIES = 40000, MINUTE = 60000, HOUR = 3600000, TEXT = 48 };

/* ---- a log */

struct log {
    struct nw_arena arena;
    struct nw_str entries[ENTRIES + 1]; /* from 1; {NULL, 0} is missing */
    uint64_t first, head;
    size_t reads;
};

static int log_read(void *user, uint64_t oseq, struct nw_str *record)
{
    struct log *log = user;

    assert_true(oseq >= log->first && oseq <= log->head);
    *record = log->entries[oseq];
    log->reads++;
    return record->n > 0 ? 0 : 1;
}

static void log_range(void *user, uint64_t *first, uint64_t *head)
{
    const struct log *log = user;

    *first = log->first;
    *head = log->head;
}

static struct log *log_new(void)
{
    struct log *log = calloc(1, sizeof *log);

    assert_non_null(log);
    nw_arena_init(&log->arena, (size_t)1 << 30);
    log->first = 1;
    return log;
}

static void log_free(struct log *log)
{
    nw_arena_free(&log->arena);
    free(log);
}

static struct nw_trends *trends_of(struct log *log)
{
    struct nw_when_log source = {log, log_read, log_range};
    struct nw_trends *trends;

    assert_int_equal(nw_trends_new(&source, &trends), 0);
    return trends;
}

static void read_up(struct nw_trends *trends)
{
    int r;

    while ((r = nw_trends_step(trends, 100)) == NW_TRENDS_BEHIND)
        ;
    assert_int_equal(r, 0);
}

/* ---- articles */

struct article {
    int64_t time, received;
    const char *uri, *status, *kills, *copies;
    const char *names[4]; /* people */
};

static void append(struct log *log, const struct article *article)
{
    struct nw_arena arena = {0};
    struct nw_record *record = nw_record_new(&arena);
    struct nw_buf out;

    NW_SET(source, record->source, index, 0);
    NW_SET(source, record->source, received, article->received ? article->received : article->time);
    NW_SET(record, record, version_created, article->time);
    if (article->uri)
        NW_SET(record, record, uri, nw_str_z(article->uri));
    if (article->status)
        NW_SET(record, record, pub_status, nw_str_z(article->status));
    if (article->kills || article->copies) {
        NW_SET(record, record, story, NW_ARENA_NEW(&arena, struct nw_story, 1));
        if (article->kills) {
            struct nw_killed *killed = NW_APPEND(&arena, story, record->story, kills, killed);
            NW_SET(killed, killed, uri, nw_str_z(article->kills));
        }
        if (article->copies)
            NW_SET(story, record->story, duplicate_of, nw_str_z(article->copies));
    }
    for (size_t i = 0; i < 4 && article->names[i]; i++) {
        struct nw_person *person = NW_APPEND(&arena, record, record, people, person);
        NW_SET(person, person, name, nw_str_z(article->names[i]));
    }
    nw_buf_init(&out, 1 << 20);
    assert_int_equal(nw_record_encode(record, &out), 0);
    assert_true(log->head < ENTRIES);
    log->entries[++log->head] = nw_arena_dup(&log->arena, nw_buf_view(&out));
    nw_buf_free(&out);
    nw_arena_free(&arena);
}

/* ---- the report */

struct found {
    uint64_t articles, before, count, error, oseq;
    double expected, score;
    size_t rank; /* 1: first of its kind; 0: not there */
};

static bool next_is(struct nw_unpack *in, const char *key)
{
    return nw_unpack_key(in, key, strlen(key));
}

static void read_thing(struct nw_unpack *in, const char *name, size_t rank, struct found *found)
{
    struct found thing = *found;
    struct nw_str text = {NULL, 0};
    size_t n;

    assert_true(nw_unpack_map(in, &n));
    for (size_t i = 0; i < n; i++) {
        if (next_is(in, "name"))
            assert_true(nw_unpack_str(in, &text));
        else if (next_is(in, "count"))
            assert_true(nw_unpack_uint(in, &thing.count));
        else if (next_is(in, "error"))
            assert_true(nw_unpack_uint(in, &thing.error));
        else if (next_is(in, "oseq"))
            assert_true(nw_unpack_uint(in, &thing.oseq));
        else if (next_is(in, "expected"))
            assert_true(nw_unpack_num(in, &thing.expected));
        else if (next_is(in, "score"))
            assert_true(nw_unpack_num(in, &thing.score));
        else
            assert_true(nw_unpack_skip(in, NULL) && nw_unpack_skip(in, NULL));
    }
    if (nw_str_eq(text, nw_str_z(name))) {
        *found = thing;
        found->rank = rank;
    }
}

static void read_window(struct nw_unpack *in, const char *window, const char *name, struct found *found)
{
    struct found one = {0};
    struct nw_str word = {NULL, 0};
    size_t n, things;

    assert_true(nw_unpack_map(in, &n));
    for (size_t i = 0; i < n; i++) {
        if (next_is(in, "window"))
            assert_true(nw_unpack_str(in, &word));
        else if (next_is(in, "articles"))
            assert_true(nw_unpack_uint(in, &one.articles));
        else if (next_is(in, "articlesBefore"))
            assert_true(nw_unpack_uint(in, &one.before));
        else if (next_is(in, "things") && nw_unpack_array(in, &things)) {
            for (size_t k = 0; k < things; k++)
                read_thing(in, name, k + 1, &one);
        }
    }
    if (nw_str_eq(word, nw_str_z(window)))
        *found = one;
}

static struct found find(const struct nw_trends *trends, const char *window, const char *name)
{
    struct found found = {0};
    struct nw_unpack in;
    struct nw_buf out;
    size_t n, windows;

    nw_buf_init(&out, 4 << 20);
    assert_int_equal(nw_trends_report(trends, &out), 0);
    in = nw_unpack(nw_buf_view(&out));
    assert_true(nw_unpack_map(&in, &n));
    for (size_t i = 0; i < n; i++) {
        if (!next_is(&in, "windows")) {
            assert_true(nw_unpack_skip(&in, NULL) && nw_unpack_skip(&in, NULL));
            continue;
        }
        assert_true(nw_unpack_array(&in, &windows));
        for (size_t k = 0; k < windows; k++)
            read_window(&in, window, name, &found);
    }
    assert_ptr_equal(in.at, in.end);
    nw_buf_free(&out);
    return found;
}

static void expect_same(const struct nw_trends *a, const struct nw_trends *b)
{
    struct nw_buf x, y;

    nw_buf_init(&x, 4 << 20);
    nw_buf_init(&y, 4 << 20);
    assert_int_equal(nw_trends_report(a, &x), 0);
    assert_int_equal(nw_trends_report(b, &y), 0);
    assert_true(x.n > 100);
    assert_true(nw_str_eq(nw_buf_view(&x), nw_buf_view(&y)));
    nw_buf_free(&x);
    nw_buf_free(&y);
}

/* ---- the tests */

static const int64_t noon = INT64_C(1772366400000); /* 2026-03-01T12:00:00Z */

/* A few days of articles: in order of receipt, some late, some copies, some killed; of `wide` many names, so that the
 * tallies are cut down. */
static void fill_days(struct log *log, uint64_t seed, int64_t step, bool wide)
{
    struct nw_generator g = {.state = seed};
    char names[3][TEXT], uri[TEXT], other[TEXT];

    for (size_t i = 0; i < ENTRIES; i++) {
        struct article article = {.received = noon + (int64_t)i * step, .uri = uri};
        article.time = article.received - (int64_t)nw_generate_below(&g, nw_generate_below(&g, 20) ? MINUTE : 5 * HOUR);
        snprintf(uri, sizeof uri, "urn:x:%zu", i);
        snprintf(other, sizeof other, "urn:x:%zu", i - nw_generate_below(&g, i < 3000 ? i + 1 : 3000));
        for (size_t k = 0; k < 3; k++) {
            snprintf(names[k], TEXT, "name %zu", nw_generate_below(&g, wide ? 100000 : 1 + nw_generate_below(&g, 600)));
            article.names[k] = names[k];
        }
        if (i % 97 == 96) {
            article.status = "canceled";
            article.kills = other;
        } else if (i % 41 == 40) {
            article.copies = other;
        } else if (i % 389 == 388) {
            article.received = noon + (int64_t)i * step - 30 * HOUR; /* a dead letter, retried */
            article.time = article.received;
        }
        append(log, &article);
    }
}

/* Who begins anew at this end of the log, and who was killed in the middle of reading up to it. */
static void expect_same_anew(struct log *log, const struct nw_trends *along)
{
    struct nw_trends *anew = trends_of(log), *again = trends_of(log);
    uint64_t end = log->head;

    read_up(anew);
    expect_same(along, anew);
    log->head = end - 500;
    read_up(again);
    log->head = end;
    read_up(again);
    expect_same(along, again);
    nw_trends_free(&again);
    nw_trends_free(&anew);
}

static void a_restart_changes_nothing(void **state)
{
    static const struct {
        int64_t step; /* ms between two articles: 27 days, 66 hours, 200 minutes */
        bool wide;
    } kinds[] = {{60000, false}, {6000, false}, {300, true}};

    (void)state;
    for (size_t kind = 0; kind < 3; kind++) {
        struct log *log = log_new();
        struct nw_trends *along = trends_of(log);
        fill_days(log, kind + 1, kinds[kind].step, kinds[kind].wide);
        for (log->head = 1; log->head <= ENTRIES; log->head++) {
            if (log->head % 97 == 0 || log->head % 8000 == 0)
                read_up(along);
            if (log->head % 8000 == 0)
                expect_same_anew(log, along);
        }
        nw_trends_free(&along);
        log_free(log);
    }
}

/* What is offered counts as what is read, in any mixture. */
static void offered_is_as_read(void **state)
{
    struct log *log = log_new();
    struct nw_trends *offered = trends_of(log), *read = trends_of(log);
    struct nw_generator g = {.state = 4};
    size_t taken = 0;

    (void)state;
    fill_days(log, 6, 20000, false);
    for (log->head = 1; log->head <= ENTRIES; log->head++) {
        struct nw_arena arena = {0};
        struct nw_record *record;
        char why[NW_WHY];
        if (nw_generate_below(&g, 50) == 0)
            read_up(offered);
        assert_int_equal(nw_record_decode(&arena, log->entries[log->head], &record, why), 0);
        if (nw_generate_below(&g, 100) > 0)
            assert_int_equal(nw_trends_offer(offered, log->head, record), 0);
        taken += nw_trends_through(offered) == log->head;
        nw_arena_free(&arena);
        if (log->head % 10000 == 0) {
            read_up(offered);
            read_up(read);
            expect_same(offered, read);
        }
    }
    assert_in_range(taken, ENTRIES / 2, ENTRIES - 10);
    nw_trends_free(&offered);
    nw_trends_free(&read);
    log_free(log);
}

/* Who begins anew looks for the last two days and reads no more than those. */
static void a_start_reads_what_counts(void **state)
{
    struct log *log = log_new();
    struct nw_trends *trends = trends_of(log);

    (void)state;
    fill_days(log, 5, 60000, false);
    read_up(trends);
    assert_int_equal(nw_trends_through(trends), ENTRIES);
    assert_in_range(log->reads, 48 * 60, 80 * 60);
    nw_trends_free(&trends);
    log_free(log);
}

/* Articles of a test that counts them itself. */
struct counted {
    int64_t times[ENTRIES];
    bool named[ENTRIES];
    size_t n;
};

/* Those of slices `from` … `to` before the newest one's, and how many of them have the name. */
static uint64_t count_slices(const struct counted *counted, int64_t slice, int64_t from, int64_t to, uint64_t *articles)
{
    int64_t newest = 0;
    uint64_t count = 0;

    *articles = 0;
    for (size_t i = 0; i < counted->n; i++)
        newest = counted->times[i] > newest ? counted->times[i] : newest;
    for (size_t i = 0; i < counted->n; i++) {
        int64_t back = newest / slice - counted->times[i] / slice;
        bool in = back >= from && back <= to;
        *articles += in;
        count += in && counted->named[i];
    }
    return count;
}

static void expect_window(const struct nw_trends *trends, const struct counted *counted, const char *word)
{
    bool day = strcmp(word, "24h") == 0;
    int64_t slice = day ? HOUR : MINUTE, slices = day ? 24 : strcmp(word, "1h") == 0 ? 60 : 5;
    struct found found = find(trends, word, "Marta Ozola");
    uint64_t articles, past, count = count_slices(counted, slice, 0, slices - 1, &articles), before;

    if (day) {
        before = count_slices(counted, HOUR, 24, 47, &past);
    } else {
        before = count_slices(counted, HOUR, 0, 23, &past) - count;
        past -= articles;
    }
    assert_int_equal(found.articles, articles);
    assert_int_equal(found.before, past);
    assert_int_equal(found.count, count > 1 ? count : 0); /* what is seen once is not reported */
    assert_int_equal(found.error, 0);
    if (count > 1 && past > 0)
        assert_true(fabs(found.expected - (double)before * (double)articles / (double)past) < 0.0051);
}

/* Each window's count of a name is that of the articles in it, and so is that of its past; minutes and hours are whole
 * ones. */
static void counts_are_exact(void **state)
{
    struct nw_generator g = {.state = 9};
    struct log *log = log_new();
    struct nw_trends *trends = trends_of(log);
    struct counted *counted = calloc(1, sizeof *counted);
    int64_t now = noon;

    (void)state;
    for (size_t i = 0; i < 9000; i++) {
        struct article article = {.names = {NULL}};
        now += (int64_t)nw_generate_below(&g, 40000);
        article.received = now;
        article.time = now - (int64_t)nw_generate_below(&g, 3 * HOUR) * (i % 3 == 0);
        counted->named[i] = nw_generate_below(&g, 3) == 0;
        article.names[0] = counted->named[i] ? "Marta Ozola" : "Siim Kask";
        counted->times[i] = article.time;
        counted->n++;
        append(log, &article);
        if (i % 600 != 599)
            continue;
        read_up(trends);
        expect_window(trends, counted, "5m");
        expect_window(trends, counted, "1h");
        expect_window(trends, counted, "24h");
    }
    free(counted);
    nw_trends_free(&trends);
    log_free(log);
}

/* A quiet day, then five minutes in which everybody writes about one person; another is mentioned once. */
static void what_bursts_is_on_top(void **state)
{
    struct log *log = log_new();
    struct nw_trends *trends = trends_of(log);
    char name[TEXT], uri[TEXT];
    struct found new, usual, once;

    (void)state;
    for (int i = 0; i < 1400; i++) {
        snprintf(name, sizeof name, "name %d", i % 30);
        append(log, &(struct article){.time = noon + i * MINUTE, .names = {name, "President"}});
    }
    for (int i = 0; i < 12; i++) {
        snprintf(uri, sizeof uri, "urn:x:%d", i);
        append(log, &(struct article){.time = noon + 1400 * MINUTE + i * 20000,
                                      .uri = uri,
                                      .names = {"Marta Ozola", "President", i == 5 ? "Rosa Villalobos" : NULL}});
    }
    read_up(trends);
    new = find(trends, "5m", "Marta Ozola");
    usual = find(trends, "5m", "President");
    once = find(trends, "5m", "Rosa Villalobos");
    assert_int_equal(new.rank, 1);
    assert_int_equal(new.count, 12);
    assert_true(new.score > 10);
    assert_true(usual.count >= 12 && usual.score < 0.01);
    assert_true(usual.expected > 12);
    assert_int_equal(once.rank, 0);
    /* Two of them are killed, one by its own uri, one by another item that names it; and an exact copy counts nothing.
     */
    append(log, &(struct article){.time = noon + 1404 * MINUTE, .uri = "urn:x:3", .status = "canceled"});
    append(log,
           &(struct article){.time = noon + 1404 * MINUTE, .uri = "urn:k", .status = "canceled", .kills = "urn:x:5"});
    append(log, &(struct article){.time = noon + 1404 * MINUTE, .uri = "urn:x:3", .status = "canceled"}); /* again */
    append(log, &(struct article){.time = noon + 1404 * MINUTE, .copies = "urn:x:1", .names = {"Marta Ozola"}});
    assert_int_equal(new.oseq, 1412);
    read_up(trends);
    assert_int_equal(find(trends, "5m", "Marta Ozola").count, 10);
    assert_int_equal(find(trends, "24h", "Marta Ozola").count, 10);
    assert_int_equal(find(trends, "5m", "Rosa Villalobos").rank, 0);
    assert_int_equal(find(trends, "5m", "President").articles, new.articles - 2);
    /* The newest article of all is killed: nobody is referred to it any more. */
    append(log, &(struct article){.time = noon + 1404 * MINUTE, .uri = "urn:x:11", .status = "canceled"});
    read_up(trends);
    assert_int_equal(find(trends, "5m", "Marta Ozola").count, 9);
    assert_int_equal(find(trends, "5m", "Marta Ozola").oseq, 0);
    nw_trends_free(&trends);
    log_free(log);
}

/* A source that says that its article is of next year does not move the clock; what is lost of the log is passed over.
 */
static void time_and_log_may_be_wrong(void **state)
{
    struct log *log = log_new();
    struct nw_trends *trends = trends_of(log);

    (void)state;
    read_up(trends);
    append(log, &(struct article){.time = noon, .names = {"Siim Kask"}});
    append(log, &(struct article){.time = noon + 9000 * (int64_t)HOUR, .received = noon + 1, .names = {"Siim Kask"}});
    append(log, &(struct article){.time = noon - 400 * (int64_t)HOUR, .received = noon + 2, .names = {"Siim Kask"}});
    log->entries[++log->head] = nw_str(NULL, 0);
    log->entries[++log->head] = NW_S("no record");
    append(log, &(struct article){.time = noon + 3, .names = {"Siim Kask"}});
    read_up(trends);
    assert_int_equal(nw_trends_through(trends), 6);
    assert_int_equal(find(trends, "5m", "Siim Kask").count, 3);
    assert_int_equal(find(trends, "24h", "Siim Kask").count, 3);
    /* The log lets go of what was not read yet. */
    for (int i = 0; i < 20; i++)
        append(log, &(struct article){.time = noon + 4, .names = {"Siim Kask"}});
    log->first = 20;
    read_up(trends);
    assert_int_equal(find(trends, "5m", "Siim Kask").count, 3 + 7);
    nw_trends_free(&trends);
    log_free(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restart_changes_nothing), cmocka_unit_test(offered_is_as_read),
        cmocka_unit_test(a_start_reads_what_counts), cmocka_unit_test(counts_are_exact),
        cmocka_unit_test(what_bursts_is_on_top),     cmocka_unit_test(time_and_log_may_be_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
