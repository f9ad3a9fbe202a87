/*
 * `newswire-train topics`: one linear model a label over damped, rarity-weighted words and word clusters
 * (stages/tag/topics.h), learned by topics_learn.c.
 *
 *   topics [-a] [-g GAZETTEER] [-n NAMES] [-l LABELS] [-o MODEL] [-m LEAST] [-x RINGS] [-s SHARE] [-c COST]
 *          [-w POSITIVE] [-v VECTORS] [-k MEANING] [-u UNLABELLED] [-q LATENT] ROWS
 *   topics-apply GAZETTEER NAMES MODEL ROWS
 *
 * ROWS are topics_rows.py's. LABELS names the labels: CODE, NAME, PARENT; without it each label is its own name. LEAST
 * is how many rows a label needs. -a: an article may have none of them; else the best is always given. -x judges by
 * cross-validation over groups first (micro F1 of the labels without a parent), two rings instead of one without any
 * sight of what is judged, and sets the threshold that is best there. -c: what a row's error costs beside the weights'
 * size; -w: how many times that, where the row has the label. Words of like meaning share weights, where their meaning
 * is known: by vectors (-v, counted by -k), and by the company that they keep in the rows and in more text of the same
 * kind (-u, rows without labels; counted by -q). topics-apply prints the second column and the labels of each row.
 */
#include "sentence.h"
#include "topics_trainer.h"
#include "train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void *must(void *p)
{
    if (p == NULL) {
        fprintf(stderr, "no memory\n");
        exit(1);
    }
    return p;
}

static int label_number(struct topics_trainer *t, struct nw_str code, bool make)
{
    for (size_t i = 0; i < t->label_count; i++) {
        if (nw_str_eq(code, nw_str_z(t->labels[i].code))) {
            return (int)i;
        }
    }
    if (!make || code.n == 0 || code.n >= NAME) {
        return -1;
    }
    if (t->label_count == t->label_cap) {
        t->label_cap = t->label_cap ? 2 * t->label_cap : 256;
        t->labels = must(realloc(t->labels, t->label_cap * sizeof *t->labels));
    }
    struct label *l = &t->labels[t->label_count++];
    *l = (struct label){.up = -1};
    memcpy(l->code, code.p, code.n);
    memcpy(l->name, code.p, code.n);
    return (int)t->label_count - 1;
}

struct nw_str topics_column(struct nw_str *rest)
{
    size_t tab = nw_str_find(*rest, NW_S("\t"));
    struct nw_str c = tab < rest->n ? nw_str(rest->p, tab) : *rest;
    *rest = tab < rest->n ? nw_str_from(*rest, tab + 1) : nw_str(NULL, 0);
    return c;
}

int topics_read(struct topics_trainer *t, struct nw_str title, struct nw_str text, struct topics_features *f)
{
    static struct document d;
    d.types = &t->types;
    d.text = text;
    d.headline = title;
    types_begin(&t->types);
    if (tokens_read(&d.tokens, text) || types_of(&t->types, text, &d.tokens) || tokens_read(&d.head_tokens, title) ||
        types_of(&t->types, title, &d.head_tokens) || types_of(&t->types, title, &d.head_tokens)) {
        return 1;
    }
    return topics_features(&t->types, &t->names.clusters, f);
}

/* A row's labels into a list of numbers; all labels are made here, the rare ones dropped later. */
static size_t read_labels(struct topics_trainer *t, struct nw_str list, int out[TOPICS_MOST], bool make)
{
    size_t n = 0;
    while (list.n && n < TOPICS_MOST) {
        size_t comma = nw_str_find(list, NW_S(","));
        struct nw_str code = comma < list.n ? nw_str(list.p, comma) : list;
        int k = label_number(t, code, make);
        if (k >= 0) {
            out[n++] = k;
        }
        list = nw_str_from(list, code.n + 1);
    }
    return n;
}

static int setup(struct topics_trainer *t, const char *gazetteer, const char *names)
{
    char why[IMAGE_WHY] = "no such file";
    if (gazetteer_open(&t->gazetteer, gazetteer, why) != 0 || names_model_open(&t->names, names, why) != 0 ||
        lexicon_init(&t->lexicon) || types_init(&t->types, &t->lexicon, &t->gazetteer, &t->own)) {
        fprintf(stderr, "%s or %s: %s\n", gazetteer, names, why);
        return 1;
    }
    return 0;
}

static int read_label_names(struct topics_trainer *t, const char *path)
{
    static char text[LINE];
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return 1;
    }
    while (fgets(text, sizeof text, f)) {
        struct nw_str rest = nw_str(text, strcspn(text, "\n"));
        struct nw_str code = topics_column(&rest);
        struct nw_str name = topics_column(&rest);
        int k = label_number(t, code, true);
        if (k >= 0) {
            snprintf(t->labels[k].name, NAME, "%.*s", NW_FMT(name));
            snprintf(t->labels[k].parent, NAME, "%.*s", NW_FMT(rest));
        }
    }
    fclose(f);
    return 0;
}

/* Keeps the labels with `least` rows; numbers in examples are of these from here on. */
static void choose_labels(struct topics_trainer *t, size_t least, int *renumber)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->label_count; i++) {
        bool top = t->labels[i].parent[0] == 0;
        size_t need = top && least > 3 ? 3 : least;
        renumber[i] = t->labels[i].count >= need && kept < TOPICS_MOST ? (int)kept : -1;
        if (renumber[i] >= 0) {
            t->labels[kept++] = t->labels[i];
        }
    }
    t->label_count = kept;
    for (size_t i = 0; i < kept; i++) {
        t->labels[i].up = t->labels[i].parent[0] ? label_number(t, nw_str_z(t->labels[i].parent), false) : -1;
    }
}

static int read_rows(struct topics_trainer *t, const char *path, size_t least)
{
    static char text[LINE];
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return 1;
    }
    struct topics_features features = {0};
    int(*raw)[TOPICS_MOST + 1] = NULL;
    for (size_t row = 1; fgets(text, sizeof text, f); row++) {
        struct nw_str rest = nw_str(text, strcspn(text, "\n"));
        struct nw_str group = topics_column(&rest);
        struct nw_str weight = topics_column(&rest);
        struct nw_str labels = topics_column(&rest);
        struct nw_str title = topics_column(&rest);
        if (t->n == t->cap) {
            t->cap = t->cap ? 2 * t->cap : 1024;
            t->examples = must(realloc(t->examples, t->cap * sizeof *t->examples));
            raw = must(realloc(raw, t->cap * sizeof *raw));
        }
        struct example *x = &t->examples[t->n];
        *x = (struct example){.weight = strtof(weight.p, NULL), .group = -1};
        snprintf(x->id, sizeof x->id, "%.*s", NW_FMT(weight));
        if (topics_read(t, title, rest, &features)) {
            return 1;
        }
        x->n = features.n;
        x->v = must(malloc((x->n + 1) * sizeof *x->v));
        memcpy(x->v, features.v, x->n * sizeof *x->v);
        raw[t->n][0] = (int)read_labels(t, labels, raw[t->n] + 1, true);
        for (int k = 0; k < raw[t->n][0]; k++) {
            t->labels[raw[t->n][k + 1]].count += x->weight > 0.5F;
        }
        for (int g = 0; g <= t->group_count && !nw_str_eq(group, NW_S("-")) && x->group < 0 && g < GROUPS; g++) {
            if (g == t->group_count) {
                snprintf(t->groups[t->group_count++], NAME, "%.*s", NW_FMT(group));
            }
            x->group = nw_str_eq(group, nw_str_z(t->groups[g])) ? g : -1;
        }
        t->n++;
    }
    fclose(f);
    int *renumber = must(calloc(t->label_count + 1, sizeof *renumber));
    choose_labels(t, least, renumber);
    for (size_t i = 0; i < t->n; i++) {
        for (int k = 0; k < raw[i][0]; k++) {
            int label = renumber[raw[i][k + 1]];
            if (label >= 0) {
                t->examples[i].labels[label] = true;
            }
        }
    }
    free(renumber);
    free(raw);
    topics_features_free(&features);
    return 0;
}

uint32_t topics_feature_number(struct topics_trainer *t, uint64_t hash, bool cluster, bool make)
{
    size_t at = hash >> 9 & t->slot_mask;
    while (t->slots[at] && t->hashes[t->slots[at] - 1] != hash) {
        at = (at + 1) & t->slot_mask;
    }
    if (t->slots[at] == 0) {
        if (!make) {
            return UINT32_MAX;
        }
        t->hashes[t->feature_count] = hash;
        t->cluster[t->feature_count] = cluster;
        t->slots[at] = (uint32_t)++t->feature_count;
    }
    return t->slots[at] - 1;
}

static void index_features(struct topics_trainer *t)
{
    size_t all = 0;
    for (size_t i = 0; i < t->n; i++) {
        all += t->examples[i].n;
    }
    t->slot_mask = 1023;
    while (t->slot_mask < all * 2) {
        t->slot_mask = t->slot_mask * 2 + 1;
    }
    t->slots = must(calloc(t->slot_mask + 1, sizeof *t->slots));
    t->hashes = must(calloc(all + 1, sizeof *t->hashes));
    t->frequency = must(calloc(all + 1, sizeof *t->frequency));
    t->cluster = must(calloc(all + 1, sizeof *t->cluster));
    t->idf = must(calloc(all + 1, sizeof *t->idf));
    for (size_t i = 0; i < t->n; i++) {
        for (size_t k = 0; k < t->examples[i].n; k++) {
            t->frequency[topics_feature_number(t, t->examples[i].v[k].hash, t->examples[i].v[k].cluster, true)]++;
        }
    }
    for (size_t f = 0; f < t->feature_count; f++) {
        t->idf[f] = t->frequency[f] >= 2 ? logf((float)(t->n + 1) / (float)t->frequency[f]) : 0;
    }
    for (size_t i = 0; i < t->n; i++) {
        struct example *x = &t->examples[i];
        float norms[2] = {0};
        x->ids = must(calloc(x->n + 1, sizeof *x->ids));
        x->values = must(calloc(x->n + 1, sizeof *x->values));
        for (size_t k = 0; k < x->n; k++) {
            uint32_t f = topics_feature_number(t, x->v[k].hash, x->v[k].cluster, false);
            x->ids[k] = t->frequency[f] >= 2 ? f : UINT32_MAX;
            x->values[k] = x->v[k].count * t->idf[f];
            norms[x->v[k].cluster] += x->values[k] * x->values[k];
        }
        for (size_t k = 0; k < x->n; k++) {
            bool c = x->v[k].cluster;
            x->values[k] *= norms[c] > 0 ? (c ? t->share : 1) / sqrtf(norms[c]) : 0;
        }
    }
}

/* Gives words their meaning, and each row the sum of its words'. */
static int add_meaning(struct topics_trainer *t, const char *vectors, const char *unlabelled)
{
    if (vectors == NULL && unlabelled == NULL) {
        return 0;
    }
    t->meaning = must(calloc(t->feature_count + 1, sizeof *t->meaning));
    struct vectors words = {0};
    if (vectors && vectors_read(&words, vectors)) {
        return 1;
    }
    for (size_t i = 0; i < words.n; i++) {
        uint32_t f = topics_feature_number(t, words.hashes[i], false, false);
        for (int j = 0; f != UINT32_MAX && j < VECTOR_DIMENSIONS; j++) {
            t->meaning[f][j] = t->vectors_weight * words.v[i][j];
        }
    }
    vectors_free(&words);
    if (unlabelled && topics_latent(t, unlabelled)) {
        return 1;
    }
    for (size_t i = 0; i < t->n; i++) {
        struct example *x = &t->examples[i];
        x->meaning = must(calloc(MEANING, sizeof *x->meaning));
        for (size_t k = 0; k < x->n; k++) {
            for (int j = 0; x->ids[k] != UINT32_MAX && j < MEANING; j++) {
                x->meaning[j] += x->values[k] * t->meaning[x->ids[k]][j];
            }
        }
    }
    return 0;
}

int train_topics(int argc, char **argv)
{
    static struct topics_trainer t = {
        .share = 0.7F, .cost = 0.3F, .positive = 1, .vectors_weight = 0.1F, .latent_weight = 3, .always = true};
    const char *gazetteer = "deploy/model/gazetteer.tables";
    const char *names = "deploy/model/names.tables";
    const char *label_names = NULL;
    const char *out = "topics.tables";
    const char *vectors = NULL;
    const char *unlabelled = NULL;
    size_t least = 2;
    int rings = 0;
    int option;
    while ((option = getopt(argc, argv, "g:n:l:o:m:x:s:c:w:v:k:u:q:a")) != -1) {
        switch (option) {
        case 'g':
            gazetteer = optarg;
            break;
        case 'n':
            names = optarg;
            break;
        case 'l':
            label_names = optarg;
            break;
        case 'o':
            out = optarg;
            break;
        case 'm':
            least = strtoul(optarg, NULL, 10);
            break;
        case 'x':
            rings = (int)strtol(optarg, NULL, 10);
            break;
        case 's':
            t.share = strtof(optarg, NULL);
            break;
        case 'c':
            t.cost = strtof(optarg, NULL);
            break;
        case 'w':
            t.positive = strtof(optarg, NULL);
            break;
        case 'v':
            vectors = optarg;
            break;
        case 'k':
            t.vectors_weight = strtof(optarg, NULL);
            break;
        case 'u':
            unlabelled = optarg;
            break;
        case 'q':
            t.latent_weight = strtof(optarg, NULL);
            break;
        case 'a':
            t.always = false;
            break;
        default:
            return train_usage("topics [-a] [-g F] [-n F] [-l LABELS] [-o MODEL] [-m N] [-x RINGS] [-s X] [-c X] "
                               "[-w X] [-v F] [-k X] [-u ROWS] [-q X] ROWS");
        }
    }
    if (optind + 1 != argc) {
        return train_usage("topics … ROWS");
    }
    if (setup(&t, gazetteer, names) || (label_names && read_label_names(&t, label_names)) ||
        read_rows(&t, argv[optind], least)) {
        return 1;
    }
    index_features(&t);
    if (add_meaning(&t, vectors, unlabelled)) {
        return 1;
    }
    printf("%zu rows, %zu labels, %zu features\n", t.n, t.label_count, t.feature_count);
    fflush(stdout);
    struct calibration calibration = {.slope = 1};
    if (rings) {
        topics_validate(&t, rings, &calibration);
    }
    struct weights w;
    topics_learn(&t, &w, -1, -1);
    weights_fold(&t, &w, &calibration);
    int rc = topics_write(&t, &w, out);
    weights_free(&w);
    return rc;
}

int train_topics_apply(int argc, char **argv)
{
    static struct topics_trainer t;
    static char text[LINE];
    if (argc != 5) {
        return train_usage("topics-apply GAZETTEER NAMES MODEL ROWS");
    }
    struct topics_model model;
    char why[IMAGE_WHY] = "no such file";
    FILE *f = fopen(argv[4], "rb");
    if (setup(&t, argv[1], argv[2]) || topics_model_open(&model, argv[3], why) != 0 || f == NULL) {
        fprintf(stderr, "%s or %s: %s\n", argv[3], argv[4], why);
        return 1;
    }
    struct topics_features features = {0};
    while (fgets(text, sizeof text, f)) {
        struct nw_str rest = nw_str(text, strcspn(text, "\n"));
        topics_column(&rest);
        struct nw_str id = topics_column(&rest);
        topics_column(&rest);
        struct nw_str title = topics_column(&rest);
        struct topics_score out[TOPICS_MOST];
        if (topics_read(&t, title, rest, &features)) {
            return 1;
        }
        size_t n = topics_find(&model, &t.types, &features, out, TOPICS_MOST);
        printf("%.*s\t", NW_FMT(id));
        for (size_t i = 0; i < n; i++) {
            printf("%s%.*s", i ? "," : "", NW_FMT(topics_text(&model, model.labels[out[i].label].code)));
        }
        printf("\n");
    }
    fclose(f);
    topics_model_close(&model);
    return 0;
}
