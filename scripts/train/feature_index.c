/* Numbers for features: see feature_index.h. */
#include "feature_index.h"

#include <errno.h>
#include <stdlib.h>

static uint32_t number_of(struct feature_index *x, uint64_t hash)
{
    size_t at = hash >> 13 & x->mask;
    while (x->slots[at] && x->hashes[x->slots[at] - 1] != hash) {
        at = (at + 1) & x->mask;
    }
    if (x->slots[at] == 0) {
        if (x->n == x->cap || x->n * 2 > x->mask) {
            abort();
        }
        x->hashes[x->n++] = hash;
        x->slots[at] = (uint32_t)x->n;
    }
    return x->slots[at] - 1;
}

int feature_index_make(struct feature_index *x, const struct corpora *c, const struct clusters *clusters)
{
    size_t types = c->types.n;
    *x = (struct feature_index){.cap = types * 80 + 1024, .ids_cap = types * FEATURES_MOST + 1024, .mask = 1023};
    while (x->mask < x->cap * 2) {
        x->mask = x->mask * 2 + 1;
    }
    x->hashes = malloc(x->cap * sizeof *x->hashes);
    x->slots = calloc(x->mask + 1, sizeof *x->slots);
    x->ids = malloc(x->ids_cap * sizeof *x->ids);
    x->at = malloc((types * PLACES + 1) * sizeof *x->at);
    /* The text of a type: that of any token that has it. */
    struct nw_str *texts = calloc(types, sizeof *texts);
    if (!x->hashes || !x->slots || !x->ids || !x->at || !texts) {
        free(texts);
        return -ENOMEM;
    }
    for (size_t d = 0; d < c->n; d++) {
        for (size_t i = 0; i < c->v[d].document.tokens.n; i++) {
            texts[c->v[d].document.tokens.v[i].type] = document_token(&c->v[d].document, i);
        }
    }
    struct feature features[FEATURES_MOST];
    for (size_t t = 0; t < types; t++) {
        size_t n = features_of(texts[t], &c->types.v[c->types.v[t].twin], clusters, features);
        for (int place = 0; place < PLACES; place++) {
            x->at[t * PLACES + (size_t)place] = (uint32_t)x->ids_n;
            for (size_t i = 0; i < n; i++) {
                if ((int)features[i].place == place) {
                    x->ids[x->ids_n++] = number_of(x, features[i].hash);
                }
            }
        }
    }
    x->at[types * PLACES] = (uint32_t)x->ids_n;
    for (int end = 0; end < 2; end++) {
        features_of_edge(end, features);
        x->edges[2 * end] = number_of(x, features[0].hash);
        x->edges[2 * end + 1] = number_of(x, features[1].hash);
    }
    for (unsigned form = 0; form < FEATURE_FORMS; form++) {
        x->forms[form] = number_of(x, feature_of_form(form).hash);
    }
    free(texts);
    return 0;
}

void feature_index_free(struct feature_index *x)
{
    free(x->hashes);
    free(x->slots);
    free(x->ids);
    free(x->at);
    *x = (struct feature_index){0};
}
