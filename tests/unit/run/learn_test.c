/*
 * A stage's memory over its output log (run/learn.h): after any restart it is what it would have been without, whether
 * the files beside the log are whole, missing, torn or damaged at any byte, of another configuration, or do not fit the
 * log; what is good of them is taken back, and only the rest of the log is read again; and they are deleted as they are
 * no longer needed.
 */
#include "conf/conf.h"
#include "run/learn.h"
#include "run/memory_file.h"
#include "run/sink.h"

#include "unit/store/folder.h"

#include <newswire/alloc.h>
#include <newswire/hash.h>
#include <newswire/log.h>

enum { JOURNAL = 7, RECORDS = 60, REMEMBERED = 20, FILES = 16 };

/* ---- a stage with a memory: the newest uris, and a sum over all there ever were */

struct chain {
    uint64_t newest[REMEMBERED], count, sum;
};

static uint64_t large; /* bytes that are saved beside, of each record */

static void take(struct chain *chain, uint64_t uri)
{
    chain->newest[chain->count++ % REMEMBERED] = uri;
    chain->sum = (chain->sum ^ uri) * UINT64_C(0x9E3779B97F4A7C15);
}

static int chain_process(struct nw_stage_context *context, void *state, struct nw_record *record)
{
    take(state, nw_hash64(record->uri, 0));
    return nw_emit(context, record);
}

static int chain_recall(struct nw_stage_context *context, void *state, const struct nw_record *record)
{
    (void)context;
    take(state, nw_hash64(record->uri, 0));
    return 0;
}

static int chain_save(struct nw_stage_context *context, void *state, enum nw_saved what, struct nw_buf *out)
{
    const struct chain *chain = state;

    (void)context;
    if (what == NW_SAVED_REST) {
        nw_buf_add(out, &chain->count, sizeof chain->count);
        return nw_buf_add(out, &chain->sum, sizeof chain->sum);
    }
    nw_buf_add(out, &chain->newest[(chain->count - 1) % REMEMBERED], sizeof chain->newest[0]);
    if (nw_buf_reserve(out, large) < 0)
        return out->error;
    if (large)
        memset(out->p + out->n, 'x', large);
    out->n += large;
    return 0;
}

static int chain_take_back(struct nw_stage_context *context, void *state, enum nw_saved what, struct nw_str saved)
{
    struct chain *chain = state;
    uint64_t uri;

    (void)context;
    if (saved.n < (what == NW_SAVED_REST ? 16 : 8))
        return NW_SAVED_BAD;
    if (what == NW_SAVED_REST) {
        memcpy(&chain->count, saved.p, sizeof chain->count);
        memcpy(&chain->sum, saved.p + sizeof chain->count, sizeof chain->sum);
        return 0;
    }
    memcpy(&uri, saved.p, sizeof uri);
    take(chain, uri);
    return 0;
}

static uint64_t chain_remembers(const void *state)
{
    (void)state;
    return REMEMBERED;
}

static const struct nw_conf_row rows[] = {NW_CONF_END};

static const struct nw_stage stage = {.name = "chain",
                                      .version = "1",
                                      .doc = "Remembers.",
                                      .ordered = true,
                                      .conf = rows,
                                      .state_size = sizeof(struct chain),
                                      .process = chain_process,
                                      .recall = chain_recall,
                                      .save = chain_save,
                                      .take_back = chain_take_back,
                                      .remembers = chain_remembers};

/* ---- its lives */

struct life {
    char data[PATH], log[PATH], memory[PATH], live[PATH], reader[PATH];
    struct nw_sink *sink;
    struct nw_stage_context context;
    struct nw_conf *conf;
    struct learner *learner;
    struct nw_arena arena;
    struct nw_entry entry;
    uint64_t jseq;
    struct chain all; /* what memory would be without a restart */
};

static int emit(struct nw_stage_context *context, struct nw_record *record)
{
    struct life *life = context->owner;

    assert_int_equal(nw_sink_append(life->sink, &life->arena, &life->entry, record), 0);
    return learner_keep(life->learner);
}

static void life_begin(struct life *life, const char *config)
{
    struct nw_sink_options sink = {.folder = life->log, .publish = {.live = life->live, .reader = life->reader}};
    struct learner_options options = {.context = &life->context, .config = nw_str_z(config)};
    char why[NW_CONF_WHY];
    bool changed;

    assert_int_equal(nw_conf_from_json(NW_S("{}"), rows, &life->conf, why), 0);
    life->context = (struct nw_stage_context){.arena = &life->arena, .emit = emit, .owner = life};
    assert_int_equal(nw_context_open(&life->context, &stage, life->conf), 0);
    assert_int_equal(nw_sink_open(&sink, &life->sink), 0);
    assert_int_equal(nw_sink_adopt(life->sink, JOURNAL, &changed), 0);
    options.sink = life->sink;
    assert_int_equal(learner_open(&options, &life->learner), 0);
    assert_memory_equal(life->context.state, &life->all, sizeof life->all);
}

static void life_end(struct life *life)
{
    learner_close(&life->learner);
    nw_context_close(&life->context);
    nw_conf_free(&life->conf);
    nw_sink_close(&life->sink);
    nw_arena_reset(&life->arena);
}

static void life_make(struct life *life)
{
    *life = (struct life){.jseq = 0};
    folder_make(life->data);
    path_of(life->log, life->data, "output");
    path_of(life->memory, life->data, "output.memory");
    snprintf(life->live, sizeof life->live, "ipc://%.90s/live", life->data);
    snprintf(life->reader, sizeof life->reader, "ipc://%.90s/read", life->data);
    life_begin(life, "{}");
}

static void life_remove(struct life *life)
{
    static const char *const folders[] = {"output", "output.memory", "output.refused"};

    life_end(life);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[PATH];
        path_of(path, life->data, folders[i]);
        folder_remove(path);
    }
    folder_remove(life->data);
    nw_arena_free(&life->arena);
}

/* Waits until all is durable, and writes what is remembered of it. */
static void write_all(struct life *life)
{
    uint64_t first, last;

    assert_int_equal(nw_sink_commit(life->sink), 0);
    nw_sink_range(life->sink, &first, &last);
    while (nw_sink_durable(life->sink) < last) {
        int fds[NW_SINK_FDS];
        nw_sink_fds(life->sink, fds);
        poll(&(struct pollfd){.fd = fds[NW_SINK_FDS - 1], .events = POLLIN}, 1, 60000);
        assert_int_equal(nw_sink_serve(life->sink), 0);
    }
    learner_write(life->learner);
}

static void put(struct life *life, int n)
{
    for (int i = 0; i < n; i++) {
        struct nw_record *record;
        nw_arena_reset(&life->arena);
        life->entry = (struct nw_entry){.jseq = ++life->jseq};
        record = nw_record_new(&life->arena);
        NW_SET(source, record->source, index, 0);
        NW_SET(record, record, uri, nw_arena_printf(&life->arena, "urn:chain:%llu", (unsigned long long)life->jseq));
        take(&life->all, nw_hash64(record->uri, 0));
        assert_int_equal(nw_context_process(&life->context, record), NW_OK);
    }
}

/* The next life, which is to take back so many records, and to read so many. */
static void expect_next(struct life *life, const char *config, uint64_t back, uint64_t again)
{
    uint64_t taken_back, recalled;

    life_end(life);
    life_begin(life, config);
    learner_counts(life->learner, &taken_back, &recalled);
    assert_int_equal(taken_back, back);
    assert_int_equal(recalled, again);
}

static char *only_file(const struct life *life)
{
    static char names[FILES][64];

    assert_int_equal(folder_list(life->memory, ".mem", names, FILES), 1);
    return names[0];
}

/* ---- tests */

static void test_nothing_is_read_again(void **state)
{
    struct life life;

    (void)state;
    life_make(&life);
    put(&life, RECORDS);
    write_all(&life);
    expect_next(&life, "{}", RECORDS, 0);
    put(&life, 3);
    write_all(&life);
    expect_next(&life, "{}", RECORDS + 3, 0);
    put(&life, 2); /* in the log, but not written down */
    expect_next(&life, "{}", RECORDS + 3, 2);
    expect_next(&life, "{}", RECORDS + 5, 0);
    life_remove(&life);
}

static void test_without_files_the_log_is_read(void **state)
{
    struct life life;

    (void)state;
    life_make(&life);
    put(&life, RECORDS);
    write_all(&life);
    file_remove(life.memory, only_file(&life));
    expect_next(&life, "{}", 0, RECORDS);
    expect_next(&life, "{}", RECORDS, 0);
    life_remove(&life);
}

static void test_another_configuration(void **state)
{
    struct life life;

    (void)state;
    life_make(&life);
    put(&life, RECORDS);
    write_all(&life);
    expect_next(&life, "{\"x\":1}", 0, RECORDS);
    expect_next(&life, "{\"x\":1}", RECORDS, 0);
    life_remove(&life);
}

/* Cut, and with a bit turned, at some places (memory_file_test.c takes all): what memory is, life_begin checks. */
static void test_torn_and_damaged(void **state)
{
    struct life life;
    struct file whole;
    char name[64];

    (void)state;
    nw_log_setup("learn_test", NW_LOG_ERROR);
    life_make(&life);
    put(&life, RECORDS);
    write_all(&life);
    snprintf(name, sizeof name, "%s", only_file(&life));
    whole = file_read(life.memory, name);
    for (size_t i = 0; i < whole.n; i += 211) {
        life_end(&life);
        file_write(life.memory, name, whole.p, i);
        life_begin(&life, "{}");
        life_end(&life);
        whole.p[i] ^= 16;
        file_write(life.memory, name, whole.p, whole.n);
        whole.p[i] ^= 16;
        life_begin(&life, "{}");
    }
    free(whole.p);
    life_remove(&life);
}

static void put_back(const char *folder, const char *name, struct file *file)
{
    file_write(folder, name, file->p, file->n);
    free(file->p);
}

/* The log was put back from an older copy, and went on with other records; the files were not put back. */
static void test_files_that_do_not_fit_the_log(void **state)
{
    static const char segment[] = "00000000000000000001.seg", name[] = "00000000000000000001.mem";
    struct file log, head, memory;
    struct chain before;
    struct life life;

    (void)state;
    life_make(&life);
    put(&life, RECORDS);
    write_all(&life);
    life_end(&life);
    log = file_read(life.log, segment);
    head = file_read(life.log, "head");
    before = life.all;
    life_begin(&life, "{}");
    put(&life, RECORDS);
    write_all(&life);
    life_end(&life);
    memory = file_read(life.memory, name);

    put_back(life.log, segment, &log);
    put_back(life.log, "head", &head);
    life.all = before;
    life_begin(&life, "{}"); /* what is remembered of records that the log has not got counts for nothing */
    expect_next(&life, "{}", RECORDS, 0);
    life.jseq += RECORDS;
    put(&life, RECORDS);
    write_all(&life);
    life_end(&life);
    put_back(life.memory, name, &memory);
    life_begin(&life, "{}");
    expect_next(&life, "{}", 2 * RECORDS, 0);
    life_remove(&life);
}

static void test_files_go_when_nothing_needs_them(void **state)
{
    struct life life;
    char names[FILES][64];
    size_t files;

    (void)state;
    large = 5 << 20; /* 13 records a file */
    life_make(&life);
    for (int i = 0; i < RECORDS; i++) {
        put(&life, 1);
        write_all(&life);
    }
    files = folder_list(life.memory, ".mem", names, FILES);
    assert_in_range(files, 2, 3);
    expect_next(&life, "{}", RECORDS - (strtoull(names[0], NULL, 10) - 1), 0);
    large = 0;
    life_remove(&life);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_read_again),         cmocka_unit_test(test_without_files_the_log_is_read),
        cmocka_unit_test(test_another_configuration),         cmocka_unit_test(test_torn_and_damaged),
        cmocka_unit_test(test_files_that_do_not_fit_the_log), cmocka_unit_test(test_files_go_when_nothing_needs_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
