/*
 * The contract of every stage, for nothing: whoever adds a stage gets these tests with it. They know a stage by its
 * table alone.
 *
 *   - its defaults are a configuration that it starts with; it frees a state that init never saw
 *   - records at random, and the project's own samples as raw bytes, give a verdict, and outputs that can be encoded
 * and read again
 *   - the same records give the same outputs whatever the batch; and, for a stage without memory, whatever came before
 *   - flush may be called at any time, any number of times
 *   - each failing allocation ends in a fault or in the very output that it has without one, and leaks nothing
 * (AddressSanitizer looks on)
 */
#include "conf/conf.h"
#include "generate.h"
#include "run/context.h"
#include "stages.h" /* made by CMake: NW_EACH_STAGE(S) */

#include <newswire/alloc.h>

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define DECLARE(stage) extern const struct nw_stage stage;
NW_EACH_STAGE(DECLARE)
#define ADDRESS(stage) &stage,
static const struct nw_stage *const stages[] = {NW_EACH_STAGE(ADDRESS)};
enum { STAGES = sizeof stages / sizeof *stages, RECORDS = 60, SAMPLE_MAX = 1 << 20, OUT_MAX = 256 << 20 };

/* A stage at work, with what it put out: for each record a line of verdict and outputs. */
struct bench {
    struct nw_stage_context context;
    struct nw_arena arena;
    struct nw_conf *conf;
    struct nw_buf out;
    size_t starts[RECORDS + 1]; /* where each record's line begins */
    bool quiet;                 /* allocations fail: do not allocate here */
};

static int keep(struct nw_stage_context *context, struct nw_record *record)
{
    struct bench *bench = context->owner;
    size_t at = bench->out.n;
    int r = nw_record_encode(record, &bench->out);

    if (r == 0 && !bench->quiet) {
        struct nw_arena arena = {0};
        struct nw_record *again;
        char why[NW_WHY];
        r = nw_record_decode(&arena, nw_str_from(nw_buf_view(&bench->out), at), &again, why);
        if (r)
            print_error("%s put out a record that cannot be read: %s\n", context->stage->name, why);
        assert_int_equal(r, 0);
        nw_arena_free(&arena);
    }
    return r;
}

static void complain(struct nw_stage_context *context, struct nw_str path, const char *sentence)
{
    (void)context;
    (void)path;
    assert_true(sentence[0]);
}

static int open_bench(struct bench *bench, const struct nw_stage *stage)
{
    char why[NW_CONF_WHY] = "";
    int r = nw_conf_defaults(stage->conf, &bench->conf, why);

    if (r)
        return r;
    bench->context.arena = &bench->arena;
    bench->context.emit = keep;
    bench->context.complain = complain;
    bench->context.owner = bench;
    nw_buf_init(&bench->out, OUT_MAX);
    nw_buf_reserve(&bench->out, 1 << 20);
    return nw_context_open(&bench->context, stage, bench->conf);
}

static void close_bench(struct bench *bench)
{
    nw_context_close(&bench->context);
    nw_conf_free(&bench->conf);
    nw_arena_free(&bench->arena);
    nw_buf_free(&bench->out);
}

/* ---- records */

static struct {
    struct nw_buf encoded[RECORDS];
    size_t n;
} records;

static void add_record(const struct nw_record *record)
{
    struct nw_buf *out = &records.encoded[records.n++];

    nw_buf_init(out, NW_RECORD_MAX);
    assert_int_equal(nw_record_encode(record, out), 0);
}

static void add_sample(const char *path)
{
    static char bytes[SAMPLE_MAX];
    struct nw_arena arena = {0};
    struct nw_record *record = nw_record_new(&arena);
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    NW_SET(record, record, raw, nw_str(bytes, fread(bytes, 1, sizeof bytes, file)));
    NW_SET(source, record->source, path, nw_str_z(path));
    NW_SET(source, record->source, index, 0);
    fclose(file);
    add_record(record);
    nw_arena_free(&arena);
}

static int make_records(void **state)
{
    char path[4096];
    DIR *folder = opendir(NW_SOURCE_DIR "/deploy/samples");

    (void)state;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) && records.n < RECORDS / 2;) {
        if (entry->d_name[0] == '.' || entry->d_type != DT_REG)
            continue;
        snprintf(path, sizeof path, NW_SOURCE_DIR "/deploy/samples/%s", entry->d_name);
        add_sample(path);
    }
    closedir(folder);
    assert_true(records.n > 3);
    for (uint64_t seed = 1; records.n < RECORDS; seed++) {
        struct nw_arena arena = {0};
        add_record(nw_generate_record(&arena, seed));
        nw_arena_free(&arena);
    }
    return 0;
}

static int free_records(void **state)
{
    (void)state;
    for (size_t i = 0; i < records.n; i++)
        nw_buf_free(&records.encoded[i]);
    return 0;
}

/* Runs record i; a verdict, or a negative fault. */
static int run_record(struct bench *bench, size_t i)
{
    struct nw_record *record;
    char why[NW_WHY];
    int verdict;

    nw_arena_reset(&bench->arena);
    bench->starts[i] = bench->out.n;
    verdict = nw_record_decode(&bench->arena, nw_buf_view(&records.encoded[i]), &record, why);
    if (verdict == 0)
        verdict = nw_context_process(&bench->context, record);
    if (verdict == NW_REJECTED || verdict == NW_DROPPED)
        assert_true(bench->context.why[0] && strlen(bench->context.why) < NW_WHY);
    nw_buf_printf(&bench->out, "|%d %s\n", verdict, bench->context.why);
    bench->starts[i + 1] = bench->out.n;
    return verdict;
}

/* All records, with a flush behind each `batch` of them. */
static void run_all(struct bench *bench, size_t batch)
{
    for (size_t i = 0; i < RECORDS; i++) {
        int verdict = run_record(bench, i);
        assert_in_range(verdict, NW_OK, NW_RETRY);
        if ((i + 1) % batch == 0)
            assert_int_equal(nw_context_flush(&bench->context), 0);
    }
    assert_int_equal(nw_context_flush(&bench->context), 0);
    assert_int_equal(nw_context_flush(&bench->context), 0);
}

/* ---- the contract */

static void test_tables_are_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < STAGES; i++) {
        const struct nw_stage *stage = stages[i];
        assert_true(stage->name[0] && stage->version[0] && stage->doc[0]);
        assert_true(!stage->process != !stage->pull);
        for (size_t row = 0; stage->conf && stage->conf[row].key; row++)
            assert_true(stage->conf[row].doc && stage->conf[row].doc[0]);
    }
}

static void test_it_starts_with_its_defaults_and_frees_what_init_never_saw(void **state)
{
    (void)state;
    for (size_t i = 0; i < STAGES; i++) {
        struct bench bench = {0};
        void *zeroed = nw_calloc(1, stages[i]->state_size);
        assert_non_null(zeroed);
        if (stages[i]->free)
            stages[i]->free(zeroed);
        nw_free(zeroed);
        assert_int_equal(open_bench(&bench, stages[i]), 0);
        close_bench(&bench);
    }
}

static void test_same_output_for_any_batch(void **state)
{
    static const size_t batches[] = {1, 7, RECORDS};

    (void)state;
    for (size_t i = 0; i < STAGES; i++) {
        struct nw_buf first = {0};
        if (!stages[i]->process)
            continue;
        for (size_t b = 0; b < sizeof batches / sizeof *batches; b++) {
            struct bench bench = {0};
            assert_int_equal(open_bench(&bench, stages[i]), 0);
            run_all(&bench, batches[b]);
            if (b == 0) {
                nw_buf_init(&first, OUT_MAX);
                nw_buf_str(&first, nw_buf_view(&bench.out));
            }
            assert_true(nw_str_eq(nw_buf_view(&first), nw_buf_view(&bench.out)));
            close_bench(&bench);
        }
        nw_buf_free(&first);
    }
}

static void test_without_memory_the_past_does_not_matter(void **state)
{
    (void)state;
    for (size_t i = 0; i < STAGES; i++) {
        struct bench forwards = {0}, backwards = {0};
        if (!stages[i]->process || stages[i]->ordered)
            continue;
        assert_int_equal(open_bench(&forwards, stages[i]), 0);
        assert_int_equal(open_bench(&backwards, stages[i]), 0);
        run_all(&forwards, RECORDS);
        for (size_t n = RECORDS; n-- > 0;) {
            struct nw_str line, expected = nw_str_from(nw_buf_view(&forwards.out), forwards.starts[n]);
            run_record(&backwards, n);
            line = nw_str_from(nw_buf_view(&backwards.out), backwards.starts[n]);
            expected.n = forwards.starts[n + 1] - forwards.starts[n];
            assert_true(nw_str_eq(line, expected));
        }
        close_bench(&forwards);
        close_bench(&backwards);
    }
}

static void test_each_failing_allocation(void **state)
{
    (void)state;
    for (size_t i = 0; i < STAGES; i++) {
        size_t n = 0;
        int failed = 1;
        if (!stages[i]->process)
            continue;
        /* Of starting: the step grows, so that a stage with many allocations is sampled, not waited for. */
        for (; failed; n += 1 + n / 16) {
            struct bench bench = {0};
            int r;
            nw_alloc_fail_after(n);
            r = open_bench(&bench, stages[i]);
            failed = nw_alloc_failed();
            nw_alloc_fail_never();
            assert_true(failed ? r < 0 : r == 0);
            close_bench(&bench);
        }
        /* Of a record. */
        for (size_t record = 0; record < RECORDS; record += 5) {
            failed = 1;
            for (n = 0; failed; n += 1 + n / 16) {
                struct bench bench = {.quiet = true};
                int verdict;
                assert_int_equal(open_bench(&bench, stages[i]), 0);
                nw_alloc_fail_after(n);
                verdict = run_record(&bench, record);
                failed = nw_alloc_failed();
                nw_alloc_fail_never();
                assert_in_range(verdict + 4096, 0, 4096 + NW_RETRY);
                close_bench(&bench);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables_are_whole),
        cmocka_unit_test(test_it_starts_with_its_defaults_and_frees_what_init_never_saw),
        cmocka_unit_test(test_same_output_for_any_batch),
        cmocka_unit_test(test_without_memory_the_past_does_not_matter),
        cmocka_unit_test(test_each_failing_allocation),
    };
    return cmocka_run_group_tests(tests, make_records, free_records);
}
