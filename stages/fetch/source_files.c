/*
 * `files`: the paths of the config, one after the other, once. A folder stands for the files below it, in byte order of
 * names, where `patterns` says which; "-" is standard input. A path that is not there and has the shell's signs in it
 * (*.xml, 2026-0[1-3]) stands for all that fit, in byte order. What can't be opened is told, and the rest goes on.
 */
#include "source.h"
#include "walk.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdio.h>
#include <unistd.h>

struct files {
    struct source source;
    const struct nw_conf *conf; /* lives as long as the stage */
    size_t next;                /* path of the config */
    glob_t found;               /* by the path before that one, where it is a pattern */
    size_t next_found;
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
        if (!is_wanted(files, files->walk.path))
            continue;
        step = source_open_path(files->walk.path, document, &folder, files->source.why);
        if (step == SOURCE_COMPLAINT)
            return told(files, files->walk.path, files->source.why);
        if (!folder) /* it was a file a moment ago */
            return SOURCE_DOCUMENT;
    }
}

/* Opens a path: a file, or a folder that is walked from then on (SOURCE_IDLE). */
static int open_path(struct files *files, const char *path, struct document *document)
{
    bool folder;
    int step = source_open_path(path, document, &folder, files->source.why);

    if (step == SOURCE_COMPLAINT)
        return told(files, path, files->source.why);
    if (!folder)
        return SOURCE_DOCUMENT;
    step = walk_open(&files->walk, path, true, NULL);
    if (step == WALK_BAD)
        return told(files, path, files->walk.why);
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

static int files_next(struct source *source, struct document *document)
{
    struct files *files = (struct files *)source;

    for (;;) {
        int step = SOURCE_IDLE;
        bool pattern;

        if (files->walking) {
            step = walk_on(files, document);
        } else if (files->next_found < files->found.gl_pathc) {
            step = open_path(files, files->found.gl_pathv[files->next_found++], document);
        } else if (files->next == nw_conf_count(files->conf, "paths")) {
            return SOURCE_ENDED;
        } else {
            struct nw_str path = nw_conf_str_at(files->conf, "paths", files->next++);
            if (nw_str_eq(path, NW_S("-"))) {
                *document = (struct document){.path = path, .fd = 0};
                return SOURCE_DOCUMENT;
            }
            step = find_all(files, path.p, &pattern);
            if (step == SOURCE_IDLE && !pattern)
                step = open_path(files, path.p, document);
        }
        if (step != SOURCE_IDLE)
            return step;
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
    globfree(&files->found);
    nw_free(files);
}

const struct source_kind source_files = {.name = "files",
                                         .doc = "files and folders, once, in byte order of names",
                                         .open = files_open,
                                         .next = files_next,
                                         .done = files_done,
                                         .free = files_free};
