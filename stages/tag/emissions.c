/* Emissions: see emissions.h. */
#include "emissions.h"

#include "wide.h"
#include "word_vectors.h"

/* A lead that what stands beside a token does not make up for: of 19,043 articles of 1987 none was labelled otherwise
 * at 8 than at 12; 68 were at 6. */
enum { SURELY = 8 * NAMES_SCALE, EMISSION_MOST = 4000 };

typedef int16_t v16 __attribute__((vector_size(2 * LANES)));
typedef uint64_t quarters __attribute__((vector_size(2 * LANES)));

/* Macros, for no function may pass such a vector where the machine's registers are narrower. */
#define SPLAT(x) ((v16){(x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x)})
#define ADD(sum, from)                                                                                                 \
    do {                                                                                                               \
        v16 more_;                                                                                                     \
        memcpy(&more_, (from)->v, sizeof more_);                                                                       \
        (sum) += more_;                                                                                                \
    } while (0)
#define CHOOSE(mask, yes, no) (((yes) & (mask)) | ((no) & ~(mask)))

static const int16_t types_only[LANES] = {0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0};

/* Clamps a token's sum and keeps it; `sure`: its O leads by far. */
#define PUT(sum, i)                                                                                                    \
    do {                                                                                                               \
        v16 most_ = SPLAT(EMISSION_MOST);                                                                              \
        v16 near_;                                                                                                     \
        v16 mask_;                                                                                                     \
        (sum) = CHOOSE((sum) > most_, most_, (sum));                                                                   \
        (sum) = CHOOSE((sum) < -most_, -most_, (sum));                                                                 \
        memcpy(work->emissions[i].v, &(sum), sizeof(sum));                                                             \
        int16_t least_ = (int16_t)(work->emissions[i].v[0] - SURELY);                                                  \
        memcpy(&mask_, types_only, sizeof mask_);                                                                      \
        near_ = ((sum) >= SPLAT(least_)) & mask_;                                                                      \
        quarters any_ = (quarters)near_;                                                                               \
        work->sure[i] = (any_[0] | any_[1] | any_[2] | any_[3]) == 0;                                                  \
    } while (0)

static inline __attribute__((always_inline)) void make(const struct names_model *m, struct names_work *work,
                                                       const union type_vectors *vectors, size_t from, size_t to,
                                                       unsigned kind, unsigned form)
{
    const uint32_t *of = work->vectors;
    const struct scores *edges = work->edges[kind];
    bool capitals = form & 1; /* see sentence_form */
    for (size_t i = from; i < to; i++) {
        v16 sum;
        memcpy(&sum, work->forms[kind][form].v, sizeof sum);
        ADD(sum, &vectors[of[i]].v[VECTOR_0 + (i == from) + 2 * capitals]);
        ADD(sum, i > from ? &vectors[of[i - 1]].v[VECTOR_M1] : &edges[0]);
        ADD(sum, i + 1 < to ? &vectors[of[i + 1]].v[VECTOR_P1] : &edges[2]);
        if (i > from + 1) {
            ADD(sum, &vectors[of[i - 2]].v[VECTOR_M2]);
        } else if (i == from + 1) {
            ADD(sum, &edges[1]);
        }
        if (i + 2 < to) {
            ADD(sum, &vectors[of[i + 2]].v[VECTOR_P2]);
        } else if (i + 2 == to) {
            ADD(sum, &edges[3]);
        }
        for (size_t k = i > from ? i - 1 : i; k <= i + 1 && k < to; k++) {
            unsigned lists = work->parts[k] ? work->lists[k] : 0;
            for (; lists; lists &= lists - 1) {
                unsigned row = phrase_row((unsigned)__builtin_ctz(lists), work->parts[k] - 1U, (unsigned)(k + 1 - i));
                ADD(sum, &m->phrases[kind * PHRASE_ROWS + row]);
            }
        }
        PUT(sum, i);
    }
}

WIDE_FUNCTION static void make_wide(const struct names_model *m, struct names_work *work,
                                    const union type_vectors *vectors, size_t from, size_t to, unsigned kind,
                                    unsigned form)
{
    make(m, work, vectors, from, to, kind, form);
}

static void make_plain(const struct names_model *m, struct names_work *work, const union type_vectors *vectors,
                       size_t from, size_t to, unsigned kind, unsigned form)
{
    make(m, work, vectors, from, to, kind, form);
}

void emissions_make(const struct names_model *m, struct names_work *work, const struct document *d, size_t from,
                    size_t to, unsigned kind)
{
    unsigned form = sentence_form(d, from, to);
    (wide_here() ? make_wide : make_plain)(m, work, d->types->vectors, from, to, kind, form);
}

static inline __attribute__((always_inline)) void add(const struct names_model *m, struct names_work *work, size_t i,
                                                      const uint16_t *rows, size_t n)
{
    v16 sum;
    memcpy(&sum, work->emissions[i].v, sizeof sum);
    for (size_t k = 0; k < n; k++) {
        ADD(sum, &m->second[rows[k]]);
    }
    PUT(sum, i);
}

WIDE_FUNCTION static void add_wide(const struct names_model *m, struct names_work *work, size_t i, const uint16_t *rows,
                                   size_t n)
{
    add(m, work, i, rows, n);
}

static void add_plain(const struct names_model *m, struct names_work *work, size_t i, const uint16_t *rows, size_t n)
{
    add(m, work, i, rows, n);
}

void emissions_add(const struct names_model *m, struct names_work *work, size_t i, const uint16_t *rows, size_t n)
{
    (wide_here() ? add_wide : add_plain)(m, work, i, rows, n);
}
