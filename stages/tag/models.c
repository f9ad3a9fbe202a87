/* The shared files: see models.h. */
#include "models.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef NW_SOURCE_MODELS
#define NW_SOURCE_MODELS ""
#endif

#define INSTALLED "/usr/share/newswired"

static bool has_gazetteer(const char *folder)
{
    char path[PATH_MAX + 32];
    int n = snprintf(path, sizeof path, "%s/gazetteer.tables", folder);
    return folder[0] && n > 0 && (size_t)n < sizeof path && access(path, R_OK) == 0;
}

static const char *find(struct nw_str folder, char copy[PATH_MAX])
{
    if (folder.n) {
        snprintf(copy, PATH_MAX, "%.*s", NW_FMT(folder));
        return copy;
    }
    const char *named = getenv("NEWSWIRE_MODEL_DIR");
    if (named && named[0]) {
        return named;
    }
    return has_gazetteer(NW_SOURCE_MODELS) ? NW_SOURCE_MODELS : INSTALLED;
}

/* The sentence about a file that could not be opened: rc is what its open returned. */
static int refused(struct models *models, const char *path, int rc, const char *reason, char why[MODELS_WHY])
{
    snprintf(why, MODELS_WHY, "%s: %s", path,
             rc > 0 ? reason
             : rc == -ENOENT
                 ? "no such file; set model_dir in the tag section, or NEWSWIRE_MODEL_DIR, to the folder with "
                   "the tagger's files"
                 : strerror(-rc));
    models_close(models);
    return IMAGE_BAD;
}

int models_open(struct models *models, struct nw_str folder, char why[MODELS_WHY])
{
    char copy[PATH_MAX];
    char path[PATH_MAX + 32];
    char reason[IMAGE_WHY] = "";
    *models = (struct models){0};
    const char *dir = find(folder, copy);
    snprintf(path, sizeof path, "%s/gazetteer.tables", dir);
    int rc = gazetteer_open(&models->gazetteer, path, reason);
    if (rc != 0) {
        return refused(models, path, rc, reason, why);
    }
    snprintf(path, sizeof path, "%s/names.tables", dir);
    rc = names_model_open(&models->names, path, reason);
    if (rc != 0) {
        return refused(models, path, rc, reason, why);
    }
    snprintf(path, sizeof path, "%s/topics.tables", dir);
    rc = topics_model_open(&models->topics, path, reason);
    return rc ? refused(models, path, rc, reason, why) : 0;
}

void models_close(struct models *models)
{
    gazetteer_close(&models->gazetteer);
    names_model_close(&models->names);
    topics_model_close(&models->topics);
}
