/*
 * `files`: the paths of the config, one after the other, once. A folder stands for the files below it, in byte order of
 * names; "-" is standard input. What can't be opened is told, and the rest goes on.
 */
#include "source.h"
#include "walk.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <stdio.h>

struct files {
    struct source source;
    const struct nw_conf *conf; /* lives as long as the stage */
    size_t next;                /* path of the config */
    bool walking;
    struct walk walk;
};

static int files_open(const struct nw_conf *conf, struct commons *commons, struct source **source, char why[NW_WHY])
{
    struct files *files = nw_calloc(1, sizeof *files);

    if (!files)
        return nw_fault(-ENOMEM);
    files->source = (struct source){.kind = &source_files, .commons = commons};
    files->conf = conf;
    *source = &files->source;
    if (nw_conf_count(conf, "paths") == 0) {
        snprintf(why, NW_WHY, "a source of kind files needs `paths`");
        return SOURCE_COMPLAINT;
    }
    return 0;
}

/* A path could not be used. */
static int told(struct files *files, const char *path, const char *why)
{
    files->source.path = nw_str_z(path);
    if (why != files->source.why)
        snprintf(files->source.why, sizeof files->source.why, "%s", why);
    return SOURCE_COMPLAINT;
}

/* The next file below the folder that is being walked; SOURCE_IDLE when there is none. */
static int walk_on(struct files *files, struct document *document)
{
    for (;;) {
        bool folder;
        int step = walk_next(&files->walk);

        if (step == WALK_BAD)
            return told(files, files->walk.path, files->walk.why);
        if (step == WALK_END)
            files->walking = false;
        if (step != WALK_FILE)
            return step < 0 ? step : SOURCE_IDLE;
        step = source_open_path(files->walk.path, document, &folder, files->source.why);
        if (step == SOURCE_COMPLAINT)
            return told(files, files->walk.path, files->source.why);
        if (!folder) /* it was a file a moment ago */
            return SOURCE_DOCUMENT;
    }
}

static int files_next(struct source *source, struct document *document)
{
    struct files *files = (struct files *)source;

    for (;;) {
        struct nw_str path;
        bool folder;
        int step;

        if (files->walking) {
            step = walk_on(files, document);
            if (step != SOURCE_IDLE)
                return step;
        }
        if (files->next == nw_conf_count(files->conf, "paths"))
            return SOURCE_ENDED;
        path = nw_conf_str_at(files->conf, "paths", files->next++);
        if (nw_str_eq(path, NW_S("-"))) {
            *document = (struct document){.path = path, .fd = 0};
            return SOURCE_DOCUMENT;
        }
        step = source_open_path(path.p, document, &folder, source->why);
        if (step == SOURCE_COMPLAINT)
            return told(files, path.p, source->why);
        if (!folder)
            return SOURCE_DOCUMENT;
        step = walk_open(&files->walk, path.p, true, NULL);
        if (step == WALK_BAD)
            return told(files, path.p, files->walk.why);
        if (step)
            return step;
        files->walking = true;
    }
}

static int files_done(struct source *source, const struct outcome *outcome)
{
    (void)source;
    (void)outcome;
    return 0;
}

static void files_free(struct source *source)
{
    struct files *files = (struct files *)source;

    walk_free(&files->walk);
    nw_free(files);
}

const struct source_kind source_files = {.name = "files",
                                         .doc = "files and folders, once, in byte order of names",
                                         .open = files_open,
                                         .next = files_next,
                                         .done = files_done,
                                         .free = files_free};
