/*
 * The chain: slots in a ring. The calling thread fills a slot with raw records, threads run the stages over it, the
 * calling thread takes the slots out in the order in which it filled them. A slot that is full of results is never
 * waited for by a thread, so there is no deadlock; the ring is the bound of what is in flight.
 */
#include "run/chain.h"

#include "run/context.h"
#include "run/origin.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>

enum {
    SLOT_RECORDS = 64,      /* raw records in a slot … */
    SLOT_BYTES = 256 << 10, /* … or bytes, whichever is reached first */
    SLOTS_A_JOB = 3,
    SLOT_MAX = 256 << 20, /* bytes of results in a slot: 4,095 outputs of one raw record and their like */
};

enum slot_state { SLOT_FREE, SLOT_FILLED, SLOT_TAKEN, SLOT_DONE };

enum note_kind { NOTE_OUTPUT, NOTE_DROPPED, NOTE_REJECTED };

/* What became of a record: an output's bytes, or a path and a sentence, in `results`. */
struct note {
    enum note_kind kind;
    size_t at, n;
    size_t path; /* NOTE_REJECTED: of the n bytes, the first are the path */
};

struct slot {
    enum slot_state state;
    struct nw_buf raws; /* encoded records, one behind the other */
    size_t sizes[SLOT_RECORDS], n;
    struct nw_origin origins[SLOT_RECORDS]; /* of the raw records */
    struct nw_buf results;
    struct nw_buf notes; /* of struct note */
    int fault;
};

/* One thread's set of stages. */
struct line {
    struct chain *chain;
    struct nw_stage_context contexts[NW_CHAIN_STAGES];
    size_t n; /* stages that run here: all, but an ordered last one */
    struct nw_arena arena;
    struct slot *slot;       /* at hand */
    struct nw_origin origin; /* of the raw record's next output */
    pthread_t thread;
};

struct chain {
    const struct nw_chain_options *options;
    struct nw_chain_stats *stats;
    bool ordered; /* the last stage runs on the calling thread */

    struct nw_stage_context source, last;
    struct nw_arena source_arena, last_arena;
    struct nw_buf text; /* one output of the ordered stage */
    int output_result;

    struct slot *slots;
    size_t slot_count;
    uint64_t filled, drained; /* counts of slots; slot i stands at i % slot_count */
    struct slot *filling;

    struct line *lines;
    size_t line_count, thread_count;
    pthread_mutex_t mutex;
    pthread_cond_t filled_one, done_one;
    uint64_t taken;
    bool stop;
};

/* ---- results of a slot */

static int note(struct slot *slot, enum note_kind kind, size_t at, size_t path)
{
    struct note one = {.kind = kind, .at = at, .n = slot->results.n - at, .path = path};

    nw_buf_add(&slot->notes, &one, sizeof one);
    if (slot->results.error || slot->notes.error)
        return nw_fault(slot->results.error ? slot->results.error : slot->notes.error);
    return 0;
}

static int note_rejected(struct line *line, const struct nw_record *record, const char *why)
{
    struct slot *slot = line->slot;
    const struct nw_source *source = NW_HAS(record, record, source) ? record->source : NULL;
    size_t at = slot->results.n, path;

    if (source && NW_HAS(source, source, path))
        nw_buf_str(&slot->results, source->path);
    path = slot->results.n - at;
    if (line->origin.jseq > 0)
        nw_buf_printf(&slot->results, "jseq %llu: ", (unsigned long long)line->origin.jseq);
    else if (source && source->index > 0)
        nw_buf_printf(&slot->results, "item %lld: ", (long long)source->index);
    nw_buf_str(&slot->results, nw_str_z(why));
    return note(slot, NOTE_REJECTED, at, path);
}

static int encode(enum nw_chain_form form, const struct nw_record *record, struct nw_buf *out)
{
    return form == NW_CHAIN_JSON ? nw_record_to_json(record, out) : nw_record_encode(record, out);
}

/* ---- the stages of a line */

static int run_stage(struct line *line, size_t i, struct nw_record *record)
{
    struct nw_stage_context *context = &line->contexts[i];
    int verdict = nw_context_process(context, record);

    if (verdict == NW_DROPPED)
        return note(line->slot, NOTE_DROPPED, line->slot->results.n, 0);
    if (verdict == NW_REJECTED)
        return note_rejected(line, record, context->why);
    if (verdict == NW_RETRY)
        return note_rejected(line, record, "the stage cannot work for now; try again later");
    return verdict;
}

static int number(struct line *line, struct nw_record *record)
{
    struct nw_pipeline *pipeline =
        NW_HAS(record, record, pipeline) ? record->pipeline : NW_ARENA_NEW(&line->arena, struct nw_pipeline, 1);

    if (!pipeline)
        return nw_fault(-ENOMEM);
    NW_SET(record, record, pipeline, pipeline);
    NW_SET(pipeline, pipeline, jseq, (int64_t)line->origin.jseq);
    NW_SET(pipeline, pipeline, sub, (int64_t)line->origin.sub++);
    if (line->origin.lane != NW_LANE_NORMAL)
        NW_SET(pipeline, pipeline, lane, line->origin.lane);
    return 0;
}

/* The end of a line: the output, or the way to the ordered stage. */
static int put_out(struct line *line, struct nw_record *record)
{
    struct slot *slot = line->slot;
    size_t at = slot->results.n;
    int r = line->origin.jseq > 0 ? number(line, record) : 0;

    if (r < 0)
        return r;
    encode(line->chain->ordered ? NW_CHAIN_MSGPACK : line->chain->options->form, record, &slot->results);
    return note(slot, NOTE_OUTPUT, at, 0);
}

static int line_emit(struct nw_stage_context *context, struct nw_record *record)
{
    struct line *line = context->owner;
    size_t next = (size_t)(context - line->contexts) + 1;

    return next < line->n ? run_stage(line, next, record) : put_out(line, record);
}

static int run_record(struct line *line, struct nw_str bytes, struct nw_origin origin)
{
    struct nw_record *record;
    char why[NW_WHY];
    int r;

    line->origin = origin;
    line->origin.sub = 0;
    nw_arena_reset(&line->arena);
    r = nw_record_decode(&line->arena, bytes, &record, why);
    if (r == NW_BAD_RECORD)
        return nw_fault(-EPROTO); /* the source made it in this process */
    if (r < 0)
        return nw_fault(r);
    return line->n > 0 ? run_stage(line, 0, record) : put_out(line, record);
}

static void run_slot(struct line *line, struct slot *slot)
{
    size_t at = 0;

    line->slot = slot;
    nw_buf_clear(&slot->results);
    nw_buf_clear(&slot->notes);
    slot->fault = 0;
    for (size_t i = 0; i < slot->n && slot->fault == 0; i++) {
        struct nw_str bytes = nw_str(slot->raws.p + at, slot->sizes[i]);
        at += slot->sizes[i];
        slot->fault = run_record(line, bytes, slot->origins[i]);
    }
    for (size_t i = 0; i < line->n && slot->fault == 0; i++)
        slot->fault = nw_context_flush(&line->contexts[i]);
}

static void *run_thread(void *user)
{
    struct line *line = user;
    struct chain *chain = line->chain;

    pthread_mutex_lock(&chain->mutex);
    for (;;) {
        struct slot *slot;
        while (!chain->stop && chain->taken == chain->filled)
            pthread_cond_wait(&chain->filled_one, &chain->mutex);
        if (chain->stop)
            break;
        slot = &chain->slots[chain->taken++ % chain->slot_count];
        slot->state = SLOT_TAKEN;
        pthread_mutex_unlock(&chain->mutex);
        run_slot(line, slot);
        pthread_mutex_lock(&chain->mutex);
        slot->state = SLOT_DONE;
        pthread_cond_signal(&chain->done_one);
    }
    pthread_mutex_unlock(&chain->mutex);
    return NULL;
}

/* ---- the source */

static int source_emit(struct nw_stage_context *context, struct nw_record *record)
{
    struct chain *chain = context->owner;
    struct slot *slot = chain->filling;
    size_t at = slot->raws.n;
    int r = nw_record_encode(record, &slot->raws);

    if (r < 0)
        return nw_fault(r);
    if (slot->n == SLOT_RECORDS)
        return nw_fault(-ENOBUFS); /* more than the room that pull was given */
    slot->origins[slot->n] = nw_origin_of(record);
    slot->sizes[slot->n++] = slot->raws.n - at;
    chain->stats->pulled++;
    nw_arena_reset(&chain->source_arena);
    return 0;
}

static void source_complain(struct nw_stage_context *context, struct nw_str path, const char *sentence)
{
    struct chain *chain = context->owner;

    chain->stats->complaints++;
    chain->options->complain(chain->options->user, path, sentence);
}

/* Fills a slot; an nw_pulled or a negative fault. */
static int fill(struct chain *chain, struct slot *slot)
{
    const struct nw_stage *stage = chain->options->source;
    int pulled = NW_PULLED;

    nw_buf_clear(&slot->raws);
    slot->n = 0;
    chain->filling = slot;
    /* One record a call keeps what a slot can hold at the size of one record beyond SLOT_BYTES. */
    while (pulled == NW_PULLED && slot->n < SLOT_RECORDS && slot->raws.n < SLOT_BYTES)
        pulled = stage->pull(&chain->source, chain->source.state, 1);
    return pulled;
}

/* ---- the output */

static int output(struct chain *chain, struct nw_str bytes)
{
    chain->stats->outputs++;
    return chain->options->output(chain->options->user, bytes);
}

static int last_emit(struct nw_stage_context *context, struct nw_record *record)
{
    struct chain *chain = context->owner;

    nw_buf_clear(&chain->text);
    if (encode(chain->options->form, record, &chain->text) < 0)
        return nw_fault(chain->text.error);
    chain->output_result = output(chain, nw_buf_view(&chain->text));
    return chain->output_result ? -ECANCELED : 0;
}

static int run_last(struct chain *chain, struct nw_str bytes)
{
    struct nw_record *record;
    char why[NW_WHY];
    int r;

    nw_arena_reset(&chain->last_arena);
    r = nw_record_decode(&chain->last_arena, bytes, &record, why);
    if (r)
        return nw_fault(r < 0 ? r : -EPROTO);
    if (chain->options->admit && !chain->options->admit(chain->options->user, record))
        return 0;
    r = nw_context_process(&chain->last, record);
    if (chain->output_result)
        return chain->output_result;
    if (r == NW_DROPPED)
        chain->stats->dropped++;
    else if (r > 0) {
        chain->stats->rejected++;
        chain->options->complain(chain->options->user, record->source->path, chain->last.why);
    }
    return r < 0 ? r : 0;
}

/* Puts out what a slot holds, in order. */
static int drain(struct chain *chain, struct slot *slot)
{
    size_t count = slot->notes.n / sizeof(struct note);
    int r = 0;

    for (size_t i = 0; i < count && r == 0; i++) {
        struct note one;
        memcpy(&one, slot->notes.p + i * sizeof one, sizeof one);
        struct nw_str bytes = nw_str(slot->results.p + one.at, one.n);
        switch (one.kind) {
        case NOTE_OUTPUT:
            r = chain->ordered ? run_last(chain, bytes) : output(chain, bytes);
            break;
        case NOTE_DROPPED:
            chain->stats->dropped++;
            break;
        case NOTE_REJECTED: {
            /* The sentence ends where the bytes end; complain takes a NUL-terminated one. */
            char sentence[NW_WHY + 32];
            snprintf(sentence, sizeof sentence, "%.*s", NW_FMT(nw_str_from(bytes, one.path)));
            chain->stats->rejected++;
            chain->options->complain(chain->options->user, nw_str(bytes.p, one.path), sentence);
            break;
        }
        }
    }
    if (r == 0 && chain->ordered)
        r = nw_context_flush(&chain->last);
    return r ? r : slot->fault;
}

/* ---- the calling thread */

/* Takes out the oldest slot, waiting until it is done; false when there is none. */
static bool drain_oldest(struct chain *chain, bool wait, int *result)
{
    struct slot *slot;

    if (chain->drained == chain->filled)
        return false;
    slot = &chain->slots[chain->drained % chain->slot_count];
    if (chain->thread_count == 0) {
        run_slot(&chain->lines[0], slot);
    } else {
        pthread_mutex_lock(&chain->mutex);
        while (wait && slot->state != SLOT_DONE)
            pthread_cond_wait(&chain->done_one, &chain->mutex);
        bool done = slot->state == SLOT_DONE;
        pthread_mutex_unlock(&chain->mutex);
        if (!done)
            return false;
    }
    *result = drain(chain, slot);
    slot->state = SLOT_FREE;
    chain->drained++;
    return true;
}

static void hand_over(struct chain *chain, struct slot *slot)
{
    pthread_mutex_lock(&chain->mutex);
    slot->state = SLOT_FILLED;
    chain->filled++;
    pthread_cond_signal(&chain->filled_one);
    pthread_mutex_unlock(&chain->mutex);
}

static int wait_for_source(struct chain *chain)
{
    struct pollfd fd = {.fd = chain->source.wait_fd, .events = POLLIN};
    int r = chain->options->idle ? chain->options->idle(chain->options->user) : 0;

    if (r == 0 && poll(&fd, 1, (int)chain->source.idle_ms) < 0 && errno != EINTR)
        r = nw_fault(-errno);
    return r;
}

static int run(struct chain *chain)
{
    int r = 0, pulled = NW_PULLED;

    while (r == 0 && pulled >= 0 && pulled != NW_ENDED) {
        if (chain->filled - chain->drained == chain->slot_count) {
            drain_oldest(chain, true, &r);
            continue;
        }
        struct slot *slot = &chain->slots[chain->filled % chain->slot_count];
        pulled = fill(chain, slot);
        chain->stats->read = nw_context_counted(&chain->source, "bytes");
        if (slot->n > 0)
            hand_over(chain, slot);
        while (r == 0 && pulled != NW_IDLE && drain_oldest(chain, false, &r)) {
        }
        if (pulled == NW_IDLE) {
            while (r == 0 && drain_oldest(chain, true, &r)) {
            }
            if (r == 0)
                r = wait_for_source(chain);
        }
    }
    while (r == 0 && drain_oldest(chain, true, &r)) {
    }
    return r ? r : pulled < 0 ? pulled : 0;
}

static int open_line(struct chain *chain, struct line *line)
{
    int r = 0;

    line->chain = chain;
    line->n = chain->options->n - chain->ordered;
    for (size_t i = 0; i < line->n && r == 0; i++) {
        line->contexts[i].arena = &line->arena;
        line->contexts[i].emit = line_emit;
        line->contexts[i].owner = line;
        r = nw_context_open(&line->contexts[i], chain->options->stages[i], chain->options->confs[i]);
    }
    return r;
}

static int recall_one(void *user, const struct nw_record *record)
{
    struct nw_stage_context *context = user;

    return context->stage->recall ? context->stage->recall(context, context->state, record) : 0;
}

static int open_chain(struct chain *chain)
{
    const struct nw_chain_options *options = chain->options;
    unsigned jobs = options->jobs < 1 ? 1 : options->jobs > NW_CHAIN_JOBS ? NW_CHAIN_JOBS : options->jobs;
    int r;

    chain->slot_count = jobs == 1 ? 1 : (size_t)jobs * SLOTS_A_JOB;
    chain->slots = nw_calloc(chain->slot_count, sizeof *chain->slots);
    chain->lines = nw_calloc(jobs, sizeof *chain->lines);
    if (!chain->slots || !chain->lines)
        return nw_fault(-ENOMEM);
    for (size_t i = 0; i < chain->slot_count; i++) {
        nw_buf_init(&chain->slots[i].raws, SLOT_MAX);
        nw_buf_init(&chain->slots[i].results, SLOT_MAX);
        nw_buf_init(&chain->slots[i].notes, SLOT_MAX);
    }
    nw_buf_init(&chain->text, SLOT_MAX);
    chain->source.arena = &chain->source_arena;
    chain->source.emit = source_emit;
    chain->source.complain = source_complain;
    chain->source.owner = chain;
    r = nw_context_open(&chain->source, options->source, options->source_conf);
    if (r == 0 && chain->ordered) {
        chain->last.arena = &chain->last_arena;
        chain->last.emit = last_emit;
        chain->last.owner = chain;
        r = nw_context_open(&chain->last, options->stages[options->n - 1], options->confs[options->n - 1]);
        if (r == 0 && options->past)
            r = options->past(options->user, recall_one, &chain->last);
    }
    for (; chain->line_count < jobs && r == 0; chain->line_count++)
        r = open_line(chain, &chain->lines[chain->line_count]);
    for (; jobs > 1 && chain->thread_count < jobs && r == 0; chain->thread_count++) {
        r = -pthread_create(&chain->lines[chain->thread_count].thread, NULL, run_thread,
                            &chain->lines[chain->thread_count]);
        if (r < 0) {
            nw_fault(r);
            break;
        }
    }
    return r;
}

static void close_chain(struct chain *chain)
{
    pthread_mutex_lock(&chain->mutex);
    chain->stop = true;
    pthread_cond_broadcast(&chain->filled_one);
    pthread_mutex_unlock(&chain->mutex);
    for (size_t i = 0; i < chain->thread_count; i++)
        pthread_join(chain->lines[i].thread, NULL);
    for (size_t i = 0; i < chain->line_count; i++) {
        for (size_t j = 0; j < chain->lines[i].n; j++)
            nw_context_close(&chain->lines[i].contexts[j]);
        nw_arena_free(&chain->lines[i].arena);
    }
    nw_context_close(&chain->source);
    nw_context_close(&chain->last);
    nw_arena_free(&chain->source_arena);
    nw_arena_free(&chain->last_arena);
    nw_buf_free(&chain->text);
    for (size_t i = 0; chain->slots && i < chain->slot_count; i++) {
        nw_buf_free(&chain->slots[i].raws);
        nw_buf_free(&chain->slots[i].results);
        nw_buf_free(&chain->slots[i].notes);
    }
    nw_free(chain->slots);
    nw_free(chain->lines);
}

int nw_chain_run(const struct nw_chain_options *options, struct nw_chain_stats *stats)
{
    struct chain chain = {
        .options = options,
        .stats = stats,
        .ordered = options->n > 0 && options->stages[options->n - 1]->ordered,
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .filled_one = PTHREAD_COND_INITIALIZER,
        .done_one = PTHREAD_COND_INITIALIZER,
    };
    int r;

    *stats = (struct nw_chain_stats){0};
    r = open_chain(&chain);
    if (r == 0)
        r = run(&chain);
    close_chain(&chain);
    return r;
}
