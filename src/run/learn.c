/* Takes a stage's memory back, recalls the rest, and keeps the files: see learn.h. */
#include "run/learn.h"

#include "run/memory.h"
#include "run/sink.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/hash.h>
#include <newswire/log.h>

#include <errno.h>
#include <sys/stat.h>

enum {
    RECALL_LEAST = 1 << 20, /* records of the log that are read, where so many are there, though fewer are remembered */
    STEP = 256,             /* records between two words to whoever waits */
};

struct learner {
    struct learner_options options;
    const struct nw_stage *stage;
    struct memory *memory; /* NULL: nothing is kept */
    uint64_t taken_back, recalled;
    struct nw_buf saved;
};

static uint64_t needed_from(const struct learner *learner)
{
    uint64_t first, last, most = learner->stage->remembers(learner->options.context->state);

    nw_sink_range(learner->options.sink, &first, &last);
    return last + 1 - first > most ? last + 1 - most : first;
}

static void tell(struct learner *learner)
{
    uint64_t learned = learner->taken_back + learner->recalled;

    if (learned % STEP == 0 && learner->options.progress)
        learner->options.progress(learner->options.user, learned);
}

/* ---- keeping */

static void stop_keeping(struct learner *learner, int error)
{
    nw_warn(
        "what %s remembers is not written down from now on (%s): the next start reads the output log instead, which "
        "takes longer",
        learner->stage->name, strerror(-error));
    memory_clear(learner->memory);
    memory_close(&learner->memory);
}

static int save(struct learner *learner, enum nw_saved what)
{
    struct nw_stage_context *context = learner->options.context;

    nw_buf_clear(&learner->saved);
    return learner->stage->save(context, context->state, what, &learner->saved);
}

/* Begins a file if one is due, whose first entry comes behind `oseq`. */
static int begin_file(struct learner *learner, uint64_t oseq)
{
    int r;

    if (!memory_is_full(learner->memory))
        return 0;
    r = save(learner, NW_SAVED_REST);
    return r < 0 ? r : memory_begin(learner->memory, oseq + 1, nw_buf_view(&learner->saved));
}

/* Keeps what a record left, which stands in the log. */
static int keep(struct learner *learner, uint64_t oseq, struct nw_str record)
{
    struct memory_entry entry = {.oseq = oseq, .record = nw_hash64(record, 0)};
    int r;

    learner->options.context->place = oseq;
    r = save(learner, NW_SAVED_RECORD);
    entry.saved = nw_buf_view(&learner->saved);
    if (r == 0)
        r = memory_add(learner->memory, &entry);
    return r < 0 ? r : begin_file(learner, oseq);
}

int learner_keep(struct learner *learner)
{
    uint64_t oseq;
    struct nw_str record = nw_sink_newest(learner->options.sink, &oseq);

    return learner->memory ? keep(learner, oseq, record) : 0;
}

void learner_write(struct learner *learner)
{
    int r = learner->memory
                ? memory_write(learner->memory, nw_sink_durable(learner->options.sink), needed_from(learner))
                : 0;

    if (r < 0)
        stop_keeping(learner, r);
}

/* ---- learning */

static int take_back(struct learner *learner, enum nw_saved what, struct nw_str saved)
{
    struct nw_stage_context *context = learner->options.context;
    int r = learner->stage->take_back(context, context->state, what, saved);

    return r == NW_SAVED_BAD ? MEMORY_BAD : r;
}

static int take_rest(void *user, struct nw_str saved)
{
    return take_back(user, NW_SAVED_REST, saved);
}

static int take_entry(void *user, const struct memory_entry *entry)
{
    struct learner *learner = user;

    learner->taken_back++;
    tell(learner);
    return take_back(learner, NW_SAVED_RECORD, entry->saved);
}

/* Whether the log has, at this place, the record that the entry was made of. What it has lost cannot be asked. */
static int check_entry(void *user, const struct memory_entry *entry)
{
    struct learner *learner = user;
    struct nw_str record;
    int r = nw_sink_read(learner->options.sink, entry->oseq, &record);

    if (r != 0)
        return r < 0 ? r : 0;
    return nw_hash64(record, 0) == entry->record ? 0 : MEMORY_BAD;
}

/* Of this program as it was built, its stage, and its configuration. */
static uint64_t maker_of(const struct learner *learner)
{
    struct stat program = {.st_size = 0};
    uint64_t maker = nw_hash64(learner->options.config, 0);

    if (stat("/proc/self/exe", &program) == 0) {
        const uint64_t parts[] = {(uint64_t)program.st_size, (uint64_t)program.st_mtim.tv_sec,
                                  (uint64_t)program.st_mtim.tv_nsec};
        maker = nw_hash64(nw_str((const char *)parts, sizeof parts), maker);
    }
    maker = nw_hash64(nw_str_z(learner->stage->name), maker);
    return nw_hash64(nw_str_z(learner->stage->version), maker);
}

/* Takes back what the files hold; *through: the last record of it. */
static int take_back_files(struct learner *learner, uint64_t *through)
{
    const struct learner_options *options = &learner->options;
    const struct memory_visitor visitor = {learner, take_rest, take_entry, check_entry};
    struct memory_owner owner = {nw_sink_log(options->sink), maker_of(learner)};
    uint64_t first, last;
    int r = memory_open(nw_sink_folder(options->sink), &owner, &learner->memory);

    nw_sink_range(options->sink, &first, &last);
    if (r == 0)
        r = memory_read(learner->memory, needed_from(learner), last, &visitor, through);
    if (r == MEMORY_BAD) {
        const struct nw_conf *conf = options->context->conf;
        nw_info("what was written down of the memory of %s is damaged, or of another build, configuration or log: the "
                "output log is read instead",
                learner->stage->name);
        nw_context_close(options->context);
        r = nw_context_open(options->context, learner->stage, conf);
        learner->taken_back = 0;
    }
    return r;
}

static int recall_entry(struct learner *learner, struct nw_arena *arena, uint64_t oseq, struct nw_str bytes)
{
    struct nw_stage_context *context = learner->options.context;
    struct nw_record *record;
    char why[NW_WHY];
    int r;

    nw_arena_reset(arena);
    r = nw_record_decode(arena, bytes, &record, why);
    if (r == NW_BAD_RECORD) {
        nw_warn("oseq %llu of the output log is no record any more (%s); it is not learned again",
                (unsigned long long)oseq, why);
        return 0;
    }
    if (r == 0)
        r = learner->stage->recall(context, context->state, record);
    if (r == 0 && learner->memory)
        r = keep(learner, oseq, bytes);
    learner->recalled++;
    tell(learner);
    if (learner->recalled % STEP == 0)
        learner_write(learner);
    return r;
}

/* What of the log is to be read: behind what was taken back, else its newest. */
static uint64_t recall_from(const struct learner *learner, uint64_t through)
{
    uint64_t first, last, from, needed = learner->stage->save ? needed_from(learner) : UINT64_MAX;

    nw_sink_range(learner->options.sink, &first, &last);
    from = last + 1 - first > RECALL_LEAST ? last + 1 - RECALL_LEAST : first;
    from = needed < from ? needed : from;
    return through > 0 ? (through + 1 > first ? through + 1 : first) : from;
}

static int recall_log(struct learner *learner, uint64_t from)
{
    struct nw_arena arena = {0};
    struct nw_str bytes;
    uint64_t first, last;
    int r = 0;

    nw_sink_range(learner->options.sink, &first, &last);
    for (uint64_t oseq = from; oseq <= last && r == 0; oseq++) {
        r = nw_sink_read(learner->options.sink, oseq, &bytes);
        if (r == 0)
            r = recall_entry(learner, &arena, oseq, bytes);
        else if (r > 0)
            r = 0; /* missing; said when the log was opened */
    }
    nw_arena_free(&arena);
    return r;
}

static int learn(struct learner *learner)
{
    uint64_t through = 0, from;
    int64_t began = nw_clock_mono();
    int r = learner->stage->save ? take_back_files(learner, &through) : 0;

    from = recall_from(learner, through);
    if (r == 0 && learner->memory)
        r = begin_file(learner, from - 1);
    if (r == 0 && learner->stage->recall)
        r = recall_log(learner, from);
    if (r == 0)
        learner_write(learner);
    if (r == 0 && learner->taken_back + learner->recalled > 0)
        nw_info("%llu records taken back into memory, %llu read again, in %lld ms",
                (unsigned long long)learner->taken_back, (unsigned long long)learner->recalled,
                (long long)(nw_clock_mono() - began));
    return r;
}

int learner_open(const struct learner_options *options, struct learner **result)
{
    struct learner *learner = nw_calloc(1, sizeof *learner);
    int r;

    *result = learner;
    if (!learner)
        return nw_fault(-ENOMEM);
    learner->options = *options;
    learner->stage = options->context->stage;
    nw_buf_init(&learner->saved, MEMORY_REST_MAX);
    r = learn(learner);
    if (r < 0)
        learner_close(result);
    return r;
}

void learner_close(struct learner **pointer)
{
    struct learner *learner = *pointer;

    if (!learner)
        return;
    memory_close(&learner->memory);
    nw_buf_free(&learner->saved);
    nw_free(learner);
    *pointer = NULL;
}

void learner_counts(const struct learner *learner, uint64_t *taken_back, uint64_t *recalled)
{
    *taken_back = learner->taken_back;
    *recalled = learner->recalled;
}
