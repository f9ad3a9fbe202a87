/* What stages call (newswire/stage.h), and how their owners call them. */
#include "run/context.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int nw_context_open(struct nw_stage_context *context, const struct nw_stage *stage, const struct nw_conf *conf)
{
    context->stage = stage;
    context->conf = conf;
    context->wait_fd = -1;
    context->idle_ms = NW_IDLE_MS;
    context->state = nw_calloc(1, stage->state_size);
    if (!context->state)
        return nw_fault(-ENOMEM);
    return stage->init ? stage->init(context, context->state) : 0;
}

void nw_context_close(struct nw_stage_context *context)
{
    if (context->state && context->stage->free)
        context->stage->free(context->state);
    nw_free(context->state);
    context->state = NULL;
}

int nw_context_process(struct nw_stage_context *context, struct nw_record *record)
{
    int verdict;

    context->emitted = 0;
    context->why[0] = '\0';
    verdict = context->stage->process(context, context->state, record);
    if (verdict == NW_OK && context->emitted == 0)
        return nw_drop(context, "nothing emitted");
    return verdict;
}

int nw_context_flush(struct nw_stage_context *context)
{
    return context->stage->flush ? context->stage->flush(context, context->state) : 0;
}

const struct nw_conf *nw_stage_conf(struct nw_stage_context *context)
{
    return context->conf;
}

uint64_t nw_stage_before(struct nw_stage_context *context)
{
    return context->before;
}

uint64_t nw_stage_place(struct nw_stage_context *context)
{
    return context->place;
}

struct nw_arena *nw_stage_arena(struct nw_stage_context *context)
{
    return context->arena;
}

/* Adds this stage to pipeline.stages; and tells articles of one raw record apart by source.index. */
static int sign(struct nw_stage_context *context, struct nw_record *record)
{
    struct nw_stage_run *run;

    if (!NW_HAS(record, record, pipeline)) {
        struct nw_pipeline *pipeline = NW_ARENA_NEW(context->arena, struct nw_pipeline, 1);
        if (!pipeline)
            return -ENOMEM;
        NW_SET(record, record, pipeline, pipeline);
    }
    run = NW_APPEND(context->arena, pipeline, record->pipeline, stages, stage_run);
    if (!run)
        return -ENOMEM;
    NW_SET(stage_run, run, name, nw_str_z(context->stage->name));
    NW_SET(stage_run, run, version, nw_str_z(context->stage->version));
    if (!context->stage->pull) /* a source numbers its items itself, and emits all its life */
        record->source->index += (int64_t)context->emitted;
    return 0;
}

int nw_emit(struct nw_stage_context *context, struct nw_record *record)
{
    struct nw_record copy = *record;
    struct nw_source source;
    struct nw_pipeline pipeline;
    int r;

    if (context->emitted >= NW_EMIT_MAX && !context->stage->pull)
        return -EMSGSIZE;
    /* Later stages work on the copy, so the emitter may go on with its own record, and emit it again. */
    if (NW_HAS(record, record, source)) {
        source = *record->source;
    } else {
        source = (struct nw_source){0};
        NW_SET(source, &source, index, 0);
    }
    NW_SET(record, &copy, source, &source);
    if (NW_HAS(record, record, pipeline)) {
        pipeline = *record->pipeline;
        /* The list is copied on append: two articles of one record must not share its tail. */
        struct nw_stage_run *v = NW_ARENA_NEW(context->arena, struct nw_stage_run, pipeline.stages.n + 1);
        if (!v)
            return nw_fault(-ENOMEM);
        if (pipeline.stages.n)
            memcpy(v, pipeline.stages.v, pipeline.stages.n * sizeof *v);
        pipeline.stages.v = v;
        copy.pipeline = &pipeline;
    }
    r = sign(context, &copy);
    if (r < 0)
        return nw_fault(r);
    r = context->emit(context, &copy);
    if (r == 0)
        context->emitted++;
    return r;
}

int nw_drop(struct nw_stage_context *context, const char *reason)
{
    snprintf(context->why, sizeof context->why, "%s", reason);
    return NW_DROPPED;
}

int nw_reject(struct nw_stage_context *context, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(context->why, sizeof context->why, format, list);
    va_end(list);
    return NW_REJECTED;
}

void nw_complain(struct nw_stage_context *context, struct nw_str path, const char *format, ...)
{
    char sentence[NW_WHY * 2];
    va_list list;

    va_start(list, format);
    vsnprintf(sentence, sizeof sentence, format, list);
    va_end(list);
    if (context->complain)
        context->complain(context, path, sentence);
    else
        nw_warn("%.*s: %s", NW_FMT(path), sentence);
}

void nw_stage_wait(struct nw_stage_context *context, int fd, int64_t idle_ms)
{
    context->wait_fd = fd;
    context->idle_ms = idle_ms;
}

void nw_stage_needs(struct nw_stage_context *context, bool network, bool writes)
{
    context->network = network;
    context->writes = writes;
}

uint64_t nw_context_counted(const struct nw_stage_context *context, const char *name)
{
    for (size_t i = 0; i < NW_COUNTERS && context->counters[i].name; i++) {
        if (strcmp(context->counters[i].name, name) == 0)
            return context->counters[i].n;
    }
    return 0;
}

void nw_count(struct nw_stage_context *context, const char *name, uint64_t n)
{
    for (size_t i = 0; i < NW_COUNTERS; i++) {
        struct nw_counter *counter = &context->counters[i];
        if (!counter->name)
            counter->name = name;
        if (counter->name == name || strcmp(counter->name, name) == 0) {
            counter->n += n;
            return;
        }
    }
    /* More names than NW_COUNTERS is a mistake in the stage: it would grow without bound. */
    nw_error("stage %s counts under more than %d names; %s has no room", context->stage->name, NW_COUNTERS, name);
    abort();
}
