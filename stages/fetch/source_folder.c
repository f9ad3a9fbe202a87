/*
 * `folder`: a drop folder, what FTP, satellite receivers and scripts leave. A file is taken when it was closed or moved
 * there while we watched, or when it has been unchanged for `settle` ms; in byte order of names where several wait.
 * Once all its records are durable at the receiver it is moved, deleted, or remembered. The ledger (ledger.h) sees to
 * it that a crash loses and doubles nothing.
 *
 * A file of which nothing could be read stays where it is, is told once, and is not tried again until it changes. Names
 * that begin with a dot, and those of uploads under way (.tmp, .part, .filepart), are left alone.
 */
#include "folder.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <unistd.h>

enum {
    LOOKED = 1024,      /* files looked at in one call */
    PRUNE_MS = 3600000, /* how often rows of files that are gone are dropped */
};

static const struct nw_str unfinished[] = {NW_STR(".tmp"), NW_STR(".part"), NW_STR(".filepart")};

/* ---- finding files */

static bool wanted(const struct folder *folder, struct nw_str path)
{
    const char *slash = strrchr(path.p, '/'), *name = slash ? slash + 1 : path.p;
    size_t patterns = nw_conf_count(folder->conf, "patterns");

    if (*name == '.')
        return false;
    for (size_t i = 0; i < sizeof unfinished / sizeof *unfinished; i++) {
        if (nw_str_ends(path, unfinished[i]))
            return false;
    }
    for (size_t i = 0; i < patterns; i++) {
        if (fnmatch(nw_conf_str_at(folder->conf, "patterns", i).p, name, 0) == 0)
            return true;
    }
    return patterns == 0;
}

/* Takes a file, below the folder, into the batch that is being planned. `closed`: somebody was seen to finish it. */
static int consider(struct folder *folder, struct nw_str path, bool closed)
{
    char whole[2 * WALK_PATH];
    struct identity identity;
    int64_t changed;

    if (!wanted(folder, path) || !flight_path(&folder->flights, path.p, whole) ||
        !flight_stat(whole, &identity, &changed))
        return 0;
    if (!closed && nw_clock_wall() - changed < folder->settle_ms)
        return 0;
    return flights_plan(&folder->flights, path, &identity);
}

/* Files that inotify tells of. */
static int hear(struct folder *folder, bool *heard)
{
    const char *below;
    struct nw_str name;

    *heard = false;
    while (!flights_full(&folder->flights)) {
        char path[WALK_PATH];
        int result, n;

        switch (watch_next(&folder->watch, &below, &name)) {
        case WATCH_NONE:
            return 0;
        case WATCH_LOST:
            folder->scan_at = 0;
            continue;
        case WATCH_FILE:
            break;
        }
        *heard = true;
        n = snprintf(path, sizeof path, "%s%s%.*s", below, *below ? "/" : "", NW_FMT(name));
        if (n >= (int)sizeof path)
            continue;
        result = consider(folder, nw_str(path, (size_t)n), true);
        if (result < 0)
            return result;
    }
    return 0;
}

/* Watches the folder that holds `path` too, when that is one below. */
static int watch_parent(struct folder *folder, const char *whole, struct nw_str path)
{
    size_t n = path.n;
    char parent[WALK_PATH], below[WALK_PATH];

    while (n && path.p[n - 1] != '/')
        n--;
    if (n == 0 || (strncmp(folder->watched, path.p, n - 1) == 0 && folder->watched[n - 1] == '\0'))
        return 0;
    memcpy(below, path.p, n - 1);
    below[n - 1] = '\0';
    memcpy(folder->watched, below, n);
    n += (size_t)(path.p - whole) - 1;
    memcpy(parent, whole, n);
    parent[n] = '\0';
    return watch_add(&folder->watch, parent, below);
}

/* Looks through the folder, from where it was left. */
static int scan(struct folder *folder)
{
    int64_t now = nw_clock_mono();

    if (!folder->scanning && now < folder->scan_at)
        return 0;
    if (!folder->scanning) {
        int result = walk_open(&folder->walk, folder->root.p, folder->recursive, folder->skip);
        folder->scan_at = now + folder->poll_ms;
        if (result == WALK_BAD) {
            bool told = folder->unlisted;
            folder->unlisted = true;
            folder->source.path = folder->root;
            snprintf(folder->source.why, sizeof folder->source.why, "%s", folder->walk.why);
            return told ? 0 : SOURCE_COMPLAINT;
        }
        if (result)
            return result;
        folder->unlisted = false;
        folder->scanning = true;
        folder->watched[0] = '\0';
        result = watch_add(&folder->watch, folder->root.p, "");
        if (result < 0)
            return result;
    }
    for (size_t i = 0; i < LOOKED && !flights_full(&folder->flights); i++) {
        int result = walk_next(&folder->walk);
        struct nw_str path;

        if (result == WALK_END) {
            folder->scanning = false;
            folder->scan_at = now + folder->poll_ms;
            return 0;
        }
        if (result < 0)
            return result;
        if (result == WALK_BAD) /* gone, or not ours to read: it is told when it is taken, or not at all */
            continue;
        path = nw_str_z(folder->walk.path + folder->root.n + (folder->root.p[folder->root.n - 1] != '/'));
        result = folder->recursive ? watch_parent(folder, folder->walk.path, path) : 0;
        if (result == 0)
            result = consider(folder, path, false);
        if (result < 0)
            return result;
    }
    return 0;
}

/* A new batch: what inotify tells, then what a look finds. */
static int plan(struct folder *folder)
{
    struct ledger *ledger = folder->source.commons->ledger;
    bool heard;
    int result = ledger_begin(ledger), found = 0;

    if (result == 0)
        result = hear(folder, &heard);
    if (result == 0)
        result = found = scan(folder);
    if (result >= 0)
        result = ledger_commit(ledger);
    if (result < 0)
        return result;
    if (found == SOURCE_COMPLAINT)
        return found;
    if (flights_planned(&folder->flights) > 0 || folder->scanning || heard)
        return SOURCE_BUSY;
    folder->source.idle_ms = folder->scan_at - nw_clock_mono();
    folder->source.idle_ms = folder->source.idle_ms < 1 ? 1 : folder->source.idle_ms;
    return SOURCE_IDLE;
}

/* ---- the source */

static int folder_next(struct source *source, struct document *document)
{
    struct folder *folder = (struct folder *)source;
    int result = flights_next(&folder->flights, document);

    if (result != SOURCE_IDLE)
        return result;
    if (source->wanted)
        folder->scan_at = 0;
    source->wanted = false;
    result = flights_land(&folder->flights);
    if (result == 0 && nw_clock_mono() >= folder->prune_at) {
        folder->prune_at = nw_clock_mono() + PRUNE_MS;
        result = flights_prune(&folder->flights);
    }
    return result < 0 ? result : plan(folder);
}

static int folder_done(struct source *source, const struct outcome *outcome)
{
    flights_done(&((struct folder *)source)->flights, outcome);
    return 0;
}

static int folder_accepted(struct source *source, uint64_t accepted)
{
    return flights_accepted(&((struct folder *)source)->flights, accepted);
}

static int folder_resume(struct source *source, const struct ledger_row *row, uint64_t skip)
{
    return flights_resume(&((struct folder *)source)->flights, row, skip);
}

static int refuse(char why[NW_WHY], const char *sentence)
{
    snprintf(why, NW_WHY, "%s", sentence);
    return SOURCE_COMPLAINT;
}

static int folder_open(const struct nw_conf *conf, struct commons *commons, struct source **source, char why[NW_WHY])
{
    struct folder *folder = nw_calloc(1, sizeof *folder);
    struct nw_str after = nw_conf_str(conf, "after"), done = nw_conf_str(conf, "done");
    int result;

    if (!folder)
        return nw_fault(-ENOMEM);
    watch_open(&folder->watch);
    folder->source = (struct source){.kind = &source_folder, .commons = commons};
    *source = &folder->source;
    folder->conf = conf;
    folder->root = nw_conf_str(conf, "path");
    folder->source.key = nw_conf_str(conf, "name").n ? nw_conf_str(conf, "name") : folder->root;
    folder->recursive = nw_conf_bool(conf, "recursive");
    folder->settle_ms = nw_conf_int(conf, "settle");
    folder->poll_ms = nw_conf_int(conf, "poll");
    folder->after = nw_str_eq(after, NW_S("move"))     ? AFTER_MOVE
                    : nw_str_eq(after, NW_S("delete")) ? AFTER_DELETE
                                                       : AFTER_LEAVE;
    folder->prune_at = nw_clock_mono();
    if (nw_str_eq(after, NW_S("seen")))
        return refuse(why, "`after: seen` is for mail; a folder has leave, move and delete");
    if (folder->root.n == 0)
        return refuse(why, "a source of kind folder needs `path`");
    if (commons->data_dir.n == 0)
        return refuse(why, "a source of kind folder needs `data_dir`, where it is kept what was taken");
    if (done.p[0] == '/') {
        snprintf(folder->done, sizeof folder->done, "%.*s", NW_FMT(done));
        if (folder->recursive && nw_str_starts(done, folder->root))
            return refuse(why, "`done` must not be below `path`, but for a single name");
    } else {
        if (strchr(done.p, '/'))
            return refuse(why, "`done` must be an absolute path or a single name");
        snprintf(folder->done, sizeof folder->done, "%.*s/%.*s", NW_FMT(folder->root), NW_FMT(done));
        folder->skip = done.p;
    }
    result = commons->ledger ? 0 : ledger_open(commons->data_dir, &commons->ledger, why);
    if (result)
        return result < 0 ? result : SOURCE_COMPLAINT;
    flights_open(&folder->flights, &folder->source, folder->root);
    folder->flights.finish = folder_finish;
    folder->source.fd = folder->watch.fd >= 0 ? folder->watch.fd : 0;
    return folder_done_check(folder, why);
}

static void folder_free(struct source *source)
{
    struct folder *folder = (struct folder *)source;

    flights_close(&folder->flights);
    walk_free(&folder->walk);
    watch_close(&folder->watch);
    nw_free(folder);
}

const struct source_kind source_folder = {.name = "folder",
                                          .doc = "a drop folder, for ever",
                                          .open = folder_open,
                                          .next = folder_next,
                                          .done = folder_done,
                                          .accepted = folder_accepted,
                                          .resume = folder_resume,
                                          .free = folder_free};
