/* Topics of an article: see topics.h. */
#include "topics.h"

#include "wide.h"

#include <errno.h>
#include <math.h>
#include <newswire/alloc.h>
#include <stdio.h>

enum { HEAD = 8 /* bytes of a row before its weights */, AHEAD = 32 };

static uint64_t cluster_hash(unsigned number)
{
    uint64_t h = (number + 1) * UINT64_C(0x9E3779B97F4A7C15);
    h ^= h >> 29;
    return h * UINT64_C(0xBF58476D1CE4E5B9);
}

/* Number + 1 of a feature's row; 0: it has none. */
static uint32_t row_find(const struct topics_model *m, uint64_t hash)
{
    uint32_t print = (uint32_t)(hash >> 32) | 1;
    uint32_t at = clusters_home(hash, m->row_count);
    for (uint32_t probes = 0; probes < m->row_count; probes++) {
        uint32_t here;
        memcpy(&here, m->rows + (size_t)at * m->row_size, sizeof here);
        if (here == print) {
            return at + 1;
        }
        if (here == 0) {
            break;
        }
        at = at + 1 < m->row_count ? at + 1 : 0;
    }
    return 0;
}

static int adopt(struct topics_model *m, char why[IMAGE_WHY])
{
    struct nw_str info = image_section(&m->image, "info", sizeof(struct topics_info));
    struct nw_str labels = image_section(&m->image, "labels", sizeof(struct topics_label));
    struct nw_str pool = image_section(&m->image, "pool", 1);
    m->info = (const void *)info.p;
    bool good = info.n == sizeof(struct topics_info) && m->info->layout == TOPICS_LAYOUT && m->info->labels > 0 &&
                m->info->labels <= TOPICS_MOST && m->info->stride >= m->info->labels &&
                m->info->stride <= TOPICS_MOST && m->info->stride % 16 == 0 &&
                labels.n == m->info->labels * sizeof(struct topics_label) && pool.n > 0 && pool.n <= UINT32_MAX &&
                pool.p[pool.n - 1] == 0;
    struct nw_str rows = good ? image_section(&m->image, "rows", HEAD + m->info->stride) : nw_str(NULL, 0);
    if (rows.n == 0 || rows.n / (HEAD + m->info->stride) > UINT32_MAX) {
        snprintf(why, IMAGE_WHY,
                 "its tables have not the sizes that this program reads; train it anew with scripts/train");
        return IMAGE_BAD;
    }
    m->labels = (const void *)labels.p;
    for (uint32_t i = 0; i < m->info->labels; i++) {
        if (m->labels[i].parent >= (int32_t)m->info->labels || m->labels[i].parent == (int32_t)i) {
            snprintf(why, IMAGE_WHY, "a topic stands below one that is not there; train it anew with scripts/train");
            return IMAGE_BAD;
        }
    }
    m->rows = (const unsigned char *)rows.p;
    m->row_size = HEAD + m->info->stride;
    m->row_count = (uint32_t)(rows.n / m->row_size);
    m->pool = pool.p;
    m->pool_size = (uint32_t)pool.n;
    for (unsigned k = 0; k < TOPICS_CLUSTERS; k++) {
        m->cluster_rows[k] = row_find(m, cluster_hash(k));
    }
    return 0;
}

int topics_model_over(struct topics_model *m, struct nw_str bytes, char why[IMAGE_WHY])
{
    *m = (struct topics_model){0};
    int rc = image_over(&m->image, bytes, "TOPC", why);
    return rc ? rc : adopt(m, why);
}

int topics_model_open(struct topics_model *m, const char *path, char why[IMAGE_WHY])
{
    *m = (struct topics_model){0};
    int rc = image_open(&m->image, path, "TOPC", why);
    if (rc == 0 && (rc = adopt(m, why)) != 0) {
        topics_model_close(m);
    }
    return rc;
}

void topics_model_close(struct topics_model *m)
{
    image_close(&m->image);
    *m = (struct topics_model){0};
}

struct nw_str topics_text(const struct topics_model *m, uint32_t offset)
{
    return offset < m->pool_size ? nw_str_z(m->pool + offset) : NW_S("");
}

static int add(struct topics_features *f, struct topics_feature feature)
{
    if (f->n == f->cap) {
        size_t cap = f->cap ? 2 * f->cap : 1024;
        struct topics_feature *v = nw_realloc(f->v, cap * sizeof *v);
        if (v == NULL) {
            return -ENOMEM;
        }
        f->v = v;
        f->cap = cap;
    }
    f->v[f->n++] = feature;
    return 0;
}

static float damped(uint32_t n)
{
    /* 1 + ln n, without a call for the many words that stand a few times. */
    static const float few[] = {0,          1,          1.6931472F, 2.0986123F, 2.3862944F,
                                2.6094379F, 2.7917595F, 2.9459101F, 3.0794415F};
    return n < sizeof few / sizeof *few ? few[n] : 1.0F + logf((float)n);
}

static void count_cluster(struct topics_features *f, unsigned number, unsigned n)
{
    f->clusters[number] = (uint16_t)(f->clusters[number] + n > 60000 ? 60000 : f->clusters[number] + n);
    f->counted[number / 64] |= UINT64_C(1) << number % 64;
}

int topics_features(struct types *types, const struct clusters *clusters, struct topics_features *f)
{
    f->n = 0;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < types->present_n; i++) {
        struct word_type *w = &types->v[types->present[i]];
        if (!(w->flags & (TYPE_LETTERS | TYPE_CLITIC))) {
            continue;
        }
        if (!(w->flags & TYPE_CLASSED)) {
            type_cluster(w, clusters);
        }
        if (w->flags & TYPE_CLUSTERED && !(w->classes & WORD(STOP))) {
            unsigned n = w->seen > 60 ? 60 : w->seen;
            count_cluster(f, w->clusters[0] % 64U, n);
            count_cluster(f, 64 + w->clusters[1] % 256U, n);
            count_cluster(f, 320 + w->clusters[2] % 1024U, n);
        }
        rc = add(f, (struct topics_feature){w->lower, damped(w->seen), types->present[i], false});
    }
    for (unsigned word = 0; word < TOPICS_CLUSTERS / 64; word++) {
        while (f->counted[word]) {
            unsigned k = word * 64 + (unsigned)__builtin_ctzll(f->counted[word]);
            if (rc == 0) {
                rc = add(f, (struct topics_feature){cluster_hash(k), damped(f->clusters[k]), k, true});
            }
            f->clusters[k] = 0;
            f->counted[word] &= f->counted[word] - 1;
        }
    }
    return rc;
}

void topics_features_free(struct topics_features *f)
{
    nw_free(f->v);
    *f = (struct topics_features){0};
}

/* Number + 1 of a feature's row, remembered with the type of a word. */
static uint32_t row_of(const struct topics_model *m, struct types *types, const struct topics_feature *feature)
{
    if (feature->cluster) {
        return m->cluster_rows[feature->number];
    }
    struct word_type *w = &types->v[feature->number];
    if (!(w->flags & TYPE_TOPIC)) {
        w->topic = row_find(m, feature->hash);
        w->flags |= TYPE_TOPIC;
    }
    return w->topic;
}

/* sums of the labels += value × weights. Functions of their own, for what `restrict` promises is lost where a function
 * is put into another. */
WIDE_FUNCTION ALONE static void add_wide(float *restrict sum, const int8_t *restrict w, float value, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++) {
        sum[k] += value * (float)w[k];
    }
}

ALONE static void add_plain(float *restrict sum, const int8_t *restrict w, float value, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++) {
        sum[k] += value * (float)w[k];
    }
}

/* Scores of all labels; false when no word is known. The rows lie all over the table: they are asked for, a few at a
 * time, before they are read. */
static bool topics_scores(const struct topics_model *m, struct types *types, const struct topics_features *f,
                          float *out)
{
    float sums[2][TOPICS_MOST] = {{0}};
    float norms[2] = {0};
    size_t at = 0;
    bool wide = wide_here();
    for (unsigned cluster = 0; cluster < 2; cluster++) {
        while (at < f->n && f->v[at].cluster == cluster) {
            uint32_t rows[AHEAD];
            float values[AHEAD];
            size_t n = 0;
            for (size_t k = at; k < f->n && k < at + AHEAD; k++) {
                if (!f->v[k].cluster && !(types->v[f->v[k].number].flags & TYPE_TOPIC)) {
                    __builtin_prefetch(m->rows + (size_t)clusters_home(f->v[k].hash, m->row_count) * m->row_size);
                }
            }
            for (; at < f->n && f->v[at].cluster == cluster && n < AHEAD; at++) {
                uint32_t number = row_of(m, types, &f->v[at]);
                if (number) {
                    rows[n] = number - 1;
                    values[n++] = f->v[at].count;
                    __builtin_prefetch(m->rows + (size_t)(number - 1) * m->row_size);
                    __builtin_prefetch(m->rows + (size_t)number * m->row_size - 1);
                }
            }
            for (size_t i = 0; i < n; i++) {
                float idf;
                memcpy(&idf, m->rows + (size_t)rows[i] * m->row_size + 4, sizeof idf);
                const int8_t *w = (const int8_t *)m->rows + (size_t)rows[i] * m->row_size + HEAD;
                values[i] *= idf;
                norms[cluster] += values[i] * values[i];
                (wide ? add_wide : add_plain)(sums[cluster], w, values[i], m->info->stride);
            }
        }
    }
    float word = norms[0] > 0 ? 1 / sqrtf(norms[0]) : 0;
    float cluster = norms[1] > 0 ? m->info->cluster_share / sqrtf(norms[1]) : 0;
    for (uint32_t k = 0; k < m->info->labels; k++) {
        out[k] = m->labels[k].bias + m->labels[k].scale * (sums[0][k] * word + sums[1][k] * cluster);
    }
    return norms[0] > 0;
}

size_t topics_find(const struct topics_model *m, struct types *types, const struct topics_features *f,
                   struct topics_score *out, size_t room)
{
    float scores[TOPICS_MOST];
    bool given[TOPICS_MOST] = {false};
    if (m->info == NULL || !topics_scores(m, types, f, scores)) {
        return 0;
    }
    int best = -1;
    for (int k = 0; k < (int)m->info->labels; k++) {
        const struct topics_label *label = &m->labels[k];
        given[k] = scores[k] >= label->threshold && (label->parent < 0 || given[label->parent]);
        if (label->parent < 0 && (best < 0 || scores[k] > scores[best])) {
            best = k;
        }
    }
    if (best >= 0 && m->info->always) {
        given[best] = true;
    }
    size_t n = 0;
    for (unsigned k = 0; k < m->info->labels; k++) {
        if (!given[k] || n == room) {
            continue;
        }
        struct topics_score x = {k, 1 / (1 + expf(-scores[k])), 0};
        size_t at = n++;
        while (at > 0 && out[at - 1].confidence < x.confidence) {
            out[at] = out[at - 1];
            at--;
        }
        out[at] = x;
    }
    for (size_t i = 0; i < n; i++) {
        out[i].relevance = out[0].confidence > 0 ? out[i].confidence / out[0].confidence : 0;
    }
    return n;
}
