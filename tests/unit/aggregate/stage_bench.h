/* The aggregate stage by itself: articles go in, what is put out of each is kept. */
#ifndef STAGE_BENCH_H
#define STAGE_BENCH_H

#include "conf/conf.h"
#include "run/context.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

extern const struct nw_stage nw_stage_aggregate;

struct bench {
    struct nw_stage_context context;
    struct nw_arena arena;
    struct nw_conf *conf;
    struct nw_buf out; /* the last record put out */
};

static inline int keep(struct nw_stage_context *context, struct nw_record *record)
{
    struct bench *bench = context->owner;

    nw_buf_clear(&bench->out);
    return nw_record_encode(record, &bench->out);
}

static inline void bench_open(struct bench *bench, const char *json)
{
    char why[NW_CONF_WHY];

    memset(bench, 0, sizeof *bench);
    nw_buf_init(&bench->out, NW_RECORD_MAX);
    assert_int_equal(nw_conf_from_json(nw_str_z(json), nw_stage_aggregate.conf, &bench->conf, why), 0);
    bench->context.arena = &bench->arena;
    bench->context.emit = keep;
    bench->context.owner = bench;
    assert_int_equal(nw_context_open(&bench->context, &nw_stage_aggregate, bench->conf), 0);
}

static inline void bench_close(struct bench *bench)
{
    nw_context_close(&bench->context);
    nw_conf_free(&bench->conf);
    nw_arena_free(&bench->arena);
    nw_buf_free(&bench->out);
}

static inline struct nw_record *article(struct nw_arena *arena, const char *uri, const char *headline, const char *body,
                                        int64_t time)
{
    struct nw_record *record = nw_record_new(arena);

    NW_SET(record, record, uri, nw_arena_dup(arena, nw_str_z(uri)));
    NW_SET(record, record, version_created, time);
    NW_SET(source, record->source, index, 0);
    assert_int_equal(nw_record_set_headline(arena, record, nw_arena_dup(arena, nw_str_z(headline))), 0);
    assert_int_equal(nw_record_set_body(arena, record, nw_arena_dup(arena, nw_str_z(body))), 0);
    return record;
}

static inline const struct nw_story *put_record(struct bench *bench, struct nw_record *record)
{
    char why[NW_WHY];

    assert_int_equal(nw_context_process(&bench->context, record), NW_OK);
    assert_int_equal(nw_record_decode(&bench->arena, nw_buf_view(&bench->out), &record, why), 0);
    assert_true(NW_HAS(record, record, story));
    return record->story;
}

static inline const struct nw_story *put(struct bench *bench, const char *uri, const char *headline, const char *body,
                                         int64_t time)
{
    nw_arena_reset(&bench->arena);
    return put_record(bench, article(&bench->arena, uri, headline, body, time));
}

#endif
