/*
 * The shared files: which are open, where they were found. A process opens them once a state; their pages are shared.
 */
#ifndef TAG_MODELS_H
#define TAG_MODELS_H

#include "gazetteer.h"
#include "names.h"
#include "topics.h"

struct models {
    struct gazetteer gazetteer;
    struct names_model names;
    struct topics_model topics;
};

enum { MODELS_WHY = 8192 };

/* Opens the files of the folder; `folder` empty: NEWSWIRE_MODEL_DIR, else the source tree's deploy/model, else
 * /usr/share/newswired. 0, IMAGE_BAD with a sentence in why, or a negative errno. */
int models_open(struct models *models, struct nw_str folder, char why[MODELS_WHY]);
void models_close(struct models *models);

#endif
