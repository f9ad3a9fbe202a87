/*
 * `newswire-train names`: trains the names model (stages/tag/names.h) on IOB2 files.
 *
 *   names [-g GAZETTEER] [-c CLUSTERS] [-o MODEL] [-e EPOCHS] [-j EPOCHS] [-p PRUNE] [-t FILE]… SET…
 *
 * SET is GROUP:WEIGHT:FLAGS:FILE. Features have a general copy and one a group (Daumé 2007); the model written holds
 * the sum of the general one and group 0's: give group 0 to the copy that is most like what will be tagged. WEIGHT is
 * how often the file counts in an epoch (0: only for the classifier of sport). FLAGS: w whole documents (the second
 * pass learns from them), p partial (the file never labels MISC), - neither. -t: files to judge the result on. -e
 * epochs of the first pass, -j of each of its rehearsals on all but one of -f parts, from which the second pass learns;
 * -m how many first passes are averaged.
 */
#include "names_trainer.h"
#include "second.h"
#include "train.h"

#include <math.h>
#include <newswire/hash.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- features of a token ---- */

static void put(struct trainer *t, uint32_t *n, size_t feature, unsigned kind, unsigned group)
{
    t->ids[(*n)++] = (uint32_t)feature;
    t->ids[(*n)++] = (uint32_t)(t->base * (1 + kind) + feature);
    if (t->groups > 1) {
        t->ids[(*n)++] = (uint32_t)(t->base * (1 + NAMES_KINDS + group) + feature);
    }
}

static void put_place(struct trainer *t, uint32_t *n, const struct corpus_document *x, size_t token, int place,
                      unsigned kind)
{
    size_t row = (size_t)x->document.tokens.v[token].type * PLACES + (size_t)place;
    for (uint32_t i = t->index.at[row]; i < t->index.at[row + 1]; i++) {
        put(t, n, t->index.ids[i], kind, x->group);
    }
}

static void put_phrase(struct trainer *t, uint32_t *n, const struct corpus_document *x, size_t d, size_t token,
                       unsigned offset)
{
    const struct corpora_marks *m = &t->marks[d];
    for (unsigned list = 0; m->parts[token] && list < GAZETTEER_LIST_COUNT; list++) {
        if (m->lists[token] >> list & 1) {
            put(t, n, t->index.n + phrase_row(list, m->parts[token] - 1U, offset), t->kinds[d], x->group);
        }
    }
}

/* Features of the sentence [from, to) of document d into t->ids and t->at. */
static void gather(struct trainer *t, size_t d, size_t from, size_t to)
{
    const struct corpus_document *x = &t->corpora.v[d];
    unsigned kind = t->kinds[d];
    size_t need = (to - from) * TOKEN_FEATURES;
    if (need > t->ids_cap) {
        t->ids_cap = 2 * need;
        t->ids = realloc(t->ids, t->ids_cap * sizeof *t->ids);
        t->at = realloc(t->at, (2 * (to - from) + 2) * sizeof *t->at);
        if (t->ids == NULL || t->at == NULL) {
            abort();
        }
    }
    bool capitals = sentence_in_capitals(&x->document, from, to);
    unsigned form = sentence_form(&x->document, from, to);
    uint32_t n = 0;
    for (size_t i = from; i < to; i++) {
        t->at[i - from] = n;
        put(t, &n, t->index.forms[form], kind, x->group);
        put_place(t, &n, x, i, PLACE_0, kind);
        if (i == from) {
            put_place(t, &n, x, i, PLACE_FIRST, kind);
        }
        if (capitals) {
            put_place(t, &n, x, i, PLACE_CAPS, kind);
        }
        if (i >= from + 1) {
            put_place(t, &n, x, i - 1, PLACE_M1, kind);
            put_phrase(t, &n, x, d, i - 1, 0);
        } else {
            put(t, &n, t->index.edges[0], kind, x->group);
        }
        if (i >= from + 2) {
            put_place(t, &n, x, i - 2, PLACE_M2, kind);
        } else if (i == from + 1) {
            put(t, &n, t->index.edges[1], kind, x->group);
        }
        put_phrase(t, &n, x, d, i, 1);
        if (i + 1 < to) {
            put_place(t, &n, x, i + 1, PLACE_P1, kind);
            put_phrase(t, &n, x, d, i + 1, 2);
        } else {
            put(t, &n, t->index.edges[2], kind, x->group);
        }
        if (i + 2 < to) {
            put_place(t, &n, x, i + 2, PLACE_P2, kind);
        } else if (i + 2 == to) {
            put(t, &n, t->index.edges[3], kind, x->group);
        }
    }
    t->at[to - from] = n;
}

/* ---- the kind of articles ---- */

static int learn_sport(struct trainer *t)
{
    size_t types = t->corpora.types.n;
    uint32_t(*counts)[2] = calloc(types, sizeof *counts);
    t->sport = calloc(types, sizeof *t->sport);
    t->kinds = calloc(t->corpora.n, sizeof *t->kinds);
    /* Types share a lower-cased form: count by the first type that has it. */
    uint32_t *first = calloc(types * 4 + 4, sizeof *first);
    uint32_t *of = calloc(types, sizeof *of);
    if (!counts || !t->sport || !t->kinds || !first || !of) {
        return 1;
    }
    size_t mask = 1;
    while (mask * 2 < types * 4 + 4) {
        mask = mask * 2 + 1;
    }
    for (uint32_t i = 0; i < types; i++) {
        uint64_t lower = t->corpora.types.v[i].lower;
        size_t at = lower & mask;
        while (first[at] && t->corpora.types.v[first[at] - 1].lower != lower) {
            at = (at + 1) & mask;
        }
        first[at] = first[at] ? first[at] : i + 1;
        of[i] = first[at] - 1;
    }
    double tokens[2] = {0};
    double documents[2] = {0};
    for (size_t d = 0; d < t->corpora.n; d++) {
        const struct corpus_document *x = &t->corpora.v[d];
        if (x->sport >= 0) {
            documents[x->sport]++;
            for (size_t i = 0; i < x->document.tokens.n; i++) {
                counts[of[x->document.tokens.v[i].type]][x->sport]++;
                tokens[x->sport]++;
            }
        }
    }
    t->sport_bias = documents[1] > 0 ? (float)log(documents[1] / (documents[0] + 1)) : -1;
    for (size_t i = 0; i < types && documents[1] > 0; i++) {
        const uint32_t *c = counts[of[i]];
        if (c[0] + c[1] >= SPORT_LEAST) {
            double odds = log((c[1] + 0.5) / (tokens[1] + 0.5 * (double)types)) -
                          log((c[0] + 0.5) / (tokens[0] + 0.5 * (double)types));
            odds = odds > 3.5 ? 3.5 : odds < -3.5 ? -3.5 : odds;
            t->sport[i] = (float)(round(odds * 32) / 32);
        }
    }
    size_t sport = 0;
    size_t right = 0;
    size_t known = 0;
    for (size_t d = 0; d < t->corpora.n; d++) {
        const struct corpus_document *x = &t->corpora.v[d];
        float sum = t->sport_bias;
        for (size_t i = 0; i < x->document.tokens.n; i++) {
            sum += t->sport[x->document.tokens.v[i].type];
        }
        t->kinds[d] = sum > 0;
        sport += t->kinds[d];
        known += x->sport >= 0;
        right += x->sport >= 0 && x->sport == (int)t->kinds[d];
    }
    printf("sport: %zu of %zu documents; right %zu of %zu known\n", sport, t->corpora.n, right, known);
    free(counts);
    free(first);
    free(of);
    return 0;
}

/* ---- passes ---- */

struct place {
    uint32_t document, from, to;
};

/* Sentences of the documents that take part, each as often as it counts. */
static size_t sentences_of(const struct trainer *t, int without, bool once, struct place **places)
{
    size_t n = 0;
    size_t cap = 0;
    *places = NULL;
    for (size_t d = 0; d < t->corpora.n; d++) {
        const struct corpus_document *x = &t->corpora.v[d];
        if (x->weight == 0 || (without >= 0 && x->whole && (int)x->fold == without)) {
            continue;
        }
        for (size_t from = 0, to; from < x->document.tokens.n; from = to) {
            to = sentence_end(&x->document, from);
            for (unsigned k = 0; k < (once ? 1 : x->weight); k++) {
                if (n == cap) {
                    cap = cap ? 2 * cap : 4096;
                    *places = realloc(*places, cap * sizeof **places);
                    if (*places == NULL) {
                        abort();
                    }
                }
                (*places)[n++] = (struct place){(uint32_t)d, (uint32_t)from, (uint32_t)to};
            }
        }
    }
    return n;
}

static void shuffle(struct trainer *t, struct place *p, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        t->random = t->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        size_t k = (size_t)(t->random >> 20) % i;
        struct place swap = p[i - 1];
        p[i - 1] = p[k];
        p[k] = swap;
    }
}

/* One run of the first pass over all but fold `without` (-1: over all). */
static int first_run(struct trainer *t, struct crf *crf, int without, int epochs, uint64_t seed)
{
    struct place *places;
    size_t n = sentences_of(t, without, false, &places);
    if (crf_init(crf, t->base * (1 + NAMES_KINDS + (t->groups > 1 ? t->groups : 0)), t->rate, t->decay, t->drop,
                 seed) != 0) {
        return 1;
    }
    for (int epoch = 0; epoch < epochs; epoch++) {
        shuffle(t, places, n);
        double likelihood = 0;
        for (size_t i = 0; i < n; i++) {
            const struct corpus_document *x = &t->corpora.v[places[i].document];
            gather(t, places[i].document, places[i].from, places[i].to);
            likelihood += crf_learn(crf, places[i].to - places[i].from, t->ids, t->at, NULL, x->gold + places[i].from,
                                    x->partial);
        }
        if (epoch >= epochs / 2) {
            crf_sum(crf);
        }
        if (without < 0) {
            fprintf(stderr, "epoch %d: log-likelihood %.0f\n", epoch + 1, likelihood);
        }
    }
    crf_average(crf);
    free(places);
    return 0;
}

/* The mean of `runs` runs in other orders and with other dropouts: their weights are of one linear model. */
static int first_pass(struct trainer *t, struct crf *crf, int without, int epochs, int runs)
{
    if (first_run(t, crf, without, epochs, 12345)) {
        return 1;
    }
    for (int run = 1; run < runs; run++) {
        struct crf other;
        if (first_run(t, &other, without, epochs, 12345U + (unsigned)run)) {
            return 1;
        }
        crf_mix(crf, &other, 1.0F / (float)(run + 1));
        crf_free(&other);
    }
    return 0;
}

/* Labels and emissions of a document by the first pass. */
static void rehearse(struct trainer *t, struct crf *crf, size_t d)
{
    const struct corpus_document *x = &t->corpora.v[d];
    size_t n = x->document.tokens.n;
    if (t->labels[d] == NULL) {
        t->labels[d] = calloc(n, 1);
        t->emissions[d] = calloc(n, sizeof **t->emissions);
        t->fixed[d] = calloc(n, sizeof **t->fixed);
    }
    if (t->labels[d] == NULL || t->emissions[d] == NULL || t->fixed[d] == NULL) {
        abort();
    }
    for (size_t from = 0, to; from < n; from = to) {
        to = sentence_end(&x->document, from);
        gather(t, d, from, to);
        crf_decode(crf, to - from, t->ids, t->at, NULL, t->labels[d] + from, t->emissions[d] + from);
    }
    for (size_t i = 0; i < n; i++) {
        for (unsigned k = 0; k < LABELS; k++) {
            float v = roundf(t->emissions[d][i][k] * NAMES_SCALE);
            t->fixed[d][i].v[k] = (int16_t)(v > 4000 ? 4000 : v < -4000 ? -4000 : v);
        }
    }
}

/* Features of the second pass of a sentence. */
static void gather_second(struct trainer *t, const struct second *second, size_t d, size_t from, size_t to)
{
    uint32_t n = 0;
    bool capitals = sentence_in_capitals(&t->corpora.v[d].document, from, to);
    for (size_t i = from; i < to; i++) {
        uint16_t features[SECOND_MOST];
        t->at[i - from] = n;
        size_t count =
            second_features(second, &t->corpora.v[d].document, t->labels[d], t->fixed[d], i, capitals, features);
        for (size_t k = 0; k < count; k++) {
            t->ids[n++] = features[k];
        }
    }
    t->at[to - from] = n;
}

static int second_pass(struct trainer *t, struct crf *crf2, const struct crf *crf)
{
    struct second *second = NULL;
    if (crf_init(crf2, SECOND_COUNT, 0.05F, 1e-4F, 0.2F, 777) != 0) {
        return 1;
    }
    memcpy(crf2->step, crf->step, sizeof crf2->step);
    memcpy(crf2->first, crf->first, sizeof crf2->first);
    enum { EPOCHS = 12 };
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
        for (size_t d = 0; d < t->corpora.n; d++) {
            const struct corpus_document *x = &t->corpora.v[d];
            if (!x->whole || x->weight == 0 || t->labels[d] == NULL) {
                continue;
            }
            second_read(&second, &x->document, t->labels[d], t->fixed[d]);
            for (size_t from = 0, to; from < x->document.tokens.n; from = to) {
                to = sentence_end(&x->document, from);
                gather(t, d, from, to); /* makes room */
                gather_second(t, second, d, from, to);
                crf_learn(crf2, to - from, t->ids, t->at, (const float(*)[LANES])(t->emissions[d] + from),
                          x->gold + from, x->partial);
            }
        }
        if (epoch >= EPOCHS / 2) {
            crf_sum(crf2);
        }
    }
    crf_average(crf2);
    /* How it does on what it learned from, beside the first pass. */
    struct span_score before = {.right = {0}};
    struct span_score after = {.right = {0}};
    uint8_t labels[4096];
    for (size_t d = 0; d < t->corpora.n; d++) {
        const struct corpus_document *x = &t->corpora.v[d];
        if (!x->whole || x->weight == 0 || t->labels[d] == NULL) {
            continue;
        }
        second_read(&second, &x->document, t->labels[d], t->fixed[d]);
        for (size_t from = 0, to; from < x->document.tokens.n; from = to) {
            to = sentence_end(&x->document, from);
            if (to - from > sizeof labels) {
                continue;
            }
            gather(t, d, from, to);
            gather_second(t, second, d, from, to);
            crf_decode(crf2, to - from, t->ids, t->at, (const float(*)[LANES])(t->emissions[d] + from), labels, NULL);
            span_count(&before, x->gold + from, t->labels[d] + from, to - from);
            span_count(&after, x->gold + from, labels, to - from);
        }
    }
    span_print(&before, "rehearsals, first pass");
    span_print(&after, "rehearsals, second pass (learned from them)");
    second_free(second);
    return 0;
}

/* Slopes and biases by which margins become shares right: logistic regression on what the rehearsals found. */
static void calibrate(struct trainer *t, struct crf *crf2, float calibration[2][NAME_TYPES])
{
    struct second *second = NULL;
    uint8_t labels[4096];
    float emissions[4096][LANES];
    double slope[NAME_TYPES] = {1, 1, 1, 1};
    double bias[NAME_TYPES] = {0};
    for (int round = 0; round < 8; round++) {
        for (size_t d = 0; d < t->corpora.n; d++) {
            const struct corpus_document *x = &t->corpora.v[d];
            if (!x->whole || x->weight == 0 || t->labels[d] == NULL) {
                continue;
            }
            second_read(&second, &x->document, t->labels[d], t->fixed[d]);
            for (size_t from = 0, to; from < x->document.tokens.n; from = to) {
                to = sentence_end(&x->document, from);
                if (to - from > sizeof labels) {
                    continue;
                }
                gather(t, d, from, to);
                gather_second(t, second, d, from, to);
                crf_decode(crf2, to - from, t->ids, t->at, (const float(*)[LANES])(t->emissions[d] + from), labels,
                           emissions);
                for (size_t i = 0; i < to - from; i++) {
                    if (labels[i] == 0 || (labels[i] - 1) % 3 == LABEL_I) {
                        continue;
                    }
                    unsigned type = label_type(labels[i]);
                    double margin = 1e9;
                    bool right = true;
                    size_t k = i;
                    do {
                        double best = -1e9;
                        for (unsigned j = 0; j < LABELS; j++) {
                            if (label_type(j) != type && (double)emissions[k][j] > best) {
                                best = (double)emissions[k][j];
                            }
                        }
                        double here = (double)emissions[k][labels[k]] - best;
                        margin = here < margin ? here : margin;
                        right &= x->gold[from + k] == labels[k];
                        k++;
                    } while ((labels[i] - 1) % 3 == LABEL_B && k < to - from &&
                             labels[k] == label_of((enum name_type)type, LABEL_I));
                    margin = margin > 20 ? 20 : margin < -20 ? -20 : margin;
                    double p = 1 / (1 + exp(-(slope[type] * margin + bias[type])));
                    double rate = 0.02 / (1 + round);
                    bias[type] += rate * (right - p);
                    slope[type] += rate * 0.1 * (right - p) * margin;
                }
            }
        }
    }
    for (unsigned i = 0; i < NAME_TYPES; i++) {
        calibration[0][i] = (float)slope[i];
        calibration[1][i] = (float)bias[i];
    }
    second_free(second);
}

/* ---- main ---- */

static int read_set(struct trainer *t, const char *set)
{
    unsigned group;
    unsigned weight;
    char flags[8];
    int used = 0;
    if (sscanf(set, "%u:%u:%7[wp-]:%n", &group, &weight, flags, &used) != 3 || used == 0 || group >= GROUPS) {
        fprintf(stderr, "%s: expected GROUP:WEIGHT:FLAGS:FILE, GROUP below %d, FLAGS of w p -\n", set, GROUPS);
        return 1;
    }
    t->groups = group + 1 > t->groups ? group + 1 : t->groups;
    return corpora_read(&t->corpora, set + used, group, weight, strchr(flags, 'p') != NULL, strchr(flags, 'w') != NULL);
}

static int prepare(struct trainer *t)
{
    t->marks = calloc(t->corpora.n, sizeof *t->marks);
    t->labels = calloc(t->corpora.n, sizeof *t->labels);
    t->emissions = calloc(t->corpora.n, sizeof *t->emissions);
    t->fixed = calloc(t->corpora.n, sizeof *t->fixed);
    if (!t->marks || !t->labels || !t->emissions || !t->fixed ||
        feature_index_make(&t->index, &t->corpora, &t->clusters) != 0) {
        return 1;
    }
    t->base = t->index.n + PHRASE_ROWS;
    size_t whole = 0;
    for (size_t d = 0; d < t->corpora.n; d++) {
        struct corpus_document *x = &t->corpora.v[d];
        t->marks[d].lists = calloc(x->document.tokens.n, sizeof(uint16_t));
        t->marks[d].parts = calloc(x->document.tokens.n, 1);
        if (!t->marks[d].lists || !t->marks[d].parts) {
            return 1;
        }
        phrases_mark(&x->document, t->marks[d].lists, t->marks[d].parts);
        x->fold = (unsigned)(x->whole ? whole++ / FOLD_RUN % t->folds : 0);
    }
    printf("%zu documents, %zu tokens, %u types, %zu features, %u groups\n", t->corpora.n, t->corpora.tokens,
           t->corpora.types.n, t->index.n, t->groups);
    fflush(stdout);
    return learn_sport(t);
}

int train_names(int argc, char **argv)
{
    static struct trainer t = {.epochs = 20,
                               .folds = 5,
                               .rehearsals = 10,
                               .runs = 1,
                               .prune = 0.02,
                               .rate = 0.05F,
                               .decay = 1e-4F,
                               .drop = 0.4F,
                               .random = 1,
                               .groups = 1};
    const char *gazetteer = "deploy/model/gazetteer.tables";
    const char *clusters = "clusters.tables";
    const char *out = "names.tables";
    const char *checks[CHECKS];
    size_t check_count = 0;
    size_t sizes[CHECKS] = {0};
    size_t size_count = 0;
    int option;
    while ((option = getopt(argc, argv, "g:c:o:e:f:j:m:n:p:t:r:d:l:")) != -1) {
        switch (option) {
        case 'g':
            gazetteer = optarg;
            break;
        case 'c':
            clusters = optarg;
            break;
        case 'o':
            out = optarg;
            break;
        case 'e':
            t.epochs = (int)strtol(optarg, NULL, 10);
            break;
        case 'f':
            t.folds = (unsigned)strtoul(optarg, NULL, 10);
            t.folds = t.folds < 2 ? 2 : t.folds;
            break;
        case 'j':
            t.rehearsals = (int)strtol(optarg, NULL, 10);
            break;
        case 'm':
            t.runs = (int)strtol(optarg, NULL, 10);
            break;
        case 'n':
            if (size_count < CHECKS) {
                sizes[size_count++] = strtoul(optarg, NULL, 10);
            }
            break;
        case 'p':
            t.prune = strtod(optarg, NULL);
            break;
        case 'r':
            t.rate = strtof(optarg, NULL);
            break;
        case 'd':
            t.drop = strtof(optarg, NULL);
            break;
        case 'l':
            t.decay = strtof(optarg, NULL);
            break;
        case 't':
            if (check_count < CHECKS) {
                checks[check_count++] = optarg;
            }
            break;
        default:
            return train_usage(
                "names [-g GAZETTEER] [-c CLUSTERS] [-o MODEL] [-e N] [-f N] [-j N] [-m N] [-n ROWS]… [-p X] "
                "[-r X] [-d X] [-l "
                "X] [-t FILE]… GROUP:WEIGHT:FLAGS:FILE…");
        }
    }
    char why[IMAGE_WHY] = "no such file";
    if (image_open(&t.clusters_image, clusters, "CLUS", why) != 0) {
        fprintf(stderr, "%s: %s\n", clusters, why);
        return 1;
    }
    struct nw_str table = image_section(&t.clusters_image, "clusters", sizeof(struct clusters_slot));
    t.clusters = (struct clusters){(const void *)table.p, (uint32_t)(table.n / sizeof(struct clusters_slot))};
    if (corpora_init(&t.corpora, gazetteer)) {
        return 1;
    }
    for (int i = optind; i < argc; i++) {
        if (read_set(&t, argv[i])) {
            return 1;
        }
    }
    if (t.corpora.n == 0 || prepare(&t)) {
        return train_usage("names … GROUP:WEIGHT:FLAGS:FILE…");
    }
    struct crf crf;
    struct crf crf2;
    for (int fold = 0; fold < (int)t.folds && t.rehearsals > 0; fold++) {
        if (first_pass(&t, &crf, fold, t.rehearsals, 1)) {
            return 1;
        }
        for (size_t d = 0; d < t.corpora.n; d++) {
            if (t.corpora.v[d].whole && t.corpora.v[d].weight && (int)t.corpora.v[d].fold == fold) {
                rehearse(&t, &crf, d);
            }
        }
        crf_free(&crf);
        fprintf(stderr, "rehearsal %d of %u done\n", fold + 1, t.folds);
    }
    if (first_pass(&t, &crf, -1, t.epochs, t.runs) || second_pass(&t, &crf2, &crf)) {
        return 1;
    }
    float calibration[2][NAME_TYPES] = {{1, 1, 1, 1}, {0}};
    calibrate(&t, &crf2, calibration);
    int rc = 0;
    for (size_t k = 0; k < (size_count ? size_count : 1) && rc == 0; k++) {
        t.rows = sizes[k];
        rc = names_write(&t, &crf, &crf2, (const float(*)[NAME_TYPES])calibration, out);
        for (size_t i = 0; i < check_count && rc == 0; i++) {
            rc = names_judge(out, gazetteer, checks[i]);
        }
    }
    return rc;
}
