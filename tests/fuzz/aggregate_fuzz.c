/*
 * Any articles, one in JSON a line, through the stage with a memory of three: each comes out with a story, and a second
 * stage that recalls what came out before the last one gives that last one the same bytes.
 */
#include "run/context.h"

#include "conf/conf.h"

#include <stdlib.h>

extern const struct nw_stage nw_stage_aggregate;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARTICLES = 8, BYTES = 64 << 10 };

struct run {
    struct nw_stage_context context;
    struct nw_arena arena;
    struct nw_conf *conf;
    struct nw_buf out; /* the last record put out */
};

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static int keep(struct nw_stage_context *context, struct nw_record *record)
{
    struct run *run = context->owner;

    demand(NW_HAS(record, record, story) && NW_HAS(story, record->story, id));
    nw_buf_clear(&run->out);
    return nw_record_encode(record, &run->out);
}

static void run_open(struct run *run)
{
    char why[NW_CONF_WHY];

    *run = (struct run){.context = {.arena = &run->arena, .emit = keep, .owner = run}};
    nw_buf_init(&run->out, NW_RECORD_MAX);
    demand(nw_conf_from_json(NW_S("{\"memory_articles\": 3}"), nw_stage_aggregate.conf, &run->conf, why) == 0);
    demand(nw_context_open(&run->context, &nw_stage_aggregate, run->conf) == 0);
}

static void run_close(struct run *run)
{
    nw_context_close(&run->context);
    nw_conf_free(&run->conf);
    nw_arena_free(&run->arena);
    nw_buf_free(&run->out);
}

static bool process(struct run *run, struct nw_str line)
{
    struct nw_record *record;
    char why[NW_WHY];

    nw_arena_reset(&run->arena);
    if (nw_record_from_json(&run->arena, line, &record, why) != 0)
        return false;
    demand(nw_context_process(&run->context, record) == NW_OK);
    return true;
}

static void recall(struct run *run, struct nw_str bytes)
{
    struct nw_record *record;
    char why[NW_WHY];

    nw_arena_reset(&run->arena);
    demand(nw_record_decode(&run->arena, bytes, &record, why) == 0);
    demand(nw_stage_aggregate.recall(&run->context, run->context.state, record) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nw_str rest = nw_str((const char *)data, size < BYTES ? size : BYTES), line, last = {NULL, 0};
    struct nw_buf outputs[ARTICLES];
    struct run whole, again;
    size_t n = 0;

    run_open(&whole);
    run_open(&again);
    while (n < ARTICLES && nw_str_line(&rest, &line)) {
        if (!process(&whole, line))
            continue;
        nw_buf_init(&outputs[n], NW_RECORD_MAX);
        demand(nw_buf_str(&outputs[n++], nw_buf_view(&whole.out)) == 0);
        last = line;
    }
    for (size_t i = 0; i + 1 < n; i++)
        recall(&again, nw_buf_view(&outputs[i]));
    if (n > 0) {
        demand(process(&again, last));
        demand(nw_str_eq(nw_buf_view(&again.out), nw_buf_view(&outputs[n - 1])));
    }
    for (size_t i = 0; i < n; i++)
        nw_buf_free(&outputs[i]);
    run_close(&whole);
    run_close(&again);
    return 0;
}
