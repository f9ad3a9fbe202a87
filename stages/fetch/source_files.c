/*
 * `files`: the paths of the config, one after the other, once. A folder stands for the files below it, in byte order of
 * names, where `patterns` says which; "-" is standard input. A path that is not there and has the shell's signs in it
 * (*.xml, 2026-0[1-3]) stands for all that fit, in byte order. What can't be opened is told, and the rest goes on.
 *
 * With a `data_dir` it is remembered what was taken (flights.h): after a crash or a restart it goes on where it was, in
 * the middle of a file too, and what was taken is taken again only when it has changed. What is no regular file can't
 * be read again, and is not remembered.
 */
#include "flights.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOKED = 1024 /* paths looked at in one call */ };

struct files {
    struct source source;
    const struct nw_conf *conf; /* lives as long as the stage */
    size_t next;                /* path of the config */
    glob_t found;               /* by the path before that one, where it is a pattern */
    size_t next_found;
    bool walking;
    struct walk walk;

    bool remembers;
    struct flights flights;
    bool flying;        /* the document at hand is one of them */
    const char *stream; /* the path found last, where it is no regular file: it comes behind what is planned */
    bool over;          /* all was found */
};

/* ---- finding */

/* A path could not be used. */
static int told(struct files *files, const char *path, const char *why)
{
    files->source.path = nw_str_z(path);
    if (why != files->source.why)
        snprintf(files->source.why, sizeof files->source.why, "%s", why);
    return SOURCE_COMPLAINT;
}

/* Whether a file below a folder is one of those that `patterns` names. */
static bool is_wanted(const struct files *files, const char *path)
{
    size_t patterns = nw_conf_count(files->conf, "patterns");
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

    for (size_t i = 0; i < patterns; i++) {
        if (fnmatch(nw_conf_str_at(files->conf, "patterns", i).p, name, 0) == 0)
            return true;
    }
    return patterns == 0;
}

/* The next file below the folder that is being walked; SOURCE_IDLE when there is none. */
static int walk_on(struct files *files, const char **path)
{
    for (;;) {
        int step = walk_next(&files->walk);

        if (step == WALK_BAD)
            return told(files, files->walk.path, files->walk.why);
        if (step == WALK_END)
            files->walking = false;
        if (step != WALK_FILE)
            return step < 0 ? step : SOURCE_IDLE;
        if (is_wanted(files, files->walk.path)) {
            *path = files->walk.path;
            return SOURCE_DOCUMENT;
        }
    }
}

/* A path of the config: what it is itself, or a folder that is walked from then on (SOURCE_IDLE). */
static int enter(struct files *files, const char *named, const char **path)
{
    struct stat stat;
    int step;

    *path = named;
    if (fstatat(AT_FDCWD, named, &stat, 0) < 0 || !S_ISDIR(stat.st_mode))
        return SOURCE_DOCUMENT;
    step = walk_open(&files->walk, named, true, NULL);
    if (step == WALK_BAD)
        return told(files, named, files->walk.why);
    files->walking = step == 0;
    return step ? step : SOURCE_IDLE;
}

/* What fits a pattern; SOURCE_IDLE when it is found, or the path is none. The C locale's order is that of bytes. */
static int find_all(struct files *files, const char *path, bool *pattern)
{
    *pattern = access(path, F_OK) != 0 && strpbrk(path, "*?[") != NULL;
    if (!*pattern)
        return SOURCE_IDLE;
    globfree(&files->found);
    files->next_found = 0;
    switch (glob(path, 0, NULL, &files->found)) {
    case 0:
        return SOURCE_IDLE;
    case GLOB_NOSPACE:
        return nw_fault(-ENOMEM);
    default:
        return told(files, path, "no file fits this pattern");
    }
}

static bool is_input(const char *path)
{
    return strcmp(path, "-") == 0;
}

/* The next path that is no folder, until the next call: SOURCE_DOCUMENT, SOURCE_COMPLAINT, SOURCE_ENDED or a negative
 * fault. */
static int find(struct files *files, const char **path)
{
    for (;;) {
        int step = SOURCE_IDLE;
        bool pattern;

        if (files->walking) {
            step = walk_on(files, path);
        } else if (files->next_found < files->found.gl_pathc) {
            step = enter(files, files->found.gl_pathv[files->next_found++], path);
        } else if (files->next == nw_conf_count(files->conf, "paths")) {
            return SOURCE_ENDED;
        } else {
            *path = nw_conf_str_at(files->conf, "paths", files->next++).p;
            if (is_input(*path))
                return SOURCE_DOCUMENT;
            step = find_all(files, *path, &pattern);
            if (step == SOURCE_IDLE && !pattern)
                step = enter(files, *path, path);
        }
        if (step != SOURCE_IDLE)
            return step;
    }
}

/* ---- the source */

/* SOURCE_BUSY where it has become a folder meanwhile. */
static int open_found(struct files *files, const char *path, struct document *document)
{
    bool folder = false;
    int step;

    files->flying = false;
    if (is_input(path)) {
        *document = (struct document){.path = NW_S("-"), .fd = 0};
        return SOURCE_DOCUMENT;
    }
    step = source_open_path(path, document, &folder, files->source.why);
    if (step == SOURCE_COMPLAINT)
        return told(files, path, files->source.why);
    return folder ? SOURCE_BUSY : step;
}

/* Plans the files that are found next, up to one that can't be planned. SOURCE_BUSY, SOURCE_COMPLAINT or a negative
 * fault. */
static int plan(struct files *files)
{
    struct ledger *ledger = files->source.commons->ledger;
    int step = SOURCE_DOCUMENT, result = ledger_begin(ledger);

    for (size_t looked = 0;
         result == 0 && step == SOURCE_DOCUMENT && !files->stream && looked < LOOKED && !flights_full(&files->flights);
         looked++) {
        struct identity identity;
        const char *path;

        step = find(files, &path);
        if (step == SOURCE_ENDED)
            files->over = true;
        if (step != SOURCE_DOCUMENT)
            continue;
        if (is_input(path) || !flight_stat(path, &identity, NULL)) {
            files->stream = path;
            continue;
        }
        result = flights_plan(&files->flights, nw_str_z(path), &identity);
    }
    if (result == 0)
        result = step < 0 ? step : ledger_commit(ledger);
    return result < 0 ? result : step == SOURCE_COMPLAINT ? SOURCE_COMPLAINT : SOURCE_BUSY;
}

/* Where it is remembered what was taken. */
static int next_remembered(struct files *files, struct document *document)
{
    const char *stream = files->stream;
    int step = flights_next(&files->flights, document);

    files->flying = true;
    if (step != SOURCE_IDLE)
        return step;
    files->stream = NULL;
    if (stream)
        return open_found(files, stream, document);
    if (!files->over)
        return plan(files);
    step = flights_land(&files->flights);
    if (step == 0)
        step = flights_prune(&files->flights);
    return step < 0 ? step : SOURCE_ENDED;
}

static int files_next(struct source *source, struct document *document)
{
    struct files *files = (struct files *)source;
    const char *path;
    int step;

    if (files->remembers)
        return next_remembered(files, document);
    step = find(files, &path);
    return step == SOURCE_DOCUMENT ? open_found(files, path, document) : step;
}

static int files_done(struct source *source, const struct outcome *outcome)
{
    struct files *files = (struct files *)source;

    if (files->flying)
        flights_done(&files->flights, outcome);
    return 0;
}

static int files_accepted(struct source *source, uint64_t accepted)
{
    struct files *files = (struct files *)source;

    return files->remembers ? flights_accepted(&files->flights, accepted) : 0;
}

static int files_resume(struct source *source, const struct ledger_row *row, uint64_t skip)
{
    return flights_resume(&((struct files *)source)->flights, row, skip);
}

static int files_open(const struct nw_conf *conf, struct commons *commons, struct source **source, char why[NW_WHY])
{
    struct files *files = nw_calloc(1, sizeof *files);
    int result;

    if (!files)
        return nw_fault(-ENOMEM);
    files->source = (struct source){.kind = &source_files, .commons = commons};
    files->conf = conf;
    *source = &files->source;
    if (nw_conf_count(conf, "paths") == 0) {
        snprintf(why, NW_WHY, "a source of kind files needs `paths`");
        return SOURCE_COMPLAINT;
    }
    if (commons->data_dir.n == 0)
        return 0;
    result = commons->ledger ? 0 : ledger_open(commons->data_dir, &commons->ledger, why);
    if (result)
        return result < 0 ? result : SOURCE_COMPLAINT;
    files->source.key = nw_conf_str(conf, "name").n ? nw_conf_str(conf, "name") : nw_conf_str_at(conf, "paths", 0);
    files->remembers = true;
    flights_open(&files->flights, &files->source, nw_str("", 0));
    return 0;
}

static void files_free(struct source *source)
{
    struct files *files = (struct files *)source;

    flights_close(&files->flights);
    walk_free(&files->walk);
    globfree(&files->found);
    nw_free(files);
}

const struct source_kind source_files = {.name = "files",
                                         .doc = "files and folders, once, in byte order of names",
                                         .once = true,
                                         .open = files_open,
                                         .next = files_next,
                                         .done = files_done,
                                         .accepted = files_accepted,
                                         .resume = files_resume,
                                         .free = files_free};
