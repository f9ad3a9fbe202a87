/*
 * The names model: a linear-chain conditional random field over 13 labels (O, and B, I, S of four types; I also ends a
 * name), whose weights depend on one word at one place each, so that a word's weights are summed once and kept
 * (types.h). A second pass over the article adds what the first found elsewhere in it. Fixed point: NAMES_SCALE is 1.
 */
#ifndef TAG_NAMES_H
#define TAG_NAMES_H

#include "clusters.h"
#include "document.h"
#include "viterbi.h"

enum { NAMES_SCALE = 128 };

/* Label of type t: 1 + 3 t + part. */
enum label_part { LABEL_B, LABEL_I, LABEL_S };
static inline unsigned label_of(enum name_type type, enum label_part part)
{
    return 1U + 3U * (unsigned)type + (unsigned)part;
}
/* Type of a label, NAME_TYPES for O. */
static inline unsigned label_type(unsigned label)
{
    return label == 0 ? NAME_TYPES : (label - 1) / 3;
}
static inline bool label_may_follow(unsigned before, unsigned label)
{
    bool inside = label != 0 && (label - 1) % 3 == LABEL_I;
    bool open = before != 0 && (before - 1) % 3 == LABEL_B;
    bool within = before != 0 && (before - 1) % 3 == LABEL_I;
    if (inside) {
        return (open || within) && label_type(before) == label_type(label);
    }
    return !open;
}

struct names_info {
    uint32_t layout;                           /* NAMES_LAYOUT */
    uint32_t second;                           /* rows of the second pass: SECOND_COUNT of its builder */
    struct scores step[2][LANES];              /* weight of label j behind label i, of both passes */
    struct scores first[2];                    /* … of label j at a sentence's start */
    float slope[NAME_TYPES], bias[NAME_TYPES]; /* confidence = 1 / (1 + exp(-(slope * margin + bias))) */
    float sport_bias;
};

enum { NAMES_LAYOUT = 8 };

/* Weights of multi-word names of the gazetteer: list × place in the phrase (B, I, E) × offset (-1, 0, +1). */
enum { PHRASE_ROWS = GAZETTEER_LIST_COUNT * 3 * 3 };
static inline unsigned phrase_row(unsigned list, unsigned part, unsigned offset)
{
    return (list * 3 + part) * 3 + offset;
}

struct names_model {
    struct image image;
    const struct names_info *info;
    struct names_rows rows;
    struct clusters clusters;
    const struct scores *phrases; /* PHRASE_ROWS of each kind */
    const struct scores *second;  /* info->second rows */
};

/* 0, IMAGE_BAD with why, or a negative errno. */
int names_model_open(struct names_model *model, const char *path, char why[IMAGE_WHY]);
int names_model_over(struct names_model *model, struct nw_str bytes, char why[IMAGE_WHY]);
void names_model_close(struct names_model *model);

/* What a worker keeps for it. */
struct names_work {
    struct scores *emissions;
    struct viterbi_path *paths;
    uint16_t *lists;   /* of the multi-word name that a token is part of */
    uint32_t *vectors; /* of each token's word: number in types->vectors */
    uint8_t *parts;    /* 1 B, 2 I, 3 E; 0 none */
    bool *sure;        /* its O leads so far that it is O whatever stands beside it */
    uint8_t *labels;   /* of the first pass */
    uint8_t *labels2;  /* of the second */
    size_t cap;
    struct second *second;
    struct scores forms[NAMES_KINDS][FEATURE_FORMS];
    struct scores edges[NAMES_KINDS][4]; /* M1, M2 before a sentence; P1, P2 behind */
    struct viterbi_weights steps[2];     /* of both passes */
    struct common_sums *commons;
    const struct names_model *model; /* that these were made of */
};

void names_work_free(struct names_work *work);

/* Finds the names of the document, whose tokens have types and sentences: fills document->names, in order, with type,
 * confidence and by. 0 or -ENOMEM. */
int names_run(const struct names_model *model, struct names_work *work, struct document *document);

/* The parts of it, for the trainer. */
void phrases_mark(const struct document *document, uint16_t *lists, uint8_t *parts);
unsigned names_kind(const struct names_model *model, const struct document *document);
bool sentence_in_capitals(const struct document *document, size_t from, size_t to);

/* What a sentence looks like, below FEATURE_FORMS: ends like one, short or long, full of numbers, dated, in capitals.
 */
unsigned sentence_form(const struct document *document, size_t from, size_t to);

/* One past the last token of the sentence that begins at `from`. */
static inline size_t sentence_end(const struct document *d, size_t from)
{
    size_t to = from + 1;
    while (to < d->tokens.n && !(d->tokens.v[to].marks & TOKEN_SENTENCE)) {
        to++;
    }
    return to;
}

#endif
