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
    NW_CONF_END,
};

static int tag_init(struct nw_stage_context *context, void *state)
{
    char why[MODELS_WHY] = "";
    int rc = tagger_init(state, nw_conf_str(nw_stage_conf(context), "model_dir"), why);
    if (rc > 0) {
        nw_error("%s", why);
        return -ENOENT;
    }
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
    .free = tag_free,
};
