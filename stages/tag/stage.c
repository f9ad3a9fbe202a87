/* The tag stage: annotates each article. Holds no memory of earlier ones: its state is caches and open files. */
#include "tagger.h"

#include <errno.h>
#include <newswire/error.h>
#include <newswire/log.h>
#include <newswire/stage.h>

static const struct nw_conf_row tag_conf[] = {
    {.key = "model_dir",
     .kind = NW_CONF_STR,
     .preset = "",
     .unit = "",
     .doc = "folder of the tagger's files; empty: NEWSWIRE_MODEL_DIR, else where they were installed"},
    {.key = "gazetteers",
     .kind = NW_CONF_STRS,
     .unit = "",
     .doc = "files of your own names: NAME, TAB, PER ORG LOC or MISC, TAB, uri; read again when they change"},
    NW_CONF_END,
};

static int tag_init(struct nw_stage_context *context, void *state)
{
    struct tagger *tagger = state;
    const struct nw_conf *conf = nw_stage_conf(context);
    char why[MODELS_WHY] = "";
    int rc = tagger_init(tagger, nw_conf_str(conf, "model_dir"), why);
    if (rc > 0) {
        nw_error("%s", why);
        return -ENOENT;
    }
    size_t files = rc == 0 ? nw_conf_count(conf, "gazetteers") : 0;
    if (files > OWN_FILES) {
        nw_error("gazetteers: %zu files, and at most %d are read; join some", files, OWN_FILES);
        return -EINVAL;
    }
    for (size_t i = 0; i < files; i++) {
        tagger->own.paths[i] = nw_conf_str_at(conf, "gazetteers", i).p;
    }
    tagger->own.files = files;
    if (rc == 0 && files) {
        rc = tagger_read_own(tagger, why);
        if (rc > 0) {
            nw_error("%s", why);
            return -EINVAL;
        }
    }
    return rc;
}

/* Between batches: the user's own names may have changed. A file that is no good leaves those that were. */
static int tag_flush(struct nw_stage_context *context, void *state)
{
    struct tagger *tagger = state;
    char why[OWN_WHY];
    if (tagger->own.files == 0 || !own_changed(&tagger->own)) {
        return 0;
    }
    int rc = tagger_read_own(tagger, why);
    if (rc > 0) {
        nw_warn("%s; the names read before stay", why);
        nw_count(context, "gazetteers refused", 1);
        return 0;
    }
    nw_count(context, "gazetteers read again", rc == 0);
    return rc;
}

static int tag_process(struct nw_stage_context *context, void *state, struct nw_record *record)
{
    int rc = tagger_run(state, nw_stage_arena(context), record);
    return rc ? nw_fault(rc) : nw_emit(context, record);
}

static void tag_free(void *state)
{
    tagger_free(state);
}

const struct nw_stage nw_stage_tag = {
    .name = "tag",
    .version = "1",
    .doc = "Annotates articles: names and what they stand for, topics, quotes, times, quantities, keywords.",
    .needs = 0,
    .sets = NW_F(annotations) | NW_F(people) | NW_F(organisations) | NW_F(places) | NW_F(subjects),
    .conf = tag_conf,
    .state_size = sizeof(struct tagger),
    .init = tag_init,
    .process = tag_process,
    .flush = tag_flush,
    .free = tag_free,
};
