/* A list in the order of taking: see batches.h. */
#include "batches.h"
#include "ledger.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <stdio.h>

static int add(struct batches *batches, int64_t id, const char *name, uint64_t skip)
{
    struct batch *batch = nw_calloc(1, sizeof *batch);

    if (!batch)
        return nw_fault(-ENOMEM);
    batch->id = id;
    batch->skip = skip;
    snprintf(batch->name, sizeof batch->name, "%s", name);
    *batches->end = batch;
    batches->end = &batch->next;
    if (!batches->unread)
        batches->unread = batch;
    batches->source->whole_turn = true;
    return 0;
}

int batches_add(struct batches *batches, struct nw_str bytes, int64_t *row)
{
    const struct commons *commons = batches->source->commons;
    const struct identity none = {0};
    char name[SPOOL_NAME];
    int64_t id = 0;
    int r = spool_write(&batches->spool, bytes, name);

    if (r == 0)
        r = ledger_plan(commons->ledger, batches->source->key, nw_str_z(name), &none,
                        commons->before + commons->emitted + 1, &id);
    if (row)
        *row = id;
    return r == 0 ? add(batches, id, name, 0) : r;
}

int batches_settle(struct batches *batches)
{
    const struct commons *commons = batches->source->commons;
    int r = 0;

    if (!batches->unread)
        return 0;
    r = ledger_begin(commons->ledger);
    if (r == 0)
        r = ledger_first(commons->ledger, batches->unread->id, commons->before + commons->emitted + 1);
    return r == 0 ? ledger_commit(commons->ledger) : r;
}

int batches_land(struct batches *batches)
{
    struct ledger *ledger = batches->source->commons->ledger;
    int r = 0;

    while (r == 0 && batches->first && batches->first->read && batches->first->last <= batches->accepted) {
        struct batch *batch = batches->first;
        r = ledger_begin(ledger);
        if (r == 0)
            r = ledger_delete(ledger, batch->id);
        if (r == 0 && batches->landed)
            r = batches->landed(batches->source, batch->id);
        if (r == 0)
            r = ledger_commit(ledger);
        if (r < 0)
            return r;
        spool_drop(&batches->spool, batch->name);
        batches->first = batch->next;
        if (!batches->first)
            batches->end = &batches->first;
        nw_free(batch);
    }
    return r;
}

int batches_next(struct batches *batches, struct document *document)
{
    struct source *source = batches->source;
    struct batch *batch = batches->unread;
    bool is_folder = false;
    int step;

    if (!batch)
        return SOURCE_IDLE;
    batches->unread = batch->next;
    source->whole_turn = batches->unread != NULL;
    batches->reading = batch;
    spool_path(&batches->spool, batch->name, batches->path);
    step = source_open_path(batches->path, document, &is_folder, source->why);
    if (step == SOURCE_DOCUMENT && !is_folder) {
        document->skip = batch->skip;
        document->planned = true;
        document->path = source->key;
        document->container = NW_S("warc");
        return SOURCE_DOCUMENT;
    }
    source->path = nw_str_z(batches->path);
    batch->read = true;
    return SOURCE_COMPLAINT;
}

void batches_done(struct batches *batches, const struct outcome *outcome)
{
    batches->reading->read = true;
    batches->reading->last = outcome->last;
}

int batches_resume(struct batches *batches, const struct ledger_row *row, uint64_t skip)
{
    char name[SPOOL_NAME];

    snprintf(name, sizeof name, "%.*s", NW_FMT(row->path));
    return add(batches, row->id, name, skip);
}

/* ---- opening */

static bool is_planned(const void *user, const char *name)
{
    struct ledger_row row;

    /* A fault means that it can't be known: the file stays. */
    return ledger_find_open(((const struct commons *)user)->ledger, nw_str_z(name), &row) != LEDGER_NONE;
}

int batches_open(struct batches *batches, struct source *source, char why[NW_WHY])
{
    struct commons *commons = source->commons;
    int r;

    *batches = (struct batches){.source = source};
    batches->end = &batches->first;
    if (commons->data_dir.n == 0) {
        snprintf(why, NW_WHY, "a source of kind %s needs `data_dir`, where it is kept what was taken",
                 source->kind->name);
        return SOURCE_COMPLAINT;
    }
    r = commons->ledger ? 0 : ledger_open(commons->data_dir, &commons->ledger, why);
    if (r == 0)
        r = spool_open(&batches->spool, commons->data_dir, &commons->spooled, why);
    if (r == 0) /* what a crash left between a file and its plan, or after it landed */
        spool_sweep(&batches->spool, is_planned, commons);
    return r > 0 ? SOURCE_COMPLAINT : r;
}

void batches_close(struct batches *batches)
{
    if (!batches->source)
        return;
    if (batches->source->commons->ledger)
        batches_land(batches);
    while (batches->first) {
        struct batch *batch = batches->first;
        batches->first = batch->next;
        nw_free(batch);
    }
}
